/*
 * test_marker - flows that leave a member which works: in order with markers, and what that takes
 *
 *      a ===== l1, l2, l3 (LAG) ===== b        1 Gbps, 10 us each
 *
 * A frame of 1000 octets takes 1038 on the line with header, FCS, preamble and gap: 8.304 us. A marker and
 * its response have 110, and take 148: 1.184 us. Both are acted upon 10 us after they came.
 */
#include <string.h>
#include <dxsim/dxsim.h>
#include "../../suite.h"

#define FRAME_PS    (8304 * DX_NS)
#define MARKER_PS   (1184 * DX_NS)
#define DELAY_PS    (10 * DX_US)
#define REACTION_PS (10 * DX_US)

/* From a marker's last bit until its response is acted upon. */
#define BACK_PS (DELAY_PS + REACTION_PS + MARKER_PS + DELAY_PS + REACTION_PS)

/* Single quotes for double ones. PDUs are slow: none is near. */
static DxRun *run_new(const char *lacp, const char *flow, const char *events, const char *duration,
                      unsigned seed, DxScenario **scenario)
{
    char *text = g_strdup_printf(
        "{ 'dxsim': 1, 'name': 't', 'run': { 'duration': '%s', 'seed': %u }, 'nodes': { 'a': { 'kind': "
        "'router' }, 'b': { 'kind': 'router' } }, 'defaults': { 'link': { 'rate': '1 Gbps', 'queue': { "
        "'limit': "
        "'2 MB' }, 'fiber': { 'delay': '10 us' } } }, 'links': { 'l1': { 'ends': ['a', 'b'] }, 'l2': { "
        "'ends': "
        "['a', 'b'] }, 'l3': { 'ends': ['a', 'b'] } }, 'lags': { 'g': { 'members': ['l1', 'l2', 'l3'], "
        "'lacp': { "
        "'rate': 'slow', %s } } }, 'flows': { 'f': { 'from': 'a', 'to': 'b', 'via': 'g', 'size': '1000 B', "
        "%s } "
        "}, 'events': [ %s ] }",
        duration, seed, lacp, flow, events);
    DxProblems *problems = dx_problems_new();
    GError *error = NULL;
    DxRun *run;

    g_strdelimit(text, "'", '"');
    *scenario = dx_scenario_read("t.json", text, strlen(text), dx_builtin_models, problems);
    ck_assert_msg(*scenario != NULL, "%s",
                  problems->list->len ? dx_problem_text(problems->list->pdata[0]) : "");
    run = dx_run_new(*scenario, &error);
    ck_assert_msg(run && dx_run_go(run, *scenario, &error), "%s", error ? error->message : "");
    dx_problems_free(problems);
    g_free(text);
    return run;
}

static void run_free(DxRun *run, DxScenario *scenario)
{
    dx_run_free(run);
    dx_scenario_free(scenario);
}

static uint64_t value(const DxRun *run, const char *kind, const char *object, const char *metric)
{
    const DxRow *row = dx_results_find(run->results, kind, object, metric);

    ck_assert_msg(row != NULL, "%s %s %s", kind, object, metric);
    return row->value;
}

static uint64_t of_lag(const DxRun *run, const char *metric)
{
    return value(run, "lag", "g:a>b", metric);
}

/* -- order --------------------------------------------------------------------------------------------- */

/* A member leaves before there is any load, and returns a little after 2.03 s: by then two lines have been
 * offered 2.4 Gbps for 10 ms, and 200 kB and more wait on them, two thirds of which belong on other lines
 * now. */
#define LOAD       "'model': 'poisson', 'rate': '2400 Mbps', 'count': 32, 'start': '2.02 s', 'stop': '2.05 s'"
#define GOES(link) "{ 'at': '20 ms', 'do': 'fail', 'target': 'links." link "', 'for': '10 ms' }"

