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
    } kinds[] = { { "links", loader->links }, { "nodes", loader->nodes }, { "groups", loader->groups } };
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

/* Keys that go with one kind of event only. */
static void check_keys(DxLoader *loader, DxJson *json, const char *what)
{
    static const struct {
        const char *key, *goes_with;
    } keys[] = {
        { "how", "fail" }, { "for", "fail" }, { "rate", "set" }, { "ramp", "set" }, { "steps", "set" }
    };
    DxReader *reader = &loader->reader;

    if (strcmp(what, "fail") && strcmp(what, "restore") && strcmp(what, "set"))
        return; /* which has been reported */
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        const DxJson *member = dx__json_member(reader->doc, json, keys[i].key);

        if (member && strcmp(what, keys[i].goes_with))
            dx__problem(reader->problems, reader->file, member, true, DX_CODE_CONFLICT,
                        "\"%s\" goes with \"do\": \"%s\" only", keys[i].key, keys[i].goes_with);
    }
    if (!strcmp(what, "set") && !dx__json_member(reader->doc, json, "rate"))
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "\"rate\" is missing: what to set it to");
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

static void load_rate(DxLoader *loader, DxJson *json, DxScPlan *plan)
{
    DxReader *reader = &loader->reader;
    const DxJson *rate = dx__reader_get(reader, json, "rate", DX_JSON_STRING);
    const DxModel *port = dx__load_model(loader, "port");
    void *conf;
    GError *error = NULL;

    if (!rate)
        return;
    conf = g_malloc0(port->conf_size);
    if (dx_param_set(dx_param_find(port->params, "rate"), conf, rate->text, &error))
        plan->rate_bps = (uint64_t)dx__conf_int(port, conf, "rate");
    else if (error->code == DX_ERROR_RANGE)
        DX_PROBLEM(reader, rate, DX_CODE_RANGE, "%s", error->message);
    g_clear_error(&error);
    g_free(conf);
}

