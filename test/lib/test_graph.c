/*
 * graph: look-ahead and order of visit, against a search over all cycles
 */
#include <string.h>
#include "../../lib/sim-priv.h"
#include "../suite.h"

#define N_MAX 7

static void swallow(DxNode *node, DxBurst *burst)
{
    dx_node_consume(node, burst);
}

static const DxModel dot = { .name = "dot", .summary = "A node and no more", .process = swallow };

typedef struct {
    DxSim *sim;
    DxNode *node[N_MAX];
    unsigned n, n_edges;
    struct {
        unsigned from, to;
        DxTime delay_ps;
    } edge[64];
} Graph;

static Graph graph_new(unsigned n)
{
    Graph graph = { .sim = dx_sim_new(1, 0), .n = n };

    for (unsigned i = 0; i < n; i++) {
        const char name[] = { (char)('a' + i), '\0' };

        graph.node[i] = dx_sim_add(graph.sim, name, &dot);
    }
    return graph;
}

static void join(Graph *graph, unsigned from, unsigned to, DxTime delay_ps)
{
    const unsigned output = dx_sim_connect(graph->sim, graph->node[from], graph->node[to]);

    dx_node_set_delay(graph->node[from], output, delay_ps);
    graph->edge[graph->n_edges].from = from;
    graph->edge[graph->n_edges].to = to;
    graph->edge[graph->n_edges++].delay_ps = delay_ps;
}

static DxTime lookahead(Graph *graph, const DxNode **bound)
{
    GError *error = NULL;

    if (!dx_sim_prepare(graph->sim, &error))
        ck_abort_msg("%s", error->message);
    return dx_sim_lookahead(graph->sim, bound);
}

/* -- the oracle: every simple cycle, by depth-first search ------------------------------------------- */

typedef struct {
    const Graph *graph;
    unsigned start;
    bool on_path[N_MAX];
    DxTime least;
} Search;

static void walk(Search *search, unsigned at, DxTime most)
{
    const Graph *graph = search->graph;

    search->on_path[at] = true;
    for (unsigned i = 0; i < graph->n_edges; i++) {
        const DxTime delay_ps = MAX(most, graph->edge[i].delay_ps);

        if (graph->edge[i].from != at)
            continue;
        if (graph->edge[i].to == search->start)
            search->least = MIN(search->least, delay_ps);
        else if (graph->edge[i].to > search->start && !search->on_path[graph->edge[i].to])
            walk(search, graph->edge[i].to, delay_ps);
    }
    search->on_path[at] = false;
}

/* The least, over all cycles, of the largest delay on the cycle. */
static DxTime least_of_largest(const Graph *graph)
{
    DxTime least = DX_TIME_NEVER;

    for (unsigned start = 0; start < graph->n; start++) {
        Search search = { .graph = graph, .start = start, .least = DX_TIME_NEVER };

        walk(&search, start, 0);
        least = MIN(least, search.least);
    }
    return least;
}

static void assert_order_of_visit(const Graph *graph, DxTime w)
{
    bool taken[N_MAX] = { false };

    for (unsigned i = 0; i < graph->n; i++) {
        ck_assert_uint_lt(graph->node[i]->rank, graph->n);
        ck_assert(!taken[graph->node[i]->rank]);
        taken[graph->node[i]->rank] = true;
        ck_assert_uint_eq(graph->sim->order[graph->node[i]->rank] + 1, graph->node[i]->index);
    }
    for (unsigned i = 0; i < graph->n_edges; i++)
        if (graph->edge[i].delay_ps < w)
            ck_assert_uint_lt(graph->node[graph->edge[i].from]->rank, graph->node[graph->edge[i].to]->rank);
}

