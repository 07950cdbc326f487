/*
 * json - strict JSON with positions; the only file that knows cJSON
 *
 *   text --> json-scan.c ----> marks (offsets, in document order) --+
 *     |      strict, limits                                        |--> DxJson, in document order
 *     +----> copy with a NUL --> cJSON --> tree ------------------+
 *
 * The scanner refuses what cJSON would let pass; cJSON then parses; and the walk over its tree takes one mark
 * per value. The three rules about cJSON: only ParseWithLengthOpts, with a NUL inside the length; no lookups
 * by its functions, which ignore case or are linear; no numbers from it, which are doubles.
 */
#include "json-priv.h"
#include "hash-priv.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

/* Members of all objects in one table with open addressing; 0 is empty, since the root is no member. */
typedef struct {
    uint32_t hash, value;
} Slot;

struct DxJsonDoc {
    char *text;     /* the document, overwritten: each string stands where it stood, unescaped */
    DxJson *values; /* in document order; the root first */
    Slot *slots;
    uint32_t mask; /* number of slots - 1 */
    uint32_t n;    /* values */

    GPtrArray *added;      /* DxJson that were added later; found by walking their siblings */
    GPtrArray *adopted;    /* DxJsonDoc that they point into */
    GStringChunk *strings; /* and texts */
};

/* --- Finding members --- */

/* The slot of a member, upper and lower case being the same, or the empty slot where it would be. @key has at
 * most DX_JSON_MAX_KEY bytes. */
static Slot *find_slot(const DxJsonDoc *doc, const DxJson *object, const char *key, uint32_t *hash)
{
    const uint32_t owner = (uint32_t)(object - doc->values);
    const gsize length = strlen(key);
    char name[sizeof owner + DX_JSON_MAX_KEY];
    uint32_t i;

    memcpy(name, &owner, sizeof owner);
    for (gsize at = 0; at < length; at++)
        name[sizeof owner + at] = g_ascii_tolower(key[at]);
    *hash = (uint32_t)dx__siphash(dx__hash_key(), name, sizeof owner + length);

    for (i = *hash & doc->mask; doc->slots[i].value; i = (i + 1) & doc->mask) {
        const DxJson *value = &doc->values[doc->slots[i].value];

        if (doc->slots[i].hash == *hash && value->parent == object &&
            g_ascii_strcasecmp(value->key, key) == 0)
            break;
    }
    return &doc->slots[i];
}

static void slots_init(DxJsonDoc *doc, const GArray *marks)
{
    uint32_t n_members = 0, n_slots = 8;

    for (unsigned i = 0; i < marks->len; i++)
        n_members += g_array_index(marks, DxJsonMark, i).key != DX_JSON_NO_KEY;
    while (n_slots / 2 < n_members)
        n_slots *= 2;
    doc->slots = g_new0(Slot, n_slots);
    doc->mask = n_slots - 1;
}

static bool add_member(DxJsonDoc *doc, DxJson *value, GError **error)
{
    uint32_t hash;
    Slot *slot = find_slot(doc, value->parent, value->key, &hash);
    const DxJson *first = &doc->values[slot->value];
    g_autofree char *key = NULL, *first_key = NULL;

    if (!slot->value) {
        slot->hash = hash;
        slot->value = (uint32_t)(value - doc->values);
        return true;
    }
    key = dx__json_escape(value->key);
    first_key = dx__json_escape(first->key);
    if (strcmp(value->key, first->key) == 0)
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "duplicate key \"%s\", first on line %u", key,
                    first->key_line);
    else
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "duplicate key \"%s\", first on line %u as \"%s\"", key,
                    first->key_line, first_key);
    return false;
}

/* So many members are compared one by one: they lie side by side, where a table would be a cache miss each. */
#define FEW 12

static DxJson *walk(const DxJson *object, const char *key)
{
    DxJson *value = object->child;

    while (value && strcmp(value->key, key) != 0)
        value = value->next;
    return value;
}

DxJson *dx__json_member(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    DxJson *value;
    uint32_t hash;

    if (object->type != DX_JSON_OBJECT || strlen(key) > DX_JSON_MAX_KEY)
        return NULL;
    if (object->n_children <= FEW || object < doc->values || object >= doc->values + doc->n)
        return walk(object, key);
    value = &doc->values[find_slot(doc, object, key, &hash)->value];
    if (value->key && strcmp(value->key, key) == 0)
        return value;
    return object->has_added ? walk(object, key) : NULL;
}

/* --- Adding --- */

