/*
 * test_hash - every flow has its member, by the hash a router would compute
 *
 * CRC-32 is that of IEEE 802.3, clause 3.2.9 (check value CBF43926 of "123456789"); FNV-1a is that of
 * draft-eastlake-fnv, 64 bits.
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_hash;

/* -- flows ------------------------------------------------------------------------------------------- */

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* 8 or 32 digits: IPv4 in the last four octets of 16. Returns whether it is IPv6. */
static bool put_address(uint8_t address[16], const char *hex)
{
    const size_t n = strlen(hex) / 2;

    memset(address, 0, 16);
    for (size_t i = 0; i < n; i++)
        address[16 - n + i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return n == 16;
}

static uint32_t add_flow(Rig *rig, const char *src, const char *dst, unsigned src_port, unsigned dst_port,
                         unsigned protocol)
{
    DxFlow flow = { .src_port = (uint16_t)src_port,
                    .dst_port = (uint16_t)dst_port,
                    .protocol = (uint8_t)protocol };

    flow.is_ipv6 = put_address(flow.src, src);
    put_address(flow.dst, dst);
    return dx_sim_add_flow(rig->sim, &flow);
}

static Rig *bundle(unsigned members, const char *key, const char *function)
{
    Rig *rig = rig_new(&dx_model_hash, 1, members, 0);

    rig_set(rig, "hash", key);
    rig_set(rig, "function", function);
    return rig;
}

/* A frame of every flow at @t_ps. */
static void feed_all(Rig *rig, DxTime t_ps)
{
    for (uint32_t i = 0; i < dx_sim_n_flows(rig->sim); i++)
        rig_feed(rig, 0, t_ps)->flow = i;
}

/* Member of every flow by the frames that came out at @t_ps; -1: none. */
static void read_members(const Rig *rig, DxTime t_ps, int *member)
{
    for (uint32_t i = 0; i < dx_sim_n_flows(rig->sim); i++)
        member[i] = -1;
    for (unsigned out = 0; out < rig->n_out; out++)
        for (unsigned i = 0; i < rig_n(rig, out); i++)
            if (rig_frame(rig, out, i)->t_ps == t_ps)
                member[rig_frame(rig, out, i)->flow] = (int)out;
}

static void take(Rig *rig, DxTime t_ps, DxControlOp op, uint32_t member)
{
    rig_control(rig, t_ps, (DxControl){ .op = op, .index = member });
}

/* -- known answers ----------------------------------------------------------------------------------- */

/* CRC-32 by zlib of source, destination, source port, destination port in network order, and with the
 * protocol behind. */
static const struct {
    const char *src, *dst;
    unsigned src_port, dst_port, protocol;
    uint32_t four, five;
} tuples[] = {
    { "0A000001", "AC1F000A", 49152, 80, 6, 0xBD7B83FA, 0x66B42A39 },
    { "0A000002", "AC1F000B", 49159, 443, 6, 0x921A8ABB, 0x67403A36 },
    { "0A000003", "AC1F000C", 49166, 443, 6, 0x38907967, 0xE88F2E3A },
    { "0A000004", "AC1F000D", 49173, 80, 6, 0x5F217B3E, 0xFA5F7668 },
    { "0A000001", "AC1F010E", 49180, 443, 6, 0xB858A63A, 0xFDD5CBAC },
    { "0A000002", "AC1F010F", 49187, 443, 6, 0x938211E2, 0x75F64BFD },
    { "0A000003", "AC1F0110", 49194, 80, 6, 0x475B34CC, 0xA9F49F17 },
    { "0A000004", "AC1F0111", 49201, 443, 6, 0x20EA3695, 0xBB24C745 },
    { "0A000001", "AC1F0212", 49208, 443, 6, 0xA498402B, 0x97792BB8 },
    { "0A000002", "AC1F0213", 49215, 80, 6, 0x8BF9496A, 0x968D3BB7 },
    { "0A000003", "AC1F0214", 49222, 443, 6, 0x5B41D857, 0xCE35CF37 },
    { "0A000004", "AC1F0215", 49229, 443, 6, 0x0E1573CF, 0x30B480EA },
    { "0A000001", "AC1F0316", 49236, 80, 6, 0xF54A0DBB, 0x67276AB1 },
    { "0A000002", "AC1F0317", 49243, 443, 6, 0xD4385542, 0xA3675251 },
    { "0A000003", "AC1F0318", 49250, 443, 6, 0x6AA908CF, 0x30D03C91 },
    { "0A000004", "AC1F0319", 49257, 80, 6, 0x113EA9E6, 0x7219335C },
    { "C0A8010A", "C6336401", 33333, 5201, 17, 0xC656DEAD, 0x101346F4 },
    { "00000000", "FFFFFFFF", 68, 67, 17, 0x794ED3CF, 0xB3105E8D },
    { "20010DB8000000000000000000000001", "20010DB8FFFF00000000000000000002", 49152, 443, 6, 0xCC11F9C9,
      0xD9152155 },
    { "20010DB8000000000000000000000002", "20010DB8FFFF00000000000000000002", 49153, 443, 6, 0xB6CD111D,
      0x58D1EB70 },
};

START_TEST(member_is_crc_mod_n)
{
    for (unsigned is_five = 0; is_five < 2; is_five++)
        for (unsigned n = 1; n <= 8; n++) {
            Rig *rig = bundle(n, is_five ? "5-tuple" : "src-dst-ip-port", "crc32");
            int member[G_N_ELEMENTS(tuples)];

            for (unsigned i = 0; i < G_N_ELEMENTS(tuples); i++)
                add_flow(rig, tuples[i].src, tuples[i].dst, tuples[i].src_port, tuples[i].dst_port,
                         tuples[i].protocol);
            feed_all(rig, 5);
            rig_run(rig, DX_MS);
            read_members(rig, 5, member);
            for (unsigned i = 0; i < G_N_ELEMENTS(tuples); i++)
                ck_assert_int_eq(member[i], (int)((is_five ? tuples[i].five : tuples[i].four) % n));
            rig_free(rig);
        }
}
END_TEST

/* Addresses chosen so that the octets are ASCII: CRC-32 of "1234" is 9BE3E0A3, of "12345678" 9AE0DAAF. The
 * 64-bit FNV-1a of "foob" is dd120e790c2512af; halves combined by exclusive or, d1371cd6. What is not in the
 * key does not matter. */
START_TEST(key_takes_what_its_name_says)
{
    static const struct {
        const char *key, *function, *src, *dst;
        uint32_t value;
    } cases[] = {
        { "src-ip", "crc32", "31323334", "0A000001", 0x9BE3E0A3 },
        { "dst-ip", "crc32", "0A000001", "31323334", 0x9BE3E0A3 },
        { "src-dst-ip", "crc32", "31323334", "35363738", 0x9AE0DAAF },
        { "src-ip", "fnv1a-64", "666F6F62", "0A000001", 0xD1371CD6 },
        { "dst-ip", "fnv1a-64", "0A000001", "666F6F62", 0xD1371CD6 },
        { "src-ip", "crc32", "31323334353637383930313233343536", "20010DB8000000000000000000000001",
          0x1E5FCDB7 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        for (unsigned n = 2; n <= 8; n++) {
            Rig *rig = bundle(n, cases[i].key, cases[i].function);
            int member[64];

            for (unsigned k = 0; k < G_N_ELEMENTS(member); k++)
                add_flow(rig, cases[i].src, cases[i].dst, 1000 * k, 7 * k, k);
            feed_all(rig, 0);
            rig_run(rig, DX_MS);
            read_members(rig, 0, member);
            for (unsigned k = 0; k < G_N_ELEMENTS(member); k++)
                ck_assert_int_eq(member[k], (int)(cases[i].value % n));
            rig_free(rig);
        }
}
END_TEST

/* 10.1.0.1 to 10.2.0.1, UDP from 49152 + i to 4789, FNV-1a of the 5-tuple: the shares that an ns-3 program
 * with a hash of its own printed. */
START_TEST(vxlan_flows_spread_as_elsewhere)
{
    static const unsigned expected[] = { 259, 262, 251, 252 };
    Rig *rig = bundle(4, "5-tuple", "fnv1a-64");

    for (unsigned i = 0; i < 1024; i++)
        add_flow(rig, "0A010001", "0A020001", 49152 + i, 4789, 17);
    feed_all(rig, 0);
    rig_run(rig, DX_MS);
    for (unsigned out = 0; out < 4; out++)
        ck_assert_uint_eq(rig_n(rig, out), expected[out]);
    rig_free(rig);
}
END_TEST

START_TEST(default_is_crc_of_addresses_and_ports)
{
    Rig *rig = rig_new(&dx_model_hash, 1, 8, 0);

    add_flow(rig, tuples[0].src, tuples[0].dst, tuples[0].src_port, tuples[0].dst_port, tuples[0].protocol);
    feed_all(rig, 0);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, tuples[0].four % 8), 1);
    rig_free(rig);
}
END_TEST

/* -- members ----------------------------------------------------------------------------------------- */

enum { MANY = 20000 };

/* Flows of random addresses and ports. */
static Rig *many_on(unsigned members)
{
    Rig *rig = bundle(members, "src-dst-ip-port", "crc32");
    uint64_t random = 11;

    for (unsigned i = 0; i < MANY; i++) {
        DxFlow flow = { .protocol = 6 };
        const uint64_t addresses = dx_splitmix64(&random), ports = dx_splitmix64(&random);

        memcpy(flow.src + 12, &addresses, 4);
        memcpy(flow.dst + 12, (const char *)&addresses + 4, 4);
        flow.src_port = (uint16_t)ports;
        flow.dst_port = (uint16_t)(ports >> 16);
        dx_sim_add_flow(rig->sim, &flow);
    }
    return rig;
}

static Rig *many(void)
{
    return many_on(4);
}

/* Chi-square with 3 degrees of freedom is above 21.11 once in 10^4. */
START_TEST(many_flows_spread_evenly)
{
    Rig *rig = many();
    double sum = 0;

    feed_all(rig, 0);
    rig_run(rig, DX_MS);
    for (unsigned out = 0; out < 4; out++) {
        const double difference = (double)rig_n(rig, out) - MANY / 4.0;

        sum += difference * difference / (MANY / 4.0);
    }
    ck_assert(sum < 21.11);
    rig_free(rig);
}
END_TEST

/*
 * A flow stays when working[h mod 3] = h mod 4. By the Chinese remainder theorem the pair (h mod 4, h mod 3)
 * is uniform over 12 values, of which 3 match, whichever member is out: 3/4 of the flows move, standard
 * deviation sqrt(3/4 * 1/4 / n). All that were on the member do.
 */
START_TEST(three_quarters_of_the_flows_move_when_one_of_four_leaves)
{
    static int before[MANY], out[MANY], after[MANY];

    for (int left = 0; left < 4; left++) {
        Rig *rig = many();
        unsigned moved = 0, stranded = 0, changed = 0;

        feed_all(rig, 0);
        take(rig, DX_US, DX_CONTROL_MEMBER_OUT, (uint32_t)left);
        take(rig, DX_US, DX_CONTROL_MEMBER_OUT, (uint32_t)left); /* once more: nothing */
        feed_all(rig, 2 * DX_US);
        take(rig, 3 * DX_US, DX_CONTROL_MEMBER_IN, (uint32_t)left);
        feed_all(rig, 4 * DX_US);
        rig_run(rig, DX_MS);
        read_members(rig, 0, before);
        read_members(rig, 2 * DX_US, out);
        read_members(rig, 4 * DX_US, after);
        for (unsigned i = 0; i < MANY; i++) {
            moved += out[i] != before[i];
            stranded += out[i] < 0 || out[i] == left;
            changed += after[i] != before[i];
        }
        ck_assert_uint_eq(stranded, 0);
        ck_assert_uint_eq(changed, 0);
        ck_assert(abs((int)moved - MANY * 3 / 4) < 4 * 61.3); /* sqrt(20000 * 3 / 16) = 61.2 */
        ck_assert_uint_eq(rig_dropped(rig, "no_member"), 0);
        rig_free(rig);
    }
}
END_TEST

/* Working members keep the order of their numbers: with 0 and 2 out of 4 left, even hashes on 0, odd on 2. */
START_TEST(working_members_are_counted_in_order)
{
    Rig *rig = bundle(4, "5-tuple", "crc32");
    int member[G_N_ELEMENTS(tuples)];

    for (unsigned i = 0; i < G_N_ELEMENTS(tuples); i++)
        add_flow(rig, tuples[i].src, tuples[i].dst, tuples[i].src_port, tuples[i].dst_port,
                 tuples[i].protocol);
    take(rig, 0, DX_CONTROL_MEMBER_OUT, 3);
    take(rig, 0, DX_CONTROL_MEMBER_OUT, 1);
    feed_all(rig, 0);
    rig_run(rig, DX_MS);
    read_members(rig, 0, member);
    for (unsigned i = 0; i < G_N_ELEMENTS(tuples); i++)
        ck_assert_int_eq(member[i], tuples[i].five % 2 ? 2 : 0);
    ck_assert_uint_eq(dx_node_counter(rig->node, "working"), 2);
    rig_free(rig);
}
END_TEST

/* All out: dropped. One in again: all on it. */
START_TEST(without_a_member_frames_are_dropped)
{
    Rig *rig = bundle(2, "5-tuple", "crc32");

    for (unsigned i = 0; i < 10; i++)
        add_flow(rig, "0A000001", "0A000002", i, i, 6);
    take(rig, 0, DX_CONTROL_MEMBER_OUT, 0);
    take(rig, 0, DX_CONTROL_MEMBER_OUT, 1);
    feed_all(rig, DX_US);
    take(rig, 2 * DX_US, DX_CONTROL_MEMBER_IN, 1);
    feed_all(rig, 3 * DX_US);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_dropped(rig, "no_member"), 10);
    ck_assert_uint_eq(rig_n(rig, 0), 0);
    ck_assert_uint_eq(rig_n(rig, 1), 10);
    rig_free(rig);
}
END_TEST

