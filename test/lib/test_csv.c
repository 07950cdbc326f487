/*
 * csv: exact numbers, harmless text, a reader that says where
 */
#include "suite.h"
#include <dxsim/csv.h>

#include <errno.h>
#include <float.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

/* -- out --------------------------------------------------------------------------------------------- */

typedef void (*Write)(DxFile *file, const void *what);

/* What @write puts into a file. (transfer full) */
static char *written(Write write, const void *what)
{
    static const DxManifest manifest = { .scenario = "test", .scenario_sha256 = "00", .seed = 1, .duration_ps = 1 };
    g_autofree char *root = g_dir_make_tmp("dxsim-csv-XXXXXX", NULL);
    g_autofree char *dir = g_build_filename(root, "out", NULL);
    g_autofree char *path = g_build_filename(dir, "x.csv", NULL);
    g_autofree char *other = g_build_filename(dir, "manifest.json", NULL);
    DxOutput *output = dx_output_new(dir, false, NULL);
    char *text = NULL;

    ck_assert_ptr_nonnull(output);
    write(dx_output_open(output, "x.csv", NULL), what);
    ck_assert(dx_output_finish(output, &manifest, NULL));
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    g_unlink(other);
    g_rmdir(dir);
    g_rmdir(root);
    return text;
}

static void write_text(DxFile *file, const void *what)
{
    dx_csv_text(file, what);
}

static void assert_text(const char *text, const char *expected)
{
    g_autofree char *cell = written(write_text, text);

    ck_assert_str_eq(cell, expected);
}

START_TEST(text_is_quoted_only_when_it_must_be)
{
    assert_text("plain", "plain");
    assert_text("dx1:a>b", "dx1:a>b");
    assert_text("", "");
    assert_text("two words", "two words");
    assert_text("a,b", "\"a,b\"");
    assert_text("say \"hi\"", "\"say \"\"hi\"\"\"");
    assert_text("two\nlines", "\"two\nlines\"");
    assert_text(" edge", "\" edge\"");
    assert_text("edge\t", "\"edge\t\"");
    assert_text("caf\xc3\xa9", "caf\xc3\xa9");
    assert_text("bad\xff", "bad\xef\xbf\xbd");
}
END_TEST

/* CWE-1236 */
START_TEST(no_cell_of_text_begins_a_formula)
{
    assert_text("=1+2", "'=1+2");
    assert_text("+1", "'+1");
    assert_text("-1", "'-1");
    assert_text("@SUM(A1)", "'@SUM(A1)");
    assert_text("\t=1", "'\t=1");
    assert_text("\r=1", "\"'\r=1\"");
    assert_text("\n=1", "\"'\n=1\"");
    assert_text("=cmd|' /C calc'!A0,\"", "\"'=cmd|' /C calc'!A0,\"\"\"");
    assert_text("a=1", "a=1");
}
END_TEST

static void write_row(DxFile *file, const void *what)
{
    static const char *const header[] = { "a", "b_ps", "c,d", NULL };

    (void)what;
    dx_csv_header(file, header);
    dx_csv_u64(file, UINT64_MAX);
    dx_csv_i64(file, INT64_MIN);
    dx_csv_text(file, "");
    dx_csv_end_row(file);
    dx_csv_text(file, "");
    dx_csv_u64(file, 0);
    dx_csv_i64(file, -1);
    dx_csv_end_row(file);
}

START_TEST(cells_are_separated_and_rows_end_in_lf)
{
    g_autofree char *text = written(write_row, NULL);

    ck_assert_str_eq(text, "a,b_ps,\"c,d\"\n18446744073709551615,-9223372036854775808,\n,0,-1\n");
}
END_TEST

static void write_seconds(DxFile *file, const void *what)
{
    dx_csv_seconds(file, *(const DxTime *)what);
}

