/*
 * test_alarms - when alarms go off, and what they do
 *
 *   a ===== l, 100 Mbps, and k beside it ===== b (the cloud)
 *
 * The cloud's clock runs 30000 times as fast: a sample (30 s) takes 1 ms, a minute 2 ms. Frames are bare
 * packets of 1000 octets: 80 us each on the line.
 */
#include <dxsim/dxsim.h>
#include "../network.h"
#include "../suite.h"

#define LINKS                                                                                                \
    "'l': { 'ends': ['a', 'b'], 'rate': '100 Mbps', 'framing': 'none', 'queue': { 'limit': '10 frames' } "   \
    "}, "                                                                                                    \
    "'k': { 'ends': ['a', 'b'], 'rate': '100 Mbps', 'framing': 'none', 'queue': { 'limit': '10 frames' } }"
#define WATCH ",\n'monitor': { 'side': 'b', 'time_scale': 30000, 'truth': '1 ms' }, 'alarms': { "

typedef struct {
    DxScenario *scenario;
    DxRun *run;
} Alarmed;

static void run(Alarmed *alarmed, const char *duration, const char *flows, const char *alarms,
                const char *rest)
{
    g_autofree char *tail = g_strconcat(WATCH, alarms, " }", rest, NULL);

    alarmed->scenario = network_load(duration, LINKS, flows, tail);
    alarmed->run = network_make(alarmed->scenario);
    network_go(alarmed->run, alarmed->scenario);
}

static void alarmed_clear(Alarmed *alarmed)
{
    dx_run_free(alarmed->run);
    dx_scenario_free(alarmed->scenario);
}

static const DxRow *row(const Alarmed *alarmed, const char *metric)
{
    return dx_results_find(alarmed->run->results, "alarm", "x", metric);
}

/* When the @n-th such line was written, from 0; -1: never. */
static DxTime logged(const Alarmed *alarmed, const char *object, const char *event, const char *detail,
                     unsigned n)
{
    for (guint i = 0; i < alarmed->run->log->len; i++) {
        const DxLogLine *line = g_ptr_array_index(alarmed->run->log, i);

        if (!strcmp(line->object, object) && !strcmp(line->event, event) &&
            g_str_has_prefix(line->detail, detail) && n-- == 0)
            return line->t_ps;
    }
    return -1;
}

/* Five packets a ms, from 5 ms on ten: 40 Mbps, then 80. */
#define STEP                                                                                                 \
    "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '200 us', 'size': '1000 B' }, "                  \
    "'g': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '200 us', 'size': '1000 B', 'start': '5 ms' }"

/* Points end at 2, 4, 6, 8 ... ms; that of 4 to 6 ms has a sample of 40 and one of 80 Mbps: mean 60, sum 120.
 * Those behind have 80 and 80. */
START_TEST(an_alarm_goes_off_when_the_mth_point_is_complete)
{
    static const struct {
        const char *datapoints, *threshold, *statistic;
        DxTime fires_ms; /* -1: never */
    } cases[] = {
        { "1 of 1", "70 Mbps", "Average", 8 },  { "2 of 2", "70 Mbps", "Average", 10 },
        { "3 of 5", "70 Mbps", "Average", 12 }, { "1 of 1", "50 Mbps", "Average", 6 },
        { "1 of 1", "70 Mbps", "Maximum", 6 },  { "1 of 1", "70 Mbps", "Minimum", 8 },
        { "1 of 1", "70 %", "Average", 8 },     { "1 of 1", "100 Mbps", "Average", -1 },
        { "1 of 1", "150 Mbps", "Sum", 8 },     { "2 of 3", "110 Mbps", "Sum", 8 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *alarm = g_strdup_printf("'x': { 'metric': 'ConnectionBpsIngress', 'select': { "
                                                 "'link': 'l' }, 'period': '1 min', 'op': '>', "
                                                 "'threshold': '%s', 'statistic': '%s', 'datapoints': '%s' }",
                                                 cases[i].threshold, cases[i].statistic, cases[i].datapoints);
        Alarmed alarmed;

        run(&alarmed, "20 ms", STEP, alarm, "");
        if (cases[i].fires_ms < 0) {
            ck_assert_uint_eq(row(&alarmed, "fired")->value, 0);
            ck_assert_ptr_nonnull(row(&alarmed, "fired_at_ps")->no_data);
        } else {
            ck_assert_uint_eq(row(&alarmed, "fired")->value, 1);
            ck_assert_uint_eq(row(&alarmed, "fired_at_ps")->value, (uint64_t)(cases[i].fires_ms * DX_MS));
            ck_assert_int_eq(logged(&alarmed, "x", "alarm", "ALARM", 0), cases[i].fires_ms * DX_MS);
        }
        alarmed_clear(&alarmed);
    }
}
END_TEST

/* 125 Mbps into 100. Eleven frames fit (one in service). A frame comes every 64 us and one leaves every 80:
 * of the frames 0, 1, ... at 64 n us, floor(64 n / 80) have left when n comes, and n - floor(64 n / 80) are
 * there. That is 11 for the first time at n = 51: 51 - 40. So the first loss is at 3264 us; the alarm, on a
 * point of 2 ms above 90 Mbps, fires at 2 ms already, one on two at 4 ms: 736 us later. */
START_TEST(how_long_after_the_first_loss_is_told)
{
    static const char *const datapoints[] = { "1 of 1", "2 of 2" };

    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *alarm = g_strdup_printf("'x': { 'metric': 'ConnectionBpsIngress', 'select': { "
                                                 "'link': 'l' }, 'period': '1 min', 'op': '>', "
                                                 "'threshold': '90 %%', 'datapoints': '%s' }",
                                                 datapoints[i]);
        Alarmed alarmed;

        run(&alarmed, "10 ms",
            "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '64 us', 'size': '1000 B' }", alarm, "");
        ck_assert_int_eq(dx_sim_first_loss(alarmed.run->sim), 3264 * DX_US);
        if (i == 0)
            ck_assert_ptr_nonnull(row(&alarmed, "after_loss_ps")->no_data);
        else
            ck_assert_uint_eq(row(&alarmed, "after_loss_ps")->value, 736 * DX_US);
        alarmed_clear(&alarmed);
    }
}
END_TEST

