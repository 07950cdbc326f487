/*
 * page-run - what a run came to, as sections of its page: verdicts, flows, where their latency went, links,
 * what happened, what was assumed
 */
#include "alarm-priv.h"
#include "page-priv.h"
#include "report-priv.h"

#include <math.h>
#include <string.h>

#define ROWS_MAX   200 /* of a table; the rest is in the CSV files */
#define EVENTS_MAX 300
#define NO_VALUE   "-"

static const DxJson *root_of(const DxPage *page)
{
    return dx__json_root(page->summary);
}

/* -- values ------------------------------------------------------------------------------------------ */

static void add_count(DxPage *page, const DxJson *object, const char *key)
{
    const DxJson *value = dx__page_member(page->summary, object, key);

    dx__page_class_cell(page, "n", value->type == DX_JSON_NUMBER ? value->text : NO_VALUE);
}

static void add_quantity(DxPage *page, const DxJson *object, const char *key, DxUnit unit)
{
    const DxJson *value = dx__page_member(page->summary, object, key);
    g_autofree char *text = NULL;
    int64_t number;

    if (value->type == DX_JSON_NUMBER && dx__json_int64(value, &number))
        text = dx_units_format_short(unit, number);
    dx__page_class_cell(page, "n", text ? text : NO_VALUE);
}

/* A little is never shown as nothing, nor nearly all as all. */
static void add_percent(DxPage *page, const DxJson *object, const char *key)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    double ratio;

    if (!dx__page_number(page->summary, object, key, &ratio)) {
        dx__page_class_cell(page, "n", NO_VALUE);
        return;
    }
    if (ratio > 0 && ratio < 1e-5)
        g_strlcpy(number, "<0.001", sizeof number);
    else if (ratio < 1 && ratio > 1 - 1e-5)
        g_strlcpy(number, ">99.999", sizeof number);
    else
        g_ascii_formatd(number, sizeof number, "%.3f", 100 * ratio);
    dx__page_class_cell(page, "n", number);
}

/* -- a table of objects ------------------------------------------------------------------------------ */

/* DETECTION and CONVERGENCE: times of what may never have happened. */
typedef enum { COUNT, TIME, RATE, SIZE, PERCENT, DETECTION, CONVERGENCE, SESSION, ALARM, DROPS } Form;

typedef struct {
    const char *title, *key;
    Form form;
} Column;

static void add_drops(DxPage *page, const DxJson *object)
{
    g_autoptr(GString) text = g_string_new(NULL);

    dx_json_each (reason, dx__page_member(page->summary, object, "dropped")) {
        g_autofree char *name = g_strdelimit(g_strdup(reason->key), "_", ' ');

        if (reason->type == DX_JSON_NUMBER && strcmp(reason->text, "0"))
            g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", name, reason->text);
    }
    dx__page_cell(page, text->len ? text->str : "0");
}

static void add_state(DxPage *page, const DxJson *object, const char *key, const char *const *names)
{
    const DxJson *value = dx__page_member(page->summary, object, key);
    int64_t state, n = 0;

    while (names[n])
        n++;
    if (value->type != DX_JSON_NUMBER || !dx__json_int64(value, &state) || state < 0 || state >= n)
        dx__page_cell(page, NO_VALUE);
    else
        dx__page_cell(page, names[state]);
}

/* A time, if there was one at all: @count says how often. */
static void add_time_of(DxPage *page, const DxJson *object, const char *key, const char *count)
{
    double n;

    if (dx__page_number(page->summary, object, count, &n) && n > 0)
        add_quantity(page, object, key, DX_UNIT_TIME);
    else
        dx__page_class_cell(page, "n", NO_VALUE);
}

static void add_value(DxPage *page, const DxJson *object, const Column *column)
{
    static const DxUnit units[] = { [TIME] = DX_UNIT_TIME, [RATE] = DX_UNIT_RATE, [SIZE] = DX_UNIT_SIZE };

    switch (column->form) {
    case COUNT:
        add_count(page, object, column->key);
        break;
    case PERCENT:
        add_percent(page, object, column->key);
        break;
    case DETECTION:
        add_time_of(page, object, column->key, "detections");
        break;
    case CONVERGENCE:
        add_time_of(page, object, column->key, "route_changes");
        break;
    case SESSION:
        add_state(page, object, column->key, dx__session_states);
        break;
    case ALARM:
        add_state(page, object, column->key, dx__alarm_states);
        break;
    case DROPS:
        add_drops(page, object);
        break;
    default:
        add_quantity(page, object, column->key, units[column->form]);
    }
}

