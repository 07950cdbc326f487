/*
 * build - a scenario becomes a simulation
 *
 *   source -> router -> [vif ->] [hash ->] port -> fiber -> [heartbeat or lacp ->] [vif ->] router -> sink
 *
 * With MACsec: ... macsec-enter -> port -> macsec-send -> fiber -> [mka ->] macsec-receive ...
 * Who attacks a direction stands between its port and its fiber.
 *
 * Only what some flow or agent uses is built. Nodes are made, and inputs numbered, in the order of the file:
 * that order decides ties, so it is part of the result.
 */
#include "bgp-priv.h"
#include "build-priv.h"
#include "reader-priv.h"

#include <dxsim/macsec.h>
#include <dxsim/mka.h>
#include <gio/gio.h>
#include <string.h>

/* -- nodes ------------------------------------------------------------------------------------------- */

static DxNode *make(DxBuild *build, const char *model_name, const void *conf, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static DxNode *make(DxBuild *build, const char *model_name, const void *conf, const char *format, ...)
{
    const DxModel *model = dx__scenario_model(build->scenario, model_name);
    va_list args;
    char *name;
    DxNode *node;

    va_start(args, format);
    name = g_strdup_vprintf(format, args);
    va_end(args);
    node = dx_sim_add(build->run.sim, name, model);
    if (conf)
        memcpy(dx_sim_conf(node), conf, model->conf_size);
    g_free(name);
    return node;
}

/* What was put into the chain at one place. */
static void make_inserts(DxBuild *build, const DxScLink *link, unsigned d, const char *name, DxScInsertAt at,
                         GPtrArray *chain)
{
    for (guint i = 0; i < link->inserts->len; i++) {
        const DxScInsert *insert = &g_array_index(link->inserts, DxScInsert, i);

        if (insert->at == at && insert->directions[d]) {
            g_autofree char *object = dx__scenario_insert(name, insert->model, i);

            g_ptr_array_add(chain, make(build, insert->model->name, insert->conf, "%s", object));
        }
    }
}

/* Without a key of its own a link has one that is made of the seed and its name. */
static void make_cak(const DxBuild *build, const DxScLink *link, DxMacsecLine *line)
{
    DxRng rng;

    if (line->cak_bytes)
        return;
    dx_rng_init(&rng, build->scenario->seed, 0, link->name, "cak");
    line->cak_bytes = sizeof line->cak;
    for (unsigned i = 0; i < sizeof line->cak; i++)
        line->cak[i] = (uint8_t)(dx_rng_u64(&rng) >> 56);
}

static void make_secy(DxBuild *build, const DxScLink *link, unsigned d, const char *name, DxMacsecRole role)
{
    static const char *const roles[] = { "enter", "send", "receive" };
    DxDirection *direction = &build->link[link - DX_SC(build->scenario, links, DxScLink, 0)][d];
    DxMacsecLine *line;

    if (!link->macsec)
        return;
    direction->secy[role] = make(build, "macsec", link->macsec, "%s.macsec-%s", name, roles[role]);
    line = dx_sim_conf(direction->secy[role]);
    line->role = role;
    line->direction = d;
    make_cak(build, link, line);
    g_ptr_array_add(direction->chain, direction->secy[role]);
}

/* Who steers whom: an agent, `enter` of its end; `enter` the others; and `send` tells what it finds. */
static void bind_secy(DxBuild *build, uint32_t i)
{
    for (unsigned d = 0; d < 2; d++) {
        DxDirection *direction = &build->link[i][d];
        DxMacsecLine *line;

        if (!direction->secy[DX_MACSEC_ENTER])
            continue;
        line = dx_sim_conf(direction->secy[DX_MACSEC_ENTER]);
        line->send = direction->secy[DX_MACSEC_SEND];
        line->far = direction->secy[DX_MACSEC_RECEIVE];
        line->receive = build->link[i][!d].secy[DX_MACSEC_RECEIVE];
        dx_sim_bind(line->send, direction->secy[DX_MACSEC_ENTER], 0);
    }
}

/* A chain without a key has one as macsec has without, see above. */
static void make_chain(const DxBuild *build, const DxScLink *link, DxMkaChain *chain)
{
    DxMacsecLine line = { .cak_bytes = 0 };

    if (chain->n)
        return;
    make_cak(build, link, &line);
    chain->n = 1;
    chain->cak[0] = (DxMkaCak){ .ckn_bytes = 4, .cak_bytes = sizeof line.cak, .is_at = { true, true } };
    memcpy(chain->cak[0].ckn, "seed", 4);
    memcpy(chain->cak[0].cak, line.cak, sizeof line.cak);
}

/* It listens at the far end of this direction. */
static void make_mka(DxBuild *build, const DxScLink *link, unsigned d, const char *name)
{
    const DxScenario *scenario = build->scenario;
    DxDirection *direction = &build->link[link - DX_SC(scenario, links, DxScLink, 0)][d];
    DxMkaChain *chain;

    if (!link->mka)
        return;
    direction->mka = make(build, "mka", link->mka, "%s.mka", name);
    chain = dx_sim_conf(direction->mka);
    make_chain(build, link, chain);
    chain->end = !d;
    for (unsigned end = 0; end < 2; end++)
        chain->station[end] = DX_SC(scenario, nodes, DxScNode, link->end[end])->name;
    g_ptr_array_add(direction->chain, direction->mka);
}

/* LACP at the far end of this direction. */
static DxNode *make_ear(DxBuild *build, const DxScLink *link, const DxScLag *lag, unsigned d,
                        const char *name)
{
    const GArray *nodes = build->scenario->nodes;
    DxNode *ear = make(build, "lacp", lag->lacp[lag->end[0] == link->end[!d] ? 0 : 1], "%s.lacp", name);

    dx_sim_set_stations(ear, g_array_index(nodes, DxScNode, link->end[!d]).name,
                        g_array_index(nodes, DxScNode, link->end[d]).name);
    return ear;
}

static void make_direction(DxBuild *build, uint32_t i, unsigned d)
{
    const DxScenario *scenario = build->scenario;
    const DxScLink *link = DX_SC(scenario, links, DxScLink, i);
    const DxScLag *lag = link->lag == DX_NONE ? NULL : DX_SC(scenario, lags, DxScLag, link->lag);
    DxDirection *direction = &build->link[i][d];
    const DxNode *secy;
    char *name = dx__scenario_direction(scenario, link->name, link->end, d);

    direction->chain = g_ptr_array_new();
    dx__build_meter(build, link, direction, name, DX_METER_OFFERED);
    make_inserts(build, link, d, name, DX_AT_INGRESS, direction->chain);
    make_secy(build, link, d, name, DX_MACSEC_ENTER);
    direction->port = make(build, "port", link->port, "%s.port", name);
    g_ptr_array_add(direction->chain, direction->port);
    dx__build_meter(build, link, direction, name, DX_METER_SENT);
    make_secy(build, link, d, name, DX_MACSEC_SEND);
    secy = direction->secy[DX_MACSEC_SEND];
    direction->attack =
        dx__attacks_make(build->attacks, build->run.sim, i, d, name, secy ? dx_node_conf(secy) : NULL);
    if (direction->attack)
        g_ptr_array_add(direction->chain, direction->attack);
    make_inserts(build, link, d, name, DX_AT_LINE, direction->chain);
    direction->fiber = make(build, "fiber", link->fiber[d], "%s.fiber", name);
    g_ptr_array_add(direction->chain, direction->fiber);
    dx__build_meter(build, link, direction, name, DX_METER_RECEIVED);
    make_mka(build, link, d, name);
    make_secy(build, link, d, name, DX_MACSEC_RECEIVE);
    make_inserts(build, link, d, name, DX_AT_EGRESS, direction->chain);
    if (lag && lag->heartbeat)
        direction->agent = make(build, "heartbeat", lag->heartbeat, "%s.heartbeat", name);
    else if (lag && lag->lacp[0])
        direction->agent = make_ear(build, link, lag, d, name);
    if (direction->agent)
        g_ptr_array_add(direction->chain, direction->agent);
    g_free(name);
}

static void make_link(DxBuild *build, uint32_t i)
{
    for (unsigned d = 0; d < 2; d++)
        if (DX_SC(build->scenario, links, DxScLink, i)->is_used[d])
            make_direction(build, i, d);
    bind_secy(build, i);
}

static void make_hash(DxBuild *build, uint32_t i, unsigned d, const char *name)
{
    const DxScenario *scenario = build->scenario;
    const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);

    build->lag[i][d].hash = make(build, "hash", lag->hash, "%s.hash", name);
    if (lag->lacp[d]) /* for its markers */
        memcpy(dx_sim_conf(build->lag[i][d].hash), lag->lacp[d],
               dx__scenario_model(scenario, "lacp")->conf_size);
    dx_sim_set_stations(build->lag[i][d].hash, DX_SC(scenario, nodes, DxScNode, lag->end[d])->name,
                        DX_SC(scenario, nodes, DxScNode, lag->end[!d])->name);
}

