/*
 * test_routes - what routers tell each other of a route: RFC 4271 5.1 and 9.1.3, RFC 1997, 4456, 5065
 *
 * Small networks that have converged; expected attributes are written out from the clauses.
 */
#include "net.h"
#include "bgp/speaker-priv.h"

static char *path_text(const DxBgpPath *path)
{
    GString *text = g_string_new(NULL);

    dx__as_path_print(&path->as_path, text);
    return g_string_free(text, FALSE);
}

static void check_route(const TestNet *net, unsigned router, const char *prefix, const char *as_path,
                        const char *next_hop)
{
    g_autofree char *text = NULL;
    char ip[DX_IP_TEXT];
    DxBgpPath best;

    ck_assert_msg(net_best(net, router, prefix, &best), "router %u has no way to %s", router, prefix);
    text = path_text(&best);
    ck_assert_str_eq(text, as_path);
    ck_assert_str_eq(dx_ip_text(&best.next_hop, ip), next_hop);
}

static DxPrefix ten;

static void own(TestNet *net, unsigned router)
{
    ten = net_prefix("10.1.0.0/16");
    net->routers[router].networks = &ten;
    net->routers[router].n_networks = 1;
}

/* -- attributes --------------------------------------------------------------------------------------- */

/* 0 (AS 1) -- 1 (AS 2) == 2 (AS 2) -- 3 (AS 3): the next hop stays within AS 2, unless told otherwise. */
START_TEST(as_paths_grow_and_next_hops_change_between_ases)
{
    for (unsigned is_self = 0; is_self < 2; is_self++) {
        TestNet *net = net_new();
        const uint32_t asns[] = { 1, 2, 2, 3 };

        for (unsigned i = 0; i < 4; i++)
            net_router(net, asns[i]);
        for (unsigned i = 0; i < 3; i++)
            net_session(net, i, i + 1);
        net->sessions[1].end[0].next_hop_self = is_self;
        own(net, 0);
        net_start(net);
        check_route(net, 0, "10.1.0.0/16", "", "none");
        check_route(net, 1, "10.1.0.0/16", "1", "169.254.0.1");
        check_route(net, 2, "10.1.0.0/16", "1", is_self ? "169.254.1.1" : "169.254.0.1");
        check_route(net, 3, "10.1.0.0/16", "2 1", "169.254.2.1");
        ck_assert_int_eq(net_way(net, 0, "10.1.0.0/16"), DX_BGP_NONE);
        ck_assert_int_eq(net_way(net, 3, "10.1.0.0/16"), 2);
        net_free(net);
    }
}
END_TEST

/* RFC 4271 5.1.3 2: the neighbour of the one who tells is on the line of the one who is told. */
START_TEST(a_third_party_on_the_same_line_stays_the_next_hop)
{
    TestNet *net = net_new();

    for (uint32_t asn = 1; asn <= 3; asn++)
        net_router(net, asn);
    net_session(net, 0, 1);
    net_session(net, 1, 2);
    for (unsigned i = 0; i < 2; i++) {
        net->sessions[i].subnet = 24;
        for (unsigned k = 0; k < 2; k++)
            net->sessions[i].address[k] = (DxIp){ 32, { 192, 0, 2, (uint8_t)(1 + i + k) } };
    }
    own(net, 0);
    net_start(net);
    check_route(net, 2, "10.1.0.0/16", "2 1", "192.0.2.1");
    net_free(net);
}
END_TEST

static const DxSet med_50 = { .type = DX_SET_METRIC, .value = 50 };
static const DxRouteMapEntry entry_med_50 = { 10, true, false, NULL, &med_50, 0, 1 };
static const DxRouteMap map_med_50 = { "MED-50", &entry_med_50, 1 };
static const DxSet pref_200 = { .type = DX_SET_LOCAL_PREF, .value = 200 };
static const DxRouteMapEntry entry_pref_200 = { 10, true, false, NULL, &pref_200, 0, 1 };
static const DxRouteMap map_pref_200 = { "PREF-200", &entry_pref_200, 1 };

/* RFC 4271 5.1.4: a MED is for the neighbouring AS, and goes no further; 5.1.5: LOCAL_PREF is for one's own.
 */
