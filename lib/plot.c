/*
 * plot - figures: what there is, and how one becomes three files
 *
 *   gather   what it shows, as a table of numbers        the row's function
 *   write    plots/NAME.csv, plots/NAME.gp
 *   draw     gnuplot runs the script; what it prints is plots/NAME.svg
 */
#include "gnuplot-priv.h"
#include "plot-priv.h"

#include <math.h>
#include <string.h>

#define TIMEOUT_S   60
#define TITLE_WIDTH 84 /* columns: as wide as the picture */
#define NAME_WIDTH  20 /* what is left of the scenario's name at least */
#define HEIGHT      400

/* Made from plots/ by tools/embed.sh. */
extern const char *const dx__embedded_dashboard;
extern const char *const dx__embedded_capacity,
    *const dx__embedded_heatmap, *const dx__embedded_style,
                                     *const dx__embedded_marks,
                                         *const dx__embedded_over_time,
                                             *const dx__embedded_level,
                                                 *const dx__embedded_latency_axis,
                                                     *const dx__embedded_latency_cdf,
                                                         *const dx__embedded_latency_histogram,
                                                             *const dx__embedded_states;

#define SERIES(name, summary, script)                                                                        \
#name, summary, &dx__embedded_##script, &dx__embedded_marks, DX_PLOT_OF_SERIES, dx__plot_series,         \
        &dx__plot_##name

/* clang-format off */
const DxFigure dx__plot_figures[] = {
    { SERIES(queue, "what waits at each link: the peak of every period", over_time) },
    { SERIES(throughput, "what each link carries, preamble and gap counted", over_time) },
    { SERIES(utilisation, "the same, as a share of the link's rate", over_time) },
    { SERIES(goodput, "what arrives of each flow", over_time) },
    { SERIES(loss, "frames lost in a second, by reason", over_time) },
    { SERIES(light, "power received over each link", level) },
    { SERIES(margin, "what is left of each link's optical power", level) },
    { "latency-cdf", "which share of each flow's frames had at most this latency", &dx__embedded_latency_cdf,
      &dx__embedded_latency_axis, DX_PLOT_OF_LATENCY, dx__plot_latency_cdf, NULL },
    { "latency-histogram", "how the latencies of each flow's frames are distributed", &dx__embedded_latency_histogram,
      &dx__embedded_latency_axis, DX_PLOT_OF_LATENCY, dx__plot_latency_histogram, NULL },
    { "states", "what state lines, bundles and protocols were in", &dx__embedded_states, NULL, DX_PLOT_OF_EVENTS,
      dx__plot_states, NULL },
    { "dashboard", "what the cloud's monitor says of the busiest connection, beside the truth", &dx__embedded_dashboard, NULL,
      DX_PLOT_OF_EVENTS, dx__plot_dashboard, NULL },
    { "capacity", "of a sweep over one parameter: means with their bands, and knees", &dx__embedded_capacity, NULL,
      DX_PLOT_OF_SWEEP, dx__plot_capacity, NULL },
    { "heatmap", "of a sweep over two parameters: the mean of each combination", &dx__embedded_heatmap, NULL, DX_PLOT_OF_SWEEP,
      dx__plot_heatmap, NULL },
    { NULL, NULL, NULL, NULL, DX_PLOT_OF_EVENTS, NULL, NULL },
};
/* clang-format on */

/* The same names again, for the format of scenarios: those of a run. */
const char *const dx_plot_names[] = { "queue",     "throughput", "utilisation", "goodput",           "loss",
                                      "light",     "margin",     "latency-cdf", "latency-histogram", "states",
                                      "dashboard", NULL };
const char *const dx_plot_formats[] = { "svg", "png", "pdf", NULL };

static const struct {
    const char *name, *ending;
} formats[] = {
    [DX_PLOT_SVG] = { "svg", "svg" },
    [DX_PLOT_PNG] = { "png", "png" },
    [DX_PLOT_PDF] = { "pdf", "pdf" },
    [DX_PLOT_DUMB] = { "dumb", "txt" },
};

/* -- what there is ----------------------------------------------------------------------------------- */

