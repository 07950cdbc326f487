/*
 * bgp/rib-in - Adj-RIB-In: what neighbours tell, through the policy inbound
 *
 *   UPDATE -> [local preference by community] -> [route map] -> path: permitted, denied, damped
 *
 * RFC 4271 9.1.1, with what routers do before it. A denied path is kept and is no candidate. Loops are for
 * the decision to see (eligible.c).
 */
#include "bgp/community.h"
#include "bgp/speaker-priv.h"

/* What the routes of one UPDATE have in common. */
typedef struct {
    Session *session;
    DxAttrs *raw;
    DxAttrs *attrs; /* after the policy, where it does not look at prefixes; else NULL */
    bool is_permitted;
} Import;

/* -- policy ------------------------------------------------------------------------------------------ */

bool dx__bgp_map_sees_prefix(const DxRouteMap *map)
{
    for (unsigned i = 0; map && i < map->n; i++)
        for (unsigned k = 0; k < map->entries[i].n_matches; k++)
            if (map->entries[i].matches[k].type == DX_MATCH_PREFIX_LIST)
                return true;
    return false;
}

/* A next hop that is ourselves leads nowhere. */
static bool leads_here(const Session *session, const DxIp *next_hop)
{
    return !dx_ip_compare(next_hop, &session->local_ip);
}

static bool apply_policy(Session *session, DxDraft *draft)
{
    const DxCommunityTable *table = session->speaker->router->communities;
    DxBgpRoute *route = &draft->route;
    uint32_t local_pref;

    if (table && session->source == DX_BGP_EBGP &&
        dx__community_local_pref(table, (const uint32_t *)(const void *)route->communities->data,
                                 route->communities->len, &local_pref))
        route->local_pref = local_pref;
    if (leads_here(session, &route->next_hop))
        return false;
    return !session->in || dx__route_map_apply(session->in, route, session->peer_as, NULL);
}

/* A reference of one's own. */
static DxAttrs *judge(const Import *import, const DxPrefix *prefix, bool *is_permitted)
{
    Speaker *speaker = import->session->speaker;

    if (import->attrs) {
        *is_permitted = import->is_permitted;
        return dx__attrs_ref(import->attrs);
    }
    dx__draft_of_attrs(&speaker->draft, import->raw);
    speaker->draft.route.prefix = *prefix;
    *is_permitted = apply_policy(import->session, &speaker->draft);
    return *is_permitted ? dx__attrs_intern(&speaker->attrs, &speaker->draft) : dx__attrs_ref(import->raw);
}

/* Takes over @raw. */
static void import_begin(Import *import, Session *session, DxAttrs *raw)
{
    *import = (Import){ session, raw, NULL, false };
    if (!dx__bgp_map_sees_prefix(session->in))
        import->attrs = judge(import, &(DxPrefix){ 0 }, &import->is_permitted);
}

static void import_end(Import *import)
{
    dx__attrs_unref(&import->session->speaker->attrs, import->attrs);
    dx__attrs_unref(&import->session->speaker->attrs, import->raw);
}

/* -- dampening --------------------------------------------------------------------------------------- */

static bool is_dampened(const Session *session)
{
    return session->speaker->router->dampening && session->source == DX_BGP_EBGP;
}

static DxFlaps *flaps_of(Path *path)
{
    if (!path->flaps)
        path->flaps = g_new0(DxFlaps, 1);
    return path->flaps;
}

/* At the first picosecond at which it is below, not at, the level. */
static DxTime reuse_at(const Speaker *speaker, const DxFlaps *flaps)
{
    const DxDampening *conf = speaker->router->dampening;
    const DxTime wait_ps = dx__flaps_until(conf, flaps, conf->reuse, speaker->now_ps);

    return speaker->now_ps + MAX(wait_ps, 1);
}

/* Of now: the penalty has just been brought up to date. */
static void tell_penalty(Session *session, SpeakerEvent event, const char *what, const Net *net,
                         const DxFlaps *flaps)
{
    char text[DX_PREFIX_TEXT];

    dx__bgp_session_log(session, event, "route %s %s, penalty %.1f", dx_prefix_text(&net->node.prefix, text),
                        what, flaps->penalty);
}

