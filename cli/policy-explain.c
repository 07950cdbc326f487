/*
 * policy-explain - verdicts of prefix lists and route maps, in words and as JSON
 */
#include "policy-read.h"
#include "bgp-explain.h"

static void begin(DxJsonWriter *json, const CliLine *line, const char *id)
{
    dx__json_write_init(json);
    if (id)
        dx__json_write_text(json, "id", id);
    else
        dx__json_write_u64(json, "line", line->line);
}

/* -- prefix lists ------------------------------------------------------------------------------------- */

char *cli_prefix_json(const CliLine *line, const CliPrefixSet *set)
{
    DxJsonWriter json;
    char text[DX_PREFIX_TEXT];

    begin(&json, line, set->id);
    dx__json_write_array(&json, "queries");
    for (unsigned i = 0; i < set->n; i++) {
        const DxPrefixRule *rule;
        const bool is_permitted = dx__prefix_list_permits(&set->list, &set->queries[i], &rule);

        dx__json_write_object(&json, NULL);
        dx__json_write_text(&json, "prefix", dx_prefix_text(&set->queries[i], text));
        dx__json_write_text(&json, "result", is_permitted ? "permit" : "deny");
        if (rule)
            dx__json_write_u64(&json, "seq", rule->seq);
        else
            dx__json_write_raw(&json, "seq", "null");
        dx__json_write_end(&json);
    }
    return cli_finish_line(&json);
}

