/*
 * budget - power, noise and dispersion of a line against what its optics tolerate
 *
 *   received = launched - attenuation * cable - connections        margin = received - penalties -
 * sensitivity
 *
 * A line with amplifiers is fed by a booster that brings the transmitter to the launch power; chain.c follows
 * the light from there. N at equal distances give back what each stretch took. Behind an amplifier at the end
 * arrives what it puts out, or the middle of the receiver's range where that is lower: whoever builds such a
 * line sets the level.
 *
 * A penalty grows with dispersion in proportion, and is infinite beyond what is tolerated.
 */
#include "budget.h"
#include "chain.h"

#include <math.h>

#define ROUNDING_DB      1e-9 /* of sums of losses */
#define AMPLIFIERS_MAX   200
#define REGENERATORS_MAX 200

const char *const dx__limit_names[] = { "power",  "overload", "OSNR", "dispersion", "PMD", "reach",
                                        "optics", "band",     "gain", "output",     NULL };
const char *const dx__verdict_names[] = { "closes", "marginal", "overload", "does not close", NULL };

typedef struct {
    DxLine line;
} Conf;

const DxParam dx__line_params[] = {
    DX_LINE_PARAMS(Conf, line),
    DX_PARAM_END,
};

/* -- the line ------------------------------------------------------------------------------------------ */

bool dx__line_check(const DxLine *line, const char **key, GError **error)
{
    if (line->kind.zero_max_nm >= line->kind.zero_min_nm)
        return true;
    *key = "zero_max";
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, "less than zero_min");
    return false;
}

double dx__line_length_km(const DxLine *line)
{
    double length_km = line->n_spans ? 0 : line->length_km;

    for (unsigned i = 0; i < line->n_spans; i++)
        length_km += ((const DxLineSpan *)line->spans[i].conf)->length_km;
    return length_km;
}

double dx__line_cable_km(const DxLine *line)
{
    return dx__line_length_km(line) * line->route_factor + line->cross.length_km;
}

DxTime dx__line_delay_ps(const DxLine *line)
{
    const double delay_ps =
        dx__light_delay_ps(dx__line_cable_km(line), line->kind.index, line->temperature_c);

    return (DxTime)(delay_ps + 0.5);
}

double dx__line_cross_delay_ps(const DxLine *line)
{
    return dx__light_delay_ps(line->cross.length_km, line->kind.index, line->temperature_c);
}

double dx__line_fixed_db(const DxLine *line)
{
    double fixed_db = line->attenuator_db;

    if (!line->n_spans)
        return (double)line->connectors * line->connector_db + (double)line->splices * line->splice_db +
               (double)line->panels * line->panel_db + line->attenuator_db;
    for (unsigned i = 0; i < line->n_spans; i++) {
        const DxLineSpan *span = line->spans[i].conf;

        fixed_db += (double)span->connectors * line->connector_db + (double)span->splices * line->splice_db +
                    span->attenuator_db;
    }
    return fixed_db;
}

static double attenuation(const DxLine *line, double wavelength_nm)
{
    return line->attenuation_db_per_km > 0 ? line->attenuation_db_per_km
                                           : dx__light_attenuation(&line->kind, wavelength_nm);
}

double dx__line_span_db(const DxLine *line, const DxLineSpan *span, double wavelength_nm)
{
    const double db_per_km =
        span->attenuation_db_per_km > 0 ? span->attenuation_db_per_km : attenuation(line, wavelength_nm);

    return span->length_km * line->route_factor * db_per_km + (double)span->connectors * line->connector_db +
           (double)span->splices * line->splice_db + span->attenuator_db;
}

double dx__line_cross_db(const DxLine *line, double wavelength_nm)
{
    const DxCrossConnect *cross = &line->cross;

    if (cross->insertion_loss_db > 0)
        return cross->insertion_loss_db;
    return cross->length_km * attenuation(line, wavelength_nm) + (double)cross->panels * cross->panel_db;
}

double dx__line_loss_db(const DxLine *line, double wavelength_nm)
{
    double loss_db = line->n_spans ? line->attenuator_db : 0;

    for (unsigned i = 0; i < line->n_spans; i++)
        loss_db += dx__line_span_db(line, line->spans[i].conf, wavelength_nm);
    if (!line->n_spans)
        loss_db =
            line->length_km * line->route_factor * attenuation(line, wavelength_nm) + dx__line_fixed_db(line);
    return loss_db + dx__line_cross_db(line, wavelength_nm);
}

