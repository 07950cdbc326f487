/*
 * load_bgp: what a scenario says of BGP, as data
 */
#include <dxsim/models.h>
#include <string.h>
#include "../../lib/load-priv.h"
#include "bgp/conf.h"
#include "../network.h"
#include "../suite.h"

static DxScenario *words;

static const DxBgpNetwork *network_of(const DxScenario *scenario)
{
    ck_assert_ptr_nonnull(scenario->bgp);
    return &scenario->bgp->network;
}

static const DxBgpNetwork *setup(void)
{
    DxProblems *problems = dx_problems_new();

    words = dx_scenario_read_file(DX_TEST_SCENARIOS "/bgp-words.json", dx_builtin_models, problems);
    ck_assert_uint_eq(problems->n_found, 0);
    ck_assert_uint_eq(problems->list->len, 0); /* no warning either */
    dx_problems_free(problems);
    return network_of(words);
}

static void assert_ip(const DxIp *ip, const char *want)
{
    char text[DX_IP_TEXT];

    ck_assert_str_eq(dx_ip_text(ip, text), want);
}

static void assert_id(uint32_t id, const char *want)
{
    char text[DX_IP_TEXT];

    ck_assert_str_eq(dx_router_id_text(id, text), want);
}

static void assert_prefix(const DxPrefix *prefix, const char *want)
{
    char text[DX_PREFIX_TEXT];

    ck_assert_str_eq(dx_prefix_text(prefix, text), want);
}

/* -- routers ------------------------------------------------------------------------------------------ */

START_TEST(routers_are_nodes_with_an_asn)
{
    const DxBgpNetwork *network = setup();
    static const uint32_t of_node[] = { 0, 1, DX_BGP_NOBODY, 2, 3, 4, DX_BGP_NOBODY, DX_BGP_NOBODY };
    const DxBgpRouter *hq = &network->routers[0], *hq2 = &network->routers[1], *sf = &network->routers[2];
    const DxBgpRouter *fra = &network->routers[3];

    ck_assert_uint_eq(network->n_routers, 5);
    ck_assert_uint_eq(network->n_nodes, 8);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(network->router_of_node[i], of_node[i]);
    ck_assert_str_eq(hq->name, "hq");
    ck_assert_uint_eq(hq->asn, 65000);
    assert_ip(&hq->loopback, "10.255.9.1");
    assert_id(hq->router_id, "10.255.9.1"); /* that of the loopback */
    assert_id(hq->cluster_id, "10.255.9.1");
    ck_assert_uint_eq(hq->n_networks, 2);
    assert_prefix(&hq->networks[1], "2001:db8:1::/48");
    ck_assert_int_eq(hq->dampening->half_life_ps, 600 * DX_S);
    ck_assert_double_eq(hq->dampening->suppress, 3000);
    ck_assert_double_eq(hq->dampening->reuse, 750); /* the default */
    ck_assert_int_eq(hq->conf->maximum_paths, 8);
    ck_assert_int_eq(hq->conf->multipath, 2);
    ck_assert(hq->conf->always_compare_med && hq->conf->deterministic_med && !hq->conf->as_path_ignore);
    ck_assert_ptr_eq(hq->conf->network, network);
    ck_assert_uint_eq(hq2->conf->router, 1);
    ck_assert_int_eq(hq2->conf->start, DX_BGP_START_COLD);
    ck_assert_int_eq(hq2->conf->profile, 1);
    assert_id(hq2->cluster_id, "1.1.1.1");
    assert_ip(&hq2->loopback, "10.255.9.2"); /* that of the router ID */
    ck_assert_ptr_null(hq2->dampening);
    ck_assert_ptr_null(hq2->communities);
    ck_assert_int_eq(sf->kind, DX_KIND_CLOUD_DEVICE);
    ck_assert_str_eq(sf->region, "us-west-2");
    ck_assert_str_eq(sf->location, "San Francisco");
    assert_id(sf->router_id, "10.255.0.3"); /* 10.255.0.N of the N-th */
    ck_assert_uint_eq(fra->confed_id, 7224);
    ck_assert_uint_eq(fra->n_confed_peers, 1);
    ck_assert_uint_eq(fra->confed_peers[0], 64513);
    assert_prefix(&fra->networks[0], "10.5.0.0/24"); /* where flows of the fifth node begin */
    dx_scenario_free(words);
}
END_TEST

