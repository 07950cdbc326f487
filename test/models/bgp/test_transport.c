/*
 * test_transport - what is given to send arrives, in order and once, when the RFCs say so
 *
 * Two ends on a pipe with a delay. Times are worked out from RFC 6298, 5681 and the configuration.
 */
#include <string.h>
#include "../../suite.h"
#include "bgp/transport.h"
#include "bgp/transport-priv.h"
#include "pipe.h"

#define DELAY_PS (5 * DX_MS)

typedef struct Pair Pair;

typedef struct {
    Transport transport;
    Pair *pair;
    unsigned index;
    GByteArray *got;
    unsigned n_connected, n_ended, n_closed;
    TransportReason reason;
    bool closes_back, aborts_on_data, listens_anew, answers;
    DxTime connected_ps, closed_ps, sent_ps[64], got_ps; /* sent_ps: of the last segments, by number */
    DxTcpSegment sent[64];                               /* those, without their data */
    unsigned n_sent;
} End;

struct Pair {
    End end[2];
    Pipe pipe;
    DxTime now_ps;
};

static void on_transmit(void *user, const uint8_t *segment, size_t n)
{
    End *end = user;
    const TransportConf *conf = &end->transport.conf;
    const unsigned at = end->n_sent++ % G_N_ELEMENTS(end->sent_ps);

    end->sent_ps[at] = end->pair->now_ps;
    ck_assert(!dx__tcp_decode(segment, n, &conf->local, &conf->remote, &end->sent[at]));
    end->sent[at].data = NULL;
    pipe_send(&end->pair->pipe, end->pair->now_ps, !end->index, segment, n);
}

static void on_connected(void *user)
{
    End *end = user;

    end->n_connected++;
    end->connected_ps = end->pair->now_ps;
}

static void on_arrived(void *user, const uint8_t *data, size_t n)
{
    End *end = user;

    g_byte_array_append(end->got, data, (guint)n);
    end->got_ps = end->pair->now_ps;
    if (end->aborts_on_data)
        dx__transport_abort(&end->transport, end->pair->now_ps);
    if (end->answers)
        dx__transport_send(&end->transport, end->pair->now_ps, "!", 1);
}

static void on_ended(void *user)
{
    End *end = user;

    end->n_ended++;
    if (end->closes_back)
        dx__transport_close(&end->transport, end->pair->now_ps);
}

static void on_closed(void *user, TransportReason reason)
{
    End *end = user;

    end->n_closed++;
    end->reason = reason;
    end->closed_ps = end->pair->now_ps;
    if (end->listens_anew)
        dx__transport_listen(&end->transport, end->pair->now_ps, 77);
}

static const TransportWatch watch = { on_transmit, on_connected, on_arrived, on_ended, on_closed };

static TransportConf conf_of(unsigned index, const char *key)
{
    TransportConf conf;

    dx__transport_conf_init(&conf);
    conf.local = (DxIp){ 32, { 169, 254, 0, (uint8_t)(1 + index) } };
    conf.remote = (DxIp){ 32, { 169, 254, 0, (uint8_t)(2 - index) } };
    conf.local_port = index ? 179 : 49152;
    conf.remote_port = index ? 0 : 179;
    conf.key = key;
    return conf;
}

static Pair *pair_with(uint64_t seed, const TransportConf *a, const TransportConf *b)
{
    Pair *pair = g_new0(Pair, 1);

    pipe_init(&pair->pipe, seed, DELAY_PS);
    for (unsigned i = 0; i < 2; i++) {
        pair->end[i].pair = pair;
        pair->end[i].index = i;
        pair->end[i].got = g_byte_array_new();
        pair->end[i].closes_back = true;
        dx__transport_init(&pair->end[i].transport, i ? b : a, &watch, &pair->end[i]);
    }
    return pair;
}

static Pair *pair_new(uint64_t seed)
{
    const TransportConf a = conf_of(0, NULL), b = conf_of(1, NULL);

    return pair_with(seed, &a, &b);
}

static void pair_free(Pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        dx__transport_clear(&pair->end[i].transport);
        g_byte_array_unref(pair->end[i].got);
    }
    pipe_clear(&pair->pipe);
    g_free(pair);
}

