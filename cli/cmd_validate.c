/*
 * dxsim validate - check scenarios without running them
 *
 * Everything that "run" and "sweep" would refuse is refused here: the file is read, checked and built, and so
 * is every point of its sweeps read and checked.
 */
#include "cli.h"
#include <dxsim/sweep.h>

/* Every point of every sweep. */
static int check_sweeps(const DxScenario *scenario, const DxSweepSource *source)
{
    DxProblems *problems = dx_problems_new();
    const char *name;
    bool is_good = true;

    for (unsigned i = 0; (name = dx_scenario_sweep(scenario, i)) != NULL; i++) {
        DxSweep *sweep = dx_sweep_new(scenario, name, source, NULL);

        is_good = dx_sweep_check(sweep, problems) && is_good;
        dx_sweep_free(sweep);
    }
    cli_print_problems(problems);
    dx_problems_free(problems);
    return is_good ? CLI_DONE : CLI_REFUSED;
}

static int build(const DxScenario *scenario)
{
    g_autoptr(GError) error = NULL;
    DxRun *run = dx_run_new(scenario, &error);

    if (!run)
        cli_complain_at(error);
    dx_run_free(run);
    return error ? cli_status_of(error) : CLI_DONE;
}

static int validate(const char *path, char **settings)
{
    GString *text = cli_read_text(path);
    g_autofree char *dir = cli_dir_of(path);
    DxScenario *scenario = text ? cli_read_scenario_in(dir, path, text, settings) : NULL;
    int status = scenario ? build(scenario) : CLI_REFUSED;

    if (!status)
        status = check_sweeps(scenario, &(DxSweepSource){ .dir = dir,
                                                          .file = path,
                                                          .text = text->str,
                                                          .length = text->len,
                                                          .models = cli_models(),
                                                          .settings = (const char *const *)settings });
    dx_scenario_free(scenario);
    if (text)
        g_string_free(text, TRUE);
    return status;
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
