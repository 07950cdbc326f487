/*
 * expect - what a scenario expects of its results, and whether it holds
 *
 * No data means fail: an expectation about a link that carried nothing at all is not met by silence.
 */
#include "results-priv.h"
#include "scenario-priv.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *metric, *stat, *row;
    DxUnit unit;
    bool is_real;
} Metric;

static const Metric metrics[] = {
    { "flow.sent", NULL, "sent_frames", DX_UNIT_FRAMES, false },
    { "flow.delivered", NULL, "delivered_frames", DX_UNIT_FRAMES, false },
    { "flow.lost", NULL, "lost_frames", DX_UNIT_FRAMES, false },
    { "flow.reordered", NULL, "reordered_frames", DX_UNIT_FRAMES, false },
    { "flow.loss", "ratio", "loss_ratio", DX_UNIT_PERCENT, true },
    { "flow.goodput", "mean", "goodput_bps", DX_UNIT_RATE, false },
    { "flow.goodput", "max", "goodput_max_bps", DX_UNIT_RATE, false },
    { "flow.gap", "max", "gap_max_ps", DX_UNIT_TIME, false },
    { "flow.outage", "min", "outage_min_ps", DX_UNIT_TIME, false },
    { "flow.outage", "mean", "outage_mean_ps", DX_UNIT_TIME, false },
    { "flow.outage", "p50", "outage_p50_ps", DX_UNIT_TIME, false },
    { "flow.outage", "p90", "outage_p90_ps", DX_UNIT_TIME, false },
    { "flow.outage", "max", "outage_max_ps", DX_UNIT_TIME, false },
    { "flow.latency", "min", "latency_min_ps", DX_UNIT_TIME, false },
    { "flow.latency", "mean", "latency_mean_ps", DX_UNIT_TIME, false },
    { "flow.latency", "p50", "latency_p50_ps", DX_UNIT_TIME, false },
    { "flow.latency", "p90", "latency_p90_ps", DX_UNIT_TIME, false },
    { "flow.latency", "p99", "latency_p99_ps", DX_UNIT_TIME, false },
    { "flow.latency", "p999", "latency_p999_ps", DX_UNIT_TIME, false },
    { "flow.latency", "max", "latency_max_ps", DX_UNIT_TIME, false },
    { "link.frames", NULL, "tx_frames", DX_UNIT_FRAMES, false },
    { "link.dropped", NULL, "dropped_frames", DX_UNIT_FRAMES, false },
    { "link.throughput", "mean", "throughput_bps", DX_UNIT_RATE, false },
    { "link.throughput", "max", "throughput_max_bps", DX_UNIT_RATE, false },
    { "link.utilisation", "mean", "utilisation_ratio", DX_UNIT_PERCENT, true },
    { "link.wait", "mean", "wait_mean_ps", DX_UNIT_TIME, false },
    { "link.wait", "max", "wait_max_ps", DX_UNIT_TIME, false },
    { "link.propagation", NULL, "propagation_ps", DX_UNIT_TIME, false },
    { "link.queue", "max", "queue_max_bytes", DX_UNIT_SIZE, false },
    { "link.tx_power", "last", "tx_power_dbm", DX_UNIT_POWER, true },
    { "link.rx_power", "last", "rx_power_dbm", DX_UNIT_POWER, true },
    { "link.rx_power", "min", "rx_power_min_dbm", DX_UNIT_POWER, true },
    { "link.preset_level", NULL, "preset_level_dbm", DX_UNIT_POWER, true },
    { "link.margin", "last", "margin_db", DX_UNIT_GAIN, true },
    { "link.margin", "min", "margin_min_db", DX_UNIT_GAIN, true },
    { "link.ber", "last", "pre_fec_ber", DX_UNIT_PERCENT, true },
    { "link.ber", "max", "pre_fec_ber_max", DX_UNIT_PERCENT, true },
    { "link.crc_errors", NULL, "dropped_bit_errors", DX_UNIT_FRAMES, false },
    { "vif.frames", NULL, "tx_frames", DX_UNIT_FRAMES, false },
    { "vif.delivered", NULL, "rx_frames", DX_UNIT_FRAMES, false },
    { "vif.dropped", NULL, "dropped_frames", DX_UNIT_FRAMES, false },
    { "vif.throughput", "mean", "throughput_bps", DX_UNIT_RATE, false },
    { "vif.throughput", "max", "throughput_max_bps", DX_UNIT_RATE, false },
    { "vif.goodput", "mean", "goodput_bps", DX_UNIT_RATE, false },
    { "vif.goodput", "max", "goodput_max_bps", DX_UNIT_RATE, false },
    { "lag.members", "last", "working", DX_UNIT_FRAMES, false },
    { "lag.flows", NULL, "flows", DX_UNIT_FRAMES, false },
    { "lag.flows_moved", NULL, "flows_moved", DX_UNIT_FRAMES, false },
    { "lag.flows_moved_surviving", NULL, "flows_moved_surviving", DX_UNIT_FRAMES, false },
    { "lag.imbalance", "last", "imbalance", DX_UNIT_PERCENT, true },
    { "attack.frames", NULL, "attacked_frames", DX_UNIT_FRAMES, false },
    { "attack.observed", NULL, "observed_frames", DX_UNIT_FRAMES, false },
    { "attack.header_read", NULL, "header_frames", DX_UNIT_FRAMES, false },
    { "attack.read", NULL, "read_frames", DX_UNIT_FRAMES, false },
    { "attack.sent", NULL, "sent_frames", DX_UNIT_FRAMES, false },
    { "attack.accepted", NULL, "accepted_frames", DX_UNIT_FRAMES, false },
    { "attack.rejected", NULL, "rejected_frames", DX_UNIT_FRAMES, false },
    { "lag.members", "min", "distributing_min", DX_UNIT_FRAMES, false },
    { "lag.detection", "max", "detection_ps", DX_UNIT_TIME, false },
    { "lag.marker_wait", "max", "marker_wait_ps", DX_UNIT_TIME, false },
    { "lag.held", NULL, "held_frames", DX_UNIT_FRAMES, false },
    { "lag.down", NULL, "down_ps", DX_UNIT_TIME, false },
    { "alarm.fired", NULL, "fired", DX_UNIT_FRAMES, false },
    { "alarm.fired_at", NULL, "fired_at_ps", DX_UNIT_TIME, false },
    { "alarm.after_loss", NULL, "after_loss_ps", DX_UNIT_TIME, false },
    { "session.state", "last", "state", DX_UNIT_FRAMES, false },
    { "session.flaps", NULL, "flaps", DX_UNIT_FRAMES, false },
    { "session.down", NULL, "down_ps", DX_UNIT_TIME, false },
    { "session.established_at", "last", "established_at_ps", DX_UNIT_TIME, false },
    { "session.down_at", "last", "down_at_ps", DX_UNIT_TIME, false },
    { "session.detection", "max", "detection_ps", DX_UNIT_TIME, false },
    { "session.messages", NULL, "tx_messages", DX_UNIT_FRAMES, false },
    { "session.updates", NULL, "tx_updates", DX_UNIT_FRAMES, false },
    { "session.retransmissions", NULL, "retransmissions", DX_UNIT_FRAMES, false },
    { "session.received", "last", "received_prefixes", DX_UNIT_FRAMES, false },
    { "session.accepted", "last", "accepted_prefixes", DX_UNIT_FRAMES, false },
    { "session.advertised", "last", "advertised_prefixes", DX_UNIT_FRAMES, false },
    { "session.error", "last", "error_code", DX_UNIT_FRAMES, false },
    { "node.routes", "last", "routes", DX_UNIT_FRAMES, false },
    { "node.route_changes", NULL, "route_changes", DX_UNIT_FRAMES, false },
    { "node.route_changed_at", "last", "route_changed_at_ps", DX_UNIT_TIME, false },
    { "node.convergence", "max", "convergence_ps", DX_UNIT_TIME, false },
    { "node.flows_moved", NULL, "flows_moved", DX_UNIT_FRAMES, false },
    { "node.flows_moved_surviving", NULL, "flows_moved_surviving", DX_UNIT_FRAMES, false },
    { "node.ttl_expired", NULL, "dropped_ttl_expired", DX_UNIT_FRAMES, false },
};

