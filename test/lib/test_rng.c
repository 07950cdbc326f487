/*
 * test_rng - streams are what their key says, and variates follow their distribution
 *
 * The same at 10^7 draws, and by more tests: test/theory/.
 *
 * Seeds are fixed: a statistical test passes or fails for ever. Each threshold is the value exceeded by a
 * right generator with probability 10^-4, so a failure after a change of the generator is a fault of it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <glib.h>
#include <dxsim/rng.h>
#include "../suite.h"

#define DRAWS 1000000

/* sqrt(n) D of Kolmogorov and Smirnov: 2 exp(-2 d^2) = 10^-4 */
#define KS_LIMIT 2.2253

static DxRng stream(const char *node, const char *purpose)
{
    DxRng rng;

    dx_rng_init(&rng, 1, 0, node, purpose);
    return rng;
}

static double chi_square(const uint64_t *counts, size_t n, double expected)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    return sum;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* sqrt(n) times the largest distance from the distribution function @cdf; sorts @x. */
static double ks(double *x, size_t n, double (*cdf)(double))
{
    double most = 0.0;

    qsort(x, n, sizeof *x, compare);
    for (size_t i = 0; i < n; i++) {
        const double f = cdf(x[i]);

        most = fmax(most, fmax((double)(i + 1) / (double)n - f, f - (double)i / (double)n));
    }
    return sqrt((double)n) * most;
}

/* Random123, file kat_vectors, philox4x32 with 10 rounds. */
START_TEST(philox_known_answers)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } vectors[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
          { 0xffffffff, 0xffffffff },
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
          { 0xa4093822, 0x299f31d0 },
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    uint32_t out[4];

    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        dx_philox4x32_10(vectors[i].counter, vectors[i].key, out);
        ck_assert_mem_eq(out, vectors[i].out, sizeof out);
    }
}
END_TEST

/* From the definition in rng.c, worked out with another SipHash (OpenSSL) and another Philox. */
START_TEST(stream_is_as_documented)
{
    static const struct {
        uint64_t seed, replication;
        const char *node, *purpose;
        uint64_t draws[6];
    } streams[] = {
        { 1,
          0,
          "node",
          "purpose",
          { 0x05d552b194c3495f, 0xb8e978f6e5f1ca8c, 0xda0af78cb367876b, 0xcd989cde7ff0cf6e,
            0x3ca4b9252bd88f37, 0x299633e90ba5bc9 } },
        { UINT64_MAX,
          7,
          "dx1",
          "gr\xc3\xb6\xc3\x9f"
          "e",
          { 0xf242dfaaf6df72fc, 0x185691f7e2f08bb8, 0xa478ff00430eb688, 0xd9c61a5f6a98e2f2,
            0x66f6f2736bf084f7, 0x373e5be6e5d7d544 } },
    };
    static const unsigned numbers[6] = { 0, 1, 2, 63, 64, 1000 };

    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
        DxRng rng;
        unsigned k = 0;

        dx_rng_init(&rng, streams[i].seed, streams[i].replication, streams[i].node, streams[i].purpose);
        for (unsigned n = 0; k < 6; n++) {
            const uint64_t draw = dx_rng_u64(&rng);

            if (n == numbers[k])
                ck_assert_uint_eq(draw, streams[i].draws[k++]);
        }
    }
}
END_TEST

/* Draws 2c and 2c + 1 are the two halves of counter c, also where its low word wraps within a block. */
START_TEST(draw_depends_on_its_number_alone)
{
    static const uint64_t starts[] = { 0, UINT32_MAX - 10, (uint64_t)UINT32_MAX << 32 | (UINT32_MAX - 10),
                                       UINT64_MAX - 10 };

    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        DxRng rng = stream("node", "purpose");

        rng.block = starts[i];
        for (uint64_t c = starts[i]; c != starts[i] + 1000; c++) {
            const uint32_t counter[4] = { (uint32_t)c, (uint32_t)(c >> 32), (uint32_t)rng.stream[0],
                                          (uint32_t)(rng.stream[0] >> 32) };
            uint32_t out[4];

            dx_philox4x32_10(counter, rng.key, out);
            ck_assert_uint_eq(dx_rng_u64(&rng), out[0] | (uint64_t)out[1] << 32);
            ck_assert_uint_eq(dx_rng_u64(&rng), out[2] | (uint64_t)out[3] << 32);
        }
    }
}
END_TEST

