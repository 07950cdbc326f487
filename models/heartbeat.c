/*
 * heartbeat - a small agent: is the other end still there?
 *
 *        from the fiber -->[heartbeat]--> output 0: to the router
 *                               |
 *                               '-------> output 1: our own frames, into the port of the other direction
 *
 * Sends a frame every `period` through the port and its queue, like any other frame. When none has been heard
 * from the other end for `misses` periods, the link is taken out of the bundle at this end; when one is heard
 * again, it is put back. Loss of light needs no misses: the member is out at once, until the link is up and
 * the other end is heard. A frame that arrives at t is acted upon at t + reaction: that is how long the
 * control CPU takes.
 *
 * The template of an agent: frames in, events out, nothing in between.
 */
#include <dxsim/sim.h>

enum { OUTPUT_PASS, OUTPUT_SEND };

typedef struct {
    DxTime period_ps, reaction_ps;
    int64_t misses, pcp;
    uint64_t size_bytes;
} HeartbeatConf;

static const DxParam heartbeat_params[] = {
    DX_PARAM_TIME(HeartbeatConf, period_ps, "100 ms", "10 us", "1 h", "Between two frames."),
    DX_PARAM_INT(HeartbeatConf, misses, "3", "1", "255", "Periods without a frame until the member is out."),
    DX_PARAM_TIME(HeartbeatConf, reaction_ps, "10 us", "1 us", "1 s",
                  "From a frame's arrival to what is done about it."),
    DX_PARAM_SIZE(HeartbeatConf, size_bytes, "64 B", "1 B", "9000 B", "Of the frame, as an IP packet."),
    DX_PARAM_INT(HeartbeatConf, pcp, "7", "0", "7", "Priority (IEEE 802.1Q)."),
    DX_PARAM_END,
};

typedef struct {
    DxTimer send, expire;
    uint32_t seq;
    bool is_out, is_down;
    uint64_t sent_frames, heard_frames;
} HeartbeatState;

static const DxCounter heartbeat_counters[] = {
    DX_COUNTER(HeartbeatState, sent_frames, DX_COUNTER_SUM, "Heartbeats sent."),
    DX_COUNTER(HeartbeatState, heard_frames, DX_COUNTER_SUM, "Heartbeats heard."),
    DX_COUNTER_END,
};

/* -- events ------------------------------------------------------------------------------------------ */

static void on_send(DxNode *node, uint64_t arg)
{
    const HeartbeatConf *conf = dx_node_conf(node);
    HeartbeatState *state = dx_node_state(node);
    const DxTime now_ps = dx_node_now(node);
    const DxFrame frame = { .t_ps = now_ps,
                            .birth_ps = now_ps,
                            .flow = DX_NO_FLOW,
                            .seq = state->seq++,
                            .size_bytes = (uint16_t)conf->size_bytes,
                            .ttl = 1,
                            .tci = (uint16_t)(conf->pcp << 13),
                            .flags = DX_FRAME_CONTROL };

    (void)arg;
    state->sent_frames++;
    dx_node_inject(node, OUTPUT_SEND, &frame);
    dx_timer_arm(node, state->send, now_ps + conf->period_ps);
}

static void on_heard(DxNode *node, uint64_t arg)
{
    const HeartbeatConf *conf = dx_node_conf(node);
    HeartbeatState *state = dx_node_state(node);

    (void)arg;
    state->heard_frames++;
    if (state->is_down) /* it had left before */
        return;
    dx_timer_arm(node, state->expire, dx_node_now(node) + conf->misses * conf->period_ps);
    if (!state->is_out)
        return;
    state->is_out = false;
    dx_node_log(node, "heartbeat_heard", "member back in the bundle");
    dx_node_steer(node, DX_CONTROL_MEMBER_IN, 0);
}

static void on_expire(DxNode *node, uint64_t arg)
{
    const HeartbeatConf *conf = dx_node_conf(node);
    HeartbeatState *state = dx_node_state(node);

    (void)arg;
    state->is_out = true;
    dx_node_log(node, "heartbeat_lost", "%" G_GINT64_FORMAT " missed, member out of the bundle",
                conf->misses);
    dx_node_steer(node, DX_CONTROL_MEMBER_OUT, 0);
}

/* A silent failure is none of ours: it is told by the frames that do not come. */
static void heartbeat_control(DxNode *node, const DxControl *control)
{
    HeartbeatState *state = dx_node_state(node);

    if (control->op == DX_CONTROL_UP)
        state->is_down = false;
    if (control->op != DX_CONTROL_DOWN)
        return;
    state->is_down = true;
    dx_timer_cancel(node, state->expire);
    if (state->is_out)
        return;
    state->is_out = true;
    dx_node_log(node, "link_down", "member out of the bundle");
    dx_node_steer(node, DX_CONTROL_MEMBER_OUT, 0);
}

/* -- frames ------------------------------------------------------------------------------------------ */

static inline bool is_ours(const DxFrame *frame)
{
    return frame->flags & DX_FRAME_CONTROL && frame->flow == DX_NO_FLOW;
}

/* Everything passes but heartbeats. */
static void heartbeat_process(DxNode *node, DxBurst *burst)
{
    unsigned from = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];

        if (!is_ours(frame))
            continue;
        dx_node_emit(node, OUTPUT_PASS, &(DxBurst){ burst->frame + from, i - from });
        dx_node_learn(node, frame->t_ps, on_heard, 0);
        dx_node_consume(node, &(DxBurst){ frame, 1 });
        from = i + 1;
    }
    dx_node_emit(node, OUTPUT_PASS, &(DxBurst){ burst->frame + from, burst->n - from });
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool heartbeat_init(DxNode *node, GError **error)
{
    const HeartbeatConf *conf = dx_node_conf(node);

    (void)error;
    dx_node_set_reaction(node, conf->reaction_ps);
    dx_node_set_delay(node, OUTPUT_SEND, DX_TIME_MAX); /* sent by events only, never in answer to a frame */
    return true;
}

static void heartbeat_start(DxNode *node)
{
    const HeartbeatConf *conf = dx_node_conf(node);
    HeartbeatState *state = dx_node_state(node);

    state->send = dx_node_timer(node, on_send, 0);
    state->expire = dx_node_timer(node, on_expire, 0);
    dx_timer_arm(node, state->send, 0);
    dx_timer_arm(node, state->expire, conf->misses * conf->period_ps);
}

const DxModel dx_model_heartbeat = {
    .name = "heartbeat",
    .summary = "Takes a silent member out of its bundle after some missed frames",
    .conf_size = sizeof(HeartbeatConf),
    .state_size = sizeof(HeartbeatState),
    .params = heartbeat_params,
    .counters = heartbeat_counters,
    .init = heartbeat_init,
    .start = heartbeat_start,
    .process = heartbeat_process,
    .control = heartbeat_control,
};
