/*
 * vif - virtual interfaces of a line, as docs/models/vif.md has them
 *
 * Nothing is prepared: for every frame the scenario is asked which VIF its flow is on, or which VIF of the
 * line has the VID of its tag.
 */
#include "reference-priv.h"

#include <string.h>

enum { ENDS_BOTH, ENDS_FIRST, ENDS_SECOND };
enum { COUNTS_PACKET, COUNTS_TC, COUNTS_FRAME, COUNTS_WIRE };

#define TAG_BYTES       4
#define OVERHEAD_MOST   251
#define TPID_C          0x8100
#define LEVEL_OF(bytes) ((Wide)(bytes)*8 * (Wide)DX_S)

static const DxScVif *vif_at(const ReferenceWorld *world, uint32_t vif)
{
    return DX_SC(world->scenario, vifs, DxScVif, vif);
}

static int64_t value_of(const ReferenceWorld *world, uint32_t vif, const char *key)
{
    return conf_int(world, "vif", vif_at(world, vif)->conf, key);
}

/* Has the router at this end of the line an interface for it? */
static bool is_at(const ReferenceWorld *world, uint32_t vif, unsigned end)
{
    const int64_t ends = value_of(world, vif, "ends");

    return ends == ENDS_BOTH || ends == (end ? ENDS_SECOND : ENDS_FIRST);
}

VifWay *vif_way_new(ReferenceWorld *world, uint32_t trunk, unsigned direction)
{
    VifWay *way;
    char *name;
    bool has_any = false;

    for (uint32_t i = 0; i < world->scenario->vifs->len; i++)
        has_any |= vif_at(world, i)->trunk == trunk;
    if (!has_any)
        return NULL;
    way = g_new0(VifWay, 1);
    way->trunk = trunk;
    way->direction = direction;
    way->count = g_new0(VifCount, world->scenario->vifs->len);
    for (uint32_t i = 0; i < world->scenario->vifs->len; i++)
        way->count[i].level = LEVEL_OF(value_of(world, i, "burst"));
    name = dx__scenario_direction(world->scenario, dx__scenario_trunk_name(world->scenario, trunk),
                                  DX_SC(world->scenario, trunks, DxScTrunk, trunk)->end, direction);
    node_init(world, &way->enter, node_name(name, "vif-enter"));
    node_init(world, &way->leave, node_name(name, "vif-leave"));
    g_free(name);
    return way;
}

void vif_way_free(VifWay *way)
{
    if (!way)
        return;
    g_free(way->enter.name);
    g_free(way->leave.name);
    g_free(way->count);
    g_free(way);
}

/* -- onto the line ------------------------------------------------------------------------------------ */

static uint64_t counted_bytes(int64_t counts, const Frame *frame)
{
    const uint64_t headers = 14 + (uint64_t)frame->overhead_bytes;

    if (counts == COUNTS_PACKET)
        return frame->size_bytes;
    if (counts == COUNTS_TC)
        return headers + frame->size_bytes;
    return MAX(headers + frame->size_bytes + 4, 64) + (counts == COUNTS_WIRE ? 20 : 0);
}

static bool is_too_fast(const ReferenceWorld *world, VifCount *count, uint32_t vif, const Frame *frame)
{
    const Wide rate = (Wide)value_of(world, vif, "rate_limit"),
               depth = LEVEL_OF(value_of(world, vif, "burst"));
    const Wide wanted = LEVEL_OF(counted_bytes(value_of(world, vif, "counts"), frame));

    if (!rate)
        return false;
    count->level = MIN(depth, count->level + rate * (Wide)(world->now - count->filled_ps));
    count->filled_ps = world->now;
    if (count->level < wanted)
        return true;
    count->level -= wanted;
    return false;
}

static void drop(ReferenceWorld *world, const Node *node, uint64_t *counter, Frame *frame, const char *reason)
{
    (*counter)++;
    frame_drop(world, node, frame, reason);
}

static void tag(const ReferenceWorld *world, uint32_t vif, Frame *frame)
{
    const int64_t pcp = value_of(world, vif, "pcp");

    frame->tpid = TPID_C;
    frame->vid = (uint32_t)value_of(world, vif, "vlan");
    frame->dei = (uint32_t)value_of(world, vif, "dei");
    frame->vif = vif + 1;
    if (pcp >= 0)
        frame->pcp = (uint32_t)pcp;
    frame->overhead_bytes += TAG_BYTES;
}

