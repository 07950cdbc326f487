/*
 * series: where samples go, and what is kept of them for pictures
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

static void link_init(Link *link)
{
    memset(link, 0, sizeof *link);
    link->results = dx_results_new(DX_S, 0);
    dx_results_watch(link->results, "link", "l:a>b", "tx_wire_bytes", DX_COUNTER_SUM, &link->wire);
    dx_results_watch(link->results, "link", "l:a>b", "queue_peak_bytes", DX_COUNTER_PEAK, &link->peak);
    dx_results_watch(link->results, "link", "l:a>b", "tx_frames", DX_COUNTER_SUM, &link->frames);
    dx_results_watch(link->results, "link", "l:a>b", "dropped_queue_full", DX_COUNTER_SUM, &link->full);
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
    ck_assert_str_eq(sample->object, "l:a>b");
}

START_TEST(a_sink_gets_every_sample_and_none_is_kept)
{
    uint64_t sums[4] = { 0 };
    Link link;

    link_init(&link);
    dx_series_set_sink(link.series, count, sums);
    take(&link, 10);
    ck_assert_uint_eq(sums[0], 30);
    ck_assert_uint_eq(sums[1], 55 * 1000000);
    ck_assert_uint_eq(sums[2], 55);
    ck_assert_uint_eq(sums[3], 20);
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

static unsigned curve_of(const DxSeries *series, const char *metric)
{
    for (unsigned i = 0; i < dx_series_n_curves(series); i++) {
        const char *name;

        ck_assert_str_eq(dx_series_curve(series, i, &name), "l:a>b");
        if (!strcmp(name, metric))
            return i;
    }
    ck_abort_msg("no curve of %s", metric);
    return 0;
}

/* Point p of stride s holds samples p s + 1 to p s + s: the mean of n is n. */
START_TEST(a_long_series_is_thinned_out_by_mean_and_by_peak)
{
    static const struct {
        unsigned samples, points, stride;
    } cases[] = { { 1, 1, 1 },       { 2000, 2000, 1 }, { 2001, 1001, 2 },
                  { 4000, 2000, 2 }, { 4001, 1001, 4 }, { 100000, 1563, 64 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned rate, peak;
        Link link;

        link_init(&link);
        dx_series_set_sink(link.series, NULL, NULL);
        take(&link, cases[i].samples);
        ck_assert_uint_eq(dx_series_n_points(link.series), cases[i].points);
        rate = curve_of(link.series, "throughput_bps");
        peak = curve_of(link.series, "queue_peak_bytes");
        for (unsigned p = 0; p < cases[i].points; p++) {
            const unsigned first = p * cases[i].stride + 1;
            const unsigned last = MIN(first + cases[i].stride - 1, cases[i].samples);

            ck_assert_int_eq(dx_series_point_ps(link.series, p), last * DX_MS);
            ck_assert_double_eq_tol(dx_series_value(link.series, rate, p), (first + last) / 2.0 * 1e6, 1e-3);
            ck_assert_double_eq(dx_series_value(link.series, peak, p), last);
        }
        link_clear(&link);
    }
}
END_TEST

START_TEST(before_the_first_sample_there_is_no_curve)
{
    Link link;

    link_init(&link);
    ck_assert_uint_eq(dx_series_n_points(link.series), 0);
    ck_assert_uint_eq(dx_series_n_curves(link.series), 0);
    link_clear(&link);
}
END_TEST

SUITE_MAIN("series", 30, a_sink_gets_every_sample_and_none_is_kept, a_sink_of_nothing_keeps_nothing,
           a_long_series_is_thinned_out_by_mean_and_by_peak, before_the_first_sample_there_is_no_curve)
