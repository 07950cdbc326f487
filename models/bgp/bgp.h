/*
 * bgp/bgp.h - paths, knobs, and what became of them in the decision
 *
 * Pure functions on sets of paths to one prefix: no sessions, no clock, no allocation. Numbers are unsigned
 * 32-bit (ASNs, identifiers, MED, local preference, router IDs). Whatever is missing is kept apart from 0
 * until the decision.
 */
#ifndef DX_BGP_H
#define DX_BGP_H

#include "bgp/aspath.h"
#include <dxsim/ip.h>

/* Paths to one prefix. */
#define DX_BGP_PATHS_MAX 256
#define DX_BGP_NONE      (-1) /* no path */

/* The ladder, in its order. */
typedef enum {
    DX_BGP_STEP_NONE, /* one candidate, or none: nothing to decide */
    DX_BGP_WEIGHT,
    DX_BGP_LOCAL_PREF,
    DX_BGP_LOCAL_ORIGIN,
    DX_BGP_AS_PATH_LENGTH,
    DX_BGP_ORIGIN,
    DX_BGP_MED,
    DX_BGP_EBGP_OVER_IBGP,
    DX_BGP_IGP_METRIC,
    DX_BGP_OLDEST,
    DX_BGP_ROUTER_ID,
    DX_BGP_CLUSTER_LIST,
    DX_BGP_NEIGHBOR_IP,
    DX_BGP_N_STEPS
} DxBgpStep;

/* In order of step 7. */
typedef enum { DX_BGP_EBGP, DX_BGP_CONFED, DX_BGP_IBGP, DX_BGP_LOCAL } DxBgpSource;

/* In order of step 5; the numbers of the wire. */
typedef enum { DX_BGP_IGP, DX_BGP_EGP, DX_BGP_INCOMPLETE } DxBgpOrigin;

typedef struct {
    DxBgpSource source;
    DxBgpOrigin origin;
    bool has_local_pref, has_med, has_originator_id;
    bool next_hop_reachable;
    bool is_denied; /* by a policy on the way in */
    bool is_damped;
    uint32_t weight; /* 0 to 65535 */
    uint32_t local_pref, med, igp_metric;
    uint32_t neighbor_as, router_id, originator_id;
    uint32_t n_clusters, n_communities;
    const uint32_t *clusters, *communities; /* borrowed */
    DxAsPath as_path;
    DxIp neighbor_ip, next_hop;
    uint64_t received; /* number of the event it came with: at one instant, too, one is first */

    /* From as_path, by dx__bgp_path_prepare(): the decision asks for nothing else of it. */
    uint32_t hops, confed_hops, med_as, med_confed_as;
} DxBgpPath;

/* After @path->as_path was set. */
void dx__bgp_path_prepare(DxBgpPath *path);

typedef enum {
    DX_BGP_AGE_INCUMBENT, /* who is best stays (RFC 5004) */
    DX_BGP_AGE_TIMESTAMP, /* who came first, whoever it is */
} DxBgpAge;

typedef enum {
    DX_BGP_MULTIPATH_SAME_AS, /* eBGP: from one neighbouring AS; iBGP: the same whole AS_PATH */
    DX_BGP_MULTIPATH_EXACT,   /* the same whole AS_PATH */
    DX_BGP_MULTIPATH_RELAXED, /* as long */
} DxBgpMultipath;

typedef struct {
    /* Who decides. */
    uint32_t local_as;  /* of a confederation: the member AS */
    uint32_t confed_id; /* what the outside sees; 0: no confederation */
    uint32_t router_id, cluster_id;

    /* The well-known knobs. */
    uint32_t default_local_pref, maximum_paths;
    bool always_compare_med, deterministic_med, med_missing_as_worst, med_confed;
    bool compare_routerid, as_path_ignore, as_path_confed, equal_cluster_length;
    DxBgpMultipath multipath;

    /* What sets implementations apart; see dx__bgp_profiles. */
    uint32_t skipped; /* bit per DxBgpStep */
    DxBgpAge age;
    bool age_needs_other_router_id; /* with one router ID on both, nobody is older */
    bool prefers_confed_external;   /* to internal ones, at step 7 */
    bool strict_confed_med;         /* paths without an AS outside: MED only with med_confed */
} DxBgpKnobs;

