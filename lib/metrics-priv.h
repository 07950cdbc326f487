/*
 * metrics-priv.h - what a monitor can watch: the metrics of CloudWatch's namespace AWS/DX, and our own
 *
 * A metric is taken from rows of the results. Ingress and egress are from the cloud's side.
 */
#ifndef DX_METRICS_PRIV_H
#define DX_METRICS_PRIV_H

#include "scenario-priv.h"

/* What a value is, of rows that are added up. */
typedef enum {
    DX_TAKE_BITS,   /* what has grown, octets, as bits a second */
    DX_TAKE_RATE,   /* what has grown, a second */
    DX_TAKE_GROWTH, /* what has grown */
    DX_TAKE_LEVEL,  /* as it is */
    DX_TAKE_SHARE,  /* bits a second of the limit it has, in percent */
    DX_TAKE_LOSS, /* what has grown for each that `whole` has, in percent, at most all; no data where that has
                     not */
} DxTake;

/* Which direction of a line. */
typedef enum {
    DX_WAY_NONE,    /* the object has none */
    DX_WAY_EGRESS,  /* away from the cloud */
    DX_WAY_INGRESS, /* towards it */
    DX_WAY_ANY,     /* whichever is selected */
} DxWay;

typedef enum { DX_OF_LINK, DX_OF_LANE, DX_OF_LAG, DX_OF_VIF, DX_OF_FLOW } DxMetricOf;

typedef struct {
    const char *name, *unit; /* unit: for people */
    DxMetricOf of;
    DxWay way;
    DxTake take;
    const char *kind;    /* of the rows */
    const char *rows[2]; /* "dropped_*": whatever begins so */
    const char *whole;   /* DX_TAKE_LOSS: row; of a metric of a line, what was offered to it. NULL: none */
    DxUnit threshold;
} DxMetric;

#define DX_METRICS_END                                                                                       \
    {                                                                                                        \
        .name = NULL                                                                                         \
    }

/* Ends with a NULL name; those of AWS/DX first. */
extern const DxMetric dx__metrics[];

const DxMetric *dx__metric_find(const char *name);
/* Is it one of AWS/DX? */
static inline bool dx__metric_is_aws(const DxMetric *metric)
{
    return metric->name[0] >= 'A' && metric->name[0] <= 'Z';
}
/* "link", "lag", "vif", "flow": what it is selected by. */
const char *dx__metric_selector(const DxMetric *metric);

/* Name of the @object-th of what the metric is of; *end: its nodes, NULL: it has none. */
const char *dx__metric_object(const DxScenario *scenario, const DxMetric *metric, uint32_t object,
                              const uint32_t **end);

/* How long a time of the cloud's clock takes here. */
static inline DxTime dx__monitor_scaled(const DxScenario *scenario, DxTime nominal_ps)
{
    return nominal_ps / scenario->monitor.time_scale;
}

/* Which end of a line is the cloud's: 0 or 1; 2: neither, or both. */
unsigned dx__metric_cloud_end(const DxScenario *scenario, const uint32_t end[2]);
/* Lanes of the light on a link; 0: it has no optics. */
unsigned dx__link_lanes(const DxScenario *scenario, const DxScLink *link);
/* The lowest or highest level that the optic at the cloud's end may send or receive, dBm. */
double dx__link_light_bound(const DxScenario *scenario, const DxScLink *link, bool is_sent, bool is_low);

#endif
