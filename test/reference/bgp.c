/*
 * bgp - routers that speak BGP: frames of sessions, forwarding, the IGP, who learns of failures, rows
 *
 * As docs/models/bgp-network.md has it. Forwarding is worked out anew for every frame; ways of flows are kept
 * only to be counted when they change.
 */
#include "bgp-priv.h"

#include <string.h>

#define IP_PROTOCOL_TTL 64
#define TRUNKS_MOST     16
#define RTT             DX_MS
#define NO_WAY          UINT64_MAX

/* What reaches an agent, until it is told. */
typedef struct {
    Peer *peer; /* who hears it */
    bool is_bfd;
    size_t n;
    uint8_t octets[2048];
} Said;

static const DxScBgp *bgp_of(const ReferenceWorld *world)
{
    return world->scenario->bgp;
}

static const DxBgpNetwork *network_of(const ReferenceWorld *world)
{
    return &world->scenario->bgp->network;
}

static Speaker *speaker_at(const ReferenceWorld *world, uint32_t node)
{
    const uint32_t router = bgp_of(world) ? bgp_of(world)->router_of_node[node] : DX_BGP_NOBODY;

    return router == DX_BGP_NOBODY ? NULL : world->bgp->speaker[router];
}

/* -- what a speaker asks for ---------------------------------------------------------------------------- */

static char *end_name(const Peer *peer)
{
    const ReferenceWorld *world = peer->speaker->world;
    const DxBgpRouter *routers = network_of(world)->routers;
    const uint32_t node[2] = { routers[peer->session->router[0]].node,
                               routers[peer->session->router[1]].node };

    return dx__scenario_direction(world->scenario, peer->session->name, node, peer->end);
}

void bgp_log(Peer *peer, const char *event, const char *text)
{
    const bool is_change = !strcmp(event, "bgp_up") || !strcmp(event, "bgp_down");
    const bool is_notice = !strcmp(event, "bgp_sent") || !strcmp(event, "bgp_received");
    char address[DX_IP_TEXT];
    g_autofree char *name = end_name(peer), *detail = NULL;

    if (peer->speaker->is_quiet)
        return;
    detail = g_strdup_printf("%sneighbor %s %s",
                             is_change                        ? "%BGP-5-ADJCHANGE: "
                             : is_notice                      ? "%BGP-3-NOTIFICATION: "
                             : !strcmp(event, "bgp_md5")      ? "%TCP-6-BADAUTH: "
                             : !strcmp(event, "bgp_prefixes") ? "%BGP-4-MAXPFX: "
                                                              : "",
                             dx_ip_text(&peer->session->address[1 - peer->end], address), text);
    world_log(peer->speaker->world, name, event, detail);
}

void bgp_transmit(Peer *peer, bool is_bfd, const uint8_t *octets, size_t n)
{
    ReferenceWorld *world = peer->speaker->world;
    const DxBgpSession *session = peer->session;
    const DxBgpFlow *flow = is_bfd ? &session->bfd[peer->end] : &session->tcp[peer->end];
    Router *router = &world->router[peer->speaker->router->node];
    Said *said;
    Frame *frame;

    if (peer->is_line_down)
        return;
    said = g_new0(Said, 1);
    *said = (Said){ .peer = peer->other, .is_bfd = is_bfd, .n = n };
    memcpy(said->octets, octets, n);
    g_ptr_array_add(world->bgp->said, said);
    frame = g_new0(Frame, 1);
    *frame = (Frame){ .birth_ps = world->now,
                      .flow = flow->flow,
                      .seq = (uint32_t)peer->sent[is_bfd]++,
                      .group = world->scenario->flows->len + peer->number,
                      .size_bytes = (uint32_t)n + (session->address[0].bits == 128 ? 40 : 20),
                      .pcp = (uint32_t)peer->conf->pcp,
                      .ttl = is_bfd ? DX_BFD_TTL
                             : session->trunk != DX_BGP_NOBODY && peer_is(peer, DX_BGP_SESSION_EBGP)
                                 ? DX_BGP_TTL
                                 : IP_PROTOCOL_TTL,
                      .said_bgp = said };
    peer->tx_frames++;
    frame_born(world, frame);
    world_frame_step(world, world->now, LAYER_ROUTER, &router->node, UINT32_MAX, router_arrival, router,
                     frame, 0);
}

/* -- the IGP ------------------------------------------------------------------------------------------- */

/* From every node to @to (Bellman and Ford); UINT32_MAX: no way. */
static void far_from(const Speaker *speaker, uint32_t to, uint32_t *far)
{
    const DxBgpNetwork *network = network_of(speaker->world);
    bool is_changed = true;

    for (unsigned i = 0; i < network->n_nodes; i++)
        far[i] = i == to ? 0 : UINT32_MAX;
    while (is_changed) {
        is_changed = false;
        for (unsigned i = 0; i < network->n_igp_links; i++)
            for (unsigned end = 0; end < 2 && !speaker->knows_down[i]; end++) {
                const DxIgpLink *link = &network->igp_links[i];
                const uint32_t here = link->node[end], there = link->node[1 - end];

                if (far[there] != UINT32_MAX && far[there] + link->metric < far[here]) {
                    far[here] = far[there] + link->metric;
                    is_changed = true;
                }
            }
    }
}

