/*
 * tcp.h - octets of a TCP segment: RFC 9293, with the MD5 signature option of RFC 2385
 *
 *   | ports | sequence | acknowledgment | flags, window | checksum | options: MSS, MD5 | data |
 *
 * From the TCP header on, as it stands behind an IP header.
 */
#ifndef DX_WIRE_TCP_H
#define DX_WIRE_TCP_H

#include <dxsim/ip.h>

#include <stddef.h>

enum {
    DX_TCP_FIN = 1 << 0,
    DX_TCP_SYN = 1 << 1,
    DX_TCP_RST = 1 << 2,
    DX_TCP_PSH = 1 << 3,
    DX_TCP_ACK = 1 << 4,
};

#define DX_TCP_HEADER_BYTES 20
#define DX_TCP_OPTIONS_MAX  40
#define DX_TCP_MD5_BYTES    16
#define DX_TCP_KEY_MAX      80 /* as routers have it */

typedef struct {
    uint16_t src_port, dst_port;
    uint32_t seq, ack;
    uint8_t flags;
    uint16_t window;
    uint16_t mss; /* 0: the option is not there */
    bool has_md5; /* read: there is a signature; dx__tcp_verify() says what it is worth */
    const uint8_t *data;
    size_t n_data;
} DxTcpSegment;

/**
 * dx__tcp_encode:
 * @src, @dst: both of one family
 * @key: signs it; NULL: without a signature
 * @to: room for header, options and data, all with the checksum
 *
 * Returns: how many octets that is
 */
size_t dx__tcp_encode(const DxTcpSegment *segment, const DxIp *src, const DxIp *dst, const char *key,
                      uint8_t *to);
/* How long header and options are. */
size_t dx__tcp_header_bytes(const DxTcpSegment *segment, bool is_signed);

/**
 * dx__tcp_decode:
 * @octets: @n from the TCP header on; any may come
 * @segment: (out): its data points into @octets
 *
 * Returns: NULL, or what is wrong with it; a wrong checksum is
 */
const char *dx__tcp_decode(const uint8_t *octets, size_t n, const DxIp *src, const DxIp *dst,
                           DxTcpSegment *segment);
/* Of what dx__tcp_decode() takes: is it signed with @key? @key NULL: is it without a signature? */
bool dx__tcp_verify(const uint8_t *octets, size_t n, const DxIp *src, const DxIp *dst, const char *key);

#endif
