/*
 * test_replay - what a real router decided, through real sessions; and incremental decisions against full
 * ones
 *
 * Neighbours are speakers that announce nothing by themselves: a test puts UPDATEs of its own making into
 * their sessions.
 */
#include "../../vectors.h"
#include "net.h"
#include "bgp/policy.h"
#include "bgp/speaker-priv.h"

/* -- UPDATEs of one's own ------------------------------------------------------------------------------ */

typedef struct {
    uint32_t asns[8];
    unsigned n_asns;
    DxBgpOrigin origin;
    bool has_med, has_local_pref;
    uint32_t med, local_pref;
    DxIp next_hop;
    uint32_t communities[4];
    unsigned n_communities;
} Told;

static void put(TestNet *net, unsigned router, unsigned session, const uint8_t *message, size_t n)
{
    Speaker *speaker = net->speaker[router];

    dx__bgp_speaker_run(speaker, net->now_ps);
    dx__bgp_conn_send_update(speaker->sessions[speaker->index_of[session]].up, message, n);
    dx__bgp_speaker_igp_changed(speaker, net->now_ps); /* ends the call */
}

static void put_announcement(TestNet *net, unsigned router, unsigned session, const Told *told,
                             const DxPrefix *prefix)
{
    const DxAsSegment segment = { DX_AS_SEQUENCE, told->n_asns };
    const DxBgpAttributes attributes = { .has_origin = true,
                                         .origin = told->origin,
                                         .has_as_path = true,
                                         .as_path = { &segment, told->asns, told->n_asns > 0 },
                                         .has_next_hop = true,
                                         .next_hop = told->next_hop,
                                         .has_med = told->has_med,
                                         .med = told->med,
                                         .has_local_pref = told->has_local_pref,
                                         .local_pref = told->local_pref,
                                         .communities = told->communities,
                                         .n_communities = told->n_communities };
    uint8_t message[DX_BGP_MESSAGE_MAX];
    size_t n_taken;
    const size_t n = dx__bgp_encode_update(&attributes, prefix, 1, &n_taken, message);

    ck_assert_uint_gt(n, 0);
    put(net, router, session, message, n);
}

static void put_withdrawal(TestNet *net, unsigned router, unsigned session, const DxPrefix *prefix)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];
    size_t n_taken;

    put(net, router, session, message, dx__bgp_encode_withdraw(prefix, 1, &n_taken, message));
}

/* -- bgp-events.jsonl ---------------------------------------------------------------------------------- */

enum { REPLAY_MAX = 16 };

typedef struct {
    DxIp next_hop;
    uint32_t metric;
    bool is_reachable;
} Far;

static Far far_of[REPLAY_MAX];
static unsigned n_far;

static bool recorded_metric(TestNet *net, unsigned router, const DxIp *next_hop, uint32_t *metric)
{
    (void)net;
    (void)router;
    for (unsigned i = 0; i < n_far; i++)
        if (!dx_ip_compare(&far_of[i].next_hop, next_hop)) {
            *metric = far_of[i].metric;
            return far_of[i].is_reachable;
        }
    return true;
}

static const DxJson *member(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    const DxJson *found = dx__json_member(doc, object, key);

    return found && found->type != DX_JSON_NULL ? found : NULL;
}

static uint32_t number(const DxJson *value)
{
    return (uint32_t)strtoul(value->text, NULL, 10);
}

static bool flag(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    const DxJson *found = member(doc, object, key);

    return found && found->boolean;
}