static uint32_t igp_metric(const Speaker *speaker, uint32_t to)
{
    g_autofree uint32_t *far = g_new(uint32_t, network_of(speaker->world)->n_nodes);

    far_from(speaker, to, far);
    return far[speaker->router->node];
}

/* Trunks that the shortest paths to a node begin with. */
static unsigned igp_trunks(const Speaker *speaker, uint32_t to, uint32_t *trunks)
{
    const DxBgpNetwork *network = network_of(speaker->world);
    const uint32_t here = speaker->router->node;
    g_autofree uint32_t *far = g_new(uint32_t, network->n_nodes);
    unsigned n = 0;

    far_from(speaker, to, far);
    if (here == to || far[here] == UINT32_MAX)
        return 0;
    for (unsigned i = 0; i < network->n_igp_links; i++) {
        const DxIgpLink *link = &network->igp_links[i];

        for (unsigned end = 0; end < 2; end++)
            if (link->node[end] == here && !speaker->knows_down[i] &&
                far[link->node[1 - end]] != UINT32_MAX &&
                far[link->node[1 - end]] + link->metric == far[here] && n < TRUNKS_MOST)
                trunks[n++] = link->trunk;
    }
    return n;
}

/* -- next hops ----------------------------------------------------------------------------------------- */

/* The own session on whose line a next hop is. */
static const Peer *on_line(const Speaker *speaker, const DxIp *next_hop)
{
    for (guint i = 0; i < speaker->peers->len; i++) {
        const Peer *peer = g_ptr_array_index(speaker->peers, i);

        if (peer->session->trunk != DX_BGP_NOBODY &&
            !dx_ip_compare(&peer->session->address[1 - peer->end], next_hop) &&
            !speaker->is_trunk_down[peer->session->trunk])
            return peer;
    }
    return NULL;
}

/* The node through which the IGP reaches an address. UINT32_MAX: there is none. */
static uint32_t node_towards(const Speaker *speaker, const DxIp *address, uint32_t *metric)
{
    const DxBgpNetwork *network = network_of(speaker->world);
    uint32_t found = UINT32_MAX;

    *metric = UINT32_MAX;
    for (unsigned is_line = 0; is_line < 2; is_line++)
        for (unsigned i = 0; i < 2 * network->n_sessions; i++) {
            const DxBgpSession *session = &network->sessions[i / 2];
            const uint32_t node = network->routers[session->router[i % 2]].node;
            const DxIp *its = &session->address[is_line ? 1 - i % 2 : i % 2];
            uint32_t far;

            if (dx_ip_compare(its, address) ||
                (is_line && (session->trunk == DX_BGP_NOBODY || node == speaker->router->node)))
                continue;
            far = igp_metric(speaker, node);
            if (far < *metric) {
                found = node;
                *metric = far;
            }
        }
    return found;
}

bool bgp_metric(const Speaker *speaker, const DxIp *next_hop, uint32_t *metric)
{
    *metric = 0;
    if (on_line(speaker, next_hop))
        return true;
    if (node_towards(speaker, next_hop, metric) == UINT32_MAX) {
        *metric = 0;
        return false;
    }
    return true;
}

/* -- forwarding ---------------------------------------------------------------------------------------- */

/* A way is a trunk, and one more than a VIF. */
static uint64_t way_of(uint32_t trunk, uint32_t vif)
{
    return (uint64_t)trunk << 32 | (vif == DX_BGP_NOBODY ? 0 : vif + 1);
}

static uint64_t weight_of(uint32_t hash, uint32_t number)
{
    uint64_t state = hash + (((uint64_t)number + 1) << 32);

    return dx_splitmix64(&state);
}

/* An IPv6 address: the exclusive or of its words. */
static uint32_t word_of(const DxIp *ip)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < ip->bits / 8u; i++)
        word ^= (uint32_t)ip->bytes[i] << (24 - 8 * (i % 4));
    return word;
}

static unsigned heaviest(uint32_t hash, const uint32_t *numbers, unsigned n)
{
    unsigned found = 0;

    for (unsigned i = 1; i < n; i++)
        if (weight_of(hash, numbers[i]) > weight_of(hash, numbers[found]))
            found = i;
    return found;
}

/* How a next hop is reached: ways, and the numbers that tell them apart. */
static unsigned reach(const Speaker *speaker, const DxIp *next_hop, uint32_t *numbers, uint64_t *ways)
{
    const Peer *line = on_line(speaker, next_hop);
    uint32_t metric, node;
    unsigned n;

    if (line) {
        numbers[0] = line->session->trunk;
        ways[0] = way_of(line->session->trunk, line->session->vif);
        return 1;
    }
    node = node_towards(speaker, next_hop, &metric);
    n = node == UINT32_MAX ? 0 : igp_trunks(speaker, node, numbers);
    for (unsigned i = 0; i < n; i++)
        ways[i] = way_of(numbers[i], DX_BGP_NOBODY);
    return n;
}

static DxIp address_of(const uint8_t *octets, bool is_ipv6)
{
    DxIp ip = { .bits = is_ipv6 ? 128 : 32 };

    memcpy(ip.bytes, octets + (is_ipv6 ? 0 : 12), ip.bits / 8u);
    return ip;
}

