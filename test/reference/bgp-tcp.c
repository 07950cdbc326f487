/*
 * bgp-tcp - one connection, as docs/models/bgp-transport.md has it
 *
 * All octets that were ever given to send are kept; what has come too early is marked octet by octet.
 */
#include "bgp-priv.h"

#include <string.h>

#define ACK_DELAY   (40 * DX_MS)
#define RTO_FIRST   DX_S
#define RTO_LEAST   (200 * DX_MS)
#define RTO_MOST    (60 * DX_S)
#define LINGER      (60 * DX_S)
#define SYN_TRIES   6
#define DATA_TRIES  15
#define WINDOW_MOST (1u << 20)
#define RUNS_MOST   16

/* Sequence numbers go round. */
static int32_t ahead(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

static DxTime now_of(const Tcp *tcp)
{
    return tcp->peer->speaker->now;
}

static const char *key_of(const Tcp *tcp)
{
    return tcp->peer->conf->password;
}

static bool is_ipv6(const Tcp *tcp)
{
    return tcp->peer->session->address[0].bits == 128;
}

static uint16_t own_mss(const Tcp *tcp)
{
    return is_ipv6(tcp) ? 1440 : 1460;
}

static uint32_t data_end(const Tcp *tcp)
{
    return tcp->iss + 1 + tcp->out->len;
}

static bool is_open(const Tcp *tcp)
{
    return tcp->state >= TCP_ESTABLISHED;
}

bool tcp_is_connected(const Tcp *tcp)
{
    return is_open(tcp);
}

/* -- sending ------------------------------------------------------------------------------------------- */

static void put(Tcp *tcp, uint32_t seq, uint32_t ack, uint8_t flags, const uint8_t *data, size_t n)
{
    Peer *peer = tcp->peer;
    const DxBgpFlow *flow = &peer->session->tcp[peer->end];
    const DxTcpSegment segment = { .src_port = flow->src_port,
                                   .dst_port = flow->dst_port,
                                   .seq = seq,
                                   .ack = ack,
                                   .flags = flags,
                                   .window = TCP_WINDOW,
                                   .mss = flags & DX_TCP_SYN ? own_mss(tcp) : 0,
                                   .data = data,
                                   .n_data = n };
    uint8_t octets[2048];

    bgp_transmit(peer, false, octets,
                 dx__tcp_encode(&segment, &peer->session->address[peer->end],
                                &peer->session->address[1 - peer->end], key_of(tcp), octets));
}

/* What is acknowledged need not be once more. */
static void put_acking(Tcp *tcp, uint32_t seq, uint8_t flags, const uint8_t *data, size_t n)
{
    tcp->acked = tcp->rcv;
    tcp->ack_at = DX_TIME_NEVER;
    put(tcp, seq, tcp->rcv, flags | DX_TCP_ACK, data, n);
}

static void acknowledge(Tcp *tcp)
{
    put_acking(tcp, tcp->max, 0, NULL, 0);
}

/* Something of the sequence goes, for the first time or, if only in part, again: [seq, to). */
static void note_sent(Tcp *tcp, uint32_t seq, uint32_t to)
{
    if (ahead(seq, tcp->max) < 0) {
        tcp->retransmissions++;
    } else if (!tcp->measures) {
        tcp->measures = true;
        tcp->measured = to;
        tcp->measured_at = now_of(tcp);
    }
    if (ahead(to, tcp->max) > 0)
        tcp->max = to;
    if (tcp->timer_at == DX_TIME_NEVER)
        tcp->timer_at = now_of(tcp) + tcp->rto;
}

static void put_syn(Tcp *tcp)
{
    note_sent(tcp, tcp->iss, tcp->iss + 1);
    tcp->nxt = tcp->iss + 1;
    if (tcp->state == TCP_SYN_SENT)
        put(tcp, tcp->iss, 0, DX_TCP_SYN, NULL, 0);
    else
        put_acking(tcp, tcp->iss, DX_TCP_SYN, NULL, 0);
}

/* The segment that begins at @seq, @n octets of data. Returns where it ends. */
static uint32_t put_segment(Tcp *tcp, uint32_t seq, uint32_t n)
{
    const uint32_t to = seq + n;
    const bool is_last = to == data_end(tcp), has_fin = tcp->wants_fin && is_last;

    note_sent(tcp, seq, to + has_fin);
    put_acking(tcp, seq, (uint8_t)((n && is_last ? DX_TCP_PSH : 0) | (has_fin ? DX_TCP_FIN : 0)),
               tcp->out->data + (seq - tcp->iss - 1), n);
    return to + has_fin;
}

static void send_what_may(Tcp *tcp)
{
    while (is_open(tcp) && ahead(tcp->nxt, data_end(tcp) + tcp->wants_fin) < 0) {
        const uint32_t on_way = tcp->nxt - tcp->una, left = data_end(tcp) - tcp->nxt;
        const uint32_t allowed = MIN(tcp->window, tcp->his_window ? tcp->his_window : 1);
        const uint32_t window = tcp->tries ? MIN(allowed, tcp->max - tcp->una) : allowed;
        const uint32_t room = window > on_way ? window - on_way : 0;
        const uint32_t wish = MIN(tcp->segment, left), n = MIN(wish, room);

        if (left && (!n || (n < wish && on_way)))
            return;
        tcp->nxt = put_segment(tcp, tcp->nxt, n);
    }
}

void tcp_write(Tcp *tcp, const uint8_t *data, size_t n)
{
    if (!is_open(tcp) || tcp->wants_fin)
        return;
    g_byte_array_append(tcp->out, data, (guint)n);
    send_what_may(tcp);
}

/* -- life ---------------------------------------------------------------------------------------------- */

static void stop(Tcp *tcp)
{
    tcp->state = TCP_CLOSED;
    tcp->timer_at = tcp->ack_at = tcp->linger_at = DX_TIME_NEVER;
    tcp->life++;
}

static void begin(Tcp *tcp, uint32_t iss)
{
    stop(tcp);
    tcp->iss = tcp->una = tcp->nxt = tcp->max = iss;
    tcp->irs = tcp->rcv = tcp->acked = 0;
    g_byte_array_set_size(tcp->out, 0);
    tcp->wants_fin = tcp->has_his_fin = tcp->knows_his_fin = false;
    tcp->his_window = TCP_WINDOW;
    tcp->threshold = TCP_WINDOW;
    tcp->rto = RTO_FIRST;
    tcp->has_rtt = tcp->measures = tcp->syn_again = tcp->recovers = tcp->has_recover = false;
    tcp->tries = tcp->duplicates = 0;
    memset(tcp->has_come, 0, sizeof tcp->has_come);
    tcp->reach = 0;
}

static void size_segments(Tcp *tcp, uint32_t his_mss)
{
    const uint32_t most = MIN(own_mss(tcp), his_mss), signature = key_of(tcp) ? 20 : 0;

    tcp->segment = most > signature + 64 ? most - signature : 64;
    tcp->window = MIN(10 * tcp->segment, 14600);
}

void tcp_connect(Tcp *tcp, uint32_t iss)
{
    begin(tcp, iss);
    tcp->state = TCP_SYN_SENT;
    put_syn(tcp);
}

void tcp_listen(Tcp *tcp, uint32_t iss)
{
    begin(tcp, iss);
    tcp->state = TCP_LISTEN;
}

void tcp_converged(Tcp *tcp, uint32_t iss, uint32_t his_iss, DxTime rtt)
{
    begin(tcp, iss);
    tcp->state = TCP_ESTABLISHED;
    tcp->una = tcp->nxt = tcp->max = iss + 1;
    tcp->irs = his_iss;
    tcp->rcv = tcp->acked = his_iss + 1;
    size_segments(tcp, own_mss(tcp));
    tcp->has_rtt = true;
    tcp->srtt = rtt;
    tcp->rttvar = 0;
    tcp->rto = CLAMP(rtt, RTO_LEAST, RTO_MOST);
}

static void linger(Tcp *tcp)
{
    if (tcp->state == TCP_FIN_WAIT && tcp->una == data_end(tcp) + 1)
        tcp->linger_at = now_of(tcp) + LINGER;
}

void tcp_close(Tcp *tcp)
{
    if (!is_open(tcp) || tcp->wants_fin)
        return;
    tcp->wants_fin = true;
    tcp->state = tcp->state == TCP_CLOSE_WAIT ? TCP_LAST_ACK : TCP_FIN_WAIT;
    send_what_may(tcp);
}

void tcp_abort(Tcp *tcp)
{
    if (tcp->state >= TCP_SYN_RECEIVED)
        put(tcp, tcp->max, tcp->rcv, DX_TCP_RST | DX_TCP_ACK, NULL, 0);
    stop(tcp);
}

void tcp_forget(Tcp *tcp)
{
    stop(tcp);
}

static void end(Tcp *tcp, TcpReason reason)
{
    static const char *const reasons[] = { [TCP_FINISHED] = "Peer closed the session",
                                           [TCP_REFUSED] = "Connection refused",
                                           [TCP_RESET] = "Connection reset by peer",
                                           [TCP_TIMED_OUT] = "Connection timed out" };
    const bool was_listening = tcp->state == TCP_SYN_RECEIVED;

    stop(tcp);
    if (was_listening)
        tcp_listen(tcp, (uint32_t)dx_rng_u64(&tcp->peer->rng));
    else
        peer_closed(tcp->peer, reasons[reason]);
}

/* -- acknowledgments ----------------------------------------------------------------------------------- */

static void measure(Tcp *tcp, DxTime r)
{
    if (tcp->has_rtt) {
        tcp->rttvar = (3 * tcp->rttvar + ABS(tcp->srtt - r)) / 4;
        tcp->srtt = (7 * tcp->srtt + r) / 8;
    } else {
        tcp->srtt = r;
        tcp->rttvar = r / 2;
    }
    tcp->has_rtt = true;
    tcp->rto = CLAMP(tcp->srtt + 4 * tcp->rttvar, RTO_LEAST, RTO_MOST);
}

static void first_again(Tcp *tcp)
{
    const uint32_t left = data_end(tcp) - tcp->una;

    tcp->measures = false;
    if (ahead(tcp->una, data_end(tcp)) >= 0)
        put_segment(tcp, data_end(tcp), 0);
    else
        put_segment(tcp, tcp->una, MIN(tcp->segment, MIN(left, tcp->max - tcp->una)));
}

static void grow(Tcp *tcp, uint32_t n)
{
    if (tcp->window < tcp->threshold)
        tcp->window += MIN(n, tcp->segment);
    else
        tcp->window += MAX(tcp->segment * tcp->segment / tcp->window, 1);
    tcp->window = MIN(tcp->window, WINDOW_MOST);
}

static void acknowledged(Tcp *tcp, uint32_t ack)
{
    const uint32_t n = ack - tcp->una;

    tcp->una = ack;
    tcp->tries = 0;
    tcp->duplicates = 0;
    if (ahead(tcp->nxt, ack) < 0)
        tcp->nxt = ack;
    if (tcp->measures && ahead(ack, tcp->measured) >= 0) {
        tcp->measures = false;
        measure(tcp, now_of(tcp) - tcp->measured_at);
    }
    tcp->timer_at = ack == tcp->max ? DX_TIME_NEVER : now_of(tcp) + tcp->rto;
    if (!tcp->recovers) {
        grow(tcp, n);
    } else if (ahead(ack, tcp->recover) >= 0) {
        tcp->recovers = false;
        tcp->window = tcp->threshold;
    } else {
        tcp->window = MAX(tcp->window > n ? tcp->window - n : 0, tcp->segment) + tcp->segment;
        first_again(tcp);
    }
}

static void halve(Tcp *tcp)
{
    tcp->threshold = MAX((tcp->max - tcp->una) / 2, 2 * tcp->segment);
}

static void duplicate(Tcp *tcp)
{
    tcp->duplicates++;
    if (tcp->recovers) {
        tcp->window = MIN(tcp->window + tcp->segment, WINDOW_MOST);
    } else if (tcp->duplicates == 3 && (!tcp->has_recover || ahead(tcp->una, tcp->recover) > 0)) {
        halve(tcp);
        tcp->recovers = tcp->has_recover = true;
        tcp->recover = tcp->max;
        tcp->window = tcp->threshold + 3 * tcp->segment;
        first_again(tcp);
    }
}

/* -- what comes ---------------------------------------------------------------------------------------- */

static void put_reset_for(Tcp *tcp, const DxTcpSegment *segment)
{
    const uint32_t length =
        (uint32_t)segment->n_data + !!(segment->flags & DX_TCP_SYN) + !!(segment->flags & DX_TCP_FIN);

    if (segment->flags & DX_TCP_RST)
        return;
    if (segment->flags & DX_TCP_ACK)
        put(tcp, segment->ack, 0, DX_TCP_RST, NULL, 0);
    else
        put(tcp, 0, segment->seq + length, DX_TCP_RST | DX_TCP_ACK, NULL, 0);
}

static void hear_syn(Tcp *tcp, const DxTcpSegment *segment)
{
    tcp->irs = segment->seq;
    tcp->rcv = segment->seq + 1;
    tcp->his_window = segment->window;
    size_segments(tcp, segment->mss ? segment->mss : is_ipv6(tcp) ? 1220 : 536);
}

static void heard_listening(Tcp *tcp, const DxTcpSegment *segment)
{
    if (segment->flags & DX_TCP_RST)
        return;
    if (segment->flags & DX_TCP_ACK) {
        put_reset_for(tcp, segment);
    } else if (segment->flags & DX_TCP_SYN) {
        hear_syn(tcp, segment);
        tcp->state = TCP_SYN_RECEIVED;
        put_syn(tcp);
    }
}

/* It stands. */
static void stand(Tcp *tcp, const DxTcpSegment *segment)
{
    const bool was_again = tcp->syn_again;

    tcp->state = TCP_ESTABLISHED;
    tcp->his_window = segment->window;
    tcp->una = segment->ack;
    tcp->tries = 0;
    tcp->timer_at = DX_TIME_NEVER;
    if (tcp->measures)
        measure(tcp, now_of(tcp) - tcp->measured_at);
    tcp->measures = false;
    if (was_again)
        tcp->rto = 3 * DX_S;
}

static void heard_syn_sent(Tcp *tcp, const DxTcpSegment *segment)
{
    const bool has_ack = segment->flags & DX_TCP_ACK;

    if (has_ack && segment->ack != tcp->iss + 1) {
        put_reset_for(tcp, segment);
    } else if (segment->flags & DX_TCP_RST) {
        if (has_ack)
            end(tcp, TCP_REFUSED);
    } else if ((segment->flags & DX_TCP_SYN) && has_ack) {
        hear_syn(tcp, segment);
        stand(tcp, segment);
        acknowledge(tcp);
        peer_connected(tcp->peer);
    }
}

static unsigned count_runs(const Tcp *tcp)
{
    unsigned n = 0;

    for (unsigned i = 0; i < tcp->reach; i++)
        n += tcp->has_come[i] && (!i || !tcp->has_come[i - 1]);
    return n;
}

/* Into the window, whatever is missing. */
static void keep(Tcp *tcp, const DxTcpSegment *segment)
{
    static bool before[TCP_WINDOW];
    const unsigned reach = tcp->reach;

    memcpy(before, tcp->has_come, reach);
    for (size_t i = 0; i < segment->n_data; i++) {
        const int32_t at = ahead(segment->seq + (uint32_t)i, tcp->rcv);

        if (at >= 0 && at < TCP_WINDOW) {
            tcp->has_come[at] = true;
            tcp->came[at] = segment->data[i];
            tcp->reach = MAX(tcp->reach, (unsigned)at + 1);
        }
    }
    if (!tcp->has_come[0] && count_runs(tcp) > RUNS_MOST) {
        memset(tcp->has_come, 0, tcp->reach);
        memcpy(tcp->has_come, before, reach);
        tcp->reach = reach;
    }
}

/* What is there without a hole. */
static GByteArray *take(Tcp *tcp)
{
    GByteArray *data = g_byte_array_new();
    unsigned n = 0;

    while (n < tcp->reach && tcp->has_come[n])
        n++;
    g_byte_array_append(data, tcp->came, n);
    tcp->reach -= n;
    memmove(tcp->came, tcp->came + n, tcp->reach);
    memmove(tcp->has_come, tcp->has_come + n, tcp->reach);
    memset(tcp->has_come + tcp->reach, 0, n);
    tcp->rcv += n;
    return data;
}

static void finish_if_all(Tcp *tcp)
{
    if (tcp->state == TCP_LAST_ACK && tcp->una == data_end(tcp) + 1)
        end(tcp, TCP_FINISHED);
}

/* It is acknowledged before anybody is told. */
static void hear_fin(Tcp *tcp)
{
    tcp->rcv++;
    tcp->has_his_fin = true;
    tcp->knows_his_fin = false;
    tcp->state = tcp->state == TCP_FIN_WAIT ? TCP_LAST_ACK : TCP_CLOSE_WAIT;
    tcp->linger_at = DX_TIME_NEVER;
    acknowledge(tcp);
    if (tcp->state == TCP_CLOSE_WAIT)
        peer_closed(tcp->peer, "Peer closed the session");
}

/* Data, and the end of it. */
static void hear_data(Tcp *tcp, const DxTcpSegment *segment)
{
    const unsigned life = tcp->life;
    const uint32_t before = tcp->rcv, to = segment->seq + (uint32_t)segment->n_data;
    const bool has_fin = segment->flags & DX_TCP_FIN;
    const bool is_early = (segment->n_data || has_fin) && ahead(segment->seq, before) > 0;
    const bool is_old = segment->n_data && ahead(to, before) <= 0;
    bool fills_hole = false;
    GByteArray *data;

    for (int32_t i = 0; !is_early && i <= ahead(to, before) && i < TCP_WINDOW; i++)
        fills_hole |= tcp->has_come[i];
    if (has_fin && !tcp->has_his_fin) {
        tcp->knows_his_fin = true;
        tcp->his_fin = to;
    }
    keep(tcp, segment);
    data = take(tcp);
    if (data->len)
        peer_octets(tcp->peer, data->data, data->len);
    g_byte_array_unref(data);
    if (tcp->life == life && tcp->knows_his_fin && tcp->rcv == tcp->his_fin) {
        hear_fin(tcp);
        if (tcp->life == life)
            send_what_may(tcp);
        return;
    }
    if (tcp->life != life)
        return;
    send_what_may(tcp);
    if (is_early || is_old ||
        ((fills_hole || tcp->rcv - tcp->acked >= 2 * tcp->segment) && tcp->acked != tcp->rcv))
        acknowledge(tcp);
    else if (tcp->acked != tcp->rcv && tcp->ack_at == DX_TIME_NEVER)
        tcp->ack_at = now_of(tcp) + ACK_DELAY;
}

static bool is_acceptable(const Tcp *tcp, const DxTcpSegment *segment)
{
    const uint32_t length =
        (uint32_t)segment->n_data + !!(segment->flags & DX_TCP_SYN) + !!(segment->flags & DX_TCP_FIN);
    const int32_t from = ahead(segment->seq, tcp->rcv), to = from + (int32_t)length;

    return from < TCP_WINDOW && (length ? to > 0 : from >= 0);
}

static void heard_open(Tcp *tcp, const DxTcpSegment *segment)
{
    const unsigned life = tcp->life;
    const bool is_first = tcp->state == TCP_SYN_RECEIVED;

    if (is_first && (segment->flags & DX_TCP_SYN) && !(segment->flags & DX_TCP_ACK) &&
        segment->seq == tcp->irs) {
        tcp->measures = false; /* which of the two will he acknowledge? */
        tcp->timer_at = now_of(tcp) + tcp->rto;
        put_acking(tcp, tcp->iss, DX_TCP_SYN, NULL, 0);
        return;
    }
    if (!is_acceptable(tcp, segment)) {
        if (!(segment->flags & DX_TCP_RST))
            acknowledge(tcp);
        return;
    }
    if (segment->flags & DX_TCP_RST) {
        if (segment->seq == tcp->rcv)
            end(tcp, TCP_RESET);
        else
            acknowledge(tcp);
        return;
    }
    if (segment->flags & DX_TCP_SYN) {
        acknowledge(tcp);
        return;
    }
    if (!(segment->flags & DX_TCP_ACK))
        return;
    if (is_first) {
        if (segment->ack != tcp->iss + 1) {
            put_reset_for(tcp, segment);
            return;
        }
        stand(tcp, segment);
        peer_connected(tcp->peer);
        if (tcp->life != life)
            return;
    } else if (ahead(segment->ack, tcp->max) > 0) {
        acknowledge(tcp);
        return;
    } else if (ahead(segment->ack, tcp->una) > 0) {
        acknowledged(tcp, segment->ack);
    } else if (segment->ack == tcp->una && !segment->n_data && !(segment->flags & DX_TCP_FIN) &&
               segment->window == tcp->his_window && tcp->max != tcp->una) {
        duplicate(tcp);
    }
    tcp->his_window = segment->window;
    linger(tcp);
    hear_data(tcp, segment); /* what the acknowledgment lets go acknowledges these data */
    if (tcp->life == life)
        finish_if_all(tcp);
}

void tcp_heard(Tcp *tcp, const uint8_t *octets, size_t n)
{
    Peer *peer = tcp->peer;
    const DxIp *me = &peer->session->address[peer->end], *he = &peer->session->address[1 - peer->end];
    DxTcpSegment segment;

    if (dx__tcp_decode(octets, n, he, me, &segment))
        return;
    if (!dx__tcp_verify(octets, n, he, me, key_of(tcp))) {
        if (!tcp->told_of_key)
            bgp_log(peer, "bgp_md5", "Invalid MD5 digest, or none");
        tcp->told_of_key = true;
        return;
    }
    if (tcp->state == TCP_CLOSED)
        put_reset_for(tcp, &segment);
    else if (tcp->state == TCP_LISTEN)
        heard_listening(tcp, &segment);
    else if (tcp->state == TCP_SYN_SENT)
        heard_syn_sent(tcp, &segment);
    else
        heard_open(tcp, &segment);
}

/* -- time ---------------------------------------------------------------------------------------------- */

DxTime tcp_due(const Tcp *tcp)
{
    return MIN(tcp->timer_at, MIN(tcp->ack_at, tcp->linger_at));
}

static void timer_ended(Tcp *tcp)
{
    const bool is_syn = !is_open(tcp);

    tcp->timer_at = DX_TIME_NEVER;
    tcp->measures = false;
    if (tcp->tries >= (is_syn ? SYN_TRIES : DATA_TRIES)) {
        end(tcp, TCP_TIMED_OUT);
        return;
    }
    tcp->rto = MIN(2 * tcp->rto, RTO_MOST);
    if (is_syn) {
        tcp->tries++;
        tcp->syn_again = true;
        put_syn(tcp);
        tcp->measures = false;
        return;
    }
    if (tcp->tries++ == 0)
        halve(tcp);
    tcp->window = tcp->segment;
    tcp->recovers = false;
    tcp->has_recover = true;
    tcp->recover = tcp->max;
    tcp->duplicates = 0;
    tcp->nxt = tcp->una;
    send_what_may(tcp);
}

void tcp_tick(Tcp *tcp)
{
    const DxTime now = now_of(tcp);

    if (tcp->timer_at <= now)
        timer_ended(tcp);
    if (tcp->ack_at <= now)
        acknowledge(tcp);
    if (tcp->linger_at <= now)
        end(tcp, TCP_FINISHED);
}
