/*
 * plot - pictures of a finished run: what is drawn, not how
 *
 * A chart is a column of times and one column of values per curve. Its script is plots/NAME.gp behind a few
 * lines that set what differs from run to run: title, units, how many curves. At most N_NAMED curves have a
 * colour, those that reach highest; more of them are grey, and of very many the rest is left out.
 */
#include <dxsim/csv.h>
#include <dxsim/line.h>
#include <dxsim/plot.h>
#include <dxsim/units.h>
#include "gnuplot-priv.h"
#include "plot-priv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define TIMEOUT_S 60
#define N_NAMED   7 /* colours of Okabe and Ito that are dark enough for a line */
#define N_DRAWN   64
#define FAINT     0.01 /* of the highest: not worth a colour */
#define LONG_NAME 16   /* characters: beside the picture there is no room for longer ones */

/* Made from plots/ by tools/embed.sh. */
extern const char *const dx__embedded_queue, *const dx__embedded_throughput, *const dx__embedded_latency_cdf,
                                                                                 *const dx__embedded_level;

#define MICRO "\302\265"

typedef struct {
    const char *unit;
    double base; /* base units in one */
} Scale;

static const Scale seconds[] = {
    { "s", 1 }, { "ms", 1e-3 }, { MICRO "s", 1e-6 }, { "ns", 1e-9 }, { NULL, 0 }
};
static const Scale bytes[] = { { "GB", 1e9 }, { "MB", 1e6 }, { "kB", 1e3 }, { "B", 1 }, { NULL, 0 } };
static const Scale rates[] = { { "Tbps", 1e12 }, { "Gbps", 1e9 }, { "Mbps", 1e6 },
                               { "kbps", 1e3 },  { "bps", 1 },    { NULL, 0 } };

static const Scale dbm[] = { { "dBm", 1 }, { NULL, 0 } };
static const Scale db[] = { { "dB", 1 }, { NULL, 0 } };

typedef struct {
    char *name;
    unsigned index; /* in the order of the scenario */
    double weight;  /* the heaviest are drawn in colour */
    GArray *values; /* double, one per x */
} Curve;

typedef struct {
    GArray *x;         /* DxTime */
    GPtrArray *curves; /* Curve: named ones, then grey ones */
    unsigned n_named;  /* in colour */
    unsigned n_found;  /* before those beyond N_DRAWN were left out */
} Chart;

typedef struct {
    const char *name;
    const char *const *script;
    const char *metric; /* of the series; NULL: histograms of latency */
    bool is_mean;       /* of a time: the mean, else the peak */
    bool is_level;      /* at a time; may be negative, and the lowest is the worst */
    const Scale *scales;
    const char *title_each, *title_one;  /* "NAME: ..., "; the latter with the curve's name */
    const char *y_label;                 /* NULL: the script's own */
    const char *reference_title, *param; /* of the port: a line across, where it says something; NULL: none */
} Kind;

static const Kind kinds[] = {
    { "queue", &dx__embedded_queue, "queue_peak_bytes", false, false, bytes, "queue of each link", "queue of",
      NULL, "limit", "queue.limit" },
    { "throughput", &dx__embedded_throughput, "throughput_bps", true, false, rates, "throughput of each link",
      "throughput of", "Throughput", "line rate", "rate" },
    { "goodput", &dx__embedded_throughput, "goodput_bps", true, false, rates, "goodput of each flow",
      "goodput of", "Goodput", "", NULL },
    { "light", &dx__embedded_level, "rx_power_dbm", false, true, dbm, "light received over each link",
      "light received over", "Received power", "", NULL },
    { "margin", &dx__embedded_level, "margin_db", false, true, db, "margin of each link", "margin of",
      "Optical margin", "", NULL },
    { "latency-cdf", &dx__embedded_latency_cdf, NULL, false, false, NULL, "latency of each flow",
      "latency of", NULL, NULL, NULL },
};

const char *const dx_plot_names[] = {
    "queue", "throughput", "goodput", "light", "margin", "latency-cdf", NULL
};

/* -- charts ------------------------------------------------------------------------------------------ */

static void curve_free(gpointer data)
{
    Curve *curve = data;

    g_free(curve->name);
    g_array_unref(curve->values);
    g_free(curve);
}

static void chart_init(Chart *chart)
{
    chart->x = g_array_new(FALSE, FALSE, sizeof(DxTime));
    chart->curves = g_ptr_array_new_with_free_func(curve_free);
    chart->n_named = chart->n_found = 0;
}

