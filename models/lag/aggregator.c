/*
 * aggregator - one end of a bundle that speaks LACP
 *
 *      lacp of dx1 --.                  .--> lacp of each member: what to send, whether to collect
 *      lacp of dx2 ---> [aggregator] ----+-> hash: which members distribute
 *      lacp of dx3 --'                  '--> router: the bundle is down, the bundle is up
 *
 * Sees no frames. Holds the machines of all ports (lag.h), runs them when something has come in or is due,
 * and passes on what they make of it. When fewer than min_links members distribute, the bundle is down: none
 * of them does, and routers go by their backups. It is up again when enough have been back for hold_off.
 */
#include <dxsim/units.h>
#include "../wire/ethernet.h"
#include "lacp.h"
#include "lag.h"

#include <stddef.h>

typedef struct {
    LacpConf lacp,
        partner; /* first: copied from those of the members at both ends; not among the parameters */
    int64_t min_links;
    DxTime hold_off_ps;
} AggregatorConf;

static_assert(offsetof(AggregatorConf, lacp) == 0 && offsetof(AggregatorConf, partner) == sizeof(LacpConf),
              "whoever builds copies them there");

static const DxParam aggregator_params[] = {
    DX_PARAM_INT(AggregatorConf, min_links, "0", "0", "65535",
                 "Members without which the bundle is down; 0: it is never."),
    DX_PARAM_TIME(AggregatorConf, hold_off_ps, "0 ps", "0 ps", "1 d",
                  "Enough members must have been back for this long."),
    DX_PARAM_END,
};

/* What has been told of a member, and what is measured. */
typedef struct {
    bool is_collecting, is_distributing; /* as the machines have it */
    bool is_in;                          /* as the hash has been told */
    DxTime failed_ps;                    /* its line, while it distributes; DX_TIME_NEVER: it has not */
} Member;

typedef struct {
    Lag lag;
    LagPort *port;
    Member *member;
    unsigned n_members, n_full; /* n_full: that can distribute */
    bool is_down;
    DxTime down_since_ps;
    DxTimer timer, hold;
    bool is_held; /* hold is armed */
    uint64_t distributing, distributing_min, down_ps, timeouts, detections, detection_ps;
} AggregatorState;

static const DxCounter aggregator_counters[] = {
    DX_COUNTER(AggregatorState, distributing, DX_COUNTER_GAUGE, "Members that distribute."),
    DX_COUNTER(AggregatorState, distributing_min, DX_COUNTER_GAUGE, "The fewest since the beginning."),
    DX_COUNTER(AggregatorState, down_ps, DX_COUNTER_SUM, "Time for which the bundle was down."),
    DX_COUNTER(AggregatorState, timeouts, DX_COUNTER_SUM, "Times that a partner was not heard in time."),
    DX_COUNTER(AggregatorState, detections, DX_COUNTER_SUM, "Failures of members that were noticed."),
    DX_COUNTER(AggregatorState, detection_ps, DX_COUNTER_MAX,
               "From a member's failure until it is out, the longest."),
    DX_COUNTER_END,
};

/* Slots: members, the hash by member, the router that sends here; those at both ends, this first. */
static unsigned slot_of_hash(const AggregatorState *state, unsigned member)
{
    return state->n_members + member;
}

static unsigned slot_of_router(const AggregatorState *state)
{
    return 2 * state->n_members;
}

/* -- the bundle --------------------------------------------------------------------------------------- */

static void tell_hash(DxNode *node)
{
    AggregatorState *state = dx_node_state(node);

    for (unsigned i = 0; i < state->n_members; i++) {
        Member *member = &state->member[i];
        const bool is_in = member->is_distributing && !state->is_down;

        if (member->is_in == is_in)
            continue;
        member->is_in = is_in;
        dx_node_steer_at(node, slot_of_hash(state, i), is_in ? DX_CONTROL_MEMBER_IN : DX_CONTROL_MEMBER_OUT,
                         0);
    }
}

