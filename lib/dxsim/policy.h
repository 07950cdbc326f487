/*
 * dxsim/policy.h - communities, prefix lists, community lists, AS-path lists and route maps, as data
 *
 * First match decides, everywhere; what nothing matches is denied. Who reads them fills them, models apply
 * them to routes. All is borrowed: it lives as long as what it was read from.
 */
#ifndef DXSIM_POLICY_H
#define DXSIM_POLICY_H

#include <dxsim/ip.h>
#include <dxsim/regex.h>

/* Numbers in an AS path, and communities of a route: what fits into one UPDATE of 4096 octets. */
#define DX_BGP_ASNS_MAX        1000
#define DX_BGP_COMMUNITIES_MAX 1000

/* -- communities: ASN:NUMBER in 16 bits each (RFC 1997) ------------------------------------------------- */

#define DX_COMMUNITY_TEXT 12

#define DX_COMMUNITY_NO_EXPORT           0xffffff01u
#define DX_COMMUNITY_NO_ADVERTISE        0xffffff02u
#define DX_COMMUNITY_NO_EXPORT_SUBCONFED 0xffffff03u

typedef enum {
    DX_COMMUNITY_OK,
    DX_COMMUNITY_FORM,
    DX_COMMUNITY_RANGE, /* a half of it is above 65535 */
} DxCommunityFault;

/* "7224:7300", or one of "no-export", "no-advertise", "local-AS". */
DX_API DxCommunityFault dx_community_parse(const char *text, uint32_t *community);
DX_API const char *dx_community_text(uint32_t community, char text[DX_COMMUNITY_TEXT]);

/* How far a provider passes on what has one. */
typedef enum {
    DX_REACH_UNSAID,
    DX_REACH_ALL,       /* all regions */
    DX_REACH_REGION,    /* one, by its name */
    DX_REACH_LOCAL,     /* the region where it came in */
    DX_REACH_CONTINENT, /* regions whose names begin alike, up to the first "-" */
    DX_REACH_PROVIDER,  /* no other AS */
} DxReach;

/* What a provider makes of one. */
typedef struct {
    uint32_t community;
    bool has_local_pref;
    uint32_t local_pref;
    const char *scope; /* in words: where it is announced to, or comes from; NULL: says nothing of that */
    DxReach reach;
    const char *region; /* DX_REACH_REGION */
} DxCommunityMeaning;

/* The first row that counts is the one that matters. */
typedef struct {
    const DxCommunityMeaning *rows;
    unsigned n;
} DxCommunityTable;

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

/* -- route maps -------------------------------------------------------------------------------------- */

/* "igp", "egp", "incomplete": by the numbers of the wire, NULL-terminated. */
DX_API extern const char *const dx_bgp_origins[];

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
    const char *name;
    const DxRouteMapEntry *entries;
    unsigned n;
} DxRouteMap;

#endif
