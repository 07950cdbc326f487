/*
 * plot-picture - a figure in memory: drawn in a folder of its own, which then goes
 */
#include "plot-priv.h"

#include <glib/gstdio.h>

static void remove_figure(const char *dir, const char *name, DxPlotFormat format)
{
    const char *const endings[] = { "csv", "gp", dx_plot_ending(format) };
    static const char *const rest[] = { "o.partial/plots", "o.partial/.dxsim-partial", "o.partial", "" };

    for (unsigned i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strdup_printf("%s/o.partial/plots/%s.%s", dir, name, endings[i]);

        g_remove(path);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(rest); i++) {
        g_autofree char *path = g_build_filename(dir, rest[i], NULL);

        g_remove(path);
    }
}

char *dx_plot_picture(const char *name, DxPlotFormat format, const DxPlotSource *source, gsize *length,
                      GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *dir = g_dir_make_tmp("dxsim-plot-XXXXXX", &cause);
    g_autofree char *inner = NULL, *path = NULL;
    char *picture = NULL;
    DxOutput *output;

    g_return_val_if_fail(name != NULL && source != NULL, NULL);
    if (!dir) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s", cause->message);
        return NULL;
    }
    inner = g_build_filename(dir, "o", NULL);
    output = dx_output_new(inner, false, error);
    if (output && dx_plot_draw(name, format, output, source, error)) {
        path = g_strdup_printf("%s/plots/%s.%s", dx_output_path(output), name, dx_plot_ending(format));
        if (!g_file_get_contents(path, &picture, length, &cause))
            g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s", cause->message);
    }
    dx_output_abandon(output);
    remove_figure(dir, name, format);
    return picture;
}
