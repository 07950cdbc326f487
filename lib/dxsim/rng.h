/*
 * dxsim/rng.h - random streams
 *
 * One independent stream per (seed, replication, node name, purpose): adding a node shifts no other node's
 * draws. Counter-based (Philox4x32-10: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11),
 * so the n-th draw of a stream is a function of its key and n alone. Variates use <dxsim/dmath.h>, never
 * libm, and are the same bits on every machine.
 */
#ifndef DXSIM_RNG_H
#define DXSIM_RNG_H

#include <stdint.h>
#include <dxsim/time.h>

#define DX_RNG_BLOCK 64

typedef struct {
    uint64_t stream[2]; /* who draws: a 128-bit hash of node name and purpose; [1] only mixes into the key */
    uint32_t key[2];
    uint64_t block; /* next block of the counter */
    unsigned next;  /* next unread word of buffer; DX_RNG_BLOCK: empty */
    uint64_t buffer[DX_RNG_BLOCK];
} DxRng;

/**
 * dx_rng_init:
 * @node, @purpose: names, any UTF-8
 */
DX_API void dx_rng_init(DxRng *rng, uint64_t seed, uint64_t replication, const char *node,
                        const char *purpose);

/* The raw generator, for known-answer tests: counter and key as in the paper. */
DX_API void dx_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

DX_API void dx__rng_fill(DxRng *rng);

/* 64 uniform bits. */
static inline uint64_t dx_rng_u64(DxRng *rng)
{
    if (rng->next == DX_RNG_BLOCK)
        dx__rng_fill(rng);
    return rng->buffer[rng->next++];
}

/* Uniform in (0, 1], a multiple of 2^-53: safe to take the logarithm of. */
static inline double dx_rng_unit(DxRng *rng)
{
    return (double)((dx_rng_u64(rng) >> 11) + 1) * 0x1p-53;
}

/* Uniform integer in [0, n), without bias; n >= 1 (Lemire, "Fast random integer generation in an interval").
 */
DX_API uint64_t dx_rng_below(DxRng *rng, uint64_t n);

/* Exponential with the given mean; >= 0. */
DX_API double dx_rng_exponential(DxRng *rng, double mean);

/**
 * dx_rng_exponential_ps:
 *
 * Exponential time rounded to whole ps without bias of its mean: the rounding error is carried in @carry
 * (start at 0) to the next draw, so the sum of n gaps is the rounded sum of n exact ones.
 */
DX_API DxTime dx_rng_exponential_ps(DxRng *rng, double mean_ps, double *carry);

/* Pareto: minimum x_min, shape alpha > 0; mean x_min * alpha / (alpha - 1) for alpha > 1. */
DX_API double dx_rng_pareto(DxRng *rng, double x_min, double alpha);

/* Standard normal (inverse of the distribution function or polar method: one fixed algorithm). */
DX_API double dx_rng_normal(DxRng *rng);

/* SplitMix64 (Steele, Lea, Flood 2014): for runs that must repeat the draws of other simulators. */
static inline uint64_t dx_splitmix64(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

#endif
