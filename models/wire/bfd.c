/*
 * bfd - see bfd.h
 */
#include "bfd.h"
#include "packet.h"
#include "put.h"

#include <string.h>

enum { UDP_BYTES = 8, VERSION = 1 };
/* Offsets from the control packet on. */
enum {
    AT_DIAGNOSTIC,
    AT_STATE,
    AT_MULTIPLIER,
    AT_LENGTH,
    AT_MINE = 4,
    AT_YOURS = 8,
    AT_TX = 12,
    AT_RX = 16,
    AT_ECHO = 20
};
enum { POLL = 0x20, FINAL = 0x10, AUTHENTICATION = 0x04, MULTIPOINT = 0x01 };

static const char *const states[] = { "AdminDown", "Down", "Init", "Up" };

/* RFC 5880, section 4.1. */
static const char *const diagnostics[] = {
    "No Diagnostic",
    "Control Detection Time Expired",
    "Echo Function Failed",
    "Neighbor Signaled Session Down",
    "Forwarding Plane Reset",
    "Path Down",
    "Concatenated Path Down",
    "Administratively Down",
    "Reverse Concatenated Path Down",
};

const char *dx__bfd_state_name(DxBfdState state)
{
    return state < DX_BFD_N_STATES ? states[state] : NULL;
}

const char *dx__bfd_diagnostic_name(unsigned diagnostic)
{
    return diagnostic < DX_BFD_N_DIAGNOSTICS ? diagnostics[diagnostic] : NULL;
}

static uint32_t pseudo(const DxIp *src, const DxIp *dst, size_t n)
{
    return dx__packet_pseudo(src->bytes, dst->bytes, src->bits / 8, DX_PROTOCOL_UDP, n);
}

void dx__bfd_encode(const DxBfdPacket *packet, const DxIp *src, const DxIp *dst, uint16_t src_port,
                    uint8_t *to)
{
    uint8_t *at = to + UDP_BYTES;

    at[AT_DIAGNOSTIC] = (uint8_t)(VERSION << 5 | (packet->diagnostic & 31));
    at[AT_STATE] =
        (uint8_t)(packet->state << 6 | (packet->is_poll ? POLL : 0) | (packet->is_final ? FINAL : 0));
    at[AT_MULTIPLIER] = packet->multiplier;
    at[AT_LENGTH] = DX_BFD_PACKET_BYTES;
    put_u32(at + AT_MINE, packet->mine);
    put_u32(at + AT_YOURS, packet->yours);
    put_u32(at + AT_TX, packet->desired_min_tx_us);
    put_u32(at + AT_RX, packet->required_min_rx_us);
    put_u32(at + AT_ECHO, packet->required_min_echo_rx_us);
    dx__packet_udp(to, src_port, DX_BFD_PORT, pseudo(src, dst, DX_BFD_BYTES), DX_BFD_BYTES);
}

/* RFC 5881, sections 4 and 5. A checksum of 0 is none, which IPv6 does not allow. */
static const char *check_udp(const uint8_t *octets, size_t n, const DxIp *src, const DxIp *dst, uint8_t ttl)
{
    if (ttl != DX_BFD_TTL)
        return "it has come through a router: its TTL is not 255";
    if (n < UDP_BYTES + DX_BFD_PACKET_BYTES || n > UINT16_MAX || get_u16(octets + 4) != n)
        return "it is too short, or has another length";
    if (get_u16(octets) < DX_BFD_SRC_PORT || get_u16(octets + 2) != DX_BFD_PORT)
        return "its ports are not those of BFD";
    if (!get_u16(octets + 6))
        return src->bits == 32 ? NULL : "it has no checksum";
    return dx__packet_checksum(dx__packet_sum(pseudo(src, dst, n), octets, n)) ? "its checksum is wrong"
                                                                               : NULL;
}

/* RFC 5880, section 6.8.6, in its order. */
static const char *check_packet(const uint8_t *at, size_t n)
{
    const DxBfdState state = at[AT_STATE] >> 6;

    if (at[AT_DIAGNOSTIC] >> 5 != VERSION)
        return "its version is not 1";
    if (at[AT_LENGTH] < DX_BFD_PACKET_BYTES || at[AT_LENGTH] > n)
        return "it is shorter or longer than it says";
    if (!at[AT_MULTIPLIER])
        return "its detection multiplier is 0";
    if (at[AT_STATE] & MULTIPOINT)
        return "it is for several";
    if (!get_u32(at + AT_MINE))
        return "its discriminator is 0";
    if (!get_u32(at + AT_YOURS) && state != DX_BFD_DOWN && state != DX_BFD_ADMIN_DOWN)
        return "it knows no discriminator, and is not down";
    if (at[AT_STATE] & AUTHENTICATION)
        return "it has authentication, which nobody has agreed on";
    return at[AT_STATE] & POLL && at[AT_STATE] & FINAL ? "it asks and answers at once" : NULL;
}

const char *dx__bfd_decode(const uint8_t *octets, size_t n, const DxIp *src, const DxIp *dst, uint8_t ttl,
                           DxBfdPacket *packet)
{
    const char *why = check_udp(octets, n, src, dst, ttl);
    const uint8_t *at;

    if (why)
        return why;
    at = octets + UDP_BYTES;
    why = check_packet(at, n - UDP_BYTES);
    if (why)
        return why;
    *packet = (DxBfdPacket){ .state = at[AT_STATE] >> 6,
                             .diagnostic = at[AT_DIAGNOSTIC] & 31,
                             .is_poll = at[AT_STATE] & POLL,
                             .is_final = at[AT_STATE] & FINAL,
                             .multiplier = at[AT_MULTIPLIER],
                             .mine = get_u32(at + AT_MINE),
                             .yours = get_u32(at + AT_YOURS),
                             .desired_min_tx_us = get_u32(at + AT_TX),
                             .required_min_rx_us = get_u32(at + AT_RX),
                             .required_min_echo_rx_us = get_u32(at + AT_ECHO) };
    return NULL;
}
