/*
 * results-priv.h - what results.c shares with series.c
 */
#ifndef DX_RESULTS_PRIV_H
#define DX_RESULTS_PRIV_H

#include <dxsim/results.h>

/* One reason, or the sum over all: a metric "dropped_...". */
bool dx__row_is_drop(const DxRow *row);

/* Of a row that holds a whole number; 0: there is none. */
uint64_t dx__results_value(const DxResults *results, const char *kind, const char *object,
                           const char *metric);

/* Where a row is among the others. */
unsigned dx__results_index(const DxResults *results, const DxRow *row);

/* One more, once results are closed; @no_data: as in DxRow. */
void dx__results_add(DxResults *results, const char *kind, const char *object, const char *metric,
                     uint64_t value, const char *no_data);

/* Read all counters; peaks go on. */
void dx__results_read(DxResults *results);

/* Is this a row that only a series makes? */
bool dx__series_has_row(const char *metric);

/* Octets in a time, as bps. */
uint64_t dx__rate_bps(uint64_t bytes, DxTime time_ps);

#endif
