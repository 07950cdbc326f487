/*
 * arrivals-priv.h - reading a list of arrivals, and where in it something is wrong
 */
#ifndef DX_ARRIVALS_PRIV_H
#define DX_ARRIVALS_PRIV_H

#include <dxsim/arrivals.h>

/* Line and column from 1; line 0: it is the file as such; column 0: unknown. */
typedef struct {
    unsigned line, column;
} DxArrivalsPlace;

/* As dx_arrivals_read(), but messages have no place: that is in @place. */
DxArrivals *dx__arrivals_read(const char *dir, const char *name, uint32_t n_flows, size_t max_rows,
                              DxArrivalsPlace *place, GError **error);
/* For messages. (transfer full) */
char *dx__arrivals_label(const char *dir, const char *name);

#endif
