/*
 * sweep-text - a sweep as a table for people, and as JSON for programs
 */
#include "columns-priv.h"
#include "json-write-priv.h"
#include "sweep-priv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#ifndef DXSIM_VERSION
#define DXSIM_VERSION "unknown"
#endif

/* What both are made of. */
typedef struct {
    const DxSweepPlan *plan;
    const DxSweepRecords *records;
    GArray *knees, *answers;
    GPtrArray *checks;
    char *sentence;
} Summary;

static void summary_init(Summary *summary, const DxSweep *sweep)
{
    summary->plan = sweep->plan;
    summary->records = sweep->records;
    summary->knees = dx__sweep_knees(sweep->plan, sweep->records);
    summary->answers = dx__sweep_answers(sweep->plan, sweep->records);
    summary->checks = dx__sweep_checks(sweep->plan, summary->knees, summary->answers);
    summary->sentence = dx__sweep_sentence(sweep->plan, sweep->records, summary->knees, summary->answers);
}

static void summary_clear(Summary *summary)
{
    g_array_unref(summary->knees);
    if (summary->answers)
        g_array_unref(summary->answers);
    g_ptr_array_unref(summary->checks);
    g_free(summary->sentence);
}

bool dx_sweep_passed(const DxSweep *sweep)
{
    Summary summary;
    bool passed = true;

    summary_init(&summary, sweep);
    for (guint i = 0; i < summary.checks->len; i++)
        passed = passed && ((const DxSweepCheckResult *)summary.checks->pdata[i])->pass;
    summary_clear(&summary);
    return passed;
}

/* -- the table --------------------------------------------------------------------------------------- */

/* In the unit of its metric; of a real number in thousandths, or in 1e-12. */
static char *quantity_text(const DxSweepMeasure *measure, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (measure->unit == DX_UNIT_PERCENT)
        return g_strconcat(g_ascii_formatd(number, sizeof number, "%.3g", 100 * value), " %", NULL);
    if (measure->is_real)
        value *= 1000;
    if (measure->unit == DX_UNIT_FRAMES)
        return g_strdup(g_ascii_formatd(number, sizeof number, ABS(value) < 100 ? "%.4g" : "%.0f", value));
    return dx_units_format_short(measure->unit, (int64_t)round(CLAMP(value, -9e18, 9e18)));
}

static char *cell(const Summary *summary, unsigned unit, unsigned k)
{
    const DxSweepMeasure *measure = DX_SWEEP(summary->plan, measures, DxSweepMeasure, k);
    g_autoptr(DxSweepSample) sample = dx__sweep_sample(summary->records, unit, 0, k, UINT_MAX);
    const DxStats stats = dx__sweep_stats(summary->plan, sample);
    g_autofree char *mean = NULL, *half = NULL;

    if (!stats.n)
        return g_strdup("-");
    mean = quantity_text(measure, stats.mean);
    if (!stats.has_interval || stats.sd == 0)
        return g_steal_pointer(&mean);
    half = quantity_text(measure, stats.high - stats.mean);
    return g_strdup_printf("%s +- %s", mean, half);
}

/* A word may be anything. */
static char *shown_value(const DxSweepPlan *plan, unsigned param, unsigned point)
{
    g_autofree char *text =
        dx__sweep_text(DX_SWEEP(plan, params, DxSweepParam, param), dx__sweep_value(plan, param, point));

    return dx_error_printable(text);
}

/* No wider than a terminal: the rest is in sweep.csv. */
#define SHOWN_PARAMS   4
#define SHOWN_MEASURES 3

static void put_points(const Summary *summary, GString *out)
{
    const DxSweepPlan *plan = summary->plan;
    const bool has_cases = plan->cases->len > 1;
    const unsigned n_params = MIN(plan->params->len, SHOWN_PARAMS),
                   n = MIN(plan->measures->len, SHOWN_MEASURES);
    DxColumns columns;

    dx__columns_init(&columns, n_params + has_cases + n, 0, (1u << n_params) - 1,
                     n_params + has_cases + n - 1);
    for (guint i = 0; i < n_params; i++)
        dx__columns_add(&columns, g_strdup(DX_SWEEP(plan, params, DxSweepParam, i)->name));
    if (has_cases)
        dx__columns_add(&columns, g_strdup("failed"));
    for (guint i = 0; i < n; i++)
        dx__columns_add(&columns, g_strdup(DX_SWEEP(plan, measures, DxSweepMeasure, i)->name));
    for (unsigned unit = 0; unit < dx__sweep_n_units(plan); unit++) {
        for (guint i = 0; i < n_params; i++)
            dx__columns_add(&columns, shown_value(plan, i, unit / plan->cases->len));
        if (has_cases)
            dx__columns_add(&columns,
                            g_strdup(DX_SWEEP(plan, cases, DxSweepCase, unit % plan->cases->len)->name));
        for (guint i = 0; i < n; i++)
            dx__columns_add(&columns, cell(summary, unit, i));
    }
    dx__columns_finish(&columns, out);
}

