/*
 * load-bgp - BGP routers: what nodes with an "asn" say, the policies, the lines of the IGP
 */
#include "load-priv.h"

#include <string.h>

static DxMembers *members_of(DxLoader *loader)
{
    loader->members.reader = loader->reader;
    loader->members.owned = loader->scenario->bgp->owned;
    return &loader->members;
}

/* -- policies ---------------------------------------------------------------------------------------- */

/* Where the tables have found something wrong, that comes first. */
static void load_policies(DxLoader *loader, const DxJson *policies)
{
    DxScBgp *bgp = loader->scenario->bgp;
    DxMembers *in = members_of(loader);
    const DxJson *maps;

    if (!policies || loader->found_by_check)
        return;
    dx__read_policy_lists(in, policies, &bgp->policies);
    maps = dx__reader_get(&loader->reader, policies, "route_maps", DX_JSON_OBJECT);
    for (const DxJson *list = maps ? maps->child : NULL; list; list = list->next) {
        DxRouteMap *map;

        if (list->type != DX_JSON_ARRAY || dx__reader_is_for_people(list->key))
            continue;
        map = dx__members_alloc(in, 1, sizeof *map);
        *map = dx__read_route_map(in, list, list->key, &bgp->policies);
        dx__load_enter(bgp->map_names, list->key, bgp->maps->len);
        g_ptr_array_add(bgp->maps, map);
    }
}

/* -- a router ---------------------------------------------------------------------------------------- */

typedef struct {
    DxLoader *loader;
    DxReader *reader;
    DxMembers *in;
    const DxScNode *node;
    const DxJson *json, *bgp; /* bgp: NULL, not said */
    DxBgpRouter *router;
} Router;

/* What is of another type has been told of. */
static bool is_whole(const DxJson *json)
{
    int64_t value;

    return json && json->type == DX_JSON_NUMBER && dx__json_int64(json, &value);
}

static void read_as(Router *at, const DxJson *object, const char *key, uint32_t *asn)
{
    if (is_whole(dx__json_member(at->reader->doc, object, key)))
        dx__read_own_as(at->in, object, key, asn);
}

static void read_id(Router *at, const DxJson *object, const char *key, uint32_t *id)
{
    if (dx__reader_get(at->reader, object, key, DX_JSON_STRING))
        dx__read_router_id(at->in, object, key, id);
}

/* "10.255.0.1/32", or without the length. */
static void load_loopback(Router *at)
{
    const DxJson *said = dx__reader_get(at->reader, at->json, "loopback", DX_JSON_STRING);
    g_autofree char *address = said ? g_strdup(said->text) : NULL;
    char *slash = address ? strchr(address, '/') : NULL, text[DX_IP_TEXT];
    DxIp ip;

    if (!said)
        return;
    if (slash)
        *slash = '\0';
    if (!dx_ip_parse(address, &ip)) {
        g_autofree char *shown = dx__json_escape(said->text);

        DX_PROBLEM(at->reader, said, DX_CODE_SYNTAX, "\"%s\" is no address such as \"10.255.0.1/32\"", shown);
    } else if (slash && strcmp(slash + 1, ip.bits == 32 ? "32" : "128")) {
        DX_PROBLEM(at->reader, said, DX_CODE_RANGE, "a loopback is one address: \"%s/%u\"",
                   dx_ip_text(&ip, text), ip.bits);
    } else {
        at->router->loopback = ip;
    }
}

static uint32_t ipv4_number(const DxIp *ip)
{
    return (uint32_t)ip->bytes[0] << 24 | (uint32_t)ip->bytes[1] << 16 | (uint32_t)ip->bytes[2] << 8 |
           ip->bytes[3];
}

static DxIp ipv4_of(uint32_t number)
{
    return (DxIp){ .bits = 32,
                   .bytes = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                              (uint8_t)number } };
}

