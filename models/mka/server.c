/*
 * server - who makes keys, and when: IEEE 802.1X, clauses 9.5, 9.8
 *
 *   SAK = KDF(CAK, "IEEE8021 SAK", nonce || MI of all members || key number), wrapped with the KEK
 *
 * A new one is due when members come or go, when time or packet numbers run out, or when another CAK takes
 * over; it is made when the one before is in use everywhere, and nobody is about to join.
 */
#include "kay.h"

#include <string.h>

#define SUITE_ID 0x0080C20001000001u /* GCM-AES-128; the next three: 256, XPN-128, XPN-256 */
#define NOBODY   255                 /* priority of who never makes keys */

/* -- election ------------------------------------------------------------------------------------------ */

bool dx__mka_is_better(uint8_t priority, const uint8_t sci[8], uint8_t than, const uint8_t than_sci[8])
{
    return priority != than ? priority < than : memcmp(sci, than_sci, 8) < 0;
}

const uint8_t *dx__mka_elect(const MkaKay *kay, const MkaParticipant *p)
{
    const MkaConf *conf = dx__mka_conf(kay);
    uint8_t priority = dx__mka_priority(conf, conf->chain.end);
    const uint8_t *sci = priority == NOBODY ? NULL : kay->sci;

    for (unsigned i = 0; i < p->peers.n; i++) {
        const MkaPeer *peer = &p->peers.peer[i];

        if (peer->is_live && peer->wants_macsec && peer->priority != NOBODY &&
            (!sci || dx__mka_is_better(peer->priority, peer->sci, priority, sci))) {
            priority = peer->priority;
            sci = peer->sci;
        }
    }
    return sci;
}

/* -- what the others say ------------------------------------------------------------------------------- */

static bool is_key(const DxMkaKey *key, const MkaKi *ki)
{
    return ki->number && key->number == ki->number && !memcmp(key->server_mi, ki->mi, sizeof ki->mi);
}

/* The key that @peer means by @ki; NULL: it does not know it. */
static const DxMkaKey *told_of(const MkaPeer *peer, const MkaKi *ki)
{
    if (!peer->use.has_keys)
        return NULL;
    return is_key(&peer->use.latest, ki) ? &peer->use.latest
           : is_key(&peer->use.old, ki)  ? &peer->use.old
                                         : NULL;
}

bool dx__mka_has_key(const MkaPeer *peer, const MkaKi *ki)
{
    return told_of(peer, ki);
}

bool dx__mka_all_receive(const MkaParticipant *p, const MkaKi *ki)
{
    unsigned n = 0;

    for (unsigned i = 0; i < p->peers.n; i++) {
        const DxMkaKey *key = told_of(&p->peers.peer[i], ki);

        if (!p->peers.peer[i].is_live)
            continue;
        if (!key || !key->rx)
            return false;
        n++;
    }
    return n;
}

bool dx__mka_server_transmits(const MkaKay *kay, const MkaParticipant *p, const MkaKi *ki)
{
    for (unsigned i = 0; i < p->peers.n; i++) {
        const MkaPeer *peer = &p->peers.peer[i];
        const DxMkaKey *key = told_of(peer, ki);

        if (peer->is_live && key && key->tx && !memcmp(peer->sci, kay->server_sci, 8))
            return true;
    }
    return false;
}

bool dx__mka_numbers_run_out(const MkaKay *kay, const MkaParticipant *p)
{
    const int64_t threshold = dx__mka_conf(kay)->pn_threshold;
    const MkaSa *sa = kay->cp.latest.is_set ? &kay->cp.latest : &kay->cp.old;

    for (unsigned i = 0; i < p->peers.n; i++) {
        const DxMkaKey *key = told_of(&p->peers.peer[i], &sa->ki);

        if (p->peers.peer[i].is_live && key && key->tx && key->lowest_pn >= threshold)
            return true;
    }
    return false;
}

/* -- keys ---------------------------------------------------------------------------------------------- */

