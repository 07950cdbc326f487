/*
 * test_carrier - what events make of a link: when light is gone, when its ports notice, when frames get on
 */
#include "../../lib/scenario-priv.h"
#include "../network.h"
#include "../suite.h"

/* Flows use one direction only: the state of a link is that of both. */
#define FLOW "'f': { 'from': 'a', 'to': 'b', 'rate': '1 Mbps' }"

/* The link is lit by -4 dBm over 10 km: -9.09 dBm arrive (0.35 dB/km at 1310 nm, (1310/1260)^4 of that at the
 * short end of the optic's range, two connectors of 0.5 dB). 11.31 dB more and there is no signal: -20.4 dBm,
 * 6 dB below the least that the optic needs. */
#define LINK                                                                                                 \
    "'l': { 'ends': ['a', 'b'], 'rate': '10 Gbps', 'optic': '10GBASE-LR', 'debounce': '%s', 'fiber': { "     \
    "'length': '10 km', 'connectors': 2, 'tx': '-4 dBm' } }"

/* Every change of the state, in order of time: "at: cut down stopped; ...", 0 for no, by letter for yes. */
static void assert_states(const char *debounce, const char *events, const char *want)
{
    static const char *const ways[] = { "stands", "carries from a", "carries from b", "carries" };
    g_autofree char *link = g_strdup_printf(LINK, debounce);
    g_autofree char *rest = g_strdup_printf(",\n'events': [ %s ]", events);
    DxScenario *scenario = network_load("1 s", link, FLOW, rest);
    GString *got = g_string_new(NULL);
    DxTime last_ps = -1;

    for (;;) { /* events of equal time are in the order of the list */
        DxTime next_ps = DX_TIME_NEVER;

        for (guint i = 0; i < scenario->events->len; i++) {
            const DxTime at_ps = DX_SC(scenario, events, DxScEvent, i)->at_ps;

            if (at_ps > last_ps && at_ps < next_ps)
                next_ps = at_ps;
        }
        if (next_ps == DX_TIME_NEVER)
            break;
        for (guint i = 0; i < scenario->events->len; i++) {
            const DxScEvent *event = DX_SC(scenario, events, DxScEvent, i);

            if (event->at_ps == next_ps && event->is_change)
                g_string_append_printf(got, "%s%" G_GINT64_FORMAT " ms %s%s%s", got->len ? "; " : "",
                                       event->at_ps / DX_MS, event->state.is_cut ? "cut " : "",
                                       event->state.is_port_down ? "down " : "", ways[event->state.carries]);
        }
        last_ps = next_ps;
    }
    ck_assert_str_eq(got->str, want);
    g_string_free(got, TRUE);
    dx_scenario_free(scenario);
}

#define SET(at, what)       "{ 'at': '" at "', 'do': 'set', 'target': 'links.l', " what " }"
#define FAIL(at, how, more) "{ 'at': '" at "', 'do': 'fail', 'target': 'links.l', 'how': '" how "'" more " }"
#define RESTORE(at)         "{ 'at': '" at "', 'do': 'restore', 'target': 'links.l' }"

START_TEST(ports_follow_a_failure_at_once)
{
    assert_states("0 s", FAIL("10 ms", "down", ", 'for': '5 ms'"), "10 ms cut down stands; 15 ms carries");
}
END_TEST

START_TEST(ports_follow_when_light_has_been_gone_and_back_for_long_enough)
{
    assert_states("2 ms", FAIL("10 ms", "down", ", 'for': '5 ms'"),
                  "10 ms cut stands; 12 ms cut down stands; 15 ms down stands; 17 ms carries");
}
END_TEST

START_TEST(a_short_cut_is_not_noticed)
{
    assert_states("5 ms", FAIL("10 ms", "down", ", 'for': '5 ms'"), "10 ms cut stands; 15 ms carries");
    assert_states("5 ms",
                  FAIL("10 ms", "down", ", 'for': '4 ms'") ", " FAIL("15 ms", "down", ", 'for': '4 ms'"),
                  "10 ms cut stands; 14 ms carries; 15 ms cut stands; 19 ms carries");
}
END_TEST

/* Nor is a short light: the ports wait for one that stays. */
START_TEST(a_light_that_flickers_leaves_ports_down)
{
    assert_states(
        "5 ms",
        FAIL("10 ms", "down", "") ", " RESTORE("20 ms") ", " FAIL("22 ms", "down", "") ", " RESTORE("30 ms"),
        "10 ms cut stands; 15 ms cut down stands; 20 ms down stands; 22 ms cut down stands; 30 ms down "
        "stands; 35 ms carries");
}
END_TEST

