/*
 * bgp-rib - what is heard, what is best, what is told: docs/models/bgp-session.md, sections 6 and 7
 */
#include "bgp-priv.h"

#include "bgp/community.h"

#include <string.h>

/* -- attributes ---------------------------------------------------------------------------------------- */

static DxAsPath path_of(const Attrs *attrs)
{
    return (DxAsPath){ attrs->segments, attrs->asns, attrs->n_segments };
}

static bool numbers_equal(const uint32_t *a, unsigned n_a, const uint32_t *b, unsigned n_b)
{
    return n_a == n_b && (!n_a || !memcmp(a, b, n_a * sizeof *a));
}

static bool attrs_equal(const Attrs *a, const Attrs *b)
{
    if (a->n_segments != b->n_segments)
        return false;
    for (unsigned i = 0; i < a->n_segments; i++)
        if (a->segments[i].type != b->segments[i].type || a->segments[i].n != b->segments[i].n)
            return false;
    return a->origin == b->origin && a->has_med == b->has_med && (!a->has_med || a->med == b->med) &&
           a->has_local_pref == b->has_local_pref && (!a->has_local_pref || a->local_pref == b->local_pref) &&
           a->has_originator == b->has_originator && (!a->has_originator || a->originator == b->originator) &&
           a->weight == b->weight && !dx_ip_compare(&a->next_hop, &b->next_hop) &&
           numbers_equal(a->asns, a->n_asns, b->asns, b->n_asns) &&
           numbers_equal(a->communities, a->n_communities, b->communities, b->n_communities) &&
           numbers_equal(a->clusters, a->n_clusters, b->clusters, b->n_clusters);
}

static void to_route(const Attrs *attrs, const DxPrefix *prefix, DxBgpRoute *route)
{
    dx__bgp_route_init(route);
    route->prefix = *prefix;
    g_array_append_vals(route->segments, attrs->segments, attrs->n_segments);
    g_array_append_vals(route->asns, attrs->asns, attrs->n_asns);
    g_array_append_vals(route->communities, attrs->communities, attrs->n_communities);
    route->origin = attrs->origin;
    route->has_med = attrs->has_med;
    route->med = attrs->med;
    route->local_pref = attrs->local_pref;
    route->weight = attrs->weight;
    route->next_hop = attrs->next_hop;
}

static void from_route(const DxBgpRoute *route, Attrs *attrs)
{
    attrs->n_segments = route->segments->len;
    attrs->n_asns = route->asns->len;
    attrs->n_communities = route->communities->len;
    g_assert(attrs->n_segments <= ATTRS_SEGMENTS && attrs->n_asns <= DX_BGP_ASNS_MAX &&
             attrs->n_communities <= DX_BGP_COMMUNITIES_MAX);
    for (unsigned i = 0; i < attrs->n_segments; i++)
        attrs->segments[i] = g_array_index(route->segments, DxAsSegment, i);
    for (unsigned i = 0; i < attrs->n_asns; i++)
        attrs->asns[i] = g_array_index(route->asns, uint32_t, i);
    for (unsigned i = 0; i < attrs->n_communities; i++)
        attrs->communities[i] = g_array_index(route->communities, uint32_t, i);
    attrs->origin = route->origin;
    attrs->has_med = route->has_med;
    attrs->med = route->has_med ? route->med : 0;
    attrs->local_pref = route->local_pref;
    attrs->weight = route->weight;
    attrs->next_hop = route->next_hop;
}

/* False: denied. */
static bool apply(const DxRouteMap *map, const DxPrefix *prefix, uint32_t last_as, Attrs *attrs)
{
    DxBgpRoute route;
    bool is_permitted;

    if (!map)
        return true;
    to_route(attrs, prefix, &route);
    is_permitted = dx__route_map_apply(map, &route, last_as, NULL);
    from_route(&route, attrs);
    dx__bgp_route_clear(&route);
    return is_permitted;
}

static void from_message(const DxBgpAttributes *said, bool is_mp, Attrs *attrs)
{
    memset(attrs, 0, sizeof *attrs);
    attrs->origin = said->origin;
    attrs->has_med = said->has_med;
    attrs->med = said->has_med ? said->med : 0;
    attrs->has_local_pref = said->has_local_pref;
    attrs->local_pref = said->has_local_pref ? said->local_pref : 0;
    attrs->has_originator = said->has_originator_id;
    attrs->originator = said->has_originator_id ? said->originator_id : 0;
    attrs->next_hop = is_mp ? said->mp_next_hop : said->next_hop;
    attrs->n_segments = said->as_path.n_segments;
    for (unsigned i = 0; i < attrs->n_segments; i++) {
        attrs->segments[i] = said->as_path.segments[i];
        for (unsigned k = 0; k < attrs->segments[i].n; k++, attrs->n_asns++)
            attrs->asns[attrs->n_asns] = said->as_path.asns[attrs->n_asns];
    }
    attrs->n_communities = said->n_communities;
    attrs->n_clusters = said->n_clusters;
    g_assert(attrs->n_clusters <= ATTRS_CLUSTERS);
    for (unsigned i = 0; i < said->n_communities; i++)
        attrs->communities[i] = said->communities[i];
    for (unsigned i = 0; i < said->n_clusters; i++)
        attrs->clusters[i] = said->clusters[i];
}

