/*
 * scenario-priv.h - the scenario as data: names resolved, quantities converted, nothing built yet
 *
 * Lists are in the order of the file. A trunk is what a router can forward to: a link that is in no LAG, or a
 * LAG.
 */
#ifndef DX_SCENARIO_PRIV_H
#define DX_SCENARIO_PRIV_H

#include <dxsim/arrivals.h>
#include <dxsim/bgp.h>
#include <dxsim/plot.h>
#include <dxsim/scenario.h>
#include <dxsim/sizes.h>
#include <dxsim/units.h>
#include "address-priv.h"
#include "json-priv.h"

#define DX_NONE UINT32_MAX

typedef struct {
    char *name;
    const DxJson *json;
    DxNodeKind kind;
    uint32_t
        *route; /* by flow: trunk it takes from here, whatever the shortest path is; DX_NONE: none given */
} DxScNode;

/* A model put into a link's chain. */
typedef enum { DX_AT_INGRESS, DX_AT_LINE, DX_AT_EGRESS } DxScInsertAt;

typedef struct {
    const DxModel *model;
    void *conf;
    DxScInsertAt at;
    bool directions[2];
} DxScInsert;

typedef struct {
    char *name;
    const DxJson *json;
    uint32_t end[2];       /* nodes; direction 0 is end[0] > end[1] */
    void *port, *fiber[2]; /* conf of those models; of the fiber, by direction */
    DxLinePiece *spans;    /* of the fiber; NULL: it has one length */
    unsigned n_spans;
    void *cross; /* conf; NULL: no cross connect */
    bool has_optics, has_same_optics;
    const void *optic[2];    /* by end; of DxLineModel.optic_params */
    DxTime debounce_ps;      /* light must be gone, or back, for this long before its ports take notice */
    bool is_dark;            /* its optics do not get through: down from the start, and for good */
    uint32_t lag, member;    /* DX_NONE: in no LAG; else which, and which member of it */
    GArray *inserts;         /* DxScInsert */
    bool is_used[2];         /* some flow or agent uses the direction: only such are built */
    uint32_t trunk;          /* DX_NONE: the LAG's */
    void *macsec;            /* conf; NULL: frames go in clear */
    void *mka;               /* conf; NULL: no key agreement */
    uint64_t hosted_bps;     /* capacity of a hosted connection; 0: it is a dedicated one */
    const GArray *listed_in; /* for load-events.c */
} DxScLink;

typedef struct {
    char *name;
    const DxJson *json;
    uint32_t n_members, *member; /* links; all join the same two nodes */
    uint32_t end[2];             /* those of the first member */
    void *hash;                  /* conf */
    void *heartbeat;             /* conf; NULL: none */
    void *lacp[2];               /* conf of each end; NULL: none */
    void *aggregator;            /* conf */
    bool is_used[2];
    uint32_t trunk;
} DxScLag;

typedef enum { DX_VIF_PRIVATE, DX_VIF_PUBLIC, DX_VIF_TRANSIT } DxScVifType;

/* A virtual interface. */
typedef struct {
    char *name;
    const DxJson *json;
    uint32_t trunk; /* DX_NONE: what carries it is not there */
    DxScVifType type;
    void *conf; /* of model "vif" */
    bool has_addresses;
    DxAddress address[2]; /* by end of the trunk */
} DxScVif;

typedef struct {
    bool is_lag;
    uint32_t index;  /* link or LAG */
    uint32_t end[2]; /* nodes */
} DxScTrunk;

typedef struct {
    char *name;
    const DxJson *json;
    uint32_t from, to;            /* nodes */
    void *source;                 /* conf */
    uint32_t first_flow, n_flows; /* of the simulation */
    uint32_t *next;               /* by node: trunk towards `to`; DX_NONE: none, or local at `to` */
    uint32_t backup;              /* trunk from `from` while its own is down; DX_NONE: none */
    GArray *vifs;                 /* uint32_t: those it goes via, one a trunk; NULL: none */
    GArray *said;                 /* uint32_t: nodes whose `next` the flow itself says; NULL: none */
    DxFlow flow;                  /* of the first; source ports count up */
} DxScFlow;