typedef struct {
    const char *name, *summary;
    void (*apply)(DxBgpKnobs *knobs);
} DxBgpProfile;

/* The first is the default; ends without a name. */
extern const DxBgpProfile dx__bgp_profiles[];

/* Defaults of the first profile; local_as and router_id are 0. */
void dx__bgp_knobs_init(DxBgpKnobs *knobs);

typedef struct {
    const char *name, *title, *clause;
} DxBgpStepInfo;

/* By DxBgpStep. */
extern const DxBgpStepInfo dx__bgp_steps[DX_BGP_N_STEPS];
extern const char *const dx__bgp_sources[];

/* -- eligible.c -------------------------------------------------------------------------------------- */

/* Why a path is not even a candidate (RFC 4271 9.1.2, RFC 4456 8). */
typedef enum {
    DX_BGP_ELIGIBLE,
    DX_BGP_UNREACHABLE,
    DX_BGP_AS_LOOP,
    DX_BGP_OWN_ORIGINATOR,
    DX_BGP_OWN_CLUSTER,
    DX_BGP_DENIED,
    DX_BGP_DAMPED,
} DxBgpEligible;

DxBgpEligible dx__bgp_eligible(const DxBgpKnobs *knobs, const DxBgpPath *path);

/* -- bestpath.c -------------------------------------------------------------------------------------- */

/* What became of one path. */
typedef struct {
    DxBgpEligible eligible;
    DxBgpStep step; /* where it dropped out; DX_BGP_STEP_NONE: it is the best, or no candidate */
    int against;    /* whom it lost to there */
} DxBgpFate;

typedef struct {
    int best;
    DxBgpStep step;          /* where one candidate was left; none if the order of comparison decided */
    bool is_order_dependent; /* without deterministic-med: another order of arrival may have another winner */
} DxBgpDecision;

/**
 * dx__bgp_decide:
 * @n: at most DX_BGP_PATHS_MAX
 * @incumbent: the path that is best now; DX_BGP_NONE: there is none, or it has gone
 * @fates: (out): one per path
 */
DxBgpDecision dx__bgp_decide(const DxBgpKnobs *knobs, const DxBgpPath *paths, unsigned n, int incumbent,
                             DxBgpFate *fates);

/* Two paths alone: negative if @a wins, positive if @b wins, at @step; 0: nothing tells them apart before
 * @end. */
int dx__bgp_compare(const DxBgpKnobs *knobs, const DxBgpPath *a, const DxBgpPath *b,
                    const DxBgpPath *incumbent, DxBgpStep end, DxBgpStep *step);

/* What the decision takes for missing. */
uint32_t dx__bgp_local_pref(const DxBgpKnobs *knobs, const DxBgpPath *path);
uint32_t dx__bgp_med(const DxBgpKnobs *knobs, const DxBgpPath *path);
uint32_t dx__bgp_length(const DxBgpKnobs *knobs, const DxBgpPath *path);
uint32_t dx__bgp_originator(const DxBgpPath *path);
/* Is the MED of one worth anything against that of the other? */
bool dx__bgp_med_comparable(const DxBgpKnobs *knobs, const DxBgpPath *a, const DxBgpPath *b);

/* -- multipath.c ------------------------------------------------------------------------------------- */

/* Which paths share the traffic with the best one, itself included: sets @is_used of each, returns how many.
 */
unsigned dx__bgp_multipath(const DxBgpKnobs *knobs, const DxBgpPath *paths, unsigned n,
                           const DxBgpFate *fates, int best, bool *is_used);

/* -- would-win.c ------------------------------------------------------------------------------------- */

/* One change of one attribute of one path. */
typedef struct {
    DxBgpStep attribute; /* the attribute of that step; DX_BGP_STEP_NONE: nothing would do */
    uint32_t value;      /* what it must become at least, or at most; for AS_PATH: how many repeats fewer */
} DxBgpChange;

/* The change of @loser that makes it the best one in place of @best, tried out: at the latest step where one
 * does, and as small as can be there. @fate: its own. @paths: changed meanwhile, and as before afterwards.
 * @room: for @n. */
DxBgpChange dx__bgp_would_win(const DxBgpKnobs *knobs, DxBgpPath *paths, unsigned n, int incumbent, int best,
                              int loser, const DxBgpFate *fate, DxBgpFate *room);

#endif
