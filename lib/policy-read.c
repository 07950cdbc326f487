/*
 * policy-read - prefix lists, community lists, AS-path lists and route maps, from JSON
 *
 * The same words in a scenario's "policies" and in the lines of `dxsim explain policy`.
 */
#include "policy-read-priv.h"

#include <string.h>

const char *const dx_bgp_origins[] = { "igp", "egp", "incomplete", NULL };

enum { PREFIX_LISTS, COMMUNITY_LISTS, AS_PATH_LISTS };

/* Of any list or map, and of what is asked. */
#define RULES_MAX 2000

static const char *const actions[] = { "deny", "permit", NULL };

const DxJson *dx__read_rules(DxMembers *in, const DxJson *object, const char *key)
{
    const DxJson *list = dx__member_need(in, object, key, DX_JSON_ARRAY);

    if (!list || list->n_children <= RULES_MAX)
        return list;
    DX_PROBLEM(&in->reader, list, DX_CODE_LIMIT, "a list of %u; at most %u are accepted", list->n_children,
               RULES_MAX);
    return NULL;
}

static bool read_action(DxMembers *in, const DxJson *object)
{
    uint32_t action = 0;

    if (dx__member_need(in, object, "action", DX_JSON_STRING))
        dx__member_choice(in, object, "action", actions, &action);
    return action == 1;
}

/* -- prefix lists ------------------------------------------------------------------------------------- */

static const char *const prefix_rule_keys[] = { "seq", "action", "prefix", "ge", "le", NULL };

/* length <= ge <= le <= 32, or 128 */
static void check_bounds(DxMembers *in, const DxJson *object, const DxPrefixRule *rule)
{
    const DxJson *ge = dx__json_member(in->reader.doc, object, "ge");
    const DxJson *le = dx__json_member(in->reader.doc, object, "le");
    const unsigned least = rule->prefix.length, most = rule->prefix.network.bits;

    if (rule->has_ge && (rule->ge < least || rule->ge > most))
        DX_PROBLEM(&in->reader, ge, DX_CODE_RANGE, "ge %u is outside %u to %u", rule->ge, least, most);
    else if (rule->has_le && (rule->le < least || rule->le > most))
        DX_PROBLEM(&in->reader, le, DX_CODE_RANGE, "le %u is outside %u to %u", rule->le, least, most);
    else if (rule->has_ge && rule->has_le && rule->ge > rule->le)
        DX_PROBLEM(&in->reader, le, DX_CODE_CONFLICT, "ge %u to le %u: no prefix is like that", rule->ge,
                   rule->le);
}

static void read_prefix_rule(DxMembers *in, const DxJson *object, DxPrefixRule *rule)
{
    const DxJson *prefix;
    uint32_t length;

    *rule = (DxPrefixRule){ .seq = 5 * (object->index + 1) };
    if (!dx__member_is_type(in, object, DX_JSON_OBJECT))
        return;
    dx__members_check_keys(in, object, "key", prefix_rule_keys);
    dx__member_u32(in, object, "seq", 1, UINT32_MAX, &rule->seq);
    rule->is_permit = read_action(in, object);
    if ((rule->has_ge = dx__member_u32(in, object, "ge", 0, 128, &length)))
        rule->ge = (uint8_t)length;
    if ((rule->has_le = dx__member_u32(in, object, "le", 0, 128, &length)))
        rule->le = (uint8_t)length;
    prefix = dx__member_need(in, object, "prefix", DX_JSON_STRING);
    if (prefix && dx__read_prefix(in, prefix, &rule->prefix))
        check_bounds(in, object, rule);
}

static int compare_seq(const void *a, const void *b)
{
    const DxPrefixRule *x = a, *y = b;

    return (x->seq > y->seq) - (x->seq < y->seq);
}

DxPrefixList dx__read_prefix_list(DxMembers *in, const DxJson *list, const char *name)
{
    DxPrefixRule *rules = dx__members_alloc(in, list->n_children, sizeof *rules);

    dx_json_each (item, list)
        read_prefix_rule(in, item, &rules[item->index]);
    qsort(rules, list->n_children, sizeof *rules, compare_seq);
    for (unsigned i = 1; i < list->n_children; i++)
        if (rules[i].seq == rules[i - 1].seq)
            DX_PROBLEM(&in->reader, list, DX_CODE_CONFLICT, "two entries have seq %u", rules[i].seq);
    return (DxPrefixList){ name, rules, list->n_children };
}

