/*
 * bgp/fsm - the session's machine: RFC 4271 section 8, one for each connection
 *
 *          start                  connected            OPEN                 KEEPALIVE
 *   Idle --------> Connect ------------------> OpenSent ---> OpenConfirm -------------> Established
 *    ^ '---------> Active  ------------------->   |               |                         |
 *    |   (listens)                                |               |                         |
 *    '--- IdleHoldTimer ---- Idle <---------------+---------------+-------------------------'
 *                                   error, stop, timer, NOTIFICATION, connection lost
 *
 * A table: in this state, at these events, when that holds, do this and go there. What is in no row does
 * nothing. An FSM waits in Active only where it listens, so a ConnectRetryTimer runs in Connect alone, except
 * after a connection that failed in OpenSent. Subcodes of FSM errors: RFC 6608. A NOTIFICATION is not
 * answered with another one in OpenSent, though 8.2.2 says so: it would only meet a closed connection.
 */
#include "bgp/speaker-priv.h"

#define EVENT(name) (1u << (name))
#define ANY_FAULT   (EVENT(BGP_HEADER_ERROR) | EVENT(BGP_OPEN_ERROR) | EVENT(BGP_UPDATE_ERROR))

typedef struct {
    SpeakerState from;
    uint32_t events;
    bool (*when)(const Conn *conn); /* NULL: always */
    void (*act)(Conn *conn);
    SpeakerState to;
} Row;

/* -- timers ------------------------------------------------------------------------------------------ */

DxTime dx__bgp_jittered(Session *session, DxTime time_ps)
{
    if (!session->speaker->tuning.has_jitter || time_ps < 4)
        return time_ps;
    return time_ps - (DxTime)dx_rng_below(&session->rng, (uint64_t)time_ps / 4 + 1);
}

static void start(Conn *conn, Timer timer, DxTime time_ps)
{
    conn->due_ps[timer] = time_ps > 0 ? conn->session->speaker->now_ps + time_ps : DX_TIME_NEVER;
}

static void stop(Conn *conn, Timer timer)
{
    conn->due_ps[timer] = DX_TIME_NEVER;
}

static void start_connect_retry(Conn *conn)
{
    start(conn, TIMER_CONNECT_RETRY, dx__bgp_jittered(conn->session, conn->session->conf->connect_retry_ps));
}

/* -- conditions -------------------------------------------------------------------------------------- */

static bool connects(const Conn *conn)
{
    return conn->is_ours;
}

static bool delays_open(const Conn *conn)
{
    return conn->session->speaker->tuning.delay_open_ps > 0 &&
           conn->due_ps[TIMER_DELAY_OPEN] == DX_TIME_NEVER;
}

static bool is_delaying(const Conn *conn)
{
    return conn->due_ps[TIMER_DELAY_OPEN] != DX_TIME_NEVER;
}

/* -- what is done ------------------------------------------------------------------------------------ */

static void act_connect(Conn *conn)
{
    start_connect_retry(conn);
    dx__bgp_conn_connect(conn);
}

static void act_listen(Conn *conn)
{
    dx__bgp_conn_listen(conn);
}

static void act_reconnect(Conn *conn)
{
    dx__bgp_conn_drop(conn);
    stop(conn, TIMER_DELAY_OPEN);
    act_connect(conn);
}

static void act_delay(Conn *conn)
{
    stop(conn, TIMER_CONNECT_RETRY);
    start(conn, TIMER_DELAY_OPEN, conn->session->speaker->tuning.delay_open_ps);
}

static void act_open(Conn *conn)
{
    stop(conn, TIMER_CONNECT_RETRY);
    stop(conn, TIMER_DELAY_OPEN);
    start(conn, TIMER_HOLD, LARGE_HOLD_PS);
    dx__bgp_conn_send_open(conn);
}

static void act_confirm(Conn *conn)
{
    stop(conn, TIMER_CONNECT_RETRY);
    stop(conn, TIMER_DELAY_OPEN);
    start(conn, TIMER_HOLD, conn->hold_ps);
    dx__bgp_conn_send_keepalive(conn);
}

static void act_open_and_confirm(Conn *conn)
{
    dx__bgp_conn_send_open(conn);
    act_confirm(conn);
}

