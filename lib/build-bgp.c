/*
 * build-bgp - routers of a BGP network: their agents, what hangs on them, and what happens to them
 *
 * An agent stands beside each router of an AS, receives the frames of its sessions there, and steers it. What
 * the file says of a flow's way (a static route, `via`) stands, and so do ways to nodes behind a router that
 * speak no BGP; all others are the agents'.
 */
#include "bgp-priv.h"
#include "build-priv.h"

#include <dxsim/bgp-place.h>
#include <string.h>

typedef struct DxBuildBgp {
    DxBuild *build;
    const DxScBgp *bgp;
    DxNode **agent;                  /* by router */
    uint32_t *here;                  /* by router: its node's output to the agent */
    DxBgpPlace *place;               /* by router */
    DxBgpSessionCounts (*counts)[2]; /* by session and end */
    DxBgpRouterCounts *routers;      /* by router */
    char *(*name)[2];                /* by session and end */
    uint16_t *vifs;                  /* by session */
    DxBgpTraffic traffic;
    GPtrArray *owned;
    void *shared;
    DxTime happened_ps;
} DxBuildBgp;

#define ROUTER(own, i)  DX_BGP_ROUTER((own)->bgp, i)
#define SESSION(own, i) DX_BGP_SESSION((own)->bgp, i)

/* -- nodes -------------------------------------------------------------------------------------------- */

static void name_sessions(DxBuildBgp *own)
{
    const guint n = own->bgp->sessions->len;

    own->name = g_malloc0((n + 1) * sizeof *own->name);
    for (guint i = 0; i < n; i++) {
        const DxBgpSession *session = SESSION(own, i);
        const uint32_t node[2] = { ROUTER(own, session->router[0])->node,
                                   ROUTER(own, session->router[1])->node };

        for (unsigned end = 0; end < 2; end++)
            own->name[i][end] = dx__scenario_direction(own->build->scenario, session->name, node, end);
    }
}

void dx__build_bgp_nodes(DxBuild *build)
{
    const DxScBgp *bgp = build->scenario->bgp;
    const guint n_routers = bgp ? bgp->routers->len : 0, n_sessions = bgp ? bgp->sessions->len : 0;
    DxBuildBgp *own;

    if (!bgp)
        return;
    build->bgp = own = g_new0(DxBuildBgp, 1);
    own->build = build;
    own->bgp = bgp;
    own->owned = g_ptr_array_new_with_free_func(g_free);
    own->agent = g_new0(DxNode *, n_routers + 1);
    own->here = g_new0(uint32_t, n_routers + 1);
    own->place = g_new0(DxBgpPlace, n_routers + 1);
    own->routers = g_new0(DxBgpRouterCounts, n_routers + 1);
    own->counts = g_malloc0((n_sessions + 1) * sizeof *own->counts);
    name_sessions(own);
    for (guint i = 0; i < bgp->flows->len; i++)
        dx_sim_add_flow(build->run.sim, &g_array_index(bgp->flows, DxFlow, i));
    for (guint i = 0; i < n_routers; i++) {
        const DxBgpRouter *router = ROUTER(own, i);
        g_autofree char *name = g_strconcat(router->name, ".bgp", NULL);
        DxBgpConf *conf;

        own->agent[i] = dx_sim_add(build->run.sim, name, dx__scenario_model(build->scenario, "bgp"));
        conf = dx_sim_conf(own->agent[i]);
        *conf = *router->conf;
        conf->network = &bgp->network;
        conf->router = i;
        conf->shared = &own->shared;
        conf->place = &own->place[i];
    }
}

/* -- edges and bindings ------------------------------------------------------------------------------- */

/* The end of a trunk that is at @node; 2: it does not end there. */
static unsigned end_at(const DxScTrunk *trunk, uint32_t node)
{
    return trunk->end[0] == node ? 0 : trunk->end[1] == node ? 1 : 2;
}

/* Every trunk of the router: number 0 of the agent's bindings is the router itself. */
static void bind_ports(DxBuildBgp *own, uint32_t index)
{
    const DxBuild *build = own->build;
    const DxScenario *scenario = build->scenario;
    const uint32_t node = ROUTER(own, index)->node;
    GArray *ports = g_array_new(FALSE, FALSE, sizeof(DxBgpPort));
    unsigned n_bound = 1;

    dx_sim_bind_next(own->agent[index], build->router[node], 0);
    for (guint i = 0; i < scenario->trunks->len; i++) {
        const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, i);
        const unsigned d = end_at(trunk, node);
        DxNode *enter = d < 2 ? dx__vifs_enter(build->vifs, i, d) : NULL;
        DxBgpPort port = { .trunk = i, .output = DX_NO_OUTPUT };
        uint64_t output;

        if (d == 2)
            continue;
        if (dx__build_find_output(build, node, i, &output))
            port.output = (uint16_t)output;
        if (enter) {
            dx_sim_bind_next(own->agent[index], enter, 0);
            port.enter = n_bound++;
        }
        if (trunk->is_lag && build->lag[trunk->index][d].hash)
            dx_sim_bind(build->lag[trunk->index][d].hash, own->agent[index], i);
        g_array_append_val(ports, port);
    }
    own->place[index].n_ports = ports->len;
    own->place[index].ports = (DxBgpPort *)(void *)g_array_free(ports, FALSE);
    g_ptr_array_add(own->owned, (gpointer)own->place[index].ports);
}