/* 7224:8100 is us-east-1 in the briefing, and nothing that a customer sets in what is documented. */
START_TEST(cloud_devices_have_the_tables_of_the_catalog)
{
    const DxBgpNetwork *network = setup();
    const DxCommunityTable *briefing = network->routers[2].communities;
    const DxCommunityTable *documented = network->routers[3].communities;
    unsigned n[2] = { 0 };

    for (unsigned i = 0; i < briefing->n; i++)
        if (briefing->rows[i].reach == DX_REACH_REGION) {
            ck_assert_ptr_nonnull(briefing->rows[i].region);
            n[0]++;
        }
    for (unsigned i = 0; i < documented->n; i++)
        n[1] += documented->rows[i].reach != DX_REACH_UNSAID;
    ck_assert_uint_eq(n[0], 3); /* 8100, 8200, 8300 */
    ck_assert_uint_eq(n[1], 3); /* 9100, 9200, 9300 */
    ck_assert_ptr_null(network->routers[4].communities);
    dx_scenario_free(words);
}
END_TEST

/* Those that are given keep theirs; who has none takes the next that is free. */
START_TEST(router_ids_that_nobody_gave_do_not_meet)
{
    DxScenario *scenario = network_read(
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" }, \"nodes\": {"
        "\"a\": { \"kind\": \"router\", \"asn\": 1 }, \"b\": { \"kind\": \"router\", \"asn\": 2 },"
        "\"c\": { \"kind\": \"router\", \"asn\": 3, \"router_id\": \"10.255.0.1\" },"
        "\"d\": { \"kind\": \"router\", \"asn\": 4, \"loopback\": \"2001:db8::1\" } } }");
    const DxBgpRouter *routers = network_of(scenario)->routers;

    assert_id(routers[0].router_id, "10.255.0.2"); /* 10.255.0.1 is taken */
    assert_id(routers[1].router_id, "10.255.0.3");
    assert_id(routers[2].router_id, "10.255.0.1");
    assert_id(routers[3].router_id, "10.255.0.4");
    assert_ip(&routers[3].loopback, "2001:db8::1");
    dx_scenario_free(scenario);
}
END_TEST

/* The tables of the conf and of the decision are two: they go by the same names. */
START_TEST(profiles_are_those_of_the_decision)
{
    const DxParam *profile = dx_param_find(dx__bgp_params, "profile");
    unsigned n = 0;

    for (; dx__bgp_profiles[n].name; n++)
        ck_assert_str_eq(profile->names[n], dx__bgp_profiles[n].name);
    ck_assert_ptr_null(profile->names[n]);
}
END_TEST

/* Whoever says nothing decides as the decision does by itself, but for deterministic MED. */
START_TEST(a_conf_becomes_knobs)
{
    const DxBgpNetwork *network = setup();
    DxBgpKnobs knobs, plain;

    dx__bgp_knobs_init(&plain);
    plain.deterministic_med = true;
    plain.local_as = 64512;
    plain.router_id = plain.cluster_id = 0x0aff0003;
    memset(&knobs, 0, sizeof knobs);
    dx__bgp_router_knobs(&network->routers[2], &knobs);
    ck_assert_uint_eq(knobs.local_as, plain.local_as);
    ck_assert_uint_eq(knobs.router_id, plain.router_id);
    ck_assert_uint_eq(knobs.cluster_id, plain.cluster_id);
    ck_assert_uint_eq(knobs.confed_id, 0);
    ck_assert_uint_eq(knobs.maximum_paths, plain.maximum_paths);
    ck_assert_uint_eq(knobs.default_local_pref, plain.default_local_pref);
    ck_assert_int_eq(knobs.multipath, plain.multipath);
    ck_assert_int_eq(knobs.age, plain.age);
    ck_assert(knobs.deterministic_med && !knobs.always_compare_med && knobs.prefers_confed_external);
    dx__bgp_router_knobs(&network->routers[0], &knobs); /* says more */
    ck_assert_uint_eq(knobs.maximum_paths, 8);
    ck_assert_int_eq(knobs.multipath, DX_BGP_MULTIPATH_RELAXED);
    ck_assert(knobs.always_compare_med);
    dx__bgp_router_knobs(&network->routers[1], &knobs); /* as Cisco */
    ck_assert_int_eq(knobs.multipath, DX_BGP_MULTIPATH_EXACT);
    ck_assert(knobs.age_needs_other_router_id && knobs.strict_confed_med && !knobs.always_compare_med);
    dx__bgp_router_knobs(&network->routers[3], &knobs);
    ck_assert_uint_eq(knobs.confed_id, 7224);
    dx_scenario_free(words);
}
END_TEST

