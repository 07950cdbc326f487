/*
 * test_policy - the number that a bundle makes of a flow
 *
 * Reference values: lag.json and crc32.json. The rest by hand, in comments.
 */
#include "../../hex.h"
#include "../../suite.h"
#include "flows.h"
#include "lag/table.h"

static DxLagHash *hash_new(DxLagPolicy policy, DxLagFunction function)
{
    DxLagHash *how = g_new0(DxLagHash, 1);

    how->policy = policy;
    how->function = function;
    dx__crc32_init(&how->crc);
    return how;
}

static uint32_t once(DxLagPolicy policy, DxLagFunction function, const DxLagKey *key)
{
    g_autofree DxLagHash *how = hash_new(policy, function);

    return dx__lag_hash(how, key);
}

/* Member of @hash by a table of @n that all work. */
static unsigned member_of(DxLagDistribution distribution, uint32_t hash, unsigned n)
{
    DxLagTable table;
    unsigned member;

    dx__lag_table_init(&table, distribution, dx__lag_buckets(distribution, 0), n);
    member = dx__lag_table_member(&table, hash);
    dx__lag_table_clear(&table);
    return member;
}

/* -- Linux ------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    DxLagPolicy policy;
} linux_policies[] = { { "layer2", DX_LAG_LAYER2 },
                       { "layer2+3", DX_LAG_LAYER2_3 },
                       { "layer3+4", DX_LAG_LAYER3_4 },
                       { "vlan+srcmac", DX_LAG_VLAN_SRCMAC } };

static unsigned check_linux(DxJsonDoc *doc, const DxJson *row, const DxLagKey *key, unsigned policy,
                            bool is_big_endian)
{
    g_autofree DxLagHash *how = hash_new(linux_policies[policy].policy, DX_LAG_CRC32);
    const DxJson *expected = vectors_get(doc, row, linux_policies[policy].name);
    const DxJson *members = vectors_get(doc, expected, is_big_endian ? "member_be" : "member_le");
    uint32_t hash;
    unsigned n = 0;

    how->is_big_endian = is_big_endian;
    hash = dx__lag_hash(how, key);
    ck_assert_uint_eq(
        hash, hex_u64(doc, expected, is_big_endian ? "hash_big_endian_host" : "hash_little_endian_host"));
    dx_json_each (member, members) {
        const unsigned links = (unsigned)strtoul(member->key, NULL, 10);

        ck_assert_uint_eq(member_of(DX_LAG_MODULO, hash, links), strtoul(member->text, NULL, 10));
        n++;
    }
    return n;
}

START_TEST(bonding_driver_to_the_bit)
{
    DxJsonDoc *doc = vectors_load("lag.json");
    const DxJson *section = vectors_get(doc, dx__json_root(doc), "linux_bonding");
    unsigned rows = 0, members = 0;

    dx_json_each (row, vectors_get(doc, section, "vectors")) {
        const DxFlow flow = flow_of(vectors_get(doc, row, "src")->text, vectors_get(doc, row, "dst")->text,
                                    (unsigned)vectors_u64(doc, row, "sport", 0),
                                    (unsigned)vectors_u64(doc, row, "dport", 0), 6);
        DxLagKey key = { .flow = &flow, .vid = (uint16_t)vectors_u64(doc, row, "vlan", 0) };
        Octets mac;

        hex_get(&mac, doc, row, "smac");
        memcpy(key.src_mac, mac.at, 6);
        hex_get(&mac, doc, row, "dmac");
        memcpy(key.dst_mac, mac.at, 6);
        for (unsigned i = 0; i < 2 * G_N_ELEMENTS(linux_policies); i++)
            members += check_linux(doc, row, &key, i / 2, i % 2);
        rows++;
    }
    ck_assert_uint_eq(rows, 10);
    ck_assert_uint_eq(members, 10 * 4 * 2 * 7);
    dx__json_free(doc);
}
END_TEST

/* 10.0.0.1 ^ 10.0.0.2 is 3 in the last octet, 03000000 as a little-endian host loads it. By steps: 03000300,
 * 03030303, half of it 01818181. An echo request counts as octets 08 00 and its identifier 12 34, loaded
 * 34120008: 37120008, 3712371A, 3725252D, half of it 1B929296.
 */
