/*
 * test_optic - optics as they are listed, budgets that close or do not, and what would mend them
 */
#include <math.h>
#include <string.h>
#include "../suite.h"
#include "../vectors.h"
#include "optics/budget.h"

extern const char *const dx__embedded_optics_2026_09;

#define each_row(row, section) dx_json_each (row, vectors_get(doc, dx__json_root(doc), section))

/* -- the catalog, read as a scenario would read it ----------------------------------------------------- */

static DxJsonDoc *catalog_open(void)
{
    unsigned line, column;
    GError *error = NULL;
    DxJsonDoc *doc = dx__json_parse(dx__embedded_optics_2026_09, strlen(dx__embedded_optics_2026_09), &line,
                                    &column, &error);

    ck_assert_msg(doc != NULL, "%u:%u: %s", line, column, error ? error->message : "");
    return doc;
}

/* All but where it comes from. */
static void catalog_fill(const DxJson *entry, const DxParam *params, void *conf)
{
    unsigned sources = 0;

    dx_param_defaults(params, conf);
    dx_json_each (member, entry) {
        const DxParam *param = dx_param_find(params, member->key);
        GError *error = NULL;

        if (!strcmp(member->key, "source") || !strcmp(member->key, "confidence")) {
            sources += member->text[0] != 0;
            continue;
        }
        ck_assert_msg(param != NULL, "line %u: \"%s\" is unknown", member->line, member->key);
        if (!dx_param_set(param, conf, member->text, &error))
            ck_abort_msg("line %u: %s", member->line, error->message);
    }
    ck_assert_msg(sources == 2, "line %u: source and confidence", entry->line);
}

static DxOptic optic_of(const char *name)
{
    DxJsonDoc *doc = catalog_open();
    const char *key = NULL;
    DxOptic optic = { 0 };
    GError *error = NULL;

    catalog_fill(vectors_get(doc, vectors_get(doc, dx__json_root(doc), "optics"), name), dx__optic_params,
                 &optic);
    ck_assert_msg(dx__optic_check(&optic, &key, &error), "%s: %s", name, key);
    dx__json_free(doc);
    return optic;
}

static DxLine line_of(const char *fiber, double length_km)
{
    DxJsonDoc *doc = catalog_open();
    DxLine line = { 0 };

    catalog_fill(vectors_get(doc, vectors_get(doc, dx__json_root(doc), "fibers"), fiber), dx__line_params,
                 &line);
    line.length_km = length_km;
    dx__json_free(doc);
    return line;
}

static const struct {
    const char *listed, *name;
    double min_nm, max_nm;
} rows[] = {
    { "1000BASE-LX (SMF)", "1000BASE-LX", 1270, 1355 },
    { "1000BASE-LX10", "1000BASE-LX10", 1260, 1360 },
    { "1000BASE-LX/LH vendor", "1000BASE-LH", 1275, 1355 },
    { "10GBASE-LR", "10GBASE-LR", 1260, 1355 },
    { "10GBASE-ER", "10GBASE-ER", 1530, 1565 },
    { "10GBASE-ZR", "10GBASE-ZR", 1530, 1565 },
    { "100GBASE-LR4", "100GBASE-LR4", 1295.56, 1309.14 },
    { "100GBASE-ER4", "100GBASE-ER4", 1295.56, 1309.14 },
    { "100G ZR4 (QSFP28)", "100G-ZR4", 1295.56, 1309.14 },
    { "400GBASE-FR4", "400GBASE-FR4", 1271, 1331 },
    { "400G-LR4-10", "400G-LR4-10", 1271, 1331 },
    { "400GBASE-LR8", "400GBASE-LR8", 1273.54, 1309.14 },
    { "400ZR", "400ZR", 1530, 1565 },
};

static double number_or(DxJsonDoc *doc, const DxJson *row, const char *key, double fallback)
{
    const DxJson *member = dx__json_member(doc, row, key);

    return member && member->type == DX_JSON_NUMBER ? vectors_f64(doc, row, key) : fallback;
}