static void go_down(DxNode *node)
{
    const AggregatorConf *conf = dx_node_conf(node);
    AggregatorState *state = dx_node_state(node);

    state->is_down = true;
    state->down_since_ps = dx_node_now(node);
    dx_node_log(node, "lag_down", "%" G_GUINT64_FORMAT " below min_links %" G_GINT64_FORMAT,
                state->distributing, conf->min_links);
    dx_node_steer_at(node, slot_of_router(state), DX_CONTROL_MEMBER_OUT, 0);
}

static void go_up(DxNode *node)
{
    AggregatorState *state = dx_node_state(node);

    state->is_down = false;
    state->down_ps += (uint64_t)(dx_node_now(node) - state->down_since_ps);
    dx_node_log(node, "lag_up", "%" G_GUINT64_FORMAT " of %u", state->distributing, state->n_full);
    dx_node_steer_at(node, slot_of_router(state), DX_CONTROL_MEMBER_IN, 0);
}

static void on_hold(DxNode *node, uint64_t arg)
{
    AggregatorState *state = dx_node_state(node);

    (void)arg;
    state->is_held = false;
    go_up(node);
    tell_hash(node);
}

/* Too few: down at once. Enough again: up, unless that does not last. */
static void judge(DxNode *node)
{
    const AggregatorConf *conf = dx_node_conf(node);
    AggregatorState *state = dx_node_state(node);
    const bool is_enough = state->distributing >= (uint64_t)conf->min_links;

    if (!is_enough && state->is_held) {
        state->is_held = false;
        dx_timer_cancel(node, state->hold);
    }
    if (!is_enough && !state->is_down)
        go_down(node);
    if (!is_enough || !state->is_down || state->is_held)
        return;
    if (!conf->hold_off_ps) {
        go_up(node);
        return;
    }
    state->is_held = true;
    dx_timer_arm(node, state->hold, dx_node_now(node) + conf->hold_off_ps);
}

/* -- members ----------------------------------------------------------------------------------------- */

static void note_detection(DxNode *node, unsigned index)
{
    AggregatorState *state = dx_node_state(node);
    Member *member = &state->member[index];
    g_autofree char *text = NULL;
    DxTime detection_ps;

    if (member->failed_ps == DX_TIME_NEVER)
        return;
    detection_ps = dx_node_now(node) - member->failed_ps;
    member->failed_ps = DX_TIME_NEVER;
    state->detections++;
    state->detection_ps = MAX(state->detection_ps, (uint64_t)detection_ps);
    text = dx_units_format_short(DX_UNIT_TIME, detection_ps);
    dx_node_log_at(node, index, "detected", "out %s after it failed", text);
}

/* What the machines have come to. */
static void compare_member(DxNode *node, unsigned index)
{
    AggregatorState *state = dx_node_state(node);
    Member *member = &state->member[index];
    const uint8_t bits = state->port[index].actor.state;
    const bool is_collecting = bits & DX_LACP_COLLECTING, is_distributing = bits & DX_LACP_DISTRIBUTING;

    if (member->is_collecting != is_collecting)
        dx_node_steer_at(node, index, is_collecting ? DX_CONTROL_MEMBER_IN : DX_CONTROL_MEMBER_OUT, 0);
    if (member->is_distributing && !is_distributing)
        note_detection(node, index);
    member->is_collecting = is_collecting;
    member->is_distributing = is_distributing;
}

static void compare(DxNode *node)
{
    AggregatorState *state = dx_node_state(node);
    const uint64_t before = state->distributing;

    state->distributing = 0;
    for (unsigned i = 0; i < state->n_members; i++) {
        compare_member(node, i);
        state->distributing += state->member[i].is_distributing;
    }
    state->distributing_min = MIN(state->distributing_min, state->distributing);
    if (state->distributing != before)
        dx_node_log(node, state->distributing < state->n_full ? "lag_degraded" : "lag_complete",
                    "%" G_GUINT64_FORMAT " of %u", state->distributing, state->n_full);
    judge(node);
    tell_hash(node);
}

static void run(DxNode *node)
{
    AggregatorState *state = dx_node_state(node);
    DxTime next;

    dx__lag_run(&state->lag, dx_node_now(node));
    compare(node);
    next = dx__lag_next(&state->lag);
    if (next == DX_TIME_NEVER)
        dx_timer_cancel(node, state->timer);
    else
        dx_timer_arm(node, state->timer, next);
}