/* At *@last, the end of @parent's list. */
static DxJson *append_copy(DxJsonDoc *doc, DxJson *parent, DxJson **last, const char *key, const DxJson *from)
{
    DxJson *value;

    if (doc->added->len == DX_JSON_MAX_VALUES)
        return NULL;
    value = g_memdup2(from, sizeof *from);
    g_ptr_array_add(doc->added, value);
    value->origin = from->origin ? from->origin : from;
    value->used = value->has_added = false;
    value->key = key;
    value->parent = parent;
    value->child = value->next = NULL;
    value->n_children = 0;
    value->index = parent->n_children++;
    *last = value;
    parent->has_added = true;
    last = &value->child;
    for (const DxJson *child = from->child; child; child = child->next) { /* as deep as a document may be */
        DxJson *copy = append_copy(doc, value, last, child->key, child);

        if (!copy)
            return NULL;
        last = &copy->next;
    }
    return value;
}

const char *dx__json_keep(DxJsonDoc *doc, const char *text)
{
    if (!doc->strings)
        doc->strings = g_string_chunk_new(256);
    return g_string_chunk_insert(doc->strings, text);
}

static void free_adopted(gpointer doc)
{
    dx__json_free(doc);
}

void dx__json_adopt(DxJsonDoc *doc, DxJsonDoc *other)
{
    if (!doc->adopted)
        doc->adopted = g_ptr_array_new_with_free_func(free_adopted);
    g_ptr_array_add(doc->adopted, other);
}

DxJson *dx__json_add(DxJsonDoc *doc, DxJson *object, const char *key, const DxJson *from)
{
    DxJson **last = &object->child;

    if (!doc->added)
        doc->added = g_ptr_array_new_with_free_func(g_free);
    while (*last)
        last = &(*last)->next;
    return append_copy(doc, object, last, key, from);
}

bool dx__json_replace(DxJsonDoc *doc, DxJson *value, const DxJson *from)
{
    for (DxJson *child = value->child; child; child = child->next)
        child->parent = NULL; /* so that nobody finds it */
    value->child = NULL;
    value->n_children = 0;
    value->type = from->type;
    value->boolean = from->boolean;
    value->text = from->text;
    value->set_by = from->set_by;
    for (const DxJson *child = from->child; child; child = child->next)
        if (!dx__json_add(doc, value, child->key, child))
            return false;
    return true;
}

/* --- Building --- */

typedef struct {
    DxJsonDoc *doc;
    const char *text; /* as given; doc->text changes under way */
    gsize length;
    const GArray *marks;
    unsigned n; /* values built */
    DxJsonPlace place;
    gsize error_at;
    GError **error;
} Build;

/* Does cJSON see the same kind of value here as the scanner did? */
static bool same_kind(const Build *build, const cJSON *item, const DxJsonMark *mark)
{
    if (!item->string != (mark->key == DX_JSON_NO_KEY))
        return false;
    switch (build->text[mark->value]) {
    case '{':
        return cJSON_IsObject(item);
    case '[':
        return cJSON_IsArray(item);
    case '"':
        return cJSON_IsString(item);
    case 't':
        return cJSON_IsTrue(item);
    case 'f':
        return cJSON_IsFalse(item);
    case 'n':
        return cJSON_IsNull(item);
    default:
        return cJSON_IsNumber(item);
    }
}

/* A string is never longer than its escaped form, so it fits where it stood. */
static const char *put_string(Build *build, uint32_t quote, const char *string)
{
    const gsize size = strlen(string) + 1;
    char *here = build->doc->text + quote;

    g_assert(size <= build->length - quote);
    return memcpy(here, string, size);
}

static const char *cut_number(Build *build, uint32_t at)
{
    char *number = build->doc->text + at;

    number[strspn(number, "+-.0123456789Ee")] = '\0';
    return number;
}

static void set_value(Build *build, DxJson *value, const cJSON *item, const DxJsonMark *mark)
{
    if (mark->key != DX_JSON_NO_KEY) {
        dx__json_seek(&build->place, build->text, mark->key);
        value->key_line = build->place.line;
        value->key_column = dx__json_column(&build->place);
        value->key = put_string(build, mark->key, item->string);
    }
    dx__json_seek(&build->place, build->text, mark->value);
    value->line = build->place.line;
    value->column = dx__json_column(&build->place);
    if (cJSON_IsObject(item)) {
        value->type = DX_JSON_OBJECT;
    } else if (cJSON_IsArray(item)) {
        value->type = DX_JSON_ARRAY;
    } else if (cJSON_IsString(item)) {
        value->type = DX_JSON_STRING;
        value->text = put_string(build, mark->value, item->valuestring);
    } else if (cJSON_IsNumber(item)) {
        value->type = DX_JSON_NUMBER;
        value->text = cut_number(build, mark->value);
    } else if (cJSON_IsBool(item)) {
        value->type = DX_JSON_BOOL;
        value->boolean = cJSON_IsTrue(item);
    } else {
        value->type = DX_JSON_NULL;
    }
}

