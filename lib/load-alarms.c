/*
 * load-alarms - what is watched for, and what is done about it
 *
 * Alarms come from the scenario, and from profiles of the catalog of alarms: each of those for every
 * connection that has the metric.
 */
#include "alarms-priv.h"
#include "bgp-priv.h"
#include "load-priv.h"

#include <stdio.h>
#include <string.h>

extern const char *const dx__embedded_alarms_2026_09;

const char *const dx__alarm_profiles[] = { "briefing", "practice", NULL };
const char *const dx__alarm_statistics[] = { "Average", "Sum", "Minimum", "Maximum", "SampleCount", NULL };
const char *const dx__alarm_ops[] = { "<", "<=", ">=", ">", NULL };
const char *const dx__alarm_dos[] = { "log", "page", "auto_scale", "shift_traffic", "return_traffic", NULL };

static int choice(const char *const *words, const char *word, int fallback)
{
    for (int i = 0; word && words[i]; i++)
        if (!strcmp(words[i], word))
            return i;
    return fallback;
}

/* -- of what ----------------------------------------------------------------------------------------- */

static void unknown_metric(DxLoader *loader, const DxJson *json)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *shown = dx__json_escape(json->text);
    const char *meant;

    for (const DxMetric *metric = dx__metrics; metric->name; metric++)
        g_ptr_array_add(names, (gpointer)metric->name);
    meant = dx__reader_nearest(json->text, names);
    if (meant)
        DX_PROBLEM(&loader->reader, json, DX_CODE_CHOICE, "there is no metric \"%s\"; did you mean \"%s\"?",
                   shown, meant);
    else
        DX_PROBLEM(&loader->reader, json, DX_CODE_CHOICE,
                   "there is no metric \"%s\"; docs/cloudwatch.md lists them", shown);
}

/* Of two metrics of one name, the one of what is selected. */
static const DxMetric *find_metric(DxLoader *loader, const DxJson *json, const DxJson *select)
{
    const DxMetric *first = dx__metric_find(json->text);

    for (const DxMetric *metric = first; first && metric->name; metric++)
        if (!strcmp(metric->name, first->name) && select &&
            dx__json_member(loader->reader.doc, select, dx__metric_selector(metric)))
            return metric;
    if (!first)
        unknown_metric(loader, json);
    return first;
}

static GHashTable *names_of(const DxLoader *loader, const DxMetric *metric)
{
    switch (metric->of) {
    case DX_OF_LAG:
        return loader->lags;
    case DX_OF_VIF:
    case DX_OF_PEER:
        return loader->vifs;
    case DX_OF_FLOW:
        return loader->flows;
    default:
        return loader->links;
    }
}

/* Of a metric of AWS/DX, and of what meters count, only what ends at the cloud. */
static bool is_watched(const DxScenario *scenario, const DxMetric *metric, uint32_t object)
{
    const uint32_t *end;

    if (!dx__metric_is_aws(metric) && metric->take != DX_TAKE_LOSS)
        return true;
    if (metric->of == DX_OF_PEER)
        return dx__metric_peer_end(scenario, object) != 2;
    dx__metric_object(scenario, metric, object, &end);
    return dx__metric_cloud_end(scenario, end) != 2;
}

/* The only one there is; DX_NONE: none, or several. */
static uint32_t only_one(const DxLoader *loader, const DxMetric *metric)
{
    const guint n = metric->of == DX_OF_PEER ? dx__metric_n_peers(loader->scenario)
                                             : g_hash_table_size(names_of(loader, metric));
    uint32_t found = DX_NONE;

    for (uint32_t i = 0; i < n; i++) {
        if (!is_watched(loader->scenario, metric, i))
            continue;
        if (found != DX_NONE)
            return DX_NONE;
        found = i;
    }
    return found;
}

static void load_lane(DxLoader *loader, const DxJson *select, DxScAlarm *alarm)
{
    DxReader *reader = &loader->reader;
    const DxScLink *link = DX_SC(loader->scenario, links, DxScLink, alarm->of.object);
    const DxJson *lane = dx__reader_get(reader, select, "lane", DX_JSON_NUMBER);
    const unsigned n = dx__link_lanes(loader->scenario, link);
    int64_t number = 1;

    if (!n)
        DX_PROBLEM(reader, alarm->json, DX_CODE_CONFLICT,
                   "link \"%s\" has no light level: give it an \"optic\"", link->name);
    else if (lane && (!dx__json_int64(lane, &number) || number < 1 || number > n))
        DX_PROBLEM(reader, lane, DX_CODE_RANGE, "the light of link \"%s\" has lanes 1 to %u", link->name, n);
    else if (!lane && n > 1)
        DX_PROBLEM(reader, alarm->json, DX_CODE_MISSING_KEY,
                   "the light of link \"%s\" has %u lanes; select one: \"lane\": 1", link->name, n);
    else
        alarm->of.lane = (unsigned)number;
}

