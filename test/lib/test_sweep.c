/*
 * Sweeps without a simulation: plans, records, verdicts, knees and searches, with what was "measured" made
 * up.
 */
#include "load-sweeps-priv.h"
#include "suite.h"
#include "sweep-journal-priv.h"

#include <dxsim/models.h>

#include <check.h>
#include <string.h>

/* -- plans from scenarios ---------------------------------------------------------------------------- */

/* What stands between is a sweep. */
static DxScenario *load(const char *sweep, DxProblems *problems)
{
    g_autofree char *text = g_strdup_printf(
        "{ \"dxsim\": 1, \"name\": \"s\", \"run\": { \"duration\": \"1 ms\" },\n"
        "\"nodes\": { \"a\": { \"kind\": \"router\" }, \"b\": { \"kind\": \"router\" } },\n"
        "\"links\": { \"l1\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\" }, \"l2\": { \"like\": \"l1\" "
        "} },\n"
        "\"lags\": { \"lag\": { \"members\": [\"l1\", \"l2\"] } },\n"
        "\"flows\": { \"f\": { \"from\": \"a\", \"to\": \"b\", \"rate\": \"300 Mbps\", \"count\": 3 } },\n"
        "\"expectations\": [ { \"name\": \"x\", \"metric\": \"flow.latency\", \"stat\": \"p99\", \"op\": "
        "\"<\", "
        "\"value\": \"1 ms\" } ],\n"
        "\"sweeps\": { \"s\": %s } }",
        sweep);

    return dx_scenario_read("s.json", text, strlen(text), dx_builtin_models, problems);
}

static DxSweepPlan *plan_of(DxScenario *scenario)
{
    return g_ptr_array_index(scenario->sweeps, 0);
}

/* The values of the only parameter, as its column has them. */
static char *values_of(const char *vary)
{
    g_autofree char *sweep = g_strdup_printf("{ \"vary\": { \"x\": %s } }", vary);
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = load(sweep, problems);
    GString *text = g_string_new(NULL);

    if (scenario) {
        const DxSweepParam *param = DX_SWEEP(plan_of(scenario), params, DxSweepParam, 0);

        g_string_append(text, param->column);
        for (guint i = 0; i < param->values->len; i++) {
            g_autofree char *number = dx__sweep_number(param, g_array_index(param->values, int64_t, i));

            g_string_append_printf(text, " %s", number);
        }
    } else {
        g_string_append(text, ((DxProblem *)g_ptr_array_index(problems->list, 0))->message);
    }
    dx_scenario_free(scenario);
    dx_problems_free(problems);
    return g_string_free(text, FALSE);
}

START_TEST(values_are_exact)
{
    static const struct {
        const char *vary, *want;
    } cases[] = {
        { "{ \"times\": \"flows.f.rate\", \"from\": \"10 %\", \"to\": \"120 %\", \"points\": 12 }",
          "x_ratio 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 1.1 1.2" },
        { "{ \"set\": \"flows.f.rate\", \"from\": \"1 Mbps\", \"to\": \"2 Mbps\", \"step\": \"300 kbps\" }",
          "x_bps 1000000 1300000 1600000 1900000" },
        /* thirds to the nearest byte; 2^(i/2) of 1000: 1414.2, 2828.4 */
        { "{ \"set\": \"links.l1.queue.limit\", \"from\": \"1 kB\", \"to\": \"2 kB\", \"points\": 4 }",
          "x_bytes 1000 1333 1667 2000" },
        { "{ \"set\": \"links.l1.queue.limit\", \"from\": \"1 kB\", \"to\": \"4 kB\", \"points\": 5, "
          "\"spacing\": \"log\" }",
          "x_bytes 1000 1414 2000 2828 4000" },
        { "{ \"set\": \"flows.f.count\", \"values\": [1, 1e3, 7] }", "x 1 1000 7" },
        { "{ \"set\": \"lags.lag.hash\", \"values\": [\"src-mac\", \"dst-mac\"] }", "x src-mac dst-mac" },
        { "{ \"set\": \"links.l1.fiber.length\", \"values\": [\"1.5 km\", \"2 m\"] }", "x_mm 1500000 2000" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = values_of(cases[i].vary);

        ck_assert_str_eq(got, cases[i].want);
    }
}
END_TEST

/* 300 Mbps times 1/3: 99 999 999.9999 to the nearest bit; 3 flows times 150 %: 4.5, away from zero. */
START_TEST(factors_multiply_what_the_file_says)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario =
        load("{ \"vary\": { \"x\": { \"times\": [\"flows.f.rate\", \"flows.f.count\"], \"values\": "
             "[\"33.3333333333 %\", \"150 %\"] } } }",
             problems);
    const DxSweepParam *param = DX_SWEEP(plan_of(scenario), params, DxSweepParam, 0);
    g_autofree char *rate = dx__sweep_setting(param, 0, g_array_index(param->values, int64_t, 0));
    g_autofree char *count = dx__sweep_setting(param, 1, g_array_index(param->values, int64_t, 1));

    ck_assert_str_eq(rate, "100 Mbps");
    ck_assert_str_eq(count, "5");
    dx_scenario_free(scenario);
    dx_problems_free(problems);
}
END_TEST