START_TEST(a_bundle_of_nothing_drops_everything)
{
    Rig *rig = bundle(0, "5-tuple", "crc32");

    add_flow(rig, "0A000001", "0A000002", 1, 2, 6);
    feed_all(rig, 0);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_dropped(rig, "no_member"), 1);
    ck_assert_uint_eq(dx_node_counter(rig->node, "working"), 0);
    rig_free(rig);
}
END_TEST

/* Frames that belong to no flow have no key. */
START_TEST(no_flow_has_no_member)
{
    Rig *rig = bundle(2, "5-tuple", "crc32");

    add_flow(rig, "0A000001", "0A000002", 1, 2, 6);
    rig_feed(rig, 0, 0)->flow = DX_NO_FLOW;
    rig_feed(rig, 0, 0)->flow = 1;
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_dropped(rig, "no_member"), 2);
    rig_free(rig);
}
END_TEST

/* An event comes before the frames of its time. 66B42A39 mod 2 = 1. */
START_TEST(a_member_leaves_from_the_next_frame)
{
    Rig *rig = bundle(2, "5-tuple", "crc32");

    add_flow(rig, tuples[0].src, tuples[0].dst, tuples[0].src_port, tuples[0].dst_port, tuples[0].protocol);
    take(rig, DX_US, DX_CONTROL_MEMBER_OUT, 1);
    feed_all(rig, DX_US - 1);
    feed_all(rig, DX_US);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 1), 1);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    ck_assert_int_eq(rig_frame(rig, 0, 0)->t_ps, DX_US);
    rig_free(rig);
}
END_TEST

