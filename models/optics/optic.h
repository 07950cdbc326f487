/*
 * optic.h - what an optical module promises: powers, wavelengths, tolerances, code
 *
 * One table makes parameters of it, for catalogs/optics-*.json and for whoever describes a module of his own.
 * Powers are averages per lane. A rate of 0 is no optic at all.
 */
#ifndef DX_OPTICS_OPTIC_H
#define DX_OPTICS_OPTIC_H

#include <dxsim/param.h>
#include "optics/ber.h"

typedef enum { DX_DETECTION_DIRECT, DX_DETECTION_COHERENT } DxDetection;

extern const char *const dx__detection_names[];

typedef struct {
    uint64_t rate_bps;
    int64_t lanes;
    double wavelength_min_nm, wavelength_max_nm; /* of all lanes */
    double reach_km;
    double tx_min_dbm, tx_max_dbm;         /* what a transmitter may launch */
    double rx_min_dbm, rx_max_dbm;         /* sensitivity and overload */
    double channel_loss_db;                /* as the standard has it; 0: not stated */
    double dispersion_ps_per_nm;           /* tolerated, either sign; 0: not stated */
    double dispersion_penalty_db;          /* there; less in proportion */
    DxTime pmd_ps;                         /* tolerated mean; 0: not stated */
    double required_osnr_db;               /* 0: not stated */
    double tx_osnr_db;                     /* of its own transmitter */
    int fec;                               /* DxFec */
    double ber_limit;                      /* before decoding, at sensitivity and at the required OSNR */
    int detection;                         /* DxDetection */
    double alarm_above_db, alarm_below_db; /* alarms, from the limits */
    double lost_below_db;                  /* loss of signal, from the minimum; back half a dB above that */
} DxOptic;

/* Rows of a conf that has a DxOptic. */
/* clang-format off */
#define DX_OPTIC_PARAM_(type, conf, member, name, fallback, min, max, names, help) \
    { type, #name, offsetof(conf, member.name), fallback, min, max, names, help }
#define DX_OPTIC_PARAMS(conf, member) \
    DX_OPTIC_PARAM_(DX_TYPE_RATE, conf, member, rate_bps, "0 bps", NULL, "100 Tbps", NULL, "Line rate; 0: there is no optic."), \
    DX_OPTIC_PARAM_(DX_TYPE_INT, conf, member, lanes, "1", "1", "16", NULL, "Wavelengths, or fibers, side by side."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, wavelength_min_nm, "1310 nm", "1260 nm", "1625 nm", NULL, "The shortest of all lanes."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, wavelength_max_nm, "1310 nm", "1260 nm", "1625 nm", NULL, "The longest."), \
    DX_OPTIC_PARAM_(DX_TYPE_LENGTH, conf, member, reach_km, "0 km", "0 km", "40000 km", NULL, "As specified; 0: not stated."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, tx_min_dbm, "0 dBm", "-60 dBm", "30 dBm", NULL, "Launched by the weakest transmitter, average per lane."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, tx_max_dbm, "0 dBm", "-60 dBm", "30 dBm", NULL, "By the strongest."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, rx_min_dbm, "-60 dBm", "-60 dBm", "30 dBm", NULL, "Received at least, average per lane: sensitivity."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, rx_max_dbm, "99 dBm", "-60 dBm", "99 dBm", NULL, "Received at most: overload; 99 dBm: not stated."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, channel_loss_db, "0 dB", "0 dB", "100 dB", NULL, "Insertion loss that the standard allows; 0: not stated."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, dispersion_ps_per_nm, "0 ps/nm", NULL, "1000000 ps/nm", NULL, "Tolerated, of either sign; 0: not stated."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, dispersion_penalty_db, "0 dB", "0 dB", "20 dB", NULL, "What that costs of sensitivity; less dispersion less, in proportion."), \
    DX_OPTIC_PARAM_(DX_TYPE_TIME, conf, member, pmd_ps, "0 ps", "0 ps", "1 us", NULL, "Tolerated mean delay between polarisations; 0: not stated."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, required_osnr_db, "0 dB", "0 dB", "60 dB", NULL, "In 12.5 GHz, behind amplifiers; 0: not stated."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, tx_osnr_db, "40 dB", "0 dB", "60 dB", NULL, "Of the transmitter itself."), \
    DX_OPTIC_PARAM_(DX_TYPE_ENUM, conf, member, fec, "none", NULL, NULL, dx__fec_names, "Forward error correction; threshold: all or nothing at the limit."), \
    DX_OPTIC_PARAM_(DX_TYPE_F64, conf, member, ber_limit, "1e-12", "1e-18", "0.1", NULL, "Bit error ratio at sensitivity, before correction."), \
    DX_OPTIC_PARAM_(DX_TYPE_ENUM, conf, member, detection, "direct", NULL, NULL, dx__detection_names, "How Q follows from power."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, alarm_above_db, "3 dB", "0 dB", "20 dB", NULL, "Above a maximum: alarm."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, alarm_below_db, "4 dB", "0 dB", "20 dB", NULL, "Below a minimum: alarm."), \
    DX_OPTIC_PARAM_(DX_TYPE_REAL, conf, member, lost_below_db, "6 dB", "0 dB", "40 dB", NULL, "Received less than the minimum by this: loss of signal, and the port goes down.")
/* clang-format on */

extern const DxParam dx__optic_params[];

/* Do the figures go together? *key: which of them does not. */
bool dx__optic_check(const DxOptic *optic, const char **key, GError **error);
/* Can one understand the other? NULL: yes, else what keeps them apart. */
const char *dx__optic_mismatch(const DxOptic *a, const DxOptic *b);

/* Q at this power and OSNR (infinity: no amplifiers) when a penalty is to be made up for. */
double dx__optic_q(const DxOptic *optic, double power_dbm, double osnr_db, double penalty_db);
/* What a bit error ratio before decoding leaves of frames. */
DxResidual dx__optic_residual(const DxOptic *optic, double pre_ber);

/* -- light levels as a router shows them ---------------------------------------------------------------- */

typedef enum {
    DX_LEVEL_LOW_ALARM,
    DX_LEVEL_LOW_WARNING,
    DX_LEVEL_GOOD,
    DX_LEVEL_HIGH_WARNING,
    DX_LEVEL_HIGH_ALARM
} DxLevel;

extern const char *const dx__level_names[];

/* Thresholds: a power below the first is a low alarm, below the second a low warning, above the third a high
 * warning, above the fourth a high alarm. */
typedef struct {
    double low_alarm_dbm, low_warning_dbm, high_warning_dbm, high_alarm_dbm;
} DxLevels;

DxLevels dx__optic_tx_levels(const DxOptic *optic);
DxLevels dx__optic_rx_levels(const DxOptic *optic);
DxLevel dx__level_of(const DxLevels *levels, double power_dbm);

#endif
