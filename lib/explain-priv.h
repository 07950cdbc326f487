/*
 * explain-priv.h - an explanation as data, between the half that gathers it and the half that prints it
 */
#ifndef DX_EXPLAIN_PRIV_H
#define DX_EXPLAIN_PRIV_H

#include <dxsim/explain.h>
#include <dxsim/sizes.h>
#include "json-write-priv.h"
#include "scenario-priv.h"

/* CPU time that a frame takes on a hop, statistics included; docs/performance.md. An estimate, no promise. */
#define DX_EXPLAIN_NS_PER_HOP 15

typedef struct {
    char *key, *value, *origin;
} DxExplainValue;

typedef struct {
    char *path; /* "links.dx1" */
    GPtrArray *values;
} DxExplainObject;

/* One frame of a flow on one link. Of a LAG, the first member stands for all. */
typedef struct {
    char *name; /* "dx1:a>b"; of a LAG "lag1:a>b" */
    unsigned n_members;
    bool members_differ, delays_differ; /* in what is shown; in what an idle one takes */
    uint64_t rate_bps;
    int overhead_bytes; /* tags and the like that a frame brings along; once measured, that it takes on */
    uint32_t buffer_bytes, wire_bytes;
    DxTime serialisation_ps;      /* rounded up, as a port does on an idle line */
    uint64_t missing, of_missing; /* what rounding added: missing/of_missing of a ps */
    DxTime propagation_ps;
    uint64_t in_flight_bytes, in_flight_frames;
    uint64_t queue_bytes, queue_frames;
    DxTime drain_ps;
} DxExplainHop;

typedef struct {
    const char *name, *from, *to;
    uint32_t n_flows;
    DxSizes sizes;
    uint64_t size_bytes, frames; /* the mean, rounded; expected, of all its flows */
    bool arrives;
    bool is_one_way; /* all of its flows, all the time: a sum of delays is the delay of each of its frames */
    const char *bgp_at; /* the first node at which BGP decides how it goes on; NULL: at none */
    GPtrArray *hops;    /* DxExplainHop */
    DxTime serialisation_ps, propagation_ps, drain_ps;
    uint64_t bottleneck_bps, round_trip_bytes, round_trip_frames;
} DxExplainFlow;

typedef struct {
    const DxScenario *scenario;
    GPtrArray *objects, *flows;
    guint n_objects_left_out, n_flows_left_out;
    bool has_engine;
    DxTime lookahead_ps; /* DX_TIME_NEVER: nothing bounds it */
    char *lookahead_bound;
    unsigned n_nodes;
    uint64_t frames, frame_hops, run_time_ns;
} DxExplanation;

/* As a file beside a run's results: so much of a large scenario, and nothing of the engine. */
#define DX_EXPLAIN_OBJECTS_KEPT 2000
#define DX_EXPLAIN_FLOWS_KEPT   500

/* explain-origin.c: objects with their values; to be kept, only the first of them. */
GPtrArray *dx__explain_objects(const DxScenario *scenario, bool is_kept, guint *n_left_out);
/* explain.c */
/* One of the scenario's flows, in a network that was built from it. (transfer full) */
DxExplainFlow *dx__explain_flow(const DxScenario *scenario, const DxRun *run, uint32_t index);
void dx__explain_flow_free(gpointer flow);
DxExplanation *dx__explain_gather(const DxScenario *scenario, GError **error);
/* The same of a run, to be kept: (transfer full), JSON. */
char *dx__explain_kept(const DxScenario *scenario, const DxRun *run);
void dx__explain_free(DxExplanation *explanation);
/* explain-optics.c */
void dx__explain_optics_text(GString *out, const DxScenario *scenario);
void dx__explain_optics_json(DxJsonWriter *writer, const DxScenario *scenario);
/* explain-bgp.c */
void dx__explain_bgp_text(GString *out, const DxScenario *scenario);
void dx__explain_bgp_json(DxJsonWriter *writer, const DxScenario *scenario);
/* explain-print.c; (transfer full) */
char *dx__explain_text(const DxExplanation *explanation);
char *dx__explain_json(const DxExplanation *explanation);
char *dx__explain_dot(const DxScenario *scenario);

#endif
