/*
 * build-alarms - what alarms do to the network
 */
#include "build-priv.h"

static uint64_t rate_of(void *data, uint32_t link)
{
    return ((DxBuild *)data)->rate_bps[link];
}

static void set_rate(void *data, uint32_t link, uint64_t rate_bps)
{
    dx__build_set_rate(data, link, rate_bps);
}

/* -- routes ------------------------------------------------------------------------------------------ */

static gpointer place_of(const DxBuild *build, uint32_t flow, uint32_t node)
{
    return (gpointer)((guintptr)flow * build->scenario->nodes->len + node);
}

/* Is @flow sent from @node over @trunk now? By alarms or by the file: what BGP sends stays with BGP. */
static bool is_on(const DxBuild *build, uint32_t flow, uint32_t node, uint32_t trunk)
{
    const guint shifted = GPOINTER_TO_UINT(g_hash_table_lookup(build->shifted, place_of(build, flow, node)));

    return shifted ? shifted - 1 == trunk : dx__flow_takes(build->scenario, flow, node, trunk);
}

/* @to DX_NONE: to its own backup, which begins where it does. */
static bool shift_flow(DxBuild *build, uint32_t i, uint32_t node, uint32_t to)
{
    const DxScFlow *flow = DX_SC(build->scenario, flows, DxScFlow, i);

    if (to == DX_NONE)
        to = node == flow->from ? flow->backup : DX_NONE;
    if (to == DX_NONE || !dx__build_route(build, i, node, to))
        return false;
    if (to == dx__scenario_next(build->scenario, i, node))
        g_hash_table_remove(build->shifted, place_of(build, i, node));
    else
        g_hash_table_insert(build->shifted, place_of(build, i, node), GUINT_TO_POINTER(to + 1));
    return true;
}

static uint64_t shift(void *data, uint32_t trunk, uint32_t to)
{
    DxBuild *build = data;
    const uint32_t *end = DX_SC(build->scenario, trunks, DxScTrunk, trunk)->end;
    uint64_t n = 0;

    for (guint i = 0; i < build->scenario->flows->len; i++)
        for (unsigned d = 0; d < 2; d++)
            if (is_on(build, i, end[d], trunk) && shift_flow(build, i, end[d], to))
                n += DX_SC(build->scenario, flows, DxScFlow, i)->n_flows;
    return n;
}

/* All that were shifted away from @trunk, which is theirs by right. */
static uint64_t put_back(void *data, uint32_t trunk)
{
    DxBuild *build = data;
    const uint32_t *end = DX_SC(build->scenario, trunks, DxScTrunk, trunk)->end;
    uint64_t n = 0;

    for (guint i = 0; i < build->scenario->flows->len; i++)
        for (unsigned d = 0; d < 2; d++)
            if (dx__scenario_next(build->scenario, i, end[d]) == trunk &&
                g_hash_table_remove(build->shifted, place_of(build, i, end[d])) &&
                dx__build_route(build, i, end[d], trunk))
                n += DX_SC(build->scenario, flows, DxScFlow, i)->n_flows;
    return n;
}

/* -- the world of alarms ----------------------------------------------------------------------------- */

static void say(void *data, const char *object, const char *event, const char *detail)
{
    dx_sim_log(((DxBuild *)data)->run.sim, object, event, detail);
}

/* What falls due later: an event of the world. */
typedef struct {
    DxBuild *build;
    uint32_t order;
} Due;

static void on_due(DxSim *sim, void *data)
{
    const Due *due = data;

    dx__alarms_act(due->build->alarms, due->order, dx_sim_now(sim));
}

static void later(void *data, DxTime at_ps, uint32_t order)
{
    DxBuild *build = data;
    Due *due = g_new(Due, 1);

    *due = (Due){ build, order };
    g_ptr_array_add(build->due, due);
    dx_sim_at(build->run.sim, at_ps, on_due, due);
}

void dx__build_alarms(DxBuild *build)
{
    static const DxAlarmWorld world = { rate_of, set_rate, shift, put_back, say, later };
    const DxScenario *scenario = build->scenario;

    if (!scenario->alarms->len)
        return;
    for (guint i = 0; i < scenario->links->len; i++)
        build->rate_bps[i] = (uint64_t)dx__conf_int(dx__scenario_model(scenario, "port"),
                                                    DX_SC(scenario, links, DxScLink, i)->port, "rate");
    build->shifted = g_hash_table_new(NULL, NULL);
    build->due = g_ptr_array_new_with_free_func(g_free);
    build->alarms = dx__alarms_start(scenario, build->run.monitor, &world, build);
}

void dx__build_alarms_free(DxBuild *build)
{
    dx__alarms_free(build->alarms);
    g_clear_pointer(&build->shifted, g_hash_table_unref);
    g_clear_pointer(&build->due, g_ptr_array_unref);
}
