/*
 * transport - see transport.h: the connection's life, and what it hears (RFC 9293, section 3.10)
 */
#include "transport-priv.h"

#include <string.h>
#include "wire/put.h"

#define RING_MASK 0xffffu
#define RING_SIZE 65536u

static const char *const states[] = { "CLOSED",      "LISTEN",   "SYN-SENT",   "SYN-RECEIVED",
                                      "ESTABLISHED", "FIN-WAIT", "CLOSE-WAIT", "LAST-ACK" };
static const char *const reasons[] = { "finished", "refused", "reset", "timed out" };

const char *dx__transport_state_name(TransportState state)
{
    return states[state];
}

const char *dx__transport_reason_name(TransportReason reason)
{
    return reasons[reason];
}

/* -- beginnings and ends ------------------------------------------------------------------------------- */

void dx__transport_conf_init(TransportConf *conf)
{
    *conf = (TransportConf){ .ack_delay_ps = 40 * DX_MS,
                             .rto_min_ps = 200 * DX_MS,
                             .rto_initial_ps = 1 * DX_S,
                             .rto_max_ps = 60 * DX_S,
                             .syn_retries = 6,
                             .retries = 15,
                             .fin_wait_ps = 60 * DX_S };
}

static void stop(Transport *transport)
{
    transport->rto_due_ps = transport->ack_due_ps = transport->fin_due_ps = DX_TIME_NEVER;
}

/* Nothing of an earlier connection is left but its counters, and room that somebody may be reading from. */
void dx__transport_forget(Transport *transport)
{
    transport->life++;
    transport->state = TRANSPORT_CLOSED;
    g_byte_array_set_size(transport->out, 0);
    transport->out_from = 0;
    transport->n_runs = transport->n_retries = transport->n_duplicate_acks = 0;
    transport->n_unacked = 0;
    transport->wants_fin = transport->is_fin_acked = transport->has_fin = transport->acks_now =
        transport->acks_alone = false;
    transport->is_recovering = transport->is_timing = false;
    transport->srtt_ps = transport->rttvar_ps = 0;
    transport->remote_port = transport->conf.remote_port;
    stop(transport);
}

void dx__transport_init(Transport *transport, const TransportConf *conf, const TransportWatch *watch,
                        void *user)
{
    *transport = (Transport){ .conf = *conf, .watch = watch, .user = user, .out = g_byte_array_new() };
    dx__transport_forget(transport);
}

void dx__transport_clear(Transport *transport)
{
    if (transport->out)
        g_byte_array_unref(transport->out);
    g_free(transport->ahead);
    *transport = (Transport){ 0 };
}

static void end(Transport *transport, TransportReason reason)
{
    dx__transport_forget(transport);
    transport->watch->closed(transport->user, reason);
}

void dx__transport_open(Transport *transport, DxTime now_ps, uint32_t iss)
{
    g_return_if_fail(transport->state == TRANSPORT_CLOSED);
    transport->now_ps = now_ps;
    dx__transport_begin(transport, iss);
    transport->state = TRANSPORT_SYN_SENT;
    dx__transport_send_syn(transport);
}

void dx__transport_listen(Transport *transport, DxTime now_ps, uint32_t iss)
{
    g_return_if_fail(transport->state == TRANSPORT_CLOSED);
    transport->now_ps = now_ps;
    dx__transport_begin(transport, iss);
    transport->state = TRANSPORT_LISTEN;
}

void dx__transport_converge(Transport *transport, DxTime now_ps, uint32_t iss, uint32_t irs, DxTime rtt_ps)
{
    g_return_if_fail(transport->state == TRANSPORT_CLOSED);
    transport->now_ps = now_ps;
    dx__transport_begin(transport, iss);
    transport->state = TRANSPORT_SYN_SENT;
    transport->nxt = transport->max = iss + 1;
    transport->peer_mss = dx__transport_own_mss(transport);
    transport->irs = irs;
    transport->rcv_nxt = irs + 1;
    dx__transport_acked(transport, iss + 1);
    dx__transport_measure(transport, rtt_ps);
    transport->rttvar_ps = 0;
    transport->rto_ps = CLAMP(transport->srtt_ps, transport->conf.rto_min_ps, transport->conf.rto_max_ps);
    transport->state = TRANSPORT_ESTABLISHED;
}

