/*
 * address - addresses of interfaces: an IP address and the length of its prefix
 *
 * IPv4 is strict: four decimal octets, no leading zeros (RFC 6943, 3.1.1: others read them as octal). IPv6 is
 * what inet_pton() takes (RFC 4291, 2.2).
 */
#include "address-priv.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#define FORM "expected one such as \"169.254.100.1/30\" or \"2001:db8::1/126\""

/* Decimal digits up to @end, at most five: their value, else -1. */
static int number_of(const char *from, const char *end)
{
    int value = 0;

    if (from == end || end - from > 5)
        return -1;
    for (; from < end; from++) {
        if (!g_ascii_isdigit(*from))
            return -1;
        value = 10 * value + (*from - '0');
    }
    return value;
}

static char *wrong_octet(const char *from, const char *end, int value)
{
    if (value < 0)
        return g_strdup("this is no IP address; " FORM);
    if (value > 255)
        return g_strdup_printf("octet %d is above 255", value);
    return g_strdup_printf("octet %.*s begins with a zero; write %d", (int)(end - from), from, value);
}

static bool parse_ipv4(const char *from, const char *end, DxAddress *address, char **why)
{
    for (unsigned i = 0; i < 4; i++) {
        const char *stop = i < 3 ? memchr(from, '.', (size_t)(end - from)) : end;
        int value;

        if (!stop) {
            *why = g_strdup_printf("an IPv4 address has 4 octets, this has %u", i + 1);
            return false;
        }
        value = number_of(from, stop);
        if (value < 0 || value > 255 || (*from == '0' && stop - from > 1)) {
            *why = wrong_octet(from, stop, value);
            return false;
        }
        address->octet[12 + i] = (uint8_t)value;
        from = stop + 1;
    }
    return true;
}

static bool parse_ipv6(const char *from, const char *end, DxAddress *address, char **why)
{
    g_autofree char *text = g_strndup(from, (size_t)(end - from));

    address->is_ipv6 = true;
    if (inet_pton(AF_INET6, text, address->octet) == 1)
        return true;
    *why = g_strdup("this is no IPv6 address; " FORM);
    return false;
}

bool dx__address_parse(const char *text, DxAddress *address, char **why)
{
    const char *end = text + strlen(text), *slash = strchr(text, '/');
    const char *stop = slash ? slash : end;
    int prefix, most;

    *address = (DxAddress){ .prefix = 0 };
    if (!(memchr(text, ':', (size_t)(stop - text)) ? parse_ipv6 : parse_ipv4)(text, stop, address, why))
        return false;
    most = address->is_ipv6 ? 128 : 32;
    prefix = slash ? number_of(slash + 1, end) : -1;
    if (!slash)
        *why = g_strdup("the length of the prefix is missing; " FORM);
    else if (prefix < 0 || (slash[1] == '0' && prefix))
        *why = g_strdup("behind the \"/\" stands the length of the prefix; " FORM);
    else if (prefix > most)
        *why = g_strdup_printf("an IPv%d address has %d bits, no prefix is longer", most == 32 ? 4 : 6, most);
    address->prefix = prefix < 0 ? 0 : (unsigned)prefix;
    return !*why;
}

static unsigned first_bit(const DxAddress *address)
{
    return address->is_ipv6 ? 0 : 96;
}

static bool bit_at(const DxAddress *address, unsigned at)
{
    return address->octet[at / 8] >> (7 - at % 8) & 1;
}

bool dx__address_is_same_net(const DxAddress *a, const DxAddress *b, unsigned prefix)
{
    for (unsigned i = first_bit(a); i < first_bit(a) + prefix; i++)
        if (bit_at(a, i) != bit_at(b, i))
            return false;
    return true;
}

bool dx__address_host_is(const DxAddress *address, bool bit)
{
    for (unsigned i = first_bit(address) + address->prefix; i < 128; i++)
        if (bit_at(address, i) != bit)
            return false;
    return true;
}

int dx__address_compare_nets(const DxAddress *a, const DxAddress *b)
{
    if (a->is_ipv6 != b->is_ipv6)
        return a->is_ipv6 - b->is_ipv6;
    for (unsigned i = first_bit(a); i < 128; i++) {
        const bool x = i < first_bit(a) + a->prefix && bit_at(a, i);
        const bool y = i < first_bit(b) + b->prefix && bit_at(b, i);

        if (x != y)
            return x - y;
    }
    return (a->prefix > b->prefix) - (a->prefix < b->prefix);
}
