/*
 * test_source_sizes - a source whose frames differ keeps to its rate
 */
#include <math.h>
#include <string.h>
#include "../rig.h"
#include "../suite.h"
#include "source-rig.h"

#include "../../models/source/source-priv.h"

/* octets * 8 / rate in ps, rounded down. */
static DxTime floor_ps(uint64_t octets, uint64_t rate_bps)
{
    return (DxTime)((unsigned __int128)octets * 8 * 1000000000000 / rate_bps);
}

/* What the stream "sizes" of the node gives, frame by frame. */
typedef struct {
    DxSizes sizes;
    DxRng rng;
} Expected;

static Expected expect_sizes(DxSizesKind kind, uint64_t size_bytes, const DxMix *mix)
{
    Expected expected;

    dx_sizes_init(&expected.sizes, kind, size_bytes, mix);
    dx_rng_init(&expected.rng, 1, 0, "model", "sizes");
    return expected;
}

/* Gaps that are given leave sizes alone, of one flow and of several. */
START_TEST(sizes_are_drawn_at_even_gaps_too)
{
    static const struct {
        const char *key, *value;
        DxTime gap_ps;
    } cases[] = { { "interval", "7 ns", 7 * DX_NS }, { "transactions", "1 M/s", DX_US } };

    for (unsigned n_flows = 1; n_flows <= 3; n_flows += 2)
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            Rig *rig =
                SOURCE(n_flows, { cases[i].key, cases[i].value }, { "sizes", "imix" }, { "frames", "300" });
            Expected expected = expect_sizes(DX_SIZES_IMIX, 1500, NULL);

            rig_run(rig, DX_S);
            ck_assert_uint_eq(rig_n(rig, 0), 300);
            for (unsigned k = 0; k < 300; k++) {
                const DxFrame *frame = rig_frame(rig, 0, k);

                ck_assert_int_eq(frame->birth_ps, k * cases[i].gap_ps);
                ck_assert_uint_eq(frame->size_bytes, dx_sizes_draw(&expected.sizes, &expected.rng));
            }
            rig_free(rig);
        }
}
END_TEST

/* The next frame is born when the one before has been sent at the rate: frame k at start + floor(octets
 * before it * 8 / rate), whatever they are. */
START_TEST(constant_rate_is_that_of_the_octets)
{
    static const DxMix mix = { 3, { { 64, 7 }, { 1501, 4 }, { 65000, 1 } } };
    static const struct {
        const char *rate, *sizes, *mix;
        uint64_t rate_bps;
        DxSizesKind kind;
    } cases[] = {
        { "8 Gbps", "imix", "", 8000000000, DX_SIZES_IMIX },
        { "999999937 bps", "imix", "", 999999937, DX_SIZES_IMIX },
        { "300 Mbps", "exponential", "", 300000000, DX_SIZES_EXPONENTIAL },
        { "7 bps", "exponential", "", 7, DX_SIZES_EXPONENTIAL },
        { "99999999999973 bps", "exponential", "", 99999999999973, DX_SIZES_EXPONENTIAL },
        { "999999937 bps", "list", "7 x 64 B, 4 x 1501 B, 1 x 65 kB", 999999937, DX_SIZES_LIST },
    };

    for (unsigned n_flows = 1; n_flows <= 3; n_flows += 2)
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            Rig *rig =
                SOURCE(n_flows, { "rate", cases[i].rate }, { "sizes", cases[i].sizes }, { "size", "1250 B" },
                       { "mix", cases[i].mix }, { "start", "77 ps" }, { "frames", "300" });
            Expected expected = expect_sizes(cases[i].kind, 1250, &mix);
            uint64_t octets = 0;

            rig_run(rig, 4000000 * DX_S);
            ck_assert_uint_eq(rig_n(rig, 0), 300);
            for (unsigned k = 0; k < 300; k++) {
                const DxFrame *frame = rig_frame(rig, 0, k);

                ck_assert_int_eq(frame->birth_ps, 77 + floor_ps(octets, cases[i].rate_bps));
                ck_assert_uint_eq(frame->size_bytes, dx_sizes_draw(&expected.sizes, &expected.rng));
                ck_assert_uint_eq(frame->flow, k % n_flows);
                octets += frame->size_bytes;
            }
            rig_free(rig);
        }
}
END_TEST

