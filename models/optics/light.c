/*
 * light - delay, loss, dispersion, noise of amplifiers
 *
 *   delay        cable * index / c  +  40 ps/(km K) * cable * (temperature - 20 C)
 *   attenuation  a line between 1310, 1383 and 1530 nm; a (1310 / wavelength)^4 below (Rayleigh), flat above
 *   D(wavelength) = S0 / 4 * (wavelength - zero^4 / wavelength^3)
 *   DGD          PMD coefficient * sqrt(cable)
 *   noise        h nu B, referred to the input; times the noise figure
 *   1 / OSNR     sum of 1 / OSNR_i,  OSNR_i = input - noise figure - noise
 *
 * The attenuation of a fiber is convex between the absorption peaks, so the line is never below it; G.652 has
 * one value for 1530 to 1565 nm, and allows 0.07 dB/km more at 1260 than at 1310, as the fourth power does.
 * Dispersion: the Sellmeier fit of ITU-T G.652. Noise: spontaneous emission in both polarisations, which a
 * noise figure includes. Not modelled: what power does to the fiber (Kerr effects, Raman, Brillouin), tilt
 * and ripple of amplifiers, slow changes of polarisation.
 */
#include "light.h"

#include <dxsim/dmath.h>
#include <glib.h>
#include <math.h>

#define PLANCK_J_S    6.62607015e-34
#define MW_PER_W      1e3
#define NM_PER_KM     1e12
#define HZ_OF_NM(nm)  (DX_LIGHT_KM_PER_S * NM_PER_KM / (nm))
#define SPANS_MAX     1e6
#define SPAN_ROUNDING 1e-9 /* of a number of spans that comes out whole */

double dx__light_ratio(double db)
{
    return dx_pow(10, db / 10);
}

double dx__light_db(double ratio)
{
    return 10 * dx_log10(ratio);
}

/* -- time ---------------------------------------------------------------------------------------------- */

double dx__light_delay_ps(double cable_km, double index, double temperature_c)
{
    return cable_km * index / DX_LIGHT_KM_PER_S * 1e12 +
           DX_LIGHT_DRIFT_PS_PER_KM_K * cable_km * (temperature_c - DX_LIGHT_REFERENCE_C);
}

/* -- loss ---------------------------------------------------------------------------------------------- */

static double between(double x, double x0, double y0, double x1, double y1)
{
    return y0 + (y1 - y0) * ((x - x0) / (x1 - x0));
}

double dx__light_attenuation(const DxFiberKind *kind, double wavelength_nm)
{
    const double relative = 1310 / wavelength_nm;

    if (wavelength_nm <= 1310)
        return kind->attenuation_1310_db_per_km * (relative * relative * relative * relative);
    if (wavelength_nm <= 1383)
        return between(wavelength_nm, 1310, kind->attenuation_1310_db_per_km, 1383,
                       kind->attenuation_1383_db_per_km);
    if (wavelength_nm < DX_LIGHT_C_BAND_MIN_NM)
        return between(wavelength_nm, 1383, kind->attenuation_1383_db_per_km, DX_LIGHT_C_BAND_MIN_NM,
                       kind->attenuation_1550_db_per_km);
    return kind->attenuation_1550_db_per_km;
}

double dx__light_reach_km(double loss_db, double fixed_db, double attenuation_db_per_km)
{
    return loss_db > fixed_db ? (loss_db - fixed_db) / attenuation_db_per_km : 0;
}

double dx__light_step_level(const DxLineStep *steps, unsigned n, double length_km)
{
    for (unsigned i = 0; i < n; i++)
        if (length_km <= steps[i].to_km)
            return steps[i].level_dbm;
    return -INFINITY;
}

/* -- dispersion ---------------------------------------------------------------------------------------- */

double dx__light_dispersion(double wavelength_nm, double zero_nm, double slope_ps_per_nm2_km)
{
    const double relative = zero_nm / wavelength_nm;

    return slope_ps_per_nm2_km / 4 * (wavelength_nm - zero_nm * (relative * relative * relative));
}

/* D rises with the wavelength and falls with where it is 0: the worst is at one of two corners. */
double dx__light_dispersion_worst(const DxFiberKind *kind, double min_nm, double max_nm)
{
    const double lowest = dx__light_dispersion(min_nm, kind->zero_max_nm, kind->slope_ps_per_nm2_km);
    const double highest = dx__light_dispersion(max_nm, kind->zero_min_nm, kind->slope_ps_per_nm2_km);

    return MAX(fabs(lowest), fabs(highest));
}

double dx__light_pmd_ps(double pmd_ps_per_sqrt_km, double cable_km)
{
    return pmd_ps_per_sqrt_km * sqrt(cable_km);
}

/* -- amplifiers ---------------------------------------------------------------------------------------- */

double dx__light_noise_dbm(double wavelength_nm)
{
    return dx__light_db(PLANCK_J_S * HZ_OF_NM(wavelength_nm) * DX_LIGHT_OSNR_HZ * MW_PER_W);
}

double dx__light_amplifier_osnr(double noise_dbm, double input_dbm, double noise_figure_db)
{
    return input_dbm - noise_figure_db - noise_dbm;
}

double dx__light_osnr_join(double a_db, double b_db)
{
    if (isinf(a_db) || isinf(b_db))
        return MIN(a_db, b_db);
    return -dx__light_db(dx__light_ratio(-a_db) + dx__light_ratio(-b_db));
}

DxSignal dx__light_chain(double noise_dbm, DxSignal launched, const DxSpan *spans, unsigned n)
{
    DxSignal signal = launched;

    for (unsigned i = 0; i < n; i++) {
        signal.power_dbm -= spans[i].loss_db;
        if (spans[i].gain_db > 0)
            signal.osnr_db =
                dx__light_osnr_join(signal.osnr_db, dx__light_amplifier_osnr(noise_dbm, signal.power_dbm,
                                                                             spans[i].noise_figure_db));
        signal.power_dbm += spans[i].gain_db;
    }
    return signal;
}

double dx__light_osnr_equal(double noise_dbm, double launch_dbm, double span_loss_db, double noise_figure_db,
                            unsigned n)
{
    return dx__light_amplifier_osnr(noise_dbm, launch_dbm - span_loss_db, noise_figure_db) - dx__light_db(n);
}

unsigned dx__light_spans(double noise_dbm, double launch_dbm, double span_loss_db, double noise_figure_db,
                         double osnr_db)
{
    const double spans = dx__light_ratio(
        dx__light_amplifier_osnr(noise_dbm, launch_dbm - span_loss_db, noise_figure_db) - osnr_db);

    return (unsigned)MIN(spans + SPAN_ROUNDING, SPANS_MAX);
}
