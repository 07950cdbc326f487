/*
 * explain - what follows from a scenario before it runs
 *
 * For every flow and hop, with a frame of the flow's size on an idle line:
 *
 *   serialisation = octets on the wire * 8 / rate          as a port works it out, tags included
 *   propagation   = the delays declared along the chain    fiber and whatever else stands in it
 *   in flight     = rate * propagation                     what the line holds when it is full
 *   drain         = frames that fit the queue * serialisation
 *
 * The last hop's queue is a queue like the others; all are shown, and their sum is the most a frame can wait
 * where nothing is lost. Rates that events change later are not looked at.
 */
#include "build-priv.h"
#include "explain-priv.h"
#include "bgp-priv.h"
#include "sim-priv.h"

#include <string.h>

__extension__ typedef unsigned __int128 Uint128;

#define VIF_TAG_BYTES 4 /* on the lines whose VIF a flow is on */

/* -- a frame on a link ------------------------------------------------------------------------------- */

static bool is_model(const DxNode *node, const char *name)
{
    return !strcmp(node->model->name, name);
}

static bool is_choice(const DxNode *node, const char *key, const char *choice)
{
    g_autofree char *text = dx_param_get(dx_param_find(node->model->params, key), node->conf);

    return !strcmp(text, choice);
}

/* As models/port.c has it: header 14, FCS 4, padding to 64; preamble, SFD and gap 20. */
static uint64_t buffer_bytes(uint64_t size_bytes, uint64_t overhead_bytes, bool is_ethernet)
{
    return is_ethernet ? MAX(size_bytes + overhead_bytes + 18, 64) : size_bytes;
}

/* Of frames that differ, the mean. */
static void measure_frame(DxExplainHop *hop, const DxNode *port, const DxSizes *sizes)
{
    const bool is_ethernet = is_choice(port, "framing", "ethernet");
    const uint64_t weight = sizes->sum_weight;
    uint64_t bytes = 0;
    Uint128 total, unit;

    hop->rate_bps = (uint64_t)dx__conf_int(port->model, port->conf, "rate");
    for (unsigned i = 0; i < sizes->n; i++)
        bytes += (sizes->until[i] - (i ? sizes->until[i - 1] : 0)) *
                 buffer_bytes(sizes->bytes[i], (uint64_t)hop->overhead_bytes, is_ethernet);
    hop->buffer_bytes = (uint32_t)((bytes + weight / 2) / weight);
    bytes += is_ethernet ? 20 * weight : 0;
    hop->wire_bytes = (uint32_t)((bytes + weight / 2) / weight);
    total = (Uint128)bytes * 8 * (uint64_t)DX_S;
    unit = (Uint128)hop->rate_bps * weight;
    hop->serialisation_ps = (DxTime)((total + unit - 1) / unit);
    hop->missing = weight > 1 ? 0 : (uint64_t)((Uint128)(uint64_t)hop->serialisation_ps * unit - total);
    hop->of_missing = hop->rate_bps;
}

static uint64_t bytes_in(uint64_t rate_bps, DxTime time_ps)
{
    return (uint64_t)((Uint128)rate_bps * (uint64_t)time_ps / 8 / (uint64_t)DX_S);
}

static void measure_queue(DxExplainHop *hop, const DxNode *port)
{
    const DxParam *param = dx_param_find(port->model->params, "queue.limit");
    const DxLimit *limit = (const void *)((const char *)port->conf + param->offset);

    hop->queue_frames = limit->in_frames ? limit->value : limit->value / hop->buffer_bytes;
    hop->queue_bytes = limit->in_frames
                           ? (uint64_t)MIN((Uint128)limit->value * hop->buffer_bytes, (Uint128)INT64_MAX)
                           : limit->value;
    hop->drain_ps =
        (DxTime)MIN((Uint128)hop->queue_frames * (uint64_t)hop->serialisation_ps, (Uint128)DX_TIME_MAX);
}

/* From the node behind the router or hash to the next router: what stands in a link's chain. */
static void measure_chain(DxExplainHop *hop, const DxNode *port, const DxSizes *sizes)
{
    const DxNode *node = port;

    while (node->n_in && !is_model(node->in[0]->from, "router") && !is_model(node->in[0]->from, "hash"))
        node = node->in[0]->from;
    for (; !is_model(node, "router") && node->n_out; node = node->out[0]->to) {
        if (node == port)
            measure_frame(hop, port, sizes);
        if (node->model->adds_bytes)
            hop->overhead_bytes = MAX(hop->overhead_bytes + node->model->adds_bytes(node->conf), 0);
        if (node->out[0]->delay_ps < DX_TIME_MAX)
            hop->propagation_ps += node->out[0]->delay_ps;
    }
    measure_queue(hop, port);
    hop->in_flight_bytes = bytes_in(hop->rate_bps, hop->propagation_ps);
    hop->in_flight_frames = hop->in_flight_bytes / hop->wire_bytes;
}