static void suppress(Session *session, Net *net, Path *path)
{
    Speaker *speaker = session->speaker;
    const Damped damped = { net, session->index, reuse_at(speaker, path->flaps) };

    if (path->is_damped)
        return;
    path->is_damped = true;
    g_array_append_val(speaker->damped, damped);
    speaker->reuse_due_ps = MIN(speaker->reuse_due_ps, damped.due_ps);
    tell_penalty(session, SPEAKER_DAMPENED, "suppressed", net, path->flaps);
    dx__bgp_touch(speaker, net);
}

/* True: used again. */
static bool reuse(Speaker *speaker, Damped *damped)
{
    Session *session = &speaker->sessions[damped->session];
    Path *path = dx__bgp_path_of(damped->net, damped->session);

    if (damped->due_ps > speaker->now_ps)
        return false;
    if (dx__flaps_is_suppressed(speaker->router->dampening, path->flaps, speaker->now_ps)) {
        damped->due_ps = reuse_at(speaker, path->flaps);
        return false;
    }
    path->is_damped = false;
    if (path->attrs) {
        tell_penalty(session, SPEAKER_REUSED, "reused", damped->net, path->flaps);
        dx__bgp_touch(speaker, damped->net);
    }
    return true;
}

void dx__bgp_reuse(Speaker *speaker)
{
    guint n = 0;

    speaker->reuse_due_ps = DX_TIME_NEVER;
    for (guint i = 0; i < speaker->damped->len; i++) {
        Damped damped = g_array_index(speaker->damped, Damped, i);

        if (reuse(speaker, &damped))
            continue;
        speaker->reuse_due_ps = MIN(speaker->reuse_due_ps, damped.due_ps);
        g_array_index(speaker->damped, Damped, n++) = damped;
    }
    g_array_set_size(speaker->damped, n);
    dx__bgp_decide_dirty(speaker);
}

/* -- routes ------------------------------------------------------------------------------------------ */

static void count(Session *session, const Path *path, int step)
{
    session->n_received += (unsigned)step;
    session->n_accepted += (unsigned)(path->is_denied ? 0 : step);
}

static void remove_path(Session *session, Net *net, Path *path)
{
    count(session, path, -1);
    dx__bgp_path_remove(session->speaker, net, path);
}

static void withdraw(Session *session, const DxPrefix *prefix)
{
    Speaker *speaker = session->speaker;
    Net *net = (Net *)(void *)dx__trie_find(&speaker->nets, prefix);
    Path *path = net ? dx__bgp_path_of(net, session->index) : NULL;

    if (!path || !path->attrs)
        return;
    if (is_dampened(session)) {
        dx__flaps_withdrawn(speaker->router->dampening, flaps_of(path), speaker->now_ps);
        tell_penalty(session, SPEAKER_FLAP, "withdrawn", net, path->flaps);
    }
    remove_path(session, net, path);
}

/* Is there room for one more? */
static bool is_within_limit(Session *session)
{
    const uint64_t limit = (uint64_t)session->conf->prefix_limit, n = session->n_received + 1;

    if (!limit || n > limit)
        return !limit;
    if (!session->has_warned && 100 * n >= session->speaker->tuning.prefix_warning * limit) {
        session->has_warned = true;
        dx__bgp_session_log(session, SPEAKER_PREFIXES, "reaches %u prefixes of %u", (unsigned)n,
                            (unsigned)limit);
    }
    return true;
}

static void flap(Session *session, Net *net, Path *path, bool is_there, bool has_changed)
{
    Speaker *speaker = session->speaker;
    const DxDampening *conf = speaker->router->dampening;

    if (!is_dampened(session))
        return;
    if (is_there && has_changed) {
        dx__flaps_changed(conf, flaps_of(path), speaker->now_ps);
        tell_penalty(session, SPEAKER_FLAP, "changed", net, path->flaps);
    }
    if (path->flaps && dx__flaps_is_suppressed(conf, path->flaps, speaker->now_ps))
        suppress(session, net, path);
}