/* -- what the user asks for ---------------------------------------------------------------------------- */

bool dx__transport_send(Transport *transport, DxTime now_ps, const void *data, size_t n)
{
    transport->now_ps = now_ps;
    if (transport->state != TRANSPORT_ESTABLISHED && transport->state != TRANSPORT_CLOSE_WAIT)
        return false;
    g_byte_array_append(transport->out, data, (guint)n);
    dx__transport_output(transport);
    return true;
}

void dx__transport_close(Transport *transport, DxTime now_ps)
{
    transport->now_ps = now_ps;
    switch (transport->state) {
    case TRANSPORT_LISTEN:
    case TRANSPORT_SYN_SENT:
        dx__transport_forget(transport);
        break;
    case TRANSPORT_SYN_RECEIVED:
        dx__transport_abort(transport, now_ps);
        break;
    case TRANSPORT_ESTABLISHED:
    case TRANSPORT_CLOSE_WAIT:
        transport->state =
            transport->state == TRANSPORT_ESTABLISHED ? TRANSPORT_FIN_WAIT : TRANSPORT_LAST_ACK;
        transport->wants_fin = true;
        dx__transport_output(transport);
        break;
    default:
        break;
    }
}

void dx__transport_abort(Transport *transport, DxTime now_ps)
{
    transport->now_ps = now_ps;
    if (transport->state >= TRANSPORT_SYN_RECEIVED)
        dx__transport_send_rst(transport, NULL);
    dx__transport_forget(transport);
}

size_t dx__transport_n_waiting(const Transport *transport)
{
    return transport->out->len - transport->out_from;
}

/* -- out of order -------------------------------------------------------------------------------------- */

/* Runs are in order, and never touch. False: there are too many. */
static bool add_run(Transport *transport, TransportRun run)
{
    TransportRun *runs = transport->run;
    unsigned first = 0, last;

    while (first < transport->n_runs && seq_before(runs[first].to, run.from))
        first++;
    for (last = first; last < transport->n_runs && !seq_before(run.to, runs[last].from); last++) {
        run.from = seq_before(runs[last].from, run.from) ? runs[last].from : run.from;
        run.to = seq_max(runs[last].to, run.to);
    }
    if (first == last && transport->n_runs == TRANSPORT_HOLES_MAX)
        return false;
    memmove(runs + first + 1, runs + last, (transport->n_runs - last) * sizeof *runs);
    transport->n_runs = transport->n_runs - (last - first) + 1;
    runs[first] = run;
    return true;
}

static void keep(Transport *transport, uint32_t seq, const uint8_t *data, size_t n)
{
    const uint32_t at = seq & RING_MASK, first = (uint32_t)MIN(n, RING_SIZE - at);

    transport->counters.out_of_order++;
    if (!add_run(transport, (TransportRun){ seq, seq + (uint32_t)n }))
        return;
    if (!transport->ahead)
        transport->ahead = g_malloc(RING_SIZE);
    memcpy(transport->ahead + at, data, first);
    memcpy(transport->ahead, data + first, n - first);
}

/* -- in order ------------------------------------------------------------------------------------------ */

/* What was waiting for the octets that have come just now is in order from here on. */
static bool join_runs(Transport *transport)
{
    unsigned n = 0;

    while (n < transport->n_runs && !seq_before(transport->rcv_nxt, transport->run[n].from))
        transport->rcv_nxt = seq_max(transport->rcv_nxt, transport->run[n++].to);
    transport->n_runs -= n;
    memmove(transport->run, transport->run + n, transport->n_runs * sizeof *transport->run);
    return n > 0;
}

