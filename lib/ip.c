/*
 * ip - addresses and prefixes, IPv4 and IPv6
 */
#include <dxsim/ip.h>

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

int dx_ip_compare(const DxIp *a, const DxIp *b)
{
    if (a->bits != b->bits)
        return a->bits < b->bits ? -1 : 1;
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool dx_ip_parse(const char *text, DxIp *ip)
{
    *ip = (DxIp){ 0 };
    if (inet_pton(AF_INET, text, ip->bytes) == 1)
        ip->bits = 32;
    else if (inet_pton(AF_INET6, text, ip->bytes) == 1)
        ip->bits = 128;
    return ip->bits;
}

const char *dx_ip_text(const DxIp *ip, char text[DX_IP_TEXT])
{
    if (!ip->bits || !inet_ntop(ip->bits == 32 ? AF_INET : AF_INET6, ip->bytes, text, DX_IP_TEXT))
        g_strlcpy(text, "none", DX_IP_TEXT);
    return text;
}

bool dx_router_id_parse(const char *text, uint32_t *id)
{
    DxIp ip;

    if (!dx_ip_parse(text, &ip) || ip.bits != 32)
        return false;
    *id =
        (uint32_t)ip.bytes[0] << 24 | (uint32_t)ip.bytes[1] << 16 | (uint32_t)ip.bytes[2] << 8 | ip.bytes[3];
    return true;
}

const char *dx_router_id_text(uint32_t id, char text[DX_IP_TEXT])
{
    g_snprintf(text, DX_IP_TEXT, "%u.%u.%u.%u", id >> 24, id >> 16 & 255, id >> 8 & 255, id & 255);
    return text;
}

/* Clears what is behind the length. Returns whether there was anything. */
static bool clear_host_bits(DxPrefix *prefix)
{
    bool had_any = false;

    for (unsigned i = 0; i < 16; i++) {
        const unsigned from = 8 * i;
        const unsigned kept = prefix->length <= from ? 0 : MIN(prefix->length - from, 8u);
        const uint8_t mask = (uint8_t)(0xff00u >> kept);

        had_any |= prefix->network.bytes[i] & (uint8_t)~mask;
        prefix->network.bytes[i] &= mask;
    }
    return had_any;
}

/* "0" to "128", without sign or leading zeros. */
static bool parse_length(const char *text, unsigned *length)
{
    *length = 0;
    if (!g_ascii_isdigit(*text) || (*text == '0' && text[1]))
        return false;
    for (; g_ascii_isdigit(*text) && *length < 1000; text++)
        *length = 10 * *length + (unsigned)(*text - '0');
    return !*text;
}

DxPrefixFault dx_prefix_parse(const char *text, DxPrefix *prefix)
{
    const char *slash = strchr(text, '/');
    char address[DX_IP_TEXT];
    unsigned length;

    *prefix = (DxPrefix){ 0 };
    if (!slash || (gsize)(slash - text) >= sizeof address || !parse_length(slash + 1, &length))
        return DX_PREFIX_FORM;
    memcpy(address, text, (gsize)(slash - text));
    address[slash - text] = 0;
    if (!dx_ip_parse(address, &prefix->network))
        return DX_PREFIX_FORM;
    if (length > prefix->network.bits)
        return DX_PREFIX_LENGTH;
    prefix->length = (uint8_t)length;
    return clear_host_bits(prefix) ? DX_PREFIX_HOST_BITS : DX_PREFIX_OK;
}

const char *dx_prefix_text(const DxPrefix *prefix, char text[DX_PREFIX_TEXT])
{
    char address[DX_IP_TEXT];

    g_snprintf(text, DX_PREFIX_TEXT, "%s/%u", dx_ip_text(&prefix->network, address), prefix->length);
    return text;
}

bool dx_prefix_contains(const DxPrefix *outer, const DxPrefix *inner)
{
    DxPrefix cut = *inner;

    if (outer->network.bits != inner->network.bits || outer->length > inner->length)
        return false;
    cut.length = outer->length;
    clear_host_bits(&cut);
    return !memcmp(cut.network.bytes, outer->network.bytes, sizeof cut.network.bytes);
}