START_TEST(nothing_overtakes_with_markers)
{
    uint64_t without = 0;

    for (unsigned seed = 1; seed <= 10; seed++) {
        DxScenario *scenario;
        DxRun *run = run_new("'marker': 'off'", LOAD, GOES("l2"), "2.2 s", seed, &scenario);

        without += value(run, "flow", "f", "reordered_frames");
        run_free(run, scenario);
        run = run_new("'marker': 'on'", LOAD, GOES("l2"), "2.2 s", seed, &scenario);
        ck_assert_uint_eq(value(run, "flow", "f", "reordered_frames"), 0);
        ck_assert_uint_ge(of_lag(run, "markers"), 2);
        ck_assert_uint_eq(of_lag(run, "marker_timeouts"), 0);
        ck_assert_uint_gt(of_lag(run, "held_frames"), 0);
        ck_assert_uint_eq(of_lag(run, "dropped_marker_full"), 0);
        run_free(run, scenario);
    }
    ck_assert_uint_gt(without, 100);
}
END_TEST

/* Without markers there is nothing to count. */
START_TEST(off_unless_told)
{
    DxScenario *scenario;
    DxRun *run = run_new("'mode': 'active'", LOAD, GOES("l2"), "100 ms", 1, &scenario);

    ck_assert_ptr_null(dx_results_find(run->results, "lag", "g:a>b", "markers"));
    ck_assert_ptr_null(dx_results_find(run->results, "lag", "g:a>b", "dropped_marker_full"));
    run_free(run, scenario);
}
END_TEST

/* -- how long a flow waits ----------------------------------------------------------------------------- */

/* Frames of one flow, every @interval_ps from 0 on, until a member fails at @at_ps, when the flow may have to
 * move. Its old line has been busy since 0 when the interval is shorter than a frame: the marker leaves
 * behind all of them. */
static DxTime expected_wait(DxTime interval_ps, DxTime at_ps)
{
    const DxTime n = (at_ps + interval_ps - 1) / interval_ps;
    const DxTime free_ps = interval_ps < FRAME_PS ? n * FRAME_PS : (n - 1) * interval_ps + FRAME_PS;

    return MAX(free_ps, at_ps) - at_ps + MARKER_PS + BACK_PS;
}

static void check_wait(const char *interval, DxTime interval_ps)
{
    static const char *const events[] = { GOES("l1"), GOES("l2"), GOES("l3") };
    unsigned n = 0;

    for (unsigned k = 0; k < 24; k++) {
        char *flow = g_strdup_printf("'interval': '%s', 'ports': [%u, 443]", interval, 1000 + k / 3);
        DxScenario *scenario;
        DxRun *run = run_new("'marker': 'on'", flow, events[k % 3], "25 ms", 7, &scenario);
        const uint64_t held = of_lag(run, "held_frames");

        ck_assert_uint_eq(value(run, "flow", "f", "reordered_frames"), 0);
        for (unsigned i = 0; i < 3; i++) {
            static const char *const ears[] = { "l1:b>a.lacp", "l2:b>a.lacp", "l3:b>a.lacp" };

            ck_assert_uint_eq(value(run, "model", ears[i], "tx_pdus"), 0);
        }
        if (of_lag(run, "markers")) {
            const DxTime wait_ps = expected_wait(interval_ps, 20 * DX_MS);

            n++;
            ck_assert_uint_eq(of_lag(run, "markers"), 1);
            ck_assert_int_eq((DxTime)of_lag(run, "marker_wait_ps"), wait_ps);
            ck_assert_uint_ge(held, (uint64_t)(wait_ps / interval_ps));
            ck_assert_uint_le(held, (uint64_t)(wait_ps / interval_ps) + 1);
            ck_assert_uint_eq(of_lag(run, "held_max_bytes"), held * 1018);
        } else {
            ck_assert_uint_eq(held, 0);
        }
        run_free(run, scenario);
        g_free(flow);
    }
    ck_assert_uint_ge(n, 2); /* one in three, on average, of 24 */
}