static void fix_flows(DxBuildBgp *own, uint32_t index)
{
    const DxScenario *scenario = own->build->scenario;
    GArray *fixed = g_array_new(FALSE, FALSE, sizeof(DxBgpFlows));

    for (guint i = 0; i < scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, i);
        const DxBgpFlows range = { flow->first_flow, flow->n_flows };

        if (!dx__scenario_bgp_decides(scenario, i, ROUTER(own, index)->node))
            g_array_append_val(fixed, range);
    }
    own->place[index].n_fixed = fixed->len;
    own->place[index].fixed = (DxBgpFlows *)(void *)g_array_free(fixed, FALSE);
    g_ptr_array_add(own->owned, (gpointer)own->place[index].fixed);
}

typedef struct {
    DxIp address;
    uint32_t flow;
} Towards;

static int by_address(gconstpointer a, gconstpointer b)
{
    const Towards *x = a, *y = b;
    const int order = dx_ip_compare(&x->address, &y->address);

    return order ? order : x->flow < y->flow ? -1 : x->flow > y->flow;
}

static DxIp address_of(const DxFlow *flow)
{
    DxIp ip = { .bits = flow->is_ipv6 ? 128 : 32 };

    memcpy(ip.bytes, flow->dst + (flow->is_ipv6 ? 0 : 12), ip.bits / 8u);
    return ip;
}

static void gather_traffic(DxBuildBgp *own)
{
    const uint32_t n = dx__scenario_n_flows(own->build->scenario);
    Towards *all = g_new(Towards, n + 1);
    GArray *destinations = g_array_new(FALSE, FALSE, sizeof(DxBgpDestination));
    uint32_t *flows = g_new(uint32_t, n + 1);

    for (uint32_t i = 0; i < n; i++)
        all[i] = (Towards){ address_of(dx_sim_flow(own->build->run.sim, i)), i };
    qsort(all, n, sizeof *all, by_address);
    for (uint32_t i = 0; i < n; i++) {
        const DxBgpDestination destination = { all[i].address, i, 0 };

        if (!i || dx_ip_compare(&all[i - 1].address, &all[i].address))
            g_array_append_val(destinations, destination);
        g_array_index(destinations, DxBgpDestination, destinations->len - 1).n++;
        flows[i] = all[i].flow;
    }
    g_free(all);
    own->traffic.n_destinations = destinations->len;
    own->traffic.destinations = (DxBgpDestination *)(void *)g_array_free(destinations, FALSE);
    own->traffic.flows = flows;
    own->traffic.n_flows = n;
    g_ptr_array_add(own->owned, (gpointer)own->traffic.destinations);
    g_ptr_array_add(own->owned, flows);
}

void dx__build_bgp_connect(DxBuild *build)
{
    DxBuildBgp *own = build->bgp;
    const guint n_sessions = own ? own->bgp->sessions->len : 0;

    if (!own)
        return;
    gather_traffic(own);
    own->vifs = g_new0(uint16_t, n_sessions + 1);
    for (guint i = 0; i < n_sessions; i++)
        own->vifs[i] = dx__vifs_number(build->vifs, SESSION(own, i)->vif);
    for (guint i = 0; i < own->bgp->routers->len; i++) {
        DxNode *router = build->router[ROUTER(own, i)->node];
        DxBgpPlace *place = &own->place[i];

        dx_sim_connect(build->run.sim, own->agent[i], router);
        own->here[i] = dx_sim_connect(build->run.sim, router, own->agent[i]);
        bind_ports(own, i);
        fix_flows(own, i);
        place->traffic = &own->traffic;
        place->here = (uint16_t)own->here[i];
        place->vifs = own->vifs;
        place->names = own->name;
        place->sessions = own->counts;
        place->router = &own->routers[i];
        place->happened_ps = &own->happened_ps;
    }
}

/* -- routes ------------------------------------------------------------------------------------------- */

/* What end @end of a session on a line sends: onto that line, without using up time to live, and out of the
 * router at its other end. */
