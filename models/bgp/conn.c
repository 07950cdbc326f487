/*
 * bgp/conn - one connection of a session, and the messages in its streams
 *
 * An end connects or listens; with both_connect both do both, and RFC 4271 6.8 says which of two connections
 * stays. Messages are taken from a stream as soon as they are whole; what is wrong with one ends the session
 * with the NOTIFICATION that RFC 4271 section 6 has for it.
 */
#include "bgp/speaker-priv.h"

/* -- reasons ------------------------------------------------------------------------------------------ */

static const char *fault_text(const DxBgpFault *fault, char text[96])
{
    const char *code = dx__bgp_code_name(fault->code);
    const char *subcode = dx__bgp_subcode_name(fault->code, fault->subcode);

    g_snprintf(text, 96, "%u/%u (%s%s%s)", fault->code, fault->subcode, code ? code : "unknown",
               subcode ? "/" : "", subcode ? subcode : "");
    return text;
}

/* A reason that is put together. */
static void set_reason(Session *session, const char *what, const DxBgpFault *fault)
{
    char text[96];

    g_snprintf(session->reason_text, sizeof session->reason_text, "%s %s", what, fault_text(fault, text));
    session->reason = session->reason_text;
}

/* -- sending ----------------------------------------------------------------------------------------- */

void dx__bgp_conn_send(Conn *conn, const uint8_t *message, size_t n)
{
    Session *session = conn->session;

    session->report.tx_messages++;
    session->report.tx_bytes += n;
    if (session->wire)
        g_byte_array_append(session->wire->inbox, message, (guint)n);
    else
        dx__transport_send(&conn->tcp, session->speaker->now_ps, message, n);
}

void dx__bgp_conn_open(const Conn *conn, DxBgpOpen *open)
{
    const Session *session = conn->session;
    const uint8_t family = (uint8_t)(1u << session->family);
    const bool is_restarting = session->speaker->is_restarting;

    *open = (DxBgpOpen){ .as = session->my_as,
                         .hold_s = (uint16_t)(session->conf->hold_ps / DX_S),
                         .router_id = session->speaker->knobs.router_id,
                         .families = family,
                         .has_multiprotocol = true,
                         .has_as4 = true,
                         .has_refresh = true };
    if (!session->conf->has_graceful_restart)
        return;
    open->has_restart = true;
    open->is_restarting = is_restarting;
    open->restart_s = (uint16_t)(session->conf->restart_ps / DX_S);
    open->restart_families = family;
    open->forwarding = is_restarting ? family : 0;
}

void dx__bgp_conn_send_open(Conn *conn)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];
    DxBgpOpen open;

    dx__bgp_conn_open(conn, &open);
    dx__bgp_conn_send(conn, message, dx__bgp_encode_open(&open, message));
}

/* Restarts the KeepaliveTimer, as whatever shows that we are there does. */
static void restart_keepalive(Conn *conn)
{
    conn->due_ps[TIMER_KEEPALIVE] =
        conn->keepalive_ps ? conn->session->speaker->now_ps + conn->keepalive_ps : DX_TIME_NEVER;
}

void dx__bgp_conn_send_keepalive(Conn *conn)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];

    dx__bgp_conn_send(conn, message, dx__bgp_encode_keepalive(message));
    restart_keepalive(conn);
}

void dx__bgp_conn_send_update(Conn *conn, const uint8_t *message, size_t n)
{
    conn->session->report.tx_updates++;
    dx__bgp_conn_send(conn, message, n);
    restart_keepalive(conn);
}

/* A fault without a code: there is nobody to tell. */
void dx__bgp_conn_notify(Conn *conn, const DxBgpFault *fault)
{
    Session *session = conn->session;
    uint8_t message[DX_BGP_MESSAGE_MAX];
    char text[96];

    if (!fault->code)
        return;
    dx__bgp_conn_send(conn, message, dx__bgp_encode_notification(fault, message));
    session->report.last_code = fault->code;
    session->report.last_subcode = fault->subcode;
    dx__bgp_session_log(session, SPEAKER_SENT, "sent NOTIFICATION %s%s%s", fault_text(fault, text),
                        fault->why ? ": " : "", fault->why ? fault->why : "");
    if (!session->reason)
        set_reason(session, "BGP Notification sent", fault);
}

/* -- connections ------------------------------------------------------------------------------------- */

static bool is_listened_to(const Conn *conn)
{
    return conn->state >= SPEAKER_OPEN_SENT || conn->due_ps[TIMER_DELAY_OPEN] != DX_TIME_NEVER;
}