/* The end where direction @d of a LAG begins. What its members are set to is its own too, and it has been up
 * for long with those of the other end. */
static DxNode *make_aggregator(DxBuild *build, const DxScLag *lag, const char *name, unsigned d)
{
    const size_t size = dx__scenario_model(build->scenario, "lacp")->conf_size;
    DxNode *node = make(build, "aggregator", lag->aggregator, "%s.lacp", name);

    memcpy(dx_sim_conf(node), lag->lacp[d], size);
    memcpy((char *)dx_sim_conf(node) + size, lag->lacp[!d], size);
    dx_sim_bind(node, NULL, d);
    return node;
}

static void make_lag(DxBuild *build, uint32_t i)
{
    const DxScLag *lag = DX_SC(build->scenario, lags, DxScLag, i);
    char *name[2];

    for (unsigned d = 0; d < 2; d++) {
        name[d] = dx__scenario_direction(build->scenario, lag->name, lag->end, d);
        if (lag->is_used[d])
            make_hash(build, i, d, name[d]);
    }
    for (unsigned d = 0; d < 2; d++) {
        if (lag->lacp[d] && (lag->is_used[0] || lag->is_used[1]))
            build->lag[i][d].aggregator = make_aggregator(build, lag, name[d], d);
        g_free(name[d]);
    }
}

