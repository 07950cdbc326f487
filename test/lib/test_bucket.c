/*
 * test_bucket - tokens are exact at every ps, and no rounding is ever lost
 *
 * Levels in 10^-12 bit. A plain bucket beside it works in the same unit but for one frame at a time, with a
 * division for each.
 */
#include <string.h>
#include <dxsim/bucket.h>
#include <dxsim/error.h>
#include <dxsim/rng.h>
#include "../suite.h"

#define BYTE ((DxTokens)8 * 1000000000000)
#define GBPS UINT64_C(1000000000)
#define MBPS UINT64_C(1000000)
#define MB   UINT64_C(1000000)

static DxBucket bucket(uint64_t rate_bps, uint64_t burst_bytes)
{
    DxBucket result;
    GError *error = NULL;

    if (!dx_bucket_init(&result, rate_bps, burst_bytes, &error))
        ck_abort_msg("%s", error->message);
    return result;
}

static void take_all(DxBucket *from)
{
    from->level = 0;
}

/* -- closed forms ------------------------------------------------------------------------------------ */

/* 80 Mbit at 10 Gbps: 8 ms from empty to full, and not a ps less. */
START_TEST(refill_is_depth_over_rate)
{
    static const struct {
        uint64_t rate_bps, burst_bytes;
        DxTime full_ps;
    } cases[] = {
        { 10 * GBPS, 10 * MB, 8 * DX_MS },
        { 10 * GBPS, 40500000 * MB, 32400 * DX_S }, /* 3600 s of 90 Gbps saved up */
        { 3, 1, 2666666666667 },                    /* 8/3 s */
        { DX_BUCKET_RATE_MAX_BPS, 1, 1 },           /* 0.08 ps */
        { 1, 1, 8 * DX_S },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxBucket it = bucket(cases[i].rate_bps, cases[i].burst_bytes);

        take_all(&it);
        if (cases[i].full_ps > 1)
            ck_assert(!dx_bucket_fill(&it, cases[i].full_ps - 1));
        ck_assert(cases[i].full_ps == 1 || it.level < it.depth);
        dx_bucket_fill(&it, cases[i].full_ps);
        ck_assert(it.level == it.depth);
        ck_assert(it.depth == cases[i].burst_bytes * BYTE);
    }
}
END_TEST

/*
 * Fluid: a burst at @peak empties the bucket after depth / (peak - rate). In a hundred steps: each takes what
 * comes in it, then fills in what time brings; what is left lasts until that moment, to the ps. Elastic
 * capacity: an hour at 100 Gbps, 9257.142857 s at 45.
 */
START_TEST(burst_lasts_depth_over_excess)
{
    static const struct {
        uint64_t burst_bytes, peak_bps;
        double seconds;
    } cases[] = {
        { 10 * MB, 25 * GBPS, 0.005333333333333333 },    { 10 * MB, 45 * GBPS, 0.002285714285714286 },
        { 10 * MB, 100 * GBPS, 0.0008888888888888889 },  { 40500000 * MB, 100 * GBPS, 3600.0 },
        { 40500000 * MB, 45 * GBPS, 9257.142857142857 },
    };
    const uint64_t rate_bps = 10 * GBPS;

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DxTokens excess_bps = cases[i].peak_bps - rate_bps;
        const DxTime end_ps = (DxTime)((cases[i].burst_bytes * BYTE + excess_bps - 1) / excess_bps);
        DxBucket it = bucket(rate_bps, cases[i].burst_bytes);
        DxTime now = 0;

        ck_assert_double_eq_tol((double)end_ps / 1e12, cases[i].seconds, 1e-12 + cases[i].seconds * 1e-15);
        for (unsigned step = 1; step < 80; step++) {
            const DxTime next = end_ps / 100 * step;
            const DxTokens comes = (DxTokens)cases[i].peak_bps * (uint64_t)(next - now);

            ck_assert(it.level >= comes);
            it.level -= comes;
            ck_assert(!dx_bucket_fill(&it, next));
            now = next;
        }
        ck_assert(it.level <= excess_bps * (uint64_t)(end_ps - now));
        ck_assert(it.level > excess_bps * (uint64_t)(end_ps - 1 - now));
    }
}
END_TEST

/* Frame k behind a full bucket of exactly @burst leaves at ceil((k * bits - depth) / rate), for rates at
 * which a bit takes no whole number of ps. */
