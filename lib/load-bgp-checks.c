/*
 * load-bgp-checks - what is odd about a BGP network as a whole, once it is right
 */
#include "hash-priv.h"
#include "load-priv.h"

#include <inttypes.h>
#include <string.h>

/* -- size -------------------------------------------------------------------------------------------- */

/* What a router knows of every node, line and session, and the routes that sessions carry, take some tens of
 * octets each: these are a few GB. */
#define KNOWN_MAX  UINT64_C(50000000)
#define ROUTES_MAX UINT64_C(50000000)

static void check_sessions(DxLoader *loader)
{
    const DxScBgp *bgp = loader->scenario->bgp;
    g_autofree unsigned *n = g_new0(unsigned, bgp->routers->len + 1);

    for (guint i = 0; i < bgp->sessions->len; i++)
        for (unsigned end = 0; end < 2; end++)
            n[DX_BGP_SESSION(bgp, i)->router[end]]++;
    for (guint i = 0; i < bgp->routers->len; i++)
        if (n[i] > DX_BGP_SESSIONS_MAX)
            DX_PROBLEM(&loader->reader,
                       DX_SC(loader->scenario, nodes, DxScNode, DX_BGP_ROUTER(bgp, i)->node)->json,
                       DX_CODE_LIMIT, "%u BGP sessions at this node; at most %u are accepted", n[i],
                       DX_BGP_SESSIONS_MAX);
}

static void check_size(DxLoader *loader)
{
    const DxScBgp *bgp = loader->scenario->bgp;
    DxJsonDoc *doc = loader->reader.doc;
    const DxJson *nodes = dx__json_member(doc, dx__json_root(doc), "nodes");
    const uint64_t n_routers = bgp->routers->len, n_sessions = bgp->sessions->len;
    const uint64_t n_things = (uint64_t)loader->scenario->nodes->len + bgp->igp_links->len + n_sessions;
    uint64_t n_prefixes = bgp->prefixes->len;

    for (guint i = 0; i < n_routers; i++)
        n_prefixes += DX_BGP_ROUTER(bgp, i)->n_networks;
    if (n_routers * n_things > KNOWN_MAX)
        DX_PROBLEM(&loader->reader, nodes, DX_CODE_LIMIT,
                   "%" PRIu64 " BGP routers that know %" PRIu64
                   " nodes, lines and sessions each; the product is at most %" PRIu64,
                   n_routers, n_things, KNOWN_MAX);
    if (n_prefixes * (n_routers + 2 * n_sessions) > ROUTES_MAX)
        DX_PROBLEM(&loader->reader, nodes, DX_CODE_LIMIT,
                   "%" PRIu64 " prefixes for %" PRIu64 " BGP routers and %" PRIu64
                   " sessions; prefixes times routers and ends of sessions are at most %" PRIu64,
                   n_prefixes, n_routers, n_sessions, ROUTES_MAX);
}

/* -- the IGP ----------------------------------------------------------------------------------------- */

static uint32_t root_of(uint32_t *parent, uint32_t node)
{
    for (; parent[node] != node; node = parent[node])
        parent[node] = parent[parent[node]];
    return node;
}

/* Sessions between loopbacks need a way. */
static void check_ways(DxLoader *loader)
{
    const DxScBgp *bgp = loader->scenario->bgp;
    const guint n = loader->scenario->nodes->len;
    g_autofree uint32_t *parent = g_new(uint32_t, n + 1);

    for (guint i = 0; i < n; i++)
        parent[i] = i;
    for (guint i = 0; i < bgp->igp_links->len; i++) {
        const DxIgpLink *link = &g_array_index(bgp->igp_links, DxIgpLink, i);

        parent[root_of(parent, link->node[0])] = root_of(parent, link->node[1]);
    }
    for (guint i = 0; i < bgp->sessions->len; i++) {
        const DxBgpSession *session = DX_BGP_SESSION(bgp, i);
        const DxBgpRouter *a = DX_BGP_ROUTER(bgp, session->router[0]);
        const DxBgpRouter *b = DX_BGP_ROUTER(bgp, session->router[1]);

        if (session->trunk == DX_BGP_NOBODY && root_of(parent, a->node) != root_of(parent, b->node))
            dx__warning(
                loader->reader.problems, loader->reader.file, bgp->session_jsons[i], DX_CODE_NO_PATH,
                "no line of the IGP leads from \"%s\" to \"%s\": the session never comes up; lines of "
                "other ASes or of nodes without an asn need \"igp\": true",
                a->name, b->name);
    }
}

/* -- prefixes ---------------------------------------------------------------------------------------- */

/* What a router begins with is more than its neighbour takes. */
static void check_limits(DxLoader *loader)
{
    const DxScBgp *bgp = loader->scenario->bgp;

    for (guint i = 0; i < bgp->sessions->len; i++)
        for (unsigned end = 0; end < 2; end++) {
            const DxBgpSession *session = DX_BGP_SESSION(bgp, i);
            const DxBgpRouter *from = DX_BGP_ROUTER(bgp, session->router[!end]);
            const int64_t limit = session->end[end].prefix_limit;

            if (limit && from->n_networks > limit && !session->end[!end].out)
                dx__warning(
                    loader->reader.problems, loader->reader.file, bgp->session_jsons[i], DX_CODE_RANGE,
                    "\"%s\" announces %u networks of its own, and \"%s\" takes %" G_GINT64_FORMAT
                    ": the session goes down",
                    from->name, from->n_networks, DX_BGP_ROUTER(bgp, session->router[end])->name, limit);
        }
}