static bool announce(Import *import, const DxPrefix *prefix)
{
    Session *session = import->session;
    Speaker *speaker = session->speaker;
    Net *net = dx__bgp_net(speaker, prefix);
    Path *path = dx__bgp_path_of(net, session->index);
    const bool is_there = path && path->attrs;
    bool is_permitted, has_changed;
    DxAttrs *attrs;

    if (!is_there && !is_within_limit(session))
        return false;
    attrs = judge(import, prefix, &is_permitted);
    path = dx__bgp_path_hold(net, session->index);
    has_changed = path->attrs != attrs || path->is_denied == is_permitted;
    if (is_there)
        count(session, path, -1);
    path->is_stale = false;
    path->is_denied = !is_permitted;
    if (session->conf->soft_reconfiguration) {
        dx__attrs_unref(&speaker->attrs, path->raw);
        path->raw = dx__attrs_ref(import->raw);
    }
    if (has_changed)
        dx__bgp_path_set(speaker, net, path, attrs);
    else
        dx__attrs_unref(&speaker->attrs, attrs);
    count(session, path, 1);
    flap(session, net, path, is_there, has_changed);
    return true;
}

/* -- UPDATEs ----------------------------------------------------------------------------------------- */

/* What has no meaning between ASes was passed over when it was read. */
static DxAttrs *as_received(Session *session, const DxBgpAttributes *from, const DxIp *next_hop)
{
    Speaker *speaker = session->speaker;

    dx__draft_of_wire(&speaker->draft, from, next_hop, speaker->knobs.default_local_pref);
    speaker->draft.route.weight = (uint32_t)session->conf->weight;
    return dx__attrs_intern(&speaker->attrs, &speaker->draft);
}

static bool over_limit(const Session *session, DxBgpFault *fault)
{
    static const uint8_t families[DX_BGP_N_FAMILIES][3] = { { 0, 1, 1 }, { 0, 2, 1 } };

    *fault = (DxBgpFault){ .code = DX_BGP_CEASE,
                           .subcode = DX_BGP_MAXIMUM_PREFIXES,
                           .data = families[session->family],
                           .n_data = 3 };
    return false;
}

static bool announce_all(Session *session, const GArray *prefixes, const DxIp *next_hop, DxBgpFault *fault)
{
    Import import;
    bool is_fine = true;

    if (!prefixes->len)
        return true;
    import_begin(&import, session, as_received(session, &session->speaker->update.attributes, next_hop));
    for (guint i = 0; i < prefixes->len && is_fine; i++)
        is_fine = announce(&import, &g_array_index(prefixes, DxPrefix, i));
    import_end(&import);
    return is_fine || over_limit(session, fault);
}

static bool has_peer_first(const Session *session, const DxBgpUpdate *update)
{
    if (!session->speaker->tuning.enforces_first_as || session->source != DX_BGP_EBGP ||
        (!update->nlri->len && !update->mp_nlri->len))
        return true;
    return dx__as_path_neighbor(&update->attributes.as_path) == session->peer_as;
}

bool dx__bgp_rib_in(Session *session, DxBgpFault *fault)
{
    Speaker *speaker = session->speaker;
    const DxBgpUpdate *update = &speaker->update;
    bool is_fine;

    if (!has_peer_first(session, update)) {
        *fault = (DxBgpFault){ .code = DX_BGP_UPDATE_ERROR,
                               .subcode = DX_BGP_MALFORMED_AS_PATH,
                               .why = "the path does not begin with the neighbor's AS" };
        return false;
    }
    for (guint i = 0; i < update->withdrawn->len; i++)
        withdraw(session, &g_array_index(update->withdrawn, DxPrefix, i));
    is_fine = announce_all(session, update->nlri, &update->attributes.next_hop, fault) &&
              announce_all(session, update->mp_nlri, &update->attributes.mp_next_hop, fault);
    if (is_fine && update->end_of_rib >> session->family & 1)
        dx__bgp_restart_end_of_rib(session);
    if (is_fine) /* else the session goes, and its paths before anything is decided */
        dx__bgp_decide_dirty(speaker);
    return is_fine;
}

