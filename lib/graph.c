/*
 * graph - order of visit and look-ahead
 *
 * W is the largest value for which the edges with a delay below W form no cycle. Within a window of length W
 * a frame cannot come back to where it was, so visiting the nodes once, in topological order of those edges,
 * is enough: every other edge leads into a later window.
 */
#include "sim-priv.h"

#include <string.h>

typedef struct {
    DxSim *sim;
    uint32_t n;        /* nodes */
    uint32_t *pending; /* edges into a node not yet placed */
    uint32_t *order;   /* node positions (index - 1) in order of visit */
} Sorter;

static DxNode *node_at(const DxSim *sim, uint32_t i)
{
    return g_ptr_array_index(sim->nodes, i);
}

/* Kahn's algorithm over the edges with delay < bound. Returns how many nodes it could place. */
static uint32_t sort_below(Sorter *sorter, DxTime bound)
{
    uint32_t placed = 0;

    memset(sorter->pending, 0, sorter->n * sizeof *sorter->pending);
    for (uint32_t i = 0; i < sorter->n; i++) {
        DxNode *node = node_at(sorter->sim, i);

        for (unsigned k = 0; k < node->n_out; k++)
            if (node->out[k]->delay_ps < bound)
                sorter->pending[node->out[k]->to->index - 1]++;
    }
    for (uint32_t i = 0; i < sorter->n; i++)
        if (sorter->pending[i] == 0)
            sorter->order[placed++] = i;
    for (uint32_t next = 0; next < placed; next++) {
        DxNode *node = node_at(sorter->sim, sorter->order[next]);

        for (unsigned k = 0; k < node->n_out; k++) {
            uint32_t to = node->out[k]->to->index - 1;

            if (node->out[k]->delay_ps < bound && --sorter->pending[to] == 0)
                sorter->order[placed++] = to;
        }
    }
    return placed;
}

static int compare_time(gconstpointer a, gconstpointer b)
{
    DxTime x = *(const DxTime *)a, y = *(const DxTime *)b;

    return (x > y) - (x < y);
}

/* All different delays in rising order, DX_TIME_NEVER last: the candidates for W. */
static GArray *candidates(const DxSim *sim)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(DxTime));
    DxTime never = DX_TIME_NEVER;
    guint kept = 0;

    for (uint32_t i = 0; i < sim->nodes->len; i++) {
        DxNode *node = node_at(sim, i);

        for (unsigned k = 0; k < node->n_out; k++)
            g_array_append_val(all, node->out[k]->delay_ps);
    }
    g_array_append_val(all, never);
    g_array_sort(all, compare_time);
    for (guint i = 0; i < all->len; i++)
        if (!i || g_array_index(all, DxTime, i) != g_array_index(all, DxTime, kept - 1))
            g_array_index(all, DxTime, kept++) = g_array_index(all, DxTime, i);
    g_array_set_size(all, kept);
    return all;
}

/* After a failed sort_below(@bound): walk backwards among the unplaced nodes until one comes twice. The walk
 * from there is a cycle; returned in the direction of travel. (transfer container) */
static GPtrArray *find_cycle(Sorter *sorter, DxTime bound)
{
    GPtrArray *walk = g_ptr_array_new();
    uint32_t *step = g_new0(uint32_t, sorter->n);
    DxNode *node = NULL;

    for (uint32_t i = 0; i < sorter->n && !node; i++)
        if (sorter->pending[i])
            node = node_at(sorter->sim, i);
    while (!step[node->index - 1]) {
        DxNode *before = NULL;

        g_ptr_array_add(walk, node);
        step[node->index - 1] = walk->len;
        for (unsigned k = 0; k < node->n_in && !before; k++)
            if (node->in[k]->delay_ps < bound && sorter->pending[node->in[k]->from->index - 1])
                before = node->in[k]->from;
        node = before;
    }
    g_ptr_array_remove_range(walk, 0, step[node->index - 1] - 1);
    for (guint i = 0; i < walk->len / 2; i++) {
        gpointer swap = walk->pdata[i];

        walk->pdata[i] = walk->pdata[walk->len - 1 - i];
        walk->pdata[walk->len - 1 - i] = swap;
    }
    g_free(step);
    return walk;
}

static void set_cycle_error(GPtrArray *cycle, GError **error)
{
    GString *text = g_string_new("a cycle without any delay: ");

    for (guint i = 0; i < cycle->len && i < 12; i++)
        g_string_append_printf(text, "%s > ", ((DxNode *)g_ptr_array_index(cycle, i))->name);
    if (cycle->len > 12)
        g_string_append_printf(text, "... (%u more) > ", cycle->len - 12);
    g_string_append(text, ((DxNode *)g_ptr_array_index(cycle, 0))->name);
    g_string_append(text, "; give one of its links a fiber length");
    g_set_error_literal(error, DX_ERROR, DX_ERROR_TOPOLOGY, text->str);
    g_string_free(text, TRUE);
}

/* The edge that keeps W from being larger: on a cycle of edges <= W, one with delay W. */
static const DxNode *find_bound(Sorter *sorter, DxTime lookahead)
{
    GPtrArray *cycle;
    const DxNode *bound = NULL;

    if (lookahead == DX_TIME_NEVER)
        return NULL;
    sort_below(sorter, lookahead + 1);
    cycle = find_cycle(sorter, lookahead + 1);
    for (guint i = 0; i < cycle->len && !bound; i++) {
        DxNode *node = g_ptr_array_index(cycle, i);
        DxNode *to = g_ptr_array_index(cycle, (i + 1) % cycle->len);

        for (unsigned k = 0; k < node->n_out; k++)
            if (node->out[k]->to == to && node->out[k]->delay_ps == lookahead)
                bound = node;
    }
    g_ptr_array_unref(cycle);
    return bound;
}

static void place(DxSim *sim, const Sorter *sorter)
{
    g_free(sim->order);
    sim->order = g_memdup2(sorter->order, sorter->n * sizeof *sorter->order);
    for (uint32_t rank = 0; rank < sorter->n; rank++)
        node_at(sim, sorter->order[rank])->rank = rank;
}

bool dx__graph_prepare(DxSim *sim, GError **error)
{
    const uint32_t n = sim->nodes->len;
    Sorter sorter = { sim, n, g_new(uint32_t, n + 1), g_new(uint32_t, n + 1) };
    GArray *delays = candidates(sim);
    guint low = 0, high = delays->len - 1;
    DxTime lookahead;

    while (low < high) { /* the last candidate below which there is no cycle */
        guint middle = (low + high + 1) / 2;

        if (sort_below(&sorter, g_array_index(delays, DxTime, middle)) == n)
            low = middle;
        else
            high = middle - 1;
    }
    lookahead = g_array_index(delays, DxTime, low);
    if (lookahead == 0) {
        GPtrArray *cycle;

        sort_below(&sorter, 1);
        cycle = find_cycle(&sorter, 1);
        set_cycle_error(cycle, error);
        g_clear_pointer(&sim->refused, g_ptr_array_unref);
        sim->refused = cycle;
    } else {
        sim->lookahead_ps = lookahead;
        sim->lookahead_bound = find_bound(&sorter, lookahead);
        sort_below(&sorter, lookahead);
        place(sim, &sorter);
    }
    g_array_unref(delays);
    g_free(sorter.pending);
    g_free(sorter.order);
    return lookahead != 0;
}
