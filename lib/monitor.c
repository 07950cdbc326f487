/*
 * monitor - samples become points, one a period
 *
 *   rows ---- every tick ----> truth: lowest, highest        (1 ms)
 *        --- every sample ---> sum, minimum, maximum, number (30 s of the cloud's clock)
 *                              point, one a period           (5 min of it)
 */
#include "monitor-priv.h"
#include "results-priv.h"

#include <dxsim/bgp-place.h>
#include <math.h>
#include <string.h>

/* What has grown of some rows. */
typedef struct {
    GArray *rows;                /* guint */
    uint64_t at_tick, at_sample; /* their sum when last looked at */
    uint64_t grown_in_tick, grown_in_sample;
} Growth;

typedef struct {
    DxProbeOf of;
    bool is_shown;
    char *connection, *vif;
    const char *family; /* "": it has none */
    Growth part, whole;
    uint64_t limit_bps; /* DX_TAKE_SHARE */
    bool has_value;
    double value; /* last sample */
    uint64_t n_samples;
    double sum, min, max, truth_min, truth_max, offered_max;
} Probe;

struct DxMonitor {
    const DxScenario *scenario;
    DxResults *results;
    DxTime tick_ps, sample_ps, period_ps; /* simulated */
    DxTime start_ps;                      /* of the present period */
    GArray *probes;                       /* Probe */
    bool has_sink;
    DxMonitorFn sink;
    void *sink_data;
    GArray *points; /* DxMonitorPoint */
};

static Probe *probe_at(const DxMonitor *monitor, guint i)
{
    return &g_array_index(monitor->probes, Probe, i);
}

/* -- making ------------------------------------------------------------------------------------------ */

static void add_row(Growth *growth, const DxResults *results, const DxRow *row)
{
    const guint index = dx__results_index(results, row);

    g_array_append_val(growth->rows, index);
}

/* A row that is not there counts as 0: nobody has used that direction, or nothing can be lost there. */
static void find_rows(Growth *growth, const DxResults *results, const char *kind, const char *object,
                      const char *metric)
{
    const DxRow *row;

    if (!growth->rows)
        growth->rows = g_array_new(FALSE, FALSE, sizeof(guint));
    if (!metric)
        return;
    if (!g_str_has_suffix(metric, "*")) {
        if ((row = dx_results_find(results, kind, object, metric)))
            add_row(growth, results, row);
        return;
    }
    for (unsigned i = 0; i < dx_results_n_rows(results); i++) {
        row = dx_results_row(results, i);
        if (!strcmp(row->kind, kind) && !strcmp(row->object, object) && dx__row_is_drop(row))
            add_row(growth, results, row);
    }
}

/* Name of what the rows are of: "dx1", "dx1:a>b". */
static char *object_of(const DxScenario *scenario, const DxProbeOf *of)
{
    const uint32_t *end;
    const char *name = dx__metric_object(scenario, of->metric, of->object, &end);
    const unsigned cloud = end ? dx__metric_cloud_end(scenario, end) : 2;

    if (of->metric->of == DX_OF_PEER)
        return dx__metric_peer_name(scenario, of->object);
    switch (of->metric->way) {
    case DX_WAY_EGRESS:
        return dx__scenario_direction(scenario, name, end, cloud);
    case DX_WAY_INGRESS:
        return dx__scenario_direction(scenario, name, end, !cloud);
    case DX_WAY_ANY:
        return dx__scenario_direction(scenario, name, end, of->direction);
    default:
        return g_strdup(name);
    }
}

/* Light of an optic with one lane has no number. */
static char *metric_row(const DxProbeOf *of, const char *row, const DxResults *results, const char *object)
{
    g_autofree char *numbered = g_strdup_printf("%s%u_dbm", row, of->lane);

    if (of->metric->of != DX_OF_LANE || g_str_has_suffix(row, "_dbm"))
        return g_strdup(row);
    if (dx_results_find(results, of->metric->kind, object, numbered))
        return g_steal_pointer(&numbered);
    return g_strdup("rx_power_dbm");
}

static void start_period(Probe *probe)
{
    probe->n_samples = 0;
    probe->sum = 0;
    probe->min = probe->truth_min = INFINITY;
    probe->max = probe->truth_max = probe->offered_max = -INFINITY;
}

