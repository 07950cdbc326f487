/*
 * report-table - a finished run as a table for people
 *
 * Sections of aligned columns. The first column holds names and is the one that gives way when a line would
 * be longer than a page is wide.
 */
#include <dxsim/report.h>
#include <dxsim/units.h>
#include "alarm-priv.h"
#include "columns-priv.h"
#include "report-priv.h"
#include "results-priv.h"
#include "scenario-priv.h"

#include <inttypes.h>
#include <string.h>

#define MAX_LINES 40 /* per section; the rest is in summary.csv */

/* -- text -------------------------------------------------------------------------------------------- */

static void append_wrapped(GString *out, unsigned column, unsigned indent, const char *text)
{
    g_autofree char *words = g_strdelimit(g_strdup(text), "\t\n\v\f\r", ' ');
    g_autofree char *clean = dx_error_printable(words);

    dx__columns_wrap(out, column, indent, clean);
}

/* -- tables ------------------------------------------------------------------------------------------ */

typedef struct {
    DxColumns columns;
    unsigned n_lines, n_skipped;
} Table;

#define LEFT(column) (1u << (column))

/* @titles: NULL-terminated; @left: bit per column, aligned to the left. The first column gives way. */
static void table_init(Table *table, const char *const *titles, unsigned left)
{
    *table = (Table){ 0 };
    dx__columns_init(&table->columns, g_strv_length((char **)titles), 0, ~left, 0);
    for (; *titles; titles++)
        dx__columns_add(&table->columns, g_strdup(*titles));
}

/* Takes @cell. */
static void table_add(Table *table, char *cell)
{
    dx__columns_add(&table->columns, cell);
}

/* Room for one more line? */
static bool table_begin_line(Table *table)
{
    if (table->n_lines == MAX_LINES) {
        table->n_skipped++;
        return false;
    }
    table->n_lines++;
    return true;
}

/* Prints and clears; nothing when there is no line. */
static void table_finish(Table *table, GString *out)
{
    g_autoptr(GString) text = g_string_new(NULL);

    dx__columns_finish(&table->columns, text);
    if (table->n_lines)
        g_string_append_printf(out, "\n%s", text->str);
    if (table->n_skipped)
        g_string_append_printf(out, "and %u more, all in summary.csv\n", table->n_skipped);
}

/* -- values ------------------------------------------------------------------------------------------ */

static double real_of(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    const DxRow *row = dx_results_find(results, kind, object, metric);

    return row && row->is_real ? row->real : 0.0;
}

static char *count_text(uint64_t count)
{
    return g_strdup_printf("%" PRIu64, count);
}