/* -- policies ----------------------------------------------------------------------------------------- */

START_TEST(policies_are_in_order_and_find_their_lists)
{
    const DxBgpNetwork *network = setup();
    const DxBgpEnd *hq = &network->sessions[0].end[0];
    const DxRouteMapEntry *entry = &hq->out->entries[0];
    const DxPrefixList *list = entry->matches[0].list;

    ck_assert_str_eq(hq->out->name, "OUT");
    ck_assert_uint_eq(hq->out->n, 2);
    ck_assert_uint_eq(entry->seq, 10); /* though it stands behind 20 */
    ck_assert(entry->is_permit && !hq->out->entries[1].is_permit);
    ck_assert_str_eq(list->name, "OURS");
    ck_assert_uint_eq(list->rules[0].seq, 5);
    ck_assert_uint_eq(list->rules[1].le, 24);
    ck_assert_int_eq(entry->sets[1].type, DX_SET_PREPEND);
    ck_assert_uint_eq(entry->sets[1].value, 2);
    ck_assert_uint_eq(entry->sets[0].numbers[0], 7224u << 16 | 7300);
    entry = &hq->in->entries[0];
    ck_assert_uint_eq(entry->n_matches, 4);
    ck_assert(dx_regex_matches(((const DxAsPathList *)entry->matches[0].list)->rules[0].regex, "64512"));
    ck_assert(entry->matches[2].is_exact);
    ck_assert_ptr_eq(entry->sets[2].list, entry->matches[2].list);
    assert_ip(&entry->sets[1].next_hop, "10.9.9.9");
    ck_assert_ptr_null(network->sessions[0].end[1].in);
    dx_scenario_free(words);
}
END_TEST

/* -- sessions ----------------------------------------------------------------------------------------- */

START_TEST(an_end_has_what_the_session_says_and_its_own_besides)
{
    const DxBgpNetwork *network = setup();
    const DxBgpSession *a = &network->sessions[0], *b = &network->sessions[1];

    ck_assert_str_eq(a->name, "a");
    ck_assert_int_eq(a->type, DX_BGP_SESSION_EBGP);
    ck_assert_int_eq(a->end[0].hold_ps, 30 * DX_S); /* the preset's */
    ck_assert_int_eq(a->end[1].hold_ps, 90 * DX_S);
    ck_assert_int_eq(a->end[1].keepalive_ps, 10 * DX_S);
    ck_assert_int_eq(a->end[0].connect_retry_ps, 5 * DX_S); /* the defaults' */
    ck_assert_int_eq(a->end[0].mrai_ps, DX_S);
    ck_assert_int_eq(a->end[0].bfd_interval_ps, 300 * DX_MS);
    ck_assert_int_eq(a->end[1].bfd_interval_ps, 500 * DX_MS);
    ck_assert(a->end[0].has_bfd && a->end[1].has_bfd);
    ck_assert(a->end[0].has_graceful_restart);
    ck_assert_int_eq(a->end[0].restart_ps, 60 * DX_S);
    ck_assert_str_eq(a->end[1].password, "secret");
    ck_assert_int_eq(a->end[0].weight, 5);
    ck_assert_int_eq(a->end[1].weight, 0);
    ck_assert(a->end[1].passive && !a->end[0].passive);
    ck_assert_int_eq(a->end[0].pcp, DX_BGP_PCP_CS6);
    ck_assert_int_eq(a->end[1].prefix_limit, 100); /* a private VIF, by the catalog */
    ck_assert_int_eq(a->end[0].prefix_limit, 0);
    ck_assert_int_eq(b->end[1].prefix_limit, 7); /* said */
    ck_assert_int_eq(b->end[1].prefix_restart_ps, 60 * DX_S);
    ck_assert(!b->end[1].fast_fallover && b->end[0].fast_fallover);
    ck_assert(!b->end[0].has_bfd && !b->end[1].has_bfd); /* though its preset has it, and a */
    ck_assert_ptr_null(b->end[0].in);                    /* what a says of hq is not of b */
    ck_assert(!network->sessions[2].end[0].has_bfd);
    ck_assert(network->sessions[2].end[0].route_reflector_client);
    ck_assert(!network->sessions[2].end[1].route_reflector_client);
    ck_assert_int_eq(network->sessions[3].type, DX_BGP_SESSION_CONFED);
    dx_scenario_free(words);
}
END_TEST