/* -- what is counted --------------------------------------------------------------------------------- */

/* A level that is a fraction. */
static double imbalance(const Rig *rig)
{
    uint64_t bits;
    double value;

    dx_sim_observe(rig->sim);
    bits = dx_node_counter(rig->node, "imbalance");
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void check_count(unsigned n, double p)
{
    const double off = n - MANY * p;

    ck_assert_double_le(off * off, 16 * MANY * p * (1 - p));
}

/* Counters say what frames show, and that is what the closed forms say: 4 -> 3 moves 3/4 by modulo, 1/2 of
 * all needlessly; the others 1/4, none needlessly. The way back moves the same flows, all from members that
 * work. */
START_TEST(moves_are_counted)
{
    static const struct {
        const char *distribution;
        double all, needless;
    } cases[] = { { "modulo", 0.75, 0.5 }, { "rendezvous", 0.25, 0 }, { "resilient", 0.25, 0 } };
    static int before[MANY], after[MANY];

    for (unsigned k = 0; k < G_N_ELEMENTS(cases); k++) {
        Rig *rig = many();
        unsigned moved = 0, needless = 0;

        rig_set(rig, "distribution", cases[k].distribution);
        feed_all(rig, 0);
        take(rig, DX_US, DX_CONTROL_MEMBER_OUT, 2);
        feed_all(rig, 2 * DX_US);
        rig_run(rig, 3 * DX_US);
        read_members(rig, 0, before);
        read_members(rig, 2 * DX_US, after);
        for (unsigned i = 0; i < MANY; i++) {
            moved += before[i] != after[i];
            needless += before[i] != after[i] && before[i] != 2;
        }
        ck_assert_uint_eq(dx_node_counter(rig->node, "flows"), MANY);
        ck_assert_uint_eq(dx_node_counter(rig->node, "flows_moved"), moved);
        ck_assert_uint_eq(dx_node_counter(rig->node, "flows_moved_surviving"), needless);
        check_count(moved, cases[k].all);
        check_count(needless, cases[k].needless);
        take(rig, 4 * DX_US, DX_CONTROL_MEMBER_IN, 2);
        rig_run(rig, 5 * DX_US);
        ck_assert_uint_eq(dx_node_counter(rig->node, "flows_moved"), 2 * moved);
        ck_assert_uint_eq(dx_node_counter(rig->node, "flows_moved_surviving"), needless + moved);
        rig_free(rig);
    }
}
END_TEST

/* Only flows that have come are counted; what has no member has not moved. */
START_TEST(flows_that_never_came_do_not_move)
{
    Rig *rig = bundle(2, "5-tuple", "crc32");

    for (unsigned i = 0; i < 100; i++)
        add_flow(rig, "0A000001", "0A000002", i, i, 6);
    for (unsigned i = 0; i < 10; i++)
        rig_feed(rig, 0, 0)->flow = i;
    take(rig, DX_US, DX_CONTROL_MEMBER_OUT, 0);
    take(rig, DX_US, DX_CONTROL_MEMBER_OUT, 1);
    take(rig, 2 * DX_US, DX_CONTROL_MEMBER_IN, 1);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(dx_node_counter(rig->node, "flows"), 10);
    ck_assert_uint_eq(dx_node_counter(rig->node, "flows_moved"), rig_n(rig, 0));
    ck_assert_uint_eq(dx_node_counter(rig->node, "flows_moved_surviving"), 0);
    rig_free(rig);
}
END_TEST

/* Fullest over mean of the flows, a frame each; of the members that work. */
START_TEST(imbalance_is_fullest_over_mean)
{
    for (unsigned n = 1; n <= 8; n++) {
        Rig *rig = many_on(n);
        unsigned most = 0;

        feed_all(rig, 0);
        rig_run(rig, DX_MS);
        for (unsigned out = 0; out < n; out++)
            most = MAX(most, rig_n(rig, out));
        ck_assert_double_eq(imbalance(rig), (double)(most * n) / MANY);
        rig_free(rig);
    }
}
END_TEST

START_TEST(a_single_member_is_even)
{
    Rig *rig = many();

    feed_all(rig, 0);
    for (uint32_t i = 0; i < 3; i++)
        take(rig, DX_US, DX_CONTROL_MEMBER_OUT, i);
    rig_run(rig, DX_MS);
    ck_assert_double_eq(imbalance(rig), 1);
    rig_free(rig);
}
END_TEST

/* -- what is not in the flow --------------------------------------------------------------------------- */

/* FNV-1a (64 bits) of "a" is AF63DC4C8601EC8C: 8E:EC:01:86:4C:DC locally administered; of "b"
 * AF63DF4C8601F1A5: A6:F1:01:86:4C:DF. CRC-32 (zlib) of both 9A65A39C; layer2 DC ^ DF ^ 0800; VID 7 is its
 * own. */
START_TEST(stations_have_addresses)
{
    static const struct {
        const char *policy;
        uint32_t hash;
    } cases[] = { { "src-dst-mac", 0x9A65A39C },
                  { "layer2", 0x0803 },
                  { "vlan+srcmac", 0x8EEC01 ^ 0x864CDC ^ 7 } };

    for (unsigned k = 0; k < G_N_ELEMENTS(cases); k++)
        for (unsigned n = 2; n <= 8; n++) {
            Rig *rig = rig_new(&dx_model_hash, 1, n, 0);

            dx_sim_set_stations(rig->node, "a", "b");
            rig_set(rig, "hash", cases[k].policy);
            for (unsigned i = 0; i < 20; i++) {
                DxFrame *frame = rig_feed(rig, 0, 0);

                add_flow(rig, "0A000001", "0A000002", i, i, 6);
                frame->flow = i;
                frame->flags |= DX_FRAME_TAGGED;
                frame->tci = 5 << 13 | 7;
            }
            rig_run(rig, DX_MS);
            ck_assert_uint_eq(rig_n(rig, cases[k].hash % n), 20);
            rig_free(rig);
        }
}
END_TEST

START_TEST(without_stations_there_are_no_addresses)
{
    Rig *rig = rig_new(&dx_model_hash, 1, 2, 0);
    GError *error = NULL;

    rig_set(rig, "hash", "layer2+3");
    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "layer2+3 needs the names of both ends"));
    g_error_free(error);
    rig_free(rig);
}
END_TEST

