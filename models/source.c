/*
 * source - offered load: constant rate, Poisson, periodic bursts; any number of flows
 *
 *   cbr         frame k at start + floor(k * size * 8 / rate), flows in turn
 *   poisson     exponential gaps of mean size * 8 / rate; each frame's flow is drawn: the sum of `count`
 * equal Poisson flows is a Poisson flow whose frames belong to each with equal probability microburst  every
 * `period` a burst of frames at `peak` that lasts `burst`: frame j of a burst is floor(j * size * 8 / peak)
 * after its first, as long as that is below `burst`
 *
 * `rate` is that of all flows together, in IP packets. Nothing is born at or after `stop`, but a burst that
 * has begun is finished. With "draws": "splitmix64" every flow is a Poisson process of its own, with a
 * generator seeded 1000003 * flow + seed and gaps rounded to whole ns: what other simulators can repeat
 * exactly.
 */
#include <dxsim/dmath.h>
#include <dxsim/sim.h>

#include <math.h>

enum { MODEL_CBR, MODEL_POISSON, MODEL_MICROBURST };

static const char *const source_models[] = { "cbr", "poisson", "microburst", NULL };

enum { DRAWS_MERGED, DRAWS_SPLITMIX64 };

static const char *const source_draws[] = { "merged", "splitmix64", NULL };

typedef struct {
    int model, draws;
    uint64_t rate_bps, peak_bps, size_bytes;
    DxTime interval_ps, burst_ps, period_ps, start_ps, stop_ps;
    int64_t count, frames, pcp, ttl;
} SourceConf;

static const DxParam source_params[] = {
    DX_PARAM_ENUM(SourceConf, model, "cbr", source_models, "When frames are born."),
    DX_PARAM_RATE(SourceConf, rate_bps, "0 bps", "0 bps", "100 Tbps", "Of all flows together, IP packets."),
    DX_PARAM_TIME(SourceConf, interval_ps, "0 ps", "0 ps", "1 d",
                  "cbr: between two frames, instead of a rate."),
    DX_PARAM_SIZE(SourceConf, size_bytes, "1500 B", "1 B", "65000 B", "Of the IP packet."),
    DX_PARAM_INT(SourceConf, count, "1", "1", "10000000", "Flows; their source ports count up."),
    DX_PARAM_RATE(SourceConf, peak_bps, "0 bps", "0 bps", "100 Tbps", "microburst: rate within a burst."),
    DX_PARAM_TIME(SourceConf, burst_ps, "0 ps", "0 ps", "1 d", "microburst: how long one lasts."),
    DX_PARAM_TIME(SourceConf, period_ps, "0 ps", "0 ps", "1 d",
                  "microburst: between two beginnings; or from the rate."),
    DX_PARAM_TIME(SourceConf, start_ps, "0 ps", "0 ps", "50 d", "First frame, burst or gap."),
    DX_PARAM_TIME(SourceConf, stop_ps, "50 d", "0 ps", "50 d", "Nothing begins at or after this."),
    DX_PARAM_INT(SourceConf, frames, "0", "0", "9000000000000000000", "Stop after this many; 0: no limit."),
    DX_PARAM_INT(SourceConf, pcp, "0", "0", "7", "Priority (IEEE 802.1Q)."),
    DX_PARAM_INT(SourceConf, ttl, "64", "1", "255", "Time to live."),
    DX_PARAM_ENUM(SourceConf, draws, "merged", source_draws,
                  "poisson: one stream for all flows, or one each."),
    DX_PARAM_END,
};

/* A gap that is no whole number of ps: quotient and remainder, carried from frame to frame. */
typedef struct {
    DxTime whole_ps;
    uint64_t rest, unit; /* rest/unit of a ps beyond */
} Gap;

/* Arrivals of many flows, each with its own generator, drawn a chunk of time ahead and sorted. */
typedef struct {
    DxTime chunk_ns, from_ns;
    uint64_t *state;       /* by flow: generator */
    uint64_t *next_ns;     /* by flow: next arrival */
    uint64_t *key, *spare; /* of this chunk: offset in ns << 32 | flow, sorted */
    uint32_t n, at, size;
} Chunk;

