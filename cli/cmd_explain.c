/*
 * dxsim explain - what a scenario says once everything is resolved, and what follows before it runs
 */
#include "cli.h"
#include <dxsim/explain.h>

#include <string.h>

typedef struct {
    DxExplainForm form;
    gboolean as_loa;
    char *link; /* for as_loa; NULL: all */
} Wish;

static int explain(const char *path, char *const *settings, const Wish *wish)
{
    DxScenario *scenario = cli_read_scenario(path, settings, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (!scenario)
        return CLI_REFUSED;
    text = wish->as_loa ? dx_explain_loa(scenario, wish->link, wish->form, &error)
                        : dx_explain(scenario, wish->form, &error);
    if (text)
        cli_print(text);
    else
        cli_complain_at(error);
    dx_scenario_free(scenario);
    return text ? CLI_DONE : cli_status_of(error);
}

int cmd_explain(int argc, char **argv)
{
    g_auto(GStrv) paths = NULL, settings = NULL, plugins = NULL;
    gboolean as_json = FALSE, as_dot = FALSE;
    g_autofree char *link = NULL; /* owns wish.link */
    Wish wish = { .as_loa = FALSE };
    int status;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "For programs: all of it, times in ps", NULL },
        { "dot", 0, 0, G_OPTION_ARG_NONE, &as_dot, "The topology, for Graphviz", NULL },
        { "loa", 0, 0, G_OPTION_ARG_NONE, &wish.as_loa, "Letters of authorization of cross connects", NULL },
        { "link", 0, 0, G_OPTION_ARG_STRING, &wish.link, "With --loa: of this link only", "NAME" },
        CLI_OPTION_SET(&settings),
        CLI_OPTION_PLUGIN(&plugins),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (argc > 1 && !strcmp(argv[1], "bgp"))
        return cmd_explain_bgp(argc - 1, argv + 1);
    if (argc > 1 && !strcmp(argv[1], "policy"))
        return cmd_explain_policy(argc - 1, argv + 1);
    if (!cli_parse(argc, argv, entries, "SCENARIO",
                   "Every value and where it came from; for every flow and hop the time on the wire,\n"
                   "the delay, what is in flight and how long a full queue takes to drain; what the\n"
                   "engine makes of it. Nothing is simulated.\n"
                   "\n"
                   "\"dxsim explain bgp --help\": which of several BGP paths is the best, and why.\n"
                   "\"dxsim explain policy --help\": what prefix lists and route maps make of routes.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim explain scenarios/robinhood-microburst.json\n"
                   "  dxsim explain load.json --dot | dot -Tsvg >load.svg\n",
                   &status))
        return status;
    link = wish.link;
    if (!paths || paths[1] || (as_json && as_dot)) {
        cli_complain(
            "one scenario, please, and at most one of --json and --dot; see \"dxsim explain --help\"");
        return CLI_USAGE;
    }
    if ((wish.link && !wish.as_loa) || (wish.as_loa && as_dot)) {
        cli_complain(
            "--link goes with --loa, and --loa does not go with --dot; see \"dxsim explain --help\"");
        return CLI_USAGE;
    }
    if (!cli_check_settings(settings))
        return CLI_USAGE;
    if ((status = cli_load_plugins(plugins)))
        return status;
    wish.form = as_json ? DX_EXPLAIN_JSON : as_dot ? DX_EXPLAIN_DOT : DX_EXPLAIN_TEXT;
    return explain(paths[0], settings, &wish);
}
