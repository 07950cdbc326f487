/*
 * dxsim validate - check scenarios without running them
 *
 * Everything that "run" would refuse is refused here: the file is read, checked and built.
 */
#include "cli.h"

#include <stdio.h>

static int validate(const char *path, char **settings)
{
    DxScenario *scenario = cli_read_scenario_set(path, (const char *const *)settings, NULL);
    g_autoptr(GError) error = NULL;
    DxRun *run;

    if (!scenario)
        return CLI_REFUSED;
    run = dx_run_new(scenario, &error);
    if (!run)
        fprintf(stderr, "%s\n", error->message);
    dx_run_free(run);
    dx_scenario_free(scenario);
    return error ? cli_status_of(error) : CLI_DONE;
}

int cmd_validate(int argc, char **argv)
{
    g_auto(GStrv) paths = NULL, settings = NULL;
    gboolean quiet = FALSE;
    int status = CLI_DONE;
    const GOptionEntry entries[] = {
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say nothing about files that are in order", NULL },
        { "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &settings,
          "Change the scenario before it is checked; any number of times", "PATH=VALUE" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "SCENARIO...",
                   "Problems are printed one per line: FILE:LINE:COLUMN: error: MESSAGE (PLACE) [CODE].\n",
                   &status))
        return status;
    if (!paths) {
        cli_complain("which scenario? See \"dxsim validate --help\"");
        return CLI_USAGE;
    }
    for (char **path = paths; *path; path++) {
        const int one = validate(*path, settings);
        g_autofree char *line = g_strdup_printf("%s: in order\n", *path);

        if (!one && !quiet)
            cli_print(line);
        status = MAX(status, one);
    }
    return status;
}