static const Net *longest(const Speaker *speaker, const DxIp *ip)
{
    const DxPrefix host = { *ip, ip->bits };
    const Net *found = NULL;

    for (guint i = 0; i < speaker->nets->len; i++) {
        const Net *net = g_ptr_array_index(speaker->nets, i);

        if (net->best && net->prefix.network.bits == ip->bits && dx_prefix_contains(&net->prefix, &host) &&
            (!found || net->prefix.length > found->prefix.length))
            found = net;
    }
    return found;
}

/* All ways to where a flow goes: sets @chosen to the one it takes. Returns how many there are. */
static unsigned ways_of(const Speaker *speaker, const DxFlow *flow, uint64_t *all, uint64_t *chosen)
{
    const DxIp to = address_of(flow->dst, flow->is_ipv6);
    const Net *net = longest(speaker, &to);
    const uint32_t hash = hash_five_tuple(flow, speaker->seed);
    uint32_t words[DX_BGP_PATHS_MAX];
    unsigned at[DX_BGP_PATHS_MAX], n_hops = 0, n = 0;

    *chosen = NO_WAY;
    for (unsigned i = 0; net && i < net->n_ways; i++) {
        uint32_t numbers[TRUNKS_MOST];
        const unsigned its = net->ways[i].peer ? reach(speaker, &net->ways[i].next_hop, numbers, all + n) : 0;

        if (!its)
            continue;
        words[n_hops] = word_of(&net->ways[i].next_hop);
        at[n_hops++] = i;
        n += its;
    }
    if (n_hops) {
        uint32_t numbers[TRUNKS_MOST];
        uint64_t ways[TRUNKS_MOST];
        const unsigned its =
            reach(speaker, &net->ways[at[heaviest(hash, words, n_hops)]].next_hop, numbers, ways);

        *chosen = ways[heaviest(hash, numbers, its)];
    }
    return n;
}

/* No other BGP router comes before it on the path of fewest links. */
static bool is_behind(const ReferenceWorld *world, const DxScFlow *flow, uint32_t node)
{
    for (uint32_t at = node; at != flow->to;) {
        const uint32_t next = flow->next[at];
        const DxScTrunk *trunk = next == DX_NONE ? NULL : DX_SC(world->scenario, trunks, DxScTrunk, next);

        if (!trunk || (at != node && bgp_of(world)->router_of_node[at] != DX_BGP_NOBODY))
            return false;
        at = trunk->end[0] == at ? trunk->end[1] : trunk->end[0];
    }
    return bgp_of(world)->router_of_node[flow->to] == DX_BGP_NOBODY;
}

/* Does BGP decide what a flow does here? */
static bool is_decided(const ReferenceWorld *world, uint32_t group, uint32_t node)
{
    const DxScFlow *flow = DX_SC(world->scenario, flows, DxScFlow, group);

    return flow->to != node && !dx__scenario_is_said(world->scenario, group, node) &&
           !is_behind(world, flow, node);
}

/* Flows to addresses within @prefix (NULL: all) are looked at again. */
static void look_at_flows(Speaker *speaker, const DxPrefix *prefix)
{
    ReferenceWorld *world = speaker->world;

    for (uint32_t group = 0; group < world->scenario->flows->len; group++) {
        const DxScFlow *entry = DX_SC(world->scenario, flows, DxScFlow, group);

        if (!is_decided(world, group, speaker->router->node))
            continue;
        for (uint32_t i = 0; i < entry->n_flows; i++) {
            const DxFlow *flow = &world->flow[group][i];
            const DxIp ip = address_of(flow->dst, flow->is_ipv6);
            const DxPrefix host = { ip, ip.bits };
            static uint64_t all[DX_BGP_PATHS_MAX * TRUNKS_MOST];
            uint64_t *way = &speaker->way[entry->first_flow + i], now;
            unsigned n;

            if (prefix && (prefix->network.bits != ip.bits || !dx_prefix_contains(prefix, &host)))
                continue;
            n = ways_of(speaker, flow, all, &now);
            if (now != *way && now != NO_WAY && *way != NO_WAY && speaker->has_started) {
                speaker->flows_moved++;
                for (unsigned k = 0; k < n; k++)
                    if (all[k] == *way) {
                        speaker->flows_moved_surviving++;
                        break;
                    }
            }
            *way = now;
        }
    }
}

/* "10.1.0.0/16 via 169.254.100.2, 169.254.101.2" */
static void log_way(const Speaker *speaker, const DxPrefix *prefix)
{
    const Net *net = rib_find(speaker, prefix);
    char text[DX_PREFIX_TEXT], hop[DX_IP_TEXT];
    GString *detail = g_string_new(dx_prefix_text(prefix, text));

    for (unsigned i = 0; i < net->n_ways && net->best->peer; i++)
        g_string_append_printf(detail, "%s%s", i ? ", " : " via ", dx_ip_text(&net->ways[i].next_hop, hop));
    if (!net->n_ways)
        g_string_append(detail, ": no way");
    else if (!net->best->peer)
        g_string_append(detail, " is its own");
    world_log(speaker->world, speaker->router->name, "bgp_route", detail->str);
    g_string_free(detail, TRUE);
}

