/*
 * test_inserted - models put into a link: what they did is seen in the results, and nothing is lost unseen
 */
#include <dxsim/models.h>
#include <dxsim/report.h>
#include <string.h>
#include "../../lib/load-priv.h"
#include "../network.h"
#include "../suite.h"

#define DURATION "100 ms"

#define LINK(inserts)                                                                                        \
    "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'framing': 'none', 'fiber': { 'delay': '1 ms' }, "         \
    "'insert': [ " inserts " ] }"

/*
 * 100 packets of 1000 B within 80 ns. The shaper passes 10 at once and 20 more, one a ms; 70 find its queue
 * full. The policer has room for two, and then for 875 bytes a ms: of the first ten 8 are red; of those that
 * follow k ms later the n-th green one needs 1000 n <= 875 k, which 17 of 20 have.
 */
#define SHAPER                                                                                               \
    "{ 'model': 'shaper', 'at': 'ingress', 'rate': '8 Mbps', 'burst': '10 kB', 'limit': '20 kB', "           \
    "'counts': 'packet' }"
#define POLICER "{ 'model': 'policer', 'at': 'egress', 'rate': '7 Mbps', 'burst': '2 kB' }"
#define BURST                                                                                                \
    "'f': { 'from': 'a', 'to': 'b', 'size': '1000 B', 'model': 'microburst', 'peak': '10 Tbps', "            \
    "'burst': '80 ns', 'period': '1 s' }"
#define SERIES ", 'outputs': { 'series': { 'period': '10 ms' } }"

START_TEST(what_inserted_models_drop_is_lost_on_the_link)
{
    DxScenario *scenario = network_load(DURATION, LINK(SHAPER ", " POLICER), BURST, "");
    DxRun *made = network_make(scenario);

    network_go(made, scenario);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_shaper0_queue_full"), 70);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_shaper0_larger_than_burst"), 0);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_policer1_red"), 11);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_queue_full"), 0);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_frames"), 81);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "tx_frames"), 30);
    ck_assert_uint_eq(network_value(made, "flow", "f", "lost_frames"), 81);
    ck_assert_uint_eq(network_value(made, "total", "frames", "dropped"), 81);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* One frame every 8 us on the line, 7 bytes of tokens in that time: two are green. */
