/*
 * test_frame - a descriptor as octets has the length that the port counted, and says what the descriptor says
 */
#include <string.h>
#include "../../suite.h"
#include "wire/frame.h"
#include "wire/line.h"
#include "wire/packet.h"
#include "wire/put.h"

static const DxFlow udp = { .src = { [12] = 10, 1, 0, 1 },
                            .dst = { [12] = 10, 2, 0, 1 },
                            .src_port = 49152,
                            .dst_port = 443,
                            .protocol = 17 };

typedef struct {
    DxCrc32 crc;
    uint8_t at[DX_WIRE_FRAME_MAX];
    size_t n;
} Wire;

static Wire *wire_new(void)
{
    Wire *wire = g_new0(Wire, 1);

    dx__crc32_init(&wire->crc);
    return wire;
}

static DxWireFrame describe(const DxFrame *frame, const DxFlow *flow)
{
    return (DxWireFrame){ .frame = frame, .flow = flow, .seq = frame->seq, .from = "a", .to = "b" };
}

static void build(Wire *wire, const DxFrame *frame, const DxFlow *flow)
{
    const DxWireFrame what = describe(frame, flow);

    wire->n = dx__frame_ethernet(&what, NULL, &wire->crc, wire->at);
}

/* IEEE 802.3, and docs/models/port.md: 14 + 4 around packet and overhead, at least 64. */
static size_t length_of(const DxFrame *frame)
{
    return MAX(14u + 4 + frame->size_bytes + frame->overhead_bytes, 64u);
}

START_TEST(frames_are_as_long_as_the_port_counts)
{
    static const uint16_t sizes[] = { 0, 1, 19, 20, 27, 28, 39, 40, 46, 47, 64, 1500, 9001, 65535 };
    static const uint8_t overheads[] = { 0, 4, 8, 50, 255 };
    static const uint16_t flags[] = { 0, DX_FRAME_TAGGED, DX_FRAME_TAGGED | DX_FRAME_S_TAG };
    Wire *wire = wire_new();

    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(overheads); k++)
            for (unsigned f = 0; f < G_N_ELEMENTS(flags); f++)
                for (unsigned protocol = 0; protocol < 256; protocol += 1 + 10 * (protocol > 60)) {
                    const DxFrame frame = {
                        .size_bytes = sizes[i], .overhead_bytes = overheads[k], .flags = flags[f], .ttl = 64
                    };
                    DxFlow flow = udp;

                    if (flags[f] && overheads[k] < 4)
                        continue;
                    flow.protocol = (uint8_t)protocol;
                    flow.is_ipv6 = protocol % 2;
                    if (sizes[i] > 9001 && protocol != 17)
                        continue;
                    build(wire, &frame, protocol == 255 ? NULL : &flow);
                    ck_assert_uint_eq(wire->n, length_of(&frame));
                    ck_assert_uint_eq(dx__crc32(&wire->crc, wire->at, wire->n), DX_CRC32_GOOD);
                }
    g_free(wire);
}
END_TEST

START_TEST(fields_are_those_of_the_descriptor)
{
    Wire *wire = wire_new();
    const DxFrame frame = { .flow = 5,
                            .seq = 0x01020304,
                            .size_bytes = 100,
                            .overhead_bytes = 4,
                            .ttl = 61,
                            .tci = 5 << 13 | 1 << 12 | 100,
                            .flags = DX_FRAME_TAGGED | 3 << DX_FRAME_ECN_SHIFT };
    const uint8_t *ip = wire->at + 18;
    uint8_t mac[6];

    build(wire, &frame, &udp);
    dx__ethernet_address(mac, "b");
    ck_assert(!memcmp(wire->at, mac, 6));
    dx__ethernet_address(mac, "a");
    ck_assert(!memcmp(wire->at + 6, mac, 6));
    ck_assert_uint_eq(get_u16(wire->at + 12), 0x8100);
    ck_assert_uint_eq(get_u16(wire->at + 14), 5 << 13 | 1 << 12 | 100);
    ck_assert_uint_eq(get_u16(wire->at + 16), 0x0800);
    ck_assert_uint_eq(ip[1], 40 << 2 | 3); /* class selector 5, ECN */
    ck_assert_uint_eq(get_u16(ip + 2), 100);
    ck_assert_uint_eq(get_u16(ip + 4), 0x0304);
    ck_assert_uint_eq(ip[8], 61);
    ck_assert_uint_eq(get_u32(ip + 12), 0x0A010001);
    ck_assert_uint_eq(get_u32(ip + 16), 0x0A020001);
    ck_assert_uint_eq(get_u16(ip + 20), 49152);
    ck_assert_uint_eq(get_u32(ip + 28), 5); /* payload: flow, number, octets that count up */
    ck_assert_uint_eq(get_u32(ip + 32), 0x01020304);
    for (unsigned i = 8; i < 72; i++)
        ck_assert_uint_eq(ip[28 + i], i);
    g_free(wire);
}
END_TEST

