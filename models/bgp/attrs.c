/*
 * bgp/attrs - attribute sets of a speaker's routes, one of a kind
 */
#include "bgp/attrs.h"

#include <string.h>

/* -- the table --------------------------------------------------------------------------------------- */

static guint hash_octets(const uint8_t *octets, size_t n)
{
    uint64_t hash = 0x9e3779b97f4a7c15u ^ n;

    for (size_t i = 0; i < n; i += 4) {
        uint32_t word = 0;

        memcpy(&word, octets + i, MIN(n - i, 4u));
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    return (guint)hash;
}

static guint attrs_hash(gconstpointer attrs)
{
    return ((const DxAttrs *)attrs)->hash;
}

static gboolean attrs_equal(gconstpointer a, gconstpointer b)
{
    const DxAttrs *x = a, *y = b;

    return x->hash == y->hash && x->key_bytes == y->key_bytes && !memcmp(&x->key, &y->key, x->key_bytes);
}

static guint ip_hash(gconstpointer ip)
{
    return hash_octets(((const DxIp *)ip)->bytes, 16);
}

static gboolean ip_equal(gconstpointer a, gconstpointer b)
{
    return !dx_ip_compare(a, b);
}

void dx__attrs_table_init(DxAttrsTable *table)
{
    *table = (DxAttrsTable){ .sets = g_hash_table_new(attrs_hash, attrs_equal),
                             .by_ip = g_hash_table_new(ip_hash, ip_equal),
                             .ways = g_ptr_array_new_with_free_func(g_free),
                             .room = g_byte_array_new() };
}

void dx__attrs_table_clear(DxAttrsTable *table)
{
    if (!table->sets)
        return;
    g_assert(g_hash_table_size(table->sets) == 0); /* somebody still has one: a leak */
    g_hash_table_unref(table->sets);
    g_hash_table_unref(table->by_ip);
    g_ptr_array_unref(table->ways);
    g_byte_array_unref(table->room);
    *table = (DxAttrsTable){ .sets = NULL };
}

static void measure(const DxAttrsTable *table, DxWay *way)
{
    const DxWay before = *way;

    way->metric = 0;
    way->is_reachable = !table->metric || table->metric(table->user, &way->ip, &way->metric);
    if (!way->is_reachable)
        way->metric = 0;
    way->has_moved = way->is_reachable != before.is_reachable || way->metric != before.metric;
}

bool dx__attrs_table_measure(DxAttrsTable *table)
{
    bool has_any_moved = false;

    for (guint i = 0; i < table->ways->len; i++) {
        DxWay *way = g_ptr_array_index(table->ways, i);

        measure(table, way);
        has_any_moved |= way->has_moved;
    }
    return has_any_moved;
}

static const DxWay *way_to(DxAttrsTable *table, const DxIp *ip)
{
    DxWay *way = g_hash_table_lookup(table->by_ip, ip);

    if (!ip->bits || way)
        return way;
    way = g_new0(DxWay, 1);
    way->ip = *ip;
    measure(table, way);
    way->has_moved = false;
    g_ptr_array_add(table->ways, way);
    g_hash_table_insert(table->by_ip, &way->ip, way);
    return way;
}

/* -- drafts ------------------------------------------------------------------------------------------ */

void dx__draft_init(DxDraft *draft)
{
    *draft =
        (DxDraft){ .clusters = g_array_new(FALSE, FALSE, sizeof(uint32_t)), .others = g_byte_array_new() };
    dx__bgp_route_init(&draft->route);
}

void dx__draft_clear(DxDraft *draft)
{
    if (!draft->clusters)
        return;
    dx__bgp_route_clear(&draft->route);
    g_array_unref(draft->clusters);
    g_byte_array_unref(draft->others);
    *draft = (DxDraft){ .clusters = NULL };
}

static void set_numbers(GArray *array, const void *numbers, guint n)
{
    g_array_set_size(array, 0);
    if (n)
        g_array_append_vals(array, numbers, n);
}

static void set_path(DxBgpRoute *route, const DxAsPath *path)
{
    guint n_asns = 0;

    for (uint32_t i = 0; i < path->n_segments; i++)
        n_asns += path->segments[i].n;
    set_numbers(route->segments, path->segments, path->n_segments);
    set_numbers(route->asns, path->asns, n_asns);
}

void dx__draft_reset(DxDraft *draft, uint32_t local_pref)
{
    DxBgpRoute *route = &draft->route;

    set_path(route, &(DxAsPath){ 0 });
    g_array_set_size(route->communities, 0);
    g_array_set_size(draft->clusters, 0);
    g_byte_array_set_size(draft->others, 0);
    route->origin = DX_BGP_IGP;
    route->has_med = false;
    route->med = route->weight = 0;
    route->local_pref = local_pref;
    route->next_hop = (DxIp){ 0 };
    draft->has_originator_id = draft->has_aggregator = draft->is_atomic = false;
    draft->originator_id = draft->aggregator_as = draft->aggregator_id = 0;
}

void dx__draft_of_wire(DxDraft *draft, const DxBgpAttributes *from, const DxIp *next_hop,
                       uint32_t default_local_pref)
{
    DxBgpRoute *route = &draft->route;

    dx__draft_reset(draft, from->has_local_pref ? from->local_pref : default_local_pref);
    set_path(route, &from->as_path);
    set_numbers(route->communities, from->communities, from->n_communities);
    dx__communities_sort(route->communities);
    route->origin = from->origin;
    route->has_med = from->has_med;
    route->med = from->has_med ? from->med : 0;
    route->next_hop = *next_hop;
    set_numbers(draft->clusters, from->clusters, from->n_clusters);
    if (from->n_others)
        g_byte_array_append(draft->others, from->others, (guint)from->n_others);
    draft->is_atomic = from->is_atomic;
    draft->has_originator_id = from->has_originator_id;
    draft->originator_id = from->has_originator_id ? from->originator_id : 0;
    draft->has_aggregator = from->has_aggregator;
    draft->aggregator_as = from->has_aggregator ? from->aggregator_as : 0;
    draft->aggregator_id = from->has_aggregator ? from->aggregator_id : 0;
}

void dx__draft_of_attrs(DxDraft *draft, const DxAttrs *attrs)
{
    const DxAttrsKey *key = &attrs->key;
    DxBgpRoute *route = &draft->route;

    set_path(route, &attrs->as_path);
    set_numbers(route->communities, attrs->communities, key->n_communities);
    set_numbers(draft->clusters, attrs->clusters, key->n_clusters);
    g_byte_array_set_size(draft->others, 0);
    if (key->n_others)
        g_byte_array_append(draft->others, attrs->others, key->n_others);
    route->origin = (DxBgpOrigin)key->origin;
    route->has_med = key->has_med;
    route->med = key->med;
    route->local_pref = key->local_pref;
    route->weight = key->weight;
    route->next_hop = key->next_hop;
    draft->has_originator_id = key->has_originator_id;
    draft->originator_id = key->originator_id;
    draft->has_aggregator = key->has_aggregator;
    draft->aggregator_as = key->aggregator_as;
    draft->aggregator_id = key->aggregator_id;
    draft->is_atomic = key->is_atomic;
}

/* -- sets -------------------------------------------------------------------------------------------- */

static void fill_key(DxAttrsKey *key, const DxDraft *draft)
{
    const DxBgpRoute *route = &draft->route;

    memset(key, 0, sizeof *key);
    key->origin = route->origin;
    key->has_med = route->has_med;
    key->med = route->has_med ? route->med : 0;
    key->local_pref = route->local_pref;
    key->weight = route->weight;
    key->next_hop = route->next_hop;
    key->has_originator_id = draft->has_originator_id;
    key->originator_id = draft->originator_id;
    key->has_aggregator = draft->has_aggregator;
    key->aggregator_as = draft->aggregator_as;
    key->aggregator_id = draft->aggregator_id;
    key->is_atomic = draft->is_atomic;
    key->n_segments = route->segments->len;
    key->n_asns = route->asns->len;
    key->n_communities = route->communities->len;
    key->n_clusters = draft->clusters->len;
    key->n_others = draft->others->len;
}

static void append_numbers(GByteArray *room, const void *numbers, guint n)
{
    if (n)
        g_byte_array_append(room, numbers, n * (guint)sizeof(uint32_t));
}

/* Nothing but what is said may be in what is compared. */
G_STATIC_ASSERT(sizeof(DxAsSegment) == 2 * sizeof(uint32_t));

/* The whole set, in @table->room: its lists stand behind it. */
static DxAttrs *lay_out(DxAttrsTable *table, const DxDraft *draft)
{
    DxAttrs head;
    DxAttrs *attrs;

    memset(&head, 0, sizeof head);
    fill_key(&head.key, draft);
    g_byte_array_set_size(table->room, 0);
    g_byte_array_append(table->room, (const guint8 *)&head, sizeof head);
    append_numbers(table->room, draft->route.segments->data, 2 * head.key.n_segments);
    append_numbers(table->room, draft->route.asns->data, head.key.n_asns);
    append_numbers(table->room, draft->route.communities->data, head.key.n_communities);
    append_numbers(table->room, draft->clusters->data, head.key.n_clusters);
    if (head.key.n_others)
        g_byte_array_append(table->room, draft->others->data, head.key.n_others);
    attrs = (DxAttrs *)(void *)table->room->data;
    attrs->key_bytes = table->room->len - offsetof(DxAttrs, key);
    attrs->hash = hash_octets((const uint8_t *)&attrs->key, attrs->key_bytes);
    return attrs;
}

static void point(DxAttrs *attrs)
{
    const uint32_t *numbers = (const uint32_t *)(const void *)(attrs + 1);
    DxBgpPath path = { .source = DX_BGP_EBGP };

    attrs->as_path.segments = (const DxAsSegment *)(const void *)numbers;
    attrs->as_path.n_segments = attrs->key.n_segments;
    numbers += 2 * attrs->key.n_segments;
    attrs->as_path.asns = numbers;
    numbers += attrs->key.n_asns;
    attrs->communities = numbers;
    numbers += attrs->key.n_communities;
    attrs->clusters = numbers;
    attrs->others = (const uint8_t *)(numbers + attrs->key.n_clusters);

    path.as_path = attrs->as_path;
    dx__bgp_path_prepare(&path);
    attrs->hops = path.hops;
    attrs->confed_hops = path.confed_hops;
    attrs->med_as = path.med_as;
    attrs->med_confed_as = path.med_confed_as;
}

DxAttrs *dx__attrs_intern(DxAttrsTable *table, const DxDraft *draft)
{
    DxAttrs *attrs = lay_out(table, draft), *found = g_hash_table_lookup(table->sets, attrs);

    if (found)
        return dx__attrs_ref(found);
    attrs = g_memdup2(attrs, table->room->len);
    attrs->n_refs = 1;
    attrs->way = way_to(table, &attrs->key.next_hop);
    point(attrs);
    g_hash_table_add(table->sets, attrs);
    return attrs;
}

DxAttrs *dx__attrs_ref(DxAttrs *attrs)
{
    attrs->n_refs++;
    return attrs;
}

void dx__attrs_unref(DxAttrsTable *table, DxAttrs *attrs)
{
    if (!attrs || --attrs->n_refs)
        return;
    g_hash_table_remove(table->sets, attrs);
    g_free(attrs);
}

void dx__attrs_to_wire(const DxAttrs *attrs, bool with_local_pref, DxBgpAttributes *to)
{
    const DxAttrsKey *key = &attrs->key;

    *to = (DxBgpAttributes){ .has_origin = true,
                             .has_as_path = true,
                             .origin = (DxBgpOrigin)key->origin,
                             .as_path = attrs->as_path,
                             .has_med = key->has_med,
                             .med = key->med,
                             .has_local_pref = with_local_pref,
                             .local_pref = key->local_pref,
                             .is_atomic = key->is_atomic,
                             .has_aggregator = key->has_aggregator,
                             .aggregator_as = key->aggregator_as,
                             .aggregator_id = key->aggregator_id,
                             .has_originator_id = key->has_originator_id,
                             .originator_id = key->originator_id,
                             .communities = attrs->communities,
                             .n_communities = key->n_communities,
                             .clusters = attrs->clusters,
                             .n_clusters = key->n_clusters,
                             .others = attrs->others,
                             .n_others = key->n_others };
    if (key->next_hop.bits == 128) {
        to->mp_next_hop = key->next_hop;
        return;
    }
    to->has_next_hop = true;
    to->next_hop = key->next_hop;
}
