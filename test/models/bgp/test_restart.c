/*
 * test_restart - graceful restart (RFC 4724) and flap dampening (RFC 2439) over sessions
 */
#include "bgp/dampening.h"
#include "net.h"
#include "bgp/speaker-priv.h"

static DxPrefix ten;

/* 0 announces to 1, which tells 2; sessions 0 and 1 restart gracefully if @is_graceful. */
static TestNet *chain_new(bool is_graceful)
{
    TestNet *net = net_new();

    ten = net_prefix("10.1.0.0/16");
    for (uint32_t asn = 1; asn <= 3; asn++)
        net_router(net, asn);
    net_session(net, 0, 1);
    net_session(net, 1, 2);
    for (unsigned i = 0; i < 2; i++)
        for (unsigned k = 0; k < 2; k++)
            net->sessions[i].end[k].has_graceful_restart = is_graceful;
    net->routers[0].networks = &ten;
    net->routers[0].n_networks = 1;
    return net;
}

/* -- graceful restart --------------------------------------------------------------------------------- */

START_TEST(a_router_that_restarts_is_used_meanwhile)
{
    for (unsigned is_graceful = 0; is_graceful < 2; is_graceful++) {
        TestNet *net = chain_new(is_graceful);

        net_start(net);
        net_run(net, 10 * DX_S);
        dx__bgp_speaker_restart(net->speaker[0], net->now_ps);
        net_run(net, 20 * DX_S);
        ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_ESTABLISHED);
        ck_assert_uint_eq(net_report(net, 1, 0).flaps, 1);
        ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), 1);
        /* nobody further on has heard of it; else it went, and came back */
        ck_assert_int_eq(net->n_changed[1], is_graceful ? 0 : 2);
        ck_assert_int_eq(net->n_changed[2], is_graceful ? 0 : 2);
        net_free(net);
    }
}
END_TEST

START_TEST(the_one_that_restarts_keeps_forwarding)
{
    TestNet *net = chain_new(true);

    net_start(net);
    net_run(net, 10 * DX_S);
    dx__bgp_speaker_restart(net->speaker[1], net->now_ps);
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), 0);
    net_run(net, 30 * DX_S);
    ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_ESTABLISHED);
    ck_assert_int_eq(net_state(net, 1, 1), SPEAKER_ESTABLISHED);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(net->n_changed[i], 0);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), 1);

    /* what has changed while it was away is told once it has heard everybody */
    net_withdraw(net, 0, "10.1.0.0/16");
    dx__bgp_speaker_restart(net->speaker[1], net->now_ps);
    net_run(net, 60 * DX_S);
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), -2);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), -2);
    net_free(net);
}
END_TEST

START_TEST(who_does_not_come_back_in_time_is_forgotten)
{
    TestNet *net = chain_new(true);
    const DxTime lost_ps = 10 * DX_S;

    /* the helper notices by RST: its KEEPALIVE meets a process that does not know the connection */
    net->sessions[0].end[0].restart_ps = 30 * DX_S;
    net_start(net);
    net_run(net, lost_ps);
    dx__bgp_speaker_restart(net->speaker[0], net->now_ps);
    dx__bgp_speaker_shutdown(net->speaker[0], net->now_ps, 0);
    net_run(net, lost_ps + 200 * DX_S);
    {
        const Line *down = net_line(net, lost_ps, 1, SPEAKER_DOWN);
        const Line *kept = net_line(net, lost_ps, 1, SPEAKER_STALE);

        ck_assert_ptr_nonnull(down);
        ck_assert_ptr_nonnull(strstr(down->text, "reset by peer"));
        ck_assert_ptr_nonnull(kept);
        ck_assert_str_eq(kept->text, "neighbor 169.254.0.1 1 routes kept for 30 s");
        kept = net_line(net, down->t_ps + 1, 1, SPEAKER_STALE);
        ck_assert_ptr_nonnull(kept);
        ck_assert_int_eq(kept->t_ps, down->t_ps + 30 * DX_S);
        ck_assert_str_eq(kept->text, "neighbor 169.254.0.1 1 stale routes removed");
    }
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), -2);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), -2);
    net_free(net);
}
END_TEST

/* RFC 4724 4.2: what is not told again before End-of-RIB goes. */
START_TEST(what_has_gone_meanwhile_goes_with_end_of_rib)
{
    TestNet *net = chain_new(true);

    net_start(net);
    net_announce(net, 0, "10.2.0.0/16");
    net_run(net, 10 * DX_S);
    ck_assert_int_eq(net_way(net, 2, "10.2.0.0/16"), 1);
    dx__bgp_speaker_restart(net->speaker[0], net->now_ps);
    net_withdraw(net, 0, "10.2.0.0/16");
    net_run(net, 30 * DX_S);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), 1);
    ck_assert_int_eq(net_way(net, 2, "10.2.0.0/16"), -2);
    ck_assert_ptr_nonnull(
        strstr(net_line(net, net_line(net, 0, 1, SPEAKER_STALE)->t_ps + 1, 1, SPEAKER_STALE)->text,
               "1 stale routes removed"));
    net_free(net);
}
END_TEST

/* No F bit: he has kept nothing, and what we have of him leads nowhere (RFC 4724 4.2). */
START_TEST(who_kept_nothing_is_not_used_once_he_is_back)
{
    TestNet *net = chain_new(true);
    Session *session;

    net_start(net);
    net_run(net, 10 * DX_S);
    session = &net->speaker[0]->sessions[0];
    dx__bgp_speaker_run(net->speaker[0], net->now_ps);
    dx__bgp_session_vanish(session);
    dx__bgp_session_begin(session);
    dx__bgp_speaker_igp_changed(net->speaker[0], net->now_ps); /* ends the call */
    net_run(net, 20 * DX_S);
    ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_ESTABLISHED);
    ck_assert_uint_eq(net->n_changed[1], 2); /* gone when the session is up, and back with his UPDATE */
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), 0);
    net_free(net);
}
END_TEST