START_TEST(departures_do_not_drift)
{
    static const struct {
        uint64_t rate_bps, burst_bytes;
        uint32_t len_bytes;
    } cases[] = { { 300 * MBPS, 1514, 1514 },       { 300 * MBPS, 100000, 1514 }, { 7, 64, 64 },
                  { 999999999999, 9018, 1538 },     { 3 * GBPS, 1500, 64 },       { 99999999999977, 64, 64 },
                  { DX_BUCKET_RATE_MAX_BPS, 1, 1 }, { 99999999999977, 1, 1 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const uint64_t n = cases[i].rate_bps < 1000 ? 1000 : 200000;
        const DxTokens depth = cases[i].burst_bytes * BYTE, rate = cases[i].rate_bps;
        DxBucket it = bucket(cases[i].rate_bps, cases[i].burst_bytes);

        for (uint64_t k = 1; k <= n; k++) {
            const DxTokens needed = (DxTokens)k * cases[i].len_bytes * BYTE;
            const DxTime expected = needed <= depth ? 0 : (DxTime)((needed - depth + rate - 1) / rate);

            if (dx_bucket_leave(&it, 1, cases[i].len_bytes, 0) != expected)
                ck_abort_msg("case %u: frame %u", i, (unsigned)k);
        }
    }
}
END_TEST

/* -- against plain arithmetic ------------------------------------------------------------------------ */

/* One bucket in continuous time, as a fraction of a ps: a frame leaves at @at + @over / rate, where @over < 0
 * is above -rate. Its stamp is @at. */
typedef struct {
    DxTokens rate, depth, level; /* level at (at, over) */
    DxTime at;
    DxTokens early; /* what the time from the exact departure to @at brings */
} Exact;

static DxTime exact_leave(Exact *it, DxTokens needed, DxTime now)
{
    DxTokens level;

    if (now > it->at) { /* time goes on to the arrival */
        level = it->level + it->early + it->rate * (uint64_t)(now - it->at);
        it->level = MIN(level, it->depth);
        it->at = now;
        it->early = 0;
    }
    if (it->level + it->early >= needed) { /* within this very ps */
        it->level = it->level + it->early - needed;
        it->early = 0;
    } else {
        const DxTokens missing = needed - it->level - it->early;
        const DxTime wait = (DxTime)((missing + it->rate - 1) / it->rate);

        it->at += wait;
        it->level = 0;
        it->early = it->rate * (uint64_t)wait - missing;
    }
    return it->at;
}

static uint64_t below(DxRng *rng, uint64_t n)
{
    return dx_rng_below(rng, n);
}

static uint64_t any_rate(DxRng *rng)
{
    static const uint64_t scales[] = { 1, 1000, MBPS, 10 * MBPS, GBPS, 100 * GBPS, 100000 * GBPS };
    const uint64_t scale = scales[below(rng, G_N_ELEMENTS(scales))];

    return 1 + below(rng, scale);
}

START_TEST(random_traffic_leaves_when_exact_arithmetic_says)
{
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "bucket", "test");
    for (unsigned round = 0; round < 400; round++) {
        const uint64_t rate_bps = any_rate(&rng), burst_bytes = 1500 + below(&rng, 20000);
        const uint64_t gap_ps = (uint64_t)((DxTokens)2 * 750 * BYTE / rate_bps) + 1;
        DxBucket it = bucket(rate_bps, burst_bytes);
        Exact exact = { .rate = rate_bps, .depth = burst_bytes * BYTE, .level = burst_bytes * BYTE };
        DxTime now = 0;

        for (unsigned k = 0; k < 300; k++) {
            const uint32_t len = (uint32_t)(1 + below(&rng, 1500));
            DxTime expected;

            if (now > DX_TIME_MAX / 2)
                break;
            now += (DxTime)(below(&rng, 3) ? below(&rng, gap_ps) : 0);
            expected = exact_leave(&exact, len * BYTE, now);
            ck_assert_int_eq(dx_bucket_leave(&it, 1, len, now), expected);
        }
    }
}
END_TEST

/* Filling in one step or in many comes to the same. */
START_TEST(fill_does_not_depend_on_steps)
{
    DxRng rng;

    dx_rng_init(&rng, 2, 0, "bucket", "test");
    for (unsigned round = 0; round < 1000; round++) {
        const uint64_t rate_bps = any_rate(&rng);
        DxBucket one = bucket(rate_bps, 1000 * MB), many = one;
        DxTokens over = 0;
        DxTime now = 0;

        one.level = many.level = one.depth / 2;
        for (unsigned k = 0; k < 20; k++) {
            now += (DxTime)below(&rng, (uint64_t)DX_S);
            over += dx_bucket_fill(&many, now);
        }
        ck_assert(dx_bucket_fill(&one, now) == over);
        ck_assert(one.level == many.level);
    }
}
END_TEST

/* -- two buckets ------------------------------------------------------------------------------------- */

static DxTime leave_both(uint64_t rate_bps, uint64_t burst, uint64_t peak_bps, uint64_t peak_burst,
                         uint32_t len, unsigned n)
{
    DxBucket it[2] = { bucket(rate_bps, burst), bucket(peak_bps, peak_burst) };
    DxTime at = 0;

    while (n--)
        at = dx_bucket_leave(it, 2, len, 0);
    return at;
}

/* A peak bucket of one frame: frames leave at the peak rate until the other bucket is empty, then at its
 * rate; neither drifts. 1514 bytes at 300 Mbps last 40 373 333.33 ps, at 70 Mbps 173 028 571.43 ps. */