static void load_from(DxLoader *loader, const DxJson *from, DxScAlarm *alarm)
{
    const uint32_t node = dx__load_resolve(loader, from, loader->nodes, "node");
    const uint32_t *end;
    const char *name;

    if (node == DX_NONE || alarm->of.object == DX_NONE)
        return;
    name = dx__metric_object(loader->scenario, alarm->of.metric, alarm->of.object, &end);
    alarm->has_from = true;
    if (node == end[0] || node == end[1])
        alarm->of.direction = node == end[1];
    else
        DX_PROBLEM(&loader->reader, from, DX_CODE_ENDS, "\"%s\" does not end there", name);
}

/* False: some of @select does not go with the metric. */
static bool check_select(DxLoader *loader, const DxJson *select, const DxMetric *metric)
{
    const char *selector = dx__metric_selector(metric);

    for (const DxJson *member = select ? select->child : NULL; member; member = member->next) {
        if (!strcmp(member->key, selector) || dx__reader_is_for_people(member->key) ||
            (!strcmp(member->key, "lane") && metric->of == DX_OF_LANE) ||
            (!strcmp(member->key, "family") && metric->of == DX_OF_PEER) ||
            (!strcmp(member->key, "from") && metric->way == DX_WAY_ANY))
            continue;
        dx__problem(loader->reader.problems, loader->reader.file, member, true, DX_CODE_CONFLICT,
                    "metric \"%s\" has no such dimension; select by \"%s\"%s", metric->name, selector,
                    metric->of == DX_OF_LANE    ? " and \"lane\""
                    : metric->of == DX_OF_PEER  ? " and \"family\""
                    : metric->way == DX_WAY_ANY ? " and \"from\""
                                                : "");
        return false;
    }
    return true;
}

/* The session on VIF @vif that @select means; DX_NONE: told why there is none. */
static uint32_t find_peer(DxLoader *loader, const DxJson *select, const DxJson *name, uint32_t vif)
{
    const DxScenario *scenario = loader->scenario;
    const char *family = dx__reader_text(&loader->reader, select, "family");
    uint32_t found = DX_NONE;

    if (family && choice(dx__ip_families, family, -1) < 0) /* told */
        return DX_NONE;
    for (uint32_t i = 0; i < dx__metric_n_peers(scenario); i++) {
        if (dx__metric_peer_vif(scenario, i) != vif || dx__metric_peer_end(scenario, i) == 2 ||
            (family && strcmp(family, dx__metric_peer_family(scenario, i))))
            continue;
        if (found != DX_NONE) {
            DX_PROBLEM(&loader->reader, name, DX_CODE_MISSING_KEY,
                       "VIF \"%s\" has two sessions; select one: \"family\": \"ipv4\"", name->text);
            return DX_NONE;
        }
        found = i;
    }
    if (found == DX_NONE)
        DX_PROBLEM(&loader->reader, name, DX_CODE_CONFLICT,
                   "VIF \"%s\" has no%s%s BGP session that the cloud's side sees", name->text,
                   family ? " " : "", family ? family : "");
    return found;
}

static void load_object(DxLoader *loader, const DxJson *select, DxScAlarm *alarm)
{
    DxReader *reader = &loader->reader;
    const DxMetric *metric = alarm->of.metric;
    const DxJson *member = dx__reader_get(reader, select, dx__metric_selector(metric), DX_JSON_STRING);

    if (!check_select(loader, select, metric))
        return;
    if (member)
        alarm->of.object =
            dx__load_resolve(loader, member, names_of(loader, metric), dx__metric_selector(metric));
    else if (alarm->of.object == DX_NONE && (alarm->of.object = only_one(loader, metric)) == DX_NONE)
        DX_PROBLEM(reader, alarm->json, DX_CODE_MISSING_KEY,
                   "there is more than one %s, or none; select one: \"select\": { \"%s\": ... }",
                   dx__metric_selector(metric), dx__metric_selector(metric));
    if (member && metric->of == DX_OF_PEER && alarm->of.object != DX_NONE)
        alarm->of.object = find_peer(loader, select, member, alarm->of.object);
    if (alarm->of.object != DX_NONE && !is_watched(loader->scenario, metric, alarm->of.object)) {
        DX_PROBLEM(reader, member ? member : alarm->json, DX_CODE_CONFLICT,
                   "this %s does not end at the cloud's side (\"monitor\": \"side\")",
                   dx__metric_selector(metric));
        alarm->of.object = DX_NONE;
    }
}

