/*
 * policy-read-priv.h - prefix lists, community lists, AS-path lists and route maps, from JSON
 *
 * What is read lives as long as @in->owned, expressions as long as the policies.
 */
#ifndef DX_POLICY_READ_PRIV_H
#define DX_POLICY_READ_PRIV_H

#include <dxsim/policy.h>
#include "bgp-values-priv.h"

typedef struct {
    GHashTable *lists[3]; /* prefix, community, AS-path lists: name -> list */
    GPtrArray *regexes;
} DxPolicies;

/* By DxMatchType, DxSetType; NULL-terminated. */
extern const char *const dx__match_types[], *const dx__set_types[];

void dx__policies_init(DxPolicies *policies);
void dx__policies_clear(DxPolicies *policies);

/* A list that must be there, and is not too long; else NULL, and told. */
const DxJson *dx__read_rules(DxMembers *in, const DxJson *object, const char *key);
DxPrefixList dx__read_prefix_list(DxMembers *in, const DxJson *list, const char *name);
/* "prefix_lists", "community_lists", "as_path_lists" of @object. */
void dx__read_policy_lists(DxMembers *in, const DxJson *object, DxPolicies *policies);
/* After the lists that it names. */
DxRouteMap dx__read_route_map(DxMembers *in, const DxJson *list, const char *name,
                              const DxPolicies *policies);

#endif
