/*
 * verdict - the number that decides, and what would mend it; or all the numbers
 *
 * One message, of what no other remedy would help against first: optics that do not go together, amplifiers
 * that there are not, dispersion, noise, power, too much power.
 */
#include "verdict.h"

#include <math.h>

#define REMEDIES_MAX 16
#define OPTICS_SHOWN 3
#define FRAME_OCTETS 1518 /* of a worksheet's frame loss */

/* -- numbers ------------------------------------------------------------------------------------------- */

typedef struct {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
} Number;

/* One decimal, and never "-0.0". */
static Number tenths(double value)
{
    Number number;

    g_ascii_formatd(number.text, sizeof number.text, "%.1f", fabs(value) < 0.05 ? 0 : value);
    return number;
}

static Number hundredths(double value)
{
    Number number;

    g_ascii_formatd(number.text, sizeof number.text, "%.2f", fabs(value) < 0.005 ? 0 : value);
    return number;
}

/* One decimal, or two where one does not show that it differs from @limit. */
static Number against(double value, double limit)
{
    return fabs(value - limit) < 0.1 ? hundredths(value) : tenths(value);
}

/* For what must be enough, and for what must not be exceeded. */
static Number up(double value)
{
    return tenths(ceil(value * 10) / 10);
}

static Number down(double value)
{
    return tenths(floor(value * 10) / 10);
}

static Number plain(double value)
{
    Number number;

    g_ascii_formatd(number.text, sizeof number.text, "%.6g", value);
    return number;
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
                                   tenths(remedies[i].least_db).text);
}

static void append_attenuator(GString *text, const DxRemedy *remedy)
{
    if (remedy->kind == DX_REMEDY_ATTENUATOR)
        g_string_append_printf(text, "; an attenuator of %s to %s dB mends it", up(remedy->least_db).text,
                               down(remedy->most_db).text);
}

static void append_equipment(GString *text, const DxRemedy *remedy)
{
    const char *plural = remedy->n == 1 ? "" : "s";

    if (remedy->kind == DX_REMEDY_AMPLIFIERS)
        g_string_append_printf(text, "; possible with %u amplifier%s of %s dB", remedy->n, plural,
                               up(remedy->least_db).text);
    else if (remedy->kind == DX_REMEDY_REGENERATORS)
        g_string_append_printf(text, "; possible with %u regenerator%s on the way", remedy->n, plural);
}

static void append_remedies(GString *text, const DxLine *line, const DxLineEnd *from, const DxLineEnd *to,
                            const DxLineEnd *known, unsigned n_known)
{
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
        append_equipment(text, &remedies[i]);
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
                               tenths(to->required_osnr_db).text);
    else
        g_string_append_printf(text, "%s is not for amplified lines: it has no required OSNR", name);
}

static void append_failure(GString *text, const DxBudget *budget, const DxOptic *from, const DxLineEnd *end)
{
    const DxOptic *to = optic_at(end);

    if (budget->beyond & DX_LIMIT_BAND)
        g_string_append_printf(text, "there are no amplifiers for %s nm; 1530 to 1565 nm can be amplified",
                               plain(from->wavelength_min_nm).text);
    else if (budget->beyond & DX_LIMIT_GAIN)
        g_string_append_printf(text,
                               "an amplifier would have to make up for %s dB, 35 are possible; take more "
                               "\"amplifiers\"",
                               tenths(budget->span_db).text);
    else if (budget->beyond & DX_LIMIT_DISPERSION)
        g_string_append_printf(text, "the line does not close: %s ps/nm of dispersion, %s tolerates %s",
                               plain(ceil(budget->dispersion_ps_per_nm)).text, end->name,
                               plain(to->dispersion_ps_per_nm).text);
    else if (budget->beyond & DX_LIMIT_PMD)
        g_string_append_printf(text, "the line does not close: %s ps of PMD, %s tolerates %s",
                               up(budget->pmd_ps).text, end->name, plain((double)to->pmd_ps).text);
    else if (budget->beyond & DX_LIMIT_OSNR)
        append_noise(text, budget, to, end->name);
    else if (budget->beyond & DX_LIMIT_POWER)
        g_string_append_printf(text, "the line does not close: %s dBm arrive, %s needs %s",
                               against(budget->rx_min_dbm - budget->penalty_db, to->rx_min_dbm).text,
                               end->name, tenths(to->rx_min_dbm).text);
    else
        g_string_append_printf(text, "too much light: up to %s dBm arrive, %s takes %s",
                               against(budget->rx_max_dbm, to->rx_max_dbm).text, end->name,
                               tenths(to->rx_max_dbm).text);
}

