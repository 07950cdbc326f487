/*
 * span.h - what a line is put together from: spans, amplifiers behind them, the cross connect at its end
 *
 * Tables of parameters, for scenarios and for the amplifiers of catalogs/optics-*.json. chain.h follows the
 * light through them.
 */
#ifndef DX_OPTICS_SPAN_H
#define DX_OPTICS_SPAN_H

#include <dxsim/model.h>

/* A class of amplifiers. */
typedef struct {
    double gain_min_db, gain_max_db, power_max_dbm;
    double noise_figure_min_db, noise_figure_max_db; /* at most gain, at least gain */
} DxAmplifier;

extern const DxParam dx__amplifier_params[];

bool dx__amplifier_check(const DxAmplifier *amplifier, const char **key, GError **error);
/* At a gain; that of the nearest limit beyond the range. */
double dx__amplifier_noise_db(const DxAmplifier *amplifier, double gain_db);

/* A stretch of fiber and the amplifier behind it; gain 0: what the fiber took since the last one; noise
 * figure 0: that of its class, or of the line. */
typedef struct {
    double length_km;
    double attenuation_db_per_km; /* 0: of the line */
    int64_t connectors, splices;  /* each as the line's */
    double attenuator_db;
    double gain_db, noise_figure_db;
} DxLineSpan;

/* Between two cages of one building; a whole loss, or that of its panels and its fiber. */
typedef struct {
    double length_km;
    int64_t panels;
    double panel_db, insertion_loss_db;
} DxCrossConnect;

/* Tables as models without frames: what a scenario's "spans" and "cross_connect" hold. */
extern const DxModel dx__span_part, dx__cross_connect_part;

#endif
