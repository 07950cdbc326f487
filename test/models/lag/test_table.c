/*
 * test_table - members leave and return: whose flows move?
 */
#include "../../hex.h"
#include "../../suite.h"
#include "flows.h"
#include "lag/table.h"

static const DxLagDistribution all[] = { DX_LAG_MODULO, DX_LAG_BUCKETS, DX_LAG_RENDEZVOUS, DX_LAG_RESILIENT };

static void table_new(DxLagTable *table, DxLagDistribution distribution, unsigned n)
{
    dx__lag_table_init(table, distribution, dx__lag_buckets(distribution, 0), n);
}

/* -- shares -------------------------------------------------------------------------------------------- */

START_TEST(eight_buckets_over_n)
{
    DxJsonDoc *doc = vectors_load("lag.json");
    const DxJson *shares =
        vectors_get(doc, vectors_get(doc, dx__json_root(doc), "eight_bucket_hash"), "shares");
    unsigned rows = 0;

    dx_json_each (row, shares) {
        const unsigned n = (unsigned)strtoul(row->key, NULL, 10);
        unsigned got[8] = { 0 };
        DxLagTable table;

        table_new(&table, DX_LAG_BUCKETS, n);
        for (uint32_t hash = 0; hash < 8; hash++)
            got[dx__lag_table_member(&table, hash)]++;
        for (const DxJson *share = row->child; share; share = share->next)
            ck_assert_uint_eq(got[share->index], strtoul(share->text, NULL, 10));
        dx__lag_table_clear(&table);
        rows++;
    }
    ck_assert_uint_eq(rows, 8);
    dx__json_free(doc);
}
END_TEST

/* Eight over four, one gone: 3:3:2 again. */
START_TEST(buckets_are_dealt_anew)
{
    unsigned got[4] = { 0 };
    DxLagTable table;

    table_new(&table, DX_LAG_BUCKETS, 4);
    ck_assert(dx__lag_table_set(&table, 1, true));
    for (uint32_t hash = 0; hash < 8; hash++)
        got[dx__lag_table_member(&table, hash)]++;
    ck_assert_uint_eq(got[0], 3);
    ck_assert_uint_eq(got[1], 0);
    ck_assert_uint_eq(got[2], 3);
    ck_assert_uint_eq(got[3], 2);
    dx__lag_table_clear(&table);
}
END_TEST

/* -- who moves ----------------------------------------------------------------------------------------- */

enum { KEYS = 256 };

static uint32_t key(uint32_t i)
{
    uint64_t random = i;

    return (uint32_t)dx_splitmix64(&random);
}

static void list_members(const DxLagTable *table, uint16_t member[KEYS])
{
    for (uint32_t i = 0; i < KEYS; i++)
        member[i] = dx__lag_table_member(table, key(i));
}

/* Of every distribution: nobody is on a member that is out, and what was before is again once all are back.
 */
START_TEST(nobody_is_on_a_member_that_is_out)
{
    static uint16_t before[KEYS], now[KEYS];

    for (unsigned d = 0; d < G_N_ELEMENTS(all); d++)
        for (unsigned n = 1; n <= 8; n++) {
            uint64_t random = n;
            DxLagTable table;

            table_new(&table, all[d], n);
            list_members(&table, before);
            for (unsigned step = 0; step < 60; step++) {
                const unsigned member = (unsigned)(dx_splitmix64(&random) % n);

                dx__lag_table_set(&table, member, !table.is_out[member]);
                list_members(&table, now);
                for (unsigned i = 0; i < KEYS; i++)
                    ck_assert(table.n_working ? now[i] < n && !table.is_out[now[i]] : now[i] == DX_NO_OUTPUT);
            }
            for (unsigned i = 0; i < n; i++)
                dx__lag_table_set(&table, i, false);
            list_members(&table, now);
            ck_assert_mem_eq(before, now, sizeof now);
            dx__lag_table_clear(&table);
        }
}
END_TEST

/* Rendezvous and resilient: who leaves takes its own along and no other; who returns takes from others, and
 * nobody changes between two others. Where nobody worked before, all are taken. */
START_TEST(only_its_own_move)
{
    static const DxLagDistribution few[] = { DX_LAG_RENDEZVOUS, DX_LAG_RESILIENT };
    static uint16_t before[KEYS], now[KEYS];

    for (unsigned d = 0; d < 2; d++)
        for (unsigned n = 2; n <= 8; n++) {
            uint64_t random = 100 + n;
            DxLagTable table;

            table_new(&table, few[d], n);
            list_members(&table, before);
            for (unsigned step = 0; step < 200; step++) {
                const unsigned member = (unsigned)(dx_splitmix64(&random) % n);
                const bool leaves = !table.is_out[member];

                ck_assert(dx__lag_table_set(&table, member, leaves));
                list_members(&table, now);
                for (unsigned i = 0; i < KEYS; i++)
                    if (now[i] != before[i])
                        ck_assert_uint_eq(leaves ? before[i] : now[i], member);
                memcpy(before, now, sizeof now);
            }
            dx__lag_table_clear(&table);
        }
}
END_TEST

/* Its buckets go evenly to the others: nobody has two more than another. */
START_TEST(resilient_stays_even)
{
    for (unsigned n = 2; n <= 8; n++)
        for (unsigned gone = 0; gone < n; gone++) {
            unsigned least = UINT_MAX, most = 0;
            DxLagTable table;

            table_new(&table, DX_LAG_RESILIENT, n);
            dx__lag_table_set(&table, gone, true);
            for (unsigned i = 0; i < n; i++) {
                if (i == gone)
                    continue;
                least = MIN(least, table.n_of[i]);
                most = MAX(most, table.n_of[i]);
            }
            ck_assert_uint_le(most - least, 1);
            dx__lag_table_clear(&table);
        }
}
END_TEST

