/*
 * run - the clock
 *
 *      event            window [t0, t1)             event
 *   ----|-------------[==================)-------------|----> time
 *                     each node with work, in order of visit, handles everything stamped < t1
 *
 * t0 is the earliest thing anybody has to do. t1 is the earliest of: the next event, t0 + look-ahead, t0 +
 * the smallest reaction time while control frames are about, t0 + a stretch that keeps what waits on edges in
 * the cache. Where windows end never shows in a result.
 *
 * Between windows, and between events, the run may be ended: by a budget, by whoever watches, or because
 * events follow each other while time stands still.
 */
#include "sim-priv.h"

#include <dxsim/units.h>

/* Frames waiting on edges in one window: half a megabyte of them fits an L2 cache beside everything else. */
#define PARKED_HIGH 8192
#define PARKED_LOW  2048

/* Units of work between two questions whether to go on: an event, a frame at a node, some nodes looked at. */
#define CHECK_EVERY    16384
#define NODES_PER_UNIT 32

/* Of too many events at one time, how many are looked at for the node to name. */
#define SUSPECT_EVENTS 1000

/* -- whether to go on -------------------------------------------------------------------------------- */

char *dx__sim_time_text(const DxSim *sim)
{
    return dx_units_format(DX_UNIT_TIME, sim->now_ps);
}

static uint64_t frames_done(const DxSim *sim)
{
    uint64_t frames = sim->work.frames;

    for (unsigned i = 0; i < sim->n_parts; i++)
        frames += sim->part[i].work.frames;
    return frames;
}

/* The answer is in sim->stop. */
static void check(DxSim *sim)
{
    const uint64_t done = sim->work.events + sim->work.windows + frames_done(sim);
    const uint64_t most = sim->budget.max_events;

    sim->now_ps = sim->until_ps;
    sim->check_in = CHECK_EVERY;
    if (most && done >= most) {
        g_autofree char *time = dx__sim_time_text(sim);

        sim->check_in = 0;
        g_set_error(&sim->stop, DX_ERROR, DX_ERROR_BUDGET,
                    "the budget of %" PRIu64 " events is used up at %s", most, time);
        return;
    }
    if (most && most - done < CHECK_EVERY)
        sim->check_in = (int64_t)(most - done);
    if (sim->watch && !sim->watch(sim, sim->watch_data, &sim->stop) && !sim->stop)
        g_set_error(&sim->stop, DX_ERROR, DX_ERROR_BUDGET, "ended by its caller");
}

/* The node with most of the latest events; of equals, the first. */
static const DxNode *busiest(const DxSim *sim)
{
    const DxNode *busiest = NULL;
    unsigned most = 0;
    GHashTableIter iter;
    gpointer node, n;

    g_hash_table_iter_init(&iter, sim->suspects);
    while (g_hash_table_iter_next(&iter, &node, &n))
        if (GPOINTER_TO_UINT(n) > most ||
            (GPOINTER_TO_UINT(n) == most && ((const DxNode *)node)->index < busiest->index)) {
            busiest = node;
            most = GPOINTER_TO_UINT(n);
        }
    return busiest;
}

/* One of many events at one time, shortly before or when there are too many. */
static void suspect(DxSim *sim, DxNode *node)
{
    g_autofree char *time = NULL;
    unsigned n;

    if (!sim->suspects)
        sim->suspects = g_hash_table_new(NULL, NULL);
    n = GPOINTER_TO_UINT(g_hash_table_lookup(sim->suspects, node)) + 1;
    g_hash_table_insert(sim->suspects, node, GUINT_TO_POINTER(n));
    if (sim->at_once <= sim->budget.max_at_once || sim->failure)
        return;
    time = dx__sim_time_text(sim);
    g_set_error(&sim->failure, DX_ERROR, DX_ERROR_MODEL,
                "time stands still at %s: more than %" PRIu64 " events there, the latest mostly of %s", time,
                sim->budget.max_at_once, busiest(sim)->name);
}

/* -- events ------------------------------------------------------------------------------------------ */

