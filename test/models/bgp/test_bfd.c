/*
 * test_bfd - two ends come up, agree on times, and notice silence when RFC 5880 says so
 *
 * Two ends on a pipe with a delay of 1 ms. Expected times are worked out from sections 6.8.2 to 6.8.7.
 */
#include <string.h>
#include "../../suite.h"
#include "bgp/bfd.h"
#include "pipe.h"

#define DELAY_PS DX_MS

typedef struct Pair Pair;

typedef struct {
    Bfd bfd;
    Pair *pair;
    unsigned index;
    DxRng rng;
    DxBfdDiagnostic diagnostic; /* of the last move */
    DxTime moved_ps, heard_ps, before_ps;
    DxTime least_gap_ps, most_gap_ps; /* between its packets */
    DxBfdPacket said;
    GString *story;
} End;

struct Pair {
    End end[2];
    Pipe pipe;
    DxTime now_ps;
};

static void on_send(void *user, const DxBfdPacket *packet)
{
    End *end = user;
    const DxTime now_ps = end->pair->now_ps;

    if (end->before_ps != DX_TIME_NEVER && !packet->is_final) {
        end->least_gap_ps = MIN(end->least_gap_ps, now_ps - end->before_ps);
        end->most_gap_ps = MAX(end->most_gap_ps, now_ps - end->before_ps);
    }
    if (!packet->is_final)
        end->before_ps = now_ps;
    end->said = *packet;
    pipe_send(&end->pair->pipe, now_ps, !end->index, (const uint8_t *)packet, sizeof *packet);
}

static void on_moved(void *user, DxBfdState from, DxBfdState to, DxBfdDiagnostic diagnostic)
{
    End *end = user;

    ck_assert_uint_ne(from, to);
    g_string_append_printf(end->story, "%s ", dx__bfd_state_name(to));
    end->moved_ps = end->pair->now_ps;
    end->diagnostic = diagnostic;
}

static const BfdWatch watch = { on_send, on_moved };

static BfdConf conf_of(DxTime tx_ps, DxTime rx_ps, uint8_t multiplier)
{
    return (BfdConf){ .desired_min_tx_ps = tx_ps, .required_min_rx_ps = rx_ps, .multiplier = multiplier };
}

static void start_gaps(Pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        pair->end[i].least_gap_ps = DX_TIME_NEVER;
        pair->end[i].most_gap_ps = 0;
        pair->end[i].before_ps = DX_TIME_NEVER;
    }
}

static Pair *pair_new(uint64_t seed, BfdConf a, BfdConf b)
{
    Pair *pair = g_new0(Pair, 1);

    pipe_init(&pair->pipe, seed, DELAY_PS);
    a.discriminator = 11;
    b.discriminator = 22;
    for (unsigned i = 0; i < 2; i++) {
        End *end = &pair->end[i];

        end->pair = pair;
        end->index = i;
        end->story = g_string_new(NULL);
        dx_rng_init(&end->rng, seed, 0, i ? "b" : "a", "bfd");
        dx__bfd_init(&end->bfd, i ? &b : &a, &end->rng, &watch, end);
    }
    start_gaps(pair);
    return pair;
}

static Pair *pair_like(uint64_t seed)
{
    return pair_new(seed, conf_of(300 * DX_MS, 300 * DX_MS, 3), conf_of(300 * DX_MS, 300 * DX_MS, 3));
}

static void pair_free(Pair *pair)
{
    for (unsigned i = 0; i < 2; i++)
        g_string_free(pair->end[i].story, TRUE);
    pipe_clear(&pair->pipe);
    g_free(pair);
}

static void run_to(Pair *pair, DxTime until_ps)
{
    Bfd *a = &pair->end[0].bfd, *b = &pair->end[1].bfd;

    for (;;) {
        const DxTime mail_ps = pipe_next(&pair->pipe), a_ps = dx__bfd_next(a), b_ps = dx__bfd_next(b),
                     next_ps = MIN(mail_ps, MIN(a_ps, b_ps));

        if (next_ps > until_ps)
            break;
        ck_assert(next_ps >= pair->now_ps);
        pair->now_ps = next_ps;
        if (mail_ps == next_ps) {
            const PipeMail mail = pipe_take(&pair->pipe);
            DxBfdPacket packet;

            memcpy(&packet, mail.octets, sizeof packet);
            pair->end[mail.to].heard_ps = next_ps;
            dx__bfd_receive(&pair->end[mail.to].bfd, next_ps, &packet);
            g_free(mail.octets);
        } else {
            dx__bfd_run(a_ps == next_ps ? a : b, next_ps);
        }
    }
    pair->now_ps = until_ps;
}

