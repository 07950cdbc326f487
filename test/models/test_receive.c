/*
 * test_receive - the light of a moment: lanes, levels, thresholds, wear
 */
#include <math.h>
#include <string.h>
#include "../../models/optics/receive.h"
#include "../suite.h"

/* As 100GBASE-LR4 and 10GBASE-LR have it. */
static DxOptic optic(int64_t lanes, double min_nm, double max_nm, double tx_dbm, double rx_dbm)
{
    DxOptic made;

    dx_param_defaults(dx__optic_params, &made);
    made.lanes = lanes;
    made.wavelength_min_nm = min_nm;
    made.wavelength_max_nm = max_nm;
    made.tx_min_dbm = tx_dbm;
    made.tx_max_dbm = tx_dbm + 8;
    made.rx_min_dbm = rx_dbm;
    made.rx_max_dbm = 4.5;
    return made;
}

static DxLine line_of(double length_km)
{
    DxLine line = { 0 };

    dx_param_defaults(dx__line_params, &line);
    line.length_km = length_km;
    return line;
}

static DxLineLight light_of(const DxLine *line, const DxOptic *optic, DxLineWear wear, bool had_signal)
{
    DxLineLight light;

    dx__line_light(line, optic, optic, &wear, had_signal, &light);
    return light;
}

/* Below 1310 nm a fiber of this kind loses 0.35 dB/km * (1310 / wavelength)^4: Rayleigh scattering. */
START_TEST(every_lane_has_the_loss_of_its_wavelength)
{
    const DxOptic lr4 = optic(4, 1295.56, 1309.14, -4.3, -10.6);
    const DxLine line = line_of(10);
    const DxLineLight light = light_of(&line, &lr4, DX_LINE_AS_BUILT, true);

    ck_assert_uint_eq(light.n_lanes, 4);
    for (unsigned i = 0; i < 4; i++) {
        const double wavelength_nm = 1295.56 + i * (1309.14 - 1295.56) / 3;
        const double want_dbm = -4.3 - 3.5 * pow(1310 / wavelength_nm, 4);

        ck_assert_msg(fabs(light.lane_dbm[i] - want_dbm) < 1e-9, "lane %u: %.6f, not %.6f", i + 1,
                      light.lane_dbm[i], want_dbm);
    }
    ck_assert(light.rx_dbm == light.lane_dbm[0]);
    ck_assert(light.tx_dbm == -4.3);
}
END_TEST

START_TEST(wear_takes_off_what_it_says)
{
    const DxOptic lr = optic(1, 1310, 1310, -8.2, -14.4);
    const DxLine line = line_of(10);

    ck_assert(fabs(light_of(&line, &lr, DX_LINE_AS_BUILT, true).rx_dbm - (-8.2 - 3.5)) < 1e-12);
    ck_assert(fabs(light_of(&line, &lr, (DxLineWear){ 1.5, NAN, NAN, false }, true).rx_dbm -
                   (-8.2 - 3.5 - 1.5)) < 1e-12);
    ck_assert(fabs(light_of(&line, &lr, (DxLineWear){ 0, -2, NAN, false }, true).rx_dbm - (-2 - 3.5)) <
              1e-12);
    ck_assert(fabs(light_of(&line, &lr, (DxLineWear){ 1, -2, 50, false }, true).margin_db -
                   (14.4 - 2 - 3.5 - 1)) < 1e-12);
}
END_TEST

/* 20 dB of fiber are made up for, 10 dB more too; with 20 dB more, 5 are beyond the 35 that an amplifier has.
 */
START_TEST(amplifiers_make_up_for_wear_as_long_as_they_can)
{
    DxOptic coherent = optic(1, 1550, 1550, 0, -18);
    DxLine line = line_of(100);
    double before_db, after_db;

    coherent.required_osnr_db = 12;
    line.amplifiers = 1;
    line.launch_dbm = -10; /* and so much is received */
    before_db = light_of(&line, &coherent, DX_LINE_AS_BUILT, true).margin_db;
    after_db = light_of(&line, &coherent, (DxLineWear){ 10, NAN, NAN, false }, true).rx_dbm;
    ck_assert(fabs(before_db - 8) < 1e-9);
    ck_assert(fabs(after_db - -10) < 1e-9);
    after_db = light_of(&line, &coherent, (DxLineWear){ 20, NAN, NAN, false }, true).rx_dbm;
    ck_assert_msg(fabs(after_db - -15) < 1e-9, "%.4f", after_db);
}
END_TEST