static void probe_init(Probe *probe, const DxMonitor *monitor, const DxProbeOf *of)
{
    const DxScenario *scenario = monitor->scenario;
    const DxMetric *metric = of->metric;
    g_autofree char *object = object_of(scenario, of);
    const uint32_t *end;
    const char *name = dx__metric_object(scenario, of->metric, of->object, &end);

    *probe = (Probe){ .of = *of };
    probe->connection = g_strdup(metric->of < DX_OF_VIF ? name : "");
    probe->vif = g_strdup(metric->of == DX_OF_VIF || metric->of == DX_OF_PEER ? name : "");
    probe->family = metric->of == DX_OF_PEER ? dx__metric_peer_family(scenario, of->object) : "";
    for (unsigned i = 0; i < G_N_ELEMENTS(metric->rows) && metric->rows[i]; i++) {
        g_autofree char *row = metric_row(of, metric->rows[i], monitor->results, object);

        find_rows(&probe->part, monitor->results, metric->kind, object, row);
    }
    find_rows(&probe->whole, monitor->results, metric->kind, object, metric->whole);
    if (metric->take == DX_TAKE_SHARE)
        probe->limit_bps =
            (uint64_t)dx__conf_int(dx__scenario_model(scenario, "vif"),
                                   DX_SC(scenario, vifs, DxScVif, of->object)->conf, "rate_limit");
    start_period(probe);
}

static bool is_same(const DxProbeOf *a, const DxProbeOf *b)
{
    return a->metric == b->metric && a->object == b->object && a->lane == b->lane &&
           (a->metric->way != DX_WAY_ANY || a->direction == b->direction);
}

guint dx__monitor_probe(DxMonitor *monitor, const DxProbeOf *of)
{
    Probe probe;

    for (guint i = 0; i < monitor->probes->len; i++)
        if (is_same(&probe_at(monitor, i)->of, of))
            return i;
    probe_init(&probe, monitor, of);
    g_array_append_val(monitor->probes, probe);
    return monitor->probes->len - 1;
}

/* What CloudWatch has a metric of. */
static void show(DxMonitor *monitor, const DxMetric *metric, uint32_t object, unsigned lane)
{
    const guint i = dx__monitor_probe(monitor, &(DxProbeOf){ metric, object, 0, lane });

    probe_at(monitor, i)->is_shown = true;
}

static bool is_limited(const DxScenario *scenario, uint32_t vif)
{
    return dx__conf_int(dx__scenario_model(scenario, "vif"), DX_SC(scenario, vifs, DxScVif, vif)->conf,
                        "rate_limit") > 0;
}

static void show_link(DxMonitor *monitor, const DxMetric *metric, uint32_t i)
{
    const DxScLink *link = DX_SC(monitor->scenario, links, DxScLink, i);

    if (dx__metric_cloud_end(monitor->scenario, link->end) == 2)
        return;
    if (metric->of == DX_OF_LINK && (strcmp(metric->rows[0], "encryption_state") || link->macsec))
        show(monitor, metric, i, 0);
    for (unsigned lane = 1; metric->of == DX_OF_LANE && lane <= dx__link_lanes(monitor->scenario, link);
         lane++)
        show(monitor, metric, i, lane);
}

static void show_vif(DxMonitor *monitor, const DxMetric *metric, uint32_t i)
{
    const DxScenario *scenario = monitor->scenario;
    const DxScVif *vif = DX_SC(scenario, vifs, DxScVif, i);
    const bool needs_limit = metric->take == DX_TAKE_SHARE || !strcmp(metric->rows[0], "policed_bytes") ||
                             !strcmp(metric->rows[0], "dropped_policed");

    if (dx__metric_cloud_end(scenario, DX_SC(scenario, trunks, DxScTrunk, vif->trunk)->end) != 2 &&
        (!needs_limit || is_limited(scenario, i)))
        show(monitor, metric, i, 0);
}

static void show_lag(DxMonitor *monitor, const DxMetric *metric, uint32_t i)
{
    const DxScLag *lag = DX_SC(monitor->scenario, lags, DxScLag, i);

    if (dx__metric_cloud_end(monitor->scenario, lag->end) != 2 &&
        dx_results_find(monitor->results, metric->kind, lag->name, metric->rows[0]))
        show(monitor, metric, i, 0);
}

static void show_peer(DxMonitor *monitor, const DxMetric *metric, uint32_t i)
{
    if (dx__metric_peer_end(monitor->scenario, i) != 2)
        show(monitor, metric, i, 0);
}

static void show_kind(DxMonitor *monitor, guint n, const DxMetricOf *kinds,
                      void (*show_one)(DxMonitor *, const DxMetric *, uint32_t))
{
    for (guint i = 0; i < n; i++)
        for (const DxMetric *metric = dx__metrics; metric->name; metric++)
            if (dx__metric_is_aws(metric) && (metric->of == kinds[0] || metric->of == kinds[1]))
                show_one(monitor, metric, i);
}

