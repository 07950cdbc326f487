/*
 * bgp-priv.h - BGP of the reference engine: what its parts share
 *
 *   bgp.c (nodes, frames, rows) -> bgp-speaker.c (calls, time, start) -> bgp-session.c (the machine)
 *                                     bgp-rib.c (paths, decisions, telling)   bgp-tcp.c   bgp-bfd.c
 *
 * Everything is a plain array that is gone through from its beginning, and attributes are copied whole.
 * Worked out from docs/models/bgp-session.md and bgp-transport.md.
 */
#ifndef DX_TEST_REFERENCE_BGP_PRIV_H
#define DX_TEST_REFERENCE_BGP_PRIV_H

#include "reference-priv.h"
#include "../../lib/bgp-priv.h"
#include "bgp/bgp.h"
#include "bgp/conf.h"
#include "bgp/dampening.h"
#include "bgp/policy.h"
#include "wire/bfd.h"
#include "wire/bgp.h"
#include "wire/tcp.h"

typedef struct Speaker Speaker;
typedef struct Peer Peer;

/* -- TCP: bgp-tcp.c ------------------------------------------------------------------------------------ */

typedef enum {
    TCP_CLOSED,
    TCP_LISTEN,
    TCP_SYN_SENT,
    TCP_SYN_RECEIVED,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT,   /* we have ended, he has not */
    TCP_CLOSE_WAIT, /* he has, we have not */
    TCP_LAST_ACK,   /* both have */
} TcpState;

typedef enum { TCP_FINISHED, TCP_REFUSED, TCP_RESET, TCP_TIMED_OUT } TcpReason;

#define TCP_WINDOW 65535

typedef struct {
    Peer *peer;
    TcpState state;
    unsigned life; /* a number for each connection */
    uint32_t iss, una, nxt, max;
    uint32_t irs, rcv, acked; /* acked: the last acknowledgment that we sent */
    GByteArray *out;          /* all that was ever given to send; the first octet is iss + 1 */
    bool wants_fin, has_his_fin, knows_his_fin;
    uint32_t his_fin, his_window;
    uint32_t window, threshold, segment; /* of congestion; longest data of a segment */
    DxTime rto, srtt, rttvar;
    bool has_rtt, measures, syn_again;
    uint32_t measured;
    DxTime measured_at, timer_at, ack_at, linger_at;
    unsigned tries, duplicates;
    bool recovers, has_recover;
    uint32_t recover;
    bool has_come[TCP_WINDOW]; /* from rcv on */
    unsigned reach;            /* none of them from here on */
    uint8_t came[TCP_WINDOW];
    uint64_t retransmissions;
    bool told_of_key;
} Tcp;

void tcp_connect(Tcp *tcp, uint32_t iss);
void tcp_listen(Tcp *tcp, uint32_t iss);
void tcp_converged(Tcp *tcp, uint32_t iss, uint32_t his_iss, DxTime rtt);
void tcp_write(Tcp *tcp, const uint8_t *data, size_t n);
void tcp_close(Tcp *tcp);
/* RST, if it is beyond SYN; without a word otherwise. */
void tcp_abort(Tcp *tcp);
/* Without a word. */
void tcp_forget(Tcp *tcp);
bool tcp_is_connected(const Tcp *tcp);
void tcp_heard(Tcp *tcp, const uint8_t *octets, size_t n);
DxTime tcp_due(const Tcp *tcp);
void tcp_tick(Tcp *tcp);

/* -- BFD: bgp-bfd.c ------------------------------------------------------------------------------------ */

typedef struct {
    Peer *peer;
    bool is_on;
    DxBfdState state, his_state;
    uint8_t diagnostic;
    uint32_t mine, yours, multiplier;
    uint32_t conf_us, desired_us, required_us; /* in use and said */
    uint32_t his_desired_us, his_required_us, his_multiplier;
    bool polls;
    DxTime drawn_at, next_at, gone_at, quiet_at; /* last periodic packet; next; detection; end of AdminDown */
    uint64_t interval_us;                        /* that next_at was drawn with */
    DxRng rng;
} Bfd;

