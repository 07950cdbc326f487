/*
 * dxsim/model.h - writing a model
 *
 * A model is one `const DxModel`: name, tables, a few hooks. The simulation makes nodes of it. A node sees
 * bursts of frames in time order over all its inputs, may change, hold, drop or consume them, and emits them
 * on its outputs. It touches only its own state. Built-in models use this header and no other.
 *
 * The engine promises: frames of a burst are in time order; no event falls inside a burst; at equal time
 * events come first, then wake-ups, then what a node had promised to do (ends of service), then arrivals by
 * input. The model promises: it emits in time order on each output, nothing earlier than the frame (or
 * wake-up or event) it answers plus the delay that it declared with dx_node_set_delay().
 */
#ifndef DXSIM_MODEL_H
#define DXSIM_MODEL_H

#include <dxsim/frame.h>
#include <dxsim/line.h>
#include <dxsim/param.h>
#include <dxsim/rng.h>

#define DX_MODEL_ABI 1

typedef struct DxNode DxNode;
typedef struct DxSim DxSim;

/* What the world does to a node, at an event. */
typedef enum {
    DX_CONTROL_DOWN,        /* the ends notice; value: 1 when light still arrives */
    DX_CONTROL_DOWN_SILENT, /* frames vanish, nobody is told; value: the same */
    DX_CONTROL_UP,
    DX_CONTROL_RATE,        /* value: bps */
    DX_CONTROL_ROUTE,       /* index: flow, value: output, DX_NO_OUTPUT for none */
    DX_CONTROL_ROUTE_LOCAL, /* the same, but the output is no link: time to live is not touched */
    DX_CONTROL_MEMBER_OUT,  /* index: output that takes no more frames */
    DX_CONTROL_MEMBER_IN,
    DX_CONTROL_VIF,    /* of who puts tags on a line; index: flow, value: number of its VIF from 1, 0 for none */
    DX_CONTROL_BACKUP, /* of a router; index: flow, value: output while the one of its route takes none */
    /* Between the parts of an agent: what has come in at part @index, what it is to send. */
    DX_CONTROL_HEARD,
    DX_CONTROL_SAY,
    /* What becomes of a line; value: a signed number of thousandths. */
    DX_CONTROL_LOSS,        /* dB, beyond what it was built with */
    DX_CONTROL_LAUNCH,      /* dBm */
    DX_CONTROL_TEMPERATURE, /* degrees Celsius */
    /* A SecY (IEEE 802.1AE), told by its key agreement; value: association number, 0 to 3. An agent steers the
     * node "<direction>.macsec-enter" of its own end, which hands on to those that send and receive there. */
    DX_CONTROL_SA_RECEIVE,  /* frames of this association are accepted, its numbers from the first on */
    DX_CONTROL_SA_TRANSMIT, /* this one protects what is sent, its numbers from the first on */
    DX_CONTROL_SA_DELETE,   /* neither any more */
    DX_CONTROL_SECURED,     /* the controlled port works; the value means nothing */
    DX_CONTROL_UNSECURED,   /* must_encrypt: nothing passes; should_encrypt: in clear */
    /* What a SecY tells the agent that its node "<direction>.macsec-send" is bound to; value as above. */
    DX_CONTROL_PN_THRESHOLD, /* time for another association */
    DX_CONTROL_PN_EXHAUSTED, /* no number is left: nothing is sent until there is one */
    DX_CONTROL_ATTACK,      /* of a line; index: which attack, value: 1 when it begins, 0 when it ends */
    /* What an operator does to a BGP router (dxsim/bgp.h). */
    DX_CONTROL_SHUTDOWN, /* index: session, at this router's end of it */
    DX_CONTROL_ENABLE,   /* the same: no longer shut down, and a limit that was passed forgotten */
    DX_CONTROL_CLEAR,    /* index: session; value: 1 soft, its routes are asked for again (RFC 2918); 0 hard */
    DX_CONTROL_ANNOUNCE, /* index: of the network's event_prefixes, from now on this router's own */
    DX_CONTROL_WITHDRAW, /* the same: no longer */
} DxControlOp;

