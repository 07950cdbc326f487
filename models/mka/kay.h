/*
 * kay.h - the key agreement entity of one port: IEEE 802.1X, clause 9
 *
 * One participant for each key in use; each has its own lists of peers. The principal one, that of the newest
 * key with a live peer, says who makes keys, and its SAK is what the controlled port gets.
 *
 *   frames --> participant.c --> kay.c --> cp.c --> SecY
 *                  peers.c       server.c
 */
#ifndef DX_MKA_KAY_H
#define DX_MKA_KAY_H

#include <dxsim/mka.h>
#include <dxsim/sim.h>
#include "../wire/mka.h"
#include "cp.h"

#define MKA_PEERS_MAX 8  /* of a participant; a line has two ends: the rest are its former selves */
#define MKA_SENT_MAX  64 /* own messages whose times are remembered */
#define MKA_NONE      (-1)

typedef struct {
    DxMkaChain chain;
    DxTime hello_ps, life_ps, retire_ps, rekey_ps, reaction_ps;
    int64_t priority_first, priority_second, pn_threshold, pcp;
    int start;
} MkaConf;

/* -- peers.c: clause 9.4 ------------------------------------------------------------------------------ */

typedef struct {
    DxMkaPeer id; /* with the latest message number heard */
    bool is_live, is_key_server, wants_macsec;
    uint8_t sci[8], priority;
    DxTime expires_ps;
    DxMkaSakUse use; /* as last told */
} MkaPeer;

typedef struct {
    unsigned n;
    MkaPeer peer[MKA_PEERS_MAX];
} MkaPeers;

MkaPeer *dx__mka_peers_find(MkaPeers *peers, const uint8_t mi[12]);
/* NULL: there is no room. */
MkaPeer *dx__mka_peers_add(MkaPeers *peers, const DxMkaPeer *id);
void dx__mka_peers_remove(MkaPeers *peers, MkaPeer *peer);
/* One whose time has come at @now, a live one first; NULL: none. */
MkaPeer *dx__mka_peers_expired(MkaPeers *peers, DxTime now);
DxTime dx__mka_peers_next(const MkaPeers *peers);
unsigned dx__mka_peers_count(const MkaPeers *peers, bool is_live);

/* -- participant.c ------------------------------------------------------------------------------------- */

typedef struct {
    const DxMkaCak *cak;
    uint8_t kek[32], ick[32];
    bool is_active;
    DxMkaPeer actor; /* number of the latest message sent */
    struct {
        uint32_t mn;
        DxTime t_ps;
    } sent[MKA_SENT_MAX]; /* by mn */
    MkaPeers peers;
    uint32_t key_number; /* of the latest SAK it has made */
    DxMkaSak sak;        /* being distributed */
    MkaKi sak_ki;
    DxTimer hello;
    uint64_t complaints; /* bits of MkaRefusal: told once, until there is a live peer */
} MkaParticipant;

typedef enum {
    MKA_TAKEN,
    MKA_MALFORMED,
    MKA_UNKNOWN_CKN,
    MKA_BAD_ICV,
    MKA_REPLAYED,
    MKA_OWN_MI, /* somebody else has it, or a frame came back */
    MKA_FULL,   /* too many peers */
} MkaRefusal;

typedef struct MkaKay MkaKay;

bool dx__mka_participant_init(MkaParticipant *p, const DxMkaCak *cak);
/* A new member identifier; numbers begin anew. */
void dx__mka_participant_rename(MkaParticipant *p, DxRng *rng);
/* Is the message number @mn of ours one that was sent at @since or later? */
bool dx__mka_participant_is_recent(const MkaParticipant *p, uint32_t mn, DxTime since);
/* What it says next: lists of peers, key in use, key to be used. */
void dx__mka_participant_say(MkaKay *kay, MkaParticipant *p, DxTime now, DxMkaPdu *pdu);
/* A PDU whose ICV is right: lists of peers. *from: who says it. */
MkaRefusal dx__mka_participant_hear(MkaKay *kay, MkaParticipant *p, const DxMkaPdu *pdu, DxTime now,
                                    MkaPeer **from);

/* -- kay.c --------------------------------------------------------------------------------------------- */

struct MkaKay {
    DxNode *node;
    MkaParticipant participant[DX_MKA_CHAIN_MAX]; /* the newest last */
    unsigned n;
    int principal; /* MKA_NONE */
    MkaCp cp;
    uint8_t mac[6], sci[8];
    DxRng rng;
    bool is_down;
    bool has_server;
    uint8_t server_sci[8];
    /* of the key server: server.c */
    const char *needs_key; /* why; NULL: it does not */
    bool rekey_due, pn_due;
    MkaKi installed; /* the latest key taken: none is taken twice */
    uint8_t next_an;
    DxTime distributed_ps; /* the latest SAK; 0 when none has been */
    uint32_t own_pn;       /* lowest acceptable number of what we send, as told to the others */
    DxTimer age, transmit_when, retire_when, rekey;
    GQueue *inbox; /* GBytes */

    uint64_t sent_frames, heard_frames, malformed, unknown_ckn, bad_icv, replayed, bad_key;
    uint64_t keys_made, keys_installed, secured, live_peers, key_number;
};

static inline const MkaConf *dx__mka_conf(const MkaKay *kay)
{
    return dx_node_conf(kay->node);
}

static inline uint8_t dx__mka_priority(const MkaConf *conf, unsigned end)
{
    return (uint8_t)(end ? conf->priority_second : conf->priority_first);
}

static inline MkaParticipant *dx__mka_principal(MkaKay *kay)
{
    return kay->principal == MKA_NONE ? NULL : &kay->participant[kay->principal];
}

/* Whatever has happened: who is principal, who is server, what the port makes of it. */
void dx__mka_kay_settle(MkaKay *kay);
void dx__mka_kay_receive(MkaKay *kay, const uint8_t *octets, size_t n);
/* As if both ends had agreed before time 0. False: they would not have. */
bool dx__mka_kay_converge(MkaKay *kay);
/* All peers of all participants are gone. */
void dx__mka_kay_forget(MkaKay *kay);
/* mka.c */
void dx__mka_send(MkaKay *kay, MkaParticipant *p);
extern const MkaCpActions dx__mka_secy;

/* -- server.c: clauses 9.5, 9.8 -------------------------------------------------------------------------- */

/* Lowest priority value wins, then lowest SCI. */
bool dx__mka_is_better(uint8_t priority, const uint8_t sci[8], uint8_t than, const uint8_t than_sci[8]);
/* Who makes keys among this participant and its live peers. NULL: nobody. */
const uint8_t *dx__mka_elect(const MkaKay *kay, const MkaParticipant *p);
/* Make a key when one is needed and may be made. */
void dx__mka_serve(MkaKay *kay, MkaParticipant *p, DxTime now);
/* What the live peers say about the latest key. */
bool dx__mka_all_receive(const MkaParticipant *p, const MkaKi *ki);
bool dx__mka_server_transmits(const MkaKay *kay, const MkaParticipant *p, const MkaKi *ki);
/* Does the peer have this key? */
bool dx__mka_has_key(const MkaPeer *peer, const MkaKi *ki);
/* Has a peer come near the end of its packet numbers, with the latest key? */
bool dx__mka_numbers_run_out(const MkaKay *kay, const MkaParticipant *p);
/* A new SAK of @p's; false: libcrypto refuses. */
bool dx__mka_make_sak(MkaKay *kay, MkaParticipant *p, const uint8_t nonce[32]);
unsigned dx__mka_sak_bytes(const MkaKay *kay);

#endif