static void pin(const DxBuildBgp *own, const DxBgpSession *session, unsigned end, uint32_t flow)
{
    const DxBuild *build = own->build;
    const uint32_t from = ROUTER(own, session->router[end])->node;
    const uint32_t to = ROUTER(own, session->router[!end])->node;
    DxControl control = { .op = DX_CONTROL_ROUTE_LOCAL, .index = flow };

    if (flow == DX_NO_FLOW || !dx__build_find_output(build, from, session->trunk, &control.value))
        return;
    dx_sim_control(build->router[from], &control);
    control.value = own->here[session->router[!end]];
    dx_sim_control(build->router[to], &control);
}

void dx__build_bgp_routes(DxBuild *build)
{
    const DxBuildBgp *own = build->bgp;

    for (guint i = 0; own && i < own->bgp->sessions->len; i++) {
        const DxBgpSession *session = SESSION(own, i);

        for (unsigned end = 0; end < 2 && session->trunk != DX_BGP_NOBODY; end++) {
            pin(own, session, end, session->tcp[end].flow);
            pin(own, session, end, session->bfd[end].flow);
        }
    }
}

/* -- events ------------------------------------------------------------------------------------------- */

/* The trunk of a link that stands for itself: a bundle tells its routers what has become of it. */
void dx__build_bgp_line(const DxBuild *build, const DxScLink *link, const DxControl *control)
{
    const DxBuildBgp *own = build->bgp;
    DxControl told = *control;

    if (!own || link->lag != DX_NONE)
        return;
    told.index = link->trunk;
    for (unsigned end = 0; end < 2; end++) {
        const uint32_t router = own->bgp->router_of_node[link->end[end]];

        if (router != DX_BGP_NOBODY)
            dx_sim_control(own->agent[router], &told);
    }
}

void dx__build_bgp_happened(DxBuild *build)
{
    if (build->bgp)
        build->bgp->happened_ps = dx_sim_now(build->run.sim);
}

typedef struct {
    DxBuildBgp *own;
    const DxScBgpEvent *event;
} Scheduled;

static void tell(const DxBuildBgp *own, const DxScBgpEvent *event)
{
    static const char *const words[] = { [DX_CONTROL_SHUTDOWN] = "shutdown",
                                         [DX_CONTROL_ENABLE] = "enable",
                                         [DX_CONTROL_CLEAR] = "clear",
                                         [DX_CONTROL_ANNOUNCE] = "announce",
                                         [DX_CONTROL_WITHDRAW] = "withdraw" };
    const DxControlOp op = event->control.op;
    const bool is_prefix = op == DX_CONTROL_ANNOUNCE || op == DX_CONTROL_WITHDRAW;
    char prefix[DX_PREFIX_TEXT];

    if (is_prefix)
        dx_sim_log(
            own->build->run.sim, ROUTER(own, event->router)->name, words[op],
            dx_prefix_text(&g_array_index(own->bgp->prefixes, DxPrefix, event->control.index), prefix));
    else
        dx_sim_log(
            own->build->run.sim,
            own->name[event->control.index][SESSION(own, event->control.index)->router[1] == event->router],
            words[op], op == DX_CONTROL_CLEAR ? event->control.value ? "soft" : "hard" : "");
}

static void on_event(DxSim *sim, void *data)
{
    const Scheduled *scheduled = data;

    (void)sim;
    dx__build_bgp_happened(scheduled->own->build);
    tell(scheduled->own, scheduled->event);
    dx_sim_control(scheduled->own->agent[scheduled->event->router], &scheduled->event->control);
}

void dx__build_bgp_schedule(DxBuild *build)
{
    DxBuildBgp *own = build->bgp;
    Scheduled *scheduled;

    if (!own)
        return;
    scheduled = g_new(Scheduled, own->bgp->events->len + 1);
    g_ptr_array_add(own->owned, scheduled);
    for (guint i = 0; i < own->bgp->events->len; i++) {
        scheduled[i] = (Scheduled){ own, &g_array_index(own->bgp->events, DxScBgpEvent, i) };
        dx_sim_at(build->run.sim, scheduled[i].event->at_ps, on_event, &scheduled[i]);
    }
}

/* -- measuring ---------------------------------------------------------------------------------------- */

typedef struct {
    const char *metric;
    size_t offset;
    DxCounterKind kind;
} Row;

