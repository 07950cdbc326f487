/*
 * source - when frames are born and how large they are, straight from docs/models/source.md
 */
#include "source-priv.h"

#include <dxsim/arrivals.h>
#include <dxsim/dmath.h>
#include <math.h>

enum { MODEL_CBR, MODEL_POISSON, MODEL_MICROBURST, MODEL_ON_OFF, MODEL_REPLAY };
enum { DRAWS_MERGED, DRAWS_SPLITMIX64 };

#define DAY_PS (86400 * DX_S)

typedef struct {
    uint64_t state, t_ns;
} OneFlow;

struct Source {
    Node node;
    uint32_t group;
    Router *to;
    unsigned input;
    int model, draws;
    uint64_t rate_bps, peak_bps, frames_per_day;
    DxTime interval_ps, burst_ps, period_ps, start_ps, stop_ps;
    uint64_t frames;
    uint32_t pcp, ttl, n_flows;
    Sizes sizes;
    double mean_gap_ps; /* poisson */

    uint64_t born, octets; /* so far */
    uint64_t n_bursts, in_burst, octets_in_burst;
    DxTime burst_begin_ps;
    DxTime last_ps; /* poisson */
    double carry;
    DxRng gaps, choice;
    OneFlow *flow; /* splitmix64 */
    OnOff *onoff;
    const DxArrivals *list;
    uint32_t *seq; /* by flow: next */
};

/* -- sizes -------------------------------------------------------------------------------------------- */

enum { SIZES_FIXED, SIZES_EXPONENTIAL, SIZES_IMIX, SIZES_LIST };

static const DxMix imix = { 3, { { 40, 7 }, { 576, 4 }, { 1500, 1 } } };

static void sizes_init(ReferenceWorld *world, Sizes *sizes, const Node *node, const void *conf)
{
    sizes->kind = (int)conf_int(world, "source", conf, "sizes");
    sizes->size_bytes = (uint32_t)conf_int(world, "source", conf, "size");
    if (sizes->kind == SIZES_LIST)
        sizes->mix = *(const DxMix *)conf_field(world, "source", conf, "mix");
    else
        sizes->mix = imix;
    for (unsigned i = 0; i < sizes->mix.n; i++)
        sizes->weight += sizes->mix.part[i].weight;
    node_rng(world, node, "sizes", &sizes->rng);
}

static uint32_t draw_exponential(Sizes *sizes)
{
    const double x = floor(dx_rng_exponential(&sizes->rng, sizes->size_bytes) + 0.5);

    return (uint32_t)CLAMP(x, 1.0, 65000.0);
}

static uint32_t draw_mixed(Sizes *sizes)
{
    uint64_t r = dx_rng_below(&sizes->rng, sizes->weight);
    unsigned i = 0;

    while (r >= sizes->mix.part[i].weight)
        r -= sizes->mix.part[i++].weight;
    return sizes->mix.part[i].size_bytes;
}

static uint32_t draw_size(Sizes *sizes)
{
    switch (sizes->kind) {
    case SIZES_FIXED:
        return sizes->size_bytes;
    case SIZES_EXPONENTIAL:
        return draw_exponential(sizes);
    default:
        return draw_mixed(sizes);
    }
}

static double mean_size(const Sizes *sizes)
{
    const double m = sizes->size_bytes;
    uint64_t sum = 0;

    if (sizes->kind == SIZES_FIXED)
        return m;
    if (sizes->kind == SIZES_EXPONENTIAL)
        return 1.0 + dx_exp(-1.5 / m) * (1.0 - dx_exp(-64999.0 / m)) / (1.0 - dx_exp(-1.0 / m));
    for (unsigned i = 0; i < sizes->mix.n; i++)
        sum += (uint64_t)sizes->mix.part[i].weight * sizes->mix.part[i].size_bytes;
    return (double)sum / (double)sizes->weight;
}

/* -- set-up ------------------------------------------------------------------------------------------- */

static uint64_t draw_gap_ns(const Source *source, OneFlow *flow)
{
    const double mean_ps = source->mean_gap_ps * (double)source->n_flows;

    return (uint64_t)floor(-mean_ps / 1e3 * dx_log(splitmix64_unit(&flow->state)) + 0.5);
}

