/*
 * mux - the mux machine: IEEE 802.1AX, clause 6.4.15, with independent and with coupled control
 *
 *   DETACHED -> WAITING -> ATTACHED -> COLLECTING -> DISTRIBUTING          one waits for the other to collect
 *                                   -> COLLECTING_DISTRIBUTING             both at once: what comes early is
 * lost
 *
 * and back, step by step, when the partner is no longer in sync or the port no longer selected.
 */
#include "lag.h"

static const char *const mux_states[] = { "DETACHED",   "WAITING",      "ATTACHED",
                                          "COLLECTING", "DISTRIBUTING", "COLLECTING_DISTRIBUTING",
                                          NULL };

#define ALL_THREE (DX_LACP_SYNCHRONIZATION | DX_LACP_COLLECTING | DX_LACP_DISTRIBUTING)

static void enter_detached(Lag *lag, LagPort *port)
{
    (void)lag;
    lag_set(&port->actor, ALL_THREE, false);
    port->due_ps[LAG_WAIT_WHILE] = DX_TIME_NEVER;
    port->ntt = true;
}

static void enter_waiting(Lag *lag, LagPort *port)
{
    port->due_ps[LAG_WAIT_WHILE] = lag->now_ps + LACP_AGGREGATE_WAIT_PS;
}

static void enter_attached(Lag *lag, LagPort *port)
{
    (void)lag;
    lag_set(&port->actor, DX_LACP_COLLECTING | DX_LACP_DISTRIBUTING, false);
    lag_set(&port->actor, DX_LACP_SYNCHRONIZATION, true);
    port->ntt = true;
}

static void enter_collecting(Lag *lag, LagPort *port)
{
    (void)lag;
    lag_set(&port->actor, DX_LACP_DISTRIBUTING, false);
    lag_set(&port->actor, DX_LACP_COLLECTING, true);
    port->ntt = true;
}

static void enter_distributing(Lag *lag, LagPort *port)
{
    (void)lag;
    lag_set(&port->actor, DX_LACP_DISTRIBUTING, true);
}

static void enter_collecting_distributing(Lag *lag, LagPort *port)
{
    (void)lag;
    lag_set(&port->actor, DX_LACP_COLLECTING | DX_LACP_DISTRIBUTING, true);
    port->ntt = true;
}

static void (*const mux_enter[])(Lag *, LagPort *) = { enter_detached,     enter_waiting,
                                                       enter_attached,     enter_collecting,
                                                       enter_distributing, enter_collecting_distributing };

/* -- rows --------------------------------------------------------------------------------------------- */

static bool is_wanted(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->selected != LAG_UNSELECTED;
}

static bool is_unselected(const Lag *lag, const LagPort *port)
{
    return !is_wanted(lag, port);
}

static bool is_out(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->selected != LAG_SELECTED;
}

static bool is_ready(const Lag *lag, const LagPort *port)
{
    return port->selected == LAG_SELECTED && dx__lag_is_ready(lag);
}

static bool may_collect(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->selected == LAG_SELECTED && port->partner.state & DX_LACP_SYNCHRONIZATION;
}

static bool must_not_collect(const Lag *lag, const LagPort *port)
{
    return !may_collect(lag, port);
}

static bool may_distribute(const Lag *lag, const LagPort *port)
{
    return may_collect(lag, port) && port->partner.state & DX_LACP_COLLECTING;
}

static bool must_not_distribute(const Lag *lag, const LagPort *port)
{
    return !may_distribute(lag, port);
}

#define ROWS_UP_TO_ATTACHED                                                                                  \
    { MUX_DETACHED, is_wanted, MUX_WAITING }, { MUX_WAITING, is_unselected, MUX_DETACHED },                  \
        { MUX_WAITING, is_ready, MUX_ATTACHED },                                                             \
    {                                                                                                        \
        MUX_ATTACHED, is_out, MUX_DETACHED                                                                   \
    }

static const LagRow independent_rows[] = {
    ROWS_UP_TO_ATTACHED,
    { MUX_ATTACHED, may_collect, MUX_COLLECTING },
    { MUX_COLLECTING, must_not_collect, MUX_ATTACHED },
    { MUX_COLLECTING, may_distribute, MUX_DISTRIBUTING },
    { MUX_DISTRIBUTING, must_not_distribute, MUX_COLLECTING },
};

static const LagRow coupled_rows[] = {
    ROWS_UP_TO_ATTACHED,
    { MUX_ATTACHED, may_collect, MUX_COLLECTING_DISTRIBUTING },
    { MUX_COLLECTING_DISTRIBUTING, must_not_collect, MUX_ATTACHED },
};

const LagMachine dx__lag_mux_independent = LAG_MACHINE("mux", mux_states, mux_enter, independent_rows);
const LagMachine dx__lag_mux_coupled = LAG_MACHINE("mux", mux_states, mux_enter, coupled_rows);