double dx__line_worst_nm(const DxLine *line, const DxOptic *from)
{
    return dx__line_loss_db(line, from->wavelength_min_nm) >= dx__line_loss_db(line, from->wavelength_max_nm)
               ? from->wavelength_min_nm
               : from->wavelength_max_nm;
}

bool dx__line_has_amplifier(const DxLinePiece *piece)
{
    const DxLineSpan *span = piece->conf;

    return piece->amplifier_name || span->gain_db > 0 || span->noise_figure_db > 0;
}

unsigned dx__line_n_amplifiers(const DxLine *line)
{
    unsigned n = 0;

    for (unsigned i = 0; i < line->n_spans; i++)
        n += dx__line_has_amplifier(&line->spans[i]);
    return line->n_spans ? n : (unsigned)line->amplifiers;
}

double dx__line_promised_dbm(const DxLine *line)
{
    return line->promised_by ? line->promised_dbm : NAN;
}

/* -- the budget ---------------------------------------------------------------------------------------- */

static void light_through_glass(DxBudget *budget, const DxLine *line, const DxOptic *from)
{
    const double low_db = dx__line_loss_db(line, from->wavelength_min_nm);
    const double high_db = dx__line_loss_db(line, from->wavelength_max_nm);

    budget->loss_db = MAX(low_db, high_db);
    budget->rx_min_dbm = from->tx_min_dbm - budget->loss_db;
    budget->rx_max_dbm = from->tx_max_dbm - MIN(low_db, high_db);
    budget->osnr_db = INFINITY;
}

/* Is there such an amplifier? */
static void find_amplifier(DxBudget *budget, const DxChain *chain)
{
    const double gain_db = chain->span.gain_db;
    const unsigned before = budget->beyond;

    budget->span_db = MAX(budget->span_db, gain_db);
    if (gain_db > dx__chain_gain_max_db(chain) + ROUNDING_DB ||
        (gain_db > 0 && gain_db < dx__chain_gain_min_db(chain) - ROUNDING_DB))
        budget->beyond |= DX_LIMIT_GAIN;
    else if (gain_db > 0 && chain->signal.power_dbm > dx__chain_power_max_dbm(chain) + ROUNDING_DB)
        budget->beyond |= DX_LIMIT_OUTPUT;
    if (budget->beyond != before && !budget->at_span)
        budget->at_span = chain->at;
}

/* Behind the last amplifier the level is set; behind fiber it is what comes. */
static void light_through_amplifiers(DxBudget *budget, const DxLine *line, const DxOptic *from,
                                     const DxOptic *to)
{
    DxChain chain;
    double received_dbm;

    if (from->wavelength_min_nm < DX_LIGHT_C_BAND_MIN_NM || from->wavelength_max_nm > DX_LIGHT_C_BAND_MAX_NM)
        budget->beyond |= DX_LIMIT_BAND;
    dx__chain_begin(&chain, line, from);
    while (dx__chain_next(&chain))
        find_amplifier(budget, &chain);
    received_dbm = chain.signal.power_dbm - dx__line_cross_db(line, chain.wavelength_nm);
    if (chain.span.gain_db > 0)
        received_dbm = MIN(received_dbm, (to->rx_min_dbm + to->rx_max_dbm) / 2);
    budget->rx_min_dbm = budget->rx_max_dbm = received_dbm;
    budget->osnr_db = chain.signal.osnr_db;
}

