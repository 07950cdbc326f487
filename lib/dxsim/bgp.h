/*
 * dxsim/bgp.h - a network of BGP routers, as a scenario describes it
 *
 *   scenario -> DxBgpNetwork -> conf of each node of model "bgp": the network, and which router it is
 *
 * Plain data, no protocol. Whoever reads a scenario owns the network and all it points to; it does not change
 * once it is read, and outlives every simulation that is built of it. Routers, sessions, nodes and trunks are
 * counted from 0, in the order of the file. Of two ends, end 0 stands first in "ends".
 */
#ifndef DXSIM_BGP_H
#define DXSIM_BGP_H

#include <dxsim/policy.h>
#include <dxsim/time.h>

#define DX_BGP_NOBODY UINT32_MAX /* no router, trunk, VIF */

#define DX_BGP_SESSIONS_MAX 255 /* of one router */

/* Stands for a 32-bit number towards speakers that know 16 bits only (RFC 6793): nobody's own. */
#define DX_AS_TRANS 23456u

#define DX_BGP_PORT    179
#define DX_BGP_TTL     1 /* eBGP over one hop */
#define DX_BFD_PORT    3784
#define DX_BFD_TTL     255 /* RFC 5881 5 */
#define DX_BGP_PCP_CS6 6   /* routers mark what keeps sessions up as network control: CS6 */

/* What a node of the network is, where that makes a difference. */
typedef enum {
    DX_KIND_ROUTER,
    DX_KIND_CUSTOMER_ROUTER,
    DX_KIND_CLOUD_DEVICE, /* the provider's router at a location, to which VIFs lead */
    DX_KIND_DX_GATEWAY,
    DX_KIND_TRANSIT_GATEWAY,
    DX_KIND_VPC,
    DX_KIND_HOST, /* speaks no BGP */
    DX_KIND_INTERNET,
} DxNodeKind;

/* RFC 2439. */
typedef struct {
    DxTime half_life_ps, max_suppress_ps;
    double per_withdrawal, per_change; /* penalties; an announcement has none */
    double suppress, reuse;
} DxDampening;

typedef enum { DX_BGP_START_CONVERGED, DX_BGP_START_COLD } DxBgpStart;

typedef struct DxBgpNetwork DxBgpNetwork;

/* The conf of a node of model "bgp": parameters are what its router's "bgp" says. */
typedef struct {
    const DxBgpNetwork *network;
    uint32_t router;
    /* One pointer that all nodes of a simulation share, NULL at first: what it points to is the model's. */
    void **shared;
    const struct DxBgpPlace *place; /* dxsim/bgp-place.h; NULL: it is in no simulation */

    DxTime reaction_ps; /* from a message's arrival to what is done about it */
    int start;          /* DxBgpStart */
    int profile;        /* index into the model's profiles */
    int multipath;      /* same-as, exact, relaxed */
    int64_t maximum_paths, default_local_pref;
    bool always_compare_med, deterministic_med, med_missing_as_worst, med_confed;
    bool compare_routerid, as_path_ignore, as_path_confed, equal_cluster_length;
} DxBgpConf;

typedef struct {
    const char *name;
    uint32_t node;
    DxNodeKind kind;
    const char *region, *location; /* NULL: not said */
    uint32_t asn;                  /* of a confederation: the member AS */
    uint32_t router_id, cluster_id;
    uint32_t confed_id;           /* what the outside sees; 0: no confederation */
    const uint32_t *confed_peers; /* the other member ASes */
    unsigned n_confed_peers;
    DxIp loopback;            /* bits 0: none */
    const DxPrefix *networks; /* that it announces as its own, from the start; each once */
    unsigned n_networks;
    const DxDampening *dampening;        /* NULL: none */
    const DxCommunityTable *communities; /* what it makes of those of external routes; NULL: nothing */
    const DxBgpConf *conf;               /* its knobs; network and router are set, shared is not */
} DxBgpRouter;

/* What one end of a session is told; parameters are those of the part "bgp.session". */
typedef struct {
    DxTime keepalive_ps, hold_ps; /* hold 0: neither */
    DxTime connect_retry_ps, mrai_ps;
    DxTime bfd_interval_ps; /* of what it sends, and the least it wants to receive */
    int64_t bfd_multiplier;
    bool bfd_enabled;            /* has_bfd says what counts */
    int64_t pcp;                 /* class in which all of the session's frames are queued (IEEE 802.1Q) */
    int64_t weight;              /* of routes received here */
    int64_t prefix_limit;        /* 0: none */
    DxTime prefix_restart_ps;    /* after the limit was passed; 0: not by itself */
    DxTime restart_ps, stale_ps; /* graceful restart: RFC 4724 */
    bool next_hop_self, route_reflector_client, soft_reconfiguration, fast_fallover, passive;

    /* The loader's. */
    bool has_bfd, has_graceful_restart;
    const char *password;       /* TCP MD5 (RFC 2385); NULL: none */
    const DxRouteMap *in, *out; /* NULL: everything passes */
} DxBgpEnd;

typedef enum { DX_BGP_SESSION_EBGP, DX_BGP_SESSION_CONFED, DX_BGP_SESSION_IBGP } DxBgpSessionType;

/* One direction of one protocol of a session, as a flow: index of the simulation's flows. */
typedef struct {
    uint32_t flow;
    uint16_t src_port, dst_port;
} DxBgpFlow;

typedef struct {
    const char *name;
    DxBgpSessionType type;
    uint32_t router[2];
    uint32_t trunk;        /* it is pinned to this in both directions; DX_BGP_NOBODY: it follows the IGP */
    uint32_t vif;          /* on that trunk; DX_BGP_NOBODY: none */
    unsigned trunk_end[2]; /* which end of the trunk is whose */
    DxIp address[2];
    uint8_t subnet; /* length of their common prefix on a trunk; 0: addresses are loopbacks */
    DxBgpEnd end[2];
    /* By the end that sends. End 0 connects to port 179 of end 1; the other way round when it is passive.
     * BFD: only where both ends have it. */
    DxBgpFlow tcp[2], bfd[2];
} DxBgpSession;

/* A line of the IGP: a trunk between two nodes of one AS. */
typedef struct {
    uint32_t trunk, node[2];
    uint32_t metric;
} DxIgpLink;

struct DxBgpNetwork {
    const DxBgpRouter *routers;
    const DxBgpSession *sessions;
    unsigned n_routers, n_sessions;
    unsigned n_nodes;               /* of the scenario */
    const uint32_t *router_of_node; /* DX_BGP_NOBODY: speaks no BGP */
    const DxIgpLink *igp_links;
    unsigned n_igp_links;
    DxTime igp_convergence_ps; /* from a link's change to when all routers of its AS go by it */
    /* Prefixes that events announce or withdraw; an event names one by its index. */
    const DxPrefix *event_prefixes;
    unsigned n_event_prefixes;
};

#endif
