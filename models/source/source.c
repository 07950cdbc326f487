/*
 * source - offered load: constant rate, Poisson, periodic bursts; any number of flows
 *
 *   cbr         frame k at start + floor(octets before it * 8 / rate), flows in turn
 *   poisson     exponential gaps of mean size * 8 / rate; each frame's flow is drawn: the sum of `count`
 * equal Poisson flows is a Poisson flow whose frames belong to each with equal probability microburst  every
 * `period` a burst of frames at `peak` that lasts `burst`: as cbr within it, as long as that is before its
 * end
 *   replay      as a file says: replay.c
 *   on-off      each flow for itself on and off, at `peak` while on: onoff.c
 *
 * `rate` is that of all flows together, in IP packets; `transactions` are frames a day, in its place. Nothing
 * is born at or after `stop`, but a burst that has begun is finished. With "draws": "splitmix64" every flow
 * is a Poisson process of its own, with a generator seeded 1000003
 * * flow + seed and gaps rounded to whole ns: what other simulators can repeat exactly.
 *
 * Not modelled: feedback. A source does not slow down when frames are lost.
 */
#include "source-priv.h"

static const char *const source_models[] = { "cbr", "poisson", "microburst", "on-off", "replay", NULL };
static const char *const source_draws[] = { "merged", "splitmix64", NULL };
static const char *const source_distributions[] = { "exponential", "pareto", NULL };
static const char *const source_within[] = { "cbr", "poisson", NULL };

static const DxParam source_params[] = {
    DX_PARAM_ENUM(SourceConf, model, "cbr", source_models, "When frames are born."),
    DX_PARAM_RATE(SourceConf, rate_bps, "0 bps", "0 bps", "100 Tbps", "Of all flows together, IP packets."),
    DX_PARAM_TIME(SourceConf, interval_ps, "0 ps", "0 ps", "1 d",
                  "cbr: between two frames, instead of a rate."),
    DX_PARAM_FREQUENCY(SourceConf, transactions_per_day, "0 /day", "0 /day", "1000 G/s",
                       "Frames of all flows together, instead of a rate."),
    DX_PARAM_SIZE(SourceConf, size_bytes, "1500 B", "1 B", "65000 B",
                  "Of the IP packet; the mean, when sizes are exponential."),
    DX_PARAM_ENUM(SourceConf, sizes, "fixed", dx_sizes_names,
                  "All alike, or drawn for each frame; imix: 7 x 40 B, 4 x 576 B, 1 x 1500 B."),
    DX_PARAM_MIX(SourceConf, mix, "", "Sizes and how often, with \"sizes\": \"list\"."),
    DX_PARAM_INT(SourceConf, count, "1", "1", "10000000", "Flows; their source ports count up."),
    DX_PARAM_RATE(SourceConf, peak_bps, "0 bps", "0 bps", "100 Tbps",
                  "microburst, on-off: rate within a burst; of one flow while it is on."),
    DX_PARAM_TIME(SourceConf, burst_ps, "0 ps", "0 ps", "1 d", "microburst: how long one lasts."),
    DX_PARAM_TIME(SourceConf, period_ps, "0 ps", "0 ps", "1 d",
                  "microburst: between two beginnings; or from the rate."),
    DX_PARAM_TIME(SourceConf, on_ps, "0 ps", "0 ps", "1 d", "on-off: how long a flow is on, on average."),
    DX_PARAM_TIME(SourceConf, off_ps, "0 ps", "0 ps", "1 d", "on-off: how long it is off; or from the rate."),
    DX_PARAM_ENUM(SourceConf, distribution, "exponential", source_distributions, "on-off: of both."),
    DX_PARAM_F64(SourceConf, shape, "1.5", "1.01", "100",
                 "on-off: of Pareto periods; up to 2 without variance."),
    DX_PARAM_ENUM(SourceConf, within, "cbr", source_within, "on-off: how frames follow while on."),
    DX_PARAM_FILE(SourceConf, trace, "replay: CSV file beside the scenario, a row for each frame."),
    DX_PARAM_TIME(SourceConf, start_ps, "0 ps", "0 ps", "50 d", "First frame, burst or gap."),
    DX_PARAM_TIME(SourceConf, stop_ps, "50 d", "0 ps", "50 d", "Nothing begins at or after this."),
    DX_PARAM_INT(SourceConf, frames, "0", "0", "9000000000000000000", "Stop after this many; 0: no limit."),
    DX_PARAM_INT(SourceConf, pcp, "0", "0", "7", "Priority (IEEE 802.1Q)."),
    DX_PARAM_INT(SourceConf, ttl, "64", "1", "255", "Time to live."),
    DX_PARAM_ENUM(SourceConf, draws, "merged", source_draws,
                  "poisson: one stream for all flows, or one each."),
    DX_PARAM_END,
};

