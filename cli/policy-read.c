/*
 * policy-read - prefix lists and route maps with what is asked of them, from a line of JSON
 */
#include "policy-read.h"

#include <string.h>

enum { PREFIX_LISTS, COMMUNITY_LISTS, AS_PATH_LISTS };

/* Of any list or map in a line, and of what is asked. */
#define RULES_MAX 2000

static const char *const actions[] = { "deny", "permit", NULL };

static const DxJson *get_list(CliLine *line, const DxJson *object, const char *key)
{
    const DxJson *list = cli_need(line, object, key, DX_JSON_ARRAY);

    if (!list || list->n_children <= RULES_MAX)
        return list;
    DX_PROBLEM(&line->reader, list, DX_CODE_LIMIT, "a list of %u; at most %u are accepted", list->n_children,
               RULES_MAX);
    return NULL;
}

static bool read_action(CliLine *line, const DxJson *object)
{
    uint32_t action = 0;

    if (cli_need(line, object, "action", DX_JSON_STRING))
        cli_choice(line, object, "action", actions, &action);
    return action == 1;
}

/* -- prefix lists ------------------------------------------------------------------------------------- */

static const char *const prefix_rule_keys[] = { "seq", "action", "prefix", "ge", "le", NULL };
static const char *const prefix_set_keys[] = { "id", "entries", "queries", "name", NULL };
static const char *const query_keys[] = { "prefix", "result", "seq", "comparable", NULL };

/* length <= ge <= le <= 32, or 128 */
static void check_bounds(CliLine *line, const DxJson *object, const DxPrefixRule *rule)
{
    const DxJson *ge = dx__json_member(line->reader.doc, object, "ge");
    const DxJson *le = dx__json_member(line->reader.doc, object, "le");
    const unsigned least = rule->prefix.length, most = rule->prefix.network.bits;

    if (rule->has_ge && (rule->ge < least || rule->ge > most))
        DX_PROBLEM(&line->reader, ge, DX_CODE_RANGE, "ge %u is outside %u to %u", rule->ge, least, most);
    else if (rule->has_le && (rule->le < least || rule->le > most))
        DX_PROBLEM(&line->reader, le, DX_CODE_RANGE, "le %u is outside %u to %u", rule->le, least, most);
    else if (rule->has_ge && rule->has_le && rule->ge > rule->le)
        DX_PROBLEM(&line->reader, le, DX_CODE_CONFLICT, "ge %u to le %u: no prefix is like that", rule->ge,
                   rule->le);
}

static void read_prefix_rule(CliLine *line, const DxJson *object, DxPrefixRule *rule)
{
    const DxJson *prefix;
    uint32_t length;

    *rule = (DxPrefixRule){ .seq = 5 * (object->index + 1) };
    if (!cli_is_type(line, object, DX_JSON_OBJECT))
        return;
    cli_check_keys(line, object, "key", prefix_rule_keys);
    cli_u32(line, object, "seq", 1, UINT32_MAX, &rule->seq);
    rule->is_permit = read_action(line, object);
    if ((rule->has_ge = cli_u32(line, object, "ge", 0, 128, &length)))
        rule->ge = (uint8_t)length;
    if ((rule->has_le = cli_u32(line, object, "le", 0, 128, &length)))
        rule->le = (uint8_t)length;
    prefix = cli_need(line, object, "prefix", DX_JSON_STRING);
    if (prefix && cli_read_prefix(line, prefix, &rule->prefix))
        check_bounds(line, object, rule);
}

static int compare_seq(const void *a, const void *b)
{
    const DxPrefixRule *x = a, *y = b;

    return (x->seq > y->seq) - (x->seq < y->seq);
}

static DxPrefixList read_prefix_list(CliLine *line, const DxJson *list, const char *name)
{
    DxPrefixRule *rules = cli_line_alloc(line, list->n_children, sizeof *rules);

    dx_json_each (item, list)
        read_prefix_rule(line, item, &rules[item->index]);
    qsort(rules, list->n_children, sizeof *rules, compare_seq);
    for (unsigned i = 1; i < list->n_children; i++)
        if (rules[i].seq == rules[i - 1].seq)
            DX_PROBLEM(&line->reader, list, DX_CODE_CONFLICT, "two entries have seq %u", rules[i].seq);
    return (DxPrefixList){ name, rules, list->n_children };
}

