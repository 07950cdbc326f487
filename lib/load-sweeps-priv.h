/*
 * load-sweeps-priv.h - what the two files that read sweeps share
 */
#ifndef DX_LOAD_SWEEPS_PRIV_H
#define DX_LOAD_SWEEPS_PRIV_H

#include "load-priv.h"
#include "sweep-priv.h"

/* One value; the first decides of what kind the parameter is, unless @is_typed says that this is known. */
bool dx__load_sweep_value(DxLoader *loader, const DxJson *json, DxSweepParam *param, bool *is_typed,
                          int64_t *value);
bool dx__load_sweep_range(DxLoader *loader, DxJson *json, DxSweepParam *param, bool *is_typed, int64_t *from,
                          int64_t *to, bool *is_log);
/* All of them. */
void dx__load_sweep_values(DxLoader *loader, DxJson *json, DxSweepParam *param, bool is_typed);
/* The @i-th of @last + 1 values, both ends included. */
int64_t dx__sweep_between(int64_t from, int64_t to, int64_t i, int64_t last, bool is_log);

#endif
