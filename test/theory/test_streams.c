/*
 * test_streams - random streams and variates, at 10^7 draws
 *
 *   test_streams [--draws=N] [--markdown]
 *
 * Continuous variates are in variates.c, the verdict in checks.c. Here: whole numbers, the carry of rounded
 * gaps, and streams side by side. The seed is 1 for all, so a check passes or fails for ever.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glib.h>
#include <dxsim/rng.h>
#include <dxsim/sizes.h>
#include "checks.h"
#include "pvalue.h"
#include "variates.h"

#define CONTROL 6 /* times the draws, to find 0.1 %: see variates.c */

/* -- whole numbers ------------------------------------------------------------------------------------ */

#define BELOW_MOST 4096u

static void check_below(Checks *checks, const char *name, unsigned n)
{
    uint64_t counts[BELOW_MOST + 1] = { 0 }; /* the last: beyond */
    DxRng rng;

    dx_rng_init(&rng, 1, 0, name, "test");
    for (uint64_t i = 0; i < checks->draws; i++) {
        const uint64_t draw = dx_rng_below(&rng, n);

        counts[MIN(draw, n)]++;
    }
    g_assert(counts[n] == 0);
    checks_take_chi_square(checks, name, "chi-square, a cell each", (double)checks->draws,
                           checks_chi_square(counts, n, (double)checks->draws / n), n - 1);
}

/* For 3 * 2^62 multiplication alone, without rejection, would favour every third number. */
static void check_below_large(Checks *checks)
{
    const uint64_t n = UINT64_C(3) << 62;
    uint64_t rest[3] = { 0 }, high[96] = { 0 };
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "below 3 * 2^62", "test");
    for (uint64_t i = 0; i < checks->draws; i++) {
        const uint64_t draw = dx_rng_below(&rng, n);

        rest[draw % 3]++;
        high[draw >> 57]++;
    }
    checks_take_chi_square(checks, "below 3 * 2^62", "chi-square, remainders by 3", (double)checks->draws,
                           checks_chi_square(rest, 3, (double)checks->draws / 3), 2);
    checks_take_chi_square(checks, "below 3 * 2^62", "chi-square, 96 equal cells", (double)checks->draws,
                           checks_chi_square(high, 96, (double)checks->draws / 96), 95);
}

/* A coin that shows 0 with probability 0.4995. */
static void check_coin(Checks *checks)
{
    const uint64_t n = checks->draws * CONTROL;
    uint64_t counts[2] = { 0 };
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "coin", "test");
    for (uint64_t i = 0; i < n; i++) {
        uint64_t draw = dx_rng_below(&rng, 2);

        if (draw == 0 && dx_rng_below(&rng, 1000) == 0)
            draw = 1;
        counts[draw]++;
    }
    checks_take_chi_square(checks, "below 2, zero 0.1 % too rare", "chi-square, a cell each", (double)n,
                           checks_chi_square(counts, 2, (double)n / 2), 1);
}

/* -- sizes of frames ---------------------------------------------------------------------------------- */

static void check_imix(Checks *checks)
{
    static const struct {
        uint16_t bytes;
        double share; /* of 12 */
    } parts[] = { { 40, 7.0 }, { 576, 4.0 }, { 1500, 1.0 } };
    static uint64_t counts[DX_SIZE_MAX_BYTES + 1];
    double sum = 0.0, rest = (double)checks->draws;
    DxSizes sizes;
    DxRng rng;

    dx_sizes_init(&sizes, DX_SIZES_IMIX, 1500, NULL);
    dx_rng_init(&rng, 1, 0, "imix", "test");
    for (uint64_t i = 0; i < checks->draws; i++)
        counts[dx_sizes_draw(&sizes, &rng)]++;
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
        const double found = (double)counts[parts[i].bytes];
        const double expected = (double)checks->draws * parts[i].share / 12.0;

        sum += (found - expected) * (found - expected) / expected;
        rest -= found;
    }
    g_assert(rest == 0.0);
    checks_take_chi_square(checks, "IMIX, sizes", "chi-square, 7 : 4 : 1", (double)checks->draws, sum, 2);
}

#define MEAN_BYTES 4000u
#define CELL_BYTES 40u /* a hundredth of the mean */
#define SIZE_CELLS 1000u

/* Rounded to whole octets, at least 1: P(size >= n) = exp(-(n - 1/2) / mean) from n = 2 on. */
static void check_exponential_sizes(Checks *checks)
{
    uint64_t counts[SIZE_CELLS + 1] = { 0 };
    double sum = 0.0, more = 1.0;
    DxSizes sizes;
    DxRng rng;

    dx_sizes_init(&sizes, DX_SIZES_EXPONENTIAL, MEAN_BYTES, NULL);
    dx_rng_init(&rng, 1, 0, "exponential sizes", "test");
    for (uint64_t i = 0; i < checks->draws; i++) {
        const unsigned cell = dx_sizes_draw(&sizes, &rng) / CELL_BYTES;

        counts[MIN(cell, SIZE_CELLS)]++;
    }
    for (unsigned i = 0; i <= SIZE_CELLS; i++) {
        const double beyond = i < SIZE_CELLS ? exp(-((i + 1) * CELL_BYTES - 0.5) / MEAN_BYTES) : 0.0;
        const double expected = (double)checks->draws * (more - beyond), found = (double)counts[i];

        sum += (found - expected) * (found - expected) / expected;
        more = beyond;
    }
    checks_take_chi_square(checks, "exponential sizes, mean 4000 B", "chi-square, 1001 cells of 40 B",
                           (double)checks->draws, sum, SIZE_CELLS);
}