static void load_what(DxLoader *loader, DxJson *json, DxScAlarm *alarm)
{
    DxReader *reader = &loader->reader;
    const DxJson *name = dx__reader_get(reader, json, "metric", DX_JSON_STRING);
    const DxJson *select = dx__reader_get(reader, json, "select", DX_JSON_OBJECT), *from;

    alarm->of.metric = name ? find_metric(loader, name, select) : NULL;
    if (!alarm->of.metric)
        return;
    load_object(loader, select, alarm);
    if (alarm->of.metric->of == DX_OF_LANE && alarm->of.object != DX_NONE && !alarm->of.lane)
        load_lane(loader, select, alarm);
    from =
        alarm->of.metric->way == DX_WAY_ANY ? dx__reader_get(reader, select, "from", DX_JSON_STRING) : NULL;
    if (from)
        load_from(loader, from, alarm);
}

/* -- threshold --------------------------------------------------------------------------------------- */

/* What "80 %" is of; 0: nothing. */
static double capacity(const DxScenario *scenario, const DxScAlarm *alarm)
{
    const DxMetric *metric = alarm->of.metric;
    const DxScLink *link;

    if (alarm->of.object == DX_NONE)
        return 0;
    if (dx__metric_has_limit(metric))
        return (double)dx__metric_peer_limit(scenario, alarm->of.object);
    if (metric->take != DX_TAKE_BITS)
        return 0;
    if (metric->of == DX_OF_VIF)
        return (double)dx__conf_int(dx__scenario_model(scenario, "vif"),
                                    DX_SC(scenario, vifs, DxScVif, alarm->of.object)->conf, "rate_limit");
    if (metric->of != DX_OF_LINK)
        return 0;
    link = DX_SC(scenario, links, DxScLink, alarm->of.object);
    return link->hosted_bps ? (double)link->hosted_bps
                            : (double)dx__conf_int(dx__scenario_model(scenario, "port"), link->port, "rate");
}

/* From base units of a threshold to those of the metric. */
static double in_metric(DxUnit unit, int64_t value)
{
    switch (unit) {
    case DX_UNIT_FREQUENCY:
        return (double)value / 86400;
    case DX_UNIT_POWER:
    case DX_UNIT_GAIN:
        return (double)value / 1000;
    case DX_UNIT_PERCENT:
        return (double)value / 1e10;
    default:
        return (double)value;
    }
}

static void load_threshold(DxLoader *loader, DxJson *json, DxScAlarm *alarm)
{
    DxReader *reader = &loader->reader;
    const DxJson *said = dx__json_member(reader->doc, json, "threshold");
    const DxUnit unit = alarm->of.metric->threshold;
    const double whole = capacity(loader->scenario, alarm);
    g_autoptr(GError) error = NULL;
    int64_t value;

    if (!said || (said->type != DX_JSON_STRING && said->type != DX_JSON_NUMBER))
        return;
    alarm->threshold_text = g_strdup(said->text);
    if (said->type == DX_JSON_NUMBER && unit == DX_UNIT_FRAMES && dx__json_int64(said, &value)) {
        alarm->threshold = (double)value;
    } else if (said->type == DX_JSON_NUMBER) {
        DX_PROBLEM(reader, said, DX_CODE_TYPE, "%s is a bare number; give it a unit: %s", said->text,
                   dx_units_forms(unit));
    } else if (unit != DX_UNIT_PERCENT && g_str_has_suffix(said->text, "%") && whole > 0) {
        if (dx_units_parse(DX_UNIT_PERCENT, said->text, &value, &error))
            alarm->threshold = in_metric(DX_UNIT_PERCENT, value) / 100 * whole;
    } else if (alarm->of.metric->of == DX_OF_PEER && g_str_has_suffix(said->text, "%")) {
        DX_PROBLEM(reader, said, DX_CODE_CONFLICT, "%s of what? %s; name a number here: 80", said->text,
                   dx__metric_has_limit(alarm->of.metric)
                       ? "The cloud's end of the session has no \"prefix_limit\""
                       : "Nothing limits this metric");
    } else if (dx_units_parse(unit, said->text, &value, &error)) {
        alarm->threshold = in_metric(unit, value);
    }
    if (error)
        DX_PROBLEM(reader, said, error->code == DX_ERROR_RANGE ? DX_CODE_RANGE : DX_CODE_SYNTAX, "%s",
                   error->message);
}

