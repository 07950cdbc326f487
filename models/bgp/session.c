/*
 * bgp/session - a session's life and time: its connections, BFD beside them, the line under them
 */
#include "bgp/speaker-priv.h"

#include <stdarg.h>

/* -- log --------------------------------------------------------------------------------------------- */

void dx__bgp_session_log(Session *session, SpeakerEvent event, const char *format, ...)
{
    const Speaker *speaker = session->speaker;
    g_autofree char *text = NULL, *line = NULL;
    va_list args;

    if (!speaker->watch || !speaker->watch->log || speaker->is_quiet)
        return;
    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    line = g_strdup_printf("neighbor %s %s", session->peer_text, text);
    speaker->watch->log(speaker->user, session->number, event, line);
}

/* -- BFD --------------------------------------------------------------------------------------------- */

static void bfd_send(void *user, const DxBfdPacket *packet)
{
    const Session *session = user;
    const Speaker *speaker = session->speaker;
    uint8_t octets[DX_BFD_BYTES];

    if (!speaker->watch || !speaker->watch->send || session->is_line_down)
        return;
    dx__bfd_encode(packet, &session->local_ip, &session->peer_ip, session->link->bfd[session->end].src_port,
                   octets);
    speaker->watch->send(speaker->user, session->number, SPEAKER_BFD, octets, sizeof octets);
}

/* RFC 5882 4.2: the session goes down with it, unless the neighbour's BFD was only switched off. */
static void bfd_moved(void *user, DxBfdState from, DxBfdState to, DxBfdDiagnostic diagnostic)
{
    Session *session = user;
    const char *why = dx__bfd_diagnostic_name(diagnostic);

    dx__bgp_session_log(session, SPEAKER_BFD_STATE, "BFD %s -> %s%s%s%s", dx__bfd_state_name(from),
                        dx__bfd_state_name(to), diagnostic ? " (" : "", diagnostic && why ? why : "",
                        diagnostic ? ")" : "");
    if (from != DX_BFD_UP || to != DX_BFD_DOWN || session->bfd.remote_state == DX_BFD_ADMIN_DOWN)
        return;
    for (unsigned k = 0; k < 2; k++)
        session->conn[k].fault = (DxBgpFault){ .code = DX_BGP_CEASE, .subcode = DX_BGP_BFD_DOWN };
    dx__bgp_session_stop(session, BGP_AUTOMATIC_STOP, "BFD adjacency down");
}

static const BfdWatch bfd_watch = { bfd_send, bfd_moved };

/* -- life -------------------------------------------------------------------------------------------- */

static uint32_t as_seen_by(const DxBgpRouter *router, DxBgpSessionType type)
{
    return type == DX_BGP_SESSION_EBGP && router->confed_id ? router->confed_id : router->asn;
}

static void set_up_bfd(Session *session)
{
    const DxBgpEnd *end = session->conf;
    const BfdConf conf = { .desired_min_tx_ps = end->bfd_interval_ps,
                           .required_min_rx_ps = end->bfd_interval_ps,
                           .multiplier = (uint8_t)end->bfd_multiplier,
                           .discriminator = 1 + session->index };

    if (session->has_bfd)
        dx__bfd_init(&session->bfd, &conf, &session->bfd_rng, &bfd_watch, session);
}

static DxPrefix subnet_of(const DxBgpSession *link, unsigned end)
{
    DxPrefix subnet = { .network = link->address[end], .length = link->subnet };

    for (unsigned at = subnet.length; at < subnet.network.bits; at++)
        subnet.network.bytes[at / 8] &= (uint8_t) ~(0x80u >> at % 8);
    if (!link->subnet)
        subnet.network.bits = 0;
    return subnet;
}

static void set_up_streams(Session *session)
{
    const Speaker *speaker = session->speaker;
    g_autofree char *node = g_strdup_printf("%s.bgp", speaker->router->name);
    g_autofree char *timers = g_strdup_printf("session %s", session->link->name);
    g_autofree char *bfd = g_strdup_printf("bfd %s", session->link->name);

    dx_rng_init(&session->rng, speaker->tuning.seed, speaker->tuning.replication, node, timers);
    dx_rng_init(&session->bfd_rng, speaker->tuning.seed, speaker->tuning.replication, node, bfd);
}

