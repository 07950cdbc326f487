/*
 * bgp/multipath - equal-cost paths beside the best one
 *
 * Candidates are equal to the best through step 8, each against the best alone. Of too many, those with the
 * lowest next hops stay.
 */
#include "bgp/bgp.h"

static bool matches(const DxBgpKnobs *knobs, const DxBgpPath *path, const DxBgpPath *best)
{
    switch (knobs->multipath) {
    case DX_BGP_MULTIPATH_SAME_AS:
        if (path->source != DX_BGP_IBGP)
            return path->neighbor_as == best->neighbor_as;
        break;
    case DX_BGP_MULTIPATH_EXACT:
        break;
    case DX_BGP_MULTIPATH_RELAXED:
        return true;
    }
    return dx__as_path_equal(&path->as_path, &best->as_path);
}

static bool is_candidate(const DxBgpKnobs *knobs, const DxBgpPath *path, const DxBgpPath *best)
{
    DxBgpStep step;

    if (!dx__ip_compare(&path->next_hop, &best->next_hop)) /* would only be the same way twice */
        return false;
    return !dx__bgp_compare(knobs, path, best, NULL, DX_BGP_OLDEST, &step) && matches(knobs, path, best);
}

/* DX_BGP_NONE: all are in already. */
static int lowest_next_hop(const DxBgpPath *paths, unsigned n, const bool *is_candidate_of,
                           const bool *is_used)
{
    int lowest = DX_BGP_NONE;

    for (unsigned i = 0; i < n; i++)
        if (is_candidate_of[i] && !is_used[i] &&
            (lowest < 0 || dx__ip_compare(&paths[i].next_hop, &paths[lowest].next_hop) < 0))
            lowest = (int)i;
    return lowest;
}

unsigned dx__bgp_multipath(const DxBgpKnobs *knobs, const DxBgpPath *paths, unsigned n,
                           const DxBgpFate *fates, int best, bool *is_used)
{
    bool may_be_used[DX_BGP_PATHS_MAX];
    unsigned n_used = 0;
    int next = best;

    for (unsigned i = 0; i < n; i++) {
        may_be_used[i] = best >= 0 && (int)i != best && fates[i].eligible == DX_BGP_ELIGIBLE &&
                         is_candidate(knobs, &paths[i], &paths[best]);
        is_used[i] = false;
    }
    for (; next >= 0 && (n_used == 0 || n_used < knobs->maximum_paths); n_used++) {
        is_used[next] = true;
        next = lowest_next_hop(paths, n, may_be_used, is_used);
    }
    return n_used;
}
