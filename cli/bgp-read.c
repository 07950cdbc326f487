/*
 * bgp-read - sets of paths, from a line of JSON
 *
 * Answers that stand beside the questions (best, step, losers, ...) are read over: the engine finds its own.
 */
#include "bgp-read.h"
#include "cli.h"

#include <string.h>

static const char *const set_keys[] = { "id", "kind", "config", "paths", "events", "multipath", "features",
                                        "note",
                                        /* answers */
                                        "best", "reason", "step", "step_no", "step_source", "seed_step",
                                        "losers", "best_after_each_arrival", "comparable",
                                        "why_not_comparable", "literal_seed", "adversarial", "bird2_best",
                                        "comparable_events", "best_after", "ineligible", NULL };

static const char *const config_keys[] = { "local_as",
                                           "router_id",
                                           "cluster_id",
                                           "default_local_pref",
                                           "confederation",
                                           "community_local_pref",
                                           "always_compare_med",
                                           "deterministic_med",
                                           "med_missing_as_worst",
                                           "med_confed",
                                           "compare_routerid",
                                           "as_path_ignore",
                                           "as_path_confed",
                                           "equal_cluster_length",
                                           "multipath_relax",
                                           "multipath_exact",
                                           "maximum_paths",
                                           NULL };

static const char *const path_keys[] = { "source", "neighbor_ip", "neighbor_as", "router_id", "weight",
                                         "local_pref", "as_path", "origin", "med", "next_hop",
                                         "next_hop_reachable", "igp_metric", "originator_id", "cluster_list",
                                         "communities", "received_order", "denied", "damped",
                                         /* answers */
                                         "ineligible", "as_path_length", NULL };

static const char *const event_keys[] = {
    "op", "path", "set", "best", "oldest_by_arrival", "comparable", NULL
};
static const char *const op_names[] = { "announce", "withdraw", "change", NULL };
static const char *const confederation_keys[] = { "identifier", "member_as", "peers", NULL };

/* -- knobs ------------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    gsize offset;
} Knob;

#define KNOB(field)                                                                                          \
    {                                                                                                        \
#field, offsetof(DxBgpKnobs, field)                                                                  \
    }

static const Knob knobs[] = {
    KNOB(always_compare_med), KNOB(deterministic_med), KNOB(med_missing_as_worst), KNOB(med_confed),
    KNOB(compare_routerid),   KNOB(as_path_ignore),    KNOB(as_path_confed),       KNOB(equal_cluster_length),
};

static bool *knob_at(DxBgpKnobs *of, const Knob *knob)
{
    return (bool *)((char *)of + knob->offset);
}

/* "name", "name=true", "name=7" onto @of. NULL: done; else what is wrong. (transfer full) */
static char *apply_wish(DxBgpKnobs *of, const char *wish)
{
    static const char *const names[] = { "always_compare_med",
                                         "deterministic_med",
                                         "med_missing_as_worst",
                                         "med_confed",
                                         "compare_routerid",
                                         "as_path_ignore",
                                         "as_path_confed",
                                         "equal_cluster_length",
                                         "multipath_relax",
                                         "multipath_exact",
                                         "maximum_paths",
                                         "default_local_pref",
                                         NULL };
    const char *equals = strchr(wish, '=');
    g_autofree char *name = equals ? g_strndup(wish, (gsize)(equals - wish)) : g_strdup(wish);
    const char *text = equals ? equals + 1 : "true";
    const bool is_true = !strcmp(text, "true");
    g_autofree char *hint = NULL;
    guint64 number;

    g_strdelimit(name, "-", '_');
    if (!strcmp(name, "maximum_paths") || !strcmp(name, "default_local_pref")) {
        const bool is_paths = *name == 'm';

        if (!g_ascii_string_to_unsigned(text, 10, is_paths, is_paths ? DX_BGP_PATHS_MAX : UINT32_MAX, &number,
                                        NULL))
            return g_strdup_printf("\"%s\" is no number for %s", text, name);
        *(is_paths ? &of->maximum_paths : &of->default_local_pref) = (uint32_t)number;
        return NULL;
    }
    hint = dx__did_you_mean(name, names);
    if (!g_strv_contains(names, name))
        return g_strdup_printf("there is no knob \"%s\"%s", name, hint);
    if (!is_true && strcmp(text, "false"))
        return g_strdup_printf("%s is true or false, not \"%s\"", name, text);
    for (gsize i = 0; i < G_N_ELEMENTS(knobs); i++)
        if (!strcmp(knobs[i].name, name))
            *knob_at(of, &knobs[i]) = is_true;
    if (is_true && !strcmp(name, "multipath_relax"))
        of->multipath = DX_BGP_MULTIPATH_RELAXED;
    if (is_true && !strcmp(name, "multipath_exact"))
        of->multipath = DX_BGP_MULTIPATH_EXACT;
    return NULL;
}

