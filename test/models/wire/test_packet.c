/*
 * test_packet - octets of Ethernet frames and IP packets are those of the standards
 */
#include <string.h>
#include "../../hex.h"
#include "../../suite.h"
#include "wire/ethernet.h"
#include "wire/packet.h"
#include "wire/put.h"

#define each_row(row, section) dx_json_each (row, vectors_get(doc, dx__json_root(doc), section))

/* -- CRC-32 -------------------------------------------------------------------------------------------- */

START_TEST(crc32_has_the_check_values)
{
    DxJsonDoc *doc = vectors_load("crc32.json");
    DxCrc32 crc;
    Octets data;

    dx__crc32_init(&crc);
    each_row(row, "basic")
    {
        hex_get(&data, doc, row, "hex");
        ck_assert_uint_eq(dx__crc32(&crc, data.at, data.n), hex_u64(doc, row, "crc32"));
    }
    each_row(row, "frames")
    {
        hex_get(&data, doc, row, "frame_no_fcs");
        ck_assert_uint_eq(dx__crc32(&crc, data.at, data.n), hex_u64(doc, row, "crc32"));
    }
    dx__json_free(doc);
}
END_TEST

START_TEST(crc32_of_flow_keys)
{
    DxJsonDoc *doc = vectors_load("crc32.json");
    DxCrc32 crc;
    Octets key;
    unsigned n = 0;

    dx__crc32_init(&crc);
    dx_json_each (row, vectors_get(doc, vectors_get(doc, dx__json_root(doc), "flow_hash"), "tuples")) {
        hex_get(&key, doc, row, "key4");
        ck_assert_uint_eq(dx__crc32(&crc, key.at, key.n), hex_u64(doc, row, "crc32_key4"));
        hex_get(&key, doc, row, "key5");
        ck_assert_uint_eq(dx__crc32(&crc, key.at, key.n), hex_u64(doc, row, "crc32_key5"));
        n++;
    }
    ck_assert_uint_eq(n, 20);
    dx__json_free(doc);
}
END_TEST

/* Every length up to 40 at every offset, against the definition bit by bit. */
START_TEST(crc32_takes_any_length)
{
    uint8_t data[48];
    DxCrc32 crc;

    dx__crc32_init(&crc);
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 37 + 11);
    for (unsigned from = 0; from < 8; from++)
        for (unsigned n = 0; n <= 40; n++) {
            uint32_t value = UINT32_MAX;

            for (unsigned bit = 0; bit < 8 * n; bit++) {
                const unsigned in = data[from + bit / 8] >> bit % 8 & 1;

                value = value >> 1 ^ ((value ^ in) & 1 ? 0xEDB88320u : 0);
            }
            ck_assert_uint_eq(dx__crc32(&crc, data + from, n), ~value);
        }
}
END_TEST

/* -- frames -------------------------------------------------------------------------------------------- */

static unsigned get_tags(DxJsonDoc *doc, const DxJson *row, DxEthernetTag *tags)
{
    unsigned n = 0;

    dx_json_each (tag, vectors_get(doc, row, "tags"))
        tags[n++] =
            (DxEthernetTag){ (uint16_t)hex_u64(doc, tag, "tpid"), (uint16_t)hex_u64(doc, tag, "tci") };
    return n;
}

/* Those of the file: 10.0.0.1:49152 to 10.1.2.3:443, octets that count up. */
static size_t build_packet(uint8_t *to, size_t udp_bytes)
{
    DxPacket packet = { .ttl = 64, .protocol = DX_PROTOCOL_UDP, .id = 0x1234 };
    const size_t size_bytes = 28 + udp_bytes;
    size_t payload;

    put_u32(packet.src + 12, 0x0A000001);
    put_u32(packet.dst + 12, 0x0A010203);
    packet.src_port = 49152;
    packet.dst_port = 443;
    payload = dx__packet_payload(&packet, size_bytes);
    ck_assert_uint_eq(payload, 28);
    for (size_t i = 0; i < udp_bytes; i++)
        to[payload + i] = (uint8_t)i;
    dx__packet_headers(to, &packet, size_bytes);
    return size_bytes;
}