/* -- all of a session -------------------------------------------------------------------------------- */

static void judge_again(void *user, Net *net)
{
    Session *session = user;
    Speaker *speaker = session->speaker;
    Path *path = dx__bgp_path_of(net, session->index);
    DxAttrs *attrs;
    bool is_permitted;

    if (!path || !path->raw)
        return;
    attrs = judge(&(Import){ session, path->raw, NULL, false }, &net->node.prefix, &is_permitted);
    if (attrs == path->attrs && path->is_denied == !is_permitted) {
        dx__attrs_unref(&speaker->attrs, attrs);
        return;
    }
    count(session, path, -1);
    path->is_denied = !is_permitted;
    dx__bgp_path_set(speaker, net, path, attrs);
    count(session, path, 1);
}

/* RFC 2918: what was not kept has to be asked for. */
void dx__bgp_rib_in_again(Session *session)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];

    if (!session->up)
        return;
    if (session->conf->soft_reconfiguration) {
        dx__bgp_each_net(session->speaker, judge_again, session);
        dx__bgp_decide_dirty(session->speaker);
    } else if (session->can_refresh)
        dx__bgp_conn_send(session->up, message, dx__bgp_encode_refresh(session->family, message));
}

static void make_stale(void *user, Net *net)
{
    Session *session = user;
    Path *path = dx__bgp_path_of(net, session->index);

    if (path && path->attrs)
        path->is_stale = true;
}

static void lose_path(void *user, Net *net)
{
    Session *session = user;
    Path *path = dx__bgp_path_of(net, session->index);

    if (path && path->attrs)
        withdraw(session, &net->node.prefix);
}

void dx__bgp_rib_in_lost(Session *session, bool keeps_stale)
{
    dx__bgp_each_net(session->speaker, keeps_stale ? make_stale : lose_path, session);
    if (keeps_stale)
        dx__bgp_restart_help(session);
    dx__bgp_decide_dirty(session->speaker);
}

static void sweep(void *user, Net *net)
{
    Session *session = user;
    Path *path = dx__bgp_path_of(net, session->index);

    if (path && path->attrs && path->is_stale)
        remove_path(session, net, path);
}

void dx__bgp_rib_in_sweep(Session *session)
{
    const unsigned before = session->n_received;

    dx__bgp_each_net(session->speaker, sweep, session);
    if (before != session->n_received)
        dx__bgp_session_log(session, SPEAKER_STALE, "%u stale routes removed", before - session->n_received);
    dx__bgp_decide_dirty(session->speaker);
}

/* -- our own ----------------------------------------------------------------------------------------- */

#define OWN_WEIGHT 32768

void dx__bgp_own_announce(Speaker *speaker, const DxPrefix *prefix, const DxRouteMap *map)
{
    DxDraft *draft = &speaker->draft;
    Net *net = dx__bgp_net(speaker, prefix);
    Path *path = dx__bgp_path_hold(net, speaker->n_sessions);
    DxAttrs *attrs;

    dx__draft_reset(draft, speaker->knobs.default_local_pref);
    draft->route.prefix = *prefix;
    draft->route.weight = OWN_WEIGHT;
    path->is_denied = map && !dx__route_map_apply(map, &draft->route, speaker->router->asn, NULL);
    draft->route.next_hop = (DxIp){ 0 };
    attrs = dx__attrs_intern(&speaker->attrs, draft);
    dx__bgp_path_set(speaker, net, path, attrs);
    dx__bgp_decide_dirty(speaker);
}

void dx__bgp_own_withdraw(Speaker *speaker, const DxPrefix *prefix)
{
    Net *net = (Net *)(void *)dx__trie_find(&speaker->nets, prefix);
    Path *path = net ? dx__bgp_path_of(net, speaker->n_sessions) : NULL;

    if (!path)
        return;
    dx__bgp_path_remove(speaker, net, path);
    dx__bgp_decide_dirty(speaker);
}
