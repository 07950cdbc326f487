/*
 * manual - the tables of formats and models as text, JSON and Markdown
 */
#include <dxsim/schema.h>
#include "columns-priv.h"
#include "format-priv.h"
#include "json-write-priv.h"
#include "scenario-priv.h"

#include <string.h>

/* -- rows of a model's table ------------------------------------------------------------------------- */

/* Walks a table: each row with its key, "queue.limit" for one in a group. */
typedef struct {
    const DxParam *param;
    const char *group;
    char *key;
} Row;

static bool row_next(Row *row, const DxParam *params)
{
    g_clear_pointer(&row->key, g_free);
    row->param = row->param ? row->param + 1 : params;
    for (; row->param && row->param->type == DX_TYPE_GROUP; row->param++)
        row->group = row->param->field;
    if (!row->param || row->param->type == DX_TYPE_END)
        return false;
    row->key = g_strdup_printf("%s%s%.*s", row->group ? row->group : "", row->group ? "." : "",
                               (int)dx_param_key_length(row->param), row->param->field);
    return true;
}

static const char *const counter_kinds[] = { [DX_COUNTER_SUM] = "sum",
                                             [DX_COUNTER_GAUGE] = "level",
                                             [DX_COUNTER_PEAK] = "peak since the last sample",
                                             [DX_COUNTER_MAX] = "highest",
                                             [DX_COUNTER_REAL] = "level, a fraction" };

/* A bound or default as a scenario writes it: quantities in quotes. */
static char *written(const DxParam *param, const char *text, const char *quote)
{
    const bool is_bare =
        param->type == DX_TYPE_INT || param->type == DX_TYPE_F64 || param->type == DX_TYPE_BOOL;

    return g_strconcat(is_bare ? "" : quote, text, is_bare ? "" : quote, NULL);
}

static char *choices_text(const char *const *choices, const char *quote)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; choices[i]; i++)
        g_string_append_printf(text, "%s%s%s%s", i ? ", " : "", quote, choices[i], quote);
    return g_string_free(text, FALSE);
}

/* What it may be: choices, bounds, or the units. */
static char *range_text(const DxParam *param, const char *quote)
{
    const DxFormatKey key = dx__format_param(param);
    g_autofree char *min = param->min ? written(param, param->min, quote) : NULL;
    g_autofree char *max = param->max ? written(param, param->max, quote) : NULL;

    if (param->names)
        return choices_text(param->names, quote);
    if (min && max)
        return g_strdup_printf("%s to %s", min, max);
    if (min || max)
        return g_strdup_printf("%s %s", min ? "at least" : "at most", min ? min : max);
    if (key.shape == DX_SHAPE_LIMIT)
        return g_strdup("bytes or frames");
    if (key.shape == DX_SHAPE_MIX)
        return g_strdup_printf("%s7 x 40 B, 1 x 1500 B%s", quote, quote);
    if (key.shape == DX_SHAPE_CLASSES)
        return g_strdup("eight digits 0 to 7");
    return g_strdup("");
}

static const char *type_text(const DxParam *param)
{
    const DxFormatKey key = dx__format_param(param);

    switch (key.shape) {
    case DX_SHAPE_QUANTITY:
        return dx_units_noun(key.unit);
    case DX_SHAPE_LIMIT:
        return "limit";
    case DX_SHAPE_MIX:
        return "mix";
    case DX_SHAPE_FILE:
        return "file name";
    case DX_SHAPE_CLASSES:
        return "classes";
    case DX_SHAPE_CHOICE:
        return "choice";
    case DX_SHAPE_INTEGER:
        return "whole number";
    case DX_SHAPE_NUMBER:
        return "number";
    default:
        return "true or false";
    }
}

/* -- text -------------------------------------------------------------------------------------------- */

char *dx_models_text(const DxModel *const *models)
{
    GString *out = g_string_new(NULL);
    DxColumns columns;

    g_return_val_if_fail(models != NULL, NULL);
    dx__columns_init(&columns, 2, 0, 0, 1);
    for (; *models; models++) {
        dx__columns_add(&columns, g_strdup((*models)->name));
        dx__columns_add(&columns, g_strdup((*models)->summary));
    }
    dx__columns_finish(&columns, out);
    return g_string_free(out, FALSE);
}

