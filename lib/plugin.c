/*
 * plugin - models from a shared object
 *
 *   open, hash: is it a regular file, and one for this kind of machine?
 *   dlopen      by absolute path, all symbols at once, none of them for others to use
 *   DxPlugin    magic, ABI number, sizes: before anything else of it is looked at
 *   tables      names, offsets, defaults and bounds: what the rest of the library takes for granted
 *
 * Nothing is unloaded once it is accepted: its models may be in use.
 */
#include <dxsim/plugin.h>

#include <errno.h>
#include <fcntl.h>
#include <gmodule.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYMBOL      "dxsim_plugin"
#define BLOCK_BYTES (64u << 10)

typedef struct {
    char *name, *sha256;
} Loaded;

struct DxPlugins {
    GPtrArray *models; /* NULL at its end */
    guint n_own;       /* those that came along */
    GArray *loaded;    /* Loaded */
};

/* What is being loaded, and where its problems go. */
typedef struct {
    const char *path; /* as given */
    GError **error;
} Context;

static bool refuse(const Context *context, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* One line that a terminal may show, whatever a path or a name in a plugin holds. */
static bool refuse(const Context *context, const char *format, ...)
{
    g_autofree char *why = NULL, *line = NULL, *shown = NULL;
    va_list args;

    va_start(args, format);
    why = g_strdup_vprintf(format, args);
    va_end(args);
    line = g_strdup_printf("%s: %s", context->path, why);
    shown = dx_error_printable(line);
    g_set_error_literal(context->error, DX_ERROR, DX_ERROR_MODEL, shown);
    return false;
}

/* -- the file ---------------------------------------------------------------------------------------- */

/* Its SHA-256, or NULL. A pipe is not waited for. */
static char *hash_file(const Context *context, int fd)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree guchar *block = g_malloc(BLOCK_BYTES);
    struct stat info;
    bool is_first = true;
    ssize_t n;

    if (!fstat(fd, &info) && !S_ISREG(info.st_mode)) {
        refuse(context, "is no regular file");
        return NULL;
    }
    while ((n = read(fd, block, BLOCK_BYTES)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0 && is_first && (n < 4 || memcmp(block, "\177ELF", 4)))
            break;
        is_first = false;
        g_checksum_update(checksum, block, MAX(n, 0));
    }
    if (n < 0)
        refuse(context, "%s", g_strerror(errno));
    else if (n > 0 || is_first)
        refuse(context, "is no shared object");
    else
        return g_strdup(g_checksum_get_string(checksum));
    return NULL;
}

static char *hash_path(const Context *context)
{
    const int fd = open(context->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    char *sha256;

    if (fd < 0) {
        refuse(context, "%s", g_strerror(errno));
        return NULL;
    }
    sha256 = hash_file(context, fd);
    close(fd);
    return sha256;
}

static GModule *open_module(const Context *context)
{
    g_autofree char *absolute =
        g_canonicalize_filename(context->path, NULL); /* a bare name would be searched for */
    g_autofree char *prefix = g_strconcat(absolute, ": ", NULL);
    GModule *module = g_module_open(absolute, G_MODULE_BIND_LOCAL);
    const char *why = module ? NULL : g_module_error();

    if (why)
        refuse(context, "cannot be loaded: %s", g_str_has_prefix(why, prefix) ? why + strlen(prefix) : why);
    return module;
}

/* -- its tables -------------------------------------------------------------------------------------- */

static bool is_name(const char *text)
{
    return text && (g_ascii_isalpha(*text) || *text == '_') && strlen(text) <= 64 &&
           strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-") == strlen(text);
}

static size_t size_of_field(const DxParam *param)
{
    switch (param->type) {
    case DX_TYPE_BOOL:
        return sizeof(bool);
    case DX_TYPE_ENUM:
        return sizeof(int);
    case DX_TYPE_LIMIT:
        return sizeof(DxLimit);
    case DX_TYPE_MIX:
        return sizeof(DxMix);
    case DX_TYPE_FILE:
        return sizeof(DxFileParam);
    case DX_TYPE_CLASSES:
        return sizeof(DxClasses);
    default:
        return 8; /* int64_t, uint64_t, double */
    }
}

static bool holds(size_t struct_bytes, size_t offset, size_t field_bytes)
{
    return field_bytes <= struct_bytes && offset <= struct_bytes - field_bytes;
}

/* Default and bounds are written like values, and are such. */
static bool check_values(const Context *context, const DxModel *model, const DxParam *param)
{
    const char *const texts[] = { param->fallback, param->min, param->max };
    g_autofree void *scratch = g_malloc0(model->conf_size);

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        if (texts[i] && !dx_param_set(param, scratch, texts[i], &error))
            return refuse(context, "model %s, parameter %s: its %s: %s", model->name, param->field,
                          i == 0 ? "default" : "bound", error->message);
    }
    return true;
}

static bool check_params(const Context *context, const DxModel *model)
{
    for (const DxParam *param = model->params; param && param->type != DX_TYPE_END; param++) {
        if (param->type == DX_TYPE_GROUP && (!param->field || is_name(param->field)))
            continue;
        if ((unsigned)param->type > DX_TYPE_FILE || !is_name(param->field) || !param->help ||
            (param->type == DX_TYPE_ENUM && (!param->names || !param->names[0])))
            return refuse(context, "model %s: row %d of its parameters is not filled in", model->name,
                          (int)(param - model->params));
        if (!holds(model->conf_size, param->offset, size_of_field(param)))
            return refuse(context, "model %s, parameter %s: is outside of its struct of %zu bytes",
                          model->name, param->field, model->conf_size);
        if (!check_values(context, model, param))
            return false;
    }
    return true;
}

