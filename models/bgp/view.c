/*
 * bgp/view - see bgp/view.h
 */
#include "bgp/view.h"

/* Nodes through which an address is reached: the one that has it, and the one across its line. */
typedef struct {
    uint32_t node[2]; /* DX_BGP_NOBODY: none */
    uint32_t session; /* that has it on its line; DX_BGP_NOBODY: none */
} Owner;

/* -- what all share ----------------------------------------------------------------------------------- */

static guint hash_ip(gconstpointer key)
{
    const DxIp *ip = key;
    guint hash = ip->bits;

    for (unsigned i = 0; i < ip->bits / 8u; i++)
        hash = hash * 31 + ip->bytes[i];
    return hash;
}

static gboolean is_same_ip(gconstpointer a, gconstpointer b)
{
    return !dx_ip_compare(a, b);
}

static Owner *owner_of(BgpMap *map, const DxIp *ip, uint32_t node)
{
    Owner *owner = g_hash_table_lookup(map->owners, ip);

    if (!owner) {
        owner = g_new(Owner, 1);
        *owner = (Owner){ { node, DX_BGP_NOBODY }, DX_BGP_NOBODY };
        g_hash_table_insert(map->owners, g_memdup2(ip, sizeof *ip), owner);
    }
    return owner;
}

static void gather_owners(BgpMap *map)
{
    const DxBgpNetwork *network = map->network;

    map->owners = g_hash_table_new_full(hash_ip, is_same_ip, g_free, g_free);
    for (unsigned i = 0; i < network->n_routers; i++)
        if (network->routers[i].loopback.bits)
            owner_of(map, &network->routers[i].loopback, network->routers[i].node);
    for (unsigned i = 0; i < 2 * network->n_sessions; i++) {
        const DxBgpSession *session = &network->sessions[i / 2];
        const unsigned end = i % 2;
        Owner *owner = owner_of(map, &session->address[end], network->routers[session->router[end]].node);

        if (session->trunk == DX_BGP_NOBODY || owner->session != DX_BGP_NOBODY)
            continue;
        owner->node[1] = network->routers[session->router[!end]].node;
        owner->session = i / 2;
    }
}

static void gather_sessions(BgpMap *map)
{
    const DxBgpNetwork *network = map->network;
    uint32_t *next;

    map->first = g_new0(uint32_t, network->n_routers + 1);
    map->session = g_new(uint32_t, 2 * network->n_sessions + 1);
    for (unsigned i = 0; i < 2 * network->n_sessions; i++)
        map->first[network->sessions[i / 2].router[i % 2] + 1]++;
    for (unsigned i = 0; i < network->n_routers; i++)
        map->first[i + 1] += map->first[i];
    next = g_memdup2(map->first, (network->n_routers + 1) * sizeof *next);
    for (unsigned i = 0; i < 2 * network->n_sessions; i++)
        map->session[next[network->sessions[i / 2].router[i % 2]]++] = i / 2;
    g_free(next);
}

static uint32_t area_of(const BgpMap *map, uint32_t node)
{
    while (map->area[node] != node)
        node = map->area[node];
    return node;
}

static void gather_areas(BgpMap *map)
{
    const DxBgpNetwork *network = map->network;

    map->area = g_new(uint32_t, network->n_nodes + 1);
    for (uint32_t i = 0; i < network->n_nodes; i++)
        map->area[i] = i;
    for (unsigned i = 0; i < network->n_igp_links; i++) {
        const uint32_t a = area_of(map, network->igp_links[i].node[0]),
                       b = area_of(map, network->igp_links[i].node[1]);

        map->area[MAX(a, b)] = MIN(a, b);
    }
    for (uint32_t i = 0; i < network->n_nodes; i++)
        map->area[i] = area_of(map, i);
}

void dx__bgp_map_init(BgpMap *map, const DxBgpNetwork *network)
{
    *map = (BgpMap){ .network = network };
    gather_sessions(map);
    gather_owners(map);
    gather_areas(map);
}

void dx__bgp_map_clear(BgpMap *map)
{
    g_free(map->first);
    g_free(map->session);
    g_free(map->area);
    if (map->owners)
        g_hash_table_unref(map->owners);
    *map = (BgpMap){ .network = NULL };
}

/* -- one router --------------------------------------------------------------------------------------- */

void dx__bgp_view_init(BgpView *view, const BgpMap *map, uint32_t router)
{
    const DxBgpNetwork *network = map->network;
    const unsigned n = map->first[router + 1] - map->first[router];

    *view = (BgpView){ .map = map,
                       .network = network,
                       .router = router,
                       .own = map->session + map->first[router],
                       .n_own = n,
                       .is_line_down = g_new0(bool, n + 1),
                       .igp = dx__igp_new(network, network->routers[router].node) };
}

void dx__bgp_view_clear(BgpView *view)
{
    g_free(view->is_line_down);
    if (view->igp)
        dx__igp_free(view->igp);
    *view = (BgpView){ .network = NULL };
}

unsigned dx__bgp_view_own(const BgpView *view, uint32_t session)
{
    unsigned low = 0, high = view->n_own;

    while (high - low > 1) {
        const unsigned middle = low + (high - low) / 2;

        if (view->own[middle] <= session)
            low = middle;
        else
            high = middle;
    }
    g_assert(low < view->n_own && view->own[low] == session);
    return low;
}

unsigned dx__bgp_view_end(const BgpView *view, uint32_t session)
{
    return view->network->sessions[session].router[1] == view->router;
}

/* Is @next_hop at the other end of its session's line, seen from here? */
static bool is_across(const BgpView *view, uint32_t index, const DxIp *next_hop)
{
    const DxBgpSession *session = &view->network->sessions[index];

    return (session->router[0] == view->router || session->router[1] == view->router) &&
           !dx_ip_compare(&session->address[!dx__bgp_view_end(view, index)], next_hop);
}

/* To the nearer one of two nodes; this router itself is none: what is not across a line is its own. */
static bool resolve_by_igp(const BgpView *view, const Owner *owner, BgpWay *way)
{
    const uint32_t here = view->network->routers[view->router].node;
    bool is_found = false;

    *way = (BgpWay){ .session = DX_BGP_NOBODY };
    for (unsigned i = 0; i < 2; i++) {
        const uint32_t node = owner->node[i];
        uint32_t metric;

        if (node == DX_BGP_NOBODY || node == here || !dx__igp_metric(view->igp, node, &metric) ||
            (is_found && metric >= way->metric))
            continue;
        way->node = node;
        way->metric = metric;
        is_found = true;
    }
    return is_found;
}

bool dx__bgp_view_resolve(const BgpView *view, const DxIp *next_hop, BgpWay *way)
{
    const Owner *owner = g_hash_table_lookup(view->map->owners, next_hop);

    if (!owner) {
        *way = (BgpWay){ .session = DX_BGP_NOBODY };
        return false;
    }
    if (owner->session != DX_BGP_NOBODY && is_across(view, owner->session, next_hop)) {
        *way = (BgpWay){ .session = owner->session };
        return !view->is_line_down[dx__bgp_view_own(view, owner->session)];
    }
    return resolve_by_igp(view, owner, way);
}

bool dx__bgp_view_set_line(BgpView *view, uint32_t trunk, bool is_up)
{
    bool is_known = false;

    for (unsigned i = 0; i < view->n_own; i++)
        if (view->network->sessions[view->own[i]].trunk == trunk) {
            view->is_line_down[i] = !is_up;
            is_known = true;
        }
    return is_known;
}