static void load_confederation(Router *at)
{
    const DxJson *json = dx__reader_get(at->reader, at->bgp, "confederation", DX_JSON_OBJECT);
    const DxJson *peers = dx__reader_get(at->reader, json, "peers", DX_JSON_ARRAY);
    uint32_t *numbers;

    if (!json)
        return;
    read_as(at, json, "identifier", &at->router->confed_id);
    if (!peers)
        return;
    at->router->confed_peers = numbers = dx__members_alloc(at->in, peers->n_children, sizeof *numbers);
    dx_json_each (item, peers)
        if (is_whole(item) && dx__read_asn(at->in, item, numbers))
            numbers++;
    at->router->n_confed_peers = (unsigned)(numbers - at->router->confed_peers);
}

/* Where a node's flows begin and end unless they say otherwise: load-flows.c. */
static DxPrefix default_network(uint32_t node)
{
    return (DxPrefix){ .network = { .bits = 32,
                                    .bytes = { 10, (uint8_t)(node + 1), (uint8_t)((node + 1) >> 8) } },
                       .length = 24 };
}

static void load_networks(Router *at)
{
    const DxJson *list = dx__reader_get(at->reader, at->bgp, "networks", DX_JSON_ARRAY);
    DxPrefix *networks = dx__members_alloc(at->in, list ? list->n_children : 1, sizeof *networks);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    char text[DX_PREFIX_TEXT];

    at->router->networks = networks;
    if (!list) {
        networks[at->router->n_networks++] = default_network(at->router->node);
        return;
    }
    dx_json_each (item, list) {
        DxPrefix *prefix = &networks[at->router->n_networks];

        if (item->type != DX_JSON_STRING || !dx__read_prefix(at->in, item, prefix))
            continue;
        if (!g_hash_table_add(seen, g_strdup(dx_prefix_text(prefix, text))))
            DX_PROBLEM(at->reader, item, DX_CODE_CONFLICT, "%s is here twice", text);
        else
            at->router->n_networks++;
    }
}

static void load_dampening(Router *at)
{
    const DxJson *json = dx__reader_get(at->reader, at->bgp, "dampening", DX_JSON_OBJECT);
    void *conf;

    if (!json)
        return;
    conf = dx__load_conf(at->loader, json, "bgp.dampening");
    g_ptr_array_add(at->in->owned, conf);
    at->router->dampening = conf;
}

/* -- communities ------------------------------------------------------------------------------------- */

/* By DxReach. */
static const char *const reaches[] = { "", "all", "region", "local", "continent", "provider", NULL };

static void read_reach(DxJsonDoc *doc, const DxJson *json, DxCommunityMeaning *row)
{
    const DxJson *reach = dx__json_member(doc, json, "reach"), *region = dx__json_member(doc, json, "region");

    for (unsigned i = 0; reach && reaches[i]; i++)
        if (!strcmp(reach->text, reaches[i]))
            row->reach = (DxReach)i;
    row->region = region ? region->text : NULL;
    if ((reach && row->reach == DX_REACH_UNSAID) || (row->reach == DX_REACH_REGION) != (region != NULL))
        g_error("catalog: reach of community %s", json->key);
}

/* The catalog is ours: whatever is wrong with it is our own mistake. */
DxCommunityTable dx__catalog_communities(DxJsonDoc *doc, const DxJson *json)
{
    const DxJson *list = dx__json_member(doc, json, "communities");
    DxCommunityMeaning *rows = g_new0(DxCommunityMeaning, list->n_children);
    const DxCommunityTable table = { rows, list->n_children };

    dx_json_each (item, list) {
        const DxJson *local_pref = dx__json_member(doc, item, "local_pref");
        const DxJson *scope = dx__json_member(doc, item, "scope");
        int64_t value = 0;

        if (dx_community_parse(item->key, &rows->community) != DX_COMMUNITY_OK ||
            (local_pref && !dx__json_int64(local_pref, &value)))
            g_error("catalog: community %s", item->key);
        rows->has_local_pref = local_pref;
        rows->local_pref = (uint32_t)value;
        rows->scope = scope ? scope->text : NULL;
        read_reach(doc, item, rows);
        rows++;
    }
    return table;
}

