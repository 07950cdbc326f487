/*
 * test_session - sessions come up, agree, and go down as RFC 4271 section 8 has it, to the picosecond
 *
 * Two routers and a pipe of 1 ms each way, with real TCP below. Expected times are worked out from the
 * messages.
 */
#include "net.h"
#include "bgp/speaker-priv.h"

/* Two ASes, one session; router 0 connects. */
static TestNet *pair_new(void)
{
    TestNet *net = net_new();

    net_router(net, 65000);
    net_router(net, 64512);
    net_session(net, 0, 1);
    return net;
}

static bool is_up(const TestNet *net)
{
    return net_state(net, 0, 0) == SPEAKER_ESTABLISHED && net_state(net, 1, 0) == SPEAKER_ESTABLISHED;
}

static void check_line(const Line *line, DxTime t_ps, const char *text)
{
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(line->text, text);
    ck_assert_int_eq(line->t_ps, t_ps);
}

/* -- coming up ---------------------------------------------------------------------------------------- */

/* SYN 0 -> 1 ms, SYN-ACK -> 2 ms: connected, ACK and OPEN -> 3 ms: OPEN and KEEPALIVE -> 4 ms: KEEPALIVE, and
 * up -> 5 ms: up. */
START_TEST(three_round_trips_until_both_are_up)
{
    TestNet *net = pair_new();

    net_start_cold(net);
    ck_assert_int_eq(net_state(net, 0, 0), SPEAKER_CONNECT);
    ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_ACTIVE);
    net_run(net, DX_S);
    ck_assert(is_up(net));
    check_line(net_line(net, 0, 0, SPEAKER_UP), 4 * DX_MS, "neighbor 169.254.0.2 Up");
    check_line(net_line(net, 0, 1, SPEAKER_UP), 5 * DX_MS, "neighbor 169.254.0.1 Up");
    net_free(net);
}
END_TEST

START_TEST(nobody_there_is_tried_again_by_the_retry_timer)
{
    TestNet *net = pair_new();

    net_cut(net, 0, true);
    net_start_cold(net);
    net_run(net, 14 * DX_S);
    ck_assert_int_eq(net_state(net, 0, 0), SPEAKER_CONNECT);
    net_cut(net, 0, false);
    net_run(net, 16 * DX_S);
    ck_assert(is_up(net));
    /* attempts at 0, 5, 10 and 15 s; within one, SYNs after 1 and 3 s */
    ck_assert_int_eq(net_line(net, 0, 0, SPEAKER_UP)->t_ps, 15 * DX_S + 4 * DX_MS);
    net_free(net);
}
END_TEST

START_TEST(a_refused_connection_is_tried_again_after_idle_hold)
{
    TestNet *net = pair_new();

    net_make(net);
    dx__bgp_speaker_start(net->speaker[1], 0);
    dx__bgp_speaker_shutdown(net->speaker[1], 0, 0);
    dx__bgp_speaker_start(net->speaker[0], 0);
    net_run(net, DX_MS);
    ck_assert_int_eq(net_state(net, 0, 0), SPEAKER_CONNECT);
    net_run(net, 2 * DX_MS); /* RST */
    ck_assert_int_eq(net_state(net, 0, 0), SPEAKER_IDLE);
    dx__bgp_speaker_enable(net->speaker[1], net->now_ps, 0);
    net_run(net, 2 * DX_S);
    ck_assert_int_eq(net_line(net, 0, 0, SPEAKER_UP)->t_ps, 2 * DX_MS + DX_S + 4 * DX_MS);
    net_free(net);
}
END_TEST

START_TEST(open_may_be_delayed)
{
    TestNet *net = pair_new();

    net->tuning[0].delay_open_ps = 100 * DX_MS;
    net_start_cold(net);
    net_run(net, DX_S);
    /* his OPEN comes at 4 ms, while ours waits: OPEN and KEEPALIVE at once, KEEPALIVE back at 6 ms */
    ck_assert_int_eq(net_line(net, 0, 0, SPEAKER_UP)->t_ps, 6 * DX_MS);
    net_free(net);

    net = pair_new();
    net->tuning[0].delay_open_ps = net->tuning[1].delay_open_ps = 100 * DX_MS;
    net_start_cold(net);
    net_run(net, DX_S);
    /* connected at 2 and 3 ms; OPEN at 102 ms, which comes at 103 ms */
    ck_assert_int_eq(net_line(net, 0, 0, SPEAKER_UP)->t_ps, 104 * DX_MS);
    net_free(net);
}
END_TEST

