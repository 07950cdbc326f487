/*
 * internet - a path that nobody promised anything about, one direction
 *
 *   arrival --> lost? --> [ held for the jitter ] --> delay --> out
 *
 *   out = arrival + delay + J           J drawn anew for every frame, 0 to jitter.max
 *
 *     uniform       0 to 2 mean
 *     normal        of mean and deviation
 *     exponential   of the mean
 *     pareto        of the second kind (Lomax): P(J > x) = (1 + x / (mean (shape - 1)))^-shape
 *
 * A draw outside 0 to jitter.max is drawn again. Frames overtake each other as their jitter has it; with
 * "reordering": "kept" none leaves before one that came earlier. What leaves at the same time leaves in the
 * order it came. Frames in their jitter are held in a heap, and let go in order of time; the delay behind
 * that is like a fiber's. When the link fails, all that is on the way is lost.
 *
 * Not modelled: jitter that depends on the jitter before, congestion that the traffic itself makes,
 * duplicates.
 */
#include "loss.h"

#include <dxsim/dmath.h>

enum { DROP_LINK_DOWN, DROP_LOST };

static const char *const internet_drops[] = { "link_down", "lost", NULL };

typedef enum { JITTER_NONE, JITTER_UNIFORM, JITTER_NORMAL, JITTER_EXPONENTIAL, JITTER_PARETO } Distribution;

static const char *const distributions[] = { "none", "uniform", "normal", "exponential", "pareto", NULL };

enum { REORDERING_ALLOWED, REORDERING_KEPT };

static const char *const reorderings[] = { "allowed", "kept", NULL };

typedef struct {
    DxTime delay_ps;
    int reordering;
    int distribution;
    DxTime mean_ps, deviation_ps, max_ps;
    double shape;
    DxLossConf loss;
} InternetConf;

static const DxParam internet_params[] = {
    DX_PARAM_TIME(InternetConf, delay_ps, NULL, "0 ps", "10 s", "Of every frame; jitter comes on top."),
    DX_PARAM_ENUM(InternetConf, reordering, "allowed", reorderings,
                  "\"kept\": none leaves before one that came earlier."),
    DX_LOSS_PARAMS(InternetConf, loss),
    DX_PARAM_GROUP("jitter"),
    DX_PARAM_ENUM(InternetConf, distribution, "none", distributions, "Of what is added to the delay."),
    DX_PARAM_TIME(InternetConf, mean_ps, "0 ps", "0 ps", "10 s", "Its mean, before what is outside is cut."),
    DX_PARAM_TIME(InternetConf, deviation_ps, "0 ps", "0 ps", "10 s", "normal: its standard deviation."),
    DX_PARAM_F64(InternetConf, shape, "2.5", "1.01", "100", "pareto: the lower, the heavier the tail."),
    DX_PARAM_TIME(InternetConf, max_ps, "1 s", "0 ps", "60 s", "What is drawn above is drawn again."),
    DX_PARAM_END,
};

/* Its stamp is the end of its jitter. */
typedef struct {
    DxFrame frame;
    uint64_t order; /* of arrival */
} Held;

/* The earliest at the front. */
typedef struct {
    Held *item;
    uint32_t n, size;
} Heap;

typedef struct {
    DxTime delay_ps, last_ps; /* last_ps: latest end of a jitter, where order is kept */
    bool is_down, keeps_order;
    Distribution distribution;
    double mean_ps, deviation_ps, scale_ps, shape, max_ps;
    uint64_t span_ps; /* uniform: values there are */
    uint64_t arrived;
    Heap heap;
    DxRng jitter;
    DxLoss loss;
    uint64_t passed_frames, jitter_ps, jitter_max_ps;
} InternetState;

static const DxCounter internet_counters[] = {
    DX_COUNTER(InternetState, passed_frames, DX_COUNTER_SUM, "Frames that came and were not lost at once."),
    DX_COUNTER(InternetState, jitter_ps, DX_COUNTER_SUM, "Sum of what was added to their delays."),
    DX_COUNTER(InternetState, jitter_max_ps, DX_COUNTER_MAX, "Most that was added."),
    DX_COUNTER_END,
};

/* -- the heap ---------------------------------------------------------------------------------------- */