static void append_marginal(GString *text, const DxBudget *budget, const DxLine *line, const DxLineEnd *from)
{
    if (budget->near & DX_LIMIT_OSNR)
        g_string_append_printf(text, "the line is marginal: %s dB of OSNR are left, %s are wanted",
                               hundredths(budget->osnr_margin_db).text, plain(line->margin_db).text);
    else if (budget->near & DX_LIMIT_POWER)
        g_string_append_printf(text, "the line is marginal: %s dB of power are left, %s are wanted",
                               hundredths(budget->margin_db).text, plain(line->margin_db).text);
    else
        g_string_append_printf(
            text,
            "the line is marginal: %s is specified for %s km, not %s; its power suffices, %s dB are left",
            from->name, plain(optic_at(from)->reach_km).text, plain(line->length_km).text,
            tenths(budget->margin_db).text);
}

DxLineState dx__line_judge(const DxLine *line, const DxLineEnd *from, const DxLineEnd *to, uint64_t rate_bps,
                           const DxLineEnd *known, unsigned n_known, char **message)
{
    const DxOptic *a = optic_at(from), *b = optic_at(to);
    const DxBudget budget = dx__budget(line, a, b);
    const DxLineEnd *wrong = a->rate_bps != rate_bps ? from : to;
    GString *text;

    *message = NULL;
    if (budget.verdict == DX_VERDICT_CLOSES && a->rate_bps == rate_bps)
        return DX_LINE_GOOD;
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
            append_failure(text, &budget, a, to);
        append_remedies(text, line, from, to, known, n_known);
    }
    *message = g_string_free(text, FALSE);
    return budget.verdict == DX_VERDICT_MARGINAL && a->rate_bps == rate_bps ? DX_LINE_MARGINAL : DX_LINE_DARK;
}

/* -- worksheet ----------------------------------------------------------------------------------------- */

typedef struct {
    DxLineRowFn row;
    void *data;
} Sheet;

static void put(const Sheet *sheet, const char *what, const char *how, double value, const char *unit)
{
    sheet->row(what, how, value, unit, sheet->data);
}

static void put_each(const Sheet *sheet, const char *what, int64_t n, double each_db)
{
    g_autofree char *how = g_strdup_printf("%" G_GINT64_FORMAT " of %s dB", n, plain(each_db).text);

    if (n)
        put(sheet, what, how, (double)-n * each_db, "dB");
}

static void put_power(const Sheet *sheet, const DxLine *line, const DxBudget *budget, const DxOptic *from,
                      const DxOptic *to)
{
    const double cable_km = dx__line_cable_km(line), glass_db = budget->loss_db - dx__line_fixed_db(line);
    g_autofree char *glass =
        g_strdup_printf("%s km of cable at %s dB/km", plain(cable_km).text,
                        cable_km > 0 ? plain(round(glass_db / cable_km * 1e4) / 1e4).text : "0");
    g_autofree char *spans =
        g_strdup_printf("%" G_GINT64_FORMAT ", each behind %s dB; %s dBm into every stretch",
                        line->amplifiers, hundredths(budget->span_db).text, plain(line->launch_dbm).text);

    put(sheet, "launched", "weakest transmitter", from->tx_min_dbm, "dBm");
    put(sheet, "fiber", glass, -glass_db, "dB");
    put_each(sheet, "connectors", line->connectors, line->connector_db);
    put_each(sheet, "splices", line->splices, line->splice_db);
    put_each(sheet, "panels", line->panels, line->panel_db);
    if (line->attenuator_db > 0)
        put(sheet, "attenuator", "", -line->attenuator_db, "dB");
    if (line->amplifiers)
        put(sheet, "amplifiers", spans, NAN, "");
    put(sheet, "received", line->amplifiers ? "as set behind the last amplifier" : "weakest transmitter",
        budget->rx_min_dbm, "dBm");
    if (isinf(budget->penalty_db))
        put(sheet, "penalty", "more dispersion than tolerated", NAN, "");
    else if (budget->penalty_db > 0)
        put(sheet, "penalty", "dispersion and others", -budget->penalty_db, "dB");
    put(sheet, "sensitivity", "needed", to->rx_min_dbm, "dBm");
    put(sheet, "margin", "above sensitivity", budget->margin_db, "dB");
    put(sheet, "received at most", "strongest transmitter", budget->rx_max_dbm, "dBm");
    put(sheet, "overload margin", "below overload", budget->overload_margin_db, "dB");
}