static void make_nodes(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;

    for (guint i = 0; i < scenario->nodes->len; i++)
        build->router[i] = make(build, "router", NULL, "%s", DX_SC(scenario, nodes, DxScNode, i)->name);
    for (guint i = 0; i < scenario->lags->len; i++)
        make_lag(build, i);
    build->vifs = dx__vifs_new(scenario, build->run.sim);
    build->attacks = dx__attacks_new(scenario);
    for (guint i = 0; i < scenario->links->len; i++)
        make_link(build, i);
    for (guint i = 0; i < scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, i);

        build->source[i] = make(build, "source", flow->source, "%s.source", flow->name);
        dx_sim_bind(build->source[i], NULL, flow->first_flow);
        for (uint32_t k = 0; k < flow->n_flows; k++) {
            const DxFlow one = dx__scenario_flow(flow, k);

            dx_sim_add_flow(build->run.sim, &one);
        }
    }
    for (guint i = 0; i < scenario->nodes->len; i++)
        for (guint k = 0; k < scenario->flows->len && !build->sink[i]; k++)
            if (DX_SC(scenario, flows, DxScFlow, k)->to == i)
                build->sink[i] =
                    make(build, "sink", NULL, "%s.sink", DX_SC(scenario, nodes, DxScNode, i)->name);
    dx__build_bgp_nodes(build);
}

/* -- edges ------------------------------------------------------------------------------------------- */

/* DxDirection of a member that starts where direction @d of its LAG does. */
static unsigned member_direction(const DxScLink *link, const DxScLag *lag, unsigned d)
{
    return link->end[0] == lag->end[d] ? 0 : 1;
}

