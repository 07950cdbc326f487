/*
 * test_light - delay, loss, dispersion and noise are those of the reference values
 */
#include <math.h>
#include <string.h>
#include "../suite.h"
#include "../vectors.h"
#include "optics/budget.h"

/* Reference values have full precision, unless the table says two decimals. */
#define EXACT 1e-12

static void assert_near(double got, double want, double relative, const DxJson *row)
{
    ck_assert_msg(fabs(got - want) <= relative * fabs(want), "line %u: %.17g, expected %.17g", row->line, got,
                  want);
}

#define each_row(row, section) dx_json_each (row, vectors_get(doc, dx__json_root(doc), section))

static DxLine line_of(double length_km)
{
    DxLine line = { 0 };

    dx_param_defaults(dx__line_params, &line);
    line.length_km = length_km;
    return line;
}

/* -- time ---------------------------------------------------------------------------------------------- */

START_TEST(delay_is_length_times_index_over_c)
{
    DxJsonDoc *doc = vectors_load("optics.json");

    each_row(row, "delay")
    {
        const double index = vectors_f64(doc, row, "n"), us = dx__light_delay_ps(1, index, 20) / 1e6;

        assert_near(us, vectors_f64(doc, row, "us_per_km"), EXACT, row);
        assert_near(us, vectors_f64(doc, row, "ns_per_m"), EXACT, row);
        assert_near(1e9 / us, vectors_f64(doc, row, "speed_m_s"), EXACT, row);
    }
    dx__json_free(doc);
}
END_TEST

START_TEST(distances_take_as_long_as_in_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "distance_table")
    {
        const double km = vectors_f64(doc, row, "km");

        dx_json_each (member, row) {
            double ms;

            if (!g_str_has_suffix(member->key, "_ms") && !strstr(member->key, "_ms_"))
                continue;
            ck_assert(dx__json_double(member, &ms));
            assert_near(dx__light_delay_ps(km,
                                           !strcmp(member->key, "vacuum_ms")
                                               ? 1
                                               : g_ascii_strtod(member->key + strlen("one_way_ms_n_"), NULL),
                                           20) /
                            1e9,
                        ms, EXACT, row);
            n++;
        }
    }
    ck_assert_uint_eq(n, 15 * 5);
    dx__json_free(doc);
}
END_TEST

/* 100 km of route, 5 % more cable: 105 km * 1.468 / c = 514 155 696.3 ps; ten degrees more: 42 000 ps. */
START_TEST(a_line_is_longer_than_its_route_and_slower_when_warm)
{
    DxLine line = line_of(100);

    ck_assert_int_eq(dx__line_delay_ps(&line), INT64_C(489672092));
    line.route_factor = 1.05;
    ck_assert_int_eq(dx__line_delay_ps(&line), INT64_C(514155696));
    line.temperature_c = 30;
    ck_assert_int_eq(dx__line_delay_ps(&line), INT64_C(514155696) + 42000);
    line.temperature_c = 10;
    ck_assert_int_eq(dx__line_delay_ps(&line), INT64_C(514155696) - 42000);
    line.length_km = 0;
    ck_assert_int_eq(dx__line_delay_ps(&line), 0);
}
END_TEST

/* -- loss ---------------------------------------------------------------------------------------------- */

START_TEST(losses_are_those_of_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "levels")
    {
        DxLine line = line_of(vectors_f64(doc, row, "km"));

        dx_json_each (member, row) {
            double loss_db;

            if (!g_str_has_prefix(member->key, "loss_db_"))
                continue;
            ck_assert(dx__json_double(member, &loss_db));
            line.attenuation_db_per_km = g_ascii_strtod(member->key + strlen("loss_db_"), NULL);
            assert_near(dx__line_loss_db(&line, 1310), loss_db, EXACT, row);
            assert_near(dx__line_loss_db(&line, 1550), loss_db, EXACT, row);
            n++;
        }
    }
    ck_assert_uint_eq(n, 6 * 7);
    dx__json_free(doc);
}
END_TEST

