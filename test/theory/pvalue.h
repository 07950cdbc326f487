/*
 * pvalue.h - how likely is it that a right generator exceeds this?
 *
 * Upper tails of the distributions that statistics of tests have. These use libm: they judge, they draw
 * nothing.
 */
#ifndef DX_TEST_PVALUE_H
#define DX_TEST_PVALUE_H

/* Chi-square with @degrees of freedom. */
double pvalue_chi_square(double x, double degrees);
/* Standard normal. */
double pvalue_normal(double z);
/* Kolmogorov and Smirnov: @distance between an empirical distribution of @n values and the true one. */
double pvalue_ks(double distance, double n);

#endif
