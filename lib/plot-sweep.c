/*
 * plot-sweep - what a sweep measured, from sweep.csv: over one parameter a curve with its confidence band for
 * each failure and the knees of knees.csv; over two a map
 */
#include "plot-priv.h"

#include <math.h>
#include <string.h>

#define KNEES_MAX 8
#define CELLS_MAX 60    /* along each side of a map */
#define LOG_FROM  30    /* highest over lowest: on a logarithmic axis */
#define KNEE_NEAR 0.025 /* of the width: two texts in one place */

static const DxPlotScale rates[] = { { "Tbps", 1e12 }, { "Gbps", 1e9 }, { "Mbps", 1e6 },
                                     { "kbps", 1e3 },  { "bps", 1 },    { NULL, 0 } };
static const DxPlotScale bytes[] = { { "GB", 1e9 }, { "MB", 1e6 }, { "kB", 1e3 }, { "B", 1 }, { NULL, 0 } };
static const DxPlotScale times[] = { { "s", 1e12 }, { "ms", 1e9 }, { "\302\265s", 1e6 },
                                     { "ns", 1e3 }, { "ps", 1 },   { NULL, 0 } };
static const DxPlotScale lengths[] = { { "km", 1e6 }, { "m", 1e3 }, { "mm", 1 }, { NULL, 0 } };
static const DxPlotScale percent[] = { { "%", 0.01 }, { NULL, 0 } };
static const DxPlotScale frames[] = { { "frames", 1 }, { NULL, 0 } };
static const DxPlotScale dbm[] = { { "dBm", 1 }, { NULL, 0 } };
static const DxPlotScale db[] = { { "dB", 1 }, { NULL, 0 } };
static const DxPlotScale plain[] = { { "", 1 }, { NULL, 0 } };

/* A name says its unit at its end. */
static const struct {
    const char *suffix;
    const DxPlotScale *scales;
} suffixes[] = { { "_bps", rates },     { "_bytes", bytes },   { "_ps", times }, { "_mm", lengths },
                 { "_ratio", percent }, { "_frames", frames }, { "_dbm", dbm },  { "_db", db } };

static const DxPlotScale *scales_of(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(name, suffixes[i].suffix))
            return suffixes[i].scales;
    return plain;
}

/* "load_ratio" in percent is "load (%)". (transfer full) */
static char *axis_label(const char *name, const DxPlotScale *scale)
{
    g_autofree char *words = g_strdup(name);

    for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(words, suffixes[i].suffix))
            words[strlen(words) - strlen(suffixes[i].suffix)] = '\0';
    g_strdelimit(words, "_.", ' ');
    return *scale->unit ? g_strdup_printf("%s (%s)", words, scale->unit) : g_strdup(words);
}

/* -- reading ----------------------------------------------------------------------------------------- */

typedef struct {
    double x[2];
    double mean, low, high; /* NaN: not measured; no interval */
    char *failed;
} Point;

typedef struct {
    const char *wanted; /* measure; NULL: the first there is */
    unsigned n_columns, n_params, first_param;
    bool has_header;
    char *params[2], *measure, *metric;
    GArray *points; /* Point of that measure */
} Sweep;

static void point_clear(gpointer data)
{
    g_free(((Point *)data)->failed);
}

static bool take_header(Sweep *sweep, const char *const *cells, GError **error)
{
    unsigned measure = 2;

    while (measure < sweep->n_columns && strcmp(cells[measure], "measure"))
        measure++;
    if (measure + 7 > sweep->n_columns || strcmp(cells[0], "point") || strcmp(cells[1], "failed")) {
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "these are not the columns of a sweep");
        return false;
    }
    sweep->first_param = 2;
    sweep->n_params = measure - 2;
    for (unsigned i = 0; i < MIN(sweep->n_params, 2u); i++)
        sweep->params[i] = g_strdup(cells[2 + i]);
    return sweep->has_header = true;
}

