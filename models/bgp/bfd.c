/*
 * bfd - see bfd.h
 *
 * A packet goes out when its time has come, at once when what it says is new, and at once in answer to a
 * Poll.
 */
#include "bfd.h"

#include <glib.h>

/* -- what is in use ------------------------------------------------------------------------------------ */

static uint32_t in_us(DxTime t_ps)
{
    return (uint32_t)MIN(t_ps / DX_US, UINT32_MAX);
}

DxTime dx__bfd_detection_ps(const Bfd *bfd)
{
    if (bfd->heard_ps == DX_TIME_NEVER)
        return 0;
    return bfd->remote_multiplier * MAX(bfd->used_min_rx_ps, bfd->remote_min_tx_ps);
}

/* Section 6.8.7: 75 to 100 %; of the only packet that a multiplier of 1 allows for, 75 to 90 %. */
static DxTime jittered(Bfd *bfd)
{
    const DxTime interval_ps = bfd->interval_ps, least = bfd->conf.multiplier == 1 ? interval_ps / 10 : 0;

    return interval_ps - least - (DxTime)dx_rng_below(bfd->rng, (uint64_t)(interval_ps / 4 - least) + 1);
}

static bool is_silent(const Bfd *bfd)
{
    return (bfd->conf.is_passive && !bfd->remote_discriminator) ||
           (bfd->heard_ps != DX_TIME_NEVER && !bfd->remote_min_rx_ps) ||
           (bfd->state == DX_BFD_ADMIN_DOWN && bfd->now_ps >= bfd->quiet_ps);
}

static void send_at(Bfd *bfd, DxTime due_ps)
{
    bfd->send_due_ps = MAX(due_ps, bfd->now_ps);
}

/* After anything that may have changed them. What has been sent already counts for the new interval. */
static void update_times(Bfd *bfd)
{
    const DxTime interval_ps = MAX(bfd->used_min_tx_ps, bfd->remote_min_rx_ps);
    const bool is_new = interval_ps != bfd->interval_ps;

    bfd->interval_ps = interval_ps;
    if (is_silent(bfd))
        bfd->send_due_ps = DX_TIME_NEVER;
    else if (bfd->send_due_ps == DX_TIME_NEVER)
        bfd->send_due_ps = bfd->now_ps;
    else if (is_new)
        send_at(bfd, bfd->sent_ps + jittered(bfd));
    bfd->detect_due_ps =
        bfd->heard_ps == DX_TIME_NEVER ? DX_TIME_NEVER : bfd->heard_ps + dx__bfd_detection_ps(bfd);
}

/* -- packets ------------------------------------------------------------------------------------------- */

static void send(Bfd *bfd, bool is_final)
{
    const DxBfdPacket packet = { .state = bfd->state,
                                 .diagnostic = (uint8_t)bfd->diagnostic,
                                 .is_poll = bfd->is_polling && !is_final,
                                 .is_final = is_final,
                                 .multiplier = bfd->conf.multiplier,
                                 .mine = bfd->conf.discriminator,
                                 .yours = bfd->remote_discriminator,
                                 .desired_min_tx_us = in_us(bfd->desired_min_tx_ps),
                                 .required_min_rx_us = in_us(bfd->conf.required_min_rx_ps) };

    bfd->tx_packets++;
    bfd->watch->send(bfd->user, &packet);
}

static void send_periodic(Bfd *bfd)
{
    bfd->sent_ps = bfd->now_ps;
    bfd->send_due_ps = bfd->now_ps + jittered(bfd);
    send(bfd, false);
}

/* What we say is not what we said last. */
static void send_news(Bfd *bfd)
{
    update_times(bfd);
    if (!is_silent(bfd))
        send_periodic(bfd);
}

/* -- states: section 6.2 ------------------------------------------------------------------------------- */

/* Section 6.8.3: slow until up; up it is told by Poll. */
static void set_tx(Bfd *bfd)
{
    const bool is_up = bfd->state == DX_BFD_UP;
    const DxTime tx_ps = is_up ? bfd->conf.desired_min_tx_ps : MAX(bfd->conf.desired_min_tx_ps, BFD_SLOW_PS);

    bfd->is_polling = is_up && (bfd->is_polling || tx_ps != bfd->desired_min_tx_ps);
    if (!is_up || tx_ps < bfd->used_min_tx_ps)
        bfd->used_min_tx_ps = tx_ps;
    if (!is_up)
        bfd->used_min_rx_ps = bfd->conf.required_min_rx_ps;
    bfd->desired_min_tx_ps = tx_ps;
}

