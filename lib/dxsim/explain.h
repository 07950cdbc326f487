/*
 * dxsim/explain.h - a scenario before it runs: what every value is and where it came from, and what follows
 *
 * Nothing is simulated. The network is built, so that what the engine says about it is what a run would use.
 */
#ifndef DXSIM_EXPLAIN_H
#define DXSIM_EXPLAIN_H

#include <dxsim/scenario.h>

typedef enum {
    DX_EXPLAIN_TEXT, /* for people, 100 columns at most */
    DX_EXPLAIN_JSON, /* for programs: all of it, times in ps */
    DX_EXPLAIN_DOT,  /* the topology, for Graphviz */
} DxExplainForm;

/**
 * dx_explain:
 * @error: as dx_run_new()
 *
 * - every object with its values, each with its origin: file and line, "default", "like dx1",
 * "defaults.link", a preset of the catalog, or the command line;
 * - every flow with its hops: serialisation, propagation, what is in flight on the line, the queue and how
 * long it takes to drain when it is full;
 * - the engine: look-ahead and what bounds it, nodes, frames to expect, a rough estimate of the run time.
 *
 * Returns: (transfer full): free with g_free(); NULL with @error set
 */
DX_API char *dx_explain(const DxScenario *scenario, DxExplainForm form, GError **error);

/**
 * dx_explain_loa:
 * @link: its name; NULL: all of them
 * @form: not DX_EXPLAIN_DOT
 * @error: DX_ERROR_UNKNOWN: there is no such link
 *
 * The record that goes with a link's cross connect: who may have what connected where, length and loss, and
 * what the budget leaves. An illustration, which says so. A link without one is a line of text, and nothing
 * in JSON.
 *
 * Returns: (transfer full): free with g_free(); NULL with @error set
 */
DX_API char *dx_explain_loa(const DxScenario *scenario, const char *link, DxExplainForm form, GError **error);

#endif
