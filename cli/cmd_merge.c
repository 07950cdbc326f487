/*
 * dxsim merge - shards of a sweep become the whole
 */
#include "cli.h"
#include <dxsim/sweep.h>

#include <stdio.h>

typedef struct {
    gboolean force, quiet, json;
    char *dir, **shards;
} Options;

static int complain(const GError *error)
{
    cli_complain("%s", error->message);
    return cli_status_of(error);
}

static void tell(const Options *options, const DxSweep *sweep)
{
    g_autofree char *text = NULL;

    if (options->json)
        text = dx_sweep_json(sweep);
    else if (!options->quiet)
        text = dx_sweep_table(sweep);
    if (text)
        cli_print(text);
}

static int merge(const Options *options)
{
    g_autoptr(GError) error = NULL;
    DxSweep *sweep = dx_sweep_merge((const char *const *)options->shards, &error);
    DxOutput *output;
    int status;

    if (!sweep)
        return complain(error);
    output = dx_output_new(options->dir, options->force, &error);
    if (output && dx_sweep_finish(sweep, output, NULL, &error)) {
        tell(options, sweep);
        status = dx_sweep_passed(sweep) ? CLI_DONE : CLI_EXPECTATION_FAILED;
    } else {
        status = complain(error);
    }
    dx_sweep_free(sweep);
    return status;
}

int cmd_merge(int argc, char **argv)
{
    Options options = { 0 };
    int status;
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.dir, "Write the whole into a new directory",
          "DIR" },
        { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force, "Replace DIR, if ours", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print sweep.json instead of a table", NULL },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but errors", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.shards, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (cli_parse(argc, argv, entries, "SHARD...",
                  "SHARDs are directories that \"dxsim sweep --shard I/N -o SHARD\" has written,\n"
                  "all N of them, in any order. DIR is then what the sweep in one piece would\n"
                  "have written, to the byte.\n"
                  "\n"
                  "Examples:\n"
                  "  dxsim merge part1 part2 part3 part4 -o whole\n"
                  "  dxsim merge part-* -o whole --json\n",
                  &status)) {
        status = CLI_USAGE;
        if (!options.shards || !options.dir)
            cli_complain("which shards, and where to? See \"dxsim merge --help\"");
        else if (options.json && options.quiet)
            cli_complain("--json and --quiet exclude each other");
        else
            status = merge(&options);
    }
    g_free(options.dir);
    g_strfreev(options.shards);
    return status;
}
