/*
 * bgp/conf.h - what a scenario says of a BGP router, as tables and as knobs
 */
#ifndef DX_BGP_CONF_H
#define DX_BGP_CONF_H

#include <dxsim/bgp.h>
#include <dxsim/model.h>
#include "bgp/bgp.h"

/* Of DxBgpConf. */
extern const DxParam dx__bgp_params[];
/* "bgp.session", of DxBgpEnd, and "bgp.dampening", of DxDampening: NULL-terminated. */
extern const DxModel *const dx__bgp_parts[];

/* What @router decides by. */
void dx__bgp_router_knobs(const DxBgpRouter *router, DxBgpKnobs *knobs);

#endif