/* -- prefixes ------------------------------------------------------------------------------------------ */

int prefix_order(const DxPrefix *a, const DxPrefix *b)
{
    const int order = dx_ip_compare(&a->network, &b->network);

    return order ? order : (int)a->length - (int)b->length;
}

Net *rib_find(const Speaker *speaker, const DxPrefix *prefix)
{
    for (guint i = 0; i < speaker->nets->len; i++) {
        Net *net = g_ptr_array_index(speaker->nets, i);

        if (!prefix_order(&net->prefix, prefix))
            return net;
    }
    return NULL;
}

static Net *net_of(Speaker *speaker, const DxPrefix *prefix)
{
    Net *net = rib_find(speaker, prefix);
    guint i = 0;

    if (net)
        return net;
    net = g_new0(Net, 1);
    net->prefix = *prefix;
    net->paths = g_ptr_array_new_with_free_func(g_free);
    while (i < speaker->nets->len &&
           prefix_order(&((Net *)g_ptr_array_index(speaker->nets, i))->prefix, prefix) < 0)
        i++;
    g_ptr_array_insert(speaker->nets, (int)i, net);
    return net;
}

static Path *path_from(Net *net, Peer *peer)
{
    for (guint i = 0; i < net->paths->len; i++) {
        Path *path = g_ptr_array_index(net->paths, i);

        if (path->peer == peer)
            return path;
    }
    return NULL;
}

static Path *path_new(Net *net, Peer *peer)
{
    Path *path = path_from(net, peer);

    if (path)
        return path;
    path = g_new0(Path, 1);
    path->prefix = net->prefix;
    path->peer = peer;
    path->again_at = DX_TIME_NEVER;
    g_ptr_array_add(net->paths, path);
    return path;
}

void rib_clear(Speaker *speaker)
{
    for (guint i = 0; i < speaker->nets->len; i++) {
        Net *net = g_ptr_array_index(speaker->nets, i);

        g_ptr_array_unref(net->paths);
        g_free(net->best_attrs);
        g_free(net);
    }
    g_ptr_array_unref(speaker->nets);
}

/* -- next hops ----------------------------------------------------------------------------------------- */

static const Hop2 *hop_to(Speaker *speaker, const DxIp *ip)
{
    Hop2 hop = { .ip = *ip };

    for (guint i = 0; i < speaker->next_hops->len; i++)
        if (!dx_ip_compare(&g_array_index(speaker->next_hops, Hop2, i).ip, ip))
            return &g_array_index(speaker->next_hops, Hop2, i);
    hop.is_reachable = bgp_metric(speaker, ip, &hop.metric);
    g_array_append_val(speaker->next_hops, hop);
    return &g_array_index(speaker->next_hops, Hop2, speaker->next_hops->len - 1);
}

/* -- the decision -------------------------------------------------------------------------------------- */

static void as_candidate(Speaker *speaker, const Path *path, DxBgpPath *to)
{
    const Attrs *attrs = &path->attrs;

    memset(to, 0, sizeof *to);
    to->source = DX_BGP_LOCAL;
    to->next_hop_reachable = true;
    if (path->peer) {
        static const DxBgpSource sources[] = { [DX_BGP_SESSION_EBGP] = DX_BGP_EBGP,
                                               [DX_BGP_SESSION_CONFED] = DX_BGP_CONFED,
                                               [DX_BGP_SESSION_IBGP] = DX_BGP_IBGP };
        const Hop2 *hop = hop_to(speaker, &attrs->next_hop);

        to->source = sources[path->peer->session->type];
        to->next_hop_reachable = hop->is_reachable;
        to->igp_metric = hop->metric;
        to->neighbor_as = path->peer->open.as;
        to->router_id = path->peer->open.router_id;
        to->neighbor_ip = path->peer->session->address[1 - path->peer->end];
    }
    to->origin = attrs->origin;
    to->has_local_pref = attrs->has_local_pref;
    to->local_pref = attrs->local_pref;
    to->has_med = attrs->has_med;
    to->med = attrs->med;
    to->has_originator_id = attrs->has_originator;
    to->originator_id = attrs->originator;
    to->is_denied = path->is_denied;
    to->is_damped = path->is_damped;
    to->weight = attrs->weight;
    to->n_clusters = attrs->n_clusters;
    to->clusters = attrs->clusters;
    to->n_communities = attrs->n_communities;
    to->communities = attrs->communities;
    to->as_path = path_of(attrs);
    to->next_hop = attrs->next_hop;
    to->received = path->received;
    dx__bgp_path_prepare(to);
}

