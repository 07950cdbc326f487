/*
 * bgp-values-priv.h - AS numbers, addresses, prefixes and communities, read from JSON
 *
 * False or NULL: it is not there, or no good, which has been told.
 */
#ifndef DX_BGP_VALUES_PRIV_H
#define DX_BGP_VALUES_PRIV_H

#include <dxsim/bgp.h>
#include "members-priv.h"

bool dx__read_asn(DxMembers *in, const DxJson *value, uint32_t *asn);
/* One that somebody may have: not reserved, not AS_TRANS. */
bool dx__read_own_as(DxMembers *in, const DxJson *object, const char *key, uint32_t *asn);
/* "10.255.0.1", of a router or a cluster; not 0.0.0.0. */
bool dx__read_router_id(DxMembers *in, const DxJson *object, const char *key, uint32_t *id);
bool dx__read_community(DxMembers *in, const DxJson *value, uint32_t *community);
const uint32_t *dx__read_communities(DxMembers *in, const DxJson *object, const char *key, unsigned *n);
bool dx__read_prefix(DxMembers *in, const DxJson *value, DxPrefix *prefix);
bool dx__read_ip(DxMembers *in, const DxJson *object, const char *key, DxIp *ip);

#endif
