/*
 * node - what a model may ask of the engine
 *
 * Every frame passes through here once a hop: emit and deliver are the engine's hot path.
 */
#include "sim-priv.h"

#include <string.h>

/* -- who am I ---------------------------------------------------------------------------------------- */

const void *dx_node_conf(const DxNode *node)
{
    return node->conf;
}

void *dx_node_state(const DxNode *node)
{
    return node->state;
}

const char *dx_node_name(const DxNode *node)
{
    return node->name;
}

DxSim *dx_node_sim(const DxNode *node)
{
    return node->sim;
}

unsigned dx_node_n_outputs(const DxNode *node)
{
    return node->n_out;
}

unsigned dx_node_n_inputs(const DxNode *node)
{
    return node->n_in;
}

uint32_t dx_node_bound_index(const DxNode *node)
{
    return node->bound_index;
}

const char *dx_node_station(const DxNode *node, unsigned end)
{
    g_return_val_if_fail(end < 2, NULL);
    return node->station[end];
}

const DxModel *dx_node_model(const DxNode *node)
{
    return node->model;
}

void dx_node_rng(const DxNode *node, const char *purpose, DxRng *rng)
{
    dx_rng_init(rng, node->sim->seed, node->sim->replication, node->name, purpose);
}

/* -- set-up ------------------------------------------------------------------------------------------ */

void dx_node_set_delay(DxNode *node, unsigned output, DxTime delay_ps)
{
    if (output >= node->n_out || delay_ps < 0 || delay_ps > DX_TIME_MAX) {
        dx__node_broke(node, "declares a delay of %" PRId64 " ps on output %u of %u", delay_ps, output,
                       node->n_out);
        return;
    }
    if (delay_ps == DX_TIME_MAX)
        delay_ps = DX_TIME_NEVER; /* on no cycle of frames */
    if (node->out[output]->delay_ps == delay_ps)
        return;
    node->out[output]->delay_ps = delay_ps;
    node->sim->graph_changed = true;
}

void dx_node_set_reaction(DxNode *node, DxTime reaction_ps)
{
    if (reaction_ps < DX_US) {
        dx__node_broke(node, "declares a reaction time of %" PRId64 " ps, below 1 us", reaction_ps);
        return;
    }
    node->reaction_ps = reaction_ps;
    node->sim->reaction_min_ps = MIN(node->sim->reaction_min_ps, reaction_ps);
}

void dx_node_set_alert(DxNode *node, bool is_alert)
{
    g_return_if_fail(!node->sim->is_running_window && (!is_alert || node->reaction_ps > 0));

    node->part->control_frames += (int)is_alert - (int)node->is_alert;
    node->is_alert = is_alert;
}

bool dx_node_fail(DxNode *node, const char *field, GError **error, DxError code, const char *format, ...)
{
    va_list args;
    char *message;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    if (field)
        g_set_error(error, DX_ERROR, (int)code, "%s: %s: %s", node->name, field, message);
    else
        g_set_error(error, DX_ERROR, (int)code, "%s: %s", node->name, message);
    g_free(message);
    return false;
}

/* A promise of <dxsim/model.h> was broken: the first one is kept and ends the run. */
void dx__node_broke(DxNode *node, const char *format, ...)
{
    va_list args;
    char *message;
    GError **failure =
        node->part && node->sim->is_running_window ? &node->part->failure : &node->sim->failure;

    if (*failure)
        return;
    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(failure, DX_ERROR, DX_ERROR_MODEL, "%s (model %s) %s at %" PRId64 " ps", node->name,
                node->model ? node->model->name : "none", message, node->sim->now_ps);
    g_free(message);
}

/* -- frames ------------------------------------------------------------------------------------------ */

void dx__node_deliver(DxNode *node, DxFrame *frames, unsigned n)
{
    DxPart *part = node->part;
    const DxTime last_ps = frames[n - 1].t_ps;

    node->frames_in += n;
    part->work.frames += n;
    part->work.bursts++;
    part->depth++;
    node->model->process(node, &(DxBurst){ frames, n });
    part->depth--;
    if (G_UNLIKELY(node->wake_ps <= last_ps))
        dx__node_broke(node, "asks to wake up within the burst it was given");
}

/* Stamps must not go back, neither within the burst nor against what was sent before. */
static bool order_kept(const DxEdge *edge, const DxBurst *burst)
{
    DxTime last = edge->last_ps;
    bool kept = true;

    for (unsigned i = 0; i < burst->n; i++) {
        kept &= burst->frame[i].t_ps >= last;
        last = burst->frame[i].t_ps;
    }
    return kept;
}