/* Attributes that are there; others stay. */
static void read_told(DxJsonDoc *doc, const DxJson *from, Told *told)
{
    const DxJson *value;

    if ((value = dx__json_member(doc, from, "as_path"))) {
        told->n_asns = 0;
        dx_json_each (segment, value) {
            ck_assert_str_eq(vectors_get(doc, segment, "type")->text, "sequence");
            dx_json_each (asn, vectors_get(doc, segment, "asns"))
                told->asns[told->n_asns++] = number(asn);
        }
    }
    if ((value = dx__json_member(doc, from, "origin")))
        for (told->origin = DX_BGP_IGP; strcmp(dx_bgp_origins[told->origin], value->text);)
            told->origin++;
    if ((value = dx__json_member(doc, from, "med"))) {
        told->has_med = value->type == DX_JSON_NUMBER;
        told->med = told->has_med ? number(value) : 0;
    }
    if ((value = dx__json_member(doc, from, "local_pref"))) {
        told->has_local_pref = value->type == DX_JSON_NUMBER;
        told->local_pref = told->has_local_pref ? number(value) : 0;
    }
    if ((value = dx__json_member(doc, from, "next_hop")))
        told->next_hop = net_ip(value->text);
}

typedef struct {
    TestNet *net;
    DxBgpConf conf;
    Told told[REPLAY_MAX];
    DxSet sets[REPLAY_MAX];
    DxRouteMapEntry entries[REPLAY_MAX];
    DxRouteMap maps[REPLAY_MAX];
} Replay;

static void add_neighbor(Replay *replay, DxJsonDoc *doc, const DxJson *path)
{
    TestNet *net = replay->net;
    const unsigned router = net_router(net, number(vectors_get(doc, path, "neighbor_as")));
    const unsigned i = net_session(net, router, 0);
    Told *told = &replay->told[i];
    DxBgpSession *session = &net->sessions[i];

    ck_assert_uint_lt(i, REPLAY_MAX);
    ck_assert(dx_router_id_parse(vectors_get(doc, path, "router_id")->text, &net->routers[router].router_id));
    net->routers[router].cluster_id = net->routers[router].router_id;
    session->address[0] = net_ip(vectors_get(doc, path, "neighbor_ip")->text);
    session->subnet = 0;
    session->end[1].weight = number(vectors_get(doc, path, "weight"));
    *told = (Told){ 0 };
    read_told(doc, path, told);
    far_of[n_far++] = (Far){ told->next_hop, number(vectors_get(doc, path, "igp_metric")),
                             vectors_get(doc, path, "next_hop_reachable")->boolean };
    if (!told->has_local_pref || session->type != DX_BGP_SESSION_EBGP)
        return;
    replay->sets[i] = (DxSet){ .type = DX_SET_LOCAL_PREF, .value = told->local_pref };
    replay->entries[i] = (DxRouteMapEntry){ 10, true, false, NULL, &replay->sets[i], 0, 1 };
    replay->maps[i] = (DxRouteMap){ "PREF", &replay->entries[i], 1 };
    session->end[1].in = &replay->maps[i];
}

static void start_replay(Replay *replay, DxJsonDoc *doc, const DxJson *line)
{
    const DxJson *config = vectors_get(doc, line, "config");
    TestNet *net = replay->net = net_new();

    n_far = 0;
    replay->conf = (DxBgpConf){ .maximum_paths = 1,
                                .default_local_pref = number(vectors_get(doc, config, "default_local_pref")),
                                .always_compare_med = flag(doc, config, "always_compare_med"),
                                .deterministic_med = flag(doc, config, "deterministic_med"),
                                .med_missing_as_worst = flag(doc, config, "med_missing_as_worst"),
                                .compare_routerid = flag(doc, config, "compare_routerid"),
                                .as_path_ignore = flag(doc, config, "as_path_ignore") };
    net_router(net, number(vectors_get(doc, config, "local_as")));
    net->routers[0].conf = &replay->conf;
    ck_assert(dx_router_id_parse(vectors_get(doc, config, "router_id")->text, &net->routers[0].router_id));
    dx_json_each (path, vectors_get(doc, line, "paths"))
        add_neighbor(replay, doc, path);
    net->metric = recorded_metric;
    net_start(net);
}