static void chart_clear(Chart *chart)
{
    g_array_unref(chart->x);
    g_ptr_array_unref(chart->curves);
}

static Curve *chart_add(Chart *chart, const char *name)
{
    Curve *curve = g_new0(Curve, 1);

    curve->name = g_strdup(name);
    curve->index = chart->curves->len;
    curve->values = g_array_new(FALSE, TRUE, sizeof(double));
    g_ptr_array_add(chart->curves, curve);
    chart->n_found = chart->curves->len;
    return curve;
}

static const Curve *chart_curve(const Chart *chart, unsigned i)
{
    return g_ptr_array_index(chart->curves, i);
}

static double curve_value(const Curve *curve, unsigned i)
{
    return i < curve->values->len ? g_array_index(curve->values, double, i) : 0.0;
}

static int compare_index(gconstpointer a, gconstpointer b)
{
    const Curve *x = *(const Curve *const *)a, *y = *(const Curve *const *)b;

    return (x->index > y->index) - (x->index < y->index);
}

static int compare_weight(gconstpointer a, gconstpointer b)
{
    const Curve *x = *(const Curve *const *)a, *y = *(const Curve *const *)b;

    if (x->weight < y->weight || x->weight > y->weight)
        return x->weight < y->weight ? 1 : -1;
    return compare_index(a, b);
}

/* Heaviest first, cut, and those that get a colour back in the order of the scenario. A link that would
 * hardly rise above the axis gets none: the way back, when it carries little but keep-alives. */
static void chart_choose(Chart *chart, const Kind *kind)
{
    g_ptr_array_sort(chart->curves, compare_weight);
    if (chart->curves->len > N_DRAWN)
        g_ptr_array_set_size(chart->curves, N_DRAWN);
    chart->n_named = MIN(chart->curves->len, (unsigned)N_NAMED);
    while (kind->metric && !kind->is_level && chart->n_named > 1 &&
           chart_curve(chart, chart->n_named - 1)->weight < FAINT * chart_curve(chart, 0)->weight)
        chart->n_named--;
    qsort(chart->curves->pdata, chart->n_named, sizeof(gpointer), compare_index);
}

/* -- from a series ----------------------------------------------------------------------------------- */

/* Row 0 is the start, when nothing waited and nothing had been sent; a level was there before. */
static void read_series(Chart *chart, const Kind *kind, const DxSeries *series)
{
    const unsigned n = dx_series_n_points(series);
    DxTime at = 0;

    g_array_append_val(chart->x, at);
    for (unsigned i = 0; i < n; i++) {
        at = dx_series_point_ps(series, i);
        g_array_append_val(chart->x, at);
    }
    for (unsigned c = 0; c < dx_series_n_curves(series); c++) {
        const char *metric, *object = dx_series_curve(series, c, &metric);
        const double first = kind->is_level ? dx_series_value(series, c, 0) : 0;
        Curve *curve;

        if (strcmp(metric, kind->metric))
            continue;
        curve = chart_add(chart, object);
        curve->weight = kind->is_level ? -first : 0;
        g_array_append_val(curve->values, first);
        for (unsigned i = 0; i < n; i++) {
            const double value = dx_series_value(series, c, i);

            g_array_append_val(curve->values, value);
            curve->weight = MAX(curve->weight, kind->is_level ? -value : value);
        }
    }
}

/* -- from histograms --------------------------------------------------------------------------------- */

/* From the last row at 0 to the first at 1; none before and behind, where it would hide other curves. */
static void add_flow(Chart *chart, const char *name, const DxHistogram *latency, const bool *is_row)
{
    Curve *curve = chart_add(chart, name);
    double before = 0, none = NAN;
    uint64_t n = 0;

    curve->weight = (double)latency->count;
    g_array_append_val(curve->values, before);
    for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++) {
        double share;

        if (!is_row[b])
            continue;
        n += dx_histogram_at(latency, b);
        share = (double)n / (double)latency->count;
        if (!n)
            g_array_index(curve->values, double, curve->values->len - 1) = none;
        g_array_append_val(curve->values,
                           *(n == latency->count && !dx_histogram_at(latency, b) ? &none : &share));
    }
}

/* A row for each bucket that any flow uses, at its end, and one before the first at its beginning. The last
 * ends at the exact maximum. */