/* A router's output to a trunk, by way of what puts tags on. */
static uint32_t connect_trunk(DxBuild *build, uint32_t trunk, unsigned d, DxNode *router, DxNode *first)
{
    DxNode *enter = dx__vifs_enter(build->vifs, trunk, d);

    if (enter)
        dx_sim_connect(build->run.sim, enter, first);
    return dx_sim_connect(build->run.sim, router, enter ? enter : first);
}

static void connect_lag(DxBuild *build, uint32_t i)
{
    const DxScenario *scenario = build->scenario;
    const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);
    DxSim *sim = build->run.sim;

    for (unsigned d = 0; d < 2; d++) {
        DxBundle *bundle = &build->lag[i][d];
        DxNode *leave = dx__vifs_leave(build->vifs, lag->trunk, d);

        if (!bundle->hash)
            continue;
        bundle->output = connect_trunk(build, lag->trunk, d, build->router[lag->end[d]], bundle->hash);
        if (leave)
            dx_sim_connect(sim, leave, build->router[lag->end[!d]]);
        for (uint32_t k = 0; k < lag->n_members; k++) {
            const DxScLink *link = DX_SC(scenario, links, DxScLink, lag->member[k]);
            DxDirection *member = &build->link[lag->member[k]][member_direction(link, lag, d)];

            member->output = dx_sim_connect(sim, bundle->hash, member->chain->pdata[0]);
        }
    }
}

/* What takes tags off at the far end of a link, or of the bundle that it is in. NULL: nobody does. */
static DxNode *leave_of(const DxBuild *build, const DxScLink *link, unsigned d)
{
    const DxScLag *lag = link->lag == DX_NONE ? NULL : DX_SC(build->scenario, lags, DxScLag, link->lag);

    if (!lag)
        return dx__vifs_leave(build->vifs, link->trunk, d);
    return dx__vifs_leave(build->vifs, lag->trunk, lag->end[0] == link->end[d] ? 0 : 1);
}

/* Down the line to the router at the far end. */
static void connect_link(DxBuild *build, uint32_t i)
{
    const DxScLink *link = DX_SC(build->scenario, links, DxScLink, i);
    DxSim *sim = build->run.sim;

    for (unsigned d = 0; d < 2; d++) {
        DxDirection *direction = &build->link[i][d];
        const GPtrArray *chain = direction->chain;
        DxNode *router = build->router[link->end[!d]], *leave;

        if (!chain)
            continue;
        leave = leave_of(build, link, d);
        if (link->lag == DX_NONE)
            direction->output =
                connect_trunk(build, link->trunk, d, build->router[link->end[d]], chain->pdata[0]);
        for (guint k = 1; k < chain->len; k++)
            dx_sim_connect(sim, chain->pdata[k - 1], chain->pdata[k]);
        dx_sim_connect(sim, chain->pdata[chain->len - 1], leave ? leave : router);
        if (leave && link->lag == DX_NONE)
            dx_sim_connect(sim, leave, router);
    }
}

/* An agent listens on one direction, and sends and steers on the other. */
static void connect_agents(DxBuild *build, uint32_t i)
{
    const DxScLink *link = DX_SC(build->scenario, links, DxScLink, i);
    const DxScLag *lag;

    for (unsigned d = 0; d < 2; d++) {
        DxNode *agent = build->link[i][d].agent, *enter = build->link[i][!d].secy[DX_MACSEC_ENTER];
        const DxBundle *bundle;

        if (!agent)
            continue;
        lag = DX_SC(build->scenario, lags, DxScLag, link->lag);
        bundle = &build->lag[link->lag][lag->end[0] == link->end[!d] ? 0 : 1];
        dx_sim_connect(build->run.sim, agent, enter ? enter : build->link[i][!d].port);
        if (bundle->aggregator) {
            dx_sim_bind_next(agent, bundle->aggregator, link->member);
            dx_sim_bind_next(agent, bundle->hash, link->member);
        } else {
            dx_sim_bind(agent, bundle->hash, link->member);
        }
    }
}