bool cli_read_prefix_set(CliLine *line, const DxJson *object, CliPrefixSet *set)
{
    const unsigned n_before = line->reader.problems->n_found;
    const DxJson *id = cli_get(line, object, "id", DX_JSON_STRING);
    const DxJson *entries = get_list(line, object, "entries"), *queries = get_list(line, object, "queries");

    *set = (CliPrefixSet){ .id = id ? id->text : NULL };
    cli_check_keys(line, object, "key", prefix_set_keys);
    if (entries)
        set->list = read_prefix_list(line, entries, set->id);
    if (!queries)
        return false;
    set->n = queries->n_children;
    set->queries = cli_line_alloc(line, set->n, sizeof *set->queries);
    dx_json_each (item, queries) {
        const DxJson *prefix;

        if (!cli_is_type(line, item, DX_JSON_OBJECT))
            continue;
        cli_check_keys(line, item, "key", query_keys);
        if ((prefix = cli_need(line, item, "prefix", DX_JSON_STRING)))
            cli_read_prefix(line, prefix, &set->queries[item->index]);
    }
    return cli_line_is_good(line, n_before);
}

/* -- named lists -------------------------------------------------------------------------------------- */

static const char *const list_names[] = { "prefix_lists", "community_lists", "as_path_lists" };
static const char *const list_kinds[] = { "prefix list", "community list", "AS-path list" };
static const char *const community_rule_keys[] = { "action", "communities", "seq", NULL };
static const char *const as_path_rule_keys[] = { "action", "regex", "seq", NULL };

static void *read_community_list(CliLine *line, const DxJson *list)
{
    DxCommunityList *made = cli_line_alloc(line, 1, sizeof *made);
    DxCommunityRule *rules = cli_line_alloc(line, list->n_children, sizeof *rules);

    *made = (DxCommunityList){ list->key, rules, list->n_children };
    dx_json_each (item, list) {
        DxCommunityRule *rule = &rules[item->index];

        if (!cli_is_type(line, item, DX_JSON_OBJECT))
            continue;
        cli_check_keys(line, item, "key", community_rule_keys);
        rule->is_permit = read_action(line, item);
        if (cli_need(line, item, "communities", DX_JSON_ARRAY))
            rule->communities = cli_read_communities(line, item, "communities", &rule->n);
    }
    return made;
}

static DxRegex *read_regex(CliLine *line, const DxJson *text)
{
    g_autofree char *shown = dx__json_escape(text->text);
    g_autoptr(GError) error = NULL;
    DxRegex *regex = dx_regex_new(text->text, &error);

    if (!regex)
        DX_PROBLEM(&line->reader, text,
                   g_error_matches(error, DX_ERROR, DX_ERROR_LIMIT) ? DX_CODE_LIMIT : DX_CODE_SYNTAX,
                   "\"%s\": %s", shown, error->message);
    return regex;
}

static void *read_as_path_list(CliLine *line, const DxJson *list, GPtrArray *regexes)
{
    DxAsPathList *made = cli_line_alloc(line, 1, sizeof *made);
    DxAsPathRule *rules = cli_line_alloc(line, list->n_children, sizeof *rules);

    *made = (DxAsPathList){ list->key, rules, list->n_children };
    dx_json_each (item, list) {
        const DxJson *text;

        if (!cli_is_type(line, item, DX_JSON_OBJECT))
            continue;
        cli_check_keys(line, item, "key", as_path_rule_keys);
        rules[item->index].is_permit = read_action(line, item);
        if ((text = cli_need(line, item, "regex", DX_JSON_STRING)) &&
            (rules[item->index].regex = read_regex(line, text)))
            g_ptr_array_add(regexes, rules[item->index].regex);
    }
    return made;
}

static void *read_named_list(CliLine *line, const DxJson *list, CliRouteSet *set, unsigned kind)
{
    DxPrefixList *made;

    if (kind == COMMUNITY_LISTS)
        return read_community_list(line, list);
    if (kind == AS_PATH_LISTS)
        return read_as_path_list(line, list, set->regexes);
    made = cli_line_alloc(line, 1, sizeof *made);
    *made = read_prefix_list(line, list, list->key);
    return made;
}