START_TEST(seconds_are_shifted_picoseconds)
{
    static const struct {
        DxTime time_ps;
        const char *expected;
    } cases[] = {
        { 0, "0" },
        { 1, "0.000000000001" },
        { 1500 * DX_MS, "1.5" },
        { DX_S, "1" },
        { 10 * DX_S, "10" },
        { DX_S / 10, "0.1" },
        { 48967 * DX_NS, "0.000048967" },
        { DX_S + 1, "1.000000000001" },
        { -1, "-0.000000000001" },
        { -1500 * DX_MS, "-1.5" },
        { INT64_MAX, "9223372.036854775807" },
        { INT64_MIN, "-9223372.036854775808" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = written(write_seconds, &cases[i].time_ps);

        ck_assert_str_eq(text, cases[i].expected);
    }
}
END_TEST

static void write_real(DxFile *file, const void *what)
{
    dx_csv_real(file, *(const double *)what);
}

START_TEST(reals_are_short_and_read_back_the_same)
{
    static const struct {
        double value;
        const char *expected;
    } cases[] = {
        { 0.0, "0" },
        { 0.1, "0.1" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 1.0 / 3, "0.3333333333333333" },
        { 100, "100" },
        { 1e22, "1e+22" },
        { -2.5, "-2.5" },
        { DBL_MAX, "1.7976931348623157e+308" },
        { DBL_TRUE_MIN, "4.94065645841247e-324" },
        { NAN, "" },
        { INFINITY, "" },
        { -INFINITY, "" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = written(write_real, &cases[i].value);

        ck_assert_str_eq(text, cases[i].expected);
        if (isfinite(cases[i].value)) {
            const double back = g_ascii_strtod(text, NULL);

            ck_assert(!memcmp(&back, &cases[i].value, sizeof back));
        }
    }
}
END_TEST

/* -- in ---------------------------------------------------------------------------------------------- */

/* Rows as text: "1[a|b]2[c|d]". */
static bool collect(const char *const *cells, unsigned row, void *data, GError **error)
{
    if (!strcmp(cells[0], "stop")) {
        g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "time goes backwards");
        return false;
    }
    g_string_append_printf(data, "%u[%s|%s]", row, cells[0], cells[1]);
    return true;
}

/* Rows of two cells, or the message without the path. (transfer full) */
static char *rows_of(const char *text, gssize n)
{
    GString *rows = g_string_new(NULL);
    char *path = NULL;
    const int fd = g_file_open_tmp("dxsim-csv-XXXXXX", &path, NULL);
    GError *error = NULL;

    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert(g_file_set_contents(path, text, n, NULL));
    if (!dx_csv_read(path, 2, collect, rows, &error)) {
        ck_assert(g_str_has_prefix(error->message, path));
        g_string_assign(rows, error->message + strlen(path));
        g_clear_error(&error);
    }
    g_unlink(path);
    g_free(path);
    return g_string_free(rows, FALSE);
}

static void assert_rows(const char *text, const char *expected)
{
    g_autofree char *rows = rows_of(text, -1);

    ck_assert_str_eq(rows, expected);
}

START_TEST(rows_are_read_with_their_lines)
{
    assert_rows("", "");
    assert_rows("a,b\n1,2\n", "1[a|b]2[1|2]");
    assert_rows("a,b\r\n1,2\r\n", "1[a|b]2[1|2]");
    assert_rows("a,b\n1,2", "1[a|b]2[1|2]");
    assert_rows("a,b\n\n\n1,\n", "1[a|b]4[1|]");
    assert_rows("\xef\xbb\xbf"
                "a,b\n",
                "1[a|b]");
    assert_rows("\"a,\"\"b\",\" c \"\n", "1[a,\"b| c ]");
    assert_rows(" a , b \n", "1[a|b]");
    assert_rows("\"two\nlines\",x\n1,2\n", "2[two\nlines|x]3[1|2]");
}
END_TEST

START_TEST(problems_are_named_with_their_row)
{
    assert_rows("a,b\n1\n", ":2: 1 cell, expected 2");
    assert_rows("a,b\n1,2,3\n", ":2: 3 cells, expected 2");
    assert_rows("a,b\n\nx\"y,2\n",
                ":3: a quote inside a cell that does not begin with one, or text behind the "
                "closing one");
    assert_rows("a,b\n\"x\"y,2\n",
                ":2: a quote inside a cell that does not begin with one, or text behind the "
                "closing one");
    assert_rows("a,b\n1,\"2", ":2: the file ends inside a quoted cell");
    assert_rows("a,b\nstop,2\nmore\n", ":2: time goes backwards");
    assert_rows("a,\xff\n", ":1: not valid UTF-8");
}
END_TEST

START_TEST(nul_bytes_and_huge_cells_are_refused)
{
    g_autofree char *nul = rows_of("a,b\0c\n", 6);
    g_autofree char *huge = g_strnfill(10u << 20, 'x');
    g_autofree char *too_long = rows_of(huge, -1);
    g_autofree char *cell = g_strnfill(65537, 'x');
    g_autofree char *line = g_strconcat("a,b\n", cell, ",y\n", NULL);
    g_autofree char *just = g_strconcat(cell + 1, ",y\n", NULL);
    g_autofree char *expected = g_strdup_printf("1[%s|y]", cell + 1);

    ck_assert_str_eq(nul, ":1: a NUL byte");
    ck_assert_str_eq(too_long, ":1: a cell of more than 64 KiB");
    assert_rows(line, ":2: a cell of more than 64 KiB");
    assert_rows(just, expected);
}
END_TEST

START_TEST(file_that_cannot_be_read_is_an_error)
{
    GError *error = NULL;

    ck_assert(!dx_csv_read("/no/such/file.csv", 1, collect, NULL, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_IO));
    ck_assert_str_eq(error->message, "/no/such/file.csv: No such file or directory");
    g_clear_error(&error);
    ck_assert(!dx_csv_read("/", 1, collect, NULL, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_IO));
    g_clear_error(&error);
}
END_TEST

/* What was written comes back, whatever the text. */
static const char *const pairs[] = { "plain", "a,b", "\"", "\"\"", "x\ny", "x\r\ny", " s ", "", NULL };

static void write_pairs(DxFile *file, const void *what)
{
    (void)what;
    for (unsigned i = 0; pairs[i]; i++) {
        dx_csv_text(file, pairs[i]);
        dx_csv_text(file, "end");
        dx_csv_end_row(file);
    }
}

static bool compare_pair(const char *const *cells, unsigned row, void *data, GError **error)
{
    unsigned *i = data;

    (void)row;
    (void)error;
    ck_assert_str_eq(cells[0], pairs[*i]);
    ck_assert_str_eq(cells[1], "end");
    ++*i;
    return true;
}

START_TEST(written_text_reads_back_the_same)
{
    g_autofree char *text = written(write_pairs, NULL);
    g_autofree char *path = NULL;
    unsigned n = 0;

    close(g_file_open_tmp("dxsim-csv-XXXXXX", &path, NULL));
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    ck_assert(dx_csv_read(path, 2, compare_pair, &n, NULL));
    ck_assert_ptr_null(pairs[n]);
    g_unlink(path);
}
END_TEST

SUITE_MAIN("csv", 30, text_is_quoted_only_when_it_must_be, no_cell_of_text_begins_a_formula,
           cells_are_separated_and_rows_end_in_lf, seconds_are_shifted_picoseconds,
           reals_are_short_and_read_back_the_same, rows_are_read_with_their_lines,
           problems_are_named_with_their_row, nul_bytes_and_huge_cells_are_refused,
           file_that_cannot_be_read_is_an_error, written_text_reads_back_the_same)
