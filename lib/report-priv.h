/*
 * report-priv.h - what report.c and the report-*.c share
 */
#ifndef DX_REPORT_PRIV_H
#define DX_REPORT_PRIV_H

#include <dxsim/csv.h>
#include <dxsim/report.h>

DxFile *dx__report_open_csv(DxOutput *output, const char *name, const char *const *header, GError **error);

/* report-trace.c: trace.csv on its way. */
typedef struct DxTraceFile DxTraceFile;
DxTraceFile *dx__trace_file_new(DxOutput *output, DxRun *run, const DxReportTrace *trace, GError **error);
DxFile *dx__trace_file(const DxTraceFile *trace);
void dx__trace_file_free(DxTraceFile *trace);

/* report-capture.c: capture.pcapng on its way. NULL without an error: none is asked for. */
typedef struct DxCaptureFile DxCaptureFile;
DxCaptureFile *dx__capture_file_new(DxOutput *output, DxRun *run, GError **error);
DxFile *dx__capture_file(const DxCaptureFile *capture);
/* What is there at the end. */
bool dx__capture_file_close(DxCaptureFile *capture, GError **error);
void dx__capture_file_free(DxCaptureFile *capture);

/* report-monitor.c: cloudwatch.csv on its way. */
DxFile *dx__report_cloudwatch(DxOutput *output, DxRun *run, GError **error);

/* report-dashboard.c: dashboard.json. */
bool dx__report_dashboard(DxOutput *output, const DxScenario *scenario, const DxResults *results,
                          GError **error);

/* report-table.c: states of a session, as BGP numbers them here. */
extern const char *const dx__session_states[];

/* report-latency.c: where the latency of each flow went, as a section of the table. */
void dx__report_latency(GString *out, const DxScenario *scenario, const DxRun *run);

#endif