START_TEST(frames_are_those_of_the_reference)
{
    static const uint8_t da[6] = { 2, 0, 0, 0, 0, 0xAA }, sa[6] = { 2, 0, 0, 0, 0, 0xBB };
    DxJsonDoc *doc = vectors_load("crc32.json");
    uint8_t frame[10000];
    DxEthernetTag tags[2];
    DxCrc32 crc;
    Octets want;
    unsigned rows = 0;

    dx__crc32_init(&crc);
    each_row(row, "frames")
    {
        size_t n = dx__ethernet_header(frame, da, sa, tags, get_tags(doc, row, tags), DX_TYPE_IPV4);

        n += build_packet(frame + n, vectors_u64(doc, row, "udp_payload", 0));
        n = dx__ethernet_pad(frame, n);
        hex_get(&want, doc, row, "frame_no_fcs");
        hex_assert(frame, n, &want, row);
        n = dx__ethernet_fcs(&crc, frame, n);
        ck_assert_uint_eq(n, vectors_u64(doc, row, "frame_len_incl_fcs", 0));
        ck_assert_uint_eq(get_u32(frame + n - 4), hex_u64(doc, row, "fcs_wire_order"));
        ck_assert_uint_eq(dx__crc32(&crc, frame, n), DX_CRC32_GOOD);
        rows++;
    }
    ck_assert_uint_eq(rows, 8);
    dx__json_free(doc);
}
END_TEST

START_TEST(addresses_are_local_and_for_one_station)
{
    uint8_t a[6], b[6], again[6];

    dx__ethernet_address(a, "office");
    dx__ethernet_address(b, "aws");
    dx__ethernet_address(again, "office");
    ck_assert_uint_eq(a[0] & 3, 2);
    ck_assert_uint_eq(b[0] & 3, 2);
    ck_assert(memcmp(a, b, 6) != 0);
    ck_assert(memcmp(a, again, 6) == 0);
}
END_TEST

/* -- checksums ----------------------------------------------------------------------------------------- */

