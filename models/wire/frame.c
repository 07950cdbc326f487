/*
 * frame - see frame.h
 */
#include "frame.h"
#include "packet.h"
#include "put.h"

#include <string.h>

/* -- the packet -------------------------------------------------------------------------------------- */

static void put_pattern(const DxWireFrame *what, uint8_t *to, size_t n)
{
    uint8_t head[8];

    put_u32(head, what->frame->flow);
    put_u32(head + 4, what->seq);
    memcpy(to, head, MIN(n, sizeof head));
    for (size_t i = sizeof head; i < n; i++)
        to[i] = (uint8_t)i;
}

/* Attached octets have been made to measure; what they leave is 0. */
static void put_payload(const DxWireFrame *what, uint8_t *to, size_t n)
{
    const size_t n_given = MIN(n, what->n_octets);

    if (!what->octets) {
        put_pattern(what, to, n);
        return;
    }
    memcpy(to, what->octets, n_given);
    memset(to + n_given, 0, n - n_given);
}

/* The class of service goes into the DSCP as a class selector (RFC 2474, section 4.2.2). */
static DxPacket packet_of(const DxWireFrame *what)
{
    const DxFrame *frame = what->frame;
    DxPacket packet = { .dscp = (uint8_t)(dx_frame_pcp(frame) << 3),
                        .ecn = frame->flags >> DX_FRAME_ECN_SHIFT & 3,
                        .ttl = frame->ttl,
                        .protocol = DX_PROTOCOL_EXPERIMENT,
                        .id = (uint16_t)what->seq };

    if (!what->flow)
        return packet;
    memcpy(packet.src, what->flow->src, 16);
    memcpy(packet.dst, what->flow->dst, 16);
    packet.is_ipv6 = what->flow->is_ipv6;
    packet.protocol = what->flow->protocol;
    packet.src_port = what->flow->src_port;
    packet.dst_port = what->flow->dst_port;
    return packet;
}

/* Attached is all that stands behind the header of IP, checksums as well. */
static size_t put_segment(const DxWireFrame *what, const DxPacket *packet, uint8_t *to)
{
    const size_t size = what->frame->size_bytes, ip = MIN(dx__packet_ip_bytes(packet), size);

    put_payload(what, to + ip, size - ip);
    return ip < dx__packet_ip_bytes(packet) ? 0 : dx__packet_ip(to, packet, size);
}

/* Octets in front of the payload; 0: the packet has no room for an IP header. */
static size_t put_packet(const DxWireFrame *what, uint8_t *to)
{
    const size_t size = what->frame->size_bytes;
    DxPacket packet = packet_of(what);
    const size_t payload = dx__packet_payload(&packet, size);

    if (what->octets && what->flow)
        return put_segment(what, &packet, to);
    put_payload(what, to + payload, size - payload);
    if (!payload)
        return 0;
    packet.tcp_seq = (uint32_t)(1 + what->seq * (size - payload));
    dx__packet_headers(to, &packet, size);
    return payload;
}

size_t dx__frame_packet(const DxWireFrame *what, uint8_t *to)
{
    put_packet(what, to);
    return what->frame->size_bytes;
}

/* -- the frame --------------------------------------------------------------------------------------- */

#define TAGS_MAX 2
#define PCP_MASK 0xe000
#define VID_MASK 0x0fff

/* The outer first. The descriptor knows one of them; that of a VIF under it, or come to light again, is the
 * caller's to know. */
static unsigned tags_of(const DxWireFrame *what, DxEthernetTag tags[TAGS_MAX])
{
    const DxFrame *frame = what->frame;
    const bool is_s = frame->flags & DX_FRAME_S_TAG, is_of_vif = frame->flags & DX_FRAME_VIF && what->vif_tci;

    if (!(frame->flags & DX_FRAME_TAGGED))
        return 0;
    tags[0] = (DxEthernetTag){ is_s ? DX_TYPE_S_TAG : DX_TYPE_C_TAG, frame->tci };
    tags[1] = (DxEthernetTag){ DX_TYPE_C_TAG, what->vif_tci };
    if (is_of_vif && !is_s && !(frame->tci & VID_MASK))
        tags[0].tci = (uint16_t)((frame->tci & PCP_MASK) | (what->vif_tci & ~PCP_MASK));
    return is_of_vif && is_s ? 2 : 1;
}

/* Attached from the destination address on: tags go between. */
static size_t put_attached(const DxWireFrame *what, const DxEthernetTag *tags, unsigned n_tags, uint8_t *to)
{
    const uint8_t *octets = what->octets;
    const DxWireFrame rest = { .frame = what->frame,
                               .octets = octets + DX_ETHERNET_BYTES,
                               .n_octets = what->n_octets - DX_ETHERNET_BYTES };
    const size_t n = dx__ethernet_header(to, octets, octets + 6, tags, n_tags, get_u16(octets + 12));

    put_payload(&rest, to + n, what->frame->size_bytes);
    return n + what->frame->size_bytes;
}

static size_t put_own(const DxWireFrame *what, const DxEthernetTag *tags, unsigned n_tags, uint8_t *to)
{
    const size_t n = DX_ETHERNET_BYTES + (size_t)n_tags * DX_ETHERNET_TAG_BYTES;
    uint16_t type = DX_TYPE_LOCAL;
    uint8_t da[6], sa[6];

    dx__ethernet_address(sa, what->from);
    dx__ethernet_address(da, what->to);
    if (!what->flow)
        put_payload(what, to + n, what->frame->size_bytes);
    else if (put_packet(what, to + n))
        type = what->flow->is_ipv6 ? DX_TYPE_IPV6 : DX_TYPE_IPV4;
    dx__ethernet_header(to, da, sa, tags, n_tags, type);
    return n + what->frame->size_bytes;
}

size_t dx__frame_ethernet(const DxWireFrame *what, DxMacsecSa *sa, const DxCrc32 *crc, uint8_t *to)
{
    DxEthernetTag tags[TAGS_MAX];
    const unsigned n_tags = tags_of(what, tags);
    const bool is_whole = !what->flow && what->octets && what->n_octets >= DX_ETHERNET_BYTES;
    const size_t known = n_tags * (size_t)DX_ETHERNET_TAG_BYTES + (sa ? dx__macsec_overhead(sa) : 0);
    const size_t overhead = what->frame->overhead_bytes;
    size_t n = is_whole ? put_attached(what, tags, n_tags, to) : put_own(what, tags, n_tags, to);

    if (overhead > known) {
        memset(to + n, 0, overhead - known);
        n += overhead - known;
    }
    if (sa && !(n = dx__macsec_protect(sa, to, n)))
        return 0;
    n = dx__ethernet_pad(to, n);
    return crc ? dx__ethernet_fcs(crc, to, n) : n;
}
