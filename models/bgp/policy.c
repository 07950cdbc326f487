/*
 * bgp/policy - prefix lists, community lists, AS-path lists and route maps
 *
 * As routers have them: RFC 4271 leaves policy to its users. Communities: RFC 1997. Not here: goto and call
 * of route maps, extended and large communities, matches by tag or interface.
 */
#include "bgp/policy.h"

#include <string.h>

/* -- lists ------------------------------------------------------------------------------------------- */

/* A bound alone leaves the other side open: ge up to the longest there is, le down to the rule's own length.
 */
static bool rule_matches(const DxPrefixRule *rule, const DxPrefix *prefix)
{
    if (!dx_prefix_contains(&rule->prefix, prefix))
        return false;
    if (!rule->has_ge && !rule->has_le)
        return prefix->length == rule->prefix.length;
    return (!rule->has_ge || prefix->length >= rule->ge) && (!rule->has_le || prefix->length <= rule->le);
}

bool dx__prefix_list_permits(const DxPrefixList *list, const DxPrefix *prefix, const DxPrefixRule **rule)
{
    *rule = NULL;
    for (unsigned i = 0; i < list->n; i++)
        if (rule_matches(&list->rules[i], prefix)) {
            *rule = &list->rules[i];
            return list->rules[i].is_permit;
        }
    return list->n == 0;
}