/* Learned paths, then our own. */
static unsigned gather(const Net *net, Path **paths)
{
    unsigned n = 0;

    for (unsigned own = 0; own < 2; own++)
        for (guint i = 0; i < net->paths->len; i++) {
            Path *path = g_ptr_array_index(net->paths, i);

            if (path->is_there && own == !path->peer)
                paths[n++] = path;
        }
    return n;
}

static int way_order(const Way *a, const Way *b)
{
    return dx_ip_compare(&a->next_hop, &b->next_hop);
}

static void set_ways(Net *net, Path **paths, const bool *is_used, unsigned n, int best)
{
    net->n_ways = 0;
    if (best < 0)
        return;
    net->ways[net->n_ways++] = (Way){ paths[best]->peer, paths[best]->attrs.next_hop };
    for (unsigned i = 0; i < n; i++) {
        const Way way = { paths[i]->peer, paths[i]->attrs.next_hop };
        unsigned k = net->n_ways;

        if (!is_used[i] || (int)i == best)
            continue;
        for (; k > 1 && way_order(&way, &net->ways[k - 1]) < 0; k--)
            net->ways[k] = net->ways[k - 1];
        net->ways[k] = way;
        net->n_ways++;
    }
}

static bool ways_differ(const Way *a, unsigned n_a, const Way *b, unsigned n_b)
{
    if (n_a != n_b)
        return true;
    for (unsigned i = 0; i < n_a; i++)
        if (a[i].peer != b[i].peer || dx_ip_compare(&a[i].next_hop, &b[i].next_hop))
            return true;
    return false;
}

static void mark(Peer *peer, const DxPrefix *prefix, bool again)
{
    const Mark one = { *prefix, again };
    Speaker *speaker = peer->speaker;

    if (peer->state != PEER_UP)
        return;
    for (guint i = 0; i < peer->marks->len; i++) {
        Mark *there = &g_array_index(peer->marks, Mark, i);

        if (!prefix_order(&there->prefix, prefix)) {
            there->again |= again;
            return;
        }
    }
    g_array_append_val(peer->marks, one);
    if (peer->flush_at == DX_TIME_NEVER)
        peer->flush_at = MAX(speaker->now, peer->not_before);
}

static void decide(Speaker *speaker, Net *net)
{
    Path *paths[DX_BGP_PATHS_MAX], *old = net->best;
    static DxBgpPath candidates[DX_BGP_PATHS_MAX];
    DxBgpFate fates[DX_BGP_PATHS_MAX];
    bool is_used[DX_BGP_PATHS_MAX] = { false };
    const unsigned n = gather(net, paths), n_ways = net->n_ways;
    Way ways[DX_BGP_PATHS_MAX];
    int incumbent = DX_BGP_NONE, best = DX_BGP_NONE;
    bool is_change;

    memcpy(ways, net->ways, n_ways * sizeof *ways);
    for (unsigned i = 0; i < n; i++) {
        as_candidate(speaker, paths[i], &candidates[i]);
        if (paths[i] == old)
            incumbent = (int)i;
    }
    if (speaker->world->flaw == REFERENCE_OLDEST_BY_TIME)
        speaker->knobs.age = DX_BGP_AGE_TIMESTAMP;
    if (n)
        best = dx__bgp_decide(&speaker->knobs, candidates, n, incumbent, fates).best;
    if (best >= 0)
        dx__bgp_multipath(&speaker->knobs, candidates, n, fates, best, is_used);
    set_ways(net, paths, is_used, n, best);
    net->best = best >= 0 ? paths[best] : NULL;
    is_change = net->best != old || !net->best != !net->best_attrs ||
                (net->best && !attrs_equal(&net->best->attrs, net->best_attrs));
    g_clear_pointer(&net->best_attrs, g_free);
    if (net->best)
        net->best_attrs = g_memdup2(&net->best->attrs, sizeof(Attrs));
    for (guint i = 0; is_change && i < speaker->peers->len; i++)
        mark(g_ptr_array_index(speaker->peers, i), &net->prefix, false);
    if (ways_differ(ways, n_ways, net->ways, net->n_ways))
        bgp_changed(speaker, &net->prefix);
}

/* Prefixes that were touched, each once. */
static void touch(Speaker *speaker, Net *net)
{
    if (!g_ptr_array_find(speaker->touched, net, NULL))
        g_ptr_array_add(speaker->touched, net);
}

static void decide_all(Speaker *speaker)
{
    for (guint i = 0; i < speaker->touched->len; i++)
        decide(speaker, g_ptr_array_index(speaker->touched, i));
    g_ptr_array_set_size(speaker->touched, 0);
}

/* -- hearing ------------------------------------------------------------------------------------------- */

