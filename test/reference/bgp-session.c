/*
 * bgp-session - one end of a session: the table of docs/models/bgp-session.md, section 4
 */
#include "bgp-priv.h"

#include <string.h>

#define HOLD_LARGE (240 * DX_S)
#define IDLE_HOLD  DX_S

bool peer_is(const Peer *peer, DxBgpSessionType type)
{
    return peer->session->type == type;
}

static DxTime now_of(const Peer *peer)
{
    return peer->speaker->now;
}

static DxBgpFamily family_of(const Peer *peer)
{
    return peer->session->address[0].bits == 128 ? DX_BGP_IPV6 : DX_BGP_IPV4;
}

static bool has_restart(const Peer *peer)
{
    return peer->conf->has_graceful_restart && peer->open.has_restart &&
           (peer->open.restart_families >> family_of(peer) & 1);
}

/* -- messages ------------------------------------------------------------------------------------------ */

void peer_send(Peer *peer, const uint8_t *message, size_t n, DxBgpType type)
{
    const bool is_alive = type == DX_BGP_KEEPALIVE || type == DX_BGP_UPDATE;

    if (peer->inbox) {
        if (!peer->other)
            return;
        g_queue_push_tail(peer->other->inbox, g_byte_array_append(g_byte_array_new(), message, (guint)n));
    } else {
        tcp_write(&peer->tcp, message, n);
    }
    peer->tx_messages++;
    peer->tx_updates += type == DX_BGP_UPDATE;
    if (is_alive && peer->state >= PEER_OPEN_CONFIRM && peer->keepalive && !peer->inbox)
        peer->keepalive_at = now_of(peer) + peer->keepalive;
}

static void send_keepalive(Peer *peer)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];

    peer_send(peer, message, dx__bgp_encode_keepalive(message), DX_BGP_KEEPALIVE);
}

void peer_open(const Peer *peer, DxBgpOpen *open)
{
    const DxBgpRouter *router = peer->speaker->router;
    const uint8_t family = (uint8_t)(1u << family_of(peer));

    *open = (DxBgpOpen){ .as = router->confed_id && peer_is(peer, DX_BGP_SESSION_EBGP) ? router->confed_id
                                                                                       : router->asn,
                         .hold_s = (uint16_t)(peer->conf->hold_ps / DX_S),
                         .router_id = router->router_id,
                         .families = family,
                         .has_multiprotocol = true,
                         .has_as4 = true,
                         .has_refresh = true };
    if (peer->conf->has_graceful_restart) {
        open->has_restart = true;
        open->restart_s = (uint16_t)(peer->conf->restart_ps / DX_S);
        open->restart_families = family;
    }
}

static void send_open(Peer *peer)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];
    DxBgpOpen open;

    peer_open(peer, &open);
    peer_send(peer, message, dx__bgp_encode_open(&open, message), DX_BGP_OPEN);
}

/* "4/0 (Hold Timer Expired)", "6/2 (Cease/Administrative Shutdown)" */
static char *fault_text(const DxBgpFault *fault)
{
    const char *code = dx__bgp_code_name(fault->code);
    const char *subcode = dx__bgp_subcode_name(fault->code, fault->subcode);

    return g_strdup_printf("%u/%u (%s%s%s)", fault->code, fault->subcode, code ? code : "?",
                           subcode ? "/" : "", subcode ? subcode : "");
}

static void note_fault(Peer *peer, const DxBgpFault *fault, const char *event, const char *word)
{
    g_autofree char *what = fault_text(fault), *text = g_strdup_printf("%s NOTIFICATION %s", word, what);

    peer->error_code = fault->code;
    peer->error_subcode = fault->subcode;
    bgp_log(peer, event, text);
}

static void send_notification(Peer *peer, const DxBgpFault *fault)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];

    note_fault(peer, fault, "bgp_sent", "sent");
    peer_send(peer, message, dx__bgp_encode_notification(fault, message), DX_BGP_NOTIFICATION);
}

/* -- states -------------------------------------------------------------------------------------------- */

