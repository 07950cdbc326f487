/*
 * test_source_onoff - flows that are on and off, each by itself
 *
 * Random streams are fixed: a statistical test passes or fails for ever. Thresholds are four standard
 * deviations.
 */
#include <dxsim/dmath.h>
#include <math.h>
#include "source-rig.h"

/* -- the process once more, from its description ------------------------------------------------------ */

typedef struct {
    double on_ps, off_ps, shape; /* shape 0: exponential */
    uint64_t peak_bps, size_bytes;
    bool is_poisson;
    DxTime start_ps, stop_ps;
} Process;

typedef struct {
    DxTime at;
    uint32_t flow;
} Birth;

static double unit(uint64_t *generator)
{
    return (double)((dx_splitmix64(generator) >> 11) + 1) / 9007199254740992.0;
}

static DxTime exponential(uint64_t *generator, double mean_ps)
{
    return (DxTime)floor(mean_ps * -dx_log(unit(generator)) + 0.5);
}

static DxTime duration(const Process *process, uint64_t *generator, double mean_ps)
{
    const double least_ps = mean_ps * (process->shape - 1) / process->shape;

    if (!process->shape)
        return exponential(generator, mean_ps);
    return (DxTime)floor(least_ps * dx_exp(-dx_log(unit(generator)) / process->shape) + 0.5);
}

/* What is left of a period one looks into, by inversion of P(left > x): 1 - x / mean up to the shortest
 * period, which is where it has come down to 1 / shape; (least / x)^(shape - 1) / shape from there on. */
static DxTime remainder_of(const Process *process, uint64_t *generator, double mean_ps)
{
    const double least_ps = mean_ps * (process->shape - 1) / process->shape;
    double p;

    if (!process->shape)
        return exponential(generator, mean_ps);
    p = unit(generator);
    if (p > 1 / process->shape)
        return (DxTime)floor(mean_ps * (1 - p) + 0.5);
    return (DxTime)MIN(floor(least_ps * dx_exp(-dx_log(process->shape * p) / (process->shape - 1)) + 0.5),
                       4e18);
}

/*
 * All births of one flow. Its own clock shows for how long it has been on; frame k is due there at first +
 * floor(k * bits / peak), or after exponential gaps. Periods of being on are laid behind each other on that
 * clock.
 */
static void add_births(const Process *process, uint64_t generator, uint32_t flow, GArray *births)
{
    const double gap_ps = (double)process->size_bytes * 8e12 / (double)process->peak_bps;
    const bool is_on = unit(&generator) * (process->on_ps + process->off_ps) <= process->on_ps;
    DxTime begin_ps = process->start_ps, length_ps = 0, before_ps = 0, first_ps, due_ps;
    uint64_t k = 0;

    if (process->is_poisson)
        first_ps = exponential(&generator, gap_ps);
    else
        first_ps = (DxTime)((unsigned __int128)dx_splitmix64(&generator) * (uint64_t)gap_ps / 4 /
                            (UINT64_C(1) << 62));
    due_ps = first_ps;
    if (is_on) {
        length_ps = remainder_of(process, &generator, process->on_ps);
    } else {
        begin_ps += remainder_of(process, &generator, process->off_ps);
        length_ps = duration(process, &generator, process->on_ps);
    }
    while (begin_ps < process->stop_ps) {
        while (due_ps < before_ps + length_ps) {
            const Birth birth = { begin_ps + due_ps - before_ps, flow };

            if (birth.at >= process->stop_ps)
                return;
            g_array_append_val(births, birth);
            if (process->is_poisson)
                due_ps += exponential(&generator, gap_ps);
            else
                due_ps = first_ps + (DxTime)((unsigned __int128)++k * process->size_bytes * 8 *
                                             1000000000000 / process->peak_bps);
        }
        begin_ps += length_ps;
        before_ps += length_ps;
        begin_ps += duration(process, &generator, process->off_ps);
        length_ps = duration(process, &generator, process->on_ps);
    }
}

static gint compare_births(gconstpointer a, gconstpointer b)
{
    const Birth *x = a, *y = b;

    return x->at != y->at ? (x->at < y->at ? -1 : 1) : (x->flow > y->flow) - (x->flow < y->flow);
}