static bool measure_link(const DxScenario *scenario, const DxSim *sim, uint32_t index, uint32_t from,
                         const DxSizes *sizes, DxExplainHop *hop)
{
    const DxScLink *link = DX_SC(scenario, links, DxScLink, index);
    g_autofree char *name = dx__scenario_direction(scenario, link->name, link->end, link->end[0] != from);
    g_autofree char *port_name = g_strconcat(name, ".port", NULL);
    const DxNode *port = dx_sim_find(sim, port_name);

    if (!port)
        return false;
    hop->name = g_steal_pointer(&name);
    hop->n_members = 1;
    measure_chain(hop, port, sizes);
    return true;
}

/* -- a flow ------------------------------------------------------------------------------------------ */

static void hop_free(gpointer data)
{
    DxExplainHop *hop = data;

    g_free(hop->name);
    g_free(hop);
}

void dx__explain_flow_free(gpointer data)
{
    DxExplainFlow *flow = data;

    g_ptr_array_unref(flow->hops);
    g_free(flow);
}

static bool measure_lag(const DxScenario *scenario, const DxSim *sim, uint32_t index, uint32_t from,
                        const DxSizes *sizes, DxExplainHop *hop)
{
    const DxScLag *lag = DX_SC(scenario, lags, DxScLag, index);
    const int overhead_bytes = hop->overhead_bytes;

    if (!lag->n_members || !measure_link(scenario, sim, lag->member[0], from, sizes, hop))
        return false;
    for (uint32_t i = 1; i < lag->n_members; i++) {
        DxExplainHop other = { .overhead_bytes = overhead_bytes };

        if (measure_link(scenario, sim, lag->member[i], from, sizes, &other)) {
            hop->delays_differ |=
                other.rate_bps != hop->rate_bps || other.propagation_ps != hop->propagation_ps;
            hop->members_differ |= hop->delays_differ || other.drain_ps != hop->drain_ps;
        }
        g_free(other.name);
    }
    g_free(hop->name);
    hop->name = dx__scenario_direction(scenario, lag->name, lag->end, lag->end[0] != from);
    hop->n_members = lag->n_members;
    return true;
}

/* Sums stay within the clock, however absurd the scenario. */
static DxTime add_time(DxTime a, DxTime b)
{
    return MIN(MIN(a, DX_TIME_MAX) + MIN(b, DX_TIME_MAX), DX_TIME_MAX);
}

static void add_up(DxExplainFlow *flow)
{
    for (guint i = 0; i < flow->hops->len; i++) {
        const DxExplainHop *hop = g_ptr_array_index(flow->hops, i);

        flow->serialisation_ps = add_time(flow->serialisation_ps, hop->serialisation_ps);
        flow->propagation_ps = add_time(flow->propagation_ps, hop->propagation_ps);
        flow->drain_ps = add_time(flow->drain_ps, hop->drain_ps);
        if (!flow->bottleneck_bps || hop->rate_bps < flow->bottleneck_bps) {
            flow->bottleneck_bps = hop->rate_bps;
            flow->round_trip_frames = hop->wire_bytes;
        }
    }
    flow->round_trip_bytes =
        bytes_in(flow->bottleneck_bps, 2 * add_time(flow->serialisation_ps, flow->propagation_ps));
    if (flow->round_trip_frames) /* so far the size of one */
        flow->round_trip_frames = flow->round_trip_bytes / flow->round_trip_frames;
}