START_TEST(other_streams_shift_nothing)
{
    DxRng alone = stream("a", "arrivals"), among = stream("a", "arrivals");
    DxRng other = stream("a", "sizes"), node = stream("b", "arrivals");

    for (int i = 0; i < 1000; i++) {
        for (int k = 0; k < i % 5; k++)
            dx_rng_u64(&other);
        dx_rng_u64(&node);
        ck_assert_uint_eq(dx_rng_u64(&among), dx_rng_u64(&alone));
    }
}
END_TEST

/* Every part of the key counts, and "ab" "c" is not "a" "bc". */
START_TEST(streams_differ)
{
    enum { STREAMS = 9, EACH = 200 };
    DxRng rngs[STREAMS];
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

    dx_rng_init(&rngs[0], 1, 0, "ab", "c");
    dx_rng_init(&rngs[1], 1, 0, "a", "bc");
    dx_rng_init(&rngs[2], 1, 0, "abc", "");
    dx_rng_init(&rngs[3], 1, 0, "", "abc");
    dx_rng_init(&rngs[4], 1, 0, "", "");
    dx_rng_init(&rngs[5], 0, 1, "ab", "c");
    dx_rng_init(&rngs[6], 1, 1, "ab", "c");
    dx_rng_init(&rngs[7], 0, 0, "ab", "c");
    dx_rng_init(&rngs[8], 1, UINT64_MAX, "ab", "c");
    for (int i = 0; i < STREAMS; i++) {
        for (int k = 0; k < EACH; k++) {
            const uint64_t draw = dx_rng_u64(&rngs[i]);

            ck_assert(g_hash_table_add(seen, g_memdup2(&draw, sizeof draw)));
        }
    }
}
END_TEST

/* Correlation of streams with names and replications alike: |r| sqrt(n) is normal, 3.9 at 10^-4. */
START_TEST(like_streams_are_uncorrelated)
{
    DxRng rngs[4];
    double sums[4][4] = { { 0.0 } };

    dx_rng_init(&rngs[0], 1, 0, "n1", "p");
    dx_rng_init(&rngs[1], 1, 0, "n2", "p");
    dx_rng_init(&rngs[2], 1, 1, "n1", "p");
    dx_rng_init(&rngs[3], 2, 0, "n1", "p");
    for (int n = 0; n < DRAWS; n++) {
        double x[4];

        for (int i = 0; i < 4; i++)
            x[i] = (dx_rng_unit(&rngs[i]) - 0.5) * sqrt(12.0);
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < i; k++)
                sums[i][k] += x[i] * x[k];
    }
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            ck_assert_double_lt(fabs(sums[i][k]) / sqrt(DRAWS), 3.9);
}
END_TEST

/* Each of the eight octets: chi-square with 255 degrees of freedom, 179.4 to 347.7 at 10^-4 either side. */
START_TEST(octets_are_uniform)
{
    static uint64_t counts[8][256];
    DxRng rng = stream("octets", "test");

    for (int n = 0; n < DRAWS; n++) {
        const uint64_t draw = dx_rng_u64(&rng);

        for (unsigned i = 0; i < 8; i++)
            counts[i][draw >> (8 * i) & 0xff]++;
    }
    for (int i = 0; i < 8; i++) {
        const double x = chi_square(counts[i], 256, DRAWS / 256.0);

        ck_assert_double_gt(x, 179.43);
        ck_assert_double_lt(x, 347.65);
    }
}
END_TEST

/* The ends of the range, by way of the buffer. */
START_TEST(unit_is_open_at_zero)
{
    DxRng rng = stream("unit", "test");

    dx_rng_u64(&rng);
    rng.buffer[1] = 0;
    rng.buffer[2] = UINT64_MAX;
    rng.buffer[3] = UINT64_MAX;
    rng.buffer[4] = 0;
    ck_assert_double_eq(dx_rng_unit(&rng), 0x1p-53);
    ck_assert_double_eq(dx_rng_unit(&rng), 1.0);
    ck_assert(!signbit(dx_rng_exponential(&rng, 5.0))); /* +0 */
    ck_assert_double_eq_tol(dx_rng_exponential(&rng, 1.0), 53.0 * log(2.0), 1e-14);
}
END_TEST