static void seed(ReferenceWorld *world, Source *source)
{
    const uint64_t seed = world->scenario->seed;

    node_rng(world, &source->node, "gaps", &source->gaps);
    node_rng(world, &source->node, "choice", &source->choice);
    source->last_ps = source->start_ps;
    if (source->frames_per_day)
        source->mean_gap_ps = 8.64e16 / (double)source->frames_per_day;
    else
        source->mean_gap_ps = mean_size(&source->sizes) * 8e12 / (double)source->rate_bps;
    if (source->model != MODEL_POISSON || source->draws != DRAWS_SPLITMIX64)
        return;
    source->flow = g_new0(OneFlow, source->n_flows);
    for (uint32_t i = 0; i < source->n_flows; i++) {
        source->flow[i].state = (uint64_t)1000003 * i + seed;
        source->flow[i].t_ns = draw_gap_ns(source, &source->flow[i]);
    }
}

static void read_conf(const ReferenceWorld *world, Source *source, const void *conf)
{
    source->model = (int)conf_int(world, "source", conf, "model");
    source->draws = (int)conf_int(world, "source", conf, "draws");
    source->rate_bps = (uint64_t)conf_int(world, "source", conf, "rate");
    source->peak_bps = (uint64_t)conf_int(world, "source", conf, "peak");
    source->frames_per_day = (uint64_t)conf_int(world, "source", conf, "transactions");
    source->interval_ps = conf_int(world, "source", conf, "interval");
    source->burst_ps = conf_int(world, "source", conf, "burst");
    source->period_ps = conf_int(world, "source", conf, "period");
    source->start_ps = conf_int(world, "source", conf, "start");
    source->stop_ps = conf_int(world, "source", conf, "stop");
    source->frames = (uint64_t)conf_int(world, "source", conf, "frames");
    source->pcp = (uint32_t)conf_int(world, "source", conf, "pcp");
    source->ttl = (uint32_t)conf_int(world, "source", conf, "ttl");
}

Source *source_new(ReferenceWorld *world, uint32_t group)
{
    const DxScFlow *entry = DX_SC(world->scenario, flows, DxScFlow, group);
    const void *conf = entry->source;
    Source *source = g_new0(Source, 1);

    node_init(world, &source->node, node_name(entry->name, "source"));
    source->group = group;
    source->to = &world->router[entry->from];
    source->input = input_of_link(world, world->scenario->links->len, 0) + group;
    source->n_flows = entry->n_flows;
    source->burst_begin_ps = -1;
    source->seq = g_new0(uint32_t, entry->n_flows);
    read_conf(world, source, conf);
    sizes_init(world, &source->sizes, &source->node, conf);
    seed(world, source);
    if (source->model == MODEL_ON_OFF)
        source->onoff = onoff_new(world, &source->node, conf, source->n_flows, mean_size(&source->sizes));
    if (source->model == MODEL_REPLAY)
        source->list = ((const DxFileParam *)conf_field(world, "source", conf, "trace"))->content;
    return source;
}

void source_free(Source *source)
{
    if (!source)
        return;
    onoff_free(source->onoff);
    g_free(source->flow);
    g_free(source->seq);
    g_free(source->node.name);
    g_free(source);
}

/* -- births ------------------------------------------------------------------------------------------- */

/* floor(octets * 8 / rate), in ps; saturates. */
DxTime send_time_ps(Wide octets, uint64_t rate_bps)
{
    const Wide ps = octets * 8 * (Wide)DX_S / rate_bps;

    return ps > (Wide)DX_TIME_MAX ? DX_TIME_MAX : (DxTime)ps;
}

/* When all that has been born so far has been sent at the mean rate. */
static DxTime mean_time_ps(const Source *source)
{
    if (source->frames_per_day)
        return (DxTime)MIN((Wide)source->born * DAY_PS / source->frames_per_day, (Wide)DX_TIME_MAX);
    return send_time_ps(source->octets, source->rate_bps);
}

static bool next_cbr(const ReferenceWorld *world, Source *source, Birth *birth)
{
    DxTime after = source->interval_ps ? (DxTime)source->born * source->interval_ps : mean_time_ps(source);

    if (world->flaw == REFERENCE_MEAN_PACE && source->rate_bps)
        after = send_time_ps((Wide)((double)source->born * mean_size(&source->sizes)), source->rate_bps);

    birth->flow = (uint32_t)(source->born % source->n_flows);
    if (after >= source->stop_ps - source->start_ps)
        return false;
    birth->at = source->start_ps + after;
    return true;
}

