/*
 * bgp/policy.h - prefix lists, community lists, AS-path lists and route maps
 *
 * First match decides, everywhere; what nothing matches is denied.
 */
#ifndef DX_BGP_POLICY_H
#define DX_BGP_POLICY_H

#include "bgp/bgp.h"
#include "bgp/regex.h"

/* Numbers in an AS path, and communities of a route: what fits into one UPDATE of 4096 octets. */
#define DX_BGP_ASNS_MAX        1000
#define DX_BGP_COMMUNITIES_MAX 1000

/* -- lists ------------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t seq;
    bool is_permit, has_ge, has_le;
    uint8_t ge, le; /* lengths; neither: exactly this prefix */
    DxPrefix prefix;
} DxPrefixRule;

/* In order of seq. An empty list permits everything. */
typedef struct {
    const char *name;
    const DxPrefixRule *rules;
    unsigned n;
} DxPrefixList;

/* @rule: the one that matched, or NULL. */
bool dx__prefix_list_permits(const DxPrefixList *list, const DxPrefix *prefix, const DxPrefixRule **rule);

typedef struct {
    bool is_permit;
    const uint32_t *communities; /* a route needs all of them */
    unsigned n;
} DxCommunityRule;

typedef struct {
    const char *name;
    const DxCommunityRule *rules;
    unsigned n;
} DxCommunityList;

typedef struct {
    bool is_permit;
    DxRegex *regex;
} DxAsPathRule;

typedef struct {
    const char *name;
    const DxAsPathRule *rules;
    unsigned n;
} DxAsPathList;

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

typedef enum {
    DX_MATCH_PREFIX_LIST,
    DX_MATCH_COMMUNITY,
    DX_MATCH_AS_PATH,
    DX_MATCH_METRIC,
    DX_MATCH_ORIGIN,
    DX_MATCH_LOCAL_PREF,
} DxMatchType;

typedef struct {
    DxMatchType type;
    bool is_exact;    /* DX_MATCH_COMMUNITY: these and no others */
    const void *list; /* of the kind that the type says */
    uint32_t value;
} DxMatch;

typedef enum {
    DX_SET_LOCAL_PREF,
    DX_SET_WEIGHT,
    DX_SET_METRIC,
    DX_SET_METRIC_ADD,      /* to 0 where there is none; up to 2^32 - 1 */
    DX_SET_METRIC_SUBTRACT, /* down to 0 */
    DX_SET_ORIGIN,
    DX_SET_COMMUNITY,
    DX_SET_COMMUNITY_ADD,
    DX_SET_COMMUNITY_NONE,
    DX_SET_COMMUNITY_DELETE, /* those that a list permits one by one */
    DX_SET_PREPEND,
    DX_SET_PREPEND_LAST_AS,
    DX_SET_NEXT_HOP,
} DxSetType;

typedef struct {
    DxSetType type;
    uint32_t value; /* or how often */
    const uint32_t *numbers;
    unsigned n;
    const DxCommunityList *list;
    DxIp next_hop;
} DxSet;

typedef struct {
    uint32_t seq;
    bool is_permit, on_match_next;
    const DxMatch *matches; /* all of them */
    const DxSet *sets;      /* in order; of one kind the last */
    unsigned n_matches, n_sets;
} DxRouteMapEntry;

/* In order of seq. */
typedef struct {
    const DxRouteMapEntry *entries;
    unsigned n;
} DxRouteMap;

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