/* What the pulses suffer. */
static void blur(DxBudget *budget, const DxLine *line, const DxOptic *from, const DxOptic *to)
{
    const double cable_km = dx__line_cable_km(line);

    budget->dispersion_ps_per_nm =
        cable_km * dx__light_dispersion_worst(&line->kind, from->wavelength_min_nm, from->wavelength_max_nm);
    budget->pmd_ps = dx__light_pmd_ps(line->kind.pmd_ps_per_sqrt_km, cable_km);
    budget->penalty_db = line->penalty_db;
    if (to->dispersion_ps_per_nm > 0)
        budget->penalty_db +=
            to->dispersion_penalty_db * (budget->dispersion_ps_per_nm / to->dispersion_ps_per_nm);
    if (to->dispersion_ps_per_nm > 0 && budget->dispersion_ps_per_nm > to->dispersion_ps_per_nm)
        budget->beyond |= DX_LIMIT_DISPERSION;
    if (to->pmd_ps > 0 && budget->pmd_ps > (double)to->pmd_ps)
        budget->beyond |= DX_LIMIT_PMD;
    if (budget->beyond & (DX_LIMIT_DISPERSION | DX_LIMIT_PMD))
        budget->penalty_db = INFINITY;
}

/* For margins; too much dispersion is a verdict of its own. */
static double penalty_db(const DxBudget *budget)
{
    return isinf(budget->penalty_db) ? 0 : budget->penalty_db;
}

static void compare(DxBudget *budget, DxLimits limit, double margin_db, double wanted_db)
{
    if (margin_db < 0)
        budget->beyond |= limit;
    else if (margin_db < wanted_db)
        budget->near |= limit;
}

static DxVerdict verdict(const DxBudget *budget)
{
    if (budget->beyond & ~(unsigned)DX_LIMIT_OVERLOAD)
        return DX_VERDICT_DOES_NOT_CLOSE;
    if (budget->beyond)
        return DX_VERDICT_OVERLOAD;
    return budget->near ? DX_VERDICT_MARGINAL : DX_VERDICT_CLOSES;
}

DxOptic dx__line_sender(const DxLine *line, const DxOptic *from)
{
    DxOptic sender = *from;

    if (line->tx_dbm > DX_LINE_TX_WEAKEST)
        sender.tx_min_dbm = sender.tx_max_dbm = line->tx_dbm;
    return sender;
}

DxBudget dx__budget(const DxLine *line, const DxOptic *sender, const DxOptic *to)
{
    const bool is_amplified = dx__line_n_amplifiers(line) > 0;
    DxBudget budget = { .osnr_margin_db = INFINITY };
    const DxOptic as_it_is = dx__line_sender(line, sender), *from = &as_it_is;

    if (dx__optic_mismatch(from, to))
        budget.beyond |= DX_LIMIT_OPTICS;
    light_through_glass(&budget, line, from);
    if (is_amplified)
        light_through_amplifiers(&budget, line, from, to);
    blur(&budget, line, from, to);
    budget.margin_db = budget.rx_min_dbm - penalty_db(&budget) - to->rx_min_dbm;
    budget.overload_margin_db = to->rx_max_dbm - budget.rx_max_dbm;
    compare(&budget, DX_LIMIT_POWER, budget.margin_db, line->margin_db);
    compare(&budget, DX_LIMIT_OVERLOAD, budget.overload_margin_db, 0);
    if (is_amplified) {
        budget.osnr_margin_db = to->required_osnr_db > 0
                                    ? budget.osnr_db - penalty_db(&budget) - to->required_osnr_db
                                    : -INFINITY;
        compare(&budget, DX_LIMIT_OSNR, budget.osnr_margin_db, line->margin_db);
    }
    if (from->reach_km > 0 && dx__line_length_km(line) > from->reach_km && !is_amplified)
        budget.near |= DX_LIMIT_REACH;
    budget.verdict = verdict(&budget);
    budget.q = dx__optic_q(to, budget.rx_min_dbm, budget.osnr_db, budget.penalty_db);
    budget.ber = dx__ber_of_q(budget.q);
    budget.residual = dx__optic_residual(to, budget.ber);
    return budget;
}

/* -- remedies ------------------------------------------------------------------------------------------ */

typedef struct {
    DxRemedy *remedy;
    unsigned n, max;
} Remedies;

static void add(Remedies *remedies, DxRemedy remedy)
{
    if (remedies->n < remedies->max)
        remedies->remedy[remedies->n++] = remedy;
}

/* As much as too much arrives, and no more than leaves the margin. */
static void try_attenuator(Remedies *remedies, const DxLine *line, const DxBudget *budget)
{
    const double least_db = -budget->overload_margin_db, most_db = budget->margin_db - line->margin_db;

    if (budget->beyond == DX_LIMIT_OVERLOAD && least_db <= most_db)
        add(remedies, (DxRemedy){ DX_REMEDY_ATTENUATOR, least_db, most_db, 0 });
}

