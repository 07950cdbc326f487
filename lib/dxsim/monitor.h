/*
 * dxsim/monitor.h - what a cloud's monitor says of a run, beside the truth
 *
 * Samples at regular times are put together to points, one a period, as CloudWatch does. Beside each point
 * stands what its mean hides: the lowest and highest that a much shorter time has seen.
 */
#ifndef DXSIM_MONITOR_H
#define DXSIM_MONITOR_H

#include <stdbool.h>
#include <dxsim/error.h>
#include <dxsim/time.h>

typedef struct DxMonitor DxMonitor;

/* One metric in one period. */
typedef struct {
    DxTime start_ps, length_ps; /* simulated */
    DxTime nominal_ps;          /* what the cloud calls its length */
    const char *metric, *unit;
    const char *connection, *vif; /* dimensions; "": it has none of that kind */
    const char *family;           /* of a BGP session: "ipv4", "ipv6" */
    unsigned lane;                /* from 1; 0: none */
    uint64_t n_samples;           /* the last period of a run may have fewer */
    double sum, min, max;         /* of the samples */
    double truth_min, truth_max;  /* of the short times within the period */
    double offered_max;           /* the same of what came to the line; NaN: not known of this metric */
} DxMonitorPoint;

/* Of the samples; never outside @min to @max. */
DX_API double dx_monitor_average(const DxMonitorPoint *point);

/* Where points go, as periods end; they are kept in memory only when nobody has said. NULL: nowhere. */
typedef void (*DxMonitorFn)(const DxMonitorPoint *point, void *data);
DX_API void dx_monitor_set_sink(DxMonitor *monitor, DxMonitorFn fn, void *data);
DX_API size_t dx_monitor_n(const DxMonitor *monitor);
DX_API const DxMonitorPoint *dx_monitor_at(const DxMonitor *monitor, size_t index);

#endif