void bgp_changed(Speaker *speaker, const DxPrefix *prefix)
{
    if (speaker->is_quiet)
        return;
    for (guint i = 0; i < speaker->changed->len; i++)
        if (!prefix_order(&g_array_index(speaker->changed, DxPrefix, i), prefix))
            return;
    g_array_append_vals(speaker->changed, prefix, 1);
}

/* What a call has come to: each prefix once, in the order in which they changed first. */
static void settle(Speaker *speaker)
{
    ReferenceWorld *world = speaker->world;
    const GArray *changed = speaker->changed;

    if (!changed->len)
        return;
    speaker->changes += changed->len;
    speaker->changed_ps = (uint64_t)world->now;
    speaker->convergence_ps = MAX(speaker->convergence_ps, (uint64_t)(world->now - world->bgp->happened_ps));
    for (guint i = 0; i < changed->len; i++)
        log_way(speaker, &g_array_index(changed, DxPrefix, i));
    for (guint i = 0; i < changed->len; i++)
        look_at_flows(speaker, &g_array_index(changed, DxPrefix, i));
    g_array_set_size(speaker->changed, 0);
}

/* -- frames ------------------------------------------------------------------------------------------- */

static void rearm(Speaker *speaker);

static void on_heard(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Said *said = who;
    Peer *peer = said->peer;

    (void)world;
    (void)none;
    (void)arg;
    speaker_call(peer->speaker);
    if (said->is_bfd) {
        const DxBgpSession *session = peer->session;
        DxBfdPacket packet;

        /* Between loopbacks routers lower the time to live (RFC 5883 4): nobody looks at it. */
        if (!dx__bfd_decode(said->octets, said->n, &session->address[1 - peer->end],
                            &session->address[peer->end], DX_BFD_TTL, &packet))
            bfd_heard(&peer->bfd, &packet);
    } else {
        tcp_heard(&peer->tcp, said->octets, said->n);
    }
    speaker_done(peer->speaker);
    rearm(peer->speaker);
}

static void agent_arrival_bgp(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Speaker *speaker = who;
    Said *said = frame->said_bgp;

    (void)arg;
    said->peer->rx_frames++;
    frame_deliver(world, &speaker->node, frame);
    world_post(world, world->now + speaker->reaction_ps, &speaker->node, on_heard, said, 0);
}

static const DxFlow *flow_of_session(const ReferenceWorld *world, uint32_t number)
{
    return &g_array_index(bgp_of(world)->flows, DxFlow, number - dx__scenario_n_flows(world->scenario));
}

/* A frame of a session, at a router on its way. */
static uint32_t session_next(ReferenceWorld *world, uint32_t node, const Frame *frame)
{
    const Said *said = frame->said_bgp;
    const DxBgpSession *session = said->peer->session;
    const Speaker *speaker = speaker_at(world, node);
    uint32_t trunks[TRUNKS_MOST];
    unsigned n;

    if (session->trunk != DX_BGP_NOBODY)
        return session->trunk;
    if (!speaker)
        return DX_NONE;
    n = igp_trunks(speaker, said->peer->speaker->router->node, trunks);
    if (!n)
        return DX_NONE;
    return trunks[heaviest(hash_five_tuple(flow_of_session(world, frame->flow), speaker->seed), trunks, n)];
}

/* True: the frame is BGP's to forward; where to is in @trunk, DX_NONE: nowhere. */
bool bgp_forwards(ReferenceWorld *world, Router *router, Frame *frame, uint32_t *trunk)
{
    Speaker *speaker = speaker_at(world, router->place);
    const DxScFlow *entry;
    uint64_t way;
    static uint64_t all[DX_BGP_PATHS_MAX * TRUNKS_MOST];

    *trunk = DX_NONE;
    if (frame->said_bgp) {
        const Said *said = frame->said_bgp;

        if (said->peer->speaker == speaker) {
            world_frame_step(world, world->now, LAYER_SINK, &speaker->node, 0, agent_arrival_bgp, speaker,
                             frame, 0);
            *trunk = BGP_TAKEN;
            return true;
        }
        *trunk = session_next(world, router->place, frame);
        frame->vif_of_way = 0;
        if (said->peer->session->trunk != DX_BGP_NOBODY && said->peer->session->vif != DX_BGP_NOBODY)
            frame->vif_of_way = said->peer->session->vif + 1;
        frame->is_steered = true;
        if (said->peer->other->speaker == speaker && *trunk != DX_NONE)
            frame->ttl++; /* which the router takes away */
        return true;
    }
    if (!speaker || !is_decided(world, frame->group, router->place))
        return false;
    entry = DX_SC(world->scenario, flows, DxScFlow, frame->group);
    ways_of(speaker, &world->flow[frame->group][frame->flow - entry->first_flow], all, &way);
    if (way != NO_WAY) {
        *trunk = (uint32_t)(way >> 32);
        frame->vif_of_way = (uint32_t)way;
        frame->is_steered = true;
    }
    return true;
}

/* -- time --------------------------------------------------------------------------------------------- */

static void on_alarm(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Speaker *speaker = who;

    (void)world;
    (void)none;
    if (arg != speaker->alarm)
        return;
    speaker->alarm_at = DX_TIME_NEVER;
    speaker_call(speaker);
    speaker_done(speaker);
    rearm(speaker);
}

