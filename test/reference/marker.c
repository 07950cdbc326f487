/*
 * marker - the marker protocol, from IEEE 802.1AX, clause 6.5, and docs/models/hash.md
 *
 * Of every flow it is known where its last frames went. When members have changed, whoever belongs elsewhere
 * and has left a member that works is kept back until that member has answered.
 */
#include "reference-priv.h"

typedef struct {
    const char *ear; /* name of who listens there */
    uint32_t transaction;
    uint64_t expiry; /* number of what was posted for it; 0: it waits for nothing */
    bool is_left;    /* by somebody since it was asked */
    DxTime since;
} Asked;

struct Marks {
    uint32_t *place; /* by flow: member; DX_NONE: none */
    bool *waits;
    bool is_pending;
    Asked *asked; /* by member */
    GQueue *frames;
    uint64_t bytes, limit, n_posted;
    DxTime timeout;
    uint32_t pcp;
    uint64_t markers, timeouts, longest, held, most;
};

static uint64_t size_of(const Frame *frame)
{
    return MAX(frame->size_bytes + frame->overhead_bytes + 18u, 64u);
}

static uint32_t waiting_for(const Hash *hash, uint32_t member)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < hash->n_flows; i++)
        n += hash->marks->waits[i] && hash->marks->place[i] == member;
    return n;
}

/* -- frames ------------------------------------------------------------------------------------------- */

bool marks_keep(ReferenceWorld *world, Hash *hash, Frame *frame, uint32_t member)
{
    Marks *marks = hash->marks;

    if (!marks->waits[frame->flow]) {
        marks->place[frame->flow] = member;
        return false;
    }
    if (marks->bytes + size_of(frame) > marks->limit) {
        hash->dropped_marker_full++;
        frame_drop(world, &hash->node, frame, "marker_full");
        return true;
    }
    marks->held++;
    marks->bytes += size_of(frame);
    marks->most = MAX(marks->most, marks->bytes);
    frame_hold(world, frame, true);
    g_queue_push_tail(marks->frames, frame);
    return true;
}

static void let_frames_go(ReferenceWorld *world, Hash *hash)
{
    Marks *marks = hash->marks;
    GQueue *all = marks->frames;
    Frame *frame;

    marks->frames = g_queue_new();
    while ((frame = g_queue_pop_head(all)) != NULL)
        if (marks->waits[frame->flow]) {
            g_queue_push_tail(marks->frames, frame);
        } else {
            marks->bytes -= size_of(frame);
            frame_hold(world, frame, false);
            hash_forward(world, hash, frame, marks->place[frame->flow]);
        }
    g_queue_free(all);
}

void marks_each(ReferenceWorld *world, const Hash *hash, VisitFn visit, void *data)
{
    for (const GList *at = hash->marks ? hash->marks->frames->head : NULL; at; at = at->next)
        visit(world, at->data, data);
}

/* -- markers ------------------------------------------------------------------------------------------ */

static void let_go(ReferenceWorld *world, Hash *hash, uint32_t member, const char *event)
{
    Marks *marks = hash->marks;
    Asked *asked = &marks->asked[member];
    char *text = dx_units_format_short(DX_UNIT_TIME, world->now - asked->since);
    char *detail = g_strdup_printf("transaction %u, %u flows go on after %s", asked->transaction,
                                   waiting_for(hash, member), text);

    world_log(world, asked->ear, event, detail);
    g_free(text);
    g_free(detail);
    marks->longest = MAX(marks->longest, (uint64_t)(world->now - asked->since));
    asked->expiry = 0;
    for (uint32_t i = 0; i < hash->n_flows; i++)
        if (marks->waits[i] && marks->place[i] == member) {
            marks->waits[i] = false;
            marks->place[i] = hash_member(world, hash, i);
        }
    let_frames_go(world, hash);
}

static void settle(ReferenceWorld *world, Hash *hash);

static void expired(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    Hash *hash = who;

    (void)none;
    settle(world, hash);
    for (uint32_t i = 0; i < hash->n_members; i++)
        if (hash->marks->asked[i].expiry == number) {
            hash->marks->timeouts++;
            let_go(world, hash, i, "marker_timeout");
        }
}

