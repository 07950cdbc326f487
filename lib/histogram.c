/*
 * histogram - log-linear histogram of non-negative 64-bit integers
 *
 *   value   0 .. 255   256 .. 511   512 .. 1023   ...   2^63 .. 2^64 - 1
 *   width          1            2             4                     2^56
 *   index   0 .. 255   256 .. 383   384 .. 511    ...   7296 .. 7423
 */
#include <dxsim/histogram.h>

#include <assert.h>
#include <string.h>

#define SUB_BUCKETS (1u << DX_HISTOGRAM_SUB_BITS)

__extension__ typedef unsigned __int128 Uint128;

/* 2^63 is the last power of two; its buckets end with the table. */
static_assert(DX_HISTOGRAM_BUCKETS ==
                  ((63 - DX_HISTOGRAM_SUB_BITS) << DX_HISTOGRAM_SUB_BITS) + 2 * SUB_BUCKETS,
              "UINT64_MAX falls into the last bucket");

void dx_histogram_init(DxHistogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
}

void dx_histogram_clear(DxHistogram *histogram)
{
    for (unsigned i = 0; i < DX_HISTOGRAM_OCTAVES; i++)
        g_free(histogram->octave[i]);
    dx_histogram_init(histogram);
}

uint64_t *dx__histogram_open(DxHistogram *histogram, unsigned octave)
{
    return histogram->octave[octave] = g_new0(uint64_t, SUB_BUCKETS);
}

/* Bits that the bucket does not tell apart. */
static unsigned bucket_shift(unsigned index)
{
    return index < 2 * SUB_BUCKETS ? 0 : (index >> DX_HISTOGRAM_SUB_BITS) - 1;
}

uint64_t dx_histogram_bucket_low(unsigned index)
{
    unsigned shift = bucket_shift(index);

    g_return_val_if_fail(index < DX_HISTOGRAM_BUCKETS, 0);
    return (uint64_t)(index - (shift << DX_HISTOGRAM_SUB_BITS)) << shift;
}

uint64_t dx_histogram_bucket_high(unsigned index)
{
    g_return_val_if_fail(index < DX_HISTOGRAM_BUCKETS, 0);
    return dx_histogram_bucket_low(index) + ((UINT64_C(1) << bucket_shift(index)) - 1);
}

static Uint128 histogram_sum(const DxHistogram *histogram)
{
    return (Uint128)histogram->sum_high << 64 | histogram->sum_low;
}

void dx_histogram_merge(DxHistogram *into, const DxHistogram *from)
{
    Uint128 sum = histogram_sum(into) + histogram_sum(from);

    if (!from->count)
        return;
    into->min = into->count ? MIN(into->min, from->min) : from->min;
    into->sum_low = (uint64_t)sum;
    into->sum_high = (uint64_t)(sum >> 64);
    into->count += from->count;
    into->max = MAX(into->max, from->max);
    for (unsigned i = 0; i < DX_HISTOGRAM_OCTAVES; i++)
        for (unsigned k = 0; from->octave[i] && k < SUB_BUCKETS; k++)
            (into->octave[i] ? into->octave[i] : dx__histogram_open(into, i))[k] += from->octave[i][k];
}

uint64_t dx_histogram_quantile(const DxHistogram *histogram, uint32_t ppm)
{
    uint64_t rank, seen = 0;
    unsigned index = 0;

    g_return_val_if_fail(ppm <= 1000000, 0);
    if (histogram->count == 0)
        return 0;
    if (ppm == 0)
        return histogram->min;
    rank = (uint64_t)(((Uint128)histogram->count * ppm + 999999) / 1000000);
    while ((seen += dx_histogram_at(histogram, index)) < rank)
        index++;
    return MIN(dx_histogram_bucket_high(index), histogram->max);
}

uint64_t dx_histogram_mean(const DxHistogram *histogram)
{
    Uint128 sum = histogram_sum(histogram);
    uint64_t rest;

    if (histogram->count == 0)
        return 0;
    rest = (uint64_t)(sum % histogram->count);
    return (uint64_t)(sum / histogram->count) + (rest >= histogram->count - rest);
}
