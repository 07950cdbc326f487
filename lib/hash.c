/*
 * hash - SipHash-2-4
 *
 * Aumasson, Bernstein: "SipHash: a fast short-input PRF" (2012), section 2. Octets are assembled into
 * little-endian words by shifts, so the result is the same on every machine and at any alignment.
 */
#include "hash-priv.h"

#include <string.h>
#include <sys/random.h>

typedef struct {
    uint64_t v0, v1, v2, v3;
} SipState;

static inline uint64_t rotate_left(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

/* Figure 2.1 of the paper. */
static inline void sip_round(SipState *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate_left(s->v1, 13) ^ s->v0;
    s->v3 = rotate_left(s->v3, 16) ^ s->v2;
    s->v0 = rotate_left(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate_left(s->v1, 17) ^ s->v2;
    s->v3 = rotate_left(s->v3, 21) ^ s->v0;
    s->v2 = rotate_left(s->v2, 32);
}

static inline void sip_compress(SipState *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

/* Up to eight octets, little-endian. */
static inline uint64_t load_le(const uint8_t *octets, size_t n)
{
    uint64_t word = 0;

    for (size_t i = 0; i < n; i++)
        word |= (uint64_t)octets[i] << (8 * i);
    return word;
}

uint64_t dx__siphash(const uint64_t key[2], const void *data, size_t length)
{
    const uint8_t *octets = data;
    const size_t whole = length & ~(size_t)7;
    SipState s = {
        .v0 = key[0] ^ 0x736f6d6570736575u, /* "somepseudorandomlygeneratedbytes" */
        .v1 = key[1] ^ 0x646f72616e646f6du,
        .v2 = key[0] ^ 0x6c7967656e657261u,
        .v3 = key[1] ^ 0x7465646279746573u,
    };
    uint64_t last = (uint64_t)length << 56;

    for (size_t i = 0; i < whole; i += 8)
        sip_compress(&s, load_le(octets + i, 8));
    if (whole < length) /* data may be NULL if there is none */
        last |= load_le(octets + whole, length - whole);
    sip_compress(&s, last);
    s.v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

const uint64_t *dx__hash_key(void)
{
    static uint64_t key[2];
    static gsize ready = 0;

    if (g_once_init_enter(&ready)) {
        if (getrandom(key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key) {
            key[0] = (uint64_t)g_get_monotonic_time();
            key[1] = (uint64_t)(uintptr_t)&key ^ (uint64_t)g_get_real_time();
        }
        g_once_init_leave(&ready, 1);
    }
    return key;
}

guint dx__hash_name(gconstpointer name)
{
    return (guint)dx__siphash(dx__hash_key(), name, strlen(name));
}
