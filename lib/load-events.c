/*
 * load-events - what happens to the network, and when
 *
 * An event of the file may stand for many: `for` adds the return, `every` repeats, `ramp` goes in steps, a
 * node or group stands for its links. They are written out when the run's length is known.
 */
#include "load-priv.h"

#include <string.h>

#define EVENTS_MAX  1000000
#define TARGETS_MAX 10000000 /* links that all targets and groups stand for */

/* Each link once. Lists are filled one after the other, so a link need only know the last it went to. */
static void add_link(DxLoader *loader, GArray *links, uint32_t index)
{
    DxScLink *link = DX_SC(loader->scenario, links, DxScLink, index);

    loader->n_targets++;
    if (link->listed_in == links)
        return;
    link->listed_in = links;
    g_array_append_val(links, index);
}

static void add_links_at(DxLoader *loader, GArray *links, uint32_t node)
{
    for (uint32_t i = loader->first_at[node]; i < loader->first_at[node + 1]; i++)
        add_link(loader, links, loader->links_at[i]);
}

static void too_many_targets(DxLoader *loader, const DxJson *json)
{
    if (loader->n_targets != G_MAXUINT)
        DX_PROBLEM(&loader->reader, json, DX_CODE_LIMIT,
                   "targets and groups together stand for more than %u links", TARGETS_MAX);
    loader->n_targets = G_MAXUINT; /* told once */
}

void dx__load_targets(DxLoader *loader, const DxJson *json, GArray *links)
{
    DxScenario *scenario = loader->scenario;
    const struct {
        const char *word;
        GHashTable *names;
    } kinds[] = { { "links", loader->links },
                  { "nodes", loader->nodes },
                  { "groups", loader->groups },
                  { "sessions", loader->sessions } };
    const char *meant = NULL;
    uint32_t index = DX_NONE;
    char *shown;

    if (json->type != DX_JSON_STRING)
        return;
    if (loader->n_targets > TARGETS_MAX) {
        too_many_targets(loader, json);
        return;
    }
    if (g_str_has_prefix(json->text, "links.")) {
        index = dx__load_index(loader->links, json->text + strlen("links."));
        if (index != DX_NONE)
            add_link(loader, links, index);
    } else if (g_str_has_prefix(json->text, "nodes.")) {
        index = dx__load_index(loader->nodes, json->text + strlen("nodes."));
        if (index != DX_NONE)
            add_links_at(loader, links, index);
    } else if (g_str_has_prefix(json->text, "groups.")) {
        index = dx__load_index(loader->groups, json->text + strlen("groups."));
        for (guint i = 0; index != DX_NONE && i < DX_SC(scenario, groups, DxScGroup, index)->links->len; i++)
            add_link(loader, links,
                     g_array_index(DX_SC(scenario, groups, DxScGroup, index)->links, uint32_t, i));
    }
    if (index != DX_NONE)
        return;
    shown = dx__json_escape(json->text);
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds) && !meant; i++)
        if (dx__load_index(kinds[i].names, json->text) != DX_NONE)
            meant = kinds[i].word;
    if (meant)
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "there is no \"%s\"; did you mean \"%s.%s\"?",
                   shown, meant, shown);
    else
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING,
                   "there is no \"%s\"; expected \"links.NAME\", \"nodes.NAME\" or \"groups.NAME\"", shown);
    g_free(shown);
}

/* -- reading ----------------------------------------------------------------------------------------- */

/* What "set" sets: the key, whose parameter it is read as, and which. */
static const struct {
    const char *key, *model, *param;
    DxUnit unit;
    int64_t steps; /* of a ramp, unless it says otherwise */
} quantities[DX_SC_N_QUANTITIES] = {
    [DX_SC_RATE] = { "rate", "port", "rate", DX_UNIT_RATE, 10 },
    [DX_SC_LOSS] = { "loss", "fiber", "attenuator", DX_UNIT_GAIN, 100 },
    [DX_SC_LAUNCH] = { "tx", "fiber", "tx", DX_UNIT_POWER, 100 },
    [DX_SC_TEMPERATURE] = { "temperature", "fiber", "temperature", DX_UNIT_TEMPERATURE, 100 },
};

/* "a", "b" or "c" */
static char *one_of(char **words)
{
    GString *list = g_string_new(NULL);

    for (char **word = words; *word; word++)
        g_string_append_printf(list, "%s\"%s\"", word == words ? "" : word[1] ? ", " : " or ", *word);
    return g_string_free(list, FALSE);
}

