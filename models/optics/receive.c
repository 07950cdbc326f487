/*
 * receive - the light of a moment
 *
 *   lane = launched - loss at the lane's wavelength        received = the weakest lane
 *   no signal below minimum - lost_below, until it is half a dB above that (SFF-8472 speaks of hysteresis,
 * and leaves the figure to vendors)
 *
 * Lanes stand at equal distances from the shortest wavelength to the longest. With amplifiers all of them
 * have the power that the last one gives. Of spans given one by one the last has the wear. What costs
 * sensitivity instead of power shows in the margin and in the bit error ratio, not in the level.
 *
 * Not modelled: a receiver that gives up for its error ratio (IEEE 802.3 clause 49, hi_ber) before the light
 * is gone.
 */
#include "receive.h"

#include <math.h>

#define HYSTERESIS_DB 0.5

/* A bit error ratio that nobody will see: 53 days at 100 Tbps have less than 10^21 bits. */
#define NEVER 1e-30

DxLine dx__line_worn(const DxLine *line, const DxLineWear *wear)
{
    DxLine worn = *line;

    worn.attenuator_db += wear->loss_db;
    if (!isnan(wear->tx_dbm))
        worn.tx_dbm = wear->tx_dbm;
    if (!isnan(wear->temperature_c))
        worn.temperature_c = wear->temperature_c;
    return worn;
}

static void light_lanes(const DxLine *line, const DxOptic *from, const DxBudget *budget, DxLineLight *light)
{
    const double step_nm =
        from->lanes > 1 ? (from->wavelength_max_nm - from->wavelength_min_nm) / (double)(from->lanes - 1) : 0;

    light->n_lanes = (unsigned)from->lanes;
    for (unsigned i = 0; i < light->n_lanes; i++) {
        light->lane_dbm[i] = budget->rx_min_dbm;
        if (light->n_lanes > 1 && !dx__line_n_amplifiers(line))
            light->lane_dbm[i] =
                light->tx_dbm - dx__line_loss_db(line, from->wavelength_min_nm + i * step_nm);
        light->lane_dbm[i] = MAX(light->lane_dbm[i], DX_LINE_UNLIT_DBM);
    }
    light->rx_dbm = MAX(budget->rx_min_dbm, DX_LINE_UNLIT_DBM);
}

/* Noise counts where it is known how much of it is too much. */
static double margin_db(const DxBudget *budget)
{
    const double power_db = MIN(budget->margin_db, budget->overload_margin_db);

    return isinf(budget->osnr_margin_db) ? power_db : MIN(power_db, budget->osnr_margin_db);
}

static void cut(const DxOptic *to, DxLineLight *light)
{
    light->rx_dbm = DX_LINE_UNLIT_DBM;
    for (unsigned i = 0; i < light->n_lanes; i++)
        light->lane_dbm[i] = DX_LINE_UNLIT_DBM;
    light->margin_db = DX_LINE_UNLIT_DBM - to->rx_min_dbm;
    light->ber = 0.5;
}

static void set_condition(const DxOptic *to, DxLineLight *light)
{
    const DxLevels levels = dx__optic_rx_levels(to);

    light->low_warning_dbm = levels.low_warning_dbm;
    light->low_alarm_dbm = levels.low_alarm_dbm;
    light->lost_dbm = to->rx_min_dbm - to->lost_below_db;
    light->condition =
        light->has_signal ? dx__level_names[dx__level_of(&levels, light->rx_dbm)] : "no signal";
}

void dx__line_light(const DxLine *line, const DxOptic *from, const DxOptic *to, const DxLineWear *wear,
                    bool has_signal, DxLineLight *light)
{
    const DxLine worn = dx__line_worn(line, wear);
    const DxBudget budget = dx__budget(&worn, from, to);
    const double lost_dbm = to->rx_min_dbm - to->lost_below_db + (has_signal ? 0 : HYSTERESIS_DB);

    light->tx_dbm = worn.tx_dbm > DX_LINE_TX_WEAKEST ? worn.tx_dbm : from->tx_min_dbm;
    light_lanes(&worn, from, &budget, light);
    light->margin_db = margin_db(&budget);
    light->ber = budget.ber;
    light->errors.probability = budget.residual.probability < NEVER ? 0 : budget.residual.probability;
    light->errors.width_bits = budget.residual.width_bits;
    if (wear->is_cut)
        cut(to, light);
    light->is_ber_above = light->ber > to->ber_limit;
    light->has_signal = !wear->is_cut && budget.rx_min_dbm >= lost_dbm;
    set_condition(to, light);
}
