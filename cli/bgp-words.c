/*
 * bgp-words - what a decision is in words
 */
#include "bgp-explain.h"

char *cli_line_name(const CliLine *line, const char *id)
{
    return id ? dx__json_escape(id) : g_strdup_printf("line %u", line->line);
}

static char *with_missing(bool is_there, uint32_t value)
{
    return g_strdup_printf("%u%s", value, is_there ? "" : " (none)");
}

char *cli_bgp_value(const CliBgpSet *set, unsigned index, DxBgpStep step, int incumbent)
{
    const DxBgpPath *path = &set->paths[index];
    char text[DX_IP_TEXT];

    switch (step) {
    case DX_BGP_WEIGHT:
        return g_strdup_printf("%u", path->weight);
    case DX_BGP_LOCAL_PREF:
        return g_strdup_printf("%u", dx__bgp_local_pref(&set->knobs, path));
    case DX_BGP_LOCAL_ORIGIN:
        return g_strdup(path->source == DX_BGP_LOCAL ? "yes" : "no");
    case DX_BGP_AS_PATH_LENGTH:
        return g_strdup_printf("%u", dx__bgp_length(&set->knobs, path));
    case DX_BGP_ORIGIN:
        return g_strdup(dx_bgp_origins[path->origin]);
    case DX_BGP_MED:
        return with_missing(path->has_med, dx__bgp_med(&set->knobs, path));
    case DX_BGP_EBGP_OVER_IBGP:
        return g_strdup(dx__bgp_sources[path->source]);
    case DX_BGP_IGP_METRIC:
        return g_strdup_printf("%u", path->igp_metric);
    case DX_BGP_OLDEST:
        if (set->knobs.age == DX_BGP_AGE_TIMESTAMP)
            return g_strdup_printf("%" G_GUINT64_FORMAT, path->received);
        return g_strdup((int)index == incumbent ? "is best" : "-");
    case DX_BGP_ROUTER_ID:
        return g_strdup(dx_router_id_text(dx__bgp_originator(path), text));
    case DX_BGP_CLUSTER_LIST:
        return g_strdup_printf("%u", path->n_clusters);
    case DX_BGP_NEIGHBOR_IP:
        return g_strdup(dx_ip_text(&path->neighbor_ip, text));
    case DX_BGP_STEP_NONE:
    case DX_BGP_N_STEPS:
        break;
    }
    return g_strdup("-");
}

/* "MED 50 > 10 of path 1" */
static const struct {
    const char *what, *sign;
} relations[DX_BGP_N_STEPS] = {
    [DX_BGP_WEIGHT] = { "weight", "<" },
    [DX_BGP_LOCAL_PREF] = { "local preference", "<" },
    [DX_BGP_AS_PATH_LENGTH] = { "AS path length", ">" },
    [DX_BGP_ORIGIN] = { "origin", "after" },
    [DX_BGP_MED] = { "MED", ">" },
    [DX_BGP_EBGP_OVER_IBGP] = { "type", "after" },
    [DX_BGP_IGP_METRIC] = { "IGP metric", ">" },
    [DX_BGP_ROUTER_ID] = { "router ID", ">" },
    [DX_BGP_CLUSTER_LIST] = { "cluster list length", ">" },
    [DX_BGP_NEIGHBOR_IP] = { "neighbor address", ">" },
};

char *cli_bgp_why(const CliBgpSet *set, unsigned path, DxBgpStep step, int against, int incumbent)
{
    g_autofree char *own = cli_bgp_value(set, path, step, incumbent);
    g_autofree char *other = cli_bgp_value(set, (unsigned)against, step, incumbent);

    if (step == DX_BGP_LOCAL_ORIGIN)
        return g_strdup_printf("learned; path %d begins here", against);
    if (step == DX_BGP_OLDEST && set->knobs.age == DX_BGP_AGE_TIMESTAMP)
        return g_strdup_printf("came after path %d", against);
    if (step == DX_BGP_OLDEST)
        return g_strdup_printf("path %d was the best already, and stays", against);
    if (step == DX_BGP_NEIGHBOR_IP &&
        !dx_ip_compare(&set->paths[path].neighbor_ip, &set->paths[against].neighbor_ip))
        return g_strdup_printf("nothing tells it from path %d, which came first", against);
    if (step == DX_BGP_ROUTER_ID && set->paths[path].has_originator_id)
        return g_strdup_printf("originator ID %s > %s of path %d", own, other, against);
    return g_strdup_printf("%s %s %s %s of path %d", relations[step].what, own, relations[step].sign, other,
                           against);
}

char *cli_bgp_why_not(const CliBgpSet *set, unsigned index, const DxBgpFate *fate)
{
    const DxBgpPath *path = &set->paths[index];
    const DxBgpKnobs *knobs = &set->knobs;
    g_autoptr(GString) as_path = g_string_new(NULL);
    char text[DX_IP_TEXT];

    switch (fate->eligible) {
    case DX_BGP_UNREACHABLE:
        return g_strdup_printf("next hop unreachable: %s", dx_ip_text(&path->next_hop, text));
    case DX_BGP_AS_LOOP:
        dx__as_path_print(&path->as_path, as_path);
        return g_strdup_printf("AS path loop: own AS %u in \"%s\"",
                               dx__as_path_has(&path->as_path, knobs->local_as, true) ? knobs->local_as
                                                                                      : knobs->confed_id,
                               as_path->str);
    case DX_BGP_OWN_ORIGINATOR:
        return g_strdup_printf("originator ID is our own router ID %s",
                               dx_router_id_text(knobs->router_id, text));
    case DX_BGP_OWN_CLUSTER:
        return g_strdup_printf("cluster list has our own cluster ID %s",
                               dx_router_id_text(knobs->cluster_id, text));
    case DX_BGP_DENIED:
        return g_strdup("denied by policy");
    case DX_BGP_DAMPED:
        return g_strdup("damped");
    case DX_BGP_ELIGIBLE:
        break;
    }
    return g_strdup("eligible");
}

/* Less than it is: still less would do too. */
static bool is_less(const CliBgpSet *set, unsigned path, const DxBgpChange *change)
{
    return change->attribute == DX_BGP_IGP_METRIC ||
           change->value < dx__bgp_med(&set->knobs, &set->paths[path]);
}

char *cli_bgp_change(const CliBgpSet *set, unsigned path, const DxBgpChange *change)
{
    switch (change->attribute) {
    case DX_BGP_WEIGHT:
        return g_strdup_printf("weight %u", change->value);
    case DX_BGP_LOCAL_PREF:
        return g_strdup_printf("local preference %u", change->value);
    case DX_BGP_AS_PATH_LENGTH:
        return g_strdup_printf("%u prepend%s less", change->value, change->value == 1 ? "" : "s");
    case DX_BGP_ORIGIN:
        return g_strdup_printf("origin %s", dx_bgp_origins[change->value]);
    case DX_BGP_MED:
    case DX_BGP_IGP_METRIC:
        return g_strdup_printf("%s %u%s", relations[change->attribute].what, change->value,
                               change->value && is_less(set, path, change) ? " or less" : "");
    default:
        return NULL;
    }
}
