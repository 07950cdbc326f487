/*
 * scenario - a scenario file becomes data
 *
 *   text -> JSON tree -> inherit -> check against the tables -> load -> routes -> events written out
 *
 * Everything is read before anything is built, and every problem is reported, not just the first.
 */
#include <dxsim/plot.h>
#include "alarms-priv.h"
#include "hash-priv.h"
#include "load-priv.h"
#include "sweep-priv.h"

#include <string.h>

/* -- names ------------------------------------------------------------------------------------------- */

void dx__load_enter(GHashTable *names, const char *name, guint index)
{
    g_hash_table_insert(names, (gpointer)name, GUINT_TO_POINTER(index + 1));
}

uint32_t dx__load_index(GHashTable *names, const char *name)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(names, name));

    return at ? at - 1 : DX_NONE;
}

/* So that of two words equally near the same one is suggested every time. */
static gint compare_words(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void dangling(DxLoader *loader, const DxJson *json, GHashTable *names, const char *what)
{
    const bool is_shown = loader->reader.problems->list->len < DX_PROBLEMS_MAX;
    GPtrArray *known;
    char *shown;
    const char *meant;
    GHashTableIter iter;
    gpointer name;

    if (!g_hash_table_size(names) &&
        loader->found_by_check) /* all of them are missing, for a reason that is told */
        return;
    known = g_ptr_array_new();
    shown = dx__json_escape(json->text);
    g_hash_table_iter_init(&iter, names);
    while (is_shown &&
           g_hash_table_iter_next(&iter, &name, NULL)) /* the whole list is too long to sort often */
        g_ptr_array_add(known, name);
    g_ptr_array_sort(known, compare_words);
    meant = dx__reader_nearest(json->text, known);
    if (meant)
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "there is no %s \"%s\"; did you mean \"%s\"?",
                   what, shown, meant);
    else
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "there is no %s \"%s\"", what, shown);
    g_free(shown);
    g_ptr_array_unref(known);
}

uint32_t dx__load_resolve(DxLoader *loader, const DxJson *json, GHashTable *names, const char *what)
{
    uint32_t index;

    if (json->type != DX_JSON_STRING)
        return DX_NONE;
    index = dx__load_index(names, json->text);
    if (index == DX_NONE)
        dangling(loader, json, names, what);
    return index;
}

/* The trunk that carries a link or a LAG; the links come first, then the LAGs. */
uint32_t dx__load_resolve_trunk(DxLoader *loader, const DxJson *json)
{
    DxScenario *scenario = loader->scenario;
    uint32_t index;

    if (json->type != DX_JSON_STRING)
        return DX_NONE;
    index = dx__load_index(loader->lags, json->text);
    if (index != DX_NONE)
        return DX_SC(scenario, lags, DxScLag, index)->trunk;
    index = dx__load_resolve(loader, json, loader->links, "link or LAG");
    if (index == DX_NONE)
        return DX_NONE;
    if (DX_SC(scenario, links, DxScLink, index)->trunk != DX_NONE)
        return DX_SC(scenario, links, DxScLink, index)->trunk;
    DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT, "link \"%s\" is a member of LAG \"%s\"; name the LAG",
               json->text,
               DX_SC(scenario, lags, DxScLag, DX_SC(scenario, links, DxScLink, index)->lag)->name);
    return DX_NONE;
}

const DxModel *dx__load_model(const DxLoader *loader, const char *name)
{
    return dx__scenario_model(loader->scenario, name);
}

/* "queue.classes" is in the object "queue". NULL: not said. */
static const DxJson *said(const DxLoader *loader, const DxJson *json, const char *key)
{
    g_auto(GStrv) names = g_strsplit(key, ".", -1);

    for (char **name = names; json && *name; name++)
        json = json->type == DX_JSON_OBJECT ? dx__json_member(loader->reader.doc, json, *name) : NULL;
    return json;
}

void dx__load_check(DxLoader *loader, const DxJson *json, const DxModel *model, const void *conf)
{
    const char *key = NULL;
    const DxJson *member;
    GError *error = NULL;

    if (loader->found_by_check || !model->check || model->check(conf, &key, &error))
        return;
    member = key ? said(loader, json, key) : NULL;
    if (member)
        DX_PROBLEM(&loader->reader, member, DX_CODE_CONFLICT, "%s", error->message);
    else if (key)
        DX_PROBLEM(&loader->reader, json, DX_CODE_MISSING_KEY, "\"%s\" is missing: %s", key, error->message);
    else
        DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT, "%s", error->message);
    g_error_free(error);
}

