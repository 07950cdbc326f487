/*
 * csv - CSV out and in, on libcsv
 *
 * libcsv's writer doubles quotes and knows nothing of formulas, so that is done here before. Its parser has
 * no limit on a cell and no positions: it is fed line by line, at most CHUNK_BYTES at a time.
 */
#include <dxsim/csv.h>
#include "number-priv.h"
#include "output-priv.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES    (64u << 10)
#define CELL_MAX_BYTES (64u << 10)
#define U64_DIGITS     20
#define PS_DIGITS      12 /* behind the point of a second */

/* -- out --------------------------------------------------------------------------------------------- */

static void begin_cell(DxFile *file)
{
    if (file->in_row)
        dx_file_write(file, ",", 1);
    file->in_row = true;
}

void dx_csv_end_row(DxFile *file)
{
    dx_file_write(file, "\n", 1);
    file->in_row = false;
}

void dx_csv_header(DxFile *file, const char *const *names)
{
    for (; *names; names++)
        dx_csv_text(file, *names);
    dx_csv_end_row(file);
}

/* CWE-1236: what a spreadsheet takes for a formula, or drops to find one behind it. */
static bool is_formula(const char *text)
{
    return *text && strchr("=+-@\t\r\n", *text);
}

/* Readers, libcsv's among them, strip blanks around a bare cell. */
static bool needs_quotes(const char *text)
{
    const size_t n = strlen(text);

    return strpbrk(text, ",\"\r\n") || (n && (strchr(" \t", text[0]) || strchr(" \t", text[n - 1])));
}

void dx_csv_text(DxFile *file, const char *text)
{
    g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    g_autofree char *guarded = NULL;
    const char *cell = valid ? valid : text;

    begin_cell(file);
    if (is_formula(cell))
        cell = guarded = g_strconcat("'", cell, NULL);
    if (needs_quotes(cell)) {
        const size_t n = csv_write(NULL, 0, cell, strlen(cell));
        g_autofree char *quoted = g_malloc(n);

        csv_write(quoted, n, cell, strlen(cell));
        dx_file_write(file, quoted, n);
    } else {
        dx_file_write(file, cell, strlen(cell));
    }
}

/* Digits of @value, right-aligned before @end, at least @min_digits. Returns the first. */
static char *put_digits(char *end, uint64_t value, unsigned min_digits)
{
    unsigned n = 0;

    for (; value || n < min_digits; n++, value /= 10)
        *--end = (char)('0' + value % 10);
    return end;
}