/* Two alarms see the same, and each orders 40 Mbps for a line of 100: both are there at 5.5 ms, but neither
 * may take it above 150. */
START_TEST(a_maximum_holds_for_all_that_add_to_a_line)
{
#define ADDS                                                                                                 \
    "{ 'metric': 'ConnectionBpsIngress', 'select': { 'link': 'l' }, 'period': '1 min', 'op': '>', "          \
    "'threshold': '90 Mbps', 'actions': [ { 'do': 'auto_scale', 'add': '40 Mbps', 'after': '3.5 ms', "       \
    "'maximum': '150 Mbps' } ] }"
    Alarmed alarmed;

    run(&alarmed, "7 ms",
        "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '64 us', 'size': '1000 B' }",
        "'x': " ADDS ", 'y': " ADDS, "");
    ck_assert_int_eq(logged(&alarmed, "l", "set", "rate 140 Mbps, ordered by x", 0), 5500 * DX_US);
    ck_assert_int_eq(logged(&alarmed, "l", "set", "rate 150 Mbps, ordered by y", 0), 5500 * DX_US);
    alarmed_clear(&alarmed);
}
END_TEST

/* The same load. The alarm fires at 2 ms; 60 Mbps come 3.5 ms later. At 5.5 ms the line gets 160 Mbps: more
 * than is offered, so nothing is lost any more. */
START_TEST(ordered_capacity_comes_when_it_is_due)
{
    Alarmed alarmed;
    const DxRow *lost, *rate;

    run(&alarmed, "60 ms",
        "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '64 us', 'size': '1000 B' }",
        "'x': { 'metric': 'ConnectionBpsIngress', 'select': { 'link': 'l' }, 'period': '1 min', 'op': '>', "
        "'threshold': '90 Mbps', 'actions': [ { 'do': 'page', 'who': 'me' }, { 'do': 'auto_scale', 'add': "
        "'60 Mbps', "
        "'after': '3.5 ms' } ] }",
        "");
    ck_assert_int_eq(logged(&alarmed, "x", "page", "me: ALARM", 0), 2 * DX_MS);
    ck_assert_int_eq(logged(&alarmed, "l", "auto_scale", "60 Mbps ordered by x, there in 3.5 ms", 0),
                     2 * DX_MS);
    ck_assert_int_eq(logged(&alarmed, "l", "set", "rate 160 Mbps, ordered by x", 0), 5500 * DX_US);
    ck_assert_int_eq(logged(&alarmed, "l", "auto_scale", "", 1), -1); /* once, without a maximum */
    lost = dx_results_find(alarmed.run->results, "flow", "f", "lost_frames");
    /* from 3264 us to 5.5 ms every fifth frame: 125 - 100 of 125 */
    ck_assert_uint_ge(lost->value, 6);
    ck_assert_uint_le(lost->value, 8);
    rate = dx_results_find(alarmed.run->results, "flow", "f", "goodput_bps");
    ck_assert_uint_gt(rate->value, 122000000);
    alarmed_clear(&alarmed);
}
END_TEST

