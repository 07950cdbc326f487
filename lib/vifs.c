/*
 * vifs - the virtual interfaces of a network that is being built
 */
#include "vifs-priv.h"
#include "bgp-priv.h"

#include <dxsim/vif.h>

/* One direction of a trunk. */
typedef struct {
    DxNode *enter, *leave; /* NULL: nobody uses it */
    DxVifCounts *tx, *rx;  /* by VIF of the trunk, then one for strangers */
} Way;

/* A trunk that has VIFs. */
typedef struct {
    GPtrArray *conf;   /* of its VIFs, in order */
    GArray *vif;       /* uint32_t: which they are */
    uint16_t *of_flow; /* see DxVifLine */
    Way way[2];
} Line;

struct DxVifs {
    const DxScenario *scenario;
    Line **line; /* by trunk; NULL: it has none */
};

/* -- making ------------------------------------------------------------------------------------------ */

static void line_free(Line *line)
{
    if (!line)
        return;
    g_ptr_array_unref(line->conf);
    g_array_unref(line->vif);
    g_free(line->of_flow);
    for (unsigned d = 0; d < 2; d++) {
        g_free(line->way[d].tx);
        g_free(line->way[d].rx);
    }
    g_free(line);
}

static void gather(DxVifs *vifs)
{
    for (guint i = 0; i < vifs->scenario->vifs->len; i++) {
        const DxScVif *vif = DX_SC(vifs->scenario, vifs, DxScVif, i);
        Line *line = vifs->line[vif->trunk];

        if (!line) {
            line = vifs->line[vif->trunk] = g_new0(Line, 1);
            line->conf = g_ptr_array_new();
            line->vif = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        }
        g_ptr_array_add(line->conf, vif->conf);
        g_array_append_val(line->vif, i);
    }
}

/* Number of a VIF on its line, from 1. */
static uint16_t number_of(const Line *line, uint32_t vif)
{
    guint at = 0;

    while (g_array_index(line->vif, uint32_t, at) != vif)
        at++;
    return (uint16_t)(at + 1);
}

uint16_t dx__vifs_number(const DxVifs *vifs, uint32_t vif)
{
    return vif == DX_NONE
               ? 0
               : number_of(vifs->line[DX_SC(vifs->scenario, vifs, DxScVif, vif)->trunk], vif);
}

/* Those of sessions that run on a VIF. */
static void find_session_flows(DxVifs *vifs)
{
    const DxScBgp *bgp = vifs->scenario->bgp;

    for (guint i = 0; bgp && i < bgp->sessions->len; i++) {
        const DxBgpSession *session = DX_BGP_SESSION(bgp, i);
        const uint16_t number = dx__vifs_number(vifs, session->vif);

        for (unsigned end = 0; end < 2 && number; end++) {
            vifs->line[session->trunk]->of_flow[session->tcp[end].flow] = number;
            if (session->bfd[end].flow != DX_BGP_NOBODY)
                vifs->line[session->trunk]->of_flow[session->bfd[end].flow] = number;
        }
    }
}

static void find_flows(DxVifs *vifs)
{
    const GArray *flows = vifs->scenario->flows;
    const size_t n = dx__scenario_n_flows(vifs->scenario) +
                     (vifs->scenario->bgp ? vifs->scenario->bgp->flows->len : 0);

    for (guint i = 0; i < vifs->scenario->trunks->len; i++)
        if (vifs->line[i])
            vifs->line[i]->of_flow = g_new0(uint16_t, n + 1);
    for (guint i = 0; i < flows->len; i++) {
        const DxScFlow *flow = DX_SC(vifs->scenario, flows, DxScFlow, i);

        for (guint k = 0; flow->vifs && k < flow->vifs->len; k++) {
            const uint32_t vif = g_array_index(flow->vifs, uint32_t, k);
            Line *line = vifs->line[DX_SC(vifs->scenario, vifs, DxScVif, vif)->trunk];
            const uint16_t number = number_of(line, vif);

            for (uint32_t j = 0; j < flow->n_flows; j++)
                line->of_flow[flow->first_flow + j] = number;
        }
    }
    find_session_flows(vifs);
}

static DxNode *make_node(const DxVifs *vifs, DxSim *sim, uint32_t trunk, unsigned d, bool leaves)
{
    const DxScTrunk *joins = DX_SC(vifs->scenario, trunks, DxScTrunk, trunk);
    Line *line = vifs->line[trunk];
    g_autofree char *direction =
        dx__scenario_direction(vifs->scenario, dx__scenario_trunk_name(vifs->scenario, trunk), joins->end, d);
    g_autofree char *name = g_strconcat(direction, leaves ? ".vif-leave" : ".vif-enter", NULL);
    DxNode *node = dx_sim_add(sim, name, dx__scenario_model(vifs->scenario, "vif"));
    DxVifCounts *counts = g_new0(DxVifCounts, line->conf->len + 1);

    *(DxVifLine *)dx_sim_conf(node) = (DxVifLine){ .leaves = leaves,
                                                   .end = leaves ? !d : d,
                                                   .n = line->conf->len,
                                                   .conf = (const void *const *)line->conf->pdata,
                                                   .of_flow = line->of_flow,
                                                   .counts = counts };
    if (leaves)
        line->way[d].rx = counts;
    else
        line->way[d].tx = counts;
    return node;
}

