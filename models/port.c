/*
 * port - output queue and serialisation at line rate
 *
 *   start  = max(arrival, end of the service before)      end = start + octets on the wire * 8 / rate
 *
 * Drop-tail. A frame that starts at once never counts against the limit; one that has to wait must fit whole
 * beside those that wait already, the frame in service not counted. The end of a service that is no whole
 * number of ps is rounded up, and what was added is taken off the next end of the same busy period: no drift,
 * and never faster than the line.
 *
 * A frame is committed (handed to the line) in the window in which its service starts. FIFO: starts are a
 * recursion, known at arrival; frames that start in a later window are held, and their starts worked out
 * again after an event. Strict priority: up to eight classes, the highest first, not pre-emptive; who is next
 * is decided when the line falls free. The limit holds for each class. Which PCP belongs to which is a map;
 * two classes, PCP 4 to 7 before 0 to 3, are what IEEE 802.1Q, table 8-5, recommends for two queues.
 *
 * With framing "ethernet" a queued frame has header 14, FCS 4, padding to 64; on the wire 20 more for
 * preamble, SFD and gap (IEEE 802.3, clauses 3 and 4). With "none" both sizes are that of the packet.
 *
 * Link down: what is in service is lost; what is queued stays or is flushed. A rate change acts from the next
 * start. Not modelled: pre-emption (802.1Qbu), pause, cut-through.
 */
#include <dxsim/model.h>
#include "ring.h"
#include "wire/line.h"

enum { DROP_QUEUE_FULL, DROP_LINK_DOWN };

static const char *const port_drops[] = { "queue_full", "link_down", NULL };

enum { FRAMING_ETHERNET, FRAMING_NONE };

static const char *const framings[] = { "ethernet", "none", NULL };

enum { SCHEDULER_FIFO, SCHEDULER_STRICT_PRIORITY };

static const char *const schedulers[] = { "fifo", "strict-priority", NULL };

enum { ON_DOWN_KEEP, ON_DOWN_FLUSH };

static const char *const on_downs[] = { "keep", "flush", NULL };

#define N_CLASSES 8

typedef struct {
    uint64_t rate_bps;
    int framing;
    DxLimit limit;
    int scheduler, on_down;
    DxClasses classes;
} PortConf;

#define TWO_CLASSES "00001111"

static const DxParam port_params[] = {
    DX_PARAM_RATE(PortConf, rate_bps, NULL, "1 bps", "100 Tbps", "Line rate: everything on the wire counts."),
    DX_PARAM_ENUM(PortConf, framing, "ethernet", framings,
                  "\"none\": a frame on the wire is as large as its packet."),
    DX_PARAM_GROUP("queue"),
    DX_PARAM_LIMIT(PortConf, limit, "10 MB", "Of what waits; the frame in service is not counted."),
    DX_PARAM_ENUM(PortConf, scheduler, "fifo", schedulers, "\"strict-priority\": the highest class first."),
    DX_PARAM_CLASSES(PortConf, classes, TWO_CLASSES,
                     "strict-priority: class of each PCP from 0 to 7; 7 is the highest class."),
    DX_PARAM_ENUM(PortConf, on_down, "keep", on_downs, "What becomes of the queue when the link goes down."),
    DX_PARAM_END,
};

/* A frame that has to wait, as the limit sees it. */
typedef struct {
    DxTime start_ps;
    uint32_t bytes;
} Waiting;

DX_RING(FrameRing, frame_ring, DxFrame);
DX_RING(WaitingRing, waiting_ring, Waiting);

/* The line: when it falls free, and how much of that was rounding, in 1/rate of a ps. */
typedef struct {
    DxTime free_ps;
    uint64_t ahead;
} Line;

