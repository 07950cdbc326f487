/*
 * build-priv.h - a simulation as it was made of a scenario: which node is what
 */
#ifndef DX_BUILD_PRIV_H
#define DX_BUILD_PRIV_H

#include "attacks-priv.h"
#include "outage-priv.h"
#include "alarms-priv.h"
#include "monitor-priv.h"
#include "scenario-priv.h"
#include "sim-priv.h"
#include "vifs-priv.h"

#include <dxsim/meter.h>

typedef struct {
    DxNode *port, *fiber, *mka, *attack;
    DxNode *meter[DX_METER_N_PLACES]; /* NULL: nobody watches */
    DxNode *agent;                    /* heartbeat or lacp */
    DxNode *secy[3];                  /* by DxMacsecRole; NULL: frames go in clear */
    GPtrArray *chain; /* all nodes in order, from the port or what was put before it to the far end */
    uint32_t output;  /* of the router or hash it hangs on */
} DxDirection;

typedef struct {
    DxNode *hash;       /* NULL: nobody sends this way */
    DxNode *aggregator; /* where it begins; NULL: no LACP */
    uint32_t output;    /* of the router */
} DxBundle;

typedef struct DxBuild DxBuild;

/* An event of the scenario, as data for its call. */
typedef struct {
    DxBuild *build;
    const DxScEvent *event;
} ScheduledEvent;

struct DxBuild {
    DxRun run;
    const DxScenario *scenario;
    DxNode **router, **sink, **source; /* by node, node, flow */
    uint32_t *sink_output;             /* by node */
    DxDirection (*link)[2];
    DxBundle (*lag)[2];
    DxVifs *vifs;
    DxAttacks *attacks;
    DxBalance balance;
    uint64_t *rate_bps;                 /* by link, as it is now */
    DxAlarms *alarms;                   /* NULL: none */
    GHashTable *shifted;                /* node and flow -> trunk + 1, in place of that of the scenario */
    GPtrArray *due;                     /* what alarms have ordered */
    bool *is_port_down;                 /* by link */
    uint64_t *state, *encryption_state; /* of connections, by link; for monitors */
    uint64_t *lag_encryption_state;
    ScheduledEvent *events;
    struct DxBuildBgp *bgp; /* NULL: no router speaks BGP */
    DxOutages *outage;      /* by flow of the scenario; NULL: nobody asks */
};

/* Trunk on which the router at @node sends the first flow of a group now; DX_NONE: none, or it has arrived.
 * @is_one_way: (inout): false when another one of them goes elsewhere. */
uint32_t dx__build_next(const DxRun *run, uint32_t node, const DxScFlow *group, bool *is_one_way);
/* Output of router @node to @trunk. False: nobody sends this way. */
bool dx__build_find_output(const DxBuild *build, uint32_t node, uint32_t trunk, uint64_t *output);

/* build-bgp.c: agents of routers, and flows of their sessions, last of all nodes; then the rest. All do
 * nothing where no router speaks BGP. */
void dx__build_bgp_nodes(DxBuild *build);
void dx__build_bgp_connect(DxBuild *build);
void dx__build_bgp_routes(DxBuild *build);
void dx__build_bgp_schedule(DxBuild *build);
/* What its ports make of a link, told to the routers at its ends. */
void dx__build_bgp_line(const DxBuild *build, const DxScLink *link, const DxControl *control);
/* From now on what changes follows from this event. */
void dx__build_bgp_happened(DxBuild *build);
void dx__build_bgp_watch(DxBuild *build);
/* Whose part @node is, in the file. NULL: no agent. */
const DxJson *dx__build_bgp_place(const DxBuild *build, const DxNode *node);
void dx__build_bgp_free(struct DxBuildBgp *bgp);

/* build-events.c: what happens to it, and when. */
void dx__build_schedule(DxBuild *build);
/* build.c: flows of an entry take @trunk from @node; false: nobody can. */
bool dx__build_route(const DxBuild *build, uint32_t flow, uint32_t node, uint32_t trunk);
void dx__build_set_rate(DxBuild *build, uint32_t link, uint64_t rate_bps);
/* build-alarms.c */
void dx__build_alarms(DxBuild *build);
void dx__build_alarms_free(DxBuild *build);
/* build-monitor.c: meters in a direction of a link, rows that only a monitor needs, and the monitor itself.
 */
void dx__build_meter(DxBuild *build, const DxScLink *link, DxDirection *direction, const char *name,
                     DxMeterPlace place);
void dx__build_watch_connections(DxBuild *build);
void dx__build_monitor(DxBuild *build);
void dx__build_monitor_end(DxBuild *build);
void dx__build_monitor_free(DxBuild *build);
/* build-watch.c: what of it becomes rows of results. */
void dx__build_watch(DxBuild *build);

#endif
