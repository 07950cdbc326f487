/*
 * routes - the way of every flow through the network
 *
 * A flow takes the trunk that a node's `routes` name for it, else the one its own `via` says, else the next
 * on a path of fewest trunks to its destination (ties: the trunk that stands first).
 */
#include "alarms-priv.h"
#include "bgp-priv.h"

#include <string.h>

uint32_t dx__scenario_next(const DxScenario *scenario, uint32_t flow, uint32_t node)
{
    const DxScFlow *f = DX_SC(scenario, flows, DxScFlow, flow);
    const uint32_t *route = DX_SC(scenario, nodes, DxScNode, node)->route;

    if (route && route[flow] != DX_NONE)
        return route[flow];
    return node == f->to ? DX_NONE : f->next[node];
}

static uint32_t vif_of_session(const DxBgpSession *session, uint32_t trunk)
{
    return session->trunk == trunk ? session->vif : DX_NONE;
}

uint32_t dx__scenario_vif(const DxScenario *scenario, uint32_t flow, uint32_t trunk)
{
    const GArray *vifs;

    if (flow >= scenario->flows->len)
        return vif_of_session(DX_BGP_SESSION(scenario->bgp, flow - scenario->flows->len), trunk);
    vifs = DX_SC(scenario, flows, DxScFlow, flow)->vifs;
    for (guint i = 0; vifs && i < vifs->len; i++) {
        const uint32_t vif = g_array_index(vifs, uint32_t, i);

        if (DX_SC(scenario, vifs, DxScVif, vif)->trunk == trunk)
            return vif;
    }
    return DX_NONE;
}

uint32_t dx__scenario_link_trunk(const DxScenario *scenario, const DxScLink *link)
{
    return link->lag == DX_NONE ? link->trunk : DX_SC(scenario, lags, DxScLag, link->lag)->trunk;
}

uint16_t dx__scenario_vif_tci(const DxScenario *scenario, uint32_t flow, uint32_t trunk, unsigned pcp)
{
    const uint32_t index = dx__scenario_vif(scenario, flow, trunk);
    const DxModel *model = dx__scenario_model(scenario, "vif");
    const void *conf;
    int64_t own;

    if (index == DX_NONE)
        return 0;
    conf = DX_SC(scenario, vifs, DxScVif, index)->conf;
    own = dx__conf_int(model, conf, "pcp");
    return (uint16_t)((own < 0 ? pcp : (unsigned)own) << 13 |
                      (unsigned)dx__conf_int(model, conf, "dei") << 12 |
                      (unsigned)dx__conf_int(model, conf, "vlan"));
}

const char *dx__scenario_trunk_name(const DxScenario *scenario, uint32_t index)
{
    const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, index);

    return trunk->is_lag ? DX_SC(scenario, lags, DxScLag, trunk->index)->name
                         : DX_SC(scenario, links, DxScLink, trunk->index)->name;
}

/* Trunks by node, in order: those at node i are at[first[i]] up to at[first[i + 1]]. */
typedef struct {
    uint32_t *first, *at;
} Trunks;

static Trunks trunks_by_node(const DxScenario *scenario)
{
    const guint n = scenario->nodes->len, n_ends = 2 * scenario->trunks->len;
    Trunks by_node = { g_new0(uint32_t, n + 1), g_new(uint32_t, n_ends + 1) };
    uint32_t *next;

    for (guint i = 0; i < n_ends; i++)
        by_node.first[DX_SC(scenario, trunks, DxScTrunk, i / 2)->end[i % 2] + 1]++;
    for (guint i = 0; i < n; i++)
        by_node.first[i + 1] += by_node.first[i];
    next = g_memdup2(by_node.first, (n + 1) * sizeof *next);
    for (guint i = 0; i < n_ends; i++)
        by_node.at[next[DX_SC(scenario, trunks, DxScTrunk, i / 2)->end[i % 2]]++] = i / 2;
    g_free(next);
    return by_node;
}

/* Next trunk of every node towards @to, breadth first. */
static uint32_t *shortest(const DxScenario *scenario, const Trunks *by_node, uint32_t to)
{
    const uint32_t n = scenario->nodes->len;
    uint32_t *next = g_new(uint32_t, n), *far = g_new(uint32_t, n), *queue = g_new(uint32_t, n);
    uint32_t head = 0, tail = 0;

    for (uint32_t i = 0; i < n; i++)
        next[i] = far[i] = DX_NONE;
    far[to] = 0;
    queue[tail++] = to;
    while (head < tail) {
        const uint32_t at = queue[head++];

        for (uint32_t k = by_node->first[at]; k < by_node->first[at + 1]; k++) {
            const uint32_t i = by_node->at[k];
            const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, i);
            const uint32_t other = trunk->end[trunk->end[0] == at];

            if (far[other] == DX_NONE) {
                far[other] = far[at] + 1;
                queue[tail++] = other;
            }
            if (far[other] == far[at] + 1 && i < next[other])
                next[other] = i;
        }
    }
    g_free(far);
    g_free(queue);
    return next;
}

