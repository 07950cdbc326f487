/*
 * span - spans, amplifiers, cross connects: their tables
 *
 *   F(gain) = F1 + C * 10^(-2 gain / 10)            noise figure of an amplifier, as a ratio
 *
 * Two stages and an attenuator between them: what the gain falls short of its most the attenuator takes, and
 * the first stage gives that much less as well, so the second stage's noise counts twice as much in dB. F1
 * and C follow from the figures at both ends of the range.
 */
#include "span.h"
#include "light.h"

/* -- amplifiers ---------------------------------------------------------------------------------------- */

const DxParam dx__amplifier_params[] = {
    DX_PARAM_REAL(DxAmplifier, gain_min_db, "0 dB", "0 dB", "60 dB", "At least."),
    DX_PARAM_REAL(DxAmplifier, gain_max_db, "35 dB", "0 dB", "60 dB", "At most."),
    DX_PARAM_REAL(DxAmplifier, power_max_dbm, "23 dBm", "-30 dBm", "40 dBm", "Put out at most."),
    DX_PARAM_REAL(DxAmplifier, noise_figure_min_db, "5.5 dB", "3 dB", "20 dB", "At the most gain."),
    DX_PARAM_REAL(DxAmplifier, noise_figure_max_db, "5.5 dB", "3 dB", "20 dB", "At the least."),
    DX_PARAM_END,
};

static bool wrong(GError **error, const char **key, const char *which, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

bool dx__amplifier_check(const DxAmplifier *amplifier, const char **key, GError **error)
{
    if (amplifier->gain_max_db < amplifier->gain_min_db)
        return wrong(error, key, "gain_max", "less than gain_min");
    if (amplifier->noise_figure_max_db < amplifier->noise_figure_min_db)
        return wrong(error, key, "noise_figure_max", "less than noise_figure_min");
    return true;
}

static double second_stage(double gain_db)
{
    return dx__light_ratio(-2 * gain_db);
}

double dx__amplifier_noise_db(const DxAmplifier *amplifier, double gain_db)
{
    const double low_db = amplifier->gain_min_db, high_db = amplifier->gain_max_db;
    const double least = dx__light_ratio(amplifier->noise_figure_min_db);
    const double most = dx__light_ratio(amplifier->noise_figure_max_db);

    if (gain_db >= high_db)
        return amplifier->noise_figure_min_db;
    if (gain_db <= low_db)
        return amplifier->noise_figure_max_db;
    return dx__light_db(least + (most - least) * (second_stage(gain_db) - second_stage(high_db)) /
                                    (second_stage(low_db) - second_stage(high_db)));
}

/* -- spans --------------------------------------------------------------------------------------------- */

#define NOISE_FIGURE_MIN_DB 3 /* of an amplifier of much gain: the quantum limit */

static const DxParam span_params[] = {
    DX_PARAM_LENGTH(DxLineSpan, length_km, NULL, "1 m", "10000 km", "Along the route."),
    DX_PARAM_REAL(DxLineSpan, attenuation_db_per_km, "0 dB/km", NULL, "10 dB/km",
                  "Of its cable; 0: as the fiber's."),
    DX_PARAM_INT(DxLineSpan, connectors, "0", "0", "1000",
                 "Mated pairs, each with the loss of the fiber's connector."),
    DX_PARAM_INT(DxLineSpan, splices, "0", "0", "100000", "Each with the loss of the fiber's splice."),
    DX_PARAM_REAL(DxLineSpan, attenuator_db, "0 dB", "0 dB", "60 dB", "Fixed attenuator: padding."),
    DX_PARAM_REAL(DxLineSpan, gain_db, "0 dB", "0 dB", "60 dB",
                  "Of the amplifier behind it; 0: what was lost since the last one."),
    DX_PARAM_REAL(DxLineSpan, noise_figure_db, "0 dB", "0 dB", "15 dB",
                  "Of that amplifier; 0: of its class, or the fiber's."),
    DX_PARAM_END,
};

static bool span_check(const void *data, const char **key, GError **error)
{
    const DxLineSpan *span = data;

    if (span->noise_figure_db > 0 && span->noise_figure_db < NOISE_FIGURE_MIN_DB)
        return wrong(error, key, "noise_figure", "no amplifier has a noise figure below 3 dB");
    return true;
}

const DxModel dx__span_part = {
    .name = "fiber.span",
    .summary = "A stretch of a fiber and the amplifier behind it",
    .conf_size = sizeof(DxLineSpan),
    .params = span_params,
    .check = span_check,
};

/* -- cross connect ------------------------------------------------------------------------------------- */

static const DxParam cross_params[] = {
    DX_PARAM_LENGTH(DxCrossConnect, length_km, "0 m", "0 m", "10 km", "Of its cable: part of the delay."),
    DX_PARAM_INT(DxCrossConnect, panels, "0", "0", "100", "Patch panels it passes."),
    DX_PARAM_REAL(DxCrossConnect, panel_db, "0.25 dB", "0 dB", "10 dB", "Each, with its connectors."),
    DX_PARAM_REAL(DxCrossConnect, insertion_loss_db, "0 dB", "0 dB", "30 dB",
                  "All of its loss, instead of panels and length; 0: from them."),
    DX_PARAM_END,
};

static bool cross_check(const void *data, const char **key, GError **error)
{
    const DxCrossConnect *cross = data;

    if (cross->insertion_loss_db > 0 && cross->panels)
        return wrong(error, key, "insertion_loss",
                     "give either panels or an insertion_loss, which is the whole");
    return true;
}

const DxModel dx__cross_connect_part = {
    .name = "fiber.cross_connect",
    .summary = "What joins two cages of one building",
    .conf_size = sizeof(DxCrossConnect),
    .params = cross_params,
    .check = cross_check,
};
