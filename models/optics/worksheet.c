/*
 * worksheet - a budget as an engineer writes it down: what is sent, what is lost on the way, what is left
 *
 * Row by row in the order of the light. Spans that are given one by one have rows of their own: power into
 * the fiber, loss, gain, power out, OSNR so far.
 */
#include "chain.h"
#include "number.h"
#include "verdict.h"

#include <math.h>

#define FRAME_OCTETS     1518   /* of frame loss */
#define OUTSIDE_PLANT_NM 1310.0 /* where no optic says at which wavelength */

static const DxOptic *optic_at(const DxLineEnd *end)
{
    return end->optic;
}

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
    g_autofree char *how = g_strdup_printf("%" G_GINT64_FORMAT " of %s dB", n, dx__plain(each_db).text);

    if (n)
        put(sheet, what, how, (double)-n * each_db, "dB");
}

static char *cable_text(double cable_km, double glass_db)
{
    return g_strdup_printf("%s km of cable at %s dB/km", dx__plain(cable_km).text,
                           cable_km > 0 ? dx__plain(round(glass_db / cable_km * 1e4) / 1e4).text : "0");
}

/* A line given as one length. */
static void put_whole(const Sheet *sheet, const DxLine *line, const DxBudget *budget, const DxOptic *from)
{
    const double glass_db =
        budget->loss_db - dx__line_fixed_db(line) - dx__line_cross_db(line, dx__line_worst_nm(line, from));
    g_autofree char *glass = cable_text(line->length_km * line->route_factor, glass_db);
    g_autofree char *amplifiers = g_strdup_printf(
        "%" G_GINT64_FORMAT ", each behind %s dB; %s dBm into every stretch", line->amplifiers,
        dx__hundredths(budget->span_db).text, dx__plain(line->launch_dbm).text);

    put(sheet, "fiber", glass, -glass_db, "dB");
    put_each(sheet, "connectors", line->connectors, line->connector_db);
    put_each(sheet, "splices", line->splices, line->splice_db);
    put_each(sheet, "panels", line->panels, line->panel_db);
    if (line->attenuator_db > 0)
        put(sheet, "attenuator", "", -line->attenuator_db, "dB");
    if (line->amplifiers)
        put(sheet, "amplifiers", amplifiers, NAN, "");
}

/* "80 km of cable at 0.2 dB/km, 2 connectors, 3 splices, an attenuator of 3 dB" */
static char *span_text(const DxLine *line, const DxLineSpan *span, double loss_db)
{
    const double fixed_db = (double)span->connectors * line->connector_db +
                            (double)span->splices * line->splice_db + span->attenuator_db;
    const double cable_km = span->length_km * line->route_factor;
    g_autofree char *cable = cable_text(cable_km, loss_db - fixed_db);
    GString *text = g_string_new(cable);

    if (span->connectors)
        g_string_append_printf(text, ", %" G_GINT64_FORMAT " connector%s", span->connectors,
                               span->connectors == 1 ? "" : "s");
    if (span->splices)
        g_string_append_printf(text, ", %" G_GINT64_FORMAT " splice%s", span->splices,
                               span->splices == 1 ? "" : "s");
    if (span->attenuator_db > 0)
        g_string_append_printf(text, ", an attenuator of %s dB", dx__plain(span->attenuator_db).text);
    return g_string_free(text, FALSE);
}

/* The row "span 3 gain". */
static void put_span(const Sheet *sheet, unsigned span, const char *what, const char *how, double value,
                     const char *unit)
{
    g_autofree char *name = g_strdup_printf("span %u %s", span, what);

    put(sheet, name, how, value, unit);
}

static void put_stretch(const Sheet *sheet, const DxLine *line, const DxChain *chain)
{
    g_autofree char *fiber = span_text(line, chain->conf, chain->span.loss_db);
    g_autofree char *amplifier =
        g_strdup_printf("%s%snoise figure %s dB", chain->amplifier ? chain->amplifier_name : "",
                        chain->amplifier ? ", " : "", dx__hundredths(chain->span.noise_figure_db).text);

    put_span(sheet, chain->at, "in", "into the fiber", chain->in_dbm, "dBm");
    put_span(sheet, chain->at, "loss", fiber, -chain->span.loss_db, "dB");
    if (chain->span.gain_db > 0)
        put_span(sheet, chain->at, "gain", amplifier, chain->span.gain_db, "dB");
    put_span(sheet, chain->at, "out", chain->span.gain_db > 0 ? "behind the amplifier" : "no amplifier",
             chain->signal.power_dbm, "dBm");
    if (!isinf(chain->signal.osnr_db))
        put_span(sheet, chain->at, "OSNR", "so far", chain->signal.osnr_db, "dB");
}