void vif_enter_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    VifWay *way = who;
    const uint32_t vif = frame->is_steered ? frame->vif_of_way - 1 /* DX_NONE: 0 */
                                           : dx__scenario_vif(world->scenario, frame->group, way->trunk);
    VifCount *count = vif == DX_NONE ? NULL : &way->count[vif];

    (void)arg;
    if (vif == DX_NONE) {
        world_send(world, &way->onto, frame);
        return;
    }
    if (frame->tpid || frame->overhead_bytes > OVERHEAD_MOST) {
        drop(world, &way->enter, &count->already_tagged, frame, "already_tagged");
    } else if (!is_at(world, vif, way->direction)) {
        drop(world, &way->enter, &count->not_member, frame, "vlan_not_member");
    } else if (frame->size_bytes > value_of(world, vif, "mtu")) {
        drop(world, &way->enter, &count->mtu_exceeded, frame, "mtu_exceeded");
    } else {
        if (world->flaw != REFERENCE_TAGS_LATE)
            tag(world, vif, frame);
        if (is_too_fast(world, count, vif, frame)) {
            count->policed_bytes += frame->size_bytes;
            drop(world, &way->enter, &count->policed, frame, "policed");
            return;
        }
        if (world->flaw == REFERENCE_TAGS_LATE)
            tag(world, vif, frame);
        count->tx_frames++;
        count->tx_bytes += frame->size_bytes;
        world_send(world, &way->onto, frame);
    }
}

/* -- off the line ------------------------------------------------------------------------------------- */

/* One more than its number; 0: none. */
static uint32_t vif_of_tag(const ReferenceWorld *world, const VifWay *way, const Frame *frame)
{
    if (frame->tpid != TPID_C)
        return 0;
    if (frame->vif)
        return frame->vif;
    for (uint32_t i = 0; i < world->scenario->vifs->len; i++)
        if (vif_at(world, i)->trunk == way->trunk && value_of(world, i, "vlan") == frame->vid)
            return i + 1;
    return 0;
}

void vif_leave_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    VifWay *way = who;
    const uint32_t vif = frame->tpid ? vif_of_tag(world, way, frame) : 0;

    (void)arg;
    if (!frame->tpid) {
        world_send(world, &way->off, frame);
    } else if (!vif) {
        drop(world, &way->leave, &way->strangers, frame, "vlan_not_member");
    } else if (!is_at(world, vif - 1, !way->direction)) {
        drop(world, &way->leave, &way->count[vif - 1].not_member_there, frame, "vlan_not_member");
    } else {
        way->count[vif - 1].rx_frames++;
        way->count[vif - 1].rx_bytes += frame->size_bytes;
        frame->tpid = frame->vid = frame->dei = frame->vif = 0;
        frame->overhead_bytes -= TAG_BYTES;
        world_send(world, &way->off, frame);
    }
}

/* -- measuring ---------------------------------------------------------------------------------------- */

static void watch_one(ReferenceWorld *world, VifWay *way, uint32_t vif)
{
    VifCount *count = &way->count[vif];
    const bool is_counted = world->scenario->monitor.is_there && value_of(world, vif, "rate_limit");
    const struct {
        const char *metric;
        uint64_t *from;
    } rows[] = { { "tx_frames", &count->tx_frames },
                 { "tx_bytes", &count->tx_bytes },
                 { "rx_frames", &count->rx_frames },
                 { "rx_bytes", &count->rx_bytes },
                 { "dropped_policed", value_of(world, vif, "rate_limit") ? &count->policed : NULL },
                 { "policed_bytes", is_counted ? &count->policed_bytes : NULL },
                 { "dropped_mtu_exceeded", &count->mtu_exceeded },
                 { "dropped_vlan_not_member", &count->not_member },
                 { "dropped_vlan_not_member", &count->not_member_there },
                 { "dropped_already_tagged", &count->already_tagged } };
    char *object =
        dx__scenario_direction(world->scenario, vif_at(world, vif)->name,
                               DX_SC(world->scenario, trunks, DxScTrunk, way->trunk)->end, way->direction);

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].from)
            dx_results_watch(world->reference->results, "vif", object, rows[i].metric, DX_COUNTER_SUM,
                             rows[i].from);
    g_free(object);
}

void vif_watch_all(ReferenceWorld *world)
{
    for (uint32_t i = 0; i < world->scenario->vifs->len; i++)
        for (unsigned d = 0; d < 2; d++) {
            VifWay *way = world->vif_way[2 * vif_at(world, i)->trunk + d];

            if (way)
                watch_one(world, way, i);
        }
}

void vif_watch_strangers(ReferenceWorld *world, const char *kind, const char *object, uint32_t trunk,
                         unsigned direction)
{
    VifWay *way = trunk == DX_NONE ? NULL : world->vif_way[2 * trunk + direction];

    if (way)
        dx_results_watch(world->reference->results, kind, object, "dropped_vlan_not_member", DX_COUNTER_SUM,
                         &way->strangers);
}
