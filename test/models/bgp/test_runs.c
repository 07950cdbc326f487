/*
 * test_runs - BGP in the engine: what comes of whole scenarios
 */
#include <dxsim/dxsim.h>
#include <string.h>
#include "../../suite.h"

static const char *const scenarios[] = { "bgp-two-routers", "bgp-ecmp", "bgp-ibgp" };

/* With @changes, pairs of path and value as one text each, or NULL. */
static DxScenario *load(const char *name, const char *const *changes)
{
    g_autofree char *path = g_strdup_printf("%s/%s.json", DX_TEST_SCENARIOS, name), *text = NULL;
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario;
    gsize n;

    ck_assert(g_file_get_contents(path, &text, &n, NULL));
    scenario = dx_scenario_read_in(DX_TEST_SCENARIOS, path, text, n, dx_builtin_models, changes, problems);
    if (!scenario)
        ck_abort_msg("%s", dx_problem_text(g_ptr_array_index(problems->list, 0)));
    dx_problems_free(problems);
    return scenario;
}

static DxScenario *load_text(const char *text)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f.json", text, strlen(text), dx_builtin_models, problems);

    if (!scenario)
        ck_abort_msg("%s", dx_problem_text(g_ptr_array_index(problems->list, 0)));
    dx_problems_free(problems);
    return scenario;
}

static void go(DxRun *run, const DxScenario *scenario)
{
    GError *error = NULL;

    if (!dx_run_go(run, scenario, &error) || !dx_sim_check(run->sim, &error))
        ck_abort_msg("%s", error->message);
}

static DxRun *run_of(const DxScenario *scenario)
{
    GError *error = NULL;
    DxRun *run = dx_run_new(scenario, &error);

    if (!run)
        ck_abort_msg("%s", error->message);
    return run;
}

static uint64_t value(const DxRun *run, const char *kind, const char *object, const char *metric)
{
    const DxRow *row = dx_results_find(run->results, kind, object, metric);

    ck_assert_msg(row != NULL, "no row %s %s %s", kind, object, metric);
    return row->value;
}

/* Time of the @which-th line about @object that begins with @detail; -1: there is none. */
static DxTime when(const DxRun *run, const char *object, const char *event, const char *detail,
                   unsigned which)
{
    for (guint i = 0; i < run->log->len; i++) {
        const DxLogLine *line = g_ptr_array_index(run->log, i);

        if (!strcmp(line->object, object) && !strcmp(line->event, event) && strstr(line->detail, detail) &&
            which-- == 0)
            return line->t_ps;
    }
    return -1;
}

/* -- however it is run -------------------------------------------------------------------------------- */

static void note_trace(const DxTraceRecord *records, size_t n, void *data)
{
    GString *out = data;

    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%" G_GINT64_FORMAT " %u %u %u %d %u\n", records[i].t_ps, records[i].node,
                               records[i].flow, records[i].seq, records[i].reason, records[i].size_bytes);
}

/* All that a run leaves: every frame, line and row. */
static char *outcome(const DxScenario *scenario, unsigned burst, DxTime window_ps, unsigned threads)
{
    DxRun *run = run_of(scenario);
    GString *out = g_string_new(NULL);

    if (burst)
        dx_sim_set_burst(run->sim, burst);
    if (window_ps)
        dx_sim_set_window(run->sim, window_ps);
    dx_sim_set_threads(run->sim, threads);
    dx_sim_set_trace(run->sim, note_trace, out);
    go(run, scenario);
    for (guint i = 0; i < run->log->len; i++) {
        const DxLogLine *line = g_ptr_array_index(run->log, i);

        g_string_append_printf(out, "%" G_GINT64_FORMAT " %s %s %s\n", line->t_ps, line->object, line->event,
                               line->detail);
    }
    for (unsigned i = 0; i < dx_results_n_rows(run->results); i++) {
        const DxRow *row = dx_results_row(run->results, i);
        g_autofree char *text = dx_row_text(row);

        g_string_append_printf(out, "%s %s %s %s\n", row->kind, row->object, row->metric, text);
    }
    dx_run_free(run);
    return g_string_free(out, FALSE);
}