START_TEST(med_goes_one_as_far_and_local_pref_stays_inside)
{
    TestNet *net = net_new();
    const uint32_t asns[] = { 1, 2, 2, 3 };
    DxBgpPath best;

    for (unsigned i = 0; i < 4; i++)
        net_router(net, asns[i]);
    for (unsigned i = 0; i < 3; i++)
        net_session(net, i, i + 1);
    net->sessions[0].end[0].out = &map_med_50;
    net->sessions[0].end[1].in = &map_pref_200;
    own(net, 0);
    net_start(net);
    for (unsigned i = 1; i <= 3; i++) {
        ck_assert(net_best(net, i, "10.1.0.0/16", &best));
        ck_assert_int_eq(best.has_med, i < 3);
        ck_assert_uint_eq(best.med, i < 3 ? 50 : 0);
        ck_assert_uint_eq(best.local_pref, i < 3 ? 200 : 100);
    }
    net_free(net);
}
END_TEST

static const uint32_t twice_1[] = { 1, 1 };
static const DxSet prepend = { .type = DX_SET_PREPEND, .value = 1, .numbers = twice_1, .n = 2 };
static const DxRouteMapEntry entry_prepend = { 10, true, false, NULL, &prepend, 0, 1 };
static const DxRouteMap map_prepend = { "PREPEND", &entry_prepend, 1 };

/* Two lines between two ASes: the one with the longer path is the backup, until the other one has gone. */
START_TEST(prepending_moves_traffic)
{
    TestNet *net = net_new();

    net_router(net, 1);
    net_router(net, 2);
    net_session(net, 0, 1);
    net_session(net, 0, 1);
    net->sessions[0].end[0].out = &map_prepend;
    own(net, 0);
    net_start(net);
    check_route(net, 1, "10.1.0.0/16", "1", "169.254.1.1");
    ck_assert_int_eq(net_way(net, 1, "10.1.0.0/16"), 1);
    net_run(net, 10 * DX_S);
    dx__bgp_speaker_shutdown(net->speaker[0], net->now_ps, 1);
    net_run(net, 11 * DX_S);
    check_route(net, 1, "10.1.0.0/16", "1 1 1", "169.254.0.1");
    net_free(net);
}
END_TEST

static void check_community(uint32_t community, const bool knows[5])
{
    const DxSet set = { .type = DX_SET_COMMUNITY, .numbers = &community, .n = 1 };
    const DxRouteMapEntry entry = { 10, true, false, NULL, &set, 0, 1 };
    const DxRouteMap map = { "MARK", &entry, 1 };
    /* 0 outside; 1 and 2 member AS 65001, 3 member AS 65002, all of AS 2; 4 outside */
    const uint32_t asns[] = { 1, 65001, 65001, 65002, 3 };
    TestNet *net = net_new();
    DxBgpPath best;

    for (unsigned i = 0; i < 5; i++) {
        net_router(net, asns[i]);
        net->routers[i].confed_id = i >= 1 && i <= 3 ? 2 : 0;
    }
    for (unsigned i = 0; i < 4; i++)
        net_session(net, i, i + 1);
    net->sessions[2].type = DX_BGP_SESSION_CONFED;
    net->sessions[0].end[0].out = &map;
    own(net, 0);
    net_start(net);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_msg(net_best(net, i, "10.1.0.0/16", &best) == knows[i], "%08x at %u", community, i);
    if (knows[4]) {
        check_route(net, 3, "10.1.0.0/16", "(65001) 1", "169.254.0.1");
        check_route(net, 4, "10.1.0.0/16", "2 1", "169.254.3.1");
    }
    net_free(net);
}

START_TEST(communities_and_confederations_say_how_far_a_route_goes)
{
    check_community(0x00010001, (const bool[5]){ true, true, true, true, true });
    check_community(DX_COMMUNITY_NO_EXPORT, (const bool[5]){ true, true, true, true, false });
    check_community(DX_COMMUNITY_NO_EXPORT_SUBCONFED, (const bool[5]){ true, true, true, false, false });
    check_community(DX_COMMUNITY_NO_ADVERTISE, (const bool[5]){ true, true, false, false, false });
}
END_TEST

