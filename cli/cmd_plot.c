/*
 * dxsim plot - figures of a finished run, drawn again, or for the first time
 *
 *   verify DIR -> read -> draw into DIR/plots, if DIR is as it was written; else into -o DIR2 -> manifest
 *
 * A figure for the terminal is printed, and leaves no file.
 */
#include "cli.h"
#include <dxsim/plot.h>
#include <dxsim/verify.h>

#include <stdio.h>
#include <string.h>

typedef struct {
    gboolean list, force;
    char *format, *dir;
    char **paths, **others;
} Options;

typedef struct {
    const Options *options;
    const char *from; /* DIR */
    char **wanted;    /* figures; empty: all that there is something for */
    DxPlotFormat format;
    DxPlotSource *source;
    DxOutput *output; /* NULL: figures are printed */
    bool is_amended;  /* output is DIR itself */
    GString *written;
} Job;

static int list_figures(void)
{
    const char *summary;

    for (unsigned i = 0; dx_plot_figure(i, &summary); i++) {
        g_autofree char *line = g_strdup_printf("%-18s %s\n", dx_plot_figure(i, NULL), summary);

        cli_print(line);
    }
    return CLI_DONE;
}

static bool is_figure(const char *name)
{
    for (unsigned i = 0; dx_plot_figure(i, NULL); i++)
        if (!strcmp(dx_plot_figure(i, NULL), name))
            return true;
    cli_complain("there is no figure \"%s\"; see \"dxsim plot --list\"", name);
    return false;
}

static bool is_consistent(Job *job)
{
    const Options *options = job->options;

    if (!options->paths)
        cli_complain("of which directory? See \"dxsim plot --help\"");
    else if (options->format && !dx_plot_format(options->format, &job->format))
        cli_complain("--format: \"%s\" is none of svg, png, pdf and dumb", options->format);
    else if (options->force && !options->dir)
        cli_complain("--force needs -o DIR");
    else if (options->others && !options->dir && job->format != DX_PLOT_DUMB)
        cli_complain("--compare needs -o DIR: what is of several runs does not belong into one of them");
    else {
        bool known = true;

        job->from = options->paths[0];
        job->wanted = options->paths + 1;
        for (char **name = job->wanted; *name; name++)
            known = is_figure(*name) && known;
        return known;
    }
    return false;
}

static int complain(const GError *error)
{
    cli_complain("%s", error->message);
    return g_error_matches(error, DX_ERROR, DX_ERROR_IO) ? CLI_OUTPUT : CLI_PLOT;
}

/* -- from where, to where ---------------------------------------------------------------------------- */

/* A picture of files that somebody has changed would be one of nothing that was simulated. */
static int check_source(const char *dir)
{
    g_autoptr(GPtrArray) problems = dx_verify(dir, NULL);

    for (guint i = 0; i < problems->len; i++)
        cli_complain("%s", (char *)g_ptr_array_index(problems, i));
    return problems->len ? CLI_OUTPUT : CLI_DONE;
}

static int open_sources(Job *job)
{
    g_autoptr(GError) error = NULL;
    int status = check_source(job->from);

    for (char **dir = job->options->others; dir && *dir && !status; dir++)
        status = check_source(*dir);
    if (status)
        return status;
    job->source = dx_plot_source_new(job->from, &error);
    for (char **dir = job->options->others; dir && *dir && job->source && !error; dir++)
        dx_plot_source_add(job->source, *dir, &error);
    return error ? complain(error) : CLI_DONE;
}

static int open_output(Job *job)
{
    g_autoptr(GError) error = NULL;

    if (job->options->dir) {
        job->output = dx_output_new(job->options->dir, job->options->force, &error);
    } else if (job->format == DX_PLOT_DUMB) {
        return CLI_DONE;
    } else {
        job->output = dx_output_amend(job->from, &error);
        job->is_amended = job->output != NULL;
    }
    if (job->output)
        return CLI_DONE;
    cli_complain("%s", error->message);
    return CLI_OUTPUT;
}

/* -- drawing ----------------------------------------------------------------------------------------- */

static bool print_figure(const Job *job, const char *name, GError **error)
{
    g_autofree char *text = dx_plot_picture(name, job->format, job->source, NULL, error);

    if (text)
        cli_print(text);
    return text != NULL;
}

static bool draw_figure(Job *job, const char *name, GError **error)
{
    if (!job->output)
        return print_figure(job, name, error);
    return dx_plot_draw(name, job->format, job->output, job->source, error);
}

