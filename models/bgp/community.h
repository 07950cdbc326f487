/*
 * bgp/community.h - what a provider makes of communities
 *
 * The tables are data: what they mean ages, see catalogs/.
 */
#ifndef DX_BGP_COMMUNITY_H
#define DX_BGP_COMMUNITY_H

#include <dxsim/policy.h>

/* Local preference that a route with these communities gets. False: it keeps its own. */
bool dx__community_local_pref(const DxCommunityTable *table, const uint32_t *communities, unsigned n,
                              uint32_t *local_pref);
/* NULL: none of them says. */
const char *dx__community_scope(const DxCommunityTable *table, const uint32_t *communities, unsigned n);

/* Is a route with these, that came in at a router of region @from, passed on to one of region @to? The first
 * row that says so counts; what none says, and regions that are not known (NULL), is passed on. @to_other_as:
 * out of the provider's own. */
bool dx__community_reaches(const DxCommunityTable *table, const uint32_t *communities, unsigned n,
                           const char *from, const char *to, bool to_other_as);

#endif