/* What was measured counts in place of what the optic may be, in the budget as in the level. */
START_TEST(a_measured_launch_counts)
{
    const DxOptic lr = optic(1, 1310, 1310, -8.2, -14.4);
    DxLine line = line_of(10);

    line.tx_dbm = -3;
    ck_assert(fabs(light_of(&line, &lr, DX_LINE_AS_BUILT, true).rx_dbm - (-3 - 3.5)) < 1e-12);
    ck_assert(fabs(dx__budget(&line, &lr, &lr).margin_db - (14.4 - 3 - 3.5)) < 1e-12);
}
END_TEST

/* -14.4 dBm warning, -18.4 alarm, -20.4 no signal, -19.9 signal again; 4.5 and 7.5 on the other side. */
START_TEST(conditions_change_at_their_thresholds)
{
    static const struct {
        double rx_dbm;
        bool had_signal;
        const char *want;
    } cases[] = {
        { -14.39, true, "good" },       { -14.41, true, "low warning" }, { -18.39, true, "low warning" },
        { -18.41, true, "low alarm" },  { -20.39, true, "low alarm" },   { -20.41, true, "no signal" },
        { -20.39, false, "no signal" }, { -19.91, false, "no signal" },  { -19.89, false, "low alarm" },
        { 4.51, true, "high warning" }, { 7.51, true, "high alarm" },    { 4.49, true, "good" },
    };
    const DxOptic lr = optic(1, 1310, 1310, -8.2, -14.4);
    const DxLine line = line_of(0);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DxLineLight light =
            light_of(&line, &lr, (DxLineWear){ 0, cases[i].rx_dbm, NAN, false }, cases[i].had_signal);

        ck_assert_msg(!strcmp(light.condition, cases[i].want), "%.2f dBm: %s, not %s", cases[i].rx_dbm,
                      light.condition, cases[i].want);
        ck_assert(light.has_signal == (strcmp(cases[i].want, "no signal") != 0));
    }
}
END_TEST

/* At the least that the optic promises to work with its bit error ratio is the promised one. */
START_TEST(bit_errors_pass_the_limit_where_the_margin_ends)
{
    const DxOptic lr = optic(1, 1310, 1310, -8.2, -14.4);
    const DxLine line = line_of(0);
    const DxLineLight above = light_of(&line, &lr, (DxLineWear){ 0, -14.399, NAN, false }, true);
    const DxLineLight below = light_of(&line, &lr, (DxLineWear){ 0, -14.401, NAN, false }, true);

    ck_assert(!above.is_ber_above && above.margin_db > 0 && fabs(above.ber / 1e-12 - 1) < 0.05);
    ck_assert(below.is_ber_above && below.margin_db < 0 && fabs(below.ber / 1e-12 - 1) < 0.05);
    ck_assert(below.errors.probability == below.ber && below.errors.width_bits == 1);
}
END_TEST

START_TEST(nothing_arrives_over_a_cut)
{
    const DxOptic lr4 = optic(4, 1295.56, 1309.14, -4.3, -10.6);
    const DxLine line = line_of(10);
    const DxLineLight light = light_of(&line, &lr4, (DxLineWear){ 0, NAN, NAN, true }, true);
    const DxLineLight whole = light_of(&line, &lr4, DX_LINE_AS_BUILT, true);

    ck_assert(light.rx_dbm == -40 && light.tx_dbm == -4.3 && !light.has_signal && light.ber == 0.5);
    for (unsigned i = 0; i < 4; i++)
        ck_assert(light.lane_dbm[i] == -40);
    ck_assert(light.errors.probability == whole.errors.probability); /* of the line, not of the cut */
}
END_TEST

START_TEST(less_than_a_monitor_can_measure_is_none)
{
    const DxOptic lr = optic(1, 1310, 1310, -8.2, -14.4);
    const DxLine line = line_of(0);

    ck_assert(light_of(&line, &lr, (DxLineWear){ 60, NAN, NAN, false }, true).rx_dbm == -40);
}
END_TEST

SUITE_MAIN("receive", 60, every_lane_has_the_loss_of_its_wavelength, wear_takes_off_what_it_says,
           amplifiers_make_up_for_wear_as_long_as_they_can, a_measured_launch_counts,
           conditions_change_at_their_thresholds, bit_errors_pass_the_limit_where_the_margin_ends,
           nothing_arrives_over_a_cut, less_than_a_monitor_can_measure_is_none)
