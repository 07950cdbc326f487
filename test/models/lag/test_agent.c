/*
 * test_agent - LACP over simulated lines: how long a failure takes to notice, what becomes of the traffic
 *
 *      a ===== l1, l2 (LAG) ===== b          flows a > b, with the backup "way"
 *       '--------- way ----------'
 */
#include <stdlib.h>
#include <string.h>
#include <dxsim/dxsim.h>
#include "../../suite.h"

/* Single quotes for double ones. */
static DxRun *run_new(const char *lacp, const char *events, const char *duration, unsigned seed,
                      DxScenario **scenario)
{
    char *text = g_strdup_printf(
        "{ 'dxsim': 1, 'name': 't', 'run': { 'duration': '%s', 'seed': %u }, 'nodes': { 'a': { 'kind': "
        "'router' }, "
        "'b': { 'kind': 'router' } }, 'defaults': { 'link': { 'rate': '1 Gbps', 'fiber': { 'delay': '10 us' "
        "} } }, "
        "'links': { 'l1': { 'ends': ['a', 'b'] }, 'l2': { 'ends': ['a', 'b'] }, 'way': { 'ends': ['b', 'a'] "
        "} }, "
        "'lags': { 'g': { 'members': ['l1', 'l2'], %s } }, 'flows': { 'f': { 'from': 'a', 'to': 'b', 'via': "
        "'g', "
        "%s'interval': '100 ms', 'size': '100 B', 'count': 8 } }, 'events': [ %s ] }",
        duration, seed, lacp, strstr(lacp, "min_links") ? "'backup': 'way', " : "", events);
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

static uint64_t value(const DxRun *run, const char *kind, const char *object, const char *metric)
{
    const DxRow *row = dx_results_find(run->results, kind, object, metric);

    ck_assert_msg(row != NULL, "%s %s %s", kind, object, metric);
    return row->value;
}

/* Time of the @n-th such line, from 0; -1: there is none. */
static DxTime logged(const DxRun *run, const char *object, const char *event, const char *detail, unsigned n)
{
    for (guint i = 0; i < run->log->len; i++) {
        const DxLogLine *line = run->log->pdata[i];

        if (!strcmp(line->object, object) && !strcmp(line->event, event) &&
            (!detail || !strcmp(line->detail, detail)) && n-- == 0)
            return line->t_ps;
    }
    return -1;
}

/* -- detection ---------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov: the largest distance from the uniform distribution on 0 to 1. */
static double distance(double *x, unsigned n)
{
    double d = 0;

    qsort(x, n, sizeof *x, compare);
    for (unsigned i = 0; i < n; i++)
        d = MAX(d, MAX(x[i] - i / (double)n, (i + 1) / (double)n - x[i]));
    return d;
}

#define SEEDS 200

/* The last PDU is 0 to 1 period old: out after 3 periods less that. A PDU takes 10 us and its own 1.184 us
 * (148 octets at 1 Gbps), and is acted upon 10 us later: that much later its successor is missed, and what is
 * on the way when the line fails is lost. */
static void check_detection(const char *lacp, const char *event, const char *duration, DxTime period_ps)
{
    const DxTime way_ps = 10 * DX_US + 1184 * DX_NS;
    double age[2 * SEEDS];

    for (unsigned seed = 1; seed <= SEEDS; seed++)
        for (unsigned d = 0; d < 2; d++) {
            DxScenario *scenario;
            DxRun *run = run_new(lacp, event, duration, seed, &scenario);
            const DxTime took = (DxTime)value(run, "lag", d ? "g:b>a" : "g:a>b", "detection_ps");

            ck_assert_int_ge(took, 2 * period_ps);
            ck_assert_int_le(took, 3 * period_ps + 10 * DX_US);
            ck_assert_uint_eq(value(run, "lag", d ? "g:b>a" : "g:a>b", "detections"), 1);
            age[2 * (seed - 1) + d] =
                (double)(3 * period_ps + 10 * DX_US - took) / (double)(period_ps + way_ps);
            dx_run_free(run);
            dx_scenario_free(scenario);
        }
    ck_assert_double_lt(distance(age, 2 * SEEDS), 1.628 / 20); /* 1 % of uniform samples are farther off */
}

#define SILENT(at) "{ 'at': '" at "', 'do': 'fail', 'target': 'links.l2', 'how': 'silent' }"

START_TEST(silence_is_noticed_in_2_to_3_seconds)
{
    check_detection("'lacp': {}", SILENT("7.31 s"), "11 s", DX_S);
}
END_TEST

START_TEST(or_60_to_90_when_slow)
{
    check_detection("'lacp': { 'rate': 'slow' }", SILENT("131.7 s"), "222 s", 30 * DX_S);
}
END_TEST

START_TEST(loss_of_light_is_noticed_at_once)
{
    DxScenario *scenario;
    DxRun *run = run_new("'lacp': {}", "{ 'at': '5 s', 'do': 'fail', 'target': 'links.l1', 'for': '4 s' }",
                         "20 s", 1, &scenario);

    ck_assert_uint_eq(value(run, "lag", "g:a>b", "detections"), 1);
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "detection_ps"), 0);
    ck_assert_int_eq(logged(run, "l1:b>a.lacp", "rx", "CURRENT -> PORT_DISABLED", 0), 5 * DX_S);
    ck_assert_int_eq(logged(run, "g:a>b.lacp", "lag_degraded", "1 of 2", 0), 5 * DX_S);
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "working"), 2);
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "distributing_min"), 1);
    ck_assert_uint_eq(value(run, "flow", "f", "lost_frames"), 0);
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "timeouts"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* -- cold start --------------------------------------------------------------------------------------- */

