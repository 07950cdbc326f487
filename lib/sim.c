/*
 * sim - clock and run loop
 *
 *      event            window [t0, t1)             event
 *   ----|-------------[==================)-------------|----> time
 *                     each node with work, in order of visit, handles everything stamped < t1
 *
 * t0 is the earliest thing anybody has to do. t1 is the earliest of: the next event, t0 + look-ahead, t0 +
 * the smallest reaction time while control frames are about, t0 + a stretch that keeps what waits on edges in
 * the cache. Where windows end never shows in a result.
 */
#include "sim-priv.h"

#include <string.h>

/* Frames waiting on edges in one window: half a megabyte of them fits an L2 cache beside everything else. */
#define PARKED_HIGH 8192
#define PARKED_LOW  2048

#define STRETCH_MIN DX_US
#define STRETCH_MAX (10 * DX_MS)

/* -- making and wiring ------------------------------------------------------------------------------- */

static void node_free(gpointer data)
{
    DxNode *node = data;

    if (node->state && node->model->clear)
        node->model->clear(node);
    for (unsigned k = 0; k < node->n_out; k++) {
        dx__edge_clear(node->out[k]);
        g_free(node->out[k]);
    }
    g_free(node->out);
    g_free(node->in);
    g_free(node->heap);
    g_free(node->state);
    g_free(node->conf);
    g_free(node->dropped);
    g_free(node->name);
    g_free(node);
}

DxSim *dx_sim_new(uint64_t seed, uint64_t replication)
{
    DxSim *sim = g_new0(DxSim, 1);

    sim->seed = seed;
    sim->replication = replication;
    sim->nodes = g_ptr_array_new_with_free_func(node_free);
    sim->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    sim->models = g_hash_table_new(g_str_hash, g_str_equal);
    sim->flows = g_array_new(FALSE, TRUE, sizeof(DxFlow));
    sim->calls = g_ptr_array_new_with_free_func(g_free);
    sim->n_threads = 1;
    sim->burst_max = DX_BURST_MAX;
    sim->window_max_ps = DX_TIME_NEVER;
    sim->stretch_ps = 100 * DX_US;
    sim->reaction_min_ps = DX_TIME_NEVER;
    sim->next_ps = DX_TIME_NEVER;
    sim->world = (DxNode){ .sim = sim, .name = (char *)"world", .index = 0 };
    sim->measurer = (DxNode){ .sim = sim, .name = (char *)"measurement", .index = DX_EVENT_NODE_MAX };
    dx__eventq_init(&sim->events);
    return sim;
}

void dx_sim_free(DxSim *sim)
{
    if (!sim)
        return;
    dx__parts_clear(sim);
    g_ptr_array_unref(sim->nodes);
    g_hash_table_unref(sim->by_name);
    g_hash_table_unref(sim->models);
    g_array_unref(sim->flows);
    g_ptr_array_unref(sim->calls);
    dx__eventq_clear(&sim->events);
    g_clear_error(&sim->failure);
    g_free(sim->groups);
    g_free(sim->order);
    g_free(sim);
}

uint64_t dx_sim_seed(const DxSim *sim)
{
    return sim->seed;
}

void dx_sim_register(DxSim *sim, const DxModel *model)
{
    g_hash_table_replace(sim->models, (gpointer)model->name, (gpointer)model);
}

const DxModel *dx_sim_model(const DxSim *sim, const char *name)
{
    return g_hash_table_lookup(sim->models, name);
}

static unsigned count_drops(const DxModel *model)
{
    unsigned n = 0;

    while (model->drops && model->drops[n])
        n++;
    return n;
}

DxNode *dx_sim_add(DxSim *sim, const char *name, const DxModel *model)
{
    DxNode *node;

    g_return_val_if_fail(!sim->is_prepared && !g_hash_table_contains(sim->by_name, name), NULL);
    node = g_new0(DxNode, 1);
    node->sim = sim;
    node->model = model;
    node->name = g_strdup(name);
    node->conf = g_malloc0(MAX(model->conf_size, 1));
    node->state = g_malloc0(MAX(model->state_size, 1));
    node->dropped = g_new0(uint64_t, count_drops(model) + 1);
    node->wake_ps = node->promise_ps = DX_TIME_NEVER;
    if (model->params)
        dx_param_defaults(model->params, node->conf);
    g_ptr_array_add(sim->nodes, node);
    node->index = sim->nodes->len;
    g_hash_table_insert(sim->by_name, node->name, node);
    return node;
}

