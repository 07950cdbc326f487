/*
 * attacker.h - who sits on a line, octet by octet, and what the receiver makes of what he sends
 *
 *   octets of the frame -> read -> changed, copied or made up -> FCS -> receiver: FCS, address, SecY,
 * checksums
 *
 * He can do with octets what he likes, and knows the protocols, but no keys. The FCS of what he sends is
 * right, so are checksums of packets that he can read. The receiver is the real one: with MACsec its SecY
 * (macsec.h) has the key of the association and its own window.
 */
#ifndef DX_WIRE_ATTACKER_H
#define DX_WIRE_ATTACKER_H

#include <dxsim/attack.h>
#include <dxsim/rng.h>
#include "frame.h"

typedef struct {
    DxCrc32 crc;
    const char *from, *to;
    uint8_t da[6], sa[6], own[6]; /* of the receiver, the sender, the attacker */
    bool is_secured, is_must;     /* the receiver has a SecY; it takes nothing in clear */
    DxMacsecConf secy;
    DxMacsecSa *tx, *rx; /* of the sender and the receiver; NULL: no frame was protected yet */
    uint8_t *clear, *line, *forged;
} DxAttacker;

/* @from, @to: nodes at the ends; they are kept. */
void dx__attacker_init(DxAttacker *attacker, const char *from, const char *to);
void dx__attacker_clear(DxAttacker *attacker);
/* The association from here on. False: @conf is none. Until then frames go in clear; where is_secured and
 * is_must are set, nobody takes them. */
bool dx__attacker_secure(DxAttacker *attacker, const DxMacsecConf *conf, GError **error);

typedef struct {
    bool observed, header, read;
    bool sends;        /* the rest means something */
    bool is_protected; /* it says that it is, by a SecTAG */
    DxAttackVerdict verdict;
} DxAttackOutcome;

/**
 * dx__attacker_act:
 * @what: the frame, as DxWireModel has it
 * @pn: its packet number; 0: it goes in clear
 * @random: for what is made up
 */
DxAttackOutcome dx__attacker_act(DxAttacker *attacker, DxAttackKind kind, const DxWireFrame *what,
                                 uint64_t pn, DxRng *random);

/* Where in @n octets from the destination address on, without FCS, an IP packet begins, whose header is in
 * order; 0: there is none. *@bytes: its length. */
size_t dx__attacker_find(const uint8_t *frame, size_t n, size_t *bytes);

#endif