typedef struct {
    Line line;      /* after the last committed frame */
    Line predicted; /* FIFO: after the last frame accepted */
    uint64_t rate_bps;
    uint32_t wire_bytes; /* serialisation of this size is worked out: */
    uint64_t wire_ahead;
    DxTime wire_ps;
    bool is_ethernet, is_down, is_silent;

    WaitingRing waiting; /* FIFO: accepted, service not begun at the last arrival */
    uint64_t waiting_bytes;
    FrameRing held[N_CLASSES]; /* not committed; FIFO uses the first */
    uint64_t held_bytes[N_CLASSES];
    unsigned waits; /* strict priority, by class: somebody does */

    uint64_t tx_frames, tx_bytes, tx_wire_bytes; /* service begun */
    uint64_t unsent_bytes;                       /* of that, when last observed */
    uint64_t former_bps; /* rate of the service that ends at former_ps: it has changed since */
    DxTime former_ps;
    uint64_t wait_ps, wait_max_ps, service_ps;
    uint64_t queue_bytes, queue_frames, queue_peak_bytes, queue_max_bytes;
} PortState;

static const DxCounter port_counters[] = {
    DX_COUNTER(PortState, tx_frames, DX_COUNTER_SUM, "Frames whose sending has begun."),
    DX_COUNTER(PortState, tx_bytes, DX_COUNTER_SUM, "Octets of their IP packets."),
    DX_COUNTER(PortState, tx_wire_bytes, DX_COUNTER_SUM, "Octets on the wire, preamble and gap included."),
    DX_COUNTER(PortState, unsent_bytes, DX_COUNTER_GAUGE,
               "Of those, still to come: the rest of the frame in service."),
    DX_COUNTER(PortState, wait_ps, DX_COUNTER_SUM, "Sum of their waiting times."),
    DX_COUNTER(PortState, wait_max_ps, DX_COUNTER_MAX, "Longest wait."),
    DX_COUNTER(PortState, service_ps, DX_COUNTER_SUM, "Sum of their serialisation times."),
    DX_COUNTER(PortState, queue_bytes, DX_COUNTER_GAUGE, "Waiting now; the frame in service not counted."),
    DX_COUNTER(PortState, queue_frames, DX_COUNTER_GAUGE, "Waiting now."),
    DX_COUNTER(PortState, queue_peak_bytes, DX_COUNTER_PEAK, "Most that waited since the last sample."),
    DX_COUNTER(PortState, queue_max_bytes, DX_COUNTER_MAX, "Most that ever waited."),
    DX_COUNTER_END,
};

/* -- the line ---------------------------------------------------------------------------------------- */

/* Octets a frame takes in the buffer; on the wire it takes gap_bytes() more. */
static inline uint32_t buffer_bytes(const PortState *state, const DxFrame *frame)
{
    if (!state->is_ethernet)
        return frame->size_bytes;
    return MAX((uint32_t)frame->size_bytes + frame->overhead_bytes + 14 + 4, 64);
}

static inline uint32_t gap_bytes(const PortState *state)
{
    return state->is_ethernet ? 7 + 1 + 12 : 0;
}

/* One division for every change of size, none for the frames behind. */
static void measure(PortState *state, uint32_t wire_bytes)
{
    const uint64_t total = (uint64_t)wire_bytes * 8 * (uint64_t)DX_S;

    state->wire_bytes = wire_bytes;
    state->wire_ps = (DxTime)((total + state->rate_bps - 1) / state->rate_bps);
    state->wire_ahead = (uint64_t)state->wire_ps * state->rate_bps - total;
}

/* One frame more behind what the line is busy with. */
static inline void occupy(PortState *state, Line *line, uint32_t wire_bytes)
{
    if (G_UNLIKELY(wire_bytes != state->wire_bytes))
        measure(state, wire_bytes);
    line->free_ps += state->wire_ps;
    line->ahead += state->wire_ahead;
    if (line->ahead >= state->rate_bps) {
        line->ahead -= state->rate_bps;
        line->free_ps--;
    }
}

/* What sending some frames adds to the counters. */
typedef struct {
    uint64_t frames, bytes, wire_bytes, wait_ps, wait_max_ps, service_ps;
} Sent;

static inline void count_sent(Sent *sent, const DxFrame *frame, uint32_t wire_bytes, DxTime start, DxTime end)
{
    const uint64_t wait_ps = (uint64_t)(start - frame->t_ps);

    sent->frames++;
    sent->bytes += frame->size_bytes;
    sent->wire_bytes += wire_bytes;
    sent->wait_ps += wait_ps;
    sent->wait_max_ps = MAX(sent->wait_max_ps, wait_ps);
    sent->service_ps += (uint64_t)(end - start);
}