/* Along the next hops as they are now; a loop ends the walk. */
static void follow(DxExplainFlow *flow, const DxScenario *scenario, const DxRun *run, uint32_t index)
{
    const DxScFlow *group = DX_SC(scenario, flows, DxScFlow, index);
    const DxSim *sim = run->sim;
    bool is_one_way = !dx_sim_group(sim, index)->is_rerouted;
    uint32_t at = group->from;
    int overhead_bytes = 0;

    for (guint steps = 0; steps <= scenario->nodes->len; steps++) {
        const uint32_t next = dx__build_next(run, at, group, &is_one_way);
        DxExplainHop hop = { .overhead_bytes = overhead_bytes };
        const DxScTrunk *trunk;
        int tag_bytes;
        bool is_known;

        if (!flow->bgp_at && dx__scenario_bgp_decides(scenario, index, at))
            flow->bgp_at = DX_SC(scenario, nodes, DxScNode, at)->name;
        if (next == DX_NONE) {
            flow->arrives = at == group->to;
            break;
        }
        trunk = DX_SC(scenario, trunks, DxScTrunk, next);
        tag_bytes = dx__scenario_vif(scenario, index, next) == DX_NONE ? 0 : VIF_TAG_BYTES;
        hop.overhead_bytes += tag_bytes;
        is_known = trunk->is_lag ? measure_lag(scenario, sim, trunk->index, at, &flow->sizes, &hop)
                                 : measure_link(scenario, sim, trunk->index, at, &flow->sizes, &hop);
        if (!is_known)
            break;
        is_one_way &= !hop.delays_differ;
        g_ptr_array_add(flow->hops, g_memdup2(&hop, sizeof hop));
        overhead_bytes = hop.overhead_bytes - tag_bytes;
        at = trunk->end[trunk->end[0] == at];
    }
    flow->is_one_way = flow->arrives && is_one_way;
    add_up(flow);
}

static uint64_t divide_up(Uint128 a, Uint128 b)
{
    const Uint128 result = b ? (a + b - 1) / b : 0;

    return result > INT64_MAX ? INT64_MAX : (uint64_t)result;
}

static uint64_t mean_bytes(const DxSizes *sizes)
{
    return (sizes->sum_bytes + sizes->sum_weight / 2) / sizes->sum_weight;
}

