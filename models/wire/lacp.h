/*
 * lacp.h - octets of the slow protocols of a bundle: IEEE 802.1AX, clauses 6.4.2 and 6.5.3
 *
 *   LACPDU  | DA, SA, 8809 | 01 01 | actor 01 14 | partner 02 14 | collector 03 10 | 00 00 | 50 reserved |
 *   marker  | DA, SA, 8809 | 02 01 | 01 10 (information) or 02 10 (response) | 00 00 | 90 reserved |
 *
 * All numbers are in network byte order; what is reserved is sent as 0 and not looked at. Both are 128 octets
 * with their FCS, which is not written here.
 */
#ifndef DX_WIRE_LACP_H
#define DX_WIRE_LACP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DX_LACP_FRAME_BYTES   124 /* from the destination address on, without FCS */
#define DX_LACP_PAYLOAD_BYTES 110 /* the same without addresses and type */

/* Bits of a state, clause 6.4.2.3. */
enum {
    DX_LACP_ACTIVITY = 1 << 0,
    DX_LACP_TIMEOUT = 1 << 1, /* short */
    DX_LACP_AGGREGATION = 1 << 2,
    DX_LACP_SYNCHRONIZATION = 1 << 3,
    DX_LACP_COLLECTING = 1 << 4,
    DX_LACP_DISTRIBUTING = 1 << 5,
    DX_LACP_DEFAULTED = 1 << 6,
    DX_LACP_EXPIRED = 1 << 7,
};

/* What one end says of a port: its own, or that of its partner as it has heard it. */
typedef struct {
    uint16_t system_priority, key, port_priority, port;
    uint8_t system[6];
    uint8_t state;
} DxLacpInfo;

typedef struct {
    DxLacpInfo actor, partner;
    uint16_t collector_max_delay; /* tens of microseconds */
} DxLacpPdu;

typedef struct {
    bool is_response;
    uint16_t port; /* the requester's, as the next two */
    uint8_t system[6];
    uint32_t transaction;
} DxMarkerPdu;

/* @sa: source address. @to: room for DX_LACP_FRAME_BYTES octets, all of which are written. */
void dx__lacp_encode(const DxLacpPdu *pdu, const uint8_t sa[6], uint8_t *to);
void dx__marker_encode(const DxMarkerPdu *pdu, const uint8_t sa[6], uint8_t *to);

/**
 * dx__lacp_decode:
 * @frame: @n octets from the destination address on; any octets may come
 *
 * A version later than 1 is read as version 1 (clause 6.4.2.3): what it has more stands behind.
 *
 * Returns: NULL, or what is wrong with it
 */
const char *dx__lacp_decode(const uint8_t *frame, size_t n, DxLacpPdu *pdu);
const char *dx__marker_decode(const uint8_t *frame, size_t n, DxMarkerPdu *pdu);

#endif
