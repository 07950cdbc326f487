/*
 * hash-priv.h - SipHash-2-4 (Aumasson, Bernstein 2012), for names that come from a scenario
 *
 * A file cannot be made to collide on purpose without knowing the key.
 */
#ifndef DX_HASH_PRIV_H
#define DX_HASH_PRIV_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

uint64_t dx__siphash(const uint64_t key[2], const void *data, size_t length);

/* Drawn once per process. Affects speed only, no result: whoever uses it must not walk the table. */
const uint64_t *dx__hash_key(void);

/* Instead of g_str_hash(), whose collisions are easily written down. */
guint dx__hash_name(gconstpointer name);

#endif
