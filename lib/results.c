/*
 * results - rows that watch counters, what is derived from them, and samples over time
 */
#include <dxsim/results.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A counter may be the sum of two: what a port and its fiber dropped for the same reason. */
#define MAX_WATCHED 2

typedef struct {
    DxRow row;
    uint64_t *from[MAX_WATCHED];
} Watch;

typedef struct {
    const char *name;
    const DxGroupStats *stats;
} Group;

struct DxResults {
    GArray *rows;      /* Watch */
    GHashTable *index; /* "kind\nobject\nmetric" -> row + 1 */
    GArray *groups;    /* Group */
    GStringChunk *strings;
    DxTime duration_ps, warmup_ps;
};

DxResults *dx_results_new(DxTime duration_ps, DxTime warmup_ps)
{
    DxResults *results = g_new0(DxResults, 1);

    results->rows = g_array_new(FALSE, TRUE, sizeof(Watch));
    results->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    results->groups = g_array_new(FALSE, TRUE, sizeof(Group));
    results->strings = g_string_chunk_new(4096);
    results->duration_ps = duration_ps;
    results->warmup_ps = warmup_ps;
    return results;
}

void dx_results_free(DxResults *results)
{
    if (!results)
        return;
    g_array_unref(results->rows);
    g_hash_table_unref(results->index);
    g_array_unref(results->groups);
    g_string_chunk_free(results->strings);
    g_free(results);
}

static char *key_of(const char *kind, const char *object, const char *metric)
{
    return g_strjoin("\n", kind, object, metric, NULL);
}

static Watch *watch_at(const DxResults *results, guint i)
{
    return &g_array_index(results->rows, Watch, i);
}

static Watch *find(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    char *key = key_of(kind, object, metric);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(results->index, key));

    g_free(key);
    return at ? watch_at(results, at - 1) : NULL;
}

static Watch *add(DxResults *results, const char *kind, const char *object, const char *metric,
                  DxCounterKind counter)
{
    Watch watch = { .row = { .kind = g_string_chunk_insert_const(results->strings, kind),
                             .object = g_string_chunk_insert_const(results->strings, object),
                             .metric = g_string_chunk_insert_const(results->strings, metric),
                             .counter = counter } };

    g_array_append_val(results->rows, watch);
    g_hash_table_insert(results->index, key_of(kind, object, metric), GUINT_TO_POINTER(results->rows->len));
    return watch_at(results, results->rows->len - 1);
}

void dx_results_watch(DxResults *results, const char *kind, const char *object, const char *metric,
                      DxCounterKind counter, uint64_t *from)
{
    Watch *watch = find(results, kind, object, metric);

    if (!watch)
        watch = add(results, kind, object, metric, counter);
    for (unsigned i = 0; i < MAX_WATCHED; i++)
        if (!watch->from[i]) {
            watch->from[i] = from;
            return;
        }
    g_return_if_reached();
}

void dx_results_watch_group(DxResults *results, const char *name, DxGroupStats *stats)
{
    Group group = { g_string_chunk_insert_const(results->strings, name), stats };

    g_array_append_val(results->groups, group);
    dx_results_watch(results, "flow", name, "sent_frames", DX_COUNTER_SUM, &stats->sent_frames);
    dx_results_watch(results, "flow", name, "sent_bytes", DX_COUNTER_SUM, &stats->sent_bytes);
    dx_results_watch(results, "flow", name, "delivered_frames", DX_COUNTER_SUM, &stats->delivered_frames);
    dx_results_watch(results, "flow", name, "delivered_bytes", DX_COUNTER_SUM, &stats->delivered_bytes);
    dx_results_watch(results, "flow", name, "reordered_frames", DX_COUNTER_SUM, &stats->reordered_frames);
    dx_results_watch(results, "flow", name, "gap_max_ps", DX_COUNTER_MAX, (uint64_t *)&stats->gap_max_ps);
}

static void refresh(DxResults *results, bool restart_peaks)
{
    for (guint i = 0; i < results->rows->len; i++) {
        Watch *watch = watch_at(results, i);

        if (!watch->from[0])
            continue;
        watch->row.value = 0;
        for (unsigned k = 0; k < MAX_WATCHED && watch->from[k]; k++) {
            watch->row.value += *watch->from[k];
            if (restart_peaks && watch->row.counter == DX_COUNTER_PEAK)
                *watch->from[k] = 0;
        }
    }
}

void dx_results_refresh(DxResults *results)
{
    refresh(results, true);
}

/* -- derived ----------------------------------------------------------------------------------------- */