/* False: the connection has ended over it. */
static bool deliver(Transport *transport, const uint8_t *data, uint32_t n)
{
    const unsigned life = transport->life;

    transport->counters.rx_bytes += n;
    transport->watch->arrived(transport->user, data, n);
    return transport->life == life;
}

/* What was kept from @seq up to what is in order now: in one piece, or two where the ring goes round. */
static bool deliver_kept(Transport *transport, uint32_t seq)
{
    while (seq_before(seq, transport->rcv_nxt)) {
        const uint32_t at = seq & RING_MASK, n = MIN(transport->rcv_nxt - seq, RING_SIZE - at);

        if (!deliver(transport, transport->ahead + at, n))
            return false;
        seq += n;
    }
    return true;
}

/* All that is in order now counts before any of it is handed on: what is said in answer acknowledges it all.
 * False: the connection has ended over it. */
static bool take_in_order(Transport *transport, const uint8_t *data, uint32_t n)
{
    const uint32_t from = transport->rcv_nxt;
    bool fills_hole;

    transport->rcv_nxt += n;
    fills_hole = join_runs(transport);
    transport->n_unacked += transport->rcv_nxt - from;
    if (!deliver(transport, data, n) || !deliver_kept(transport, from + n))
        return false;
    if (transport->n_unacked &&
        (fills_hole || transport->n_unacked >= 2u * dx__transport_send_mss(transport)))
        transport->acks_now = true; /* unless something is sent that says it */
    return true;
}

/* Within the window. False: the connection has ended over it. */
static bool take_data(Transport *transport, uint32_t seq, const uint8_t *data, size_t n)
{
    const uint32_t old = transport->rcv_nxt - seq;

    if (!n)
        return true;
    if (!seq_before(transport->rcv_nxt, seq + (uint32_t)n)) {
        transport->acks_alone = true; /* all of it has come before */
        return true;
    }
    n = MIN(n, transport->rcv_nxt + TRANSPORT_WINDOW_BYTES - seq);
    if (seq_before(transport->rcv_nxt, seq)) {
        keep(transport, seq, data, n);
        transport->acks_alone = true;
        return true;
    }
    return take_in_order(transport, data + old, (uint32_t)n - old);
}

/* He has sent everything, and it has all come. */
static bool take_fin(Transport *transport)
{
    const unsigned life = transport->life;

    if (!transport->has_fin || transport->rcv_nxt != transport->fin_seq ||
        transport->state == TRANSPORT_CLOSE_WAIT || transport->state == TRANSPORT_LAST_ACK)
        return true;
    transport->rcv_nxt++;
    dx__transport_send_ack(transport);
    if (transport->state == TRANSPORT_FIN_WAIT) {
        transport->state = TRANSPORT_LAST_ACK;
        return true;
    }
    transport->state = TRANSPORT_CLOSE_WAIT;
    if (transport->watch->ended)
        transport->watch->ended(transport->user);
    return transport->life == life;
}

/* Now, soon, or with the next data. */
static void acknowledge(Transport *transport)
{
    if (transport->acks_now || transport->acks_alone ||
        (transport->n_unacked && !transport->conf.ack_delay_ps))
        dx__transport_send_ack(transport);
    else if (transport->n_unacked && transport->ack_due_ps == DX_TIME_NEVER)
        transport->ack_due_ps = transport->now_ps + transport->conf.ack_delay_ps;
}

/* -- a connection begins ------------------------------------------------------------------------------- */

static void take_syn(Transport *transport, const DxTcpSegment *segment)
{
    transport->irs = segment->seq;
    transport->rcv_nxt = segment->seq + 1;
    transport->peer_window = segment->window;
    if (segment->mss)
        transport->peer_mss = segment->mss;
}

static void hear_listen(Transport *transport, const DxTcpSegment *segment)
{
    if (segment->flags & DX_TCP_RST)
        return;
    if (segment->flags & DX_TCP_ACK) {
        dx__transport_send_rst(transport, segment);
        return;
    }
    if (!(segment->flags & DX_TCP_SYN))
        return;
    transport->remote_port = segment->src_port;
    take_syn(transport, segment);
    transport->state = TRANSPORT_SYN_RECEIVED;
    dx__transport_send_syn(transport);
}

