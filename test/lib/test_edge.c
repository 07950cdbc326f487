/*
 * edge: the ring between two nodes, and the merge of several into one order
 */
#include <string.h>
#include "../../lib/sim-priv.h"
#include "../suite.h"

static void push(DxEdge *edge, DxTime t_ps, uint32_t seq)
{
    const DxFrame frame = { .t_ps = t_ps, .flow = edge->input, .seq = seq };

    dx__edge_push(edge, &frame, 1);
}

START_TEST(frames_leave_in_the_order_they_came_across_the_wrap)
{
    DxEdge edge = { 0 };
    DxRng rng;
    uint32_t pushed = 0, seen = 0;
    DxFrame frame[50] = { { 0 } };

    dx_rng_init(&rng, 1, 0, "edge", "wrap");
    while (pushed < 20000) {
        const unsigned n = (unsigned)dx_rng_below(&rng, 20) + 1;
        DxBurst burst;

        for (unsigned i = 0; i < n; i++)
            frame[i] = (DxFrame){ .t_ps = pushed, .seq = pushed + i };
        dx__edge_push(&edge, frame, n);
        pushed += n;
        burst = dx__edge_view(&edge, DX_TIME_NEVER, (unsigned)dx_rng_below(&rng, 30) + 1);
        for (unsigned i = 0; i < burst.n; i++)
            if (burst.frame[i].seq != seen++) /* Check's own assertions are too slow for so many */
                ck_abort_msg("frame %u where %u was expected", burst.frame[i].seq, seen - 1);
        dx__edge_release(&edge, burst.n);
        ck_assert_uint_eq(dx__edge_queued(&edge), pushed - seen);
    }
    dx__edge_clear(&edge);
}
END_TEST

START_TEST(a_view_ends_at_the_limit_at_max_and_at_the_end_of_the_ring)
{
    DxEdge edge = { 0 };
    DxBurst burst;

    burst = dx__edge_view(&edge, DX_TIME_NEVER, 10);
    ck_assert_uint_eq(burst.n, 0);
    ck_assert_int_eq(dx__edge_first(&edge), DX_TIME_NEVER);
    for (uint32_t i = 0; i < 60; i++)
        push(&edge, 10 * (DxTime)i, i);
    ck_assert_uint_eq(dx__edge_view(&edge, 0, 100).n, 0);    /* limit is exclusive */
    ck_assert_uint_eq(dx__edge_view(&edge, 1, 100).n, 1);    /* up to 0 */
    ck_assert_uint_eq(dx__edge_view(&edge, 200, 100).n, 20); /* 0 to 190 */
    ck_assert_uint_eq(dx__edge_view(&edge, 201, 100).n, 21);
    ck_assert_uint_eq(dx__edge_view(&edge, DX_TIME_NEVER, 7).n, 7);
    ck_assert_uint_eq(dx__edge_view(&edge, DX_TIME_NEVER, 100).n, 60);
    dx__edge_release(&edge, 60);
    for (uint32_t i = 60; i < 80; i++) /* the ring has 64 places: 4 at its end, 16 at its beginning */
        push(&edge, 10 * (DxTime)i, i);
    burst = dx__edge_view(&edge, DX_TIME_NEVER, 100);
    ck_assert_uint_eq(burst.n, 4);
    dx__edge_release(&edge, burst.n);
    burst = dx__edge_view(&edge, DX_TIME_NEVER, 100);
    ck_assert_uint_eq(burst.n, 16);
    ck_assert_uint_eq(burst.frame[0].seq, 64);
    dx__edge_release(&edge, burst.n);
    dx__edge_clear(&edge);
}
END_TEST

START_TEST(a_ring_that_grows_leaves_the_viewed_frames_where_they_are)
{
    DxEdge edge = { 0 };
    DxBurst burst;

    for (uint32_t i = 0; i < 40; i++)
        push(&edge, i, i);
    dx__edge_view(&edge, DX_TIME_NEVER, 30);
    dx__edge_release(&edge, 30); /* the head is no longer at the beginning of the ring */
    for (uint32_t i = 40; i < 80; i++)
        push(&edge, i, i);
    burst = dx__edge_view(&edge, DX_TIME_NEVER, 20);
    ck_assert_uint_eq(burst.n, 20);
    for (uint32_t i = 80; i < 1000; i++) { /* grows four times */
        push(&edge, i, i);
        burst.frame[i % 20].t_ps = -5; /* whoever has the view writes to it */
        ck_assert_uint_eq(burst.frame[i % 20].seq, 30 + i % 20);
    }
    dx__edge_release(&edge, 20);
    ck_assert_uint_eq(dx__edge_queued(&edge), 950);
    for (uint32_t i = 0; i < 950; i++) {
        ck_assert_uint_eq(dx__edge_at(&edge, i)->seq, 50 + i);
        ck_assert_int_eq(dx__edge_at(&edge, i)->t_ps, 50 + (DxTime)i);
    }
    dx__edge_clear(&edge);
}
END_TEST

START_TEST(a_viewed_ring_may_be_thrown_away_with_its_edge)
{
    DxEdge edge = { 0 };

    for (uint32_t i = 0; i < 64; i++)
        push(&edge, i, i);
    dx__edge_view(&edge, DX_TIME_NEVER, 10);
    push(&edge, 64, 64);
    dx__edge_clear(&edge); /* both rings are freed; the sanitizer looks on */
}
END_TEST

