/*
 * onoff - flows that send while they are on, as docs/models/source.md has it
 *
 * Each has a clock that runs only while it is on, and one period on at a time: that which holds its next
 * frame.
 */
#include "source-priv.h"

#include <dxsim/dmath.h>
#include <math.h>

#define LONGEST_PS (((DxTime)1 << 62) - 1)

enum { EXPONENTIAL, PARETO };
enum { WITHIN_CBR, WITHIN_POISSON };

typedef struct {
    uint64_t state; /* SplitMix64 */
    Wide octets;    /* of its frames so far */
    Wide gap_ps;    /* cbr: of the first; poisson: sum of all so far */
    Wide due_ps;    /* its next frame, on its clock */
    Wide on_ps;     /* its clock at the beginning of the period */
    Wide begin_ps;  /* of the period */
    Wide length_ps;
} OnOffFlow;

struct OnOff {
    uint32_t n_flows;
    OnOffFlow *flow;
    uint64_t peak_bps;
    double on_ps, off_ps, shape, gap_ps;
    int distribution, within;
};

static Wide whole_ps(double x)
{
    x = floor(x + 0.5);
    return x >= (double)LONGEST_PS ? (Wide)LONGEST_PS : (Wide)x;
}

static Wide draw_exponential(double mean, uint64_t *state)
{
    return whole_ps(mean * -dx_log(splitmix64_unit(state)));
}

static Wide draw_period(const OnOff *onoff, double mean, uint64_t *state)
{
    const double a = onoff->shape;

    if (onoff->distribution == EXPONENTIAL)
        return draw_exponential(mean, state);
    return whole_ps(mean * (a - 1.0) / a * dx_exp(-dx_log(splitmix64_unit(state)) / a));
}

/* What is left of a period that somebody looks at who comes at any time. */
static Wide draw_rest(const OnOff *onoff, double mean, uint64_t *state)
{
    const double a = onoff->shape;
    double u;

    if (onoff->distribution == EXPONENTIAL)
        return draw_exponential(mean, state);
    u = splitmix64_unit(state);
    if (u * a > 1.0)
        return whole_ps(mean * (1.0 - u));
    return whole_ps(mean * (a - 1.0) / a * dx_exp(-dx_log(u * a) / (a - 1.0)));
}

static Wide draw_first_gap(const OnOff *onoff, uint64_t *state)
{
    if (onoff->within == WITHIN_POISSON)
        return draw_exponential(onoff->gap_ps, state);
    return (Wide)dx_splitmix64(state) * (uint64_t)floor(onoff->gap_ps) >> 64;
}

/* What is due when a period ends is the first of the next. */
static void find_period(const OnOff *onoff, OnOffFlow *flow)
{
    while (flow->due_ps >= flow->on_ps + flow->length_ps && flow->begin_ps < (Wide)DX_TIME_MAX) {
        flow->on_ps += flow->length_ps;
        flow->begin_ps += flow->length_ps;
        flow->begin_ps += draw_period(onoff, onoff->off_ps, &flow->state);
        flow->length_ps = draw_period(onoff, onoff->on_ps, &flow->state);
    }
}

static void begin(const ReferenceWorld *world, const OnOff *onoff, OnOffFlow *flow, DxTime start_ps)
{
    const double u = splitmix64_unit(&flow->state);
    const bool is_on = u * (onoff->on_ps + onoff->off_ps) <= onoff->on_ps;

    flow->gap_ps = draw_first_gap(onoff, &flow->state);
    flow->due_ps = flow->gap_ps;
    flow->begin_ps = (Wide)start_ps;
    if (is_on && world->flaw == REFERENCE_BEGINS_WHOLE)
        flow->length_ps = draw_period(onoff, onoff->on_ps, &flow->state);
    else if (is_on)
        flow->length_ps = draw_rest(onoff, onoff->on_ps, &flow->state);
    else {
        flow->begin_ps += draw_rest(onoff, onoff->off_ps, &flow->state);
        flow->length_ps = draw_period(onoff, onoff->on_ps, &flow->state);
    }
    find_period(onoff, flow);
}

/* From the mean rate of one flow. */
static double off_of(const ReferenceWorld *world, const void *conf, double on_ps, double mean_bytes,
                     uint32_t n_flows)
{
    const double off_ps = (double)conf_int(world, "source", conf, "off");
    const double peak = (double)conf_int(world, "source", conf, "peak");
    const double a_day = (double)conf_int(world, "source", conf, "transactions");
    double r = (double)conf_int(world, "source", conf, "rate") / n_flows;

    if (off_ps > 0.0)
        return off_ps;
    if (a_day > 0.0)
        r = a_day * mean_bytes * 8.0 / 86400.0 / n_flows;
    return on_ps * (peak - r) / r;
}

OnOff *onoff_new(ReferenceWorld *world, const Node *node, const void *conf, uint32_t n_flows,
                 double mean_bytes)
{
    OnOff *onoff = g_new0(OnOff, 1);
    DxRng rng;

    onoff->n_flows = n_flows;
    onoff->flow = g_new0(OnOffFlow, n_flows);
    onoff->peak_bps = (uint64_t)conf_int(world, "source", conf, "peak");
    onoff->on_ps = (double)conf_int(world, "source", conf, "on");
    onoff->off_ps = off_of(world, conf, onoff->on_ps, mean_bytes, n_flows);
    onoff->shape = *(const double *)conf_field(world, "source", conf, "shape");
    onoff->distribution = (int)conf_int(world, "source", conf, "distribution");
    onoff->within = (int)conf_int(world, "source", conf, "within");
    onoff->gap_ps = mean_bytes * 8e12 / (double)onoff->peak_bps;
    node_rng(world, node, "flows", &rng);
    for (uint32_t i = 0; i < n_flows; i++) {
        onoff->flow[i].state = dx_rng_u64(&rng);
        begin(world, onoff, &onoff->flow[i], conf_int(world, "source", conf, "start"));
    }
    return onoff;
}

void onoff_free(OnOff *onoff)
{
    if (!onoff)
        return;
    g_free(onoff->flow);
    g_free(onoff);
}

static Wide birth_of(const OnOffFlow *flow)
{
    return flow->begin_ps + (flow->due_ps - flow->on_ps);
}

/* Whichever flow is first; at equal time the one of the lowest index. */
bool onoff_next(const OnOff *onoff, Birth *birth)
{
    uint32_t first = 0;

    for (uint32_t i = 1; i < onoff->n_flows; i++)
        if (birth_of(&onoff->flow[i]) < birth_of(&onoff->flow[first]))
            first = i;
    birth->flow = first;
    birth->at = (DxTime)MIN(birth_of(&onoff->flow[first]), (Wide)DX_TIME_MAX);
    return birth->at < DX_TIME_MAX;
}

void onoff_born(OnOff *onoff, uint32_t index, uint32_t size_bytes)
{
    OnOffFlow *flow = &onoff->flow[index];

    flow->octets += size_bytes;
    if (onoff->within == WITHIN_POISSON) {
        flow->gap_ps += draw_exponential(onoff->gap_ps, &flow->state);
        flow->due_ps = flow->gap_ps;
    } else
        flow->due_ps = flow->gap_ps + (Wide)send_time_ps(flow->octets, onoff->peak_bps);
    find_period(onoff, flow);
}