bool dx__expectation_metric(const char *metric, const char *stat, DxUnit *unit, bool *is_real,
                            const char **row)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(metrics); i++) {
        if (strcmp(metrics[i].metric, metric) || g_strcmp0(metrics[i].stat, stat))
            continue;
        *unit = metrics[i].unit;
        *is_real = metrics[i].is_real;
        *row = metrics[i].row;
        return true;
    }
    return false;
}

GPtrArray *dx__expectation_names(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (unsigned i = 0; i < G_N_ELEMENTS(metrics); i++)
        g_ptr_array_add(names, g_strjoin(" ", metrics[i].metric, metrics[i].stat, NULL));
    return names;
}

/* Does @object stand for what was selected? A direction "dx1:a>b" stands for "dx1", or "dx1" from "a". */
static bool is_selected(const DxScExpectation *expectation, const char *object)
{
    const size_t n = strcspn(object, ":");

    if (!expectation->select)
        return true;
    if (strncmp(object, expectation->select, n) || strlen(expectation->select) != n)
        return false;
    return !object[n] || !expectation->from ||
           (g_str_has_prefix(object + n + 1, expectation->from) &&
            object[n + 1 + strlen(expectation->from)] == '>');
}

/* The only row that is meant; NULL with @why when there is none, or more than one. */
static const DxRow *select_row(const DxScExpectation *expectation, const DxResults *results,
                               const char *metric, const char **why)
{
    const DxRow *found = NULL;

    *why = "there is no such measurement";
    for (unsigned i = 0; i < dx_results_n_rows(results); i++) {
        const DxRow *row = dx_results_row(results, i);

        if (strcmp(row->kind, expectation->select_kind) || strcmp(row->metric, metric) ||
            !is_selected(expectation, row->object))
            continue;
        if (found) {
            *why = "several objects match; select one, and for a link with both directions say \"from\"";
            return NULL;
        }
        found = row;
    }
    return found;
}