START_TEST(layer3_4_without_ports)
{
    static const unsigned portless[] = { 2, 41, 47, 50, 51, 89 };
    DxFlow flow = flow_of("10.0.0.1", "10.0.0.2", 0x1234, 443, 0);
    const DxLagKey key = { .flow = &flow };

    for (unsigned i = 0; i < G_N_ELEMENTS(portless); i++) {
        flow.protocol = (uint8_t)portless[i];
        ck_assert_uint_eq(once(DX_LAG_LAYER3_4, DX_LAG_CRC32, &key), 0x01818181);
    }
    flow.protocol = 1;
    ck_assert_uint_eq(once(DX_LAG_LAYER3_4, DX_LAG_CRC32, &key), 0x1B929296);
    flow.protocol = 58; /* of IPv6: a stranger here */
    ck_assert_uint_eq(once(DX_LAG_LAYER3_4, DX_LAG_CRC32, &key), 0x01818181);
}
END_TEST

/* -- the briefing -------------------------------------------------------------------------------------- */

START_TEST(crc32_mod_n)
{
    DxJsonDoc *doc = vectors_load("crc32.json");
    unsigned members = 0;

    dx_json_each (row, vectors_get(doc, vectors_get(doc, dx__json_root(doc), "flow_hash"), "tuples")) {
        const DxFlow flow =
            flow_of(vectors_get(doc, row, "src")->text, vectors_get(doc, row, "dst")->text,
                    (unsigned)vectors_u64(doc, row, "sport", 0), (unsigned)vectors_u64(doc, row, "dport", 0),
                    (unsigned)vectors_u64(doc, row, "proto", 0));
        const DxLagKey key = { .flow = &flow };
        const uint32_t four = once(DX_LAG_SRC_DST_IP_PORT, DX_LAG_CRC32, &key);
        const uint32_t five = once(DX_LAG_5_TUPLE, DX_LAG_CRC32, &key);

        ck_assert_uint_eq(four, hex_u64(doc, row, "crc32_key4"));
        ck_assert_uint_eq(five, hex_u64(doc, row, "crc32_key5"));
        for (unsigned n = 1; n <= 8; n++, members++) {
            const char name[] = { (char)('0' + n), '\0' };

            ck_assert_uint_eq(member_of(DX_LAG_MODULO, four, n),
                              vectors_u64(doc, vectors_get(doc, row, "key4_mod"), name, 99));
            ck_assert_uint_eq(member_of(DX_LAG_MODULO, five, n),
                              vectors_u64(doc, vectors_get(doc, row, "key5_mod"), name, 99));
        }
    }
    ck_assert_uint_eq(members, 160);
    dx__json_free(doc);
}
END_TEST

/* CRC-32 (zlib) of "123456", "abcdef" and both: what is ASCII here may be an address. "1234" is 9BE3E0A3,
 * "5678" with it 9AE0DAAF. */
START_TEST(each_policy_takes_its_part)
{
    static const struct {
        DxLagPolicy policy;
        uint32_t crc32;
    } cases[] = {
        { DX_LAG_SRC_MAC, 0x0972D361 }, { DX_LAG_DST_MAC, 0x4B8E39EF },    { DX_LAG_SRC_DST_MAC, 0x8894B301 },
        { DX_LAG_SRC_IP, 0x9BE3E0A3 },  { DX_LAG_SRC_DST_IP, 0x9AE0DAAF },
    };
    DxFlow flow = flow_of("49.50.51.52", "53.54.55.56", 1, 2, 3);
    DxLagKey key = { .flow = &flow, .vid = 7, .number = 9 };

    memcpy(key.src_mac, "123456", 6);
    memcpy(key.dst_mac, "abcdef", 6);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        ck_assert_uint_eq(once(cases[i].policy, DX_LAG_CRC32, &key), cases[i].crc32);
    memcpy(flow.dst + 12, "1234", 4);
    ck_assert_uint_eq(once(DX_LAG_DST_IP, DX_LAG_CRC32, &key), 0x9BE3E0A3);
}
END_TEST