START_TEST(a_session_is_on_a_line_or_follows_the_igp)
{
    const DxBgpNetwork *network = setup();
    const DxBgpSession *a = &network->sessions[0], *b = &network->sessions[1], *i = &network->sessions[2];
    const DxBgpSession *c = &network->sessions[3];

    ck_assert_uint_eq(a->vif, 0);
    ck_assert_uint_eq(a->trunk, 0);
    ck_assert_uint_eq(a->trunk_end[0], 0);
    assert_ip(&a->address[0], "169.254.100.1"); /* the VIF's */
    assert_ip(&a->address[1], "169.254.100.2");
    ck_assert_uint_eq(a->subnet, 30);
    ck_assert_uint_eq(b->trunk_end[0], 1); /* the link begins at fra */
    assert_ip(&b->address[0], "169.254.200.1");
    ck_assert_uint_eq(b->subnet, 31);
    ck_assert_uint_eq(i->trunk, DX_BGP_NOBODY);
    ck_assert_uint_eq(i->vif, DX_BGP_NOBODY);
    assert_ip(&i->address[0], "10.255.9.1"); /* loopbacks */
    assert_ip(&i->address[1], "10.255.9.2");
    ck_assert_uint_eq(i->subnet, 0);
    ck_assert(DX_SC(words, trunks, DxScTrunk, c->trunk)->is_lag); /* the only line there is */
    ck_assert_uint_eq(c->trunk_end[0], 1);
    assert_ip(&c->address[0], "100.64.0.13"); /* the fourth session's: 100.64.0.0 + 4 * 3 + 1 */
    assert_ip(&c->address[1], "100.64.0.14");
    dx_scenario_free(words);
}
END_TEST

/* A VIF whose trunk begins at the other end gives each end its own address. */
START_TEST(addresses_of_a_vif_are_by_end_of_its_line)
{
    DxScenario *scenario = network_read(
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" }, \"nodes\": {"
        "\"a\": { \"kind\": \"router\", \"asn\": 1 }, \"b\": { \"kind\": \"router\", \"asn\": 2 } },"
        "\"links\": { \"l\": { \"ends\": [\"b\", \"a\"], \"rate\": \"1 Gbps\", \"fiber\": { \"length\": \"1 "
        "km\" } } },"
        "\"vifs\": { \"v\": { \"on\": \"l\", \"type\": \"private\", \"vlan\": 1, \"addresses\": "
        "[\"10.0.0.1/30\", \"10.0.0.2/30\"] } },"
        "\"sessions\": { \"s\": { \"ends\": [\"a\", \"b\"] } } }");
    const DxBgpSession *session = network_of(scenario)->sessions;

    ck_assert_uint_eq(session->vif, 0);
    assert_ip(&session->address[0], "10.0.0.2");
    assert_ip(&session->address[1], "10.0.0.1");
    dx_scenario_free(scenario);
}
END_TEST

static const DxFlow *flow_of(const DxScenario *scenario, uint32_t flow)
{
    return &g_array_index(scenario->bgp->flows, DxFlow, flow - dx__scenario_n_flows(scenario));
}

/* Two flows of the scenario; behind them two of TCP for each session, and two of BFD where both ends have it.
 */