static void forget_input(Conn *conn)
{
    g_byte_array_unref(conn->in); /* may be being read */
    conn->in = g_byte_array_new();
}

/* RST, and what has not been read is forgotten. */
void dx__bgp_conn_abort(Conn *conn)
{
    forget_input(conn);
    if (conn->tcp.state != TRANSPORT_CLOSED)
        dx__transport_abort(&conn->tcp, conn->session->speaker->now_ps);
}

static uint32_t draw_iss(Conn *conn)
{
    return (uint32_t)dx_rng_u64(&conn->session->rng);
}

/* A router would leave what is not closed yet to its kernel, and take another port: who does not hear us finds out
 * by his own timer. */
static void begin_anew(Conn *conn)
{
    forget_input(conn);
    dx__transport_forget(&conn->tcp);
}

void dx__bgp_conn_connect(Conn *conn)
{
    begin_anew(conn);
    dx__transport_open(&conn->tcp, conn->session->speaker->now_ps, draw_iss(conn));
}

void dx__bgp_conn_listen(Conn *conn)
{
    begin_anew(conn);
    dx__transport_listen(&conn->tcp, conn->session->speaker->now_ps, draw_iss(conn));
}

/* After what was sent; what was not connected goes without a word. */
void dx__bgp_conn_drop(Conn *conn)
{
    const DxTime now_ps = conn->session->speaker->now_ps;

    switch (conn->tcp.state) {
    case TRANSPORT_CLOSED:
        break;
    case TRANSPORT_ESTABLISHED:
    case TRANSPORT_CLOSE_WAIT:
        if (!conn->session->is_line_down)
            dx__transport_close(&conn->tcp, now_ps);
        else
            dx__transport_abort(&conn->tcp, now_ps);
        break;
    case TRANSPORT_FIN_WAIT:
    case TRANSPORT_LAST_ACK:
        break;
    default:
        dx__transport_abort(&conn->tcp, now_ps);
        break;
    }
}

static void tcp_transmit(void *user, const uint8_t *segment, size_t n)
{
    const Session *session = ((Conn *)user)->session;
    const Speaker *speaker = session->speaker;

    if (speaker->watch && speaker->watch->send && !session->is_line_down)
        speaker->watch->send(speaker->user, session->number, SPEAKER_TCP, segment, n);
}

static void tcp_connected(void *user)
{
    Conn *conn = user;

    dx__bgp_fsm(conn, conn->is_ours ? BGP_TCP_CR_ACKED : BGP_TCP_CONFIRMED);
}

static void tcp_arrived(void *user, const uint8_t *data, size_t n)
{
    dx__bgp_conn_read(user, data, n);
}

static void fail(Conn *conn, const char *reason)
{
    Session *session = conn->session;

    session->reason = reason;
    dx__bgp_fsm(conn, BGP_TCP_FAILS);
    session->reason = NULL;
}

static void tcp_ended(void *user)
{
    fail(user, "Peer closed the session");
}

static void tcp_closed(void *user, TransportReason reason)
{
    static const char *const reasons[TRANSPORT_N_REASONS] = {
        [TRANSPORT_FINISHED] = "Peer closed the session",
        [TRANSPORT_REFUSED] = "Connection refused",
        [TRANSPORT_RESET] = "Connection reset by peer",
        [TRANSPORT_TIMED_OUT] = "Connection timed out",
    };
    Conn *conn = user;

    if (conn->state == SPEAKER_ACTIVE && !conn->is_ours &&
        !is_listened_to(conn)) /* somebody who did not come to an end of SYNs */
        dx__bgp_conn_listen(conn);
    else
        fail(conn, reasons[reason]);
}

static const TransportWatch tcp_watch = { tcp_transmit, tcp_connected, tcp_arrived, tcp_ended, tcp_closed };

/* -- OPEN -------------------------------------------------------------------------------------------- */

static bool refuse(DxBgpFault *fault, uint8_t subcode, const char *why)
{
    *fault = (DxBgpFault){ .code = DX_BGP_OPEN_ERROR, .subcode = subcode, .why = why };
    return false;
}

