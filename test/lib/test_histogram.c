/*
 * histogram: against sorted samples
 */
#include <dxsim/histogram.h>

#include "suite.h"

#define SAMPLES 5000

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int value_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static DxHistogram *histogram_of(const uint64_t *values, size_t n)
{
    DxHistogram *histogram = g_new(DxHistogram, 1);

    dx_histogram_init(histogram);
    for (size_t i = 0; i < n; i++)
        dx_histogram_add(histogram, values[i]);
    return histogram;
}

static void histogram_drop(DxHistogram *histogram)
{
    dx_histogram_clear(histogram);
    g_free(histogram);
}

static DxHistogram *histogram_copy(const DxHistogram *histogram)
{
    DxHistogram *copy = histogram_of(NULL, 0);

    dx_histogram_merge(copy, histogram);
    return copy;
}

static void check_equal(const DxHistogram *a, const DxHistogram *b)
{
    ck_assert_uint_eq(a->count, b->count);
    ck_assert_uint_eq(a->min, b->min);
    ck_assert_uint_eq(a->max, b->max);
    ck_assert_uint_eq(a->sum_low, b->sum_low);
    ck_assert_uint_eq(a->sum_high, b->sum_high);
    for (unsigned i = 0; i < DX_HISTOGRAM_BUCKETS; i++)
        ck_assert_uint_eq(dx_histogram_at(a, i), dx_histogram_at(b, i));
}

static const uint32_t levels_ppm[] = { 1,      1000,   250000, 333333, 500000,
                                       900000, 990000, 999000, 999999, 1000000 };

/* Nearest rank in the sorted samples: ceil(n * ppm / 1e6). */
static uint64_t sorted_quantile(const uint64_t *sorted, size_t n, uint32_t ppm)
{
    size_t rank = (n * ppm + 999999) / 1000000;

    return sorted[rank - 1];
}

START_TEST(buckets_tile_the_range_without_gap_or_overlap)
{
    ck_assert_uint_eq(dx_histogram_bucket_low(0), 0);
    for (unsigned i = 0; i < DX_HISTOGRAM_BUCKETS; i++) {
        uint64_t low = dx_histogram_bucket_low(i), high = dx_histogram_bucket_high(i);

        ck_assert_uint_eq(dx_histogram_index(low), i);
        ck_assert_uint_eq(dx_histogram_index(high), i);
        ck_assert_uint_le(high - low, low / 128);
        if (i > 0)
            ck_assert_uint_eq(low, dx_histogram_bucket_high(i - 1) + 1);
    }
    ck_assert_uint_eq(dx_histogram_bucket_high(DX_HISTOGRAM_BUCKETS - 1), UINT64_MAX);
}
END_TEST

START_TEST(an_empty_histogram_reports_zero)
{
    DxHistogram *empty = histogram_of(NULL, 0);

    ck_assert_uint_eq(dx_histogram_quantile(empty, 0), 0);
    ck_assert_uint_eq(dx_histogram_quantile(empty, 990000), 0);
    ck_assert_uint_eq(dx_histogram_mean(empty), 0);
    ck_assert_uint_eq(empty->min, 0);
    histogram_drop(empty);
}
END_TEST

START_TEST(quantiles_are_never_below_and_at_most_a_128th_above_the_sorted_sample)
{
    uint64_t state = 1, values[SAMPLES];

    for (unsigned shift = 0; shift < 64; shift++) {
        size_t n = 1 + draw(&state) % SAMPLES;
        DxHistogram *histogram;

        for (size_t i = 0; i < n; i++)
            values[i] = draw(&state) >> (shift + draw(&state) % (64 - shift));
        histogram = histogram_of(values, n);
        qsort(values, n, sizeof *values, value_compare);
        ck_assert_uint_eq(histogram->count, n);
        ck_assert_uint_eq(histogram->min, values[0]);
        ck_assert_uint_eq(histogram->max, values[n - 1]);
        ck_assert_uint_eq(dx_histogram_quantile(histogram, 0), values[0]);
        ck_assert_uint_eq(dx_histogram_quantile(histogram, 1000000), values[n - 1]);
        for (size_t i = 0; i < G_N_ELEMENTS(levels_ppm); i++) {
            uint64_t exact = sorted_quantile(values, n, levels_ppm[i]);
            uint64_t reported = dx_histogram_quantile(histogram, levels_ppm[i]);

            ck_assert_uint_ge(reported, exact);
            ck_assert_uint_le(reported - exact, exact / 128);
        }
        histogram_drop(histogram);
    }
}
END_TEST

START_TEST(quantiles_below_256_are_exact)
{
    uint64_t state = 2, values[SAMPLES];
    DxHistogram *histogram;

    for (size_t i = 0; i < SAMPLES; i++)
        values[i] = draw(&state) % 256;
    histogram = histogram_of(values, SAMPLES);
    qsort(values, SAMPLES, sizeof *values, value_compare);
    for (uint32_t ppm = 100; ppm <= 1000000; ppm += 100)
        ck_assert_uint_eq(dx_histogram_quantile(histogram, ppm), sorted_quantile(values, SAMPLES, ppm));
    histogram_drop(histogram);
}
END_TEST

START_TEST(the_rank_is_rounded_up)
{
    static const uint64_t values[] = { 10, 20, 30, 40 };
    DxHistogram *histogram = histogram_of(values, 4);

    ck_assert_uint_eq(dx_histogram_quantile(histogram, 1), 10);
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 250000), 10);
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 250001), 20);
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 500000), 20);
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 750001), 40);
    histogram_drop(histogram);
}
END_TEST

