/*
 * dxsim/bgp-place.h - where a node of model "bgp" stands in a simulation, and what it counts
 *
 *   source -> router -> [vif-enter] -> ... -> router -> sink
 *              |  ^
 *        control|  | control frames of its sessions
 *              v  |
 *             [bgp]--- steers: the router, and who puts tags on behind each of its outputs
 *
 * Filled by whoever builds the simulation, who owns all that it points to; the model fills the counts.
 */
#ifndef DXSIM_BGP_PLACE_H
#define DXSIM_BGP_PLACE_H

#include <dxsim/bgp.h>
#include <dxsim/model.h>

/* A trunk at the router. */
typedef struct {
    uint32_t trunk;
    uint16_t output; /* of the router; DX_NO_OUTPUT: nobody sends this way */
    unsigned enter;  /* who puts tags on, as it was bound to the node; 0: nobody. The router is number 0 */
} DxBgpPort;

/* Flows in a row. */
typedef struct {
    uint32_t first, n;
} DxBgpFlows;

/* Flows to one address. */
typedef struct {
    DxIp address;
    uint32_t first, n; /* of DxBgpTraffic.flows */
} DxBgpDestination;

/* All flows that are not of sessions. Routers share it. */
typedef struct {
    const DxBgpDestination *destinations; /* in order of address */
    uint32_t n_destinations;
    const uint32_t *flows;
    uint32_t n_flows;
} DxBgpTraffic;

/* Of the FSM: the last of its states, counted from Idle. */
#define DX_BGP_ESTABLISHED 5

/* Of one end of a session. What is not written at once is brought up to date when counters are read. */
typedef struct {
    uint64_t state;         /* of the FSM: 0 Idle to DX_BGP_ESTABLISHED */
    uint64_t flaps;         /* out of Established */
    uint64_t establishings; /* into it, or so from the start */
    uint64_t established_ps;
    uint64_t down_ps;                  /* time for which it was not Established */
    uint64_t down_at_ps;               /* when it last went down */
    uint64_t detections, detection_ps; /* failures of its line that ended it; the longest time that took */
    uint64_t tx_messages, rx_messages, tx_updates, rx_updates;
    uint64_t tx_frames, rx_frames;           /* BFD's and acknowledgements too */
    uint64_t received, accepted, advertised; /* prefixes */
    uint64_t error_code, error_subcode;      /* of the last NOTIFICATION, either way; 0: none */
    uint64_t retransmissions;
    uint64_t bfd_state; /* 0 AdminDown to 3 Up */
} DxBgpSessionCounts;

typedef struct {
    uint64_t routes;         /* prefixes with a way */
    uint64_t changes;        /* of the way to a prefix, after the start */
    uint64_t changed_ps;     /* the last of them */
    uint64_t convergence_ps; /* from something that happened in the network to the last change that followed
                                before the next thing; the longest */
    uint64_t flows_moved, flows_moved_surviving; /* to another way; of these, from one that was still there */
} DxBgpRouterCounts;

typedef struct DxBgpPlace {
    const DxBgpPort *ports; /* every trunk of the router once */
    unsigned n_ports;
    const DxBgpTraffic *traffic;
    const DxBgpFlows *fixed; /* whose way from here is none of BGP's: static, or to a node behind this one */
    uint32_t n_fixed;
    uint16_t here;                     /* the router's output to this node; DX_NO_OUTPUT: it has no session */
    const uint16_t *vifs;              /* by session: number of its VIF on its trunk, from 1; 0: none */
    const DxTime *rtt_ps;              /* by session: between its ends when nothing waits; NULL: not known */
    char *const (*names)[2];           /* by session and end */
    DxBgpSessionCounts (*sessions)[2]; /* by session and end; a router fills its own ends */
    DxBgpRouterCounts *router;
    const DxTime *happened_ps; /* when something last happened to the network */
} DxBgpPlace;

#endif