/* Worked out once a model: there may be many flows. */
static const void *defaults_of(DxLoader *loader, const DxModel *model)
{
    void *conf = g_hash_table_lookup(loader->defaults, model);

    if (conf)
        return conf;
    conf = g_malloc0(MAX(model->conf_size, 1));
    if (model->params)
        dx_param_defaults(model->params, conf);
    g_hash_table_insert(loader->defaults, (gpointer)model, conf);
    return conf;
}

void *dx__load_conf(DxLoader *loader, const DxJson *json, const char *name)
{
    const DxModel *model = dx__load_model(loader, name);
    void *conf = g_memdup2(defaults_of(loader, model), MAX(model->conf_size, 1));

    if (json && model->params)
        dx__reader_conf(json, model, conf);
    if (json)
        dx__load_check(loader, json, model, conf);
    return conf;
}

/* -- run, catalog, outputs --------------------------------------------------------------------------- */

static void load_run(DxLoader *loader, DxJson *run)
{
    DxReader *reader = &loader->reader;
    DxScenario *scenario = loader->scenario;
    const DxJson *seed = dx__reader_get(reader, run, "seed", DX_JSON_NUMBER);
    int64_t negative;

    if (!run)
        return;
    scenario->seed = 1;
    if (dx__reader_quantity(reader, run, "duration", DX_UNIT_TIME, &scenario->duration_ps) &&
        (scenario->duration_ps <= 0 || scenario->duration_ps > DX_TIME_MAX))
        DX_PROBLEM(reader, dx__json_member(reader->doc, run, "duration"), DX_CODE_RANGE,
                   "a run lasts longer than 0 and at most 53 days");
    if (dx__reader_quantity(reader, run, "warmup", DX_UNIT_TIME, &scenario->warmup_ps) &&
        scenario->duration_ps > 0 && scenario->warmup_ps >= scenario->duration_ps)
        DX_PROBLEM(reader, dx__json_member(reader->doc, run, "warmup"), DX_CODE_RANGE,
                   "the warm-up must end before the run does");
    if (seed && !dx__json_uint64(seed, &scenario->seed) && dx__json_int64(seed, &negative))
        DX_PROBLEM(reader, seed, DX_CODE_RANGE, "a seed is not negative");
}

static void open_catalog(DxLoader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    const DxJson *name = dx__reader_get(reader, root, "catalog", DX_JSON_STRING);
    const char *quota = dx__reader_text(reader, root, "quota");
    char *known;

    loader->scenario->quota = !g_strcmp0(quota, "error") ? DX_QUOTA_ERROR
                              : !g_strcmp0(quota, "off") ? DX_QUOTA_OFF
                                                         : DX_QUOTA_WARN;
    if (!name)
        return;
    loader->scenario->catalog = dx__catalog_open(name->text);
    if (loader->scenario->catalog)
        return;
    known = g_strjoinv("\", \"", (char **)dx__catalog_names());
    DX_PROBLEM(reader, name, DX_CODE_DANGLING, "there is no catalog of this name; there is \"%s\"", known);
    g_free(known);
}

static void load_outputs(DxLoader *loader, DxJson *outputs)
{
    DxReader *reader = &loader->reader;
    DxScenario *scenario = loader->scenario;
    DxJson *series = dx__reader_get(reader, outputs, "series", DX_JSON_OBJECT);
    DxJson *plots = dx__reader_get(reader, outputs, "plots", DX_JSON_ARRAY);
    const char *format = dx__reader_text(reader, outputs, "plot_format");

    if (dx__reader_quantity(reader, series, "period", DX_UNIT_TIME, &scenario->series_period_ps) &&
        scenario->series_period_ps < DX_US)
        DX_PROBLEM(reader, dx__json_member(reader->doc, series, "period"), DX_CODE_RANGE,
                   "a series needs a period of at least \"1 us\"");
    dx__reader_quantity(reader, series, "until", DX_UNIT_TIME, &scenario->series_until_ps);
    dx__load_capture(loader, outputs);
    dx__load_cloudwatch(loader, outputs);
    if (format)
        dx_plot_format(format, &scenario->plot_format);
    for (const DxJson *plot = plots ? plots->child : NULL; plot; plot = plot->next) {
        if (plot->type != DX_JSON_STRING)
            continue;
        g_ptr_array_add(scenario->plots, g_strdup(plot->text));
        if (!series && dx_plot_needs_series(plot->text))
            DX_PROBLEM(reader, plot, DX_CODE_CONFLICT,
                       "this plot is drawn from a series; ask for one: \"series\": { \"period\": \"1 ms\" }");
    }
}