static void establish(Transport *transport, uint32_t ack)
{
    dx__transport_acked(transport, ack);
    transport->state = TRANSPORT_ESTABLISHED;
}

static void hear_syn_sent(Transport *transport, const DxTcpSegment *segment)
{
    const bool has_ack = segment->flags & DX_TCP_ACK;

    if (has_ack && segment->ack != transport->iss + 1) {
        if (!(segment->flags & DX_TCP_RST))
            dx__transport_send_rst(transport, segment);
        return;
    }
    if (segment->flags & DX_TCP_RST) {
        if (has_ack)
            end(transport, TRANSPORT_REFUSED);
        return;
    }
    if (!(segment->flags & DX_TCP_SYN))
        return;
    take_syn(transport, segment);
    if (!has_ack) { /* both have opened at once */
        transport->state = TRANSPORT_SYN_RECEIVED;
        dx__transport_send_syn(transport);
        return;
    }
    establish(transport, segment->ack);
    dx__transport_send_ack(transport);
    transport->watch->connected(transport->user);
}

/* -- a connection goes on ------------------------------------------------------------------------------ */

/* RFC 9293, section 3.10.7.4, first: is any of it in the window? */
static bool is_acceptable(const Transport *transport, const DxTcpSegment *segment)
{
    const uint32_t n = (uint32_t)segment->n_data + !!(segment->flags & DX_TCP_FIN);
    const uint32_t first = segment->seq - transport->rcv_nxt, last = first + n - 1;

    return first < TRANSPORT_WINDOW_BYTES || (n && last < TRANSPORT_WINDOW_BYTES);
}

/* RFC 5961, section 3.2: only the very next octet is believed. */
static void hear_rst(Transport *transport, const DxTcpSegment *segment)
{
    if (segment->seq != transport->rcv_nxt)
        dx__transport_send_ack(transport);
    else if (transport->state == TRANSPORT_LAST_ACK && !dx__transport_n_waiting(transport))
        end(transport, TRANSPORT_FINISHED); /* our FIN has come: there is nobody left to say so */
    else
        end(transport, TRANSPORT_RESET);
}

/* False: go no further. */
static bool take_ack(Transport *transport, const DxTcpSegment *segment)
{
    const uint32_t ack = segment->ack;

    if (seq_before(transport->max, ack)) {
        dx__transport_send_ack(transport);
        return false;
    }
    if (seq_before(transport->una, ack)) {
        transport->peer_window = segment->window;
        dx__transport_acked(transport, ack);
    } else if (ack == transport->una && ack != transport->max && !segment->n_data &&
               !(segment->flags & DX_TCP_FIN) && segment->window == transport->peer_window) {
        dx__transport_duplicate_ack(transport);
    } else if (ack == transport->una) {
        transport->peer_window = segment->window;
    }
    return true;
}

/* His SYN once more, or the SYN-ACK of one who has opened at the same time. True: there is more to it. */
static bool hear_syn_again(Transport *transport, DxTcpSegment *segment)
{
    const bool is_same = transport->state == TRANSPORT_SYN_RECEIVED && segment->seq == transport->irs;

    if (is_same && segment->flags & DX_TCP_ACK && segment->ack == transport->iss + 1) {
        segment->flags &= (uint8_t)~DX_TCP_SYN;
        segment->seq++;
        return true;
    }
    if (is_same)
        dx__transport_send_syn(transport);
    else
        dx__transport_send_ack(transport); /* RFC 5961, section 4.2 */
    return false;
}

static bool take_first_ack(Transport *transport, const DxTcpSegment *segment)
{
    const unsigned life = transport->life;

    if (segment->ack != transport->iss + 1) {
        dx__transport_send_rst(transport, segment);
        return false;
    }
    transport->peer_window = segment->window;
    establish(transport, segment->ack);
    transport->watch->connected(transport->user);
    return transport->life == life;
}

