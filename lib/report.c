/*
 * report - a run as files: what grows with time while it runs, the rest at its end
 */
#include "report-priv.h"
#include "explain-priv.h"

#include <string.h>

struct DxReport {
    DxOutput *output;
    DxRun *run;
    DxFile *events, *series, *cloudwatch; /* series, cloudwatch NULL: none */
    DxTraceFile *trace;                   /* NULL: none */
    DxCaptureFile *capture;               /* likewise */
};

DxFile *dx__report_open_csv(DxOutput *output, const char *name, const char *const *header, GError **error)
{
    DxFile *file = dx_output_open(output, name, error);

    if (file)
        dx_csv_header(file, header);
    return file;
}

/* -- while it runs ----------------------------------------------------------------------------------- */

static void write_line(DxTime now, const char *object, const char *event, const char *detail, void *data)
{
    DxFile *file = data;

    dx_csv_seconds(file, now);
    dx_csv_text(file, object);
    dx_csv_text(file, event);
    dx_csv_text(file, detail ? detail : "");
    dx_csv_end_row(file);
}

static void write_sample(const DxSample *sample, void *data)
{
    DxFile *file = data;

    dx_csv_seconds(file, sample->t_ps);
    dx_csv_text(file, sample->object);
    dx_csv_text(file, sample->metric);
    if (sample->is_real)
        dx_csv_real(file, sample->real);
    else
        dx_csv_u64(file, sample->value);
    dx_csv_end_row(file);
}

static bool open_all(DxReport *report, const DxReportTrace *trace, GError **error)
{
    static const char *const event_header[] = { "time_s", "object", "event", "detail", NULL };
    static const char *const series_header[] = { "time_s", "object", "metric", "value", NULL };
    DxRun *run = report->run;

    if (trace && trace->trace) { /* first: what it asks for may not be there */
        report->trace = dx__trace_file_new(report->output, run, trace, error);
        if (!report->trace)
            return false;
    }
    if (run->scenario->capture.is_wanted) {
        report->capture = dx__capture_file_new(report->output, run, error);
        if (!report->capture)
            return false;
    }
    report->events = dx__report_open_csv(report->output, "events.csv", event_header, error);
    if (!report->events)
        return false;
    dx_sim_set_log(run->sim, write_line, report->events);
    if (run->series) {
        report->series = dx__report_open_csv(report->output, "series.csv", series_header, error);
        if (!report->series)
            return false;
        dx_series_set_sink(run->series, write_sample, report->series);
    }
    if (dx_scenario_cloudwatch(run->scenario))
        report->cloudwatch = dx__report_cloudwatch(report->output, run, error);
    return report->cloudwatch || !dx_scenario_cloudwatch(run->scenario);
}

DxReport *dx_report_open(DxOutput *output, DxRun *run, const DxReportTrace *trace, GError **error)
{
    DxReport *report;

    g_return_val_if_fail(output != NULL && run != NULL, NULL);
    report = g_new0(DxReport, 1);
    report->output = output;
    report->run = run;
    if (open_all(report, trace, error))
        return report;
    dx_report_free(report);
    return NULL;
}

void dx_report_free(DxReport *report)
{
    if (!report)
        return;
    dx_sim_set_trace(report->run->sim, NULL, NULL);
    dx_report_nothing(report->run);
    dx__trace_file_free(report->trace);
    dx__capture_file_free(report->capture);
    g_free(report);
}

void dx_report_nothing(DxRun *run)
{
    dx_sim_set_log(run->sim, NULL, NULL);
    if (run->series)
        dx_series_set_sink(run->series, NULL, NULL);
    if (run->monitor)
        dx_monitor_set_sink(run->monitor, NULL, NULL);
}

bool dx_report_check(const DxReport *report, GError **error)
{
    return dx_file_check(report->events, error) &&
           (!report->series || dx_file_check(report->series, error)) &&
           (!report->cloudwatch || dx_file_check(report->cloudwatch, error)) &&
           (!report->trace || dx_file_check(dx__trace_file(report->trace), error)) &&
           (!report->capture || dx_file_check(dx__capture_file(report->capture), error));
}

/* -- at its end -------------------------------------------------------------------------------------- */

static bool write_summary(DxOutput *output, const DxResults *results, GError **error)
{
    static const char *const header[] = { "kind", "object", "metric", "value", NULL };
    DxFile *file = dx__report_open_csv(output, "summary.csv", header, error);

    if (!file)
        return false;
    for (unsigned i = 0; i < dx_results_n_rows(results); i++) {
        const DxRow *row = dx_results_row(results, i);

        dx_csv_text(file, row->kind);
        dx_csv_text(file, row->object);
        dx_csv_text(file, row->metric);
        if (row->is_real)
            dx_csv_real(file, row->real);
        else
            dx_csv_u64(file, row->value);
        dx_csv_end_row(file);
    }
    return dx_file_close(file, error);
}