typedef struct {
    DxTime next_ps;  /* birth of the next frame; DX_TIME_NEVER: none */
    DxTime begin_ps; /* of the present burst */
    Gap gap, period;
    uint64_t rest, period_rest; /* carried */
    uint64_t left;              /* frames that may still be born */
    uint32_t flow, first_flow, n_flows;
    uint32_t *seq; /* by flow */
    double mean_ps, carry;
    DxRng gaps, choice;
    Chunk chunk;
    DxFrame template;
    uint64_t born_frames;
} SourceState;

static const DxCounter source_counters[] = {
    DX_COUNTER(SourceState, born_frames, DX_COUNTER_SUM, "Frames born, warm-up included."),
    DX_COUNTER_END,
};

/* -- gaps -------------------------------------------------------------------------------------------- */

static Gap gap_of(uint64_t frames, uint64_t size_bytes, uint64_t rate_bps)
{
    const unsigned __int128 total = (unsigned __int128)frames * size_bytes * 8 * (uint64_t)DX_S;

    return (Gap){ (DxTime)(total / rate_bps), (uint64_t)(total % rate_bps), rate_bps };
}

static inline DxTime gap_next(const Gap *gap, uint64_t *rest)
{
    DxTime ps = gap->whole_ps;

    *rest += gap->rest;
    if (*rest >= gap->unit) {
        *rest -= gap->unit;
        ps++;
    }
    return ps;
}

/* -- many Poisson flows, a chunk at a time ------------------------------------------------------------ */

#define CHUNK_FRAMES 8192
#define CHUNK_DIGIT  11
#define CHUNK_MAX_NS (1 << 2 * CHUNK_DIGIT)

static uint64_t chunk_gap_ns(SourceState *state, uint64_t *generator)
{
    double unit = (double)((dx_splitmix64(generator) >> 11) + 1) * 0x1p-53;

    return (uint64_t)(-state->mean_ps / 1e3 * dx_log(unit) + 0.5);
}

/* Two counting passes; stable, so flows at the same ns stay in order. */
static void chunk_sort(Chunk *chunk)
{
    for (unsigned shift = 32; shift < 32 + 2 * CHUNK_DIGIT; shift += CHUNK_DIGIT) {
        uint32_t start[1 << CHUNK_DIGIT] = { 0 }, sum = 0;
        uint64_t *swap = chunk->key;

        for (uint32_t i = 0; i < chunk->n; i++)
            start[chunk->key[i] >> shift & ((1 << CHUNK_DIGIT) - 1)]++;
        for (uint32_t i = 0; i < 1 << CHUNK_DIGIT; i++) {
            uint32_t n = start[i];

            start[i] = sum;
            sum += n;
        }
        for (uint32_t i = 0; i < chunk->n; i++)
            chunk->spare[start[chunk->key[i] >> shift & ((1 << CHUNK_DIGIT) - 1)]++] = chunk->key[i];
        chunk->key = chunk->spare;
        chunk->spare = swap;
    }
}

static void chunk_fill(SourceState *state)
{
    Chunk *chunk = &state->chunk;
    const uint64_t from = (uint64_t)chunk->from_ns, until = from + (uint64_t)chunk->chunk_ns;

    chunk->n = chunk->at = 0;
    for (uint32_t i = 0; i < state->n_flows; i++) {
        uint64_t next = chunk->next_ns[i];

        for (; next < until; next += chunk_gap_ns(state, &chunk->state[i])) {
            if (chunk->n == chunk->size) {
                chunk->size *= 2;
                chunk->key = g_renew(uint64_t, chunk->key, chunk->size);
                chunk->spare = g_renew(uint64_t, chunk->spare, chunk->size);
            }
            chunk->key[chunk->n++] = (next - from) << 32 | i;
        }
        chunk->next_ns[i] = next;
    }
    chunk_sort(chunk);
}

/* Where the next chunk begins: idle time is skipped. */
static void chunk_move(const SourceState *state, Chunk *chunk)
{
    uint64_t first = UINT64_MAX;

    for (uint32_t i = 0; i < state->n_flows; i++)
        first = MIN(first, chunk->next_ns[i]);
    chunk->from_ns =
        MAX(chunk->from_ns + chunk->chunk_ns, (DxTime)MIN(first, (uint64_t)(DX_TIME_MAX / DX_NS)));
}

