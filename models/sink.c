/*
 * sink - where frames arrive, and what their journey was like
 *
 * Per group of flows: latency histogram, goodput (octets of IP packets), reordering (a frame after a later
 * one of its flow), and the longest gap between deliveries; where somebody wants to know, that of each flow.
 * Frames born before the end of the warm-up are taken but not counted.
 */
#include <dxsim/sim.h>

#define UNSEEN UINT64_MAX
#define MANY_FLOWS                                                                                           \
    1024 /* from here on entries are asked for ahead: 12 octets each leave the first-level cache */

typedef struct {
    uint64_t *expected; /* by flow: sequence number after the highest seen, 32 bits; or UNSEEN */
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
    state->expected = g_new(uint64_t, state->n_flows + 1);
    state->group = g_new(uint32_t, state->n_flows + 1);
    for (uint32_t i = 0; i < state->n_flows; i++)
        state->group[i] = dx_sim_flow(sim, i)->group;
    for (uint32_t i = 0; i <= state->n_flows; i++)
        state->expected[i] = UNSEEN;
    state->group[state->n_flows] = UINT32_MAX; /* whatever is no flow is in no group */
    return true;
}

static void sink_clear(DxNode *node)
{
    SinkState *state = dx_node_state(node);

    g_free(state->expected);
    g_free(state->group);
}

/* Frames of one group in a row, from @i on: what they change is gathered and added once. Returns the next. */
static unsigned take_run(SinkState *state, DxGroupStats *stats, const DxBurst *burst, unsigned i,
                         DxTime warmup_ps)
{
    const uint32_t group = state->group[burst->frame[i].flow];
    DxMoments latency = DX_MOMENTS_EMPTY;
    DxTime last_ps = stats->delivered_frames ? stats->last_ps : -1, gap_max_ps = stats->gap_max_ps;
    uint64_t bytes = 0, reordered = 0;

    for (; i < burst->n; i++) {
        const DxFrame *frame = &burst->frame[i];
        uint64_t *expected = &state->expected[MIN(frame->flow, state->n_flows)];

        if (state->group[MIN(frame->flow, state->n_flows)] != group)
            break;
        if (frame->birth_ps < warmup_ps)
            continue;
        if (*expected == UNSEEN)
            *expected = (uint32_t)(frame->seq + 1);
        else if ((int32_t)(frame->seq - (uint32_t)*expected) < 0) /* serial number arithmetic, RFC 1982 */
            reordered++;
        else
            *expected = (uint32_t)(frame->seq + 1);
        if (last_ps >= 0)
            gap_max_ps = MAX(gap_max_ps, frame->t_ps - last_ps);
        last_ps = frame->t_ps;
        bytes += frame->size_bytes;
        dx_histogram_gather(&stats->latency, &latency, (uint64_t)(frame->t_ps - frame->birth_ps));
    }
    stats->delivered_frames += latency.count;
    stats->delivered_bytes += bytes;
    stats->reordered_frames += reordered;
    stats->last_ps = MAX(last_ps, 0);
    stats->gap_max_ps = gap_max_ps;
    dx_histogram_settle(&stats->latency, &latency);
    return i;
}

/* With very many flows what is kept of them is not in the cache: it is asked for before it is needed. */
static void ask_for(const SinkState *state, const DxBurst *burst)
{
    for (unsigned i = 0; i < burst->n; i++) {
        const uint32_t flow = MIN(burst->frame[i].flow, state->n_flows);

        __builtin_prefetch(&state->group[flow]);
        __builtin_prefetch(&state->expected[flow], 1);
    }
}

/* A flow without any delivery yet has none before its first. */
static void note_gaps(const SinkState *state, DxFlowGap *gaps, const DxBurst *burst, DxTime warmup_ps)
{
    for (unsigned i = 0; i < burst->n; i++) {
        const DxFrame *frame = &burst->frame[i];
        DxFlowGap *gap = &gaps[MIN(frame->flow, state->n_flows)]; /* one more than flows */

        if (frame->birth_ps < warmup_ps)
            continue;
        if (!gap->frames++) {
            gap->first_birth_ps = frame->birth_ps;
            gap->first_ps = frame->t_ps;
        } else if (frame->t_ps - gap->last_ps > gap->gap_ps) {
            gap->gap_ps = frame->t_ps - gap->last_ps;
            gap->gap_from_ps = gap->last_ps;
        }
        gap->last_ps = frame->t_ps;
    }
}

static void sink_process(DxNode *node, DxBurst *burst)
{
    SinkState *state = dx_node_state(node);
    DxSim *sim = dx_node_sim(node);
    const DxTime warmup_ps = dx_sim_warmup(sim);
    DxFlowGap *gaps = dx_sim_gaps(sim);
    uint64_t bytes = 0;
    unsigned i = 0;

    if (state->n_flows > MANY_FLOWS)
        ask_for(state, burst);
    if (gaps)
        note_gaps(state, gaps, burst, warmup_ps);
    while (i < burst->n) {
        const uint32_t flow = burst->frame[i].flow;

        if (flow < state->n_flows)
            i = take_run(state, dx_sim_group(sim, state->group[flow]), burst, i, warmup_ps);
        else
            i++;
    }
    for (i = 0; i < burst->n; i++)
        bytes += burst->frame[i].size_bytes;
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