static void append_params(GString *out, const DxModel *model)
{
    GString *table = g_string_new(NULL);
    DxColumns columns;
    char **lines, **line;
    Row row = { 0 };

    dx__columns_init(&columns, 4, 2, 0, 3);
    while (row_next(&row, model->params)) {
        dx__columns_add(&columns, g_strdup(row.key));
        dx__columns_add(&columns, g_strdup(type_text(row.param)));
        dx__columns_add(&columns, row.param->fallback ? written(row.param, row.param->fallback, "\"")
                                                      : g_strdup("required"));
        dx__columns_add(&columns, range_text(row.param, "\""));
    }
    dx__columns_finish(&columns, table);
    lines = line = g_strsplit(table->str, "\n", -1);
    row = (Row){ 0 };
    g_string_append(out, "\nParameters: key, type, default, range\n\n");
    for (; row_next(&row, model->params); line++) {
        g_string_append_printf(out, "%s\n      ", *line);
        dx__columns_wrap(out, 6, 6, row.param->help);
    }
    g_strfreev(lines);
    g_string_free(table, TRUE);
}

static void append_counters(GString *out, const DxModel *model)
{
    DxColumns columns;

    g_string_append(out, "\nCounters\n\n");
    dx__columns_init(&columns, 3, 2, 0, 2);
    for (const DxCounter *counter = model->counters; counter->name; counter++) {
        dx__columns_add(&columns, g_strdup(counter->name));
        dx__columns_add(&columns, g_strdup(counter_kinds[counter->kind]));
        dx__columns_add(&columns, g_strdup(counter->help));
    }
    dx__columns_finish(&columns, out);
}

char *dx_model_text(const DxModel *model)
{
    GString *out = g_string_new(NULL);

    g_return_val_if_fail(model != NULL, NULL);
    g_string_append_printf(out, "%s - %s\n", model->name, model->summary);
    if (model->params)
        append_params(out, model);
    if (model->counters)
        append_counters(out, model);
    if (model->drops) {
        g_autofree char *reasons = choices_text(model->drops, "");

        g_string_append(out, "\nDrops frames as\n\n  ");
        dx__columns_wrap(out, 2, 2, reasons);
    }
    return g_string_free(out, FALSE);
}

/* -- JSON -------------------------------------------------------------------------------------------- */

static void write_words(DxJsonWriter *writer, const char *key, const char *const *words)
{
    dx__json_write_array(writer, key);
    for (; words && *words; words++)
        dx__json_write_text(writer, NULL, *words);
    dx__json_write_end(writer);
}

static void write_param(DxJsonWriter *writer, const Row *row)
{
    const DxParam *param = row->param;
    const DxFormatKey key = dx__format_param(param);

    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "key", row->key);
    dx__json_write_text(writer, "type", type_text(param));
    if (key.shape == DX_SHAPE_QUANTITY)
        dx__json_write_text(writer, "units", dx_units_forms(key.unit));
    dx__json_write_bool(writer, "required", !param->fallback);
    if (param->fallback)
        dx__json_write_text(writer, "default", param->fallback);
    if (param->min)
        dx__json_write_text(writer, "min", param->min);
    if (param->max)
        dx__json_write_text(writer, "max", param->max);
    if (param->names)
        write_words(writer, "choices", param->names);
    dx__json_write_text(writer, "help", param->help);
    dx__json_write_end(writer);
}

static void write_model(DxJsonWriter *writer, const DxModel *model)
{
    Row row = { 0 };

    dx__json_write_text(writer, "name", model->name);
    dx__json_write_text(writer, "summary", model->summary);
    dx__json_write_array(writer, "parameters");
    while (row_next(&row, model->params))
        write_param(writer, &row);
    dx__json_write_end(writer);
    dx__json_write_array(writer, "counters");
    for (const DxCounter *counter = model->counters; counter && counter->name; counter++) {
        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "name", counter->name);
        dx__json_write_text(writer, "kind", counter_kinds[counter->kind]);
        dx__json_write_text(writer, "help", counter->help);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
    write_words(writer, "drops", model->drops);
}

