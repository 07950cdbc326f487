/*
 * test_attack - who is attacked, what follows whom, and that nothing is lost without a reason
 */
#include <dxsim/attack.h>
#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_attack;

enum { N = 400 };

/* Attack @i is of kind @i; some of them of a part of the frames. */
static DxAttackCounts counts[DX_ATTACK_N_KINDS];
static DxAttack attacks[DX_ATTACK_N_KINDS];

static Rig *attacked(uint64_t ratio, uint64_t frames)
{
    Rig *rig = rig_new(&dx_model_attack, 1, 1, 2);

    memset(counts, 0, sizeof counts);
    for (unsigned i = 0; i < DX_ATTACK_N_KINDS; i++)
        attacks[i] = (DxAttack){ (DxAttackKind)i, ratio, frames, &counts[i] };
    *(DxAttackLine *)dx_sim_conf(rig->node) =
        (DxAttackLine){ .from = "a", .to = "b", .n = DX_ATTACK_N_KINDS, .attack = attacks };
    return rig;
}

static void feed(Rig *rig, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        DxFrame *frame = rig_feed(rig, 0, i * DX_US);

        frame->flow = i % 2;
        frame->seq = i;
        frame->ttl = 64;
    }
}

static void attack(Rig *rig, DxTime at, DxAttackKind kind, bool begins)
{
    rig_control(rig, at, (DxControl){ .op = DX_CONTROL_ATTACK, .index = kind, .value = begins });
}

#define ALL UINT64_C(1000000000000)

START_TEST(without_an_attack_frames_pass)
{
    Rig *rig = attacked(ALL, 0);

    feed(rig, N);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), N);
    for (unsigned i = 0; i < N; i++) {
        ck_assert_uint_eq(rig_frame(rig, 0, i)->seq, i);
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, i * DX_US);
    }
    rig_free(rig);
}
END_TEST

/* From the event that begins it to the one that ends it. */
START_TEST(an_attack_is_as_long_as_it_says)
{
    Rig *rig = attacked(ALL, 0);

    feed(rig, N);
    attack(rig, 100 * DX_US, DX_ATTACK_MODIFY, true);
    attack(rig, 150 * DX_US, DX_ATTACK_MODIFY, false);
    attack(rig, 10 * DX_US, DX_ATTACK_EAVESDROP, true);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(counts[DX_ATTACK_MODIFY].attacked, 50);
    ck_assert_uint_eq(counts[DX_ATTACK_MODIFY].accepted, 50);
    ck_assert_uint_eq(counts[DX_ATTACK_EAVESDROP].attacked, N - 10);
    ck_assert_uint_eq(counts[DX_ATTACK_EAVESDROP].read, N - 10);
    ck_assert_uint_eq(counts[DX_ATTACK_EAVESDROP].sent, 0);
    ck_assert_uint_eq(rig_n(rig, 0), N);
    rig_free(rig);
}
END_TEST

/* A copy of each behind it, which was never born. */
START_TEST(a_replayed_frame_comes_twice)
{
    Rig *rig = attacked(ALL, 0);

    feed(rig, N);
    attack(rig, 0, DX_ATTACK_REPLAY, true);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 2 * N);
    for (unsigned i = 0; i < 2 * N; i++) {
        ck_assert_uint_eq(rig_frame(rig, 0, i)->seq, i / 2);
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, i / 2 * DX_US);
        ck_assert_int_eq(rig_frame(rig, 0, i)->birth_ps < 0, i % 2);
    }
    rig_free(rig);
}
END_TEST

START_TEST(so_many_frames_and_no_more)
{
    Rig *rig = attacked(ALL, 7);

    feed(rig, N);
    attack(rig, 10 * DX_US, DX_ATTACK_INJECT, true);
    attack(rig, 200 * DX_US, DX_ATTACK_INJECT, true); /* anew */
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(counts[DX_ATTACK_INJECT].sent, 14);
    ck_assert_uint_eq(rig_n(rig, 0), N + 14);
    rig_free(rig);
}
END_TEST

/* Binomial: N p = 100, six standard deviations are 6 * sqrt(N p (1 - p)) = 52. */
START_TEST(a_ratio_of_them)
{
    Rig *rig = attacked(ALL / 4, 0);

    feed(rig, N);
    attack(rig, 0, DX_ATTACK_SPOOF_MAC, true);
    rig_run(rig, DX_MS);
    ck_assert_uint_gt(counts[DX_ATTACK_SPOOF_MAC].attacked, 100 - 52);
    ck_assert_uint_lt(counts[DX_ATTACK_SPOOF_MAC].attacked, 100 + 52);
    rig_free(rig);
}
END_TEST

/* The first in the list acts, and everybody may listen. */
START_TEST(a_frame_suffers_one_attack)
{
    Rig *rig = attacked(ALL, 0);

    feed(rig, N);
    for (unsigned kind = 0; kind < DX_ATTACK_N_KINDS; kind++)
        attack(rig, 0, (DxAttackKind)kind, true);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(counts[DX_ATTACK_EAVESDROP].attacked, N);
    ck_assert_uint_eq(counts[DX_ATTACK_MODIFY].attacked, N);
    for (unsigned kind = DX_ATTACK_REPLAY; kind < DX_ATTACK_N_KINDS; kind++)
        ck_assert_uint_eq(counts[kind].attacked, 0);
    rig_free(rig);
}
END_TEST

/* What neighbours say to each other. */
START_TEST(control_frames_are_let_alone)
{
    Rig *rig = attacked(ALL, 0);

    feed(rig, 3);
    rig_feed(rig, 0, 5 * DX_US)->flow = DX_NO_FLOW;
    attack(rig, 0, DX_ATTACK_REPLAY, true);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 2 * 3 + 1);
    rig_free(rig);
}
END_TEST

static Rig *busy(uint64_t variant)
{
    Rig *rig = attacked(ALL / (1 + variant), variant % 2 ? 50 : 0);

    feed(rig, N);
    for (unsigned i = 0; i < 3 * DX_ATTACK_N_KINDS; i++)
        attack(rig, (17 + 19 * i) * DX_US, (DxAttackKind)(i * 5 % DX_ATTACK_N_KINDS), i % 3 < 2);
    return rig;
}

START_TEST(bursts_do_not_show)
{
    for (uint64_t variant = 0; variant < 4; variant++)
        rig_check_invariance(busy, variant, DX_MS);
}
END_TEST

START_TEST(it_wants_a_line)
{
    DxSim *sim = dx_sim_new(1, 0);
    GError *error = NULL;

    dx_sim_add(sim, "alone", &dx_model_attack);
    ck_assert(!dx_sim_prepare(sim, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "it serves a line"));
    g_error_free(error);
    dx_sim_free(sim);
}
END_TEST

SUITE_MAIN("attack", 120, without_an_attack_frames_pass, an_attack_is_as_long_as_it_says,
           a_replayed_frame_comes_twice, so_many_frames_and_no_more, a_ratio_of_them,
           a_frame_suffers_one_attack, control_frames_are_let_alone, bursts_do_not_show, it_wants_a_line)