/* Links with a common fate. */
typedef struct {
    char *name;
    GArray *links; /* uint32_t */
} DxScGroup;

typedef enum { DX_SC_FAIL, DX_SC_RESTORE, DX_SC_SET, DX_SC_PORT, DX_SC_ATTACK, DX_SC_BGP } DxScDo;

/* What is set. Beside the rate all are the line's, each direction's own. */
typedef enum { DX_SC_RATE, DX_SC_LOSS, DX_SC_LAUNCH, DX_SC_TEMPERATURE, DX_SC_N_QUANTITIES } DxScQuantity;

/* An event as the file has it: it may stand for many. */
typedef struct {
    DxTime at_ps, for_ps, every_ps, ramp_ps; /* 0: not given */
    DxScDo what;
    GArray *links; /* uint32_t */
    bool is_silent;
    DxScQuantity quantity;
    int64_t value;
    uint32_t from; /* node: only the direction that begins there; DX_NONE: both */
    int64_t steps;
    int attack_kind;       /* DxAttackKind */
    int64_t attack_ratio;  /* of frames, in 1e-12 */
    int64_t attack_frames; /* at most; 0: no limit */
    DxControlOp bgp_op;    /* DX_SC_BGP: what is done to whom, by whom it is undone behind `for` */
    DxControlOp bgp_undo;
    bool is_soft;
    GArray *bgp_targets; /* DxScBgpTarget; NULL: none */
} DxScPlan;

/* What a link is like after an event. */
typedef struct {
    bool is_cut : 1;       /* no light at all */
    bool is_port_down : 1; /* both ends have noticed */
    unsigned carries : 2;  /* by direction: frames get on, or as many as errors leave */
} DxScState;

#define DX_SC_BOTH_WAYS 3u /* of directions, a bit each */

/* One thing that happens to one link. There may be a million. */
typedef struct {
    DxTime at_ps;
    int64_t value; /* DX_SC_SET: bps, or thousandths of dB, dBm, C */
    uint32_t link, plan;
    DxScDo what : 4;
    DxScQuantity quantity : 4;
    unsigned direction : 1; /* of what is the line's */
    unsigned silent : 2;    /* DX_SC_FAIL: directions whose frames vanish; 0: light is gone */
    bool is_begin : 1;      /* a ramp begins, that will get to `value`; or an attack, else it ends */
    bool is_step : 1;       /* of a ramp, and not the last */
    /* Filled by carrier.c; DX_SC_PORT is made there. */
    bool is_change : 1; /* of the state */
    DxScState state;
} DxScEvent;

typedef struct {
    char *name, *metric, *stat, *op, *unit; /* metric: "link.dropped" */
    char *select_kind, *select;             /* "link", "dx1"; NULL: the only one there is */
    char *from;                             /* direction of a link; NULL: the only one built */
    bool is_real;
    int64_t value;
    double real;
    char *value_text;
} DxScExpectation;

typedef struct {
    DxScExpectation measure; /* its name is the claim's id; without a metric it cannot be checked */
    char *says, *given, *reason, *bound, *recorded;
} DxScClaim;

/* Frames as octets: `outputs.capture`. */
typedef struct {
    bool is_wanted, has_fcs, has_drops;
    GArray *links;      /* uint32_t; empty: all of them */
    int64_t snap_bytes; /* 0: whole frames */
    DxTime from_ps, until_ps;
    int64_t max_frames;
} DxScCapture;

