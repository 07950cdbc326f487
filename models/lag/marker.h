/*
 * marker.h - flows wait until the member that they leave is empty: IEEE 802.1AX, clause 6.5
 *
 *   flow moves from A to B -->  marker down A, frames of the flow are held  -->  response: held frames go to
 * B
 *
 * The marker generator and receiver of a frame distributor. Whoever answers is at the other end: lacp.c.
 */
#ifndef DX_LAG_MARKER_H
#define DX_LAG_MARKER_H

#include "../ring.h"
#include "lacp.h"
#include "table.h"

/* In place of a member, in an octet, beside DX_LAG_NOBODY. */
#define DX_LAG_WAITS  253 /* its frames are held */
#define DX_LAG_UNSEEN 255 /* no frame of the flow has come yet */

DX_RING(DxLagHeld, lag_held, DxFrame);

/* A member that flows have left. */
typedef struct {
    DxTimer timer;
    DxTime since_ps;      /* the first of them waits */
    uint32_t flows;       /* that wait for its response */
    uint32_t transaction; /* of the marker that was sent last */
    DxTime sent_ps;       /* the same */
    bool is_sent;         /* a response is waited for */
    bool is_due;          /* flows have left it since */
} DxLagLeft;

typedef struct {
    uint32_t n_flows;
    unsigned n_members;
    uint8_t *shown;          /* by flow, of the hash: where its frames go, or DX_LAG_WAITS */
    const uint8_t *assigned; /* by flow, of the hash: where they ought to go */
    const bool *is_out;      /* by member, of the hash */
    uint8_t *old;            /* by flow: member whose response is waited for; DX_LAG_NOBODY */
    bool is_posted;          /* a look at all flows is due in this instant */
    DxLagLeft *left;         /* by member */
    uint8_t system[6];
    DxTime timeout_ps;
    uint64_t limit_bytes, held_bytes;
    uint16_t tci;
    uint32_t n_sent;
    DxLagHeld held; /* in order of arrival */
    uint64_t markers, marker_timeouts, held_frames, held_max_bytes, marker_wait_ps;
} DxLagMarker;

/* @shown, @assigned, @is_out: the hash's, not copied. */
void dx__marker_init(DxLagMarker *marker, const LacpConf *conf, const uint8_t system[6], uint32_t n_flows,
                     unsigned n_members, uint8_t *shown, const uint8_t *assigned, const bool *is_out);
void dx__marker_start(DxNode *node, DxLagMarker *marker);
void dx__marker_clear(DxLagMarker *marker);

/* From an event: flows have been assigned anew. */
void dx__marker_changed(DxNode *node, DxLagMarker *marker);
/* A frame of a flow that waits. False: there is no room, and it is the caller's still. */
bool dx__marker_hold(DxLagMarker *marker, const DxFrame *frame);
/* Octets from the far end of @member. */
void dx__marker_heard(DxNode *node, DxLagMarker *marker, unsigned member, const void *octets, size_t n);

/* Of the hash that a marker belongs to. */
DxLagMarker *dx__hash_marker(DxNode *node);
void dx__hash_release(DxNode *node, DxFrame *frames, const uint8_t *member, unsigned n);

#endif
