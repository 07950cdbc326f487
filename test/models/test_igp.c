/*
 * igp: shortest paths against a second way to find them, by all pairs (Floyd and Warshall), on random
 * networks whose lines come and go
 */
#include "../suite.h"
#include "bgp/igp.h"

#include <dxsim/rng.h>
#include <glib.h>

#define NODES_MAX 24
#define NOWHERE   UINT64_MAX

typedef struct {
    DxBgpNetwork network;
    DxIgpLink links[4 * NODES_MAX];
    bool is_down[4 * NODES_MAX];
    uint64_t far[NODES_MAX][NODES_MAX];
} Net;

static void all_pairs(Net *net)
{
    const unsigned n = net->network.n_nodes;

    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < n; k++)
            net->far[i][k] = i == k ? 0 : NOWHERE;
    for (unsigned i = 0; i < net->network.n_igp_links; i++)
        for (unsigned end = 0; end < 2 && !net->is_down[i]; end++) {
            uint64_t *far = &net->far[net->links[i].node[end]][net->links[i].node[!end]];

            *far = MIN(*far, net->links[i].metric);
        }
    for (unsigned via = 0; via < n; via++)
        for (unsigned i = 0; i < n; i++)
            for (unsigned k = 0; k < n; k++)
                if (net->far[i][via] != NOWHERE && net->far[via][k] != NOWHERE)
                    net->far[i][k] = MIN(net->far[i][k], net->far[i][via] + net->far[via][k]);
}

/* A line begins a shortest path when what it costs and what is left from its far end come to the whole. */
static unsigned first_by_law(const Net *net, uint32_t from, uint32_t to, uint32_t *trunks)
{
    unsigned n = 0;

    for (unsigned i = 0; i < net->network.n_igp_links && from != to; i++)
        for (unsigned end = 0; end < 2 && !net->is_down[i]; end++) {
            const DxIgpLink *link = &net->links[i];
            const uint64_t rest = net->far[link->node[!end]][to];

            if (link->node[end] == from && rest != NOWHERE && link->metric + rest == net->far[from][to])
                trunks[n++] = link->trunk;
        }
    return n;
}

static void assert_all(Net *net, DxIgp *igp, uint32_t from)
{
    all_pairs(net);
    for (uint32_t to = 0; to < net->network.n_nodes; to++) {
        uint32_t want[4 * NODES_MAX], got[4 * NODES_MAX], metric;
        const unsigned n = first_by_law(net, from, to, want);

        ck_assert(dx__igp_metric(igp, to, &metric) == (net->far[from][to] != NOWHERE));
        if (net->far[from][to] != NOWHERE)
            ck_assert_uint_eq(metric, net->far[from][to]);
        ck_assert_uint_eq(dx__igp_first(igp, to, got, G_N_ELEMENTS(got)), n);
        for (unsigned i = 0; i < n; i++)
            ck_assert_uint_eq(got[i], want[i]);
    }
}

/* Few different metrics, so that many paths are equally long; trunks are not numbered from 0, nor without
 * gaps. */
static void make(Net *net, DxRng *rng)
{
    const unsigned n = 2 + (unsigned)dx_rng_below(rng, NODES_MAX - 2);
    const unsigned n_links = (unsigned)dx_rng_below(rng, 4 * n);

    *net = (Net){ .network = { .n_nodes = n, .igp_links = net->links, .n_igp_links = n_links } };
    for (unsigned i = 0; i < n_links; i++) {
        const uint32_t a = (uint32_t)dx_rng_below(rng, n);
        const uint32_t b = (a + 1 + (uint32_t)dx_rng_below(rng, n - 1)) % n;

        net->links[i] = (DxIgpLink){ 3 * i + 5, { a, b }, 1 + (uint32_t)dx_rng_below(rng, 4) };
    }
}

START_TEST(shortest_paths_are_those_of_all_pairs_whatever_goes_down)
{
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "igp", "graphs");
    for (unsigned round = 0; round < 400; round++) {
        Net net;
        DxIgp *igp;
        uint32_t from;

        make(&net, &rng);
        from = (uint32_t)dx_rng_below(&rng, net.network.n_nodes);
        igp = dx__igp_new(&net.network, from);
        assert_all(&net, igp, from);
        for (unsigned change = 0; change < 6 && net.network.n_igp_links; change++) {
            const unsigned i = (unsigned)dx_rng_below(&rng, net.network.n_igp_links);

            net.is_down[i] = !net.is_down[i];
            ck_assert(dx__igp_set(igp, net.links[i].trunk, !net.is_down[i]));
            ck_assert(!dx__igp_set(igp, net.links[i].trunk, !net.is_down[i]));
            assert_all(&net, igp, from);
        }
        dx__igp_free(igp);
    }
}
END_TEST

/*        1       1
 *   0 ------ 1 ------ 3        two ways of length 2, and a direct one of 2; trunk 9 is none of the IGP
 *   |------- 2 -------|
 *   |     1     1     |
 *   '-----------------'
 */
START_TEST(equal_paths_share_in_the_order_of_the_file)
{
    const DxIgpLink links[] = {
        { 0, { 0, 1 }, 1 }, { 1, { 3, 1 }, 1 }, { 2, { 2, 0 }, 1 }, { 3, { 2, 3 }, 1 }, { 4, { 0, 3 }, 2 }
    };
    const DxBgpNetwork network = { .n_nodes = 5, .igp_links = links, .n_igp_links = 5 };
    DxIgp *igp = dx__igp_new(&network, 0);
    uint32_t trunks[2], metric;

    ck_assert_uint_eq(dx__igp_first(igp, 3, trunks, 2), 3); /* of which two are written */
    ck_assert_uint_eq(trunks[0], 0);
    ck_assert_uint_eq(trunks[1], 2);
    ck_assert(!dx__igp_set(igp, 9, false));
    ck_assert(dx__igp_set(igp, 2, false));
    ck_assert_uint_eq(dx__igp_first(igp, 3, trunks, 2), 2);
    ck_assert_uint_eq(trunks[1], 4);
    ck_assert(dx__igp_metric(igp, 2, &metric)); /* round by 3 */
    ck_assert_uint_eq(metric, 3);
    ck_assert(!dx__igp_metric(igp, 4, &metric));
    ck_assert_uint_eq(dx__igp_first(igp, 4, trunks, 2), 0);
    ck_assert_uint_eq(dx__igp_first(igp, 0, trunks, 2), 0);
    dx__igp_free(igp);
}
END_TEST

/* A star whose middle has more lines than a word has bits. */
START_TEST(a_node_may_have_many_lines)
{
    enum { N = 200 };
    DxIgpLink links[N];
    const DxBgpNetwork network = { .n_nodes = N + 1, .igp_links = links, .n_igp_links = N };
    DxIgp *igp;

    for (uint32_t i = 0; i < N; i++)
        links[i] = (DxIgpLink){ i, { 0, i + 1 }, 65535 };
    igp = dx__igp_new(&network, 0);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t trunk;

        ck_assert_uint_eq(dx__igp_first(igp, i + 1, &trunk, 1), 1);
        ck_assert_uint_eq(trunk, i);
    }
    dx__igp_free(igp);
}
END_TEST

SUITE_MAIN("igp", 30, shortest_paths_are_those_of_all_pairs_whatever_goes_down,
           equal_paths_share_in_the_order_of_the_file, a_node_may_have_many_lines)