/* Who watches: `monitor`, and what is written of it: `outputs.cloudwatch`. */
typedef struct {
    bool is_there;
    bool *is_cloud;              /* by node: it is the cloud's side. NULL: none is */
    uint8_t *peer_end;           /* by BGP session: see dx__metric_peer_end(). NULL: nobody watches */
    DxTime truth_ps;             /* simulated */
    DxTime sample_ps, period_ps; /* of the cloud's clock; period 0: no points are written */
    int64_t time_scale;          /* how much faster the cloud's clock runs */
} DxScMonitor;

typedef enum { DX_QUOTA_ERROR, DX_QUOTA_WARN, DX_QUOTA_OFF } DxScQuota;

struct DxScenario {
    DxJsonDoc *doc, *catalog; /* catalog: NULL, none */
    DxJsonDoc *optics_doc;    /* NULL: no link has any */
    GArray *optics;           /* DxLineEnd, all of that catalog */
    GArray *amplifiers;       /* the same */
    DxScQuota quota;
    char *file, *name, *description;
    char *dir;           /* of files it names; NULL: there is none */
    GPtrArray *arrivals; /* DxArrivals that were read, in order of use */
    GArray *inputs;      /* DxInput: the same for the manifest; names are those of the document */
    DxTime duration_ps, warmup_ps;
    DxTime series_period_ps, series_until_ps; /* samples up to this or the end, whichever is earlier */
    uint64_t seed;
    const DxModel *const *models;
    GArray *nodes;        /* DxScNode */
    GArray *links;        /* DxScLink */
    GArray *lags;         /* DxScLag */
    GArray *trunks;       /* DxScTrunk: links that are in no LAG, then LAGs */
    GArray *flows;        /* DxScFlow */
    GArray *vifs;         /* DxScVif */
    GArray *groups;       /* DxScGroup */
    GArray *plans;        /* DxScPlan, in order of the file */
    GArray *events;       /* DxScEvent: plans written out for this duration */
    bool is_planned;      /* false: they would be too many, and not all are there */
    GArray *claims;       /* DxScClaim */
    GArray *expectations; /* DxScExpectation */
    GPtrArray *plots;     /* char* */
    DxPlotFormat plot_format;
    GPtrArray *sweeps; /* DxSweepPlan, see sweep-priv.h */
    DxScCapture capture;
    DxScMonitor monitor;
    struct DxScBgp *bgp;   /* NULL: no node has an asn */
    GArray *alarms;        /* DxScAlarm, see alarms-priv.h */
    DxJsonDoc *alarms_doc; /* catalog of alarms; NULL: nobody asks */
};

#define DX_SC(scenario, list, Type, i) (&g_array_index((scenario)->list, Type, (i)))

/* A value that takes the place of what the file says at a path; messages about it name @place. */
typedef struct {
    char *path, *text;
    const DxJson *place;
} DxScEdit;

/* dx_scenario_read_in() with @edits (DxScEdit; NULL: none) on top of the settings. */
DxScenario *dx__scenario_read_edited(const char *dir, const char *file, const char *text, gsize length,
                                     const DxModel *const *models, const char *const *settings,
                                     const GArray *edits, DxProblems *problems);
/* More that happens: a link fails for good. Takes no notice of names that there are not. Then
 * dx__scenario_plan_events(). */
void dx__scenario_fail(DxScenario *scenario, const GPtrArray *links, DxTime at_ps, bool is_silent);
void dx__expectation_clear(DxScExpectation *expectation);

const DxModel *dx__scenario_model(const DxScenario *scenario, const char *name);

/* Name of a direction of a link or LAG: "dx1:a>b". (transfer full) */
char *dx__scenario_direction(const DxScenario *scenario, const char *name, const uint32_t end[2],
                             unsigned direction);

/* Name of the @index-th model put into a link, in one direction of it: "dx1:a>b.shaper0". (transfer full) */
char *dx__scenario_insert(const char *direction, const DxModel *model, unsigned index);