/* The node named as the bound has an edge of exactly that delay, on a cycle with no longer one. */
static void assert_bound(const Graph *graph, const DxNode *bound, DxTime w)
{
    for (unsigned i = 0; i < graph->n_edges; i++) {
        Graph rest = *graph;

        if (graph->node[graph->edge[i].from] != bound || graph->edge[i].delay_ps != w)
            continue;
        /* without the edges above W there must be a cycle through this one */
        rest.n_edges = 0;
        for (unsigned k = 0; k < graph->n_edges; k++)
            if (graph->edge[k].delay_ps < w || k == i)
                rest.edge[rest.n_edges++] = graph->edge[k];
        if (least_of_largest(&rest) == w)
            return;
        rest.n_edges = 0; /* or through several that are equal */
        for (unsigned k = 0; k < graph->n_edges; k++)
            if (graph->edge[k].delay_ps <= w)
                rest.edge[rest.n_edges++] = graph->edge[k];
        if (least_of_largest(&rest) == w)
            return;
    }
    ck_abort_msg("%s does not bound the look-ahead of %" PRId64 " ps", dx_node_name(bound), w);
}

START_TEST(lookahead_is_the_least_over_all_cycles_of_their_longest_delay)
{
    static const DxTime delays[] = { 0, 0, 0, 1, 1, 5, 5, 7, 20, 500 };
    unsigned refused = 0, unbounded = 0, bounded = 0;
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "graph", "random");
    for (unsigned round = 0; round < 2000; round++) {
        const unsigned n = (unsigned)dx_rng_below(&rng, N_MAX) + 1;
        const unsigned n_edges = (unsigned)dx_rng_below(&rng, 2 * n + 1);
        Graph graph = graph_new(n);
        GError *error = NULL;
        const DxNode *bound = NULL;
        DxTime want;

        for (unsigned i = 0; i < n_edges; i++) { /* loops onto itself and parallel edges included */
            const unsigned from = (unsigned)dx_rng_below(&rng, n), to = (unsigned)dx_rng_below(&rng, n);

            join(&graph, from, to, delays[dx_rng_below(&rng, G_N_ELEMENTS(delays))]);
        }
        want = least_of_largest(&graph);
        if (want == 0) {
            ck_assert(!dx_sim_prepare(graph.sim, &error));
            ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_TOPOLOGY));
            g_error_free(error);
            refused++;
        } else {
            ck_assert_int_eq(lookahead(&graph, &bound), want);
            assert_order_of_visit(&graph, want);
            if (want == DX_TIME_NEVER) {
                ck_assert_ptr_null(bound);
                unbounded++;
            } else {
                ck_assert_ptr_nonnull(bound);
                assert_bound(&graph, bound, want);
                bounded++;
            }
        }
        dx_sim_free(graph.sim);
    }
    ck_assert_uint_gt(refused, 100); /* the draw had something of everything */
    ck_assert_uint_gt(unbounded, 100);
    ck_assert_uint_gt(bounded, 100);
}
END_TEST

START_TEST(without_a_cycle_the_lookahead_is_unbounded)
{
    Graph graph = graph_new(4);
    const DxNode *bound = graph.node[0];

    join(&graph, 3, 2, 10); /* against the order of making */
    join(&graph, 2, 1, 0);
    join(&graph, 1, 0, 0);
    join(&graph, 3, 0, 5);
    ck_assert_int_eq(lookahead(&graph, &bound), DX_TIME_NEVER);
    ck_assert_ptr_null(bound);
    assert_order_of_visit(&graph, DX_TIME_NEVER);
    dx_sim_free(graph.sim);
}
END_TEST

START_TEST(nothing_at_all_is_a_graph_too)
{
    Graph graph = graph_new(0);

    ck_assert_int_eq(lookahead(&graph, NULL), DX_TIME_NEVER);
    ck_assert(dx_sim_run(graph.sim, DX_S, NULL));
    dx_sim_free(graph.sim);
}
END_TEST