/* 10.0.0.1 to 10.0.0.2: 0A ^ 01 ^ 0A ^ 02 = 03; of three bits each, 3. With ports C000 and 01BB: 03 ^ C0 ^ 01
 * ^ BB = 79 = 01 111 001, and 1 ^ 7 ^ 1 = 7. */
START_TEST(xor_has_eight_values)
{
    const DxFlow flow = flow_of("10.0.0.1", "10.0.0.2", 0xC000, 0x01BB, 6);
    const DxLagKey key = { .flow = &flow };

    ck_assert_uint_eq(once(DX_LAG_SRC_DST_IP, DX_LAG_XOR, &key), 3);
    ck_assert_uint_eq(once(DX_LAG_SRC_DST_IP_PORT, DX_LAG_XOR, &key), 7);
}
END_TEST

/* Even of flows that are all alike: chi-square with 3 degrees of freedom is above 21.11 once in 10^4. */
START_TEST(random_needs_no_key)
{
    g_autofree DxLagHash *how = hash_new(DX_LAG_SRC_MAC, DX_LAG_RANDOM);
    const DxFlow flow = flow_of("10.0.0.1", "10.0.0.2", 1, 2, 6);
    DxLagKey key = { .flow = &flow };
    unsigned n[4] = { 0 };
    double sum = 0;

    how->random = 42;
    for (key.number = 0; key.number < 10000; key.number++)
        n[dx__lag_hash(how, &key) % 4]++;
    for (unsigned i = 0; i < 4; i++)
        sum += (n[i] - 2500.0) * (n[i] - 2500.0) / 2500;
    ck_assert_double_lt(sum, 21.11);
}
END_TEST

/* -- stages -------------------------------------------------------------------------------------------- */

enum { MANY = 40000 };

/* Of flows that a first stage of @n puts on one member, which of @m does a second use? As bits. */
static unsigned second_uses(unsigned n, unsigned m, uint32_t seed, unsigned count[16])
{
    g_autofree DxLagHash *first = hash_new(DX_LAG_SRC_DST_IP_PORT, DX_LAG_CRC32);
    g_autofree DxLagHash *second = hash_new(DX_LAG_SRC_DST_IP_PORT, DX_LAG_CRC32);
    uint64_t random = 5;
    unsigned used = 0;

    second->seed = seed;
    memset(count, 0, 16 * sizeof *count);
    for (unsigned i = 0; i < MANY; i++) {
        const DxFlow flow = random_flow(&random);
        const DxLagKey key = { .flow = &flow };
        const unsigned member = dx__lag_hash(second, &key) % m;

        if (dx__lag_hash(first, &key) % n)
            continue;
        count[member]++;
        used |= 1u << member;
    }
    return used;
}

static unsigned gcd(unsigned a, unsigned b)
{
    return b ? gcd(b, a % b) : a;
}

/* h = 0 modulo n: h modulo m takes the multiples of gcd(n, m), m / gcd(n, m) of them. */
START_TEST(equal_stages_polarise)
{
    unsigned count[16];

    for (unsigned n = 1; n <= 8; n++)
        for (unsigned m = 1; m <= 8; m++)
            ck_assert_int_eq(__builtin_popcount(second_uses(n, m, 0, count)), (int)(m / gcd(n, m)));
}
END_TEST

/* Chi-square of 3 degrees of freedom, once in 10^5 above 25.9, for 40 seeds. */
START_TEST(seeds_part_them)
{
    unsigned count[16];

    for (uint32_t seed = 1; seed <= 40; seed++) {
        unsigned all = 0;
        double sum = 0;

        ck_assert_uint_eq(second_uses(4, 4, seed, count), 15);
        for (unsigned i = 0; i < 4; i++)
            all += count[i];
        for (unsigned i = 0; i < 4; i++)
            sum += (count[i] - all / 4.0) * (count[i] - all / 4.0) / (all / 4.0);
        ck_assert_double_lt(sum, 25.9);
    }
}
END_TEST