static void assert_listed(DxJsonDoc *doc, const DxJson *row, const DxOptic *optic)
{
    const char *fec = vectors_get(doc, row, "fec")->text;

    ck_assert(optic->rate_bps == vectors_u64(doc, row, "rate_gbps", 0) * 1000000000);
    ck_assert(optic->lanes == (int64_t)vectors_u64(doc, row, "lanes", 0));
    ck_assert(optic->reach_km == vectors_f64(doc, row, "reach_km"));
    ck_assert(optic->tx_min_dbm == vectors_f64(doc, row, "tx_avg_min_dbm_per_lane"));
    ck_assert(optic->tx_max_dbm == vectors_f64(doc, row, "tx_avg_max_dbm_per_lane"));
    ck_assert(optic->rx_min_dbm == vectors_f64(doc, row, "rx_avg_min_dbm_per_lane"));
    ck_assert(optic->rx_max_dbm == number_or(doc, row, "rx_avg_max_dbm_per_lane", 99));
    ck_assert(optic->channel_loss_db == number_or(doc, row, "channel_insertion_loss_max_db", 0));
    ck_assert(optic->ber_limit == vectors_f64(doc, row, "pre_fec_ber_limit"));
    ck_assert_int_eq(optic->fec, g_str_has_prefix(fec, "RS(528,514)") ? DX_FEC_RS528
                                 : !strcmp(fec, "RS(544,514)")        ? DX_FEC_RS544
                                 : !strcmp(fec, "CFEC")               ? DX_FEC_THRESHOLD
                                                                      : DX_FEC_NONE);
    ck_assert(optic->dispersion_ps_per_nm ==
              number_or(doc, row, "cd_tolerance_ps_nm", optic->dispersion_ps_per_nm));
    ck_assert((double)optic->pmd_ps == number_or(doc, row, "pmd_tolerance_ps", 0));
    ck_assert(fabs(optic->tx_min_dbm - optic->rx_min_dbm - vectors_f64(doc, row, "avg_power_window_db")) <
              1e-9);
}

/* One row is left out: it has no powers. */
START_TEST(optics_are_as_in_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    unsigned n = 0;

    each_row(row, "pmd")
    {
        const char *listed = vectors_get(doc, row, "name")->text;
        DxOptic optic;

        if (!strcmp(listed, "100GBASE-ZR"))
            continue;
        ck_assert_msg(n < G_N_ELEMENTS(rows) && !strcmp(rows[n].listed, listed), "%s", listed);
        optic = optic_of(rows[n].name);
        assert_listed(doc, row, &optic);
        ck_assert(optic.wavelength_min_nm == rows[n].min_nm && optic.wavelength_max_nm == rows[n].max_nm);
        n++;
    }
    ck_assert_uint_eq(n, G_N_ELEMENTS(rows));
    dx__json_free(doc);
}
END_TEST

START_TEST(the_other_class_of_400zr_is_as_in_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    const DxOptic amplified = optic_of("400ZR"), plain = optic_of("400ZR-unamplified");
    unsigned n = 0;

    each_row(row, "pmd")
    {
        if (strcmp(vectors_get(doc, row, "name")->text, "400ZR"))
            continue;
        ck_assert(amplified.required_osnr_db == vectors_f64(doc, row, "required_osnr_db"));
        ck_assert(plain.rx_min_dbm == vectors_f64(doc, row, "rx_avg_min_dbm_unamplified"));
        ck_assert(plain.tx_osnr_db == vectors_f64(doc, row, "required_osnr_db_unamplified"));
        n++;
    }
    ck_assert_uint_eq(n, 1);
    dx__json_free(doc);
}
END_TEST

/* As the standard defines it: what the weakest transmitter sends through the worst channel suffices. To 0.1
 * dB, the resolution of the tables. */
START_TEST(sensitivity_is_launch_less_channel)
{
    static const char *const names[] = { "10GBASE-LR",   "100GBASE-LR4", "100GBASE-ER4",
                                         "400GBASE-FR4", "400G-LR4-10",  "400GBASE-LR8" };

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        const DxOptic optic = optic_of(names[i]);

        ck_assert_msg(fabs(optic.tx_min_dbm - optic.channel_loss_db - optic.rx_min_dbm) < 0.1 + 1e-9, "%s",
                      names[i]);
    }
}
END_TEST