START_TEST(the_node_whose_delay_bounds_the_windows_is_told)
{
    Graph graph = graph_new(4);
    const DxNode *bound;

    join(&graph, 0, 1, 3);
    join(&graph, 1, 0, 100); /* this cycle: 100 */
    join(&graph, 1, 2, 50);
    join(&graph, 2, 3, 0);
    join(&graph, 3, 1, 20); /* this one: 50, on the way from b */
    ck_assert_int_eq(lookahead(&graph, &bound), 50);
    ck_assert_str_eq(dx_node_name(bound), "b");
    dx_sim_free(graph.sim);
}
END_TEST

START_TEST(a_cycle_without_delay_is_refused_and_its_nodes_are_named)
{
    Graph graph = graph_new(6);
    GError *error = NULL;

    join(&graph, 0, 1, 0); /* leads into the cycle, is not on it */
    join(&graph, 1, 2, 0);
    join(&graph, 2, 3, 0);
    join(&graph, 3, 1, 0);
    join(&graph, 3, 4, 0); /* leads out */
    join(&graph, 4, 5, 0);
    join(&graph, 5, 4, 30);
    ck_assert(!dx_sim_prepare(graph.sim, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_TOPOLOGY));
    ck_assert_str_eq(error->message,
                     "a cycle without any delay: c > d > b > c; give one of its links a fiber length");
    g_error_free(error);
    dx_sim_free(graph.sim);
}
END_TEST

START_TEST(a_node_that_feeds_itself_without_delay_is_such_a_cycle)
{
    Graph graph = graph_new(2);
    GError *error = NULL;

    join(&graph, 0, 1, 0);
    join(&graph, 1, 1, 0);
    ck_assert(!dx_sim_run(graph.sim, DX_S, &error));
    ck_assert_str_eq(error->message,
                     "a cycle without any delay: b > b; give one of its links a fiber length");
    g_error_free(error);
    dx_sim_free(graph.sim);
}
END_TEST

START_TEST(a_long_cycle_is_named_in_part)
{
    DxSim *sim = dx_sim_new(1, 0);
    DxNode *node[15];
    GError *error = NULL;

    for (unsigned i = 0; i < 15; i++) {
        char name[8];

        g_snprintf(name, sizeof name, "n%u", i);
        node[i] = dx_sim_add(sim, name, &dot);
    }
    for (unsigned i = 0; i < 15; i++)
        dx_sim_connect(sim, node[i], node[(i + 1) % 15]);
    ck_assert(!dx_sim_prepare(sim, &error));
    ck_assert_str_eq(
        error->message,
        "a cycle without any delay: n1 > n2 > n3 > n4 > n5 > n6 > n7 > n8 > n9 > n10 > n11 > n12 > "
        "... (3 more) > n1; give one of its links a fiber length");
    g_error_free(error);
    dx_sim_free(sim);
}
END_TEST

START_TEST(a_refused_simulation_refuses_again_and_can_be_freed)
{
    Graph graph = graph_new(1);
    GError *first = NULL, *second = NULL;

    dx_sim_add_flow(graph.sim, &(DxFlow){ .group = 0 });
    join(&graph, 0, 0, 0);
    ck_assert(!dx_sim_prepare(graph.sim, &first));
    ck_assert(!dx_sim_prepare(graph.sim, &second));
    ck_assert_str_eq(first->message, second->message);
    g_error_free(first);
    g_error_free(second);
    dx_sim_free(graph.sim); /* the leak checker looks on */
}
END_TEST

SUITE_MAIN("graph", 10, lookahead_is_the_least_over_all_cycles_of_their_longest_delay,
           without_a_cycle_the_lookahead_is_unbounded, nothing_at_all_is_a_graph_too,
           the_node_whose_delay_bounds_the_windows_is_told,
           a_cycle_without_delay_is_refused_and_its_nodes_are_named,
           a_node_that_feeds_itself_without_delay_is_such_a_cycle, a_long_cycle_is_named_in_part,
           a_refused_simulation_refuses_again_and_can_be_freed)
