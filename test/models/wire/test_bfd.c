/*
 * test_bfd - octets of control packets are those of RFC 5880, section 4.1, in datagrams of RFC 5881
 */
#include <string.h>
#include <dxsim/rng.h>
#include "../../hex.h"
#include "../../suite.h"
#include "wire/bfd.h"
#include "wire/packet.h"
#include "wire/put.h"

static DxIp ip_of(const char *text)
{
    DxIp ip;

    ck_assert(dx_ip_parse(text, &ip));
    return ip;
}

static const DxBfdPacket up = { .state = DX_BFD_UP,
                                .is_poll = true,
                                .multiplier = 3,
                                .mine = 1,
                                .yours = 2,
                                .desired_min_tx_us = 300000, /* 000493E0 */
                                .required_min_rx_us = 300000 };

/* Pseudo header A9FE + 1 + A9FE + 2 + 11 + 20 = 15430, UDP C000 + EC8 + 20 = CEE8, packet 20E0 + 318 + 1 + 2
 * + 2 x (4 + 93E0) = 14BC3: 36EDB, folded 6EDE, its complement 9121. */
START_TEST(a_packet_is_that_of_the_standard)
{
    static const char want[] = "C0000EC800209121"
                               "20E00318"
                               "00000001"
                               "00000002"
                               "000493E0"
                               "000493E0"
                               "00000000";
    const DxIp src = ip_of("169.254.0.1"), dst = ip_of("169.254.0.2");
    uint8_t at[DX_BFD_BYTES];
    DxBfdPacket got;
    Octets octets;

    dx__bfd_encode(&up, &src, &dst, 49152, at);
    hex_parse(&octets, want);
    ck_assert_uint_eq(octets.n, DX_BFD_BYTES);
    ck_assert(!memcmp(at, octets.at, DX_BFD_BYTES));
    ck_assert_ptr_null(dx__bfd_decode(at, sizeof at, &src, &dst, 255, &got));
    ck_assert(!memcmp(&got, &up, sizeof up));
    ck_assert_ptr_nonnull(dx__bfd_decode(at, sizeof at, &src, &dst, 254, &got));
    ck_assert_ptr_nonnull(dx__bfd_decode(at, sizeof at, &src, &src, 255, &got));
}
END_TEST

START_TEST(every_field_comes_back)
{
    const DxIp src = ip_of("2001:db8::1"), dst = ip_of("2001:db8::2");
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "test", "bfd");
    for (unsigned i = 0; i < 10000; i++) {
        DxBfdPacket want, got;
        uint8_t at[DX_BFD_BYTES];

        memset(&want, 0, sizeof want);
        want.state = dx_rng_below(&rng, 4);
        want.diagnostic = (uint8_t)dx_rng_below(&rng, 32);
        want.is_poll = dx_rng_below(&rng, 2);
        want.is_final = !want.is_poll && dx_rng_below(&rng, 2);
        want.multiplier = (uint8_t)(1 + dx_rng_below(&rng, 255));
        want.mine = (uint32_t)(1 + dx_rng_below(&rng, UINT32_MAX));
        want.yours = (uint32_t)(1 + dx_rng_below(&rng, UINT32_MAX));
        want.desired_min_tx_us = (uint32_t)dx_rng_u64(&rng);
        want.required_min_rx_us = (uint32_t)dx_rng_u64(&rng);
        want.required_min_echo_rx_us = (uint32_t)dx_rng_u64(&rng);
        dx__bfd_encode(&want, &src, &dst, (uint16_t)(49152 + dx_rng_below(&rng, 16384)), at);
        ck_assert_ptr_null(dx__bfd_decode(at, sizeof at, &src, &dst, 255, &got));
        ck_assert(got.state == want.state && got.diagnostic == want.diagnostic);
        ck_assert(got.is_poll == want.is_poll && got.is_final == want.is_final);
        ck_assert(got.multiplier == want.multiplier && got.mine == want.mine && got.yours == want.yours);
        ck_assert(got.desired_min_tx_us == want.desired_min_tx_us &&
                  got.required_min_rx_us == want.required_min_rx_us &&
                  got.required_min_echo_rx_us == want.required_min_echo_rx_us);
    }
}
END_TEST

