/*
 * load-vifs - virtual interfaces and hosted connections
 */
#include "address-priv.h"
#include "hash-priv.h"
#include "load-priv.h"

#include <string.h>

/* -- ways -------------------------------------------------------------------------------------------- */

static void be_on(DxLoader *loader, const DxJson *json, DxScFlow *flow, uint32_t vif)
{
    const DxScenario *scenario = loader->scenario;
    const DxScVif *wanted = DX_SC(scenario, vifs, DxScVif, vif);

    if (!flow->vifs)
        flow->vifs = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < flow->vifs->len; i++) {
        const DxScVif *other = DX_SC(scenario, vifs, DxScVif, g_array_index(flow->vifs, uint32_t, i));

        if (other == wanted)
            return;
        if (other->trunk == wanted->trunk) {
            DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT,
                       "the flow is on VIF \"%s\" of the same line already", other->name);
            return;
        }
    }
    g_array_append_val(flow->vifs, vif);
}

/* Nothing has this name: what was meant may be any of the three. */
static void no_such_way(DxLoader *loader, const DxJson *json)
{
    GHashTable *const known[] = { loader->links, loader->lags, loader->vifs };
    g_autoptr(GHashTable) all = g_hash_table_new(dx__hash_name, g_str_equal);

    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        GHashTableIter iter;
        gpointer name;

        g_hash_table_iter_init(&iter, known[i]);
        while (g_hash_table_iter_next(&iter, &name, NULL))
            g_hash_table_add(all, name);
    }
    dx__load_resolve(loader, json, all, "link, LAG or VIF");
}

uint32_t dx__load_resolve_way(DxLoader *loader, const DxJson *json, DxScFlow *flow)
{
    uint32_t vif;

    if (json->type != DX_JSON_STRING || !g_hash_table_size(loader->vifs))
        return dx__load_resolve_trunk(loader, json);
    vif = dx__load_index(loader->vifs, json->text);
    if (vif == DX_NONE && dx__load_index(loader->lags, json->text) == DX_NONE &&
        dx__load_index(loader->links, json->text) == DX_NONE) {
        no_such_way(loader, json);
        return DX_NONE;
    }
    if (vif == DX_NONE)
        return dx__load_resolve_trunk(loader, json);
    if (flow && DX_SC(loader->scenario, vifs, DxScVif, vif)->trunk != DX_NONE)
        be_on(loader, json, flow, vif);
    return DX_SC(loader->scenario, vifs, DxScVif, vif)->trunk;
}

/* -- hosted connections -------------------------------------------------------------------------------- */

static void police(DxScLink *link, const DxModel *policer, void *conf, uint64_t rate_bps,
                   uint64_t burst_bytes)
{
    DxScInsert insert = { .model = policer, .conf = conf, .at = DX_AT_INGRESS, .directions = { true, true } };

    *(uint64_t *)(void *)((char *)conf + dx_param_find(policer->params, "rate")->offset) = rate_bps;
    *(uint64_t *)(void *)((char *)conf + dx_param_find(policer->params, "burst")->offset) = burst_bytes;
    g_array_append_val(link->inserts, insert);
    link->hosted_bps = rate_bps;
}

/* What comes faster than was bought is dropped, not delayed. */
void dx__load_connection(DxLoader *loader, const DxJson *json, DxScLink *link)
{
    DxReader *reader = &loader->reader;
    const DxJson *connection = dx__reader_get(reader, json, "connection", DX_JSON_OBJECT);
    const char *kind = dx__reader_text(reader, connection, "kind");
    const DxJson *member = kind ? dx__json_member(reader->doc, connection, "capacity") : NULL;
    int64_t capacity_bps = 0, burst_bytes = 1000000;

    if (!kind)
        return;
    if (!strcmp(kind, "dedicated")) {
        if (!member)
            member = dx__json_member(reader->doc, connection, "burst");
        if (member)
            dx__problem(reader->problems, reader->file, member, true, DX_CODE_CONFLICT,
                        "a dedicated connection has all of its port; only a \"hosted\" one has a capacity");
        return;
    }
    if (!member)
        DX_PROBLEM(reader, connection, DX_CODE_MISSING_KEY,
                   "\"capacity\" is missing: what was bought of the port, such as \"500 Mbps\"");
    if (!dx__reader_quantity(reader, connection, "capacity", DX_UNIT_RATE, &capacity_bps))
        return;
    dx__reader_quantity(reader, connection, "burst", DX_UNIT_SIZE, &burst_bytes);
    if (capacity_bps < 1 || capacity_bps > dx__conf_int(dx__load_model(loader, "port"), link->port, "rate"))
        DX_PROBLEM(reader, member, DX_CODE_RANGE,
                   "a capacity is more than 0 and at most the rate of the link");
    else if (burst_bytes < 1 || burst_bytes > INT64_C(1000000000000000))
        DX_PROBLEM(reader, dx__json_member(reader->doc, connection, "burst"), DX_CODE_RANGE,
                   "a burst is \"1 B\" to \"1000000 GB\"");
    else
        police(link, dx__load_model(loader, "policer"), dx__load_conf(loader, NULL, "policer"),
               (uint64_t)capacity_bps, (uint64_t)burst_bytes);
}

