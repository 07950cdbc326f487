/*
 * series - samples of the rows at regular times
 *
 * Samples go to whoever asked for them. What stays here, for pictures, does not grow with time: when a curve
 * has as many points as it may, every two become one, and from then on a point stands for twice as many
 * samples.
 */
#include "results-priv.h"

#include <string.h>

/* Of all curves together; each has at least POINTS_MIN. */
#define POINTS_OF_ALL (1u << 22)
#define POINTS_MIN    100

/* What a sample says of a row. */
typedef enum {
    NOW,   /* as it is */
    LOW,   /* the same; of two points the lower one counts */
    RATE,  /* octets of the period, as bps */
    PEAK,  /* of the period; `beside`: the level it is the peak of */
    DROPS, /* of the period, whatever the reason; the row is any of a link */
    COUNT, /* of the period */
    SHARE, /* the same, of `beside` */
} How;

/* What a row becomes in a series. */
typedef struct {
    const char *kind, *metric; /* of the row */
    const char *sampled;       /* of the sample */
    How how;
    const char *beside;  /* another row that it takes; NULL: none. Of a rate: counted, but yet to happen */
    const char *highest; /* row for the highest sample of the run; NULL: none */
} Sampling;

static const Sampling samplings[] = {
    { "flow", "delivered_bytes", "goodput_bps", RATE, NULL, "goodput_max_bps" },
    { "link", "tx_wire_bytes", "throughput_bps", RATE, "unsent_bytes", "throughput_max_bps" },
    { "link", "queue_bytes", "queue_bytes", NOW, NULL, NULL },
    { "link", "queue_peak_bytes", "queue_peak_bytes", PEAK, "queue_bytes", NULL },
    { "link", "tx_frames", "dropped_frames", DROPS, NULL, NULL },
    { "link", "rx_power_dbm", "rx_power_dbm", LOW, NULL, NULL },
    { "link", "margin_db", "margin_db", LOW, NULL, NULL },
    { "link", "pre_fec_ber", "pre_fec_ber", NOW, NULL, NULL },
    { "link", "dropped_bit_errors", "crc_errors_frames", COUNT, NULL, NULL },
    { "link", "dropped_bit_errors", "frame_error_ratio", SHARE, "tx_frames", NULL },
    { "model", "queue_bytes", "queue_bytes", NOW, NULL, NULL },
    { "model", "queue_peak_bytes", "queue_peak_bytes", PEAK, "queue_bytes", NULL },
    { "model", "green_bytes", "green_bps", RATE, NULL, NULL },
    { "model", "yellow_bytes", "yellow_bps", RATE, NULL, NULL },
    { "model", "red_bytes", "red_bps", RATE, NULL, NULL },
    { "vif", "tx_bytes", "throughput_bps", RATE, NULL, "throughput_max_bps" },
    { "vif", "rx_bytes", "goodput_bps", RATE, NULL, "goodput_max_bps" },
    { "lag", "working", "working", NOW, NULL, NULL },
    { "lag", "imbalance", "imbalance", NOW, NULL, NULL },
};

#define NO_ROW UINT_MAX

typedef struct {
    guint row;                 /* that is watched */
    guint beside;              /* NO_ROW: none */
    guint first_drop, n_drops; /* of DxSeries.drops */
    const Sampling *sampling;
    uint64_t before, beside_before; /* at the sample before: of what grows its value, of a peak its level */
    uint64_t highest;               /* sample so far */
    GArray *points;                 /* double: sums of rates, highest of others */
} Column;

struct DxSeries {
    DxResults *results;
    DxTime period_ps;
    GArray *columns;            /* Column */
    GArray *drops;              /* guint: rows, column by column */
    GArray *times;              /* DxTime of each point */
    uint64_t n_samples, stride; /* taken so far; how many make a point */
    unsigned max_points;
    bool has_sink;
    DxSampleFn sink;
    void *sink_data;
    GArray *samples; /* DxSample */
};

static bool is_of(const Sampling *sampling, const DxRow *row)
{
    return !strcmp(sampling->kind, row->kind) && !strcmp(sampling->metric, row->metric);
}

static Column *column_at(const DxSeries *series, guint i)
{
    return &g_array_index(series->columns, Column, i);
}

/* -- making ------------------------------------------------------------------------------------------ */

/* The row of the same object that has this metric, near @row: rows of an object come together. */
static guint row_of(const DxSeries *series, guint row, const char *metric)
{
    const DxRow *whose = dx_results_row(series->results, row);
    const DxRow *found = metric ? dx_results_find(series->results, whose->kind, whose->object, metric) : NULL;

    return found ? dx__results_index(series->results, found) : NO_ROW;
}