static void put_answers(const Summary *summary, GString *out)
{
    const DxSweepPlan *plan = summary->plan;
    const DxSweepParam *param = &plan->search.param;

    for (guint i = 0; i < summary->answers->len; i++) {
        const DxSweepAnswer *answer = &g_array_index(summary->answers, DxSweepAnswer, i);
        g_autofree char *unit = dx__sweep_unit_text(plan, i), *where = dx_error_printable(unit),
                        *met = dx__sweep_text(param, answer->met),
                        *missed = dx__sweep_text(param, answer->missed);

        g_string_append_printf(out, "%s%s%s %s: %s meets all%s%s, %u values, %u runs%s\n", where,
                               *where ? ": " : "", param->name, dx__sweep_answer_name(answer),
                               answer->has_met ? met : "nothing", answer->has_missed ? ", not " : "",
                               answer->has_missed ? missed : "", answer->n_values, answer->n_runs,
                               answer->is_on_front ? ", on the Pareto front" : "");
        if (!answer->is_monotone) {
            g_autofree char *beyond = dx__sweep_text(param, answer->meets_beyond),
                            *before = dx__sweep_text(param, answer->misses_before);

            g_string_append_printf(
                out, "  not monotone: %s meets all, though %s does not; the answer is the first border\n",
                beyond, before);
        }
    }
}

char *dx_sweep_table(const DxSweep *sweep)
{
    const DxSweepPlan *plan = sweep->plan;
    GString *out = g_string_new(NULL);
    g_autofree char *title = dx_error_printable(sweep->title);
    g_autofree char *confidence = dx_units_format(DX_UNIT_PERCENT, plan->confidence);
    Summary summary;

    summary_init(&summary, sweep);
    g_string_append_printf(out, "%s, sweep %s: %u point%s", title, plan->name, plan->n_points,
                           plan->n_points == 1 ? "" : "s");
    if (plan->cases->len > 1)
        g_string_append_printf(out, " x %u failures and none", plan->cases->len - 1);
    g_string_append_printf(out, " x %u replication%s", plan->replications,
                           plan->replications == 1 ? "" : "s");
    if (plan->replications > 1)
        g_string_append_printf(out, "; intervals at %s", confidence);
    g_string_append(out, "\n\n");
    if (summary.answers)
        put_answers(&summary, out);
    else
        put_points(&summary, out);
    for (guint i = 0; i < summary.checks->len; i++) {
        const DxSweepCheckResult *check = g_ptr_array_index(summary.checks, i);
        g_autofree char *name = dx_error_printable(check->name), *text = dx_error_printable(check->text);

        g_string_append_printf(out, "%s%s  %s: %s\n", i ? "" : "\n", check->pass ? "PASS" : "FAIL", name,
                               text);
    }
    if (summary.sentence)
        g_string_append_printf(out, "\n%s\n", summary.sentence);
    summary_clear(&summary);
    return g_string_free(out, FALSE);
}

/* -- JSON -------------------------------------------------------------------------------------------- */

static void put_real(DxJsonWriter *writer, const char *key, bool is_there, double value)
{
    dx__json_write_real(writer, key, is_there ? value : NAN);
}

static void put_number(DxJsonWriter *writer, const char *key, const DxSweepParam *param, bool is_there,
                       int64_t value)
{
    g_autofree char *number = is_there ? dx__sweep_number(param, value) : g_strdup("null");

    if (is_there && param->unit == DX_SWEEP_TEXT)
        dx__json_write_text(writer, key, number);
    else
        dx__json_write_raw(writer, key, number);
}

static void put_unit(DxJsonWriter *writer, const DxSweepPlan *plan, unsigned unit)
{
    const unsigned point = unit / plan->cases->len;

    dx__json_write_u64(writer, "point", point);
    dx__json_write_text(writer, "failed", DX_SWEEP(plan, cases, DxSweepCase, unit % plan->cases->len)->name);
    for (guint i = 0; i < plan->params->len; i++) {
        const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, i);

        put_number(writer, param->column, param, true, dx__sweep_value(plan, i, point));
    }
}

