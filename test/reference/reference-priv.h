/*
 * reference-priv.h - the parts of the reference engine: world, heap, nodes
 */
#ifndef DX_TEST_REFERENCE_PRIV_H
#define DX_TEST_REFERENCE_PRIV_H

#include "reference.h"
#include "../../lib/monitor-priv.h"
#include "../../lib/outage-priv.h"
#include "../../lib/results-priv.h"

#include <dxsim/line.h>
#include <dxsim/mka.h>

__extension__ typedef unsigned __int128 Wide;

/* What an end says of a port. */
typedef struct {
    uint32_t system; /* 0: nobody */
    uint16_t system_priority, key, port_priority, port;
    uint8_t state;
} LacpInfo;

/* Of a LACPDU, or of a marker or its response. */
enum { NO_MARKER, ASKS, ANSWERS };
typedef struct {
    LacpInfo actor, partner;
    int marker;
    uint32_t transaction;
} LacpSaid;

typedef struct {
    DxTime birth_ps, came_ps;  /* came_ps: to the port where it is */
    uint32_t flow, seq, group; /* group: entry under "flows"; DX_NONE for a heartbeat or LACPDU */
    uint32_t size_bytes, pcp, ttl;
    uint32_t overhead_bytes; /* tags */
    uint32_t tpid, vid, dei; /* of its tag, the outer of two; tpid 0: it has none */
    uint32_t vif;            /* one more than the VIF whose tag it has, alone or under another; 0: none */
    uint32_t colour;
    bool is_protected, has_no_number; /* MACsec; the latter with REFERENCE_NUMBERS_THE_QUEUED */
    uint64_t key, pn;
    LacpSaid said;
    bool is_held;        /* waits in a queue; else it is in service, on a fiber, or between two nodes */
    uint32_t number;     /* of its association, once it is protected on the line */
    const void *message; /* of a key agreement; NULL: none */
    void *said_bgp;      /* of a session of BGP; NULL: none */
    bool is_steered;     /* BGP says which VIF it takes next: one more than that; 0: none */
    uint32_t vif_of_way;
    bool is_lost; /* already counted as dropped; what is left of it arrives nowhere */
} Frame;

typedef struct {
    char *name;
    uint32_t index;    /* in order of creation */
    uint64_t n_posted; /* events */
} Node;

/* -- the order of everything -------------------------------------------------------------------------- */

/* At equal time: the world's events in order of the file, the nodes' by (node, its own count), measurements,
 * then frames. */
typedef enum { PLANE_WORLD, PLANE_NODES, PLANE_MEASURE, PLANE_FRAMES } Plane;

/* Frames at equal time, upstream first. Every way through the network without delay runs down this list:
 * only a port can send one back to the top, and that takes time. */
typedef enum {
    LAYER_SERVICE_END,
    LAYER_SOURCE,
    LAYER_LINE, /* behind a port, down the chain: by node */
    LAYER_HEARTBEAT,
    LAYER_VIF_LEAVE,
    LAYER_ROUTER,
    LAYER_VIF_ENTER,
    LAYER_HASH,
    LAYER_SINK,
    LAYER_PORT,                 /* and what stands before it: by node */
    LAYER_SERVICE_END_TOO_LATE, /* REFERENCE_ARRIVALS_BEFORE_ENDS */
} Layer;

/* @who: the node; @frame: NULL in events */
typedef void (*StepFn)(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);

typedef struct {
    DxTime at;
    Plane plane;
    uint64_t major, middle, minor; /* what order means in this plane */
    uint64_t serial;               /* first in, first out */
    StepFn fn;
    void *who;
    Frame *frame;
    uint64_t arg;
} Step;

/* Frames: at node @index of @layer, by @input. */
void world_frame_step(ReferenceWorld *world, DxTime at, Layer layer, const Node *node, unsigned input,
                      StepFn fn, void *who, Frame *frame, uint64_t arg);
/* An event of the world, behind those of the file. */
void world_later(ReferenceWorld *world, DxTime at, StepFn fn, void *who, uint64_t arg);
void world_set_rate(ReferenceWorld *world, uint32_t link, uint64_t rate);
/* A measurement. */
void world_measure(ReferenceWorld *world, DxTime at, StepFn fn);
/* Whatever changes with time alone. */
void world_observe(ReferenceWorld *world);
/* An event of a node. */
void world_post(ReferenceWorld *world, DxTime at, Node *node, StepFn fn, void *who, uint64_t arg);

/* -- nodes -------------------------------------------------------------------------------------------- */

