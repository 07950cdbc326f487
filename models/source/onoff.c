/*
 * onoff - flows that fall silent and come back, each by itself
 *
 * A flow has a clock that runs only while it is on. On that clock its frames are born at the peak rate,
 * whether or not periods end between two of them: a gap that an on period cuts off goes on in the next. So as
 * many octets are born as the peak rate sends in the time spent on, and the mean rate is peak * on / (on +
 * off), without a bias by frames cut off.
 *
 *   own clock      0    g    2g   3g   4g
 *   frames         |    |    |    |    |
 *   time       ----|----|-]       [-|----|----|--]          [-|---
 *                    on      off         on           off
 *
 * With Poisson arrivals while on this is an interrupted Poisson process. Many flows with Pareto periods of
 * shape a make traffic that is self-similar with a Hurst parameter of (3 - a) / 2 (Taqqu, Willinger, Sherman
 * 1997).
 *
 * A binary heap gives whose frame is next: by time, then by flow.
 */
#include "source-priv.h"

#include <dxsim/dmath.h>

struct OnOffFlow {
    uint64_t generator;
    DxTime next_ps;  /* birth of its next frame */
    DxTime until_ps; /* end of the on period before which that is */
    uint64_t rest;   /* carried */
};

struct OnOffTurn {
    DxTime at;
    uint32_t flow;
};

/* -- draws ------------------------------------------------------------------------------------------- */

/* Uniform in (0, 1]. */
static double draw_unit(uint64_t *generator)
{
    return (double)((dx_splitmix64(generator) >> 11) + 1) * 0x1p-53;
}

/* Whole ps, at most DX_TIME_MAX. */
static DxTime rounded(double ps)
{
    return ps < (double)DX_TIME_MAX ? (DxTime)(ps + 0.5) : DX_TIME_MAX;
}

static DxTime draw_exponential(uint64_t *generator, double mean_ps)
{
    return rounded(mean_ps * (0.0 - dx_log(draw_unit(generator))));
}

static DxTime draw_period(const OnOff *onoff, uint64_t *generator, double mean_ps)
{
    const double shape = onoff->shape;

    if (!onoff->is_pareto)
        return draw_exponential(generator, mean_ps);
    return rounded(mean_ps * (shape - 1.0) / shape * dx_exp((0.0 - dx_log(draw_unit(generator))) / shape));
}

/* What is left of the period in which one looks in: P(left > x) is the integral of P(period > y) / mean from
 * x on. Of exponential ones that is the same again. */
static DxTime draw_rest_of_period(const OnOff *onoff, uint64_t *generator, double mean_ps)
{
    const double shape = onoff->shape;
    double unit;

    if (!onoff->is_pareto)
        return draw_exponential(generator, mean_ps);
    unit = draw_unit(generator);
    if (unit * shape > 1.0) /* shorter than the shortest period */
        return rounded(mean_ps * (1.0 - unit));
    return rounded(mean_ps * (shape - 1.0) / shape * dx_exp((0.0 - dx_log(unit * shape)) / (shape - 1.0)));
}

/* -- a flow ------------------------------------------------------------------------------------------ */

/* On from @begin_ps, the frame @after_ps later if it stays on so long. */
static void begin_period(const OnOff *onoff, OnOffFlow *flow, DxTime begin_ps, DxTime after_ps)
{
    if (begin_ps >= onoff->stop_ps) {
        flow->next_ps = DX_TIME_NEVER;
        return;
    }
    flow->until_ps = begin_ps + draw_period(onoff, &flow->generator, onoff->on_ps);
    flow->next_ps = begin_ps + after_ps;
}

/* Its next frame is due at next_ps if it stays on; otherwise in a later period, as much later as it was off.
 */
static void find_period(const OnOff *onoff, OnOffFlow *flow)
{
    while (flow->next_ps >= flow->until_ps && flow->next_ps < onoff->stop_ps)
        begin_period(onoff, flow, flow->until_ps + draw_period(onoff, &flow->generator, onoff->off_ps),
                     flow->next_ps - flow->until_ps);
    if (flow->next_ps >= onoff->stop_ps)
        flow->next_ps = DX_TIME_NEVER;
}

/* As it is at any time: on with that probability, somewhere within a period, the frame somewhere within a
 * gap. */
static void start_flow(const OnOff *onoff, OnOffFlow *flow, DxTime start_ps)
{
    const bool is_on = draw_unit(&flow->generator) * (onoff->on_ps + onoff->off_ps) <= onoff->on_ps;
    DxTime gap_ps;

    if (onoff->is_poisson)
        gap_ps = draw_exponential(&flow->generator, onoff->gap_ps);
    else
        gap_ps = (DxTime)((unsigned __int128)dx_splitmix64(&flow->generator) * (uint64_t)onoff->gap_ps >> 64);
    flow->next_ps = start_ps + gap_ps;
    if (is_on)
        flow->until_ps = start_ps + draw_rest_of_period(onoff, &flow->generator, onoff->on_ps);
    else
        begin_period(onoff, flow, start_ps + draw_rest_of_period(onoff, &flow->generator, onoff->off_ps),
                     gap_ps);
    find_period(onoff, flow);
}

/* -- whose turn it is -------------------------------------------------------------------------------- */

static bool is_before(const OnOffTurn *a, const OnOffTurn *b)
{
    return a->at < b->at || (a->at == b->at && a->flow < b->flow);
}

/* The heap below @i is in order; put @turn where it belongs, from @i down. */
static void sift_down(OnOff *onoff, uint32_t i, OnOffTurn turn)
{
    OnOffTurn *turns = onoff->turn;

    for (;;) {
        uint32_t child = 2 * i + 1;

        if (child >= onoff->n)
            break;
        if (child + 1 < onoff->n && is_before(&turns[child + 1], &turns[child]))
            child++;
        if (!is_before(&turns[child], &turn))
            break;
        turns[i] = turns[child];
        i = child;
    }
    turns[i] = turn;
}

DxTime dx__onoff_first(const OnOff *onoff, uint32_t *flow)
{
    *flow = onoff->turn[0].flow;
    return onoff->turn[0].at;
}

DxTime dx__onoff_next(OnOff *onoff, uint16_t size_bytes, uint32_t *flow)
{
    const uint32_t index = onoff->turn[0].flow;
    OnOffFlow *present = &onoff->flow[index];

    if (onoff->is_poisson)
        present->next_ps += draw_exponential(&present->generator, onoff->gap_ps);
    else
        present->next_ps += pace_next(&onoff->pace, size_bytes, &present->rest);
    find_period(onoff, present);
    sift_down(onoff, 0, (OnOffTurn){ present->next_ps, index });
    return dx__onoff_first(onoff, flow);
}

void dx__onoff_init(OnOff *onoff, uint32_t n, DxRng *seeds, DxTime start_ps)
{
    onoff->n = n;
    onoff->flow = g_new0(OnOffFlow, n);
    onoff->turn = g_new(OnOffTurn, n);
    for (uint32_t i = 0; i < n; i++) {
        onoff->flow[i].generator = dx_rng_u64(seeds);
        start_flow(onoff, &onoff->flow[i], start_ps);
        onoff->turn[i] = (OnOffTurn){ onoff->flow[i].next_ps, i };
    }
    for (uint32_t i = n / 2; i-- > 0;)
        sift_down(onoff, i, onoff->turn[i]);
}

void dx__onoff_clear(OnOff *onoff)
{
    g_free(onoff->flow);
    g_free(onoff->turn);
}
