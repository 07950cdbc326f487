/*
 * sink - where frames arrive, and what their journey was like
 *
 * Per group of flows: latency histogram, goodput (octets of IP packets), reordering (a frame after a later
 * one of its flow), and the longest gap between deliveries. Frames born before the end of the warm-up are
 * taken but not counted.
 */
#include <dxsim/sim.h>

typedef struct {
    uint32_t *expected; /* by flow: sequence number after the highest seen */
    uint32_t *group;    /* by flow */
    uint32_t n_flows;
    uint64_t rx_frames, rx_bytes;
} SinkState;

static const DxCounter sink_counters[] = {
    DX_COUNTER(SinkState, rx_frames, DX_COUNTER_SUM, "Frames received, warm-up included."),
    DX_COUNTER(SinkState, rx_bytes, DX_COUNTER_SUM, "Octets of IP packets received, warm-up included."),
    DX_COUNTER_END,
};

static bool sink_init(DxNode *node, GError **error)
{
    SinkState *state = dx_node_state(node);
    DxSim *sim = dx_node_sim(node);

    (void)error;
    state->n_flows = dx_sim_n_flows(sim);
    state->expected = g_new0(uint32_t, state->n_flows + 1);
    state->group = g_new(uint32_t, state->n_flows + 1);
    for (uint32_t i = 0; i < state->n_flows; i++)
        state->group[i] = dx_sim_flow(sim, i)->group;
    return true;
}

static void sink_clear(DxNode *node)
{
    SinkState *state = dx_node_state(node);

    g_free(state->expected);
    g_free(state->group);
}

static inline void count(DxGroupStats *stats, const DxFrame *frame, uint32_t *expected)
{
    const int32_t ahead = (int32_t)(frame->seq - *expected); /* serial number arithmetic, RFC 1982 */

    if (ahead < 0)
        stats->reordered_frames++;
    else
        *expected = frame->seq + 1;
    stats->delivered_frames++;
    stats->delivered_bytes += frame->size_bytes;
    if (stats->last_ps >= 0)
        stats->gap_max_ps = MAX(stats->gap_max_ps, frame->t_ps - stats->last_ps);
    stats->last_ps = frame->t_ps;
    dx_histogram_add(&stats->latency, (uint64_t)(frame->t_ps - frame->birth_ps));
}

static void sink_process(DxNode *node, DxBurst *burst)
{
    SinkState *state = dx_node_state(node);
    DxSim *sim = dx_node_sim(node);
    const DxTime warmup_ps = dx_sim_warmup(sim);
    uint64_t bytes = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        const DxFrame *frame = &burst->frame[i];

        bytes += frame->size_bytes;
        if (frame->birth_ps >= warmup_ps && frame->flow < state->n_flows)
            count(dx_sim_group(sim, state->group[frame->flow]), frame, &state->expected[frame->flow]);
    }
    state->rx_frames += burst->n;
    state->rx_bytes += bytes;
    dx_node_consume(node, burst);
}

const DxModel dx_model_sink = {
    .name = "sink",
    .summary = "Measures latency, goodput, reordering and gaps",
    .state_size = sizeof(SinkState),
    .counters = sink_counters,
    .init = sink_init,
    .process = sink_process,
    .clear = sink_clear,
};
