/*
 * series - samples of the rows at regular times
 *
 * Samples go to whoever asked for them. Beside those of each object there are the network's drops, reason by
 * reason, from the first drop on.
 */
#include "results-priv.h"

#include <string.h>

#define EVERYTHING "all" /* object of what is summed over the network */

/* What a sample says of a row. */
typedef enum {
    NOW,   /* as it is */
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
    { "link", "rx_power_dbm", "rx_power_dbm", NOW, NULL, NULL },
    { "link", "margin_db", "margin_db", NOW, NULL, NULL },
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
    { "session", "state", "state", NOW, NULL, NULL },
    { "node", "routes", "routes", NOW, NULL, NULL },
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
} Column;

/* Drops for one reason, wherever they happen. */
typedef struct {
    char *metric;              /* of the sample */
    guint first_drop, n_drops; /* of DxSeries.drops */
    uint64_t before;
} Total;

struct DxSeries {
    DxResults *results;
    DxTime period_ps;
    GArray *columns; /* Column */
    GArray *totals;  /* Total, in the order of the first row of each reason */
    GArray *drops;   /* guint: rows, column by column, then total by total */
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
                            .sampling = sampling };

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

static void total_clear(gpointer data)
{
    g_free(((Total *)data)->metric);
}

/* "dropped_queue_full" of links and nodes is "dropped_queue_full_frames" of all. "dropped_frames" is no
 * reason. */
static void find_totals(DxSeries *series)
{
    g_autoptr(GHashTable) rows =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref); /* by the name's pointer */
    g_autoptr(GPtrArray) reasons = g_ptr_array_new();

    for (guint i = 0; i < dx_results_n_rows(series->results); i++) {
        const DxRow *row = dx_results_row(series->results, i);
        GArray *list;

        if ((strcmp(row->kind, "link") && strcmp(row->kind, "node")) || !dx__row_is_drop(row) ||
            !strcmp(row->metric, "dropped_frames"))
            continue;
        list = g_hash_table_lookup(rows, row->metric);
        if (!list) {
            g_hash_table_insert(rows, (gpointer)row->metric, list = g_array_new(FALSE, FALSE, sizeof(guint)));
            g_ptr_array_add(reasons, (gpointer)row->metric);
        }
        g_array_append_val(list, i);
    }
    for (guint i = 0; i < reasons->len; i++) {
        const GArray *list = g_hash_table_lookup(rows, g_ptr_array_index(reasons, i));
        const Total total = { .metric = g_strconcat(g_ptr_array_index(reasons, i), "_frames", NULL),
                              .first_drop = series->drops->len,
                              .n_drops = list->len };

        g_array_append_val(series->totals, total);
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

DxSeries *dx_series_new(DxResults *results, DxTime period_ps)
{
    DxSeries *series = g_new0(DxSeries, 1);

    series->results = results;
    series->period_ps = period_ps;
    series->columns = g_array_new(FALSE, TRUE, sizeof(Column));
    series->totals = g_array_new(FALSE, TRUE, sizeof(Total));
    g_array_set_clear_func(series->totals, total_clear);
    series->drops = g_array_new(FALSE, FALSE, sizeof(guint));
    series->samples = g_array_new(FALSE, FALSE, sizeof(DxSample));
    for (guint i = 0; i < dx_results_n_rows(results); i++) {
        const DxRow *row = dx_results_row(results, i);

        for (unsigned k = 0; k < G_N_ELEMENTS(samplings); k++)
            if (is_of(&samplings[k], row))
                add_column(series, i, &samplings[k]);
    }
    find_drops(series);
    find_totals(series);
    watch_highest(series);
    return series;
}

void dx_series_free(DxSeries *series)
{
    if (!series)
        return;
    g_array_unref(series->columns);
    g_array_unref(series->totals);
    g_array_unref(series->drops);
    g_array_unref(series->samples);
    g_free(series);
}

void dx_series_set_sink(DxSeries *series, DxSampleFn fn, void *data)
{
    series->has_sink = true;
    series->sink = fn;
    series->sink_data = data;
}

/* -- sampling ---------------------------------------------------------------------------------------- */

static uint64_t sum_of_drops(const DxSeries *series, guint first, guint n)
{
    const guint *row = (const guint *)(void *)series->drops->data + first;
    uint64_t sum = 0;

    for (guint i = 0; i < n; i++)
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
        sample->value = growth(&column->before, sum_of_drops(series, column->first_drop, column->n_drops));
        break;
    case COUNT:
        sample->value = growth(&column->before, row->value);
        break;
    case SHARE:
        take_share(series, column, row->value, sample);
        break;
    }
}

static void hand_on(DxSeries *series, const DxSample *sample)
{
    if (series->sink)
        series->sink(sample, series->sink_data);
    else if (!series->has_sink)
        g_array_append_vals(series->samples, sample, 1);
}

static void sample_total(DxSeries *series, Total *total, DxTime now_ps)
{
    const uint64_t sum = sum_of_drops(series, total->first_drop, total->n_drops);
    const DxSample sample = {
        .t_ps = now_ps, .object = EVERYTHING, .metric = total->metric, .value = sum - total->before
    };

    total->before = sum;
    if (sum)
        hand_on(series, &sample);
}

void dx_series_sample(DxSeries *series, DxTime now_ps)
{
    dx_results_refresh(series->results);
    for (guint i = 0; i < series->columns->len; i++) {
        Column *column = column_at(series, i);
        const DxRow *row = dx_results_row(series->results, column->row);
        DxSample sample = { .t_ps = now_ps, .object = row->object, .metric = column->sampling->sampled };

        sample_column(series, column, row, &sample);
        column->highest = MAX(column->highest, sample.value);
        hand_on(series, &sample);
    }
    for (guint i = 0; i < series->totals->len; i++)
        sample_total(series, &g_array_index(series->totals, Total, i), now_ps);
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
