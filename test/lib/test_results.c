/*
 * results: rows that watch counters, what is derived from them, samples over time
 */
#include <dxsim/results.h>
#include <string.h>
#include "../suite.h"

static const DxRow *row(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    const DxRow *found = dx_results_find(results, kind, object, metric);

    ck_assert_msg(found != NULL, "no row %s %s %s", kind, object, metric);
    return found;
}

static uint64_t value(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    ck_assert(!row(results, kind, object, metric)->is_real);
    return row(results, kind, object, metric)->value;
}

static double real(const DxResults *results, const char *kind, const char *object, const char *metric)
{
    ck_assert(row(results, kind, object, metric)->is_real);
    return row(results, kind, object, metric)->real;
}

START_TEST(a_row_shows_its_counter_when_it_was_last_read)
{
    DxResults *results = dx_results_new(DX_S, 0);
    uint64_t frames = 5;

    dx_results_watch(results, "link", "dx1:a>b", "tx_frames", DX_COUNTER_SUM, &frames);
    ck_assert_uint_eq(dx_results_n_rows(results), 1);
    ck_assert_uint_eq(value(results, "link", "dx1:a>b", "tx_frames"), 0);
    dx_results_refresh(results);
    frames = 9;
    ck_assert_uint_eq(value(results, "link", "dx1:a>b", "tx_frames"), 5);
    dx_results_refresh(results);
    ck_assert_uint_eq(value(results, "link", "dx1:a>b", "tx_frames"), 9);
    ck_assert_ptr_null(dx_results_find(results, "link", "dx1:b>a", "tx_frames"));
    ck_assert_ptr_null(dx_results_find(results, "flow", "dx1:a>b", "tx_frames"));
    ck_assert_ptr_null(dx_results_find(results, "link", "dx1:a>b", "rx_frames"));
    ck_assert_str_eq(dx_results_row(results, 0)->object, "dx1:a>b");
    dx_results_free(results);
}
END_TEST

START_TEST(rows_keep_the_order_in_which_they_were_asked_for)
{
    static const char *const objects[] = { "zeta", "alpha", "mid", "beta" };
    DxResults *results = dx_results_new(DX_S, 0);
    uint64_t counter = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(objects); i++)
        dx_results_watch(results, "node", objects[i], "frames", DX_COUNTER_SUM, &counter);
    for (unsigned i = 0; i < G_N_ELEMENTS(objects); i++)
        ck_assert_str_eq(dx_results_row(results, i)->object, objects[i]);
    dx_results_free(results);
}
END_TEST

START_TEST(two_counters_of_the_same_name_add_up)
{
    DxResults *results = dx_results_new(DX_S, 0);
    uint64_t port = 3, fiber = 4;

    dx_results_watch(results, "link", "dx1:a>b", "dropped_link_down", DX_COUNTER_SUM, &port);
    dx_results_watch(results, "link", "dx1:a>b", "dropped_link_down", DX_COUNTER_SUM, &fiber);
    dx_results_refresh(results);
    ck_assert_uint_eq(dx_results_n_rows(results), 1);
    ck_assert_uint_eq(value(results, "link", "dx1:a>b", "dropped_link_down"), 7);
    dx_results_free(results);
}
END_TEST

START_TEST(a_peak_starts_again_after_every_look_and_other_counters_do_not)
{
    DxResults *results = dx_results_new(DX_S, 0);
    uint64_t peak = 30, most = 30;

    dx_results_watch(results, "link", "l", "queue_peak_bytes", DX_COUNTER_PEAK, &peak);
    dx_results_watch(results, "link", "l", "queue_max_bytes", DX_COUNTER_MAX, &most);
    dx_results_refresh(results);
    ck_assert_uint_eq(value(results, "link", "l", "queue_peak_bytes"), 30);
    ck_assert_uint_eq(peak, 0);
    ck_assert_uint_eq(most, 30);
    peak = 12;
    dx_results_close(results, NULL);
    ck_assert_uint_eq(value(results, "link", "l", "queue_peak_bytes"), 12);
    dx_results_free(results);
}
END_TEST

