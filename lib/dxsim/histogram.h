/*
 * dxsim/histogram.h - log-linear histogram of non-negative 64-bit integers
 *
 * Powers of two, each cut into 128 equal buckets; values below 256 have a bucket each. A percentile is at
 * most 1/128 (0.78 %) above the true value and never below it. Count, sum, minimum and maximum are exact.
 * Merging is exact and in any order. Buckets come into being a power of two at a time, where values fall:
 * latencies that lie together take one or two kilobytes.
 */
#ifndef DXSIM_HISTOGRAM_H
#define DXSIM_HISTOGRAM_H

#include <glib.h>
#include <dxsim/time.h>

#define DX_HISTOGRAM_SUB_BITS 7
#define DX_HISTOGRAM_OCTAVES  (65 - DX_HISTOGRAM_SUB_BITS)
#define DX_HISTOGRAM_BUCKETS  (DX_HISTOGRAM_OCTAVES << DX_HISTOGRAM_SUB_BITS)

typedef struct {
    uint64_t count, min, max;               /* 0 while empty: all zeros is a good histogram */
    uint64_t sum_low, sum_high;             /* 128-bit sum */
    uint64_t *octave[DX_HISTOGRAM_OCTAVES]; /* 128 buckets each; NULL: no value fell there */
} DxHistogram;

DX_API void dx_histogram_init(DxHistogram *histogram);
/* Frees the buckets; the histogram is empty afterwards. */
DX_API void dx_histogram_clear(DxHistogram *histogram);

DX_API uint64_t *dx__histogram_open(DxHistogram *histogram, unsigned octave);

/* Index of the bucket that holds @value. */
static inline unsigned dx_histogram_index(uint64_t value)
{
    unsigned shift;

    if (value < (2u << DX_HISTOGRAM_SUB_BITS))
        return (unsigned)value;
    shift = 63u - (unsigned)__builtin_clzll(value) - DX_HISTOGRAM_SUB_BITS;
    return (shift << DX_HISTOGRAM_SUB_BITS) + (unsigned)(value >> shift);
}

__extension__ typedef unsigned __int128 DxUint128;

/* What many values have in common, gathered apart from their buckets: for hot loops. Where the last value
 * fell is remembered, for the next one mostly falls there too. */
typedef struct {
    uint64_t count, min, max;
    DxUint128 sum;
    uint64_t *octave;
    unsigned which;
} DxMoments;

#define DX_MOMENTS_EMPTY                                                                                     \
    {                                                                                                        \
        0, UINT64_MAX, 0, 0, NULL, UINT_MAX                                                                  \
    }

static inline void dx_histogram_gather(DxHistogram *histogram, DxMoments *moments, uint64_t value)
{
    const unsigned index = dx_histogram_index(value), which = index >> DX_HISTOGRAM_SUB_BITS;

    if (G_UNLIKELY(which != moments->which)) {
        moments->which = which;
        moments->octave = histogram->octave[which];
        if (!moments->octave)
            moments->octave = dx__histogram_open(histogram, which);
    }
    moments->octave[index & ((1u << DX_HISTOGRAM_SUB_BITS) - 1)]++;
    moments->count++;
    moments->sum += value;
    moments->min = value < moments->min ? value : moments->min;
    moments->max = value > moments->max ? value : moments->max;
}

/* Add what was gathered. */
static inline void dx_histogram_settle(DxHistogram *histogram, const DxMoments *moments)
{
    const uint64_t low = (uint64_t)moments->sum;

    if (!moments->count)
        return;
    histogram->min = histogram->count && histogram->min < moments->min ? histogram->min : moments->min;
    histogram->count += moments->count;
    histogram->sum_low += low;
    histogram->sum_high += (uint64_t)(moments->sum >> 64) + (histogram->sum_low < low);
    histogram->max = moments->max > histogram->max ? moments->max : histogram->max;
}

static inline void dx_histogram_add(DxHistogram *histogram, uint64_t value)
{
    DxMoments moments = DX_MOMENTS_EMPTY;

    dx_histogram_gather(histogram, &moments, value);
    dx_histogram_settle(histogram, &moments);
}

/* Smallest and largest value that fall into bucket @index. */
DX_API uint64_t dx_histogram_bucket_low(unsigned index);
DX_API uint64_t dx_histogram_bucket_high(unsigned index);

/* How many values fell into bucket @index. */
static inline uint64_t dx_histogram_at(const DxHistogram *histogram, unsigned index)
{
    const uint64_t *octave = histogram->octave[index >> DX_HISTOGRAM_SUB_BITS];

    return octave ? octave[index & ((1u << DX_HISTOGRAM_SUB_BITS) - 1)] : 0;
}

DX_API void dx_histogram_merge(DxHistogram *into, const DxHistogram *from);

/**
 * dx_histogram_quantile:
 * @ppm: 0 to 1000000; 990000 is the 99th percentile
 *
 * Nearest rank: the value of rank ceil(count * ppm / 1e6), at least rank 1. Reported as the high end of its
 * bucket, but never above the exact maximum; ppm 0 gives the exact minimum.
 *
 * Returns: the quantile, 0 when empty
 */
DX_API uint64_t dx_histogram_quantile(const DxHistogram *histogram, uint32_t ppm);

/* Mean rounded half up to an integer; 0 when empty. */
DX_API uint64_t dx_histogram_mean(const DxHistogram *histogram);

#endif
