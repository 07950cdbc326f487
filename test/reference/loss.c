/*
 * loss - which frames a line loses, as docs/models/loss.md has it
 *
 * Two states, good and bad. In each: how many more frames are judged in it, and how many of them pass before
 * one is lost.
 */
#include "reference-priv.h"

#include <dxsim/dmath.h>
#include <math.h>

#define NEVER ((uint64_t)1 << 62)

enum { GOOD, BAD };

struct Loss {
    double leave[2], lost[2]; /* by state: to go over into the other one, to lose a frame */
    int state;
    uint64_t stay, pass;
    DxRng draws, states;
};

/* Trials that fail before one succeeds. */
uint64_t loss_failures(double q, DxRng *rng)
{
    const double d = 1.0 - q;
    double n;

    if (q <= 0.0)
        return NEVER;
    if (q >= 1.0)
        return 0;
    n = dx_log(dx_rng_unit(rng)) / (d == 1.0 ? -q : dx_log(d) * (q / (1.0 - d)));
    return n >= 0x1p62 ? NEVER : (uint64_t)floor(n);
}

static void enter(Loss *loss, int state)
{
    loss->state = state;
    loss->stay = 1 + loss_failures(loss->leave[state], &loss->states);
    loss->pass = loss_failures(loss->lost[state], &loss->draws);
}

static double ratio(const ReferenceWorld *world, const char *model, const void *conf, const char *key)
{
    return *(const double *)conf_field(world, model, conf, key);
}

Loss *loss_new(ReferenceWorld *world, const Node *node, const char *model, const void *conf)
{
    const double independent = ratio(world, model, conf, "loss");
    Loss *loss = g_new0(Loss, 1);

    loss->leave[GOOD] = ratio(world, model, conf, "gilbert_elliott.p");
    loss->leave[BAD] = ratio(world, model, conf, "gilbert_elliott.r");
    loss->lost[GOOD] =
        independent > 0.0 ? independent : ratio(world, model, conf, "gilbert_elliott.loss_good");
    loss->lost[BAD] = ratio(world, model, conf, "gilbert_elliott.loss_bad");
    node_rng(world, node, "loss", &loss->draws);
    node_rng(world, node, "loss-state", &loss->states);
    enter(loss, GOOD);
    return loss;
}

void loss_free(Loss *loss)
{
    g_free(loss);
}

bool loss_judges(Loss *loss)
{
    if (!loss->stay)
        enter(loss, !loss->state);
    if (loss->stay < NEVER)
        loss->stay--;
    if (!loss->pass) {
        loss->pass = loss_failures(loss->lost[loss->state], &loss->draws);
        return true;
    }
    if (loss->pass < NEVER)
        loss->pass--;
    return false;
}

bool loss_is_possible(const Loss *loss)
{
    return loss->lost[GOOD] > 0.0 || (loss->leave[GOOD] > 0.0 && loss->lost[BAD] > 0.0);
}