/* What listens on member @k at the end where direction @d begins. */
static DxNode *ear_of(const DxBuild *build, const DxScLag *lag, unsigned d, uint32_t k)
{
    const DxScLink *link = DX_SC(build->scenario, links, DxScLink, lag->member[k]);

    return build->link[lag->member[k]][!member_direction(link, lag, d)].agent;
}

/* Members' ears and mouths, the hash by member, the router that sends here; then those at both ends, for
 * their names. */
static void bind_aggregators(DxBuild *build, uint32_t i)
{
    const DxScLag *lag = DX_SC(build->scenario, lags, DxScLag, i);

    for (unsigned d = 0; d < 2; d++) {
        const DxBundle *bundle = &build->lag[i][d];

        if (!bundle->aggregator)
            continue;
        for (uint32_t k = 0; k < lag->n_members; k++)
            dx_sim_bind_next(bundle->aggregator, ear_of(build, lag, d, k), 0);
        for (uint32_t k = 0; k < lag->n_members; k++)
            dx_sim_bind_next(bundle->aggregator, bundle->hash, k);
        for (uint32_t k = 0; bundle->hash && k < lag->n_members; k++) /* for their names */
            dx_sim_bind_next(bundle->hash, ear_of(build, lag, d, k), 0);
        dx_sim_bind_next(bundle->aggregator, bundle->hash ? build->router[lag->end[d]] : NULL,
                         bundle->output);
        dx_sim_bind_next(bundle->aggregator, build->router[lag->end[d]], 0);
        dx_sim_bind_next(bundle->aggregator, build->router[lag->end[!d]], 0);
    }
}

/* The same, but it speaks through the uncontrolled port, and its SecY tells it of packet numbers. */
static void connect_mka(DxBuild *build, uint32_t i)
{
    for (unsigned d = 0; d < 2; d++) {
        const DxDirection *own = &build->link[i][d], *other = &build->link[i][!d];
        DxMkaChain *chain;

        if (!own->mka)
            continue;
        chain = dx_sim_conf(own->mka);
        chain->agent[!d] = own->mka->name;
        chain->agent[d] = other->mka->name;
        dx_sim_connect(build->run.sim, own->mka, other->port);
        dx_sim_bind(own->mka, other->secy[DX_MACSEC_ENTER], 0);
        dx_sim_bind(other->secy[DX_MACSEC_SEND], own->mka, 0);
    }
}

static void connect_all(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;

    for (guint i = 0; i < scenario->lags->len; i++)
        connect_lag(build, i);
    for (guint i = 0; i < scenario->links->len; i++)
        connect_link(build, i);
    for (guint i = 0; i < scenario->links->len; i++)
        connect_agents(build, i);
    for (guint i = 0; i < scenario->links->len; i++)
        connect_mka(build, i);
    for (guint i = 0; i < scenario->lags->len; i++)
        bind_aggregators(build, i);
    for (guint i = 0; i < scenario->flows->len; i++)
        dx_sim_connect(build->run.sim, build->source[i],
                       build->router[DX_SC(scenario, flows, DxScFlow, i)->from]);
    for (guint i = 0; i < scenario->nodes->len; i++)
        if (build->sink[i])
            build->sink_output[i] = dx_sim_connect(build->run.sim, build->router[i], build->sink[i]);
    dx__build_bgp_connect(build);
}

/* -- routes ------------------------------------------------------------------------------------------ */

bool dx__build_find_output(const DxBuild *build, uint32_t node, uint32_t index, uint64_t *output)
{
    const DxScTrunk *trunk = DX_SC(build->scenario, trunks, DxScTrunk, index);
    const unsigned d = trunk->end[0] == node ? 0 : 1;

    *output = trunk->is_lag ? build->lag[trunk->index][d].output : build->link[trunk->index][d].output;
    return trunk->is_lag ? build->lag[trunk->index][d].hash : build->link[trunk->index][d].port;
}