typedef struct {
    DxTime next_ps;  /* birth of the next frame; DX_TIME_NEVER: none */
    DxTime begin_ps; /* of the present burst */
    Gap gap;
    Pace pace;
    bool is_paced;              /* the gap depends on the size of the frame before it */
    uint16_t size_bytes;        /* of the last frame, where sizes differ */
    uint64_t rest, period_rest; /* carried */
    uint64_t burst_bytes;       /* of the present burst */
    uint64_t left;              /* frames that may still be born */
    uint32_t flow, first_flow, n_flows;
    uint32_t *seq; /* by flow */
    double mean_ps, carry;
    DxRng *gaps, *choice, *size_draws; /* NULL: not needed */
    DxSizes sizes;
    Chunk chunk;
    OnOff onoff;
    Replay replay;
    DxFrame template;
    uint64_t born_frames;
} SourceState;

static const DxCounter source_counters[] = {
    DX_COUNTER(SourceState, born_frames, DX_COUNTER_SUM, "Frames born, warm-up included."),
    DX_COUNTER_END,
};

/* -- the next birth ---------------------------------------------------------------------------------- */

static inline DxTime next_gap(SourceState *state)
{
    return state->is_paced ? pace_next(&state->pace, state->size_bytes, &state->rest)
                           : gap_next(&state->gap, &state->rest);
}

static inline void next_in_turn(SourceState *state)
{
    state->next_ps += next_gap(state);
    if (++state->flow == state->n_flows)
        state->flow = 0;
}

static void next_merged(SourceState *state)
{
    state->next_ps += dx_rng_exponential_ps(state->gaps, state->mean_ps, &state->carry);
    state->flow = state->n_flows > 1 ? (uint32_t)dx_rng_below(state->choice, state->n_flows) : 0;
}

/* From the beginning of this burst to that of the next: what it carried, at the mean rate. */
static DxTime next_period(const SourceConf *conf, SourceState *state)
{
    const uint64_t per_day = conf->transactions_per_day, unit = per_day ? per_day : conf->rate_bps;
    unsigned __int128 total;

    if (conf->period_ps)
        return conf->period_ps;
    if (per_day)
        total = (unsigned __int128)(state->burst_bytes / state->size_bytes) * DAY_PS;
    else
        total = (unsigned __int128)state->burst_bytes * 8 * (uint64_t)DX_S;
    total += state->period_rest;
    state->period_rest = (uint64_t)(total % unit);
    return (DxTime)MIN(total / unit, (uint64_t)DX_TIME_MAX);
}

static void next_microburst(const SourceConf *conf, SourceState *state)
{
    state->burst_bytes += state->size_bytes;
    next_in_turn(state);
    if (state->next_ps - state->begin_ps < conf->burst_ps)
        return;
    state->begin_ps += next_period(conf, state);
    state->next_ps = state->begin_ps;
    state->burst_bytes = state->rest = 0;
}

/* What `stop` looks at: the beginning of the burst, or the birth itself. */
static DxTime begun_ps(const SourceConf *conf, const SourceState *state)
{
    return conf->model == MODEL_MICROBURST ? state->begin_ps : state->next_ps;
}

static void advance_birth(const SourceConf *conf, SourceState *state)
{
    if (conf->model == MODEL_CBR)
        next_in_turn(state);
    else if (conf->model == MODEL_MICROBURST)
        next_microburst(conf, state);
    else if (conf->model == MODEL_ONOFF)
        state->next_ps = dx__onoff_next(&state->onoff, state->size_bytes, &state->flow);
    else if (conf->model == MODEL_REPLAY)
        dx__replay_look(&state->replay, state->n_flows, &state->next_ps, &state->flow);
    else if (conf->draws == DRAWS_SPLITMIX64)
        state->next_ps = dx__chunk_next(&state->chunk, &state->flow);
    else
        next_merged(state);
    if (--state->left == 0 || begun_ps(conf, state) >= conf->stop_ps)
        state->next_ps = DX_TIME_NEVER;
}

/* -- emission ---------------------------------------------------------------------------------------- */