START_TEST(control_flows_stand_behind_the_scenarios_own)
{
    const DxBgpNetwork *network = setup();
    static const uint8_t hq[16] = { [12] = 169, 254, 100, 1 };
    static const uint32_t tcp[4][2] = { { 2, 3 }, { 6, 7 }, { 8, 9 }, { 10, 11 } };
    const DxBgpSession *a = &network->sessions[0];

    ck_assert_uint_eq(dx__scenario_n_flows(words), 2);
    ck_assert_uint_eq(words->bgp->flows->len, 10);
    for (unsigned i = 0; i < 4; i++)
        for (unsigned end = 0; end < 2; end++)
            ck_assert_uint_eq(network->sessions[i].tcp[end].flow, tcp[i][end]);
    ck_assert_uint_eq(a->tcp[0].dst_port, 179); /* the other end waits */
    ck_assert_uint_eq(a->tcp[0].src_port, 49152);
    ck_assert_uint_eq(a->tcp[1].src_port, 179);
    ck_assert_uint_eq(a->tcp[1].dst_port, 49152);
    ck_assert_uint_eq(a->bfd[0].flow, 4);
    ck_assert_uint_eq(a->bfd[1].dst_port, 3784);
    ck_assert_uint_eq(network->sessions[2].bfd[0].flow, DX_BGP_NOBODY);
    ck_assert_uint_eq(network->sessions[2].tcp[0].src_port, 49154);
    ck_assert_mem_eq(flow_of(words, 2)->src, hq, 16);
    ck_assert_mem_eq(flow_of(words, 5)->dst, hq, 16);
    ck_assert_uint_eq(flow_of(words, 2)->protocol, 6);
    ck_assert_uint_eq(flow_of(words, 4)->protocol, 17);
    ck_assert_uint_eq(flow_of(words, 2)->group, 2);
    ck_assert_uint_eq(flow_of(words, 11)->group, 5);
    dx_scenario_free(words);
}
END_TEST

/* -- the IGP, and what is built ------------------------------------------------------------------------ */

START_TEST(the_igp_goes_over_lines_of_one_as_and_where_it_is_told)
{
    const DxBgpNetwork *network = setup();

    ck_assert_int_eq(network->igp_convergence_ps, 50 * DX_MS);
    ck_assert_uint_eq(network->n_igp_links, 2); /* i1, i2: no two routers of one AS are joined directly */
    ck_assert_str_eq(dx__scenario_trunk_name(words, network->igp_links[0].trunk), "i1");
    ck_assert_uint_eq(network->igp_links[0].metric, 5);
    ck_assert_uint_eq(network->igp_links[1].metric, 10);
    ck_assert_uint_eq(network->igp_links[1].node[0], 2);
    dx_scenario_free(words);
}
END_TEST

/* Sessions and the IGP need both directions; to the VPC nobody sends. */
START_TEST(what_bgp_may_use_is_built)
{
    static const bool used[][2] = { { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 },
                                    { 1, 1 }, { 1, 1 }, { 0, 0 }, { 1, 0 } };

    setup();
    for (unsigned i = 0; i < G_N_ELEMENTS(used); i++)
        for (unsigned d = 0; d < 2; d++)
            ck_assert_msg(DX_SC(words, links, DxScLink, i)->is_used[d] == used[i][d], "link %u, %u", i, d);
    dx_scenario_free(words);
}
END_TEST

/*   a --- b        c hangs on both; BGP may send from either, whatever the shortest path is
 *    \   /
 *      c
 */
