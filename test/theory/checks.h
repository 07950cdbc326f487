/*
 * checks.h - statistics of random numbers, gathered and judged together
 *
 * The upper tail p of each statistic is uniform for a right generator, so it is bounded on both sides: a fit
 * that is too good is a fault too. All checks together fail a right generator with probability
 * CHECKS_SIGNIFICANCE (Bonferroni): p of each lies in [a / 2, 1 - a / 2] with a = CHECKS_SIGNIFICANCE / M
 * when there are M. Of a control, a generator that is wrong on purpose, at least one p must lie outside.
 */
#ifndef DX_TEST_CHECKS_H
#define DX_TEST_CHECKS_H

#include <stdbool.h>
#include <stdint.h>

#define CHECKS_SIGNIFICANCE 1e-3

typedef struct {
    const char *subject, *test;
    double draws, statistic, p;
    bool is_control;
} Check;

typedef struct {
    Check *check;
    unsigned n, size;
    uint64_t draws;  /* each check takes about so many */
    bool is_control; /* what is taken now */
} Checks;

/* Names are borrowed. */
void checks_take(Checks *checks, const char *subject, const char *test, double draws, double statistic,
                 double p);
void checks_take_chi_square(Checks *checks, const char *subject, const char *test, double draws, double x,
                            double degrees);
void checks_take_normal(Checks *checks, const char *subject, const char *test, double draws, double z);

/* Of @n cells expected to hold equally many. */
double checks_chi_square(const uint64_t *counts, unsigned n, double expected);

/* Complains to stderr. Returns how many failed. */
unsigned checks_judge(const Checks *checks);
void checks_print_markdown(const Checks *checks);

#endif
