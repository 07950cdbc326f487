/*
 * test_monitor - samples, points, and the truth beside them
 *
 *   a ----- l, 1 Gbps ----- b (the cloud)        one frame of 1500 octets every 100 us until 2 ms
 *
 * The cloud's clock runs 30000 times as fast: a sample (30 s) takes 1 ms, two minutes take 4 ms. The truth is
 * measured over 100 us. A frame takes 1520 x 8 ns = 12.16 us, so no frame is cut by a sample.
 */
#include <math.h>
#include <dxsim/dxsim.h>
#include "../network.h"
#include "../suite.h"

#define LINK "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps'%s }"
#define FLOW "'f': { 'from': 'a', 'to': 'b', 'interval': '100 us', 'size': '1482 B', 'stop': '2 ms' }"
#define WATCH                                                                                                \
    ",\n'monitor': { 'side': 'b', 'time_scale': 30000, 'truth': '100 us' }, 'outputs': { 'cloudwatch': { "   \
    "'period': '2 min' } }"

typedef struct {
    DxScenario *scenario;
    DxRun *run;
} Watched;

static void watch(Watched *watched, const char *duration, const char *link, const char *flow,
                  const char *rest)
{
    g_autofree char *links = g_strdup_printf(LINK, link);
    g_autofree char *tail = g_strconcat(WATCH, rest, NULL);

    watched->scenario = network_load(duration, links, flow, tail);
    watched->run = network_make(watched->scenario);
    network_go(watched->run, watched->scenario);
}

static void watched_clear(Watched *watched)
{
    dx_run_free(watched->run);
    dx_scenario_free(watched->scenario);
}

/* The @n-th point of a metric. */
static const DxMonitorPoint *point(const Watched *watched, const char *metric, unsigned n)
{
    const DxMonitor *monitor = watched->run->monitor;

    for (size_t i = 0; i < dx_monitor_n(monitor); i++)
        if (!strcmp(dx_monitor_at(monitor, i)->metric, metric) && n-- == 0)
            return dx_monitor_at(monitor, i);
    return NULL;
}

/* Ten frames a sample until 2 ms: 10 x 1500 x 8 / 1 ms = 120 Mbps, then nothing. */
START_TEST(a_point_is_made_of_the_samples_of_its_period)
{
    const DxMonitorPoint *bps, *pps;
    Watched watched;

    watch(&watched, "9 ms", "", FLOW, "");
    bps = point(&watched, "ConnectionBpsIngress", 0);
    ck_assert_int_eq(bps->start_ps, 0);
    ck_assert_int_eq(bps->length_ps, 4 * DX_MS);
    ck_assert_int_eq(bps->nominal_ps, 120 * DX_S);
    ck_assert_str_eq(bps->connection, "l");
    ck_assert_uint_eq(bps->n_samples, 4);
    ck_assert_double_eq(bps->sum, 240e6);
    ck_assert_double_eq(dx_monitor_average(bps), 60e6);
    ck_assert_double_eq(bps->min, 0);
    ck_assert_double_eq(bps->max, 120e6);
    pps = point(&watched, "ConnectionPpsIngress", 0);
    ck_assert_double_eq(dx_monitor_average(pps), 5000);
    ck_assert_double_eq(pps->max, 10000);
    /* one frame in every 100 us, then none */
    ck_assert_double_eq(bps->truth_max, 120e6);
    ck_assert_double_eq(bps->truth_min, 0);
    /* the second period has none; the third was cut short by the end, after one sample */
    bps = point(&watched, "ConnectionBpsIngress", 1);
    ck_assert_double_eq(bps->sum, 0);
    ck_assert_uint_eq(bps->n_samples, 4);
    bps = point(&watched, "ConnectionBpsIngress", 2);
    ck_assert_int_eq(bps->start_ps, 8 * DX_MS);
    ck_assert_uint_eq(bps->n_samples, 1);
    ck_assert_ptr_null(point(&watched, "ConnectionBpsIngress", 3));
    watched_clear(&watched);
}
END_TEST