/* -- agreeing ----------------------------------------------------------------------------------------- */

START_TEST(the_lower_hold_time_counts_and_a_third_of_it)
{
    static const struct {
        DxTime hold_s[2], keepalive_s[2], hold, keepalive_ps[2];
    } cases[] = {
        { { 30, 90 }, { 20, 30 }, 30, { 10 * DX_S, 10 * DX_S } },
        { { 90, 50 }, { 10, 30 }, 50, { 10 * DX_S, 50 * DX_S / 3 } },
        { { 9, 9 }, { 3, 10 }, 9, { 3 * DX_S, 3 * DX_S } },
        { { 3, 180 }, { 60, 60 }, 3, { DX_S, DX_S } },
        { { 0, 90 }, { 30, 30 }, 0, { 0, 0 } },
        { { 90, 0 }, { 30, 30 }, 0, { 0, 0 } },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TestNet *net = pair_new();

        for (unsigned k = 0; k < 2; k++) {
            net->sessions[0].end[k].hold_ps = cases[i].hold_s[k] * DX_S;
            net->sessions[0].end[k].keepalive_ps = cases[i].keepalive_s[k] * DX_S;
        }
        net_start_cold(net);
        net_run(net, DX_S);
        ck_assert(is_up(net));
        for (unsigned k = 0; k < 2; k++) {
            const SpeakerReport report = net_report(net, k, 0);

            ck_assert_int_eq(report.hold_ps, cases[i].hold * DX_S);
            ck_assert_int_eq(report.keepalive_ps, cases[i].keepalive_ps[k]);
        }
        net_run(net, 1000 * DX_S);
        ck_assert(is_up(net));
        ck_assert_uint_eq(net_report(net, 0, 0).flaps, 0);
        /* OPEN and one KEEPALIVE to come up; without a hold time nothing more is said */
        if (!cases[i].hold)
            ck_assert_uint_eq(net_report(net, 0, 0).tx_messages, 2);
        net_free(net);
    }
}
END_TEST

static void check_refusal(TestNet *net, unsigned who, unsigned subcode)
{
    net_start_cold(net);
    net_run(net, 500 * DX_MS);
    ck_assert_ptr_null(net_line(net, 0, 0, SPEAKER_UP));
    ck_assert_ptr_null(net_line(net, 0, 1, SPEAKER_UP));
    ck_assert_ptr_nonnull(net_line(net, 0, who, SPEAKER_SENT));
    ck_assert_ptr_nonnull(net_line(net, 0, !who, SPEAKER_RECEIVED));
    ck_assert_uint_eq(net_report(net, !who, 0).last_code, 2);
    ck_assert_uint_eq(net_report(net, !who, 0).last_subcode, subcode);
    net_free(net);
}

START_TEST(what_is_wrong_with_an_open_is_said)
{
    for (unsigned hold_s = 1; hold_s <= 2; hold_s++) {
        TestNet *net = pair_new();

        net->sessions[0].end[0].hold_ps = hold_s * DX_S;
        check_refusal(net, 1, 6);
    }
}
END_TEST

START_TEST(a_wrong_as_is_refused)
{
    TestNet *net = pair_new();
    DxBgpRouter others[2];
    DxBgpNetwork other = net->network;

    memcpy(others, net->routers, sizeof others);
    others[0].asn = 65099; /* in the eyes of router 1 */
    other.routers = others;
    net_make(net);
    dx__bgp_speaker_free(net->speaker[1]);
    net->speaker[1] = dx__bgp_speaker_new(&other, 1, &net->tuning[1], &net_watch, &net->place[1]);
    dx__bgp_speaker_start(net->speaker[0], 0);
    dx__bgp_speaker_start(net->speaker[1], 0);
    net_run(net, 500 * DX_MS);
    ck_assert_uint_eq(net_report(net, 0, 0).last_code, 2);
    ck_assert_uint_eq(net_report(net, 0, 0).last_subcode, 2);
    check_line(net_line(net, 0, 1, SPEAKER_SENT), 3 * DX_MS,
               "neighbor 169.254.0.1 sent NOTIFICATION 2/2 (OPEN Message Error/Bad Peer AS): not the AS that "
               "is expected");
    net_free(net);
}
END_TEST