static bool compare(const char *op, double order)
{
    if (op[0] == '<')
        return order < 0 || (op[1] && order == 0);
    if (op[0] == '>')
        return order > 0 || (op[1] && order == 0);
    return (op[0] == '=') == (order == 0);
}

/* A ratio: both rounded once, equal when they should be. A power: as exact as one can say it. */
static double order_of(const DxRow *row, DxUnit unit, int64_t expected)
{
    if (row->is_real && unit == DX_UNIT_PERCENT)
        return row->real - (double)expected / 1e12;
    if (row->is_real)
        return round(row->real * 1000) - (double)expected;
    if (row->value > INT64_MAX)
        return 1;
    return (double)(((int64_t)row->value > expected) - ((int64_t)row->value < expected));
}

/* A latency or wait of nothing says nothing. */
static bool has_data(const DxResults *results, const DxRow *row)
{
    const DxRow *frames;

    if (!strcmp(row->kind, "alarm"))
        return !row->no_data;
    if (!strcmp(row->metric, "detection_ps"))
        return dx__results_value(results, row->kind, row->object, "detections") > 0;
    if (!strcmp(row->metric, "established_at_ps"))
        return dx__results_value(results, row->kind, row->object, "establishings") > 0;
    if (!strcmp(row->metric, "down_at_ps"))
        return dx__results_value(results, row->kind, row->object, "flaps") > 0;
    if (!strcmp(row->metric, "convergence_ps") || !strcmp(row->metric, "route_changed_at_ps"))
        return dx__results_value(results, row->kind, row->object, "route_changes") > 0;
    if (g_str_has_prefix(row->metric, "outage"))
        frames = dx_results_find(results, row->kind, row->object, "sent_frames");
    else if (strstr(row->metric, "latency") || strstr(row->metric, "gap") ||
             !strcmp(row->metric, "loss_ratio"))
        frames = dx_results_find(results, row->kind, row->object,
                                 strcmp(row->metric, "loss_ratio") ? "delivered_frames" : "sent_frames");
    else if (g_str_has_prefix(row->metric, "wait"))
        frames = dx_results_find(results, row->kind, row->object, "tx_frames");
    else
        return true;
    return frames && frames->value > 0;
}

static void verdict_free(gpointer data)
{
    DxVerdict *verdict = data;

    g_free(verdict->text);
    g_free(verdict);
}

bool dx__measure(const DxScExpectation *what, const DxResults *results, DxRow *row)
{
    DxUnit unit;
    bool is_real;
    const char *metric = "", *why;
    const DxRow *found;

    dx__expectation_metric(what->metric, what->stat, &unit, &is_real, &metric);
    found = select_row(what, results, metric, &why);
    if (!found || !has_data(results, found))
        return false;
    *row = *found;
    return true;
}

bool dx__expectation_holds(const char *op, const DxRow *row, DxUnit unit, int64_t value)
{
    return compare(op, order_of(row, unit, value));
}

bool dx__expectation_compare(const char *op, double a, double b)
{
    return compare(op, a - b);
}

/* In base units. A ratio to the nearest ppm, a small one to the nearest ppb. */
static int64_t value_of(const DxRow *row, DxUnit unit)
{
    const double steps = row->real < 1e-5 ? 1e9 : 1e6;

    if (!row->is_real)
        return (int64_t)MIN(row->value, (uint64_t)INT64_MAX);
    if (unit != DX_UNIT_PERCENT)
        return (int64_t)round(row->real * 1000);
    return (int64_t)(row->real * steps + 0.5) * (int64_t)(1e12 / steps);
}