START_TEST(what_hangs_on_several_routers_is_reached_from_each)
{
    DxScenario *scenario = network_read(
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" }, \"nodes\": {"
        "\"a\": { \"kind\": \"router\", \"asn\": 1 }, \"b\": { \"kind\": \"router\", \"asn\": 2, \"bgp\": { "
        "\"networks\": [\"10.3.0.0/16\"] } }, \"c\": { \"kind\": \"host\" } },"
        "\"defaults\": { \"link\": { \"rate\": \"1 Gbps\", \"fiber\": { \"length\": \"1 km\" } } },"
        "\"links\": { \"l\": { \"ends\": [\"a\", \"b\"] }, \"m\": { \"ends\": [\"a\", \"c\"] }, \"n\": { "
        "\"ends\": [\"c\", \"b\"] } },"
        "\"sessions\": { \"s\": { \"ends\": [\"a\", \"b\"] } },"
        "\"flows\": { \"f\": { \"from\": \"a\", \"to\": \"c\", \"rate\": \"1 Mbps\" } } }");

    ck_assert(DX_SC(scenario, links, DxScLink, 1)->is_used[0]); /* a > c, the shortest */
    ck_assert(DX_SC(scenario, links, DxScLink, 2)->is_used[1]); /* b > c */
    ck_assert(!DX_SC(scenario, links, DxScLink, 2)->is_used[0]);
    ck_assert(!dx__scenario_is_said(scenario, 0, 0));
    dx_scenario_free(scenario);
    setup();
    ck_assert(dx__scenario_is_said(words, 1, 3)); /* back: via vif-a from sf */
    ck_assert(!dx__scenario_is_said(words, 1, 0));
    ck_assert(!dx__scenario_is_said(words, 0, 0));
    dx_scenario_free(words);
}
END_TEST

/* -- events ------------------------------------------------------------------------------------------- */

START_TEST(deeds_are_written_out_for_their_routers)
{
    /* in order of the plans: sf shuts a down, and enables it; hq asks on a and i; 10.1.0.0/16 goes and comes
     * at 700, 1200, 1700 ms; sf has another network; b is enabled at its first end */
    static const struct {
        int64_t at_ms;
        DxControlOp op;
        uint32_t router, index;
    } want[] = {
        { 500, DX_CONTROL_SHUTDOWN, 2, 0 },  { 700, DX_CONTROL_ENABLE, 2, 0 },
        { 600, DX_CONTROL_CLEAR, 0, 0 },     { 600, DX_CONTROL_CLEAR, 0, 2 },
        { 700, DX_CONTROL_WITHDRAW, 0, 0 },  { 800, DX_CONTROL_ANNOUNCE, 0, 0 },
        { 1200, DX_CONTROL_WITHDRAW, 0, 0 }, { 1300, DX_CONTROL_ANNOUNCE, 0, 0 },
        { 1700, DX_CONTROL_WITHDRAW, 0, 0 }, { 1800, DX_CONTROL_ANNOUNCE, 0, 0 },
        { 800, DX_CONTROL_ANNOUNCE, 2, 1 },  { 900, DX_CONTROL_ENABLE, 1, 1 },
    };
    const DxBgpNetwork *network = setup();
    const GArray *events = words->bgp->events;

    ck_assert_uint_eq(events->len, G_N_ELEMENTS(want));
    for (unsigned i = 0; i < G_N_ELEMENTS(want); i++) {
        const DxScBgpEvent *event = &g_array_index(events, DxScBgpEvent, i);

        ck_assert_int_eq(event->at_ps, want[i].at_ms * DX_MS);
        ck_assert_int_eq(event->control.op, want[i].op);
        ck_assert_uint_eq(event->router, want[i].router);
        ck_assert_uint_eq(event->control.index, want[i].index);
        ck_assert_uint_eq(event->control.value, want[i].op == DX_CONTROL_CLEAR);
    }
    ck_assert_uint_eq(network->n_event_prefixes, 2);
    assert_prefix(&network->event_prefixes[1], "172.30.0.0/16");
    ck_assert_uint_eq(words->events->len, 4); /* what fails with core, and comes back: two links */
    dx_scenario_set_duration(words, DX_S);
    ck_assert_uint_eq(words->bgp->events->len, 8); /* one withdrawal, and what comes of it */
    dx_scenario_free(words);
}
END_TEST

START_TEST(deeds_beyond_reason_are_refused)
{
    static const char text[] =
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" }, \"nodes\": {"
        "\"a\": { \"kind\": \"router\", \"asn\": 1 } },\n"
        "\"events\": [ { \"at\": \"0 ps\", \"do\": \"announce\", \"target\": \"nodes.a\", \"network\": "
        "\"10.0.0.0/8\", \"every\": \"1 us\" } ] }";
    DxProblems *problems = dx_problems_new();

    ck_assert_ptr_null(dx_scenario_read("f", text, strlen(text), dx_builtin_models, problems));
    ck_assert_uint_eq(problems->n_found, 1);
    dx_problems_free(problems);
}
END_TEST