START_TEST(an_internal_neighbor_with_our_own_identifier_is_refused)
{
    TestNet *net = pair_new();

    net->routers[1].asn = net->routers[0].asn;
    net->sessions[0].type = DX_BGP_SESSION_IBGP;
    net->routers[1].router_id = net->routers[0].router_id;
    net_start_cold(net);
    net_run(net, 500 * DX_MS);
    for (unsigned k = 0; k < 2; k++) { /* their OPENs pass each other */
        ck_assert_ptr_null(net_line(net, 0, k, SPEAKER_UP));
        ck_assert_ptr_nonnull(strstr(net_line(net, 0, k, SPEAKER_SENT)->text, "2/3"));
    }
    net_free(net);
}
END_TEST

START_TEST(other_passwords_never_meet)
{
    TestNet *net = pair_new();

    net->sessions[0].end[0].password = "secret";
    net->sessions[0].end[1].password = "Secret";
    net_start_cold(net);
    net_run(net, 600 * DX_S);
    ck_assert_ptr_null(net_line(net, 0, 0, SPEAKER_UP));
    ck_assert_ptr_nonnull(net_line(net, 0, 1, SPEAKER_MD5));
    ck_assert_uint_gt(net_report(net, 1, 0).tcp.dropped_md5, 100); /* three SYNs each 5 s */
    net_free(net);

    net = pair_new();
    net->sessions[0].end[0].password = net->sessions[0].end[1].password = "secret";
    net_start_cold(net);
    net_run(net, DX_S);
    ck_assert(is_up(net));
    net_free(net);
}
END_TEST

/* RFC 4271 6.8: the connection that the router with the higher identifier has begun stays. */
START_TEST(two_connections_become_one)
{
    for (unsigned higher = 0; higher < 2; higher++) {
        TestNet *net = pair_new();
        const Line *line;

        net->routers[higher].router_id = 0x0b000000;
        net->tuning[0].both_connect = net->tuning[1].both_connect = true;
        net_start_cold(net);
        net_run(net, 30 * DX_S);
        ck_assert(is_up(net));
        ck_assert(net->speaker[higher]->sessions[0].up->is_ours);
        ck_assert(!net->speaker[!higher]->sessions[0].up->is_ours);
        line = net_line(net, 0, higher, SPEAKER_SENT);
        if (!line)
            line = net_line(net, 0, !higher, SPEAKER_SENT);
        ck_assert_ptr_nonnull(line);
        ck_assert_ptr_nonnull(strstr(line->text, "6/7"));
        ck_assert_uint_eq(net_report(net, 0, 0).flaps + net_report(net, 1, 0).flaps, 0);
        ck_assert_ptr_null(net_line(net, DX_S, 0, SPEAKER_STATE));
        net_free(net);
    }
}
END_TEST

/* RFC 4271 8.2.2: 240 s for an OPEN, and what both have agreed on for the KEEPALIVE after it. */
START_TEST(silence_while_coming_up_ends_it_too)
{
    for (unsigned has_open = 0; has_open < 2; has_open++) {
        TestNet *net = pair_new();
        const DxTime cut_ps = has_open ? 3 * DX_MS : 2 * DX_MS; /* router 1 has its OPEN at 3 ms */
        const Line *sent;

        net_start_cold(net);
        net_run(net, cut_ps);
        net_cut(net, 0, true);
        net_run(net, 250 * DX_S);
        sent = net_line(net, 0, !!has_open, SPEAKER_SENT);
        ck_assert_ptr_nonnull(sent);
        ck_assert_ptr_nonnull(strstr(sent->text, "4/0"));
        ck_assert_int_eq(sent->t_ps, cut_ps + (has_open ? 30 : 240) * DX_S);
        net_free(net);
    }
}
END_TEST

/* Only what goes to router 0 is lost: its SYNs come, and router 1's answers do not. Then its old attempt is
 * reset, and nobody has noticed. */
START_TEST(a_handshake_that_comes_to_nothing_is_no_event)
{
    TestNet *net = pair_new();

    net->is_cut[0][0] = true;
    net_start_cold(net);
    net_run(net, 12 * DX_S);
    net->is_cut[0][0] = false;
    net_run(net, 60 * DX_S);
    ck_assert(is_up(net));
    for (guint i = 0; i < net->lines->len; i++) {
        const Line *line = &g_array_index(net->lines, Line, i);

        ck_assert(line->router == 0 || !strstr(line->text, "-> Idle"));
    }
    net_free(net);
}
END_TEST