void bfd_start(Bfd *bfd);
void bfd_admin_down(Bfd *bfd);
void bfd_path_down(Bfd *bfd);
void bfd_converged(Bfd *bfd, const Bfd *his, DxTime first_at);
void bfd_heard(Bfd *bfd, const DxBfdPacket *packet);
DxTime bfd_due(const Bfd *bfd);
void bfd_tick(Bfd *bfd);

/* -- routes: bgp-rib.c --------------------------------------------------------------------------------- */

#define ATTRS_CLUSTERS 100
#define ATTRS_SEGMENTS 64

typedef struct {
    DxBgpOrigin origin;
    bool has_med, has_local_pref, has_originator;
    uint32_t med, local_pref, originator, weight;
    DxIp next_hop; /* bits 0: none */
    unsigned n_segments, n_asns, n_communities, n_clusters;
    DxAsSegment segments[ATTRS_SEGMENTS];
    uint32_t asns[DX_BGP_ASNS_MAX], communities[DX_BGP_COMMUNITIES_MAX], clusters[ATTRS_CLUSTERS];
} Attrs;

typedef struct {
    DxPrefix prefix;
    Peer *peer; /* NULL: our own */
    bool is_there, is_denied, is_damped, is_stale;
    uint64_t received;
    Attrs came, attrs; /* before and after policy */
    DxFlaps flaps;
    DxTime again_at; /* damped: to be looked at */
    uint64_t damped; /* the order in which they were */
} Path;

typedef struct {
    const Peer *peer; /* NULL: here */
    DxIp next_hop;
} Way;

/* A prefix that was ever heard of. */
typedef struct {
    DxPrefix prefix;
    GPtrArray *paths; /* Path, in the order in which they were first heard of; some are not there */
    Path *best;
    Attrs *best_attrs; /* as it was when it was decided; NULL: no best */
    Way ways[DX_BGP_PATHS_MAX];
    unsigned n_ways;
} Net;

typedef struct {
    DxPrefix prefix;
    bool again; /* after ROUTE-REFRESH: even if it is as he knows it */
} Mark;

typedef struct {
    DxPrefix prefix;
    Attrs *attrs;
} Told;

int prefix_order(const DxPrefix *a, const DxPrefix *b);
Net *rib_find(const Speaker *speaker, const DxPrefix *prefix);
void rib_own(Speaker *speaker, const DxPrefix *prefix, bool is_there);
/* An UPDATE that was read. */
void rib_hear(Peer *peer, const DxBgpUpdate *update, bool is_withdrawal);
void rib_lose(Peer *peer, bool keep);
void rib_sweep(Peer *peer);
void rib_soft_in(Peer *peer);
void rib_reuse(Speaker *speaker);
DxTime rib_reuse_due(const Speaker *speaker);
/* Ways to next hops may be others. */
void rib_moved(Speaker *speaker);
void rib_mark_all(Peer *peer, bool again);
void rib_flush(Peer *peer);
void rib_clear(Speaker *speaker);

/* -- sessions: bgp-session.c --------------------------------------------------------------------------- */

typedef enum { PEER_IDLE, PEER_CONNECT, PEER_ACTIVE, PEER_OPEN_SENT, PEER_OPEN_CONFIRM, PEER_UP } PeerState;

/* One end of a session. */
struct Peer {
    Speaker *speaker;
    Peer *other; /* the other end: of the converged start, and for names */
    const DxBgpSession *session;
    const DxBgpEnd *conf;
    const DxBgpRouter *he;
    uint32_t number, place; /* of the scenario, of the router's own */
    unsigned end;
    bool connects, has_bfd, is_shut, is_limited, is_line_down, is_warned;
    PeerState state;
    DxTime hold_at, retry_at, keepalive_at, idle_at, limit_at, restart_at, stale_at, flush_at, not_before;
    DxTime hold, keepalive; /* agreed */
    DxBgpOpen open;         /* his */
    bool has_stale, sends_eor;
    Tcp tcp;
    Bfd bfd;
    DxRng rng;
    GByteArray *stream;
    GArray *marks;    /* Mark, in no order */
    GArray *told;     /* Told: Adj-RIB-Out */
    GQueue *inbox;    /* GByteArray: converged start */
    uint64_t sent[2]; /* frames: TCP, BFD */

