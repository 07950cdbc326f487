/*
 * optic - modules: figures, what Q they make of light, thresholds of their monitors
 *
 *   direct     Q = Q_limit * 10^((P - P_min) / 10)       thermal noise: the current goes with the power
 *   coherent   Q = Q_limit * 10^((P - P_min) / 20)       shot noise: it goes with the field
 *   both       Q = Q_limit * 10^((OSNR - required) / 20) beat noise of what amplifiers add
 *
 * Q_limit is that of the bit error ratio before decoding which the module must have at its sensitivity and
 * at its required OSNR. Specifications set the two limits apart: the smaller Q counts. A penalty counts as
 * power that is missing.
 */
#include "optic.h"

#include <dxsim/dmath.h>
#include <math.h>

const char *const dx__detection_names[] = { "direct", "coherent", NULL };
const char *const dx__level_names[] = {
    "low alarm", "low warning", "good", "high warning", "high alarm", NULL
};

typedef struct {
    DxOptic optic;
} Conf;

const DxParam dx__optic_params[] = {
    DX_OPTIC_PARAMS(Conf, optic),
    DX_PARAM_END,
};

static bool wrong(GError **error, const char **key, const char *which, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

bool dx__optic_check(const DxOptic *optic, const char **key, GError **error)
{
    if (!optic->rate_bps)
        return true;
    if (optic->wavelength_max_nm < optic->wavelength_min_nm)
        return wrong(error, key, "wavelength_max", "shorter than wavelength_min");
    if (optic->tx_max_dbm < optic->tx_min_dbm)
        return wrong(error, key, "tx_max", "the strongest transmitter is weaker than the weakest, tx_min");
    if (optic->rx_max_dbm < optic->rx_min_dbm)
        return wrong(error, key, "rx_max", "overload is below sensitivity, rx_min");
    if (optic->dispersion_penalty_db > 0 && optic->dispersion_ps_per_nm <= 0)
        return wrong(error, key, "dispersion_penalty", "give the dispersion at which it is that much");
    return true;
}

const char *dx__optic_mismatch(const DxOptic *a, const DxOptic *b)
{
    if (a->rate_bps != b->rate_bps)
        return "their rates differ";
    if (a->lanes != b->lanes)
        return "one has more lanes than the other";
    if (a->wavelength_max_nm < b->wavelength_min_nm || b->wavelength_max_nm < a->wavelength_min_nm)
        return "they have no wavelength in common";
    if (a->fec != b->fec)
        return "their codes (fec) differ";
    return a->detection == b->detection ? NULL : "one is coherent and the other is not";
}

double dx__optic_q(const DxOptic *optic, double power_dbm, double osnr_db, double penalty_db)
{
    const double per_decade = optic->detection == DX_DETECTION_COHERENT ? 20 : 10;
    double decades = (power_dbm - optic->rx_min_dbm) / per_decade;

    if (optic->required_osnr_db > 0)
        decades = MIN(decades, (osnr_db - optic->required_osnr_db) / 20);
    return dx__q_of_ber(optic->ber_limit) * dx_pow(10, decades - penalty_db / per_decade);
}

DxResidual dx__optic_residual(const DxOptic *optic, double pre_ber)
{
    return dx__fec_residual((DxFec)optic->fec, optic->ber_limit, pre_ber);
}

/* -- levels -------------------------------------------------------------------------------------------- */

static DxLevels levels(const DxOptic *optic, double min_dbm, double max_dbm)
{
    return (DxLevels){ min_dbm - optic->alarm_below_db, min_dbm, max_dbm, max_dbm + optic->alarm_above_db };
}

DxLevels dx__optic_tx_levels(const DxOptic *optic)
{
    return levels(optic, optic->tx_min_dbm, optic->tx_max_dbm);
}

DxLevels dx__optic_rx_levels(const DxOptic *optic)
{
    return levels(optic, optic->rx_min_dbm, optic->rx_max_dbm);
}

DxLevel dx__level_of(const DxLevels *levels, double power_dbm)
{
    if (power_dbm < levels->low_alarm_dbm)
        return DX_LEVEL_LOW_ALARM;
    if (power_dbm < levels->low_warning_dbm)
        return DX_LEVEL_LOW_WARNING;
    if (power_dbm > levels->high_alarm_dbm)
        return DX_LEVEL_HIGH_ALARM;
    return power_dbm > levels->high_warning_dbm ? DX_LEVEL_HIGH_WARNING : DX_LEVEL_GOOD;
}
