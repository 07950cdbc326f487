/*
 * sweep-tables - the files of a sweep; docs/traces.md says what is in them
 */
#include "csv-priv.h"
#include "sweep-priv.h"

#include <inttypes.h>
#include <string.h>

typedef struct {
    const DxSweep *sweep;
    const DxSweepPlan *plan;
    DxOutput *output;
    GArray *knees, *answers;
    GError **error;
} Tables;

/* -- columns ----------------------------------------------------------------------------------------- */

static DxFile *open_table(const Tables *tables, const char *name, bool has_tried, const char *const *more)
{
    DxFile *file = dx_output_open(tables->output, name, tables->error);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (!file)
        return NULL;
    g_ptr_array_add(names, (gpointer) "point");
    g_ptr_array_add(names, (gpointer) "failed");
    for (guint i = 0; i < tables->plan->params->len; i++)
        g_ptr_array_add(names, DX_SWEEP(tables->plan, params, DxSweepParam, i)->column);
    if (has_tried && tables->plan->search.is_wanted)
        g_ptr_array_add(names, tables->plan->search.param.column);
    for (; *more; more++)
        g_ptr_array_add(names, (gpointer)*more);
    g_ptr_array_add(names, NULL);
    dx_csv_header(file, (const char *const *)names->pdata);
    return file;
}

static void begin_row(const Tables *tables, DxFile *file, unsigned unit, const int64_t *tried)
{
    const DxSweepPlan *plan = tables->plan;
    const unsigned point = unit / plan->cases->len;

    dx_csv_u64(file, point);
    dx_csv_text(file, DX_SWEEP(plan, cases, DxSweepCase, unit % plan->cases->len)->name);
    for (guint i = 0; i < plan->params->len; i++) {
        const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, i);
        g_autofree char *number = dx__sweep_number(param, dx__sweep_value(plan, i, point));

        if (param->unit == DX_SWEEP_TEXT)
            dx_csv_text(file, number);
        else
            dx__csv_number(file, number);
    }
    if (tried && plan->search.is_wanted) {
        g_autofree char *number = dx__sweep_number(&plan->search.param, *tried);

        dx__csv_number(file, number);
    }
}

static void put_real(DxFile *file, bool is_there, double value)
{
    if (is_there)
        dx_csv_real(file, value);
    else
        dx_csv_text(file, "");
}

/* -- points.csv -------------------------------------------------------------------------------------- */

static bool write_points(const Tables *tables)
{
    static const char *const more[] = { "replication", "measure", "metric", "value", NULL };
    DxFile *file = open_table(tables, "points.csv", true, more);
    g_autoptr(GPtrArray) sorted = dx__sweep_records_sorted(tables->sweep->records);

    if (!file)
        return false;
    for (guint i = 0; i < sorted->len; i++) {
        const DxSweepRecord *record = g_ptr_array_index(sorted, i);

        for (guint k = 0; k < tables->plan->measures->len; k++) {
            const DxSweepMeasure *measure = DX_SWEEP(tables->plan, measures, DxSweepMeasure, k);
            g_autofree char *value = dx__sweep_value_text(&record->values[k]);

            begin_row(tables, file, record->unit, &record->tried);
            dx_csv_u64(file, record->replication);
            dx_csv_text(file, measure->name);
            dx_csv_text(file, measure->row);
            dx__csv_number(file, value);
            dx_csv_end_row(file);
        }
    }
    return dx_file_close(file, tables->error);
}

/* -- sweep.csv, expectations.csv --------------------------------------------------------------------- */

/* What a row is compared with: the same point with nothing failed, or the first point. @unit itself: nothing.
 */
static unsigned reference_of(const DxSweepPlan *plan, unsigned unit)
{
    return unit % plan->cases->len ? unit - unit % plan->cases->len : 0;
}