static void seal(uint8_t *at, size_t n, const DxIp *src, const DxIp *dst)
{
    const uint32_t pseudo = dx__packet_pseudo(src->bytes, dst->bytes, src->bits / 8, 17, n);

    put_u16(at + 6, 0);
    put_u16(at + 6, dx__packet_checksum(dx__packet_sum(pseudo, at, n)));
}

/* RFC 5880, section 6.8.6; RFC 5881, section 4: one octet changed, and the checksum put right. */
START_TEST(what_is_none_is_refused)
{
    static const struct {
        unsigned at, value;
        const char *why;
    } rows[] = {
        { 8, 0x00, "its version is not 1" },
        { 8, 0x40, "its version is not 1" },
        { 8, 0x3F, NULL }, /* any diagnostic */
        { 9, 0xC1, "it is for several" },
        { 9, 0xC4, "it has authentication, which nobody has agreed on" },
        { 9, 0xF0, "it asks and answers at once" },
        { 10, 0, "its detection multiplier is 0" },
        { 11, 23, "it is shorter or longer than it says" },
        { 11, 25, "it is shorter or longer than it says" },
        { 15, 0, "its discriminator is 0" },
        { 19, 0, "it knows no discriminator, and is not down" },
        { 5, 0x21, "it is too short, or has another length" },
        { 0, 0xBF, "its ports are not those of BFD" },
        { 3, 0xC9, "its ports are not those of BFD" },
    };
    const DxIp src = ip_of("169.254.0.1"), dst = ip_of("169.254.0.2");
    uint8_t at[DX_BFD_BYTES];
    DxBfdPacket got;
    const char *why;

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        dx__bfd_encode(&up, &src, &dst, 49152, at);
        at[rows[i].at] = (uint8_t)rows[i].value;
        seal(at, sizeof at, &src, &dst);
        why = dx__bfd_decode(at, sizeof at, &src, &dst, 255, &got);
        ck_assert_msg(!g_strcmp0(why, rows[i].why), "row %u: %s", i, why);
    }
    dx__bfd_encode(&up, &src, &dst, 49152, at);
    at[9] = 1 << 6; /* down: it need not know us */
    at[19] = 0;
    seal(at, sizeof at, &src, &dst);
    ck_assert_ptr_null(dx__bfd_decode(at, sizeof at, &src, &dst, 255, &got));
    at[20] ^= 1;
    ck_assert_str_eq(dx__bfd_decode(at, sizeof at, &src, &dst, 255, &got), "its checksum is wrong");
    put_u16(at + 6, 0); /* UDP over IPv4 may go without */
    ck_assert_ptr_null(dx__bfd_decode(at, sizeof at, &src, &dst, 255, &got));
    for (size_t n = 0; n < sizeof at; n++) {
        uint8_t *copy = g_memdup2(at, n);

        ck_assert_ptr_nonnull(dx__bfd_decode(copy, n, &src, &dst, 255, &got));
        g_free(copy);
    }
}
END_TEST

START_TEST(names_are_those_of_the_standard)
{
    ck_assert_str_eq(dx__bfd_state_name(DX_BFD_INIT), "Init");
    ck_assert_str_eq(dx__bfd_diagnostic_name(1), "Control Detection Time Expired");
    ck_assert_str_eq(dx__bfd_diagnostic_name(8), "Reverse Concatenated Path Down");
    ck_assert_ptr_null(dx__bfd_diagnostic_name(9));
}
END_TEST

SUITE_MAIN("bfd octets", 60, a_packet_is_that_of_the_standard, every_field_comes_back,
           what_is_none_is_refused, names_are_those_of_the_standard)
