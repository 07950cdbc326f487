/*
 * dxsim/sim.h - a simulation: nodes, edges, flows, and a clock
 *
 * Make nodes, connect them, run. Nothing is global: any number of simulations may exist, each used by one
 * thread at a time.
 */
#ifndef DXSIM_SIM_H
#define DXSIM_SIM_H

#include <dxsim/histogram.h>
#include <dxsim/model.h>

/* One flow: what its frames have in common. Addresses are 128 bits, IPv4 in the last four octets. */
typedef struct {
    uint32_t group; /* flows of one group share their statistics */
    uint8_t src[16], dst[16];
    bool is_ipv6;
    uint16_t src_port, dst_port;
    uint8_t protocol;
} DxFlow;

/* What a group of flows sent and received, counting frames born at or after the end of the warm-up. */
typedef struct {
    uint64_t sent_frames, sent_bytes;           /* by its source */
    DxTime first_sent_ps, last_sent_ps;         /* births, when there was one */
    uint64_t delivered_frames, delivered_bytes; /* at its sink; bytes of the IP packets */
    uint64_t reordered_frames;                  /* arrived after a later one of the same flow */
    DxTime gap_max_ps;                          /* longest time between two deliveries to the group */
    DxTime last_ps;                             /* last delivery, when there was one */
    DxHistogram latency;                        /* ps */
    bool is_rerouted;                           /* some of its flows changed their way while the clock ran */
} DxGroupStats;

/* When one flow was not heard, counting the same frames. */
typedef struct {
    uint64_t frames;                 /* delivered */
    DxTime first_birth_ps, first_ps; /* of its first delivery: birth, arrival */
    DxTime last_ps;                  /* its last delivery */
    DxTime gap_ps, gap_from_ps;      /* the longest time between two deliveries, and when it began */
} DxFlowGap;

/* Counts that say how the engine worked, not what it computed: they differ between burst sizes. */
typedef struct {
    uint64_t windows, events, visits, bursts, frames;
} DxSimWork;

DX_API DxSim *dx_sim_new(uint64_t seed, uint64_t replication);
DX_API void dx_sim_free(DxSim *sim);
DX_API uint64_t dx_sim_seed(const DxSim *sim);
DX_API uint64_t dx_sim_replication(const DxSim *sim);
/* The folder of the files that models' parameters name; NULL, and at first: none, such models are refused.
 * Copied. */
DX_API void dx_sim_set_dir(DxSim *sim, const char *dir);
DX_API const char *dx_sim_dir(const DxSim *sim);

/**
 * dx_sim_add:
 * @name: unique, names the node's random streams and its rows in results; copied
 *
 * conf holds the defaults of the model's table and may be changed until the first run.
 *
 * Returns: (transfer none): owned by the simulation
 */
DX_API DxNode *dx_sim_add(DxSim *sim, const char *name, const DxModel *model);
DX_API void *dx_sim_conf(DxNode *node);
/* Set one parameter by its key, as a scenario would: "queue.limit", "10 MB". */
DX_API bool dx_sim_set(DxNode *node, const char *key, const char *text, GError **error);

/* Next free output of @from to the next free input of @to. Returns the output's index. */
DX_API unsigned dx_sim_connect(DxSim *sim, DxNode *from, DxNode *to);

/* @node steers member @index of @target (see dx_node_steer()); a source has no target, and its first flow is
 * @index. */
DX_API void dx_sim_bind(DxNode *node, DxNode *target, uint32_t index);
/* Names of the stations at the ends of the line that @node sends on: their MAC addresses are derived from
 * them. Copied. */
DX_API void dx_sim_set_stations(DxNode *node, const char *from, const char *to);
/* The same for those that steer several: as the next of them. @target: NULL, nobody. */
DX_API void dx_sim_bind_next(DxNode *node, DxNode *target, uint32_t index);

/* Returns the flow's index. */
DX_API uint32_t dx_sim_add_flow(DxSim *sim, const DxFlow *flow);
DX_API uint32_t dx_sim_n_flows(const DxSim *sim);
DX_API const DxFlow *dx_sim_flow(const DxSim *sim, uint32_t index);
DX_API DxGroupStats *dx_sim_group(const DxSim *sim, uint32_t group);
DX_API uint32_t dx_sim_n_groups(const DxSim *sim);

