/*
 * test_bgp_policy - prefixes, communities, expressions over AS paths, dampening
 */
#include <math.h>
#include <string.h>
#include "../suite.h"
#include "bgp/community.h"
#include "bgp/dampening.h"
#include "bgp/policy.h"

START_TEST(prefixes_are_strict)
{
    static const struct {
        const char *text;
        DxPrefixFault fault;
        const char *meant;
    } rows[] = {
        { "10.1.0.0/16", DX_PREFIX_OK, "10.1.0.0/16" },
        { "10.1.2.3/16", DX_PREFIX_HOST_BITS, "10.1.0.0/16" },
        { "0.0.0.0/0", DX_PREFIX_OK, "0.0.0.0/0" },
        { "128.0.0.0/0", DX_PREFIX_HOST_BITS, "0.0.0.0/0" },
        { "10.1.2.3/32", DX_PREFIX_OK, "10.1.2.3/32" },
        { "10.255.255.255/9", DX_PREFIX_HOST_BITS, "10.128.0.0/9" },
        { "2001:db8::/32", DX_PREFIX_OK, "2001:db8::/32" },
        { "2001:db8::1/127", DX_PREFIX_HOST_BITS, "2001:db8::/127" },
        { "::/0", DX_PREFIX_OK, "::/0" },
        { "10.0.0.0/33", DX_PREFIX_LENGTH, NULL },
        { "::/129", DX_PREFIX_LENGTH, NULL },
        { "10.0.0.0", DX_PREFIX_FORM, NULL },
        { "10.0.0/8", DX_PREFIX_FORM, NULL },
        { "10.0.0.0/08", DX_PREFIX_FORM, NULL },
        { "10.0.0.0/+8", DX_PREFIX_FORM, NULL },
        { "10.0.0.0/", DX_PREFIX_FORM, NULL },
        { "10.0.0.0/8 ", DX_PREFIX_FORM, NULL },
        { "/8", DX_PREFIX_FORM, NULL },
        { "10.0.0.256/8", DX_PREFIX_FORM, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char text[DX_PREFIX_TEXT];
        DxPrefix prefix;

        ck_assert_msg(dx_prefix_parse(rows[i].text, &prefix) == rows[i].fault, "%s", rows[i].text);
        if (rows[i].meant)
            ck_assert_str_eq(dx_prefix_text(&prefix, text), rows[i].meant);
    }
}
END_TEST

static DxPrefix prefix_of(const char *text)
{
    DxPrefix prefix;

    ck_assert_int_eq(dx_prefix_parse(text, &prefix), DX_PREFIX_OK);
    return prefix;
}

START_TEST(a_prefix_contains_what_begins_like_it)
{
    const DxPrefix outer = prefix_of("10.128.0.0/9"), all = prefix_of("0.0.0.0/0"), six = prefix_of("::/0");
    const DxPrefix in = prefix_of("10.200.0.0/16"), out = prefix_of("10.0.0.0/16"),
                   wider = prefix_of("10.0.0.0/8");

    ck_assert(dx_prefix_contains(&outer, &outer));
    ck_assert(dx_prefix_contains(&outer, &in));
    ck_assert(!dx_prefix_contains(&outer, &out));
    ck_assert(!dx_prefix_contains(&outer, &wider));
    ck_assert(dx_prefix_contains(&all, &in));
    ck_assert(!dx_prefix_contains(&six, &in));
}
END_TEST

START_TEST(an_empty_list_permits)
{
    const DxPrefix prefix = prefix_of("10.0.0.0/8");
    const DxPrefixRule *rule;

    ck_assert(dx__prefix_list_permits(&(DxPrefixList){ 0 }, &prefix, &rule));
    ck_assert_ptr_null(rule);
}
END_TEST

START_TEST(bounds_work_for_ipv6)
{
    const DxPrefixRule rules[] = {
        { .seq = 5, .is_permit = true, .has_ge = true, .ge = 48, .prefix = prefix_of("2001:db8::/32") }
    };
    const DxPrefixList list = { "p", rules, 1 };
    const DxPrefixRule *rule;

    for (unsigned length = 32; length <= 128; length++) {
        DxPrefix asked = prefix_of("2001:db8::/32");

        asked.length = (uint8_t)length;
        ck_assert_int_eq(dx__prefix_list_permits(&list, &asked, &rule), length >= 48);
    }
}
END_TEST

START_TEST(communities_are_two_halves)
{
    char text[DX_COMMUNITY_TEXT];
    uint32_t community;

    ck_assert_int_eq(dx_community_parse("7224:7300", &community), DX_COMMUNITY_OK);
    ck_assert_uint_eq(community, 7224u << 16 | 7300);
    ck_assert_int_eq(dx_community_parse("65535:65535", &community), DX_COMMUNITY_OK);
    ck_assert_str_eq(dx_community_text(community, text), "65535:65535");
    ck_assert_int_eq(dx_community_parse("no-export", &community), DX_COMMUNITY_OK);
    ck_assert_str_eq(dx_community_text(community, text), "65535:65281"); /* RFC 1997 */
    ck_assert_int_eq(dx_community_parse("65536:1", &community), DX_COMMUNITY_RANGE);
    ck_assert_int_eq(dx_community_parse("1:4294967297", &community), DX_COMMUNITY_RANGE);
    for (const char *const *bad =
             (const char *const[]){ "7224", "7224:", ":1", "1:2:3", "01:1", "-1:1", " 1:1", "", NULL };
         *bad; bad++)
        ck_assert_msg(dx_community_parse(*bad, &community) == DX_COMMUNITY_FORM, "%s", *bad);
}
END_TEST

START_TEST(a_table_gives_preference_and_scope)
{
    const DxCommunityMeaning rows[] = { { .community = 3, .has_local_pref = true, .local_pref = 300 },
                                        { .community = 1, .has_local_pref = true, .local_pref = 100 },
                                        { .community = 8, .scope = "there" } };
    const DxCommunityTable table = { rows, 3 };
    uint32_t local_pref = 7;

    ck_assert(!dx__community_local_pref(&table, (const uint32_t[]){ 8, 9 }, 2, &local_pref));
    ck_assert_uint_eq(local_pref, 7);
    ck_assert(dx__community_local_pref(&table, (const uint32_t[]){ 1, 3 }, 2, &local_pref));
    ck_assert_uint_eq(local_pref, 300); /* the first row counts */
    ck_assert_str_eq(dx__community_scope(&table, (const uint32_t[]){ 1, 8 }, 2), "there");
    ck_assert_ptr_null(dx__community_scope(&table, NULL, 0));
}
END_TEST

START_TEST(how_far_a_route_is_passed_on_goes_by_regions)
{
    const DxCommunityMeaning rows[] = { { .community = 1, .reach = DX_REACH_REGION, .region = "us-west-2" },
                                        { .community = 2, .reach = DX_REACH_LOCAL },
                                        { .community = 3, .reach = DX_REACH_CONTINENT },
                                        { .community = 4, .reach = DX_REACH_ALL },
                                        { .community = 5, .reach = DX_REACH_PROVIDER },
                                        { .community = 6, .has_local_pref = true, .local_pref = 1 } };
    const DxCommunityTable table = { rows, G_N_ELEMENTS(rows) };
    /* from us-east-1: to itself, to us-west-2, to eu-central-1, to where nobody knows */
    static const char *const to[] = { "us-east-1", "us-west-2", "eu-central-1", NULL };
    static const bool want[][4] = { { false, true, false, true },
                                    { true, false, false, true },
                                    { true, true, false, true },
                                    { true, true, true, true },
                                    { true, true, true, true },
                                    { true, true, true, true } };

    for (uint32_t c = 1; c <= G_N_ELEMENTS(rows); c++)
        for (unsigned i = 0; i < 4; i++)
            ck_assert_msg(dx__community_reaches(&table, &c, 1, "us-east-1", to[i], false) == want[c - 1][i],
                          "community %u to %s", c, to[i]);
    ck_assert(!dx__community_reaches(&table, (const uint32_t[]){ 5 }, 1, NULL, NULL, true));
    ck_assert(dx__community_reaches(&table, (const uint32_t[]){ 4 }, 1, NULL, NULL, true));
    /* the first row that says so */
    ck_assert(!dx__community_reaches(&table, (const uint32_t[]){ 4, 2 }, 2, "a-1", "b-1", false));
    ck_assert(dx__community_reaches(&table, NULL, 0, "a-1", "b-1", true));
    /* "us" is not "usa" */
    ck_assert(!dx__community_reaches(&table, (const uint32_t[]){ 3 }, 1, "us-1", "usa-1", false));
}
END_TEST

/* "_" and anchors as POSIX extended expressions have them after the replacement that routers make. */
START_TEST(expressions_match_as_routers_do)
{
    static const struct {
        const char *regex, *text;
        bool matches;
    } rows[] = {
        { "^$", "", true },
        { "^$", "1", false },
        { ".*", "", true },
        { "^64600$", "64600", true },
        { "^64600$", "64600 64600", false },
        { "_174_", "174", true },
        { "_174_", "64600 174 3356", true },
        { "_174_", "64600 1743 174", true },
        { "_174_", "64600 1174 1740", false },
        { "_174_", "1 {2,174} 3", true },
        { "_174_", "(174 2)", true },
        { "_3356$", "174 3356", true },
        { "_3356$", "3356", true },
        { "_3356$", "33356", false },
        { "^64600 64600_", "64600 64600", true },
        { "^64600 64600_", "64600 64600 1", true },
        { "^64600 64600_", "64600 646001", false },
        { "^[0-9]+$", "65536", true },
        { "^[0-9]+$", "1 2", false },
        { "^([0-9]+)( [0-9]+)?$", "1 2", true },
        { "^([0-9]+)( [0-9]+)?$", "1 2 3", false },
        { "^(1|22|333)+$", "122333", true },
        { "^(1|22|333)+$", "12", false },
        { "1|2|3", "4 3", true },
        { "[^0-9 ]", "1 2", false },
        { "[^0-9 ]", "1 {2}", true },
        { "^1.3$", "123", true },
        { "\\.", "1", false },
        { "\\{2", "1 {2}", true },
        { "^_1", "1", true },
        { "1_$", "1", true },
        { "(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
        { "", "1", true },
        { "^(_1|_2)*$", "1 2 1", true },
        { "a?a?a?aaa", "aaa", true },
        { "[]]", "]", true },
        { "[a-]", "-", true },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        DxRegex *regex = dx_regex_new(rows[i].regex, NULL);

        ck_assert_msg(regex != NULL, "%s", rows[i].regex);
        ck_assert_msg(dx_regex_matches(regex, rows[i].text) == rows[i].matches, "%s on %s", rows[i].regex,
                      rows[i].text);
        dx_regex_free(regex);
    }
}
END_TEST

START_TEST(bad_expressions_are_refused)
{
    g_autofree char *nested = g_strnfill(200, '('), *letters = g_strnfill(257, '1'),
                    *boundaries = g_strnfill(256, '_');

    for (const char *const *bad =
             (const char *const[]){ "(", ")", "[", "[z-a]", "*", "a|*", "\\", "a{2}", "(1", "1)", "\xc3\xa9",
                                    nested, letters, boundaries, NULL };
         *bad; bad++) {
        g_autoptr(GError) error = NULL;

        ck_assert_msg(!dx_regex_new(*bad, &error), "%s", *bad);
        ck_assert_ptr_nonnull(error);
    }
}
END_TEST

/* -- dampening --------------------------------------------------------------------------------------- */

/* 1000 * 2^(-11/900) + 1000 = 1991.56; the third, 3 s later: 1991.56 * 2^(-3/900) + 1000 = 2986.968 */
START_TEST(two_flaps_do_not_suppress_and_three_do)
{
    DxDampening conf;
    DxFlaps flaps = { 0 };

    dx__dampening_init(&conf);
    dx__flaps_withdrawn(&conf, &flaps, 100 * DX_S);
    ck_assert(flaps.penalty == 1000 && !flaps.is_suppressed);
    dx__flaps_withdrawn(&conf, &flaps, 111 * DX_S);
    ck_assert_double_eq_tol(flaps.penalty, 1991.5640, 0.0001);
    ck_assert(!flaps.is_suppressed);
    dx__flaps_withdrawn(&conf, &flaps, 114 * DX_S);
    ck_assert_double_eq_tol(flaps.penalty, 2986.9678, 0.0001);
    ck_assert(flaps.is_suppressed);
}
END_TEST

/* 3000 comes down to 750 in two half-lives. */
START_TEST(reuse_is_below_the_threshold)
{
    const DxTime end = 1800 * DX_S;
    DxDampening conf;
    DxFlaps flaps = { 3000, 0, true };

    dx__dampening_init(&conf);
    ck_assert_int_le(ABS(dx__flaps_until(&conf, &flaps, conf.reuse, 0) - end), 1);
    ck_assert_int_eq(dx__flaps_until(&conf, &flaps, 3000, 0), 0);
    ck_assert(dx__flaps_is_suppressed(&conf, &flaps, end)); /* 750 is not below 750 */
    ck_assert(!dx__flaps_is_suppressed(&conf, &flaps, end + DX_S));
    ck_assert(flaps.penalty > 0);
    dx__flaps_is_suppressed(&conf, &flaps, 2 * end);
    ck_assert(flaps.penalty == 0); /* below half of it: forgotten */
}
END_TEST

/* 750 * 2^(60/15) = 12000: no route is out for longer than an hour. */
START_TEST(the_penalty_has_a_ceiling)
{
    DxDampening conf;
    DxFlaps flaps = { 0 };

    dx__dampening_init(&conf);
    ck_assert(dx__dampening_ceiling(&conf) == 12000);
    for (unsigned i = 0; i < 16; i++)
        dx__flaps_withdrawn(&conf, &flaps, 0);
    ck_assert(flaps.penalty == 12000);
    ck_assert_int_le(ABS(dx__flaps_until(&conf, &flaps, conf.reuse, 0) - 3600 * DX_S), 1);
}
END_TEST

/* Attribute changes count half: suppressed at the fourth. */
START_TEST(changes_count_half)
{
    DxDampening conf;
    DxFlaps flaps = { 0 };

    dx__dampening_init(&conf);
    for (unsigned i = 1; i <= 4; i++) {
        dx__flaps_changed(&conf, &flaps, 0);
        ck_assert(flaps.penalty == 500 * i && flaps.is_suppressed == (i == 4));
    }
}
END_TEST

/* However often one looks. */
START_TEST(looking_changes_nothing)
{
    DxDampening conf;
    DxFlaps once = { 3000, 0, true }, often = once;

    dx__dampening_init(&conf);
    for (DxTime t = 0; t <= 1000 * DX_S; t += 7 * DX_S)
        dx__flaps_is_suppressed(&conf, &often, t);
    ck_assert_double_eq_tol(dx__flaps_penalty(&conf, &often, 1000 * DX_S),
                            dx__flaps_penalty(&conf, &once, 1000 * DX_S), 1e-9);
}
END_TEST

SUITE_MAIN("bgp_policy", 60, prefixes_are_strict, a_prefix_contains_what_begins_like_it,
           an_empty_list_permits, bounds_work_for_ipv6, communities_are_two_halves,
           a_table_gives_preference_and_scope, how_far_a_route_is_passed_on_goes_by_regions, expressions_match_as_routers_do, bad_expressions_are_refused,
           two_flaps_do_not_suppress_and_three_do, reuse_is_below_the_threshold, the_penalty_has_a_ceiling,
           changes_count_half, looking_changes_nothing)