static bool check_counters(const Context *context, const DxModel *model)
{
    for (const DxCounter *counter = model->counters; counter && counter->name; counter++) {
        if (!is_name(counter->name) || !counter->help || (unsigned)counter->kind > DX_COUNTER_MAX)
            return refuse(context, "model %s: row %d of its counters is not filled in", model->name,
                          (int)(counter - model->counters));
        if (!holds(model->state_size, counter->offset, sizeof(uint64_t)))
            return refuse(context, "model %s, counter %s: is outside of its struct of %zu bytes", model->name,
                          counter->name, model->state_size);
    }
    for (unsigned i = 0; model->drops && model->drops[i]; i++)
        if (!is_name(model->drops[i]))
            return refuse(context, "model %s: reason %u to drop is no name", model->name, i);
    return true;
}

static bool check_model(const Context *context, const DxPlugins *plugins, const DxModel *model)
{
    if (!is_name(model->name) || !model->summary)
        return refuse(context, "one of its models has no name, or no summary");
    for (guint i = 0; plugins->models->pdata[i]; i++)
        if (!strcmp(((const DxModel *)plugins->models->pdata[i])->name, model->name))
            return refuse(context, "its model \"%s\" has the name of one that %s; give it another",
                          model->name, i < plugins->n_own ? "comes with dxsim" : "is loaded already");
    return check_params(context, model) && check_counters(context, model);
}

/* -- loading ----------------------------------------------------------------------------------------- */

static bool check_header(const Context *context, const DxPlugin *plugin)
{
    if (memcmp(plugin->magic, DX_PLUGIN_MAGIC, sizeof plugin->magic))
        return refuse(context, "what it exports as " SYMBOL " was not made with DX_PLUGIN()");
    if (plugin->abi != DX_MODEL_ABI)
        return refuse(context,
                      "was made for version %u of the model interface, this is version %d; compile it again",
                      plugin->abi, DX_MODEL_ABI);
    if (plugin->size_bytes != sizeof(DxPlugin) || plugin->model_bytes != sizeof(DxModel) ||
        plugin->param_bytes != sizeof(DxParam) || plugin->counter_bytes != sizeof(DxCounter) ||
        plugin->frame_bytes != sizeof(DxFrame))
        return refuse(context, "was compiled with other headers or for another machine; compile it again");
    return true;
}

/* Before the NULL at the end. */
static void add_model(DxPlugins *plugins, const DxModel *model)
{
    g_ptr_array_insert(plugins->models, (int)plugins->models->len - 1, (gpointer)model);
}

static bool take_models(const Context *context, DxPlugins *plugins, const DxPlugin *plugin)
{
    const guint n = plugins->models->len;

    if (!check_header(context, plugin))
        return false;
    for (const DxModel *const *model = plugin->models; model && *model; model++) {
        if (!check_model(context, plugins, *model)) {
            g_ptr_array_remove_range(plugins->models, n - 1, plugins->models->len - n);
            return false;
        }
        add_model(plugins, *model);
    }
    return plugins->models->len > n || refuse(context, "has no models");
}

bool dx_plugins_load(DxPlugins *plugins, const char *path, GError **error)
{
    const Context context = { path, error };
    g_autofree char *sha256 = NULL;
    GModule *module;
    gpointer plugin;

    g_return_val_if_fail(plugins != NULL && path != NULL, false);
    if (!(sha256 = hash_path(&context)) || !(module = open_module(&context)))
        return false;
    if (!g_module_symbol(module, SYMBOL, &plugin) || !plugin)
        refuse(&context,
               "is no plugin of dxsim: it exports no " SYMBOL "; see DX_PLUGIN() in <dxsim/plugin.h>");
    else if (take_models(&context, plugins, plugin)) {
        const Loaded loaded = { g_path_get_basename(path), g_steal_pointer(&sha256) };

        g_array_append_val(plugins->loaded, loaded);
        g_module_make_resident(module);
        return true;
    }
    g_module_close(module);
    return false;
}

/* -- all of them ------------------------------------------------------------------------------------- */

static void loaded_clear(gpointer data)
{
    Loaded *loaded = data;

    g_free(loaded->name);
    g_free(loaded->sha256);
}

DxPlugins *dx_plugins_new(const DxModel *const *models)
{
    DxPlugins *plugins;

    g_return_val_if_fail(models != NULL, NULL);
    plugins = g_new0(DxPlugins, 1);
    plugins->loaded = g_array_new(FALSE, FALSE, sizeof(Loaded));
    g_array_set_clear_func(plugins->loaded, loaded_clear);
    plugins->models = g_ptr_array_new();
    for (; *models; models++)
        g_ptr_array_add(plugins->models, (gpointer)*models);
    plugins->n_own = plugins->models->len;
    g_ptr_array_add(plugins->models, NULL);
    return plugins;
}

void dx_plugins_free(DxPlugins *plugins)
{
    if (!plugins)
        return;
    g_ptr_array_unref(plugins->models);
    g_array_unref(plugins->loaded);
    g_free(plugins);
}

const DxModel *const *dx_plugins_models(const DxPlugins *plugins)
{
    return (const DxModel *const *)plugins->models->pdata;
}

unsigned dx_plugins_n(const DxPlugins *plugins)
{
    return plugins->loaded->len;
}

const char *dx_plugins_name(const DxPlugins *plugins, unsigned index)
{
    return g_array_index(plugins->loaded, Loaded, index).name;
}

const char *dx_plugins_sha256(const DxPlugins *plugins, unsigned index)
{
    return g_array_index(plugins->loaded, Loaded, index).sha256;
}