START_TEST(nobody_notices_a_silent_failure)
{
    assert_states("2 ms", FAIL("10 ms", "silent", ", 'for': '50 ms'"), "10 ms stands; 60 ms carries");
}
END_TEST

START_TEST(one_direction_may_fail_alone)
{
    assert_states("2 ms", FAIL("10 ms", "silent", ", 'from': 'a', 'for': '50 ms'"),
                  "10 ms carries from b; 60 ms carries");
    assert_states(
        "0 s",
        FAIL("10 ms", "silent", ", 'from': 'b'") ", " FAIL("20 ms", "silent", ", 'from': 'a'") ", " FAIL(
            "30 ms", "down", "") ", " RESTORE("40 ms"),
        "10 ms carries from a; 20 ms stands; 30 ms cut down stands; 40 ms carries");
}
END_TEST

START_TEST(too_little_light_takes_ports_down_from_either_side)
{
    assert_states("0 s", SET("10 ms", "'loss': '11.3 dB'"), "");
    assert_states("0 s", SET("10 ms", "'loss': '11.4 dB', 'from': 'a'"), "10 ms down stands");
    assert_states("0 s", SET("10 ms", "'loss': '11.4 dB', 'from': 'b'"), "10 ms down stands");
    assert_states("0 s", SET("10 ms", "'tx': '-15.4 dBm', 'from': 'b'"), "10 ms down stands");
    assert_states("1 ms", SET("10 ms", "'loss': '11.4 dB'"), "11 ms down stands");
}
END_TEST

/* It takes half a dB more to come back: 10.8 dB, not 11.3. */
START_TEST(a_signal_comes_back_with_hysteresis)
{
    assert_states("0 s", SET("10 ms", "'loss': '11.4 dB'") ", " SET("20 ms", "'loss': '10.9 dB'"),
                  "10 ms down stands");
    assert_states("0 s", SET("10 ms", "'loss': '11.4 dB'") ", " SET("20 ms", "'loss': '10.8 dB'"),
                  "10 ms down stands; 20 ms carries");
}
END_TEST

/* 12 dB in 12 steps of 1 ms: the 12th is the first beyond 11.31. */
START_TEST(a_ramp_takes_ports_down_on_its_way)
{
    assert_states("0 s", SET("10 ms", "'loss': '12 dB', 'ramp': '12 ms', 'steps': 12"), "22 ms down stands");
    assert_states("0 s",
                  SET("10 ms", "'loss': '24 dB', 'ramp': '12 ms', 'steps': 12") ", " SET(
                      "30 ms", "'loss': '0 dB', 'ramp': '24 ms', 'steps': 24"),
                  "16 ms down stands; 44 ms carries");
}
END_TEST

/* Whoever mends the cut does not clean the connector. */
START_TEST(what_is_mended_must_also_be_bright)
{
    assert_states("0 s",
                  SET("10 ms", "'loss': '20 dB'") ", " FAIL("20 ms", "down", ", 'for': '5 ms'") ", " SET(
                      "30 ms", "'loss': '0 dB'"),
                  "10 ms down stands; 20 ms cut down stands; 25 ms down stands; 30 ms carries");
    assert_states("0 s",
                  FAIL("10 ms", "silent", "") ", " SET("20 ms", "'loss': '20 dB'") ", " SET(
                      "30 ms", "'loss': '0 dB'") ", " RESTORE("40 ms"),
                  "10 ms stands; 20 ms down stands; 30 ms stands; 40 ms carries");
}
END_TEST

/* What happens at the moment when the debounce is over happens first. */
START_TEST(light_that_is_back_just_in_time)
{
    assert_states("5 ms", FAIL("10 ms", "down", "") ", " RESTORE("15 ms"), "10 ms cut stands; 15 ms carries");
}
END_TEST

SUITE_MAIN("carrier", 60, ports_follow_a_failure_at_once,
           ports_follow_when_light_has_been_gone_and_back_for_long_enough, a_short_cut_is_not_noticed,
           a_light_that_flickers_leaves_ports_down, nobody_notices_a_silent_failure,
           one_direction_may_fail_alone, too_little_light_takes_ports_down_from_either_side,
           a_signal_comes_back_with_hysteresis, a_ramp_takes_ports_down_on_its_way,
           what_is_mended_must_also_be_bright, light_that_is_back_just_in_time)