/* The points themselves; half-way between two; G.652: 0.07 dB/km more at 1260 nm than at 1310. */
START_TEST(attenuation_depends_on_the_wavelength)
{
    const DxFiberKind kind = { .attenuation_1310_db_per_km = 0.40,
                               .attenuation_1383_db_per_km = 0.36,
                               .attenuation_1550_db_per_km = 0.20 };

    ck_assert(dx__light_attenuation(&kind, 1310) == 0.40);
    ck_assert(fabs(dx__light_attenuation(&kind, 1383) - 0.36) < 1e-15);
    ck_assert(fabs(dx__light_attenuation(&kind, 1550) - 0.20) < 1e-15);
    ck_assert(dx__light_attenuation(&kind, 1530) == 0.20); /* one value for the band */
    ck_assert(dx__light_attenuation(&kind, 1565) == 0.20);
    ck_assert(fabs(dx__light_attenuation(&kind, 1346.5) - 0.38) < 1e-15);
    ck_assert(fabs(dx__light_attenuation(&kind, 1456.5) - 0.28) < 1e-15);
    ck_assert(fabs(dx__light_attenuation(&kind, 1260) - 0.47) < 0.003);
    for (double nm = 1260; nm < 1600; nm += 0.5)
        ck_assert(dx__light_attenuation(&kind, nm) >= dx__light_attenuation(&kind, nm + 0.5));
}
END_TEST

/* 10 km * 0.35 + 4 * 0.5 + 5 * 0.1 + 2 * 0.4 + 3 = 9.8 dB at 1310 nm; 10 * 0.2 + 6.3 at 1550. */
START_TEST(a_line_adds_its_connections)
{
    DxLine line = line_of(10);

    line.connectors = 4;
    line.splices = 5;
    line.panels = 2;
    line.panel_db = 0.4;
    line.attenuator_db = 3;
    ck_assert(fabs(dx__line_fixed_db(&line) - 6.3) < 1e-14);
    ck_assert(fabs(dx__line_loss_db(&line, 1310) - 9.8) < 1e-14);
    ck_assert(fabs(dx__line_loss_db(&line, 1550) - 8.3) < 1e-14);
    line.route_factor = 1.5;
    ck_assert(fabs(dx__line_loss_db(&line, 1550) - 9.3) < 1e-14);
}
END_TEST

/* Two decimals in the table. */
START_TEST(a_loss_reaches_as_far_as_in_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "pmd")
    {
        const DxJson *reach = dx__json_member(doc, row, "reach_km_from_loss");
        const double alphas[] = { 0.40, 0.35, 0.20, 0.25 };
        const char *const keys[] = { "at_0_40_db_km", "at_0_35_db_km", "at_0_20_db_km", "at_0_25_db_km" };

        if (!reach)
            continue;
        for (unsigned i = 0; i < 4; i++, n++) {
            const double km = dx__light_reach_km(vectors_f64(doc, row, "channel_insertion_loss_max_db"),
                                                 vectors_f64(doc, reach, "connector_loss_db"), alphas[i]);

            ck_assert_msg(fabs(km - vectors_f64(doc, reach, keys[i])) <= 0.005 + 1e-9, "line %u: %g",
                          reach->line, km);
        }
    }
    ck_assert_uint_ge(n, 9 * 4);
    ck_assert(dx__light_reach_km(2, 2, 0.2) == 0);
    ck_assert(dx__light_reach_km(1, 2, 0.2) == 0);
    dx__json_free(doc);
}
END_TEST

/* -- dispersion ---------------------------------------------------------------------------------------- */

