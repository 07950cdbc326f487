/*
 * scenario: what is read, what is refused and with which words
 *
 * The mistakes are those that people make: one change to a good file each, and the line that dxsim prints.
 */
#include <dxsim/models.h>
#include <string.h>
#include "../../lib/scenario-priv.h"
#include "../suite.h"

#ifndef DX_TEST_SCENARIOS
#define DX_TEST_SCENARIOS "test/scenarios"
#endif

/*      dx1, dx2 = lag1      core              far
 *   a ================= b ------ c        (d hangs on nothing)
 */
/* clang-format off */
static const char good[] =
    "{\n  \"dxsim\": 1,\n  \"name\": \"good\",\n  \"run\": { \"duration\": \"10 ms\", \"warmup\": \"1 ms\", \"seed\": 7 },\n  \"nodes\": {\n    \"a\": { \"kind\": \"router\" },\n    \"b\": { \"kind\": \"router\", \"routes\": { \"video\": \"core\" } },\n    \"c\": { \"kind\": \"router\" },\n    \"d\": { \"kind\": \"router\" }\n  },\n  \"links\": {\n    \"dx1\": { \"ends\": [\"a\", \"b\"], \"rate\": \"10 Gbps\", \"fiber\": { \"length\": \"10 km\" } },\n    \"dx2\": { \"ends\": [\"b\", \"a\"], \"rate\": \"10 Gbps\", \"queue\": { \"limit\": \"1 MB\" } },\n    \"core\": { \"ends\": [\"b\", \"c\"], \"rate\": \"100 Gbps\", \"fiber\": { \"delay\": \"1 ms\" } }\n  },\n  \"lags\": { \"lag1\": { \"members\": [\"dx1\", \"dx2\"], \"hash\": \"5-tuple\" } },\n  \"flows\": {\n    \"video\": { \"from\": \"a\", \"to\": \"c\", \"via\": [\"lag1\", \"core\"], \"model\": \"cbr\", \"rate\": \"1 Gbps\" },\n    \"back\": { \"from\": \"c\", \"to\": \"b\", \"model\": \"poisson\", \"rate\": \"2 Gbps\", \"count\": 10 }\n  },\n  \"events\": [ { \"at\": \"5 ms\", \"do\": \"fail\", \"target\": \"links.dx1\", \"how\": \"silent\" } ],\n  \"expectations\": [\n    { \"name\": \"fast\", \"metric\": \"flow.latency\", \"stat\": \"p99\", \"select\": { \"flow\": \"video\" }, \"op\": \"<=\", \"value\": \"5 ms\" }\n  ],\n  \"outputs\": { \"series\": { \"period\": \"1 ms\" }, \"plots\": [\"throughput\"] }\n}\n";
/* clang-format on */

/* @text with the first @old replaced. */
static char *changed(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    GString *copy = g_string_new(text);

    ck_assert_msg(at != NULL, "\"%s\" is not in the text", old);
    g_string_erase(copy, at - text, (gssize)strlen(old));
    g_string_insert(copy, at - text, new);
    return g_string_free(copy, FALSE);
}

/* All problems of a text, a line each. */
static char *problems_of(const char *text)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f.json", text, strlen(text), dx_builtin_models, problems);
    GString *lines = g_string_new(NULL);

    ck_assert((scenario == NULL) == (problems->n_found > 0));
    for (guint i = 0; i < problems->list->len; i++) {
        char *line = dx_problem_text(g_ptr_array_index(problems->list, i));

        ck_assert_ptr_null(strchr(line, '\n'));
        g_string_append_printf(lines, "%s\n", line);
        g_free(line);
    }
    dx_scenario_free(scenario);
    dx_problems_free(problems);
    return g_string_free(lines, FALSE);
}

typedef struct {
    const char *old, *new, *message;
} Mistake;

static void assert_messages(const Mistake *mistakes, size_t n)
{
    GString *wrong = g_string_new(NULL);

    for (size_t i = 0; i < n; i++) {
        char *text = changed(good, mistakes[i].old, mistakes[i].new);
        char *got = problems_of(text);
        char *want = *mistakes[i].message ? g_strconcat(mistakes[i].message, "\n", NULL) : g_strdup("");

        if (strcmp(got, want))
            g_string_append_printf(wrong, "%s\n  became %s\n  got:  %s  want: %s", mistakes[i].old,
                                   mistakes[i].new, got, want);
        g_free(text);
        g_free(got);
        g_free(want);
    }
    ck_assert_msg(wrong->len == 0, "\n%s", wrong->str);
    g_string_free(wrong, TRUE);
}

#define ASSERT_MESSAGES(mistakes) assert_messages(mistakes, G_N_ELEMENTS(mistakes))

START_TEST(the_good_scenario_has_no_problem)
{
    char *got = problems_of(good);

    ck_assert_str_eq(got, "");
    g_free(got);
}
END_TEST

