/*
 * spread - what a LAG costs a frame, by the number of flows, and what a change of its members costs
 *
 *   feeder -> collector            feeder -> hash -> four collectors            the same in plain C
 *
 *   spread [FLOWS [FRAMES]]
 *
 * Flows come in random order. The floor makes the same frames, looks the member up in a table of an octet a
 * flow, and copies the frames of a burst to four places: what nobody can do without. Both are measured with
 * and without the bundle; the differences are compared. Prints one JSON line, medians of seven rounds; ns are
 * CPU time. The change is that of one member of four, out and in again, all flows seen.
 */
#include <dxsim/dxsim.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern const DxModel dx_model_hash;

#define ROUNDS  7
#define MEMBERS 4

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* -- frames ------------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t random;
    uint32_t n_flows;
    bool in_order; /* one of each flow, first */
    DxTime next_ps;
} FeederState;

static inline void make(FeederState *state, DxFrame *frame)
{
    state->random = state->random * 6364136223846793005u + 1442695040888963407u;
    *frame = (DxFrame){ .t_ps = state->next_ps,
                        .birth_ps = state->next_ps,
                        .flow = (uint32_t)((state->random >> 32) * state->n_flows >> 32),
                        .size_bytes = 1500,
                        .ttl = 64 };
    if (state->in_order)
        frame->flow = (uint32_t)(state->next_ps / DX_NS);
    state->next_ps += DX_NS;
}

static void feeder_start(DxNode *node)
{
    dx_node_promise(node, 0);
}

static void feeder_advance(DxNode *node, DxTime until)
{
    FeederState *state = dx_node_state(node);

    while (state->next_ps < until) {
        DxFrame frame[DX_BURST_MAX];
        unsigned n = 0;

        while (n < DX_BURST_MAX && state->next_ps < until) {
            if (state->in_order && state->next_ps / DX_NS >= (DxTime)state->n_flows)
                state->in_order = false;
            make(state, &frame[n++]);
        }
        dx_node_create(node, n);
        dx_node_emit(node, 0, &(DxBurst){ frame, n });
    }
    dx_node_promise(node, state->next_ps);
}

static void collector_process(DxNode *node, DxBurst *burst)
{
    dx_node_consume(node, burst);
}

static const DxModel feeder_model = { .name = "feeder",
                                      .summary = "Frames of random flows, one every ns",
                                      .state_size = sizeof(FeederState),
                                      .start = feeder_start,
                                      .advance = feeder_advance };
static const DxModel collector_model = { .name = "collector",
                                         .summary = "The end",
                                         .process = collector_process };

/* -- simulations -------------------------------------------------------------------------------------- */

static DxSim *sim_new(uint32_t n_flows, bool has_lag)
{
    DxSim *sim = dx_sim_new(1, 0);
    DxNode *feeder = dx_sim_add(sim, "feeder", &feeder_model);
    DxNode *hash = has_lag ? dx_sim_add(sim, "hash", &dx_model_hash) : NULL;
    FeederState *state = dx_node_state(feeder);

    *state = (FeederState){ .n_flows = n_flows, .in_order = true };
    for (uint32_t i = 0; i < n_flows; i++) {
        const DxFlow flow = {
            .src = { [12] = 10, [13] = (uint8_t)(i >> 16), [14] = (uint8_t)(i >> 8), [15] = (uint8_t)i },
            .src_port = (uint16_t)(i * 7),
            .protocol = 17
        };

        dx_sim_add_flow(sim, &flow);
    }
    if (has_lag)
        dx_sim_connect(sim, feeder, hash);
    for (unsigned i = 0; i < (has_lag ? MEMBERS : 1); i++) {
        g_autofree char *name = g_strdup_printf("collector%u", i);

        dx_sim_connect(sim, has_lag ? hash : feeder, dx_sim_add(sim, name, &collector_model));
    }
    if (!dx_sim_prepare(sim, NULL) || !dx_sim_run(sim, n_flows * DX_NS, NULL))
        exit(1);
    return sim;
}

