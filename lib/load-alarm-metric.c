/*
 * load-alarm-metric - what an alarm watches, and when a point of it is breaching
 */
#include "bgp-priv.h"
#include "load-alarms-priv.h"

#include <string.h>

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

    if (family && dx__load_choice(dx__ip_families, family, -1) < 0) /* told */
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

void dx__load_alarm_what(DxLoader *loader, DxJson *json, DxScAlarm *alarm)
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
void dx__load_alarm_bound(DxLoader *loader, DxJson *json, DxScAlarm *alarm)
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
