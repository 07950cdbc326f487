/*
 * sweep-done - is it all there already?
 *
 * A script that gives --resume may be run again when some of its sweeps are complete. Such a directory says
 * in its manifest what it belongs to.
 */
#include "sweep-priv.h"

#include <dxsim/verify.h>

#include <string.h>

#ifndef DXSIM_VERSION
#define DXSIM_VERSION "unknown"
#endif

static DxJsonDoc *read_json(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL), *text = NULL;
    unsigned line, column;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, NULL))
        return NULL;
    return dx__json_parse(text, length, &line, &column, NULL);
}

/* NULL: it is not to be there. */
static bool is_text(DxJsonDoc *doc, const char *key, const char *want)
{
    const DxJson *json = dx__json_member(doc, dx__json_root(doc), key);

    return want ? json && json->type == DX_JSON_STRING && !strcmp(json->text, want) : !json;
}

static bool is_number(DxJsonDoc *doc, const char *key, uint64_t want)
{
    const DxJson *json = dx__json_member(doc, dx__json_root(doc), key);
    uint64_t value;

    return json && json->type == DX_JSON_NUMBER && dx__json_uint64(json, &value) && value == want;
}

static bool has_settings(DxJsonDoc *doc, const GPtrArray *settings)
{
    const DxJson *list = dx__json_member(doc, dx__json_root(doc), "set");
    const DxJson *item = list && list->type == DX_JSON_ARRAY ? list->child : NULL;

    for (guint i = 0; i < settings->len; i++, item = item->next)
        if (!item || item->type != DX_JSON_STRING || strcmp(item->text, settings->pdata[i]))
            return false;
    return !item;
}

/* Files beside the scenario, or plugins. */
static bool has_files(DxJsonDoc *doc, const char *key, const GArray *files)
{
    const DxJson *list = dx__json_member(doc, dx__json_root(doc), key);
    const DxJson *item = list && list->type == DX_JSON_ARRAY ? list->child : NULL;

    for (guint i = 0; i < files->len; i++, item = item->next) {
        const DxJson *sum =
            item && item->type == DX_JSON_OBJECT ? dx__json_member(doc, item, "sha256") : NULL;

        if (!sum || sum->type != DX_JSON_STRING || strcmp(sum->text, g_array_index(files, DxInput, i).sha256))
            return false;
    }
    return !item;
}

static bool is_of(const DxSweep *sweep, DxJsonDoc *manifest)
{
    g_autofree char *shard = sweep->n_shards ? g_strdup_printf("%u/%u", sweep->shard, sweep->n_shards) : NULL;

    return dx__json_root(manifest)->type == DX_JSON_OBJECT && is_text(manifest, "dxsim", DXSIM_VERSION) &&
           is_text(manifest, "scenario_sha256", sweep->sha256) &&
           is_text(manifest, "sweep", sweep->plan->name) && is_text(manifest, "shard", shard) &&
           is_number(manifest, "seed", sweep->seed) &&
           is_number(manifest, "duration_ps", (uint64_t)sweep->duration_ps) &&
           has_settings(manifest, sweep->settings) && has_files(manifest, "inputs", sweep->inputs) &&
           has_files(manifest, "plugins", sweep->plugins);
}

static bool has_passed(const char *dir)
{
    DxJsonDoc *doc = read_json(dir, "sweep.json");
    const DxJson *root = doc ? dx__json_root(doc) : NULL;
    const DxJson *checks = root && root->type == DX_JSON_OBJECT ? dx__json_member(doc, root, "checks") : NULL;
    bool passed = checks && checks->type == DX_JSON_ARRAY;

    for (const DxJson *check = passed ? checks->child : NULL; check; check = check->next) {
        const DxJson *pass = check->type == DX_JSON_OBJECT ? dx__json_member(doc, check, "pass") : NULL;

        passed = passed && pass && pass->type == DX_JSON_BOOL && pass->boolean;
    }
    dx__json_free(doc);
    return passed;
}

bool dx_sweep_is_done(const DxSweep *sweep, const char *dir, bool *passed)
{
    DxJsonDoc *manifest = read_json(dir, "manifest.json");
    bool is_done = manifest && is_of(sweep, manifest);

    dx__json_free(manifest);
    if (is_done) {
        unsigned n_files;
        g_autoptr(GPtrArray) problems = dx_verify(dir, &n_files);

        is_done = !problems->len;
        *passed = is_done && (sweep->n_shards || has_passed(dir));
    }
    return is_done;
}
