/*
 * address - addresses of interfaces: an IP address and the length of its prefix
 *
 * IPv4 is strict: four decimal octets, no leading zeros (RFC 6943, 3.1.1: others read them as octal). What is
 * wrong with one is told in words.
 */
#include "address-priv.h"

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

/* Of what is not four octets. (transfer full) */
static char *wrong_ipv4(const char *from, const char *end)
{
    for (unsigned i = 0; i < 4; i++) {
        const char *stop = i < 3 ? memchr(from, '.', (size_t)(end - from)) : end;
        int value;

        if (!stop)
            return g_strdup_printf("an IPv4 address has 4 octets, this has %u", i + 1);
        value = number_of(from, stop);
        if (value < 0 || value > 255 || (*from == '0' && stop - from > 1))
            return wrong_octet(from, stop, value);
        from = stop + 1;
    }
    return g_strdup("this is no IP address; " FORM);
}

bool dx__address_parse(const char *text, DxAddress *address, char **why)
{
    const char *end = text + strlen(text), *slash = strchr(text, '/');
    const char *stop = slash ? slash : end;
    g_autofree char *ip = g_strndup(text, (size_t)(stop - text));
    int prefix;

    *address = (DxAddress){ .prefix = 0 };
    if (!dx_ip_parse(ip, &address->ip)) {
        *why = strchr(ip, ':') ? g_strdup("this is no IPv6 address; " FORM) : wrong_ipv4(text, stop);
        return false;
    }
    prefix = slash ? number_of(slash + 1, end) : -1;
    if (!slash)
        *why = g_strdup("the length of the prefix is missing; " FORM);
    else if (prefix < 0 || (slash[1] == '0' && prefix))
        *why = g_strdup("behind the \"/\" stands the length of the prefix; " FORM);
    else if (prefix > address->ip.bits)
        *why = g_strdup_printf("an IPv%d address has %d bits, no prefix is longer",
                               address->ip.bits == 32 ? 4 : 6, address->ip.bits);
    address->prefix = prefix < 0 ? 0 : (unsigned)prefix;
    return !*why;
}

static bool bit_at(const DxAddress *address, unsigned at)
{
    return address->ip.bytes[at / 8] >> (7 - at % 8) & 1;
}

bool dx__address_is_same_net(const DxAddress *a, const DxAddress *b, unsigned prefix)
{
    for (unsigned i = 0; i < prefix; i++)
        if (bit_at(a, i) != bit_at(b, i))
            return false;
    return true;
}

bool dx__address_host_is(const DxAddress *address, bool bit)
{
    for (unsigned i = address->prefix; i < address->ip.bits; i++)
        if (bit_at(address, i) != bit)
            return false;
    return true;
}

int dx__address_compare_nets(const DxAddress *a, const DxAddress *b)
{
    if (a->ip.bits != b->ip.bits)
        return a->ip.bits - b->ip.bits;
    for (unsigned i = 0; i < a->ip.bits; i++) {
        const bool x = i < a->prefix && bit_at(a, i), y = i < b->prefix && bit_at(b, i);

        if (x != y)
            return x - y;
    }
    return (a->prefix > b->prefix) - (a->prefix < b->prefix);
}
