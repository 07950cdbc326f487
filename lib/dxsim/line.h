/*
 * dxsim/line.h - a line and what stands at its ends
 *
 * A model whose light, or whatever else it carries, may fail to arrive, says so with one `const DxLineModel`:
 * a table for what stands at an end (an optic), which the catalog fills, and hooks that judge the two ends
 * and what is between them. All of it is asked when a scenario is read, nothing while it runs.
 */
#ifndef DXSIM_LINE_H
#define DXSIM_LINE_H

#include <dxsim/param.h>

/* An optic, by its name in the catalog; @optic is a struct that DxLineModel.optic_params describe. Both live
 * as long as the scenario. */
typedef struct {
    const char *name;
    const void *optic;
} DxLineEnd;

typedef enum { DX_LINE_GOOD, DX_LINE_MARGINAL, DX_LINE_DARK } DxLineState;

/* What fails as a whole, and how often: a bit of a frame, or a block of the stream of octets. */
typedef struct {
    double probability; /* 0: nothing does */
    uint32_t width_bits;
    bool has_framing; /* its frames are Ethernet's, not bare packets */
} DxLineErrors;

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
    DxLineErrors (*errors)(const void *conf);
    /* How the verdict comes about, in order. */
    void (*worksheet)(const void *conf, DxLineRowFn row, void *data);
} DxLineModel;

#endif
