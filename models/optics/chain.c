/*
 * chain - light from stretch to stretch of a line
 *
 *   power += gain - loss            1 / OSNR += 1 / (power into the amplifier - noise figure - h nu B)
 *
 * A booster feeds an amplified line: it brings the transmitter to the launch power, and has its noise.
 */
#include "chain.h"

#include <math.h>

#define GAIN_MAX_DB 35.0 /* of an amplifier of no class */

static double booster_osnr(const DxChain *chain, const DxOptic *from)
{
    const DxLine *line = chain->line;

    if (from->tx_min_dbm >= line->launch_dbm)
        return INFINITY;
    return dx__light_amplifier_osnr(chain->noise_dbm, from->tx_min_dbm, line->noise_figure_db);
}

void dx__chain_begin(DxChain *chain, const DxLine *line, const DxOptic *optic)
{
    const DxOptic as_it_is = dx__line_sender(line, optic), *from = &as_it_is;

    *chain = (DxChain){ .line = line,
                        .wavelength_nm = dx__line_worst_nm(line, from),
                        .noise_dbm = dx__light_noise_dbm(from->wavelength_min_nm),
                        .n = line->n_spans      ? line->n_spans
                             : line->amplifiers ? (unsigned)line->amplifiers
                                                : 1 };
    if (dx__line_n_amplifiers(line))
        chain->signal =
            (DxSignal){ line->launch_dbm, dx__light_osnr_join(from->tx_osnr_db, booster_osnr(chain, from)) };
    else
        chain->signal = (DxSignal){ from->tx_min_dbm, INFINITY };
}

/* One of many alike. */
static void take_equal(DxChain *chain)
{
    const DxLine *line = chain->line;
    const double loss_db =
        (dx__line_loss_db(line, chain->wavelength_nm) - dx__line_cross_db(line, chain->wavelength_nm)) /
        chain->n;

    chain->span = (DxSpan){ loss_db, line->amplifiers ? loss_db : 0, line->noise_figure_db };
}

static double noise_figure(const DxChain *chain)
{
    if (chain->conf->noise_figure_db > 0)
        return chain->conf->noise_figure_db;
    return chain->amplifier ? dx__amplifier_noise_db(chain->amplifier, chain->span.gain_db)
                            : chain->line->noise_figure_db;
}

static void take_given(DxChain *chain)
{
    const DxLinePiece *piece = &chain->line->spans[chain->at];

    chain->conf = piece->conf;
    chain->amplifier_name = piece->amplifier_name;
    chain->amplifier = piece->amplifier;
    chain->span = (DxSpan){ dx__line_span_db(chain->line, chain->conf, chain->wavelength_nm), 0, 0 };
    if (chain->at + 1 == chain->n) /* what it has come to lose since it was built */
        chain->span.loss_db += chain->line->attenuator_db;
    chain->lost_db += chain->span.loss_db;
    if (!dx__line_has_amplifier(piece))
        return;
    chain->span.gain_db = chain->conf->gain_db > 0 ? chain->conf->gain_db : chain->lost_db;
    chain->span.noise_figure_db = noise_figure(chain);
    chain->lost_db = 0;
}

bool dx__chain_next(DxChain *chain)
{
    DxSpan span;

    if (chain->at == chain->n)
        return false;
    chain->in_dbm = chain->signal.power_dbm;
    if (chain->line->n_spans)
        take_given(chain);
    else
        take_equal(chain);
    span = chain->span;
    span.gain_db = MIN(span.gain_db, dx__chain_gain_max_db(chain)); /* more was asked for than there is */
    chain->signal = dx__light_chain(chain->noise_dbm, chain->signal, &span, 1);
    chain->at++;
    return true;
}

double dx__chain_gain_min_db(const DxChain *chain)
{
    return chain->amplifier ? chain->amplifier->gain_min_db : 0;
}

double dx__chain_gain_max_db(const DxChain *chain)
{
    return chain->amplifier ? chain->amplifier->gain_max_db : GAIN_MAX_DB;
}

double dx__chain_power_max_dbm(const DxChain *chain)
{
    return chain->amplifier ? chain->amplifier->power_max_dbm : INFINITY;
}
