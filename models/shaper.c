/*
 * shaper - a token bucket with a queue: what comes too fast waits
 *
 *   tokens(t) = min(burst, tokens + rate * dt)      the first in the queue leaves when its own tokens are
 * there
 *
 * Linux's tc-tbf, exact to the ps: the bucket is full at time 0, a frame takes no time to leave, no frame
 * overtakes another. With a peak rate there is a second bucket, and a frame needs the tokens of both. Every
 * frame must fit into the queue's limit beside those that wait, also one that would leave at once; tail drop.
 * At equal times a frame leaves before another comes. When a frame leaves is rounded up to a whole ps, and
 * what that adds is not lost (lib/bucket.c): no drift.
 *
 * Departures are a recursion, known at arrival and never changed by an event: a shaper is a contract, not the
 * line. A link's new rate is that of its port, and what is let go onto a link that is down is lost there.
 * What leaves in a later window is held. Not modelled: timer slack of a kernel, classes, hierarchies.
 */
#include <dxsim/bucket.h>
#include <dxsim/model.h>
#include "octets.h"
#include "ring.h"

__extension__ typedef unsigned __int128 Uint128;

enum { DROP_QUEUE_FULL, DROP_LARGER_THAN_BURST };

static const char *const shaper_drops[] = { "queue_full", "larger_than_burst", NULL };

typedef struct {
    uint64_t rate_bps, burst_bytes;
    uint64_t peak_bps, peak_burst_bytes;
    uint64_t limit_bytes;
    DxTime latency_ps;
    int counts;
} ShaperConf;

static const DxParam shaper_params[] = {
    DX_PARAM_RATE(ShaperConf, rate_bps, NULL, "1 bps", "100 Tbps", "How fast tokens come."),
    DX_PARAM_SIZE(ShaperConf, burst_bytes, NULL, "1 B", "1000000 GB",
                  "Depth of the bucket: what may leave at once after a pause."),
    DX_PARAM_RATE(ShaperConf, peak_bps, "0 bps", "0 bps", "100 Tbps",
                  "Of a burst, above the rate; 0: as fast as it comes."),
    DX_PARAM_SIZE(ShaperConf, peak_burst_bytes, "0 B", "0 B", "1000000 GB",
                  "Depth of the peak's own bucket, at least a frame; tc calls it mtu or minburst."),
    DX_PARAM_SIZE(ShaperConf, limit_bytes, "0 B", "0 B", NULL, "Of what waits; give this or a latency."),
    DX_PARAM_TIME(
        ShaperConf, latency_ps, "0 ps", "0 ps", "1 d",
        "Longest wait instead: limit = rate * latency + burst, or peak * latency + peak_burst where "
        "that is less."),
    DX_PARAM_ENUM(
        ShaperConf, counts, "tc", octets_names,
        "Of a frame: the IP \"packet\"; with header and tags as Linux's \"tc\"; the whole \"frame\" "
        "with FCS and padding; preamble and gap too, as on the \"wire\"."),
    DX_PARAM_END,
};

/* A frame that has to wait, as the limit sees it. */
typedef struct {
    DxTime leave_ps;
    uint32_t bytes;
} Waiting;

DX_RING(FrameRing, frame_ring, DxFrame);
DX_RING(WaitingRing, waiting_ring, Waiting);

typedef struct {
    DxBucket bucket[2]; /* of the rate, of the peak */
    unsigned n_buckets;
    Octets octets;
    uint64_t longest_bytes, limit_bytes;

    WaitingRing waiting; /* accepted, not left at the last arrival */
    uint64_t waiting_bytes;
    FrameRing held; /* not committed: the last of those waiting */

    uint64_t tx_frames, tx_bytes, delayed_frames;
    uint64_t wait_ps, wait_max_ps;
    uint64_t queue_bytes, queue_frames, queue_peak_bytes, queue_max_bytes;
} ShaperState;

static const DxCounter shaper_counters[] = {
    DX_COUNTER(ShaperState, tx_frames, DX_COUNTER_SUM, "Frames that have left."),
    DX_COUNTER(ShaperState, tx_bytes, DX_COUNTER_SUM, "Their octets, as counted."),
    DX_COUNTER(ShaperState, delayed_frames, DX_COUNTER_SUM, "Those of them that had to wait."),
    DX_COUNTER(ShaperState, wait_ps, DX_COUNTER_SUM, "Sum of their waiting times."),
    DX_COUNTER(ShaperState, wait_max_ps, DX_COUNTER_MAX, "Longest wait."),
    DX_COUNTER(ShaperState, queue_bytes, DX_COUNTER_GAUGE, "Waiting now, as counted."),
    DX_COUNTER(ShaperState, queue_frames, DX_COUNTER_GAUGE, "Waiting now."),
    DX_COUNTER(ShaperState, queue_peak_bytes, DX_COUNTER_PEAK, "Most that waited since the last sample."),
    DX_COUNTER(ShaperState, queue_max_bytes, DX_COUNTER_MAX, "Most that ever waited."),
    DX_COUNTER_END,
};