/* One link: 10 frames of 1500 octets in 1 s, 1538 on the wire at 1 Mbps: 12.304 ms each. */
START_TEST(what_is_derived_of_a_link_follows_its_definition)
{
    DxResults *results = dx_results_new(DX_S, 500 * DX_MS);
    uint64_t frames = 10, wire = 15380, wait = 105, service = 10 * 12304000000, full = 3, down = 4,
             other = 99;

    dx_results_watch(results, "link", "l:a>b", "tx_frames", DX_COUNTER_SUM, &frames);
    dx_results_watch(results, "link", "l:a>b", "tx_wire_bytes", DX_COUNTER_SUM, &wire);
    dx_results_watch(results, "link", "l:a>b", "wait_ps", DX_COUNTER_SUM, &wait);
    dx_results_watch(results, "link", "l:a>b", "service_ps", DX_COUNTER_SUM, &service);
    dx_results_watch(results, "link", "l:a>b", "dropped_queue_full", DX_COUNTER_SUM, &full);
    dx_results_watch(results, "link", "l:a>b", "dropped_link_down", DX_COUNTER_SUM, &down);
    dx_results_watch(results, "link", "l:b>a", "dropped_link_down", DX_COUNTER_SUM, &other);
    dx_results_close(results, NULL);
    ck_assert_uint_eq(value(results, "link", "l:a>b", "dropped_frames"), 7);
    ck_assert_uint_eq(value(results, "link", "l:a>b", "wait_mean_ps"), 11);          /* 10.5, half up */
    ck_assert_uint_eq(value(results, "link", "l:a>b", "throughput_bps"), 15380 * 8); /* over 1 s */
    ck_assert(real(results, "link", "l:a>b", "utilisation_ratio") == 0.12304);
    dx_results_free(results);
}
END_TEST

START_TEST(an_idle_link_has_no_wait_and_no_use)
{
    DxResults *results = dx_results_new(DX_S, 0);
    uint64_t zero = 0;

    dx_results_watch(results, "link", "l:a>b", "tx_frames", DX_COUNTER_SUM, &zero);
    dx_results_close(results, NULL);
    ck_assert_uint_eq(value(results, "link", "l:a>b", "wait_mean_ps"), 0);
    ck_assert_uint_eq(value(results, "link", "l:a>b", "throughput_bps"), 0);
    ck_assert(real(results, "link", "l:a>b", "utilisation_ratio") == 0);
    dx_results_free(results);
}
END_TEST

static DxGroupStats *stats_new(void)
{
    DxGroupStats *stats = g_new0(DxGroupStats, 1);

    dx_histogram_init(&stats->latency);
    stats->last_ps = -1;
    return stats;
}