static double number_or_none(const char *cell)
{
    double value;

    return dx__plot_number(cell, &value, NULL) ? value : NAN;
}

static bool take_point(const char *const *cells, unsigned row, void *data, GError **error)
{
    Sweep *sweep = data;
    const char *const *measured = cells + sweep->first_param + sweep->n_params;
    Point point = { .x = { NAN, NAN } };

    (void)row;
    if (!sweep->has_header)
        return take_header(sweep, cells, error);
    if (!sweep->measure && (!sweep->wanted || !strcmp(sweep->wanted, measured[0]))) {
        sweep->measure = g_strdup(measured[0]);
        sweep->metric = g_strdup(measured[1]);
    }
    if (g_strcmp0(sweep->measure, measured[0]) != 0)
        return true;
    for (unsigned i = 0; i < MIN(sweep->n_params, 2u); i++)
        point.x[i] = number_or_none(cells[sweep->first_param + i]);
    point.mean = number_or_none(measured[3]);
    point.low = number_or_none(measured[5]);
    point.high = number_or_none(measured[6]);
    point.failed = g_strdup(cells[1]);
    g_array_append_val(sweep->points, point);
    return true;
}

/* Columns in the first line: names of columns hold no commas. 0: it cannot be read. */
static unsigned count_columns(const char *path)
{
    g_autoptr(GIOChannel) channel = g_io_channel_new_file(path, "r", NULL);
    g_autofree char *line = NULL;
    unsigned n = 1;

    if (!channel || g_io_channel_read_line(channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
        return 0;
    for (const char *c = line; *c; c++)
        n += *c == ',';
    return n;
}

static bool read_sweep(Sweep *sweep, const DxPlotRun *run, const char *wanted, GError **error)
{
    g_autofree char *path = g_build_filename(run->dir, "sweep.csv", NULL);

    *sweep = (Sweep){ .wanted = wanted, .points = g_array_new(FALSE, FALSE, sizeof(Point)) };
    g_array_set_clear_func(sweep->points, point_clear);
    if (!dx__plot_has(run, "sweep.csv"))
        return dx__plot_nothing(error, "this is no sweep");
    sweep->n_columns = count_columns(path);
    return dx_csv_read(path, MAX(sweep->n_columns, 1), take_point, sweep, error);
}

static void sweep_clear(Sweep *sweep)
{
    g_free(sweep->params[0]);
    g_free(sweep->params[1]);
    g_free(sweep->measure);
    g_free(sweep->metric);
    g_array_unref(sweep->points);
}

/* -- knees ------------------------------------------------------------------------------------------- */

typedef struct {
    char *failed, *measure;
    double limit, at; /* NaN: nowhere */
} Knee;

static void knee_clear(gpointer data)
{
    g_free(((Knee *)data)->failed);
    g_free(((Knee *)data)->measure);
}

static bool take_knee(const char *const *cells, unsigned row, void *data, GError **error)
{
    const Knee knee = { g_strdup(cells[1]), g_strdup(cells[2]), number_or_none(cells[4]),
                        number_or_none(cells[6]) };

    (void)row;
    (void)error;
    g_array_append_val((GArray *)data, knee);
    return true;
}

static bool read_knees(GArray *knees, const DxPlotRun *run, GError **error)
{
    static const char *const header[] = { "expectation", "failed",    "measure",      "metric",
                                          "limit",       "parameter", "knee",         "knee_low",
                                          "knee_high",   "last_met",  "first_missed", NULL };

    return !dx__plot_has(run, "knees.csv") ||
           dx__plot_read(run, "knees.csv", header, take_knee, knees, error);
}

/* Of the first measure that has a knee; else of the first that has a limit. NULL: there is none. */
static const char *measure_of(const GArray *knees)
{
    const char *measure = NULL;

    for (guint i = knees->len; i--;)
        if (!isnan(g_array_index(knees, Knee, i).limit))
            measure = g_array_index(knees, Knee, i).measure;
    for (guint i = knees->len; i--;)
        if (!isnan(g_array_index(knees, Knee, i).at))
            measure = g_array_index(knees, Knee, i).measure;
    return measure;
}

/* -- a curve over one parameter ---------------------------------------------------------------------- */

/* "none" has failed: the whole; else what is left without it. */
static char *curve_name(const char *failed)
{
    return strcmp(failed, "none") ? g_strdup_printf("without %s", failed) : g_strdup("all working");
}

static GPtrArray *failures_of(const Sweep *sweep)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < sweep->points->len; i++) {
        const char *failed = g_array_index(sweep->points, Point, i).failed;
        guint k = 0;

        while (k < names->len && strcmp(g_ptr_array_index(names, k), failed))
            k++;
        if (k == names->len && names->len < DX_PLOT_NAMED)
            g_ptr_array_add(names, (gpointer)failed);
    }
    return names;
}

