/*
 * loss - independent and burst loss of frames, a stretch at a time
 *
 *   frames that pass before a loss     floor(log u / log(1 - loss))              u uniform in (0, 1]
 *   frames judged in a state           1 + floor(log u / log(1 - p)), with r in the bad state
 *
 * Both have no memory, so drawing them is the same as tossing a coin for every frame: the first is drawn anew
 * after each loss and each change of state. Draws belong to numbers of frames and to nothing else: bursts and
 * windows do not matter. The two kinds of draws have streams of their own, "loss" and "loss-state".
 *
 * Gilbert 1960 (no loss in the good state), Elliott 1963 (some). The first frame is judged in the good state.
 */
#include "loss.h"

enum { GOOD, BAD };

static void enter(DxLoss *loss, bool is_bad)
{
    loss->is_bad = is_bad;
    loss->to_change = dx__geometric_draw(&loss->leave[is_bad], &loss->changes);
    loss->to_change += loss->to_change < DX_LOSS_NEVER; /* one frame at least */
    loss->to_loss = dx__geometric_draw(&loss->loss[is_bad], &loss->losses);
}

static void find_clear(DxLoss *loss)
{
    loss->clear = MIN(loss->to_loss, loss->to_change);
    loss->to_loss -= loss->clear;
    loss->to_change -= loss->clear;
}

bool dx__loss_is_on(const DxLossConf *conf)
{
    return conf->loss_ratio > 0 || conf->loss_good_ratio > 0 ||
           (conf->p_ratio > 0 && conf->loss_bad_ratio > 0);
}

bool dx__loss_check(const DxLossConf *conf, const char **key, GError **error)
{
    const char *why = NULL;

    *key = "gilbert_elliott";
    if (conf->loss_ratio > 0 && (conf->p_ratio > 0 || conf->loss_good_ratio > 0))
        why = "give either a loss or a Gilbert-Elliott model; within that, loss_good is what goes on";
    else if (conf->p_ratio > 0 && conf->r_ratio <= 0)
        why = "with p and without r the bad state lasts for ever; 1/r is its mean length in frames";
    else if (conf->r_ratio > 0 && conf->p_ratio <= 0)
        why = "with r and without p the bad state is never entered";
    if (why)
        g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return !why;
}

void dx__loss_init(DxLoss *loss, const DxLossConf *conf, const DxNode *node)
{
    loss->loss[GOOD] = dx__geometric(conf->loss_ratio + conf->loss_good_ratio); /* one of them is 0 */
    loss->loss[BAD] = dx__geometric(conf->loss_bad_ratio);
    loss->leave[GOOD] = dx__geometric(conf->p_ratio);
    loss->leave[BAD] = dx__geometric(conf->r_ratio);
    dx_node_rng(node, "loss", &loss->losses);
    dx_node_rng(node, "loss-state", &loss->changes);
    enter(loss, false);
    find_clear(loss);
}

bool dx__loss_takes(DxLoss *loss)
{
    bool is_lost;

    if (loss->clear) {
        loss->clear--;
        return false;
    }
    if (!loss->to_change)
        enter(loss, !loss->is_bad);
    loss->to_change--;
    is_lost = !loss->to_loss;
    if (is_lost)
        loss->to_loss = dx__geometric_draw(&loss->loss[loss->is_bad], &loss->losses);
    else
        loss->to_loss--;
    find_clear(loss);
    return is_lost;
}

void dx__loss_thin(DxLoss *loss, DxNode *node, unsigned reason, DxBurst *burst)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        if (dx__loss_takes(loss)) {
            dx_node_drop(node, reason, &burst->frame[i]);
            continue;
        }
        if (kept < i)
            burst->frame[kept] = burst->frame[i];
        kept++;
    }
    burst->n = kept;
}