/* So far inside what the optic at the cloud's end is specified for. */
static void load_margin(DxLoader *loader, DxJson *json, DxScAlarm *alarm)
{
    DxReader *reader = &loader->reader;
    const DxJson *said = dx__json_member(reader->doc, json, "margin");
    const bool is_low = dx__alarm_ops[alarm->op][0] == '<';
    int64_t margin;
    double bound;

    if (!said || !dx__reader_quantity(reader, json, "margin", DX_UNIT_GAIN, &margin))
        return;
    if (alarm->of.metric->of != DX_OF_LANE) {
        DX_PROBLEM(reader, said, DX_CODE_CONFLICT, "a margin is that of light levels; give a \"threshold\"");
        return;
    }
    if (!DX_SC(loader->scenario, links, DxScLink, alarm->of.object)->has_optics) /* told */
        return;
    bound = dx__link_light_bound(loader->scenario, DX_SC(loader->scenario, links, DxScLink, alarm->of.object),
                                 alarm->of.metric->way == DX_WAY_EGRESS, is_low);
    alarm->threshold = bound + (is_low ? 1 : -1) * in_metric(DX_UNIT_GAIN, margin);
    alarm->threshold_text = g_strdup_printf("%.1f dBm", alarm->threshold);
}

/* One of the two. Of nothing that is known, nothing is said. */
static void load_bound(DxLoader *loader, DxJson *json, DxScAlarm *alarm)
{
    DxReader *reader = &loader->reader;
    const bool has_threshold = dx__json_member(reader->doc, json, "threshold") != NULL;

    if (has_threshold == (dx__json_member(reader->doc, json, "margin") != NULL))
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY,
                   "an alarm needs a \"threshold\", or for light a \"margin\"; one of them");
    else if (alarm->of.metric && alarm->of.object != DX_NONE && has_threshold)
        load_threshold(loader, json, alarm);
    else if (alarm->of.metric && alarm->of.object != DX_NONE)
        load_margin(loader, json, alarm);
}

/* "2 of 3". */
static void load_datapoints(DxLoader *loader, DxJson *json, DxScAlarm *alarm)
{
    const DxJson *said = dx__reader_get(&loader->reader, json, "datapoints", DX_JSON_STRING);
    unsigned m = 0, n = 0;
    int end = 0;

    alarm->m = alarm->n = 1;
    if (!said)
        return;
    if (sscanf(said->text, "%3u of %3u%n", &m, &n, &end) != 2 || said->text[end] ||
        !g_ascii_isdigit(*said->text))
        DX_PROBLEM(&loader->reader, said, DX_CODE_SYNTAX, "expected how many points of how many: \"2 of 3\"");
    else if (m < 1 || m > n || n > DX_ALARM_N_MAX)
        DX_PROBLEM(&loader->reader, said, DX_CODE_RANGE, "at least 1 of so many, and at most all of %u",
                   DX_ALARM_N_MAX);
    else {
        alarm->m = m;
        alarm->n = n;
    }
}

/* -- actions ----------------------------------------------------------------------------------------- */

/* Keys that go with some actions only. */
static void check_keys(DxLoader *loader, DxJson *json, int what)
{
    static const struct {
        const char *key;
        unsigned goes_with;
    } keys[] = { { "who", 1u << DX_ACT_PAGE },
                 { "link", 1u << DX_ACT_AUTO_SCALE | 1u << DX_ACT_SHIFT | 1u << DX_ACT_RETURN },
                 { "add", 1u << DX_ACT_AUTO_SCALE },
                 { "after", 1u << DX_ACT_AUTO_SCALE | 1u << DX_ACT_SHIFT | 1u << DX_ACT_RETURN },
                 { "maximum", 1u << DX_ACT_AUTO_SCALE },
                 { "cool_down", 1u << DX_ACT_AUTO_SCALE },
                 { "to", 1u << DX_ACT_SHIFT } };

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        const DxJson *member = dx__json_member(loader->reader.doc, json, keys[i].key);

        if (member && !(keys[i].goes_with & 1u << what))
            dx__problem(loader->reader.problems, loader->reader.file, member, true, DX_CODE_CONFLICT,
                        "\"%s\" does not go with \"do\": \"%s\"", keys[i].key, dx__alarm_dos[what]);
    }
}

