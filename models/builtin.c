/*
 * builtin - the list of compiled-in models, the only file that names them all
 */
#include <dxsim/models.h>

#include <dxsim/sim.h>

extern const DxModel dx_model_aggregator, dx_model_attack, dx_model_bgp, dx_model_lacp, dx_model_fiber,
    dx_model_hash, dx_model_heartbeat, dx_model_internet, dx_model_macsec, dx_model_meter, dx_model_mka,
    dx_model_policer, dx_model_port, dx_model_router, dx_model_shaper, dx_model_sink, dx_model_source,
    dx_model_vif, dx_model_vlan;

const DxModel *const dx_builtin_models[] = {
    &dx_model_source,   &dx_model_router,     &dx_model_hash,   &dx_model_port,    &dx_model_fiber,
    &dx_model_internet, &dx_model_vlan,       &dx_model_shaper, &dx_model_policer, &dx_model_heartbeat,
    &dx_model_lacp,     &dx_model_aggregator, &dx_model_mka,    &dx_model_vif,     &dx_model_macsec,
    &dx_model_sink,     &dx_model_attack,     &dx_model_bgp,    &dx_model_meter,   NULL,
};

void dx_builtin_register(DxSim *sim)
{
    for (const DxModel *const *model = dx_builtin_models; *model; model++)
        dx_sim_register(sim, *model);
}