static bool damps(const Peer *peer)
{
    return peer->speaker->router->dampening && peer_is(peer, DX_BGP_SESSION_EBGP);
}

/* "route 10.2.0.0/24 suppressed, penalty 874.8" */
static void log_penalty(const Path *path, const char *event, const char *word)
{
    const Speaker *speaker = path->peer->speaker;
    char prefix[DX_PREFIX_TEXT];
    g_autofree char *text =
        g_strdup_printf("route %s %s, penalty %.1f", dx_prefix_text(&path->prefix, prefix), word,
                        dx__flaps_penalty(speaker->router->dampening, &path->flaps, speaker->now));

    bgp_log(path->peer, event, text);
}

static void withdraw(Peer *peer, Net *net, bool is_flap)
{
    Path *path = path_from(net, peer);

    if (!path || !path->is_there)
        return;
    path->is_there = path->is_stale = false; /* and as damped as it was */
    if (is_flap && damps(peer)) {
        dx__flaps_withdrawn(peer->speaker->router->dampening, &path->flaps, peer->speaker->now);
        log_penalty(path, "bgp_flap", "withdrawn");
    }
}

/* A path that was damped is looked at when its penalty may be low enough. */
static void look_again(Path *path)
{
    Speaker *speaker = path->peer->speaker;
    const DxDampening *conf = speaker->router->dampening;
    const DxTime wait = dx__flaps_until(conf, &path->flaps, conf->reuse, speaker->now);

    path->again_at = speaker->now + MAX(wait, 1);
    path->damped = speaker->n_damped++;
}

static void damp(Path *path, bool is_change)
{
    Speaker *speaker = path->peer->speaker;
    const DxDampening *conf = speaker->router->dampening;
    bool is_out;

    if (!damps(path->peer))
        return;
    if (is_change) {
        dx__flaps_changed(conf, &path->flaps, speaker->now);
        log_penalty(path, "bgp_flap", "changed");
    }
    is_out = dx__flaps_is_suppressed(conf, &path->flaps, speaker->now);
    if (is_out && !path->is_damped) {
        path->is_damped = true;
        look_again(path);
        log_penalty(path, "bgp_dampened", "suppressed");
    }
}

DxTime rib_reuse_due(const Speaker *speaker)
{
    DxTime due = DX_TIME_NEVER;

    for (guint i = 0; i < speaker->nets->len; i++) {
        const Net *net = g_ptr_array_index(speaker->nets, i);

        for (guint k = 0; k < net->paths->len; k++)
            due = MIN(due, ((const Path *)g_ptr_array_index(net->paths, k))->again_at);
    }
    return due;
}

/* The one that was damped first of those that are due; NULL: none. */
static Path *next_due(const Speaker *speaker)
{
    Path *first = NULL;

    for (guint i = 0; i < speaker->nets->len; i++) {
        const Net *net = g_ptr_array_index(speaker->nets, i);

        for (guint k = 0; k < net->paths->len; k++) {
            Path *path = g_ptr_array_index(net->paths, k);

            if (path->again_at <= speaker->now && (!first || path->damped < first->damped))
                first = path;
        }
    }
    return first;
}

void rib_reuse(Speaker *speaker)
{
    Path *path;

    while ((path = next_due(speaker))) {
        path->again_at = DX_TIME_NEVER;
        if (dx__flaps_is_suppressed(speaker->router->dampening, &path->flaps, speaker->now)) {
            look_again(path);
        } else {
            path->is_damped = false;
            if (!path->is_there)
                continue;
            log_penalty(path, "bgp_reused", "reused");
            touch(speaker, rib_find(speaker, &path->prefix));
        }
    }
    decide_all(speaker);
}

/* After what came: RFC 4271 9.1.1. Returns whether it is permitted. */
static bool policy_in(Peer *peer, const DxPrefix *prefix, Attrs *attrs)
{
    const DxBgpRouter *router = peer->speaker->router;

    if (peer_is(peer, DX_BGP_SESSION_EBGP)) {
        uint32_t local_pref;

        if (router->communities && dx__community_local_pref(router->communities, attrs->communities,
                                                            attrs->n_communities, &local_pref))
            attrs->local_pref = local_pref;
    }
    if (!dx_ip_compare(&attrs->next_hop, &peer->session->address[peer->end]))
        return false;
    return apply(peer->conf->in, prefix, peer->open.as, attrs);
}

static unsigned count(const Peer *peer, bool accepted)
{
    unsigned n = 0;

    for (guint i = 0; i < peer->speaker->nets->len; i++) {
        const Path *path = path_from(g_ptr_array_index(peer->speaker->nets, i), (Peer *)peer);

        n += path && path->is_there && (!accepted || !path->is_denied);
    }
    return n;
}