typedef struct {
    double x_low, x_high, low, high; /* low: above 0 */
    bool has_zero;
} Range;

static Range range_of(const Sweep *sweep)
{
    Range range = { INFINITY, -INFINITY, INFINITY, -INFINITY, false };

    for (guint i = 0; i < sweep->points->len; i++) {
        const Point *point = &g_array_index(sweep->points, Point, i);
        const double values[] = { point->mean, point->low, point->high };

        range.x_low = MIN(range.x_low, point->x[0]);
        range.x_high = MAX(range.x_high, point->x[0]);
        for (unsigned k = 0; k < G_N_ELEMENTS(values); k++) {
            if (isnan(values[k]))
                continue;
            range.high = MAX(range.high, values[k]);
            range.has_zero |= values[k] <= 0;
            if (values[k] > 0)
                range.low = MIN(range.low, values[k]);
        }
    }
    return range;
}

/* Rows of one failure below those of another; empty cells in between. */
static void add_rows(DxDrawing *drawing, const Sweep *sweep, const GPtrArray *failures)
{
    const double none = NAN;

    for (guint f = 0; f < failures->len; f++)
        for (guint i = 0; i < sweep->points->len; i++) {
            const Point *point = &g_array_index(sweep->points, Point, i);

            if (strcmp(point->failed, g_ptr_array_index(failures, f)))
                continue;
            g_array_append_val(drawing->cells, point->x[0]);
            for (guint k = 0; k < failures->len; k++) {
                const double cells[] = { point->mean, isnan(point->low) ? point->mean : point->low,
                                         isnan(point->high) ? point->mean : point->high };

                for (unsigned c = 0; c < 3; c++)
                    g_array_append_val(drawing->cells, *(k == f ? &cells[c] : &none));
            }
        }
}

static void set_knees(DxDrawing *drawing, const Sweep *sweep, const GArray *knees, const GPtrArray *failures,
                      const Range *range, const DxPlotScale *x_scale, const DxPlotScale *y_scale)
{
    double limit = NAN, taken = -INFINITY;
    unsigned n = 0;

    for (guint i = 0; i < knees->len; i++) {
        const Knee *knee = &g_array_index(knees, Knee, i);
        g_autofree char *text = NULL;
        char digits[G_ASCII_DTOSTR_BUF_SIZE];
        guint of = 0;

        if (strcmp(knee->measure, sweep->measure))
            continue;
        limit = isnan(limit) ? knee->limit : limit;
        while (of < failures->len && strcmp(g_ptr_array_index(failures, of), knee->failed))
            of++;
        if (isnan(knee->at) || of == failures->len || n == KNEES_MAX)
            continue;
        g_ascii_formatd(digits, sizeof digits, "%.4g", knee->at / x_scale->base);
        text = fabs(knee->at - taken) < KNEE_NEAR * (range->x_high - range->x_low)
                   ? g_strdup("")
                   : g_strdup_printf("knee at %s %s", digits, x_scale->unit);
        taken = knee->at;
        n++;
        dx__plot_set_real_at(drawing, "knee", n, knee->at / x_scale->base);
        dx__plot_set_text_at(drawing, "knee_text", n, text);
    }
    dx__plot_set_int(drawing, "n_knees", (int)n);
    dx__plot_set_int(drawing, "has_limit", !isnan(limit));
    dx__plot_set_real(drawing, "limit", isnan(limit) ? 0 : limit / y_scale->base);
}

