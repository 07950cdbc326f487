/*
 * results - rows that watch counters, and what is derived from them
 */
#include "hash-priv.h"
#include "number-priv.h"
#include "results-priv.h"

#include <math.h>
#include <string.h>

/* A counter may be the sum of two: what a port and its fiber dropped for the same reason. */
#define MAX_WATCHED 2

#define NO_ROW UINT32_MAX

typedef struct {
    DxRow row;
    uint64_t *from[MAX_WATCHED];
    const double *real_from;
    guint next; /* of the same object's name */
} Watch;

/* All rows of what has this name, whatever its kind: some dozens. */
typedef struct {
    const char *name;
    guint first, last;
} Object;

typedef struct {
    const char *name;
    const DxGroupStats *stats;
} Group;

struct DxResults {
    GArray *rows;        /* Watch */
    GHashTable *objects; /* name -> Object */
    Object *latest;      /* rows of one object come one after the other */
    GHashTable *words;   /* kinds and metrics: each kept once */
    GArray *groups;      /* Group */
    GStringChunk *strings;
    DxTime duration_ps, warmup_ps;
};

DxResults *dx_results_new(DxTime duration_ps, DxTime warmup_ps)
{
    DxResults *results = g_new0(DxResults, 1);

    results->rows = g_array_new(FALSE, TRUE, sizeof(Watch));
    results->objects = g_hash_table_new_full(dx__hash_name, g_str_equal, NULL, g_free);
    results->words = g_hash_table_new(dx__hash_name, g_str_equal);
    results->groups = g_array_new(FALSE, TRUE, sizeof(Group));
    results->strings = g_string_chunk_new(4096);
    results->duration_ps = duration_ps;
    results->warmup_ps = warmup_ps;
    return results;
}

bool dx__row_is_drop(const DxRow *row)
{
    return g_str_has_prefix(row->metric, "dropped_");
}

void dx_results_free(DxResults *results)
{
    if (!results)
        return;
    g_array_unref(results->rows);
    g_hash_table_unref(results->objects);
    g_hash_table_unref(results->words);
    g_array_unref(results->groups);
    g_string_chunk_free(results->strings);
    g_free(results);
}

static Watch *watch_at(const DxResults *results, guint i)
{
    return &g_array_index(results->rows, Watch, i);
}

/* NULL: nothing has this name. */
static Object *object_of(const DxResults *results, const char *name)
{
    if (results->latest && !strcmp(results->latest->name, name))
        return results->latest;
    return g_hash_table_lookup(results->objects, name);
}

static Watch *find(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    const Object *known = object_of(results, object);

    for (guint i = known ? known->first : NO_ROW; i != NO_ROW; i = watch_at(results, i)->next) {
        Watch *watch = watch_at(results, i);

        if (!strcmp(watch->row.metric, metric) && !strcmp(watch->row.kind, kind))
            return watch;
    }
    return NULL;
}

static const char *word(DxResults *results, const char *text)
{
    const char *kept = g_hash_table_lookup(results->words, text);

    if (!kept)
        g_hash_table_add(results->words, (gpointer)(kept = g_string_chunk_insert(results->strings, text)));
    return kept;
}

static Object *make_object(DxResults *results, const char *name)
{
    Object *object = object_of(results, name);

    if (!object) {
        object = g_new(Object, 1);
        *object = (Object){ g_string_chunk_insert(results->strings, name), NO_ROW, NO_ROW };
        g_hash_table_insert(results->objects, (gpointer)object->name, object);
    }
    return results->latest = object;
}