/* 2 * (10 us + 10 us + 1.184 us): one round trip. */
START_TEST(an_idle_member_takes_a_round_trip)
{
    ck_assert_int_eq(expected_wait(100 * DX_US, 20 * DX_MS), 2 * (DELAY_PS + REACTION_PS + MARKER_PS));
    check_wait("100 us", 100 * DX_US);
}
END_TEST

/* 8 us are too short for 8.304: after 20 ms 2500 frames take 760 us longer. */
START_TEST(and_its_queue)
{
    ck_assert_int_eq(expected_wait(8 * DX_US, 20 * DX_MS) - 2 * (DELAY_PS + REACTION_PS + MARKER_PS),
                     760 * DX_US);
    check_wait("8 us", 8 * DX_US);
}
END_TEST

/* -- when no response comes ----------------------------------------------------------------------------- */

#define MANY "'interval': '20 us', 'count': 32"

/* l1 says nothing any more, and nobody knows yet: its marker is lost. */
START_TEST(a_lost_marker_is_waited_for_until_the_timeout)
{
    DxScenario *scenario;
    DxRun *run =
        run_new("'marker': 'on', 'marker_timeout': '7 ms'", MANY,
                "{ 'at': '19.5 ms', 'do': 'fail', 'target': 'links.l1', 'how': 'silent' }," GOES("l2"),
                "40 ms", 1, &scenario);

    ck_assert_uint_eq(of_lag(run, "markers"), 2); /* the other one on l3 */
    ck_assert_uint_eq(of_lag(run, "marker_timeouts"), 1);
    ck_assert_uint_eq(of_lag(run, "marker_wait_ps"), 7 * DX_MS);
    ck_assert_uint_gt(of_lag(run, "held_frames"), 0);
    run_free(run, scenario);
}
END_TEST

/* A member that goes out has nothing more to wait for: frames move on at that moment. */
START_TEST(a_member_that_goes_out_is_not_waited_for)
{
    DxScenario *scenario;
    DxRun *run = run_new("'marker': 'on', 'marker_timeout': '1 s'", MANY,
                         GOES("l2") ", { 'at': '20.01 ms', 'do': 'fail', 'target': 'links.l1' }", "1.5 s", 1,
                         &scenario);

    ck_assert_uint_eq(of_lag(run, "marker_timeouts"), 0);
    ck_assert_uint_eq(value(run, "total", "frames", "held"), 0);
    ck_assert_uint_eq(value(run, "flow", "f", "reordered_frames"), 0);
    ck_assert_uint_le(of_lag(run, "marker_wait_ps"), expected_wait(20 * DX_US, 20 * DX_MS) + 10 * FRAME_PS);
    run_free(run, scenario);
}
END_TEST

START_TEST(what_has_no_room_is_dropped)
{
    static const char *const events[] = { GOES("l1"), GOES("l2"), GOES("l3") };
    unsigned n = 0;

    for (unsigned k = 0; k < 30; k++) {
        char *flow = g_strdup_printf("'interval': '4 us', 'ports': [%u, 443]", 1000 + k / 3);
        DxScenario *scenario;
        DxRun *run =
            run_new("'marker': 'on', 'marker_limit': '2035 B'", flow, events[k % 3], "25 ms", 1, &scenario);

        if (of_lag(run, "markers")) { /* 2 of 1018 octets do not fit into 2035 */
            n++;
            ck_assert_uint_eq(of_lag(run, "held_frames"), 1);
            ck_assert_uint_eq(of_lag(run, "held_max_bytes"), 1018);
            ck_assert_uint_gt(of_lag(run, "dropped_marker_full"), 10);
            ck_assert_uint_eq(value(run, "flow", "f", "reordered_frames"), 0);
        }
        run_free(run, scenario);
        g_free(flow);
    }
    ck_assert_uint_ge(n, 2);
}
END_TEST

SUITE_MAIN("marker", 120, nothing_overtakes_with_markers, off_unless_told, an_idle_member_takes_a_round_trip,
           and_its_queue, a_lost_marker_is_waited_for_until_the_timeout,
           a_member_that_goes_out_is_not_waited_for, what_has_no_room_is_dropped)
