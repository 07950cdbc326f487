/*
 * test_bgp - octets of BGP messages are those of the standards, and faults are named as they name them
 *
 * Octets are put together by hand from RFC 4271, section 4, and the RFCs of capabilities and attributes.
 */
#include <string.h>
#include <time.h>
#include <dxsim/rng.h>
#include "../../hex.h"
#include "../../suite.h"
#include "bgp/community.h"
#include "wire/bgp.h"
#include "wire/put.h"

#define MARKER "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"

typedef struct {
    DxBgpUpdate update;
    DxBgpFault fault;
    DxBgpPeer peer;
} Reader;

static Reader *reader_new(void)
{
    Reader *reader = g_new0(Reader, 1);

    dx__bgp_update_init(&reader->update);
    reader->peer = (DxBgpPeer){ .is_internal = true, .families = 3 };
    return reader;
}

static void reader_free(Reader *reader)
{
    dx__bgp_update_clear(&reader->update);
    g_free(reader);
}

/* From a block of its own, so that reading past its end is noticed. */
static DxBgpVerdict read_update(Reader *reader, const uint8_t *octets, size_t n)
{
    static uint8_t *last;

    g_free(last);
    last = g_memdup2(octets, n);
    return dx__bgp_decode_update(last, n, &reader->peer, &reader->update, &reader->fault);
}

static void assert_octets(const uint8_t *got, size_t n, const char *hex)
{
    Octets want;

    hex_parse(&want, hex);
    ck_assert_uint_eq(n, want.n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(got[i] == want.at[i], "octet %zu is %02X, expected %02X", i, got[i], want.at[i]);
}

static DxPrefix prefix_of(const char *text)
{
    DxPrefix prefix;

    ck_assert_int_eq(dx_prefix_parse(text, &prefix), DX_PREFIX_OK);
    return prefix;
}

static DxIp ip_of(const char *text)
{
    DxIp ip;

    ck_assert(dx_ip_parse(text, &ip));
    return ip;
}

static void assert_prefixes(const GArray *got, const char *const *texts)
{
    guint n = 0;

    for (; texts[n]; n++) {
        const DxPrefix want = prefix_of(texts[n]);

        ck_assert_uint_lt(n, got->len);
        ck_assert(!memcmp(&g_array_index(got, DxPrefix, n), &want, sizeof want));
    }
    ck_assert_uint_eq(got->len, n);
}

#define PREFIXES(...) ((const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

/* -- OPEN ---------------------------------------------------------------------------------------------- */

static const DxBgpOpen full_open = { .as = 4200000000, /* FA56EA00: 23456 in two octets */
                                     .hold_s = 90,
                                     .router_id = 0x0A000001,
                                     .families = 3,
                                     .has_multiprotocol = true,
                                     .has_as4 = true,
                                     .has_refresh = true,
                                     .has_restart = true,
                                     .is_restarting = true,
                                     .restart_s = 120,
                                     .restart_families = 3,
                                     .forwarding = 1 };

/* 29 + 2 + 6 + 6 + 2 + 12 + 6 = 63 octets. */
static const char full_open_hex[] = MARKER "003F01"
                                           "04"
                                           "5BA0"
                                           "005A"
                                           "0A000001"
                                           "22"
                                           "0220"
                                           "010400010001"
                                           "010400020001"
                                           "0200"
                                           "400A8078"
                                           "00010180"
                                           "00020100"
                                           "4104FA56EA00";

static void assert_open(const DxBgpOpen *got, const DxBgpOpen *want)
{
    ck_assert_uint_eq(got->as, want->as);
    ck_assert_uint_eq(got->hold_s, want->hold_s);
    ck_assert_uint_eq(got->router_id, want->router_id);
    ck_assert_uint_eq(got->families, want->families);
    ck_assert(got->has_multiprotocol == want->has_multiprotocol);
    ck_assert(got->has_as4 == want->has_as4);
    ck_assert(got->has_refresh == want->has_refresh);
    ck_assert(got->has_restart == want->has_restart);
    ck_assert(got->is_restarting == want->is_restarting);
    ck_assert_uint_eq(got->restart_s, want->restart_s);
    ck_assert_uint_eq(got->restart_families, want->restart_families);
    ck_assert_uint_eq(got->forwarding, want->forwarding);
}

START_TEST(open_is_that_of_the_standard)
{
    static const DxBgpOpen plain = { .as = 65001, .hold_s = 180, .router_id = 0xC0000201, .families = 1 };
    uint8_t at[DX_BGP_MESSAGE_MAX];
    DxBgpFault fault;
    DxBgpOpen open;
    size_t n = dx__bgp_encode_open(&full_open, at);

    assert_octets(at, n, full_open_hex);
    ck_assert(dx__bgp_decode_open(at, n, &open, &fault));
    assert_open(&open, &full_open);
    n = dx__bgp_encode_open(&plain, at);
    assert_octets(at, n,
                  MARKER "001D01"
                         "04FDE900B4C000020100");
    ck_assert(dx__bgp_decode_open(at, n, &open, &fault));
    assert_open(&open, &plain);
}
END_TEST

/* Capabilities in parameters of their own, and ones that we do not know, are read as well (RFC 5492). */
START_TEST(capabilities_may_come_apart)
{
    Octets octets;
    DxBgpFault fault;
    DxBgpOpen open;

    hex_parse(&octets, MARKER "003901"
                              "04FDE9005A0A000001"
                              "1C"
                              "0206010400020001" /* IPv6 */
                              "0206010400190041" /* L2VPN */
                              "02024600"         /* 70: none of ours */
                              "020641040000FDE9");
    ck_assert(dx__bgp_decode_open(octets.at, octets.n, &open, &fault));
    ck_assert_uint_eq(open.families, 1 << DX_BGP_IPV6);
    ck_assert(open.has_as4);
    ck_assert(!open.has_refresh && !open.has_restart);
    ck_assert_uint_eq(open.as, 65001);
}
END_TEST

/* RFC 4271, section 6.2. */
START_TEST(open_faults_are_named)
{
    /* clang-format off */
    static const struct {
        const char *hex;
        uint8_t code, subcode;
        const char *data;
    } rows[] = {
        { "001D01" "03FDE9005A0A00000100", 2, 1, "0004" },
        { "001D01" "040000005A0A00000100", 2, 2, "" },
        { "001D01" "045BA0005A0A00000100", 2, 2, "" }, /* AS_TRANS, and no other number */
        { "002501" "045BA0005A0A00000108" "0206410400005BA0", 2, 2, "" },
        { "002501" "045BA0005A0A00000108" "0206410400000000", 2, 2, "" },
        { "002501" "04FDE9005A0A00000108" "020641040000FDEA", 2, 2, "" }, /* 65001 and 65002 */
        { "001D01" "04FDE9005A0000000000", 2, 3, "" },
        { "002101" "04FDE9005A0A00000104" "01020000", 2, 4, "" }, /* authentication, deprecated */
        { "001D01" "04FDE900010A00000100", 2, 6, "" },
        { "001D01" "04FDE900020A00000100", 2, 6, "" },
        { "001D01" "04FDE9005A0A00000104", 2, 0, "" }, /* parameters that are not there */
        { "002101" "04FDE9005A0A00000104" "02030000", 2, 0, "" }, /* one octet short */
        { "002101" "04FDE9005A0A00000104" "02020101", 2, 0, "" }, /* the capability is one short */
        { "002101" "04FDE9005A0A00000104" "02024100", 2, 0, "" }, /* AS4 without a number */
        { "002101" "04FDE9005A0A00000104" "02024000", 2, 0, "" }, /* restart without a time */
        { "001C01" "04FDE9005A0A000001", 1, 2, "001C" },
    };
    /* clang-format on */
    DxBgpFault fault;
    DxBgpOpen open;

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *hex = g_strconcat(MARKER, rows[i].hex, NULL);
        Octets octets;
        uint8_t *at;

        hex_parse(&octets, hex);
        at = g_memdup2(octets.at, octets.n);
        ck_assert_msg(!dx__bgp_decode_open(at, octets.n, &open, &fault), "row %u was taken", i);
        ck_assert_msg(fault.code == rows[i].code && fault.subcode == rows[i].subcode, "row %u: %u/%u", i,
                      fault.code, fault.subcode);
        ck_assert_ptr_nonnull(fault.why);
        assert_octets(fault.data, fault.n_data, rows[i].data);
        g_free(at);
        g_free(hex);
    }
}
END_TEST