static void use(DxScenario *scenario, const DxScTrunk *trunk, uint32_t from)
{
    DxScLag *lag;

    if (!trunk->is_lag) {
        DxScLink *link = DX_SC(scenario, links, DxScLink, trunk->index);

        link->is_used[trunk->end[1] == from] = true;
        if (link->mka)
            link->is_used[0] = link->is_used[1] = true;
        return;
    }
    lag = DX_SC(scenario, lags, DxScLag, trunk->index);
    lag->is_used[trunk->end[1] == from] = true;
    for (uint32_t i = 0; i < lag->n_members; i++) {
        DxScLink *link = DX_SC(scenario, links, DxScLink, lag->member[i]);

        link->is_used[link->end[1] == from] = true;
        if (dx__lag_has_agents(lag) || link->mka)
            link->is_used[0] = link->is_used[1] = true;
    }
}

static void use_both(DxScenario *scenario, uint32_t index)
{
    const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, index);

    use(scenario, trunk, trunk->end[0]);
    use(scenario, trunk, trunk->end[1]);
}

/* Follow a flow from where it takes trunk @next, until it arrives, is lost, or has been everywhere. */
static void mark_used(DxScenario *scenario, uint32_t flow, uint32_t next)
{
    uint32_t at = DX_SC(scenario, flows, DxScFlow, flow)->from;

    for (guint steps = 0; steps <= scenario->nodes->len && next != DX_NONE; steps++) {
        const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, next);

        use(scenario, trunk, at);
        at = trunk->end[trunk->end[0] == at];
        next = dx__scenario_next(scenario, flow, at);
    }
}

/* Who reaches a destination without asking another BGP router, by where a flow goes next. */
typedef enum { UNKNOWN, IS_NOT, IS } Behind;

static uint32_t step_of(const DxScenario *scenario, const DxScFlow *flow, uint32_t at)
{
    const uint32_t next = flow->next[at];
    const DxScTrunk *trunk = next == DX_NONE ? NULL : DX_SC(scenario, trunks, DxScTrunk, next);

    return trunk ? trunk->end[trunk->end[0] == at] : DX_NONE;
}

/* Each node is looked at once for a flow: what has been found out is kept in @behind, and who is on the way
 * there (@stack) meanwhile is not. */
static bool is_behind(const DxScenario *scenario, const DxScFlow *flow, uint32_t at, uint8_t *behind,
                      uint32_t *stack)
{
    const DxScBgp *bgp = scenario->bgp;
    Behind found = IS_NOT;
    guint n = 0;

    while (at != DX_NONE && at != flow->to && behind[at] == UNKNOWN) {
        behind[at] = IS_NOT;
        stack[n++] = at;
        at = step_of(scenario, flow, at);
        if (at != DX_NONE && at != flow->to && bgp->router_of_node[at] != DX_BGP_NOBODY)
            at = DX_NONE;
    }
    if (at != DX_NONE)
        found = at == flow->to ? IS : (Behind)behind[at];
    while (n)
        behind[stack[--n]] = (uint8_t)found;
    return found == IS;
}

/* From each BGP router on to a destination behind it, where nobody else decides on the way. */
static void mark_behind_routers(DxScenario *scenario, uint32_t index, uint8_t *behind, uint32_t *stack)
{
    const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, index);
    const DxScBgp *bgp = scenario->bgp;

    memset(behind, UNKNOWN, scenario->nodes->len);
    for (guint i = 0; i < bgp->routers->len; i++)
        is_behind(scenario, flow, DX_BGP_ROUTER(bgp, i)->node, behind, stack);
    for (guint node = 0; node < scenario->nodes->len; node++)
        if (behind[node] == IS && node != flow->to)
            use(scenario, DX_SC(scenario, trunks, DxScTrunk, flow->next[node]), node);
}

/* What BGP decides at run time may go over any of these, both ways; so do sessions themselves. */
static void mark_bgp(DxScenario *scenario)
{
    const DxScBgp *bgp = scenario->bgp;
    g_autofree uint8_t *behind = g_new(uint8_t, scenario->nodes->len + 1);
    g_autofree uint32_t *stack = g_new(uint32_t, scenario->nodes->len + 1);

    for (guint i = 0; i < bgp->sessions->len; i++)
        if (DX_BGP_SESSION(bgp, i)->trunk != DX_BGP_NOBODY)
            use_both(scenario, DX_BGP_SESSION(bgp, i)->trunk);
    for (guint i = 0; i < bgp->igp_links->len; i++)
        use_both(scenario, g_array_index(bgp->igp_links, DxIgpLink, i).trunk);
    for (guint i = 0; i < scenario->flows->len; i++)
        mark_behind_routers(scenario, i, behind, stack);
}