/* NULL: told, if @said. */
static const DxJson *find_table(Router *at, const DxJson *said, const char *name)
{
    DxJsonDoc *catalog = at->loader->scenario->catalog;
    const DxJson *tables = catalog ? dx__json_member(catalog, dx__json_root(catalog), "communities") : NULL;
    const DxJson *found = tables ? dx__json_member(catalog, tables, name) : NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *hint = NULL, *shown = NULL;

    if (found || !said)
        return found;
    for (const DxJson *item = tables ? tables->child : NULL; item; item = item->next)
        g_ptr_array_add(names, (gpointer)(uintptr_t)item->key);
    g_ptr_array_add(names, (gpointer)(uintptr_t) "none");
    g_ptr_array_add(names, NULL);
    hint = dx__did_you_mean(name, (const char *const *)names->pdata);
    shown = dx__json_escape(name);
    DX_PROBLEM(at->reader, said, DX_CODE_DANGLING, "%s no table of communities \"%s\"%s",
               catalog ? "the catalog has" : "without a \"catalog\" there is", shown, hint);
    return NULL;
}

static void load_communities(Router *at)
{
    const DxJson *said = dx__reader_get(at->reader, at->bgp, "communities", DX_JSON_STRING);
    const char *name = said ? said->text : at->node->kind == DX_KIND_CLOUD_DEVICE ? "briefing" : "none";
    const DxJson *json;
    DxCommunityTable *table;

    if (!strcmp(name, "none") || !(json = find_table(at, said, name)))
        return;
    table = dx__members_alloc(at->in, 1, sizeof *table);
    *table = dx__catalog_communities(at->loader->scenario->catalog, json);
    g_ptr_array_add(at->in->owned, (gpointer)(uintptr_t)table->rows);
    at->router->communities = table;
}

/* -- all routers ------------------------------------------------------------------------------------- */

static void load_router(DxLoader *loader, uint32_t node)
{
    DxScBgp *bgp = loader->scenario->bgp;
    const DxScNode *sc_node = DX_SC(loader->scenario, nodes, DxScNode, node);
    DxBgpRouter router = { .name = sc_node->name, .node = node, .kind = sc_node->kind };
    Router at = { .loader = loader,
                  .reader = &loader->reader,
                  .in = members_of(loader),
                  .node = sc_node,
                  .json = sc_node->json,
                  .bgp = dx__reader_get(&loader->reader, sc_node->json, "bgp", DX_JSON_OBJECT),
                  .router = &router };
    DxBgpConf *conf;

    router.region = dx__reader_text(at.reader, at.json, "region");
    router.location = dx__reader_text(at.reader, at.json, "location");
    read_as(&at, at.json, "asn", &router.asn);
    read_id(&at, at.json, "router_id", &router.router_id);
    read_id(&at, at.bgp, "cluster_id", &router.cluster_id);
    load_loopback(&at);
    load_confederation(&at);
    load_networks(&at);
    load_dampening(&at);
    load_communities(&at);
    conf = dx__load_conf(loader, at.bgp, "bgp");
    conf->network = &bgp->network;
    conf->router = bgp->routers->len;
    g_ptr_array_add(bgp->owned, conf);
    router.conf = conf;
    bgp->router_of_node[node] = bgp->routers->len;
    g_array_append_val(bgp->routers, router);
    if (sc_node->kind == DX_KIND_HOST)
        DX_PROBLEM(at.reader, dx__json_member(at.reader->doc, at.json, "asn"), DX_CODE_CONFLICT,
                   "a host speaks no BGP; what does is a \"router\"");
}

