/*
 * test_lacp - LACPDUs and markers are those of IEEE 802.1AX, octet by octet
 */
#include <string.h>
#include <dxsim/rng.h>
#include "../../hex.h"
#include "../../suite.h"
#include "wire/crc32.h"
#include "wire/lacp.h"

static DxLacpInfo info_of(DxJsonDoc *doc, const DxJson *row, const char *who)
{
    const DxJson *said = vectors_get(doc, row, who);
    Octets system;
    DxLacpInfo info = { .system_priority = (uint16_t)vectors_u64(doc, said, "sys_prio", 0),
                        .key = (uint16_t)vectors_u64(doc, said, "key", 0),
                        .port_priority = (uint16_t)vectors_u64(doc, said, "port_prio", 0),
                        .port = (uint16_t)vectors_u64(doc, said, "port", 0),
                        .state = (uint8_t)hex_u64(doc, said, "state") };

    hex_get(&system, doc, said, "sys");
    memcpy(info.system, system.at, 6);
    return info;
}

static void assert_info(const DxLacpInfo *a, const DxLacpInfo *b)
{
    ck_assert_uint_eq(a->system_priority, b->system_priority);
    ck_assert_mem_eq(a->system, b->system, 6);
    ck_assert_uint_eq(a->key, b->key);
    ck_assert_uint_eq(a->port_priority, b->port_priority);
    ck_assert_uint_eq(a->port, b->port);
    ck_assert_uint_eq(a->state, b->state);
}

START_TEST(pdus_are_those_of_the_standard)
{
    DxJsonDoc *doc = vectors_load("lacp.json");
    unsigned n = 0;

    dx_json_each (row, vectors_get(doc, dx__json_root(doc), "frames")) {
        const DxLacpPdu pdu = { info_of(doc, row, "actor"), info_of(doc, row, "partner"), 0 };
        uint8_t frame[DX_LACP_FRAME_BYTES];
        DxLacpPdu read;
        Octets want, fcs;
        DxCrc32 crc;
        uint32_t sum;

        hex_get(&want, doc, row, "frame_no_fcs");
        hex_get(&fcs, doc, row, "fcs");
        dx__lacp_encode(&pdu, want.at + 6, frame);
        hex_assert(frame, sizeof frame, &want, row);
        dx__crc32_init(&crc);
        sum = dx__crc32(&crc, frame, sizeof frame);
        for (unsigned i = 0; i < 4; i++) /* the FCS goes out lowest octet first */
            ck_assert_uint_eq(fcs.at[i], sum >> 8 * i & 0xff);
        ck_assert_uint_eq(vectors_u64(doc, row, "frame_len_incl_fcs", 0), DX_LACP_FRAME_BYTES + 4);
        ck_assert_ptr_null(dx__lacp_decode(want.at, want.n, &read));
        assert_info(&read.actor, &pdu.actor);
        assert_info(&read.partner, &pdu.partner);
        n++;
    }
    ck_assert_uint_eq(n, 7);
    dx__json_free(doc);
}
END_TEST

START_TEST(bits_have_their_places)
{
    static const struct {
        const char *name;
        unsigned bit;
    } bits[] = { { "activity", DX_LACP_ACTIVITY },       { "timeout", DX_LACP_TIMEOUT },
                 { "aggregation", DX_LACP_AGGREGATION }, { "synchronization", DX_LACP_SYNCHRONIZATION },
                 { "collecting", DX_LACP_COLLECTING },   { "distributing", DX_LACP_DISTRIBUTING },
                 { "defaulted", DX_LACP_DEFAULTED },     { "expired", DX_LACP_EXPIRED } };
    DxJsonDoc *doc = vectors_load("lacp.json");
    const DxJson *said = vectors_get(doc, dx__json_root(doc), "state_bits");

    for (unsigned i = 0; i < sizeof bits / sizeof *bits; i++)
        ck_assert_uint_eq(vectors_u64(doc, said, bits[i].name, 0), bits[i].bit);
    dx__json_free(doc);
}
END_TEST

