/*
 * plot-latency - distributions of latency, from latency.csv
 *
 * The buckets are those of the histograms, 128 to a power of two; the exact least and greatest stand in
 * summary.csv.
 */
#include <dxsim/histogram.h>
#include "hash-priv.h"
#include "plot-priv.h"

#include <math.h>
#include <string.h>

#define BINS_MAX 64

typedef struct {
    char *name;
    unsigned index;
    DxHistogram latency; /* buckets, and count; least and greatest of summary.csv */
} Flow;

typedef struct {
    const char *label; /* NULL: no other run is beside it */
    GHashTable *found; /* name -> Flow of this run */
    GPtrArray *flows;  /* Flow of all runs */
} Reader;

/* -- reading ----------------------------------------------------------------------------------------- */

static void flow_free(gpointer data)
{
    Flow *flow = data;

    dx_histogram_clear(&flow->latency);
    g_free(flow->name);
    g_free(flow);
}

static Flow *flow_of(Reader *reader, const char *name)
{
    Flow *flow = g_hash_table_lookup(reader->found, name);

    if (flow)
        return flow;
    flow = g_new0(Flow, 1);
    flow->name = reader->label ? g_strdup_printf("%s: %s", reader->label, name) : g_strdup(name);
    flow->index = reader->flows->len;
    dx_histogram_init(&flow->latency);
    g_hash_table_insert(reader->found, g_strdup(name), flow);
    g_ptr_array_add(reader->flows, flow);
    return flow;
}

static bool take_bucket(const char *const *cells, unsigned row, void *data, GError **error)
{
    DxHistogram *latency = &flow_of(data, cells[0])->latency;
    guint64 low_ps, count;
    uint64_t *octave;
    unsigned index;

    (void)row;
    if (!g_ascii_string_to_unsigned(cells[1], 10, 0, G_MAXUINT64, &low_ps, NULL) ||
        !g_ascii_string_to_unsigned(cells[3], 10, 1, G_MAXUINT64 / 2, &count, NULL) ||
        count > G_MAXUINT64 / 2 - latency->count) {
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "this is no bucket of a histogram");
        return false;
    }
    index = dx_histogram_index(low_ps);
    octave = latency->octave[index >> DX_HISTOGRAM_SUB_BITS];
    if (!octave)
        octave = dx__histogram_open(latency, index >> DX_HISTOGRAM_SUB_BITS);
    octave[index & ((1u << DX_HISTOGRAM_SUB_BITS) - 1)] += count;
    latency->min = latency->count ? MIN(latency->min, low_ps) : low_ps;
    latency->max = MAX(latency->max, dx_histogram_bucket_high(index));
    latency->count += count;
    return true;
}

/* The exact ends, where they agree with the buckets. */
static bool take_row(const char *const *cells, unsigned row, void *data, GError **error)
{
    const Reader *reader = data;
    Flow *flow = strcmp(cells[0], "flow") ? NULL : g_hash_table_lookup(reader->found, cells[1]);
    guint64 value;

    (void)row;
    (void)error;
    if (!flow || !g_ascii_string_to_unsigned(cells[3], 10, 0, G_MAXUINT64, &value, NULL))
        return true;
    if (!strcmp(cells[2], "latency_min_ps") &&
        dx_histogram_index(value) == dx_histogram_index(flow->latency.min))
        flow->latency.min = value;
    if (!strcmp(cells[2], "latency_max_ps") &&
        dx_histogram_index(value) == dx_histogram_index(flow->latency.max))
        flow->latency.max = value;
    return true;
}

static bool read_run(GPtrArray *flows, const DxPlotRun *run, bool has_label, GError **error)
{
    static const char *const buckets[] = { "flow", "low_ps", "high_ps", "count", NULL };
    static const char *const rows[] = { "kind", "object", "metric", "value", NULL };
    Reader reader = { .label = has_label ? run->label : NULL, .flows = flows };
    bool done;

    if (!dx__plot_has(run, "latency.csv"))
        return dx__plot_nothing(error, "there is no latency.csv");
    reader.found = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    done = dx__plot_read(run, "latency.csv", buckets, take_bucket, &reader, error) &&
           dx__plot_read(run, "summary.csv", rows, take_row, &reader, error);
    g_hash_table_unref(reader.found);
    return done;
}

/* -- charts ------------------------------------------------------------------------------------------ */