START_TEST(a_billion_billion_samples_do_not_overflow_the_rank)
{
    DxHistogram *histogram = histogram_of(NULL, 0);

    histogram->count = UINT64_MAX;
    dx__histogram_open(histogram, 0)[1] = UINT64_MAX / 2;
    histogram->octave[0][2] = UINT64_MAX - UINT64_MAX / 2;
    histogram->min = 1;
    histogram->max = 2;
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 499999), 1);
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 500000), 2); /* one more than half above */
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 1000000), 2);
    histogram_drop(histogram);
}
END_TEST

START_TEST(the_mean_is_rounded_half_up)
{
    static const uint64_t values[] = { 1, 2, 2, 3, 5, 9 };

    for (size_t n = 1; n <= G_N_ELEMENTS(values); n++) {
        DxHistogram *histogram = histogram_of(values, n);
        uint64_t sum = 0;

        for (size_t i = 0; i < n; i++)
            sum += values[i];
        ck_assert_uint_eq(dx_histogram_mean(histogram), (2 * sum + n) / (2 * n));
        histogram_drop(histogram);
    }
}
END_TEST

START_TEST(the_mean_is_exact_beyond_64_bits)
{
    uint64_t values[1000];
    DxHistogram *histogram;

    for (size_t i = 0; i < 1000; i++)
        values[i] = UINT64_MAX;
    histogram = histogram_of(values, 1000);
    ck_assert_uint_eq(histogram->sum_high, 999); /* 1000 (2^64 - 1) = 999 * 2^64 + 2^64 - 1000 */
    ck_assert_uint_eq(histogram->sum_low, UINT64_MAX - 999);
    ck_assert_uint_eq(dx_histogram_mean(histogram), UINT64_MAX);
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 500000), UINT64_MAX);
    histogram_drop(histogram);

    values[0] = UINT64_MAX - 1; /* the mean of MAX and MAX - 1 is a half, and goes up */
    histogram = histogram_of(values, 2);
    ck_assert_uint_eq(dx_histogram_mean(histogram), UINT64_MAX);
    histogram_drop(histogram);

    values[0] = 0;
    histogram = histogram_of(values, 2);
    ck_assert_uint_eq(dx_histogram_mean(histogram), UINT64_C(1) << 63);
    histogram_drop(histogram);
}
END_TEST

START_TEST(merging_equals_adding_in_any_order)
{
    uint64_t state = 3, values[SAMPLES];

    for (unsigned round = 0; round < 50; round++) {
        size_t cut = draw(&state) % (SAMPLES + 1);
        DxHistogram *all, *left, *right, *left_first, *right_first;

        for (size_t i = 0; i < SAMPLES; i++)
            values[i] = draw(&state) >> (draw(&state) % 64);
        all = histogram_of(values, SAMPLES);
        left = histogram_of(values, cut);
        right = histogram_of(values + cut, SAMPLES - cut);
        left_first = histogram_copy(left);
        right_first = histogram_copy(right);
        dx_histogram_merge(left_first, right);
        dx_histogram_merge(right_first, left);
        check_equal(left_first, all);
        check_equal(right_first, all);
        histogram_drop(all);
        histogram_drop(left);
        histogram_drop(right);
        histogram_drop(left_first);
        histogram_drop(right_first);
    }
}
END_TEST

START_TEST(only_where_values_fall_there_are_buckets)
{
    static const uint64_t values[] = { 1000000, 1040000, 2000000 }; /* 2^19 .. 2^20 - 1 and the next power */
    DxHistogram *histogram = histogram_of(values, 3);
    unsigned octaves = 0;

    for (unsigned i = 0; i < DX_HISTOGRAM_OCTAVES; i++)
        octaves += histogram->octave[i] != NULL;
    ck_assert_uint_eq(octaves, 2);
    dx_histogram_clear(histogram);
    ck_assert_uint_eq(histogram->count, 0);
    ck_assert_uint_eq(dx_histogram_quantile(histogram, 500000), 0);
    histogram_drop(histogram);
}
END_TEST

START_TEST(merging_with_itself_doubles_and_with_empty_changes_nothing)
{
    static const uint64_t values[] = { 0, 7, UINT64_MAX };
    DxHistogram *histogram = histogram_of(values, 3), *empty = histogram_of(NULL, 0);
    DxHistogram *before = histogram_copy(histogram);

    dx_histogram_merge(histogram, empty);
    check_equal(histogram, before);
    dx_histogram_merge(histogram, histogram);
    ck_assert_uint_eq(histogram->count, 6);
    ck_assert_uint_eq(histogram->sum_high, 2); /* 2 (2^64 + 6) */
    ck_assert_uint_eq(histogram->sum_low, 12);
    histogram_drop(histogram);
    histogram_drop(empty);
    histogram_drop(before);
}
END_TEST

SUITE_MAIN("histogram", 60, buckets_tile_the_range_without_gap_or_overlap, an_empty_histogram_reports_zero,
           quantiles_are_never_below_and_at_most_a_128th_above_the_sorted_sample,
           quantiles_below_256_are_exact, the_rank_is_rounded_up,
           a_billion_billion_samples_do_not_overflow_the_rank, the_mean_is_rounded_half_up,
           the_mean_is_exact_beyond_64_bits, merging_equals_adding_in_any_order,
           only_where_values_fall_there_are_buckets,
           merging_with_itself_doubles_and_with_empty_changes_nothing)