/* The briefing's table: local preference, and scopes that are regions. */
START_TEST(a_provider_reads_communities)
{
    static const DxCommunityMeaning rows[] = { { 7224u << 16 | 7300, true, 300, NULL, DX_REACH_UNSAID, NULL },
                                               { 7224u << 16 | 8100, false, 0, NULL, DX_REACH_REGION,
                                                 "us-east-1" } };
    static const DxCommunityTable table = { rows, 2 };
    static const uint32_t marks[] = { 7224u << 16 | 7300, 7224u << 16 | 8100 };
    const DxSet set = { .type = DX_SET_COMMUNITY, .numbers = marks, .n = 2 };
    const DxRouteMapEntry entry = { 10, true, false, NULL, &set, 0, 1 };
    const DxRouteMap map = { "MARK", &entry, 1 };
    const char *regions[] = { NULL, "us-west-1", "us-east-1", "eu-central-1", NULL };
    const bool knows[] = { true, true, true, false, true };
    TestNet *net = net_new();
    DxBgpPath best;

    for (unsigned i = 0; i < 5; i++) {
        net_router(net, i ? 64512 + i : 65000);
        net->routers[i].region = regions[i];
    }
    net->routers[1].communities = &table;
    net_session(net, 0, 1);
    for (unsigned i = 2; i < 5; i++)
        net_session(net, 1, i);
    net->sessions[0].end[0].out = &map;
    own(net, 0);
    net_start(net);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_msg(net_best(net, i, "10.1.0.0/16", &best) == knows[i], "at %u", i);
    ck_assert(net_best(net, 1, "10.1.0.0/16", &best));
    ck_assert_uint_eq(best.local_pref, 300);
    net_free(net);
}
END_TEST

/* RFC 4760: in MP_REACH_NLRI, over sessions between IPv6 addresses. */
START_TEST(ipv6_goes_over_sessions_of_its_own)
{
    for (unsigned is_cold = 0; is_cold < 2; is_cold++) {
        const DxPrefix prefix = net_prefix("2001:db8:1::/48");
        TestNet *net = net_new();

        for (uint32_t asn = 1; asn <= 3; asn++)
            net_router(net, asn);
        for (unsigned i = 0; i < 2; i++) {
            DxBgpSession *session = &net->sessions[net_session(net, i, i + 1)];

            session->subnet = 127;
            session->address[0] = net_ip(i ? "2001:db8:ff::2" : "2001:db8:ff::");
            session->address[1] = net_ip(i ? "2001:db8:ff::3" : "2001:db8:ff::1");
        }
        net->routers[0].networks = &prefix;
        net->routers[0].n_networks = 1;
        if (is_cold)
            net_start_cold(net);
        else
            net_start(net);
        net_run(net, DX_S);
        check_route(net, 2, "2001:db8:1::/48", "2 1", "2001:db8:ff::2");
        net_withdraw(net, 0, "2001:db8:1::/48");
        net_run(net, 2 * DX_S);
        ck_assert_int_eq(net_way(net, 2, "2001:db8:1::/48"), -2);
        net_free(net);
    }
}
END_TEST

/* Two sessions between two routers, one of each family: each tells of the prefixes of its own. */
START_TEST(a_session_tells_of_its_own_family_alone)
{
    const DxPrefix prefixes[] = { net_prefix("10.1.0.0/16"), net_prefix("2001:db8:1::/48") };
    TestNet *net = net_new();
    DxBgpSession *second;

    net_router(net, 1);
    net_router(net, 2);
    net_session(net, 0, 1);
    second = &net->sessions[net_session(net, 0, 1)];
    second->subnet = 127;
    second->address[0] = net_ip("2001:db8:ff::");
    second->address[1] = net_ip("2001:db8:ff::1");
    net->routers[0].networks = prefixes;
    net->routers[0].n_networks = 2;
    net_start_cold(net);
    net_run(net, 2 * DX_S);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(net_report(net, 0, i).advertised, 1);
        ck_assert_uint_eq(net_report(net, 0, i).tx_updates, 1);
        ck_assert_uint_eq(net_report(net, 1, i).received, 1);
        ck_assert_uint_eq(net_report(net, 1, i).rx_updates, 1);
    }
    check_route(net, 1, "10.1.0.0/16", "1", "169.254.0.1");
    check_route(net, 1, "2001:db8:1::/48", "1", "2001:db8:ff::");
    net_free(net);
}
END_TEST