static bool write_latency(DxOutput *output, const DxResults *results, GError **error)
{
    static const char *const header[] = { "flow", "low_ps", "high_ps", "count", NULL };
    DxFile *file = dx__report_open_csv(output, "latency.csv", header, error);

    if (!file)
        return false;
    for (unsigned i = 0; i < dx_results_n_groups(results); i++) {
        const DxHistogram *latency = dx_results_latency(results, i);

        for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++) {
            if (!dx_histogram_at(latency, b))
                continue;
            dx_csv_text(file, dx_results_group_name(results, i));
            dx_csv_u64(file, dx_histogram_bucket_low(b));
            dx_csv_u64(file, dx_histogram_bucket_high(b));
            dx_csv_u64(file, dx_histogram_at(latency, b));
            dx_csv_end_row(file);
        }
    }
    return dx_file_close(file, error);
}

static bool write_expectations(DxOutput *output, const GPtrArray *verdicts, GError **error)
{
    static const char *const header[] = { "name", "pass", "detail", NULL };
    DxFile *file = dx__report_open_csv(output, "expectations.csv", header, error);

    if (!file)
        return false;
    for (guint i = 0; i < verdicts->len; i++) {
        const DxVerdict *verdict = g_ptr_array_index(verdicts, i);

        dx_csv_text(file, verdict->name);
        dx_csv_text(file, verdict->pass ? "true" : "false");
        dx_csv_text(file, verdict->text);
        dx_csv_end_row(file);
    }
    return dx_file_close(file, error);
}

static bool write_claims(DxOutput *output, const DxScenario *scenario, const DxRun *run, GError **error)
{
    static const char *const header[] = { "id", "says", "verdict", "recorded", "measured", "bound", NULL };
    g_autoptr(GPtrArray) claims = dx_scenario_claims(scenario, run->results);
    DxFile *file;

    if (!claims->len)
        return true;
    file = dx__report_open_csv(output, "claims.csv", header, error);
    if (!file)
        return false;
    for (guint i = 0; i < claims->len; i++) {
        const DxClaim *claim = g_ptr_array_index(claims, i);
        const char *const cells[] = { claim->id,       claim->says,
                                      claim->verdict,  claim->recorded,
                                      claim->measured, claim->bound ? claim->bound : claim->reason };

        for (guint k = 0; k < G_N_ELEMENTS(cells); k++)
            dx_csv_text(file, cells[k] ? cells[k] : "");
        dx_csv_end_row(file);
    }
    return dx_file_close(file, error);
}

static void put(const char *text, size_t n, void *data)
{
    dx_file_write(data, text, n);
}

static bool write_json(DxOutput *output, const DxScenario *scenario, const DxRun *run,
                       const GPtrArray *verdicts, GError **error)
{
    DxFile *file = dx_output_open(output, "summary.json", error);

    if (!file)
        return false;
    dx_report_json(scenario, run, verdicts, put, file);
    return dx_file_close(file, error);
}

static bool write_explanation(DxOutput *output, const DxScenario *scenario, const DxRun *run, GError **error)
{
    g_autofree char *text = dx__explain_kept(scenario, run);
    DxFile *file = dx_output_open(output, "explain.json", error);

    if (!file)
        return false;
    dx_file_write(file, text, strlen(text));
    return dx_file_close(file, error);
}

bool dx_report_close(DxReport *report, const DxScenario *scenario, const GPtrArray *verdicts, GError **error)
{
    DxOutput *output = report->output;
    const DxRun *run = report->run;

    g_return_val_if_fail(scenario != NULL, false);
    return dx_file_close(report->events, error) &&
           (!report->series || dx_file_close(report->series, error)) &&
           (!report->cloudwatch || dx_file_close(report->cloudwatch, error)) &&
           (!report->trace || dx_file_close(dx__trace_file(report->trace), error)) &&
           (!report->capture || dx__capture_file_close(report->capture, error)) &&
           write_summary(output, run->results, error) && write_json(output, scenario, run, verdicts, error) &&
           write_latency(output, run->results, error) && write_explanation(output, scenario, run, error) &&
           (!report->cloudwatch || dx__report_dashboard(output, scenario, run->results, error)) &&
           (!verdicts ||
            (write_expectations(output, verdicts, error) && write_claims(output, scenario, run, error)));
}
