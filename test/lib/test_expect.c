/*
 * expect: what a scenario expects of its results, and whether it holds
 */
#include <dxsim/models.h>
#include <string.h>
#include "../../lib/scenario-priv.h"
#include "../suite.h"

/* Two links between a and ab, one of them with a name that begins like the other's; EXPECTATION is replaced.
 */
/* clang-format off */
static const char network[] =
    "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" },\n"
    "  \"nodes\": { \"a\": { \"kind\": \"router\" }, \"ab\": { \"kind\": \"router\" } },\n"
    "  \"links\": { \"dx1\": { \"ends\": [\"a\", \"ab\"], \"rate\": \"10 Gbps\", \"optic\": \"10GBASE-LR\", \"fiber\": { \"length\": \"1 km\", \"levels\": \"briefing-levels\" } },\n"
    "    \"dx10\": { \"ends\": [\"a\", \"ab\"], \"rate\": \"10 Gbps\", \"fiber\": { \"length\": \"1 km\" } } },\n"
    "  \"flows\": { \"video\": { \"from\": \"a\", \"to\": \"ab\", \"rate\": \"1 Gbps\", \"frames\": 100 },\n"
    "    \"idle\": { \"from\": \"ab\", \"to\": \"a\", \"rate\": \"1 Gbps\", \"start\": \"2 s\" } },\n"
    "  \"expectations\": [ EXPECTATION ] }";
/* clang-format on */

static DxScenario *load(const char *expectations)
{
    char **halves = g_strsplit(network, "EXPECTATION", 2);
    char *text = g_strconcat(halves[0], expectations, halves[1], NULL);
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f.json", text, strlen(text), dx_builtin_models, problems);

    if (!scenario)
        ck_abort_msg("%s", dx_problem_text(g_ptr_array_index(problems->list, 0)));
    dx_problems_free(problems);
    g_free(text);
    g_strfreev(halves);
    return scenario;
}

/* The verdict on one expectation: "pass: ..." or "fail: ...". (transfer full) */
static char *judge(const DxResults *results, const char *metric, const char *select, const char *op,
                   const char *value)
{
    char *text = g_strdup_printf("{ \"name\": \"e\", \"metric\": %s, %s \"op\": \"%s\", \"value\": %s }",
                                 metric, select, op, value);
    DxScenario *scenario = load(text);
    GPtrArray *verdicts = dx_scenario_judge(scenario, results);
    const DxVerdict *verdict = g_ptr_array_index(verdicts, 0);
    char *said;

    ck_assert_uint_eq(verdicts->len, 1);
    ck_assert_str_eq(verdict->name, "e");
    said = g_strdup_printf("%s: %s", verdict->pass ? "pass" : "fail", verdict->text);
    g_ptr_array_unref(verdicts);
    dx_scenario_free(scenario);
    g_free(text);
    return said;
}

static void assert_judged(const DxResults *results, const char *metric, const char *select, const char *op,
                          const char *value, const char *want)
{
    char *said = judge(results, metric, select, op, value);

    ck_assert_str_eq(said, want);
    g_free(said);
}

static bool passes(const DxResults *results, const char *metric, const char *op, const char *value)
{
    char *said = judge(results, metric, "", op, value);
    const bool pass = g_str_has_prefix(said, "pass: ");

    g_free(said);
    return pass;
}

/* -- results made by hand ------------------------------------------------------------------------------ */

/* One flow: so many sent, delivered and lost. Closed. @stats: zeroed, or used before. */
static DxResults *flow_results(DxGroupStats *stats, uint64_t sent, uint64_t delivered)
{
    DxResults *results = dx_results_new(DX_S, 0);
    const uint64_t pending[] = { 0 };

    dx_histogram_clear(&stats->latency);
    memset(stats, 0, sizeof *stats);
    stats->sent_frames = sent;
    stats->delivered_frames = delivered;
    stats->delivered_bytes = delivered * 125;
    for (uint64_t i = 0; i < delivered; i++)
        dx_histogram_add(&stats->latency, (uint64_t)(2 * DX_MS));
    dx_results_watch_group(results, "video", stats);
    dx_results_close(results, pending);
    return results;
}

typedef struct {
    const char *object;
    uint64_t frames, wait, service;
} LinkRow;

