/*
 * build-priv.h - a simulation as it was made of a scenario: which node is what
 */
#ifndef DX_BUILD_PRIV_H
#define DX_BUILD_PRIV_H

#include "attacks-priv.h"
#include "outage-priv.h"
#include "scenario-priv.h"
#include "sim-priv.h"
#include "vifs-priv.h"

typedef struct {
    DxNode *port, *fiber, *mka, *attack;
    DxNode *agent;    /* heartbeat or lacp */
    DxNode *secy[3];  /* by DxMacsecRole; NULL: frames go in clear */
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
    ScheduledEvent *events;
    DxOutages *outage; /* by flow of the scenario; NULL: nobody asks */
};

/* build-events.c: what happens to it, and when. */
void dx__build_schedule(DxBuild *build);
/* build-watch.c: what of it becomes rows of results. */
void dx__build_watch(DxBuild *build);

#endif
