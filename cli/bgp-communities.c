/*
 * bgp-communities - tables of communities from the catalog
 */
#include "bgp-read.h"
#include "cli.h"
#include "load-priv.h"

#include <string.h>

#define CATALOG "aws-dx-2026-09"

bool cli_communities_init(CliCommunities *communities, const char *name)
{
    DxJsonDoc *doc = dx__catalog_open(CATALOG);
    const DxJson *tables = dx__json_member(doc, dx__json_root(doc), "communities");
    const DxJson *found = dx__json_member(doc, tables, name);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *hint = NULL;

    *communities = (CliCommunities){ .doc = doc };
    if (found) {
        communities->table = dx__catalog_communities(doc, found);
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
