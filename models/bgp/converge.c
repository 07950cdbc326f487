/*
 * bgp/converge - all speakers at once, before time 0
 *
 * Sessions of both ends are Established, and messages go by memory in place of TCP. In a round the routers
 * take their turns, in the order of the network; at its turn a router reads all that has come, session by
 * session, and then tells, session by session. A round in which nobody has anything to read is the last.
 */
#include "bgp/speaker-priv.h"

/* Policies that contradict each other never settle (RFC 4264); what is sane needs about as many rounds as
 * the network is wide. */
#define ROUNDS_MAX 1000

typedef struct {
    Session *end[2];
    Conn *conn[2];
} Pair;

static Session *session_of(Speaker *speaker, unsigned number)
{
    return &speaker->sessions[speaker->index_of[number]];
}

static bool may_be_up(Pair *pair)
{
    DxBgpFault fault;
    DxBgpOpen open;

    for (unsigned k = 0; k < 2; k++) {
        dx__bgp_conn_open(pair->conn[!k], &open);
        if (pair->end[k]->is_shut || pair->end[k]->speaker->router->conf->start == DX_BGP_START_COLD ||
            !dx__bgp_negotiate(pair->conn[k], &open, &fault))
            return false;
    }
    return !g_strcmp0(pair->end[0]->conf->password, pair->end[1]->conf->password);
}

static void connect_pair(Speaker *const *speakers, const DxBgpNetwork *network, unsigned number)
{
    const DxBgpSession *link = &network->sessions[number];
    const unsigned connector = link->end[0].passive;
    Pair pair;

    for (unsigned k = 0; k < 2; k++) {
        pair.end[k] = session_of(speakers[link->router[k]], number);
        pair.end[k]->is_started = true;
        pair.conn[k] = &pair.end[k]->conn[k != connector];
    }
    if (!may_be_up(&pair)) {
        pair.end[0]->begin_due_ps = pair.end[1]->begin_due_ps = 0;
        return;
    }
    for (unsigned k = 0; k < 2; k++)
        pair.end[k]->wire = pair.end[!k];
    for (unsigned k = 0; k < 2; k++)
        dx__bgp_fsm_converge(pair.conn[k]);
}

/* -- rounds ------------------------------------------------------------------------------------------ */

/* What arrives while it is read is for the next turn. */
static bool read_inbox(Session *session)
{
    g_autoptr(GByteArray) octets = session->inbox;

    session->inbox = g_byte_array_new();
    if (session->up && octets->len)
        dx__bgp_conn_read(session->up, octets->data, octets->len);
    return octets->len > 0;
}

static bool take_turn(Speaker *speaker)
{
    bool has_read = false;

    for (unsigned i = 0; i < speaker->n_sessions; i++)
        has_read |= read_inbox(&speaker->sessions[i]);
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        if (speaker->sessions[i].flush_ps != DX_TIME_NEVER)
            dx__bgp_rib_out_flush(&speaker->sessions[i]);
    return has_read;
}

static bool settle(Speaker *const *speakers, unsigned n)
{
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        bool has_read = false;

        for (unsigned i = 0; i < n; i++)
            has_read |= take_turn(speakers[i]);
        if (!has_read && round > 0)
            return true;
    }
    return false;
}

/* -- as if it had been so for long --------------------------------------------------------------------- */

static void start_tcp(Pair *pair, DxTime rtt_ps)
{
    uint32_t iss[2];

    for (unsigned k = 0; k < 2; k++)
        iss[k] = (uint32_t)dx_rng_u64(&pair->end[k]->rng);
    for (unsigned k = 0; k < 2; k++) {
        dx__transport_converge(&pair->conn[k]->tcp, 0, iss[k], iss[!k], rtt_ps);
        pair->conn[k]->tcp.remote_port = pair->conn[!k]->tcp.conf.local_port;
    }
}

/* Each has its next KEEPALIVE somewhere in its interval, and heard the other's last one when it was sent. */
static void start_timers(Pair *pair)
{
    DxTime next_ps[2];

    for (unsigned k = 0; k < 2; k++) {
        const DxTime keepalive_ps = pair->conn[k]->keepalive_ps;

        next_ps[k] = keepalive_ps ? 1 + (DxTime)dx_rng_below(&pair->end[k]->rng, (uint64_t)keepalive_ps) : 0;
    }
    for (unsigned k = 0; k < 2; k++) {
        Conn *conn = pair->conn[k];

        if (!conn->keepalive_ps)
            continue;
        conn->due_ps[TIMER_KEEPALIVE] = next_ps[k];
        conn->due_ps[TIMER_HOLD] = conn->hold_ps + next_ps[!k] - pair->conn[!k]->keepalive_ps;
    }
}

static void start_bfd(Pair *pair)
{
    for (unsigned k = 0; k < 2; k++) {
        Session *session = pair->end[k];
        const BfdConf *ours = &session->bfd.conf, *his = &pair->end[!k]->bfd.conf;
        const DxTime interval_ps = MAX(ours->desired_min_tx_ps, his->required_min_rx_ps);

        dx__bfd_converge(&session->bfd, 0, his,
                         1 + (DxTime)dx_rng_below(&session->bfd_rng, (uint64_t)interval_ps));
    }
}

static void forget_past(Session *session)
{
    session->report = (SpeakerReport){ .established_ps = 0, .down_ps = DX_TIME_NEVER };
    session->not_before_ps = 0;
    session->wire = NULL;
    g_byte_array_set_size(session->inbox, 0);
}

static void go_live(Speaker *const *speakers, const DxBgpNetwork *network, unsigned number, DxTime rtt_ps)
{
    const DxBgpSession *link = &network->sessions[number];
    Pair pair;

    for (unsigned k = 0; k < 2; k++) {
        pair.end[k] = session_of(speakers[link->router[k]], number);
        pair.conn[k] = pair.end[k]->up;
    }
    if (!pair.end[0]->wire)
        return;
    if (!pair.conn[0] || !pair.conn[1]) { /* a limit of prefixes, or the like: the other one follows */
        dx__bgp_session_break(pair.end[0]);
        dx__bgp_session_break(pair.end[1]);
    }
    for (unsigned k = 0; k < 2; k++)
        forget_past(pair.end[k]);
    if (!pair.conn[0] || !pair.conn[1])
        return;
    start_tcp(&pair, rtt_ps);
    start_timers(&pair);
    if (pair.end[0]->has_bfd)
        start_bfd(&pair);
}

uint64_t dx__bgp_converge(Speaker *const *speakers, const DxTime *rtt_ps, bool *is_settled)
{
    const DxBgpNetwork *network = speakers[0]->network;
    uint64_t n_updates = 0;

    for (unsigned i = 0; i < network->n_sessions; i++)
        connect_pair(speakers, network, i);
    *is_settled = settle(speakers, network->n_routers);
    for (unsigned i = 0; i < network->n_routers; i++)
        for (unsigned k = 0; k < speakers[i]->n_sessions; k++)
            n_updates += speakers[i]->sessions[k].report.tx_updates;
    for (unsigned i = 0; i < network->n_sessions; i++)
        go_live(speakers, network, i, rtt_ps ? rtt_ps[i] : DX_MS);
    for (unsigned i = 0; i < network->n_routers; i++)
        dx__bgp_speaker_live(speakers[i]);
    return n_updates;
}