START_TEST(points_are_a_grid_or_zipped)
{
    static const char vary[] =
        "\"vary\": { \"x\": { \"set\": \"flows.f.count\", \"values\": [1, 2] }, \"y\": { \"set\": "
        "\"run.seed\", \"values\": [5, 6] } }";
    static const int64_t grid[][2] = { { 1, 5 }, { 1, 6 }, { 2, 5 }, { 2, 6 } },
                         zip[][2] = { { 1, 5 }, { 2, 6 } };

    for (unsigned is_zip = 0; is_zip < 2; is_zip++) {
        g_autofree char *sweep =
            g_strdup_printf("{ %s, \"combine\": \"%s\" }", vary, is_zip ? "zip" : "grid");
        DxProblems *problems = dx_problems_new();
        DxScenario *scenario = load(sweep, problems);
        const DxSweepPlan *plan = plan_of(scenario);

        ck_assert_uint_eq(plan->n_points, is_zip ? 2 : 4);
        for (unsigned point = 0; point < plan->n_points; point++)
            for (unsigned k = 0; k < 2; k++)
                ck_assert_int_eq(dx__sweep_value(plan, k, point), (is_zip ? zip : grid)[point][k]);
        dx_scenario_free(scenario);
        dx_problems_free(problems);
    }
}
END_TEST

START_TEST(a_lag_stands_for_each_of_its_members)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = load("{ \"n_minus_1\": { \"each\": [\"lags.lag\", \"nodes.a\"] } }", problems);
    const GArray *cases = plan_of(scenario)->cases;
    static const char *const names[] = { "none", "links.l1", "links.l2", "nodes.a" };

    ck_assert_uint_eq(cases->len, 4);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_str_eq(g_array_index(cases, DxSweepCase, i).name, names[i]);
    ck_assert(g_array_index(cases, DxSweepCase, 1).left == 1 && g_array_index(cases, DxSweepCase, 1).of == 2);
    ck_assert(g_array_index(cases, DxSweepCase, 3).links->len == 2 &&
              !g_array_index(cases, DxSweepCase, 3).of);
    dx_scenario_free(scenario);
    dx_problems_free(problems);
}
END_TEST

/* -- records ----------------------------------------------------------------------------------------- */

/* One measure, a real number, and an expectation of it, in thousandths. */
static DxSweepPlan *made_up(unsigned replications, const char *op, int64_t limit)
{
    DxSweepPlan *plan = dx__sweep_plan_new("made up");
    DxSweepMeasure measure = {
        .name = g_strdup("latency"), .row = g_strdup("latency_p99_ps"), .unit = DX_UNIT_TIME, .is_real = true
    };
    DxSweepExpectation expectation = { .name = g_strdup("in time"),
                                       .op = g_strdup(op),
                                       .value_text = g_strdup("limit"),
                                       .value = 1000 * limit };

    g_array_append_val(plan->measures, measure);
    g_array_append_val(plan->expectations, expectation);
    plan->replications = replications;
    return plan;
}

