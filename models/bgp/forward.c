/*
 * bgp/forward - where a router sends what is not its own
 *
 *   static route > a node behind this one > longest prefix of Loc-RIB > nothing
 *
 * The first two are fixed from the beginning, and none of this file's business. Destinations are in order of
 * their addresses, so those of a prefix stand together: a change of one prefix costs what its flows cost. Of
 * several next hops a flow takes the one that its hash says (ecmp.h), and in the same way one of the trunks
 * with which the shortest paths to it begin.
 */
#include <dxsim/sim.h>
#include "bgp/node.h"

#include <string.h>

#define SLOT_ROUTER 0

#define TRUNKS_MAX 16 /* with which shortest paths to a next hop begin: that many share */

/* A next hop, and how it is reached: a way is a port << 16 | the number of its VIF there. */
typedef struct {
    uint32_t trunk[TRUNKS_MAX], way[TRUNKS_MAX];
    unsigned n;
} Hop;

typedef struct {
    DxIp next_hop[DX_BGP_PATHS_MAX];
    Hop hop[DX_BGP_PATHS_MAX];
    unsigned n;
} Ways;

/* -- set-up ------------------------------------------------------------------------------------------- */

void dx__forward_init(Forward *forward, DxNode *node, const DxBgpPlace *place, const BgpView *view,
                      const Speaker *speaker)
{
    const uint32_t n_flows = dx_sim_n_flows(dx_node_sim(node));
    DxRng rng;

    *forward = (Forward){ .node = node,
                          .place = place,
                          .view = view,
                          .speaker = speaker,
                          .way = g_new(uint32_t, n_flows + 1),
                          .is_fixed = g_new0(bool, n_flows + 1) };
    memset(forward->way, 0xff, (n_flows + 1) * sizeof *forward->way); /* FORWARD_NO_WAY */
    for (uint32_t i = 0; i < place->n_fixed; i++)
        memset(forward->is_fixed + place->fixed[i].first, true, place->fixed[i].n);
    dx_node_rng(node, "ecmp", &rng);
    dx__ecmp_init(&forward->ecmp, (uint32_t)(dx_rng_u64(&rng) >> 32));
}

void dx__forward_clear(Forward *forward)
{
    g_free(forward->way);
    g_free(forward->is_fixed);
}

/* -- ways --------------------------------------------------------------------------------------------- */

static void add_way(const DxBgpPlace *place, uint32_t trunk, uint16_t vif, Hop *hop)
{
    for (uint32_t i = 0; i < place->n_ports; i++)
        if (place->ports[i].trunk == trunk && place->ports[i].output != DX_NO_OUTPUT) {
            hop->trunk[hop->n] = trunk;
            hop->way[hop->n++] = i << 16 | vif;
        }
}

static void add_igp_ways(const Forward *forward, uint32_t node, Hop *hop)
{
    uint32_t trunks[TRUNKS_MAX];
    const unsigned n = dx__igp_first(forward->view->igp, node, trunks, TRUNKS_MAX);

    for (unsigned i = 0; i < MIN(n, TRUNKS_MAX); i++)
        add_way(forward->place, trunks[i], 0, hop);
}

/* False: there is none. */
static bool find_hop(const Forward *forward, const DxIp *next_hop, Hop *hop)
{
    BgpWay way;

    hop->n = 0;
    if (!dx__bgp_view_resolve(forward->view, next_hop, &way))
        return false;
    if (way.session == DX_BGP_NOBODY)
        add_igp_ways(forward, way.node, hop);
    else
        add_way(forward->place, forward->view->network->sessions[way.session].trunk,
                forward->place->vifs[way.session], hop);
    return hop->n > 0;
}

static void find_ways(const Forward *forward, const DxIp *address, Ways *ways)
{
    SpeakerHop hops[DX_BGP_PATHS_MAX];
    unsigned n = DX_BGP_PATHS_MAX;

    ways->n = 0;
    if (!dx__bgp_speaker_lookup(forward->speaker, address, hops, &n))
        return;
    for (unsigned i = 0; i < n; i++)
        if (hops[i].session != DX_BGP_NONE && find_hop(forward, &hops[i].next_hop, &ways->hop[ways->n]))
            ways->next_hop[ways->n++] = hops[i].next_hop;
}

static bool is_among(const Ways *ways, uint32_t way)
{
    for (unsigned i = 0; i < ways->n; i++)
        for (unsigned k = 0; k < ways->hop[i].n; k++)
            if (ways->hop[i].way[k] == way)
                return true;
    return false;
}

static uint32_t choose_trunk(uint32_t hash, const Hop *hop)
{
    return hop->way[dx__ecmp_choose_number(hash, hop->trunk, hop->n)];
}