START_TEST(fibers_are_as_in_the_tables)
{
    DxJsonDoc *doc = vectors_load("optics.json");
    const DxJson *fiber = vectors_get(doc, dx__json_root(doc), "fiber");
    const DxJson *g652 = vectors_get(doc, fiber, "G652D"),
                 *planning = vectors_get(doc, fiber, "cabled_planning_db_km");
    const DxJson *most = vectors_get(doc, g652, "attenuation_max_db_km");
    const DxJson *typical = vectors_get(doc, vectors_get(doc, fiber, "typical"), "attenuation_db_km");
    DxFiberKind kind = line_of("G.652.D", 1).kind;

    ck_assert(kind.attenuation_1310_db_per_km == vectors_f64(doc, most, "1310-1625"));
    ck_assert(kind.attenuation_1383_db_per_km == vectors_f64(doc, most, "1383"));
    ck_assert(kind.attenuation_1550_db_per_km == vectors_f64(doc, most, "1530-1565"));
    ck_assert(kind.slope_ps_per_nm2_km == vectors_f64(doc, g652, "S0_max"));
    ck_assert(kind.pmd_ps_per_sqrt_km == vectors_f64(doc, g652, "pmd_link_design_ps_sqrt_km"));
    ck_assert_str_eq(vectors_get(doc, g652, "zero_dispersion_nm")->child->text, "1300");
    ck_assert(kind.zero_min_nm == 1300 && kind.zero_max_nm == 1324);
    kind = line_of("typical", 1).kind;
    ck_assert(kind.attenuation_1310_db_per_km == vectors_f64(doc, typical, "1310"));
    ck_assert(kind.attenuation_1550_db_per_km == vectors_f64(doc, typical, "1550"));
    ck_assert(line_of("OS1a", 1).kind.attenuation_1310_db_per_km ==
              vectors_f64(doc, planning, "OS1a_indoor"));
    ck_assert(line_of("indoor-outdoor", 1).kind.attenuation_1550_db_per_km ==
              vectors_f64(doc, planning, "indoor_outdoor"));
    ck_assert(line_of("OS2", 1).kind.attenuation_1383_db_per_km == vectors_f64(doc, planning, "OS2"));
    ck_assert(line_of("ultra-low-loss", 1).kind.attenuation_1310_db_per_km ==
              0.31); /* as in the data sheets found */
    ck_assert(line_of("ultra-low-loss", 1).kind.attenuation_1550_db_per_km == 0.17);
    ck_assert(line_of("cabled", 1).kind.attenuation_1310_db_per_km == 0.40);
    ck_assert(line_of("cabled", 1).kind.attenuation_1550_db_per_km == 0.28);
    /* defaults of a line are what one plans with */
    ck_assert(line_of("typical", 1).connector_db ==
              vectors_f64(doc, vectors_get(doc, fiber, "connector_db"), "planning"));
    ck_assert(line_of("typical", 1).splice_db ==
              vectors_f64(doc, vectors_get(doc, fiber, "splice_db"), "fusion_planning"));
    dx__json_free(doc);
}
END_TEST

static double quantity(DxJsonDoc *doc, const DxJson *entry, const char *key, DxUnit unit)
{
    int64_t value;

    ck_assert(dx_units_parse(unit, vectors_get(doc, entry, key)->text, &value, NULL));
    return (double)value / 1000;
}

START_TEST(amplifiers_and_formats_are_as_in_the_tables)
{
    static const char *const names[] = { "low-gain", "medium-gain", "high-gain", "fixed-gain" };
    DxJsonDoc *doc = vectors_load("optics.json"), *catalog = catalog_open();
    const DxJson *models = vectors_get(doc, vectors_get(doc, dx__json_root(doc), "edfa"), "gnpy_models");
    const DxJson *listed = vectors_get(catalog, dx__json_root(catalog), "amplifiers");
    const DxJson *formats = vectors_get(catalog, dx__json_root(catalog), "formats");
    unsigned n = 0;

    dx_json_each (model, models) {
        const DxJson *entry = vectors_get(catalog, listed, names[n++]);

        ck_assert(quantity(catalog, entry, "gain_min", DX_UNIT_GAIN) == vectors_f64(doc, model, "gain_min"));
        ck_assert(quantity(catalog, entry, "gain_max", DX_UNIT_GAIN) ==
                  vectors_f64(doc, model, "gain_flatmax"));
        ck_assert(quantity(catalog, entry, "power_max", DX_UNIT_POWER) ==
                  vectors_f64(doc, model, "p_max_dbm"));
        ck_assert(quantity(catalog, entry, "noise_figure_min", DX_UNIT_GAIN) ==
                  number_or(doc, model, "nf_min_db", number_or(doc, model, "nf_db", 0)));
        ck_assert(quantity(catalog, entry, "noise_figure_max", DX_UNIT_GAIN) ==
                  number_or(doc, model, "nf_max_db", number_or(doc, model, "nf_db", 0)));
    }
    ck_assert_uint_eq(n, 4);
    each_row(row, "osnr_reach")
    {
        const char *format = vectors_get(doc, row, "format")->text;
        const char *name = strstr(format, "NRZ")       ? "10G-NRZ"
                           : strstr(format, "DP-QPSK") ? "100G-DP-QPSK"
                           : strstr(format, "200G")    ? "200G"
                           : strstr(format, "ZR")      ? "400ZR"
                                                       : "400G";

        ck_assert(quantity(catalog, vectors_get(catalog, formats, name), "required_osnr", DX_UNIT_GAIN) ==
                  vectors_f64(doc, row, "required_osnr_db"));
    }
    dx__json_free(catalog);
    dx__json_free(doc);
}
END_TEST