void *dx_sim_conf(DxNode *node)
{
    return node->conf;
}

bool dx_sim_set(DxNode *node, const char *key, const char *text, GError **error)
{
    const DxParam *param = node->model->params ? dx_param_find(node->model->params, key) : NULL;

    if (!param) {
        g_set_error(error, DX_ERROR, DX_ERROR_UNKNOWN, "model %s has no parameter \"%s\"", node->model->name,
                    key);
        return false;
    }
    return dx_param_set(param, node->conf, text, error);
}

unsigned dx_sim_connect(DxSim *sim, DxNode *from, DxNode *to)
{
    DxEdge *edge = g_new0(DxEdge, 1);

    g_return_val_if_fail(!sim->is_prepared && from->n_out < DX_NO_OUTPUT, 0);
    from->out = g_renew(DxEdge *, from->out, from->n_out + 1);
    to->in = g_renew(DxEdge *, to->in, to->n_in + 1);
    edge->from = from;
    edge->to = to;
    edge->output = from->n_out;
    edge->input = to->n_in;
    from->out[from->n_out++] = edge;
    to->in[to->n_in++] = edge;
    return edge->output;
}

void dx_sim_bind(DxNode *node, DxNode *target, uint32_t index)
{
    node->target = target;
    node->bound_index = index;
}

uint32_t dx_sim_add_flow(DxSim *sim, const DxFlow *flow)
{
    g_array_append_val(sim->flows, *flow);
    sim->n_groups = MAX(sim->n_groups, flow->group + 1);
    return sim->flows->len - 1;
}

uint32_t dx_sim_n_flows(const DxSim *sim)
{
    return sim->flows->len;
}

const DxFlow *dx_sim_flow(const DxSim *sim, uint32_t index)
{
    return &g_array_index(sim->flows, DxFlow, index);
}

uint32_t dx_sim_n_groups(const DxSim *sim)
{
    return sim->n_groups;
}

DxGroupStats *dx_sim_group(const DxSim *sim, uint32_t group)
{
    return &sim->groups[group];
}

void dx_sim_set_warmup(DxSim *sim, DxTime warmup_ps)
{
    sim->warmup_ps = warmup_ps;
}

DxTime dx_sim_warmup(const DxSim *sim)
{
    return sim->warmup_ps;
}

void dx_sim_set_burst(DxSim *sim, unsigned frames)
{
    g_return_if_fail(frames >= 1 && frames <= DX_BURST_MAX);
    sim->burst_max = frames;
}

void dx_sim_set_window(DxSim *sim, DxTime window_ps)
{
    g_return_if_fail(window_ps >= 1);
    sim->window_max_ps = window_ps;
    sim->is_window_set = true;
}

void dx_sim_set_threads(DxSim *sim, unsigned threads)
{
    g_return_if_fail(threads >= 1 && threads <= DX_THREADS_MAX);
    sim->n_threads = threads;
    sim->graph_changed = sim->is_prepared;
}

unsigned dx_sim_n_partitions(const DxSim *sim)
{
    return sim->n_parts;
}

void dx_sim_set_trace(DxSim *sim, DxTraceFn fn, void *data)
{
    sim->trace = fn;
    sim->trace_data = data;
}

void dx_sim_set_log(DxSim *sim, DxLogFn fn, void *data)
{
    sim->log = fn;
    sim->log_data = data;
}

static bool check_conf(DxNode *node, GError **error)
{
    const char *key = NULL;
    GError *why = NULL;

    if (!node->model->check || node->model->check(node->conf, &key, &why))
        return true;
    dx_node_fail(node, key, error, (DxError)why->code, "%s", why->message);
    g_error_free(why);
    return false;
}

bool dx_sim_prepare(DxSim *sim, GError **error)
{
    if (sim->is_prepared)
        return true;
    g_free(sim->groups); /* of an attempt that failed */
    sim->groups = g_new0(DxGroupStats, MAX(sim->n_groups, 1));
    for (guint i = 0; i < sim->nodes->len; i++) {
        DxNode *node = g_ptr_array_index(sim->nodes, i);

        if (!check_conf(node, error) || (node->model->init && !node->model->init(node, error)))
            return false;
    }
    if (!dx__graph_prepare(sim, error))
        return false;
    dx__parts_make(sim);
    sim->graph_changed = false;
    sim->is_prepared = true;
    for (guint i = 0; i < sim->nodes->len; i++) {
        DxNode *node = g_ptr_array_index(sim->nodes, i);

        if (node->model->start)
            node->model->start(node);
    }
    return true;
}