static void run_to(Pair *pair, DxTime until_ps)
{
    Transport *a = &pair->end[0].transport, *b = &pair->end[1].transport;

    for (;;) {
        const DxTime mail_ps = pipe_next(&pair->pipe), a_ps = dx__transport_next(a),
                     b_ps = dx__transport_next(b), next_ps = MIN(mail_ps, MIN(a_ps, b_ps));

        if (next_ps > until_ps)
            break;
        ck_assert_int_ge(next_ps, pair->now_ps);
        pair->now_ps = next_ps;
        if (mail_ps == next_ps) {
            const PipeMail mail = pipe_take(&pair->pipe);

            dx__transport_receive(&pair->end[mail.to].transport, next_ps, mail.octets, mail.n);
            g_free(mail.octets);
        } else {
            dx__transport_run(a_ps == next_ps ? a : b, next_ps);
        }
    }
    pair->now_ps = until_ps;
}

static void open_both(Pair *pair)
{
    dx__transport_listen(&pair->end[1].transport, 0, 0xfffffff0); /* goes round soon */
    dx__transport_open(&pair->end[0].transport, 0, 1000);
}

static void send_pattern(Pair *pair, unsigned index, size_t n)
{
    uint8_t *data = g_malloc(n);

    for (size_t i = 0; i < n; i++)
        data[i] = (uint8_t)(i * 7 + (i >> 8));
    ck_assert(dx__transport_send(&pair->end[index].transport, pair->now_ps, data, n));
    g_free(data);
}

static void assert_pattern(const GByteArray *got, size_t n)
{
    ck_assert_uint_eq(got->len, n);
    for (size_t i = 0; i < n; i++)
        if (got->data[i] != (uint8_t)(i * 7 + (i >> 8)))
            ck_abort_msg("octet %zu is another", i); /* an assertion for each takes too long */
}

/* -- a connection begins and ends ---------------------------------------------------------------------- */

/* SYN 5 ms, SYN-ACK 5 ms, ACK 5 ms. */
START_TEST(three_segments_connect)
{
    Pair *pair = pair_new(1);

    open_both(pair);
    run_to(pair, DX_S);
    ck_assert_int_eq(pair->end[0].transport.state, TRANSPORT_ESTABLISHED);
    ck_assert_int_eq(pair->end[1].transport.state, TRANSPORT_ESTABLISHED);
    ck_assert_int_eq(pair->end[0].connected_ps, 10 * DX_MS);
    ck_assert_int_eq(pair->end[1].connected_ps, 15 * DX_MS);
    ck_assert_uint_eq(pair->end[0].n_sent, 2);
    ck_assert_uint_eq(pair->end[1].n_sent, 1);
    ck_assert_int_eq(dx__transport_next(&pair->end[0].transport), DX_TIME_NEVER);
    pair_free(pair);
}
END_TEST

START_TEST(both_may_open_at_once)
{
    TransportConf a = conf_of(0, NULL), b = conf_of(1, NULL);
    Pair *pair;

    b.remote_port = 49152;
    pair = pair_with(1, &a, &b);
    for (unsigned i = 0; i < 2; i++)
        dx__transport_open(&pair->end[i].transport, 0, 5 + i);
    run_to(pair, DX_S);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(pair->end[i].transport.state, TRANSPORT_ESTABLISHED);
        ck_assert_uint_eq(pair->end[i].n_connected, 1);
    }
    send_pattern(pair, 0, 5000);
    run_to(pair, 2 * DX_S);
    assert_pattern(pair->end[1].got, 5000);
    pair_free(pair);
}
END_TEST

START_TEST(nobody_listens)
{
    Pair *pair = pair_new(1);

    dx__transport_open(&pair->end[0].transport, 0, 1000);
    run_to(pair, DX_S);
    ck_assert_uint_eq(pair->end[0].n_closed, 1);
    ck_assert_int_eq(pair->end[0].reason, TRANSPORT_REFUSED);
    ck_assert_int_eq(pair->end[0].closed_ps, 10 * DX_MS);
    pair_free(pair);
}
END_TEST

