/*
 * dxsim/models.h - the models that come with libdxsim
 */
#ifndef DXSIM_MODELS_H
#define DXSIM_MODELS_H

#include <dxsim/model.h>

/* All of them, NULL-terminated: what a scenario may use. */
DX_API extern const DxModel *const dx_builtin_models[];

/* Make them known to @sim by name. */
DX_API void dx_builtin_register(DxSim *sim);

#endif
