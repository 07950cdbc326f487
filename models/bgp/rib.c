/*
 * bgp/rib - paths of each prefix, and which of them is used
 *
 *   net 10.1.0.0/16 -- path of session 0 -- path of session 3 -- our own
 *                       `- attributes         `- attributes, best, told to neighbours
 *
 * A prefix is decided anew when one of its paths, or the way to one's next hop, has changed; nothing else is
 * looked at. Who is best stays the incumbent until it goes: a path that comes back has no age (RFC 5004).
 */
#include "bgp/speaker-priv.h"

/* -- prefixes ---------------------------------------------------------------------------------------- */

Net *dx__bgp_net(Speaker *speaker, const DxPrefix *prefix)
{
    return (Net *)(void *)dx__trie_hold(&speaker->nets, prefix);
}

typedef struct {
    void (*seen)(void *user, Net *net);
    void *user;
} Visit;

static void visit(void *user, DxTrieNode *node)
{
    const Visit *v = user;

    v->seen(v->user, (Net *)(void *)node);
}

void dx__bgp_each_net(Speaker *speaker, void (*seen)(void *user, Net *net), void *user)
{
    dx__trie_each(&speaker->nets, visit, &(Visit){ seen, user });
}

/* -- paths ------------------------------------------------------------------------------------------- */

Path *dx__bgp_path_of(const Net *net, unsigned session)
{
    Path *path = net->paths;

    while (path && path->session < session)
        path = path->next;
    return path && path->session == session ? path : NULL;
}

Path *dx__bgp_path_hold(Net *net, unsigned session)
{
    Path **link = &net->paths, *path;

    while (*link && (*link)->session < session)
        link = &(*link)->next;
    if (*link && (*link)->session == session)
        return *link;
    path = g_new0(Path, 1);
    path->session = (uint16_t)session;
    path->next = *link;
    *link = path;
    return path;
}

void dx__bgp_touch(Speaker *speaker, Net *net)
{
    if (net->is_dirty)
        return;
    net->is_dirty = true;
    g_ptr_array_add(speaker->dirty, net);
}

/* Takes over the reference. */
void dx__bgp_path_set(Speaker *speaker, Net *net, Path *path, DxAttrs *attrs)
{
    if (!path->attrs)
        path->received = ++speaker->n_received;
    dx__attrs_unref(&speaker->attrs, path->attrs);
    path->attrs = attrs;
    dx__bgp_touch(speaker, net);
}

void dx__bgp_path_remove(Speaker *speaker, Net *net, Path *path)
{
    Path **link = &net->paths;

    if (net->best == path)
        net->best = NULL;
    net->has_lost_way |= path->used != NULL;
    dx__attrs_unref(&speaker->attrs, path->attrs);
    dx__attrs_unref(&speaker->attrs, path->raw);
    dx__attrs_unref(&speaker->attrs, path->used);
    path->attrs = path->raw = path->used = NULL;
    path->is_denied = path->is_stale = false;
    dx__bgp_touch(speaker, net);
    if (path->flaps)
        return;
    while (*link != path)
        link = &(*link)->next;
    *link = path->next;
    g_free(path);
}

static void clear_net(void *user, DxTrieNode *node)
{
    Speaker *speaker = user;
    Net *net = (Net *)(void *)node;

    while (net->paths) {
        Path *path = net->paths;

        net->paths = path->next;
        dx__attrs_unref(&speaker->attrs, path->attrs);
        dx__attrs_unref(&speaker->attrs, path->raw);
        dx__attrs_unref(&speaker->attrs, path->used);
        g_free(path->flaps);
        g_free(path);
    }
    dx__attrs_unref(&speaker->attrs, net->told);
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        dx__attrs_unref(&speaker->attrs, net->out[i]);
}

void dx__bgp_rib_clear(Speaker *speaker)
{
    dx__trie_clear(&speaker->nets, clear_net, speaker);
}

/* -- as the decision sees it -------------------------------------------------------------------------- */