static void try_optics(Remedies *remedies, const DxLine *line, const DxOptic *known, unsigned n_known,
                       uint64_t rate_bps)
{
    for (unsigned i = 0; i < n_known; i++) {
        DxBudget budget;

        if (known[i].rate_bps != rate_bps)
            continue;
        budget = dx__budget(line, &known[i], &known[i]);
        if (budget.verdict == DX_VERDICT_CLOSES)
            add(remedies, (DxRemedy){ DX_REMEDY_OPTIC, budget.margin_db, budget.margin_db, i });
    }
}

/* The same in one piece, for amplifiers and regenerators at equal distances. */
static DxLine evened(const DxLine *line, const DxOptic *from)
{
    const double nm = dx__line_worst_nm(line, from);
    DxLine even = *line;

    if (!line->n_spans)
        return even;
    even.length_km = dx__line_length_km(line);
    even.amplifiers = dx__line_n_amplifiers(line);
    even.attenuation_db_per_km =
        (dx__line_loss_db(line, nm) - dx__line_cross_db(line, nm)) / (even.length_km * line->route_factor);
    even.connectors = even.splices = even.panels = 0;
    even.attenuator_db = 0;
    even.n_spans = 0;
    return even;
}

/* The fewest that do; of spans that differ, as many as there are may do when they are alike. */
static void try_amplifiers(Remedies *remedies, const DxLine *line, const DxOptic *from, const DxOptic *to)
{
    DxLine amplified = evened(line, from);

    if (line->n_spans && amplified.amplifiers)
        amplified.amplifiers--;
    if (amplified.amplifiers >= AMPLIFIERS_MAX)
        return;
    do {
        DxBudget budget;

        amplified.amplifiers++;
        budget = dx__budget(&amplified, from, to);
        if (budget.verdict == DX_VERDICT_CLOSES) {
            add(remedies, (DxRemedy){ DX_REMEDY_AMPLIFIERS, budget.span_db, budget.osnr_margin_db,
                                      (unsigned)amplified.amplifiers });
            return;
        }
        if (budget.beyond & (DX_LIMIT_BAND | DX_LIMIT_DISPERSION | DX_LIMIT_PMD | DX_LIMIT_OPTICS))
            return; /* more of them do not help */
    } while (amplified.amplifiers < AMPLIFIERS_MAX);
}

/* Sections of equal length, each with all the connections there are. */
static void try_regenerators(Remedies *remedies, const DxLine *line, const DxOptic *from, const DxOptic *to)
{
    const DxLine even = evened(line, from);

    for (unsigned sections = 2; sections <= REGENERATORS_MAX + 1; sections++) {
        DxLine section = even;
        DxBudget budget;

        section.length_km = even.length_km / sections;
        section.amplifiers = (even.amplifiers + sections - 1) / sections;
        section.splices = (even.splices + sections - 1) / sections;
        budget = dx__budget(&section, from, to);
        if (budget.verdict == DX_VERDICT_OVERLOAD || budget.beyond & DX_LIMIT_OPTICS)
            return; /* shorter ones are worse */
        if (budget.verdict == DX_VERDICT_CLOSES) {
            add(remedies,
                (DxRemedy){ DX_REMEDY_REGENERATORS, budget.margin_db, budget.margin_db, sections - 1 });
            return;
        }
    }
}

unsigned dx__budget_remedies(const DxLine *line, const DxOptic *from, const DxOptic *to, const DxOptic *known,
                             unsigned n_known, DxRemedy *remedies, unsigned max)
{
    const DxBudget budget = dx__budget(line, from, to);
    Remedies found = { remedies, 0, max };

    if (budget.verdict == DX_VERDICT_CLOSES)
        return 0;
    try_attenuator(&found, line, &budget);
    try_optics(&found, line, known, n_known, from->rate_bps);
    if (budget.verdict != DX_VERDICT_OVERLOAD) {
        try_amplifiers(&found, line, from, to);
        try_regenerators(&found, line, from, to);
    }
    return found.n;
}
