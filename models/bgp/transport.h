/*
 * transport.h - one TCP connection between two speakers: RFC 9293, 5681, 6298, 6582, 2385
 *
 *   SYN, SYN-ACK, ACK     octets in order, whatever is lost, doubled or overtaken      FIN or RST
 *
 * Segments are octets from the TCP header on. Nothing here knows the engine: who uses it says what time it
 * is, carries segments, and asks when to call again. Time does not go back.
 *
 * Acknowledgments wait for ack_delay_ps for data to go with, but not for the third segment: every second full
 * one, and whatever is out of order or fills a hole, is acknowledged at once. Loss is found by the third
 * duplicate acknowledgment (NewReno) and by the retransmission timer; the window begins with ten segments
 * (RFC 6928). What is given to send goes at once: there is no Nagle.
 * Not modelled: SACK, time stamps, window scaling, ECN, urgent data, TIME-WAIT, discovery of the path's MTU.
 */
#ifndef DX_BGP_TRANSPORT_H
#define DX_BGP_TRANSPORT_H

#include <glib.h>
#include <dxsim/time.h>
#include "wire/tcp.h"

#define TRANSPORT_WINDOW_BYTES 65535
#define TRANSPORT_HOLES_MAX    16 /* runs of octets that wait for what is before them */
/* No segment is longer, header and all. */
#define TRANSPORT_SEGMENT_MAX (DX_TCP_HEADER_BYTES + DX_TCP_OPTIONS_MAX + 65535)

typedef enum {
    TRANSPORT_CLOSED,
    TRANSPORT_LISTEN,
    TRANSPORT_SYN_SENT,
    TRANSPORT_SYN_RECEIVED,
    TRANSPORT_ESTABLISHED,
    TRANSPORT_FIN_WAIT,   /* we have closed, he has not: FIN-WAIT-1 and -2 */
    TRANSPORT_CLOSE_WAIT, /* he has, we have not */
    TRANSPORT_LAST_ACK,   /* both have: CLOSING too */
    TRANSPORT_N_STATES
} TransportState;

typedef enum {
    TRANSPORT_FINISHED,  /* both ends have closed, and everything was acknowledged */
    TRANSPORT_REFUSED,   /* RST for a SYN */
    TRANSPORT_RESET,     /* RST */
    TRANSPORT_TIMED_OUT, /* so many retransmissions in vain */
    TRANSPORT_N_REASONS
} TransportReason;

typedef struct {
    DxIp local, remote; /* of one family */
    uint16_t local_port;
    uint16_t remote_port; /* listening: 0, whoever comes */
    uint16_t mss;         /* the path's MTU less the headers of IP and TCP; 0: of 1500 octets */
    const char *key;      /* for MD5 signatures; NULL: none. Borrowed */
    DxTime ack_delay_ps;
    DxTime rto_min_ps, rto_initial_ps, rto_max_ps;
    unsigned syn_retries, retries; /* of one segment, before it is given up */
    DxTime fin_wait_ps;            /* once our FIN is acknowledged: for more of his, and his FIN */
} TransportConf;

/* What comes of it. All but transmit() may call back, and open or listen anew from closed(). Data still
 * arrive after dx__transport_close(). */
typedef struct {
    void (*transmit)(void *user, const uint8_t *segment, size_t n);
    void (*connected)(void *user);
    void (*arrived)(void *user, const uint8_t *data, size_t n); /* the next octets in order */
    void (*ended)(void *user);                          /* he sends no more; we may still. May be NULL */
    void (*closed)(void *user, TransportReason reason); /* not after dx__transport_abort() */
} TransportWatch;

typedef struct {
    uint32_t from, to; /* sequence numbers */
} TransportRun;

typedef struct {
    uint64_t tx_segments, rx_segments, tx_bytes, rx_bytes; /* bytes: data, once each */
    uint64_t retransmitted, fast_retransmits, timeouts, duplicate_acks, out_of_order;
    uint64_t dropped_malformed, dropped_md5;
} TransportCounters;

