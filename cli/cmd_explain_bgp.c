/*
 * dxsim explain bgp - which path is the best, and why none of the others is
 */
#include "bgp-explain.h"
#include "bgp-running.h"
#include "cli.h"
#include "json-write-priv.h"

#include <string.h>

typedef struct {
    CliBgpWishes wishes;
    bool as_json;
} Job;

static void explain_paths(CliLine *line, const DxJson *object, void *data)
{
    const Job *job = data;
    g_autofree char *text = NULL;
    CliBgpOutcome outcome;
    DxBgpFate *room;
    CliBgpSet set;

    if (!cli_read_bgp_set(line, object, &job->wishes, false, &set))
        return;
    room = dx__members_alloc(&line->in, set.n, sizeof *room);
    cli_bgp_decide(line, &set, &outcome);
    text = (job->as_json ? cli_bgp_json : cli_bgp_table)(line, &set, &outcome, room);
    cli_print(text);
}

static void print_events(const CliLine *line, const CliBgpSet *set, const int *best_after)
{
    static const char *const ops[] = { "announce", "withdraw", "change" };
    g_autofree char *name = cli_line_name(line, set->id);
    GString *out = g_string_new(name);

    g_string_append_c(out, '\n');
    for (unsigned i = 0; i < set->n_events; i++) {
        g_string_append_printf(out, "  %-8s path %-3u best: ", ops[set->events[i].op], set->events[i].path);
        if (best_after[i] < 0)
            g_string_append(out, "none");
        else
            g_string_append_printf(out, "path %d", best_after[i]);
        g_string_append(out, i && best_after[i] != best_after[i - 1] ? ", a change\n" : "\n");
    }
    g_string_append_c(out, '\n');
    cli_print(out->str);
    g_string_free(out, TRUE);
}

static void print_events_json(const CliLine *line, const CliBgpSet *set, const int *best_after)
{
    g_autofree char *text = NULL;
    DxJsonWriter json;

    dx__json_write_init(&json);
    if (set->id)
        dx__json_write_text(&json, "id", set->id);
    else
        dx__json_write_u64(&json, "line", line->line);
    dx__json_write_array(&json, "best_after");
    for (unsigned i = 0; i < set->n_events; i++)
        if (best_after[i] < 0)
            dx__json_write_raw(&json, NULL, "null");
        else
            dx__json_write_i64(&json, NULL, best_after[i]);
    text = cli_finish_line(&json);
    cli_print(text);
}

static void explain_events(CliLine *line, const DxJson *object, void *data)
{
    const Job *job = data;
    int *best_after;
    CliBgpSet set;

    if (!cli_read_bgp_set(line, object, &job->wishes, true, &set))
        return;
    best_after = dx__members_alloc(&line->in, set.n_events, sizeof *best_after);
    cli_bgp_replay(line, &set, best_after);
    (job->as_json ? print_events_json : print_events)(line, &set, best_after);
}

/* NULL: there is none. "briefing" is short for its one profile. */
static const DxBgpProfile *find_profile(const char *name)
{
    const DxBgpProfile *profile = dx__bgp_profiles;

    while (profile->name && strcmp(profile->name, strcmp(name, "briefing") ? name : "briefing-literal"))
        profile++;
    return profile->name ? profile : NULL;
}

static bool check_profile(const char *name)
{
    const char *words[8] = { NULL };
    g_autofree char *hint = NULL;

    if (find_profile(name))
        return true;
    for (gsize i = 0; dx__bgp_profiles[i].name && i < G_N_ELEMENTS(words) - 1; i++)
        words[i] = dx__bgp_profiles[i].name;
    hint = dx__did_you_mean(name, words);
    cli_complain("--profile: there is no \"%s\"%s; there are default, cisco, briefing-literal", name, hint);
    return false;
}