void peer_state(Peer *peer, PeerState state)
{
    static const char *const names[] = {
        "Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"
    };
    g_autofree char *text = g_strdup_printf("%s -> %s", names[peer->state], names[state]);

    if (peer->state != state)
        bgp_log(peer, "bgp_state", text);
    peer->state = state;
    peer->row_state = state;
}

void peer_timers_stop(Peer *peer)
{
    peer->hold_at = peer->retry_at = peer->keepalive_at = peer->idle_at = peer->limit_at = DX_TIME_NEVER;
}

static void drop_connection(Peer *peer)
{
    if (peer->inbox)
        return;
    if (tcp_is_connected(&peer->tcp) && !peer->is_line_down)
        tcp_close(&peer->tcp);
    else
        tcp_abort(&peer->tcp);
}

static void forget_told(Peer *peer)
{
    for (guint i = 0; i < peer->told->len; i++)
        g_free(g_array_index(peer->told, Told, i).attrs);
    g_array_set_size(peer->told, 0);
    g_array_set_size(peer->marks, 0);
    peer->flush_at = DX_TIME_NEVER;
    peer->sends_eor = false;
}

static void note_down(Peer *peer, const char *reason)
{
    g_autofree char *text = g_strdup_printf("Down %s", reason);

    bgp_log(peer, "bgp_down", text);
    peer->flaps++;
    peer->down_at_ps = (uint64_t)now_of(peer);
    peer->went_down_ps = now_of(peer);
    if (peer->failed_ps != DX_TIME_NEVER) {
        peer->detections++;
        peer->detection_ps = MAX(peer->detection_ps, (uint64_t)(now_of(peer) - peer->failed_ps));
        peer->failed_ps = DX_TIME_NEVER;
    }
}

/* @keep: graceful restart. */
static void to_idle(Peer *peer, const DxBgpFault *fault, const char *reason, bool keep)
{
    const PeerState from = peer->state;

    if (from == PEER_IDLE)
        return;
    peer_state(peer, PEER_IDLE);
    if (fault)
        send_notification(peer, fault);
    drop_connection(peer);
    g_byte_array_set_size(peer->stream, 0);
    peer_timers_stop(peer);
    if (!peer->is_shut && !peer->is_limited && !peer->is_line_down)
        peer->idle_at = now_of(peer) + IDLE_HOLD;
    if (peer->is_limited && peer->conf->prefix_restart_ps)
        peer->limit_at = now_of(peer) + peer->conf->prefix_restart_ps;
    if (from != PEER_UP)
        return;
    note_down(peer, reason);
    forget_told(peer);
    peer->restart_at = peer->stale_at = DX_TIME_NEVER;
    if (keep)
        peer->restart_at = now_of(peer) + (DxTime)peer->open.restart_s * DX_S;
    rib_lose(peer, keep);
}

/* A number for every attempt. */
static void attempt(Peer *peer)
{
    const uint32_t iss = (uint32_t)dx_rng_u64(&peer->rng);

    tcp_forget(&peer->tcp);
    g_byte_array_set_size(peer->stream, 0);
    if (peer->connects)
        tcp_connect(&peer->tcp, iss);
    else
        tcp_listen(&peer->tcp, iss);
}

/* 1, 4, 13 */
void peer_begin(Peer *peer)
{
    if (peer->state != PEER_IDLE || peer->is_shut || peer->is_limited || peer->is_line_down)
        return;
    peer->idle_at = peer->limit_at = DX_TIME_NEVER;
    if (peer->connects)
        peer->retry_at = now_of(peer) + peer->conf->connect_retry_ps;
    peer_state(peer, peer->connects ? PEER_CONNECT : PEER_ACTIVE);
    attempt(peer);
    if (peer->has_bfd && !peer->bfd.is_on)
        bfd_start(&peer->bfd);
}

/* 9 */
static void retry_ended(Peer *peer)
{
    static const DxBgpFault faults[] = { [PEER_OPEN_SENT] = { .code = 5, .subcode = 1 },
                                         [PEER_OPEN_CONFIRM] = { .code = 5, .subcode = 2 },
                                         [PEER_UP] = { .code = 5, .subcode = 3 } };

    if (peer->state == PEER_CONNECT || peer->state == PEER_ACTIVE) {
        peer->retry_at = now_of(peer) + peer->conf->connect_retry_ps;
        peer_state(peer, PEER_CONNECT);
        attempt(peer);
    } else if (peer->state >= PEER_OPEN_SENT)
        to_idle(peer, &faults[peer->state], "BGP Notification sent 5/0", false);
}