/* Links with these counters. Closed. */
static DxResults *link_results(LinkRow *rows, size_t n)
{
    DxResults *results = dx_results_new(DX_S, 0);

    for (size_t i = 0; i < n; i++) {
        dx_results_watch(results, "link", rows[i].object, "tx_frames", DX_COUNTER_SUM, &rows[i].frames);
        dx_results_watch(results, "link", rows[i].object, "wait_ps", DX_COUNTER_SUM, &rows[i].wait);
        dx_results_watch(results, "link", rows[i].object, "service_ps", DX_COUNTER_SUM, &rows[i].service);
    }
    dx_results_close(results, NULL);
    return results;
}

/* -- tests ------------------------------------------------------------------------------------------- */

START_TEST(each_comparison_holds_where_it_should)
{
    static const struct {
        const char *op;
        bool below, equal, above; /* measured against expected */
    } cases[] = {
        { "<", true, false, false }, { "<=", true, true, false }, { "=", false, true, false },
        { "!=", true, false, true }, { ">=", false, true, true }, { ">", false, false, true },
    };
    LinkRow row = { "dx1:a>ab", 10, 0, 0 };
    DxResults *results = link_results(&row, 1);

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        ck_assert(passes(results, "\"link.frames\"", cases[i].op, "11") == cases[i].below);
        ck_assert(passes(results, "\"link.frames\"", cases[i].op, "10") == cases[i].equal);
        ck_assert(passes(results, "\"link.frames\"", cases[i].op, "9") == cases[i].above);
    }
    dx_results_free(results);
}
END_TEST