/* Before the run: sinks write down the gaps of every flow. */
DX_API void dx_sim_keep_gaps(DxSim *sim);
/* Of all flows, by index; NULL: they are not kept. */
DX_API DxFlowGap *dx_sim_gaps(const DxSim *sim);

DX_API void dx_sim_set_warmup(DxSim *sim, DxTime warmup_ps);
DX_API DxTime dx_sim_warmup(const DxSim *sim);
/* Largest burst, 1 to DX_BURST_MAX. Results do not depend on it. */
DX_API void dx_sim_set_burst(DxSim *sim, unsigned frames);
/* Longest window, at least 1 ps, instead of one that adapts itself to the cache. Results do not depend on it.
 */
DX_API void dx_sim_set_window(DxSim *sim, DxTime window_ps);

/* Threads to use, 1 to DX_THREADS_MAX; 1 unless told. Nodes are cut into as many partitions along long edges,
 * where there are such. Results do not depend on it. */
#define DX_THREADS_MAX 64
DX_API void dx_sim_set_threads(DxSim *sim, unsigned threads);
/* How many partitions there are, once prepared. */
DX_API unsigned dx_sim_n_partitions(const DxSim *sim);

/* What a run may cost. 0: no limit, unless it says otherwise. */
typedef struct {
    uint64_t max_events;  /* events, windows and frames handed to a node, together */
    uint64_t max_bytes;   /* of frames on their way from node to node */
    uint64_t max_at_once; /* events at one time: more, and the model does not get on; 0: DX_EVENTS_AT_ONCE */
} DxBudget;

#define DX_EVENTS_AT_ONCE 10000000

DX_API void dx_sim_set_budget(DxSim *sim, const DxBudget *budget);

/**
 * DxWatchFn:
 *
 * Asked by dx_sim_run() between windows and between events, every millisecond or so: whoever calls may look
 * at clock, memory and signals. All frames before dx_sim_now() have been handled.
 *
 * Returns: whether to go on; if not, with @error set. Nothing is lost: the run may be taken up again
 */
typedef bool (*DxWatchFn)(DxSim *sim, void *data, GError **error);
/* Without @fn nobody is asked. */
DX_API void dx_sim_set_watch(DxSim *sim, DxWatchFn fn, void *data);

/**
 * dx_sim_prepare:
 * @error: DX_ERROR_TOPOLOGY (a cycle without delay, with the nodes named), or what a model's init said
 *
 * Sets up every node and computes the windows. dx_sim_run() does it when it has not been done.
 */
DX_API bool dx_sim_prepare(DxSim *sim, GError **error);

/**
 * dx_sim_run:
 * @until_ps: frames before and events up to this time are handled
 * @error: DX_ERROR_MODEL when a model broke a promise, or no longer moves: the node is named;
 * DX_ERROR_BUDGET; or what the watch said
 *
 * May be called again with a later time, and after a budget or the watch has ended it.
 */
DX_API bool dx_sim_run(DxSim *sim, DxTime until_ps, GError **error);

DX_API DxTime dx_sim_now(const DxSim *sim);
/* The look-ahead W and the node whose delay bounds it (NULL: nothing does). */
DX_API DxTime dx_sim_lookahead(const DxSim *sim, const DxNode **bound);
DX_API DxSimWork dx_sim_work(const DxSim *sim);

/* An event of the world rather than of a node: before every node's events of that time, in order of calls. */
typedef void (*DxWorldFn)(DxSim *sim, void *data);
DX_API void dx_sim_at(DxSim *sim, DxTime at, DxWorldFn fn, void *data);
/* A measurement: after every node's events of that time, in order of calls. */
DX_API void dx_sim_measure_at(DxSim *sim, DxTime at, DxWorldFn fn, void *data);
/* The same every @period_ps, from one period on, up to and including @until_ps. */
DX_API void dx_sim_measure_every(DxSim *sim, DxTime period_ps, DxTime until_ps, DxWorldFn fn, void *data);
/* Before counters are read: at an event, or between runs. */
DX_API void dx_sim_observe(DxSim *sim);
/* Pass @control to a node, from an event. */
DX_API void dx_sim_control(DxNode *node, const DxControl *control);
/* As dx_node_log(), for the world's own events; @object is what they happened to. */
DX_API void dx_sim_log(DxSim *sim, const char *object, const char *event, const char *detail);