bool dx__flow_takes(const DxScenario *scenario, uint32_t flow, uint32_t node, uint32_t trunk)
{
    return dx__scenario_next(scenario, flow, node) == trunk &&
           !dx__scenario_bgp_decides(scenario, flow, node);
}

bool dx__trunks_are_parallel(const DxScenario *scenario, uint32_t a, uint32_t b)
{
    const uint32_t *x = DX_SC(scenario, trunks, DxScTrunk, a)->end;
    const uint32_t *y = DX_SC(scenario, trunks, DxScTrunk, b)->end;

    return (x[0] == y[0] && x[1] == y[1]) || (x[0] == y[1] && x[1] == y[0]);
}

/* -- where alarms may send flows: from there on their way is as it was --------------------------------- */

/* By trunk and end: may something that alarms shift be sent there? */
typedef bool (*MayGo)[2];

static unsigned end_at(const DxScTrunk *trunk, uint32_t node)
{
    return trunk->end[1] == node;
}

/* Flows that the file sends there; without `to` those that have a backup go to it. */
static void begin_shift(const DxScenario *scenario, const DxScAction *action, MayGo may_go)
{
    const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, action->trunk);

    for (guint i = 0; i < scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, i);

        for (unsigned d = 0; d < 2; d++)
            may_go[action->trunk][d] |= dx__flow_takes(scenario, i, trunk->end[d], action->trunk);
        if (action->to == DX_NONE && flow->backup != DX_NONE)
            may_go[flow->backup][end_at(DX_SC(scenario, trunks, DxScTrunk, flow->backup), flow->from)] = true;
    }
}

/* What has been shifted to one may be shifted on to another. True: that is news. */
static bool go_on(DxScenario *scenario, const DxScAction *action, MayGo may_go)
{
    const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, action->trunk), *to;
    bool is_new = false;

    if (action->to == DX_NONE)
        return false;
    to = DX_SC(scenario, trunks, DxScTrunk, action->to);
    for (unsigned d = 0; d < 2; d++) {
        bool *may = &may_go[action->to][end_at(to, trunk->end[d])];

        if (!may_go[action->trunk][d])
            continue;
        use(scenario, to, trunk->end[d]);
        is_new |= !*may;
        *may = true;
    }
    return is_new;
}

static GPtrArray *all_shifts(const DxScenario *scenario)
{
    GPtrArray *shifts = g_ptr_array_new();

    for (guint i = 0; i < scenario->alarms->len; i++)
        for (unsigned k = 0; k < 2; k++) {
            const GArray *actions = DX_SC(scenario, alarms, DxScAlarm, i)->actions[k];

            for (guint a = 0; a < actions->len; a++) {
                DxScAction *action = &g_array_index(actions, DxScAction, a);

                if (action->what == DX_ACT_SHIFT && action->trunk != DX_NONE)
                    g_ptr_array_add(shifts, action);
            }
        }
    return shifts;
}

static void mark_shifts(DxScenario *scenario)
{
    g_autoptr(GPtrArray) shifts = all_shifts(scenario);
    MayGo may_go = g_malloc0((scenario->trunks->len + 1) * sizeof *may_go);
    bool is_new = shifts->len > 0;

    for (guint i = 0; i < shifts->len; i++)
        begin_shift(scenario, g_ptr_array_index(shifts, i), may_go);
    while (is_new) {
        is_new = false;
        for (guint i = 0; i < shifts->len; i++)
            is_new |= go_on(scenario, g_ptr_array_index(shifts, i), may_go);
    }
    g_free(may_go);
}

void dx__scenario_route(DxScenario *scenario)
{
    uint32_t **towards = g_new0(uint32_t *, scenario->nodes->len + 1);
    Trunks by_node = trunks_by_node(scenario);

    for (guint i = 0; i < scenario->flows->len; i++) {
        DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, i);

        if (!towards[flow->to])
            towards[flow->to] = shortest(scenario, &by_node, flow->to);
        for (guint node = 0; node < scenario->nodes->len; node++)
            if (flow->next[node] == DX_NONE)
                flow->next[node] = towards[flow->to][node];
        mark_used(scenario, i, dx__scenario_next(scenario, i, flow->from));
        mark_used(scenario, i, flow->backup);
    }
    if (scenario->bgp)
        mark_bgp(scenario);
    mark_shifts(scenario);
    for (guint node = 0; node < scenario->nodes->len; node++)
        g_free(towards[node]);
    g_free(towards);
    g_free(by_node.first);
    g_free(by_node.at);
}
