/*
 * bgp/eligible - which paths are candidates at all
 */
#include "bgp/bgp.h"

/* RFC 4271 9.1.2: the own AS anywhere in the path, sets and confederations' segments included. In a
 * confederation the own AS is the member; the number that the outside sees means a loop only outside of such
 * segments. */
static bool is_as_loop(const DxBgpKnobs *knobs, const DxBgpPath *path)
{
    return dx__as_path_has(&path->as_path, knobs->local_as, true) ||
           (knobs->confed_id && dx__as_path_has(&path->as_path, knobs->confed_id, false));
}

/* RFC 4456 8. */
static bool is_own_cluster(const DxBgpKnobs *knobs, const DxBgpPath *path)
{
    for (uint32_t i = 0; i < path->n_clusters; i++)
        if (path->clusters[i] == knobs->cluster_id)
            return true;
    return false;
}

DxBgpEligible dx__bgp_eligible(const DxBgpKnobs *knobs, const DxBgpPath *path)
{
    if (path->source != DX_BGP_LOCAL) {
        if (is_as_loop(knobs, path))
            return DX_BGP_AS_LOOP;
        if (path->has_originator_id && path->originator_id == knobs->router_id)
            return DX_BGP_OWN_ORIGINATOR;
        if (is_own_cluster(knobs, path))
            return DX_BGP_OWN_CLUSTER;
    }
    if (path->is_denied)
        return DX_BGP_DENIED;
    if (path->is_damped)
        return DX_BGP_DAMPED;
    return path->next_hop_reachable ? DX_BGP_ELIGIBLE : DX_BGP_UNREACHABLE;
}
