/*
 * own-model - a model of one's own between two that come with libdxsim
 *
 *   [source] ------------> [skip] ------------> [sink]
 *    1.2 Gbps, a frame      drops every          counts, measures
 *    of 1500 B every 10 us  third one
 *
 * In 1 ms the source sends 100 frames, at 0, 10, ... 990 us. Of these every third is dropped, 33 in all; the
 * other 67 arrive. Prints:
 *
 *   sent 100, skipped 33, delivered 67
 *   longest gap 20 us
 */
#include <dxsim/dxsim.h>
#include <stdio.h>
#include <dxsim/models.h>

/* -- the model: about forty lines, and nothing but the public header ---------------------------------- */

enum { DROP_SKIPPED };

static const char *const skip_drops[] = { "skipped", NULL };

typedef struct {
    int64_t every;
} SkipConf;

static const DxParam skip_params[] = {
    DX_PARAM_INT(SkipConf, every, "10", "1", "1000000", "Every how many frames one is dropped."),
    DX_PARAM_END,
};

typedef struct {
    uint64_t seen_frames;
} SkipState;

static const DxCounter skip_counters[] = {
    DX_COUNTER(SkipState, seen_frames, DX_COUNTER_SUM, "Frames that came."),
    DX_COUNTER_END,
};

static void skip_process(DxNode *node, DxBurst *burst)
{
    const SkipConf *conf = dx_node_conf(node);
    SkipState *state = dx_node_state(node);
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        if (++state->seen_frames % (uint64_t)conf->every == 0)
            dx_node_drop(node, DROP_SKIPPED, &burst->frame[i]);
        else
            burst->frame[kept++] = burst->frame[i];
    }
    burst->n = kept;
    dx_node_emit(node, 0, burst);
}

static const DxModel skip_model = {
    .name = "skip",
    .summary = "Drops every n-th frame",
    .conf_size = sizeof(SkipConf),
    .state_size = sizeof(SkipState),
    .params = skip_params,
    .counters = skip_counters,
    .drops = skip_drops,
    .process = skip_process,
};

/* -- the program --------------------------------------------------------------------------------------- */

int main(void)
{
    DxSim *sim = dx_sim_new(1, 0);
    DxNode *source, *skip, *sink;
    GError *error = NULL;

    dx_builtin_register(sim);
    source = dx_sim_add(sim, "source", dx_sim_model(sim, "source"));
    skip = dx_sim_add(sim, "skip", &skip_model);
    sink = dx_sim_add(sim, "sink", dx_sim_model(sim, "sink"));
    dx_sim_connect(sim, source, skip);
    dx_sim_connect(sim, skip, sink);
    dx_sim_bind(source, NULL, dx_sim_add_flow(sim, &(DxFlow){ .group = 0 }));
    if (dx_sim_set(source, "rate", "1.2 Gbps", &error) && dx_sim_set(skip, "every", "3", &error) &&
        dx_sim_run(sim, DX_MS, &error)) {
        const DxGroupStats *stats = dx_sim_group(sim, 0);
        char *gap = dx_units_format(DX_UNIT_TIME, stats->gap_max_ps);

        printf("sent %d, skipped %d, delivered %d\n", (int)stats->sent_frames,
               (int)dx_node_dropped(skip, DROP_SKIPPED), (int)stats->delivered_frames);
        printf("longest gap %s\n", gap);
        g_free(gap);
    } else {
        fprintf(stderr, "%s\n", error->message);
    }
    dx_sim_free(sim);
    return error ? 1 : 0;
}
