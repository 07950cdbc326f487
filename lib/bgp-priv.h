/*
 * bgp-priv.h - the BGP network of a scenario: what models are given, and what the loader knows beside it
 */
#ifndef DX_BGP_LOAD_PRIV_H
#define DX_BGP_LOAD_PRIV_H

#include <dxsim/bgp.h>
#include <dxsim/sim.h>
#include "policy-read-priv.h"
#include "scenario-priv.h"

/* What happens to one router at one time; there may be many of one plan. */
typedef struct {
    DxTime at_ps;
    uint32_t plan, router;
    DxControl control; /* to the router's agent */
} DxScBgpEvent;

/* One of a plan's targets. */
typedef struct {
    uint32_t router, index; /* session, or prefix of an event */
} DxScBgpTarget;

typedef struct DxScBgp {
    DxBgpNetwork network;     /* points into what follows, once all is read */
    GArray *routers;          /* DxBgpRouter */
    GArray *sessions;         /* DxBgpSession */
    GArray *igp_links;        /* DxIgpLink */
    GArray *prefixes;         /* DxPrefix, of events, each once */
    GHashTable *prefix_names; /* their texts -> index + 1 */
    GArray *events;           /* DxScBgpEvent, in order of plans; sorted by nobody */
    GArray *flows;            /* DxFlow: of sessions, behind those of the scenario */
    uint32_t *router_of_node;
    GPtrArray *owned; /* all that routers, sessions and policies point to */
    DxPolicies policies;
    GHashTable *map_names;        /* name -> index + 1 */
    GPtrArray *maps;              /* DxRouteMap */
    const DxJson **session_jsons; /* by session, where it is in the file */
} DxScBgp;

DxScBgp *dx__bgp_new(void);
void dx__bgp_free(DxScBgp *bgp);
/* Once all is read and right: the network as models see it, flows of sessions. */
void dx__bgp_finish(DxScenario *scenario);
/* Flows that the scenario itself has: those of sessions follow. */
uint32_t dx__scenario_n_flows(const DxScenario *scenario);
/* Does the file say what @flow takes from @node: a static route, its `via` or `backup`? */
bool dx__scenario_is_said(const DxScenario *scenario, uint32_t flow, uint32_t node);
/* Is it BGP that decides where @flow goes from @node? Not where the file says so, nor to the node itself or to
 * one behind it that no other BGP router comes before. */
bool dx__scenario_bgp_decides(const DxScenario *scenario, uint32_t flow, uint32_t node);
/* load-bgp-events.c: all occurrences of a plan. False: they would be too many. */
bool dx__bgp_plan(DxScenario *scenario, uint32_t plan, guint most);

#define DX_BGP_ROUTER(bgp, i)  (&g_array_index((bgp)->routers, DxBgpRouter, (i)))
#define DX_BGP_SESSION(bgp, i) (&g_array_index((bgp)->sessions, DxBgpSession, (i)))

#endif