static void read_latencies(Chart *chart, const DxResults *results)
{
    g_autofree bool *is_row = g_new0(bool, DX_HISTOGRAM_BUCKETS);
    uint64_t min = UINT64_MAX, max = 0;

    for (unsigned i = 0; i < dx_results_n_groups(results); i++) {
        const DxHistogram *latency = dx_results_latency(results, i);

        min = MIN(min, latency->min);
        max = MAX(max, latency->max);
        for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++)
            is_row[b] |= dx_histogram_at(latency, b) > 0;
    }
    for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++) {
        /* at least 1 ps: the axis may be logarithmic */
        const DxTime start = (DxTime)MAX(min, 1), end = (DxTime)MAX(MIN(dx_histogram_bucket_high(b), max), 1);

        if (is_row[b] && !chart->x->len)
            g_array_append_val(chart->x, start);
        if (is_row[b])
            g_array_append_val(chart->x, end);
    }
    for (unsigned i = 0; i < dx_results_n_groups(results); i++)
        if (dx_results_latency(results, i)->count)
            add_flow(chart, dx_results_group_name(results, i), dx_results_latency(results, i), is_row);
}

/* -- files ------------------------------------------------------------------------------------------- */

static bool write_data(const Chart *chart, const Kind *kind, DxOutput *output, GError **error)
{
    g_autofree char *name = g_strdup_printf("plots/%s.csv", kind->name);
    DxFile *file = dx_output_open(output, name, error);

    if (!file)
        return false;
    dx_csv_text(file, kind->metric ? "time_s" : "latency_s");
    for (guint c = 0; c < chart->curves->len; c++)
        dx_csv_text(file, chart_curve(chart, c)->name);
    dx_csv_end_row(file);
    for (guint i = 0; i < chart->x->len; i++) {
        dx_csv_seconds(file, g_array_index(chart->x, DxTime, i));
        for (guint c = 0; c < chart->curves->len; c++)
            dx_csv_real(file, curve_value(chart_curve(chart, c), i));
        dx_csv_end_row(file);
    }
    return dx_file_close(file, error);
}

/* With a point: a whole number would be an int to gnuplot, and divide like one. */
void dx__plot_set_real(GString *script, const char *variable, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%.15g", value);
    g_string_append_printf(script, "%s = %s%s\n", variable, text, strpbrk(text, ".e") ? "" : ".0");
}

void dx__plot_set_text(GString *script, const char *variable, const char *value)
{
    g_autofree char *quoted = dx__gnuplot_quote(value);

    g_string_append_printf(script, "%s = %s\n", variable, quoted);
}

/* As the axes spell it. */
static char *period_text(DxTime period_ps)
{
    g_autofree char *text = dx_units_format(DX_UNIT_TIME, period_ps);
    char *unit = strstr(text, " us");

    if (!unit)
        return g_steal_pointer(&text);
    *unit = '\0';
    return g_strconcat(text, " " MICRO "s", NULL);
}

static char *title_of(const Chart *chart, const Kind *kind, const DxScenario *scenario)
{
    g_autofree char *period = chart->x->len > 1 ? period_text(g_array_index(chart->x, DxTime, 1)) : NULL;
    GString *title = g_string_new(dx_scenario_name(scenario));

    if (chart->curves->len == 1)
        g_string_append_printf(title, ": %s %s", kind->title_one, chart_curve(chart, 0)->name);
    else
        g_string_append_printf(title, ": %s", kind->title_each);
    if (kind->metric && period && !kind->is_level)
        g_string_append_printf(title, ", %s of every %s", kind->is_mean ? "mean" : "peak", period);
    return g_string_free(title, FALSE);
}

/* The largest unit that @value holds at least @n times; else the smallest. */
static const Scale *scale_for(const Scale *scales, double value, double n)
{
    while (scales[1].unit && value < n * scales->base)
        scales++;
    return scales;
}

/* Parameter of the port that is at the head of a link's direction; 0: no such number. */
static double port_param(const DxSim *sim, const char *link, const char *key)
{
    g_autofree char *name = g_strconcat(link, ".port", NULL);
    const DxNode *node = dx_sim_find(sim, name);
    const DxParam *params = node ? dx_node_model(node)->params : NULL;
    const DxParam *param = params ? dx_param_find(params, key) : NULL;
    const char *conf = node ? dx_node_conf(node) : NULL;
    uint64_t value = 0;
    DxLimit limit;

    if (param && param->type == DX_TYPE_RATE) {
        memcpy(&value, conf + param->offset, sizeof value);
    } else if (param && param->type == DX_TYPE_LIMIT) {
        memcpy(&limit, conf + param->offset, sizeof limit);
        value = limit.in_frames ? 0 : limit.value;
    }
    return (double)value;
}