static GArray *births_of(const Process *process, uint32_t n_flows)
{
    GArray *births = g_array_new(FALSE, FALSE, sizeof(Birth));
    DxRng seeds;

    dx_rng_init(&seeds, 1, 0, "model", "flows");
    for (uint32_t i = 0; i < n_flows; i++)
        add_births(process, dx_rng_u64(&seeds), i, births);
    g_array_sort(births, compare_births);
    return births;
}

START_TEST(births_are_as_described)
{
    static const struct {
        const char *peak, *on, *off, *rate, *shape, *within, *start, *stop;
        Process process;
        uint32_t n_flows;
    } cases[] = {
        { "1 Gbps",
          "100 us",
          "300 us",
          "0 bps",
          "0",
          "cbr",
          "0 s",
          "50 ms",
          { 1e8, 3e8, 0, 1000000000, 1500, false, 0, 50 * DX_MS },
          1 },
        { "999999937 bps",
          "100 us",
          "300 us",
          "0 bps",
          "0",
          "cbr",
          "77 ps",
          "50 ms",
          { 1e8, 3e8, 0, 999999937, 1500, false, 77, 50 * DX_MS },
          40 },
        { "999999937 bps",
          "13 us",
          "1 ps",
          "0 bps",
          "0",
          "cbr",
          "0 s",
          "10 ms",
          { 13e6, 1, 0, 999999937, 1500, false, 0, 10 * DX_MS },
          3 },
        { "100 Mbps",
          "2 ms",
          "7 ms",
          "0 bps",
          "1.2",
          "cbr",
          "3 ms",
          "1 s",
          { 2e9, 7e9, 1.2, 100000000, 1500, false, 3 * DX_MS, DX_S },
          100 },
        { "100 Mbps",
          "2 ms",
          "7 ms",
          "0 bps",
          "2.5",
          "poisson",
          "3 ms",
          "1 s",
          { 2e9, 7e9, 2.5, 100000000, 1500, true, 3 * DX_MS, DX_S },
          100 },
        { "100 Mbps",
          "2 ms",
          "0 s",
          "100 Mbps",
          "0",
          "poisson",
          "0 s",
          "1 s",
          { 2e9, 6e9, 0, 100000000, 1500, true, 0, DX_S },
          4 }, /* a quarter of 4 * 100 Mbps */
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const bool is_pareto = cases[i].process.shape > 0;
        Rig *rig =
            SOURCE(cases[i].n_flows, { "model", "on-off" }, { "peak", cases[i].peak }, { "on", cases[i].on },
                   { "off", cases[i].off }, { "rate", cases[i].rate }, { "within", cases[i].within },
                   { "distribution", is_pareto ? "pareto" : "exponential" },
                   { "shape", is_pareto ? cases[i].shape : "1.5" }, { "start", cases[i].start },
                   { "stop", cases[i].stop });
        GArray *births = births_of(&cases[i].process, cases[i].n_flows);

        rig_run(rig, 2 * DX_S);
        ck_assert_uint_gt(births->len, 100);
        ck_assert_uint_eq(rig_n(rig, 0), births->len);
        for (guint k = 0; k < births->len; k++) {
            const Birth *birth = &g_array_index(births, Birth, k);
            const DxFrame *frame = rig_frame(rig, 0, k);

            if (frame->birth_ps != birth->at || frame->flow != birth->flow)
                ck_abort_msg("case %u, frame %u", i, k);
        }
        g_array_unref(births);
        rig_free(rig);
    }
}
END_TEST

/* -- closed forms ------------------------------------------------------------------------------------- */

/*
 * One flow is on for p = on / (on + off) of the time; over T the time on has variance 2 p (1 - p) T tau,
 * where 1 / tau = 1 / on + 1 / off. As many octets as that time at the peak: no bias by what an end cuts off,
 * though an on period of 1 ms holds only 8.3 frames. From the first moment on: the first tenth is no
 * different.
 */
START_TEST(mean_rate_is_exact)
{
    const double on = 1e-3, off = 4e-3, peak = 100e6, seconds = 2;
    const double p = on / (on + off), tau = 1 / (1 / on + 1 / off);
    unsigned early = 0;

    for (unsigned with_rate = 0; with_rate < 2; with_rate++) {
        Rig *rig = SOURCE(500, { "model", "on-off" }, { "peak", "100 Mbps" }, { "on", "1 ms" },
                          { with_rate ? "rate" : "off", with_rate ? "10 Gbps" : "4 ms" }, { "stop", "2 s" });
        const double expected = 500 * p * seconds * peak / 12000;
        const double deviation = sqrt(500 * 2 * p * (1 - p) * seconds * tau) * peak / 12000;

        rig_run(rig, 3 * DX_S);
        ck_assert_msg(fabs(rig_n(rig, 0) - expected) < 4 * deviation, "%u, expected %g +- %g", rig_n(rig, 0),
                      expected, deviation);
        ck_assert(deviation < expected / 100); /* or it says little */
        early = 0;
        while (rig_frame(rig, 0, early)->birth_ps < 200 * DX_MS)
            early++;
        ck_assert(fabs(early - expected / 10) < 4 * deviation / sqrt(10));
        rig_free(rig);
    }
}
END_TEST

