/*
 * peers - who else has the key: IEEE 802.1X, clause 9.4.3
 *
 * Whoever is heard is a potential peer; whoever shows that it has heard us lately is a live one.
 */
#include "kay.h"

#include <string.h>

MkaPeer *dx__mka_peers_find(MkaPeers *peers, const uint8_t mi[12])
{
    for (unsigned i = 0; i < peers->n; i++)
        if (!memcmp(peers->peer[i].id.mi, mi, 12))
            return &peers->peer[i];
    return NULL;
}

MkaPeer *dx__mka_peers_add(MkaPeers *peers, const DxMkaPeer *id)
{
    MkaPeer *peer = &peers->peer[peers->n];

    if (peers->n == MKA_PEERS_MAX)
        return NULL;
    *peer = (MkaPeer){ .id = *id };
    peers->n++;
    return peer;
}

void dx__mka_peers_remove(MkaPeers *peers, MkaPeer *peer)
{
    const size_t at = (size_t)(peer - peers->peer);

    peers->n--;
    memmove(peer, peer + 1, (peers->n - at) * sizeof *peer);
}

MkaPeer *dx__mka_peers_expired(MkaPeers *peers, DxTime now)
{
    MkaPeer *found = NULL;

    for (unsigned i = 0; i < peers->n; i++) {
        MkaPeer *peer = &peers->peer[i];

        if (peer->expires_ps <= now && (!found || (peer->is_live && !found->is_live)))
            found = peer;
    }
    return found;
}

DxTime dx__mka_peers_next(const MkaPeers *peers)
{
    DxTime next = DX_TIME_NEVER;

    for (unsigned i = 0; i < peers->n; i++)
        next = MIN(next, peers->peer[i].expires_ps);
    return next;
}

unsigned dx__mka_peers_count(const MkaPeers *peers, bool is_live)
{
    unsigned n = 0;

    for (unsigned i = 0; i < peers->n; i++)
        n += peers->peer[i].is_live == is_live;
    return n;
}
