/*
 * dxsim/attack.h - what a node of model "attack" is told by whoever builds the network
 *
 *   port -> attack -> fiber
 *
 * Its conf begins with a DxAttackLine. Attacks begin and end by DX_CONTROL_ATTACK.
 */
#ifndef DXSIM_ATTACK_H
#define DXSIM_ATTACK_H

#include <dxsim/macsec.h>

/* What is done to a frame. */
typedef enum {
    DX_ATTACK_EAVESDROP, /* it is read */
    DX_ATTACK_MODIFY,    /* it goes on with one bit of its payload changed */
    DX_ATTACK_REPLAY,    /* a copy follows it */
    DX_ATTACK_INJECT,    /* a frame follows it that the attacker has made up, under his own address */
    DX_ATTACK_SPOOF_MAC, /* the same under the sender's address */
    DX_ATTACK_MITM,      /* it is read and taken off the line, another goes on in its place */
    DX_ATTACK_N_KINDS,
} DxAttackKind;

/* What the receiver does with a frame. The order is that of the model's drops. */
typedef enum {
    DX_ATTACK_BAD_FCS,
    DX_ATTACK_NOT_MINE, /* another destination address */
    DX_ATTACK_NO_TAG,   /* these six: IEEE 802.1AE, InPktsNoTag and so on */
    DX_ATTACK_BAD_TAG,
    DX_ATTACK_NO_SCI,
    DX_ATTACK_NO_SA,
    DX_ATTACK_LATE,
    DX_ATTACK_NOT_VALID,
    DX_ATTACK_BAD_PACKET, /* a checksum of IP, UDP or TCP is wrong */
    DX_ATTACK_N_REASONS,
    DX_ATTACK_ACCEPTED = DX_ATTACK_N_REASONS,
} DxAttackVerdict;

/* Of one kind at one node. */
typedef struct {
    uint64_t attacked;     /* frames it was done to */
    uint64_t observed;     /* of these, addresses and length were to be seen */
    uint64_t header, read; /* the packet's header could be read; all of it */
    uint64_t sent;         /* frames changed or made up */
    uint64_t accepted;     /* of these, by the receiver */
    uint64_t rejected;
    uint64_t reason[DX_ATTACK_N_REASONS];
} DxAttackCounts;

typedef struct {
    DxAttackKind kind;
    uint64_t ratio;  /* of frames, in 1e-12 */
    uint64_t frames; /* no more than these; 0: no limit */
    DxAttackCounts *counts;
} DxAttack;

/* The SecY of the line, as parameters of model "macsec" say it. */
typedef struct {
    const DxMacsecLine *line; /* NULL: there is none */
    int suite;
    bool sci, encrypt;
    bool is_must; /* nothing is taken in clear */
    unsigned offset;
    uint32_t replay_window;
    uint64_t first_pn;
} DxAttackSecy;

typedef struct {
    const char *from, *to; /* nodes at the ends of the line */
    DxAttackSecy secy;
    unsigned n;
    const DxAttack *attack; /* outlives the node, like what it points to */
} DxAttackLine;

#endif
