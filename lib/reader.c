/*
 * reader - JSON objects into structs, with every mistake reported at its place
 *
 * A key that is read is marked; what is left unmarked at the end is unknown.
 */
#include "reader-priv.h"

#include <string.h>

/* -- objects and their keys -------------------------------------------------------------------------- */

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

/* The nearest of @words, or NULL when none is near. */
static const char *nearest(const char *word, const GPtrArray *words)
{
    const char *best = NULL;
    unsigned least = 3;

    for (guint i = 0; i < words->len; i++) {
        unsigned d = distance(word, g_ptr_array_index(words, i));

        if (d < least && d < strlen(word)) {
            least = d;
            best = g_ptr_array_index(words, i);
        }
    }
    return best;
}

static bool is_for_people(const char *key)
{
    return !strcmp(key, "$comment") || !strcmp(key, "$schema") || g_str_has_prefix(key, "x-");
}

bool dx__reader_expect(DxReader *reader, const DxJson *json, DxJsonType type)
{
    if (json->type == type)
        return true;
    DX_PROBLEM(reader, json, DX_CODE_TYPE, "this is %s, expected %s", dx__json_type_name(json->type),
               dx__json_type_name(type));
    return false;
}

/* Member @key of @object, marked as read. NULL: not there, which is a problem if @required. */
DxJson *dx__reader_take(DxReader *reader, DxJson *object, const char *key, bool required)
{
    DxJson *member = dx__json_member(reader->doc, object, key);

    if (member)
        member->used = true;
    else if (required)
        DX_PROBLEM(reader, object, DX_CODE_MISSING_KEY, "\"%s\" is missing", key);
    return member;
}

DxJson *dx__reader_take_typed(DxReader *reader, DxJson *object, const char *key, DxJsonType type,
                              bool required)
{
    DxJson *member = dx__reader_take(reader, object, key, required);

    return member && dx__reader_expect(reader, member, type) ? member : NULL;
}

/* Keys that a table gives to an object: those of a group, or those outside all groups and the groups
 * themselves. */
void dx__reader_add_keys(GPtrArray *keys, const DxParam *params, const char *group)
{
    const char *now = NULL;

    for (const DxParam *param = params; param && param->type != DX_TYPE_END; param++) {
        if (param->type == DX_TYPE_GROUP) {
            now = param->field;
            if (now && !group)
                g_ptr_array_add(keys, g_strdup(now));
        } else if (!g_strcmp0(now, group)) {
            g_ptr_array_add(keys, g_strndup(param->field, dx_param_key_length(param)));
        }
    }
}

/* Whatever nobody has read is unknown. @words: what could have been meant; consumed. */
void dx__reader_finish(DxReader *reader, const DxJson *object, GPtrArray *words)
{
    dx_json_each (member, object) {
        const char *meant;
        char *shown;

        if (member->used || is_for_people(member->key))
            continue;
        meant = nearest(member->key, words);
        shown = dx__json_escape(member->key);
        if (meant)
            dx__problem(reader->problems, reader->file, member, true, DX_CODE_UNKNOWN_KEY,
                        "unknown key \"%s\"; did you mean \"%s\"?", shown, meant);
        else
            dx__problem(reader->problems, reader->file, member, true, DX_CODE_UNKNOWN_KEY,
                        "unknown key \"%s\"", shown);
        g_free(shown);
    }
    g_ptr_array_unref(words);
}

GPtrArray *dx__reader_words(const char *first, ...)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    va_list args;

    va_start(args, first);
    for (const char *word = first; word; word = va_arg(args, const char *))
        g_ptr_array_add(list, g_strdup(word));
    va_end(args);
    return list;
}

static bool good_name(const char *name)
{
    const size_t n = strlen(name);

    if (n < 1 || n > 64 || !(g_ascii_isalpha(*name) || *name == '_'))
        return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") == n;
}

/* The objects of a map keyed by name: each member that is an object with a good name. */
DxJson *dx__reader_entry(DxReader *reader, DxJson *entry)
{
    for (; entry; entry = entry->next) {
        char *shown;

        if (good_name(entry->key)) {
            if (dx__reader_expect(reader, entry, DX_JSON_OBJECT))
                return entry;
            continue;
        }
        shown = dx__json_escape(entry->key);
        dx__problem(
            reader->problems, reader->file, entry, true, DX_CODE_NAME,
            "\"%s\" is no name: a letter or \"_\", then up to 63 letters, digits, \"_\", \".\" or \"-\"",
            shown);
        g_free(shown);
    }
    return NULL;
}

