/*
 * ber - Q, bit errors, Reed-Solomon codewords, frames
 *
 * No difference of nearly equal numbers: the error that rounding made on one side of a function is undone on
 * the other (W. Kahan); log(1 - p) is in geometric.c.
 *
 *   1 - exp(-x) = (1 - e) * x / -log(e)     e = exp(-x) as rounded
 *
 * Not modelled: errors that come in bursts, as decision feedback makes them; a scrambler that triples them.
 */
#include "ber.h"
#include "geometric.h"

#include <dxsim/dmath.h>
#include <float.h>
#include <math.h>
#include <stddef.h>

#define SQRT_2      1.4142135623730951
#define SYMBOL_BITS 10
#define Q_MAX       37.6 /* BER below the smallest normal number */

/* 1 - exp(-x), x >= 0 */
static double complement_of_exp(double x)
{
    const double e = dx_exp(-x);

    if (e == 1)
        return x;
    return e > 0.5 ? (1 - e) * (x / -dx_log(e)) : 1 - e;
}

double dx__ber_any(double p, double n)
{
    if (p >= 1)
        return 1;
    return p > 0 ? complement_of_exp(-n * dx__log_of_complement(p)) : 0;
}

double dx__ber_of_any(double any, double n)
{
    return dx__ber_any(any, 1 / n);
}

double dx__ber_of_q(double q)
{
    return dx_erfc(q / SQRT_2) / 2;
}

/* Down from an interval that holds the answer to two neighbouring numbers; @falls: f goes down with x. */
static double bisect(double (*f)(double x, const void *data), const void *data, double low, double high,
                     double target, bool falls)
{
    for (;;) {
        const double middle = low + (high - low) / 2;

        if (middle <= low || middle >= high)
            return middle;
        if ((f(middle, data) > target) == falls)
            low = middle;
        else
            high = middle;
    }
}

static double ber_at(double q, const void *data)
{
    (void)data;
    return dx__ber_of_q(q);
}

double dx__q_of_ber(double ber)
{
    if (ber >= 0.5)
        return 0;
    return bisect(ber_at, NULL, 0, Q_MAX, ber < DBL_MIN ? DBL_MIN : ber, true);
}

double dx__q_db(double q)
{
    return 20 * dx_log10(q);
}

double dx__fer_of_ber(double ber, uint32_t octets)
{
    return dx__ber_any(ber, 8.0 * octets);
}

double dx__ber_of_fer(double fer, uint32_t octets)
{
    return dx__ber_of_any(fer, 8.0 * octets);
}

/* -- Reed-Solomon -------------------------------------------------------------------------------------- */

const DxRs dx__rs_528_514 = { 528, 514 }, dx__rs_544_514 = { 544, 514 };

/* Every term by its logarithm: the first may be smaller than any number when the last is not. */
DxRsFailure dx__rs_failure(const DxRs *rs, double pre_ber)
{
    const unsigned t = (rs->n - rs->k) / 2;
    const double n = rs->n, s = dx__ber_any(pre_ber, SYMBOL_BITS);
    DxRsFailure failure = { .symbol = s };
    double log_right, log_choose = 0;

    if (s <= 0)
        return failure;
    if (s >= 1)
        return (DxRsFailure){ 1, 1, 1, pre_ber };
    log_right = dx__log_of_complement(s);
    for (unsigned i = 0; i < rs->n; i++) {
        double term;

        log_choose += dx_log((n - i) / (i + 1));
        if (i < t)
            continue;
        term = dx_exp(log_choose + (i + 1) * dx_log(s) + (n - i - 1) * log_right);
        failure.codeword += term;
        failure.post_symbol += term * ((i + 1) / n);
    }
    if (failure.codeword > 1)
        failure.codeword = 1;
    failure.post_bit = failure.post_symbol * (pre_ber / s);
    return failure;
}

static double codeword_at(double pre_ber, const void *data)
{
    return dx__rs_failure(data, pre_ber).codeword;
}

double dx__rs_threshold(const DxRs *rs, double codeword)
{
    return bisect(codeword_at, rs, 0, 0.5, codeword, false);
}

/* -- what is left -------------------------------------------------------------------------------------- */

const char *const dx__fec_names[] = { "none", "RS(528,514)", "RS(544,514)", "threshold", NULL };

DxResidual dx__fec_residual(DxFec fec, double limit, double pre_ber)
{
    switch (fec) {
    case DX_FEC_RS528:
        return (DxResidual){ dx__rs_failure(&dx__rs_528_514, pre_ber).codeword, DX_CODEWORD_BITS };
    case DX_FEC_RS544:
        return (DxResidual){ dx__rs_failure(&dx__rs_544_514, pre_ber).codeword, DX_CODEWORD_BITS };
    case DX_FEC_THRESHOLD:
        return (DxResidual){ pre_ber <= limit ? DX_FEC_FLOOR_BER : 1, 1 };
    case DX_FEC_NONE:
        break;
    }
    return (DxResidual){ pre_ber, 1 };
}

/*
 * n bits that begin at bit f of a codeword of w touch (f + n - 1) / w + 1 of them, rounded down: with
 * n - 1 = a w + r, that is a + 1 for w - r of the w beginnings, and a + 2 for r.
 */
double dx__residual_fer(const DxResidual *residual, uint32_t octets)
{
    const uint64_t bits = UINT64_C(8) * octets, width = residual->width_bits;
    const uint64_t whole = (bits - 1) / width, rest = (bits - 1) % width;
    const double share = (double)rest / (double)width;

    if (!bits)
        return 0;
    return (1 - share) * dx__ber_any(residual->probability, (double)whole + 1) +
           share * dx__ber_any(residual->probability, (double)whole + 2);
}