START_TEST(s_tags_have_their_own_type)
{
    Wire *wire = wire_new();
    const DxFrame frame = { .size_bytes = 100,
                            .overhead_bytes = 4,
                            .flags = DX_FRAME_TAGGED | DX_FRAME_S_TAG };

    build(wire, &frame, &udp);
    ck_assert_uint_eq(get_u16(wire->at + 12), 0x88A8);
    g_free(wire);
}
END_TEST

/* IEEE 802.1Q, figure 9-1 and clause 9.3: the service tag stands in front of the customer's. */
START_TEST(the_tag_of_a_vif_stands_behind_that_of_a_provider)
{
    Wire *wire = wire_new();
    DxFrame frame = { .size_bytes = 100,
                      .overhead_bytes = 8,
                      .tci = 3 << 13 | 4000,
                      .flags = DX_FRAME_TAGGED | DX_FRAME_S_TAG | DX_FRAME_VIF };
    DxWireFrame what = describe(&frame, &udp);

    what.vif_tci = 6 << 13 | 1 << 12 | 100;
    wire->n = dx__frame_ethernet(&what, NULL, &wire->crc, wire->at);
    ck_assert_uint_eq(wire->n, length_of(&frame));
    ck_assert_uint_eq(get_u16(wire->at + 12), 0x88A8);
    ck_assert_uint_eq(get_u16(wire->at + 14), 3 << 13 | 4000);
    ck_assert_uint_eq(get_u16(wire->at + 16), 0x8100);
    ck_assert_uint_eq(get_u16(wire->at + 18), 6 << 13 | 1 << 12 | 100);
    ck_assert_uint_eq(get_u16(wire->at + 20), 0x0800);
    ck_assert_uint_eq(wire->at[22], 0x45);

    frame.flags = DX_FRAME_TAGGED | DX_FRAME_VIF; /* come to light again: its priority is what it is now */
    frame.overhead_bytes = 4;
    frame.tci = 3 << 13;
    wire->n = dx__frame_ethernet(&what, NULL, &wire->crc, wire->at);
    ck_assert_uint_eq(wire->n, length_of(&frame));
    ck_assert_uint_eq(get_u16(wire->at + 12), 0x8100);
    ck_assert_uint_eq(get_u16(wire->at + 14), 3 << 13 | 1 << 12 | 100);
    ck_assert_uint_eq(get_u16(wire->at + 16), 0x0800);
    g_free(wire);
}
END_TEST

START_TEST(what_belongs_to_no_flow_is_local)
{
    Wire *wire = wire_new();
    const DxFrame frame = { .size_bytes = 46, .flow = DX_NO_FLOW, .seq = 9 };

    build(wire, &frame, NULL);
    ck_assert_uint_eq(get_u16(wire->at + 12), 0x88B5);
    ck_assert_uint_eq(get_u32(wire->at + 18), 9);
    g_free(wire);
}
END_TEST

/* From the destination address on; a tag goes between. */
START_TEST(attached_octets_are_the_frame)
{
    static const char pdu[] = "\x01\x80\xC2\x00\x00\x02"
                              "\x02\x00\x00\x00\x00\x01"
                              "\x88\x09"
                              "slow protocol";
    Wire *wire = wire_new();
    DxFrame frame = { .size_bytes = 13, .flow = DX_NO_FLOW };
    DxWireFrame what = describe(&frame, NULL);

    what.octets = pdu;
    what.n_octets = 14 + 13;
    ck_assert_uint_eq(dx__frame_ethernet(&what, NULL, NULL, wire->at), 60);
    ck_assert(!memcmp(wire->at, pdu, 27));
    ck_assert_uint_eq(wire->at[27], 0);
    frame.flags = DX_FRAME_TAGGED;
    frame.overhead_bytes = 4;
    frame.tci = 7;
    ck_assert_uint_eq(dx__frame_ethernet(&what, NULL, NULL, wire->at), 60);
    ck_assert(!memcmp(wire->at, pdu, 12));
    ck_assert_uint_eq(get_u32(wire->at + 12), 0x81000007);
    ck_assert(!memcmp(wire->at + 16, pdu + 12, 15));
    g_free(wire);
}
END_TEST