START_TEST(the_last_octets_go_before_the_end)
{
    Pair *pair = pair_new(1);

    open_both(pair);
    run_to(pair, DX_S);
    send_pattern(pair, 0, 100000);
    dx__transport_close(&pair->end[0].transport, pair->now_ps);
    ck_assert(!dx__transport_send(&pair->end[0].transport, pair->now_ps, "x", 1));
    run_to(pair, 10 * DX_S);
    assert_pattern(pair->end[1].got, 100000);
    ck_assert_uint_eq(pair->end[1].n_ended, 1);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(pair->end[i].n_closed, 1);
        ck_assert_int_eq(pair->end[i].reason, TRANSPORT_FINISHED);
        ck_assert_int_eq(pair->end[i].transport.state, TRANSPORT_CLOSED);
    }
    pair_free(pair);
}
END_TEST

/* He may go on when we have ended; but not for ever. */
START_TEST(half_a_connection_goes_on)
{
    Pair *pair = pair_new(1);

    pair->end[1].closes_back = false;
    open_both(pair);
    run_to(pair, DX_S);
    dx__transport_close(&pair->end[0].transport, DX_S);
    run_to(pair, 2 * DX_S);
    ck_assert_int_eq(pair->end[0].transport.state, TRANSPORT_FIN_WAIT);
    ck_assert_int_eq(pair->end[1].transport.state, TRANSPORT_CLOSE_WAIT);
    send_pattern(pair, 1, 3000);
    run_to(pair, 3 * DX_S);
    assert_pattern(pair->end[0].got, 3000);
    run_to(pair, 70 * DX_S);
    ck_assert_uint_eq(pair->end[0].n_closed, 1);
    ck_assert_int_eq(pair->end[0].closed_ps, 2 * DX_S + DELAY_PS + 60 * DX_S); /* since he was heard last */
    pair_free(pair);
}
END_TEST

START_TEST(abort_resets)
{
    Pair *pair = pair_new(1);

    open_both(pair);
    run_to(pair, DX_S);
    dx__transport_abort(&pair->end[0].transport, DX_S);
    run_to(pair, 2 * DX_S);
    ck_assert_uint_eq(pair->end[0].n_closed, 0);
    ck_assert_uint_eq(pair->end[1].n_closed, 1);
    ck_assert_int_eq(pair->end[1].reason, TRANSPORT_RESET);
    pair_free(pair);
}
END_TEST

/* From a callback too, and once more from the beginning. */
START_TEST(connections_follow_each_other)
{
    Pair *pair = pair_new(1);

    pair->end[1].aborts_on_data = true;
    open_both(pair);
    run_to(pair, DX_S);
    send_pattern(pair, 0, 100);
    run_to(pair, 2 * DX_S);
    ck_assert_int_eq(pair->end[0].reason, TRANSPORT_RESET);
    pair->end[1].aborts_on_data = false;
    pair->end[1].listens_anew = true;
    dx__transport_listen(&pair->end[1].transport, pair->now_ps, 99);
    dx__transport_open(&pair->end[0].transport, pair->now_ps, 3);
    run_to(pair, 3 * DX_S);
    ck_assert_uint_eq(pair->end[0].n_connected, 2);
    ck_assert_uint_eq(pair->end[1].n_connected, 2);
    dx__transport_close(&pair->end[0].transport, pair->now_ps);
    run_to(pair, 4 * DX_S);
    ck_assert_int_eq(pair->end[1].transport.state, TRANSPORT_LISTEN);
    pair_free(pair);
}
END_TEST

/* RFC 5961, section 3: a reset out of its place changes nothing. */
START_TEST(resets_must_be_exact)
{
    Pair *pair = pair_new(1);
    uint8_t octets[64];
    DxTcpSegment rst = { .src_port = 49152, .dst_port = 179, .flags = DX_TCP_RST };
    const TransportConf conf = conf_of(0, NULL);
    size_t n;

    open_both(pair);
    run_to(pair, DX_S);
    rst.seq = 1001 + 1;
    n = dx__tcp_encode(&rst, &conf.local, &conf.remote, NULL, octets);
    dx__transport_receive(&pair->end[1].transport, DX_S, octets, n);
    ck_assert_uint_eq(pair->end[1].n_sent, 2); /* an acknowledgment */
    rst.seq = 1001 + 65535;
    n = dx__tcp_encode(&rst, &conf.local, &conf.remote, NULL, octets);
    dx__transport_receive(&pair->end[1].transport, DX_S, octets, n);
    ck_assert_uint_eq(pair->end[1].n_sent, 2);
    ck_assert_uint_eq(pair->end[1].n_closed, 0);
    rst.seq = 1001;
    n = dx__tcp_encode(&rst, &conf.local, &conf.remote, NULL, octets);
    dx__transport_receive(&pair->end[1].transport, DX_S, octets, n);
    ck_assert_int_eq(pair->end[1].reason, TRANSPORT_RESET);
    ck_assert_uint_eq(pair->end[1].n_closed, 1);
    pair_free(pair);
}
END_TEST

