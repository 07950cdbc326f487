/*
 * test_sizes - sizes of frames follow their distribution
 *
 * Random streams are fixed: a statistical test passes or fails for ever. Thresholds are four standard
 * deviations, or what a right generator exceeds with probability 10^-4.
 */
#include <dxsim/sizes.h>
#include <math.h>
#include "../suite.h"

enum { DRAWS = 1000000 };

static DxRng stream(const char *purpose)
{
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "sizes", purpose);
    return rng;
}

START_TEST(fixed_takes_no_draw)
{
    DxRng rng = stream("fixed");
    DxSizes sizes;

    dx_sizes_init(&sizes, DX_SIZES_FIXED, 1500, NULL);
    for (unsigned i = 0; i < 100; i++)
        ck_assert_uint_eq(dx_sizes_draw(&sizes, &rng), 1500);
    ck_assert_uint_eq(rng.block, 0);
    ck_assert(sizes.mean_bytes == 1500);
}
END_TEST

/* IP packets of (7 * 40 + 4 * 576 + 1500) / 12 = 340 1/3 octets; on the wire, with 38 more and at least 84
 * each, 7 * 84 + 4 * 614 + 1538 = 4582 for twelve. Chi-square with 2 degrees of freedom is above 18.4 once in
 * 10^4. */
START_TEST(imix_is_7_to_4_to_1)
{
    static const struct {
        uint16_t bytes, wire, weight;
    } parts[] = { { 40, 84, 7 }, { 576, 614, 4 }, { 1500, 1538, 1 } };
    unsigned count[3] = { 0 };
    DxRng rng = stream("imix");
    DxSizes sizes;
    double chi = 0, wire = 0;

    dx_sizes_init(&sizes, DX_SIZES_IMIX, 1500, NULL);
    ck_assert_uint_eq(sizes.sum_bytes, 4084);
    ck_assert_uint_eq(sizes.sum_weight, 12);
    for (unsigned i = 0; i < DRAWS; i++) {
        const uint16_t bytes = dx_sizes_draw(&sizes, &rng);
        unsigned k = 0;

        while (k < 3 && parts[k].bytes != bytes)
            k++;
        if (k == 3)
            ck_abort_msg("%u octets", bytes);
        count[k]++;
        wire += parts[k].wire;
    }
    for (unsigned k = 0; k < 3; k++) {
        const double expected = DRAWS * parts[k].weight / 12.0;

        chi += (count[k] - expected) * (count[k] - expected) / expected;
    }
    ck_assert_msg(chi < 18.4, "chi-square %g", chi);
    /* 1538^2 + 4 * 614^2 + 7 * 84^2 over 12 is 326889.2: a standard deviation of 425.6 */
    ck_assert(fabs(wire / DRAWS - 4582 / 12.0) < 4 * 425.6 / sqrt(DRAWS));
}
END_TEST

/* The first size whose weights so far exceed a number below their sum: by the stream's own numbers. */
START_TEST(a_list_takes_one_number_below_the_sum_of_weights)
{
    const DxMix mix = { 4, { { 100, 3 }, { 9000, 1 }, { 1, 65535 }, { 65000, 2 } } };
    DxRng rng = stream("list"), same = rng;
    DxSizes sizes;

    dx_sizes_init(&sizes, DX_SIZES_LIST, 1500, &mix);
    ck_assert_uint_eq(sizes.sum_weight, 65541);
    ck_assert_uint_eq(sizes.sum_bytes, 300 + 9000 + 65535 + 130000);
    for (unsigned i = 0; i < DRAWS; i++) {
        const uint64_t r = dx_rng_below(&same, 65541);
        const uint16_t expected = r < 3 ? 100 : r < 4 ? 9000 : r < 65539 ? 1 : 65000;

        if (dx_sizes_draw(&sizes, &rng) != expected)
            ck_abort_msg("draw %u", i);
    }
}
END_TEST

/* Moments of the exponential: mean m, variance m^2, its standard deviation over n m^2 sqrt(8 / n). Rounding
 * adds 1/12 to the variance. */
START_TEST(exponential_has_mean_and_variance)
{
    static const unsigned means[] = { 100, 1250 };

    for (unsigned k = 0; k < G_N_ELEMENTS(means); k++) {
        const double m = means[k];
        DxRng rng = stream("exponential");
        double sum = 0, squares = 0;
        DxSizes sizes;

        dx_sizes_init(&sizes, DX_SIZES_EXPONENTIAL, means[k], NULL);
        for (unsigned i = 0; i < DRAWS; i++) {
            const double x = dx_sizes_draw(&sizes, &rng) / m - 1;

            sum += x;
            squares += x * x;
        }
        ck_assert(fabs(sum / DRAWS - (sizes.mean_bytes / m - 1)) < 4 / sqrt(DRAWS));
        ck_assert(fabs(squares / DRAWS - 1 - 1 / (12 * m * m)) < 4 * sqrt(8.0 / DRAWS) + 1 / m);
    }
}
END_TEST

/* Of those above 65000 octets, e^-10 of all at the largest mean, none goes beyond; with a mean of 1, 1 -
 * e^-1.5 of all are 1. */
START_TEST(exponential_stays_within_its_limits)
{
    DxRng rng = stream("limits");
    unsigned n_none = 0, n_least = 0, n_most = 0;
    DxSizes sizes;

    dx_sizes_init(&sizes, DX_SIZES_EXPONENTIAL, 6500, NULL);
    for (unsigned i = 0; i < DRAWS; i++)
        n_most += dx_sizes_draw(&sizes, &rng) == 65000;
    ck_assert(fabs(n_most - DRAWS * exp(-10)) < 4 * sqrt(DRAWS * exp(-10)));
    dx_sizes_init(&sizes, DX_SIZES_EXPONENTIAL, 1, NULL);
    for (unsigned i = 0; i < DRAWS; i++) {
        const uint16_t bytes = dx_sizes_draw(&sizes, &rng);

        n_none += bytes == 0;
        n_least += bytes == 1;
    }
    ck_assert_uint_eq(n_none, 0);
    ck_assert(fabs(n_least - DRAWS * (1 - exp(-1.5))) < 4 * sqrt(DRAWS * 0.2231 * 0.7769));
}
END_TEST

/* The sum of P(rounded >= n) over n, term by term. */
START_TEST(exponential_mean_is_that_after_rounding)
{
    static const unsigned means[] = { 1, 2, 10, 64, 1250, 1500, 6500 };

    for (unsigned k = 0; k < G_N_ELEMENTS(means); k++) {
        const double m = means[k];
        double sum = 1;
        DxSizes sizes;

        for (unsigned n = 65000; n >= 2; n--)
            sum += exp(-(n - 0.5) / m);
        dx_sizes_init(&sizes, DX_SIZES_EXPONENTIAL, means[k], NULL);
        ck_assert_msg(fabs(sizes.mean_bytes / sum - 1) < 1e-11, "%u: %.17g, %.17g", means[k],
                      sizes.mean_bytes, sum);
        if (m >= 64 && m <= 1500) /* negligible, as the documents say: 3 in 10^7 at 1250 */
            ck_assert(fabs(sizes.mean_bytes - m - 11 / (24 * m)) < 0.01 / m);
    }
}
END_TEST

SUITE_MAIN("sizes", 20, fixed_takes_no_draw, imix_is_7_to_4_to_1,
           a_list_takes_one_number_below_the_sum_of_weights, exponential_has_mean_and_variance,
           exponential_stays_within_its_limits, exponential_mean_is_that_after_rounding)
