/*
 * bgp/dampening.h - RFC 2439: a route that comes and goes too often is not used for a while
 *
 *   penalty(t) = penalty(t0) * 2^-((t - t0) / half_life), up to reuse * 2^(max_suppress / half_life)
 *
 * Exact at any time, not in ticks. Calls come in non-decreasing @now_ps.
 */
#ifndef DX_BGP_DAMPENING_H
#define DX_BGP_DAMPENING_H

#include <stdbool.h>
#include <dxsim/bgp.h>

/* Of one route from one neighbour. All zero: nothing known. */
typedef struct {
    double penalty; /* at at_ps */
    DxTime at_ps;
    bool is_suppressed;
} DxFlaps;

/* 15 min, 60 min, 1000, 500, 2000, 750: what routers begin with. */
void dx__dampening_init(DxDampening *conf);
/* The most that a penalty can be, so that no route is out for longer than max_suppress. */
double dx__dampening_ceiling(const DxDampening *conf);

double dx__flaps_penalty(const DxDampening *conf, const DxFlaps *flaps, DxTime now_ps);
/* A withdrawal is the flap; the announcement that follows belongs to it. A penalty that reaches suppress
 * takes the route out from then on, whether it is there or comes back. */
void dx__flaps_withdrawn(const DxDampening *conf, DxFlaps *flaps, DxTime now_ps);
void dx__flaps_changed(const DxDampening *conf, DxFlaps *flaps, DxTime now_ps);
/* Brings up to date: used again once below reuse, forgotten below half of that. Returns whether it is
 * suppressed. */
bool dx__flaps_is_suppressed(const DxDampening *conf, DxFlaps *flaps, DxTime now_ps);
/* How long from @now_ps until the penalty is @level: the first picosecond at which it is not above. 0:
 * already. */
DxTime dx__flaps_until(const DxDampening *conf, const DxFlaps *flaps, double level, DxTime now_ps);

#endif
