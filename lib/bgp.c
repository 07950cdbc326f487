/*
 * bgp - the BGP network of a scenario, once it is read
 */
#include "bgp-priv.h"
#include "hash-priv.h"

#include <string.h>

/* Every session has a source port of its own, of those that systems choose from (RFC 6335). */
#define PORTS_FROM 49152u
#define PORTS      (65536u - PORTS_FROM)

#define TCP 6
#define UDP 17

DxScBgp *dx__bgp_new(void)
{
    DxScBgp *bgp = g_new0(DxScBgp, 1);

    bgp->routers = g_array_new(FALSE, TRUE, sizeof(DxBgpRouter));
    bgp->sessions = g_array_new(FALSE, TRUE, sizeof(DxBgpSession));
    bgp->igp_links = g_array_new(FALSE, TRUE, sizeof(DxIgpLink));
    bgp->prefixes = g_array_new(FALSE, TRUE, sizeof(DxPrefix));
    bgp->events = g_array_new(FALSE, TRUE, sizeof(DxScBgpEvent));
    bgp->flows = g_array_new(FALSE, TRUE, sizeof(DxFlow));
    bgp->owned = g_ptr_array_new_with_free_func(g_free);
    bgp->prefix_names = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    bgp->map_names = g_hash_table_new(dx__hash_name, g_str_equal);
    bgp->maps = g_ptr_array_new();
    dx__policies_init(&bgp->policies);
    return bgp;
}

void dx__bgp_free(DxScBgp *bgp)
{
    if (!bgp)
        return;
    g_array_unref(bgp->routers);
    g_array_unref(bgp->sessions);
    g_array_unref(bgp->igp_links);
    g_array_unref(bgp->prefixes);
    g_array_unref(bgp->events);
    g_array_unref(bgp->flows);
    g_hash_table_unref(bgp->prefix_names);
    g_hash_table_unref(bgp->map_names);
    g_ptr_array_unref(bgp->maps);
    dx__policies_clear(&bgp->policies);
    g_ptr_array_unref(bgp->owned);
    g_free(bgp->router_of_node);
    g_free((gpointer)bgp->session_jsons);
    g_free(bgp);
}

/* -- flows of sessions ------------------------------------------------------------------------------- */

uint32_t dx__scenario_n_flows(const DxScenario *scenario)
{
    const DxScFlow *last;

    if (!scenario->flows->len)
        return 0;
    last = DX_SC(scenario, flows, DxScFlow, scenario->flows->len - 1);
    return last->first_flow + last->n_flows;
}

/* As flows have them: IPv4 in the last four octets. */
static void put_address(uint8_t to[16], const DxIp *ip)
{
    memset(to, 0, 16);
    if (ip->bits == 32)
        memcpy(to + 12, ip->bytes, 4);
    else
        memcpy(to, ip->bytes, 16);
}

static void add_flow(DxScenario *scenario, const DxBgpSession *session, unsigned from, uint8_t protocol,
                     DxBgpFlow *to)
{
    DxScBgp *bgp = scenario->bgp;
    DxFlow flow = { .group = scenario->flows->len + (uint32_t)(session - DX_BGP_SESSION(bgp, 0)),
                    .is_ipv6 = session->address[from].bits == 128,
                    .src_port = to->src_port,
                    .dst_port = to->dst_port,
                    .protocol = protocol };

    put_address(flow.src, &session->address[from]);
    put_address(flow.dst, &session->address[!from]);
    to->flow = dx__scenario_n_flows(scenario) + bgp->flows->len;
    g_array_append_val(bgp->flows, flow);
}

/* Two of TCP; two of BFD where both ends have it. */
static void add_flows(DxScenario *scenario, DxBgpSession *session, uint32_t index)
{
    const uint16_t port = (uint16_t)(PORTS_FROM + index % PORTS);
    const unsigned active = session->end[0].passive;

    session->tcp[active] = (DxBgpFlow){ .src_port = port, .dst_port = DX_BGP_PORT };
    session->tcp[!active] = (DxBgpFlow){ .src_port = DX_BGP_PORT, .dst_port = port };
    for (unsigned end = 0; end < 2; end++) {
        session->bfd[end] = (DxBgpFlow){ .flow = DX_BGP_NOBODY, .src_port = port, .dst_port = DX_BFD_PORT };
        add_flow(scenario, session, end, TCP, &session->tcp[end]);
    }
    for (unsigned end = 0; end < 2 && session->end[0].has_bfd && session->end[1].has_bfd; end++)
        add_flow(scenario, session, end, UDP, &session->bfd[end]);
}

/* -- the network ------------------------------------------------------------------------------------- */

#define DATA(array) ((const void *)(array)->data)

void dx__bgp_finish(DxScenario *scenario)
{
    DxScBgp *bgp = scenario->bgp;

    if (!bgp)
        return;
    for (guint i = 0; i < bgp->sessions->len; i++)
        add_flows(scenario, DX_BGP_SESSION(bgp, i), i);
    bgp->network.routers = DATA(bgp->routers);
    bgp->network.n_routers = bgp->routers->len;
    bgp->network.sessions = DATA(bgp->sessions);
    bgp->network.n_sessions = bgp->sessions->len;
    bgp->network.n_nodes = scenario->nodes->len;
    bgp->network.router_of_node = bgp->router_of_node;
    bgp->network.igp_links = DATA(bgp->igp_links);
    bgp->network.n_igp_links = bgp->igp_links->len;
    bgp->network.event_prefixes = DATA(bgp->prefixes);
    bgp->network.n_event_prefixes = bgp->prefixes->len;
}

bool dx__scenario_is_said(const DxScenario *scenario, uint32_t flow, uint32_t node)
{
    const uint32_t *route = DX_SC(scenario, nodes, DxScNode, node)->route;
    const GArray *said = DX_SC(scenario, flows, DxScFlow, flow)->said;

    if (route && route[flow] != DX_NONE)
        return true;
    for (guint i = 0; said && i < said->len; i++)
        if (g_array_index(said, uint32_t, i) == node)
            return true;
    return false;
}

/* Along the path of fewest links no BGP router comes before its destination, which is none itself. */
static bool is_behind(const DxScenario *scenario, const DxScFlow *flow, uint32_t node)
{
    const uint32_t *router_of_node = scenario->bgp->router_of_node;

    for (uint32_t at = node; at != flow->to;) {
        const uint32_t next = flow->next[at];
        const DxScTrunk *trunk = next == DX_NONE ? NULL : DX_SC(scenario, trunks, DxScTrunk, next);

        if (!trunk || (at != node && router_of_node[at] != DX_BGP_NOBODY))
            return false;
        at = trunk->end[trunk->end[0] == at];
    }
    return router_of_node[flow->to] == DX_BGP_NOBODY;
}

bool dx__scenario_bgp_decides(const DxScenario *scenario, uint32_t flow, uint32_t node)
{
    const DxScFlow *f = DX_SC(scenario, flows, DxScFlow, flow);

    return scenario->bgp && scenario->bgp->router_of_node[node] != DX_BGP_NOBODY && node != f->to &&
           !dx__scenario_is_said(scenario, flow, node) && !is_behind(scenario, f, node);
}
