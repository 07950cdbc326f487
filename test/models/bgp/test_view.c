/*
 * test_view - how a router reaches next hops
 *
 *   A --10-- B --10-- C ---session 0--- D        A, B, C are AS 1, D is AS 2
 *    '------30-------'                           session 1: A to C, between loopbacks
 */
#include "bgp/view.h"
#include "../../suite.h"

enum { A, B, C, D, N };

enum { TRUNK_AB, TRUNK_BC, TRUNK_AC, TRUNK_CD };

#define IP(a, b, c, d) ((DxIp){ .bits = 32, .bytes = { a, b, c, d } })

static const DxBgpRouter routers[N] = {
    { .name = "A", .node = A, .asn = 1, .loopback = { 32, { 10, 255, 0, 1 } } },
    { .name = "B", .node = B, .asn = 1, .loopback = { 32, { 10, 255, 0, 2 } } },
    { .name = "C", .node = C, .asn = 1, .loopback = { 32, { 10, 255, 0, 3 } } },
    { .name = "D", .node = D, .asn = 2, .loopback = { 32, { 10, 255, 0, 4 } } },
};

static const DxBgpSession sessions[] = {
    { .name = "cd",
      .router = { C, D },
      .trunk = TRUNK_CD,
      .vif = DX_BGP_NOBODY,
      .address = { { 32, { 192, 0, 2, 1 } }, { 32, { 192, 0, 2, 2 } } },
      .subnet = 30 },
    { .name = "ac",
      .router = { A, C },
      .trunk = DX_BGP_NOBODY,
      .vif = DX_BGP_NOBODY,
      .address = { { 32, { 10, 255, 0, 1 } }, { 32, { 10, 255, 0, 3 } } } },
};

static const DxIgpLink lines[] = { { TRUNK_AB, { A, B }, 10 },
                                   { TRUNK_BC, { B, C }, 10 },
                                   { TRUNK_AC, { A, C }, 30 } };

static const uint32_t router_of_node[N] = { A, B, C, D };

static const DxBgpNetwork network = { .routers = routers,
                                      .n_routers = N,
                                      .sessions = sessions,
                                      .n_sessions = G_N_ELEMENTS(sessions),
                                      .n_nodes = N,
                                      .router_of_node = router_of_node,
                                      .igp_links = lines,
                                      .n_igp_links = G_N_ELEMENTS(lines) };

static BgpMap map;
static BgpView view[N];

static void set_up(void)
{
    dx__bgp_map_init(&map, &network);
    for (uint32_t i = 0; i < N; i++)
        dx__bgp_view_init(&view[i], &map, i);
}

static void tear_down(void)
{
    for (uint32_t i = 0; i < N; i++)
        dx__bgp_view_clear(&view[i]);
    dx__bgp_map_clear(&map);
}

static void expect_igp(const BgpView *from, DxIp ip, uint32_t node, uint32_t metric)
{
    BgpWay way;

    ck_assert(dx__bgp_view_resolve(from, &ip, &way));
    ck_assert_uint_eq(way.session, DX_BGP_NOBODY);
    ck_assert_uint_eq(way.node, node);
    ck_assert_uint_eq(way.metric, metric);
}

static void expect_none(const BgpView *from, DxIp ip)
{
    BgpWay way;

    ck_assert(!dx__bgp_view_resolve(from, &ip, &way));
}

/* 0 away while the line is up, whoever the route was learned from; of another router's line nothing changes.
 */
START_TEST(the_other_end_of_a_line_is_next_door)
{
    const DxIp ip = IP(192, 0, 2, 2);
    BgpWay way;

    ck_assert(dx__bgp_view_resolve(&view[C], &ip, &way));
    ck_assert_uint_eq(way.session, 0);
    ck_assert_uint_eq(way.metric, 0);
    ck_assert(!dx__bgp_view_set_line(&view[C], TRUNK_BC, false)); /* no session on it */
    ck_assert(dx__bgp_view_set_line(&view[C], TRUNK_CD, false));
    expect_none(&view[C], ip);
    expect_igp(&view[A], ip, C, 20);
    ck_assert(dx__bgp_view_set_line(&view[C], TRUNK_CD, true));
    ck_assert(dx__bgp_view_resolve(&view[C], &ip, &way));
}
END_TEST

/* To C for its own addresses, and for what is across its line: 10 + 10, or 30 without the line from A to B.
 */
START_TEST(others_are_as_far_as_the_igp_says)
{
    expect_igp(&view[A], IP(10, 255, 0, 3), C, 20);
    expect_igp(&view[A], IP(192, 0, 2, 1), C, 20);
    expect_igp(&view[A], IP(192, 0, 2, 2), C, 20);
    expect_igp(&view[B], IP(192, 0, 2, 2), C, 10);
    ck_assert(dx__igp_set(view[A].igp, TRUNK_AB, false));
    expect_igp(&view[A], IP(192, 0, 2, 2), C, 30);
    ck_assert(dx__igp_set(view[A].igp, TRUNK_AC, false));
    expect_none(&view[A], IP(192, 0, 2, 2));
}
END_TEST

START_TEST(own_addresses_and_those_of_nobody_are_no_next_hops)
{
    expect_none(&view[C], IP(192, 0, 2, 1));
    expect_none(&view[C], IP(10, 255, 0, 3));
    expect_none(&view[A], IP(203, 0, 113, 1));
    expect_none(&view[A], IP(10, 255, 0, 4)); /* in another AS: no line of the IGP leads there */
    expect_none(&view[D], IP(10, 255, 0, 1));
}
END_TEST

START_TEST(sessions_of_a_router_are_found)
{
    ck_assert_uint_eq(view[C].n_own, 2);
    ck_assert_uint_eq(view[B].n_own, 0);
    ck_assert_uint_eq(dx__bgp_view_own(&view[C], 1), 1);
    ck_assert_uint_eq(dx__bgp_view_own(&view[A], 1), 0);
    ck_assert_uint_eq(dx__bgp_view_end(&view[C], 0), 0);
    ck_assert_uint_eq(dx__bgp_view_end(&view[C], 1), 1);
}
END_TEST

/* News of a line concern those whom lines join to it. */
START_TEST(areas_are_what_lines_join)
{
    ck_assert_uint_eq(map.area[A], map.area[B]);
    ck_assert_uint_eq(map.area[A], map.area[C]);
    ck_assert_uint_ne(map.area[A], map.area[D]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view");
    TCase *tcase = tcase_create("view");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, the_other_end_of_a_line_is_next_door);
    tcase_add_test(tcase, others_are_as_far_as_the_igp_says);
    tcase_add_test(tcase, own_addresses_and_those_of_nobody_are_no_next_hops);
    tcase_add_test(tcase, sessions_of_a_router_are_found);
    tcase_add_test(tcase, areas_are_what_lines_join);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
