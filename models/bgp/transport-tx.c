/*
 * transport-tx - what a connection sends, and when once more: RFC 9293, 5681, 6298, 6582
 *
 *      una                nxt          max            end
 *   ----|------------------|------------|--------------|-----
 *   gone     on its way       sent once    not sent yet
 *
 * After a timeout nxt goes back to una: what the other end has kept, its next acknowledgment jumps over.
 */
#include "transport-priv.h"

#include <string.h>

#define INITIAL_SEGMENTS   10 /* RFC 6928 */
#define INITIAL_BYTES      14600
#define DUPLICATES         3
#define CWND_MAX           (1u << 20)
#define MD5_OPTION_BYTES   20
#define RTO_AFTER_SYN_PS   (3 * DX_S) /* RFC 6298, section 5.7 */
#define COMPACT_FROM_BYTES 65536

/* -- sizes --------------------------------------------------------------------------------------------- */

uint16_t dx__transport_own_mss(const Transport *transport)
{
    if (transport->conf.mss)
        return transport->conf.mss;
    return transport->conf.local.bits == 32 ? 1500 - 20 - 20 : 1500 - 40 - 20;
}

/* Options are not counted in what the ends tell each other (RFC 6691). */
uint32_t dx__transport_send_mss(const Transport *transport)
{
    const uint32_t mss = MIN(dx__transport_own_mss(transport), transport->peer_mss);
    const uint32_t options = transport->conf.key ? MD5_OPTION_BYTES : 0;

    return MAX(mss, options + 64) - options;
}

static uint32_t n_given(const Transport *transport)
{
    return transport->out->len - transport->out_from;
}

/* One past the last octet that was given to send; there the FIN stands. */
static uint32_t end_of_data(const Transport *transport)
{
    return transport->una + n_given(transport);
}

/* -- segments ------------------------------------------------------------------------------------------ */

static void transmit(Transport *transport, DxTcpSegment *segment)
{
    uint8_t octets[TRANSPORT_SEGMENT_MAX];
    const size_t n =
        dx__tcp_encode(segment, &transport->conf.local, &transport->conf.remote, transport->conf.key, octets);

    transport->counters.tx_segments++;
    transport->watch->transmit(transport->user, octets, n);
}

/* With what we have heard so far: nothing is left to acknowledge. */
static void put(Transport *transport, DxTcpSegment segment)
{
    segment.src_port = transport->conf.local_port;
    segment.dst_port = transport->remote_port;
    segment.window = TRANSPORT_WINDOW_BYTES;
    if (segment.flags & DX_TCP_ACK) {
        segment.ack = transport->rcv_nxt;
        transport->ack_due_ps = DX_TIME_NEVER;
        transport->n_unacked = 0;
        transport->acks_now = false;
    }
    transmit(transport, &segment);
}

/* From max on: what is older than what he has heard he would not look at. */
void dx__transport_send_ack(Transport *transport)
{
    transport->acks_alone = false;
    put(transport, (DxTcpSegment){ .seq = transport->max, .flags = DX_TCP_ACK });
}

void dx__transport_send_rst(Transport *transport, const DxTcpSegment *heard)
{
    DxTcpSegment rst = { .src_port = transport->conf.local_port,
                         .dst_port = transport->remote_port,
                         .flags = DX_TCP_RST };

    if (!heard) {
        put(transport, (DxTcpSegment){ .seq = transport->max, .flags = DX_TCP_RST | DX_TCP_ACK });
        return;
    }
    rst.dst_port = heard->src_port;
    if (heard->flags & DX_TCP_ACK) {
        rst.seq = heard->ack;
    } else {
        rst.flags |= DX_TCP_ACK;
        rst.ack = heard->seq + (uint32_t)heard->n_data + !!(heard->flags & DX_TCP_SYN) +
                  !!(heard->flags & DX_TCP_FIN);
    }
    transmit(transport, &rst);
}

static void arm(Transport *transport)
{
    transport->rto_due_ps = transport->now_ps + transport->rto_ps;
}

static void time_it(Transport *transport, uint32_t seq)
{
    transport->is_timing = true;
    transport->timed_seq = seq;
    transport->timed_ps = transport->now_ps;
}

void dx__transport_begin(Transport *transport, uint32_t iss)
{
    transport->iss = transport->una = transport->nxt = transport->max = transport->recover = iss;
    transport->peer_window = TRANSPORT_WINDOW_BYTES;
    transport->peer_mss = transport->conf.local.bits == 32 ? 536 : 1220; /* until he says */
    transport->ssthresh = TRANSPORT_WINDOW_BYTES;
    transport->rto_ps = transport->conf.rto_initial_ps;
}