static inline void add_sent(PortState *state, const Sent *sent)
{
    state->tx_frames += sent->frames;
    state->tx_bytes += sent->bytes;
    state->tx_wire_bytes += sent->wire_bytes;
    state->wait_ps += sent->wait_ps;
    state->wait_max_ps = MAX(state->wait_max_ps, sent->wait_max_ps);
    state->service_ps += sent->service_ps;
}

/* Service of @frame begins at @start; its stamp becomes the end. */
static inline void commit(PortState *state, Sent *sent, DxFrame *frame, DxTime start)
{
    const uint32_t wire_bytes = buffer_bytes(state, frame) + gap_bytes(state);

    if (start == frame->t_ps) /* the line was idle: no rounding to make good */
        state->line = (Line){ start, 0 };
    occupy(state, &state->line, wire_bytes);
    count_sent(sent, frame, wire_bytes, start, state->line.free_ps);
    frame->t_ps = state->line.free_ps;
}

static inline void note_queue(PortState *state, uint64_t bytes)
{
    state->queue_peak_bytes = MAX(state->queue_peak_bytes, bytes);
    state->queue_max_bytes = MAX(state->queue_max_bytes, bytes);
}

static void hold(PortState *state, unsigned class, const DxFrame *frame, uint32_t bytes)
{
    frame_ring_push(&state->held[class], *frame);
    state->held_bytes[class] += bytes;
    state->queue_bytes += bytes;
    state->queue_frames++;
}

static void unhold(PortState *state, unsigned class, uint32_t bytes)
{
    state->held_bytes[class] -= bytes;
    state->queue_bytes -= bytes;
    state->queue_frames--;
}

static inline bool fits(const DxLimit *limit, uint64_t bytes, uint64_t frames, uint32_t more_bytes)
{
    return limit->in_frames ? frames + 1 <= limit->value : bytes + more_bytes <= limit->value;
}

/* -- FIFO -------------------------------------------------------------------------------------------- */

/* Start of the first held frame: those held are the last of those waiting. */
static DxTime fifo_next_start(PortState *state)
{
    const uint32_t held = frame_ring_count(&state->held[0]);

    if (!held)
        return DX_TIME_NEVER;
    return waiting_ring_at(&state->waiting, waiting_ring_count(&state->waiting) - held)->start_ps;
}

/* Commit what starts before @until; the frames are sent from where they are held. */
static void fifo_advance(DxNode *node, DxTime until)
{
    PortState *state = dx_node_state(node);
    FrameRing *held = &state->held[0];
    uint32_t index = waiting_ring_count(&state->waiting) - frame_ring_count(held);
    Sent sent = { 0 };

    while (frame_ring_count(held)) {
        DxBurst burst = { frame_ring_at(held, 0), 0 };
        const uint32_t run = MIN(frame_ring_run(held), DX_BURST_MAX);

        for (; burst.n < run; burst.n++, index++) {
            const Waiting *waiting = waiting_ring_at(&state->waiting, index);

            if (waiting->start_ps >= until)
                break;
            unhold(state, 0, waiting->bytes);
            commit(state, &sent, &burst.frame[burst.n], waiting->start_ps);
        }
        if (!burst.n)
            break;
        frame_ring_pop(held, burst.n);
        dx_node_emit(node, 0, &burst);
    }
    add_sent(state, &sent);
    dx_node_promise(node, fifo_next_start(state));
}

static inline void fifo_forget_started(WaitingRing *waiting, uint64_t *bytes, DxTime now)
{
    while (waiting_ring_count(waiting) && waiting_ring_at(waiting, 0)->start_ps <= now) {
        *bytes -= waiting_ring_at(waiting, 0)->bytes;
        waiting_ring_pop(waiting, 1);
    }
}

/* Where the frame behind would start. Beyond the end of time all of them start together: none ever will. */
static inline void predict(PortState *state, uint32_t bytes)
{
    if (!state->is_down && state->predicted.free_ps < DX_TIME_MAX)
        occupy(state, &state->predicted, bytes + gap_bytes(state));
}

