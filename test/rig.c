/*
 * rig - one model between feeders and collectors
 */
#include "rig.h"

#include <check.h>
#include <string.h>

/* -- feeder: emits a list ---------------------------------------------------------------------------- */

typedef struct {
    GArray *frames; /* DxFrame */
    guint next;
} FeederState;

static void feeder_promise(DxNode *node)
{
    FeederState *state = dx_node_state(node);

    if (!state->frames || state->next == state->frames->len)
        dx_node_promise(node, DX_TIME_NEVER);
    else
        dx_node_promise(node, g_array_index(state->frames, DxFrame, state->next).t_ps);
}

static void feeder_advance(DxNode *node, DxTime until)
{
    FeederState *state = dx_node_state(node);

    while (state->next < state->frames->len) {
        DxFrame frame[DX_BURST_MAX];
        unsigned n = 0;

        while (n < DX_BURST_MAX && state->next < state->frames->len &&
               g_array_index(state->frames, DxFrame, state->next).t_ps < until)
            frame[n++] = g_array_index(state->frames, DxFrame, state->next++);
        if (!n)
            break;
        dx_node_create(node, n);
        dx_node_emit(node, 0, &(DxBurst){ frame, n });
    }
    feeder_promise(node);
}

static void feeder_clear(DxNode *node)
{
    FeederState *state = dx_node_state(node);

    if (state->frames)
        g_array_unref(state->frames);
}

static const DxModel feeder_model = {
    .name = "feeder",
    .summary = "Emits a list of frames",
    .state_size = sizeof(FeederState),
    .start = feeder_promise,
    .advance = feeder_advance,
    .clear = feeder_clear,
};

/* -- collector: keeps what comes --------------------------------------------------------------------- */

typedef struct {
    GArray *frames; /* DxFrame */
} CollectorState;

static bool collector_init(DxNode *node, GError **error)
{
    CollectorState *state = dx_node_state(node);

    (void)error;
    state->frames = g_array_new(FALSE, FALSE, sizeof(DxFrame));
    return true;
}

static void collector_process(DxNode *node, DxBurst *burst)
{
    CollectorState *state = dx_node_state(node);

    g_array_append_vals(state->frames, burst->frame, burst->n);
    dx_node_consume(node, burst);
}

static void collector_clear(DxNode *node)
{
    CollectorState *state = dx_node_state(node);

    if (state->frames)
        g_array_unref(state->frames);
}

static const DxModel collector_model = {
    .name = "collector",
    .summary = "Keeps the frames that come",
    .state_size = sizeof(CollectorState),
    .init = collector_init,
    .process = collector_process,
    .clear = collector_clear,
};

/* -- the rig ----------------------------------------------------------------------------------------- */

Rig *rig_new(const DxModel *model, unsigned n_in, unsigned n_out, unsigned n_flows)
{
    Rig *rig = g_new0(Rig, 1);

    rig->sim = dx_sim_new(1, 0);
    rig->n_in = n_in;
    rig->n_out = n_out;
    for (unsigned i = 0; i < n_flows; i++)
        dx_sim_add_flow(rig->sim, &(DxFlow){ .src_port = (uint16_t)i, .protocol = 17 });
    rig->node = dx_sim_add(rig->sim, "model", model);
    for (unsigned i = 0; i < n_in; i++) {
        char name[16];

        g_snprintf(name, sizeof name, "feeder%u", i);
        rig->feeder[i] = dx_sim_add(rig->sim, name, &feeder_model);
        ((FeederState *)dx_node_state(rig->feeder[i]))->frames = g_array_new(FALSE, FALSE, sizeof(DxFrame));
        dx_sim_connect(rig->sim, rig->feeder[i], rig->node);
    }
    for (unsigned i = 0; i < n_out; i++) {
        char name[16];

        g_snprintf(name, sizeof name, "collector%u", i);
        rig->collector[i] = dx_sim_add(rig->sim, name, &collector_model);
        dx_sim_connect(rig->sim, rig->node, rig->collector[i]);
    }
    return rig;
}

void rig_free(Rig *rig)
{
    dx_sim_free(rig->sim);
    g_free(rig);
}

void rig_set(Rig *rig, const char *key, const char *text)
{
    GError *error = NULL;

    if (!dx_sim_set(rig->node, key, text, &error))
        ck_abort_msg("%s", error->message);
}

void rig_expect_refused(const DxModel *model, const char *const *set, const char *key)
{
    Rig *rig = rig_new(model, 1, 1, 1);
    GError *error = NULL;

    for (unsigned k = 0; k < 8 && set[k]; k += 2)
        rig_set(rig, set[k], set[k + 1]);
    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
    ck_assert_ptr_nonnull(strstr(error->message, key));
    g_error_free(error);
    rig_free(rig);
}

DxFrame *rig_feed(Rig *rig, unsigned in, DxTime t_ps)
{
    GArray *frames = ((FeederState *)dx_node_state(rig->feeder[in]))->frames;
    DxFrame frame = { .t_ps = t_ps, .birth_ps = t_ps, .seq = frames->len, .size_bytes = 1500, .ttl = 64 };

    g_array_append_val(frames, frame);
    return &g_array_index(frames, DxFrame, frames->len - 1);
}

typedef struct {
    Rig *rig;
    DxControl control;
} Controlled;

