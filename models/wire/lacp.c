/*
 * lacp - see lacp.h
 */
#include "lacp.h"
#include "ethernet.h"
#include "put.h"

#include <string.h>

enum { SUBTYPE_LACP = 1, SUBTYPE_MARKER = 2, VERSION = 1 };
enum { TLV_TERMINATOR, TLV_ACTOR, TLV_PARTNER, TLV_COLLECTOR };
enum { TLV_MARKER = 1, TLV_MARKER_RESPONSE = 2 };
enum { INFO_BYTES = 20, COLLECTOR_BYTES = 16, MARKER_BYTES = 16 };

/* Offsets from the destination address on. */
enum { AT_SUBTYPE = 14, AT_VERSION = 15, AT_ACTOR = 16, AT_PARTNER = 36, AT_COLLECTOR = 56, AT_MARKER = 16 };

static const uint8_t slow_protocols[6] = { 0x01, 0x80, 0xC2, 0x00, 0x00, 0x02 };

static void put_header(uint8_t *to, const uint8_t sa[6], uint8_t subtype)
{
    memset(to, 0, DX_LACP_FRAME_BYTES);
    dx__ethernet_header(to, slow_protocols, sa, NULL, 0, DX_TYPE_SLOW);
    to[AT_SUBTYPE] = subtype;
    to[AT_VERSION] = VERSION;
}

static void put_tlv(uint8_t *to, uint8_t type, uint8_t length)
{
    to[0] = type;
    to[1] = length;
}

static void put_info(uint8_t *to, uint8_t type, const DxLacpInfo *info)
{
    put_tlv(to, type, INFO_BYTES);
    put_u16(to + 2, info->system_priority);
    memcpy(to + 4, info->system, 6);
    put_u16(to + 10, info->key);
    put_u16(to + 12, info->port_priority);
    put_u16(to + 14, info->port);
    to[16] = info->state;
}

void dx__lacp_encode(const DxLacpPdu *pdu, const uint8_t sa[6], uint8_t *to)
{
    put_header(to, sa, SUBTYPE_LACP);
    put_info(to + AT_ACTOR, TLV_ACTOR, &pdu->actor);
    put_info(to + AT_PARTNER, TLV_PARTNER, &pdu->partner);
    put_tlv(to + AT_COLLECTOR, TLV_COLLECTOR, COLLECTOR_BYTES);
    put_u16(to + AT_COLLECTOR + 2, pdu->collector_max_delay);
}

void dx__marker_encode(const DxMarkerPdu *pdu, const uint8_t sa[6], uint8_t *to)
{
    put_header(to, sa, SUBTYPE_MARKER);
    put_tlv(to + AT_MARKER, pdu->is_response ? TLV_MARKER_RESPONSE : TLV_MARKER, MARKER_BYTES);
    put_u16(to + AT_MARKER + 2, pdu->port);
    memcpy(to + AT_MARKER + 4, pdu->system, 6);
    put_u32(to + AT_MARKER + 10, pdu->transaction);
}

static const char *check_header(const uint8_t *frame, size_t n, uint8_t subtype)
{
    if (n < DX_LACP_FRAME_BYTES)
        return "it is too short";
    if (memcmp(frame, slow_protocols, sizeof slow_protocols))
        return "it is not for the slow protocols' address";
    if (get_u16(frame + 12) != DX_TYPE_SLOW || frame[AT_SUBTYPE] != subtype)
        return "it is of another protocol";
    return frame[AT_VERSION] < VERSION ? "there is no version 0" : NULL;
}

static bool has_tlv(const uint8_t *at, uint8_t type, uint8_t length)
{
    return at[0] == type && at[1] == length;
}

static void get_info(const uint8_t *at, DxLacpInfo *info)
{
    info->system_priority = get_u16(at + 2);
    memcpy(info->system, at + 4, 6);
    info->key = get_u16(at + 10);
    info->port_priority = get_u16(at + 12);
    info->port = get_u16(at + 14);
    info->state = at[16];
}

const char *dx__lacp_decode(const uint8_t *frame, size_t n, DxLacpPdu *pdu)
{
    const char *wrong = check_header(frame, n, SUBTYPE_LACP);

    if (wrong)
        return wrong;
    if (!has_tlv(frame + AT_ACTOR, TLV_ACTOR, INFO_BYTES) ||
        !has_tlv(frame + AT_PARTNER, TLV_PARTNER, INFO_BYTES) ||
        !has_tlv(frame + AT_COLLECTOR, TLV_COLLECTOR, COLLECTOR_BYTES))
        return "actor, partner and collector are not where they should be";
    get_info(frame + AT_ACTOR, &pdu->actor);
    get_info(frame + AT_PARTNER, &pdu->partner);
    pdu->collector_max_delay = get_u16(frame + AT_COLLECTOR + 2);
    return NULL;
}

const char *dx__marker_decode(const uint8_t *frame, size_t n, DxMarkerPdu *pdu)
{
    const char *wrong = check_header(frame, n, SUBTYPE_MARKER);

    if (wrong)
        return wrong;
    pdu->is_response = has_tlv(frame + AT_MARKER, TLV_MARKER_RESPONSE, MARKER_BYTES);
    if (!pdu->is_response && !has_tlv(frame + AT_MARKER, TLV_MARKER, MARKER_BYTES))
        return "it is neither marker nor response";
    pdu->port = get_u16(frame + AT_MARKER + 2);
    memcpy(pdu->system, frame + AT_MARKER + 4, 6);
    pdu->transaction = get_u32(frame + AT_MARKER + 10);
    return NULL;
}
