/*
 * source-priv.h - what source.c shares with onoff.c
 */
#ifndef DX_TEST_REFERENCE_SOURCE_PRIV_H
#define DX_TEST_REFERENCE_SOURCE_PRIV_H

#include "reference-priv.h"

typedef struct {
    DxTime at;
    uint32_t flow; /* within the source */
} Birth;

typedef struct {
    int kind;
    uint32_t size_bytes;
    DxMix mix;
    uint64_t weight; /* of all its parts */
    DxRng rng;
} Sizes;

/* In (0, 1]. */
static inline double splitmix64_unit(uint64_t *state)
{
    return (double)((dx_splitmix64(state) >> 11) + 1) * 0x1p-53;
}

DxTime send_time_ps(Wide octets, uint64_t rate_bps);

/* onoff.c: flows that are on and off by themselves. */
typedef struct OnOff OnOff;

OnOff *onoff_new(ReferenceWorld *world, const Node *node, const void *conf, uint32_t n_flows,
                 double mean_bytes);
void onoff_free(OnOff *onoff);
bool onoff_next(const OnOff *onoff, Birth *birth);
void onoff_born(OnOff *onoff, uint32_t flow, uint32_t size_bytes);

#endif
