/*
 * verdict - the number that decides, and what would mend it
 *
 * One message, of what no other remedy would help against first: optics that do not go together, amplifiers
 * that there are not, dispersion, noise, power, too much power.
 */
#include "verdict.h"
#include "chain.h"
#include "number.h"

#include <math.h>

#define REMEDIES_MAX 16
#define OPTICS_SHOWN 3

/* -- numbers ------------------------------------------------------------------------------------------- */

/* One decimal, or two where one does not show that it differs from @limit. */
static DxNumber against(double value, double limit)
{
    return fabs(value - limit) < 0.1 ? dx__hundredths(value) : dx__tenths(value);
}

/* For what must be enough, and for what must not be exceeded. */
static DxNumber up(double value)
{
    return dx__tenths(ceil(value * 10) / 10);
}

static DxNumber down(double value)
{
    return dx__tenths(floor(value * 10) / 10);
}

static char *rate_text(uint64_t rate_bps)
{
    return dx_units_format(DX_UNIT_RATE, (int64_t)rate_bps);
}

static const DxOptic *optic_at(const DxLineEnd *end)
{
    return end->optic;
}

/* -- what would mend it -------------------------------------------------------------------------------- */

static void append_optics(GString *text, const DxRemedy *remedies, unsigned n, const DxLineEnd *known)
{
    unsigned shown = 0;

    for (unsigned i = 0; i < n && shown < OPTICS_SHOWN; i++)
        if (remedies[i].kind == DX_REMEDY_OPTIC)
            g_string_append_printf(text, "%s%s (%s dB margin)",
                                   shown++ ? ", " : "; an optic that does: ", known[remedies[i].n].name,
                                   dx__tenths(remedies[i].least_db).text);
}

static void append_attenuator(GString *text, const DxRemedy *remedy)
{
    if (remedy->kind == DX_REMEDY_ATTENUATOR)
        g_string_append_printf(text, "; an attenuator of %s to %s dB mends it", up(remedy->least_db).text,
                               down(remedy->most_db).text);
}

static void append_equipment(GString *text, const DxRemedy *remedy, const char *where)
{
    const char *plural = remedy->n == 1 ? "" : "s";

    if (remedy->kind == DX_REMEDY_AMPLIFIERS)
        g_string_append_printf(text, "; possible with %u amplifier%s of %s dB%s", remedy->n, plural,
                               up(remedy->least_db).text, where);
    else if (remedy->kind == DX_REMEDY_REGENERATORS)
        g_string_append_printf(text, "; possible with %u regenerator%s on the way", remedy->n, plural);
}

static void append_remedies(GString *text, const DxLine *line, const DxLineEnd *from, const DxLineEnd *to,
                            const DxLineEnd *known, unsigned n_known)
{
    const char *where = line->n_spans ? " at equal distances" : "";
    g_autofree DxOptic *optics = g_new(DxOptic, n_known + 1);
    DxRemedy remedies[REMEDIES_MAX];
    unsigned n;

    for (unsigned i = 0; i < n_known; i++)
        optics[i] = *optic_at(&known[i]);
    n = dx__budget_remedies(line, optic_at(from), optic_at(to), optics, n_known, remedies, REMEDIES_MAX);
    for (unsigned i = 0; i < n; i++)
        append_attenuator(text, &remedies[i]);
    append_optics(text, remedies, n, known);
    for (unsigned i = 0; i < n; i++)
        append_equipment(text, &remedies[i], where);
}

/* -- what is wrong ------------------------------------------------------------------------------------- */

static void append_rate(GString *text, const DxOptic *optic, const char *name, uint64_t rate_bps,
                        const DxLineEnd *known, unsigned n_known)
{
    g_autofree char *has = rate_text(optic->rate_bps), *wanted = rate_text(rate_bps);
    unsigned shown = 0;

    g_string_append_printf(text, "%s is for %s, and this link has %s", name, has, wanted);
    for (unsigned i = 0; i < n_known; i++)
        if (optic_at(&known[i])->rate_bps == rate_bps)
            g_string_append_printf(text, "%s%s", shown++ ? ", " : "; for that: ", known[i].name);
}

