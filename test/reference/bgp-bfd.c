/*
 * bgp-bfd - asynchronous BFD: RFC 5880 6.8, and what docs/models/bgp-transport.md settles
 */
#include "bgp-priv.h"

#define SLOW_US 1000000u /* until Up: 6.8.3 */

static DxTime now_of(const Bfd *bfd)
{
    return bfd->peer->speaker->now;
}

static void put(Bfd *bfd, bool is_final)
{
    Peer *peer = bfd->peer;
    const DxBgpSession *session = peer->session;
    const DxBfdPacket packet = { .state = bfd->state,
                                 .diagnostic = bfd->diagnostic,
                                 .is_poll = bfd->polls && !is_final,
                                 .is_final = is_final,
                                 .multiplier = (uint8_t)bfd->multiplier,
                                 .mine = bfd->mine,
                                 .yours = bfd->yours,
                                 .desired_min_tx_us = bfd->desired_us,
                                 .required_min_rx_us = bfd->required_us };
    uint8_t octets[DX_BFD_BYTES];

    dx__bfd_encode(&packet, &session->address[peer->end], &session->address[1 - peer->end],
                   session->bfd[peer->end].src_port, octets);
    bgp_transmit(peer, true, octets, sizeof octets);
}

/* Between two packets. */
static uint64_t interval(const Bfd *bfd)
{
    return MAX(bfd->desired_us, bfd->his_required_us);
}

static DxTime jittered(Bfd *bfd)
{
    const DxTime i = (DxTime)interval(bfd) * DX_US;

    if (bfd->peer->speaker->world->flaw == REFERENCE_BFD_WITHOUT_JITTER)
        return i;
    if (bfd->multiplier == 1)
        return i - i / 10 - (DxTime)dx_rng_below(&bfd->rng, (uint64_t)(i / 4 - i / 10 + 1));
    return i - (DxTime)dx_rng_below(&bfd->rng, (uint64_t)(i / 4 + 1));
}

static void plan(Bfd *bfd, DxTime from)
{
    const DxTime next_at = from + jittered(bfd);

    bfd->drawn_at = from;
    bfd->interval_us = interval(bfd);
    bfd->next_at = MAX(next_at, now_of(bfd));
}

/* Drawn anew when it has changed, even if something is sent next that draws once more. */
static void note_interval(Bfd *bfd)
{
    if (interval(bfd) != bfd->interval_us)
        plan(bfd, bfd->drawn_at);
}

/* A packet that others are counted from. */
static void put_periodic(Bfd *bfd)
{
    put(bfd, false);
    plan(bfd, now_of(bfd));
}

static void listen_until(Bfd *bfd)
{
    const uint64_t between = MAX(bfd->required_us, bfd->his_desired_us);

    bfd->gone_at = now_of(bfd) + (DxTime)(bfd->his_multiplier * between) * DX_US;
}

static void enter(Bfd *bfd, DxBfdState state, DxBfdDiagnostic why)
{
    const DxBfdState from = bfd->state;
    const uint32_t desired = state == DX_BFD_UP ? bfd->conf_us : MAX(bfd->conf_us, SLOW_US);

    bfd->state = state;
    if (why || state == DX_BFD_UP)
        bfd->diagnostic = (uint8_t)why; /* of the last time that it went down */
    if (state == DX_BFD_UP)
        bfd->polls = desired != bfd->desired_us;
    else
        bfd->polls = false;
    bfd->desired_us = desired;
    note_interval(bfd);
    put_periodic(bfd);
    peer_bfd_state(bfd->peer, from, state);
}

static void forget(Bfd *bfd)
{
    bfd->yours = 0;
    bfd->his_required_us = 1;
    bfd->his_desired_us = 0;
    bfd->his_multiplier = 0;
    bfd->his_state = DX_BFD_DOWN;
    bfd->gone_at = DX_TIME_NEVER;
}

void bfd_start(Bfd *bfd)
{
    const DxBgpEnd *conf = bfd->peer->conf;

    bfd->is_on = true;
    bfd->state = DX_BFD_DOWN;
    bfd->mine = 1 + bfd->peer->place;
    bfd->multiplier = (uint32_t)conf->bfd_multiplier;
    bfd->conf_us = bfd->required_us = (uint32_t)(conf->bfd_interval_ps / DX_US);
    bfd->desired_us = MAX(bfd->conf_us, SLOW_US);
    bfd->quiet_at = DX_TIME_NEVER;
    bfd->polls = false;
    forget(bfd);
    put_periodic(bfd);
    peer_bfd_state(bfd->peer, DX_BFD_ADMIN_DOWN, DX_BFD_DOWN);
}