static void put(DxSweepRecords *records, unsigned unit, unsigned replication, int64_t tried, double value)
{
    DxSweepValue *values = g_new0(DxSweepValue, 2);

    values[0] = (DxSweepValue){ .has_data = true, .is_real = true, .real = value };
    dx__sweep_records_add(records, unit, replication, tried, values);
}

START_TEST(lines_are_read_back_or_refused)
{
    DxSweepPlan *plan = made_up(1, "<", 1);
    DxSweepValue values[][1] = { { { true, false, UINT64_MAX, 0 } }, { { true, true, 0, -0.1 } }, { { 0 } } };

    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        const DxSweepRecord record = { 0, 3, -5, values[i] };
        g_autofree char *line = dx__sweep_record_line(plan, &record);
        const gsize n = strlen(line) - 1;
        DxSweepRecord got;

        ck_assert(dx__sweep_record_read(plan, line, n, &got));
        ck_assert(got.unit == 0 && got.replication == 3 && got.tried == -5);
        ck_assert(got.values[0].has_data == values[i][0].has_data &&
                  got.values[0].value == values[i][0].value && got.values[0].real == values[i][0].real);
        g_free(got.values);
        for (gsize k = 0; k < n; k++) { /* torn anywhere, or one character changed */
            ck_assert(!dx__sweep_record_read(plan, line, k, &got));
            line[k] ^= 1;
            ck_assert(!dx__sweep_record_read(plan, line, n, &got));
            line[k] ^= 1;
        }
    }
    dx__sweep_plan_free(plan);
}
END_TEST

/* -- verdicts and knees ------------------------------------------------------------------------------ */

START_TEST(an_interval_on_one_side_decides)
{
    /* mean 10, sd 1: t(1) = 12.706, so 10 +- 8.98 of two values that are 1.414 apart */
    static const struct {
        double a, b;
        const char *op;
        int64_t limit;
        DxSweepVerdict want;
    } cases[] = {
        { 9.293, 10.707, "<", 19, DX_SWEEP_MET },
        { 9.293, 10.707, "<", 18, DX_SWEEP_UNDECIDED },
        { 9.293, 10.707, "<", 2, DX_SWEEP_UNDECIDED },
        { 9.293, 10.707, "<", 1, DX_SWEEP_MISSED },
        { 9.293, 10.707, ">=", 1, DX_SWEEP_MET },
        { 9.293, 10.707, ">=", 19, DX_SWEEP_MISSED },
        { 7, 7, "<=", 7, DX_SWEEP_MET },
        { 7, 7, "<", 7, DX_SWEEP_MISSED },
        { 7, 7, "=", 7, DX_SWEEP_MET },
        { 7, 8, "=", 7, DX_SWEEP_UNDECIDED },
        { 8, 9, "=", 7, DX_SWEEP_MISSED },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxSweepPlan *plan = made_up(2, cases[i].op, cases[i].limit);
        DxSweepRecords *records = dx__sweep_records_new();

        put(records, 0, 0, 0, cases[i].a);
        put(records, 0, 1, 0, cases[i].b);
        ck_assert_msg(dx__sweep_judge(plan, records, 0, 0, 0, 2, NULL) == cases[i].want, "case %u", i);
        dx__sweep_records_free(records);
        dx__sweep_plan_free(plan);
    }
}
END_TEST

START_TEST(nothing_measured_is_not_met)
{
    DxSweepPlan *plan = made_up(2, "<", 100);
    DxSweepRecords *records = dx__sweep_records_new();
    unsigned n_met;

    dx__sweep_records_add(records, 0, 0, 0, g_new0(DxSweepValue, 2));
    put(records, 0, 1, 0, 1);
    ck_assert_int_eq(dx__sweep_judge(plan, records, 0, 0, 0, 2, &n_met), DX_SWEEP_UNDECIDED);
    ck_assert_uint_eq(n_met, 1);
    ck_assert_int_eq(dx__sweep_judge(plan, records, 0, 0, 0, 1, &n_met), DX_SWEEP_MISSED);
    dx__sweep_records_free(records);
    dx__sweep_plan_free(plan);
}
END_TEST