static void show(const Speaker *speaker, const Path *path, DxBgpPath *to)
{
    const DxAttrs *attrs = path->attrs;
    const DxAttrsKey *key = &attrs->key;

    *to = (DxBgpPath){ .source = DX_BGP_LOCAL,
                       .origin = (DxBgpOrigin)key->origin,
                       .has_local_pref = true,
                       .local_pref = key->local_pref,
                       .has_med = key->has_med,
                       .med = key->med,
                       .weight = key->weight,
                       .has_originator_id = key->has_originator_id,
                       .originator_id = key->originator_id,
                       .next_hop = key->next_hop,
                       .next_hop_reachable = !attrs->way || attrs->way->is_reachable,
                       .igp_metric = attrs->way ? attrs->way->metric : 0,
                       .is_denied = path->is_denied,
                       .is_damped = path->is_damped,
                       .n_clusters = key->n_clusters,
                       .clusters = attrs->clusters,
                       .n_communities = key->n_communities,
                       .communities = attrs->communities,
                       .as_path = attrs->as_path,
                       .received = path->received,
                       .router_id = speaker->knobs.router_id,
                       .hops = attrs->hops,
                       .confed_hops = attrs->confed_hops,
                       .med_as = attrs->med_as,
                       .med_confed_as = attrs->med_confed_as };
    if (path->session < speaker->n_sessions) {
        const Session *session = &speaker->sessions[path->session];

        to->source = session->source;
        to->neighbor_as = session->peer_as;
        to->neighbor_ip = session->peer_ip;
        to->router_id = session->router_id;
    }
}

static unsigned show_all(const Speaker *speaker, const Net *net, DxBgpPath *paths, Path **path_of,
                         int *incumbent)
{
    unsigned n = 0;

    *incumbent = DX_BGP_NONE;
    for (Path *path = net->paths; path; path = path->next) {
        if (!path->attrs)
            continue;
        if (path == net->best)
            *incumbent = (int)n;
        show(speaker, path, &paths[n]);
        path_of[n++] = path;
    }
    return n;
}

/* -- the decision ------------------------------------------------------------------------------------ */

/* Are the ways others than before? Keeps what they are. */
static bool note_ways(Speaker *speaker, Net *net, const Path *before, unsigned n)
{
    bool has_changed = net->has_lost_way || net->best != before;

    for (unsigned i = 0; i < n; i++) {
        Path *path = speaker->path_of[i];
        DxAttrs *was = path->used, *is = speaker->is_used[i] ? path->attrs : NULL;

        if (was == is)
            continue;
        has_changed |= !was || !is || dx_ip_compare(&was->key.next_hop, &is->key.next_hop);
        path->used = is ? dx__attrs_ref(is) : NULL;
        dx__attrs_unref(&speaker->attrs, was);
    }
    net->has_lost_way = false;
    return has_changed;
}

/* What neighbours are to be told of has changed: the best path is another, or of another router. */
static void note_told(Speaker *speaker, Net *net)
{
    DxAttrs *attrs = net->best ? net->best->attrs : NULL;
    const int of = net->best ? (int)net->best->session : DX_BGP_NONE;

    if (attrs == net->told && (!attrs || of == net->told_of))
        return;
    speaker->n_routes += (unsigned)!!attrs - (unsigned)!!net->told;
    dx__attrs_unref(&speaker->attrs, net->told);
    net->told = attrs ? dx__attrs_ref(attrs) : NULL;
    net->told_of = of;
    speaker->n_changes++;
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        dx__bgp_rib_out_tell(&speaker->sessions[i], net);
}

static void decide(Speaker *speaker, Net *net)
{
    const Path *before = net->best;
    int incumbent;
    const unsigned n = show_all(speaker, net, speaker->path, speaker->path_of, &incumbent);
    const DxBgpDecision decision =
        dx__bgp_decide(&speaker->knobs, speaker->path, n, incumbent, speaker->fate);

    dx__bgp_multipath(&speaker->knobs, speaker->path, n, speaker->fate, decision.best, speaker->is_used);
    net->best = decision.best < 0 ? NULL : speaker->path_of[decision.best];
    if (note_ways(speaker, net, before, n) && speaker->watch && speaker->watch->changed && !speaker->is_quiet)
        speaker->watch->changed(speaker->user, &net->node.prefix);
    note_told(speaker, net);
}