static void enter(Bfd *bfd, DxBfdState to, DxBfdDiagnostic diagnostic)
{
    bfd->state = to;
    if (to == DX_BFD_DOWN || to == DX_BFD_ADMIN_DOWN)
        bfd->diagnostic = diagnostic;
    else if (to == DX_BFD_UP)
        bfd->diagnostic = DX_BFD_NO_DIAGNOSTIC;
    set_tx(bfd);
}

static void tell_move(const Bfd *bfd, DxBfdState from)
{
    if (bfd->state != from)
        bfd->watch->moved(bfd->user, from, bfd->state, bfd->diagnostic);
}

/* Where it goes from its own state when it hears that of the other end: section 6.8.6. */
static DxBfdState next_state(DxBfdState state, DxBfdState heard)
{
    /* clang-format off */
    static const DxBfdState next[DX_BFD_N_STATES][DX_BFD_N_STATES] = {
        /* heard:               AdminDown          Down               Init               Up */
        [DX_BFD_ADMIN_DOWN] = { DX_BFD_ADMIN_DOWN, DX_BFD_ADMIN_DOWN, DX_BFD_ADMIN_DOWN, DX_BFD_ADMIN_DOWN },
        [DX_BFD_DOWN] =       { DX_BFD_DOWN,       DX_BFD_INIT,       DX_BFD_UP,         DX_BFD_DOWN },
        [DX_BFD_INIT] =       { DX_BFD_DOWN,       DX_BFD_INIT,       DX_BFD_UP,         DX_BFD_UP },
        [DX_BFD_UP] =         { DX_BFD_DOWN,       DX_BFD_DOWN,       DX_BFD_UP,         DX_BFD_UP },
    };
    /* clang-format on */

    return next[state][heard];
}

/* -- what happens -------------------------------------------------------------------------------------- */

void dx__bfd_init(Bfd *bfd, const BfdConf *conf, DxRng *rng, const BfdWatch *watch, void *user)
{
    *bfd = (Bfd){ .conf = *conf,
                  .watch = watch,
                  .user = user,
                  .rng = rng,
                  .state = DX_BFD_ADMIN_DOWN,
                  .remote_state = DX_BFD_DOWN,
                  .remote_min_rx_ps = DX_US, /* section 6.8.1 */
                  .heard_ps = DX_TIME_NEVER,
                  .send_due_ps = DX_TIME_NEVER,
                  .detect_due_ps = DX_TIME_NEVER };
    set_tx(bfd);
}

void dx__bfd_converge(Bfd *bfd, DxTime now_ps, const BfdConf *remote, DxTime send_ps)
{
    bfd->now_ps = bfd->heard_ps = bfd->sent_ps = now_ps;
    bfd->state = bfd->remote_state = DX_BFD_UP;
    bfd->diagnostic = DX_BFD_NO_DIAGNOSTIC;
    bfd->remote_discriminator = remote->discriminator;
    bfd->remote_min_tx_ps = remote->desired_min_tx_ps;
    bfd->remote_min_rx_ps = remote->required_min_rx_ps;
    bfd->remote_multiplier = remote->multiplier;
    bfd->desired_min_tx_ps = bfd->used_min_tx_ps = bfd->conf.desired_min_tx_ps;
    bfd->used_min_rx_ps = bfd->conf.required_min_rx_ps;
    bfd->is_polling = false;
    update_times(bfd);
    if (bfd->send_due_ps != DX_TIME_NEVER)
        bfd->send_due_ps = send_ps;
}

void dx__bfd_enable(Bfd *bfd, DxTime now_ps, bool on)
{
    const DxBfdState from = bfd->state;

    bfd->now_ps = now_ps;
    if (on == (from != DX_BFD_ADMIN_DOWN))
        return;
    enter(bfd, on ? DX_BFD_DOWN : DX_BFD_ADMIN_DOWN, on ? bfd->diagnostic : DX_BFD_ADMIN);
    bfd->quiet_ps = now_ps + bfd->conf.multiplier * MAX(bfd->used_min_tx_ps, bfd->remote_min_rx_ps);
    send_news(bfd);
    tell_move(bfd, from);
}

