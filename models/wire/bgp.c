/*
 * bgp - see bgp.h: header, and all messages but OPEN and UPDATE
 */
#include "bgp-priv.h"

#include <string.h>

#define MARKER_BYTES 16
#define AT_LENGTH    16
#define AT_TYPE      18

#define NOTIFICATION_BYTES (DX_BGP_HEADER_BYTES + 2)
#define REFRESH_BYTES      (DX_BGP_HEADER_BYTES + 4)

size_t dx__bgp_put_header(uint8_t *to, DxBgpType type, size_t n)
{
    memset(to, 0xff, MARKER_BYTES);
    put_u16(to + AT_LENGTH, (uint16_t)n);
    to[AT_TYPE] = (uint8_t)type;
    return n;
}

/* -- framing: RFC 4271, section 6.1 -------------------------------------------------------------------- */

static const struct {
    uint16_t least, most;
} lengths[] = {
    [DX_BGP_OPEN] = { 29, DX_BGP_MESSAGE_MAX },
    [DX_BGP_UPDATE] = { 23, DX_BGP_MESSAGE_MAX },
    [DX_BGP_NOTIFICATION] = { NOTIFICATION_BYTES, DX_BGP_MESSAGE_MAX },
    [DX_BGP_KEEPALIVE] = { DX_BGP_HEADER_BYTES, DX_BGP_HEADER_BYTES },
    [DX_BGP_ROUTE_REFRESH] = { REFRESH_BYTES, REFRESH_BYTES },
};

static DxBgpFraming bad(DxBgpFault *fault, uint8_t subcode, const uint8_t *data, size_t n, const char *why)
{
    *fault = (DxBgpFault){ DX_BGP_MESSAGE_HEADER_ERROR, subcode, data, n, why };
    return DX_BGP_MESSAGE_BAD;
}

DxBgpFraming dx__bgp_frame(const uint8_t *stream, size_t n, DxBgpType *type, size_t *length,
                           DxBgpFault *fault)
{
    *length = 0;
    for (size_t i = 0; i < MIN(n, MARKER_BYTES); i++)
        if (stream[i] != 0xff)
            return bad(fault, DX_BGP_NOT_SYNCHRONIZED, NULL, 0, "the marker is not all ones");
    if (n < DX_BGP_HEADER_BYTES)
        return DX_BGP_MESSAGE_PART;
    *length = get_u16(stream + AT_LENGTH);
    if (*length < DX_BGP_HEADER_BYTES || *length > DX_BGP_MESSAGE_MAX)
        return bad(fault, DX_BGP_BAD_LENGTH, stream + AT_LENGTH, 2, "a message has 19 to 4096 octets");
    if (stream[AT_TYPE] < DX_BGP_OPEN || stream[AT_TYPE] > DX_BGP_ROUTE_REFRESH)
        return bad(fault, DX_BGP_BAD_TYPE, stream + AT_TYPE, 1, "there is no such type of message");
    *type = stream[AT_TYPE];
    if (*length < lengths[*type].least || *length > lengths[*type].most)
        return bad(fault, DX_BGP_BAD_LENGTH, stream + AT_LENGTH, 2, "its type has another length");
    return n < *length ? DX_BGP_MESSAGE_PART : DX_BGP_MESSAGE_WHOLE;
}

bool dx__bgp_check(const uint8_t *message, size_t n, DxBgpType wanted, DxBgpFault *fault)
{
    DxBgpType type;
    size_t length;
    const DxBgpFraming framing = dx__bgp_frame(message, n, &type, &length, fault);

    if (framing == DX_BGP_MESSAGE_WHOLE && type == wanted && length == n)
        return true;
    if (framing != DX_BGP_MESSAGE_BAD)
        bad(fault, DX_BGP_BAD_LENGTH, NULL, 0, "it is not one whole message of its type");
    return false;
}

/* -- the short ones ------------------------------------------------------------------------------------ */

size_t dx__bgp_encode_keepalive(uint8_t *to)
{
    return dx__bgp_put_header(to, DX_BGP_KEEPALIVE, DX_BGP_HEADER_BYTES);
}

size_t dx__bgp_encode_notification(const DxBgpFault *fault, uint8_t *to)
{
    const size_t n_data = MIN(fault->n_data, (size_t)DX_BGP_MESSAGE_MAX - NOTIFICATION_BYTES);

    to[DX_BGP_HEADER_BYTES] = fault->code;
    to[DX_BGP_HEADER_BYTES + 1] = fault->subcode;
    if (n_data)
        memcpy(to + NOTIFICATION_BYTES, fault->data, n_data);
    return dx__bgp_put_header(to, DX_BGP_NOTIFICATION, NOTIFICATION_BYTES + n_data);
}

