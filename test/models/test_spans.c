/*
 * test_spans - lines of unequal spans: power, noise, what there is no amplifier for; cross connects; levels
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "../suite.h"
#include "../vectors.h"
#include "optics/chain.h"

#define NOISE_1550_DBM (-57.95344952801763) /* test/data/optics.json, osnr_constant_dbm */

/* Light of 1550 nm without a booster and without noise of its own, unless told otherwise. */
static DxOptic optic_of(double launch_dbm, double osnr_db)
{
    DxOptic optic = { 0 };

    dx_param_defaults(dx__optic_params, &optic);
    optic.rate_bps = 100000000000;
    optic.wavelength_min_nm = optic.wavelength_max_nm = 1550;
    optic.tx_min_dbm = optic.tx_max_dbm = launch_dbm;
    optic.rx_min_dbm = -30;
    optic.rx_max_dbm = 10;
    optic.tx_osnr_db = osnr_db;
    optic.required_osnr_db = 12;
    return optic;
}

static DxLine line_of(const DxLinePiece *spans, unsigned n)
{
    DxLine line = { 0 };

    dx_param_defaults(dx__line_params, &line);
    line.spans = spans;
    line.n_spans = n;
    return line;
}

/* As in the catalog: std_medium_gain of test/data/optics.json. */
static const DxAmplifier medium = { 15, 26, 23, 6, 10 };

/* -- noise --------------------------------------------------------------------------------------------- */

/* Every row of the table, span by span: no transmitter's noise (1000 dB), no booster. */
START_TEST(equal_spans_are_those_of_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    dx_json_each (row, vectors_get(doc, dx__json_root(doc), "osnr")) {
        const double launch_dbm = vectors_f64(doc, row, "launch_dbm"),
                     loss_db = vectors_f64(doc, row, "span_loss_db");
        const unsigned spans = (unsigned)vectors_u64(doc, row, "spans", 0);
        const DxLineSpan span = { .length_km = 100, .attenuation_db_per_km = loss_db / 100 };
        const DxOptic optic = optic_of(launch_dbm, 1000);
        DxLinePiece piece[30];
        DxLine line = line_of(piece, spans), even;
        DxBudget budget;

        for (unsigned i = 0; i < spans; i++)
            piece[i] = (DxLinePiece){ &span, DX_LINE_ANY_AMPLIFIER, NULL };
        line.launch_dbm = launch_dbm;
        line.noise_figure_db = vectors_f64(doc, row, "nf_db");
        budget = dx__budget(&line, &optic, &optic);
        ck_assert_msg(fabs(budget.osnr_db - vectors_f64(doc, row, "osnr_exact")) < 1e-9, "line %u: %.12g",
                      row->line, budget.osnr_db);
        even = line;
        even.n_spans = 0;
        even.amplifiers = spans;
        even.length_km = 100 * spans;
        even.attenuation_db_per_km = loss_db / 100;
        ck_assert(fabs(dx__budget(&even, &optic, &optic).osnr_db - budget.osnr_db) < 1e-9);
        ck_assert(fabs(dx__budget(&even, &optic, &optic).rx_min_dbm - budget.rx_min_dbm) < 1e-9);
        n++;
    }
    ck_assert_uint_eq(n, 35);
    dx__json_free(doc);
}
END_TEST

/*
 *   -3 dBm, booster to 2 dBm   100 km, 2 connectors   60 km of 0.25 dB/km   90 km, 4 splices, 3 dB of padding
 *   lost                       20 + 1 = 21            15                    18 + 0.4 + 3 = 21.4 dB
 *   noise figure   5.5         5                      6                     5.5
 *
 * OSNR: 57.953 - 3 - 5.5 = 49.453; 57.953 + 2 - 21 - 5 = 33.953; 57.953 + 2 - 15 - 6 = 38.953; 57.953 + 2
 * - 21.4 - 5.5 = 33.053; transmitter 40. Together 10^-4 + 10^-4.9453 + 10^-3.3953 + 10^-3.8953 + 10^-3.3053
 * = 1.13604e-3: 29.446 dB. What arrives is the launch power, and what the light has passed adds up: 250 km.
 */