/* 300 Mbps offered. Fires at 2 ms; +80 at 3 ms; at 4 ms the cool-down until 3 + 2.5 ms holds; at 6 ms the
 * next +80, there at 7; until 9.5 ms nothing; at 10 ms what is left up to 300: +40, at 11. Then none. */
START_TEST(more_is_ordered_up_to_the_maximum_with_time_between)
{
    static const struct {
        DxTime ordered_ms, there_ms;
        const char *more, *rate;
    } steps[] = { { 2, 3, "80 Mbps ordered", "rate 180 Mbps" },
                  { 6, 7, "80 Mbps ordered", "rate 260 Mbps" },
                  { 10, 11, "40 Mbps ordered", "rate 300 Mbps" } };
    Alarmed alarmed;

    run(&alarmed, "40 ms",
        "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '64 us', 'size': '2400 B' }",
        "'x': { 'metric': 'ConnectionBpsIngress', 'select': { 'link': 'l' }, 'period': '1 min', 'op': '>', "
        "'threshold': '85 Mbps', 'actions': [ { 'do': 'auto_scale', 'add': '80 Mbps', 'after': '1 ms', "
        "'maximum': "
        "'300 Mbps', 'cool_down': '2.5 ms' } ] }",
        "");
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        ck_assert_int_eq(logged(&alarmed, "l", "auto_scale", "", i), steps[i].ordered_ms * DX_MS);
        ck_assert_int_eq(logged(&alarmed, "l", "auto_scale", steps[i].more, i == 1),
                         steps[i].ordered_ms * DX_MS);
        ck_assert_int_eq(logged(&alarmed, "l", "set", steps[i].rate, 0), steps[i].there_ms * DX_MS);
    }
    ck_assert_int_eq(logged(&alarmed, "l", "auto_scale", "", 3), -1);
    alarmed_clear(&alarmed);
}
END_TEST

/* One frame every 100 us; l fails silently at 4.05 ms. Points of 1 ms (30 s) below 5 frames: that of 4 to 5
 * ms has at most one, so at 5 ms the flow goes to k, and 3 ms later back, on a line that works again
 * since 7.05 ms. Born every 100 us, a frame is on the line for 80: those of 4.0 to 4.9 ms are lost, those
 * of 5.0 to 7.9 ms take k. */
START_TEST(flows_go_another_way_and_come_back)
{
    Alarmed alarmed;
    const DxResults *results;

    run(&alarmed, "10 ms",
        "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '100 us', 'size': '1000 B', 'stop': '9.95 "
        "ms' }",
        "'x': { 'metric': 'ConnectionPpsIngress', 'select': { 'link': 'l' }, 'period': '30 s', 'op': '<', "
        "'threshold': '5 k/s', 'actions': [ { 'do': 'shift_traffic', 'to': 'k' }, { 'do': 'return_traffic', "
        "'after': "
        "'3 ms' } ] }",
        ", 'events': [ { 'at': '4.05 ms', 'do': 'fail', 'target': 'links.l', 'how': 'silent', 'for': '3 ms' "
        "} ]");
    results = alarmed.run->results;
    ck_assert_int_eq(logged(&alarmed, "l", "shift_traffic", "1 flows go to k, by x", 0), 5 * DX_MS);
    ck_assert_int_eq(logged(&alarmed, "l", "return_traffic", "1 flows are back, by x", 0), 8 * DX_MS);
    ck_assert_uint_eq(dx_results_find(results, "flow", "f", "sent_frames")->value, 100);
    ck_assert_uint_eq(dx_results_find(results, "flow", "f", "lost_frames")->value, 10);
    ck_assert_uint_eq(dx_results_find(results, "link", "k:a>b", "tx_frames")->value, 30);
    ck_assert_uint_eq(dx_results_find(results, "link", "l:a>b", "tx_frames")->value, 70);
    alarmed_clear(&alarmed);
}
END_TEST

/* Ten frames every ms go over l until the alarm fires at 1 ms, then over k, and from 3 ms on over j, where
 * the file sends nothing. */