/* Time and flow of the next arrival. */
static void chunk_next(SourceState *state)
{
    Chunk *chunk = &state->chunk;

    while (chunk->at == chunk->n && chunk->from_ns < DX_TIME_MAX / DX_NS) {
        chunk_move(state, chunk);
        chunk_fill(state);
    }
    if (chunk->at == chunk->n) {
        state->next_ps = DX_TIME_MAX;
        return;
    }
    state->next_ps = (chunk->from_ns + (DxTime)(chunk->key[chunk->at] >> 32)) * DX_NS;
    state->flow = (uint32_t)chunk->key[chunk->at++];
}

static void chunk_init(DxNode *node)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);
    Chunk *chunk = &state->chunk;
    const double chunk_ns = CHUNK_FRAMES * state->mean_ps / 1e3 / (double)conf->count;

    chunk->chunk_ns = chunk_ns < 1 ? 1 : chunk_ns > CHUNK_MAX_NS ? CHUNK_MAX_NS : (DxTime)chunk_ns;
    chunk->from_ns = (conf->start_ps + DX_NS - 1) / DX_NS;
    chunk->size = 2 * CHUNK_FRAMES;
    chunk->key = g_new(uint64_t, chunk->size);
    chunk->spare = g_new(uint64_t, chunk->size);
    chunk->state = g_new(uint64_t, state->n_flows);
    chunk->next_ns = g_new(uint64_t, state->n_flows);
    for (uint32_t i = 0; i < state->n_flows; i++) {
        chunk->state[i] = UINT64_C(1000003) * i + dx_sim_seed(dx_node_sim(node));
        chunk->next_ns[i] = (uint64_t)chunk->from_ns + chunk_gap_ns(state, &chunk->state[i]);
    }
    chunk_fill(state);
    chunk_next(state);
}

/* -- the next birth ---------------------------------------------------------------------------------- */

static void next_cbr(SourceState *state)
{
    state->next_ps += gap_next(&state->gap, &state->rest);
    if (++state->flow == state->n_flows)
        state->flow = 0;
}

static void next_merged(SourceState *state)
{
    state->next_ps += dx_rng_exponential_ps(&state->gaps, state->mean_ps, &state->carry);
    state->flow = state->n_flows > 1 ? (uint32_t)dx_rng_below(&state->choice, state->n_flows) : 0;
}

static void next_microburst(const SourceConf *conf, SourceState *state)
{
    state->next_ps += gap_next(&state->gap, &state->rest);
    if (++state->flow == state->n_flows)
        state->flow = 0;
    if (state->next_ps - state->begin_ps < conf->burst_ps)
        return;
    state->begin_ps += gap_next(&state->period, &state->period_rest);
    state->next_ps = state->begin_ps;
    state->rest = 0;
}

/* What `stop` looks at: the beginning of the burst, or the birth itself. */
static DxTime begun_ps(const SourceConf *conf, const SourceState *state)
{
    return conf->model == MODEL_MICROBURST ? state->begin_ps : state->next_ps;
}

static void advance_birth(const SourceConf *conf, SourceState *state)
{
    if (conf->model == MODEL_CBR)
        next_cbr(state);
    else if (conf->model == MODEL_MICROBURST)
        next_microburst(conf, state);
    else if (conf->draws == DRAWS_SPLITMIX64)
        chunk_next(state);
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
    stats->sent_frames += n;
    stats->sent_bytes += (uint64_t)n * state->template.size_bytes;
}

static inline void give_birth(SourceState *state, DxFrame *frame, DxTime at)
{
    *frame = state->template;
    frame->t_ps = frame->birth_ps = at;
    frame->flow = state->first_flow + state->flow;
    frame->seq = state->seq[state->flow]++;
}