/* -- UPDATE -------------------------------------------------------------------------------------------- */

static const DxAsSegment segments[] = { { DX_AS_SEQUENCE, 2 }, { DX_AS_SET, 2 } };
static const uint32_t asns[] = { 65001, 4200000000, 1, 2 };
static const uint32_t communities[] = { 7224u << 16 | 7300, DX_COMMUNITY_NO_EXPORT };
static const uint32_t clusters[] = { 0x0A000007, 0x0A000008 };

static DxBgpAttributes full_attributes(void)
{
    return (DxBgpAttributes){ .has_origin = true,
                              .has_as_path = true,
                              .has_next_hop = true,
                              .has_med = true,
                              .has_local_pref = true,
                              .has_aggregator = true,
                              .has_originator_id = true,
                              .is_atomic = true,
                              .origin = DX_BGP_EGP,
                              .as_path = { segments, asns, 2 },
                              .next_hop = ip_of("169.254.0.1"),
                              .mp_next_hop = ip_of("2001:db8::1"),
                              .med = 100,
                              .local_pref = 200,
                              .originator_id = 0x0A000005,
                              .aggregator_as = 65001,
                              .aggregator_id = 0x0A000009,
                              .communities = communities,
                              .clusters = clusters,
                              .n_communities = 2,
                              .n_clusters = 2 };
}

static void assert_attributes(const DxBgpAttributes *got, const DxBgpAttributes *want)
{
    ck_assert(got->has_origin == want->has_origin && got->origin == want->origin);
    ck_assert(got->has_as_path == want->has_as_path);
    ck_assert(dx__as_path_equal(&got->as_path, &want->as_path));
    ck_assert(got->has_med == want->has_med && got->med == want->med);
    ck_assert(got->has_local_pref == want->has_local_pref && got->local_pref == want->local_pref);
    ck_assert(got->is_atomic == want->is_atomic);
    ck_assert(got->has_aggregator == want->has_aggregator && got->aggregator_as == want->aggregator_as &&
              got->aggregator_id == want->aggregator_id);
    ck_assert(got->has_originator_id == want->has_originator_id && got->originator_id == want->originator_id);
    ck_assert_uint_eq(got->n_communities, want->n_communities);
    ck_assert_uint_eq(got->n_clusters, want->n_clusters);
    for (uint32_t i = 0; i < want->n_communities; i++)
        ck_assert_uint_eq(got->communities[i], want->communities[i]);
    for (uint32_t i = 0; i < want->n_clusters; i++)
        ck_assert_uint_eq(got->clusters[i], want->clusters[i]);
}

/* ORIGIN 4, AS_PATH 3 + 20, NEXT_HOP 7, MED 7, LOCAL_PREF 7, ATOMIC_AGGREGATE 3, AGGREGATOR 11, COMMUNITIES
 * 11, ORIGINATOR_ID 7, CLUSTER_LIST 11: 91 octets; with 3 + 5 of prefixes 122 in all. */
static const char full_update_hex[] = MARKER "007A02"
                                             "0000"
                                             "005B"
                                             "40010101"
                                             "40021402020000FDE9FA56EA0001020000000100000002"
                                             "400304A9FE0001"
                                             "80040400000064"
                                             "400504000000C8"
                                             "400600"
                                             "C007080000FDE90A000009"
                                             "C008081C381C84FFFFFF01"
                                             "8009040A000005"
                                             "800A080A0000070A000008"
                                             "100A01"
                                             "19C0000280";

