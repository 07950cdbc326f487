/*
 * periodic - the periodic transmission machine: IEEE 802.1AX, clause 6.4.13
 *
 * How often is the partner's to say: by the Timeout bit of its state. Two passive ends say nothing at all.
 */
#include "lag.h"

static const char *const periodic_states[] = { "NO_PERIODIC", "FAST_PERIODIC", "SLOW_PERIODIC", "PERIODIC_TX",
                                               NULL };

static void enter_no_periodic(Lag *lag, LagPort *port)
{
    (void)lag;
    port->due_ps[LAG_PERIODIC_TIMER] = DX_TIME_NEVER;
}

static void enter_fast_periodic(Lag *lag, LagPort *port)
{
    port->due_ps[LAG_PERIODIC_TIMER] = lag->now_ps + LACP_FAST_PERIODIC_PS;
}

static void enter_slow_periodic(Lag *lag, LagPort *port)
{
    port->due_ps[LAG_PERIODIC_TIMER] = lag->now_ps + LACP_SLOW_PERIODIC_PS;
}

static void enter_periodic_tx(Lag *lag, LagPort *port)
{
    (void)lag;
    port->ntt = true;
}

static void (*const periodic_enter[])(Lag *, LagPort *) = { enter_no_periodic, enter_fast_periodic,
                                                            enter_slow_periodic, enter_periodic_tx };

static bool is_silent(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return !port->is_enabled || !((port->actor.state | port->partner.state) & DX_LACP_ACTIVITY);
}

static bool is_talking(const Lag *lag, const LagPort *port)
{
    return !is_silent(lag, port);
}

static bool is_short(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return lag_partner_is_short(port);
}

static bool is_long(const Lag *lag, const LagPort *port)
{
    return !is_short(lag, port);
}

static bool is_due(const Lag *lag, const LagPort *port)
{
    return lag_has_expired(lag, port, LAG_PERIODIC_TIMER);
}

static const LagRow periodic_rows[] = {
    { LAG_ANY, is_silent, PERIODIC_NO_PERIODIC },
    { PERIODIC_NO_PERIODIC, is_talking, PERIODIC_FAST_PERIODIC },
    { PERIODIC_FAST_PERIODIC, is_long, PERIODIC_SLOW_PERIODIC },
    { PERIODIC_FAST_PERIODIC, is_due, PERIODIC_PERIODIC_TX },
    { PERIODIC_SLOW_PERIODIC, is_short, PERIODIC_PERIODIC_TX },
    { PERIODIC_SLOW_PERIODIC, is_due, PERIODIC_PERIODIC_TX },
    { PERIODIC_PERIODIC_TX, is_short, PERIODIC_FAST_PERIODIC },
    { PERIODIC_PERIODIC_TX, is_long, PERIODIC_SLOW_PERIODIC },
};

const LagMachine dx__lag_periodic = LAG_MACHINE("periodic", periodic_states, periodic_enter, periodic_rows);