/* With a flow they are what stands behind the header of IP, port numbers and checksum as they are. */
START_TEST(attached_octets_are_the_segment_of_a_flow)
{
    Wire *wire = wire_new();
    DxFrame frame = { .size_bytes = 20 + 24, .ttl = 255, .tci = 6 << 13 };
    DxFlow flow = udp;
    DxWireFrame what = describe(&frame, &flow);
    const uint8_t *ip = wire->at + 14;

    what.octets = "twenty-four octets of it";
    what.n_octets = 24;
    ck_assert_uint_eq(dx__frame_ethernet(&what, NULL, NULL, wire->at), 60);
    ck_assert_uint_eq(ip[1], 48 << 2); /* CS6 */
    ck_assert_uint_eq(get_u16(ip + 2), 44);
    ck_assert_uint_eq(ip[8], 255);
    ck_assert_uint_eq(ip[9], 17);
    ck_assert(!memcmp(ip + 20, what.octets, 24));
    ck_assert_uint_eq(dx__packet_checksum(dx__packet_sum(0, ip, 20)), 0);
    flow.is_ipv6 = true;
    flow.protocol = 6;
    frame.size_bytes = 40 + 24;
    ck_assert_uint_eq(dx__frame_ethernet(&what, NULL, NULL, wire->at), 14 + 64);
    ck_assert_uint_eq(get_u32(ip), 6u << 28 | 48u << 22);
    ck_assert_uint_eq(get_u16(ip + 4), 24);
    ck_assert_uint_eq(ip[6], 6);
    ck_assert(!memcmp(ip + 40, what.octets, 24));
    frame.size_bytes = 12; /* no room for a header */
    ck_assert_uint_eq(dx__frame_ethernet(&what, NULL, NULL, wire->at), 60);
    ck_assert_uint_eq(get_u16(wire->at + 12), 0x88B5);
    ck_assert_uint_eq(dx__frame_packet(&what, wire->at), 12);
    g_free(wire);
}
END_TEST

/* Opened again it is the frame in clear, tag and all: IEEE 802.1AE protects what stands behind the addresses.
 */
START_TEST(protected_frames_open_again)
{
    const DxMacsecConf conf = { .suite = DX_MACSEC_GCM_AES_XPN_256,
                                .key = { 1, 2, 3 },
                                .say = DX_MACSEC_SAY_SCI,
                                .encrypts = true,
                                .next_pn = 1 };
    DxMacsecSa *sender = dx__macsec_new(&conf, NULL), *receiver = dx__macsec_new(&conf, NULL);
    Wire *wire = wire_new(), *clear = wire_new();

    for (uint16_t size = 28; size < 9000; size = (uint16_t)(size + 331)) {
        DxFrame frame = { .size_bytes = size, .overhead_bytes = 4, .flags = DX_FRAME_TAGGED, .tci = 100 };
        DxWireFrame what = describe(&frame, &udp);
        size_t n;

        clear->n = dx__frame_ethernet(&what, NULL, NULL, clear->at);
        frame.overhead_bytes = 4 + 32;
        wire->n = dx__frame_ethernet(&what, sender, &wire->crc, wire->at);
        ck_assert_uint_eq(wire->n, length_of(&frame));
        ck_assert_uint_eq(dx__crc32(&wire->crc, wire->at, wire->n), DX_CRC32_GOOD);
        n = wire->n - 4;
        ck_assert_int_eq(dx__macsec_validate(receiver, wire->at, &n, NULL), DX_MACSEC_OK);
        ck_assert_uint_eq(n, 18u + size);
        ck_assert(!memcmp(wire->at, clear->at, n));
    }
    dx__macsec_free(sender);
    dx__macsec_free(receiver);
    g_free(wire);
    g_free(clear);
}
END_TEST

START_TEST(without_framing_there_is_the_packet_alone)
{
    DxWireLine line = { 0 };
    Wire *wire = wire_new();

    dx__line_init(&line, false);
    ck_assert_uint_eq(dx__line_link_type(&line), 101);
    ck_assert_int_eq(dx__line_fcs_bytes(&line), 0);
    for (uint16_t size = 0; size < 100; size++) {
        const DxFrame frame = { .size_bytes = size, .overhead_bytes = 8, .ttl = 1 };
        const DxWireFrame what = describe(&frame, &udp);

        ck_assert_uint_eq(dx__line_bytes(&line, &what, true, wire->at), size);
        if (size >= 20)
            ck_assert_uint_eq(wire->at[0], 0x45);
    }
    dx__line_clear(&line);
    g_free(wire);
}
END_TEST

SUITE_MAIN("frame", 60, frames_are_as_long_as_the_port_counts, fields_are_those_of_the_descriptor,
           s_tags_have_their_own_type, the_tag_of_a_vif_stands_behind_that_of_a_provider,
           what_belongs_to_no_flow_is_local, attached_octets_are_the_frame,
           attached_octets_are_the_segment_of_a_flow, protected_frames_open_again,
           without_framing_there_is_the_packet_alone)