bool cli_check_knobs(char *const *wishes)
{
    DxBgpKnobs any;

    dx__bgp_knobs_init(&any);
    for (; wishes && *wishes; wishes++) {
        g_autofree char *wrong = apply_wish(&any, *wishes);

        if (wrong) {
            cli_complain("--knob: %s", wrong);
            return false;
        }
    }
    return true;
}

/* -- config ------------------------------------------------------------------------------------------ */

/* What the others see is the identifier; who decides is a member. */
static void read_confederation(CliLine *line, const DxJson *config, DxBgpKnobs *of)
{
    const DxJson *confederation = dx__member_get(&line->in, config, "confederation", DX_JSON_OBJECT);
    const DxJson *peers;
    uint32_t peer;

    if (!confederation)
        return;
    dx__members_check_keys(&line->in, confederation, "key", confederation_keys);
    if (dx__member_need(&line->in, confederation, "identifier", DX_JSON_NUMBER))
        dx__read_own_as(&line->in, confederation, "identifier", &of->confed_id);
    if (dx__member_need(&line->in, confederation, "member_as", DX_JSON_NUMBER))
        dx__read_own_as(&line->in, confederation, "member_as", &of->local_as);
    peers = dx__member_get(&line->in, confederation, "peers", DX_JSON_ARRAY);
    for (const DxJson *item = peers ? peers->child : NULL; item; item = item->next)
        dx__read_asn(&line->in, item, &peer);
}

/* Pairs of community and local preference; the first that a path has counts. */
static void read_community_local_pref(CliLine *line, const DxJson *config, CliBgpSet *set)
{
    const DxJson *list = dx__member_get(&line->in, config, "community_local_pref", DX_JSON_ARRAY);
    DxCommunityMeaning *rows;

    if (!list)
        return;
    rows = dx__members_alloc(&line->in, list->n_children, sizeof *rows);
    set->communities = (DxCommunityTable){ rows, list->n_children };
    dx_json_each (item, list) {
        DxCommunityMeaning *row = rows++;

        if (!dx__member_is_type(&line->in, item, DX_JSON_ARRAY))
            continue;
        if (item->n_children != 2)
            DX_PROBLEM(&line->in.reader, item, DX_CODE_SYNTAX,
                       "a pair is due here, such as [\"7224:7300\", 300]");
        else if (dx__read_community(&line->in, item->child, &row->community))
            row->has_local_pref =
                dx__members_number(&line->in, item->child->next, 0, UINT32_MAX, &row->local_pref);
    }
}

static void read_multipath(CliLine *line, const DxJson *object, const DxJson *config, DxBgpKnobs *of)
{
    const DxJson *recorded = dx__member_get(&line->in, object, "multipath", DX_JSON_OBJECT);
    bool is_relaxed = false, is_exact = false;

    if (recorded)
        dx__member_u32(&line->in, recorded, "max_paths", 1, DX_BGP_PATHS_MAX, &of->maximum_paths);
    if (!config)
        return;
    dx__member_u32(&line->in, config, "maximum_paths", 1, DX_BGP_PATHS_MAX, &of->maximum_paths);
    dx__member_bool(&line->in, config, "multipath_relax", &is_relaxed);
    dx__member_bool(&line->in, config, "multipath_exact", &is_exact);
    if (is_relaxed && is_exact)
        DX_PROBLEM(&line->in.reader, config, DX_CODE_CONFLICT,
                   "multipath_relax and multipath_exact contradict each other");
    if (is_relaxed)
        of->multipath = DX_BGP_MULTIPATH_RELAXED;
    if (is_exact)
        of->multipath = DX_BGP_MULTIPATH_EXACT;
}