void dx__bgp_session_new(Speaker *speaker, Session *session, unsigned number, unsigned end)
{
    static const DxBgpSource sources[] = { DX_BGP_EBGP, DX_BGP_CONFED, DX_BGP_IBGP };
    const DxBgpSession *link = &speaker->network->sessions[number];

    *session = (Session){ .speaker = speaker,
                          .index = (unsigned)(session - speaker->sessions),
                          .number = number,
                          .end = end,
                          .link = link,
                          .conf = &link->end[end],
                          .in = link->end[end].in,
                          .out = link->end[end].out,
                          .source = sources[link->type],
                          .peer = &speaker->network->routers[link->router[!end]],
                          .local_ip = link->address[end],
                          .peer_ip = link->address[!end],
                          .subnet = subnet_of(link, end),
                          .family = link->address[end].bits == 128 ? DX_BGP_IPV6 : DX_BGP_IPV4,
                          .has_bfd = link->end[0].has_bfd && link->end[1].has_bfd,
                          .idle_hold_ps = speaker->tuning.idle_hold_ps,
                          .begin_due_ps = DX_TIME_NEVER,
                          .flush_ps = DX_TIME_NEVER,
                          .restart_due_ps = DX_TIME_NEVER,
                          .stale_due_ps = DX_TIME_NEVER,
                          .pending = g_ptr_array_new(),
                          .inbox = g_byte_array_new() };
    session->peer_as = as_seen_by(session->peer, link->type);
    session->my_as = as_seen_by(speaker->router, link->type);
    session->report.established_ps = session->report.down_ps = DX_TIME_NEVER;
    dx_ip_text(&session->peer_ip, session->peer_text);
    set_up_streams(session);
    for (unsigned k = 0; k < 2; k++)
        dx__bgp_conn_new(session, &session->conn[k], k == 0);
    set_up_bfd(session);
}

void dx__bgp_session_free(Session *session)
{
    for (unsigned k = 0; k < 2; k++)
        dx__bgp_conn_free(&session->conn[k]);
    g_ptr_array_unref(session->pending);
    g_byte_array_unref(session->inbox);
}

bool dx__bgp_session_may_begin(const Session *session)
{
    return session->is_started && !session->is_shut && !session->is_over_limit && !session->is_line_down;
}

/* It runs beside the session from its first beginning on. */
static void begin_bfd(Session *session)
{
    if (session->has_bfd && session->bfd.state == DX_BFD_ADMIN_DOWN)
        dx__bfd_enable(&session->bfd, session->speaker->now_ps, true);
}

void dx__bgp_session_begin(Session *session)
{
    if (!dx__bgp_session_may_begin(session))
        return;
    for (unsigned k = 0; k < 2; k++) {
        Conn *conn = &session->conn[k];

        if (!conn->is_used || conn->state != SPEAKER_IDLE)
            continue;
        conn->due_ps[TIMER_IDLE_HOLD] = DX_TIME_NEVER;
        dx__bgp_fsm(conn, conn->is_ours ? BGP_MANUAL_START : BGP_MANUAL_START_PASSIVE);
    }
    begin_bfd(session);
}

void dx__bgp_session_stop(Session *session, BgpEvent event, const char *reason)
{
    session->reason = reason;
    for (unsigned k = 0; k < 2; k++) {
        dx__bgp_fsm(&session->conn[k], event);
        if (!dx__bgp_session_may_begin(session))
            session->conn[k].due_ps[TIMER_IDLE_HOLD] = DX_TIME_NEVER;
    }
    session->reason = NULL;
}

void dx__bgp_session_vanish(Session *session)
{
    const bool was_up = session->up;

    for (unsigned k = 0; k < 2; k++)
        dx__bgp_conn_vanish(&session->conn[k]);
    dx__bgp_session_settle(session);
    if (was_up)
        dx__bgp_session_lost(session, "Process restarted", session->conf->has_graceful_restart);
}

void dx__bgp_session_break(Session *session)
{
    Conn *conn = session->up;

    if (!conn)
        return;
    conn->fault = (DxBgpFault){ .code = 0 };
    dx__bgp_session_stop(session, BGP_AUTOMATIC_STOP, "Peer closed the session");
}