/* Keys that go with some kinds of event only. */
static void check_keys(DxLoader *loader, DxJson *json, const char *what)
{
    static const char *const known[] = { "fail",   "restore", "set",      "attack",   "shutdown",
                                         "enable", "clear",   "announce", "withdraw", NULL };
    static const struct {
        const char *key, *goes_with;
    } keys[] = { { "how", "fail" },
                 { "for", "fail attack shutdown announce withdraw" },
                 { "rate", "set" },
                 { "loss", "set" },
                 { "tx", "set" },
                 { "temperature", "set" },
                 { "from", "fail set attack shutdown enable clear" },
                 { "ramp", "set" },
                 { "steps", "set" },
                 { "kind", "attack" },
                 { "ratio", "attack" },
                 { "frames", "attack" },
                 { "network", "announce withdraw" },
                 { "soft", "clear" } };
    DxReader *reader = &loader->reader;

    if (!g_strv_contains(known, what))
        return; /* which has been reported */
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        const DxJson *member = dx__json_member(reader->doc, json, keys[i].key);
        g_auto(GStrv) words = g_strsplit(keys[i].goes_with, " ", -1);
        g_autofree char *list = NULL;

        if (!member || g_strv_contains((const char *const *)words, what))
            continue;
        list = one_of(words);
        dx__problem(reader->problems, reader->file, member, true, DX_CODE_CONFLICT,
                    "\"%s\" goes with \"do\": %s only", keys[i].key, list);
    }
}

static bool positive_time(DxLoader *loader, DxJson *json, const char *key, DxTime *time_ps)
{
    DxReader *reader = &loader->reader;

    if (!dx__reader_quantity(reader, json, key, DX_UNIT_TIME, time_ps))
        return false;
    if (*time_ps > 0 && *time_ps <= DX_TIME_MAX)
        return true;
    DX_PROBLEM(reader, dx__json_member(reader->doc, json, key), DX_CODE_RANGE,
               *time_ps > 0 ? "longer than any run: at most 53 days" : "must be longer than 0");
    return false;
}

/* Within the bounds of the parameter that it changes. */
static void read_quantity(DxLoader *loader, DxJson *json, DxScPlan *plan)
{
    DxReader *reader = &loader->reader;
    const char *key = quantities[plan->quantity].key;
    const DxJson *said = dx__reader_get(reader, json, key, DX_JSON_STRING);
    const DxModel *model = dx__load_model(loader, quantities[plan->quantity].model);
    g_autofree void *conf = g_malloc0(MAX(model->conf_size, 1));
    g_autoptr(GError) error = NULL;

    if (!said || !dx__reader_quantity(reader, json, key, quantities[plan->quantity].unit, &plan->value))
        return;
    if (!dx_param_set(dx_param_find(model->params, quantities[plan->quantity].param), conf, said->text,
                      &error))
        DX_PROBLEM(reader, said, DX_CODE_RANGE, "%s", error->message);
}

static void load_quantity(DxLoader *loader, DxJson *json, DxScPlan *plan)
{
    DxReader *reader = &loader->reader;
    unsigned n = 0;

    for (unsigned i = 0; i < DX_SC_N_QUANTITIES; i++) {
        if (!dx__json_member(reader->doc, json, quantities[i].key))
            continue;
        plan->quantity = (DxScQuantity)i;
        n++;
    }
    if (n != 1) {
        DX_PROBLEM(reader, json, n ? DX_CODE_CONFLICT : DX_CODE_MISSING_KEY,
                   n ? "one event sets one thing: \"rate\", \"loss\", \"tx\" or \"temperature\""
                     : "what to set is missing: \"rate\", \"loss\", \"tx\" or \"temperature\"");
        return;
    }
    plan->steps = quantities[plan->quantity].steps;
    read_quantity(loader, json, plan);
}

/* Light is changed where there is some, and in a direction that the links have. */
static void check_line(DxLoader *loader, const DxJson *json, const DxScPlan *plan)
{
    const DxJson *from = dx__json_member(loader->reader.doc, json, "from");

    for (guint i = 0; i < plan->links->len; i++) {
        const DxScLink *link =
            DX_SC(loader->scenario, links, DxScLink, g_array_index(plan->links, uint32_t, i));

        if (plan->what == DX_SC_SET && (plan->quantity == DX_SC_LOSS || plan->quantity == DX_SC_LAUNCH) &&
            !link->has_optics) {
            DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT,
                       "what light does to link \"%s\" is not known: give it an \"optic\"", link->name);
            return;
        }
        if (from && plan->from != DX_NONE && plan->from != link->end[0] && plan->from != link->end[1]) {
            DX_PROBLEM(&loader->reader, from, DX_CODE_ENDS, "link \"%s\" does not end there", link->name);
            return;
        }
    }
    if (from && plan->what == DX_SC_FAIL && !plan->is_silent)
        DX_PROBLEM(&loader->reader, from, DX_CODE_CONFLICT,
                   "a port without light tells the other end, so both directions go: \"from\" goes with "
                   "\"how\": \"silent\"");
    if (from && plan->what == DX_SC_SET && plan->quantity == DX_SC_RATE)
        DX_PROBLEM(&loader->reader, from, DX_CODE_CONFLICT, "both directions of a link have the same rate");
}