/* 16, 17 */
void peer_connected(Peer *peer)
{
    if (peer->state != PEER_CONNECT && peer->state != PEER_ACTIVE)
        return;
    peer->retry_at = DX_TIME_NEVER;
    peer->hold_at = now_of(peer) + HOLD_LARGE;
    peer_state(peer, PEER_OPEN_SENT);
    send_open(peer);
}

/* 18 */
void peer_closed(Peer *peer, const char *reason)
{
    if (peer->state == PEER_OPEN_SENT) {
        peer->hold_at = DX_TIME_NEVER;
        if (peer->tcp.state != TCP_CLOSED)
            tcp_abort(&peer->tcp);
        g_byte_array_set_size(peer->stream, 0);
        if (peer->connects)
            peer->retry_at = now_of(peer) + peer->conf->connect_retry_ps;
        peer_state(peer, PEER_ACTIVE);
        if (!peer->connects)
            attempt(peer);
    } else {
        to_idle(peer, NULL, reason, peer->state == PEER_UP && has_restart(peer));
    }
}

/* 2, 8 */
void peer_end(Peer *peer, const DxBgpFault *fault, const char *reason)
{
    to_idle(peer, peer->state >= PEER_OPEN_SENT ? fault : NULL, reason, false);
}

void peer_limit(Peer *peer)
{
    const uint8_t data[] = { 0, family_of(peer) == DX_BGP_IPV6 ? 2 : 1, 1 };
    const DxBgpFault fault = {
        .code = DX_BGP_CEASE, .subcode = DX_BGP_MAXIMUM_PREFIXES, .data = data, .n_data = sizeof data
    };

    peer->is_limited = true;
    peer_end(peer, &fault, "Maximum-prefix limit exceeded");
}

void peer_bfd_state(Peer *peer, DxBfdState from, DxBfdState to)
{
    static const DxBgpFault fault = { .code = DX_BGP_CEASE, .subcode = DX_BGP_BFD_DOWN };
    const char *why = peer->bfd.diagnostic ? dx__bfd_diagnostic_name(peer->bfd.diagnostic) : NULL;
    g_autofree char *text =
        g_strdup_printf("BFD %s -> %s%s%s%s", dx__bfd_state_name(from), dx__bfd_state_name(to),
                        why ? " (" : "", why ? why : "", why ? ")" : "");

    peer->bfd_state = to;
    bgp_log(peer, "bfd_state", text);
    if (from == DX_BFD_UP && to == DX_BFD_DOWN && peer->bfd.his_state != DX_BFD_ADMIN_DOWN)
        peer_end(peer, &fault, "BFD adjacency down");
}

/* -- established --------------------------------------------------------------------------------------- */

/* The end of the converged start comes here too. */
void peer_establish(Peer *peer)
{
    peer_state(peer, PEER_UP);
    bgp_log(peer, "bgp_up", "Up");
    peer->establishings++;
    peer->established_ps = (uint64_t)now_of(peer);
    if (peer->went_down_ps != DX_TIME_NEVER)
        peer->down_ps += (uint64_t)(now_of(peer) - peer->went_down_ps);
    peer->went_down_ps = DX_TIME_NEVER;
    peer->is_warned = false;
    peer->restart_at = DX_TIME_NEVER;
    if (peer->has_stale) {
        if (!has_restart(peer) || !(peer->open.forwarding >> family_of(peer) & 1))
            rib_sweep(peer);
        else
            peer->stale_at = now_of(peer) + peer->conf->stale_ps;
    }
    peer->not_before = now_of(peer);
    peer->sends_eor = has_restart(peer);
    rib_mark_all(peer, false);
    peer->flush_at = now_of(peer);
}

static void restart_hold(Peer *peer)
{
    peer->hold_at = peer->hold ? now_of(peer) + peer->hold : DX_TIME_NEVER;
}