uint32_t dx__build_next(const DxRun *run, uint32_t node, const DxScFlow *group, bool *is_one_way)
{
    const DxBuild *build = (const DxBuild *)(const void *)run;
    const DxNode *router = build->router[node];
    const uint32_t now = router->model->output_of(router, group->first_flow);

    for (uint32_t i = 1; i < group->n_flows && *is_one_way; i++)
        *is_one_way = router->model->output_of(router, group->first_flow + i) == now;
    for (guint i = 0; now != DX_NO_OUTPUT && i < build->scenario->trunks->len; i++) {
        const DxScTrunk *trunk = DX_SC(build->scenario, trunks, DxScTrunk, i);
        uint64_t output;

        if ((trunk->end[0] == node || trunk->end[1] == node) &&
            dx__build_find_output(build, node, i, &output) && output == now)
            return i;
    }
    return DX_NONE;
}

/* What router @node does with @flow. False: it will never see it, or is told by its agent. */
static bool find_route(const DxBuild *build, uint32_t flow, uint32_t node, DxControl *control)
{
    const DxScenario *scenario = build->scenario;
    const uint32_t next = dx__scenario_next(scenario, flow, node);

    if (dx__scenario_bgp_decides(scenario, flow, node))
        return false;
    if (next == DX_NONE) {
        *control = (DxControl){ .op = DX_CONTROL_ROUTE_LOCAL, .value = build->sink_output[node] };
        return node == DX_SC(scenario, flows, DxScFlow, flow)->to;
    }
    *control = (DxControl){ .op = DX_CONTROL_ROUTE };
    return dx__build_find_output(build, node, next, &control->value);
}

/* To all flows of a group alike. */
static void control_flows(DxNode *router, const DxScFlow *flow, DxControl control)
{
    for (uint32_t k = 0; k < flow->n_flows; k++) {
        control.index = flow->first_flow + k;
        dx_sim_control(router, &control);
    }
}

bool dx__build_route(const DxBuild *build, uint32_t flow, uint32_t node, uint32_t trunk)
{
    DxControl control = { .op = DX_CONTROL_ROUTE };

    if (!dx__build_find_output(build, node, trunk, &control.value))
        return false;
    control_flows(build->router[node], DX_SC(build->scenario, flows, DxScFlow, flow), control);
    return true;
}

static void set_routes(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;

    for (guint i = 0; i < scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, i);
        DxControl control;

        for (guint node = 0; node < scenario->nodes->len; node++)
            if (find_route(build, i, node, &control))
                control_flows(build->router[node], flow, control);
        control = (DxControl){ .op = DX_CONTROL_BACKUP };
        if (flow->backup != DX_NONE && dx__build_find_output(build, flow->from, flow->backup, &control.value))
            control_flows(build->router[flow->from], flow, control);
    }
    dx__build_bgp_routes(build);
}

/* -- outages ----------------------------------------------------------------------------------------- */

static bool asks_for_outage(const GArray *checks, size_t size)
{
    for (guint i = 0; i < checks->len; i++) {
        const DxScExpectation *check = (const void *)(checks->data + i * size); /* a claim begins with one */

        if (check->metric && g_str_has_prefix(check->metric, "flow.outage"))
            return true;
    }
    return false;
}

static void keep_outages(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;

    if (!scenario->bgp && !asks_for_outage(scenario->expectations, sizeof(DxScExpectation)) &&
        !asks_for_outage(scenario->claims, sizeof(DxScClaim)))
        return;
    build->outage = g_new0(DxOutages, scenario->flows->len + 1);
    dx_sim_keep_gaps(build->run.sim);
}

static void count_outages(DxBuild *build)
{
    for (guint i = 0; build->outage && i < build->scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(build->scenario, flows, DxScFlow, i);

        build->outage[i] = dx__outages_of(dx_sim_group(build->run.sim, i),
                                          dx_sim_gaps(build->run.sim) + flow->first_flow, flow->n_flows);
    }
}

/* -- the run ----------------------------------------------------------------------------------------- */

static void log_line_free(gpointer data)
{
    DxLogLine *line = data;

    g_free(line->object);
    g_free(line->event);
    g_free(line->detail);
    g_free(line);
}

