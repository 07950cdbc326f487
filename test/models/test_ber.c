/*
 * test_ber - Q, bit errors, codewords, frames: the reference values, and where rounding would show
 */
#include <math.h>
#include <string.h>
#include "../suite.h"
#include "../vectors.h"
#include "optics/ber.h"

/* Reference values have full precision. */
#define EXACT 1e-9

static void assert_near(double got, double want, double relative, const DxJson *row)
{
    ck_assert_msg(fabs(got - want) <= relative * fabs(want), "line %u: %.17g, expected %.17g", row->line, got,
                  want);
}

#define each_row(row, section) dx_json_each (row, vectors_get(doc, dx__json_root(doc), section))

static const DxRs *rs_of(double n)
{
    ck_assert(n == 528 || n == 544);
    return n == 528 ? &dx__rs_528_514 : &dx__rs_544_514;
}

START_TEST(q_and_bit_errors_are_those_of_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "q_ber")
    {
        const double ber = vectors_f64(doc, row, "ber"), q = vectors_f64(doc, row, "Q");

        assert_near(dx__q_of_ber(ber), q, EXACT, row);
        assert_near(dx__ber_of_q(q), ber, EXACT, row);
        assert_near(dx__q_db(q), vectors_f64(doc, row, "Q_db"), EXACT, row);
        n++;
    }
    ck_assert_uint_eq(n, 12);
    dx__json_free(doc);
}
END_TEST

/* One is the other's inverse over the whole range: a relative error e of BER is one of e / Q^2 of Q. */
START_TEST(q_of_ber_of_q_is_q)
{
    for (double q = 0.001; q < 37; q *= 1.07)
        ck_assert_msg(fabs(dx__q_of_ber(dx__ber_of_q(q)) - q) <= 1e-12 * q, "%.17g", q);
    ck_assert(dx__q_of_ber(0.5) == 0);
    ck_assert(dx__q_of_ber(1) == 0);
    ck_assert(dx__ber_of_q(0) == 0.5);
    ck_assert(isfinite(dx__q_of_ber(0)));
    for (double ber = 1e-300; ber < 0.4; ber *= 10)
        ck_assert(dx__q_of_ber(ber) > dx__q_of_ber(ber * 1.01));
}
END_TEST

START_TEST(frame_errors_are_those_of_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "frame_error_rate")
    {
        const uint32_t octets = (uint32_t)vectors_u64(doc, row, "frame_octets", 0);
        const double ber = vectors_f64(doc, row, "ber"), fer = vectors_f64(doc, row, "frame_error_rate");

        assert_near(dx__fer_of_ber(ber, octets), fer, 1e-14, row);
        assert_near(dx__ber_of_fer(fer, octets), ber, 1e-13, row);
        n++;
    }
    ck_assert_uint_eq(n, 40);
    each_row(row, "ber_for_loss_1e_6")
    {
        const uint32_t octets = (uint32_t)vectors_u64(doc, row, "frame_octets", 0);

        assert_near(dx__ber_of_fer(vectors_f64(doc, row, "frame_error_rate"), octets),
                    vectors_f64(doc, row, "ber"), EXACT, row);
        n++;
    }
    ck_assert_uint_eq(n, 44);
    dx__json_free(doc);
}
END_TEST

/* Nothing cancels: for n p far below one, any = n p (1 - (n - 1) p / 2); and certain is certain. */
START_TEST(the_smallest_probabilities_survive)
{
    for (double p = 1e-9; p > 1e-300; p /= 10) {
        ck_assert(fabs(dx__ber_any(p, 4) / (4 * p * (1 - 1.5 * p)) - 1) < 1e-15);
        ck_assert(fabs(dx__ber_of_any(4 * p * (1 - 1.5 * p), 4) / p - 1) < 1e-15);
    }
    ck_assert(dx__ber_any(0, 12144) == 0);
    ck_assert(dx__ber_any(1, 12144) == 1);
    ck_assert(dx__ber_any(0.5, 12144) == 1);
    ck_assert(dx__ber_any(0.5, 3) == 0.875);
}
END_TEST

START_TEST(codewords_fail_as_in_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "rs_fec")
    {
        const DxRs *rs = rs_of(vectors_f64(doc, row, "n"));
        const DxRsFailure failure = dx__rs_failure(rs, vectors_f64(doc, row, "pre_ber"));

        ck_assert_uint_eq((rs->n - rs->k) / 2, vectors_u64(doc, row, "t", 0));
        ck_assert_uint_eq(rs->k, vectors_u64(doc, row, "k", 0));
        assert_near(failure.symbol, vectors_f64(doc, row, "symbol_error"), 1e-12, row);
        assert_near(failure.codeword, vectors_f64(doc, row, "codeword_failure"), EXACT, row);
        assert_near(failure.post_symbol, vectors_f64(doc, row, "post_ser"), EXACT, row);
        assert_near(failure.post_bit, vectors_f64(doc, row, "post_ber_approx"), EXACT, row);
        n++;
    }
    ck_assert_uint_ge(n, 16);
    dx__json_free(doc);
}
END_TEST