#define DESCRIPTION                                                                                          \
    "Which path is the best, at which step each other one dropped out, against\n"                            \
    "whom, and what would make it win; which paths share the traffic. One set of\n"                          \
    "paths per line of FILE:\n"                                                                              \
    "\n"                                                                                                     \
    "  {\"id\": \"a\", \"config\": {\"local_as\": 65000, \"router_id\": \"10.0.0.1\"}, \"paths\": [\n"       \
    "   {\"source\": \"ebgp\", \"neighbor_ip\": \"10.1.0.1\", \"neighbor_as\": 7224,\n"                      \
    "    \"router_id\": \"1.0.0.1\", \"as_path\": [7224], \"med\": 10}, ...]}\n"                             \
    "\n"                                                                                                     \
    "(on one line). docs/models/bgp.md has all keys, steps, knobs and profiles. A\n"                         \
    "line that is no good is told of and left out; the others are explained, and the\n"                      \
    "exit status is 3.\n"                                                                                    \
    "\n"                                                                                                     \
    "Profiles: default (as FRR 8.4 decides), cisco, briefing-literal (MED always\n"                          \
    "compared, age as a time stamp). Knobs: always_compare_med, deterministic_med,\n"                        \
    "med_missing_as_worst, med_confed, compare_routerid, as_path_ignore,\n"                                  \
    "as_path_confed, equal_cluster_length, multipath_relax, multipath_exact,\n"                              \
    "maximum_paths=N, default_local_pref=N.\n"                                                               \
    "\n"                                                                                                     \
    "With a SCENARIO: it runs, quietly, to the time given or its end, and routers\n"                         \
    "tell of their paths to a prefix then; or to the longest that has an address.\n"                         \
    "\n"                                                                                                     \
    "Examples:\n"                                                                                            \
    "  dxsim explain bgp scenario.json --at 35s --prefix 10.1.0.0/16 --node hq\n"                            \
    "  dxsim explain bgp --paths candidates.jsonl --knob always_compare_med --json\n"                        \
    "  dxsim explain bgp --events flaps.jsonl\n"

int cmd_explain_bgp(int argc, char **argv)
{
    g_autofree char *paths = NULL, *events = NULL, *profile = NULL, *communities = NULL;
    g_autofree char *at = NULL, *prefix = NULL, *node = NULL;
    g_auto(GStrv) knobs = NULL, others = NULL, settings = NULL;
    gboolean as_json = FALSE;
    CliCommunities table = { .doc = NULL };
    int status = CLI_DONE;
    const GOptionEntry entries[] = {
        { "paths", 0, 0, G_OPTION_ARG_FILENAME, &paths, "Candidate paths, one set a line", "FILE.jsonl" },
        { "events", 0, 0, G_OPTION_ARG_FILENAME, &events, "Paths that come and go, one sequence a line",
          "FILE.jsonl" },
        { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, "Whose way to decide", "NAME" },
        { "knob", 0, 0, G_OPTION_ARG_STRING_ARRAY, &knobs, "Over what the file says; repeatable",
          "NAME[=VALUE]" },
        { "communities", 0, 0, G_OPTION_ARG_STRING, &communities,
          "Preference by communities: briefing, documented", "NAME" },
        { "at", 0, 0, G_OPTION_ARG_STRING, &at, "SCENARIO: when", "TIME" },
        { "prefix", 0, 0, G_OPTION_ARG_STRING, &prefix, "SCENARIO: paths to this", "PREFIX" },
        { "node", 0, 0, G_OPTION_ARG_STRING, &node, "SCENARIO: as this router sees it; else all", "NAME" },
        CLI_OPTION_SET(&settings),
        { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "For programs: one line per set", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &others, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    Job job;

    if (!cli_parse(argc, argv, entries, "--paths FILE | --events FILE | SCENARIO --prefix P", DESCRIPTION,
                   &status))
        return status;
    if (others && !others[1] && !paths && !events && prefix && !profile && !knobs && !communities)
        return !cli_check_settings(settings)
                   ? CLI_USAGE
                   : cli_bgp_running(others[0], &(CliBgpQuestion){ at, prefix, node, settings, as_json });
    if (!paths == !events || others || at || prefix || node || settings) {
        cli_complain("one of --paths FILE, --events FILE and SCENARIO --prefix PREFIX, please; see \"dxsim "
                     "explain bgp --help\"");
        return CLI_USAGE;
    }
    if (!check_profile(profile ? profile : "default") || !cli_check_knobs(knobs))
        return CLI_USAGE;
    job = (Job){ .wishes = { .profile = find_profile(profile ? profile : "default"), .knobs = knobs },
                 .as_json = as_json };
    if (communities) {
        job.wishes.communities = &table.table;
        status = cli_communities_init(&table, communities) ? CLI_DONE : CLI_USAGE;
    }
    if (status == CLI_DONE)
        status = cli_each_line(paths ? paths : events, paths ? explain_paths : explain_events, &job);
    cli_communities_clear(&table);
    return status;
}
