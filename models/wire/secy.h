/*
 * secy.h - octets of a protected line
 *
 *   CAK -> SAK    KDF(CAK, "IEEE8021 SAK", SCI || key number)           one for each direction and key
 *   CAK -> salt   KDF(CAK, "dxsim salt", SCI || key number), 12 octets  XPN; SSCI: 1 for the first end, 2
 *
 * The KDF is that of IEEE 802.1X, 6.2.1; the SCI is the address of the sending node and port 1. Where a key
 * agreement has its key server hand out random keys, this has keys that whoever knows the CAK can work out.
 */
#ifndef DX_WIRE_SECY_H
#define DX_WIRE_SECY_H

#include <dxsim/macsec.h>
#include "line.h"

typedef struct {
    DxWireLine line; /* first: it stands for this */
    DxMacsecLine secy;
    DxMacsecConf conf;
    uint32_t key; /* that line.sa is for; 0: none yet */
} DxSecyWire;

/* @conf: without key, channel and numbers, which come with the frames. Free with dx__secy_clear(). */
void dx__secy_init(DxSecyWire *wire, const DxMacsecLine *secy, const DxMacsecConf *conf);
void dx__secy_clear(void *state);
/* Of DxWireModel. What is protected, but has no number (it was lost on the line), goes in clear, the room of
 * SecTAG and ICV filled with zeros. */
size_t dx__secy_bytes(void *state, const DxWireFrame *what, bool with_fcs, uint8_t *buffer);
/* What is derived for key @key of @sci. False: libcrypto refuses. */
bool dx__secy_derive(const DxMacsecLine *secy, uint32_t key, DxMacsecConf *conf);

#endif
