/*
 * hash-priv.h - SipHash-2-4 (Aumasson, Bernstein 2012), for names that come from a scenario
 *
 * A file cannot be made to collide on purpose without knowing the key.
 */
#ifndef DX_HASH_PRIV_H
#define DX_HASH_PRIV_H

#include <stddef.h>
#include <stdint.h>

uint64_t dx__siphash(const uint64_t key[2], const void *data, size_t length);

#endif
