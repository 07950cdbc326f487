/*
 * churn - the churn detection machines: IEEE 802.1AX, clause 6.4.17
 *
 * An end that has not got into sync for 60 s will not: cabling and configuration want to be looked at. While
 * the port is down nobody counts.
 */
#include "lag.h"

static const char *const churn_states[] = { "CHURN_MONITOR", "NO_CHURN", "CHURN", NULL };

static void enter_actor_monitor(Lag *lag, LagPort *port)
{
    port->due_ps[LAG_ACTOR_CHURN_TIMER] = port->is_enabled ? lag->now_ps + LACP_CHURN_PS : DX_TIME_NEVER;
}

static void enter_partner_monitor(Lag *lag, LagPort *port)
{
    port->due_ps[LAG_PARTNER_CHURN_TIMER] = port->is_enabled ? lag->now_ps + LACP_CHURN_PS : DX_TIME_NEVER;
}

static void stop_actor(Lag *lag, LagPort *port)
{
    (void)lag;
    port->due_ps[LAG_ACTOR_CHURN_TIMER] = DX_TIME_NEVER;
}

static void stop_partner(Lag *lag, LagPort *port)
{
    (void)lag;
    port->due_ps[LAG_PARTNER_CHURN_TIMER] = DX_TIME_NEVER;
}

static void (*const actor_enter[])(Lag *, LagPort *) = { enter_actor_monitor, stop_actor, stop_actor };
static void (*const partner_enter[])(Lag *, LagPort *) = { enter_partner_monitor, stop_partner,
                                                           stop_partner };

static bool is_down(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return !port->is_enabled;
}

/* The port has gone down while one watched, or has come up again. */
static bool actor_begins(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->is_enabled == (port->due_ps[LAG_ACTOR_CHURN_TIMER] == DX_TIME_NEVER);
}

static bool partner_begins(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->is_enabled == (port->due_ps[LAG_PARTNER_CHURN_TIMER] == DX_TIME_NEVER);
}

static bool actor_is_in_sync(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->actor.state & DX_LACP_SYNCHRONIZATION;
}

static bool actor_is_not(const Lag *lag, const LagPort *port)
{
    return !actor_is_in_sync(lag, port);
}

static bool partner_is_in_sync(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->partner.state & DX_LACP_SYNCHRONIZATION;
}

static bool partner_is_not(const Lag *lag, const LagPort *port)
{
    return !partner_is_in_sync(lag, port);
}

static bool actor_is_overdue(const Lag *lag, const LagPort *port)
{
    return lag_has_expired(lag, port, LAG_ACTOR_CHURN_TIMER);
}

static bool partner_is_overdue(const Lag *lag, const LagPort *port)
{
    return lag_has_expired(lag, port, LAG_PARTNER_CHURN_TIMER);
}

static const LagRow actor_rows[] = {
    { LAG_ANY, is_down, CHURN_MONITOR },
    { CHURN_MONITOR, actor_begins, CHURN_MONITOR },
    { CHURN_MONITOR, actor_is_in_sync, CHURN_NONE },
    { CHURN_MONITOR, actor_is_overdue, CHURN_CHURN },
    { CHURN_NONE, actor_is_not, CHURN_MONITOR },
    { CHURN_CHURN, actor_is_in_sync, CHURN_NONE },
};

static const LagRow partner_rows[] = {
    { LAG_ANY, is_down, CHURN_MONITOR },
    { CHURN_MONITOR, partner_begins, CHURN_MONITOR },
    { CHURN_MONITOR, partner_is_in_sync, CHURN_NONE },
    { CHURN_MONITOR, partner_is_overdue, CHURN_CHURN },
    { CHURN_NONE, partner_is_not, CHURN_MONITOR },
    { CHURN_CHURN, partner_is_in_sync, CHURN_NONE },
};

const LagMachine dx__lag_actor_churn = LAG_MACHINE("actor_churn", churn_states, actor_enter, actor_rows);
const LagMachine dx__lag_partner_churn =
    LAG_MACHINE("partner_churn", churn_states, partner_enter, partner_rows);
