/*
 * sim-priv.h - the inside of a simulation, shared by its files
 */
#ifndef DX_SIM_PRIV_H
#define DX_SIM_PRIV_H

#include <inttypes.h>
#include <dxsim/sim.h>
#include "eventq-priv.h"

/* How long windows may be so that what waits on edges stays in the cache: adapts itself between these. A flow
 * that begins meets the shortest, whatever its rate. */
#define DX_STRETCH_MIN DX_US
#define DX_STRETCH_MAX (2 * DX_MS)

/* A window in which more frames than this are born was chosen too long, and is cut short. */
#define DX_WINDOW_BIRTHS (1u << 18)

/* A chain of one-input nodes hands bursts on while they are hot in cache, this many calls deep at most. */
#define DX_CHAIN_DEPTH 48

/* What was sent on an output and waits for the window that holds its stamp: a ring in time order. */
typedef struct {
    DxNode *from, *to;
    unsigned output, input;
    DxFrame *ring;
    uint32_t mask, head, tail;
    DxTime last_ps;  /* newest stamp ever sent */
    DxTime delay_ps; /* look-ahead: nothing is sent earlier than this after what caused it */
    DxFrame *outbox; /* frames for another partition, until the window ends */
    uint32_t outbox_n, outbox_size;
    bool crosses;     /* leads into another partition */
    bool viewed;      /* somebody works on frames in place: the ring must not go away */
    DxFrame *retired; /* the ring that is being viewed, when a larger one has replaced it */
} DxEdge;

static inline uint32_t dx__edge_queued(const DxEdge *edge)
{
    return edge->tail - edge->head;
}

static inline DxFrame *dx__edge_at(const DxEdge *edge, uint32_t i)
{
    return &edge->ring[(edge->head + i) & edge->mask];
}

static inline DxTime dx__edge_first(const DxEdge *edge)
{
    return edge->head == edge->tail ? DX_TIME_NEVER : dx__edge_at(edge, 0)->t_ps;
}

void dx__edge_push(DxEdge *edge, const DxFrame *frames, unsigned n);
/* Up to @max frames earlier than @limit, in place; dx__edge_release() when done with them. */
DxBurst dx__edge_view(DxEdge *edge, DxTime limit, unsigned max);
void dx__edge_release(DxEdge *edge, unsigned n);
void dx__edge_clear(DxEdge *edge);
/* Keep frames for another partition; hand them over when all have come to the end of the window. */
void dx__edge_keep(DxEdge *edge, const DxFrame *frames, unsigned n);
void dx__edge_deliver_kept(DxEdge *edge);

typedef struct {
    DxTraceRecord record;
    uint64_t order;
} DxTraceEntry;

/* An input that has frames. */
typedef struct {
    DxTime t_ps; /* of the first */
    uint32_t input;
} DxMergeEntry;

/* What a node wants from the event queue while a window runs: done when it ends. */
typedef struct {
    DxTime at;
    uint64_t order;
    uint32_t timer; /* 0: a new event */
    bool cancels;
    DxEventCall call;
} DxEventWish;

/* Nodes that one thread visits, and what they change besides themselves. Partitions meet at the ends of
 * windows; edges between them are so long that nothing sent in a window arrives in it. */
typedef struct {
    DxSim *sim;
    uint32_t n;
    DxNode **node;          /* in order of visit */
    DxTime *due;            /* of each: earliest time at which it has something to do */
    DxTime until_ps;        /* the window's end; earlier than the others' when it was cut short */
    DxTime next_ps;         /* earliest due of all at or after the window's end */
    uint64_t births;        /* frames born within the present window */
    GPtrArray *crossing;    /* DxEdge that lead out */
    uint64_t parked;        /* frames that waited on an edge within the present window */
    uint64_t edge_bytes;    /* of the rings its nodes have made */
    int64_t control_frames; /* injected less ended here; only the sum over all partitions means something */
    unsigned depth;
    DxFrame *scratch;
    uint16_t *output_count; /* as many zeros as any node has outputs, for dx_node_scatter() */
    GArray *wishes;         /* DxEventWish */
    GArray *trace_buffer;   /* DxTraceEntry */
    uint64_t trace_order;
    GError *failure; /* a model broke a promise */
    DxSimWork work;
} DxPart;

