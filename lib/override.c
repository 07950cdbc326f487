/*
 * override - a setting from the command line changes a document before it is read
 *
 *   links.dx1.queue.limit = 10 MB      keys and positions joined by dots; text that need not be quoted
 *
 * What it puts there has no place in the file: messages about it name the setting instead.
 */
#include "json-priv.h"

#include <string.h>

/* Where the rest of the path is to be followed. */
typedef struct {
    DxJsonDoc *doc;
    DxJson *at;
    const char *path, *rest; /* the whole, and what is left */
    const DxJson *place;     /* what it stands for in the document; NULL: nowhere */
    const char *set_by;      /* the setting, where it stands nowhere */
    bool is_made;            /* what is missing is made */
    GError **error;
} Walk;

static bool refuse(const Walk *walk, DxError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(const Walk *walk, DxError code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (walk->error)
        *walk->error = g_error_new_valist(DX_ERROR, (gint)code, format, args);
    va_end(args);
    return false;
}

/* -- values ------------------------------------------------------------------------------------------ */

static bool looks_like_json(const char *text)
{
    text += strspn(text, " \t\r\n");
    return *text && strchr("{[\"", *text);
}

/* A document that holds the value alone. */
static DxJsonDoc *parse_value(const Walk *walk, const char *text)
{
    unsigned line, column;
    g_autoptr(GError) error = NULL;
    DxJsonDoc *doc = dx__json_parse(text, strlen(text), &line, &column, &error);
    const char *reason = NULL;

    if (doc)
        return doc;
    if (looks_like_json(text))
        reason = error->message;
    else if (!g_utf8_validate(text, -1, NULL))
        reason = "it is not UTF-8";
    else if (strlen(text) > DX_JSON_MAX_STRING)
        reason = "it is longer than 64 KiB";
    if (reason) {
        refuse(walk, DX_ERROR_SYNTAX, "the value is no JSON: %s", reason);
        return NULL;
    }
    doc = dx__json_parse("\"\"", 2, &line, &column, NULL);
    dx__json_root(doc)->text = dx__json_keep(doc, text);
    return doc;
}

/* Where it comes from, and that it stands nowhere, or for what. As deep as a document may be. */
static void mark(const Walk *walk, DxJson *value)
{
    value->set_by = walk->set_by;
    value->line = value->key_line = walk->place ? walk->place->line : 0;
    value->column = value->key_column = walk->place ? walk->place->column : 0;
    dx_json_each (child, value)
        mark(walk, child);
}

static void forget_origin(DxJson *value)
{
    value->origin = NULL;
    dx_json_each (child, value)
        forget_origin(child);
}

/* -- the path ---------------------------------------------------------------------------------------- */

/* The longest beginning of @rest, up to a dot or the end, that is a member; its length, or 0. */
static size_t find_member(const Walk *walk, DxJson **member)
{
    size_t n = strlen(walk->rest);

    for (;;) {
        g_autofree char *key = g_strndup(walk->rest, n);
        const char *dot;

        *member = dx__json_member(walk->doc, walk->at, key);
        if (*member)
            return n;
        dot = g_strrstr_len(walk->rest, (gssize)n, ".");
        if (!dot)
            return 0;
        n = (size_t)(dot - walk->rest);
    }
}

static bool find_item(Walk *walk, size_t n)
{
    g_autofree char *text = g_strndup(walk->rest, n);
    guint64 index;

    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &index, NULL) || index >= walk->at->n_children)
        return refuse(walk, DX_ERROR_UNKNOWN,
                      "\"%s\" is no position in a list of %u, which are counted from 0", text,
                      walk->at->n_children);
    walk->at = walk->at->child;
    while (index--)
        walk->at = walk->at->next;
    return true;
}

static bool make_member(Walk *walk, size_t n)
{
    unsigned line, column;
    g_autofree char *key = g_strndup(walk->rest, n);
    DxJsonDoc *empty;

    if (!n || n > DX_JSON_MAX_KEY || !g_utf8_validate(key, -1, NULL))
        return refuse(walk, DX_ERROR_SYNTAX, "a key in the path is empty, too long or not UTF-8");
    dx_json_each (sibling, walk->at)
        if (!g_ascii_strcasecmp(sibling->key, key))
            return refuse(walk, DX_ERROR_UNKNOWN, "there is no \"%s\", but \"%s\"", key, sibling->key);
    empty = dx__json_parse("{}", 2, &line, &column, NULL);
    dx__json_adopt(walk->doc, empty);
    mark(walk, dx__json_root(empty));
    walk->at = dx__json_add(walk->doc, walk->at, dx__json_keep(walk->doc, key), dx__json_root(empty));
    if (!walk->at)
        return refuse(walk, DX_ERROR_LIMIT, "more values than the document may hold");
    walk->at->origin = NULL;
    return true;
}

/* One step down: to a member, one that is made, or an item. */
static bool step(Walk *walk)
{
    size_t n = strcspn(walk->rest, ".");
    DxJson *member;

    if (walk->at->type == DX_JSON_ARRAY) {
        if (!find_item(walk, n))
            return false;
    } else if (walk->at->type != DX_JSON_OBJECT) {
        return refuse(walk, DX_ERROR_UNKNOWN, "\"%.*s\" is %s and has no members",
                      (int)MAX(walk->rest - walk->path - 1, 0), walk->path,
                      dx__json_type_name(walk->at->type));
    } else {
        const size_t length = find_member(walk, &member);

        if (!length && !walk->is_made)
            return refuse(walk, DX_ERROR_UNKNOWN, "there is no \"%.*s\"", (int)(walk->rest + n - walk->path),
                          walk->path);
        if (!length && !make_member(walk, n))
            return false;
        if (length) {
            n = length;
            walk->at = member;
        }
    }
    walk->rest += n + (walk->rest[n] == '.');
    return true;
}

/* To the end of the path. */
static bool follow(Walk *walk)
{
    if (!*walk->path || walk->path[strlen(walk->path) - 1] == '.')
        return refuse(walk, DX_ERROR_SYNTAX, "a key in the path is empty");
    while (*walk->rest)
        if (!step(walk))
            return false;
    return true;
}

const DxJson *dx__json_find(DxJsonDoc *doc, const char *path, GError **error)
{
    Walk walk = { .doc = doc, .at = dx__json_root(doc), .path = path, .rest = path, .error = error };

    return follow(&walk) ? walk.at : NULL;
}

bool dx__json_put(DxJsonDoc *doc, const char *path, const char *text, const DxJson *place, GError **error)
{
    Walk walk = { .doc = doc,
                  .at = dx__json_root(doc),
                  .path = path,
                  .rest = path,
                  .place = place,
                  .set_by = place ? NULL : dx__json_keep(doc, path),
                  .is_made = true,
                  .error = error };
    DxJsonDoc *value = parse_value(&walk, text);

    if (!value)
        return false;
    dx__json_adopt(doc, value);
    if (!follow(&walk))
        return false;
    mark(&walk, dx__json_root(value));
    if (!dx__json_replace(doc, walk.at, dx__json_root(value)))
        return refuse(&walk, DX_ERROR_LIMIT, "more values than the document may hold");
    forget_origin(walk.at);
    if (place) {
        walk.at->line = place->line;
        walk.at->column = place->column;
    }
    return true;
}

bool dx__json_set(DxJsonDoc *doc, const char *path, const char *text, GError **error)
{
    return dx__json_put(doc, path, text, NULL, error);
}