static void load_event(DxLoader *loader, DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScPlan plan = { .from = DX_NONE, .links = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
    const char *what = dx__reader_text(reader, json, "do"), *how = dx__reader_text(reader, json, "how");
    const DxJson *target = dx__reader_get(reader, json, "target", DX_JSON_STRING);
    const DxJson *steps = dx__reader_get(reader, json, "steps", DX_JSON_NUMBER);
    const DxJson *from = dx__reader_get(reader, json, "from", DX_JSON_STRING);

    dx__reader_quantity(reader, json, "at", DX_UNIT_TIME, &plan.at_ps);
    if (plan.at_ps > loader->scenario->duration_ps && loader->scenario->duration_ps > 0)
        dx__warning(reader->problems, reader->file, dx__json_member(reader->doc, json, "at"), DX_CODE_RANGE,
                    "the run has ended by then: this never happens");
    if (what)
        check_keys(loader, json, what);
    plan.what = !g_strcmp0(what, "restore")  ? DX_SC_RESTORE
                : !g_strcmp0(what, "set")    ? DX_SC_SET
                : !g_strcmp0(what, "attack") ? DX_SC_ATTACK
                                             : DX_SC_FAIL;
    plan.is_silent = !g_strcmp0(how, "silent");
    if (from)
        plan.from = dx__load_resolve(loader, from, loader->nodes, "node");
    if (!dx__load_bgp_event(loader, json, &plan) && target)
        dx__load_targets(loader, target, plan.links);
    if (plan.what == DX_SC_SET) {
        load_quantity(loader, json, &plan);
        check_line(loader, json, &plan);
    } else if (plan.what == DX_SC_ATTACK) {
        dx__load_attack(loader, json, &plan);
        check_line(loader, json, &plan);
    } else if (plan.what == DX_SC_FAIL) {
        check_line(loader, json, &plan);
    }
    positive_time(loader, json, "for", &plan.for_ps);
    positive_time(loader, json, "every", &plan.every_ps);
    positive_time(loader, json, "ramp", &plan.ramp_ps);
    if (plan.every_ps && plan.for_ps >= plan.every_ps)
        DX_PROBLEM(reader, json, DX_CODE_CONFLICT,
                   plan.what == DX_SC_ATTACK || plan.what == DX_SC_BGP
                       ? "it would begin again before it ends: \"every\" must be longer than \"for\""
                       : "it would fail again before it is restored: \"every\" must be longer than \"for\"");
    if (steps && dx__json_int64(steps, &plan.steps) && (plan.steps < 1 || plan.steps > 10000))
        DX_PROBLEM(reader, steps, DX_CODE_RANGE, "a ramp has 1 to 10000 steps");
    g_array_append_val(loader->scenario->plans, plan);
}

void dx__load_events(DxLoader *loader, DxJson *root)
{
    DxJson *events = dx__reader_get(&loader->reader, root, "events", DX_JSON_ARRAY);

    for (DxJson *json = events ? events->child : NULL; json; json = json->next)
        if (json->type == DX_JSON_OBJECT)
            load_event(loader, json);
}

char *dx__event_failure(const DxScenario *scenario, const DxScEvent *event)
{
    const DxScPlan *plan = DX_SC(scenario, plans, DxScPlan, event->plan);

    if (!event->silent || event->silent == DX_SC_BOTH_WAYS)
        return g_strdup(event->silent ? "silent" : "down");
    return g_strdup_printf("silent from %s", DX_SC(scenario, nodes, DxScNode, plan->from)->name);
}

char *dx__event_setting(const DxScenario *scenario, const DxScEvent *event)
{
    const DxScPlan *plan = DX_SC(scenario, plans, DxScPlan, event->plan);
    g_autofree char *value = dx_units_format(quantities[event->quantity].unit, event->value);
    g_autofree char *time = dx_units_format(DX_UNIT_TIME, plan->ramp_ps);

    if (event->is_begin)
        return g_strdup_printf("%s goes to %s in %s", quantities[event->quantity].key, value, time);
    return g_strdup_printf("%s %s", quantities[event->quantity].key, value);
}

/* -- writing out ------------------------------------------------------------------------------------- */

/* What every link and direction is set to: at first, then by the plans so far, in the order of the file. */
typedef struct {
    int64_t value[2][DX_SC_N_QUANTITIES];
} Settings;

static int64_t thousandths(double value)
{
    return (int64_t)(value * 1000 + (value < 0 ? -0.5 : 0.5));
}

static Settings initial(const DxScenario *scenario, const DxScLink *link)
{
    const DxModel *port = dx__scenario_model(scenario, "port"),
                  *fiber = dx__scenario_model(scenario, "fiber");
    Settings settings = { 0 };

    for (unsigned d = 0; d < 2; d++) {
        settings.value[d][DX_SC_RATE] = dx__conf_int(port, link->port, "rate");
        settings.value[d][DX_SC_TEMPERATURE] =
            thousandths(dx__conf_real(fiber, link->fiber[d], "temperature"));
        if (link->has_optics) {
            DxLineLight light;

            fiber->line->light(link->fiber[d], &DX_LINE_AS_BUILT, true, &light);
            settings.value[d][DX_SC_LAUNCH] = thousandths(light.tx_dbm);
        }
    }
    return settings;
}

/* Of a rate both directions are one. */
static bool is_meant(const DxScenario *scenario, const DxScPlan *plan, uint32_t link, unsigned direction)
{
    return plan->quantity == DX_SC_RATE
               ? !direction
               : plan->from == DX_NONE ||
                     plan->from == DX_SC(scenario, links, DxScLink, link)->end[direction];
}

static uint32_t number(const DxScenario *scenario, const DxScPlan *plan)
{
    return (uint32_t)(plan - DX_SC(scenario, plans, DxScPlan, 0));
}

static unsigned silent_ways(const DxScenario *scenario, const DxScPlan *plan, uint32_t link)
{
    if (!plan->is_silent || plan->from == DX_NONE)
        return plan->is_silent ? DX_SC_BOTH_WAYS : 0;
    return 1u << (plan->from == DX_SC(scenario, links, DxScLink, link)->end[1]);
}

/* Whoever cuts or mends a fiber without light changes nothing. */
static void add_event(DxScenario *scenario, const DxScPlan *plan, DxScDo what, uint32_t link, DxTime at_ps)
{
    const DxScEvent event = { .at_ps = at_ps,
                              .what = what,
                              .link = link,
                              .plan = number(scenario, plan),
                              .silent = silent_ways(scenario, plan, link) & DX_SC_BOTH_WAYS };

    if (!DX_SC(scenario, links, DxScLink, link)->is_dark)
        g_array_append_val(scenario->events, event);
}

static void add_attack(DxScenario *scenario, const DxScPlan *plan, uint32_t link, DxTime at_ps)
{
    DxScEvent event = {
        .at_ps = at_ps, .what = DX_SC_ATTACK, .link = link, .plan = number(scenario, plan), .is_begin = true
    };

    g_array_append_val(scenario->events, event);
    event.at_ps += plan->for_ps;
    event.is_begin = false;
    if (plan->for_ps)
        g_array_append_val(scenario->events, event);
}

/* From the start, as after a loss of light. */
static void add_dark(DxScenario *scenario)
{
    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScEvent event = { .at_ps = 0, .what = DX_SC_FAIL, .link = i };

        if (DX_SC(scenario, links, DxScLink, i)->is_dark)
            g_array_append_val(scenario->events, event);
    }
}

