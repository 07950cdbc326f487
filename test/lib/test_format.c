/*
 * format: what a scenario may say beyond the plain - like, preset, defaults, groups, catalog, repeated
 * events, inserted models, claims, notes for people - and how much of it
 */
#include <dxsim/models.h>
#include <string.h>
#include <time.h>
#include "../../lib/load-priv.h"
#include "../network.h"
#include "../suite.h"

#define DURATION "10 ms"

/*      l      m
 *   a ---- b ---- c
 */
#define LINK  "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'framing': 'none', 'fiber': { 'delay': '5 us' } }"
#define LINKS LINK ", 'm': { 'ends': ['b', 'c'], 'rate': '10 Gbps' }"
#define FLOW  "'f': { 'from': 'a', 'to': 'b', 'rate': '8 Mbps' }"

/* Everything that is said of it, a line each. */
static char *problems_of(const char *links, const char *flows, const char *rest)
{
    char *text = network_text(DURATION, links, flows, rest);
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f", text, strlen(text), dx_builtin_models, problems);
    GString *lines = g_string_new(NULL);

    ck_assert((scenario == NULL) == (problems->n_found > 0));
    for (guint i = 0; i < problems->list->len; i++) {
        char *line = dx_problem_text(g_ptr_array_index(problems->list, i));

        g_string_append_printf(lines, "%s\n", line);
        g_free(line);
    }
    dx_scenario_free(scenario);
    dx_problems_free(problems);
    g_free(text);
    return g_strdelimit(g_string_free(lines, FALSE), "\"", '\'');
}

/* Of the scenario with these parts. @want: lines, as printed but for the quotes. */
static void assert_problems(const char *links, const char *flows, const char *rest, const char *want)
{
    char *got = problems_of(links, flows, rest);

    ck_assert_str_eq(got, want);
    g_free(got);
}

/* A parameter of a model as the scenario has it, in words. */
static void assert_conf(const char *name, const void *conf, const char *key, const char *want)
{
    const DxModel *const *model = dx_builtin_models;
    char *got;

    while (strcmp((*model)->name, name))
        model++;
    got = dx_param_get(dx_param_find((*model)->params, key), conf);
    ck_assert_msg(!strcmp(got, want), "%s is %s, not %s", key, got, want);
    g_free(got);
}

static const DxScLink *link_at(const DxScenario *scenario, guint i)
{
    return DX_SC(scenario, links, DxScLink, i);
}

static const DxScFlow *flow_at(const DxScenario *scenario, guint i)
{
    return DX_SC(scenario, flows, DxScFlow, i);
}

/* -- like --------------------------------------------------------------------------------------------- */

