/*
 * load-sweeps - sweeps of a scenario become plans
 *
 * Whatever can be wrong with a sweep by itself is found here, whenever the scenario is read; whether its
 * points make scenarios, when it is to be run (dx_sweep_check()).
 */
#include "load-sweeps-priv.h"

#include <string.h>

/* Columns that are always there; "tried" is free. */
static const char *const taken[] = { "point",    "failed",    "replication", "measure",   "metric",
                                     "value",    "n",         "mean",        "sd",        "ci_low",
                                     "ci_high",  "min",       "max",         "met",       "missed",
                                     "verdict",  "found",     "front",       "parameter", "values",
                                     "runs",     "diff_mean", "diff_low",    "diff_high", "expectation",
                                     "monotone", NULL };

/* -- parameters -------------------------------------------------------------------------------------- */

static int unit_of_base(const DxJson *json, int64_t *value)
{
    if (json->type == DX_JSON_NUMBER && dx__json_int64(json, value))
        return DX_SWEEP_WHOLE;
    for (int unit = DX_UNIT_TIME; json->type == DX_JSON_STRING && unit <= DX_UNIT_TEMPERATURE; unit++)
        if (dx_units_parse((DxUnit)unit, json->text, value, NULL))
            return unit;
    return DX_SWEEP_TEXT;
}

/* What is to be multiplied must stand in the file, and be a quantity. */
static void load_base(DxLoader *loader, const DxJson *path, DxSweepParam *param)
{
    g_autoptr(GError) error = NULL;
    const DxJson *found = dx__json_find(loader->reader.doc, path->text, &error);
    DxSweepBase base = { .unit = DX_SWEEP_TEXT };

    if (!found) {
        g_autofree char *shown = dx_error_printable(error->message);

        DX_PROBLEM(&loader->reader, path, DX_CODE_DANGLING,
                   "nothing is there to be multiplied: %s; say it in the file, or \"set\" it", shown);
        return;
    }
    base.unit = unit_of_base(found, &base.value);
    if (base.unit == DX_SWEEP_TEXT)
        DX_PROBLEM(&loader->reader, path, DX_CODE_CONFLICT,
                   "what is there is no quantity and no whole number");
    else
        g_array_append_val(param->bases, base);
}

static void load_path(DxLoader *loader, const DxJson *path, DxSweepParam *param)
{
    if (path->type != DX_JSON_STRING)
        return;
    if (!strcmp(path->text, "sweeps") || g_str_has_prefix(path->text, "sweeps.")) {
        DX_PROBLEM(&loader->reader, path, DX_CODE_CONFLICT, "a sweep does not change sweeps");
        return;
    }
    if (!*path->text || g_str_has_suffix(path->text, ".")) {
        DX_PROBLEM(&loader->reader, path, DX_CODE_SYNTAX,
                   "a path is keys joined by dots: \"links.dx1.rate\"");
        return;
    }
    g_ptr_array_add(param->paths, g_strdup(path->text));
    if (param->is_factor)
        load_base(loader, path, param);
}

/* False: there is none, or one of both. */
static bool load_paths(DxLoader *loader, DxJson *json, DxSweepParam *param)
{
    DxReader *reader = &loader->reader;
    const DxJson *set = dx__json_member(reader->doc, json, "set"),
                 *times = dx__json_member(reader->doc, json, "times"), *paths = set ? set : times;

    if (!set == !times) {
        DX_PROBLEM(reader, json, set ? DX_CODE_CONFLICT : DX_CODE_MISSING_KEY,
                   "what it changes is said by \"set\" or by \"times\", one of them");
        return false;
    }
    param->is_factor = times != NULL;
    if (paths->type == DX_JSON_ARRAY && !paths->child)
        DX_PROBLEM(reader, paths, DX_CODE_RANGE, "there is no path in it");
    for (const DxJson *path = paths->type == DX_JSON_ARRAY ? paths->child : paths; path;
         path = path == paths ? NULL : path->next)
        load_path(loader, path, param);
    return true;
}

static void check_column(DxLoader *loader, const DxJson *at, bool at_key, const DxSweepParam *param)
{
    if (g_strv_contains(taken, param->column))
        dx__problem(loader->reader.problems, loader->reader.file, at, at_key, DX_CODE_NAME,
                    "the tables have a column \"%s\" already; give the parameter another name",
                    param->column);
}

static void is_changed_twice(DxLoader *loader, const DxJson *at, const DxSweepParam *other, const char *path)
{
    g_autofree char *shown = dx__json_escape(path);

    DX_PROBLEM(&loader->reader, at, DX_CODE_CONFLICT, "parameter \"%s\" changes \"%s\" too", other->name,
               shown);
}

