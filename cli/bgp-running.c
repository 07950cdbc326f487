/*
 * bgp-running - the decisions of routers in a network that has run for a while
 */
#include "bgp-running.h"
#include "bgp-explain.h"
#include "bgp-priv.h"
#include "cli.h"
#include "bgp/node.h"

#include <string.h>

/* What a router has, and whose paths they are. */
typedef struct {
    CliBgpSet set;
    DxBgpPath paths[DX_BGP_PATHS_MAX];
    int sessions[DX_BGP_PATHS_MAX];
    int incumbent;
} Routes;

/* -- one router --------------------------------------------------------------------------------------- */

/* False: it has no path to it. */
static bool gather(const Speaker *speaker, const DxPrefix *prefix, const char *name, Routes *routes)
{
    *routes = (Routes){ .set = { .id = name, .paths = routes->paths } };
    routes->set.n =
        dx__bgp_speaker_paths(speaker, prefix, routes->paths, routes->sessions, &routes->incumbent);
    routes->set.knobs = *dx__bgp_speaker_knobs(speaker);
    return routes->set.n > 0;
}

/* "    0  bgp1 from 169.254.1.2, next hop 169.254.1.2, AS path 64512" */
static void print_path(GString *out, const DxBgpNetwork *network, const Routes *routes, unsigned i)
{
    const DxBgpPath *path = &routes->paths[i];
    char text[DX_IP_TEXT];

    if (routes->sessions[i] == DX_BGP_NONE) {
        g_string_append_printf(out, "  Path %u begins here.\n", i);
        return;
    }
    g_string_append_printf(out, "  Path %u: %s from %s", i, network->sessions[routes->sessions[i]].name,
                           dx_ip_text(&path->neighbor_ip, text));
    g_string_append_printf(out, ", next hop %s, AS path ", dx_ip_text(&path->next_hop, text));
    if (path->as_path.n_segments)
        dx__as_path_print(&path->as_path, out);
    else
        g_string_append(out, "empty");
    for (unsigned k = 0; k < path->n_communities; k++) {
        char community[DX_COMMUNITY_TEXT];

        g_string_append_printf(out, "%s%s", k ? " " : ", communities ",
                               dx_community_text(path->communities[k], community));
    }
    g_string_append(out, ".\n");
}