static void json_points(const Summary *summary, DxJsonWriter *writer)
{
    const DxSweepPlan *plan = summary->plan;
    g_autoptr(GPtrArray) sorted = dx__sweep_records_sorted(summary->records);

    dx__json_write_array(writer, "points");
    for (guint i = 0; i < sorted->len; i++) {
        const DxSweepRecord *record = g_ptr_array_index(sorted, i);

        if (record->replication)
            continue;
        dx__json_write_object(writer, NULL);
        put_unit(writer, plan, record->unit);
        if (plan->search.is_wanted)
            put_number(writer, plan->search.param.column, &plan->search.param, true, record->tried);
        dx__json_write_object(writer, "measures");
        for (guint k = 0; k < plan->measures->len; k++) {
            g_autoptr(DxSweepSample) sample =
                dx__sweep_sample(summary->records, record->unit, record->tried, k, UINT_MAX);
            const DxStats stats = dx__sweep_stats(plan, sample);

            dx__json_write_object(writer, DX_SWEEP(plan, measures, DxSweepMeasure, k)->name);
            dx__json_write_u64(writer, "n", stats.n);
            put_real(writer, "mean", stats.n, stats.mean);
            put_real(writer, "ci_low", stats.has_interval, stats.low);
            put_real(writer, "ci_high", stats.has_interval, stats.high);
            dx__json_write_end(writer);
        }
        dx__json_write_end(writer);
        dx__json_write_array(writer, "verdicts");
        for (guint k = 0; k < plan->expectations->len; k++)
            dx__json_write_text(writer, NULL,
                                dx__sweep_verdict_name(dx__sweep_judge(plan, summary->records, record->unit,
                                                                       record->tried, k, UINT_MAX, NULL)));
        dx__json_write_end(writer);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void json_knees(const Summary *summary, DxJsonWriter *writer)
{
    const DxSweepPlan *plan = summary->plan;

    dx__json_write_array(writer, "knees");
    for (guint i = 0; i < summary->knees->len; i++) {
        const DxSweepKnee *knee = &g_array_index(summary->knees, DxSweepKnee, i);
        const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, 0);

        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "expectation",
                            DX_SWEEP(plan, expectations, DxSweepExpectation, knee->expectation)->name);
        dx__json_write_text(writer, "failed", DX_SWEEP(plan, cases, DxSweepCase, knee->failed)->name);
        dx__json_write_text(writer, "parameter", param->column);
        put_real(writer, "knee", knee->has_knee, knee->knee);
        put_real(writer, "knee_low", knee->has_low, knee->low);
        put_real(writer, "knee_high", knee->has_high, knee->high);
        put_number(writer, "last_met", param, knee->has_met, knee->met);
        put_number(writer, "first_missed", param, knee->has_missed, knee->missed);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void json_answers(const Summary *summary, DxJsonWriter *writer)
{
    const DxSweepPlan *plan = summary->plan;

    dx__json_write_array(writer, "search");
    for (guint i = 0; summary->answers && i < summary->answers->len; i++) {
        const DxSweepAnswer *answer = &g_array_index(summary->answers, DxSweepAnswer, i);

        dx__json_write_object(writer, NULL);
        put_unit(writer, plan, i);
        dx__json_write_text(writer, "parameter", plan->search.param.column);
        dx__json_write_text(writer, "found", dx__sweep_answer_name(answer));
        put_number(writer, "met", &plan->search.param, answer->has_met, answer->met);
        put_number(writer, "missed", &plan->search.param, answer->has_missed, answer->missed);
        dx__json_write_u64(writer, "values", answer->n_values);
        dx__json_write_u64(writer, "runs", answer->n_runs);
        dx__json_write_bool(writer, "monotone", answer->is_monotone);
        if (dx__sweep_has_front(plan))
            dx__json_write_bool(writer, "front", answer->is_on_front);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

char *dx_sweep_json(const DxSweep *sweep)
{
    DxJsonWriter writer;
    Summary summary;

    summary_init(&summary, sweep);
    dx__json_write_init(&writer);
    dx__json_write_text(&writer, "dxsim", DXSIM_VERSION);
    dx__json_write_text(&writer, "scenario", sweep->title);
    dx__json_write_text(&writer, "sweep", sweep->plan->name);
    dx__json_write_u64(&writer, "seed", sweep->seed);
    dx__json_write_u64(&writer, "replications", sweep->plan->replications);
    dx__json_write_real(&writer, "confidence", dx__sweep_confidence(sweep->plan));
    dx__json_write_array(&writer, "expectations");
    for (guint i = 0; i < sweep->plan->expectations->len; i++)
        dx__json_write_text(&writer, NULL, DX_SWEEP(sweep->plan, expectations, DxSweepExpectation, i)->name);
    dx__json_write_end(&writer);
    json_points(&summary, &writer);
    json_knees(&summary, &writer);
    json_answers(&summary, &writer);
    dx__json_write_array(&writer, "checks");
    for (guint i = 0; i < summary.checks->len; i++) {
        const DxSweepCheckResult *check = g_ptr_array_index(summary.checks, i);

        dx__json_write_object(&writer, NULL);
        dx__json_write_text(&writer, "name", check->name);
        dx__json_write_bool(&writer, "pass", check->pass);
        dx__json_write_text(&writer, "detail", check->text);
        dx__json_write_end(&writer);
    }
    dx__json_write_end(&writer);
    if (summary.sentence)
        dx__json_write_text(&writer, "sentence", summary.sentence);
    summary_clear(&summary);
    return dx__json_write_finish(&writer);
}
