/*
 * light.h - light in a fiber: how long it takes, what is left of it, how far it blurs, what amplifiers add
 *
 * Pure functions for set-up, with the same bits on every machine. Powers in dBm, per channel (or lane);
 * ratios in dB. docs/models/optics.md has the equations and where they come from.
 */
#ifndef DX_OPTICS_LIGHT_H
#define DX_OPTICS_LIGHT_H

#include <dxsim/line.h>
#include <dxsim/time.h>

#define DX_LIGHT_KM_PER_S 299792.458

/* Delay of a fiber by its temperature, and the one for which its index is given. */
#define DX_LIGHT_DRIFT_PS_PER_KM_K 40.0
#define DX_LIGHT_REFERENCE_C       20.0

/* What erbium amplifies. */
#define DX_LIGHT_C_BAND_MIN_NM 1530.0
#define DX_LIGHT_C_BAND_MAX_NM 1565.0

/* Reference bandwidth of an OSNR, 0.1 nm at 1550 nm. */
#define DX_LIGHT_OSNR_HZ 12.5e9

/* A kind of fiber. */
typedef struct {
    double index; /* group index */
    double attenuation_1310_db_per_km, attenuation_1383_db_per_km, attenuation_1550_db_per_km;
    double zero_min_nm, zero_max_nm; /* where dispersion is 0 */
    double slope_ps_per_nm2_km;      /* of the dispersion there */
    double pmd_ps_per_sqrt_km;
} DxFiberKind;

double dx__light_ratio(double db);
double dx__light_db(double ratio);

/* -- time ---------------------------------------------------------------------------------------------- */

/* Of a cable of this length, not rounded. */
double dx__light_delay_ps(double cable_km, double index, double temperature_c);

/* -- loss ---------------------------------------------------------------------------------------------- */

/* By wavelength, 1260 to 1625 nm. */
double dx__light_attenuation(const DxFiberKind *kind, double wavelength_nm);
/* How far a loss goes when @fixed_db of it are connections; 0 when that is all of it. */
double dx__light_reach_km(double loss_db, double fixed_db, double attenuation_db_per_km);

/* No light behind the last. */
double dx__light_step_level(const DxLineStep *steps, unsigned n, double length_km);

/* -- dispersion ---------------------------------------------------------------------------------------- */

/* D in ps/(nm km). */
double dx__light_dispersion(double wavelength_nm, double zero_nm, double slope_ps_per_nm2_km);
/* The largest |D| that a fiber of this kind may have between two wavelengths. */
double dx__light_dispersion_worst(const DxFiberKind *kind, double min_nm, double max_nm);
/* Mean delay between the two polarisations. */
double dx__light_pmd_ps(double pmd_ps_per_sqrt_km, double cable_km);

/* -- amplifiers ---------------------------------------------------------------------------------------- */

/* h nu B: the noise of a perfect amplifier in the reference bandwidth, as if at its input. */
double dx__light_noise_dbm(double wavelength_nm);
/* The same as everybody rounds it. */
#define DX_LIGHT_NOISE_RULE_DBM (-58.0)

/* A stretch of fiber and the amplifier behind it; gain 0 and noise figure 0: none. */
typedef struct {
    double loss_db, gain_db, noise_figure_db;
} DxSpan;

typedef struct {
    double power_dbm, osnr_db; /* no noise at all: infinity */
} DxSignal;

/* What one amplifier adds: OSNR of a signal that was clean. */
double dx__light_amplifier_osnr(double noise_dbm, double input_dbm, double noise_figure_db);
/* 1 / (1/a + 1/b), in dB. */
double dx__light_osnr_join(double a_db, double b_db);
DxSignal dx__light_chain(double noise_dbm, DxSignal launched, const DxSpan *spans, unsigned n);
/* Of @n equal spans whose amplifiers give back what the span took. */
double dx__light_osnr_equal(double noise_dbm, double launch_dbm, double span_loss_db, double noise_figure_db,
                            unsigned n);
/* How many of these keep @osnr_db. */
unsigned dx__light_spans(double noise_dbm, double launch_dbm, double span_loss_db, double noise_figure_db,
                         double osnr_db);

#endif
