/*
 * build-monitor - meters on the links that end at the cloud, and who reads them
 *
 *   [meter] -> what stands before the port -> port -> [meter] -> ... fiber -> [meter] -> ...
 *    offered                                           sent                  received
 */
#include "build-priv.h"
#include "results-priv.h"

/* -- meters ------------------------------------------------------------------------------------------ */

void dx__build_meter(DxBuild *build, const DxScLink *link, DxDirection *direction, const char *name,
                     DxMeterPlace place)
{
    static const char *const places[] = { "offered", "sent", "received" };
    const DxScenario *scenario = build->scenario;
    const DxModel *model = dx__scenario_model(scenario, "meter");
    g_autofree char *node_name = g_strdup_printf("%s.meter-%s", name, places[place]);
    int *conf; /* place, framing */

    if (dx__metric_cloud_end(scenario, link->end) == 2)
        return;
    direction->meter[place] = dx_sim_add(build->run.sim, node_name, model);
    conf = dx_sim_conf(direction->meter[place]);
    conf[0] = (int)place;
    conf[1] = (int)dx__conf_int(dx__scenario_model(scenario, "port"), link->port, "framing");
    g_ptr_array_add(direction->chain, direction->meter[place]);
}

/* -- connections ------------------------------------------------------------------------------------- */

/* Both directions are protected, and there is light. */
static bool is_encrypted(const DxBuild *build, uint32_t link)
{
    for (unsigned d = 0; d < 2; d++) {
        const DxNode *enter = build->link[link][d].secy[DX_MACSEC_ENTER];

        if (build->link[link][d].port && (!enter || !dx_node_counter(enter, "secured")))
            return false;
    }
    return build->state[link];
}

static void observe_connections(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;

    for (guint i = 0; i < scenario->links->len; i++) {
        build->state[i] = !build->is_port_down[i];
        build->encryption_state[i] = is_encrypted(build, i);
    }
    for (guint i = 0; i < scenario->lags->len; i++) {
        const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);

        build->lag_encryption_state[i] = lag->n_members > 0;
        for (uint32_t k = 0; k < lag->n_members; k++)
            build->lag_encryption_state[i] &= build->encryption_state[lag->member[k]];
    }
}

static bool has_macsec(const DxScenario *scenario, const DxScLag *lag)
{
    for (uint32_t k = 0; k < lag->n_members; k++)
        if (DX_SC(scenario, links, DxScLink, lag->member[k])->macsec)
            return true;
    return false;
}

/* Rows of kind "connection". */
void dx__build_watch_connections(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;
    DxResults *results = build->run.results;

    if (!scenario->monitor.is_there)
        return;
    build->state = g_new0(uint64_t, scenario->links->len + 1);
    build->encryption_state = g_new0(uint64_t, scenario->links->len + 1);
    build->lag_encryption_state = g_new0(uint64_t, scenario->lags->len + 1);
    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);

        if (dx__metric_cloud_end(scenario, link->end) == 2)
            continue;
        dx_results_watch(results, "connection", link->name, "state", DX_COUNTER_GAUGE, &build->state[i]);
        if (link->macsec)
            dx_results_watch(results, "connection", link->name, "encryption_state", DX_COUNTER_GAUGE,
                             &build->encryption_state[i]);
    }
    for (guint i = 0; i < scenario->lags->len; i++) {
        const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);

        if (dx__metric_cloud_end(scenario, lag->end) != 2 && has_macsec(scenario, lag))
            dx_results_watch(results, "connection", lag->name, "encryption_state", DX_COUNTER_GAUGE,
                             &build->lag_encryption_state[i]);
    }
}

/* -- the monitor ------------------------------------------------------------------------------------- */

static void on_tick(DxSim *sim, void *data)
{
    DxBuild *build = data;
    DxMonitor *monitor = build->run.monitor;
    const DxTime now_ps = dx_sim_now(sim);
    const unsigned due = dx__monitor_due(build->scenario, now_ps);

    dx_sim_observe(sim);
    observe_connections(build);
    dx__results_read(build->run.results);
    dx__monitor_tick(monitor);
    if (due & DX_DUE_SAMPLE)
        dx__monitor_sample(monitor);
    if (due & DX_DUE_PERIOD)
        dx__monitor_close(monitor, now_ps);
    if (due & DX_DUE_SAMPLE && build->alarms)
        dx__alarms_sample(build->alarms, now_ps);
}

void dx__build_monitor(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;

    if (!scenario->monitor.is_there)
        return;
    build->run.monitor = dx__monitor_new(scenario, build->run.results);
    dx__build_alarms(build);
    dx_sim_measure_every(build->run.sim, scenario->monitor.truth_ps, scenario->duration_ps, on_tick, build);
}

/* Of a period that has begun. */
void dx__build_monitor_end(DxBuild *build)
{
    if (!build->run.monitor)
        return;
    observe_connections(build);
    dx__monitor_close(build->run.monitor, dx_sim_now(build->run.sim));
}

void dx__build_monitor_free(DxBuild *build)
{
    dx__monitor_free(build->run.monitor);
    g_free(build->state);
    g_free(build->encryption_state);
    g_free(build->lag_encryption_state);
}