/* Chi-square at 10^-4 for 1, 2, 6, 9 and 99 degrees of freedom. */
START_TEST(below_is_uniform)
{
    static const struct {
        uint64_t n;
        double limit;
    } cases[] = { { 2, 15.137 }, { 3, 18.421 }, { 7, 27.856 }, { 10, 33.720 }, { 100, 160.056 } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint64_t counts[100] = { 0 };
        DxRng rng = stream("below", "test");

        for (int k = 0; k < DRAWS; k++) {
            const uint64_t draw = dx_rng_below(&rng, cases[i].n);

            if (draw >= cases[i].n)
                ck_abort_msg("%" PRIu64 " of %" PRIu64, draw, cases[i].n);
            counts[draw]++;
        }
        ck_assert_double_lt(chi_square(counts, cases[i].n, DRAWS / (double)cases[i].n), cases[i].limit);
    }
}
END_TEST

/*
 * n = 3 * 2^62: without rejection the high half of draw * n is every third number twice as often as the
 * others. Remainders by 3 show it: chi-square with 2 degrees of freedom.
 */
START_TEST(below_has_no_bias)
{
    const uint64_t n = 3ull << 62;
    uint64_t counts[3] = { 0 };
    bool is_below = true;
    DxRng rng = stream("bias", "test");

    for (int k = 0; k < DRAWS; k++) {
        const uint64_t draw = dx_rng_below(&rng, n);

        is_below = is_below && draw < n;
        counts[draw % 3]++;
    }
    ck_assert(is_below);
    ck_assert_double_lt(chi_square(counts, 3, DRAWS / 3.0), 18.421);
}
END_TEST

START_TEST(below_limits)
{
    DxRng rng = stream("limits", "test"), same = stream("limits", "test");

    for (int k = 0; k < 1000; k++)
        ck_assert_uint_eq(dx_rng_below(&rng, 1), 0);
    for (int k = 0; k < 1000; k++)
        dx_rng_u64(&same);
    for (int k = 0; k < 1000; k++) /* the high half of draw * 2^32 */
        ck_assert_uint_eq(dx_rng_below(&rng, 1ull << 32), dx_rng_u64(&same) >> 32);
    for (int k = 0; k < 1000; k++)
        ck_assert_uint_lt(dx_rng_below(&rng, UINT64_MAX), UINT64_MAX);
}
END_TEST

static double exponential_cdf(double x)
{
    return -expm1(-x / 3.0);
}

static double pareto_cdf(double x)
{
    return 1.0 - pow(2.0 / x, 1.5);
}

static double normal_cdf(double x)
{
    return 0.5 * erfc(-x / sqrt(2.0));
}

START_TEST(exponential_distribution)
{
    static double x[DRAWS];
    DxRng rng = stream("exponential", "test");
    double sum = 0.0;

    for (int i = 0; i < DRAWS; i++) {
        x[i] = dx_rng_exponential(&rng, 3.0);
        sum += x[i];
    }
    /* The mean has deviation 3 / 1000; 3.9 of them. */
    ck_assert_double_eq_tol(sum / DRAWS, 3.0, 3.9 * 3.0 / sqrt(DRAWS));
    ck_assert_double_lt(ks(x, DRAWS, exponential_cdf), KS_LIMIT);
    ck_assert_double_ge(x[0], 0.0); /* sorted by now */
}
END_TEST

START_TEST(pareto_distribution)
{
    static double x[DRAWS];
    DxRng rng = stream("pareto", "test");

    for (int i = 0; i < DRAWS; i++)
        x[i] = dx_rng_pareto(&rng, 2.0, 1.5);
    ck_assert_double_lt(ks(x, DRAWS, pareto_cdf), KS_LIMIT);
    ck_assert_double_ge(x[0], 2.0); /* sorted by now */
}
END_TEST

START_TEST(normal_distribution)
{
    static double x[DRAWS];
    DxRng rng = stream("normal", "test");
    double sum = 0.0, squares = 0.0, products = 0.0;

    for (int i = 0; i < DRAWS; i++) {
        x[i] = dx_rng_normal(&rng);
        sum += x[i];
        squares += x[i] * x[i];
        products += i > 0 ? x[i] * x[i - 1] : 0.0;
    }
    /* Deviations over sqrt(n): 1 of the mean, sqrt(2) of the variance, 1 of the lag product; 3.9 of each. */
    ck_assert_double_eq_tol(sum / DRAWS, 0.0, 3.9 / sqrt(DRAWS));
    ck_assert_double_eq_tol(squares / DRAWS, 1.0, 3.9 * sqrt(2.0 / DRAWS));
    ck_assert_double_eq_tol(products / DRAWS, 0.0, 3.9 / sqrt(DRAWS));
    ck_assert_double_lt(ks(x, DRAWS, normal_cdf), KS_LIMIT);
}
END_TEST