/* -- the carry ---------------------------------------------------------------------------------------- */

#define COUNTS 64u

/* Births by windows that held 0, 1, 2... of them; what comes before @window_ps / 2 is left out. */
static void count_births(DxRng *rng, double mean_ps, DxTime window_ps, bool is_carried, uint64_t windows,
                         uint64_t *counts)
{
    double carry = 0.0;
    DxTime birth_ps = 0, end_ps = 1;

    for (; birth_ps < end_ps; carry = is_carried ? carry : 0.0)
        birth_ps += dx_rng_exponential_ps(rng, mean_ps, &carry);
    for (uint64_t i = 0; i < windows; i++) {
        unsigned count = 0;

        for (end_ps += window_ps; birth_ps < end_ps; count++) {
            carry = is_carried ? carry : 0.0;
            birth_ps += dx_rng_exponential_ps(rng, mean_ps, &carry);
        }
        counts[MIN(count, COUNTS - 1)]++;
    }
}

/*
 * Births rounded to whole ps: whoever counts them in windows of whole ps, from 1 ps on, counts a Poisson
 * process in windows from 0.5 ps on. So the counts are independent and Poisson, for any mean; but only if the
 * error of rounding is carried.
 */
static void check_carry(Checks *checks, const char *name, double mean_ps, DxTime window_ps, bool is_carried)
{
    const double mean = (double)window_ps / mean_ps, windows = floor((double)checks->draws / mean);
    double expected = exp(-mean) * windows, rest_expected = windows, rest = windows, sum = 0.0;
    uint64_t counts[COUNTS] = { 0 };
    unsigned cells = 0;
    DxRng rng;

    dx_rng_init(&rng, 1, 0, name, "test");
    count_births(&rng, mean_ps, window_ps, is_carried, (uint64_t)windows, counts);
    for (unsigned k = 0; k < COUNTS - 1; expected *= mean / ++k) {
        const double found = (double)counts[k];

        if (expected < 100.0) /* rare counts go together */
            continue;
        sum += (found - expected) * (found - expected) / expected;
        rest_expected -= expected;
        rest -= found;
        cells++;
    }
    sum += (rest - rest_expected) * (rest - rest_expected) / rest_expected;
    checks_take_chi_square(checks, name, "chi-square, births per window are Poisson", windows * mean, sum,
                           cells);
}

/* -- streams side by side ----------------------------------------------------------------------------- */

#define STREAMS 64u
#define PAIRS   64u

/* The names, purposes, replications and seeds that a scenario with like nodes would use. */
static void init_streams(DxRng *rngs)
{
    static const char *const nodes[] = { "dx1:a>b.port", "dx2:a>b.port", "dx1:b>a.port",  "dx10:a>b.port",
                                         "flow1.source", "flow2.source", "flow10.source", "flow1.sink" };
    static const char *const purposes[] = { "gaps", "choice" };

    for (unsigned i = 0; i < STREAMS; i++)
        dx_rng_init(&rngs[i], 1 + (i >> 4 & 1), i >> 5, nodes[i & 7], purposes[i >> 3 & 1]);
}

/* All pairs: sums of products, and of equal bits beyond one half. */
static void correlate(DxRng *rngs, uint64_t draws, double (*product)[STREAMS], int64_t (*equal)[STREAMS])
{
    for (uint64_t n = 0; n < draws; n++) {
        double u[STREAMS];
        uint64_t bits[STREAMS];

        for (unsigned i = 0; i < STREAMS; i++) {
            bits[i] = dx_rng_u64(&rngs[i]);
            u[i] = (double)(bits[i] >> 11) * 0x1p-53 - 0.5;
        }
        for (unsigned i = 0; i < STREAMS; i++) {
            for (unsigned k = 0; k < i; k++) {
                product[i][k] += u[i] * u[k];
                equal[i][k] += 32 - __builtin_popcountll(bits[i] ^ bits[k]);
            }
        }
    }
}

