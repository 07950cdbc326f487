/*
 * dxsim verify - is an output directory complete, and as it was written?
 */
#include "cli.h"
#include <dxsim/verify.h>

#include <stdio.h>

static int verify(const char *dir, bool quiet)
{
    unsigned n_files;
    g_autoptr(GPtrArray) problems = dx_verify(dir, &n_files);

    for (guint i = 0; i < problems->len; i++)
        fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(problems, i));
    if (problems->len)
        return CLI_OUTPUT;
    if (!quiet)
        cli_print_of(dir, "complete, %u files as they were written", n_files);
    return CLI_DONE;
}

int cmd_verify(int argc, char **argv)
{
    g_auto(GStrv) dirs = NULL;
    gboolean quiet = FALSE;
    int status = CLI_DONE;
    const GOptionEntry entries[] = {
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say nothing about directories that are in order",
          NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &dirs, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "DIR...",
                   "Compares what \"dxsim run -o DIR\" left with its manifest.json: status, size and\n"
                   "SHA-256 of every file, nothing missing, nothing more. A line for each problem,\n"
                   "and status 4.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim verify out\n"
                   "  dxsim verify --quiet results/*\n",
                   &status))
        return status;
    if (!dirs) {
        cli_complain("which directory? See \"dxsim verify --help\"");
        return CLI_USAGE;
    }
    for (char **dir = dirs; *dir; dir++) {
        const int one = verify(*dir, quiet);

        status = MAX(status, one);
    }
    return status;
}