static void count_sent(DxNode *node, const DxFrame *frame, unsigned n)
{
    DxSim *sim = dx_node_sim(node);
    const SourceState *state = dx_node_state(node);
    DxGroupStats *stats = dx_sim_group(sim, dx_sim_flow(sim, state->first_flow)->group);
    const DxTime warmup_ps = dx_sim_warmup(sim);

    while (n && frame->birth_ps < warmup_ps) {
        frame++;
        n--;
    }
    if (n && !stats->sent_frames)
        stats->first_sent_ps = frame->birth_ps;
    stats->sent_frames += n;
    if (n)
        stats->last_sent_ps = frame[n - 1].birth_ps;
    if (state->sizes.kind == DX_SIZES_FIXED && !state->replay.list)
        stats->sent_bytes += (uint64_t)n * state->size_bytes;
    else
        for (unsigned i = 0; i < n; i++)
            stats->sent_bytes += frame[i].size_bytes;
}

static inline void give_birth(SourceState *state, DxFrame *frame, DxTime at)
{
    if (state->sizes.kind != DX_SIZES_FIXED)
        state->size_bytes = state->template.size_bytes = dx_sizes_draw(&state->sizes, state->size_draws);
    else if (state->replay.list)
        dx__replay_stamp(&state->replay, &state->template);
    *frame = state->template;
    frame->t_ps = frame->birth_ps = at;
    frame->flow = state->first_flow + state->flow;
}

/* Up to a burst of frames born before @until. They are numbered behind that: with very many flows their
 * counts are not in the cache, and are asked for meanwhile. */
static unsigned fill(const SourceConf *conf, SourceState *state, DxFrame *frame, DxTime until)
{
    unsigned n = 0;

    for (; n < DX_BURST_MAX && state->next_ps < until; n++) {
        give_birth(state, &frame[n], state->next_ps);
        __builtin_prefetch(&state->seq[state->flow], 1);
        advance_birth(conf, state);
    }
    for (unsigned i = 0; i < n; i++)
        frame[i].seq = state->seq[frame[i].flow - state->first_flow]++;
    return n;
}

/* The same for a constant rate of one flow, with what changes per frame in locals. */
static unsigned fill_cbr(const SourceConf *conf, SourceState *state, DxFrame *frame, DxTime until)
{
    const Gap gap = state->gap;
    const DxFrame template = state->template;
    const unsigned most = state->left < DX_BURST_MAX ? (unsigned)state->left : DX_BURST_MAX;
    const DxTime before = MIN(until, conf->stop_ps);
    DxTime next_ps = state->next_ps;
    uint64_t rest = state->rest;
    uint32_t seq = state->seq[0];
    unsigned n = 0;

    for (; n < most && next_ps < before; n++) {
        frame[n] = template;
        frame[n].t_ps = frame[n].birth_ps = next_ps;
        frame[n].flow = state->first_flow;
        frame[n].seq = seq++;
        next_ps += gap_next(&gap, &rest);
    }
    state->left -= n;
    state->rest = rest;
    state->seq[0] = seq;
    state->next_ps = !state->left || next_ps >= conf->stop_ps ? DX_TIME_NEVER : next_ps;
    return n;
}

static void source_advance(DxNode *node, DxTime until)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);
    const bool is_plain =
        conf->model == MODEL_CBR && state->n_flows == 1 && state->sizes.kind == DX_SIZES_FIXED;
    DxFrame frame[DX_BURST_MAX];

    while (state->next_ps < until) {
        const unsigned n = (is_plain ? fill_cbr : fill)(conf, state, frame, until);

        state->born_frames += n;
        dx_node_create(node, n);
        count_sent(node, frame, n);
        dx_node_emit(node, 0, &(DxBurst){ frame, n });
        until = dx_node_curtail(node, state->next_ps);
    }
    dx_node_promise(node, state->next_ps);
}

/* -- set-up ------------------------------------------------------------------------------------------ */

/* Of all flows together; a splitmix64 flow by itself waits `count` times as long. */
static double mean_gap_ps(const SourceConf *conf, const DxSizes *sizes)
{
    if (conf->transactions_per_day)
        return (double)DAY_PS / (double)conf->transactions_per_day;
    return sizes->mean_bytes * 8e12 / (double)(conf->rate_bps ? conf->rate_bps : 1);
}