/* After any number of frames ps * rate + rest = octets * 8 * 10^12, with 0 <= rest < rate: nothing is ever
 * lost. */
START_TEST(a_pace_loses_nothing)
{
    static const uint64_t rates[] = {
        1, 7, 300000000, 999999937, 8000000000000, 99999999999973, 100000000000000
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++) {
        const Pace pace = pace_of(rates[i]);
        uint64_t generator = i, rest = 0;
        unsigned __int128 octets = 0, ps = 0;

        for (unsigned k = 0; k < 2000000; k++) {
            const uint64_t draw = dx_splitmix64(&generator) >> 32;
            const uint64_t bytes = k % 1000 == 0 ? 65000 : k % 1000 == 1 ? 1 : draw % 65000 + 1;

            ps += (unsigned __int128)pace_next(&pace, bytes, &rest);
            octets += bytes;
            if (ps * rates[i] + rest != octets * 8 * 1000000000000 || rest >= rates[i])
                ck_abort_msg("%" G_GUINT64_FORMAT " bps, frame %u", rates[i], k);
        }
    }
}
END_TEST

/* An interval is one between any two frames. */
START_TEST(interval_takes_no_notice_of_sizes)
{
    Rig *rig = SOURCE(1, { "interval", "1501 ns" }, { "sizes", "imix" });
    uint64_t octets = 0;

    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 667);
    for (unsigned k = 0; k < 667; k++) {
        ck_assert_int_eq(rig_frame(rig, 0, k)->birth_ps, k * 1501 * DX_NS);
        octets += rig_frame(rig, 0, k)->size_bytes;
    }
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->sent_bytes, octets);
    rig_free(rig);
}
END_TEST

/* Gaps of mean (340 1/3 octets * 8) / 1 Gbps = 2722.67 ns; over n of them four standard deviations are 4 /
 * sqrt(n). Sizes do not depend on what else is drawn. */
START_TEST(poisson_keeps_the_mean_rate)
{
    Rig *rig =
        SOURCE(4, { "model", "poisson" }, { "rate", "1 Gbps" }, { "sizes", "imix" }, { "frames", "200000" });
    Expected expected = expect_sizes(DX_SIZES_IMIX, 1500, NULL);
    double octets = 0, seconds;

    rig_run(rig, 10 * DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 200000);
    for (unsigned k = 0; k < 200000; k++) {
        const uint16_t bytes = dx_sizes_draw(&expected.sizes, &expected.rng);

        octets += bytes;
        if (rig_frame(rig, 0, k)->size_bytes != bytes)
            ck_abort_msg("frame %u", k);
    }
    seconds = (double)rig_frame(rig, 0, 199999)->birth_ps * 1e-12;
    ck_assert(fabs(seconds / (200000 * 4084 / 12.0 * 8 / 1e9) - 1) < 4 / sqrt(200000));
    ck_assert(fabs(octets / (200000 * 4084 / 12.0) - 1) < 4 * 1.25 / sqrt(200000)); /* cv 1.2496 */
    rig_free(rig);
}
END_TEST

/* Within a burst, as at a constant rate of 2.5 Gbps; the next burst begins when what has been sent so far
 * would have been sent at 70 Mbps. */
START_TEST(microbursts_keep_the_mean_rate)
{
    Rig *rig = SOURCE(1, { "model", "microburst" }, { "peak", "2.5 Gbps" }, { "burst", "100 us" },
                      { "rate", "70 Mbps" }, { "sizes", "imix" });
    uint64_t before = 0, octets = 0; /* in bursts before; in this one */
    unsigned n_bursts = 1;

    rig_run(rig, 500 * DX_MS);
    for (unsigned k = 0; k < rig_n(rig, 0); k++) {
        if (floor_ps(octets, 2500000000) >= 100 * DX_US) {
            before += octets;
            octets = 0;
            n_bursts++;
        }
        ck_assert_int_eq(rig_frame(rig, 0, k)->birth_ps,
                         floor_ps(before, 70000000) + floor_ps(octets, 2500000000));
        octets += rig_frame(rig, 0, k)->size_bytes;
    }
    ck_assert_uint_gt(n_bursts, 120); /* 31250 octets and a little fill a burst, 3.57 ms are between two */
    ck_assert_uint_lt(n_bursts, 142);
    rig_free(rig);
}
END_TEST

