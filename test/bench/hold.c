/*
 * hold - the classic HOLD model on the event queue: take the first of N pending timers, put it back later
 *
 *   hold [N [OPERATIONS]]
 *
 * Increments are exponential with mean 100 us x N, from a table, so that drawing them is almost free. Prints one JSON
 * line; ns are CPU time, one hold each.
 */
#include <dxsim/dxsim.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TABLE 65536

typedef struct {
    DxTimer *timer;
    uint64_t left, next, n;
    DxTime *increment;
} HoldState;

static void on_timer(DxNode *node, uint64_t i)
{
    HoldState *state = dx_node_state(node);

    if (state->left == 0)
        return;
    state->left--;
    dx_timer_arm(node, state->timer[i], dx_node_now(node) + state->increment[state->next++ % TABLE]);
}

static void hold_start(DxNode *node)
{
    HoldState *state = dx_node_state(node);

    for (uint64_t i = 0; i < state->n; i++) {
        state->timer[i] = dx_node_timer(node, on_timer, i);
        dx_timer_arm(node, state->timer[i], state->increment[state->next++ % TABLE]);
    }
}

static const DxModel hold_model = {
    .name = "hold", .summary = "Timers that re-arm", .state_size = sizeof(HoldState), .start = hold_start
};

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    const uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    const uint64_t operations = argc > 2 ? strtoull(argv[2], NULL, 10) : 5000000;
    DxSim *sim = dx_sim_new(1, 0);
    HoldState *state = dx_node_state(dx_sim_add(sim, "hold", &hold_model));
    DxRng rng;
    double before;

    dx_rng_init(&rng, 42, 0, "hold", "increments");
    state->n = n;
    state->left = 2 * n;
    state->timer = g_new(DxTimer, n);
    state->increment = g_new(DxTime, TABLE);
    for (unsigned i = 0; i < TABLE; i++)
        state->increment[i] = 1 + (DxTime)dx_rng_exponential(&rng, 1e8);
    if (!dx_sim_prepare(sim, NULL))
        return 1;
    /* warm: the heap is as it will be. One simulated picosecond at a time would cost; run whole means */
    for (DxTime until = 0; state->left > 0; until += 100 * DX_US)
        dx_sim_run(sim, until, NULL);
    state->left = operations;
    for (uint64_t i = 0; i < n; i++)
        dx_timer_arm(dx_sim_find(sim, "hold"), state->timer[i],
                     dx_sim_now(sim) + state->increment[state->next++ % TABLE]);
    before = cpu_s();
    dx_sim_run(sim, DX_TIME_MAX, NULL);
    printf("{\"case\": \"hold\", \"n\": %" PRIu64 ", \"ns_per_hold\": %.1f}\n", n,
           (cpu_s() - before) * 1e9 / (double)(operations + n));
    dx_sim_free(sim);
    return 0;
}
