/*
 * dxsim/plugin.h - models from a shared object
 *
 * A plugin is a shared object that exports one struct, `dxsim_plugin`. It is loaded by path, on the command
 * line or by a program, and never because a scenario names a file: a scenario names models. A plugin runs
 * with the rights of whoever loads it. What is checked protects against mistakes, not against malice.
 */
#ifndef DXSIM_PLUGIN_H
#define DXSIM_PLUGIN_H

#include <dxsim/model.h>

/* -- in a plugin ------------------------------------------------------------------------------------- */

#define DX_PLUGIN_MAGIC "DXSIM-P" /* 8 bytes, the last one 0 */

/* Everything before `models` is compared with what the program was compiled with. */
typedef struct {
    char magic[8];
    uint32_t abi; /* DX_MODEL_ABI */
    uint32_t size_bytes, model_bytes, param_bytes, counter_bytes, frame_bytes;
    const DxModel *const *models; /* NULL-terminated */
} DxPlugin;

/* Once, at file scope: DX_PLUGIN(&my_model, &another) */
#define DX_PLUGIN(...)                                                                                       \
    extern DX_API const DxPlugin dxsim_plugin;                                                               \
    static const DxModel *const dxsim_plugin_models[] = { __VA_ARGS__, NULL };                               \
    const DxPlugin dxsim_plugin = { .magic = DX_PLUGIN_MAGIC,                                                \
                                    .abi = DX_MODEL_ABI,                                                     \
                                    .size_bytes = sizeof(DxPlugin),                                          \
                                    .model_bytes = sizeof(DxModel),                                          \
                                    .param_bytes = sizeof(DxParam),                                          \
                                    .counter_bytes = sizeof(DxCounter),                                      \
                                    .frame_bytes = sizeof(DxFrame),                                          \
                                    .models = dxsim_plugin_models }

/* -- in a program ------------------------------------------------------------------------------------ */

/* Models that come along, and those of plugins behind them. */
typedef struct DxPlugins DxPlugins;

/* @models: NULL-terminated, such as dx_builtin_models */
DX_API DxPlugins *dx_plugins_new(const DxModel *const *models);
/* A plugin that was loaded stays so until the process ends, and so do its models. Accepts NULL. */
DX_API void dx_plugins_free(DxPlugins *plugins);

/**
 * dx_plugins_load:
 * @path: relative to the working directory; no search path is looked at
 * @error: DX_ERROR_MODEL: no shared object, no plugin, made for another version, a table with a mistake, a
 * model of a name that there is already; one line that begins with @path
 */
DX_API bool dx_plugins_load(DxPlugins *plugins, const char *path, GError **error);

/* All of them, NULL-terminated: for dx_scenario_read(). Changed by the next plugin that is loaded. */
DX_API const DxModel *const *dx_plugins_models(const DxPlugins *plugins);

DX_API unsigned dx_plugins_n(const DxPlugins *plugins);
/* Name of its file, without directories, and SHA-256 of its bytes. */
DX_API const char *dx_plugins_name(const DxPlugins *plugins, unsigned index);
DX_API const char *dx_plugins_sha256(const DxPlugins *plugins, unsigned index);

#endif
