/*
 * part - who visits which nodes
 *
 * Nodes are cut apart along edges so long that a window fits into their delay: partitions then need to meet
 * only when a window ends. Of the possible lengths the one is taken that spreads the nodes best; ties go to
 * the longer.
 */
#include "sim-priv.h"

#include <string.h>

/* A shorter edge is never cut: a window holds too little work to pay for the meeting. */
#define CUT_MIN (5 * DX_US)

typedef struct {
    uint32_t n;
    uint32_t *island; /* by node: representative of those it hangs together with */
    unsigned *part;   /* by representative */
    double balance;   /* work of all over threads times work of the busiest: 1 is best */
} Cut;

static DxNode *node_at(const DxSim *sim, uint32_t i)
{
    return g_ptr_array_index(sim->nodes, i);
}

static uint32_t find(uint32_t *island, uint32_t i)
{
    while (island[i] != i)
        i = island[i] = island[island[i]];
    return i;
}

/* Nodes joined by edges shorter than @length stay together. */
static void join(const DxSim *sim, Cut *cut, DxTime length)
{
    for (uint32_t i = 0; i < cut->n; i++)
        cut->island[i] = i;
    for (uint32_t i = 0; i < cut->n; i++) {
        DxNode *node = node_at(sim, i);

        for (unsigned k = 0; k < node->n_out; k++)
            if (node->out[k]->delay_ps < length)
                cut->island[find(cut->island, node->out[k]->to->index - 1)] = find(cut->island, i);
    }
    for (uint32_t i = 0; i < cut->n; i++)
        cut->island[i] = find(cut->island, i);
}

/* Largest island first, each to the part that has least. */
static void share(const DxSim *sim, Cut *cut)
{
    uint32_t *size = g_new0(uint32_t, cut->n), *load = g_new0(uint32_t, sim->n_threads), most = 0;

    for (uint32_t i = 0; i < cut->n; i++)
        size[cut->island[i]]++;
    for (;;) {
        uint32_t largest = 0;
        unsigned least = 0;

        for (uint32_t i = 0; i < cut->n; i++)
            if (size[i] > size[largest])
                largest = i;
        if (!size[largest])
            break;
        for (unsigned k = 1; k < sim->n_threads; k++)
            if (load[k] < load[least])
                least = k;
        cut->part[largest] = least;
        load[least] += size[largest];
        most = MAX(most, load[least]);
        size[largest] = 0;
    }
    cut->balance = (double)cut->n / ((double)most * sim->n_threads);
    g_free(size);
    g_free(load);
}

static int longest_first(gconstpointer a, gconstpointer b)
{
    DxTime x = *(const DxTime *)a, y = *(const DxTime *)b;

    return (x < y) - (x > y);
}

/* The length from which edges are cut; DX_TIME_NEVER: none. */
static DxTime choose_length(const DxSim *sim, Cut *cut)
{
    GArray *lengths = g_array_new(FALSE, FALSE, sizeof(DxTime));
    DxTime best = DX_TIME_NEVER;
    double balance = 0;

    for (uint32_t i = 0; i < cut->n; i++) {
        DxNode *node = node_at(sim, i);

        for (unsigned k = 0; k < node->n_out; k++)
            if (node->out[k]->delay_ps >= CUT_MIN)
                g_array_append_val(lengths, node->out[k]->delay_ps);
    }
    g_array_sort(lengths, longest_first);
    for (guint i = 0; i < lengths->len; i++) {
        const DxTime length = g_array_index(lengths, DxTime, i);

        if (i && length == g_array_index(lengths, DxTime, i - 1))
            continue;
        join(sim, cut, length);
        share(sim, cut);
        if (cut->balance > balance) {
            balance = cut->balance;
            best = length;
        }
    }
    g_array_unref(lengths);
    return best;
}

