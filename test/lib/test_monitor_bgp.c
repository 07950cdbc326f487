/*
 * test_monitor_bgp - metrics and alarms of the sessions on VIFs, as the cloud sees them
 *
 *   a ----- l, VIF v, session s ----- b (the cloud)        AS 65000, AS 64512
 *
 * The cloud's clock runs 30 times as fast: a sample (30 s) takes 1 s, a minute 2 s. a has three networks, b
 * one.
 */
#include <dxsim/dxsim.h>
#include "../network.h"
#include "../suite.h"

#define NODES                                                                                                \
    "'nodes': { 'a': { 'kind': 'customer-router', 'asn': 65000, 'bgp': { 'networks': ['10.1.0.0/16', "       \
    "'10.2.0.0/16', '10.3.0.0/16'] } }, 'b': { 'kind': 'cloud-device', 'asn': 64512, 'bgp': { 'networks': "  \
    "['10.9.0.0/16'] } } },\n'links': { 'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'fiber': { 'length': "  \
    "'1 km' } } },\n"
#define VIF     "'vifs': { 'v': { 'on': 'l', 'type': 'private', 'vlan': 5 } },\n"
#define SESSION "'ends': ['a', 'b'], 'on': 'v'"
#define ONE     "'s': { " SESSION " }"

typedef struct {
    DxScenario *scenario;
    DxRun *run;
} Watched;

/* @rest: what follows the monitor. */
static char *text_of(const char *sessions, const char *monitor, const char *rest)
{
    char *text = g_strdup_printf(
        "{ 'dxsim': 1, 'name': 'n', 'run': { 'duration': '12 s' },\n" NODES VIF
        "'sessions': { %s },\n'monitor': { 'side': 'b', 'time_scale': 30, 'truth': '100 ms'%s "
        "}, 'outputs': { 'cloudwatch': { 'period': '2 min' } }%s }\n",
        sessions, monitor, rest);

    return g_strdelimit(text, "'", '"');
}

static void watch(Watched *watched, const char *sessions, const char *monitor, const char *rest)
{
    g_autofree char *text = text_of(sessions, monitor, rest);

    watched->scenario = network_read(text);
    watched->run = network_run(watched->scenario);
}

static void watched_clear(Watched *watched)
{
    dx_run_free(watched->run);
    dx_scenario_free(watched->scenario);
}

/* The @n-th point of a metric. */
static const DxMonitorPoint *point(const Watched *watched, const char *metric, unsigned n)
{
    const DxMonitor *monitor = watched->run->monitor;

    for (size_t i = 0; i < dx_monitor_n(monitor); i++)
        if (!strcmp(dx_monitor_at(monitor, i)->metric, metric) && n-- == 0)
            return dx_monitor_at(monitor, i);
    return NULL;
}

static const DxRow *alarm_row(const Watched *watched, const char *name, const char *metric)
{
    return dx_results_find(watched->run->results, "alarm", name, metric);
}

#define FALL ", 'events': [ { 'at': '5.5 s', 'do': 'shutdown', 'target': 'sessions.s', 'for': '2 s' } ]"

/* Two minutes are 4 samples, at 1, 2, 3, 4 s and so on. The session is shut down from 5.5 to 7.5 s, and the
 * side that connects tries again within the second: of the samples at 5, 6, 7, 8 s those at 6 and 7 are 0. */
START_TEST(a_session_that_is_down_has_status_0)
{
    const DxMonitorPoint *status;
    Watched watched;

    watch(&watched, ONE, "", FALL);
    status = point(&watched, "VirtualInterfaceBgpStatus", 0);
    ck_assert_str_eq(status->vif, "v");
    ck_assert_str_eq(status->family, "ipv4");
    ck_assert_str_eq(status->connection, "");
    ck_assert_double_eq(status->sum, 4);
    ck_assert_double_eq(status->min, 1);
    status = point(&watched, "VirtualInterfaceBgpStatus", 1);
    ck_assert_double_eq(status->sum, 2);
    ck_assert_double_eq(status->min, 0);
    ck_assert_double_eq(status->max, 1);
    ck_assert_double_eq(point(&watched, "VirtualInterfaceBgpStatus", 2)->min, 1);
    ck_assert_ptr_null(point(&watched, "VirtualInterfaceBgpStatus", 3));
    watched_clear(&watched);
}
END_TEST

/* b takes a's three networks and tells of its own; there are none while the session is down. Who is named
 * first in the session makes no difference. */
START_TEST(prefixes_are_counted_at_the_clouds_end)
{
    static const char *const sessions[] = { ONE, "'s': { 'ends': ['b', 'a'], 'on': 'v' }" };

    for (unsigned i = 0; i < G_N_ELEMENTS(sessions); i++) {
        Watched watched;

        watch(&watched, sessions[i], "", FALL);
        ck_assert_double_eq(point(&watched, "VirtualInterfaceBgpPrefixesAccepted", 0)->sum, 4 * 3);
        ck_assert_double_eq(point(&watched, "VirtualInterfaceBgpPrefixesAdvertised", 0)->sum, 4 * 1);
        ck_assert_double_eq(point(&watched, "VirtualInterfaceBgpPrefixesAccepted", 1)->sum, 2 * 3);
        ck_assert_double_eq(point(&watched, "VirtualInterfaceBgpPrefixesAdvertised", 1)->sum, 2 * 1);
        watched_clear(&watched);
    }
}
END_TEST