/* RFC 4271 8.2.2: whatever is sent shows that we are there. */
START_TEST(updates_stand_in_for_keepalives)
{
    TestNet *net = pair_new();
    uint64_t keepalives;

    net_start(net);
    net_run(net, 10 * DX_S);
    net_announce(net, 0, "10.1.0.0/16");
    keepalives = net_report(net, 0, 0).tx_messages - net_report(net, 0, 0).tx_updates;
    for (unsigned i = 0; i < 10; i++) {
        net_run(net, net->now_ps + 9 * DX_S);
        net_withdraw(net, 0, "10.1.0.0/16");
        net_announce(net, 0, "10.1.0.0/16");
    }
    ck_assert_uint_eq(net_report(net, 0, 0).tx_messages - net_report(net, 0, 0).tx_updates, keepalives);
    ck_assert(is_up(net));
    net_free(net);
}
END_TEST

static void say(TestNet *net, const uint8_t *message, size_t n)
{
    dx__bgp_speaker_run(net->speaker[0], net->now_ps);
    dx__bgp_conn_send(net->speaker[0]->sessions[0].up, message, n);
    dx__bgp_speaker_igp_changed(net->speaker[0], net->now_ps); /* ends the call */
    net_run(net, net->now_ps + 10 * DX_MS);
}

static void check_answer(const uint8_t *message, size_t n, unsigned code, unsigned subcode)
{
    TestNet *net = pair_new();

    net_start(net);
    net_run(net, 20 * DX_S);
    say(net, message, n);
    ck_assert_uint_eq(net_report(net, 0, 0).last_code, code);
    ck_assert_uint_eq(net_report(net, 0, 0).last_subcode, subcode);
    ck_assert_int_eq(net_line(net, 0, 1, SPEAKER_DOWN)->t_ps, 20 * DX_S + DX_MS);
    ck_assert_int_eq(net_line(net, 0, 0, SPEAKER_DOWN)->t_ps, 20 * DX_S + 2 * DX_MS);
    net_run(net, 30 * DX_S);
    ck_assert(is_up(net));
    net_free(net);
}

START_TEST(what_is_wrong_with_a_message_is_said)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];
    const DxBgpOpen open = { .as = 65000, .hold_s = 30, .router_id = 1, .families = 1 };
    const size_t n_open = dx__bgp_encode_open(&open, message);

    check_answer(message, n_open, 5, 3); /* an OPEN when it is Established: RFC 6608 */
    dx__bgp_encode_keepalive(message);
    message[0] = 0;
    check_answer(message, 19, 1, 1);
    dx__bgp_encode_keepalive(message);
    message[17] = 18;
    check_answer(message, 19, 1, 2);
    dx__bgp_encode_keepalive(message);
    message[18] = 9;
    check_answer(message, 19, 1, 3);
    memset(message + 19, 0, 4);
    message[17] = 23;
    message[18] = DX_BGP_UPDATE;
    message[20] = 9; /* withdrawn routes longer than the message */
    check_answer(message, 23, 3, 1);
}
END_TEST

/* Router 0 is connected, and says nothing of its own: @open goes in place of its OPEN. */
static void check_open(const uint8_t *open, size_t n, unsigned subcode)
{
    TestNet *net = pair_new();
    Conn *conn;

    net->tuning[0].delay_open_ps = DX_S;
    net_start_cold(net);
    net_run(net, 2 * DX_MS);
    conn = &net->speaker[0]->sessions[0].conn[0];
    dx__bgp_speaker_run(net->speaker[0], net->now_ps);
    dx__bgp_conn_send(conn, open, n);
    dx__bgp_speaker_igp_changed(net->speaker[0], net->now_ps);
    net_run(net, 3 * DX_MS); /* before router 0 answers his OPEN with a second one */
    if (subcode) {
        ck_assert_uint_eq(net_report(net, 1, 0).last_code, 2);
        ck_assert_uint_eq(net_report(net, 1, 0).last_subcode, subcode);
        ck_assert_ptr_nonnull(net_line(net, 0, 1, SPEAKER_SENT));
    } else
        ck_assert_int_ge(net_state(net, 1, 0), SPEAKER_OPEN_CONFIRM);
    net_free(net);
}

