/*
 * bgp/speaker.h - a BGP router: its sessions, what it has learned, what it uses, what it tells
 *
 *   segments, BFD packets, time, lines --> transport, BFD --> FSM --> Adj-RIB-In --> Loc-RIB --> Adj-RIB-Out
 *                                                                                    |             |
 *                                                                                 changed()     UPDATEs
 *
 * RFC 4271 with what routers have added to it; docs/models/bgp-session.md says exactly what is done when.
 * Nothing here knows the engine: who uses it says what time it is, carries octets, and asks when to call
 * again. Time does not go back. Before anything else, each call does what was due at its time or earlier.
 *
 * Sessions are named by their index in the network. A speaker belongs to one thread at a time, and shares
 * nothing with others but the network, which is only read.
 */
#ifndef DX_BGP_SPEAKER_H
#define DX_BGP_SPEAKER_H

#include <assert.h>
#include <dxsim/bgp.h>
#include "bgp/bfd.h"
#include "bgp/bgp.h"
#include "bgp/transport.h"
#include "wire/bgp.h"

static_assert(DX_BGP_SESSIONS_MAX < DX_BGP_PATHS_MAX, "a path of each session, and one that begins here");

/* -- configuration: beside what the network says of a router and its sessions ------------------------- */

typedef struct {
    DxTime idle_hold_ps;     /* in Idle, before it begins again by itself */
    DxTime idle_hold_max_ps; /* doubled each time that it fails anew, up to this: DampPeerOscillations */
    DxTime delay_open_ps;    /* DelayOpenTime; 0: none */
    DxTime advertise_ps;     /* from a change of Loc-RIB to telling of it; 0: at once */
    DxTime defer_ps;         /* after a restart: for everybody's End-of-RIB, at most */
    unsigned prefix_warning; /* per cent of a prefix limit: a line in the log */
    bool has_jitter;         /* connect_retry, idle_hold, mrai: 75 to 100 % of them (RFC 4271 10) */
    bool both_connect;       /* passive or not: connections may collide (RFC 4271 6.8) */
    bool enforces_first_as;  /* RFC 4271 6.3: the peer's AS comes first in its paths */
    /* Of the streams of "ROUTER.bgp", two for each session: "session NAME" and "bfd NAME". */
    uint64_t seed, replication;
} SpeakerTuning;

/* Idle 1 s and no more, nothing delayed, deferred for 360 s, warning at 80 %, no jitter. */
void dx__bgp_tuning_init(SpeakerTuning *tuning);

/* -- what comes of it --------------------------------------------------------------------------------- */

typedef enum { SPEAKER_TCP, SPEAKER_BFD } SpeakerCarrier;

typedef enum {
    SPEAKER_UP,
    SPEAKER_DOWN,
    SPEAKER_STATE,    /* of the FSM */
    SPEAKER_SENT,     /* a NOTIFICATION */
    SPEAKER_RECEIVED, /* the same */
    SPEAKER_REFUSED,  /* a connection, or what is in a message */
    SPEAKER_BFD_STATE,
    SPEAKER_PREFIXES, /* near the limit, or over it */
    SPEAKER_FLAP,     /* a route that dampening watches was withdrawn, or has changed */
    SPEAKER_DAMPENED, /* a route is not used for a while */
    SPEAKER_REUSED,
    SPEAKER_STALE, /* graceful restart: kept, swept */
    SPEAKER_MD5,   /* segments with a wrong signature, or none */
    SPEAKER_N_EVENTS
} SpeakerEvent;

typedef struct {
    /* Octets from the transport header on. */
    void (*send)(void *user, unsigned session, SpeakerCarrier carrier, const uint8_t *octets, size_t n);
    /* @text: as routers print it, "neighbor 169.254.100.2 Down Hold Timer Expired"; gone when it returns. */
    void (*log)(void *user, unsigned session, SpeakerEvent event, const char *text);
    /* The way to @prefix is another one. Only what asks may be called from here. */
    void (*changed)(void *user, const DxPrefix *prefix);
    /* How far is it to @next_hop? False: no way there. NULL: everything is 0 away. */
    bool (*metric)(void *user, const DxIp *next_hop, uint32_t *metric);
} SpeakerWatch;

/* -- life --------------------------------------------------------------------------------------------- */

typedef struct Speaker Speaker;

/* Borrows @network, copies @tuning. */
Speaker *dx__bgp_speaker_new(const DxBgpNetwork *network, uint32_t router, const SpeakerTuning *tuning,
                             const SpeakerWatch *watch, void *user);
void dx__bgp_speaker_free(Speaker *speaker);
/* Somebody else looks on from now on: after dx__bgp_converge(). */
void dx__bgp_speaker_watch(Speaker *speaker, const SpeakerWatch *watch, void *user);
/* Cold: all sessions that are not shut begin. */
void dx__bgp_speaker_start(Speaker *speaker, DxTime now_ps);

/* It is later. */
void dx__bgp_speaker_run(Speaker *speaker, DxTime now_ps);
/* When to run it next, whatever comes; DX_TIME_NEVER: not. */
DxTime dx__bgp_speaker_next(const Speaker *speaker);

/* -- what happens to it ------------------------------------------------------------------------------- */

/* From the transport header on; any octets. */
void dx__bgp_speaker_heard(Speaker *speaker, DxTime now_ps, unsigned session, SpeakerCarrier carrier,
                           const uint8_t *octets, size_t n);
