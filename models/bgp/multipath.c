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

    if (!dx_ip_compare(&path->next_hop, &best->next_hop)) /* would only be the same way twice */
        return false;
    return !dx__bgp_compare(knobs, path, best, NULL, DX_BGP_OLDEST, &step) && matches(knobs, path, best);
}

static int compare_next_hops(const DxBgpPath *a, const DxBgpPath *b)
{
    const int sign = dx_ip_compare(&a->next_hop, &b->next_hop);

    return sign ? sign : dx_ip_compare(&a->neighbor_ip, &b->neighbor_ip);
}

/* The first of those that are still open; closes all with its next hop. DX_BGP_NONE: there is none. */
static int take_first(const DxBgpPath *paths, unsigned n, bool *is_open)
{
    int first = DX_BGP_NONE;

    for (unsigned i = 0; i < n; i++)
        if (is_open[i] && (first < 0 || compare_next_hops(&paths[i], &paths[first]) < 0))
            first = (int)i;
    for (unsigned i = 0; i < n && first >= 0; i++)
        is_open[i] = is_open[i] && dx_ip_compare(&paths[i].next_hop, &paths[first].next_hop);
    return first;
}

unsigned dx__bgp_multipath(const DxBgpKnobs *knobs, const DxBgpPath *paths, unsigned n,
                           const DxBgpFate *fates, int best, bool *is_used)
{
    bool is_open[DX_BGP_PATHS_MAX];
    unsigned n_used = 0;
    int next = best;

    for (unsigned i = 0; i < n; i++) {
        is_open[i] = best >= 0 && (int)i != best && fates[i].eligible == DX_BGP_ELIGIBLE &&
                     is_candidate(knobs, &paths[i], &paths[best]);
        is_used[i] = false;
    }
    for (; next >= 0 && (n_used == 0 || n_used < knobs->maximum_paths); n_used++) {
        is_used[next] = true;
        next = take_first(paths, n, is_open);
    }
    return n_used;
}
