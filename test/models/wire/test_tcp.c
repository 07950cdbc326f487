/*
 * test_tcp - octets of segments are those of RFC 9293, signed as RFC 2385 says
 */
#include <string.h>
#include <dxsim/rng.h>
#include "../../hex.h"
#include "../../suite.h"
#include "wire/packet.h"
#include "wire/put.h"
#include "wire/tcp.h"

#define SEGMENT_MAX 2048

static DxIp ip_of(const char *text)
{
    DxIp ip;

    ck_assert(dx_ip_parse(text, &ip));
    return ip;
}

static void assert_octets(const uint8_t *got, size_t n, const char *hex)
{
    Octets want;

    hex_parse(&want, hex);
    ck_assert_uint_eq(n, want.n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(got[i] == want.at[i], "octet %zu is %02X, expected %02X", i, got[i], want.at[i]);
}

/* Pseudo header 0A00 + 1 + 0A00 + 2 + 6 + 18 = 1421; header C000 + B3 + 102 + 304 + 6002 + FFFF + 204 + 5B4 =
 * 22C72; 24093, folded 4095, its complement BF6A. */
START_TEST(a_segment_is_that_of_the_standard)
{
    const DxIp src = ip_of("10.0.0.1"), dst = ip_of("10.0.0.2");
    const DxTcpSegment syn = { .src_port = 49152,
                               .dst_port = 179,
                               .seq = 0x01020304,
                               .flags = DX_TCP_SYN,
                               .window = 65535,
                               .mss = 1460 };
    uint8_t at[SEGMENT_MAX];
    DxTcpSegment got;
    const size_t n = dx__tcp_encode(&syn, &src, &dst, NULL, at);

    assert_octets(at, n,
                  "C00000B3"
                  "01020304"
                  "00000000"
                  "6002FFFF"
                  "BF6A0000"
                  "020405B4");
    ck_assert_ptr_null(dx__tcp_decode(at, n, &src, &dst, &got));
    ck_assert_uint_eq(got.src_port, 49152);
    ck_assert_uint_eq(got.dst_port, 179);
    ck_assert_uint_eq(got.seq, 0x01020304);
    ck_assert_uint_eq(got.ack, 0);
    ck_assert_uint_eq(got.flags, DX_TCP_SYN);
    ck_assert_uint_eq(got.window, 65535);
    ck_assert_uint_eq(got.mss, 1460);
    ck_assert(!got.has_md5);
    ck_assert_uint_eq(got.n_data, 0);
    ck_assert(dx__tcp_verify(at, n, &src, &dst, NULL));
    ck_assert(!dx__tcp_verify(at, n, &src, &dst, "key"));
    ck_assert_ptr_nonnull(dx__tcp_decode(at, n, &src, &src, &got)); /* the addresses are summed up, too */
}
END_TEST

/* The digest once more by GLib, over pseudo header, 20 octets of header with no checksum, data and key. */
static void digest_of(const uint8_t *segment, size_t n, size_t header, const DxIp *src, const DxIp *dst,
                      const char *key, uint8_t digest[16])
{
    GChecksum *md5 = g_checksum_new(G_CHECKSUM_MD5);
    const uint8_t v4[4] = { 0, 6, (uint8_t)(n >> 8), (uint8_t)n };
    const uint8_t v6[8] = { 0, 0, (uint8_t)(n >> 8), (uint8_t)n, 0, 0, 0, 6 };
    gsize n_digest = 16;

    g_checksum_update(md5, src->bytes, src->bits / 8);
    g_checksum_update(md5, dst->bytes, dst->bits / 8);
    if (src->bits == 32)
        g_checksum_update(md5, v4, sizeof v4);
    else
        g_checksum_update(md5, v6, sizeof v6);
    g_checksum_update(md5, segment, 16);
    g_checksum_update(md5, (const uint8_t *)"\0\0", 2);
    g_checksum_update(md5, segment + 18, 2);
    g_checksum_update(md5, segment + header, (gssize)(n - header));
    g_checksum_update(md5, (const uint8_t *)key, (gssize)strlen(key));
    g_checksum_get_digest(md5, digest, &n_digest);
    g_checksum_free(md5);
}

START_TEST(signatures_are_those_of_the_standard)
{
    static const char *const addresses[][2] = { { "10.0.0.1", "10.0.0.2" },
                                                { "2001:db8::1", "2001:db8::2" } };

    for (unsigned i = 0; i < 2; i++) {
        const DxIp src = ip_of(addresses[i][0]), dst = ip_of(addresses[i][1]);
        const DxTcpSegment segment = { .src_port = 179,
                                       .dst_port = 49152,
                                       .seq = 1,
                                       .ack = 2,
                                       .flags = DX_TCP_SYN | DX_TCP_ACK,
                                       .mss = 1460,
                                       .window = 65535,
                                       .data = (const uint8_t *)"odd",
                                       .n_data = 3 };
        uint8_t at[SEGMENT_MAX], digest[16];
        const size_t n = dx__tcp_encode(&segment, &src, &dst, "s3cret", at);
        DxTcpSegment got;

        ck_assert_uint_eq(n, 20 + 4 + 20 + 3);
        ck_assert_uint_eq(dx__tcp_header_bytes(&segment, true), 44);
        digest_of(at, n, 44, &src, &dst, "s3cret", digest);
        ck_assert_uint_eq(get_u32(at + 24), 0x01011312); /* two NOPs, kind 19, 18 octets */
        ck_assert(!memcmp(at + 28, digest, 16));
        ck_assert_ptr_null(dx__tcp_decode(at, n, &src, &dst, &got));
        ck_assert(got.has_md5);
        ck_assert_uint_eq(got.mss, 1460);
        ck_assert_uint_eq(got.n_data, 3);
        ck_assert(!memcmp(got.data, "odd", 3));
        ck_assert(dx__tcp_verify(at, n, &src, &dst, "s3cret"));
        ck_assert(!dx__tcp_verify(at, n, &src, &dst, "S3cret"));
        ck_assert(!dx__tcp_verify(at, n, &src, &dst, NULL));
        at[46] ^= 1; /* data are signed */
        ck_assert(!dx__tcp_verify(at, n, &src, &dst, "s3cret"));
    }
}
END_TEST

/* With the checksum that it should have, so that nothing else is wrong. */
static const char *read_with(uint8_t *at, size_t n, const DxIp *src, const DxIp *dst)
{
    DxTcpSegment got;

    if (n >= 20) {
        put_u16(at + 16, 0);
        put_u16(at + 16, dx__packet_checksum(dx__packet_sum(
                             dx__packet_pseudo(src->bytes, dst->bytes, src->bits / 8, 6, n), at, n)));
    }
    return dx__tcp_decode(at, n, src, dst, &got);
}

START_TEST(what_is_none_is_refused)
{
    /* clang-format off */
    static const struct {
        const char *hex, *why;
    } rows[] = {
        { "000100B3" "00000000" "00000000" "5010FFFF" "00000000", NULL },
        { "000100B3" "00000000" "00000000" "5010FFFF" "000000", "it is too short or too long" },
        { "000100B3" "00000000" "00000000" "4010FFFF" "00000000", "its header has no such length" },
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000", "its header has no such length" },
        { "000100B3" "00000000" "00000000" "5003FFFF" "00000000", "its flags contradict each other" },
        { "000100B3" "00000000" "00000000" "5006FFFF" "00000000", "its flags contradict each other" },
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000" "01010102", "an option is cut short" },
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000" "03000000", "an option is cut short" },
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000" "03050000", "an option is cut short" },
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000" "02030000", "an option has another length" },
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000" "13040000", "an option has another length" },
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000" "0304FFFF", NULL }, /* unknown */
        { "000100B3" "00000000" "00000000" "6010FFFF" "00000000" "00FFFFFF", NULL }, /* behind the end */
    };
    /* clang-format on */
    const DxIp src = ip_of("10.0.0.1"), dst = ip_of("10.0.0.2");

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        Octets octets;
        const char *why;
        uint8_t *at;

        hex_parse(&octets, rows[i].hex);
        at = g_memdup2(octets.at, octets.n);
        why = read_with(at, octets.n, &src, &dst);
        ck_assert_msg(!g_strcmp0(why, rows[i].why), "row %u: %s", i, why);
        g_free(at);
    }
}
END_TEST

/* Options and header length at random under a right checksum; signatures of what is taken are looked for. */
START_TEST(random_octets_do_no_harm)
{
    const DxIp src = ip_of("10.0.0.1"), dst = ip_of("10.0.0.2");
    unsigned n_taken = 0, n_refused = 0;
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "test", "tcp");
    for (unsigned i = 0; i < 100000; i++) {
        const size_t n = dx_rng_below(&rng, 80);
        uint8_t *at = g_malloc(n + !n);

        for (size_t k = 0; k < n; k++)
            at[k] = (uint8_t)(k >= 20 ? dx_rng_below(&rng, 24) : dx_rng_u64(&rng));
        if (read_with(at, n, &src, &dst)) {
            n_refused++;
        } else {
            n_taken++;
            ck_assert(!dx__tcp_verify(at, n, &src, &dst, "key"));
        }
        g_free(at);
    }
    ck_assert_uint_gt(n_taken, 1000); /* the test goes deep enough */
    ck_assert_uint_gt(n_refused, 1000);
}
END_TEST

SUITE_MAIN("tcp octets", 60, a_segment_is_that_of_the_standard, signatures_are_those_of_the_standard,
           what_is_none_is_refused, random_octets_do_no_harm)