/* Whom an agent steers. */
typedef struct {
    DxNode *target;
    uint32_t index;
} DxBinding;

struct DxNode {
    DxSim *sim;
    DxPart *part;
    uint32_t slot;                        /* in its partition */
    bool captures_sent, captures_dropped; /* capture.c */
    const DxModel *model;
    void *state, *conf;
    DxEdge **in, **out;
    unsigned n_in, n_out;
    DxMergeEntry *heap; /* with several inputs: those that have frames, earliest first */
    uint32_t n_heap;
    uint32_t index, rank; /* in order of making, from 1; in order of visit, from 0 */
    DxTime wake_ps, promise_ps;
    DxTime reaction_ps; /* 0: not an agent */
    bool is_alert;      /* see dx_node_set_alert() */
    uint32_t key;       /* of the burst being emitted, see dx_node_number(); 0: none */
    uint64_t first_pn;
    DxNode *target; /* steered by this agent */
    uint32_t bound_index;
    char *station[2]; /* names at the ends of its line; NULL: not said */
    DxBinding *bound; /* where it steers several */
    unsigned n_bound;
    uint64_t event_seq;
    uint64_t frames_in, frames_out, created, consumed, dropped_total;
    uint64_t *dropped;
    DxTime first_loss_ps; /* of a frame of a flow; DX_TIME_NEVER: none yet */
    char *name;
};

typedef struct {
    DxSim *sim;
    DxWorldFn fn;
    void *data;
    DxTime period_ps, until_ps; /* period 0: once */
} DxWorldCall;

struct DxSim {
    uint64_t seed, replication;
    char *dir;        /* of files that models read; NULL: none */
    GPtrArray *nodes; /* DxNode, by index - 1 */
    GHashTable *by_name;
    GPtrArray *refused;            /* nodes that prepare failed because of; borrowed. NULL: none */
    GHashTable *models, *defaults; /* by name; by model */
    GArray *flows;                 /* DxFlow */
    DxGroupStats *groups;
    uint32_t n_groups, n_group_stats; /* of the flows; that have statistics */
    DxFlowGap *gaps;                  /* by flow; NULL: not kept */
    bool keeps_gaps;
    DxTime warmup_ps;
    DxNode world, measurer; /* whose events come first and last; no models */
    GPtrArray *calls;       /* DxWorldCall */

    unsigned burst_max;
    DxTime window_max_ps; /* set by the user, instead of stretch_ps */
    bool is_window_set;
    DxTime lookahead_ps; /* W */
    const DxNode *lookahead_bound;
    DxTime reaction_min_ps;
    bool is_prepared, is_running_window, graph_changed;

    DxEventq events;
    uint32_t *order; /* index - 1 of all nodes in order of visit */
    unsigned n_threads, n_parts;
    DxPart *part;
    DxTime now_ps, until_ps; /* start and end of the present window */
    DxTime next_ps;          /* earliest thing anybody has to do */
    DxTime cross_ps;         /* shortest edge between partitions */
    DxTime stretch_ps;       /* adaptive bound that keeps what waits on edges in the cache */
    int64_t control_frames;  /* in the network, and nodes on alert: while there are any, windows respect
                                reaction times */
    GError *failure;         /* a promise of <dxsim/model.h> was broken: ends the run */
    DxSimWork work;
    struct DxCrew *crew; /* the threads, while running; NULL: one */