void dx__transport_send_syn(Transport *transport)
{
    const bool has_heard = transport->state == TRANSPORT_SYN_RECEIVED;

    if (transport->max == transport->iss)
        time_it(transport, transport->iss);
    else
        transport->is_timing = false;
    transport->nxt = transport->max = transport->iss + 1;
    arm(transport);
    put(transport, (DxTcpSegment){ .seq = transport->iss,
                                   .flags = (uint8_t)(DX_TCP_SYN | (has_heard ? DX_TCP_ACK : 0)),
                                   .mss = dx__transport_own_mss(transport) });
}

/* From @seq on at most @room octets, and the FIN when it stands behind them. Returns how far that is. */
static uint32_t put_data(Transport *transport, uint32_t seq, uint32_t room)
{
    const uint32_t left = end_of_data(transport) - seq;
    const uint32_t n = MIN(MIN(left, room), dx__transport_send_mss(transport));
    const bool has_fin = transport->wants_fin && n == left;
    const uint32_t next = seq + n + has_fin;
    const guint at = transport->out_from + (seq - transport->una);

    if (seq_before(seq, transport->max))
        transport->counters.retransmitted++;
    else if (!transport->is_timing)
        time_it(transport, seq);
    transport->counters.tx_bytes +=
        seq_before(transport->max, seq + n) ? seq + n - seq_max(seq, transport->max) : 0;
    transport->max = seq_max(transport->max, next);
    if (transport->rto_due_ps == DX_TIME_NEVER)
        arm(transport);
    put(transport, (DxTcpSegment){ .seq = seq,
                                   .flags = (uint8_t)(DX_TCP_ACK | (n && n == left ? DX_TCP_PSH : 0) |
                                                      (has_fin ? DX_TCP_FIN : 0)),
                                   .data = transport->out->data + at,
                                   .n_data = n });
    return next;
}

/* Little is not sent where more will fit soon: RFC 9293, section 3.8.6.2.1. */
static bool is_silly(const Transport *transport, uint32_t left, uint32_t room)
{
    return room < left && room < dx__transport_send_mss(transport) && transport->nxt != transport->una;
}

/* While the timer's segment is not acknowledged the window is that segment, as it was sent before. Counted in
 * octets alone, "one segment" would let small messages out into one-way loss: routers count segments. */
static uint32_t send_window(const Transport *transport)
{
    const uint32_t window = MIN(transport->cwnd, MAX(transport->peer_window, 1));

    return transport->n_retries ? MIN(window, transport->max - transport->una) : window;
}

void dx__transport_output(Transport *transport)
{
    while (transport->state >= TRANSPORT_ESTABLISHED && !transport->is_fin_acked) {
        const uint32_t end = end_of_data(transport), flight = transport->nxt - transport->una;
        const uint32_t window = send_window(transport);
        const bool is_fin_due = transport->wants_fin && transport->nxt == end;

        if (seq_before(end, transport->nxt) || (transport->nxt == end && !is_fin_due) ||
            (flight >= window && !is_fin_due) ||
            (flight < window && is_silly(transport, end - transport->nxt, window - flight)))
            return;
        transport->nxt = put_data(transport, transport->nxt, flight < window ? window - flight : 0);
    }
}

/* -- round trips: RFC 6298, section 2 ------------------------------------------------------------------ */

void dx__transport_measure(Transport *transport, DxTime rtt_ps)
{
    const DxTime srtt_ps = transport->srtt_ps;

    if (!srtt_ps) {
        transport->srtt_ps = MAX(rtt_ps, 1);
        transport->rttvar_ps = rtt_ps / 2;
    } else {
        const DxTime off_ps = srtt_ps > rtt_ps ? srtt_ps - rtt_ps : rtt_ps - srtt_ps;

        transport->rttvar_ps = (3 * transport->rttvar_ps + off_ps) / 4;
        transport->srtt_ps = MAX((7 * srtt_ps + rtt_ps) / 8, 1);
    }
    transport->rto_ps = CLAMP(transport->srtt_ps + 4 * transport->rttvar_ps, transport->conf.rto_min_ps,
                              transport->conf.rto_max_ps);
}

/* What was sent twice says nothing (Karn). */
static void measure_ack(Transport *transport, uint32_t ack)
{
    if (!transport->is_timing || !seq_before(transport->timed_seq, ack))
        return;
    transport->is_timing = false;
    dx__transport_measure(transport, transport->now_ps - transport->timed_ps);
}