bool dx__bgp_negotiate(Conn *conn, const DxBgpOpen *open, DxBgpFault *fault)
{
    Session *session = conn->session;
    const DxBgpEnd *conf = session->conf;
    const DxTime theirs_ps = open->hold_s * DX_S, ours_ps = conf->hold_ps / DX_S * DX_S;
    const uint32_t own_id = session->speaker->knobs.router_id;

    if (open->as != session->peer_as)
        return refuse(fault, DX_BGP_BAD_PEER_AS, "not the AS that is expected");
    if (!open->router_id || (session->source != DX_BGP_EBGP && open->router_id == own_id))
        return refuse(fault, DX_BGP_BAD_IDENTIFIER, "it is our own, or none");
    if (open->hold_s == 1 || open->hold_s == 2)
        return refuse(fault, DX_BGP_BAD_HOLD_TIME, "hold time of less than 3 s");
    if (!(open->families >> session->family & 1))
        return refuse(fault, DX_BGP_UNSUPPORTED_CAPABILITY, "no address family in common");
    conn->open = *open;
    conn->hold_ps = MIN(ours_ps, theirs_ps);
    conn->keepalive_ps = conn->hold_ps ? MIN(conf->keepalive_ps, conn->hold_ps / 3) : 0;
    return true;
}

/* RFC 4271 6.8: of two connections the one that the router with the higher identifier has begun stays. One
 * that is up already stays, unless it is of before a restart of his (RFC 4724 4.2). False: this one has gone.
 */
static bool survives_collision(Conn *conn)
{
    Session *session = conn->session;
    Conn *other = &session->conn[conn == &session->conn[0]], *loser;
    const uint32_t ours = session->speaker->knobs.router_id;

    if (other->state == SPEAKER_ESTABLISHED && session->can_restart && conn->open.has_restart) {
        fail(other, "Peer restarted");
        return true;
    }
    if (other->state == SPEAKER_ESTABLISHED)
        loser = conn;
    else if (other->state == SPEAKER_OPEN_CONFIRM)
        loser = (ours < conn->open.router_id) == conn->is_ours ? conn : other;
    else
        return true;
    loser->fault = (DxBgpFault){ .code = DX_BGP_CEASE, .subcode = DX_BGP_COLLISION };
    dx__bgp_fsm(loser, BGP_COLLISION_DUMP);
    return loser != conn;
}

static void take_open(Conn *conn, const uint8_t *message, size_t n)
{
    const bool is_delayed = conn->due_ps[TIMER_DELAY_OPEN] != DX_TIME_NEVER;
    DxBgpOpen open;

    if (conn->state > SPEAKER_OPEN_SENT) {
        dx__bgp_fsm(conn, BGP_OPEN);
        return;
    }
    if (!dx__bgp_decode_open(message, n, &open, &conn->fault) ||
        !dx__bgp_negotiate(conn, &open, &conn->fault)) {
        dx__bgp_session_log(conn->session, SPEAKER_REFUSED, "OPEN refused: %s", conn->fault.why);
        dx__bgp_fsm(conn, BGP_OPEN_ERROR);
    } else if (survives_collision(conn))
        dx__bgp_fsm(conn, is_delayed ? BGP_OPEN_DELAYED : BGP_OPEN);
}

/* -- other messages ---------------------------------------------------------------------------------- */

static void take_notification(Conn *conn, const uint8_t *message, size_t n)
{
    Session *session = conn->session;
    DxBgpFault said, fault;
    bool is_version;
    char text[96];

    if (!dx__bgp_decode_notification(message, n, &said, &fault))
        return;
    session->report.last_code = said.code;
    session->report.last_subcode = said.subcode;
    dx__bgp_session_log(session, SPEAKER_RECEIVED, "received NOTIFICATION %s", fault_text(&said, text));
    set_reason(session, "BGP Notification received", &said);
    is_version = said.code == DX_BGP_OPEN_ERROR && said.subcode == DX_BGP_UNSUPPORTED_VERSION;
    dx__bgp_fsm(conn, is_version ? BGP_NOTIFICATION_VERSION : BGP_NOTIFICATION);
}

static void take_update(Conn *conn, const uint8_t *message, size_t n)
{
    Session *session = conn->session;
    const DxBgpPeer peer = { .is_internal = session->source == DX_BGP_IBGP,
                             .is_confed = session->source == DX_BGP_CONFED,
                             .families = (uint8_t)(1u << session->family) };
    DxBgpUpdate *update = &session->speaker->update;
    DxBgpVerdict verdict;

    session->report.rx_updates++;
    if (conn->state != SPEAKER_ESTABLISHED) {
        dx__bgp_fsm(conn, BGP_UPDATE);
        return;
    }
    verdict = dx__bgp_decode_update(message, n, &peer, update, &conn->fault);
    if (verdict != DX_BGP_TAKEN)
        dx__bgp_session_log(session, SPEAKER_REFUSED, "UPDATE: %s", conn->fault.why);
    if (verdict == DX_BGP_WITHDRAW) { /* RFC 7606 2: as if it had withdrawn them */
        g_array_append_vals(update->withdrawn, update->nlri->data, update->nlri->len);
        g_array_append_vals(update->withdrawn, update->mp_nlri->data, update->mp_nlri->len);
        g_array_set_size(update->nlri, 0);
        g_array_set_size(update->mp_nlri, 0);
    }
    dx__bgp_fsm(conn, verdict == DX_BGP_RESET ? BGP_UPDATE_ERROR : BGP_UPDATE);
}