/* -- how many move -------------------------------------------------------------------------------------- */

/* Every pair (h mod n, h mod n - 1) comes once in n (n - 1) hashes: n - 1 of them stay, whoever leaves. */
START_TEST(modulo_moves_all_but_one_in_n)
{
    for (unsigned n = 2; n <= 16; n++)
        for (unsigned gone = 0; gone < n; gone++) {
            unsigned stay = 0;
            DxLagTable before, after;

            table_new(&before, DX_LAG_MODULO, n);
            table_new(&after, DX_LAG_MODULO, n);
            dx__lag_table_set(&after, gone, true);
            for (uint32_t hash = 0; hash < n * (n - 1); hash++)
                stay += dx__lag_table_member(&before, hash) == dx__lag_table_member(&after, hash);
            ck_assert_uint_eq(stay, n - 1);
            dx__lag_table_clear(&before);
            dx__lag_table_clear(&after);
        }
}
END_TEST

enum { FLOWS = 200000 };

static void check_share(unsigned n, uint64_t trials, double p)
{
    const double off = n - (double)trials * p;

    ck_assert_double_le(off * off, 4.5 * 4.5 * (double)trials * p * (1 - p));
}

/* @p: of all, @surviving: of those on members that stay. */
static void check_moves(const uint32_t *hash, DxLagDistribution distribution, unsigned n, double p,
                        double surviving)
{
    unsigned moved = 0, needless = 0, on_others = 0;
    DxLagTable before, after;

    table_new(&before, distribution, n);
    table_new(&after, distribution, n);
    dx__lag_table_set(&after, n / 2, true);
    if (distribution == DX_LAG_RESILIENT) {
        const double share = before.n_of[n / 2] / 256.0;

        ck_assert_double_lt((share - p) * (share - p), 1 / 65536.0); /* to the bucket */
        p = share;
    }
    for (unsigned i = 0; i < FLOWS; i++) {
        const unsigned was = dx__lag_table_member(&before, hash[i]);
        const bool moves = was != dx__lag_table_member(&after, hash[i]);

        moved += moves;
        needless += moves && was != n / 2;
        on_others += was != n / 2;
    }
    check_share(moved, FLOWS, p);
    check_share(needless, on_others, surviving);
    dx__lag_table_clear(&before);
    dx__lag_table_clear(&after);
}

START_TEST(fractions_of_200_000_flows)
{
    g_autofree uint32_t *hash = g_new(uint32_t, FLOWS);
    g_autofree DxLagHash *how = g_new0(DxLagHash, 1);
    DxJsonDoc *doc = vectors_load("lag.json");
    uint64_t random = 1;
    unsigned rows = 0;

    how->policy = DX_LAG_SRC_DST_IP_PORT;
    dx__crc32_init(&how->crc);
    for (unsigned i = 0; i < FLOWS; i++) {
        const DxFlow flow = random_flow(&random);

        hash[i] = dx__lag_hash(how, &(DxLagKey){ .flow = &flow });
    }
    dx_json_each (row, vectors_get(doc, dx__json_root(doc), "remap_on_one_failure")) {
        const unsigned n = (unsigned)vectors_u64(doc, row, "links_before", 0);

        check_moves(hash, DX_LAG_MODULO, n, vectors_f64(doc, row, "mod_n_fraction_moved"),
                    vectors_f64(doc, row, "mod_n_fraction_of_surviving_link_flows_moved"));
        check_moves(hash, DX_LAG_RENDEZVOUS, n, vectors_f64(doc, row, "rendezvous_fraction_moved"), 0);
        check_moves(hash, DX_LAG_RESILIENT, n, vectors_f64(doc, row, "resilient_table_fraction_moved"), 0);
        rows++;
    }
    ck_assert_uint_eq(rows, 15);
    dx__json_free(doc);
}
END_TEST

/* -- ends ------------------------------------------------------------------------------------------------ */

START_TEST(none_then_one)
{
    for (unsigned d = 0; d < G_N_ELEMENTS(all); d++) {
        DxLagTable table;

        table_new(&table, all[d], 3);
        for (unsigned i = 0; i < 3; i++)
            ck_assert(dx__lag_table_set(&table, i, true));
        ck_assert(!dx__lag_table_set(&table, 1, true)); /* once more: nothing */
        for (uint32_t hash = 0; hash < 1000; hash++)
            ck_assert_uint_eq(dx__lag_table_member(&table, hash), DX_NO_OUTPUT);
        ck_assert(dx__lag_table_set(&table, 1, false));
        for (uint32_t hash = 0; hash < 1000; hash++)
            ck_assert_uint_eq(dx__lag_table_member(&table, hash), 1);
        dx__lag_table_clear(&table);
    }
}
END_TEST

START_TEST(no_members_at_all)
{
    for (unsigned d = 0; d < G_N_ELEMENTS(all); d++) {
        DxLagTable table;

        table_new(&table, all[d], 0);
        ck_assert_uint_eq(dx__lag_table_member(&table, 5), DX_NO_OUTPUT);
        dx__lag_table_clear(&table);
    }
}
END_TEST

SUITE_MAIN("table", 60, eight_buckets_over_n, buckets_are_dealt_anew, nobody_is_on_a_member_that_is_out,
           only_its_own_move, resilient_stays_even, modulo_moves_all_but_one_in_n, fractions_of_200_000_flows,
           none_then_one, no_members_at_all)