/* 1000 sent, 989 delivered, 1 under way: 10 lost. Latencies 1 to 989. Measured over 2 s - 0.5 s. */
START_TEST(what_is_derived_of_a_flow_follows_its_definition)
{
    DxResults *results = dx_results_new(2 * DX_S, 500 * DX_MS);
    DxGroupStats *stats = stats_new();
    const uint64_t pending[] = { 1 };
    char *text;

    stats->sent_frames = 1000;
    stats->sent_bytes = 1500000;
    stats->delivered_frames = 989;
    stats->delivered_bytes = 989 * 1500;
    stats->gap_max_ps = 77;
    for (uint64_t i = 1; i <= 989; i++)
        dx_histogram_add(&stats->latency, i);
    dx_results_watch_group(results, "video", stats);
    dx_results_close(results, pending);
    ck_assert_uint_eq(dx_results_n_groups(results), 1);
    ck_assert_str_eq(dx_results_group_name(results, 0), "video");
    ck_assert_ptr_eq(dx_results_latency(results, 0), &stats->latency);
    ck_assert_uint_eq(value(results, "flow", "video", "sent_frames"), 1000);
    ck_assert_uint_eq(value(results, "flow", "video", "delivered_frames"), 989);
    ck_assert_uint_eq(value(results, "flow", "video", "pending_frames"), 1);
    ck_assert_uint_eq(value(results, "flow", "video", "lost_frames"), 10);
    ck_assert(real(results, "flow", "video", "loss_ratio") == 0.01);
    ck_assert_uint_eq(value(results, "flow", "video", "gap_max_ps"), 77);
    ck_assert_uint_eq(value(results, "flow", "video", "latency_min_ps"), 1);
    ck_assert_uint_eq(value(results, "flow", "video", "latency_mean_ps"), 495);
    ck_assert_uint_eq(value(results, "flow", "video", "latency_max_ps"), 989);
    /* nearest rank ceil(989 * q): 495, 891, 980, 989; reported as the high end of its bucket */
    ck_assert_uint_eq(value(results, "flow", "video", "latency_p50_ps"),
                      dx_histogram_bucket_high(dx_histogram_index(495)));
    ck_assert_uint_eq(value(results, "flow", "video", "latency_p90_ps"),
                      dx_histogram_bucket_high(dx_histogram_index(891)));
    ck_assert_uint_eq(value(results, "flow", "video", "latency_p99_ps"),
                      dx_histogram_bucket_high(dx_histogram_index(980)));
    ck_assert_uint_eq(value(results, "flow", "video", "latency_p999_ps"), 989); /* never above the maximum */
    /* 989 * 1500 * 8 bits in 1.5 s */
    ck_assert_uint_eq(value(results, "flow", "video", "goodput_bps"), 7912000);
    text = dx_row_text(row(results, "flow", "video", "loss_ratio"));
    ck_assert_str_eq(text, "0.01");
    g_free(text);
    dx_results_free(results);
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

START_TEST(a_flow_that_sent_nothing_lost_nothing)
{
    DxResults *results = dx_results_new(DX_S, 0);
    DxGroupStats *stats = stats_new();
    const uint64_t pending[] = { 0 };

    dx_results_watch_group(results, "idle", stats);
    dx_results_close(results, pending);
    ck_assert_uint_eq(value(results, "flow", "idle", "lost_frames"), 0);
    ck_assert(real(results, "flow", "idle", "loss_ratio") == 0);
    ck_assert_uint_eq(value(results, "flow", "idle", "latency_min_ps"), 0);
    ck_assert_uint_eq(value(results, "flow", "idle", "latency_p99_ps"), 0);
    ck_assert_uint_eq(value(results, "flow", "idle", "goodput_bps"), 0);
    dx_results_free(results);
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

START_TEST(rates_do_not_overflow)
{
    DxResults *results = dx_results_new(DX_TIME_MAX, 0);
    uint64_t frames = 1, wire = UINT64_MAX;

    dx_results_watch(results, "link", "l", "tx_frames", DX_COUNTER_SUM, &frames);
    dx_results_watch(results, "link", "l", "tx_wire_bytes", DX_COUNTER_SUM, &wire);
    dx_results_close(results, NULL);
    /* 2^64 - 1 octets in 2^62 - 1 ps: 4 * 8 * 10^12 bps and a little */
    ck_assert_uint_eq(value(results, "link", "l", "throughput_bps"), 32000000000000);
    dx_results_free(results);
}
END_TEST

START_TEST(a_closed_result_no_longer_looks_at_its_counters)
{
    DxResults *results = dx_results_new(DX_S, 0);
    uint64_t *frames = g_new(uint64_t, 1);

    *frames = 5;
    dx_results_watch(results, "node", "n", "frames", DX_COUNTER_SUM, frames);
    dx_results_close(results, NULL);
    g_free(frames);
    dx_results_refresh(results); /* the sanitizer looks on */
    ck_assert_uint_eq(value(results, "node", "n", "frames"), 5);
    dx_results_free(results);
}
END_TEST

START_TEST(a_real_is_written_in_the_shortest_form_that_reads_back)
{
    static const struct {
        double real;
        const char *text;
    } cases[] = { { 0, "0" },
                  { 0.1, "0.1" },
                  { 1.0 / 3, "0.3333333333333333" },
                  { 0.12304, "0.12304" },
                  { 1e-9, "1e-09" },
                  { 0.1 + 0.2, "0.30000000000000004" },
                  { 1, "1" },
                  { 0.999999, "0.999999" },
                  { 2.0 / 3, "0.6666666666666666" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = dx_row_text(&(DxRow){ .is_real = true, .real = cases[i].real });

        ck_assert_str_eq(text, cases[i].text);
        ck_assert(g_ascii_strtod(text, NULL) == cases[i].real);
        g_free(text);
    }
}
END_TEST

START_TEST(a_whole_number_is_written_as_it_is)
{
    char *text = dx_row_text(&(DxRow){ .value = UINT64_MAX });

    ck_assert_str_eq(text, "18446744073709551615");
    g_free(text);
}
END_TEST

/* -- series ------------------------------------------------------------------------------------------ */

typedef struct {
    DxResults *results;
    uint64_t frames, wire, queue, peak, full, down, working;
} Link;

static void link_init(Link *link)
{
    *link = (Link){ .results = dx_results_new(DX_S, 0) };
    dx_results_watch(link->results, "link", "l:a>b", "tx_frames", DX_COUNTER_SUM, &link->frames);
    dx_results_watch(link->results, "link", "l:a>b", "tx_wire_bytes", DX_COUNTER_SUM, &link->wire);
    dx_results_watch(link->results, "link", "l:a>b", "queue_bytes", DX_COUNTER_GAUGE, &link->queue);
    dx_results_watch(link->results, "link", "l:a>b", "queue_peak_bytes", DX_COUNTER_PEAK, &link->peak);
    dx_results_watch(link->results, "link", "l:a>b", "dropped_queue_full", DX_COUNTER_SUM, &link->full);
    dx_results_watch(link->results, "link", "l:a>b", "dropped_link_down", DX_COUNTER_SUM, &link->down);
    dx_results_watch(link->results, "lag", "lag1:a>b", "working", DX_COUNTER_GAUGE, &link->working);
}

static uint64_t sampled(const DxSeries *series, DxTime t_ps, const char *object, const char *metric)
{
    for (size_t i = 0; i < dx_series_n(series); i++) {
        const DxSample *sample = dx_series_at(series, i);

        if (sample->t_ps == t_ps && !strcmp(sample->object, object) && !strcmp(sample->metric, metric))
            return sample->value;
    }
    ck_abort_msg("no sample of %s %s", object, metric);
    return 0;
}

START_TEST(a_series_shows_rates_levels_peaks_and_drops_of_each_period)
{
    Link link;
    DxSeries *series;

    link_init(&link);
    series = dx_series_new(link.results, 10 * DX_MS);
    link.wire = 12500000; /* 100 Mbit in 10 ms: 10 Gbps */
    link.queue = 400;
    link.peak = 900;
    link.full = 3;
    link.down = 2;
    link.working = 4;
    dx_series_sample(series, 10 * DX_MS);
    link.wire = 13750000; /* 10 Mbit more: 1 Gbps */
    link.queue = 0;
    link.peak = 100; /* nothing arrived above that, but 400 waited when the period began */
    link.full = 3;
    link.down = 7;
    link.working = 3;
    dx_series_sample(series, 20 * DX_MS);
    link.peak = 50;
    dx_series_sample(series, 30 * DX_MS);
    ck_assert_uint_eq(dx_series_n(series), 3 * (5 + 2)); /* five of objects, two reasons of all */
    ck_assert_uint_eq(sampled(series, 10 * DX_MS, "l:a>b", "throughput_bps"), 10000000000);
    ck_assert_uint_eq(sampled(series, 20 * DX_MS, "l:a>b", "throughput_bps"), 1000000000);
    ck_assert_uint_eq(sampled(series, 30 * DX_MS, "l:a>b", "throughput_bps"), 0);
    ck_assert_uint_eq(sampled(series, 10 * DX_MS, "l:a>b", "queue_bytes"), 400);
    ck_assert_uint_eq(sampled(series, 20 * DX_MS, "l:a>b", "queue_bytes"), 0);
    ck_assert_uint_eq(sampled(series, 10 * DX_MS, "l:a>b", "queue_peak_bytes"), 900);
    ck_assert_uint_eq(sampled(series, 20 * DX_MS, "l:a>b", "queue_peak_bytes"), 400);
    ck_assert_uint_eq(sampled(series, 30 * DX_MS, "l:a>b", "queue_peak_bytes"), 50);
    ck_assert_uint_eq(sampled(series, 10 * DX_MS, "l:a>b", "dropped_frames"), 5);
    ck_assert_uint_eq(sampled(series, 20 * DX_MS, "l:a>b", "dropped_frames"), 5);
    ck_assert_uint_eq(sampled(series, 30 * DX_MS, "l:a>b", "dropped_frames"), 0);
    ck_assert_uint_eq(sampled(series, 20 * DX_MS, "lag1:a>b", "working"), 3);
    ck_assert_uint_eq(sampled(series, 10 * DX_MS, "all", "dropped_queue_full_frames"), 3);
    ck_assert_uint_eq(sampled(series, 20 * DX_MS, "all", "dropped_queue_full_frames"), 0);
    ck_assert_uint_eq(sampled(series, 10 * DX_MS, "all", "dropped_link_down_frames"), 2);
    ck_assert_uint_eq(sampled(series, 20 * DX_MS, "all", "dropped_link_down_frames"), 5);
    dx_series_free(series);
    dx_results_free(link.results);
}
END_TEST

START_TEST(a_series_of_a_flow_shows_its_goodput)
{
    DxResults *results = dx_results_new(DX_S, 0);
    DxGroupStats *stats = stats_new();
    DxSeries *series;

    dx_results_watch_group(results, "video", stats);
    series = dx_series_new(results, DX_MS);
    stats->delivered_bytes = 1250;
    dx_series_sample(series, DX_MS);
    stats->delivered_bytes = 3750;
    dx_series_sample(series, 2 * DX_MS);
    ck_assert_uint_eq(sampled(series, DX_MS, "video", "goodput_bps"), 10000000);
    ck_assert_uint_eq(sampled(series, 2 * DX_MS, "video", "goodput_bps"), 20000000);
    dx_series_free(series);
    dx_results_free(results);
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

/* The level and the peak are rows of their own: whoever watches only the peak gets only the peak. */
START_TEST(a_peak_is_sampled_wherever_its_row_stands)
{
    DxResults *results = dx_results_new(DX_S, 0);
    uint64_t peak = 900, queue = 100, other = 7777;
    DxSeries *series;

    dx_results_watch(results, "link", "l:a>b", "queue_peak_bytes", DX_COUNTER_PEAK, &peak);
    dx_results_watch(results, "lag", "lag1:a>b", "working", DX_COUNTER_GAUGE, &other);
    dx_results_watch(results, "link", "m:a>b", "queue_peak_bytes", DX_COUNTER_PEAK, &queue);
    series = dx_series_new(results, DX_MS);
    dx_series_sample(series, DX_MS);
    peak = 5;
    queue = 6;
    dx_series_sample(series, 2 * DX_MS);
    ck_assert_uint_eq(sampled(series, DX_MS, "l:a>b", "queue_peak_bytes"), 900);
    ck_assert_uint_eq(sampled(series, 2 * DX_MS, "l:a>b", "queue_peak_bytes"), 5);
    ck_assert_uint_eq(sampled(series, 2 * DX_MS, "m:a>b", "queue_peak_bytes"), 6);
    dx_series_free(series);
    dx_results_free(results);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    dx_results_free(NULL);
    dx_series_free(NULL);
}
END_TEST

SUITE_MAIN("results", 10, a_row_shows_its_counter_when_it_was_last_read,
           rows_keep_the_order_in_which_they_were_asked_for, two_counters_of_the_same_name_add_up,
           a_peak_starts_again_after_every_look_and_other_counters_do_not,
           what_is_derived_of_a_link_follows_its_definition, an_idle_link_has_no_wait_and_no_use,
           what_is_derived_of_a_flow_follows_its_definition, a_flow_that_sent_nothing_lost_nothing,
           rates_do_not_overflow, a_closed_result_no_longer_looks_at_its_counters,
           a_real_is_written_in_the_shortest_form_that_reads_back, a_whole_number_is_written_as_it_is,
           a_series_shows_rates_levels_peaks_and_drops_of_each_period, a_series_of_a_flow_shows_its_goodput,
           a_peak_is_sampled_wherever_its_row_stands, freeing_nothing_is_fine)