/* PDUs of 148 octets on the line cross at 0; what is heard 21.184 us later begins the wait of 2 s. */
START_TEST(a_cold_start_waits_two_seconds)
{
    const DxTime heard_ps = 10 * DX_US + 1184 * DX_NS + 10 * DX_US;
    DxScenario *scenario;
    DxRun *run = run_new("'lacp': { 'start': 'cold' }", "", "6 s", 1, &scenario);

    ck_assert_int_eq(logged(run, "l1:b>a.lacp", "rx", "PORT_DISABLED -> EXPIRED", 0), 0);
    ck_assert_int_eq(logged(run, "l1:b>a.lacp", "rx", "EXPIRED -> CURRENT", 0), heard_ps);
    ck_assert_int_eq(logged(run, "l1:b>a.lacp", "mux", "WAITING -> ATTACHED", 0), heard_ps + 2 * DX_S);
    ck_assert_int_eq(logged(run, "l2:a>b.lacp", "mux", "WAITING -> ATTACHED", 0), heard_ps + 2 * DX_S);
    ck_assert_int_gt(logged(run, "g:a>b.lacp", "lag_complete", "2 of 2", 0), heard_ps + 2 * DX_S);
    ck_assert_uint_gt(value(run, "flow", "f", "lost_frames"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* -- min_links ---------------------------------------------------------------------------------------- */

/* One member of two is out from 5 s to some seconds after 9 s: the other way carries all of it meanwhile. */
START_TEST(below_min_links_the_backup_carries)
{
    DxScenario *scenario;
    DxRun *run =
        run_new("'lacp': {}, 'min_links': 2, 'hold_off': '1.5 s'",
                "{ 'at': '5.05 s', 'do': 'fail', 'target': 'links.l1', 'for': '4 s' }", "20 s", 1, &scenario);
    const DxTime up_ps = logged(run, "g:a>b.lacp", "lag_up", "2 of 2", 0);
    const DxTime complete_ps = logged(run, "g:a>b.lacp", "lag_complete", "2 of 2", 0);
    uint64_t on_way = 0;

    ck_assert_int_eq(logged(run, "g:a>b.lacp", "lag_down", "1 below min_links 2", 0), 5050 * DX_MS);
    ck_assert_int_eq(up_ps, complete_ps + 1500 * DX_MS);
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "down_ps"), (uint64_t)(up_ps - 5050 * DX_MS));
    ck_assert_uint_eq(value(run, "flow", "f", "lost_frames"), 0);
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "dropped_no_member"), 0);
    for (unsigned k = 0; k < 200; k++) /* a frame every 100 ms, from 0 on */
        on_way += k * 100 * DX_MS >= 5050 * DX_MS && k * 100 * DX_MS < up_ps ? 1 : 0;
    ck_assert_uint_eq(value(run, "link", "way:a>b", "tx_frames"), on_way);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* A member that does not stay back for hold_off does not count. */