/* -- within an AS ------------------------------------------------------------------------------------- */

/* 0 begins; all of one AS in a chain: what is internal is not passed on. */
START_TEST(internal_routes_go_one_session_far)
{
    TestNet *net = net_new();
    DxBgpPath best;

    for (unsigned i = 0; i < 3; i++)
        net_router(net, 65000);
    net_session(net, 0, 1);
    net_session(net, 1, 2);
    own(net, 0);
    net_start(net);
    check_route(net, 1, "10.1.0.0/16", "", "169.254.0.1");
    ck_assert(!net_best(net, 2, "10.1.0.0/16", &best));
    net_free(net);
}
END_TEST

/* 0 -- R1 == R2 -- 3, and 4 is no client of R2: RFC 4456 6. */
START_TEST(reflectors_pass_on_and_say_so)
{
    TestNet *net = net_new();
    DxBgpPath best;

    for (unsigned i = 0; i < 5; i++)
        net_router(net, 65000);
    net_session(net, 1, 0);
    net_session(net, 1, 2);
    net_session(net, 2, 3);
    net_session(net, 2, 4);
    net->sessions[0].end[0].route_reflector_client = true;
    net->sessions[2].end[0].route_reflector_client = true;
    own(net, 0);
    net_start(net);
    ck_assert(net_best(net, 3, "10.1.0.0/16", &best));
    ck_assert(best.has_originator_id);
    ck_assert_uint_eq(best.originator_id, net->routers[0].router_id);
    ck_assert_uint_eq(best.n_clusters, 2);
    ck_assert_uint_eq(best.clusters[0], net->routers[2].cluster_id);
    ck_assert_uint_eq(best.clusters[1], net->routers[1].cluster_id);
    check_route(net, 3, "10.1.0.0/16", "", "169.254.0.2");
    /* R2 has it from R1, who is none of its clients: only clients are told */
    ck_assert(!net_best(net, 4, "10.1.0.0/16", &best));
    net_free(net);
}
END_TEST

/* Two reflectors of one cluster, and a client of both: what comes round is no candidate. */
START_TEST(clusters_keep_loops_out)
{
    TestNet *net = net_new();
    const DxPrefix prefix = net_prefix("10.1.0.0/16");
    DxBgpPath paths[DX_BGP_PATHS_MAX];

    for (unsigned i = 0; i < 3; i++)
        net_router(net, 65000);
    net->routers[1].cluster_id = net->routers[0].cluster_id;
    net_session(net, 0, 1);
    net_session(net, 0, 2);
    net_session(net, 1, 2);
    for (unsigned i = 0; i < 3; i++)
        net->sessions[i].end[0].route_reflector_client = true;
    net->sessions[0].end[1].route_reflector_client = true;
    own(net, 2);
    net_start(net);
    for (unsigned i = 0; i < 2; i++) {
        const unsigned n = dx__bgp_speaker_paths(net->speaker[i], &prefix, paths, NULL, NULL);

        ck_assert_uint_eq(n, 2);
        ck_assert_int_eq(net_way(net, i, "10.1.0.0/16"), (int)i + 1);
        ck_assert_int_eq(dx__bgp_eligible(dx__bgp_speaker_knobs(net->speaker[i]), &paths[0]),
                         DX_BGP_OWN_CLUSTER);
    }
    ck_assert_int_eq(net_way(net, 2, "10.1.0.0/16"), DX_BGP_NONE);
    net_free(net);
}
END_TEST

/* Three ASes in a ring: everybody takes the direct way, and no path holds its owner twice. */
START_TEST(ases_in_a_ring_have_no_loops)
{
    TestNet *net = net_new();
    const DxPrefix prefix = net_prefix("10.1.0.0/16");
    DxBgpPath paths[DX_BGP_PATHS_MAX];

    for (uint32_t asn = 1; asn <= 3; asn++)
        net_router(net, asn);
    for (unsigned i = 0; i < 3; i++)
        net_session(net, i, (i + 1) % 3);
    own(net, 0);
    net_start(net);
    check_route(net, 1, "10.1.0.0/16", "1", "169.254.0.1");
    check_route(net, 2, "10.1.0.0/16", "1", "169.254.2.2");
    net_run(net, DX_S);
    net_withdraw(net, 0, "10.1.0.0/16");
    net_run(net, 2 * DX_S);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(dx__bgp_speaker_n_routes(net->speaker[i]), 0);
    ck_assert_uint_eq(dx__bgp_speaker_paths(net->speaker[1], &prefix, paths, NULL, NULL), 0);
    net_free(net);
}
END_TEST

