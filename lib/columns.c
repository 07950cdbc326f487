/*
 * columns - plain text for people
 */
#include "columns-priv.h"

#include <stdbool.h>

#define GAP         2u
#define LEAST_WIDTH 12u /* of the column that gives way */

static unsigned width_of(const char *text)
{
    unsigned width = 0;

    for (; *text; text = g_utf8_next_char(text)) {
        const gunichar code = g_utf8_get_char(text);

        width += g_unichar_iszerowidth(code) ? 0 : g_unichar_iswide(code) ? 2 : 1;
    }
    return width;
}

static void append_spaces(GString *out, unsigned n)
{
    while (n--)
        g_string_append_c(out, ' ');
}

void dx__columns_init(DxColumns *columns, unsigned n, unsigned indent, unsigned right_mask, unsigned elastic)
{
    g_assert(n <= DX_COLUMNS_MAX);
    *columns = (DxColumns){ .n = n, .indent = indent, .right_mask = right_mask, .elastic = elastic };
    columns->cells = g_ptr_array_new_with_free_func(g_free);
}

void dx__columns_add(DxColumns *columns, char *cell)
{
    g_ptr_array_add(columns->cells, cell);
}

static void measure(const DxColumns *columns, unsigned *widths)
{
    unsigned total = columns->indent + GAP * (columns->n - 1);
    unsigned *elastic = &widths[columns->elastic];

    for (guint i = 0; i < columns->cells->len; i++)
        widths[i % columns->n] = MAX(widths[i % columns->n], width_of(g_ptr_array_index(columns->cells, i)));
    for (unsigned c = 0; c < columns->n; c++)
        total += widths[c];
    if (total > DX_COLUMNS)
        *elastic = *elastic + DX_COLUMNS > total + LEAST_WIDTH ? *elastic + DX_COLUMNS - total : LEAST_WIDTH;
}

/* Names keep their beginning and their end, where they differ most: "dx1:orig...bone". */
static void append_cut(GString *out, const char *text, unsigned width)
{
    const glong length = g_utf8_strlen(text, -1), tail = (width - 3) / 2, head = (glong)width - 3 - tail;

    if (length <= (glong)width) { /* wide characters: better too wide than cut twice */
        g_string_append(out, text);
        return;
    }
    g_string_append_len(out, text, g_utf8_offset_to_pointer(text, head) - text);
    g_string_append(out, "...");
    g_string_append(out, g_utf8_offset_to_pointer(text, length - tail));
}

static void append_cell(const DxColumns *columns, GString *out, guint i, const unsigned *widths)
{
    const unsigned c = i % columns->n;
    const char *cell = g_ptr_array_index(columns->cells, i);
    const unsigned width = width_of(cell), pad = width < widths[c] ? widths[c] - width : 0;
    const bool is_right = columns->right_mask & 1u << c;

    append_spaces(out, c ? GAP : columns->indent);
    append_spaces(out, is_right ? pad : 0);
    if (width > widths[c])
        append_cut(out, cell, widths[c]);
    else
        g_string_append(out, cell);
    append_spaces(out, is_right ? 0 : pad);
}

void dx__columns_finish(DxColumns *columns, GString *out)
{
    unsigned widths[DX_COLUMNS_MAX] = { 0 };

    measure(columns, widths);
    for (guint i = 0; i < columns->cells->len; i++) {
        append_cell(columns, out, i, widths);
        if (i % columns->n + 1 < columns->n)
            continue;
        while (out->len && out->str[out->len - 1] == ' ')
            g_string_truncate(out, out->len - 1);
        g_string_append_c(out, '\n');
    }
    g_ptr_array_unref(columns->cells);
}

void dx__columns_wrap(GString *out, unsigned column, unsigned indent, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    bool is_first = true;

    for (char **word = words; *word; word++) {
        const unsigned width = width_of(*word);

        if (!**word)
            continue;
        if (!is_first && column + 1 + width > DX_COLUMNS) {
            g_string_append_c(out, '\n');
            append_spaces(out, indent);
            column = indent;
        } else if (!is_first) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append(out, *word);
        column += width;
        is_first = false;
    }
    g_string_append_c(out, '\n');
}