static uint64_t value_of(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    const Watch *watch = find(results, kind, object, metric);

    return watch ? watch->row.value : 0;
}

static void derive(DxResults *results, const char *kind, const char *object, const char *metric,
                   uint64_t value)
{
    add(results, kind, object, metric, DX_COUNTER_GAUGE)->row.value = value;
}

static void derive_real(DxResults *results, const char *kind, const char *object, const char *metric,
                        double real)
{
    DxRow *row = &add(results, kind, object, metric, DX_COUNTER_GAUGE)->row;

    row->is_real = true;
    row->real = real;
}

static uint64_t rate_bps(uint64_t bytes, DxTime time_ps)
{
    if (time_ps <= 0)
        return 0;
    return (uint64_t)((unsigned __int128)bytes * 8 * (uint64_t)DX_S / (uint64_t)time_ps);
}

static void derive_group(DxResults *results, const Group *group, uint64_t pending)
{
    static const struct {
        const char *metric;
        uint32_t ppm;
    } quantiles[] = { { "latency_p50_ps", 500000 },
                      { "latency_p90_ps", 900000 },
                      { "latency_p99_ps", 990000 },
                      { "latency_p999_ps", 999000 } };
    const DxGroupStats *stats = group->stats;
    const uint64_t lost = stats->sent_frames - stats->delivered_frames - pending;

    derive(results, "flow", group->name, "pending_frames", pending);
    derive(results, "flow", group->name, "lost_frames", lost);
    derive_real(results, "flow", group->name, "loss_ratio",
                stats->sent_frames ? (double)lost / (double)stats->sent_frames : 0.0);
    derive(results, "flow", group->name, "latency_min_ps", stats->latency.count ? stats->latency.min : 0);
    derive(results, "flow", group->name, "latency_mean_ps", dx_histogram_mean(&stats->latency));
    for (unsigned i = 0; i < G_N_ELEMENTS(quantiles); i++)
        derive(results, "flow", group->name, quantiles[i].metric,
               dx_histogram_quantile(&stats->latency, quantiles[i].ppm));
    derive(results, "flow", group->name, "latency_max_ps", stats->latency.max);
    derive(results, "flow", group->name, "goodput_bps",
           rate_bps(stats->delivered_bytes, results->duration_ps - results->warmup_ps));
}

static bool is_drop(const DxRow *row)
{
    return g_str_has_prefix(row->metric, "dropped_");
}

/* All that @object dropped, whatever the reason. */
static uint64_t dropped_of(const DxResults *results, const DxRow *first)
{
    uint64_t sum = 0;

    for (guint i = 0; i < results->rows->len; i++) {
        const DxRow *row = &watch_at(results, i)->row;

        if (row->kind == first->kind && row->object == first->object && is_drop(row))
            sum += row->value;
    }
    return sum;
}

static void derive_link(DxResults *results, const char *link, uint64_t dropped)
{
    const uint64_t frames = value_of(results, "link", link, "tx_frames");
    const uint64_t service_ps = value_of(results, "link", link, "service_ps");
    const uint64_t wait_ps = value_of(results, "link", link, "wait_ps");

    derive(results, "link", link, "dropped_frames", dropped);
    derive(results, "link", link, "wait_mean_ps", frames ? (wait_ps + frames / 2) / frames : 0);
    derive(results, "link", link, "throughput_bps",
           rate_bps(value_of(results, "link", link, "tx_wire_bytes"), results->duration_ps));
    derive_real(results, "link", link, "utilisation_ratio",
                (double)service_ps / (double)results->duration_ps);
}

void dx_results_close(DxResults *results, const uint64_t *pending)
{
    const guint n = results->rows->len;

    refresh(results, false);
    for (guint i = 0; i < results->groups->len; i++)
        derive_group(results, &g_array_index(results->groups, Group, i), pending[i]);
    for (guint i = 0; i < n; i++) {
        const DxRow row = watch_at(results, i)->row;

        if (!strcmp(row.kind, "link") && !strcmp(row.metric, "tx_frames"))
            derive_link(results, row.object, dropped_of(results, &row));
    }
    for (guint i = 0; i < results->rows->len; i++)
        memset(watch_at(results, i)->from, 0, sizeof watch_at(results, i)->from);
}

/* -- reading ----------------------------------------------------------------------------------------- */

unsigned dx_results_n_rows(const DxResults *results)
{
    return results->rows->len;
}

const DxRow *dx_results_row(const DxResults *results, unsigned index)
{
    return &watch_at(results, index)->row;
}