/* -- ways --------------------------------------------------------------------------------------------- */

static bool by_router(TestNet *net, unsigned router, const DxIp *next_hop, uint32_t *metric)
{
    (void)router;
    *metric = net->metric_of[next_hop->bytes[2]]; /* 169.254.SESSION.x */
    return *metric != UINT32_MAX;
}

/* Four equal lines: all are used; when the IGP knows better, or nothing, fewer. */
START_TEST(equal_ways_are_used_together_and_follow_the_igp)
{
    TestNet *net = net_new();
    SpeakerHop hops[DX_BGP_PATHS_MAX];
    unsigned n = DX_BGP_PATHS_MAX, changed;
    const DxIp ip = net_ip("10.1.2.3");

    net_router(net, 1);
    net_router(net, 2);
    for (unsigned i = 0; i < 5; i++)
        net_session(net, 0, 1);
    net->metric = by_router;
    own(net, 0);
    net_start(net);
    ck_assert_ptr_nonnull(dx__bgp_speaker_lookup(net->speaker[1], &ip, hops, &n));
    ck_assert_uint_eq(n, 4); /* maximum_paths */
    changed = net->n_changed[1];

    net->metric_of[0] = 10;
    dx__bgp_speaker_igp_changed(net->speaker[1], net->now_ps);
    n = DX_BGP_PATHS_MAX;
    ck_assert(dx__bgp_speaker_route(net->speaker[1], &ten, hops, &n));
    ck_assert_uint_eq(n, 4);
    for (unsigned i = 0; i < n; i++)
        ck_assert_int_ne(hops[i].session, 0);
    ck_assert_uint_eq(net->n_changed[1], changed + 1);

    for (unsigned i = 1; i < 5; i++)
        net->metric_of[i] = UINT32_MAX;
    dx__bgp_speaker_igp_changed(net->speaker[1], net->now_ps);
    n = DX_BGP_PATHS_MAX;
    ck_assert(dx__bgp_speaker_route(net->speaker[1], &ten, hops, &n));
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(hops[0].session, 0);

    net->metric_of[0] = UINT32_MAX;
    dx__bgp_speaker_igp_changed(net->speaker[1], net->now_ps);
    n = DX_BGP_PATHS_MAX;
    ck_assert(!dx__bgp_speaker_route(net->speaker[1], &ten, hops, &n));
    ck_assert_ptr_null(dx__bgp_speaker_lookup(net->speaker[1], &ip, hops, &n));
    net_free(net);
}
END_TEST

START_TEST(the_longest_prefix_with_a_way_is_found)
{
    TestNet *net = net_new();
    SpeakerHop hops[4];
    char text[DX_PREFIX_TEXT];
    const struct {
        const char *ip, *prefix;
    } cases[] = { { "10.1.2.3", "10.1.2.0/24" },
                  { "10.1.3.3", "10.1.0.0/16" },
                  { "10.2.0.0", "10.0.0.0/8" },
                  { "11.0.0.1", "0.0.0.0/0" } };

    net_router(net, 1);
    net_make(net);
    net_announce(net, 0, "10.1.2.0/24");
    net_announce(net, 0, "10.1.2.3/32");
    net_announce(net, 0, "0.0.0.0/0");
    net_announce(net, 0, "10.0.0.0/8");
    net_announce(net, 0, "10.1.0.0/16");
    net_withdraw(net, 0, "10.1.2.3/32");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DxIp ip = net_ip(cases[i].ip);
        unsigned n = 4;
        const DxPrefix *found = dx__bgp_speaker_lookup(net->speaker[0], &ip, hops, &n);

        ck_assert_ptr_nonnull(found);
        ck_assert_str_eq(dx_prefix_text(found, text), cases[i].prefix);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(hops[0].session, DX_BGP_NONE);
    }
    ck_assert_uint_eq(dx__bgp_speaker_n_routes(net->speaker[0]), 4);
    net_free(net);
}
END_TEST

