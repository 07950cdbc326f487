/*
 * json-priv.h - strict JSON with positions
 *
 * RFC 8259 with the restrictions of RFC 7493 (I-JSON): valid UTF-8, no byte order mark, no surrogates or
 * noncharacters, no duplicate names (also not by escape, nor by case), depth at most 64, numbers exact. Every
 * value knows its line and column, so whatever reads it later can say where. json-scan.c is the strict half;
 * only json.c knows cJSON.
 */
#ifndef DX_JSON_PRIV_H
#define DX_JSON_PRIV_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <dxsim/error.h>

#define DX_JSON_MAX_DEPTH  64
#define DX_JSON_MAX_BYTES  (64u << 20)
#define DX_JSON_MAX_VALUES (4u << 20)
#define DX_JSON_MAX_STRING (64u << 10)
#define DX_JSON_MAX_KEY    128  /* bytes, unescaped, as for strings */
#define DX_JSON_MAX_NUMBER 4096 /* characters */

typedef enum {
    DX_JSON_NULL,
    DX_JSON_BOOL,
    DX_JSON_NUMBER,
    DX_JSON_STRING,
    DX_JSON_ARRAY,
    DX_JSON_OBJECT
} DxJsonType;

/* A value. Members of an object and items of an array are a linked list in document order. */
typedef struct DxJson DxJson;
struct DxJson {
    DxJsonType type;
    bool boolean;
    bool has_added;   /* an object or array: some of what it holds was added */
    bool used;        /* for readers: mark what has been read, report what has not */
    const char *key;  /* member name, unescaped; NULL for items and for the root */
    const char *text; /* DX_JSON_STRING: unescaped UTF-8. DX_JSON_NUMBER: as written */
    const DxJson *parent;
    const DxJson *origin;       /* what this is a copy of, see dx__json_add(); NULL: it stands here */
    DxJson *child, *next;       /* first member or item; next sibling */
    unsigned n_children, index; /* index among the siblings */
    const char *set_by;         /* path of a setting that put it here, see dx__json_set(); NULL: none */
    unsigned line, column;      /* of the value, from 1; column counts bytes */
    unsigned key_line, key_column;
};

typedef struct DxJsonDoc DxJsonDoc; /* owns every DxJson and string below it */

#define dx_json_each(item, object) for (DxJson *item = (object)->child; item; item = item->next)

/**
 * dx__json_parse:
 * @text, @length: the document; need not be NUL-terminated, may hold any bytes
 * @line, @column: set with @error to where it went wrong
 * @error: DX_ERROR_SYNTAX or DX_ERROR_LIMIT; the message has no position in it
 *
 * Returns: (transfer full): free with dx__json_free(); NULL with @error set
 */
DxJsonDoc *dx__json_parse(const char *text, gsize length, unsigned *line, unsigned *column, GError **error);
void dx__json_free(DxJsonDoc *doc);
DxJson *dx__json_root(DxJsonDoc *doc);

/* Member of an object by exact name, or NULL. Constant time on average, also for 10^6 members. */
DxJson *dx__json_member(DxJsonDoc *doc, const DxJson *object, const char *key);

/* A copy of @from and all below it as member @key of @object, which has none such; or as the next item when
 * @key is NULL. The copy has the position of what it was made from. @from may belong to another document
 * that lives as long: texts and keys are shared.
 * NULL: more than DX_JSON_MAX_VALUES would have been added, and not all of it was. */
DxJson *dx__json_add(DxJsonDoc *doc, DxJson *object, const char *key, const DxJson *from);

/* @value becomes a copy of @from, and all below it; its key and place among its siblings stay. Strings stay where they
 * are, see dx__json_adopt(). False: as dx__json_add(). */
bool dx__json_replace(DxJsonDoc *doc, DxJson *value, const DxJson *from);
/* @other lives as long as @doc. (transfer full) */
void dx__json_adopt(DxJsonDoc *doc, DxJsonDoc *other);

/**
 * dx__json_set:
 * @path: keys, and positions in lists, joined by dots: "links.dx1.rate", "events.0.at". A key may hold dots itself:
 *   of the members there are, the longest that fits is taken. What is missing on the way is made
 * @text: JSON if it can be read as such, else the value is a string of it
 * @error: DX_ERROR_UNKNOWN, DX_ERROR_SYNTAX or DX_ERROR_LIMIT
 *
 * override.c. Puts a value at @path, in place of what is there.
 */
bool dx__json_set(DxJsonDoc *doc, const char *path, const char *text, GError **error);
/* The same; it stands where @place does, as far as messages go. NULL: nowhere. */
bool dx__json_put(DxJsonDoc *doc, const char *path, const char *text, const DxJson *place, GError **error);
/* What is at such a path; NULL: nothing. */
const DxJson *dx__json_find(DxJsonDoc *doc, const char *path, GError **error);
/* A copy of @text that lives as long as @doc. */
const char *dx__json_keep(DxJsonDoc *doc, const char *text);

/* RFC 6901 pointer to a value: "/links/dx1/rate"; "" is the root. Keys are as in the document, so show it
 * to people through dx__json_escape(). (transfer full) */
char *dx__json_pointer(const DxJson *value);

/* Text as a message may show it: one line, nothing a terminal would act on, at most 80 characters.
 * (transfer full) */
char *dx__json_escape(const char *text);

/* Name of a type with its article: "an object", "a string". */
const char *dx__json_type_name(DxJsonType type);

/* A whole number in [INT64_MIN, INT64_MAX], written as such ("12", "-3", "1e3" but not "1.5"): exact or
 * false. */
bool dx__json_int64(const DxJson *value, int64_t *out);
bool dx__json_uint64(const DxJson *value, uint64_t *out);
/* A finite double; false on overflow to infinity. Correctly rounded, no locale. */
bool dx__json_double(const DxJson *value, double *out);

/* Between json-scan.c and json.c: offsets into the document, one mark per value in document order. */
#define DX_JSON_NO_KEY UINT32_MAX

typedef struct {
    uint32_t key, value; /* of the opening quote, bracket or first character */
} DxJsonMark;

/* Fills @marks with DxJsonMark; false with @error_at and @error set. */
bool dx__json_scan(const char *text, gsize length, GArray *marks, gsize *error_at, GError **error);

/* Line of an offset, counted onwards from the place before; begin with DX_JSON_PLACE_INIT. */
typedef struct {
    gsize at, line_start;
    unsigned line;
} DxJsonPlace;

#define DX_JSON_PLACE_INIT                                                                                   \
    {                                                                                                        \
        .line = 1                                                                                            \
    }

void dx__json_seek(DxJsonPlace *place, const char *text, gsize at);
static inline unsigned dx__json_column(const DxJsonPlace *place)
{
    return (unsigned)(place->at - place->line_start) + 1;
}

#endif
