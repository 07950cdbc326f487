/*
 * plot-source - the directories that figures are drawn from
 *
 *   explain.json   name and duration; of each link its rate, its queue, and where its receivers warn
 *   *.csv          read by whoever draws from it
 */
#include <dxsim/units.h>
#include "hash-priv.h"
#include "plot-priv.h"

#include <math.h>
#include <string.h>

#define FACTS       "explain.json"
#define SWEEP_FACTS "manifest.json" /* of many runs: the name */

/* -- cells ------------------------------------------------------------------------------------------- */

bool dx__plot_nothing(GError **error, const char *why)
{
    g_set_error(error, DX_ERROR, DX_ERROR_REFERENCE, "nothing to draw: %s", why);
    return false;
}

bool dx__plot_number(const char *cell, double *value, GError **error)
{
    char *end;

    *value = g_ascii_strtod(cell, &end);
    if (*cell && !*end && isfinite(*value))
        return true;
    g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "a number is expected");
    return false;
}

bool dx__plot_has(const DxPlotRun *run, const char *file)
{
    g_autofree char *path = g_build_filename(run->dir, file, NULL);

    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

typedef struct {
    const char *const *header;
    bool has_header;
    DxCsvRowFn fn;
    void *data;
} Rows;

static bool take_row(const char *const *cells, unsigned row, void *data, GError **error)
{
    Rows *rows = data;

    if (rows->has_header)
        return rows->fn(cells, row, rows->data, error);
    for (unsigned i = 0; rows->header[i]; i++)
        if (strcmp(cells[i], rows->header[i])) {
            g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "column %u is not \"%s\"", i + 1, rows->header[i]);
            return false;
        }
    return rows->has_header = true;
}

bool dx__plot_read(const DxPlotRun *run, const char *file, const char *const *header, DxCsvRowFn fn,
                   void *data, GError **error)
{
    g_autofree char *path = g_build_filename(run->dir, file, NULL);
    Rows rows = { .header = header, .fn = fn, .data = data };

    return dx_csv_read(path, g_strv_length((char **)(void *)header), take_row, &rows, error);
}

/* -- what explain.json says -------------------------------------------------------------------------- */

static const char *text_of(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    const DxJson *value = object->type == DX_JSON_OBJECT ? dx__json_member(doc, object, key) : NULL;

    return value && value->type == DX_JSON_STRING ? value->text : NULL;
}

static double real_of(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    const DxJson *value = object->type == DX_JSON_OBJECT ? dx__json_member(doc, object, key) : NULL;
    double real;

    return value && value->type == DX_JSON_NUMBER && dx__json_double(value, &real) ? real : NAN;
}

static const DxJson *list_of(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    static const DxJson nothing;
    const DxJson *value = object->type == DX_JSON_OBJECT ? dx__json_member(doc, object, key) : NULL;

    return value && value->type == DX_JSON_ARRAY ? value : &nothing;
}

static double quantity(DxUnit unit, const char *text)
{
    int64_t value;

    return dx_units_parse(unit, text, &value, NULL) ? (double)value : 0;
}

static void add_directions(DxPlotRun *run, const char *name, const char *ends, DxPlotLink *link)
{
    g_auto(GStrv) end = g_strsplit(ends, ", ", 3);

    if (g_strv_length(end) != 2)
        return;
    for (unsigned d = 0; d < 2; d++)
        g_hash_table_insert(run->directions, g_strdup_printf("%s:%s>%s", name, end[d], end[1 - d]), link);
}

static void read_link(DxPlotRun *run, const char *name, const DxJson *values)
{
    DxPlotLink *link = g_new0(DxPlotLink, 1);
    const char *ends = NULL;

    dx_json_each (value, values) {
        const char *key = text_of(run->doc, value, "key"), *text = text_of(run->doc, value, "value");

        if (!key || !text)
            continue;
        if (!strcmp(key, "ends"))
            ends = text;
        else if (!strcmp(key, "rate"))
            link->rate_bps = quantity(DX_UNIT_RATE, text);
        else if (!strcmp(key, "queue.limit"))
            link->queue_bytes = quantity(DX_UNIT_SIZE, text);
    }
    g_hash_table_insert(run->links, g_strdup(name), link);
    if (ends)
        add_directions(run, name, ends, link);
}

