/*
 * lacp - the reference engine's own reading of IEEE 802.1AX, clause 6.4
 *
 * One switch per machine. All ports of an end are gone through, machine by machine (receive, selection, mux,
 * periodic, churn), until nothing moves; then whoever needs to transmits.
 */
#include "reference-priv.h"

#include <string.h>

#define SECOND DX_S

enum {
    ACTIVITY = 1,
    TIMEOUT = 2,
    AGGREGATION = 4,
    SYNC = 8,
    COLLECTING = 16,
    DISTRIBUTING = 32,
    DEFAULTED = 64,
    EXPIRED = 128
};
enum { DISABLED, WAS_EXPIRED, WAS_DEFAULTED, CURRENT, INITIAL };
enum { DETACHED, WAITING, ATTACHED, COLLECTS, DISTRIBUTES, DOES_BOTH };
enum { SILENT, FAST, SLOW };
enum { MONITORED, NOT_CHURNED, CHURNED };
enum { UNSELECTED, STANDBY, SELECTED };

static const char *const rx_names[] = { "PORT_DISABLED", "EXPIRED", "DEFAULTED", "CURRENT", "INITIALIZE" };
static const char *const mux_names[] = { "DETACHED",   "WAITING",      "ATTACHED",
                                         "COLLECTING", "DISTRIBUTING", "COLLECTING_DISTRIBUTING" };
static const char *const churn_names[] = { "CHURN_MONITOR", "NO_CHURN", "CHURN" };
static const char *const selection_names[] = { "UNSELECTED", "STANDBY", "SELECTED" };

typedef struct {
    Ear *ear;
    LacpInfo me, other;
    int rx, mux, periodic, selected;
    int churn[2];        /* mine, the other's */
    DxTime churn_due[2]; /* DX_TIME_NEVER: not counted */
    DxTime current_while, wait_while, period_ends;
    DxTime sent[3]; /* the last three */
    bool is_up, must_send, collected, distributed, in_hash;
    const LacpSaid *news;
    DxTime failed_at;
} Port;

struct LacpEnd {
    Node node;
    Hash *hash; /* NULL: nobody sends from here */
    uint32_t n, full, max;
    Port *port;
    bool is_coupled, is_cold, is_down, is_holding;
    uint64_t wake, hold; /* numbers of what was posted last */
    uint64_t min_links;
    DxTime hold_off, down_since;
    uint64_t distributing, distributing_min, down_ps, timeouts, detections, detection_ps;
};

/* -- small words -------------------------------------------------------------------------------------- */

static void tell(ReferenceWorld *world, const Port *port, const char *machine, const char *const *names,
                 int *state, int to)
{
    char *detail = g_strdup_printf("%s -> %s", names[*state], names[to]);

    if (*state != to)
        world_log(world, port->ear->node.name, machine, detail);
    *state = to;
    g_free(detail);
}

static void put(LacpInfo *info, unsigned bits, bool on)
{
    info->state = (uint8_t)(on ? info->state | bits : info->state & ~bits);
}

static bool is_one(const LacpInfo *a, const LacpInfo *b)
{
    return a->system == b->system && a->system_priority == b->system_priority && a->key == b->key &&
           a->port == b->port && a->port_priority == b->port_priority &&
           (a->state & AGGREGATION) == (b->state & AGGREGATION);
}

/* -- receive: 6.4.12 ---------------------------------------------------------------------------------- */

static void expire(ReferenceWorld *world, Port *port)
{
    put(&port->other, SYNC, false);
    put(&port->other, TIMEOUT, true);
    put(&port->me, EXPIRED, true);
    port->current_while = world->now + 3 * SECOND;
}

static void forget(Port *port)
{
    const LacpInfo nobody = { 0 };

    if (!is_one(&nobody, &port->other))
        port->selected = UNSELECTED;
    port->other = nobody;
    put(&port->me, DEFAULTED, true);
    put(&port->me, EXPIRED, false);
}