/* The line under a session. */
void dx__bgp_speaker_line(Speaker *speaker, DxTime now_ps, unsigned session, bool is_up);
void dx__bgp_speaker_shutdown(Speaker *speaker, DxTime now_ps, unsigned session);
void dx__bgp_speaker_enable(Speaker *speaker, DxTime now_ps, unsigned session);

typedef enum {
    SPEAKER_HARD,     /* Cease, and once more from the beginning */
    SPEAKER_SOFT_IN,  /* what was received goes through the policy again: kept, or asked for anew */
    SPEAKER_SOFT_OUT, /* what is told goes through the policy again */
} SpeakerClear;

void dx__bgp_speaker_clear(Speaker *speaker, DxTime now_ps, unsigned session, SpeakerClear how);
/* From now on; what is there already only after a soft clear. */
void dx__bgp_speaker_set_policy(Speaker *speaker, unsigned session, const DxRouteMap *in,
                                const DxRouteMap *out);
/* The routing process starts anew, forwarding goes on as it was (RFC 4724 4.1): everything learned is
 * forgotten, and connections break without a word. */
void dx__bgp_speaker_restart(Speaker *speaker, DxTime now_ps);

/* A prefix of our own. @map: sets attributes; may be NULL. */
void dx__bgp_speaker_announce(Speaker *speaker, DxTime now_ps, const DxPrefix *prefix, const DxRouteMap *map);
void dx__bgp_speaker_withdraw(Speaker *speaker, DxTime now_ps, const DxPrefix *prefix);
/* metric() has other answers now. */
void dx__bgp_speaker_igp_changed(Speaker *speaker, DxTime now_ps);

/* -- what there is ------------------------------------------------------------------------------------ */

typedef enum {
    SPEAKER_IDLE,
    SPEAKER_CONNECT,
    SPEAKER_ACTIVE,
    SPEAKER_OPEN_SENT,
    SPEAKER_OPEN_CONFIRM,
    SPEAKER_ESTABLISHED,
    SPEAKER_N_STATES
} SpeakerState;

typedef struct {
    SpeakerState state; /* the further one of two connections */
    DxBfdState bfd;
    bool is_shut;
    bool is_over_limit;                      /* Idle (PfxCt) */
    DxTime established_ps, down_ps;          /* the last time each; DX_TIME_NEVER: not yet */
    DxTime hold_ps, keepalive_ps;            /* as negotiated */
    uint32_t router_id;                      /* his */
    unsigned flaps;                          /* out of Established */
    unsigned received, accepted, advertised; /* prefixes */
    uint64_t tx_messages, rx_messages, tx_updates, rx_updates, tx_bytes, rx_bytes;
    uint8_t last_code, last_subcode; /* of the last NOTIFICATION, either way; 0: none */
    const char *last_reason;         /* why it last went down; NULL: it has not */
    TransportCounters tcp;           /* of both connections */
    uint64_t bfd_tx, bfd_rx;
} SpeakerReport;

void dx__bgp_speaker_report(const Speaker *speaker, unsigned session, SpeakerReport *report);
const char *dx__bgp_speaker_state_name(SpeakerState state);

/* One way on. */
typedef struct {
    int session;   /* it was learned there; DX_BGP_NONE: it begins here */
    DxIp next_hop; /* bits 0: here */
} SpeakerHop;

/* The longest prefix that has @ip and a way; NULL: none. Borrowed; @hops: the best one first, then the other
 * ones in order of next hop; @n: room in it, and how many there are. */
const DxPrefix *dx__bgp_speaker_lookup(const Speaker *speaker, const DxIp *ip, SpeakerHop *hops, unsigned *n);
/* The same of exactly @prefix. False: there is no way. */
bool dx__bgp_speaker_route(const Speaker *speaker, const DxPrefix *prefix, SpeakerHop *hops, unsigned *n);
/* All prefixes with a way, in order. */
void dx__bgp_speaker_each(const Speaker *speaker, void (*seen)(void *user, const DxPrefix *prefix),
                          void *user);
unsigned dx__bgp_speaker_n_routes(const Speaker *speaker);
uint64_t dx__bgp_speaker_n_changes(const Speaker *speaker);

/* All paths to @prefix as the decision sees them, for explanations; @paths: room for DX_BGP_PATHS_MAX, points
 * into the speaker until the next call. @incumbent, @sessions: may be NULL. */
unsigned dx__bgp_speaker_paths(const Speaker *speaker, const DxPrefix *prefix, DxBgpPath *paths,
                               int *sessions, int *incumbent);
const DxBgpKnobs *dx__bgp_speaker_knobs(const Speaker *speaker);

/* -- all of them at once ------------------------------------------------------------------------------ */

/**
 * dx__bgp_converge:
 * @speakers: by router of the network, all of them
 * @rtt_ps: NULL, or by session: between its ends, for the transport
 *
 * Instead of dx__bgp_speaker_start(): at time 0 all sessions that can be established are, unless one of the
 * routers starts cold, and have told each other everything; keepalives and BFD packets are each in a phase of
 * their own. The others begin cold.
 *
 * Returns: how many UPDATEs it took
 * @is_settled: (out): false: it would go on for ever, policies contradict each other
 */
uint64_t dx__bgp_converge(Speaker *const *speakers, const DxTime *rtt_ps, bool *is_settled);

#endif
