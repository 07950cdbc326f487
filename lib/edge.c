/*
 * edge - what was sent and waits for its window; time-ordered merge of several inputs
 */
#include "sim-priv.h"

#include <string.h>

static void edge_grow(DxEdge *edge, uint32_t need)
{
    const uint32_t queued = dx__edge_queued(edge);
    uint32_t size = edge->ring ? edge->mask + 1 : 64;
    DxFrame *ring;

    while (size < queued + need)
        size *= 2;
    ring = g_new(DxFrame, size);
    for (uint32_t i = 0; i < queued; i++)
        ring[i] = *dx__edge_at(edge, i);
    if (edge->viewed && !edge->retired)
        edge->retired = edge->ring;
    else
        g_free(edge->ring);
    edge->ring = ring;
    edge->mask = size - 1;
    edge->head = 0;
    edge->tail = queued;
}

void dx__edge_push(DxEdge *edge, const DxFrame *frames, unsigned n)
{
    uint32_t first, at;

    if (!edge->ring || dx__edge_queued(edge) + n > edge->mask + 1)
        edge_grow(edge, n);
    at = edge->tail & edge->mask;
    first = edge->mask + 1 - at < n ? edge->mask + 1 - at : n;
    memcpy(edge->ring + at, frames, first * sizeof *frames);
    memcpy(edge->ring, frames + first, (n - first) * sizeof *frames);
    edge->tail += n;
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

/* Input with the earliest first frame; ties go to the lower input. *until: how far it may run alone: the
 * first stamp of another input, which it may still share when its own number is lower. */
static unsigned earliest(DxEdge *const *edges, unsigned n_edges, DxTime *first, DxTime *until,
                         unsigned *rival)
{
    unsigned best = 0;
    DxTime t = DX_TIME_NEVER, second = DX_TIME_NEVER;

    *rival = n_edges;
    for (unsigned k = 0; k < n_edges; k++) {
        DxTime head = dx__edge_first(edges[k]);

        if (head < t) {
            if (t <= second) {
                second = t;
                *rival = best;
            }
            t = head;
            best = k;
        } else if (head < second) {
            second = head;
            *rival = k;
        }
    }
    *first = t;
    *until = second;
    return best;
}

DxBurst dx__edge_merge(DxEdge *const *edges, unsigned n_edges, DxTime limit, DxFrame *scratch, unsigned max)
{
    DxBurst burst = { scratch, 0 };

    while (burst.n < max) {
        DxTime first, until;
        unsigned rival, best = earliest(edges, n_edges, &first, &until, &rival);
        DxEdge *edge = edges[best];

        if (first >= limit)
            break;
        /* a rival at the same time goes first if its number is lower */
        if (until < DX_TIME_NEVER && best < rival)
            until++;
        if (until > limit)
            until = limit;
        do
            scratch[burst.n++] = edge->ring[edge->head++ & edge->mask];
        while (burst.n < max && dx__edge_first(edge) < until);
    }
    return burst;
}

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
