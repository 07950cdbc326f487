/*
 * build-watch - which counters of which nodes become rows of the results, and of whom
 */
#include "build-priv.h"

#include <dxsim/macsec.h>
#include <string.h>

static void watch_counters(DxResults *results, const char *kind, const char *object, const DxNode *node)
{
    const DxModel *model = node->model;

    for (unsigned i = 0; model->counters && model->counters[i].name; i++) {
        const DxCounter *counter = &model->counters[i];
        void *from = (char *)node->state + counter->offset;

        if (model->has_counter && !model->has_counter(node->conf, i))
            continue;
        if (counter->kind == DX_COUNTER_REAL)
            dx_results_watch_real(results, kind, object, counter->name, from);
        else
            dx_results_watch(results, kind, object, counter->name, counter->kind, from);
    }
}

/* @prefix: before the reason, where the object has several nodes that tell theirs apart. */
static void watch_drops(DxResults *results, const char *kind, const char *object, const char *prefix,
                        const DxNode *node)
{
    for (unsigned i = 0; node->model->drops && node->model->drops[i]; i++) {
        char *metric;

        if (node->model->can_drop && !node->model->can_drop(node->conf, i))
            continue;
        metric = g_strdup_printf("dropped_%s%s", prefix, node->model->drops[i]);
        dx_results_watch(results, kind, object, metric, DX_COUNTER_SUM, &node->dropped[i]);
        g_free(metric);
    }
}

static bool is_secy(const DxDirection *direction, const DxNode *node)
{
    return node == direction->secy[DX_MACSEC_ENTER] || node == direction->secy[DX_MACSEC_SEND] ||
           node == direction->secy[DX_MACSEC_RECEIVE];
}

static bool is_inserted(const DxDirection *direction, const DxNode *node)
{
    return node != direction->port && node != direction->fiber && node != direction->agent &&
           node != direction->attack && node != direction->meter[DX_METER_OFFERED] &&
           node != direction->meter[DX_METER_SENT] && node != direction->meter[DX_METER_RECEIVED];
}

/* What inserted models drop is lost on the link: of "dx1:a>b.shaper0" it is "dropped_shaper0_queue_full" of
 * "dx1:a>b". */
static void watch_inserted_drops(DxResults *results, const char *link, const DxDirection *direction)
{
    for (guint i = 0; i < direction->chain->len; i++) {
        const DxNode *node = g_ptr_array_index(direction->chain, i);
        char *prefix;

        if (is_secy(direction, node))
            watch_drops(results, "link", link, "", node);
        if (!is_inserted(direction, node) || is_secy(direction, node))
            continue;
        prefix = g_strconcat(node->name + strlen(link) + 1, "_", NULL);
        watch_drops(results, "link", link, prefix, node);
        g_free(prefix);
    }
}

static void watch_links(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;
    DxResults *results = build->run.results;

    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);

        for (unsigned d = 0; d < 2; d++) {
            const DxDirection *direction = &build->link[i][d];
            char *name = dx__scenario_direction(scenario, link->name, link->end, d);

            if (direction->port) {
                watch_counters(results, "link", name, direction->port);
                watch_counters(results, "link", name, direction->fiber);
                watch_drops(results, "link", name, "", direction->port);
                watch_drops(results, "link", name, "", direction->fiber);
                if (direction->agent)
                    watch_drops(results, "link", name, "", direction->agent);
                if (direction->attack)
                    watch_drops(results, "link", name, "attack_", direction->attack);
                watch_inserted_drops(results, name, direction);
                for (unsigned place = 0; place < DX_METER_N_PLACES && direction->meter[place]; place++)
                    watch_counters(results, "link", name, direction->meter[place]);
                dx__vifs_watch_strangers(build->vifs, results, "link", link->trunk, d);
            }
            g_free(name);
        }
    }
}

/* The rest of what they have to tell is their own. */
static void watch_inserted(DxBuild *build)
{
    for (guint i = 0; i < 2 * build->scenario->links->len; i++) {
        const DxDirection *direction = &build->link[i / 2][i % 2];

        for (guint k = 0; direction->chain && k < direction->chain->len; k++) {
            const DxNode *node = g_ptr_array_index(direction->chain, k);

            if (is_inserted(direction, node) || !strcmp(node->model->name, "lacp"))
                watch_counters(build->run.results, "model", node->name, node);
        }
    }
}

void dx__build_watch(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;
    DxResults *results = build->run.results;

    for (guint i = 0; i < scenario->flows->len; i++) {
        const char *name = DX_SC(scenario, flows, DxScFlow, i)->name;

        dx_results_watch_group(results, name, dx_sim_group(build->run.sim, i));
        if (build->outage)
            dx__outages_watch(results, name, &build->outage[i]);
    }
    watch_links(build);
    watch_inserted(build);
    for (guint i = 0; i < scenario->lags->len; i++)
        for (unsigned d = 0; d < 2; d++) {
            const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);
            char *name = dx__scenario_direction(scenario, lag->name, lag->end, d);

            if (build->lag[i][d].hash) {
                watch_counters(results, "lag", name, build->lag[i][d].hash);
                watch_drops(results, "lag", name, "", build->lag[i][d].hash);
                dx__vifs_watch_strangers(build->vifs, results, "lag", lag->trunk, d);
            }
            if (build->lag[i][d].aggregator)
                watch_counters(results, "lag", name, build->lag[i][d].aggregator);
            g_free(name);
        }
    dx__build_watch_connections(build);
    dx__vifs_watch(build->vifs, results);
    dx__attacks_watch(build->attacks, results);
    dx__build_bgp_watch(build);
    for (guint i = 0; i < scenario->nodes->len; i++)
        watch_drops(results, "node", DX_SC(scenario, nodes, DxScNode, i)->name, "", build->router[i]);
    dx_results_watch(results, "total", "frames", "created", DX_COUNTER_SUM, &build->balance.created);
    dx_results_watch(results, "total", "frames", "delivered", DX_COUNTER_SUM, &build->balance.delivered);
    dx_results_watch(results, "total", "frames", "dropped", DX_COUNTER_SUM, &build->balance.dropped);
    dx_results_watch(results, "total", "frames", "held", DX_COUNTER_GAUGE, &build->balance.held);
    dx_results_watch(results, "total", "frames", "in_flight", DX_COUNTER_GAUGE, &build->balance.in_flight);
}