    DxBudget budget;
    DxWatchFn watch;
    void *watch_data;
    int64_t check_in;     /* work left until it is asked whether to go on, see run.c */
    GError *stop;         /* why not; unlike a failure, nothing is wrong */
    DxTime instant_ps;    /* time of the latest event */
    uint64_t at_once;     /* events at that time */
    GHashTable *suspects; /* DxNode -> how many of them, of the last few before it is too many */

    DxTraceFn trace;
    void *trace_data;
    GArray *trace_ready;       /* DxTraceRecord */
    struct DxCapture *capture; /* NULL: none, ever */
    struct DxSides *sides;     /* NULL: no frame carries anything */
    DxLogFn log;
    void *log_data;
};

/* graph.c: order of visit and look-ahead. */
bool dx__graph_prepare(DxSim *sim, GError **error);

/* part.c: who visits which nodes. */
void dx__parts_make(DxSim *sim);
void dx__parts_clear(DxSim *sim);

/* crew.c: threads that run a function on every partition, and wait for each other. */
typedef struct DxCrew DxCrew;
typedef void (*DxCrewFn)(DxPart *part);
DxCrew *dx__crew_new(DxSim *sim, DxCrewFn fn);
void dx__crew_run(DxCrew *crew);
void dx__crew_free(DxCrew *crew);

/* node.c */
void dx__node_deliver(DxNode *node, DxFrame *frames, unsigned n);
void dx__node_broke(DxNode *node, const char *format, ...) G_GNUC_PRINTF(2, 3);
static inline uint64_t dx__node_event_order(DxNode *node)
{
    return (uint64_t)node->index << DX_EVENT_SEQ_BITS | ++node->event_seq;
}
/* edge.c, for nodes with several inputs: up to @max frames earlier than @limit, in order of (time, input). */
DxBurst dx__merge_take(DxNode *node, DxTime limit, DxFrame *scratch, unsigned max);
/* After frames were taken out of an input behind its back. */
void dx__merge_rebuild(DxNode *node);
/* The earliest thing it has to do. */
static inline DxTime dx__node_earliest(const DxNode *node)
{
    DxTime due = MIN(node->promise_ps, node->wake_ps);

    if (node->n_in == 1)
        return MIN(due, dx__edge_first(node->in[0]));
    return node->n_heap ? MIN(due, node->heap[0].t_ps) : due;
}
/* Something is to be done at @at. */
static inline void dx__node_due(DxNode *node, DxTime at)
{
    DxPart *part = node->part;

    if (!part) /* not prepared yet: all dues are worked out then */
        return;
    if (at < part->due[node->slot])
        part->due[node->slot] = at;
    if (at < part->next_ps && at >= part->until_ps)
        part->next_ps = at;
}

/* sim.c: what a node wants of the event queue. */
void dx__event_wish(DxSim *sim, const DxEventWish *wish);

/* run.c: where a run stands, for messages. (transfer full) */
char *dx__sim_time_text(const DxSim *sim);

/* capture.c */
void dx__capture_sent(const DxNode *node, const DxBurst *burst);
void dx__capture_dropped(const DxNode *node, const DxFrame *frame, DxTime at, unsigned reason);
/* What @node has sent and would be done with at @from_ps or later: it was cut off. */
void dx__capture_forget(const DxNode *node, DxTime from_ps);
void dx__capture_flush(DxSim *sim, DxTime until);
void dx__capture_free(struct DxCapture *capture);

/* side.c: what frames carry besides themselves. */
/* The frame ends here. */
void dx__side_end(const DxNode *node, const DxFrame *frame);
/* Between windows: what has ended may be used again. */
void dx__side_collect(DxSim *sim);
uint32_t dx__side_seq(const DxSim *sim, const DxFrame *frame);
/* How many there ever were at once. */
uint32_t dx__side_slots(const DxSim *sim);
void dx__side_free(struct DxSides *sides);

/* trace.c */
void dx__trace_add(const DxNode *node, const DxFrame *frame, DxTime at, int reason);
/* Hand over what happened before @until, in order. */
void dx__trace_flush(DxSim *sim, DxTime until);

#endif
