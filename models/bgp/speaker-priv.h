/*
 * bgp/speaker-priv.h - the inside of a speaker, for its own files
 *
 *   speaker.c   life, time, what happens to it      session.c   life, time, BFD
 *                                                   conn.c      connections, messages
 *   fsm.c       RFC 4271 section 8                  rib.c       paths, decision, what there is
 *   rib-in.c    UPDATEs, policies inbound           rib-out.c   policies outbound, UPDATEs
 *   restart.c   RFC 4724                            converge.c  all of them before time 0
 */
#ifndef DX_BGP_SPEAKER_PRIV_H
#define DX_BGP_SPEAKER_PRIV_H

#include "bgp/attrs.h"
#include "bgp/dampening.h"
#include "bgp/speaker.h"
#include "bgp/trie.h"

typedef struct Session Session;

/* -- FSM --------------------------------------------------------------------------------------------- */

/* RFC 4271 8.1, by their numbers; those of no use here are left out. */
typedef enum {
    BGP_NO_EVENT,
    BGP_MANUAL_START = 1,
    BGP_MANUAL_STOP = 2,
    BGP_MANUAL_START_PASSIVE = 4, /* with PassiveTcpEstablishment */
    BGP_AUTOMATIC_STOP = 8,
    BGP_CONNECT_RETRY_EXPIRES = 9,
    BGP_HOLD_EXPIRES = 10,
    BGP_KEEPALIVE_EXPIRES = 11,
    BGP_DELAY_OPEN_EXPIRES = 12,
    BGP_IDLE_HOLD_EXPIRES = 13,
    BGP_TCP_CR_ACKED = 16,
    BGP_TCP_CONFIRMED = 17,
    BGP_TCP_FAILS = 18,
    BGP_OPEN = 19,
    BGP_OPEN_DELAYED = 20, /* while the DelayOpenTimer runs */
    BGP_HEADER_ERROR = 21,
    BGP_OPEN_ERROR = 22,
    BGP_COLLISION_DUMP = 23,
    BGP_NOTIFICATION_VERSION = 24,
    BGP_NOTIFICATION = 25,
    BGP_KEEPALIVE = 26,
    BGP_UPDATE = 27,
    BGP_UPDATE_ERROR = 28,
} BgpEvent;

typedef enum {
    TIMER_CONNECT_RETRY,
    TIMER_HOLD,
    TIMER_KEEPALIVE,
    TIMER_DELAY_OPEN,
    TIMER_IDLE_HOLD,
    N_TIMERS
} Timer;

#define LARGE_HOLD_PS (240 * DX_S) /* RFC 4271 8.2.2, OpenSent */

/* One connection; each has an FSM of its own (RFC 4271 8.2). */
typedef struct {
    Session *session;
    bool is_ours; /* we connect; else he does */
    bool is_used; /* it is ours to connect, or his */
    SpeakerState state;
    DxTime due_ps[N_TIMERS];
    Transport tcp;
    GByteArray *in;               /* octets that are no whole message yet */
    DxBgpOpen open;               /* his */
    DxBgpFault fault;             /* what we would send */
    DxTime hold_ps, keepalive_ps; /* negotiated */
} Conn;

/* -- RIBs -------------------------------------------------------------------------------------------- */

typedef struct Path Path;

/* A route of Adj-RIB-In, or one of our own. */
struct Path {
    Path *next;     /* of the same prefix, by session */
    DxAttrs *attrs; /* as the decision sees it; NULL: it is not there, and only its flaps are known */
    DxAttrs *raw;   /* as it came; NULL: not kept */
    DxAttrs *used;  /* as it was when it was last among the ways; NULL: it was not */
    DxFlaps *flaps;
    uint64_t received;
    uint16_t session; /* of the speaker; its number of sessions: begins here */
    bool is_denied, is_damped, is_stale;
};

/* A prefix. */
typedef struct {
    DxTrieNode node; /* first */
    Path *paths;
    Path *best;
    DxAttrs *told; /* of the best one, as neighbours have been told, or will be; NULL: there is none */
    int told_of;   /* whose it was */
    bool is_dirty;
    bool has_lost_way; /* one of its ways has gone since the last decision */
    DxAttrs *out[];    /* Adj-RIB-Out by session; behind it, by session, whether it is pending */
} Net;