START_TEST(the_steps_of_the_briefing_are_as_in_the_table)
{
    DxJsonDoc *doc = vectors_load("optics.json"), *catalog = catalog_open();
    const DxJson *levels = vectors_get(catalog, dx__json_root(catalog), "levels");
    const DxJson *step =
        vectors_get(catalog, vectors_get(catalog, levels, "briefing-levels"), "steps")->child;

    each_row(row, "seed_level_table")
    {
        const char *to = vectors_get(catalog, step, "to")->text;
        g_autofree char *end =
            g_strconcat(vectors_get(doc, row, "interval_km")->child->next->text, " km", NULL);

        ck_assert_str_eq(to, end);
        ck_assert(quantity(catalog, step, "level", DX_UNIT_POWER) == vectors_f64(doc, row, "seed_dbm"));
        step = step->next;
    }
    ck_assert(step == NULL);
    dx__json_free(catalog);
    dx__json_free(doc);
}
END_TEST

/* -- receivers ----------------------------------------------------------------------------------------- */

/* At the limit exactly the limit; 3 dB more light is 10^0.3 of Q when detected directly, 10^0.15 with a local
 * oscillator, and so is 3 dB more OSNR. */
START_TEST(q_follows_the_light)
{
    const DxOptic lr = optic_of("10GBASE-LR"), zr = optic_of("400ZR");
    const double q_lr = 7.034483825301132, q_zr = 2.241402727604945; /* of 1e-12 and 1.25e-2 */

    ck_assert(fabs(dx__optic_q(&lr, -14.4, INFINITY, 0) / q_lr - 1) < 1e-12);
    ck_assert(fabs(dx__optic_q(&lr, -11.4, INFINITY, 0) / q_lr - pow(10, 0.3)) < 1e-12);
    ck_assert(fabs(dx__optic_q(&lr, -11.4, INFINITY, 3) / q_lr - 1) < 1e-12);
    ck_assert(fabs(dx__optic_q(&zr, -12, INFINITY, 0) / q_zr - 1) < 1e-12);
    ck_assert(fabs(dx__optic_q(&zr, -9, INFINITY, 0) / q_zr - pow(10, 0.15)) < 1e-12);
    ck_assert(fabs(dx__optic_q(&zr, -6, 26, 0) / q_zr - 1) < 1e-12); /* the smaller counts */
    ck_assert(fabs(dx__optic_q(&zr, -6, 28, 2) / q_zr - 1) < 1e-12);
    ck_assert(fabs(dx__optic_q(&zr, -12, 40, 0) / q_zr - 1) < 1e-12);
    ck_assert(dx__optic_q(&lr, -14.4, INFINITY, INFINITY) == 0);
    ck_assert(dx__optic_q(&lr, -INFINITY, INFINITY, 0) == 0);
    ck_assert(fabs(dx__ber_of_q(dx__optic_q(&lr, -14.4, INFINITY, 0)) / 1e-12 - 1) < 1e-9);
}
END_TEST

/* As vendors program 10GBASE-LR: 0.5 and 3.5, -8.2 and -12.2, -14.4 and -18.4 dBm. */
START_TEST(levels_are_those_that_a_monitor_shows)
{
    const DxOptic lr = optic_of("10GBASE-LR");
    const DxLevels tx = dx__optic_tx_levels(&lr), rx = dx__optic_rx_levels(&lr);

    ck_assert(tx.high_alarm_dbm == 3.5 && tx.high_warning_dbm == 0.5);
    ck_assert(tx.low_warning_dbm == -8.2 && fabs(tx.low_alarm_dbm - -12.2) < 1e-12);
    ck_assert(rx.high_alarm_dbm == 3.5 && fabs(rx.low_alarm_dbm - -18.4) < 1e-12);
    ck_assert_int_eq(dx__level_of(&rx, -18.5), DX_LEVEL_LOW_ALARM);
    ck_assert_int_eq(dx__level_of(&rx, -18), DX_LEVEL_LOW_WARNING);
    ck_assert_int_eq(dx__level_of(&rx, -14.4), DX_LEVEL_GOOD);
    ck_assert_int_eq(dx__level_of(&rx, 0.5), DX_LEVEL_GOOD);
    ck_assert_int_eq(dx__level_of(&rx, 0.6), DX_LEVEL_HIGH_WARNING);
    ck_assert_int_eq(dx__level_of(&rx, 3.6), DX_LEVEL_HIGH_ALARM);
    ck_assert_str_eq(dx__level_names[DX_LEVEL_HIGH_ALARM], "high alarm");
}
END_TEST