static void load_scaling(DxLoader *loader, DxJson *json, DxScAction *action)
{
    DxReader *reader = &loader->reader;
    const DxJson *link = dx__reader_get(reader, json, "link", DX_JSON_STRING);
    const DxJson *add = dx__json_member(reader->doc, json, "add");

    if (link)
        action->link = dx__load_resolve(loader, link, loader->links, "link");
    else if (action->link == DX_NONE)
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "which link gets more capacity? \"link\" is missing");
    if (!add)
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "how much capacity? \"add\": \"10 Gbps\" is missing");
    if (dx__reader_quantity(reader, json, "add", DX_UNIT_RATE, &action->add_bps) && action->add_bps <= 0)
        DX_PROBLEM(reader, add, DX_CODE_RANGE, "more than nothing is added");
    dx__reader_quantity(reader, json, "maximum", DX_UNIT_RATE, &action->maximum_bps);
    dx__reader_quantity(reader, json, "cool_down", DX_UNIT_TIME, &action->cool_down_ps);
    if (action->link != DX_NONE && DX_SC(loader->scenario, links, DxScLink, action->link)->hosted_bps)
        DX_PROBLEM(reader, json, DX_CODE_CONFLICT,
                   "a hosted connection has no rate of its own to add to; its capacity is fixed");
}

static void load_shift(DxLoader *loader, DxJson *json, DxScAction *action)
{
    DxReader *reader = &loader->reader;
    const DxJson *from = dx__reader_get(reader, json, "link", DX_JSON_STRING);
    const DxJson *to = dx__reader_get(reader, json, "to", DX_JSON_STRING);

    if (from)
        action->trunk = dx__load_resolve_trunk(loader, from);
    else if (action->link != DX_NONE)
        action->trunk = DX_SC(loader->scenario, links, DxScLink, action->link)->trunk;
    if (!from && action->trunk == DX_NONE)
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "from which link or LAG? \"link\" is missing");
    if (to)
        action->to = dx__load_resolve_trunk(loader, to);
    if (action->to == DX_NONE || action->trunk == DX_NONE)
        return;
    if (action->to == action->trunk)
        DX_PROBLEM(reader, to, DX_CODE_CONFLICT, "that is where they are");
    else if (!dx__trunks_are_parallel(loader->scenario, action->trunk, action->to))
        DX_PROBLEM(reader, to, DX_CODE_ENDS, "\"%s\" and \"%s\" do not join the same two nodes",
                   dx__scenario_trunk_name(loader->scenario, action->trunk), to->text);
}

static void load_action(DxLoader *loader, DxJson *json, const DxScAlarm *alarm, GArray *actions)
{
    DxReader *reader = &loader->reader;
    const bool is_links =
        alarm->of.metric && (alarm->of.metric->of == DX_OF_LINK || alarm->of.metric->of == DX_OF_LANE);
    const int what = choice(dx__alarm_dos, dx__reader_text(reader, json, "do"), -1);
    DxScAction action = {
        .json = json, .link = is_links ? alarm->of.object : DX_NONE, .trunk = DX_NONE, .to = DX_NONE
    };

    if (what < 0)
        return;
    action.what = (DxScAct)what;
    check_keys(loader, json, what);
    action.who = g_strdup(dx__reader_text(reader, json, "who"));
    if (what == DX_ACT_PAGE && !action.who)
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "whom to page? \"who\" is missing");
    if (dx__reader_quantity(reader, json, "after", DX_UNIT_TIME, &action.after_ps) &&
        (action.after_ps < 0 || action.after_ps > DX_TIME_MAX))
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "after"), DX_CODE_RANGE,
                   "from 0 to 53 days, which is longer than any run");
    if (what == DX_ACT_AUTO_SCALE)
        load_scaling(loader, json, &action);
    else if (what == DX_ACT_SHIFT || what == DX_ACT_RETURN)
        load_shift(loader, json, &action);
    g_array_append_val(actions, action);
}

