/*
 * attacks-priv.h - attackers on the links of a network that is being built
 *
 *   port -> attack -> fiber
 *
 * A node for each direction that some event of the scenario attacks; where nobody attacks there is none.
 */
#ifndef DX_ATTACKS_PRIV_H
#define DX_ATTACKS_PRIV_H

#include <dxsim/macsec.h>
#include <dxsim/results.h>
#include "scenario-priv.h"

typedef struct DxAttacks DxAttacks;

/* Names of the kinds, by number; NULL-terminated. */
extern const char *const dx__attack_kinds[];

DxAttacks *dx__attacks_new(const DxScenario *scenario);
void dx__attacks_free(DxAttacks *attacks);

/* NULL: nobody attacks this direction of a link. @name: that of the direction; @secy: of its sender, NULL:
 * none; it outlives the node. */
DxNode *dx__attacks_make(DxAttacks *attacks, DxSim *sim, uint32_t link, unsigned direction, const char *name,
                         const DxMacsecLine *secy);
/* An event that begins or ends an attack. */
void dx__attacks_happen(const DxAttacks *attacks, DxSim *sim, const DxScEvent *event);
/* Rows of kind "attack". */
void dx__attacks_watch(const DxAttacks *attacks, DxResults *results);

#endif
