/*
 * vlan - IEEE 802.1Q tags, as docs/models/vlan.md has it
 */
#include "reference-priv.h"

#include <string.h>

enum { ACTION_TAG, ACTION_UNTAG, ACTION_FILTER };

#define TAG_BYTES     4
#define OVERHEAD_MOST 251 /* that another tag may come on top of */

typedef struct {
    Part part;
    int action;
    uint32_t vid, tpid, pcp, dei;
    bool remarks, passes_untagged;
    uint64_t member_frames;
    uint64_t dropped_foreign_vid, dropped_untagged, dropped_already_tagged;
} Vlan;

static void vlan_init(ReferenceWorld *world, Part *part, const void *conf)
{
    Vlan *vlan = (Vlan *)part;

    vlan->action = (int)conf_int(world, "vlan", conf, "action");
    vlan->vid = (uint32_t)conf_int(world, "vlan", conf, "vid");
    vlan->tpid = conf_int(world, "vlan", conf, "tpid") == 1 ? 0x88a8 : 0x8100;
    vlan->remarks = conf_int(world, "vlan", conf, "remark") != 0;
    vlan->pcp = (uint32_t)conf_int(world, "vlan", conf, "pcp");
    vlan->dei = (uint32_t)conf_int(world, "vlan", conf, "dei");
    vlan->passes_untagged = conf_int(world, "vlan", conf, "untagged") == 1;
}

/* A service provider's tag goes on top of that of a VIF, and of no other. */
static bool has_no_room(const Vlan *vlan, const Frame *frame)
{
    if (frame->tpid == 0)
        return false;
    return !(frame->vif && frame->tpid == 0x8100 && vlan->tpid == 0x88a8);
}

static void put_on(ReferenceWorld *world, Vlan *vlan, Frame *frame)
{
    if (has_no_room(vlan, frame) || frame->overhead_bytes > OVERHEAD_MOST) {
        vlan->dropped_already_tagged++;
        frame_drop(world, &vlan->part.node, frame, "already_tagged");
        return;
    }
    vlan->member_frames++;
    frame->tpid = vlan->tpid;
    frame->vid = vlan->vid;
    frame->dei = vlan->dei;
    if (vlan->remarks)
        frame->pcp = vlan->pcp;
    frame->overhead_bytes += TAG_BYTES;
    world_send(world, &vlan->part.next, frame);
}

static void take_off(const ReferenceWorld *world, Frame *frame)
{
    const bool was_on_top = frame->vif && frame->tpid == 0x88a8;

    frame->tpid = was_on_top ? 0x8100 : 0;
    frame->vid = frame->dei = 0;
    if (!was_on_top)
        frame->vif = 0;
    frame->overhead_bytes -= TAG_BYTES;
    if (world->flaw == REFERENCE_FORGETS_PRIORITY)
        frame->pcp = 0;
}

static void vlan_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Vlan *vlan = who;

    (void)arg;
    if (frame->group == DX_NONE)
        world_send(world, &vlan->part.next, frame);
    else if (vlan->action == ACTION_TAG)
        put_on(world, vlan, frame);
    else if (frame->tpid != vlan->tpid && vlan->passes_untagged)
        world_send(world, &vlan->part.next, frame);
    else if (frame->tpid != vlan->tpid) {
        vlan->dropped_untagged++;
        frame_drop(world, &vlan->part.node, frame, "untagged");
    } else if (frame->vid != vlan->vid) {
        vlan->dropped_foreign_vid++;
        frame_drop(world, &vlan->part.node, frame, "foreign_vid");
    } else {
        vlan->member_frames++;
        if (vlan->action == ACTION_UNTAG)
            take_off(world, frame);
        world_send(world, &vlan->part.next, frame);
    }
}

static bool vlan_can_drop(const Part *part, const char *reason)
{
    const Vlan *vlan = (const Vlan *)part;

    if (!strcmp(reason, "already_tagged"))
        return vlan->action == ACTION_TAG;
    return vlan->action != ACTION_TAG && (strcmp(reason, "untagged") != 0 || !vlan->passes_untagged);
}

static const Count vlan_counts[] = { { "member_frames", DX_COUNTER_SUM, offsetof(Vlan, member_frames) },
                                     COUNTS_END };

static const Count vlan_drops[] = { { "foreign_vid", DX_COUNTER_SUM, offsetof(Vlan, dropped_foreign_vid) },
                                    { "untagged", DX_COUNTER_SUM, offsetof(Vlan, dropped_untagged) },
                                    { "already_tagged", DX_COUNTER_SUM,
                                      offsetof(Vlan, dropped_already_tagged) },
                                    COUNTS_END };

const PartKind vlan_kind = { .model = "vlan",
                             .size = sizeof(Vlan),
                             .init = vlan_init,
                             .arrival = vlan_arrival,
                             .counts = vlan_counts,
                             .drops = vlan_drops,
                             .can_drop = vlan_can_drop };
