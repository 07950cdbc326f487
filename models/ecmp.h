/*
 * ecmp.h - which of several next hops of equal cost a flow takes
 *
 *   hash = CRC-32 of the flow's 5-tuple, mixed with the router's seed          lag/policy.c
 *   the next hop with the greatest weight, mixed from hash and its address     RFC 2992 has others
 *
 * A flow keeps its next hop, and so its order, for as long as that one is in the set: one that is lost moves
 * only its own flows, one that is new takes only its share. (Rendezvous hashing, as in lag/table.c.)
 */
#ifndef DX_ECMP_H
#define DX_ECMP_H

#include <dxsim/ip.h>
#include "lag/policy.h"

#define DX_ECMP_MAX 256 /* next hops */

typedef struct {
    DxLagHash how;
} DxEcmp;

/* @seed: the router's own, so that two in a row need not agree; 0 is taken for 1. */
void dx__ecmp_init(DxEcmp *ecmp, uint32_t seed);
uint32_t dx__ecmp_hash(const DxEcmp *ecmp, const DxFlow *flow);
/* Index of one of @n next hops, at least one; of equal weights the first. */
unsigned dx__ecmp_choose(uint32_t hash, const DxIp *next_hops, unsigned n);
/* The same of what has numbers: trunks on shortest paths to one next hop. */
unsigned dx__ecmp_choose_number(uint32_t hash, const uint32_t *numbers, unsigned n);

#endif