/* -- set-up ------------------------------------------------------------------------------------------ */

static uint64_t longest(const ShaperConf *conf)
{
    return conf->peak_bps ? MIN(conf->burst_bytes, conf->peak_burst_bytes) : conf->burst_bytes;
}

/* As tc-tbf works it out. */
static uint64_t limit_from(uint64_t rate_bps, DxTime latency_ps, uint64_t burst_bytes)
{
    const Uint128 octets = (Uint128)rate_bps * (uint64_t)latency_ps / 8 / (uint64_t)DX_S;

    return (uint64_t)octets + burst_bytes;
}

static uint64_t limit(const ShaperConf *conf)
{
    uint64_t bytes = limit_from(conf->rate_bps, conf->latency_ps, conf->burst_bytes);

    if (!conf->latency_ps)
        return conf->limit_bytes;
    if (conf->peak_bps)
        bytes = MIN(bytes, limit_from(conf->peak_bps, conf->latency_ps, conf->peak_burst_bytes));
    return bytes;
}

static bool refuse(const char **key, const char *which, GError **error, const char *message)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, message);
    return false;
}

static bool shaper_check(const void *data, const char **key, GError **error)
{
    const ShaperConf *conf = data;

    if (!conf->rate_bps)
        return refuse(key, "rate", error, "give one such as \"500 Mbps\"");
    if (!conf->burst_bytes)
        return refuse(key, "burst", error, "give one such as \"100 kB\"");
    if (!conf->limit_bytes && !conf->latency_ps)
        return refuse(key, "limit", error,
                      "give a limit such as \"1 MB\", or a latency such as \"50 ms\" that it follows from");
    if (conf->limit_bytes && conf->latency_ps)
        return refuse(key, "latency", error, "give either a limit or a latency that it follows from");
    if (conf->peak_bps && conf->peak_bps <= conf->rate_bps)
        return refuse(key, "peak", error, "a peak rate is higher than the rate");
    if (conf->peak_bps && !conf->peak_burst_bytes)
        return refuse(key, "peak_burst", error,
                      "a peak rate needs one, at least as long as a frame, such as \"1514 B\"");
    if (!conf->peak_bps && conf->peak_burst_bytes)
        return refuse(key, "peak_burst", error,
                      "this is the depth of the bucket of a peak rate; give that too");
    return true;
}

static int64_t shaper_longest(const void *data)
{
    const ShaperConf *conf = data;
    const Octets octets = octets_of(conf->counts);

    return octets_packet(&octets, MIN(longest(conf), limit(conf)));
}

static bool shaper_init(DxNode *node, GError **error)
{
    const ShaperConf *conf = dx_node_conf(node);
    ShaperState *state = dx_node_state(node);

    state->octets = octets_of(conf->counts);
    state->longest_bytes = longest(conf);
    state->limit_bytes = limit(conf);
    state->n_buckets = conf->peak_bps ? 2 : 1;
    frame_ring_init(&state->held);
    waiting_ring_init(&state->waiting);
    return dx_bucket_init(&state->bucket[0], conf->rate_bps, conf->burst_bytes, error) &&
           (!conf->peak_bps ||
            dx_bucket_init(&state->bucket[1], conf->peak_bps, conf->peak_burst_bytes, error));
}

static void shaper_clear(DxNode *node)
{
    ShaperState *state = dx_node_state(node);

    frame_ring_clear(&state->held);
    waiting_ring_clear(&state->waiting);
}

/* -- process ----------------------------------------------------------------------------------------- */

/* What leaving frames add to the counters. */
typedef struct {
    uint64_t frames, bytes, delayed, wait_ps, wait_max_ps;
} Sent;

/* The frame leaves: its stamp becomes that of its departure. */
static inline void send(Sent *sent, DxFrame *frame, uint32_t bytes, DxTime leave_ps)
{
    const uint64_t wait_ps = (uint64_t)(leave_ps - frame->t_ps);

    sent->frames++;
    sent->bytes += bytes;
    sent->delayed += wait_ps > 0;
    sent->wait_ps += wait_ps;
    sent->wait_max_ps = MAX(sent->wait_max_ps, wait_ps);
    frame->t_ps = leave_ps;
}

static void add_sent(ShaperState *state, const Sent *sent)
{
    state->tx_frames += sent->frames;
    state->tx_bytes += sent->bytes;
    state->delayed_frames += sent->delayed;
    state->wait_ps += sent->wait_ps;
    state->wait_max_ps = MAX(state->wait_max_ps, sent->wait_max_ps);
}

static void hold(ShaperState *state, const DxFrame *frame, uint32_t bytes)
{
    frame_ring_push(&state->held, *frame);
    state->queue_bytes += bytes;
    state->queue_frames++;
}