static void put_spans(const Sheet *sheet, const DxLine *line, const DxOptic *from)
{
    DxChain chain;

    dx__chain_begin(&chain, line, from);
    while (dx__chain_next(&chain))
        put_stretch(sheet, line, &chain);
}

static void put_cross(const Sheet *sheet, const DxLine *line, const DxOptic *from)
{
    const DxCrossConnect *cross = &line->cross;
    const double loss_db = dx__line_cross_db(line, dx__line_worst_nm(line, from));
    g_autofree char *how =
        cross->insertion_loss_db > 0
            ? g_strdup_printf("%s m, insertion loss of all of it", dx__plain(cross->length_km * 1e3).text)
            : g_strdup_printf("%s m, %" G_GINT64_FORMAT " panel%s of %s dB",
                              dx__plain(cross->length_km * 1e3).text, cross->panels,
                              cross->panels == 1 ? "" : "s", dx__plain(cross->panel_db).text);

    if (cross->length_km > 0 || loss_db > 0)
        put(sheet, "cross connect", how, -loss_db, "dB");
}

static bool ends_amplified(const DxLine *line)
{
    return line->n_spans ? dx__line_has_amplifier(&line->spans[line->n_spans - 1]) : line->amplifiers > 0;
}

static const char *how_received(const DxLine *line)
{
    if (ends_amplified(line))
        return "as set behind the last amplifier";
    return dx__line_n_amplifiers(line) ? "behind the last span" : "weakest transmitter";
}

/* What a table says, beside what physics do. */
static void put_promise(const Sheet *sheet, const DxLine *line, const DxBudget *budget)
{
    g_autofree char *how = NULL;

    if (!line->promised_by)
        return;
    how = g_strdup_printf("%s, at %s km", line->promised_by, dx__plain(dx__line_length_km(line)).text);
    put(sheet, "level of the table", how, line->promised_dbm, "dBm");
    put(sheet, "difference", "received less the table's", budget->rx_min_dbm - line->promised_dbm, "dB");
}

static void put_power(const Sheet *sheet, const DxLine *line, const DxBudget *budget, const DxOptic *from,
                      const DxOptic *to)
{
    put(sheet, "launched", line->tx_dbm > DX_LINE_TX_WEAKEST ? "as measured" : "weakest transmitter",
        from->tx_min_dbm, "dBm");
    if (line->n_spans)
        put_spans(sheet, line, from);
    else
        put_whole(sheet, line, budget, from);
    put_cross(sheet, line, from);
    put(sheet, "received", how_received(line), budget->rx_min_dbm, "dBm");
    put_promise(sheet, line, budget);
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
    g_autofree char *dispersion =
        to->dispersion_ps_per_nm > 0
            ? g_strdup_printf("tolerated: %s", dx__plain(to->dispersion_ps_per_nm).text)
            : g_strdup("tolerance not stated");
    g_autofree char *pmd = to->pmd_ps > 0
                               ? g_strdup_printf("tolerated: %s", dx__plain((double)to->pmd_ps).text)
                               : g_strdup("tolerance not stated");

    put(sheet, "dispersion", dispersion, budget->dispersion_ps_per_nm, "ps/nm");
    put(sheet, "PMD", pmd, budget->pmd_ps, "ps");
}

static void put_noise(const Sheet *sheet, const DxLine *line, const DxBudget *budget, const DxOptic *from,
                      const DxOptic *to)
{
    const double noise_dbm = dx__light_noise_dbm(from->wavelength_min_nm);

    if (!dx__line_n_amplifiers(line))
        return;
    put(sheet, "OSNR launched", "of the transmitter", from->tx_osnr_db, "dB");
    if (from->tx_min_dbm < line->launch_dbm)
        put(sheet, "OSNR of the booster", "alone",
            dx__light_amplifier_osnr(noise_dbm, from->tx_min_dbm, line->noise_figure_db), "dB");
    if (!line->n_spans)
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
    const DxOptic sender = dx__line_sender(line, optic_at(from)), *a = &sender, *b = optic_at(to);
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

DxLineCross dx__line_crossed(const DxLine *line, const DxLineEnd *from, const DxLineEnd *to)
{
    DxLineCross crossed = { line->cross.length_km, dx__line_cross_db(line, OUTSIDE_PLANT_NM), NAN };

    if (from->optic && to->optic) {
        crossed.loss_db = dx__line_cross_db(line, dx__line_worst_nm(line, from->optic));
        crossed.margin_db = dx__budget(line, from->optic, to->optic).margin_db;
    }
    return crossed;
}