START_TEST(every_fault_of_an_open_has_its_subcode)
{
    const DxBgpOpen good = { .as = 65000,
                             .hold_s = 30,
                             .router_id = 0x0aff0001,
                             .families = 1,
                             .has_multiprotocol = true,
                             .has_as4 = true };
    uint8_t message[DX_BGP_MESSAGE_MAX];
    DxBgpOpen open = good;
    size_t n;

    check_open(message, dx__bgp_encode_open(&good, message), 0);
    n = dx__bgp_encode_open(&good, message);
    message[DX_BGP_HEADER_BYTES] = 3; /* version */
    check_open(message, n, 1);
    open.as = 65001;
    check_open(message, dx__bgp_encode_open(&open, message), 2);
    open = good;
    open.router_id = 0;
    check_open(message, dx__bgp_encode_open(&open, message), 3);
    open = good;
    open.hold_s = 2;
    check_open(message, dx__bgp_encode_open(&open, message), 6);
    open = good;
    open.families = 2; /* IPv6 alone */
    check_open(message, dx__bgp_encode_open(&open, message), 7);
}
END_TEST

/* Router 1 has sent its OPEN, and hears something else in its place. */
START_TEST(a_keepalive_before_an_open_is_an_error_of_the_machine)
{
    TestNet *net = pair_new();
    uint8_t message[DX_BGP_MESSAGE_MAX];
    Conn *conn;

    net->tuning[0].delay_open_ps = DX_S;
    net->tuning[1].delay_open_ps = 0;
    net_start_cold(net);
    net_run(net, 2 * DX_MS); /* connected, and waits */
    conn = &net->speaker[0]->sessions[0].conn[0];
    ck_assert_int_eq(conn->tcp.state, TRANSPORT_ESTABLISHED);
    dx__bgp_speaker_run(net->speaker[0], net->now_ps);
    dx__bgp_conn_send(conn, message, dx__bgp_encode_keepalive(message));
    dx__bgp_speaker_igp_changed(net->speaker[0], net->now_ps);
    net_run(net, 10 * DX_MS);
    ck_assert_ptr_nonnull(strstr(net_line(net, 0, 1, SPEAKER_SENT)->text, "5/1"));
    net_free(net);
}
END_TEST

/* -- going down --------------------------------------------------------------------------------------- */

static DxTime last_heard_ps[2]; /* by end: when the last message came, if nothing was lost */

static void note_messages(TestNet *net, const Frame *frame)
{
    const unsigned header = (frame->octets->data[12] >> 4) * 4u;

    (void)net;
    if (frame->carrier == SPEAKER_TCP && frame->octets->len > header)
        last_heard_ps[frame->to] = frame->t_ps;
}

START_TEST(silence_ends_it_hold_after_the_last_message)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        TestNet *net = pair_new();

        net->tuning[0].seed = net->tuning[1].seed = seed;
        net->tap = note_messages;
        net_start(net);
        net_run(net, 100 * DX_S);
        ck_assert(is_up(net));
        net_cut(net, 0, true);
        net_run(net, 140 * DX_S);
        for (unsigned k = 0; k < 2; k++) {
            const Line *line = net_line(net, 0, k, SPEAKER_DOWN);

            ck_assert_ptr_nonnull(line);
            ck_assert_int_eq(line->t_ps, last_heard_ps[k] + 30 * DX_S);
            ck_assert_int_ge(line->t_ps, 120 * DX_S);
            ck_assert_int_le(line->t_ps, 130 * DX_S);
            ck_assert_ptr_nonnull(strstr(line->text, "Down Hold Timer Expired"));
            ck_assert_uint_eq(net_report(net, k, 0).last_code, 4);
            ck_assert_uint_eq(net_report(net, k, 0).last_subcode, 0);
        }
        net_free(net);
    }
}
END_TEST

/* The converged start has hold timers as if the last KEEPALIVEs had been heard: cut before the first one. */
START_TEST(silence_from_the_beginning_ends_it_within_hold)
{
    TestNet *net = pair_new();

    net_start(net);
    net_cut(net, 0, true);
    net_run(net, 31 * DX_S);
    for (unsigned k = 0; k < 2; k++) {
        ck_assert_int_gt(net_line(net, 0, k, SPEAKER_DOWN)->t_ps, 20 * DX_S);
        ck_assert_int_le(net_line(net, 0, k, SPEAKER_DOWN)->t_ps, 30 * DX_S);
    }
    net_free(net);
}
END_TEST