/* What all named curves have in common, if they come near; 0: nothing. */
static double reference_of(const Chart *chart, const Kind *kind, const DxSim *sim, double y_max)
{
    double reference;

    if (!kind->param)
        return 0;
    reference = port_param(sim, chart_curve(chart, 0)->name, kind->param);
    for (unsigned c = 1; c < chart->n_named; c++) {
        const double other = port_param(sim, chart_curve(chart, c)->name, kind->param);

        if (other < reference || other > reference)
            return 0;
    }
    return 2 * y_max >= reference ? reference : 0;
}

static void set_values(GString *script, const Chart *chart, const Kind *kind, const DxSim *sim)
{
    double y_max = 0, reference;
    const Scale *scale;

    for (guint c = 0; c < chart->curves->len; c++)
        y_max = MAX(y_max, chart_curve(chart, c)->weight);
    reference = reference_of(chart, kind, sim, y_max);
    scale = scale_for(kind->scales, y_max, 1);
    dx__plot_set_text(script, "y_unit", scale->unit);
    dx__plot_set_real(script, "y_unit_base", scale->base);
    dx__plot_set_real(script, "y_max", y_max / scale->base);
    dx__plot_set_real(script, "reference", reference / scale->base);
    dx__plot_set_text(script, "reference_title", kind->reference_title);
    if (kind->y_label)
        dx__plot_set_text(script, "y_label", kind->y_label);
}

typedef struct {
    double warning, alarm, lost;
} Limits;

static bool find_limits(const DxSim *sim, const char *link, Limits *limits)
{
    g_autofree char *name = g_strconcat(link, ".fiber", NULL);
    const DxNode *node = dx_sim_find(sim, name);
    const DxLineModel *line = node ? dx_node_model(node)->line : NULL;
    DxLineLight light;

    if (!line)
        return false;
    line->light(dx_node_conf(node), &DX_LINE_AS_BUILT, true, &light);
    *limits = (Limits){ light.low_warning_dbm, light.low_alarm_dbm, light.lost_dbm };
    return true;
}

/* Where the receiver of the named curves, if it is the same for all, gives up. */
static bool common_limits(const Chart *chart, const DxSim *sim, Limits *limits)
{
    Limits other;

    for (unsigned c = 0; c < chart->n_named; c++) {
        if (!find_limits(sim, chart_curve(chart, c)->name, c ? &other : limits))
            return false;
        if (c && memcmp(&other, limits, sizeof other) != 0)
            return false;
    }
    return true;
}

static void set_limits(GString *script, const Chart *chart, const Kind *kind, const DxSim *sim)
{
    const bool is_margin = !strcmp(kind->scales->unit, "dB");
    Limits limits = { 0, 0, 0 };
    const bool is_common = common_limits(chart, sim, &limits);

    if (is_margin) {
        dx__plot_set_real(script, "limit_1", 0);
        dx__plot_set_text(script, "limit_title_1", "none left");
    } else if (is_common) {
        dx__plot_set_real(script, "limit_1", limits.warning);
        dx__plot_set_text(script, "limit_title_1", "low warning");
        dx__plot_set_real(script, "limit_2", limits.alarm);
        dx__plot_set_text(script, "limit_title_2", "low alarm");
        dx__plot_set_real(script, "limit_3", limits.lost);
        dx__plot_set_text(script, "limit_title_3", "no signal");
    }
    g_string_append_printf(script, "n_limits = %d\n", is_margin ? 1 : is_common ? 3 : 0);
}

static char *others_text(const Chart *chart)
{
    const unsigned n = chart->n_found - chart->n_named, n_grey = chart->curves->len - chart->n_named;

    if (n_grey < n)
        return g_strdup_printf("%u of %u others", n_grey, n);
    return g_strdup_printf("%u other%s", n, n == 1 ? "" : "s");
}

static bool has_long_names(const Chart *chart)
{
    for (unsigned c = 0; c < chart->n_named; c++)
        if (strlen(chart_curve(chart, c)->name) > LONG_NAME)
            return true;
    return false;
}