bool dx__bgp_decode_notification(const uint8_t *message, size_t n, DxBgpFault *said, DxBgpFault *fault)
{
    if (!dx__bgp_check(message, n, DX_BGP_NOTIFICATION, fault))
        return false;
    *said = (DxBgpFault){ .code = message[DX_BGP_HEADER_BYTES],
                          .subcode = message[DX_BGP_HEADER_BYTES + 1],
                          .data = message + NOTIFICATION_BYTES,
                          .n_data = n - NOTIFICATION_BYTES };
    said->why = dx__bgp_subcode_name(said->code, said->subcode);
    if (!said->why)
        said->why = dx__bgp_code_name(said->code);
    return true;
}

size_t dx__bgp_encode_refresh(DxBgpFamily family, uint8_t *to)
{
    put_u16(to + DX_BGP_HEADER_BYTES, dx__bgp_afi(family));
    to[DX_BGP_HEADER_BYTES + 2] = 0;
    to[DX_BGP_HEADER_BYTES + 3] = SAFI_UNICAST;
    return dx__bgp_put_header(to, DX_BGP_ROUTE_REFRESH, REFRESH_BYTES);
}

bool dx__bgp_decode_refresh(const uint8_t *message, size_t n, DxBgpFamily *family, DxBgpFault *fault)
{
    if (!dx__bgp_check(message, n, DX_BGP_ROUTE_REFRESH, fault))
        return false;
    *family = dx__bgp_family(get_u16(message + DX_BGP_HEADER_BYTES), message[DX_BGP_HEADER_BYTES + 3]);
    return true;
}

/* -- names: RFC 4271, section 4.5; RFC 4486, RFC 5492, RFC 6608, RFC 7313, RFC 8538, RFC 9384 ------------ */

static const char *const header_errors[] = { NULL, "Connection Not Synchronized", "Bad Message Length",
                                             "Bad Message Type" };
static const char *const open_errors[] = {
    NULL,
    "Unsupported Version Number",
    "Bad Peer AS",
    "Bad BGP Identifier",
    "Unsupported Optional Parameter",
    NULL,
    "Unacceptable Hold Time",
    "Unsupported Capability",
};
static const char *const update_errors[] = {
    NULL,
    "Malformed Attribute List",
    "Unrecognized Well-known Attribute",
    "Missing Well-known Attribute",
    "Attribute Flags Error",
    "Attribute Length Error",
    "Invalid ORIGIN Attribute",
    NULL,
    "Invalid NEXT_HOP Attribute",
    "Optional Attribute Error",
    "Invalid Network Field",
    "Malformed AS_PATH",
};
static const char *const fsm_errors[] = { NULL, "Receive Unexpected Message in OpenSent State",
                                          "Receive Unexpected Message in OpenConfirm State",
                                          "Receive Unexpected Message in Established State" };
static const char *const ceases[] = {
    NULL,
    "Maximum Number of Prefixes Reached",
    "Administrative Shutdown",
    "Peer De-configured",
    "Administrative Reset",
    "Connection Rejected",
    "Other Configuration Change",
    "Connection Collision Resolution",
    "Out of Resources",
    "Hard Reset",
    "BFD Down",
};
static const char *const refresh_errors[] = { NULL, "Invalid Message Length" };

static const struct {
    const char *name, *const *subcodes;
    size_t n;
} codes[] = {
    { NULL, NULL, 0 },
    { "Message Header Error", header_errors, G_N_ELEMENTS(header_errors) },
    { "OPEN Message Error", open_errors, G_N_ELEMENTS(open_errors) },
    { "UPDATE Message Error", update_errors, G_N_ELEMENTS(update_errors) },
    { "Hold Timer Expired", NULL, 0 },
    { "Finite State Machine Error", fsm_errors, G_N_ELEMENTS(fsm_errors) },
    { "Cease", ceases, G_N_ELEMENTS(ceases) },
    { "ROUTE-REFRESH Message Error", refresh_errors, G_N_ELEMENTS(refresh_errors) },
};

const char *dx__bgp_code_name(uint8_t code)
{
    return code < G_N_ELEMENTS(codes) ? codes[code].name : NULL;
}

const char *dx__bgp_subcode_name(uint8_t code, uint8_t subcode)
{
    return code < G_N_ELEMENTS(codes) && subcode < codes[code].n ? codes[code].subcodes[subcode] : NULL;
}
