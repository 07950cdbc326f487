/*
 * dxsim validate - check scenarios without running them
 *
 * Everything that "run" would refuse is refused here: the file is read, checked and built.
 */
#include "cli.h"

static int validate(const char *path, char **settings)
{
    DxScenario *scenario = cli_read_scenario(path, settings, NULL);
    g_autoptr(GError) error = NULL;
    DxRun *run;

    if (!scenario)
        return CLI_REFUSED;
    run = dx_run_new(scenario, &error);
    if (!run)
        cli_complain_at(error);
    dx_run_free(run);
    dx_scenario_free(scenario);
    return error ? cli_status_of(error) : CLI_DONE;
}

int cmd_validate(int argc, char **argv)
{
    g_auto(GStrv) paths = NULL, settings = NULL, plugins = NULL;
    gboolean quiet = FALSE;
    int status = CLI_DONE;
    const GOptionEntry entries[] = {
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say nothing about files that are in order", NULL },
        CLI_OPTION_SET(&settings),
        CLI_OPTION_PLUGIN(&plugins),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "SCENARIO...",
                   "Problems are printed one per line:\n"
                   "FILE:LINE:COLUMN: error: MESSAGE (PLACE) [CODE]; docs/errors.md explains codes.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim validate scenarios/*.json\n"
                   "  dxsim validate load.json --set flows.video.rate=\"40 Gbps\"\n",
                   &status))
        return status;
    if (!paths) {
        cli_complain("which scenario? See \"dxsim validate --help\"");
        return CLI_USAGE;
    }
    if (!cli_check_settings(settings))
        return CLI_USAGE;
    if ((status = cli_load_plugins(plugins)))
        return status;
    for (char **path = paths; *path; path++) {
        const int one = validate(*path, settings);

        if (!one && !quiet)
            cli_print_of(*path, "in order");
        status = MAX(status, one);
    }
    return status;
}