/* His TCP gets no acknowledgments: what we hear is one KEEPALIVE more, and its repetitions; then he expires
 * and his NOTIFICATION waits behind what is not acknowledged. */
START_TEST(one_way_loss_takes_both_ends_down_at_different_times)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        TestNet *net = pair_new();
        DxTime deaf_ps, other_ps;

        net->tuning[0].seed = net->tuning[1].seed = seed;
        net_start(net);
        net_run(net, 100 * DX_S);
        net->is_cut[0][1] = true; /* towards router 1 */
        net_run(net, 150 * DX_S);
        deaf_ps = net_line(net, 0, 1, SPEAKER_DOWN)->t_ps - 100 * DX_S;
        other_ps = net_line(net, 0, 0, SPEAKER_DOWN)->t_ps - 100 * DX_S;
        ck_assert_int_gt(deaf_ps, 20 * DX_S);
        ck_assert_int_le(deaf_ps, 30 * DX_S);
        ck_assert_int_ge(other_ps, deaf_ps);
        ck_assert_int_le(other_ps, 40 * DX_S);
        net_free(net);
    }
}
END_TEST

static void check_both_down(TestNet *net, DxTime when_ps, const char *ours, const char *his, unsigned subcode)
{
    const Line *a = net_line(net, when_ps, 0, SPEAKER_DOWN), *b = net_line(net, when_ps, 1, SPEAKER_DOWN);

    ck_assert_ptr_nonnull(a);
    ck_assert_ptr_nonnull(b);
    ck_assert_int_eq(a->t_ps, when_ps);
    ck_assert_int_eq(b->t_ps, when_ps + DX_MS);
    ck_assert_ptr_nonnull(strstr(a->text, ours));
    ck_assert_ptr_nonnull(strstr(b->text, his));
    ck_assert_uint_eq(net_report(net, 1, 0).last_code, 6);
    ck_assert_uint_eq(net_report(net, 1, 0).last_subcode, subcode);
}

START_TEST(shutdown_is_said_and_lasts)
{
    TestNet *net = pair_new();

    net_start(net);
    net_run(net, 100 * DX_S);
    dx__bgp_speaker_shutdown(net->speaker[0], net->now_ps, 0);
    net_run(net, 300 * DX_S);
    check_both_down(net, 100 * DX_S, "Down Admin. shutdown",
                    "Down BGP Notification received 6/2 (Cease/Administrative Shutdown)", 2);
    ck_assert_int_eq(net_state(net, 0, 0), SPEAKER_IDLE);
    ck_assert(net_report(net, 0, 0).is_shut);
    dx__bgp_speaker_enable(net->speaker[0], net->now_ps, 0);
    net_run(net, 302 * DX_S);
    ck_assert(is_up(net));
    ck_assert_int_eq(net_line(net, 101 * DX_S, 0, SPEAKER_UP)->t_ps, 300 * DX_S + 4 * DX_MS);
    net_free(net);
}
END_TEST

START_TEST(a_hard_clear_is_back_after_idle_hold)
{
    TestNet *net = pair_new();

    net_start(net);
    net_run(net, 100 * DX_S);
    dx__bgp_speaker_clear(net->speaker[0], net->now_ps, 0, SPEAKER_HARD);
    net_run(net, 104 * DX_S);
    check_both_down(net, 100 * DX_S, "Down User reset",
                    "Down BGP Notification received 6/4 (Cease/Administrative Reset)", 4);
    /* SYN at 101 s arrives as he ends his own second */
    ck_assert(is_up(net));
    ck_assert_int_le(net_line(net, 100 * DX_S, 0, SPEAKER_UP)->t_ps, 102 * DX_S + 10 * DX_MS);
    net_free(net);
}
END_TEST