static void on_log(DxTime now, const char *object, const char *event, const char *detail, void *data)
{
    DxLogLine line = { now, g_strdup(object), g_strdup(event), g_strdup(detail) };

    g_ptr_array_add(data, g_memdup2(&line, sizeof line));
}

static void on_sample(DxSim *sim, void *data)
{
    DxBuild *build = data;

    dx_sim_observe(sim);
    dx_series_sample(build->run.series, dx_sim_now(sim));
}

/* Whose part @node is, in the file. NULL: nobody's. */
static const DxJson *place_of(const DxBuild *build, const DxNode *node)
{
    const DxScenario *scenario = build->scenario;

    for (guint i = 0; i < scenario->links->len; i++)
        for (unsigned d = 0; d < 2; d++)
            if (build->link[i][d].chain && g_ptr_array_find(build->link[i][d].chain, node, NULL))
                return DX_SC(scenario, links, DxScLink, i)->json;
    for (guint i = 0; i < scenario->lags->len; i++)
        if (build->lag[i][0].hash == node || build->lag[i][1].hash == node ||
            build->lag[i][0].aggregator == node || build->lag[i][1].aggregator == node)
            return DX_SC(scenario, lags, DxScLag, i)->json;
    for (guint i = 0; i < scenario->flows->len; i++)
        if (build->source[i] == node)
            return DX_SC(scenario, flows, DxScFlow, i)->json;
    return dx__build_bgp_place(build, node);
}

/* What the engine refused, said as the reader says it: with its place and a code. Takes @why. */
static void refuse(const DxBuild *build, GError *why, GError **error)
{
    DxProblems *problems = dx_problems_new();
    const GPtrArray *refused = build->run.sim->refused;
    const unsigned code = why->code == DX_ERROR_TOPOLOGY ? DX_CODE_NO_DELAY : DX_CODE_SET_UP;
    g_autofree char *text = NULL;
    const DxJson *place = NULL;

    for (guint i = 0; refused && i < refused->len && !place; i++)
        place = place_of(build, g_ptr_array_index(refused, i));
    if (!place)
        place = dx__json_root(build->scenario->doc);
    dx__problem(problems, build->scenario->file, place, true, code, "%s", why->message);
    text = dx_problem_text(g_ptr_array_index(problems->list, 0));
    g_set_error_literal(error, DX_ERROR, why->code, text);
    dx_problems_free(problems);
    g_error_free(why);
}

DxRun *dx_run_new_replication(const DxScenario *scenario, uint64_t replication, GError **error)
{
    DxBuild *build;
    DxRun *run;
    GError *why = NULL;
    const guint n_nodes = scenario->nodes->len;

    if (!scenario->is_planned) { /* read for a shorter run, in which they were not */
        g_set_error(error, DX_ERROR, DX_ERROR_LIMIT,
                    "%s: error: in a run as long as this, events are more than a million; \"every\" is too "
                    "short (/events) [DX%u]",
                    scenario->file, DX_CODE_LIMIT);
        return NULL;
    }
    build = g_new0(DxBuild, 1);
    run = &build->run;
    build->scenario = run->scenario = scenario;
    build->router = g_new0(DxNode *, n_nodes + 1);
    build->sink = g_new0(DxNode *, n_nodes + 1);
    build->sink_output = g_new0(uint32_t, n_nodes + 1);
    build->source = g_new0(DxNode *, scenario->flows->len + 1);
    build->link = g_malloc0((scenario->links->len + 1) * sizeof *build->link);
    build->lag = g_malloc0((scenario->lags->len + 1) * sizeof *build->lag);
    build->is_port_down = g_new0(bool, scenario->links->len + 1);
    build->rate_bps = g_new0(uint64_t, scenario->links->len + 1);
    run->sim = dx_sim_new(scenario->seed, replication);
    dx_sim_set_dir(run->sim, scenario->dir);
    run->log = g_ptr_array_new_with_free_func(log_line_free);
    dx_sim_set_warmup(run->sim, scenario->warmup_ps);
    dx_sim_set_log(run->sim, on_log, run->log);
    keep_outages(build);
    make_nodes(build);
    connect_all(build);
    if (!dx_sim_prepare(run->sim, &why)) {
        refuse(build, why, error);
        dx_run_free(run);
        return NULL;
    }
    set_routes(build);
    dx__build_schedule(build);
    run->results = dx_results_new(scenario->duration_ps, scenario->warmup_ps);
    dx__build_watch(build);
    if (scenario->series_period_ps) {
        run->series = dx_series_new(run->results, scenario->series_period_ps);
        dx_sim_measure_every(run->sim, scenario->series_period_ps,
                             MIN(scenario->series_until_ps, scenario->duration_ps), on_sample, build);
    }
    dx__build_monitor(build);
    return run;
}