static void read_lists(CliLine *line, const DxJson *object, CliRouteSet *set)
{
    for (unsigned kind = 0; kind < G_N_ELEMENTS(list_names); kind++) {
        const DxJson *map = cli_get(line, object, list_names[kind], DX_JSON_OBJECT);

        for (DxJson *list = map ? map->child : NULL; list; list = list->next) {
            void *made;

            if (!cli_is_type(line, list, DX_JSON_ARRAY))
                continue;
            if (list->n_children > RULES_MAX) {
                DX_PROBLEM(&line->reader, list, DX_CODE_LIMIT, "a list of %u; at most %u are accepted",
                           list->n_children, RULES_MAX);
                continue;
            }
            made = read_named_list(line, list, set, kind);
            g_hash_table_insert(set->lists[kind], (gpointer)(uintptr_t)list->key, made);
        }
    }
}

/* The list that member "name" of @object names. NULL: there is none, and it has been told. */
static void *find_list(CliLine *line, const DxJson *object, const CliRouteSet *set, unsigned kind)
{
    const DxJson *name = cli_need(line, object, "name", DX_JSON_STRING);
    void *list = name ? g_hash_table_lookup(set->lists[kind], name->text) : NULL;
    g_autofree char *shown = NULL, *hint = NULL;
    g_autofree const char **names = NULL;

    if (!name || list)
        return list;
    names = (const char **)g_hash_table_get_keys_as_array(set->lists[kind], NULL);
    qsort(names, g_hash_table_size(set->lists[kind]), sizeof *names,
          (int (*)(const void *, const void *))g_strcmp0);
    shown = dx__json_escape(name->text);
    hint = cli_did_you_mean(name->text, names);
    DX_PROBLEM(&line->reader, name, DX_CODE_DANGLING, "there is no %s \"%s\"%s", list_kinds[kind], shown,
               hint);
    return NULL;
}

/* -- route maps --------------------------------------------------------------------------------------- */

static const char *const match_types[] = { "prefix_list", "community",  "as_path", "metric",
                                           "origin",      "local_pref", NULL };
static const char *const match_keys[] = { "type", "name", "exact", "value", NULL };
static const char *const set_types[] = { "local_pref",      "weight",
                                         "metric",          "metric_add",
                                         "metric_subtract", "origin",
                                         "community",       "community_add",
                                         "community_none",  "community_delete",
                                         "prepend",         "prepend_last_as",
                                         "next_hop",        NULL };
static const char *const set_keys[] = { "type", "value", "communities", "name", "asns", "count", NULL };
static const char *const entry_keys[] = { "seq", "action", "match", "set", "on_match_next", NULL };
static const char *const route_set_keys[] = {
    "id",     "local_as", "peer_as", "prefix_lists", "community_lists", "as_path_lists", "entries",
    "routes", "name",     NULL
};
static const char *const asked_keys[] = {
    "route", "result", "after", "comparable", "why_not_comparable", NULL
};
static const char *const route_keys[] = { "prefix",     "as_path", "origin",   "med", "communities",
                                          "local_pref", "weight",  "next_hop", NULL };

static bool need_choice(CliLine *line, const DxJson *object, const char *key, const char *const *choices,
                        uint32_t *choice)
{
    return cli_need(line, object, key, DX_JSON_STRING) && cli_choice(line, object, key, choices, choice);
}

static void need_u32(CliLine *line, const DxJson *object, const char *key, uint32_t least, uint32_t most,
                     uint32_t *value)
{
    if (cli_need(line, object, key, DX_JSON_NUMBER))
        cli_u32(line, object, key, least, most, value);
}

static void read_match(CliLine *line, const DxJson *object, const CliRouteSet *set, DxMatch *match)
{
    uint32_t type;

    if (!cli_is_type(line, object, DX_JSON_OBJECT))
        return;
    cli_check_keys(line, object, "key", match_keys);
    if (!need_choice(line, object, "type", match_types, &type))
        return;
    match->type = (DxMatchType)type;
    cli_bool(line, object, "exact", &match->is_exact);
    if (type <= DX_MATCH_AS_PATH)
        match->list = find_list(line, object, set, type);
    else if (type == DX_MATCH_ORIGIN)
        need_choice(line, object, "value", dx__bgp_origins, &match->value);
    else
        need_u32(line, object, "value", 0, UINT32_MAX, &match->value);
}