static char *quantity_text(DxUnit unit, uint64_t value)
{
    return dx_units_format_short(unit, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

/* Percent with @decimals; a little is never shown as nothing, nor nearly all as all. */
static char *percent_text(double ratio, unsigned decimals)
{
    const double step = decimals == 1 ? 0.1 : 0.001;
    const double percent = ratio * 100;
    g_autofree char *format = g_strdup_printf("%%.%uf", decimals);
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (percent > 0 && percent < step)
        return g_strconcat("<", g_ascii_formatd(text, sizeof text, format, step), NULL);
    if (percent < 100 && percent > 100 - step)
        return g_strconcat(">", g_ascii_formatd(text, sizeof text, format, 100 - step), NULL);
    return g_strdup(g_ascii_formatd(text, sizeof text, format, percent));
}

/* Is this the sum of the others? */
static bool is_reason(const DxRow *row)
{
    return g_str_has_prefix(row->metric, "dropped_") && strcmp(row->metric, "dropped_frames");
}

/* Objects of @kind, each once, in the order of the rows. Pointers into @results. */
static GPtrArray *objects_of(const DxResults *results, const char *kind)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GPtrArray *objects = g_ptr_array_new();

    for (unsigned i = 0; i < dx_results_n_rows(results); i++) {
        const DxRow *row = dx_results_row(results, i);

        if (!strcmp(row->kind, kind) && g_hash_table_add(seen, (gpointer)row->object))
            g_ptr_array_add(objects, (gpointer)row->object);
    }
    return objects;
}

static void add_drops(GHashTable *drops, const char *object, const char *reason, uint64_t n)
{
    const char *before = g_hash_table_lookup(drops, object);

    g_hash_table_insert(
        drops, g_strdup(object),
        g_strdup_printf("%s%s%s %" PRIu64, before ? before : "", before ? ", " : "", reason, n));
}

/* "dropped_shaper0_queue_full" of "dx1:a>b" was dropped by "dx1:a>b.shaper0", as "queue_full". NULL: by the
 * object itself, or by a model without rows of its own. (transfer full) */
static char *dropper(const DxRow *row, GHashTable *models, const char **reason)
{
    const char *name = row->metric + strlen("dropped_"), *end = name;
    g_autofree char *model = NULL;

    while (*end && !(g_ascii_isdigit(end[0]) && end[1] == '_'))
        end++;
    if (!*end)
        return NULL;
    model = g_strdup_printf("%s.%.*s", row->object, (int)(end + 1 - name), name);
    if (!g_hash_table_contains(models, model))
        return NULL;
    *reason = end + 2;
    return g_steal_pointer(&model);
}

static void add_up(GHashTable *sums, const char *object, uint64_t n)
{
    uint64_t *sum = g_hash_table_lookup(sums, object);

    if (!sum)
        g_hash_table_insert(sums, (gpointer)object, sum = g_new0(uint64_t, 1));
    *sum += n;
}

static GHashTable *set_of(const DxResults *results, const char *kind)
{
    g_autoptr(GPtrArray) objects = objects_of(results, kind);
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < objects->len; i++)
        g_hash_table_add(set, g_ptr_array_index(objects, i));
    return set;
}

/* Drops of every object of @kind by reason: object -> "queue_full 12, link_down 3". Those of a link's models
 * are there under the models' names, and of the link "inserted 12". One walk: there may be many objects. */
static GHashTable *drops_of(const DxResults *results, const char *kind)
{
    GHashTable *drops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) models = set_of(results, "model");
    g_autoptr(GHashTable) inserted = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    GHashTableIter iter;
    gpointer object, sum;

    for (unsigned i = 0; i < dx_results_n_rows(results); i++) {
        const DxRow *row = dx_results_row(results, i);
        const char *reason = row->metric + strlen("dropped_");
        g_autofree char *model = NULL;

        if (strcmp(row->kind, kind) || !is_reason(row) || !row->value)
            continue;
        model = dropper(row, models, &reason);
        add_drops(drops, model ? model : row->object, reason, row->value);
        if (model)
            add_up(inserted, row->object, row->value);
    }
    g_hash_table_iter_init(&iter, inserted);
    while (g_hash_table_iter_next(&iter, &object, &sum))
        add_drops(drops, object, "inserted", *(uint64_t *)sum);
    return drops;
}

/* -- sections ---------------------------------------------------------------------------------------- */

static void append_title(GString *out, const DxScenario *scenario, const DxRun *run)
{
    g_autofree char *duration = dx_units_format(DX_UNIT_TIME, dx_results_duration(run->results));
    g_autofree char *warmup = dx_units_format(DX_UNIT_TIME, dx_results_warmup(run->results));
    g_autofree char *name = dx_error_printable(dx_scenario_name(scenario));
    const char *description = dx_scenario_description(scenario);

    if (run->status)
        g_string_append_printf(out, "NOT COMPLETE: %s\n", run->reason);
    g_string_append_printf(out, "%s: %s simulated", name, duration);
    if (run->status) {
        g_autofree char *whole = dx_units_format(DX_UNIT_TIME, dx_scenario_duration(scenario));

        g_string_append_printf(out, " of %s", whole);
    }
    if (dx_results_warmup(run->results))
        g_string_append_printf(out, ", the first %s not counted in flows", warmup);
    g_string_append_printf(out, ", seed %" PRIu64 "\n", dx_scenario_seed(scenario));
    if (description && *description)
        append_wrapped(out, 0, 0, description);
}