/* -- the whole --------------------------------------------------------------------------------------- */

/* Outputs of a router are numbers of 15 bits. */
#define TRUNKS_AT_NODE_MAX 32000

static void check_trunks_at_nodes(DxLoader *loader)
{
    const DxScenario *scenario = loader->scenario;

    for (guint i = 0; i < scenario->nodes->len; i++) /* no more trunks than links */
        if (loader->first_at[i + 1] - loader->first_at[i] > TRUNKS_AT_NODE_MAX)
            DX_PROBLEM(&loader->reader, DX_SC(scenario, nodes, DxScNode, i)->json, DX_CODE_LIMIT,
                       "%u links at this node; at most %u are accepted",
                       loader->first_at[i + 1] - loader->first_at[i], TRUNKS_AT_NODE_MAX);
}

static void load_root(DxLoader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    DxScenario *scenario = loader->scenario;
    const DxJson *version = dx__reader_get(reader, root, "dxsim", DX_JSON_NUMBER);
    int64_t number;

    if (version && (!dx__json_int64(version, &number) || number != 1))
        DX_PROBLEM(reader, version, DX_CODE_VERSION, "this program reads version 1 of the format");
    scenario->name = g_strdup(dx__reader_text(reader, root, "name"));
    scenario->description = g_strdup(dx__reader_text(reader, root, "description"));
    load_run(loader, dx__reader_get(reader, root, "run", DX_JSON_OBJECT));
    dx__load_network(loader, root);
    dx__load_vifs(loader, root);
    dx__load_routers(loader, root);
    dx__load_igp(loader, root);
    dx__load_flows(loader, root);
    dx__load_routes(loader);
    dx__load_sessions(loader, root);
    dx__load_overlaps(loader);
    dx__load_events(loader, root);
    dx__load_monitor(loader, root);
    dx__load_alarms(loader, root);
    load_outputs(loader, dx__reader_get(reader, root, "outputs", DX_JSON_OBJECT));
    dx__load_checks(loader, root);
    dx__load_sweeps(loader, root);
}

/* All that needs the rest to be right. */
static void finish(DxLoader *loader, DxJson *root)
{
    check_trunks_at_nodes(loader);
    dx__bgp_finish(loader->scenario);
    dx__scenario_route(loader->scenario);
    dx__load_alarms_finish(loader);
    dx__load_paths(loader);
    dx__load_bgp_checks(loader);
    dx__catalog_check(loader);
    if (!dx__scenario_plan_events(loader->scenario))
        DX_PROBLEM(&loader->reader, dx__json_member(loader->reader.doc, root, "events"), DX_CODE_LIMIT,
                   "these are more than a million single events; \"every\" is too short");
}