/* @is_asked_for: by name. Otherwise there need not be anything to draw. */
static int draw(Job *job, const char *name, bool is_asked_for)
{
    g_autoptr(GError) error = NULL;

    if (draw_figure(job, name, &error)) {
        g_string_append_printf(job->written, "%splots/%s.%s", job->written->len ? ", " : "", name,
                               dx_plot_ending(job->format));
        return CLI_DONE;
    }
    if (!is_asked_for && g_error_matches(error, DX_ERROR, DX_ERROR_REFERENCE))
        return CLI_DONE;
    return complain(error);
}

/* Files that cannot be written are worse than a figure that cannot be drawn. */
static int worse(int a, int b)
{
    return a == CLI_OUTPUT || b == CLI_DONE ? a : b;
}

static int draw_all(Job *job)
{
    int status = CLI_DONE;

    for (char **name = job->wanted; *name && status != CLI_OUTPUT; name++)
        status = worse(status, draw(job, *name, true));
    for (unsigned i = 0; !*job->wanted && dx_plot_figure(i, NULL) && status != CLI_OUTPUT; i++)
        status = worse(status, draw(job, dx_plot_figure(i, NULL), false));
    if (!status && !job->written->len) {
        cli_complain("%s: there is nothing to draw", job->from);
        status = CLI_PLOT;
    }
    return status;
}

/* A directory of figures has a manifest like any other. */
static bool finish(Job *job, GError **error)
{
    g_autofree char *name = g_path_get_basename(job->from);
    g_autofree char *shown = dx_error_printable(name);
    g_autofree char *path = g_build_filename(job->from, "manifest.json", NULL), *text = NULL, *sha256 = NULL;
    DxManifest manifest = { .scenario = shown };
    gsize length = 0;

    if (job->is_amended)
        return dx_output_amended(g_steal_pointer(&job->output), error);
    g_file_get_contents(path, &text, &length, NULL);
    manifest.scenario_sha256 = sha256 = dx_sha256(text ? text : "", length);
    return dx_output_finish(g_steal_pointer(&job->output), &manifest, error);
}

static int close_output(Job *job, int status)
{
    g_autoptr(GError) error = NULL;

    if (!job->output || !finish(job, &error))
        return error ? complain(error) : status;
    if (job->written->len)
        cli_complain("%s: wrote %s", job->options->dir ? job->options->dir : job->from, job->written->str);
    return status;
}

static int do_job(Job *job)
{
    int status;

    if ((status = open_sources(job)) || (status = open_output(job)))
        return status;
    status = draw_all(job);
    return status == CLI_OUTPUT ? status : close_output(job, status);
}

static void options_clear(Options *options)
{
    g_free(options->format);
    g_free(options->dir);
    g_strfreev(options->paths);
    g_strfreev(options->others);
}

int cmd_plot(int argc, char **argv)
{
    Options options = { 0 };
    Job job = { .options = &options, .format = DX_PLOT_SVG };
    int status;
    const GOptionEntry entries[] = {
        { "list", 'l', 0, G_OPTION_ARG_NONE, &options.list, "What figures there are", NULL },
        { "format", 0, 0, G_OPTION_ARG_STRING, &options.format,
          "svg, png, pdf, or dumb: text, for a terminal", "FORMAT" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.dir, "Write into a new directory, not into DIR",
          "DIR2" },
        { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force, "Replace DIR2, if ours", NULL },
        { "compare", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.others,
          "Draw one more run into the figures; repeatable", "DIR3" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (cli_parse(argc, argv, entries, "DIR [FIGURE...]",
                  "DIR is what \"dxsim run -o DIR\" has left. Without FIGURE, all are drawn that\n"
                  "there is something to draw of. They go into DIR/plots, and into its manifest, if\n"
                  "all of DIR is as it was written; with -o, DIR stays as it is; --format dumb\n"
                  "prints them.\n"
                  "\n"
                  "Examples:\n"
                  "  dxsim plot out queue latency-cdf --format pdf -o figures\n"
                  "  dxsim plot three --compare four throughput -o comparison\n",
                  &status)) {
        if (options.list) {
            status = list_figures();
        } else if (!is_consistent(&job)) {
            status = CLI_USAGE;
        } else {
            job.written = g_string_new(NULL);
            status = do_job(&job);
            dx_output_abandon(job.output);
            dx_plot_source_free(job.source);
            g_string_free(job.written, TRUE);
        }
    }
    options_clear(&options);
    return status;
}