START_TEST(what_does_not_go_together)
{
    const char *const own_hash[] = { "hash", "layer3+4", "function", "xor", NULL };
    const char *const octets[] = { "hash", "5-tuple", "byte_order", "big-endian", NULL };
    const char *const no_buckets[] = { "distribution", "rendezvous", "buckets", "64", NULL };
    Rig *rig = bundle(5, "5-tuple", "crc32");
    GError *error = NULL;

    rig_expect_refused(&dx_model_hash, own_hash, "function");
    rig_expect_refused(&dx_model_hash, octets, "byte_order");
    rig_expect_refused(&dx_model_hash, no_buckets, "buckets");
    rig_set(rig, "distribution", "resilient");
    rig_set(rig, "buckets", "4");
    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "4 buckets are too few for 5 members"));
    g_error_free(error);
    rig_free(rig);
}
END_TEST

/* -- random traffic ---------------------------------------------------------------------------------- */

static Rig *build(uint64_t seed)
{
    static const char *const distributions[] = { "modulo", "buckets", "rendezvous", "resilient" };
    Rig *rig = bundle(1 + (unsigned)seed % 8, "src-dst-ip-port", seed % 2 ? "crc32" : "fnv1a-64");
    uint64_t random = seed;
    DxTime t = 0;

    rig_set(rig, "distribution", distributions[seed / 2 % 4]);
    for (unsigned i = 0; i < 100; i++)
        add_flow(rig, "0A000001", "0A000002", 1000 + i, i, 6);
    for (unsigned i = 0; i < 2000; i++) {
        DxFrame *frame;

        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        frame = rig_feed(rig, 0, t);
        frame->flow = (uint32_t)(dx_splitmix64(&random) % 101);
        frame->seq = i;
        if (i % 50 == 0)
            take(rig, t, i % 100 ? DX_CONTROL_MEMBER_IN : DX_CONTROL_MEMBER_OUT,
                 (uint32_t)(dx_splitmix64(&random) % rig->n_out));
    }
    return rig;
}