/* At any time from the first, each flow is on with probability p. In one frame time, 12 ms, a flow that is on
 * all of it bears one frame, and one that is on for a part of it one with as much probability: of 20000 flows
 * 20000 p, by a binomial distribution. Half of the frames of the first 12 ms are born in the first half:
 * flows do not begin together. */
START_TEST(every_moment_is_like_any_other)
{
    static const char *const distributions[] = { "exponential", "pareto" };
    static const DxTime at_ps[] = { 0, 300 * DX_MS, 2988 * DX_MS };

    for (unsigned i = 0; i < 2; i++) {
        Rig *rig = SOURCE(20000, { "model", "on-off" }, { "peak", "1 Mbps" }, { "on", "100 ms" },
                          { "off", "300 ms" }, { "distribution", distributions[i] }, { "shape", "1.2" },
                          { "stop", "3 s" });
        unsigned count[3] = { 0 }, first_half = 0;

        rig_run(rig, 4 * DX_S);
        for (unsigned k = 0; k < rig_n(rig, 0); k++) {
            const DxTime birth_ps = rig_frame(rig, 0, k)->birth_ps;

            first_half += birth_ps < 6 * DX_MS;
            for (unsigned w = 0; w < 3; w++)
                count[w] += birth_ps >= at_ps[w] && birth_ps < at_ps[w] + 12 * DX_MS;
        }
        for (unsigned w = 0; w < 3; w++)
            ck_assert_msg(fabs(count[w] - 5000.0) < 4 * sqrt(20000 * 0.25 * 0.75), "%s: %u at %g s",
                          distributions[i], count[w], (double)at_ps[w] * 1e-12);
        ck_assert(fabs(first_half - 2500.0) < 4 * sqrt(20000 * 0.125 * 0.875));
        rig_free(rig);
    }
}
END_TEST

/* Silences of a flow at 1 us a frame that is on for 1 ms and off for 10 ms. What is more than a gap is the
 * gap and the time off: of mean 10 ms, and variance (10 ms)^2 when exponential. Pareto with shape 3: never
 * below 2/3 of its mean, variance mean^2 / (shape (shape - 2)) = mean^2 / 3. A Pareto period on of shape 3 is
 * at least 2/3 ms: 666 frames. */
START_TEST(periods_have_their_moments)
{
    static const struct {
        const char *distribution;
        double variance, least_ms;
    } cases[] = { { "exponential", 1, 0 }, { "pareto", 1.0 / 3, 20.0 / 3 } };

    for (unsigned i = 0; i < 2; i++) {
        Rig *rig =
            SOURCE(1, { "model", "on-off" }, { "peak", "12 Gbps" }, { "on", "1 ms" }, { "off", "10 ms" },
                   { "distribution", cases[i].distribution }, { "shape", "3" }, { "stop", "20 s" });
        unsigned n = 0, n_short = 0, since = 0, fewest = G_MAXUINT;
        double sum = 0, least = 1e9;

        rig_run(rig, 21 * DX_S);
        for (unsigned k = 1; k < rig_n(rig, 0); k++) {
            const DxTime gap_ps = rig_frame(rig, 0, k)->birth_ps - rig_frame(rig, 0, k - 1)->birth_ps;

            n_short += gap_ps < DX_US;
            since++;
            if (gap_ps == DX_US)
                continue;
            fewest = n++ ? MIN(fewest, since) : fewest;
            sum += (double)(gap_ps - DX_US) / 1e9;
            least = fmin(least, (double)(gap_ps - DX_US) / 1e9);
            since = 0;
        }
        ck_assert_uint_eq(n_short, 0);
        ck_assert_uint_gt(n, 1600); /* 20 s of 11 ms each are 1818 */
        ck_assert(fabs(sum / n - 10) < 4 * 10 * sqrt(cases[i].variance / n));
        ck_assert(least >= cases[i].least_ms - 1e-9);
        ck_assert(i == 0 || fewest >= 666);
        rig_free(rig);
    }
}
END_TEST