static void read_config(CliLine *line, const DxJson *object, const CliBgpWishes *wishes, CliBgpSet *set)
{
    const DxJson *config = dx__member_need(&line->in, object, "config", DX_JSON_OBJECT);
    DxBgpKnobs *of = &set->knobs;

    dx__bgp_knobs_init(of);
    if (wishes->communities)
        set->communities = *wishes->communities;
    if (config) {
        dx__members_check_keys(&line->in, config, "knob", config_keys);
        if (dx__member_need(&line->in, config, "local_as", DX_JSON_NUMBER))
            dx__read_own_as(&line->in, config, "local_as", &of->local_as);
        if (dx__member_need(&line->in, config, "router_id", DX_JSON_STRING))
            dx__read_router_id(&line->in, config, "router_id", &of->router_id);
        of->cluster_id = of->router_id;
        dx__read_router_id(&line->in, config, "cluster_id", &of->cluster_id);
        dx__member_u32(&line->in, config, "default_local_pref", 0, UINT32_MAX, &of->default_local_pref);
        for (gsize i = 0; i < G_N_ELEMENTS(knobs); i++)
            dx__member_bool(&line->in, config, knobs[i].name, knob_at(of, &knobs[i]));
        read_confederation(line, config, of);
        read_community_local_pref(line, config, set);
    }
    wishes->profile->apply(of);
    read_multipath(line, object, config, of);
    for (char *const *wish = wishes->knobs; wish && *wish; wish++)
        g_free(apply_wish(of, *wish)); /* looked at before: nothing is wrong with it */
}

/* -- paths ------------------------------------------------------------------------------------------- */

/* @has: whether there is a value now; stays as it was when nothing is said. */
static void read_optional_u32(CliLine *line, const DxJson *object, const char *key, bool *has,
                              uint32_t *value)
{
    const DxJson *member = dx__json_member(line->in.reader.doc, object, key);

    if (member && member->type == DX_JSON_NULL)
        *has = false;
    else if (member)
        *has = dx__member_u32(&line->in, object, key, 0, UINT32_MAX, value);
}

static void read_clusters(CliLine *line, const DxJson *object, DxBgpPath *path)
{
    const DxJson *list = dx__member_get(&line->in, object, "cluster_list", DX_JSON_ARRAY);
    uint32_t *clusters;

    if (!list)
        return;
    clusters = dx__members_alloc(&line->in, list->n_children, sizeof *clusters);
    path->clusters = clusters;
    path->n_clusters = list->n_children;
    dx_json_each (item, list) {
        if (dx__member_is_type(&line->in, item, DX_JSON_STRING) &&
            !dx_router_id_parse(item->text, clusters++)) {
            g_autofree char *shown = dx__json_escape(item->text);

            DX_PROBLEM(&line->in.reader, item, DX_CODE_SYNTAX, "\"%s\" is no identifier such as \"10.0.0.1\"",
                       shown);
        }
    }
}

static void read_originator(CliLine *line, const DxJson *object, DxBgpPath *path)
{
    const DxJson *member = dx__json_member(line->in.reader.doc, object, "originator_id");

    if (member)
        path->has_originator_id =
            dx__read_router_id(&line->in, object, "originator_id", &path->originator_id);
}

/* The provider's meaning of a community, which sets the preference on the way in: for what comes from
 * outside. */
static void apply_communities(const CliBgpSet *set, DxBgpPath *path)
{
    if (path->source == DX_BGP_EBGP && dx__community_local_pref(&set->communities, path->communities,
                                                                path->n_communities, &path->local_pref))
        path->has_local_pref = true;
}