/* -- time ---------------------------------------------------------------------------------------------- */

/* RFC 6298: 1, 2, 4, 8, 16, 32 s, then the most, 60 s: sent at 0, 1, 3, 7, 15, 31, 63, given up at 123 s. */
START_TEST(a_syn_is_given_up)
{
    static const unsigned at_s[] = { 0, 1, 3, 7, 15, 31, 63 };
    Pair *pair = pair_new(1);

    pair->pipe.is_cut[1] = true;
    dx__transport_open(&pair->end[0].transport, 0, 1000);
    run_to(pair, 1000 * DX_S);
    ck_assert_uint_eq(pair->end[0].n_sent, G_N_ELEMENTS(at_s));
    for (unsigned i = 0; i < G_N_ELEMENTS(at_s); i++)
        ck_assert_int_eq(pair->end[0].sent_ps[i], at_s[i] * DX_S);
    ck_assert_int_eq(pair->end[0].reason, TRANSPORT_TIMED_OUT);
    ck_assert_int_eq(pair->end[0].closed_ps, 123 * DX_S);
    pair_free(pair);
}
END_TEST

/* Of 100 ms first: SRTT 100, RTTVAR 50, RTO 300. Then 140: RTTVAR 3/4 50 + 1/4 40 = 47.5, SRTT 7/8 100 + 1/8
 * 140 = 105, RTO 105 + 190 = 295. Then 105 until it stays: RTTVAR 35.625, RTO 247.5. */
START_TEST(round_trips_make_the_timer)
{
    Pair *pair = pair_new(1);
    Transport *transport = &pair->end[0].transport;

    dx__transport_measure(transport, 100 * DX_MS);
    ck_assert_int_eq(transport->rto_ps, 300 * DX_MS);
    dx__transport_measure(transport, 140 * DX_MS);
    ck_assert_int_eq(transport->srtt_ps, 105 * DX_MS);
    ck_assert_int_eq(transport->rttvar_ps, 47500 * DX_US);
    ck_assert_int_eq(transport->rto_ps, 295 * DX_MS);
    dx__transport_measure(transport, 105 * DX_MS);
    ck_assert_int_eq(transport->rttvar_ps, 35625 * DX_US);
    ck_assert_int_eq(transport->rto_ps, 247500 * DX_US);
    for (unsigned i = 0; i < 100; i++)
        dx__transport_measure(transport, 105 * DX_MS);
    ck_assert_int_eq(transport->rto_ps, 200 * DX_MS); /* the least */
    dx__transport_measure(transport, 1000 * DX_S);
    ck_assert_int_eq(transport->rto_ps, 60 * DX_S); /* the most */
    pair_free(pair);
}
END_TEST

/* A round trip of 10 ms: 10 + 4 x 5 = 30 ms, so the least, 200 ms, and twice as long each time. */
START_TEST(data_are_sent_again_and_given_up)
{
    TransportConf a = conf_of(0, NULL), b = conf_of(1, NULL);
    DxTime at_ps = DX_S;
    Pair *pair;

    a.retries = 5;
    pair = pair_with(1, &a, &b);
    open_both(pair);
    run_to(pair, DX_S);
    pair->pipe.is_cut[1] = true;
    send_pattern(pair, 0, 10);
    run_to(pair, 100 * DX_S);
    ck_assert_uint_eq(pair->end[0].n_sent, 2 + 6);
    for (unsigned i = 0; i < 6; i++) {
        ck_assert_int_eq(pair->end[0].sent_ps[2 + i], at_ps);
        at_ps += 200 * DX_MS << i;
    }
    ck_assert_int_eq(pair->end[0].closed_ps, at_ps); /* 1 + 0.2 x 63 = 13.6 s */
    ck_assert_int_eq(at_ps, 13600 * DX_MS);
    ck_assert_int_eq(pair->end[0].reason, TRANSPORT_TIMED_OUT);
    ck_assert_uint_eq(pair->end[0].transport.counters.timeouts, 5);
    pair_free(pair);
}
END_TEST

