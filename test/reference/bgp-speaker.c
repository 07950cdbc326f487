/*
 * bgp-speaker - calls, the order of what is due, and the converged start: docs/models/bgp-session.md 1, 10
 */
#include "bgp-priv.h"

#define ROUNDS_MOST 1000 /* policies that contradict each other never settle */

static Peer *peer_at(const Speaker *speaker, guint i)
{
    return g_ptr_array_index(speaker->peers, i);
}

DxTime speaker_due(const Speaker *speaker)
{
    DxTime due = rib_reuse_due(speaker);

    for (guint i = 0; i < speaker->peers->len; i++)
        due = MIN(due, peer_due(peer_at(speaker, i)));
    return due;
}

static void flush(Speaker *speaker)
{
    for (guint i = 0; i < speaker->peers->len; i++)
        if (peer_at(speaker, i)->flush_at <= speaker->now)
            rib_flush(peer_at(speaker, i));
}

void speaker_call(Speaker *speaker)
{
    const DxTime until = speaker->world->now;

    for (DxTime due; (due = speaker_due(speaker)) <= until;) {
        speaker->now = due;
        for (guint i = 0; i < speaker->peers->len; i++)
            peer_tick(peer_at(speaker, i));
        rib_reuse(speaker);
        flush(speaker);
    }
    speaker->now = until;
}

void speaker_done(Speaker *speaker)
{
    flush(speaker);
}

/* -- the converged start ------------------------------------------------------------------------------- */

static void establish_first(Peer *peer)
{
    peer->inbox = g_queue_new();
    peer_establish(peer);
}

static bool can_converge(Peer *peer)
{
    Peer *other = peer->other;
    const bool is_keyed = peer->conf->password || other->conf->password;

    if (peer->speaker->router->conf->start != DX_BGP_START_CONVERGED ||
        other->speaker->router->conf->start != DX_BGP_START_CONVERGED || peer->is_shut || other->is_shut)
        return false;
    if (is_keyed && g_strcmp0(peer->conf->password, other->conf->password))
        return false;
    return peer_agrees(peer) && peer_agrees(other);
}

static bool read_all(Speaker *speaker)
{
    bool has_read = false;

    for (guint i = 0; i < speaker->peers->len; i++) {
        Peer *peer = peer_at(speaker, i);
        GByteArray *octets;

        while (peer->inbox && (octets = g_queue_pop_head(peer->inbox))) {
            DxBgpType type;
            DxBgpFault fault;
            size_t length;

            has_read = true;
            if (dx__bgp_frame(octets->data, octets->len, &type, &length, &fault) == DX_BGP_MESSAGE_WHOLE &&
                peer->state == PEER_UP)
                peer_message(peer, octets->data, length, type);
            g_byte_array_unref(octets);
        }
    }
    return has_read;
}

static void tell_all(Speaker *speaker)
{
    for (guint i = 0; i < speaker->peers->len; i++)
        if (peer_at(speaker, i)->flush_at != DX_TIME_NEVER)
            rib_flush(peer_at(speaker, i));
}

/* Messages count from time 0 on. */
static void count_from_here(Peer *peer)
{
    peer->tx_messages = peer->rx_messages = peer->tx_updates = peer->rx_updates = 0;
    if (peer->state != PEER_UP)
        peer->establishings = peer->established_ps = 0;
    peer->flaps = peer->down_at_ps = peer->error_code = peer->error_subcode = 0;
}

/* At time 0 it is as if it had been up for long. */
static void begin_amid(Peer *first)
{
    Peer *peer[] = { first, first->other };
    uint32_t iss[2];
    DxTime next[2] = { DX_TIME_NEVER, DX_TIME_NEVER };

    for (unsigned end = 0; end < 2; end++)
        iss[end] = (uint32_t)dx_rng_u64(&peer[end]->rng);
    for (unsigned end = 0; end < 2; end++) {
        tcp_converged(&peer[end]->tcp, iss[end], iss[1 - end], DX_MS);
        if (peer[end]->keepalive)
            next[end] = 1 + (DxTime)dx_rng_below(&peer[end]->rng, (uint64_t)peer[end]->keepalive);
    }
    for (unsigned end = 0; end < 2; end++) {
        peer[end]->keepalive_at = next[end];
        peer[end]->hold_at =
            peer[end]->hold ? peer[end]->hold + next[1 - end] - peer[1 - end]->keepalive : DX_TIME_NEVER;
        peer[end]->not_before = 0;
    }
    if (first->session->bfd[0].flow == DX_BGP_NOBODY)
        return;
    for (unsigned end = 0; end < 2; end++) {
        const uint64_t slower = (uint64_t)MAX(peer[0]->conf->bfd_interval_ps, peer[1]->conf->bfd_interval_ps);

        bfd_converged(&peer[end]->bfd, &peer[1 - end]->bfd,
                      1 + (DxTime)dx_rng_below(&peer[end]->bfd.rng, slower));
    }
}

static void drop_inbox(Peer *peer)
{
    if (peer->inbox)
        g_queue_free_full(peer->inbox, (GDestroyNotify)g_byte_array_unref);
    peer->inbox = NULL;
}

void speakers_converge(ReferenceWorld *world, Speaker **speaker, unsigned n, Peer **peer, unsigned n_peers)
{
    bool *was_up = g_new0(bool, n_peers + 1), has_read = true;

    (void)world;
    for (unsigned i = 0; i < n; i++) {
        speaker[i]->is_quiet = true;
        for (unsigned k = 0; k < speaker[i]->router->n_networks; k++)
            rib_own(speaker[i], &speaker[i]->router->networks[k], true);
    }
    for (unsigned i = 0; i < n_peers; i += 2)
        if (can_converge(peer[i])) {
            was_up[i] = true;
            establish_first(peer[i]);
            establish_first(peer[i + 1]);
        }
    /* in the first round all speak, and there may be nobody yet who could read */
    for (unsigned round = 0; (has_read || round < 2) && round < ROUNDS_MOST; round++) {
        has_read = false;
        for (unsigned i = 0; i < n; i++) {
            has_read |= read_all(speaker[i]);
            tell_all(speaker[i]);
        }
    }
    for (unsigned i = 0; i < n; i++)
        speaker[i]->is_quiet = false;
    for (unsigned i = 0; i < n_peers; i += 2) {
        for (unsigned end = 0; end < 2; end++) {
            drop_inbox(peer[i + end]);
            count_from_here(peer[i + end]);
        }
        if (was_up[i] && peer[i]->state == PEER_UP && peer[i + 1]->state == PEER_UP)
            begin_amid(peer[i]);
    }
    g_free(was_up);
}
