/*
 * pvalue - upper tails by their series
 *
 *   chi-square   Q(degrees / 2, x / 2), the incomplete gamma function: Abramowitz and Stegun, Handbook of
 *                Mathematical Functions (1964), 6.5.29 (series) and 6.5.31 (continued fraction), 26.4.19
 *   KS           2 sum (-1)^(k-1) exp(-2 k^2 l^2), and for small l the same by Poisson's sum; l =
 *                (sqrt n + 0.12 + 0.11 / sqrt n) D: Stephens, J. Roy. Statist. Soc. B 32 (1970)
 */
#include <math.h>
#include "pvalue.h"

#define TERMS     100000
#define PRECISION 1e-15

/* Lower tail P(a, x), for x < a + 1. */
static double gamma_series(double a, double x)
{
    double term = 1.0 / a, sum = term;

    for (int n = 1; n < TERMS && term > sum * PRECISION; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * exp(a * log(x) - x - lgamma(a));
}

/* Upper tail Q(a, x), for x >= a + 1: modified Lentz. */
static double gamma_fraction(double a, double x)
{
    const double tiny = 1e-300;
    double b = x + 1.0 - a, c = 1.0 / tiny, d = 1.0 / b, h = d;

    for (int n = 1; n < TERMS; n++) {
        const double an = -n * (n - a);
        double step;

        b += 2.0;
        d = an * d + b;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = b + an / c;
        c = fabs(c) < tiny ? tiny : c;
        step = d * c;
        h *= step;
        if (fabs(step - 1.0) < PRECISION)
            break;
    }
    return h * exp(a * log(x) - x - lgamma(a));
}

double pvalue_chi_square(double x, double degrees)
{
    const double a = degrees / 2.0;

    if (!(x > 0.0))
        return 1.0;
    return x / 2.0 < a + 1.0 ? 1.0 - gamma_series(a, x / 2.0) : gamma_fraction(a, x / 2.0);
}

double pvalue_normal(double z)
{
    return 0.5 * erfc(z / sqrt(2.0));
}

double pvalue_ks(double distance, double n)
{
    const double root = sqrt(n), l = (root + 0.12 + 0.11 / root) * distance;
    double sum = 0.0;

    if (l < 0.04) /* below 10^-300 */
        return 1.0;
    if (l < 1.0) {
        for (int k = 1; k < 40; k += 2)
            sum += exp(-k * k * M_PI * M_PI / (8.0 * l * l));
        return 1.0 - sqrt(2.0 * M_PI) / l * sum;
    }
    for (int k = 1; k < 20; k++)
        sum += (k % 2 ? 2.0 : -2.0) * exp(-2.0 * k * k * l * l);
    return sum;
}
