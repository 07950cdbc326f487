/*
 * dxsim/report.h - a run as files, as a table, and as JSON
 */
#ifndef DXSIM_REPORT_H
#define DXSIM_REPORT_H

#include <dxsim/output.h>
#include <dxsim/scenario.h>

#define DX_REPORT_COLUMNS 100 /* width of the table */

/* -- files ------------------------------------------------------------------------------------------- */

/* The files of a run; those that grow with time are written while it runs, and none of it is kept in memory.
 */
typedef struct DxReport DxReport;

/* What goes into trace.csv: frames that pass every test that is given. */
typedef struct {
    bool trace;             /* write it at all */
    const char *flow;       /* of this flow; NULL: of any, and control frames */
    const char *node;       /* that end at this node, or at a part of it: "aws", "aws.sink"; NULL: at any */
    uint64_t sample_frames; /* whose number in their flow is a multiple of this; 0: all */
} DxReportTrace;

/**
 * dx_report_open:
 * @trace: NULL: no trace
 * @error: DX_ERROR_IO; DX_ERROR_REFERENCE for a flow or node that does not exist
 *
 * Before the run. Opens, and has the run write into:
 *
 * events.csv   time_s, object, event, detail
 * series.csv   time_s, object, metric, value; if the scenario asks for a series
 * cloudwatch.csv  a line for every metric and period of the monitor; if the scenario asks for it
 * capture.pcapng  frames of links, octet by octet; if the scenario asks for them
 * trace.csv    a line for every frame that is delivered or dropped: time_s, node, flow_index (empty for
 * control frames), seq, size_bytes, birth_s, fate ("delivered", or why it was dropped)
 *
 * Returns: (transfer full): uses @output and @run until dx_report_close() or dx_report_free()
 */
DX_API DxReport *dx_report_open(DxOutput *output, DxRun *run, const DxReportTrace *trace, GError **error);

/* Has everything written so far arrived? If not, running on is in vain. */
DX_API bool dx_report_check(const DxReport *report, GError **error);

/**
 * dx_report_close:
 * @verdicts: DxVerdict, from dx_scenario_judge(); NULL: the run ended early and is not judged
 *
 * After the run. Closes what is open, and writes:
 *
 * summary.csv       kind, object, metric, value
 * summary.json      the same for programs, see dx_report_json()
 * latency.csv       flow, low_ps, high_ps, count: the buckets of the histograms that are not empty
 * explain.json      every value of the scenario and where it came from, ways of flows: see dx_explain()
 * expectations.csv  name, pass, detail; unless @verdicts is NULL
 * dashboard.json    the six widgets of a CloudWatch dashboard, if cloudwatch.csv is asked for
 * claims.csv        id, says, verdict, recorded, measured, bound (or reason); if the scenario has claims, and
 * as above
 */
DX_API bool dx_report_close(DxReport *report, const DxScenario *scenario, const GPtrArray *verdicts,
                            GError **error);
DX_API void dx_report_free(DxReport *report);

/* Without files: nothing that grows with time is kept either. */
DX_API void dx_report_nothing(DxRun *run);

/* -- in one piece ------------------------------------------------------------------------------------ */

typedef void (*DxReportPut)(const char *text, size_t n, void *data);

/* The summary as one JSON object, handed to @put piece by piece: docs/traces.md. @verdicts may be NULL. */
DX_API void dx_report_json(const DxScenario *scenario, const DxRun *run, const GPtrArray *verdicts,
                           DxReportPut put, void *data);

/* What a planner pastes into a mail: text, at most DX_REPORT_COLUMNS wide; with @colour, for a terminal.
 * @verdicts may be NULL. (transfer full) */
DX_API char *dx_report_table(const DxScenario *scenario, const DxRun *run, const GPtrArray *verdicts,
                             bool colour);

#endif