/* -- events ------------------------------------------------------------------------------------------ */

static void call_world(DxNode *node, uint64_t arg)
{
    DxSim *sim = node->sim;
    DxWorldCall *call = g_ptr_array_index(sim->calls, arg);

    call->fn(call->sim, call->data);
    if (call->period_ps && sim->now_ps + call->period_ps <= call->until_ps)
        dx__eventq_post(&sim->events, sim->now_ps + call->period_ps, dx__node_event_order(node),
                        (DxEventCall){ call_world, node, arg });
}

static void post_world(DxNode *whose, DxTime at, const DxWorldCall *call)
{
    DxSim *sim = whose->sim;

    g_ptr_array_add(sim->calls, g_memdup2(call, sizeof *call));
    dx__eventq_post(&sim->events, at, dx__node_event_order(whose),
                    (DxEventCall){ call_world, whose, sim->calls->len - 1 });
}

void dx_sim_at(DxSim *sim, DxTime at, DxWorldFn fn, void *data)
{
    g_return_if_fail(at >= sim->now_ps);
    post_world(&sim->world, at, &(DxWorldCall){ sim, fn, data, 0, 0 });
}

void dx_sim_measure_at(DxSim *sim, DxTime at, DxWorldFn fn, void *data)
{
    g_return_if_fail(at >= sim->now_ps);
    post_world(&sim->measurer, at, &(DxWorldCall){ sim, fn, data, 0, 0 });
}

void dx_sim_measure_every(DxSim *sim, DxTime period_ps, DxTime until_ps, DxWorldFn fn, void *data)
{
    g_return_if_fail(period_ps > 0);
    if (sim->now_ps + period_ps <= until_ps)
        post_world(&sim->measurer, sim->now_ps + period_ps,
                   &(DxWorldCall){ sim, fn, data, period_ps, until_ps });
}

void dx_sim_control(DxNode *node, const DxControl *control)
{
    if (node->model->control)
        node->model->control(node, control);
}

void dx_sim_log(DxSim *sim, const char *object, const char *event, const char *detail)
{
    if (sim->log)
        sim->log(sim->now_ps, object, event, detail, sim->log_data);
}