static void add_rest(DxPage *page, unsigned n, unsigned max, const char *file)
{
    if (n > max)
        dx__page_printf(page, "<p class=\"quiet\">And %u more, all in %s.</p>\n", n - max, file);
}

/* Nodes are told of by those who speak BGP only. */
static bool is_shown(DxPage *page, const DxJson *object, const Column *columns)
{
    return columns[0].form == DROPS ||
           dx__page_member(page->summary, object, columns[0].key)->type == DX_JSON_NUMBER;
}

static bool is_any_shown(DxPage *page, const DxJson *objects, const Column *columns)
{
    dx_json_each (object, objects)
        if (is_shown(page, object, columns))
            return true;
    return false;
}

static void append_objects(DxPage *page, const char *id, const char *heading, const char *what,
                           const Column *columns, unsigned n_columns)
{
    const char *titles[16] = { what };
    const DxJson *objects = dx__page_member(page->summary, root_of(page), id);
    unsigned numbers = 0, n = 0;

    for (unsigned i = 0; i < n_columns; i++) {
        titles[i + 1] = columns[i].title;
        numbers |= columns[i].form >= SESSION ? 0 : 2u << i;
    }
    if (!is_any_shown(page, objects, columns))
        return;
    dx__page_heading(page, id, heading);
    dx__page_table(page, titles, numbers);
    dx_json_each (object, objects) {
        if (!is_shown(page, object, columns) || n++ >= ROWS_MAX)
            continue;
        dx__page_row(page);
        dx__page_cell(page, object->key);
        for (unsigned i = 0; i < n_columns; i++)
            add_value(page, object, &columns[i]);
    }
    dx__page_table_end(page);
    add_rest(page, n, ROWS_MAX, "summary.csv");
}

void dx__page_flows(DxPage *page)
{
    static const Column columns[] = {
        { "sent", "sent_frames", COUNT },          { "delivered", "delivered_frames", COUNT },
        { "lost", "lost_frames", COUNT },          { "loss %", "loss_ratio", PERCENT },
        { "latency p50", "latency_p50_ps", TIME }, { "p99", "latency_p99_ps", TIME },
        { "p99.9", "latency_p999_ps", TIME },      { "max", "latency_max_ps", TIME },
        { "goodput", "goodput_bps", RATE },        { "outage", "outage_max_ps", TIME },
    };

    append_objects(page, "flows", "Flows", "flow", columns, G_N_ELEMENTS(columns));
}

void dx__page_links(DxPage *page)
{
    static const Column columns[] = {
        { "frames", "tx_frames", COUNT },         { "utilisation %", "utilisation_ratio", PERCENT },
        { "wait mean", "wait_mean_ps", TIME },    { "wait max", "wait_max_ps", TIME },
        { "queue max", "queue_max_bytes", SIZE }, { "dropped", NULL, DROPS },
    };

    append_objects(page, "links", "Links", "link", columns, G_N_ELEMENTS(columns));
}

void dx__page_vifs(DxPage *page)
{
    static const Column columns[] = {
        { "frames", "tx_frames", COUNT },
        { "arrived", "rx_frames", COUNT },
        { "goodput", "goodput_bps", RATE },
        { "dropped", NULL, DROPS },
    };

    append_objects(page, "vifs", "VIFs", "vif", columns, G_N_ELEMENTS(columns));
}

void dx__page_alarms(DxPage *page)
{
    static const Column columns[] = {
        { "at the end", "state", ALARM },
        { "fired", "fired", COUNT },
        { "first at", "fired_at_ps", TIME },
        { "after the first loss", "after_loss_ps", TIME },
    };

    append_objects(page, "alarms", "Alarms", "alarm", columns, G_N_ELEMENTS(columns));
}

void dx__page_sessions(DxPage *page)
{
    static const Column columns[] = {
        { "state", "state", SESSION },
        { "flaps", "flaps", COUNT },
        { "down", "down_ps", TIME },
        { "detection", "detection_ps", DETECTION },
        { "accepted", "accepted_prefixes", COUNT },
        { "advertised", "advertised_prefixes", COUNT },
        { "messages", "tx_messages", COUNT },
    };

    append_objects(page, "sessions", "BGP sessions", "session", columns, G_N_ELEMENTS(columns));
}

void dx__page_routers(DxPage *page)
{
    static const Column columns[] = {
        { "routes", "routes", COUNT },
        { "changes", "route_changes", COUNT },
        { "convergence", "convergence_ps", CONVERGENCE },
        { "flows moved", "flows_moved", COUNT },
        { "surviving", "flows_moved_surviving", COUNT },
    };

    append_objects(page, "nodes", "Routers", "router", columns, G_N_ELEMENTS(columns));
}

