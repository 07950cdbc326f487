/*
 * dxsim/report.h - a finished run as files and as a table
 */
#ifndef DXSIM_REPORT_H
#define DXSIM_REPORT_H

#include <dxsim/output.h>
#include <dxsim/scenario.h>

#define DX_REPORT_COLUMNS 100 /* width of the table */

/**
 * dx_report_write:
 * @verdicts: DxVerdict, from dx_scenario_judge()
 *
 * summary.csv       kind, object, metric, value
 * series.csv        time_s, object, metric, value; if the scenario asks for a series
 * latency.csv       flow, low_ps, high_ps, count: the buckets of the histograms that are not empty
 * events.csv        time_s, object, event, detail
 * expectations.csv  name, pass, detail
 */
DX_API bool dx_report_write(DxOutput *output, const DxRun *run, const GPtrArray *verdicts, GError **error);

/* Per-frame records on their way into a file; the caller's, and lives until the run is over. */
typedef struct {
    const DxSim *sim;
    DxFile *file;
} DxReportTrace;

/**
 * dx_report_trace:
 *
 * Before the run: trace.csv gets a line for every frame that is delivered or dropped: time_s, node,
 * flow_index (empty for control frames), seq, size_bytes, birth_s, fate ("delivered", or why it was dropped).
 */
DX_API bool dx_report_trace(DxReportTrace *trace, DxOutput *output, DxSim *sim, GError **error);

/* What a planner pastes into a mail: plain text, at most DX_REPORT_COLUMNS wide. (transfer full) */
DX_API char *dx_report_table(const DxScenario *scenario, const DxRun *run, const GPtrArray *verdicts);

#endif
