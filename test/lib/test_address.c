/*
 * test_address - addresses with the length of their prefix, strict, with a reason when they are none
 */
#include "../suite.h"
#include "address-priv.h"

#include <glib.h>
#include <string.h>

START_TEST(ipv4_is_four_octets_and_a_prefix)
{
    static const struct {
        const char *text;
        uint8_t octet[4];
        unsigned prefix;
    } cases[] = { { "169.254.100.1/30", { 169, 254, 100, 1 }, 30 },
                  { "0.0.0.0/0", { 0, 0, 0, 0 }, 0 },
                  { "255.255.255.255/32", { 255, 255, 255, 255 }, 32 },
                  { "10.0.200.9/31", { 10, 0, 200, 9 }, 31 } };
    static const uint8_t zeros[12];

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxAddress address;
        char *why = NULL;

        ck_assert(dx__address_parse(cases[i].text, &address, &why));
        ck_assert_ptr_null(why);
        ck_assert_uint_eq(address.ip.bits, 32);
        ck_assert_uint_eq(address.prefix, cases[i].prefix);
        ck_assert_mem_eq(address.ip.bytes, cases[i].octet, 4);
        ck_assert_mem_eq(address.ip.bytes + 4, zeros, 12);
    }
}
END_TEST

START_TEST(ipv6_is_sixteen_octets_and_a_prefix)
{
    static const uint8_t octet[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd };
    static const char *const texts[] = { "2001:db8::abcd/125", "2001:0DB8:0:0:0:0:0:ABCD/125" };

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        DxAddress address;
        char *why = NULL;

        ck_assert(dx__address_parse(texts[i], &address, &why));
        ck_assert_uint_eq(address.ip.bits, 128);
        ck_assert_uint_eq(address.prefix, 125);
        ck_assert_mem_eq(address.ip.bytes, octet, 16);
    }
}
END_TEST

START_TEST(what_is_none_is_told_why)
{
    static const struct {
        const char *text, *why;
    } cases[] = { { "169.254.300.1/30", "octet 300 is above 255" },
                  { "169.254.1.256/30", "octet 256 is above 255" },
                  { "169.254.1/30", "has 4 octets, this has 3" },
                  { "169/30", "has 4 octets, this has 1" },
                  { "169.254.1.1.1/30", "no IP address" },
                  { "169.254.1.01/30", "octet 01 begins with a zero; write 1" },
                  { "169.254.1.0x1/30", "no IP address" },
                  { "169.254.1.-1/30", "no IP address" },
                  { "169.254. 1.1/30", "no IP address" },
                  { "169.254..1/30", "no IP address" },
                  { "169.254.1.999999999999999999999/30", "no IP address" },
                  { "/30", "has 4 octets, this has 1" },
                  { "", "has 4 octets, this has 1" },
                  { "169.254.1.1", "the length of the prefix is missing" },
                  { "169.254.1.1/", "stands the length of the prefix" },
                  { "169.254.1.1/ 30", "stands the length of the prefix" },
                  { "169.254.1.1/030", "stands the length of the prefix" },
                  { "169.254.1.1/30/30", "stands the length of the prefix" },
                  { "169.254.1.1/33", "an IPv4 address has 32 bits" },
                  { "2001:db8::1/129", "an IPv6 address has 128 bits" },
                  { "2001:db8::1::2/126", "no IPv6 address" },
                  { "2001:db8::12345/126", "no IPv6 address" },
                  { "fe80::1%eth0/126", "no IPv6 address" },
                  { "2001:db8::1", "the length of the prefix is missing" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxAddress address;
        char *why = NULL;

        ck_assert_msg(!dx__address_parse(cases[i].text, &address, &why), "%s", cases[i].text);
        ck_assert_msg(strstr(why, cases[i].why) != NULL, "%s: %s", cases[i].text, why);
        g_free(why);
    }
}
END_TEST

static DxAddress parse(const char *text)
{
    DxAddress address;
    char *why = NULL;

    ck_assert(dx__address_parse(text, &address, &why));
    return address;
}

/* RFC 4632: 169.254.100.0/30 has .0, the network, .1, .2, and .3, the broadcast address. */
START_TEST(a_subnet_has_a_first_and_a_last_address)
{
    static const bool first[] = { true, false, false, false }, last[] = { false, false, false, true };
    const DxAddress one = parse("169.254.100.1/30"), six = parse("169.254.100.6/30");
    const DxAddress v6 = parse("2001:db8::4/126");

    for (unsigned i = 0; i < 4; i++) {
        g_autofree char *text = g_strdup_printf("169.254.100.%u/30", i);
        const DxAddress address = parse(text);

        ck_assert(dx__address_host_is(&address, false) == first[i]);
        ck_assert(dx__address_host_is(&address, true) == last[i]);
        ck_assert(dx__address_is_same_net(&address, &one, 30));
        ck_assert(!dx__address_is_same_net(&address, &six, 30));
        ck_assert(dx__address_is_same_net(&address, &six, 29));
    }
    ck_assert(dx__address_host_is(&v6, false));
    ck_assert(!dx__address_host_is(&v6, true));
}
END_TEST

/* In this order each stands before the next: what lies within another comes behind it. */
START_TEST(subnets_have_an_order)
{
    static const char *const texts[] = { "0.0.0.0/0",     "10.0.0.9/8",      "10.0.0.1/30",    "10.0.0.5/30",
                                         "10.0.0.5/31",   "169.254.1.1/24",  "255.0.0.1/8",    "::1/1",
                                         "2001:db8::1/3", "2001:db8::1/126", "2001:db8::5/126" };

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(texts); k++) {
            const DxAddress a = parse(texts[i]), b = parse(texts[k]);

            if (i == k)
                continue;
            ck_assert_msg((dx__address_compare_nets(&a, &b) < 0) == (i < k), "%s, %s", texts[i], texts[k]);
        }
}
END_TEST

SUITE_MAIN("address", 10, ipv4_is_four_octets_and_a_prefix, ipv6_is_sixteen_octets_and_a_prefix,
           what_is_none_is_told_why, a_subnet_has_a_first_and_a_last_address, subnets_have_an_order)
