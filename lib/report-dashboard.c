/*
 * report-dashboard - dashboard.json: the six widgets as a body for CloudWatch, of this scenario's connections
 *
 * Identifiers are the scenario's names; put the real ones in their place, and the body can be installed as it
 * is. What CloudWatch has no metric for is computed by metric math, or told as text.
 */
#include "json-write-priv.h"
#include "report-priv.h"
#include "metrics-priv.h"

#include <string.h>

/* Three in a row of 24 columns. */
#define WIDTH  8
#define HEIGHT 6

typedef struct {
    DxJsonWriter writer;
    const DxScenario *scenario;
    const DxResults *results;
    const char *region; /* NULL: not said */
    unsigned n_widgets, n_ids;
} Dashboard;

/* -- widgets ----------------------------------------------------------------------------------------- */

static const char *region_of(const DxScenario *scenario)
{
    for (guint i = 0; i < scenario->nodes->len; i++) {
        const DxJson *region =
            dx__json_member(scenario->doc, DX_SC(scenario, nodes, DxScNode, i)->json, "region");

        if (scenario->monitor.is_cloud[i] && region)
            return region->text;
    }
    return NULL;
}

static void begin_widget(Dashboard *dashboard, const char *type, const char *title)
{
    DxJsonWriter *writer = &dashboard->writer;
    const unsigned at = dashboard->n_widgets++;

    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "type", type);
    dx__json_write_u64(writer, "x", at % 3 * WIDTH);
    dx__json_write_u64(writer, "y", at / 3 * HEIGHT);
    dx__json_write_u64(writer, "width", WIDTH);
    dx__json_write_u64(writer, "height", HEIGHT);
    dx__json_write_object(writer, "properties");
    if (title)
        dx__json_write_text(writer, "title", title);
}

static void end_widget(Dashboard *dashboard)
{
    dx__json_write_end(&dashboard->writer);
    dx__json_write_end(&dashboard->writer);
}

static void begin_metrics(Dashboard *dashboard, const char *title, const char *statistic)
{
    DxJsonWriter *writer = &dashboard->writer;

    begin_widget(dashboard, "metric", title);
    dx__json_write_text(writer, "view", "timeSeries");
    dx__json_write_text(writer, "stat", statistic);
    dx__json_write_u64(writer, "period", (uint64_t)(dashboard->scenario->monitor.period_ps / DX_S));
    if (dashboard->region)
        dx__json_write_text(writer, "region", dashboard->region);
    dx__json_write_array(writer, "metrics");
}

static void end_metrics(Dashboard *dashboard)
{
    dx__json_write_end(&dashboard->writer);
    end_widget(dashboard);
}

/* @dimensions: names and values, NULL-terminated; @id: for metric math, then it is not shown itself. NULL: it
 * is. */