/* -- what the machines do ----------------------------------------------------------------------------- */

/* The periodic machine only counts seconds. */
static void on_moved(void *user, unsigned port, LagMachineId machine, unsigned from, unsigned to)
{
    DxNode *node = user;
    AggregatorState *state = dx_node_state(node);

    if (machine == LAG_PERIODIC)
        return;
    if (machine == LAG_RX && from == RX_CURRENT && to == RX_EXPIRED)
        state->timeouts++;
    dx_node_log_at(node, port, dx__lag_machine_name(machine), "%s -> %s", dx__lag_state_name(machine, from),
                   dx__lag_state_name(machine, to));
}

static void on_send(void *user, unsigned port, const DxLacpPdu *pdu)
{
    DxNode *node = user;
    uint8_t octets[DX_LACP_FRAME_BYTES];

    dx__lacp_encode(pdu, pdu->actor.system, octets);
    dx_node_tell(node, port, DX_CONTROL_SAY, octets, sizeof octets);
}

static const LagWatch aggregator_watch = { on_moved, on_send };

/* -- events ------------------------------------------------------------------------------------------ */

static void on_timer(DxNode *node, uint64_t arg)
{
    (void)arg;
    run(node);
}

static void hear(DxNode *node, const DxControl *control)
{
    AggregatorState *state = dx_node_state(node);
    DxLacpPdu pdu;

    if (dx__lacp_decode(control->octets, control->value, &pdu))
        return;
    state->port[control->index].pdu = &pdu;
    run(node);
}

/* The port sees light, or does not; whether anything arrives is none of its knowledge. */
static void set_line(DxNode *node, const DxControl *control)
{
    AggregatorState *state = dx_node_state(node);
    Member *member = &state->member[control->index];

    if (control->op == DX_CONTROL_UP)
        member->failed_ps = DX_TIME_NEVER;
    else if (member->is_distributing && member->failed_ps == DX_TIME_NEVER)
        member->failed_ps = dx_node_now(node);
    state->port[control->index].is_enabled = control->op != DX_CONTROL_DOWN;
    run(node);
}

static void aggregator_control(DxNode *node, const DxControl *control)
{
    const AggregatorState *state = dx_node_state(node);

    if (control->op != DX_CONTROL_HEARD && control->op != DX_CONTROL_DOWN &&
        control->op != DX_CONTROL_DOWN_SILENT && control->op != DX_CONTROL_UP)
        return;
    g_return_if_fail(control->index < state->n_members);
    if (control->op == DX_CONTROL_HEARD)
        hear(node, control);
    else
        set_line(node, control);
}