#define DX_NO_OUTPUT INT16_MAX
#define DX_NO_FLOW   UINT32_MAX /* control frames between neighbours belong to none */

typedef struct {
    DxControlOp op;
    uint32_t index;
    uint64_t value;
    const void *octets; /* DX_CONTROL_HEARD, DX_CONTROL_SAY: @value of them, as long as the call lasts */
} DxControl;

/* How a value behaves between two samples of a series. */
typedef enum {
    DX_COUNTER_SUM,   /* grows; a series shows its rate */
    DX_COUNTER_GAUGE, /* a level at this moment */
    DX_COUNTER_PEAK,  /* the highest level since the last sample, which starts it again at 0 */
    DX_COUNTER_MAX,   /* the highest level of the run */
    DX_COUNTER_REAL,  /* a level at this moment, a double: of what may be a fraction, or negative */
} DxCounterKind;

/* A value of the node's state that results may show; uint64_t, or as its kind says. */
typedef struct {
    const char *name; /* with its unit: "tx_bytes" */
    size_t offset;
    DxCounterKind kind;
    const char *help;
} DxCounter;

#define DX_COUNTER(state, field, kind, help)                                                                 \
    {                                                                                                        \
#field, offsetof(state, field), kind, help                                                           \
    }
#define DX_COUNTER_END                                                                                       \
    {                                                                                                        \
        NULL, 0, DX_COUNTER_SUM, NULL                                                                        \
    }

/* Called for every frame a node holds. */
typedef void (*DxHeldFn)(const DxFrame *frame, void *data);

typedef struct DxModel {
    const char *name, *summary;
    size_t conf_size, state_size;
    const DxParam *params;     /* of conf; NULL: none */
    const DxCounter *counters; /* ends with a NULL name; NULL: none */
    const char *const *drops;  /* reasons, in the order of the model's enum; NULL-terminated */
    const char *const
        *outputs; /* names of the outputs where they have a meaning of their own; NULL-terminated */

    /* Do the parameters go together? *key: which of them is wrong, or missing. Called before init, and when a
     * scenario is read, so that the message has a place. */
    bool (*check)(const void *conf, const char **key, GError **error);
    /* Can a frame be dropped for this reason, with these parameters? What cannot happen has no row in
     * results. NULL hook: all of them can. */
    bool (*can_drop)(const void *conf, unsigned reason);
    /* Is there anything to count here, with these parameters? @counter: index into the model's. NULL hook:
     * always. */
    bool (*has_counter)(const void *conf, unsigned counter);
    /* Octets that a frame has more when it leaves (below 0: fewer), for those who work out its size without
     * running. NULL hook: none. */
    int (*adds_bytes)(const void *conf);
    /* Set-up, once wired: read conf, fill state (zeroed), declare delays. May fail with dx_node_fail(). */
    bool (*init)(DxNode *node, GError **error);
    /* Time 0, after every node's init: arm timers, ask for wake-ups. */
    void (*start)(DxNode *node);
    /* A burst of arrivals. What was promised for before a frame comes before it: do that here first. */
    void (*process)(DxNode *node, DxBurst *burst);
    /* dx_node_wake_at() came due: @now is exactly that time. */
    void (*wake)(DxNode *node, DxTime now);
    /* The window closes: do what falls due before @until, as promised by dx_node_promise(). */
    void (*advance)(DxNode *node, DxTime until);
    /* Counters are about to be read, at an event: bring up to date what changes with time alone. */
    void (*observe)(DxNode *node, DxTime now);
    /* An event changes the node's world. Unknown operations are ignored. */
    void (*control)(DxNode *node, const DxControl *control);
    /* Output that frames of @flow take now; DX_NO_OUTPUT: none. NULL hook: it does not forward. */
    uint32_t (*output_of)(const DxNode *node, uint32_t flow);
    /* How many frames the node holds; each is shown to @visit unless that is NULL. NULL hook: none, ever. */
    uint64_t (*held)(const DxNode *node, DxHeldFn visit, void *data);
    /* Before state is freed: whatever init allocated. Accepts what failed half-way. */
    void (*clear)(DxNode *node);
    /* The longest IP packet, without tags, that it can let through; -1: none. NULL hook: any. Where a flow's
     * are longer, whoever reads the scenario is warned. */
    int64_t (*longest)(const void *conf);
    /* A line whose ends a scenario may name. NULL: it has none. */
    const DxLineModel *line;
    /* What it puts on a line, octet by octet (dxsim/wire.h). NULL: it has none. */
    const struct DxWireModel *wire;
    /* Tables of what belongs to it and stands elsewhere in a scenario, as models without frames, named
     * "MODEL.PART"; NULL-terminated. NULL: none. */
    const struct DxModel *const *parts;
} DxModel;