static void rearm(Speaker *speaker)
{
    DxTime due;

    settle(speaker);
    due = speaker_due(speaker);
    if (due == speaker->alarm_at)
        return;
    speaker->alarm_at = due;
    speaker->alarm++;
    if (due != DX_TIME_NEVER)
        world_post(speaker->world, MAX(due, speaker->world->now), &speaker->node, on_alarm, speaker,
                   speaker->alarm);
}

/* -- what happens ------------------------------------------------------------------------------------- */

void bgp_happened(ReferenceWorld *world)
{
    if (world->bgp)
        world->bgp->happened_ps = world->now;
}

/* An own line, as far as detections go: silently or not. */
void bgp_line_fails(ReferenceWorld *world, uint32_t trunk, bool works)
{
    for (unsigned i = 0; world->bgp && trunk != DX_NONE && i < world->bgp->n_peers; i++) {
        Peer *peer = world->bgp->peer[i];

        if (peer->session->trunk != trunk)
            continue;
        if (works)
            peer->failed_ps = DX_TIME_NEVER;
        else if (peer->state == PEER_UP && peer->failed_ps == DX_TIME_NEVER)
            peer->failed_ps = world->now;
    }
}

static bool is_joined(const DxBgpNetwork *network, uint32_t a, uint32_t b)
{
    g_autofree bool *is_in = g_new0(bool, network->n_nodes);
    bool is_changed = true;

    is_in[a] = true;
    while (is_changed) {
        is_changed = false;
        for (unsigned i = 0; i < network->n_igp_links; i++) {
            const uint32_t *node = network->igp_links[i].node;

            if (is_in[node[0]] != is_in[node[1]])
                is_changed = is_in[node[0]] = is_in[node[1]] = true;
        }
    }
    return is_in[b];
}

/* All routers of the area go by what a line has become: @arg is twice the line, and whether it is down. */
static void igp_known(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Speaker *speaker = who;

    (void)none;
    speaker->knows_down[arg / 2] = arg % 2;
    speaker_call(speaker);
    rib_moved(speaker);
    speaker_done(speaker);
    rearm(speaker);
    look_at_flows(speaker, NULL);
    (void)world;
}

static void tell_igp(ReferenceWorld *world, Speaker *speaker, uint32_t trunk, bool is_up)
{
    const DxBgpNetwork *network = network_of(world);

    for (unsigned i = 0; i < network->n_igp_links; i++) {
        const DxIgpLink *link = &network->igp_links[i];
        bool *is_down = world->bgp->says_down[i], was_down = is_down[0] || is_down[1];

        if (link->trunk != trunk)
            continue;
        is_down[link->node[1] == speaker->router->node] = !is_up;
        if ((is_down[0] || is_down[1]) == was_down)
            continue;
        for (unsigned k = 0; k < network->n_routers; k++)
            if (is_joined(network, link->node[0], network->routers[k].node))
                world_post(world, world->now + network->igp_convergence_ps, &world->bgp->speaker[k]->node,
                           igp_known, world->bgp->speaker[k], 2 * i + !was_down);
    }
}

static void peer_line(Peer *peer, bool is_up)
{
    if (!peer->conf->fast_fallover || peer->is_line_down == !is_up)
        return;
    peer->is_line_down = !is_up;
    if (is_up) {
        peer_begin(peer);
    } else {
        peer_end(peer, NULL, "Interface down");
        peer->idle_at = DX_TIME_NEVER;
        bfd_path_down(&peer->bfd);
    }
}

/* An agent is told that a line of its router is dark, or light again. */
static void tell_line(ReferenceWorld *world, uint32_t node, uint32_t trunk, bool is_up)
{
    Speaker *speaker = speaker_at(world, node);
    bool has_session = false;

    if (!speaker)
        return;
    speaker->is_trunk_down[trunk] = !is_up;
    tell_igp(world, speaker, trunk, is_up);
    for (guint i = 0; i < speaker->peers->len; i++) {
        Peer *peer = g_ptr_array_index(speaker->peers, i);

        if (peer->session->trunk != trunk)
            continue;
        has_session = true;
        speaker_call(speaker);
        peer_line(peer, is_up);
        speaker_done(speaker);
    }
    if (has_session) {
        speaker_call(speaker);
        rib_moved(speaker);
        speaker_done(speaker);
    }
    rearm(speaker);
    if (has_session)
        look_at_flows(speaker, NULL);
}

void bgp_line(ReferenceWorld *world, const DxScLink *link, bool is_up)
{
    for (unsigned end = 0; world->bgp && link->lag == DX_NONE && end < 2; end++)
        tell_line(world, link->end[end], link->trunk, is_up);
}

void bgp_bundle(ReferenceWorld *world, uint32_t lag, unsigned direction, bool works)
{
    const DxScLag *its = DX_SC(world->scenario, lags, DxScLag, lag);

    if (!world->bgp)
        return;
    bgp_line_fails(world, its->trunk, works);
    tell_line(world, its->end[direction], its->trunk, works);
}

/* -- events ------------------------------------------------------------------------------------------- */

