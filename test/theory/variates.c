/*
 * variates - continuous values against their distribution
 *
 * Every value goes through its own distribution function: what comes out must be uniform. That is looked at
 * four ways: distance of Kolmogorov and Smirnov (on a grid of 2^18 cells), chi-square of 2^10 equal cells,
 * chi-square of the two tails cut at powers of two, chi-square of 64 x 64 pairs of neighbours; then moments,
 * and correlations at lags 1 to 16.
 *
 * What n draws can tell is bounded: an error of 0.1 % in the scale of an exponential shifts no statistic by
 * more than 0.001 sqrt(n) deviations (Cramer and Rao), 3.2 at 10^7. So such controls take 6 times as many,
 * and look at moments alone, which tell most.
 */
#include <math.h>
#include <string.h>
#include <glib.h>
#include <dxsim/rng.h>
#include "pvalue.h"
#include "variates.h"

#define CONTROL 6 /* times the draws */
#define CELLS   (1u << 18)
#define COARSE  1024u
#define PAIRS   64u
#define TAILS   17u
#define LAGS    16u
#define CHUNK   4096u

/* -- variates under test ------------------------------------------------------------------------------ */

typedef struct {
    DxRng rng;
    double carry;
    uint64_t state;
} Generator;

/* A continuous distribution: how it is drawn, the probability of more than x, and two functions with known
 * mean and deviation, the first of them the most telling about its scale. */
typedef struct {
    const char *name;
    double (*draw)(Generator *generator);
    double (*more)(double x);
    struct {
        const char *name;
        double (*of)(double x);
        double mean, deviation;
    } moment[2];
} Variate;

static double identity(double x)
{
    return x;
}

static double square(double x)
{
    return x * x;
}

static double draw_unit(Generator *generator)
{
    return dx_rng_unit(&generator->rng);
}

static double draw_unit_short(Generator *generator)
{
    return 0.999 * dx_rng_unit(&generator->rng);
}

static double draw_splitmix(Generator *generator)
{
    return (double)((dx_splitmix64(&generator->state) >> 11) + 1) * 0x1p-53;
}

static double unit_more(double x)
{
    return 1.0 - x;
}

static double draw_exponential(Generator *generator)
{
    return dx_rng_exponential(&generator->rng, 3.0);
}

static double draw_exponential_long(Generator *generator)
{
    return 1.001 * dx_rng_exponential(&generator->rng, 3.0);
}

static double exponential_more(double x)
{
    return exp(-x / 3.0);
}

/* A mean gap of 1 ms and a third of a ps: whole ps are fine enough to count as continuous. */
#define GAP_PS (1e9 + 1.0 / 3.0)

static double draw_gap(Generator *generator)
{
    return (double)dx_rng_exponential_ps(&generator->rng, GAP_PS, &generator->carry);
}

static double draw_gap_long(Generator *generator)
{
    return (double)dx_rng_exponential_ps(&generator->rng, 1.001 * GAP_PS, &generator->carry);
}

static double gap_more(double x)
{
    return exp(-x / GAP_PS);
}

static double draw_pareto(Generator *generator)
{
    return dx_rng_pareto(&generator->rng, 2.0, 1.5);
}

static double draw_pareto_heavy(Generator *generator)
{
    return dx_rng_pareto(&generator->rng, 2.0, 1.5 / 1.001);
}

static double pareto_more(double x)
{
    return pow(2.0 / x, 1.5);
}

static double pareto_log(double x)
{
    return 1.5 * log(x / 2.0);
}

static double draw_normal(Generator *generator)
{
    return dx_rng_normal(&generator->rng);
}

static double draw_normal_wide(Generator *generator)
{
    return 1.001 * dx_rng_normal(&generator->rng);
}

static double draw_normal_off(Generator *generator)
{
    return 0.001 + dx_rng_normal(&generator->rng);
}

static double normal_more(double x)
{
    return 0.5 * erfc(x / sqrt(2.0));
}

#define UNIT_MOMENTS                                                                                         \
    {                                                                                                        \
        { "mean", identity, 0.5, 0.28867513459481287 },                                                      \
        {                                                                                                    \
            "mean square", square, 1.0 / 3.0, 0.29814239699997197                                            \
        }                                                                                                    \
    }
/* Var(x^2) = (4! - 2!^2) m^4 = 20 m^4 */
#define EXPONENTIAL_MOMENTS(m)                                                                               \
    {                                                                                                        \
        { "mean", identity, (m), (m) },                                                                      \
        {                                                                                                    \
            "mean square", square, 2.0 * (m) * (m), 4.47213595499958 * (m) * (m)                             \
        }                                                                                                    \
    }
