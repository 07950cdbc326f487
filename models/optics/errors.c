/*
 * errors - bits and codewords that fail, a stretch at a time
 *
 *         clear_bits        width_bits
 *   |-------------------|==== fails ====|---------|---------|--- units
 *   |-lead-|------ frame ------|-tail-|-lead-|------ frame ------|-tail-|
 *
 * The stream is what frames bring along, one behind the other: idle time between them has no place in it. A
 * unit is a bit, and only the bits of frames are in the stream; or a codeword, and preambles and gaps are
 * too. A frame is lost when a unit that fails has a bit of it.
 *
 * Failures are independent, so the distance to the next has no memory. Once a frame is hit, no other unit
 * that ends within it is judged; nor is one that has preamble or gap only.
 */
#include "errors.h"

enum { LEAD_BITS = 8 * (7 + 1), TAIL_BITS = 8 * 12 };

static int64_t draw(DxErrors *errors)
{
    const uint64_t units = dx__geometric_draw(&errors->good, &errors->rng);
    const uint64_t width = (uint64_t)errors->width_bits;

    return (int64_t)(MIN(units, DX_GEOMETRIC_NEVER / width) *
                     width); /* whole units, also of what never comes */
}

/* A stream that begins anywhere in a codeword. */
static void begin(DxErrors *errors, const DxResidual *residual)
{
    const bool is_bit = residual->width_bits == 1;

    errors->width_bits = residual->width_bits;
    errors->lead_bits = is_bit ? 0 : LEAD_BITS;
    errors->tail_bits = is_bit ? 0 : TAIL_BITS;
    errors->clear_bits = is_bit ? 0 : -(int64_t)dx_rng_below(&errors->rng, residual->width_bits);
    errors->clear_bits += draw(errors);
}

void dx__errors_init(DxErrors *errors, const DxNode *node, int counts, const DxResidual *residual)
{
    dx_node_rng(node, "errors", &errors->rng);
    errors->octets = octets_of(counts);
    errors->good.success = 0;
    dx__errors_set(errors, residual);
}

void dx__errors_set(DxErrors *errors, const DxResidual *residual)
{
    const bool goes_on = errors->good.success > 0 && errors->width_bits == residual->width_bits;

    errors->good = dx__geometric(residual->probability);
    if (errors->good.success <= 0)
        return;
    if (!goes_on)
        begin(errors, residual);
    else if (errors->clear_bits >= 0) /* the unit under way stays as good as it was */
        errors->clear_bits = errors->clear_bits % errors->width_bits + draw(errors);
}

bool dx__errors_judge(DxErrors *errors, int64_t bits)
{
    const int64_t width = errors->width_bits, first = errors->lead_bits, end = bits - errors->tail_bits;
    int64_t at = errors->clear_bits;
    bool is_hit = false;

    while (at < bits) {
        const int64_t past = at + width;
        int64_t harmless = bits; /* what ends until here need not be judged */

        is_hit |= at < end && past > first;
        if (past > bits)
            break;
        if (past <= first)
            harmless = first;
        at = past + (harmless - past) / width * width + draw(errors);
    }
    errors->clear_bits = at - bits;
    return is_hit;
}

void dx__errors_thin(DxErrors *errors, DxNode *node, unsigned reason, DxBurst *burst)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        if (dx__errors_take(errors, &burst->frame[i])) {
            dx_node_drop(node, reason, &burst->frame[i]);
            continue;
        }
        if (kept < i)
            burst->frame[kept] = burst->frame[i];
        kept++;
    }
    burst->n = kept;
}