START_TEST(codes_reach_their_thresholds)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "rs_fec_thresholds")
    {
        const DxRs *rs = rs_of(strstr(vectors_get(doc, row, "code")->text, "528") ? 528 : 544);

        assert_near(dx__rs_threshold(rs, vectors_f64(doc, row, "codeword_failure")),
                    vectors_f64(doc, row, "pre_ber"), EXACT, row);
        n++;
    }
    ck_assert_uint_eq(n, 10);
    dx__json_free(doc);
}
END_TEST

/* A code that corrects everything but the case that all symbols are wrong: s^n. And certainty. */
START_TEST(a_codeword_has_its_closed_forms)
{
    const DxRs one = { 1, 1 }, three = { 3, 1 };

    for (double p = 1e-12; p < 1; p *= 7) {
        const double s = dx__ber_any(p, 10), two = 3 * s * s * (1 - s) + s * s * s;

        ck_assert(fabs(dx__rs_failure(&one, p).codeword / s - 1) < 1e-12);
        ck_assert(fabs(dx__rs_failure(&three, p).codeword / two - 1) < 1e-12);
    }
    for (unsigned i = 0; i < 2; i++) {
        const DxRs *rs = rs_of(i ? 528 : 544);

        ck_assert(dx__rs_failure(rs, 0).codeword == 0);
        ck_assert(dx__rs_failure(rs, 1).codeword == 1);
        ck_assert(fabs(dx__rs_failure(rs, 0.5).codeword - 1) < 1e-12);
        for (double p = 1e-6; p < 0.4; p *= 1.1)
            ck_assert(dx__rs_failure(rs, p).codeword <= dx__rs_failure(rs, p * 1.1).codeword * (1 + 1e-12));
    }
}
END_TEST

/* -- frames behind a decoder --------------------------------------------------------------------------- */

/* Over all places of a codeword where a frame may begin, counted one by one. */
static double counted(double p, uint32_t width, uint32_t octets)
{
    double sum = 0;

    for (uint32_t first = 0; first < width; first++)
        sum += dx__ber_any(p, (first + 8 * octets - 1) / width + 1);
    return sum / width;
}

START_TEST(a_codeword_takes_every_frame_that_it_overlaps)
{
    static const uint32_t octets[] = { 64, 639, 640, 641, 1280, 1281, 1518, 9023 };
    static const double failures[] = { 1e-12, 1e-3, 0.5, 1 };

    for (unsigned i = 0; i < G_N_ELEMENTS(octets); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(failures); k++) {
            const DxResidual residual = { failures[k], DX_CODEWORD_BITS };
            const double want = counted(failures[k], DX_CODEWORD_BITS, octets[i]);

            ck_assert_msg(fabs(dx__residual_fer(&residual, octets[i]) / want - 1) < 1e-12, "%u octets",
                          octets[i]);
        }
    /* a bit of one's own: the plain law */
    ck_assert(dx__residual_fer(&(DxResidual){ 1e-9, 1 }, 1518) == dx__fer_of_ber(1e-9, 1518));
    ck_assert(dx__residual_fer(&(DxResidual){ 1, 1 }, 64) == 1);
}
END_TEST

/* As the objective is read, 6.2e-10 of frames of 64 octets: without a code at 1e-12, with one at its limit.
 */
START_TEST(what_is_left_depends_on_the_code)
{
    DxResidual left = dx__fec_residual(DX_FEC_NONE, 1e-12, 1e-12);

    ck_assert(left.probability == 1e-12 && left.width_bits == 1);
    left = dx__fec_residual(DX_FEC_RS528, 5e-5, 5e-5);
    ck_assert(left.probability == dx__rs_failure(&dx__rs_528_514, 5e-5).codeword);
    ck_assert_uint_eq(left.width_bits, DX_CODEWORD_BITS);
    ck_assert(dx__residual_fer(&left, 64) < 6.2e-10);
    left = dx__fec_residual(DX_FEC_RS544, 2.4e-4, 2.4e-4);
    ck_assert(left.probability == dx__rs_failure(&dx__rs_544_514, 2.4e-4).codeword);
    ck_assert(dx__residual_fer(&left, 64) < 6.2e-10);
    left = dx__fec_residual(DX_FEC_THRESHOLD, 1.25e-2, 1.25e-2);
    ck_assert(left.probability == 1e-15 && left.width_bits == 1);
    ck_assert(dx__fec_residual(DX_FEC_THRESHOLD, 1.25e-2, 1.26e-2).probability == 1);
}
END_TEST

SUITE_MAIN("ber", 60, q_and_bit_errors_are_those_of_the_table, q_of_ber_of_q_is_q,
           frame_errors_are_those_of_the_table, the_smallest_probabilities_survive,
           codewords_fail_as_in_the_table, codes_reach_their_thresholds, a_codeword_has_its_closed_forms,
           a_codeword_takes_every_frame_that_it_overlaps, what_is_left_depends_on_the_code)