static bool is_used(const DxScenario *scenario, uint32_t index, unsigned d)
{
    const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, index);

    return trunk->is_lag ? DX_SC(scenario, lags, DxScLag, trunk->index)->is_used[d]
                         : DX_SC(scenario, links, DxScLink, trunk->index)->is_used[d];
}

DxVifs *dx__vifs_new(const DxScenario *scenario, DxSim *sim)
{
    DxVifs *vifs = g_new0(DxVifs, 1);

    vifs->scenario = scenario;
    vifs->line = g_new0(Line *, scenario->trunks->len + 1);
    gather(vifs);
    find_flows(vifs);
    for (uint32_t i = 0; i < scenario->trunks->len; i++)
        for (unsigned d = 0; d < 2; d++) {
            if (!vifs->line[i] || !is_used(scenario, i, d))
                continue;
            vifs->line[i]->way[d].enter = make_node(vifs, sim, i, d, false);
            vifs->line[i]->way[d].leave = make_node(vifs, sim, i, d, true);
        }
    return vifs;
}

void dx__vifs_free(DxVifs *vifs)
{
    if (!vifs)
        return;
    for (guint i = 0; i < vifs->scenario->trunks->len; i++)
        line_free(vifs->line[i]);
    g_free(vifs->line);
    g_free(vifs);
}

DxNode *dx__vifs_enter(const DxVifs *vifs, uint32_t trunk, unsigned d)
{
    return trunk != DX_NONE && vifs->line[trunk] ? vifs->line[trunk]->way[d].enter : NULL;
}

DxNode *dx__vifs_leave(const DxVifs *vifs, uint32_t trunk, unsigned d)
{
    return trunk != DX_NONE && vifs->line[trunk] ? vifs->line[trunk]->way[d].leave : NULL;
}

/* -- measuring --------------------------------------------------------------------------------------- */

static void watch(DxResults *results, const char *object, const char *metric, uint64_t *from)
{
    dx_results_watch(results, "vif", object, metric, DX_COUNTER_SUM, from);
}

static void watch_vif(DxResults *results, const char *object, bool has_limit, bool is_monitored,
                      DxVifCounts *tx, DxVifCounts *rx)
{
    watch(results, object, "tx_frames", &tx->frames);
    watch(results, object, "tx_bytes", &tx->bytes);
    watch(results, object, "rx_frames", &rx->frames);
    watch(results, object, "rx_bytes", &rx->bytes);
    if (has_limit)
        watch(results, object, "dropped_policed", &tx->dropped[DX_VIF_POLICED]);
    if (has_limit && is_monitored)
        watch(results, object, "policed_bytes", &tx->policed_bytes);
    watch(results, object, "dropped_mtu_exceeded", &tx->dropped[DX_VIF_MTU_EXCEEDED]);
    watch(results, object, "dropped_vlan_not_member", &tx->dropped[DX_VIF_NOT_MEMBER]);
    watch(results, object, "dropped_vlan_not_member", &rx->dropped[DX_VIF_NOT_MEMBER]);
    watch(results, object, "dropped_already_tagged", &tx->dropped[DX_VIF_ALREADY_TAGGED]);
}

void dx__vifs_watch(const DxVifs *vifs, DxResults *results)
{
    const DxScenario *scenario = vifs->scenario;
    guint *next = g_new0(guint, scenario->trunks->len + 1); /* VIFs of a line come in order */

    for (guint i = 0; i < scenario->vifs->len; i++) {
        const DxScVif *vif = DX_SC(scenario, vifs, DxScVif, i);
        const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, vif->trunk);
        const guint at = next[vif->trunk]++;

        for (unsigned d = 0; d < 2; d++) {
            g_autofree char *object = dx__scenario_direction(scenario, vif->name, trunk->end, d);
            const Way *way = &vifs->line[vif->trunk]->way[d];

            if (way->enter)
                watch_vif(results, object,
                          dx__conf_int(dx__scenario_model(scenario, "vif"), vif->conf, "rate_limit") > 0,
                          scenario->monitor.is_there,
                          &way->tx[at], &way->rx[at]);
        }
    }
    g_free(next);
}

void dx__vifs_watch_strangers(const DxVifs *vifs, DxResults *results, const char *kind, uint32_t trunk,
                              unsigned d)
{
    const DxScTrunk *joins = trunk == DX_NONE ? NULL : DX_SC(vifs->scenario, trunks, DxScTrunk, trunk);
    g_autofree char *object = NULL;

    if (!dx__vifs_leave(vifs, trunk, d))
        return;
    object =
        dx__scenario_direction(vifs->scenario, dx__scenario_trunk_name(vifs->scenario, trunk), joins->end, d);
    dx_results_watch(results, kind, object, "dropped_vlan_not_member", DX_COUNTER_SUM,
                     &vifs->line[trunk]->way[d].rx[vifs->line[trunk]->conf->len].dropped[DX_VIF_NOT_MEMBER]);
}