static void enable_both(Pair *pair)
{
    for (unsigned i = 0; i < 2; i++)
        dx__bfd_enable(&pair->end[i].bfd, pair->now_ps, true);
}

static void converge(Pair *pair, DxRng *rng)
{
    for (unsigned i = 0; i < 2; i++)
        dx__bfd_converge(&pair->end[i].bfd, 0, &pair->end[!i].bfd.conf,
                         (DxTime)dx_rng_below(rng, (uint64_t)(300 * DX_MS)));
}

/* -- states -------------------------------------------------------------------------------------------- */

/* Down crosses Down at 1 ms, Init crosses Init at 2 ms. */
START_TEST(two_ends_come_up)
{
    Pair *pair = pair_like(1);

    enable_both(pair);
    run_to(pair, 10 * DX_S);
    for (unsigned i = 0; i < 2; i++) {
        const End *end = &pair->end[i];

        ck_assert_str_eq(end->story->str, "Down Init Up ");
        ck_assert_int_eq(end->moved_ps, 2 * DX_MS);
        ck_assert_uint_eq(end->bfd.remote_discriminator, i ? 11 : 22);
        ck_assert(!end->bfd.is_polling);
        ck_assert_int_eq(end->bfd.interval_ps, 300 * DX_MS);
        ck_assert_int_eq(dx__bfd_detection_ps(&end->bfd), 900 * DX_MS);
        ck_assert_uint_eq(end->said.diagnostic, 0);
        ck_assert_uint_eq(end->said.desired_min_tx_us, 300000);
        ck_assert_uint_eq(end->said.required_min_rx_us, 300000);
        ck_assert_uint_eq(end->said.required_min_echo_rx_us, 0);
    }
    pair_free(pair);
}
END_TEST

/* Section 6.8.3: nobody answers, so not more often than once in a second, told as such. */
START_TEST(who_is_alone_talks_slowly)
{
    Pair *pair = pair_like(1);

    dx__bfd_enable(&pair->end[0].bfd, 0, true);
    run_to(pair, 1000 * DX_S);
    ck_assert_str_eq(pair->end[0].story->str, "Down ");
    ck_assert_uint_eq(pair->end[0].said.desired_min_tx_us, 1000000);
    ck_assert(pair->end[0].least_gap_ps >= 750 * DX_MS && pair->end[0].most_gap_ps <= DX_S);
    ck_assert(pair->end[0].bfd.tx_packets > 1000 && pair->end[0].bfd.tx_packets < 1334);
    pair_free(pair);
}
END_TEST

START_TEST(passive_ends_wait)
{
    BfdConf passive = conf_of(300 * DX_MS, 300 * DX_MS, 3);
    Pair *pair;

    passive.is_passive = true;
    pair = pair_new(1, passive, passive);
    enable_both(pair);
    run_to(pair, 100 * DX_S);
    ck_assert_uint_eq(pair->end[0].bfd.tx_packets + pair->end[1].bfd.tx_packets, 0);
    pair_free(pair);
    pair = pair_new(1, passive, conf_of(300 * DX_MS, 300 * DX_MS, 3));
    enable_both(pair);
    run_to(pair, 10 * DX_S);
    ck_assert_str_eq(pair->end[0].story->str, "Down Init Up ");
    ck_assert_int_eq(pair->end[1].bfd.state, DX_BFD_UP);
    pair_free(pair);
}
END_TEST