static void run_events(DxSim *sim, DxTime at)
{
    sim->now_ps = sim->until_ps = at;
    while (dx__eventq_next(&sim->events) == at && !sim->failure) {
        DxEventCall call = dx__eventq_take(&sim->events);

        call.fn(call.node, call.arg);
        sim->work.events++;
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
    const DxTime until = node->sim->until_ps;
    DxTime due;

    node->part->work.visits++;
    for (;;) {
        const DxTime wake = node->wake_ps;

        if (node->n_in && deliver_next(node, MIN(until, wake)))
            continue;
        if (wake >= until)
            break;
        node->wake_ps = DX_TIME_NEVER;
        node->model->wake(node, wake);
    }
    if (node->promise_ps < until)
        node->model->advance(node, until);
    due = dx__node_earliest(node);
    if (G_UNLIKELY(due < until)) {
        dx__node_broke(node, "leaves undone what fell due before the end of its window");
        due = until;
    }
    node->part->due[node->slot] = due;
}

static void run_part(DxPart *part)
{
    const DxTime until = part->sim->until_ps;
    const uint32_t n = part->n;

    part->next_ps = DX_TIME_NEVER;
    part->parked = 0;
    for (uint32_t i = 0; i < n && !part->failure; i++) {
        if (part->due[i] < until)
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
        sim->stretch_ps = MAX(sim->stretch_ps / 2, STRETCH_MIN);
    else if (parked < PARKED_LOW)
        sim->stretch_ps = MIN(sim->stretch_ps * 2, STRETCH_MAX);
}

static void run_window(DxSim *sim, DxTime from, DxTime until)
{
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
    adapt_stretch(sim);
    if (sim->trace)
        dx__trace_flush(sim, until);
}

static DxTime window_end(const DxSim *sim, DxTime from, DxTime latest)
{
    DxTime length = MIN(sim->lookahead_ps, sim->window_max_ps);

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
        if (event <= sim->next_ps) {
            if (event > until_ps)
                return;
            run_events(sim, event);
        } else {
            if (sim->next_ps >= until_ps)
                return;
            run_window(sim, sim->next_ps, window_end(sim, sim->next_ps, MIN(event, until_ps)));
        }
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
    if (sim->failure) {
        g_propagate_error(error, g_error_copy(sim->failure));
        return false;
    }
    sim->now_ps = sim->until_ps = until_ps;
    return true;
}

void dx_sim_flush_trace(DxSim *sim)
{
    if (sim->trace && sim->is_prepared)
        dx__trace_flush(sim, DX_TIME_NEVER);
}

DxTime dx_sim_now(const DxSim *sim)
{
    return sim->now_ps;
}

DxTime dx_sim_lookahead(const DxSim *sim, const DxNode **bound)
{
    if (bound)
        *bound = sim->lookahead_bound;
    return sim->lookahead_ps;
}

DxSimWork dx_sim_work(const DxSim *sim)
{
    DxSimWork sum = sim->work;

    for (unsigned i = 0; i < sim->n_parts; i++) {
        sum.visits += sim->part[i].work.visits;
        sum.bursts += sim->part[i].work.bursts;
        sum.frames += sim->part[i].work.frames;
    }
    return sum;
}

/* -- what came of it --------------------------------------------------------------------------------- */

static uint64_t held_by(const DxNode *node)
{
    return node->model->held ? node->model->held(node, NULL, NULL) : 0;
}

DxBalance dx_sim_balance(const DxSim *sim)
{
    DxBalance sum = { 0 };

    for (guint i = 0; i < sim->nodes->len; i++) {
        const DxNode *node = g_ptr_array_index(sim->nodes, i);

        sum.created += node->created;
        sum.delivered += node->consumed;
        sum.dropped += node->dropped_total;
        sum.held += held_by(node);
        for (unsigned k = 0; k < node->n_out; k++)
            sum.in_flight += dx__edge_queued(node->out[k]);
    }
    return sum;
}

bool dx_sim_check(const DxSim *sim, GError **error)
{
    for (guint i = 0; i < sim->nodes->len; i++) {
        const DxNode *node = g_ptr_array_index(sim->nodes, i);
        uint64_t in = node->frames_in + node->created;
        uint64_t out = node->frames_out + node->consumed + node->dropped_total + held_by(node);

        if (in == out)
            continue;
        g_set_error(error, DX_ERROR, DX_ERROR_MODEL,
                    "%s (model %s): %" PRIu64 " frames came and %" PRIu64 " are accounted for at %" PRId64
                    " ps",
                    node->name, node->model->name, in, out, sim->now_ps);
        return false;
    }
    return true;
}

void dx_sim_each_pending(const DxSim *sim, DxHeldFn visit_fn, void *data)
{
    for (guint i = 0; i < sim->nodes->len; i++) {
        const DxNode *node = g_ptr_array_index(sim->nodes, i);

        if (node->model->held)
            node->model->held(node, visit_fn, data);
        for (unsigned k = 0; k < node->n_out; k++)
            for (uint32_t j = 0; j < dx__edge_queued(node->out[k]); j++)
                visit_fn(dx__edge_at(node->out[k], j), data);
    }
}

unsigned dx_sim_n_nodes(const DxSim *sim)
{
    return sim->nodes->len;
}

DxNode *dx_sim_node(const DxSim *sim, unsigned index)
{
    return g_ptr_array_index(sim->nodes, index);
}

DxNode *dx_sim_find(const DxSim *sim, const char *name)
{
    return g_hash_table_lookup(sim->by_name, name);
}

uint64_t dx_node_counter(const DxNode *node, const char *name)
{
    for (const DxCounter *counter = node->model->counters; counter && counter->name; counter++)
        if (!strcmp(counter->name, name))
            return *(const uint64_t *)(const void *)((const char *)node->state + counter->offset);
    return 0;
}

uint64_t dx_node_dropped(const DxNode *node, unsigned reason)
{
    return node->dropped[reason];
}

uint64_t dx_node_dropped_total(const DxNode *node)
{
    return node->dropped_total;
}