/* -- named lists -------------------------------------------------------------------------------------- */

static const char *const list_names[] = { "prefix_lists", "community_lists", "as_path_lists" };
static const char *const list_kinds[] = { "prefix list", "community list", "AS-path list" };
static const char *const community_rule_keys[] = { "action", "communities", "seq", NULL };
static const char *const as_path_rule_keys[] = { "action", "regex", "seq", NULL };

static void *read_community_list(DxMembers *in, const DxJson *list)
{
    DxCommunityList *made = dx__members_alloc(in, 1, sizeof *made);
    DxCommunityRule *rules = dx__members_alloc(in, list->n_children, sizeof *rules);

    *made = (DxCommunityList){ list->key, rules, list->n_children };
    dx_json_each (item, list) {
        DxCommunityRule *rule = &rules[item->index];

        if (!dx__member_is_type(in, item, DX_JSON_OBJECT))
            continue;
        dx__members_check_keys(in, item, "key", community_rule_keys);
        rule->is_permit = read_action(in, item);
        if (dx__member_need(in, item, "communities", DX_JSON_ARRAY))
            rule->communities = dx__read_communities(in, item, "communities", &rule->n);
    }
    return made;
}

static DxRegex *read_regex(DxMembers *in, const DxJson *text)
{
    g_autofree char *shown = dx__json_escape(text->text);
    g_autoptr(GError) error = NULL;
    DxRegex *regex = dx_regex_new(text->text, &error);

    if (!regex)
        DX_PROBLEM(&in->reader, text,
                   g_error_matches(error, DX_ERROR, DX_ERROR_LIMIT) ? DX_CODE_LIMIT : DX_CODE_SYNTAX,
                   "\"%s\": %s", shown, error->message);
    return regex;
}

static void *read_as_path_list(DxMembers *in, const DxJson *list, GPtrArray *regexes)
{
    DxAsPathList *made = dx__members_alloc(in, 1, sizeof *made);
    DxAsPathRule *rules = dx__members_alloc(in, list->n_children, sizeof *rules);

    *made = (DxAsPathList){ list->key, rules, list->n_children };
    dx_json_each (item, list) {
        const DxJson *text;

        if (!dx__member_is_type(in, item, DX_JSON_OBJECT))
            continue;
        dx__members_check_keys(in, item, "key", as_path_rule_keys);
        rules[item->index].is_permit = read_action(in, item);
        if ((text = dx__member_need(in, item, "regex", DX_JSON_STRING)) &&
            (rules[item->index].regex = read_regex(in, text)))
            g_ptr_array_add(regexes, rules[item->index].regex);
    }
    return made;
}

static void *read_named_list(DxMembers *in, const DxJson *list, DxPolicies *policies, unsigned kind)
{
    DxPrefixList *made;

    if (kind == COMMUNITY_LISTS)
        return read_community_list(in, list);
    if (kind == AS_PATH_LISTS)
        return read_as_path_list(in, list, policies->regexes);
    made = dx__members_alloc(in, 1, sizeof *made);
    *made = dx__read_prefix_list(in, list, list->key);
    return made;
}

void dx__read_policy_lists(DxMembers *in, const DxJson *object, DxPolicies *policies)
{
    for (unsigned kind = 0; kind < G_N_ELEMENTS(list_names); kind++) {
        const DxJson *map = dx__member_get(in, object, list_names[kind], DX_JSON_OBJECT);

        for (DxJson *list = map ? map->child : NULL; list; list = list->next) {
            void *made;

            if (!dx__member_is_type(in, list, DX_JSON_ARRAY))
                continue;
            if (list->n_children > RULES_MAX) {
                DX_PROBLEM(&in->reader, list, DX_CODE_LIMIT, "a list of %u; at most %u are accepted",
                           list->n_children, RULES_MAX);
                continue;
            }
            made = read_named_list(in, list, policies, kind);
            g_hash_table_insert(policies->lists[kind], (gpointer)(uintptr_t)list->key, made);
        }
    }
}

