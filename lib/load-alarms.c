/*
 * load-alarms - what is watched for, and what is done about it
 *
 * Alarms come from the scenario, and from profiles of the catalog of alarms: each of those for every
 * connection or session that has the metric.
 */
#include "bgp-priv.h"
#include "load-alarms-priv.h"

#include <stdio.h>
#include <string.h>

extern const char *const dx__embedded_alarms_2026_09;

const char *const dx__alarm_profiles[] = { "briefing", "practice", NULL };
const char *const dx__alarm_statistics[] = { "Average", "Sum", "Minimum", "Maximum", "SampleCount", NULL };
const char *const dx__alarm_ops[] = { "<", "<=", ">=", ">", NULL };
const char *const dx__alarm_dos[] = { "log", "page", "auto_scale", "shift_traffic", "return_traffic", NULL };

int dx__load_choice(const char *const *words, const char *word, int fallback)
{
    for (int i = 0; word && words[i]; i++)
        if (!strcmp(words[i], word))
            return i;
    return fallback;
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

static void load_time(DxReader *reader, DxJson *json, const char *key, DxTime *time_ps)
{
    if (dx__reader_quantity(reader, json, key, DX_UNIT_TIME, time_ps) &&
        (*time_ps < 0 || *time_ps > DX_TIME_MAX))
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, key), DX_CODE_RANGE,
                   "from 0 to 53 days, which is longer than any run");
}

/* No port is faster. */
static void check_rate(DxReader *reader, DxJson *json, const char *key, int64_t rate_bps)
{
    if (rate_bps > (int64_t)DX_ALARM_RATE_MAX_BPS)
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, key), DX_CODE_RANGE,
                   "a line has at most \"100 Tbps\"");
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
    check_rate(reader, json, "add", action->add_bps);
    check_rate(reader, json, "maximum", action->maximum_bps);
    load_time(reader, json, "cool_down", &action->cool_down_ps);
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
    const int what = dx__load_choice(dx__alarm_dos, dx__reader_text(reader, json, "do"), -1);
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
    load_time(reader, json, "after", &action.after_ps);
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
    alarm.op = dx__load_choice(dx__alarm_ops, dx__reader_text(reader, json, "op"), 0);
    alarm.statistic = dx__load_choice(dx__alarm_statistics, dx__reader_text(reader, json, "statistic"), 0);
    alarm.missing =
        (DxMissing)dx__load_choice(dx__alarm_missing, dx__reader_text(reader, json, "missing"), 0);
    dx__load_period(loader, json, &alarm.period_ps);
    load_datapoints(loader, json, &alarm);
    dx__load_alarm_what(loader, json, &alarm);
    dx__load_alarm_bound(loader, json, &alarm);
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
        if (item->type == DX_JSON_STRING && dx__load_choice(dx__alarm_profiles, item->text, -1) >= 0)
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
