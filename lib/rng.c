/*
 * rng - random streams
 *
 *   (hash0, hash1) = SipHash-2-4 of "node\0purpose" under two fixed keys
 *   key            = mix(mix(mix(seed) ^ replication) ^ hash1)         mix: one step of SplitMix64
 *   counter c      = { c mod 2^32, c / 2^32, hash0 mod 2^32, hash0 / 2^32 }
 *   out            = Philox4x32-10(counter c, key)
 *   draw 2c        = out[0] + 2^32 out[1]
 *   draw 2c + 1    = out[2] + 2^32 out[3]
 *
 * So draw n depends on the key and n alone; DX_RNG_BLOCK only says how many are made at once. Within a run
 * two streams coincide only if all 128 bits of their hashes do, for mix is a bijection; for the same reason
 * two seeds (at one replication), or two replications of one seed, never give a node the same stream.
 *
 * Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3" (SC11), section 3.3, table 2.
 */
#include <glib.h>
#include <math.h>
#include <string.h>
#include <dxsim/dmath.h>
#include <dxsim/rng.h>
#include "hash-priv.h"

#define PHILOX_M0 0xd2511f53u
#define PHILOX_M1 0xcd9e8d57u
#define PHILOX_W0 0x9e3779b9u /* golden ratio */
#define PHILOX_W1 0xbb67ae85u /* sqrt(3) - 1 */
#define ROUNDS    10
#define LANES     (DX_RNG_BLOCK / 2)

G_STATIC_ASSERT(DX_RNG_BLOCK % 2 == 0);

/* Arbitrary (digits of pi) and fixed for ever: to change them is to change every result. */
static const uint64_t name_keys[2][2] = {
    { 0x243f6a8885a308d3u, 0x13198a2e03707344u },
    { 0xa4093822299f31d0u, 0x082efa98ec4e6c89u },
};

static inline uint64_t mix(uint64_t x)
{
    return dx_splitmix64(&x);
}

void dx_rng_init(DxRng *rng, uint64_t seed, uint64_t replication, const char *node, const char *purpose)
{
    g_return_if_fail(rng && node && purpose);

    const size_t node_len = strlen(node), purpose_len = strlen(purpose);
    g_autofree char *name = g_malloc(node_len + 1 + purpose_len);
    uint64_t key;

    memcpy(name, node, node_len + 1);
    memcpy(name + node_len + 1, purpose, purpose_len);
    memset(rng, 0, sizeof *rng);
    for (int i = 0; i < 2; i++)
        rng->stream[i] = dx__siphash(name_keys[i], name, node_len + 1 + purpose_len);
    key = mix(mix(mix(seed) ^ replication) ^ rng->stream[1]);
    rng->key[0] = (uint32_t)key;
    rng->key[1] = (uint32_t)(key >> 32);
    rng->next = DX_RNG_BLOCK;
}

void dx_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t x[4], k[2] = { key[0], key[1] };

    memcpy(x, counter, sizeof x);
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t p0 = (uint64_t)PHILOX_M0 * x[0], p1 = (uint64_t)PHILOX_M1 * x[2];

        x[0] = (uint32_t)(p1 >> 32) ^ x[1] ^ k[0];
        x[1] = (uint32_t)p1;
        x[2] = (uint32_t)(p0 >> 32) ^ x[3] ^ k[1];
        x[3] = (uint32_t)p0;
        k[0] += PHILOX_W0;
        k[1] += PHILOX_W1;
    }
    memcpy(out, x, sizeof x);
}

/*
 * Lanes inside, rounds outside, one array of 32-bit words per position: gcc and clang turn both loops into
 * vectors already at -O2 and for plain SSE2. All lanes stay in the first-level cache.
 */
void dx__rng_fill(DxRng *rng)
{
    const uint32_t name0 = (uint32_t)rng->stream[0], name1 = (uint32_t)(rng->stream[0] >> 32);
    uint32_t k0 = rng->key[0], k1 = rng->key[1];
    uint32_t x0[LANES], x1[LANES], x2[LANES], x3[LANES];

    for (unsigned i = 0; i < LANES; i++) {
        x0[i] = (uint32_t)(rng->block + i);
        x1[i] = (uint32_t)((rng->block + i) >> 32);
        x2[i] = name0;
        x3[i] = name1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < LANES; i++) {
            const uint64_t p0 = (uint64_t)PHILOX_M0 * x0[i], p1 = (uint64_t)PHILOX_M1 * x2[i];

            x0[i] = (uint32_t)(p1 >> 32) ^ x1[i] ^ k0;
            x1[i] = (uint32_t)p1;
            x2[i] = (uint32_t)(p0 >> 32) ^ x3[i] ^ k1;
            x3[i] = (uint32_t)p0;
        }
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    for (unsigned i = 0; i < LANES; i++) {
        rng->buffer[2 * i] = x0[i] | (uint64_t)x1[i] << 32;
        rng->buffer[2 * i + 1] = x2[i] | (uint64_t)x3[i] << 32;
    }
    rng->block += LANES;
    rng->next = 0;
}

/* The 128-bit product of a and b; returns the high half. Portable: the halves are schoolbook digits. */
static inline uint64_t multiply_wide(uint64_t a, uint64_t b, uint64_t *low)
{
    const uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    const uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
    const uint64_t middle = (p00 >> 32) + (uint32_t)p01 + (uint32_t)p10;

    *low = middle << 32 | (uint32_t)p00;
    return p11 + (p01 >> 32) + (p10 >> 32) + (middle >> 32);
}

uint64_t dx_rng_below(DxRng *rng, uint64_t n)
{
    uint64_t low, high;

    g_return_val_if_fail(n >= 1, 0);

    high = multiply_wide(dx_rng_u64(rng), n, &low);
    if (low < n) { /* rarely: only then is the division needed */
        const uint64_t threshold = -n % n;

        while (low < threshold)
            high = multiply_wide(dx_rng_u64(rng), n, &low);
    }
    return high;
}

/* Exponential with mean 1; 0 - x, not -x: the logarithm of 1 gives +0. */
static inline double unit_exponential(DxRng *rng)
{
    return 0.0 - dx_log(dx_rng_unit(rng));
}

double dx_rng_exponential(DxRng *rng, double mean)
{
    return mean * unit_exponential(rng);
}

DxTime dx_rng_exponential_ps(DxRng *rng, double mean_ps, double *carry)
{
    const double exact_ps = mean_ps * unit_exponential(rng) + *carry;
    DxTime gap_ps;

    if (!(exact_ps < (double)DX_TIME_MAX)) {
        *carry = 0.0;
        return DX_TIME_MAX;
    }
    gap_ps = (DxTime)(exact_ps + 0.5); /* carry is at least -0.5: truncation is rounding */
    *carry = exact_ps - (double)gap_ps;
    return gap_ps;
}

double dx_rng_pareto(DxRng *rng, double x_min, double alpha)
{
    return x_min * dx_exp(unit_exponential(rng) / alpha);
}

/* Marsaglia's polar method. The second variate is thrown away, so that a stream has no hidden state. */
double dx_rng_normal(DxRng *rng)
{
    double u, v, s;

    do {
        u = 2.0 * dx_rng_unit(rng) - 1.0;
        v = 2.0 * dx_rng_unit(rng) - 1.0;
        s = u * u + v * v;
    } while (s >= 1.0 || s == 0.0);
    return u * sqrt(-2.0 * dx_log(s) / s);
}