static void act(Peer *peer, const DxControl *control)
{
    static const DxBgpFault shutdown = { .code = DX_BGP_CEASE, .subcode = DX_BGP_ADMINISTRATIVE_SHUTDOWN };
    static const DxBgpFault reset = { .code = DX_BGP_CEASE, .subcode = DX_BGP_ADMINISTRATIVE_RESET };
    uint8_t message[DX_BGP_MESSAGE_MAX];

    switch (control->op) {
    case DX_CONTROL_SHUTDOWN:
        peer->is_shut = true;
        peer_end(peer, &shutdown, "Admin. shutdown");
        peer->idle_at = peer->limit_at = DX_TIME_NEVER;
        bfd_admin_down(&peer->bfd);
        break;
    case DX_CONTROL_ENABLE:
        peer->is_shut = peer->is_limited = false;
        if (peer->bfd.state == DX_BFD_ADMIN_DOWN)
            peer->bfd.is_on = false;
        peer_begin(peer);
        break;
    case DX_CONTROL_CLEAR:
        if (control->value && peer->state == PEER_UP) {
            if (peer->conf->soft_reconfiguration)
                rib_soft_in(peer);
            else if (peer->open.has_refresh)
                peer_send(peer, message,
                          dx__bgp_encode_refresh(
                              peer->session->address[0].bits == 128 ? DX_BGP_IPV6 : DX_BGP_IPV4, message),
                          DX_BGP_ROUTE_REFRESH);
        } else if (!control->value && peer->is_limited) {
            peer->is_limited = false;
            peer_begin(peer);
        } else if (!control->value) {
            peer_end(peer, &reset, "User reset");
        }
        break;
    default:
        break;
    }
}

static void say(ReferenceWorld *world, const DxScBgpEvent *event, Peer *peer)
{
    static const char *const words[] = { [DX_CONTROL_SHUTDOWN] = "shutdown",
                                         [DX_CONTROL_ENABLE] = "enable",
                                         [DX_CONTROL_CLEAR] = "clear",
                                         [DX_CONTROL_ANNOUNCE] = "announce",
                                         [DX_CONTROL_WITHDRAW] = "withdraw" };
    const DxControl *control = &event->control;
    char text[DX_PREFIX_TEXT];

    if (peer) {
        g_autofree char *name = end_name(peer);

        world_log(world, name, words[control->op],
                  control->op == DX_CONTROL_CLEAR ? control->value ? "soft" : "hard" : "");
    } else {
        world_log(world, network_of(world)->routers[event->router].name, words[control->op],
                  dx_prefix_text(&network_of(world)->event_prefixes[control->index], text));
    }
}

static void on_event(ReferenceWorld *world, void *none, Frame *no_frame, uint64_t index)
{
    const DxScBgpEvent *event = &g_array_index(bgp_of(world)->events, DxScBgpEvent, index);
    const DxControl *control = &event->control;
    Speaker *speaker = world->bgp->speaker[event->router];
    const bool is_prefix = control->op == DX_CONTROL_ANNOUNCE || control->op == DX_CONTROL_WITHDRAW;
    Peer *peer = NULL;

    (void)none;
    (void)no_frame;
    for (unsigned i = 0; i < speaker->peers->len && !is_prefix; i++)
        if (((Peer *)g_ptr_array_index(speaker->peers, i))->number == control->index)
            peer = g_ptr_array_index(speaker->peers, i);
    bgp_happened(world);
    say(world, event, peer);
    speaker_call(speaker);
    if (is_prefix)
        rib_own(speaker, &network_of(world)->event_prefixes[control->index],
                control->op == DX_CONTROL_ANNOUNCE);
    else
        act(peer, control);
    speaker_done(speaker);
    rearm(speaker);
}

/* -- set-up ------------------------------------------------------------------------------------------- */

static Peer *peer_new(ReferenceWorld *world, uint32_t number, unsigned end)
{
    const DxBgpSession *session = &network_of(world)->sessions[number];
    Peer *peer = g_new0(Peer, 1);
    Speaker *speaker = world->bgp->speaker[session->router[end]];
    g_autofree char *name = g_strdup_printf("session %s", session->name);
    g_autofree char *bfd = g_strdup_printf("bfd %s", session->name);

    peer->speaker = speaker;
    peer->session = session;
    peer->conf = &session->end[end];
    peer->he = &network_of(world)->routers[session->router[1 - end]];
    peer->number = number;
    peer->end = end;
    peer->place = speaker->peers->len;
    peer->connects = session->end[0].passive == (end == 1);
    peer->has_bfd = session->bfd[end].flow != DX_BGP_NOBODY;
    peer_timers_stop(peer);
    peer->restart_at = peer->stale_at = peer->flush_at = peer->failed_ps = DX_TIME_NEVER;
    peer->stream = g_byte_array_new();
    peer->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    peer->told = g_array_new(FALSE, FALSE, sizeof(Told));
    peer->tcp.peer = peer->bfd.peer = peer;
    peer->tcp.out = g_byte_array_new();
    peer->tcp.timer_at = peer->tcp.ack_at = peer->tcp.linger_at = DX_TIME_NEVER;
    node_rng(world, &speaker->node, name, &peer->rng);
    node_rng(world, &speaker->node, bfd, &peer->bfd.rng);
    g_ptr_array_add(speaker->peers, peer);
    return peer;
}

