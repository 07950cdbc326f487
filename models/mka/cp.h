/*
 * cp.h - the controlled port of a MACsec station: IEEE 802.1X, clause 12.4
 *
 * Takes a new key into use without losing a frame: first everybody can receive with it, then the key server
 * sends with it, then the others do, and after a while the old one goes.
 *
 *   CHANGE -> SECURED -> RECEIVE -> RECEIVING -+-----------> TRANSMIT -> TRANSMITTING -> RETIRE
 *                          ^                    '-> READY --'                               |
 *                          '----------------------------------------------------------------'
 *
 * Where keys are configured, nothing is ever sent without being authenticated first: the states ALLOWED and
 * AUTHENTICATED of the clause cannot come about, and are not here. A new key in RECEIVING or READY leads
 * through ABANDON.
 */
#ifndef DX_MKA_CP_H
#define DX_MKA_CP_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    CP_CHANGE,
    CP_SECURED,
    CP_RECEIVE,
    CP_RECEIVING,
    CP_READY,
    CP_TRANSMIT,
    CP_TRANSMITTING,
    CP_ABANDON,
    CP_RETIRE,
    CP_N_STATES,
} MkaCpState;

/* Key identifier: who made it, and its number there. */
typedef struct {
    uint8_t mi[12];
    uint32_t number;
} MkaKi;

/* A key in use: lki, lan, ltx, lrx of the clause, or oki, oan, otx, orx. */
typedef struct {
    MkaKi ki;
    uint8_t an;
    bool is_set, tx, rx;
} MkaSa;

typedef struct {
    MkaCpState state;
    /* Said by the KaY. */
    bool is_secure;   /* connect is SECURE; else PENDING */
    bool chgd_server; /* another key server: start anew */
    bool new_sak;     /* distributed_* are news */
    bool elected_self, all_receiving, server_transmitting;
    MkaKi distributed_ki;
    uint8_t distributed_an;
    bool transmit_due, retire_due; /* transmitWhen, retireWhen have run down to 0 */
    /* Said to the KaY. */
    bool port_enabled; /* controlledPortEnabled */
    bool new_info;     /* tell the others soon */
    MkaSa latest, old;
} MkaCp;

/* What the machine does to the SecY, and to its own timers. Sets transmit_due, retire_due when they end. */
typedef struct {
    void (*receive)(void *data, const MkaSa *sa);
    void (*transmit)(void *data, const MkaSa *sa);
    void (*drop)(void *data, const MkaSa *sa);
    void (*port)(void *data, bool is_enabled);
    void (*arm_transmit)(void *data);
    void (*arm_retire)(void *data);
} MkaCpActions;

const char *dx__mka_cp_name(MkaCpState state);
void dx__mka_cp_init(MkaCp *cp);
/* Until no transition is left to take. Returns how many were. */
unsigned dx__mka_cp_run(MkaCp *cp, const MkaCpActions *actions, void *data);

#endif