static void clean(Peer *peer, Attrs *attrs)
{
    if (peer_is(peer, DX_BGP_SESSION_EBGP))
        attrs->has_local_pref = false;
    if (!peer_is(peer, DX_BGP_SESSION_IBGP)) {
        attrs->has_originator = false;
        attrs->originator = attrs->n_clusters = 0;
    }
    if (!attrs->has_local_pref)
        attrs->local_pref = peer->speaker->knobs.default_local_pref;
    attrs->has_local_pref = true;
    attrs->weight = (uint32_t)peer->conf->weight;
}

static void warn(Peer *peer, unsigned n)
{
    const int64_t limit = peer->conf->prefix_limit;

    if (limit && !peer->is_warned && (int64_t)n * 100 >= limit * 80) {
        g_autofree char *text = g_strdup_printf("reaches %u prefixes of %" G_GINT64_FORMAT, n, limit);

        peer->is_warned = true;
        bgp_log(peer, "bgp_prefixes", text);
    }
}

/* False: too many, and the session is gone. */
static bool announce(Peer *peer, const DxPrefix *prefix, const Attrs *said)
{
    Net *net = net_of(peer->speaker, prefix);
    Path *path = path_new(net, peer);
    const bool is_new = !path->is_there;
    bool is_denied;
    Attrs came = *said, attrs;

    clean(peer, &came);
    if (is_new && peer->conf->prefix_limit && count(peer, false) + 1 > peer->conf->prefix_limit) {
        peer_limit(peer);
        return false;
    }
    attrs = came;
    is_denied = !policy_in(peer, prefix, &attrs);
    path->is_stale = false;
    path->came = came;
    if (!is_new && path->is_denied == is_denied && attrs_equal(&path->attrs, &attrs))
        return true;
    path->attrs = attrs;
    path->is_denied = is_denied;
    path->is_there = true;
    if (is_new) {
        path->received = peer->speaker->n_received++;
        warn(peer, count(peer, false));
    }
    damp(path, !is_new);
    touch(peer->speaker, net);
    return true;
}

static void announce_each(Peer *peer, const GArray *prefixes, const DxBgpAttributes *said, bool is_mp)
{
    Attrs attrs;

    if (!prefixes->len)
        return;
    from_message(said, is_mp, &attrs);
    for (guint i = 0; i < prefixes->len && peer->state == PEER_UP; i++)
        if (!announce(peer, &g_array_index(prefixes, DxPrefix, i), &attrs))
            return;
}

static void withdraw_each(Peer *peer, const GArray *prefixes)
{
    for (guint i = 0; i < prefixes->len; i++) {
        Net *net = net_of(peer->speaker, &g_array_index(prefixes, DxPrefix, i));
        const Path *path = path_from(net, peer);

        if (path && path->is_there)
            touch(peer->speaker, net);
        withdraw(peer, net, true);
    }
}

void rib_hear(Peer *peer, const DxBgpUpdate *update, bool is_withdrawal)
{

    withdraw_each(peer, update->withdrawn);
    if (is_withdrawal) {
        withdraw_each(peer, update->nlri);
        withdraw_each(peer, update->mp_nlri);
    } else {
        announce_each(peer, update->nlri, &update->attributes, false);
        if (peer->state == PEER_UP)
            announce_each(peer, update->mp_nlri, &update->attributes, true);
    }
    if (peer->state == PEER_UP && update->end_of_rib && peer->has_stale)
        rib_sweep(peer);
    decide_all(peer->speaker);
}

/* The session has gone: its paths too, or they are kept as stale. */
void rib_lose(Peer *peer, bool keep)
{
    unsigned n = 0;

    for (guint i = 0; i < peer->speaker->nets->len; i++) {
        Net *net = g_ptr_array_index(peer->speaker->nets, i);
        Path *path = path_from(net, peer);

        if (!path || !path->is_there)
            continue;
        n++;
        if (keep) {
            path->is_stale = true;
        } else {
            withdraw(peer, net, true);
            touch(peer->speaker, net);
        }
    }
    peer->has_stale = keep;
    if (keep) {
        g_autofree char *text = g_strdup_printf("%u routes kept for %u s", n, peer->open.restart_s);

        bgp_log(peer, "bgp_stale", text);
    }
    decide_all(peer->speaker);
}

void rib_sweep(Peer *peer)
{
    unsigned n = 0;

    for (guint i = 0; i < peer->speaker->nets->len; i++) {
        Net *net = g_ptr_array_index(peer->speaker->nets, i);
        const Path *path = path_from(net, peer);

        if (path && path->is_there && path->is_stale) {
            n++;
            withdraw(peer, net, false);
            touch(peer->speaker, net);
        }
    }
    peer->has_stale = false;
    peer->restart_at = peer->stale_at = DX_TIME_NEVER;
    if (n) {
        g_autofree char *text = g_strdup_printf("%u stale routes removed", n);

        bgp_log(peer, "bgp_stale", text);
    }
    decide_all(peer->speaker);
}