START_TEST(update_is_that_of_the_standard)
{
    const DxPrefix prefixes[] = { prefix_of("10.1.0.0/16"), prefix_of("192.0.2.128/25") };
    const DxBgpAttributes attributes = full_attributes();
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n_taken, n = dx__bgp_encode_update(&attributes, prefixes, 2, &n_taken, at);

    ck_assert_uint_eq(n_taken, 2);
    assert_octets(at, n, full_update_hex);
    ck_assert_int_eq(read_update(reader, at, n), DX_BGP_TAKEN);
    assert_attributes(&reader->update.attributes, &attributes);
    ck_assert(!dx_ip_compare(&reader->update.attributes.next_hop, &attributes.next_hop));
    ck_assert_uint_eq(reader->update.attributes.mp_next_hop.bits, 0);
    assert_prefixes(reader->update.nlri, PREFIXES("10.1.0.0/16", "192.0.2.128/25"));
    assert_prefixes(reader->update.withdrawn, PREFIXES());
    assert_prefixes(reader->update.mp_nlri, PREFIXES());
    ck_assert_uint_eq(reader->update.end_of_rib, 0);
    reader_free(reader);
}
END_TEST

/* RFC 4760: AFI 2, SAFI 1, 16 octets of next hop, one reserved; 25 + 7 octets. RFC 7606: it comes first. */
START_TEST(ipv6_goes_in_attributes)
{
    const DxPrefix prefix = prefix_of("2001:db8:1::/48");
    const DxBgpAttributes attributes = { .has_origin = true,
                                         .origin = DX_BGP_INCOMPLETE,
                                         .has_as_path = true,
                                         .has_local_pref = true,
                                         .local_pref = 100,
                                         .mp_next_hop = ip_of("2001:db8::1") };
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n_taken, n = dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at);

    ck_assert_uint_eq(n_taken, 1);
    assert_octets(at, n,
                  MARKER "00450200"
                         "00002E"
                         "900E001C"
                         "00020110"
                         "20010DB8000000000000000000000001"
                         "00"
                         "3020010DB80001"
                         "40010102"
                         "400200"
                         "40050400000064");
    ck_assert_int_eq(read_update(reader, at, n), DX_BGP_TAKEN);
    assert_attributes(&reader->update.attributes, &attributes);
    ck_assert(!dx_ip_compare(&reader->update.attributes.mp_next_hop, &attributes.mp_next_hop));
    assert_prefixes(reader->update.mp_nlri, PREFIXES("2001:db8:1::/48"));
    assert_prefixes(reader->update.nlri, PREFIXES());
    n = dx__bgp_encode_withdraw(&prefix, 1, &n_taken, at);
    assert_octets(at, n,
                  MARKER "00250200"
                         "00000E"
                         "900F000A"
                         "000201"
                         "3020010DB80001");
    ck_assert_int_eq(read_update(reader, at, n), DX_BGP_TAKEN);
    assert_prefixes(reader->update.withdrawn, PREFIXES("2001:db8:1::/48"));
    ck_assert_uint_eq(reader->update.end_of_rib, 0);
    reader_free(reader);
}
END_TEST

START_TEST(withdrawals_have_their_own_field)
{
    const DxPrefix prefixes[] = { prefix_of("10.1.0.0/16"), prefix_of("0.0.0.0/0") };
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n_taken, n = dx__bgp_encode_withdraw(prefixes, 2, &n_taken, at);

    assert_octets(at, n,
                  MARKER "001B020004"
                         "100A0100"
                         "0000");
    ck_assert_uint_eq(n_taken, 2);
    ck_assert_int_eq(read_update(reader, at, n), DX_BGP_TAKEN);
    assert_prefixes(reader->update.withdrawn, PREFIXES("10.1.0.0/16", "0.0.0.0/0"));
    ck_assert_uint_eq(reader->update.end_of_rib, 0);
    reader_free(reader);
}
END_TEST

/* RFC 4724, section 2. */
START_TEST(the_end_of_the_rib_is_told)
{
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n = dx__bgp_encode_end_of_rib(DX_BGP_IPV4, at);

    assert_octets(at, n, MARKER "00170200000000");
    ck_assert_int_eq(read_update(reader, at, n), DX_BGP_TAKEN);
    ck_assert_uint_eq(reader->update.end_of_rib, 1 << DX_BGP_IPV4);
    n = dx__bgp_encode_end_of_rib(DX_BGP_IPV6, at);
    assert_octets(at, n, MARKER "001E0200000007900F0003000201");
    ck_assert_int_eq(read_update(reader, at, n), DX_BGP_TAKEN);
    ck_assert_uint_eq(reader->update.end_of_rib, 1 << DX_BGP_IPV6);
    reader_free(reader);
}
END_TEST

/* RFC 4271, sections 4.4, 4.5; RFC 2918. */
START_TEST(short_messages_are_those_of_the_standard)
{
    uint8_t at[DX_BGP_MESSAGE_MAX];
    DxBgpFault said = { DX_BGP_CEASE, DX_BGP_ADMINISTRATIVE_SHUTDOWN, (const uint8_t *)"\3bye", 4, NULL },
               fault;
    DxBgpFamily family;
    size_t n;

    assert_octets(at, dx__bgp_encode_keepalive(at), MARKER "001304");
    n = dx__bgp_encode_notification(&said, at);
    assert_octets(at, n, MARKER "001903060203627965");
    ck_assert(dx__bgp_decode_notification(at, n, &said, &fault));
    ck_assert_uint_eq(said.code, 6);
    ck_assert_uint_eq(said.subcode, 2);
    ck_assert_uint_eq(said.n_data, 4);
    ck_assert_str_eq(said.why, "Administrative Shutdown");
    n = dx__bgp_encode_refresh(DX_BGP_IPV6, at);
    assert_octets(at, n, MARKER "00170500020001");
    ck_assert(dx__bgp_decode_refresh(at, n, &family, &fault));
    ck_assert_int_eq(family, DX_BGP_IPV6);
    at[22] = 128; /* VPN */
    ck_assert(dx__bgp_decode_refresh(at, n, &family, &fault));
    ck_assert_int_eq(family, DX_BGP_N_FAMILIES);
    ck_assert_str_eq(dx__bgp_code_name(4), "Hold Timer Expired");
    ck_assert_ptr_null(dx__bgp_subcode_name(4, 0));
    ck_assert_ptr_null(dx__bgp_code_name(99));
    ck_assert_str_eq(dx__bgp_subcode_name(6, 10), "BFD Down");
}
END_TEST

