/*
 * monitor-priv.h - probes of a run, and the points that are made of their samples
 */
#ifndef DX_MONITOR_PRIV_H
#define DX_MONITOR_PRIV_H

#include <dxsim/monitor.h>
#include <dxsim/results.h>
#include "metrics-priv.h"

/* Before the first tick; @results has all rows. */
DxMonitor *dx__monitor_new(const DxScenario *scenario, DxResults *results);
void dx__monitor_free(DxMonitor *monitor);

/* Of what: an index into the scenario's links, VIFs, LAGs or flows. */
typedef struct {
    const DxMetric *metric;
    uint32_t object;
    unsigned direction; /* of a line; taken from the metric where it says */
    unsigned lane;      /* from 1; 0: it has none */
} DxProbeOf;

/* One that is watched whether or not it is shown; its number. */
guint dx__monitor_probe(DxMonitor *monitor, const DxProbeOf *of);

/* Rows have been read: another tick of the truth has passed. */
void dx__monitor_tick(DxMonitor *monitor);
/* So many of them have: a sample of every probe. */
void dx__monitor_sample(DxMonitor *monitor);
/* The last sample of a probe; false: there was no data. */
bool dx__monitor_value(const DxMonitor *monitor, guint probe, double *value);
/* A period of cloudwatch.csv ends now, or the run does. */
void dx__monitor_close(DxMonitor *monitor, DxTime now_ps);

/* Ticks from the start: what falls due at each. */
typedef enum { DX_DUE_SAMPLE = 1, DX_DUE_PERIOD = 2 } DxMonitorDue;
unsigned dx__monitor_due(const DxScenario *scenario, DxTime now_ps);

#endif