static Speaker *speaker_new(ReferenceWorld *world, uint32_t number)
{
    const DxBgpRouter *router = &network_of(world)->routers[number];
    Speaker *speaker = g_new0(Speaker, 1);
    const uint32_t n_flows = dx__scenario_n_flows(world->scenario);
    DxRng rng;

    speaker->world = world;
    speaker->router = router;
    speaker->number = number;
    node_init(world, &speaker->node, node_name(router->name, "bgp"));
    dx__bgp_router_knobs(router, &speaker->knobs);
    speaker->reaction_ps = router->conf->reaction_ps;
    speaker->peers = g_ptr_array_new();
    speaker->nets = g_ptr_array_new();
    speaker->touched = g_ptr_array_new();
    speaker->changed = g_array_new(FALSE, FALSE, sizeof(DxPrefix));
    speaker->next_hops = g_array_new(FALSE, FALSE, sizeof(Hop2));
    speaker->alarm_at = DX_TIME_NEVER;
    speaker->knows_down = g_new0(bool, network_of(world)->n_igp_links + 1);
    speaker->is_trunk_down = g_new0(bool, world->scenario->trunks->len + 1);
    speaker->way = g_new(uint64_t, n_flows + 1);
    for (uint32_t i = 0; i < n_flows; i++)
        speaker->way[i] = NO_WAY;
    node_rng(world, &speaker->node, "ecmp", &rng);
    speaker->seed = (uint32_t)(dx_rng_u64(&rng) >> 32);
    if (!speaker->seed)
        speaker->seed = 1;
    return speaker;
}

/* The last nodes that are made. */
void bgp_make(ReferenceWorld *world)
{
    Bgp *bgp;

    if (!bgp_of(world))
        return;
    world->bgp = bgp = g_new0(Bgp, 1);
    bgp->said = g_ptr_array_new_with_free_func(g_free);
    bgp->n_speakers = network_of(world)->n_routers;
    bgp->n_peers = 2 * network_of(world)->n_sessions;
    bgp->speaker = g_new0(Speaker *, bgp->n_speakers + 1);
    bgp->peer = g_new0(Peer *, bgp->n_peers + 1);
    bgp->says_down = g_malloc0((network_of(world)->n_igp_links + 1) * sizeof *bgp->says_down);
    for (unsigned i = 0; i < bgp->n_speakers; i++)
        bgp->speaker[i] = speaker_new(world, i);
    for (unsigned i = 0; i < bgp->n_peers; i++)
        bgp->peer[i] = peer_new(world, i / 2, i % 2);
    for (unsigned i = 0; i < bgp->n_peers; i++)
        bgp->peer[i]->other = bgp->peer[i ^ 1];
}

/* Whatever is not up is to begin at 0. */
static void begin(Speaker *speaker)
{
    look_at_flows(speaker, NULL);
    speaker->has_started = true;
    speaker_call(speaker);
    for (guint i = 0; i < speaker->peers->len; i++) {
        Peer *peer = g_ptr_array_index(speaker->peers, i);

        if (peer->state == PEER_IDLE && peer->idle_at == DX_TIME_NEVER && !peer->is_limited)
            peer->idle_at = 0;
    }
    speaker_done(speaker);
    rearm(speaker);
}

void bgp_start(ReferenceWorld *world)
{
    Bgp *bgp = world->bgp;

    if (!bgp)
        return;
    speakers_converge(world, bgp->speaker, bgp->n_speakers, bgp->peer, bgp->n_peers);
    for (guint i = 0; i < bgp_of(world)->events->len; i++)
        world_later(world, g_array_index(bgp_of(world)->events, DxScBgpEvent, i).at_ps, on_event, NULL, i);
    for (unsigned i = 0; i < bgp->n_speakers; i++)
        begin(bgp->speaker[i]);
}

/* -- rows --------------------------------------------------------------------------------------------- */

void bgp_observe(ReferenceWorld *world)
{
    Bgp *bgp = world->bgp;

    for (unsigned i = 0; bgp && i < bgp->n_peers; i++) {
        Peer *peer = bgp->peer[i];

        peer->received = peer->accepted = 0;
        for (guint k = 0; k < peer->speaker->nets->len; k++) {
            const Net *net = g_ptr_array_index(peer->speaker->nets, k);

            for (guint j = 0; j < net->paths->len; j++) {
                const Path *path = g_ptr_array_index(net->paths, j);

                peer->received += path->peer == peer && path->is_there;
                peer->accepted += path->peer == peer && path->is_there && !path->is_denied;
            }
        }
        peer->advertised = peer->told->len;
        peer->retransmissions = peer->tcp.retransmissions;
        peer->down_row_ps = peer->down_ps;
        if (peer->went_down_ps != DX_TIME_NEVER)
            peer->down_row_ps += (uint64_t)(world->now - peer->went_down_ps);
    }
    for (unsigned i = 0; bgp && i < bgp->n_speakers; i++) {
        Speaker *speaker = bgp->speaker[i];

        speaker->routes = 0;
        for (guint k = 0; k < speaker->nets->len; k++)
            speaker->routes += ((const Net *)g_ptr_array_index(speaker->nets, k))->best != NULL;
    }
}