static void load_event(DxLoader *loader, DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScPlan plan = { .steps = 10, .links = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
    const char *what = dx__reader_text(reader, json, "do"), *how = dx__reader_text(reader, json, "how");
    const DxJson *target = dx__reader_get(reader, json, "target", DX_JSON_STRING);
    const DxJson *steps = dx__reader_get(reader, json, "steps", DX_JSON_NUMBER);

    dx__reader_quantity(reader, json, "at", DX_UNIT_TIME, &plan.at_ps);
    if (plan.at_ps > loader->scenario->duration_ps && loader->scenario->duration_ps > 0)
        dx__warning(reader->problems, reader->file, dx__json_member(reader->doc, json, "at"), DX_CODE_RANGE,
                    "the run has ended by then: this never happens");
    if (what)
        check_keys(loader, json, what);
    plan.what = !g_strcmp0(what, "restore") ? DX_SC_RESTORE
                : !g_strcmp0(what, "set")   ? DX_SC_SET_RATE
                                            : DX_SC_FAIL;
    plan.is_silent = !g_strcmp0(how, "silent");
    if (target)
        dx__load_targets(loader, target, plan.links);
    positive_time(loader, json, "for", &plan.for_ps);
    positive_time(loader, json, "every", &plan.every_ps);
    positive_time(loader, json, "ramp", &plan.ramp_ps);
    if (plan.every_ps && plan.for_ps >= plan.every_ps)
        DX_PROBLEM(reader, json, DX_CODE_CONFLICT,
                   "it would fail again before it is restored: \"every\" must be longer than \"for\"");
    if (steps && dx__json_int64(steps, &plan.steps) && (plan.steps < 1 || plan.steps > 10000))
        DX_PROBLEM(reader, steps, DX_CODE_RANGE, "a ramp has 1 to 10000 steps");
    load_rate(loader, json, &plan);
    g_array_append_val(loader->scenario->plans, plan);
}

void dx__load_events(DxLoader *loader, DxJson *root)
{
    DxJson *events = dx__reader_get(&loader->reader, root, "events", DX_JSON_ARRAY);

    for (DxJson *json = events ? events->child : NULL; json; json = json->next)
        if (json->type == DX_JSON_OBJECT)
            load_event(loader, json);
}

/* -- writing out ------------------------------------------------------------------------------------- */

/* Whoever cuts or mends a fiber without light changes nothing. */
static void add_event(DxScenario *scenario, const DxScPlan *plan, DxScDo what, uint32_t link, DxTime at_ps,
                      uint64_t rate_bps)
{
    DxScEvent event = {
        .at_ps = at_ps, .what = what, .link = link, .is_silent = plan->is_silent, .rate_bps = rate_bps
    };

    if (what == DX_SC_SET_RATE || !DX_SC(scenario, links, DxScLink, link)->is_dark)
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

/* Rates by link as they are before a plan: what the last plan before it in the file set, else what it began
 * with. */
static uint64_t *initial_rates(const DxScenario *scenario)
{
    uint64_t *rate_bps = g_new(uint64_t, scenario->links->len + 1);
    const DxModel *port = dx__scenario_model(scenario, "port");

    for (guint i = 0; i < scenario->links->len; i++)
        rate_bps[i] = (uint64_t)dx__conf_int(port, DX_SC(scenario, links, DxScLink, i)->port, "rate");
    return rate_bps;
}

static void note_rates(const DxScPlan *plan, uint64_t *rate_bps)
{
    for (guint k = 0; plan->what == DX_SC_SET_RATE && k < plan->links->len; k++)
        rate_bps[g_array_index(plan->links, uint32_t, k)] = plan->rate_bps;
}

static void add_ramp(DxScenario *scenario, const DxScPlan *plan, uint32_t link, DxTime at_ps,
                     uint64_t before_bps)
{
    const __int128 from = before_bps, to = plan->rate_bps;

    for (int64_t step = 1; step <= plan->steps; step++)
        add_event(scenario, plan, DX_SC_SET_RATE, link,
                  at_ps + (DxTime)((__int128)plan->ramp_ps * step / plan->steps),
                  (uint64_t)(from + (to - from) * step / plan->steps));
}

static void add_occurrence(DxScenario *scenario, const DxScPlan *plan, DxTime at_ps, const uint64_t *rate_bps)
{
    for (guint k = 0; k < plan->links->len; k++) {
        const uint32_t link = g_array_index(plan->links, uint32_t, k);

        if (plan->ramp_ps)
            add_ramp(scenario, plan, link, at_ps, rate_bps[link]);
        else
            add_event(scenario, plan, plan->what, link, at_ps, plan->rate_bps);
        if (plan->for_ps)
            add_event(scenario, plan, DX_SC_RESTORE, link, at_ps + plan->for_ps, 0);
    }
}

static uint64_t events_of_occurrence(const DxScPlan *plan)
{
    return plan->links->len * ((plan->ramp_ps ? (uint64_t)plan->steps : 1) + (plan->for_ps > 0));
}

/* All occurrences of a plan, unless they are more than anybody could mean. */
static bool add_plan(DxScenario *scenario, const DxScPlan *plan, const uint64_t *rate_bps)
{
    for (DxTime at_ps = plan->at_ps; plan->links->len && at_ps <= scenario->duration_ps;
         at_ps += plan->every_ps) {
        if (scenario->events->len + events_of_occurrence(plan) > EVENTS_MAX)
            return false;
        add_occurrence(scenario, plan, at_ps, rate_bps);
        if (!plan->every_ps)
            break;
    }
    return true;
}

bool dx__scenario_plan_events(DxScenario *scenario)
{
    uint64_t *rate_bps = initial_rates(scenario);

    scenario->is_planned = true;
    g_array_set_size(scenario->events, 0);
    add_dark(scenario);
    for (guint i = 0; i < scenario->plans->len && scenario->is_planned; i++) {
        const DxScPlan *plan = DX_SC(scenario, plans, DxScPlan, i);

        scenario->is_planned = add_plan(scenario, plan, rate_bps);
        note_rates(plan, rate_bps);
    }
    g_free(rate_bps);
    return scenario->is_planned;
}
