/*
 * sizes - how large frames are
 *
 *   mix           r = uniform below the sum of the weights; the first size whose weights so far exceed r
 *   exponential   x = exponential of mean m; min(max(floor(x + 1/2), 1), 65000)
 *
 * P(rounded >= n) = exp(-(n - 1/2) / m) for n from 2 to 65000, and summing over n gives the mean after
 * rounding
 *
 *   1 + exp(-1.5 / m) (1 - exp(-64999 / m)) / (1 - exp(-1 / m))  =  m + 0.458 / m, for m up to 6000 or so
 */
#include <dxsim/sizes.h>
#include <dxsim/dmath.h>

const char *const dx_sizes_names[] = { "fixed", "exponential", "imix", "list", NULL };

/* With Ethernet's framing: 64, 594 and 1518 octets with FCS, 84, 614 and 1538 on the wire. */
static const DxMix imix = { 3, { { 40, 7 }, { 576, 4 }, { 1500, 1 } } };

static double rounded_mean(double m)
{
    return 1.0 + dx_exp(-1.5 / m) * (1.0 - dx_exp(-(DX_SIZE_MAX_BYTES - 1) / m)) / (1.0 - dx_exp(-1.0 / m));
}

void dx_sizes_init(DxSizes *sizes, DxSizesKind kind, uint64_t size_bytes, const DxMix *mix)
{
    const DxMix alone = { 1, { { (uint16_t)size_bytes, 1 } } };

    if (kind != DX_SIZES_LIST)
        mix = kind == DX_SIZES_IMIX ? &imix : &alone;
    *sizes = (DxSizes){ .kind = kind, .n = mix->n, .exponential_bytes = (double)size_bytes };
    for (unsigned i = 0; i < mix->n; i++) {
        sizes->bytes[i] = mix->part[i].size_bytes;
        sizes->sum_weight += mix->part[i].weight;
        sizes->sum_bytes += (uint64_t)mix->part[i].weight * mix->part[i].size_bytes;
        sizes->until[i] = (uint32_t)sizes->sum_weight;
    }
    sizes->mean_bytes = kind == DX_SIZES_EXPONENTIAL ? rounded_mean(sizes->exponential_bytes)
                                                     : (double)sizes->sum_bytes / (double)sizes->sum_weight;
}

static uint16_t draw_exponential(const DxSizes *sizes, DxRng *rng)
{
    const double bytes = dx_rng_exponential(rng, sizes->exponential_bytes) + 0.5;

    return bytes < 1 ? 1 : bytes >= DX_SIZE_MAX_BYTES ? DX_SIZE_MAX_BYTES : (uint16_t)bytes;
}

uint16_t dx_sizes_draw(const DxSizes *sizes, DxRng *rng)
{
    uint64_t r;
    unsigned i = 0;

    if (sizes->kind == DX_SIZES_FIXED)
        return sizes->bytes[0];
    if (sizes->kind == DX_SIZES_EXPONENTIAL)
        return draw_exponential(sizes, rng);
    r = dx_rng_below(rng, sizes->sum_weight);
    while (r >= sizes->until[i])
        i++;
    return sizes->bytes[i];
}
