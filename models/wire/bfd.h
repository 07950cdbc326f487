/*
 * bfd.h - octets of a BFD control packet in its UDP datagram: RFC 5880, section 4.1; RFC 5881, section 4
 *
 * From the UDP header on, as it stands behind an IP header with a TTL of 255. Without authentication.
 */
#ifndef DX_WIRE_BFD_H
#define DX_WIRE_BFD_H

#include <dxsim/ip.h>

#include <stddef.h>

#define DX_BFD_PORT         3784
#define DX_BFD_SRC_PORT     49152 /* to 65535, one per session */
#define DX_BFD_TTL          255
#define DX_BFD_PACKET_BYTES 24
#define DX_BFD_BYTES        (8 + DX_BFD_PACKET_BYTES) /* with the UDP header */

typedef enum {
    DX_BFD_ADMIN_DOWN, /* the numbers of the wire */
    DX_BFD_DOWN,
    DX_BFD_INIT,
    DX_BFD_UP,
    DX_BFD_N_STATES
} DxBfdState;

/* Why the session went down last. */
typedef enum {
    DX_BFD_NO_DIAGNOSTIC,
    DX_BFD_TIME_EXPIRED,
    DX_BFD_ECHO_FAILED,
    DX_BFD_NEIGHBOR_DOWN,
    DX_BFD_PLANE_RESET,
    DX_BFD_PATH_DOWN,
    DX_BFD_CONCATENATED_DOWN,
    DX_BFD_ADMIN,
    DX_BFD_REVERSE_DOWN,
    DX_BFD_N_DIAGNOSTICS
} DxBfdDiagnostic;

typedef struct {
    DxBfdState state;
    uint8_t diagnostic; /* 0 to 31; names up to DX_BFD_N_DIAGNOSTICS */
    bool is_poll, is_final;
    uint8_t multiplier;
    uint32_t mine, yours; /* discriminators */
    uint32_t desired_min_tx_us, required_min_rx_us, required_min_echo_rx_us;
} DxBfdPacket;

/* "Up", "Control Detection Time Expired". NULL: it has no name. */
const char *dx__bfd_state_name(DxBfdState state);
const char *dx__bfd_diagnostic_name(unsigned diagnostic);

/* @to: room for DX_BFD_BYTES octets, all of which are written. */
void dx__bfd_encode(const DxBfdPacket *packet, const DxIp *src, const DxIp *dst, uint16_t src_port,
                    uint8_t *to);

/**
 * dx__bfd_decode:
 * @octets: @n from the UDP header on; any may come
 * @ttl: with which it came: below 255 it has come through a router (RFC 5881, section 5)
 *
 * The checks of RFC 5880, section 6.8.6, that need no session, and the checksum of UDP.
 *
 * Returns: NULL, or what is wrong with it
 */
const char *dx__bfd_decode(const uint8_t *octets, size_t n, const DxIp *src, const DxIp *dst, uint8_t ttl,
                           DxBfdPacket *packet);

#endif
