/*
 * test_equality - does the real engine say what the reference engine says?
 *
 *   test_equality [--flaw=NAME] [--set=PATH=VALUE]... SCENARIO...
 *
 * Every scenario is run by the reference engine once and by the real one with bursts of 1, 7 and 256 and
 * windows of 1 us, 100 us and without bound, 2 and 4 threads, one factor at a time. Rows, histograms, series,
 * log, balance and trace are compared record by record; the first difference of each run is printed. With a
 * flaw the reference is wrong on purpose, and it is an error when no run of any scenario notices.
 *
 * Exit status: 0 as it should be, 1 not, 2 usage or a scenario that is refused.
 */
#include "reference.h"
#include <dxsim/models.h>

#include <stdio.h>
#include <string.h>

typedef struct {
    unsigned burst;   /* 0: as it comes */
    DxTime window_ps; /* 0: as it comes */
    unsigned threads; /* 0: one */
    const char *name;
} Setting;

static const Setting settings[] = {
    { 0, 0, 0, "as it comes" },
    { 1, 0, 0, "burst 1" },
    { 7, 0, 0, "burst 7" },
    { 256, 0, 0, "burst 256" },
    { 0, DX_US, 0, "window 1 us" },
    { 0, 100 * DX_US, 0, "window 100 us" },
    { 0, DX_TIME_MAX, 0, "window without bound" },
    { 0, 0, 2, "2 threads" },
    { 0, 0, 4, "4 threads" },
};

/* -- the real engine ---------------------------------------------------------------------------------- */

typedef struct {
    DxRun *run;
    GArray *trace; /* DxTraceRecord */
} Real;

static void keep_trace(const DxTraceRecord *records, size_t n, void *data)
{
    g_array_append_vals(data, records, (guint)n);
}

static bool real_run(Real *real, const DxScenario *scenario, const Setting *setting, GError **error)
{
    real->trace = g_array_new(FALSE, FALSE, sizeof(DxTraceRecord));
    real->run = dx_run_new(scenario, error);
    if (!real->run)
        return false;
    if (setting->burst)
        dx_sim_set_burst(real->run->sim, setting->burst);
    if (setting->window_ps)
        dx_sim_set_window(real->run->sim, setting->window_ps);
    if (setting->threads)
        dx_sim_set_threads(real->run->sim, setting->threads);
    dx_sim_set_trace(real->run->sim, keep_trace, real->trace);
    return dx_run_go(real->run, scenario, error) && dx_sim_check(real->run->sim, error);
}

static void real_clear(Real *real)
{
    if (real->run)
        dx_run_free(real->run);
    g_array_unref(real->trace);
}

/* -- comparing: each returns NULL or the first difference (transfer full) ------------------------------- */

#define TIME "%" G_GINT64_FORMAT " ps"
#define U64  "%" G_GUINT64_FORMAT

static char *show_trace(DxTime t_ps, const char *node, uint32_t flow, uint32_t seq, uint32_t size_bytes,
                        DxTime birth_ps, const char *fate)
{
    char *of = flow == DX_NO_FLOW ? g_strdup("none") : g_strdup_printf("%u", flow);
    char *text = g_strdup_printf(TIME ": %s %s: flow %s, seq %u, %u B, born " TIME, t_ps, node, fate, of, seq,
                                 size_bytes, birth_ps);

    g_free(of);
    return text;
}

static char *show_real_trace(const Real *real, guint i)
{
    const DxTraceRecord *record = &g_array_index(real->trace, DxTraceRecord, i);
    const DxNode *node;

    if (i >= real->trace->len)
        return g_strdup("no more records");
    node = dx_sim_node(real->run->sim, record->node - 1); /* records count nodes from 1 */
    return show_trace(record->t_ps, dx_node_name(node), record->flow, record->seq, record->size_bytes,
                      record->birth_ps,
                      record->reason < 0 ? "delivered" : dx_node_model(node)->drops[record->reason]);
}