START_TEST(a_marker_is_that_of_the_standard)
{
    DxJsonDoc *doc = vectors_load("lacp.json");
    const DxJson *row = vectors_get(doc, dx__json_root(doc), "marker");
    DxMarkerPdu pdu = { .port = (uint16_t)vectors_u64(doc, row, "requester_port", 0),
                        .system = { 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF },
                        .transaction = (uint32_t)hex_u64(doc, row, "transaction_id") };
    uint8_t frame[DX_LACP_FRAME_BYTES];
    DxMarkerPdu read;
    Octets want;

    hex_get(&want, doc, row, "frame_no_fcs");
    dx__marker_encode(&pdu, want.at + 6, frame);
    hex_assert(frame, sizeof frame, &want, row);
    ck_assert_ptr_null(dx__marker_decode(frame, sizeof frame, &read));
    ck_assert(!read.is_response && read.port == pdu.port && read.transaction == pdu.transaction);
    ck_assert_mem_eq(read.system, pdu.system, 6);
    pdu.is_response = true; /* clause 6.5.3.3: the same, but for the type */
    dx__marker_encode(&pdu, want.at + 6, frame);
    want.at[16] = 2;
    hex_assert(frame, sizeof frame, &want, row);
    ck_assert_ptr_null(dx__marker_decode(frame, sizeof frame, &read));
    ck_assert(read.is_response);
    dx__json_free(doc);
}
END_TEST

START_TEST(what_is_none_is_refused)
{
    /* an octet that must be as it is, and one that may be anything */
    static const struct {
        unsigned at;
        bool matters;
    } octets[] = { { 0, true },   { 5, true },   { 12, true },  { 13, true },  { 14, true }, { 16, true },
                   { 17, true },  { 36, true },  { 37, true },  { 56, true },  { 57, true }, { 6, false },
                   { 33, false }, { 60, false }, { 74, false }, { 123, false } };
    const DxLacpPdu pdu = { .actor = { .port = 1 } };
    uint8_t frame[DX_LACP_FRAME_BYTES];
    const uint8_t sa[6] = { 2 };
    DxLacpPdu read;

    for (unsigned i = 0; i < sizeof octets / sizeof *octets; i++) {
        dx__lacp_encode(&pdu, sa, frame);
        frame[octets[i].at] ^= 0x80;
        ck_assert_msg(!dx__lacp_decode(frame, sizeof frame, &read) == !octets[i].matters, "octet %u",
                      octets[i].at);
    }
    dx__lacp_encode(&pdu, sa, frame);
    for (size_t n = 0; n < sizeof frame; n++)
        ck_assert_ptr_nonnull(dx__lacp_decode(frame, n, &read));
    frame[15] = 2; /* a later version is read as the first, none before it */
    ck_assert_ptr_null(dx__lacp_decode(frame, sizeof frame, &read));
    frame[15] = 0;
    ck_assert_ptr_nonnull(dx__lacp_decode(frame, sizeof frame, &read));
}
END_TEST

START_TEST(random_octets_do_no_harm)
{
    const DxLacpPdu pdu = { .actor = { .port = 1 } };
    uint8_t good[DX_LACP_FRAME_BYTES];
    const uint8_t sa[6] = { 2 };
    uint64_t random = 3;
    unsigned n_read = 0;

    dx__lacp_encode(&pdu, sa, good);
    for (unsigned i = 0; i < 200000; i++) {
        const size_t n = i % 2 ? sizeof good : dx_splitmix64(&random) % 200;
        uint8_t *at = g_malloc(n + !n); /* to size: a sanitizer sees every octet too many */
        DxMarkerPdu marker;
        DxLacpPdu read;

        for (size_t k = 0; k < n; k++)
            at[k] = i % 2 ? good[k] : (uint8_t)dx_splitmix64(&random);
        for (unsigned k = 0; n && k < 3; k++)
            at[dx_splitmix64(&random) % n] = (uint8_t)dx_splitmix64(&random);
        if (n > 14)
            at[14] = (uint8_t)(1 + i % 3 % 2);
        n_read += !dx__lacp_decode(at, n, &read);
        n_read += !dx__marker_decode(at, n, &marker);
        g_free(at);
    }
    ck_assert_uint_gt(n_read, 10000); /* the test goes deep enough */
}
END_TEST

SUITE_MAIN("lacp", 60, pdus_are_those_of_the_standard, bits_have_their_places,
           a_marker_is_that_of_the_standard, what_is_none_is_refused, random_octets_do_no_harm)