START_TEST(a_line_that_goes_down_takes_the_session_at_once)
{
    TestNet *net = pair_new();

    net_start(net);
    net_run(net, 100 * DX_S);
    net_cut(net, 0, true);
    for (unsigned k = 0; k < 2; k++)
        dx__bgp_speaker_line(net->speaker[k], net->now_ps, 0, false);
    for (unsigned k = 0; k < 2; k++)
        check_line(net_line(net, 0, k, SPEAKER_DOWN), 100 * DX_S,
                   k ? "neighbor 169.254.0.1 Down Interface down"
                     : "neighbor 169.254.0.2 Down Interface down");
    net_run(net, 200 * DX_S);
    ck_assert_int_eq(net_state(net, 0, 0), SPEAKER_IDLE);
    net_cut(net, 0, false);
    for (unsigned k = 0; k < 2; k++)
        dx__bgp_speaker_line(net->speaker[k], net->now_ps, 0, true);
    net_run(net, 201 * DX_S);
    ck_assert_int_eq(net_line(net, 101 * DX_S, 0, SPEAKER_UP)->t_ps, 200 * DX_S + 4 * DX_MS);
    net_free(net);
}
END_TEST

START_TEST(without_fast_fallover_the_hold_timer_finds_out)
{
    TestNet *net = pair_new();

    net->sessions[0].end[0].fast_fallover = net->sessions[0].end[1].fast_fallover = false;
    net_start(net);
    net_run(net, 100 * DX_S);
    net_cut(net, 0, true);
    for (unsigned k = 0; k < 2; k++)
        dx__bgp_speaker_line(net->speaker[k], net->now_ps, 0, false);
    net_run(net, 119 * DX_S);
    ck_assert(is_up(net));
    net_run(net, 131 * DX_S);
    ck_assert(!is_up(net));
    net_free(net);
}
END_TEST

START_TEST(oscillations_are_damped)
{
    TestNet *net = pair_new();

    net->tuning[0].idle_hold_max_ps = 8 * DX_S;
    net_make(net);
    dx__bgp_speaker_start(net->speaker[0], 0);
    net_run(net, 100 * DX_S); /* router 1 has not been started: RST each time */
    {
        static const DxTime waits_s[] = { 1, 2, 4, 8, 8, 8 };
        DxTime expected_ps = 2 * DX_MS;
        guint at = 0;

        for (gsize i = 0; i < G_N_ELEMENTS(waits_s); i++) {
            while (!strstr(g_array_index(net->lines, Line, at).text, "-> Idle"))
                at++;
            ck_assert_int_eq(g_array_index(net->lines, Line, at++).t_ps, expected_ps);
            expected_ps += waits_s[i] * DX_S + 2 * DX_MS;
        }
    }
    net_free(net);
}
END_TEST

START_TEST(losses_do_not_take_a_session_down_that_tcp_can_repair)
{
    TestNet *net = pair_new();

    net->loss = 0.2;
    net_start_cold(net);
    net_run(net, 1000 * DX_S);
    ck_assert(is_up(net));
    ck_assert_uint_eq(net_report(net, 0, 0).flaps, 0);
    ck_assert_uint_gt(net_report(net, 0, 0).tcp.retransmitted, 0);
    net_free(net);
}
END_TEST

/* -- BFD ---------------------------------------------------------------------------------------------- */

static DxTime last_bfd_ps[2];

static void note_bfd(TestNet *net, const Frame *frame)
{
    (void)net;
    if (frame->carrier == SPEAKER_BFD)
        last_bfd_ps[frame->to] = frame->t_ps;
}

static TestNet *bfd_pair_new(uint64_t seed)
{
    TestNet *net = pair_new();

    for (unsigned k = 0; k < 2; k++) {
        net->tuning[k].seed = seed;
        net->sessions[0].end[k].has_bfd = true;
    }
    net->tap = note_bfd;
    return net;
}

/* RFC 5880 6.8.4: 900 ms after the last packet; packets come every 225 to 300 ms. */
START_TEST(bfd_finds_silence_in_900_ms)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        TestNet *net = bfd_pair_new(seed);

        net_start(net);
        net_run(net, 10 * DX_S);
        net_cut(net, 0, true);
        net_run(net, 12 * DX_S);
        for (unsigned k = 0; k < 2; k++) {
            const Line *line = net_line(net, 0, k, SPEAKER_DOWN);

            ck_assert_ptr_nonnull(line);
            ck_assert_int_eq(line->t_ps, last_bfd_ps[k] + 900 * DX_MS);
            ck_assert_int_ge(line->t_ps, 10 * DX_S + 600 * DX_MS);
            ck_assert_int_le(line->t_ps, 10 * DX_S + 901 * DX_MS);
            ck_assert_ptr_nonnull(strstr(line->text, "Down BFD adjacency down"));
        }
        net_free(net);
    }
}
END_TEST