START_TEST(optics_must_understand_each_other)
{
    const DxOptic lr = optic_of("10GBASE-LR"), er = optic_of("10GBASE-ER"), lr4 = optic_of("100GBASE-LR4");
    DxOptic coherent = lr, coded = lr, laned = lr;
    const char *key;

    coherent.detection = DX_DETECTION_COHERENT;
    coded.fec = DX_FEC_RS528;
    laned.lanes = 4;
    ck_assert(dx__optic_mismatch(&lr, &lr) == NULL);
    ck_assert(strstr(dx__optic_mismatch(&lr, &er), "wavelength"));
    ck_assert(strstr(dx__optic_mismatch(&lr, &lr4), "rates"));
    ck_assert(strstr(dx__optic_mismatch(&lr, &coherent), "coherent"));
    ck_assert(strstr(dx__optic_mismatch(&lr, &coded), "codes"));
    ck_assert(strstr(dx__optic_mismatch(&lr, &laned), "lanes"));
    coded.rx_max_dbm = -30;
    ck_assert(!dx__optic_check(&coded, &key, NULL) && !strcmp(key, "rx_max"));
    laned.tx_max_dbm = -30;
    ck_assert(!dx__optic_check(&laned, &key, NULL) && !strcmp(key, "tx_max"));
    coherent.wavelength_max_nm = 1265;
    coherent.wavelength_min_nm = 1266;
    ck_assert(!dx__optic_check(&coherent, &key, NULL) && !strcmp(key, "wavelength_max"));
    coherent = lr;
    coherent.dispersion_penalty_db = 2;
    ck_assert(!dx__optic_check(&coherent, &key, NULL) && !strcmp(key, "dispersion_penalty"));
}
END_TEST

/* -- budgets ------------------------------------------------------------------------------------------- */

static DxBudget budget_of(const DxLine *line, const char *name)
{
    const DxOptic optic = optic_of(name);

    return dx__budget(line, &optic, &optic);
}

/*
 * docs/models/optics.md, worked example: 10 km of G.652.D at its worst, 0.40 dB/km at 1310 nm and so
 * 0.40 * (1310 / 1295.56)^4 = 0.41813 at the shortest lane; two connectors and one panel of 0.5 dB.
 * Loss 5.6813 dB, received -4.3 - 5.6813 = -9.9813 dBm, margin 0.6187 dB: marginal when 1 dB is wanted. Q
 * = 7.03448 * 10^0.06187 = 8.1115, BER 2.5e-16 (erfc).
 */
START_TEST(ten_km_of_lr4_close_by_a_little)
{
    const double q_limit = 7.034483825301132, relative = 1310 / 1295.56;
    const double loss_db = 10 * 0.40 * relative * relative * relative * relative + 1.5;
    DxLine line = line_of("G.652.D", 10);
    DxBudget budget;

    line.connectors = 2;
    line.panels = 1;
    budget = budget_of(&line, "100GBASE-LR4");
    ck_assert(fabs(budget.loss_db - 5.6813) < 5e-5);
    ck_assert(fabs(budget.loss_db - loss_db) < 1e-12);
    ck_assert(fabs(budget.rx_min_dbm - (-4.3 - loss_db)) < 1e-12);
    ck_assert(fabs(budget.margin_db - (10.6 - 4.3 - loss_db)) < 1e-12);
    ck_assert(fabs(budget.q / q_limit - pow(10, budget.margin_db / 10)) < 1e-12);
    ck_assert(fabs(budget.ber / (erfc(budget.q / sqrt(2)) / 2) - 1) < 1e-9);
    ck_assert(budget.residual.probability == budget.ber && budget.residual.width_bits == 1);
    ck_assert(fabs(budget.overload_margin_db - 5.5105) < 5e-5);   /* at the best lane, 1309.14 nm */
    ck_assert(fabs(budget.dispersion_ps_per_nm - 27.039) < 5e-4); /* 1295.56 nm, zero at 1324 */
    ck_assert_int_eq(budget.verdict, DX_VERDICT_MARGINAL);
    ck_assert_uint_eq(budget.near, DX_LIMIT_POWER);
    line.margin_db = 0.5;
    ck_assert_int_eq(budget_of(&line, "100GBASE-LR4").verdict, DX_VERDICT_CLOSES);
    ck_assert_str_eq(dx__verdict_names[DX_VERDICT_DOES_NOT_CLOSE], "does not close");
}
END_TEST