/* -- packing ------------------------------------------------------------------------------------------- */

static DxPrefix numbered(uint32_t i, uint8_t bits)
{
    DxPrefix prefix = { { bits, { 0 } }, bits == 32 ? 24 : 64 };

    prefix.network.bytes[0] = bits == 32 ? 11 : 0x20;
    prefix.network.bytes[1] = (uint8_t)(i >> 8);
    prefix.network.bytes[2] = (uint8_t)i;
    return prefix;
}

/* Of /24s, 4 octets each: (4096 - 23 - 91) / 4 = 995. Of /64s, 9 each: (4096 - 23 - (91 - 7) - 25) / 9 = 440.
 * Withdrawn: (4096 - 23) / 4 = 1018, and (4096 - 23 - 7) / 9 = 451. */
START_TEST(messages_are_filled)
{
    const DxBgpAttributes attributes = full_attributes();
    DxPrefix prefixes[2][2000];
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n_taken;

    for (uint32_t i = 0; i < 2000; i++) {
        prefixes[0][i] = numbered(i, 32);
        prefixes[1][i] = numbered(i, 128);
    }
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, prefixes[0], 2000, &n_taken, at), 23 + 91 + 4 * 995);
    ck_assert_uint_eq(n_taken, 995);
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, prefixes[1], 2000, &n_taken, at),
                      23 + 84 + 25 + 9 * 440);
    ck_assert_uint_eq(n_taken, 440);
    ck_assert_uint_eq(dx__bgp_encode_withdraw(prefixes[0], 2000, &n_taken, at), 23 + 4 * 1018);
    ck_assert_uint_eq(n_taken, 1018);
    ck_assert_uint_eq(dx__bgp_encode_withdraw(prefixes[1], 2000, &n_taken, at), 23 + 7 + 9 * 451);
    ck_assert_uint_eq(n_taken, 451);
    prefixes[0][7] = prefixes[1][0]; /* of the other family */
    dx__bgp_encode_update(&attributes, prefixes[0], 2000, &n_taken, at);
    ck_assert_uint_eq(n_taken, 7);
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, prefixes[0], 0, &n_taken, at), 0);
    ck_assert_uint_eq(dx__bgp_encode_withdraw(prefixes[0], 0, &n_taken, at), 0);
}
END_TEST

/* A segment counts its numbers in one octet. Cut in two a sequence is as long; a set would be one longer. */
START_TEST(long_paths_are_cut)
{
    enum { N = 300 };
    const DxPrefix prefix = numbered(1, 32);
    uint32_t numbers[1000];
    DxAsSegment segment = { DX_AS_SEQUENCE, N };
    DxBgpAttributes attributes = { .has_origin = true,
                                   .has_as_path = true,
                                   .has_next_hop = true,
                                   .next_hop = ip_of("10.0.0.1"),
                                   .as_path = { &segment, numbers, 1 } };
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n_taken, n;

    reader->peer.is_internal = false;
    for (uint32_t i = 0; i < 1000; i++)
        numbers[i] = i + 1;
    n = dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at);
    ck_assert_uint_eq(n, 23 + 4 + (4 + 2 * 2 + 4 * N) + 7 + 4);
    ck_assert_int_eq(read_update(reader, at, n), DX_BGP_TAKEN);
    ck_assert_uint_eq(dx__as_path_hops(&reader->update.attributes.as_path), N);
    ck_assert_uint_eq(reader->update.attributes.as_path.n_segments, 2);
    for (uint32_t i = 0; i < N; i++)
        ck_assert_uint_eq(reader->update.attributes.as_path.asns[i], i + 1);
    segment.n = 1000; /* 4 + 4 * 2 + 4000 + 4 + 7 + 23 = 4046, and 4 for the prefix */
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at), 4050);
    attributes.n_communities = 2;
    attributes.communities = communities;
    attributes.is_atomic = true;
    attributes.has_med = attributes.has_local_pref = true; /* 11 + 3 + 7 + 7 more: 4074, and 4 */
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at), 4078);
    attributes.has_aggregator = attributes.has_originator_id = true; /* 18 more fill it */
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at), 4096);
    attributes.n_clusters = 1;
    attributes.clusters = clusters;
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at), 0);
    segment = (DxAsSegment){ DX_AS_SET, 256 };
    ck_assert_uint_eq(dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at), 0);
    segment.n = 255;
    ck_assert_uint_gt(dx__bgp_encode_update(&attributes, &prefix, 1, &n_taken, at), 0);
    reader_free(reader);
}
END_TEST

/* -- faults of UPDATE ---------------------------------------------------------------------------------- */

#define ORIGIN "40010100"
#define AS_PATH                                                                                              \
    "4002060201"                                                                                             \
    "0000FDE9"
#define NEXT_HOP   "4003040A000001"
#define LOCAL_PREF "40050400000064"
#define EXTERNAL   ORIGIN AS_PATH NEXT_HOP
#define INTERNAL   EXTERNAL LOCAL_PREF
#define NET        "080A" /* 10.0.0.0/8 */

typedef struct {
    const char *attributes, *nlri;
    char peer; /* i: internal, e: external, c: of the confederation */
    DxBgpVerdict verdict;
    uint8_t subcode;
    const char *data;
} FaultRow;