static DxScenario *scenario_new(const char *file, const DxModel *const *models)
{
    DxScenario *scenario = g_new0(DxScenario, 1);

    scenario->file = g_strdup(file);
    scenario->models = models;
    scenario->series_until_ps = DX_TIME_MAX;
    scenario->nodes = g_array_new(FALSE, TRUE, sizeof(DxScNode));
    scenario->links = g_array_new(FALSE, TRUE, sizeof(DxScLink));
    scenario->optics = g_array_new(FALSE, TRUE, sizeof(DxLineEnd));
    scenario->amplifiers = g_array_new(FALSE, TRUE, sizeof(DxLineEnd));
    scenario->lags = g_array_new(FALSE, TRUE, sizeof(DxScLag));
    scenario->trunks = g_array_new(FALSE, TRUE, sizeof(DxScTrunk));
    scenario->vifs = g_array_new(FALSE, TRUE, sizeof(DxScVif));
    scenario->groups = g_array_new(FALSE, TRUE, sizeof(DxScGroup));
    scenario->flows = g_array_new(FALSE, TRUE, sizeof(DxScFlow));
    scenario->plans = g_array_new(FALSE, TRUE, sizeof(DxScPlan));
    scenario->events = g_array_new(FALSE, TRUE, sizeof(DxScEvent));
    scenario->expectations = g_array_new(FALSE, TRUE, sizeof(DxScExpectation));
    scenario->claims = g_array_new(FALSE, TRUE, sizeof(DxScClaim));
    scenario->alarms = dx__alarms_new();
    scenario->plots = g_ptr_array_new_with_free_func(g_free);
    scenario->sweeps = g_ptr_array_new_with_free_func((GDestroyNotify)dx__sweep_plan_free);
    scenario->capture.links = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    scenario->arrivals = g_ptr_array_new_with_free_func((GDestroyNotify)dx_arrivals_free);
    scenario->inputs = g_array_new(FALSE, TRUE, sizeof(DxInput));
    return scenario;
}

static bool parse(DxScenario *scenario, const char *text, gsize length, DxProblems *problems)
{
    unsigned line = 0, column = 0;
    GError *error = NULL;

    scenario->doc = dx__json_parse(text, length, &line, &column, &error);
    if (scenario->doc)
        return true;
    dx__problem_at(problems, scenario->file, line, column, "",
                   error->code == DX_ERROR_LIMIT ? DX_CODE_LIMIT : DX_CODE_JSON, "%s", error->message);
    g_error_free(error);
    return false;
}

static bool apply(DxScenario *scenario, const char *setting, DxProblems *problems)
{
    const char *equals = strchr(setting, '=');
    g_autofree char *path = equals ? g_strndup(setting, (gsize)(equals - setting)) : g_strdup(setting);
    g_autofree char *label = g_strconcat("--set ", path, NULL);
    g_autoptr(GError) error = NULL;

    if (equals && dx__json_set(scenario->doc, path, equals + 1, &error))
        return true;
    dx__problem_at(problems, label, 0, 0, "", DX_CODE_SETTING, "%s",
                   equals ? error->message : "a value is missing: PATH=VALUE");
    return false;
}

/* What a sweep changes, as if it stood in the file. */
static bool edit(DxScenario *scenario, const DxScEdit *edit, DxProblems *problems)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *shown = NULL;

    if (dx__json_put(scenario->doc, edit->path, edit->text, edit->place, &error))
        return true;
    shown = dx_error_printable(error->message);
    dx__problem(problems, scenario->file, edit->place, false, DX_CODE_SETTING, "%s", shown);
    return false;
}

DxScenario *dx__scenario_read_edited(const char *dir, const char *file, const char *text, gsize length,
                                     const DxModel *const *models, const char *const *settings,
                                     const GArray *edits, DxProblems *problems)
{
    DxScenario *scenario = scenario_new(file, models);
    DxLoader loader = { .reader = { NULL, problems, file, models }, .scenario = scenario };
    GHashTable **names[] = { &loader.nodes,  &loader.links, &loader.lags,    &loader.vifs,
                             &loader.groups, &loader.flows, &loader.sessions };
    DxJson *root;
    bool is_good = parse(scenario, text, length, problems);

    scenario->dir = g_strdup(dir);
    for (; is_good && settings && *settings; settings++)
        is_good = apply(scenario, *settings, problems);
    for (guint i = 0; is_good && edits && i < edits->len; i++)
        is_good = edit(scenario, &g_array_index(edits, DxScEdit, i), problems);
    if (!is_good) {
        dx_scenario_free(scenario);
        return NULL;
    }
    loader.reader.doc = scenario->doc;
    root = dx__json_root(scenario->doc);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        *names[i] = g_hash_table_new(dx__hash_name, g_str_equal);
    loader.defaults = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    loader.refused_files = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    loader.attacks = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    loader.ends = dx__load_subnets_new();
    loader.alarms = g_hash_table_new(dx__hash_name, g_str_equal);
    if (root->type == DX_JSON_OBJECT) {
        open_catalog(&loader, root);
        dx__load_inherit(&loader, root);
    }
    dx__reader_check(&loader.reader, root, &dx__format_scenario);
    loader.found_by_check = problems->n_found;
    if (root->type == DX_JSON_OBJECT)
        load_root(&loader, root);
    if (!problems->n_found)
        finish(&loader, root);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        g_hash_table_unref(*names[i]);
    g_hash_table_unref(loader.defaults);
    g_hash_table_unref(loader.refused_files);
    g_hash_table_unref(loader.attacks);
    g_array_unref(loader.ends);
    g_hash_table_unref(loader.alarms);
    g_free(loader.first_at);
    g_free(loader.links_at);
    if (!problems->n_found)
        return scenario;
    dx_scenario_free(scenario);
    return NULL;
}

