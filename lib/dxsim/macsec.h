/*
 * dxsim/macsec.h - what a node of model "macsec" is told by whoever builds the network
 *
 *   enter -> port -> send -> fiber -> receive
 *
 * The parameters of the model describe the SecY (IEEE 802.1AE) at one end of a line, for one direction. Three
 * nodes do its work; the conf of each begins with a DxMacsecLine. What an agent says goes to `enter` of its
 * own end, see DX_CONTROL_SA_RECEIVE and on.
 */
#ifndef DXSIM_MACSEC_H
#define DXSIM_MACSEC_H

#include <dxsim/model.h>

typedef enum { DX_MACSEC_ENTER, DX_MACSEC_SEND, DX_MACSEC_RECEIVE } DxMacsecRole;

typedef struct {
    DxMacsecRole role;
    /* enter: who sends behind it; who receives at its own end; who receives what it sends. NULL: nobody. */
    DxNode *send, *receive, *far;
    unsigned direction; /* of the line: 0 or 1 */
    unsigned cak_bytes; /* 16 or 32: frames that are exported are encrypted with what is derived from it */
    uint8_t cak[32];
} DxMacsecLine;

/* What a frame with DX_FRAME_SECTAG carries (dx_node_attach()) when somebody else than the sender's SecY has
 * put it on the line: all that a receiver could tell. */
typedef struct {
    uint64_t mark; /* 0: what protocols say themselves begins with ports or an address, which are not */
    uint64_t pn;
    uint64_t latest_pn;          /* of the last frame of the sender in front of it on the line; 0: none */
    bool is_bad_tag, is_foreign; /* a SecTAG that is none; another channel's SCI */
    bool is_genuine;             /* its ICV is right: it is a copy */
} DxMacsecForged;

#endif