typedef struct {
    const char *metric;
    size_t offset;
    DxCounterKind kind;
} Row;

static const Row session_rows[] = {
    { "state", offsetof(Peer, row_state), DX_COUNTER_GAUGE },
    { "flaps", offsetof(Peer, flaps), DX_COUNTER_SUM },
    { "down_ps", offsetof(Peer, down_row_ps), DX_COUNTER_SUM },
    { "establishings", offsetof(Peer, establishings), DX_COUNTER_SUM },
    { "established_at_ps", offsetof(Peer, established_ps), DX_COUNTER_GAUGE },
    { "down_at_ps", offsetof(Peer, down_at_ps), DX_COUNTER_GAUGE },
    { "detections", offsetof(Peer, detections), DX_COUNTER_SUM },
    { "detection_ps", offsetof(Peer, detection_ps), DX_COUNTER_MAX },
    { "tx_messages", offsetof(Peer, tx_messages), DX_COUNTER_SUM },
    { "rx_messages", offsetof(Peer, rx_messages), DX_COUNTER_SUM },
    { "tx_updates", offsetof(Peer, tx_updates), DX_COUNTER_SUM },
    { "rx_updates", offsetof(Peer, rx_updates), DX_COUNTER_SUM },
    { "tx_frames", offsetof(Peer, tx_frames), DX_COUNTER_SUM },
    { "rx_frames", offsetof(Peer, rx_frames), DX_COUNTER_SUM },
    { "retransmissions", offsetof(Peer, retransmissions), DX_COUNTER_SUM },
    { "received_prefixes", offsetof(Peer, received), DX_COUNTER_GAUGE },
    { "accepted_prefixes", offsetof(Peer, accepted), DX_COUNTER_GAUGE },
    { "advertised_prefixes", offsetof(Peer, advertised), DX_COUNTER_GAUGE },
    { "error_code", offsetof(Peer, error_code), DX_COUNTER_GAUGE },
    { "error_subcode", offsetof(Peer, error_subcode), DX_COUNTER_GAUGE },
    { "bfd_state", offsetof(Peer, bfd_state), DX_COUNTER_GAUGE },
};

static const Row node_rows[] = {
    { "routes", offsetof(Speaker, routes), DX_COUNTER_GAUGE },
    { "route_changes", offsetof(Speaker, changes), DX_COUNTER_SUM },
    { "route_changed_at_ps", offsetof(Speaker, changed_ps), DX_COUNTER_GAUGE },
    { "convergence_ps", offsetof(Speaker, convergence_ps), DX_COUNTER_MAX },
    { "flows_moved", offsetof(Speaker, flows_moved), DX_COUNTER_SUM },
    { "flows_moved_surviving", offsetof(Speaker, flows_moved_surviving), DX_COUNTER_SUM },
};

static void watch_row(ReferenceWorld *world, const char *kind, const char *object, const Row *row,
                      void *whose)
{
    dx_results_watch(world->reference->results, kind, object, row->metric, row->kind,
                     (uint64_t *)(void *)((char *)whose + row->offset));
}

void bgp_watch(ReferenceWorld *world)
{
    const Bgp *bgp = world->bgp;

    for (unsigned i = 0; bgp && i < bgp->n_speakers; i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(node_rows); k++)
            watch_row(world, "node", bgp->speaker[i]->router->name, &node_rows[k], bgp->speaker[i]);
    for (unsigned i = 0; bgp && i < bgp->n_peers; i++) {
        g_autofree char *name = end_name(bgp->peer[i]);

        for (unsigned k = 0; k < G_N_ELEMENTS(session_rows); k++)
            if (bgp->peer[i]->has_bfd || strcmp(session_rows[k].metric, "bfd_state"))
                watch_row(world, "session", name, &session_rows[k], bgp->peer[i]);
    }
}

/* -- the end ------------------------------------------------------------------------------------------ */

static void peer_free(Peer *peer)
{
    for (guint i = 0; i < peer->told->len; i++)
        g_free(g_array_index(peer->told, Told, i).attrs);
    g_array_unref(peer->told);
    g_array_unref(peer->marks);
    g_byte_array_unref(peer->stream);
    g_byte_array_unref(peer->tcp.out);
    g_free(peer);
}

void bgp_free(ReferenceWorld *world)
{
    Bgp *bgp = world->bgp;

    if (!bgp)
        return;
    for (unsigned i = 0; i < bgp->n_peers; i++)
        peer_free(bgp->peer[i]);
    for (unsigned i = 0; i < bgp->n_speakers; i++) {
        Speaker *speaker = bgp->speaker[i];

        rib_clear(speaker);
        g_ptr_array_unref(speaker->peers);
        g_array_unref(speaker->changed);
        g_ptr_array_unref(speaker->touched);
        g_array_unref(speaker->next_hops);
        g_free(speaker->knows_down);
        g_free(speaker->is_trunk_down);
        g_free(speaker->way);
        g_free(speaker->node.name);
        g_free(speaker);
    }
    g_ptr_array_unref(bgp->said);
    g_free(bgp->speaker);
    g_free(bgp->peer);
    g_free(bgp->says_down);
    g_free(bgp);
}