typedef struct Hash Hash;
typedef struct Marks Marks;
typedef struct Agent Agent;
typedef struct Ear Ear;
typedef struct LacpEnd LacpEnd;
typedef struct Loss Loss;
typedef struct Errors Errors;
typedef struct Source Source;
typedef struct Bgp Bgp;

typedef struct {
    Node node;
    uint32_t place; /* in the scenario's nodes */
    uint64_t dropped_ttl_expired, dropped_no_route;
} Router;

/* Where a frame goes from here, without delay. */
typedef struct {
    Layer layer;
    const Node *node;
    unsigned input;
    StepFn arrival;
    void *who;
} Hop;

void world_send(ReferenceWorld *world, const Hop *to, Frame *frame);

/* A node in the chain of a direction of a link: its port, its fiber, and what was put there. */
typedef struct Part Part;
typedef void (*VisitFn)(ReferenceWorld *world, const Frame *frame, void *data);

typedef struct {
    const char *metric; /* of drops: the reason */
    DxCounterKind kind;
    size_t offset; /* of a uint64_t in the part; of DX_COUNTER_REAL, a double */
} Count;

#define COUNTS_END                                                                                           \
    {                                                                                                        \
        NULL, DX_COUNTER_SUM, 0                                                                              \
    }

typedef struct {
    const char *model;
    size_t size;
    void (*init)(ReferenceWorld *world, Part *part, const void *conf);
    void (*clear)(Part *part); /* NULL: nothing to do, as below */
    StepFn arrival;
    void (*down)(ReferenceWorld *world, Part *part, bool is_silent);
    void (*up)(ReferenceWorld *world, Part *part, bool was_down);
    /* Frames that no step waits for. */
    void (*each)(ReferenceWorld *world, const Part *part, VisitFn visit, void *data);
    void (*observe)(ReferenceWorld *world, Part *part); /* before counts are read; NULL: nothing to do */
    const Count *counts, *drops;                        /* NULL: none */
    bool (*can_drop)(const Part *part, const char *reason);
    bool (*has_count)(const Part *part, const char *metric);
    bool stands_alone; /* its drops are the link's own: no prefix */
} PartKind;

struct Part {
    Node node;
    const PartKind *kind;
    Layer layer;
    Hop next;
    uint64_t shown; /* a gauge, as last observed */
};

typedef struct Channel Channel;

/* One direction of a link. Nothing is here where nobody uses it. */
typedef struct {
    GPtrArray *parts; /* Part, in order; NULL: not used */
    Part *port, *fiber;
    Part *meter[3]; /* NULL: nobody watches */
    Agent *agent;   /* NULL: none listens */
    Part *attack;   /* NULL: nobody attacks it */
    Part *enter;    /* MACsec: what stands before the port; NULL: none */
    Channel *channel;
    Part *mka;        /* NULL: none listens here either */
    DxMkaChain chain; /* its keys */
    Ear *ear;         /* NULL: no LACP is listened for */
    Hop entry;
    bool is_down;
} Direction;

/* Of one VIF in one direction. */
typedef struct {
    Wide level; /* tokens of its policer */
    DxTime filled_ps;
    uint64_t tx_frames, tx_bytes, rx_frames, rx_bytes;
    uint64_t policed, policed_bytes, mtu_exceeded, not_member, not_member_there, already_tagged;
} VifCount;

/* Both ends of one direction of a link or LAG that has VIFs. */
typedef struct {
    uint32_t trunk;
    unsigned direction;
    Node enter, leave;
    Hop onto, off;
    VifCount *count; /* by VIF of the scenario */
    uint64_t strangers;
} VifWay;

struct Hash {
    Node node;
    uint32_t n_members, n_flows, n_buckets;
    const Hop **member;
    bool *is_working;
    bool *is_seen;   /* by flow of the simulation: a frame of it has come */
    uint32_t *vid;   /* and was on this VLAN; 0: on none */
    uint32_t *owner; /* by bucket: member; DX_NONE: nobody */
    int policy, function, distribution;
    bool is_big_endian;
    uint32_t seed;
    uint64_t random;
    uint8_t mac[2][6]; /* of who sends, who receives */
    uint64_t working, flows, flows_moved, flows_moved_surviving, dropped_no_member, dropped_marker_full;
    double imbalance;
    Marks *marks; /* NULL: flows move at once */
};

struct Agent {
    Node node;
    Hop next;
    Part *sends_by;
    Hash *hash; /* NULL: its router sends nothing over the bundle */
    uint32_t member;
    DxTime period_ps, reaction_ps;
    uint64_t misses;
    uint32_t pcp, size_bytes;
    uint32_t sent;
    uint64_t expiry; /* number of the armed one: earlier ones have been re-armed */
    bool is_out, is_dark;
};

