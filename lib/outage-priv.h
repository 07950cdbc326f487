/*
 * outage-priv.h - for how long the flows of a group were not delivered
 *
 * The outage of a flow is the longest time without a delivery while its group was sending: between two
 * arrivals; from the group's first birth to that of the flow's first delivered frame; from its last arrival
 * to the group's last birth. Where nothing fails it is the longest time between two frames of the flow.
 */
#ifndef DX_OUTAGE_PRIV_H
#define DX_OUTAGE_PRIV_H

#include <dxsim/results.h>

typedef struct {
    DxTime outage_ps, from_ps, until_ps;
} DxOutage;

/* @gap: of a flow of @group. */
DxOutage dx__outage_of(const DxGroupStats *group, const DxFlowGap *gap);

/* Over the flows of a group, ps; when the longest began and ended. */
typedef struct {
    uint64_t min, mean, p50, p90, max, from, until;
} DxOutages;

/* @gap: of its @n flows. All 0 when it has sent nothing. */
DxOutages dx__outages_of(const DxGroupStats *group, const DxFlowGap *gap, uint32_t n);
/* Rows of @flow, which read @outages. */
void dx__outages_watch(DxResults *results, const char *flow, DxOutages *outages);

#endif
