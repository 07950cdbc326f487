/*
 * load-vifs - virtual interfaces and hosted connections
 */
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

static void load_addresses(DxLoader *loader, DxJson *json, DxScVif *vif)
{
    const DxJson *list = dx__reader_get(&loader->reader, json, "addresses", DX_JSON_ARRAY);

    if (!list || !dx__load_subnet(loader, list, "a VIF", vif->address))
        return;
    vif->has_addresses = true;
    for (unsigned k = 0; k < 2 && vif->trunk != DX_NONE; k++)
        dx__load_note_subnet(loader, json, "VIF",
                             DX_SC(loader->scenario, trunks, DxScTrunk, vif->trunk)->end[k], &vif->address[k],
                             list->child);
}

static void load_vif(DxLoader *loader, DxJson *json, GHashTable *taken)
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
    load_addresses(loader, json, &vif);
    dx__load_enter(loader->vifs, vif.name, loader->scenario->vifs->len);
    g_array_append_val(loader->scenario->vifs, vif);
}

void dx__load_vifs(DxLoader *loader, DxJson *root)
{
    DxJson *vifs = dx__reader_get(&loader->reader, root, "vifs", DX_JSON_OBJECT);
    g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);

    for (DxJson *json = vifs ? dx__reader_entry(vifs->child) : NULL; json;
         json = dx__reader_entry(json->next))
        load_vif(loader, json, taken);
}
