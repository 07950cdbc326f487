/*
 * manifest - what an output directory says about itself: where it comes from, and what must be in it
 */
#include "hash-priv.h"
#include "output-priv.h"
#include "hash-priv.h"
#include "json-priv.h"
#include "json-write-priv.h"

#include <string.h>

#ifndef DXSIM_VERSION
#define DXSIM_VERSION "unknown"
#endif

/* -- names of files ---------------------------------------------------------------------------------- */

static bool is_plain_part(const char *part, size_t n)
{
    if (!n || !g_ascii_isalnum(part[0]))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isalnum(part[i]) && !strchr("_.-", part[i]))
            return false;
    return true;
}

bool dx__is_plain_name(const char *name)
{
    const char *slash = strchr(name, '/');
    const char *base = slash ? slash + 1 : name;

    return strlen(name) <= DX_OUTPUT_NAME_MAX && (!slash || is_plain_part(name, (size_t)(slash - name))) &&
           is_plain_part(base, strlen(base));
}

/* -- out --------------------------------------------------------------------------------------------- */

static void write_inputs(DxJsonWriter *writer, const DxManifest *manifest)
{
    dx__json_write_array(writer, "inputs");
    for (unsigned i = 0; i < manifest->n_inputs; i++) {
        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "name", manifest->inputs[i].name);
        dx__json_write_u64(writer, "size_bytes", manifest->inputs[i].size_bytes);
        dx__json_write_text(writer, "sha256", manifest->inputs[i].sha256);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

/* As it was given, unless there is a key in it. */
char *dx__manifest_setting(const char *setting)
{
    const size_t path = strcspn(setting, "=");
    g_autofree char *name = g_strndup(setting, path);

    if (g_str_has_suffix(name, ".cak") || g_str_has_suffix(name, ".ckn") || strstr(setting, "\"cak\""))
        return g_strconcat(name, "=(not shown)", NULL);
    return g_strdup(setting);
}

static void write_setting(DxJsonWriter *writer, const char *setting)
{
    g_autofree char *shown = dx__manifest_setting(setting);

    dx__json_write_text(writer, NULL, shown);
}

void dx__manifest_files(DxJsonWriter *writer, const GPtrArray *files)
{
    dx__json_write_array(writer, "files");
    for (guint i = 0; i < files->len; i++) {
        const DxFile *file = g_ptr_array_index(files, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "name", file->name);
        dx__json_write_u64(writer, "size_bytes", file->size_bytes);
        dx__json_write_text(writer, "sha256",
                            file->sha256 ? file->sha256 : g_checksum_get_string(file->checksum));
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_plugin(DxJsonWriter *writer, const char *name, const char *sha256)
{
    g_autofree char *shown = dx_error_printable(name);

    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "name", shown);
    dx__json_write_text(writer, "sha256", sha256);
    dx__json_write_end(writer);
}

static void write_plugins(DxJsonWriter *writer, const DxManifest *manifest)
{
    const unsigned n = manifest->plugins ? dx_plugins_n(manifest->plugins) : 0;

    if (!n && !manifest->n_plugins)
        return;
    dx__json_write_array(writer, "plugins");
    for (unsigned i = 0; i < n; i++)
        write_plugin(writer, dx_plugins_name(manifest->plugins, i), dx_plugins_sha256(manifest->plugins, i));
    for (unsigned i = 0; i < manifest->n_plugins; i++)
        write_plugin(writer, manifest->plugin_list[i].name, manifest->plugin_list[i].sha256);
    dx__json_write_end(writer);
}

char *dx__manifest_text(const DxManifest *manifest, const GPtrArray *files)
{
    DxJsonWriter writer;

    dx__json_write_init(&writer);
    dx__json_write_text(&writer, "dxsim", DXSIM_VERSION);
    dx__json_write_text(&writer, "status", manifest->status ? manifest->status : "complete");
    dx__json_write_text(&writer, "scenario", manifest->scenario);
    dx__json_write_text(&writer, "scenario_sha256", manifest->scenario_sha256);
    dx__json_write_texts(&writer, "sweep", manifest->sweep, "shard", manifest->shard, NULL);
    if (manifest->n_inputs)
        write_inputs(&writer, manifest);
    dx__json_write_u64(&writer, "seed", manifest->seed);
    dx__json_write_i64(&writer, "duration_ps", manifest->duration_ps);
    if (manifest->status)
        dx__json_write_i64(&writer, "simulated_ps", manifest->simulated_ps);
    if (manifest->settings && *manifest->settings) {
        dx__json_write_array(&writer, "set");
        for (const char *const *setting = manifest->settings; *setting; setting++)
            write_setting(&writer, *setting);
        dx__json_write_end(&writer);
    }
    write_plugins(&writer, manifest);
    dx__manifest_files(&writer, files);
    return dx__json_write_finish(&writer);
}

/* -- in ---------------------------------------------------------------------------------------------- */

GHashTable *dx__manifest_names(const GString *text, bool *is_complete)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    unsigned line, column;
    DxJsonDoc *doc = dx__json_parse(text->str, text->len, &line, &column, NULL);
    const DxJson *root = doc ? dx__json_root(doc) : NULL;
    const DxJson *files = NULL;
    bool is_ours = false;

    if (is_complete) {
        const DxJson *status = root ? dx__json_member(doc, root, "status") : NULL;

        *is_complete = !status || status->type != DX_JSON_STRING || !strcmp(status->text, "complete");
    }
    if (root && root->type == DX_JSON_OBJECT && dx__json_member(doc, root, "dxsim"))
        files = dx__json_member(doc, root, "files");
    if (files && files->type == DX_JSON_ARRAY) {
        is_ours = true;
        dx_json_each (file, files) {
            const DxJson *name = file->type == DX_JSON_OBJECT ? dx__json_member(doc, file, "name") : NULL;

            if (name && name->type == DX_JSON_STRING && dx__is_plain_name(name->text))
                g_hash_table_add(names, g_strdup(name->text));
            else
                is_ours = false;
        }
    }
    dx__json_free(doc);
    g_hash_table_add(names, g_strdup(DX_MANIFEST));
    g_hash_table_add(names, g_strdup(DX_MARK));
    g_hash_table_add(names, g_strdup(DX_JOURNAL));
    return is_ours ? g_steal_pointer(&names) : NULL;
}
