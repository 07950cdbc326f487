/*
 * bgp/community - what a provider makes of communities
 */
#include "bgp/community.h"

static bool has(const uint32_t *communities, unsigned n, uint32_t community)
{
    for (unsigned i = 0; i < n; i++)
        if (communities[i] == community)
            return true;
    return false;
}

bool dx__community_local_pref(const DxCommunityTable *table, const uint32_t *communities, unsigned n,
                              uint32_t *local_pref)
{
    for (unsigned i = 0; i < table->n; i++)
        if (table->rows[i].has_local_pref && has(communities, n, table->rows[i].community)) {
            *local_pref = table->rows[i].local_pref;
            return true;
        }
    return false;
}

const char *dx__community_scope(const DxCommunityTable *table, const uint32_t *communities, unsigned n)
{
    for (unsigned i = 0; i < table->n; i++)
        if (table->rows[i].scope && has(communities, n, table->rows[i].community))
            return table->rows[i].scope;
    return NULL;
}