static bool check_open(const Peer *peer, const DxBgpOpen *open, DxBgpFault *fault)
{
    const DxBgpRouter *router = peer->speaker->router, *he = peer->he;
    const uint32_t his_as = he->confed_id && peer_is(peer, DX_BGP_SESSION_EBGP) ? he->confed_id : he->asn;
    uint8_t subcode = 0;

    if (open->as != his_as)
        subcode = DX_BGP_BAD_PEER_AS;
    else if (!open->router_id ||
             (open->router_id == router->router_id && !peer_is(peer, DX_BGP_SESSION_EBGP)))
        subcode = DX_BGP_BAD_IDENTIFIER;
    else if (open->hold_s == 1 || open->hold_s == 2)
        subcode = DX_BGP_BAD_HOLD_TIME;
    else if (!(open->families >> family_of(peer) & 1))
        subcode = DX_BGP_UNSUPPORTED_CAPABILITY;
    *fault = (DxBgpFault){ .code = DX_BGP_OPEN_ERROR, .subcode = subcode };
    return !subcode;
}

static void agree(Peer *peer, const DxBgpOpen *open)
{
    peer->open = *open;
    peer->hold = MIN(peer->conf->hold_ps / DX_S, (DxTime)open->hold_s) * DX_S;
    peer->keepalive = MIN(peer->conf->keepalive_ps, peer->hold / 3);
    if (!peer->hold)
        peer->keepalive = 0;
}

bool peer_agrees(Peer *peer)
{
    DxBgpOpen open;
    DxBgpFault fault;

    peer_open(peer->other, &open);
    if (!check_open(peer, &open, &fault))
        return false;
    agree(peer, &open);
    return true;
}

/* A message is wrong: 21, 22, 28; or comes at the wrong time: 5/1 to 5/3. */
static void refuse(Peer *peer, const DxBgpFault *fault)
{
    g_autofree char *what = fault_text(fault), *reason = g_strdup_printf("BGP Notification sent %s", what);

    to_idle(peer, fault, reason, false);
}

static void refuse_type(Peer *peer)
{
    const DxBgpFault fault = { .code = DX_BGP_FSM_ERROR,
                               .subcode = (uint8_t)(peer->state - PEER_OPEN_SENT + 1) };

    refuse(peer, &fault);
}

static void hear_open(Peer *peer, const uint8_t *message, size_t n)
{
    DxBgpOpen open;
    DxBgpFault fault;

    if (!dx__bgp_decode_open(message, n, &open, &fault) || !check_open(peer, &open, &fault)) {
        refuse(peer, &fault);
    } else if (peer->state != PEER_OPEN_SENT) {
        refuse_type(peer);
    } else {
        agree(peer, &open);
        peer->retry_at = DX_TIME_NEVER;
        restart_hold(peer);
        peer_state(peer, PEER_OPEN_CONFIRM);
        send_keepalive(peer);
    }
}

static void hear_update(Peer *peer, const uint8_t *message, size_t n)
{
    const DxBgpPeer who = { .is_internal = peer_is(peer, DX_BGP_SESSION_IBGP),
                            .is_confed = peer_is(peer, DX_BGP_SESSION_CONFED),
                            .families = (uint8_t)(1u << family_of(peer)) };
    DxBgpUpdate update;
    DxBgpFault fault;
    DxBgpVerdict verdict;

    if (peer->state != PEER_UP) {
        refuse_type(peer);
        return;
    }
    if (peer->speaker->world->flaw != REFERENCE_UPDATES_DO_NOT_HOLD && !peer->inbox)
        restart_hold(peer);
    dx__bgp_update_init(&update);
    verdict = dx__bgp_decode_update(message, n, &who, &update, &fault);
    if (verdict == DX_BGP_RESET)
        refuse(peer, &fault);
    else
        rib_hear(peer, &update, verdict == DX_BGP_WITHDRAW);
    dx__bgp_update_clear(&update);
}

