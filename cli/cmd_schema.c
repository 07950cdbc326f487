/*
 * dxsim schema - the format of a scenario, for editors and for the reference page
 */
#include "cli.h"
#include <dxsim/schema.h>
#include <dxsim/models.h>

int cmd_schema(int argc, char **argv)
{
    g_auto(GStrv) rest = NULL;
    gboolean as_markdown = FALSE;
    g_autofree char *text = NULL;
    int status;
    const GOptionEntry entries[] = {
        { "markdown", 0, 0, G_OPTION_ARG_NONE, &as_markdown, "Tables for a reference page", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &rest, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "",
                   "Prints a JSON Schema (draft 2020-12). An editor that knows it completes keys and marks "
                   "mistakes:\nput \"$schema\": \"schema.json\" into a scenario.\n",
                   &status))
        return status;
    if (rest) {
        cli_complain("schema takes no arguments; see \"dxsim schema --help\"");
        return CLI_USAGE;
    }
    text = as_markdown ? dx_schema_markdown(dx_builtin_models) : dx_schema_json(dx_builtin_models);
    cli_print(text);
    return CLI_DONE;
}