START_TEST(like_takes_what_is_not_given_and_completes_what_is_within)
{
    DxScenario *scenario = network_load(
        DURATION,
        "'l': { 'ends': ['a', 'b'], 'rate': '10 Gbps', 'queue': { 'limit': '1 MB', 'on_down': 'flush' }, "
        "'fiber': { 'length': '10 km', 'index': 1.5 } }, "
        "'m': { 'like': 'o', 'ends': ['b', 'c'], 'queue': { 'limit': '3 frames' } }, "
        "'o': { 'like': 'l', 'rate': '1 Gbps', 'fiber': { 'index': 1.4 } }",
        FLOW ", 'g': { 'like': 'f', 'size': '64 B' }", "");

    /* o: the rate is its own, the index too, the length and the queue are those of l */
    assert_conf("port", link_at(scenario, 2)->port, "rate", "1 Gbps");
    assert_conf("port", link_at(scenario, 2)->port, "queue.limit", "1 MB");
    assert_conf("fiber", link_at(scenario, 2)->fiber[0], "index", "1.4");
    assert_conf("fiber", link_at(scenario, 2)->fiber[0], "length", "10 km");
    ck_assert_uint_eq(link_at(scenario, 2)->end[1], 1);
    /* m is like o, which stands behind it and is like another itself */
    assert_conf("port", link_at(scenario, 1)->port, "rate", "1 Gbps");
    assert_conf("port", link_at(scenario, 1)->port, "queue.limit", "3 frames");
    assert_conf("port", link_at(scenario, 1)->port, "queue.on_down", "flush");
    assert_conf("fiber", link_at(scenario, 1)->fiber[0], "index", "1.4");
    assert_conf("fiber", link_at(scenario, 1)->fiber[0], "length", "10 km");
    ck_assert_uint_eq(link_at(scenario, 1)->end[1], 2);
    /* l itself is as it was */
    assert_conf("port", link_at(scenario, 0)->port, "queue.limit", "1 MB");
    assert_conf("source", flow_at(scenario, 1)->source, "rate", "8 Mbps");
    assert_conf("source", flow_at(scenario, 1)->source, "size", "64 B");
    ck_assert_uint_eq(flow_at(scenario, 1)->to, 1);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(who_says_one_of_two_rivals_does_not_inherit_the_other)
{
    DxScenario *scenario = network_load(
        DURATION,
        "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'fiber': { 'length': '10 km' } }, "
        "'m': { 'like': 'l', 'fiber': { 'delay': '1 ms' } }, "
        "'o': { 'like': 'm', 'fiber': { 'length': '1 km' } }",
        FLOW ", 'g': { 'like': 'f', 'interval': '1 ms' }"
             ", 'h': { 'like': 'g', 'transactions': '100 M/day' }"
             ", 'i': { 'like': 'h', 'model': 'on-off', 'peak': '1 Mbps', 'on': '1 s', 'off': '2 s' }"
             ", 'j': { 'like': 'i', 'rate': '300 kbps' }",
        "");

    assert_conf("fiber", link_at(scenario, 1)->fiber[0], "delay", "1 ms");
    assert_conf("fiber", link_at(scenario, 1)->fiber[0], "length", "0 mm");
    assert_conf("fiber", link_at(scenario, 2)->fiber[0], "delay", "0 ps");
    assert_conf("fiber", link_at(scenario, 2)->fiber[0], "length", "1 km");
    assert_conf("source", flow_at(scenario, 1)->source, "interval", "1 ms");
    assert_conf("source", flow_at(scenario, 1)->source, "rate", "0 bps");
    assert_conf("source", flow_at(scenario, 2)->source, "transactions", "100 M/day");
    assert_conf("source", flow_at(scenario, 2)->source, "interval", "0 ps");
    assert_conf("source", flow_at(scenario, 3)->source, "transactions", "0 /day");
    assert_conf("source", flow_at(scenario, 3)->source, "off", "2 s");
    assert_conf("source", flow_at(scenario, 4)->source, "off", "0 ps");
    assert_conf("source", flow_at(scenario, 4)->source, "on", "1 s");
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(a_circle_of_likes_is_told_once_and_one_that_leads_nowhere_at_its_place)
{
    assert_problems("'l': { 'like': 'm', 'ends': ['a', 'b'], 'rate': '1 Gbps' }, "
                    "'m': { 'like': 'o', 'ends': ['b', 'c'], 'rate': '1 Gbps' }, "
                    "'o': { 'like': 'l', 'ends': ['b', 'c'], 'rate': '1 Gbps' }",
                    FLOW, "",
                    "f:3:27: error: 'l' is like itself, by way of others (/links/l/like) [DX1304]\n");
    assert_problems("'l': { 'like': 'l', 'ends': ['a', 'b'], 'rate': '1 Gbps' }", FLOW, "",
                    "f:3:27: error: 'l' is like itself, by way of others (/links/l/like) [DX1304]\n");
    assert_problems(LINK ", 'm': { 'like': 'x', 'ends': ['a', 'b'], 'rate': '1 Gbps' }", FLOW, "",
                    "f:3:123: error: there is no link of this name to be like (/links/m/like) [DX1301]\n");
    assert_problems(LINK, FLOW ", 'g': { 'like': 'l' }", "",
                    "f:4:68: error: 'from' is missing (/flows/g) [DX1102]\n"
                    "f:4:68: error: 'to' is missing (/flows/g) [DX1102]\n"
                    "f:4:78: error: there is no flow of this name to be like (/flows/g/like) [DX1301]\n");
    assert_problems(LINK, FLOW ", 'g': { 'like': 5, 'from': 'a', 'to': 'b', 'rate': '1 bps' }", "",
                    "f:4:78: error: this is a number, expected a string (/flows/g/like) [DX1103]\n");
}
END_TEST

START_TEST(what_is_inherited_is_wrong_only_where_it_stands)
{
    assert_problems(
        "'l': { 'ends': ['a', 'b'], 'rate': '1G', 'nonsense': 1 }, 'm': { 'like': 'l' }, "
        "'o': { 'like': 'm' }",
        FLOW, "",
        "f:3:47: error: '1G' is not a rate such as '10 Gbps'; did you mean '1 Gbps'? (/links/l/rate) "
        "[DX1201]\n"
        "f:3:53: error: unknown key 'nonsense' (/links/l/nonsense) [DX1101]\n");
}
END_TEST

START_TEST(a_note_for_people_is_nobody_to_be_like)
{
    assert_problems("'x-old': { 'rate': 5 }, 'l': { 'like': 'x-old', 'ends': ['a', 'b'] }", FLOW, "",
                    "f:3:41: error: 'rate' is missing (/links/l) [DX1102]\n"
                    "f:3:51: error: there is no link of this name to be like (/links/l/like) [DX1301]\n");
}
END_TEST

/* -- catalog ------------------------------------------------------------------------------------------- */

#define CATALOG ",\n'catalog': 'aws-dx-2026-09'"

START_TEST(a_preset_comes_after_like_and_before_defaults)
{
    DxScenario *scenario = network_load(
        DURATION,
        "'l': { 'ends': ['a', 'b'], 'preset': 'dedicated-10G' }, "
        "'m': { 'like': 'l', 'rate': '1 Gbps' }, 'o': { 'like': 'l', 'framing': 'none' }",
        FLOW,
        CATALOG ", 'defaults': { 'link': { 'rate': '400 Gbps', 'queue': { 'limit': '7 frames' }, 'fiber': { "
                "'length': '3 km' } }, 'flow': { 'size': '100 B', 'pcp': 3 } }");

    assert_conf("port", link_at(scenario, 0)->port, "rate", "10 Gbps");
    assert_conf("port", link_at(scenario, 0)->port, "queue.limit", "7 frames");
    assert_conf("port", link_at(scenario, 1)->port, "rate", "1 Gbps");
    assert_conf("port", link_at(scenario, 1)->port, "framing", "ethernet");
    assert_conf("port", link_at(scenario, 2)->port, "rate", "10 Gbps");
    assert_conf("port", link_at(scenario, 2)->port, "framing", "none");
    assert_conf("fiber", link_at(scenario, 2)->fiber[0], "length", "3 km");
    assert_conf("source", flow_at(scenario, 0)->source, "size", "100 B");
    assert_conf("source", flow_at(scenario, 0)->source, "pcp", "3");
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(presets_and_catalogs_that_do_not_exist_are_refused)
{
    assert_problems("'l': { 'ends': ['a', 'b'], 'preset': 'dedicated-10G', 'rate': '1 Gbps' }", FLOW, "",
                    "f:3:49: error: a preset needs a 'catalog' to stand in (/links/l/preset) [DX1301]\n");
    assert_problems("'l': { 'ends': ['a', 'b'], 'preset': 'dedicated-9G', 'rate': '1 Gbps' }", FLOW, CATALOG,
                    "f:3:49: error: the catalog has no preset of this name; did you mean 'dedicated-1G'? "
                    "(/links/l/preset) [DX1301]\n");
    assert_problems(
        LINK, FLOW, ",\n'catalog': 'aws'",
        "f:5:12: error: there is no catalog of this name; there is 'aws-dx-2026-09', 'briefing' (/catalog) "
        "[DX1301]\n");
    assert_problems(LINK, FLOW, ",\n'quota': 'never'",
                    "f:5:10: error: 'never' is not one of 'error', 'warn', 'off' (/quota) [DX1202]\n");
    assert_problems(LINK, FLOW, ",\n'defaults': { 'link': { 'rat': '1 Gbps' }, 'node': {} }",
                    "f:5:25: error: unknown key 'rat'; did you mean 'rate'? (/defaults/link/rat) [DX1101]\n"
                    "f:5:44: error: unknown key 'node' (/defaults/node) [DX1101]\n");
}
END_TEST

/* At 100 Gbps a LAG has two members at most; four are told of with where that is written. */
#define FOUR                                                                                                 \
    "'l': { 'ends': ['a', 'b'], 'preset': 'dedicated-100G' }, 'm': { 'like': 'l' }, 'o': { 'like': 'l' }, "  \
    "'p': { 'like': 'l' }"
#define LAG ", 'lags': { 'g': { 'members': ['l', 'm', 'o', 'p'] } }"
#define MANY                                                                                                 \
    "4 members; at most 2 at this rate (AWS Direct Connect User Guide, link aggregation groups) (/lags/g) "

START_TEST(a_quota_is_an_error_a_warning_or_nothing)
{
    assert_problems(FOUR, FLOW, CATALOG LAG, "f:5:45: warning: " MANY "[DX1205]\n");
    assert_problems(FOUR, FLOW, CATALOG LAG ", 'quota': 'warn'", "f:5:45: warning: " MANY "[DX1205]\n");
    assert_problems(FOUR, FLOW, CATALOG LAG ", 'quota': 'error'", "f:5:45: error: " MANY "[DX1205]\n");
    assert_problems(FOUR, FLOW, CATALOG LAG ", 'quota': 'off'", "");
    /* ten times less, and four are fine */
    assert_problems("'l': { 'ends': ['a', 'b'], 'preset': 'dedicated-10G' }, 'm': { 'like': 'l' }, "
                    "'o': { 'like': 'l' }, 'p': { 'like': 'l' }",
                    FLOW, CATALOG LAG ", 'quota': 'error'", "");
}
END_TEST

START_TEST(ports_of_other_rates_and_mixed_bundles_are_told_of)
{
    assert_problems("'l': { 'ends': ['a', 'b'], 'rate': '2 Gbps' }", FLOW, CATALOG,
                    "f:3:17: warning: there is no port of this rate (AWS Direct Connect FAQ, dedicated port "
                    "speeds) (/links/l) [DX1205]\n");
    assert_problems(
        "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps' }, 'm': { 'like': 'l', 'rate': '10 Gbps' }", FLOW,
        CATALOG ", 'lags': { 'g': { 'members': ['l', 'm'] } }, 'quota': 'error'",
        "f:5:45: error: members of a LAG must have the same rate (AWS Direct Connect User Guide, link "
        "aggregation groups) (/lags/g) [DX1205]\n");
}
END_TEST

/* -- events ---------------------------------------------------------------------------------------------- */

/* "1500000000 fail 0; ..." */
static void assert_events(const char *events, const char *want)
{
    char *rest = g_strdup_printf(",\n'groups': { 'g': { 'members': ['links.m', 'nodes.a', 'links.l'] } },\n"
                                 "'events': [ %s ]",
                                 events);
    DxScenario *scenario = network_load(DURATION, LINKS, FLOW, rest);
    GString *got = g_string_new(NULL);

    for (guint i = 0; i < scenario->events->len; i++) {
        const DxScEvent *event = DX_SC(scenario, events, DxScEvent, i);

        g_string_append_printf(got, "%s%" G_GINT64_FORMAT " %s %s", i ? "; " : "", event->at_ps,
                               link_at(scenario, event->link)->name,
                               event->what == DX_SC_RESTORE ? "up"
                               : event->what == DX_SC_FAIL  ? event->silent ? "silent" : "down"
                                                            : "");
        if (event->what == DX_SC_SET)
            g_string_append_printf(got, "%" G_GINT64_FORMAT, event->value);
    }
    ck_assert_str_eq(got->str, want);
    g_string_free(got, TRUE);
    dx_scenario_free(scenario);
    g_free(rest);
}

START_TEST(targets_stand_for_links_each_once)
{
    assert_events("{ 'at': '1 ps', 'do': 'fail', 'target': 'nodes.b' }", "1 l down; 1 m down");
    assert_events("{ 'at': '1 ps', 'do': 'fail', 'target': 'nodes.c', 'how': 'silent' }", "1 m silent");
    assert_events("{ 'at': '1 ps', 'do': 'restore', 'target': 'groups.g' }", "1 m up; 1 l up");
    assert_events("{ 'at': '1 ps', 'do': 'fail', 'target': 'links.l' }, "
                  "{ 'at': '1 ps', 'do': 'fail', 'target': 'links.l' }",
                  "1 l down; 1 l down");
    assert_problems(
        LINKS, FLOW, ",\n'groups': { 'g': { 'members': ['l', 'groups.g'] } }",
        "f:5:32: error: there is no 'l'; did you mean 'links.l'? "
        "(/groups/g/members/0) [DX1301]\n"
        "f:5:37: error: there is no 'groups.g'; expected 'links.NAME', 'nodes.NAME' or 'groups.NAME' "
        "(/groups/g/members/1) [DX1301]\n");
}
END_TEST

START_TEST(an_event_is_written_out_to_the_end_of_the_run)
{
    assert_events(
        "{ 'at': '1 ms', 'do': 'fail', 'target': 'links.l', 'for': '0.5 ms', 'every': '4 ms' }",
        "1000000000 l down; 1500000000 l up; 5000000000 l down; 5500000000 l up; 9000000000 l down; "
        "9500000000 l up");
    /* the end itself is part of the run; what follows it is written out, and never happens */
    assert_events("{ 'at': '10 ms', 'do': 'fail', 'target': 'links.l', 'for': '1 ps', 'every': '1 ms' }",
                  "10000000000 l down; 10000000001 l up");
    assert_events("{ 'at': '9 ms', 'do': 'restore', 'target': 'links.m', 'every': '53 d' }",
                  "9000000000 m up");
}
END_TEST

START_TEST(a_ramp_goes_from_the_rate_before_in_equal_steps)
{
    /* 10 to 1 Gbps in thirds of 1 ms, rounded down; then from there, in tenths; l is not touched in between
     */
    assert_events(
        "{ 'at': '1 ms', 'do': 'set', 'target': 'links.m', 'rate': '1 Gbps', 'ramp': '1 ms', 'steps': 3 }, "
        "{ 'at': '3 ms', 'do': 'set', 'target': 'links.m', 'rate': '2 Gbps', 'ramp': '10 ns' }, "
        "{ 'at': '0 s', 'do': 'set', 'target': 'links.l', 'rate': '3 bps', 'ramp': '1 ps', 'steps': 1 }",
        "1333333333 m 7000000000; 1666666666 m 4000000000; 2000000000 m 1000000000; "
        "3000001000 m 1100000000; 3000002000 m 1200000000; 3000003000 m 1300000000; "
        "3000004000 m 1400000000; 3000005000 m 1500000000; 3000006000 m 1600000000; "
        "3000007000 m 1700000000; 3000008000 m 1800000000; 3000009000 m 1900000000; "
        "3000010000 m 2000000000; 1 l 3");
    assert_events(
        "{ 'at': '4 ms', 'do': 'set', 'target': 'groups.g', 'rate': '5 Gbps', 'ramp': '2 ps', 'steps': 2, "
        "'every': '6 ms' }",
        "4000000001 m 7500000000; 4000000002 m 5000000000; "
        "4000000001 l 3000000000; 4000000002 l 5000000000; "
        "10000000001 m 7500000000; 10000000002 m 5000000000; "
        "10000000001 l 3000000000; 10000000002 l 5000000000");
}
END_TEST

#define EVENT ",\n'events': [ { 'at': '1 ms', 'target': 'links.l', "

START_TEST(keys_of_one_kind_of_event_are_refused_with_another)
{
    assert_problems(
        LINK, FLOW, EVENT "'do': 'restore', 'how': 'silent', 'for': '1 ms' } ]",
        "f:5:67: error: 'how' goes with 'do': 'fail' only (/events/0/how) [DX1204]\n"
        "f:5:84: error: 'for' goes with 'do': 'fail', 'attack', 'shutdown', 'announce' or 'withdraw' only "
        "(/events/0/for) [DX1204]\n");
    assert_problems(LINK, FLOW, EVENT "'do': 'fail', 'rate': '1 Gbps', 'ramp': '1 ms', 'steps': 2 } ]",
                    "f:5:64: error: 'rate' goes with 'do': 'set' only (/events/0/rate) [DX1204]\n"
                    "f:5:82: error: 'ramp' goes with 'do': 'set' only (/events/0/ramp) [DX1204]\n"
                    "f:5:98: error: 'steps' goes with 'do': 'set' only (/events/0/steps) [DX1204]\n");
    assert_problems(LINK, FLOW, EVENT "'do': 'set', 'rate': '1 Gbps', 'how': 'down' } ]",
                    "f:5:81: error: 'how' goes with 'do': 'fail' only (/events/0/how) [DX1204]\n");
    assert_problems(LINK, FLOW, EVENT "'do': 'set', 'rate': '1 Gbps', 'ramp': '1 ms', 'steps': 10001 } ]",
                    "f:5:106: error: a ramp has 1 to 10000 steps (/events/0/steps) [DX1203]\n");
    assert_problems(LINK, FLOW, EVENT "'do': 'fail', 'for': '0 s', 'every': '54 d' } ]",
                    "f:5:71: error: must be longer than 0 (/events/0/for) [DX1203]\n"
                    "f:5:87: error: longer than any run: at most 53 days (/events/0/every) [DX1203]\n");
    assert_problems(
        LINK, FLOW, EVENT "'do': 'fail', 'for': '1 ms', 'every': '1 ms' } ]",
        "f:5:13: error: it would fail again before it is restored: 'every' must be longer than 'for' "
        "(/events/0) [DX1204]\n");
}
END_TEST

START_TEST(events_beyond_reason_are_refused_before_they_are_written_out)
{
    assert_problems(
        LINK, FLOW, EVENT "'do': 'fail', 'every': '1 ns' } ]",
        "f:5:11: error: these are more than a million single events; 'every' is too short (/events) "
        "[DX1003]\n");
    /* a group of nothing, ten times a nanosecond: nothing, at once */
    assert_problems(
        LINK, FLOW,
        ",\n'groups': { 'none': { 'members': [] } }, 'events': [ { 'at': '0 s', 'do': 'fail', 'target': "
        "'groups.none', 'every': '100 ps' } ]",
        "");
}
END_TEST

START_TEST(a_longer_run_has_more_events_and_not_too_many)
{
    DxScenario *scenario =
        network_load(DURATION, LINK, FLOW, EVENT "'do': 'fail', 'every': '100 us', 'for': '1 us' } ]");
    GError *error = NULL;
    DxRun *made;

    ck_assert_uint_eq(scenario->events->len, 2 * 91);
    dx_scenario_set_duration(scenario, 20 * DX_MS);
    ck_assert_uint_eq(scenario->events->len, 2 * 191);
    dx_scenario_set_duration(scenario, 100 * DX_S); /* two million: not some of them in silence */
    ck_assert_ptr_null(dx_run_new(scenario, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_LIMIT));
    g_clear_error(&error);
    dx_scenario_set_duration(scenario, 20 * DX_MS);
    made = dx_run_new(scenario, &error);
    ck_assert_ptr_nonnull(made);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(an_event_after_the_end_is_a_warning)
{
    assert_problems(
        LINK, FLOW, ",\n'events': [ { 'at': '10.000000001 ms', 'do': 'fail', 'target': 'links.l' } ]",
        "f:5:21: warning: the run has ended by then: this never happens (/events/0/at) [DX1203]\n");
}
END_TEST

/* -- inserted models ----------------------------------------------------------------------------------------
 */

#define WITH(insert)                                                                                         \
    "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'framing': 'none', 'fiber': { 'delay': '5 us' }, "         \
    "'insert': [ " insert " ] }"

/* 1500 B at 1 Gbps: 12 us, and 5 us of fiber; and what is @added. */
static void assert_latency(const char *link, DxTime added_ps)
{
    DxScenario *scenario = network_load(DURATION, link, FLOW, "");
    DxRun *made = network_run(scenario);

    ck_assert_uint_eq(dx_results_find(made->results, "flow", "f", "delivered_frames")->value, 7);
    ck_assert_int_eq((DxTime)dx_results_find(made->results, "flow", "f", "latency_min_ps")->value,
                     17 * DX_US + added_ps);
    ck_assert_int_eq((DxTime)dx_results_find(made->results, "flow", "f", "latency_max_ps")->value,
                     17 * DX_US + added_ps);
    dx_run_free(made);
    dx_scenario_free(scenario);
}

START_TEST(an_inserted_model_acts_where_and_in_the_direction_it_was_put)
{
    assert_latency(LINK, 0);
    assert_latency(WITH("{ 'model': 'fiber', 'at': 'egress', 'delay': '7 us' }"), 7 * DX_US);
    assert_latency(WITH("{ 'model': 'fiber', 'delay': '7 us' }"), 7 * DX_US);
    assert_latency(WITH("{ 'model': 'fiber', 'at': 'ingress', 'delay': '7 us', 'direction': 'forward' }"),
                   7 * DX_US);
    assert_latency(WITH("{ 'model': 'fiber', 'at': 'egress', 'delay': '7 us', 'direction': 'reverse' }"), 0);
    /* 500 Mbps before the queue: 24 us; two of them in a row; and 2.4 us in the 6th field of the line */
    assert_latency(WITH("{ 'model': 'port', 'at': 'ingress', 'rate': '500 Mbps', 'framing': 'none' }, "
                        "{ 'model': 'port', 'at': 'line', 'rate': '500 Mbps', 'framing': 'none', 'queue': { "
                        "'limit': '1 frames' } }, "
                        "{ 'model': 'port', 'at': 'egress', 'rate': '5 Gbps', 'framing': 'none' }"),
                   (24 + 24) * DX_US + 2400 * DX_NS);
}
END_TEST

/* Seven frames, none of which gets through. */
START_TEST(what_an_inserted_model_drops_is_the_links)
{
    DxScenario *scenario = network_load(
        DURATION,
        WITH("{ 'model': 'fiber', 'at': 'line', 'loss': '100 %' }, { 'model': 'fiber', 'delay': '7 us' }"),
        FLOW, "");
    DxRun *made = network_run(scenario);

    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_fiber0_lost"), 7);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_frames"), 7);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "dropped_fiber1_link_down"), 0);
    ck_assert_uint_eq(network_value(made, "flow", "f", "lost_frames"), 7);
    ck_assert_uint_eq(network_value(made, "model", "l:a>b.fiber1", "propagation_ps"), 7 * DX_US);
    ck_assert_uint_eq(network_value(made, "link", "l:a>b", "propagation_ps"), 5 * DX_US);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

static bool has_row_of_loss(const char *fiber)
{
    g_autofree char *link =
        g_strdup_printf("'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'fiber': { %s } }", fiber);
    DxScenario *scenario = network_load(DURATION, link, FLOW, "");
    DxRun *made = network_run(scenario);
    const bool has_row = dx_results_find(made->results, "link", "l:a>b", "dropped_lost") != NULL;

    dx_run_free(made);
    dx_scenario_free(scenario);
    return has_row;
}

START_TEST(what_cannot_happen_has_no_row)
{
    ck_assert(!has_row_of_loss("'delay': '5 us'"));
    ck_assert(!has_row_of_loss("'loss': '0 %'"));
    ck_assert(!has_row_of_loss("'gilbert_elliott': { 'p': '1 %', 'r': '1 %', 'loss_bad': '0 %' }"));
    ck_assert(has_row_of_loss("'loss': '0.001 ppb'"));
    ck_assert(has_row_of_loss("'gilbert_elliott': { 'p': '0.001 ppb', 'r': '1 %' }"));
    ck_assert(has_row_of_loss("'gilbert_elliott': { 'loss_good': '1 ppm' }"));
}
END_TEST

START_TEST(a_loss_is_independent_or_in_bursts)
{
    DxScenario *scenario = network_load(
        DURATION,
        LINK ", 'm': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'fiber': { 'loss': '1 %' } }, "
             "'n': { 'like': 'm', 'fiber': { 'gilbert_elliott': { 'p': '1 ppm', 'r': '5 %' } } }, "
             "'o': { 'like': 'n', 'fiber': { 'loss': '3 ppb' } }",
        FLOW, "");

    assert_conf("fiber", link_at(scenario, 2)->fiber[0], "loss", "0 %");
    assert_conf("fiber", link_at(scenario, 2)->fiber[0], "gilbert_elliott.p", "1 ppm");
    assert_conf("fiber", link_at(scenario, 3)->fiber[0], "loss", "3 ppb");
    assert_conf("fiber", link_at(scenario, 3)->fiber[0], "gilbert_elliott.p", "0 %");
    dx_scenario_free(scenario);
    assert_problems(
        "'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'fiber': { 'loss': '1 %', 'gilbert_elliott': { "
        "'p': '1 %', 'r': '5 %' } } }",
        FLOW, "",
        "f:3:102: error: give either a loss or a Gilbert-Elliott model; within that, loss_good is what "
        "goes on (/links/l/fiber/gilbert_elliott) [DX1204]\n");
}
END_TEST

START_TEST(inserts_are_inherited_whole)
{
    DxScenario *scenario = network_load(
        DURATION, WITH("{ 'model': 'fiber', 'delay': '7 us', '$comment': 'why' }") ", 'm': { 'like': 'l' }",
        FLOW, "");

    ck_assert_uint_eq(link_at(scenario, 1)->inserts->len, 1);
    assert_conf("fiber", g_array_index(link_at(scenario, 1)->inserts, DxScInsert, 0).conf, "delay", "7 us");
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(parameters_of_an_inserted_model_are_checked_like_all_others)
{
    assert_problems(WITH("{ 'model': 'fiber', 'lenght': '1 km' }"), FLOW, "",
                    "f:3:138: error: unknown key 'lenght'; did you mean 'length'? (/links/l/insert/0/lenght) "
                    "[DX1101]\n");
    assert_problems(WITH("{ 'model': 'fiber', 'delay': '1 ms', 'length': '1 km' }"), FLOW, "",
                    "f:3:147: error: give either a length or a delay (/links/l/insert/0/delay) [DX1204]\n");
    assert_problems(WITH("{ 'model': 'port' }"), FLOW, "",
                    "f:3:118: error: 'rate' is missing (/links/l/insert/0) [DX1102]\n");
    assert_problems(
        WITH("{ 'model': 'fiber', 'at': 'middle', 'direction': 'up' }"), FLOW, "",
        "f:3:144: error: 'middle' is not one of 'ingress', 'line', 'egress' (/links/l/insert/0/at) "
        "[DX1202]\n"
        "f:3:167: error: 'up' is not one of 'both', 'forward', 'reverse' (/links/l/insert/0/direction) "
        "[DX1202]\n");
    assert_problems(WITH("{ 'at': 'line' }"), FLOW, "",
                    "f:3:118: error: 'model' is missing (/links/l/insert/0) [DX1102]\n");
    assert_problems(WITH("'fiber'"), FLOW, "",
                    "f:3:118: error: this is a string, expected an object (/links/l/insert/0) [DX1103]\n");
}
END_TEST

/* Frames would end there, or never come out. */
#define INSERTS "port, fiber, internet, vlan, shaper, policer, meter"
#define PLACE   " (/links/l/insert/0/model) [DX1301]\n"

START_TEST(what_has_a_place_of_its_own_cannot_be_put_into_a_link)
{
    static const char *const others[] = { "source",    "router",   "sink",     "hash",
                                          "heartbeat", "nonsense", "../../etc" };
    const unsigned n_placed = 5; /* the first of them have places of their own, the others do not exist */

    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        char *link = g_strdup_printf(WITH("{ 'model': '%s' }"), others[i]);
        char *got = problems_of(link, FLOW, "");
        char *want =
            i < n_placed
                ? g_strdup_printf(
                      "f:3:129: error: '%s' cannot be put into a link; those that can: " INSERTS PLACE,
                      others[i])
                : g_strdup_printf(
                      "f:3:129: error: there is no model '%s' to put into a link; there are " INSERTS
                      ", and your own with --plugin" PLACE,
                      others[i]);

        ck_assert_msg(g_str_has_prefix(got, want), "%s: %s", others[i], got);
        g_free(want);
        g_free(got);
        g_free(link);
    }
}
END_TEST

START_TEST(a_model_that_is_misspelt_is_known)
{
    assert_problems(
        WITH("{ 'model': 'shapper' }"), FLOW, "",
        "f:3:129: error: there is no model 'shapper'; did you mean 'shaper'? (/links/l/insert/0/model) "
        "[DX1301]\n");
}
END_TEST

START_TEST(a_group_of_parameters_is_an_object_and_no_dotted_key)
{
    assert_problems("'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'queue.limit': '1 MB' }", FLOW, "",
                    "f:3:57: error: unknown key 'queue.limit' (/links/l/queue.limit) [DX1101]\n");
}
END_TEST

/* -- claims -------------------------------------------------------------------------------------------------
 */

static void assert_claim(const char *claim, const char *verdict, const char *measured)
{
    char *rest = g_strdup_printf(",\n'claims': [ { 'id': 'C1', 'says': 's', %s } ]", claim);
    DxScenario *scenario = network_load(DURATION, LINK, FLOW, rest);
    DxRun *made = network_run(scenario);
    GPtrArray *claims = dx_scenario_claims(scenario, made->results);
    const DxClaim *first = g_ptr_array_index(claims, 0);

    ck_assert_uint_eq(claims->len, 1);
    ck_assert_str_eq(first->id, "C1");
    ck_assert_str_eq(first->verdict, verdict);
    ck_assert_msg(measured ? first->measured && strstr(first->measured, measured) != NULL : !first->measured,
                  "%s", first->measured);
    g_ptr_array_unref(claims);
    dx_run_free(made);
    dx_scenario_free(scenario);
    g_free(rest);
}

START_TEST(a_claim_holds_or_not_or_cannot_be_told)
{
    assert_claim("'metric': 'flow.latency', 'stat': 'max', 'op': '<=', 'value': '17 us'", "holds", "17 us");
    assert_claim("'metric': 'flow.latency', 'stat': 'max', 'op': '<=', 'value': '17 us', 'given': 'no load'",
                 "holds-if", "17 us");
    assert_claim("'metric': 'flow.latency', 'stat': 'max', 'op': '<', 'value': '17 us', 'given': 'no load', "
                 "'bound': 'light', 'verdict': 'holds'",
                 "false", "17 us");
    assert_claim("'reason': 'no figure is given'", "not-checkable", NULL);
    assert_claim("'reason': 'no figure is given', 'verdict': 'false'", "not-checkable", NULL);
    assert_claim("'reason': '2 + 2 is 4', 'verdict': 'inconsistent'", "inconsistent", NULL);
    /* nothing was measured, so nobody can tell */
    assert_claim(
        "'metric': 'link.wait', 'stat': 'max', 'select': { 'link': 'l', 'from': 'b' }, 'op': '=', 'value': "
        "'0 s'",
        "not-checkable", "");
}
END_TEST

#define CLAIM ",\n'claims': [ { 'id': 'C1', 'says': 's'"

START_TEST(a_claim_says_how_to_check_it_or_why_not)
{
    assert_problems(LINK, FLOW, CLAIM ", 'metric': 'flow.lost' } ]",
                    "f:5:13: error: a claim with a metric needs 'op' and 'value' too (/claims/0) [DX1102]\n");
    assert_problems(LINK, FLOW, CLAIM ", 'metric': 'flow.lost', 'op': '=' } ]",
                    "f:5:13: error: a claim with a metric needs 'op' and 'value' too (/claims/0) [DX1102]\n");
    assert_problems(
        LINK, FLOW, CLAIM " } ]",
        "f:5:13: error: a claim needs a 'metric' to check it by, or a 'reason' why it cannot be (/claims/0) "
        "[DX1102]\n");
    assert_problems(LINK, FLOW, CLAIM ", 'reason': 'r', 'verdict': 'maybe' } ]",
                    "f:5:66: error: 'maybe' is not one of 'holds', 'holds-if', 'false', 'inconsistent', "
                    "'not-checkable' (/claims/0/verdict) [DX1202]\n");
    assert_problems(LINK, FLOW, CLAIM ", 'metric': 'flow.lots', 'op': '=', 'value': 0 } ]",
                    "f:5:50: error: there is no metric and statistic 'flow.lots'; did you mean 'flow.lost'? "
                    "(/claims/0/metric) [DX1202]\n");
}
END_TEST

/* -- notes for people
 * ------------------------------------------------------------------------------------------ */

#define NOTE "'$comment': [1, { '$comment': null }], '$schema': 5, 'x-': {}, 'x-n': { 'like': 'x-n' }"

START_TEST(notes_for_people_may_stand_in_every_object_and_mean_nothing)
{
    DxScenario *scenario = network_load(
        DURATION,
        NOTE ", 'l': { " NOTE ", 'ends': ['a', 'b'], 'rate': '1 Gbps', 'framing': 'none', 'fiber': { " NOTE
             ", 'delay': '5 us' }, 'queue': { " NOTE " }, 'insert': [ { " NOTE ", 'model': 'fiber' } ] }, "
             "'m': { 'like': 'l', " NOTE " }",
        NOTE ", 'f': { " NOTE ", 'from': 'a', 'to': 'b', 'rate': '8 Mbps' }",
        ",\n'x-y': { 'dxsim': 2 }, '$comment': 'c', '$schema': 'https://example.org/s', 'defaults': { " NOTE
        ", 'link': { " NOTE " }, 'flow': { " NOTE " } }, 'lags': { " NOTE ", 'g': { " NOTE
        ", 'members': ['l', 'm'], 'heartbeat': { " NOTE " } } }, 'groups': { " NOTE ", 'h': { " NOTE
        ", 'members': ['links.l'] } }, 'events': [ { " NOTE
        ", 'at': '1 us', 'do': 'restore', 'target': 'links.l' } ], 'expectations': [ { " NOTE
        ", 'name': 'e', 'metric': 'flow.lost', 'select': { " NOTE
        ", 'flow': 'f' }, 'op': '=', 'value': 0 } ], 'claims': [ { " NOTE
        ", 'id': 'C', 'says': 's', 'reason': 'r' } ], 'outputs': { " NOTE ", 'series': { " NOTE
        ", 'period': '1 ms' } }");
    DxRun *made = network_run(scenario);

    ck_assert_uint_eq(scenario->nodes->len, 3);
    ck_assert_uint_eq(scenario->links->len, 2);
    ck_assert_uint_eq(scenario->lags->len, 1);
    ck_assert_uint_eq(scenario->flows->len, 1);
    ck_assert_uint_eq(scenario->groups->len, 1);
    ck_assert_int_eq((DxTime)dx_results_find(made->results, "flow", "f", "latency_max_ps")->value,
                     17 * DX_US);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(other_keys_with_a_dollar_are_unknown)
{
    assert_problems(LINK, FLOW, ",\n'$id': 's', 'X-a': 1",
                    "f:5:1: error: unknown key '$id' (/$id) [DX1101]\n"
                    "f:5:13: error: unknown key 'X-a' (/X-a) [DX1101]\n");
}
END_TEST

/* -- problems
 * ------------------------------------------------------------------------------------------------- */

START_TEST(problems_come_in_the_order_of_their_places)
{
    /* found last: that l does not lead on; then the event; the unknown key is found first */
    assert_problems(
        "'l': { 'ends': ['a', 'z'], 'rate': '1 Gbps' }", "'f': { 'from': 'q', 'to': 'b', 'rate': '1G' }",
        ",\n'events': [ { 'at': '1 s', 'do': 'fail', 'target': 'links.k' } ],\n'zzz': 1",
        "f:3:33: error: there is no node 'z' (/links/l/ends/1) [DX1301]\n"
        "f:4:27: error: there is no node 'q' (/flows/f/from) [DX1301]\n"
        "f:4:51: error: '1G' is not a rate such as '10 Gbps'; did you mean '1 Gbps'? (/flows/f/rate) "
        "[DX1201]\n"
        "f:5:21: warning: the run has ended by then: this never happens (/events/0/at) [DX1203]\n"
        "f:5:52: error: there is no 'links.k'; expected 'links.NAME', 'nodes.NAME' or 'groups.NAME' "
        "(/events/0/target) [DX1301]\n"
        "f:6:1: error: unknown key 'zzz' (/zzz) [DX1101]\n");
}
END_TEST

START_TEST(what_a_terminal_would_obey_is_shown_and_not_sent)
{
    assert_problems(LINK, "'f': { 'from': 'a', 'to': 'b', 'rate': '1 Mbps', 'model': '\\u001b[31m\\u202e' }",
                    "",
                    "f:4:70: error: '\\u001b[31m\\u202e' is not one of 'cbr', 'poisson', 'microburst', "
                    "'on-off', 'replay' "
                    "(/flows/f/model) [DX1202]\n");
    assert_problems(
        LINK ", '\\u009b2J': {}", FLOW, "",
        "f:3:108: error: '\\u009b2J' is no name: a letter or '_', then up to 63 letters, digits, '_', '.' "
        "or '-' (/links/\\u009b2J) [DX1104]\n");
}
END_TEST

/* -- much of it
 * ------------------------------------------------------------------------------------------------- */

/* Of this process; other people's load does not count. */
static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

#ifdef NDEBUG
#define SLOWER 1.0
#else
#define SLOWER 20.0 /* with assertions, perhaps with sanitizers */
#endif

/* @format has one "%u", or two. */
static char *many(unsigned n, const char *format, bool twice)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < n; i++) {
        if (i)
            g_string_append_c(text, ',');
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        if (twice)
            g_string_append_printf(text, format, i, i);
        else
            g_string_append_printf(text, format, i);
#pragma GCC diagnostic pop
    }
    return g_string_free(text, FALSE);
}