/* Rows of a list that are due within @span_ps. */
static uint64_t rows_within(const DxArrivals *arrivals, uint64_t span_ps)
{
    size_t low = 0, high = arrivals->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if ((uint64_t)arrivals->time_ps[middle] < span_ps)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Frames that a source will offer, of all its flows; for random ones the mean. */
static uint64_t expected_frames(const DxModel *model, const DxScFlow *group, const DxArrivals *arrivals,
                                const DxSizes *sizes, DxTime duration_ps)
{
    const void *conf = group->source;

#define CONF(key) ((uint64_t)dx__conf_int(model, conf, key))
    g_autofree char *kind = dx_param_get(dx_param_find(model->params, "model"), conf);
    const DxTime stop_ps = MIN((DxTime)CONF("stop"), duration_ps), start_ps = (DxTime)CONF("start");
    const uint64_t span_ps = stop_ps > start_ps ? (uint64_t)(stop_ps - start_ps) : 0;
    const uint64_t on_ps = CONF("on"), off_ps = CONF("off");
    const Uint128 frame = (Uint128)mean_bytes(sizes) * 8 * (uint64_t)DX_S;
    uint64_t frames;

    if (arrivals)
        frames = rows_within(arrivals, span_ps);
    else if (!strcmp(kind, "microburst") && CONF("period"))
        frames = MIN(divide_up(span_ps, CONF("period")), G_MAXUINT32) *
                 MIN(divide_up((Uint128)CONF("peak") * CONF("burst"), frame), G_MAXUINT32);
    else if (!strcmp(kind, "cbr") && CONF("interval"))
        frames = divide_up(span_ps, CONF("interval"));
    else if (!strcmp(kind, "on-off") && off_ps)
        frames = divide_up((Uint128)span_ps * on_ps / (on_ps + off_ps) *
                               (uint64_t)MIN((Uint128)CONF("peak") * CONF("count"), (Uint128)INT64_MAX),
                           frame);
    else if (CONF("transactions"))
        frames = divide_up((Uint128)CONF("transactions") * span_ps, 86400 * (uint64_t)DX_S);
    else
        frames = divide_up((Uint128)CONF("rate") * span_ps, frame);
    return CONF("frames") ? MIN(frames, CONF("frames")) : frames;
#undef CONF
}

DxExplainFlow *dx__explain_flow(const DxScenario *scenario, const DxRun *run, uint32_t index)
{
    const DxScFlow *group = DX_SC(scenario, flows, DxScFlow, index);
    const DxModel *model = dx__scenario_model(scenario, "source");
    DxExplainFlow *flow = g_new0(DxExplainFlow, 1);

    flow->name = group->name;
    flow->from = DX_SC(scenario, nodes, DxScNode, group->from)->name;
    flow->to = DX_SC(scenario, nodes, DxScNode, group->to)->name;
    flow->n_flows = group->n_flows;
    flow->sizes = dx__scenario_sizes(scenario, group);
    flow->size_bytes = mean_bytes(&flow->sizes);
    flow->frames = expected_frames(model, group, dx__scenario_arrivals(scenario, group), &flow->sizes,
                                   scenario->duration_ps);
    flow->hops = g_ptr_array_new_with_free_func(hop_free);
    follow(flow, scenario, run, index);
    return flow;
}

/* -- the whole --------------------------------------------------------------------------------------- */

static uint64_t add_bounded(uint64_t a, uint64_t b)
{
    return a > INT64_MAX - MIN(b, (uint64_t)INT64_MAX) ? INT64_MAX : a + b;
}

static void explain_engine(DxExplanation *explanation, const DxSim *sim)
{
    const DxNode *bound = NULL;

    explanation->lookahead_ps = dx_sim_lookahead(sim, &bound);
    explanation->lookahead_bound = bound ? g_strdup(dx_node_name(bound)) : NULL;
    explanation->n_nodes = dx_sim_n_nodes(sim);
    for (guint i = 0; i < explanation->flows->len; i++) {
        const DxExplainFlow *flow = g_ptr_array_index(explanation->flows, i);
        const Uint128 hops = (Uint128)flow->frames * MAX(flow->hops->len, 1);

        explanation->frames = add_bounded(explanation->frames, flow->frames);
        explanation->frame_hops =
            add_bounded(explanation->frame_hops, hops > INT64_MAX ? INT64_MAX : (uint64_t)hops);
    }
    explanation->run_time_ns = explanation->frame_hops > INT64_MAX / DX_EXPLAIN_NS_PER_HOP
                                   ? INT64_MAX
                                   : explanation->frame_hops * DX_EXPLAIN_NS_PER_HOP;
}

static DxExplanation *explanation_new(const DxScenario *scenario, const DxRun *run, bool is_kept)
{
    DxExplanation *explanation = g_new0(DxExplanation, 1);
    const guint n_flows =
        is_kept ? MIN(scenario->flows->len, (guint)DX_EXPLAIN_FLOWS_KEPT) : scenario->flows->len;

    explanation->scenario = scenario;
    explanation->objects = dx__explain_objects(scenario, is_kept, &explanation->n_objects_left_out);
    explanation->n_flows_left_out = scenario->flows->len - n_flows;
    explanation->flows = g_ptr_array_new_with_free_func(dx__explain_flow_free);
    for (guint i = 0; i < n_flows; i++)
        g_ptr_array_add(explanation->flows, dx__explain_flow(scenario, run, i));
    return explanation;
}

DxExplanation *dx__explain_gather(const DxScenario *scenario, GError **error)
{
    DxRun *run = dx_run_new(scenario, error);
    DxExplanation *explanation;

    if (!run)
        return NULL;
    if (scenario->bgp && !dx_sim_run(run->sim, 0, error)) { /* routers decide at time 0 */
        dx_run_free(run);
        return NULL;
    }
    explanation = explanation_new(scenario, run, false);
    explanation->has_engine = true;
    explain_engine(explanation, run->sim);
    dx_run_free(run);
    return explanation;
}

char *dx__explain_kept(const DxScenario *scenario, const DxRun *run)
{
    DxExplanation *explanation = explanation_new(scenario, run, true);
    char *text = dx__explain_json(explanation);

    dx__explain_free(explanation);
    return text;
}

void dx__explain_free(DxExplanation *explanation)
{
    if (!explanation)
        return;
    g_ptr_array_unref(explanation->objects);
    g_ptr_array_unref(explanation->flows);
    g_free(explanation->lookahead_bound);
    g_free(explanation);
}

char *dx_explain(const DxScenario *scenario, DxExplainForm form, GError **error)
{
    DxExplanation *explanation;
    char *text;

    g_return_val_if_fail(scenario != NULL, NULL);
    if (form == DX_EXPLAIN_DOT)
        return dx__explain_dot(scenario);
    explanation = dx__explain_gather(scenario, error);
    if (!explanation)
        return NULL;
    text = form == DX_EXPLAIN_JSON ? dx__explain_json(explanation) : dx__explain_text(explanation);
    dx__explain_free(explanation);
    return text;
}