/* 10.4/16 is announced at 4.5 s, 10.5/16 at 8.5 s: 3, 4, 5 prefixes. 80 % of 5 are 4: not before the period
 * from 4 to 6 s has them. Without a limit no such alarm is made. */
START_TEST(prefixes_are_watched_by_share_of_the_limit)
{
    static const char more[] =
        ", 'events': [ { 'at': '4.5 s', 'do': 'announce', 'target': 'nodes.a', 'network': '10.4.0.0/16' }, "
        "{ 'at': '8.5 s', 'do': 'announce', 'target': 'nodes.a', 'network': '10.5.0.0/16' } ],"
        "'alarms': { 'x': { 'metric': 'VirtualInterfaceBgpPrefixesAccepted', 'period': '1 min', 'op': '>=', "
        "'threshold': %s, 'statistic': 'Maximum' } }";
    static const struct {
        const char *limit, *threshold;
        DxTime fires_s; /* -1: never */
    } cases[] = { { ", 'prefix_limit': 5", "'80 %'", 6 },
                  { ", 'prefix_limit': 5", "'100 %'", 10 },
                  { ", 'prefix_limit': 10", "'80 %'", -1 },
                  { "", "4", 6 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sessions =
            g_strdup_printf("'s': { " SESSION ", 'at': { 'b': { 'weight': 0%s } } }", cases[i].limit);
        g_autofree char *rest = g_strdup_printf(more, cases[i].threshold);
        Watched watched;

        watch(&watched, sessions, ", 'profile': 'practice'", rest);
        if (cases[i].fires_s < 0)
            ck_assert_uint_eq(alarm_row(&watched, "x", "fired")->value, 0);
        else
            ck_assert_uint_eq(alarm_row(&watched, "x", "fired_at_ps")->value,
                              (uint64_t)(cases[i].fires_s * DX_S));
        ck_assert(!alarm_row(&watched, "practice.bgp-prefixes.v", "fired") == !*cases[i].limit);
        watched_clear(&watched);
    }
}
END_TEST

/* The profile's is a minute at its least: that from 4 to 6 s has 0 at 6 s, that from 6 to 8 s at 7 s. */
START_TEST(the_profile_watches_every_session)
{
    Watched watched;

    watch(&watched, ONE, ", 'profile': 'practice'", FALL);
    ck_assert_uint_eq(alarm_row(&watched, "practice.bgp-status.v", "fired")->value, 1);
    ck_assert_uint_eq(alarm_row(&watched, "practice.bgp-status.v", "fired_at_ps")->value,
                      (uint64_t)(6 * DX_S));
    ck_assert_uint_eq(alarm_row(&watched, "practice.bgp-status.v", "state")->value, 1); /* OK again */
    watched_clear(&watched);
}
END_TEST

/* One of each family on a VIF; a third one, of a family that is there, has no dimensions of its own. */
START_TEST(a_vif_has_a_metric_for_each_family)
{
    static const char sessions[] =
        "'s': { " SESSION ", 'addresses': ['169.254.1.1/30', '169.254.1.2/30'] },"
        "'six': { " SESSION ", 'addresses': ['2001:db8::1/126', '2001:db8::2/126'] },"
        "'again': { " SESSION ", 'addresses': ['169.254.7.1/30', '169.254.7.2/30'] }";
    static const char picky[] =
        ", 'alarms': { 'x': { 'metric': 'VirtualInterfaceBgpStatus', 'select': { 'vif': 'v', 'family': "
        "'ipv6' }, 'statistic': 'Minimum', 'period': '1 min', 'op': '<', 'threshold': 1 } }, 'events': [ { "
        "'at': '5.5 s', 'do': 'shutdown', 'target': 'sessions.six', 'for': '2 s' } ]";
    Watched watched;

    watch(&watched, sessions, ", 'profile': 'practice'", picky);
    ck_assert_str_eq(point(&watched, "VirtualInterfaceBgpStatus", 0)->family, "ipv4");
    ck_assert_str_eq(point(&watched, "VirtualInterfaceBgpStatus", 1)->family, "ipv6");
    ck_assert_str_eq(point(&watched, "VirtualInterfaceBgpStatus", 2)->family, "ipv4"); /* the next period */
    ck_assert_int_eq(point(&watched, "VirtualInterfaceBgpStatus", 2)->start_ps, 4 * DX_S);
    ck_assert_uint_eq(alarm_row(&watched, "x", "fired_at_ps")->value, (uint64_t)(6 * DX_S));
    ck_assert_uint_eq(alarm_row(&watched, "practice.bgp-status.v.ipv6", "fired")->value, 1);
    ck_assert_uint_eq(alarm_row(&watched, "practice.bgp-status.v", "fired")->value, 0);
    watched_clear(&watched);
}
END_TEST

/* -- traffic that alarms shift ------------------------------------------------------------------------ */

/*        l, VIF v, session s
 *   a ========================= b      f goes via l as the file says; g where BGP says
 *        k, no session
 *
 * Both send a packet of 500 octets every 10 ms. An alarm on f's bits a second fires at 2 s, and shifts l. */
#define BESIDE                                                                                               \
    "'links': { 'l': { 'ends': ['a', 'b'], 'rate': '1 Gbps', 'fiber': { 'length': '1 km' } }, 'k': { "       \
    "'ends': "                                                                                               \
    "['a', 'b'], 'rate': '1 Gbps', 'fiber': { 'length': '1 km' } } },\n"
#define FILES_OWN(backup)                                                                                    \
    "'f': { 'from': 'a', 'to': 'b', 'via': 'l'" backup ", 'interval': '10 ms', 'size': '500 B' }"
#define BY_BGP                                                                                               \
    "'g': { 'from': 'a', 'to': 'b', 'addresses': ['10.1.0.1', '10.9.0.1'], 'interval': '10 ms', 'size': "    \
    "'500 B' }"

static char *shifting(const char *flows, const char *to)
{
    char *text = g_strdup_printf(
        "{ 'dxsim': 1, 'name': 'n', 'run': { 'duration': '12 s' },\n"
        "'nodes': { 'a': { 'kind': 'router', 'asn': 65000, 'bgp': { 'networks': ['10.1.0.0/16'] } }, 'b': { "
        "'kind': 'router', 'asn': 64512, 'bgp': { 'networks': ['10.9.0.0/16'] } } },\n" BESIDE
        "'sessions': { 's': { 'ends': ['a', 'b'], 'on': 'l' } },\n'flows': { %s },\n"
        "'monitor': { 'side': 'b', 'time_scale': 30, 'truth': '100 ms' }, 'alarms': { 'x': { 'metric': "
        "'ConnectionPpsIngress', 'select': { 'link': 'l' }, 'period': '1 min', 'op': '>', 'threshold': '50 "
        "/s', "
        "'actions': [ { 'do': 'shift_traffic'%s } ] } } }\n",
        flows, to);

    return g_strdelimit(text, "'", '"');
}

static uint64_t frames_on(const Watched *watched, const char *link)
{
    return network_value(watched->run, "link", link, "tx_frames");
}

/* 200 packets of f until 2 s, and g's 1200 all the time; beside them only what the session says. */
START_TEST(what_bgp_sends_is_not_shifted)
{
    static const struct {
        const char *flows, *to;
    } cases[] = { { FILES_OWN(", 'backup': 'k'") ", " BY_BGP, "" },
                  { FILES_OWN("") ", " BY_BGP, ", 'to': 'k'" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = shifting(cases[i].flows, cases[i].to);
        Watched watched;

        watched.scenario = network_read(text);
        watched.run = network_run(watched.scenario);
        ck_assert_uint_eq(alarm_row(&watched, "x", "fired_at_ps")->value, (uint64_t)(2 * DX_S));
        ck_assert_uint_eq(frames_on(&watched, "k:a>b"), 1000);
        ck_assert_uint_ge(frames_on(&watched, "l:a>b"), 1400);
        ck_assert_uint_le(frames_on(&watched, "l:a>b"), 1410);
        watched_clear(&watched);
    }
}
END_TEST

/* The one problem that a text has; NULL: none. */
static char *problem_of(const char *text)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f", text, strlen(text), dx_builtin_models, problems);
    char *said = problems->list->len ? dx_problem_text(g_ptr_array_index(problems->list, 0)) : NULL;

    dx_scenario_free(scenario);
    dx_problems_free(problems);
    return said;
}

START_TEST(where_bgp_decides_all_there_is_nothing_to_shift)
{
    static const struct {
        const char *flows, *says;
    } cases[] = {
        { FILES_OWN(""), NULL },
        { FILES_OWN("") ", " BY_BGP, "warning: flow \"g\" goes where BGP says, and stays there" },
        { BY_BGP,
          "error: nothing to shift: flow \"g\" goes where BGP says; for one that alarms move, say its "
          "\"via\" (/alarms/x/actions/0) [DX1204]" }
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = shifting(cases[i].flows, ", 'to': 'k'"), *said = problem_of(text);

        if (cases[i].says)
            ck_assert_ptr_nonnull(strstr(said, cases[i].says));
        else
            ck_assert_ptr_null(said);
    }
}
END_TEST

SUITE_MAIN("monitor_bgp", 30, a_session_that_is_down_has_status_0, prefixes_are_counted_at_the_clouds_end,
           prefixes_are_watched_by_share_of_the_limit, the_profile_watches_every_session,
           a_vif_has_a_metric_for_each_family, what_bgp_sends_is_not_shifted,
           where_bgp_decides_all_there_is_nothing_to_shift)