static void append_noise(GString *text, const DxBudget *budget, const DxOptic *to, const char *name)
{
    if (to->required_osnr_db > 0)
        g_string_append_printf(text, "the line does not close: an OSNR of %s dB arrives, %s needs %s",
                               against(budget->osnr_db, to->required_osnr_db).text, name,
                               dx__tenths(to->required_osnr_db).text);
    else
        g_string_append_printf(text, "%s is not for amplified lines: it has no required OSNR", name);
}

/* Of spans given one by one: the first whose amplifier there is not. */
static void append_amplifier(GString *text, const DxLine *line, const DxOptic *from, unsigned at)
{
    double gain_db, least_db, most_db;
    const char *name;
    DxChain chain;

    dx__chain_begin(&chain, line, from);
    while (chain.at < at && dx__chain_next(&chain))
        ;
    gain_db = chain.span.gain_db;
    least_db = dx__chain_gain_min_db(&chain);
    most_db = dx__chain_gain_max_db(&chain);
    name = chain.amplifier ? chain.amplifier_name : "an amplifier";
    if (gain_db > most_db)
        g_string_append_printf(text, "span %u asks for a gain of %s dB, %s has %s at most; divide the span",
                               at, against(gain_db, most_db).text, name, dx__plain(most_db).text);
    else if (gain_db < least_db)
        g_string_append_printf(
            text,
            "span %u asks for a gain of %s dB, %s has %s at least; pad the span with an attenuator of %s dB",
            at, against(gain_db, least_db).text, name, dx__plain(least_db).text, up(least_db - gain_db).text);
    else
        g_string_append_printf(text,
                               "the amplifier of span %u would have to put out %s dBm, %s has %s at most; "
                               "less \"launch\" or \"gain\"",
                               at, against(chain.signal.power_dbm, dx__chain_power_max_dbm(&chain)).text,
                               name, dx__plain(dx__chain_power_max_dbm(&chain)).text);
}

/* That nobody promises more than a reach explains most. */
static void append_power(GString *text, const DxBudget *budget, const DxLine *line, const DxLineEnd *from,
                         const DxLineEnd *end)
{
    const DxOptic *to = optic_at(end);

    g_string_append_printf(text, "the line does not close: %s dBm arrive, %s needs %s",
                           against(budget->rx_min_dbm - budget->penalty_db, to->rx_min_dbm).text, end->name,
                           dx__tenths(to->rx_min_dbm).text);
    if (budget->near & DX_LIMIT_REACH)
        g_string_append_printf(text, "; the reach of %s is %s km, this line has %s", from->name,
                               dx__plain(optic_at(from)->reach_km).text,
                               dx__plain(dx__line_length_km(line)).text);
}

static void append_failure(GString *text, const DxBudget *budget, const DxLine *line, const DxLineEnd *start,
                           const DxLineEnd *end)
{
    const DxOptic *from = optic_at(start), *to = optic_at(end);

    if (budget->beyond & DX_LIMIT_BAND)
        g_string_append_printf(text, "there are no amplifiers for %s nm; 1530 to 1565 nm can be amplified",
                               dx__plain(from->wavelength_min_nm).text);
    else if (budget->at_span && line->n_spans)
        append_amplifier(text, line, from, budget->at_span);
    else if (budget->beyond & DX_LIMIT_GAIN)
        g_string_append_printf(text,
                               "an amplifier would have to make up for %s dB, 35 are possible; take more "
                               "\"amplifiers\"",
                               dx__tenths(budget->span_db).text);
    else if (budget->beyond & DX_LIMIT_DISPERSION)
        g_string_append_printf(text, "the line does not close: %s ps/nm of dispersion, %s tolerates %s",
                               dx__plain(ceil(budget->dispersion_ps_per_nm)).text, end->name,
                               dx__plain(to->dispersion_ps_per_nm).text);
    else if (budget->beyond & DX_LIMIT_PMD)
        g_string_append_printf(text, "the line does not close: %s ps of PMD, %s tolerates %s",
                               up(budget->pmd_ps).text, end->name, dx__plain((double)to->pmd_ps).text);
    else if (budget->beyond & DX_LIMIT_OSNR)
        append_noise(text, budget, to, end->name);
    else if (budget->beyond & DX_LIMIT_POWER)
        append_power(text, budget, line, start, end);
    else
        g_string_append_printf(text, "too much light: up to %s dBm arrive, %s takes %s",
                               against(budget->rx_max_dbm, to->rx_max_dbm).text, end->name,
                               dx__tenths(to->rx_max_dbm).text);
}