static bool shifts_to_backups(DxJsonDoc *doc, const DxJson *alarm, const char *list)
{
    const DxJson *actions = dx__json_member(doc, alarm, list);

    if (!actions || actions->type != DX_JSON_ARRAY)
        return false;
    dx_json_each (action, actions) {
        const DxJson *what = action->type == DX_JSON_OBJECT ? dx__json_member(doc, action, "do") : NULL;

        if (what && !g_strcmp0(what->text, dx__alarm_dos[DX_ACT_SHIFT]) &&
            !dx__json_member(doc, action, "to"))
            return true;
    }
    return false;
}

bool dx__alarms_use_backups(const DxLoader *loader)
{
    DxJsonDoc *doc = loader->reader.doc;
    const DxJson *alarms = dx__json_member(doc, dx__json_root(doc), "alarms");

    if (!alarms || alarms->type != DX_JSON_OBJECT)
        return false;
    dx_json_each (alarm, alarms)
        if (alarm->type == DX_JSON_OBJECT &&
            (shifts_to_backups(doc, alarm, "actions") || shifts_to_backups(doc, alarm, "ok_actions")))
            return true;
    return false;
}

/* -- alarms ------------------------------------------------------------------------------------------ */

static void action_clear(gpointer data)
{
    g_free(((DxScAction *)data)->who);
}

static void alarm_clear(gpointer data)
{
    DxScAlarm *alarm = data;

    g_free(alarm->name);
    g_free(alarm->threshold_text);
    for (unsigned i = 0; i < G_N_ELEMENTS(alarm->actions); i++)
        g_array_unref(alarm->actions[i]);
}

GArray *dx__alarms_new(void)
{
    GArray *alarms = g_array_new(FALSE, TRUE, sizeof(DxScAlarm));

    g_array_set_clear_func(alarms, alarm_clear);
    return alarms;
}

/* @of: what it is of, where that is known; its object may be DX_NONE. */
static void load_alarm(DxLoader *loader, DxJson *json, const char *name, const DxProbeOf *of)
{
    static const char *const lists[] = { "actions", "ok_actions" };
    DxReader *reader = &loader->reader;
    DxScAlarm alarm = { .name = g_strdup(name), .json = json, .of = *of, .period_ps = 300 * DX_S };

    for (unsigned i = 0; i < G_N_ELEMENTS(alarm.actions); i++) {
        alarm.actions[i] = g_array_new(FALSE, TRUE, sizeof(DxScAction));
        g_array_set_clear_func(alarm.actions[i], action_clear);
    }
    alarm.op = choice(dx__alarm_ops, dx__reader_text(reader, json, "op"), 0);
    alarm.statistic = choice(dx__alarm_statistics, dx__reader_text(reader, json, "statistic"), 0);
    alarm.missing = (DxMissing)choice(dx__alarm_missing, dx__reader_text(reader, json, "missing"), 0);
    dx__load_period(loader, json, &alarm.period_ps);
    load_datapoints(loader, json, &alarm);
    load_what(loader, json, &alarm);
    load_bound(loader, json, &alarm);
    for (unsigned i = 0; i < G_N_ELEMENTS(lists); i++) {
        DxJson *list = dx__reader_get(reader, json, lists[i], DX_JSON_ARRAY);

        for (DxJson *item = list ? list->child : NULL; item; item = item->next)
            if (item->type == DX_JSON_OBJECT)
                load_action(loader, item, &alarm, alarm.actions[i]);
    }
    g_array_append_val(loader->scenario->alarms, alarm);
    dx__load_enter(loader->alarms,
                   g_array_index(loader->scenario->alarms, DxScAlarm, loader->scenario->alarms->len - 1).name,
                   loader->scenario->alarms->len - 1);
}

/* -- profiles ---------------------------------------------------------------------------------------- */

/* An alarm of a profile for one of what it is of. @number: lane or family; NULL: none is named. */
static void set_alarm(DxLoader *loader, const char *profile, DxJson *template, const char *object,
                      const char *number, const DxProbeOf *of)
{
    g_autofree char *name = g_strjoin(".", profile, template->key, object, number, NULL);

    load_alarm(loader, template, name, of);
}

