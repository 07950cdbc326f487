/*
 * test_trie - prefixes are found, in order, and the longest one that has an address
 */
#include <string.h>
#include <glib.h>
#include <dxsim/rng.h>
#include "../../suite.h"
#include "bgp/trie.h"

enum { N = 3000, QUERIES = 20000 };

typedef struct {
    DxTrieNode node;
    unsigned number;
    bool is_wanted;
} Item;

/* From few octets, so that many are within others. */
static DxPrefix draw_prefix(uint64_t *random)
{
    const bool is_ipv6 = dx_splitmix64(random) % 3 == 0;
    DxPrefix prefix = { .network.bits = is_ipv6 ? 128 : 32 };

    prefix.length = (uint8_t)(dx_splitmix64(random) % (prefix.network.bits + 1u));
    for (unsigned at = 0; at < prefix.length; at++)
        if (dx_splitmix64(random) % (at < 12 ? 2 : 5) == 0)
            prefix.network.bytes[at / 8] |= (uint8_t)(0x80u >> at % 8);
    return prefix;
}

static int compare(const DxPrefix *a, const DxPrefix *b)
{
    const int sign = dx_ip_compare(&a->network, &b->network);

    return sign ? sign : a->length - b->length;
}

static bool is_wanted(const DxTrieNode *node)
{
    return ((const Item *)(const void *)node)->is_wanted;
}

typedef struct {
    const DxPrefix *last;
    unsigned n;
} Walk;

static void check_order(void *user, DxTrieNode *node)
{
    Walk *walk = user;

    ck_assert(!walk->last || compare(walk->last, &node->prefix) < 0);
    walk->last = &node->prefix;
    walk->n++;
}

START_TEST(random_prefixes_are_found_and_in_order)
{
    g_autofree DxPrefix *prefixes = g_new(DxPrefix, N);
    g_autofree Item **items = g_new(Item *, N);
    uint64_t random = 1;
    Walk walk = { NULL, 0 };
    unsigned n_items = 0;
    DxTrie trie;

    dx__trie_init(&trie, sizeof(Item));
    for (unsigned i = 0; i < N; i++) {
        Item *item;

        prefixes[i] = draw_prefix(&random);
        item = items[i] = (Item *)(void *)dx__trie_hold(&trie, &prefixes[i]);
        ck_assert_int_eq(compare(&item->node.prefix, &prefixes[i]), 0);
        n_items += !item->number;
        if (!item->number)
            item->number = i + 1;
        item->is_wanted = dx_splitmix64(&random) % 2;
    }
    ck_assert_uint_eq(trie.n_held, n_items);
    for (unsigned i = 0; i < N; i++) { /* they have not moved */
        ck_assert_ptr_eq(dx__trie_find(&trie, &prefixes[i]), &items[i]->node);
        ck_assert_ptr_eq(dx__trie_hold(&trie, &prefixes[i]), &items[i]->node);
    }
    dx__trie_each(&trie, check_order, &walk);
    ck_assert_uint_eq(walk.n, n_items);

    for (unsigned i = 0; i < QUERIES; i++) {
        const DxPrefix host = draw_prefix(&random);
        const Item *longest = NULL;

        for (unsigned k = 0; k < N; k++)
            if (items[k]->is_wanted && host.network.bits == prefixes[k].network.bits &&
                dx_prefix_contains(&prefixes[k], &(DxPrefix){ host.network, host.network.bits }) &&
                (!longest || longest->node.prefix.length < prefixes[k].length))
                longest = items[k];
        ck_assert_ptr_eq(dx__trie_lookup(&trie, &host.network, is_wanted), longest ? &longest->node : NULL);
    }
    dx__trie_clear(&trie, NULL, NULL);
}
END_TEST

SUITE_MAIN("trie", 60, random_prefixes_are_found_and_in_order)
