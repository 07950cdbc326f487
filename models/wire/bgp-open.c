/*
 * bgp-open - OPEN and its capabilities: RFC 4271, sections 4.2 and 6.2; RFC 5492
 *
 *   | header 19 | version | AS 2 | hold time 2 | identifier 4 | length | parameter 2: capabilities |
 */
#include "bgp-priv.h"

#include <string.h>

enum { AT_VERSION = 19, AT_AS = 20, AT_HOLD = 22, AT_ID = 24, AT_PARAMETERS_LENGTH = 28, AT_PARAMETERS = 29 };
enum { PARAMETER_CAPABILITIES = 2 };
enum { CAPABILITY_MULTIPROTOCOL = 1, CAPABILITY_REFRESH = 2, CAPABILITY_RESTART = 64, CAPABILITY_AS4 = 65 };

#define RESTARTING 0x8000
#define RESTART_S  0x0fff
#define FORWARDING 0x80

/* -- what to send -------------------------------------------------------------------------------------- */

static uint8_t *put_capability(uint8_t *to, uint8_t code, size_t n)
{
    to[0] = code;
    to[1] = (uint8_t)n;
    return to + 2;
}

static uint8_t *put_family(uint8_t *to, DxBgpFamily family, uint8_t before_safi)
{
    put_u16(to, dx__bgp_afi(family));
    to[2] = before_safi;
    to[3] = SAFI_UNICAST;
    return to + 4;
}

static uint8_t *put_multiprotocol(uint8_t *to, const DxBgpOpen *open)
{
    for (DxBgpFamily family = 0; family < DX_BGP_N_FAMILIES; family++)
        if (open->families >> family & 1)
            to = put_family(put_capability(to, CAPABILITY_MULTIPROTOCOL, 4), family, 0);
    return to;
}

/* RFC 4724, section 3: per family AFI, SAFI, and whether its forwarding state was kept. */
static uint8_t *put_restart(uint8_t *to, const DxBgpOpen *open)
{
    uint8_t *at = to + 4;

    put_u16(to + 2, (uint16_t)((open->is_restarting ? RESTARTING : 0) | (open->restart_s & RESTART_S)));
    for (DxBgpFamily family = 0; family < DX_BGP_N_FAMILIES; family++) {
        if (!(open->restart_families >> family & 1))
            continue;
        put_u16(at, dx__bgp_afi(family));
        at[2] = SAFI_UNICAST;
        at[3] = (uint8_t)(open->forwarding >> family & 1 ? FORWARDING : 0);
        at += 4;
    }
    put_capability(to, CAPABILITY_RESTART, (size_t)(at - to) - 2);
    return at;
}

static uint8_t *put_capabilities(uint8_t *to, const DxBgpOpen *open)
{
    if (open->has_multiprotocol)
        to = put_multiprotocol(to, open);
    if (open->has_refresh)
        to = put_capability(to, CAPABILITY_REFRESH, 0);
    if (open->has_restart)
        to = put_restart(to, open);
    if (open->has_as4) {
        to = put_capability(to, CAPABILITY_AS4, 4);
        put_u32(to, open->as);
        to += 4;
    }
    return to;
}

size_t dx__bgp_encode_open(const DxBgpOpen *open, uint8_t *to)
{
    uint8_t *capabilities = to + AT_PARAMETERS + 2, *end = put_capabilities(capabilities, open);
    const size_t n = (size_t)(end - capabilities);

    to[AT_VERSION] = DX_BGP_VERSION;
    put_u16(to + AT_AS, (uint16_t)(open->as > UINT16_MAX ? DX_AS_TRANS : open->as));
    put_u16(to + AT_HOLD, open->hold_s);
    put_u32(to + AT_ID, open->router_id);
    to[AT_PARAMETERS_LENGTH] = (uint8_t)(n ? n + 2 : 0);
    if (!n)
        return dx__bgp_put_header(to, DX_BGP_OPEN, AT_PARAMETERS);
    to[AT_PARAMETERS] = PARAMETER_CAPABILITIES;
    to[AT_PARAMETERS + 1] = (uint8_t)n;
    return dx__bgp_put_header(to, DX_BGP_OPEN, (size_t)(end - to));
}

/* -- what has come ------------------------------------------------------------------------------------- */

static bool refuse(DxBgpFault *fault, uint8_t subcode, const char *why)
{
    *fault = (DxBgpFault){ DX_BGP_OPEN_ERROR, subcode, NULL, 0, why };
    return false;
}