static char *show_reference_trace(const Reference *reference, guint i)
{
    const ReferenceTrace *record = &g_array_index(reference->trace, ReferenceTrace, i);

    if (i >= reference->trace->len)
        return g_strdup("no more records");
    return show_trace(record->t_ps, record->node, record->flow, record->seq, record->size_bytes,
                      record->birth_ps, record->fate);
}

/* Takes both texts. */
static char *differ(const char *what, guint64 i, char *real, char *reference)
{
    char *text = NULL;

    if (strcmp(real, reference) != 0)
        text = g_strdup_printf("%s " U64 ":\n    engine:    %s\n    reference: %s", what, i, real, reference);
    g_free(real);
    g_free(reference);
    return text;
}

static char *compare_trace(const Real *real, const Reference *reference)
{
    char *difference = NULL;

    for (guint i = 0; i < MAX(real->trace->len, reference->trace->len) && !difference; i++)
        difference = differ("trace record", i, show_real_trace(real, i), show_reference_trace(reference, i));
    return difference;
}

static char *show_log(const GPtrArray *log, guint i)
{
    const DxLogLine *line;

    if (i >= log->len)
        return g_strdup("no more lines");
    line = g_ptr_array_index(log, i);
    return g_strdup_printf(TIME ": %s: %s: %s", line->t_ps, line->object, line->event, line->detail);
}

static char *compare_log(const Real *real, const Reference *reference)
{
    char *difference = NULL;

    for (guint i = 0; i < MAX(real->run->log->len, reference->log->len) && !difference; i++)
        difference = differ("log line", i, show_log(real->run->log, i), show_log(reference->log, i));
    return difference;
}

static char *show_row(const DxResults *results, unsigned i)
{
    const DxRow *row;
    char *value, *text;

    if (i >= dx_results_n_rows(results))
        return g_strdup("no more rows");
    row = dx_results_row(results, i);
    value = dx_row_text(row);
    text = g_strdup_printf("%s %s %s = %s", row->kind, row->object, row->metric, value);
    g_free(value);
    return text;
}

static char *compare_rows(const Real *real, const Reference *reference)
{
    const DxResults *a = real->run->results, *b = reference->results;
    char *difference = NULL;

    for (unsigned i = 0; i < MAX(dx_results_n_rows(a), dx_results_n_rows(b)) && !difference; i++)
        difference = differ("row", i, show_row(a, i), show_row(b, i));
    return difference;
}

static char *compare_histograms(const Real *real, const Reference *reference)
{
    const DxResults *a = real->run->results, *b = reference->results;

    if (dx_results_n_groups(a) != dx_results_n_groups(b))
        return g_strdup_printf("%u groups of flows, reference %u", dx_results_n_groups(a),
                               dx_results_n_groups(b));
    for (unsigned i = 0; i < dx_results_n_groups(a); i++) {
        const DxHistogram *x = dx_results_latency(a, i), *y = dx_results_latency(b, i);

        for (unsigned k = 0; k < DX_HISTOGRAM_BUCKETS; k++)
            if (dx_histogram_at(x, k) != dx_histogram_at(y, k))
                return g_strdup_printf("latency of %s, bucket from " U64 " ps: engine " U64
                                       ", reference " U64,
                                       dx_results_group_name(a, i), dx_histogram_bucket_low(k),
                                       dx_histogram_at(x, k), dx_histogram_at(y, k));
        if (x->count != y->count || x->min != y->min || x->max != y->max || x->sum_low != y->sum_low ||
            x->sum_high != y->sum_high)
            return g_strdup_printf("latency of %s: count, minimum, maximum or sum",
                                   dx_results_group_name(a, i));
    }
    return NULL;
}

static char *show_sample(const DxSeries *series, size_t i)
{
    const DxSample *sample;
    g_autofree char *value = NULL;

    if (!series || i >= dx_series_n(series))
        return g_strdup("no more samples");
    sample = dx_series_at(series, i);
    value = dx_sample_text(sample);
    return g_strdup_printf(TIME ": %s %s = %s", sample->t_ps, sample->object, sample->metric, value);
}