/* At the very sensitivity the ratio is the limit: for every optic, on a line that is just that long. */
START_TEST(at_its_sensitivity_an_optic_has_its_limit)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const DxOptic optic = optic_of(rows[i].name);
        DxLine line = line_of("typical", 0);
        DxBudget budget;

        line.margin_db = 0;
        line.attenuator_db = optic.tx_min_dbm - optic.rx_min_dbm;
        budget = dx__budget(&line, &optic, &optic);
        ck_assert_msg(fabs(budget.margin_db) < 1e-12, "%s", rows[i].name);
        ck_assert_msg(fabs(budget.ber / optic.ber_limit - 1) < 1e-9, "%s", rows[i].name);
        line.attenuator_db += 0.001;
        budget = dx__budget(&line, &optic, &optic);
        ck_assert_int_eq(budget.verdict, DX_VERDICT_DOES_NOT_CLOSE);
        ck_assert(budget.beyond & DX_LIMIT_POWER);
        ck_assert(budget.ber > optic.ber_limit);
    }
}
END_TEST

/* 4 dBm into 5 km and 0.2 dB/km: 3 dBm where -1 and -7 are allowed. 4 and 10 dB too much. */
START_TEST(long_optics_overload_on_short_lines)
{
    DxLine line = line_of("typical", 5);
    DxBudget budget = budget_of(&line, "10GBASE-ER");
    DxRemedy remedy[4];
    const DxOptic er = optic_of("10GBASE-ER"), zr = optic_of("10GBASE-ZR");

    ck_assert_int_eq(budget.verdict, DX_VERDICT_OVERLOAD);
    ck_assert(fabs(budget.overload_margin_db - -4) < 1e-12);
    ck_assert_uint_eq(dx__budget_remedies(&line, &er, &er, NULL, 0, remedy, 4), 1);
    ck_assert_int_eq(remedy[0].kind, DX_REMEDY_ATTENUATOR);
    ck_assert(fabs(remedy[0].least_db - 4) < 1e-12);
    ck_assert(fabs(remedy[0].most_db - 9.1) <
              1e-12); /* -4.7 - 1 = -5.7, less 1 dB of margin, down to -15.8 */
    line.attenuator_db = remedy[0].least_db;
    ck_assert_int_eq(budget_of(&line, "10GBASE-ER").verdict, DX_VERDICT_CLOSES);
    line.attenuator_db = remedy[0].most_db;
    ck_assert_int_eq(budget_of(&line, "10GBASE-ER").verdict, DX_VERDICT_CLOSES);
    line.attenuator_db = 0;
    ck_assert_uint_eq(dx__budget_remedies(&line, &zr, &zr, NULL, 0, remedy, 4), 1);
    ck_assert(fabs(remedy[0].least_db - 10) < 1e-12);
}
END_TEST

/* C04: 100 km of dark fiber and LR optics: 35 dB where there are 6.2. ER does not make it either; ZR, at 20
 * dB and two connectors, but for its dispersion: 100 km * 18.857 = 1886 of 1600 ps/nm. */
START_TEST(a_hundred_km_need_more_than_lr)
{
    DxLine line = line_of("typical", 100);
    DxBudget budget;

    line.connectors = 2;
    budget = budget_of(&line, "10GBASE-LR");
    ck_assert_int_eq(budget.verdict, DX_VERDICT_DOES_NOT_CLOSE);
    ck_assert_uint_eq(budget.beyond, DX_LIMIT_POWER);
    ck_assert_uint_eq(budget.near, DX_LIMIT_REACH);
    ck_assert(budget.margin_db < -29.8);
    budget = budget_of(&line, "10GBASE-ER");
    ck_assert(fabs(budget.margin_db - (-4.7 - 21 + 15.8)) < 1e-12);
    budget = budget_of(&line, "10GBASE-ZR");
    ck_assert(fabs(budget.margin_db - 3) < 1e-12);
    ck_assert_uint_eq(budget.beyond, DX_LIMIT_DISPERSION);
    ck_assert(fabs(budget.dispersion_ps_per_nm - 1885.7075722786014) < 1e-6);
    ck_assert(budget.q == 0 && budget.ber == 0.5);
    line.length_km = 80; /* C07: 80 km without amplifiers */
    ck_assert_int_eq(budget_of(&line, "10GBASE-ZR").verdict, DX_VERDICT_CLOSES);
}
END_TEST

/* 12 km of LR: 4.5 dB and 6.2 allowed, but specified for 10 km. */
START_TEST(beyond_the_stated_reach_is_marginal)
{
    DxLine line = line_of("typical", 12);
    DxBudget budget = budget_of(&line, "10GBASE-LR");

    ck_assert(budget.margin_db > 1);
    ck_assert_int_eq(budget.verdict, DX_VERDICT_MARGINAL);
    ck_assert_uint_eq(budget.near, DX_LIMIT_REACH);
}
END_TEST