void dx__bgp_decide_dirty(Speaker *speaker)
{
    if (speaker->is_restarting) /* what was there is used until everybody has told */
        return;
    for (guint i = 0; i < speaker->dirty->len; i++) {
        Net *net = g_ptr_array_index(speaker->dirty, i);

        net->is_dirty = false;
        decide(speaker, net);
    }
    g_ptr_array_set_size(speaker->dirty, 0);
}

/* -- what there is ----------------------------------------------------------------------------------- */

typedef struct {
    SpeakerHop hop;
    DxIp neighbor;
    bool is_best;
} Way;

static int compare_ways(const void *a, const void *b)
{
    const Way *x = a, *y = b;
    int sign = y->is_best - x->is_best;

    if (!sign)
        sign = dx_ip_compare(&x->hop.next_hop, &y->hop.next_hop);
    if (!sign)
        sign = dx_ip_compare(&x->neighbor, &y->neighbor);
    return sign ? sign : x->hop.session - y->hop.session;
}

static void list_ways(const Speaker *speaker, const Net *net, SpeakerHop *hops, unsigned *n)
{
    Way ways[DX_BGP_PATHS_MAX];
    unsigned n_ways = 0;

    for (const Path *path = net->paths; path; path = path->next) {
        const bool is_own = path->session == speaker->n_sessions;
        const Session *session = is_own ? NULL : &speaker->sessions[path->session];

        if (!path->used)
            continue;
        ways[n_ways++] = (Way){ { is_own ? DX_BGP_NONE : (int)session->number, path->used->key.next_hop },
                                is_own ? (DxIp){ 0 } : session->peer_ip,
                                path == net->best };
    }
    qsort(ways, n_ways, sizeof *ways, compare_ways);
    *n = MIN(*n, n_ways);
    for (unsigned i = 0; i < *n; i++)
        hops[i] = ways[i].hop;
}

static bool has_way(const DxTrieNode *node)
{
    for (const Path *path = ((const Net *)(const void *)node)->paths; path; path = path->next)
        if (path->used)
            return true;
    return false;
}

const DxPrefix *dx__bgp_speaker_lookup(const Speaker *speaker, const DxIp *ip, SpeakerHop *hops, unsigned *n)
{
    const DxTrieNode *node = dx__trie_lookup(&speaker->nets, ip, has_way);

    if (!node)
        return NULL;
    list_ways(speaker, (const Net *)(const void *)node, hops, n);
    return &node->prefix;
}

bool dx__bgp_speaker_route(const Speaker *speaker, const DxPrefix *prefix, SpeakerHop *hops, unsigned *n)
{
    const DxTrieNode *node = dx__trie_find(&speaker->nets, prefix);

    if (!node || !has_way(node))
        return false;
    list_ways(speaker, (const Net *)(const void *)node, hops, n);
    return true;
}

typedef struct {
    void (*seen)(void *user, const DxPrefix *prefix);
    void *user;
} Tour;

static void see(void *user, DxTrieNode *node)
{
    const Tour *tour = user;

    if (has_way(node))
        tour->seen(tour->user, &node->prefix);
}

void dx__bgp_speaker_each(const Speaker *speaker, void (*seen)(void *user, const DxPrefix *prefix),
                          void *user)
{
    dx__trie_each(&speaker->nets, see, &(Tour){ seen, user });
}

unsigned dx__bgp_speaker_paths(const Speaker *speaker, const DxPrefix *prefix, DxBgpPath *paths,
                               int *sessions, int *incumbent)
{
    const Net *net = (const Net *)(const void *)dx__trie_find(&speaker->nets, prefix);
    Path *path_of[DX_BGP_PATHS_MAX];
    int best = DX_BGP_NONE;
    const unsigned n = net ? show_all(speaker, net, paths, path_of, &best) : 0;

    for (unsigned i = 0; sessions && i < n; i++)
        sessions[i] = path_of[i]->session == speaker->n_sessions
                          ? DX_BGP_NONE
                          : (int)speaker->sessions[path_of[i]->session].number;
    if (incumbent)
        *incumbent = best;
    return n;
}