/* Of a connection; with light of each lane. */
static void expand_link(DxLoader *loader, const char *profile, DxJson *template, const DxMetric *metric,
                        uint32_t link)
{
    const DxScLink *entry = DX_SC(loader->scenario, links, DxScLink, link);
    const unsigned n = metric->of == DX_OF_LANE ? dx__link_lanes(loader->scenario, entry) : 1;

    if (dx__metric_cloud_end(loader->scenario, entry->end) == 2)
        return;
    for (unsigned lane = 1; lane <= n; lane++) {
        g_autofree char *number = n > 1 ? g_strdup_printf("%u", lane) : NULL;

        set_alarm(loader, profile, template, entry->name, number,
                  &(DxProbeOf){ .object = link, .lane = metric->of == DX_OF_LANE ? lane : 0 });
    }
}

/* Of a session on a VIF; of prefixes only where there is a limit. */
static void expand_peer(DxLoader *loader, const char *profile, DxJson *template, const DxMetric *metric,
                        uint32_t peer)
{
    const DxScenario *scenario = loader->scenario;
    const char *family;

    if (dx__metric_peer_end(scenario, peer) == 2 ||
        (dx__metric_has_limit(metric) && !dx__metric_peer_limit(scenario, peer)))
        return;
    family = dx__metric_peer_family(scenario, peer);
    set_alarm(loader, profile, template,
              DX_SC(scenario, vifs, DxScVif, dx__metric_peer_vif(scenario, peer))->name,
              strcmp(family, "ipv4") ? family : NULL, &(DxProbeOf){ .object = peer });
}

/* Each alarm of a profile for every connection, lane of one, or session that has the metric. */
static void expand(DxLoader *loader, const char *profile, DxJson *template)
{
    const DxMetric *metric = dx__metric_find(dx__reader_text(&loader->reader, template, "metric"));
    const bool is_peer = metric->of == DX_OF_PEER;
    const uint32_t n = is_peer ? dx__metric_n_peers(loader->scenario) : loader->scenario->links->len;

    for (uint32_t i = 0; i < n; i++)
        (is_peer ? expand_peer : expand_link)(loader, profile, template, metric, i);
}

static void load_profile(DxLoader *loader, const char *profile)
{
    DxScenario *scenario = loader->scenario;
    const char *text = dx__embedded_alarms_2026_09;
    DxJsonDoc *const doc = loader->reader.doc;
    unsigned row, column;
    DxJson *alarms;

    if (!scenario->alarms_doc)
        scenario->alarms_doc = dx__json_parse(text, strlen(text), &row, &column, NULL);
    g_assert(scenario->alarms_doc);
    loader->reader.doc = scenario->alarms_doc;
    alarms = dx__json_member(scenario->alarms_doc, dx__json_root(scenario->alarms_doc), "profiles");
    alarms = dx__json_member(scenario->alarms_doc, dx__json_member(scenario->alarms_doc, alarms, profile),
                             "alarms");
    dx_json_each (template, alarms)
        expand(loader, profile, template);
    loader->reader.doc = doc;
}

static void load_profiles(DxLoader *loader, DxJson *monitor)
{
    const DxJson *profile = monitor ? dx__json_member(loader->reader.doc, monitor, "profile") : NULL;

    for (const DxJson *item = profile && profile->type == DX_JSON_ARRAY ? profile->child : profile; item;
         item = item == profile ? NULL : item->next)
        if (item->type == DX_JSON_STRING && choice(dx__alarm_profiles, item->text, -1) >= 0)
            load_profile(loader, item->text);
}

void dx__load_alarms(DxLoader *loader, DxJson *root)
{
    DxJson *alarms = dx__reader_get(&loader->reader, root, "alarms", DX_JSON_OBJECT);
    DxJson *monitor = dx__reader_get(&loader->reader, root, "monitor", DX_JSON_OBJECT);

    if (alarms && !monitor) {
        DX_PROBLEM(
            &loader->reader, alarms, DX_CODE_CONFLICT,
            "nobody watches; say which end of the links is the cloud's: \"monitor\": { \"side\": \"aws\" }");
        return;
    }
    load_profiles(loader, monitor);
    for (DxJson *entry = alarms ? dx__reader_entry(alarms->child) : NULL; entry;
         entry = dx__reader_entry(entry->next))
        load_alarm(loader, entry, entry->key, &(DxProbeOf){ .object = DX_NONE });
}

/* -- once routes are known --------------------------------------------------------------------------- */

