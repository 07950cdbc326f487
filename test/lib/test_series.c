/*
 * series: where samples go, and what they say
 */
#include <dxsim/results.h>
#include <string.h>
#include "../suite.h"

/* One link: 125 octets a sample more each time, a peak of the sample's number. */
typedef struct {
    DxResults *results;
    DxSeries *series;
    uint64_t wire, peak, frames, full;
    unsigned n;
} Link;

/* Its rows; a series looks at those that are there when it begins. */
static void link_watch(Link *link)
{
    memset(link, 0, sizeof *link);
    link->results = dx_results_new(DX_S, 0);
    dx_results_watch(link->results, "link", "l:a>b", "tx_wire_bytes", DX_COUNTER_SUM, &link->wire);
    dx_results_watch(link->results, "link", "l:a>b", "queue_peak_bytes", DX_COUNTER_PEAK, &link->peak);
    dx_results_watch(link->results, "link", "l:a>b", "tx_frames", DX_COUNTER_SUM, &link->frames);
    dx_results_watch(link->results, "link", "l:a>b", "dropped_queue_full", DX_COUNTER_SUM, &link->full);
}

static void link_init(Link *link)
{
    link_watch(link);
    link->series = dx_series_new(link->results, DX_MS);
}

static void link_clear(Link *link)
{
    dx_series_free(link->series);
    dx_results_free(link->results);
}

static void take(Link *link, unsigned n)
{
    while (n--) {
        link->n++;
        link->wire += 125 * link->n; /* a million bps more every time */
        link->peak = link->n;
        link->full += 2;
        dx_series_sample(link->series, link->n * DX_MS);
    }
}

static void count(const DxSample *sample, void *data)
{
    uint64_t *sums = data;

    sums[0]++;
    if (!strcmp(sample->metric, "throughput_bps"))
        sums[1] += sample->value;
    else if (!strcmp(sample->metric, "queue_peak_bytes"))
        sums[2] += sample->value;
    else
        sums[3] += sample->value;
    ck_assert_str_eq(sample->object, strcmp(sample->metric, "dropped_queue_full_frames") ? "l:a>b" : "all");
}

START_TEST(a_sink_gets_every_sample_and_none_is_kept)
{
    uint64_t sums[4] = { 0 };
    Link link;

    link_init(&link);
    dx_series_set_sink(link.series, count, sums);
    take(&link, 10);
    ck_assert_uint_eq(sums[0], 40);
    ck_assert_uint_eq(sums[1], 55 * 1000000);
    ck_assert_uint_eq(sums[2], 55);
    ck_assert_uint_eq(sums[3], 20 + 20); /* of the link, and of all */
    ck_assert_uint_eq(dx_series_n(link.series), 0);
    link_clear(&link);
}
END_TEST

START_TEST(a_sink_of_nothing_keeps_nothing)
{
    Link link;

    link_init(&link);
    dx_series_set_sink(link.series, NULL, NULL);
    take(&link, 10);
    ck_assert_uint_eq(dx_series_n(link.series), 0);
    link_clear(&link);
}
END_TEST

/* Two frames a sample are lost, of one link for one reason: the network's are the same. */
START_TEST(drops_are_summed_by_reason)
{
    uint64_t before = 0, other = 0;
    unsigned n = 0;
    Link link;

    link_watch(&link);
    dx_results_watch(link.results, "link", "l:b>a", "dropped_queue_full", DX_COUNTER_SUM, &other);
    dx_results_watch(link.results, "node", "a", "dropped_no_route", DX_COUNTER_SUM, &before);
    link.series = dx_series_new(link.results, DX_MS);
    take(&link, 1);
    other = 5;
    take(&link, 1);
    for (size_t i = 0; i < dx_series_n(link.series); i++) {
        const DxSample *sample = dx_series_at(link.series, i);

        if (strcmp(sample->object, "all"))
            continue;
        ck_assert_str_eq(sample->metric,
                         "dropped_queue_full_frames"); /* nothing was lost for the other reason */
        ck_assert_uint_eq(sample->value, n++ ? 2 + 5 : 2);
    }
    ck_assert_uint_eq(n, 2);
    link_clear(&link);
}
END_TEST

SUITE_MAIN("series", 30, a_sink_gets_every_sample_and_none_is_kept, a_sink_of_nothing_keeps_nothing,
           drops_are_summed_by_reason)
