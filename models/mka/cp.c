/*
 * cp - see cp.h: a row for each transition of the clause, an action for each state
 */
#include "cp.h"

#include <stddef.h>
#include <string.h>

typedef struct {
    MkaCp *cp;
    const MkaCpActions *actions;
    void *data;
} Step;

/* -- what the states do ------------------------------------------------------------------------------ */

static void drop(Step *step, MkaSa *sa)
{
    if (sa->is_set)
        step->actions->drop(step->data, sa);
    *sa = (MkaSa){ .is_set = false };
}

static void enter_change(Step *step)
{
    MkaCp *cp = step->cp;

    drop(step, &cp->latest);
    drop(step, &cp->old);
    cp->all_receiving = cp->server_transmitting = cp->transmit_due = cp->retire_due = false;
    if (cp->port_enabled)
        step->actions->port(step->data, false);
    cp->port_enabled = false;
}

static void enter_secured(Step *step)
{
    step->cp->chgd_server = false;
}

static void enter_receive(Step *step)
{
    MkaCp *cp = step->cp;

    cp->latest = (MkaSa){ .ki = cp->distributed_ki, .an = cp->distributed_an, .is_set = true };
    cp->new_sak = cp->all_receiving = cp->server_transmitting = false;
    step->actions->receive(step->data, &cp->latest);
}

static void enter_receiving(Step *step)
{
    step->cp->latest.rx = true;
    step->cp->new_info = true;
    step->cp->transmit_due = false;
    step->actions->arm_transmit(step->data);
}

static void enter_ready(Step *step)
{
    step->cp->new_info = true;
}

static void enter_transmit(Step *step)
{
    MkaCp *cp = step->cp;

    cp->latest.tx = true;
    step->actions->transmit(step->data, &cp->latest);
    if (!cp->port_enabled)
        step->actions->port(step->data, true);
    cp->port_enabled = true;
    cp->all_receiving = cp->server_transmitting = false;
}

/* Nothing is left to come under a key that there was not. */
static void enter_transmitting(Step *step)
{
    MkaCp *cp = step->cp;

    cp->retire_due = !cp->old.rx;
    cp->old.tx = false;
    cp->new_info = true;
    if (!cp->retire_due)
        step->actions->arm_retire(step->data);
}

static void enter_abandon(Step *step)
{
    drop(step, &step->cp->latest);
}

static void enter_retire(Step *step)
{
    MkaCp *cp = step->cp;

    drop(step, &cp->old);
    cp->old = cp->latest;
    cp->latest = (MkaSa){ .is_set = false };
    cp->new_info = true;
}

/* -- when they are left ------------------------------------------------------------------------------ */

static bool always(const MkaCp *cp)
{
    (void)cp;
    return true;
}

static bool changed_connect(const MkaCp *cp)
{
    return !cp->is_secure || cp->chgd_server;
}

static bool may_secure(const MkaCp *cp)
{
    return cp->is_secure;
}

static bool has_new(const MkaCp *cp)
{
    return cp->new_sak;
}

static bool is_overtaken(const MkaCp *cp)
{
    return cp->new_sak || changed_connect(cp);
}

static bool is_member(const MkaCp *cp)
{
    return !cp->elected_self;
}

static bool server_may_transmit(const MkaCp *cp)
{
    return cp->elected_self && (cp->all_receiving || !cp->port_enabled || cp->transmit_due);
}

static bool member_may_transmit(const MkaCp *cp)
{
    return cp->server_transmitting || !cp->port_enabled;
}

static bool may_retire(const MkaCp *cp)
{
    return cp->retire_due || changed_connect(cp);
}

/* The first row of a state whose condition holds. The SecY does at once what it is told: usingReceiveSAs and
 * usingTransmitSA always hold. */
static const struct {
    MkaCpState from;
    bool (*when)(const MkaCp *cp);
    MkaCpState to;
} transitions[] = {
    { CP_CHANGE, may_secure, CP_SECURED },
    { CP_SECURED, changed_connect, CP_CHANGE },
    { CP_SECURED, has_new, CP_RECEIVE },
    { CP_RECEIVE, always, CP_RECEIVING },
    { CP_RECEIVING, is_overtaken, CP_ABANDON },
    { CP_RECEIVING, is_member, CP_READY },
    { CP_RECEIVING, server_may_transmit, CP_TRANSMIT },
    { CP_READY, is_overtaken, CP_ABANDON },
    { CP_READY, member_may_transmit, CP_TRANSMIT },
    { CP_TRANSMIT, always, CP_TRANSMITTING },
    { CP_TRANSMITTING, may_retire, CP_RETIRE },
    { CP_ABANDON, changed_connect, CP_RETIRE },
    { CP_ABANDON, has_new, CP_RECEIVE },
    { CP_RETIRE, changed_connect, CP_CHANGE },
    { CP_RETIRE, has_new, CP_RECEIVE },
};

static const struct {
    const char *name;
    void (*enter)(Step *step);
} states[CP_N_STATES] = {
    [CP_CHANGE] = { "CHANGE", enter_change },
    [CP_SECURED] = { "SECURED", enter_secured },
    [CP_RECEIVE] = { "RECEIVE", enter_receive },
    [CP_RECEIVING] = { "RECEIVING", enter_receiving },
    [CP_READY] = { "READY", enter_ready },
    [CP_TRANSMIT] = { "TRANSMIT", enter_transmit },
    [CP_TRANSMITTING] = { "TRANSMITTING", enter_transmitting },
    [CP_ABANDON] = { "ABANDON", enter_abandon },
    [CP_RETIRE] = { "RETIRE", enter_retire },
};

const char *dx__mka_cp_name(MkaCpState state)
{
    return states[state].name;
}

void dx__mka_cp_init(MkaCp *cp)
{
    memset(cp, 0, sizeof *cp);
    cp->state = CP_CHANGE;
}

unsigned dx__mka_cp_run(MkaCp *cp, const MkaCpActions *actions, void *data)
{
    Step step = { cp, actions, data };
    unsigned n = 0;

    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++)
        if (transitions[i].from == cp->state && transitions[i].when(cp)) {
            cp->state = transitions[i].to;
            states[cp->state].enter(&step);
            n++;
            i = (size_t)-1; /* from the top again */
        }
    return n;
}