static const Row session_rows[] = {
    { "state", offsetof(DxBgpSessionCounts, state), DX_COUNTER_GAUGE },
    { "flaps", offsetof(DxBgpSessionCounts, flaps), DX_COUNTER_SUM },
    { "down_ps", offsetof(DxBgpSessionCounts, down_ps), DX_COUNTER_SUM },
    { "establishings", offsetof(DxBgpSessionCounts, establishings), DX_COUNTER_SUM },
    { "established_at_ps", offsetof(DxBgpSessionCounts, established_ps), DX_COUNTER_GAUGE },
    { "down_at_ps", offsetof(DxBgpSessionCounts, down_at_ps), DX_COUNTER_GAUGE },
    { "detections", offsetof(DxBgpSessionCounts, detections), DX_COUNTER_SUM },
    { "detection_ps", offsetof(DxBgpSessionCounts, detection_ps), DX_COUNTER_MAX },
    { "tx_messages", offsetof(DxBgpSessionCounts, tx_messages), DX_COUNTER_SUM },
    { "rx_messages", offsetof(DxBgpSessionCounts, rx_messages), DX_COUNTER_SUM },
    { "tx_updates", offsetof(DxBgpSessionCounts, tx_updates), DX_COUNTER_SUM },
    { "rx_updates", offsetof(DxBgpSessionCounts, rx_updates), DX_COUNTER_SUM },
    { "tx_frames", offsetof(DxBgpSessionCounts, tx_frames), DX_COUNTER_SUM },
    { "rx_frames", offsetof(DxBgpSessionCounts, rx_frames), DX_COUNTER_SUM },
    { "retransmissions", offsetof(DxBgpSessionCounts, retransmissions), DX_COUNTER_SUM },
    { "received_prefixes", offsetof(DxBgpSessionCounts, received), DX_COUNTER_GAUGE },
    { "accepted_prefixes", offsetof(DxBgpSessionCounts, accepted), DX_COUNTER_GAUGE },
    { "advertised_prefixes", offsetof(DxBgpSessionCounts, advertised), DX_COUNTER_GAUGE },
    { "error_code", offsetof(DxBgpSessionCounts, error_code), DX_COUNTER_GAUGE },
    { "error_subcode", offsetof(DxBgpSessionCounts, error_subcode), DX_COUNTER_GAUGE },
};

static const Row bfd_row = { "bfd_state", offsetof(DxBgpSessionCounts, bfd_state), DX_COUNTER_GAUGE };

static const Row router_rows[] = {
    { "routes", offsetof(DxBgpRouterCounts, routes), DX_COUNTER_GAUGE },
    { "route_changes", offsetof(DxBgpRouterCounts, changes), DX_COUNTER_SUM },
    { "route_changed_at_ps", offsetof(DxBgpRouterCounts, changed_ps), DX_COUNTER_GAUGE },
    { "convergence_ps", offsetof(DxBgpRouterCounts, convergence_ps), DX_COUNTER_MAX },
    { "flows_moved", offsetof(DxBgpRouterCounts, flows_moved), DX_COUNTER_SUM },
    { "flows_moved_surviving", offsetof(DxBgpRouterCounts, flows_moved_surviving), DX_COUNTER_SUM },
};

static void watch(DxResults *results, const char *kind, const char *object, const Row *row, void *counts)
{
    dx_results_watch(results, kind, object, row->metric, row->kind,
                     (uint64_t *)(void *)((char *)counts + row->offset));
}

void dx__build_bgp_watch(DxBuild *build)
{
    const DxBuildBgp *own = build->bgp;
    DxResults *results = build->run.results;

    for (guint i = 0; own && i < own->bgp->routers->len; i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(router_rows); k++)
            watch(results, "node", ROUTER(own, i)->name, &router_rows[k], &own->routers[i]);
    for (guint i = 0; own && i < own->bgp->sessions->len; i++)
        for (unsigned end = 0; end < 2; end++) {
            const DxBgpSession *session = SESSION(own, i);
            DxBgpSessionCounts *counts = &own->counts[i][end];

            for (unsigned k = 0; k < G_N_ELEMENTS(session_rows); k++)
                watch(results, "session", own->name[i][end], &session_rows[k], counts);
            if (session->bfd[end].flow != DX_NO_FLOW)
                watch(results, "session", own->name[i][end], &bfd_row, counts);
        }
}

/* -- the rest ----------------------------------------------------------------------------------------- */

/* Whose part @node is, in the file. */
const DxJson *dx__build_bgp_place(const DxBuild *build, const DxNode *node)
{
    const DxBuildBgp *own = build->bgp;

    for (guint i = 0; own && i < own->bgp->routers->len; i++)
        if (own->agent[i] == node)
            return DX_SC(build->scenario, nodes, DxScNode, ROUTER(own, i)->node)->json;
    return NULL;
}

void dx__build_bgp_free(DxBuildBgp *own)
{
    if (!own)
        return;
    for (guint i = 0; i < own->bgp->sessions->len; i++)
        for (unsigned end = 0; end < 2; end++)
            g_free(own->name[i][end]);
    g_ptr_array_unref(own->owned);
    g_free(own->agent);
    g_free(own->here);
    g_free(own->place);
    g_free(own->counts);
    g_free(own->routers);
    g_free(own->name);
    g_free(own->vifs);
    g_free(own);
}