static void on_control(DxSim *sim, void *data)
{
    Controlled *controlled = data;

    (void)sim;
    dx_sim_control(controlled->rig->node, &controlled->control);
    g_free(controlled);
}

void rig_control(Rig *rig, DxTime t_ps, DxControl control)
{
    Controlled controlled = { rig, control };

    dx_sim_at(rig->sim, t_ps, on_control, g_memdup2(&controlled, sizeof controlled));
}

void rig_run(Rig *rig, DxTime until_ps)
{
    GError *error = NULL;

    if (!dx_sim_run(rig->sim, until_ps, &error) || !dx_sim_check(rig->sim, &error))
        ck_abort_msg("%s", error->message);
}

static GArray *collected(const Rig *rig, unsigned out)
{
    return ((CollectorState *)dx_node_state(rig->collector[out]))->frames;
}

unsigned rig_n(const Rig *rig, unsigned out)
{
    return collected(rig, out)->len;
}

const DxFrame *rig_frame(const Rig *rig, unsigned out, unsigned i)
{
    if (i >= rig_n(rig, out)) /* a check that holds costs a system call: not for every frame */
        ck_abort_msg("output %u has no frame %u", out, i);
    return &g_array_index(collected(rig, out), DxFrame, i);
}

void rig_expect(const Rig *rig, const RigOut *out, unsigned n)
{
    for (unsigned i = 0; i < MIN(n, rig_n(rig, 0)); i++) {
        ck_assert_uint_eq(rig_frame(rig, 0, i)->seq, out[i].seq);
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, out[i].t_ps);
    }
    ck_assert_uint_eq(rig_n(rig, 0), n);
}

uint64_t rig_dropped(const Rig *rig, const char *reason)
{
    const DxModel *model = dx_node_model(rig->node);

    for (unsigned i = 0; model->drops && model->drops[i]; i++)
        if (!strcmp(model->drops[i], reason))
            return dx_node_dropped(rig->node, i);
    ck_abort_msg("no such reason: %s", reason);
    return 0;
}

static uint64_t mix(uint64_t digest, uint64_t value)
{
    digest ^= value;
    return dx_splitmix64(&digest);
}

static uint64_t mix_groups(const Rig *rig, uint64_t digest)
{
    for (uint32_t i = 0; i < dx_sim_n_groups(rig->sim); i++) {
        const DxGroupStats *stats = dx_sim_group(rig->sim, i);

        digest = mix(digest, stats->sent_frames);
        digest = mix(digest, stats->sent_bytes);
        digest = mix(digest, stats->delivered_frames);
        digest = mix(digest, stats->delivered_bytes);
        digest = mix(digest, stats->reordered_frames);
        digest = mix(digest, (uint64_t)stats->gap_max_ps);
        digest = mix(digest, (uint64_t)stats->last_ps);
        digest = mix(digest, stats->latency.sum_low);
        for (unsigned k = 0; stats->latency.count && k < DX_HISTOGRAM_BUCKETS; k++)
            digest = mix(digest, dx_histogram_at(&stats->latency, k));
    }
    return digest;
}

uint64_t rig_digest(const Rig *rig)
{
    const DxModel *model = dx_node_model(rig->node);
    uint64_t digest = dx_node_dropped_total(rig->node);

    for (unsigned i = 0; model->drops && model->drops[i]; i++)
        digest = mix(digest, dx_node_dropped(rig->node, i));
    for (const DxCounter *counter = model->counters; counter && counter->name; counter++)
        digest = mix(digest, dx_node_counter(rig->node, counter->name));
    for (unsigned out = 0; out < rig->n_out; out++)
        for (unsigned i = 0; i < rig_n(rig, out); i++) {
            const DxFrame *frame = rig_frame(rig, out, i);

            digest = mix(digest, (uint64_t)frame->t_ps);
            digest = mix(digest, (uint64_t)frame->birth_ps);
            digest = mix(digest, (uint64_t)frame->flow << 32 | frame->seq);
            digest = mix(digest, (uint64_t)frame->size_bytes << 48 | (uint64_t)frame->tci << 32 |
                                     (uint64_t)frame->flags << 16 | (uint64_t)frame->ttl << 8 |
                                     frame->overhead_bytes);
        }
    return mix_groups(rig, digest);
}

static uint64_t run_as(Rig *rig, unsigned burst, DxTime window_ps, DxTime until_ps)
{
    uint64_t digest;

    dx_sim_set_burst(rig->sim, burst);
    dx_sim_set_window(rig->sim, window_ps);
    rig_run(rig, until_ps);
    digest = rig_digest(rig);
    rig_free(rig);
    return digest;
}

void rig_check_invariance(Rig *(*build)(uint64_t variant), uint64_t variant, DxTime until_ps)
{
    static const unsigned bursts[] = { 1, 7, 256 };
    static const DxTime windows[] = { DX_US, 100 * DX_US, DX_TIME_MAX };
    const uint64_t digest = run_as(build(variant), 256, DX_TIME_MAX, until_ps);

    for (unsigned b = 0; b < G_N_ELEMENTS(bursts); b++)
        for (unsigned w = 0; w < G_N_ELEMENTS(windows); w++)
            ck_assert_msg(run_as(build(variant), bursts[b], windows[w], until_ps) == digest,
                          "variant %" G_GUINT64_FORMAT ": burst %u in windows of %" G_GINT64_FORMAT
                          " ps differs",
                          variant, bursts[b], windows[w]);
}
