/*
 * report - a finished run as CSV files
 */
#include <dxsim/csv.h>
#include <dxsim/report.h>

static DxFile *open_csv(DxOutput *output, const char *name, const char *const *header, GError **error)
{
    DxFile *file = dx_output_open(output, name, error);

    if (file)
        dx_csv_header(file, header);
    return file;
}

static bool write_summary(DxOutput *output, const DxResults *results, GError **error)
{
    static const char *const header[] = { "kind", "object", "metric", "value", NULL };
    DxFile *file = open_csv(output, "summary.csv", header, error);

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

static bool write_series(DxOutput *output, const DxSeries *series, GError **error)
{
    static const char *const header[] = { "time_s", "object", "metric", "value", NULL };
    DxFile *file = open_csv(output, "series.csv", header, error);

    if (!file)
        return false;
    for (size_t i = 0; i < dx_series_n(series); i++) {
        const DxSample *sample = dx_series_at(series, i);

        dx_csv_seconds(file, sample->t_ps);
        dx_csv_text(file, sample->object);
        dx_csv_text(file, sample->metric);
        dx_csv_u64(file, sample->value);
        dx_csv_end_row(file);
    }
    return dx_file_close(file, error);
}

static bool write_latency(DxOutput *output, const DxResults *results, GError **error)
{
    static const char *const header[] = { "flow", "low_ps", "high_ps", "count", NULL };
    DxFile *file = open_csv(output, "latency.csv", header, error);

    if (!file)
        return false;
    for (unsigned i = 0; i < dx_results_n_groups(results); i++) {
        const DxHistogram *latency = dx_results_latency(results, i);

        for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++) {
            if (!latency->bucket[b])
                continue;
            dx_csv_text(file, dx_results_group_name(results, i));
            dx_csv_u64(file, dx_histogram_bucket_low(b));
            dx_csv_u64(file, dx_histogram_bucket_high(b));
            dx_csv_u64(file, latency->bucket[b]);
            dx_csv_end_row(file);
        }
    }
    return dx_file_close(file, error);
}

static bool write_events(DxOutput *output, const GPtrArray *log, GError **error)
{
    static const char *const header[] = { "time_s", "object", "event", "detail", NULL };
    DxFile *file = open_csv(output, "events.csv", header, error);

    if (!file)
        return false;
    for (guint i = 0; i < log->len; i++) {
        const DxLogLine *line = g_ptr_array_index(log, i);

        dx_csv_seconds(file, line->t_ps);
        dx_csv_text(file, line->object);
        dx_csv_text(file, line->event);
        dx_csv_text(file, line->detail ? line->detail : "");
        dx_csv_end_row(file);
    }
    return dx_file_close(file, error);
}

static bool write_expectations(DxOutput *output, const GPtrArray *verdicts, GError **error)
{
    static const char *const header[] = { "name", "pass", "detail", NULL };
    DxFile *file = open_csv(output, "expectations.csv", header, error);

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

bool dx_report_write(DxOutput *output, const DxRun *run, const GPtrArray *verdicts, GError **error)
{
    g_return_val_if_fail(output != NULL && run != NULL && verdicts != NULL, false);
    return write_summary(output, run->results, error) &&
           (!run->series || write_series(output, run->series, error)) &&
           write_latency(output, run->results, error) && write_events(output, run->log, error) &&
           write_expectations(output, verdicts, error);
}

/* -- trace ------------------------------------------------------------------------------------------- */

static void write_records(const DxTraceRecord *records, size_t n, void *data)
{
    const DxReportTrace *trace = data;

    for (size_t i = 0; i < n; i++) {
        const DxTraceRecord *record = &records[i];
        const DxNode *node = dx_sim_node(trace->sim, record->node - 1);

        dx_csv_seconds(trace->file, record->t_ps);
        dx_csv_text(trace->file, dx_node_name(node));
        if (record->flow == DX_NO_FLOW)
            dx_csv_text(trace->file, "");
        else
            dx_csv_u64(trace->file, record->flow);
        dx_csv_u64(trace->file, record->seq);
        dx_csv_u64(trace->file, record->size_bytes);
        dx_csv_seconds(trace->file, record->birth_ps);
        dx_csv_text(trace->file,
                    record->reason < 0 ? "delivered" : dx_node_model(node)->drops[record->reason]);
        dx_csv_end_row(trace->file);
    }
}

bool dx_report_trace(DxReportTrace *trace, DxOutput *output, DxSim *sim, GError **error)
{
    static const char *const header[] = { "time_s",     "node",    "flow_index", "seq",
                                          "size_bytes", "birth_s", "fate",       NULL };

    g_return_val_if_fail(trace != NULL && output != NULL && sim != NULL, false);
    trace->sim = sim;
    trace->file = open_csv(output, "trace.csv", header, error);
    if (trace->file)
        dx_sim_set_trace(sim, write_records, trace);
    return trace->file != NULL;
}
