/*
 * test_fiber_optics - what a link with optics loses, says of itself, and refuses
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <dxsim/dxsim.h>
#include <dxsim/explain.h>
#include "../network.h"
#include "../suite.h"
#include "../vectors.h"

/* One link, "l", and a flow there and one back. */
static DxScenario *read_link(const char *rate, const char *link, const char *events, DxProblems *problems)
{
    g_autofree char *text = g_strdup_printf(
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"100 ms\" }, \"nodes\": { \"a\": { "
        "\"kind\": \"router\" }, \"b\": { \"kind\": \"router\" } }, \"links\": { \"l\": { \"ends\": [\"a\", "
        "\"b\"], \"rate\": \"%s\", \"queue\": { \"on_down\": \"flush\" }, %s } }, \"flows\": { \"f\": { "
        "\"from\": \"a\", \"to\": \"b\", \"interval\": \"5 us\", \"size\": \"1500 B\", \"frames\": 19000 }, "
        "\"g\": { \"from\": \"b\", \"to\": \"a\", \"interval\": \"5 us\", \"size\": \"100 B\", \"frames\": "
        "19000 } }, \"events\": [ %s ] }",
        rate, link, events);

    return dx_scenario_read("f", text, strlen(text), dx_builtin_models, problems);
}

static DxRun *run_link(const char *rate, const char *link, const char *events, DxScenario **scenario)
{
    DxProblems *problems = dx_problems_new();

    *scenario = read_link(rate, link, events, problems);
    ck_assert_msg(*scenario != NULL, "%s", link);
    dx_problems_free(problems);
    return network_run(*scenario);
}

static void end(DxRun *run, DxScenario *scenario)
{
    dx_run_free(run);
    dx_scenario_free(scenario);
}

/* -- what is lost -------------------------------------------------------------------------------------- */

/* From the equations, with libm. 1260 nm is the worst of 10GBASE-LR; Q is 7.0345 at -14.4 dBm (10^-12). */
static double ber_of_lr(double length_km)
{
    const double power_dbm = -8.2 - length_km * 0.35 * pow(1310.0 / 1260.0, 4);
    const double q = 7.034483825 * pow(10, (power_dbm + 14.4) / 10);

    return erfc(q / sqrt(2)) / 2;
}

/* Within 99.9 % of the binomial law. */
static void assert_share(uint64_t lost, uint64_t n, double p, const char *what)
{
    const double mean = (double)n * p, sigma = sqrt((double)n * p * (1 - p));

    ck_assert_msg(fabs((double)lost - mean) <= 3.3 * sigma + 1,
                  "%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ", expected %g +- %g", what, lost, n,
                  mean, sigma);
}

/* Longer frames more often: 1518 octets one way, 118 the other. */
START_TEST(bit_errors_take_what_the_light_says)
{
    static const double lengths[] = { 18.5, 19.25, 20 };

    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *link = g_strdup_printf(
            "\"optic\": \"10GBASE-LR\", \"budget\": \"off\", \"fiber\": { \"length\": \"%g km\" }",
            lengths[i]);
        const double log_right = log1p(-ber_of_lr(lengths[i]));
        DxScenario *scenario;
        DxRun *run = run_link("10 Gbps", link, "", &scenario);

        assert_share(network_value(run, "link", "l:a>b", "dropped_bit_errors"), 19000,
                     -expm1(8 * 1518 * log_right), link);
        assert_share(network_value(run, "link", "l:b>a", "dropped_bit_errors"), 19000,
                     -expm1(8 * 118 * log_right), link);
        end(run, scenario);
    }
}
END_TEST

/* Below 10^-40 there is a row, and nothing in it; without optics there is no row. */
START_TEST(a_short_line_loses_nothing)
{
    DxScenario *scenario;
    DxRun *run =
        run_link("10 Gbps", "\"optic\": \"10GBASE-LR\", \"fiber\": { \"length\": \"5 km\" }", "", &scenario);

    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "dropped_bit_errors"), 0);
    end(run, scenario);
    run = run_link("10 Gbps", "\"fiber\": { \"length\": \"500 km\" }", "", &scenario);
    ck_assert_ptr_null(dx_results_find(run->results, "link", "l:a>b", "dropped_bit_errors"));
    end(run, scenario);
}
END_TEST