static uint32_t choose(const Forward *forward, uint32_t flow, const Ways *ways)
{
    uint32_t hash;

    if (!ways->n)
        return FORWARD_NO_WAY;
    if (ways->n == 1 && ways->hop[0].n == 1)
        return ways->hop[0].way[0];
    hash = dx__ecmp_hash(&forward->ecmp, dx_sim_flow(dx_node_sim(forward->node), flow));
    return choose_trunk(hash, &ways->hop[dx__ecmp_choose(hash, ways->next_hop, ways->n)]);
}

/* -- routes ------------------------------------------------------------------------------------------- */

static void set_route(const Forward *forward, DxControlOp op, uint32_t flow, uint16_t output)
{
    dx_node_control_at(forward->node, SLOT_ROUTER, &(DxControl){ .op = op, .index = flow, .value = output });
}

static void count_move(const Forward *forward, const Ways *ways, uint32_t before, uint32_t after)
{
    DxBgpRouterCounts *counts = forward->place->router;

    if (!forward->is_counting || before == FORWARD_NO_WAY || after == FORWARD_NO_WAY)
        return;
    counts->flows_moved++;
    counts->flows_moved_surviving += is_among(ways, before);
}

static void route(Forward *forward, uint32_t flow, const Ways *ways)
{
    const uint32_t before = forward->way[flow], after = choose(forward, flow, ways);
    const DxBgpPort *port;

    if (before == after)
        return;
    count_move(forward, ways, before, after);
    forward->way[flow] = after;
    if (after == FORWARD_NO_WAY) {
        set_route(forward, DX_CONTROL_ROUTE, flow, DX_NO_OUTPUT);
        return;
    }
    port = &forward->place->ports[after >> 16];
    if (port->enter)
        dx_node_control_at(forward->node, port->enter,
                           &(DxControl){ .op = DX_CONTROL_VIF, .index = flow, .value = after & UINT16_MAX });
    set_route(forward, DX_CONTROL_ROUTE, flow, port->output);
}

static void forward_destination(Forward *forward, const DxBgpDestination *destination)
{
    const uint32_t *flow = forward->place->traffic->flows + destination->first;
    Ways ways;

    find_ways(forward, &destination->address, &ways);
    for (uint32_t i = 0; i < destination->n; i++)
        if (!forward->is_fixed[flow[i]])
            route(forward, flow[i], &ways);
}

/* The first destination that does not come before @ip. */
static uint32_t first_from(const DxBgpTraffic *traffic, const DxIp *ip)
{
    uint32_t low = 0, high = traffic->n_destinations;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (dx_ip_compare(&traffic->destinations[middle].address, ip) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void dx__forward_prefix(Forward *forward, const DxPrefix *prefix)
{
    const DxBgpTraffic *traffic = forward->place->traffic;

    for (uint32_t i = first_from(traffic, &prefix->network); i < traffic->n_destinations; i++) {
        const DxIp *address = &traffic->destinations[i].address;

        if (!dx_prefix_contains(prefix, &(DxPrefix){ *address, address->bits }))
            return;
        forward_destination(forward, &traffic->destinations[i]);
    }
}

void dx__forward_all(Forward *forward)
{
    for (uint32_t i = 0; i < forward->place->traffic->n_destinations; i++)
        forward_destination(forward, &forward->place->traffic->destinations[i]);
}

/* -- sessions by the IGP ------------------------------------------------------------------------------ */

/* What the end @end of a session sends. Where it begins no time to live is used up. */
static void forward_session(const Forward *forward, const DxBgpSession *session, unsigned end, uint32_t flow)
{
    const DxBgpPlace *place = forward->place;
    const uint32_t own = forward->view->router;
    uint16_t output = DX_NO_OUTPUT;
    Hop hop;

    if (flow == DX_NO_FLOW)
        return;
    if (session->router[!end] == own) {
        set_route(forward, DX_CONTROL_ROUTE_LOCAL, flow, place->here);
        return;
    }
    if (find_hop(forward, &session->address[!end], &hop))
        output = place
                     ->ports[choose_trunk(
                                 dx__ecmp_hash(&forward->ecmp, dx_sim_flow(dx_node_sim(forward->node), flow)),
                                 &hop) >>
                             16]
                     .output;
    set_route(forward, session->router[end] == own ? DX_CONTROL_ROUTE_LOCAL : DX_CONTROL_ROUTE, flow, output);
}

void dx__forward_sessions(Forward *forward)
{
    const DxBgpNetwork *network = forward->view->network;

    for (uint32_t i = 0; i < network->n_sessions; i++)
        for (unsigned end = 0; end < 2 && network->sessions[i].trunk == DX_BGP_NOBODY; end++) {
            forward_session(forward, &network->sessions[i], end, network->sessions[i].tcp[end].flow);
            forward_session(forward, &network->sessions[i], end, network->sessions[i].bfd[end].flow);
        }
}
