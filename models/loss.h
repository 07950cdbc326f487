/*
 * loss.h - which frames a line loses: each for itself, or in bursts
 *
 *   independent       every frame with the same probability
 *   Gilbert-Elliott   a chain with a good and a bad state; in each, every frame with the state's probability
 *
 * A model embeds DxLossConf in its conf and DxLoss in its state, puts DX_LOSS_PARAMS into its table, and
 * judges frames in the order they come. Nothing is drawn per frame: what is drawn is how many pass until the
 * next loss, and until the state changes. docs/models/loss.md has the exact process.
 */
#ifndef DX_LOSS_H
#define DX_LOSS_H

#include <dxsim/model.h>
#include "geometric.h"

typedef struct {
    double loss_ratio;                      /* independent */
    double p_ratio, r_ratio;                /* good to bad, bad to good */
    double loss_good_ratio, loss_bad_ratio; /* in each state */
} DxLossConf;

/* Rows of a conf that has a DxLossConf; the group ends with the next one. */
/* clang-format off */
#define DX_LOSS_PARAM_(conf, member, name, fallback, help) \
    { DX_TYPE_RATIO, #name, offsetof(conf, member.name), fallback, "0 %", "100 %", NULL, help }
#define DX_LOSS_PARAMS(conf, member) \
    DX_LOSS_PARAM_(conf, member, loss_ratio, "0 %", "Lost of all frames, each for itself."), \
    DX_PARAM_GROUP("gilbert_elliott"), \
    DX_LOSS_PARAM_(conf, member, p_ratio, "0 %", "From the good state to the bad one, after each frame."), \
    DX_LOSS_PARAM_(conf, member, r_ratio, "0 %", "From the bad state to the good one, after each frame."), \
    DX_LOSS_PARAM_(conf, member, loss_good_ratio, "0 %", "Lost of the frames in the good state (1 - k)."), \
    DX_LOSS_PARAM_(conf, member, loss_bad_ratio, "100 %", "Lost of the frames in the bad state (1 - h).")
/* clang-format on */

#define DX_LOSS_NEVER DX_GEOMETRIC_NEVER /* frames */

typedef struct {
    uint64_t clear;              /* frames that pass for certain */
    uint64_t to_loss, to_change; /* frames, behind those */
    bool is_bad;
    DxGeometric loss[2], leave[2]; /* by state */
    DxRng losses, changes;
} DxLoss;

/* Hook `check` of a model's conf. */
bool dx__loss_check(const DxLossConf *conf, const char **key, GError **error);
/* Can it lose anything at all? */
bool dx__loss_is_on(const DxLossConf *conf);
void dx__loss_init(DxLoss *loss, const DxLossConf *conf, const DxNode *node);
/* Is the next frame lost? */
bool dx__loss_takes(DxLoss *loss);
/* Drops the lost ones of a burst for @reason; the others move up. */
void dx__loss_thin(DxLoss *loss, DxNode *node, unsigned reason, DxBurst *burst);

/* The same; one comparison for a burst that loses none. */
static inline void dx__loss_apply(DxLoss *loss, DxNode *node, unsigned reason, DxBurst *burst)
{
    if (G_LIKELY(burst->n <= loss->clear))
        loss->clear -= burst->n;
    else
        dx__loss_thin(loss, node, reason, burst);
}

#endif