/* -- addresses ---------------------------------------------------------------------------------------- */

/* One of a VIF's ends, for the search for overlaps. */
typedef struct {
    uint32_t node, vif;
    DxAddress address;
    const DxJson *json;
} End;

/* Room for two ends, and neither of them the subnet itself or all in it. False: none. */
static bool check_prefix(DxLoader *loader, const DxJson *json, const DxAddress *address)
{
    const bool is_ipv6 = address->ip.bits == 128;
    const unsigned shortest = is_ipv6 ? 125 : 30, longest = is_ipv6 ? 127 : 31;

    if (address->prefix > longest) {
        DX_PROBLEM(&loader->reader, json, DX_CODE_RANGE, "a subnet of /%u has no room for two ends; /%u has",
                   address->prefix, longest);
        return false;
    }
    if (address->prefix < shortest)
        dx__warning(loader->reader.problems, loader->reader.file, json, DX_CODE_RANGE,
                    "a VIF has two ends: /%u is enough for them, /%u takes more", shortest, address->prefix);
    if (is_ipv6 || address->prefix == longest)
        return true;
    if (dx__address_host_is(address, false))
        DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT, "this is the network address of its /%u",
                   address->prefix);
    if (dx__address_host_is(address, true))
        DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT, "this is the broadcast address of its /%u",
                   address->prefix);
    return true;
}

static bool parse_item(DxLoader *loader, const DxJson *item, DxAddress *address)
{
    g_autofree char *why = NULL;

    if (item->type != DX_JSON_STRING)
        return false;
    if (dx__address_parse(item->text, address, &why))
        return check_prefix(loader, item, address);
    DX_PROBLEM(&loader->reader, item, DX_CODE_SYNTAX, "%s", why);
    return false;
}

static void load_addresses(DxLoader *loader, DxJson *json, const DxScVif *vif, GArray *ends)
{
    DxReader *reader = &loader->reader;
    const DxJson *list = dx__reader_get(reader, json, "addresses", DX_JSON_ARRAY);
    const DxJson *item = list ? list->child : NULL;
    DxAddress address[2];
    bool is_good[2];

    if (!list)
        return;
    if (list->n_children != 2) {
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "a VIF has two ends: expected two addresses, this has %u",
                   list->n_children);
        return;
    }
    for (unsigned i = 0; i < 2; i++, item = item->next)
        is_good[i] = parse_item(loader, item, &address[i]);
    if (!is_good[0] || !is_good[1])
        return;
    if (address[0].ip.bits != address[1].ip.bits)
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "one end has an IPv4 address, the other an IPv6 address");
    else if (address[0].prefix != address[1].prefix)
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "both ends are in one subnet: its prefix has one length");
    else if (!dx__address_is_same_net(&address[0], &address[1], address[0].prefix))
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "both ends must be in one subnet; these are in two");
    else if (!dx_ip_compare(&address[0].ip, &address[1].ip))
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "both ends have the same address");
    else if (vif->trunk != DX_NONE)
        for (unsigned k = 0; k < 2; k++) {
            const End end = { DX_SC(loader->scenario, trunks, DxScTrunk, vif->trunk)->end[k],
                              loader->scenario->vifs->len, address[k], list->child };

            g_array_append_val(ends, end);
        }
}

static gint compare_ends(gconstpointer a, gconstpointer b)
{
    const End *x = a, *y = b;
    const int nets = dx__address_compare_nets(&x->address, &y->address);

    if (x->node != y->node)
        return x->node < y->node ? -1 : 1;
    return nets ? nets : (x->vif > y->vif) - (x->vif < y->vif);
}