void bfd_admin_down(Bfd *bfd)
{
    const DxBfdState from = bfd->state;

    if (!bfd->is_on || from == DX_BFD_ADMIN_DOWN)
        return;
    enter(bfd, DX_BFD_ADMIN_DOWN, DX_BFD_ADMIN);
    bfd->gone_at = DX_TIME_NEVER;
    bfd->quiet_at = now_of(bfd) + (DxTime)(bfd->multiplier * interval(bfd)) * DX_US;
}

void bfd_path_down(Bfd *bfd)
{
    if (!bfd->is_on || bfd->state == DX_BFD_ADMIN_DOWN)
        return;
    if (bfd->state != DX_BFD_DOWN)
        enter(bfd, DX_BFD_DOWN, DX_BFD_PATH_DOWN);
}

void bfd_converged(Bfd *bfd, const Bfd *his, DxTime first_at)
{
    const DxBgpEnd *conf = bfd->peer->conf, *other = his->peer->conf;

    bfd->is_on = true;
    bfd->state = bfd->his_state = DX_BFD_UP;
    bfd->mine = 1 + bfd->peer->place;
    bfd->yours = 1 + his->peer->place;
    bfd->multiplier = (uint32_t)conf->bfd_multiplier;
    bfd->conf_us = bfd->desired_us = bfd->required_us = (uint32_t)(conf->bfd_interval_ps / DX_US);
    bfd->his_desired_us = bfd->his_required_us = (uint32_t)(other->bfd_interval_ps / DX_US);
    bfd->his_multiplier = (uint32_t)other->bfd_multiplier;
    bfd->quiet_at = DX_TIME_NEVER;
    bfd->drawn_at = 0;
    bfd->interval_us = interval(bfd);
    bfd->next_at = first_at;
    bfd->peer->bfd_state = DX_BFD_UP;
    listen_until(bfd);
}

/* 6.8.6, from where the session is known. */
void bfd_heard(Bfd *bfd, const DxBfdPacket *packet)
{
    const bool is_down = packet->state == DX_BFD_DOWN || packet->state == DX_BFD_ADMIN_DOWN;

    if (!bfd->is_on || (packet->yours ? packet->yours != bfd->mine : !is_down))
        return;
    if (bfd->state == DX_BFD_ADMIN_DOWN)
        return;
    bfd->yours = packet->mine;
    bfd->his_state = packet->state;
    bfd->his_required_us = packet->required_min_rx_us;
    bfd->his_desired_us = packet->desired_min_tx_us;
    bfd->his_multiplier = packet->multiplier;
    if (packet->is_final)
        bfd->polls = false;
    note_interval(bfd);
    listen_until(bfd);
    if (packet->state == DX_BFD_ADMIN_DOWN) {
        if (bfd->state != DX_BFD_DOWN)
            enter(bfd, DX_BFD_DOWN, DX_BFD_NEIGHBOR_DOWN);
    } else if (bfd->state == DX_BFD_DOWN) {
        if (packet->state == DX_BFD_DOWN)
            enter(bfd, DX_BFD_INIT, DX_BFD_NO_DIAGNOSTIC);
        else if (packet->state == DX_BFD_INIT)
            enter(bfd, DX_BFD_UP, DX_BFD_NO_DIAGNOSTIC);
    } else if (bfd->state == DX_BFD_INIT) {
        if (packet->state != DX_BFD_DOWN)
            enter(bfd, DX_BFD_UP, DX_BFD_NO_DIAGNOSTIC);
    } else if (packet->state == DX_BFD_DOWN)
        enter(bfd, DX_BFD_DOWN, DX_BFD_NEIGHBOR_DOWN);
    if (packet->is_poll)
        put(bfd, true);
}

DxTime bfd_due(const Bfd *bfd)
{
    return bfd->is_on ? MIN(bfd->next_at, MIN(bfd->gone_at, bfd->quiet_at)) : DX_TIME_NEVER;
}

void bfd_tick(Bfd *bfd)
{
    const DxTime now = now_of(bfd);

    if (bfd->is_on && bfd->quiet_at <= now) {
        bfd->quiet_at = bfd->next_at = DX_TIME_NEVER;
        bfd->is_on = false;
    }
    if (bfd->is_on && bfd->gone_at <= now) {
        const bool was_up = bfd->state == DX_BFD_INIT || bfd->state == DX_BFD_UP;

        bfd->yours = 0;
        bfd->gone_at = DX_TIME_NEVER;
        if (was_up)
            enter(bfd, DX_BFD_DOWN, DX_BFD_TIME_EXPIRED);
    }
    if (bfd->is_on && bfd->next_at <= now)
        put_periodic(bfd);
}