static void check_best(const Replay *replay, const DxPrefix *prefix, const DxJson *best, unsigned line,
                       unsigned event)
{
    DxBgpPath paths[DX_BGP_PATHS_MAX];
    int sessions[DX_BGP_PATHS_MAX], incumbent, found;

    dx__bgp_speaker_paths(replay->net->speaker[0], prefix, paths, sessions, &incumbent);
    found = incumbent < 0 ? DX_BGP_NONE : sessions[incumbent];
    ck_assert_msg(found == (best->type == DX_JSON_NULL ? DX_BGP_NONE : (int)number(best)),
                  "line %u, event %u: %d in place of %s", line, event, found, best->text);
}

static unsigned replay_line(DxJsonDoc *doc, const DxJson *line, unsigned number_of)
{
    const DxPrefix prefix = net_prefix("203.0.113.0/24");
    g_autofree Replay *replay = g_new0(Replay, 1);
    bool is_there[REPLAY_MAX] = { false };
    unsigned n_checked = 0, n = 0;

    start_replay(replay, doc, line);
    dx_json_each (event, vectors_get(doc, line, "events")) {
        const char *op = vectors_get(doc, event, "op")->text;
        const unsigned i = number(vectors_get(doc, event, "path"));
        const DxJson *set = member(doc, event, "set");

        if (set)
            read_told(doc, set, &replay->told[i]);
        if (!strcmp(op, "withdraw")) {
            if (is_there[i])
                put_withdrawal(replay->net, 1 + i, i, &prefix);
        } else
            put_announcement(replay->net, 1 + i, i, &replay->told[i], &prefix);
        is_there[i] = strcmp(op, "withdraw");
        net_run(replay->net, replay->net->now_ps + DX_S);
        if (vectors_get(doc, event, "comparable")->boolean) {
            check_best(replay, &prefix, vectors_get(doc, event, "best"), number_of, n);
            n_checked++;
        }
        n++;
    }
    net_free(replay->net);
    return n_checked;
}