/* -- what came of it --------------------------------------------------------------------------------- */

typedef struct {
    uint64_t created, delivered, dropped, held,
        in_flight; /* held: queued; in_flight: in service or on a fiber */
} DxBalance;

/* Frames by fate; created = delivered + dropped + held + in_flight, or the engine is wrong. */
DX_API DxBalance dx_sim_balance(const DxSim *sim);
/* Checks the same for every node. @error: DX_ERROR_MODEL, the node named. */
DX_API bool dx_sim_check(const DxSim *sim, GError **error);

DX_API unsigned dx_sim_n_nodes(const DxSim *sim);
DX_API DxNode *dx_sim_node(const DxSim *sim, unsigned index);
DX_API DxNode *dx_sim_find(const DxSim *sim, const char *name);
DX_API const DxModel *dx_node_model(const DxNode *node);
/* A counter of the model's table by name; 0 for an unknown one. */
DX_API uint64_t dx_node_counter(const DxNode *node, const char *name);
DX_API uint64_t dx_node_dropped(const DxNode *node, unsigned reason);
DX_API uint64_t dx_node_dropped_total(const DxNode *node);
/* When a frame of a flow was dropped for the first time; DX_TIME_NEVER: none has been. */
DX_API DxTime dx_sim_first_loss(const DxSim *sim);
/* Every frame that is queued or on its way: for counts per flow at the end. */
DX_API void dx_sim_each_pending(const DxSim *sim, DxHeldFn visit, void *data);

/* Per-frame records, opt-in: every frame consumed or dropped, in order of (time, node, order at the node). */
typedef struct {
    DxTime t_ps;
    uint32_t node, flow, seq;
    int16_t reason; /* -1: consumed; else index into the node's drops */
    uint16_t size_bytes;
    DxTime birth_ps;
} DxTraceRecord;

typedef void (*DxTraceFn)(const DxTraceRecord *records, size_t n, void *data);
DX_API void dx_sim_set_trace(DxSim *sim, DxTraceFn fn, void *data);
/* No more runs will follow: hand over what happened at the very end too, captures included. */
DX_API void dx_sim_flush_trace(DxSim *sim);

/* Captures, opt-in: frames that chosen nodes send, and those they drop, in order of (time, node, sent before
 * dropped, order at the node). A frame that a failing link cut off has not been sent. */
typedef struct {
    DxTime t_ps;    /* its last bit was sent, or it was dropped */
    uint32_t node;  /* from 1 */
    int16_t reason; /* -1: sent; else index into the node's drops */
    uint32_t seq;
    uint32_t key; /* see dx_node_number(); 0: nobody has said */
    uint64_t pn;
    DxFrame frame;
    void *octets; /* see dx_node_attach(); NULL: none */
    size_t n_octets;
} DxCaptureRecord;

typedef void (*DxCaptureFn)(const DxCaptureRecord *record, void *data);
/* Of what happens from @from_ps on and before @until_ps. Called between windows, record by record; NULL: no
 * more. */
DX_API void dx_sim_set_capture(DxSim *sim, DxTime from_ps, DxTime until_ps, DxCaptureFn fn, void *data);
/* Before the run: @node is looked at. */
DX_API void dx_sim_capture(DxNode *node, bool sent, bool dropped);

/* The event log: called for every line as it happens. */
typedef void (*DxLogFn)(DxTime now, const char *object, const char *event, const char *detail, void *data);
DX_API void dx_sim_set_log(DxSim *sim, DxLogFn fn, void *data);

/* -- models by name ---------------------------------------------------------------------------------- */

/* A simulation's registry starts empty; models/builtin.c fills it. */
DX_API void dx_sim_register(DxSim *sim, const DxModel *model);
DX_API const DxModel *dx_sim_model(const DxSim *sim, const char *name);

#endif