START_TEST(who_drops_nothing_red_has_no_row_for_it)
{
    DxScenario *scenario = network_load(
        DURATION,
        LINK("{ 'model': 'policer', 'at': 'egress', 'rate': '7 Mbps', 'burst': '2 kB', 'red': 'pass' }"),
        BURST, "");
    DxRun *made = network_make(scenario);

    network_go(made, scenario);
    ck_assert_ptr_null(dx_results_find(made->results, "link", "l:a>b", "dropped_policer0_red"));
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.policer0", "red_frames"), 98);
    ck_assert_uint_eq(network_value(made, "flow", "f", "delivered_frames"), 100);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* 1000 B take 1 ms at 8 Mbps and 0.1 ms at 80 Mbps. The line becomes faster, the port before it does not: its
 * last service ends with the run, when 99 frames have come to the line. */
START_TEST(a_new_rate_of_the_line_is_none_of_an_inserted_port)
{
    DxScenario *scenario = network_load(
        DURATION, LINK("{ 'model': 'port', 'at': 'ingress', 'rate': '8 Mbps', 'framing': 'none' }"), BURST,
        ", 'events': [ { 'at': '0 s', 'do': 'set', 'target': 'links.l', 'rate': '80 Mbps' } ]");
    DxRun *made = network_make(scenario);

    network_go(made, scenario);
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.port0", "service_ps"), 100 * DX_MS);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "service_ps"), 99 * DX_MS / 10);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(inserted_models_have_rows_of_their_own)
{
    DxScenario *scenario = network_load(DURATION, LINK(SHAPER ", " POLICER), BURST, "");
    DxRun *made = network_make(scenario);
    uint64_t wait_ps;

    network_go(made, scenario);
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.shaper0", "tx_frames"), 30);
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.shaper0", "delayed_frames"), 20);
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.shaper0", "queue_max_bytes"), 20000);
    wait_ps = network_value(made, "model", "l:a>b.shaper0", "wait_ps");
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.shaper0", "wait_mean_ps"), (wait_ps + 15) / 30);
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.policer1", "green_frames"), 19);
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.policer1", "red_frames"), 11);
    /* their drops stand in one place */
    ck_assert_ptr_null(dx_results_find(made->results, "model", "l:a>b.shaper0", "dropped_queue_full"));
    /* only in directions that are used */
    ck_assert_ptr_null(dx_results_find(made->results, "model", "l:b>a.shaper0", "tx_frames"));
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* One line each, and the link's says how much of its loss that was. */
START_TEST(table_shows_inserted_models)
{
    DxScenario *scenario = network_load(DURATION, LINK(SHAPER ", " POLICER), BURST, "");
    DxRun *made = network_make(scenario);
    g_autofree char *table = NULL;

    network_go(made, scenario);
    table = dx_report_table(scenario, made, NULL, false);
    ck_assert_ptr_nonnull(strstr(table, "  inserted 81\n"));
    ck_assert_ptr_nonnull(
        strstr(table, "\nl:a>b.shaper0      30   7.000 ms  20.00 ms   20.00 kB  queue_full 70\n"));
    ck_assert_ptr_nonnull(strstr(table, "\nl:a>b.policer1     19       0   11  red 11\n"));
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* Any model may stand there: what it drops is told by its own name. */
START_TEST(table_shows_drops_of_any_inserted_model)
{
    DxScenario *scenario = network_load(
        DURATION,
        LINK("{ 'model': 'port', 'rate': '1 Gbps', 'framing': 'none', 'queue': { 'limit': '0 B' } }, "
             "{ 'model': 'port', 'at': 'ingress', 'rate': '10 Gbps', 'queue': { 'limit': '3 frames' } }"),
        BURST, "");
    DxRun *made = network_make(scenario);
    g_autofree char *table = NULL;

    network_go(made, scenario);
    table = dx_report_table(scenario, made, NULL, false);
    ck_assert_ptr_nonnull(strstr(table, "  inserted 96\n"));
    ck_assert_ptr_nonnull(strstr(table, "\nl:a>b.port1  queue_full 96\n"));
    ck_assert_ptr_null(strstr(table, "port0"));
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* What a column has at @at_ps; 0: the sum of all. */
static uint64_t sampled(const DxRun *made, const char *object, const char *metric, DxTime at_ps)
{
    uint64_t found = 0;

    for (size_t i = 0; i < dx_series_n(made->series); i++) {
        const DxSample *sample = dx_series_at(made->series, i);

        if (!strcmp(sample->object, object) && !strcmp(sample->metric, metric) &&
            (!at_ps || sample->t_ps == at_ps))
            found += sample->value;
    }
    return found;
}

/* At 10 ms frames have left at 1 to 9 ms: the departure at 10 ms comes after the sample. Colours of the first
 * 10 ms: 10 and 8 more frames have come through by then (1 ms of fiber), in octets per second. */
START_TEST(series_show_inserted_models)
{
    DxScenario *scenario = network_load(DURATION, LINK(SHAPER ", " POLICER), BURST, SERIES);
    DxRun *made = network_make(scenario);
    uint64_t bits;

    network_go(made, scenario);
    ck_assert_uint_eq(sampled(made, "l:a>b.shaper0", "queue_bytes", 10 * DX_MS), 11000);
    ck_assert_uint_eq(sampled(made, "l:a>b.shaper0", "queue_peak_bytes", 10 * DX_MS), 20000);
    ck_assert_uint_eq(sampled(made, "l:a>b.shaper0", "queue_peak_bytes", 20 * DX_MS), 11000);
    ck_assert_uint_eq(sampled(made, "l:a>b", "dropped_frames", 0), 81);
    bits = sampled(made, "l:a>b.policer1", "green_bps", 10 * DX_MS) / 100;
    bits += sampled(made, "l:a>b.policer1", "red_bps", 10 * DX_MS) / 100;
    ck_assert_uint_eq(bits, 18 * 8000);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* A link of a dotted name; two of a kind are told apart by their number in the list. */
START_TEST(names_have_dots_and_numbers)
{
    static const char *const link =
        "'l.x': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'insert': [ " SHAPER ", " SHAPER " ] }";
    DxScenario *scenario = network_load(DURATION, link, BURST, "");
    DxRun *made = network_make(scenario);

    network_go(made, scenario);
    ck_assert_uint_eq(network_value(made, "link", "l.x:a>b", "dropped_shaper0_queue_full"), 70);
    ck_assert_uint_eq(network_value(made, "link", "l.x:a>b", "dropped_shaper1_queue_full"), 0);
    ck_assert_uint_eq(network_value(made, "model", "l.x:a>b.shaper1", "delayed_frames"), 0);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* -- whatever happens -------------------------------------------------------------------------------- */

#define EVENTFUL                                                                                             \
    ", 'events': [ { 'at': '20 ms', 'do': 'fail', 'target': 'links.l', 'for': '5 ms', 'every': '20 ms' }, "  \
    "{ 'at': '33 ms', 'do': 'fail', 'how': 'silent', 'target': 'links.m', 'for': '9 ms' }, "                 \
    "{ 'at': '50 ms', 'do': 'set', 'target': 'links.l', 'rate': '20 Mbps' } ]"

static const char network[] =
    "'l': { 'ends': ['a', 'b'], 'rate': '100 Mbps', 'fiber': { 'length': '50 km' }, 'queue': { 'limit': '30 "
    "kB' }, "
    "'insert': [ "
    "{ 'model': 'shaper', 'at': 'ingress', 'rate': '30 Mbps', 'burst': '9 kB', 'latency': '3 ms', "
    "'peak': '80 Mbps', 'peak_burst': '1514 B' }, "
    "{ 'model': 'shaper', 'rate': '28 Mbps', 'burst': '4 kB', 'limit': '20 kB' }, "
    "{ 'model': 'policer', 'at': 'egress', 'rate': '18 Mbps', 'burst': '9 kB', 'excess_burst': '3 kB' } ] }, "
    "'m': { 'ends': ['b', 'c'], 'rate': '1 Gbps', 'fiber': { 'length': '200 km' }, 'insert': [ "
    "{ 'model': 'policer', 'at': 'ingress', 'rate': '15 Mbps', 'burst': '3 kB', 'peak': '20 Mbps', "
    "'peak_burst': '5 kB', 'colour_aware': true }, "
    "{ 'model': 'shaper', 'at': 'egress', 'rate': '8 Mbps', 'burst': '1600 B', 'limit': '8 kB', 'counts': "
    "'wire' } ] "
    "}";

static const char traffic[] =
    "'up': { 'from': 'a', 'to': 'c', 'model': 'poisson', 'rate': '25 Mbps', 'size': '1200 B', 'count': 4 }, "
    "'near': { 'from': 'a', 'to': 'b', 'model': 'poisson', 'rate': '15 Mbps', 'size': '300 B' }, "
    "'down': { 'from': 'c', 'to': 'a', 'model': 'microburst', 'peak': '200 Mbps', 'burst': '1 ms', "
    "'period': '7 ms', 'size': '1500 B' }";

/* All rows and samples as text. */
static char *outcome(unsigned threads, unsigned burst, DxTime window_ps)
{
    DxScenario *scenario = network_load(DURATION, network, traffic, SERIES EVENTFUL);
    DxRun *made = network_make(scenario);
    GString *text = g_string_new(NULL);

    dx_sim_set_threads(made->sim, threads);
    dx_sim_set_burst(made->sim, burst);
    dx_sim_set_window(made->sim, window_ps);
    network_go(made, scenario);
    for (unsigned i = 0; i < dx_results_n_rows(made->results); i++) {
        const DxRow *row = dx_results_row(made->results, i);
        g_autofree char *number = dx_row_text(row);

        g_string_append_printf(text, "%s %s %s %s\n", row->kind, row->object, row->metric, number);
    }
    for (size_t i = 0; i < dx_series_n(made->series); i++) {
        const DxSample *sample = dx_series_at(made->series, i);

        g_string_append_printf(text, "%" G_GINT64_FORMAT " %s %s %" G_GUINT64_FORMAT "\n", sample->t_ps,
                               sample->object, sample->metric, sample->value);
    }
    ck_assert_uint_gt(network_value(made, "link", "l:a>b", "dropped_shaper0_queue_full"), 0);
    ck_assert_uint_gt(network_value(made, "link", "l:a>b", "dropped_policer2_red"), 0);
    ck_assert_uint_gt(network_value(made, "link", "l:a>b", "dropped_link_down"), 0);
    ck_assert_uint_gt(network_value(made, "model", "m:b>c.policer0", "yellow_frames"), 0);
    ck_assert_uint_gt(network_value(made, "link", "m:b>c", "dropped_shaper1_queue_full"), 0);
    dx_run_free(made);
    dx_scenario_free(scenario);
    return g_string_free(text, FALSE);
}

START_TEST(threads_bursts_and_windows_change_nothing)
{
    g_autofree char *expected = outcome(1, 256, DX_TIME_MAX);
    static const struct {
        unsigned threads, burst;
        DxTime window_ps;
    } cases[] = {
        { 1, 1, DX_TIME_MAX }, { 1, 7, 10 * DX_US }, { 2, 256, DX_TIME_MAX }, { 4, 7, 100 * DX_US }
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = outcome(cases[i].threads, cases[i].burst, cases[i].window_ps);

        ck_assert_str_eq(got, expected);
    }
}
END_TEST

/* -- told when read ---------------------------------------------------------------------------------- */

static void assert_told(const char *links, const char *flows, const char *rest, const char *want)
{
    g_autofree char *text = network_text(DURATION, links, flows, rest);
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f", text, strlen(text), dx_builtin_models, problems);
    g_autofree char *line = NULL;

    ck_assert_ptr_nonnull(scenario);
    ck_assert_uint_eq(problems->list->len, want ? 1 : 0);
    if (want) {
        line = g_strdelimit(dx_problem_text(g_ptr_array_index(problems->list, 0)), "\"", '\'');
        ck_assert_str_eq(line, want);
    }
    dx_scenario_free(scenario);
    dx_problems_free(problems);
}

#define FLOW(size) "'f': { 'from': 'a', 'to': 'b', 'rate': '1 Mbps', 'size': '" size "' }"

/* 14 octets of header are counted unless told otherwise: 1486 of 1500 are left. */
START_TEST(a_flow_that_cannot_pass_is_told_of)
{
#define SHORT "'model': 'shaper', 'rate': '8 Mbps', 'burst': '1500 B'"
    assert_told(LINK("{ " SHORT ", 'limit': '1 MB' }"), FLOW("1486 B"), "", NULL);
    assert_told(LINK("{ " SHORT ", 'limit': '1 MB' }"), FLOW("1487 B"), "",
                "f:4:69: warning: packets of 1487 B never pass: the longest that the shaper of link 'l' lets "
                "through is 1486 B (/flows/f/size) [DX1203]");
    /* a size that is not written down is the default's, the flow's place is shown */
    assert_told(LINK("{ " SHORT ", 'limit': '1 MB' }"), "'f': { 'from': 'a', 'to': 'b', 'rate': '1 Mbps' }",
                "",
                "f:4:17: warning: packets of 1500 B never pass: the longest that the shaper of link 'l' lets "
                "through is 1486 B (/flows/f) [DX1203]");
    /* every frame must fit into the queue */
    assert_told(LINK("{ " SHORT ", 'limit': '100 B' }"), FLOW("87 B"), "",
                "f:4:69: warning: packets of 87 B never pass: the longest that the shaper of link 'l' lets "
                "through is 86 B (/flows/f/size) [DX1203]");
    assert_told(LINK("{ " SHORT ", 'limit': '10 B' }"), FLOW("87 B"), "",
                "f:4:69: warning: packets of 87 B never pass: the longest that the shaper of link 'l' lets "
                "through is 0 B (/flows/f/size) [DX1203]");
    assert_told(LINK("{ " SHORT ", 'limit': '1 MB', 'peak': '9 Mbps', 'peak_burst': '114 B' }"),
                FLOW("101 B"), "",
                "f:4:69: warning: packets of 101 B never pass: the longest that the shaper of link 'l' lets "
                "through is 100 B (/flows/f/size) [DX1203]");
    /* the other direction is none of its business */
    assert_told(LINK("{ " SHORT ", 'limit': '1 MB', 'direction': 'reverse' }"), FLOW("9000 B"), "", NULL);
}
END_TEST

START_TEST(a_policer_bars_what_fits_none_of_its_buckets)
{
#define POLICE "'model': 'policer', 'rate': '8 Mbps', 'burst': '1000 B'"
    assert_told(LINK("{ " POLICE " }"), FLOW("1000 B"), "", NULL);
    assert_told(LINK("{ " POLICE ", 'excess_burst': '1500 B' }"), FLOW("1500 B"), "", NULL);
    assert_told(LINK("{ " POLICE ", 'red': 'pass' }"), FLOW("9000 B"), "", NULL);
    assert_told(
        LINK("{ " POLICE ", 'peak': '9 Mbps', 'peak_burst': '1500 B' }"), FLOW("1501 B"), "",
        "f:4:69: warning: packets of 1501 B never pass: the longest that the policer of link 'l' lets "
        "through is 1500 B (/flows/f/size) [DX1203]");
}
END_TEST

/* One line for each flow, also where all members of a LAG have the same. */
START_TEST(a_barred_flow_is_told_of_once)
{
    assert_told(
        "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'insert': [ { " POLICE " } ] }, "
        "'m': { 'like': 'l' }",
        FLOW("1001 B"), ", 'lags': { 'g': { 'members': ['l', 'm'] } }",
        "f:4:69: warning: packets of 1001 B never pass: the longest that the policer of link 'l' lets "
        "through is 1000 B (/flows/f/size) [DX1203]");
}
END_TEST

SUITE_MAIN("inserted", 60, what_inserted_models_drop_is_lost_on_the_link,
           who_drops_nothing_red_has_no_row_for_it, a_new_rate_of_the_line_is_none_of_an_inserted_port,
           inserted_models_have_rows_of_their_own, table_shows_inserted_models,
           table_shows_drops_of_any_inserted_model, series_show_inserted_models, names_have_dots_and_numbers,
           threads_bursts_and_windows_change_nothing, a_flow_that_cannot_pass_is_told_of,
           a_policer_bars_what_fits_none_of_its_buckets, a_barred_flow_is_told_of_once)