/* Frames that the next node may see in this very call: those that fall into its window before it wakes, which
 * it may decide anew after every slice. */
static unsigned hand_over(DxEdge *edge, DxFrame *frame, unsigned n)
{
    DxNode *to = edge->to;
    DxSim *sim = to->sim;
    unsigned done = 0;

    if (to->n_in != 1 || to->part->depth >= DX_CHAIN_DEPTH || edge->head != edge->tail)
        return 0;
    while (done < n) {
        const DxTime limit = MIN(to->part->until_ps, to->wake_ps);
        unsigned slice = MIN(sim->burst_max, n - done);

        while (slice && frame[done + slice - 1].t_ps >= limit)
            slice--;
        if (!slice)
            break;
        dx__node_deliver(to, frame + done, slice);
        done += slice;
    }
    return done;
}

void dx_node_emit(DxNode *node, unsigned output, DxBurst *burst)
{
    DxSim *sim = node->sim;
    DxFrame *frame = burst->frame;
    unsigned n = burst->n;
    DxEdge *edge;

    if (!n)
        return;
    if (G_UNLIKELY(output >= node->n_out)) {
        dx__node_broke(node, "emits on output %u of %u", output, node->n_out);
        return;
    }
    edge = node->out[output];
    if (G_UNLIKELY(!order_kept(edge, burst) || frame[0].t_ps < sim->now_ps)) {
        dx__node_broke(node, "emits backwards in time on output %u", output);
        return;
    }
    edge->last_ps = frame[n - 1].t_ps;
    node->frames_out += n;
    if (G_UNLIKELY(node->captures_sent))
        dx__capture_sent(node, burst);
    if (sim->is_running_window && frame[0].t_ps < node->part->until_ps) {
        unsigned done;

        if (G_UNLIKELY(edge->to->rank <= node->rank || edge->crosses)) {
            dx__node_broke(node, "emits sooner than its declared delay on output %u", output);
            return;
        }
        done = hand_over(edge, frame, n);
        frame += done;
        n -= done;
        if (!n)
            return;
        node->part->parked += frame[0].t_ps < node->part->until_ps ? n : 0;
    }
    if (edge->crosses && sim->is_running_window) {
        dx__edge_keep(edge, frame, n);
        return;
    }
    dx__node_due(edge->to, frame[0].t_ps);
    dx__edge_push(edge, frame, n);
}

/* Frames sorted by output, each output's a segment. Order within an output is kept. */
typedef struct {
    unsigned n;
    uint16_t output[DX_BURST_MAX], end[DX_BURST_MAX];
    DxFrame frame[DX_BURST_MAX];
} Segments;

/* Counting sort; @count has an entry of 0 for every output, and has again afterwards. */
static void sort_by_output(Segments *segments, const DxBurst *burst, const uint16_t *output, uint16_t *count)
{
    uint16_t start = 0;

    segments->n = 0;
    for (unsigned i = 0; i < burst->n; i++)
        if (count[output[i]]++ == 0)
            segments->output[segments->n++] = output[i];
    for (unsigned k = 0; k < segments->n; k++) {
        const uint16_t length = count[segments->output[k]];

        count[segments->output[k]] = start;
        segments->end[k] = start = (uint16_t)(start + length);
    }
    for (unsigned i = 0; i < burst->n; i++)
        segments->frame[count[output[i]]++] = burst->frame[i];
    for (unsigned k = 0; k < segments->n; k++)
        count[segments->output[k]] = 0;
}

/* What a model asks for may be wrong; *most: the highest of all. */
static bool all_alike(const uint16_t *output, unsigned n, uint16_t *most)
{
    uint16_t differ = 0, high = 0;

    for (unsigned i = 0; i < n; i++) {
        differ |= output[i] ^ output[0];
        high = MAX(high, output[i]);
    }
    *most = high;
    return !differ;
}

/* Where there are few outputs, as of most bundles, frames are put down where they belong at once: each has
 * room for all. */
#define FEW_OUTPUTS 4

static void scatter_to_few(DxNode *node, const DxBurst *burst, const uint16_t *output)
{
    DxFrame frame[FEW_OUTPUTS][DX_BURST_MAX];
    unsigned n[FEW_OUTPUTS] = { 0 };

    for (unsigned i = 0; i < burst->n; i++)
        frame[output[i]][n[output[i]]++] = burst->frame[i];
    for (unsigned k = 0; k < node->n_out; k++)
        dx_node_emit(node, k, &(DxBurst){ frame[k], n[k] });
}