/* -- limits and times --------------------------------------------------------------------------------- */

static void announce_n(TestNet *net, unsigned router, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        g_autofree char *text = g_strdup_printf("10.%u.%u.0/24", i / 256, i % 256);

        net_announce(net, router, text);
    }
}

START_TEST(one_prefix_too_many_ends_the_session)
{
    for (unsigned restarts = 0; restarts < 2; restarts++) {
        TestNet *net = net_new();

        net_router(net, 1);
        net_router(net, 2);
        net_session(net, 0, 1);
        net->sessions[0].end[1].prefix_limit = 100;
        net->sessions[0].end[1].prefix_restart_ps = restarts ? 60 * DX_S : 0;
        net_start(net);
        net_run(net, DX_S);
        announce_n(net, 0, 0, 79);
        net_run(net, 2 * DX_S);
        ck_assert_ptr_null(net_line(net, 0, 1, SPEAKER_PREFIXES));
        announce_n(net, 0, 79, 100);
        net_run(net, 10 * DX_S);
        ck_assert_str_eq(net_line(net, 0, 1, SPEAKER_PREFIXES)->text,
                         "neighbor 169.254.0.1 reaches 80 prefixes of 100");
        ck_assert_uint_eq(net_report(net, 1, 0).received, 100);
        ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_ESTABLISHED);
        announce_n(net, 0, 100, 101);
        net_run(net, 20 * DX_S);
        ck_assert(net_report(net, 1, 0).is_over_limit);
        ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_IDLE);
        ck_assert_uint_eq(net_report(net, 0, 0).last_code, 6);
        ck_assert_uint_eq(net_report(net, 0, 0).last_subcode, 1);
        ck_assert_uint_eq(dx__bgp_speaker_n_routes(net->speaker[1]), 0);
        ck_assert_int_eq(net_line(net, 0, 1, SPEAKER_DOWN)->t_ps, 10 * DX_S + DX_MS);
        net_withdraw(net, 0, "10.0.0.0/24");
        net_run(net, 500 * DX_S);
        if (!restarts) {
            ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_IDLE);
            dx__bgp_speaker_clear(net->speaker[1], net->now_ps, 0, SPEAKER_HARD);
            net_run(net, 510 * DX_S);
        } else /* begins again after 60 s, and connects when the other one tries next */
            ck_assert_int_le(net_line(net, 20 * DX_S, 1, SPEAKER_UP)->t_ps, 72 * DX_S);
        ck_assert_uint_eq(dx__bgp_speaker_n_routes(net->speaker[1]), 100);
        net_free(net);
    }
}
END_TEST

static GArray *updates_at; /* DxTime: segments with data towards end 1 */

static void note_updates(TestNet *net, const Frame *frame)
{
    const unsigned header = (frame->octets->data[12] >> 4) * 4u;

    if (frame->carrier == SPEAKER_TCP && frame->to == 1 && frame->octets->len > header + 19 &&
        frame->octets->data[header + 18] == DX_BGP_UPDATE)
        g_array_append_val(updates_at, net->now_ps);
}

/* A change each second from 10 s on, 16 of them: told at once, then once per interval (facts: measured on FRR
 * at 0.05, 5.05, 10.06, 15.06 s, and at 0.05, 30.05, 60.10 s). */