DxScenario *dx_scenario_read_in(const char *dir, const char *file, const char *text, gsize length,
                                const DxModel *const *models, const char *const *settings,
                                DxProblems *problems)
{
    return dx__scenario_read_edited(dir, file, text, length, models, settings, NULL, problems);
}

DxScenario *dx_scenario_read_set(const char *file, const char *text, gsize length,
                                 const DxModel *const *models, const char *const *settings,
                                 DxProblems *problems)
{
    return dx_scenario_read_in(NULL, file, text, length, models, settings, problems);
}

DxScenario *dx_scenario_read(const char *file, const char *text, gsize length, const DxModel *const *models,
                             DxProblems *problems)
{
    return dx_scenario_read_set(file, text, length, models, NULL, problems);
}

DxScenario *dx_scenario_read_file(const char *path, const DxModel *const *models, DxProblems *problems)
{
    g_autofree char *dir = g_path_get_dirname(path);
    GError *error = NULL;
    char *text;
    gsize length;
    DxScenario *scenario;

    if (!g_file_get_contents(path, &text, &length, &error)) {
        dx__problem_at(problems, path, 0, 0, "", DX_CODE_FILE, "%s", error->message);
        g_error_free(error);
        return NULL;
    }
    scenario = dx_scenario_read_in(dir, path, text, length, models, NULL, problems);
    g_free(text);
    return scenario;
}

/* -- freeing ----------------------------------------------------------------------------------------- */

static void free_links(GArray *links)
{
    for (guint i = 0; i < links->len; i++) {
        DxScLink *link = &g_array_index(links, DxScLink, i);

        for (guint k = 0; k < link->inserts->len; k++)
            g_free(g_array_index(link->inserts, DxScInsert, k).conf);
        g_array_unref(link->inserts);
        g_free(link->name);
        g_free(link->port);
        dx__load_macsec_free(link->macsec);
        dx__load_mka_free(link->mka);
        g_free(link->fiber[0]);
        g_free(link->fiber[1]);
        for (unsigned k = 0; k < link->n_spans; k++)
            g_free((void *)link->spans[k].conf);
        g_free(link->spans);
        g_free(link->cross);
    }
    g_array_unref(links);
}

static void free_line_ends(GArray *ends)
{
    for (guint i = 0; i < ends->len; i++)
        g_free((void *)g_array_index(ends, DxLineEnd, i).optic);
    g_array_unref(ends);
}

static void free_lags(GArray *lags)
{
    for (guint i = 0; i < lags->len; i++) {
        DxScLag *lag = &g_array_index(lags, DxScLag, i);

        g_free(lag->name);
        g_free(lag->member);
        g_free(lag->hash);
        g_free(lag->heartbeat);
        g_free(lag->lacp[0]);
        g_free(lag->lacp[1]);
        g_free(lag->aggregator);
    }
    g_array_unref(lags);
}

static void free_vifs(GArray *vifs)
{
    for (guint i = 0; i < vifs->len; i++) {
        g_free(g_array_index(vifs, DxScVif, i).name);
        g_free(g_array_index(vifs, DxScVif, i).conf);
    }
    g_array_unref(vifs);
}

static void free_flows(GArray *flows)
{
    for (guint i = 0; i < flows->len; i++) {
        DxScFlow *flow = &g_array_index(flows, DxScFlow, i);

        g_free(flow->name);
        g_free(flow->source);
        g_free(flow->next);
        g_clear_pointer(&flow->vifs, g_array_unref);
        g_clear_pointer(&flow->said, g_array_unref);
    }
    g_array_unref(flows);
}