static void read_light(DxPlotRun *run, const DxJson *sheet)
{
    const char *name = text_of(run->doc, sheet, "link");
    DxPlotLink *link = name ? g_hash_table_lookup(run->links, name) : NULL;

    if (name && !link)
        link = g_hash_table_lookup(run->directions, name);
    if (!link)
        return;
    link->low_warning_dbm = real_of(run->doc, sheet, "low_warning_dbm");
    link->low_alarm_dbm = real_of(run->doc, sheet, "low_alarm_dbm");
    link->lost_dbm = real_of(run->doc, sheet, "lost_dbm");
    link->has_light =
        isfinite(link->low_warning_dbm) && isfinite(link->low_alarm_dbm) && isfinite(link->lost_dbm);
}

static void read_facts(DxPlotRun *run, const DxJson *root)
{
    const char *name = text_of(run->doc, root, "scenario");
    const double duration_ps = real_of(run->doc, root, "duration_ps");

    run->name = g_strdup(name ? name : "");
    run->duration_s = duration_ps > 0 ? duration_ps / (double)DX_S : 0;
    dx_json_each (object, list_of(run->doc, root, "objects")) {
        const char *path = text_of(run->doc, object, "object");

        if (path && g_str_has_prefix(path, "links."))
            read_link(run, path + strlen("links."), list_of(run->doc, object, "values"));
    }
    dx_json_each (sheet, list_of(run->doc, root, "light"))
        read_light(run, sheet);
}

static bool parse_facts(DxPlotRun *run, GError **error)
{
    const bool is_sweep = dx__plot_has(run, "sweep.csv");
    g_autofree char *path = g_build_filename(run->dir, is_sweep ? SWEEP_FACTS : FACTS, NULL), *text = NULL;
    g_autoptr(GError) cause = NULL;
    unsigned line, column;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, &cause)) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: %s", path,
                    g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                        ? "is not there: this is no output of a run, or of an older version of dxsim"
                        : cause->message);
        return false;
    }
    run->doc = dx__json_parse(text, length, &line, &column, &cause);
    if (!run->doc) {
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "%s:%u:%u: %s", path, line, column, cause->message);
        return false;
    }
    read_facts(run, dx__json_root(run->doc));
    return true;
}

/* -- sources ----------------------------------------------------------------------------------------- */

static void run_free(gpointer data)
{
    DxPlotRun *run = data;

    g_free(run->dir);
    g_free(run->label);
    g_free(run->name);
    g_hash_table_unref(run->directions);
    g_hash_table_unref(run->links);
    dx__json_free(run->doc);
    g_free(run);
}

bool dx_plot_source_add(DxPlotSource *source, const char *dir, GError **error)
{
    DxPlotRun *run = g_new0(DxPlotRun, 1);

    g_return_val_if_fail(source != NULL && dir != NULL, false);
    run->dir = g_strdup(dir);
    run->label = g_path_get_basename(dir);
    run->links = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, g_free);
    run->directions = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    g_ptr_array_add(source->runs, run);
    return parse_facts(run, error);
}

DxPlotSource *dx_plot_source_new(const char *dir, GError **error)
{
    DxPlotSource *source = g_new0(DxPlotSource, 1);

    source->runs = g_ptr_array_new_with_free_func(run_free);
    if (dx_plot_source_add(source, dir, error))
        return source;
    dx_plot_source_free(source);
    return NULL;
}

void dx_plot_source_free(DxPlotSource *source)
{
    if (!source)
        return;
    g_ptr_array_unref(source->runs);
    g_free(source);
}