static void draw_curves(DxDrawing *drawing, const Sweep *sweep, const GArray *knees)
{
    g_autoptr(GPtrArray) failures = failures_of(sweep);
    const Range range = range_of(sweep);
    const DxPlotScale *x_scale = dx__plot_scale(scales_of(sweep->params[0]), range.x_high, 1);
    const bool is_log = !range.has_zero && range.high > LOG_FROM * range.low;
    const DxPlotScale *y_scale =
        dx__plot_scale(scales_of(sweep->metric), is_log ? range.low * 10 : range.high, 1);
    g_autofree char *x_label = axis_label(sweep->params[0], x_scale),
                    *y_label = axis_label(sweep->metric, y_scale);
    const char *names[DX_PLOT_NAMED];
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(drawing->header, g_strdup(sweep->params[0]));
    for (guint i = 0; i < failures->len; i++) {
        char *name = curve_name(g_ptr_array_index(failures, i));

        g_ptr_array_add(owned, name);
        names[i] = name;
        g_ptr_array_add(drawing->header, g_strdup(name));
        g_ptr_array_add(drawing->header, g_strconcat(name, ", low", NULL));
        g_ptr_array_add(drawing->header, g_strconcat(name, ", high", NULL));
    }
    add_rows(drawing, sweep, failures);
    dx__plot_set_text(drawing, "x_label", x_label);
    dx__plot_set_text(drawing, "y_label", y_label);
    dx__plot_set_real(drawing, "x_base", x_scale->base);
    dx__plot_set_real(drawing, "y_base", y_scale->base);
    dx__plot_set_real(drawing, "x_low", range.x_low / x_scale->base);
    dx__plot_set_real(drawing, "x_high", range.x_high / x_scale->base);
    dx__plot_set_real(drawing, "y_least", is_log ? range.low / y_scale->base : 0);
    dx__plot_set_real(drawing, "y_most", (range.high > 0 ? range.high : 1) / y_scale->base);
    dx__plot_set_int(drawing, "is_log", is_log);
    dx__plot_set_int(drawing, "n_curves", (int)failures->len);
    set_knees(drawing, sweep, knees, failures, &range, x_scale, y_scale);
    drawing->has_side = true;
    dx__plot_set_legend(drawing, names, failures->len, "");
    g_string_printf(drawing->title, "%s with its 95 %% band", sweep->measure);
}

static bool has_data(const Sweep *sweep)
{
    for (guint i = 0; i < sweep->points->len; i++)
        if (!isnan(g_array_index(sweep->points, Point, i).mean) &&
            !isnan(g_array_index(sweep->points, Point, i).x[0]))
            return true;
    return false;
}

bool dx__plot_capacity(DxDrawing *drawing, GError **error)
{
    const DxPlotRun *run = dx__plot_run(drawing->source, 0);
    g_autoptr(GArray) knees = g_array_new(FALSE, FALSE, sizeof(Knee));
    Sweep sweep = { 0 };
    bool done;

    g_array_set_clear_func(knees, knee_clear);
    if (!read_knees(knees, run, error))
        return false;
    done = read_sweep(&sweep, run, measure_of(knees), error);
    if (done && (sweep.n_params != 1 || !has_data(&sweep)))
        done = dx__plot_nothing(error, "this is no sweep over one parameter that is a number");
    if (done)
        draw_curves(drawing, &sweep, knees);
    sweep_clear(&sweep);
    return done;
}

