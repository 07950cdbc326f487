/*
 * report-trace - trace.csv: a line for every frame that ends, or for those that were asked for
 */
#include "report-priv.h"

#include <string.h>

struct DxTraceFile {
    const DxSim *sim;
    DxFile *file;
    uint64_t sample_frames;
    bool *is_node; /* by index - 1; NULL: any */
    bool is_flow;  /* only flows of this group */
    uint32_t group;
};

/* -- what is asked for ------------------------------------------------------------------------------- */

static bool is_part_of(const char *node, const char *name)
{
    const size_t n = strlen(name);

    return !strncmp(node, name, n) && (!node[n] || node[n] == '.');
}

static bool choose_nodes(DxTraceFile *trace, const char *name, GError **error)
{
    const unsigned n = dx_sim_n_nodes(trace->sim);
    bool has_some = false;

    if (!name)
        return true;
    trace->is_node = g_new0(bool, n + 1);
    for (unsigned i = 0; i < n; i++)
        has_some |= trace->is_node[i] = is_part_of(dx_node_name(dx_sim_node(trace->sim, i)), name);
    if (!has_some)
        g_set_error(error, DX_ERROR, DX_ERROR_REFERENCE, "no frame passes a node \"%s\"", name);
    return has_some;
}

static bool choose_flow(DxTraceFile *trace, const DxResults *results, const char *name, GError **error)
{
    if (!name)
        return true;
    for (unsigned i = 0; i < dx_results_n_groups(results); i++)
        if (!strcmp(dx_results_group_name(results, i), name)) {
            trace->is_flow = true;
            trace->group = i;
            return true;
        }
    g_set_error(error, DX_ERROR, DX_ERROR_REFERENCE, "there is no flow \"%s\"", name);
    return false;
}

static bool is_wanted(const DxTraceFile *trace, const DxTraceRecord *record)
{
    if (trace->is_node && !trace->is_node[record->node - 1])
        return false;
    if (trace->is_flow &&
        (record->flow == DX_NO_FLOW || dx_sim_flow(trace->sim, record->flow)->group != trace->group))
        return false;
    return trace->sample_frames <= 1 || record->seq % trace->sample_frames == 0;
}

/* -- the file ---------------------------------------------------------------------------------------- */

static void write_record(const DxTraceFile *trace, const DxTraceRecord *record)
{
    const DxNode *node = dx_sim_node(trace->sim, record->node - 1);

    dx_csv_seconds(trace->file, record->t_ps);
    dx_csv_text(trace->file, dx_node_name(node));
    if (record->flow == DX_NO_FLOW)
        dx_csv_text(trace->file, "");
    else
        dx_csv_u64(trace->file, record->flow);
    dx_csv_u64(trace->file, record->seq);
    dx_csv_u64(trace->file, record->size_bytes);
    if (record->birth_ps < 0) /* somebody on the line has made it */
        dx_csv_text(trace->file, "");
    else
        dx_csv_seconds(trace->file, record->birth_ps);
    dx_csv_text(trace->file, record->reason < 0 ? "delivered" : dx_node_model(node)->drops[record->reason]);
    dx_csv_end_row(trace->file);
}

static void write_records(const DxTraceRecord *records, size_t n, void *data)
{
    const DxTraceFile *trace = data;

    for (size_t i = 0; i < n; i++)
        if (is_wanted(trace, &records[i]))
            write_record(trace, &records[i]);
}

DxTraceFile *dx__trace_file_new(DxOutput *output, DxRun *run, const DxReportTrace *wanted, GError **error)
{
    static const char *const header[] = { "time_s",     "node",    "flow_index", "seq",
                                          "size_bytes", "birth_s", "fate",       NULL };
    DxTraceFile *trace = g_new0(DxTraceFile, 1);

    trace->sim = run->sim;
    trace->sample_frames = wanted->sample_frames;
    if (choose_nodes(trace, wanted->node, error) && choose_flow(trace, run->results, wanted->flow, error))
        trace->file = dx__report_open_csv(output, "trace.csv", header, error);
    if (!trace->file) {
        dx__trace_file_free(trace);
        return NULL;
    }
    dx_sim_set_trace(run->sim, write_records, trace);
    return trace;
}

DxFile *dx__trace_file(const DxTraceFile *trace)
{
    return trace->file;
}

void dx__trace_file_free(DxTraceFile *trace)
{
    if (!trace)
        return;
    g_free(trace->is_node);
    g_free(trace);
}