static void ask(ReferenceWorld *world, Hash *hash, uint32_t member)
{
    Marks *marks = hash->marks;
    Asked *asked = &marks->asked[member];
    Frame *frame = g_new0(Frame, 1);
    char *detail;

    asked->transaction = (uint32_t)++marks->markers;
    if (!asked->expiry)
        asked->since = world->now;
    asked->expiry = ++marks->n_posted;
    *frame = (Frame){ .birth_ps = world->now,
                      .flow = DX_NO_FLOW,
                      .seq = asked->transaction,
                      .group = DX_NONE,
                      .size_bytes = 110,
                      .pcp = marks->pcp,
                      .said = { .marker = ASKS, .transaction = asked->transaction } };
    frame_born(world, frame);
    world_send(world, hash->member[member], frame);
    world_post(world, world->now + marks->timeout, &hash->node, expired, hash, asked->expiry);
    detail = g_strdup_printf("transaction %u, %u flows wait", asked->transaction, waiting_for(hash, member));
    world_log(world, asked->ear, "marker", detail);
    g_free(detail);
}

void marks_answer(ReferenceWorld *world, Hash *hash, uint32_t member, uint32_t transaction)
{
    const Asked *asked = &hash->marks->asked[member];

    settle(world, hash);
    if (asked->expiry && asked->transaction == transaction)
        let_go(world, hash, member, "marker_response");
}

/* -- members have changed ------------------------------------------------------------------------------ */

static void place_flow(ReferenceWorld *world, Hash *hash, uint32_t flow)
{
    Marks *marks = hash->marks;
    const uint32_t place = marks->place[flow], next = hash_member(world, hash, flow);

    if (world->flaw == REFERENCE_HASTY)
        marks->place[flow] = next;
    else if (place != DX_NONE && next != DX_NONE && next != place && hash->is_working[place]) {
        marks->asked[place].is_left |= !marks->waits[flow];
        marks->waits[flow] = true;
    } else {
        marks->waits[flow] = false;
        marks->place[flow] = next;
    }
}

static void settle(ReferenceWorld *world, Hash *hash)
{
    Marks *marks = hash->marks;

    if (!marks->is_pending)
        return;
    marks->is_pending = false;
    for (uint32_t i = 0; i < hash->n_flows; i++)
        if (hash->is_seen[i])
            place_flow(world, hash, i);
    let_frames_go(world, hash);
    for (uint32_t i = 0; i < hash->n_members; i++) {
        const bool is_left = marks->asked[i].is_left;

        marks->asked[i].is_left = false;
        if (!waiting_for(hash, i))
            marks->asked[i].expiry = 0;
        else if (is_left)
            ask(world, hash, i);
    }
}

static void settled(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    (void)none;
    (void)arg;
    settle(world, who);
}

void marks_changed(ReferenceWorld *world, Hash *hash)
{
    if (!hash->marks->is_pending)
        world_post(world, world->now, &hash->node, settled, hash, 0);
    hash->marks->is_pending = true;
}

/* -- set-up ------------------------------------------------------------------------------------------- */

Marks *marks_new(const ReferenceWorld *world, const Hash *hash, const void *lacp)
{
    Marks *marks;

    if (!lacp || conf_int(world, "lacp", lacp, "marker") != 1)
        return NULL;
    marks = g_new0(Marks, 1);
    marks->place = g_new(uint32_t, hash->n_flows + 1);
    for (uint32_t i = 0; i < hash->n_flows; i++)
        marks->place[i] = DX_NONE;
    marks->waits = g_new0(bool, hash->n_flows + 1);
    marks->asked = g_new0(Asked, hash->n_members);
    marks->frames = g_queue_new();
    marks->limit = (uint64_t)conf_int(world, "lacp", lacp, "marker_limit");
    marks->timeout = conf_int(world, "lacp", lacp, "marker_timeout");
    marks->pcp = (uint32_t)conf_int(world, "lacp", lacp, "marker_pcp");
    return marks;
}

void marks_name(Hash *hash, uint32_t member, const char *ear)
{
    if (hash->marks)
        hash->marks->asked[member].ear = ear;
}

void marks_watch(ReferenceWorld *world, const char *object, Marks *marks)
{
    DxResults *results = world->reference->results;

    dx_results_watch(results, "lag", object, "markers", DX_COUNTER_SUM, &marks->markers);
    dx_results_watch(results, "lag", object, "marker_timeouts", DX_COUNTER_SUM, &marks->timeouts);
    dx_results_watch(results, "lag", object, "marker_wait_ps", DX_COUNTER_MAX, &marks->longest);
    dx_results_watch(results, "lag", object, "held_frames", DX_COUNTER_SUM, &marks->held);
    dx_results_watch(results, "lag", object, "held_max_bytes", DX_COUNTER_MAX, &marks->most);
}

void marks_free(Marks *marks)
{
    if (!marks)
        return;
    g_queue_free_full(marks->frames, g_free);
    g_free(marks->place);
    g_free(marks->waits);
    g_free(marks->asked);
    g_free(marks);
}