static void add_column(DxSeries *series, guint row, const Sampling *sampling)
{
    const Column column = { .row = row,
                            .beside = row_of(series, row, sampling->beside),
                            .sampling = sampling,
                            .points = g_array_new(FALSE, FALSE, sizeof(double)) };

    g_array_append_val(series->columns, column);
}

/* Rows of drops, gathered by the column they belong to. One walk over all rows: there may be many. */
static void find_drops(DxSeries *series)
{
    g_autoptr(GHashTable) rows =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref); /* by the name's pointer */

    for (guint i = 0; i < dx_results_n_rows(series->results); i++) {
        const DxRow *row = dx_results_row(series->results, i);
        GArray *list;

        if (strcmp(row->kind, "link") || !dx__row_is_drop(row))
            continue;
        list = g_hash_table_lookup(rows, row->object);
        if (!list)
            g_hash_table_insert(rows, (gpointer)row->object, list = g_array_new(FALSE, FALSE, sizeof(guint)));
        g_array_append_val(list, i);
    }
    for (guint i = 0; i < series->columns->len; i++) {
        Column *column = column_at(series, i);
        const GArray *list = g_hash_table_lookup(rows, dx_results_row(series->results, column->row)->object);

        if (column->sampling->how != DROPS || !list)
            continue;
        column->first_drop = series->drops->len;
        column->n_drops = list->len;
        g_array_append_vals(series->drops, list->data, list->len);
    }
}

/* Once the columns stay where they are. */
static void watch_highest(DxSeries *series)
{
    for (guint i = 0; i < series->columns->len; i++) {
        Column *column = column_at(series, i);
        const DxRow row = *dx_results_row(series->results, column->row);

        if (column->sampling->highest)
            dx_results_watch(series->results, row.kind, row.object, column->sampling->highest, DX_COUNTER_MAX,
                             &column->highest);
    }
}

bool dx__series_has_row(const char *metric)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(samplings); i++)
        if (!g_strcmp0(samplings[i].highest, metric))
            return true;
    return false;
}

static void column_clear(gpointer data)
{
    g_array_unref(((Column *)data)->points);
}

DxSeries *dx_series_new(DxResults *results, DxTime period_ps)
{
    DxSeries *series = g_new0(DxSeries, 1);

    series->results = results;
    series->period_ps = period_ps;
    series->columns = g_array_new(FALSE, TRUE, sizeof(Column));
    g_array_set_clear_func(series->columns, column_clear);
    series->drops = g_array_new(FALSE, FALSE, sizeof(guint));
    series->times = g_array_new(FALSE, FALSE, sizeof(DxTime));
    series->samples = g_array_new(FALSE, FALSE, sizeof(DxSample));
    series->stride = 1;
    for (guint i = 0; i < dx_results_n_rows(results); i++) {
        const DxRow *row = dx_results_row(results, i);

        for (unsigned k = 0; k < G_N_ELEMENTS(samplings); k++)
            if (is_of(&samplings[k], row))
                add_column(series, i, &samplings[k]);
    }
    find_drops(series);
    watch_highest(series);
    series->max_points =
        CLAMP(POINTS_OF_ALL / MAX(series->columns->len, 1), POINTS_MIN, DX_SERIES_POINTS) & ~1u;
    return series;
}

void dx_series_free(DxSeries *series)
{
    if (!series)
        return;
    g_array_unref(series->columns);
    g_array_unref(series->drops);
    g_array_unref(series->times);
    g_array_unref(series->samples);
    g_free(series);
}

void dx_series_set_sink(DxSeries *series, DxSampleFn fn, void *data)
{
    series->has_sink = true;
    series->sink = fn;
    series->sink_data = data;
}

/* -- thinning out ------------------------------------------------------------------------------------ */

static double join(const Column *column, double a, double b)
{
    switch (column->sampling->how) {
    case RATE:
        return a + b;
    case LOW:
        return MIN(a, b);
    default:
        return MAX(a, b);
    }
}

/* Every two points become one. */
static void halve(DxSeries *series)
{
    const guint n = series->times->len / 2;

    for (guint c = 0; c < series->columns->len; c++) {
        Column *column = column_at(series, c);
        double *point = (double *)(void *)column->points->data;

        for (guint i = 0; i < n; i++)
            point[i] = join(column, point[2 * i], point[2 * i + 1]);
        g_array_set_size(column->points, n);
    }
    for (guint i = 0; i < n; i++)
        g_array_index(series->times, DxTime, i) = g_array_index(series->times, DxTime, 2 * i + 1);
    g_array_set_size(series->times, n);
    series->stride *= 2;
}

static void begin_sample(DxSeries *series, DxTime now_ps)
{
    if (series->n_samples % series->stride == 0) {
        if (series->times->len == series->max_points)
            halve(series);
        if (series->n_samples % series->stride == 0)
            g_array_append_val(series->times, now_ps);
    }
    series->n_samples++;
    g_array_index(series->times, DxTime, series->times->len - 1) = now_ps;
}