char *dx_model_json(const DxModel *model)
{
    DxJsonWriter writer;

    g_return_val_if_fail(model != NULL, NULL);
    dx__json_write_init(&writer);
    write_model(&writer, model);
    return dx__json_write_finish(&writer);
}

char *dx_models_json(const DxModel *const *models)
{
    DxJsonWriter writer;

    g_return_val_if_fail(models != NULL, NULL);
    dx__json_write_init(&writer);
    dx__json_write_array(&writer, "models");
    for (; *models; models++) {
        dx__json_write_object(&writer, NULL);
        write_model(&writer, *models);
        dx__json_write_end(&writer);
    }
    return dx__json_write_finish(&writer);
}

/* -- Markdown ---------------------------------------------------------------------------------------- */

/* A cell: what would end it is escaped. */
static void append_cell(GString *out, const char *text)
{
    g_string_append_c(out, ' ');
    for (; *text; text++)
        g_string_append_printf(out, *text == '|' ? "\\%c" : "%c", *text);
    g_string_append(out, " |");
}

static void append_row(GString *out, const char *first, ...) G_GNUC_NULL_TERMINATED;

static void append_row(GString *out, const char *first, ...)
{
    va_list cells;

    g_string_append_c(out, '|');
    va_start(cells, first);
    for (const char *cell = first; cell; cell = va_arg(cells, const char *))
        append_cell(out, cell);
    va_end(cells);
    g_string_append_c(out, '\n');
}

/* Defaults need not give everything. */
static bool is_partial(const DxFormat *format)
{
    return g_str_has_suffix(format->name, "defaults");
}

static void append_param_row(GString *out, const Row *row, bool is_required)
{
    g_autofree char *key = g_strdup_printf("`%s`", row->key);
    g_autofree char *range = range_text(row->param, "`");
    g_autofree char *type = g_strdup_printf("%s%s%s", type_text(row->param), *range ? ": " : "", range);
    const char *value = row->param->fallback;
    g_autofree char *fallback =
        value && *value ? g_strdup_printf("`%s`", value) : g_strdup(is_required && !value ? "required" : "");

    append_row(out, key, type, fallback, row->param->help, NULL);
}

char *dx_model_markdown(const DxModel *model)
{
    GString *out = g_string_new(NULL);
    Row row = { 0 };

    g_return_val_if_fail(model != NULL, NULL);
    if (model->params)
        g_string_append(out, "| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n");
    while (row_next(&row, model->params))
        append_param_row(out, &row, true);
    if (model->counters)
        g_string_append_printf(out, "%s| counter | kind | meaning |\n| --- | --- | --- |\n",
                               out->len ? "\n" : "");
    for (const DxCounter *counter = model->counters; counter && counter->name; counter++) {
        g_autofree char *name = g_strdup_printf("`%s`", counter->name);

        append_row(out, name, counter_kinds[counter->kind], counter->help, NULL);
    }
    if (model->drops) {
        g_autofree char *reasons = choices_text(model->drops, "`");

        g_string_append_printf(out, "%sDrops frames as %s.\n", out->len ? "\n" : "", reasons);
    }
    return g_string_free(out, FALSE);
}

static char *anchor(const DxFormat *format)
{
    g_autofree char *target = g_strdelimit(g_strdup(format->name), " ", '-');

    return g_strdup_printf("[%s](#%s)", format->name, target);
}

