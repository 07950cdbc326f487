/*
 * tcp - see tcp.h
 */
#include "tcp.h"
#include "packet.h"
#include "put.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum { AT_SEQ = 4, AT_ACK = 8, AT_OFFSET = 12, AT_FLAGS = 13, AT_WINDOW = 14, AT_CHECKSUM = 16 };
enum { OPTION_END, OPTION_NOP, OPTION_MSS, OPTION_MD5 = 19 };
enum { MSS_BYTES = 4, MD5_BYTES = 2 + DX_TCP_MD5_BYTES };

#define FLAGS (DX_TCP_FIN | DX_TCP_SYN | DX_TCP_RST | DX_TCP_PSH | DX_TCP_ACK)

static uint32_t pseudo(const DxIp *src, const DxIp *dst, size_t n)
{
    return dx__packet_pseudo(src->bytes, dst->bytes, src->bits / 8, DX_PROTOCOL_TCP, n);
}

/* -- signature: RFC 2385, section 2.0 ------------------------------------------------------------------ */

/* In the order of the pseudo header: RFC 9293, section 3.1; RFC 8200, section 8.1. */
static size_t put_pseudo(uint8_t to[40], const DxIp *src, const DxIp *dst, size_t n)
{
    const size_t n_address = src->bits / 8;

    memcpy(to, src->bytes, n_address);
    memcpy(to + n_address, dst->bytes, n_address);
    to += 2 * n_address;
    if (n_address == 4) {
        put_u16(to, DX_PROTOCOL_TCP);
        put_u16(to + 2, (uint16_t)n);
        return 12;
    }
    put_u32(to, (uint32_t)n);
    put_u32(to + 4, DX_PROTOCOL_TCP);
    return 40;
}

/* Pseudo header, header without options and checksum, data, key. */
static bool sign(const uint8_t *segment, size_t n, const DxIp *src, const DxIp *dst, const char *key,
                 uint8_t digest[DX_TCP_MD5_BYTES])
{
    const size_t header = (size_t)(segment[AT_OFFSET] >> 4) * 4;
    uint8_t first[40], bare[DX_TCP_HEADER_BYTES];
    const size_t n_first = put_pseudo(first, src, dst, n);
    EVP_MD_CTX *md5 = EVP_MD_CTX_new();
    bool done;

    memcpy(bare, segment, sizeof bare);
    put_u16(bare + AT_CHECKSUM, 0);
    done = md5 && EVP_DigestInit_ex(md5, EVP_md5(), NULL) == 1 &&
           EVP_DigestUpdate(md5, first, n_first) == 1 && EVP_DigestUpdate(md5, bare, sizeof bare) == 1 &&
           EVP_DigestUpdate(md5, segment + header, n - header) == 1 &&
           EVP_DigestUpdate(md5, key, strlen(key)) == 1 && EVP_DigestFinal_ex(md5, digest, NULL) == 1;
    EVP_MD_CTX_free(md5);
    return done;
}

/* -- what to send -------------------------------------------------------------------------------------- */

size_t dx__tcp_header_bytes(const DxTcpSegment *segment, bool is_signed)
{
    return DX_TCP_HEADER_BYTES + (segment->mss ? MSS_BYTES : 0u) + (is_signed ? 2u + MD5_BYTES : 0u);
}

static uint8_t *put_options(uint8_t *to, const DxTcpSegment *segment, bool is_signed)
{
    if (segment->mss) {
        to[0] = OPTION_MSS;
        to[1] = MSS_BYTES;
        put_u16(to + 2, segment->mss);
        to += MSS_BYTES;
    }
    if (!is_signed)
        return to;
    to[0] = to[1] = OPTION_NOP;
    to[2] = OPTION_MD5;
    to[3] = MD5_BYTES;
    memset(to + 4, 0, DX_TCP_MD5_BYTES);
    return to + 4 + DX_TCP_MD5_BYTES;
}

