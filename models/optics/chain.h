/*
 * chain.h - light from stretch to stretch of a line: power, loss, gain, noise so far
 *
 *   DxChain chain;
 *
 *   dx__chain_begin(&chain, line, from);
 *   while (dx__chain_next(&chain))
 *       ... chain.in_dbm, chain.span.loss_db, chain.span.gain_db, chain.signal
 *
 * Amplifiers at equal distances, and a line without any, are chains as well. What is behind the last stretch,
 * a cross connect, is none of it.
 */
#ifndef DX_OPTICS_CHAIN_H
#define DX_OPTICS_CHAIN_H

#include "optics/budget.h"

typedef struct {
    const DxLine *line;
    double wavelength_nm; /* the worst */
    double noise_dbm;
    double lost_db; /* since the last amplifier */
    unsigned n, at; /* stretches: all, passed */
    /* the present stretch */
    const DxLineSpan *conf;       /* NULL: not given one by one */
    const char *amplifier_name;   /* NULL: of no class */
    const DxAmplifier *amplifier; /* the same */
    double in_dbm;
    DxSpan span;
    DxSignal signal; /* behind it */
} DxChain;

void dx__chain_begin(DxChain *chain, const DxLine *line, const DxOptic *optic);
/* The next stretch; false: that was the last. */
bool dx__chain_next(DxChain *chain);

/* What this amplifier can do. */
double dx__chain_gain_min_db(const DxChain *chain);
double dx__chain_gain_max_db(const DxChain *chain);
double dx__chain_power_max_dbm(const DxChain *chain); /* infinity: nobody says */

#endif
