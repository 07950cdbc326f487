/*
 * table - see table.h
 *
 *   modulo       working[hash mod number of working members]
 *   buckets      bucket b is that of working[b mod number of working members]: 3:3:2 of eight over three
 *   rendezvous   the working member with the greatest weight, mixed from hash and member
 *   resilient    bucket b is at home at member b mod N. When its member leaves it goes to one that has
 * fewest; when the one where it is at home returns it goes back. No other bucket moves
 */
#include "table.h"

const char *const dx__lag_distributions[] = { "modulo", "buckets", "rendezvous", "resilient", NULL };

unsigned dx__lag_buckets(DxLagDistribution distribution, unsigned asked)
{
    if (distribution == DX_LAG_BUCKETS)
        return asked ? asked : 8;
    if (distribution == DX_LAG_RESILIENT)
        return asked ? asked : 256;
    return 0;
}

/* -- buckets ------------------------------------------------------------------------------------------ */

static void list_working(DxLagTable *table)
{
    table->n_working = 0;
    for (unsigned i = 0; i < table->n_members; i++)
        if (!table->is_out[i])
            table->working[table->n_working++] = (uint16_t)i;
}

/* All anew. */
static void deal(DxLagTable *table)
{
    for (unsigned b = 0; b < table->n_buckets; b++)
        table->bucket[b] = table->n_working ? table->working[b % table->n_working] : DX_NO_OUTPUT;
}

/* The first of those that have fewest. */
static uint16_t poorest(const DxLagTable *table)
{
    uint16_t found = DX_NO_OUTPUT;

    for (unsigned i = 0; i < table->n_working; i++)
        if (found == DX_NO_OUTPUT || table->n_of[table->working[i]] < table->n_of[found])
            found = table->working[i];
    return found;
}

static void give(DxLagTable *table, unsigned b, uint16_t member)
{
    if (table->bucket[b] != DX_NO_OUTPUT)
        table->n_of[table->bucket[b]]--;
    if (member != DX_NO_OUTPUT)
        table->n_of[member]++;
    table->bucket[b] = member;
}

static void leave(DxLagTable *table, unsigned member)
{
    for (unsigned b = 0; b < table->n_buckets; b++)
        if (table->bucket[b] == member)
            give(table, b, poorest(table));
}

/* What was nobody's is its own too. */
static void come_back(DxLagTable *table, unsigned member)
{
    for (unsigned b = 0; b < table->n_buckets; b++)
        if (b % table->n_members == member || table->bucket[b] == DX_NO_OUTPUT)
            give(table, b, (uint16_t)member);
}

/* -- members ------------------------------------------------------------------------------------------ */

void dx__lag_table_init(DxLagTable *table, DxLagDistribution distribution, unsigned n_buckets,
                        unsigned n_members)
{
    *table = (DxLagTable){ .distribution = distribution, .n_members = n_members, .n_buckets = n_buckets };
    table->is_out = g_new0(bool, n_members + 1);
    table->working = g_new(uint16_t, n_members + 1);
    table->bucket = g_new(uint16_t, n_buckets + 1);
    table->n_of = g_new0(unsigned, n_members + 1);
    list_working(table);
    deal(table);
    for (unsigned b = 0; b < n_buckets && n_members; b++)
        table->n_of[table->bucket[b]]++;
}

void dx__lag_table_clear(DxLagTable *table)
{
    g_free(table->is_out);
    g_free(table->working);
    g_free(table->bucket);
    g_free(table->n_of);
}

bool dx__lag_table_set(DxLagTable *table, unsigned member, bool is_out)
{
    if (table->is_out[member] == is_out)
        return false;
    table->is_out[member] = is_out;
    list_working(table);
    if (table->distribution == DX_LAG_BUCKETS)
        deal(table);
    else if (is_out)
        leave(table, member);
    else
        come_back(table, member);
    return true;
}

uint64_t dx__lag_weight(uint32_t hash, uint32_t member)
{
    uint64_t state = hash | ((uint64_t)member + 1) << 32;

    return dx_splitmix64(&state);
}

static uint16_t heaviest(const DxLagTable *table, uint32_t hash)
{
    uint16_t found = DX_NO_OUTPUT;
    uint64_t most = 0;

    for (unsigned i = 0; i < table->n_working; i++) {
        const uint64_t its = dx__lag_weight(hash, table->working[i]);

        if (found == DX_NO_OUTPUT || its > most) {
            found = table->working[i];
            most = its;
        }
    }
    return found;
}

uint16_t dx__lag_table_member(const DxLagTable *table, uint32_t hash)
{
    if (!table->n_working)
        return DX_NO_OUTPUT;
    if (table->n_buckets)
        return table->bucket[hash % table->n_buckets];
    if (table->distribution == DX_LAG_RENDEZVOUS)
        return heaviest(table, hash);
    return table->working[hash % table->n_working];
}

void dx__lag_table_members(const DxLagTable *table, const uint32_t *hash, uint8_t *member, uint32_t n)
{
    const uint16_t *working = table->working;
    const uint32_t n_working = table->n_working;

    if (table->distribution == DX_LAG_MODULO && n_working) {
        for (uint32_t i = 0; i < n; i++)
            member[i] = (uint8_t)working[hash[i] % n_working];
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint16_t its = dx__lag_table_member(table, hash[i]);

        member[i] = its == DX_NO_OUTPUT ? DX_LAG_NOBODY : (uint8_t)its;
    }
}
