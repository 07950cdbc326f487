/*
 * ecmp: which of several next hops a flow takes
 */
#include "ecmp.h"

#include <string.h>
#include "../suite.h"

#define FLOWS 10000
#define HOPS  4

/* Flows that differ in their source port; next hops 10.0.0.1 to 10.0.0.4. */
static DxFlow flow_of(unsigned i)
{
    return (DxFlow){ .src = { [12] = 10, 1, 0, 1 },
                     .dst = { [12] = 10, 2, (uint8_t)(i >> 14), 1 },
                     .src_port = (uint16_t)(1024 + i),
                     .dst_port = 443,
                     .protocol = 6 };
}

static const DxIp hop[HOPS] = {
    { 32, { 10, 0, 0, 1 } }, { 32, { 10, 0, 0, 2 } }, { 32, { 10, 0, 0, 3 } }, { 32, { 10, 0, 0, 4 } }
};

static unsigned choose(const DxEcmp *ecmp, unsigned i, const DxIp *hops, unsigned n)
{
    const DxFlow flow = flow_of(i);

    return dx__ecmp_choose(dx__ecmp_hash(ecmp, &flow), hops, n);
}

/* Binomial: 2500 each, standard deviation sqrt(10000 * 1/4 * 3/4) = 43.3; six of them are 260. */
START_TEST(flows_are_spread_evenly)
{
    for (uint32_t seed = 1; seed <= 10; seed++) {
        unsigned on[HOPS] = { 0 };
        DxEcmp ecmp;

        dx__ecmp_init(&ecmp, seed);
        for (unsigned i = 0; i < FLOWS; i++)
            on[choose(&ecmp, i, hop, HOPS)]++;
        for (unsigned k = 0; k < HOPS; k++)
            ck_assert_uint_le((unsigned)abs((int)on[k] - FLOWS / HOPS), 260);
    }
}
END_TEST

/* Whichever is lost: its flows go elsewhere, to all of the others; no other flow moves; and back again. */
START_TEST(a_lost_hop_moves_only_its_share)
{
    DxEcmp ecmp;

    dx__ecmp_init(&ecmp, 7);
    for (unsigned lost = 0; lost < HOPS; lost++) {
        unsigned to[HOPS] = { 0 };
        DxIp left[HOPS];

        memcpy(left, hop, sizeof left);
        memmove(left + lost, left + lost + 1, (HOPS - 1 - lost) * sizeof *left);
        for (unsigned i = 0; i < FLOWS; i++) {
            const unsigned before = choose(&ecmp, i, hop, HOPS);
            const unsigned after = choose(&ecmp, i, left, HOPS - 1);

            if (before == lost)
                to[after]++;
            else
                ck_assert_int_eq(dx_ip_compare(&left[after], &hop[before]), 0);
        }
        for (unsigned k = 0; k < HOPS - 1; k++)
            ck_assert_uint_gt(to[k], FLOWS / HOPS / 4);
    }
}
END_TEST

/* The set's order means nothing: it is its members that count. */
START_TEST(order_does_not_matter)
{
    const DxIp turned[HOPS] = { hop[2], hop[0], hop[3], hop[1] };
    DxEcmp ecmp;

    dx__ecmp_init(&ecmp, 7);
    for (unsigned i = 0; i < FLOWS; i++)
        ck_assert_int_eq(
            dx_ip_compare(&hop[choose(&ecmp, i, hop, HOPS)], &turned[choose(&ecmp, i, turned, HOPS)]), 0);
}
END_TEST

/* A router of another seed behind the first: what took one hop there is spread over all of its own. */
START_TEST(seeds_differ)
{
    unsigned on[HOPS] = { 0 }, n = 0;
    DxEcmp first, second;

    dx__ecmp_init(&first, 1);
    dx__ecmp_init(&second, 2);
    for (unsigned i = 0; i < FLOWS; i++)
        if (choose(&first, i, hop, HOPS) == 0) {
            on[choose(&second, i, hop, HOPS)]++;
            n++;
        }
    for (unsigned k = 0; k < HOPS; k++) /* a quarter of about 2500; deviation 22 */
        ck_assert_uint_le((unsigned)abs((int)(4 * on[k]) - (int)n), 4 * 130);
}
END_TEST

START_TEST(one_hop_is_no_choice)
{
    DxEcmp ecmp;

    dx__ecmp_init(&ecmp, 0);
    for (unsigned i = 0; i < 100; i++)
        ck_assert_uint_eq(choose(&ecmp, i, hop, 1), 0);
}
END_TEST

SUITE_MAIN("ecmp", 30, flows_are_spread_evenly, a_lost_hop_moves_only_its_share, order_does_not_matter,
           seeds_differ, one_hop_is_no_choice)