/* By connection, then by virtual interface, then by session on one; each with its metrics in the order of the
 * table. */
static void show_all(DxMonitor *monitor)
{
    const DxScenario *scenario = monitor->scenario;

    show_kind(monitor, scenario->links->len, (const DxMetricOf[]){ DX_OF_LINK, DX_OF_LANE }, show_link);
    show_kind(monitor, scenario->lags->len, (const DxMetricOf[]){ DX_OF_LAG, DX_OF_LAG }, show_lag);
    show_kind(monitor, scenario->vifs->len, (const DxMetricOf[]){ DX_OF_VIF, DX_OF_VIF }, show_vif);
    show_kind(monitor, dx__metric_n_peers(scenario), (const DxMetricOf[]){ DX_OF_PEER, DX_OF_PEER },
              show_peer);
}

DxMonitor *dx__monitor_new(const DxScenario *scenario, DxResults *results)
{
    DxMonitor *monitor = g_new0(DxMonitor, 1);

    monitor->scenario = scenario;
    monitor->results = results;
    monitor->tick_ps = scenario->monitor.truth_ps;
    monitor->sample_ps = dx__monitor_scaled(scenario, scenario->monitor.sample_ps);
    monitor->period_ps = dx__monitor_scaled(scenario, scenario->monitor.period_ps);
    monitor->probes = g_array_new(FALSE, TRUE, sizeof(Probe));
    monitor->points = g_array_new(FALSE, FALSE, sizeof(DxMonitorPoint));
    show_all(monitor);
    return monitor;
}

void dx__monitor_free(DxMonitor *monitor)
{
    if (!monitor)
        return;
    for (guint i = 0; i < monitor->probes->len; i++) {
        Probe *probe = probe_at(monitor, i);

        g_free(probe->connection);
        g_free(probe->vif);
        g_array_unref(probe->part.rows);
        g_array_unref(probe->whole.rows);
    }
    g_array_unref(monitor->probes);
    g_array_unref(monitor->points);
    g_free(monitor);
}

/* -- looking ----------------------------------------------------------------------------------------- */

static uint64_t sum_of(const DxMonitor *monitor, const Growth *growth)
{
    uint64_t sum = 0;

    for (guint i = 0; i < growth->rows->len; i++)
        sum += dx_results_row(monitor->results, g_array_index(growth->rows, guint, i))->value;
    return sum;
}

static void look(const DxMonitor *monitor, Growth *growth)
{
    const uint64_t now = sum_of(monitor, growth);

    growth->grown_in_tick = now - growth->at_tick;
    growth->at_tick = now;
}

static void settle(Growth *growth)
{
    growth->grown_in_sample = growth->at_tick - growth->at_sample;
    growth->at_sample = growth->at_tick;
}

/* In whole bits or frames a second. */
static double per_second(uint64_t amount, DxTime time_ps, unsigned each)
{
    return (double)(uint64_t)((unsigned __int128)amount * each * (uint64_t)DX_S / (uint64_t)time_ps);
}

static bool level(const DxMonitor *monitor, const Probe *probe, double *value)
{
    const DxRow *row;

    if (!probe->part.rows->len)
        return false;
    row = dx_results_row(monitor->results, g_array_index(probe->part.rows, guint, 0));
    *value = row->is_real ? row->real : (double)row->value;
    return isfinite(*value);
}

/* False: there is no data. */
static bool take(const DxMonitor *monitor, const Probe *probe, uint64_t part, uint64_t whole, DxTime time_ps,
                 double *value)
{
    switch (probe->of.metric->take) {
    case DX_TAKE_BITS:
        *value = per_second(part, time_ps, 8);
        return true;
    case DX_TAKE_RATE:
        *value = per_second(part, time_ps, 1);
        return true;
    case DX_TAKE_GROWTH:
        *value = (double)part;
        return true;
    case DX_TAKE_SHARE:
        *value = 100 * per_second(part, time_ps, 8) / (double)MAX(probe->limit_bps, 1);
        return true;
    case DX_TAKE_LOSS:
        *value = whole ? 100 * (double)MIN(part, whole) / (double)whole : 0;
        return whole > 0;
    case DX_TAKE_UP:
        if (!level(monitor, probe, value))
            return false;
        *value = *value == DX_BGP_ESTABLISHED;
        return true;
    default:
        return level(monitor, probe, value);
    }
}