/* Of one member, at the end of one direction. */
struct Ear {
    Node node;
    Hop next;
    Part *sends_by;
    LacpEnd *end;
    uint32_t member, pcp;
    DxTime reaction_ps;
    bool collects;
    GQueue *heard; /* LacpSaid */
    uint32_t sent; /* LACPDUs and responses */
    uint64_t tx_pdus, rx_pdus, not_collecting, malformed;
};

typedef struct {
    Node node;
} Sink;

struct ReferenceWorld {
    const DxScenario *scenario;
    ReferenceFlaw flaw;
    bool wants_trace;
    Reference *reference;

    DxTime now;
    Step *heap;
    size_t n_heap, heap_size;
    uint64_t serial;
    uint32_t n_nodes;

    Router *router;        /* by place */
    Hash **hash;           /* by 2 * LAG + direction; NULL where not used */
    LacpEnd **lacp_end;    /* by 2 * LAG + direction that begins there; NULL where there is no LACP */
    VifWay **vif_way;      /* by 2 * trunk + direction; NULL where there is none */
    Direction *direction;  /* by 2 * link + direction */
    Source **source;       /* by entry under "flows" */
    Sink **sink;           /* by place */
    DxGroupStats *stats;   /* by entry under "flows" */
    DxFlow **flow;         /* by entry, flow within it */
    uint32_t **seq_latest; /* by entry, flow within it: one more than the highest seen */
    uint64_t created, delivered, dropped, held, in_flight;
    bool *is_port_down;                 /* by link */
    uint64_t *state, *encryption_state; /* by link, as last observed */
    uint64_t *lag_encryption_state;     /* by LAG */
    uint64_t *rate;                     /* by link, as it is now */
    struct Alarm *alarm;                /* of the scenario's */
    Bgp *bgp;                           /* NULL: nobody speaks it */
    DxFlowGap *gap;                     /* by flow */
    DxOutages *outage;                  /* by entry under "flows"; NULL: nobody asks */
    uint32_t *way;                      /* by flow and node, where alarms have been at it; NULL: nowhere */
    uint64_t n_later;                   /* events that are not in the file */
    DxTime first_loss;                  /* of a frame of a flow; DX_TIME_NEVER: none */
};

char *node_name(const char *of, const char *what);
void node_init(ReferenceWorld *world, Node *node, char *name);

/* -- frames ------------------------------------------------------------------------------------------- */

void frame_born(ReferenceWorld *world, Frame *frame);
void frame_hold(ReferenceWorld *world, Frame *frame, bool is_held);
/* Count and trace it; the frame is not freed. */
void frame_lost(ReferenceWorld *world, const Node *node, const Frame *frame, const char *reason);
void frame_drop(ReferenceWorld *world, const Node *node, Frame *frame, const char *reason);
void frame_deliver(ReferenceWorld *world, const Node *node, Frame *frame);
void world_log(ReferenceWorld *world, const char *object, const char *event, const char *detail);

/* Where a parameter of a model is in @conf. */
const void *conf_field(const ReferenceWorld *world, const char *model, const void *conf, const char *key);
int64_t conf_int(const ReferenceWorld *world, const char *model, const void *conf, const char *key);

/* -- router and sink: router.c ------------------------------------------------------------------------ */

void router_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);

/* -- chains of links: chain.c, and what they are made of ------------------------------------------------ */

#define PORT_INPUT_DATA      0
#define PORT_INPUT_HEARTBEAT 1

void chain_make(ReferenceWorld *world, uint32_t link, unsigned direction);
void chain_free(Direction *direction);
void chain_watch_all(ReferenceWorld *world);
void chain_fail(ReferenceWorld *world, Direction *direction, bool is_silent, bool is_cut);
void chain_restore(ReferenceWorld *world, Direction *direction);
void chain_observe(ReferenceWorld *world, const Direction *direction);
void chain_each(ReferenceWorld *world, const Direction *direction, VisitFn visit, void *data);
Hop part_hop(Part *part, unsigned input);
Part *part_make(ReferenceWorld *world, Direction *direction, const PartKind *kind, char *name,
                const void *conf);

/* port.c */
extern const PartKind port_kind;
void port_set_rate(Part *part, uint64_t rate_bps);