/* -- who am I ---------------------------------------------------------------------------------------- */

DX_API const void *dx_node_conf(const DxNode *node);
DX_API void *dx_node_state(const DxNode *node);
DX_API const char *dx_node_name(const DxNode *node);
DX_API DxSim *dx_node_sim(const DxNode *node);
DX_API unsigned dx_node_n_outputs(const DxNode *node);
DX_API unsigned dx_node_n_inputs(const DxNode *node);
/* What dx_sim_bind() said: the member an agent steers, the first flow of a source. */
DX_API uint32_t dx_node_bound_index(const DxNode *node);
/* What dx_sim_set_stations() said; 0: the one that sends, 1: the one that receives. NULL: it was not said. */
DX_API const char *dx_node_station(const DxNode *node, unsigned end);
/* A random stream of the node's own; independent of every other (node, purpose). */
DX_API void dx_node_rng(const DxNode *node, const char *purpose, DxRng *rng);

/* -- set-up ------------------------------------------------------------------------------------------ */

/* Nothing leaves @output earlier than @delay_ps after it came. This look-ahead is what windows are made of.
 * DX_TIME_MAX: only events send there, never frames. May also be called from control(): the windows are
 * computed anew. */
DX_API void dx_node_set_delay(DxNode *node, unsigned output, DxTime delay_ps);

/* The node is an agent: what it learns from frames becomes an event @reaction_ps later, at least 1 us. */
DX_API void dx_node_set_reaction(DxNode *node, DxTime reaction_ps);

/* From start() or an event: data frames may have news for the agent too, not control frames only; as long as
 * that is so, windows keep to the reaction times. */
DX_API void dx_node_set_alert(DxNode *node, bool is_alert);

/* Refuse the configuration. @field is named in the message. Returns false. */
DX_API bool dx_node_fail(DxNode *node, const char *field, GError **error, DxError code, const char *format,
                         ...) G_GNUC_PRINTF(5, 6);

/* -- frames ------------------------------------------------------------------------------------------ */

/* Hand a burst to @output. The frames are no longer the caller's. */
DX_API void dx_node_emit(DxNode *node, unsigned output, DxBurst *burst);
/* The same to one output per frame: output[i] for frame[i]. Order is kept on each. */
DX_API void dx_node_scatter(DxNode *node, DxBurst *burst, const uint16_t *output);
/* Before a burst is emitted: the protected frames in it (DX_FRAME_SECTAG) have the packet numbers from
 * @first_pn on, of the sender's key @key, from 1. For captures. */