/* Our FIN is known: what is left is his, or nothing. False: that was all. */
static bool is_going_on(Transport *transport)
{
    if (!transport->is_fin_acked)
        return true;
    if (transport->state == TRANSPORT_LAST_ACK) {
        end(transport, TRANSPORT_FINISHED);
        return false;
    }
    transport->fin_due_ps = transport->now_ps + transport->conf.fin_wait_ps;
    return true;
}

static void hear_connected(Transport *transport, DxTcpSegment *segment)
{
    if (segment->flags & DX_TCP_SYN && !hear_syn_again(transport, segment))
        return;
    if (!is_acceptable(transport, segment)) {
        if (!(segment->flags & DX_TCP_RST))
            dx__transport_send_ack(transport);
        return;
    }
    if (segment->flags & DX_TCP_RST) {
        hear_rst(transport, segment);
        return;
    }
    if (!(segment->flags & DX_TCP_ACK))
        return;
    if (transport->state == TRANSPORT_SYN_RECEIVED ? !take_first_ack(transport, segment)
                                                   : !take_ack(transport, segment))
        return;
    if (segment->flags & DX_TCP_FIN) {
        transport->has_fin = true;
        transport->fin_seq = segment->seq + (uint32_t)segment->n_data;
        transport->acks_alone |=
            seq_before(transport->rcv_nxt, segment->seq); /* out of order, without data too */
    }
    if (!take_data(transport, segment->seq, segment->data, segment->n_data) || !take_fin(transport) ||
        !is_going_on(transport))
        return;
    dx__transport_output(transport);
    acknowledge(transport);
}

/* -- entries ------------------------------------------------------------------------------------------- */

bool dx__transport_is_for(const Transport *transport, const uint8_t *segment, size_t n)
{
    const bool is_open = transport->state == TRANSPORT_LISTEN && !transport->conf.remote_port;

    return n >= DX_TCP_HEADER_BYTES && get_u16(segment + 2) == transport->conf.local_port &&
           (is_open || get_u16(segment) == transport->remote_port);
}

static void hear(Transport *transport, DxTcpSegment *segment)
{
    switch (transport->state) {
    case TRANSPORT_CLOSED:
        if (!(segment->flags & DX_TCP_RST))
            dx__transport_send_rst(transport, segment);
        break;
    case TRANSPORT_LISTEN:
        hear_listen(transport, segment);
        break;
    case TRANSPORT_SYN_SENT:
        hear_syn_sent(transport, segment);
        break;
    default:
        hear_connected(transport, segment);
    }
}

void dx__transport_receive(Transport *transport, DxTime now_ps, const uint8_t *octets, size_t n)
{
    const TransportConf *conf = &transport->conf;
    DxTcpSegment segment;

    transport->now_ps = now_ps;
    transport->counters.rx_segments++;
    if (dx__tcp_decode(octets, n, &conf->remote, &conf->local, &segment)) {
        transport->counters.dropped_malformed++;
        return;
    }
    if (!dx__tcp_verify(octets, n, &conf->remote, &conf->local, conf->key)) {
        transport->counters.dropped_md5++;
        return;
    }
    if (transport->state == TRANSPORT_CLOSED || dx__transport_is_for(transport, octets, n))
        hear(transport, &segment);
}

void dx__transport_run(Transport *transport, DxTime now_ps)
{
    const unsigned life = transport->life;

    transport->now_ps = now_ps;
    if (transport->rto_due_ps <= now_ps && !dx__transport_timeout(transport))
        end(transport, TRANSPORT_TIMED_OUT);
    if (transport->life == life && transport->ack_due_ps <= now_ps)
        dx__transport_send_ack(transport);
    if (transport->life == life && transport->fin_due_ps <= now_ps)
        end(transport, TRANSPORT_FINISHED);
}

DxTime dx__transport_next(const Transport *transport)
{
    return MIN(MIN(transport->ack_due_ps, transport->rto_due_ps), transport->fin_due_ps);
}