/* The next value in document order; NULL when cJSON and the scanner disagree, or for a duplicate key. */
static DxJson *add_value(Build *build, const cJSON *item, DxJson *parent, DxJson *previous)
{
    DxJson *value = &build->doc->values[build->n];
    const DxJsonMark *mark = &g_array_index(build->marks, DxJsonMark, build->n);

    if (build->n == build->marks->len || !same_kind(build, item, mark)) {
        build->error_at = build->n == build->marks->len ? build->length : mark->value;
        g_set_error(build->error, DX_ERROR, DX_ERROR_SYNTAX, "cJSON %s reads this value differently",
                    cJSON_Version());
        return NULL;
    }
    build->n++;
    set_value(build, value, item, mark);
    value->parent = parent;
    if (parent)
        value->index = parent->n_children++;
    if (previous)
        previous->next = value;
    else if (parent)
        parent->child = value;
    if (value->key && !add_member(build->doc, value, build->error)) {
        build->error_at = mark->key;
        return NULL;
    }
    return value;
}

/* Depth first with a stack of its own; the scanner has limited the depth. */
static bool add_tree(Build *build, const cJSON *item)
{
    const cJSON *open_items[DX_JSON_MAX_DEPTH + 1];
    DxJson *open_values[DX_JSON_MAX_DEPTH + 1];
    DxJson *value = NULL;
    unsigned depth = 0;

    while (item) {
        value = add_value(build, item, depth ? open_values[depth - 1] : NULL, value);
        if (!value)
            return false;
        if (item->child) {
            g_assert(depth < DX_JSON_MAX_DEPTH);
            open_items[depth] = item;
            open_values[depth++] = value;
            item = item->child;
            value = NULL;
            continue;
        }
        while (!item->next && depth > 0) {
            item = open_items[--depth];
            value = open_values[depth];
        }
        item = item->next;
    }
    g_assert(build->n == build->marks->len);
    return true;
}

/* The text has passed the scanner, so that only memory or another cJSON than ours can make this fail. */
static cJSON *parse(Build *build)
{
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(build->doc->text, build->length + 1, &end, 1);

    if (root)
        return root;
    build->error_at = end ? MIN((gsize)(end - build->doc->text), build->length) : 0;
    g_set_error(build->error, DX_ERROR, DX_ERROR_SYNTAX, "cJSON %s cannot read this, or is out of memory",
                cJSON_Version());
    return NULL;
}

static bool build_doc(Build *build)
{
    DxJsonDoc *doc = build->doc;
    cJSON *root;
    bool good;

    doc->text = g_malloc(build->length + 1);
    memcpy(doc->text, build->text, build->length);
    doc->text[build->length] = '\0';
    root = parse(build);
    if (!root)
        return false;
    doc->n = build->marks->len;
    doc->values = g_new0(DxJson, doc->n);
    slots_init(doc, build->marks);
    good = add_tree(build, root);
    cJSON_Delete(root);
    return good;
}

DxJsonDoc *dx__json_parse(const char *text, gsize length, unsigned *line, unsigned *column, GError **error)
{
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(DxJsonMark));
    DxJsonDoc *doc = g_new0(DxJsonDoc, 1);
    Build build = { doc, text, length, marks, 0, DX_JSON_PLACE_INIT, 0, error };
    DxJsonPlace place = DX_JSON_PLACE_INIT;

    if (dx__json_scan(text, length, marks, &build.error_at, error) && build_doc(&build))
        return doc;
    dx__json_seek(&place, text, build.error_at);
    *line = place.line;
    *column = dx__json_column(&place);
    dx__json_free(doc);
    return NULL;
}

void dx__json_free(DxJsonDoc *doc)
{
    if (!doc)
        return;
    if (doc->added)
        g_ptr_array_unref(doc->added);
    if (doc->adopted)
        g_ptr_array_unref(doc->adopted);
    if (doc->strings)
        g_string_chunk_free(doc->strings);
    g_free(doc->slots);
    g_free(doc->values);
    g_free(doc->text);
    g_free(doc);
}

DxJson *dx__json_root(DxJsonDoc *doc)
{
    return doc->values;
}

/* --- Naming a value in a message --- */