static size_t build(const FaultRow *row, uint8_t *to)
{
    Octets attributes, nlri;

    hex_parse(&attributes, row->attributes);
    hex_parse(&nlri, row->nlri);
    memset(to, 0xff, 16);
    put_u16(to + 16, (uint16_t)(23 + attributes.n + nlri.n));
    to[18] = DX_BGP_UPDATE;
    put_u16(to + 19, 0);
    put_u16(to + 21, (uint16_t)attributes.n);
    memcpy(to + 23, attributes.at, attributes.n);
    memcpy(to + 23 + attributes.n, nlri.at, nlri.n);
    return 23 + attributes.n + nlri.n;
}

#define MP_REACH_NEXT_HOP "20010DB8000000000000000000000001"

/* clang-format off */
static const FaultRow fault_rows[] = {
    { INTERNAL, NET, 'i', DX_BGP_TAKEN, 0, NULL },
    { EXTERNAL, NET, 'e', DX_BGP_TAKEN, 0, NULL },
    /* RFC 7606 3 (d): what must be there. */
    { AS_PATH NEXT_HOP LOCAL_PREF, NET, 'i', DX_BGP_WITHDRAW, 3, "01" },
    { ORIGIN NEXT_HOP LOCAL_PREF, NET, 'i', DX_BGP_WITHDRAW, 3, "02" },
    { ORIGIN AS_PATH LOCAL_PREF, NET, 'i', DX_BGP_WITHDRAW, 3, "03" },
    { EXTERNAL, NET, 'i', DX_BGP_WITHDRAW, 3, "05" },
    /* 3 (c): flags. */
    { "C0010100" AS_PATH NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 4, "C0010100" },
    { EXTERNAL "C00404" "00000001", NET, 'e', DX_BGP_WITHDRAW, 4, "C00404" "00000001" },
    { EXTERNAL "800804" "1C381C84", NET, 'e', DX_BGP_WITHDRAW, 4, "800804" "1C381C84" },
    { EXTERNAL "E00804" "1C381C84", NET, 'e', DX_BGP_TAKEN, 0, NULL },  /* Partial is no fault */
    /* 7.1: ORIGIN. */
    { "40010103" AS_PATH NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 6, "40010103" },
    { "4001020000" AS_PATH NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 5, "4001020000" },
    { "400100" AS_PATH NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 5, "400100" },
    /* 7.2: AS_PATH. */
    { ORIGIN "400206" "05010000FDE9" NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 11, "40020605010000FDE9" },
    { ORIGIN "400206" "00010000FDE9" NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 11, "40020600010000FDE9" },
    { ORIGIN "400202" "0200" NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 11, "4002020200" },
    { ORIGIN "400201" "02" NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 11, "40020102" },
    { ORIGIN "400206" "02020000FDE9" NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 11, "40020602020000FDE9" },
    { ORIGIN "400206" "020100000000" NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 11, "400206020100000000" },
    { ORIGIN "400206" "03010000FDE9" NEXT_HOP, NET, 'e', DX_BGP_WITHDRAW, 11, "40020603010000FDE9" },
    { ORIGIN "400206" "04010000FDE9" NEXT_HOP, NET, 'c', DX_BGP_TAKEN, 0, NULL },
    { ORIGIN "400206" "03010000FDE9" NEXT_HOP LOCAL_PREF, NET, 'i', DX_BGP_TAKEN, 0, NULL },
    /* 7.3: NEXT_HOP. */
    { ORIGIN AS_PATH "4003050A00000100", NET, 'e', DX_BGP_WITHDRAW, 5, "4003050A00000100" },
    { ORIGIN AS_PATH "40030400000000", NET, 'e', DX_BGP_WITHDRAW, 8, "40030400000000" },
    { ORIGIN AS_PATH "400304E0000001", NET, 'e', DX_BGP_WITHDRAW, 8, "400304E0000001" },
    { ORIGIN AS_PATH "4003047F000001", NET, 'e', DX_BGP_WITHDRAW, 8, "4003047F000001" },
    { ORIGIN AS_PATH "400304DF000001", NET, 'e', DX_BGP_TAKEN, 0, NULL },
    /* 7.4, 7.5: MED, LOCAL_PREF. */
    { EXTERNAL "800403" "000000", NET, 'e', DX_BGP_WITHDRAW, 5, "800403000000" },
    { EXTERNAL "400505" "0000000000", NET, 'i', DX_BGP_WITHDRAW, 5, "4005050000000000" },
    { EXTERNAL "400505" "0000000000", NET, 'e', DX_BGP_DISCARDED, 1, "4005050000000000" },
    { INTERNAL, NET, 'e', DX_BGP_DISCARDED, 1, LOCAL_PREF },
    { INTERNAL, NET, 'c', DX_BGP_TAKEN, 0, NULL },
    /* 7.6, 7.7: ATOMIC_AGGREGATE, AGGREGATOR. */
    { EXTERNAL "40060100", NET, 'e', DX_BGP_DISCARDED, 5, "40060100" },
    { EXTERNAL "C00706" "FDE90A000001", NET, 'e', DX_BGP_DISCARDED, 5, "C00706FDE90A000001" },
    { EXTERNAL "C00708" "000000000A000001", NET, 'e', DX_BGP_DISCARDED, 9, "C00708000000000A000001" },
    /* 7.8: COMMUNITIES. */
    { EXTERNAL "C00805" "1C381C8400", NET, 'e', DX_BGP_WITHDRAW, 5, "C008051C381C8400" },
    { EXTERNAL "C00800", NET, 'e', DX_BGP_WITHDRAW, 5, "C00800" },
    /* 7.9, 7.10: ORIGINATOR_ID, CLUSTER_LIST. */
    { INTERNAL "800903" "0A0000", NET, 'i', DX_BGP_WITHDRAW, 5, "8009030A0000" },
    { EXTERNAL "800903" "0A0000", NET, 'e', DX_BGP_DISCARDED, 1, "8009030A0000" },
    { INTERNAL "800A06" "0A0000010A00", NET, 'i', DX_BGP_WITHDRAW, 5, "800A060A0000010A00" },
    { INTERNAL "800A00", NET, 'i', DX_BGP_WITHDRAW, 5, "800A00" },
    { EXTERNAL "800A04" "0A000001", NET, 'c', DX_BGP_DISCARDED, 1, "800A040A000001" },
    /* 3 (g): twice. */
    { EXTERNAL "40010102", NET, 'e', DX_BGP_DISCARDED, 1, "" },
    { "800F0300020180" "0F03000201", "", 'e', DX_BGP_RESET, 1, "" },
    /* RFC 4271 6.3: well-known, and unknown. */
    { EXTERNAL "40630100", NET, 'e', DX_BGP_RESET, 2, "40630100" },
    { EXTERNAL "80630100", NET, 'e', DX_BGP_TAKEN, 0, NULL },
    /* RFC 6793 6: AS4_PATH between speakers of four octets. */
    { EXTERNAL "C01106" "02010000FDE9", NET, 'e', DX_BGP_DISCARDED, 1, "C0110602010000FDE9" },
    /* RFC 7606 4: longer than the rest, and too short for a header. */
    { EXTERNAL "C00808" "1C381C84", NET, 'e', DX_BGP_WITHDRAW, 5, "C008081C381C84" },
    { EXTERNAL "C008", NET, 'e', DX_BGP_WITHDRAW, 5, "C008" },
    { EXTERNAL "D00800", NET, 'e', DX_BGP_WITHDRAW, 5, "D00800" },
    /* 5.2: the same where nothing is to be reached. */
    { EXTERNAL "C00808" "1C381C84", "", 'e', DX_BGP_RESET, 5, "C008081C381C84" },
    { EXTERNAL "C00708" "000000000A000001", "", 'e', DX_BGP_DISCARDED, 9, "C00708000000000A000001" },
    /* 5.3: prefixes. */
    { EXTERNAL, "210A00000000", 'e', DX_BGP_RESET, 10, "" },
    { EXTERNAL, "200A0000", 'e', DX_BGP_RESET, 10, "" },
    { EXTERNAL, "08", 'e', DX_BGP_RESET, 10, "" },
    /* Several: the strongest. */
    { "40010103" AS_PATH NEXT_HOP, "210A00000000", 'e', DX_BGP_RESET, 10, "" },
    { EXTERNAL "40060100" "C00800", NET, 'e', DX_BGP_WITHDRAW, 5, "C00800" },
    /* 7.11: MP_REACH_NLRI, MP_UNREACH_NLRI. */
    { "800E1600020110" MP_REACH_NEXT_HOP "0000" ORIGIN AS_PATH, "", 'e', DX_BGP_TAKEN, 0, NULL },
    { "800E1600020110" MP_REACH_NEXT_HOP "0081" ORIGIN AS_PATH, "", 'e', DX_BGP_RESET, 9, "800E1600020110" MP_REACH_NEXT_HOP "0081" },
    { "800E0A0002010420010DB80000" ORIGIN AS_PATH, "", 'e', DX_BGP_RESET, 9, "800E0A0002010420010DB80000" },
    { "800E04" "00020110" ORIGIN AS_PATH, "", 'e', DX_BGP_RESET, 9, "800E0400020110" },
    { "800E1600020110" "00000000000000000000000000000000" "0000" ORIGIN AS_PATH, "", 'e', DX_BGP_WITHDRAW, 9, "00020110" "00000000000000000000000000000000" "0000" },
    { "800E1600020180" MP_REACH_NEXT_HOP "0000" ORIGIN AS_PATH, "", 'e', DX_BGP_RESET, 9, "800E1600020180" MP_REACH_NEXT_HOP "0000" },
    { "800E1600028010" MP_REACH_NEXT_HOP "0000" ORIGIN AS_PATH, "", 'e', DX_BGP_DISCARDED, 9, "000280" },
    { "800F020002", "", 'e', DX_BGP_RESET, 9, "800F020002" },
    { "800F0500020130" "20", "", 'e', DX_BGP_RESET, 9, "800F050002013020" },
};
/* clang-format on */