/* What is counted of flows; some columns only if there is something in them. */
static const struct {
    const char *title, *metric;
    bool is_optional;
} flow_counts[] = {
    { "sent", "sent_frames", false },          { "delivered", "delivered_frames", false },
    { "pending", "pending_frames", true },     { "lost", "lost_frames", false },
    { "reordered", "reordered_frames", true },
};

#define N_FLOW_COUNTS G_N_ELEMENTS(flow_counts)

static void append_flow(Table *table, const DxResults *results, const char *flow, const bool *is_shown,
                        bool has_outages)
{
    static const char *const latencies[] = { "latency_p50_ps", "latency_p99_ps", "latency_max_ps" };
    const bool is_heard = dx__results_value(results, "flow", flow, "delivered_frames") > 0;

    table_add(table, g_strdup(flow));
    for (unsigned i = 0; i < N_FLOW_COUNTS; i++)
        if (is_shown[i])
            table_add(table, count_text(dx__results_value(results, "flow", flow, flow_counts[i].metric)));
    table_add(table, percent_text(real_of(results, "flow", flow, "loss_ratio"), 3));
    for (unsigned i = 0; i < G_N_ELEMENTS(latencies); i++)
        table_add(table, is_heard ? quantity_text(DX_UNIT_TIME,
                                                  dx__results_value(results, "flow", flow, latencies[i]))
                                  : g_strdup("-"));
    table_add(table, quantity_text(DX_UNIT_RATE, dx__results_value(results, "flow", flow, "goodput_bps")));
    if (has_outages)
        table_add(table,
                  quantity_text(DX_UNIT_TIME, dx__results_value(results, "flow", flow, "outage_max_ps")));
}

static void append_flows(GString *out, const DxResults *results)
{
    static const char *const rest[] = { "loss %", "latency p50", "p99", "max", "goodput", "outage" };
    const char *titles[2 + N_FLOW_COUNTS + G_N_ELEMENTS(rest)] = { "flow" };
    g_autoptr(GPtrArray) flows = objects_of(results, "flow");
    const bool has_outages =
        flows->len && dx_results_find(results, "flow", g_ptr_array_index(flows, 0), "outage_max_ps");
    bool is_shown[N_FLOW_COUNTS];
    unsigned n = 1;
    Table table;

    for (unsigned c = 0; c < N_FLOW_COUNTS; c++) {
        is_shown[c] = !flow_counts[c].is_optional;
        for (guint i = 0; i < flows->len && !is_shown[c]; i++)
            is_shown[c] =
                dx__results_value(results, "flow", g_ptr_array_index(flows, i), flow_counts[c].metric) > 0;
        if (is_shown[c])
            titles[n++] = flow_counts[c].title;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(rest) - !has_outages; i++)
        titles[n++] = rest[i];
    table_init(&table, titles, LEFT(0));
    for (guint i = 0; i < flows->len; i++)
        if (table_begin_line(&table))
            append_flow(&table, results, g_ptr_array_index(flows, i), is_shown, has_outages);
    table_finish(&table, out);
}

static void append_link(Table *table, const DxResults *results, const char *link, const char *drops)
{
    const bool is_used = dx__results_value(results, "link", link, "tx_frames") > 0;

    table_add(table, g_strdup(link));
    table_add(table, count_text(dx__results_value(results, "link", link, "tx_frames")));
    table_add(table, percent_text(real_of(results, "link", link, "utilisation_ratio"), 1));
    table_add(table,
              is_used ? quantity_text(DX_UNIT_TIME, dx__results_value(results, "link", link, "wait_mean_ps"))
                      : g_strdup("-"));
    table_add(table,
              is_used ? quantity_text(DX_UNIT_TIME, dx__results_value(results, "link", link, "wait_max_ps"))
                      : g_strdup("-"));
    table_add(table,
              quantity_text(DX_UNIT_SIZE, dx__results_value(results, "link", link, "queue_max_bytes")));
    table_add(table, g_strdup(drops ? drops : "0"));
}