static void aggregator_observe(DxNode *node, DxTime now)
{
    AggregatorState *state = dx_node_state(node);

    if (!state->is_down)
        return;
    state->down_ps += (uint64_t)(now - state->down_since_ps);
    state->down_since_ps = now;
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool is_active(const LacpConf *conf, bool is_first)
{
    return conf->mode == MODE_ACTIVE || conf->mode == (is_first ? MODE_ACTIVE_PASSIVE : MODE_PASSIVE_ACTIVE);
}

/* Of @n members, how many its hardware can bundle. */
static unsigned most_of(const LacpConf *conf, unsigned n)
{
    return conf->selected_max ? MIN(n, (unsigned)conf->selected_max) : n;
}

/* Of one end; @router: NULL in tests. */
static DxLacpInfo info_of(const LacpConf *conf, bool is_first, const char *router)
{
    DxLacpInfo info = { .system_priority = (uint16_t)conf->system_priority,
                        .key = (uint16_t)conf->key,
                        .port_priority = (uint16_t)conf->port_priority,
                        .port = 1,
                        .state = DX_LACP_AGGREGATION };

    lag_set(&info, DX_LACP_TIMEOUT, conf->rate == RATE_FAST);
    lag_set(&info, DX_LACP_ACTIVITY, is_active(conf, is_first));
    dx__ethernet_address(info.system, router ? router : "");
    return info;
}

static void converge(DxNode *node, const DxLacpInfo *partner)
{
    const AggregatorConf *conf = dx_node_conf(node);
    AggregatorState *state = dx_node_state(node);
    const DxTime period_ps = conf->partner.rate == RATE_FAST ? LACP_FAST_PERIODIC_PS : LACP_SLOW_PERIODIC_PS;
    DxRng rng;

    dx_node_rng(node, "phase", &rng);
    for (unsigned i = 0; i < state->n_members; i++) {
        DxLacpInfo other = *partner;

        other.port = (uint16_t)(1 + i);
        dx__lag_converge(&state->lag, i, &other, (DxTime)dx_rng_below(&rng, (uint64_t)period_ps));
        if (i >= state->n_full)
            dx__lag_stand_by(&state->lag, i, i >= most_of(&conf->lacp, state->n_members),
                             i >= most_of(&conf->partner, state->n_members));
        state->member[i].is_collecting = true; /* what its ear begins with: those that stand by are told */
        state->member[i].is_distributing = i < state->n_full;
    }
    state->distributing = state->n_full;
}

static void on_start(DxNode *node, uint64_t is_cold)
{
    AggregatorState *state = dx_node_state(node);

    for (unsigned i = 0; is_cold && i < state->n_members; i++)
        state->port[i].is_enabled = true;
    run(node);
}

static bool aggregator_init(DxNode *node, GError **error)
{
    const AggregatorConf *conf = dx_node_conf(node);
    AggregatorState *state = dx_node_state(node);
    const unsigned n_bound = dx_node_n_bound(node), n = n_bound < 5 ? 0 : (n_bound - 3) / 2;
    DxLacpInfo actor, partner;
    const bool is_first = dx_node_bound_index(node) == 0; /* end of the bundle */
    LagConf lag = { .is_active = is_active(&conf->lacp, is_first),
                    .is_fast = conf->lacp.rate == RATE_FAST,
                    .is_coupled = conf->lacp.control == CONTROL_COUPLED,
                    .selected_max = (unsigned)conf->lacp.selected_max };

    if (!n || n_bound != 2 * n + 3)
        return dx_node_fail(node, NULL, error, DX_ERROR_RANGE, "it has no members");
    state->n_members = n;
    state->n_full = MIN(most_of(&conf->lacp, n), most_of(&conf->partner, n));
    state->port = g_new0(LagPort, n);
    state->member = g_new0(Member, n);
    for (unsigned i = 0; i < n; i++)
        state->member[i] = (Member){ .is_in = true, .failed_ps = DX_TIME_NEVER };
    actor = info_of(&conf->lacp, is_first, dx_node_bound_name(node, 2 * n + 1));
    partner = info_of(&conf->partner, !is_first, dx_node_bound_name(node, 2 * n + 2));
    dx__lag_init(&state->lag, &lag, state->port, n, &actor, &aggregator_watch, node);
    if (conf->lacp.start == START_CONVERGED)
        converge(node, &partner);
    state->distributing_min = state->distributing;
    return true;
}

static void aggregator_start(DxNode *node)
{
    const AggregatorConf *conf = dx_node_conf(node);
    AggregatorState *state = dx_node_state(node);

    state->timer = dx_node_timer(node, on_timer, 0);
    state->hold = dx_node_timer(node, on_hold, 0);
    dx_node_post(node, 0, on_start, conf->lacp.start == START_COLD);
}

static void aggregator_clear(DxNode *node)
{
    AggregatorState *state = dx_node_state(node);

    g_free(state->port);
    g_free(state->member);
}

const DxModel dx_model_aggregator = {
    .name = "aggregator",
    .summary = "One end of a bundle that speaks LACP: who is in, and when there are too few",
    .conf_size = sizeof(AggregatorConf),
    .state_size = sizeof(AggregatorState),
    .params = aggregator_params,
    .counters = aggregator_counters,
    .init = aggregator_init,
    .start = aggregator_start,
    .observe = aggregator_observe,
    .control = aggregator_control,
    .clear = aggregator_clear,
};