START_TEST(update_faults_are_named)
{
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];

    for (unsigned i = 0; i < G_N_ELEMENTS(fault_rows); i++) {
        const FaultRow *row = &fault_rows[i];
        const size_t n = build(row, at);
        DxBgpVerdict verdict;

        reader->peer = (DxBgpPeer){ row->peer == 'i', row->peer == 'c', 3 };
        verdict = read_update(reader, at, n);
        ck_assert_msg(verdict == row->verdict, "row %u: %u: %s", i, verdict, reader->fault.why);
        if (verdict == DX_BGP_TAKEN)
            continue;
        ck_assert_msg(reader->fault.code == DX_BGP_UPDATE_ERROR && reader->fault.subcode == row->subcode,
                      "row %u: %u/%u: %s", i, reader->fault.code, reader->fault.subcode, reader->fault.why);
        assert_octets(reader->fault.data, reader->fault.n_data, row->data);
        if (verdict == DX_BGP_RESET)
            ck_assert_uint_eq(
                reader->update.nlri->len + reader->update.mp_nlri->len + reader->update.withdrawn->len, 0);
        else if (*row->nlri)
            assert_prefixes(reader->update.nlri, PREFIXES("10.0.0.0/8"));
    }
    reader_free(reader);
}
END_TEST

/* What is discarded is not there; of two the first counts; what is unknown is passed on with Partial. */
START_TEST(what_is_left_of_an_update_holds)
{
    static const FaultRow external = { INTERNAL "800904"
                                                "0A000005",
                                       NET,
                                       'e',
                                       0,
                                       0,
                                       NULL };
    static const FaultRow twice = { EXTERNAL "40010102", NET, 'e', 0, 0, NULL };
    static const FaultRow unknown = { EXTERNAL "C0630203"
                                               "04"
                                               "80640105"
                                               "D065000106",
                                      NET,
                                      'e',
                                      0,
                                      0,
                                      NULL };
    static const FaultRow unagreed = {
        "800E1600020110" MP_REACH_NEXT_HOP "0000" EXTERNAL, NET, 'e', 0, 0, NULL
    };
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];

    reader->peer = (DxBgpPeer){ .families = 1 };
    read_update(reader, at, build(&external, at));
    ck_assert(!reader->update.attributes.has_local_pref);
    ck_assert(!reader->update.attributes.has_originator_id);
    read_update(reader, at, build(&twice, at));
    ck_assert_int_eq(reader->update.attributes.origin, DX_BGP_IGP);
    ck_assert_int_eq(read_update(reader, at, build(&unknown, at)), DX_BGP_TAKEN);
    assert_octets(reader->update.attributes.others, reader->update.attributes.n_others,
                  "E06302"
                  "0304"
                  "F065000106");
    ck_assert_int_eq(read_update(reader, at, build(&unagreed, at)), DX_BGP_DISCARDED);
    ck_assert_uint_eq(reader->update.mp_nlri->len, 0);
    assert_prefixes(reader->update.nlri, PREFIXES("10.0.0.0/8"));
    reader_free(reader);
}
END_TEST