typedef struct {
    Net *net;
    DxAttrs *attrs; /* borrowed from net->out */
    unsigned next;  /* of its group */
} Announcement;

/* What goes into one UPDATE, or as many as it takes. */
typedef struct {
    DxAttrs *attrs;
    unsigned first, last; /* of the announcements */
} Group;

/* A route that is not used for a while. */
typedef struct {
    Net *net;
    unsigned session;
    DxTime due_ps; /* looked at again */
} Damped;

struct Session {
    Speaker *speaker;
    unsigned index, number; /* in the speaker, in the network */
    unsigned end;
    const DxBgpSession *link;
    const DxBgpEnd *conf;
    const DxRouteMap *in, *out;
    DxBgpSource source;
    uint32_t peer_as, my_as;
    DxIp local_ip, peer_ip;
    DxPrefix subnet;
    DxBgpFamily family;
    const DxBgpRouter *peer;
    char peer_text[DX_IP_TEXT];

    Conn conn[2];
    Conn *up; /* Established; NULL: none */
    bool has_bfd, is_started, is_shut, is_line_down, is_over_limit, has_warned, has_told_md5;
    DxTime idle_hold_ps; /* next time */
    DxTime begin_due_ps; /* by itself: after a limit was passed */
    SpeakerState state;  /* as logged */
    DxRng rng, bfd_rng;
    Bfd bfd;
    const char *reason; /* why it goes down, while it does */
    char reason_text[160], last_reason[160];

    unsigned n_received, n_accepted, n_advertised;
    uint32_t router_id;
    bool can_refresh, can_restart;
    unsigned restart_s;   /* his */
    bool map_sees_prefix; /* outbound */

    /* What is to be told. */
    GPtrArray *pending;   /* Net */
    DxTime flush_ps;      /* when; DX_TIME_NEVER: nothing is pending */
    DxTime not_before_ps; /* MRAI */
    bool is_forced;       /* tell everything, changed or not */
    bool owes_end_of_rib;
    DxAttrs *cached_from, *cached_to; /* the last export */
    int cached_of;
    bool is_cached;

    /* Graceful restart: his, that we help. */
    bool is_helping; /* his routes are kept though he is away */
    DxTime restart_due_ps, stale_due_ps;
    bool has_end_of_rib; /* he has sent it */

    SpeakerReport report; /* counters of it */

    Session *wire;     /* the other end, while converging; NULL: octets go by TCP */
    GByteArray *inbox; /* what has come by it */
};

struct Speaker {
    const DxBgpNetwork *network;
    const DxBgpRouter *router;
    SpeakerTuning tuning;
    DxBgpKnobs knobs;
    const SpeakerWatch *watch;
    void *user;
    DxTime now_ps, next_ps;
    Session *sessions;
    unsigned n_sessions;
    int *index_of; /* session of the network -> ours, or -1 */

    DxTrie nets;
    DxAttrsTable attrs;
    GPtrArray *dirty; /* Net */
    uint64_t n_received, n_changes;
    unsigned n_routes;
    GArray *damped; /* Damped, in the order in which they were */
    DxTime reuse_due_ps;
    bool is_restarting; /* no decisions until everybody has told */
    DxTime defer_due_ps;
    bool is_quiet; /* it has not begun: nobody is told of anything */

    DxBgpUpdate update;
    DxDraft draft, export_draft;
    GArray *announcements, *prefixes, *groups;
    DxBgpPath *path; /* room for the decision */
    Path **path_of;
    DxBgpFate *fate;
    bool *is_used;
    unsigned flush_number;
};

/* Is the prefix to be told to that neighbour? */
static inline uint8_t *net_pending(Net *net, const Session *session)
{
    return (uint8_t *)(net->out + session->speaker->n_sessions) + session->index;
}

/* -- between the files ------------------------------------------------------------------------------- */

/* fsm.c */
void dx__bgp_fsm(Conn *conn, BgpEvent event);
DxTime dx__bgp_jittered(Session *session, DxTime time_ps);
/* It was Established, and is not any more. */
void dx__bgp_session_lost(Session *session, const char *reason, bool keeps_stale);
/* Established at once, without a message. */
void dx__bgp_fsm_converge(Conn *conn);
/* Log and flags once states have moved. */
void dx__bgp_session_settle(Session *session);

