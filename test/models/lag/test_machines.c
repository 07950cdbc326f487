/*
 * test_machines - states after sequences of events are those of IEEE 802.1AX, clause 6.4
 *
 * Two ends, their ports joined by wires without delay that a test may cut. Expected states are written out as
 * the clauses have them.
 */
#include <string.h>
#include <glib.h>
#include <dxsim/rng.h>
#include "../../suite.h"
#include "lag/lag.h"

#define N 4

typedef struct End End;
struct End {
    Lag lag;
    LagPort port[N];
    DxLacpPdu mail[N];
    bool has_mail[N], is_cut[N]; /* towards this end */
    End *other;
    unsigned n_sent[N];
    GString *story; /* what moved, of port 0 */
};

static void on_moved(void *user, unsigned port, LagMachineId machine, unsigned from, unsigned to)
{
    End *end = user;

    if (port == 0 && (machine == LAG_RX || machine == LAG_MUX))
        g_string_append_printf(end->story, "%s ", dx__lag_state_name(machine, to));
    ck_assert_uint_ne(from, to);
}

static void on_send(void *user, unsigned port, const DxLacpPdu *pdu)
{
    End *end = user;

    end->n_sent[port]++;
    if (end->other->is_cut[port])
        return;
    end->other->mail[port] = *pdu;
    end->other->has_mail[port] = true;
}

static const LagWatch watch = { on_moved, on_send };

typedef struct {
    End end[2];
    DxTime now_ps;
} Pair;

static Pair *pair_new(LagConf a, LagConf b, unsigned n)
{
    Pair *pair = g_new0(Pair, 1);

    for (unsigned i = 0; i < 2; i++) {
        const DxLacpInfo actor = { .system_priority = 32768,
                                   .key = (uint16_t)(10 + i),
                                   .port_priority = 32768,
                                   .port = 1,
                                   .system = { 2, 0, 0, 0, 0, (uint8_t)(1 + i) } };
        End *end = &pair->end[i];

        dx__lag_init(&end->lag, i ? &b : &a, end->port, n, &actor, &watch, end);
        end->other = &pair->end[!i];
        end->story = g_string_new(NULL);
    }
    return pair;
}

static void pair_free(Pair *pair)
{
    for (unsigned i = 0; i < 2; i++)
        g_string_free(pair->end[i].story, TRUE);
    g_free(pair);
}

/* All mail there is now is read; what that brings forth as well. */
static void deliver(Pair *pair)
{
    bool has_moved = true;

    for (unsigned i = 0; i < 2; i++)
        dx__lag_run(&pair->end[i].lag, pair->now_ps);
    while (has_moved) {
        has_moved = false;
        for (unsigned i = 0; i < 2; i++)
            for (unsigned k = 0; k < pair->end[i].lag.n_ports; k++) {
                End *end = &pair->end[i];
                const DxLacpPdu pdu = end->mail[k];

                if (!end->has_mail[k])
                    continue;
                end->has_mail[k] = false;
                end->port[k].pdu = &pdu;
                dx__lag_run(&end->lag, pair->now_ps);
                has_moved = true;
            }
    }
}

static void run_to(Pair *pair, DxTime until_ps)
{
    for (;;) {
        const DxTime next = MIN(dx__lag_next(&pair->end[0].lag), dx__lag_next(&pair->end[1].lag));

        if (next > until_ps)
            break;
        ck_assert_int_gt(next, pair->now_ps);
        pair->now_ps = next;
        deliver(pair);
    }
    pair->now_ps = until_ps;
}

static void enable(Pair *pair, unsigned port, bool on)
{
    for (unsigned i = 0; i < 2; i++)
        pair->end[i].port[port].is_enabled = on;
    deliver(pair);
}

static void assert_state(const Pair *pair, unsigned end, unsigned port, const char *rx, const char *mux,
                         unsigned bits)
{
    const LagPort *p = &pair->end[end].port[port];

    ck_assert_str_eq(dx__lag_state_name(LAG_RX, p->state[LAG_RX]), rx);
    ck_assert_str_eq(dx__lag_state_name(LAG_MUX, p->state[LAG_MUX]), mux);
    ck_assert_uint_eq(p->actor.state, bits);
}

static const LagConf active = { .is_active = true, .is_fast = true }, passive = { .is_fast = true };

