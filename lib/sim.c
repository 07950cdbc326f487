/*
 * sim - making a simulation and wiring it; run.c runs it, balance.c adds it up
 */
#include "hash-priv.h"
#include "sim-priv.h"

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
    g_free(node->bound);
    g_free(node->state);
    g_free(node->conf);
    g_free(node->dropped);
    g_free(node->name);
    g_free(node->station[0]);
    g_free(node->station[1]);
    g_free(node);
}

static void groups_free(DxSim *sim)
{
    for (uint32_t i = 0; i < sim->n_group_stats; i++)
        dx_histogram_clear(&sim->groups[i].latency);
    g_free(g_steal_pointer(&sim->groups));
    sim->n_group_stats = 0;
    g_free(g_steal_pointer(&sim->gaps));
}

DxSim *dx_sim_new(uint64_t seed, uint64_t replication)
{
    DxSim *sim = g_new0(DxSim, 1);

    sim->seed = seed;
    sim->replication = replication;
    sim->nodes = g_ptr_array_new_with_free_func(node_free);
    sim->by_name = g_hash_table_new(dx__hash_name, g_str_equal);
    sim->models = g_hash_table_new(dx__hash_name, g_str_equal);
    sim->defaults = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    sim->flows = g_array_new(FALSE, TRUE, sizeof(DxFlow));
    sim->calls = g_ptr_array_new_with_free_func(g_free);
    sim->n_threads = 1;
    sim->burst_max = DX_BURST_MAX;
    sim->window_max_ps = DX_TIME_NEVER;
    sim->stretch_ps = DX_STRETCH_MIN;
    sim->instant_ps = -1;
    dx_sim_set_budget(sim, &(DxBudget){ 0 });
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
    g_hash_table_unref(sim->defaults);
    g_array_unref(sim->flows);
    g_ptr_array_unref(sim->calls);
    dx__eventq_clear(&sim->events);
    g_clear_error(&sim->failure);
    g_clear_error(&sim->stop);
    if (sim->suspects)
        g_hash_table_unref(sim->suspects);
    if (sim->trace_ready)
        g_array_unref(sim->trace_ready);
    dx__capture_free(sim->capture);
    dx__side_free(sim->sides);
    groups_free(sim);
    g_clear_pointer(&sim->refused, g_ptr_array_unref);
    g_free(sim->order);
    g_free(sim->dir);
    g_free(sim);
}

void dx_sim_set_dir(DxSim *sim, const char *dir)
{
    g_free(sim->dir);
    sim->dir = g_strdup(dir);
}

const char *dx_sim_dir(const DxSim *sim)
{
    return sim->dir;
}

uint64_t dx_sim_seed(const DxSim *sim)
{
    return sim->seed;
}

uint64_t dx_sim_replication(const DxSim *sim)
{
    return sim->replication;
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

/* Read from the model's table once: there may be very many nodes of a kind. */
static const void *defaults_of(DxSim *sim, const DxModel *model)
{
    void *conf = g_hash_table_lookup(sim->defaults, model);

    if (conf)
        return conf;
    conf = g_malloc0(MAX(model->conf_size, 1));
    if (model->params)
        dx_param_defaults(model->params, conf);
    g_hash_table_insert(sim->defaults, (gpointer)model, conf);
    return conf;
}

DxNode *dx_sim_add(DxSim *sim, const char *name, const DxModel *model)
{
    DxNode *node;

    g_return_val_if_fail(!sim->is_prepared && !g_hash_table_contains(sim->by_name, name), NULL);
    node = g_new0(DxNode, 1);
    node->sim = sim;
    node->model = model;
    node->name = g_strdup(name);
    node->conf = g_memdup2(defaults_of(sim, model), MAX(model->conf_size, 1));
    node->state = g_malloc0(MAX(model->state_size, 1));
    node->dropped = g_new0(uint64_t, count_drops(model) + 1);
    node->wake_ps = node->promise_ps = node->first_loss_ps = DX_TIME_NEVER;
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

void dx_sim_set_stations(DxNode *node, const char *from, const char *to)
{
    g_free(node->station[0]);
    g_free(node->station[1]);
    node->station[0] = g_strdup(from);
    node->station[1] = g_strdup(to);
}

void dx_sim_bind_next(DxNode *node, DxNode *target, uint32_t index)
{
    node->bound = g_renew(DxBinding, node->bound, node->n_bound + 1);
    node->bound[node->n_bound++] = (DxBinding){ target, index };
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

void dx_sim_keep_gaps(DxSim *sim)
{
    sim->keeps_gaps = true;
}

DxFlowGap *dx_sim_gaps(const DxSim *sim)
{
    return sim->gaps;
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

void dx_sim_set_budget(DxSim *sim, const DxBudget *budget)
{
    sim->budget = *budget;
    if (!sim->budget.max_at_once)
        sim->budget.max_at_once = DX_EVENTS_AT_ONCE;
    sim->check_in = 0;
}

void dx_sim_set_watch(DxSim *sim, DxWatchFn fn, void *data)
{
    sim->watch = fn;
    sim->watch_data = data;
    sim->check_in = 0;
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

/* A model has broken a promise already. */
static bool has_failed(const DxSim *sim, GError **error)
{
    if (sim->failure)
        g_propagate_error(error, g_error_copy(sim->failure));
    return sim->failure != NULL;
}

bool dx_sim_prepare(DxSim *sim, GError **error)
{
    if (sim->is_prepared)
        return true;
    groups_free(sim); /* of an attempt that failed */
    g_clear_pointer(&sim->refused, g_ptr_array_unref);
    sim->groups = g_new0(DxGroupStats, sim->n_groups);
    sim->n_group_stats = sim->n_groups;
    sim->gaps = sim->keeps_gaps ? g_new0(DxFlowGap, sim->flows->len + 1) : NULL;
    for (guint i = 0; i < sim->nodes->len; i++) {
        DxNode *node = g_ptr_array_index(sim->nodes, i);

        if (!check_conf(node, error) || (node->model->init && !node->model->init(node, error))) {
            sim->refused = g_ptr_array_new();
            g_ptr_array_add(sim->refused, node);
            return false;
        }
    }
    if (!dx__graph_prepare(sim, error) || has_failed(sim, error))
        return false;
    dx__parts_make(sim);
    sim->graph_changed = false;
    sim->is_prepared = true;
    for (guint i = 0; i < sim->nodes->len; i++) {
        DxNode *node = g_ptr_array_index(sim->nodes, i);

        if (node->model->start)
            node->model->start(node);
    }
    return !has_failed(sim, error);
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

void dx_sim_observe(DxSim *sim)
{
    for (guint i = 0; i < sim->nodes->len; i++) {
        DxNode *node = g_ptr_array_index(sim->nodes, i);

        if (node->model->observe)
            node->model->observe(node, sim->now_ps);
    }
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

/* -- where it is ------------------------------------------------------------------------------------- */

void dx_sim_flush_trace(DxSim *sim)
{
    if (sim->trace && sim->is_prepared)
        dx__trace_flush(sim, DX_TIME_NEVER);
    if (sim->capture && sim->is_prepared)
        dx__capture_flush(sim, DX_TIME_NEVER);
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