/* Arrivals from @i on, behind frames that are held: they are held too. */
static void fifo_hold(DxNode *node, const DxBurst *burst, unsigned i)
{
    const PortConf *conf = dx_node_conf(node);
    PortState *state = dx_node_state(node);
    WaitingRing *waiting = &state->waiting;

    for (; i < burst->n; i++) {
        const DxFrame *frame = &burst->frame[i];
        const uint32_t bytes = buffer_bytes(state, frame);

        fifo_forget_started(waiting, &state->waiting_bytes, frame->t_ps);
        if (!fits(&conf->limit, state->waiting_bytes, waiting_ring_count(waiting), bytes)) {
            dx_node_drop(node, DROP_QUEUE_FULL, frame);
            continue;
        }
        waiting_ring_append(waiting, (Waiting){ state->predicted.free_ps, bytes });
        state->waiting_bytes += bytes;
        note_queue(state, state->waiting_bytes);
        hold(state, 0, frame, bytes);
        predict(state, bytes);
    }
}

/* The arrivals up to the first that has to wait or has another size: nothing to remember, little to count. */
static unsigned fifo_pass(PortState *state, DxBurst *burst, Sent *sent)
{
    const uint16_t size_bytes = burst->frame[0].size_bytes;
    const uint8_t overhead_bytes = burst->frame[0].overhead_bytes;
    const uint32_t wire_bytes = buffer_bytes(state, &burst->frame[0]) + gap_bytes(state);
    DxTime free_ps = state->line.free_ps, wire_ps;
    unsigned n = 0;

    if (wire_bytes != state->wire_bytes)
        measure(state, wire_bytes);
    wire_ps = state->wire_ps;
    for (; n < burst->n; n++) {
        DxFrame *frame = &burst->frame[n];

        if (frame->t_ps < free_ps || frame->size_bytes != size_bytes ||
            frame->overhead_bytes != overhead_bytes)
            break;
        free_ps = frame->t_ps + wire_ps;
        frame->t_ps = free_ps;
    }
    if (n)
        state->line = (Line){ free_ps, state->wire_ahead };
    sent->frames = n;
    sent->bytes = (uint64_t)n * size_bytes;
    sent->wire_bytes = (uint64_t)n * wire_bytes;
    sent->service_ps = n * (uint64_t)wire_ps;
    return n;
}

/* Arrivals while none is held: those that start in this window are sent at once, in place. What a frame
 * changes is kept in locals. Returns how many were sent; *arrived: the first that has to be held, or n. */
static unsigned fifo_send(DxNode *node, DxBurst *burst, unsigned *arrived)
{
    const PortConf *conf = dx_node_conf(node);
    PortState *state = dx_node_state(node);
    const DxTime until = dx_node_window_end(node);
    Sent sent = { 0 };
    unsigned i = waiting_ring_count(&state->waiting) ? 0 : fifo_pass(state, burst, &sent);
    WaitingRing waiting = state->waiting;
    Line line = state->line;
    uint64_t waiting_bytes = state->waiting_bytes, waiting_max = 0;
    uint32_t raw = UINT32_MAX, bytes = 0, wire_bytes = 0;

    for (; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];
        const DxTime now = frame->t_ps;
        DxTime start = now;

        const uint32_t lengths = (uint32_t)frame->size_bytes << 8 | frame->overhead_bytes;

        if (G_UNLIKELY(raw != lengths)) { /* not their sum: without framing only one of them counts */
            raw = lengths;
            bytes = buffer_bytes(state, frame);
            wire_bytes = bytes + gap_bytes(state);
            if (wire_bytes != state->wire_bytes)
                measure(state, wire_bytes);
        }
        fifo_forget_started(&waiting, &waiting_bytes, now);
        if (line.free_ps > now) {
            start = line.free_ps;
            if (start >= until)
                break;
            if (!fits(&conf->limit, waiting_bytes, waiting_ring_count(&waiting), bytes)) {
                dx_node_drop(node, DROP_QUEUE_FULL, frame);
                continue;
            }
            waiting_ring_append(&waiting, (Waiting){ start, bytes });
            waiting_bytes += bytes;
            waiting_max = MAX(waiting_max, waiting_bytes);
        } else {
            line = (Line){ now, 0 };
        }
        occupy(state, &line, wire_bytes);
        count_sent(&sent, frame, wire_bytes, start, line.free_ps);
        frame->t_ps = line.free_ps;
        if (sent.frames - 1 < i)
            burst->frame[sent.frames - 1] = *frame;
    }
    state->waiting = waiting;
    state->waiting_bytes = waiting_bytes;
    state->line = state->predicted = line;
    add_sent(state, &sent);
    note_queue(state, waiting_max);
    *arrived = i;
    return (unsigned)sent.frames;
}