/* Two that change the same, or whose columns are called the same. */
static void check_others(DxLoader *loader, const DxJson *at, const DxSweepPlan *plan,
                         const DxSweepParam *param)
{
    for (guint i = 0; i < plan->params->len; i++) {
        const DxSweepParam *other = DX_SWEEP(plan, params, DxSweepParam, i);

        if (!strcmp(other->column, param->column))
            DX_PROBLEM(&loader->reader, at, DX_CODE_CONFLICT, "another parameter has the column \"%s\"",
                       param->column);
        for (guint k = 0; k < param->paths->len; k++)
            for (guint j = 0; j < other->paths->len; j++)
                if (!strcmp(param->paths->pdata[k], other->paths->pdata[j]))
                    is_changed_twice(loader, at, other, other->paths->pdata[j]);
    }
}

static void load_param(DxLoader *loader, DxJson *json, DxSweepPlan *plan)
{
    const char *prefer = dx__reader_text(&loader->reader, json, "prefer");
    DxSweepParam param = { .name = g_strdup(json->key), .unit = DX_SWEEP_WHOLE, .at = json };

    dx__sweep_param_init(&param);
    param.prefer = !g_strcmp0(prefer, "smallest") ? -1 : !g_strcmp0(prefer, "largest");
    if (load_paths(loader, json, &param)) {
        if (param.is_factor)
            param.unit = DX_UNIT_PERCENT;
        dx__load_sweep_values(loader, json, &param, param.is_factor);
    }
    if (param.prefer && param.unit == DX_SWEEP_TEXT)
        DX_PROBLEM(&loader->reader, dx__json_member(loader->reader.doc, json, "prefer"), DX_CODE_CONFLICT,
                   "of words none is the smallest or largest");
    param.column = dx__sweep_column(param.name, param.unit);
    check_column(loader, json, true, &param);
    check_others(loader, json, plan, &param);
    g_array_append_val(plan->params, param);
}

static void count_points(DxLoader *loader, const DxJson *json, DxSweepPlan *plan)
{
    uint64_t n = 1;

    for (guint i = 0; i < plan->params->len; i++) {
        const guint n_values = DX_SWEEP(plan, params, DxSweepParam, i)->values->len;

        if (plan->is_zip && i && n_values != n) {
            DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT,
                       "parameters that are zipped have equally many values, these have %u and %u",
                       (unsigned)n, n_values);
            return;
        }
        n = plan->is_zip ? n_values : MIN(n * n_values, UINT32_MAX);
    }
    if (n > DX_SWEEP_POINTS_MAX)
        DX_PROBLEM(&loader->reader, json, DX_CODE_LIMIT, "too many points; at most %u are accepted",
                   DX_SWEEP_POINTS_MAX);
    plan->n_points = (unsigned)n;
}

static void load_vary(DxLoader *loader, DxJson *json, DxSweepPlan *plan)
{
    DxJson *vary = dx__reader_get(&loader->reader, json, "vary", DX_JSON_OBJECT);

    plan->is_zip = !g_strcmp0(dx__reader_text(&loader->reader, json, "combine"), "zip");
    for (DxJson *param = vary ? dx__reader_entry(vary->child) : NULL; param;
         param = dx__reader_entry(param->next))
        load_param(loader, param, plan);
    if (vary && !loader->reader.problems->n_found)
        count_points(loader, vary, plan);
}

/* -- failures ---------------------------------------------------------------------------------------- */

static DxSweepCase *add_case(const DxJson *at, DxSweepPlan *plan, const char *kind, const char *name)
{
    DxSweepCase failed = { .name = g_strconcat(kind, name, NULL),
                           .links = g_ptr_array_new_with_free_func(g_free),
                           .at = at };

    g_array_append_val(plan->cases, failed);
    return DX_SWEEP(plan, cases, DxSweepCase, plan->cases->len - 1);
}

static void add_link(const DxScenario *scenario, DxSweepCase *failed, uint32_t index)
{
    const DxScLink *link = DX_SC(scenario, links, DxScLink, index);

    g_ptr_array_add(failed->links, g_strdup(link->name));
    if (failed->links->len == 1 && link->lag != DX_NONE) {
        failed->of = DX_SC(scenario, lags, DxScLag, link->lag)->n_members;
        failed->left = failed->of - 1;
    } else {
        failed->of = failed->left = 0;
    }
}

static void fail_link(DxLoader *loader, const DxJson *at, DxSweepPlan *plan, uint32_t index)
{
    const DxScLink *link = DX_SC(loader->scenario, links, DxScLink, index);

    add_link(loader->scenario, add_case(at, plan, "links.", link->name), index);
}