static void read_prepended(CliLine *line, const DxJson *object, DxSet *what)
{
    const DxJson *asns = cli_need(line, object, "asns", DX_JSON_ARRAY);
    uint32_t *numbers;

    what->value = 1;
    cli_u32(line, object, "count", 1, 255, &what->value);
    if (!asns)
        return;
    if (!asns->n_children || asns->n_children > DX_BGP_ASNS_MAX) {
        DX_PROBLEM(&line->reader, asns, DX_CODE_RANGE, "1 to %u numbers are due here", DX_BGP_ASNS_MAX);
        return;
    }
    numbers = cli_line_alloc(line, asns->n_children, sizeof *numbers);
    what->numbers = numbers;
    what->n = asns->n_children;
    dx_json_each (item, asns)
        cli_read_asn(line, item, numbers++);
}

static void read_set_value(CliLine *line, const DxJson *object, const CliRouteSet *set, DxSet *what)
{
    switch (what->type) {
    case DX_SET_WEIGHT:
        need_u32(line, object, "value", 0, UINT16_MAX, &what->value);
        break;
    case DX_SET_LOCAL_PREF:
    case DX_SET_METRIC:
    case DX_SET_METRIC_ADD:
    case DX_SET_METRIC_SUBTRACT:
        need_u32(line, object, "value", 0, UINT32_MAX, &what->value);
        break;
    case DX_SET_ORIGIN:
        need_choice(line, object, "value", dx__bgp_origins, &what->value);
        break;
    case DX_SET_COMMUNITY:
    case DX_SET_COMMUNITY_ADD:
        if (cli_need(line, object, "communities", DX_JSON_ARRAY))
            what->numbers = cli_read_communities(line, object, "communities", &what->n);
        break;
    case DX_SET_COMMUNITY_NONE:
        break;
    case DX_SET_COMMUNITY_DELETE:
        what->list = find_list(line, object, set, COMMUNITY_LISTS);
        break;
    case DX_SET_PREPEND:
        read_prepended(line, object, what);
        break;
    case DX_SET_PREPEND_LAST_AS:
        need_u32(line, object, "count", 1, 255, &what->value);
        break;
    case DX_SET_NEXT_HOP:
        if (cli_need(line, object, "value", DX_JSON_STRING))
            cli_read_ip(line, object, "value", &what->next_hop);
        break;
    }
}

static void read_set(CliLine *line, const DxJson *object, const CliRouteSet *set, DxSet *what)
{
    uint32_t type;

    if (!cli_is_type(line, object, DX_JSON_OBJECT))
        return;
    cli_check_keys(line, object, "key", set_keys);
    if (!need_choice(line, object, "type", set_types, &type))
        return;
    what->type = (DxSetType)type;
    read_set_value(line, object, set, what);
}

static void read_entry(CliLine *line, const DxJson *object, const CliRouteSet *set, DxRouteMapEntry *entry)
{
    const DxJson *matches, *sets;
    DxMatch *match;
    DxSet *what;

    *entry = (DxRouteMapEntry){ .seq = 10 * (object->index + 1) };
    if (!cli_is_type(line, object, DX_JSON_OBJECT))
        return;
    cli_check_keys(line, object, "key", entry_keys);
    cli_u32(line, object, "seq", 1, UINT32_MAX, &entry->seq);
    cli_bool(line, object, "on_match_next", &entry->on_match_next);
    entry->is_permit = read_action(line, object);
    matches = cli_get(line, object, "match", DX_JSON_ARRAY);
    sets = cli_get(line, object, "set", DX_JSON_ARRAY);
    entry->n_matches = matches ? matches->n_children : 0;
    entry->n_sets = sets ? sets->n_children : 0;
    entry->matches = match = cli_line_alloc(line, entry->n_matches, sizeof *match);
    entry->sets = what = cli_line_alloc(line, entry->n_sets, sizeof *what);
    for (DxJson *item = matches ? matches->child : NULL; item; item = item->next)
        read_match(line, item, set, match++);
    for (DxJson *item = sets ? sets->child : NULL; item; item = item->next)
        read_set(line, item, set, what++);
}

static int compare_entries(const void *a, const void *b)
{
    const DxRouteMapEntry *x = a, *y = b;

    return (x->seq > y->seq) - (x->seq < y->seq);
}