/* Two seeds differ from each other as much as from none. */
START_TEST(two_seeds_are_two_hashes)
{
    g_autofree DxLagHash *a = hash_new(DX_LAG_SRC_DST_IP_PORT, DX_LAG_CRC32);
    g_autofree DxLagHash *b = hash_new(DX_LAG_SRC_DST_IP_PORT, DX_LAG_CRC32);
    uint64_t random = 7;
    unsigned same = 0;

    a->seed = 1;
    b->seed = 2;
    for (unsigned i = 0; i < MANY; i++) {
        const DxFlow flow = random_flow(&random);
        const DxLagKey key = { .flow = &flow };

        same += dx__lag_hash(a, &key) % 4 == dx__lag_hash(b, &key) % 4;
    }
    ck_assert_int_lt(abs((int)same - MANY / 4), 4 * 87); /* sqrt(40000 * 3 / 16) = 86.6 */
}
END_TEST

/* -- closed forms --------------------------------------------------------------------------------------- */

enum { TRIALS = 4000 };

/* Flows on the fullest of @n members, of @flows, with @seed. */
static unsigned fullest(DxLagHash *how, unsigned flows, unsigned n)
{
    unsigned on[16] = { 0 }, most = 0;
    uint64_t random = 3;

    for (unsigned i = 0; i < flows; i++) {
        const DxFlow flow = random_flow(&random);
        const DxLagKey key = { .flow = &flow };
        unsigned *its = &on[dx__lag_hash(how, &key) % n];

        ++*its;
        most = MAX(most, *its);
    }
    return most;
}

/* The mean of 4000 seeds, within 4.5 standard errors of the expectation. */
START_TEST(fullest_over_mean)
{
    g_autofree DxLagHash *how = hash_new(DX_LAG_SRC_DST_IP_PORT, DX_LAG_CRC32);
    DxJsonDoc *doc = vectors_load("lag.json");
    unsigned rows = 0;

    dx_json_each (row, vectors_get(doc, dx__json_root(doc), "imbalance_equal_flows")) {
        const unsigned n = (unsigned)vectors_u64(doc, row, "links", 0);
        const unsigned flows = (unsigned)vectors_u64(doc, row, "flows", 0);
        const double expected = vectors_f64(doc, row, "expected_max");
        double sum = 0, squares = 0;

        for (how->seed = 1; how->seed <= TRIALS; how->seed++) {
            const double most = fullest(how, flows, n);

            sum += most;
            squares += most * most;
        }
        sum /= TRIALS;
        squares = squares / TRIALS - sum * sum;
        /* |mean - expected| < 4.5 sqrt(variance / trials), squared: no libm */
        ck_assert_double_lt((sum - expected) * (sum - expected), 4.5 * 4.5 * squares / TRIALS);
        rows++;
    }
    ck_assert_uint_eq(rows, 12);
    dx__json_free(doc);
}
END_TEST

START_TEST(elephants_collide)
{
    g_autofree DxLagHash *how = hash_new(DX_LAG_SRC_DST_IP_PORT, DX_LAG_CRC32);
    DxJsonDoc *doc = vectors_load("lag.json");

    dx_json_each (row, vectors_get(doc, dx__json_root(doc), "elephants")) {
        const unsigned n = (unsigned)vectors_u64(doc, row, "links", 0);
        const unsigned flows = (unsigned)vectors_u64(doc, row, "elephants", 0);
        const double p = vectors_f64(doc, row, "p_all_distinct");
        double distinct = 0;

        for (how->seed = 1; how->seed <= TRIALS; how->seed++)
            distinct += fullest(how, flows, n) == 1;
        distinct -= TRIALS * p;
        ck_assert_double_lt(distinct * distinct, 4.5 * 4.5 * TRIALS * p * (1 - p));
    }
    dx__json_free(doc);
}
END_TEST

SUITE_MAIN("policy", 60, bonding_driver_to_the_bit, layer3_4_without_ports, crc32_mod_n,
           each_policy_takes_its_part, xor_has_eight_values, random_needs_no_key, equal_stages_polarise,
           seeds_part_them, two_seeds_are_two_hashes, fullest_over_mean, elephants_collide)