static void fail_lag(DxLoader *loader, const DxJson *at, DxSweepPlan *plan, uint32_t index)
{
    const DxScLag *lag = DX_SC(loader->scenario, lags, DxScLag, index);

    for (uint32_t k = 0; k < lag->n_members; k++)
        fail_link(loader, at, plan, lag->member[k]);
}

static void fail_all(DxLoader *loader, const DxJson *at, DxSweepPlan *plan)
{
    const DxScenario *scenario = loader->scenario;

    for (guint i = 0; !strcmp(at->text, "links") && i < scenario->links->len; i++)
        fail_link(loader, at, plan, i);
    for (guint i = 0; !strcmp(at->text, "groups") && i < scenario->groups->len; i++) {
        const DxScGroup *group = DX_SC(scenario, groups, DxScGroup, i);
        DxSweepCase *failed = add_case(at, plan, "groups.", group->name);

        for (guint k = 0; k < group->links->len; k++)
            add_link(scenario, failed, g_array_index(group->links, uint32_t, k));
    }
}

/* A target of an event, or a LAG, whose members fail one by one. */
static void load_each(DxLoader *loader, const DxJson *json, DxSweepPlan *plan)
{
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    DxSweepCase *failed;

    if (json->type != DX_JSON_STRING)
        return;
    if (!strcmp(json->text, "links") || !strcmp(json->text, "groups")) {
        fail_all(loader, json, plan);
        return;
    }
    if (g_str_has_prefix(json->text, "lags.")) {
        const uint32_t lag = dx__load_index(loader->lags, json->text + strlen("lags."));

        if (lag != DX_NONE)
            fail_lag(loader, json, plan, lag);
        else
            DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "there is no LAG of this name");
        return;
    }
    dx__load_targets(loader, json, links);
    failed = add_case(json, plan, "", json->text);
    for (guint i = 0; i < links->len; i++)
        add_link(loader->scenario, failed, g_array_index(links, uint32_t, i));
}

static void load_failures(DxLoader *loader, DxJson *json, DxSweepPlan *plan)
{
    DxReader *reader = &loader->reader;
    DxJson *n_minus_1 = dx__reader_get(reader, json, "n_minus_1", DX_JSON_OBJECT);
    const DxJson *each = dx__reader_get(reader, n_minus_1, "each", DX_JSON_ARRAY);

    if (!each)
        return;
    dx__reader_quantity(reader, n_minus_1, "at", DX_UNIT_TIME, &plan->fail_at_ps);
    plan->is_silent = !g_strcmp0(dx__reader_text(reader, n_minus_1, "how"), "silent");
    dx_json_each (target, each)
        load_each(loader, target, plan);
    for (guint i = 1; i < plan->cases->len; i++)
        for (guint k = 1; k < i; k++)
            if (!strcmp(DX_SWEEP(plan, cases, DxSweepCase, i)->name,
                        DX_SWEEP(plan, cases, DxSweepCase, k)->name))
                DX_PROBLEM(reader, DX_SWEEP(plan, cases, DxSweepCase, i)->at, DX_CODE_CONFLICT,
                           "this fails twice");
}

/* -- measures and expectations ----------------------------------------------------------------------- */

static bool is_same(const DxScExpectation *a, const DxScExpectation *b)
{
    return !g_strcmp0(a->metric, b->metric) && !g_strcmp0(a->stat, b->stat) &&
           !g_strcmp0(a->select, b->select) && !g_strcmp0(a->from, b->from);
}

/* Takes @name. */
static unsigned add_measure(DxSweepPlan *plan, char *name, const DxScExpectation *what)
{
    DxSweepMeasure measure = { .name = name };
    const char *row = "";

    dx__expectation_metric(what->metric, what->stat, &measure.unit, &measure.is_real, &row);
    measure.row = g_strdup(row);
    measure.what = (DxScExpectation){ .metric = g_strdup(what->metric),
                                      .stat = g_strdup(what->stat),
                                      .select_kind = g_strdup(what->select_kind),
                                      .select = g_strdup(what->select),
                                      .from = g_strdup(what->from) };
    g_array_append_val(plan->measures, measure);
    return plan->measures->len - 1;
}

/* What an expectation measures, unless it is among the measures already. */
static unsigned measure_of(DxSweepPlan *plan, const DxScExpectation *what)
{
    GString *name;

    for (guint i = 0; i < plan->measures->len; i++)
        if (is_same(&DX_SWEEP(plan, measures, DxSweepMeasure, i)->what, what))
            return i;
    name = g_string_new(what->metric);
    for (unsigned i = 0; i < 3; i++) {
        const char *part = i == 0 ? what->stat : i == 1 ? what->select : what->from;

        if (part)
            g_string_append_printf(name, ".%s", part);
    }
    return add_measure(plan, g_string_free(name, FALSE), what);
}