/* The variance of a Pareto with shape 1.5 is infinite; its logarithm is an exponential. */
#define PARETO_MOMENTS                                                                                       \
    {                                                                                                        \
        {                                                                                                    \
            "mean logarithm", pareto_log, 1.0, 1.0                                                           \
        }                                                                                                    \
    }
#define NORMAL_MOMENTS                                                                                       \
    {                                                                                                        \
        { "mean", identity, 0.0, 1.0 },                                                                      \
        {                                                                                                    \
            "mean square", square, 1.0, 1.4142135623730951                                                   \
        }                                                                                                    \
    }

static const Variate variates[] = {
    { "uniform in (0, 1]", draw_unit, unit_more, UNIT_MOMENTS },
    { "SplitMix64, uniform", draw_splitmix, unit_more, UNIT_MOMENTS },
    { "exponential", draw_exponential, exponential_more, EXPONENTIAL_MOMENTS(3.0) },
    { "exponential in whole ps", draw_gap, gap_more, EXPONENTIAL_MOMENTS(GAP_PS) },
    { "Pareto, shape 1.5", draw_pareto, pareto_more, PARETO_MOMENTS },
    { "normal", draw_normal, normal_more, NORMAL_MOMENTS },
};

static const Variate short_unit = { "uniform, 0.1 % short", draw_unit_short, unit_more, UNIT_MOMENTS };

static const Variate wrong_variates[] = {
    { "exponential, mean 0.1 % long", draw_exponential_long, exponential_more, EXPONENTIAL_MOMENTS(3.0) },
    { "exponential in whole ps, mean 0.1 % long", draw_gap_long, gap_more, EXPONENTIAL_MOMENTS(GAP_PS) },
    { "Pareto, shape 0.1 % small", draw_pareto_heavy, pareto_more, PARETO_MOMENTS },
    { "normal, deviation 0.1 % large", draw_normal_wide, normal_more, NORMAL_MOMENTS },
    { "normal, mean off by 0.1 % of the deviation", draw_normal_off, normal_more, NORMAL_MOMENTS },
};

/* -- one sequence of values --------------------------------------------------------------------------- */

/* Counts of u, the probability of a smaller value. */
typedef struct {
    uint32_t cell[CELLS];
    uint64_t tail[2][TAILS + 1]; /* lower, upper: 2^-k-1 <= probability beyond < 2^-k */
    uint64_t pair[PAIRS * PAIRS];
    double sum[2], product[LAGS];
} Tally;

static unsigned tail_of(double probability)
{
    int exponent;

    if (!(probability > 0.0))
        return TAILS;
    frexp(probability, &exponent); /* in [0.5, 1) times 2^exponent */
    return MIN((unsigned)-exponent, TAILS);
}

/* @u: CHUNK values less 1/2, behind LAGS old ones. The sums stay in registers. */
static void tally_lags(Tally *tally, const double *u)
{
    double product[LAGS] = { 0 };

    for (unsigned i = 0; i < CHUNK; i++) {
        const double *before = u + i - LAGS;

        for (unsigned k = 0; k < LAGS; k++)
            product[k] += u[i] * before[k];
    }
    for (unsigned k = 0; k < LAGS; k++)
        tally->product[k] += product[k];
}

static inline unsigned cell_of(double u, unsigned cells)
{
    return MIN((unsigned)((u + 0.5) * cells), cells - 1);
}

static void tally_cells(Tally *tally, const double *u)
{
    for (unsigned i = 0; i < CHUNK; i += 2) {
        tally->cell[cell_of(u[i], CELLS)]++;
        tally->cell[cell_of(u[i + 1], CELLS)]++;
        tally->pair[cell_of(u[i], PAIRS) * PAIRS + cell_of(u[i + 1], PAIRS)]++;
    }
}

static void tally_draws(Tally *tally, const Variate *variate, Generator *generator, uint64_t draws)
{
    double buffer[LAGS + CHUNK];

    for (unsigned i = 0; i < LAGS; i++)
        buffer[i] = 0.0;
    for (uint64_t done = 0; done < draws; done += CHUNK) {
        for (unsigned i = 0; i < CHUNK; i++) {
            const double x = variate->draw(generator), more = variate->more(x);

            buffer[LAGS + i] = 0.5 - more;
            if (more < 0.5)
                tally->tail[1][tail_of(more)]++;
            else
                tally->tail[0][tail_of(1.0 - more)]++;
            for (unsigned k = 0; k < 2 && variate->moment[k].of; k++)
                tally->sum[k] += variate->moment[k].of(x) - variate->moment[k].mean;
        }
        tally_lags(tally, buffer + LAGS);
        tally_cells(tally, buffer + LAGS);
        memcpy(buffer, buffer + CHUNK, LAGS * sizeof *buffer);
    }
}