static inline bool comes_before(const Held *a, const Held *b)
{
    return a->frame.t_ps < b->frame.t_ps || (a->frame.t_ps == b->frame.t_ps && a->order < b->order);
}

static void heap_push(Heap *heap, const Held *held)
{
    uint32_t i = heap->n++;

    if (heap->n > heap->size) {
        heap->size = MAX(2 * heap->size, 64);
        heap->item = g_renew(Held, heap->item, heap->size);
    }
    for (; i && comes_before(held, &heap->item[(i - 1) / 2]); i = (i - 1) / 2)
        heap->item[i] = heap->item[(i - 1) / 2];
    heap->item[i] = *held;
}

static DxFrame heap_pop(Heap *heap)
{
    const DxFrame first = heap->item[0].frame;
    const Held last = heap->item[--heap->n];
    uint32_t i = 0;

    for (uint32_t child = 1; child < heap->n; child = 2 * i + 1) {
        if (child + 1 < heap->n && comes_before(&heap->item[child + 1], &heap->item[child]))
            child++;
        if (!comes_before(&heap->item[child], &last))
            break;
        heap->item[i] = heap->item[child];
        i = child;
    }
    heap->item[i] = last;
    return first;
}

static DxTime heap_first(const Heap *heap)
{
    return heap->n ? heap->item[0].frame.t_ps : DX_TIME_NEVER;
}

/* -- jitter ------------------------------------------------------------------------------------------ */

static double draw_real(InternetState *state)
{
    switch (state->distribution) {
    case JITTER_NORMAL:
        return state->mean_ps + state->deviation_ps * dx_rng_normal(&state->jitter);
    case JITTER_EXPONENTIAL:
        return dx_rng_exponential(&state->jitter, state->mean_ps);
    default:
        return state->scale_ps * (dx_exp(dx_rng_exponential(&state->jitter, 1) / state->shape) - 1);
    }
}

/* At least every third draw is inside: internet_check() sees to that. */
static DxTime draw(InternetState *state)
{
    double jitter_ps;

    if (state->distribution == JITTER_UNIFORM)
        return (DxTime)dx_rng_below(&state->jitter, state->span_ps);
    do
        jitter_ps = draw_real(state);
    while (!(jitter_ps >= 0 && jitter_ps <= state->max_ps));
    return (DxTime)(jitter_ps + 0.5);
}

/* -- frames ------------------------------------------------------------------------------------------ */

static void hold(InternetState *state, const DxFrame *frame)
{
    const DxTime came_ps = frame->t_ps;
    Held held = { *frame, state->arrived++ };
    uint64_t jitter_ps;

    held.frame.t_ps += draw(state);
    if (state->keeps_order)
        state->last_ps = held.frame.t_ps = MAX(held.frame.t_ps, state->last_ps);
    jitter_ps = (uint64_t)(held.frame.t_ps - came_ps);
    state->jitter_ps += jitter_ps;
    state->jitter_max_ps = MAX(state->jitter_max_ps, jitter_ps);
    heap_push(&state->heap, &held);
}

static void internet_process(DxNode *node, DxBurst *burst)
{
    InternetState *state = dx_node_state(node);

    if (state->is_down) {
        for (unsigned i = 0; i < burst->n; i++)
            dx_node_drop(node, DROP_LINK_DOWN, &burst->frame[i]);
        return;
    }
    dx__loss_apply(&state->loss, node, DROP_LOST, burst);
    state->passed_frames += burst->n;
    if (state->distribution == JITTER_NONE) {
        for (unsigned i = 0; i < burst->n; i++)
            burst->frame[i].t_ps += state->delay_ps;
        dx_node_emit(node, 0, burst);
        return;
    }
    for (unsigned i = 0; i < burst->n; i++)
        hold(state, &burst->frame[i]);
    dx_node_promise(node, heap_first(&state->heap));
}

/* Whoever still comes ends its jitter at @until or later. */
static void internet_advance(DxNode *node, DxTime until)
{
    InternetState *state = dx_node_state(node);
    DxFrame frame[DX_BURST_MAX];

    while (heap_first(&state->heap) < until) {
        unsigned n = 0;

        for (; n < DX_BURST_MAX && heap_first(&state->heap) < until; n++) {
            frame[n] = heap_pop(&state->heap);
            frame[n].t_ps += state->delay_ps;
        }
        dx_node_emit(node, 0, &(DxBurst){ frame, n });
    }
    dx_node_promise(node, heap_first(&state->heap));
}