/* Where it is nearly zero two numbers of 30 ps/(nm km) are left of it: absolute there. */
START_TEST(dispersion_is_that_of_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "dispersion")
    {
        const double want = vectors_f64(doc, row, "D_ps_nm_km");
        const double got = dx__light_dispersion(vectors_f64(doc, row, "wavelength_nm"),
                                                vectors_f64(doc, row, "l0_nm"), vectors_f64(doc, row, "S0"));

        ck_assert_msg(fabs(got - want) <= 1e-9 * fabs(want) + 1e-13, "line %u: %.17g", row->line, got);
        n++;
    }
    ck_assert_uint_eq(n, 20);
    dx__json_free(doc);
}
END_TEST

/* The largest |D| of the corners: at 1550 nm 18.01 (zero at 1300), at 1271 nm 5.19 (zero at 1324). */
START_TEST(the_worst_fiber_of_a_kind_counts)
{
    DxLine line = line_of(1);

    ck_assert(fabs(dx__light_dispersion_worst(&line.kind, 1550, 1550) / 18.009692524587965 - 1) < 1e-9);
    ck_assert(fabs(dx__light_dispersion_worst(&line.kind, 1271, 1331) / 5.1895567637845295 - 1) < 1e-9);
    ck_assert(fabs(dx__light_dispersion_worst(&line.kind, 1550, 1565) / 18.857075722786014 - 1) < 1e-9);
    for (double zero = 1300; zero <= 1324; zero++)
        for (double nm = 1530; nm <= 1565; nm++)
            ck_assert(fabs(dx__light_dispersion(nm, zero, 0.092)) <=
                      dx__light_dispersion_worst(&line.kind, 1530, 1565));
    ck_assert(fabs(dx__light_pmd_ps(0.2, 100) - 2) < 1e-15); /* with the root of the length */
    ck_assert(fabs(dx__light_pmd_ps(0.04, 6.25) - 0.1) < 1e-15);
}
END_TEST

/* -- levels by distance -------------------------------------------------------------------------------- */

/* As in the table, whose rule is: 0 dBm less so much per km at the end of each step. */
START_TEST(briefing_levels_are_steps)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    DxLineStep steps[8];
    unsigned n = 0;

    each_row(row, "seed_level_table")
    {
        const DxJson *interval = vectors_get(doc, row, "interval_km");
        double to_km;

        ck_assert(dx__json_double(interval->child->next, &to_km));
        steps[n++] = (DxLineStep){ to_km, vectors_f64(doc, row, "seed_dbm") };
        assert_near(-steps[n - 1].level_dbm / to_km,
                    vectors_f64(doc, row, "implied_loss_db_per_km_at_far_end_0dBm"), EXACT, row);
    }
    ck_assert_uint_eq(n, 5);
    ck_assert(dx__light_step_level(steps, n, 0) == -3);
    ck_assert(dx__light_step_level(steps, n, 10) == -3);
    ck_assert(dx__light_step_level(steps, n, 10.001) == -10);
    ck_assert(dx__light_step_level(steps, n, 100) == -30);
    ck_assert(dx__light_step_level(steps, n, 160) == -40);
    ck_assert(dx__light_step_level(steps, n, 161) == -INFINITY);
    dx__json_free(doc);
}
END_TEST

/* -- amplifiers ---------------------------------------------------------------------------------------- */

