/*
 * bgp/policy.h - what lists and route maps (dxsim/policy.h) make of routes
 */
#ifndef DX_BGP_POLICY_H
#define DX_BGP_POLICY_H

#include <dxsim/policy.h>
#include "bgp/bgp.h"

/* -- lists ------------------------------------------------------------------------------------------- */

/* @rule: the one that matched, or NULL. */
bool dx__prefix_list_permits(const DxPrefixList *list, const DxPrefix *prefix, const DxPrefixRule **rule);

/* -- routes ------------------------------------------------------------------------------------------ */

/* What a policy sees and changes. It owns its lists. */
typedef struct {
    DxPrefix prefix;
    GArray *segments, *asns; /* DxAsSegment, uint32_t */
    GArray *communities;     /* uint32_t */
    DxBgpOrigin origin;
    bool has_med;
    uint32_t med, local_pref, weight;
    DxIp next_hop;
} DxBgpRoute;

void dx__bgp_route_init(DxBgpRoute *route);
void dx__bgp_route_clear(DxBgpRoute *route);
void dx__bgp_route_copy(DxBgpRoute *route, const DxBgpRoute *from);
DxAsPath dx__bgp_route_path(const DxBgpRoute *route);
/* In order, each once. */
void dx__communities_sort(GArray *communities);

/* -- route maps -------------------------------------------------------------------------------------- */

/**
 * dx__route_map_apply:
 * @peer_as: what is prepended to an empty path by "last AS"
 * @matched: NULL, or room for a bool per entry: which of them matched
 *
 * With on_match_next the verdict is that of the last entry looked at, as in FRR: a route that matched, and
 * that no later entry matches, is denied after all.
 *
 * Returns: whether @route is permitted; it has been changed by all entries that matched
 */
bool dx__route_map_apply(const DxRouteMap *map, DxBgpRoute *route, uint32_t peer_as, bool *matched);

#endif
