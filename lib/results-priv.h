/*
 * results-priv.h - what results.c shares with series.c
 */
#ifndef DX_RESULTS_PRIV_H
#define DX_RESULTS_PRIV_H

#include <dxsim/results.h>

/* One reason, or the sum over all: a metric "dropped_...". */
bool dx__row_is_drop(const DxRow *row);

/* Octets in a time, as bps. */
uint64_t dx__rate_bps(uint64_t bytes, DxTime time_ps);

#endif
