/*
 * bucket - token-bucket arithmetic, shared by shaper and policer
 */
#include <dxsim/bucket.h>
#include <dxsim/error.h>

#include <inttypes.h>

bool dx_bucket_init(DxBucket *bucket, uint64_t rate_bps, uint64_t burst_bytes, GError **error)
{
    if (rate_bps > DX_BUCKET_RATE_MAX_BPS) {
        g_set_error(error, DX_ERROR, DX_ERROR_RANGE,
                    "a bucket fills at up to 100 Tbps, not at %" PRIu64 " bps", rate_bps);
        return false;
    }
    if (!burst_bytes || burst_bytes > DX_BUCKET_BURST_MAX_BYTES) {
        g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "a bucket is 1 B to 1000000 GB deep, not %" PRIu64 " B",
                    burst_bytes);
        return false;
    }
    *bucket = (DxBucket){ .rate_bps = rate_bps, .depth = (DxTokens)burst_bytes * DX_TOKENS_PER_BYTE };
    bucket->level = bucket->depth;
    return true;
}

/* @tokens at the bucket's rate, rounded up to a whole ps. */
static DxTime time_for(const DxBucket *bucket, DxTokens tokens)
{
    const DxTokens ps = bucket->rate_bps ? (tokens + bucket->rate_bps - 1) / bucket->rate_bps : DX_TIME_NEVER;

    return ps < DX_TIME_NEVER ? (DxTime)ps : DX_TIME_NEVER;
}

/* One division for every change of size. */
static void measure(DxBucket *bucket, uint32_t len_bytes)
{
    const DxTokens tokens = (DxTokens)len_bytes * DX_TOKENS_PER_BYTE;

    bucket->len_bytes = len_bytes;
    bucket->len_ps = time_for(bucket, tokens);
    if (bucket->len_ps != DX_TIME_NEVER)
        bucket->len_rest = (uint64_t)((DxTokens)bucket->rate_bps * (uint64_t)bucket->len_ps - tokens);
}

/* How long from now until the tokens are there. In a queue a frame finds what the one before left over, less
 * than a ps brings: no division. */
static DxTime wait_for(DxBucket *bucket, uint32_t len_bytes)
{
    if (dx_bucket_has(bucket, len_bytes))
        return 0;
    if (bucket->level >= bucket->rate_bps)
        return time_for(bucket, (DxTokens)len_bytes * DX_TOKENS_PER_BYTE - bucket->level);
    if (bucket->len_bytes != len_bytes)
        measure(bucket, len_bytes);
    if (bucket->len_ps == DX_TIME_NEVER)
        return DX_TIME_NEVER;
    return bucket->len_ps - (bucket->len_rest + (uint64_t)bucket->level >= bucket->rate_bps);
}

DxTime dx_bucket_leave(DxBucket *bucket, unsigned n, uint32_t len_bytes, DxTime now_ps)
{
    const DxTime from_ps = MAX(now_ps, bucket[0].t_ps);
    DxTime wait_ps[2], longest_ps = 0;

    for (unsigned i = 0; i < n; i++) {
        dx_bucket_fill(&bucket[i], from_ps);
        wait_ps[i] = wait_for(&bucket[i], len_bytes);
        longest_ps = MAX(longest_ps, wait_ps[i]);
    }
    if (longest_ps >= DX_TIME_NEVER - from_ps) { /* and whoever is behind it */
        bucket[0].t_ps = DX_TIME_NEVER;
        return DX_TIME_NEVER;
    }
    for (unsigned i = 0; i < n; i++) {
        if (wait_ps[i] < longest_ps) {
            dx_bucket_fill(&bucket[i], from_ps + longest_ps);
        } else {
            bucket[i].level += (DxTokens)bucket[i].rate_bps * (uint64_t)longest_ps;
            bucket[i].t_ps = from_ps + longest_ps;
        }
        dx_bucket_take(&bucket[i], len_bytes);
    }
    return from_ps + longest_ps;
}
