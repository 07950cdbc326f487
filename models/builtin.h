/*
 * builtin.h - the models that come with libdxsim
 */
#ifndef DX_BUILTIN_H
#define DX_BUILTIN_H

#include <dxsim/sim.h>

/* All built-in models, NULL-terminated. */
DX_API extern const DxModel *const dx_builtin_models[];

/* Make them known to @sim by name. */
DX_API void dx_builtin_register(DxSim *sim);

#endif