START_TEST(unequal_spans_sum_their_noise)
{
    const DxLineSpan span[] = { { .length_km = 100, .connectors = 2, .noise_figure_db = 5 },
                                { .length_km = 60, .attenuation_db_per_km = 0.25, .noise_figure_db = 6 },
                                { .length_km = 90, .splices = 4, .attenuator_db = 3 } };
    const DxLinePiece piece[] = { { &span[0], NULL, NULL },
                                  { &span[1], NULL, NULL },
                                  { &span[2], DX_LINE_ANY_AMPLIFIER, NULL } };
    static const double osnr[] = { 40, -NOISE_1550_DBM - 8.5, -NOISE_1550_DBM - 24, -NOISE_1550_DBM - 19,
                                   -NOISE_1550_DBM - 24.9 };
    const DxOptic optic = optic_of(-3, 40);
    DxLine line = line_of(piece, 3);
    double noise = 0;
    DxBudget budget;

    line.launch_dbm = 2;
    budget = dx__budget(&line, &optic, &optic);
    for (unsigned i = 0; i < G_N_ELEMENTS(osnr); i++)
        noise += pow(10, -osnr[i] / 10);
    ck_assert_msg(fabs(budget.osnr_db - -10 * log10(noise)) < 1e-9, "%.12g", budget.osnr_db);
    ck_assert(fabs(budget.osnr_db - 29.446) < 0.001);
    ck_assert(fabs(budget.loss_db - 57.4) < 1e-9 && fabs(budget.span_db - 21.4) < 1e-9);
    ck_assert(fabs(budget.rx_min_dbm - -10) < 1e-9); /* the middle of -30 to 10: the level is set */
    ck_assert(fabs(budget.pmd_ps - 0.2 * sqrt(250)) < 1e-9);
    ck_assert(fabs(dx__line_length_km(&line) - 250) < 1e-9);
    /* 250 km at 1.468 and c */
    ck_assert(llabs((long long)dx__line_delay_ps(&line) - llround(250 * 1.468 / 299792.458 * 1e12)) <= 1);
}
END_TEST

/* -- power --------------------------------------------------------------------------------------------- */

/*
 * 1 dBm, 20 dB of fiber, 17 dB of gain: -2 dBm. 6 dB of fiber without an amplifier: -8. 4 dB, and an
 * amplifier that makes up for 10: -2 again. 5 dB and a cross connect of 0.5: -7.5 arrive, and nothing sets a
 * level there.
 */
START_TEST(power_is_followed_from_span_to_span)
{
    static const double in_dbm[] = { 1, -2, -8, -2 }, out_dbm[] = { -2, -8, -2, -7 },
                        gain_db[] = { 17, 0, 10, 0 };
    const DxLineSpan span[] = {
        { .length_km = 100, .gain_db = 17 }, { .length_km = 30 }, { .length_km = 20 }, { .length_km = 25 }
    };
    const DxLinePiece piece[] = { { &span[0], NULL, NULL },
                                  { &span[1], NULL, NULL },
                                  { &span[2], DX_LINE_ANY_AMPLIFIER, NULL },
                                  { &span[3], NULL, NULL } };
    const DxOptic optic = optic_of(1, 40);
    DxLine line = line_of(piece, 4);
    DxBudget budget;
    DxChain chain;

    line.launch_dbm = 1;
    line.cross.insertion_loss_db = 0.5;
    dx__chain_begin(&chain, &line, &optic);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert(dx__chain_next(&chain));
        ck_assert_msg(fabs(chain.in_dbm - in_dbm[i]) < 1e-9 && fabs(chain.span.gain_db - gain_db[i]) < 1e-9 &&
                          fabs(chain.signal.power_dbm - out_dbm[i]) < 1e-9,
                      "span %u: %g %g %g", i + 1, chain.in_dbm, chain.span.gain_db, chain.signal.power_dbm);
    }
    ck_assert(!dx__chain_next(&chain));
    budget = dx__budget(&line, &optic, &optic);
    ck_assert(fabs(budget.rx_min_dbm - -7.5) < 1e-9 && fabs(budget.rx_max_dbm - -7.5) < 1e-9);
    ck_assert_uint_eq(dx__line_n_amplifiers(&line), 2);
    line.attenuator_db = 2; /* what wear takes, on the last span */
    ck_assert(fabs(dx__budget(&line, &optic, &optic).rx_min_dbm - -9.5) < 1e-9);
    ck_assert(fabs(dx__budget(&line, &optic, &optic).loss_db - (budget.loss_db + 2)) < 1e-9);
    ck_assert(fabs(dx__budget(&line, &optic, &optic).osnr_db - budget.osnr_db) < 1e-12);
}
END_TEST