static void add_point(const DxSeries *series, Column *column, double value)
{
    double *last;

    if (column->points->len < series->times->len) {
        g_array_append_val(column->points, value);
        return;
    }
    last = &g_array_index(column->points, double, column->points->len - 1);
    *last = join(column, *last, value);
}

/* -- sampling ---------------------------------------------------------------------------------------- */

static uint64_t drops_of(const DxSeries *series, const Column *column)
{
    const guint *row = (const guint *)(void *)series->drops->data + column->first_drop;
    uint64_t sum = 0;

    for (guint i = 0; i < column->n_drops; i++)
        sum += dx_results_row(series->results, row[i])->value;
    return sum;
}

static uint64_t beside(const DxSeries *series, const Column *column)
{
    return column->beside == NO_ROW ? 0 : dx_results_row(series->results, column->beside)->value;
}

/* What has grown since the sample before. */
static uint64_t growth(uint64_t *before, uint64_t now)
{
    const uint64_t more = now - *before;

    *before = now;
    return more;
}

/* A peak is at least the level that the period began with. */
static uint64_t peak(const DxSeries *series, Column *column, uint64_t highest)
{
    const uint64_t began = column->before;

    column->before = beside(series, column);
    return MAX(highest, began);
}

static void take_share(const DxSeries *series, Column *column, uint64_t now, DxSample *sample)
{
    const uint64_t part = growth(&column->before, now);
    const uint64_t whole = growth(&column->beside_before, beside(series, column));

    sample->is_real = true;
    sample->real = whole ? MIN((double)part / (double)whole, 1) : part > 0; /* sent in the period before */
}

static void sample_column(const DxSeries *series, Column *column, const DxRow *row, DxSample *sample)
{
    switch (column->sampling->how) {
    case NOW:
    case LOW:
        sample->is_real = row->is_real;
        sample->value = row->value;
        sample->real = row->real;
        break;
    case RATE:
        sample->value =
            dx__rate_bps(growth(&column->before, row->value - beside(series, column)), series->period_ps);
        break;
    case PEAK:
        sample->value = peak(series, column, row->value);
        break;
    case DROPS:
        sample->value = growth(&column->before, drops_of(series, column));
        break;
    case COUNT:
        sample->value = growth(&column->before, row->value);
        break;
    case SHARE:
        take_share(series, column, row->value, sample);
        break;
    }
}

void dx_series_sample(DxSeries *series, DxTime now_ps)
{
    dx_results_refresh(series->results);
    begin_sample(series, now_ps);
    for (guint i = 0; i < series->columns->len; i++) {
        Column *column = column_at(series, i);
        const DxRow *row = dx_results_row(series->results, column->row);
        DxSample sample = { .t_ps = now_ps, .object = row->object, .metric = column->sampling->sampled };

        sample_column(series, column, row, &sample);
        column->highest = MAX(column->highest, sample.value);
        add_point(series, column, sample.is_real ? sample.real : (double)sample.value);
        if (series->sink)
            series->sink(&sample, series->sink_data);
        else if (!series->has_sink)
            g_array_append_val(series->samples, sample);
    }
}

char *dx_sample_text(const DxSample *sample)
{
    const DxRow row = { .is_real = sample->is_real, .value = sample->value, .real = sample->real };

    return dx_row_text(&row);
}

/* -- reading ----------------------------------------------------------------------------------------- */

size_t dx_series_n(const DxSeries *series)
{
    return series->samples->len;
}

const DxSample *dx_series_at(const DxSeries *series, size_t index)
{
    return &g_array_index(series->samples, DxSample, index);
}

unsigned dx_series_n_points(const DxSeries *series)
{
    return series->times->len;
}

DxTime dx_series_point_ps(const DxSeries *series, unsigned point)
{
    return g_array_index(series->times, DxTime, point);
}

unsigned dx_series_n_curves(const DxSeries *series)
{
    return series->n_samples ? series->columns->len : 0;
}

const char *dx_series_curve(const DxSeries *series, unsigned curve, const char **metric)
{
    const Column *column = column_at(series, curve);

    *metric = column->sampling->sampled;
    return dx_results_row(series->results, column->row)->object;
}

double dx_series_value(const DxSeries *series, unsigned curve, unsigned point)
{
    const Column *column = column_at(series, curve);
    const double value = g_array_index(column->points, double, point);
    const uint64_t last = series->n_samples - (series->times->len - 1) * series->stride;

    if (column->sampling->how != RATE)
        return value;
    return value / (double)(point + 1 < series->times->len ? series->stride : last);
}