/* May be left with events of this time still to come. */
static void run_events(DxSim *sim, DxTime at)
{
    if (at != sim->instant_ps) {
        g_clear_pointer(&sim->suspects, g_hash_table_unref);
        sim->instant_ps = at;
        sim->at_once = 0;
    }
    sim->now_ps = sim->until_ps = at;
    while (dx__eventq_next(&sim->events) == at && !sim->failure && sim->check_in > 0) {
        DxEventCall call = dx__eventq_take(&sim->events);

        call.fn(call.node, call.arg);
        sim->work.events++;
        sim->check_in--;
        if (G_UNLIKELY(++sim->at_once + SUSPECT_EVENTS > sim->budget.max_at_once))
            suspect(sim, call.node);
    }
#ifndef NDEBUG
    if (!sim->failure)
        dx_sim_check(sim, &sim->failure);
#endif
}

/* -- windows ----------------------------------------------------------------------------------------- */

/* The next burst of arrivals before @limit. With one input it is a view of the edge, with several a copy. */
static unsigned deliver_next(DxNode *node, DxTime limit)
{
    DxSim *sim = node->sim;
    DxBurst burst;

    if (node->n_in == 1) {
        DxEdge *edge = node->in[0];
        unsigned n;

        burst = dx__edge_view(edge, limit, sim->burst_max);
        if (!(n = burst.n))
            return 0;
        dx__node_deliver(node, burst.frame, n);
        dx__edge_release(edge, n);
        return n;
    }
    burst = dx__merge_take(node, limit, node->part->scratch, sim->burst_max);
    if (burst.n)
        dx__node_deliver(node, burst.frame, burst.n);
    return burst.n;
}

static void visit(DxNode *node)
{
    const DxPart *part = node->part;
    DxTime due, woken = -1;
    uint64_t n_woken = 0;

    node->part->work.visits++;
    for (;;) {
        const DxTime wake = node->wake_ps, until = part->until_ps;

        if (node->n_in && deliver_next(node, MIN(until, wake)))
            continue;
        if (wake >= until)
            break;
        n_woken = wake == woken ? n_woken + 1 : 0;
        if (G_UNLIKELY(n_woken > node->sim->budget.max_at_once)) {
            dx__node_broke(node, "wakes itself again and again at one time");
            break;
        }
        woken = wake;
        node->wake_ps = DX_TIME_NEVER;
        node->model->wake(node, wake);
    }
    if (node->promise_ps < part->until_ps)
        node->model->advance(node, part->until_ps);
    due = dx__node_earliest(node);
    if (G_UNLIKELY(due < part->until_ps)) {
        dx__node_broke(node, "leaves undone what fell due before the end of its window");
        due = part->until_ps;
    }
    node->part->due[node->slot] = due;
}

static void run_part(DxPart *part)
{
    const uint32_t n = part->n;

    part->until_ps = part->sim->until_ps;
    part->next_ps = DX_TIME_NEVER;
    part->parked = part->births = 0;
    for (uint32_t i = 0; i < n && !part->failure; i++) {
        if (part->due[i] < part->until_ps)
            visit(part->node[i]);
        part->next_ps = MIN(part->next_ps, part->due[i]);
    }
}

void dx__event_wish(DxSim *sim, const DxEventWish *wish)
{
    if (wish->cancels)
        dx__eventq_cancel(&sim->events, wish->timer);
    else if (wish->timer)
        dx__eventq_arm(&sim->events, wish->timer, wish->at, wish->order);
    else
        dx__eventq_post(&sim->events, wish->at, wish->order, wish->call);
}

/* Partitions meet: what they have for each other and for the event queue. */
static void meet(DxSim *sim, DxPart *part)
{
    for (guint i = 0; i < part->wishes->len; i++)
        dx__event_wish(sim, &g_array_index(part->wishes, DxEventWish, i));
    g_array_set_size(part->wishes, 0);
    for (guint i = 0; i < part->crossing->len; i++)
        dx__edge_deliver_kept(g_ptr_array_index(part->crossing, i));
    if (part->failure && !sim->failure)
        sim->failure = g_steal_pointer(&part->failure);
}

/* What all partitions together say: the earliest thing to do, control frames about. */
static void survey(DxSim *sim)
{
    sim->next_ps = DX_TIME_NEVER;
    sim->control_frames = 0;
    for (unsigned i = 0; i < sim->n_parts; i++) {
        sim->next_ps = MIN(sim->next_ps, sim->part[i].next_ps);
        sim->control_frames += sim->part[i].control_frames;
    }
}

