/*
 * bgp-communities - tables of communities from the catalog
 */
#include "bgp-read.h"
#include "cli.h"
#include "load-priv.h"

#include <string.h>

#define CATALOG "aws-dx-2026-09"

/* The catalog is ours: whatever is wrong with it is our own mistake. */
static DxCommunityTable read_table(DxJsonDoc *doc, const DxJson *json)
{
    const DxJson *list = dx__json_member(doc, json, "communities");
    DxCommunityMeaning *rows = g_new0(DxCommunityMeaning, list->n_children);
    const DxCommunityTable table = { rows, list->n_children };

    dx_json_each (item, list) {
        const DxJson *local_pref = dx__json_member(doc, item, "local_pref");
        const DxJson *scope = dx__json_member(doc, item, "scope");
        int64_t value = 0;

        if (dx_community_parse(item->key, &rows->community) != DX_COMMUNITY_OK ||
            (local_pref && !dx__json_int64(local_pref, &value)))
            g_error("catalog %s: community %s", CATALOG, item->key);
        rows->has_local_pref = local_pref;
        rows->local_pref = (uint32_t)value;
        rows->scope = scope ? scope->text : NULL;
        rows++;
    }
    return table;
}

bool cli_communities_init(CliCommunities *communities, const char *name)
{
    DxJsonDoc *doc = dx__catalog_open(CATALOG);
    const DxJson *tables = dx__json_member(doc, dx__json_root(doc), "communities");
    const DxJson *found = dx__json_member(doc, tables, name);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *hint = NULL;

    *communities = (CliCommunities){ .doc = doc };
    if (found) {
        communities->table = read_table(doc, found);
        return true;
    }
    dx_json_each (item, tables)
        g_ptr_array_add(names, (gpointer)(uintptr_t)item->key);
    g_ptr_array_add(names, NULL);
    hint = dx__did_you_mean(name, (const char *const *)names->pdata);
    cli_complain("--communities: catalog %s has no table \"%s\"%s", CATALOG, name, hint);
    return false;
}

void cli_communities_clear(CliCommunities *communities)
{
    g_free((gpointer)(uintptr_t)communities->table.rows);
    dx__json_free(communities->doc);
}
