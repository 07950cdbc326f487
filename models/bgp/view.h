/*
 * bgp/view.h - what a router knows of the ways to its next hops
 *
 * A next hop is at the other end of a line of a session of its own, or as far as the IGP says: to the router
 * whose address it is, or to the one that has it on a line of its own, whichever is nearer. So the IGP knows
 * loopbacks, and the networks of lines on which sessions run.
 */
#ifndef DX_BGP_VIEW_H
#define DX_BGP_VIEW_H

#include <glib.h>
#include "bgp/igp.h"

/* What all routers of a network share: sessions by router, and who has which address. */
typedef struct {
    const DxBgpNetwork *network;
    uint32_t *first, *session; /* of router i: session[first[i]] up to session[first[i + 1]] */
    GHashTable *owners;        /* by DxIp */
    uint32_t *area;            /* by node: the first of those that the lines of the IGP join it to */
} BgpMap;

void dx__bgp_map_init(BgpMap *map, const DxBgpNetwork *network);
void dx__bgp_map_clear(BgpMap *map);

/* As one router sees it. */
typedef struct {
    const BgpMap *map;
    const DxBgpNetwork *network;
    uint32_t router;
    const uint32_t *own; /* sessions of this router, in order */
    unsigned n_own;
    bool *is_line_down; /* by own session */
    DxIgp *igp;
} BgpView;

void dx__bgp_view_init(BgpView *view, const BgpMap *map, uint32_t router);
void dx__bgp_view_clear(BgpView *view);
/* Which of the router's own a session is: one of them it must be. */
unsigned dx__bgp_view_own(const BgpView *view, uint32_t session);
/* Which end of a session is this router's. */
unsigned dx__bgp_view_end(const BgpView *view, uint32_t session);

/* How a next hop is reached. */
typedef struct {
    uint32_t session; /* on whose line it is; DX_BGP_NOBODY: by the IGP */
    uint32_t node;    /* by the IGP: to which node */
    uint32_t metric;  /* 0 on a line */
} BgpWay;

/* False: there is no way there. */
bool dx__bgp_view_resolve(const BgpView *view, const DxIp *next_hop, BgpWay *way);
/* The line of a trunk is down, or up again: false if no session of this router is on it. */
bool dx__bgp_view_set_line(BgpView *view, uint32_t trunk, bool is_up);

#endif