/* Of one router's subnets that overlap, two stand next to each other: one lies within the other. */
static void check_overlaps(DxLoader *loader, GArray *ends)
{
    g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL);

    g_array_sort(ends, compare_ends);
    for (guint i = 1; i < ends->len; i++) {
        const End *a = &g_array_index(ends, End, i - 1), *b = &g_array_index(ends, End, i);
        const End *later = a->vif < b->vif ? b : a, *earlier = later == a ? b : a;
        const DxScVif *other = DX_SC(loader->scenario, vifs, DxScVif, earlier->vif);

        if (a->node != b->node || a->node == DX_NONE || a->address.ip.bits != b->address.ip.bits ||
            !dx__address_is_same_net(&a->address, &b->address, a->address.prefix) ||
            !g_hash_table_add(told, GUINT_TO_POINTER(later->vif + 1)))
            continue;
        DX_PROBLEM(&loader->reader, later->json, DX_CODE_CONFLICT,
                   "overlaps with the subnet of VIF \"%s\", line %u, on the same router", other->name,
                   other->json->line);
    }
}

/* -- VIFs -------------------------------------------------------------------------------------------- */

static void check_name(DxLoader *loader, const DxJson *json)
{
    const char *what = dx__load_index(loader->links, json->key) != DX_NONE  ? "link"
                       : dx__load_index(loader->lags, json->key) != DX_NONE ? "LAG"
                                                                            : NULL;

    if (what)
        dx__problem(loader->reader.problems, loader->reader.file, json, true, DX_CODE_CONFLICT,
                    "a %s has this name too; the way of a flow could not tell them apart", what);
}

/* @taken: trunk and VID -> VIF + 1 */
static void check_vlan(DxLoader *loader, DxJson *json, const DxScVif *vif, GHashTable *taken)
{
    const DxJson *vlan = dx__json_member(loader->reader.doc, json, "vlan");
    const int64_t vid = dx__conf_int(dx__load_model(loader, "vif"), vif->conf, "vlan");
    const gpointer key = GSIZE_TO_POINTER((gsize)vif->trunk << 12 | (gsize)vid);
    const guint other = GPOINTER_TO_UINT(g_hash_table_lookup(taken, key));

    if (!vlan || vif->trunk == DX_NONE)
        return;
    if (other) {
        const DxScVif *first = DX_SC(loader->scenario, vifs, DxScVif, other - 1);

        DX_PROBLEM(&loader->reader, vlan, DX_CODE_CONFLICT,
                   "VLAN %" G_GINT64_FORMAT " of \"%s\" is taken by VIF \"%s\", line %u", vid,
                   dx__scenario_trunk_name(loader->scenario, vif->trunk), first->name, first->json->line);
    } else
        g_hash_table_insert(taken, key, GUINT_TO_POINTER(loader->scenario->vifs->len + 1));
}

static void load_vif(DxLoader *loader, DxJson *json, GHashTable *taken, GArray *ends)
{
    static const char *const types[] = { "private", "public", "transit", NULL };
    DxReader *reader = &loader->reader;
    DxScVif vif = { .name = g_strdup(json->key), .json = json, .trunk = DX_NONE };
    const DxJson *on = dx__reader_get(reader, json, "on", DX_JSON_STRING);
    const char *type = dx__reader_text(reader, json, "type");

    check_name(loader, json);
    if (on)
        vif.trunk = dx__load_resolve_trunk(loader, on);
    for (int i = 0; type && types[i]; i++)
        if (!strcmp(type, types[i]))
            vif.type = (DxScVifType)i;
    vif.conf = dx__load_conf(loader, json, "vif");
    check_vlan(loader, json, &vif, taken);
    load_addresses(loader, json, &vif, ends);
    dx__load_enter(loader->vifs, vif.name, loader->scenario->vifs->len);
    g_array_append_val(loader->scenario->vifs, vif);
}

void dx__load_vifs(DxLoader *loader, DxJson *root)
{
    DxJson *vifs = dx__reader_get(&loader->reader, root, "vifs", DX_JSON_OBJECT);
    g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(End));

    for (DxJson *json = vifs ? dx__reader_entry(vifs->child) : NULL; json;
         json = dx__reader_entry(json->next))
        load_vif(loader, json, taken, ends);
    check_overlaps(loader, ends);
}