unsigned dx__mka_sak_bytes(const MkaKay *kay)
{
    return dx__mka_conf(kay)->chain.suite % 2 ? 32 : 16;
}

static size_t sak_context(const MkaParticipant *p, const uint8_t *nonce, size_t n_nonce, uint8_t *context)
{
    uint8_t *at = context;

    memcpy(at, nonce, n_nonce);
    at += n_nonce;
    memcpy(at, p->actor.mi, 12);
    at += 12;
    for (unsigned i = 0; i < p->peers.n; i++)
        if (p->peers.peer[i].is_live) {
            memcpy(at, p->peers.peer[i].id.mi, 12);
            at += 12;
        }
    for (unsigned i = 0; i < 4; i++)
        *at++ = (uint8_t)(p->key_number >> (24 - 8 * i));
    return (size_t)(at - context);
}

bool dx__mka_make_sak(MkaKay *kay, MkaParticipant *p, const uint8_t nonce[32])
{
    const unsigned n = dx__mka_sak_bytes(kay);
    const int suite = dx__mka_conf(kay)->chain.suite;
    uint8_t context[32 + 12 * (1 + MKA_PEERS_MAX) + 4], sak[32];
    size_t n_context;

    p->key_number++;
    n_context = sak_context(p, nonce, n, context);
    p->sak = (DxMkaSak){ .is_given = true,
                         .an = kay->next_an,
                         .offset = 1,
                         .number = p->key_number,
                         .suite_id = suite ? SUITE_ID + (unsigned)suite : 0,
                         .wrapped_bytes = (uint8_t)(n + DX_MKA_WRAP_BYTES) };
    memcpy(p->sak_ki.mi, p->actor.mi, 12);
    p->sak_ki.number = p->key_number;
    kay->next_an = (kay->next_an + 1) & 3;
    return dx__mka_sak(p->cak->cak, p->cak->cak_bytes, context, n_context, sak, n) &&
           dx__mka_wrap(p->kek, p->cak->cak_bytes, sak, n, p->sak.wrapped);
}

static void draw_nonce(DxRng *rng, uint8_t nonce[32])
{
    for (unsigned i = 0; i < 4; i++) {
        const uint64_t draw = dx_rng_u64(rng);

        for (unsigned k = 0; k < 8; k++)
            nonce[8 * i + k] = (uint8_t)(draw >> (8 * k));
    }
}

/* Members about to join get the next one too, unless that takes too long. */
static bool may_make(const MkaKay *kay, const MkaParticipant *p, DxTime now)
{
    if (kay->cp.latest.is_set || kay->cp.new_sak)
        return false;
    return !dx__mka_peers_count(&p->peers, false) || !kay->distributed_ps ||
           now - kay->distributed_ps >= dx__mka_conf(kay)->life_ps;
}

void dx__mka_serve(MkaKay *kay, MkaParticipant *p, DxTime now)
{
    const MkaConf *conf = dx__mka_conf(kay);
    const char *why = kay->needs_key ? kay->needs_key : kay->pn_due ? "packet numbers" : "time";
    uint8_t nonce[32];

    if (!(kay->needs_key || kay->rekey_due || kay->pn_due) || !may_make(kay, p, now))
        return;
    draw_nonce(&kay->rng, nonce);
    if (!dx__mka_make_sak(kay, p, nonce))
        return;
    kay->needs_key = NULL;
    kay->rekey_due = kay->pn_due = false;
    kay->distributed_ps = now;
    kay->keys_made++;
    kay->cp.new_sak = true;
    kay->cp.distributed_ki = p->sak_ki;
    kay->cp.distributed_an = p->sak.an;
    dx_node_log(kay->node, "mka_new_key", "number %u, association %u: %s", p->sak_ki.number, p->sak.an, why);
    if (conf->rekey_ps)
        dx_timer_arm(kay->node, kay->rekey, now + conf->rekey_ps);
}
