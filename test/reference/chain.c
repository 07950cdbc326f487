/*
 * chain - what a frame passes on one direction of a link
 *
 *   [ingress ...] -> port -> [line ...] -> fiber -> [egress ...] -> heartbeat agent or router
 *
 * Nodes are numbered down the chain, so the order of their numbers is that in which frames of one time pass.
 */
#include "reference-priv.h"

#include <string.h>

static const PartKind *const kinds[] = { &port_kind, &fiber_kind,  &internet_kind, &meter_kind,
                                         &vlan_kind, &shaper_kind, &policer_kind };

/* -- making ------------------------------------------------------------------------------------------ */

Part *part_make(ReferenceWorld *world, Direction *direction, const PartKind *kind, char *name,
                const void *conf)
{
    Part *part = g_malloc0(kind->size);

    node_init(world, &part->node, name);
    part->kind = kind;
    part->layer = direction->port ? LAYER_LINE : LAYER_PORT;
    kind->init(world, part, conf);
    g_ptr_array_add(direction->parts, part);
    return part;
}

static void make_inserted(ReferenceWorld *world, Direction *direction, const DxScLink *link, unsigned d,
                          const char *name, DxScInsertAt at)
{
    for (guint i = 0; i < link->inserts->len; i++) {
        const DxScInsert *insert = &g_array_index(link->inserts, DxScInsert, i);
        const PartKind *kind = NULL;

        for (unsigned k = 0; k < G_N_ELEMENTS(kinds); k++)
            if (!strcmp(kinds[k]->model, insert->model->name))
                kind = kinds[k];
        if (!kind)
            g_error("model \"%s\" is not known here", insert->model->name);
        if (insert->at == at && insert->directions[d])
            part_make(world, direction, kind, g_strdup_printf("%s.%s%u", name, kind->model, i), insert->conf);
    }
}

static void make_end(ReferenceWorld *world, Direction *direction, const PartKind *kind, char *name)
{
    Part *part;

    if (!direction->channel) {
        g_free(name);
        return;
    }
    part = part_make(world, direction, kind, name, NULL);
    channel_add(direction->channel, part);
    if (kind == &macsec_enter_kind)
        direction->enter = part;
}

Hop part_hop(Part *part, unsigned input)
{
    return (Hop){ part->layer, &part->node, input, part->kind->arrival, part };
}

/* What comes behind the last is for others to say. */
static void join(Direction *direction)
{
    const GPtrArray *parts = direction->parts;

    direction->entry = part_hop(g_ptr_array_index(parts, 0), 0);
    for (guint i = 1; i < parts->len; i++)
        ((Part *)g_ptr_array_index(parts, i - 1))->next = part_hop(g_ptr_array_index(parts, i), 0);
}

void chain_make(ReferenceWorld *world, uint32_t index, unsigned d)
{
    const DxScLink *link = DX_SC(world->scenario, links, DxScLink, index);
    char *name = dx__scenario_direction(world->scenario, link->name, link->end, d);
    Direction *direction = &world->direction[2 * index + d];

    direction->parts = g_ptr_array_new();
    meter_make(world, direction, link, name, 0);
    if (link->macsec)
        direction->channel = channel_new(world, link->macsec);
    make_inserted(world, direction, link, d, name, DX_AT_INGRESS);
    make_end(world, direction, &macsec_enter_kind, node_name(name, "macsec-enter"));
    direction->port = part_make(world, direction, &port_kind, node_name(name, "port"), link->port);
    meter_make(world, direction, link, name, 1);
    make_end(world, direction, &macsec_send_kind, node_name(name, "macsec-send"));
    if (attack_is_planned(world, index, d)) {
        direction->attack = part_make(world, direction, &attack_kind, node_name(name, "attack"), NULL);
        attack_set_up(world, direction->attack, index, d);
    }
    make_inserted(world, direction, link, d, name, DX_AT_LINE);
    direction->fiber = part_make(world, direction, &fiber_kind, node_name(name, "fiber"), link->fiber[d]);
    meter_make(world, direction, link, name, 2);
    if (link->mka)
        direction->mka = part_make(world, direction, &mka_kind, node_name(name, "mka"), link->mka);
    make_end(world, direction, &macsec_receive_kind, node_name(name, "macsec-receive"));
    make_inserted(world, direction, link, d, name, DX_AT_EGRESS);
    join(direction);
    g_free(name);
}

void chain_free(Direction *direction)
{
    for (guint i = 0; direction->parts && i < direction->parts->len; i++) {
        Part *part = g_ptr_array_index(direction->parts, i);

        if (part->kind->clear)
            part->kind->clear(part);
        g_free(part->node.name);
        g_free(part);
    }
    g_clear_pointer(&direction->parts, g_ptr_array_unref);
}

/* -- failing ----------------------------------------------------------------------------------------- */