/* -- acknowledgments: RFC 5681, section 3; RFC 6582 ---------------------------------------------------- */

static uint32_t half_of_flight(const Transport *transport)
{
    return MAX((transport->max - transport->una) / 2, 2 * dx__transport_send_mss(transport));
}

static void retransmit_first(Transport *transport)
{
    transport->is_timing = false;
    put_data(transport, transport->una, transport->max - transport->una);
}

static void grow(Transport *transport, uint32_t acked)
{
    const uint32_t mss = dx__transport_send_mss(transport);

    if (transport->cwnd < transport->ssthresh)
        transport->cwnd += MIN(acked, mss);
    else
        transport->cwnd += MAX(mss * mss / transport->cwnd, 1);
    transport->cwnd = MIN(transport->cwnd, CWND_MAX);
}

static void recover(Transport *transport, uint32_t ack, uint32_t acked)
{
    const uint32_t mss = dx__transport_send_mss(transport);

    if (!seq_before(ack, transport->recover)) {
        transport->is_recovering = false;
        transport->cwnd = transport->ssthresh;
        return;
    }
    transport->cwnd = MAX(transport->cwnd - MIN(acked, transport->cwnd), mss) + mss;
    retransmit_first(transport); /* the next hole */
}

static void compact(Transport *transport)
{
    if (transport->out_from < COMPACT_FROM_BYTES || transport->out_from < transport->out->len / 2)
        return;
    g_byte_array_remove_range(transport->out, 0, transport->out_from);
    transport->out_from = 0;
}

/* The SYN: its round trip, and the window to begin with. */
static void syn_acked(Transport *transport)
{
    const uint32_t mss = dx__transport_send_mss(transport);

    if (transport->n_retries)
        transport->rto_ps = MAX(transport->conf.rto_initial_ps, RTO_AFTER_SYN_PS);
    transport->cwnd = MIN(INITIAL_SEGMENTS * mss, MAX(2 * mss, INITIAL_BYTES));
}

void dx__transport_acked(Transport *transport, uint32_t ack)
{
    const bool is_syn = transport->state <= TRANSPORT_SYN_RECEIVED;
    const uint32_t acked = ack - transport->una, n_data = is_syn ? 0 : MIN(acked, n_given(transport));

    if (is_syn)
        syn_acked(transport);
    else
        transport->is_fin_acked = acked > n_data;
    measure_ack(transport, ack);
    transport->out_from += n_data;
    compact(transport);
    transport->una = ack;
    transport->nxt = seq_max(transport->nxt, ack);
    transport->n_duplicate_acks = 0;
    transport->n_retries = 0;
    transport->rto_due_ps = DX_TIME_NEVER;
    if (transport->una != transport->max)
        arm(transport);
    if (transport->is_recovering)
        recover(transport, ack, acked);
    else if (!is_syn)
        grow(transport, acked);
}

void dx__transport_duplicate_ack(Transport *transport)
{
    const uint32_t mss = dx__transport_send_mss(transport);

    transport->counters.duplicate_acks++;
    if (transport->is_recovering) {
        transport->cwnd = MIN(transport->cwnd + mss, CWND_MAX);
        return;
    }
    if (++transport->n_duplicate_acks != DUPLICATES || !seq_before(transport->recover, transport->una))
        return;
    transport->counters.fast_retransmits++;
    transport->ssthresh = half_of_flight(transport);
    transport->cwnd = transport->ssthresh + DUPLICATES * mss;
    transport->recover = transport->max;
    transport->is_recovering = true;
    retransmit_first(transport);
}

/* -- the timer: RFC 6298, section 5 -------------------------------------------------------------------- */

bool dx__transport_timeout(Transport *transport)
{
    const bool is_syn = transport->state <= TRANSPORT_SYN_RECEIVED;

    if (transport->n_retries == (is_syn ? transport->conf.syn_retries : transport->conf.retries))
        return false;
    transport->counters.timeouts++;
    transport->rto_ps = MIN(2 * transport->rto_ps, transport->conf.rto_max_ps);
    transport->is_timing = transport->is_recovering = false;
    transport->rto_due_ps = DX_TIME_NEVER;
    if (transport->n_retries++ == 0 && !is_syn)
        transport->ssthresh = half_of_flight(transport);
    if (is_syn) {
        transport->counters.retransmitted++;
        dx__transport_send_syn(transport);
        return true;
    }
    transport->cwnd = dx__transport_send_mss(transport);
    transport->recover = transport->max;
    transport->n_duplicate_acks = 0;
    transport->nxt = transport->una;
    dx__transport_output(transport);
    return true;
}