DX_API void dx_node_number(DxNode *node, uint32_t key, uint64_t first_pn);
/* A frame ends here. @reason: index into the model's drops. */
DX_API void dx_node_drop(DxNode *node, unsigned reason, const DxFrame *frame);
/* Frames reached their destination. */
DX_API void dx_node_consume(DxNode *node, const DxBurst *burst);
/* @n data frames are new in the network; to be emitted by this node. Control frames: dx_node_inject(). */
DX_API void dx_node_create(DxNode *node, uint64_t n);
/* From an event or a wake-up: a new frame, stamped by the caller at or after now, on @output. */
DX_API void dx_node_inject(DxNode *node, unsigned output, const DxFrame *frame);
/* From an event, before a control frame is injected: what it says, octet by octet, @n from 1 to 65535. They
 * travel with it, and captures show them: of a frame that belongs to a flow, all behind the header of IP,
 * that of its transport and checksums too; of any other, all from the destination address on, without tags,
 * padding and FCS. Its size_bytes is the caller's to set. Copied. */
DX_API void dx_node_attach(DxNode *node, DxFrame *frame, const void *octets, size_t n);
/* What was attached; NULL: nothing. As long as the frame is the caller's. */
DX_API const void *dx_node_attached(const DxNode *node, const DxFrame *frame, size_t *n);
/* From control(): whatever this node has sent and has not been received yet is lost. */
DX_API void dx_node_purge(DxNode *node, unsigned reason);

/* -- time -------------------------------------------------------------------------------------------- */

/* Inside an event: its time. Inside a window: its start. */
DX_API DxTime dx_node_now(const DxNode *node);
/* End of the present window; inside an event, its time. */
DX_API DxTime dx_node_window_end(const DxNode *node);
/* For a node that makes frames, inside advance(): how far it may go, its next frame being born at @next_ps.
 * That is the window's end, until very many have been born in this window: then the rest is left to later
 * ones. Ask after every burst. */
DX_API DxTime dx_node_curtail(DxNode *node, DxTime next_ps);
/* There is something to do at @at (DX_TIME_NEVER: nothing): advance() is called in the window that holds it.
 */
DX_API void dx_node_promise(DxNode *node, DxTime at);
/* wake() is called at exactly @at, between the frames before and those at or after it. One at a time. */
DX_API void dx_node_wake_at(DxNode *node, DxTime at);

/* Events. Handlers run between windows, with the state of the whole network exact. */
typedef void (*DxEventFn)(DxNode *node, uint64_t arg);
typedef uint32_t DxTimer; /* 0: none */

/* Once, at @at: in a window not before its end. */
DX_API void dx_node_post(DxNode *node, DxTime at, DxEventFn fn, uint64_t arg);
/* What was learnt at @at (a frame's time, a threshold) becomes an event one reaction time later. */
DX_API void dx_node_learn(DxNode *node, DxTime at, DxEventFn fn, uint64_t arg);
/* A timer can be armed, re-armed and cancelled any number of times. */
DX_API DxTimer dx_node_timer(DxNode *node, DxEventFn fn, uint64_t arg);
DX_API void dx_timer_arm(DxNode *node, DxTimer timer, DxTime at);
DX_API void dx_timer_cancel(DxNode *node, DxTimer timer);

/* The node that an agent steers, and which of its members; wired by whoever built the graph. From events
 * only. */
DX_API void dx_node_steer(DxNode *node, DxControlOp op, uint64_t value);
/* The same where it steers several: the one that was bound as number @slot, from 0. NULL: nobody is there. */
DX_API void dx_node_steer_at(DxNode *node, unsigned slot, DxControlOp op, uint64_t value);
DX_API void dx_node_tell(DxNode *node, unsigned slot, DxControlOp op, const void *octets, size_t n);
/* The same, with an index of the caller's in place of the one that was bound. */
DX_API void dx_node_control_at(DxNode *node, unsigned slot, const DxControl *control);
DX_API unsigned dx_node_n_bound(const DxNode *node);
DX_API const char *dx_node_bound_name(const DxNode *node, unsigned slot);

/* A line of the event log: what happened, in a few words. From events only. */
DX_API void dx_node_log(DxNode *node, const char *event, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* In the name of the one that was bound as number @slot. */
DX_API void dx_node_log_at(DxNode *node, unsigned slot, const char *event, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

#endif