void dx_node_scatter(DxNode *node, DxBurst *burst, const uint16_t *output)
{
    Segments segments;
    uint16_t most;

    if (all_alike(output, burst->n, &most)) {
        if (burst->n)
            dx_node_emit(node, output[0], burst);
        return;
    }
    if (G_UNLIKELY(most >= node->n_out)) {
        dx__node_broke(node, "emits on output %u of %u", most, node->n_out);
        return;
    }
    if (node->n_out <= FEW_OUTPUTS) {
        scatter_to_few(node, burst, output);
        return;
    }
    sort_by_output(&segments, burst, output, node->part->output_count);
    for (unsigned k = 0, start = 0; k < segments.n; start = segments.end[k++])
        dx_node_emit(node, segments.output[k], &(DxBurst){ segments.frame + start, segments.end[k] - start });
}

/* Control frames are counted from injection to their end, see DxSim.control_frames. */
static void forget_control(DxNode *node, const DxFrame *frame)
{
    if (G_LIKELY(!(frame->flags & DX_FRAME_CONTROL)))
        return;
    node->part->control_frames--;
    if (frame->flags & DX_FRAME_SIDE)
        dx__side_end(node, frame);
}

static void drop_at(DxNode *node, unsigned reason, const DxFrame *frame, DxTime at)
{
    node->dropped[reason]++;
    node->dropped_total++;
    if (frame->flow != DX_NO_FLOW)
        node->first_loss_ps = MIN(node->first_loss_ps, at);
    if (G_UNLIKELY(node->sim->trace))
        dx__trace_add(node, frame, at, (int)reason);
    if (G_UNLIKELY(node->captures_dropped))
        dx__capture_dropped(node, frame, at, reason);
    forget_control(node, frame);
}

void dx_node_number(DxNode *node, uint32_t key, uint64_t first_pn)
{
    node->key = key;
    node->first_pn = first_pn;
}

void dx_node_drop(DxNode *node, unsigned reason, const DxFrame *frame)
{
    drop_at(node, reason, frame, MAX(frame->t_ps, node->sim->now_ps));
}

void dx_node_consume(DxNode *node, const DxBurst *burst)
{
    DxSim *sim = node->sim;

    node->consumed += burst->n;
    if (G_UNLIKELY(sim->trace))
        for (unsigned i = 0; i < burst->n; i++)
            dx__trace_add(node, &burst->frame[i], burst->frame[i].t_ps, -1);
    if (sim->control_frames)
        for (unsigned i = 0; i < burst->n; i++)
            forget_control(node, &burst->frame[i]);
}

void dx_node_create(DxNode *node, uint64_t n)
{
    node->created += n;
    node->part->births += n;
}

void dx_node_inject(DxNode *node, unsigned output, const DxFrame *frame)
{
    DxFrame copy = *frame;

    if (frame->flags & DX_FRAME_CONTROL) {
        if (node->sim->is_running_window) {
            dx__node_broke(node, "injects a control frame outside an event");
            return;
        }
        node->part->control_frames++;
    }
    node->created++;
    dx_node_emit(node, output, &(DxBurst){ &copy, 1 });
}

void dx_node_purge(DxNode *node, unsigned reason)
{
    const DxTime now = node->sim->now_ps;

    g_return_if_fail(!node->sim->is_running_window);
    if (node->captures_sent)
        dx__capture_forget(node, now);
    for (unsigned k = 0; k < node->n_out; k++) {
        DxEdge *edge = node->out[k];

        for (; edge->head != edge->tail; edge->head++) {
            node->frames_out--;
            drop_at(node, reason, dx__edge_at(edge, 0), now);
        }
        edge->last_ps = MIN(edge->last_ps, now);
        if (edge->to->n_in > 1)
            dx__merge_rebuild(edge->to);
    }
}

/* -- time -------------------------------------------------------------------------------------------- */

DxTime dx_node_now(const DxNode *node)
{
    return node->sim->now_ps;
}

DxTime dx_node_window_end(const DxNode *node)
{
    return node->sim->is_running_window ? node->part->until_ps : node->sim->until_ps;
}

/* The rest of the window is left to the next one. Nobody has seen anything that he should not: whoever has
 * been visited already gets nothing more that is stamped before the old end. */
DxTime dx_node_curtail(DxNode *node, DxTime next_ps)
{
    DxPart *part = node->part;

    if (G_UNLIKELY(part->births > DX_WINDOW_BIRTHS && next_ps < part->until_ps)) {
        part->until_ps = MAX(next_ps, node->sim->now_ps + 1);
        part->births = 0;
    }
    return part->until_ps;
}

