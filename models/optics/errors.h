/*
 * errors.h - which frames bit errors, or codewords that fail, take
 *
 * A model embeds DxErrors in its state and judges frames in the order they come. Nothing is drawn per frame:
 * what is drawn is how many bits (or codewords) are good until the next that is not, so a frame costs one
 * comparison, and a line without errors nothing at all. Frames of any size are lost exactly as often as
 * dx__residual_fer() says. docs/models/optics.md has the exact process.
 */
#ifndef DX_OPTICS_ERRORS_H
#define DX_OPTICS_ERRORS_H

#include <dxsim/model.h>
#include "geometric.h"
#include "octets.h"
#include "optics/ber.h"

typedef struct {
    int64_t clear_bits;           /* from here to the next unit that fails; below 0: that has begun */
    int64_t width_bits;           /* of a unit */
    int64_t lead_bits, tail_bits; /* of the stream before and behind a frame: preamble, gap */
    Octets octets;
    DxGeometric good; /* units before one that fails */
    DxRng rng;
} DxErrors;

/* @counts: OCTETS_FRAME, or OCTETS_PACKET on a link that has no framing. Its draws are the node's "errors".
 */
void dx__errors_init(DxErrors *errors, const DxNode *node, int counts, const DxResidual *residual);
/* From an event: another ratio, from the next unit on. */
void dx__errors_set(DxErrors *errors, const DxResidual *residual);
/* The next frame, with all that goes with it in the stream, is not certain to be good. Is it hit? */
bool dx__errors_judge(DxErrors *errors, int64_t bits);
/* Drops those of a burst that are hit for @reason; the others move up. */
void dx__errors_thin(DxErrors *errors, DxNode *node, unsigned reason, DxBurst *burst);

/* Is the next frame hit? Only while there are errors at all. */
static inline bool dx__errors_take(DxErrors *errors, const DxFrame *frame)
{
    const int64_t bits =
        INT64_C(8) * octets_in(&errors->octets, frame) + errors->lead_bits + errors->tail_bits;

    if (G_UNLIKELY(bits > errors->clear_bits))
        return dx__errors_judge(errors, bits);
    errors->clear_bits -= bits;
    return false;
}

static inline void dx__errors_apply(DxErrors *errors, DxNode *node, unsigned reason, DxBurst *burst)
{
    if (G_UNLIKELY(errors->good.success > 0))
        dx__errors_thin(errors, node, reason, burst);
}

#endif