static double sim_ns(DxSim *sim, uint64_t frames)
{
    const double before = cpu_s();

    if (!dx_sim_run(sim, dx_sim_now(sim) + (DxTime)frames * DX_NS, NULL))
        exit(1);
    return (cpu_s() - before) * 1e9 / (double)frames;
}

static double change_ns(DxSim *sim, DxControlOp op)
{
    const double before = cpu_s();

    dx_sim_control(dx_sim_find(sim, "hash"), &(DxControl){ .op = op, .index = 2 });
    return (cpu_s() - before) * 1e9;
}

/* -- the floor ---------------------------------------------------------------------------------------- */

static volatile uint64_t sum;

static __attribute__((noinline)) void floor_end(const DxFrame *frame, unsigned n)
{
    uint64_t all = 0;

    for (unsigned i = 0; i < n; i++)
        all += frame[i].flow;
    sum += all;
}

static __attribute__((noinline)) void floor_spread(const uint8_t *member, const DxFrame *frame, unsigned n)
{
    static DxFrame place[MEMBERS][DX_BURST_MAX];
    unsigned count[MEMBERS] = { 0 };

    for (unsigned i = 0; i < n; i++)
        __builtin_prefetch(&member[frame[i].flow]);
    for (unsigned i = 0; i < n; i++) {
        const unsigned m = member[frame[i].flow];

        place[m][count[m]++] = frame[i];
    }
    for (unsigned m = 0; m < MEMBERS; m++)
        floor_end(place[m], count[m]);
}

static double floor_ns(FeederState *state, const uint8_t *member, uint64_t frames)
{
    const double before = cpu_s();

    for (uint64_t done = 0; done < frames; done += DX_BURST_MAX) {
        DxFrame frame[DX_BURST_MAX];

        for (unsigned i = 0; i < DX_BURST_MAX; i++)
            make(state, &frame[i]);
        if (member)
            floor_spread(member, frame, DX_BURST_MAX);
        else
            floor_end(frame, DX_BURST_MAX);
    }
    return (cpu_s() - before) * 1e9 / (double)frames;
}

/* -- medians ------------------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *x)
{
    qsort(x, ROUNDS, sizeof *x, compare);
    return x[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    const uint32_t n_flows = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
    const uint64_t frames = argc > 2 ? strtoull(argv[2], NULL, 10) : 5000000;
    DxSim *none = sim_new(n_flows, false), *lag = sim_new(n_flows, true);
    FeederState plain = { .n_flows = n_flows };
    uint8_t *member = g_malloc(n_flows);
    double x[5][ROUNDS];

    for (uint32_t i = 0; i < n_flows; i++)
        member[i] = (uint8_t)((i * 2654435761u) >> 30);
    for (unsigned i = 0; i < ROUNDS; i++) {
        x[0][i] = sim_ns(none, frames);
        x[1][i] = sim_ns(lag, frames);
        x[2][i] = floor_ns(&plain, NULL, frames);
        x[3][i] = floor_ns(&plain, member, frames);
        x[4][i] = (change_ns(lag, DX_CONTROL_MEMBER_OUT) + change_ns(lag, DX_CONTROL_MEMBER_IN)) / 2;
    }
    for (unsigned i = 0; i < 5; i++)
        median(x[i]);
    printf("{ \"flows\": %" PRIu32 ", \"none_ns\": %.2f, \"lag_ns\": %.2f, \"difference_ns\": %.2f, "
           "\"floor_difference_ns\": %.2f, \"change_us\": %.1f }\n",
           n_flows, x[0][ROUNDS / 2], x[1][ROUNDS / 2], x[1][ROUNDS / 2] - x[0][ROUNDS / 2],
           x[3][ROUNDS / 2] - x[2][ROUNDS / 2], x[4][ROUNDS / 2] / 1e3);
    g_free(member);
    dx_sim_free(none);
    dx_sim_free(lag);
    return 0;
}
