/*
 * stats - means, and how far to trust them
 *
 *   P(|T| > t) = I_x(dof / 2, 1 / 2),  x = dof / (dof + t^2)
 *
 * I is the regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8,
 * evaluated as Lentz did). t is found by bisection: slow, and as exact as the fraction. Nothing from libm.
 */
#include <dxsim/dmath.h>
#include <dxsim/stats.h>

#include <glib.h>
#include <math.h>

#define TINY 1e-300

/* B(dof / 2, 1 / 2), from B(1/2, 1/2) = pi or B(1, 1/2) = 2 upwards: B(a + 1, b) = B(a, b) a / (a + b). */
static double beta_half(size_t dof)
{
    double beta = dof % 2 ? 3.14159265358979323846 : 2;

    for (double a = dof % 2 ? 0.5 : 1; 2 * a < (double)dof; a += 1)
        beta *= a / (a + 0.5);
    return beta;
}

static double away_from_0(double x)
{
    return x > -TINY && x < TINY ? TINY : x;
}

/* Converges fast for x < (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x)
{
    double c = 1, d = 1 / away_from_0(1 - (a + b) * x / (a + 1)), value = d;

    for (unsigned k = 1; k < 10000; k++) {
        const double m = k, even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step;

        d = 1 / away_from_0(1 + even * d);
        c = away_from_0(1 + even / c);
        value *= d * c;
        d = 1 / away_from_0(1 + odd * d);
        c = away_from_0(1 + odd / c);
        step = d * c;
        value *= step;
        if (ABS(step - 1) < 4e-16) /* rounding may never let it be 1 */
            break;
    }
    return value;
}

/* P(|T| > t); @beta is beta_half(@dof). */
static double two_tails(double t, size_t dof, double beta)
{
    const double a = (double)dof / 2, b = 0.5;
    const double x = (double)dof / ((double)dof + t * t), y = t * t / ((double)dof + t * t); /* 1 - x */
    double front;

    if (y == 0)
        return 1;
    /* x^a: of x near 1 by the logarithm of what it lacks would be finer, but a double of x is as fine as t is
     */
    front = dx_exp(a * dx_log(x) + b * dx_log(y)) / beta;
    if (x < (a + 1) / (a + b + 2))
        return front * fraction(a, b, x) / a;
    return 1 - front * fraction(b, a, y) / b;
}

double dx_stats_t(double confidence, size_t dof)
{
    double low = 0, high = 1, beta;

    g_return_val_if_fail(confidence > 0 && confidence < 1 && dof >= 1, 0);
    beta = beta_half(dof);
    while (two_tails(high, dof, beta) > 1 - confidence && high < 1e150)
        high *= 2;
    for (unsigned i = 0; i < 200 && high - low > high * 1e-15; i++) {
        const double middle = low + (high - low) / 2;

        if (two_tails(middle, dof, beta) > 1 - confidence)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Neumaier's sum: what is lost of each addition is kept apart. */
typedef struct {
    double sum, lost;
} Sum;

static void sum_add(Sum *sum, double x)
{
    const double next = sum->sum + x;

    sum->lost += ABS(sum->sum) >= ABS(x) ? (sum->sum - next) + x : (x - next) + sum->sum;
    sum->sum = next;
}

DxStats dx_stats(const double *values, size_t n, double confidence)
{
    DxStats stats = { .n = n };
    Sum sum = { 0, 0 }, squares = { 0, 0 };
    double half;

    if (!n)
        return stats;
    stats.min = stats.max = values[0];
    for (size_t i = 0; i < n; i++) {
        sum_add(&sum, values[i]);
        stats.min = MIN(stats.min, values[i]);
        stats.max = MAX(stats.max, values[i]);
    }
    stats.mean = stats.min == stats.max ? stats.min : (sum.sum + sum.lost) / (double)n;
    if (n < 2)
        return stats;
    for (size_t i = 0; i < n; i++)
        sum_add(&squares, (values[i] - stats.mean) * (values[i] - stats.mean));
    stats.sd = sqrt((squares.sum + squares.lost) / (double)(n - 1));
    half = dx_stats_t(confidence, n - 1) * stats.sd / sqrt((double)n);
    stats.has_interval = true;
    stats.low = stats.mean - half;
    stats.high = stats.mean + half;
    return stats;
}

DxStats dx_stats_paired(const double *a, const double *b, size_t n, double confidence)
{
    g_autofree double *difference = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++)
        difference[i] = a[i] - b[i];
    return dx_stats(difference, n, confidence);
}
