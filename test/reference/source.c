/*
 * source - when frames are born, straight from the formulas
 */
#include "reference-priv.h"

#include <dxsim/dmath.h>
#include <math.h>

enum { MODEL_CBR, MODEL_POISSON, MODEL_MICROBURST };
enum { DRAWS_MERGED, DRAWS_SPLITMIX64 };

typedef struct {
    uint64_t state, t_ns;
} OneFlow;

struct Source {
    Node node;
    uint32_t group;
    Router *to;
    unsigned input;
    int model, draws;
    uint64_t rate_bps, peak_bps, size_bytes;
    DxTime interval_ps, burst_ps, period_ps, start_ps, stop_ps;
    uint64_t frames;
    uint32_t pcp, ttl, n_flows;

    uint64_t born;            /* frames so far */
    uint64_t burst, in_burst; /* microburst: which, and how many of its frames are born */
    uint64_t n_in_burst;      /* frames of a whole one */
    DxTime last_ps;           /* poisson */
    double carry;
    DxRng gaps, choice;
    OneFlow *flow; /* splitmix64 */
    uint32_t *seq; /* by flow: next */
};

typedef struct {
    DxTime at;
    uint32_t flow; /* within the source */
} Birth;

/* Mean time between two frames of one splitmix64 flow. */
static double flow_mean_ps(const Source *source)
{
    double mean_ps = (double)source->size_bytes * 8e12 / (double)source->rate_bps;

    return mean_ps * (double)source->n_flows;
}

static uint64_t draw_gap_ns(const Source *source, OneFlow *flow)
{
    const double unit = (double)((dx_splitmix64(&flow->state) >> 11) + 1) * 0x1p-53;

    return (uint64_t)floor(-flow_mean_ps(source) / 1e3 * dx_log(unit) + 0.5);
}

static void seed(ReferenceWorld *world, Source *source)
{
    const uint64_t seed = world->scenario->seed;

    dx_rng_init(&source->gaps, seed, 0, source->node.name, "gaps");
    dx_rng_init(&source->choice, seed, 0, source->node.name, "choice");
    source->last_ps = source->start_ps;
    if (source->model != MODEL_POISSON || source->draws != DRAWS_SPLITMIX64)
        return;
    source->flow = g_new0(OneFlow, source->n_flows);
    for (uint32_t i = 0; i < source->n_flows; i++) {
        source->flow[i].state = (uint64_t)1000003 * i + seed;
        source->flow[i].t_ns = draw_gap_ns(source, &source->flow[i]);
    }
}

/* floor(octets * 8 / rate), in ps; saturates. */
static DxTime send_time_ps(Wide octets, uint64_t rate_bps)
{
    const Wide ps = octets * 8 * (Wide)DX_S / rate_bps;

    return ps > (Wide)DX_TIME_MAX ? DX_TIME_MAX : (DxTime)ps;
}

static uint64_t frames_per_burst(const Source *source)
{
    uint64_t n = 0;

    if (!source->peak_bps)
        return 0;
    while (send_time_ps((Wide)n * source->size_bytes, source->peak_bps) < source->burst_ps)
        n++;
    return n;
}

Source *source_new(ReferenceWorld *world, uint32_t group)
{
    const DxScFlow *entry = DX_SC(world->scenario, flows, DxScFlow, group);
    const void *conf = entry->source;
    Source *source = g_new0(Source, 1);

    node_init(world, &source->node, node_name(entry->name, "source"));
    source->group = group;
    source->to = &world->router[entry->from];
    source->input = 2 * world->scenario->links->len + group;
    source->model = (int)conf_int(world, "source", conf, "model");
    source->draws = (int)conf_int(world, "source", conf, "draws");
    source->rate_bps = (uint64_t)conf_int(world, "source", conf, "rate");
    source->peak_bps = (uint64_t)conf_int(world, "source", conf, "peak");
    source->size_bytes = (uint64_t)conf_int(world, "source", conf, "size");
    source->interval_ps = conf_int(world, "source", conf, "interval");
    source->burst_ps = conf_int(world, "source", conf, "burst");
    source->period_ps = conf_int(world, "source", conf, "period");
    source->start_ps = conf_int(world, "source", conf, "start");
    source->stop_ps = conf_int(world, "source", conf, "stop");
    source->frames = (uint64_t)conf_int(world, "source", conf, "frames");
    source->pcp = (uint32_t)conf_int(world, "source", conf, "pcp");
    source->ttl = (uint32_t)conf_int(world, "source", conf, "ttl");
    source->n_flows = entry->n_flows;
    source->n_in_burst = frames_per_burst(source);
    source->seq = g_new0(uint32_t, entry->n_flows);
    seed(world, source);
    return source;
}