static Conn *conn_for(Session *session, const uint8_t *segment, size_t n)
{
    for (unsigned k = 0; k < 2; k++)
        if (session->conn[k].is_used && dx__transport_is_for(&session->conn[k].tcp, segment, n))
            return &session->conn[k];
    return &session->conn[!session->conn[0].is_used]; /* tells him that there is nobody */
}

/* Once per attempt: a neighbour with another password goes on for hours. */
static void complain_of_md5(Session *session)
{
    session->has_told_md5 = true;
    dx__bgp_session_log(session, SPEAKER_MD5, "Invalid MD5 digest, or none");
}

static void heard_tcp(Session *session, const uint8_t *segment, size_t n)
{
    Conn *conn = conn_for(session, segment, n);
    const uint64_t before = conn->tcp.counters.dropped_md5;

    dx__transport_receive(&conn->tcp, session->speaker->now_ps, segment, n);
    if (conn->tcp.counters.dropped_md5 != before && !session->has_told_md5)
        complain_of_md5(session);
}

void dx__bgp_session_heard(Session *session, SpeakerCarrier carrier, const uint8_t *octets, size_t n)
{
    DxBfdPacket packet;

    if (carrier == SPEAKER_TCP)
        heard_tcp(session, octets, n);
    else if (session->has_bfd &&
             !dx__bfd_decode(octets, n, &session->peer_ip, &session->local_ip, DX_BFD_TTL, &packet))
        dx__bfd_receive(&session->bfd, session->speaker->now_ps, &packet);
}

/* -- time -------------------------------------------------------------------------------------------- */

static bool take_due(Conn *conn, Timer timer)
{
    if (conn->due_ps[timer] > conn->session->speaker->now_ps)
        return false;
    conn->due_ps[timer] = DX_TIME_NEVER;
    return true;
}

static void run_conn(Conn *conn)
{
    static const struct {
        Timer timer;
        BgpEvent event;
        const char *reason;
    } timers[] = {
        { TIMER_HOLD, BGP_HOLD_EXPIRES, "Hold Timer Expired" },
        { TIMER_CONNECT_RETRY, BGP_CONNECT_RETRY_EXPIRES, NULL },
        { TIMER_KEEPALIVE, BGP_KEEPALIVE_EXPIRES, NULL },
        { TIMER_DELAY_OPEN, BGP_DELAY_OPEN_EXPIRES, NULL },
        { TIMER_IDLE_HOLD, BGP_IDLE_HOLD_EXPIRES, NULL },
    };
    Session *session = conn->session;

    dx__transport_run(&conn->tcp, session->speaker->now_ps);
    for (gsize i = 0; i < G_N_ELEMENTS(timers); i++) {
        if (!take_due(conn, timers[i].timer))
            continue;
        if (timers[i].timer == TIMER_IDLE_HOLD && session->up && conn->is_ours)
            continue; /* he has connected meanwhile */
        session->reason = timers[i].reason;
        dx__bgp_fsm(conn, timers[i].event);
        session->reason = NULL;
        if (timers[i].timer == TIMER_IDLE_HOLD)
            begin_bfd(session);
    }
}

void dx__bgp_session_run(Session *session)
{
    const DxTime now_ps = session->speaker->now_ps;

    if (session->has_bfd)
        dx__bfd_run(&session->bfd, now_ps);
    for (unsigned k = 0; k < 2; k++)
        if (session->conn[k].is_used)
            run_conn(&session->conn[k]);
    if (session->begin_due_ps <= now_ps) {
        session->begin_due_ps = DX_TIME_NEVER;
        session->is_over_limit = false;
        dx__bgp_session_begin(session);
    }
    dx__bgp_restart_run(session);
}

DxTime dx__bgp_session_next(const Session *session)
{
    DxTime next_ps = MIN(session->begin_due_ps, session->flush_ps);

    next_ps = MIN(next_ps, MIN(session->restart_due_ps, session->stale_due_ps));
    if (session->has_bfd)
        next_ps = MIN(next_ps, dx__bfd_next(&session->bfd));
    for (unsigned k = 0; k < 2; k++) {
        const Conn *conn = &session->conn[k];

        if (!conn->is_used)
            continue;
        next_ps = MIN(next_ps, dx__transport_next(&conn->tcp));
        for (unsigned i = 0; i < N_TIMERS; i++)
            next_ps = MIN(next_ps, conn->due_ps[i]);
    }
    return next_ps;
}