char *dx__json_pointer(const DxJson *value)
{
    GString *pointer = g_string_new(NULL), *token = g_string_new(NULL);

    for (; value->parent; value = value->parent) {
        if (value->key) {
            g_string_assign(token, value->key);
            g_string_replace(token, "~", "~0", 0);
            g_string_replace(token, "/", "~1", 0);
        } else {
            g_string_printf(token, "%u", value->index);
        }
        g_string_prepend_c(token, '/');
        g_string_prepend(pointer, token->str);
    }
    g_string_free(token, TRUE);
    return g_string_free(pointer, FALSE);
}

static bool is_plain(gunichar c)
{
    const GUnicodeType type = g_unichar_type(c);

    return g_unichar_isprint(c) && type != G_UNICODE_LINE_SEPARATOR &&
           type != G_UNICODE_PARAGRAPH_SEPARATOR && type != G_UNICODE_PRIVATE_USE;
}

char *dx__json_escape(const char *text)
{
    GString *escaped = g_string_new(NULL);
    unsigned n = 0;

    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);

        if (n++ == 80) {
            g_string_append(escaped, "...");
            break;
        }
        if (c == '"' || c == '\\')
            g_string_append_c(escaped, '\\');
        if (is_plain(c))
            g_string_append_unichar(escaped, c);
        else
            g_string_append_printf(escaped, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
    }
    return g_string_free(escaped, FALSE);
}

const char *dx__json_type_name(DxJsonType type)
{
    static const char *const names[] = {
        [DX_JSON_NULL] = "null",       [DX_JSON_BOOL] = "a boolean", [DX_JSON_NUMBER] = "a number",
        [DX_JSON_STRING] = "a string", [DX_JSON_ARRAY] = "an array", [DX_JSON_OBJECT] = "an object",
    };

    return names[type];
}

/* --- Numbers, from their text --- */

/* value * 10^n + digit, unless it overflows */
static bool shift_in(uint64_t *value, unsigned n, unsigned digit)
{
    for (; n > 0 && *value > 0; n--)
        if (__builtin_mul_overflow(*value, 10u, value))
            return false;
    return !__builtin_add_overflow(*value, digit, value);
}

/* Saturates far beyond the longest number, where only the sign matters. */
static int parse_exponent(const char *text)
{
    const bool negative = *text == '-';
    int exponent = 0;

    for (text += *text == '-' || *text == '+'; *text; text++)
        exponent = MIN(exponent * 10 + (*text - '0'), 100 * DX_JSON_MAX_NUMBER);
    return negative ? -exponent : exponent;
}

/* The absolute value, if whole and in range. Zeros are held back until a digit follows: "1.50e1" is first
 * 15 * 10^-1, then a zero that counts for nothing. Whatever overflows before the end has more digits than
 * 2^64 or a fraction. */
static bool parse_magnitude(const char *text, uint64_t *magnitude)
{
    unsigned zeros = 0;
    int scale = 0; /* value = magnitude * 10^scale */
    bool is_fraction = false;

    *magnitude = 0;
    for (; *text && *text != 'e' && *text != 'E'; text++) {
        if (*text == '.') {
            is_fraction = true;
            continue;
        }
        scale -= is_fraction;
        zeros++;
        if (*text != '0') {
            if (!shift_in(magnitude, zeros, (unsigned)(*text - '0')))
                return false;
            zeros = 0;
        }
    }
    scale += (int)zeros;
    if (*text)
        scale += parse_exponent(text + 1);
    if (*magnitude == 0)
        return true;
    return scale >= 0 && shift_in(magnitude, (unsigned)scale, 0);
}

bool dx__json_uint64(const DxJson *value, uint64_t *out)
{
    uint64_t magnitude;
    bool negative;

    if (value->type != DX_JSON_NUMBER)
        return false;
    negative = *value->text == '-';
    if (!parse_magnitude(value->text + negative, &magnitude) || (negative && magnitude > 0))
        return false;
    *out = magnitude;
    return true;
}

bool dx__json_int64(const DxJson *value, int64_t *out)
{
    uint64_t magnitude;
    bool negative;

    if (value->type != DX_JSON_NUMBER)
        return false;
    negative = *value->text == '-';
    if (!parse_magnitude(value->text + negative, &magnitude) || magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    if (negative)
        *out = magnitude ? -(int64_t)(magnitude - 1) - 1 : 0; /* INT64_MIN has no positive twin */
    else
        *out = (int64_t)magnitude;
    return true;
}

bool dx__json_double(const DxJson *value, double *out)
{
    double number;

    if (value->type != DX_JSON_NUMBER)
        return false;
    number = g_ascii_strtod(value->text, NULL);
    if (!isfinite(number))
        return false;
    *out = number;
    return true;
}