static void hear_notification(Peer *peer, const uint8_t *message, size_t n)
{
    DxBgpFault said, fault;
    g_autofree char *what = NULL, *reason = NULL;

    if (!dx__bgp_decode_notification(message, n, &said, &fault))
        return;
    what = fault_text(&said);
    reason = g_strdup_printf("BGP Notification received %s", what);
    note_fault(peer, &said, "bgp_received", "received");
    to_idle(peer, NULL, reason, false);
}

static void hear_keepalive(Peer *peer)
{
    if (peer->state == PEER_OPEN_SENT) {
        refuse_type(peer);
        return;
    }
    restart_hold(peer);
    if (peer->state == PEER_OPEN_CONFIRM)
        peer_establish(peer);
}

static void hear_refresh(Peer *peer, const uint8_t *message, size_t n)
{
    DxBgpFamily family;
    DxBgpFault fault;

    if (peer->state != PEER_UP)
        return;
    if (!dx__bgp_decode_refresh(message, n, &family, &fault))
        refuse(peer, &fault);
    else if (family == family_of(peer))
        rib_mark_all(peer, true);
}

void peer_message(Peer *peer, const uint8_t *message, size_t n, DxBgpType type)
{
    peer->rx_messages++;
    peer->rx_updates += type == DX_BGP_UPDATE;
    switch (type) {
    case DX_BGP_OPEN:
        hear_open(peer, message, n);
        break;
    case DX_BGP_UPDATE:
        hear_update(peer, message, n);
        break;
    case DX_BGP_NOTIFICATION:
        hear_notification(peer, message, n);
        break;
    case DX_BGP_KEEPALIVE:
        hear_keepalive(peer);
        break;
    case DX_BGP_ROUTE_REFRESH:
        hear_refresh(peer, message, n);
        break;
    }
}

/* All whole messages of the stream. */
void peer_octets(Peer *peer, const uint8_t *data, size_t n)
{
    if (peer->state < PEER_OPEN_SENT)
        return;
    g_byte_array_append(peer->stream, data, (guint)n);
    while (peer->state >= PEER_OPEN_SENT && peer->stream->len) {
        DxBgpType type;
        DxBgpFault fault;
        size_t length = 0;
        uint8_t message[DX_BGP_MESSAGE_MAX];
        const DxBgpFraming framing =
            dx__bgp_frame(peer->stream->data, peer->stream->len, &type, &length, &fault);

        if (framing == DX_BGP_MESSAGE_PART)
            return;
        if (framing == DX_BGP_MESSAGE_BAD) {
            refuse(peer, &fault);
            return;
        }
        memcpy(message, peer->stream->data, length);
        g_byte_array_remove_range(peer->stream, 0, (guint)length);
        peer_message(peer, message, length, type);
    }
}

/* -- time ---------------------------------------------------------------------------------------------- */

DxTime peer_due(const Peer *peer)
{
    const DxTime all[] = { bfd_due(&peer->bfd), tcp_due(&peer->tcp), peer->hold_at,  peer->retry_at,
                           peer->keepalive_at,  peer->idle_at,       peer->limit_at, peer->restart_at,
                           peer->stale_at,      peer->flush_at };
    DxTime due = DX_TIME_NEVER;

    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
        due = MIN(due, all[i]);
    return due;
}

static bool has_ended(DxTime *timer, DxTime now)
{
    if (*timer > now)
        return false;
    *timer = DX_TIME_NEVER;
    return true;
}

void peer_tick(Peer *peer)
{
    static const DxBgpFault hold = { .code = DX_BGP_HOLD_TIMER_EXPIRED };
    const DxTime now = now_of(peer);

    bfd_tick(&peer->bfd);
    tcp_tick(&peer->tcp);
    if (has_ended(&peer->hold_at, now))
        to_idle(peer, &hold, "Hold Timer Expired", false);
    if (has_ended(&peer->retry_at, now))
        retry_ended(peer);
    if (has_ended(&peer->keepalive_at, now))
        send_keepalive(peer);
    if (has_ended(&peer->idle_at, now))
        peer_begin(peer);
    if (has_ended(&peer->limit_at, now)) {
        peer->is_limited = false;
        peer_begin(peer);
    }
    if (has_ended(&peer->restart_at, now) || has_ended(&peer->stale_at, now))
        rib_sweep(peer);
}