/* Three frames at the same time, once a ms: the line takes 12.16 us for each, so all arrive within the same
 * 100 us. 3 x 12000 bits in 100 us are 360 Mbps, in 1 ms 36 Mbps; so many bits were offered too. */
START_TEST(the_truth_shows_what_the_mean_hides)
{
    const DxMonitorPoint *bps;
    Watched watched;

    watch(&watched, "4 ms", "",
          "'f': { 'from': 'a', 'to': 'b', 'interval': '1 ms', 'size': '1482 B' },"
          "'g': { 'from': 'a', 'to': 'b', 'interval': '1 ms', 'size': '1482 B' },"
          "'h': { 'from': 'a', 'to': 'b', 'interval': '1 ms', 'size': '1482 B' }",
          "");
    bps = point(&watched, "ConnectionBpsIngress", 0);
    ck_assert_double_eq(dx_monitor_average(bps), 36e6);
    ck_assert_double_eq(bps->truth_max, 360e6);
    ck_assert_double_eq(bps->offered_max, 360e6);
    ck_assert_double_eq(bps->max, 36e6);
    watched_clear(&watched);
}
END_TEST

/* Egress leaves the cloud. Nobody sends there, but a port says so. */
START_TEST(directions_are_the_clouds)
{
    Watched watched;

    watch(&watched, "4 ms", "", FLOW, "");
    ck_assert_double_eq(point(&watched, "ConnectionBpsEgress", 0)->sum, 0);
    watched_clear(&watched);
    watch(&watched, "4 ms", "",
          "'f': { 'from': 'b', 'to': 'a', 'interval': '100 us', 'size': '1482 B', 'stop': '2 ms' }", "");
    ck_assert_double_eq(point(&watched, "ConnectionBpsEgress", 0)->sum, 240e6);
    ck_assert_double_eq(point(&watched, "ConnectionBpsIngress", 0)->sum, 0);
    watched_clear(&watched);
}
END_TEST

/* Down from 1.5 to 3.5 ms: samples at 1, 2, 3, 4 ms are 1, 0, 0, 1. A silent failure does not show in the
 * state, but nothing arrives: of the frames until 2 ms those before 1 ms. */
START_TEST(a_port_that_is_down_is_seen_and_a_silent_failure_is_not)
{
    Watched watched;

    watch(&watched, "4 ms", "", FLOW,
          ", 'events': [ { 'at': '1.5 ms', 'do': 'fail', 'target': 'links.l', 'for': '2 ms' } ]");
    ck_assert_double_eq(point(&watched, "ConnectionState", 0)->sum, 2);
    ck_assert_double_eq(point(&watched, "ConnectionState", 0)->min, 0);
    watched_clear(&watched);
    watch(&watched, "4 ms", "", FLOW,
          ", 'events': [ { 'at': '1 ms', 'do': 'fail', 'target': 'links.l', 'how': 'silent' } ]");
    ck_assert_double_eq(point(&watched, "ConnectionState", 0)->min, 1);
    ck_assert_double_eq(point(&watched, "ConnectionBpsIngress", 0)->sum, 120e6);
    watched_clear(&watched);
}
END_TEST

/* Two frames fit behind the one in service, of five that come at once every ms: 2 x 1000 a second. */
START_TEST(discards_are_the_clouds_own_port)
{
    Watched watched;

    watch(&watched, "4 ms", ", 'queue': { 'limit': '2 frames' }",
          "'f': { 'from': 'b', 'to': 'a', 'interval': '1 ms', 'size': '1482 B', 'start': '500 us' },"
          "'g': { 'from': 'b', 'to': 'a', 'interval': '1 ms', 'size': '1482 B', 'start': '500 us' },"
          "'h': { 'from': 'b', 'to': 'a', 'interval': '1 ms', 'size': '1482 B', 'start': '500 us' },"
          "'i': { 'from': 'b', 'to': 'a', 'interval': '1 ms', 'size': '1482 B', 'start': '500 us' },"
          "'k': { 'from': 'b', 'to': 'a', 'interval': '1 ms', 'size': '1482 B', 'start': '500 us' }",
          "");
    ck_assert_double_eq(dx_monitor_average(point(&watched, "ConnectionDiscardsPpsEgress", 0)), 2000);
    ck_assert_double_eq(dx_monitor_average(point(&watched, "ConnectionPpsEgress", 0)), 3000);
    watched_clear(&watched);
}
END_TEST

