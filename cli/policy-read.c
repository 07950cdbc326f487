/*
 * policy-read - prefix lists and route maps with what is asked of them, from a line of JSON
 */
#include "policy-read.h"

#include <string.h>

/* -- prefix lists ------------------------------------------------------------------------------------- */

static const char *const prefix_set_keys[] = { "id", "entries", "queries", "name", NULL };
static const char *const query_keys[] = { "prefix", "result", "seq", "comparable", NULL };

bool cli_read_prefix_set(CliLine *line, const DxJson *object, CliPrefixSet *set)
{
    const unsigned n_before = line->in.reader.problems->n_found;
    const DxJson *id = dx__member_get(&line->in, object, "id", DX_JSON_STRING);
    const DxJson *entries = dx__read_rules(&line->in, object, "entries"),
                 *queries = dx__read_rules(&line->in, object, "queries");

    *set = (CliPrefixSet){ .id = id ? id->text : NULL };
    dx__members_check_keys(&line->in, object, "key", prefix_set_keys);
    if (entries)
        set->list = dx__read_prefix_list(&line->in, entries, set->id);
    if (!queries)
        return false;
    set->n = queries->n_children;
    set->queries = dx__members_alloc(&line->in, set->n, sizeof *set->queries);
    dx_json_each (item, queries) {
        const DxJson *prefix;

        if (!dx__member_is_type(&line->in, item, DX_JSON_OBJECT))
            continue;
        dx__members_check_keys(&line->in, item, "key", query_keys);
        if ((prefix = dx__member_need(&line->in, item, "prefix", DX_JSON_STRING)))
            dx__read_prefix(&line->in, prefix, &set->queries[item->index]);
    }
    return dx__members_are_good(&line->in, n_before);
}

/* -- route maps --------------------------------------------------------------------------------------- */

static const char *const route_set_keys[] = {
    "id",     "local_as", "peer_as", "prefix_lists", "community_lists", "as_path_lists", "entries",
    "routes", "name",     NULL
};
static const char *const asked_keys[] = {
    "route", "result", "after", "comparable", "why_not_comparable", NULL
};
static const char *const route_keys[] = { "prefix",     "as_path", "origin",   "med", "communities",
                                          "local_pref", "weight",  "next_hop", NULL };

static void set_path(DxBgpRoute *route, const DxAsPath *path)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < path->n_segments; i++)
        n += path->segments[i].n;
    g_array_append_vals(route->segments, path->segments, path->n_segments);
    g_array_append_vals(route->asns, path->asns, n);
}

static void read_route(CliLine *line, const DxJson *object, DxBgpRoute *route)
{
    const DxJson *prefix = dx__member_need(&line->in, object, "prefix", DX_JSON_STRING);
    const DxJson *as_path = dx__member_get(&line->in, object, "as_path", DX_JSON_ARRAY);
    const uint32_t *communities;
    uint32_t choice;
    unsigned n;
    DxAsPath path;

    route->local_pref = 100;
    dx__members_check_keys(&line->in, object, "key", route_keys);
    if (prefix)
        dx__read_prefix(&line->in, prefix, &route->prefix);
    if (as_path && cli_read_as_path(line, as_path, &path))
        set_path(route, &path);
    if (dx__member_choice(&line->in, object, "origin", dx_bgp_origins, &choice))
        route->origin = (DxBgpOrigin)choice;
    route->has_med = dx__member_u32(&line->in, object, "med", 0, UINT32_MAX, &route->med);
    dx__member_u32(&line->in, object, "local_pref", 0, UINT32_MAX, &route->local_pref);
    dx__member_u32(&line->in, object, "weight", 0, UINT16_MAX, &route->weight);
    dx__read_ip(&line->in, object, "next_hop", &route->next_hop);
    communities = dx__read_communities(&line->in, object, "communities", &n);
    g_array_append_vals(route->communities, communities, n);
    dx__communities_sort(route->communities);
}

static void read_routes(CliLine *line, const DxJson *object, CliRouteSet *set)
{
    const DxJson *list = dx__read_rules(&line->in, object, "routes"), *route;

    if (!list)
        return;
    set->n = list->n_children;
    set->routes = dx__members_alloc(&line->in, set->n, sizeof *set->routes);
    for (unsigned i = 0; i < set->n; i++)
        dx__bgp_route_init(&set->routes[i]);
    dx_json_each (item, list) {
        if (!dx__member_is_type(&line->in, item, DX_JSON_OBJECT))
            continue;
        dx__members_check_keys(&line->in, item, "key", asked_keys);
        if ((route = dx__member_need(&line->in, item, "route", DX_JSON_OBJECT)))
            read_route(line, route, &set->routes[item->index]);
    }
}

bool cli_read_route_set(CliLine *line, const DxJson *object, CliRouteSet *set)
{
    const unsigned n_before = line->in.reader.problems->n_found;
    const DxJson *id = dx__member_get(&line->in, object, "id", DX_JSON_STRING), *peer;
    const DxJson *entries;
    uint32_t local_as;

    *set = (CliRouteSet){ .id = id ? id->text : NULL };
    dx__policies_init(&set->policies);
    dx__members_check_keys(&line->in, object, "key", route_set_keys);
    dx__read_own_as(&line->in, object, "local_as", &local_as);
    if ((peer = dx__member_need(&line->in, object, "peer_as", DX_JSON_NUMBER)))
        dx__read_asn(&line->in, peer, &set->peer_as);
    dx__read_policy_lists(&line->in, object, &set->policies);
    entries = dx__read_rules(&line->in, object, "entries");
    if (entries)
        set->map = dx__read_route_map(&line->in, entries, set->id, &set->policies);
    read_routes(line, object, set);
    return dx__members_are_good(&line->in, n_before);
}

void cli_route_set_clear(CliRouteSet *set)
{
    dx__policies_clear(&set->policies);
    for (unsigned i = 0; i < set->n; i++)
        dx__bgp_route_clear(&set->routes[i]);
}
