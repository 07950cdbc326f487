/*
 * bgp/rib-out - Adj-RIB-Out: what neighbours are told, and in which UPDATEs
 *
 *   best path -> may he know? -> [route map] -> attributes as he sees them -> differs from what he was told?
 *                                                              |
 *                        withdrawals first, then by attributes: as many prefixes in an UPDATE as fit
 *
 * RFC 4271 9.1.3 and 9.2, 5.1; RFC 1997 (communities), RFC 4456 (reflection), RFC 5065 (confederations).
 * Between two times that a neighbour is told something there is MinRouteAdvertisementInterval, for
 * withdrawals too.
 */
#include "bgp/community.h"
#include "bgp/speaker-priv.h"

/* -- may he know? ------------------------------------------------------------------------------------ */

static bool has_community(const DxAttrs *attrs, uint32_t community)
{
    for (uint32_t i = 0; i < attrs->key.n_communities; i++)
        if (attrs->communities[i] == community)
            return true;
    return false;
}

static bool communities_permit(const Session *session, const DxAttrs *attrs)
{
    if (has_community(attrs, DX_COMMUNITY_NO_ADVERTISE))
        return false;
    if (session->source == DX_BGP_EBGP && has_community(attrs, DX_COMMUNITY_NO_EXPORT))
        return false;
    return session->source == DX_BGP_IBGP || !has_community(attrs, DX_COMMUNITY_NO_EXPORT_SUBCONFED);
}

static bool is_providers(const DxBgpRouter *router)
{
    return router->kind == DX_KIND_CLOUD_DEVICE || router->kind == DX_KIND_DX_GATEWAY ||
           router->kind == DX_KIND_TRANSIT_GATEWAY || router->kind == DX_KIND_VPC;
}

/* How far a provider passes it on, by its table of communities. */
static bool scope_permits(const Session *session, const DxAttrs *attrs)
{
    const DxBgpRouter *own = session->speaker->router, *his = session->peer;
    const bool is_outside = session->source == DX_BGP_EBGP && !is_providers(his);

    return !own->communities ||
           dx__community_reaches(own->communities, attrs->communities, attrs->key.n_communities, own->region,
                                 his->region, is_outside);
}

/* RFC 4456 6: between internal neighbours only to and from clients. */
static bool reflection_permits(const Session *session, int of)
{
    const Session *from = of < (int)session->speaker->n_sessions ? &session->speaker->sessions[of] : NULL;

    if (!from || session->source != DX_BGP_IBGP || from->source != DX_BGP_IBGP)
        return true;
    return session->conf->route_reflector_client || from->conf->route_reflector_client;
}

static bool may_know(const Session *session, const DxAttrs *attrs, int of)
{
    if (of == (int)session->index || !reflection_permits(session, of))
        return false;
    if (attrs->key.has_originator_id && attrs->key.originator_id == session->router_id)
        return false;
    return communities_permit(session, attrs) && scope_permits(session, attrs);
}

/* -- as he sees it ----------------------------------------------------------------------------------- */

static void prepend(DxBgpRoute *route, DxAsSegmentType type, uint32_t asn)
{
    DxAsSegment *first = route->segments->len ? &g_array_index(route->segments, DxAsSegment, 0) : NULL;
    const DxAsSegment segment = { type, 1 };

    g_array_prepend_val(route->asns, asn);
    if (first && first->type == type && first->n < UINT8_MAX)
        first->n++;
    else
        g_array_prepend_val(route->segments, segment);
}

/* RFC 5065 5.1: what is of the confederation is not for the outside. */
static void strip_confederation(DxBgpRoute *route)
{
    guint at = 0, from = 0;

    while (at < route->segments->len) {
        const DxAsSegment segment = g_array_index(route->segments, DxAsSegment, at);

        if (segment.type == DX_AS_CONFED_SEQUENCE || segment.type == DX_AS_CONFED_SET) {
            g_array_remove_index(route->segments, at);
            g_array_remove_range(route->asns, from, segment.n);
        } else {
            at++;
            from += segment.n;
        }
    }
}

/* RFC 4271 5.1.3: ourselves, unless somebody on the line that we share is nearer. */
static DxIp next_hop_for(const Session *session, const DxIp *next_hop, int of)
{
    const Speaker *speaker = session->speaker;
    const bool is_own = of == (int)speaker->n_sessions;
    const DxPrefix host = { *next_hop, next_hop->bits };

    if (is_own || next_hop->bits != session->local_ip.bits)
        return session->local_ip;
    if (session->source == DX_BGP_EBGP) {
        if (session->conf->next_hop_self || !session->subnet.network.bits ||
            !dx_prefix_contains(&session->subnet, &host) || !dx_ip_compare(next_hop, &session->peer_ip))
            return session->local_ip;
        return *next_hop;
    }
    return session->conf->next_hop_self && speaker->sessions[of].source == DX_BGP_EBGP ? session->local_ip
                                                                                       : *next_hop;
}

