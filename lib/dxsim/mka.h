/*
 * dxsim/mka.h - what a node of model "mka" is told by whoever builds the network
 *
 * Its conf begins with a DxMkaChain: the keys of both ends, so that a session may have been there before time
 * 0. What is learnt after that comes from frames alone.
 */
#ifndef DXSIM_MKA_H
#define DXSIM_MKA_H

#include <stdbool.h>
#include <stdint.h>
#include <dxsim/time.h>

#define DX_MKA_CHAIN_MAX 3 /* keys of one end */
#define DX_MKA_NAME_MAX  255

/* A connectivity association key and its name (IEEE 802.1X). */
typedef struct {
    uint8_t ckn[32], cak[32];
    uint8_t ckn_bytes, cak_bytes; /* 1 to 32; 16 or 32 */
    DxTime start_ps, stop_ps;     /* in use from, until */
    bool is_at[2];                /* which ends have it */
} DxMkaCak;

typedef struct {
    unsigned n;
    DxMkaCak cak[2 * DX_MKA_CHAIN_MAX]; /* the newest last */
    int suite;                          /* as in the parameters of model "macsec" */
    unsigned end;                       /* which of the two this node is */
    const char *station[2];             /* names of both: they give their addresses; outlive the node */
    const char *agent[2];               /* names of the nodes themselves: of their random streams */
} DxMkaChain;

#endif
