/*
 * bgp/community - what a provider makes of communities
 */
#include "bgp/community.h"

#include <string.h>

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

static bool is_same_continent(const char *a, const char *b)
{
    const size_t n = strcspn(a, "-");

    return n == strcspn(b, "-") && !strncmp(a, b, n);
}

static const DxCommunityMeaning *find_reach(const DxCommunityTable *table, const uint32_t *communities,
                                            unsigned n)
{
    for (unsigned i = 0; i < table->n; i++)
        if (table->rows[i].reach != DX_REACH_UNSAID && has(communities, n, table->rows[i].community))
            return &table->rows[i];
    return NULL;
}

bool dx__community_reaches(const DxCommunityTable *table, const uint32_t *communities, unsigned n,
                           const char *from, const char *to, bool to_other_as)
{
    const DxCommunityMeaning *row = find_reach(table, communities, n);

    switch (row ? row->reach : DX_REACH_UNSAID) {
    case DX_REACH_PROVIDER:
        return !to_other_as;
    case DX_REACH_REGION:
        return !to || !strcmp(to, row->region);
    case DX_REACH_LOCAL:
        return !from || !to || !strcmp(from, to);
    case DX_REACH_CONTINENT:
        return !from || !to || is_same_continent(from, to);
    case DX_REACH_ALL:
    case DX_REACH_UNSAID:
        break;
    }
    return true;
}