static void act_keepalive(Conn *conn)
{
    dx__bgp_conn_send_keepalive(conn);
}

static void act_hold(Conn *conn)
{
    start(conn, TIMER_HOLD, conn->hold_ps);
}

static Conn *other_of(Conn *conn)
{
    Session *session = conn->session;

    return &session->conn[conn == &session->conn[0]];
}

void dx__bgp_session_lost(Session *session, const char *reason, bool keeps_stale)
{
    session->up = NULL;
    session->report.flaps++;
    session->report.down_ps = session->speaker->now_ps;
    g_strlcpy(session->last_reason, reason, sizeof session->last_reason);
    dx__bgp_session_log(session, SPEAKER_DOWN, "Down %s", reason);
    dx__bgp_rib_out_forget(session);
    dx__bgp_rib_in_lost(session, keeps_stale);
}

/* Idle again, for IdleHoldTime: longer each time, where oscillations are damped. */
static void rest(Conn *conn)
{
    Session *session = conn->session;
    const DxTime longest_ps = session->speaker->tuning.idle_hold_max_ps;

    for (unsigned k = 0; k < N_TIMERS; k++)
        stop(conn, k);
    if (!dx__bgp_session_may_begin(session) || !conn->is_used)
        return;
    start(conn, TIMER_IDLE_HOLD, dx__bgp_jittered(session, MAX(session->idle_hold_ps, 1)));
    if (session->idle_hold_ps < longest_ps)
        session->idle_hold_ps = MIN(2 * session->idle_hold_ps, longest_ps);
}

static void end(Conn *conn, bool keeps_stale)
{
    const bool was_up = conn->session->up == conn;

    dx__bgp_conn_drop(conn);
    rest(conn);
    if (!was_up)
        return;
    dx__bgp_session_lost(conn->session, conn->session->reason, keeps_stale);
    if (other_of(conn)->state == SPEAKER_IDLE) /* it gave way to this one */
        rest(other_of(conn));
}

static void act_end(Conn *conn)
{
    end(conn, false);
}

static void act_end_failed(Conn *conn)
{
    end(conn, conn->session->can_restart);
}

static void act_notify(Conn *conn)
{
    dx__bgp_conn_notify(conn, &conn->fault);
    end(conn, false);
}

static void act_hold_expired(Conn *conn)
{
    conn->fault = (DxBgpFault){ .code = DX_BGP_HOLD_TIMER_EXPIRED };
    act_notify(conn);
}

static void act_fsm_error_1(Conn *conn)
{
    conn->fault = (DxBgpFault){ .code = DX_BGP_FSM_ERROR, .subcode = 1 };
    act_notify(conn);
}

static void act_fsm_error_2(Conn *conn)
{
    conn->fault = (DxBgpFault){ .code = DX_BGP_FSM_ERROR, .subcode = 2 };
    act_notify(conn);
}

static void act_fsm_error_3(Conn *conn)
{
    conn->fault = (DxBgpFault){ .code = DX_BGP_FSM_ERROR, .subcode = 3 };
    act_notify(conn);
}

/* OpenSent, and the connection has gone: wait for another one. */
static void act_wait(Conn *conn)
{
    dx__bgp_conn_abort(conn);
    stop(conn, TIMER_HOLD);
    stop(conn, TIMER_DELAY_OPEN);
    if (conn->is_ours)
        start_connect_retry(conn);
    else
        dx__bgp_conn_listen(conn);
}

static void act_establish(Conn *conn)
{
    Session *session = conn->session;
    Conn *other = other_of(conn);

    act_hold(conn);
    session->up = conn;
    session->idle_hold_ps = session->speaker->tuning.idle_hold_ps;
    session->has_told_md5 = session->has_warned = false;
    session->report.established_ps = session->speaker->now_ps;
    session->router_id = conn->open.router_id;
    if (other->is_ours || other->state > SPEAKER_ACTIVE) {
        other->fault = (DxBgpFault){ .code = DX_BGP_CEASE, .subcode = DX_BGP_COLLISION };
        dx__bgp_fsm(other, BGP_COLLISION_DUMP);
    }
    dx__bgp_session_log(session, SPEAKER_UP, "Up");
    dx__bgp_restart_up(session);
    dx__bgp_rib_out_all(session, false);
}