char *cli_prefix_text(const CliLine *line, const CliPrefixSet *set)
{
    g_autofree char *name = cli_line_name(line, set->id);
    GString *out = g_string_new(name);
    char text[DX_PREFIX_TEXT];

    g_string_append_c(out, '\n');
    for (unsigned i = 0; i < set->n; i++) {
        const DxPrefixRule *rule;
        const bool is_permitted = dx__prefix_list_permits(&set->list, &set->queries[i], &rule);

        g_string_append_printf(out, "  %-20s %-6s ", dx_prefix_text(&set->queries[i], text),
                               is_permitted ? "permit" : "deny");
        if (rule)
            g_string_append_printf(out, "by seq %u\n", rule->seq);
        else
            g_string_append(out, is_permitted ? "the list is empty\n" : "no entry matches\n");
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

/* -- routes ------------------------------------------------------------------------------------------ */

static bool is_plain(const DxBgpRoute *route)
{
    const DxAsPath path = dx__bgp_route_path(route);

    return !path.n_segments || (path.n_segments == 1 && path.segments[0].type == DX_AS_SEQUENCE);
}

static void write_asns(DxJsonWriter *json, const char *key, const uint32_t *asns, uint32_t n)
{
    dx__json_write_array(json, key);
    for (uint32_t i = 0; i < n; i++)
        dx__json_write_u64(json, NULL, asns[i]);
    dx__json_write_end(json);
}

static void write_as_path(DxJsonWriter *json, const DxBgpRoute *route)
{
    static const char *const types[] = { "", "set", "sequence", "confed_sequence", "confed_set" };
    const DxAsPath path = dx__bgp_route_path(route);
    const uint32_t *asns = path.asns;

    if (is_plain(route)) {
        write_asns(json, "as_path", asns, route->asns->len);
        return;
    }
    dx__json_write_array(json, "as_path");
    for (uint32_t i = 0; i < path.n_segments; asns += path.segments[i++].n) {
        dx__json_write_object(json, NULL);
        dx__json_write_text(json, "type", types[path.segments[i].type]);
        write_asns(json, "asns", asns, path.segments[i].n);
        dx__json_write_end(json);
    }
    dx__json_write_end(json);
}

static void write_route(DxJsonWriter *json, const char *key, const DxBgpRoute *route, bool is_after)
{
    char text[DX_PREFIX_TEXT];

    dx__json_write_object(json, key);
    if (!is_after)
        dx__json_write_text(json, "prefix", dx_prefix_text(&route->prefix, text));
    write_as_path(json, route);
    dx__json_write_text(json, "origin", dx_bgp_origins[route->origin]);
    if (route->has_med)
        dx__json_write_u64(json, "med", route->med);
    else
        dx__json_write_raw(json, "med", "null");
    dx__json_write_u64(json, "local_pref", route->local_pref);
    dx__json_write_u64(json, "weight", route->weight);
    dx__json_write_array(json, "communities");
    for (guint i = 0; i < route->communities->len; i++)
        dx__json_write_text(json, NULL,
                            dx_community_text(g_array_index(route->communities, uint32_t, i), text));
    dx__json_write_end(json);
    if (route->next_hop.bits)
        dx__json_write_text(json, "next_hop", dx_ip_text(&route->next_hop, text));
    dx__json_write_end(json);
}

/* What becomes of a route. */
typedef struct {
    DxBgpRoute after;
    bool *matched;
    bool is_permitted;
} Verdict;

static Verdict judge(const CliRouteSet *set, unsigned route)
{
    Verdict verdict = { .matched = g_new0(bool, set->map.n + 1) };

    dx__bgp_route_init(&verdict.after);
    dx__bgp_route_copy(&verdict.after, &set->routes[route]);
    verdict.is_permitted = dx__route_map_apply(&set->map, &verdict.after, set->peer_as, verdict.matched);
    return verdict;
}

static void verdict_clear(Verdict *verdict)
{
    dx__bgp_route_clear(&verdict->after);
    g_free(verdict->matched);
}

char *cli_route_json(const CliLine *line, const CliRouteSet *set)
{
    DxJsonWriter json;

    begin(&json, line, set->id);
    dx__json_write_array(&json, "routes");
    for (unsigned i = 0; i < set->n; i++) {
        Verdict verdict = judge(set, i);

        dx__json_write_object(&json, NULL);
        write_route(&json, "route", &set->routes[i], false);
        dx__json_write_text(&json, "result", verdict.is_permitted ? "permit" : "deny");
        if (verdict.is_permitted)
            write_route(&json, "after", &verdict.after, true);
        dx__json_write_array(&json, "matched");
        for (unsigned k = 0; k < set->map.n; k++)
            if (verdict.matched[k])
                dx__json_write_u64(&json, NULL, set->map.entries[k].seq);
        dx__json_write_end(&json);
        dx__json_write_end(&json);
        verdict_clear(&verdict);
    }
    return cli_finish_line(&json);
}

static char *communities_text(const DxBgpRoute *route)
{
    GString *out = g_string_new(NULL);
    char text[DX_COMMUNITY_TEXT];

    for (guint i = 0; i < route->communities->len; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "",
                               dx_community_text(g_array_index(route->communities, uint32_t, i), text));
    return g_string_free(out, FALSE);
}

static char *path_text(const DxBgpRoute *route)
{
    const DxAsPath path = dx__bgp_route_path(route);
    GString *out = g_string_new(NULL);

    dx__as_path_print(&path, out);
    return g_string_free(out, FALSE);
}

static char *med_text(const DxBgpRoute *route)
{
    return route->has_med ? g_strdup_printf("%u", route->med) : g_strdup("none");
}

static char *number_text(uint32_t number)
{
    return g_strdup_printf("%u", number);
}

static char *next_hop_text(const DxBgpRoute *route)
{
    char text[DX_IP_TEXT];

    return g_strdup(dx_ip_text(&route->next_hop, text));
}

/* One attribute, if it changed. Takes both. */
static void print_change(GString *out, const char *what, char *before, char *after)
{
    if (g_strcmp0(before, after))
        g_string_append_printf(out, "      %-11s %s -> %s\n", what, *before ? before : "none",
                               *after ? after : "none");
    g_free(before);
    g_free(after);
}

static void print_changes(GString *out, const DxBgpRoute *before, const DxBgpRoute *after)
{
    print_change(out, "AS path", path_text(before), path_text(after));
    print_change(out, "origin", g_strdup(dx_bgp_origins[before->origin]),
                 g_strdup(dx_bgp_origins[after->origin]));
    print_change(out, "MED", med_text(before), med_text(after));
    print_change(out, "local pref", number_text(before->local_pref), number_text(after->local_pref));
    print_change(out, "weight", number_text(before->weight), number_text(after->weight));
    print_change(out, "communities", communities_text(before), communities_text(after));
    print_change(out, "next hop", next_hop_text(before), next_hop_text(after));
}

char *cli_route_text(const CliLine *line, const CliRouteSet *set)
{
    g_autofree char *name = cli_line_name(line, set->id);
    GString *out = g_string_new(name);
    char text[DX_PREFIX_TEXT];

    g_string_append_c(out, '\n');
    for (unsigned i = 0; i < set->n; i++) {
        Verdict verdict = judge(set, i);
        bool any = false;

        g_string_append_printf(out, "  %-20s %-6s ", dx_prefix_text(&set->routes[i].prefix, text),
                               verdict.is_permitted ? "permit" : "deny");
        for (unsigned k = 0; k < set->map.n; k++)
            if (verdict.matched[k]) {
                g_string_append_printf(out, "%s %u", any ? "," : "matched", set->map.entries[k].seq);
                any = true;
            }
        g_string_append(out, any ? "\n" : "no entry matches\n");
        if (verdict.is_permitted)
            print_changes(out, &set->routes[i], &verdict.after);
        verdict_clear(&verdict);
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