static void fifo_process(DxNode *node, DxBurst *burst)
{
    PortState *state = dx_node_state(node);
    unsigned arrived = 0;

    waiting_ring_reserve(&state->waiting, burst->n);
    if (frame_ring_count(&state->held[0]))
        fifo_advance(node, dx_node_window_end(node));
    if (!frame_ring_count(&state->held[0]) && !state->is_down) {
        const unsigned sent = fifo_send(node, burst, &arrived);

        if (arrived == burst->n) {
            burst->n = sent;
            dx_node_emit(node, 0, burst);
            return;
        }
        dx_node_emit(node, 0, &(DxBurst){ burst->frame, sent });
    }
    fifo_hold(node, burst, arrived);
    dx_node_promise(node, fifo_next_start(state));
}

/* After an event: the starts of all held frames anew, from when the line is free. */
static void fifo_predict(PortState *state)
{
    const uint32_t held = frame_ring_count(&state->held[0]);
    const uint32_t first = waiting_ring_count(&state->waiting) - held;

    state->predicted = state->line;
    if (state->is_down)
        state->predicted.free_ps = DX_TIME_NEVER;
    for (uint32_t i = 0; i < held; i++) {
        Waiting *waiting = waiting_ring_at(&state->waiting, first + i);

        waiting->start_ps = state->predicted.free_ps;
        predict(state, waiting->bytes);
    }
}

/* -- strict priority --------------------------------------------------------------------------------- */

/* The highest class in which somebody waits. */
static inline unsigned next_class(const PortState *state)
{
    return 31 - (unsigned)__builtin_clz(state->waits);
}

/* What the line sends, gathered into bursts. */
typedef struct {
    DxNode *node;
    Sent sent;
    unsigned n;
    DxFrame frame[DX_BURST_MAX];
} Sending;

static void sending_begin(Sending *sending, DxNode *node)
{
    sending->node = node;
    sending->sent = (Sent){ 0 };
    sending->n = 0;
}

static void sending_flush(Sending *sending)
{
    DxBurst burst = { sending->frame, sending->n };

    sending->n = 0;
    dx_node_emit(sending->node, 0, &burst);
}

static void sending_end(Sending *sending)
{
    sending_flush(sending);
    add_sent(dx_node_state(sending->node), &sending->sent);
}

static void send(PortState *state, Sending *sending, const DxFrame *frame, DxTime start)
{
    if (sending->n == DX_BURST_MAX)
        sending_flush(sending);
    sending->frame[sending->n] = *frame;
    commit(state, &sending->sent, &sending->frame[sending->n++], start);
}

/* All services that start before @until. */
static void priority_serve(PortState *state, Sending *sending, DxTime until)
{
    while (state->waits && state->line.free_ps < until) {
        const unsigned class = next_class(state);
        const DxFrame frame = *frame_ring_at(&state->held[class], 0);

        frame_ring_pop(&state->held[class], 1);
        state->waits &= ~((frame_ring_count(&state->held[class]) ? 0u : 1u) << class);
        unhold(state, class, buffer_bytes(state, &frame));
        send(state, sending, &frame, state->line.free_ps);
    }
}

static void priority_promise(DxNode *node)
{
    const PortState *state = dx_node_state(node);

    dx_node_promise(node, state->queue_frames ? state->line.free_ps : DX_TIME_NEVER);
}