/* He hears us, we do not hear him. The timer ends at 1.2 s, and 0.4, 0.8, ... s later: until he is heard
 * again, what came to be sent since then waits, little as it is. */
START_TEST(nothing_new_goes_before_the_timers_segment_is_acknowledged)
{
    Pair *pair = pair_new(1);

    open_both(pair);
    run_to(pair, DX_S);
    pair->pipe.is_cut[0] = true;
    send_pattern(pair, 0, 10);
    run_to(pair, 1300 * DX_MS);
    send_pattern(pair, 0, 10);
    run_to(pair, 5 * DX_S);
    ck_assert_uint_eq(pair->end[1].got->len, 10);
    ck_assert_int_eq(pair->end[1].got_ps, DX_S + DELAY_PS);
    pair->pipe.is_cut[0] = false;
    run_to(pair, 10 * DX_S);
    ck_assert_uint_eq(pair->end[1].got->len, 20);
    ck_assert_int_eq(pair->end[1].got_ps, 7200 * DX_MS + 3 * DELAY_PS); /* 1 + 0.2 x 31 s */
    pair_free(pair);
}
END_TEST

/* A little waits for 40 ms; two full segments do not wait. */
START_TEST(acknowledgments_wait)
{
    TransportConf a = conf_of(0, NULL), b = conf_of(1, NULL);
    Pair *pair = pair_with(1, &a, &b);
    End *far = &pair->end[1];

    open_both(pair);
    run_to(pair, DX_S);
    send_pattern(pair, 0, 19);
    run_to(pair, 2 * DX_S);
    ck_assert_uint_eq(far->n_sent, 2);
    ck_assert_int_eq(far->sent_ps[1], DX_S + DELAY_PS + 40 * DX_MS);
    send_pattern(pair, 0, 2 * 1460);
    run_to(pair, 3 * DX_S);
    ck_assert_uint_eq(far->n_sent, 3);
    ck_assert_int_eq(far->sent_ps[2], 2 * DX_S + DELAY_PS);
    ck_assert_uint_eq(pair->end[0].transport.counters.retransmitted, 0);
    pair_free(pair);
    b.ack_delay_ps = 0;
    pair = pair_with(1, &a, &b);
    open_both(pair);
    run_to(pair, DX_S);
    send_pattern(pair, 0, 19);
    run_to(pair, 2 * DX_S);
    ck_assert_int_eq(pair->end[1].sent_ps[1], DX_S + DELAY_PS);
    pair_free(pair);
}
END_TEST

static bool drop_numbered(void *user, uint64_t number, unsigned to, const uint8_t *octets, size_t n)
{
    (void)to;
    (void)octets;
    (void)n;
    return number == *(const uint64_t *)user;
}

/* What end 1 has sent, the @back-th from the last. */
static DxTcpSegment sent_by_far(const Pair *pair, unsigned back)
{
    const End *far = &pair->end[1];

    return far->sent[(far->n_sent - 1 - back) % G_N_ELEMENTS(far->sent)];
}

static void far_hears(Pair *pair, uint32_t at, uint32_t ack, size_t n)
{
    static const uint8_t data[2000] = { 0 };
    const TransportConf conf = conf_of(0, NULL);
    const DxTcpSegment segment = { .src_port = 49152,
                                   .dst_port = 179,
                                   .seq = 1001 + at,
                                   .ack = ack,
                                   .flags = DX_TCP_ACK,
                                   .window = 65535,
                                   .data = data,
                                   .n_data = n };
    uint8_t octets[2100];

    dx__transport_receive(&pair->end[1].transport, pair->now_ps, octets,
                          dx__tcp_encode(&segment, &conf.local, &conf.remote, NULL, octets));
}

/* RFC 5681, section 3.2: an acknowledgment with data is no duplicate. So one without goes for what is out of
 * order, although its acknowledgment has let a segment go that says the same. */