static bool get_restart(DxBgpOpen *open, const uint8_t *value, size_t n)
{
    if (n < 2 || n % 4 != 2)
        return false;
    open->has_restart = true;
    open->is_restarting = get_u16(value) & RESTARTING;
    open->restart_s = get_u16(value) & RESTART_S;
    open->restart_families = open->forwarding = 0; /* the last of several counts */
    for (size_t at = 2; at < n; at += 4) {
        const DxBgpFamily family = dx__bgp_family(get_u16(value + at), value[at + 2]);

        if (family == DX_BGP_N_FAMILIES)
            continue;
        open->restart_families |= (uint8_t)(1 << family);
        if (value[at + 3] & FORWARDING)
            open->forwarding |= (uint8_t)(1 << family);
    }
    return true;
}

/* What we do not know is passed over. */
static bool get_capability(DxBgpOpen *open, uint8_t code, const uint8_t *value, size_t n)
{
    DxBgpFamily family;

    switch (code) {
    case CAPABILITY_MULTIPROTOCOL:
        if (n != 4)
            return false;
        open->has_multiprotocol = true;
        family = dx__bgp_family(get_u16(value), value[3]);
        if (family != DX_BGP_N_FAMILIES)
            open->families |= (uint8_t)(1 << family);
        return true;
    case CAPABILITY_REFRESH:
        open->has_refresh = true;
        return n == 0;
    case CAPABILITY_RESTART:
        return get_restart(open, value, n);
    case CAPABILITY_AS4:
        if (n != 4)
            return false;
        open->has_as4 = true;
        open->as = get_u32(value);
        return true;
    default:
        return true;
    }
}

static bool get_capabilities(DxBgpOpen *open, const uint8_t *at, const uint8_t *end)
{
    while (at < end) {
        if (end - at < 2 || end - at - 2 < at[1] || !get_capability(open, at[0], at + 2, at[1]))
            return false;
        at += 2 + at[1];
    }
    return true;
}

static bool get_parameters(DxBgpOpen *open, const uint8_t *at, const uint8_t *end, DxBgpFault *fault)
{
    while (at < end) {
        if (end - at < 2 || end - at - 2 < at[1])
            return refuse(fault, 0, "an optional parameter is cut short");
        if (at[0] != PARAMETER_CAPABILITIES)
            return refuse(fault, DX_BGP_UNSUPPORTED_PARAMETER, "there is no such optional parameter");
        if (!get_capabilities(open, at + 2, at + 2 + at[1]))
            return refuse(fault, 0, "a capability has another length");
        at += 2 + at[1];
    }
    return true;
}

/* RFC 6793, section 4.2.2 and 9; RFC 7607. */
static bool check_as(const DxBgpOpen *open, uint16_t as, DxBgpFault *fault)
{
    if (!as || !open->as)
        return refuse(fault, DX_BGP_BAD_PEER_AS, "AS 0 is nobody's");
    if (open->as == DX_AS_TRANS)
        return refuse(fault, DX_BGP_BAD_PEER_AS, "AS 23456 stands for others and is nobody's own");
    if (as != DX_AS_TRANS && as != open->as)
        return refuse(fault, DX_BGP_BAD_PEER_AS, "it names two different AS numbers");
    return true;
}

bool dx__bgp_decode_open(const uint8_t *message, size_t n, DxBgpOpen *open, DxBgpFault *fault)
{
    static const uint8_t version[2] = { 0, DX_BGP_VERSION };

    if (!dx__bgp_check(message, n, DX_BGP_OPEN, fault))
        return false;
    if (message[AT_VERSION] != DX_BGP_VERSION) {
        *fault = (DxBgpFault){ DX_BGP_OPEN_ERROR, DX_BGP_UNSUPPORTED_VERSION, version, sizeof version,
                               "its version is not 4" };
        return false;
    }
    *open = (DxBgpOpen){ .as = get_u16(message + AT_AS),
                         .hold_s = get_u16(message + AT_HOLD),
                         .router_id = get_u32(message + AT_ID) };
    if (AT_PARAMETERS + (size_t)message[AT_PARAMETERS_LENGTH] != n)
        return refuse(fault, 0, "optional parameters do not fill it");
    if (!get_parameters(open, message + AT_PARAMETERS, message + n, fault) ||
        !check_as(open, get_u16(message + AT_AS), fault))
        return false;
    if (!open->router_id)
        return refuse(fault, DX_BGP_BAD_IDENTIFIER, "its identifier is 0"); /* RFC 6286 */
    if (open->hold_s == 1 || open->hold_s == 2)
        return refuse(fault, DX_BGP_BAD_HOLD_TIME, "a hold time is 0, or 3 s at least");
    if (!open->has_multiprotocol)
        open->families = 1 << DX_BGP_IPV4;
    return true;
}