static void read_map(CliLine *line, const DxJson *object, CliRouteSet *set)
{
    const DxJson *list = get_list(line, object, "entries");
    DxRouteMapEntry *entries;

    if (!list)
        return;
    entries = cli_line_alloc(line, list->n_children, sizeof *entries);
    dx_json_each (item, list)
        read_entry(line, item, set, &entries[item->index]);
    qsort(entries, list->n_children, sizeof *entries, compare_entries);
    for (unsigned i = 1; i < list->n_children; i++)
        if (entries[i].seq == entries[i - 1].seq)
            DX_PROBLEM(&line->reader, list, DX_CODE_CONFLICT, "two entries have seq %u", entries[i].seq);
    set->map = (DxRouteMap){ set->id, entries, list->n_children };
}

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
    const DxJson *prefix = cli_need(line, object, "prefix", DX_JSON_STRING);
    const DxJson *as_path = cli_get(line, object, "as_path", DX_JSON_ARRAY);
    const uint32_t *communities;
    uint32_t choice;
    unsigned n;
    DxAsPath path;

    route->local_pref = 100;
    cli_check_keys(line, object, "key", route_keys);
    if (prefix)
        cli_read_prefix(line, prefix, &route->prefix);
    if (as_path && cli_read_as_path(line, as_path, &path))
        set_path(route, &path);
    if (cli_choice(line, object, "origin", dx__bgp_origins, &choice))
        route->origin = (DxBgpOrigin)choice;
    route->has_med = cli_u32(line, object, "med", 0, UINT32_MAX, &route->med);
    cli_u32(line, object, "local_pref", 0, UINT32_MAX, &route->local_pref);
    cli_u32(line, object, "weight", 0, UINT16_MAX, &route->weight);
    cli_read_ip(line, object, "next_hop", &route->next_hop);
    communities = cli_read_communities(line, object, "communities", &n);
    g_array_append_vals(route->communities, communities, n);
    dx__communities_sort(route->communities);
}

static void read_routes(CliLine *line, const DxJson *object, CliRouteSet *set)
{
    const DxJson *list = get_list(line, object, "routes"), *route;

    if (!list)
        return;
    set->n = list->n_children;
    set->routes = cli_line_alloc(line, set->n, sizeof *set->routes);
    for (unsigned i = 0; i < set->n; i++)
        dx__bgp_route_init(&set->routes[i]);
    dx_json_each (item, list) {
        if (!cli_is_type(line, item, DX_JSON_OBJECT))
            continue;
        cli_check_keys(line, item, "key", asked_keys);
        if ((route = cli_need(line, item, "route", DX_JSON_OBJECT)))
            read_route(line, route, &set->routes[item->index]);
    }
}

bool cli_read_route_set(CliLine *line, const DxJson *object, CliRouteSet *set)
{
    const unsigned n_before = line->reader.problems->n_found;
    const DxJson *id = cli_get(line, object, "id", DX_JSON_STRING), *peer;
    uint32_t local_as;

    *set = (CliRouteSet){ .id = id ? id->text : NULL, .regexes = g_ptr_array_new() };
    for (unsigned kind = 0; kind < G_N_ELEMENTS(set->lists); kind++)
        set->lists[kind] = g_hash_table_new(g_str_hash, g_str_equal);
    cli_check_keys(line, object, "key", route_set_keys);
    cli_read_own_as(line, object, "local_as", &local_as);
    if ((peer = cli_need(line, object, "peer_as", DX_JSON_NUMBER)))
        cli_read_asn(line, peer, &set->peer_as);
    read_lists(line, object, set);
    read_map(line, object, set);
    read_routes(line, object, set);
    return cli_line_is_good(line, n_before);
}

void cli_route_set_clear(CliRouteSet *set)
{
    for (unsigned kind = 0; kind < G_N_ELEMENTS(set->lists); kind++)
        g_hash_table_unref(set->lists[kind]);
    for (guint i = 0; i < set->regexes->len; i++)
        dx_regex_free(set->regexes->pdata[i]);
    g_ptr_array_unref(set->regexes);
    for (unsigned i = 0; i < set->n; i++)
        dx__bgp_route_clear(&set->routes[i]);
}