START_TEST(out_of_order_is_acknowledged_without_data)
{
    Pair *pair = pair_new(1);
    End *far = &pair->end[1];
    unsigned n_before;

    open_both(pair);
    run_to(pair, DX_S);
    pair->pipe.is_cut[0] = pair->pipe.is_cut[1] = true;
    send_pattern(pair, 1, 60 * 1460);
    n_before = far->n_sent;
    far_hears(pair, 100, far->transport.iss + 1 + 1460, 19);
    ck_assert_uint_eq(far->n_sent - n_before, 3); /* two in place of the one, and the acknowledgment */
    ck_assert_uint_eq(sent_by_far(pair, 1).n_data, 1460);
    ck_assert_uint_eq(sent_by_far(pair, 0).n_data, 0);
    ck_assert_uint_eq(sent_by_far(pair, 0).ack, 1001);
    far_hears(pair, 0, far->transport.iss + 1 + 2 * 1460, 19); /* in order: it goes with the data */
    ck_assert_uint_eq(far->n_sent - n_before, 3 + 2);
    ck_assert_uint_eq(sent_by_far(pair, 1).n_data, 1460);
    ck_assert_uint_eq(sent_by_far(pair, 1).ack, 1001 + 19);
    pair_free(pair);
}
END_TEST

/* RFC 5681, section 4.2: what fills a hole is acknowledged at once, all of it; an answer to the first octets
 * says so for the last ones too. */
START_TEST(an_answer_acknowledges_all_that_fills_a_hole)
{
    Pair *pair = pair_new(1);
    End *far = &pair->end[1];
    unsigned n_before;

    open_both(pair);
    run_to(pair, DX_S);
    far->answers = true;
    far_hears(pair, 10, far->transport.iss + 1, 20);
    n_before = far->n_sent;
    far_hears(pair, 0, far->transport.iss + 1, 10);
    ck_assert_uint_eq(far->got->len, 30);
    ck_assert_uint_eq(far->n_sent - n_before, 2); /* an answer to each piece, and nothing else */
    for (unsigned back = 0; back < 2; back++) {
        ck_assert_uint_eq(sent_by_far(pair, back).n_data, 1);
        ck_assert_uint_eq(sent_by_far(pair, back).ack, 1001 + 30);
    }
    pair_free(pair);
}
END_TEST

/* 1.2 s: the timer of what was sent at 1 s, and 40 ms after what came at 1.16 s. One segment says both. */
START_TEST(the_timer_comes_before_the_acknowledgment)
{
    Pair *pair = pair_new(1);
    End *far = &pair->end[1];
    unsigned n_before;

    open_both(pair);
    run_to(pair, DX_S);
    pair->pipe.is_cut[0] = pair->pipe.is_cut[1] = true;
    send_pattern(pair, 1, 10);
    run_to(pair, 1160 * DX_MS);
    far_hears(pair, 0, far->transport.iss + 1, 19);
    n_before = far->n_sent;
    run_to(pair, 1300 * DX_MS);
    ck_assert_uint_eq(far->n_sent - n_before, 1);
    ck_assert_int_eq(far->sent_ps[(far->n_sent - 1) % G_N_ELEMENTS(far->sent_ps)], 1200 * DX_MS);
    ck_assert_uint_eq(sent_by_far(pair, 0).n_data, 10);
    ck_assert_uint_eq(sent_by_far(pair, 0).ack, 1001 + 19);
    pair_free(pair);
}
END_TEST

/* RFC 5681, section 3.2: of ten segments the third is lost; those behind it bring three duplicates at 10 ms,
 * one round trip after the loss, and the timer has nothing to do. */
START_TEST(three_duplicates_bring_it_back)
{
    uint64_t third;
    Pair *pair = pair_new(1);

    open_both(pair);
    run_to(pair, DX_S);
    third = pair->pipe.n_sent + 2;
    pair->pipe.drops = drop_numbered;
    pair->pipe.user = &third;
    send_pattern(pair, 0, 10 * 1460);
    run_to(pair, 2 * DX_S);
    assert_pattern(pair->end[1].got, 10 * 1460);
    ck_assert_uint_eq(pair->end[0].transport.counters.fast_retransmits, 1);
    ck_assert_uint_eq(pair->end[0].transport.counters.retransmitted, 1);
    ck_assert_uint_eq(pair->end[0].transport.counters.timeouts, 0);
    ck_assert_int_eq(pair->end[1].got_ps, DX_S + 3 * DELAY_PS);
    pair_free(pair);
}
END_TEST