static char *compare_series(const Real *real, const Reference *reference)
{
    const DxSeries *a = real->run->series, *b = reference->series;
    const size_t n_a = a ? dx_series_n(a) : 0, n_b = b ? dx_series_n(b) : 0;
    char *difference = NULL;

    for (size_t i = 0; i < MAX(n_a, n_b) && !difference; i++)
        difference = differ("sample", i, show_sample(a, i), show_sample(b, i));
    return difference;
}

static char *show_point(const DxMonitor *monitor, size_t i)
{
    const DxMonitorPoint *p;

    if (!monitor || i >= dx_monitor_n(monitor))
        return g_strdup("no more points");
    p = dx_monitor_at(monitor, i);
    return g_strdup_printf(TIME " %s %s%s lane %u: " U64
                                " samples, sum %.17g, %.17g to %.17g; truth %.17g to "
                                "%.17g, offered %.17g",
                           p->start_ps, p->metric, p->connection, p->vif, p->lane, p->n_samples, p->sum,
                           p->min, p->max, p->truth_min, p->truth_max, p->offered_max);
}

static char *compare_points(const Real *real, const Reference *reference)
{
    const DxMonitor *a = real->run->monitor, *b = reference->monitor;
    const size_t n_a = a ? dx_monitor_n(a) : 0, n_b = b ? dx_monitor_n(b) : 0;
    char *difference = NULL;

    for (size_t i = 0; i < MAX(n_a, n_b) && !difference; i++)
        difference = differ("point", i, show_point(a, i), show_point(b, i));
    return difference;
}

static char *show_balance(DxBalance balance)
{
    return g_strdup_printf(
        "created " U64 ", delivered " U64 ", dropped " U64 ", held " U64 ", in flight " U64, balance.created,
        balance.delivered, balance.dropped, balance.held, balance.in_flight);
}

static char *compare_balance(const Real *real, const Reference *reference)
{
    return differ("balance", 0, show_balance(dx_sim_balance(real->run->sim)),
                  show_balance(reference->balance));
}

/* What happened first comes first: the trace and the log point to causes, rows to effects. */
static char *compare(const Real *real, const Reference *reference)
{
    char *(*const comparisons[])(const Real *, const Reference *) = { compare_trace,   compare_log,
                                                                      compare_series,  compare_points,
                                                                      compare_balance, compare_histograms,
                                                                      compare_rows };
    char *difference = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(comparisons) && !difference; i++)
        difference = comparisons[i](real, reference);
    return difference;
}

/* -- scenarios ---------------------------------------------------------------------------------------- */

static char *compare_setting(const DxScenario *scenario, const Setting *setting, const Reference *reference)
{
    GError *error = NULL;
    Real real = { 0 };
    char *difference;

    if (real_run(&real, scenario, setting, &error))
        difference = compare(&real, reference);
    else
        difference = g_strdup_printf("the engine failed: %s", error->message);
    g_clear_error(&error);
    real_clear(&real);
    return difference;
}

/* Asked before the reference, which knows no refusal: routes that change for ever would keep it for as long.
 */
static bool is_refused(const char *path, const DxScenario *scenario)
{
    GError *error = NULL;
    DxRun *run = dx_run_new(scenario, &error);
    const bool is_ready = run && dx_sim_prepare(run->sim, &error);

    if (!is_ready)
        printf("%s: the engine failed: %s\n", path, error->message);
    g_clear_error(&error);
    if (run)
        dx_run_free(run);
    return !is_ready;
}

static unsigned count_differences(const char *path, const DxScenario *scenario, ReferenceFlaw flaw)
{
    Reference *reference;
    unsigned n = 0;

    if (is_refused(path, scenario))
        return G_N_ELEMENTS(settings);
    reference = reference_run(scenario, true, flaw);
    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++) {
        char *difference = compare_setting(scenario, &settings[i], reference);

        if (difference)
            printf("%s: %s: %s\n", path, settings[i].name, difference);
        n += difference != NULL;
        g_free(difference);
    }
    printf("%s: " U64 " frames, %u records, %u of %u runs differ\n", path, reference->balance.created,
           reference->trace->len, n, (unsigned)G_N_ELEMENTS(settings));
    reference_free(reference);
    return n;
}