    /* Rows. */
    uint64_t row_state, flaps, establishings, established_ps, down_ps, down_at_ps, detections, detection_ps;
    uint64_t tx_messages, rx_messages, tx_updates, rx_updates, tx_frames, rx_frames;
    uint64_t received, accepted, advertised, error_code, error_subcode, retransmissions, bfd_state;
    uint64_t down_row_ps;
    DxTime went_down_ps; /* not Established since; DX_TIME_NEVER: it is */
    DxTime failed_ps;    /* its line, since it was Established; DX_TIME_NEVER: it works */
};

void peer_begin(Peer *peer);
/* 2, 8: whatever ends it from outside; @fault NULL: without a NOTIFICATION. */
void peer_end(Peer *peer, const DxBgpFault *fault, const char *reason);
void peer_send(Peer *peer, const uint8_t *message, size_t n, DxBgpType type);
void peer_octets(Peer *peer, const uint8_t *data, size_t n); /* TCP has them */
void peer_message(Peer *peer, const uint8_t *message, size_t n, DxBgpType type);
void peer_connected(Peer *peer);
void peer_closed(Peer *peer, const char *reason); /* event 18 */
void peer_limit(Peer *peer);
void peer_bfd_state(Peer *peer, DxBfdState from, DxBfdState to);
void peer_establish(Peer *peer);
/* Would its ends have agreed? Sets what they agree on. */
bool peer_agrees(Peer *peer);
void peer_open(const Peer *peer, DxBgpOpen *open);
void peer_timers_stop(Peer *peer);
bool peer_is(const Peer *peer, DxBgpSessionType type);
DxTime peer_due(const Peer *peer);
/* All of its timers that are due now. */
void peer_tick(Peer *peer);
void peer_state(Peer *peer, PeerState state);

/* -- the speaker: bgp-speaker.c ------------------------------------------------------------------------ */

/* A next hop that was asked for. */
typedef struct {
    DxIp ip;
    bool is_reachable;
    uint32_t metric;
} Hop2;

struct Speaker {
    ReferenceWorld *world;
    const DxBgpRouter *router;
    uint32_t number;
    Node node;
    DxBgpKnobs knobs;
    DxTime now, reaction_ps;
    GPtrArray *peers;   /* Peer, in the order of the scenario */
    GPtrArray *nets;    /* Net, in order of prefixes */
    GPtrArray *touched; /* Net: to be decided */
    GArray *next_hops;  /* Hop2 */
    GArray *changed;    /* DxPrefix: whose way is another one, in this call */
    uint64_t n_received, n_damped;
    bool is_quiet;  /* before the start: nothing is counted */
    uint64_t alarm; /* number of the timer that counts */
    DxTime alarm_at;
    bool *knows_down;    /* by line of the IGP */
    bool *is_trunk_down; /* by trunk: what light says */
    uint64_t *way;       /* by flow: for counting */
    uint32_t seed;       /* of its choice among next hops */
    bool has_started;

    uint64_t routes, changes, changed_ps, convergence_ps, flows_moved, flows_moved_surviving;
};

/* All that was due until now; then what is to be done, then speaker_done(). */
void speaker_call(Speaker *speaker);
void speaker_done(Speaker *speaker);
DxTime speaker_due(const Speaker *speaker);
/* Before time 0. */
void speakers_converge(ReferenceWorld *world, Speaker **speaker, unsigned n, Peer **peer, unsigned n_peers);

/* All of it. */
struct Bgp {
    Speaker **speaker;
    Peer **peer; /* by 2 * session + end */
    unsigned n_speakers, n_peers;
    bool (*says_down)[2]; /* by line of the IGP and end */
    DxTime happened_ps;   /* something, the last time */
    GPtrArray *said;      /* everything that was ever sent */
};

/* -- the network: bgp.c -------------------------------------------------------------------------------- */

void bgp_transmit(Peer *peer, bool is_bfd, const uint8_t *octets, size_t n);
void bgp_log(Peer *peer, const char *event, const char *text);
bool bgp_metric(const Speaker *speaker, const DxIp *next_hop, uint32_t *metric);
/* The way to a prefix is another one. */
void bgp_changed(Speaker *speaker, const DxPrefix *prefix);

#endif