/* In one step, or in many. The beginning of a line's ramp is an event too, that says so. */
static void add_setting(DxScenario *scenario, const DxScPlan *plan, uint32_t link, unsigned direction,
                        DxTime at_ps, int64_t before)
{
    const __int128 more = (__int128)plan->value - before;
    const int64_t n = plan->ramp_ps ? plan->steps : 1;
    DxScEvent event = { .at_ps = at_ps,
                        .what = DX_SC_SET,
                        .link = link,
                        .plan = number(scenario, plan),
                        .quantity = plan->quantity,
                        .direction = direction & 1,
                        .value = plan->value };

    event.is_begin = plan->ramp_ps > 0 && plan->quantity != DX_SC_RATE;
    if (event.is_begin)
        g_array_append_val(scenario->events, event);
    event.is_begin = false;
    for (int64_t step = 1; step <= n; step++) {
        event.at_ps = at_ps + (DxTime)((__int128)plan->ramp_ps * step / n);
        event.value = before + (int64_t)(more * step / n);
        event.is_step = step < n;
        g_array_append_val(scenario->events, event);
    }
}

static void add_settings(DxScenario *scenario, const DxScPlan *plan, uint32_t link, DxTime at_ps,
                         const Settings *settings)
{
    for (unsigned d = 0; d < 2; d++)
        if (is_meant(scenario, plan, link, d))
            add_setting(scenario, plan, link, d, at_ps, settings->value[d][plan->quantity]);
}

