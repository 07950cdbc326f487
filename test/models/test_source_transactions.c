/*
 * test_source_transactions - so many frames a day, instead of a rate
 */
#include <math.h>
#include "source-rig.h"

#define DAY_PS (86400 * DX_S)

/* Frame k at start + floor(k * day / n). */
static DxTime floor_ps(uint64_t k, uint64_t per_day)
{
    return (DxTime)((unsigned __int128)k * (uint64_t)DAY_PS / per_day);
}

/* 100 M a day are one every 864 us; 1157 a second 99 964 800 a day. Sizes have no say in it. */
START_TEST(frames_are_spread_over_the_day)
{
    static const struct {
        const char *transactions;
        uint64_t per_day;
    } cases[] = {
        { "100 M/day", 100000000 },
        { "1157 /s", 99964800 },
        { "5 k/min", 7200000 },
        { "7 /day", 7 },
        { "86399 /day", 86399 },
        { "100 M/s", UINT64_C(8640000000000) },
        { "1000 G/s", UINT64_C(86400000000000000) },
    };

    for (unsigned n_flows = 1; n_flows <= 3; n_flows += 2)
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            Rig *rig = SOURCE(n_flows, { "transactions", cases[i].transactions }, { "start", "77 ps" },
                              { "sizes", n_flows > 1 ? "imix" : "fixed" }, { "frames", "300" });

            rig_run(rig, 45 * DAY_PS);
            ck_assert_uint_eq(rig_n(rig, 0), 300);
            for (unsigned k = 0; k < 300; k++) {
                ck_assert_int_eq(rig_frame(rig, 0, k)->birth_ps, 77 + floor_ps(k, cases[i].per_day));
                ck_assert_uint_eq(rig_frame(rig, 0, k)->flow, k % n_flows);
            }
            rig_free(rig);
        }
}
END_TEST

/* floor(k * day / n) is below a day for k below n: a day holds exactly n of them, and so does the next. */
START_TEST(a_day_has_exactly_so_many)
{
    Rig *rig = SOURCE(1, { "transactions", "99991 /day" });

    rig_run(rig, DAY_PS);
    ck_assert_uint_eq(rig_n(rig, 0), 99991);
    rig_run(rig, 2 * DAY_PS);
    ck_assert_uint_eq(rig_n(rig, 0), 2 * 99991);
    rig_free(rig);
}
END_TEST

/* Poisson: the sum of n gaps of mean 864 us has a relative deviation of 1 / sqrt(n). One flow for all, or
 * each. */
START_TEST(poisson_has_the_mean)
{
    static const char *const draws[] = { "merged", "splitmix64" };

    for (unsigned i = 0; i < 2; i++) {
        Rig *rig = SOURCE(5, { "model", "poisson" }, { "transactions", "100 M/day" }, { "draws", draws[i] },
                          { "frames", "100000" });

        rig_run(rig, 1000 * DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), 100000);
        ck_assert(fabs((double)rig_frame(rig, 0, 99999)->birth_ps / (100000 * 864e6) - 1) < 4 / sqrt(100000));
        rig_free(rig);
    }
}
END_TEST

/* Bursts of 10 frames (480 ns each at 25 Gbps, 4.8 us), burst n when 10 n frames are due: floor(10 n day /
 * 99991). */
START_TEST(microbursts_carry_them)
{
    Rig *rig = SOURCE(1, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "4800 ns" },
                      { "transactions", "99991 /day" });

    rig_run(rig, 1000 * DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 1160); /* 115.7 bursts, the last of them finished */
    for (unsigned k = 0; k < 1160; k++)
        ck_assert_int_eq(rig_frame(rig, 0, k)->birth_ps, floor_ps(k / 10 * 10, 99991) + k % 10 * 480 * DX_NS);
    rig_free(rig);
}
END_TEST

/* 500 flows, 864 M a day: 10000 frames of 1500 octets a second are 120 Mbps, a tenth of the peaks' sum of 1.2
 * Gbps. So they are on for 1 ms and off for 9; the time on in 2 s has variance 2 p (1 - p) T tau with tau =
 * 0.9 ms. */
START_TEST(on_off_follows_from_them)
{
    Rig *rig = SOURCE(500, { "model", "on-off" }, { "peak", "2400 kbps" }, { "on", "20 ms" },
                      { "transactions", "864 M/day" }, { "stop", "2 s" });
    const double expected = 10000 * 2, tau = 18e-3;
    const double deviation = sqrt(500 * 2 * 0.1 * 0.9 * 2 * tau) * 2400e3 / 12000;

    rig_run(rig, 3 * DX_S);
    ck_assert_msg(fabs(rig_n(rig, 0) - expected) < 4 * deviation, "%u", rig_n(rig, 0));
    ck_assert(deviation < expected / 40);
    rig_free(rig);
}
END_TEST

START_TEST(one_way_to_say_it)
{
    expect_refused(SOURCE(1, { "transactions", "1 M/day" }, { "rate", "1 Mbps" }), "transactions");
    expect_refused(SOURCE(1, { "transactions", "1 M/day" }, { "interval", "1 ms" }), "transactions");
    expect_refused(SOURCE(1, { "model", "poisson" }, { "transactions", "1 M/day" }, { "rate", "1 Mbps" }),
                   "transactions");
    expect_refused(SOURCE(1, { "model", "on-off" }, { "transactions", "1 M/day" }, { "peak", "1 Gbps" },
                          { "on", "1 ms" }, { "off", "1 ms" }),
                   "off");
    /* 1000 frames a second are 12 Mbps */
    expect_refused(
        SOURCE(1, { "model", "on-off" }, { "transactions", "1 k/s" }, { "peak", "12 Mbps" }, { "on", "1 s" }),
        "transactions");
    expect_refused(SOURCE(1, { "model", "microburst" }, { "transactions", "1 k/s" }, { "peak", "12 Gbps" },
                          { "burst", "10 us" }, { "sizes", "imix" }),
                   "transactions");
    /* bursts of 10 frames of 1008.4 us, 10 ms apart */
    expect_refused(SOURCE(1, { "model", "microburst" }, { "transactions", "1 k/s" }, { "peak", "11.9 Mbps" },
                          { "burst", "10050 us" }),
                   "transactions");
}
END_TEST

static Rig *build(uint64_t variant)
{
    return SOURCE(3, { "transactions", variant ? "1 M/s" : "987654321 k/day" },
                  { "model", variant ? "poisson" : "cbr" });
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t variant = 0; variant < 2; variant++)
        rig_check_invariance(build, variant, 2 * DX_MS);
}
END_TEST

SUITE_MAIN("source transactions", 20, frames_are_spread_over_the_day, a_day_has_exactly_so_many,
           poisson_has_the_mean, microbursts_carry_them, on_off_follows_from_them, one_way_to_say_it,
           bursts_and_windows_change_nothing)
