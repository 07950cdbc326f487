/*
 * bgp/node.h - what the files of model "bgp" share, and what explanations ask of a running router
 */
#ifndef DX_BGP_NODE_H
#define DX_BGP_NODE_H

#include <dxsim/bgp-place.h>
#include "bgp/speaker.h"
#include "bgp/view.h"
#include "ecmp.h"

/* -- shared.c: what all routers of a simulation share -------------------------------------------------- */

typedef struct {
    const DxBgpNetwork *network;
    BgpMap map;
    BgpView *view;      /* by router */
    Speaker **speaker;  /* by router */
    DxNode **node;      /* by router; NULL: it has none, or not yet */
    bool (*is_down)[2]; /* by line of the IGP and end: the node there says so */
    uint64_t n_updates; /* until all had told each other everything */
    bool is_settled;
    unsigned n_users;
} BgpShared;

/* As one more user; the first one makes it, and all routers converge. */
BgpShared *dx__bgp_shared_use(const DxBgpConf *conf, const DxSim *sim);
/* The last one frees it. */
void dx__bgp_shared_leave(void **shared);

/* -- forward.c: what becomes of data ------------------------------------------------------------------- */

#define FORWARD_NO_WAY UINT32_MAX

typedef struct {
    DxNode *node;
    const DxBgpPlace *place;
    const BgpView *view;
    const Speaker *speaker;
    DxEcmp ecmp;
    uint32_t *way;  /* by flow of the traffic's: port << 16 | number of the VIF */
    bool *is_fixed; /* by flow */
    bool is_counting;
} Forward;

void dx__forward_init(Forward *forward, DxNode *node, const DxBgpPlace *place, const BgpView *view,
                      const Speaker *speaker);
void dx__forward_clear(Forward *forward);
/* The way to @prefix has changed. */
void dx__forward_prefix(Forward *forward, const DxPrefix *prefix);
/* Any may have. */
void dx__forward_all(Forward *forward);
/* The flows of sessions that are on no line of their own: by the IGP. */
void dx__forward_sessions(Forward *forward);

/* -- node.c -------------------------------------------------------------------------------------------- */

/* Of a session, at this router's end. */
typedef struct {
    uint32_t seq[2];  /* by carrier: of the next frame */
    bool is_up;       /* established */
    DxTime failed_ps; /* its line, while it is established; DX_TIME_NEVER: it has not */
    DxBgpSessionCounts *counts;
} BgpOwn;

typedef struct {
    BgpShared *shared;
    Speaker *speaker;
    BgpView *view;
    Forward forward;
    DxTimer timer;
    GQueue heard;           /* octets that wait for the control CPU, oldest first */
    GArray *listening;      /* which flows its sessions hear, by flow */
    GArray *changed;        /* DxPrefix: ways that have changed in this event, each once */
    GHashTable *is_changed; /* those */
    BgpOwn *own;            /* by session of this router */
    DxTime counted_ps;      /* times are up to date to this */
    DxTime logged_ps;       /* time of the changes that were logged last */
    unsigned n_logged;
} BgpState;

static inline BgpOwn *dx__bgp_node_own(const BgpState *state, uint32_t session)
{
    return &state->own[dx__bgp_view_own(state->view, session)];
}

/* Of a node of model "bgp" that has been set up. */
const Speaker *dx__bgp_node_speaker(const DxNode *node);

/* -- account.c: what it says in the log, and what it counts --------------------------------------------- */

/* As the speaker tells it. */
void dx__bgp_node_log(void *user, unsigned session, SpeakerEvent event, const char *text);
/* Ways that have changed in this event. */
void dx__bgp_node_changed(DxNode *node);
void dx__bgp_node_observe(DxNode *node, DxTime now_ps);

#endif
