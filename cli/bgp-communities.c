/*
 * bgp-communities - tables of communities from the catalog
 */
#include "bgp-read.h"
#include "cli.h"
#include "load-priv.h"

#include <string.h>

#define CATALOG "aws-dx-2026-09"

/* The catalog is ours: whatever is wrong with it is our own mistake. */
static DxCommunityTable *read_table(DxJsonDoc *doc, const DxJson *json)
{
    const DxJson *list = dx__json_member(doc, json, "communities");
    DxCommunityMeaning *rows = g_new0(DxCommunityMeaning, list->n_children);
    DxCommunityTable *table = g_new(DxCommunityTable, 1);

    *table = (DxCommunityTable){ rows, list->n_children };
    dx_json_each (item, list) {
        const DxJson *local_pref = dx__json_member(doc, item, "local_pref");
        const DxJson *scope = dx__json_member(doc, item, "scope");
        int64_t value = 0;

        if (dx__community_parse(item->key, &rows->community) != DX_COMMUNITY_OK ||
            (local_pref && !dx__json_int64(local_pref, &value)))
            g_error("catalog %s: community %s", CATALOG, item->key);
        rows->has_local_pref = local_pref;
        rows->local_pref = (uint32_t)value;
        rows->scope = scope ? scope->text : NULL;
        rows++;
    }
    return table;
}

const DxCommunityTable *cli_community_table(const char *name)
{
    static DxJsonDoc *doc; /* what tables point into, to the end of the process */
    static const DxCommunityTable *table;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *hint = NULL;
    const DxJson *tables, *found;

    if (!doc)
        doc = dx__catalog_open(CATALOG);
    tables = dx__json_member(doc, dx__json_root(doc), "communities");
    found = dx__json_member(doc, tables, name);
    if (found) {
        table = read_table(doc, found);
        return table;
    }
    dx_json_each (item, tables)
        g_ptr_array_add(names, (gpointer)(uintptr_t)item->key);
    g_ptr_array_add(names, NULL);
    hint = cli_did_you_mean(name, (const char *const *)names->pdata);
    cli_complain("--communities: catalog %s has no table \"%s\"%s", CATALOG, name, hint);
    return NULL;
}