/* A penalty of 2 dB at 800 ps/nm: 20 km * 18.857 = 377 take 0.943 dB. 0.2 * sqrt(2600) = 10.2 ps of 10. */
START_TEST(dispersion_costs_in_proportion)
{
    DxOptic er = optic_of("10GBASE-ER"), zr = optic_of("400ZR");
    DxLine line = line_of("typical", 20);
    DxBudget budget;

    er.dispersion_penalty_db = 2;
    budget = dx__budget(&line, &er, &er);
    ck_assert(fabs(budget.penalty_db - 2 * 20 * 18.857075722786014 / 800) < 1e-9);
    ck_assert(fabs(budget.margin_db - (-4.7 - 4 + 15.8 - budget.penalty_db)) < 1e-9);
    zr.dispersion_ps_per_nm = 0;
    line.length_km = 2600;
    line.amplifiers = 20;
    budget = dx__budget(&line, &zr, &zr);
    ck_assert(fabs(budget.pmd_ps - 0.2 * sqrt(2600)) < 1e-9);
    ck_assert(budget.beyond & DX_LIMIT_PMD);
}
END_TEST

/*
 * C08: 120 km, one stretch: 24 dB. Noise at 1530 nm -57.897 dBm (1550: -57.953, less 10 log (1530 / 1550)):
 * OSNR 57.897 - 24 - 5.5 = 28.397; booster from -10 dBm: 57.897 - 10 - 5.5 = 42.397; transmitter 34. Together
 * 10^-2.8397 + 10^-4.2397 + 10^-3.4 = 1.9021e-3: 27.208 dB, where 26 are required.
 */
START_TEST(a_hundred_and_twenty_km_need_one_amplifier)
{
    const double noise_db = 57.95344952801763 + 10 * log10(1530.0 / 1550);
    const double osnr_db =
        -10 * log10(pow(10, -3.4) + pow(10, -(noise_db - 15.5) / 10) + pow(10, -(noise_db - 29.5) / 10));
    const DxOptic zr = optic_of("400ZR"), lr4 = optic_of("100GBASE-LR4");
    DxLine line = line_of("typical", 120);
    DxBudget budget;

    line.amplifiers = 1;
    budget = dx__budget(&line, &zr, &zr);
    ck_assert_msg(fabs(budget.osnr_db - osnr_db) < 1e-9, "%g %g", budget.osnr_db, osnr_db);
    ck_assert(fabs(budget.osnr_db - 27.208) < 0.001);
    ck_assert(fabs(budget.osnr_margin_db - (osnr_db - 26)) < 1e-9);
    ck_assert(budget.rx_min_dbm == -6 && budget.span_db == 24); /* the middle of -12 to 0 */
    ck_assert_int_eq(budget.verdict, DX_VERDICT_CLOSES);
    ck_assert_uint_eq(budget.beyond, 0);
    line.margin_db = 2;
    ck_assert_int_eq(dx__budget(&line, &zr, &zr).verdict, DX_VERDICT_MARGINAL);
    line.amplifiers = 0;
    ck_assert_uint_eq(dx__budget(&line, &zr, &zr).beyond, DX_LIMIT_POWER);
    line.amplifiers = 1; /* there are none for 1310 nm, and this one would have to know its OSNR */
    budget = dx__budget(&line, &lr4, &lr4);
    ck_assert(budget.beyond & DX_LIMIT_BAND && budget.beyond & DX_LIMIT_OSNR);
    line.length_km = 180;
    ck_assert(dx__budget(&line, &zr, &zr).beyond & DX_LIMIT_GAIN); /* 36 dB */
}
END_TEST

/* -- what would mend it -------------------------------------------------------------------------------- */

static const DxRemedy *remedy_of(const DxRemedy *remedies, unsigned n, DxRemedyKind kind)
{
    for (unsigned i = 0; i < n; i++)
        if (remedies[i].kind == kind)
            return &remedies[i];
    return NULL;
}

/* 60 km for 10G. LR: no. ER: 12 + 1 of 11.1 dB. ZR: 24 - 13 = 11 dB, and 0.2 dB/km * 60 + 1 = 13 are more
 * than the 11 it needs. LR regenerated: 6.2 - 1 - 1 = 4.2 dB of 0.4090 dB/km (1260 nm) are 10.27 km: six
 * sections. */
