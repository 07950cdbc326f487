/*
 * schema - the format of a scenario as a JSON Schema, draft 2020-12
 *
 *   dx__formats, tables of models  -->  #/$defs/link, #/$defs/flow, ...  and the root
 *
 * The schema accepts whatever the reader accepts. Of what the reader refuses, it refuses what has to do with
 * shape. What may come from elsewhere is not required here:
 *
 *   an object with "like" or "preset"     nothing of its own is required
 *   a scenario with "defaults"            no parameter of a model is required in what "like" could fill
 */
#include <dxsim/schema.h>
#include "format-priv.h"
#include "json-write-priv.h"

#include <string.h>

#define NAME   "[A-Za-z_][A-Za-z0-9_.-]{0,63}"
#define PEOPLE "\\$comment|\\$schema|x-.*" /* keys for people and editors */
#define NUMBER "(0|[1-9][0-9]*)(\\.[0-9]+)?"

/* -- quantities and names ---------------------------------------------------------------------------- */

static void append_quantity(GString *pattern, DxUnit unit)
{
    g_string_append_printf(pattern, "%s" NUMBER " (", dx_units_is_signed(unit) ? "-?" : "");
    for (unsigned i = 0; dx_units_name(unit, i); i++)
        g_string_append_printf(pattern, "%s%s", i ? "|" : "", dx_units_name(unit, i));
    g_string_append_c(pattern, ')');
}

static void write_pattern(DxJsonWriter *writer, const GString *pattern)
{
    g_autofree char *whole = g_strdup_printf("^(%s)$", pattern->str);

    dx__json_write_text(writer, "type", "string");
    dx__json_write_text(writer, "pattern", whole);
}

static void write_quantity(DxJsonWriter *writer, DxUnit unit)
{
    GString *pattern = g_string_new(NULL);

    append_quantity(pattern, unit);
    write_pattern(writer, pattern);
    g_string_free(pattern, TRUE);
}

static void write_limit(DxJsonWriter *writer)
{
    GString *pattern = g_string_new(NULL);

    append_quantity(pattern, DX_UNIT_SIZE);
    g_string_append_c(pattern, '|');
    append_quantity(pattern, DX_UNIT_FRAMES);
    write_pattern(writer, pattern);
    g_string_free(pattern, TRUE);
}

static void write_mix(DxJsonWriter *writer)
{
    GString *pattern = g_string_new(NULL);

    for (unsigned i = 0; i < 2; i++) {
        g_string_append(pattern, i ? "(, [1-9][0-9]* x " : "|[1-9][0-9]* x ");
        append_quantity(pattern, DX_UNIT_SIZE);
    }
    g_string_append(pattern, ")*");
    write_pattern(writer, pattern);
    g_string_free(pattern, TRUE);
}

/* A whole number, or a quantity of any kind. */
static void write_value(DxJsonWriter *writer)
{
    GString *pattern = g_string_new(NULL);

    for (DxUnit unit = DX_UNIT_TIME; unit <= DX_UNIT_PERCENT; unit++) {
        if (unit)
            g_string_append_c(pattern, '|');
        append_quantity(pattern, unit);
    }
    dx__json_write_array(writer, "anyOf");
    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "type", "integer");
    dx__json_write_end(writer);
    dx__json_write_object(writer, NULL);
    write_pattern(writer, pattern);
    dx__json_write_end(writer);
    dx__json_write_end(writer);
    g_string_free(pattern, TRUE);
}

/* "links.NAME or nodes.NAME" wants one of these prefixes, "node" a plain name. */
static void write_name(DxJsonWriter *writer, const char *refers)
{
    GString *pattern = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit_set(refers ? refers : "", ", ", -1);

    for (char **word = words; *word; word++) {
        char *dot = strstr(*word, ".NAME");

        if (!dot)
            continue;
        *dot = '\0';
        g_string_append_printf(pattern, "%s%s\\." NAME, pattern->len ? "|" : "", *word);
    }
    if (!pattern->len)
        g_string_append(pattern, NAME);
    write_pattern(writer, pattern);
    g_string_free(pattern, TRUE);
}

static void write_choices(DxJsonWriter *writer, const char *const *choices)
{
    dx__json_write_array(writer, "enum");
    for (; *choices; choices++)
        dx__json_write_text(writer, NULL, *choices);
    dx__json_write_end(writer);
}

/* -- values ------------------------------------------------------------------------------------------ */

static void write_ref(DxJsonWriter *writer, const DxFormat *format)
{
    g_autofree char *name = g_strdelimit(g_strdup(format->name), " ", '-');
    g_autofree char *ref = g_strconcat("#/$defs/", name, NULL);

    dx__json_write_text(writer, "$ref", ref);
}