/* RFC 4456 8. */
static void reflect(const Session *session, DxDraft *draft, int of)
{
    const Speaker *speaker = session->speaker;
    const Session *from = of < (int)speaker->n_sessions ? &speaker->sessions[of] : NULL;

    if (session->source != DX_BGP_IBGP) {
        draft->has_originator_id = false;
        draft->originator_id = 0;
        g_array_set_size(draft->clusters, 0);
    } else if (from && from->source == DX_BGP_IBGP) {
        if (!draft->has_originator_id)
            draft->originator_id = from->router_id;
        draft->has_originator_id = true;
        g_array_prepend_val(draft->clusters, speaker->knobs.cluster_id);
    }
}

/* The route map sees the path before our own AS is in it. */
static bool transform(const Session *session, DxDraft *draft, int of)
{
    const Speaker *speaker = session->speaker;
    const bool is_external = session->source == DX_BGP_EBGP;
    DxBgpRoute *route = &draft->route;

    route->next_hop = next_hop_for(session, &route->next_hop, of);
    if (is_external && of != (int)speaker->n_sessions) /* RFC 4271 5.1.4 */
        route->has_med = false;
    reflect(session, draft, of);
    if (session->out && !dx__route_map_apply(session->out, route, session->peer_as, NULL))
        return false;
    if (is_external) {
        strip_confederation(route);
        route->local_pref = 0;
    }
    if (session->source != DX_BGP_IBGP)
        prepend(route, is_external ? DX_AS_SEQUENCE : DX_AS_CONFED_SEQUENCE, session->my_as);
    route->weight = 0;
    return true;
}

static void forget_cached(Session *session)
{
    dx__attrs_unref(&session->speaker->attrs, session->cached_from);
    dx__attrs_unref(&session->speaker->attrs, session->cached_to);
    session->cached_from = session->cached_to = NULL;
    session->is_cached = false;
}

/* A reference of one's own; NULL: he is not told. */
static DxAttrs *export(Session *session, const Net *net)
{
    Speaker *speaker = session->speaker;
    DxDraft *draft = &speaker->export_draft;
    DxAttrs *to = NULL;

    if (!net->told || net->node.prefix.network.bits != session->local_ip.bits ||
        !may_know(session, net->told, net->told_of))
        return NULL;
    if (session->is_cached && session->cached_from == net->told && session->cached_of == net->told_of)
        return session->cached_to ? dx__attrs_ref(session->cached_to) : NULL;
    dx__draft_of_attrs(draft, net->told);
    draft->route.prefix = net->node.prefix;
    if (transform(session, draft, net->told_of))
        to = dx__attrs_intern(&speaker->attrs, draft);
    if (session->map_sees_prefix)
        return to;
    forget_cached(session);
    session->cached_from = dx__attrs_ref(net->told);
    session->cached_to = to ? dx__attrs_ref(to) : NULL;
    session->cached_of = net->told_of;
    session->is_cached = true;
    return to;
}

/* -- what is to be told ------------------------------------------------------------------------------ */

static void plan_flush(Session *session)
{
    const DxTime now_ps = session->speaker->now_ps;

    if (session->flush_ps == DX_TIME_NEVER)
        session->flush_ps = MAX(now_ps + session->speaker->tuning.advertise_ps, session->not_before_ps);
}

void dx__bgp_rib_out_tell(Session *session, Net *net)
{
    if (!session->up || session->speaker->is_restarting || *net_pending(net, session))
        return;
    *net_pending(net, session) = true;
    g_ptr_array_add(session->pending, net);
    plan_flush(session);
}

static void tell(void *user, Net *net)
{
    Session *session = user;

    if (net->told || net->out[session->index])
        dx__bgp_rib_out_tell(session, net);
}

void dx__bgp_rib_out_all(Session *session, bool is_forced)
{
    if (!session->up || session->speaker->is_restarting)
        return;
    forget_cached(session);
    session->map_sees_prefix = dx__bgp_map_sees_prefix(session->out);
    session->is_forced |= is_forced;
    dx__bgp_each_net(session->speaker, tell, session);
    if (session->owes_end_of_rib)
        plan_flush(session);
}

static void forget(void *user, Net *net)
{
    Session *session = user;

    dx__attrs_unref(&session->speaker->attrs, net->out[session->index]);
    net->out[session->index] = NULL;
    *net_pending(net, session) = false;
}

void dx__bgp_rib_out_forget(Session *session)
{
    dx__bgp_each_net(session->speaker, forget, session);
    forget_cached(session);
    g_ptr_array_set_size(session->pending, 0);
    session->flush_ps = DX_TIME_NEVER;
    session->not_before_ps = 0;
    session->n_advertised = 0;
    session->is_forced = session->owes_end_of_rib = false;
}

/* -- UPDATEs ----------------------------------------------------------------------------------------- */