/* Up to a burst of frames born before @until. */
static unsigned fill(const SourceConf *conf, SourceState *state, DxFrame *frame, DxTime until)
{
    unsigned n = 0;

    for (; n < DX_BURST_MAX && state->next_ps < until; n++) {
        give_birth(state, &frame[n], state->next_ps);
        advance_birth(conf, state);
    }
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
    const bool is_plain = conf->model == MODEL_CBR && state->n_flows == 1;
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

/* Those that begin within it: frame j does when j * size * 8 / peak < burst. */
static uint64_t frames_of_burst(const SourceConf *conf)
{
    const uint64_t frame = conf->size_bytes * 8 * (uint64_t)DX_S;

    return (uint64_t)(((unsigned __int128)conf->peak_bps * (uint64_t)conf->burst_ps + frame - 1) / frame);
}

static bool refuse(const char **key, const char *which, GError **error, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

static Gap period_of(const SourceConf *conf)
{
    if (conf->period_ps)
        return (Gap){ conf->period_ps, 0, 1 };
    return gap_of(frames_of_burst(conf), conf->size_bytes, conf->rate_bps);
}

static Gap gap_of_conf(const SourceConf *conf)
{
    if (conf->model == MODEL_CBR && conf->interval_ps)
        return (Gap){ conf->interval_ps, 0, 1 };
    return gap_of(1, conf->size_bytes, conf->model == MODEL_MICROBURST ? conf->peak_bps : conf->rate_bps);
}

static bool check_microburst(const SourceConf *conf, const char **key, GError **error)
{
    if (!conf->peak_bps)
        return refuse(key, "peak", error, "a microburst needs one, such as \"25 Gbps\"");
    if (!conf->burst_ps)
        return refuse(key, "burst", error, "a microburst needs a length, such as \"1 ms\"");
    if (!conf->period_ps && !conf->rate_bps)
        return refuse(key, "period", error, "a microburst needs one, such as \"100 ms\", or a mean rate");
    if (period_of(conf).whole_ps < conf->burst_ps)
        return refuse(key, conf->period_ps ? "period" : "rate", error,
                      "bursts overlap: the next begins before one has ended");
    return true;
}

static bool source_check(const void *data, const char **key, GError **error)
{
    const SourceConf *conf = data;

    if (conf->model == MODEL_MICROBURST && !check_microburst(conf, key, error))
        return false;
    if (conf->model != MODEL_MICROBURST && !conf->rate_bps &&
        !(conf->model == MODEL_CBR && conf->interval_ps))
        return refuse(key, "rate", error, "give one such as \"8 Gbps\"");
    if (!gap_of_conf(conf).whole_ps)
        return refuse(key, "rate", error, "less than 1 ps between two frames");
    return true;
}

static bool source_init(DxNode *node, GError **error)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);

    (void)error;
    state->gap = gap_of_conf(conf);
    if (conf->model == MODEL_MICROBURST)
        state->period = period_of(conf);
    state->first_flow = dx_node_bound_index(node);
    state->n_flows = (uint32_t)conf->count;
    state->seq = g_new0(uint32_t, state->n_flows);
    state->left = conf->frames ? (uint64_t)conf->frames : UINT64_MAX;
    state->template = (DxFrame){ .size_bytes = (uint16_t)conf->size_bytes,
                                 .ttl = (uint8_t)conf->ttl,
                                 .tci = (uint16_t)(conf->pcp << 13) };
    /* per flow with splitmix64, of all flows together otherwise */
    state->mean_ps = (double)conf->size_bytes * 8e12 / (double)(conf->rate_bps ? conf->rate_bps : 1);
    if (conf->draws == DRAWS_SPLITMIX64)
        state->mean_ps *= (double)conf->count;
    dx_node_rng(node, "gaps", &state->gaps);
    dx_node_rng(node, "choice", &state->choice);
    return true;
}

static void source_start(DxNode *node)
{
    const SourceConf *conf = dx_node_conf(node);
    SourceState *state = dx_node_state(node);

    state->next_ps = state->begin_ps = conf->start_ps;
    if (conf->model == MODEL_POISSON && conf->draws == DRAWS_SPLITMIX64)
        chunk_init(node);
    else if (conf->model == MODEL_POISSON)
        next_merged(state);
    if (begun_ps(conf, state) >= conf->stop_ps)
        state->next_ps = DX_TIME_NEVER;
    dx_node_promise(node, state->next_ps);
}

static void source_clear(DxNode *node)
{
    SourceState *state = dx_node_state(node);

    g_free(state->seq);
    g_free(state->chunk.state);
    g_free(state->chunk.next_ns);
    g_free(state->chunk.key);
    g_free(state->chunk.spare);
}

const DxModel dx_model_source = {
    .name = "source",
    .summary = "Offered load: constant rate, Poisson, periodic bursts",
    .conf_size = sizeof(SourceConf),
    .state_size = sizeof(SourceState),
    .params = source_params,
    .counters = source_counters,
    .check = source_check,
    .init = source_init,
    .start = source_start,
    .advance = source_advance,
    .clear = source_clear,
};
