/*
 * lag.h - the machines of IEEE 802.1AX clause 6.4, for all ports of one end of a bundle
 *
 *   PDU, port up or down, time -->  receive --> selection --> mux --> periodic, churn --> transmit  --> PDUs
 *
 * Each machine is a table: in this state, when that holds, go there; what is in the box of a state is done on
 * entering it. Nothing here knows the engine: who uses it says what time it is, carries PDUs, and reads from
 * the ports' states what collects and distributes.
 */
#ifndef DX_LAG_H
#define DX_LAG_H

#include <dxsim/time.h>
#include "../wire/lacp.h"

/* Clause 6.4.4. */
#define LACP_FAST_PERIODIC_PS  (1 * DX_S)
#define LACP_SLOW_PERIODIC_PS  (30 * DX_S)
#define LACP_SHORT_TIMEOUT_PS  (3 * DX_S)
#define LACP_LONG_TIMEOUT_PS   (90 * DX_S)
#define LACP_CHURN_PS          (60 * DX_S)
#define LACP_AGGREGATE_WAIT_PS (2 * DX_S)
#define LACP_TX_MAX            3 /* PDUs in a fast period: clause 6.4.16 */

enum { RX_INITIALIZE, RX_PORT_DISABLED, RX_EXPIRED, RX_DEFAULTED, RX_CURRENT };
enum { PERIODIC_NO_PERIODIC, PERIODIC_FAST_PERIODIC, PERIODIC_SLOW_PERIODIC, PERIODIC_PERIODIC_TX };
enum {
    MUX_DETACHED,
    MUX_WAITING,
    MUX_ATTACHED,
    MUX_COLLECTING,              /* independent control */
    MUX_DISTRIBUTING,            /* the same */
    MUX_COLLECTING_DISTRIBUTING, /* coupled control */
};
enum { CHURN_MONITOR, CHURN_NONE, CHURN_CHURN };
enum { LAG_UNSELECTED, LAG_STANDBY, LAG_SELECTED };

/* Selection is no machine, but reported like one. */
typedef enum {
    LAG_RX,
    LAG_MUX,
    LAG_PERIODIC,
    LAG_ACTOR_CHURN,
    LAG_PARTNER_CHURN,
    LAG_N_MACHINES,
    LAG_SELECTION = LAG_N_MACHINES
} LagMachineId;

typedef enum {
    LAG_CURRENT_WHILE,
    LAG_PERIODIC_TIMER,
    LAG_WAIT_WHILE,
    LAG_ACTOR_CHURN_TIMER,
    LAG_PARTNER_CHURN_TIMER,
    LAG_N_TIMERS
} LagTimer;

typedef struct {
    uint8_t state[LAG_N_MACHINES];
    uint8_t selected;
    bool is_enabled; /* port_enabled */
    bool ntt;        /* need to transmit */
    DxLacpInfo actor, partner;
    DxTime due_ps[LAG_N_TIMERS]; /* DX_TIME_NEVER: stopped; not later than now: expired */
    DxTime sent_ps[LACP_TX_MAX]; /* of the last PDUs, oldest first */
    const DxLacpPdu *pdu;        /* has come, and has not been looked at */
} LagPort;

typedef struct {
    bool is_active, is_fast, is_coupled;
    unsigned selected_max; /* ports that the hardware can bundle; 0: all */
} LagConf;

/* What comes of it. */
typedef struct {
    void (*moved)(void *user, unsigned port, LagMachineId machine, unsigned from, unsigned to);
    void (*send)(void *user, unsigned port, const DxLacpPdu *pdu);
} LagWatch;

typedef struct {
    LagConf conf;
    LagPort *port;
    unsigned n_ports;
    DxTime now_ps;
    const LagWatch *watch;
    void *user;
} Lag;

/* -- for who uses it ----------------------------------------------------------------------------------- */

/* @ports: room for @n_ports, that the caller owns. @actor: of the first port; numbers count up from its. */
void dx__lag_init(Lag *lag, const LagConf *conf, LagPort *ports, unsigned n_ports, const DxLacpInfo *actor,
                  const LagWatch *watch, void *user);
/* As if it had been up for long: @partner is at the other end of @port, and the next PDU is due at
 * @periodic_ps. */
void dx__lag_converge(Lag *lag, unsigned port, const DxLacpInfo *partner, DxTime periodic_ps);
/* A port that has been made to converge is not among those that the hardware of this end can bundle, or of
 * the other, or of neither. */
void dx__lag_stand_by(Lag *lag, unsigned port, bool at_actor, bool at_partner);
/* Something has changed (is_enabled, pdu), or it is later: all machines go on until none moves. Times do not
 * go back. */
void dx__lag_run(Lag *lag, DxTime now_ps);
/* When to run it next, whatever comes; DX_TIME_NEVER: not. */
DxTime dx__lag_next(const Lag *lag);
const char *dx__lag_machine_name(LagMachineId machine);
const char *dx__lag_state_name(LagMachineId machine, unsigned state);

/* -- for the machines ---------------------------------------------------------------------------------- */

typedef struct {
    uint8_t from; /* LAG_ANY: all but `to` */
    bool (*when)(const Lag *lag, const LagPort *port);
    uint8_t to;
} LagRow;

#define LAG_ANY 0xff

typedef struct {
    const char *name, *const *states;
    void (*const *enter)(Lag *lag, LagPort *port); /* by state; what its box says */
    const LagRow *rows;                            /* the first that holds is taken */
    unsigned n_rows;
} LagMachine;

#define LAG_MACHINE(name_, states_, enter_, rows_)                                                           \
    {                                                                                                        \
        .name = (name_), .states = (states_), .enter = (enter_), .rows = (rows_),                            \
        .n_rows = sizeof(rows_) / sizeof *(rows_)                                                            \
    }

extern const LagMachine dx__lag_rx, dx__lag_periodic, dx__lag_mux_independent, dx__lag_mux_coupled,
    dx__lag_actor_churn, dx__lag_partner_churn;

/* Who is in the bundle: selection.c. True: something has changed. */
bool dx__lag_select(Lag *lag);
bool dx__lag_is_ready(const Lag *lag);
extern const char *const dx__lag_selections[];
/* tx.c */
void dx__lag_transmit(Lag *lag, LagPort *port);
DxTime dx__lag_transmit_at(const Lag *lag, const LagPort *port);

static inline bool lag_has_expired(const Lag *lag, const LagPort *port, LagTimer timer)
{
    return port->due_ps[timer] <= lag->now_ps;
}

static inline void lag_set(DxLacpInfo *info, unsigned bits, bool on)
{
    info->state = (uint8_t)(on ? info->state | bits : info->state & ~bits);
}

/* Bits of a port's own state whose change is told to the partner. */
static inline bool lag_partner_is_short(const LagPort *port)
{
    return port->partner.state & DX_LACP_TIMEOUT;
}

#endif