static void write_shape(DxJsonWriter *writer, const DxFormatKey *key);

/* What a list or map holds. */
static void write_item(DxJsonWriter *writer, const char *name, const DxFormatKey *key)
{
    dx__json_write_object(writer, name);
    if (key->of && key->shape == DX_SHAPE_MAP && key->item == DX_SHAPE_LIST)
        write_shape(writer, &(DxFormatKey){ .shape = DX_SHAPE_LIST, .of = key->of });
    else if (key->of)
        write_ref(writer, key->of);
    else
        write_shape(writer, &(DxFormatKey){ .shape = key->item,
                                            .unit = key->unit,
                                            .refers = key->refers,
                                            .choices = key->choices });
    dx__json_write_end(writer);
}

static void write_map(DxJsonWriter *writer, const DxFormatKey *key)
{
    dx__json_write_text(writer, "type", "object");
    dx__json_write_object(writer, "propertyNames");
    dx__json_write_text(writer, "pattern", "^(" PEOPLE "|" NAME ")$");
    dx__json_write_end(writer);
    dx__json_write_object(writer, "patternProperties");
    dx__json_write_bool(writer, "^(" PEOPLE ")$", true);
    dx__json_write_end(writer);
    write_item(writer, "additionalProperties", key);
}

static void write_one_or_list(DxJsonWriter *writer, const DxFormatKey *key)
{
    dx__json_write_array(writer, "anyOf");
    write_item(writer, NULL, key);
    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "type", "array");
    write_item(writer, "items", key);
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

static void write_shape(DxJsonWriter *writer, const DxFormatKey *key)
{
    static const char *const types[] = { [DX_SHAPE_TEXT] = "string",
                                         [DX_SHAPE_INTEGER] = "integer",
                                         [DX_SHAPE_NUMBER] = "number",
                                         [DX_SHAPE_BOOL] = "boolean",
                                         [DX_SHAPE_LIST] = "array" };

    if ((size_t)key->shape < G_N_ELEMENTS(types) && types[key->shape])
        dx__json_write_text(writer, "type", types[key->shape]);
    switch (key->shape) {
    case DX_SHAPE_NAME:
        write_name(writer, key->refers);
        break;
    case DX_SHAPE_CHOICE:
        write_choices(writer, key->choices);
        break;
    case DX_SHAPE_QUANTITY:
        write_quantity(writer, key->unit);
        break;
    case DX_SHAPE_LIMIT:
        write_limit(writer);
        break;
    case DX_SHAPE_DATE:
        dx__json_write_text(writer, "type", "string");
        dx__json_write_text(writer, "pattern", "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$");
        break;
    case DX_SHAPE_FILE:
        dx__json_write_text(writer, "type", "string");
        dx__json_write_text(writer, "pattern", "^(|[A-Za-z0-9][A-Za-z0-9_.-]{0,62})$");
        break;
    case DX_SHAPE_CLASSES:
        dx__json_write_text(writer, "type", "string");
        dx__json_write_text(writer, "pattern", "^[0-7]{8}$");
        break;
    case DX_SHAPE_MIX:
        write_mix(writer);
        break;
    case DX_SHAPE_VALUE:
        write_value(writer);
        break;
    case DX_SHAPE_WORD:
        dx__json_write_array(writer, "type");
        dx__json_write_text(writer, NULL, "string");
        dx__json_write_text(writer, NULL, "integer");
        dx__json_write_end(writer);
        break;
    case DX_SHAPE_OBJECT:
        write_ref(writer, key->of);
        break;
    case DX_SHAPE_MAP:
        write_map(writer, key);
        break;
    case DX_SHAPE_LIST:
        write_item(writer, "items", key);
        break;
    case DX_SHAPE_ONE_OR_LIST:
        write_one_or_list(writer, key);
        break;
    default:
        break;
    }
}

static void write_key(DxJsonWriter *writer, const DxFormat *format, const DxFormatKey *key)
{
    g_autofree char *help =
        key->fallback ? g_strdup_printf("%s Default: %s.", key->help, key->fallback) : g_strdup(key->help);

    dx__json_write_object(writer, key->key);
    dx__json_write_text(writer, "description", help);
    if (format == &dx__format_scenario && !strcmp(key->key, "dxsim"))
        dx__json_write_raw(writer, "const", "1");
    else
        write_shape(writer, key);
    dx__json_write_end(writer);
}

/* -- parameters of models ---------------------------------------------------------------------------- */

static bool is_plain_number(const DxParam *param)
{
    return param->type == DX_TYPE_INT || param->type == DX_TYPE_F64;
}

