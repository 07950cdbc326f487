/*
 * dxsim/output.h - the output directory: all of it, or nothing that looks like it
 *
 * A run writes into DIR.partial, which it claims by making it: of two runs exactly one wins. When every file
 * is closed and checked, manifest.json is written and the directory is renamed to DIR. A run that ends early
 * leaves DIR.partial, with a manifest that says so; one that is cut short leaves it without. Nothing outside
 * of these two is ever touched.
 */
#ifndef DXSIM_OUTPUT_H
#define DXSIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <dxsim/plugin.h>

typedef struct DxOutput DxOutput;
typedef struct DxFile DxFile;

/* A file that was read besides the scenario. */
typedef struct {
    const char *name;
    uint64_t size_bytes;
    const char *sha256; /* 64 hexadecimal digits */
} DxInput;

/* What manifest.json says about the run. */
typedef struct {
    const char *scenario;        /* name */
    const char *scenario_sha256; /* of the file's bytes, 64 hexadecimal digits; see dx_sha256() */
    uint64_t seed;
    DxTime duration_ps;
    const char *status;          /* NULL: "complete"; else why it is not: "budget", "interrupted", "failed" */
    DxTime simulated_ps;         /* when it is not complete: how far it got */
    const char *const *settings; /* "PATH=VALUE" that changed the scenario, NULL-terminated; NULL: none */
    const DxInput *inputs;       /* files that belong to the scenario */
    unsigned n_inputs;
    const DxPlugins *plugins;   /* NULL: none */
    const char *sweep, *shard;  /* of many runs; "2/4"; NULL: it is one run, or the whole */
    const DxInput *plugin_list; /* in place of @plugins, of plugins that are not loaded; sizes do not matter */
    unsigned n_plugins;
} DxManifest;

/**
 * dx_output_new:
 * @dir: to be made; its parent exists
 * @force: replace @dir if it is a complete output of ours and holds nothing else; clear DIR.partial away if a
 * run of ours has left it behind, it holds nothing else, and nobody is writing there
 * @error: DX_ERROR_IO; the message says how to get out
 *
 * Makes DIR.partial. An existing DIR stays as it is until dx_output_finish().
 *
 * Returns: (transfer full): end it with dx_output_finish() or dx_output_abandon()
 */
DX_API DxOutput *dx_output_new(const char *dir, bool force, GError **error);

/**
 * dx_output_open:
 * @name: letters, digits, '_', '.' and '-', beginning with a letter or digit; "plots/x" goes one level down
 *
 * Returns: (transfer none): lives as long as @output; no longer used after dx_file_close()
 */
DX_API DxFile *dx_output_open(DxOutput *output, const char *name, GError **error);

/* Where the files are until the end: "DIR.partial". */
DX_API const char *dx_output_path(const DxOutput *output);

/* Writing is buffered. The first error sticks, what comes after it is ignored: dx_file_close() and
 * dx_output_finish() report it. */
DX_API void dx_file_write(DxFile *file, const void *data, size_t n);
/* Not for reals: their form would depend on the locale. */
DX_API void dx_file_printf(DxFile *file, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Has everything so far arrived? What is still buffered is not counted. */
DX_API bool dx_file_check(const DxFile *file, GError **error);
DX_API bool dx_file_close(DxFile *file, GError **error);

/**
 * dx_output_finish:
 *
 * Closes what is open, writes manifest.json, renames DIR.partial to DIR. @output is freed in any case; after
 * an error DIR.partial stays, without a manifest.
 */
DX_API bool dx_output_finish(DxOutput *output, const DxManifest *manifest, GError **error);

/**
 * dx_output_stop:
 *
 * The run ended early, and what there is of it is to be kept: closes what is open and writes manifest.json
 * with
 * @manifest->status into DIR.partial, which stays what it is called. @output is freed in any case.
 */
DX_API bool dx_output_stop(DxOutput *output, const DxManifest *manifest, GError **error);

/**
 * dx_output_amend:
 * @dir: a complete output of ours, just as its manifest says
 *
 * To add files, or to replace some of them. Until dx_output_amended() the directory does not fit its manifest.
 *
 * Returns: (transfer full): end it with dx_output_amended(), in any case
 */
DX_API DxOutput *dx_output_amend(const char *dir, GError **error);
DX_API bool dx_output_amended(DxOutput *output, GError **error);

/* The run was not completed: DIR.partial stays as it is, and goes only if it is empty. Accepts NULL. */
DX_API void dx_output_abandon(DxOutput *output);

/* SHA-256 in hexadecimal. (transfer full) */
DX_API char *dx_sha256(const void *data, size_t n);

#endif