START_TEST(osnr_is_that_of_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    const double noise_dbm = dx__light_noise_dbm(1550);
    unsigned n = 0;

    assert_near(noise_dbm, vectors_f64(doc, dx__json_root(doc), "osnr_constant_dbm"), EXACT,
                dx__json_root(doc));
    each_row(row, "osnr")
    {
        const double launch_dbm = vectors_f64(doc, row, "launch_dbm"),
                     loss_db = vectors_f64(doc, row, "span_loss_db");
        const double nf_db = vectors_f64(doc, row, "nf_db");
        const unsigned spans = (unsigned)vectors_u64(doc, row, "spans", 0);
        DxSpan span[30];
        DxSignal signal;

        for (unsigned i = 0; i < spans; i++)
            span[i] = (DxSpan){ loss_db, loss_db, nf_db };
        signal = dx__light_chain(noise_dbm, (DxSignal){ launch_dbm, INFINITY }, span, spans);
        assert_near(signal.osnr_db, vectors_f64(doc, row, "osnr_exact"), 1e-11, row);
        ck_assert(fabs(signal.power_dbm - launch_dbm) < 1e-12);
        assert_near(dx__light_osnr_equal(noise_dbm, launch_dbm, loss_db, nf_db, spans),
                    vectors_f64(doc, row, "osnr_exact"), EXACT, row);
        assert_near(dx__light_osnr_equal(DX_LIGHT_NOISE_RULE_DBM, launch_dbm, loss_db, nf_db, spans),
                    vectors_f64(doc, row, "osnr_58"), EXACT, row);
        n++;
    }
    ck_assert_uint_eq(n, 35);
    dx__json_free(doc);
}
END_TEST

/* Worked out with the constant of 58. */
START_TEST(formats_reach_as_far_as_in_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "osnr_reach")
    {
        const double span_km = vectors_f64(doc, row, "span_km");
        const unsigned spans =
            dx__light_spans(DX_LIGHT_NOISE_RULE_DBM, vectors_f64(doc, row, "launch_dbm"),
                            span_km * vectors_f64(doc, row, "alpha"), vectors_f64(doc, row, "nf_db"),
                            vectors_f64(doc, row, "required_osnr_db") + vectors_f64(doc, row, "margin_db"));

        ck_assert_uint_eq(spans, vectors_u64(doc, row, "max_spans", 0));
        assert_near(spans * span_km, vectors_f64(doc, row, "max_km"), EXACT, row);
        n++;
    }
    ck_assert_uint_eq(n, 10);
    ck_assert_uint_eq(dx__light_spans(-58, 0, 22, 5.5, 20.5), 10); /* 58 - 22 - 5.5 - 20.5 = 10 dB: just so */
    ck_assert_uint_eq(dx__light_spans(-58, 0, 22, 5.5, 31), 0);
    dx__json_free(doc);
}
END_TEST

/*
 * Two unequal spans from a transmitter of 36 dB. Noise -58 dBm for round numbers; inputs -20 and -13 dBm:
 * OSNR 58 - 20 - 6 = 32 and 58 - 13 - 5 = 40; 1 / (10^-3.6 + 10^-3.2 + 10^-4.0) = 30.094... dB. Fiber without
 * an amplifier at the end takes power and adds nothing.
 */
START_TEST(a_chain_sums_its_noise)
{
    const DxSpan spans[] = { { 20, 17, 6 }, { 10, 12, 5 }, { 4, 0, 0 } };
    const DxSignal signal = dx__light_chain(-58, (DxSignal){ 0, 36 }, spans, 3);
    const double want_db = -10 * log10(pow(10, -3.6) + pow(10, -3.2) + pow(10, -4.0));
    const DxSignal dark = dx__light_chain(-58, (DxSignal){ 0, INFINITY }, spans + 2, 1);

    ck_assert(fabs(signal.osnr_db - want_db) < 1e-12);
    ck_assert(fabs(signal.power_dbm - -5) < 1e-12);
    ck_assert(dark.osnr_db == INFINITY && dark.power_dbm == -4);
}
END_TEST

SUITE_MAIN("light", 60, delay_is_length_times_index_over_c, distances_take_as_long_as_in_the_table,
           a_line_is_longer_than_its_route_and_slower_when_warm, losses_are_those_of_the_table,
           attenuation_depends_on_the_wavelength, a_line_adds_its_connections,
           a_loss_reaches_as_far_as_in_the_table, dispersion_is_that_of_the_table,
           the_worst_fiber_of_a_kind_counts, briefing_levels_are_steps, osnr_is_that_of_the_table,
           formats_reach_as_far_as_in_the_table, a_chain_sums_its_noise)
