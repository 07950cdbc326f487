/*
 * reader - JSON objects against the tables of their format
 *
 * The check finds whatever a value can be wrong about by itself: its type, its form, its range, a key that is
 * unknown or missing. What it means beside others is for whoever reads it. So reading, afterwards, is quiet:
 * what is missing or wrong has been reported.
 */
#include "reader-priv.h"

#include <string.h>

/* -- what was probably meant -------------------------------------------------------------------------- */

/* Number of edits (insert, delete, change, swap) between two short words. */
static unsigned distance(const char *a, const char *b)
{
    enum { MAX = 40 };
    unsigned row[3][MAX + 1];
    const size_t n = strlen(a), m = strlen(b);

    if (n > MAX || m > MAX)
        return MAX;
    for (unsigned j = 0; j <= m; j++)
        row[0][j] = j;
    for (unsigned i = 1; i <= n; i++) {
        unsigned *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];

        now[0] = i;
        for (unsigned j = 1; j <= m; j++) {
            now[j] = MIN(before[j] + 1, now[j - 1] + 1);
            now[j] = MIN(now[j], before[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = MIN(now[j], two_before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

/* What others call it. Of several rows the first one counts whose second word may stand there. */
static const struct {
    const char *word, *meant;
} other_words[] = {
    { "bandwidth", "rate" }, { "capacity", "rate" },
    { "speed", "rate" },     { "throughput", "rate" },
    { "latency", "fiber" },  { "delay", "fiber" },
    { "distance", "fiber" }, { "length", "fiber" },
    { "buffer", "queue" },   { "limit", "queue" },
    { "dscp", "pcp" },       { "cos", "pcp" },
    { "priority", "pcp" },   { "source", "from" },
    { "src", "from" },       { "destination", "to" },
    { "dst", "to" },         { "packet_size", "size" },
    { "bytes", "size" },     { "down", "fail" },
    { "cut", "fail" },       { "up", "restore" },
    { "repair", "restore" }, { "change", "set" },
    { "==", "=" },           { "=>", ">=" },
    { "<>", "!=" },          { "flow", "flows" },
    { "sites", "nodes" },    { "routers", "nodes" },
    { "bundles", "lags" },
};

static const char *other_word(const char *word, const GPtrArray *words)
{
    for (size_t i = 0; i < G_N_ELEMENTS(other_words); i++)
        for (guint k = 0; k < words->len && !strcmp(word, other_words[i].word); k++)
            if (!strcmp(g_ptr_array_index(words, k), other_words[i].meant))
                return other_words[i].meant;
    return NULL;
}

/* Of two words equally near: one that was cut short, then one of the same length. */
static unsigned likeness(const char *word, const char *other)
{
    return g_str_has_prefix(other, word) ? 2 : strlen(other) == strlen(word);
}

/* The nearest of @words, or NULL when none is near. */
static const char *nearest(const char *word, const GPtrArray *words)
{
    const char *best = other_word(word, words);
    unsigned least = 3;

    if (best)
        return best;
    for (guint i = 0; i < words->len; i++)
        if (!g_ascii_strcasecmp(word, g_ptr_array_index(words, i)))
            return g_ptr_array_index(words, i);
    for (guint i = 0; i < words->len; i++) {
        const char *other = g_ptr_array_index(words, i);
        const unsigned d = distance(word, other);

        if (d < strlen(word) &&
            (d < least || (d == least && best && likeness(word, other) > likeness(word, best)))) {
            least = d;
            best = other;
        }
    }
    return best;
}

const char *dx__reader_nearest(const char *word, const GPtrArray *list)
{
    return nearest(word, list);
}

/* -- the check --------------------------------------------------------------------------------------- */

static void check_object(DxReader *reader, const DxJson *object, const DxFormat *format);
static void check_value(DxReader *reader, const DxJson *json, const DxFormatKey *key);

bool dx__reader_is_for_people(const char *key)
{
    return !strcmp(key, "$comment") || !strcmp(key, "$schema") || g_str_has_prefix(key, "x-");
}

bool dx__reader_is_name(const char *name)
{
    const size_t n = strlen(name);

    if (n < 1 || n > 64 || !(g_ascii_isalpha(*name) || *name == '_'))
        return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") == n;
}

static bool is_quoted_number(const DxJson *json)
{
    return json->type == DX_JSON_STRING && *json->text && strlen(json->text) <= 20 &&
           strspn(json->text, "0123456789") == strlen(json->text);
}

static bool expect(DxReader *reader, const DxJson *json, DxJsonType type)
{
    if (json->type == type)
        return true;
    if (type == DX_JSON_NUMBER && is_quoted_number(json)) {
        DX_PROBLEM(reader, json, DX_CODE_TYPE, "this is a string, expected a number: %s, without quotes",
                   json->text);
        return false;
    }
    DX_PROBLEM(reader, json, DX_CODE_TYPE, "this is %s, expected %s", dx__json_type_name(json->type),
               dx__json_type_name(type));
    return false;
}

static void value_problem(DxReader *reader, const DxJson *json, GError *error)
{
    const unsigned code = error->code == DX_ERROR_RANGE     ? DX_CODE_RANGE
                          : error->code == DX_ERROR_UNKNOWN ? DX_CODE_CHOICE
                                                            : DX_CODE_SYNTAX;

    DX_PROBLEM(reader, json, code, "%s", error->message);
    g_error_free(error);
}

/* A bare number where a quantity is due deserves more than "this is a number". */
static bool expect_quantity(DxReader *reader, const DxJson *json, const char *example)
{
    if (json->type != DX_JSON_NUMBER)
        return expect(reader, json, DX_JSON_STRING);
    DX_PROBLEM(reader, json, DX_CODE_TYPE, "%.40s is a bare number; give it a unit, such as %s", json->text,
               example);
    return false;
}

static const char *example_of(DxUnit unit)
{
    switch (unit) {
    case DX_UNIT_TIME:
        return "\"1.5 ms\"";
    case DX_UNIT_RATE:
        return "\"10 Gbps\"";
    case DX_UNIT_SIZE:
        return "\"1500 B\"";
    case DX_UNIT_FREQUENCY:
        return "\"100 M/day\"";
    case DX_UNIT_LENGTH:
        return "\"100 km\"";
    case DX_UNIT_FRAMES:
        return "\"1000 frames\"";
    default:
        return dx_units_forms(unit);
    }
}

/* A value of a model's parameter, as dx_param_set() wants it; NULL when it has another type. */
static char *param_text(const DxParam *param, const DxJson *json)
{
    int64_t whole;

    switch (param->type) {
    case DX_TYPE_BOOL:
        return json->type == DX_JSON_BOOL ? g_strdup(json->boolean ? "true" : "false") : NULL;
    case DX_TYPE_INT: /* 1e3 is a whole number too */
        if (json->type == DX_JSON_NUMBER && dx__json_int64(json, &whole))
            return g_strdup_printf("%" G_GINT64_FORMAT, whole);
        return json->type == DX_JSON_NUMBER ? g_strdup(json->text) : NULL;
    case DX_TYPE_F64:
        return json->type == DX_JSON_NUMBER ? g_strdup(json->text) : NULL;
    default:
        return json->type == DX_JSON_STRING ? g_strdup(json->text) : NULL;
    }
}

static void check_choice(DxReader *reader, const DxJson *json, const char *const *choices)
{
    GPtrArray *words = g_ptr_array_new();
    GString *list = g_string_new(NULL);
    const char *meant;
    char *shown;

    if (!expect(reader, json, DX_JSON_STRING) || g_strv_contains(choices, json->text))
        goto done;
    for (int i = 0; choices[i]; i++) {
        g_ptr_array_add(words, (gpointer)choices[i]);
        g_string_append_printf(list, "%s\"%s\"", i ? ", " : "", choices[i]);
    }
    meant = nearest(json->text, words);
    shown = dx__json_escape(json->text);
    if (meant)
        DX_PROBLEM(reader, json, DX_CODE_CHOICE, "\"%s\" is not one of %s; did you mean \"%s\"?", shown,
                   list->str, meant);
    else
        DX_PROBLEM(reader, json, DX_CODE_CHOICE, "\"%s\" is not one of %s", shown, list->str);
    g_free(shown);
done:
    g_ptr_array_unref(words);
    g_string_free(list, TRUE);
}

static void check_param(DxReader *reader, const DxJson *json, const DxParam *param, void *scratch)
{
    const DxFormatKey key = dx__format_param(param);
    char *text = param_text(param, json);
    GError *error = NULL;

    if (!text && key.shape == DX_SHAPE_LIMIT)
        expect_quantity(reader, json, "\"10 MB\" or \"1000 frames\"");
    else if (!text)
        check_value(reader, json, &key);
    else if (param->type == DX_TYPE_ENUM)
        check_choice(reader, json, param->names);
    else if (!dx_param_set(param, scratch, text, &error))
        value_problem(reader, json, error);
    g_free(text);
}

static void check_text(DxReader *reader, const DxJson *json)
{
    if (!expect(reader, json, DX_JSON_STRING))
        return;
    if (strlen(json->text) > DX_TEXT_MAX)
        DX_PROBLEM(reader, json, DX_CODE_LIMIT, "this text has %zu bytes; at most %u are accepted",
                   strlen(json->text), DX_TEXT_MAX);
}

static void check_quantity(DxReader *reader, const DxJson *json, DxUnit unit)
{
    GError *error = NULL;
    int64_t value;

    if (expect_quantity(reader, json, example_of(unit)) && !dx_units_parse(unit, json->text, &value, &error))
        value_problem(reader, json, error);
}

static void check_integer(DxReader *reader, const DxJson *json)
{
    int64_t value;
    uint64_t large;

    if (expect(reader, json, DX_JSON_NUMBER) && !dx__json_int64(json, &value) &&
        !dx__json_uint64(json, &large))
        DX_PROBLEM(reader, json, DX_CODE_SYNTAX, "%.40s is not a whole number of 64 bits", json->text);
}

/* "2026-09-30", of the calendar. */
static void check_date(DxReader *reader, const DxJson *json)
{
    int64_t days;

    if (expect(reader, json, DX_JSON_STRING) && !dx__reader_days(json->text, &days)) {
        g_autofree char *shown = dx__json_escape(json->text);

        DX_PROBLEM(reader, json, DX_CODE_SYNTAX, "\"%s\" is no date such as \"2026-09-30\"", shown);
    }
}

static void check_list(DxReader *reader, const DxJson *list, const DxFormatKey *key)
{
    const DxFormatKey item_key = {
        .shape = key->item, .unit = key->unit, .choices = key->choices, .refers = key->refers
    };

    dx_json_each (item, list) {
        if (!key->of)
            check_value(reader, item, &item_key);
        else if (expect(reader, item, DX_JSON_OBJECT))
            check_object(reader, item, key->of);
    }
}

static void check_map(DxReader *reader, const DxJson *map, const DxFormatKey *key)
{
    const DxFormatKey item_key = { .shape = key->item, .of = key->of, .refers = key->refers };

    dx_json_each (entry, map) {
        if (dx__reader_is_for_people(entry->key))
            continue;
        if (!dx__reader_is_name(entry->key)) {
            char *shown = dx__json_escape(entry->key);

            dx__problem(
                reader->problems, reader->file, entry, true, DX_CODE_NAME,
                "\"%s\" is no name: a letter or \"_\", then up to 63 letters, digits, \"_\", \".\" or \"-\"",
                shown);
            g_free(shown);
        } else if (!key->of || key->item == DX_SHAPE_LIST) {
            check_value(reader, entry, &item_key);
        } else if (expect(reader, entry, DX_JSON_OBJECT)) {
            check_object(reader, entry, key->of);
        }
    }
}

static void check_value(DxReader *reader, const DxJson *json, const DxFormatKey *key)
{
    switch (key->shape) {
    case DX_SHAPE_TEXT:
    case DX_SHAPE_NAME:
        check_text(reader, json);
        break;
    case DX_SHAPE_MIX:
    case DX_SHAPE_FILE:
    case DX_SHAPE_CLASSES:
        expect(reader, json, DX_JSON_STRING);
        break;
    case DX_SHAPE_DATE:
        check_date(reader, json);
        break;
    case DX_SHAPE_CHOICE:
        check_choice(reader, json, key->choices);
        break;
    case DX_SHAPE_QUANTITY:
    case DX_SHAPE_LIMIT:
        check_quantity(reader, json, key->unit);
        break;
    case DX_SHAPE_VALUE:
        if (json->type != DX_JSON_NUMBER)
            check_text(reader, json);
        break;
    case DX_SHAPE_WORD:
        if (json->type == DX_JSON_STRING)
            check_text(reader, json);
        else
            check_integer(reader, json);
        break;
    case DX_SHAPE_INTEGER:
        check_integer(reader, json);
        break;
    case DX_SHAPE_NUMBER:
        expect(reader, json, DX_JSON_NUMBER);
        break;
    case DX_SHAPE_BOOL:
        expect(reader, json, DX_JSON_BOOL);
        break;
    case DX_SHAPE_OBJECT:
        if (expect(reader, json, DX_JSON_OBJECT))
            check_object(reader, json, key->of);
        break;
    case DX_SHAPE_MAP:
        if (expect(reader, json, DX_JSON_OBJECT))
            check_map(reader, json, key);
        break;
    case DX_SHAPE_ONE_OR_LIST:
        if (json->type != DX_JSON_ARRAY) {
            check_value(reader, json,
                        &(DxFormatKey){ .shape = key->item, .refers = key->refers, .choices = key->choices });
            break;
        }
        check_list(reader, json, key);
        break;
    case DX_SHAPE_LIST:
        if (expect(reader, json, DX_JSON_ARRAY))
            check_list(reader, json, key);
        break;
    case DX_SHAPE_END:
        break;
    }
}

/* Keys that an object of a format may have; @group: those of one group of the model's table. */
static GPtrArray *known_keys(const DxFormat *format, const DxModel *model, const char *group)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    const char *now = NULL;

    for (const DxFormatKey *key = format->keys; !group && key->shape != DX_SHAPE_END; key++)
        g_ptr_array_add(keys, g_strdup(key->key));
    for (const DxParam *param = model ? model->params : NULL; param && param->type != DX_TYPE_END; param++) {
        if (param->type == DX_TYPE_GROUP)
            now = param->field;
        if (param->type == DX_TYPE_GROUP && now && !group)
            g_ptr_array_add(keys, g_strdup(now));
        else if (param->type != DX_TYPE_GROUP && !g_strcmp0(now, group))
            g_ptr_array_add(keys, g_strndup(param->field, dx_param_key_length(param)));
    }
    return keys;
}

static void unknown_key(DxReader *reader, const DxJson *member, const DxFormat *format, const DxModel *model,
                        const char *group)
{
    GPtrArray *known = known_keys(format, model, group);
    const char *meant = nearest(member->key, known);
    char *shown = dx__json_escape(member->key);

    if (meant)
        dx__problem(reader->problems, reader->file, member, true, DX_CODE_UNKNOWN_KEY,
                    "unknown key \"%s\"; did you mean \"%s\"?", shown, meant);
    else
        dx__problem(reader->problems, reader->file, member, true, DX_CODE_UNKNOWN_KEY, "unknown key \"%s\"",
                    shown);
    g_free(shown);
    g_ptr_array_unref(known);
}

/* By its key in a file, where "limit" of the group "queue" stands in an object of that name. */
static const DxParam *find_param(const DxModel *model, const char *key)
{
    return model && model->params && !strchr(key, '.') ? dx_param_find(model->params, key) : NULL;
}

static const DxFormatKey *find_key(const DxFormat *format, const char *name)
{
    for (const DxFormatKey *key = format->keys; key->shape != DX_SHAPE_END; key++)
        if (!strcmp(key->key, name))
            return key;
    return NULL;
}

static bool is_group(const DxModel *model, const char *name)
{
    for (const DxParam *param = model ? model->params : NULL; param && param->type != DX_TYPE_END; param++)
        if (param->type == DX_TYPE_GROUP && param->field && !strcmp(param->field, name))
            return true;
    return false;
}

static void check_group(DxReader *reader, const DxJson *object, const DxFormat *format, const DxModel *model,
                        void *scratch)
{
    dx_json_each (member, object) {
        char *path = g_strdup_printf("%s.%s", object->key, member->key);
        const DxParam *param = dx_param_find(model->params, path);

        if (member->origin)
            ; /* checked where it stands */
        else if (param)
            check_param(reader, member, param, scratch);
        else if (!dx__reader_is_for_people(member->key))
            unknown_key(reader, member, format, model, object->key);
        g_free(path);
    }
}

/* The model whose parameters an object takes; NULL: none, or one that does not exist. */
static const DxModel *model_of(DxReader *reader, const DxJson *object, const DxFormat *format)
{
    const DxJson *name;

    if (!format->any_model)
        return format->model ? dx__reader_model(reader, format->model) : NULL;
    name = dx__json_member(reader->doc, object, "model");
    return name && name->type == DX_JSON_STRING ? dx__reader_model(reader, name->text) : NULL;
}

/* Not where something else may stand for it: what a default is for need not give everything. */
static bool is_partial(const DxFormat *format)
{
    return g_str_has_suffix(format->name, "defaults");
}

static void check_missing(DxReader *reader, const DxJson *object, const DxFormat *format,
                          const DxModel *model)
{
    for (const DxFormatKey *key = format->keys; key->shape != DX_SHAPE_END; key++)
        if (key->required && !dx__json_member(reader->doc, object, key->key) && !strcmp(key->key, "dxsim"))
            DX_PROBLEM(reader, object, DX_CODE_MISSING_KEY,
                       "\"dxsim\" is missing: the version of the format, \"dxsim\": 1");
        else if (key->required && !dx__json_member(reader->doc, object, key->key))
            DX_PROBLEM(reader, object, DX_CODE_MISSING_KEY, "\"%s\" is missing", key->key);
    for (const DxParam *param = model ? model->params : NULL; param && param->type != DX_TYPE_END; param++) {
        char *key;

        if (param->type == DX_TYPE_GROUP)
            break; /* keys of groups have defaults, all of them */
        if (param->fallback)
            continue;
        key = g_strndup(param->field, dx_param_key_length(param));
        if (!dx__json_member(reader->doc, object, key))
            DX_PROBLEM(reader, object, DX_CODE_MISSING_KEY, "\"%s\" is missing", key);
        g_free(key);
    }
}

static void check_object(DxReader *reader, const DxJson *object, const DxFormat *format)
{
    const DxModel *model = model_of(reader, object, format);
    void *scratch = g_malloc0(model ? model->conf_size + 1 : 1);

    dx_json_each (member, object) {
        const DxFormatKey *key = find_key(format, member->key);
        const DxParam *param = find_param(model, member->key);

        if (member->origin) /* inherited: checked where it stands */
            continue;
        if (key)
            check_value(reader, member, key);
        else if (param)
            check_param(reader, member, param, scratch);
        else if (format->any_model && !model)
            ; /* it has no such model, which is told; who knows what its keys would be */
        else if (!is_group(model, member->key) && !dx__reader_is_for_people(member->key))
            unknown_key(reader, member, format, model, NULL);
        else if (is_group(model, member->key) && expect(reader, member, DX_JSON_OBJECT))
            check_group(reader, member, format, model, scratch);
    }
    if (!is_partial(format))
        check_missing(reader, object, format, model);
    g_free(scratch);
}

void dx__reader_check(DxReader *reader, const DxJson *json, const DxFormat *format)
{
    if (expect(reader, json, DX_JSON_OBJECT))
        check_object(reader, json, format);
}

/* -- quiet reading ----------------------------------------------------------------------------------- */

const DxModel *dx__reader_model(const DxReader *reader, const char *name)
{
    return dx__format_model(reader->models, name);
}

DxJson *dx__reader_get(DxReader *reader, const DxJson *object, const char *key, DxJsonType type)
{
    DxJson *member = object ? dx__json_member(reader->doc, object, key) : NULL;

    return member && member->type == type ? member : NULL;
}

const char *dx__reader_text(DxReader *reader, const DxJson *object, const char *key)
{
    const DxJson *member = dx__reader_get(reader, object, key, DX_JSON_STRING);

    return member ? member->text : NULL;
}

bool dx__reader_quantity(DxReader *reader, const DxJson *object, const char *key, DxUnit unit, int64_t *value)
{
    const char *text = dx__reader_text(reader, object, key);

    return text && dx_units_parse(unit, text, value, NULL);
}

bool dx__reader_days(const char *text, int64_t *days)
{
    static const char form[] = "dddd-dd-dd";
    unsigned number[3] = { 0 }, part = 0;
    GDate date;

    for (unsigned i = 0; i < sizeof form; i++) {
        if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return false;
        if (form[i] == 'd')
            number[part] = 10 * number[part] + (unsigned)(text[i] - '0');
        else
            part++;
    }
    if (!g_date_valid_dmy((GDateDay)number[2], (GDateMonth)number[1], (GDateYear)number[0]))
        return false;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)number[2], (GDateMonth)number[1], (GDateYear)number[0]);
    *days = g_date_get_julian(&date);
    return true;
}

DxJson *dx__reader_entry(DxJson *entry)
{
    while (entry &&
           (entry->type != DX_JSON_OBJECT || dx__reader_is_for_people(entry->key) || !dx__reader_is_name(entry->key)))
        entry = entry->next;
    return entry;
}

static void set_param(const DxParam *param, void *conf, const DxJson *json)
{
    char *text = param ? param_text(param, json) : NULL;

    if (text)
        dx_param_set(param, conf, text, NULL);
    g_free(text);
}

void dx__reader_conf(const DxJson *object, const DxModel *model, void *conf)
{
    dx_json_each (member, object) {
        if (member->type != DX_JSON_OBJECT) {
            set_param(dx_param_find(model->params, member->key), conf, member);
            continue;
        }
        dx_json_each (inner, member) {
            char path[2 * DX_JSON_MAX_KEY + 2];

            g_snprintf(path, sizeof path, "%s.%s", member->key, inner->key);
            set_param(dx_param_find(model->params, path), conf, inner);
        }
    }
}