/* -- a map over two ---------------------------------------------------------------------------------- */

static int compare_reals(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Values of a parameter, each once, ascending. */
static GArray *values_of(const Sweep *sweep, unsigned param)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
    guint n = 0;

    for (guint i = 0; i < sweep->points->len; i++)
        g_array_append_val(values, g_array_index(sweep->points, Point, i).x[param]);
    g_array_sort(values, compare_reals);
    for (guint i = 0; i < values->len; i++)
        if (!n || g_array_index(values, double, i) > g_array_index(values, double, n - 1))
            g_array_index(values, double, n++) = g_array_index(values, double, i);
    g_array_set_size(values, n);
    return values;
}

static unsigned index_of(const GArray *values, double value)
{
    unsigned i = 0;

    while (i < values->len && g_array_index(values, double, i) < value)
        i++;
    return i;
}

static void set_side(DxDrawing *drawing, const char *side, const char *name, const GArray *values)
{
    const DxPlotScale *scale =
        dx__plot_scale(scales_of(name), g_array_index(values, double, values->len - 1), 1);
    g_autofree char *label = axis_label(name, scale);
    g_autofree char *label_name = g_strconcat(side, "_label", NULL),
                    *count = g_strconcat(side, "_cells", NULL);
    g_autofree char *tic = g_strconcat(side, "_value", NULL);

    dx__plot_set_text(drawing, label_name, label);
    dx__plot_set_int(drawing, count, (int)values->len);
    for (guint i = 0; i < values->len; i++)
        dx__plot_set_real_at(drawing, tic, i + 1, g_array_index(values, double, i) / scale->base);
}

static bool draw_map(DxDrawing *drawing, const Sweep *sweep, GError **error)
{
    static const char *const columns[] = { "x", "y" };
    g_autoptr(GArray) x = values_of(sweep, 0), y = values_of(sweep, 1);
    const Range range = range_of(sweep);
    const DxPlotScale *scale = dx__plot_scale(scales_of(sweep->metric), range.high, 1);
    g_autofree char *label = axis_label(sweep->metric, scale);

    if (x->len > CELLS_MAX || y->len > CELLS_MAX)
        return dx__plot_nothing(error, "the map would have more than 60 cells along a side");
    for (unsigned i = 0; i < 2; i++)
        g_ptr_array_add(drawing->header, g_strdup(columns[i]));
    g_ptr_array_add(drawing->header, g_strdup(sweep->metric));
    for (guint i = 0; i < sweep->points->len; i++) {
        const Point *point = &g_array_index(sweep->points, Point, i);
        const double row[] = { index_of(x, point->x[0]) + 1, index_of(y, point->x[1]) + 1, point->mean };

        if (!strcmp(point->failed, "none") && !isnan(point->mean))
            g_array_append_vals(drawing->cells, row, G_N_ELEMENTS(row));
    }
    set_side(drawing, "x", sweep->params[0], x);
    set_side(drawing, "y", sweep->params[1], y);
    dx__plot_set_text(drawing, "z_label", label);
    dx__plot_set_real(drawing, "z_base", scale->base);
    dx__plot_set_int(drawing, "n_keys", 0);
    dx__plot_set_int(drawing, "key_rows", 0);
    g_string_assign(drawing->title, sweep->measure);
    return true;
}

bool dx__plot_heatmap(DxDrawing *drawing, GError **error)
{
    Sweep sweep = { 0 };
    bool done = read_sweep(&sweep, dx__plot_run(drawing->source, 0), NULL, error);

    if (done &&
        (sweep.n_params != 2 || !has_data(&sweep) || isnan(g_array_index(sweep.points, Point, 0).x[1])))
        done = dx__plot_nothing(error, "this is no sweep over two parameters that are numbers");
    done = done && draw_map(drawing, &sweep, error);
    sweep_clear(&sweep);
    return done;
}