void cli_read_bgp_path(CliLine *line, const DxJson *object, const CliBgpSet *set, DxBgpPath *path)
{
    const DxJson *as_path = dx__member_get(&line->in, object, "as_path", DX_JSON_ARRAY);
    const DxJson *neighbor_as = dx__member_get(&line->in, object, "neighbor_as", DX_JSON_NUMBER);
    const DxJson *order = dx__member_get(&line->in, object, "received_order", DX_JSON_NUMBER);
    uint32_t choice;

    dx__members_check_keys(&line->in, object, "key", path_keys);
    if (dx__member_choice(&line->in, object, "source", dx__bgp_sources, &choice))
        path->source = (DxBgpSource)choice;
    if (dx__member_choice(&line->in, object, "origin", dx_bgp_origins, &choice))
        path->origin = (DxBgpOrigin)choice;
    if (neighbor_as)
        dx__read_asn(&line->in, neighbor_as, &path->neighbor_as);
    if (as_path)
        cli_read_as_path(line, as_path, &path->as_path);
    dx__read_ip(&line->in, object, "neighbor_ip", &path->neighbor_ip);
    dx__read_ip(&line->in, object, "next_hop", &path->next_hop);
    dx__read_router_id(&line->in, object, "router_id", &path->router_id);
    read_originator(line, object, path);
    read_clusters(line, object, path);
    if (dx__member_get(&line->in, object, "communities", DX_JSON_ARRAY))
        path->communities = dx__read_communities(&line->in, object, "communities", &path->n_communities);
    dx__member_u32(&line->in, object, "weight", 0, UINT16_MAX, &path->weight);
    dx__member_u32(&line->in, object, "igp_metric", 0, UINT32_MAX, &path->igp_metric);
    read_optional_u32(line, object, "local_pref", &path->has_local_pref, &path->local_pref);
    read_optional_u32(line, object, "med", &path->has_med, &path->med);
    dx__member_bool(&line->in, object, "next_hop_reachable", &path->next_hop_reachable);
    dx__member_bool(&line->in, object, "denied", &path->is_denied);
    dx__member_bool(&line->in, object, "damped", &path->is_damped);
    if (order && dx__members_number(&line->in, order, 0, UINT32_MAX, &choice))
        path->received = choice;
    apply_communities(set, path);
    dx__bgp_path_prepare(path);
}

/* Who sent it, and does that agree with where it is said to come from? */
static void check_neighbor(CliLine *line, const DxJson *object, const CliBgpSet *set, const DxBgpPath *path)
{
    const bool is_own_as = path->neighbor_as == set->knobs.local_as;

    for (const char *const *key = (const char *const[]){ "neighbor_ip", "neighbor_as", "router_id", NULL };
         *key; key++)
        if (path->source != DX_BGP_LOCAL && !dx__json_member(line->in.reader.doc, object, *key))
            DX_PROBLEM(&line->in.reader, object, DX_CODE_MISSING_KEY, "\"%s\" is missing", *key);
    if (!path->neighbor_as || path->source == DX_BGP_LOCAL)
        return;
    if (path->source == DX_BGP_IBGP && !is_own_as)
        DX_PROBLEM(&line->in.reader, object, DX_CODE_CONFLICT,
                   "an ibgp path from AS %u; this router is in AS %u", path->neighbor_as,
                   set->knobs.local_as);
    else if (path->source != DX_BGP_IBGP && is_own_as)
        DX_PROBLEM(&line->in.reader, object, DX_CODE_CONFLICT, "a path from outside, but from our own AS %u",
                   path->neighbor_as);
    else if (path->source == DX_BGP_CONFED && !set->knobs.confed_id)
        DX_PROBLEM(&line->in.reader, object, DX_CODE_CONFLICT, "a confed path without a confederation");
    if (path->source != DX_BGP_EBGP && path->router_id == set->knobs.router_id)
        DX_PROBLEM(&line->in.reader, object, DX_CODE_CONFLICT,
                   "an internal neighbor with our own router ID; it must be unique within an AS (RFC 6286)");
}

static void read_path(CliLine *line, const DxJson *object, const CliBgpSet *set, DxBgpPath *path)
{
    const DxJson *weight = dx__json_member(line->in.reader.doc, object, "weight");

    *path = (DxBgpPath){ .next_hop_reachable = true, .received = object->index + 1 };
    if (!dx__member_is_type(&line->in, object, DX_JSON_OBJECT) ||
        !dx__member_need(&line->in, object, "source", DX_JSON_STRING))
        return;
    cli_read_bgp_path(line, object, set, path);
    check_neighbor(line, object, set, path);
    if (path->source == DX_BGP_LOCAL && !path->router_id)
        path->router_id = set->knobs.router_id;
    if (path->source == DX_BGP_LOCAL && !weight)
        path->weight = 32768;
    if (!path->next_hop.bits)
        path->next_hop = path->neighbor_ip;
}