static void write_measure(const Tables *tables, DxFile *file, unsigned unit, int64_t tried, unsigned k)
{
    const DxSweepPlan *plan = tables->plan;
    const DxSweepMeasure *measure = DX_SWEEP(plan, measures, DxSweepMeasure, k);
    const unsigned reference = reference_of(plan, unit);
    const bool is_compared = reference != unit && !plan->search.is_wanted;
    g_autoptr(DxSweepSample) sample = dx__sweep_sample(tables->sweep->records, unit, tried, k, UINT_MAX);
    g_autoptr(DxSweepSample) other =
        is_compared ? dx__sweep_sample(tables->sweep->records, reference, tried, k, UINT_MAX) : NULL;
    const DxStats stats = dx__sweep_stats(plan, sample);
    const DxStats more = is_compared ? dx__sweep_difference(plan, sample, other) : (DxStats){ 0 };

    begin_row(tables, file, unit, &tried);
    dx_csv_text(file, measure->name);
    dx_csv_text(file, measure->row);
    dx_csv_u64(file, stats.n);
    put_real(file, stats.n, stats.mean);
    put_real(file, stats.n > 1, stats.sd);
    put_real(file, stats.has_interval, stats.low);
    put_real(file, stats.has_interval, stats.high);
    put_real(file, stats.n, stats.min);
    put_real(file, stats.n, stats.max);
    put_real(file, more.n, more.mean);
    put_real(file, more.has_interval, more.low);
    put_real(file, more.has_interval, more.high);
    dx_csv_end_row(file);
}

static void write_verdict(const Tables *tables, DxFile *file, unsigned unit, int64_t tried, unsigned k)
{
    const DxSweepExpectation *expectation = DX_SWEEP(tables->plan, expectations, DxSweepExpectation, k);
    g_autoptr(DxSweepSample) sample =
        dx__sweep_sample(tables->sweep->records, unit, tried, expectation->measure, UINT_MAX);
    unsigned n_met;
    const DxSweepVerdict verdict =
        dx__sweep_judge(tables->plan, tables->sweep->records, unit, tried, k, UINT_MAX, &n_met);

    begin_row(tables, file, unit, &tried);
    dx_csv_text(file, expectation->name);
    dx_csv_u64(file, sample->n_runs);
    dx_csv_u64(file, n_met);
    dx_csv_text(file, dx__sweep_verdict_name(verdict));
    dx_csv_end_row(file);
}

/* Once for each unit and value tried. */
static void each_group(const Tables *tables, DxFile *file, guint n,
                       void (*write)(const Tables *, DxFile *, unsigned unit, int64_t tried, unsigned k))
{
    g_autoptr(GPtrArray) sorted = dx__sweep_records_sorted(tables->sweep->records);

    for (guint i = 0; i < sorted->len; i++) {
        const DxSweepRecord *record = g_ptr_array_index(sorted, i);

        for (guint k = 0; !record->replication && k < n; k++)
            write(tables, file, record->unit, record->tried, k);
    }
}

static bool write_sweep(const Tables *tables)
{
    static const char *const more[] = { "measure",  "metric",    "n",   "mean", "sd",
                                        "ci_low",   "ci_high",   "min", "max",  "diff_mean",
                                        "diff_low", "diff_high", NULL };
    DxFile *file = open_table(tables, "sweep.csv", true, more);

    if (!file)
        return false;
    each_group(tables, file, tables->plan->measures->len, write_measure);
    return dx_file_close(file, tables->error);
}

static bool write_expectations(const Tables *tables)
{
    static const char *const more[] = { "expectation", "n", "met", "verdict", NULL };
    DxFile *file =
        tables->plan->expectations->len ? open_table(tables, "expectations.csv", true, more) : NULL;

    if (!tables->plan->expectations->len)
        return true;
    if (!file)
        return false;
    each_group(tables, file, tables->plan->expectations->len, write_verdict);
    return dx_file_close(file, tables->error);
}

/* -- knees.csv, search.csv --------------------------------------------------------------------------- */

static void put_value(DxFile *file, const DxSweepParam *param, bool is_there, int64_t value)
{
    g_autofree char *number = is_there ? dx__sweep_number(param, value) : g_strdup("");

    dx__csv_number(file, number);
}

