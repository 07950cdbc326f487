/*
 * topology-priv.h - what is joined to what, to be drawn
 *
 * Made of the objects of an explanation, so it is the same before a run and of what a run has left. Names may
 * be anybody's.
 */
#ifndef DX_TOPOLOGY_PRIV_H
#define DX_TOPOLOGY_PRIV_H

#include <dxsim/error.h>
#include "explain-priv.h"

#define DX_TOPOLOGY_NODES_DRAWN 60 /* more of them are no picture */

typedef struct {
    const char *name, *kind, *location, *region; /* NULL: not said */
    unsigned layer, row;                         /* where the simple drawing has it */
} DxTopologyNode;

typedef struct {
    const char *name, *rate, *length, *optic;
    unsigned n_spans; /* 0: it has one length */
    unsigned end[2];  /* nodes */
    int lag;          /* -1: none */
} DxTopologyLink;

typedef struct {
    const char *name;
    unsigned n_members, n_drawn;
} DxTopologyLag;

typedef struct {
    const char *name, *on, *type, *vlan;
} DxTopologyVif;

typedef struct {
    const char *name, *rate;
    unsigned end[2];
} DxTopologyFlow;

typedef struct {
    GArray *nodes, *links, *lags, *vifs, *flows; /* of the structs above; strings belong to the objects */
} DxTopology;

#define DX_TOP(topology, list, Type, i) (&g_array_index((topology)->list, Type, (i)))

/* @objects: DxExplainObject, which must outlive it. (transfer full) */
DxTopology *dx__topology_new(const GPtrArray *objects);
void dx__topology_free(DxTopology *topology);
/* For Graphviz. (transfer full) */
char *dx__topology_dot(const DxTopology *topology, const char *title);
/* topology-draw.c: as SVG, drawn in layers without help of anybody; NULL: there are too many nodes for that.
 * (transfer full) */
char *dx__topology_svg(const DxTopology *topology);

/* "edge: private, VLAN 100" for each VIF on it, the first few. (transfer full); NULL: none */
char *dx__topology_vifs(const DxTopology *topology, const char *trunk, const char *separator);
/* "100 Gbps, 10 km": what there is of them. (transfer full) */
char *dx__topology_line(const DxTopologyLink *link);

#endif