static void listen(ReferenceWorld *world, Port *port)
{
    const LacpSaid *said = port->news;
    const unsigned compared = ACTIVITY | TIMEOUT | SYNC | AGGREGATION;
    bool knows_me = is_one(&said->partner, &port->me), keeps_on, in_sync;

    if (!is_one(&said->actor, &port->other))
        port->selected = UNSELECTED;
    if (!knows_me || (said->partner.state & compared) != (port->me.state & compared))
        port->must_send = true;
    keeps_on = said->actor.state & ACTIVITY || (port->me.state & ACTIVITY && said->partner.state & ACTIVITY);
    in_sync = said->actor.state & SYNC && keeps_on && (knows_me || !(said->actor.state & AGGREGATION));
    port->other = said->actor;
    put(&port->other, SYNC, in_sync);
    put(&port->me, DEFAULTED | EXPIRED, false);
    port->current_while = world->now + (port->me.state & TIMEOUT ? 3 : 90) * SECOND;
    port->news = NULL;
}

static bool receive(ReferenceWorld *world, LacpEnd *end, Port *port)
{
    bool moved = false;

    if (port->rx == INITIAL || (!port->is_up && port->rx != DISABLED)) {
        put(&port->other, SYNC, false);
        tell(world, port, "rx", rx_names, &port->rx, DISABLED);
        moved = true;
    }
    if (!port->is_up) {
        port->news = NULL;
        return moved;
    }
    if (port->rx == DISABLED) {
        tell(world, port, "rx", rx_names, &port->rx, WAS_EXPIRED);
        expire(world, port);
        moved = true;
    }
    if (port->news) {
        tell(world, port, "rx", rx_names, &port->rx, CURRENT);
        listen(world, port);
        moved = true;
    } else if (port->rx == CURRENT && port->current_while <= world->now) {
        end->timeouts++;
        tell(world, port, "rx", rx_names, &port->rx, WAS_EXPIRED);
        expire(world, port);
        moved = true;
    } else if (port->rx == WAS_EXPIRED && port->current_while <= world->now) {
        tell(world, port, "rx", rx_names, &port->rx, WAS_DEFAULTED);
        forget(port);
        moved = true;
    }
    return moved;
}

/* -- selection: 6.4.14 -------------------------------------------------------------------------------- */

static bool can_join(const Port *port)
{
    if (port->selected == UNSELECTED && port->mux != DETACHED)
        return false;
    return port->is_up && !(port->me.state & DEFAULTED) && port->me.state & AGGREGATION &&
           port->other.state & AGGREGATION;
}

/* All members are alike but for their number, so the first that can join are the best. */
static bool choose(ReferenceWorld *world, LacpEnd *end)
{
    uint32_t n = 0;
    bool moved = false;

    for (uint32_t i = 0; i < end->n; i++) {
        Port *port = &end->port[i];
        const int was = port->selected;
        int to = UNSELECTED;

        if (can_join(port))
            to = end->max && n++ >= end->max ? STANDBY : SELECTED;
        if (to == was)
            continue;
        moved = true;
        if (to == STANDBY || was == STANDBY)
            tell(world, port, "selection", selection_names, &port->selected, to);
        port->selected = to;
    }
    return moved;
}

/* -- mux: 6.4.15 -------------------------------------------------------------------------------------- */

static bool all_have_waited(const ReferenceWorld *world, const LacpEnd *end)
{
    for (uint32_t i = 0; i < end->n; i++)
        if (end->port[i].mux == WAITING && end->port[i].selected == SELECTED &&
            end->port[i].wait_while > world->now)
            return false;
    return true;
}

