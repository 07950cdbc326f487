/*
 * load-sessions-priv.h - what the files that read sessions share
 */
#ifndef DX_LOAD_SESSIONS_PRIV_H
#define DX_LOAD_SESSIONS_PRIV_H

#include "load-priv.h"

/* Trunks by the pair of nodes that they join, VIFs by trunk: the first, and the one behind each; DX_NONE:
 * none.
 */
typedef struct {
    GHashTable *first_trunk; /* pair -> trunk + 1 */
    uint32_t *next_trunk, *first_vif, *next_vif;
} DxLoadLines;

typedef struct {
    DxLoader *loader;
    DxReader *reader;
    DxScenario *scenario;
    DxScBgp *bgp;
    const DxJson *json;
    uint32_t node[2]; /* DX_NONE: not known */
    DxBgpSession *session;
    const DxLoadLines *lines;
    bool is_good; /* what both ends have in common goes together */
} DxLoadSession;

static inline const DxBgpRouter *dx__session_router(const DxLoadSession *at, unsigned end)
{
    return DX_BGP_ROUTER(at->bgp, at->session->router[end]);
}

/* load-session-lines.c */
void dx__session_lines_init(DxLoadLines *lines, const DxScenario *scenario);
void dx__session_lines_clear(DxLoadLines *lines);
/* What it goes over, once its type is known. False: that is not known, and has been told. */
bool dx__session_line(DxLoadSession *at);
/* Then the addresses of its ends. @taken: who has which, text -> session + 1. */
void dx__session_addresses(DxLoadSession *at, GHashTable *taken);

#endif
