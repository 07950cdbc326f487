/*
 * eventq: the time-ordered queue, against a sorted list that does the same the slow way
 */
#include <inttypes.h>
#include <dxsim/rng.h>
#include "../../lib/eventq-priv.h"
#include "../suite.h"

/* -- the oracle -------------------------------------------------------------------------------------- */

typedef struct {
    DxTime at;
    uint64_t order, arg;
    uint32_t timer; /* 0: posted once */
} Due;

/* What is to come, in order of (time, order); no heap, no laziness. */
typedef struct {
    GArray *list; /* Due */
} Oracle;

static bool is_before(const Due *a, const Due *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void oracle_insert(Oracle *oracle, Due due)
{
    guint low = 0, high = oracle->list->len;

    while (low < high) {
        const guint middle = (low + high) / 2;

        if (is_before(&g_array_index(oracle->list, Due, middle), &due))
            low = middle + 1;
        else
            high = middle;
    }
    g_array_insert_val(oracle->list, low, due);
}

static void oracle_cancel(Oracle *oracle, uint32_t timer)
{
    for (guint i = 0; i < oracle->list->len; i++)
        if (g_array_index(oracle->list, Due, i).timer == timer) {
            g_array_remove_index(oracle->list, i);
            return;
        }
}

static DxTime oracle_next(const Oracle *oracle)
{
    return oracle->list->len ? g_array_index(oracle->list, Due, 0).at : DX_TIME_NEVER;
}

/* -- both side by side ------------------------------------------------------------------------------- */

#define N_NODES  7
#define N_TIMERS 50

typedef struct {
    DxEventq queue;
    Oracle oracle;
    DxRng rng;
    DxTime now;
    uint64_t seq[N_NODES], posted;
    uint32_t timer[N_TIMERS];
    unsigned timer_node[N_TIMERS];
    uint64_t checked;
    bool is_draining;
} Pair;

/* As the engine numbers events: the node above, its own count below. */
static uint64_t next_order(Pair *pair, unsigned node)
{
    return (uint64_t)node << DX_EVENT_SEQ_BITS | ++pair->seq[node];
}

static DxTime random_later(Pair *pair)
{
    /* mostly near and on a coarse grid, so that many events fall together */
    if (dx_rng_below(&pair->rng, 10))
        return pair->now + (DxTime)dx_rng_below(&pair->rng, 40) * 10;
    return pair->now + (DxTime)dx_rng_below(&pair->rng, 1000000);
}

static void pair_post(Pair *pair)
{
    const unsigned node = (unsigned)dx_rng_below(&pair->rng, N_NODES);
    const Due due = { random_later(pair), next_order(pair, node), N_TIMERS + pair->posted++, 0 };

    dx__eventq_post(&pair->queue, due.at, due.order, (DxEventCall){ NULL, NULL, due.arg });
    oracle_insert(&pair->oracle, due);
}

static void pair_arm(Pair *pair, unsigned i, DxTime at)
{
    const Due due = { at, next_order(pair, pair->timer_node[i]), i, pair->timer[i] };

    dx__eventq_arm(&pair->queue, pair->timer[i], due.at, due.order);
    oracle_cancel(&pair->oracle, due.timer);
    oracle_insert(&pair->oracle, due);
}

static void pair_cancel(Pair *pair, unsigned i)
{
    dx__eventq_cancel(&pair->queue, pair->timer[i]);
    oracle_cancel(&pair->oracle, pair->timer[i]);
}

/* Take one from each; what came out may post and arm before anybody looks at the queue again. */
static void pair_take(Pair *pair)
{
    const DxTime at = dx__eventq_next(&pair->queue);
    DxEventCall call;
    Due due;

    if (at != oracle_next(&pair->oracle)) /* Check's own assertions are too slow for so many */
        ck_abort_msg("next at %" PRId64 ", expected %" PRId64, at, oracle_next(&pair->oracle));
    if (at == DX_TIME_NEVER)
        return;
    due = g_array_index(pair->oracle.list, Due, 0);
    g_array_remove_index(pair->oracle.list, 0);
    call = dx__eventq_take(&pair->queue);
    if (call.arg != due.arg)
        ck_abort_msg("event %" PRIu64 " at %" PRId64 ", expected %" PRIu64, call.arg, at, due.arg);
    pair->now = at;
    pair->checked++;
    if (pair->is_draining)
        return;
    if (due.timer && dx_rng_below(&pair->rng, 3)) /* the periodic timer */
        pair_arm(pair, (unsigned)due.arg, random_later(pair));
    if (dx_rng_below(&pair->rng, 4) == 0)
        pair_post(pair);
    if (dx_rng_below(&pair->rng, 4) == 0)
        pair_arm(pair, (unsigned)dx_rng_below(&pair->rng, N_TIMERS), random_later(pair));
    if (dx_rng_below(&pair->rng, 8) == 0)
        pair_cancel(pair, (unsigned)dx_rng_below(&pair->rng, N_TIMERS));
}

static void pair_init(Pair *pair, uint64_t seed)
{
    *pair = (Pair){ .now = 0 };
    pair->oracle.list = g_array_new(FALSE, FALSE, sizeof(Due));
    dx_rng_init(&pair->rng, seed, 0, "eventq", "operations");
    dx__eventq_init(&pair->queue);
    for (unsigned i = 0; i < N_TIMERS; i++) {
        pair->timer[i] = dx__eventq_timer(&pair->queue, (DxEventCall){ NULL, NULL, i });
        pair->timer_node[i] = i % N_NODES;
        ck_assert_uint_ne(pair->timer[i], 0);
    }
}

static void pair_clear(Pair *pair)
{
    dx__eventq_clear(&pair->queue);
    g_array_unref(pair->oracle.list);
}

/* -- tests ------------------------------------------------------------------------------------------- */

START_TEST(random_operations_agree_with_a_sorted_list)
{
    Pair pair;

    pair_init(&pair, 1);
    for (unsigned i = 0; i < 100000; i++) {
        const unsigned what = (unsigned)dx_rng_below(&pair.rng, 10);
        const unsigned timer = (unsigned)dx_rng_below(&pair.rng, N_TIMERS);

        if (what < 1)
            pair_post(&pair);
        else if (what < 3)
            pair_arm(&pair, timer, random_later(&pair));
        else if (what == 3) /* earlier than anything: at once */
            pair_arm(&pair, timer, pair.now);
        else if (what == 4)
            pair_cancel(&pair, timer);
        else
            pair_take(&pair);
    }
    pair.is_draining = true;
    while (oracle_next(&pair.oracle) != DX_TIME_NEVER)
        pair_take(&pair);
    ck_assert_int_eq(dx__eventq_next(&pair.queue), DX_TIME_NEVER);
    ck_assert_uint_gt(pair.checked, 30000);
    pair_clear(&pair);
}
END_TEST

START_TEST(equal_times_leave_by_node_then_sequence)
{
    static const uint64_t orders[] = { 5, 3, UINT64_C(1) << DX_EVENT_SEQ_BITS,
                                       1, 2, (uint64_t)DX_EVENT_NODE_MAX << DX_EVENT_SEQ_BITS,
                                       4 };
    static const uint64_t sorted[] = {
        1, 2, 3, 4, 5, UINT64_C(1) << DX_EVENT_SEQ_BITS, (uint64_t)DX_EVENT_NODE_MAX << DX_EVENT_SEQ_BITS
    };
    DxEventq queue;

    dx__eventq_init(&queue);
    for (unsigned i = 0; i < G_N_ELEMENTS(orders); i++)
        dx__eventq_post(&queue, 10, orders[i], (DxEventCall){ NULL, NULL, orders[i] });
    for (unsigned i = 0; i < G_N_ELEMENTS(sorted); i++) {
        ck_assert_int_eq(dx__eventq_next(&queue), 10);
        ck_assert_uint_eq(dx__eventq_take(&queue).arg, sorted[i]);
    }
    dx__eventq_clear(&queue);
}
END_TEST

#define N_SHUFFLED 500

START_TEST(order_of_insertion_never_matters)
{
    Due due[N_SHUFFLED];
    DxRng rng;

    dx_rng_init(&rng, 2, 0, "eventq", "shuffle");
    for (unsigned i = 0; i < N_SHUFFLED; i++)
        due[i] = (Due){ i / 25 * 100, i, i, 0 }; /* 25 at each time */
    for (unsigned round = 0; round < 20; round++) {
        DxEventq queue;

        dx__eventq_init(&queue);
        for (unsigned i = N_SHUFFLED - 1; i > 0; i--) {
            const unsigned k = (unsigned)dx_rng_below(&rng, i + 1);
            const Due swap = due[i];

            due[i] = due[k];
            due[k] = swap;
        }
        for (unsigned i = 0; i < N_SHUFFLED; i++)
            dx__eventq_post(&queue, due[i].at, due[i].order, (DxEventCall){ NULL, NULL, due[i].arg });
        for (unsigned i = 0; i < N_SHUFFLED; i++) {
            if (dx__eventq_next(&queue) != i / 25 * 100 || dx__eventq_take(&queue).arg != i)
                ck_abort_msg("round %u: event %u did not come", round, i);
        }
        ck_assert_int_eq(dx__eventq_next(&queue), DX_TIME_NEVER);
        dx__eventq_clear(&queue);
    }
}
END_TEST

START_TEST(a_timer_armed_again_fires_once_at_its_last_time)
{
    static const DxTime armed[] = { 100, 500, 300, 900, 50, 50, 700 };
    DxEventq queue;
    uint32_t timer;

    dx__eventq_init(&queue);
    timer = dx__eventq_timer(&queue, (DxEventCall){ NULL, NULL, 7 });
    for (unsigned i = 0; i < G_N_ELEMENTS(armed); i++)
        dx__eventq_arm(&queue, timer, armed[i], i + 1);
    ck_assert_int_eq(dx__eventq_next(&queue), 700);
    ck_assert_uint_eq(dx__eventq_take(&queue).arg, 7);
    ck_assert_int_eq(dx__eventq_next(&queue), DX_TIME_NEVER);
    dx__eventq_clear(&queue);
}
END_TEST

START_TEST(an_arming_counts_with_its_own_order_not_that_of_an_earlier_one)
{
    DxEventq queue;
    uint32_t timer;

    dx__eventq_init(&queue);
    timer = dx__eventq_timer(&queue, (DxEventCall){ NULL, NULL, 1 });
    dx__eventq_arm(&queue, timer, 100, 1);
    dx__eventq_post(&queue, 100, 2, (DxEventCall){ NULL, NULL, 2 });
    dx__eventq_arm(&queue, timer, 100, 3); /* the same time, but now after the other */
    ck_assert_int_eq(dx__eventq_next(&queue), 100);
    ck_assert_uint_eq(dx__eventq_take(&queue).arg, 2);
    ck_assert_int_eq(dx__eventq_next(&queue), 100);
    ck_assert_uint_eq(dx__eventq_take(&queue).arg, 1);
    dx__eventq_clear(&queue);
}
END_TEST

START_TEST(a_cancelled_timer_can_be_armed_again)
{
    DxEventq queue;
    uint32_t timer;

    dx__eventq_init(&queue);
    timer = dx__eventq_timer(&queue, (DxEventCall){ NULL, NULL, 7 });
    dx__eventq_cancel(&queue, timer); /* never armed: nothing happens */
    ck_assert_int_eq(dx__eventq_next(&queue), DX_TIME_NEVER);
    dx__eventq_arm(&queue, timer, 100, 1);
    dx__eventq_cancel(&queue, timer);
    dx__eventq_arm(&queue, timer, 200, 2); /* while its old entry is still there */
    ck_assert_int_eq(dx__eventq_next(&queue), 200);
    dx__eventq_cancel(&queue, timer);
    ck_assert_int_eq(dx__eventq_next(&queue), DX_TIME_NEVER);
    dx__eventq_arm(&queue, timer, 150, 3); /* after it has gone */
    ck_assert_int_eq(dx__eventq_next(&queue), 150);
    ck_assert_uint_eq(dx__eventq_take(&queue).arg, 7);
    ck_assert_int_eq(dx__eventq_next(&queue), DX_TIME_NEVER);
    dx__eventq_clear(&queue);
}
END_TEST

START_TEST(stale_entries_are_bounded_by_live_ones)
{
    enum { N = 200 };
    uint32_t timer[N], most = 0, most_stale = 0;
    uint64_t order = 0;
    DxEventq queue;

    dx__eventq_init(&queue);
    for (unsigned i = 0; i < N; i++)
        timer[i] = dx__eventq_timer(&queue, (DxEventCall){ NULL, NULL, i });
    /* always earlier than before: every arming leaves an entry behind */
    for (DxTime at = 100000; at > 0; at--) {
        dx__eventq_arm(&queue, timer[at % N], at, ++order);
        most = MAX(most, queue.n);
        most_stale = MAX(most_stale, queue.stale);
    }
    ck_assert_uint_le(most_stale, MAX(64, N));
    ck_assert_uint_le(most, 2 * N + 64 + 2);
    for (DxTime at = 1; at <= N; at++) { /* and none of those is ever seen */
        ck_assert_int_eq(dx__eventq_next(&queue), at);
        ck_assert_uint_eq(dx__eventq_take(&queue).arg, (uint64_t)at % N);
    }
    ck_assert_int_eq(dx__eventq_next(&queue), DX_TIME_NEVER);
    dx__eventq_clear(&queue);
}
END_TEST

START_TEST(a_timer_put_off_a_million_times_costs_one_entry)
{
    DxEventq queue;
    uint32_t timer;

    dx__eventq_init(&queue);
    timer = dx__eventq_timer(&queue, (DxEventCall){ NULL, NULL, 1 });
    for (uint64_t i = 1; i <= 1000000; i++)
        dx__eventq_arm(&queue, timer, (DxTime)i, i);
    ck_assert_uint_eq(queue.n, 1);
    ck_assert_int_eq(dx__eventq_next(&queue), 1000000);
    dx__eventq_clear(&queue);
}
END_TEST

START_TEST(slots_of_events_that_have_happened_are_used_again)
{
    DxEventq queue;

    dx__eventq_init(&queue);
    for (uint64_t i = 1; i <= 100000; i++) {
        dx__eventq_post(&queue, (DxTime)i, i, (DxEventCall){ NULL, NULL, i });
        if (dx__eventq_next(&queue) != (DxTime)i || dx__eventq_take(&queue).arg != i)
            ck_abort_msg("event %" PRIu64 " did not come", i);
    }
    ck_assert_uint_le(queue.n_slots, 3);
    ck_assert_uint_le(queue.heap_size, 64);
    dx__eventq_clear(&queue);
    dx__eventq_clear(&queue); /* twice does no harm */
}
END_TEST

SUITE_MAIN("eventq", 10, random_operations_agree_with_a_sorted_list, equal_times_leave_by_node_then_sequence,
           order_of_insertion_never_matters, a_timer_armed_again_fires_once_at_its_last_time,
           an_arming_counts_with_its_own_order_not_that_of_an_earlier_one,
           a_cancelled_timer_can_be_armed_again, stale_entries_are_bounded_by_live_ones,
           a_timer_put_off_a_million_times_costs_one_entry, slots_of_events_that_have_happened_are_used_again)
