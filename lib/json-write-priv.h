/*
 * json-write-priv.h - a small JSON writer: indented, and what is short stays on one line
 */
#ifndef DX_JSON_WRITE_PRIV_H
#define DX_JSON_WRITE_PRIV_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define DX_JSON_WRITE_DEPTH   32
#define DX_JSON_WRITE_COLUMNS 110

typedef struct {
    GString *text;
    unsigned depth;
    struct {
        gsize start; /* of its bracket */
        bool is_array, has_items, is_long;
    } open[DX_JSON_WRITE_DEPTH];
} DxJsonWriter;

/* The document is one object, which is open at once. */
void dx__json_write_init(DxJsonWriter *writer);
/* @key: NULL for items of an array, here and below. */
void dx__json_write_object(DxJsonWriter *writer, const char *key);
void dx__json_write_array(DxJsonWriter *writer, const char *key);
void dx__json_write_end(DxJsonWriter *writer);
void dx__json_write_text(DxJsonWriter *writer, const char *key, const char *text);
/* Several members at once, in pairs of key and text, then NULL; what has no text (NULL) is left out. */
void dx__json_write_texts(DxJsonWriter *writer, ...) G_GNUC_NULL_TERMINATED;
/* A number or a word, as it is to stand there. */
void dx__json_write_raw(DxJsonWriter *writer, const char *key, const char *text);
void dx__json_write_bool(DxJsonWriter *writer, const char *key, bool value);
void dx__json_write_u64(DxJsonWriter *writer, const char *key, uint64_t value);
void dx__json_write_i64(DxJsonWriter *writer, const char *key, int64_t value);
/* null when it is not finite. */
void dx__json_write_real(DxJsonWriter *writer, const char *key, double value);
/* What is written so far, for a document too long to be kept: the rest follows. Whatever is open stays on several
 * lines. (transfer full) */
char *dx__json_write_take(DxJsonWriter *writer);
/* Closes the document, which ends with a line end. (transfer full) */
char *dx__json_write_finish(DxJsonWriter *writer);

#endif