static double distance(const Tally *tally, double n)
{
    double most = 0.0;
    uint64_t below = 0;

    for (unsigned i = 0; i < CELLS - 1; i++) {
        below += tally->cell[i];
        most = fmax(most, fabs((double)below / n - (double)(i + 1) / CELLS));
    }
    return most;
}

static double coarse_chi_square(const Tally *tally, double n)
{
    uint64_t counts[COARSE] = { 0 };

    for (unsigned i = 0; i < CELLS; i++)
        counts[i / (CELLS / COARSE)] += tally->cell[i];
    return checks_chi_square(counts, COARSE, n / COARSE);
}

static double tails_chi_square(const Tally *tally, double n)
{
    double sum = 0.0;

    for (unsigned side = 0; side < 2; side++) {
        for (unsigned k = 1; k <= TAILS; k++) {
            const double expected = n * ldexp(1.0, k < TAILS ? -(int)k - 1 : -(int)k);
            const double found = (double)tally->tail[side][k];

            sum += (found - expected) * (found - expected) / expected;
        }
    }
    return sum;
}

/* The products of two independent uniform values less 1/2 have deviation 1/12. */
static double lags_chi_square(const Tally *tally, double n)
{
    double sum = 0.0;

    for (unsigned lag = 0; lag < LAGS; lag++)
        sum += tally->product[lag] * tally->product[lag] * 144.0 / n;
    return sum;
}

static void take_moments(Checks *checks, const Variate *variate, const double *sum, double n)
{
    for (unsigned k = 0; k < 2 && variate->moment[k].of; k++)
        checks_take_normal(checks, variate->name, variate->moment[k].name, n,
                           sum[k] / sqrt(n) / variate->moment[k].deviation);
}

static void check_variate(Checks *checks, const Variate *variate)
{
    const uint64_t chunks = (checks->draws + CHUNK - 1) / CHUNK;
    const double n = (double)(chunks * CHUNK);
    Tally *tally = g_new0(Tally, 1);
    Generator generator = { .state = 1 };
    double d;

    dx_rng_init(&generator.rng, 1, 0, variate->name, "test");
    tally_draws(tally, variate, &generator, chunks * CHUNK);
    d = distance(tally, n);
    checks_take(checks, variate->name, "Kolmogorov-Smirnov, sqrt(n) D", n, sqrt(n) * d, pvalue_ks(d, n));
    checks_take_chi_square(checks, variate->name, "chi-square, 1024 equal cells", n,
                           coarse_chi_square(tally, n), COARSE - 1);
    checks_take_chi_square(checks, variate->name, "chi-square, tails down to 2^-17", n,
                           tails_chi_square(tally, n), 2 * TAILS - 1);
    checks_take_chi_square(checks, variate->name, "chi-square, pairs of neighbours, 64 x 64", n,
                           checks_chi_square(tally->pair, PAIRS * PAIRS, n / 2.0 / (PAIRS * PAIRS)),
                           PAIRS * PAIRS - 1);
    checks_take_chi_square(checks, variate->name, "chi-square, correlations at lags 1 to 16", n,
                           lags_chi_square(tally, n), LAGS);
    take_moments(checks, variate, tally->sum, n);
    g_free(tally);
}

static void check_moments(Checks *checks, const Variate *variate)
{
    const uint64_t draws = CONTROL * checks->draws;
    Generator generator = { .state = 1 };
    double sum[2] = { 0 };

    dx_rng_init(&generator.rng, 1, 0, variate->name, "test");
    for (uint64_t i = 0; i < draws; i++) {
        const double x = variate->draw(&generator);

        for (unsigned k = 0; k < 2 && variate->moment[k].of; k++)
            sum[k] += variate->moment[k].of(x) - variate->moment[k].mean;
    }
    take_moments(checks, variate, sum, (double)draws);
}

void variates_check(Checks *checks)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(variates); i++)
        check_variate(checks, &variates[i]);
}

void variates_check_controls(Checks *checks)
{
    check_variate(checks, &short_unit);
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong_variates); i++)
        check_moments(checks, &wrong_variates[i]);
}
