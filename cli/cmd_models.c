/*
 * dxsim models - what models there are, and what each of them takes and counts
 */
#include "cli.h"
#include <dxsim/schema.h>

#include <string.h>

static const DxModel *find(const char *name)
{
    for (const DxModel *const *model = cli_models(); *model; model++)
        if (!strcmp((*model)->name, name))
            return *model;
    return NULL;
}

static char *describe(const DxModel *model, bool as_json, bool as_markdown)
{
    if (!model)
        return as_json ? dx_models_json(cli_models()) : dx_models_text(cli_models());
    if (as_markdown)
        return dx_model_markdown(model);
    return as_json ? dx_model_json(model) : dx_model_text(model);
}

int cmd_models(int argc, char **argv)
{
    g_auto(GStrv) names = NULL, plugins = NULL;
    gboolean as_json = FALSE, as_markdown = FALSE;
    g_autofree char *text = NULL;
    const DxModel *model = NULL;
    int status;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "For programs", NULL },
        { "markdown", 0, 0, G_OPTION_ARG_NONE, &as_markdown, "Tables for a reference page", NULL },
        CLI_OPTION_PLUGIN(&plugins),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "[MODEL]",
                   "Without MODEL, a line for each. With it, its parameters, counters and reasons\n"
                   "to drop a frame.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim models port\n"
                   "  dxsim models --plugin ./my-model.so my-model\n",
                   &status))
        return status;
    if ((names && names[1]) || (as_json && as_markdown) || (as_markdown && !names)) {
        cli_complain(as_markdown ? "--markdown is for one model, without --json"
                                 : "one model, or none for all");
        return CLI_USAGE;
    }
    if ((status = cli_load_plugins(plugins)))
        return status;
    if (names)
        model = find(names[0]);
    if (names && !model) {
        cli_complain("there is no model \"%s\"; \"dxsim models\" lists them", names[0]);
        return CLI_USAGE;
    }
    text = describe(model, as_json, as_markdown);
    cli_print(text);
    return CLI_DONE;
}