static void write_param(DxJsonWriter *writer, const DxParam *param)
{
    const DxFormatKey key = dx__format_param(param);
    g_autofree char *name = g_strndup(param->field, dx_param_key_length(param));
    const bool is_bare = is_plain_number(param) || param->type == DX_TYPE_BOOL;

    dx__json_write_object(writer, name);
    dx__json_write_text(writer, "description", param->help);
    write_shape(writer, &key);
    if (is_plain_number(param) && param->min)
        dx__json_write_raw(writer, "minimum", param->min);
    if (is_plain_number(param) && param->max)
        dx__json_write_raw(writer, "maximum", param->max);
    if (param->fallback && is_bare)
        dx__json_write_raw(writer, "default", param->fallback);
    else if (param->fallback)
        dx__json_write_text(writer, "default", param->fallback);
    dx__json_write_end(writer);
}

/* No other keys than those of "properties", and those for people. */
static void write_closed(DxJsonWriter *writer)
{
    dx__json_write_object(writer, "patternProperties");
    dx__json_write_bool(writer, "^(" PEOPLE ")$", true);
    dx__json_write_end(writer);
    dx__json_write_bool(writer, "additionalProperties", false);
}

static bool has_key(const DxFormat *format, const char *name)
{
    for (const DxFormatKey *key = format->keys; key->shape != DX_SHAPE_END; key++)
        if (!strcmp(key->key, name))
            return true;
    return false;
}

static void write_params(DxJsonWriter *writer, const DxFormat *format, const DxModel *model)
{
    const char *group = NULL;

    for (const DxParam *param = model ? model->params : NULL; param && param->type != DX_TYPE_END; param++) {
        g_autofree char *name = param->field ? g_strndup(param->field, dx_param_key_length(param)) : NULL;

        if (param->type == DX_TYPE_GROUP && group) {
            dx__json_write_end(writer);
            write_closed(writer);
            dx__json_write_end(writer);
        }
        if (param->type == DX_TYPE_GROUP) {
            group = param->field;
            if (!group)
                continue;
            dx__json_write_object(writer, group);
            dx__json_write_text(writer, "type", "object");
            dx__json_write_object(writer, "properties");
        } else if (group || !has_key(format, name)) {
            write_param(writer, param);
        }
    }
    if (group) {
        dx__json_write_end(writer);
        write_closed(writer);
        dx__json_write_end(writer);
    }
}

/* -- what must be there ------------------------------------------------------------------------------ */

/* Defaults need not give everything. */
static bool is_partial(const DxFormat *format)
{
    return g_str_has_suffix(format->name, "defaults");
}

static bool is_required_param(const DxParam *param)
{
    return !param->fallback;
}

/* Keys of its own, those of its model, or both. (transfer full) */
static GPtrArray *required_keys(const DxFormat *format, const DxModel *model)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

    for (const DxFormatKey *key = format ? format->keys : NULL; key && key->shape != DX_SHAPE_END; key++)
        if (key->required)
            g_ptr_array_add(keys, g_strdup(key->key));
    for (const DxParam *param = model ? model->params : NULL; param && param->type != DX_TYPE_END; param++) {
        if (param->type == DX_TYPE_GROUP)
            break; /* keys of groups have defaults, all of them */
        if (is_required_param(param))
            g_ptr_array_add(keys, g_strndup(param->field, dx_param_key_length(param)));
    }
    return keys;
}

static void write_required(DxJsonWriter *writer, const GPtrArray *keys)
{
    dx__json_write_array(writer, "required");
    for (guint i = 0; i < keys->len; i++)
        dx__json_write_text(writer, NULL, g_ptr_array_index(keys, i));
    dx__json_write_end(writer);
}