static void init_pace(const SourceConf *conf, SourceState *state)
{
    const uint64_t per_day = conf->transactions_per_day;

    state->is_paced = !has_even_gaps(conf) && state->sizes.kind != DX_SIZES_FIXED;
    if (has_even_gaps(conf) && per_day)
        state->gap = (Gap){ (DxTime)(DAY_PS / per_day), DAY_PS % per_day, per_day };
    else if (has_even_gaps(conf))
        state->gap = (Gap){ conf->interval_ps, 0, 1 };
    else if (pace_bps(conf) && !state->is_paced)
        state->gap = gap_of(1, conf->size_bytes, pace_bps(conf));
    else if (pace_bps(conf))
        state->pace = pace_of(pace_bps(conf));
}

static DxRng *stream_new(const DxNode *node, const char *purpose)
{
    DxRng *rng = g_new(DxRng, 1);

    dx_node_rng(node, purpose, rng);
    return rng;
}

static bool source_init(DxNode *node, GError **error)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);

    dx_sizes_init(&state->sizes, (DxSizesKind)conf->sizes, conf->size_bytes, &conf->mix);
    state->size_bytes = (uint16_t)conf->size_bytes;
    init_pace(conf, state);
    state->first_flow = dx_node_bound_index(node);
    state->n_flows = (uint32_t)conf->count;
    state->seq = g_new0(uint32_t, state->n_flows);
    state->left = conf->frames ? (uint64_t)conf->frames : UINT64_MAX;
    state->template = (DxFrame){ .size_bytes = state->size_bytes,
                                 .ttl = (uint8_t)conf->ttl,
                                 .tci = (uint16_t)(conf->pcp << 13) };
    state->mean_ps = mean_gap_ps(conf, &state->sizes);
    if (state->sizes.kind != DX_SIZES_FIXED)
        state->size_draws = stream_new(node, "sizes");
    return conf->model != MODEL_REPLAY || dx__replay_open(&state->replay, node, conf, error);
}

static void start_onoff(DxNode *node)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);
    const double on_ps = (double)conf->on_ps, peak_bps = (double)conf->peak_bps;
    const double mean_bps = flow_bps(conf, &state->sizes);
    DxRng *seeds = stream_new(node, "flows");

    state->onoff = (OnOff){
        .on_ps = on_ps,
        .off_ps = conf->off_ps ? (double)conf->off_ps : on_ps * (peak_bps - mean_bps) / mean_bps,
        .shape = conf->shape,
        .gap_ps = state->sizes.mean_bytes * 8e12 / peak_bps,
        .is_pareto = conf->distribution == PERIODS_PARETO,
        .is_poisson = conf->within == WITHIN_POISSON,
        .pace = pace_of(conf->peak_bps),
        .stop_ps = conf->stop_ps,
    };
    dx__onoff_init(&state->onoff, state->n_flows, seeds, conf->start_ps);
    state->next_ps = dx__onoff_first(&state->onoff, &state->flow);
    g_free(seeds);
}

/* The first arrival, where it is not at `start`. */
static void start_poisson(DxNode *node)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);

    if (conf->draws == DRAWS_MERGED) {
        state->gaps = stream_new(node, "gaps");
        state->choice = stream_new(node, "choice");
        next_merged(state);
        return;
    }
    dx__chunk_init(&state->chunk, state->n_flows, state->mean_ps * (double)conf->count,
                   dx_sim_seed(dx_node_sim(node)), conf->start_ps);
    state->next_ps = dx__chunk_next(&state->chunk, &state->flow);
}

static void source_start(DxNode *node)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);

    state->next_ps = state->begin_ps = conf->start_ps;
    if (conf->model == MODEL_POISSON)
        start_poisson(node);
    else if (conf->model == MODEL_ONOFF)
        start_onoff(node);
    else if (conf->model == MODEL_REPLAY)
        dx__replay_look(&state->replay, state->n_flows, &state->next_ps, &state->flow);
    if (begun_ps(conf, state) >= conf->stop_ps)
        state->next_ps = DX_TIME_NEVER;
    dx_node_promise(node, state->next_ps);
}

static void source_clear(DxNode *node)
{
    SourceState *state = dx_node_state(node);

    g_free(state->seq);
    g_free(state->gaps);
    g_free(state->choice);
    g_free(state->size_draws);
    dx__chunk_clear(&state->chunk);
    dx__onoff_clear(&state->onoff);
    dx__replay_clear(&state->replay);
}

const DxModel dx_model_source = {
    .name = "source",
    .summary = "Offered load: constant rate, Poisson, bursts, on-off, replay",
    .conf_size = sizeof(SourceConf),
    .state_size = sizeof(SourceState),
    .params = source_params,
    .counters = source_counters,
    .check = dx__source_check,
    .init = source_init,
    .start = source_start,
    .advance = source_advance,
    .clear = source_clear,
};