/* fiber.c */
extern const PartKind fiber_kind;
/* Before it is told that it is down, or up. */
void fiber_set_cut(Part *part, bool is_cut);
/* What is the line's. */
void fiber_set(ReferenceWorld *world, Part *part, const DxScEvent *event);

/* monitor.c: meters, connections, who looks at them */
extern const PartKind meter_kind;
void meter_make(ReferenceWorld *world, Direction *direction, const DxScLink *link, const char *name,
                unsigned place);
void meter_watch(ReferenceWorld *world, const char *kind, const char *object, Part *part);
bool link_is_watched(const ReferenceWorld *world, const uint32_t end[2]);
void monitor_watch(ReferenceWorld *world);
void monitor_observe(ReferenceWorld *world);
void monitor_start(ReferenceWorld *world);
void monitor_end(ReferenceWorld *world);

/* alarm.c */
typedef struct Alarm Alarm;
void alarms_start(ReferenceWorld *world);
void alarms_sample(ReferenceWorld *world);
void alarms_report(ReferenceWorld *world);
void alarms_free(ReferenceWorld *world);
/* Where a flow goes from a node, whatever alarms have done. */
uint32_t alarm_next(ReferenceWorld *world, uint32_t flow, uint32_t node);

/* attack.c */
extern const PartKind attack_kind;
bool attack_is_planned(const ReferenceWorld *world, uint32_t link, unsigned direction);
void attack_set_up(ReferenceWorld *world, Part *part, uint32_t link, unsigned direction);
void attack_happens(ReferenceWorld *world, Part *part, const char *direction, const DxScEvent *event);
void attack_watch_drops(ReferenceWorld *world, const char *object, Part *part);
/* Rows of kind "attack". */
void attack_watch(ReferenceWorld *world, Part *part, const DxScLink *link, unsigned direction);

/* internet.c, vlan.c, bucket.c */
extern const PartKind internet_kind, vlan_kind, shaper_kind, policer_kind;

/* macsec.c: what its three parts in a direction share. The last of them frees it. */
extern const PartKind macsec_enter_kind, macsec_send_kind, macsec_receive_kind;
Channel *channel_new(const ReferenceWorld *world, const void *conf);
void channel_add(Channel *channel, Part *part);
bool channel_is_open(const Channel *channel);
void channel_start(ReferenceWorld *world, Channel *channel);
/* An agent says what is to be received, sent with, forgotten at its end; @channel is what it sends by. */
typedef enum { CHANNEL_RECEIVE, CHANNEL_TRANSMIT, CHANNEL_DELETE, CHANNEL_OPEN, CHANNEL_CLOSE } ChannelWord;
void channel_join(Channel *channel, Channel *other, Part *agent);
void channel_tell(ReferenceWorld *world, Channel *channel, ChannelWord word, uint32_t number);

/* mka.c: the agent that listens at the far end of a direction. */
extern const PartKind mka_kind;
/* @back: what it sends by; @chain: with its end in it, outlives the part. */
void agreement_join(ReferenceWorld *world, Part *part, Direction *back, const DxMkaChain *chain);
void agreement_start(ReferenceWorld *world, Part *part, bool is_cold);
/* Packet numbers of this association run out. */
void agreement_number(ReferenceWorld *world, Part *part, uint32_t number);

/* The next frame is lost; every call draws. loss.c */
Loss *loss_new(ReferenceWorld *world, const Node *node, const char *model, const void *conf);
void loss_free(Loss *loss);
bool loss_judges(Loss *loss);
bool loss_is_possible(const Loss *loss);
/* Trials that fail before one succeeds, which happens with probability @q. */
uint64_t loss_failures(double q, DxRng *rng);
/* The next frame of a fiber's stream is lost to bit errors. errors.c */
Errors *errors_new(ReferenceWorld *world, const Node *node, const DxLineErrors *what);
/* The unit under way stays as it was found. */
void errors_change(Errors *errors, const DxLineErrors *what);
void errors_free(Errors *errors);
bool errors_hit(Errors *errors, const Frame *frame);
bool errors_are_possible(const Errors *errors);
/* A stream of the node's own. */
void node_rng(const ReferenceWorld *world, const Node *node, const char *purpose, DxRng *rng);

/* -- bundles: hash.c, bundle.c ------------------------------------------------------------------------- */