void rib_soft_in(Peer *peer)
{

    for (guint i = 0; i < peer->speaker->nets->len; i++) {
        Net *net = g_ptr_array_index(peer->speaker->nets, i);
        Path *path = path_from(net, peer);
        Attrs attrs;
        bool is_denied;

        if (!path || !path->is_there)
            continue;
        attrs = path->came;
        is_denied = !policy_in(peer, &net->prefix, &attrs);
        if (is_denied == path->is_denied && attrs_equal(&attrs, &path->attrs))
            continue;
        path->attrs = attrs;
        path->is_denied = is_denied;
        touch(peer->speaker, net);
    }
    decide_all(peer->speaker);
}

void rib_own(Speaker *speaker, const DxPrefix *prefix, bool is_there)
{
    Net *net = net_of(speaker, prefix);
    Path *path = path_new(net, NULL);

    if (path->is_there == is_there)
        return;
    path->is_there = is_there;
    memset(&path->attrs, 0, sizeof path->attrs);
    path->attrs.origin = DX_BGP_IGP;
    path->attrs.weight = 32768;
    path->attrs.local_pref = speaker->knobs.default_local_pref;
    path->attrs.has_local_pref = true;
    if (is_there)
        path->received = speaker->n_received++;
    decide(speaker, net);
}

void rib_moved(Speaker *speaker)
{
    GArray *moved = g_array_new(FALSE, FALSE, sizeof(DxIp));

    for (guint i = 0; i < speaker->next_hops->len; i++) {
        Hop2 *hop = &g_array_index(speaker->next_hops, Hop2, i), now = { .ip = hop->ip };

        now.is_reachable = bgp_metric(speaker, &hop->ip, &now.metric);
        if (now.is_reachable != hop->is_reachable || now.metric != hop->metric)
            g_array_append_val(moved, hop->ip);
        *hop = now;
    }
    for (guint i = 0; i < speaker->nets->len; i++) {
        Net *net = g_ptr_array_index(speaker->nets, i);
        Path *paths[DX_BGP_PATHS_MAX];
        const unsigned n = gather(net, paths);

        for (unsigned k = 0; k < n; k++)
            for (guint j = 0; paths[k]->peer && j < moved->len; j++)
                if (!dx_ip_compare(&paths[k]->attrs.next_hop, &g_array_index(moved, DxIp, j)))
                    touch(speaker, net);
    }
    g_array_unref(moved);
    decide_all(speaker);
}

/* -- telling ------------------------------------------------------------------------------------------- */

static bool has_community(const Attrs *attrs, uint32_t community)
{
    for (unsigned i = 0; i < attrs->n_communities; i++)
        if (attrs->communities[i] == community)
            return true;
    return false;
}

static size_t continent(const char *region)
{
    return strcspn(region, "-");
}

/* How far the communities let it go. */
static bool is_within_scope(const Peer *to, const Attrs *attrs)
{
    const DxCommunityTable *table = to->speaker->router->communities;
    const char *own = to->speaker->router->region, *his = to->he->region;
    const DxNodeKind kind = to->he->kind;

    for (unsigned i = 0; table && i < table->n; i++) {
        const DxCommunityMeaning *row = &table->rows[i];

        if (row->reach == DX_REACH_UNSAID || !has_community(attrs, row->community))
            continue;
        switch (row->reach) {
        case DX_REACH_PROVIDER:
            return !peer_is(to, DX_BGP_SESSION_EBGP) || kind == DX_KIND_CLOUD_DEVICE ||
                   kind == DX_KIND_DX_GATEWAY || kind == DX_KIND_TRANSIT_GATEWAY || kind == DX_KIND_VPC;
        case DX_REACH_REGION:
            return !his || !strcmp(his, row->region);
        case DX_REACH_LOCAL:
            return !own || !his || !strcmp(own, his);
        case DX_REACH_CONTINENT:
            return !own || !his || (continent(own) == continent(his) && !strncmp(own, his, continent(own)));
        default:
            return true;
        }
    }
    return true;
}

static bool may_know(const Peer *to, const Path *path)
{
    const Peer *from = path->peer;
    const Attrs *attrs = &path->attrs;
    const bool to_external = peer_is(to, DX_BGP_SESSION_EBGP), to_internal = peer_is(to, DX_BGP_SESSION_IBGP);

    if (from == to)
        return false;
    if (from && peer_is(from, DX_BGP_SESSION_IBGP) && to_internal && !from->conf->route_reflector_client &&
        !to->conf->route_reflector_client)
        return false;
    if (has_community(attrs, DX_COMMUNITY_NO_ADVERTISE) ||
        (to_external && has_community(attrs, DX_COMMUNITY_NO_EXPORT)) ||
        (!to_internal && has_community(attrs, DX_COMMUNITY_NO_EXPORT_SUBCONFED)))
        return false;
    if (attrs->has_originator && attrs->originator == to->open.router_id)
        return false;
    return is_within_scope(to, attrs);
}