static void act_update(Conn *conn)
{
    Session *session = conn->session;

    act_hold(conn);
    if (dx__bgp_rib_in(session, &conn->fault))
        return;
    session->is_over_limit = conn->fault.code == DX_BGP_CEASE;
    session->reason = session->is_over_limit ? "Maximum-prefix limit exceeded" : "BGP Notification sent";
    dx__bgp_fsm(conn, session->is_over_limit ? BGP_AUTOMATIC_STOP : BGP_UPDATE_ERROR);
    if (session->is_over_limit && session->conf->prefix_restart_ps)
        session->begin_due_ps = session->speaker->now_ps + session->conf->prefix_restart_ps;
}

/* -- the table --------------------------------------------------------------------------------------- */

/* clang-format off */
#define STARTS    (EVENT(BGP_MANUAL_START) | EVENT(BGP_IDLE_HOLD_EXPIRES))
#define CONNECTED (EVENT(BGP_TCP_CR_ACKED) | EVENT(BGP_TCP_CONFIRMED))
#define STOPS     (EVENT(BGP_MANUAL_STOP) | EVENT(BGP_AUTOMATIC_STOP))
#define HEARD_END (EVENT(BGP_NOTIFICATION_VERSION) | EVENT(BGP_NOTIFICATION))
#define MESSAGES  (EVENT(BGP_OPEN) | EVENT(BGP_OPEN_DELAYED) | EVENT(BGP_KEEPALIVE) | EVENT(BGP_UPDATE))
#define STRANGE   (EVENT(BGP_CONNECT_RETRY_EXPIRES) | EVENT(BGP_DELAY_OPEN_EXPIRES) | EVENT(BGP_IDLE_HOLD_EXPIRES))

