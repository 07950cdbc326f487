/*
 * plot-chart - curves over a common x, as a table and a legend
 *
 * At most DX_PLOT_NAMED curves have a colour, those that reach highest; more of them are grey, and of very
 * many the rest is left out.
 */
#include "plot-priv.h"

#include <math.h>
#include <string.h>

#define LEGEND_WIDTH   16 /* columns: beside the picture there is no room for longer names */
#define BELOW_WIDTH    60 /* what a name below it may take */
#define BELOW_COLUMNS  84 /* what there is room for */
#define SAMPLE_COLUMNS 7  /* the piece of line beside a name, and a gap */

/* -- charts ------------------------------------------------------------------------------------------ */

static void curve_free(gpointer data)
{
    DxCurve *curve = data;

    g_free(curve->name);
    g_array_unref(curve->values);
    g_free(curve);
}

void dx__chart_init(DxChart *chart)
{
    chart->x = g_array_new(FALSE, FALSE, sizeof(double));
    chart->curves = g_ptr_array_new_with_free_func(curve_free);
    chart->n_named = chart->n_found = 0;
}

void dx__chart_clear(DxChart *chart)
{
    g_array_unref(chart->x);
    g_ptr_array_unref(chart->curves);
}

DxCurve *dx__chart_add(DxChart *chart, char *name)
{
    DxCurve *curve = g_new0(DxCurve, 1);

    curve->name = name;
    curve->index = chart->curves->len;
    curve->values = g_array_new(FALSE, TRUE, sizeof(double));
    g_ptr_array_add(chart->curves, curve);
    chart->n_found = chart->curves->len;
    return curve;
}

const DxCurve *dx__chart_curve(const DxChart *chart, unsigned i)
{
    return g_ptr_array_index(chart->curves, i);
}

static int compare_index(gconstpointer a, gconstpointer b)
{
    const DxCurve *x = *(const DxCurve *const *)a, *y = *(const DxCurve *const *)b;

    return (x->index > y->index) - (x->index < y->index);
}

static int compare_weight(gconstpointer a, gconstpointer b)
{
    const DxCurve *x = *(const DxCurve *const *)a, *y = *(const DxCurve *const *)b;

    if (x->weight < y->weight || x->weight > y->weight)
        return x->weight < y->weight ? 1 : -1;
    return compare_index(a, b);
}

/* Those that get a colour are put back into the order of the scenario. */
void dx__chart_choose(DxChart *chart, double faint)
{
    g_ptr_array_sort(chart->curves, compare_weight);
    if (chart->curves->len > DX_PLOT_DRAWN)
        g_ptr_array_set_size(chart->curves, DX_PLOT_DRAWN);
    chart->n_named = MIN(chart->curves->len, (unsigned)DX_PLOT_NAMED);
    while (faint > 0 && chart->n_named > 1 &&
           dx__chart_curve(chart, chart->n_named - 1)->weight < faint * dx__chart_curve(chart, 0)->weight)
        chart->n_named--;
    qsort(chart->curves->pdata, chart->n_named, sizeof(gpointer), compare_index);
}

/* -- names ------------------------------------------------------------------------------------------- */

unsigned dx__plot_width(const char *name)
{
    unsigned width = 0;

    for (const char *c = name; *c; c = g_utf8_next_char(c))
        width += g_unichar_iswide(g_utf8_get_char(c)) ? 2 : 1;
    return width;
}

char *dx__plot_shorten(const char *name, unsigned width)
{
    const unsigned half = (width - 3) / 2;
    const char *head = name, *tail;
    unsigned n = 0;

    if (dx__plot_width(name) <= width)
        return g_strdup(name);
    while (n + 2 <= half) {
        n += g_unichar_iswide(g_utf8_get_char(head)) ? 2 : 1;
        head = g_utf8_next_char(head);
    }
    tail = name + strlen(name);
    for (n = 0; n + 2 <= half; n += g_unichar_iswide(g_utf8_get_char(tail)) ? 2 : 1)
        tail = g_utf8_prev_char(tail);
    return g_strdup_printf("%.*s...%s", (int)(head - name), name, tail);
}

void dx__plot_set_legend(DxDrawing *drawing, const char *const *names, unsigned n, const char *others)
{
    const unsigned n_keys = n + (*others != '\0');
    unsigned longest = dx__plot_width(others), rows = 0;

    for (unsigned i = 0; i < n; i++) {
        g_autofree char *name = dx__plot_shorten(names[i], BELOW_WIDTH);

        longest = MAX(longest, dx__plot_width(name));
        dx__plot_set_text_at(drawing, "name", i + 1, name);
    }
    if ((longest > LEGEND_WIDTH || drawing->has_side) && n_keys > 1) {
        const unsigned columns = MAX(BELOW_COLUMNS / (longest + SAMPLE_COLUMNS), 1);

        rows = (n_keys + columns - 1) / columns;
    }
    dx__plot_set_text(drawing, "others", others);
    dx__plot_set_int(drawing, "n_keys", (int)n_keys);
    dx__plot_set_int(drawing, "key_rows", (int)rows);
}

static char *others_text(const DxChart *chart)
{
    const unsigned n = chart->n_found - chart->n_named, n_grey = chart->curves->len - chart->n_named;

    if (!n)
        return g_strdup("");
    if (n_grey < n)
        return g_strdup_printf("%u of %u others", n_grey, n);
    return g_strdup_printf("%u other%s", n, n == 1 ? "" : "s");
}

/* -- as a table -------------------------------------------------------------------------------------- */

void dx__chart_draw(const DxChart *chart, DxDrawing *drawing, const char *x_name)
{
    g_autofree char *others = others_text(chart);
    const char *names[DX_PLOT_NAMED];
    const double nothing = NAN;

    for (unsigned c = 0; c < chart->n_named; c++)
        names[c] = dx__chart_curve(chart, c)->name;
    dx__plot_set_int(drawing, "n_curves", (int)chart->curves->len);
    dx__plot_set_int(drawing, "n_named", (int)chart->n_named);
    dx__plot_set_legend(drawing, names, chart->n_named, others);
    g_ptr_array_add(drawing->header, g_strdup(x_name));
    for (guint c = 0; c < chart->curves->len; c++)
        g_ptr_array_add(drawing->header, g_strdup(dx__chart_curve(chart, c)->name));
    for (guint i = 0; i < chart->x->len; i++) {
        g_array_append_val(drawing->cells, g_array_index(chart->x, double, i));
        for (guint c = 0; c < chart->curves->len; c++) {
            const GArray *values = dx__chart_curve(chart, c)->values;

            g_array_append_val(drawing->cells,
                               *(i < values->len ? &g_array_index(values, double, i) : &nothing));
        }
    }
}