static void priority_process(DxNode *node, DxBurst *burst)
{
    const PortConf *conf = dx_node_conf(node);
    PortState *state = dx_node_state(node);
    Sending sending;

    sending_begin(&sending, node);
    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];
        const unsigned class = conf->classes.of_pcp[dx_frame_pcp(frame)];
        const uint32_t bytes = buffer_bytes(state, frame);

        priority_serve(state, &sending, frame->t_ps + 1); /* ends of service come before arrivals */
        if (state->line.free_ps <= frame->t_ps) {
            send(state, &sending, frame, frame->t_ps);
        } else if (fits(&conf->limit, state->held_bytes[class], frame_ring_count(&state->held[class]),
                        bytes)) {
            hold(state, class, frame, bytes);
            state->waits |= 1u << class;
            note_queue(state, state->queue_bytes);
        } else {
            dx_node_drop(node, DROP_QUEUE_FULL, frame);
        }
    }
    sending_end(&sending);
    priority_promise(node);
}

static void priority_advance(DxNode *node, DxTime until)
{
    Sending sending;

    sending_begin(&sending, node);
    priority_serve(dx_node_state(node), &sending, until);
    sending_end(&sending);
    priority_promise(node);
}

/* -- either ------------------------------------------------------------------------------------------ */

static bool is_priority(const DxNode *node)
{
    return ((const PortConf *)dx_node_conf(node))->scheduler == SCHEDULER_STRICT_PRIORITY;
}

static void port_process(DxNode *node, DxBurst *burst)
{
    const PortConf *conf = dx_node_conf(node);
    PortState *state = dx_node_state(node);

    if (G_UNLIKELY(state->is_down && conf->on_down == ON_DOWN_FLUSH)) {
        for (unsigned i = 0; i < burst->n; i++)
            dx_node_drop(node, DROP_LINK_DOWN, &burst->frame[i]);
        return;
    }
    if (conf->scheduler == SCHEDULER_STRICT_PRIORITY)
        priority_process(node, burst);
    else
        fifo_process(node, burst);
}

static void port_advance(DxNode *node, DxTime until)
{
    if (is_priority(node))
        priority_advance(node, until);
    else
        fifo_advance(node, until);
}

/* The line changed: what follows from that for those who wait. */
static void rethink(DxNode *node)
{
    PortState *state = dx_node_state(node);

    if (is_priority(node)) {
        priority_promise(node);
    } else {
        fifo_predict(state);
        dx_node_promise(node, fifo_next_start(state));
    }
}

static void flush(DxNode *node)
{
    PortState *state = dx_node_state(node);

    for (unsigned class = 0; class < N_CLASSES; class ++) {
        for (; frame_ring_count(&state->held[class]); frame_ring_pop(&state->held[class], 1))
            dx_node_drop(node, DROP_LINK_DOWN, frame_ring_at(&state->held[class], 0));
        state->held_bytes[class] = 0;
    }
    state->queue_bytes = state->queue_frames = state->waiting_bytes = 0;
    state->waits = 0;
    waiting_ring_pop(&state->waiting, waiting_ring_count(&state->waiting));
}

static void go_down(DxNode *node)
{
    const PortConf *conf = dx_node_conf(node);
    PortState *state = dx_node_state(node);

    state->is_down = true;
    fifo_forget_started(&state->waiting, &state->waiting_bytes, dx_node_now(node) - 1);
    if (conf->on_down == ON_DOWN_FLUSH)
        flush(node);
    dx_node_purge(node, DROP_LINK_DOWN);
    state->line = (Line){ DX_TIME_NEVER, 0 };
}

/* What was being sent into the dark at this moment is cut. */
static void come_up(DxNode *node)
{
    PortState *state = dx_node_state(node);

    if (state->is_down)
        state->line = (Line){ dx_node_now(node), 0 };
    else if (state->is_silent)
        dx_node_purge(node, DROP_LINK_DOWN);
    state->is_down = state->is_silent = false;
}

