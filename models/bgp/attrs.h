/*
 * bgp/attrs.h - attribute sets of a speaker's routes, one of a kind
 *
 * Routes with the same attributes share one set: equal sets are one pointer, so that whether anything has
 * changed, and what goes into one UPDATE, is a comparison of pointers. Next hops are shared likewise, and
 * carry how far away they are.
 */
#ifndef DX_BGP_ATTRS_H
#define DX_BGP_ATTRS_H

#include "bgp/policy.h"
#include "wire/bgp.h"

typedef struct {
    DxIp ip;
    bool is_reachable, has_moved;
    uint32_t metric;
} DxWay;

/* What two sets are compared by, octet by octet; cleared before it is filled. The lists stand behind it. */
typedef struct {
    uint32_t origin, med, local_pref, weight, originator_id, aggregator_as, aggregator_id;
    uint32_t n_segments, n_asns, n_communities, n_clusters, n_others;
    DxIp next_hop;
    uint8_t has_med, has_originator_id, has_aggregator, is_atomic;
} DxAttrsKey;

typedef struct {
    unsigned n_refs;
    guint hash;
    size_t key_bytes;
    const DxWay *way; /* NULL: it begins here */
    DxAsPath as_path;
    const uint32_t *communities, *clusters;
    const uint8_t *others;
    uint32_t hops, confed_hops, med_as, med_confed_as; /* of the path: dx__bgp_path_prepare() */
    unsigned group, group_of;                          /* which UPDATE it goes into: the flush's own */
    DxAttrsKey key;                                    /* the last: its lists follow */
} DxAttrs;

typedef struct {
    GHashTable *sets; /* of DxAttrs */
    GHashTable *by_ip;
    GPtrArray *ways; /* DxWay, in the order in which they came */
    GByteArray *room;
    bool (*metric)(void *user, const DxIp *ip, uint32_t *metric);
    void *user;
} DxAttrsTable;

/* A set that is being made: the route as policies see it, and what they do not. */
typedef struct {
    DxBgpRoute route;
    bool has_originator_id, has_aggregator, is_atomic;
    uint32_t originator_id, aggregator_as, aggregator_id;
    GArray *clusters;   /* uint32_t */
    GByteArray *others; /* transitive, unknown */
} DxDraft;

void dx__attrs_table_init(DxAttrsTable *table);
void dx__attrs_table_clear(DxAttrsTable *table);
/* Asks for all metrics once more. Returns whether any has_moved. */
bool dx__attrs_table_measure(DxAttrsTable *table);

void dx__draft_init(DxDraft *draft);
void dx__draft_clear(DxDraft *draft);
/* Nothing: the attributes of a prefix that begins here. */
void dx__draft_reset(DxDraft *draft, uint32_t local_pref);
void dx__draft_of_wire(DxDraft *draft, const DxBgpAttributes *from, const DxIp *next_hop,
                       uint32_t default_local_pref);
void dx__draft_of_attrs(DxDraft *draft, const DxAttrs *attrs);

/* A reference of one's own. */
DxAttrs *dx__attrs_intern(DxAttrsTable *table, const DxDraft *draft);
DxAttrs *dx__attrs_ref(DxAttrs *attrs);
void dx__attrs_unref(DxAttrsTable *table, DxAttrs *attrs); /* may be NULL */
/* As an UPDATE has them; borrows. @with_local_pref: it goes to a neighbour inside. */
void dx__attrs_to_wire(const DxAttrs *attrs, bool with_local_pref, DxBgpAttributes *to);

#endif
