/*
 * budget.h - does light get from one optic to the other, and what would mend it?
 *
 * Figures are the worst that specifications allow: the weakest transmitter, the loss at the worst wavelength
 * of all lanes; for overload the strongest, at the best one.
 */
#ifndef DX_OPTICS_BUDGET_H
#define DX_OPTICS_BUDGET_H

#include "optics/light.h"
#include "optics/optic.h"
#include "optics/span.h"

/* What lies between two optics, one direction. */
typedef struct {
    double length_km, route_factor; /* of the route; cable per km of it */
    double temperature_c;
    double attenuation_db_per_km; /* 0: of the kind of fiber, by wavelength */
    DxFiberKind kind;
    int64_t connectors, splices, panels;
    double connector_db, splice_db, panel_db; /* each */
    double attenuator_db, penalty_db;
    double tx_dbm;                      /* launched, per lane; DX_LINE_TX_WEAKEST: the least its optic may */
    int64_t amplifiers;                 /* each behind an equal part of the line, which it makes up for */
    double launch_dbm, noise_figure_db; /* of an amplified line: power into every part */
    double margin_db;                   /* below this much above a limit a line is marginal */
    /* given apart from the table */
    const DxLinePiece *spans; /* in the order of the light, in place of length, connections and amplifiers */
    unsigned n_spans;
    DxCrossConnect cross;    /* behind all of it */
    const char *promised_by; /* name of a table of levels; NULL: none */
    double promised_dbm;     /* what that says about the length */
} DxLine;

#define DX_LINE_TX_WEAKEST (-99.0)

