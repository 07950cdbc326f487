/*
 * explain-origin - every value of a resolved scenario, and where it came from
 *
 * The tree is walked along the tables of its format. What another object, a preset or the defaults supplied
 * is a copy that knows what it was made from.
 */
#include "explain-priv.h"
#include "format-priv.h"

#include <string.h>

typedef struct {
    const DxScenario *scenario;
    const char *file;        /* without folders */
    DxExplainObject *object; /* the present one */
    bool is_kept;            /* in a file */
    guint n_left_out;
} Walk;

static void value_free(gpointer data)
{
    DxExplainValue *value = data;

    g_free(value->key);
    g_free(value->value);
    g_free(value->origin);
    g_free(value);
}

static void object_free(gpointer data)
{
    DxExplainObject *object = data;

    g_free(object->path);
    g_ptr_array_unref(object->values);
    g_free(object);
}

static DxExplainObject *object_new(char *path)
{
    DxExplainObject *object = g_new0(DxExplainObject, 1);

    object->path = path;
    object->values = g_ptr_array_new_with_free_func(value_free);
    return object;
}

/* Takes all three. */
static void add(Walk *walk, char *key, char *value, char *origin)
{
    const DxExplainValue one = { key, value, origin };

    g_ptr_array_add(walk->object->values, g_memdup2(&one, sizeof one));
}

/* -- where from -------------------------------------------------------------------------------------- */

static char *catalog_origin(const Walk *walk, const DxJson *root, const char *preset)
{
    DxJsonDoc *catalog = walk->scenario->catalog;
    const DxJson *name;

    if (!catalog || root != dx__json_root(catalog))
        return g_strdup("--set");
    name = dx__json_member(catalog, root, "catalog");
    return g_strdup_printf("preset %s%s%s", preset, name ? " of " : "", name ? name->text : "");
}

/* "/links/dx1/rate" is of dx1, "/defaults/link/rate" of the defaults, "/presets/x/rate" of a catalog. */
static char *origin_of(const Walk *walk, const DxJson *json)
{
    const DxJson *from = json->origin, *root = from;
    g_autofree char *pointer = from ? dx__json_pointer(from) : NULL;
    g_auto(GStrv) part = pointer ? g_strsplit(pointer, "/", 4) : NULL;

    if (json->set_by)
        return g_strconcat("--set ", json->set_by, NULL);
    if (!from)
        return g_strdup_printf("%s:%u", walk->file, json->line);
    while (root->parent)
        root = root->parent;
    if (g_strv_length(part) < 3)
        return g_strdup("--set");
    if (root != dx__json_root(walk->scenario->doc))
        return catalog_origin(walk, root, part[2]);
    if (!strcmp(part[1], "defaults"))
        return g_strdup_printf("defaults.%s, line %u", part[2], from->line);
    return g_strdup_printf("like %s, line %u", part[2], from->line);
}

/* -- values ------------------------------------------------------------------------------------------ */

static char *text_of(const DxJson *json)
{
    GString *list;

    if (json->type == DX_JSON_BOOL)
        return g_strdup(json->boolean ? "true" : "false");
    if (json->type == DX_JSON_STRING)
        return dx__json_escape(json->text);
    if (json->type == DX_JSON_NUMBER)
        return g_strndup(json->text, 40);
    list = g_string_new(NULL);
    for (const DxJson *item = json->child; item; item = item->next) {
        g_autofree char *one = text_of(item);

        g_string_append_printf(list, "%s%s", item->index ? ", " : "", one);
    }
    return g_string_free(list, FALSE);
}

static const DxJson *member_of(const Walk *walk, const DxJson *object, const char *key)
{
    return object ? dx__json_member(walk->scenario->doc, object, key) : NULL;
}

/* The name of a key is none; but some give both the same text, and a file lives longer than a terminal. */
static bool is_secret(const Walk *walk, const char *key)
{
    return !strcmp(key, "cak") || !strcmp(key, "password") || (walk->is_kept && !strcmp(key, "ckn"));
}

static void add_value(Walk *walk, const char *prefix, const char *key, const DxJson *json,
                      const char *fallback)
{
    if (json && is_secret(walk, key))
        add(walk, g_strconcat(prefix, key, NULL), g_strdup("not shown"), origin_of(walk, json));
    else if (json)
        add(walk, g_strconcat(prefix, key, NULL), text_of(json), origin_of(walk, json));
    else if (fallback && *fallback)
        add(walk, g_strconcat(prefix, key, NULL), g_strdup(fallback), g_strdup("default"));
}

static const DxModel *model_of(const Walk *walk, const DxJson *object, const DxFormat *format)
{
    const DxJson *name = format->any_model ? member_of(walk, object, "model") : NULL;

    return dx__format_model(walk->scenario->models, name ? name->text : format->model);
}

/* "microburst: how long one lasts." is of no interest to a flow of another model: @word is what it does.
 * Before the colon there may be several, "on-off, microburst". */
static bool applies(const char *help, const char *word)
{
    const size_t n = strspn(help, "abcdefghijklmnopqrstuvwxyz-, ");
    g_autofree char *before = NULL;
    g_auto(GStrv) words = NULL;

    if (!word || help[n] != ':')
        return true;
    before = g_strndup(help, n);
    words = g_strsplit(before, ", ", -1);
    return g_strv_contains((const char *const *)words, word);
}

/* What an object does, where that decides which of its keys matter: its "do" or "model". */
static const char *word_of(const Walk *walk, const DxJson *object, const DxModel *model)
{
    const DxJson *word = member_of(walk, object, "do");
    const DxParam *param = model && model->params ? dx_param_find(model->params, "model") : NULL;

    if (!word)
        word = member_of(walk, object, "model");
    if (word)
        return word->text;
    return param ? param->fallback : NULL;
}