static int compare_count(gconstpointer a, gconstpointer b)
{
    const Flow *x = *(const Flow *const *)a, *y = *(const Flow *const *)b;

    if (x->latency.count != y->latency.count)
        return x->latency.count < y->latency.count ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

static int compare_index(gconstpointer a, gconstpointer b)
{
    const Flow *x = *(const Flow *const *)a, *y = *(const Flow *const *)b;

    return (x->index > y->index) - (x->index < y->index);
}

static double seconds(uint64_t ps)
{
    return (double)ps / (double)DX_S;
}

typedef struct {
    uint64_t min, max;
    bool *is_used; /* by bucket */
} Span;

static void span_init(Span *span, const GPtrArray *flows)
{
    *span = (Span){ UINT64_MAX, 0, g_new0(bool, DX_HISTOGRAM_BUCKETS) };
    for (guint i = 0; i < flows->len; i++) {
        const DxHistogram *latency = &((Flow *)g_ptr_array_index(flows, i))->latency;

        span->min = MIN(span->min, latency->min);
        span->max = MAX(span->max, latency->max);
        for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++)
            span->is_used[b] |= dx_histogram_at(latency, b) > 0;
    }
}

/* From the last row at 0 to the first at 1; none before and behind, where it would hide other curves. */
static void add_cdf(DxChart *chart, const Flow *flow, const Span *span)
{
    DxCurve *curve = dx__chart_add(chart, g_strdup(flow->name));
    const DxHistogram *latency = &flow->latency;
    double before = 0, none = NAN;
    uint64_t n = 0;

    curve->weight = (double)latency->count;
    g_array_append_val(curve->values, before);
    for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++) {
        double share;

        if (!span->is_used[b])
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
static void chart_cdf(DxChart *chart, const GPtrArray *flows, const Span *span)
{
    for (unsigned b = 0; b < DX_HISTOGRAM_BUCKETS; b++) {
        /* at least 1 ps: the axis may be logarithmic */
        const double start = seconds(MAX(span->min, 1));
        const double end = seconds(MAX(MIN(dx_histogram_bucket_high(b), span->max), 1));

        if (span->is_used[b] && !chart->x->len)
            g_array_append_val(chart->x, start);
        if (span->is_used[b])
            g_array_append_val(chart->x, end);
    }
    for (guint i = 0; i < flows->len; i++)
        add_cdf(chart, g_ptr_array_index(flows, i), span);
}

/* -- bins: several buckets together; of each its first bucket, then the one behind the last ---------- */

static unsigned bucket_after(uint64_t ps)
{
    const unsigned index = dx_histogram_index(ps);

    return index + (dx_histogram_bucket_low(index) < ps);
}

/* For a linear axis: of one width, a power of two that no bucket is wider than. */
static void even_bins(GArray *bins, const Span *span)
{
    const unsigned last = dx_histogram_index(span->max);
    uint64_t width = 1;

    while (span->max / width - span->min / width + 1 > BINS_MAX ||
           dx_histogram_bucket_high(last) - dx_histogram_bucket_low(last) >= width)
        width *= 2;
    for (uint64_t at = span->min / width; at <= span->max / width + 1; at++) {
        const unsigned bucket = bucket_after(at * width);

        g_array_append_val(bins, bucket);
    }
}

/* For a logarithmic one: 8, 4, 2 or 1 to an octave, as nearly as buckets allow: 128 (2^(j/8) - 1). */
static void log_bins(GArray *bins, const Span *span)
{
    static const unsigned cuts[] = { 0, 12, 24, 38, 53, 69, 87, 107 };
    const unsigned first = dx_histogram_index(span->min) >> DX_HISTOGRAM_SUB_BITS;
    const unsigned last = dx_histogram_index(span->max) >> DX_HISTOGRAM_SUB_BITS;
    unsigned step = 1;

    while (step < G_N_ELEMENTS(cuts) && (last - first + 1) * G_N_ELEMENTS(cuts) / step > BINS_MAX)
        step *= 2;
    for (unsigned octave = first; octave <= last + 1; octave++)
        for (unsigned i = 0; i < (octave > last ? 1 : G_N_ELEMENTS(cuts)); i += step) {
            const unsigned bucket = (octave << DX_HISTOGRAM_SUB_BITS) + cuts[i];

            g_array_append_val(bins, bucket);
        }
}

/* Those before the first value and behind the last show nothing. */
static void trim_bins(GArray *bins, const Span *span)
{
    const unsigned low = dx_histogram_index(span->min), high = dx_histogram_index(span->max);

    while (bins->len > 2 && g_array_index(bins, unsigned, 1) <= low)
        g_array_remove_index(bins, 0);
    while (bins->len > 2 && g_array_index(bins, unsigned, bins->len - 2) > high)
        g_array_set_size(bins, bins->len - 1);
}

static void add_histogram(DxChart *chart, const Flow *flow, const GArray *bins)
{
    DxCurve *curve = dx__chart_add(chart, g_strdup(flow->name));
    double share = 0;

    curve->weight = (double)flow->latency.count;
    g_array_append_val(curve->values, share);
    for (guint i = 0; i + 1 < bins->len; i++) {
        const unsigned end = MIN(g_array_index(bins, unsigned, i + 1), DX_HISTOGRAM_BUCKETS);
        uint64_t n = 0;

        for (unsigned b = g_array_index(bins, unsigned, i); b < end; b++)
            n += dx_histogram_at(&flow->latency, b);
        share = (double)n / (double)flow->latency.count;
        g_array_append_val(curve->values, share);
    }
    share = 0;
    g_array_append_val(curve->values, share);
}

/* A row where each bin begins; before the first and behind the last there is nothing. */
static void chart_histogram(DxChart *chart, const GPtrArray *flows, const Span *span)
{
    g_autoptr(GArray) bins = g_array_new(FALSE, FALSE, sizeof(unsigned));

    if (span->max / 3 > span->min)
        log_bins(bins, span);
    else
        even_bins(bins, span);
    trim_bins(bins, span);
    for (guint i = 0; i < bins->len; i++) {
        const unsigned at = g_array_index(bins, unsigned, i);
        const double start =
            seconds(MAX(at < DX_HISTOGRAM_BUCKETS ? dx_histogram_bucket_low(at) : span->max, 1));

        if (!i)
            g_array_append_val(chart->x, start);
        g_array_append_val(chart->x, start);
    }
    for (guint i = 0; i < flows->len; i++)
        add_histogram(chart, g_ptr_array_index(flows, i), bins);
}

/* -- figures ----------------------------------------------------------------------------------------- */

static double highest(const DxChart *chart)
{
    double high = 0;

    for (guint c = 0; c < chart->curves->len; c++)
        for (guint i = 0; i < dx__chart_curve(chart, c)->values->len; i++) {
            const double value = g_array_index(dx__chart_curve(chart, c)->values, double, i);

            high = value > high ? value : high; /* not if it is none */
        }
    return high;
}

static void set_axis(DxDrawing *drawing, const DxChart *chart)
{
    const double x_min = g_array_index(chart->x, double, 0);
    const double x_max = g_array_index(chart->x, double, chart->x->len - 1);
    const DxPlotScale *scale = dx__plot_scale(dx__plot_seconds, x_max > 3 * x_min ? 10 * x_min : x_min, 1);

    dx__plot_set_text(drawing, "x_unit", scale->unit);
    dx__plot_set_real(drawing, "x_unit_s", scale->base);
    dx__plot_set_real(drawing, "x_min", x_min / scale->base);
    dx__plot_set_real(drawing, "x_max", x_max / scale->base);
}

typedef void (*MakeChart)(DxChart *chart, const GPtrArray *flows, const Span *span);

static void draw_flows(DxDrawing *drawing, GPtrArray *flows, guint n_found, MakeChart make)
{
    DxChart chart;
    Span span;

    dx__chart_init(&chart);
    span_init(&span, flows);
    make(&chart, flows, &span);
    chart.n_found = n_found;
    dx__chart_choose(&chart, 0);
    set_axis(drawing, &chart);
    dx__plot_set_real(drawing, "y_max", highest(&chart));
    dx__chart_draw(&chart, drawing, "latency_s");
    if (chart.curves->len == 1)
        g_string_printf(drawing->title, "latency of %s", dx__chart_curve(&chart, 0)->name);
    else
        g_string_assign(drawing->title, "latency of each flow");
    g_free(span.is_used);
    dx__chart_clear(&chart);
}

static bool draw_latency(DxDrawing *drawing, MakeChart make, GError **error)
{
    const DxPlotSource *source = drawing->source;
    g_autoptr(GPtrArray) flows = g_ptr_array_new_with_free_func(flow_free);
    guint n_found;

    for (guint i = 0; i < source->runs->len; i++)
        if (!read_run(flows, dx__plot_run(source, i), source->runs->len > 1, error))
            return false;
    if (!flows->len)
        return dx__plot_nothing(error, "no frame was delivered");
    n_found = flows->len;
    g_ptr_array_sort(flows, compare_count);
    g_ptr_array_set_size(flows, (gint)MIN(flows->len, (guint)DX_PLOT_DRAWN));
    g_ptr_array_sort(flows, compare_index);
    draw_flows(drawing, flows, n_found, make);
    return true;
}

bool dx__plot_latency_cdf(DxDrawing *drawing, GError **error)
{
    return draw_latency(drawing, chart_cdf, error);
}

bool dx__plot_latency_histogram(DxDrawing *drawing, GError **error)
{
    return draw_latency(drawing, chart_histogram, error);
}