START_TEST(what_was_shifted_is_shifted_on)
{
    Alarmed alarmed;
    const DxResults *results;

    alarmed.scenario = network_load(
        "10 ms", LINKS ", 'j': { 'ends': ['b', 'a'], 'rate': '100 Mbps' }",
        "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '100 us', 'size': '1000 B', 'stop': '9.95 "
        "ms' }",
        WATCH
        "'x': { 'metric': 'ConnectionPpsIngress', 'select': { 'link': 'l' }, 'period': '30 s', 'op': '>', "
        "'threshold': '5 k/s', 'actions': [ { 'do': 'shift_traffic', 'to': 'k' }, { 'do': "
        "'shift_traffic', 'link': 'k', 'to': 'j', 'after': '2 ms' } ] } }");
    alarmed.run = network_run(alarmed.scenario);
    results = alarmed.run->results;
    ck_assert_int_eq(logged(&alarmed, "k", "shift_traffic", "1 flows go to j, by x", 0), 3 * DX_MS);
    ck_assert_uint_eq(dx_results_find(results, "link", "l:a>b", "tx_frames")->value, 10);
    ck_assert_uint_eq(dx_results_find(results, "link", "k:a>b", "tx_frames")->value, 20);
    ck_assert_uint_eq(dx_results_find(results, "link", "j:a>b", "tx_frames")->value, 70);
    ck_assert_uint_eq(dx_results_find(results, "flow", "f", "lost_frames")->value, 0);
    alarmed_clear(&alarmed);
}
END_TEST

/* Of two profiles, per connection: 4 and 4 without optics. The briefing's packet rate is one that no line of
 * 100 Mbps reaches; 80 % is. */
START_TEST(profiles_are_set_for_every_connection)
{
    DxScenario *scenario = network_load(
        "400 ms", LINKS, "'f': { 'from': 'a', 'to': 'b', 'via': 'l', 'interval': '90 us', 'size': '1000 B' }",
        ", 'monitor': { 'side': 'b', 'time_scale': 30000, 'truth': '1 ms', 'profile': ['briefing', "
        "'practice'] }");
    DxRun *made = network_make(scenario);
    const char *const names[] = { "briefing.bps-ingress.l", "briefing.pps-ingress.k", "briefing.errors.l",
                                  "practice.bps-ingress.l", "practice.bps-egress.k",  "practice.state.l",
                                  "practice.errors.k" };
    unsigned n = 0;

    network_go(made, scenario);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        ck_assert_msg(dx_results_find(made->results, "alarm", names[i], "fired") != NULL, "%s", names[i]);
    for (unsigned i = 0; i < dx_results_n_rows(made->results); i++)
        n += !strcmp(dx_results_row(made->results, i)->metric, "fired");
    ck_assert_uint_eq(n, 2 * (3 + 4)); /* light levels are of optics only */
    ck_assert_uint_eq(dx_results_find(made->results, "alarm", "briefing.bps-ingress.l", "fired")->value, 0);
    /* 88.9 Mbps of 100; a point takes 10 ms */
    ck_assert_uint_eq(dx_results_find(made->results, "alarm", "practice.bps-ingress.l", "fired_at_ps")->value,
                      (uint64_t)(10 * DX_MS));
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* IEEE 802.3 clause 88, 100GBASE-LR4: received at least -10.6 dBm. With 1 dB of margin the alarm is at -9.6.
 */
START_TEST(a_margin_is_counted_from_the_limit_of_the_optic)
{
    static const struct {
        const char *loss;
        bool fires;
    } cases[] = { { "3 dB", false }, { "7 dB", true } };

    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *rest = g_strdup_printf(
            ", 'monitor': { 'side': 'b', 'time_scale': 30000, 'truth': '1 ms' }, 'alarms': { 'x': { "
            "'metric': "
            "'ConnectionLightLevelRx', 'select': { 'lane': 2 }, 'period': '30 s', 'op': '<', 'margin': '1 "
            "dB' } }, "
            "'events': [ { 'at': '1 ms', 'do': 'set', 'target': 'links.o', 'from': 'a', 'loss': '%s' } ]",
            cases[i].loss);
        DxScenario *scenario =
            network_load("5 ms",
                         "'o': { 'ends': ['a', 'b'], 'rate': '100 Gbps', 'optic': '100GBASE-LR4', "
                         "'fiber': { 'length': '2 km' } }",
                         "'f': { 'from': 'a', 'to': 'b', 'interval': '1 ms', 'size': '100 B' }", rest);
        DxRun *made = network_make(scenario);

        network_go(made, scenario);
        ck_assert_uint_eq(dx_results_find(made->results, "alarm", "x", "fired")->value, cases[i].fires);
        dx_run_free(made);
        dx_scenario_free(scenario);
    }
}
END_TEST

SUITE_MAIN("alarms", 30, an_alarm_goes_off_when_the_mth_point_is_complete,
           how_long_after_the_first_loss_is_told, ordered_capacity_comes_when_it_is_due,
           a_maximum_holds_for_all_that_add_to_a_line, more_is_ordered_up_to_the_maximum_with_time_between,
           flows_go_another_way_and_come_back, what_was_shifted_is_shifted_on,
           profiles_are_set_for_every_connection, a_margin_is_counted_from_the_limit_of_the_optic)
