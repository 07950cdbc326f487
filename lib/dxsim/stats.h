/*
 * dxsim/stats.h - what some replications say about the mean
 *
 * Replications of a run are independent, so the mean of n of them lies within t(n - 1) * sd / sqrt(n) of the
 * expected value as often as the confidence says: exactly where they are normal, nearly where n or the run is
 * not small. Sums are taken in the order given, so the same values give the same bits on every machine.
 */
#ifndef DXSIM_STATS_H
#define DXSIM_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <dxsim/time.h>

typedef struct {
    size_t n;
    double mean, sd, min, max; /* 0 of nothing; sd: of the sample, 0 below 2 values */
    bool has_interval;         /* n is at least 2 */
    double low, high;          /* confidence interval of the mean */
} DxStats;

/* @confidence: above 0 and below 1. @values are finite. */
DX_API DxStats dx_stats(const double *values, size_t n, double confidence);
/* Of @a[i] - @b[i]: under common random numbers far narrower than the two intervals. */
DX_API DxStats dx_stats_paired(const double *a, const double *b, size_t n, double confidence);

/* Student's t with @dof degrees of freedom, at least 1: the value that |t| stays below with probability
 * @confidence; relative error below 1e-12. */
DX_API double dx_stats_t(double confidence, size_t dof);

#endif