START_TEST(hold_off_starts_anew)
{
    DxScenario *scenario;
    DxRun *run = run_new("'lacp': {}, 'min_links': 2, 'hold_off': '5 s'",
                         "{ 'at': '5 s', 'do': 'fail', 'target': 'links.l1', 'for': '1 ms', 'every': '6 s' }",
                         "22 s", 1, &scenario);

    ck_assert_int_eq(logged(run, "g:a>b.lacp", "lag_down", NULL, 0), 5 * DX_S);
    ck_assert_int_ge(logged(run, "g:a>b.lacp", "lag_complete", NULL, 1), 0);
    ck_assert_int_eq(logged(run, "g:a>b.lacp", "lag_up", NULL, 0), -1);
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "down_ps"), (uint64_t)(17 * DX_S));
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "working"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* Each end says what it has heard: one PDU a second and member, from either end, and all are heard. */
START_TEST(pdus_are_counted)
{
    DxScenario *scenario;
    DxRun *run = run_new("'lacp': {}", "", "10.5 s", 3, &scenario);

    for (unsigned i = 0; i < 4; i++) {
        static const char *const ears[] = { "l1:a>b.lacp", "l1:b>a.lacp", "l2:a>b.lacp", "l2:b>a.lacp" };
        const uint64_t tx = value(run, "model", ears[i], "tx_pdus"),
                       rx = value(run, "model", ears[i], "rx_pdus");

        ck_assert(tx == 10 || tx == 11);
        ck_assert(rx == 10 || rx == 11);
        ck_assert_uint_eq(rx, value(run, "model", ears[i ^ 1], "tx_pdus"));
    }
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* -- ends that are set to different things --------------------------------------------------------------- */

/* a asks for a PDU every 30 s, b for one every second: each gets what it asks for, and waits three of its own
 * periods. 91 s hold 91 phases of one second, and three of 30 s or four. */
START_TEST(the_receiver_says_how_fast)
{
    DxScenario *scenario;
    DxRun *run = run_new("'lacp': { 'ends': { 'a': { 'rate': 'slow' } } }", "", "91 s", 5, &scenario);

    for (unsigned i = 0; i < 2; i++) {
        const uint64_t by_a = value(run, "model", i ? "l2:b>a.lacp" : "l1:b>a.lacp", "tx_pdus");
        const uint64_t by_b = value(run, "model", i ? "l2:a>b.lacp" : "l1:a>b.lacp", "tx_pdus");

        ck_assert(by_a == 91 || by_a == 92);
        ck_assert(by_b == 3 || by_b == 4);
    }
    ck_assert_uint_eq(value(run, "lag", "g:a>b", "timeouts"), 0);
    ck_assert_uint_eq(value(run, "lag", "g:b>a", "timeouts"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(a_slow_end_notices_late_and_a_fast_one_soon)
{
    for (unsigned seed = 1; seed <= 20; seed++) {
        DxScenario *scenario;
        DxRun *run = run_new("'lacp': { 'ends': { 'a': { 'rate': 'slow' } } }", SILENT("131.7 s"), "222 s",
                             seed, &scenario);
        const DxTime slow_ps = (DxTime)value(run, "lag", "g:a>b", "detection_ps");
        const DxTime fast_ps = (DxTime)value(run, "lag", "g:b>a", "detection_ps");

        ck_assert_int_ge(slow_ps, 60 * DX_S);
        ck_assert_int_le(slow_ps, 90 * DX_S + 10 * DX_US);
        ck_assert_int_ge(fast_ps, 2 * DX_S);
        ck_assert_int_le(fast_ps, 3 * DX_S + 10 * DX_US);
        dx_run_free(run);
        dx_scenario_free(scenario);
    }
}
END_TEST

/* What one end cannot bundle, the other must not: l2 is out at both, at peace, and takes over from l1. */
START_TEST(hardware_of_one_end_limits_both)
{
    static const char *const limits[] = { "'lacp': { 'ends': { 'a': { 'selected_max': 1 } } }",
                                          "'lacp': { 'ends': { 'b': { 'selected_max': 1 } } }" };

    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++) {
        DxScenario *scenario;
        DxRun *run = run_new(limits[i], "", "70 s", 2, &scenario);

        ck_assert_uint_eq(value(run, "lag", "g:a>b", "distributing"), 1);
        ck_assert_uint_eq(value(run, "lag", "g:b>a", "distributing"), 1);
        ck_assert_uint_eq(value(run, "lag", "g:a>b", "distributing_min"), 1);
        ck_assert_int_eq(logged(run, i ? "l2:a>b.lacp" : "l2:b>a.lacp", "mux", NULL, 0), -1);
        ck_assert_int_eq(logged(run, i ? "l2:b>a.lacp" : "l2:a>b.lacp", "mux", NULL, 0), -1);
        ck_assert_int_eq(logged(run, "l2:a>b.lacp", "partner_churn", NULL, 0), -1);
        ck_assert_int_eq(logged(run, "l2:b>a.lacp", "partner_churn", NULL, 0), -1);
        dx_run_free(run);
        dx_scenario_free(scenario);
        run = run_new(limits[i], "{ 'at': '5 s', 'do': 'fail', 'target': 'links.l1' }", "10 s", 2, &scenario);
        ck_assert_uint_eq(value(run, "lag", "g:a>b", "distributing"), 1);
        ck_assert_uint_eq(value(run, "lag", "g:b>a", "distributing"), 1);
        ck_assert_int_gt(
            logged(run, i ? "l2:b>a.lacp" : "l2:a>b.lacp", "mux", "COLLECTING -> DISTRIBUTING", 0), 5 * DX_S);
        dx_run_free(run);
        dx_scenario_free(scenario);
    }
}
END_TEST

/* Coupled, the end that stands by sends on l2 as soon as l1 is out; the other collects when it has heard of
 * that, 500 ms later. A frame is sent every 100 ms. */
START_TEST(who_stands_by_does_not_collect)
{
    DxScenario *scenario;
    DxRun *run = run_new("'lacp': { 'ends': { 'a': { 'selected_max': 1, 'control': 'coupled' }, 'b': { "
                         "'reaction': '500 ms' } } }",
                         "{ 'at': '5.05 s', 'do': 'fail', 'target': 'links.l1' }", "10 s", 2, &scenario);

    ck_assert_uint_eq(value(run, "link", "l2:a>b", "dropped_not_collecting"), 5);
    ck_assert_uint_eq(value(run, "lag", "g:b>a", "distributing"), 1);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* Two passive ends from cold; one that is active is enough. */
START_TEST(two_passive_ends_say_nothing)
{
    static const char *const ends[] = { "{ }", "{ 'b': { 'mode': 'active' } }" };

    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
        char *lacp = g_strdup_printf("'lacp': { 'start': 'cold', 'mode': 'passive', 'ends': %s }", ends[i]);
        DxScenario *scenario;
        DxRun *run = run_new(lacp, "", "20 s", 1, &scenario);

        ck_assert_uint_eq(value(run, "lag", "g:a>b", "distributing"), i ? 2 : 0);
        ck_assert_uint_eq(value(run, "lag", "g:b>a", "distributing"), i ? 2 : 0);
        ck_assert(i || !value(run, "model", "l1:a>b.lacp", "tx_pdus"));
        ck_assert(i || !value(run, "model", "l1:b>a.lacp", "tx_pdus"));
        dx_run_free(run);
        dx_scenario_free(scenario);
        g_free(lacp);
    }
}
END_TEST

SUITE_MAIN("agent", 120, silence_is_noticed_in_2_to_3_seconds, or_60_to_90_when_slow,
           loss_of_light_is_noticed_at_once, a_cold_start_waits_two_seconds,
           below_min_links_the_backup_carries, hold_off_starts_anew, pdus_are_counted,
           the_receiver_says_how_fast, a_slow_end_notices_late_and_a_fast_one_soon,
           hardware_of_one_end_limits_both, who_stands_by_does_not_collect, two_passive_ends_say_nothing)
