/*
 * bgp/trie - prefixes in order, path-compressed
 *
 *   10.0.0.0/8 -+- 10.1.0.0/16
 *               '- (10.64.0.0/10) -+- 10.64.0.0/16
 *                                  '- 10.96.0.0/16        in brackets: holds nothing
 */
#include "bgp/trie.h"

#include <glib.h>

void dx__trie_init(DxTrie *trie, size_t node_size)
{
    *trie = (DxTrie){ .node_size = node_size };
}

static void clear_below(DxTrieNode *node, void (*clear)(void *user, DxTrieNode *node), void *user)
{
    if (!node)
        return;
    clear_below(node->child[0], clear, user);
    clear_below(node->child[1], clear, user);
    if (clear && node->is_held)
        clear(user, node);
    g_free(node);
}

void dx__trie_clear(DxTrie *trie, void (*clear)(void *user, DxTrieNode *node), void *user)
{
    clear_below(trie->root[0], clear, user);
    clear_below(trie->root[1], clear, user);
    trie->root[0] = trie->root[1] = NULL;
    trie->n_held = 0;
}

static inline unsigned bit_at(const DxIp *ip, unsigned at)
{
    return ip->bytes[at / 8] >> (7 - at % 8) & 1;
}

/* How many bits they have in common, up to @max. */
static unsigned common_bits(const DxIp *a, const DxIp *b, unsigned max)
{
    unsigned at = 0;

    while (at < max && a->bytes[at / 8] == b->bytes[at / 8])
        at += 8;
    while (at < max && bit_at(a, at) == bit_at(b, at))
        at++;
    return MIN(at, max);
}

static inline bool is_in(const DxTrieNode *node, const DxIp *ip)
{
    return common_bits(&node->prefix.network, ip, node->prefix.length) == node->prefix.length;
}

DxTrieNode *dx__trie_find(const DxTrie *trie, const DxPrefix *prefix)
{
    DxTrieNode *node = trie->root[prefix->network.bits == 128];

    while (node && node->prefix.length < prefix->length && is_in(node, &prefix->network))
        node = node->child[bit_at(&prefix->network, node->prefix.length)];
    return node && node->is_held && node->prefix.length == prefix->length && is_in(node, &prefix->network)
               ? node
               : NULL;
}

static DxTrieNode *new_node(const DxIp *ip, unsigned length, size_t size)
{
    DxTrieNode *node = g_malloc0(size);

    node->prefix.network.bits = ip->bits;
    node->prefix.length = (uint8_t)length;
    for (unsigned at = 0; at < length; at++)
        node->prefix.network.bytes[at / 8] |= (uint8_t)(bit_at(ip, at) << (7 - at % 8));
    return node;
}

/* Puts a node of @length between @link and what hangs there. */
static DxTrieNode *part(DxTrieNode **link, const DxIp *ip, unsigned length)
{
    DxTrieNode *below = *link, *node = new_node(ip, length, sizeof *node);

    node->child[bit_at(&below->prefix.network, length)] = below;
    *link = node;
    return node;
}

/* In place of a small one. */
static DxTrieNode *grow(DxTrie *trie, DxTrieNode **link)
{
    DxTrieNode *small = *link, *node = g_malloc0(trie->node_size);

    *node = *small;
    node->is_held = true;
    trie->n_held++;
    g_free(small);
    *link = node;
    return node;
}

DxTrieNode *dx__trie_hold(DxTrie *trie, const DxPrefix *prefix)
{
    const DxIp *ip = &prefix->network;
    DxTrieNode **link = &trie->root[ip->bits == 128];

    while (*link) {
        DxTrieNode *node = *link;
        const unsigned common =
            common_bits(&node->prefix.network, ip, MIN(node->prefix.length, prefix->length));

        if (common < node->prefix.length)
            node = part(link, ip, common);
        if (common == prefix->length)
            return node->is_held ? node : grow(trie, link);
        link = &node->child[bit_at(ip, node->prefix.length)];
    }
    *link = new_node(ip, prefix->length, sizeof **link);
    return grow(trie, link);
}

DxTrieNode *dx__trie_lookup(const DxTrie *trie, const DxIp *ip, bool (*is_wanted)(const DxTrieNode *node))
{
    DxTrieNode *node = trie->root[ip->bits == 128], *found = NULL;

    while (node && is_in(node, ip)) {
        if (node->is_held && is_wanted(node))
            found = node;
        node = node->prefix.length < ip->bits ? node->child[bit_at(ip, node->prefix.length)] : NULL;
    }
    return found;
}

static void walk(DxTrieNode *node, void (*seen)(void *user, DxTrieNode *node), void *user)
{
    if (!node)
        return;
    if (node->is_held)
        seen(user, node);
    walk(node->child[0], seen, user);
    walk(node->child[1], seen, user);
}

void dx__trie_each(const DxTrie *trie, void (*seen)(void *user, DxTrieNode *node), void *user)
{
    walk(trie->root[0], seen, user);
    walk(trie->root[1], seen, user);
}