/* Without an amplifier spans are one fiber in pieces: what one length says, they say. */
START_TEST(spans_without_amplifiers_are_one_fiber)
{
    const DxLineSpan span[] = { { .length_km = 15, .connectors = 1 }, { .length_km = 25, .splices = 3 } };
    const DxLinePiece piece[] = { { &span[0], NULL, NULL }, { &span[1], NULL, NULL } };
    const DxOptic optic = optic_of(0, 40);
    DxLine line = line_of(piece, 2), one = line_of(NULL, 0);
    DxBudget a, b;

    one.length_km = 40;
    one.connectors = 1;
    one.splices = 3;
    a = dx__budget(&line, &optic, &optic);
    b = dx__budget(&one, &optic, &optic);
    ck_assert(fabs(a.rx_min_dbm - b.rx_min_dbm) < 1e-12 && fabs(a.rx_max_dbm - b.rx_max_dbm) < 1e-12);
    ck_assert(fabs(a.dispersion_ps_per_nm - b.dispersion_ps_per_nm) < 1e-9 && a.verdict == b.verdict);
    ck_assert(isinf(a.osnr_db) && isinf(b.osnr_db));
    ck_assert_int_eq(dx__line_delay_ps(&line), dx__line_delay_ps(&one));
}
END_TEST

/* -- amplifiers ---------------------------------------------------------------------------------------- */

/* F = F1 + C / 10^(2 G / 10) through both ends: least figure at most gain. */
START_TEST(noise_figure_falls_with_the_gain)
{
    const double least = pow(10, 0.6), most = pow(10, 1.0);
    const double c = (most - least) / (pow(10, -3.0) - pow(10, -5.2)), f1 = least - c * pow(10, -5.2);
    double before_db = 99;

    ck_assert(dx__amplifier_noise_db(&medium, 26) == 6 && dx__amplifier_noise_db(&medium, 15) == 10);
    ck_assert(dx__amplifier_noise_db(&medium, 40) == 6 && dx__amplifier_noise_db(&medium, 1) == 10);
    for (double gain_db = 15; gain_db <= 26; gain_db += 0.5) {
        const double figure_db = dx__amplifier_noise_db(&medium, gain_db);

        ck_assert(fabs(figure_db - 10 * log10(f1 + c * pow(10, -gain_db / 5))) < 1e-9);
        ck_assert(figure_db < before_db);
        before_db = figure_db;
    }
}
END_TEST

/* 80 km are 16 dB: medium gain does. 60 km are 12 and 140 are 28: it does not, in span 2. A gain of 25 dB
 * from -1 dBm puts out 24, and 23 is all there is. */
START_TEST(a_class_has_its_limits)
{
    static const struct {
        double length_km, gain_db, launch_dbm;
        unsigned beyond;
    } cases[] = { { 80, 0, 0, 0 },
                  { 60, 0, 0, DX_LIMIT_GAIN },
                  { 75, 0, 0, 0 },  /* 15 dB: just so */
                  { 130, 0, 0, 0 }, /* 26 dB */
                  { 140, 0, 0, DX_LIMIT_GAIN },
                  { 80, 25, 15, DX_LIMIT_OUTPUT },
                  { 80, 25, 14, 0 } }; /* 14 - 16 + 25 = 23 */
    const DxOptic optic = optic_of(0, 60);

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DxLineSpan first = { .length_km = 80 },
                         second = { .length_km = cases[i].length_km, .gain_db = cases[i].gain_db };
        const DxLinePiece piece[] = { { &first, "medium-gain", &medium },
                                      { &second, "medium-gain", &medium } };
        DxLine line = line_of(piece, 2);
        DxBudget budget;

        line.launch_dbm = cases[i].launch_dbm;
        budget = dx__budget(&line, &optic, &optic);
        ck_assert_msg((budget.beyond & (DX_LIMIT_GAIN | DX_LIMIT_OUTPUT)) == cases[i].beyond, "case %u", i);
        ck_assert_uint_eq(budget.at_span, cases[i].beyond ? 2 : 0);
    }
}
END_TEST