/* Where it goes from here; the same: nowhere. */
static int mux_next(const ReferenceWorld *world, const LacpEnd *end, const Port *port)
{
    const bool in = port->selected == SELECTED, sync = in && port->other.state & SYNC;

    switch (port->mux) {
    case DETACHED:
        return port->selected != UNSELECTED ? WAITING : DETACHED;
    case WAITING:
        if (port->selected == UNSELECTED)
            return DETACHED;
        return in && all_have_waited(world, end) ? ATTACHED : WAITING;
    case ATTACHED:
        if (!in)
            return DETACHED;
        return !sync ? ATTACHED : end->is_coupled ? DOES_BOTH : COLLECTS;
    case COLLECTS:
        if (!sync)
            return ATTACHED;
        return port->other.state & COLLECTING ? DISTRIBUTES : COLLECTS;
    case DISTRIBUTES:
        return sync && port->other.state & COLLECTING ? DISTRIBUTES : COLLECTS;
    default:
        return sync ? DOES_BOTH : ATTACHED;
    }
}

static bool multiplex(ReferenceWorld *world, LacpEnd *end, Port *port)
{
    bool moved = false;

    for (int to; (to = mux_next(world, end, port)) != port->mux; moved = true) {
        tell(world, port, "mux", mux_names, &port->mux, to);
        put(&port->me, SYNC, to >= ATTACHED);
        put(&port->me, COLLECTING, to >= COLLECTS);
        put(&port->me, DISTRIBUTING, to >= DISTRIBUTES);
        if (to == WAITING)
            port->wait_while = world->now + 2 * SECOND;
        else if (to != DISTRIBUTES)
            port->must_send = true;
    }
    return moved;
}

/* -- periodic: 6.4.13 --------------------------------------------------------------------------------- */

static void begin_period(ReferenceWorld *world, Port *port)
{
    port->periodic = port->other.state & TIMEOUT ? FAST : SLOW;
    port->period_ends = world->now + (port->periodic == FAST ? 1 : 30) * SECOND;
}

static bool repeat(ReferenceWorld *world, Port *port)
{
    const int was = port->periodic;

    if (!port->is_up || !((port->me.state | port->other.state) & ACTIVITY)) {
        port->periodic = SILENT;
        port->period_ends = DX_TIME_NEVER;
    } else if (was == SILENT || (was == FAST && !(port->other.state & TIMEOUT))) {
        begin_period(world, port);
    } else if ((was == SLOW && port->other.state & TIMEOUT) || port->period_ends <= world->now) {
        port->must_send = true;
        begin_period(world, port);
        return true;
    }
    return port->periodic != was;
}

/* -- churn: 6.4.17 ------------------------------------------------------------------------------------ */

static bool churn(ReferenceWorld *world, Port *port, unsigned whose)
{
    static const char *const names[] = { "actor_churn", "partner_churn" };
    const bool in_sync = (whose ? port->other.state : port->me.state) & SYNC;
    const int was = port->churn[whose];
    DxTime *due = &port->churn_due[whose];
    int to = was;

    if (!port->is_up)
        to = MONITORED;
    else if (in_sync)
        to = NOT_CHURNED;
    else if (was == NOT_CHURNED)
        to = MONITORED;
    else if (was == MONITORED && *due <= world->now)
        to = CHURNED;
    if (to != MONITORED || !port->is_up)
        *due = DX_TIME_NEVER;
    else if (*due == DX_TIME_NEVER)
        *due = world->now + 60 * SECOND;
    tell(world, port, names[whose], churn_names, &port->churn[whose], to);
    return to != was;
}

/* -- transmit: 6.4.16 --------------------------------------------------------------------------------- */

static DxTime may_send_at(const Port *port)
{
    return port->sent[0] < 0 ? 0 : port->sent[0] + SECOND;
}

static void say(ReferenceWorld *world, Ear *ear, LacpSaid said)
{
    const Hop to = part_hop(ear->sends_by, PORT_INPUT_HEARTBEAT);
    Frame *frame = g_new0(Frame, 1);

    *frame = (Frame){ .birth_ps = world->now,
                      .flow = DX_NO_FLOW,
                      .seq = ear->sent++,
                      .group = DX_NONE,
                      .size_bytes = 110,
                      .pcp = ear->pcp,
                      .said = said };
    frame_born(world, frame);
    world_send(world, &to, frame);
}