static void append_links(GString *out, const DxResults *results)
{
    static const char *const titles[] = { "link",     "frames",    "util. %", "wait mean",
                                          "wait max", "queue max", "dropped", NULL };
    g_autoptr(GPtrArray) links = objects_of(results, "link");
    g_autoptr(GHashTable) drops = drops_of(results, "link");
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(6));
    for (guint i = 0; i < links->len; i++) {
        const char *link = g_ptr_array_index(links, i);

        if (table_begin_line(&table))
            append_link(&table, results, link, g_hash_table_lookup(drops, link));
    }
    table_finish(&table, out);
}

static char *wait_text(const DxResults *results, const char *model, const char *metric)
{
    const bool is_used = dx__results_value(results, "model", model, "tx_frames") > 0;

    return is_used ? quantity_text(DX_UNIT_TIME, dx__results_value(results, "model", model, metric))
                   : g_strdup("-");
}

static char *drops_text(GHashTable *drops, const char *object)
{
    const char *text = g_hash_table_lookup(drops, object);

    return g_strdup(text ? text : "0");
}

static bool is_shaper(const DxResults *results, const char *model)
{
    return dx_results_find(results, "model", model, "delayed_frames") != NULL;
}

static bool is_policer(const DxResults *results, const char *model)
{
    return dx_results_find(results, "model", model, "green_frames") != NULL;
}

static void append_shapers(GString *out, const DxResults *results, const GPtrArray *models, GHashTable *drops)
{
    static const char *const titles[] = { "shaper",    "frames",  "wait mean", "wait max",
                                          "queue max", "dropped", NULL };
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(5));
    for (guint i = 0; i < models->len; i++) {
        const char *model = g_ptr_array_index(models, i);

        if (!is_shaper(results, model) || !table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(model));
        table_add(&table, count_text(dx__results_value(results, "model", model, "tx_frames")));
        table_add(&table, wait_text(results, model, "wait_mean_ps"));
        table_add(&table, wait_text(results, model, "wait_max_ps"));
        table_add(&table,
                  quantity_text(DX_UNIT_SIZE, dx__results_value(results, "model", model, "queue_max_bytes")));
        table_add(&table, drops_text(drops, model));
    }
    table_finish(&table, out);
}

static void append_policers(GString *out, const DxResults *results, const GPtrArray *models,
                            GHashTable *drops)
{
    static const char *const titles[] = { "policer", "green", "yellow", "red", "dropped", NULL };
    static const char *const metrics[] = { "green_frames", "yellow_frames", "red_frames" };
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(4));
    for (guint i = 0; i < models->len; i++) {
        const char *model = g_ptr_array_index(models, i);

        if (!is_policer(results, model) || !table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(model));
        for (unsigned k = 0; k < G_N_ELEMENTS(metrics); k++)
            table_add(&table, count_text(dx__results_value(results, "model", model, metrics[k])));
        table_add(&table, drops_text(drops, model));
    }
    table_finish(&table, out);
}

/* Any other that dropped something. */
static void append_others(GString *out, const DxResults *results, const GPtrArray *models, GHashTable *drops)
{
    static const char *const titles[] = { "model", "dropped", NULL };
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(1));
    for (guint i = 0; i < models->len; i++) {
        const char *model = g_ptr_array_index(models, i);

        if (is_shaper(results, model) || is_policer(results, model) || !g_hash_table_contains(drops, model) ||
            !table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(model));
        table_add(&table, drops_text(drops, model));
    }
    table_finish(&table, out);
}