/* A whole-number parameter 0, 10, ... 40, at each one replication. */
static DxSweepKnee knee_of(const double *y, const char *op, int64_t limit)
{
    DxSweepPlan *plan = made_up(1, op, limit);
    DxSweepRecords *records = dx__sweep_records_new();
    DxSweepParam param = { .name = g_strdup("x"), .column = g_strdup("x"), .unit = DX_SWEEP_WHOLE };
    g_autoptr(GArray) knees = NULL;
    DxSweepKnee knee;

    dx__sweep_param_init(&param);
    for (int64_t i = 0; i < 5; i++) {
        const int64_t x = 10 * i;

        g_array_append_val(param.values, x);
        put(records, (unsigned)i, 0, 0, y[i]);
    }
    g_array_append_val(plan->params, param);
    plan->n_points = 5;
    knees = dx__sweep_knees(plan, records);
    ck_assert_uint_eq(knees->len, 1);
    knee = g_array_index(knees, DxSweepKnee, 0);
    dx__sweep_records_free(records);
    dx__sweep_plan_free(plan);
    return knee;
}

START_TEST(the_knee_lies_on_the_line_between_two_points)
{
    const double up[] = { 1, 2, 4, 8, 16 }, down[] = { 16, 8, 4, 2, 1 }, dip[] = { 1, 9, 1, 9, 9 };
    DxSweepKnee knee = knee_of(up, "<", 7); /* from 4 at 20 to 8 at 30: 7 at 27.5 */

    ck_assert(knee.has_knee && knee.knee == 27.5 && knee.met == 20 && knee.missed == 30);
    knee = knee_of(down, "<", 7); /* good on the right: from 4 at 20 to 8 at 10 */
    ck_assert(knee.has_knee && knee.knee == 12.5 && knee.met == 20 && knee.missed == 10);
    knee = knee_of(dip, "<", 5); /* the first time counts */
    ck_assert(knee.has_knee && knee.knee == 5 && knee.met == 0 && knee.missed == 10);
    knee = knee_of(up, "<", 100);
    ck_assert(!knee.has_knee && knee.has_met && knee.met == 40 && !knee.has_missed);
    knee = knee_of(up, "<", 1);
    ck_assert(!knee.has_knee && !knee.has_met && knee.has_missed && knee.missed == 0);
}
END_TEST

/* -- searches ---------------------------------------------------------------------------------------- */

/* What a value measures; a replication may shake it. */
typedef double (*System)(int64_t value, unsigned replication);

static DxSweepPlan *search_for(bool largest, int64_t from, int64_t to, int64_t tolerance,
                               unsigned replications)
{
    DxSweepPlan *plan = made_up(replications, "<", 1000);

    plan->search = (DxSweepSearch){ .is_wanted = true,
                                    .wants_largest = largest,
                                    .param = plan->search.param,
                                    .from = from,
                                    .to = to,
                                    .tolerance = tolerance,
                                    .probes = 5,
                                    .max_replications = 4 * replications };
    return plan;
}

static DxSweepAnswer hunt(const DxSweepPlan *plan, System system)
{
    DxSweepRecords *records = dx__sweep_records_new();
    DxSweepHunt *one = dx__sweep_hunt_new(plan, records, 0);
    DxSweepAnswer answer;
    int64_t tried;
    unsigned n, n_steps = 0;

    while (dx__sweep_hunt_next(one, &tried, &n)) {
        ck_assert(tried >= plan->search.from && tried <= plan->search.to);
        for (unsigned i = 0; i < n; i++)
            if (!dx__sweep_records_find(records, 0, i, tried))
                put(records, 0, i, tried, system(tried, i));
        ck_assert_uint_lt(n_steps++, 1000);
    }
    answer = dx__sweep_hunt_answer(one);
    ck_assert_uint_eq(answer.n_runs, dx__sweep_records_n(records));
    dx__sweep_hunt_free(one);
    dx__sweep_records_free(records);
    return answer;
}

static double steady(int64_t value, G_GNUC_UNUSED unsigned replication)
{
    return (double)value / 1000; /* in thousandths: met below 1 000 000 */
}

static double falling(int64_t value, G_GNUC_UNUSED unsigned replication)
{
    return 2000 - (double)value / 1000; /* met above 1 000 000 */
}