static char *with_paths(char *table, const DxBgpNetwork *network, const Routes *routes)
{
    GString *out = g_string_new(table);

    g_free(table);
    g_string_truncate(out, out->len - 1); /* the empty line at the end */
    for (unsigned i = 0; i < routes->set.n; i++)
        print_path(out, network, routes, i);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

static void print_router(const CliBgpQuestion *question, const DxBgpNetwork *network, const Routes *routes)
{
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    CliLine line = { .in = { .owned = owned } };
    CliBgpOutcome outcome;
    DxBgpFate *room = dx__members_alloc(&line.in, routes->set.n, sizeof *room);
    g_autofree char *text = NULL;

    cli_bgp_decide(&line, &routes->set, &outcome);
    outcome.incumbent = routes->incumbent;
    outcome.decision = dx__bgp_decide(&routes->set.knobs, routes->set.paths, routes->set.n, outcome.incumbent,
                                      outcome.fates);
    text = question->as_json
               ? cli_bgp_json(&line, &routes->set, &outcome, room)
               : with_paths(cli_bgp_table(&line, &routes->set, &outcome, room), network, routes);
    cli_print(text);
}

/* -- the network -------------------------------------------------------------------------------------- */

/* What the question is about, at one router: the prefix itself, or the longest that has the address. */
static bool find_prefix(const Speaker *speaker, const CliBgpQuestion *question, DxPrefix *prefix)
{
    SpeakerHop hops[DX_BGP_PATHS_MAX];
    unsigned n = DX_BGP_PATHS_MAX;
    const DxPrefix *found;
    DxIp ip;

    if (dx_prefix_parse(question->prefix, prefix) == DX_PREFIX_OK)
        return true;
    if (!dx_ip_parse(question->prefix, &ip))
        return false;
    found = dx__bgp_speaker_lookup(speaker, &ip, hops, &n);
    if (found)
        *prefix = *found;
    return found != NULL;
}

static int print_routers(const CliBgpQuestion *question, const DxScenario *scenario, const DxRun *run)
{
    const DxBgpNetwork *network = &scenario->bgp->network;
    Routes *routes = g_new(Routes, 1);
    unsigned n = 0;

    for (unsigned i = 0; i < network->n_routers; i++) {
        const char *name = network->routers[i].name;
        g_autofree char *agent = g_strconcat(name, ".bgp", NULL), *title = NULL;
        const Speaker *speaker = dx__bgp_node_speaker(dx_sim_find(run->sim, agent));
        char text[DX_PREFIX_TEXT];
        DxPrefix prefix;

        if ((question->node && strcmp(name, question->node)) || !find_prefix(speaker, question, &prefix))
            continue;
        title = g_strdup_printf("%s %s", name, dx_prefix_text(&prefix, text));
        if (!gather(speaker, &prefix, title, routes))
            continue;
        print_router(question, network, routes);
        n++;
    }
    g_free(routes);
    if (!n)
        cli_complain("%s has %s path to %s then", question->node ? question->node : "no router",
                     question->node ? "no" : "a", question->prefix);
    return n ? CLI_DONE : CLI_EXPECTATION_FAILED;
}

/* Said before anything runs. */
static bool is_sound(const CliBgpQuestion *question, const DxScenario *scenario)
{
    DxPrefix prefix;
    const DxPrefixFault fault = dx_prefix_parse(question->prefix, &prefix);
    char text[DX_PREFIX_TEXT];
    DxIp ip;

    if (!scenario->bgp) {
        cli_complain("no node of this scenario has an \"asn\": there is no BGP to explain");
        return false;
    }
    if (fault == DX_PREFIX_HOST_BITS) {
        cli_complain("--prefix %s: has bits behind its length; did you mean %s?", question->prefix,
                     dx_prefix_text(&prefix, text));
        return false;
    }
    if (fault != DX_PREFIX_OK && !dx_ip_parse(question->prefix, &ip)) {
        cli_complain("--prefix %s: expected a prefix such as 10.1.0.0/16, or an address", question->prefix);
        return false;
    }
    for (unsigned i = 0; question->node && i <= scenario->bgp->network.n_routers; i++) {
        if (i == scenario->bgp->network.n_routers) {
            cli_complain("--node %s: no router of this scenario has this name and an \"asn\"",
                         question->node);
            return false;
        }
        if (!strcmp(scenario->bgp->network.routers[i].name, question->node))
            break;
    }
    return true;
}

/* "35 s", and "35s" too: a shell does not like spaces. */
static bool set_time(const char *at, DxScenario *scenario)
{
    const size_t n = strspn(at, "0123456789.");
    g_autofree char *spaced = g_strdup_printf("%.*s%s%s", (int)n, at, at[n] == ' ' ? "" : " ", at + n);
    g_autoptr(GError) error = NULL;
    DxTime at_ps;

    if (!dx_units_parse(DX_UNIT_TIME, spaced, &at_ps, &error)) {
        cli_complain("--at: %s", error->message);
        return false;
    }
    dx_scenario_set_duration(scenario, MAX(at_ps, 1));
    return true;
}

int cli_bgp_running(const char *path, const CliBgpQuestion *question)
{
    DxScenario *scenario = cli_read_scenario(path, question->settings, NULL);
    g_autoptr(GError) error = NULL;
    int status = CLI_USAGE;
    DxRun *run;

    if (!scenario)
        return CLI_REFUSED;
    if (is_sound(question, scenario) && (!question->at || set_time(question->at, scenario))) {
        run = dx_run_new(scenario, &error);
        if (run && dx_run_go(run, scenario, &error))
            status = print_routers(question, scenario, run);
        if (error) {
            cli_complain_at(error);
            status = cli_status_of(error);
        }
        dx_run_free(run);
    }
    dx_scenario_free(scenario);
    return status;
}
