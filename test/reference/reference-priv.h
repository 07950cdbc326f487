/*
 * reference-priv.h - the parts of the reference engine: world, heap, nodes
 */
#ifndef DX_TEST_REFERENCE_PRIV_H
#define DX_TEST_REFERENCE_PRIV_H

#include "reference.h"

__extension__ typedef unsigned __int128 Wide;

typedef struct {
    DxTime birth_ps, came_ps;  /* came_ps: to the port where it is */
    uint32_t flow, seq, group; /* group: entry under "flows"; DX_NONE for a heartbeat */
    uint32_t size_bytes, pcp, ttl;
    bool is_held; /* waits in a queue; else it is in service, on a fiber, or between two nodes */
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
    LAYER_FIBER_IN,
    LAYER_FIBER_OUT,
    LAYER_HEARTBEAT,
    LAYER_ROUTER,
    LAYER_HASH,
    LAYER_SINK,
    LAYER_PORT,
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
/* An event of a node. */
void world_post(ReferenceWorld *world, DxTime at, Node *node, StepFn fn, void *who, uint64_t arg);

/* -- nodes -------------------------------------------------------------------------------------------- */

typedef struct Port Port;
typedef struct Fiber Fiber;
typedef struct Hash Hash;
typedef struct Agent Agent;
typedef struct Source Source;

typedef struct {
    Node node;
    uint32_t place; /* in the scenario's nodes */
    uint64_t dropped_ttl_expired, dropped_no_route;
} Router;

struct Port {
    Node node;
    Fiber *fiber;
    uint64_t rate_bps;
    DxLimit limit;
    bool has_framing, has_priorities, flushes;

    GQueue waiting[2]; /* Frame; class 1 goes first */
    uint64_t waiting_bytes[2];
    Frame *sending;
    uint64_t service; /* number of the present one: the ends of earlier ones mean nothing */
    DxTime stamp_ps;  /* its end, rounded up */
    DxTime exact_ps;  /* its end, exactly: exact_ps + rest / rate_bps */
    uint64_t rest;
    bool is_down;

    uint64_t tx_frames, tx_bytes, tx_wire_bytes, wait_ps, wait_max_ps, service_ps;
    uint64_t queue_bytes, queue_frames, queue_peak_bytes, queue_max_bytes;
    uint64_t dropped_queue_full, dropped_link_down;
};

struct Fiber {
    Node node;
    Router *to;
    Agent *agent;   /* NULL: none listens */
    unsigned input; /* of the router */
    GQueue inside;  /* Frame, in order of arrival */
    bool is_down;
    uint64_t propagation_ps, dropped_link_down;
};

struct Hash {
    Node node;
    uint32_t n_members;
    Port **member;
    bool *is_working;
    int keys, function;
    uint64_t working, dropped_no_member;
};

struct Agent {
    Node node;
    Router *to;
    unsigned input;
    Port *sends_by;
    Hash *hash; /* NULL: its router sends nothing over the bundle */
    uint32_t member;
    DxTime period_ps, reaction_ps;
    uint64_t misses;
    uint32_t pcp, size_bytes;
    uint32_t sent;
    uint64_t expiry; /* number of the armed one: earlier ones have been re-armed */
    bool is_out, is_dark;
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
    Port **port;           /* by 2 * link + direction */
    Fiber **fiber;         /* likewise */
    Agent **agent;         /* likewise; the one that listens to this direction */
    Source **source;       /* by entry under "flows" */
    Sink **sink;           /* by place */
    DxGroupStats *stats;   /* by entry under "flows" */
    DxFlow **flow;         /* by entry, flow within it */
    uint32_t **seq_latest; /* by entry, flow within it: one more than the highest seen */
    uint64_t created, delivered, dropped, held, in_flight;
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

/* -- port and fiber: link.c --------------------------------------------------------------------------- */

#define PORT_INPUT_DATA      0
#define PORT_INPUT_HEARTBEAT 1

Port *port_new(ReferenceWorld *world, const char *direction, const void *conf);
void port_free(Port *port);
void port_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);
void port_down(ReferenceWorld *world, Port *port);
void port_up(ReferenceWorld *world, Port *port, bool was_silent);
void port_set_rate(Port *port, uint64_t rate_bps);

Fiber *fiber_new(ReferenceWorld *world, const char *direction, const void *conf);
void fiber_free(Fiber *fiber);
void fiber_down(ReferenceWorld *world, Fiber *fiber);
void fiber_up(Fiber *fiber);
void fiber_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);

/* -- bundles: bundle.c -------------------------------------------------------------------------------- */

Hash *hash_new(ReferenceWorld *world, const char *direction, const void *conf, uint32_t n_members);
void hash_free(Hash *hash);
void hash_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);
void hash_set(Hash *hash, uint32_t member, bool is_working);
uint32_t reference_crc32(const uint8_t *data, size_t n);

Agent *agent_new(ReferenceWorld *world, const char *direction, const void *conf);
void agent_free(Agent *agent);
void agent_start(ReferenceWorld *world, Agent *agent);
void agent_dark(ReferenceWorld *world, Agent *agent);
void agent_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg);

/* -- offered load: source.c --------------------------------------------------------------------------- */

Source *source_new(ReferenceWorld *world, uint32_t group);
void source_free(Source *source);
void source_start(ReferenceWorld *world, Source *source);

#endif
