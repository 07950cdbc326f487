/*
 * json-write - a small JSON writer
 *
 * Every item goes on a line of its own; when an object or array is closed and would fit on one line, its line
 * ends become spaces. No string holds a line end of its own: it is escaped.
 */
#include "json-write-priv.h"
#include "number-priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

static void append_string(GString *text, const char *string)
{
    g_autofree char *valid = g_utf8_make_valid(string, -1);

    g_string_append_c(text, '"');
    for (const char *c = valid; *c; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_c(text, '\\');
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            g_string_append_printf(text, "\\u%04x", (unsigned)*c);
        else
            g_string_append_c(text, *c);
    }
    g_string_append_c(text, '"');
}

static void begin_line(DxJsonWriter *writer, unsigned depth)
{
    g_string_append_c(writer->text, '\n');
    for (unsigned i = 0; i < depth; i++)
        g_string_append(writer->text, "  ");
}

static void begin_item(DxJsonWriter *writer, const char *key)
{
    if (!writer->depth)
        return;
    if (writer->open[writer->depth - 1].has_items)
        g_string_append_c(writer->text, ',');
    writer->open[writer->depth - 1].has_items = true;
    begin_line(writer, writer->depth);
    if (key) {
        append_string(writer->text, key);
        g_string_append(writer->text, ": ");
    }
}

static void open_container(DxJsonWriter *writer, const char *key, bool is_array)
{
    g_assert(writer->depth < DX_JSON_WRITE_DEPTH);
    begin_item(writer, key);
    writer->open[writer->depth].start = writer->text->len;
    writer->open[writer->depth].is_array = is_array;
    writer->open[writer->depth].has_items = writer->open[writer->depth].is_long = false;
    writer->depth++;
    g_string_append_c(writer->text, is_array ? '[' : '{');
}

/* From @start on, on one line. NULL: too long for that at this depth. */
static char *on_one_line(const DxJsonWriter *writer, gsize start)
{
    GString *line = g_string_new(NULL);

    for (const char *c = writer->text->str + start; *c; c++) {
        if (*c != '\n') {
            g_string_append_c(line, *c);
            continue;
        }
        g_string_append_c(line, ' ');
        while (c[1] == ' ')
            c++;
    }
    return g_string_free(line, line->len + 2 * writer->depth > DX_JSON_WRITE_COLUMNS);
}

void dx__json_write_init(DxJsonWriter *writer)
{
    *writer = (DxJsonWriter){ .text = g_string_new(NULL) };
    open_container(writer, NULL, false);
}

void dx__json_write_object(DxJsonWriter *writer, const char *key)
{
    open_container(writer, key, false);
}

void dx__json_write_array(DxJsonWriter *writer, const char *key)
{
    open_container(writer, key, true);
}

void dx__json_write_end(DxJsonWriter *writer)
{
    const unsigned depth = --writer->depth;
    const gsize start = writer->open[depth].start;
    g_autofree char *line = NULL;

    if (writer->open[depth].has_items)
        begin_line(writer, depth);
    g_string_append_c(writer->text, writer->open[depth].is_array ? ']' : '}');
    if (!writer->open[depth].is_long && depth)
        line = on_one_line(writer, start);
    if (line) {
        g_string_truncate(writer->text, start);
        g_string_append(writer->text, line);
    } else if (depth) {
        writer->open[depth - 1].is_long = true;
    }
}

void dx__json_write_text(DxJsonWriter *writer, const char *key, const char *text)
{
    begin_item(writer, key);
    append_string(writer->text, text);
}

void dx__json_write_texts(DxJsonWriter *writer, ...)
{
    va_list pairs;
    const char *key;

    va_start(pairs, writer);
    while ((key = va_arg(pairs, const char *))) {
        const char *text = va_arg(pairs, const char *);

        if (text)
            dx__json_write_text(writer, key, text);
    }
    va_end(pairs);
}

void dx__json_write_raw(DxJsonWriter *writer, const char *key, const char *text)
{
    begin_item(writer, key);
    g_string_append(writer->text, text);
}

void dx__json_write_bool(DxJsonWriter *writer, const char *key, bool value)
{
    dx__json_write_raw(writer, key, value ? "true" : "false");
}

void dx__json_write_u64(DxJsonWriter *writer, const char *key, uint64_t value)
{
    begin_item(writer, key);
    g_string_append_printf(writer->text, "%" PRIu64, value);
}

void dx__json_write_i64(DxJsonWriter *writer, const char *key, int64_t value)
{
    begin_item(writer, key);
    g_string_append_printf(writer->text, "%" PRId64, value);
}

void dx__json_write_real(DxJsonWriter *writer, const char *key, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    dx__json_write_raw(writer, key, isfinite(value) ? dx__real_text(value, text) : "null");
}

char *dx__json_write_take(DxJsonWriter *writer)
{
    char *text = g_strndup(writer->text->str, writer->text->len);

    for (unsigned i = 0; i < writer->depth; i++)
        writer->open[i].is_long = true;
    g_string_truncate(writer->text, 0);
    return text;
}

char *dx__json_write_finish(DxJsonWriter *writer)
{
    while (writer->depth)
        dx__json_write_end(writer);
    g_string_append_c(writer->text, '\n');
    return g_string_free(g_steal_pointer(&writer->text), FALSE);
}
