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
    DX_TAKE_UP,     /* 1: a session is Established; else 0 */
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

/* DX_OF_PEER: a BGP session on a VIF; a VIF has one of each address family. */
typedef enum { DX_OF_LINK, DX_OF_LANE, DX_OF_LAG, DX_OF_VIF, DX_OF_PEER, DX_OF_FLOW } DxMetricOf;

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
/* "link", "lag", "vif", "flow": what it is selected by; a peer by its VIF, and "family". */
const char *dx__metric_selector(const DxMetric *metric);

/* Name of the @object-th of what the metric is of; *end: its nodes, NULL: it has none. */
const char *dx__metric_object(const DxScenario *scenario, const DxMetric *metric, uint32_t object,
                              const uint32_t **end);

/* Peers are numbered as sessions are; they are found once sides and sessions are known. */
void dx__metric_find_peers(DxScenario *scenario);
uint32_t dx__metric_n_peers(const DxScenario *scenario);
/* The cloud's end of such a session; 2: it is on no VIF that ends at the cloud, or a second one of its family
 * there. */
unsigned dx__metric_peer_end(const DxScenario *scenario, uint32_t peer);
uint32_t dx__metric_peer_vif(const DxScenario *scenario, uint32_t peer);
/* Its name, as rows of the session have it, seen from the cloud. */
char *dx__metric_peer_name(const DxScenario *scenario, uint32_t peer);
/* Values of dimension IpAddressFamily, NULL-terminated. */
extern const char *const dx__ip_families[];
const char *dx__metric_peer_family(const DxScenario *scenario, uint32_t peer);
/* Prefixes that the cloud's end takes; 0: any number. */
int64_t dx__metric_peer_limit(const DxScenario *scenario, uint32_t peer);
/* Is that limit one of what the metric counts? */
bool dx__metric_has_limit(const DxMetric *metric);

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