/* RFC 1071, section 3: 00 01 f2 03 f4 f5 f6 f7 sum up to ddf2. */
START_TEST(checksum_of_the_rfc)
{
    static const uint8_t data[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

    ck_assert_uint_eq(dx__packet_checksum(dx__packet_sum(0, data, sizeof data)), 0xFFFF & ~0xddf2);
    ck_assert_uint_eq(dx__packet_sum(0, "\x12", 1), 0x1200); /* padded on the right */
}
END_TEST

/* One's complement: what was summed with its checksum comes to all ones. */
static void assert_sums_up(const DxPacket *packet, const uint8_t *at, size_t size_bytes)
{
    const size_t ip = packet->is_ipv6 ? 40 : 20, skip = packet->is_ipv6 ? 0 : 12;
    uint32_t sum = 0;

    if (!packet->is_ipv6)
        ck_assert_uint_eq(dx__packet_checksum(dx__packet_sum(0, at, 20)), 0);
    if (packet->protocol != DX_PROTOCOL_ICMP) {
        sum = (uint32_t)(size_bytes - ip) + packet->protocol;
        sum = dx__packet_sum(sum, packet->src + skip, 16 - skip);
        sum = dx__packet_sum(sum, packet->dst + skip, 16 - skip);
    }
    ck_assert_uint_eq(dx__packet_checksum(dx__packet_sum(sum, at + ip, size_bytes - ip)), 0);
}

START_TEST(checksums_hold_at_every_size)
{
    static const uint8_t protocols[] = { DX_PROTOCOL_UDP, DX_PROTOCOL_TCP, DX_PROTOCOL_ICMP };
    uint8_t at[65536];

    for (unsigned version = 0; version < 2; version++)
        for (unsigned k = 0; k < 3; k++)
            for (size_t size = 60; size <= 65535; size += size < 200 ? 1 : 5449) {
                DxPacket packet = { .is_ipv6 = version,
                                    .ttl = 3,
                                    .protocol = protocols[k],
                                    .dscp = 46,
                                    .ecn = 1,
                                    .src_port = 1,
                                    .dst_port = 2,
                                    .tcp_seq = 0xFFFFFFFE };

                if (version && k == 2)
                    packet.protocol = DX_PROTOCOL_ICMPV6;
                memset(packet.src, 0xFF, 16);
                memset(packet.dst, 0xFE, 16);
                memset(at, (int)size, sizeof at);
                dx__packet_headers(at, &packet, size);
                assert_sums_up(&packet, at, size);
            }
}
END_TEST

/* A UDP checksum that comes to 0 is sent as FFFF: RFC 768. With all else 0, one word makes the sum so. */
START_TEST(udp_has_no_checksum_of_zero)
{
    DxPacket packet = { .protocol = DX_PROTOCOL_UDP };
    uint8_t at[30] = { 0 };

    put_u16(at + 28, 0xFFFF - (17 + 10 + 10)); /* protocol, length twice */
    dx__packet_headers(at, &packet, sizeof at);
    ck_assert_uint_eq(get_u16(at + 26), 0xFFFF);
}
END_TEST

START_TEST(headers_say_what_was_asked)
{
    DxPacket packet = { .is_ipv6 = true, .dscp = 46, .ecn = 3, .ttl = 7, .protocol = DX_PROTOCOL_TCP };
    uint8_t at[100] = { 0 };

    dx__packet_headers(at, &packet, sizeof at);
    ck_assert_uint_eq(at[0] >> 4, 6);
    ck_assert_uint_eq(get_u16(at) >> 4 & 0xFF, 46 << 2 | 3); /* traffic class */
    ck_assert_uint_eq(get_u16(at + 4), 60);
    ck_assert_uint_eq(at[7], 7);
    packet.is_ipv6 = false;
    dx__packet_headers(at, &packet, sizeof at);
    ck_assert_uint_eq(at[0], 0x45);
    ck_assert_uint_eq(at[1], 46 << 2 | 3);
    ck_assert_uint_eq(get_u16(at + 2), 100);
    ck_assert_uint_eq(get_u16(at + 6), 0x4000);
    ck_assert_uint_eq(at[8], 7);
    ck_assert_uint_eq(at[9], 6);
}
END_TEST

/* Nothing is written outside of the packet, however short. */
START_TEST(short_packets_stay_within_their_size)
{
    uint8_t at[80];

    for (unsigned version = 0; version < 2; version++)
        for (unsigned protocol = 0; protocol < 256; protocol++)
            for (size_t size = 0; size <= 70; size++) {
                const DxPacket packet = { .is_ipv6 = version, .protocol = (uint8_t)protocol };
                const size_t payload = dx__packet_payload(&packet, size);

                ck_assert_uint_le(payload, size);
                ck_assert_int_eq(payload == 0, size < (version ? 40u : 20u));
                if (!payload)
                    continue;
                memset(at, 0xA5, sizeof at);
                dx__packet_headers(at, &packet, size);
                for (size_t i = payload; i < sizeof at; i++)
                    ck_assert_uint_eq(at[i], 0xA5);
                if (protocol == DX_PROTOCOL_UDP && size < (version ? 48u : 28u))
                    ck_assert_uint_eq(at[version ? 6 : 9], DX_PROTOCOL_EXPERIMENT);
            }
}
END_TEST

SUITE_MAIN("packet", 60, crc32_has_the_check_values, crc32_of_flow_keys, crc32_takes_any_length,
           frames_are_those_of_the_reference, addresses_are_local_and_for_one_station, checksum_of_the_rfc,
           checksums_hold_at_every_size, udp_has_no_checksum_of_zero, headers_say_what_was_asked,
           short_packets_stay_within_their_size)