static const DxFigure *figure_of(const char *name)
{
    for (const DxFigure *figure = dx__plot_figures; figure->name; figure++)
        if (!strcmp(figure->name, name))
            return figure;
    return NULL;
}

const char *dx_plot_figure(unsigned index, const char **summary)
{
    g_return_val_if_fail(index < G_N_ELEMENTS(dx__plot_figures), NULL);
    if (summary)
        *summary = dx__plot_figures[index].summary;
    return dx__plot_figures[index].name;
}

bool dx_plot_needs_series(const char *name)
{
    const DxFigure *figure = figure_of(name);

    return figure && figure->of == DX_PLOT_OF_SERIES;
}

bool dx_plot_format(const char *text, DxPlotFormat *format)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++)
        if (!strcmp(formats[i].name, text)) {
            *format = (DxPlotFormat)i;
            return true;
        }
    return false;
}

const char *dx_plot_ending(DxPlotFormat format)
{
    return formats[format].ending;
}

/* -- settings ---------------------------------------------------------------------------------------- */

/* With a point: a whole number would be an int to gnuplot, and divide like one. */
void dx__plot_set_real(DxDrawing *drawing, const char *variable, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%.15g", value);
    g_string_append_printf(drawing->script, "%s = %s%s\n", variable, text, strpbrk(text, ".e") ? "" : ".0");
}

void dx__plot_set_int(DxDrawing *drawing, const char *variable, int value)
{
    g_string_append_printf(drawing->script, "%s = %d\n", variable, value);
}

void dx__plot_set_text(DxDrawing *drawing, const char *variable, const char *value)
{
    g_autofree char *quoted = dx__gnuplot_quote(value);

    g_string_append_printf(drawing->script, "%s = %s\n", variable, quoted);
}

void dx__plot_set_real_at(DxDrawing *drawing, const char *variable, unsigned index, double value)
{
    g_autofree char *name = g_strdup_printf("%s_%u", variable, index);

    dx__plot_set_real(drawing, name, value);
}

void dx__plot_set_text_at(DxDrawing *drawing, const char *variable, unsigned index, const char *value)
{
    g_autofree char *name = g_strdup_printf("%s_%u", variable, index);

    dx__plot_set_text(drawing, name, value);
}

const DxPlotScale *dx__plot_scale(const DxPlotScale *scales, double value, double n)
{
    while (scales[1].unit && value < n * scales->base)
        scales++;
    return scales;
}

void dx__plot_set_time_axis(DxDrawing *drawing, double x_max_s, const DxPlotScale **scale)
{
    const DxPlotScale *of_time = dx__plot_scale(dx__plot_seconds, x_max_s, 2);

    dx__plot_set_text(drawing, "x_unit", of_time->unit);
    dx__plot_set_real(drawing, "x_unit_s", of_time->base);
    dx__plot_set_real(drawing, "x_max", x_max_s / of_time->base);
    if (scale)
        *scale = of_time;
}

/* What gather() has left of the title, behind whose it is. */
static void set_title(DxDrawing *drawing)
{
    const DxPlotSource *source = drawing->source;
    const unsigned rest = dx__plot_width(drawing->title->str) + 2;
    const char *name = source->runs->len > 1 ? NULL : dx__plot_run(source, 0)->name;
    g_autofree char *shown =
        name ? dx__plot_shorten(name, MAX(NAME_WIDTH, TITLE_WIDTH - MIN(rest, TITLE_WIDTH))) : NULL;
    g_autofree char *title =
        shown && *shown ? g_strconcat(shown, ": ", drawing->title->str, NULL) : g_strdup(drawing->title->str);
    g_autofree char *fits = dx__plot_shorten(title, TITLE_WIDTH + 8);

    dx__plot_set_text(drawing, "title", fits);
}

/* -- files ------------------------------------------------------------------------------------------- */

static DxFile *open_file(const DxDrawing *drawing, DxOutput *output, const char *ending, GError **error)
{
    g_autofree char *name = g_strdup_printf("plots/%s.%s", drawing->figure->name, ending);

    return dx_output_open(output, name, error);
}