START_TEST(a_notification_and_an_expired_timer_are_not_graceful)
{
    TestNet *net = chain_new(true);

    net_start(net);
    net_run(net, 10 * DX_S);
    dx__bgp_speaker_clear(net->speaker[0], net->now_ps, 0, SPEAKER_HARD);
    net_run(net, 10 * DX_S + 10 * DX_MS);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), -2);
    net_run(net, 20 * DX_S);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), 1);
    net_cut(net, 0, true);
    net_run(net, 51 * DX_S);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), -2);
    net_free(net);
}
END_TEST

/* -- dampening ---------------------------------------------------------------------------------------- */

static DxDampening dampening;

/* Session 0 of router 1 hears of the route at @at_ps + 1 ms. */
static void come_and_go(TestNet *net, DxTime at_ps)
{
    net_run(net, at_ps);
    net_withdraw(net, 0, "10.1.0.0/16");
    net_run(net, at_ps + DX_S);
    net_announce(net, 0, "10.1.0.0/16");
}

/* 1000 * 2^(-11 / 900) + 1000 = 1991.6: not enough. The third one is: 1991.6 * 2^(-11/900) + 1000 = 2974.8.
 */
START_TEST(the_third_withdrawal_in_22_s_suppresses)
{
    TestNet *net = chain_new(false);
    const Line *line;

    dx__dampening_init(&dampening);
    net->routers[1].dampening = &dampening;
    net_start(net);
    come_and_go(net, 100 * DX_S);
    come_and_go(net, 111 * DX_S);
    net_run(net, 121 * DX_S);
    ck_assert_ptr_null(net_line(net, 0, 1, SPEAKER_DAMPENED));
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), 0);
    come_and_go(net, 122 * DX_S);
    net_run(net, 200 * DX_S);
    line = net_line(net, 0, 1, SPEAKER_DAMPENED);
    ck_assert_ptr_nonnull(line);
    ck_assert_int_eq(line->t_ps, 123 * DX_S + DX_MS); /* when it comes back */
    ck_assert_str_eq(line->text, "neighbor 169.254.0.1 route 10.1.0.0/16 suppressed, penalty 2972.5");
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), -2);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), -2);
    net_free(net);
}
END_TEST

/* Three at once, 3000: half twice is 750 after 1800 s, and it is used again just after that. */
START_TEST(a_suppressed_route_is_back_when_its_penalty_is_below_reuse)
{
    TestNet *net = chain_new(false);
    const DxTime from_ps = 100 * DX_S + DX_MS; /* router 1 hears of it */
    const Line *line;

    dx__dampening_init(&dampening);
    dampening.half_life_ps = 60 * DX_S;
    net->routers[1].dampening = &dampening;
    net_start(net);
    net_run(net, 100 * DX_S);
    for (unsigned i = 0; i < 3; i++) {
        net_withdraw(net, 0, "10.1.0.0/16");
        net_announce(net, 0, "10.1.0.0/16");
    }
    net_run(net, 300 * DX_S);
    line = net_line(net, 0, 1, SPEAKER_REUSED);
    ck_assert_ptr_nonnull(line);
    ck_assert_int_ge(line->t_ps, from_ps + 120 * DX_S);
    ck_assert_int_le(line->t_ps, from_ps + 120 * DX_S + DX_US);
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), 0);
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), 1);
    net_free(net);
}
END_TEST

static const DxSet med_sets[] = { { .type = DX_SET_METRIC, .value = 1 },
                                  { .type = DX_SET_METRIC, .value = 2 } };
static const DxRouteMapEntry med_entries[] = { { 10, true, false, NULL, &med_sets[0], 0, 1 },
                                               { 10, true, false, NULL, &med_sets[1], 0, 1 } };
static const DxRouteMap med_maps[] = { { "ONE", &med_entries[0], 1 }, { "TWO", &med_entries[1], 1 } };

/* 500 each, 1 s apart: 1997.7 after the fourth, so that the fifth takes it out while it is there. */
START_TEST(changes_suppress_a_route_that_is_there)
{
    TestNet *net = chain_new(false);
    const DxPrefix prefix = net_prefix("10.1.0.0/16");

    dx__dampening_init(&dampening);
    net->routers[1].dampening = &dampening;
    net_start(net);
    net_run(net, 100 * DX_S);
    for (unsigned i = 0; i < 5; i++) {
        ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), 0);
        dx__bgp_speaker_announce(net->speaker[0], net->now_ps, &prefix, &med_maps[i % 2]);
        net_run(net, net->now_ps + DX_S);
    }
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), -2);
    net_free(net);
}
END_TEST

SUITE_MAIN("restart", 60, a_router_that_restarts_is_used_meanwhile, the_one_that_restarts_keeps_forwarding,
           who_does_not_come_back_in_time_is_forgotten, what_has_gone_meanwhile_goes_with_end_of_rib,
           who_kept_nothing_is_not_used_once_he_is_back, a_notification_and_an_expired_timer_are_not_graceful,
           the_third_withdrawal_in_22_s_suppresses,
           a_suppressed_route_is_back_when_its_penalty_is_below_reuse, changes_suppress_a_route_that_is_there)