START_TEST(peak_then_rate_without_drift)
{
    const uint64_t peak = 300 * MBPS, rate = 70 * MBPS, frame = 1514, deep = 1000 * frame;
    const DxTokens bits = frame * BYTE;

    ck_assert_int_eq(leave_both(rate, deep, peak, frame, frame, 1), 0);
    ck_assert_int_eq(leave_both(rate, deep, peak, frame, frame, 2), 40373334);
    ck_assert_int_eq(leave_both(rate, deep, peak, frame, frame, 4), 3 * 40373333 + 1);
    ck_assert_int_eq(leave_both(rate, deep, peak, frame, frame, 1001),
                     (DxTime)((1000 * bits + peak - 1) / peak));
    /* the bucket has seen 1000 frames and k more pass: its own rate from here on */
    for (unsigned k = 5000; k < 5003; k++)
        ck_assert_int_eq(leave_both(rate, deep, peak, frame, frame, 1000 + k),
                         (DxTime)((k * bits + rate - 1) / rate));
}
END_TEST

/* Two whole frames fit into the peak bucket: they leave at once, the third after one frame's time at the
 * peak rate. */
START_TEST(peak_burst_passes_at_once)
{
    ck_assert_int_eq(leave_both(8 * MBPS, 10000, 40 * MBPS, 2000, 1000, 2), 0);
    ck_assert_int_eq(leave_both(8 * MBPS, 10000, 40 * MBPS, 2000, 1000, 3), 200 * DX_US);
}
END_TEST

/* -- limits ------------------------------------------------------------------------------------------ */

/* The deepest bucket, empty, filled at the highest rate for all the time there is: 9.2 * 10^32, of which it
 * holds 8 * 10^27. */
START_TEST(extremes_do_not_overflow)
{
    DxBucket it = bucket(DX_BUCKET_RATE_MAX_BPS, DX_BUCKET_BURST_MAX_BYTES);
    const DxTokens poured = (DxTokens)DX_BUCKET_RATE_MAX_BPS * (uint64_t)(DX_TIME_NEVER - 1);

    ck_assert(poured >> 110 == 0);
    ck_assert(it.depth >> 93 == 0);
    ck_assert(dx_bucket_fill(&it, DX_TIME_NEVER - 1) == poured);
    ck_assert(it.level == it.depth);
    take_all(&it);
    it.t_ps = 0;
    ck_assert(dx_bucket_fill(&it, DX_TIME_NEVER - 1) == poured - it.depth);
}
END_TEST

/* At 1 bps 1500 bytes last 12000 s: of a queue that is longer than time, what is late enough never leaves. */
START_TEST(later_than_time_is_never)
{
    DxBucket it = bucket(1, 1500);
    DxTime at = 0;

    for (unsigned k = 0; k <= 768; k++) {
        at = dx_bucket_leave(&it, 1, 1500, 0);
        ck_assert_int_eq(at, k * 12000 * DX_S);
    }
    for (unsigned k = 0; k < 3; k++) /* 769 * 12000 s is beyond 2^63 ps */
        ck_assert_int_eq(dx_bucket_leave(&it, 1, 1500, at), DX_TIME_NEVER);
    ck_assert_int_eq(dx_bucket_leave(&it, 1, 1, DX_TIME_MAX), DX_TIME_NEVER);
}
END_TEST

START_TEST(values_outside_the_limits_are_refused)
{
    static const struct {
        uint64_t rate_bps, burst_bytes;
    } cases[] = { { DX_BUCKET_RATE_MAX_BPS + 1, 1 }, { 1, 0 }, { 1, DX_BUCKET_BURST_MAX_BYTES + 1 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxBucket it;
        GError *error = NULL;

        ck_assert(!dx_bucket_init(&it, cases[i].rate_bps, cases[i].burst_bytes, &error));
        ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
        g_error_free(error);
    }
}
END_TEST

/* What has no room is handed back, to the last token. */
START_TEST(pour_hands_back_what_has_no_room)
{
    DxBucket it = bucket(0, 1);

    ck_assert(dx_bucket_pour(&it, 5) == 5);
    ck_assert(dx_bucket_fill(&it, DX_S) == 0); /* rate 0 */
    dx_bucket_take(&it, 1);
    ck_assert(!dx_bucket_has(&it, 1));
    ck_assert(dx_bucket_pour(&it, BYTE - 1) == 0);
    ck_assert(!dx_bucket_has(&it, 1));
    ck_assert(dx_bucket_pour(&it, 3) == 2);
    ck_assert(dx_bucket_has(&it, 1));
}
END_TEST

SUITE_MAIN("bucket", 60, refill_is_depth_over_rate, burst_lasts_depth_over_excess, departures_do_not_drift,
           random_traffic_leaves_when_exact_arithmetic_says, fill_does_not_depend_on_steps,
           peak_then_rate_without_drift, peak_burst_passes_at_once, extremes_do_not_overflow,
           later_than_time_is_never, values_outside_the_limits_are_refused, pour_hands_back_what_has_no_room)