/* RFC 4271, section 6.3. */
START_TEST(lengths_within_the_message_are_checked)
{
    static const char *const messages[] = { MARKER "00170200010000", /* withdrawn: one octet too many */
                                            MARKER "00170200000001", /* attributes: likewise */
                                            MARKER "0019020002080A0001" /* both */ };
    Reader *reader = reader_new();
    Octets octets;

    for (unsigned i = 0; i < G_N_ELEMENTS(messages); i++) {
        hex_parse(&octets, messages[i]);
        ck_assert_int_eq(read_update(reader, octets.at, octets.n), DX_BGP_RESET);
        ck_assert_uint_eq(reader->fault.subcode, DX_BGP_MALFORMED_ATTRIBUTES);
    }
    hex_parse(&octets, MARKER "00190200022108"
                              "0000");
    ck_assert_int_eq(read_update(reader, octets.at, octets.n), DX_BGP_RESET);
    ck_assert_uint_eq(reader->fault.subcode, DX_BGP_BAD_NETWORK);
    hex_parse(&octets, MARKER "001B02000412C0A8FF" /* 192.168.255.0/18: trailing bits do not count */
                              "0000");
    ck_assert_int_eq(read_update(reader, octets.at, octets.n), DX_BGP_TAKEN);
    assert_prefixes(reader->update.withdrawn, PREFIXES("192.168.192.0/18"));
    reader_free(reader);
}
END_TEST

/* -- framing: RFC 4271, section 6.1 -------------------------------------------------------------------- */

START_TEST(streams_are_cut_into_messages)
{
    uint8_t stream[256];
    DxBgpFault fault;
    DxBgpType type;
    size_t length, n = dx__bgp_encode_open(&full_open, stream);
    const size_t n_open = n;

    n += dx__bgp_encode_keepalive(stream + n);
    for (size_t i = 0; i < n_open; i++) {
        ck_assert_int_eq(dx__bgp_frame(stream, i, &type, &length, &fault), DX_BGP_MESSAGE_PART);
        ck_assert_uint_eq(length, i < DX_BGP_HEADER_BYTES ? 0 : n_open);
    }
    ck_assert_int_eq(dx__bgp_frame(stream, n, &type, &length, &fault), DX_BGP_MESSAGE_WHOLE);
    ck_assert_int_eq(type, DX_BGP_OPEN);
    ck_assert_uint_eq(length, n_open);
    ck_assert_int_eq(dx__bgp_frame(stream + length, n - length, &type, &length, &fault),
                     DX_BGP_MESSAGE_WHOLE);
    ck_assert_int_eq(type, DX_BGP_KEEPALIVE);
}
END_TEST

START_TEST(framing_faults_are_named)
{
    static const struct {
        const char *hex;
        uint8_t subcode;
        const char *data;
    } rows[] = {
        { "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE", 1, "" },
        { "00", 1, "" },
        { MARKER "001204", 2, "0012" },
        { MARKER "100102", 2, "1001" }, /* 4097 */
        { MARKER "001300", 3, "00" },
        { MARKER "001306", 3, "06" },
        { MARKER "001404", 2, "0014" }, /* KEEPALIVE, and more */
        { MARKER "001403", 2, "0014" }, /* NOTIFICATION without a subcode */
        { MARKER "001602", 2, "0016" },
        { MARKER "001C01", 2, "001C" },
        { MARKER "001805", 2, "0018" },
    };
    DxBgpFault fault;
    DxBgpType type;
    Octets octets;
    size_t length;

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        hex_parse(&octets, rows[i].hex);
        ck_assert_int_eq(dx__bgp_frame(octets.at, octets.n, &type, &length, &fault), DX_BGP_MESSAGE_BAD);
        ck_assert_uint_eq(fault.code, DX_BGP_MESSAGE_HEADER_ERROR);
        ck_assert_uint_eq(fault.subcode, rows[i].subcode);
        assert_octets(fault.data, fault.n_data, rows[i].data);
    }
}
END_TEST

/* -- at random ----------------------------------------------------------------------------------------- */

static uint32_t below(DxRng *rng, uint32_t n)
{
    return (uint32_t)dx_rng_below(rng, n);
}

static DxPrefix random_prefix(DxRng *rng, uint8_t bits)
{
    DxPrefix prefix = { { bits, { 0 } }, (uint8_t)below(rng, bits + 1u) };

    for (unsigned i = 0; i < prefix.length; i++)
        if (dx_rng_u64(rng) & 1)
            prefix.network.bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
    return prefix;
}