static void transmit(ReferenceWorld *world, Port *port)
{

    if (port->periodic == SILENT)
        port->must_send = false;
    if (!port->must_send || may_send_at(port) > world->now)
        return;
    port->must_send = false;
    port->sent[0] = port->sent[1];
    port->sent[1] = port->sent[2];
    port->sent[2] = world->now;
    port->ear->tx_pdus++;
    say(world, port->ear, (LacpSaid){ .actor = port->me, .partner = port->other });
}

/* -- the bundle --------------------------------------------------------------------------------------- */

static void tell_hash(ReferenceWorld *world, LacpEnd *end)
{
    for (uint32_t i = 0; i < end->n; i++) {
        Port *port = &end->port[i];
        const bool is_in = port->distributed && !end->is_down;

        if (end->hash && port->in_hash != is_in)
            hash_set(world, end->hash, i, is_in);
        port->in_hash = is_in;
    }
}

static void bundle_log(ReferenceWorld *world, const LacpEnd *end, const char *event, const char *between,
                       uint64_t than)
{
    char *detail =
        g_strdup_printf("%" G_GUINT64_FORMAT "%s%" G_GUINT64_FORMAT, end->distributing, between, than);

    world_log(world, end->node.name, event, detail);
    g_free(detail);
}

static void rise(ReferenceWorld *world, LacpEnd *end)
{
    end->is_down = false;
    end->down_ps += (uint64_t)(world->now - end->down_since);
    bundle_log(world, end, "lag_up", " of ", end->full);
}

static void held_off(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    LacpEnd *end = who;

    (void)none;
    if (!end->is_holding || number != end->hold)
        return;
    end->is_holding = false;
    rise(world, end);
    tell_hash(world, end);
}

static void count_links(ReferenceWorld *world, LacpEnd *end)
{
    if (end->distributing < end->min_links) {
        end->is_holding = false;
        if (!end->is_down) {
            end->is_down = true;
            end->down_since = world->now;
            bundle_log(world, end, "lag_down", " below min_links ", end->min_links);
        }
    } else if (end->is_down && !end->is_holding && !end->hold_off) {
        rise(world, end);
    } else if (end->is_down && !end->is_holding) {
        end->is_holding = true;
        world_post(world, world->now + end->hold_off, &end->node, held_off, end, ++end->hold);
    }
}

static void note(ReferenceWorld *world, LacpEnd *end, Port *port)
{
    const DxTime took = world->now - port->failed_at;
    char *text, *detail;

    if (port->failed_at < 0)
        return;
    port->failed_at = -1;
    end->detections++;
    end->detection_ps = MAX(end->detection_ps, (uint64_t)took);
    text = dx_units_format_short(DX_UNIT_TIME, took);
    detail = g_strdup_printf("out %s after it failed", text);
    world_log(world, port->ear->node.name, "detected", detail);
    g_free(detail);
    g_free(text);
}

static void look(ReferenceWorld *world, LacpEnd *end)
{
    const uint64_t before = end->distributing;

    end->distributing = 0;
    for (uint32_t i = 0; i < end->n; i++) {
        Port *port = &end->port[i];
        const bool distributes = port->me.state & DISTRIBUTING;

        if (port->distributed && !distributes)
            note(world, end, port);
        port->distributed = distributes;
        port->ear->collects = port->me.state & COLLECTING;
        end->distributing += distributes;
    }
    end->distributing_min = MIN(end->distributing_min, end->distributing);
    if (end->distributing < before || (end->distributing > before && end->distributing < end->full))
        bundle_log(world, end, "lag_degraded", " of ", end->full);
    else if (end->distributing > before)
        bundle_log(world, end, "lag_complete", " of ", end->full);
    count_links(world, end);
    tell_hash(world, end);
}

