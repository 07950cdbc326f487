/*
 * bgp/trie.h - prefixes in order, path-compressed: one bit a branch, and only where prefixes part
 *
 * Whoever uses it puts a DxTrieNode first into what it keeps for each prefix. Some nodes are there because
 * two others part below them: they hold nothing, and are small, until somebody asks for their prefix. What is
 * held stays where it is, and is never removed.
 */
#ifndef DX_BGP_TRIE_H
#define DX_BGP_TRIE_H

#include <dxsim/ip.h>
#include <stddef.h>

typedef struct DxTrieNode DxTrieNode;

struct DxTrieNode {
    DxPrefix prefix;
    bool is_held; /* somebody asked for it */
    DxTrieNode *child[2];
};

typedef struct {
    size_t node_size;
    DxTrieNode *root[2]; /* IPv4, IPv6 */
    unsigned n_held;
} DxTrie;

/* @node_size: of what a node that is held is the first member of; the rest begins with zeroes. */
void dx__trie_init(DxTrie *trie, size_t node_size);
/* @clear: NULL, or called for each node that is held before it goes. */
void dx__trie_clear(DxTrie *trie, void (*clear)(void *user, DxTrieNode *node), void *user);

DxTrieNode *dx__trie_find(const DxTrie *trie, const DxPrefix *prefix);
/* Found, or new. */
DxTrieNode *dx__trie_hold(DxTrie *trie, const DxPrefix *prefix);
/* The longest prefix with @ip that @is_wanted; NULL: none. */
DxTrieNode *dx__trie_lookup(const DxTrie *trie, const DxIp *ip, bool (*is_wanted)(const DxTrieNode *node));
/* Those that are held, in order: by address, shorter ones first; IPv4 before IPv6. None may be added
 * meanwhile. */
void dx__trie_each(const DxTrie *trie, void (*seen)(void *user, DxTrieNode *node), void *user);

#endif
