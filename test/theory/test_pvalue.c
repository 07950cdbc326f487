/*
 * test_pvalue - the judge is judged: values of printed tables
 *
 * Chi-square and normal: Abramowitz and Stegun, tables 26.8 and 26.1. Kolmogorov: Smirnov, Ann. Math.
 * Statist. 19 (1948), table of L(z).
 */
#include <math.h>
#include <stddef.h>
#include "../suite.h"
#include "pvalue.h"

#define N(array) (sizeof(array) / sizeof *(array))

START_TEST(chi_square)
{
    static const struct {
        double degrees, x, p;
    } table[] = {
        { 1, 3.84146, 0.05 },    { 1, 10.8276, 0.001 },   { 2, 13.8155, 0.001 },  { 10, 18.3070, 0.05 },
        { 10, 2.15586, 0.995 },  { 30, 59.7031, 0.001 },  { 30, 13.7867, 0.995 }, { 100, 124.342, 0.05 },
        { 100, 149.449, 0.001 }, { 100, 67.3276, 0.995 },
    };

    for (size_t i = 0; i < N(table); i++)
        ck_assert_double_eq_tol(pvalue_chi_square(table[i].x, table[i].degrees) / table[i].p, 1.0, 1e-4);
    /* with two degrees it is an exponential, with very many nearly a normal (Wilson and Hilferty) */
    ck_assert_double_eq_tol(pvalue_chi_square(40.0, 2.0), exp(-20.0), 1e-20);
    ck_assert_double_eq_tol(pvalue_chi_square(1e6 * pow(1.0 - 2.0 / 9e6 + 3.0 * sqrt(2.0 / 9e6), 3.0), 1e6),
                            pvalue_normal(3.0), 1e-7);
}
END_TEST

START_TEST(normal)
{
    ck_assert_double_eq_tol(pvalue_normal(0.0), 0.5, 1e-15);
    ck_assert_double_eq_tol(pvalue_normal(1.0), 0.15865525393, 1e-11);
    ck_assert_double_eq_tol(pvalue_normal(-2.0), 0.97724986805, 1e-11);
    ck_assert_double_eq_tol(pvalue_normal(3.0), 0.00134989803, 1e-11);
}
END_TEST

START_TEST(kolmogorov)
{
    static const struct {
        double z, below;
    } table[] = {
        { 0.40, 0.002808 }, { 0.50, 0.036055 }, { 1.00, 0.730000 }, { 1.36, 0.950514 }, { 1.63, 0.990154 }
    };

    for (size_t i = 0; i < N(table); i++)
        ck_assert_double_eq_tol(1.0 - pvalue_ks(table[i].z / 1e9, 1e18), table[i].below, 1e-6);
    /* both series meet */
    ck_assert_double_eq_tol(pvalue_ks((1.0 - 1e-12) / 1e9, 1e18), pvalue_ks((1.0 + 1e-12) / 1e9, 1e18), 1e-9);
}
END_TEST

SUITE_MAIN("pvalue", 60, chi_square, normal, kolmogorov)
