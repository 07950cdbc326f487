/*
 * bgp/igp - the shortest paths of one node (Dijkstra)
 *
 *   far(node) = least of far(neighbour) + metric      first(node) = first of all neighbours on such a path
 *
 * A node is settled when nothing nearer is left; as metrics are at least 1, all that lead to it on a shortest
 * path have been settled before, and what they begin with is known. Sets of first trunks are bits, one for
 * each line at the node that asks.
 */
#include "bgp/igp.h"

#include <glib.h>
#include <string.h>

#define NOWHERE UINT64_MAX

/* One end of a line. */
typedef struct {
    uint32_t link, to;
} Edge;

typedef struct {
    uint64_t far;
    uint32_t node;
} Entry;

struct DxIgp {
    const DxBgpNetwork *network;
    uint32_t node;
    bool is_fresh;
    bool *is_down;        /* by line */
    uint32_t *first_edge; /* edges at node i: edges[first_edge[i]] and on */
    Edge *edges;
    uint64_t *far; /* by node */
    unsigned n_words;
    uint64_t *first; /* by node, so many words each */
    GArray *heap;    /* Entry: the nearest first */
};

DxIgp *dx__igp_new(const DxBgpNetwork *network, uint32_t node)
{
    DxIgp *igp = g_new0(DxIgp, 1);
    const unsigned n = network->n_nodes;
    g_autofree uint32_t *next = NULL;

    *igp = (DxIgp){ .network = network,
                    .node = node,
                    .is_down = g_new0(bool, network->n_igp_links + 1),
                    .first_edge = g_new0(uint32_t, n + 1),
                    .edges = g_new(Edge, 2 * network->n_igp_links + 1),
                    .far = g_new(uint64_t, n),
                    .heap = g_array_new(FALSE, FALSE, sizeof(Entry)) };
    for (unsigned i = 0; i < network->n_igp_links; i++)
        for (unsigned end = 0; end < 2; end++)
            igp->first_edge[network->igp_links[i].node[end] + 1]++;
    for (unsigned i = 0; i < n; i++)
        igp->first_edge[i + 1] += igp->first_edge[i];
    next = g_memdup2(igp->first_edge, n * sizeof *next);
    for (unsigned i = 0; i < network->n_igp_links; i++)
        for (unsigned end = 0; end < 2; end++)
            igp->edges[next[network->igp_links[i].node[end]]++] =
                (Edge){ i, network->igp_links[i].node[!end] };
    igp->n_words = (igp->first_edge[node + 1] - igp->first_edge[node] + 63) / 64;
    igp->first = g_new(uint64_t, (gsize)n * igp->n_words + 1);
    return igp;
}

void dx__igp_free(DxIgp *igp)
{
    if (!igp)
        return;
    g_free(igp->is_down);
    g_free(igp->first_edge);
    g_free(igp->edges);
    g_free(igp->far);
    g_free(igp->first);
    g_array_unref(igp->heap);
    g_free(igp);
}

/* Lines are in the order of trunks. */
bool dx__igp_set(DxIgp *igp, uint32_t trunk, bool is_up)
{
    const DxIgpLink *links = igp->network->igp_links;
    unsigned low = 0, high = igp->network->n_igp_links;

    while (low < high) {
        const unsigned middle = low + (high - low) / 2;

        if (links[middle].trunk < trunk)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == igp->network->n_igp_links || links[low].trunk != trunk || igp->is_down[low] == !is_up)
        return false;
    igp->is_down[low] = !is_up;
    igp->is_fresh = false;
    return true;
}

/* -- the heap ---------------------------------------------------------------------------------------- */

static void push(GArray *heap, Entry entry)
{
    Entry *at;
    guint i = heap->len;

    g_array_append_val(heap, entry);
    at = (Entry *)(void *)heap->data;
    for (; i && at[(i - 1) / 2].far > entry.far; i = (i - 1) / 2)
        at[i] = at[(i - 1) / 2];
    at[i] = entry;
}

static Entry pop(GArray *heap)
{
    Entry *at = (Entry *)(void *)heap->data;
    const Entry top = at[0], last = at[heap->len - 1];
    const guint n = heap->len - 1;
    guint i = 0;

    g_array_set_size(heap, n);
    for (guint child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && at[child + 1].far < at[child].far)
            child++;
        if (at[child].far >= last.far)
            break;
        at[i] = at[child];
    }
    if (n)
        at[i] = last;
    return top;
}

/* -- paths ------------------------------------------------------------------------------------------- */

static uint64_t *first_of(const DxIgp *igp, uint32_t node)
{
    return igp->first + (gsize)node * igp->n_words;
}

/* From @node, which is settled, along its edge @index. */
static void reach(DxIgp *igp, uint32_t node, uint32_t index)
{
    const Edge *edge = &igp->edges[index];
    const uint64_t far = igp->far[node] + igp->network->igp_links[edge->link].metric;
    uint64_t *to = first_of(igp, edge->to);

    if (igp->is_down[edge->link] || far > igp->far[edge->to])
        return;
    if (far < igp->far[edge->to]) {
        igp->far[edge->to] = far;
        memset(to, 0, igp->n_words * sizeof *to);
        push(igp->heap, (Entry){ far, edge->to });
    }
    if (node == igp->node) {
        const uint32_t bit = index - igp->first_edge[node];

        to[bit / 64] |= UINT64_C(1) << bit % 64;
        return;
    }
    for (unsigned i = 0; i < igp->n_words; i++)
        to[i] |= first_of(igp, node)[i];
}

static void refresh(DxIgp *igp)
{
    if (igp->is_fresh)
        return;
    igp->is_fresh = true;
    for (unsigned i = 0; i < igp->network->n_nodes; i++)
        igp->far[i] = NOWHERE;
    igp->far[igp->node] = 0;
    memset(first_of(igp, igp->node), 0, igp->n_words * sizeof *igp->first);
    push(igp->heap, (Entry){ 0, igp->node });
    while (igp->heap->len) {
        const Entry entry = pop(igp->heap);

        if (entry.far > igp->far[entry.node]) /* it was reached on a shorter path since */
            continue;
        for (uint32_t i = igp->first_edge[entry.node]; i < igp->first_edge[entry.node + 1]; i++)
            reach(igp, entry.node, i);
    }
}

bool dx__igp_metric(DxIgp *igp, uint32_t to, uint32_t *metric)
{
    refresh(igp);
    *metric = (uint32_t)MIN(igp->far[to], UINT32_MAX);
    return igp->far[to] != NOWHERE;
}

unsigned dx__igp_first(DxIgp *igp, uint32_t to, uint32_t *trunks, unsigned most)
{
    const Edge *edges = igp->edges + igp->first_edge[igp->node];
    unsigned n = 0;

    refresh(igp);
    if (igp->far[to] == NOWHERE || to == igp->node)
        return 0;
    for (unsigned word = 0; word < igp->n_words; word++)
        for (uint64_t bits = first_of(igp, to)[word]; bits; bits &= bits - 1) {
            const unsigned bit = 64 * word + (unsigned)__builtin_ctzll(bits);

            if (n < most)
                trunks[n] = igp->network->igp_links[edges[bit].link].trunk;
            n++;
        }
    return n;
}