static void unhold(ShaperState *state, uint32_t bytes)
{
    state->queue_bytes -= bytes;
    state->queue_frames--;
}

/* Of the held frames, the last of those waiting. */
static uint32_t first_held(const ShaperState *state)
{
    return waiting_ring_count(&state->waiting) - frame_ring_count(&state->held);
}

static void promise(DxNode *node)
{
    ShaperState *state = dx_node_state(node);

    if (frame_ring_count(&state->held))
        dx_node_promise(node, waiting_ring_at(&state->waiting, first_held(state))->leave_ps);
    else
        dx_node_promise(node, DX_TIME_NEVER);
}

/* Commit what leaves before @until; the frames are sent from where they are held. */
static void shaper_advance(DxNode *node, DxTime until)
{
    ShaperState *state = dx_node_state(node);
    FrameRing *held = &state->held;
    uint32_t index = first_held(state);
    Sent sent = { 0 };

    while (frame_ring_count(held)) {
        DxBurst burst = { frame_ring_at(held, 0), 0 };
        const uint32_t run = MIN(frame_ring_run(held), DX_BURST_MAX);

        for (; burst.n < run; burst.n++, index++) {
            const Waiting *waiting = waiting_ring_at(&state->waiting, index);

            if (waiting->leave_ps >= until)
                break;
            unhold(state, waiting->bytes);
            send(&sent, &burst.frame[burst.n], waiting->bytes, waiting->leave_ps);
        }
        if (!burst.n)
            break;
        frame_ring_pop(held, burst.n);
        dx_node_emit(node, 0, &burst);
    }
    add_sent(state, &sent);
    promise(node);
}

static inline void forget_left(ShaperState *state, DxTime now)
{
    WaitingRing *waiting = &state->waiting;

    while (waiting_ring_count(waiting) && waiting_ring_at(waiting, 0)->leave_ps <= now) {
        state->waiting_bytes -= waiting_ring_at(waiting, 0)->bytes;
        waiting_ring_pop(waiting, 1);
    }
}

/* May it come in? */
static inline bool admit(DxNode *node, ShaperState *state, const DxFrame *frame, uint32_t bytes)
{
    if (G_UNLIKELY(bytes > state->longest_bytes)) {
        dx_node_drop(node, DROP_LARGER_THAN_BURST, frame);
        return false;
    }
    if (state->waiting_bytes + bytes > state->limit_bytes) {
        dx_node_drop(node, DROP_QUEUE_FULL, frame);
        return false;
    }
    return true;
}

static inline void enqueue(ShaperState *state, DxTime leave_ps, uint32_t bytes)
{
    waiting_ring_append(&state->waiting, (Waiting){ leave_ps, bytes });
    state->waiting_bytes += bytes;
    state->queue_peak_bytes = MAX(state->queue_peak_bytes, state->waiting_bytes);
    state->queue_max_bytes = MAX(state->queue_max_bytes, state->waiting_bytes);
}

/* Those that leave in this window are sent at once, in place; behind the first that does not, all are held.
 */
static void shaper_process(DxNode *node, DxBurst *burst)
{
    ShaperState *state = dx_node_state(node);
    const DxTime until = dx_node_window_end(node);
    unsigned n = 0;
    Sent sent = { 0 };

    if (frame_ring_count(&state->held))
        shaper_advance(node, until);
    waiting_ring_reserve(&state->waiting, burst->n);
    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];
        const uint32_t bytes = octets_in(&state->octets, frame);
        DxTime leave_ps;

        forget_left(state, frame->t_ps);
        if (!admit(node, state, frame, bytes))
            continue;
        leave_ps = dx_bucket_leave(state->bucket, state->n_buckets, bytes, frame->t_ps);
        if (leave_ps > frame->t_ps)
            enqueue(state, leave_ps, bytes);
        if (leave_ps >= until) {
            hold(state, frame, bytes);
            continue;
        }
        send(&sent, frame, bytes, leave_ps);
        burst->frame[n++] = *frame;
    }
    add_sent(state, &sent);
    burst->n = n;
    dx_node_emit(node, 0, burst);
    promise(node);
}

static uint64_t shaper_held(const DxNode *node, DxHeldFn visit, void *data)
{
    const ShaperState *state = dx_node_state(node);
    const uint32_t n = frame_ring_count(&state->held);

    for (uint32_t i = 0; visit && i < n; i++)
        visit(frame_ring_at(&state->held, i), data);
    return n;
}

const DxModel dx_model_shaper = {
    .name = "shaper",
    .summary = "Token bucket that delays what comes too fast (tc-tbf)",
    .conf_size = sizeof(ShaperConf),
    .state_size = sizeof(ShaperState),
    .params = shaper_params,
    .counters = shaper_counters,
    .drops = shaper_drops,
    .check = shaper_check,
    .longest = shaper_longest,
    .init = shaper_init,
    .process = shaper_process,
    .advance = shaper_advance,
    .held = shaper_held,
    .clear = shaper_clear,
};