START_TEST(advertisements_keep_their_interval)
{
    static const DxTime mrai_s[] = { 0, 5, 30 };

    for (gsize i = 0; i < G_N_ELEMENTS(mrai_s); i++) {
        const DxTime mrai_ps = mrai_s[i] * DX_S;
        TestNet *net = net_new();
        DxTime expected_ps = 10 * DX_S;
        bool is_there = false;

        updates_at = g_array_new(FALSE, FALSE, sizeof(DxTime));
        net_router(net, 1);
        net_router(net, 2);
        net_session(net, 0, 1);
        net->sessions[0].end[0].mrai_ps = mrai_ps;
        net_start(net);
        net_run(net, 10 * DX_S - 1);
        net->tap = note_updates;
        for (unsigned k = 0; k < 61; k++) {
            net->now_ps = (10 + (DxTime)k) * DX_S;
            if (is_there)
                net_withdraw(net, 0, "10.1.0.0/16");
            else
                net_announce(net, 0, "10.1.0.0/16");
            is_there = !is_there;
            net_run(net, net->now_ps + DX_S - 1);
        }
        ck_assert_uint_gt(updates_at->len, 2);
        for (guint k = 0; k < updates_at->len; k++) {
            const DxTime at_ps = g_array_index(updates_at, DxTime, k);

            ck_assert_int_eq(at_ps, expected_ps);
            expected_ps += mrai_ps ? mrai_ps : DX_S;
        }
        ck_assert_uint_eq(updates_at->len, mrai_s[i] == 30 ? 3 : mrai_s[i] == 5 ? 13 : 61);
        g_array_unref(updates_at);
        net_free(net);
    }
}
END_TEST

/* Many prefixes with one set of attributes go in few messages. */
START_TEST(what_has_the_same_attributes_goes_together)
{
    TestNet *net = net_new();
    DxPrefix *many = g_new(DxPrefix, 3000);

    for (unsigned i = 0; i < 3000; i++)
        many[i] = (DxPrefix){ { 32, { 10, (uint8_t)(i / 256), (uint8_t)i, 0 } }, 24 };
    net_router(net, 1);
    net_router(net, 2);
    net_session(net, 0, 1);
    net->routers[0].networks = many;
    net->routers[0].n_networks = 3000;
    net_start_cold(net);
    net_run(net, DX_S);
    ck_assert_uint_eq(net_report(net, 1, 0).received, 3000);
    ck_assert_uint_eq(net_report(net, 0, 0).advertised, 3000);
    /* header 23, ORIGIN 4, AS_PATH of one 9, NEXT_HOP 7: 43; 4 octets for each /24, so 1013 in a message */
    ck_assert_uint_eq(net_report(net, 0, 0).tx_updates, 3);
    net_free(net);
    g_free(many);
}
END_TEST

/* In order of prefixes, and what shares attributes with an earlier one comes with it. */
START_TEST(updates_are_in_order)
{
    static const char *const order[] = { "10.1.0.0/16", "10.3.0.0/16", "10.3.0.0/24", "9.0.0.0/8",
                                         "10.2.0.0/16" };
    TestNet *net = net_new();

    net_router(net, 1);
    net_router(net, 2);
    net_session(net, 0, 1);
    net_start(net);
    net_run(net, DX_S);
    net->speaker[0]->tuning.advertise_ps = DX_S; /* all in one flush, whatever the order in which they come */
    for (unsigned i = G_N_ELEMENTS(order); i-- > 0;) {
        const DxPrefix prefix = net_prefix(order[i]);

        dx__bgp_speaker_announce(net->speaker[0], net->now_ps, &prefix, i >= 3 ? &map_med_50 : NULL);
    }
    net_run(net, 3 * DX_S);
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        DxBgpPath best;

        ck_assert(net_best(net, 1, order[i], &best));
        /* 9/8 and 10.2/16 with MED 50 first, then the others */
        ck_assert_uint_eq(best.received, i == 3 ? 1 : i == 4 ? 2 : 3 + i);
    }
    net_free(net);
}
END_TEST

/* A route that leads to us is no way. */
START_TEST(our_own_address_is_no_next_hop)
{
    const DxSet set = { .type = DX_SET_NEXT_HOP, .next_hop = { 32, { 169, 254, 0, 2 } } };
    const DxRouteMapEntry entry = { 10, true, false, NULL, &set, 0, 1 };
    const DxRouteMap map = { "BACK", &entry, 1 };
    TestNet *net = net_new();
    DxBgpPath best;

    net_router(net, 1);
    net_router(net, 2);
    net_session(net, 0, 1);
    net->sessions[0].end[0].out = &map;
    own(net, 0);
    net_start(net);
    ck_assert_uint_eq(net_report(net, 1, 0).received, 1);
    ck_assert(!net_best(net, 1, "10.1.0.0/16", &best));
    net_free(net);
}
END_TEST

static const DxRouteMap map_nothing = { "NOTHING", NULL, 0 };

/* -- policies that change ----------------------------------------------------------------------------- */