/* RFC 6928: ten segments at first; RFC 5681: one more for each acknowledgment, of two segments each. */
START_TEST(the_window_opens_slowly)
{
    Pair *pair = pair_new(1);
    unsigned n_before;

    open_both(pair);
    run_to(pair, DX_S);
    n_before = pair->end[0].n_sent;
    send_pattern(pair, 0, 60 * 1460);
    ck_assert_uint_eq(pair->end[0].n_sent - n_before, 10);
    run_to(pair, DX_S + 2 * DELAY_PS);
    ck_assert_uint_eq(pair->end[0].n_sent - n_before, 10 + 15);
    run_to(pair, 2 * DX_S);
    assert_pattern(pair->end[1].got, 60 * 1460);
    ck_assert_uint_eq(pair->end[0].transport.counters.retransmitted, 0);
    pair_free(pair);
}
END_TEST

START_TEST(a_converged_connection_is_one)
{
    TransportConf a = conf_of(0, "key"), b = conf_of(1, "key");
    Pair *pair;

    b.remote_port = 49152;
    pair = pair_with(1, &a, &b);
    dx__transport_converge(&pair->end[0].transport, 0, 100, 0xffffffff, 10 * DX_MS);
    dx__transport_converge(&pair->end[1].transport, 0, 0xffffffff, 100, 10 * DX_MS);
    ck_assert_int_eq(pair->end[0].transport.rto_ps, 200 * DX_MS);
    send_pattern(pair, 0, 20000);
    send_pattern(pair, 1, 30000);
    run_to(pair, DX_S);
    assert_pattern(pair->end[1].got, 20000);
    assert_pattern(pair->end[0].got, 30000);
    ck_assert_uint_eq(pair->end[0].n_connected, 0);
    ck_assert_uint_eq(pair->end[0].transport.counters.retransmitted, 0);
    pair_free(pair);
}
END_TEST

/* -- MD5 ----------------------------------------------------------------------------------------------- */