START_TEST(an_administrator_is_told_of)
{
    Pair *pair = pair_like(1);
    uint64_t n_sent;

    enable_both(pair);
    run_to(pair, 10 * DX_S);
    dx__bfd_enable(&pair->end[0].bfd, 10 * DX_S, false);
    run_to(pair, 20 * DX_S);
    ck_assert_int_eq(pair->end[0].diagnostic, DX_BFD_ADMIN);
    ck_assert_str_eq(pair->end[1].story->str, "Down Init Up Down ");
    ck_assert_int_eq(pair->end[1].diagnostic, DX_BFD_NEIGHBOR_DOWN);
    ck_assert_int_eq(pair->end[1].moved_ps, 10 * DX_S + DELAY_PS);
    ck_assert_uint_eq(pair->end[1].said.diagnostic, DX_BFD_NEIGHBOR_DOWN);
    n_sent = pair->end[0].bfd.tx_packets;
    run_to(pair, 100 * DX_S);
    ck_assert_uint_eq(pair->end[0].bfd.tx_packets, n_sent); /* said long enough */
    ck_assert_uint_gt(pair->end[0].bfd.rx_discarded, 0);
    dx__bfd_enable(&pair->end[0].bfd, 100 * DX_S, true);
    run_to(pair, 102 * DX_S);
    ck_assert_int_eq(pair->end[0].bfd.state, DX_BFD_UP);
    ck_assert_int_eq(pair->end[1].bfd.state, DX_BFD_UP);
    pair_free(pair);
}
END_TEST

START_TEST(a_lost_path_is_told_of)
{
    Pair *pair = pair_like(1);

    enable_both(pair);
    run_to(pair, 10 * DX_S);
    dx__bfd_path_down(&pair->end[0].bfd, 10 * DX_S);
    ck_assert_int_eq(pair->end[0].bfd.state, DX_BFD_DOWN);
    ck_assert_int_eq(pair->end[0].diagnostic, DX_BFD_PATH_DOWN);
    ck_assert_uint_eq(pair->end[0].said.diagnostic, DX_BFD_PATH_DOWN);
    run_to(pair, 10 * DX_S + DELAY_PS);
    ck_assert_int_eq(pair->end[1].diagnostic, DX_BFD_NEIGHBOR_DOWN);
    run_to(pair, 12 * DX_S);
    ck_assert_int_eq(pair->end[1].bfd.state, DX_BFD_UP);
    pair_free(pair);
}
END_TEST

/* Section 6.8.6. */
START_TEST(what_is_for_others_is_discarded)
{
    Pair *pair = pair_like(1);
    Bfd *bfd = &pair->end[0].bfd;
    DxBfdPacket packet = { .state = DX_BFD_DOWN, .multiplier = 3, .mine = 22, .yours = 12 };

    enable_both(pair);
    run_to(pair, 10 * DX_S);
    dx__bfd_receive(bfd, 10 * DX_S, &packet);
    packet.yours = 0;
    packet.state = DX_BFD_UP;
    dx__bfd_receive(bfd, 10 * DX_S, &packet);
    ck_assert_uint_eq(bfd->rx_discarded, 2);
    ck_assert_int_eq(bfd->state, DX_BFD_UP);
    packet.yours = 11;
    packet.state = DX_BFD_UP; /* and wants nothing to be sent: section 6.8.7 */
    packet.desired_min_tx_us = 300000;
    dx__bfd_receive(bfd, 10 * DX_S, &packet);
    ck_assert_int_eq(bfd->send_due_ps, DX_TIME_NEVER);
    packet.required_min_rx_us = 300000;
    dx__bfd_receive(bfd, 10 * DX_S, &packet);
    ck_assert_int_ne(bfd->send_due_ps, DX_TIME_NEVER);
    pair_free(pair);
}
END_TEST

