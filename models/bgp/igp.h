/*
 * bgp/igp.h - the shortest paths of one node, over the lines of the IGP that are up
 *
 * An ideal link-state protocol: who asks knows all lines of the network and how they are. Metrics are the
 * same both ways, and at least 1. Several paths of one length share their first trunks, in the order of the
 * file.
 */
#ifndef DX_BGP_IGP_H
#define DX_BGP_IGP_H

#include <dxsim/bgp.h>

typedef struct DxIgp DxIgp;

/* Of node @node; all lines are up. @network outlives it. */
DxIgp *dx__igp_new(const DxBgpNetwork *network, uint32_t node);
void dx__igp_free(DxIgp *igp);

/* A trunk went down, or came up. Nothing is worked out before somebody asks. One that is no line of the IGP
 * does not count: returns whether this changes anything. */
bool dx__igp_set(DxIgp *igp, uint32_t trunk, bool is_up);

/* How far it is to node @to; 0 to itself. False: there is no way. After a change the first that is asked
 * takes O(lines * log nodes), every other O(1). */
bool dx__igp_metric(DxIgp *igp, uint32_t to, uint32_t *metric);
/* Trunks that the shortest paths to node @to begin with, in order: writes at most @most, returns how many
 * there are. 0: none, or it is there already. */
unsigned dx__igp_first(DxIgp *igp, uint32_t to, uint32_t *trunks, unsigned most);

#endif