Hash *hash_new(ReferenceWorld *world, uint32_t lag, unsigned direction);
void hash_free(Hash *hash);
void hash_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);
void hash_set(ReferenceWorld *world, Hash *hash, uint32_t member, bool is_working);
void hash_observe(const ReferenceWorld *world, Hash *hash);
/* Where a flow that has been seen belongs now; DX_NONE: nowhere. */
uint32_t hash_member(const ReferenceWorld *world, const Hash *hash, uint32_t flow);
void hash_forward(ReferenceWorld *world, Hash *hash, Frame *frame, uint32_t member);
uint32_t reference_crc32(const uint8_t *data, size_t n);
/* As a LAG's policy 5-tuple with a seed. */
uint32_t hash_five_tuple(const DxFlow *flow, uint32_t seed);

/* marker.c; @lacp: what that end is set to, or NULL */
Marks *marks_new(const ReferenceWorld *world, const Hash *hash, const void *lacp);
void marks_free(Marks *marks);
void marks_name(Hash *hash, uint32_t member, const char *ear);
/* A frame that belongs on @member. True: it is kept back, or dropped. */
bool marks_keep(ReferenceWorld *world, Hash *hash, Frame *frame, uint32_t member);
void marks_changed(ReferenceWorld *world, Hash *hash);
void marks_answer(ReferenceWorld *world, Hash *hash, uint32_t member, uint32_t transaction);
void marks_each(ReferenceWorld *world, const Hash *hash, VisitFn visit, void *data);
void marks_watch(ReferenceWorld *world, const char *object, Marks *marks);

Agent *agent_new(ReferenceWorld *world, const char *direction, const void *conf);
void agent_free(Agent *agent);
void agent_start(ReferenceWorld *world, Agent *agent);
void agent_dark(ReferenceWorld *world, Agent *agent);
void agent_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);

/* -- LACP: lacp.c -------------------------------------------------------------------------------------- */

Ear *ear_new(ReferenceWorld *world, const char *direction, const void *conf);
void ear_free(Ear *ear);
void ear_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);
void ear_line(ReferenceWorld *world, Ear *ear, bool is_lit, bool carries);
void ear_watch(ReferenceWorld *world, const char *object, Ear *ear, bool counts);

LacpEnd *lacp_end_new(ReferenceWorld *world, uint32_t lag, unsigned direction, const char *name);
void lacp_end_wire(LacpEnd *end, uint32_t member, Ear *ear, Hash *hash);
void lacp_end_start(ReferenceWorld *world, LacpEnd *end);
bool lacp_end_is_down(const LacpEnd *end);
void lacp_end_observe(const ReferenceWorld *world, LacpEnd *end);
void lacp_end_watch(ReferenceWorld *world, const char *object, LacpEnd *end);
void lacp_end_free(LacpEnd *end);

/* -- virtual interfaces: vif.c ------------------------------------------------------------------------- */

VifWay *vif_way_new(ReferenceWorld *world, uint32_t trunk, unsigned direction);
void vif_way_free(VifWay *way);
void vif_enter_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);
void vif_leave_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);
void vif_watch_all(ReferenceWorld *world);
void vif_watch_strangers(ReferenceWorld *world, const char *kind, const char *object, uint32_t trunk,
                         unsigned direction);
/* Inputs of routers: from LAGs that have VIFs, then from links, then from sources. */
uint32_t input_of_link(const ReferenceWorld *world, uint32_t link, unsigned direction);

/* -- BGP: bgp.c --------------------------------------------------------------------------------------- */

#define BGP_TAKEN (DX_NONE - 1) /* in place of a trunk: its agent has the frame */

void bgp_make(ReferenceWorld *world);
void bgp_start(ReferenceWorld *world);
/* Something has happened to the network. */
void bgp_happened(ReferenceWorld *world);
/* A link is dark, or light again: who is not in a LAG, behind its ports. */
void bgp_line(ReferenceWorld *world, const DxScLink *link, bool is_up);
/* The last member of a LAG is gone, or the first is back. */
void bgp_bundle(ReferenceWorld *world, uint32_t lag, unsigned direction, bool works);
/* Frames get through a trunk, or not, whoever knows. */
void bgp_line_fails(ReferenceWorld *world, uint32_t trunk, bool works);
/* Is the way of a frame from here BGP's to say? @trunk: DX_NONE, nowhere; BGP_TAKEN. */
bool bgp_forwards(ReferenceWorld *world, Router *router, Frame *frame, uint32_t *trunk);
void bgp_observe(ReferenceWorld *world);
void bgp_watch(ReferenceWorld *world);
void bgp_free(ReferenceWorld *world);

/* -- offered load: source.c --------------------------------------------------------------------------- */

Source *source_new(ReferenceWorld *world, uint32_t group);
void source_free(Source *source);
void source_start(ReferenceWorld *world, Source *source);

#endif
