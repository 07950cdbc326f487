/*
 * load-subnets - addresses of the two ends of a VIF or a session, and which of them overlap
 */
#include "load-priv.h"

#include <string.h>

/* One of a subnet's ends, for the search for overlaps. */
typedef struct {
    uint32_t node;
    unsigned order; /* of the subnet */
    DxAddress address;
    const char *kind;
    const DxJson *owner, *json;
} End;

GArray *dx__load_subnets_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(End));
}

/* Room for two ends, and neither of them the subnet itself or all in it. False: none. */
static bool check_prefix(DxLoader *loader, const DxJson *json, const char *what, const DxAddress *address)
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
                    "%s has two ends: /%u is enough for them, /%u takes more", what, shortest,
                    address->prefix);
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

static bool parse_item(DxLoader *loader, const DxJson *item, const char *what, DxAddress *address)
{
    g_autofree char *why = NULL;

    if (item->type != DX_JSON_STRING)
        return false;
    if (dx__address_parse(item->text, address, &why))
        return check_prefix(loader, item, what, address);
    DX_PROBLEM(&loader->reader, item, DX_CODE_SYNTAX, "%s", why);
    return false;
}

bool dx__load_subnet(DxLoader *loader, const DxJson *list, const char *what, DxAddress address[2])
{
    DxReader *reader = &loader->reader;
    const DxJson *item = list->child;
    bool is_good[2];

    if (list->n_children != 2) {
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "%s has two ends: expected two addresses, this has %u",
                   what, list->n_children);
        return false;
    }
    for (unsigned i = 0; i < 2; i++, item = item->next)
        is_good[i] = parse_item(loader, item, what, &address[i]);
    if (!is_good[0] || !is_good[1])
        return false;
    if (address[0].ip.bits != address[1].ip.bits)
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "one end has an IPv4 address, the other an IPv6 address");
    else if (address[0].prefix != address[1].prefix)
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "both ends are in one subnet: its prefix has one length");
    else if (!dx__address_is_same_net(&address[0], &address[1], address[0].prefix))
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "both ends must be in one subnet; these are in two");
    else if (!dx_ip_compare(&address[0].ip, &address[1].ip))
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "both ends have the same address");
    else
        return true;
    return false;
}

void dx__load_note_subnet(DxLoader *loader, const DxJson *owner, const char *kind, uint32_t node,
                          const DxAddress *address, const DxJson *place)
{
    const End end = { node, loader->ends->len / 2, *address, kind, owner, place };

    g_array_append_val(loader->ends, end);
}

static gint compare_ends(gconstpointer a, gconstpointer b)
{
    const End *x = a, *y = b;
    const int nets = dx__address_compare_nets(&x->address, &y->address);

    if (x->node != y->node)
        return x->node < y->node ? -1 : 1;
    return nets ? nets : (x->order > y->order) - (x->order < y->order);
}

/* Of one router's subnets that overlap, two stand next to each other: one lies within the other. */
void dx__load_overlaps(DxLoader *loader)
{
    GArray *ends = loader->ends;
    g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL);

    g_array_sort(ends, compare_ends);
    for (guint i = 1; i < ends->len; i++) {
        const End *a = &g_array_index(ends, End, i - 1), *b = &g_array_index(ends, End, i);
        const End *later = a->order < b->order ? b : a, *earlier = later == a ? b : a;

        if (a->node != b->node || a->node == DX_NONE || a->address.ip.bits != b->address.ip.bits ||
            !dx__address_is_same_net(&a->address, &b->address, a->address.prefix) ||
            !g_hash_table_add(told, GUINT_TO_POINTER(later->order + 1)))
            continue;
        DX_PROBLEM(&loader->reader, later->json, DX_CODE_CONFLICT,
                   "overlaps with the subnet of %s \"%s\", line %u, on the same router", earlier->kind,
                   earlier->owner->key, earlier->owner->line);
    }
}