/* Whatever the mean, even far below 1 ps, n whole gaps add up to the n exact ones, to half a ps. */
START_TEST(carry_makes_the_sum_exact)
{
    static const double means_ps[] = { 0.01, 0.3, 1.0, 12.34, 81920.5, 1e9 + 1.0 / 3.0 };

    for (size_t i = 0; i < G_N_ELEMENTS(means_ps); i++) {
        DxRng whole = stream("gaps", "test"), exact = stream("gaps", "test");
        double carry = 0.0;
        long double sum_exact = 0.0L;
        int64_t sum_ps = 0;

        for (int k = 0; k < 100000; k++) {
            const DxTime gap_ps = dx_rng_exponential_ps(&whole, means_ps[i], &carry);

            if (gap_ps < 0 || fabs(carry) > 0.5 + 0x1p-50)
                ck_abort_msg("gap %" PRId64 ", carry %a", gap_ps, carry);
            sum_ps += gap_ps;
            sum_exact += (long double)dx_rng_exponential(&exact, means_ps[i]);
        }
        /* Half a ps, and what rounding to a double (of a gap of 20 means or less) may lose 10^5 times. */
        ck_assert_double_le((double)fabsl((long double)sum_ps - sum_exact),
                            0.5 + 100000 * 0x1p-53 * 20.0 * means_ps[i]);
    }
}
END_TEST

START_TEST(gaps_saturate)
{
    DxRng rng = stream("saturate", "test");
    double carry = 0.25;

    ck_assert_int_eq(dx_rng_exponential_ps(&rng, 1e300, &carry), DX_TIME_MAX);
    ck_assert_double_eq(carry, 0.0);
    ck_assert_int_eq(dx_rng_exponential_ps(&rng, INFINITY, &carry), DX_TIME_MAX);
    ck_assert_int_eq(dx_rng_exponential_ps(&rng, 0.0, &carry), 0);
}
END_TEST

/* The first numbers from 1234567, as commonly published for implementers, and from 0:
 * java.util.SplittableRandom, whose nextLong() is the generator of the paper. */
START_TEST(splitmix64_known_answers)
{
    static const struct {
        uint64_t seed, numbers[5];
    } vectors[] = {
        { 1234567,
          { 6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u,
            16408922859458223821u } },
        { 0,
          { 0xe220a8397b1dcdafu, 0x6e789e6aa1b965f4u, 0x06c45d188009454fu, 0xf88bb8a8724c81ecu,
            0x1b39896a51a8749bu } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        uint64_t state = vectors[i].seed;

        for (size_t k = 0; k < G_N_ELEMENTS(vectors[i].numbers); k++)
            ck_assert_uint_eq(dx_splitmix64(&state), vectors[i].numbers[k]);
    }
}
END_TEST

/* Every compiler, option and machine must give this checksum; it says nothing about being right. */
START_TEST(same_bits_everywhere)
{
    DxRng rng = stream("bits", "test");
    uint64_t chain = 0, sum = 0;
    double carry = 0.0;

    for (int i = 0; i < 100000; i++) {
        double variates[5];

        variates[0] = dx_rng_exponential(&rng, 1.7);
        variates[1] = dx_rng_pareto(&rng, 1.0, 1.2);
        variates[2] = dx_rng_normal(&rng);
        variates[3] = (double)dx_rng_below(&rng, 1000003);
        variates[4] = (double)dx_rng_exponential_ps(&rng, 12345.6, &carry);
        for (size_t k = 0; k < G_N_ELEMENTS(variates); k++) {
            uint64_t bits;

            memcpy(&bits, &variates[k], sizeof bits);
            chain ^= bits;
            sum ^= dx_splitmix64(&chain);
        }
    }
    ck_assert_uint_eq(sum, 0xff4e9d86bcd087beu);
}
END_TEST

SUITE_MAIN("rng", 60, philox_known_answers, stream_is_as_documented, draw_depends_on_its_number_alone,
           other_streams_shift_nothing, streams_differ, like_streams_are_uncorrelated, octets_are_uniform,
           unit_is_open_at_zero, below_is_uniform, below_has_no_bias, below_limits, exponential_distribution,
           pareto_distribution, normal_distribution, carry_makes_the_sum_exact, gaps_saturate,
           splitmix64_known_answers, same_bits_everywhere)