size_t dx__tcp_encode(const DxTcpSegment *segment, const DxIp *src, const DxIp *dst, const char *key,
                      uint8_t *to)
{
    const size_t header = dx__tcp_header_bytes(segment, key), n = header + segment->n_data;
    uint8_t *end;

    put_u16(to, segment->src_port);
    put_u16(to + 2, segment->dst_port);
    put_u32(to + AT_SEQ, segment->seq);
    put_u32(to + AT_ACK, segment->ack);
    to[AT_OFFSET] = (uint8_t)(header / 4 << 4);
    to[AT_FLAGS] = segment->flags;
    put_u16(to + AT_WINDOW, segment->window);
    put_u32(to + AT_CHECKSUM, 0); /* and no urgent pointer */
    end = put_options(to + DX_TCP_HEADER_BYTES, segment, key);
    if (segment->n_data)
        memcpy(end, segment->data, segment->n_data);
    if (key)
        sign(to, n, src, dst, key, end - DX_TCP_MD5_BYTES);
    put_u16(to + AT_CHECKSUM, dx__packet_checksum(dx__packet_sum(pseudo(src, dst, n), to, n)));
    return n;
}

/* -- what has come ------------------------------------------------------------------------------------- */

/* The next option from @at on: its kind, and where it ends; NULL: it is none. */
static const uint8_t *next_option(const uint8_t *at, const uint8_t *end)
{
    if (*at == OPTION_END)
        return end;
    if (*at == OPTION_NOP)
        return at + 1;
    return end - at < 2 || at[1] < 2 || at[1] > end - at ? NULL : at + at[1];
}

static const char *get_options(const uint8_t *at, const uint8_t *end, DxTcpSegment *segment)
{
    for (const uint8_t *next; at < end; at = next) {
        next = next_option(at, end);
        if (!next)
            return "an option is cut short";
        if ((*at == OPTION_MSS && at[1] != MSS_BYTES) || (*at == OPTION_MD5 && at[1] != MD5_BYTES))
            return "an option has another length";
        if (*at == OPTION_MSS)
            segment->mss = get_u16(at + 2);
        if (*at == OPTION_MD5)
            segment->has_md5 = true;
    }
    return NULL;
}

const char *dx__tcp_decode(const uint8_t *octets, size_t n, const DxIp *src, const DxIp *dst,
                           DxTcpSegment *segment)
{
    size_t header;

    if (n < DX_TCP_HEADER_BYTES || n > UINT16_MAX)
        return "it is too short or too long";
    header = (size_t)(octets[AT_OFFSET] >> 4) * 4;
    if (header < DX_TCP_HEADER_BYTES || header > n)
        return "its header has no such length";
    if (dx__packet_checksum(dx__packet_sum(pseudo(src, dst, n), octets, n)))
        return "its checksum is wrong";
    *segment = (DxTcpSegment){ .src_port = get_u16(octets),
                               .dst_port = get_u16(octets + 2),
                               .seq = get_u32(octets + AT_SEQ),
                               .ack = get_u32(octets + AT_ACK),
                               .flags = octets[AT_FLAGS] & FLAGS,
                               .window = get_u16(octets + AT_WINDOW),
                               .data = octets + header,
                               .n_data = n - header };
    if (segment->flags & DX_TCP_SYN && segment->flags & (DX_TCP_FIN | DX_TCP_RST))
        return "its flags contradict each other";
    return get_options(octets + DX_TCP_HEADER_BYTES, octets + header, segment);
}

static const uint8_t *find_digest(const uint8_t *octets)
{
    const uint8_t *end = octets + (size_t)(octets[AT_OFFSET] >> 4) * 4;

    for (const uint8_t *at = octets + DX_TCP_HEADER_BYTES; at < end; at = next_option(at, end))
        if (*at == OPTION_MD5)
            return at + 2;
    return NULL;
}

bool dx__tcp_verify(const uint8_t *octets, size_t n, const DxIp *src, const DxIp *dst, const char *key)
{
    const uint8_t *said = find_digest(octets);
    uint8_t digest[DX_TCP_MD5_BYTES];

    if (!key || !said)
        return !key && !said;
    return sign(octets, n, src, dst, key, digest) && !CRYPTO_memcmp(said, digest, sizeof digest);
}
