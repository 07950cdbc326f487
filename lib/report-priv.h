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

/* report-latency.c: where the latency of each flow went, as a section of the table. */
void dx__report_latency(GString *out, const DxScenario *scenario, const DxRun *run);

#endif
