/*
 * Student's t against closed forms and the printed table; means and intervals against hand calculation.
 */
#include "suite.h"

#include <dxsim/dmath.h>
#include <dxsim/stats.h>

#include <check.h>
#include <glib.h>
#include <math.h>

static void near(double got, double want, double relative)
{
    ck_assert_msg(fabs(got - want) <= relative * fabs(want), "got %.17g, want %.17g", got, want);
}

/* dof 1: Cauchy, F = 1/2 + atan(t) / pi. dof 2: F = 1/2 + t / (2 sqrt(2 + t^2)). dof 4: F = 1/2 + 3/8 s (1 -
 * s^2 / 12), s = t / sqrt(1 + t^2 / 4). */
START_TEST(t_has_its_closed_forms)
{
    const double confidences[] = { 0.5, 0.8, 0.9, 0.95, 0.99, 0.999 };

    for (unsigned i = 0; i < G_N_ELEMENTS(confidences); i++) {
        const double c = confidences[i], t4 = dx_stats_t(c, 4), s = t4 / sqrt(1 + t4 * t4 / 4);

        near(dx_stats_t(c, 1), tan(G_PI * c / 2), 1e-11);
        near(dx_stats_t(c, 2), c * sqrt(2 / (1 - c * c)), 1e-11);
        near(2 * (0.375 * s * (1 - s * s / 12)), c, 1e-13);
    }
}
END_TEST

/* Abramowitz and Stegun, Handbook of Mathematical Functions (1964), table 26.10: percentage points, to 3
 * decimals. */
START_TEST(t_is_that_of_the_printed_table)
{
    static const struct {
        unsigned dof;
        double t90, t95, t99;
    } table[] = { { 1, 6.314, 12.706, 63.657 }, { 2, 2.920, 4.303, 9.925 },  { 3, 2.353, 3.182, 5.841 },
                  { 5, 2.015, 2.571, 4.032 },   { 9, 1.833, 2.262, 3.250 },  { 10, 1.812, 2.228, 3.169 },
                  { 15, 1.753, 2.131, 2.947 },  { 20, 1.725, 2.086, 2.845 }, { 29, 1.699, 2.045, 2.756 },
                  { 30, 1.697, 2.042, 2.750 },  { 60, 1.671, 2.000, 2.660 }, { 120, 1.658, 1.980, 2.617 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
        ck_assert_msg(fabs(dx_stats_t(0.90, table[i].dof) - table[i].t90) <= 0.000501, "90 %%, %u",
                      table[i].dof);
        ck_assert_msg(fabs(dx_stats_t(0.95, table[i].dof) - table[i].t95) <= 0.000501, "95 %%, %u",
                      table[i].dof);
        ck_assert_msg(fabs(dx_stats_t(0.99, table[i].dof) - table[i].t99) <= 0.000501, "99 %%, %u",
                      table[i].dof);
    }
}
END_TEST

/* Cornish-Fisher (Abramowitz and Stegun 26.7.5), whose next term is below 1e-15 there. z of 95
 * %: 1.959963984540054 */
START_TEST(t_of_many_is_the_normal_one)
{
    const double z = 1.959963984540054, n = 9999;
    const double g1 = (pow(z, 3) + z) / 4, g2 = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96;
    const double g3 = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384;

    near(dx_stats_t(0.95, 9999), z + g1 / n + g2 / (n * n) + g3 / (n * n * n), 1e-11);
}
END_TEST

/* Mean 5, squares 32 of 8 values: sd = sqrt(32 / 7); t(7) at 95 % is 2.365 (table 26.10). */
START_TEST(mean_and_interval)
{
    const double values[] = { 2, 4, 4, 4, 5, 5, 7, 9 };
    const DxStats stats = dx_stats(values, 8, 0.95);

    ck_assert_uint_eq(stats.n, 8);
    near(stats.mean, 5, 0);
    near(stats.sd, sqrt(32.0 / 7), 1e-15);
    ck_assert(stats.min == 2 && stats.max == 9 && stats.has_interval);
    near(stats.high - stats.mean, 2.364624 * sqrt(32.0 / 7) / sqrt(8), 1e-6);
    near(stats.mean - stats.low, stats.high - stats.mean, 1e-14);
}
END_TEST

START_TEST(few_or_equal_values_say_what_they_can)
{
    const double one[] = { 3 }, same[] = { 0.1, 0.1, 0.1 };
    const DxStats none = dx_stats(NULL, 0, 0.95), single = dx_stats(one, 1, 0.95),
                  equal = dx_stats(same, 3, 0.95);

    ck_assert(!none.n && !none.has_interval);
    ck_assert(single.n == 1 && single.mean == 3 && !single.has_interval);
    ck_assert(equal.mean == 0.1 && equal.sd == 0 && equal.low == 0.1 && equal.high == 0.1);
}
END_TEST

/* 1e16 + 1 + 1 - 1e16 = 2, which a plain sum of doubles does not find; the order is that given. */
START_TEST(sums_lose_nothing)
{
    const double values[] = { 1e16, 1, 1, -1e16 };

    ck_assert_double_eq(dx_stats(values, 4, 0.95).mean, 0.5);
}
END_TEST

/* a = b + 1 in every replication: nothing is left to doubt, whatever b is. */
START_TEST(paired_differences_forget_what_is_common)
{
    const double b[] = { 3, 1, 4, 1, 5 }, a[] = { 4, 2, 5, 2, 6 };
    const DxStats stats = dx_stats_paired(a, b, 5, 0.95);

    ck_assert(stats.mean == 1 && stats.sd == 0 && stats.low == 1 && stats.high == 1);
    ck_assert(dx_stats(a, 5, 0.95).high - dx_stats(b, 5, 0.95).low > 4);
}
END_TEST

SUITE_MAIN("stats", 10, t_has_its_closed_forms, t_is_that_of_the_printed_table, t_of_many_is_the_normal_one,
           mean_and_interval, few_or_equal_values_say_what_they_can, sums_lose_nothing,
           paired_differences_forget_what_is_common)