/* First what is in its delay, then what is in its jitter, each in order of time. */
static void lose_all(DxNode *node)
{
    InternetState *state = dx_node_state(node);

    dx_node_purge(node, DROP_LINK_DOWN);
    while (state->heap.n) {
        DxFrame frame = heap_pop(&state->heap);

        frame.t_ps = dx_node_now(node);
        dx_node_drop(node, DROP_LINK_DOWN, &frame);
    }
    state->last_ps = 0;
    dx_node_promise(node, DX_TIME_NEVER);
}

static void internet_control(DxNode *node, const DxControl *control)
{
    InternetState *state = dx_node_state(node);

    switch (control->op) {
    case DX_CONTROL_DOWN:
    case DX_CONTROL_DOWN_SILENT:
        state->is_down = true;
        lose_all(node);
        break;
    case DX_CONTROL_UP:
        state->is_down = false;
        break;
    default:
        break;
    }
}

static uint64_t internet_held(const DxNode *node, DxHeldFn visit, void *data)
{
    const InternetState *state = dx_node_state(node);

    for (uint32_t i = 0; visit && i < state->heap.n; i++)
        visit(&state->heap.item[i].frame, data);
    return state->heap.n;
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static const char *wrong_jitter(const InternetConf *conf)
{
    if (conf->distribution == JITTER_NONE)
        return conf->mean_ps || conf->deviation_ps ? "say which distribution, such as \"exponential\"" : NULL;
    if (!conf->mean_ps)
        return "a distribution needs a mean, such as \"2 ms\"";
    if (conf->mean_ps > conf->max_ps / (conf->distribution == JITTER_UNIFORM ? 2 : 1))
        return "max must not be below the mean, and with \"uniform\" not below twice the mean";
    if (conf->distribution != JITTER_NORMAL)
        return conf->deviation_ps ? "a deviation goes with \"normal\" only" : NULL;
    if (!conf->deviation_ps || conf->deviation_ps > conf->mean_ps)
        return "\"normal\" needs a deviation, at most the mean; for a longer tail there is \"exponential\"";
    return NULL;
}

static bool internet_check(const void *data, const char **key, GError **error)
{
    const InternetConf *conf = data;
    const char *why = wrong_jitter(conf);

    if (!dx__loss_check(&conf->loss, key, error))
        return false;
    *key = "jitter";
    if (why)
        g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return !why;
}

static bool internet_can_drop(const void *data, unsigned reason)
{
    const InternetConf *conf = data;

    return reason != DROP_LOST || dx__loss_is_on(&conf->loss);
}

static bool internet_init(DxNode *node, GError **error)
{
    const InternetConf *conf = dx_node_conf(node);
    InternetState *state = dx_node_state(node);

    (void)error;
    state->delay_ps = conf->delay_ps;
    state->keeps_order = conf->reordering == REORDERING_KEPT;
    state->distribution = (Distribution)conf->distribution;
    state->mean_ps = (double)conf->mean_ps;
    state->deviation_ps = (double)conf->deviation_ps;
    state->shape = conf->shape;
    state->scale_ps = state->mean_ps * (conf->shape - 1);
    state->max_ps = (double)conf->max_ps;
    state->span_ps = 2 * (uint64_t)conf->mean_ps + 1;
    dx_node_rng(node, "jitter", &state->jitter);
    dx__loss_init(&state->loss, &conf->loss, node);
    dx_node_set_delay(node, 0, state->delay_ps);
    return true;
}

static void internet_clear(DxNode *node)
{
    InternetState *state = dx_node_state(node);

    g_free(state->heap.item);
}

const DxModel dx_model_internet = {
    .name = "internet",
    .summary = "A path with delay, jitter, loss and reordering",
    .conf_size = sizeof(InternetConf),
    .state_size = sizeof(InternetState),
    .params = internet_params,
    .counters = internet_counters,
    .drops = internet_drops,
    .check = internet_check,
    .can_drop = internet_can_drop,
    .init = internet_init,
    .process = internet_process,
    .advance = internet_advance,
    .control = internet_control,
    .held = internet_held,
    .clear = internet_clear,
};