static void load_measures(DxLoader *loader, DxJson *json, DxSweepPlan *plan)
{
    DxJson *measures = dx__reader_get(&loader->reader, json, "measure", DX_JSON_OBJECT);
    const GArray *expectations = loader->scenario->expectations;

    for (DxJson *one = measures ? dx__reader_entry(measures->child) : NULL; one;
         one = dx__reader_entry(one->next)) {
        DxScExpectation what = dx__load_measure(loader, one, "name");

        if (what.metric && what.select_kind)
            add_measure(plan, g_strdup(one->key), &what);
        dx__expectation_clear(&what);
    }
    for (guint i = 0; i < expectations->len; i++) {
        const DxScExpectation *what = &g_array_index(expectations, DxScExpectation, i);
        DxSweepExpectation expectation = { .name = g_strdup(what->name),
                                           .op = g_strdup(what->op),
                                           .value_text = g_strdup(what->value_text),
                                           .value = what->value };

        if (what->metric && what->select_kind)
            expectation.measure = measure_of(plan, what);
        g_array_append_val(plan->expectations, expectation);
    }
    if (!plan->measures->len)
        DX_PROBLEM(&loader->reader, json, DX_CODE_MISSING_KEY,
                   "nothing is measured: add a \"measure\", or \"expectations\" to the scenario");
}

/* -- search ------------------------------------------------------------------------------------------ */

static void load_search(DxLoader *loader, DxJson *json, DxSweepPlan *plan)
{
    DxReader *reader = &loader->reader;
    DxJson *object = dx__reader_get(reader, json, "search", DX_JSON_OBJECT);
    const DxJson *tolerance = object ? dx__json_member(reader->doc, object, "tolerance") : NULL,
                 *probes = dx__reader_get(reader, object, "probes", DX_JSON_NUMBER),
                 *most = dx__reader_get(reader, object, "max_replications", DX_JSON_NUMBER);
    const char *name = dx__reader_text(reader, object, "name");
    DxSweepSearch *search = &plan->search;
    int64_t n_probes = 5, n_most = 4 * (int64_t)plan->replications;
    bool is_typed;

    if (!object || !name)
        return;
    if (!dx__reader_is_name(name)) {
        DX_PROBLEM(reader, dx__json_member(reader->doc, object, "name"), DX_CODE_NAME,
                   "no name: a letter or \"_\", then up to 63 letters, digits, \"_\", \".\" or \"-\"");
        return;
    }
    search->is_wanted = true;
    search->param.name = g_strdup(name);
    search->param.at = object;
    search->wants_largest = !g_strcmp0(dx__reader_text(reader, object, "want"), "largest");
    if (!load_paths(loader, object, &search->param))
        return;
    if ((is_typed = search->param.is_factor))
        search->param.unit = DX_UNIT_PERCENT;
    if (dx__load_sweep_range(loader, object, &search->param, &is_typed, &search->from, &search->to,
                             &search->is_log) &&
        tolerance && dx__load_sweep_value(loader, tolerance, &search->param, &is_typed, &search->tolerance) &&
        search->tolerance < 1)
        DX_PROBLEM(reader, tolerance, DX_CODE_RANGE, "a tolerance is above 0");
    search->param.column = dx__sweep_column(name, search->param.unit);
    check_column(loader, dx__json_member(reader->doc, object, "name"), false, &search->param);
    check_others(loader, object, plan, &search->param);
    if (probes && dx__json_int64(probes, &n_probes) && (n_probes < 2 || n_probes > 1000))
        DX_PROBLEM(reader, probes, DX_CODE_RANGE, "2 to 1000 probes");
    if (most && dx__json_int64(most, &n_most) &&
        (n_most < plan->replications || n_most > DX_SWEEP_REPLICATIONS_MAX))
        DX_PROBLEM(reader, most, DX_CODE_RANGE, "at least \"replications\", and at most %u",
                   DX_SWEEP_REPLICATIONS_MAX);
    search->probes = (unsigned)n_probes;
    search->max_replications = (unsigned)MIN(n_most, DX_SWEEP_REPLICATIONS_MAX);
    if (!plan->expectations->len)
        DX_PROBLEM(reader, object, DX_CODE_MISSING_KEY,
                   "nothing says what is good: a search needs \"expectations\" in the scenario");
}

/* -- what is expected of the whole ------------------------------------------------------------------- */

