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

#endif
