/*
 * router - where a frame goes next, and what is written down where it ends
 */
#include "reference-priv.h"

/* A frame is out of order when a later one of its flow has been counted before it. */
static void note_order(ReferenceWorld *world, const Frame *frame, DxGroupStats *stats)
{
    const DxScFlow *entry = DX_SC(world->scenario, flows, DxScFlow, frame->group);
    uint32_t *latest = &world->seq_latest[frame->group][frame->flow - entry->first_flow];

    if (frame->seq < *latest)
        stats->reordered_frames++;
    else
        *latest = frame->seq + 1;
}

/* How long a flow was not heard. */
static void note_gap(ReferenceWorld *world, const Frame *frame)
{
    DxFlowGap *gap = &world->gap[frame->flow];

    if (!gap->frames++) {
        gap->first_birth_ps = frame->birth_ps;
        gap->first_ps = world->now;
    } else if (world->now - gap->last_ps > gap->gap_ps) {
        gap->gap_ps = world->now - gap->last_ps;
        gap->gap_from_ps = gap->last_ps;
    }
    gap->last_ps = world->now;
}

static void sink_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Sink *sink = who;
    DxGroupStats *stats = &world->stats[frame->group];

    (void)arg;
    if (frame->birth_ps >= world->scenario->warmup_ps) {
        stats->delivered_frames++;
        stats->delivered_bytes += frame->size_bytes;
        dx_histogram_add(&stats->latency, (uint64_t)(world->now - frame->birth_ps));
        note_order(world, frame, stats);
        note_gap(world, frame);
        if (stats->last_ps >= 0)
            stats->gap_max_ps = MAX(stats->gap_max_ps, world->now - stats->last_ps);
        stats->last_ps = world->now;
    }
    frame_deliver(world, &sink->node, frame);
}

static bool is_down(const ReferenceWorld *world, const Router *router, uint32_t index)
{
    const DxScTrunk *trunk = index == DX_NONE ? NULL : DX_SC(world->scenario, trunks, DxScTrunk, index);
    const LacpEnd *end = trunk && trunk->is_lag
                             ? world->lacp_end[2 * trunk->index + (trunk->end[0] == router->place ? 0 : 1)]
                             : NULL;

    return end && lacp_end_is_down(end);
}

/* The trunk a frame takes from here. */
static uint32_t next_trunk(ReferenceWorld *world, const Router *router, const Frame *frame)
{
    const DxScFlow *flow = DX_SC(world->scenario, flows, DxScFlow, frame->group);
    const uint32_t next = alarm_next(world, frame->group, router->place);

    if (flow->backup != DX_NONE && flow->from == router->place && is_down(world, router, next))
        return flow->backup;
    return next;
}

static void forward(ReferenceWorld *world, const Router *router, const DxScTrunk *trunk, Frame *frame)
{
    const unsigned direction = trunk->end[0] == router->place ? 0 : 1;
    const uint32_t index = (uint32_t)(trunk - DX_SC(world->scenario, trunks, DxScTrunk, 0));
    VifWay *way = world->vif_way[2 * index + direction];

    if (way) {
        world_frame_step(world, world->now, LAYER_VIF_ENTER, &way->enter, 0, vif_enter_arrival, way, frame,
                         0);
    } else if (trunk->is_lag) {
        Hash *hash = world->hash[2 * trunk->index + direction];

        world_frame_step(world, world->now, LAYER_HASH, &hash->node, 0, hash_arrival, hash, frame, 0);
    } else
        world_send(world, &world->direction[2 * trunk->index + direction].entry, frame);
}

void router_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Router *router = who;
    uint32_t next;
    const bool is_bgp = bgp_forwards(world, router, frame, &next);

    (void)arg;
    if (next == BGP_TAKEN)
        return;
    if (!is_bgp)
        next = next_trunk(world, router, frame);
    if (next == DX_NONE && !is_bgp &&
        DX_SC(world->scenario, flows, DxScFlow, frame->group)->to == router->place) {
        Sink *sink = world->sink[router->place];

        world_frame_step(world, world->now, LAYER_SINK, &sink->node, 0, sink_arrival, sink, frame, 0);
    } else if (next == DX_NONE) {
        router->dropped_no_route++;
        frame_drop(world, &router->node, frame, "no_route");
    } else if (frame->ttl <= 1) {
        router->dropped_ttl_expired++;
        frame_drop(world, &router->node, frame, "ttl_expired");
    } else {
        frame->ttl--;
        forward(world, router, DX_SC(world->scenario, trunks, DxScTrunk, next), frame);
    }
}