/* What came to the line, in the metric's own unit. */
static void look_at_offer(const DxMonitor *monitor, Probe *probe)
{
    const unsigned each = probe->of.metric->take == DX_TAKE_BITS ? 8 : 1;

    if (probe->of.metric->whole && probe->of.metric->take != DX_TAKE_LOSS)
        probe->offered_max =
            fmax(probe->offered_max, per_second(probe->whole.grown_in_tick, monitor->tick_ps, each));
}

void dx__monitor_tick(DxMonitor *monitor)
{
    for (guint i = 0; i < monitor->probes->len; i++) {
        Probe *probe = probe_at(monitor, i);
        double value;

        look(monitor, &probe->part);
        look(monitor, &probe->whole);
        look_at_offer(monitor, probe);
        if (!take(monitor, probe, probe->part.grown_in_tick, probe->whole.grown_in_tick, monitor->tick_ps,
                  &value))
            continue;
        probe->truth_min = fmin(probe->truth_min, value);
        probe->truth_max = fmax(probe->truth_max, value);
    }
}

void dx__monitor_sample(DxMonitor *monitor)
{
    for (guint i = 0; i < monitor->probes->len; i++) {
        Probe *probe = probe_at(monitor, i);

        settle(&probe->part);
        settle(&probe->whole);
        probe->has_value = take(monitor, probe, probe->part.grown_in_sample, probe->whole.grown_in_sample,
                                monitor->sample_ps, &probe->value);
        if (!probe->has_value)
            continue;
        probe->n_samples++;
        probe->sum += probe->value;
        probe->min = fmin(probe->min, probe->value);
        probe->max = fmax(probe->max, probe->value);
    }
}

bool dx__monitor_value(const DxMonitor *monitor, guint probe, double *value)
{
    *value = probe_at(monitor, probe)->value;
    return probe_at(monitor, probe)->has_value;
}

unsigned dx__monitor_due(const DxScenario *scenario, DxTime now_ps)
{
    const DxTime sample_ps = dx__monitor_scaled(scenario, scenario->monitor.sample_ps);
    const DxTime period_ps = dx__monitor_scaled(scenario, scenario->monitor.period_ps);

    return (now_ps % sample_ps ? 0 : DX_DUE_SAMPLE) | (!period_ps || now_ps % period_ps ? 0 : DX_DUE_PERIOD);
}

/* -- points ------------------------------------------------------------------------------------------ */

static void hand_over(DxMonitor *monitor, const DxMonitorPoint *point)
{
    if (monitor->sink)
        monitor->sink(point, monitor->sink_data);
    else if (!monitor->has_sink)
        g_array_append_vals(monitor->points, point, 1);
}

void dx__monitor_close(DxMonitor *monitor, DxTime now_ps)
{
    const DxScMonitor *conf = &monitor->scenario->monitor;

    for (guint i = 0; i < monitor->probes->len; i++) {
        Probe *probe = probe_at(monitor, i);
        const DxMonitorPoint point = { .start_ps = monitor->start_ps,
                                       .length_ps = monitor->period_ps,
                                       .nominal_ps = conf->period_ps,
                                       .metric = probe->of.metric->name,
                                       .unit = probe->of.metric->unit,
                                       .connection = probe->connection,
                                       .vif = probe->vif,
                                       .family = probe->family,
                                       .lane = probe->of.lane,
                                       .n_samples = probe->n_samples,
                                       .sum = probe->sum,
                                       .min = probe->min,
                                       .max = probe->max,
                                       .truth_min = probe->truth_min,
                                       .truth_max = probe->truth_max,
                                       .offered_max = probe->offered_max };

        if (probe->is_shown && probe->n_samples)
            hand_over(monitor, &point);
        start_period(probe);
    }
    monitor->start_ps = now_ps;
}

/* -- reading ----------------------------------------------------------------------------------------- */

void dx_monitor_set_sink(DxMonitor *monitor, DxMonitorFn fn, void *data)
{
    monitor->has_sink = true;
    monitor->sink = fn;
    monitor->sink_data = data;
}

double dx_monitor_average(const DxMonitorPoint *point)
{
    return CLAMP(point->sum / (double)point->n_samples, point->min, point->max);
}

size_t dx_monitor_n(const DxMonitor *monitor)
{
    return monitor->points->len;
}

const DxMonitorPoint *dx_monitor_at(const DxMonitor *monitor, size_t index)
{
    return &g_array_index(monitor->points, DxMonitorPoint, index);
}
