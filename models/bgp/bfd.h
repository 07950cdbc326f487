/*
 * bfd.h - one end of a BFD session in asynchronous mode: RFC 5880, section 6
 *
 *   ADMIN_DOWN <--> DOWN --> INIT --> UP --> DOWN: detection time expired, or the neighbour says so
 *
 * Packets go out every max(own desired-min-tx, remote required-min-rx), less a jitter of 0 to 25 % (10 to 25
 * % with a multiplier of 1); until Up not more than once in a second. The session fails when nothing has come
 * for remote multiplier x max(own required-min-rx, remote desired-min-tx). Timers of a session that is up
 * change by Poll and Final. Nothing here knows the engine: who uses it says what time it is, carries packets,
 * and reads bfd->state. Not modelled: Demand mode, Echo, authentication.
 */
#ifndef DX_BGP_BFD_H
#define DX_BGP_BFD_H

#include <dxsim/rng.h>
#include "wire/bfd.h"

#define BFD_SLOW_PS (1 * DX_S) /* section 6.8.3 */

typedef struct {
    DxTime desired_min_tx_ps, required_min_rx_ps; /* whole microseconds, 1 us to 4294 s */
    uint8_t multiplier;                           /* 1 to 255 */
    uint32_t discriminator;                       /* not 0, and no other session's of this system */
    bool is_passive;                              /* says nothing before it has heard something */
} BfdConf;

/* What comes of it. moved() comes last: from it anything may be called. */
typedef struct {
    void (*send)(void *user, const DxBfdPacket *packet);
    void (*moved)(void *user, DxBfdState from, DxBfdState to, DxBfdDiagnostic diagnostic);
} BfdWatch;

/* Names of RFC 5880, section 6.8.1. */
typedef struct {
    BfdConf conf;
    const BfdWatch *watch;
    void *user;
    DxRng *rng; /* jitter */
    DxTime now_ps;

    DxBfdState state, remote_state;
    DxBfdDiagnostic diagnostic;            /* of the last change to Down or AdminDown; none since it is up */
    uint32_t remote_discriminator;         /* 0: not known, or not heard for a detection time */
    DxTime desired_min_tx_ps;              /* as it is told: no shorter than 1 s until up */
    DxTime used_min_tx_ps, used_min_rx_ps; /* our own, until a Poll has ended maybe the ones before */
    DxTime remote_min_tx_ps, remote_min_rx_ps; /* as they were heard; rx 0: he wants none */
    uint8_t remote_multiplier;
    bool is_polling;

    DxTime interval_ps;   /* between our packets, without jitter */
    DxTime sent_ps;       /* periodically, the last time */
    DxTime heard_ps;      /* DX_TIME_NEVER: not, or not for a detection time */
    DxTime send_due_ps;   /* DX_TIME_NEVER: nothing is to be said */
    DxTime detect_due_ps; /* DX_TIME_NEVER: nobody was heard */
    DxTime quiet_ps;      /* administratively down: when that has been said long enough */
    uint64_t tx_packets, rx_packets, rx_discarded;
} Bfd;

/* It is administratively down. */
void dx__bfd_init(Bfd *bfd, const BfdConf *conf, DxRng *rng, const BfdWatch *watch, void *user);
/* As if it had been up for long with @remote at the other end; the next packet goes at @send_ps. */
void dx__bfd_converge(Bfd *bfd, DxTime now_ps, const BfdConf *remote, DxTime send_ps);
/* On: Down, and trying. Off: AdminDown, which the neighbour is told for a detection time. */
void dx__bfd_enable(Bfd *bfd, DxTime now_ps, bool on);
/* Other timers, by Poll where it is up. The discriminator stays. */
void dx__bfd_change(Bfd *bfd, DxTime now_ps, DxTime desired_min_tx_ps, DxTime required_min_rx_ps,
                    uint8_t multiplier);
/* The path is known to have gone: Down at once. */
void dx__bfd_path_down(Bfd *bfd, DxTime now_ps);
void dx__bfd_receive(Bfd *bfd, DxTime now_ps, const DxBfdPacket *packet);
/* It is later. */
void dx__bfd_run(Bfd *bfd, DxTime now_ps);
/* When to run it next, whatever comes; DX_TIME_NEVER: not. */
DxTime dx__bfd_next(const Bfd *bfd);
/* How long silence may last; 0: nothing has been heard. */
DxTime dx__bfd_detection_ps(const Bfd *bfd);

#endif