static void write_digits(DxFile *file, bool is_negative, uint64_t value)
{
    char digits[U64_DIGITS + 1];
    char *const end = digits + sizeof digits;
    char *start = put_digits(end, value, 1);

    if (is_negative)
        *--start = '-';
    dx_file_write(file, start, (size_t)(end - start));
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

void dx_csv_u64(DxFile *file, uint64_t value)
{
    begin_cell(file);
    write_digits(file, false, value);
}

void dx_csv_i64(DxFile *file, int64_t value)
{
    begin_cell(file);
    write_digits(file, value < 0, magnitude(value));
}

void dx_csv_seconds(DxFile *file, DxTime time_ps)
{
    const uint64_t ps = magnitude(time_ps);
    const uint64_t fraction = ps % (uint64_t)DX_S;
    char digits[PS_DIGITS + 1];
    size_t n = sizeof digits;

    begin_cell(file);
    write_digits(file, time_ps < 0, ps / (uint64_t)DX_S);
    if (!fraction)
        return;
    put_digits(digits + n, fraction, PS_DIGITS);
    digits[0] = '.';
    while (digits[n - 1] == '0')
        n--;
    dx_file_write(file, digits, n);
}

void dx_csv_real(DxFile *file, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    begin_cell(file);
    if (!isfinite(value))
        return;
    dx__real_text(value, text);
    dx_file_write(file, text, strlen(text));
}

/* -- in ---------------------------------------------------------------------------------------------- */

typedef struct {
    const char *path;
    unsigned n_columns, n_cells;
    unsigned row;      /* line that is being fed */
    GByteArray *cells; /* of the row so far, each with its NUL */
    GArray *offsets;   /* gsize */
    const char **row_cells;
    DxCsvRowFn fn;
    void *data;
    GError *error; /* without a place; nothing more is done */
} Reader;

static void refuse(Reader *reader, DxError code, const char *message)
{
    if (!reader->error)
        reader->error = g_error_new_literal(DX_ERROR, (gint)code, message);
}

static void take_cell(void *text, size_t n, void *data)
{
    Reader *reader = data;
    const gsize offset = reader->cells->len;

    if (reader->error)
        return;
    if (n > CELL_MAX_BYTES)
        refuse(reader, DX_ERROR_LIMIT, "a cell of more than 64 KiB");
    else if (n && memchr(text, 0, n))
        refuse(reader, DX_ERROR_SYNTAX, "a NUL byte");
    else if (n && !g_utf8_validate(text, (gssize)n, NULL))
        refuse(reader, DX_ERROR_SYNTAX, "not valid UTF-8");
    else if (reader->n_cells++ < reader->n_columns) {
        if (n)
            g_byte_array_append(reader->cells, text, (guint)n);
        g_byte_array_append(reader->cells, (const guint8 *)"", 1);
        g_array_append_val(reader->offsets, offset);
    }
}

static void take_row(int terminator, void *data)
{
    Reader *reader = data;

    (void)terminator;
    if (!reader->error && reader->n_cells != reader->n_columns)
        reader->error = g_error_new(DX_ERROR, DX_ERROR_SYNTAX, "%u %s, expected %u", reader->n_cells,
                                    reader->n_cells == 1 ? "cell" : "cells", reader->n_columns);
    for (unsigned i = 0; i < reader->n_columns && !reader->error; i++)
        reader->row_cells[i] = (const char *)reader->cells->data + g_array_index(reader->offsets, gsize, i);
    if (!reader->error && !reader->fn(reader->row_cells, reader->row, reader->data, &reader->error))
        refuse(reader, DX_ERROR_SYNTAX, "refused");
    g_byte_array_set_size(reader->cells, 0);
    g_array_set_size(reader->offsets, 0);
    reader->n_cells = 0;
}

/* One piece, of at most one line. */
static void feed(Reader *reader, struct csv_parser *parser, const char *text, size_t n)
{
    if (csv_parse(parser, text, n, take_cell, take_row, reader) != n)
        refuse(reader, DX_ERROR_SYNTAX,
               csv_error(parser) == CSV_EPARSE
                   ? "a quote inside a cell that does not begin with one, or text "
                     "behind the closing one"
                   : csv_strerror(csv_error(parser)));
    if (csv_get_buffer_size(parser) > CELL_MAX_BYTES + CHUNK_BYTES)
        refuse(reader, DX_ERROR_LIMIT, "a cell of more than 64 KiB");
}

static void feed_lines(Reader *reader, struct csv_parser *parser, const char *text, size_t n)
{
    while (n && !reader->error) {
        const char *end = memchr(text, '\n', n);
        const size_t piece = end ? (size_t)(end - text) + 1 : n;

        feed(reader, parser, text, piece);
        if (end && !reader->error)
            reader->row++;
        text += piece;
        n -= piece;
    }
}

/* Fills the buffer unless the file ends, so that a byte order mark comes in one piece. */
static size_t read_chunk(Reader *reader, int fd, char *buffer)
{
    size_t used = 0;
    ssize_t n;

    do {
        n = read(fd, buffer + used, CHUNK_BYTES - used);
        if (n > 0)
            used += (size_t)n;
    } while ((n > 0 && used < CHUNK_BYTES) || (n < 0 && errno == EINTR));
    if (n < 0)
        refuse(reader, DX_ERROR_IO, g_strerror(errno));
    return used;
}

static void read_file(Reader *reader, int fd, struct csv_parser *parser)
{
    static const char mark[] = "\xef\xbb\xbf";
    g_autofree char *buffer = g_malloc(CHUNK_BYTES);
    bool is_first = true;
    size_t n;

    while (!reader->error && (n = read_chunk(reader, fd, buffer)) > 0) {
        const size_t skip = is_first && n >= 3 && !memcmp(buffer, mark, 3) ? 3 : 0;

        feed_lines(reader, parser, buffer + skip, n - skip);
        is_first = false;
    }
    if (!reader->error && csv_fini(parser, take_cell, take_row, reader))
        refuse(reader, DX_ERROR_SYNTAX, "the file ends inside a quoted cell");
}

/* Where the message was born it has no place. */
static bool report(Reader *reader, GError **error)
{
    if (!reader->error)
        return true;
    g_prefix_error(&reader->error, "%s:%u: ", reader->path, reader->row);
    g_propagate_error(error, reader->error);
    return false;
}

bool dx_csv_read(const char *path, unsigned n_columns, DxCsvRowFn fn, void *data, GError **error)
{
    Reader reader = { .path = path, .n_columns = n_columns, .row = 1, .fn = fn, .data = data };
    struct csv_parser parser;
    int fd;

    g_return_val_if_fail(path != NULL && n_columns > 0 && fn != NULL, false);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: %s", path, g_strerror(errno));
        return false;
    }
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI)) {
        close(fd);
        g_set_error(error, DX_ERROR, DX_ERROR_LIMIT, "%s: no parser", path);
        return false;
    }
    reader.cells = g_byte_array_new();
    reader.offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
    reader.row_cells = g_new0(const char *, n_columns);
    read_file(&reader, fd, &parser);
    csv_free(&parser);
    close(fd);
    g_byte_array_unref(reader.cells);
    g_array_unref(reader.offsets);
    g_free(reader.row_cells);
    return report(&reader, error);
}
