/*
 * packet.h - octets of an IP packet: RFC 791, RFC 8200, RFC 768, RFC 9293, RFC 792, RFC 4443
 *
 * The payload is put where dx__packet_payload() says, then the headers in front of it, with all checksums.
 * UDP, TCP (an ACK in mid-flow) and echo requests have headers of their own; of any other protocol everything
 * behind the IP header is payload. Where a packet is too short for the header of its protocol, what there is
 * of it goes as protocol 253 (RFC 3692, for experiments).
 */
#ifndef DX_WIRE_PACKET_H
#define DX_WIRE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DX_PROTOCOL_ICMP = 1,
    DX_PROTOCOL_TCP = 6,
    DX_PROTOCOL_UDP = 17,
    DX_PROTOCOL_ICMPV6 = 58,
    DX_PROTOCOL_EXPERIMENT = 253,
};

typedef struct {
    uint8_t src[16], dst[16]; /* IPv4: in the last four */
    bool is_ipv6;
    uint8_t dscp, ecn, ttl, protocol;
    uint16_t id; /* IPv4: identification; echo: sequence number */
    uint16_t src_port, dst_port;
    uint32_t tcp_seq;
} DxPacket;

/* Where the payload begins in a packet of @size_bytes in all; 0: there is no room even for an IP header. */
size_t dx__packet_payload(const DxPacket *packet, size_t size_bytes);
/* The headers of the @size_bytes at @to, whose payload is there already. Only if dx__packet_payload(). */
void dx__packet_headers(uint8_t *to, const DxPacket *packet, size_t size_bytes);
/* The header of IP alone: what stands behind it, checksum and all, is there already. Returns its length. */
size_t dx__packet_ip(uint8_t *to, const DxPacket *packet, size_t size_bytes);
/* How long that is. */
size_t dx__packet_ip_bytes(const DxPacket *packet);
/* The header of UDP, of the @n octets at @to, whose payload is there already. */
void dx__packet_udp(uint8_t *to, uint16_t src_port, uint16_t dst_port, uint32_t pseudo, size_t n);

/* Addresses of 4 or 16 octets, protocol and length go into the sums of UDP, TCP and ICMPv6 (RFC 9293, section
 * 3.1; RFC 8200, section 8.1). @n: octets behind the header of IP. */
uint32_t dx__packet_pseudo(const uint8_t *src, const uint8_t *dst, size_t address_bytes, uint8_t protocol,
                           size_t n);
/* RFC 1071, of @n octets and what was summed before (0 at first). */
uint32_t dx__packet_sum(uint32_t sum, const void *data, size_t n);
uint16_t dx__packet_checksum(uint32_t sum);

#endif
