/*
 * packet - see packet.h
 */
#include "packet.h"
#include "put.h"

#include <string.h>

#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define UDP_BYTES  8
#define TCP_BYTES  20
#define ECHO_BYTES 8

size_t dx__packet_ip_bytes(const DxPacket *packet)
{
    return packet->is_ipv6 ? IPV6_BYTES : IPV4_BYTES;
}

static bool is_echo(const DxPacket *packet)
{
    return packet->protocol == (packet->is_ipv6 ? DX_PROTOCOL_ICMPV6 : DX_PROTOCOL_ICMP);
}

static size_t transport_bytes(const DxPacket *packet)
{
    if (packet->protocol == DX_PROTOCOL_UDP)
        return UDP_BYTES;
    if (packet->protocol == DX_PROTOCOL_TCP)
        return TCP_BYTES;
    return is_echo(packet) ? ECHO_BYTES : 0;
}

static bool has_transport(const DxPacket *packet, size_t size_bytes)
{
    return size_bytes >= dx__packet_ip_bytes(packet) + transport_bytes(packet);
}

size_t dx__packet_payload(const DxPacket *packet, size_t size_bytes)
{
    const size_t ip = dx__packet_ip_bytes(packet);

    if (size_bytes < ip)
        return 0;
    return has_transport(packet, size_bytes) ? ip + transport_bytes(packet) : ip;
}

/* -- checksums --------------------------------------------------------------------------------------- */

uint32_t dx__packet_sum(uint32_t sum, const void *data, size_t n)
{
    const uint8_t *at = data;

    for (; n >= 2; n -= 2, at += 2)
        sum += get_u16(at); /* 65536 of them fit */
    if (n)
        sum += (uint32_t)at[0] << 8;
    return (sum & 0xFFFF) + (sum >> 16);
}

uint16_t dx__packet_checksum(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

uint32_t dx__packet_pseudo(const uint8_t *src, const uint8_t *dst, size_t address_bytes, uint8_t protocol,
                           size_t n)
{
    const uint32_t sum = dx__packet_sum((uint32_t)n + protocol, src, address_bytes);

    return dx__packet_sum(sum, dst, address_bytes);
}

static uint32_t pseudo_header(const DxPacket *packet, size_t n)
{
    const size_t skip = packet->is_ipv6 ? 0 : 12;

    return dx__packet_pseudo(packet->src + skip, packet->dst + skip, 16 - skip, packet->protocol, n);
}

/* -- headers ----------------------------------------------------------------------------------------- */

static void put_ipv4(uint8_t *to, const DxPacket *packet, size_t size_bytes, uint8_t protocol)
{
    memset(to, 0, IPV4_BYTES);
    to[0] = 0x45;
    to[1] = (uint8_t)(packet->dscp << 2 | packet->ecn);
    put_u16(to + 2, (uint16_t)size_bytes);
    put_u16(to + 4, packet->id);
    put_u16(to + 6, 0x4000); /* do not fragment */
    to[8] = packet->ttl;
    to[9] = protocol;
    memcpy(to + 12, packet->src + 12, 4);
    memcpy(to + 16, packet->dst + 12, 4);
    put_u16(to + 10, dx__packet_checksum(dx__packet_sum(0, to, IPV4_BYTES)));
}

static void put_ipv6(uint8_t *to, const DxPacket *packet, size_t size_bytes, uint8_t protocol)
{
    put_u32(to, 6u << 28 | (uint32_t)packet->dscp << 22 | (uint32_t)packet->ecn << 20);
    put_u16(to + 4, (uint16_t)(size_bytes - IPV6_BYTES));
    to[6] = protocol;
    to[7] = packet->ttl;
    memcpy(to + 8, packet->src, 16);
    memcpy(to + 24, packet->dst, 16);
}

/* A sum of 0 would say that there is none. */
void dx__packet_udp(uint8_t *to, uint16_t src_port, uint16_t dst_port, uint32_t pseudo, size_t n)
{
    uint16_t checksum;

    put_u16(to, src_port);
    put_u16(to + 2, dst_port);
    put_u16(to + 4, (uint16_t)n);
    put_u16(to + 6, 0);
    checksum = dx__packet_checksum(dx__packet_sum(pseudo, to, n));
    put_u16(to + 6, checksum ? checksum : 0xFFFF);
}

static void put_tcp(uint8_t *to, const DxPacket *packet, size_t n)
{
    memset(to, 0, TCP_BYTES);
    put_u16(to, packet->src_port);
    put_u16(to + 2, packet->dst_port);
    put_u32(to + 4, packet->tcp_seq);
    put_u32(to + 8, 1);
    to[12] = TCP_BYTES / 4 << 4;
    to[13] = 0x10; /* ACK */
    put_u16(to + 14, 0xFFFF);
    put_u16(to + 16, dx__packet_checksum(dx__packet_sum(pseudo_header(packet, n), to, n)));
}

static void put_echo(uint8_t *to, const DxPacket *packet, size_t n)
{
    memset(to, 0, ECHO_BYTES);
    to[0] = packet->is_ipv6 ? 128 : 8;
    put_u16(to + 4, packet->src_port);
    put_u16(to + 6, packet->id);
    put_u16(to + 2,
            dx__packet_checksum(dx__packet_sum(packet->is_ipv6 ? pseudo_header(packet, n) : 0, to, n)));
}

static size_t put_ip(uint8_t *to, const DxPacket *packet, size_t size_bytes, uint8_t protocol)
{
    if (packet->is_ipv6)
        put_ipv6(to, packet, size_bytes, protocol);
    else
        put_ipv4(to, packet, size_bytes, protocol);
    return dx__packet_ip_bytes(packet);
}

size_t dx__packet_ip(uint8_t *to, const DxPacket *packet, size_t size_bytes)
{
    return put_ip(to, packet, size_bytes, packet->protocol);
}

void dx__packet_headers(uint8_t *to, const DxPacket *packet, size_t size_bytes)
{
    const bool is_whole = has_transport(packet, size_bytes);
    const uint8_t protocol = is_whole ? packet->protocol : DX_PROTOCOL_EXPERIMENT;
    const size_t ip = put_ip(to, packet, size_bytes, protocol);

    if (!is_whole)
        return;
    if (protocol == DX_PROTOCOL_UDP)
        dx__packet_udp(to + ip, packet->src_port, packet->dst_port, pseudo_header(packet, size_bytes - ip),
                       size_bytes - ip);
    else if (protocol == DX_PROTOCOL_TCP)
        put_tcp(to + ip, packet, size_bytes - ip);
    else if (is_echo(packet))
        put_echo(to + ip, packet, size_bytes - ip);
}
