/*
 * lag - all machines of all ports, run until none moves
 */
#include "lag.h"

#include <glib.h>

/* No machine has a circle that is always true; this many steps are one. */
#define STEPS_MAX 100

static const LagMachine *machine_of(const Lag *lag, LagMachineId machine)
{
    static const LagMachine *const machines[LAG_N_MACHINES] = { &dx__lag_rx, &dx__lag_mux_independent,
                                                                &dx__lag_periodic, &dx__lag_actor_churn,
                                                                &dx__lag_partner_churn };

    return lag && machine == LAG_MUX && lag->conf.is_coupled ? &dx__lag_mux_coupled : machines[machine];
}

const char *dx__lag_machine_name(LagMachineId machine)
{
    return machine == LAG_SELECTION ? "selection" : machine_of(NULL, machine)->name;
}

const char *dx__lag_state_name(LagMachineId machine, unsigned state)
{
    return machine == LAG_SELECTION ? dx__lag_selections[state] : machine_of(NULL, machine)->states[state];
}

/* -- steps -------------------------------------------------------------------------------------------- */

static const LagRow *find_row(const Lag *lag, const LagMachine *machine, const LagPort *port, unsigned state)
{
    for (const LagRow *row = machine->rows; row < machine->rows + machine->n_rows; row++)
        if ((row->from == state || (row->from == LAG_ANY && row->to != state)) && row->when(lag, port))
            return row;
    return NULL;
}

static bool step(Lag *lag, unsigned index, LagMachineId id)
{
    const LagMachine *machine = machine_of(lag, id);
    LagPort *port = &lag->port[index];
    const LagRow *row;
    unsigned n = 0;

    while ((row = find_row(lag, machine, port, port->state[id])) != NULL) {
        const unsigned from = port->state[id];

        g_assert(n++ < STEPS_MAX);
        port->state[id] = row->to;
        machine->enter[row->to](lag, port);
        if (from != row->to)
            lag->watch->moved(lag->user, index, id, from, row->to);
    }
    if (id == LAG_RX)
        port->pdu = NULL; /* a port that is down hears nothing */
    return n > 0;
}

static bool step_all(Lag *lag, LagMachineId id)
{
    bool has_moved = false;

    for (unsigned i = 0; i < lag->n_ports; i++)
        has_moved |= step(lag, i, id);
    return has_moved;
}

void dx__lag_run(Lag *lag, DxTime now_ps)
{
    bool has_moved;
    unsigned n = 0;

    lag->now_ps = now_ps;
    do {
        g_assert(n++ < STEPS_MAX);
        has_moved = step_all(lag, LAG_RX);
        has_moved |= dx__lag_select(lag);
        for (LagMachineId id = LAG_MUX; id < LAG_N_MACHINES; id++)
            has_moved |= step_all(lag, id);
    } while (has_moved);
    for (unsigned i = 0; i < lag->n_ports; i++)
        dx__lag_transmit(lag, &lag->port[i]);
}

DxTime dx__lag_next(const Lag *lag)
{
    DxTime next = DX_TIME_NEVER;

    for (const LagPort *port = lag->port; port < lag->port + lag->n_ports; port++) {
        next = MIN(next, dx__lag_transmit_at(lag, port));
        for (unsigned k = 0; k < LAG_N_TIMERS; k++)
            if (port->due_ps[k] > lag->now_ps)
                next = MIN(next, port->due_ps[k]);
    }
    return next;
}

/* -- beginnings --------------------------------------------------------------------------------------- */

static void begin(Lag *lag, LagPort *port)
{
    for (unsigned k = 0; k < LAG_N_TIMERS; k++)
        port->due_ps[k] = DX_TIME_NEVER;
    for (unsigned k = 0; k < LACP_TX_MAX; k++)
        port->sent_ps[k] = DX_TIME_NEVER;
    for (LagMachineId id = 0; id < LAG_N_MACHINES; id++)
        machine_of(lag, id)->enter[0](lag, port);
}

void dx__lag_init(Lag *lag, const LagConf *conf, LagPort *ports, unsigned n_ports, const DxLacpInfo *actor,
                  const LagWatch *watch, void *user)
{
    *lag = (Lag){ *conf, ports, n_ports, 0, watch, user };
    for (unsigned i = 0; i < n_ports; i++) {
        ports[i] = (LagPort){ .actor = *actor };
        ports[i].actor.port = (uint16_t)(actor->port + i);
        ports[i].actor.state = DX_LACP_AGGREGATION;
        lag_set(&ports[i].actor, DX_LACP_ACTIVITY, conf->is_active);
        lag_set(&ports[i].actor, DX_LACP_TIMEOUT, conf->is_fast);
        begin(lag, &ports[i]);
    }
}

void dx__lag_converge(Lag *lag, unsigned index, const DxLacpInfo *partner, DxTime periodic_ps)
{
    static const unsigned in_sync = DX_LACP_SYNCHRONIZATION | DX_LACP_COLLECTING | DX_LACP_DISTRIBUTING;
    LagPort *port = &lag->port[index];

    port->is_enabled = true;
    port->partner = *partner;
    lag_set(&port->partner, in_sync, true);
    lag_set(&port->actor, in_sync, true);
    lag_set(&port->actor, DX_LACP_DEFAULTED, false);
    port->selected = LAG_SELECTED;
    port->ntt = false;
    port->state[LAG_RX] = RX_CURRENT;
    port->state[LAG_MUX] = lag->conf.is_coupled ? MUX_COLLECTING_DISTRIBUTING : MUX_DISTRIBUTING;
    port->state[LAG_PERIODIC] = lag_partner_is_short(port) ? PERIODIC_FAST_PERIODIC : PERIODIC_SLOW_PERIODIC;
    port->state[LAG_ACTOR_CHURN] = port->state[LAG_PARTNER_CHURN] = CHURN_NONE;
    port->due_ps[LAG_CURRENT_WHILE] =
        port->actor.state & DX_LACP_TIMEOUT ? LACP_SHORT_TIMEOUT_PS : LACP_LONG_TIMEOUT_PS;
    port->due_ps[LAG_PERIODIC_TIMER] = periodic_ps;
    port->due_ps[LAG_ACTOR_CHURN_TIMER] = port->due_ps[LAG_PARTNER_CHURN_TIMER] = DX_TIME_NEVER;
}

void dx__lag_stand_by(Lag *lag, unsigned index, bool at_actor, bool at_partner)
{
    LagPort *port = &lag->port[index];

    lag_set(&port->partner, DX_LACP_COLLECTING | DX_LACP_DISTRIBUTING, false);
    lag_set(&port->actor, DX_LACP_COLLECTING | DX_LACP_DISTRIBUTING, false);
    lag_set(&port->partner, DX_LACP_SYNCHRONIZATION, !at_partner);
    lag_set(&port->actor, DX_LACP_SYNCHRONIZATION, !at_actor);
    port->selected = at_actor ? LAG_STANDBY : LAG_SELECTED;
    port->state[LAG_MUX] = at_actor ? MUX_WAITING : MUX_ATTACHED;
    port->state[LAG_ACTOR_CHURN] = at_actor ? CHURN_CHURN : CHURN_NONE;
    port->state[LAG_PARTNER_CHURN] = at_partner ? CHURN_CHURN : CHURN_NONE;
    port->due_ps[LAG_WAIT_WHILE] = 0;
}