static void set_next_hop(const Peer *to, const Path *path, Attrs *attrs)
{
    const DxBgpSession *session = to->session;
    const DxIp own = session->address[to->end], his = session->address[1 - to->end];
    bool is_own;

    if (peer_is(to, DX_BGP_SESSION_EBGP)) {
        DxPrefix subnet = { own, session->subnet }, host = { attrs->next_hop, attrs->next_hop.bits };

        for (unsigned bit = session->subnet; bit < own.bits; bit++)
            subnet.network.bytes[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
        is_own = !session->subnet || !attrs->next_hop.bits || attrs->next_hop.bits != own.bits ||
                 !dx_prefix_contains(&subnet, &host) || !dx_ip_compare(&attrs->next_hop, &his) ||
                 to->conf->next_hop_self;
    } else {
        is_own = !path->peer || (to->conf->next_hop_self && peer_is(path->peer, DX_BGP_SESSION_EBGP));
    }
    if (is_own)
        attrs->next_hop = own;
}

static void put_in_front(Attrs *attrs, DxAsSegmentType type, uint32_t asn)
{
    if (attrs->n_segments && attrs->segments[0].type == type && attrs->segments[0].n < 255) {
        attrs->segments[0].n++;
    } else {
        memmove(attrs->segments + 1, attrs->segments, attrs->n_segments * sizeof *attrs->segments);
        attrs->segments[0] = (DxAsSegment){ type, 1 };
        attrs->n_segments++;
    }
    memmove(attrs->asns + 1, attrs->asns, attrs->n_asns * sizeof *attrs->asns);
    attrs->asns[0] = asn;
    attrs->n_asns++;
}

static void without_confederation(Attrs *attrs)
{
    unsigned n_segments = 0, n_asns = 0, at = 0;

    for (unsigned i = 0; i < attrs->n_segments; i++) {
        const DxAsSegment segment = attrs->segments[i];

        if (segment.type == DX_AS_SET || segment.type == DX_AS_SEQUENCE) {
            attrs->segments[n_segments++] = segment;
            memmove(attrs->asns + n_asns, attrs->asns + at, segment.n * sizeof *attrs->asns);
            n_asns += segment.n;
        }
        at += segment.n;
    }
    attrs->n_segments = n_segments;
    attrs->n_asns = n_asns;
}

/* The best path as @to is told of it. False: he is not. */
static bool as_told(const Peer *to, const Net *net, Attrs *attrs)
{
    const Path *path = net->best;
    const DxBgpRouter *router = to->speaker->router;
    const bool is_external = peer_is(to, DX_BGP_SESSION_EBGP), is_internal = peer_is(to, DX_BGP_SESSION_IBGP);

    if (!path || net->prefix.network.bits != to->session->address[0].bits || !may_know(to, path))
        return false;
    *attrs = path->attrs;
    set_next_hop(to, path, attrs);
    if (is_external && path->peer) {
        attrs->has_med = false;
        attrs->med = 0;
    }
    if (!is_internal) {
        attrs->has_originator = false;
        attrs->originator = attrs->n_clusters = 0;
    } else if (path->peer && peer_is(path->peer, DX_BGP_SESSION_IBGP)) {
        if (!attrs->has_originator)
            attrs->originator = path->peer->open.router_id;
        attrs->has_originator = true;
        memmove(attrs->clusters + 1, attrs->clusters, attrs->n_clusters * sizeof *attrs->clusters);
        attrs->clusters[0] = router->cluster_id;
        attrs->n_clusters++;
    }
    if (!apply(to->conf->out, &net->prefix, to->open.as, attrs))
        return false;
    if (is_external) {
        without_confederation(attrs);
        put_in_front(attrs, DX_AS_SEQUENCE, router->confed_id ? router->confed_id : router->asn);
        attrs->has_local_pref = false;
        attrs->local_pref = 0;
    } else if (!is_internal) {
        put_in_front(attrs, DX_AS_CONFED_SEQUENCE, router->asn);
    }
    attrs->weight = 0;
    return true;
}

static Told *told_of(const Peer *peer, const DxPrefix *prefix)
{
    for (guint i = 0; i < peer->told->len; i++)
        if (!prefix_order(&g_array_index(peer->told, Told, i).prefix, prefix))
            return &g_array_index(peer->told, Told, i);
    return NULL;
}

static void tell(Peer *peer, const DxPrefix *prefix, const Attrs *attrs)
{
    Told *told = told_of(peer, prefix), new = { *prefix, NULL };

    if (!told) {
        g_array_append_val(peer->told, new);
        told = &g_array_index(peer->told, Told, peer->told->len - 1);
    }
    g_free(told->attrs);
    told->attrs = g_memdup2(attrs, sizeof *attrs);
}

static void untell(Peer *peer, const DxPrefix *prefix)
{
    Told *told = told_of(peer, prefix);

    g_free(told->attrs);
    g_array_remove_index(peer->told, (guint)(told - &g_array_index(peer->told, Told, 0)));
}

static DxBgpAttributes to_message(const Attrs *attrs)
{
    return (DxBgpAttributes){ .has_origin = true,
                              .has_as_path = true,
                              .has_next_hop = attrs->next_hop.bits == 32,
                              .has_med = attrs->has_med,
                              .has_local_pref = attrs->has_local_pref,
                              .has_originator_id = attrs->has_originator,
                              .origin = attrs->origin,
                              .as_path = path_of(attrs),
                              .next_hop = attrs->next_hop,
                              .mp_next_hop = attrs->next_hop,
                              .med = attrs->med,
                              .local_pref = attrs->local_pref,
                              .originator_id = attrs->originator,
                              .communities = attrs->communities,
                              .clusters = attrs->clusters,
                              .n_communities = attrs->n_communities,
                              .n_clusters = attrs->n_clusters };
}

static void send_withdrawn(Peer *peer, const GArray *prefixes)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];

    for (size_t at = 0, taken; at < prefixes->len; at += taken) {
        const size_t n = dx__bgp_encode_withdraw(&g_array_index(prefixes, DxPrefix, at), prefixes->len - at,
                                                 &taken, message);

        peer_send(peer, message, n, DX_BGP_UPDATE);
    }
}