static DxScenario *read_scenario(const char *path, GPtrArray *changes)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = NULL;
    g_autofree char *text = NULL, *dir = g_path_get_dirname(path);
    gsize length;

    if (g_file_get_contents(path, &text, &length, NULL))
        scenario = dx_scenario_read_in(dir, path, text, length, dx_builtin_models,
                                       (const char *const *)changes->pdata, problems);
    for (guint i = 0; i < problems->list->len; i++) {
        g_autofree char *line = dx_problem_text(g_ptr_array_index(problems->list, i));

        fprintf(stderr, "%s\n", line);
    }
    dx_problems_free(problems);
    return scenario;
}

static bool read_flaw(const char *option, ReferenceFlaw *flaw)
{
    static const char *const names[] = {
        [REFERENCE_ARRIVALS_BEFORE_ENDS] = "arrivals",
        [REFERENCE_LIMIT_COUNTS_SERVICE] = "limit",
        [REFERENCE_KEEPS_IN_FLIGHT] = "in-flight",
        [REFERENCE_SHARES_DRAWS] = "draws",
        [REFERENCE_FRAMES_BACK_TO_BACK] = "codewords",
        [REFERENCE_JUDGES_THE_DEAD] = "judged",
        [REFERENCE_WAITS_FOR_THE_LOST] = "kept",
        [REFERENCE_FORGETS_PRIORITY] = "priority",
        [REFERENCE_TAGS_LATE] = "tagless",
        [REFERENCE_HASTY] = "hasty",
        [REFERENCE_SEEDLESS] = "seedless",
        [REFERENCE_CUTS_TOKENS] = "tokens",
        [REFERENCE_SPILLS_TOKENS] = "excess",
        [REFERENCE_MEAN_PACE] = "pace",
        [REFERENCE_NUMBERS_THE_QUEUED] = "numbers",
        [REFERENCE_SENDS_EARLY] = "early",
        [REFERENCE_MISSING_BREACHES] = "missing",
        [REFERENCE_UPDATES_DO_NOT_HOLD] = "updates",
        [REFERENCE_BFD_WITHOUT_JITTER] = "jitterless",
        [REFERENCE_OLDEST_BY_TIME] = "oldest",
        [REFERENCE_TELLS_FIRST] = "flush",
        [REFERENCE_BEGINS_WHOLE] = "whole",
    };

    if (!g_str_has_prefix(option, "--flaw="))
        return false;
    for (unsigned i = 1; i < G_N_ELEMENTS(names); i++)
        if (!strcmp(option + strlen("--flaw="), names[i])) {
            *flaw = (ReferenceFlaw)i;
            return true;
        }
    return false;
}

/* To cut a long scenario short. */
static bool read_change(const char *option, GPtrArray *changes)
{
    if (!g_str_has_prefix(option, "--set="))
        return false;
    g_ptr_array_insert(changes, (int)changes->len - 1, (gpointer)(option + strlen("--set=")));
    return true;
}

int main(int argc, char **argv)
{
    ReferenceFlaw flaw = REFERENCE_RIGHT;
    g_autoptr(GPtrArray) changes = g_ptr_array_new();
    int first = 1;
    unsigned n = 0;

    g_ptr_array_add(changes, NULL);
    while (first < argc && (read_flaw(argv[first], &flaw) || read_change(argv[first], changes)))
        first++;

    if (first >= argc || argv[first][0] == '-') {
        fprintf(stderr, "usage: test_equality [--flaw=NAME] [--set=PATH=VALUE]... SCENARIO...\n");
        return 2;
    }
    for (int i = first; i < argc; i++) {
        DxScenario *scenario = read_scenario(argv[i], changes);

        if (!scenario)
            return 2;
        n += count_differences(argv[i], scenario, flaw);
        dx_scenario_free(scenario);
    }
    if (flaw != REFERENCE_RIGHT)
        printf("flaw: %s\n", n ? "noticed, as it must be" : "not noticed");
    return (flaw == REFERENCE_RIGHT) == (n == 0) ? 0 : 1;
}