static void adapt_stretch(DxSim *sim)
{
    uint64_t parked = 0;

    for (unsigned i = 0; i < sim->n_parts; i++)
        parked = MAX(parked, sim->part[i].parked);
    if (parked > PARKED_HIGH)
        sim->stretch_ps = MAX(sim->stretch_ps / 2, DX_STRETCH_MIN);
    else if (parked < PARKED_LOW)
        sim->stretch_ps = MIN(sim->stretch_ps * 2, DX_STRETCH_MAX);
}

static void run_window(DxSim *sim, DxTime from, DxTime until)
{
    const uint64_t frames = frames_done(sim);

    sim->now_ps = from;
    sim->until_ps = until;
    sim->is_running_window = true;
    sim->work.windows++;
    if (sim->crew)
        dx__crew_run(sim->crew);
    else
        run_part(&sim->part[0]);
    sim->is_running_window = false;
    for (unsigned i = 0; i < sim->n_parts; i++)
        meet(sim, &sim->part[i]);
    if (sim->sides)
        dx__side_collect(sim);
    adapt_stretch(sim);
    for (unsigned i = 0; i < sim->n_parts; i++)
        sim->until_ps = MIN(sim->until_ps, sim->part[i].until_ps);
    if (sim->until_ps < until) /* cut short */
        sim->stretch_ps = DX_STRETCH_MIN;
    sim->check_in -= 1 + sim->nodes->len / NODES_PER_UNIT + (int64_t)(frames_done(sim) - frames);
    if (sim->trace)
        dx__trace_flush(sim, sim->until_ps);
    if (sim->capture)
        dx__capture_flush(sim, sim->until_ps);
}

static DxTime window_end(DxSim *sim, DxTime from, DxTime latest)
{
    DxTime length = MIN(sim->lookahead_ps, sim->window_max_ps);

    if (from - sim->until_ps > DX_STRETCH_MAX) /* who knows what begins here */
        sim->stretch_ps = DX_STRETCH_MIN;
    length = MIN(length, sim->cross_ps);
    if (!sim->is_window_set)
        length = MIN(length, sim->stretch_ps);
    if (sim->control_frames)
        length = MIN(length, sim->reaction_min_ps);
    return latest - from > length ? from + length : latest;
}

/* A delay has changed: new windows, new order of visit. */
static bool prepare_again(DxSim *sim)
{
    if (!dx__graph_prepare(sim, &sim->failure))
        return false;
    dx__crew_free(g_steal_pointer(&sim->crew));
    dx__parts_make(sim);
    if (sim->n_parts > 1)
        sim->crew = dx__crew_new(sim, run_part);
    sim->graph_changed = false;
    return true;
}

static void run_until(DxSim *sim, DxTime until_ps)
{
    while (!sim->failure) {
        DxTime event;

        if (sim->graph_changed && !prepare_again(sim))
            return;
        event = dx__eventq_next(&sim->events);
        survey(sim);
        if (MIN(event, sim->next_ps) > until_ps || (sim->next_ps == until_ps && event > until_ps))
            return;
        if (sim->check_in <= 0)
            check(sim);
        if (sim->stop)
            return;
        if (event <= sim->next_ps)
            run_events(sim, event);
        else
            run_window(sim, sim->next_ps, window_end(sim, sim->next_ps, MIN(event, until_ps)));
    }
}

bool dx_sim_run(DxSim *sim, DxTime until_ps, GError **error)
{
    g_return_val_if_fail(until_ps >= sim->now_ps && until_ps <= DX_TIME_MAX, false);

    if (!dx_sim_prepare(sim, error))
        return false;
    if (sim->n_parts > 1)
        sim->crew = dx__crew_new(sim, run_part);
    run_until(sim, until_ps);
    dx__crew_free(g_steal_pointer(&sim->crew));
    if (!sim->failure && !sim->stop)
        sim->now_ps = sim->until_ps = until_ps;
    if (sim->failure)
        g_propagate_error(error, g_error_copy(sim->failure));
    else if (sim->stop)
        g_propagate_error(error, g_steal_pointer(&sim->stop));
    else
        return true;
    return false;
}
