/*
 * load-checks - what must come of a run, and what others say would
 */
#include "load-priv.h"
#include "results-priv.h"

#include <string.h>

static void load_select(DxLoader *loader, DxJson *json, DxScExpectation *expectation)
{
    DxReader *reader = &loader->reader;
    DxJson *select = dx__reader_get(reader, json, "select", DX_JSON_OBJECT);
    const char *kind = expectation->select_kind;
    GHashTable *names = !strcmp(kind, "link")      ? loader->links
                        : !strcmp(kind, "flow")    ? loader->flows
                        : !strcmp(kind, "lag")     ? loader->lags
                        : !strcmp(kind, "vif")     ? loader->vifs
                        : !strcmp(kind, "attack")  ? loader->attacks
                        : !strcmp(kind, "alarm")   ? loader->alarms
                        : !strcmp(kind, "session") ? loader->sessions
                                                   : loader->nodes;

    for (const DxJson *member = select ? select->child : NULL; member; member = member->next) {
        if (member->type != DX_JSON_STRING)
            continue;
        if (!strcmp(member->key, kind)) {
            if (dx__load_resolve(loader, member, names, kind) != DX_NONE)
                expectation->select = g_strdup(member->text);
        } else if (!strcmp(member->key, "from") && strcmp(kind, "flow") && strcmp(kind, "node") &&
                   strcmp(kind, "alarm")) {
            if (dx__load_resolve(loader, member, loader->nodes, "node") != DX_NONE)
                expectation->from = g_strdup(member->text);
        } else if (!dx__reader_is_for_people(member->key)) {
            dx__problem(reader->problems, reader->file, member, true, DX_CODE_CONFLICT,
                        "metric \"%s\" is that of a %s; select one by \"%s\"", expectation->metric, kind,
                        kind);
        }
    }
}

static void load_value(DxLoader *loader, DxJson *json, DxUnit unit, DxScExpectation *expectation)
{
    DxReader *reader = &loader->reader;
    const DxJson *value = dx__json_member(reader->doc, json, "value");
    GError *error = NULL;

    if (!value || (value->type != DX_JSON_NUMBER && value->type != DX_JSON_STRING))
        return;
    expectation->value_text = g_strdup(value->text);
    if (value->type == DX_JSON_NUMBER && unit == DX_UNIT_FRAMES) {
        if (!dx__json_int64(value, &expectation->value))
            DX_PROBLEM(reader, value, DX_CODE_SYNTAX, "expected a whole number of frames");
    } else if (value->type == DX_JSON_NUMBER) {
        DX_PROBLEM(reader, value, DX_CODE_TYPE, "%.40s is a bare number; give it a unit: %s", value->text,
                   dx_units_forms(unit));
    } else if (!dx_units_parse(unit, value->text, &expectation->value, &error)) {
        DX_PROBLEM(reader, value, error->code == DX_ERROR_RANGE ? DX_CODE_RANGE : DX_CODE_SYNTAX, "%s",
                   error->message);
        g_error_free(error);
    }
}

static void unknown_metric(DxLoader *loader, DxJson *json, const DxScExpectation *expectation)
{
    GPtrArray *names = dx__expectation_names();
    char *said = g_strjoin(" ", expectation->metric, expectation->stat, NULL), *shown = dx__json_escape(said);
    const char *meant = dx__reader_nearest(said, names);

    if (meant)
        DX_PROBLEM(&loader->reader, dx__json_member(loader->reader.doc, json, "metric"), DX_CODE_CHOICE,
                   "there is no metric and statistic \"%s\"; did you mean \"%s\"?", shown, meant);
    else
        DX_PROBLEM(&loader->reader, dx__json_member(loader->reader.doc, json, "metric"), DX_CODE_CHOICE,
                   "there is no metric and statistic \"%s\"; docs/scenario.md lists them", shown);
    g_free(shown);
    g_free(said);
    g_ptr_array_unref(names);
}

/* What an expectation and a claim have in common. */
DxScExpectation dx__load_measure(DxLoader *loader, DxJson *json, const char *name)
{
    DxReader *reader = &loader->reader;
    DxScExpectation expectation = { .name = g_strdup(dx__reader_text(reader, json, name)),
                                    .metric = g_strdup(dx__reader_text(reader, json, "metric")),
                                    .stat = g_strdup(dx__reader_text(reader, json, "stat")),
                                    .op = g_strdup(dx__reader_text(reader, json, "op")) };
    const char *row;
    DxUnit unit;

    if (!expectation.metric)
        return expectation;
    if (dx__expectation_metric(expectation.metric, expectation.stat, &unit, &expectation.is_real, &row)) {
        expectation.select_kind = g_strndup(expectation.metric, strcspn(expectation.metric, "."));
        load_select(loader, json, &expectation);
        load_value(loader, json, unit, &expectation);
        if (dx__series_has_row(row) && !loader->scenario->series_period_ps)
            DX_PROBLEM(
                reader, dx__json_member(reader->doc, json, "stat"), DX_CODE_CONFLICT,
                "this is the highest of a series; ask for one: \"outputs\": { \"series\": { \"period\": "
                "\"10 ms\" } }");
    } else {
        unknown_metric(loader, json, &expectation);
    }
    return expectation;
}

static void load_claim(DxLoader *loader, DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScClaim claim = { .measure = dx__load_measure(loader, json, "id"),
                        .says = g_strdup(dx__reader_text(reader, json, "says")),
                        .given = g_strdup(dx__reader_text(reader, json, "given")),
                        .reason = g_strdup(dx__reader_text(reader, json, "reason")),
                        .bound = g_strdup(dx__reader_text(reader, json, "bound")),
                        .recorded = g_strdup(dx__reader_text(reader, json, "verdict")) };

    if (claim.measure.metric && (!claim.measure.op || !dx__json_member(reader->doc, json, "value")))
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "a claim with a metric needs \"op\" and \"value\" too");
    if (!claim.measure.metric && !claim.reason && !(claim.bound && !g_strcmp0(claim.recorded, "false")))
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY,
                   "a claim needs a \"metric\" to check it by, or a \"reason\" why it cannot be");
    g_array_append_val(loader->scenario->claims, claim);
}

void dx__load_checks(DxLoader *loader, DxJson *root)
{
    DxJson *expectations = dx__reader_get(&loader->reader, root, "expectations", DX_JSON_ARRAY);
    DxJson *claims = dx__reader_get(&loader->reader, root, "claims", DX_JSON_ARRAY);

    for (DxJson *json = expectations ? expectations->child : NULL; json; json = json->next)
        if (json->type == DX_JSON_OBJECT) {
            DxScExpectation expectation = dx__load_measure(loader, json, "name");

            g_array_append_val(loader->scenario->expectations, expectation);
        }
    for (DxJson *json = claims ? claims->child : NULL; json; json = json->next)
        if (json->type == DX_JSON_OBJECT)
            load_claim(loader, json);
}