static void note_settings(const DxScenario *scenario, const DxScPlan *plan, Settings *settings)
{
    for (guint k = 0; plan->what == DX_SC_SET && k < plan->links->len; k++) {
        const uint32_t link = g_array_index(plan->links, uint32_t, k);

        for (unsigned d = 0; d < 2; d++)
            if (is_meant(scenario, plan, link, d))
                settings[link].value[d][plan->quantity] = plan->value;
    }
}

static void add_occurrence(DxScenario *scenario, const DxScPlan *plan, DxTime at_ps, const Settings *settings)
{
    for (guint k = 0; k < plan->links->len; k++) {
        const uint32_t link = g_array_index(plan->links, uint32_t, k);

        if (plan->what == DX_SC_ATTACK) {
            add_attack(scenario, plan, link, at_ps);
            continue;
        }
        if (plan->what == DX_SC_SET)
            add_settings(scenario, plan, link, at_ps, &settings[link]);
        else
            add_event(scenario, plan, plan->what, link, at_ps);
        if (plan->for_ps)
            add_event(scenario, plan, DX_SC_RESTORE, link, at_ps + plan->for_ps);
    }
}

static uint64_t events_of_occurrence(const DxScPlan *plan)
{
    const uint64_t directions = plan->quantity == DX_SC_RATE || plan->from != DX_NONE ? 1 : 2;
    const uint64_t begins = plan->ramp_ps > 0 && plan->quantity != DX_SC_RATE;
    const uint64_t each = directions * ((plan->ramp_ps ? (uint64_t)plan->steps : 1) + begins);

    return plan->links->len * (each + (plan->for_ps > 0));
}

/* All occurrences of a plan, unless they are more than anybody could mean. */
static bool add_plan(DxScenario *scenario, const DxScPlan *plan, const Settings *settings)
{
    for (DxTime at_ps = plan->at_ps; plan->links->len && at_ps <= scenario->duration_ps;
         at_ps += plan->every_ps) {
        if (scenario->events->len + events_of_occurrence(plan) > EVENTS_MAX)
            return false;
        add_occurrence(scenario, plan, at_ps, settings);
        if (!plan->every_ps)
            break;
    }
    return true;
}

bool dx__scenario_plan_events(DxScenario *scenario)
{
    g_autofree Settings *settings = g_new(Settings, scenario->links->len + 1);

    for (guint i = 0; i < scenario->links->len; i++)
        settings[i] = initial(scenario, DX_SC(scenario, links, DxScLink, i));
    scenario->is_planned = true;
    g_array_set_size(scenario->events, 0);
    if (scenario->bgp)
        g_array_set_size(scenario->bgp->events, 0);
    add_dark(scenario);
    for (guint i = 0; i < scenario->plans->len && scenario->is_planned; i++) {
        const DxScPlan *plan = DX_SC(scenario, plans, DxScPlan, i);

        scenario->is_planned = plan->what == DX_SC_BGP ? dx__bgp_plan(scenario, i, EVENTS_MAX)
                                                       : add_plan(scenario, plan, settings);
        note_settings(scenario, plan, settings);
    }
    if (scenario->is_planned)
        dx__scenario_carrier(scenario);
    return scenario->is_planned;
}

void dx__scenario_fail(DxScenario *scenario, const GPtrArray *links, DxTime at_ps, bool is_silent)
{
    DxScPlan plan = { .at_ps = at_ps,
                      .what = DX_SC_FAIL,
                      .links = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                      .is_silent = is_silent,
                      .from = DX_NONE };

    for (guint i = 0; i < links->len; i++)
        for (uint32_t k = 0; k < scenario->links->len; k++)
            if (!strcmp(DX_SC(scenario, links, DxScLink, k)->name, g_ptr_array_index(links, i)))
                g_array_append_val(plan.links, k);
    g_array_append_val(scenario->plans, plan);
}