static void append_marginal(GString *text, const DxBudget *budget, const DxLine *line, const DxLineEnd *from)
{
    if (budget->near & DX_LIMIT_OSNR)
        g_string_append_printf(text, "the line is marginal: %s dB of OSNR are left, %s are wanted",
                               dx__hundredths(budget->osnr_margin_db).text, dx__plain(line->margin_db).text);
    else if (budget->near & DX_LIMIT_POWER)
        g_string_append_printf(text, "the line is marginal: %s dB of power are left, %s are wanted",
                               dx__hundredths(budget->margin_db).text, dx__plain(line->margin_db).text);
    else
        g_string_append_printf(
            text,
            "the line is marginal: %s is specified for %s km, not %s; its power suffices, %s dB are left",
            from->name, dx__plain(optic_at(from)->reach_km).text, dx__plain(dx__line_length_km(line)).text,
            dx__tenths(budget->margin_db).text);
}

/* What was measured, or mistyped, against what the optic is sold for. NULL: within. (transfer full) */
static char *launch_text(const DxLine *line, const DxLineEnd *from)
{
    const DxOptic *optic = optic_at(from);

    if (line->tx_dbm <= DX_LINE_TX_WEAKEST ||
        (line->tx_dbm >= optic->tx_min_dbm && line->tx_dbm <= optic->tx_max_dbm))
        return NULL;
    return g_strdup_printf("%s launches %s to %s dBm, and here %s", from->name,
                           dx__tenths(optic->tx_min_dbm).text, dx__tenths(optic->tx_max_dbm).text,
                           dx__plain(line->tx_dbm).text);
}

DxLineState dx__line_judge(const DxLine *line, const DxLineEnd *from, const DxLineEnd *to, uint64_t rate_bps,
                           const DxLineEnd *known, unsigned n_known, char **message)
{
    const DxOptic *a = optic_at(from), *b = optic_at(to);
    const DxBudget budget = dx__budget(line, a, b);
    const DxLineEnd *wrong = a->rate_bps != rate_bps ? from : to;
    GString *text;

    *message = NULL;
    if (budget.verdict == DX_VERDICT_CLOSES && a->rate_bps == rate_bps) {
        *message = launch_text(line, from);
        return *message ? DX_LINE_MARGINAL : DX_LINE_GOOD;
    }
    text = g_string_new(NULL);
    if (optic_at(wrong)->rate_bps != rate_bps) {
        append_rate(text, optic_at(wrong), wrong->name, rate_bps, known, n_known);
    } else if (budget.beyond & DX_LIMIT_OPTICS) {
        g_string_append_printf(text, "%s and %s do not understand each other: %s", from->name, to->name,
                               dx__optic_mismatch(a, b));
    } else {
        if (budget.verdict == DX_VERDICT_MARGINAL)
            append_marginal(text, &budget, line, from);
        else
            append_failure(text, &budget, line, from, to);
        append_remedies(text, line, from, to, known, n_known);
    }
    *message = g_string_free(text, FALSE);
    return budget.verdict == DX_VERDICT_MARGINAL && a->rate_bps == rate_bps ? DX_LINE_MARGINAL : DX_LINE_DARK;
}