START_TEST(keys_must_be_the_same)
{
    static const char *const keys[][2] = { { "one", "other" }, { "one", NULL }, { NULL, "one" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        const TransportConf a = conf_of(0, keys[i][0]), b = conf_of(1, keys[i][1]);
        Pair *pair = pair_with(1, &a, &b);

        open_both(pair);
        run_to(pair, 200 * DX_S);
        ck_assert_uint_eq(pair->end[1].transport.counters.dropped_md5, 7);
        ck_assert_uint_eq(pair->end[1].n_sent, 0); /* silently */
        ck_assert_int_eq(pair->end[0].reason, TRANSPORT_TIMED_OUT);
        pair_free(pair);
    }
}
END_TEST

/* -- whatever the line does ---------------------------------------------------------------------------- */

/* Up to 20 % lost, 20 % doubled, overtaking within 20 ms, both ways at once, signed or not: all of it comes,
 * and both ends end well. */
START_TEST(everything_arrives_in_order)
{
    unsigned n_resets = 0;

    for (uint64_t seed = 0; seed < 1000; seed++) {
        const char *key = seed % 3 ? NULL : "key";
        TransportConf a = conf_of(0, key), b = conf_of(1, key);
        size_t n[2];
        Pair *pair;
        DxRng rng;

        dx_rng_init(&rng, seed, 0, "test", "plan");
        a.mss = (uint16_t)(100 + dx_rng_below(&rng, 1400));
        a.syn_retries = a.retries = b.syn_retries = b.retries = 30;
        a.fin_wait_ps = b.fin_wait_ps = 3000 * DX_S;
        pair = pair_with(seed, &a, &b);
        pair->pipe.loss = (unsigned)dx_rng_below(&rng, 200);
        pair->pipe.doubling = (unsigned)dx_rng_below(&rng, 200);
        pair->pipe.jitter_ps = (DxTime)dx_rng_below(&rng, 20) * DX_MS;
        open_both(pair);
        while (!pair->end[0].n_connected || !pair->end[1].n_connected)
            run_to(pair, pair->now_ps + DX_S);
        for (unsigned i = 0; i < 2; i++) {
            n[i] = 1 + dx_rng_below(&rng, 60000);
            send_pattern(pair, i, n[i]);
        }
        dx__transport_close(&pair->end[0].transport, pair->now_ps);
        run_to(pair, 100000 * DX_S);
        for (unsigned i = 0; i < 2; i++) {
            assert_pattern(pair->end[!i].got, n[i]);
            ck_assert_uint_eq(pair->end[i].n_connected, 1);
            ck_assert_uint_eq(pair->end[i].n_closed, 1);
            ck_assert(pair->end[i].reason == TRANSPORT_FINISHED ||
                      (i == 1 && pair->end[i].reason == TRANSPORT_RESET));
            n_resets += pair->end[i].reason == TRANSPORT_RESET;
            ck_assert_uint_eq(pair->end[i].transport.counters.tx_bytes, n[i]);
            ck_assert_uint_eq(pair->end[i].transport.counters.rx_bytes, n[!i]);
        }
        pair_free(pair);
    }
    ck_assert_uint_lt(n_resets, 200); /* of 10 % lost on average, and not all in the last segment */
}
END_TEST

/* Segments of the connection with numbers and flags at random, and right checksums. */
START_TEST(random_segments_do_no_harm)
{
    const TransportConf conf = conf_of(0, NULL);
    unsigned n_open = 0;

    for (uint64_t seed = 0; seed < 2000; seed++) {
        Pair *pair = pair_new(seed);
        DxRng rng;

        dx_rng_init(&rng, seed, 0, "test", "segments");
        open_both(pair);
        run_to(pair, (DxTime)dx_rng_below(&rng, 30) * DX_MS);
        for (unsigned i = 0; i < 30; i++) {
            const Transport *to = &pair->end[1].transport;
            const uint8_t data[2000] = { 0 };
            uint8_t octets[2100];
            const DxTcpSegment segment = {
                .src_port = 49152,
                .dst_port = 179,
                .seq = to->rcv_nxt + (uint32_t)dx_rng_below(&rng, 4000) - 2000,
                .ack = to->nxt + (uint32_t)dx_rng_below(&rng, 8) - 4,
                .flags = (uint8_t)(DX_TCP_ACK | (dx_rng_below(&rng, 16) ? 0 : dx_rng_below(&rng, 32))),
                .window = (uint16_t)dx_rng_u64(&rng),
                .data = data,
                .n_data = dx_rng_below(&rng, 2000)
            };
            const size_t n = dx__tcp_encode(&segment, &conf.local, &conf.remote, NULL, octets);

            dx__transport_receive(&pair->end[1].transport, pair->now_ps, octets, n);
            if (!dx_rng_below(&rng, 4) && to->state == TRANSPORT_ESTABLISHED)
                send_pattern(pair, 1, 3000);
            ck_assert_uint_le(to->n_runs, TRANSPORT_HOLES_MAX);
            for (unsigned k = 0; k < to->n_runs; k++)
                ck_assert(seq_before(k ? to->run[k - 1].to : to->rcv_nxt, to->run[k].from) &&
                          seq_before(to->run[k].from, to->run[k].to));
        }
        n_open += pair->end[1].transport.state >= TRANSPORT_ESTABLISHED;
        pair_free(pair);
    }
    ck_assert_uint_gt(n_open, 200);
}
END_TEST

SUITE_MAIN("transport", 120, three_segments_connect, both_may_open_at_once, nobody_listens,
           the_last_octets_go_before_the_end, half_a_connection_goes_on, abort_resets,
           connections_follow_each_other, resets_must_be_exact, a_syn_is_given_up, round_trips_make_the_timer,
           data_are_sent_again_and_given_up, nothing_new_goes_before_the_timers_segment_is_acknowledged,
           acknowledgments_wait, out_of_order_is_acknowledged_without_data,
           an_answer_acknowledges_all_that_fills_a_hole, the_timer_comes_before_the_acknowledgment,
           three_duplicates_bring_it_back, the_window_opens_slowly, a_converged_connection_is_one,
           keys_must_be_the_same, everything_arrives_in_order, random_segments_do_no_harm)