START_TEST(a_large_push_fits_at_once)
{
    DxEdge edge = { 0 };
    DxFrame *frames = g_new0(DxFrame, 5000);

    for (uint32_t i = 0; i < 5000; i++)
        frames[i] = (DxFrame){ .t_ps = i, .seq = i };
    push(&edge, 0, 7);
    dx__edge_push(&edge, frames, 5000);
    ck_assert_uint_eq(dx__edge_queued(&edge), 5001);
    for (uint32_t i = 0; i < 5000; i++)
        if (dx__edge_at(&edge, i + 1)->seq != i)
            ck_abort_msg("frame %u is missing", i);
    g_free(frames);
    dx__edge_clear(&edge);
}
END_TEST

/* -- merge ------------------------------------------------------------------------------------------- */

#define N_EDGES 5

static int compare_frames(const void *a, const void *b)
{
    const DxFrame *x = a, *y = b;

    if (x->t_ps != y->t_ps)
        return x->t_ps < y->t_ps ? -1 : 1;
    if (x->flow != y->flow)
        return x->flow < y->flow ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Random frames on every edge, times from a range so small that most of them tie. */
static GArray *fill(DxEdge *edges, DxRng *rng, unsigned n_edges, unsigned n_frames, uint64_t n_times)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(DxFrame));

    for (unsigned k = 0; k < n_edges; k++) {
        const unsigned n = (unsigned)dx_rng_below(rng, n_frames + 1);
        DxTime *time = g_new(DxTime, n + 1);
        DxTime last = 0;

        edges[k].input = k;
        for (unsigned i = 0; i < n; i++) {
            last += dx_rng_below(rng, 3) ? 0 : (DxTime)dx_rng_below(rng, n_times);
            time[i] = last;
        }
        for (unsigned i = 0; i < n; i++) {
            push(&edges[k], time[i], i);
            g_array_append_val(all, *dx__edge_at(&edges[k], i));
        }
        g_free(time);
    }
    if (all->len)
        qsort(all->data, all->len, sizeof(DxFrame), compare_frames);
    return all;
}

START_TEST(merge_is_the_order_of_time_then_input_then_arrival)
{
    DxRng rng;

    dx_rng_init(&rng, 3, 0, "edge", "merge");
    for (unsigned round = 0; round < 300; round++) {
        const unsigned n_edges = (unsigned)dx_rng_below(&rng, N_EDGES) + 1;
        const unsigned max = (unsigned)dx_rng_below(&rng, DX_BURST_MAX) + 1;
        DxEdge edge[N_EDGES] = { { 0 } }, *edges[N_EDGES];
        GArray *want = fill(edge, &rng, n_edges, 120, 1 + dx_rng_below(&rng, 5));
        DxNode node = { .in = edges, .n_in = n_edges };
        DxFrame scratch[DX_BURST_MAX];
        guint seen = 0;
        DxTime limit = 0;

        for (unsigned k = 0; k < n_edges; k++)
            edges[k] = &edge[k];
        dx__merge_rebuild(&node);
        while (seen < want->len) {
            const DxBurst burst = dx__merge_take(&node, limit, scratch, max);

            ck_assert_uint_le(burst.n, max);
            for (unsigned i = 0; i < burst.n; i++, seen++) {
                if (burst.frame[i].t_ps >= limit ||
                    memcmp(&burst.frame[i], &g_array_index(want, DxFrame, seen), sizeof(DxFrame)))
                    ck_abort_msg("round %u: frame %u is out of order", round, seen);
            }
            if (burst.n < max) { /* all there is before the limit */
                ck_assert(seen == want->len || g_array_index(want, DxFrame, seen).t_ps >= limit);
                limit += (DxTime)dx_rng_below(&rng, 4);
            }
        }
        ck_assert_uint_eq(dx__merge_take(&node, DX_TIME_NEVER, scratch, max).n, 0);
        for (unsigned k = 0; k < n_edges; k++)
            dx__edge_clear(&edge[k]);
        g_free(node.heap);
        g_array_unref(want);
    }
}
END_TEST

START_TEST(at_equal_time_the_lower_input_goes_first_wherever_it_stands)
{
    DxEdge edge[3] = { { .input = 0 }, { .input = 1 }, { .input = 2 } };
    DxEdge *edges[] = { &edge[0], &edge[1], &edge[2] };
    static const uint32_t want[] = { 2, 0, 0, 1, 1, 2, 0 };
    DxNode node = { .in = edges, .n_in = 3 };
    DxFrame scratch[16];
    DxBurst burst;

    push(&edge[0], 10, 0);
    push(&edge[0], 10, 1);
    push(&edge[0], 20, 2);
    push(&edge[1], 10, 0);
    push(&edge[1], 10, 1);
    push(&edge[2], 5, 0);
    push(&edge[2], 10, 1);
    dx__merge_rebuild(&node);
    burst = dx__merge_take(&node, DX_TIME_NEVER, scratch, 16);
    ck_assert_uint_eq(burst.n, 7);
    for (unsigned i = 0; i < 7; i++)
        ck_assert_uint_eq(burst.frame[i].flow, want[i]);
    for (unsigned k = 0; k < 3; k++)
        dx__edge_clear(&edge[k]);
    g_free(node.heap);
}
END_TEST

SUITE_MAIN("edge", 10, frames_leave_in_the_order_they_came_across_the_wrap,
           a_view_ends_at_the_limit_at_max_and_at_the_end_of_the_ring,
           a_ring_that_grows_leaves_the_viewed_frames_where_they_are,
           a_viewed_ring_may_be_thrown_away_with_its_edge, a_large_push_fits_at_once,
           merge_is_the_order_of_time_then_input_then_arrival,
           at_equal_time_the_lower_input_goes_first_wherever_it_stands)