/* Replications are half a percent apart: near the border they do not decide. */
static double noisy(int64_t value, unsigned replication)
{
    return (double)value / 1000 + (replication % 2 ? 5 : -5);
}

static double island(int64_t value, G_GNUC_UNUSED unsigned replication)
{
    return value < 300000 || (value > 900000 && value < 1100000) ? 1 : 2000;
}

START_TEST(the_border_is_found_within_the_tolerance)
{
    static const int64_t tolerances[] = { 1, 7, 1000, 99999 };

    for (unsigned i = 0; i < G_N_ELEMENTS(tolerances); i++)
        for (unsigned is_log = 0; is_log < 2; is_log++) {
            DxSweepPlan *up = search_for(true, 1, 2000001, tolerances[i], 1),
                        *down = search_for(false, 1, 2000001, tolerances[i], 1);
            DxSweepAnswer answer;

            up->search.is_log = down->search.is_log = is_log;
            answer = hunt(up, steady);
            ck_assert(answer.kind == DX_SWEEP_FOUND && answer.is_monotone);
            ck_assert(answer.met < 1000000 && answer.missed >= 1000000 &&
                      answer.missed - answer.met <= tolerances[i]);
            answer = hunt(down, falling);
            ck_assert(answer.kind == DX_SWEEP_FOUND && answer.is_monotone);
            ck_assert(answer.met > 1000000 && answer.missed <= 1000000 &&
                      answer.met - answer.missed <= tolerances[i]);
            dx__sweep_plan_free(up);
            dx__sweep_plan_free(down);
        }
}
END_TEST

START_TEST(all_or_nothing_is_told)
{
    DxSweepPlan *below = search_for(true, 1, 1000, 1, 1), *above = search_for(true, 1000000, 2000000, 1, 1);

    ck_assert_int_eq(hunt(below, steady).kind, DX_SWEEP_ALL);
    ck_assert_int_eq(hunt(above, steady).kind, DX_SWEEP_NONE);
    dx__sweep_plan_free(below);
    dx__sweep_plan_free(above);
}
END_TEST

/* 4 to 16 replications of value +- 5: half-width at 16 is t(15) * 5.164 / 4 = 2.75, so 997.25 to 1002.75 is
 * in doubt. */
START_TEST(what_noise_hides_is_undecided)
{
    DxSweepPlan *plan = search_for(true, 0, 2000000, 1000, 4);
    const DxSweepAnswer answer = hunt(plan, noisy);

    ck_assert_int_eq(answer.kind, DX_SWEEP_IN_DOUBT);
    ck_assert(answer.has_met && answer.has_missed && answer.is_monotone);
    ck_assert_msg(answer.met <= 997250 && answer.met >= 995000, "met %" G_GINT64_FORMAT, answer.met);
    ck_assert_msg(answer.missed >= 1002749 && answer.missed <= 1005000, "missed %" G_GINT64_FORMAT,
                  answer.missed);
    dx__sweep_plan_free(plan);
}
END_TEST

START_TEST(what_is_not_monotone_is_told)
{
    DxSweepPlan *plan = search_for(true, 0, 2000000, 1000, 1);
    const DxSweepAnswer answer = hunt(plan, island);

    ck_assert(!answer.is_monotone && answer.kind == DX_SWEEP_FOUND);
    ck_assert(answer.met < 300000 && answer.missed >= 300000 && answer.missed - answer.met <= 1000);
    ck_assert(answer.meets_beyond > 900000 && answer.misses_before < answer.meets_beyond);
    dx__sweep_plan_free(plan);
}
END_TEST

SUITE_MAIN("sweep", 30, values_are_exact, factors_multiply_what_the_file_says, points_are_a_grid_or_zipped,
           a_lag_stands_for_each_of_its_members, lines_are_read_back_or_refused,
           an_interval_on_one_side_decides, nothing_measured_is_not_met,
           the_knee_lies_on_the_line_between_two_points, the_border_is_found_within_the_tolerance,
           all_or_nothing_is_told, what_noise_hides_is_undecided, what_is_not_monotone_is_told)