/* Section 6.8.6: rows are our state, columns what is heard. */
START_TEST(every_state_goes_where_it_should)
{
    static const DxBfdState to[4][4] = {
        { DX_BFD_ADMIN_DOWN, DX_BFD_ADMIN_DOWN, DX_BFD_ADMIN_DOWN, DX_BFD_ADMIN_DOWN },
        { DX_BFD_DOWN, DX_BFD_INIT, DX_BFD_UP, DX_BFD_DOWN },
        { DX_BFD_DOWN, DX_BFD_INIT, DX_BFD_UP, DX_BFD_UP },
        { DX_BFD_DOWN, DX_BFD_DOWN, DX_BFD_UP, DX_BFD_UP },
    };
    static const DxBfdState heard_before[4][2] = {
        { 0, 0 }, { 0, 0 }, { DX_BFD_DOWN, 0 }, { DX_BFD_DOWN, DX_BFD_INIT }
    };

    for (unsigned state = 0; state < 4; state++)
        for (unsigned heard = 0; heard < 4; heard++) {
            Pair *pair = pair_like(1);
            Bfd *bfd = &pair->end[0].bfd;
            DxBfdPacket packet = {
                .multiplier = 3, .mine = 22, .yours = 11, .desired_min_tx_us = 1, .required_min_rx_us = 1
            };

            dx__bfd_enable(bfd, 0, state != DX_BFD_ADMIN_DOWN);
            for (unsigned k = 0; state > DX_BFD_DOWN && k < state - DX_BFD_DOWN; k++) {
                packet.state = heard_before[state][k];
                dx__bfd_receive(bfd, 0, &packet);
            }
            ck_assert_uint_eq(bfd->state, state);
            packet.state = heard;
            dx__bfd_receive(bfd, 0, &packet);
            ck_assert_msg(bfd->state == to[state][heard], "%u hears %u: %u", state, heard, bfd->state);
            pair_free(pair);
        }
}
END_TEST

/* -- times --------------------------------------------------------------------------------------------- */

/* Sections 6.8.2 and 6.8.4, in ms: transmission at the slower of what one wants and the other bears;
 * detection the other's multiplier times the slower of what one bears and the other wants. */
START_TEST(the_slower_one_counts)
{
    static const struct {
        unsigned tx[2], rx[2], multiplier[2], interval[2], detection[2];
    } rows[] = {
        { { 300, 300 }, { 300, 300 }, { 3, 3 }, { 300, 300 }, { 900, 900 } },
        { { 300, 500 }, { 300, 300 }, { 3, 4 }, { 300, 500 }, { 2000, 900 } }, /* facts of a real router */
        { { 300, 500 }, { 300, 500 }, { 3, 4 }, { 500, 500 }, { 2000, 1500 } },
        { { 50, 50 }, { 50, 1000 }, { 3, 5 }, { 1000, 50 }, { 250, 3000 } },
        { { 10, 400 }, { 20, 30 }, { 1, 255 }, { 30, 400 }, { 102000, 30 } },
        { { 2000, 300 }, { 300, 300 }, { 3, 3 }, { 2000, 300 }, { 900, 6000 } }, /* slower than slow */
    };

    for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++) {
        Pair *pair =
            pair_new(r, conf_of(rows[r].tx[0] * DX_MS, rows[r].rx[0] * DX_MS, (uint8_t)rows[r].multiplier[0]),
                     conf_of(rows[r].tx[1] * DX_MS, rows[r].rx[1] * DX_MS, (uint8_t)rows[r].multiplier[1]));

        enable_both(pair);
        run_to(pair, 20 * DX_S);
        start_gaps(pair);
        run_to(pair, 500 * DX_S);
        for (unsigned i = 0; i < 2; i++) {
            const End *end = &pair->end[i];
            const DxTime interval_ps = rows[r].interval[i] * DX_MS;
            const DxTime most_ps = rows[r].multiplier[i] == 1 ? interval_ps / 10 * 9 : interval_ps;

            ck_assert_int_eq(end->bfd.state, DX_BFD_UP);
            ck_assert_int_eq(end->bfd.interval_ps, interval_ps);
            ck_assert_int_eq(dx__bfd_detection_ps(&end->bfd), rows[r].detection[i] * DX_MS);
            /* Jitter over all of its range, and no further. */
            ck_assert(end->least_gap_ps >= interval_ps / 4 * 3 && end->least_gap_ps < interval_ps / 100 * 77);
            ck_assert(end->most_gap_ps <= most_ps && end->most_gap_ps > most_ps / 100 * 98);
        }
        pair_free(pair);
    }
}
END_TEST

/* 300 ms x 3. The last packet left up to 300 ms before the fault: 0.6 to 0.9 s after it, and exactly 0.9 s
 * after that packet came. */
