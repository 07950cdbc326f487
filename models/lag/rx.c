/*
 * rx - the receive machine: IEEE 802.1AX, clause 6.4.12
 *
 *   INITIALIZE -> PORT_DISABLED <- port goes down, from anywhere
 *                      | up
 *                      v       PDU
 *                   EXPIRED ---------> CURRENT <-- PDU
 *                 timer |     <-------   ^  |
 *                       v      timer     |
 *                   DEFAULTED -----------'
 *
 * Not modelled: LACP_DISABLED (a bundle without LACP says so by having none), a port that moves to another
 * system while it is up.
 */
#include "lag.h"

#include <string.h>

static const char *const rx_states[] = { "INITIALIZE", "PORT_DISABLED", "EXPIRED",
                                         "DEFAULTED",  "CURRENT",       NULL };

/* Two ports of one pair of systems that mean the same: all but what changes with time. */
static bool is_same_port(const DxLacpInfo *a, const DxLacpInfo *b)
{
    return a->port == b->port && a->port_priority == b->port_priority && a->key == b->key &&
           a->system_priority == b->system_priority && !memcmp(a->system, b->system, 6) &&
           !((a->state ^ b->state) & DX_LACP_AGGREGATION);
}

/* -- clause 6.4.9 ------------------------------------------------------------------------------------- */

/* The administrator's partner is nobody: without LACP at the other end nothing is bundled. */
static void record_default(LagPort *port)
{
    port->partner = (DxLacpInfo){ 0 };
    lag_set(&port->actor, DX_LACP_DEFAULTED, true);
}

/* Does the partner know us as we are, mean to be in sync, and go on talking? */
static bool is_in_sync(const LagPort *port, const DxLacpPdu *pdu)
{
    const bool is_known = is_same_port(&pdu->partner, &port->actor);
    const bool is_individual = !(pdu->actor.state & DX_LACP_AGGREGATION);
    const bool is_talking =
        (pdu->actor.state & DX_LACP_ACTIVITY) || (port->actor.state & pdu->partner.state & DX_LACP_ACTIVITY);

    return (is_known || is_individual) && (pdu->actor.state & DX_LACP_SYNCHRONIZATION) && is_talking;
}

static void record_pdu(LagPort *port)
{
    const bool in_sync = is_in_sync(port, port->pdu);

    port->partner = port->pdu->actor;
    lag_set(&port->partner, DX_LACP_SYNCHRONIZATION, in_sync);
    lag_set(&port->actor, DX_LACP_DEFAULTED, false);
}

static void update_selected(LagPort *port)
{
    if (!is_same_port(&port->pdu->actor, &port->partner))
        port->selected = LAG_UNSELECTED;
}

static void update_default_selected(LagPort *port)
{
    if (!is_same_port(&(DxLacpInfo){ 0 }, &port->partner))
        port->selected = LAG_UNSELECTED;
}

/* He should hear how we are. */
static void update_ntt(LagPort *port)
{
    const unsigned told = DX_LACP_ACTIVITY | DX_LACP_TIMEOUT | DX_LACP_SYNCHRONIZATION | DX_LACP_AGGREGATION;

    if (!is_same_port(&port->pdu->partner, &port->actor) ||
        (port->pdu->partner.state ^ port->actor.state) & told)
        port->ntt = true;
}

/* -- states ------------------------------------------------------------------------------------------- */

static void enter_initialize(Lag *lag, LagPort *port)
{
    (void)lag;
    port->selected = LAG_UNSELECTED;
    record_default(port);
    lag_set(&port->actor, DX_LACP_EXPIRED, false);
}

static void enter_port_disabled(Lag *lag, LagPort *port)
{
    (void)lag;
    lag_set(&port->partner, DX_LACP_SYNCHRONIZATION, false);
    port->due_ps[LAG_CURRENT_WHILE] = DX_TIME_NEVER;
}

static void enter_expired(Lag *lag, LagPort *port)
{
    lag_set(&port->partner, DX_LACP_SYNCHRONIZATION, false);
    lag_set(&port->partner, DX_LACP_TIMEOUT, true);
    port->due_ps[LAG_CURRENT_WHILE] = lag->now_ps + LACP_SHORT_TIMEOUT_PS;
    lag_set(&port->actor, DX_LACP_EXPIRED, true);
}

static void enter_defaulted(Lag *lag, LagPort *port)
{
    (void)lag;
    port->due_ps[LAG_CURRENT_WHILE] = DX_TIME_NEVER;
    update_default_selected(port);
    record_default(port);
    lag_set(&port->actor, DX_LACP_EXPIRED, false);
}

static void enter_current(Lag *lag, LagPort *port)
{
    update_selected(port);
    update_ntt(port);
    record_pdu(port);
    port->pdu = NULL;
    port->due_ps[LAG_CURRENT_WHILE] =
        lag->now_ps + (port->actor.state & DX_LACP_TIMEOUT ? LACP_SHORT_TIMEOUT_PS : LACP_LONG_TIMEOUT_PS);
    lag_set(&port->actor, DX_LACP_EXPIRED, false);
}

static void (*const rx_enter[])(Lag *, LagPort *) = { enter_initialize, enter_port_disabled, enter_expired,
                                                      enter_defaulted, enter_current };

/* -- rows --------------------------------------------------------------------------------------------- */

static bool at_once(const Lag *lag, const LagPort *port)
{
    (void)lag;
    (void)port;
    return true;
}

static bool is_down(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return !port->is_enabled;
}

static bool is_up(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->is_enabled;
}

static bool has_pdu(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->pdu != NULL;
}

static bool is_overdue(const Lag *lag, const LagPort *port)
{
    return lag_has_expired(lag, port, LAG_CURRENT_WHILE);
}

static const LagRow rx_rows[] = {
    { RX_INITIALIZE, at_once, RX_PORT_DISABLED }, { LAG_ANY, is_down, RX_PORT_DISABLED },
    { RX_PORT_DISABLED, is_up, RX_EXPIRED },      { RX_EXPIRED, has_pdu, RX_CURRENT },
    { RX_EXPIRED, is_overdue, RX_DEFAULTED },     { RX_DEFAULTED, has_pdu, RX_CURRENT },
    { RX_CURRENT, has_pdu, RX_CURRENT },          { RX_CURRENT, is_overdue, RX_EXPIRED },
};

const LagMachine dx__lag_rx = LAG_MACHINE("rx", rx_states, rx_enter, rx_rows);