/* A conf field by its JSON key, for those who do not know the struct: integer types, enums and bools. */
int64_t dx__conf_int(const DxModel *model, const void *conf, const char *key);
double dx__conf_real(const DxModel *model, const void *conf, const char *key);

/* What a group of flows replays; NULL: nothing. */
const DxArrivals *dx__scenario_arrivals(const DxScenario *scenario, const DxScFlow *flow);
/* Sizes of its packets; of a replay, the mean for all. */
DxSizes dx__scenario_sizes(const DxScenario *scenario, const DxScFlow *flow);
/* The longest of its packets; of exponential ones, the mean. */
int64_t dx__scenario_longest(const DxScenario *scenario, const DxScFlow *flow);

/* Flow @i of a group: ports count up from the first's, then addresses. */
DxFlow dx__scenario_flow(const DxScFlow *flow, uint32_t i);

/* routes.c: next hops of every flow, and which directions carry anything. */
void dx__scenario_route(DxScenario *scenario);
/* Trunk that @flow takes from @node: DX_NONE at its destination, or where there is no way. */
uint32_t dx__scenario_next(const DxScenario *scenario, uint32_t flow, uint32_t node);

/* The nodes at the ends of a bundle tell each other which members work. */
static inline bool dx__lag_has_agents(const DxScLag *lag)
{
    return lag->heartbeat || lag->lacp[0];
}

/* The VIF that @flow is on where it goes over @trunk, by what the scenario says; DX_NONE: none. Behind flows
 * come sessions: the group of a session's flows is its number among both. */
uint32_t dx__scenario_vif(const DxScenario *scenario, uint32_t flow, uint32_t trunk);
/* Tag control information of that VIF's frames whose own priority is @pcp; 0: it is on none. */
uint16_t dx__scenario_vif_tci(const DxScenario *scenario, uint32_t flow, uint32_t trunk, unsigned pcp);
/* The link's, or that of the LAG it is in. */
uint32_t dx__scenario_link_trunk(const DxScenario *scenario, const DxScLink *link);
/* Name and ends of a link or LAG. */
const char *dx__scenario_trunk_name(const DxScenario *scenario, uint32_t trunk);

/* load-events.c: plans as single events. False: more than anybody could mean, and is_planned says so. */
bool dx__scenario_plan_events(DxScenario *scenario);

/* "rate 10 Gbps", "loss goes to 12 dB in 10 s". Of a DX_SC_SET. (transfer full) */
char *dx__event_failure(const DxScenario *scenario, const DxScEvent *event);
char *dx__event_setting(const DxScenario *scenario, const DxScEvent *event);

/* carrier.c: what the events make of each link; adds what its ports do later than they happen. Those of a
 * link are in order of time. */
void dx__scenario_carrier(DxScenario *scenario);

/* expect.c */
/* What was measured; false: nothing was. */
bool dx__measure(const DxScExpectation *what, const DxResults *results, DxRow *row);
/* Does it, compared with @value (in base units)? */
bool dx__expectation_holds(const char *op, const DxRow *row, DxUnit unit, int64_t value);
/* Is @a OP @b? */
bool dx__expectation_compare(const char *op, double a, double b);
bool dx__expectation_metric(const char *metric, const char *stat, DxUnit *unit, bool *is_real,
                            const char **row);
/* All metrics and statistics there are, "flow.latency p99": for messages. (transfer container) */
GPtrArray *dx__expectation_names(void);

/* problems.c */
void dx__problem(DxProblems *problems, const char *file, const DxJson *at, bool at_key, unsigned code,
                 const char *format, ...) G_GNUC_PRINTF(6, 7);
void dx__warning(DxProblems *problems, const char *file, const DxJson *at, unsigned code, const char *format,
                 ...) G_GNUC_PRINTF(5, 6);
void dx__problem_at(DxProblems *problems, const char *file, unsigned line, unsigned column,
                    const char *pointer, unsigned code, const char *format, ...) G_GNUC_PRINTF(7, 8);

#endif