/* Poisson arrivals while on: of the gaps within a period, exponential ones of mean 12 us, all are seen but
 * the last, so it is the number of frames that counts: mean p * T / 12 us. Its variance is that of the time
 * on, and Poisson's. */
START_TEST(poisson_while_on_keeps_the_mean_rate)
{
    const double on = 1e-3, off = 4e-3, seconds = 20, lambda = 1e9 / 12000;
    const double p = on / (on + off), tau = 1 / (1 / on + 1 / off);
    const double expected = p * seconds * lambda;
    const double deviation = sqrt(expected + 2 * p * (1 - p) * seconds * tau * lambda * lambda);
    Rig *rig = SOURCE(1, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "1 ms" }, { "off", "4 ms" },
                      { "within", "poisson" }, { "stop", "20 s" });
    double short_gaps = 0;

    rig_run(rig, 21 * DX_S);
    ck_assert(fabs(rig_n(rig, 0) - expected) < 4 * deviation);
    for (unsigned k = 1; k < rig_n(rig, 0); k++)
        short_gaps += rig_frame(rig, 0, k)->birth_ps - rig_frame(rig, 0, k - 1)->birth_ps < 12 * DX_US;
    /* P(gap < its mean) = 1 - 1/e, but one gap in 83 holds a silence */
    ck_assert(fabs(short_gaps / rig_n(rig, 0) - (1 - exp(-1))) < 4 * 0.48 / sqrt(expected) + 1.0 / 83);
    rig_free(rig);
}
END_TEST

/* With sizes that differ a frame is followed after what it takes itself at the peak rate, unless a silence
 * comes. */
START_TEST(sizes_pace_the_frames)
{
    Rig *rig = SOURCE(1, { "model", "on-off" }, { "peak", "100 Mbps" }, { "on", "10 ms" }, { "off", "10 ms" },
                      { "sizes", "imix" }, { "stop", "10 s" });
    double octets = 0;
    unsigned n_longer = 0, n_shorter = 0;

    rig_run(rig, 11 * DX_S);
    for (unsigned k = 0; k + 1 < rig_n(rig, 0); k++) {
        const DxTime gap_ps = rig_frame(rig, 0, k + 1)->birth_ps - rig_frame(rig, 0, k)->birth_ps;

        n_shorter += gap_ps < rig_frame(rig, 0, k)->size_bytes * 80 * DX_NS;
        n_longer += gap_ps > rig_frame(rig, 0, k)->size_bytes * 80 * DX_NS;
        octets += rig_frame(rig, 0, k)->size_bytes;
    }
    ck_assert_uint_eq(n_shorter, 0);
    ck_assert_uint_lt(n_longer, 600); /* 500 silences */
    ck_assert_uint_gt(n_longer, 400);
    /* 5 s at 100 Mbps; time on has variance 2 / 4 * 10 s * 5 ms */
    ck_assert(fabs(octets - 62.5e6) < 4 * sqrt(0.5 * 10 * 5e-3) * 12.5e6);
    rig_free(rig);
}
END_TEST

/* -- the rest ----------------------------------------------------------------------------------------- */

/* What a flow does depends on the others in nothing. */
START_TEST(flows_are_independent)
{
    Rig *one = SOURCE(1, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "1 ms" }, { "off", "1 ms" },
                      { "stop", "100 ms" });
    Rig *many = SOURCE(50, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "1 ms" }, { "off", "1 ms" },
                       { "stop", "100 ms" });
    unsigned k = 0;

    rig_run(one, DX_S);
    rig_run(many, DX_S);
    for (unsigned i = 0; i < rig_n(many, 0); i++)
        if (rig_frame(many, 0, i)->flow == 0) {
            ck_assert_int_eq(rig_frame(many, 0, i)->birth_ps, rig_frame(one, 0, k)->birth_ps);
            ck_assert_uint_eq(rig_frame(many, 0, i)->seq, k++);
        }
    ck_assert_uint_eq(k, rig_n(one, 0));
    ck_assert_uint_gt(k, 1000);
    rig_free(one);
    rig_free(many);
}
END_TEST

