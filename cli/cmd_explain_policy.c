/*
 * dxsim explain policy - what prefix lists and route maps make of routes
 */
#include "policy-read.h"
#include "cli.h"

static void explain_prefix_list(CliLine *line, const DxJson *object, void *data)
{
    const bool *as_json = data;
    g_autofree char *text = NULL;
    CliPrefixSet set;

    if (!cli_read_prefix_set(line, object, &set))
        return;
    text = (*as_json ? cli_prefix_json : cli_prefix_text)(line, &set);
    cli_print(text);
}

static void explain_route_map(CliLine *line, const DxJson *object, void *data)
{
    const bool *as_json = data;
    g_autofree char *text = NULL;
    CliRouteSet set;

    if (cli_read_route_set(line, object, &set)) {
        text = (*as_json ? cli_route_json : cli_route_text)(line, &set);
        cli_print(text);
    }
    cli_route_set_clear(&set);
}

#define DESCRIPTION                                                                                          \
    "What prefix lists and route maps make of routes: the verdict, the entries that\n"                       \
    "matched, and every attribute that changed. One list or map with its questions\n"                        \
    "per line of FILE:\n"                                                                                    \
    "\n"                                                                                                     \
    "  {\"id\": \"in\", \"entries\": [{\"seq\": 5, \"action\": \"permit\",\n"                                \
    "   \"prefix\": \"10.0.0.0/8\", \"le\": 24}], \"queries\": [{\"prefix\": \"10.1.0.0/16\"}]}\n"           \
    "\n"                                                                                                     \
    "(on one line). docs/models/bgp.md has all keys, and those of route maps. A line\n"                      \
    "that is no good is told of and left out; the others are explained, and the exit\n"                      \
    "status is 3.\n"                                                                                         \
    "\n"                                                                                                     \
    "Examples:\n"                                                                                            \
    "  dxsim explain policy --prefix-lists lists.jsonl\n"                                                    \
    "  dxsim explain policy --route-maps maps.jsonl --json\n"

int cmd_explain_policy(int argc, char **argv)
{
    g_autofree char *prefix_lists = NULL, *route_maps = NULL;
    g_auto(GStrv) others = NULL;
    gboolean as_json = FALSE;
    bool is_json;
    int status;
    const GOptionEntry entries[] = {
        { "prefix-lists", 0, 0, G_OPTION_ARG_FILENAME, &prefix_lists, "Lists and prefixes, one list a line",
          "FILE.jsonl" },
        { "route-maps", 0, 0, G_OPTION_ARG_FILENAME, &route_maps, "Maps and routes, one map a line",
          "FILE.jsonl" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "For programs: one line per list or map", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &others, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "--prefix-lists FILE | --route-maps FILE", DESCRIPTION, &status))
        return status;
    if (!prefix_lists == !route_maps || others) {
        cli_complain(
            "either --prefix-lists FILE or --route-maps FILE, please; see \"dxsim explain policy --help\"");
        return CLI_USAGE;
    }
    is_json = as_json;
    return cli_each_line(prefix_lists ? prefix_lists : route_maps,
                         prefix_lists ? explain_prefix_list : explain_route_map, &is_json);
}