void dx__expectation_clear(DxScExpectation *e)
{
    char *const strings[] = { e->name,        e->metric, e->stat, e->op,
                              e->select_kind, e->select, e->from, e->value_text };

    for (guint k = 0; k < G_N_ELEMENTS(strings); k++)
        g_free(strings[k]);
}

static void free_checks(DxScenario *scenario)
{
    for (guint i = 0; i < scenario->expectations->len; i++)
        dx__expectation_clear(DX_SC(scenario, expectations, DxScExpectation, i));
    for (guint i = 0; i < scenario->claims->len; i++) {
        DxScClaim *claim = DX_SC(scenario, claims, DxScClaim, i);
        char *const strings[] = { claim->says, claim->given, claim->reason, claim->bound, claim->recorded };

        dx__expectation_clear(&claim->measure);
        for (guint k = 0; k < G_N_ELEMENTS(strings); k++)
            g_free(strings[k]);
    }
    g_array_unref(scenario->expectations);
    g_array_unref(scenario->claims);
}

void dx_scenario_free(DxScenario *scenario)
{
    if (!scenario)
        return;
    for (guint i = 0; i < scenario->nodes->len; i++) {
        g_free(DX_SC(scenario, nodes, DxScNode, i)->name);
        g_free(DX_SC(scenario, nodes, DxScNode, i)->route);
    }
    for (guint i = 0; i < scenario->groups->len; i++) {
        g_free(DX_SC(scenario, groups, DxScGroup, i)->name);
        g_array_unref(DX_SC(scenario, groups, DxScGroup, i)->links);
    }
    for (guint i = 0; i < scenario->plans->len; i++) {
        g_array_unref(DX_SC(scenario, plans, DxScPlan, i)->links);
        g_clear_pointer(&DX_SC(scenario, plans, DxScPlan, i)->bgp_targets, g_array_unref);
    }
    dx__bgp_free(scenario->bgp);
    free_links(scenario->links);
    free_lags(scenario->lags);
    free_vifs(scenario->vifs);
    free_flows(scenario->flows);
    free_checks(scenario);
    g_array_unref(scenario->nodes);
    g_array_unref(scenario->trunks);
    g_array_unref(scenario->groups);
    g_array_unref(scenario->plans);
    g_array_unref(scenario->events);
    g_ptr_array_unref(scenario->plots);
    g_ptr_array_unref(scenario->sweeps);
    g_array_unref(scenario->capture.links);
    g_ptr_array_unref(scenario->arrivals);
    g_array_unref(scenario->inputs);
    g_free(scenario->monitor.is_cloud);
    g_free(scenario->monitor.peer_end);
    g_array_unref(scenario->alarms);
    dx__json_free(scenario->alarms_doc);
    g_free(scenario->dir);
    dx__json_free(scenario->doc);
    dx__json_free(scenario->catalog);
    free_line_ends(scenario->optics);
    free_line_ends(scenario->amplifiers);
    dx__json_free(scenario->optics_doc);
    g_free(scenario->file);
    g_free(scenario->name);
    g_free(scenario->description);
    g_free(scenario);
}

/* -- reading it -------------------------------------------------------------------------------------- */

const char *dx_scenario_name(const DxScenario *scenario)
{
    return scenario->name;
}

const char *dx_scenario_description(const DxScenario *scenario)
{
    return scenario->description;
}

unsigned dx_scenario_n_inputs(const DxScenario *scenario)
{
    return scenario->inputs->len;
}

const DxInput *dx_scenario_inputs(const DxScenario *scenario)
{
    return (const DxInput *)(const void *)scenario->inputs->data;
}

DxTime dx_scenario_duration(const DxScenario *scenario)
{
    return scenario->duration_ps;
}

DxTime dx_scenario_warmup(const DxScenario *scenario)
{
    return scenario->warmup_ps;
}

uint64_t dx_scenario_seed(const DxScenario *scenario)
{
    return scenario->seed;
}

void dx_scenario_set_seed(DxScenario *scenario, uint64_t seed)
{
    scenario->seed = seed;
}

void dx_scenario_set_duration(DxScenario *scenario, DxTime duration_ps)
{
    g_return_if_fail(duration_ps > 0 && duration_ps <= DX_TIME_MAX);
    scenario->duration_ps = duration_ps;
    dx__scenario_plan_events(scenario);
}