static const Row rows[] = {
    { SPEAKER_IDLE, STARTS, connects, act_connect, SPEAKER_CONNECT },
    { SPEAKER_IDLE, STARTS | EVENT(BGP_MANUAL_START_PASSIVE), NULL, act_listen, SPEAKER_ACTIVE },

    { SPEAKER_CONNECT, EVENT(BGP_CONNECT_RETRY_EXPIRES), NULL, act_reconnect, SPEAKER_CONNECT },
    { SPEAKER_CONNECT, CONNECTED, delays_open, act_delay, SPEAKER_CONNECT },
    { SPEAKER_CONNECT, CONNECTED | EVENT(BGP_DELAY_OPEN_EXPIRES), NULL, act_open, SPEAKER_OPEN_SENT },
    { SPEAKER_CONNECT, EVENT(BGP_OPEN_DELAYED), NULL, act_open_and_confirm, SPEAKER_OPEN_CONFIRM },
    { SPEAKER_CONNECT, EVENT(BGP_TCP_FAILS), is_delaying, act_wait, SPEAKER_ACTIVE },
    { SPEAKER_CONNECT, EVENT(BGP_TCP_FAILS) | STOPS | HEARD_END | EVENT(BGP_COLLISION_DUMP) | ANY_FAULT | MESSAGES,
      NULL, act_end, SPEAKER_IDLE },

    { SPEAKER_ACTIVE, EVENT(BGP_CONNECT_RETRY_EXPIRES), NULL, act_reconnect, SPEAKER_CONNECT },
    { SPEAKER_ACTIVE, CONNECTED, delays_open, act_delay, SPEAKER_ACTIVE },
    { SPEAKER_ACTIVE, CONNECTED | EVENT(BGP_DELAY_OPEN_EXPIRES), NULL, act_open, SPEAKER_OPEN_SENT },
    { SPEAKER_ACTIVE, EVENT(BGP_OPEN_DELAYED), NULL, act_open_and_confirm, SPEAKER_OPEN_CONFIRM },
    { SPEAKER_ACTIVE, EVENT(BGP_TCP_FAILS) | STOPS | HEARD_END | EVENT(BGP_COLLISION_DUMP) | ANY_FAULT | MESSAGES,
      NULL, act_end, SPEAKER_IDLE },

    { SPEAKER_OPEN_SENT, EVENT(BGP_OPEN), NULL, act_confirm, SPEAKER_OPEN_CONFIRM },
    { SPEAKER_OPEN_SENT, STOPS | ANY_FAULT | EVENT(BGP_COLLISION_DUMP), NULL, act_notify, SPEAKER_IDLE },
    { SPEAKER_OPEN_SENT, EVENT(BGP_HOLD_EXPIRES), NULL, act_hold_expired, SPEAKER_IDLE },
    { SPEAKER_OPEN_SENT, EVENT(BGP_TCP_FAILS), NULL, act_wait, SPEAKER_ACTIVE },
    { SPEAKER_OPEN_SENT, HEARD_END, NULL, act_end, SPEAKER_IDLE },
    { SPEAKER_OPEN_SENT, MESSAGES | STRANGE | EVENT(BGP_KEEPALIVE_EXPIRES), NULL, act_fsm_error_1, SPEAKER_IDLE },

    { SPEAKER_OPEN_CONFIRM, EVENT(BGP_KEEPALIVE), NULL, act_establish, SPEAKER_ESTABLISHED },
    { SPEAKER_OPEN_CONFIRM, EVENT(BGP_KEEPALIVE_EXPIRES), NULL, act_keepalive, SPEAKER_OPEN_CONFIRM },
    { SPEAKER_OPEN_CONFIRM, STOPS | ANY_FAULT | EVENT(BGP_COLLISION_DUMP), NULL, act_notify, SPEAKER_IDLE },
    { SPEAKER_OPEN_CONFIRM, EVENT(BGP_HOLD_EXPIRES), NULL, act_hold_expired, SPEAKER_IDLE },
    { SPEAKER_OPEN_CONFIRM, EVENT(BGP_TCP_FAILS) | HEARD_END, NULL, act_end, SPEAKER_IDLE },
    { SPEAKER_OPEN_CONFIRM, MESSAGES | STRANGE, NULL, act_fsm_error_2, SPEAKER_IDLE },

    { SPEAKER_ESTABLISHED, EVENT(BGP_KEEPALIVE), NULL, act_hold, SPEAKER_ESTABLISHED },
    { SPEAKER_ESTABLISHED, EVENT(BGP_UPDATE), NULL, act_update, SPEAKER_ESTABLISHED },
    { SPEAKER_ESTABLISHED, EVENT(BGP_KEEPALIVE_EXPIRES), NULL, act_keepalive, SPEAKER_ESTABLISHED },
    { SPEAKER_ESTABLISHED, STOPS | ANY_FAULT | EVENT(BGP_COLLISION_DUMP), NULL, act_notify, SPEAKER_IDLE },
    { SPEAKER_ESTABLISHED, EVENT(BGP_HOLD_EXPIRES), NULL, act_hold_expired, SPEAKER_IDLE },
    { SPEAKER_ESTABLISHED, EVENT(BGP_TCP_FAILS), NULL, act_end_failed, SPEAKER_IDLE },
    { SPEAKER_ESTABLISHED, HEARD_END, NULL, act_end, SPEAKER_IDLE },
    { SPEAKER_ESTABLISHED, MESSAGES | STRANGE, NULL, act_fsm_error_3, SPEAKER_IDLE },
};
/* clang-format on */

static const char *const state_names[] = { "Idle",     "Connect",     "Active",
                                           "OpenSent", "OpenConfirm", "Established" };

const char *dx__bgp_speaker_state_name(SpeakerState state)
{
    return state_names[state];
}

void dx__bgp_session_settle(Session *session)
{
    const SpeakerState state = MAX(session->conn[0].state, session->conn[1].state);

    if (state == session->state)
        return;
    dx__bgp_session_log(session, SPEAKER_STATE, "%s -> %s", state_names[session->state], state_names[state]);
    session->state = state;
}

void dx__bgp_fsm_converge(Conn *conn)
{
    conn->state = SPEAKER_ESTABLISHED;
    conn->session->state = SPEAKER_ESTABLISHED;
    act_establish(conn);
    stop(conn, TIMER_HOLD);
}

void dx__bgp_fsm(Conn *conn, BgpEvent event)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Row *row = &rows[i];

        if (row->from != conn->state || !(row->events & EVENT(event)) || (row->when && !row->when(conn)))
            continue;
        conn->state = row->to;
        dx__bgp_session_settle(conn->session);
        row->act(conn);
        return;
    }
}
