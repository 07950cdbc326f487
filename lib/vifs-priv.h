/*
 * vifs-priv.h - the virtual interfaces of a network that is being built
 *
 *   router -> enter -> [hash ->] port -> fiber -> ... -> leave -> router
 *
 * A pair of nodes for each direction of a link or LAG that has VIFs, and that somebody uses; where there are
 * no VIFs there are no nodes.
 */
#ifndef DX_VIFS_PRIV_H
#define DX_VIFS_PRIV_H

#include <dxsim/results.h>
#include "scenario-priv.h"

typedef struct DxVifs DxVifs;

DxVifs *dx__vifs_new(const DxScenario *scenario, DxSim *sim);
void dx__vifs_free(DxVifs *vifs);

/* Of a VIF on its trunk, from 1; of DX_NONE 0. */
uint16_t dx__vifs_number(const DxVifs *vifs, uint32_t vif);
/* NULL: there is none. */
DxNode *dx__vifs_enter(const DxVifs *vifs, uint32_t trunk, unsigned direction);
DxNode *dx__vifs_leave(const DxVifs *vifs, uint32_t trunk, unsigned direction);

/* Rows of kind "vif". */
void dx__vifs_watch(const DxVifs *vifs, DxResults *results);
/* What came out of a trunk and belonged to no VIF: a row of its link or LAG, kind @kind. */
void dx__vifs_watch_strangers(const DxVifs *vifs, DxResults *results, const char *kind, uint32_t trunk,
                              unsigned direction);

#endif