/* What was put into links. */
static void append_models(GString *out, const DxResults *results)
{
    g_autoptr(GPtrArray) models = objects_of(results, "model");
    g_autoptr(GHashTable) drops = models->len ? drops_of(results, "link") : NULL;

    append_shapers(out, results, models, drops);
    append_policers(out, results, models, drops);
    append_others(out, results, models, drops);
}

/* Directions that somebody used. */
static void append_vifs(GString *out, const DxResults *results)
{
    static const char *const titles[] = { "vif", "frames", "arrived", "goodput", "dropped", NULL };
    g_autoptr(GPtrArray) vifs = objects_of(results, "vif");
    g_autoptr(GHashTable) drops = drops_of(results, "vif");
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(4));
    for (guint i = 0; i < vifs->len; i++) {
        const char *vif = g_ptr_array_index(vifs, i);
        const uint64_t frames = dx__results_value(results, "vif", vif, "tx_frames");

        if ((!frames && !g_hash_table_contains(drops, vif)) || !table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(vif));
        table_add(&table, count_text(frames));
        table_add(&table, count_text(dx__results_value(results, "vif", vif, "rx_frames")));
        table_add(&table, quantity_text(DX_UNIT_RATE, dx__results_value(results, "vif", vif, "goodput_bps")));
        table_add(&table, drops_text(drops, vif));
    }
    table_finish(&table, out);
}

static char *imbalance_text(const DxResults *results, const char *lag)
{
    const DxRow *row = dx_results_find(results, "lag", lag, "imbalance");

    return g_strdup_printf("%.3f", row ? row->real : 0.0);
}

/* Directions that flows took, or could not. */
static void append_lags(GString *out, const DxResults *results)
{
    static const char *const titles[] = { "lag",       "working",   "flows",   "moved",
                                          "surviving", "imbalance", "dropped", NULL };
    g_autoptr(GPtrArray) lags = objects_of(results, "lag");
    g_autoptr(GHashTable) drops = drops_of(results, "lag");
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(6));
    for (guint i = 0; i < lags->len; i++) {
        const char *lag = g_ptr_array_index(lags, i);
        const uint64_t flows = dx__results_value(results, "lag", lag, "flows");

        if ((!flows && !g_hash_table_contains(drops, lag)) || !table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(lag));
        table_add(&table, count_text(dx__results_value(results, "lag", lag, "working")));
        table_add(&table, count_text(flows));
        table_add(&table, count_text(dx__results_value(results, "lag", lag, "flows_moved")));
        table_add(&table, count_text(dx__results_value(results, "lag", lag, "flows_moved_surviving")));
        table_add(&table, imbalance_text(results, lag));
        table_add(&table, drops_text(drops, lag));
    }
    table_finish(&table, out);
}

/* What was tried on a line, and what came of it. */
static void append_attacks(GString *out, const DxResults *results)
{
    static const char *const titles[] = { "attack", "frames",   "header read", "all read",
                                          "sent",   "accepted", "rejected",    NULL };
    static const char *const metrics[] = { "attacked_frames", "header_frames",   "read_frames",
                                           "sent_frames",     "accepted_frames", "rejected_frames" };
    g_autoptr(GPtrArray) attacks = objects_of(results, "attack");
    Table table;

    table_init(&table, titles, LEFT(0));
    for (guint i = 0; i < attacks->len; i++) {
        const char *attack = g_ptr_array_index(attacks, i);

        if (!table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(attack));
        for (unsigned k = 0; k < G_N_ELEMENTS(metrics); k++) {
            const DxRow *row = dx_results_find(results, "attack", attack, metrics[k]);

            table_add(&table, row ? count_text(row->value) : g_strdup(""));
        }
    }
    table_finish(&table, out);
}

static char *time_or_dash(const DxResults *results, const char *alarm, const char *metric)
{
    const DxRow *row = dx_results_find(results, "alarm", alarm, metric);

    return row && !row->no_data ? quantity_text(DX_UNIT_TIME, row->value) : g_strdup("-");
}