/* -- where latency went ------------------------------------------------------------------------------ */

static void add_time(DxPage *page, double time_ps, bool is_known)
{
    g_autofree char *text =
        is_known ? dx_units_format_short(DX_UNIT_TIME, (int64_t)(time_ps + 0.5)) : g_strdup(NO_VALUE);

    dx__page_class_cell(page, "n", text);
}

/* What remains of the mean was spent waiting. A flow that went more than one way has no such sum. */
static bool append_latency(DxPage *page, const DxJson *flow)
{
    const DxJson *flows = dx__page_member(page->summary, root_of(page), "flows");
    const char *name = dx__page_string(page->run->doc, flow, "flow");
    const DxJson *one_way = dx__page_member(page->run->doc, flow, "one_way");
    double mean, propagation, serialisation;
    bool adds_up;

    if (!dx__page_number(page->summary, dx__page_member(page->summary, flows, name), "latency_mean_ps",
                         &mean) ||
        !dx__page_number(page->run->doc, flow, "propagation_ps", &propagation) ||
        !dx__page_number(page->run->doc, flow, "serialisation_ps", &serialisation))
        return false;
    adds_up = one_way->type == DX_JSON_BOOL && one_way->boolean && mean >= propagation + serialisation;
    dx__page_row(page);
    dx__page_cell(page, name);
    add_time(page, propagation, adds_up);
    add_time(page, serialisation, adds_up);
    add_time(page, mean - propagation - serialisation, adds_up);
    add_time(page, mean, true);
    return true;
}

void dx__page_latency(DxPage *page)
{
    static const char *const titles[] = {
        "mean latency of", "propagation", "serialisation", "wait", "mean", NULL
    };
    const DxJson *flows = dx__page_member(page->run->doc, dx__json_root(page->run->doc), "flows");
    unsigned n = 0;

    if (!flows->child)
        return;
    dx__page_heading(page, "latency", "Where latency went");
    dx__page_table(page, titles, 0x1e);
    dx_json_each (flow, flows)
        if (n < ROWS_MAX)
            n += append_latency(page, flow);
    dx__page_table_end(page);
    dx__page_printf(
        page, "<p class=\"quiet\">Propagation and serialisation are those of a flow's way at the start; what "
              "remains of the "
              "mean is its wait. Where a failure sent it another way, the difference is in there too.</p>\n");
}

/* -- verdicts ---------------------------------------------------------------------------------------- */

static void append_expectations(DxPage *page)
{
    static const char *const titles[] = { "", "expectation", "measured", NULL };
    const DxJson *expectations = dx__page_member(page->summary, root_of(page), "expectations");

    if (!expectations->child) {
        dx__page_printf(page, "<p>Nothing was expected.</p>\n");
        return;
    }
    dx__page_table(page, titles, 0);
    dx_json_each (expectation, expectations) {
        const DxJson *pass = dx__page_member(page->summary, expectation, "pass");
        const bool is_met = pass->type == DX_JSON_BOOL && pass->boolean;

        dx__page_row(page);
        dx__page_class_cell(page, is_met ? "good" : "bad", is_met ? "pass" : "FAIL");
        dx__page_cell(page, dx__page_string(page->summary, expectation, "name"));
        dx__page_cell(page, dx__page_string(page->summary, expectation, "detail"));
    }
    dx__page_table_end(page);
}

static void append_claims(DxPage *page)
{
    static const char *const titles[] = { "", "claim", "says", "measured", "because", NULL };
    DxJsonDoc *doc = page->summary;
    const DxJson *claims = dx__page_member(doc, root_of(page), "claims");

    if (!claims->child)
        return;
    dx__page_heading(page, "claims", "Claims");
    dx__page_table(page, titles, 0);
    dx_json_each (claim, claims) {
        const char *verdict = dx__page_string(doc, claim, "verdict");
        const char *bound = dx__page_string(doc, claim, "bound"),
                   *reason = dx__page_string(doc, claim, "reason");

        dx__page_row(page);
        dx__page_class_cell(page,
                            !strcmp(verdict, "holds")   ? "good"
                            : !strcmp(verdict, "false") ? "bad"
                                                        : "",
                            verdict);
        dx__page_cell(page, dx__page_string(doc, claim, "id"));
        dx__page_cell(page, dx__page_string(doc, claim, "says"));
        dx__page_cell(page, dx__page_string(doc, claim, "measured"));
        dx__page_cell(page, *bound ? bound : *reason ? reason : dx__page_string(doc, claim, "given"));
    }
    dx__page_table_end(page);
}