/* The lines before the script. */
static GString *settings(const Chart *chart, const Kind *kind, const DxScenario *scenario, const DxRun *run)
{
    GString *script = g_string_new(NULL);
    const double x_min = (double)g_array_index(chart->x, DxTime, 0) / (double)DX_S;
    const double x_max = (double)g_array_index(chart->x, DxTime, chart->x->len - 1) / (double)DX_S;
    const Scale *scale = kind->metric ? scale_for(seconds, x_max, 2) : scale_for(seconds, x_min, 1);
    g_autofree char *data = g_strdup_printf("%s.csv", kind->name);
    g_autofree char *title = title_of(chart, kind, scenario);
    g_autofree char *others = others_text(chart);

    g_string_append_printf(script, "# Draw it again: gnuplot %s.gp > %s.svg\n\n", kind->name, kind->name);
    dx__plot_set_text(script, "data", data);
    dx__plot_set_text(script, "title", title);
    g_string_append_printf(script, "n_curves = %u\nn_named = %u\n", chart->curves->len, chart->n_named);
    dx__plot_set_text(script, "others", others);
    g_string_append_printf(script, "has_long_names = %d\n", has_long_names(chart));
    dx__plot_set_text(script, "x_unit", scale->unit);
    dx__plot_set_real(script, "x_unit_s", scale->base);
    dx__plot_set_real(script, "x_min", x_min / scale->base);
    dx__plot_set_real(script, "x_max", x_max / scale->base);
    if (kind->metric) {
        set_values(script, chart, kind, run->sim);
        if (kind->is_level)
            set_limits(script, chart, kind, run->sim);
        dx__plot_marks(script, scenario, scale->base);
    }
    g_string_append_c(script, '\n');
    return script;
}

static bool write_text(DxOutput *output, const char *kind_name, const char *ending, const GString *text,
                       GError **error)
{
    g_autofree char *name = g_strdup_printf("plots/%s.%s", kind_name, ending);
    DxFile *file = dx_output_open(output, name, error);

    if (!file)
        return false;
    dx_file_write(file, text->str, text->len);
    return dx_file_close(file, error);
}

static bool draw(const Kind *kind, DxOutput *output, GError **error)
{
    g_autofree char *dir = g_build_filename(dx_output_path(output), "plots", NULL);
    g_autofree char *script = g_strdup_printf("%s.gp", kind->name);
    GString *svg = dx__gnuplot_svg(dir, script, TIMEOUT_S, error);
    bool done;

    if (!svg)
        return false;
    done = write_text(output, kind->name, "svg", svg, error);
    g_string_free(svg, TRUE);
    return done;
}

static bool plot_chart(Chart *chart, const Kind *kind, DxOutput *output, const DxScenario *scenario,
                       const DxRun *run, GError **error)
{
    GString *script;
    bool done;

    if (!chart->curves->len) {
        g_set_error(error, DX_ERROR, DX_ERROR_PLOT, "nothing to draw: %s",
                    kind->metric ? "the run had no sample of any link" : "no frame was delivered");
        return false;
    }
    chart_choose(chart, kind);
    script = settings(chart, kind, scenario, run);
    g_string_append(script, *kind->script);
    done = write_data(chart, kind, output, error) && write_text(output, kind->name, "gp", script, error);
    g_string_free(script, TRUE);
    return done && draw(kind, output, error);
}

bool dx_plot_draw(const char *name, DxOutput *output, const DxScenario *scenario, const DxRun *run,
                  GError **error)
{
    const Kind *kind = NULL;
    Chart chart;
    bool done;

    g_return_val_if_fail(name != NULL && output != NULL && scenario != NULL && run != NULL, false);
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (!strcmp(kinds[i].name, name))
            kind = &kinds[i];
    if (!kind) {
        g_set_error(error, DX_ERROR, DX_ERROR_UNKNOWN, "there is no plot \"%s\"", name);
        return false;
    }
    if (kind->metric && !run->series) {
        g_set_error(error, DX_ERROR, DX_ERROR_PLOT,
                    "a series is needed: \"outputs\": { \"series\": { \"period\": \"10 ms\" } }");
        return false;
    }
    chart_init(&chart);
    if (kind->metric)
        read_series(&chart, kind, run->series);
    else
        read_latencies(&chart, run->results);
    done = plot_chart(&chart, kind, output, scenario, run, error);
    chart_clear(&chart);
    if (!done)
        g_prefix_error(error, "plot %s: ", name);
    return done;
}