/* What only a node with an asn has. */
static void check_plain(DxLoader *loader, const DxJson *json)
{
    static const char *const keys[] = { "bgp", "router_id", "loopback" };

    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        const DxJson *member = dx__json_member(loader->reader.doc, json, keys[i]);

        if (member)
            dx__problem(loader->reader.problems, loader->reader.file, member, true, DX_CODE_CONFLICT,
                        "\"%s\" goes with an \"asn\": this node speaks no BGP", keys[i]);
    }
}

static const DxJson *node_json(const DxLoader *loader, uint32_t router)
{
    const DxBgpRouter *of = DX_BGP_ROUTER(loader->scenario->bgp, router);

    return DX_SC(loader->scenario, nodes, DxScNode, of->node)->json;
}

/* Said by the file, or by the loopback. */
static uint32_t given_id(const DxBgpRouter *router)
{
    return router->router_id             ? router->router_id
           : router->loopback.bits == 32 ? ipv4_number(&router->loopback)
                                         : 0;
}

/* RFC 6286: within an AS; of two routers that speak to each other, too. Here: everywhere. */
static void check_id(DxLoader *loader, GHashTable *taken, uint32_t i, uint32_t id)
{
    const guint other = GPOINTER_TO_UINT(g_hash_table_lookup(taken, GUINT_TO_POINTER(id)));
    const DxJson *json = node_json(loader, i);
    const DxJson *said = dx__json_member(loader->reader.doc, json, "router_id");
    char text[DX_IP_TEXT];

    if (!said)
        said = dx__json_member(loader->reader.doc, json, "loopback");
    if (!other)
        g_hash_table_insert(taken, GUINT_TO_POINTER(id), GUINT_TO_POINTER(i + 1));
    else
        DX_PROBLEM(&loader->reader, said, DX_CODE_CONFLICT,
                   "router ID %s is that of node \"%s\", line %u, too; each has its own",
                   dx_router_id_text(id, text), DX_BGP_ROUTER(loader->scenario->bgp, other - 1)->name,
                   node_json(loader, other - 1)->line);
}

/* 10.255.0.N for the N-th router without one, or the next that is free. */
static void number_routers(DxLoader *loader)
{
    DxScBgp *bgp = loader->scenario->bgp;
    g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < bgp->routers->len; i++)
        if (given_id(DX_BGP_ROUTER(bgp, i)))
            check_id(loader, taken, i, given_id(DX_BGP_ROUTER(bgp, i)));
    for (guint i = 0; i < bgp->routers->len; i++) {
        DxBgpRouter *router = DX_BGP_ROUTER(bgp, i);
        uint32_t id = given_id(router);

        for (uint32_t n = i + 1; !id; n++)
            if (!g_hash_table_contains(taken, GUINT_TO_POINTER(0x0aff0000u + n)))
                id = 0x0aff0000u + n;
        g_hash_table_add(taken, GUINT_TO_POINTER(id));
        router->router_id = id;
        if (!router->loopback.bits)
            router->loopback = ipv4_of(id);
        if (!router->cluster_id)
            router->cluster_id = id;
    }
}

void dx__load_routers(DxLoader *loader, DxJson *root)
{
    DxScenario *scenario = loader->scenario;
    DxReader *reader = &loader->reader;
    bool has_any = dx__json_member(reader->doc, root, "policies") != NULL;

    for (guint i = 0; i < scenario->nodes->len; i++)
        has_any |= dx__json_member(reader->doc, DX_SC(scenario, nodes, DxScNode, i)->json, "asn") != NULL;
    if (has_any) {
        scenario->bgp = dx__bgp_new();
        scenario->bgp->router_of_node = g_new(uint32_t, scenario->nodes->len + 1);
        load_policies(loader, dx__reader_get(reader, root, "policies", DX_JSON_OBJECT));
    }
    for (guint i = 0; i < scenario->nodes->len; i++) {
        const DxJson *json = DX_SC(scenario, nodes, DxScNode, i)->json;

        if (has_any)
            scenario->bgp->router_of_node[i] = DX_BGP_NOBODY;
        if (dx__json_member(reader->doc, json, "asn"))
            load_router(loader, i);
        else
            check_plain(loader, json);
    }
    if (has_any)
        number_routers(loader);
}

