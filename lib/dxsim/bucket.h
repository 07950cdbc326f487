/*
 * dxsim/bucket.h - token bucket: may this frame pass, and when?
 *
 *   tokens(t) = min(depth, tokens + rate * dt)          a token is one bit; full at t = 0
 *
 * Levels are counted in 10^-12 bit, what 1 bps brings in 1 ps: at every whole ps a level is a whole number,
 * and nothing is ever rounded but the time at which a frame leaves. So no result depends on how time is cut
 * into steps, or frames into bursts.
 *
 * Bounds: a level is below 2^111. Depths are at most 10^15 bytes, 8 * 10^27 or 2^93; a step brings at most
 * 10^14 bps * 2^63 ps, below 2^110.
 */
#ifndef DXSIM_BUCKET_H
#define DXSIM_BUCKET_H

#include <glib.h>
#include <stdbool.h>
#include <dxsim/time.h>

#define DX_BUCKET_RATE_MAX_BPS    UINT64_C(100000000000000)
#define DX_BUCKET_BURST_MAX_BYTES UINT64_C(1000000000000000)

/* In 10^-12 bit. */
__extension__ typedef unsigned __int128 DxTokens;

#define DX_TOKENS_PER_BYTE (8 * (uint64_t)DX_S)

/* To be looked at through the functions; open because they are called once a frame. */
typedef struct {
    DxTokens level, depth;
    uint64_t rate_bps;
    DxTime t_ps; /* the level is that of this moment */

    uint32_t len_bytes; /* how long this takes from an empty bucket is worked out: */
    DxTime len_ps;      /* rounded up to a whole ps, DX_TIME_NEVER when longer than time can count; */
    uint64_t len_rest;  /* what that brings too much, below rate_bps */
} DxBucket;

/**
 * dx_bucket_init:
 * @rate_bps: fill rate, up to DX_BUCKET_RATE_MAX_BPS; 0: only by dx_bucket_pour()
 * @burst_bytes: depth, 1 to DX_BUCKET_BURST_MAX_BYTES; a longer frame never passes
 * @error: DX_ERROR_RANGE for values outside these limits
 *
 * The bucket is full at t = 0. There is nothing to free.
 */
DX_API bool dx_bucket_init(DxBucket *bucket, uint64_t rate_bps, uint64_t burst_bytes, GError **error);

/* Pour tokens in. Returns those for which there is no room: they are lost, unless there is a second bucket.
 */
static inline DxTokens dx_bucket_pour(DxBucket *bucket, DxTokens tokens)
{
    const DxTokens level = bucket->level + tokens;

    if (level <= bucket->depth || !tokens) {
        bucket->level = level;
        return 0;
    }
    bucket->level = bucket->depth;
    return level - bucket->depth;
}

/* What time brings until @now_ps, which is not before that of the last call. Returns what does not fit. */
static inline DxTokens dx_bucket_fill(DxBucket *bucket, DxTime now_ps)
{
    const DxTokens tokens = (DxTokens)bucket->rate_bps * (uint64_t)(now_ps - bucket->t_ps);

    bucket->t_ps = now_ps;
    return dx_bucket_pour(bucket, tokens);
}

/* Are there tokens for @len_bytes, at the moment of the last call? */
static inline bool dx_bucket_has(const DxBucket *bucket, uint32_t len_bytes)
{
    return bucket->level >= (DxTokens)len_bytes * DX_TOKENS_PER_BYTE;
}

/* Only what dx_bucket_has() said is there. */
static inline void dx_bucket_take(DxBucket *bucket, uint32_t len_bytes)
{
    bucket->level -= (DxTokens)len_bytes * DX_TOKENS_PER_BYTE;
}

/**
 * dx_bucket_leave:
 * @bucket: @n of them, 1 or 2, that a frame needs all; used by no other function but dx_bucket_init()
 * @len_bytes: 1 to the smallest depth
 * @now_ps: when the frame comes; calls come in non-decreasing @now_ps
 *
 * First come, first served: not before the frame before. A frame waits for the bucket that has its tokens
 * last, until the first whole ps at which they are there. What that ps brings too much stays in that bucket,
 * above its depth if need be, until more time passes: rounding never makes the rate less than it is.
 *
 * Returns: when it leaves; DX_TIME_NEVER when that is later than time can count
 */
DX_API DxTime dx_bucket_leave(DxBucket *bucket, unsigned n, uint32_t len_bytes, DxTime now_ps);

#endif