START_TEST(stop_start_and_count_bound_it)
{
    static const struct {
        const char *start, *stop, *frames;
        unsigned least, most;
    } cases[] = {
        { "0 s", "0 s", "0", 0, 0 },         { "5 ms", "5 ms", "0", 0, 0 },
        { "6 ms", "5 ms", "0", 0, 0 },       { "0 s", "50 d", "100", 100, 100 },
        { "2 ms", "50 d", "257", 257, 257 }, { "2 ms", "12 ms", "0", 300, 600 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig =
            SOURCE(10, { "model", "on-off" }, { "peak", "100 Mbps" }, { "on", "1 ms" }, { "off", "1 ms" },
                   { "start", cases[i].start }, { "stop", cases[i].stop }, { "frames", cases[i].frames });
        const unsigned n = (rig_run(rig, DX_S), rig_n(rig, 0));

        ck_assert_uint_ge(n, cases[i].least);
        ck_assert_uint_le(n, cases[i].most);
        if (i == 5) {
            ck_assert_int_ge(rig_frame(rig, 0, 0)->birth_ps, 2 * DX_MS);
            ck_assert_int_lt(rig_frame(rig, 0, n - 1)->birth_ps, 12 * DX_MS);
        }
        rig_free(rig);
    }
}
END_TEST

/* Periods as long as the clock, one after the other, and a rate next to nothing: the end of time is not
 * passed. */
START_TEST(the_end_of_time_is_kept)
{
    static const char *const shapes[] = { "1.01", "100" };

    for (unsigned i = 0; i < 2; i++) {
        Rig *rig =
            SOURCE(1000, { "model", "on-off" }, { "peak", "1 kbps" }, { "on", "1 d" }, { "rate", "1 bps" },
                   { "distribution", "pareto" }, { "shape", shapes[i] }, { "start", "49 d" });

        rig_run(rig, DX_TIME_MAX);
        for (unsigned k = 0; k < rig_n(rig, 0); k++) {
            ck_assert_int_ge(rig_frame(rig, 0, k)->birth_ps, 49 * 86400 * DX_S);
            ck_assert_int_lt(rig_frame(rig, 0, k)->birth_ps, 50 * 86400 * DX_S);
        }
        rig_free(rig);
    }
}
END_TEST

START_TEST(what_is_missing_or_absurd_is_refused)
{
    expect_refused(SOURCE(1, { "model", "on-off" }, { "on", "1 ms" }, { "off", "1 ms" }), "peak");
    expect_refused(SOURCE(1, { "model", "on-off" }, { "peak", "1 Gbps" }, { "off", "1 ms" }), "on");
    expect_refused(SOURCE(1, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "1 ms" }), "off");
    expect_refused(SOURCE(1, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "1 ms" }, { "off", "1 ms" },
                          { "rate", "1 Mbps" }),
                   "off");
    expect_refused(
        SOURCE(3, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "1 ms" }, { "rate", "3 Gbps" }),
        "rate");
    expect_refused(
        SOURCE(1, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "11 us" }, { "off", "1 ms" }), "on");
    expect_refused(SOURCE(1, { "model", "on-off" }, { "peak", "100 Tbps" }, { "on", "1 s" }, { "off", "1 s" },
                          { "size", "12 B" }),
                   "peak"); /* 0.96 ps */
}
END_TEST

static Rig *build(uint64_t variant)
{
    switch (variant) {
    case 0:
        return SOURCE(1, { "model", "on-off" }, { "peak", "10 Gbps" }, { "on", "100 us" },
                      { "off", "300 us" });
    case 1:
        return SOURCE(30, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "100 us" },
                      { "rate", "5 Gbps" }, { "distribution", "pareto" }, { "sizes", "exponential" });
    default:
        return SOURCE(30, { "model", "on-off" }, { "peak", "1 Gbps" }, { "on", "100 us" },
                      { "off", "400 us" }, { "within", "poisson" }, { "sizes", "imix" });
    }
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t variant = 0; variant < 3; variant++)
        rig_check_invariance(build, variant, 5 * DX_MS);
}
END_TEST

SUITE_MAIN("source on-off", 60, births_are_as_described, mean_rate_is_exact, every_moment_is_like_any_other,
           periods_have_their_moments, poisson_while_on_keeps_the_mean_rate, sizes_pace_the_frames,
           flows_are_independent, stop_start_and_count_bound_it, the_end_of_time_is_kept,
           what_is_missing_or_absurd_is_refused, bursts_and_windows_change_nothing)
