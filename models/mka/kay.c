/*
 * kay - what all participants come to: IEEE 802.1X, clauses 9.5 to 9.10
 */
#include "kay.h"
#include "../wire/ethernet.h"

#include <string.h>

/* -- complaints ---------------------------------------------------------------------------------------- */

/* Told once, until a peer is live again: a wrong key speaks every two seconds. */
static void complain(MkaKay *kay, MkaParticipant *p, MkaRefusal what, const char *format, const uint8_t *ckn,
                     size_t n)
{
    char hex[2 * DX_MKA_CKN_MAX_BYTES + 1] = "";

    if (p->complaints & 1u << what)
        return;
    p->complaints |= 1u << what;
    for (size_t i = 0; i < n; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", ckn[i]);
    dx_node_log(kay->node, "mka_key_mismatch", format, hex);
}

/* -- who is principal, who is server ------------------------------------------------------------------- */

/* The newest key that somebody else has too. */
static int find_principal(const MkaKay *kay)
{
    for (int i = (int)kay->n - 1; i >= 0; i--)
        if (kay->participant[i].is_active && dx__mka_peers_count(&kay->participant[i].peers, true))
            return i;
    return MKA_NONE;
}

static void become_principal(MkaKay *kay, int principal)
{
    const bool is_change = kay->principal != MKA_NONE && principal != MKA_NONE;

    if (principal == kay->principal)
        return;
    kay->principal = principal;
    if (principal == MKA_NONE) {
        kay->has_server = false;
        return;
    }
    kay->needs_key = is_change ? "other CAK" : "new peer";
    if (is_change)
        dx_node_log(kay->node, "mka_key_change", "key %d of the chain", principal + 1);
}

/* False: nobody makes keys. */
static bool elect(MkaKay *kay, const MkaParticipant *p)
{
    const uint8_t *sci = dx__mka_elect(kay, p);

    if (!sci) {
        kay->has_server = false;
        return false;
    }
    if (!kay->has_server || memcmp(kay->server_sci, sci, 8)) {
        kay->cp.chgd_server = kay->cp.chgd_server || (kay->has_server && kay->cp.port_enabled);
        kay->has_server = true;
        memcpy(kay->server_sci, sci, 8);
        if (!kay->needs_key)
            kay->needs_key = "new key server";
        dx_node_log(kay->node, "mka_key_server", "%s",
                    memcmp(sci, kay->sci, 8) ? "the other end" : "this end");
    }
    kay->cp.elected_self = !memcmp(sci, kay->sci, 8);
    return true;
}

static void expire(MkaKay *kay, MkaParticipant *p, DxTime now)
{
    MkaPeer *peer;

    while ((peer = dx__mka_peers_expired(&p->peers, now))) {
        const uint8_t *mac = peer->sci;

        if (peer->is_live) {
            dx_node_log(kay->node, "mka_peer_lost", "%02x:%02x:%02x:%02x:%02x:%02x has been silent too long",
                        mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
            if (p == dx__mka_principal(kay))
                kay->needs_key = "peer left";
        }
        dx__mka_peers_remove(&p->peers, peer);
    }
}

static void arm_age(MkaKay *kay)
{
    DxTime next = DX_TIME_NEVER;

    for (unsigned i = 0; i < kay->n; i++)
        next = MIN(next, dx__mka_peers_next(&kay->participant[i].peers));
    if (next == DX_TIME_NEVER)
        dx_timer_cancel(kay->node, kay->age);
    else
        dx_timer_arm(kay->node, kay->age, next);
}

/* What the machine of the port is told by the principal participant, if there is one. */
static void inform(MkaKay *kay, MkaParticipant *p, DxTime now)
{
    MkaCp *cp = &kay->cp;

    cp->is_secure = p && elect(kay, p);
    if (!cp->is_secure) {
        cp->new_sak = false;
        return;
    }
    if (cp->elected_self) {
        kay->pn_due = kay->pn_due || dx__mka_numbers_run_out(kay, p);
        dx__mka_serve(kay, p, now);
        cp->all_receiving = cp->latest.is_set && dx__mka_all_receive(p, &cp->latest.ki);
    } else {
        cp->server_transmitting = cp->latest.is_set && dx__mka_server_transmits(kay, p, &cp->latest.ki);
    }
}

static void run_port(MkaKay *kay)
{
    MkaParticipant *p = dx__mka_principal(kay);
    const DxTime now = dx_node_now(kay->node);

    do
        inform(kay, p, now);
    while (dx__mka_cp_run(&kay->cp, &dx__mka_secy, kay));
}

void dx__mka_kay_settle(MkaKay *kay)
{
    const DxTime now = dx_node_now(kay->node);
    MkaParticipant *p;

    for (unsigned i = 0; i < kay->n; i++)
        expire(kay, &kay->participant[i], now);
    become_principal(kay, find_principal(kay));
    run_port(kay);
    p = dx__mka_principal(kay);
    kay->live_peers = p ? dx__mka_peers_count(&p->peers, true) : 0;
    if (kay->cp.new_info && p)
        dx__mka_send(kay, p);
    kay->cp.new_info = false;
    arm_age(kay);
}

void dx__mka_kay_forget(MkaKay *kay)
{
    for (unsigned i = 0; i < kay->n; i++)
        kay->participant[i].peers.n = 0;
}

/* -- receiving ------------------------------------------------------------------------------------------- */

static MkaParticipant *find_participant(MkaKay *kay, const DxMkaPdu *pdu)
{
    for (unsigned i = 0; i < kay->n; i++) {
        MkaParticipant *p = &kay->participant[i];

        if (p->is_active && p->cak->ckn_bytes == pdu->ckn_bytes &&
            !memcmp(p->cak->ckn, pdu->ckn, pdu->ckn_bytes))
            return p;
    }
    return NULL;
}

/* No key is ever taken twice: its packet numbers would begin anew. */
static bool is_news(const MkaKay *kay, const MkaKi *ki)
{
    return memcmp(kay->installed.mi, ki->mi, sizeof ki->mi) || ki->number > kay->installed.number;
}

/* A key from the key server, of whom nobody else may hand one out. */
static void take_sak(MkaKay *kay, MkaParticipant *p, const DxMkaPdu *pdu)
{
    const DxMkaSak *sak = &pdu->sak;
    MkaKi ki = { .number = sak->number };
    uint8_t key[DX_MKA_KEY_MAX_BYTES];

    memcpy(ki.mi, pdu->actor.mi, sizeof ki.mi);
    if (!sak->is_given || !pdu->is_key_server || !kay->has_server || kay->cp.elected_self ||
        memcmp(pdu->sci, kay->server_sci, 8) || !is_news(kay, &ki))
        return;
    if (!sak->wrapped_bytes || !sak->number ||
        !dx__mka_unwrap(p->kek, p->cak->cak_bytes, sak->wrapped, sak->wrapped_bytes, key)) {
        kay->bad_key++;
        return;
    }
    kay->cp.new_sak = true;
    kay->cp.distributed_ki = kay->installed = ki;
    kay->cp.distributed_an = sak->an;
    kay->next_an = (sak->an + 1) & 3;
}

/* Who has lost its key, because it did not hear us for a while, needs a new one. */
static void take_use(MkaKay *kay, MkaPeer *peer, const DxMkaSakUse *use)
{
    const MkaKi *ki = kay->cp.latest.is_set ? &kay->cp.latest.ki : &kay->cp.old.ki;
    const bool had_key = dx__mka_has_key(peer, ki);

    peer->use = *use;
    if (kay->cp.elected_self && had_key && !dx__mka_has_key(peer, ki))
        kay->needs_key = "peer without key";
}

static MkaRefusal receive(MkaKay *kay, const uint8_t *octets, size_t n)
{
    const DxTime now = dx_node_now(kay->node);
    MkaParticipant *p;
    MkaPeer *from = NULL;
    MkaRefusal refusal;
    DxMkaPdu pdu;

    if (dx__mka_decode(octets, n, &pdu) || pdu.algorithm != DX_MKA_ALGORITHM)
        return MKA_MALFORMED;
    if (!(p = find_participant(kay, &pdu))) {
        complain(kay, &kay->participant[0], MKA_UNKNOWN_CKN, "no key of the name %s", pdu.ckn, pdu.ckn_bytes);
        return MKA_UNKNOWN_CKN;
    }
    if (!dx__mka_verify(octets, n, p->ick, p->cak->cak_bytes)) {
        complain(kay, p, MKA_BAD_ICV, "another key has the name %s", pdu.ckn, pdu.ckn_bytes);
        return MKA_BAD_ICV;
    }
    if ((refusal = dx__mka_participant_hear(kay, p, &pdu, now, &from)))
        return refusal;
    if (!from->is_live)
        return MKA_TAKEN;
    take_use(kay, from, &pdu.use);
    become_principal(kay, find_principal(kay));
    if (p == dx__mka_principal(kay) && elect(kay, p))
        take_sak(kay, p, &pdu);
    return MKA_TAKEN;
}

void dx__mka_kay_receive(MkaKay *kay, const uint8_t *octets, size_t n)
{
    uint64_t *const counts[] = { [MKA_TAKEN] = &kay->heard_frames,
                                 [MKA_MALFORMED] = &kay->malformed,
                                 [MKA_UNKNOWN_CKN] = &kay->unknown_ckn,
                                 [MKA_BAD_ICV] = &kay->bad_icv,
                                 [MKA_REPLAYED] = &kay->replayed,
                                 [MKA_OWN_MI] = &kay->replayed,
                                 [MKA_FULL] = &kay->replayed };

    ++*counts[receive(kay, octets, n)];
    dx__mka_kay_settle(kay);
}

/* -- before time 0 ------------------------------------------------------------------------------------- */

/* The newest key that both ends have at time 0, if it is the same one at both. */
static MkaParticipant *common_key(MkaKay *kay)
{
    const unsigned other = !dx__mka_conf(kay)->chain.end;

    for (unsigned i = kay->n; i-- > 0;)
        if (kay->participant[i].is_active && kay->participant[i].cak->is_at[other])
            return &kay->participant[i];
    return NULL;
}

/* The other end's identifier is what its own draws will say. */
static void meet(MkaKay *kay, MkaParticipant *p)
{
    const MkaConf *conf = dx__mka_conf(kay);
    const DxMkaChain *chain = &conf->chain;
    const unsigned other = !chain->end;
    const DxSim *sim = dx_node_sim(kay->node);
    MkaParticipant twin = { .is_active = true };
    MkaPeer *peer;
    DxRng rng;

    dx_rng_init(&rng, dx_sim_seed(sim), dx_sim_replication(sim), chain->agent[other], "mka");
    for (unsigned i = 0; i < chain->n; i++)
        if (chain->cak[i].is_at[other]) {
            dx__mka_participant_rename(&twin, &rng);
            if (&chain->cak[i] == p->cak)
                break;
        }
    peer = dx__mka_peers_add(&p->peers, &twin.actor);
    peer->is_live = peer->wants_macsec = true;
    peer->priority = dx__mka_priority(conf, other);
    dx__ethernet_address(peer->sci, chain->station[other]);
    peer->sci[7] = 1;
    peer->expires_ps = conf->life_ps;
}

/* Key number 1 of whoever is server, in use at both ends. */
static void agree(MkaKay *kay, MkaParticipant *p, bool is_server)
{
    MkaPeer *peer = &p->peers.peer[0];
    MkaSa *sa = &kay->cp.old;

    *sa = (MkaSa){ .ki.number = 1, .is_set = true, .tx = true, .rx = true };
    memcpy(sa->ki.mi, is_server ? p->actor.mi : peer->id.mi, 12);
    kay->cp.state = CP_RETIRE;
    kay->cp.is_secure = kay->cp.port_enabled = true;
    kay->cp.elected_self = is_server;
    kay->installed = sa->ki;
    kay->next_an = 1;
    p->key_number = is_server ? 1 : 0;
    peer->use = (DxMkaSakUse){ .is_given = true, .has_keys = true };
    peer->use.old = (DxMkaKey){ .tx = true, .rx = true, .number = 1, .lowest_pn = 1 };
    memcpy(peer->use.old.server_mi, sa->ki.mi, 12);
    dx__mka_secy.receive(kay, sa);
    dx__mka_secy.transmit(kay, sa);
    dx__mka_secy.port(kay, true);
}

bool dx__mka_kay_converge(MkaKay *kay)
{
    MkaParticipant *p = common_key(kay);
    const uint8_t *sci;

    if (!p)
        return false;
    meet(kay, p);
    sci = dx__mka_elect(kay, p);
    if (!sci) {
        p->peers.n = 0;
        return false;
    }
    kay->principal = (int)(p - kay->participant);
    kay->has_server = true;
    memcpy(kay->server_sci, sci, 8);
    agree(kay, p, sci == kay->sci);
    if (kay->cp.elected_self && dx__mka_conf(kay)->rekey_ps)
        dx_timer_arm(kay->node, kay->rekey, dx__mka_conf(kay)->rekey_ps);
    return true;
}
