/*
 * participant - one key, one conversation: IEEE 802.1X, clauses 9.4, 11.11
 */
#include "kay.h"

#include <string.h>

bool dx__mka_participant_init(MkaParticipant *p, const DxMkaCak *cak)
{
    p->cak = cak;
    return dx__mka_kek(cak->cak, cak->cak_bytes, cak->ckn, cak->ckn_bytes, p->kek) &&
           dx__mka_ick(cak->cak, cak->cak_bytes, cak->ckn, cak->ckn_bytes, p->ick);
}

void dx__mka_participant_rename(MkaParticipant *p, DxRng *rng)
{
    const uint64_t draw[2] = { dx_rng_u64(rng), dx_rng_u64(rng) };

    for (unsigned i = 0; i < sizeof p->actor.mi; i++)
        p->actor.mi[i] = (uint8_t)(draw[i / 8] >> (8 * (i % 8)));
    p->actor.mn = 0;
}

bool dx__mka_participant_is_recent(const MkaParticipant *p, uint32_t mn, DxTime since)
{
    if (!mn || mn > p->actor.mn || p->actor.mn - mn >= MKA_SENT_MAX)
        return false;
    return p->sent[mn % MKA_SENT_MAX].mn == mn && p->sent[mn % MKA_SENT_MAX].t_ps >= since;
}

/* -- saying -------------------------------------------------------------------------------------------- */

static DxMkaKey key_of(const MkaKay *kay, const MkaSa *sa)
{
    DxMkaKey key = { .an = sa->an, .tx = sa->tx, .rx = sa->rx, .number = sa->ki.number };

    memcpy(key.server_mi, sa->ki.mi, sizeof key.server_mi);
    if (sa->is_set)
        key.lowest_pn = sa->tx ? kay->own_pn : 1;
    return key;
}

static void list_peers(const MkaPeers *peers, DxMkaPdu *pdu)
{
    for (unsigned i = 0; i < peers->n; i++) {
        DxMkaPeers *list = peers->peer[i].is_live ? &pdu->live : &pdu->potential;

        list->peer[list->n++] = peers->peer[i].id;
    }
}

void dx__mka_participant_say(MkaKay *kay, MkaParticipant *p, DxTime now, DxMkaPdu *pdu)
{
    const MkaConf *conf = dx__mka_conf(kay);
    const bool is_principal = p == dx__mka_principal(kay);

    if (p->actor.mn == UINT32_MAX)
        dx__mka_participant_rename(p, &kay->rng);
    p->actor.mn++;
    p->sent[p->actor.mn % MKA_SENT_MAX].mn = p->actor.mn;
    p->sent[p->actor.mn % MKA_SENT_MAX].t_ps = now;
    *pdu = (DxMkaPdu){ .version = 3,
                       .priority = dx__mka_priority(conf, conf->chain.end),
                       .is_key_server = is_principal && kay->cp.elected_self,
                       .wants_macsec = true,
                       .capability = 2,
                       .actor = p->actor,
                       .algorithm = DX_MKA_ALGORITHM,
                       .ckn_bytes = p->cak->ckn_bytes };
    memcpy(pdu->sci, kay->sci, 8);
    memcpy(pdu->ckn, p->cak->ckn, p->cak->ckn_bytes);
    list_peers(&p->peers, pdu);
    if (!is_principal)
        return;
    if (kay->cp.latest.is_set || kay->cp.old.is_set)
        pdu->use = (DxMkaSakUse){ .is_given = true,
                                  .has_keys = true,
                                  .latest = key_of(kay, &kay->cp.latest),
                                  .old = key_of(kay, &kay->cp.old) };
    if (kay->cp.elected_self && p->sak.is_given && !dx__mka_all_receive(p, &p->sak_ki))
        pdu->sak = p->sak;
}

/* -- hearing ------------------------------------------------------------------------------------------- */

static bool lists_us(const MkaParticipant *p, const DxMkaPeers *list, DxTime since)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (!memcmp(list->peer[i].mi, p->actor.mi, sizeof p->actor.mi))
            return dx__mka_participant_is_recent(p, list->peer[i].mn, since);
    return false;
}

/* The same station has a new name: its old one is dead, now that this one has shown to be fresh. */
static void replace(MkaParticipant *p, const uint8_t mi[12], const uint8_t sci[8])
{
    for (unsigned i = p->peers.n; i-- > 0;) {
        MkaPeer *other = &p->peers.peer[i];

        if (memcmp(other->id.mi, mi, 12) && !memcmp(other->sci, sci, 8))
            dx__mka_peers_remove(&p->peers, other);
    }
}

static void come_alive(MkaKay *kay, MkaParticipant *p, MkaPeer *peer)
{
    const uint8_t *mac = peer->sci;

    peer->is_live = true;
    p->complaints = 0;
    if (p == dx__mka_principal(kay))
        kay->needs_key = "new peer";
    dx_node_log(kay->node, "mka_peer_live", "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
}

MkaRefusal dx__mka_participant_hear(MkaKay *kay, MkaParticipant *p, const DxMkaPdu *pdu, DxTime now,
                                    MkaPeer **from)
{
    const DxTime life_ps = dx__mka_conf(kay)->life_ps;
    MkaPeer *peer = dx__mka_peers_find(&p->peers, pdu->actor.mi);
    bool knows_us;

    if (!memcmp(pdu->actor.mi, p->actor.mi, sizeof p->actor.mi)) {
        if (memcmp(pdu->sci, kay->sci, 8)) { /* not an echo of our own */
            dx_node_log(kay->node, "mka_collision", "another member has our identifier: a new one");
            dx__mka_participant_rename(p, &kay->rng);
        }
        return MKA_OWN_MI;
    }
    if (!pdu->actor.mn || (peer && pdu->actor.mn <= peer->id.mn))
        return MKA_REPLAYED;
    if (!peer && !(peer = dx__mka_peers_add(&p->peers, &pdu->actor)))
        return MKA_FULL;
    peer->id.mn = pdu->actor.mn;
    memcpy(peer->sci, pdu->sci, 8);
    peer->priority = pdu->priority;
    peer->is_key_server = pdu->is_key_server;
    peer->wants_macsec = pdu->wants_macsec && pdu->capability;
    knows_us = lists_us(p, &pdu->live, now - life_ps) || lists_us(p, &pdu->potential, now - life_ps);
    if (knows_us || !peer->is_live)
        peer->expires_ps = now + life_ps;
    if (knows_us && !peer->is_live) {
        come_alive(kay, p, peer);
        replace(p, pdu->actor.mi, pdu->sci);
        peer = dx__mka_peers_find(&p->peers, pdu->actor.mi); /* it may have moved */
    }
    *from = peer;
    return MKA_TAKEN;
}