void dx__bfd_change(Bfd *bfd, DxTime now_ps, DxTime desired_min_tx_ps, DxTime required_min_rx_ps,
                    uint8_t multiplier)
{
    const DxTime rx_ps = bfd->conf.required_min_rx_ps;
    const bool is_up = bfd->state == DX_BFD_UP;

    bfd->now_ps = now_ps;
    bfd->conf.desired_min_tx_ps = desired_min_tx_ps;
    bfd->conf.required_min_rx_ps = required_min_rx_ps;
    bfd->conf.multiplier = multiplier;
    bfd->is_polling = is_up && (bfd->is_polling || required_min_rx_ps != rx_ps);
    if (required_min_rx_ps > bfd->used_min_rx_ps)
        bfd->used_min_rx_ps = required_min_rx_ps;
    set_tx(bfd);
    send_news(bfd);
}

static void go_down(Bfd *bfd, DxBfdDiagnostic diagnostic)
{
    const DxBfdState from = bfd->state;

    if (from != DX_BFD_INIT && from != DX_BFD_UP)
        return;
    enter(bfd, DX_BFD_DOWN, diagnostic);
    send_news(bfd);
    tell_move(bfd, from);
}

void dx__bfd_path_down(Bfd *bfd, DxTime now_ps)
{
    bfd->now_ps = now_ps;
    go_down(bfd, DX_BFD_PATH_DOWN);
}

/* Nothing for a detection time: who he was is forgotten. */
static void lose(Bfd *bfd)
{
    bfd->heard_ps = bfd->detect_due_ps = DX_TIME_NEVER;
    bfd->remote_discriminator = 0;
    bfd->remote_state = DX_BFD_DOWN;
    if (bfd->state == DX_BFD_INIT || bfd->state == DX_BFD_UP)
        go_down(bfd, DX_BFD_TIME_EXPIRED);
    else
        update_times(bfd);
}

static void take(Bfd *bfd, const DxBfdPacket *packet)
{
    bfd->remote_discriminator = packet->mine;
    bfd->remote_state = packet->state;
    bfd->remote_multiplier = packet->multiplier;
    bfd->remote_min_tx_ps = packet->desired_min_tx_us * DX_US;
    bfd->remote_min_rx_ps = packet->required_min_rx_us * DX_US;
    bfd->heard_ps = bfd->now_ps;
    if (bfd->is_polling && packet->is_final) {
        bfd->is_polling = false;
        bfd->used_min_tx_ps = bfd->desired_min_tx_ps;
        bfd->used_min_rx_ps = bfd->conf.required_min_rx_ps;
    }
}

void dx__bfd_receive(Bfd *bfd, DxTime now_ps, const DxBfdPacket *packet)
{
    DxBfdState from, to;

    bfd->now_ps = now_ps;
    if (bfd->detect_due_ps < now_ps)
        lose(bfd);
    from = bfd->state;
    if (from == DX_BFD_ADMIN_DOWN || (packet->yours && packet->yours != bfd->conf.discriminator) ||
        (!packet->yours && packet->state != DX_BFD_DOWN && packet->state != DX_BFD_ADMIN_DOWN)) {
        bfd->rx_discarded++;
        return;
    }
    bfd->rx_packets++;
    take(bfd, packet);
    to = next_state(from, packet->state);
    update_times(bfd);
    if (to != from) {
        enter(bfd, to, DX_BFD_NEIGHBOR_DOWN);
        send_news(bfd);
    }
    if (packet->is_poll)
        send(bfd, true);
    tell_move(bfd, from);
}

void dx__bfd_run(Bfd *bfd, DxTime now_ps)
{
    bfd->now_ps = now_ps;
    if (bfd->detect_due_ps <= now_ps)
        lose(bfd);
    if (bfd->send_due_ps > now_ps)
        return;
    if (is_silent(bfd))
        bfd->send_due_ps = DX_TIME_NEVER;
    else
        send_periodic(bfd);
}

DxTime dx__bfd_next(const Bfd *bfd)
{
    return MIN(bfd->send_due_ps, bfd->detect_due_ps);
}