void dx_node_promise(DxNode *node, DxTime at)
{
    if (G_UNLIKELY(!node->model->advance)) {
        dx__node_broke(node, "promises something, but has no advance()");
        return;
    }
    node->promise_ps = at;
    dx__node_due(node, at);
}

void dx_node_wake_at(DxNode *node, DxTime at)
{
    if (G_UNLIKELY(!node->model->wake)) {
        dx__node_broke(node, "wants to wake up, but has no wake()");
        return;
    }
    if (G_UNLIKELY(at < node->sim->now_ps)) {
        dx__node_broke(node, "wants to wake up in the past");
        return;
    }
    node->wake_ps = at;
    dx__node_due(node, at);
}

/* The event queue belongs to all partitions: while they run, wishes are written down. Their order comes from
 * the node, so it does not matter when they are carried out. */
static void wish(DxNode *node, DxEventWish wish)
{
    DxSim *sim = node->sim;

    if (sim->is_running_window)
        g_array_append_val(node->part->wishes, wish);
    else
        dx__event_wish(sim, &wish);
}

void dx_node_post(DxNode *node, DxTime at, DxEventFn fn, uint64_t arg)
{
    if (at < node->sim->until_ps)
        dx__node_broke(node, "posts an event inside the window");
    else
        wish(node, (DxEventWish){ .at = at, .order = dx__node_event_order(node), .call = { fn, node, arg } });
}

void dx_node_learn(DxNode *node, DxTime at, DxEventFn fn, uint64_t arg)
{
    g_return_if_fail(node->reaction_ps > 0);

    dx_node_post(node, at + node->reaction_ps, fn, arg);
}

DxTimer dx_node_timer(DxNode *node, DxEventFn fn, uint64_t arg)
{
    return dx__eventq_timer(&node->sim->events, (DxEventCall){ fn, node, arg });
}

void dx_timer_arm(DxNode *node, DxTimer timer, DxTime at)
{
    if (at < node->sim->until_ps)
        dx__node_broke(node, "arms a timer inside the window");
    else
        wish(node, (DxEventWish){ .at = at, .order = dx__node_event_order(node), .timer = timer });
}

void dx_timer_cancel(DxNode *node, DxTimer timer)
{
    wish(node, (DxEventWish){ .timer = timer, .cancels = true });
}

void dx_node_steer(DxNode *node, DxControlOp op, uint64_t value)
{
    g_return_if_fail(!node->sim->is_running_window);
    if (node->target)
        dx_sim_control(node->target, &(DxControl){ .op = op, .index = node->bound_index, .value = value });
}

void dx_node_tell(DxNode *node, unsigned slot, DxControlOp op, const void *octets, size_t n)
{
    g_return_if_fail(!node->sim->is_running_window && slot < node->n_bound);
    if (node->bound[slot].target)
        dx_sim_control(node->bound[slot].target, &(DxControl){ op, node->bound[slot].index, n, octets });
}

void dx_node_control_at(DxNode *node, unsigned slot, const DxControl *control)
{
    g_return_if_fail(!node->sim->is_running_window && slot < node->n_bound);
    if (node->bound[slot].target)
        dx_sim_control(node->bound[slot].target, control);
}

void dx_node_steer_at(DxNode *node, unsigned slot, DxControlOp op, uint64_t value)
{
    dx_node_tell(node, slot, op, NULL, value);
}

unsigned dx_node_n_bound(const DxNode *node)
{
    return node->n_bound;
}

const char *dx_node_bound_name(const DxNode *node, unsigned slot)
{
    g_return_val_if_fail(slot < node->n_bound, NULL);
    return node->bound[slot].target ? node->bound[slot].target->name : NULL;
}

G_GNUC_PRINTF(4, 0)
static void log_line(DxNode *node, const char *object, const char *event, const char *format, va_list args)
{
    DxSim *sim = node->sim;
    char *detail;

    if (!sim->log)
        return;
    detail = g_strdup_vprintf(format, args);
    sim->log(sim->now_ps, object, event, detail, sim->log_data);
    g_free(detail);
}

void dx_node_log(DxNode *node, const char *event, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(node, node->name, event, format, args);
    va_end(args);
}

void dx_node_log_at(DxNode *node, unsigned slot, const char *event, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(node, dx_node_bound_name(node, slot), event, format, args);
    va_end(args);
}