/* Exactly, or in four digits where that is shorter and still tells it from what it is compared with. */
static char *row_for_people(const DxRow *row, DxUnit unit, int64_t other)
{
    const int64_t value = value_of(row, unit);
    const double distance = (double)value - (double)other;
    g_autofree char *exact = dx_units_format(unit, value), *about = dx_units_format_short(unit, value);

    if (ABS(distance) * 1000 < ABS((double)other) || strlen(exact) <= strlen(about))
        return g_steal_pointer(&exact);
    return g_steal_pointer(&about);
}

/* Members, flows and messages are numbers, though frames may be said of them. */
static bool is_count(const char *metric, DxUnit unit)
{
    return unit == DX_UNIT_FRAMES &&
           (g_str_has_prefix(metric, "lag.") || g_str_has_prefix(metric, "alarm.") ||
            g_str_has_prefix(metric, "session.") || g_str_has_prefix(metric, "node.route") ||
            g_str_has_prefix(metric, "node.flows"));
}

/* @word: what the value is that it is compared with: "expected". */
static DxVerdict *judge(const DxScExpectation *expectation, const DxResults *results, const char *word)
{
    DxVerdict *verdict = g_new0(DxVerdict, 1);
    DxUnit unit = DX_UNIT_FRAMES;
    bool is_real;
    const char *metric = "", *why;
    const DxRow *row;
    char *measured;

    verdict->name = expectation->name;
    dx__expectation_metric(expectation->metric, expectation->stat, &unit, &is_real, &metric);
    row = select_row(expectation, results, metric, &why);
    if (!row || !has_data(results, row)) {
        verdict->text = g_strdup(!row                          ? why
                                 : !strcmp(row->kind, "alarm") ? row->no_data
                                                               : "nothing was measured: no frames");
        return verdict;
    }
    verdict->has_data = true;
    verdict->pass = dx__expectation_holds(expectation->op, row, unit, expectation->value);
    measured = is_count(expectation->metric, unit) ? g_strdup_printf("%" G_GUINT64_FORMAT, row->value)
                                                   : row_for_people(row, unit, expectation->value);
    verdict->text = g_strdup_printf("%s%s%s of %s is %s, %s %s %s", expectation->metric,
                                    expectation->stat ? " " : "", expectation->stat ? expectation->stat : "",
                                    row->object, measured, word, expectation->op, expectation->value_text);
    g_free(measured);
    return verdict;
}

/* -- claims ------------------------------------------------------------------------------------------ */

static void claim_free(gpointer data)
{
    DxClaim *claim = data;

    g_free(claim->measured);
    g_free(claim);
}

/* What contradicts itself, or breaks a law whatever the network, needs no run, and is told by the scenario.
 */
static const char *verdict_without_run(const DxScClaim *said)
{
    if (!g_strcmp0(said->recorded, "inconsistent"))
        return "inconsistent";
    return said->bound && !g_strcmp0(said->recorded, "false") ? "false" : "not-checkable";
}

static DxClaim *assess(const DxScClaim *said, const DxResults *results)
{
    DxClaim *claim = g_new0(DxClaim, 1);
    DxVerdict *verdict;

    *claim = (DxClaim){ .id = said->measure.name,
                        .says = said->says,
                        .recorded = said->recorded,
                        .given = said->given,
                        .reason = said->reason,
                        .bound = said->bound };
    if (!said->measure.metric) {
        claim->verdict = verdict_without_run(said);
        return claim;
    }
    verdict = judge(&said->measure, results, "claimed");
    claim->measured = g_steal_pointer(&verdict->text);
    claim->verdict = !verdict->has_data ? "not-checkable"
                     : !verdict->pass   ? "false"
                     : said->given      ? "holds-if"
                                        : "holds";
    verdict_free(verdict);
    return claim;
}

GPtrArray *dx_scenario_claims(const DxScenario *scenario, const DxResults *results)
{
    GPtrArray *claims = g_ptr_array_new_with_free_func(claim_free);

    for (guint i = 0; i < scenario->claims->len; i++)
        g_ptr_array_add(claims, assess(DX_SC(scenario, claims, DxScClaim, i), results));
    return claims;
}

GPtrArray *dx_scenario_judge(const DxScenario *scenario, const DxResults *results)
{
    GPtrArray *verdicts = g_ptr_array_new_with_free_func(verdict_free);

    for (guint i = 0; i < scenario->expectations->len; i++)
        g_ptr_array_add(verdicts,
                        judge(DX_SC(scenario, expectations, DxScExpectation, i), results, "expected"));
    return verdicts;
}