static bool next_poisson(Source *source, Birth *birth)
{
    const DxTime gap_ps = dx_rng_exponential_ps(&source->gaps, source->mean_gap_ps, &source->carry);

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
    const uint64_t start_ns = (uint64_t)((source->start_ps + DX_NS - 1) / DX_NS);
    OneFlow *first = &source->flow[0];

    for (uint32_t i = 1; i < source->n_flows; i++)
        if (source->flow[i].t_ns < first->t_ns)
            first = &source->flow[i];
    if (first->t_ns >= (uint64_t)DX_TIME_MAX / 1000 - start_ns)
        return false;
    birth->at = (DxTime)(start_ns + first->t_ns) * DX_NS;
    birth->flow = (uint32_t)(first - source->flow);
    first->t_ns += draw_gap_ns(source, first);
    return birth->at < source->stop_ps;
}

static bool begins_burst(Source *source)
{
    DxTime after;

    if (source->period_ps) {
        const Wide wide = (Wide)source->n_bursts * (Wide)source->period_ps;

        after = (DxTime)MIN(wide, (Wide)DX_TIME_MAX);
    } else
        after = mean_time_ps(source);
    if (after >= source->stop_ps - source->start_ps)
        return false;
    source->burst_begin_ps = source->start_ps + after;
    source->octets_in_burst = 0;
    source->n_bursts++;
    return true;
}

static bool next_microburst(Source *source, Birth *birth)
{
    DxTime after = send_time_ps(source->octets_in_burst, source->peak_bps);

    if (source->burst_begin_ps < 0 || after >= source->burst_ps) {
        if (!begins_burst(source))
            return false;
        after = 0;
    }
    birth->at = source->burst_begin_ps + after;
    birth->flow = (uint32_t)(source->born % source->n_flows);
    return true;
}

static bool next_row(Source *source, Birth *birth)
{
    const size_t k = (size_t)source->born;

    if (k >= source->list->n || source->list->time_ps[k] >= source->stop_ps - source->start_ps)
        return false;
    birth->at = source->start_ps + source->list->time_ps[k];
    birth->flow = source->list->flow ? source->list->flow[k] : (uint32_t)(k % source->n_flows);
    return true;
}

static bool next_birth(const ReferenceWorld *world, Source *source, Birth *birth)
{
    const bool has_rate = source->rate_bps || source->frames_per_day;

    if (source->frames && source->born == source->frames)
        return false;
    switch (source->model) {
    case MODEL_CBR:
        return (source->interval_ps || has_rate) && next_cbr(world, source, birth);
    case MODEL_POISSON:
        if (!has_rate)
            return false;
        return source->draws == DRAWS_SPLITMIX64 ? next_splitmix64(source, birth)
                                                 : next_poisson(source, birth);
    case MODEL_MICROBURST:
        return source->peak_bps && source->burst_ps && (source->period_ps || has_rate) &&
               next_microburst(source, birth);
    case MODEL_ON_OFF:
        return onoff_next(source->onoff, birth) && birth->at < source->stop_ps;
    case MODEL_REPLAY:
        return next_row(source, birth);
    default:
        g_assert_not_reached();
    }
}

static void give_birth(ReferenceWorld *world, void *who, Frame *none, uint64_t flow);

static void await_next(ReferenceWorld *world, Source *source)
{
    Birth birth;

    if (next_birth(world, source, &birth))
        world_frame_step(world, birth.at, LAYER_SOURCE, &source->node, 0, give_birth, source, NULL,
                         birth.flow);
}

static void give_birth(ReferenceWorld *world, void *who, Frame *none, uint64_t flow)
{
    Source *source = who;
    const DxArrivals *list = source->list;
    DxGroupStats *stats = &world->stats[source->group];
    Frame *frame = g_new0(Frame, 1);

    (void)none;
    *frame =
        (Frame){ .birth_ps = world->now,
                 .flow = DX_SC(world->scenario, flows, DxScFlow, source->group)->first_flow + (uint32_t)flow,
                 .seq = source->seq[flow]++,
                 .group = source->group,
                 .size_bytes = list ? list->size_bytes[source->born] : draw_size(&source->sizes),
                 .pcp = list && list->pcp ? list->pcp[source->born] : source->pcp,
                 .ttl = source->ttl };
    source->born++;
    source->octets += frame->size_bytes;
    source->octets_in_burst += frame->size_bytes;
    if (source->onoff)
        onoff_born(source->onoff, (uint32_t)flow, frame->size_bytes);
    frame_born(world, frame);
    if (world->now >= world->scenario->warmup_ps) {
        if (!stats->sent_frames)
            stats->first_sent_ps = world->now;
        stats->last_sent_ps = world->now;
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