void chain_fail(ReferenceWorld *world, Direction *direction, bool is_silent, bool is_cut)
{
    if (!direction->parts)
        return;
    fiber_set_cut(direction->fiber, is_cut);
    for (guint i = 0; i < direction->parts->len; i++) {
        Part *part = g_ptr_array_index(direction->parts, i);

        if (part->kind->down)
            part->kind->down(world, part, is_silent);
    }
    if (!is_silent && direction->agent)
        agent_dark(world, direction->agent);
    if (direction->ear)
        ear_line(world, direction->ear, is_silent, false);
    direction->is_down = true;
}

void chain_restore(ReferenceWorld *world, Direction *direction)
{
    if (!direction->parts)
        return;
    fiber_set_cut(direction->fiber, false);
    for (guint i = 0; i < direction->parts->len; i++) {
        Part *part = g_ptr_array_index(direction->parts, i);

        if (part->kind->up)
            part->kind->up(world, part, direction->is_down);
    }
    if (direction->agent)
        direction->agent->is_dark = false;
    if (direction->ear)
        ear_line(world, direction->ear, true, true);
    direction->is_down = false;
}

/* -- measuring --------------------------------------------------------------------------------------- */

void chain_observe(ReferenceWorld *world, const Direction *direction)
{
    for (guint i = 0; direction->parts && i < direction->parts->len; i++) {
        Part *part = g_ptr_array_index(direction->parts, i);

        if (part->kind->observe)
            part->kind->observe(world, part);
    }
}

void chain_each(ReferenceWorld *world, const Direction *direction, VisitFn visit, void *data)
{
    for (guint i = 0; direction->parts && i < direction->parts->len; i++) {
        const Part *part = g_ptr_array_index(direction->parts, i);

        if (part->kind->each)
            part->kind->each(world, part, visit, data);
    }
}

static void watch_counts(ReferenceWorld *world, const char *kind, const char *object, Part *part)
{
    DxResults *results = world->reference->results;

    for (const Count *count = part->kind->counts; count && count->metric; count++) {
        void *from = (char *)part + count->offset;

        if (part->kind->has_count && !part->kind->has_count(part, count->metric))
            continue;
        if (count->kind == DX_COUNTER_REAL)
            dx_results_watch_real(results, kind, object, count->metric, from);
        else
            dx_results_watch(results, kind, object, count->metric, count->kind, from);
    }
}

static void watch_drops(ReferenceWorld *world, const char *object, const char *prefix, Part *part)
{
    for (const Count *count = part->kind->drops; count && count->metric; count++) {
        char *metric = g_strdup_printf("dropped_%s%s", prefix, count->metric);

        if (!part->kind->can_drop || part->kind->can_drop(part, count->metric))
            dx_results_watch(world->reference->results, "link", object, metric, count->kind,
                             (uint64_t *)(void *)((char *)part + count->offset));
        g_free(metric);
    }
}

/* The link's own first, then what others in its chain have dropped. */
static void watch_link(ReferenceWorld *world, const char *object, Direction *direction, const DxScLink *link,
                       unsigned d)
{
    watch_counts(world, "link", object, direction->port);
    watch_counts(world, "link", object, direction->fiber);
    watch_drops(world, object, "", direction->port);
    watch_drops(world, object, "", direction->fiber);
    if (direction->ear)
        ear_watch(world, object, direction->ear, false);
    if (direction->attack)
        attack_watch_drops(world, object, direction->attack);
    for (guint i = 0; i < direction->parts->len; i++) {
        Part *part = g_ptr_array_index(direction->parts, i);
        char *prefix = g_strdup_printf("%s_", part->node.name + strlen(object) + 1);

        if (part != direction->port && part != direction->fiber)
            watch_drops(world, object, part->kind->stands_alone ? "" : prefix, part);
        g_free(prefix);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(direction->meter) && direction->meter[i]; i++)
        meter_watch(world, "link", object, direction->meter[i]);
    vif_watch_strangers(world, "link", object, link->trunk, d);
}

static bool is_own_meter(const Direction *direction, const Part *part)
{
    return part == direction->meter[0] || part == direction->meter[1] || part == direction->meter[2];
}

static void watch_inserted(ReferenceWorld *world, Direction *direction)
{
    for (guint i = 0; i < direction->parts->len; i++) {
        Part *part = g_ptr_array_index(direction->parts, i);

        if (part->kind == &meter_kind && !is_own_meter(direction, part))
            meter_watch(world, "model", part->node.name, part);
        else if (part != direction->port && part != direction->fiber)
            watch_counts(world, "model", part->node.name, part);
    }
    if (direction->ear)
        ear_watch(world, NULL, direction->ear, true);
}

void chain_watch_all(ReferenceWorld *world)
{
    const uint32_t n = 2 * world->scenario->links->len;

    for (uint32_t k = 0; k < n; k++) {
        const DxScLink *link = DX_SC(world->scenario, links, DxScLink, k / 2);
        char *object = dx__scenario_direction(world->scenario, link->name, link->end, k % 2);

        if (world->direction[k].parts)
            watch_link(world, object, &world->direction[k], link, k % 2);
        g_free(object);
    }
    for (uint32_t k = 0; k < n; k++)
        if (world->direction[k].parts)
            watch_inserted(world, &world->direction[k]);
}
