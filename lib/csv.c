/*
 * csv - CSV out and in, on libcsv
 *
 * libcsv's writer doubles quotes and knows nothing of formulas, so that is done here before. Its parser has
 * no limit on a cell and no positions: it is fed line by line, at most CHUNK_BYTES at a time.
 */
#include <dxsim/csv.h>
#include "csv-priv.h"
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

void dx__csv_number(DxFile *file, const char *number)
{
    begin_cell(file);
    dx_file_write(file, number, strlen(number));
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
    DxCsvInput *input;
    unsigned n_cells, n_most; /* of the row so far; that it may have */
    unsigned row;             /* line that is being fed */
    unsigned row_line;        /* line in which the row began */
    const char *line;         /* that line, when it is all there; NULL: it is not */
    size_t line_bytes;
    bool is_within;    /* what is fed begins within a line that is longer than the buffer */
    GByteArray *cells; /* of the row so far, each with its NUL */
    GArray *offsets;   /* gsize */
    const char *row_cells[DX_CSV_COLUMNS_MAX];
    const char **wide_cells; /* instead, where there are more */
    DxCsvRowFn fn;
    void *data;
    GError *error; /* without a place; nothing more is done */
} Reader;

/* Where cell @index begins in a line, from 1. A comma in quotes separates nothing. */
static unsigned column_of(const char *line, size_t n, unsigned index)
{
    bool is_quoted = false;
    size_t i = 0;

    for (; i < n && index; i++) {
        is_quoted ^= line[i] == '"';
        index -= line[i] == ',' && !is_quoted;
    }
    while (i < n && (line[i] == ' ' || line[i] == '\t'))
        i++;
    return (unsigned)i + 1;
}

static void set_place(Reader *reader, unsigned cell)
{
    const bool is_whole = reader->line && reader->row_line == reader->row;

    reader->input->line = reader->row;
    reader->input->column = is_whole ? column_of(reader->line, reader->line_bytes, cell) : 0;
}

static void refuse(Reader *reader, DxError code, const char *message)
{
    if (reader->error)
        return;
    reader->error = g_error_new_literal(DX_ERROR, (gint)code, message);
    set_place(reader, reader->n_cells);
}

static void take_cell(void *text, size_t n, void *data)
{
    Reader *reader = data;
    const gsize offset = reader->cells->len;

    if (reader->error)
        return;
    if (!reader->n_cells)
        reader->row_line = reader->row;
    if (n > CELL_MAX_BYTES)
        refuse(reader, DX_ERROR_LIMIT, "a cell of more than 64 KiB");
    else if (n && memchr(text, 0, n))
        refuse(reader, DX_ERROR_SYNTAX, "a NUL byte");
    else if (n && !g_utf8_validate(text, (gssize)n, NULL))
        refuse(reader, DX_ERROR_SYNTAX, "not valid UTF-8");
    else if (reader->n_cells++ < reader->n_most) {
        if (n)
            g_byte_array_append(reader->cells, text, (guint)n);
        g_byte_array_append(reader->cells, (const guint8 *)"", 1);
        g_array_append_val(reader->offsets, offset);
    }
}

static void check_width(Reader *reader)
{
    DxCsvInput *input = reader->input;

    if (reader->error)
        return;
    if (!input->n_columns && reader->n_cells <= reader->n_most)
        input->n_columns = reader->n_most = reader->n_cells;
    if (reader->n_cells == input->n_columns)
        return;
    if (input->n_columns)
        reader->error = g_error_new(DX_ERROR, DX_ERROR_SYNTAX, "%u %s, expected %u", reader->n_cells,
                                    reader->n_cells == 1 ? "cell" : "cells", input->n_columns);
    else
        reader->error = g_error_new(DX_ERROR, DX_ERROR_LIMIT, "%u columns; at most %u are accepted",
                                    reader->n_cells, reader->n_most);
    set_place(reader, 0);
}

static void hand_over(Reader *reader)
{
    const char **cells = reader->wide_cells ? reader->wide_cells : reader->row_cells;
    DxCsvInput *input = reader->input;

    for (unsigned i = 0; i < input->n_columns; i++)
        cells[i] = (const char *)reader->cells->data + g_array_index(reader->offsets, gsize, i);
    input->cell = 0;
    if (reader->fn(cells, reader->row, reader->data, &reader->error))
        return;
    if (!reader->error)
        reader->error = g_error_new_literal(DX_ERROR, DX_ERROR_SYNTAX, "refused");
    set_place(reader, input->cell);
}