static gint compare_nets(gconstpointer a, gconstpointer b)
{
    const DxPrefix *x = &(*(Net *const *)a)->node.prefix, *y = &(*(Net *const *)b)->node.prefix;
    const int sign = dx_ip_compare(&x->network, &y->network);

    return sign ? sign : x->length - y->length;
}

/* Into the group of its attributes; groups are in the order of their first prefixes. */
static void sort_in(Speaker *speaker, Net *net, DxAttrs *attrs)
{
    const Announcement announcement = { net, attrs, UINT_MAX };
    const guint at = speaker->announcements->len;
    Group *group;

    g_array_append_val(speaker->announcements, announcement);
    if (attrs->group_of != speaker->flush_number) {
        const Group fresh = { attrs, at, at };

        attrs->group_of = speaker->flush_number;
        attrs->group = speaker->groups->len;
        g_array_append_val(speaker->groups, fresh);
        return;
    }
    group = &g_array_index(speaker->groups, Group, attrs->group);
    g_array_index(speaker->announcements, Announcement, group->last).next = at;
    group->last = at;
}

/* Adj-RIB-Out as it is now; what is new goes to announcements, what is gone to prefixes. */
static void compare(Session *session, Net *net)
{
    Speaker *speaker = session->speaker;
    DxAttrs *before = net->out[session->index], *now = export(session, net);

    *net_pending(net, session) = false;
    if (!now && before)
        g_array_append_val(speaker->prefixes, net->node.prefix);
    if (now && (now != before || session->is_forced))
        sort_in(speaker, net, now);
    session->n_advertised += (unsigned)!!now - (unsigned)!!before;
    net->out[session->index] = now;
    dx__attrs_unref(&speaker->attrs, before);
}

static unsigned send_withdrawals(Session *session)
{
    const GArray *prefixes = session->speaker->prefixes;
    uint8_t message[DX_BGP_MESSAGE_MAX];
    size_t n_taken;
    unsigned n = 0;

    for (size_t at = 0; at < prefixes->len; at += n_taken, n++) {
        const size_t bytes = dx__bgp_encode_withdraw(&g_array_index(prefixes, DxPrefix, at),
                                                     prefixes->len - at, &n_taken, message);

        dx__bgp_conn_send_update(session->up, message, bytes);
    }
    return n;
}

static unsigned send_group(Session *session, const Group *group)
{
    Speaker *speaker = session->speaker;
    uint8_t message[DX_BGP_MESSAGE_MAX];
    DxBgpAttributes attributes;
    size_t n_taken;
    unsigned n = 0;

    g_array_set_size(speaker->prefixes, 0);
    for (guint at = group->first; at != UINT_MAX;
         at = g_array_index(speaker->announcements, Announcement, at).next)
        g_array_append_val(speaker->prefixes,
                           g_array_index(speaker->announcements, Announcement, at).net->node.prefix);
    dx__attrs_to_wire(group->attrs, session->source != DX_BGP_EBGP, &attributes);
    for (size_t at = 0; at < speaker->prefixes->len; at += n_taken, n++) {
        const size_t bytes =
            dx__bgp_encode_update(&attributes, &g_array_index(speaker->prefixes, DxPrefix, at),
                                  speaker->prefixes->len - at, &n_taken, message);

        if (!bytes) { /* more attributes than a message holds */
            dx__bgp_session_log(session, SPEAKER_REFUSED, "attributes of %u routes do not fit into a message",
                                (unsigned)(speaker->prefixes->len - at));
            break;
        }
        dx__bgp_conn_send_update(session->up, message, bytes);
    }
    return n;
}

static void send_end_of_rib(Session *session)
{
    uint8_t message[DX_BGP_MESSAGE_MAX];

    session->owes_end_of_rib = false;
    dx__bgp_conn_send_update(session->up, message, dx__bgp_encode_end_of_rib(session->family, message));
}

void dx__bgp_rib_out_flush(Session *session)
{
    Speaker *speaker = session->speaker;
    unsigned n = 0;

    session->flush_ps = DX_TIME_NEVER;
    speaker->flush_number++;
    g_array_set_size(speaker->announcements, 0);
    g_array_set_size(speaker->groups, 0);
    g_array_set_size(speaker->prefixes, 0);
    g_ptr_array_sort(session->pending, compare_nets);
    for (guint i = 0; i < session->pending->len; i++)
        compare(session, g_ptr_array_index(session->pending, i));
    g_ptr_array_set_size(session->pending, 0);
    session->is_forced = false;
    n += send_withdrawals(session);
    for (guint i = 0; i < speaker->groups->len; i++)
        n += send_group(session, &g_array_index(speaker->groups, Group, i));
    if (n && session->conf->mrai_ps)
        session->not_before_ps = speaker->now_ps + dx__bgp_jittered(session, session->conf->mrai_ps);
    if (session->owes_end_of_rib)
        send_end_of_rib(session);
}