static void take_refresh(Conn *conn, const uint8_t *message, size_t n)
{
    DxBgpFamily family;

    if (conn->state != SPEAKER_ESTABLISHED)
        return;
    if (!dx__bgp_decode_refresh(message, n, &family, &conn->fault))
        dx__bgp_fsm(conn, BGP_HEADER_ERROR);
    else if (family == conn->session->family)
        dx__bgp_rib_out_all(conn->session, true);
}

static void take(Conn *conn, DxBgpType type, const uint8_t *message, size_t n)
{
    conn->session->report.rx_messages++;
    conn->session->report.rx_bytes += n;
    switch (type) {
    case DX_BGP_OPEN:
        take_open(conn, message, n);
        break;
    case DX_BGP_UPDATE:
        take_update(conn, message, n);
        break;
    case DX_BGP_NOTIFICATION:
        take_notification(conn, message, n);
        break;
    case DX_BGP_KEEPALIVE:
        dx__bgp_fsm(conn, BGP_KEEPALIVE);
        break;
    case DX_BGP_ROUTE_REFRESH:
        take_refresh(conn, message, n);
        break;
    }
    conn->session->reason = NULL;
}

/* One message at the front of the stream. False: there is none. */
static bool take_first(Conn *conn, size_t *at)
{
    const uint8_t *stream = conn->in->data + *at;
    size_t length = 0;
    DxBgpType type;

    switch (dx__bgp_frame(stream, conn->in->len - *at, &type, &length, &conn->fault)) {
    case DX_BGP_MESSAGE_PART:
        return false;
    case DX_BGP_MESSAGE_BAD:
        dx__bgp_fsm(conn, BGP_HEADER_ERROR);
        conn->session->reason = NULL;
        return false;
    default:
        break;
    }
    *at += length;
    take(conn, type, stream, length);
    return true;
}

/* A connection may end, and another one begin, while its messages are taken: that one has a stream of its
 * own. */
void dx__bgp_conn_read(Conn *conn, const uint8_t *octets, size_t n)
{
    g_autoptr(GByteArray) stream = NULL;
    size_t at = 0;

    if (!is_listened_to(conn))
        return;
    g_byte_array_append(conn->in, octets, (guint)n);
    stream = g_byte_array_ref(conn->in);
    while (is_listened_to(conn) && conn->in == stream && take_first(conn, &at))
        ;
    if (conn->in == stream && at > 0)
        g_byte_array_remove_range(stream, 0, MIN((guint)at, stream->len));
}

/* -- life -------------------------------------------------------------------------------------------- */

void dx__bgp_conn_new(Session *session, Conn *conn, bool is_ours)
{
    const unsigned connector = session->link->end[0].passive;
    TransportConf conf;

    dx__transport_conf_init(&conf);
    conf.local = session->local_ip;
    conf.remote = session->peer_ip;
    conf.local_port = is_ours ? session->link->tcp[session->end].src_port : DX_BGP_PORT;
    conf.remote_port = is_ours ? DX_BGP_PORT : 0;
    if (is_ours && session->end != connector) /* the other way round than in the network */
        conf.local_port = session->link->tcp[connector].src_port;
    conf.key = session->conf->password;
    *conn =
        (Conn){ .session = session,
                .is_ours = is_ours,
                .is_used = session->speaker->tuning.both_connect || is_ours == (session->end == connector),
                .in = g_byte_array_new() };
    for (unsigned k = 0; k < N_TIMERS; k++)
        conn->due_ps[k] = DX_TIME_NEVER;
    dx__transport_init(&conn->tcp, &conf, &tcp_watch, conn);
}

void dx__bgp_conn_free(Conn *conn)
{
    dx__transport_clear(&conn->tcp);
    g_byte_array_unref(conn->in);
}

/* Counters stay: they are of the line. */
void dx__bgp_conn_vanish(Conn *conn)
{
    const TransportConf conf = conn->tcp.conf;
    const TransportCounters counters = conn->tcp.counters;

    dx__transport_clear(&conn->tcp);
    dx__transport_init(&conn->tcp, &conf, &tcp_watch, conn);
    conn->tcp.counters = counters;
    conn->state = SPEAKER_IDLE;
    for (unsigned k = 0; k < N_TIMERS; k++)
        conn->due_ps[k] = DX_TIME_NEVER;
}