START_TEST(silence_is_noticed_in_time)
{
    DxTime least_ps = DX_TIME_NEVER, most_ps = 0;

    for (uint64_t seed = 0; seed < 1000; seed++) {
        Pair *pair = pair_like(seed);
        DxTime fault_ps;
        DxRng rng;

        dx_rng_init(&rng, seed, 0, "test", "plan");
        converge(pair, &rng);
        fault_ps = 5 * DX_S + (DxTime)dx_rng_below(&rng, (uint64_t)DX_S);
        run_to(pair, fault_ps);
        pair->pipe.is_cut[0] = pair->pipe.is_cut[1] = true;
        run_to(pair, fault_ps + 2 * DX_S);
        for (unsigned i = 0; i < 2; i++) {
            const End *end = &pair->end[i];
            const DxTime after_ps = end->moved_ps - DELAY_PS - fault_ps;

            ck_assert_str_eq(end->story->str, "Down ");
            ck_assert_int_eq(end->diagnostic, DX_BFD_TIME_EXPIRED);
            ck_assert_int_eq(end->moved_ps, end->heard_ps + 900 * DX_MS);
            ck_assert(after_ps > 600 * DX_MS && after_ps <= 900 * DX_MS);
            ck_assert_uint_eq(end->said.yours, 0); /* section 6.8.1: who he was is forgotten */
            least_ps = MIN(least_ps, after_ps);
            most_ps = MAX(most_ps, after_ps);
        }
        pair->pipe.is_cut[0] = pair->pipe.is_cut[1] = false;
        run_to(pair, fault_ps + 4 * DX_S);
        ck_assert_int_eq(pair->end[0].bfd.state, DX_BFD_UP);
        ck_assert_int_eq(pair->end[1].bfd.state, DX_BFD_UP);
        pair_free(pair);
    }
    ck_assert(least_ps < 610 * DX_MS && most_ps > 890 * DX_MS);
}
END_TEST

/* Only towards one end: it notices, and the other one hears of it. */
START_TEST(half_a_fault_is_a_fault)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        Pair *pair = pair_like(seed);
        const End *deaf = &pair->end[1], *mute = &pair->end[0];
        DxTime deaf_ps;
        DxRng rng;

        dx_rng_init(&rng, seed, 0, "test", "plan");
        converge(pair, &rng);
        run_to(pair, 5 * DX_S);
        pair->pipe.is_cut[1] = true;
        run_to(pair, 5 * DX_S + 902 * DX_MS);
        deaf_ps = deaf->heard_ps + 900 * DX_MS;
        ck_assert_str_eq(deaf->story->str, "Down ");
        ck_assert_int_eq(deaf->diagnostic, DX_BFD_TIME_EXPIRED);
        ck_assert_int_eq(deaf->moved_ps, deaf_ps);
        ck_assert_str_eq(mute->story->str, "Down ");
        ck_assert_int_eq(mute->diagnostic, DX_BFD_NEIGHBOR_DOWN);
        ck_assert_int_eq(mute->moved_ps, deaf_ps + DELAY_PS);
        run_to(pair, 60 * DX_S);
        ck_assert_int_ne(deaf->bfd.state, DX_BFD_UP);
        ck_assert_int_ne(mute->bfd.state, DX_BFD_UP);
        pair_free(pair);
    }
}
END_TEST

START_TEST(a_converged_session_stays_up)
{
    Pair *pair = pair_like(3);
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "test", "plan");
    converge(pair, &rng);
    run_to(pair, 1000 * DX_S);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_str_eq(pair->end[i].story->str, "");
        ck_assert(pair->end[i].least_gap_ps >= 225 * DX_MS && pair->end[i].most_gap_ps <= 300 * DX_MS);
        ck_assert(!pair->end[i].said.is_poll);
    }
    pair_free(pair);
}
END_TEST