static bool write_knees(const Tables *tables)
{
    static const char *const names[] = { "expectation", "failed",    "measure",      "metric",
                                         "limit",       "parameter", "knee",         "knee_low",
                                         "knee_high",   "last_met",  "first_missed", NULL };
    const DxSweepPlan *plan = tables->plan;
    DxFile *file;

    if (!dx__sweep_has_knees(plan))
        return true;
    file = dx_output_open(tables->output, "knees.csv", tables->error);
    if (!file)
        return false;
    dx_csv_header(file, names);
    for (guint i = 0; i < tables->knees->len; i++) {
        const DxSweepKnee *knee = &g_array_index(tables->knees, DxSweepKnee, i);
        const DxSweepExpectation *expectation =
            DX_SWEEP(plan, expectations, DxSweepExpectation, knee->expectation);
        const DxSweepMeasure *measure = DX_SWEEP(plan, measures, DxSweepMeasure, expectation->measure);
        const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, 0);

        dx_csv_text(file, expectation->name);
        dx_csv_text(file, DX_SWEEP(plan, cases, DxSweepCase, knee->failed)->name);
        dx_csv_text(file, measure->name);
        dx_csv_text(file, measure->row);
        dx_csv_real(file, dx__sweep_limit(plan, expectation));
        dx_csv_text(file, param->column);
        put_real(file, knee->has_knee, knee->knee);
        put_real(file, knee->has_low, knee->low);
        put_real(file, knee->has_high, knee->high);
        put_value(file, param, knee->has_met, knee->met);
        put_value(file, param, knee->has_missed, knee->missed);
        dx_csv_end_row(file);
    }
    return dx_file_close(file, tables->error);
}

static bool write_search(const Tables *tables)
{
    static const char *const more[] = { "parameter", "found",    "met",   "missed", "values",
                                        "runs",      "monotone", "front", NULL };
    const DxSweepPlan *plan = tables->plan;
    DxFile *file;

    if (!plan->search.is_wanted)
        return true;
    file = open_table(tables, "search.csv", false, more);
    if (!file)
        return false;
    for (guint i = 0; i < tables->answers->len; i++) {
        const DxSweepAnswer *answer = &g_array_index(tables->answers, DxSweepAnswer, i);

        begin_row(tables, file, i, NULL);
        dx_csv_text(file, plan->search.param.column);
        dx_csv_text(file, dx__sweep_answer_name(answer));
        put_value(file, &plan->search.param, answer->has_met, answer->met);
        put_value(file, &plan->search.param, answer->has_missed, answer->missed);
        dx_csv_u64(file, answer->n_values);
        dx_csv_u64(file, answer->n_runs);
        dx_csv_text(file, answer->is_monotone ? "true" : "false");
        dx_csv_text(file, !dx__sweep_has_front(plan) ? "" : answer->is_on_front ? "true" : "false");
        dx_csv_end_row(file);
    }
    return dx_file_close(file, tables->error);
}

/* -- all --------------------------------------------------------------------------------------------- */

bool dx__sweep_write_tables(const DxSweep *sweep, DxOutput *output, GError **error)
{
    const Tables tables = { .sweep = sweep,
                            .plan = sweep->plan,
                            .output = output,
                            .knees = dx__sweep_knees(sweep->plan, sweep->records),
                            .answers = dx__sweep_answers(sweep->plan, sweep->records),
                            .error = error };
    g_autofree char *json = dx_sweep_json(sweep);
    bool done = write_points(&tables) && write_sweep(&tables) && write_expectations(&tables) &&
                write_knees(&tables) && write_search(&tables);
    DxFile *file = done ? dx_output_open(output, "sweep.json", error) : NULL;

    if (file)
        dx_file_write(file, json, strlen(json));
    done = file && dx_file_close(file, error);
    g_array_unref(tables.knees);
    if (tables.answers)
        g_array_unref(tables.answers);
    return done;
}