START_TEST(soft_clears_apply_a_new_policy)
{
    for (unsigned keeps = 0; keeps < 2; keeps++) {
        TestNet *net = net_new();
        uint64_t before;
        DxBgpPath best;

        net_router(net, 1);
        net_router(net, 2);
        net_session(net, 0, 1);
        net->sessions[0].end[1].soft_reconfiguration = keeps;
        own(net, 0);
        net_start(net);
        net_run(net, DX_S);
        dx__bgp_speaker_set_policy(net->speaker[1], 0, &map_pref_200, NULL);
        ck_assert(net_best(net, 1, "10.1.0.0/16", &best));
        ck_assert_uint_eq(best.local_pref, 100);
        before = net_report(net, 0, 0).rx_messages;
        dx__bgp_speaker_clear(net->speaker[1], net->now_ps, 0, SPEAKER_SOFT_IN);
        net_run(net, net->now_ps + 100 * DX_MS);
        ck_assert(net_best(net, 1, "10.1.0.0/16", &best));
        ck_assert_uint_eq(best.local_pref, 200);
        ck_assert_uint_eq(net_report(net, 0, 0).rx_messages, before + !keeps); /* ROUTE-REFRESH */

        for (unsigned is_denied = 2; is_denied-- > 0;) {
            dx__bgp_speaker_set_policy(net->speaker[1], 0, is_denied ? &map_nothing : NULL, NULL);
            dx__bgp_speaker_clear(net->speaker[1], net->now_ps, 0, SPEAKER_SOFT_IN);
            net_run(net, net->now_ps + 100 * DX_MS);
            ck_assert_int_eq(net_best(net, 1, "10.1.0.0/16", &best), !is_denied);
        }

        dx__bgp_speaker_set_policy(net->speaker[0], 0, NULL, &map_med_50);
        dx__bgp_speaker_clear(net->speaker[0], net->now_ps, 0, SPEAKER_SOFT_OUT);
        net_run(net, net->now_ps + 100 * DX_MS);
        ck_assert(net_best(net, 1, "10.1.0.0/16", &best));
        ck_assert_uint_eq(best.med, 50);
        ck_assert_uint_eq(net_report(net, 0, 0).flaps + net_report(net, 1, 0).flaps, 0);
        net_free(net);
    }
}
END_TEST

START_TEST(a_denied_route_is_known_and_not_used)
{
    TestNet *net = net_new();
    DxBgpPath paths[DX_BGP_PATHS_MAX], best;

    net_router(net, 1);
    net_router(net, 2);
    net_router(net, 3);
    net_session(net, 0, 1);
    net_session(net, 1, 2);
    net->sessions[0].end[1].in = &map_nothing;
    own(net, 0);
    net_start(net);
    ck_assert(!net_best(net, 1, "10.1.0.0/16", &best));
    ck_assert(!net_best(net, 2, "10.1.0.0/16", &best));
    ck_assert_uint_eq(dx__bgp_speaker_paths(net->speaker[1], &ten, paths, NULL, NULL), 1);
    ck_assert(paths[0].is_denied);
    ck_assert_uint_eq(net_report(net, 1, 0).received, 1);
    ck_assert_uint_eq(net_report(net, 1, 0).accepted, 0);
    net_free(net);
}
END_TEST

SUITE_MAIN("routes", 60, ipv6_goes_over_sessions_of_its_own, a_session_tells_of_its_own_family_alone,
           as_paths_grow_and_next_hops_change_between_ases, a_third_party_on_the_same_line_stays_the_next_hop,
           med_goes_one_as_far_and_local_pref_stays_inside, prepending_moves_traffic,
           communities_and_confederations_say_how_far_a_route_goes, a_provider_reads_communities,
           internal_routes_go_one_session_far, reflectors_pass_on_and_say_so, clusters_keep_loops_out,
           ases_in_a_ring_have_no_loops, equal_ways_are_used_together_and_follow_the_igp,
           the_longest_prefix_with_a_way_is_found, one_prefix_too_many_ends_the_session,
           advertisements_keep_their_interval, what_has_the_same_attributes_goes_together,
           soft_clears_apply_a_new_policy, updates_are_in_order, our_own_address_is_no_next_hop,
           a_denied_route_is_known_and_not_used)