/* The list that member "name" of @object names. NULL: there is none, and it has been told. */
static void *find_list(DxMembers *in, const DxJson *object, const DxPolicies *policies, unsigned kind)
{
    const DxJson *name = dx__member_need(in, object, "name", DX_JSON_STRING);
    void *list = name ? g_hash_table_lookup(policies->lists[kind], name->text) : NULL;
    g_autofree char *shown = NULL, *hint = NULL;
    g_autofree const char **names = NULL;

    if (!name || list)
        return list;
    names = (const char **)g_hash_table_get_keys_as_array(policies->lists[kind], NULL);
    qsort(names, g_hash_table_size(policies->lists[kind]), sizeof *names,
          (int (*)(const void *, const void *))g_strcmp0);
    shown = dx__json_escape(name->text);
    hint = dx__did_you_mean(name->text, names);
    DX_PROBLEM(&in->reader, name, DX_CODE_DANGLING, "there is no %s \"%s\"%s", list_kinds[kind], shown, hint);
    return NULL;
}

/* -- route maps --------------------------------------------------------------------------------------- */

const char *const dx__match_types[] = { "prefix_list", "community",  "as_path", "metric",
                                        "origin",      "local_pref", NULL };
static const char *const match_keys[] = { "type", "name", "exact", "value", NULL };
const char *const dx__set_types[] = { "local_pref",      "weight",
                                      "metric",          "metric_add",
                                      "metric_subtract", "origin",
                                      "community",       "community_add",
                                      "community_none",  "community_delete",
                                      "prepend",         "prepend_last_as",
                                      "next_hop",        NULL };
static const char *const set_keys[] = { "type", "value", "communities", "name", "asns", "count", NULL };
static const char *const entry_keys[] = { "seq", "action", "match", "set", "on_match_next", NULL };

static bool need_choice(DxMembers *in, const DxJson *object, const char *key, const char *const *choices,
                        uint32_t *choice)
{
    return dx__member_need(in, object, key, DX_JSON_STRING) &&
           dx__member_choice(in, object, key, choices, choice);
}

static void need_u32(DxMembers *in, const DxJson *object, const char *key, uint32_t least, uint32_t most,
                     uint32_t *value)
{
    if (dx__member_need(in, object, key, DX_JSON_NUMBER))
        dx__member_u32(in, object, key, least, most, value);
}

static void read_match(DxMembers *in, const DxJson *object, const DxPolicies *policies, DxMatch *match)
{
    uint32_t type;

    if (!dx__member_is_type(in, object, DX_JSON_OBJECT))
        return;
    dx__members_check_keys(in, object, "key", match_keys);
    if (!need_choice(in, object, "type", dx__match_types, &type))
        return;
    match->type = (DxMatchType)type;
    dx__member_bool(in, object, "exact", &match->is_exact);
    if (type <= DX_MATCH_AS_PATH)
        match->list = find_list(in, object, policies, type);
    else if (type == DX_MATCH_ORIGIN)
        need_choice(in, object, "value", dx_bgp_origins, &match->value);
    else
        need_u32(in, object, "value", 0, UINT32_MAX, &match->value);
}

static void read_prepended(DxMembers *in, const DxJson *object, DxSet *what)
{
    const DxJson *asns = dx__member_need(in, object, "asns", DX_JSON_ARRAY);
    uint32_t *numbers;

    what->value = 1;
    dx__member_u32(in, object, "count", 1, 255, &what->value);
    if (!asns)
        return;
    if (!asns->n_children || asns->n_children > DX_BGP_ASNS_MAX) {
        DX_PROBLEM(&in->reader, asns, DX_CODE_RANGE, "1 to %u numbers are due here", DX_BGP_ASNS_MAX);
        return;
    }
    numbers = dx__members_alloc(in, asns->n_children, sizeof *numbers);
    what->numbers = numbers;
    what->n = asns->n_children;
    dx_json_each (item, asns)
        dx__read_asn(in, item, numbers++);
}