START_TEST(bursts_windows_and_threads_change_nothing)
{
    static const struct {
        unsigned burst;
        DxTime window_ps;
        unsigned threads;
    } settings[] = { { 1, 0, 1 },           { 7, 0, 1 }, { 0, DX_US, 1 },
                     { 0, DX_TIME_MAX, 1 }, { 0, 0, 2 }, { 0, 0, 4 } };
    DxScenario *scenario = load(scenarios[_i], NULL);
    g_autofree char *base = outcome(scenario, 256, 0, 1);

    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autofree char *again =
            outcome(scenario, settings[i].burst, settings[i].window_ps, settings[i].threads);

        ck_assert_msg(!strcmp(base, again),
                      "%s differs with burst %u, window %" G_GINT64_FORMAT " ps, %u threads", scenarios[_i],
                      settings[i].burst, settings[i].window_ps, settings[i].threads);
    }
    dx_scenario_free(scenario);
}
END_TEST

/* -- what is lost -------------------------------------------------------------------------------------- */

/* Light that goes out is seen at both ends at once, and the routes change with it: of 100 frames a second
 * that are 1 ms apart from any event, none is sent onto the dead line. What the line held is lost. */
START_TEST(loss_of_light_costs_what_the_line_held)
{
    static const char *const changes[] = { "run.duration=\"9 s\"", "flows.up.start=\"5 ms\"",
                                           "flows.down.start=\"5 ms\"", NULL };
    DxScenario *scenario = load("bgp-two-routers", changes);
    DxRun *run = run_of(scenario);

    go(run, scenario);
    ck_assert_int_eq(when(run, "bgp1:hq>cloud", "bgp_down", "Interface", 0), 2 * DX_S);
    ck_assert_int_eq(when(run, "bgp1:cloud>hq", "bgp_down", "Interface", 0), 2 * DX_S);
    ck_assert_int_eq(when(run, "hq", "bgp_route", "10.2.0.0/16 via 169.254.2.2", 0), 2 * DX_S);
    ck_assert_uint_eq(value(run, "flow", "up", "lost_frames"), 0);
    ck_assert_uint_eq(value(run, "flow", "down", "lost_frames"), 0);
    ck_assert_uint_gt(value(run, "vif", "vif2:hq>cloud", "rx_frames"), 290); /* 3 s of them */
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* Nobody is told: hold 9 s after the last message, which are 3 s apart, so 6 to 9 s. The outage is what the
 * farther end needs; 100 frames a second. */
START_TEST(a_silent_failure_costs_the_hold_time)
{
    for (unsigned seed = 1; seed <= 20; seed++) {
        g_autofree char *change = g_strdup_printf("run.seed=%u", seed);
        const char *const changes[] = {
            change, "run.duration=\"20 s\"",
            "events=[{\"at\":\"5 s\",\"do\":\"fail\",\"target\":\"links.dx1\",\"how\":"
            "\"silent\"}]",
            NULL
        };
        DxScenario *scenario = load("bgp-two-routers", changes);
        DxRun *run = run_of(scenario);

        go(run, scenario);
        for (unsigned end = 0; end < 2; end++) {
            static const char *const ends[] = { "bgp1:hq>cloud", "bgp1:cloud>hq" }, *const flows[] = {
                "up", "down"
            };
            const uint64_t took = value(run, "session", ends[end], "detection_ps");
            const uint64_t outage = value(run, "flow", flows[end], "outage_max_ps");

            ck_assert_uint_eq(value(run, "session", ends[end], "detections"), 1);
            ck_assert_uint_ge(took, 6 * DX_S);
            ck_assert_uint_le(took, 9 * DX_S);
            ck_assert_uint_ge(outage, took - 21 * DX_MS);
            ck_assert_uint_le(outage, took + 21 * DX_MS);
        }
        dx_run_free(run);
        dx_scenario_free(scenario);
    }
}
END_TEST

/* RFC 5880: 900 ms after the last packet, and packets are 225 to 300 ms apart: 600 to 900 ms, less the way.
 */
START_TEST(bfd_notices_within_three_intervals)
{
    DxTime least = DX_TIME_NEVER, most = 0;

    for (unsigned seed = 1; seed <= 40; seed++) {
        g_autofree char *change = g_strdup_printf("run.seed=%u", seed);
        const char *const changes[] = { change, "run.duration=\"5 s\"", NULL };
        DxScenario *scenario = load("bgp-ecmp", changes);
        DxRun *run = run_of(scenario);
        DxTime took;

        go(run, scenario);
        took = (DxTime)value(run, "session", "bgp2:hq>cloud", "detection_ps");
        least = MIN(least, took);
        most = MAX(most, took);
        dx_run_free(run);
        dx_scenario_free(scenario);
    }
    ck_assert_int_ge(least, 600 * DX_MS);
    ck_assert_int_le(most, 900 * DX_MS + DX_MS);
    ck_assert_int_gt(most - least, 100 * DX_MS); /* they are spread */
}
END_TEST

/* Of 64 flows those that were on the line; all others stay where they are. */
START_TEST(a_lost_path_moves_only_its_share)
{
    static const char *const changes[] = { "run.duration=\"5 s\"", NULL };
    DxScenario *scenario = load("bgp-ecmp", changes);
    DxRun *run = run_of(scenario);
    uint64_t moved;

    go(run, scenario);
    moved = value(run, "node", "hq", "flows_moved");
    ck_assert_uint_gt(moved, 4); /* 16 on average */
    ck_assert_uint_lt(moved, 32);
    ck_assert_uint_eq(value(run, "node", "hq", "flows_moved_surviving"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* A session on a bundle of two: the first member that goes changes nothing, the last one ends it, at both
 * ends; the first that is back brings it back. LACP sees light go at once. With min_links the first is
 * enough. */
START_TEST(a_bundle_is_down_when_its_last_member_is)
{
    static const char text[] =
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"9 s\" },"
        "\"nodes\": { \"a\": { \"kind\": \"router\", \"asn\": 65000 }, \"b\": { \"kind\": \"router\", "
        "\"asn\": 65001 } },"
        "\"links\": { \"m1\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\", \"fiber\": { \"length\": \"1 "
        "km\" } },"
        " \"m2\": { \"like\": \"m1\" } },"
        "\"lags\": { \"g\": { \"members\": [\"m1\", \"m2\"]%s } },"
        "\"sessions\": { \"s\": { \"ends\": [\"a\", \"b\"], \"on\": \"g\" } },"
        "\"events\": [ { \"at\": \"1 s\", \"do\": \"fail\", \"target\": \"links.m1\" },"
        " { \"at\": \"2 s\", \"do\": \"fail\", \"target\": \"links.m2\", \"for\": \"2 s\" } ] }";
    static const struct {
        const char *lag;
        DxTime down_ps;
    } kinds[] = { { "", 2 * DX_S },
                  { ", \"lacp\": { \"rate\": \"fast\" }", 2 * DX_S },
                  { ", \"lacp\": { \"rate\": \"fast\" }, \"min_links\": 2", DX_S } };
    g_autofree char *file = g_strdup_printf(text, kinds[_i].lag);
    DxScenario *scenario = load_text(file);
    DxRun *run = run_of(scenario);

    go(run, scenario);
    for (unsigned end = 0; end < 2; end++) {
        const char *name = end ? "s:b>a" : "s:a>b";

        ck_assert_int_eq(when(run, name, "bgp_down", "Interface down", 0), kinds[_i].down_ps);
        ck_assert_int_eq(when(run, name, "bgp_down", "", 1), -1);
        if (kinds[_i].down_ps == DX_S)
            ck_assert_int_eq(when(run, name, "bgp_up", "", 0), -1);
        else
            ck_assert_int_gt(when(run, name, "bgp_up", "", 0), 4 * DX_S);
    }
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* -- within an AS --------------------------------------------------------------------------------------- */

/* 200 ms after a line of the IGP fails, next hops go another way; a line to the provider moves the next hop
 * itself, as soon as iBGP has told. */
START_TEST(next_hops_follow_the_igp)
{
    DxScenario *scenario = load("bgp-ibgp", NULL);
    DxRun *run = run_of(scenario);

    go(run, scenario);
    ck_assert_int_eq(when(run, "core", "bgp_route", "10.2.0.0/16 via 10.255.0.3", 0), 2200 * DX_MS);
    ck_assert_int_eq(when(run, "core", "bgp_route", "10.2.0.0/16 via 10.255.0.2", 0), 6200 * DX_MS);
    ck_assert_int_gt(when(run, "core", "bgp_route", "10.2.0.0/16 via 10.255.0.3", 1), 9 * DX_S);
    ck_assert_int_lt(when(run, "core", "bgp_route", "10.2.0.0/16 via 10.255.0.3", 1), 9 * DX_S + DX_MS);
    ck_assert_uint_eq(value(run, "flow", "up", "lost_frames"), 0); /* the queue of a dead line waits */
    ck_assert_uint_eq(value(run, "session", "int-cw:core>west", "flaps"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* -- what has no end ------------------------------------------------------------------------------------ */

/* Around d each of a, b, c likes the way over the next one best, as long as that goes straight to d: no
 * choice suits all three (Griffin, Shepherd and Wilfong, "The stable paths problem", 2002: bad gadget). */
static char *bad_gadget(const char *start)
{
    static const char *const names = "abcd";
    GString *nodes = g_string_new(NULL), *links = g_string_new(NULL), *sessions = g_string_new(NULL),
            *lists = g_string_new(NULL), *maps = g_string_new(NULL);
    char *text;

    for (unsigned i = 0; i < 4; i++)
        g_string_append_printf(nodes,
                               "%s\"%c\": { \"kind\": \"router\", \"asn\": %u, \"bgp\": { \"start\": \"%s\", "
                               "\"networks\": [%s] } }",
                               i ? ", " : "", names[i], 65001 + i, start, i == 3 ? "\"10.9.0.0/16\"" : "");
    for (unsigned i = 0; i < 6; i++) {
        const char a = names[i % 3], b = i < 3 ? 'd' : names[(i + 1) % 3];

        g_string_append_printf(links,
                               "%s\"%c%c\": { \"ends\": [\"%c\", \"%c\"], \"rate\": \"1 Gbps\", \"fiber\": { "
                               "\"length\": \"1 km\" } }",
                               i ? ", " : "", a, b, a, b);
        g_string_append_printf(sessions, "%s\"s%c%c\": { \"ends\": [\"%c\", \"%c\"], \"on\": \"%c%c\"",
                               i ? ", " : "", a, b, a, b, a, b);
        if (i < 3) {
            g_string_append(sessions, " }");
            continue;
        }
        g_string_append_printf(sessions, ", \"at\": { \"%c\": { \"in\": \"M%c\" } } }", a, a);
        g_string_append_printf(lists, "%s\"L%c\": [ { \"action\": \"permit\", \"regex\": \"^%u 65004$\" } ]",
                               i > 3 ? ", " : "", a, 65001 + (i + 1) % 3);
        g_string_append_printf(maps,
                               "%s\"M%c\": [ { \"seq\": 10, \"action\": \"permit\", \"match\": [ { \"type\": "
                               "\"as_path\", \"name\": \"L%c\" } ], \"set\": [ { \"type\": \"local_pref\", "
                               "\"value\": 200 } ] }, { \"seq\": 20, \"action\": \"permit\" } ]",
                               i > 3 ? ", " : "", a, a);
    }
    text = g_strdup_printf(
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"100 ms\" }, \"nodes\": { %s }, "
        "\"links\": { %s }, \"sessions\": { %s }, \"policies\": { \"as_path_lists\": { %s }, "
        "\"route_maps\": { %s } } }",
        nodes->str, links->str, sessions->str, lists->str, maps->str);
    g_string_free(nodes, TRUE);
    g_string_free(links, TRUE);
    g_string_free(sessions, TRUE);
    g_string_free(lists, TRUE);
    g_string_free(maps, TRUE);
    return text;
}

/* It is refused where all ought to have converged; a cold start goes on for as long as it runs, at some 100
 * us a change. */
START_TEST(policies_that_contradict_each_other_never_settle)
{
    g_autofree char *converged = bad_gadget("converged"), *cold = bad_gadget("cold");
    DxScenario *scenario = load_text(converged);
    GError *error = NULL;
    DxRun *run = dx_run_new(scenario, &error);

    ck_assert_ptr_null(run);
    ck_assert_ptr_nonnull(strstr(error->message, "contradict"));
    g_error_free(error);
    dx_scenario_free(scenario);
    scenario = load_text(cold);
    run = run_of(scenario);
    go(run, scenario);
    ck_assert_uint_gt(value(run, "node", "a", "route_changes"), 100);
    ck_assert_uint_gt(value(run, "node", "a", "route_changed_at_ps"), 99 * DX_MS);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("runs");
    TCase *tcase = tcase_create("runs");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, bursts_windows_and_threads_change_nothing, 0, G_N_ELEMENTS(scenarios));
    tcase_add_test(tcase, loss_of_light_costs_what_the_line_held);
    tcase_add_test(tcase, a_silent_failure_costs_the_hold_time);
    tcase_add_test(tcase, bfd_notices_within_three_intervals);
    tcase_add_test(tcase, a_lost_path_moves_only_its_share);
    tcase_add_loop_test(tcase, a_bundle_is_down_when_its_last_member_is, 0, 3);
    tcase_add_test(tcase, next_hops_follow_the_igp);
    tcase_add_test(tcase, policies_that_contradict_each_other_never_settle);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