static bool write_text(const DxDrawing *drawing, DxOutput *output, const char *ending, const GString *text,
                       GError **error)
{
    DxFile *file = open_file(drawing, output, ending, error);

    if (!file)
        return false;
    dx_file_write(file, text->str, text->len);
    return dx_file_close(file, error);
}

static bool write_data(const DxDrawing *drawing, DxOutput *output, GError **error)
{
    DxFile *file = open_file(drawing, output, "csv", error);
    const guint n = drawing->header->len;

    if (!file)
        return false;
    for (guint i = 0; i < n; i++)
        dx_csv_text(file, g_ptr_array_index(drawing->header, i));
    dx_csv_end_row(file);
    for (guint i = 0; i < drawing->cells->len; i++) {
        dx_csv_real(file, g_array_index(drawing->cells, double, i));
        if (i % n == n - 1)
            dx_csv_end_row(file);
    }
    return dx_file_close(file, error);
}

static bool write_script(const DxDrawing *drawing, DxPlotFormat format, DxOutput *output, GError **error)
{
    const DxFigure *figure = drawing->figure;
    g_autoptr(GString) script = g_string_new(NULL);

    g_string_printf(script,
                    "# Draw it again: gnuplot %s.gp > %s.%s\n"
                    "# In another format: gnuplot -e \"format = 'pdf'\" %s.gp > %s.pdf\n\n"
                    "if (!exists('format')) { format = '%s' }\n",
                    figure->name, figure->name, formats[format].ending, figure->name, figure->name,
                    formats[format].name);
    g_string_append_len(script, drawing->script->str, (gssize)drawing->script->len);
    g_string_append_c(script, '\n');
    g_string_append(script, dx__embedded_style);
    g_string_append_c(script, '\n');
    if (figure->before)
        g_string_append_printf(script, "%s\n", *figure->before);
    g_string_append(script, *figure->script);
    return write_text(drawing, output, "gp", script, error);
}

static bool draw(const DxDrawing *drawing, DxPlotFormat format, DxOutput *output, GError **error)
{
    g_autofree char *dir = g_build_filename(dx_output_path(output), "plots", NULL);
    g_autofree char *script = g_strdup_printf("%s.gp", drawing->figure->name);
    GString *picture = dx__gnuplot_draw(dir, script, format, TIMEOUT_S, error);
    bool done;

    if (!picture)
        return false;
    done = write_text(drawing, output, formats[format].ending, picture, error);
    g_string_free(picture, TRUE);
    return done;
}

static bool draw_figure(DxDrawing *drawing, DxPlotFormat format, DxOutput *output, GError **error)
{
    g_autofree char *data = g_strdup_printf("%s.csv", drawing->figure->name);

    dx__plot_set_text(drawing, "data", data);
    dx__plot_set_int(drawing, "height", HEIGHT);
    if (!drawing->figure->gather(drawing, error))
        return false;
    set_title(drawing);
    return write_data(drawing, output, error) && write_script(drawing, format, output, error) &&
           draw(drawing, format, output, error);
}

bool dx_plot_draw(const char *name, DxPlotFormat format, DxOutput *output, const DxPlotSource *source,
                  GError **error)
{
    DxDrawing drawing = { .figure = NULL };
    bool done;

    g_return_val_if_fail(name != NULL && output != NULL && source != NULL, false);
    drawing.figure = figure_of(name);
    if (!drawing.figure) {
        g_set_error(error, DX_ERROR, DX_ERROR_UNKNOWN, "there is no figure \"%s\"", name);
        return false;
    }
    drawing.source = source;
    drawing.script = g_string_new(NULL);
    drawing.title = g_string_new(NULL);
    drawing.header = g_ptr_array_new_with_free_func(g_free);
    drawing.cells = g_array_new(FALSE, FALSE, sizeof(double));
    done = draw_figure(&drawing, format, output, error);
    if (!done)
        g_prefix_error(error, "plot %s: ", name);
    g_array_unref(drawing.cells);
    g_ptr_array_unref(drawing.header);
    g_string_free(drawing.title, TRUE);
    g_string_free(drawing.script, TRUE);
    return done;
}