static void part_init(DxSim *sim, DxPart *part, unsigned n_outputs)
{
    part->sim = sim;
    part->node = g_new(DxNode *, sim->nodes->len);
    part->due = g_new(DxTime, sim->nodes->len);
    part->next_ps = DX_TIME_NEVER;
    part->crossing = g_ptr_array_new();
    part->scratch = g_new(DxFrame, DX_BURST_MAX);
    part->output_count = g_new0(uint16_t, n_outputs);
    part->wishes = g_array_new(FALSE, FALSE, sizeof(DxEventWish));
    part->trace_buffer = g_array_new(FALSE, FALSE, sizeof(DxTraceEntry));
}

/* What a partition counted outlives it: with the simulation, or its successor. */
void dx__parts_clear(DxSim *sim)
{
    for (unsigned i = 0; i < sim->n_parts; i++) {
        DxPart *part = &sim->part[i];

        sim->work.visits += part->work.visits;
        sim->work.bursts += part->work.bursts;
        sim->work.frames += part->work.frames;
        g_free(part->node);
        g_free(part->due);
        g_ptr_array_unref(part->crossing);
        g_free(part->scratch);
        g_free(part->output_count);
        g_array_unref(part->wishes);
        g_array_unref(part->trace_buffer);
        g_clear_error(&part->failure);
    }
    g_free(sim->part);
    sim->part = NULL;
    sim->n_parts = 0;
}

static void fill(DxSim *sim, const Cut *cut)
{
    sim->cross_ps = DX_TIME_NEVER;
    for (uint32_t rank = 0; rank < cut->n; rank++) {
        DxNode *node = node_at(sim, sim->order[rank]);
        DxPart *part = &sim->part[sim->n_parts > 1 ? cut->part[cut->island[node->index - 1]] : 0];

        node->part = part;
        node->slot = part->n;
        part->node[part->n] = node;
        part->due[part->n++] = dx__node_earliest(node);
        part->next_ps = MIN(part->next_ps, part->due[node->slot]);
    }
    for (uint32_t i = 0; i < cut->n; i++) {
        DxNode *node = node_at(sim, i);

        for (unsigned k = 0; k < node->n_out; k++) {
            DxEdge *edge = node->out[k];

            node->part->edge_bytes += edge->ring ? (edge->mask + 1ul) * sizeof *edge->ring : 0;
            edge->crosses = edge->to->part != node->part;
            if (!edge->crosses)
                continue;
            g_ptr_array_add(node->part->crossing, edge);
            sim->cross_ps = MIN(sim->cross_ps, edge->delay_ps);
        }
    }
}

void dx__parts_make(DxSim *sim)
{
    const uint32_t n = sim->nodes->len;
    Cut cut = { n, g_new0(uint32_t, n + 1), g_new0(unsigned, n + 1), 0 };
    GArray *traced = g_array_new(FALSE, FALSE, sizeof(DxTraceEntry));
    int64_t control_frames = 0;
    uint64_t trace_order = 0;
    unsigned n_outputs = 1, n_parts = 1;

    for (unsigned i = 0; i < sim->n_parts; i++) { /* what was counted and written so far stays */
        control_frames += sim->part[i].control_frames;
        trace_order = MAX(trace_order, sim->part[i].trace_order);
        g_array_append_vals(traced, sim->part[i].trace_buffer->data, sim->part[i].trace_buffer->len);
    }
    dx__parts_clear(sim);
    if (sim->n_threads > 1) {
        const DxTime length = choose_length(sim, &cut);

        if (length != DX_TIME_NEVER) {
            join(sim, &cut, length);
            share(sim, &cut);
            n_parts = sim->n_threads;
        }
    }
    for (uint32_t i = 0; i < n; i++)
        n_outputs = MAX(n_outputs, node_at(sim, i)->n_out);
    sim->part = g_new0(DxPart, n_parts);
    sim->n_parts = n_parts;
    for (unsigned i = 0; i < n_parts; i++) {
        part_init(sim, &sim->part[i], n_outputs);
        sim->part[i].trace_order = trace_order;
    }
    sim->part[0].control_frames = control_frames;
    g_array_append_vals(sim->part[0].trace_buffer, traced->data, traced->len);
    fill(sim, &cut);
    g_array_unref(traced);
    g_free(cut.island);
    g_free(cut.part);
}