/* -- values ------------------------------------------------------------------------------------------ */

static void quantity_problem(DxReader *reader, const DxJson *json, GError *error)
{
    const unsigned code = error->code == DX_ERROR_RANGE     ? DX_CODE_RANGE
                          : error->code == DX_ERROR_UNKNOWN ? DX_CODE_CHOICE
                                                            : DX_CODE_SYNTAX;

    DX_PROBLEM(reader, json, code, "%s", error->message);
    g_error_free(error);
}

static DxJsonType json_type_of(DxParamType type)
{
    switch (type) {
    case DX_TYPE_BOOL:
        return DX_JSON_BOOL;
    case DX_TYPE_INT:
    case DX_TYPE_F64:
        return DX_JSON_NUMBER;
    default:
        return DX_JSON_STRING;
    }
}

static const char *example_of(DxParamType type)
{
    switch (type) {
    case DX_TYPE_TIME:
        return "\"1.5 ms\"";
    case DX_TYPE_RATE:
        return "\"10 Gbps\"";
    case DX_TYPE_SIZE:
        return "\"1500 B\"";
    case DX_TYPE_LENGTH:
        return "\"100 km\"";
    case DX_TYPE_LIMIT:
        return "\"10 MB\" or \"1000 frames\"";
    default:
        return NULL;
    }
}

void dx__reader_param(DxReader *reader, const DxParam *param, void *conf, const DxJson *json)
{
    const DxJsonType type = json_type_of(param->type);
    GError *error = NULL;
    const char *text = json->text;
    char whole[32];

    if (json->type != type) {
        if (json->type == DX_JSON_NUMBER && example_of(param->type))
            DX_PROBLEM(reader, json, DX_CODE_TYPE, "%s is a bare number; give it a unit, such as %s",
                       json->text, example_of(param->type));
        else
            dx__reader_expect(reader, json, type);
        return;
    }
    if (param->type == DX_TYPE_INT) { /* 1e3 is a whole number too */
        int64_t value;

        if (dx__json_int64(json, &value)) {
            g_snprintf(whole, sizeof whole, "%" G_GINT64_FORMAT, value);
            text = whole;
        }
    }
    if (type == DX_JSON_BOOL)
        text = json->boolean ? "true" : "false";
    if (!dx_param_set(param, conf, text, &error))
        quantity_problem(reader, json, error);
}

/* Rows of one group of a table; NULL: those outside all groups. */
static void read_group(DxReader *reader, DxJson *object, const DxParam *params, const char *group, void *conf)
{
    const char *now = NULL;

    for (const DxParam *param = params; param->type != DX_TYPE_END; param++) {
        char *key;
        DxJson *member;

        if (param->type == DX_TYPE_GROUP) {
            now = param->field;
            continue;
        }
        if (g_strcmp0(now, group))
            continue;
        key = g_strndup(param->field, dx_param_key_length(param));
        member = dx__reader_take(reader, object, key, !param->fallback);
        if (member)
            dx__reader_param(reader, param, conf, member);
        g_free(key);
    }
}

void dx__reader_conf(DxReader *reader, DxJson *object, const DxParam *params, void *conf)
{
    read_group(reader, object, params, NULL, conf);
    for (const DxParam *param = params; param->type != DX_TYPE_END; param++) {
        DxJson *group;
        GPtrArray *keys;

        if (param->type != DX_TYPE_GROUP || !param->field)
            continue;
        group = dx__reader_take_typed(reader, object, param->field, DX_JSON_OBJECT, false);
        if (!group)
            continue;
        read_group(reader, group, params, param->field, conf);
        keys = g_ptr_array_new_with_free_func(g_free);
        dx__reader_add_keys(keys, params, param->field);
        dx__reader_finish(reader, group, keys);
    }
}

bool dx__reader_quantity(DxReader *reader, const DxJson *json, DxUnit unit, int64_t *value)
{
    GError *error = NULL;

    if (!dx__reader_expect(reader, json, DX_JSON_STRING))
        return false;
    if (dx_units_parse(unit, json->text, value, &error))
        return true;
    quantity_problem(reader, json, error);
    return false;
}

const char *dx__reader_nearest(const char *word, const GPtrArray *list)
{
    return nearest(word, list);
}