/* Only the direction to router 1 is lost: it detects, and says so. */
START_TEST(bfd_finds_half_a_failure_too)
{
    TestNet *net = bfd_pair_new(1);
    const Line *down, *other;

    net_start(net);
    net_run(net, 10 * DX_S);
    net->is_cut[0][1] = true;
    net_run(net, 12 * DX_S);
    down = net_line(net, 0, 1, SPEAKER_DOWN);
    other = net_line(net, 0, 0, SPEAKER_DOWN);
    ck_assert_ptr_nonnull(strstr(down->text, "BFD adjacency down"));
    ck_assert_int_le(down->t_ps, 10 * DX_S + 901 * DX_MS);
    ck_assert_int_eq(other->t_ps, down->t_ps + DX_MS);
    net_free(net);
}
END_TEST

START_TEST(bfd_comes_up_with_the_session_and_again)
{
    TestNet *net = bfd_pair_new(1);

    net_start_cold(net);
    net_run(net, 10 * DX_S);
    ck_assert(is_up(net));
    ck_assert_int_eq(net_report(net, 0, 0).bfd, DX_BFD_UP);
    net_cut(net, 0, true);
    net_run(net, 20 * DX_S);
    ck_assert_int_eq(net_report(net, 0, 0).bfd, DX_BFD_DOWN);
    net_cut(net, 0, false);
    net_run(net, 30 * DX_S);
    ck_assert(is_up(net));
    ck_assert_int_eq(net_report(net, 0, 0).bfd, DX_BFD_UP);
    ck_assert_uint_eq(net_report(net, 0, 0).flaps, 1);
    net_free(net);
}
END_TEST

/* RFC 5882 4.2: somebody has switched BFD off, and only that. */
START_TEST(bfd_that_is_switched_off_is_no_failure)
{
    TestNet *net = bfd_pair_new(1);

    net_start(net);
    net_run(net, 10 * DX_S);
    dx__bfd_enable(&net->speaker[0]->sessions[0].bfd, net->now_ps, false);
    net_run(net, 60 * DX_S);
    ck_assert_int_eq(net_report(net, 1, 0).bfd, DX_BFD_DOWN);
    ck_assert(is_up(net));
    ck_assert_uint_eq(net_report(net, 1, 0).flaps, 0);
    net_free(net);
}
END_TEST

START_TEST(shutdown_is_told_by_bgp_not_by_bfd)
{
    TestNet *net = bfd_pair_new(1);

    net_start(net);
    net_run(net, 10 * DX_S);
    dx__bgp_speaker_shutdown(net->speaker[0], net->now_ps, 0);
    net_run(net, 20 * DX_S);
    ck_assert_ptr_nonnull(strstr(net_line(net, 0, 1, SPEAKER_DOWN)->text, "Notification received 6/2"));
    net_free(net);
}
END_TEST

SUITE_MAIN("session", 60, three_round_trips_until_both_are_up, nobody_there_is_tried_again_by_the_retry_timer,
           a_refused_connection_is_tried_again_after_idle_hold, open_may_be_delayed,
           the_lower_hold_time_counts_and_a_third_of_it, what_is_wrong_with_an_open_is_said,
           a_wrong_as_is_refused, an_internal_neighbor_with_our_own_identifier_is_refused,
           other_passwords_never_meet, two_connections_become_one,
           silence_ends_it_hold_after_the_last_message, silence_from_the_beginning_ends_it_within_hold,
           one_way_loss_takes_both_ends_down_at_different_times, shutdown_is_said_and_lasts,
           a_hard_clear_is_back_after_idle_hold, a_line_that_goes_down_takes_the_session_at_once,
           without_fast_fallover_the_hold_timer_finds_out, oscillations_are_damped,
           losses_do_not_take_a_session_down_that_tcp_can_repair, bfd_finds_silence_in_900_ms,
           bfd_finds_half_a_failure_too, bfd_comes_up_with_the_session_and_again,
           shutdown_is_told_by_bgp_not_by_bfd, bfd_that_is_switched_off_is_no_failure,
           silence_while_coming_up_ends_it_too, a_handshake_that_comes_to_nothing_is_no_event,
           updates_stand_in_for_keepalives, what_is_wrong_with_a_message_is_said,
           every_fault_of_an_open_has_its_subcode, a_keepalive_before_an_open_is_an_error_of_the_machine)