/* One group after another, each begins with the first prefix that is left. */
static void send_announced(Peer *peer, GArray *left)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];

    while (left->len) {
        const Attrs *attrs = told_of(peer, &g_array_index(left, DxPrefix, 0))->attrs;
        const DxBgpAttributes said = to_message(attrs);
        GArray *group = g_array_new(FALSE, FALSE, sizeof(DxPrefix));

        for (guint i = 0; i < left->len;) {
            const DxPrefix prefix = g_array_index(left, DxPrefix, i);

            if (attrs_equal(told_of(peer, &prefix)->attrs, attrs)) {
                g_array_append_val(group, prefix);
                g_array_remove_index(left, i);
            } else
                i++;
        }
        for (size_t at = 0, taken; at < group->len; at += taken) {
            const size_t n = dx__bgp_encode_update(&said, &g_array_index(group, DxPrefix, at),
                                                   group->len - at, &taken, message);

            g_assert(n);
            peer_send(peer, message, n, DX_BGP_UPDATE);
        }
        g_array_unref(group);
    }
}

static gint by_prefix(gconstpointer a, gconstpointer b)
{
    return prefix_order(&((const Mark *)a)->prefix, &((const Mark *)b)->prefix);
}

void rib_mark_all(Peer *peer, bool again)
{
    for (guint i = 0; i < peer->speaker->nets->len; i++) {
        const Net *net = g_ptr_array_index(peer->speaker->nets, i);

        if (net->best)
            mark(peer, &net->prefix, again);
    }
}

/* All that is marked, now. */
void rib_flush(Peer *peer)
{
    GArray *withdrawn = g_array_new(FALSE, FALSE, sizeof(DxPrefix));
    GArray *announced = g_array_new(FALSE, FALSE, sizeof(DxPrefix));
    static Attrs attrs;

    peer->flush_at = DX_TIME_NEVER;
    g_array_sort(peer->marks, by_prefix);
    for (guint i = 0; i < peer->marks->len; i++) {
        const Mark one = g_array_index(peer->marks, Mark, i);
        const Net *net = rib_find(peer->speaker, &one.prefix);
        const Told *told = told_of(peer, &one.prefix);

        if (!as_told(peer, net, &attrs)) {
            if (told) {
                untell(peer, &one.prefix);
                g_array_append_val(withdrawn, one.prefix);
            }
        } else if (!told || one.again || !attrs_equal(told->attrs, &attrs)) {
            tell(peer, &one.prefix, &attrs);
            g_array_append_val(announced, one.prefix);
        }
    }
    g_array_set_size(peer->marks, 0);
    if ((withdrawn->len || announced->len))
        peer->not_before = peer->speaker->now + peer->conf->mrai_ps;
    if (peer->speaker->world->flaw == REFERENCE_TELLS_FIRST)
        send_announced(peer, announced);
    send_withdrawn(peer, withdrawn);
    send_announced(peer, announced);
    g_array_unref(withdrawn);
    g_array_unref(announced);
    if (peer->sends_eor) {
        uint8_t message[DX_BGP_MESSAGE_MAX];
        const bool is_ipv6 = peer->session->address[0].bits == 128;

        peer->sends_eor = false;
        peer_send(peer, message, dx__bgp_encode_end_of_rib(is_ipv6 ? DX_BGP_IPV6 : DX_BGP_IPV4, message),
                  DX_BGP_UPDATE);
    }
}