START_TEST(sessions_decide_as_a_real_router_did)
{
    g_autofree char *file = g_build_filename(DX_TEST_DATA, "bgp-events.jsonl", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    unsigned n = 0;

    ck_assert(g_file_get_contents(file, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; lines[i]; i++) {
        unsigned row, column;
        DxJsonDoc *doc;

        if (!*lines[i])
            continue;
        doc = dx__json_parse(lines[i], strlen(lines[i]), &row, &column, NULL);
        ck_assert_ptr_nonnull(doc);
        n += replay_line(doc, dx__json_root(doc), i + 1);
        dx__json_free(doc);
    }
    ck_assert_uint_gt(n, 30);
}
END_TEST

/* -- equal attributes of two neighbours -------------------------------------------------------------- */

/* Clients 1 and 2 tell the same; 3 is told by whom, and each of the two is told of the other's alone. */
START_TEST(equal_attributes_of_two_neighbors_are_two_routes)
{
    const DxPrefix a = net_prefix("10.1.0.0/16"), b = net_prefix("10.2.0.0/16");
    Told told = { .has_local_pref = true,
                  .local_pref = 100,
                  .next_hop = net_ip("192.0.2.1"),
                  .communities = { 9, 3, 9 },
                  .n_communities = 3 };
    TestNet *net = net_new();
    DxBgpPath best;

    for (unsigned i = 0; i < 4; i++)
        net_router(net, 65000);
    for (unsigned i = 0; i < 3; i++) {
        net_session(net, 0, 1 + i);
        net->sessions[i].end[0].route_reflector_client = true;
    }
    net_start(net);
    net_run(net, DX_S);
    put_announcement(net, 1, 0, &told, &a);
    net_run(net, 2 * DX_S);
    put_announcement(net, 2, 1, &told, &b);
    net_run(net, 3 * DX_S);
    ck_assert(net_best(net, 3, "10.1.0.0/16", &best));
    ck_assert_uint_eq(best.originator_id, net->routers[1].router_id);
    ck_assert_uint_eq(best.n_communities, 2); /* in order, each once */
    ck_assert_uint_eq(best.communities[0], 3);
    ck_assert_uint_eq(best.communities[1], 9);
    ck_assert(net_best(net, 3, "10.2.0.0/16", &best));
    ck_assert_uint_eq(best.originator_id, net->routers[2].router_id);

    /* 1 tells of both: its identifier is lower, so it is best for 10.2 too, and 2 is told */
    ck_assert(!net_best(net, 2, "10.2.0.0/16", &best));
    put_announcement(net, 1, 0, &told, &b);
    net_run(net, 4 * DX_S);
    ck_assert(net_best(net, 2, "10.2.0.0/16", &best));
    ck_assert(!net_best(net, 1, "10.2.0.0/16", &best));
    ck_assert(net_best(net, 3, "10.2.0.0/16", &best));
    ck_assert_uint_eq(best.originator_id, net->routers[1].router_id);
    net_free(net);
}
END_TEST

/* -- cold and converged -------------------------------------------------------------------------------- */

enum { ROUTERS = 12, CHORDS = 8 };

static TestNet *random_net(uint64_t seed, DxPrefix *own)
{
    TestNet *net = net_new();

    net->conf.compare_routerid = true; /* else who came first counts, and that differs */
    for (unsigned i = 0; i < ROUTERS; i++) {
        net_router(net, 64500 + i / 2); /* two routers an AS */
        own[i] = (DxPrefix){ { 32, { 10, (uint8_t)i, 0, 0 } }, 16 };
        net->routers[i].networks = &own[i];
        net->routers[i].n_networks = 1;
    }
    for (unsigned i = 0; i < ROUTERS; i++)
        net_session(net, i, (i + 1) % ROUTERS);
    for (unsigned i = 0; i < CHORDS; i++) {
        const unsigned a = (unsigned)(dx_splitmix64(&seed) % ROUTERS);

        net_session(net, a, (a + 2 + (unsigned)(dx_splitmix64(&seed) % (ROUTERS - 3))) % ROUTERS);
    }
    for (unsigned i = 0; i < net->network.n_sessions; i++)
        for (unsigned k = 0; k < 2; k++)
            net->sessions[i].end[k].next_hop_self = true;
    return net;
}

static void check_same_ways(const TestNet *a, const TestNet *b, const DxPrefix *own)
{
    for (unsigned router = 0; router < ROUTERS; router++)
        for (unsigned i = 0; i < ROUTERS; i++) {
            SpeakerHop hops[2][DX_BGP_PATHS_MAX];
            unsigned n[2] = { DX_BGP_PATHS_MAX, DX_BGP_PATHS_MAX };

            ck_assert(dx__bgp_speaker_route(a->speaker[router], &own[i], hops[0], &n[0]));
            ck_assert(dx__bgp_speaker_route(b->speaker[router], &own[i], hops[1], &n[1]));
            ck_assert_uint_eq(n[0], n[1]);
            for (unsigned k = 0; k < n[0]; k++)
                ck_assert_int_eq(hops[0][k].session, hops[1][k].session);
        }
}

/* What all say over TCP, with losses, comes to what they agree on by memory; and that is at rest. */
START_TEST(a_cold_start_ends_where_a_converged_one_begins)
{
    DxPrefix own[ROUTERS];
    TestNet *cold = random_net((uint64_t)_i + 1, own), *converged = random_net((uint64_t)_i + 1, own);

    cold->loss = 0.02;
    net_start_cold(cold);
    net_run(cold, 200 * DX_S);
    net_start(converged);
    check_same_ways(cold, converged, own);
    net_run(converged, 200 * DX_S);
    for (unsigned i = 0; i < ROUTERS; i++) {
        ck_assert_uint_eq(converged->n_changed[i], 0);
        ck_assert_uint_eq(dx__bgp_speaker_n_changes(converged->speaker[i]), 0);
    }
    for (unsigned i = 0; i < converged->network.n_sessions; i++)
        for (unsigned k = 0; k < 2; k++)
            ck_assert_uint_eq(net_report(converged, converged->sessions[i].router[k], i).tx_updates, 0);
    net_free(cold);
    net_free(converged);
}
END_TEST

/* -- messages that are damaged -------------------------------------------------------------------------- */

/* Whatever comes, the session answers or ends, and is back. */
START_TEST(damaged_messages_do_no_harm)
{
    const DxPrefix prefix = net_prefix("10.1.0.0/16");
    const Told told = { .asns = { 1, 5 },
                        .n_asns = 2,
                        .next_hop = net_ip("169.254.0.1"),
                        .has_med = true,
                        .communities = { 7 },
                        .n_communities = 1 };
    const DxAsSegment segment = { DX_AS_SEQUENCE, told.n_asns };
    const DxBgpAttributes attributes = { .has_origin = true,
                                         .has_as_path = true,
                                         .as_path = { &segment, told.asns, 1 },
                                         .has_next_hop = true,
                                         .next_hop = told.next_hop,
                                         .has_med = true,
                                         .communities = told.communities,
                                         .n_communities = 1 };
    uint64_t random = 1;
    TestNet *net = net_new();
    unsigned n_down = 0;

    net_router(net, 1);
    net_router(net, 2);
    net_session(net, 0, 1);
    net_start(net);
    for (unsigned i = 0; i < 3000; i++) {
        uint8_t message[DX_BGP_MESSAGE_MAX];
        size_t n_taken, n = dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, message);

        net_run(net, net->now_ps + DX_S);
        if (net_state(net, 0, 0) != SPEAKER_ESTABLISHED || net_state(net, 1, 0) != SPEAKER_ESTABLISHED) {
            n_down++;
            net_run(net, net->now_ps + 300 * DX_S); /* a length that never comes waits for the hold timer */
            ck_assert_int_eq(net_state(net, 1, 0), SPEAKER_ESTABLISHED);
        }
        for (uint64_t k = dx_splitmix64(&random) % 3; k-- > 0;)
            message[dx_splitmix64(&random) % 8 ? 19 + dx_splitmix64(&random) % (n - 19)
                                               : dx_splitmix64(&random) % 19] =
                (uint8_t)dx_splitmix64(&random);
        if (dx_splitmix64(&random) % 16 == 0)
            message[18] = (uint8_t)(dx_splitmix64(&random) % 7);
        put(net, 0, 0, message, n);
    }
    ck_assert_uint_gt(n_down, 100);
    ck_assert_uint_lt(n_down, 2900);
    net_free(net);
}
END_TEST

/* -- incremental against full ------------------------------------------------------------------------- */

/* A model that knows nothing of increments: what each neighbour says now, all of it judged and decided anew
 * after every step; only the incumbent is remembered. */
enum { PEERS = 6, PREFIXES = 24, STEPS = 3000 };

typedef struct {
    bool is_there;
    Told told;
} Said;

typedef struct {
    TestNet *net;
    uint64_t random;
    Said said[PEERS][PREFIXES];
    const DxRouteMap *map[PEERS]; /* in force */
    int best[PREFIXES];           /* peer, or DX_BGP_NONE */
    uint64_t received[PEERS][PREFIXES], n_received;
} Model;

static uint64_t draw(Model *model, uint64_t n)
{
    return dx_splitmix64(&model->random) % n;
}

static DxPrefix prefix_of(unsigned i)
{
    /* some within others */
    return (DxPrefix){ { 32, { 10, (uint8_t)(i / 3), (uint8_t)(i % 3 ? i : 0), 0 } }, i % 3 ? 24 : 16 };
}

static Told draw_told(Model *model, unsigned peer)
{
    const TestNet *net = model->net;
    const DxBgpSession *session = &net->sessions[peer];
    const bool is_internal = session->type == DX_BGP_SESSION_IBGP;
    Told told = { .origin = (DxBgpOrigin)draw(model, 3),
                  .has_med = draw(model, 2),
                  .has_local_pref = is_internal,
                  .local_pref = (uint32_t)(100 * draw(model, 3)),
                  .n_communities = (unsigned)draw(model, 2) };

    told.med = told.has_med ? (uint32_t)draw(model, 3) : 0;
    told.next_hop = session->address[0];
    told.next_hop.bytes[3] = (uint8_t)(10 + draw(model, 3));
    told.communities[0] = 1u << 16 | 1;
    if (!is_internal)
        told.asns[told.n_asns++] = net->routers[1 + peer].asn;
    for (uint64_t n = draw(model, 3); n > 0; n--)
        told.asns[told.n_asns++] = 64600 + (uint32_t)draw(model, 3);
    if (!draw(model, 20))
        told.asns[told.n_asns++] = 65000; /* a loop */
    return told;
}

static const DxPrefixRule rules[] = {
    { 10, true, false, true, 0, 24, { { 32, { 10, 2, 0, 0 } }, 15 } },
};
static const DxPrefixList some = { "SOME", rules, 1 };
static const uint32_t marks[] = { 1u << 16 | 1 };
static const DxCommunityRule marked_rules[] = { { true, marks, 1 } };
static const DxCommunityList marked = { "MARKED", marked_rules, 1 };
static const DxMatch matches[] = { { .type = DX_MATCH_PREFIX_LIST, .list = &some },
                                   { .type = DX_MATCH_COMMUNITY, .list = &marked } };
static const DxSet sets[] = { { .type = DX_SET_LOCAL_PREF, .value = 150 },
                              { .type = DX_SET_METRIC, .value = 1 },
                              { .type = DX_SET_WEIGHT, .value = 7 } };
static const DxRouteMapEntry entries_a[] = { { 10, false, false, &matches[0], NULL, 1, 0 },
                                             { 20, true, false, NULL, &sets[0], 0, 1 } };
static const DxRouteMapEntry entries_b[] = { { 10, true, false, &matches[1], &sets[2], 1, 1 },
                                             { 20, true, false, NULL, &sets[1], 0, 1 } };
static const DxRouteMap map_a = { "A", entries_a, 2 }, map_b = { "B", entries_b, 2 };
static const DxRouteMap *const maps[] = { NULL, &map_a, &map_b };

static bool metric_by_host(TestNet *net, unsigned router, const DxIp *next_hop, uint32_t *metric)
{
    const uint32_t host = next_hop->bytes[3];

    (void)router;
    *metric = host >= 10 ? net->metric_of[host - 10] : 0;
    return *metric != 99;
}

/* As RFC 4271 9.1 has it, from nothing. False: it is not there. */
static bool judge(const Model *model, unsigned peer, unsigned i, DxBgpRoute *route, DxAsSegment *segment,
                  DxBgpPath *path)
{
    const Said *said = &model->said[peer][i];
    const Told *told = &said->told;
    TestNet *net = model->net;
    const bool is_internal = net->sessions[peer].type == DX_BGP_SESSION_IBGP;

    if (!said->is_there)
        return false;
    *segment = (DxAsSegment){ DX_AS_SEQUENCE, told->n_asns };
    route->prefix = prefix_of(i);
    g_array_set_size(route->segments, 0);
    g_array_set_size(route->asns, 0);
    g_array_set_size(route->communities, 0);
    if (told->n_asns) {
        g_array_append_val(route->segments, *segment);
        g_array_append_vals(route->asns, told->asns, told->n_asns);
    }
    g_array_append_vals(route->communities, told->communities, told->n_communities);
    route->origin = told->origin;
    route->has_med = told->has_med;
    route->med = told->med;
    route->local_pref = is_internal ? told->local_pref : 100;
    route->weight = 0;
    route->next_hop = told->next_hop;
    *path = (DxBgpPath){ .source = is_internal ? DX_BGP_IBGP : DX_BGP_EBGP, .has_local_pref = true };
    path->is_denied = model->map[peer] && !dx__route_map_apply(model->map[peer], route, 0, NULL);
    path->origin = route->origin;
    path->has_med = route->has_med;
    path->med = route->med;
    path->local_pref = route->local_pref;
    path->weight = route->weight;
    path->neighbor_as = net->routers[1 + peer].asn;
    path->router_id = net->routers[1 + peer].router_id;
    path->neighbor_ip = net->sessions[peer].address[0];
    path->next_hop = route->next_hop;
    path->next_hop_reachable = metric_by_host(net, 0, &path->next_hop, &path->igp_metric);
    path->received = model->received[peer][i];
    return true;
}

static void decide_all(Model *model)
{
    DxBgpKnobs knobs = *dx__bgp_speaker_knobs(model->net->speaker[0]);

    for (unsigned i = 0; i < PREFIXES; i++) {
        DxBgpRoute routes[PEERS];
        DxAsSegment segments[PEERS];
        DxBgpPath paths[PEERS];
        DxBgpFate fates[PEERS];
        unsigned peer_of[PEERS], n = 0;
        int incumbent = DX_BGP_NONE, best;

        for (unsigned peer = 0; peer < PEERS; peer++) {
            dx__bgp_route_init(&routes[peer]);
            if (!judge(model, peer, i, &routes[peer], &segments[n], &paths[n]))
                continue;
            paths[n].as_path = dx__bgp_route_path(&routes[peer]);
            dx__bgp_path_prepare(&paths[n]);
            if (model->best[i] == (int)peer)
                incumbent = (int)n;
            peer_of[n++] = peer;
        }
        best = dx__bgp_decide(&knobs, paths, n, incumbent, fates).best;
        model->best[i] = best < 0 ? DX_BGP_NONE : (int)peer_of[best];
        for (unsigned peer = 0; peer < PEERS; peer++)
            dx__bgp_route_clear(&routes[peer]);
    }
}

static void check_all(const Model *model, unsigned step)
{
    const TestNet *net = model->net;
    unsigned n = 0;

    for (unsigned i = 0; i < PREFIXES; i++) {
        const DxPrefix prefix = prefix_of(i);
        DxBgpPath paths[DX_BGP_PATHS_MAX];
        int sessions[DX_BGP_PATHS_MAX], incumbent;
        const unsigned n_paths = dx__bgp_speaker_paths(net->speaker[0], &prefix, paths, sessions, &incumbent);
        unsigned n_said = 0;

        for (unsigned peer = 0; peer < PEERS; peer++)
            n_said += model->said[peer][i].is_there;
        ck_assert_uint_eq(n_paths, n_said);
        ck_assert_msg((incumbent < 0 ? DX_BGP_NONE : sessions[incumbent]) == model->best[i],
                      "step %u, prefix %u: %d in place of %d", step, i,
                      incumbent < 0 ? DX_BGP_NONE : sessions[incumbent], model->best[i]);
        n += model->best[i] >= 0;
        /* the last router only listens: it has what router 0 uses, with its AS in front */
        ck_assert_uint_eq(dx__bgp_speaker_paths(net->speaker[1 + PEERS], &prefix, paths, NULL, NULL),
                          model->best[i] >= 0);
        if (model->best[i] >= 0) {
            const Told *told = &model->said[model->best[i]][i].told;

            ck_assert_uint_eq(paths[0].hops, 1 + told->n_asns);
            ck_assert_uint_eq(paths[0].as_path.asns[0], 65000);
            for (unsigned k = 0; k < told->n_asns; k++)
                ck_assert_uint_eq(paths[0].as_path.asns[1 + k], told->asns[k]);
            ck_assert_uint_eq(paths[0].origin, told->origin);
        }
    }
    ck_assert_uint_eq(dx__bgp_speaker_n_routes(net->speaker[0]), n);
}

static void step_update(Model *model)
{
    const unsigned peer = (unsigned)draw(model, PEERS), i = (unsigned)draw(model, PREFIXES);
    const DxPrefix prefix = prefix_of(i);
    Said *said = &model->said[peer][i];

    if (said->is_there && !draw(model, 3)) {
        put_withdrawal(model->net, 1 + peer, peer, &prefix);
        said->is_there = false;
        if (model->best[i] == (int)peer)
            model->best[i] = DX_BGP_NONE;
        return;
    }
    if (!said->is_there)
        model->received[peer][i] = ++model->n_received;
    *said = (Said){ true, draw_told(model, peer) };
    put_announcement(model->net, 1 + peer, peer, &said->told, &prefix);
}

static void step_policy(Model *model)
{
    const unsigned peer = (unsigned)draw(model, PEERS);

    model->map[peer] = maps[draw(model, G_N_ELEMENTS(maps))];
    dx__bgp_speaker_set_policy(model->net->speaker[0], peer, model->map[peer], NULL);
    dx__bgp_speaker_clear(model->net->speaker[0], model->net->now_ps, peer, SPEAKER_SOFT_IN);
}

static void step_igp(Model *model)
{
    static const uint32_t metrics[] = { 1, 5, 99 };

    model->net->metric_of[draw(model, 3)] = metrics[draw(model, G_N_ELEMENTS(metrics))];
    dx__bgp_speaker_igp_changed(model->net->speaker[0], model->net->now_ps);
}

static void step_clear(Model *model)
{
    const unsigned peer = (unsigned)draw(model, PEERS);

    dx__bgp_speaker_clear(model->net->speaker[0], model->net->now_ps, peer, SPEAKER_HARD);
    for (unsigned i = 0; i < PREFIXES; i++) {
        model->said[peer][i].is_there = false;
        if (model->best[i] == (int)peer)
            model->best[i] = DX_BGP_NONE;
    }
}

static Model *model_new(uint64_t seed)
{
    Model *model = g_new0(Model, 1);
    TestNet *net = model->net = net_new();

    model->random = seed;
    net_router(net, 65000);
    for (unsigned peer = 0; peer < PEERS; peer++) {
        net_router(net, peer < 4 ? 64500 + peer / 2 : 65000);
        net_session(net, 1 + peer, 0);
        net->sessions[peer].end[1].soft_reconfiguration = true;
    }
    net_router(net, 64999);
    net_session(net, 0, 1 + PEERS);
    net->metric = metric_by_host;
    for (unsigned i = 0; i < PREFIXES; i++)
        model->best[i] = DX_BGP_NONE;
    net_start(net);
    return model;
}

START_TEST(increments_come_to_the_same_as_deciding_all_anew)
{
    Model *model = model_new((uint64_t)_i + 1);

    for (unsigned step = 0; step < STEPS; step++) {
        const uint64_t what = draw(model, 100);

        if (what < 90)
            step_update(model);
        else if (what < 95)
            step_policy(model);
        else if (what < 99)
            step_igp(model);
        else
            step_clear(model);
        net_run(model->net, model->net->now_ps + 10 * DX_MS);
        decide_all(model);
        check_all(model, step);
        if (what == 99) /* until it is back */
            net_run(model->net, model->net->now_ps + 10 * DX_S);
    }
    net_free(model->net);
    g_free(model);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replay");
    TCase *tcase = tcase_create("replay");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, sessions_decide_as_a_real_router_did);
    tcase_add_test(tcase, equal_attributes_of_two_neighbors_are_two_routes);
    tcase_add_test(tcase, damaged_messages_do_no_harm);
    tcase_add_loop_test(tcase, a_cold_start_ends_where_a_converged_one_begins, 0, 10);
    tcase_add_loop_test(tcase, increments_come_to_the_same_as_deciding_all_anew, 0, 4);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