START_TEST(other_optics_and_regenerators_mend_what_is_too_long)
{
    const DxOptic known[] = { optic_of("10GBASE-LR"), optic_of("10GBASE-ER"), optic_of("10GBASE-ZR"),
                              optic_of("100GBASE-ER4") };
    DxLine line = line_of("typical", 60);
    DxRemedy remedies[8];
    const DxRemedy *remedy;
    unsigned n;

    line.connectors = 2;
    n = dx__budget_remedies(&line, &known[0], &known[0], known, 4, remedies, 8);
    ck_assert_uint_eq(n, 2);
    remedy = remedy_of(remedies, n, DX_REMEDY_OPTIC);
    ck_assert(remedy && remedy->n == 2 && fabs(remedy->least_db - 11) < 1e-12);
    remedy = remedy_of(remedies, n, DX_REMEDY_REGENERATORS);
    ck_assert(remedy && remedy->n == 5);
    ck_assert_uint_eq(dx__budget_remedies(&line, &known[0], &known[0], known, 4, remedies, 1), 1);
    ck_assert_uint_eq(dx__budget_remedies(&line, &known[2], &known[2], known, 4, remedies, 8), 0);
}
END_TEST

/* 400ZR over 240 km: 48 dB. Two stretches of 24 dB have 24.75 dB of OSNR, three of 16 dB 29.4, but 240
 * * 18.857 is beyond 2400 ps/nm: then no amplifier helps, and two sections of 120 km with one each do. */
START_TEST(amplifiers_mend_what_is_too_dark)
{
    DxOptic zr = optic_of("400ZR");
    DxLine line = line_of("typical", 240);
    DxRemedy remedies[4];
    const DxRemedy *remedy;
    unsigned n;

    line.amplifiers = 1;
    n = dx__budget_remedies(&line, &zr, &zr, NULL, 0, remedies, 4);
    ck_assert(!remedy_of(remedies, n, DX_REMEDY_AMPLIFIERS));
    remedy = remedy_of(remedies, n, DX_REMEDY_REGENERATORS);
    ck_assert(remedy && remedy->n == 1);
    zr.dispersion_ps_per_nm = 6000;
    line.amplifiers = 0;
    n = dx__budget_remedies(&line, &zr, &zr, NULL, 0, remedies, 4);
    remedy = remedy_of(remedies, n, DX_REMEDY_AMPLIFIERS);
    ck_assert(remedy && remedy->n == 3 && fabs(remedy->least_db - 16) < 1e-12);
    ck_assert(remedy->most_db > 1);
    line.amplifiers = 3;
    ck_assert_int_eq(dx__budget(&line, &zr, &zr).verdict, DX_VERDICT_CLOSES);
    line.amplifiers = 2;
    ck_assert_int_eq(dx__budget(&line, &zr, &zr).verdict, DX_VERDICT_DOES_NOT_CLOSE);
}
END_TEST

/* Behind a code, at the limit of loss: 400G over 6.3 dB loses codewords, not bits. */
START_TEST(what_is_lost_depends_on_the_code)
{
    const DxOptic lr4 = optic_of("400G-LR4-10"), zr = optic_of("400ZR-unamplified");
    DxLine line = line_of("typical", 0);
    DxBudget budget;

    line.attenuator_db = 6.3;
    budget = dx__budget(&line, &lr4, &lr4);
    ck_assert_uint_eq(budget.residual.width_bits, DX_CODEWORD_BITS);
    ck_assert(fabs(budget.residual.probability / 8.151573399332901e-13 - 1) < 1e-6); /* at 2.4e-4 */
    line.attenuator_db = 10.001;
    ck_assert(dx__budget(&line, &zr, &zr).residual.probability == 1);
    line.attenuator_db = 9.999;
    ck_assert(dx__budget(&line, &zr, &zr).residual.probability == 1e-15);
}
END_TEST

SUITE_MAIN("optic", 60, optics_are_as_in_the_table, the_other_class_of_400zr_is_as_in_the_table,
           sensitivity_is_launch_less_channel, fibers_are_as_in_the_tables,
           amplifiers_and_formats_are_as_in_the_tables, the_steps_of_the_briefing_are_as_in_the_table,
           q_follows_the_light, levels_are_those_that_a_monitor_shows, optics_must_understand_each_other,
           ten_km_of_lr4_close_by_a_little, at_its_sensitivity_an_optic_has_its_limit,
           long_optics_overload_on_short_lines, a_hundred_km_need_more_than_lr,
           beyond_the_stated_reach_is_marginal, dispersion_costs_in_proportion,
           a_hundred_and_twenty_km_need_one_amplifier, other_optics_and_regenerators_mend_what_is_too_long,
           amplifiers_mend_what_is_too_dark, what_is_lost_depends_on_the_code)