static void put_blur(const Sheet *sheet, const DxBudget *budget, const DxOptic *to)
{
    g_autofree char *dispersion = to->dispersion_ps_per_nm > 0
                                      ? g_strdup_printf("tolerated: %s", plain(to->dispersion_ps_per_nm).text)
                                      : g_strdup("tolerance not stated");
    g_autofree char *pmd = to->pmd_ps > 0 ? g_strdup_printf("tolerated: %s", plain((double)to->pmd_ps).text)
                                          : g_strdup("tolerance not stated");

    put(sheet, "dispersion", dispersion, budget->dispersion_ps_per_nm, "ps/nm");
    put(sheet, "PMD", pmd, budget->pmd_ps, "ps");
}

static void put_noise(const Sheet *sheet, const DxLine *line, const DxBudget *budget, const DxOptic *from,
                      const DxOptic *to)
{
    const double noise_dbm = dx__light_noise_dbm(from->wavelength_min_nm);

    if (!line->amplifiers)
        return;
    put(sheet, "OSNR launched", "of the transmitter", from->tx_osnr_db, "dB");
    if (from->tx_min_dbm < line->launch_dbm)
        put(sheet, "OSNR of the booster", "alone",
            dx__light_amplifier_osnr(noise_dbm, from->tx_min_dbm, line->noise_figure_db), "dB");
    put(sheet, "OSNR of the amplifiers", "alone",
        dx__light_osnr_equal(noise_dbm, line->launch_dbm, budget->span_db, line->noise_figure_db,
                             (unsigned)line->amplifiers),
        "dB");
    put(sheet, "OSNR received", "together", budget->osnr_db, "dB");
    if (to->required_osnr_db > 0)
        put(sheet, "OSNR required", "needed", to->required_osnr_db, "dB");
    put(sheet, "OSNR margin", to->required_osnr_db > 0 ? "" : "required OSNR not stated",
        budget->osnr_margin_db, "dB");
}

void dx__line_worksheet(const DxLine *line, const DxLineEnd *from, const DxLineEnd *to, DxLineRowFn row,
                        void *data)
{
    const DxOptic *a = optic_at(from), *b = optic_at(to);
    const DxBudget budget = dx__budget(line, a, b);
    const Sheet sheet = { row, data };
    g_autofree char *ends = g_strconcat(from->name, " to ", to->name, NULL);

    put(&sheet, "optics", ends, NAN, "");
    put_power(&sheet, line, &budget, a, b);
    put_blur(&sheet, &budget, b);
    put_noise(&sheet, line, &budget, a, b);
    put(&sheet, "Q", "weakest transmitter", budget.q > 0 ? dx__q_db(budget.q) : NAN, "dB");
    put(&sheet, "bit errors", "before correction", budget.ber, "");
    put(&sheet, "frames lost", "of 1518 octets, behind it", dx__residual_fer(&budget.residual, FRAME_OCTETS),
        "");
    put(&sheet, "verdict", dx__verdict_names[budget.verdict], NAN, "");
}