static Watch *add(DxResults *results, const char *kind, const char *object, const char *metric,
                  DxCounterKind counter)
{
    Object *whose = make_object(results, object);
    const Watch watch = { .row = { .kind = word(results, kind),
                                   .object = whose->name,
                                   .metric = word(results, metric),
                                   .counter = counter },
                          .next = NO_ROW };
    const guint at = results->rows->len;

    g_array_append_val(results->rows, watch);
    if (whose->last == NO_ROW)
        whose->first = at;
    else
        watch_at(results, whose->last)->next = at;
    whose->last = at;
    return watch_at(results, at);
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

void dx_results_watch_real(DxResults *results, const char *kind, const char *object, const char *metric,
                           const double *from)
{
    Watch *watch = find(results, kind, object, metric);

    g_return_if_fail(!watch);
    watch = add(results, kind, object, metric, DX_COUNTER_REAL);
    watch->row.is_real = true;
    watch->real_from = from;
}

void dx_results_watch_group(DxResults *results, const char *name, DxGroupStats *stats)
{
    Group group = { make_object(results, name)->name, stats };

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

        if (watch->real_from)
            watch->row.real = *watch->real_from;
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

void dx__results_read(DxResults *results)
{
    refresh(results, false);
}

/* -- derived ----------------------------------------------------------------------------------------- */

unsigned dx__results_index(const DxResults *results, const DxRow *row)
{
    return (unsigned)((const Watch *)(const void *)row - watch_at(results, 0));
}

uint64_t dx__results_value(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    const Watch *watch = find(results, kind, object, metric);

    return watch ? watch->row.value : 0;
}

/* Until the next one. */
static DxRow *derive(DxResults *results, const char *kind, const char *object, const char *metric,
                     uint64_t value)
{
    DxRow *row = &add(results, kind, object, metric, DX_COUNTER_GAUGE)->row;

    row->value = value;
    return row;
}

static DxRow *derive_real(DxResults *results, const char *kind, const char *object, const char *metric,
                          double real)
{
    DxRow *row = derive(results, kind, object, metric, 0);

    row->is_real = true;
    row->real = real;
    return row;
}

void dx__results_add(DxResults *results, const char *kind, const char *object, const char *metric,
                     uint64_t value, const char *no_data)
{
    derive(results, kind, object, metric, value)->no_data = no_data;
}

uint64_t dx__rate_bps(uint64_t bytes, DxTime time_ps)
{
    if (time_ps <= 0)
        return 0;
    return (uint64_t)((unsigned __int128)bytes * 8 * (uint64_t)DX_S / (uint64_t)time_ps);
}

static void derive_latency(DxResults *results, const char *flow, const DxHistogram *latency)
{
    static const struct {
        const char *metric;
        uint32_t ppm;
    } quantiles[] = { { "latency_p50_ps", 500000 },
                      { "latency_p90_ps", 900000 },
                      { "latency_p99_ps", 990000 },
                      { "latency_p999_ps", 999000 } };
    const guint first = results->rows->len;

    derive(results, "flow", flow, "latency_min_ps", latency->count ? latency->min : 0);
    derive(results, "flow", flow, "latency_mean_ps", dx_histogram_mean(latency));
    for (unsigned i = 0; i < G_N_ELEMENTS(quantiles); i++)
        derive(results, "flow", flow, quantiles[i].metric, dx_histogram_quantile(latency, quantiles[i].ppm));
    derive(results, "flow", flow, "latency_max_ps", latency->max);
    for (guint i = first; i < results->rows->len && !latency->count; i++)
        watch_at(results, i)->row.no_data = "no frame was delivered";
}

static void derive_group(DxResults *results, const Group *group, uint64_t pending)
{
    const DxGroupStats *stats = group->stats;
    const uint64_t lost = stats->sent_frames - stats->delivered_frames - pending;
    const DxTime counted_ps = results->duration_ps - results->warmup_ps;

    derive(results, "flow", group->name, "pending_frames", pending);
    derive(results, "flow", group->name, "lost_frames", lost);
    derive_real(results, "flow", group->name, "loss_ratio",
                stats->sent_frames ? (double)lost / (double)stats->sent_frames : 0.0)
        ->no_data = stats->sent_frames ? NULL : "no frame was sent";
    derive_latency(results, group->name, &stats->latency);
    derive(results, "flow", group->name, "goodput_bps", dx__rate_bps(stats->delivered_bytes, counted_ps))
        ->no_data = counted_ps > 0 ? NULL : "the run ended before the warm-up";
    if (stats->delivered_frames < 2)
        find(results, "flow", group->name, "gap_max_ps")->row.no_data =
            "fewer than two frames were delivered";
}

/* All that each link or VIF dropped, whatever the reason: object -> sum. One walk: there may be many. */
static GHashTable *drops_of_lines(const DxResults *results)
{
    GHashTable *drops = g_hash_table_new_full(NULL, NULL, NULL, g_free);

    for (guint i = 0; i < results->rows->len; i++) {
        const DxRow *row = &watch_at(results, i)->row;
        uint64_t *sum;

        if ((strcmp(row->kind, "link") && strcmp(row->kind, "vif")) || !dx__row_is_drop(row))
            continue;
        sum = g_hash_table_lookup(drops, row->object);
        if (!sum)
            g_hash_table_insert(drops, (gpointer)row->object, sum = g_new0(uint64_t, 1));
        *sum += row->value;
    }
    return drops;
}

static uint64_t dropped(GHashTable *drops, const char *line)
{
    const uint64_t *sum = g_hash_table_lookup(drops, line);

    return sum ? *sum : 0;
}

/* Of a link or an inserted model that has a queue. */
static void derive_wait(DxResults *results, const char *kind, const char *object)
{
    static const char *const idle = "nothing was sent";
    const uint64_t frames = dx__results_value(results, kind, object, "tx_frames");
    const uint64_t wait_ps = dx__results_value(results, kind, object, "wait_ps");
    Watch *wait_max = find(results, kind, object, "wait_max_ps");

    if (wait_max) /* now: a row that is added may move the others */
        wait_max->row.no_data = frames ? NULL : idle;
    derive(results, kind, object, "wait_mean_ps", frames ? (wait_ps + frames / 2) / frames : 0)->no_data =
        frames ? NULL : idle;
}

static void derive_link(DxResults *results, const char *link, uint64_t dropped)
{
    static const char *const none = "no time was simulated";
    const uint64_t service_ps = dx__results_value(results, "link", link, "service_ps");

    derive(results, "link", link, "dropped_frames", dropped);
    derive_wait(results, "link", link);
    derive(results, "link", link, "throughput_bps",
           dx__rate_bps(dx__results_value(results, "link", link, "tx_wire_bytes") -
                            dx__results_value(results, "link", link, "unsent_bytes"),
                        results->duration_ps))
        ->no_data = results->duration_ps ? NULL : none;
    derive_real(results, "link", link, "utilisation_ratio",
                results->duration_ps ? (double)service_ps / (double)results->duration_ps : 0.0)
        ->no_data = results->duration_ps ? NULL : none;
}

/* What went onto the line, and what arrived: IP packets. */
static void derive_vif(DxResults *results, const char *vif, uint64_t dropped)
{
    static const struct {
        const char *bytes, *metric;
    } rates[] = { { "tx_bytes", "throughput_bps" }, { "rx_bytes", "goodput_bps" } };

    derive(results, "vif", vif, "dropped_frames", dropped);
    for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++)
        derive(results, "vif", vif, rates[i].metric,
               dx__rate_bps(dx__results_value(results, "vif", vif, rates[i].bytes), results->duration_ps))
            ->no_data = results->duration_ps ? NULL : "no time was simulated";
}

void dx_results_set_duration(DxResults *results, DxTime duration_ps)
{
    results->duration_ps = duration_ps;
}

void dx_results_close(DxResults *results, const uint64_t *pending)
{
    const guint n = results->rows->len;
    GHashTable *drops;

    refresh(results, false);
    drops = drops_of_lines(results);
    for (guint i = 0; i < results->groups->len; i++)
        derive_group(results, &g_array_index(results->groups, Group, i), pending[i]);
    for (guint i = 0; i < n; i++) {
        const DxRow row = watch_at(results, i)->row;

        if (!strcmp(row.kind, "link") && !strcmp(row.metric, "tx_frames"))
            derive_link(results, row.object, dropped(drops, row.object));
        if (!strcmp(row.kind, "vif") && !strcmp(row.metric, "tx_frames"))
            derive_vif(results, row.object, dropped(drops, row.object));
        if (!strcmp(row.kind, "model") && !strcmp(row.metric, "wait_ps"))
            derive_wait(results, "model", row.object);
    }
    g_hash_table_unref(drops);
    for (guint i = 0; i < results->rows->len; i++) {
        memset(watch_at(results, i)->from, 0, sizeof watch_at(results, i)->from);
        watch_at(results, i)->real_from = NULL;
    }
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
    return g_strdup(dx__real_text(row->real, number));
}