DxTime dx_scenario_series_period(const DxScenario *scenario)
{
    return scenario->series_period_ps;
}

bool dx_scenario_cloudwatch(const DxScenario *scenario)
{
    return scenario->monitor.period_ps > 0;
}

bool dx_scenario_captures(const DxScenario *scenario)
{
    return scenario->capture.is_wanted;
}

unsigned dx_scenario_n_plots(const DxScenario *scenario)
{
    return scenario->plots->len;
}

DxPlotFormat dx_scenario_plot_format(const DxScenario *scenario)
{
    return scenario->plot_format;
}

const char *dx_scenario_plot(const DxScenario *scenario, unsigned index)
{
    return g_ptr_array_index(scenario->plots, index);
}

const DxModel *dx__scenario_model(const DxScenario *scenario, const char *name)
{
    const DxModel *model = dx__format_model(scenario->models, name);

    g_return_val_if_fail(model != NULL, NULL);
    return model;
}

char *dx__scenario_direction(const DxScenario *scenario, const char *name, const uint32_t end[2],
                             unsigned direction)
{
    return g_strdup_printf("%s:%s>%s", name, DX_SC(scenario, nodes, DxScNode, end[direction])->name,
                           DX_SC(scenario, nodes, DxScNode, end[!direction])->name);
}

char *dx__scenario_insert(const char *direction, const DxModel *model, unsigned index)
{
    return g_strdup_printf("%s.%s%u", direction, model->name, index);
}

int64_t dx__conf_int(const DxModel *model, const void *conf, const char *key)
{
    const DxParam *param = dx_param_find(model->params, key);
    const void *field = (const char *)conf + param->offset;

    switch (param->type) {
    case DX_TYPE_BOOL:
        return *(const bool *)field;
    case DX_TYPE_ENUM:
        return *(const int *)field;
    default:
        return *(const int64_t *)field;
    }
}

double dx__conf_real(const DxModel *model, const void *conf, const char *key)
{
    return *(const double *)(const void *)((const char *)conf + dx_param_find(model->params, key)->offset);
}

static const void *conf_field(const DxModel *model, const void *conf, const char *key)
{
    return (const char *)conf + dx_param_find(model->params, key)->offset;
}

const DxArrivals *dx__scenario_arrivals(const DxScenario *scenario, const DxScFlow *flow)
{
    const DxFileParam *file = conf_field(dx__scenario_model(scenario, "source"), flow->source, "trace");

    return file->content;
}

DxSizes dx__scenario_sizes(const DxScenario *scenario, const DxScFlow *flow)
{
    const DxModel *model = dx__scenario_model(scenario, "source");
    const DxArrivals *arrivals = dx__scenario_arrivals(scenario, flow);
    DxSizes sizes;

    if (arrivals)
        dx_sizes_init(&sizes, DX_SIZES_FIXED, (arrivals->sum_bytes + arrivals->n / 2) / arrivals->n, NULL);
    else
        dx_sizes_init(&sizes, (DxSizesKind)dx__conf_int(model, flow->source, "sizes"),
                      (uint64_t)dx__conf_int(model, flow->source, "size"),
                      conf_field(model, flow->source, "mix"));
    return sizes;
}

int64_t dx__scenario_longest(const DxScenario *scenario, const DxScFlow *flow)
{
    const DxArrivals *arrivals = dx__scenario_arrivals(scenario, flow);
    const DxSizes sizes = dx__scenario_sizes(scenario, flow);
    int64_t longest = arrivals ? arrivals->max_bytes : 0;

    for (unsigned i = 0; i < sizes.n; i++)
        longest = MAX(longest, sizes.bytes[i]);
    return longest;
}

DxFlow dx__scenario_flow(const DxScFlow *group, uint32_t i)
{
    const uint32_t ports = 65536u - group->flow.src_port;
    DxFlow flow = group->flow;
    uint32_t carry = i / ports;

    flow.src_port = (uint16_t)(group->flow.src_port + i % ports);
    for (int k = 15; k >= 0 && carry; k--) {
        carry += flow.src[k];
        flow.src[k] = (uint8_t)carry;
        carry >>= 8;
    }
    return flow;
}