static bool has_number(const uint32_t *numbers, unsigned n, uint32_t number)
{
    for (unsigned i = 0; i < n; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static bool has_all(const GArray *communities, const DxCommunityRule *rule)
{
    const uint32_t *numbers = (const uint32_t *)(const void *)communities->data;

    for (unsigned i = 0; i < rule->n; i++)
        if (!has_number(numbers, communities->len, rule->communities[i]))
            return false;
    return rule->n > 0;
}

/* The route's own are sorted, each once. */
static bool has_no_others(const GArray *communities, const DxCommunityRule *rule)
{
    for (guint i = 0; i < communities->len; i++)
        if (!has_number(rule->communities, rule->n, g_array_index(communities, uint32_t, i)))
            return false;
    return true;
}

static bool community_list_permits(const DxCommunityList *list, const GArray *communities, bool is_exact)
{
    for (unsigned i = 0; i < list->n; i++)
        if (has_all(communities, &list->rules[i]) &&
            (!is_exact || has_no_others(communities, &list->rules[i])))
            return list->rules[i].is_permit;
    return false;
}

static bool as_path_list_permits(const DxAsPathList *list, const DxBgpRoute *route)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const DxAsPath path = dx__bgp_route_path(route);

    dx__as_path_print(&path, text);
    for (unsigned i = 0; i < list->n; i++)
        if (dx_regex_matches(list->rules[i].regex, text->str))
            return list->rules[i].is_permit;
    return false;
}

/* -- routes ------------------------------------------------------------------------------------------ */

void dx__bgp_route_init(DxBgpRoute *route)
{
    *route = (DxBgpRoute){ .segments = g_array_new(FALSE, FALSE, sizeof(DxAsSegment)),
                           .asns = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                           .communities = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
}

void dx__bgp_route_clear(DxBgpRoute *route)
{
    if (!route->segments)
        return;
    g_array_unref(route->segments);
    g_array_unref(route->asns);
    g_array_unref(route->communities);
    *route = (DxBgpRoute){ .segments = NULL };
}

static void copy_array(GArray *to, const GArray *from)
{
    g_array_set_size(to, 0);
    if (from->len)
        g_array_append_vals(to, from->data, from->len);
}

void dx__bgp_route_copy(DxBgpRoute *route, const DxBgpRoute *from)
{
    DxBgpRoute copy = *from;

    copy.segments = route->segments;
    copy.asns = route->asns;
    copy.communities = route->communities;
    copy_array(copy.segments, from->segments);
    copy_array(copy.asns, from->asns);
    copy_array(copy.communities, from->communities);
    *route = copy;
}

DxAsPath dx__bgp_route_path(const DxBgpRoute *route)
{
    return (DxAsPath){ .segments = (const DxAsSegment *)(const void *)route->segments->data,
                       .asns = (const uint32_t *)(const void *)route->asns->data,
                       .n_segments = route->segments->len };
}

static gint compare_numbers(gconstpointer a, gconstpointer b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

void dx__communities_sort(GArray *communities)
{
    guint n = 0;

    g_array_sort(communities, compare_numbers);
    for (guint i = 0; i < communities->len; i++)
        if (!i || g_array_index(communities, uint32_t, i) != g_array_index(communities, uint32_t, n - 1))
            g_array_index(communities, uint32_t, n++) = g_array_index(communities, uint32_t, i);
    g_array_set_size(communities, n);
}

/* -- matching ---------------------------------------------------------------------------------------- */

static bool matches(const DxMatch *match, const DxBgpRoute *route)
{
    const DxPrefixRule *rule;

    switch (match->type) {
    case DX_MATCH_PREFIX_LIST:
        return dx__prefix_list_permits(match->list, &route->prefix, &rule);
    case DX_MATCH_COMMUNITY:
        return community_list_permits(match->list, route->communities, match->is_exact);
    case DX_MATCH_AS_PATH:
        return as_path_list_permits(match->list, route);
    case DX_MATCH_METRIC:
        return route->has_med && route->med == match->value;
    case DX_MATCH_ORIGIN:
        return (uint32_t)route->origin == match->value;
    case DX_MATCH_LOCAL_PREF:
        return route->local_pref == match->value;
    }
    return false;
}

static bool all_match(const DxRouteMapEntry *entry, const DxBgpRoute *route)
{
    for (unsigned i = 0; i < entry->n_matches; i++)
        if (!matches(&entry->matches[i], route))
            return false;
    return true;
}

/* -- setting ----------------------------------------------------------------------------------------- */

static void set_med(DxBgpRoute *route, uint64_t med)
{
    route->med = (uint32_t)MIN(med, UINT32_MAX);
    route->has_med = true;
}

static void set_communities(DxBgpRoute *route, const DxSet *set, bool is_additive)
{
    if (!is_additive)
        g_array_set_size(route->communities, 0);
    g_array_append_vals(route->communities, set->numbers, set->n);
    dx__communities_sort(route->communities);
    if (route->communities->len > DX_BGP_COMMUNITIES_MAX)
        g_array_set_size(route->communities, DX_BGP_COMMUNITIES_MAX);
}

/* Each community by itself: the first rule that has it, alone or among others, decides. */
static bool is_to_be_deleted(const DxCommunityList *list, uint32_t community)
{
    for (unsigned i = 0; i < list->n; i++)
        if (has_number(list->rules[i].communities, list->rules[i].n, community))
            return list->rules[i].is_permit;
    return false;
}

static void delete_communities(DxBgpRoute *route, const DxCommunityList *list)
{
    guint n = 0;

    for (guint i = 0; i < route->communities->len; i++) {
        const uint32_t community = g_array_index(route->communities, uint32_t, i);

        if (!is_to_be_deleted(list, community))
            g_array_index(route->communities, uint32_t, n++) = community;
    }
    g_array_set_size(route->communities, n);
}

/* RFC 4271 5.1.2 b: into the first segment if that is a sequence, else as a sequence before it. */
static void prepend(DxBgpRoute *route, const uint32_t *asns, unsigned n)
{
    DxAsSegment *first = route->segments->len ? &g_array_index(route->segments, DxAsSegment, 0) : NULL;
    const DxAsSegment segment = { DX_AS_SEQUENCE, n };

    if (!n || route->asns->len + n > DX_BGP_ASNS_MAX) /* would no longer fit into a message */
        return;
    g_array_prepend_vals(route->asns, asns, n);
    if (first && first->type == DX_AS_SEQUENCE)
        first->n += n;
    else
        g_array_prepend_val(route->segments, segment);
}

static void prepend_last_as(DxBgpRoute *route, uint32_t count, uint32_t peer_as)
{
    const DxAsPath path = dx__bgp_route_path(route);
    const uint32_t leftmost = dx__as_path_leftmost(&path);
    const uint32_t asn = leftmost ? leftmost : peer_as;

    for (uint32_t i = 0; i < count; i++)
        prepend(route, &asn, 1);
}

static void apply(const DxSet *set, DxBgpRoute *route, uint32_t peer_as)
{
    switch (set->type) {
    case DX_SET_LOCAL_PREF:
        route->local_pref = set->value;
        break;
    case DX_SET_WEIGHT:
        route->weight = set->value;
        break;
    case DX_SET_METRIC:
        set_med(route, set->value);
        break;
    case DX_SET_METRIC_ADD:
        set_med(route, (uint64_t)(route->has_med ? route->med : 0) + set->value);
        break;
    case DX_SET_METRIC_SUBTRACT:
        set_med(route, route->has_med && route->med > set->value ? route->med - set->value : 0);
        break;
    case DX_SET_ORIGIN:
        route->origin = (DxBgpOrigin)set->value;
        break;
    case DX_SET_COMMUNITY:
    case DX_SET_COMMUNITY_ADD:
        set_communities(route, set, set->type == DX_SET_COMMUNITY_ADD);
        break;
    case DX_SET_COMMUNITY_NONE:
        g_array_set_size(route->communities, 0);
        break;
    case DX_SET_COMMUNITY_DELETE:
        delete_communities(route, set->list);
        break;
    case DX_SET_PREPEND:
        for (uint32_t i = 0; i < set->value; i++)
            prepend(route, set->numbers, set->n);
        break;
    case DX_SET_PREPEND_LAST_AS:
        prepend_last_as(route, set->value, peer_as);
        break;
    case DX_SET_NEXT_HOP:
        route->next_hop = set->next_hop;
        break;
    }
}

/* What one "set" command of a router is about: of several in one entry the last counts. */
static unsigned kind_of(DxSetType type)
{
    switch (type) {
    case DX_SET_METRIC_ADD:
    case DX_SET_METRIC_SUBTRACT:
        return DX_SET_METRIC;
    case DX_SET_COMMUNITY_ADD:
    case DX_SET_COMMUNITY_NONE:
        return DX_SET_COMMUNITY;
    case DX_SET_PREPEND_LAST_AS:
        return DX_SET_PREPEND;
    default:
        return type;
    }
}

static bool is_replaced(const DxRouteMapEntry *entry, unsigned index)
{
    for (unsigned i = index + 1; i < entry->n_sets; i++)
        if (kind_of(entry->sets[i].type) == kind_of(entry->sets[index].type))
            return true;
    return false;
}

bool dx__route_map_apply(const DxRouteMap *map, DxBgpRoute *route, uint32_t peer_as, bool *matched)
{
    bool is_permitted = false;

    if (matched && map->n)
        memset(matched, 0, map->n * sizeof *matched);
    for (unsigned i = 0; i < map->n; i++) {
        const DxRouteMapEntry *entry = &map->entries[i];
        const bool is_match = all_match(entry, route);

        if (matched)
            matched[i] = is_match;
        is_permitted = is_match && entry->is_permit;
        if (!is_match)
            continue;
        if (!entry->is_permit)
            return false;
        for (unsigned k = 0; k < entry->n_sets; k++)
            if (!is_replaced(entry, k))
                apply(&entry->sets[k], route, peer_as);
        if (!entry->on_match_next)
            return true;
    }
    return is_permitted;
}
