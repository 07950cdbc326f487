/*
 * dxsim/vif.h - what a node of model "vif" is told by whoever builds the network
 *
 * The parameters of the model describe one virtual interface. A node serves all of them that a line has, at
 * one of its ends: it puts their tags on where frames enter, or takes them off where they leave. Its conf
 * begins with a DxVifLine.
 */
#ifndef DXSIM_VIF_H
#define DXSIM_VIF_H

#include <stdbool.h>
#include <stdint.h>

/* Why a frame is dropped, in the order of the model's drops. */
typedef enum {
    DX_VIF_POLICED,
    DX_VIF_MTU_EXCEEDED,
    DX_VIF_NOT_MEMBER,
    DX_VIF_ALREADY_TAGGED,
    DX_VIF_N_DROPS,
} DxVifDrop;

/* Of one VIF at one node. */
typedef struct {
    uint64_t frames, bytes; /* that went on; bytes of their IP packets */
    uint64_t dropped[DX_VIF_N_DROPS];
    uint64_t policed_bytes; /* of the packets above the limit */
} DxVifCounts;

typedef struct {
    bool leaves;             /* takes tags off; else puts them on */
    unsigned end;            /* of the line: 0 or 1 */
    uint32_t n;              /* VIFs: none, and everything passes untagged */
    const void *const *conf; /* of each; outlives the node, like the next two */
    const uint16_t *of_flow; /* by flow of the simulation: number of its VIF from 1; 0: it is on none */
    DxVifCounts *counts;     /* of each, then one for frames that belong to none */
} DxVifLine;

#endif