START_TEST(quantities_are_refused_with_the_accepted_form)
{
    static const Mistake mistakes[] = {
        { "\"rate\": \"10 Gbps\", \"fiber\"", "\"rate\": 10, \"fiber\"",
          "f.json:12:42: error: 10 is a bare number; give it a unit, such as \"10 Gbps\" (/links/dx1/rate) "
          "[DX1103]" },
        { "\"rate\": \"10 Gbps\", \"fiber\"", "\"rate\": \"10G\", \"fiber\"",
          "f.json:12:42: error: \"10G\" is not a rate such as \"10 Gbps\"; did you mean \"10 Gbps\"? "
          "(/links/dx1/rate) [DX1201]" },
        { "\"rate\": \"10 Gbps\", \"fiber\"", "\"rate\": \"10 MB/s\", \"fiber\"",
          "f.json:12:42: error: \"10 MB/s\" is not a rate such as \"10 Gbps\"; did you mean \"10 Mbps\" "
          "(bits per second)? (/links/dx1/rate) [DX1201]" },
        { "\"length\": \"10 km\"", "\"length\": \"10 us\"",
          "f.json:12:74: error: \"10 us\" is a time; expected a length such as \"80 km\" "
          "(/links/dx1/fiber/length) [DX1201]" },
        { "\"length\": \"10 km\"", "\"length\": \"6 miles\"",
          "f.json:12:74: error: \"6 miles\" is not a length; expected a number, one space and a unit, such "
          "as \"80 km\" (mm, m, km) (/links/dx1/fiber/length) [DX1201]" },
        { "\"limit\": \"1 MB\"", "\"limit\": 1000000",
          "f.json:13:73: error: 1000000 is a bare number; give it a unit, such as \"10 MB\" or \"1000 "
          "frames\" (/links/dx2/queue/limit) [DX1103]" },
        { "\"count\": 10", "\"size\": \"70 kB\"",
          "f.json:19:85: error: \"70 kB\" is outside \"1 B\" to \"65000 B\" (/flows/back/size) [DX1203]" },
        { "\"count\": 10", "\"count\": 0",
          "f.json:19:86: error: \"0\" is outside \"1\" to \"10000000\" (/flows/back/count) [DX1203]" },
        { "\"count\": 10", "\"count\": 1.5",
          "f.json:19:86: error: \"1.5\" is not a whole number (/flows/back/count) [DX1201]" },
        { "\"count\": 10", "\"transactions\": \"5 M/day\"",
          "f.json:19:93: error: either these or a rate or an interval, not both (/flows/back/transactions) "
          "[DX1204]" },
        { "\"count\": 10", "\"transactions\": \"5M per day\"",
          "f.json:19:93: error: \"5M per day\" is not a frequency such as \"100 M/day\"; did you mean \"5 "
          "M/day\"? "
          "(/flows/back/transactions) [DX1201]" },
        { "\"count\": 10", "\"transactions\": 1157",
          "f.json:19:93: error: 1157 is a bare number; give it a unit, such as \"100 M/day\" "
          "(/flows/back/transactions) [DX1103]" },
        { "\"count\": 10", "\"sizes\": \"list\"",
          "f.json:19:13: error: \"mix\" is missing: a list of sizes, such as "
          "\"7 x 40 B, 1 x 1500 B\" (/flows/back) [DX1102]" },
        { "\"count\": 10", "\"mix\": \"7 x 40 B, 1 1500 B\"",
          "f.json:19:84: error: \"1 1500 B\" is no part of a mix; "
          "expected a number, \" x \" and a size, such as \"7 x 40 B\" (/flows/back/mix) [DX1201]" },
        { "\"count\": 10", "\"mix\": [ \"40 B\", 7 ]",
          "f.json:19:84: error: this is an array, expected a string "
          "(/flows/back/mix) [DX1103]" },
        { "\"count\": 10", "\"pcp\": 8",
          "f.json:19:84: error: \"8\" is outside \"0\" to \"7\" (/flows/back/pcp) [DX1203]" },
        { "\"model\": \"cbr\"", "\"model\": \"constant\"",
          "f.json:18:74: error: \"constant\" is not one of \"cbr\", \"poisson\", \"microburst\", \"on-off\", "
          "\"replay\" "
          "(/flows/video/model) [DX1202]" },
        { "\"hash\": \"5-tuple\"", "\"hash\": \"five\"",
          "f.json:16:58: error: \"five\" is not one of \"src-mac\", \"dst-mac\", \"src-dst-mac\", "
          "\"src-ip\", "
          "\"dst-ip\", \"src-dst-ip\", \"src-dst-ip-port\", \"5-tuple\", \"layer2\", \"layer2+3\", "
          "\"layer3+4\", \"vlan+srcmac\" (/lags/lag1/hash) [DX1202]" },
        { "\"count\": 10", "\"count\": 1e1", "" }, /* a whole number, if oddly written */
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(keys_are_refused_with_what_was_probably_meant)
{
    static const Mistake mistakes[] = {
        { "\"seed\": 7", "\"sede\": 7",
          "f.json:4:51: error: unknown key \"sede\"; did you mean \"seed\"? (/run/sede) [DX1101]" },
        { "\"limit\": \"1 MB\"", "\"limt\": \"1 MB\"",
          "f.json:13:64: error: unknown key \"limt\"; did you mean \"limit\"? (/links/dx2/queue/limt) "
          "[DX1101]" },
        { "\"delay\": \"1 ms\"", "\"delay\": \"1 ms\", \"indx\": 1.4",
          "f.json:14:83: error: unknown key \"indx\"; did you mean \"index\"? (/links/core/fiber/indx) "
          "[DX1101]" },
        { "\"count\": 10", "\"colour\": \"red\"",
          "f.json:19:77: error: unknown key \"colour\" (/flows/back/colour) [DX1101]" },
        { "\"count\": 10", "\"a\\u001bb\": 1",
          "f.json:19:77: error: unknown key \"a\\u001bb\" (/flows/back/a\\u001bb) [DX1101]" },
        { "\"name\": \"good\"", "\"name\": \"good\", \"x-owner\": [1, {}], \"$comment\": \"why\"", "" },
        { "\"rate\": \"10 Gbps\", \"queue\"", "\"queue\"",
          "f.json:13:12: error: \"rate\" is missing (/links/dx2) [DX1102]" },
        { "\"duration\": \"10 ms\", ", "", "f.json:4:10: error: \"duration\" is missing (/run) [DX1102]" },
        { "\"name\": \"good\",\n", "\n", "f.json:1:1: error: \"name\" is missing [DX1102]" },
        { "\"dxsim\": 1,\n", "\n",
          "f.json:1:1: error: \"dxsim\" is missing: the version of the format, \"dxsim\": 1 [DX1102]" },
        { "\"at\": \"5 ms\", ", "", "f.json:21:15: error: \"at\" is missing (/events/0) [DX1102]" },
        { "\"dxsim\": 1", "\"dxsim\": 2",
          "f.json:2:12: error: this program reads version 1 of the format (/dxsim) [DX1105]" },
        { "\"dxsim\": 1", "\"dxsim\": \"1\"",
          "f.json:2:12: error: this is a string, expected a number: 1, without quotes (/dxsim) [DX1103]" },
        { "\"name\": \"good\"", "\"name\": null",
          "f.json:3:11: error: this is null, expected a string (/name) [DX1103]" },
        { "\"ends\": [\"b\", \"c\"]", "\"ends\": [\"b\", 5]",
          "f.json:14:29: error: this is a number, expected a string (/links/core/ends/1) [DX1103]" },
        { "{ \"name\": \"fast\"", "5, { \"name\": \"fast\"",
          "f.json:23:5: error: this is a number, expected an object (/expectations/0) [DX1103]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(names_that_lead_nowhere_are_refused)
{
    static const Mistake mistakes[] = {
        { "\"ends\": [\"b\", \"c\"]", "\"ends\": [\"b\", \"core2\"]",
          "f.json:14:29: error: there is no node \"core2\" (/links/core/ends/1) [DX1301]" },
        { "\"ends\": [\"b\", \"c\"]", "\"ends\": [\"b\", \"b\"]",
          "f.json:14:23: error: both ends are the same node (/links/core/ends) [DX1302]" },
        { "\"members\": [\"dx1\", \"dx2\"]", "\"members\": [\"dx1\", \"dx1\"]",
          "f.json:16:42: error: link \"dx1\" is already a member of LAG \"lag1\" (/lags/lag1/members/1) "
          "[DX1204]" },
        { "\"members\": [\"dx1\", \"dx2\"]", "\"members\": [\"dx1\", \"dx3\"]",
          "f.json:16:42: error: there is no link \"dx3\"; did you mean \"dx1\"? (/lags/lag1/members/1) "
          "[DX1301]" },
        { "\"members\": [\"dx1\", \"dx2\"]", "\"members\": [\"dx1\", \"core\"]",
          "f.json:16:42: error: link \"core\" does not join the same two nodes as the others "
          "(/lags/lag1/members/1) [DX1302]" },
        { "\"via\": [\"lag1\", \"core\"]", "\"via\": [\"core\"]",
          "f.json:18:48: error: \"core\" does not start at node \"a\", where the path has come to "
          "(/flows/video/via/0) [DX1302]" },
        { "\"via\": [\"lag1\", \"core\"]", "\"via\": [\"dx1\", \"core\"]",
          "f.json:18:48: error: link \"dx1\" is a member of LAG \"lag1\"; name the LAG (/flows/video/via/0) "
          "[DX1204]" },
        { "\"via\": [\"lag1\", \"core\"]", "\"via\": \"trunk\"",
          "f.json:18:47: error: there is no link or LAG \"trunk\" (/flows/video/via) [DX1301]" },
        { "\"dx2\": {", "\"dx 2\": {",
          "f.json:13:5: error: \"dx 2\" is no name: a letter or \"_\", then up to 63 letters, digits, \"_\", "
          "\".\" or \"-\" (/links/dx 2) [DX1104]\nf.json:16:42: error: there is no link \"dx2\"; did you "
          "mean \"dx1\"? (/lags/lag1/members/1) [DX1301]" },
        { "\"d\": {", "\"9d\": {",
          "f.json:9:5: error: \"9d\" is no name: a letter or \"_\", then up to 63 letters, digits, \"_\", "
          "\".\" or \"-\" (/nodes/9d) [DX1104]" },
        { "\"lag1\": {", "\"core\": {",
          "f.json:16:13: error: a link has this name too; a router could not tell them apart (/lags/core) "
          "[DX1204]\nf.json:18:48: error: there is no link or LAG \"lag1\" (/flows/video/via/0) [DX1301]" },
        { "\"to\": \"c\"", "\"to\": \"a\"",
          "f.json:18:35: error: a flow goes from one node to another (/flows/video/to) [DX1302]" },
        { "\"to\": \"c\", \"via\": [\"lag1\", \"core\"]", "\"to\": \"d\"",
          "f.json:18:5: error: no link leads from \"a\" to \"d\" (/flows/video) [DX1303]" },
        { "\"kind\": \"router\", \"routes\"", "\"kind\": \"switch\", \"routes\"",
          "f.json:7:20: error: \"switch\" is not one of \"router\", \"customer-router\", "
          "\"cloud-device\", \"dx-gateway\", \"transit-gateway\", \"vpc\", \"host\", \"internet\" "
          "(/nodes/b/kind) [DX1202]" },
        { "\"routes\": { \"video\"", "\"routes\": { \"vido\"",
          "f.json:7:42: error: there is no flow \"vido\" (/nodes/b/routes/vido) [DX1301]" },
        { "\"routes\": { \"video\": \"core\" }", "\"routes\": { \"video\": \"cor\" }",
          "f.json:7:51: error: there is no link or LAG \"cor\"; did you mean \"core\"? "
          "(/nodes/b/routes/video) [DX1301]" },
        { "\"d\": { \"kind\": \"router\" }",
          "\"d\": { \"kind\": \"router\", \"routes\": { \"video\": \"core\" } }",
          "f.json:9:51: error: \"core\" does not end at this node (/nodes/d/routes/video) [DX1302]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(addresses_and_ports_are_refused_when_they_are_none)
{
    static const Mistake mistakes[] = {
        { "\"count\": 10", "\"addresses\": [\"10.0.0.1\", \"10.0.0\"]",
          "f.json:19:103: error: this is no IP address; expected one such as \"10.1.0.1\" or \"2001:db8::1\" "
          "(/flows/back/addresses/1) [DX1201]" },
        { "\"count\": 10", "\"addresses\": [\"10.0.0.1\", \"2001:db8::1\"]",
          "f.json:19:90: error: expected two addresses of one family, source and destination "
          "(/flows/back/addresses) [DX1204]" },
        { "\"count\": 10", "\"addresses\": [\"10.0.0.1\"]",
          "f.json:19:90: error: expected two addresses of one family, source and destination "
          "(/flows/back/addresses) [DX1204]" },
        { "\"count\": 10", "\"ports\": [1, 65536]",
          "f.json:19:90: error: a port is a whole number from 0 to 65535 (/flows/back/ports/1) [DX1203]" },
        { "\"count\": 10", "\"ports\": [\"https\", 1]",
          "f.json:19:87: error: this is a string, expected a number (/flows/back/ports/0) [DX1103]" },
        { "\"count\": 10", "\"ports\": [1]",
          "f.json:19:86: error: expected two ports, source and destination (/flows/back/ports) [DX1204]" },
        { "\"count\": 10", "\"protocol\": 256",
          "f.json:19:89: error: an IP protocol is a whole number from 0 to 255 (/flows/back/protocol) "
          "[DX1203]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(runs_and_outputs_out_of_bounds_are_refused)
{
    static const Mistake mistakes[] = {
        { "\"seed\": 7", "\"seed\": -1", "f.json:4:59: error: a seed is not negative (/run/seed) [DX1203]" },
        { "\"seed\": 7", "\"seed\": 18446744073709551616",
          "f.json:4:59: error: 18446744073709551616 is not a whole number of 64 bits (/run/seed) [DX1201]" },
        { "\"seed\": 7", "\"seed\": 1.5",
          "f.json:4:59: error: 1.5 is not a whole number of 64 bits (/run/seed) [DX1201]" },
        { "\"seed\": 7", "\"seed\": \"7\"",
          "f.json:4:59: error: this is a string, expected a number: 7, without quotes (/run/seed) [DX1103]" },
        { "\"seed\": 7", "\"seed\": 18446744073709551615", "" },
        { "\"warmup\": \"1 ms\"", "\"warmup\": \"10 ms\"",
          "f.json:4:43: error: the warm-up must end before the run does (/run/warmup) [DX1203]" },
        { "\"warmup\": \"1 ms\"", "\"warmup\": \"-1 ms\"",
          "f.json:4:43: error: \"-1 ms\" is negative; expected a time such as \"1.5 ms\" (/run/warmup) "
          "[DX1203]" },
        { "\"duration\": \"10 ms\"", "\"duration\": \"0 s\"",
          "f.json:4:24: error: a run lasts longer than 0 and at most 53 days (/run/duration) [DX1203]" },
        { "\"duration\": \"10 ms\"", "\"duration\": \"60 d\"",
          "f.json:4:24: error: a run lasts longer than 0 and at most 53 days (/run/duration) [DX1203]" },
        { "\"duration\": \"10 ms\"", "\"duration\": \"53 d\"", "" },
        { "\"period\": \"1 ms\"", "\"period\": \"1 ns\"",
          "f.json:25:38: error: a series needs a period of at least \"1 us\" (/outputs/series/period) "
          "[DX1203]" },
        { "\"plots\": [\"throughput\"]", "\"plots\": [\"thruput\"]",
          "f.json:25:58: error: \"thruput\" is not one of \"queue\", \"throughput\", \"utilisation\", "
          "\"goodput\", \"loss\", \"light\", \"margin\", \"latency-cdf\", \"latency-histogram\", "
          "\"states\", \"dashboard\" "
          "(/outputs/plots/0) [DX1202]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(events_that_cannot_happen_are_refused)
{
    static const Mistake mistakes[] = {
        { "\"target\": \"links.dx1\"", "\"target\": \"links.dx9\"",
          "f.json:21:55: error: there is no \"links.dx9\"; expected \"links.NAME\", \"nodes.NAME\" or "
          "\"groups.NAME\" (/events/0/target) [DX1301]" },
        { "\"target\": \"links.dx1\"", "\"target\": \"lags.lag1\"",
          "f.json:21:55: error: there is no \"lags.lag1\"; expected \"links.NAME\", \"nodes.NAME\" or "
          "\"groups.NAME\" (/events/0/target) [DX1301]" },
        { "\"do\": \"fail\"", "\"do\": \"explode\"",
          "f.json:21:37: error: \"explode\" is not one of \"fail\", \"restore\", \"set\", \"attack\", "
          "\"shutdown\", \"enable\", \"clear\", \"announce\", \"withdraw\" "
          "(/events/0/do) "
          "[DX1202]" },
        { "\"how\": \"silent\"", "\"how\": \"loud\"",
          "f.json:21:75: error: \"loud\" is not one of \"down\", \"silent\" (/events/0/how) [DX1202]" },
        { "\"do\": \"fail\", \"target\": \"links.dx1\", \"how\": \"silent\"",
          "\"do\": \"set\", \"target\": \"links.dx1\"",
          "f.json:21:15: error: what to set is missing: \"rate\", \"loss\", \"tx\" or \"temperature\" "
          "(/events/0) [DX1102]" },
        { "\"do\": \"fail\", \"target\": \"links.dx1\", \"how\": \"silent\"",
          "\"do\": \"set\", \"target\": \"links.dx1\", \"rate\": \"0 bps\"",
          "f.json:21:75: error: \"0 bps\" is outside \"1 bps\" to \"100 Tbps\" (/events/0/rate) [DX1203]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(expectations_that_cannot_be_judged_are_refused)
{
    static const Mistake mistakes[] = {
        { "\"flow.latency\"", "\"flow.latencies\"",
          "f.json:23:33: error: there is no metric and statistic \"flow.latencies p99\"; docs/scenario.md "
          "lists them (/expectations/0/metric) [DX1202]" },
        { "\"stat\": \"p99\"", "\"stat\": \"p98\"",
          "f.json:23:33: error: there is no metric and statistic \"flow.latency p98\"; did you mean "
          "\"flow.latency p90\"? (/expectations/0/metric) [DX1202]" },
        { "\"stat\": \"p99\", ", "",
          "f.json:23:33: error: there is no metric and statistic \"flow.latency\"; docs/scenario.md lists "
          "them (/expectations/0/metric) [DX1202]" },
        { "\"op\": \"<=\"", "\"op\": \"=<\"",
          "f.json:23:101: error: \"=<\" is not one of \"<\", \"<=\", \"=\", \"!=\", \">=\", \">\"; did you "
          "mean \"<=\"? (/expectations/0/op) [DX1202]" },
        { "\"value\": \"5 ms\"", "\"value\": 5",
          "f.json:23:116: error: 5 is a bare number; give it a unit: \"1.5 ms\" (ps, ns, us, ms, s, min, h, "
          "d) (/expectations/0/value) [DX1103]" },
        { "\"value\": \"5 ms\"", "\"value\": \"5 km\"",
          "f.json:23:116: error: \"5 km\" is a length; expected a time such as \"1.5 ms\" "
          "(/expectations/0/value) [DX1201]" },
        { "\"outputs\": { \"series\": { \"period\": \"1 ms\" }, \"plots\": [\"throughput\"] }",
          "\"claims\": [ { \"id\": \"c\", \"says\": \"s\", \"metric\": \"link.throughput\", \"stat\": "
          "\"max\", "
          "\"select\": { \"link\": \"core\" }, \"op\": \">\", \"value\": \"1 Gbps\" } ]",
          "f.json:25:78: error: this is the highest of a series; ask for one: \"outputs\": { \"series\": { "
          "\"period\": \"10 ms\" } } (/claims/0/stat) [DX1204]" },
        { "\"select\": { \"flow\": \"video\" }", "\"select\": { \"flow\": \"audio\" }",
          "f.json:23:84: error: there is no flow \"audio\" (/expectations/0/select/flow) [DX1301]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(text_that_is_no_json_is_refused_at_its_place)
{
    static const Mistake mistakes[] = {
        { "\"plots\": [\"throughput\"]", "\"plots\": [\"throughput\",]",
          "f.json:25:71: error: trailing comma before \"]\" [DX1002]" },
        { "\"seed\": 7", "'seed': 7",
          "f.json:4:51: error: expected a key, found \"'\": strings take double quotes [DX1002]" },
        { "\"seed\": 7 }", "\"seed\": 7",
          "f.json:27:1: error: the document ends before the \"{\" of line 1 is closed [DX1002]" },
        { "\"name\": \"good\"", "\"name\": \"good\", \"name\": \"better\"",
          "f.json:3:19: error: duplicate key \"name\", first on line 3 [DX1002]" },
        { "\"dx2\": { \"ends\"", "\"dx1\": { \"ends\"",
          "f.json:13:5: error: duplicate key \"dx1\", first on line 12 [DX1002]" },
        { "\"name\": \"good\"", "\"name\": \"good\", \"Name\": \"better\"",
          "f.json:3:19: error: duplicate key \"Name\", first on line 3 as \"name\" [DX1002]" },
    };
    char *got;

    ASSERT_MESSAGES(mistakes);
    got = problems_of("[]");
    ck_assert_str_eq(got, "f.json:1:1: error: this is an array, expected an object [DX1103]\n");
    g_free(got);
    got = problems_of("");
    ck_assert_str_eq(got, "f.json:1:1: error: the document is empty [DX1002]\n");
    g_free(got);
}
END_TEST

/* -- mistakes that slip through, or are told twice ----------------------------------------------------- */

START_TEST(a_path_that_ends_short_of_the_destination_is_refused)
{
    static const Mistake mistakes[] = {
        { "\"to\": \"c\", \"via\": [\"lag1\", \"core\"]", "\"to\": \"d\", \"via\": \"lag1\"",
          "f.json:18:5: error: the path from \"a\" to \"d\" ends at \"c\": no link leads on (/flows/video) "
          "[DX1303]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(a_mistake_is_not_told_again_where_its_name_is_used)
{
    static const Mistake mistakes[] = {
        { "\"ends\": [\"a\", \"b\"]", "\"ends\": [\"a\", \"e\"]",
          "f.json:12:28: error: there is no node \"e\" (/links/dx1/ends/1) [DX1301]" },
        { "\"ends\": [\"b\", \"c\"]", "\"ends\": [\"b\", \"c\", \"d\"]",
          "f.json:14:23: error: a link has two ends, this has 3 (/links/core/ends) [DX1302]" },
        { "\"ends\": [\"b\", \"c\"]", "\"ends\": \"b-c\"",
          "f.json:14:23: error: this is a string, expected an array (/links/core/ends) [DX1103]" },
        { "\"members\": [\"dx1\", \"dx2\"]", "\"members\": []",
          "f.json:16:34: error: a LAG needs at least one member (/lags/lag1/members) [DX1203]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

START_TEST(a_selection_says_only_what_is_looked_at)
{
    static const Mistake mistakes[] = {
        { "\"select\": { \"flow\": \"video\" }", "\"select\": { \"flow\": \"video\", \"from\": \"a\" }",
          "f.json:23:93: error: metric \"flow.latency\" is that of a flow; select one by \"flow\" "
          "(/expectations/0/select/from) [DX1204]" },
    };

    ASSERT_MESSAGES(mistakes);
}
END_TEST

/* What a model's set-up would refuse has a place in the file, like everything else. */
START_TEST(what_a_model_cannot_do_without_is_asked_for_at_its_place)
{
    static const Mistake mistakes[] = {
        { "\"model\": \"cbr\", \"rate\": \"1 Gbps\"", "\"model\": \"cbr\"", "f.json:18:" },
        { "\"rate\": \"2 Gbps\"", "\"pcp\": 1", "f.json:19:" },
        { "\"model\": \"cbr\"", "\"model\": \"microburst\"", "f.json:18:" },
        { "\"delay\": \"1 ms\"", "\"delay\": \"1 ms\", \"length\": \"1 km\"", "f.json:14:" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        char *text = changed(good, mistakes[i].old, mistakes[i].new);
        char *got = problems_of(text);

        ck_assert_msg(g_str_has_prefix(got, mistakes[i].message), "%s: got \"%s\"", mistakes[i].new, got);
        g_free(text);
        g_free(got);
    }
}
END_TEST

/* -- many problems, odd files ------------------------------------------------------------------------- */

START_TEST(up_to_twenty_problems_are_told_in_one_go)
{
    GString *text =
        g_string_new("{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" }, \"nodes\": {}");
    DxProblems *problems = dx_problems_new();

    for (unsigned i = 0; i < 30; i++)
        g_string_append_printf(text, ",\n\"zzz%u\": 0", i);
    g_string_append(text, "}");
    ck_assert_ptr_null(dx_scenario_read("f.json", text->str, text->len, dx_builtin_models, problems));
    ck_assert_uint_eq(problems->n_found, 30);
    ck_assert_uint_eq(problems->list->len, DX_PROBLEMS_MAX);
    for (unsigned i = 0; i < DX_PROBLEMS_MAX; i++) {
        const DxProblem *problem = g_ptr_array_index(problems->list, i);

        ck_assert_uint_eq(problem->line, i + 2); /* in the order of the file */
        ck_assert_uint_eq(problem->code, 1101);
    }
    dx_problems_free(problems);
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_a_problem)
{
    DxProblems *problems = dx_problems_new();
    char *line;

    ck_assert_ptr_null(dx_scenario_read_file("/nowhere/at/all.json", dx_builtin_models, problems));
    ck_assert_uint_eq(problems->n_found, 1);
    line = dx_problem_text(g_ptr_array_index(problems->list, 0));
    ck_assert_msg(g_str_has_prefix(line, "/nowhere/at/all.json: error: "), "%s", line);
    ck_assert_msg(g_str_has_suffix(line, " [DX1001]"), "%s", line);
    g_free(line);
    dx_problems_free(problems);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    dx_scenario_free(NULL);
    dx_problems_free(NULL);
    dx_run_free(NULL);
}
END_TEST

/* End of the JSON value that begins at @text. */
static size_t value_length(const char *text)
{
    size_t i = 0;
    int depth = 0;

    do {
        if (text[i] == '"')
            for (i++; text[i] && text[i] != '"'; i++)
                ;
        if (!text[i])
            return i;
        depth += (text[i] == '{' || text[i] == '[') - (text[i] == '}' || text[i] == ']');
        i++;
    } while (depth || (text[0] != '{' && text[0] != '[' && text[0] != '"' && !strchr(",]} \n", text[i])));
    return i;
}

/* Does @text + @at begin a value, and no key? */
static bool begins_value(const char *text, size_t at)
{
    if (!strchr("{[\"0123456789", text[at]) || at == 0)
        return at == 0;
    if (text[at] == '"' && text[at + value_length(text + at)] == ':')
        return false;
    return strchr(" [", text[at - 1]) && strchr(":[,{", text[at - 1] == ' ' ? text[at - 2] : '[');
}

START_TEST(no_value_of_the_wrong_kind_is_a_crash)
{
    static const char *const others[] = { "null",
                                          "true",
                                          "5",
                                          "-1",
                                          "1e30",
                                          "\"x\"",
                                          "\"\"",
                                          "[]",
                                          "{}",
                                          "[[]]",
                                          "[5]",
                                          "[\"a\", \"b\"]",
                                          "[{}]",
                                          "{ \"a\": {} }",
                                          "{ \"a\": [\"a\"] }",
                                          "{ \"video\": 5 }" };
    unsigned tried = 0;

    for (size_t at = 0; good[at]; at++) {
        size_t length;

        if (!begins_value(good, at))
            continue;
        length = value_length(good + at);
        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++, tried++) {
            GString *text = g_string_new_len(good, (gssize)at);
            DxProblems *problems = dx_problems_new();
            DxScenario *scenario;

            g_string_append(text, others[i]);
            g_string_append(text, good + at + length);
            scenario = dx_scenario_read("f.json", text->str, text->len, dx_builtin_models, problems);
            if (!scenario == !problems->n_found)
                ck_abort_msg("refused without a reason, or the reverse: %s", text->str);
            if (scenario) {
                GError *error = NULL;
                DxRun *made = dx_run_new(scenario, &error);

                if (!made == !error)
                    ck_abort_msg("not built and no reason: %s", text->str);
                dx_run_free(made);
                g_clear_error(&error);
            }
            dx_scenario_free(scenario);
            dx_problems_free(problems);
            g_string_free(text, TRUE);
        }
    }
    ck_assert_uint_gt(tried, 1000);
}
END_TEST

/* -- what is made of it ------------------------------------------------------------------------------- */

static DxScenario *load(const char *text)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f.json", text, strlen(text), dx_builtin_models, problems);

    if (!scenario)
        ck_abort_msg("%s", dx_problem_text(g_ptr_array_index(problems->list, 0)));
    dx_problems_free(problems);
    return scenario;
}

START_TEST(a_good_scenario_says_what_was_written)
{
    DxScenario *scenario = load(good);

    ck_assert_str_eq(dx_scenario_name(scenario), "good");
    ck_assert_ptr_null(dx_scenario_description(scenario));
    ck_assert_int_eq(dx_scenario_duration(scenario), 10 * DX_MS);
    ck_assert_int_eq(dx_scenario_warmup(scenario), DX_MS);
    ck_assert_uint_eq(dx_scenario_seed(scenario), 7);
    ck_assert_int_eq(dx_scenario_series_period(scenario), DX_MS);
    ck_assert_uint_eq(dx_scenario_n_plots(scenario), 1);
    ck_assert_str_eq(dx_scenario_plot(scenario, 0), "throughput");
    ck_assert_uint_eq(scenario->events->len, 1);
    ck_assert(DX_SC(scenario, events, DxScEvent, 0)->silent);
    ck_assert_int_eq(DX_SC(scenario, events, DxScEvent, 0)->at_ps, 5 * DX_MS);
    dx_scenario_set_seed(scenario, 8);
    dx_scenario_set_duration(scenario, DX_S);
    ck_assert_uint_eq(dx_scenario_seed(scenario), 8);
    ck_assert_int_eq(dx_scenario_duration(scenario), DX_S);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(what_is_not_written_has_its_default)
{
    DxScenario *scenario =
        load("{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" }, \"nodes\": {} }");
    GError *error = NULL;
    DxRun *made;

    ck_assert_uint_eq(dx_scenario_seed(scenario), 1);
    ck_assert_int_eq(dx_scenario_warmup(scenario), 0);
    ck_assert_int_eq(dx_scenario_series_period(scenario), 0);
    ck_assert_uint_eq(dx_scenario_n_plots(scenario), 0);
    made = dx_run_new(scenario, &error); /* nothing at all can be run, too */
    ck_assert(made && dx_run_go(made, scenario, &error));
    ck_assert_ptr_null(made->series);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

static bool is_built(const DxRun *made, const char *name)
{
    return dx_sim_find(made->sim, name) != NULL;
}

static DxRun *make(const DxScenario *scenario)
{
    GError *error = NULL;
    DxRun *made = dx_run_new(scenario, &error);

    if (!made)
        ck_abort_msg("%s", error->message);
    return made;
}

/* Found when the network is built: said with its place all the same. */
START_TEST(a_cycle_without_delay_is_refused_at_its_first_link)
{
    DxScenario *scenario =
        load("{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" },\n"
             "\"nodes\": { \"a\": { \"kind\": \"router\" }, \"b\": { \"kind\": \"router\" } },\n"
             "\"links\": { \"l\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\" } },\n"
             "\"flows\": { \"f\": { \"from\": \"a\", \"to\": \"b\", \"rate\": \"1 Mbps\" },\n"
             "           \"g\": { \"from\": \"b\", \"to\": \"a\", \"rate\": \"1 Mbps\" } } }");
    GError *error = NULL;

    ck_assert_ptr_null(dx_run_new(scenario, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_TOPOLOGY));
    ck_assert_str_eq(
        error->message,
        "f.json:3:12: error: a cycle without any delay: l:a>b.port > l:a>b.fiber > b > l:b>a.port > "
        "l:b>a.fiber > a > l:a>b.port; give one of its links a fiber length (/links/l) [DX1401]");
    g_clear_error(&error);
    dx_scenario_free(scenario);
}
END_TEST

static bool picky_init(DxNode *node, GError **error)
{
    return dx_node_fail(node, "size", error, DX_ERROR_RANGE, "does not go with the rest");
}

static void picky_process(DxNode *node, DxBurst *burst)
{
    dx_node_emit(node, 0, burst);
}

START_TEST(what_a_model_refuses_at_set_up_has_a_place)
{
    static const DxModel picky = {
        .name = "picky", .summary = "never content", .init = picky_init, .process = picky_process
    };
    const DxModel *models[32] = { &picky };
    const char *text = "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" },\n"
                       "\"nodes\": { \"a\": { \"kind\": \"router\" }, \"b\": { \"kind\": \"router\" } },\n"
                       "\"links\": { \"l\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\",\n"
                       "  \"insert\": [ { \"model\": \"picky\" } ] } },\n"
                       "\"flows\": { \"f\": { \"from\": \"a\", \"to\": \"b\", \"rate\": \"1 Mbps\" } } }";
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario;
    GError *error = NULL;

    for (unsigned i = 0; dx_builtin_models[i]; i++) {
        ck_assert_uint_lt(i + 2, G_N_ELEMENTS(models));
        models[i + 1] = dx_builtin_models[i];
    }
    scenario = dx_scenario_read("f.json", text, strlen(text), models, problems);
    ck_assert_uint_eq(problems->n_found, 0);
    ck_assert_ptr_null(dx_run_new(scenario, &error));
    ck_assert_str_eq(error->message,
                     "f.json:3:12: error: l:a>b.picky0: size: does not go with the rest (/links/l) [DX1402]");
    g_clear_error(&error);
    dx_scenario_free(scenario);
    dx_problems_free(problems);
}
END_TEST

START_TEST(only_directions_that_are_used_are_built)
{
    DxScenario *scenario = load(good);
    DxRun *made = make(scenario);

    /* video goes a > b > c, back goes c > b; dx2 is written from b to a, and used from a to b */
    ck_assert(is_built(made, "dx1:a>b.port") && is_built(made, "dx1:a>b.fiber"));
    ck_assert(is_built(made, "dx2:a>b.port") && is_built(made, "lag1:a>b.hash"));
    ck_assert(!is_built(made, "dx1:b>a.port") && !is_built(made, "dx2:b>a.port"));
    ck_assert(!is_built(made, "lag1:b>a.hash"));
    ck_assert(is_built(made, "core:b>c.port") && is_built(made, "core:c>b.port"));
    ck_assert(is_built(made, "video.source") && is_built(made, "c.sink") && is_built(made, "b.sink"));
    ck_assert(!is_built(made, "a.sink") && !is_built(made, "d.sink"));
    ck_assert(is_built(made, "d")); /* a router stays, even one that nobody asks */
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(heartbeats_use_both_directions_of_every_member)
{
    char *text = changed(good, "\"hash\": \"5-tuple\"", "\"heartbeat\": { \"period\": \"1 ms\" }");
    DxScenario *scenario = load(text);
    DxRun *made = make(scenario);

    ck_assert(is_built(made, "dx1:a>b.heartbeat") && is_built(made, "dx1:b>a.heartbeat"));
    ck_assert(is_built(made, "dx2:b>a.port") && is_built(made, "dx2:b>a.heartbeat"));
    dx_run_free(made);
    dx_scenario_free(scenario);
    g_free(text);
}
END_TEST

START_TEST(without_flows_nothing_is_built_but_routers)
{
    char *flows = changed(good, "  \"flows\": {\n", "  \"x-flows\": {\n");
    char *routes = changed(flows, ", \"routes\": { \"video\": \"core\" }", "");
    char *text = changed(routes, "\"expectations\"", "\"x-expectations\"");
    DxScenario *scenario = load(text);
    DxRun *made = make(scenario);
    GError *error = NULL;

    ck_assert_uint_eq(dx_sim_n_nodes(made->sim), 4);
    ck_assert(dx_run_go(made, scenario, &error));
    ck_assert_uint_eq(dx_results_find(made->results, "total", "frames", "created")->value, 0);
    dx_run_free(made);
    dx_scenario_free(scenario);
    g_free(flows);
    g_free(routes);
    g_free(text);
}
END_TEST

/*       l1        l2
 *    a ---- b ---------- d      shortest: a b d, by l1 (stands before l1b) and l2
 *    |      l1b (a b)    |
 *    '--- c -------------'      l3 (a c), l4 (c d)
 */
/* The marks are replaced before it is read. */
/* clang-format off */
static const char square[] =
    "{ \"dxsim\": 1, \"name\": \"square\", \"run\": { \"duration\": \"1 ms\" },\n  \"nodes\": { \"a\": { \"kind\": \"router\" }, \"b\": { \"kind\": \"router\"/*b*/ }, \"c\": { \"kind\": \"router\" }, \"d\": { \"kind\": \"router\" } },\n  \"links\": { \"l1\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\" },\n    \"l1b\": { \"ends\": [\"b\", \"a\"], \"rate\": \"1 Gbps\" },\n    \"l2\": { \"ends\": [\"d\", \"b\"], \"rate\": \"1 Gbps\" },\n    \"l3\": { \"ends\": [\"a\", \"c\"], \"rate\": \"1 Gbps\" },\n    \"l4\": { \"ends\": [\"c\", \"d\"], \"rate\": \"1 Gbps\" } },\n  \"flows\": { \"f\": { \"from\": \"a\", \"to\": \"d\"/*via*/, \"rate\": \"1 Mbps\" },\n    \"g\": { \"from\": \"d\", \"to\": \"a\", \"rate\": \"1 Mbps\" } } }\n";
/* clang-format on */

/* The way of a flow, link by link: "l1 l2". */
static void assert_way(const char *via, const char *at_b, unsigned flow, const char *want)
{
    char *with_via = changed(square, "/*via*/", via), *text = changed(with_via, "/*b*/", at_b);
    DxScenario *scenario = load(text);
    GString *way = g_string_new(NULL);
    uint32_t at = DX_SC(scenario, flows, DxScFlow, flow)->from;

    for (unsigned steps = 0; steps < 6; steps++) {
        const uint32_t next = dx__scenario_next(scenario, flow, at);
        const DxScTrunk *trunk;

        if (next == DX_NONE)
            break;
        trunk = DX_SC(scenario, trunks, DxScTrunk, next);
        g_string_append_printf(way, "%s%s", steps ? " " : "",
                               DX_SC(scenario, links, DxScLink, trunk->index)->name);
        at = trunk->end[trunk->end[0] == at];
    }
    ck_assert_str_eq(way->str, want);
    g_string_free(way, TRUE);
    dx_scenario_free(scenario);
    g_free(text);
    g_free(with_via);
}

START_TEST(a_flow_goes_the_shortest_way_and_by_the_first_of_equal_links)
{
    assert_way("", "", 0, "l1 l2");
    assert_way("", "", 1, "l2 l1");
}
END_TEST

START_TEST(via_leads_and_the_shortest_way_goes_on_from_there)
{
    assert_way(", \"via\": \"l1b\"", "", 0, "l1b l2");
    assert_way(", \"via\": [\"l3\"]", "", 0, "l3 l4");
    assert_way(", \"via\": [\"l3\", \"l4\"]", "", 0, "l3 l4");
    assert_way(", \"via\": [\"l1\", \"l2\"]", "", 0, "l1 l2");
    assert_way(", \"via\": \"l3\"", "", 1, "l2 l1"); /* the other flow goes its own way */
}
END_TEST

START_TEST(a_route_of_a_node_overrides_both)
{
    /* sent back to a at b, again and again: time to live ends it */
    assert_way("", ", \"routes\": { \"f\": \"l1b\" }", 0, "l1 l1b l1 l1b l1 l1b");
    assert_way(", \"via\": \"l1b\"", ", \"routes\": { \"f\": \"l2\" }", 0, "l1b l2");
    assert_way("", ", \"routes\": { \"g\": \"l1b\" }", 1, "l2 l1b");
}
END_TEST

START_TEST(ports_count_up_and_then_addresses)
{
    DxScFlow group = { .flow = { .src_port = 65534, .dst_port = 443, .protocol = 17, .group = 3 } };
    DxFlow flow;

    memcpy(group.flow.src + 12, (const uint8_t[]){ 10, 1, 255, 254 }, 4);
    memcpy(group.flow.dst + 12, (const uint8_t[]){ 10, 9, 9, 9 }, 4);
    for (uint32_t i = 0; i < 10; i++) {
        const uint32_t host = (1u << 16 | 255u << 8 | 254u) + i / 2;

        flow = dx__scenario_flow(&group, i);
        ck_assert_uint_eq(flow.src_port, 65534 + i % 2);
        ck_assert_uint_eq(flow.dst_port, 443);
        ck_assert_uint_eq(flow.group, 3);
        ck_assert_uint_eq(flow.src[12], 10);
        ck_assert_uint_eq(flow.src[13], host >> 16);
        ck_assert_uint_eq(flow.src[14], host >> 8 & 255);
        ck_assert_uint_eq(flow.src[15], host & 255);
        ck_assert_mem_eq(flow.dst, group.flow.dst, 16);
    }
    group.flow.src_port = 49152; /* 16384 ports, then the next address */
    flow = dx__scenario_flow(&group, 16383);
    ck_assert(flow.src_port == 65535 && flow.src[15] == 254);
    flow = dx__scenario_flow(&group, 16384);
    ck_assert(flow.src_port == 49152 && flow.src[15] == 255);
}
END_TEST

START_TEST(addresses_are_those_given_or_told_by_the_node)
{
    char *text = changed(good, "\"count\": 10",
                         "\"addresses\": [\"2001:db8::ffff\", \"2001:db8::1\"], \"ports\": [65535, 53], "
                         "\"protocol\": 6, \"count\": 3");
    DxScenario *scenario = load(text);
    const DxScFlow *video = DX_SC(scenario, flows, DxScFlow, 0), *back = DX_SC(scenario, flows, DxScFlow, 1);
    const uint8_t from_a[] = { 10, 1, 0, 1 }, to_c[] = { 10, 3, 0, 1 };
    DxFlow last;

    ck_assert(!video->flow.is_ipv6);
    ck_assert_mem_eq(video->flow.src + 12, from_a, 4);
    ck_assert_mem_eq(video->flow.dst + 12, to_c, 4);
    ck_assert_uint_eq(video->first_flow, 0);
    ck_assert(back->flow.is_ipv6);
    ck_assert_uint_eq(back->flow.protocol, 6);
    ck_assert_uint_eq(back->first_flow, 1);
    ck_assert_uint_eq(back->n_flows, 3);
    last = dx__scenario_flow(back, 2); /* one port only: the address counts, 2001:db8::ffff + 2 */
    ck_assert_uint_eq(last.src_port, 65535);
    ck_assert_uint_eq(last.src[0], 0x20);
    ck_assert_uint_eq(last.src[13], 1);
    ck_assert_uint_eq(last.src[14], 0);
    ck_assert_uint_eq(last.src[15], 1);
    dx_scenario_free(scenario);
    g_free(text);
}
END_TEST

START_TEST(every_scenario_of_the_suite_loads_and_is_built)
{
    GError *error = NULL;
    GDir *dir = g_dir_open(DX_TEST_SCENARIOS, 0, &error);
    const char *name;
    unsigned n = 0;

    ck_assert_msg(dir != NULL, "%s", error ? error->message : "");
    while ((name = g_dir_read_name(dir))) {
        char *path = g_build_filename(DX_TEST_SCENARIOS, name, NULL);
        DxProblems *problems = dx_problems_new();
        DxScenario *scenario;

        if (g_str_has_suffix(name, ".json")) {
            scenario = dx_scenario_read_file(path, dx_builtin_models, problems);
            if (!scenario)
                ck_abort_msg("%s", dx_problem_text(g_ptr_array_index(problems->list, 0)));
            ck_assert_msg(dx_scenario_description(scenario) != NULL, "%s does not say what it shows", name);
            if (!strcmp(name, "zero-cycle.json")) { /* is there to be refused */
                ck_assert_ptr_null(dx_run_new(scenario, &error));
                ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_TOPOLOGY));
                g_clear_error(&error);
            } else {
                dx_run_free(make(scenario));
            }
            dx_scenario_free(scenario);
            n++;
        }
        dx_problems_free(problems);
        g_free(path);
    }
    g_dir_close(dir);
    ck_assert_uint_ge(n, 5);
}
END_TEST

SUITE_MAIN("scenario", 20, the_good_scenario_has_no_problem, quantities_are_refused_with_the_accepted_form,
           keys_are_refused_with_what_was_probably_meant, names_that_lead_nowhere_are_refused,
           addresses_and_ports_are_refused_when_they_are_none, runs_and_outputs_out_of_bounds_are_refused,
           events_that_cannot_happen_are_refused, expectations_that_cannot_be_judged_are_refused,
           text_that_is_no_json_is_refused_at_its_place, a_path_that_ends_short_of_the_destination_is_refused,
           a_mistake_is_not_told_again_where_its_name_is_used, a_selection_says_only_what_is_looked_at,
           what_a_model_cannot_do_without_is_asked_for_at_its_place, up_to_twenty_problems_are_told_in_one_go,
           a_file_that_cannot_be_read_is_a_problem, freeing_nothing_is_fine,
           no_value_of_the_wrong_kind_is_a_crash, a_good_scenario_says_what_was_written,
           what_is_not_written_has_its_default, a_cycle_without_delay_is_refused_at_its_first_link,
           what_a_model_refuses_at_set_up_has_a_place, only_directions_that_are_used_are_built,
           heartbeats_use_both_directions_of_every_member, without_flows_nothing_is_built_but_routers,
           a_flow_goes_the_shortest_way_and_by_the_first_of_equal_links,
           via_leads_and_the_shortest_way_goes_on_from_there, a_route_of_a_node_overrides_both,
           ports_count_up_and_then_addresses, addresses_are_those_given_or_told_by_the_node,
           every_scenario_of_the_suite_loads_and_is_built)
