/*
 * dxsim/sizes.h - how large frames are: all alike, or drawn
 *
 * A size is that of an IP packet, 1 to 65000 octets. What is drawn is independent of everything before.
 */
#ifndef DXSIM_SIZES_H
#define DXSIM_SIZES_H

#include <dxsim/param.h>
#include <dxsim/rng.h>

#define DX_SIZE_MAX_BYTES             65000
#define DX_SIZE_MAX_EXPONENTIAL_BYTES 6500 /* of the mean: one in e^10 is cut off then */

typedef enum {
    DX_SIZES_FIXED,
    DX_SIZES_EXPONENTIAL, /* rounded to whole octets, 1 to DX_SIZE_MAX_BYTES */
    DX_SIZES_IMIX,        /* 7 x 40 B, 4 x 576 B, 1 x 1500 B */
    DX_SIZES_LIST,        /* as a mix says */
} DxSizesKind;

/* Their names in a scenario, in this order; NULL-terminated. */
DX_API extern const char *const dx_sizes_names[];

typedef struct {
    DxSizesKind kind;
    unsigned n; /* sizes there are; 1 unless there is a mix */
    uint16_t bytes[DX_MIX_MAX];
    uint32_t until[DX_MIX_MAX];     /* sum of the weights up to and including this one's */
    uint64_t sum_bytes, sum_weight; /* the mean is the quotient, unless exponential */
    double exponential_bytes;       /* before rounding */
    double mean_bytes;              /* after it */
} DxSizes;

/**
 * dx_sizes_init:
 * @size_bytes: fixed: the size, exponential: the mean
 * @mix: list: not empty; else not looked at
 */
DX_API void dx_sizes_init(DxSizes *sizes, DxSizesKind kind, uint64_t size_bytes, const DxMix *mix);

/* A size, by one number of @rng; fixed: by none. */
DX_API uint16_t dx_sizes_draw(const DxSizes *sizes, DxRng *rng);

#endif
