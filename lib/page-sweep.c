/*
 * page-sweep - what a sweep came to: the sentence, what was expected, the table
 */
#include "page-priv.h"

#include <string.h>

#define ROWS_MAX 400

/* Any CSV file of the directory, as a table: its own header, all of its columns. */
typedef struct {
    DxPage *page;
    unsigned n, n_columns;
} Table;

static bool is_number(const char *cell)
{
    char *end;

    if (!*cell)
        return true;
    g_ascii_strtod(cell, &end);
    return !*end;
}

/* Six digits are enough for people. */
static void add_cell(DxPage *page, const char *cell)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (!is_number(cell)) {
        const bool is_good = !strcmp(cell, "met") || !strcmp(cell, "found"), is_bad = !strcmp(cell, "missed");

        dx__page_class_cell(page, is_good ? "good" : is_bad ? "bad" : "", cell);
        return;
    }
    if (strlen(cell) > 8)
        g_ascii_formatd(number, sizeof number, "%.6g", g_ascii_strtod(cell, NULL));
    else
        g_strlcpy(number, cell, sizeof number);
    dx__page_class_cell(page, "n", number);
}

static bool take_row(const char *const *cells, unsigned row, void *data, GError **error)
{
    Table *table = data;

    (void)row;
    (void)error;
    if (!table->n++) {
        g_autofree const char **titles = g_new0(const char *, table->n_columns + 1);

        for (unsigned i = 0; i < table->n_columns; i++)
            titles[i] = cells[i];
        dx__page_table(table->page, titles, 0);
        return true;
    }
    if (table->n > ROWS_MAX + 1)
        return true;
    dx__page_row(table->page);
    for (unsigned i = 0; i < table->n_columns; i++)
        add_cell(table->page, cells[i]);
    return true;
}

static unsigned n_columns_of(const char *path)
{
    g_autofree char *text = NULL;
    unsigned n = 1;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    for (const char *c = text; *c && *c != '\n'; c++)
        n += *c == ','; /* names of columns hold none */
    return n;
}

static void append_csv(DxPage *page, const char *file, const char *id, const char *heading)
{
    g_autofree char *path = g_build_filename(page->dir, file, NULL);
    Table table = { page, 0, n_columns_of(path) };
    g_autoptr(GError) error = NULL;

    if (!table.n_columns || !dx__plot_has(page->run, file))
        return;
    dx__page_heading(page, id, heading);
    dx_csv_read(path, table.n_columns, take_row, &table, &error);
    if (table.n)
        dx__page_table_end(page);
    if (table.n > ROWS_MAX + 1)
        dx__page_printf(page, "<p class=\"quiet\">And %u more, all in %s.</p>\n", table.n - ROWS_MAX - 1,
                        file);
    if (error) {
        dx__page_printf(page, "<p class=\"quiet\">");
        dx__page_text(page, error->message);
        dx__page_printf(page, "</p>\n");
    }
}

void dx__page_sentence(DxPage *page)
{
    const char *sentence = dx__page_string(page->sweep, dx__json_root(page->sweep), "sentence");

    if (*sentence) {
        dx__page_printf(page, "<p class=\"lead\">");
        dx__page_text(page, sentence);
        dx__page_printf(page, "</p>\n");
    }
}

void dx__page_sweep(DxPage *page)
{
    append_csv(page, "expectations.csv", "verdicts", "Verdicts");
    append_csv(page, "knees.csv", "knees", "Where they end");
    append_csv(page, "search.csv", "search", "What was searched for");
    append_csv(page, "sweep.csv", "sweep", "All points");
}