/* All of @keys, or something that supplies them. */
static void write_required_or_like(DxJsonWriter *writer, const DxFormat *format, const GPtrArray *keys)
{
    static const char *const suppliers[] = { "like", "preset" };

    dx__json_write_array(writer, "anyOf");
    for (guint i = 0; i < G_N_ELEMENTS(suppliers); i++) {
        if (!has_key(format, suppliers[i]))
            continue;
        dx__json_write_object(writer, NULL);
        dx__json_write_array(writer, "required");
        dx__json_write_text(writer, NULL, suppliers[i]);
        dx__json_write_end(writer);
        dx__json_write_end(writer);
    }
    dx__json_write_object(writer, NULL);
    write_required(writer, keys);
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

static void write_missing(DxJsonWriter *writer, const DxFormat *format, const DxModel *model)
{
    const bool has_like = has_key(format, "like");
    g_autoptr(GPtrArray) keys = required_keys(format, has_like ? NULL : model);

    if (is_partial(format) || !keys->len)
        return;
    if (has_like)
        write_required_or_like(writer, format, keys);
    else
        write_required(writer, keys);
}

/* -- objects ----------------------------------------------------------------------------------------- */

static void write_object(DxJsonWriter *writer, const DxFormat *format, const DxModel *model)
{
    dx__json_write_text(writer, "description", format->summary);
    dx__json_write_text(writer, "type", "object");
    dx__json_write_object(writer, "properties");
    for (const DxFormatKey *key = format->keys; key->shape != DX_SHAPE_END; key++)
        write_key(writer, format, key);
    write_params(writer, format, model);
    dx__json_write_end(writer);
    write_closed(writer);
    write_missing(writer, format, model);
}

static char *def_name(const DxFormat *format, const DxModel *model)
{
    g_autofree char *name = g_strdelimit(g_strdup(format->name), " ", '-');

    return model ? g_strconcat(name, "-", model->name, NULL) : g_strdup(name);
}

/* A model that takes no frames cannot stand in a chain. */
static bool is_insertable(const DxModel *model)
{
    return model->process != NULL;
}

/* The key "model" decides what else there may be; of a model that is not known here, a plugin's, anything. */
static void write_any_model(DxJsonWriter *writer, const DxFormat *format, const DxModel *const *models)
{
    dx__json_write_text(writer, "description", format->summary);
    dx__json_write_text(writer, "type", "object");
    write_missing(writer, format, NULL);
    dx__json_write_array(writer, "allOf");
    for (; *models; models++) {
        g_autofree char *name = def_name(format, *models);
        g_autofree char *ref = g_strconcat("#/$defs/", name, NULL);

        if (!is_insertable(*models))
            continue;
        dx__json_write_object(writer, NULL);
        dx__json_write_object(writer, "if");
        dx__json_write_array(writer, "required");
        dx__json_write_text(writer, NULL, "model");
        dx__json_write_end(writer);
        dx__json_write_object(writer, "properties");
        dx__json_write_object(writer, "model");
        dx__json_write_text(writer, "const", (*models)->name);
        dx__json_write_end(writer);
        dx__json_write_end(writer);
        dx__json_write_end(writer);
        dx__json_write_object(writer, "then");
        dx__json_write_text(writer, "$ref", ref);
        dx__json_write_end(writer);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_defs_of(DxJsonWriter *writer, const DxFormat *format, const DxModel *const *models)
{
    g_autofree char *name = def_name(format, NULL);

    dx__json_write_object(writer, name);
    if (format->any_model)
        write_any_model(writer, format, models);
    else
        write_object(writer, format, dx__format_model(models, format->model));
    dx__json_write_end(writer);
    for (; format->any_model && *models; models++) {
        g_autofree char *with_model = def_name(format, *models);

        if (!is_insertable(*models))
            continue;
        dx__json_write_object(writer, with_model);
        write_object(writer, format, *models);
        dx__json_write_end(writer);
    }
}

/* -- the root ---------------------------------------------------------------------------------------- */

/* Without "defaults", what a model requires has to be in the object, or in one that it is like. */
static void write_without_defaults(DxJsonWriter *writer, const DxModel *const *models)
{
    dx__json_write_object(writer, "if");
    dx__json_write_array(writer, "required");
    dx__json_write_text(writer, NULL, "defaults");
    dx__json_write_end(writer);
    dx__json_write_end(writer);
    dx__json_write_object(writer, "else");
    dx__json_write_object(writer, "properties");
    for (const DxFormatKey *key = dx__format_scenario.keys; key->shape != DX_SHAPE_END; key++) {
        const bool is_like = key->shape == DX_SHAPE_MAP && key->of && has_key(key->of, "like");
        g_autoptr(GPtrArray) keys =
            is_like ? required_keys(NULL, dx__format_model(models, key->of->model)) : g_ptr_array_new();

        if (!keys->len)
            continue;
        dx__json_write_object(writer, key->key);
        dx__json_write_object(writer, "patternProperties");
        dx__json_write_bool(writer, "^(" PEOPLE ")$", true);
        dx__json_write_end(writer);
        dx__json_write_object(writer, "additionalProperties");
        write_required_or_like(writer, key->of, keys);
        dx__json_write_end(writer);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

char *dx_schema_json(const DxModel *const *models)
{
    DxJsonWriter writer;

    g_return_val_if_fail(models != NULL, NULL);
    dx__json_write_init(&writer);
    dx__json_write_text(&writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    dx__json_write_text(&writer, "title", "libdxsim scenario, version 1");
    write_object(&writer, &dx__format_scenario, NULL);
    write_without_defaults(&writer, models);
    dx__json_write_object(&writer, "$defs");
    for (const DxFormat *const *format = dx__formats; *format; format++)
        if (*format != &dx__format_scenario)
            write_defs_of(&writer, *format, models);
    dx__json_write_end(&writer);
    return dx__json_write_finish(&writer);
}