START_TEST(a_verdict_says_what_was_measured_and_what_was_expected)
{
    LinkRow row = { "dx1:a>ab", 10, 45000000, 500000000000 };
    DxGroupStats *stats = g_new0(DxGroupStats, 1);
    DxResults *links = link_results(&row, 1), *flows = flow_results(stats, 400, 392);

    assert_judged(links, "\"link.frames\"", "", "=", "10",
                  "pass: link.frames of dx1:a>ab is 10 frames, expected = 10");
    assert_judged(links, "\"link.frames\"", "", "=", "\"10 frames\"",
                  "pass: link.frames of dx1:a>ab is 10 frames, expected = 10 frames");
    assert_judged(links, "\"link.wait\", \"stat\": \"mean\"", "", "<", "\"4 us\"",
                  "fail: link.wait mean of dx1:a>ab is 4.5 us, expected < 4 us");
    assert_judged(links, "\"link.utilisation\", \"stat\": \"mean\"", "", "<=", "\"49.9 %\"",
                  "fail: link.utilisation mean of dx1:a>ab is 50 %, expected <= 49.9 %");
    assert_judged(flows, "\"flow.latency\", \"stat\": \"p99\"", "", "<=", "\"2 ms\"",
                  "pass: flow.latency p99 of video is 2 ms, expected <= 2 ms");
    assert_judged(flows, "\"flow.loss\", \"stat\": \"ratio\"", "", "=", "\"2 %\"",
                  "pass: flow.loss ratio of video is 2 %, expected = 2 %");
    assert_judged(flows, "\"flow.goodput\", \"stat\": \"mean\"", "", ">=", "\"1 Mbps\"",
                  "fail: flow.goodput mean of video is 392 kbps, expected >= 1 Mbps");
    dx_results_free(links);
    dx_results_free(flows);
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

/* k of 400 is k * 2500 ppm exactly, whatever k / 400 is as a double. */
START_TEST(a_ratio_that_is_met_exactly_is_met)
{
    DxGroupStats *stats = g_new0(DxGroupStats, 1);

    for (unsigned lost = 1; lost < 400; lost += 8) {
        DxResults *results = flow_results(stats, 400, 400 - lost);
        char value[32];

        g_snprintf(value, sizeof value, "\"%u ppm\"", lost * 2500);
        ck_assert_msg(passes(results, "\"flow.loss\", \"stat\": \"ratio\"", "=", value), "%u of 400 = %s",
                      lost, value);
        ck_assert_msg(passes(results, "\"flow.loss\", \"stat\": \"ratio\"", "<=", value), "%u of 400 <= %s",
                      lost, value);
        ck_assert_msg(passes(results, "\"flow.loss\", \"stat\": \"ratio\"", ">=", value), "%u of 400 >= %s",
                      lost, value);
        ck_assert(!passes(results, "\"flow.loss\", \"stat\": \"ratio\"", "!=", value));
        dx_results_free(results);
    }
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

START_TEST(a_ratio_is_compared_finer_than_it_is_shown)
{
    DxGroupStats *stats = g_new0(DxGroupStats, 1);
    DxResults *results = flow_results(stats, 3, 2); /* 33.3333... % */

    ck_assert(passes(results, "\"flow.loss\", \"stat\": \"ratio\"", ">", "\"33.3333 %\""));
    ck_assert(passes(results, "\"flow.loss\", \"stat\": \"ratio\"", "<", "\"33.3334 %\""));
    dx_results_free(results);
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

START_TEST(no_data_means_fail_whatever_is_expected)
{
    static const char *const ops[] = { "<", "<=", "=", "!=", ">=", ">" };
    LinkRow row = { "dx1:a>ab", 0, 0, 0 };
    DxGroupStats *stats = g_new0(DxGroupStats, 1);
    DxResults *nothing = dx_results_new(DX_S, 0), *idle = link_results(&row, 1),
              *silent = flow_results(stats, 0, 0);

    for (unsigned i = 0; i < G_N_ELEMENTS(ops); i++) {
        assert_judged(nothing, "\"link.frames\"", "", ops[i], "0", "fail: there is no such measurement");
        assert_judged(idle, "\"link.wait\", \"stat\": \"max\"", "", ops[i], "\"1 s\"",
                      "fail: there is no such measurement");
        assert_judged(idle, "\"link.wait\", \"stat\": \"mean\"", "", ops[i], "\"0 s\"",
                      "fail: nothing was measured: no frames");
        assert_judged(silent, "\"flow.latency\", \"stat\": \"max\"", "", ops[i], "\"0 s\"",
                      "fail: nothing was measured: no frames");
        assert_judged(silent, "\"flow.gap\", \"stat\": \"max\"", "", ops[i], "\"0 s\"",
                      "fail: nothing was measured: no frames");
        assert_judged(silent, "\"flow.loss\", \"stat\": \"ratio\"", "", ops[i], "\"0 %\"",
                      "fail: nothing was measured: no frames");
    }
    dx_results_free(nothing);
    dx_results_free(idle);
    dx_results_free(silent);
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

START_TEST(of_a_flow_that_lost_everything_the_loss_is_data)
{
    DxGroupStats *stats = g_new0(DxGroupStats, 1);
    DxResults *results = flow_results(stats, 5, 0);

    assert_judged(results, "\"flow.loss\", \"stat\": \"ratio\"", "", "<=", "\"1 %\"",
                  "fail: flow.loss ratio of video is 100 %, expected <= 1 %");
    assert_judged(results, "\"flow.delivered\"", "", "=", "0",
                  "pass: flow.delivered of video is 0 frames, expected = 0");
    dx_results_free(results);
    dx_histogram_clear(&stats->latency);
    g_free(stats);
}
END_TEST

START_TEST(several_matches_are_not_judged)
{
    static const char ambiguous[] =
        "fail: several objects match; select one, and for a link with both directions say \"from\"";
    LinkRow rows[] = { { "dx1:a>ab", 1, 0, 0 }, { "dx1:ab>a", 2, 0, 0 }, { "dx10:a>ab", 3, 0, 0 } };
    DxResults *results = link_results(rows, 3);

    assert_judged(results, "\"link.frames\"", "", "=", "1", ambiguous);
    assert_judged(results, "\"link.frames\"", "\"select\": { \"link\": \"dx1\" },", "=", "1", ambiguous);
    dx_results_free(results);
}
END_TEST

START_TEST(a_selection_takes_whole_names_only)
{
    LinkRow rows[] = { { "dx1:a>ab", 1, 0, 0 }, { "dx1:ab>a", 2, 0, 0 }, { "dx10:a>ab", 3, 0, 0 } };
    DxResults *results = link_results(rows, 3);

    assert_judged(results, "\"link.frames\"", "\"select\": { \"link\": \"dx1\", \"from\": \"a\" },", "=", "1",
                  "pass: link.frames of dx1:a>ab is 1 frames, expected = 1");
    assert_judged(results, "\"link.frames\"", "\"select\": { \"link\": \"dx1\", \"from\": \"ab\" },", "=",
                  "2", "pass: link.frames of dx1:ab>a is 2 frames, expected = 2");
    assert_judged(results, "\"link.frames\"", "\"select\": { \"link\": \"dx10\" },", "=", "3",
                  "pass: link.frames of dx10:a>ab is 3 frames, expected = 3");
    assert_judged(results, "\"link.frames\"", "\"select\": { \"link\": \"dx10\", \"from\": \"ab\" },", "=",
                  "0", "fail: there is no such measurement"); /* that direction was not built */
    dx_results_free(results);
}
END_TEST

/* 300 is no octet, whatever the network. Without a law, or without being recorded, nothing is known. */
START_TEST(what_a_law_rules_out_needs_no_run)
{
    static const struct {
        const char *rest, *verdict;
    } cases[] = { { "\"verdict\": \"false\", \"bound\": \"a law\"", "false" },
                  { "\"verdict\": \"false\", \"reason\": \"hearsay\"", "not-checkable" },
                  { "\"bound\": \"a law\", \"reason\": \"hearsay\"", "not-checkable" },
                  { "\"verdict\": \"inconsistent\", \"reason\": \"1 is 2\"", "inconsistent" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *claim =
            g_strdup_printf("], \"claims\": [ { \"id\": \"C1\", \"says\": \"so\", %s }", cases[i].rest);
        DxScenario *scenario = load(claim);
        DxResults *results = dx_results_new(DX_S, 0);
        GPtrArray *claims = dx_scenario_claims(scenario, results);

        ck_assert_uint_eq(claims->len, 1);
        ck_assert_str_eq(((const DxClaim *)g_ptr_array_index(claims, 0))->verdict, cases[i].verdict);
        g_ptr_array_unref(claims);
        dx_results_free(results);
        dx_scenario_free(scenario);
    }
}
END_TEST

START_TEST(verdicts_come_in_the_order_of_the_scenario)
{
    DxScenario *scenario =
        load("{ \"name\": \"first\", \"metric\": \"link.frames\", \"op\": \"=\", \"value\": 1 },"
             "{ \"name\": \"second\", \"metric\": \"link.frames\", \"op\": \"=\", \"value\": 2 },"
             "{ \"name\": \"third\", \"metric\": \"link.frames\", \"op\": \"<\", \"value\": 2 }");
    LinkRow row = { "dx1:a>ab", 1, 0, 0 };
    DxResults *results = link_results(&row, 1);
    GPtrArray *verdicts = dx_scenario_judge(scenario, results);

    ck_assert_uint_eq(verdicts->len, 3);
    for (unsigned i = 0; i < 3; i++) {
        const DxVerdict *verdict = g_ptr_array_index(verdicts, i);
        static const char *const names[] = { "first", "second", "third" };

        ck_assert_str_eq(verdict->name, names[i]);
        ck_assert(verdict->pass == (i != 1));
    }
    g_ptr_array_unref(verdicts);
    dx_results_free(results);
    dx_scenario_free(scenario);
}
END_TEST

/* 100 frames of 1500 octets at 1 Gbps: one every 12 us. On the line 1538 octets at 10 Gbps: 1.2304 us, and
 * 1 km at 1.468 is 4896721 ps. */
START_TEST(a_run_is_judged_by_what_it_measured)
{
    DxScenario *scenario = load(
        "{ \"name\": \"1\", \"metric\": \"flow.delivered\", \"select\": { \"flow\": \"video\" }, \"op\": "
        "\"=\", "
        "\"value\": 100 },"
        "{ \"name\": \"2\", \"metric\": \"flow.latency\", \"select\": { \"flow\": \"video\" }, \"stat\": "
        "\"max\", "
        "\"op\": \"=\", \"value\": \"6127121 ps\" },"
        "{ \"name\": \"3\", \"metric\": \"flow.gap\", \"select\": { \"flow\": \"video\" }, \"stat\": "
        "\"max\", "
        "\"op\": \"=\", \"value\": \"12 us\" },"
        "{ \"name\": \"4\", \"metric\": \"link.queue\", \"select\": { \"link\": \"dx1\", \"from\": \"a\" }, "
        "\"stat\": \"max\", \"op\": \"=\", \"value\": \"0 B\" },"
        "{ \"name\": \"5\", \"metric\": \"link.throughput\", \"select\": { \"link\": \"dx1\", \"from\": "
        "\"a\" }, "
        "\"stat\": \"mean\", \"op\": \"=\", \"value\": \"1230400 bps\" },"
        "{ \"name\": \"6\", \"metric\": \"link.utilisation\", \"select\": { \"link\": \"dx1\", \"from\": "
        "\"a\" }, "
        "\"stat\": \"mean\", \"op\": \"<\", \"value\": \"124 ppm\" },"
        "{ \"name\": \"7\", \"metric\": \"flow.reordered\", \"select\": { \"flow\": \"video\" }, \"op\": "
        "\"=\", "
        "\"value\": 0 }");
    GError *error = NULL;
    DxRun *made = dx_run_new(scenario, &error);
    GPtrArray *verdicts;

    ck_assert(made && dx_run_go(made, scenario, &error));
    verdicts = dx_scenario_judge(scenario, made->results);
    for (guint i = 0; i < verdicts->len; i++) {
        const DxVerdict *verdict = g_ptr_array_index(verdicts, i);

        ck_assert_msg(verdict->pass, "%s: %s", verdict->name, verdict->text);
    }
    g_ptr_array_unref(verdicts);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* Whatever metric is offered, a run has it: a LAG with markers, a VIF, an attack, a loop-free router and both
 * directions are built here, there is an alarm, and somebody asks for outages. */
START_TEST(every_metric_there_is_can_be_measured)
{
    GString *routers = g_string_new(network);
    char **halves, **parts, *with_lag;
    DxProblems *problems = dx_problems_new();
    GPtrArray *names = dx__expectation_names();
    DxScenario *scenario;
    GError *error = NULL;
    DxRun *made;

    g_string_replace(routers, "\"router\"", "\"router\", \"asn\": 65000", 0);
    halves = g_strsplit(routers->str, "\"flows\":", 2);
    parts = g_strsplit(halves[1], "EXPECTATION", 2);
    with_lag = g_strconcat(
        halves[0],
        "\"sessions\": { \"s\": { \"ends\": [\"a\", \"ab\"] } }, "
        "\"lags\": { \"lag1\": { \"members\": [\"dx1\", \"dx10\"], \"lacp\": { \"marker\": \"on\" } } }, "
        "\"vifs\": { "
        "\"v\": { \"on\": \"lag1\", \"type\": \"private\", \"vlan\": 7 } }, \"outputs\": { "
        "\"series\": { \"period\": \"1 ms\" } }, \"events\": [ { \"at\": \"0 s\", \"do\": \"attack\", "
        "\"target\": \"links.dx1\", \"kind\": \"replay\" } ], \"monitor\": { \"side\": \"ab\" }, \"alarms\": "
        "{ \"x\": { "
        "\"metric\": \"flow.goodput\", \"select\": { \"flow\": \"video\" }, \"op\": \">\", \"threshold\": "
        "\"1 Gbps\" "
        "} }, \"flows\":",
        parts[0],
        "{ \"name\": \"e\", \"metric\": \"flow.outage\", \"select\": { \"flow\": \"video\" }, \"stat\": "
        "\"max\", \"op\": \"<\", \"value\": \"1 s\" }",
        parts[1], NULL);
    scenario = dx_scenario_read("f.json", with_lag, strlen(with_lag), dx_builtin_models, problems);
    ck_assert_ptr_nonnull(scenario);
    made = dx_run_new(scenario, &error);
    ck_assert(made && dx_run_go(made, scenario, &error));
    for (guint i = 0; i < names->len; i++) {
        char **words = g_strsplit(g_ptr_array_index(names, i), " ", 2);
        char *kind = g_strndup(words[0], strcspn(words[0], "."));
        bool is_real, is_found = false;
        DxUnit unit;
        const char *metric;

        ck_assert(dx__expectation_metric(words[0], words[1], &unit, &is_real, &metric));
        for (unsigned k = 0; k < dx_results_n_rows(made->results); k++) {
            const DxRow *row = dx_results_row(made->results, k);

            if (strcmp(row->kind, kind) || strcmp(row->metric, metric))
                continue;
            is_found = true;
            ck_assert_msg(row->is_real == is_real, "%s", words[0]);
        }
        ck_assert_msg(is_found, "%s: no row %s", (char *)g_ptr_array_index(names, i), metric);
        g_free(kind);
        g_strfreev(words);
    }
    dx_run_free(made);
    dx_scenario_free(scenario);
    g_ptr_array_unref(names);
    dx_problems_free(problems);
    g_strfreev(parts);
    g_strfreev(halves);
    g_free(with_lag);
    g_string_free(routers, TRUE);
}
END_TEST

SUITE_MAIN("expect", 20, each_comparison_holds_where_it_should,
           a_verdict_says_what_was_measured_and_what_was_expected, a_ratio_that_is_met_exactly_is_met,
           a_ratio_is_compared_finer_than_it_is_shown, no_data_means_fail_whatever_is_expected,
           of_a_flow_that_lost_everything_the_loss_is_data, several_matches_are_not_judged,
           a_selection_takes_whole_names_only, what_a_law_rules_out_needs_no_run,
           verdicts_come_in_the_order_of_the_scenario, a_run_is_judged_by_what_it_measured,
           every_metric_there_is_can_be_measured)