void source_free(Source *source)
{
    if (!source)
        return;
    g_free(source->flow);
    g_free(source->seq);
    g_free(source->node.name);
    g_free(source);
}

static bool next_cbr(Source *source, Birth *birth)
{
    const DxTime after = source->interval_ps
                             ? (DxTime)source->born * source->interval_ps
                             : send_time_ps((Wide)source->born * source->size_bytes, source->rate_bps);

    birth->at = source->start_ps + after;
    birth->flow = (uint32_t)(source->born % source->n_flows);
    return birth->at < source->stop_ps;
}

static bool next_poisson(Source *source, Birth *birth)
{
    const double mean_ps = (double)source->size_bytes * 8e12 / (double)source->rate_bps;
    const DxTime gap_ps = dx_rng_exponential_ps(&source->gaps, mean_ps, &source->carry);

    if (gap_ps >= source->stop_ps - source->last_ps)
        return false;
    birth->at = source->last_ps + gap_ps;
    birth->flow = source->n_flows > 1 ? (uint32_t)dx_rng_below(&source->choice, source->n_flows) : 0;
    source->last_ps = birth->at;
    return true;
}

/* Whichever flow is first; at equal time the one of the lowest index. */
static bool next_splitmix64(Source *source, Birth *birth)
{
    OneFlow *first = &source->flow[0];

    for (uint32_t i = 1; i < source->n_flows; i++)
        if (source->flow[i].t_ns < first->t_ns)
            first = &source->flow[i];
    if (first->t_ns >= (uint64_t)DX_TIME_MAX / 1000)
        return false;
    birth->at = source->start_ps + (DxTime)first->t_ns * DX_NS;
    birth->flow = (uint32_t)(first - source->flow);
    first->t_ns += draw_gap_ns(source, first);
    return birth->at < source->stop_ps;
}

/* Without a period, that at which the bursts carry the rate, exactly: burst k begins when k bursts at the
 * rate would have been sent. */
static DxTime burst_begin_ps(const Source *source)
{
    if (source->period_ps)
        return source->start_ps + (DxTime)source->burst * source->period_ps;
    return source->start_ps +
           send_time_ps((Wide)source->burst * source->n_in_burst * source->size_bytes, source->rate_bps);
}

static bool next_microburst(Source *source, Birth *birth)
{
    if (source->in_burst == source->n_in_burst) {
        source->burst++;
        source->in_burst = 0;
    }
    birth->at =
        burst_begin_ps(source) + send_time_ps((Wide)source->in_burst * source->size_bytes, source->peak_bps);
    birth->flow = (uint32_t)(source->born % source->n_flows);
    source->in_burst++;
    return burst_begin_ps(source) < source->stop_ps;
}

static bool next_birth(Source *source, Birth *birth)
{
    if (source->frames && source->born == source->frames)
        return false;
    switch (source->model) {
    case MODEL_CBR:
        return (source->interval_ps || source->rate_bps) && next_cbr(source, birth);
    case MODEL_POISSON:
        if (!source->rate_bps)
            return false;
        return source->draws == DRAWS_SPLITMIX64 ? next_splitmix64(source, birth)
                                                 : next_poisson(source, birth);
    case MODEL_MICROBURST:
        return source->peak_bps && source->burst_ps && (source->period_ps || source->rate_bps) &&
               next_microburst(source, birth);
    default:
        g_assert_not_reached();
    }
}

static void give_birth(ReferenceWorld *world, void *who, Frame *none, uint64_t flow);

static void await_next(ReferenceWorld *world, Source *source)
{
    Birth birth;

    if (next_birth(source, &birth))
        world_frame_step(world, birth.at, LAYER_SOURCE, &source->node, 0, give_birth, source, NULL,
                         birth.flow);
}

static void give_birth(ReferenceWorld *world, void *who, Frame *none, uint64_t flow)
{
    Source *source = who;
    DxGroupStats *stats = &world->stats[source->group];
    Frame *frame = g_new0(Frame, 1);

    (void)none;
    *frame =
        (Frame){ .birth_ps = world->now,
                 .flow = DX_SC(world->scenario, flows, DxScFlow, source->group)->first_flow + (uint32_t)flow,
                 .seq = source->seq[flow]++,
                 .group = source->group,
                 .size_bytes = (uint32_t)source->size_bytes,
                 .pcp = source->pcp,
                 .ttl = source->ttl };
    source->born++;
    frame_born(world, frame);
    if (world->now >= world->scenario->warmup_ps) {
        stats->sent_frames++;
        stats->sent_bytes += frame->size_bytes;
    }
    world_frame_step(world, world->now, LAYER_ROUTER, &source->to->node, source->input, router_arrival,
                     source->to, frame, 0);
    await_next(world, source);
}

void source_start(ReferenceWorld *world, Source *source)
{
    await_next(world, source);
}