START_TEST(updates_are_read_as_they_were_written)
{
    static const DxAsSegmentType types[] = { DX_AS_CONFED_SEQUENCE, DX_AS_CONFED_SET, DX_AS_SEQUENCE,
                                             DX_AS_SET };
    Reader *reader = reader_new();
    uint8_t at[DX_BGP_MESSAGE_MAX];
    DxRng rng;

    dx_rng_init(&rng, 1, 0, "test", "updates");
    for (unsigned i = 0; i < 3000; i++) {
        const uint8_t bits = below(&rng, 2) ? 32 : 128;
        DxAsSegment path[4];
        uint32_t numbers[40], n_numbers = 0, n_paths = below(&rng, 5);
        DxPrefix prefixes[50];
        const size_t n = 1 + below(&rng, 50);
        DxBgpAttributes attributes = full_attributes();
        size_t n_taken, n_octets;
        GArray *got = bits == 32 ? reader->update.nlri : reader->update.mp_nlri;

        for (uint32_t k = 0; k < n_paths; k++)
            n_numbers += (path[k] = (DxAsSegment){ types[below(&rng, 4)], 1 + below(&rng, 10) }).n;
        for (uint32_t k = 0; k < n_numbers; k++)
            numbers[k] = 1 + below(&rng, UINT32_MAX);
        for (size_t k = 0; k < n; k++)
            prefixes[k] = random_prefix(&rng, bits);
        attributes.as_path = (DxAsPath){ path, numbers, n_paths };
        attributes.has_med = below(&rng, 2);
        attributes.med = attributes.has_med ? (uint32_t)dx_rng_u64(&rng) : 0;
        attributes.is_atomic = below(&rng, 2);
        attributes.origin = below(&rng, 3);
        attributes.n_communities = below(&rng, 3);
        attributes.n_clusters = below(&rng, 3);
        n_octets = dx__bgp_encode_update(&attributes, prefixes, n, &n_taken, at);
        ck_assert_uint_eq(n_taken, n);
        ck_assert_int_eq(read_update(reader, at, n_octets), DX_BGP_TAKEN);
        assert_attributes(&reader->update.attributes, &attributes);
        ck_assert_uint_eq(got->len, n);
        ck_assert(!memcmp(got->data, prefixes, n * sizeof *prefixes));
        n_octets = dx__bgp_encode_withdraw(prefixes, n, &n_taken, at);
        ck_assert_int_eq(read_update(reader, at, n_octets), DX_BGP_TAKEN);
        ck_assert_uint_eq(reader->update.withdrawn->len, n);
        ck_assert(!memcmp(reader->update.withdrawn->data, prefixes, n * sizeof *prefixes));
    }
    reader_free(reader);
}
END_TEST

/* A good message with some octets of it changed, and cut. */
START_TEST(random_octets_do_no_harm)
{
    Reader *reader = reader_new();
    Octets octets[2];
    unsigned n_verdicts[4] = { 0 }, n_opens[2] = { 0 };
    DxBgpFault fault;
    DxBgpOpen open;
    DxRng rng;

    dx_rng_init(&rng, 2, 0, "test", "octets");
    hex_parse(&octets[0], full_update_hex);
    hex_parse(&octets[1], full_open_hex);
    for (unsigned i = 0; i < 200000; i++) {
        const Octets *from = &octets[i % 2];
        const size_t n = below(&rng, 8) ? from->n : 20 + below(&rng, (uint32_t)from->n - 20);
        uint8_t *at = g_memdup2(from->at, n);

        put_u16(at + 16, (uint16_t)n);
        for (unsigned k = 1 + below(&rng, 4); k; k--)
            at[19 + below(&rng, (uint32_t)n - 19)] = (uint8_t)dx_rng_u64(&rng);
        if (i % 2)
            n_opens[dx__bgp_decode_open(at, n, &open, &fault)]++;
        else
            n_verdicts[dx__bgp_decode_update(at, n, &reader->peer, &reader->update, &reader->fault)]++;
        g_free(at);
    }
    for (unsigned i = 0; i < 4; i++) /* the test goes deep enough */
        ck_assert_uint_gt(n_verdicts[i], 100);
    ck_assert_uint_gt(n_opens[0], 1000);
    ck_assert_uint_gt(n_opens[1], 1000);
    reader_free(reader);
}
END_TEST

/* A million prefixes there and back: well below a second of the processor's time. */
START_TEST(a_full_table_takes_no_time)
{
    enum { N = 1000000 };
    DxPrefix *prefixes = g_new0(DxPrefix, N);
    const DxBgpAttributes attributes = full_attributes();
    Reader *reader = reader_new();
    const clock_t begin = clock();
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n_taken = 0, n_read = 0;
    double seconds;

    for (uint32_t i = 0; i < N; i++) {
        prefixes[i] = (DxPrefix){ { 32, { 0 } }, 24 };
        put_u32(prefixes[i].network.bytes, i << 8);
    }
    for (size_t i = 0; i < N; i += n_taken) {
        const size_t n = dx__bgp_encode_update(&attributes, prefixes + i, N - i, &n_taken, at);

        ck_assert_int_eq(dx__bgp_decode_update(at, n, &reader->peer, &reader->update, &reader->fault),
                         DX_BGP_TAKEN);
        ck_assert(!memcmp(reader->update.nlri->data, prefixes + i, n_taken * sizeof *prefixes));
        n_read += reader->update.nlri->len;
    }
    seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    ck_assert_uint_eq(n_read, N);
    ck_assert_msg(seconds < 1, "%g s", seconds);
    reader_free(reader);
    g_free(prefixes);
}
END_TEST

SUITE_MAIN("bgp octets", 60, open_is_that_of_the_standard, capabilities_may_come_apart, open_faults_are_named,
           update_is_that_of_the_standard, ipv6_goes_in_attributes, withdrawals_have_their_own_field,
           the_end_of_the_rib_is_told, short_messages_are_those_of_the_standard, messages_are_filled,
           long_paths_are_cut, update_faults_are_named, what_is_left_of_an_update_holds,
           lengths_within_the_message_are_checked, streams_are_cut_into_messages, framing_faults_are_named,
           updates_are_read_as_they_were_written, random_octets_do_no_harm, a_full_table_takes_no_time)