static char *shape_text(const DxFormatKey *key)
{
    g_autofree char *inner = NULL;

    switch (key->shape) {
    case DX_SHAPE_TEXT:
        return g_strdup("text");
    case DX_SHAPE_NAME:
        return g_strdup_printf("name: %s", key->refers);
    case DX_SHAPE_CHOICE:
        return choices_text(key->choices, "`");
    case DX_SHAPE_QUANTITY:
        return g_strdup(dx_units_noun(key->unit));
    case DX_SHAPE_LIMIT:
        return g_strdup("size or frame count");
    case DX_SHAPE_VALUE:
        return g_strdup("quantity or whole number");
    case DX_SHAPE_WORD:
        return g_strdup("text or whole number");
    case DX_SHAPE_INTEGER:
        return g_strdup("whole number");
    case DX_SHAPE_NUMBER:
        return g_strdup("number");
    case DX_SHAPE_DATE:
        return g_strdup("date: `2026-09-30`");
    case DX_SHAPE_BOOL:
        return g_strdup("true or false");
    case DX_SHAPE_OBJECT:
        return anchor(key->of);
    default:
        break;
    }
    inner =
        key->of
            ? anchor(key->of)
            : shape_text(&(DxFormatKey){
                  .shape = key->item, .unit = key->unit, .refers = key->refers, .choices = key->choices });
    return g_strdup_printf("%s%s",
                           key->shape == DX_SHAPE_MAP && key->of && key->item == DX_SHAPE_LIST
                               ? "map by name of lists of "
                           : key->shape == DX_SHAPE_MAP  ? "map by name of "
                           : key->shape == DX_SHAPE_LIST ? "list of "
                                                         : "one or a list of ",
                           inner);
}

static void append_format(GString *out, const DxFormat *format, const DxModel *model)
{
    Row row = { 0 };

    g_string_append_printf(out, "\n### %s\n\n%s", format->name, format->summary);
    if (model && !strchr(model->name, '.'))
        g_string_append_printf(out, " Parameters are those of model [%s](models/%s.md).", model->name,
                               model->name);
    if (format->any_model)
        g_string_append(out, " The parameters of the model it names are keys too.");
    g_string_append(out, "\n\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
    for (const DxFormatKey *key = format->keys; key->shape != DX_SHAPE_END; key++) {
        g_autofree char *name = g_strdup_printf("`%s`", key->key);
        g_autofree char *type = shape_text(key);

        append_row(out, name, type,
                   key->fallback   ? key->fallback
                   : key->required ? "required"
                                   : "",
                   key->help, NULL);
    }
    while (model && row_next(&row, model->params))
        append_param_row(out, &row, !is_partial(format));
}

static void append_units(GString *out)
{
    g_string_append(out, "\n### Units\n\n| kind | units |\n| --- | --- |\n");
    for (DxUnit unit = DX_UNIT_TIME; unit <= DX_UNIT_TEMPERATURE; unit++)
        append_row(out, dx_units_noun(unit), dx_units_forms(unit), NULL);
}

static void append_metrics(GString *out)
{
    g_autoptr(GPtrArray) names = dx__expectation_names();

    g_string_append(out, "\n### Metrics\n\n| `metric` | `stat` | value | row of summary.csv |\n"
                         "| --- | --- | --- | --- |\n");
    for (guint i = 0; i < names->len; i++) {
        g_auto(GStrv) words = g_strsplit(g_ptr_array_index(names, i), " ", 2);
        g_autofree char *metric = g_strdup_printf("`%s`", words[0]);
        g_autofree char *stat = words[1] ? g_strdup_printf("`%s`", words[1]) : g_strdup("");
        g_autofree char *shown = NULL;
        const char *row;
        DxUnit unit;
        bool is_real;

        if (!dx__expectation_metric(words[0], words[1], &unit, &is_real, &row))
            continue;
        shown = g_strdup_printf("`%s`", row);
        append_row(out, metric, stat, dx_units_noun(unit), shown, NULL);
    }
}

char *dx_schema_markdown(const DxModel *const *models)
{
    GString *out = g_string_new(NULL);

    g_return_val_if_fail(models != NULL, NULL);
    for (const DxFormat *const *format = dx__formats; *format; format++)
        append_format(out, *format, dx__format_model(models, (*format)->model));
    append_units(out);
    append_metrics(out);
    return g_string_free(out, FALSE);
}
