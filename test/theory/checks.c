/*
 * checks - statistics gathered, judged, printed
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <glib.h>
#include "checks.h"
#include "pvalue.h"

void checks_take(Checks *checks, const char *subject, const char *test, double draws, double statistic,
                 double p)
{
    if (checks->n == checks->size) {
        checks->size = checks->size ? 2 * checks->size : 64;
        checks->check = g_renew(Check, checks->check, checks->size);
    }
    checks->check[checks->n++] = (Check){ subject, test, draws, statistic, p, checks->is_control };
}

void checks_take_chi_square(Checks *checks, const char *subject, const char *test, double draws, double x,
                            double degrees)
{
    checks_take(checks, subject, test, draws, x, pvalue_chi_square(x, degrees));
}

void checks_take_normal(Checks *checks, const char *subject, const char *test, double draws, double z)
{
    checks_take(checks, subject, test, draws, z, pvalue_normal(z));
}

double checks_chi_square(const uint64_t *counts, unsigned n, double expected)
{
    double sum = 0.0;

    for (unsigned i = 0; i < n; i++)
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    return sum;
}

static bool is_inside(const Check *check, double significance)
{
    return check->p >= significance / 2 && check->p <= 1.0 - significance / 2;
}

/* A control is found when one of its statistics falls outside. */
static bool is_found(const Checks *checks, const char *subject, double significance)
{
    bool found = false;

    for (unsigned i = 0; i < checks->n; i++)
        if (checks->check[i].is_control && strcmp(checks->check[i].subject, subject) == 0)
            found = found || !is_inside(&checks->check[i], significance);
    return found;
}

static unsigned n_judged(const Checks *checks)
{
    unsigned n = 0;

    for (unsigned i = 0; i < checks->n; i++)
        n += !checks->check[i].is_control;
    return n;
}

/* Significance of one. */
static double each(const Checks *checks)
{
    return CHECKS_SIGNIFICANCE / MAX(n_judged(checks), 1u);
}

unsigned checks_judge(const Checks *checks)
{
    const double significance = each(checks);
    unsigned failed = 0;

    for (unsigned i = 0; i < checks->n; i++) {
        const Check *check = &checks->check[i];

        if (check->is_control ? is_found(checks, check->subject, significance)
                              : is_inside(check, significance))
            continue;
        fprintf(stderr, "FAIL %s: %s is %g, p = %.3g%s\n", check->subject, check->test, check->statistic,
                check->p, check->is_control ? ": nothing found" : "");
        failed++;
    }
    return failed;
}

static void print_table(const Checks *checks, bool is_control, double significance)
{
    printf("| draws of | test | draws | statistic | p | |\n| --- | --- | --- | --- | --- | --- |\n");
    for (unsigned i = 0; i < checks->n; i++) {
        const Check *check = &checks->check[i];

        if (check->is_control == is_control)
            printf("| %s | %s | %.3g | %.4g | %.3g | %s |\n", check->subject, check->test, check->draws,
                   check->statistic, check->p, is_inside(check, significance) ? "inside" : "outside");
    }
}

void checks_print_markdown(const Checks *checks)
{
    const double significance = each(checks);

    printf("%u checks; *p* must lie in [%.3g, 1 - %.3g].\n\n", n_judged(checks), significance / 2,
           significance / 2);
    print_table(checks, false, significance);
    printf("\nDraws that are wrong on purpose: of each, at least one test must fall outside.\n\n");
    print_table(checks, true, significance);
}