/* A hub with @n neighbours, each an AS of its own with a session; @networks of the hub's. */
static unsigned problems_of_hub(unsigned n, unsigned n_networks, char **first)
{
    g_autoptr(GString) text =
        g_string_new("{ 'dxsim': 1, 'name': 'n', 'run': { 'duration': '1 s' }, 'nodes': {\n"
                     "'hub': { 'kind': 'router', 'asn': 1, 'bgp': { 'networks': [");
    DxProblems *problems = dx_problems_new();
    unsigned n_found;

    for (unsigned i = 0; i < n_networks; i++)
        g_string_append_printf(text, "%s'%u.%u.%u.0/24'", i ? ", " : "", 1 + (i >> 16), i >> 8 & 255,
                               i & 255);
    g_string_append(text, "] } }");
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(text, ", 'r%u': { 'kind': 'router', 'asn': %u }", i, 100000 + i);
    g_string_append(text, " }, 'links': { ");
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(text, "%s'l%u': { 'ends': ['hub', 'r%u'], 'rate': '1 Gbps' }", i ? ", " : "",
                               i, i);
    g_string_append(text, " }, 'sessions': { ");
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(text, "%s's%u': { 'ends': ['hub', 'r%u'] }", i ? ", " : "", i, i);
    g_string_append(text, " }, 'flows': { 'f': { 'from': 'hub', 'to': 'r0', 'rate': '1 Mbps' } } }");
    g_strdelimit(text->str, "'", '"');
    dx_scenario_free(dx_scenario_read("f", text->str, text->len, dx_builtin_models, problems));
    n_found = problems->n_found;
    *first = n_found ? g_strdup(((DxProblem *)g_ptr_array_index(problems->list, 0))->message) : NULL;
    dx_problems_free(problems);
    return n_found;
}

START_TEST(what_no_router_could_hold_is_refused)
{
    char *text;

    ck_assert_uint_eq(problems_of_hub(DX_BGP_SESSIONS_MAX, 1, &text), 0);
    ck_assert_uint_eq(problems_of_hub(DX_BGP_SESSIONS_MAX + 1, 1, &text), 1);
    ck_assert_str_eq(text, "256 BGP sessions at this node; at most 255 are accepted");
    g_free(text);
    /* 101 routers and 200 ends: 166112 prefixes times 301 are 50 million, and one time less is not */
    ck_assert_uint_eq(problems_of_hub(100, 166012, &text), 0);
    ck_assert_uint_eq(problems_of_hub(100, 166013, &text), 1);
    ck_assert_str_eq(
        text, "166113 prefixes for 101 BGP routers and 100 sessions; prefixes times routers and ends of "
              "sessions are at most 50000000");
    g_free(text);
}
END_TEST

/* Nothing of BGP, nothing built for it. */
START_TEST(without_an_asn_there_is_no_network)
{
    DxScenario *scenario = network_load("1 ms", "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps' }",
                                        "'f': { 'from': 'a', 'to': 'b', 'rate': '1 Mbps' }", "");

    ck_assert_ptr_null(scenario->bgp);
    ck_assert(!DX_SC(scenario, links, DxScLink, 0)->is_used[1]);
    dx_scenario_free(scenario);
}
END_TEST

SUITE_MAIN("load_bgp", 30, routers_are_nodes_with_an_asn, cloud_devices_have_the_tables_of_the_catalog,
           router_ids_that_nobody_gave_do_not_meet, profiles_are_those_of_the_decision, a_conf_becomes_knobs,
           policies_are_in_order_and_find_their_lists, an_end_has_what_the_session_says_and_its_own_besides,
           a_session_is_on_a_line_or_follows_the_igp, addresses_of_a_vif_are_by_end_of_its_line,
           control_flows_stand_behind_the_scenarios_own,
           the_igp_goes_over_lines_of_one_as_and_where_it_is_told, what_bgp_may_use_is_built,
           what_hangs_on_several_routers_is_reached_from_each, deeds_are_written_out_for_their_routers,
           deeds_beyond_reason_are_refused, what_no_router_could_hold_is_refused,
           without_an_asn_there_is_no_network)