static void append_alarms(GString *out, const DxScenario *scenario, const DxResults *results)
{
    static const char *const titles[] = { "alarm",    "at the end",           "fired",
                                          "first at", "after the first loss", NULL };
    g_autoptr(GPtrArray) alarms = objects_of(results, "alarm");
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(1));
    for (guint i = 0; i < alarms->len; i++) {
        const char *alarm = g_ptr_array_index(alarms, i);
        const uint64_t state = dx__results_value(results, "alarm", alarm, "state");

        if (!table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(alarm));
        table_add(&table, g_strdup(dx__alarm_states[MIN(state, DX_ALARM_ALARM)]));
        table_add(&table, count_text(dx__results_value(results, "alarm", alarm, "fired")));
        table_add(&table, time_or_dash(results, alarm, "fired_at_ps"));
        table_add(&table, time_or_dash(results, alarm, "after_loss_ps"));
    }
    table_finish(&table, out);
    if (scenario->monitor.time_scale > 1)
        g_string_append_printf(out, "\nthe cloud's clock runs %" PRId64 " times as fast as this one\n",
                               scenario->monitor.time_scale);
}

const char *const dx__session_states[] = { "Idle",        "Connect",     "Active", "OpenSent",
                                           "OpenConfirm", "Established", NULL };

static const char *state_text(uint64_t state)
{
    return state < G_N_ELEMENTS(dx__session_states) - 1 ? dx__session_states[state] : "?";
}

/* Ends of BGP sessions. */
static void append_sessions(GString *out, const DxResults *results)
{
    static const char *const titles[] = { "session",  "state",      "flaps",    "down", "detection",
                                          "accepted", "advertised", "messages", NULL };
    g_autoptr(GPtrArray) sessions = objects_of(results, "session");
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(1));
    for (guint i = 0; i < sessions->len; i++) {
        const char *session = g_ptr_array_index(sessions, i);

        if (!table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(session));
        table_add(&table, g_strdup(state_text(dx__results_value(results, "session", session, "state"))));
        table_add(&table, count_text(dx__results_value(results, "session", session, "flaps")));
        table_add(&table,
                  quantity_text(DX_UNIT_TIME, dx__results_value(results, "session", session, "down_ps")));
        table_add(&table, dx__results_value(results, "session", session, "detections")
                              ? quantity_text(DX_UNIT_TIME,
                                              dx__results_value(results, "session", session, "detection_ps"))
                              : g_strdup("-"));
        table_add(&table, count_text(dx__results_value(results, "session", session, "accepted_prefixes")));
        table_add(&table, count_text(dx__results_value(results, "session", session, "advertised_prefixes")));
        table_add(&table, count_text(dx__results_value(results, "session", session, "tx_messages")));
    }
    table_finish(&table, out);
}

/* Routers that speak BGP. */
static void append_routers(GString *out, const DxResults *results)
{
    static const char *const titles[] = { "router",      "routes",    "changes", "convergence",
                                          "flows moved", "surviving", NULL };
    g_autoptr(GPtrArray) nodes = objects_of(results, "node");
    Table table;

    table_init(&table, titles, LEFT(0));
    for (guint i = 0; i < nodes->len; i++) {
        const char *node = g_ptr_array_index(nodes, i);
        const uint64_t changes = dx__results_value(results, "node", node, "route_changes");

        if (!dx_results_find(results, "node", node, "routes") || !table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(node));
        table_add(&table, count_text(dx__results_value(results, "node", node, "routes")));
        table_add(&table, count_text(changes));
        table_add(&table, changes ? quantity_text(DX_UNIT_TIME,
                                                  dx__results_value(results, "node", node, "convergence_ps"))
                                  : g_strdup("-"));
        table_add(&table, count_text(dx__results_value(results, "node", node, "flows_moved")));
        table_add(&table, count_text(dx__results_value(results, "node", node, "flows_moved_surviving")));
    }
    table_finish(&table, out);
}