/* Section 6.8.3: slower sending, and less patience, wait for the answer to the Poll. */
START_TEST(times_change_by_poll)
{
    Pair *pair = pair_like(1);
    Bfd *bfd = &pair->end[0].bfd;

    enable_both(pair);
    run_to(pair, 10 * DX_S);
    dx__bfd_change(bfd, 10 * DX_S, 600 * DX_MS, 100 * DX_MS, 5);
    ck_assert(pair->end[0].said.is_poll);
    ck_assert_uint_eq(pair->end[0].said.desired_min_tx_us, 600000);
    ck_assert_uint_eq(pair->end[0].said.required_min_rx_us, 100000);
    ck_assert_uint_eq(pair->end[0].said.multiplier, 5);
    ck_assert_int_eq(bfd->interval_ps, 300 * DX_MS);
    ck_assert_int_eq(dx__bfd_detection_ps(bfd), 900 * DX_MS);
    run_to(pair, 10 * DX_S + DELAY_PS);
    ck_assert(pair->end[1].said.is_final && !pair->end[1].said.is_poll);
    ck_assert_int_eq(dx__bfd_detection_ps(&pair->end[1].bfd), 5 * 600 * DX_MS);
    run_to(pair, 10 * DX_S + 2 * DELAY_PS);
    ck_assert(!bfd->is_polling);
    ck_assert_int_eq(bfd->interval_ps, 600 * DX_MS);
    ck_assert_int_eq(dx__bfd_detection_ps(bfd), 3 * 300 * DX_MS); /* he wants no faster */
    pair_free(pair);
}
END_TEST

/* Whatever is changed, and when: without loss nobody goes down. */
START_TEST(changes_break_nothing)
{
    for (uint64_t seed = 0; seed < 1000; seed++) {
        Pair *pair = pair_like(seed);
        DxRng rng;

        dx_rng_init(&rng, seed, 0, "test", "plan");
        enable_both(pair);
        run_to(pair, 3 * DX_S);
        for (unsigned i = 0; i < 20; i++) {
            run_to(pair, pair->now_ps + (DxTime)dx_rng_below(&rng, (uint64_t)(3 * DX_S)) + 3 * DELAY_PS);
            dx__bfd_change(&pair->end[dx_rng_below(&rng, 2)].bfd, pair->now_ps,
                           (DxTime)(10 + dx_rng_below(&rng, 1500)) * DX_MS,
                           (DxTime)(10 + dx_rng_below(&rng, 1500)) * DX_MS,
                           (uint8_t)(1 + dx_rng_below(&rng, 5)));
        }
        run_to(pair, pair->now_ps + 20 * DX_S);
        for (unsigned i = 0; i < 2; i++) {
            ck_assert_str_eq(pair->end[i].story->str, "Down Init Up ");
            ck_assert(!pair->end[i].bfd.is_polling);
        }
        pair_free(pair);
    }
}
END_TEST

/* 30 % lost: every time that it goes down over silence, it was as long as the detection time. */
START_TEST(losses_are_not_faults)
{
    unsigned n_down = 0, n_up = 0;

    for (uint64_t seed = 0; seed < 200; seed++) {
        Pair *pair = pair_like(seed);
        DxRng rng;

        dx_rng_init(&rng, seed, 0, "test", "plan");
        converge(pair, &rng);
        pair->pipe.loss = 300;
        for (DxTime t_ps = DX_S; t_ps < 30 * DX_S; t_ps += DX_S) {
            run_to(pair, t_ps);
            for (unsigned i = 0; i < 2; i++) {
                const End *end = &pair->end[i];

                n_up += end->bfd.state == DX_BFD_UP;
                if (end->bfd.state == DX_BFD_UP)
                    ck_assert(pair->now_ps - end->heard_ps < dx__bfd_detection_ps(&end->bfd));
                n_down += end->bfd.state == DX_BFD_DOWN;
            }
        }
        pair_free(pair);
    }
    ck_assert_uint_gt(n_down, 100);
    ck_assert_uint_gt(n_up, 5000);
}
END_TEST

SUITE_MAIN("bfd", 120, two_ends_come_up, who_is_alone_talks_slowly, passive_ends_wait,
           an_administrator_is_told_of, a_lost_path_is_told_of, what_is_for_others_is_discarded,
           every_state_goes_where_it_should, the_slower_one_counts, silence_is_noticed_in_time,
           half_a_fault_is_a_fault, a_converged_session_stays_up, times_change_by_poll, changes_break_nothing,
           losses_are_not_faults)