const DxRow *dx_results_find(const DxResults *results, const char *kind, const char *object,
                             const char *metric)
{
    const Watch *watch = find(results, kind, object, metric);

    return watch ? &watch->row : NULL;
}

unsigned dx_results_n_groups(const DxResults *results)
{
    return results->groups->len;
}

const char *dx_results_group_name(const DxResults *results, unsigned index)
{
    return g_array_index(results->groups, Group, index).name;
}

const DxHistogram *dx_results_latency(const DxResults *results, unsigned index)
{
    return &g_array_index(results->groups, Group, index).stats->latency;
}

DxTime dx_results_duration(const DxResults *results)
{
    return results->duration_ps;
}

DxTime dx_results_warmup(const DxResults *results)
{
    return results->warmup_ps;
}

char *dx_row_text(const DxRow *row)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (!row->is_real)
        return g_strdup_printf("%" G_GUINT64_FORMAT, row->value);
    if (!isfinite(row->real))
        return g_strdup("");
    for (int digits = 15; digits <= 17; digits++) {
        char format[8];

        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(number, sizeof number, format, row->real);
        if (g_ascii_strtod(number, NULL) == row->real)
            break;
    }
    return g_strdup(number);
}

/* -- series ------------------------------------------------------------------------------------------ */

/* What a row becomes in a series. */
typedef struct {
    const char *kind, *metric; /* of the row */
    const char *sampled;       /* of the sample */
    bool is_rate;              /* octets per period to bps */
} Sampling;

static const Sampling samplings[] = {
    { "flow", "delivered_bytes", "goodput_bps", true },
    { "link", "tx_wire_bytes", "throughput_bps", true },
    { "link", "queue_bytes", "queue_bytes", false },
    { "link", "queue_peak_bytes", "queue_peak_bytes", false },
    { "lag", "working", "working", false },
};

typedef struct {
    guint row;
    const Sampling *sampling; /* NULL: drops of the object */
    uint64_t before;
} Column;

struct DxSeries {
    DxResults *results;
    DxTime period_ps;
    GArray *columns; /* Column */
    GArray *samples; /* DxSample */
};

static const Sampling *sampling_of(const DxRow *row)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(samplings); i++)
        if (!strcmp(samplings[i].kind, row->kind) && !strcmp(samplings[i].metric, row->metric))
            return &samplings[i];
    return NULL;
}

DxSeries *dx_series_new(DxResults *results, DxTime period_ps)
{
    DxSeries *series = g_new0(DxSeries, 1);

    series->results = results;
    series->period_ps = period_ps;
    series->columns = g_array_new(FALSE, TRUE, sizeof(Column));
    series->samples = g_array_new(FALSE, FALSE, sizeof(DxSample));
    for (guint i = 0; i < results->rows->len; i++) {
        const DxRow *row = &watch_at(results, i)->row;
        Column column = { i, sampling_of(row), 0 };

        if (column.sampling)
            g_array_append_val(series->columns, column);
        column.sampling = NULL;
        if (!strcmp(row->kind, "link") && !strcmp(row->metric, "tx_frames"))
            g_array_append_val(series->columns, column);
    }
    return series;
}

void dx_series_free(DxSeries *series)
{
    if (!series)
        return;
    g_array_unref(series->columns);
    g_array_unref(series->samples);
    g_free(series);
}

void dx_series_sample(DxSeries *series, DxTime now_ps)
{
    refresh(series->results, true);
    for (guint i = 0; i < series->columns->len; i++) {
        Column *column = &g_array_index(series->columns, Column, i);
        const DxRow *row = &watch_at(series->results, column->row)->row;
        DxSample sample = { now_ps, row->object, "dropped_frames", row->value };

        if (!column->sampling) {
            const uint64_t sum = dropped_of(series->results, row);

            sample.value = sum - column->before;
            column->before = sum;
        } else {
            sample.metric = column->sampling->sampled;
            if (column->sampling->is_rate)
                sample.value = rate_bps(row->value - column->before, series->period_ps);
            else if (row->counter == DX_COUNTER_PEAK)
                sample.value = MAX(row->value, column->before);
            /* a peak is at least the level the period began with: that of the column before it */
            column->before = row->counter == DX_COUNTER_PEAK ? column[-1].before : row->value;
        }
        g_array_append_val(series->samples, sample);
    }
}

size_t dx_series_n(const DxSeries *series)
{
    return series->samples->len;
}

const DxSample *dx_series_at(const DxSeries *series, size_t index)
{
    return &g_array_index(series->samples, DxSample, index);
}