/* Nodes, only those that dropped something. */
static void append_other_drops(GString *out, const DxResults *results, const char *kind)
{
    const char *const titles[] = { kind, "dropped", NULL };
    g_autoptr(GPtrArray) objects = objects_of(results, kind);
    g_autoptr(GHashTable) drops = drops_of(results, kind);
    Table table;

    table_init(&table, titles, LEFT(0) | LEFT(1));
    for (guint i = 0; i < objects->len; i++) {
        const char *object = g_ptr_array_index(objects, i);
        const char *reasons = g_hash_table_lookup(drops, object);

        if (!reasons || !table_begin_line(&table))
            continue;
        table_add(&table, g_strdup(object));
        table_add(&table, g_strdup(reasons));
    }
    table_finish(&table, out);
}

static void append_balance(GString *out, const DxSim *sim)
{
    const DxBalance balance = dx_sim_balance(sim);

    g_string_append_printf(out,
                           "\nframes: %" PRIu64 " sent = %" PRIu64 " delivered + %" PRIu64
                           " dropped + %" PRIu64 " queued + %" PRIu64 " in flight\n",
                           balance.created, balance.delivered, balance.dropped, balance.held,
                           balance.in_flight);
}

static void append_verdict(GString *out, const DxVerdict *verdict, bool colour)
{
    static const char *const word[2][2] = { { "FAIL", "\033[1;31mFAIL\033[0m" },
                                            { "pass", "\033[32mpass\033[0m" } };
    g_autofree char *text = g_strconcat(verdict->name, ": ", verdict->text, NULL);

    g_string_append_printf(out, "%s  ", word[verdict->pass][colour]);
    append_wrapped(out, 6, 6, text);
}

/* What somebody says, what the run says about that, and why. */
static void append_claims(GString *out, const DxScenario *scenario, const DxResults *results)
{
    g_autoptr(GPtrArray) claims = dx_scenario_claims(scenario, results);

    if (claims->len)
        g_string_append_c(out, '\n');
    for (guint i = 0; i < claims->len; i++) {
        const DxClaim *claim = g_ptr_array_index(claims, i);
        GString *text = g_string_new(NULL);
        g_autofree char *id = NULL;

        g_string_append_printf(text, "\"%s\": %s", claim->says, claim->verdict);
        if (claim->given)
            g_string_append_printf(text, " %s", claim->given);
        if (claim->measured)
            g_string_append_printf(text, "; %s", claim->measured);
        if (claim->bound)
            g_string_append_printf(text, "; %s", claim->bound);
        if (claim->reason)
            g_string_append_printf(text, "; %s", claim->reason);
        if (claim->recorded && strcmp(claim->recorded, claim->verdict))
            g_string_append_printf(text, "; recorded as %s", claim->recorded);
        id = dx_error_printable(claim->id);
        g_string_append_printf(out, "claim %s  ", id);
        append_wrapped(out, 8 + (unsigned)strlen(id), 6, text->str);
        g_string_free(text, TRUE);
    }
}

char *dx_report_table(const DxScenario *scenario, const DxRun *run, const GPtrArray *verdicts, bool colour)
{
    GString *out = g_string_new(NULL);

    g_return_val_if_fail(scenario != NULL && run != NULL, NULL);
    append_title(out, scenario, run);
    append_flows(out, run->results);
    dx__report_latency(out, scenario, run);
    append_links(out, run->results);
    append_models(out, run->results);
    append_lags(out, run->results);
    append_vifs(out, run->results);
    append_attacks(out, run->results);
    append_alarms(out, scenario, run->results);
    append_sessions(out, run->results);
    append_routers(out, run->results);
    append_other_drops(out, run->results, "node");
    append_balance(out, run->sim);
    if (verdicts && verdicts->len)
        g_string_append_c(out, '\n');
    for (guint i = 0; verdicts && i < verdicts->len; i++)
        append_verdict(out, g_ptr_array_index(verdicts, i), colour);
    if (verdicts)
        append_claims(out, scenario, run->results);
    return g_string_free(out, FALSE);
}