/* -- going on ----------------------------------------------------------------------------------------- */

static void go_on(ReferenceWorld *world, LacpEnd *end);

static void woken(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    LacpEnd *end = who;

    (void)none;
    if (number == end->wake)
        go_on(world, end);
}

static DxTime earliest(const ReferenceWorld *world, const LacpEnd *end)
{
    DxTime at = DX_TIME_NEVER;

    for (uint32_t i = 0; i < end->n; i++) {
        const Port *port = &end->port[i];
        const DxTime due[] = { port->rx == CURRENT || port->rx == WAS_EXPIRED ? port->current_while
                                                                              : DX_TIME_NEVER,
                               port->mux == WAITING ? port->wait_while : DX_TIME_NEVER,
                               port->period_ends,
                               port->churn_due[0],
                               port->churn_due[1],
                               port->must_send ? may_send_at(port) : DX_TIME_NEVER };

        for (unsigned k = 0; k < G_N_ELEMENTS(due); k++)
            if (due[k] > world->now)
                at = MIN(at, due[k]);
    }
    return at;
}

static void go_on(ReferenceWorld *world, LacpEnd *end)
{
    bool moved;
    DxTime next;

    do {
        moved = false;
        for (uint32_t i = 0; i < end->n; i++)
            moved |= receive(world, end, &end->port[i]);
        moved |= choose(world, end);
        for (uint32_t i = 0; i < end->n; i++)
            moved |= multiplex(world, end, &end->port[i]);
        for (uint32_t i = 0; i < end->n; i++)
            moved |= repeat(world, &end->port[i]);
        for (unsigned whose = 0; whose < 2; whose++)
            for (uint32_t i = 0; i < end->n; i++)
                moved |= churn(world, &end->port[i], whose);
    } while (moved);
    for (uint32_t i = 0; i < end->n; i++)
        transmit(world, &end->port[i]);
    look(world, end);
    next = earliest(world, end);
    end->wake++;
    if (next != DX_TIME_NEVER)
        world_post(world, next, &end->node, woken, end, end->wake);
}

/* -- ears --------------------------------------------------------------------------------------------- */

static void ear_heard(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Ear *ear = who;
    LacpSaid *said = g_queue_pop_head(ear->heard);

    (void)none;
    (void)arg;
    if (said->marker == ASKS) {
        say(world, ear, (LacpSaid){ .marker = ANSWERS, .transaction = said->transaction });
    } else if (said->marker == ANSWERS) {
        if (ear->end->hash && ear->end->hash->marks)
            marks_answer(world, ear->end->hash, ear->member, said->transaction);
    } else {
        ear->rx_pdus++;
        ear->end->port[ear->member].news = said;
        go_on(world, ear->end);
    }
    g_free(said);
}

void ear_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Ear *ear = who;

    (void)arg;
    if (frame->group != DX_NONE && ear->collects) {
        world_send(world, &ear->next, frame);
    } else if (frame->group != DX_NONE) {
        ear->not_collecting++;
        frame_drop(world, &ear->node, frame, "not_collecting");
    } else {
        g_queue_push_tail(ear->heard, g_memdup2(&frame->said, sizeof frame->said));
        frame_deliver(world, &ear->node, frame);
        world_post(world, world->now + ear->reaction_ps, &ear->node, ear_heard, ear, 0);
    }
}

void ear_line(ReferenceWorld *world, Ear *ear, bool is_lit, bool carries)
{
    Port *port = &ear->end->port[ear->member];

    if (carries)
        port->failed_at = -1;
    else if (port->distributed && port->failed_at < 0)
        port->failed_at = world->now;
    port->is_up = is_lit;
    go_on(world, ear->end);
}