static void read_set_value(DxMembers *in, const DxJson *object, const DxPolicies *policies, DxSet *what)
{
    switch (what->type) {
    case DX_SET_WEIGHT:
        need_u32(in, object, "value", 0, UINT16_MAX, &what->value);
        break;
    case DX_SET_LOCAL_PREF:
    case DX_SET_METRIC:
    case DX_SET_METRIC_ADD:
    case DX_SET_METRIC_SUBTRACT:
        need_u32(in, object, "value", 0, UINT32_MAX, &what->value);
        break;
    case DX_SET_ORIGIN:
        need_choice(in, object, "value", dx_bgp_origins, &what->value);
        break;
    case DX_SET_COMMUNITY:
    case DX_SET_COMMUNITY_ADD:
        if (dx__member_need(in, object, "communities", DX_JSON_ARRAY))
            what->numbers = dx__read_communities(in, object, "communities", &what->n);
        break;
    case DX_SET_COMMUNITY_NONE:
        break;
    case DX_SET_COMMUNITY_DELETE:
        what->list = find_list(in, object, policies, COMMUNITY_LISTS);
        break;
    case DX_SET_PREPEND:
        read_prepended(in, object, what);
        break;
    case DX_SET_PREPEND_LAST_AS:
        need_u32(in, object, "count", 1, 255, &what->value);
        break;
    case DX_SET_NEXT_HOP:
        if (dx__member_need(in, object, "value", DX_JSON_STRING))
            dx__read_ip(in, object, "value", &what->next_hop);
        break;
    }
}

static void read_set(DxMembers *in, const DxJson *object, const DxPolicies *policies, DxSet *what)
{
    uint32_t type;

    if (!dx__member_is_type(in, object, DX_JSON_OBJECT))
        return;
    dx__members_check_keys(in, object, "key", set_keys);
    if (!need_choice(in, object, "type", dx__set_types, &type))
        return;
    what->type = (DxSetType)type;
    read_set_value(in, object, policies, what);
}

static void read_entry(DxMembers *in, const DxJson *object, const DxPolicies *policies,
                       DxRouteMapEntry *entry)
{
    const DxJson *matches, *sets;
    DxMatch *match;
    DxSet *what;

    *entry = (DxRouteMapEntry){ .seq = 10 * (object->index + 1) };
    if (!dx__member_is_type(in, object, DX_JSON_OBJECT))
        return;
    dx__members_check_keys(in, object, "key", entry_keys);
    dx__member_u32(in, object, "seq", 1, UINT32_MAX, &entry->seq);
    dx__member_bool(in, object, "on_match_next", &entry->on_match_next);
    entry->is_permit = read_action(in, object);
    matches = dx__member_get(in, object, "match", DX_JSON_ARRAY);
    sets = dx__member_get(in, object, "set", DX_JSON_ARRAY);
    entry->n_matches = matches ? matches->n_children : 0;
    entry->n_sets = sets ? sets->n_children : 0;
    entry->matches = match = dx__members_alloc(in, entry->n_matches, sizeof *match);
    entry->sets = what = dx__members_alloc(in, entry->n_sets, sizeof *what);
    for (DxJson *item = matches ? matches->child : NULL; item; item = item->next)
        read_match(in, item, policies, match++);
    for (DxJson *item = sets ? sets->child : NULL; item; item = item->next)
        read_set(in, item, policies, what++);
}

static int compare_entries(const void *a, const void *b)
{
    const DxRouteMapEntry *x = a, *y = b;

    return (x->seq > y->seq) - (x->seq < y->seq);
}

DxRouteMap dx__read_route_map(DxMembers *in, const DxJson *list, const char *name, const DxPolicies *policies)
{
    DxRouteMapEntry *entries = dx__members_alloc(in, list->n_children, sizeof *entries);

    dx_json_each (item, list)
        read_entry(in, item, policies, &entries[item->index]);
    qsort(entries, list->n_children, sizeof *entries, compare_entries);
    for (unsigned i = 1; i < list->n_children; i++)
        if (entries[i].seq == entries[i - 1].seq)
            DX_PROBLEM(&in->reader, list, DX_CODE_CONFLICT, "two entries have seq %u", entries[i].seq);
    return (DxRouteMap){ name, entries, list->n_children };
}

void dx__policies_init(DxPolicies *policies)
{
    for (unsigned kind = 0; kind < G_N_ELEMENTS(policies->lists); kind++)
        policies->lists[kind] = g_hash_table_new(g_str_hash, g_str_equal);
    policies->regexes = g_ptr_array_new();
}

void dx__policies_clear(DxPolicies *policies)
{
    for (unsigned kind = 0; kind < G_N_ELEMENTS(policies->lists); kind++)
        g_clear_pointer(&policies->lists[kind], g_hash_table_unref);
    for (guint i = 0; policies->regexes && i < policies->regexes->len; i++)
        dx_regex_free(policies->regexes->pdata[i]);
    g_clear_pointer(&policies->regexes, g_ptr_array_unref);
}