/* 30 km and 210 km: 6 and 42 dB, and no amplifier makes up for 42. Two alike make up for 24 each; done, it
 * closes. */
START_TEST(equal_distances_mend_what_is_unequal)
{
    const DxLineSpan span[] = { { .length_km = 30 }, { .length_km = 210 } };
    const DxLinePiece piece[] = { { &span[0], DX_LINE_ANY_AMPLIFIER, NULL },
                                  { &span[1], DX_LINE_ANY_AMPLIFIER, NULL } };
    const DxOptic optic = optic_of(0, 40);
    DxLine line = line_of(piece, 2);
    DxRemedy remedy[4];
    unsigned n;

    ck_assert_uint_eq(dx__budget(&line, &optic, &optic).at_span, 2);
    n = dx__budget_remedies(&line, &optic, &optic, NULL, 0, remedy, 4);
    ck_assert(n > 0 && remedy[0].kind == DX_REMEDY_AMPLIFIERS && remedy[0].n == 2);
    ck_assert(fabs(remedy[0].least_db - 24) < 1e-9);
    line.n_spans = 0;
    line.length_km = 240;
    line.amplifiers = 2;
    ck_assert_int_eq(dx__budget(&line, &optic, &optic).verdict, DX_VERDICT_CLOSES);
}
END_TEST

/* -- cross connect, levels ------------------------------------------------------------------------------ */

/* C10: 35 m are 171.385 ns (4.896721 us/km), 2 panels of 0.25 dB are 0.5, the fiber of 35 m 0.007. Given as a
 * whole, 0.5 dB are 0.5. */
START_TEST(a_cross_connect_is_length_and_loss)
{
    const DxOptic optic = optic_of(0, 40);
    DxLine line = line_of(NULL, 0), bare;
    const double alone_ps = 35e-3 * 1.468 / 299792.458 * 1e12;

    line.length_km = 10;
    bare = line;
    line.cross = (DxCrossConnect){ .length_km = 0.035, .panels = 2, .panel_db = 0.25 };
    ck_assert(fabs(dx__line_loss_db(&line, 1550) - (2 + 0.5 + 0.035 * 0.2)) < 1e-12);
    ck_assert(fabs(dx__line_cross_delay_ps(&line) - alone_ps) < 1e-6);
    ck_assert(llabs((long long)(dx__line_delay_ps(&line) - dx__line_delay_ps(&bare)) - llround(alone_ps)) <=
              1);
    line.cross = (DxCrossConnect){ .length_km = 0.035, .insertion_loss_db = 0.5 };
    ck_assert(fabs(dx__line_loss_db(&line, 1550) - 2.5) < 1e-12);
    ck_assert(fabs(dx__budget(&line, &optic, &optic).rx_min_dbm - -2.5) < 1e-12);
    /* the level that an amplifier sets is set behind it */
    line.amplifiers = 1;
    line.launch_dbm = -12;
    ck_assert(fabs(dx__budget(&line, &optic, &optic).rx_min_dbm - -12.5) < 1e-12);
}
END_TEST

SUITE_MAIN("spans", 60, equal_spans_are_those_of_the_table, unequal_spans_sum_their_noise,
           power_is_followed_from_span_to_span, spans_without_amplifiers_are_one_fiber,
           noise_figure_falls_with_the_gain, a_class_has_its_limits, equal_distances_mend_what_is_unequal,
           a_cross_connect_is_length_and_loss)
