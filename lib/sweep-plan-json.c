/*
 * sweep-plan-json - a plan as text, and back: what shards have in common
 *
 * All shards of a sweep write the same bytes; their SHA-256 says that runs belong to it. It holds the
 * version, so that runs of two programs are never mixed.
 */
#include "json-write-priv.h"
#include "output-priv.h"
#include "sweep-priv.h"

#include <inttypes.h>
#include <string.h>

#ifndef DXSIM_VERSION
#define DXSIM_VERSION "unknown"
#endif

/* -- out --------------------------------------------------------------------------------------------- */

static void write_files(DxJsonWriter *writer, const char *key, const GArray *files)
{
    dx__json_write_array(writer, key);
    for (guint i = 0; i < files->len; i++) {
        const DxInput *file = &g_array_index(files, DxInput, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "name", file->name);
        dx__json_write_u64(writer, "size_bytes", file->size_bytes);
        dx__json_write_text(writer, "sha256", file->sha256);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_texts(DxJsonWriter *writer, const char *key, const GPtrArray *texts)
{
    dx__json_write_array(writer, key);
    for (guint i = 0; i < texts->len; i++)
        dx__json_write_text(writer, NULL, g_ptr_array_index(texts, i));
    dx__json_write_end(writer);
}

/* What it multiplies is part of what was run, and of no interest to the tables. */
static void write_param(DxJsonWriter *writer, const char *key, const DxSweepParam *param)
{
    dx__json_write_object(writer, key);
    dx__json_write_text(writer, "name", param->name);
    dx__json_write_text(writer, "column", param->column);
    dx__json_write_i64(writer, "unit", param->unit);
    dx__json_write_bool(writer, "is_factor", param->is_factor);
    dx__json_write_i64(writer, "prefer", param->prefer);
    write_texts(writer, "paths", param->paths);
    write_texts(writer, "texts", param->texts);
    dx__json_write_array(writer, "values");
    for (guint i = 0; i < param->values->len; i++)
        dx__json_write_i64(writer, NULL, g_array_index(param->values, int64_t, i));
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

static void write_cases(DxJsonWriter *writer, const DxSweepPlan *plan)
{
    dx__json_write_i64(writer, "fail_at_ps", plan->fail_at_ps);
    dx__json_write_bool(writer, "is_silent", plan->is_silent);
    dx__json_write_array(writer, "failures");
    for (guint i = 1; i < plan->cases->len; i++) {
        const DxSweepCase *failed = DX_SWEEP(plan, cases, DxSweepCase, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "name", failed->name);
        dx__json_write_i64(writer, "left", failed->left);
        dx__json_write_i64(writer, "of", failed->of);
        write_texts(writer, "links", failed->links);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_measures(DxJsonWriter *writer, const DxSweepPlan *plan)
{
    dx__json_write_array(writer, "measures");
    for (guint i = 0; i < plan->measures->len; i++) {
        const DxSweepMeasure *measure = DX_SWEEP(plan, measures, DxSweepMeasure, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_texts(writer, "name", measure->name, "metric", measure->what.metric, "stat",
                             measure->what.stat, "select", measure->what.select, "from", measure->what.from,
                             NULL);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
    dx__json_write_array(writer, "expectations");
    for (guint i = 0; i < plan->expectations->len; i++) {
        const DxSweepExpectation *expectation = DX_SWEEP(plan, expectations, DxSweepExpectation, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_texts(writer, "name", expectation->name, "op", expectation->op, "value",
                             expectation->value_text, NULL);
        dx__json_write_i64(writer, "measure", expectation->measure);
        dx__json_write_i64(writer, "base", expectation->value);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_checks(DxJsonWriter *writer, const DxSweepPlan *plan)
{
    dx__json_write_array(writer, "checks");
    for (guint i = 0; i < plan->checks->len; i++) {
        const DxSweepCheck *check = DX_SWEEP(plan, checks, DxSweepCheck, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_texts(writer, "name", check->name, "op", check->op, "value", check->value_text,
                             "expectation", check->expectation, NULL);
        dx__json_write_bool(writer, "of_search", check->of_search);
        dx__json_write_bool(writer, "only_whole", check->only_whole);
        dx__json_write_i64(writer, "base", check->value);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_search(DxJsonWriter *writer, const DxSweepSearch *search)
{
    if (!search->is_wanted)
        return;
    dx__json_write_object(writer, "search");
    write_param(writer, "parameter", &search->param);
    dx__json_write_bool(writer, "is_log", search->is_log);
    dx__json_write_bool(writer, "wants_largest", search->wants_largest);
    dx__json_write_i64(writer, "from", search->from);
    dx__json_write_i64(writer, "to", search->to);
    dx__json_write_i64(writer, "tolerance", search->tolerance);
    dx__json_write_i64(writer, "probes", search->probes);
    dx__json_write_i64(writer, "max_replications", search->max_replications);
    dx__json_write_end(writer);
}

char *dx__sweep_plan_write(const DxSweep *sweep)
{
    const DxSweepPlan *plan = sweep->plan;
    DxJsonWriter writer;

    dx__json_write_init(&writer);
    dx__json_write_text(&writer, "dxsim", DXSIM_VERSION);
    dx__json_write_text(&writer, "scenario", sweep->title);
    dx__json_write_text(&writer, "scenario_sha256", sweep->sha256);
    dx__json_write_text(&writer, "sweep", plan->name);
    dx__json_write_u64(&writer, "seed", sweep->seed);
    dx__json_write_i64(&writer, "duration_ps", sweep->duration_ps);
    write_texts(&writer, "set", sweep->settings);
    write_files(&writer, "inputs", sweep->inputs);
    write_files(&writer, "plugins", sweep->plugins);
    dx__json_write_bool(&writer, "is_zip", plan->is_zip);
    dx__json_write_i64(&writer, "points", plan->n_points);
    dx__json_write_i64(&writer, "replications", plan->replications);
    dx__json_write_i64(&writer, "confidence", plan->confidence);
    dx__json_write_i64(&writer, "time_scale", plan->time_scale);
    dx__json_write_array(&writer, "parameters");
    for (guint i = 0; i < plan->params->len; i++)
        write_param(&writer, NULL, DX_SWEEP(plan, params, DxSweepParam, i));
    dx__json_write_end(&writer);
    write_cases(&writer, plan);
    write_measures(&writer, plan);
    write_checks(&writer, plan);
    write_search(&writer, &plan->search);
    return dx__json_write_finish(&writer);
}

/* -- in ---------------------------------------------------------------------------------------------- */

/* Whatever is missing or of another kind makes it wrong as a whole. */
typedef struct {
    DxJsonDoc *doc;
    bool is_wrong;
} Reader;

static const DxJson *member(Reader *reader, const DxJson *object, const char *key, DxJsonType type)
{
    const DxJson *json =
        object && object->type == DX_JSON_OBJECT ? dx__json_member(reader->doc, object, key) : NULL;

    if (json && json->type == type)
        return json;
    reader->is_wrong = true;
    return NULL;
}

static char *text(Reader *reader, const DxJson *object, const char *key)
{
    const DxJson *json = member(reader, object, key, DX_JSON_STRING);

    return g_strdup(json ? json->text : "");
}

/* NULL: it is not there, which is fine. */
static char *text_if(Reader *reader, const DxJson *object, const char *key)
{
    return dx__json_member(reader->doc, object, key) ? text(reader, object, key) : NULL;
}

static int64_t whole(Reader *reader, const DxJson *object, const char *key, int64_t min, int64_t max)
{
    const DxJson *json = member(reader, object, key, DX_JSON_NUMBER);
    int64_t value = min;

    if (!json || !dx__json_int64(json, &value) || value < min || value > max)
        reader->is_wrong = true;
    return MAX(MIN(value, max), min);
}

static bool truth(Reader *reader, const DxJson *object, const char *key)
{
    const DxJson *json = member(reader, object, key, DX_JSON_BOOL);

    return json && json->boolean;
}

/* Its items, of one type. */
static const DxJson *items(Reader *reader, const DxJson *object, const char *key, DxJsonType type)
{
    const DxJson *json = member(reader, object, key, DX_JSON_ARRAY);

    for (const DxJson *item = json ? json->child : NULL; item; item = item->next)
        reader->is_wrong = reader->is_wrong || item->type != type;
    return json && !reader->is_wrong ? json->child : NULL;
}

static void read_texts(Reader *reader, const DxJson *object, const char *key, GPtrArray *texts)
{
    for (const DxJson *item = items(reader, object, key, DX_JSON_STRING); item; item = item->next)
        g_ptr_array_add(texts, g_strdup(item->text));
}

static void read_files(Reader *reader, const DxJson *object, const char *key, GArray *files)
{
    for (const DxJson *item = items(reader, object, key, DX_JSON_OBJECT); item; item = item->next) {
        const DxInput file = { text(reader, item, "name"),
                               (uint64_t)whole(reader, item, "size_bytes", 0, INT64_MAX),
                               text(reader, item, "sha256") };

        g_array_append_val(files, file);
    }
}

static void read_param(Reader *reader, const DxJson *object, DxSweepParam *param)
{
    param->name = text(reader, object, "name");
    param->column = text(reader, object, "column");
    param->unit = (int)whole(reader, object, "unit", DX_SWEEP_TEXT, DX_UNIT_TEMPERATURE);
    param->is_factor = truth(reader, object, "is_factor");
    param->prefer = (int)whole(reader, object, "prefer", -1, 1);
    read_texts(reader, object, "paths", param->paths);
    read_texts(reader, object, "texts", param->texts);
    for (const DxJson *item = items(reader, object, "values", DX_JSON_NUMBER); item; item = item->next) {
        int64_t value = 0;

        reader->is_wrong = reader->is_wrong || !dx__json_int64(item, &value) ||
                           (param->unit == DX_SWEEP_TEXT && (value < 0 || value >= param->texts->len));
        g_array_append_val(param->values, value);
    }
}

static void read_params(Reader *reader, const DxJson *root, DxSweepPlan *plan)
{
    uint64_t n = 1;

    for (const DxJson *item = items(reader, root, "parameters", DX_JSON_OBJECT); item; item = item->next) {
        DxSweepParam param = { 0 };

        dx__sweep_param_init(&param);
        read_param(reader, item, &param);
        n = plan->is_zip ? param.values->len : MIN(n * param.values->len, UINT32_MAX);
        reader->is_wrong = reader->is_wrong || !param.values->len || (plan->is_zip && n != plan->n_points);
        g_array_append_val(plan->params, param);
    }
    reader->is_wrong = reader->is_wrong || n != plan->n_points;
}

static void read_cases(Reader *reader, const DxJson *root, DxSweepPlan *plan)
{
    plan->fail_at_ps = whole(reader, root, "fail_at_ps", 0, INT64_MAX);
    plan->is_silent = truth(reader, root, "is_silent");
    for (const DxJson *item = items(reader, root, "failures", DX_JSON_OBJECT); item; item = item->next) {
        DxSweepCase failed = { .name = text(reader, item, "name"),
                               .links = g_ptr_array_new_with_free_func(g_free),
                               .left = (unsigned)whole(reader, item, "left", 0, INT32_MAX),
                               .of = (unsigned)whole(reader, item, "of", 0, INT32_MAX) };

        read_texts(reader, item, "links", failed.links);
        g_array_append_val(plan->cases, failed);
    }
}

static void read_measures(Reader *reader, const DxJson *root, DxSweepPlan *plan)
{
    for (const DxJson *item = items(reader, root, "measures", DX_JSON_OBJECT); item; item = item->next) {
        DxSweepMeasure measure = { .name = text(reader, item, "name") };
        const char *row = "";

        measure.what = (DxScExpectation){ .metric = text(reader, item, "metric"),
                                          .stat = text_if(reader, item, "stat"),
                                          .select = text_if(reader, item, "select"),
                                          .from = text_if(reader, item, "from") };
        if (!dx__expectation_metric(measure.what.metric, measure.what.stat, &measure.unit, &measure.is_real,
                                    &row))
            reader->is_wrong = true;
        measure.row = g_strdup(row);
        g_array_append_val(plan->measures, measure);
    }
    for (const DxJson *item = items(reader, root, "expectations", DX_JSON_OBJECT); item; item = item->next) {
        const DxSweepExpectation expectation = { .name = text(reader, item, "name"),
                                                 .op = text(reader, item, "op"),
                                                 .value_text = text(reader, item, "value"),
                                                 .measure = (unsigned)whole(reader, item, "measure", 0,
                                                                            (int64_t)plan->measures->len - 1),
                                                 .value = whole(reader, item, "base", INT64_MIN, INT64_MAX) };

        g_array_append_val(plan->expectations, expectation);
    }
}

static void read_checks(Reader *reader, const DxJson *root, DxSweepPlan *plan)
{
    for (const DxJson *item = items(reader, root, "checks", DX_JSON_OBJECT); item; item = item->next) {
        const DxSweepCheck check = { .name = text(reader, item, "name"),
                                     .op = text(reader, item, "op"),
                                     .value_text = text(reader, item, "value"),
                                     .expectation = text_if(reader, item, "expectation"),
                                     .of_search = truth(reader, item, "of_search"),
                                     .only_whole = truth(reader, item, "only_whole"),
                                     .value = whole(reader, item, "base", INT64_MIN, INT64_MAX) };

        g_array_append_val(plan->checks, check);
        reader->is_wrong = reader->is_wrong || check.of_search != plan->search.is_wanted ||
                           (!check.of_search && !dx__sweep_has_knees(plan));
    }
}

static void read_search(Reader *reader, const DxJson *root, DxSweepSearch *search)
{
    const DxJson *object = dx__json_member(reader->doc, root, "search");

    if (!object || !member(reader, root, "search", DX_JSON_OBJECT))
        return;
    search->is_wanted = true;
    read_param(reader, member(reader, object, "parameter", DX_JSON_OBJECT), &search->param);
    search->is_log = truth(reader, object, "is_log");
    search->wants_largest = truth(reader, object, "wants_largest");
    search->from = whole(reader, object, "from", INT64_MIN, INT64_MAX);
    search->to = whole(reader, object, "to", search->from, INT64_MAX);
    search->tolerance = whole(reader, object, "tolerance", 1, INT64_MAX);
    search->probes = (unsigned)whole(reader, object, "probes", 2, 1000);
    search->max_replications =
        (unsigned)whole(reader, object, "max_replications", 1, DX_SWEEP_REPLICATIONS_MAX);
    reader->is_wrong = reader->is_wrong || search->param.unit == DX_SWEEP_TEXT ||
                       (search->is_log && search->from <= 0); /* as when it was made */
}

static void read_all(Reader *reader, const DxJson *root, DxSweep *sweep)
{
    DxSweepPlan *plan = sweep->plan;
    const DxJson *seed = member(reader, root, "seed", DX_JSON_NUMBER);

    sweep->title = text(reader, root, "scenario");
    sweep->sha256 = text(reader, root, "scenario_sha256");
    reader->is_wrong = reader->is_wrong || !seed || !dx__json_uint64(seed, &sweep->seed);
    sweep->duration_ps = whole(reader, root, "duration_ps", 1, INT64_MAX);
    read_texts(reader, root, "set", sweep->settings);
    read_files(reader, root, "inputs", sweep->inputs);
    read_files(reader, root, "plugins", sweep->plugins);
    plan->is_zip = truth(reader, root, "is_zip");
    plan->n_points = (unsigned)whole(reader, root, "points", 1, DX_SWEEP_POINTS_MAX);
    plan->replications = (unsigned)whole(reader, root, "replications", 1, DX_SWEEP_REPLICATIONS_MAX);
    plan->time_scale = whole(reader, root, "time_scale", 1, INT64_MAX);
    plan->confidence = whole(reader, root, "confidence", INT64_C(500000000000), INT64_C(999999000000));
    read_params(reader, root, plan);
    read_cases(reader, root, plan);
    read_measures(reader, root, plan);
    read_search(reader, root, &plan->search);
    read_checks(reader, root, plan);
}

/* By whom it was written; "": not said. */
static bool is_of_this_version(Reader *reader, const DxJson *root, GError **error)
{
    g_autofree char *version = text(reader, root, "dxsim");

    if (!strcmp(version, DXSIM_VERSION))
        return true;
    g_set_error(error, DX_ERROR, DX_ERROR_REFERENCE, "it was made by dxsim %s; this is dxsim " DXSIM_VERSION,
                *version ? version : "of an unknown version");
    return false;
}

DxSweep *dx__sweep_plan_read(const char *plan_text, gsize length, GError **error)
{
    unsigned line, column;
    Reader reader = { .doc = dx__json_parse(plan_text, length, &line, &column, error) };
    const DxJson *root = reader.doc ? dx__json_root(reader.doc) : NULL;
    g_autofree char *name = NULL;
    DxSweep *sweep = NULL;

    if (!root)
        return NULL;
    name = text(&reader, root, "sweep");
    if (!reader.is_wrong && is_of_this_version(&reader, root, error)) {
        sweep = dx__sweep_alloc(dx__sweep_plan_new(name), true);
        read_all(&reader, root, sweep);
        sweep->plan_text = g_strndup(plan_text, length);
        sweep->plan_sha256 = dx_sha256(plan_text, length);
    }
    dx__json_free(reader.doc);
    if (!reader.is_wrong)
        return sweep;
    dx_sweep_free(sweep);
    g_set_error(error, DX_ERROR, DX_ERROR_REFERENCE, "it is no plan of a sweep");
    return NULL;
}
