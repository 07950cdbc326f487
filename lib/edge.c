/*
 * edge - what was sent and waits for its window; time-ordered merge of several inputs
 */
#include "sim-priv.h"

#include <string.h>

static void merge_add(DxNode *node, const DxEdge *edge);

#define RING_MAX (1u << 30) /* frames: indices are 32 bits */

/* A ring that grows is rare, and what it takes stays taken. False: the run ends, and the frames are lost. */
static bool may_grow(const DxEdge *edge, uint64_t size)
{
    DxSim *sim = edge->from ? edge->from->sim : NULL;
    DxPart *part = sim ? edge->from->part : NULL;
    const uint64_t most = sim ? sim->budget.max_bytes : 0;
    GError **failure;

    if (part)
        part->edge_bytes += (size - (edge->ring ? edge->mask + 1 : 0)) * sizeof *edge->ring;
    if (size <= RING_MAX && (!part || !most || part->edge_bytes <= most / sim->n_parts))
        return true;
    failure = part && sim->is_running_window ? &part->failure : &sim->failure;
    if (!*failure)
        g_set_error(failure, DX_ERROR, DX_ERROR_BUDGET,
                    "%s: too many frames are on their way to %s to keep them all", edge->from->name,
                    edge->to->name);
    return false;
}

static bool edge_grow(DxEdge *edge, uint32_t need)
{
    const uint32_t queued = dx__edge_queued(edge);
    uint64_t size = edge->ring ? edge->mask + 1 : 64;
    DxFrame *ring;

    while (size < (uint64_t)queued + need)
        size *= 2;
    if (!may_grow(edge, size))
        return false;
    ring = g_new(DxFrame, size);
    for (uint32_t i = 0; i < queued; i++)
        ring[i] = *dx__edge_at(edge, i);
    if (edge->viewed && !edge->retired)
        edge->retired = edge->ring;
    else
        g_free(edge->ring);
    edge->ring = ring;
    edge->mask = (uint32_t)size - 1;
    edge->head = 0;
    edge->tail = queued;
    return true;
}

void dx__edge_push(DxEdge *edge, const DxFrame *frames, unsigned n)
{
    const bool was_empty = !dx__edge_queued(edge);
    uint32_t first, at;

    if ((!edge->ring || dx__edge_queued(edge) + n > edge->mask + 1) && !edge_grow(edge, n))
        return;
    at = edge->tail & edge->mask;
    first = edge->mask + 1 - at < n ? edge->mask + 1 - at : n;
    memcpy(edge->ring + at, frames, first * sizeof *frames);
    memcpy(edge->ring, frames + first, (n - first) * sizeof *frames);
    edge->tail += n;
    if (was_empty && edge->to && edge->to->n_in > 1)
        merge_add(edge->to, edge);
}

DxBurst dx__edge_view(DxEdge *edge, DxTime limit, unsigned max)
{
    const uint32_t queued = dx__edge_queued(edge);
    DxBurst burst = { NULL, 0 };
    uint32_t at, n;

    if (!queued)
        return burst;
    at = edge->head & edge->mask;
    burst.frame = edge->ring + at;
    n = queued < max ? queued : max;
    n = n < edge->mask + 1 - at ? n : edge->mask + 1 - at;
    if (burst.frame[n - 1].t_ps < limit) /* all of them: the common case */
        burst.n = n;
    while (burst.n < n && burst.frame[burst.n].t_ps < limit)
        burst.n++;
    edge->viewed = burst.n > 0;
    return burst;
}

void dx__edge_release(DxEdge *edge, unsigned n)
{
    edge->head += n;
    edge->viewed = false;
    g_clear_pointer(&edge->retired, g_free);
}

/* -- several inputs ---------------------------------------------------------------------------------- */

/* A heap of the inputs that have frames, by (first stamp, input): what lies idle costs nothing, and of many
 * inputs only the logarithm. */
static inline bool comes_before(const DxMergeEntry *a, const DxMergeEntry *b)
{
    return a->t_ps < b->t_ps || (a->t_ps == b->t_ps && a->input < b->input);
}

static void merge_down(DxNode *node, uint32_t i, DxMergeEntry entry)
{
    DxMergeEntry *heap = node->heap;

    for (uint32_t child = 2 * i + 1; child < node->n_heap; child = 2 * i + 1) {
        if (child + 1 < node->n_heap && comes_before(&heap[child + 1], &heap[child]))
            child++;
        if (!comes_before(&heap[child], &entry))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = entry;
}

static void merge_add(DxNode *node, const DxEdge *edge)
{
    const DxMergeEntry entry = { dx__edge_first(edge), edge->input };
    uint32_t i = node->n_heap++;

    if (!node->heap)
        node->heap = g_new(DxMergeEntry, node->n_in);
    for (; i && comes_before(&entry, &node->heap[(i - 1) / 2]); i = (i - 1) / 2)
        node->heap[i] = node->heap[(i - 1) / 2];
    node->heap[i] = entry;
}

void dx__merge_rebuild(DxNode *node)
{
    node->n_heap = 0;
    for (unsigned k = 0; k < node->n_in; k++)
        if (dx__edge_queued(node->in[k]))
            merge_add(node, node->in[k]);
}

/* How far the first input may run alone: to the first stamp of another, which it may share when its number is
 * lower. */
static DxTime merge_until(const DxNode *node, DxTime limit)
{
    const DxMergeEntry *heap = node->heap, *rival;

    if (node->n_heap < 2)
        return limit;
    rival = node->n_heap > 2 && comes_before(&heap[2], &heap[1]) ? &heap[2] : &heap[1];
    return MIN(limit, rival->t_ps + (heap[0].input < rival->input));
}

DxBurst dx__merge_take(DxNode *node, DxTime limit, DxFrame *scratch, unsigned max)
{
    DxBurst burst = { scratch, 0 };

    while (burst.n < max && node->n_heap && node->heap[0].t_ps < limit) {
        DxEdge *edge = node->in[node->heap[0].input];
        const DxTime until = merge_until(node, limit);
        DxTime next;

        do {
            scratch[burst.n++] = edge->ring[edge->head++ & edge->mask];
            next = dx__edge_first(edge);
        } while (burst.n < max && next < until);
        if (next < DX_TIME_NEVER)
            merge_down(node, 0, (DxMergeEntry){ next, edge->input });
        else if (--node->n_heap)
            merge_down(node, 0, node->heap[node->n_heap]);
    }
    return burst;
}

/* -- between partitions ------------------------------------------------------------------------------ */

void dx__edge_keep(DxEdge *edge, const DxFrame *frames, unsigned n)
{
    if (edge->outbox_n + n > edge->outbox_size) {
        edge->outbox_size = MAX(2 * edge->outbox_size, edge->outbox_n + n);
        edge->outbox = g_renew(DxFrame, edge->outbox, edge->outbox_size);
    }
    memcpy(edge->outbox + edge->outbox_n, frames, n * sizeof *frames);
    edge->outbox_n += n;
}

void dx__edge_deliver_kept(DxEdge *edge)
{
    if (!edge->outbox_n)
        return;
    dx__node_due(edge->to, edge->outbox[0].t_ps);
    dx__edge_push(edge, edge->outbox, edge->outbox_n);
    edge->outbox_n = 0;
}

void dx__edge_clear(DxEdge *edge)
{
    g_free(edge->outbox);
    g_free(edge->ring);
    g_free(edge->retired);
}
