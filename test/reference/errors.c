/*
 * errors - which frames a fiber with optics loses to bit errors, as docs/models/optics.md has it ("Process")
 *
 * The stream has places, counted from its beginning. Units follow one another from `next` on, which is the
 * first that has not been judged; `good` more are good.
 */
#include "reference-priv.h"

#include <dxsim/line.h>

enum { BEFORE = 8 * 8, BEHIND = 8 * 12 }; /* bits: preamble and start, gap; where codewords fail */

struct Errors {
    DxLineErrors what;
    DxRng draws;
    int64_t at;   /* where the next frame's preamble begins */
    int64_t next; /* see above; of a unit that fails, its end */
    uint64_t good;
    bool is_failing;    /* the unit before `next` fails, and no frame has seen its end yet */
    bool has_preambles; /* in the stream, and gaps */
};

/* A stream that begins somewhere in a unit. */
static void begin(Errors *errors)
{
    if (errors->what.width_bits > 1)
        errors->next = errors->at - (int64_t)dx_rng_below(&errors->draws, errors->what.width_bits);
    else
        errors->next = errors->at;
    errors->is_failing = false;
    errors->good = loss_failures(errors->what.probability, &errors->draws);
}

Errors *errors_new(ReferenceWorld *world, const Node *node, const DxLineErrors *what)
{
    Errors *errors = g_new0(Errors, 1);

    errors->what = *what;
    errors->has_preambles = what->width_bits > 1 && world->flaw != REFERENCE_FRAMES_BACK_TO_BACK;
    node_rng(world, node, "errors", &errors->draws);
    if (errors->what.probability > 0)
        begin(errors);
    return errors;
}

void errors_change(Errors *errors, const DxLineErrors *what)
{
    const bool has_begun = errors_are_possible(errors);

    errors->what.probability = what->probability;
    if (!errors_are_possible(errors))
        return;
    if (!has_begun)
        begin(errors);
    else if (!errors->is_failing)
        errors->good = loss_failures(errors->what.probability, &errors->draws);
}

void errors_free(Errors *errors)
{
    g_free(errors);
}

bool errors_are_possible(const Errors *errors)
{
    return errors->what.probability > 0;
}

static int64_t frame_bits(const Errors *errors, const Frame *frame)
{
    const uint32_t bytes = 14 + (uint32_t)frame->overhead_bytes + frame->size_bytes + 4;

    return INT64_C(8) * (errors->what.has_framing ? MAX(bytes, 64) : frame->size_bytes);
}

/* Goes on to the first unit that fails, if it begins before @past. */
static void judge(Errors *errors, int64_t past)
{
    const int64_t width = errors->what.width_bits;

    for (; !errors->is_failing && errors->next < past; errors->next += width) {
        errors->is_failing = !errors->good;
        errors->good -= errors->good > 0;
    }
}

bool errors_hit(Errors *errors, const Frame *frame)
{
    const int64_t width = errors->what.width_bits;
    const int64_t first = errors->at + (errors->has_preambles ? BEFORE : 0);
    const int64_t end = first + frame_bits(errors, frame), past = end + (errors->has_preambles ? BEHIND : 0);
    bool is_hit = false;

    if (!errors_are_possible(errors))
        return false;
    for (judge(errors, past); errors->is_failing; judge(errors, past)) {
        const int64_t harmless = errors->next <= first ? first : past;

        is_hit |= errors->next - width < end && errors->next > first;
        if (errors->next > past)
            break;
        errors->is_failing = false;
        while (errors->next + width <= harmless)
            errors->next += width;
        errors->good = loss_failures(errors->what.probability, &errors->draws);
    }
    errors->at = past;
    return is_hit;
}