static void load_check(DxLoader *loader, DxJson *json, DxSweepPlan *plan)
{
    DxReader *reader = &loader->reader;
    const DxJson *value = dx__json_member(reader->doc, json, "value"),
                 *expectation = dx__reader_get(reader, json, "expectation", DX_JSON_STRING);
    DxSweepParam *param;
    DxSweepCheck check = { .name = g_strdup(dx__reader_text(reader, json, "name")),
                           .op = g_strdup(dx__reader_text(reader, json, "op")),
                           .value_text = value && value->text ? g_strdup(value->text) : NULL,
                           .of_search = !g_strcmp0(dx__reader_text(reader, json, "of"), "search"),
                           .expectation = expectation ? g_strdup(expectation->text) : NULL,
                           .only_whole = !g_strcmp0(dx__reader_text(reader, json, "failed"), "none") };
    bool is_known = !expectation, is_typed = true;

    g_array_append_val(plan->checks, check);
    for (guint i = 0; expectation && i < plan->expectations->len; i++)
        is_known = is_known ||
                   !g_strcmp0(DX_SWEEP(plan, expectations, DxSweepExpectation, i)->name, expectation->text);
    if (!is_known)
        DX_PROBLEM(reader, expectation, DX_CODE_DANGLING, "the scenario has no expectation of this name");
    if (check.of_search != plan->search.is_wanted || (!check.of_search && !dx__sweep_has_knees(plan))) {
        DX_PROBLEM(reader, json, DX_CODE_CONFLICT,
                   check.of_search ? "this sweep has no \"search\""
                                   : "a knee needs one parameter that is a quantity, no \"search\", and an "
                                     "expectation with <, <=, > or >=");
        return;
    }
    param = check.of_search ? &plan->search.param : DX_SWEEP(plan, params, DxSweepParam, 0);
    if (value)
        dx__load_sweep_value(loader, value, param, &is_typed,
                             &DX_SWEEP(plan, checks, DxSweepCheck, plan->checks->len - 1)->value);
}

/* -- the whole --------------------------------------------------------------------------------------- */

static void load_numbers(DxLoader *loader, DxJson *json, DxSweepPlan *plan)
{
    DxReader *reader = &loader->reader;
    const DxJson *replications = dx__reader_get(reader, json, "replications", DX_JSON_NUMBER);
    int64_t n = 1;

    if (replications && dx__json_int64(replications, &n) && (n < 1 || n > DX_SWEEP_REPLICATIONS_MAX)) {
        DX_PROBLEM(reader, replications, DX_CODE_RANGE, "1 to %u replications", DX_SWEEP_REPLICATIONS_MAX);
        n = 1;
    }
    plan->replications = (unsigned)n;
    if (dx__reader_quantity(reader, json, "confidence", DX_UNIT_PERCENT, &plan->confidence) &&
        (plan->confidence < INT64_C(500000000000) || plan->confidence > INT64_C(999999000000)))
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "confidence"), DX_CODE_RANGE,
                   "a confidence is \"50 %%\" to \"99.9999 %%\"");
}

static void load_sweep(DxLoader *loader, DxJson *json)
{
    DxSweepPlan *plan = dx__sweep_plan_new(json->key);
    const DxJson *checks = dx__reader_get(&loader->reader, json, "expectations", DX_JSON_ARRAY);

    g_ptr_array_add(loader->scenario->sweeps, plan);
    if (loader->scenario->monitor.is_there)
        plan->time_scale = MAX(loader->scenario->monitor.time_scale, 1);
    load_numbers(loader, json, plan);
    load_vary(loader, json, plan);
    load_failures(loader, json, plan);
    load_measures(loader, json, plan);
    load_search(loader, json, plan);
    if (loader->reader.problems->n_found)
        return;
    for (DxJson *check = checks ? checks->child : NULL; check; check = check->next)
        if (check->type == DX_JSON_OBJECT)
            load_check(loader, check, plan);
    if ((uint64_t)dx__sweep_n_units(plan) * plan->replications > DX_SWEEP_RUNS_MAX)
        DX_PROBLEM(&loader->reader, json, DX_CODE_LIMIT, "too many runs; at most %u are accepted",
                   DX_SWEEP_RUNS_MAX);
}

void dx__load_sweeps(DxLoader *loader, DxJson *root)
{
    DxJson *sweeps = dx__reader_get(&loader->reader, root, "sweeps", DX_JSON_OBJECT);

    for (DxJson *json = sweeps ? dx__reader_entry(sweeps->child) : NULL; json;
         json = dx__reader_entry(json->next))
        load_sweep(loader, json);
}