/* Both ways, whatever events say; one direction is enough to make it dark: from LR to ER there is no line. */
START_TEST(a_dark_link_stays_dark)
{
    static const struct {
        const char *optic, *length;
    } links[] = { { "\"10GBASE-LR\"", "60 km" },
                  { "[ \"10GBASE-LR\", \"10GBASE-ER\" ]", "5 km" },
                  { "\"10GBASE-ZR\"", "5 km" },
                  { "\"1000BASE-LX\"", "1 km" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *link =
            g_strdup_printf("\"optic\": %s, \"budget\": \"warn\", \"fiber\": { \"length\": \"%s\" }",
                            links[i].optic, links[i].length);
        DxScenario *scenario;
        DxRun *run =
            run_link("10 Gbps", link,
                     "{ \"at\": \"10 ms\", \"do\": \"restore\", \"target\": \"links.l\" }, { \"at\": \"20 "
                     "ms\", \"do\": \"fail\", \"target\": \"links.l\", \"for\": \"1 ms\" }",
                     &scenario);

        ck_assert_uint_eq(network_value(run, "link", "l:a>b", "dropped_link_down"), 19000);
        ck_assert_uint_eq(network_value(run, "link", "l:b>a", "dropped_link_down"), 19000);
        end(run, scenario);
    }
}
END_TEST

/* -- what it says -------------------------------------------------------------------------------------- */

static double sheet_value(DxJsonDoc *doc, const char *what)
{
    const DxJson *light = vectors_get(doc, dx__json_root(doc), "light");

    ck_assert_uint_eq(light->n_children, 1); /* both ends are the same */
    dx_json_each (row, vectors_get(doc, light->child, "rows"))
        if (!strcmp(vectors_get(doc, row, "what")->text, what))
            return vectors_f64(doc, row, "value");
    ck_abort_msg("no row %s", what);
}

/* The worked example of docs/models/optics.md. */
START_TEST(the_worksheet_is_that_of_the_example)
{
    static const struct {
        const char *what;
        double value, tolerance;
    } rows[] = { { "launched", -4.3, 1e-9 },
                 { "fiber", -4.1813, 5e-5 },
                 { "connectors", -1, 1e-9 },
                 { "panels", -0.5, 1e-9 },
                 { "received", -9.9813, 5e-5 },
                 { "sensitivity", -10.6, 1e-9 },
                 { "margin", 0.6187, 5e-5 },
                 { "received at most", -1.0105, 5e-5 },
                 { "overload margin", 5.5105, 5e-5 },
                 { "dispersion", 27.04, 0.01 },
                 { "Q", 18.181, 0.001 } /* 20 log 8.111 */,
                 { "bit errors", 2.5e-16, 0.05e-16 },
                 { "frames lost", 3.0e-12, 0.1e-12 } };
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario =
        read_link("100 Gbps",
                  "\"optic\": \"100GBASE-LR4\", \"fiber\": { \"length\": \"10 km\", "
                  "\"attenuation_1310\": \"0.4 dB/km\", \"connectors\": 2, \"panels\": 1 }",
                  "", problems);
    g_autofree char *text = dx_explain(scenario, DX_EXPLAIN_JSON, NULL);
    unsigned line, column;
    DxJsonDoc *doc = dx__json_parse(text, strlen(text), &line, &column, NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(fabs(sheet_value(doc, rows[i].what) - rows[i].value) <= rows[i].tolerance,
                      "%s: %g, not %g", rows[i].what, sheet_value(doc, rows[i].what), rows[i].value);
    dx__json_free(doc);
    dx_scenario_free(scenario);
    dx_problems_free(problems);
}
END_TEST

/* -- what it is put together from ---------------------------------------------------------------------- */

/* What a frame meets: 40 km given in spans or as a delay, 35 m behind them. */
START_TEST(frames_take_the_time_of_the_whole)
{
    static const struct {
        const char *fiber;
        double spans_ps;
    } cases[] = { { "'spans': [ { 'length': '30 km' }, { 'length': '10 km' } ]",
                    40 * 1.468 / 299792.458 * 1e12 },
                  { "'delay': '200 us'", 200e6 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *links =
            g_strdup_printf("'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'framing': 'none', "
                            "'fiber': { %s }, 'cross_connect': { 'length': '35 m' } }",
                            cases[i].fiber);
        DxScenario *scenario =
            network_load("1 ms", links, "'f': { 'from': 'a', 'to': 'b', 'rate': '1 Mbps', 'frames': 1 }", "");
        DxRun *run = network_run(scenario);
        const double want_ps = 1500 * 8 * 1e3 + cases[i].spans_ps +
                               35e-3 * 1.468 / 299792.458 * 1e12; /* 1500 octets at 1 Gbps */

        ck_assert(fabs((double)network_value(run, "flow", "f", "latency_min_ps") - want_ps) <= 1);
        dx_run_free(run);
        dx_scenario_free(scenario);
    }
}
END_TEST

/* The first problem of a link, or "". (transfer full) */
static char *first_problem(const char *link)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = read_link("10 Gbps", link, "", problems);
    char *text = problems->list->len ? dx_problem_text(g_ptr_array_index(problems->list, 0)) : g_strdup("");

    dx_scenario_free(scenario);
    dx_problems_free(problems);
    return text;
}

/* 10GBASE-LR launches -8.2 to 0.5 dBm. */
START_TEST(a_launch_that_the_optic_cannot_have_is_warned_of)
{
    static const struct {
        const char *tx, *want;
    } cases[] = { { "-8.2 dBm", NULL },
                  { "0.5 dBm", NULL },
                  { "0.6 dBm", "warning: 10GBASE-LR launches -8.2 to 0.5 dBm, and here 0.6" },
                  { "-8.3 dBm", "warning: 10GBASE-LR launches -8.2 to 0.5 dBm, and here -8.3" } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *link = g_strdup_printf(
            "\"optic\": \"10GBASE-LR\", \"fiber\": { \"length\": \"5 km\", \"tx\": \"%s\" }", cases[i].tx);
        g_autofree char *got = first_problem(link);

        ck_assert_msg(cases[i].want ? strstr(got, cases[i].want) != NULL : !*got, "%s: %s", cases[i].tx, got);
    }
}
END_TEST

SUITE_MAIN("fiber optics", 60, bit_errors_take_what_the_light_says, a_short_line_loses_nothing,
           a_dark_link_stays_dark, the_worksheet_is_that_of_the_example, frames_take_the_time_of_the_whole,
           a_launch_that_the_optic_cannot_have_is_warned_of)