static void take_row(int terminator, void *data)
{
    Reader *reader = data;

    (void)terminator;
    check_width(reader);
    if (!reader->error)
        hand_over(reader);
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

/* All whole lines; what is left of the last one stays, unless it fills the buffer. Returns how much was fed.
 */
static size_t feed_lines(Reader *reader, struct csv_parser *parser, const char *text, size_t n, bool is_last)
{
    size_t fed = 0;

    while (fed < n && !reader->error) {
        const char *line = text + fed, *end = memchr(line, '\n', n - fed);
        const size_t piece = end ? (size_t)(end - line) + 1 : n - fed;

        if (!end && !is_last && fed)
            break;
        reader->line = (end || is_last) && !reader->is_within ? line : NULL;
        reader->is_within = !end;
        reader->line_bytes = piece;
        feed(reader, parser, line, piece);
        if (end && !reader->error)
            reader->row++;
        fed += piece;
    }
    return fed;
}

/* Fills the buffer behind @used unless the file ends, so that a byte order mark comes in one piece. */
static size_t read_chunk(Reader *reader, char *buffer, size_t used)
{
    const size_t from = used;
    ssize_t n;

    do {
        n = read(reader->input->fd, buffer + used, CHUNK_BYTES - used);
        if (n > 0)
            used += (size_t)n;
    } while ((n > 0 && used < CHUNK_BYTES) || (n < 0 && errno == EINTR));
    if (n < 0)
        refuse(reader, DX_ERROR_IO, g_strerror(errno));
    if (reader->input->checksum && used > from)
        g_checksum_update(reader->input->checksum, (const guchar *)buffer + from, (gssize)(used - from));
    return used;
}

static void read_file(Reader *reader, struct csv_parser *parser)
{
    static const char mark[] = "\xef\xbb\xbf";
    g_autofree char *buffer = g_malloc(CHUNK_BYTES);
    bool is_first = true, is_last = false;
    size_t n = 0, fed = 0;

    while (!reader->error && !is_last) {
        size_t skip;

        memmove(buffer, buffer + fed, n - fed);
        n = read_chunk(reader, buffer, n - fed);
        is_last = n < CHUNK_BYTES;
        if (reader->error)
            return;
        skip = is_first && n >= 3 && !memcmp(buffer, mark, 3) ? 3 : 0;
        fed = skip + feed_lines(reader, parser, buffer + skip, n - skip, is_last);
        is_first = false;
    }
    if (!reader->error && csv_fini(parser, take_cell, take_row, reader))
        refuse(reader, DX_ERROR_SYNTAX, "the file ends inside a quoted cell");
}

bool dx__csv_read(DxCsvInput *input, DxCsvRowFn fn, void *data, GError **error)
{
    Reader reader = { .input = input, .row = 1, .fn = fn, .data = data };
    struct csv_parser parser;

    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI)) {
        g_set_error_literal(error, DX_ERROR, DX_ERROR_LIMIT, "no parser");
        return false;
    }
    reader.n_most = input->n_columns ? input->n_columns : DX_CSV_COLUMNS_MAX;
    reader.cells = g_byte_array_new();
    reader.offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
    if (input->n_columns > DX_CSV_COLUMNS_MAX)
        reader.wide_cells = g_new0(const char *, input->n_columns);
    read_file(&reader, &parser);
    csv_free(&parser);
    g_byte_array_unref(reader.cells);
    g_array_unref(reader.offsets);
    g_free(reader.wide_cells);
    if (!reader.error)
        return true;
    g_propagate_error(error, reader.error);
    return false;
}

bool dx_csv_read(const char *path, unsigned n_columns, DxCsvRowFn fn, void *data, GError **error)
{
    DxCsvInput input = { .n_columns = n_columns };
    bool is_read;

    g_return_val_if_fail(path != NULL && n_columns > 0 && fn != NULL, false);
    input.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (input.fd < 0) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: %s", path, g_strerror(errno));
        return false;
    }
    is_read = dx__csv_read(&input, fn, data, error);
    close(input.fd);
    if (!is_read)
        g_prefix_error(error, "%s:%u: ", path, MAX(input.line, 1));
    return is_read;
}