/* Rows of a conf that has a DxLine. */
/* clang-format off */
#define DX_LINE_PARAM_(type, conf, member, name, fallback, min, max, help) \
    { type, #name, offsetof(conf, member.name), fallback, min, max, NULL, help }
#define DX_LINE_KIND_(type, conf, member, name, fallback, min, max, help) \
    { type, #name, offsetof(conf, member.kind.name), fallback, min, max, NULL, help }
#define DX_LINE_PARAMS(conf, member) \
    DX_LINE_PARAM_(DX_TYPE_LENGTH, conf, member, length_km, "0 m", "0 m", "40000 km", "Along the route, not the map."), \
    DX_LINE_PARAM_(DX_TYPE_F64, conf, member, route_factor, "1", "1", "3", "Cable per length of route."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, temperature_c, "20 C", "-60 C", "80 C", "Of the cable; its delay is that of 20 C and 40 ps/km for every degree more."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, attenuation_db_per_km, "0 dB/km", NULL, "10 dB/km", "Of the cable; 0: by wavelength, from the three that follow."), \
    DX_LINE_KIND_PARAMS(conf, member), \
    DX_LINE_PARAM_(DX_TYPE_INT, conf, member, connectors, "0", "0", "1000", "Mated pairs."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, connector_db, "0.5 dB", "0 dB", "10 dB", "Each."), \
    DX_LINE_PARAM_(DX_TYPE_INT, conf, member, splices, "0", "0", "100000", "How many."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, splice_db, "0.1 dB", "0 dB", "10 dB", "Each."), \
    DX_LINE_PARAM_(DX_TYPE_INT, conf, member, panels, "0", "0", "1000", "Patch panels, cross connects."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, panel_db, "0.5 dB", "0 dB", "10 dB", "Each, with its connectors."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, attenuator_db, "0 dB", "0 dB", "60 dB", "Fixed attenuator."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, penalty_db, "0 dB", "0 dB", "30 dB", "Anything else that costs sensitivity."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, tx_dbm, "-99 dBm", "-99 dBm", "30 dBm", "Launched, average per lane, as measured; -99 dBm: not known, a budget takes the weakest that the optic may be."), \
    DX_LINE_PARAM_(DX_TYPE_INT, conf, member, amplifiers, "0", "0", "1000", "Along the line, at equal distances, the last at its end."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, launch_dbm, "0 dBm", "-30 dBm", "23 dBm", "With amplifiers: into every stretch."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, noise_figure_db, "5.5 dB", "3 dB", "15 dB", "Of each amplifier."), \
    DX_LINE_PARAM_(DX_TYPE_REAL, conf, member, margin_db, "1 dB", "0 dB", "30 dB", "A line with less than this is marginal.")
#define DX_LINE_KIND_PARAMS(conf, member) \
    DX_LINE_KIND_(DX_TYPE_F64, conf, member, index, "1.468", "1", "2", "Group index."), \
    DX_LINE_KIND_(DX_TYPE_REAL, conf, member, attenuation_1310_db_per_km, "0.35 dB/km", NULL, "10 dB/km", "At 1310 nm; more below."), \
    DX_LINE_KIND_(DX_TYPE_REAL, conf, member, attenuation_1383_db_per_km, "0.35 dB/km", NULL, "10 dB/km", "At the peak of water."), \
    DX_LINE_KIND_(DX_TYPE_REAL, conf, member, attenuation_1550_db_per_km, "0.2 dB/km", NULL, "10 dB/km", "From 1530 nm on."), \
    DX_LINE_KIND_(DX_TYPE_REAL, conf, member, zero_min_nm, "1300 nm", "1200 nm", "1700 nm", "Where dispersion is zero, at least."), \
    DX_LINE_KIND_(DX_TYPE_REAL, conf, member, zero_max_nm, "1324 nm", "1200 nm", "1700 nm", "And at most."), \
    DX_LINE_KIND_(DX_TYPE_REAL, conf, member, slope_ps_per_nm2_km, "0.092 ps/(nm^2 km)", NULL, "1 ps/(nm^2 km)", "Of dispersion where it is zero."), \
    DX_LINE_KIND_(DX_TYPE_REAL, conf, member, pmd_ps_per_sqrt_km, "0.2 ps/sqrt(km)", NULL, "10 ps/sqrt(km)", "Polarisation mode dispersion.")
/* clang-format on */

extern const DxParam dx__line_params[];

bool dx__line_check(const DxLine *line, const char **key, GError **error);
double dx__line_length_km(const DxLine *line);
/* The cross connect's included. */
double dx__line_cable_km(const DxLine *line);
DxTime dx__line_delay_ps(const DxLine *line);
/* Of the cross connect alone, not rounded. */
double dx__line_cross_delay_ps(const DxLine *line);
/* Connectors, splices, panels, attenuators; not those of the cross connect. */
double dx__line_fixed_db(const DxLine *line);
double dx__line_span_db(const DxLine *line, const DxLineSpan *span, double wavelength_nm);
double dx__line_cross_db(const DxLine *line, double wavelength_nm);
/* The whole line, without amplifiers. */
double dx__line_loss_db(const DxLine *line, double wavelength_nm);
/* Where that is the most, of the wavelengths of an optic. */
double dx__line_worst_nm(const DxLine *line, const DxOptic *from);
/* The optic as it is: any that its specification allows, or one that was measured. */
DxOptic dx__line_sender(const DxLine *line, const DxOptic *from);
bool dx__line_has_amplifier(const DxLinePiece *piece);
unsigned dx__line_n_amplifiers(const DxLine *line);
/* NaN: no table says anything. */
double dx__line_promised_dbm(const DxLine *line);

/* What a line fails by, or comes near; bits. */
typedef enum {
    DX_LIMIT_POWER = 1 << 0,
    DX_LIMIT_OVERLOAD = 1 << 1,
    DX_LIMIT_OSNR = 1 << 2,
    DX_LIMIT_DISPERSION = 1 << 3,
    DX_LIMIT_PMD = 1 << 4,
    DX_LIMIT_REACH = 1 << 5,  /* powers suffice, but nobody promises it */
    DX_LIMIT_OPTICS = 1 << 6, /* the two do not understand each other */
    DX_LIMIT_BAND = 1 << 7,   /* there is no such amplifier at this wavelength */
    DX_LIMIT_GAIN = 1 << 8,   /* nor one of this gain */
    DX_LIMIT_OUTPUT = 1 << 9, /* nor one of this power */
} DxLimits;

#define DX_N_LIMITS 10
extern const char *const dx__limit_names[]; /* by bit */

typedef enum {
    DX_VERDICT_CLOSES,
    DX_VERDICT_MARGINAL,
    DX_VERDICT_OVERLOAD,
    DX_VERDICT_DOES_NOT_CLOSE
} DxVerdict;

extern const char *const dx__verdict_names[]; /* NULL-terminated */

typedef struct {
    DxVerdict verdict;
    unsigned beyond, near;         /* DxLimits */
    double loss_db;                /* of the line at its worst wavelength */
    double rx_min_dbm, rx_max_dbm; /* received from the weakest and from the strongest transmitter */
    double penalty_db;
    double margin_db, overload_margin_db; /* above sensitivity; below overload */
    double dispersion_ps_per_nm, pmd_ps;  /* accumulated, at worst */
    double span_db;                       /* what an amplifier makes up for, at most; 0: there are none */
    unsigned at_span;                     /* the first whose amplifier there is not, from 1; 0: none */
    double osnr_db, osnr_margin_db;       /* with amplifiers; else infinity */
    double q, ber;                        /* of the weakest, before decoding */
    DxResidual residual;                  /* behind it */
} DxBudget;

DxBudget dx__budget(const DxLine *line, const DxOptic *from, const DxOptic *to);

/* -- what would mend it -------------------------------------------------------------------------------- */

typedef enum {
    DX_REMEDY_ATTENUATOR,
    DX_REMEDY_OPTIC,
    DX_REMEDY_AMPLIFIERS,
    DX_REMEDY_REGENERATORS
} DxRemedyKind;

typedef struct {
    DxRemedyKind kind;
    double least_db,
        most_db; /* attenuator: from, to; optic: its margin; amplifiers: gain of each, OSNR margin */
    unsigned n;  /* amplifiers, regenerators; optic: its index among those known */
} DxRemedy;

/**
 * dx__budget_remedies:
 * @known: optics to choose from, for both ends; those of another rate are passed over
 *
 * What, on its own, makes the line close with its margin. In this order: an attenuator, other optics as they
 * are listed, amplifiers, regenerators; at most @max. None for a line that closes.
 */
unsigned dx__budget_remedies(const DxLine *line, const DxOptic *from, const DxOptic *to, const DxOptic *known,
                             unsigned n_known, DxRemedy *remedies, unsigned max);

#endif