Ear *ear_new(ReferenceWorld *world, const char *direction, const void *conf)
{
    Ear *ear = g_new0(Ear, 1);

    node_init(world, &ear->node, node_name(direction, "lacp"));
    ear->reaction_ps = conf_int(world, "lacp", conf, "reaction");
    ear->pcp = (uint32_t)conf_int(world, "lacp", conf, "pcp");
    ear->collects = conf_int(world, "lacp", conf, "start") == 0;
    ear->heard = g_queue_new();
    return ear;
}

void ear_free(Ear *ear)
{
    if (!ear)
        return;
    g_queue_free_full(ear->heard, g_free);
    g_free(ear->node.name);
    g_free(ear);
}

void ear_watch(ReferenceWorld *world, const char *object, Ear *ear, bool counts)
{
    DxResults *results = world->reference->results;

    if (counts) {
        dx_results_watch(results, "model", ear->node.name, "tx_pdus", DX_COUNTER_SUM, &ear->tx_pdus);
        dx_results_watch(results, "model", ear->node.name, "rx_pdus", DX_COUNTER_SUM, &ear->rx_pdus);
        return;
    }
    dx_results_watch(results, "link", object, "dropped_not_collecting", DX_COUNTER_SUM, &ear->not_collecting);
    dx_results_watch(results, "link", object, "dropped_malformed", DX_COUNTER_SUM, &ear->malformed);
}

/* -- ends --------------------------------------------------------------------------------------------- */

static LacpInfo info_of(const ReferenceWorld *world, const DxScLag *lag, unsigned whose, uint32_t port)
{
    const void *conf = lag->lacp[whose];
    const int mode = (int)conf_int(world, "lacp", conf, "mode");
    const bool is_passive = mode == 3 || mode == (whose ? 1 : 2),
               is_fast = !conf_int(world, "lacp", conf, "rate");

    return (LacpInfo){ .system = 1 + lag->end[whose],
                       .system_priority = (uint16_t)conf_int(world, "lacp", conf, "system_priority"),
                       .key = (uint16_t)conf_int(world, "lacp", conf, "key"),
                       .port_priority = (uint16_t)conf_int(world, "lacp", conf, "port_priority"),
                       .port = (uint16_t)(1 + port),
                       .state =
                           (uint8_t)(AGGREGATION | (is_passive ? 0 : ACTIVITY) | (is_fast ? TIMEOUT : 0)) };
}

/* It has been up for long, in some phase; or it waits. */
static void be_converged(const LacpEnd *end, Port *port, const LacpInfo *other, uint32_t their_max,
                         DxTime phase)
{
    const uint32_t number = (uint32_t)(port - end->port);
    const bool may = !end->max || number < end->max, they_may = !their_max || number < their_max;
    const bool is_in = may && they_may;

    port->is_up = true;
    port->other = *other;
    port->rx = CURRENT;
    port->current_while = (port->me.state & TIMEOUT ? 3 : 90) * SECOND;
    port->periodic = other->state & TIMEOUT ? FAST : SLOW;
    port->period_ends = phase;
    port->selected = may ? SELECTED : STANDBY;
    port->mux = !may ? WAITING : !they_may ? ATTACHED : end->is_coupled ? DOES_BOTH : DISTRIBUTES;
    port->churn[0] = may ? NOT_CHURNED : CHURNED;
    port->churn[1] = they_may ? NOT_CHURNED : CHURNED;
    put(&port->me, COLLECTING | DISTRIBUTING, is_in);
    put(&port->other, COLLECTING | DISTRIBUTING, is_in);
    put(&port->me, SYNC, may);
    put(&port->other, SYNC, they_may);
    port->distributed = is_in;
}