typedef struct {
    TransportConf conf;
    const TransportWatch *watch;
    void *user;
    DxTime now_ps;
    TransportState state;
    unsigned life; /* of the connection: goes up when it ends */
    uint16_t remote_port;

    /* What we send. */
    GByteArray *out; /* from una on, without SYN and FIN; what is before `out_from` is gone */
    guint out_from;
    uint32_t iss, una, nxt, max; /* max: one past the highest ever sent */
    uint32_t peer_window;
    uint16_t peer_mss;
    bool wants_fin, is_fin_acked;
    uint32_t cwnd, ssthresh, recover;
    unsigned n_duplicate_acks;
    bool is_recovering;

    /* Round trips: RFC 6298. */
    DxTime srtt_ps, rttvar_ps, rto_ps; /* srtt_ps 0: not measured yet */
    bool is_timing;
    uint32_t timed_seq;
    DxTime timed_ps;
    unsigned n_retries; /* of the oldest segment that is not acknowledged */

    /* What we hear. */
    uint32_t irs, rcv_nxt;
    uint8_t *ahead; /* out of order, by sequence number modulo 65536; NULL: never was any */
    TransportRun run[TRANSPORT_HOLES_MAX];
    unsigned n_runs;
    bool has_fin;
    uint32_t fin_seq;
    uint32_t n_unacked; /* octets in order that we have not acknowledged */
    bool acks_now;      /* unless something that is sent says it first */
    bool acks_alone;    /* without data: nothing else counts as a duplicate acknowledgment (RFC 5681) */

    DxTime rto_due_ps, ack_due_ps, fin_due_ps; /* DX_TIME_NEVER: stopped */
    TransportCounters counters;
} Transport;

/* The defaults: 40 ms of delay, RTO 1 s at first, 200 ms to 60 s (Linux), 6 and 15 retries (Linux), 60 s. */
void dx__transport_conf_init(TransportConf *conf);

void dx__transport_init(Transport *transport, const TransportConf *conf, const TransportWatch *watch,
                        void *user);
void dx__transport_clear(Transport *transport);

/* Only if it is closed. @iss: the first sequence number. */
void dx__transport_open(Transport *transport, DxTime now_ps, uint32_t iss);
void dx__transport_listen(Transport *transport, DxTime now_ps, uint32_t iss);
/* As if it had been up for long, with round trips of @rtt_ps and nothing on its way: at the other end @iss
 * and
 * @irs change places. */
void dx__transport_converge(Transport *transport, DxTime now_ps, uint32_t iss, uint32_t irs, DxTime rtt_ps);

/* Is the segment one of this connection, or a beginning that it listens for? */
bool dx__transport_is_for(const Transport *transport, const uint8_t *segment, size_t n);
/* Any octets. What is for a closed one is answered with RST. */
void dx__transport_receive(Transport *transport, DxTime now_ps, const uint8_t *segment, size_t n);
/* All of it is kept until it is acknowledged. False: not connected, or closed on our side. */
bool dx__transport_send(Transport *transport, DxTime now_ps, const void *data, size_t n);
/* After what was given to send: FIN. */
void dx__transport_close(Transport *transport, DxTime now_ps);
/* RST, and that is all. */
void dx__transport_abort(Transport *transport, DxTime now_ps);
/* Without a word. */
void dx__transport_forget(Transport *transport);
/* Octets given to send that are not acknowledged. */
size_t dx__transport_n_waiting(const Transport *transport);

/* It is later. */
void dx__transport_run(Transport *transport, DxTime now_ps);
/* When to run it next, whatever comes; DX_TIME_NEVER: not. */
DxTime dx__transport_next(const Transport *transport);

const char *dx__transport_state_name(TransportState state);
const char *dx__transport_reason_name(TransportReason reason);

#endif
