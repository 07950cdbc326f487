/*
 * report-latency - where the mean latency of each flow went
 *
 *   mean = propagation + serialisation + wait
 *
 * Propagation and serialisation are those of its way through the idle network, as explain works them out.
 * What remains of the mean was spent waiting; beside each hop stands the mean wait of all frames there. A
 * flow that went more than one way, by a failure, a route that changed, several next hops or members of
 * unlike length, has no such sum, and only its mean is shown.
 */
#include "columns-priv.h"
#include "explain-priv.h"
#include "report-priv.h"
#include "results-priv.h"

#include <string.h>

#define MAX_FLOWS 12

static void add_time(DxColumns *columns, DxTime time_ps)
{
    dx__columns_add(columns, time_ps < 0 ? g_strdup("-") : dx_units_format_short(DX_UNIT_TIME, time_ps));
}

/* In the queues of models that were put into this direction of the link. */
static uint64_t wait_of_inserts(const DxResults *results, const DxScLink *link, const char *direction)
{
    uint64_t wait_ps = 0;

    for (guint i = 0; i < link->inserts->len; i++) {
        const DxModel *model = g_array_index(link->inserts, DxScInsert, i).model;
        g_autofree char *object = dx__scenario_insert(direction, model, i);

        wait_ps += dx__results_value(results, "model", object, "wait_ps");
    }
    return wait_ps;
}

/* Over all members, when it is a LAG: those links that are named in it. */
static DxTime mean_wait_ps(const DxScenario *scenario, const DxResults *results, const DxExplainHop *hop)
{
    uint64_t frames = 0, wait_ps = 0;

    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);
        const char *trunk =
            link->lag == DX_NONE ? link->name : DX_SC(scenario, lags, DxScLag, link->lag)->name;
        const size_t n = strlen(trunk);

        if (strncmp(hop->name, trunk, n) || hop->name[n] != ':')
            continue;
        for (unsigned d = 0; d < 2; d++) {
            g_autofree char *name = dx__scenario_direction(scenario, link->name, link->end, d);

            if (strcmp(strchr(name, ':'), hop->name + n))
                continue;
            frames += dx__results_value(results, "link", name, "tx_frames");
            wait_ps += dx__results_value(results, "link", name, "wait_ps");
            wait_ps += wait_of_inserts(results, link, name);
        }
    }
    return frames ? (DxTime)((wait_ps + frames / 2) / frames) : -1;
}

static void add_flow(DxColumns *columns, const DxScenario *scenario, const DxResults *results,
                     const DxExplainFlow *flow)
{
    const DxTime mean_ps = (DxTime)dx__results_value(results, "flow", flow->name, "latency_mean_ps");
    const DxTime wait_ps = mean_ps - flow->propagation_ps - flow->serialisation_ps;
    const bool adds_up = flow->is_one_way && wait_ps >= 0;

    dx__columns_add(columns, g_strdup(flow->name));
    add_time(columns, adds_up ? flow->propagation_ps : -1);
    add_time(columns, adds_up ? flow->serialisation_ps : -1);
    add_time(columns, adds_up ? wait_ps : -1);
    add_time(columns, mean_ps);
    for (guint i = 0; adds_up && flow->hops->len > 1 && i < flow->hops->len; i++) {
        const DxExplainHop *hop = g_ptr_array_index(flow->hops, i);

        dx__columns_add(columns, g_strconcat("  ", hop->name, NULL));
        add_time(columns, hop->propagation_ps);
        add_time(columns, hop->serialisation_ps);
        add_time(columns, mean_wait_ps(scenario, results, hop));
        dx__columns_add(columns, g_strdup(""));
    }
}

static bool has_arrived(const DxResults *results, const char *flow)
{
    return dx__results_value(results, "flow", flow, "delivered_frames") > 0;
}

void dx__report_latency(GString *out, const DxScenario *scenario, const DxRun *run)
{
    static const char *const titles[] = { "latency of", "propagation", "serialisation", "wait", "mean" };
    unsigned n = 0, n_skipped = 0;
    DxColumns columns;

    dx__columns_init(&columns, G_N_ELEMENTS(titles), 0, ~1u, 0);
    for (guint i = 0; i < scenario->flows->len; i++) {
        DxExplainFlow *flow;

        if (!has_arrived(run->results, DX_SC(scenario, flows, DxScFlow, i)->name))
            continue;
        if (n == MAX_FLOWS) {
            n_skipped++;
            continue;
        }
        for (unsigned k = 0; !n && k < G_N_ELEMENTS(titles); k++)
            dx__columns_add(&columns, g_strdup(titles[k]));
        flow = dx__explain_flow(scenario, run, i);
        add_flow(&columns, scenario, run->results, flow);
        dx__explain_flow_free(flow);
        n++;
    }
    if (n)
        g_string_append_c(out, '\n');
    dx__columns_finish(&columns, out);
    if (n_skipped)
        g_string_append_printf(out, "and %u more\n", n_skipped);
}