LacpEnd *lacp_end_new(ReferenceWorld *world, uint32_t index, unsigned d, const char *direction)
{
    const DxScLag *lag = DX_SC(world->scenario, lags, DxScLag, index);
    const DxTime period = (conf_int(world, "lacp", lag->lacp[1 - d], "rate") ? 30 : 1) * SECOND;
    const uint32_t their_max = (uint32_t)conf_int(world, "lacp", lag->lacp[1 - d], "selected_max");
    LacpEnd *end = g_new0(LacpEnd, 1);
    DxRng rng;

    node_init(world, &end->node, node_name(direction, "lacp"));
    end->n = lag->n_members;
    end->max = (uint32_t)conf_int(world, "lacp", lag->lacp[d], "selected_max");
    end->full = end->n;
    if (end->max)
        end->full = MIN(end->full, end->max);
    if (their_max)
        end->full = MIN(end->full, their_max);
    end->is_coupled = conf_int(world, "lacp", lag->lacp[d], "control") == 1;
    end->is_cold = conf_int(world, "lacp", lag->lacp[d], "start") == 1;
    end->min_links = (uint64_t)conf_int(world, "aggregator", lag->aggregator, "min_links");
    end->hold_off = conf_int(world, "aggregator", lag->aggregator, "hold_off");
    end->port = g_new0(Port, end->n);
    node_rng(world, &end->node, "phase", &rng);
    for (uint32_t i = 0; i < end->n; i++) {
        const LacpInfo other = info_of(world, lag, 1 - d, i);
        Port *port = &end->port[i];

        *port = (Port){ .me = info_of(world, lag, d, i),
                        .rx = INITIAL,
                        .in_hash = true,
                        .failed_at = -1,
                        .churn_due = { DX_TIME_NEVER, DX_TIME_NEVER },
                        .period_ends = DX_TIME_NEVER,
                        .sent = { -1, -1, -1 },
                        .must_send = true };
        put(&port->me, DEFAULTED, true);
        if (end->is_cold)
            continue;
        put(&port->me, DEFAULTED, false);
        port->must_send = false;
        be_converged(end, port, &other, their_max, (DxTime)dx_rng_below(&rng, (uint64_t)period));
        end->distributing += port->distributed;
    }
    end->distributing_min = end->distributing;
    return end;
}

void lacp_end_wire(LacpEnd *end, uint32_t member, Ear *ear, Hash *hash)
{
    end->port[member].ear = ear;
    end->hash = hash;
    if (hash)
        marks_name(hash, member, ear->node.name);
    ear->end = end;
    ear->member = member;
}

static void started(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    LacpEnd *end = who;

    (void)none;
    (void)arg;
    for (uint32_t i = 0; i < end->n && end->is_cold; i++)
        end->port[i].is_up = true;
    go_on(world, end);
}

void lacp_end_start(ReferenceWorld *world, LacpEnd *end)
{
    world_post(world, 0, &end->node, started, end, 0);
}

bool lacp_end_is_down(const LacpEnd *end)
{
    return end->is_down;
}

void lacp_end_observe(const ReferenceWorld *world, LacpEnd *end)
{
    if (!end->is_down)
        return;
    end->down_ps += (uint64_t)(world->now - end->down_since);
    end->down_since = world->now;
}

void lacp_end_watch(ReferenceWorld *world, const char *object, LacpEnd *end)
{
    DxResults *results = world->reference->results;

    dx_results_watch(results, "lag", object, "distributing", DX_COUNTER_GAUGE, &end->distributing);
    dx_results_watch(results, "lag", object, "distributing_min", DX_COUNTER_GAUGE, &end->distributing_min);
    dx_results_watch(results, "lag", object, "down_ps", DX_COUNTER_SUM, &end->down_ps);
    dx_results_watch(results, "lag", object, "timeouts", DX_COUNTER_SUM, &end->timeouts);
    dx_results_watch(results, "lag", object, "detections", DX_COUNTER_SUM, &end->detections);
    dx_results_watch(results, "lag", object, "detection_ps", DX_COUNTER_MAX, &end->detection_ps);
}

void lacp_end_free(LacpEnd *end)
{
    if (!end)
        return;
    g_free(end->port);
    g_free(end->node.name);
    g_free(end);
}