static void check_streams(Checks *checks)
{
    static double product[STREAMS][STREAMS];
    static int64_t equal[STREAMS][STREAMS];
    const unsigned pairs = STREAMS * (STREAMS - 1) / 2;
    const uint64_t draws = checks->draws / STREAMS;
    double sum = 0.0, most = 0.0, bits = 0.0;
    DxRng rngs[STREAMS];

    init_streams(rngs);
    correlate(rngs, draws, product, equal);
    for (unsigned i = 0; i < STREAMS; i++) {
        for (unsigned k = 0; k < i; k++) {
            const double z = product[i][k] * 12.0 / sqrt((double)draws);

            sum += z * z;
            most = fmax(most, fabs(z));
            bits += (double)equal[i][k] * (double)equal[i][k] / (16.0 * (double)draws); /* deviation 4 */
        }
    }
    checks_take_chi_square(checks, "64 streams named alike", "chi-square, correlations of 2016 pairs",
                           (double)(draws * STREAMS), sum, pairs);
    checks_take_chi_square(checks, "64 streams named alike", "chi-square, equal bits of 2016 pairs",
                           (double)(draws * STREAMS), bits, pairs);
    checks_take(checks, "64 streams named alike", "largest of 2016 correlations", (double)(draws * STREAMS),
                most, -expm1(pairs * log1p(-2.0 * pvalue_normal(most))));
}

/* Two streams, all draws; of the second, one in @one_in is that of the first (0: none). */
static void check_two(Checks *checks, const char *name, DxRng *a, DxRng *b, uint64_t one_in)
{
    const uint64_t draws = checks->draws * (checks->is_control ? CONTROL : 1);
    uint64_t pair[PAIRS * PAIRS] = { 0 };
    double product = 0.0;

    for (uint64_t n = 0; n < draws; n++) {
        const double u = dx_rng_unit(a), other = dx_rng_unit(b), v = one_in && n % one_in == 0 ? u : other;

        product += (u - 0.5) * (v - 0.5);
        pair[MIN((unsigned)(u * PAIRS), PAIRS - 1) * PAIRS + MIN((unsigned)(v * PAIRS), PAIRS - 1)]++;
    }
    checks_take_normal(checks, name, "correlation", (double)draws, product * 12.0 / sqrt((double)draws));
    checks_take_chi_square(checks, name, "chi-square, pairs, 64 x 64", (double)draws,
                           checks_chi_square(pair, PAIRS * PAIRS, (double)draws / (PAIRS * PAIRS)),
                           PAIRS * PAIRS - 1);
}

static void check_neighbours(Checks *checks)
{
    static const struct {
        const char *name;
        uint64_t seed, replication;
        const char *node, *purpose;
    } others[] = {
        { "neighbours by node", 1, 0, "dx2", "gaps" },
        { "neighbours by purpose", 1, 0, "dx1", "sizes" },
        { "neighbours by replication", 1, 1, "dx1", "gaps" },
        { "neighbours by seed", 2, 0, "dx1", "gaps" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        DxRng a, b;

        dx_rng_init(&a, 1, 0, "dx1", "gaps");
        dx_rng_init(&b, others[i].seed, others[i].replication, others[i].node, others[i].purpose);
        check_two(checks, others[i].name, &a, &b, 0);
    }
}

static void check_copied(Checks *checks)
{
    DxRng a, b;

    dx_rng_init(&a, 1, 0, "dx1", "gaps");
    dx_rng_init(&b, 1, 0, "dx2", "gaps");
    check_two(checks, "neighbours, one draw in 1000 copied", &a, &b, 1000);
}

/* -- all of it ---------------------------------------------------------------------------------------- */

static void check_all(Checks *checks)
{
    static const struct {
        const char *name;
        unsigned n;
    } belows[] = { { "below 2", 2 },     { "below 3", 3 },       { "below 7", 7 },      { "below 10", 10 },
                   { "below 100", 100 }, { "below 1000", 1000 }, { "below 4096", 4096 } };

    variates_check(checks);
    for (unsigned i = 0; i < G_N_ELEMENTS(belows); i++)
        check_below(checks, belows[i].name, belows[i].n);
    check_below_large(checks);
    check_imix(checks);
    check_exponential_sizes(checks);
    check_carry(checks, "exponential in whole ps, mean 0.3 ps", 0.3, 4, true);
    check_carry(checks, "exponential in whole ps, mean 12.34 ps", 12.34, 100, true);
    check_carry(checks, "exponential in whole ps, mean 81920.5 ps", 81920.5, 500000, true);
    check_streams(checks);
    check_neighbours(checks);
}

static void check_controls(Checks *checks)
{
    checks->is_control = true;
    variates_check_controls(checks);
    check_coin(checks);
    check_carry(checks, "exponential in whole ps, mean 0.3 ps, not carried", 0.3, 4, false);
    check_copied(checks);
}

int main(int argc, char **argv)
{
    Checks checks = { .draws = 10000000 };
    bool is_markdown = false;
    unsigned failed;

    for (int i = 1; i < argc; i++) {
        if (g_str_has_prefix(argv[i], "--draws="))
            checks.draws = g_ascii_strtoull(argv[i] + strlen("--draws="), NULL, 10);
        else if (strcmp(argv[i], "--markdown") == 0)
            is_markdown = true;
        else
            return 2;
    }
    check_all(&checks);
    /* fewer draws cannot tell 0.1 %: only whether all runs */
    if (checks.draws >= 10000000)
        check_controls(&checks);
    failed = checks_judge(&checks);
    if (is_markdown)
        checks_print_markdown(&checks);
    else
        printf("%u checks, %u failed\n", checks.n, failed);
    g_free(checks.check);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