START_TEST(each_member_keeps_the_order)
{
    for (uint64_t seed = 0; seed < 8; seed++) {
        Rig *rig = build(seed);
        unsigned total = 0;

        rig_run(rig, DX_S);
        for (unsigned out = 0; out < rig->n_out; out++)
            for (unsigned i = 0; i < rig_n(rig, out); i++, total++)
                if (i)
                    ck_assert_uint_gt(rig_frame(rig, out, i)->seq, rig_frame(rig, out, i - 1)->seq);
        ck_assert_uint_eq(total + rig_dropped(rig, "no_member"), 2000);
        rig_free(rig);
    }
}
END_TEST

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 8; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("hash", 30, member_is_crc_mod_n, key_takes_what_its_name_says, vxlan_flows_spread_as_elsewhere,
           default_is_crc_of_addresses_and_ports, many_flows_spread_evenly,
           three_quarters_of_the_flows_move_when_one_of_four_leaves, working_members_are_counted_in_order,
           without_a_member_frames_are_dropped, a_bundle_of_nothing_drops_everything, no_flow_has_no_member,
           a_member_leaves_from_the_next_frame, moves_are_counted, flows_that_never_came_do_not_move,
           imbalance_is_fullest_over_mean, a_single_member_is_even, stations_have_addresses,
           without_stations_there_are_no_addresses, what_does_not_go_together, each_member_keeps_the_order,
           bursts_and_windows_change_nothing)