START_TEST(a_hundred_thousand_flows_load_in_a_second)
{
    char *flows = many(
        100000, "'f%u': { 'from': 'a', 'to': 'b', 'model': 'poisson', 'rate': '80 kbps', 'pcp': 3 }", false);
    const double before = cpu_s();
    DxScenario *scenario = network_load(DURATION, LINK, flows, "");
    const double took = cpu_s() - before;

    ck_assert_uint_eq(scenario->flows->len, 100000);
    ck_assert_msg(took < SLOWER, "%.2f s", took);
    dx_scenario_free(scenario);
    g_free(flows);
}
END_TEST

START_TEST(a_million_flows_of_one_entry_cost_next_to_nothing)
{
    const double before = cpu_s();
    DxScenario *scenario = network_load(
        DURATION, LINK, "'f': { 'from': 'a', 'to': 'b', 'rate': '8 Gbps', 'count': 1000000 }", "");
    GError *error = NULL;
    DxRun *made = dx_run_new(scenario, &error);
    const double took = cpu_s() - before;

    ck_assert_ptr_nonnull(made);
    ck_assert_uint_eq(dx_sim_n_flows(made->sim), 1000000);
    ck_assert_msg(took < SLOWER, "%.2f s", took);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* Whatever names one among many does not go through them all. */
START_TEST(references_among_many_take_time_that_is_linear)
{
    char *links = many(20000, "'l%u': { 'ends': ['a', 'b'], 'rate': '1 Gbps' }", false);
    char *flows = many(20000, "'f%u': { 'from': 'a', 'to': 'b', 'rate': '1 bps', 'via': 'l%u' }", true);
    char *members = many(20000, "'links.l%u'", false);
    char *rest = g_strdup_printf(
        ",\n'groups': { 'g': { 'members': [%s] }, 'h': { 'members': ['nodes.a', 'groups.g'] } },\n"
        "'events': [ { 'at': '1 us', 'do': 'fail', 'target': 'groups.h', 'for': '1 us' } ]",
        members);
    const double before = cpu_s();
    DxScenario *scenario = network_load(DURATION, links, flows, rest);
    const double took = cpu_s() - before;

    ck_assert_uint_eq(scenario->events->len, 40000);
    ck_assert_msg(took < SLOWER, "%.2f s", took);
    dx_scenario_free(scenario);
    g_free(rest);
    g_free(members);
    g_free(flows);
    g_free(links);
}
END_TEST

/* A short text can ask for much: of each, a problem with its place, soon, and no memory to speak of. */
START_TEST(what_would_not_fit_is_refused)
{
    char *nodes = many(20000, "'n%u': { 'kind': 'router' }", false);
    char *flows = many(20000, "'f%u': { 'from': 'a', 'to': 'b', 'rate': '1 bps' }", false);
    char *keys = many(2000, "'k%u': 0", false);
    char *wide = g_strdup_printf(",\n'defaults': { 'flow': { %s } }", keys);
    const double before = cpu_s();
    char *text, *got;

    text = network_text(DURATION, LINK, flows, "");
    got = g_strdup_printf("%.*s, %s %s", (int)(strstr(text, "},\n\"links\"") - text), text, nodes,
                          strstr(text, "},\n\"links\""));
    g_strdelimit(got, "'", '"');
    {
        DxProblems *problems = dx_problems_new();

        ck_assert_ptr_null(dx_scenario_read("f", got, strlen(got), dx_builtin_models, problems));
        ck_assert_uint_eq(problems->n_found, 1);
        ck_assert_uint_eq(((DxProblem *)g_ptr_array_index(problems->list, 0))->code, DX_CODE_LIMIT);
        dx_problems_free(problems);
    }
    g_free(got);
    g_free(text);
    got = problems_of(LINK, flows, wide);
    ck_assert_msg(strstr(got, "unknown key 'k0' (/defaults/flow/k0)") != NULL, "%s", got);
    g_free(got);
    got = problems_of(LINK,
                      "'f': { 'from': 'a', 'to': 'b', 'rate': '1 bps', 'count': 9999999 }, "
                      "'g': { 'from': 'a', 'to': 'b', 'rate': '1 bps', 'count': 9999999 }",
                      "");
    ck_assert_msg(strstr(got, "more than 10000000 flows in all (/flows/g) [DX1003]") != NULL, "%s", got);
    g_free(got);
    ck_assert_msg(cpu_s() - before < 4 * SLOWER, "%.2f s", cpu_s() - before);
    g_free(wide);
    g_free(keys);
    g_free(flows);
    g_free(nodes);
}
END_TEST

START_TEST(a_node_has_as_many_links_as_a_router_has_outputs)
{
    char *links = many(32001, "'l%u': { 'ends': ['a', 'b'], 'rate': '1 Gbps' }", false);

    assert_problems(
        links, FLOW, "",
        "f:2:17: error: 32001 links at this node; at most 32000 are accepted (/nodes/a) [DX1003]\n"
        "f:2:44: error: 32001 links at this node; at most 32000 are accepted (/nodes/b) [DX1003]\n");
    g_free(links);
}
END_TEST

SUITE_MAIN("format", 120, like_takes_what_is_not_given_and_completes_what_is_within,
           who_says_one_of_two_rivals_does_not_inherit_the_other,
           a_circle_of_likes_is_told_once_and_one_that_leads_nowhere_at_its_place,
           what_is_inherited_is_wrong_only_where_it_stands, a_note_for_people_is_nobody_to_be_like,
           a_preset_comes_after_like_and_before_defaults, presets_and_catalogs_that_do_not_exist_are_refused,
           a_quota_is_an_error_a_warning_or_nothing, ports_of_other_rates_and_mixed_bundles_are_told_of,
           targets_stand_for_links_each_once, an_event_is_written_out_to_the_end_of_the_run,
           a_ramp_goes_from_the_rate_before_in_equal_steps,
           keys_of_one_kind_of_event_are_refused_with_another,
           events_beyond_reason_are_refused_before_they_are_written_out,
           a_longer_run_has_more_events_and_not_too_many, an_event_after_the_end_is_a_warning,
           an_inserted_model_acts_where_and_in_the_direction_it_was_put, inserts_are_inherited_whole,
           what_an_inserted_model_drops_is_the_links, what_cannot_happen_has_no_row,
           a_loss_is_independent_or_in_bursts, parameters_of_an_inserted_model_are_checked_like_all_others,
           what_has_a_place_of_its_own_cannot_be_put_into_a_link, a_model_that_is_misspelt_is_known,
           a_group_of_parameters_is_an_object_and_no_dotted_key, a_claim_holds_or_not_or_cannot_be_told,
           a_claim_says_how_to_check_it_or_why_not,
           notes_for_people_may_stand_in_every_object_and_mean_nothing, other_keys_with_a_dollar_are_unknown,
           problems_come_in_the_order_of_their_places, what_a_terminal_would_obey_is_shown_and_not_sent,
           a_hundred_thousand_flows_load_in_a_second, a_million_flows_of_one_entry_cost_next_to_nothing,
           references_among_many_take_time_that_is_linear, what_would_not_fit_is_refused,
           a_node_has_as_many_links_as_a_router_has_outputs)