static void add_params(Walk *walk, const char *prefix, const DxJson *object, const DxModel *model)
{
    const DxJson *from = object;
    const char *word = word_of(walk, object, model);
    g_autofree char *inner = g_strdup(prefix);

    for (const DxParam *param = model ? model->params : NULL; param && param->type != DX_TYPE_END; param++) {
        g_autofree char *key = NULL;

        if (param->type == DX_TYPE_GROUP) {
            from = param->field ? member_of(walk, object, param->field) : object;
            g_free(inner);
            inner = param->field ? g_strconcat(prefix, param->field, ".", NULL) : g_strdup(prefix);
            continue;
        }
        key = g_strndup(param->field, dx_param_key_length(param));
        add_value(walk, inner, key, member_of(walk, from, key),
                  applies(param->help, word) ? param->fallback : NULL);
    }
}

static void add_object(Walk *walk, const char *prefix, const DxJson *object, const DxFormat *format);

static void add_items(Walk *walk, const char *prefix, const DxJson *list, const DxFormatKey *key)
{
    for (const DxJson *item = list ? list->child : NULL; item; item = item->next) {
        g_autofree char *inner = g_strdup_printf("%s%s[%u].", prefix, key->key, item->index);

        add_object(walk, inner, item, key->of);
    }
}

/* What stands there, and no defaults: an exception from something else. */
static void add_given(Walk *walk, const char *prefix, const DxJson *object)
{
    g_autofree char *inner = g_strconcat(prefix, object->key, ".", NULL);

    dx_json_each (member, object)
        if (member->type == DX_JSON_OBJECT)
            add_given(walk, inner, member);
        else
            add_value(walk, inner, member->key, member, NULL);
}

static void add_entries(Walk *walk, const char *prefix, const DxJson *map, const DxFormatKey *key)
{
    g_autofree char *inner = g_strconcat(prefix, key->key, ".", NULL);

    for (const DxJson *entry = map ? map->child : NULL; entry; entry = entry->next)
        if (entry->type == DX_JSON_STRING)
            add_value(walk, inner, entry->key, entry, NULL);
        else if (entry->type == DX_JSON_OBJECT && key->of)
            add_given(walk, inner, entry);
}

static void add_object(Walk *walk, const char *prefix, const DxJson *object, const DxFormat *format)
{
    const char *word = word_of(walk, object, NULL);

    for (const DxFormatKey *key = format->keys; key->shape != DX_SHAPE_END; key++) {
        const DxJson *json = member_of(walk, object, key->key);
        g_autofree char *inner = g_strconcat(prefix, key->key, ".", NULL);

        if (key->shape == DX_SHAPE_OBJECT && json)
            add_object(walk, inner, json, key->of);
        else if (key->shape == DX_SHAPE_LIST && key->of)
            add_items(walk, prefix, json, key);
        else if (key->shape == DX_SHAPE_MAP)
            add_entries(walk, prefix, json, key);
        else if (key->shape != DX_SHAPE_OBJECT)
            add_value(walk, prefix, key->key, json, applies(key->help, word) ? key->fallback : NULL);
    }
    add_params(walk, prefix, object, model_of(walk, object, format));
}

/* -- objects ----------------------------------------------------------------------------------------- */

/* Takes @path. */
static void walk_one(Walk *walk, GPtrArray *objects, char *path, const DxJson *json, const DxFormat *format)
{
    if (walk->is_kept && objects->len == DX_EXPLAIN_OBJECTS_KEPT) {
        walk->n_left_out++;
        g_free(path);
        return;
    }
    walk->object = object_new(path);
    add_object(walk, "", json, format);
    g_ptr_array_add(objects, walk->object);
}

static void walk_key(Walk *walk, GPtrArray *objects, const DxFormatKey *key, const DxJson *json)
{
    if (key->shape == DX_SHAPE_OBJECT)
        walk_one(walk, objects, g_strdup(key->key), json, key->of);
    if (key->shape != DX_SHAPE_MAP && key->shape != DX_SHAPE_LIST)
        return;
    for (const DxJson *item = json->child; item; item = item->next)
        if (item->type == DX_JSON_OBJECT && !(item->key && g_str_has_prefix(item->key, "x-")))
            walk_one(walk, objects,
                     item->key ? g_strconcat(key->key, ".", item->key, NULL)
                               : g_strdup_printf("%s[%u]", key->key, item->index),
                     item, key->of);
}

/* What describes the network, its load and what happens to it; not what is expected of them, nor "defaults",
 * which stands in those that took something from it. */
static bool is_shown(const DxFormatKey *key)
{
    static const char *const hidden[] = { "defaults", "expectations", "claims", NULL };

    return !g_strv_contains(hidden, key->key);
}

GPtrArray *dx__explain_objects(const DxScenario *scenario, bool is_kept, guint *n_left_out)
{
    GPtrArray *objects = g_ptr_array_new_with_free_func(object_free);
    g_autofree char *name = g_path_get_basename(scenario->file);
    g_autofree char *file = dx_error_printable(name);
    Walk walk = { .scenario = scenario, .file = file, .is_kept = is_kept };
    const DxJson *root = dx__json_root(scenario->doc);

    for (const DxFormatKey *key = dx__format_scenario.keys; key->shape != DX_SHAPE_END; key++) {
        const DxJson *json = member_of(&walk, root, key->key);

        if (json && is_shown(key))
            walk_key(&walk, objects, key, json);
    }
    *n_left_out = walk.n_left_out;
    return objects;
}