/* session.c */
bool dx__bgp_session_may_begin(const Session *session);
void dx__bgp_session_new(Speaker *speaker, Session *session, unsigned number, unsigned end);
void dx__bgp_session_free(Session *session);
void dx__bgp_session_begin(Session *session);
void dx__bgp_session_stop(Session *session, BgpEvent event, const char *reason);
/* The process has gone, and says nothing; the session is not begun again. */
void dx__bgp_session_vanish(Session *session);
/* The other end has gone while they converged. */
void dx__bgp_session_break(Session *session);
void dx__bgp_session_heard(Session *session, SpeakerCarrier carrier, const uint8_t *octets, size_t n);
void dx__bgp_session_run(Session *session);
DxTime dx__bgp_session_next(const Session *session);
void dx__bgp_session_log(Session *session, SpeakerEvent event, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* conn.c */
void dx__bgp_conn_new(Session *session, Conn *conn, bool is_ours);
void dx__bgp_conn_free(Conn *conn);
/* The process has gone, and says nothing. */
void dx__bgp_conn_vanish(Conn *conn);
void dx__bgp_conn_send(Conn *conn, const uint8_t *message, size_t n);
void dx__bgp_conn_open(const Conn *conn, DxBgpOpen *open);
void dx__bgp_conn_send_open(Conn *conn);
void dx__bgp_conn_send_keepalive(Conn *conn);
void dx__bgp_conn_notify(Conn *conn, const DxBgpFault *fault);
void dx__bgp_conn_send_update(Conn *conn, const uint8_t *message, size_t n);
void dx__bgp_conn_drop(Conn *conn);
void dx__bgp_conn_abort(Conn *conn);
void dx__bgp_conn_connect(Conn *conn);
void dx__bgp_conn_listen(Conn *conn);
void dx__bgp_conn_read(Conn *conn, const uint8_t *octets, size_t n);
/* What two ends make of each other's OPEN. False: @fault says why not. */
bool dx__bgp_negotiate(Conn *conn, const DxBgpOpen *open, DxBgpFault *fault);

/* rib.c */
Net *dx__bgp_net(Speaker *speaker, const DxPrefix *prefix);
Path *dx__bgp_path_of(const Net *net, unsigned session);
Path *dx__bgp_path_hold(Net *net, unsigned session);
void dx__bgp_path_set(Speaker *speaker, Net *net, Path *path, DxAttrs *attrs);
void dx__bgp_path_remove(Speaker *speaker, Net *net, Path *path);
void dx__bgp_touch(Speaker *speaker, Net *net);
void dx__bgp_decide_dirty(Speaker *speaker);
void dx__bgp_rib_clear(Speaker *speaker);
void dx__bgp_each_net(Speaker *speaker, void (*seen)(void *user, Net *net), void *user);

/* rib-in.c */
bool dx__bgp_map_sees_prefix(const DxRouteMap *map);
/* False: the session has to end, @fault says why. */
bool dx__bgp_rib_in(Session *session, DxBgpFault *fault);
void dx__bgp_rib_in_again(Session *session);
void dx__bgp_rib_in_lost(Session *session, bool keeps_stale);
void dx__bgp_rib_in_sweep(Session *session);
void dx__bgp_own_announce(Speaker *speaker, const DxPrefix *prefix, const DxRouteMap *map);
void dx__bgp_own_withdraw(Speaker *speaker, const DxPrefix *prefix);
void dx__bgp_reuse(Speaker *speaker);

/* rib-out.c */
void dx__bgp_rib_out_tell(Session *session, Net *net);
void dx__bgp_rib_out_all(Session *session, bool is_forced);
void dx__bgp_rib_out_forget(Session *session);
void dx__bgp_rib_out_flush(Session *session);

/* speaker.c */
void dx__bgp_speaker_live(Speaker *speaker);

/* restart.c */
void dx__bgp_restart_help(Session *session);
void dx__bgp_restart_up(Session *session);
void dx__bgp_restart_end_of_rib(Session *session);
void dx__bgp_restart_run(Session *session);
void dx__bgp_restart_defer(Speaker *speaker);

#endif