DxRun *dx_run_new(const DxScenario *scenario, GError **error)
{
    return dx_run_new_replication(scenario, 0, error);
}

typedef struct {
    const DxSim *sim;
    uint64_t *by_group;
    uint32_t n_groups;
} Pending;

static void count_pending(const DxFrame *frame, void *data)
{
    Pending *pending = data;
    uint32_t group;

    if (frame->flow >= dx_sim_n_flows(pending->sim) || frame->birth_ps < dx_sim_warmup(pending->sim))
        return;
    group = dx_sim_flow(pending->sim, frame->flow)->group;
    if (group < pending->n_groups) /* not of a session */
        pending->by_group[group]++;
}

const char *dx_run_status_name(DxRunStatus status)
{
    static const char *const names[] = { "complete", "budget", "interrupted", "failed" };

    return names[status];
}

/* Takes @why; NULL: it is complete. */
static bool ended(DxRun *run, GError *why, GError **error)
{
    if (!why)
        return true;
    run->status = g_error_matches(why, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? DX_RUN_INTERRUPTED
                  : g_error_matches(why, DX_ERROR, DX_ERROR_BUDGET)      ? DX_RUN_BUDGET
                                                                         : DX_RUN_FAILED;
    run->reason = g_strdup(why->message);
    dx_results_set_duration(run->results, dx_sim_now(run->sim));
    g_propagate_error(error, why);
    return false;
}

bool dx_run_go(DxRun *run, const DxScenario *scenario, GError **error)
{
    DxBuild *build = (DxBuild *)(void *)run;
    Pending pending = { run->sim, g_new0(uint64_t, scenario->flows->len + 1), scenario->flows->len };
    GError *why = NULL;
    bool done;

    if (dx_sim_run(run->sim, scenario->duration_ps, &why))
        dx_sim_check(run->sim, &why);
    done = ended(run, why, error);
    dx_sim_flush_trace(run->sim);
    dx_sim_observe(run->sim);
    build->balance = dx_sim_balance(run->sim);
    dx_sim_each_pending(run->sim, count_pending, &pending);
    count_outages(build);
    dx__build_monitor_end(build);
    dx_results_close(run->results, pending.by_group);
    if (build->alarms)
        dx__alarms_report(build->alarms, run->results, dx_sim_first_loss(run->sim));
    g_free(pending.by_group);
    return done;
}

void dx_run_free(DxRun *run)
{
    DxBuild *build = (DxBuild *)(void *)run;

    if (!run)
        return;
    dx_series_free(run->series);
    dx_results_free(run->results);
    dx_sim_free(run->sim);
    g_ptr_array_unref(run->log);
    g_free(run->reason);
    for (guint i = 0; i < build->scenario->links->len; i++)
        for (unsigned d = 0; d < 2; d++)
            if (build->link[i][d].chain)
                g_ptr_array_unref(build->link[i][d].chain);
    g_free(build->router);
    g_free(build->sink);
    g_free(build->sink_output);
    g_free(build->source);
    g_free(build->link);
    g_free(build->lag);
    dx__build_bgp_free(build->bgp);
    dx__vifs_free(build->vifs);
    dx__attacks_free(build->attacks);
    g_free(build->events);
    g_free(build->outage);
    g_free(build->is_port_down);
    g_free(build->rate_bps);
    dx__build_alarms_free(build);
    dx__build_monitor_free(build);
    g_free(build);
}