/* -- 6.4.12, 6.4.15 ----------------------------------------------------------------------------------- */

START_TEST(two_active_ends_come_up)
{
    Pair *pair = pair_new(active, active, 1);

    deliver(pair);
    assert_state(pair, 0, 0, "PORT_DISABLED", "DETACHED", 0x47);
    ck_assert_uint_eq(pair->end[0].n_sent[0], 0);
    pair_free(pair);
    pair = pair_new(active, active, 1);
    enable(pair, 0, true);
    assert_state(pair, 0, 0, "CURRENT", "WAITING", 0x07);
    run_to(pair, 2 * DX_S - 1); /* aggregate wait */
    assert_state(pair, 0, 0, "CURRENT", "WAITING", 0x07);
    run_to(pair, 4 * DX_S);
    assert_state(pair, 0, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    assert_state(pair, 1, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    ck_assert_uint_eq(pair->end[0].port[0].partner.state, 0x3F);
    ck_assert_str_eq(pair->end[0].story->str,
                     "PORT_DISABLED EXPIRED CURRENT WAITING ATTACHED COLLECTING DISTRIBUTING ");
    pair_free(pair);
}
END_TEST

START_TEST(silence_expires_then_defaults)
{
    Pair *pair = pair_new(active, active, 1);
    DxTime heard_ps;

    enable(pair, 0, true);
    run_to(pair, 10 * DX_S);
    heard_ps = pair->end[0].port[0].due_ps[LAG_CURRENT_WHILE] - LACP_SHORT_TIMEOUT_PS;
    ck_assert_int_gt(heard_ps, 8 * DX_S);
    g_string_truncate(pair->end[0].story, 0);
    pair->end[0].is_cut[0] = true;
    run_to(pair, heard_ps + 3 * DX_S - 1);
    assert_state(pair, 0, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    run_to(pair, heard_ps + 3 * DX_S);
    assert_state(pair, 0, 0, "EXPIRED", "ATTACHED", 0x8F);
    ck_assert_uint_eq(pair->end[0].port[0].partner.state & DX_LACP_TIMEOUT, DX_LACP_TIMEOUT);
    assert_state(pair, 1, 0, "CURRENT", "COLLECTING", 0x1F); /* it was told: we no longer collect */
    run_to(pair, heard_ps + 6 * DX_S);
    assert_state(pair, 0, 0, "DEFAULTED", "DETACHED", 0x47);
    ck_assert_str_eq(pair->end[0].story->str, "EXPIRED COLLECTING ATTACHED DEFAULTED DETACHED ");
    pair->end[0].is_cut[0] = false;
    run_to(pair, heard_ps + 7 * DX_S);
    ck_assert_uint_eq(pair->end[0].port[0].state[LAG_RX], RX_CURRENT);
    run_to(pair, heard_ps + 12 * DX_S);
    assert_state(pair, 0, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    assert_state(pair, 1, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    pair_free(pair);
}
END_TEST

START_TEST(a_port_that_goes_down_is_out_at_once)
{
    Pair *pair = pair_new(active, active, 2);

    enable(pair, 0, true);
    enable(pair, 1, true);
    run_to(pair, 10 * DX_S);
    enable(pair, 0, false);
    for (unsigned end = 0; end < 2; end++) {
        ck_assert_uint_eq(pair->end[end].port[0].state[LAG_RX], RX_PORT_DISABLED);
        ck_assert_uint_eq(pair->end[end].port[0].state[LAG_MUX], MUX_DETACHED);
        ck_assert_uint_eq(pair->end[end].port[0].state[LAG_PERIODIC], PERIODIC_NO_PERIODIC);
        assert_state(pair, end, 1, "CURRENT", "DISTRIBUTING", 0x3F);
    }
    enable(pair, 0, true);
    ck_assert_uint_eq(pair->end[0].port[0].state[LAG_RX], RX_EXPIRED);
    run_to(pair, 20 * DX_S);
    assert_state(pair, 0, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    pair_free(pair);
}
END_TEST

START_TEST(coupled_control_has_one_state_for_both)
{
    const LagConf coupled = { .is_active = true, .is_fast = true, .is_coupled = true };
    Pair *pair = pair_new(coupled, coupled, 1);

    enable(pair, 0, true);
    run_to(pair, 4 * DX_S);
    assert_state(pair, 0, 0, "CURRENT", "COLLECTING_DISTRIBUTING", 0x3F);
    ck_assert_str_eq(pair->end[0].story->str,
                     "PORT_DISABLED EXPIRED CURRENT WAITING ATTACHED COLLECTING_DISTRIBUTING ");
    pair_free(pair);
}
END_TEST

/* -- 6.4.13, 6.4.16 ----------------------------------------------------------------------------------- */

START_TEST(passive_ends_answer_and_begin_nothing)
{
    Pair *pair = pair_new(passive, passive, 1);

    enable(pair, 0, true);
    run_to(pair, 100 * DX_S);
    ck_assert_uint_eq(pair->end[0].n_sent[0] + pair->end[1].n_sent[0], 0);
    assert_state(pair, 0, 0, "DEFAULTED", "DETACHED", 0x46);
    pair_free(pair);
    pair = pair_new(active, passive, 1);
    enable(pair, 0, true);
    run_to(pair, 10 * DX_S);
    assert_state(pair, 0, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    assert_state(pair, 1, 0, "CURRENT", "DISTRIBUTING", 0x3E);
    pair_free(pair);
}
END_TEST

/* The receiver's Timeout bit says how often: a fast end hears every second, a slow one every 30 s. */
START_TEST(the_receiver_sets_the_pace)
{
    const LagConf slow = { .is_active = true };
    Pair *pair = pair_new(active, slow, 1);
    unsigned before[2];

    enable(pair, 0, true);
    run_to(pair, 100 * DX_S);
    for (unsigned i = 0; i < 2; i++)
        before[i] = pair->end[i].n_sent[0];
    assert_state(pair, 1, 0, "CURRENT", "DISTRIBUTING", 0x3D);
    run_to(pair, 400 * DX_S);
    ck_assert_uint_eq(pair->end[0].n_sent[0] - before[0], 10);
    ck_assert_uint_eq(pair->end[1].n_sent[0] - before[1], 300);
    pair_free(pair);
}
END_TEST

/* A partner that contradicts himself at every turn is not answered more than three times a second. */
START_TEST(no_more_than_three_in_a_second)
{
    Pair *pair = pair_new(active, active, 1);
    End *end = &pair->end[0];
    DxLacpPdu pdu = { .actor = { .key = 9, .port = 1, .system = { 2 }, .state = 0x07 } };
    unsigned n_at[4001];

    end->other->is_cut[0] = true;
    end->port[0].is_enabled = true;
    for (unsigned i = 0; i <= 4000; i++) {
        end->port[0].pdu = &pdu;
        dx__lag_run(&end->lag, i * DX_MS);
        n_at[i] = end->n_sent[0];
    }
    for (unsigned i = 1000; i <= 4000; i++)
        ck_assert_uint_le(n_at[i] - n_at[i - 1000], 3);
    ck_assert_uint_ge(n_at[4000], 12);
    pair_free(pair);
}
END_TEST

/* -- 6.4.14 ------------------------------------------------------------------------------------------- */

START_TEST(the_better_ports_of_the_better_system_are_in)
{
    LagConf two = active;
    Pair *pair;

    two.selected_max = 2;
    pair = pair_new(two, two, 4); /* end 0 has the lower address: its priorities count */
    pair->end[0].port[3].actor.port_priority = 1;
    pair->end[1].port[0].actor.port_priority = 1; /* does not */
    pair->end[0].port[2].actor.port_priority = 2;
    for (unsigned k = 0; k < 4; k++)
        enable(pair, k, true);
    run_to(pair, 10 * DX_S);
    for (unsigned end = 0; end < 2; end++)
        for (unsigned k = 0; k < 4; k++) {
            ck_assert_uint_eq(pair->end[end].port[k].selected, k >= 2 ? LAG_SELECTED : LAG_STANDBY);
            assert_state(pair, end, k, "CURRENT", k >= 2 ? "DISTRIBUTING" : "WAITING", k >= 2 ? 0x3F : 0x07);
        }
    enable(pair, 3, false); /* the first in order comes in */
    run_to(pair, 15 * DX_S);
    for (unsigned end = 0; end < 2; end++)
        assert_state(pair, end, 0, "CURRENT", "DISTRIBUTING", 0x3F);
    pair_free(pair);
}
END_TEST

START_TEST(a_stranger_is_not_bundled_with_the_others)
{
    Pair *pair = pair_new(active, active, 3);

    pair->end[1].port[1].actor.key = 99;
    pair->end[1].port[2].actor.state &= (uint8_t)~DX_LACP_AGGREGATION;
    for (unsigned k = 0; k < 3; k++)
        enable(pair, k, true);
    run_to(pair, 10 * DX_S);
    ck_assert_uint_eq(pair->end[0].port[0].state[LAG_MUX], MUX_DISTRIBUTING);
    ck_assert_uint_eq(pair->end[0].port[1].state[LAG_MUX], MUX_DETACHED);
    ck_assert_uint_eq(pair->end[0].port[2].state[LAG_MUX], MUX_DETACHED);
    pair_free(pair);
}
END_TEST

/* -- 6.4.17 ------------------------------------------------------------------------------------------- */

START_TEST(churn_takes_a_minute)
{
    Pair *pair = pair_new(active, active, 1);
    const LagPort *port = &pair->end[0].port[0];

    pair->end[0].is_cut[0] = true;
    deliver(pair);
    run_to(pair, 30 * DX_S); /* while the port is down nobody counts */
    enable(pair, 0, true);
    run_to(pair, 90 * DX_S - 1);
    ck_assert_uint_eq(port->state[LAG_ACTOR_CHURN], CHURN_MONITOR);
    run_to(pair, 90 * DX_S);
    ck_assert_uint_eq(port->state[LAG_ACTOR_CHURN], CHURN_CHURN);
    ck_assert_uint_eq(port->state[LAG_PARTNER_CHURN], CHURN_CHURN);
    pair->end[0].is_cut[0] = false;
    run_to(pair, 100 * DX_S);
    ck_assert_uint_eq(port->state[LAG_ACTOR_CHURN], CHURN_NONE);
    ck_assert_uint_eq(port->state[LAG_PARTNER_CHURN], CHURN_NONE);
    pair_free(pair);
}
END_TEST

/* Whatever is said, machines stay in their states, come to rest, and keep within the limits. */
START_TEST(random_pdus_do_no_harm)
{
    Pair *pair = pair_new(active, passive, N);
    End *end = &pair->end[0];
    uint64_t random = 5;
    DxTime now_ps = 0;

    for (unsigned i = 0; i < 100000; i++) {
        LagPort *port = &end->port[dx_splitmix64(&random) % N];
        const uint64_t bits = dx_splitmix64(&random);
        const DxLacpPdu pdu = {
            .actor = { .key = bits & 1, .port = bits >> 1 & 3, .state = (uint8_t)(bits >> 8) },
            .partner = bits >> 16 & 1 ? port->actor : (DxLacpInfo){ .state = (uint8_t)(bits >> 24) }
        };

        now_ps += (DxTime)(dx_splitmix64(&random) % (uint64_t)DX_S);
        if (bits >> 32 & 15)
            port->pdu = &pdu;
        else
            port->is_enabled = !port->is_enabled;
        dx__lag_run(&end->lag, now_ps);
        ck_assert_int_gt(dx__lag_next(&end->lag), now_ps);
        for (unsigned k = 0; k < N; k++) {
            const LagPort *one = &end->port[k];

            ck_assert(!(one->actor.state & DX_LACP_DISTRIBUTING) || one->actor.state & DX_LACP_COLLECTING);
            ck_assert(!(one->actor.state & DX_LACP_COLLECTING) ||
                      one->partner.state & DX_LACP_SYNCHRONIZATION);
            ck_assert(one->is_enabled || one->state[LAG_MUX] == MUX_DETACHED);
            ck_assert_ptr_null(one->pdu);
        }
    }
    pair_free(pair);
}
END_TEST

SUITE_MAIN("machines", 60, two_active_ends_come_up, silence_expires_then_defaults,
           a_port_that_goes_down_is_out_at_once, coupled_control_has_one_state_for_both,
           passive_ends_answer_and_begin_nothing, the_receiver_sets_the_pace, no_more_than_three_in_a_second,
           the_better_ports_of_the_better_system_are_in, a_stranger_is_not_bundled_with_the_others,
           churn_takes_a_minute, random_pdus_do_no_harm)
