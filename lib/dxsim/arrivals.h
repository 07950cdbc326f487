/*
 * dxsim/arrivals.h - a list of frames and when they are born, from a CSV file
 *
 *   time_s,size_bytes,flow,pcp
 *   0.000001200,1500,0,5
 *
 * A header, then a row for each frame. Times in seconds, exact to 12 decimals, do not go backwards; size is
 * that of the IP packet. `flow` and `pcp` may be left out. Columns stand in any order.
 */
#ifndef DXSIM_ARRIVALS_H
#define DXSIM_ARRIVALS_H

#include <dxsim/error.h>
#include <stdbool.h>
#include <stddef.h>

#define DX_ARRIVALS_MAX       20000000 /* rows */
#define DX_ARRIVALS_MAX_BYTES (UINT64_C(1) << 30)
#define DX_ARRIVALS_MAX_S     4320000 /* 50 days */

/* Row i is time_ps[i], size_bytes[i] and so on. */
typedef struct {
    size_t n;
    const DxTime *time_ps;
    const uint16_t *size_bytes;
    const uint32_t *flow; /* NULL: there is no such column */
    const uint8_t *pcp;   /* the same */
    uint32_t n_flows;     /* one more than the largest of them */
    uint64_t sum_bytes;   /* of all sizes */
    uint16_t max_bytes;   /* the largest */
    uint64_t file_bytes;
    const char *sha256; /* of the file */
} DxArrivals;

/**
 * dx_arrivals_read:
 * @dir: the folder
 * @name: a plain file name in it: no path leads out of the folder, and a symbolic link is not followed
 * @n_flows: flows are below this
 * @max_rows: at most DX_ARRIVALS_MAX
 * @error: DX_ERROR_IO, DX_ERROR_SYNTAX, DX_ERROR_RANGE, DX_ERROR_LIMIT; "FILE:LINE:COLUMN: ..." or "FILE:
 * ..."
 *
 * Returns: (transfer full): dx_arrivals_free()
 */
DX_API DxArrivals *dx_arrivals_read(const char *dir, const char *name, uint32_t n_flows, size_t max_rows,
                                    GError **error);
/* Accepts NULL. */
DX_API void dx_arrivals_free(DxArrivals *arrivals);

#endif