static void add_prefix(GHashTable *known, const DxPrefix *prefix)
{
    char text[DX_PREFIX_TEXT];

    g_hash_table_add(known, g_strdup(dx_prefix_text(prefix, text)));
}

/* All that is ever announced, as text. (transfer full) */
static GHashTable *announced(const DxScBgp *bgp)
{
    GHashTable *known = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);

    for (guint i = 0; i < bgp->routers->len; i++)
        for (unsigned k = 0; k < DX_BGP_ROUTER(bgp, i)->n_networks; k++)
            add_prefix(known, &DX_BGP_ROUTER(bgp, i)->networks[k]);
    for (guint i = 0; i < bgp->prefixes->len; i++)
        add_prefix(known, &g_array_index(bgp->prefixes, DxPrefix, i));
    return known;
}

/* Cut to each length in turn: a few look-ups, however many prefixes there are. */
static bool is_announced(GHashTable *known, const DxPrefix *host)
{
    for (unsigned length = 0; length <= host->network.bits; length++) {
        DxPrefix cut = *host;
        char text[DX_PREFIX_TEXT];

        cut.length = (uint8_t)length;
        for (unsigned bit = length; bit < host->network.bits; bit++)
            cut.network.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
        if (g_hash_table_contains(known, dx_prefix_text(&cut, text)))
            return true;
    }
    return false;
}

static DxPrefix destination(const DxFlow *flow)
{
    DxPrefix host = { .network.bits = flow->is_ipv6 ? 128 : 32, .length = flow->is_ipv6 ? 128 : 32 };

    memcpy(host.network.bytes, flow->is_ipv6 ? flow->dst : flow->dst + 12, flow->is_ipv6 ? 16 : 4);
    return host;
}

/* The first router that it comes to which has to know, by BGP, where to; DX_NONE: none. */
static uint32_t first_to_ask(const DxScenario *scenario, uint32_t index)
{
    const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, index);
    uint32_t at = flow->from, asker = DX_NONE;

    for (guint steps = 0; steps <= scenario->nodes->len && at != flow->to; steps++) {
        const uint32_t next = dx__scenario_next(scenario, index, at);
        const DxScTrunk *trunk;

        if (next == DX_NONE)
            return DX_NONE;
        if (asker != DX_NONE && scenario->bgp->router_of_node[at] != DX_BGP_NOBODY)
            return asker;
        if (scenario->bgp->router_of_node[at] != DX_BGP_NOBODY && !dx__scenario_is_said(scenario, index, at))
            asker = at;
        trunk = DX_SC(scenario, trunks, DxScTrunk, next);
        at = trunk->end[trunk->end[0] == at];
    }
    return scenario->bgp->router_of_node[flow->to] == DX_BGP_NOBODY ? DX_NONE : asker;
}

/* Bits of the longest network of router @index that has @host; -1: none has. */
static int own_bits(const DxScBgp *bgp, uint32_t index, const DxPrefix *host)
{
    const DxBgpRouter *router = DX_BGP_ROUTER(bgp, index);
    int bits = -1;

    for (unsigned k = 0; k < router->n_networks; k++)
        if (dx_prefix_contains(&router->networks[k], host))
            bits = MAX(bits, router->networks[k].length);
    return bits;
}

/* Does the router at @node take the destination for a place of its own? No network of others is longer. */
static bool is_at_home(const DxScenario *scenario, uint32_t node, const DxPrefix *host)
{
    const uint32_t home = scenario->bgp->router_of_node[node];
    const int bits = own_bits(scenario->bgp, home, host);

    for (guint i = 0; bits >= 0 && i < scenario->bgp->routers->len; i++)
        if (i != home && own_bits(scenario->bgp, i, host) > bits)
            return false;
    return bits >= 0;
}

static void warn_at_home(DxLoader *loader, const DxJson *at, uint32_t node, const DxPrefix *host)
{
    char text[DX_IP_TEXT];

    dx__warning(loader->reader.problems, loader->reader.file, at, DX_CODE_NO_PATH,
                "\"%s\", which the flow comes to first, announces its destination %s itself: its frames end "
                "there (no_route); do the addresses stand the wrong way round?",
                DX_SC(loader->scenario, nodes, DxScNode, node)->name, dx_ip_text(&host->network, text));
}

static void check_flows(DxLoader *loader)
{
    const DxScenario *scenario = loader->scenario;
    g_autoptr(GHashTable) known = announced(scenario->bgp);
    char text[DX_IP_TEXT];

    for (guint i = 0; i < scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, i);
        const DxPrefix host = destination(&flow->flow);
        const DxJson *addresses = dx__json_member(loader->reader.doc, flow->json, "addresses");
        const uint32_t first = first_to_ask(scenario, i);

        if (first == DX_NONE)
            continue;
        if (is_announced(known, &host)) {
            if (is_at_home(scenario, first, &host))
                warn_at_home(loader, addresses ? addresses : flow->json, first, &host);
            continue;
        }
        dx__warning(
            loader->reader.problems, loader->reader.file, addresses ? addresses : flow->json, DX_CODE_NO_PATH,
            "no router announces %s, the destination: its frames are dropped (no_route); add it to the "
            "\"networks\" of one",
            dx_ip_text(&host.network, text));
    }
}

void dx__load_bgp_checks(DxLoader *loader)
{
    if (!loader->scenario->bgp)
        return;
    check_sessions(loader);
    check_size(loader);
    check_ways(loader);
    check_limits(loader);
    check_flows(loader);
}