static const bool *used_of(const DxScenario *scenario, const DxProbeOf *of)
{
    const DxScTrunk *trunk;

    if (of->metric->of == DX_OF_LAG)
        return DX_SC(scenario, lags, DxScLag, of->object)->is_used;
    if (of->metric->of == DX_OF_LINK)
        return DX_SC(scenario, links, DxScLink, of->object)->is_used;
    trunk = DX_SC(scenario, trunks, DxScTrunk, DX_SC(scenario, vifs, DxScVif, of->object)->trunk);
    return trunk->is_lag ? DX_SC(scenario, lags, DxScLag, trunk->index)->is_used
                         : DX_SC(scenario, links, DxScLink, trunk->index)->is_used;
}

/* The only direction that is used, unless one was selected. */
static void find_direction(DxLoader *loader, DxScAlarm *alarm)
{
    const bool *is_used;

    if (alarm->of.metric->way != DX_WAY_ANY || alarm->has_from)
        return;
    is_used = used_of(loader->scenario, &alarm->of);
    alarm->of.direction = !is_used[0];
    if (is_used[0] && is_used[1])
        DX_PROBLEM(&loader->reader, alarm->json, DX_CODE_MISSING_KEY,
                   "both directions carry frames; select one: \"from\": NODE");
}

/* A flow that is on a VIF has one where it goes. */
static bool check_vifs(DxLoader *loader, const DxScAction *action, uint32_t flow)
{
    const DxScenario *scenario = loader->scenario;
    const bool is_good = (dx__scenario_vif(scenario, flow, action->trunk) == DX_NONE) ==
                         (dx__scenario_vif(scenario, flow, action->to) == DX_NONE);

    if (!is_good)
        DX_PROBLEM(&loader->reader, action->json, DX_CODE_CONFLICT,
                   "flow \"%s\" is on a virtual interface of one of them only; name its \"backup\" and leave "
                   "out \"to\"",
                   DX_SC(scenario, flows, DxScFlow, flow)->name);
    return is_good;
}

/* Would it move from here? Without `to` only to a backup, where it begins. */
static bool is_shifted(const DxScenario *scenario, const DxScAction *action, uint32_t flow, uint32_t node)
{
    const DxScFlow *entry = DX_SC(scenario, flows, DxScFlow, flow);

    return dx__flow_takes(scenario, flow, node, action->trunk) &&
           (action->to != DX_NONE || (node == entry->from && entry->backup != DX_NONE));
}

/* Flows that BGP sends stay where they are. */
static void tell_of_bgp(DxLoader *loader, const DxScAction *action, const DxScFlow *flow, bool has_others)
{
    if (has_others)
        dx__warning(loader->reader.problems, loader->reader.file, action->json, DX_CODE_CONFLICT,
                    "flow \"%s\" goes where BGP says, and stays there: only flows that the file routes are "
                    "shifted",
                    flow->name);
    else
        DX_PROBLEM(
            &loader->reader, action->json, DX_CODE_CONFLICT,
            "nothing to shift: flow \"%s\" goes where BGP says; for one that alarms move, say its \"via\"",
            flow->name);
}

static void check_shift(DxLoader *loader, const DxScAction *action)
{
    const DxScenario *scenario = loader->scenario;
    const DxScFlow *by_bgp = NULL;
    bool has_some = false;

    if (action->what != DX_ACT_SHIFT || action->trunk == DX_NONE)
        return;
    for (guint i = 0; i < scenario->flows->len; i++)
        for (unsigned d = 0; d < 2; d++) {
            const uint32_t node = DX_SC(scenario, trunks, DxScTrunk, action->trunk)->end[d];
            const bool is_moved = is_shifted(scenario, action, i, node);

            has_some |= is_moved;
            if (is_moved && action->to != DX_NONE && !check_vifs(loader, action, i))
                return;
            if (!by_bgp && dx__scenario_bgp_decides(scenario, i, node))
                by_bgp = DX_SC(scenario, flows, DxScFlow, i);
        }
    if (by_bgp)
        tell_of_bgp(loader, action, by_bgp, has_some);
}

void dx__load_alarms_finish(DxLoader *loader)
{
    const DxScenario *scenario = loader->scenario;

    for (guint i = 0; i < scenario->alarms->len; i++) {
        DxScAlarm *alarm = DX_SC(scenario, alarms, DxScAlarm, i);

        find_direction(loader, alarm);
        for (unsigned k = 0; k < G_N_ELEMENTS(alarm->actions); k++)
            for (guint a = 0; a < alarm->actions[k]->len; a++)
                check_shift(loader, &g_array_index(alarm->actions[k], DxScAction, a));
    }
}