static void metric(Dashboard *dashboard, const char *name, const char *const *dimensions, const char *id)
{
    DxJsonWriter *writer = &dashboard->writer;

    dx__json_write_array(writer, NULL);
    dx__json_write_text(writer, NULL, "AWS/DX");
    dx__json_write_text(writer, NULL, name);
    for (; *dimensions; dimensions++)
        dx__json_write_text(writer, NULL, *dimensions);
    if (id) {
        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "id", id);
        dx__json_write_bool(writer, "visible", false);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

#define DIMENSIONS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* -- what they show ---------------------------------------------------------------------------------- */

static bool is_connection(const Dashboard *dashboard, const DxScLink *link)
{
    return dx__metric_cloud_end(dashboard->scenario, link->end) != 2;
}

/* Of a connection there is no utilisation: bits a second of what the port carries. */
static void share(Dashboard *dashboard, const DxScLink *link, const char *name, const char *way)
{
    DxJsonWriter *writer = &dashboard->writer;
    const DxScenario *scenario = dashboard->scenario;
    const int64_t rate_bps = link->hosted_bps
                                 ? (int64_t)link->hosted_bps
                                 : dx__conf_int(dx__scenario_model(scenario, "port"), link->port, "rate");
    g_autofree char *id = g_strdup_printf("m%u", ++dashboard->n_ids);
    g_autofree char *expression = g_strdup_printf("100 * %s / %" G_GINT64_FORMAT, id, rate_bps);
    g_autofree char *label = g_strdup_printf("%s %s, %% of the port", link->name, way);

    metric(dashboard, name, DIMENSIONS("ConnectionId", link->name), id);
    dx__json_write_array(writer, NULL);
    dx__json_write_object(writer, NULL);
    dx__json_write_texts(writer, "expression", expression, "label", label, NULL);
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

static void show_link(Dashboard *dashboard, const DxScLink *link, const char *const *names)
{
    for (; *names; names++)
        metric(dashboard, *names, DIMENSIONS("ConnectionId", link->name), NULL);
}

static void each_connection(Dashboard *dashboard, const char *title, const char *statistic,
                            const char *const *names)
{
    const GArray *links = dashboard->scenario->links;

    begin_metrics(dashboard, title, statistic);
    for (guint i = 0; i < links->len; i++)
        if (is_connection(dashboard, &g_array_index(links, DxScLink, i)))
            show_link(dashboard, &g_array_index(links, DxScLink, i), names);
    end_metrics(dashboard);
}

static void show_utilisation(Dashboard *dashboard)
{
    const GArray *links = dashboard->scenario->links;

    begin_metrics(dashboard, "Bandwidth Utilization", "Average");
    for (guint i = 0; i < links->len; i++) {
        const DxScLink *link = &g_array_index(links, DxScLink, i);

        if (!is_connection(dashboard, link))
            continue;
        share(dashboard, link, "ConnectionBpsIngress", "ingress");
        share(dashboard, link, "ConnectionBpsEgress", "egress");
    }
    end_metrics(dashboard);
}

static void show_session(Dashboard *dashboard, const DxScVif *vif, const char *family)
{
    metric(dashboard, "VirtualInterfaceBgpStatus",
           DIMENSIONS("VirtualInterfaceId", vif->name, "IpAddressFamily", family), NULL);
}

/* Every VIF has one: where the scenario has none on it, that of its addresses. */
static void show_sessions(Dashboard *dashboard)
{
    const DxScenario *scenario = dashboard->scenario;
    g_autofree bool *has_some = g_new0(bool, scenario->vifs->len + 1);

    begin_metrics(dashboard, "BGP Session Status", "Minimum");
    for (uint32_t i = 0; i < dx__metric_n_peers(scenario); i++)
        if (dx__metric_peer_end(scenario, i) != 2) {
            const uint32_t vif = dx__metric_peer_vif(scenario, i);

            show_session(dashboard, DX_SC(scenario, vifs, DxScVif, vif), dx__metric_peer_family(scenario, i));
            has_some[vif] = true;
        }
    for (guint i = 0; i < scenario->vifs->len; i++) {
        const DxScVif *vif = DX_SC(scenario, vifs, DxScVif, i);
        const bool is_ipv6 = vif->has_addresses && vif->address[0].ip.bits == 128;

        if (!has_some[i] &&
            dx__metric_cloud_end(scenario, DX_SC(scenario, trunks, DxScTrunk, vif->trunk)->end) != 2)
            show_session(dashboard, vif, dx__ip_families[is_ipv6]);
    }
    end_metrics(dashboard);
}

static void show_lanes(Dashboard *dashboard, const char *name, const DxScLink *link, unsigned n)
{
    for (unsigned lane = 1; lane <= n; lane++) {
        g_autofree char *number = g_strdup_printf("%u", lane);

        metric(dashboard, name, DIMENSIONS("ConnectionId", link->name, "OpticalLaneNumber", number), NULL);
    }
}

static void show_light(Dashboard *dashboard)
{
    static const char *const names[] = { "ConnectionLightLevelRx", "ConnectionLightLevelTx" };
    const DxScenario *scenario = dashboard->scenario;

    begin_metrics(dashboard, "Light Levels", "Minimum");
    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);
        const unsigned n = is_connection(dashboard, link) ? dx__link_lanes(scenario, link) : 0;

        for (unsigned k = 0; k < G_N_ELEMENTS(names); k++)
            show_lanes(dashboard, names[k], link, n);
    }
    end_metrics(dashboard);
}

static void append_latency(GString *text, const DxResults *results, const char *flow)
{
    static const char *const metrics[] = { "latency_p50_ps", "latency_p99_ps", "latency_max_ps" };

    g_string_append_printf(text, "\n| %s |", flow);
    for (unsigned i = 0; i < G_N_ELEMENTS(metrics); i++) {
        const DxRow *row = dx_results_find(results, "flow", flow, metrics[i]);
        g_autofree char *time = dx_units_format_short(DX_UNIT_TIME, row ? (int64_t)row->value : 0);

        g_string_append_printf(text, " %s |", row && !row->no_data ? time : "-");
    }
}

static void show_latency(Dashboard *dashboard)
{
    g_autoptr(GString) text =
        g_string_new("## Latency Histogram\n\nThere is no latency metric in AWS/DX; the "
                     "nearest is the round trip of Network Synthetic Monitor. The "
                     "simulation says:\n\n| flow | p50 | p99 | max |\n| --- | --- | --- "
                     "| --- |");

    for (guint i = 0; i < dashboard->scenario->flows->len; i++)
        append_latency(text, dashboard->results, DX_SC(dashboard->scenario, flows, DxScFlow, i)->name);
    begin_widget(dashboard, "text", NULL);
    dx__json_write_text(&dashboard->writer, "markdown", text->str);
    end_widget(dashboard);
}

bool dx__report_dashboard(DxOutput *output, const DxScenario *scenario, const DxResults *results,
                          GError **error)
{
    static const char *const packets[] = { "ConnectionPpsIngress", "ConnectionPpsEgress", NULL };
    static const char *const errors[] = { "ConnectionErrorCount", "ConnectionDiscardsPpsEgress", NULL };
    Dashboard dashboard = { .scenario = scenario, .results = results, .region = region_of(scenario) };
    DxFile *file = dx_output_open(output, "dashboard.json", error);
    g_autofree char *text = NULL;

    if (!file)
        return false;
    dx__json_write_init(&dashboard.writer);
    dx__json_write_array(&dashboard.writer, "widgets");
    show_utilisation(&dashboard);
    each_connection(&dashboard, "Packet Rate", "Average", packets);
    each_connection(&dashboard, "Error Rate", "Sum", errors);
    show_sessions(&dashboard);
    show_light(&dashboard);
    show_latency(&dashboard);
    dx__json_write_end(&dashboard.writer);
    text = dx__json_write_finish(&dashboard.writer);
    dx_file_write(file, text, strlen(text));
    return dx_file_close(file, error);
}