/* A limit of 80 Mbps, and 1250 octets every 100 us: 100 Mbps, 125 % of it. What passes beside what is stopped
 * is all there was. */
START_TEST(utilisation_is_measured_before_the_policer)
{
    const DxMonitorPoint *share, *policed, *passed;
    Watched watched;

    watch(&watched, "4 ms", "",
          "'f': { 'from': 'a', 'to': 'b', 'via': 'v', 'interval': '100 us', 'size': '1250 B', 'start': '50 "
          "us' }",
          ", 'vifs': { 'v': { 'on': 'l', 'type': 'private', 'vlan': 5, 'rate_limit': '80 Mbps', 'burst': "
          "'2 kB' } }");
    share = point(&watched, "VirtualInterfaceUtilizationIngress", 0);
    policed = point(&watched, "VirtualInterfacePolicedBpsIngress", 0);
    passed = point(&watched, "VirtualInterfaceBpsIngress", 0);
    ck_assert_str_eq(share->vif, "v");
    ck_assert_double_eq(dx_monitor_average(share), 125);
    ck_assert_double_gt(dx_monitor_average(policed), 0);
    ck_assert_double_eq(dx_monitor_average(policed) + dx_monitor_average(passed), 100e6);
    watched_clear(&watched);
}
END_TEST

START_TEST(what_is_not_there_has_no_metric)
{
    Watched watched;

    watch(&watched, "4 ms", "", FLOW, "");
    ck_assert_ptr_null(point(&watched, "ConnectionLightLevelRx", 0));
    ck_assert_ptr_null(point(&watched, "ConnectionEncryptionState", 0));
    ck_assert_ptr_null(point(&watched, "VirtualInterfaceBpsIngress", 0));
    ck_assert_double_eq(point(&watched, "ConnectionErrorCount", 0)->sum, 0);
    watched_clear(&watched);
}
END_TEST

/* Who looks changes nothing: all that was measured without a monitor is the same with one. */
START_TEST(a_monitor_disturbs_nothing)
{
    const char *const rest = ", 'outputs': { 'series': { 'period': '300 us' } }";
    g_autofree char *links = g_strdup_printf(LINK, "");
    DxScenario *plain = network_load("9 ms", links, FLOW, rest);
    DxScenario *seen = network_load("9 ms", links, FLOW,
                                    ", 'monitor': { 'side': 'b', 'time_scale': 30000, 'truth': '100 us' },"
                                    " 'outputs': { 'series': { 'period': '300 us' }, 'cloudwatch': {} }");
    DxRun *a = network_make(plain), *b = network_make(seen);

    network_go(a, plain);
    network_go(b, seen);
    for (unsigned i = 0; i < dx_results_n_rows(a->results); i++) {
        const DxRow *row = dx_results_row(a->results, i);
        const DxRow *other = dx_results_find(b->results, row->kind, row->object, row->metric);

        ck_assert_ptr_nonnull(other);
        ck_assert_uint_eq(row->value, other->value);
    }
    ck_assert_uint_eq(dx_series_n(a->series), dx_series_n(b->series));
    for (size_t i = 0; i < dx_series_n(a->series); i++)
        ck_assert_uint_eq(dx_series_at(a->series, i)->value, dx_series_at(b->series, i)->value);
    dx_run_free(a);
    dx_run_free(b);
    dx_scenario_free(plain);
    dx_scenario_free(seen);
}
END_TEST

SUITE_MAIN("monitor", 30, a_point_is_made_of_the_samples_of_its_period, the_truth_shows_what_the_mean_hides,
           directions_are_the_clouds, a_port_that_is_down_is_seen_and_a_silent_failure_is_not,
           discards_are_the_clouds_own_port, utilisation_is_measured_before_the_policer,
           what_is_not_there_has_no_metric, a_monitor_disturbs_nothing)