/* -- the IGP ----------------------------------------------------------------------------------------- */

static void load_metric(DxLoader *loader, const DxJson *json, uint32_t *metric, int *igp)
{
    DxReader *reader = &loader->reader;
    const DxJson *number = dx__reader_get(reader, json, "metric", DX_JSON_NUMBER);
    const DxJson *said = dx__reader_get(reader, json, "igp", DX_JSON_BOOL);
    int64_t value = 10;

    if (number && dx__json_int64(number, &value) && (value < 1 || value > 65535))
        DX_PROBLEM(reader, number, DX_CODE_RANGE, "a metric is a whole number from 1 to 65535");
    *metric = (uint32_t)value;
    *igp = said ? said->boolean : -1;
}

static uint32_t asn_at(const DxScBgp *bgp, uint32_t node)
{
    return bgp->router_of_node[node] == DX_BGP_NOBODY ? 0
                                                      : DX_BGP_ROUTER(bgp, bgp->router_of_node[node])->asn;
}

/* Between two routers of one AS, or where the file says so. A node without an asn that the IGP goes through
 * is of the AS that its neighbours have. */
static void add_line(DxScBgp *bgp, uint32_t index, const DxScTrunk *trunk, uint32_t metric, int igp)
{
    const DxIgpLink link = { index, { trunk->end[0], trunk->end[1] }, metric };
    const uint32_t a = asn_at(bgp, trunk->end[0]), b = asn_at(bgp, trunk->end[1]);

    if (igp == 1 || (igp < 0 && a && a == b))
        g_array_append_val(bgp->igp_links, link);
}

/* The IGP goes over the LAG. What a link has from another is of no weight. */
static void check_members(DxLoader *loader)
{
    static const char *const keys[] = { "metric", "igp" };
    const DxScenario *scenario = loader->scenario;

    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);

        for (unsigned k = 0; k < G_N_ELEMENTS(keys) && link->lag != DX_NONE; k++) {
            const DxJson *member = dx__json_member(loader->reader.doc, link->json, keys[k]);

            if (member && !member->origin)
                dx__problem(loader->reader.problems, loader->reader.file, member, true, DX_CODE_CONFLICT,
                            "the link is a member of LAG \"%s\"; say it there",
                            DX_SC(scenario, lags, DxScLag, link->lag)->name);
        }
    }
}

void dx__load_igp(DxLoader *loader, DxJson *root)
{
    DxScenario *scenario = loader->scenario;
    DxReader *reader = &loader->reader;
    const DxJson *igp = dx__reader_get(reader, root, "igp", DX_JSON_OBJECT);
    DxTime convergence_ps = 200 * DX_MS;

    if (dx__reader_quantity(reader, igp, "convergence", DX_UNIT_TIME, &convergence_ps) &&
        (convergence_ps < 0 || convergence_ps > 3600 * DX_S))
        DX_PROBLEM(reader, dx__json_member(reader->doc, igp, "convergence"), DX_CODE_RANGE,
                   "an IGP converges within \"0 s\" to \"1 h\"");
    check_members(loader);
    for (guint i = 0; i < scenario->trunks->len; i++) {
        const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, i);
        DxScLink *link = trunk->is_lag ? NULL : DX_SC(scenario, links, DxScLink, trunk->index);
        DxScLag *lag = trunk->is_lag ? DX_SC(scenario, lags, DxScLag, trunk->index) : NULL;
        uint32_t metric;
        int said;

        load_metric(loader, link ? link->json : lag->json, &metric, &said);
        if (scenario->bgp && trunk->end[0] != DX_NONE && trunk->end[1] != DX_NONE)
            add_line(scenario->bgp, i, trunk, metric, said);
    }
    if (scenario->bgp)
        scenario->bgp->network.igp_convergence_ps = convergence_ps;
}