static void append_balance(DxPage *page)
{
    const DxJson *balance = dx__page_member(page->summary, root_of(page), "conservation");
    const DxJson *holds = dx__page_member(page->summary, balance, "holds");
    static const char *const counts[][2] = { { "created_frames", " frames were created: " },
                                             { "delivered_frames", " delivered, " },
                                             { "dropped_frames", " dropped, " },
                                             { "queued_frames", " queued and " },
                                             { "in_flight_frames", " in flight at the end. " } };

    if (!balance->child)
        return;
    dx__page_printf(page, "<p class=\"quiet\">");
    for (unsigned i = 0; i < G_N_ELEMENTS(counts); i++) {
        const DxJson *count = dx__page_member(page->summary, balance, counts[i][0]);

        dx__page_text(page, count->type == DX_JSON_NUMBER ? count->text : NO_VALUE);
        dx__page_printf(page, "%s", counts[i][1]);
    }
    dx__page_printf(page, "%s</p>\n",
                    holds->type == DX_JSON_BOOL && holds->boolean
                        ? "The books balance, at every node."
                        : "<strong>The books do not balance.</strong>");
}

void dx__page_verdicts(DxPage *page)
{
    dx__page_heading(page, "verdicts", "Verdicts");
    append_expectations(page);
    append_claims(page);
    append_balance(page);
}

/* -- what happened ----------------------------------------------------------------------------------- */

typedef struct {
    DxPage *page;
    unsigned n;
} Events;

static bool take_event(const char *const *cells, unsigned row, void *data, GError **error)
{
    static const char *const titles[] = { "time (s)", "object", "event", "", NULL };
    Events *events = data;

    (void)row;
    (void)error;
    if (!events->n) {
        dx__page_heading(events->page, "events", "What happened");
        dx__page_table(events->page, titles, 1);
    }
    if (events->n++ >= EVENTS_MAX)
        return true;
    dx__page_row(events->page);
    dx__page_class_cell(events->page, "n", cells[0]);
    for (unsigned i = 1; i < 4; i++)
        dx__page_cell(events->page, cells[i]);
    return true;
}

void dx__page_events(DxPage *page)
{
    static const char *const header[] = { "time_s", "object", "event", "detail", NULL };
    Events events = { page, 0 };
    g_autoptr(GError) error = NULL;

    dx__plot_read(page->run, "events.csv", header, take_event, &events, &error);
    if (events.n)
        dx__page_table_end(page);
    add_rest(page, events.n, EVENTS_MAX, "events.csv");
    if (error) {
        dx__page_printf(page, "<p class=\"quiet\">");
        dx__page_text(page, error->message);
        dx__page_printf(page, "</p>\n");
    }
}

/* -- what was assumed -------------------------------------------------------------------------------- */

/* Values with the same origin "default" are told together: they are what nobody has thought about. */
static void append_object(DxPage *page, const DxExplainObject *object)
{
    g_autoptr(GString) defaults = g_string_new(NULL);

    for (guint i = 0; i < object->values->len; i++) {
        const DxExplainValue *value = g_ptr_array_index(object->values, i);

        if (!strcmp(value->origin, "default")) {
            g_string_append_printf(defaults, "%s%s %s", defaults->len ? "; " : "", value->key, value->value);
            continue;
        }
        dx__page_row(page);
        dx__page_cell(page, object->path);
        dx__page_cell(page, value->key);
        dx__page_cell(page, value->value);
        dx__page_class_cell(page, "quiet", value->origin);
    }
    if (!defaults->len)
        return;
    dx__page_row(page);
    dx__page_cell(page, object->path);
    dx__page_class_cell(page, "quiet", "not said");
    dx__page_class_cell(page, "quiet", defaults->str);
    dx__page_class_cell(page, "quiet", "default");
}

void dx__page_assumptions(DxPage *page)
{
    static const char *const titles[] = { "object", "key", "value", "from", NULL };

    if (!page->objects->len)
        return;
    dx__page_heading(page, "assumptions", "Assumptions");
    dx__page_printf(page, "<p class=\"quiet\">Every value that was used, and where it came from.</p>\n");
    dx__page_table(page, titles, 0);
    for (guint i = 0; i < MIN(page->objects->len, (guint)ROWS_MAX); i++)
        append_object(page, g_ptr_array_index(page->objects, i));
    dx__page_table_end(page);
    add_rest(page, page->objects->len, ROWS_MAX, "explain.json");
}
