/*
 * dxsim/schema.h - what a scenario may say, printed from the tables that the reader checks it against
 *
 * For editors (JSON Schema), for programs (JSON), for reference pages (Markdown) and for terminals (text, 100
 * columns at most). All results are (transfer full): free with g_free(). @models: NULL-terminated.
 */
#ifndef DXSIM_SCHEMA_H
#define DXSIM_SCHEMA_H

#include <dxsim/model.h>

/**
 * dx_schema_json:
 *
 * A JSON Schema, draft 2020-12, of the scenario file. It knows the shape: keys, types, units, choices, names.
 * What only the reader can know is left to it: ranges of quantities, whether a name leads anywhere, and what
 * "like", "defaults" and a preset supply.
 */
DX_API char *dx_schema_json(const DxModel *const *models);

/* The same for people: tables of all objects, units and metrics. */
DX_API char *dx_schema_markdown(const DxModel *const *models);

/* Name and summary of each model. */
DX_API char *dx_models_text(const DxModel *const *models);
/* Everything that the tables of the models say. */
DX_API char *dx_models_json(const DxModel *const *models);

/* One model: parameters, counters, reasons to drop. */
DX_API char *dx_model_text(const DxModel *model);
DX_API char *dx_model_json(const DxModel *model);
DX_API char *dx_model_markdown(const DxModel *model);

#endif
