/*
 * dxsim schema - the format of a scenario, for editors and for the reference page
 */
#include "cli.h"
#include <dxsim/schema.h>

int cmd_schema(int argc, char **argv)
{
    g_auto(GStrv) rest = NULL, plugins = NULL;
    gboolean as_markdown = FALSE;
    g_autofree char *text = NULL;
    int status;
    const GOptionEntry entries[] = {
        { "markdown", 0, 0, G_OPTION_ARG_NONE, &as_markdown, "Tables for a reference page", NULL },
        CLI_OPTION_PLUGIN(&plugins),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &rest, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "",
                   "Prints a JSON Schema (draft 2020-12). An editor that knows it completes keys and\n"
                   "marks mistakes: put \"$schema\": \"schema.json\" into a scenario.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim schema >schema.json\n"
                   "  dxsim schema --plugin ./my-model.so >schema.json\n",
                   &status))
        return status;
    if (rest) {
        cli_complain("schema takes no arguments; see \"dxsim schema --help\"");
        return CLI_USAGE;
    }
    if ((status = cli_load_plugins(plugins)))
        return status;
    text = as_markdown ? dx_schema_markdown(cli_models()) : dx_schema_json(cli_models());
    cli_print(text);
    return CLI_DONE;
}
