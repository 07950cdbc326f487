/*
 * bgp/dampening - RFC 2439: a route that comes and goes too often is not used for a while
 *
 * Section 4.2, figure of merit, with the defaults of routers. Not modelled: ticks of the decay and of the
 * list of routes to be used again (5 and 10 s in routers), other half-lives for routes that are not there
 * (4.2).
 */
#include "bgp/dampening.h"

#include <dxsim/dmath.h>

#define LN2 0.693147180559945309417232121458176568

void dx__dampening_init(DxDampening *conf)
{
    *conf = (DxDampening){ .half_life_ps = 900 * DX_S,
                           .max_suppress_ps = 3600 * DX_S,
                           .per_withdrawal = 1000,
                           .per_change = 500,
                           .suppress = 2000,
                           .reuse = 750 };
}

double dx__dampening_ceiling(const DxDampening *conf)
{
    return conf->reuse * dx_pow(2, (double)conf->max_suppress_ps / (double)conf->half_life_ps);
}

double dx__flaps_penalty(const DxDampening *conf, const DxFlaps *flaps, DxTime now_ps)
{
    return flaps->penalty * dx_pow(2, -(double)(now_ps - flaps->at_ps) / (double)conf->half_life_ps);
}

static void punish(const DxDampening *conf, DxFlaps *flaps, double penalty, DxTime now_ps)
{
    const double ceiling = dx__dampening_ceiling(conf);

    dx__flaps_is_suppressed(conf, flaps, now_ps);
    flaps->penalty += penalty;
    if (flaps->penalty > ceiling)
        flaps->penalty = ceiling;
    if (flaps->penalty >= conf->suppress)
        flaps->is_suppressed = true;
}

void dx__flaps_withdrawn(const DxDampening *conf, DxFlaps *flaps, DxTime now_ps)
{
    punish(conf, flaps, conf->per_withdrawal, now_ps);
}

void dx__flaps_changed(const DxDampening *conf, DxFlaps *flaps, DxTime now_ps)
{
    punish(conf, flaps, conf->per_change, now_ps);
}

bool dx__flaps_is_suppressed(const DxDampening *conf, DxFlaps *flaps, DxTime now_ps)
{
    flaps->penalty = dx__flaps_penalty(conf, flaps, now_ps);
    flaps->at_ps = now_ps;
    if (flaps->penalty < conf->reuse)
        flaps->is_suppressed = false;
    if (flaps->penalty < conf->reuse / 2)
        flaps->penalty = 0;
    return flaps->is_suppressed;
}

DxTime dx__flaps_until(const DxDampening *conf, const DxFlaps *flaps, double level, DxTime now_ps)
{
    const double penalty = dx__flaps_penalty(conf, flaps, now_ps);
    double wait_ps;
    DxTime whole_ps;

    if (penalty <= level)
        return 0;
    wait_ps = (double)conf->half_life_ps * dx_log(penalty / level) / LN2;
    if (!(wait_ps < (double)DX_TIME_MAX))
        return DX_TIME_NEVER;
    whole_ps = (DxTime)wait_ps;
    return whole_ps + ((double)whole_ps < wait_ps);
}