static void port_control(DxNode *node, const DxControl *control)
{
    PortState *state = dx_node_state(node);

    switch (control->op) {
    case DX_CONTROL_DOWN:
        go_down(node);
        break;
    case DX_CONTROL_DOWN_SILENT:
        state->is_silent = true;
        return;
    case DX_CONTROL_UP:
        come_up(node);
        break;
    case DX_CONTROL_RATE:
        if (state->former_ps != state->line.free_ps) {
            state->former_bps = state->rate_bps;
            state->former_ps = state->line.free_ps;
        }
        state->rate_bps = control->value;
        state->wire_bytes = 0;
        state->line.ahead = 0;
        break;
    default:
        return;
    }
    rethink(node);
}

/* Octets that the line carries from now to the end of the service. One at most reaches beyond an event. */
static void port_observe(DxNode *node, DxTime now)
{
    PortState *state = dx_node_state(node);
    const DxTime free_ps = state->line.free_ps;
    const uint64_t rate_bps = free_ps == state->former_ps ? state->former_bps : state->rate_bps;

    state->unsent_bytes = 0;
    if (free_ps > now && !state->is_down)
        state->unsent_bytes =
            (uint64_t)((unsigned __int128)(uint64_t)(free_ps - now) * rate_bps / (8 * (uint64_t)DX_S));
}

static bool refuse(const char **key, const char *which, GError **error, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

static bool has_two_classes(const PortConf *conf)
{
    for (unsigned pcp = 0; pcp < N_CLASSES; pcp++)
        if (conf->classes.of_pcp[pcp] != (unsigned)(TWO_CLASSES[pcp] - '0'))
            return false;
    return true;
}

static bool port_check(const void *data, const char **key, GError **error)
{
    const PortConf *conf = data;

    if (!conf->rate_bps)
        return refuse(key, "rate", error, "give one such as \"10 Gbps\"");
    if (conf->scheduler == SCHEDULER_FIFO && !has_two_classes(conf))
        return refuse(key, "queue.classes", error,
                      "a \"fifo\" queue has no classes; take \"scheduler\": \"strict-priority\"");
    return true;
}

static bool port_init(DxNode *node, GError **error)
{
    const PortConf *conf = dx_node_conf(node);
    PortState *state = dx_node_state(node);

    (void)error;
    state->rate_bps = conf->rate_bps;
    state->is_ethernet = conf->framing == FRAMING_ETHERNET;
    waiting_ring_init(&state->waiting);
    frame_ring_init(&state->held[0]);
    for (unsigned pcp = 0; pcp < N_CLASSES && is_priority(node); pcp++)
        if (!state->held[conf->classes.of_pcp[pcp]].item)
            frame_ring_init(&state->held[conf->classes.of_pcp[pcp]]);
    return true;
}

static void port_clear(DxNode *node)
{
    PortState *state = dx_node_state(node);

    waiting_ring_clear(&state->waiting);
    for (unsigned class = 0; class < N_CLASSES; class ++)
        frame_ring_clear(&state->held[class]);
}

static uint64_t port_held(const DxNode *node, DxHeldFn visit, void *data)
{
    const PortState *state = dx_node_state(node);

    for (unsigned class = 0; visit && class < N_CLASSES; class ++)
        for (uint32_t i = 0; i < frame_ring_count(&state->held[class]); i++)
            visit(frame_ring_at(&state->held[class], i), data);
    return state->queue_frames;
}

/* -- octets ------------------------------------------------------------------------------------------ */

static void port_wire_init(void *state, const void *conf)
{
    dx__line_init(state, ((const PortConf *)conf)->framing == FRAMING_ETHERNET);
}

static const DxWireModel port_wire = { .state_size = sizeof(DxWireLine),
                                       .init = port_wire_init,
                                       .clear = dx__line_clear,
                                       .link_type = dx__line_link_type,
                                       .fcs_bytes = dx__line_fcs_bytes,
                                       .bytes = dx__line_bytes };

const DxModel dx_model_port = {
    .name = "port",
    .summary = "Output queue and serialisation at line rate",
    .conf_size = sizeof(PortConf),
    .state_size = sizeof(PortState),
    .params = port_params,
    .counters = port_counters,
    .drops = port_drops,
    .check = port_check,
    .init = port_init,
    .process = port_process,
    .advance = port_advance,
    .observe = port_observe,
    .control = port_control,
    .held = port_held,
    .clear = port_clear,
    .wire = &port_wire,
};
