/*
 * dxsim/line.h - a line and what stands at its ends
 *
 * A model whose light, or whatever else it carries, may fail to arrive, says so with one `const DxLineModel`:
 * a table for what stands at an end (an optic), which the catalog fills, and hooks that judge the two ends
 * and what is between them. Most of it is asked when a scenario is read, and nothing for a frame.
 */
#ifndef DXSIM_LINE_H
#define DXSIM_LINE_H

#include <math.h>
#include <dxsim/param.h>

/* An optic, by its name in the catalog; @optic is a struct that DxLineModel.optic_params describe. Both live
 * as long as the scenario. */
typedef struct {
    const char *name;
    const void *optic;
} DxLineEnd;

typedef enum { DX_LINE_GOOD, DX_LINE_MARGINAL, DX_LINE_DARK } DxLineState;

/* A stretch of a line whose stretches are given one by one: a conf of DxLineModel.span, and what stands
 * behind it: a class of amplifiers of the catalog (DxLineModel.amplifier_params), or "any" and NULL, or
 * nothing named. All of it lives as long as the scenario. */
#define DX_LINE_ANY_AMPLIFIER "any"

typedef struct {
    const void *conf;
    const char *amplifier_name;
    const void *amplifier;
} DxLinePiece;

/* A level for every length, in steps: the first whose end is not before it. */
typedef struct {
    double to_km, level_dbm;
} DxLineStep;

/* What joins two cages of one building. Margin: what is left of the line's power with it; NaN without optics.
 */
typedef struct {
    double length_km, loss_db, margin_db;
} DxLineCross;

/* What fails as a whole, and how often: a bit of a frame, or a block of the stream of octets. */
typedef struct {
    double probability; /* 0: nothing does */
    uint32_t width_bits;
    bool has_framing; /* its frames are Ethernet's, not bare packets */
} DxLineErrors;

/* What has become of a line since it was built. */
typedef struct {
    double loss_db;       /* on the way, beyond what the conf says: a bend, dirt, age */
    double tx_dbm;        /* launched; NaN: as the conf says */
    double temperature_c; /* NaN: as the conf says */
    bool is_cut;
} DxLineWear;

#define DX_LINE_AS_BUILT ((DxLineWear){ 0, NAN, NAN, false })

#define DX_LINE_LANES_MAX 16
#define DX_LINE_UNLIT_DBM (-40.0) /* what a monitor shows where no light is, or less than it can measure */

/* What arrives at the far end. */
typedef struct {
    double tx_dbm, rx_dbm; /* launched; received on the weakest lane */
    unsigned n_lanes;
    double lane_dbm[DX_LINE_LANES_MAX];
    double margin_db;      /* to the nearest limit: sensitivity, overload, noise */
    double ber;            /* before correction */
    bool is_ber_above;     /* what the receiver is specified for */
    bool has_signal;       /* enough to tell light from dark: else the port goes down */
    double low_warning_dbm, low_alarm_dbm, lost_dbm; /* thresholds of the received level */
    const char *condition; /* of the received level: "good", "low warning", "low alarm", ..., "no signal" */
    DxLineErrors errors;
} DxLineLight;

/* A line of a worksheet: "connectors", "2 of 0.5 dB", 1, "dB". A value that is no number (NaN) is not there.
 */
typedef void (*DxLineRowFn)(const char *what, const char *how, double value, const char *unit, void *data);

typedef struct DxLineModel {
    const DxParam *optic_params;
    size_t optic_size;

    /* What @conf sends into and what it arrives at; @has_framing: frames, not bare packets. */
    void (*equip)(void *conf, const DxLineEnd *from, const DxLineEnd *to, bool has_framing);
    /* Does it close, at this rate? *message: why not, and what would mend it: other ends that are @known, and
     * more. (transfer full) */
    DxLineState (*judge)(const void *conf, uint64_t rate_bps, const DxLineEnd *known, unsigned n_known,
                         char **message);
    /* @has_signal: had it before? It takes a little more to come back. */
    void (*light)(const void *conf, const DxLineWear *wear, bool has_signal, DxLineLight *light);
    /* How the verdict comes about, in order. */
    void (*worksheet)(const void *conf, DxLineRowFn row, void *data);

    /* -- what a line may be put together from; tables as models without frames ------------------------- */

    const struct DxModel *span, *cross;
    const DxParam *amplifier_params;
    size_t amplifier_size;
    /* Of these, in the order of the light, in place of one length. */
    void (*lay)(void *conf, const DxLinePiece *pieces, unsigned n);
    /* With a cross connect, a conf of the table above, behind it. */
    void (*connect)(void *conf, const void *cross);
    /* Along the route, without the cross connect. */
    double (*length_km)(const void *conf);
    DxLineCross (*crossed)(const void *conf);
    /* The level that a table of this name promises for the length. False: the table ends before the line
     * does.
     */
    bool (*promise)(void *conf, const char *name, const DxLineStep *steps, unsigned n);
    double (*promised_dbm)(const void *conf); /* NaN: there is no table */
} DxLineModel;

#endif