/* One neighbor sends one path; no two come at once. */
static void check_pairs(CliLine *line, const DxJson *list, const CliBgpSet *set)
{
    const DxJson *object = list->child;
    char text[DX_IP_TEXT];

    for (unsigned i = 0; i < set->n; i++, object = object->next)
        for (unsigned k = 0; k < i; k++) {
            const DxBgpPath *a = &set->paths[i], *b = &set->paths[k];

            if (a->neighbor_ip.bits && !dx_ip_compare(&a->neighbor_ip, &b->neighbor_ip))
                DX_PROBLEM(&line->in.reader, object, DX_CODE_CONFLICT,
                           "paths %u and %u have one neighbor, %s", k, i, dx_ip_text(&a->neighbor_ip, text));
            if (a->received == b->received)
                DX_PROBLEM(&line->in.reader, object, DX_CODE_CONFLICT,
                           "paths %u and %u have one received_order", k, i);
        }
}

static void read_paths(CliLine *line, const DxJson *object, CliBgpSet *set)
{
    const DxJson *list = dx__member_need(&line->in, object, "paths", DX_JSON_ARRAY);

    if (!list)
        return;
    if (list->n_children > DX_BGP_PATHS_MAX) {
        DX_PROBLEM(&line->in.reader, list, DX_CODE_LIMIT, "%u paths; at most %u are accepted",
                   list->n_children, DX_BGP_PATHS_MAX);
        return;
    }
    set->n = list->n_children;
    set->paths = dx__members_alloc(&line->in, set->n, sizeof *set->paths);
    dx_json_each (item, list)
        read_path(line, item, set, &set->paths[item->index]);
}

/* -- events ------------------------------------------------------------------------------------------ */

static void read_event(CliLine *line, const DxJson *object, const CliBgpSet *set, CliBgpEvent *event)
{
    uint32_t op = 0;
    DxBgpPath unused = { .next_hop_reachable = true };

    if (!dx__member_is_type(&line->in, object, DX_JSON_OBJECT))
        return;
    dx__members_check_keys(&line->in, object, "key", event_keys);
    if (dx__member_need(&line->in, object, "op", DX_JSON_STRING))
        dx__member_choice(&line->in, object, "op", op_names, &op);
    if (dx__member_need(&line->in, object, "path", DX_JSON_NUMBER))
        dx__member_u32(&line->in, object, "path", 0, set->n ? set->n - 1 : 0, &event->path);
    event->op = (CliBgpOp)op;
    event->set = dx__member_get(&line->in, object, "set", DX_JSON_OBJECT);
    if (event->set)
        cli_read_bgp_path(line, event->set, set, &unused); /* whatever is wrong with it */
}

static void read_events(CliLine *line, const DxJson *object, CliBgpSet *set)
{
    const DxJson *list = dx__member_need(&line->in, object, "events", DX_JSON_ARRAY);

    if (!list)
        return;
    if (list->n_children && !set->n) {
        DX_PROBLEM(&line->in.reader, list, DX_CODE_DANGLING, "events without a path");
        return;
    }
    set->n_events = list->n_children;
    set->events = dx__members_alloc(&line->in, set->n_events, sizeof *set->events);
    dx_json_each (item, list)
        read_event(line, item, set, &set->events[item->index]);
}

bool cli_read_bgp_set(CliLine *line, const DxJson *object, const CliBgpWishes *wishes, bool has_events,
                      CliBgpSet *set)
{
    const unsigned n_before = line->in.reader.problems->n_found;
    const DxJson *id = dx__member_get(&line->in, object, "id", DX_JSON_STRING);

    *set = (CliBgpSet){ .id = id ? id->text : NULL };
    dx__members_check_keys(&line->in, object, "key", set_keys);
    read_config(line, object, wishes, set);
    read_paths(line, object, set);
    if (set->n && dx__members_are_good(&line->in, n_before))
        check_pairs(line, dx__json_member(line->in.reader.doc, object, "paths"), set);
    if (has_events)
        read_events(line, object, set);
    return dx__members_are_good(&line->in, n_before);
}
