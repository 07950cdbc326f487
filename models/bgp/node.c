/*
 * bgp/node - a BGP router's agent
 */
#include "bgp/conf.h"

const DxModel dx_model_bgp = {
    .name = "bgp",
    .summary = "A BGP router: its sessions, and the decision",
    .conf_size = sizeof(DxBgpConf),
    .params = dx__bgp_params,
    .parts = dx__bgp_parts,
};