START_TEST(what_does_not_go_together_is_refused)
{
    expect_refused(SOURCE(1, { "rate", "1 Gbps" }, { "sizes", "list" }), "mix");
    expect_refused(SOURCE(1, { "rate", "1 Gbps" }, { "sizes", "imix" }, { "mix", "1 x 40 B" }), "mix");
    expect_refused(SOURCE(1, { "rate", "1 Gbps" }, { "mix", "1 x 40 B" }), "mix");
    expect_refused(SOURCE(1, { "rate", "1 Gbps" }, { "sizes", "exponential" }, { "size", "6501 B" }), "size");
    expect_refused(SOURCE(1, { "rate", "1 Gbps" }, { "sizes", "exponential" }, { "size", "65000 B" }),
                   "size");
    /* 8 * 10^12 bits of a size last 1 ps each at 8 Tbps: 12.5 octets at 100 Tbps */
    expect_refused(SOURCE(1, { "rate", "100 Tbps" }, { "sizes", "list" }, { "mix", "1 x 12 B, 1 x 12 B" }),
                   "rate");
    expect_refused(SOURCE(1, { "model", "microburst" }, { "peak", "2 Gbps" }, { "burst", "1 ms" },
                          { "rate", "2000000001 bps" }, { "sizes", "imix" }),
                   "rate");
}
END_TEST

/* 1 and 12 octets make gaps below 1 ps, but 13 on the average do not: frames may be born at one time, and
 * time goes on. */
START_TEST(frames_may_be_born_at_one_time)
{
    Rig *rig = SOURCE(1, { "rate", "100 Tbps" }, { "sizes", "list" }, { "mix", "9 x 1 B, 1 x 1000 B" },
                      { "frames", "1000" });
    uint64_t octets = 0;

    rig_run(rig, DX_US);
    for (unsigned k = 0; k < 1000; k++) {
        ck_assert_int_eq(rig_frame(rig, 0, k)->birth_ps, floor_ps(octets, 100000000000000));
        octets += rig_frame(rig, 0, k)->size_bytes;
    }
    rig_free(rig);
}
END_TEST

static Rig *build(uint64_t variant)
{
    switch (variant) {
    case 0:
        return SOURCE(1, { "rate", "3 Gbps" }, { "sizes", "imix" });
    case 1:
        return SOURCE(3, { "rate", "3 Gbps" }, { "sizes", "exponential" }, { "size", "600 B" });
    case 2:
        return SOURCE(2, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "20 us" },
                      { "rate", "3 Gbps" }, { "sizes", "list" }, { "mix", "3 x 1 kB, 1 x 64 B" });
    case 3:
        return SOURCE(5, { "model", "poisson" }, { "rate", "3 Gbps" }, { "sizes", "exponential" });
    default:
        return SOURCE(5, { "model", "poisson" }, { "rate", "3 Gbps" }, { "draws", "splitmix64" },
                      { "sizes", "imix" });
    }
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t variant = 0; variant < 5; variant++)
        rig_check_invariance(build, variant, 5 * DX_MS);
}
END_TEST

SUITE_MAIN("source sizes", 20, constant_rate_is_that_of_the_octets, sizes_are_drawn_at_even_gaps_too,
           a_pace_loses_nothing, interval_takes_no_notice_of_sizes, poisson_keeps_the_mean_rate,
           microbursts_keep_the_mean_rate, what_does_not_go_together_is_refused,
           frames_may_be_born_at_one_time, bursts_and_windows_change_nothing)
