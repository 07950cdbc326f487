/*
 * transport-priv.h - what the two halves of the transport share
 */
#ifndef DX_BGP_TRANSPORT_PRIV_H
#define DX_BGP_TRANSPORT_PRIV_H

#include "transport.h"

/* Sequence numbers go round: RFC 9293, section 3.4. */
static inline bool seq_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
    return seq_before(a, b) ? b : a;
}

/* transport-tx.c */
void dx__transport_begin(Transport *transport, uint32_t iss);
void dx__transport_send_syn(Transport *transport);
void dx__transport_send_ack(Transport *transport);
/* In answer to @heard, or of our own accord (NULL). */
void dx__transport_send_rst(Transport *transport, const DxTcpSegment *heard);
/* As much as the windows allow. */
void dx__transport_output(Transport *transport);
void dx__transport_acked(Transport *transport, uint32_t ack);
void dx__transport_duplicate_ack(Transport *transport);
void dx__transport_measure(Transport *transport, DxTime rtt_ps);
/* False: it has been given up. */
bool dx__transport_timeout(Transport *transport);
/* What we may send in one segment, and what we ask for. */
uint32_t dx__transport_send_mss(const Transport *transport);
uint16_t dx__transport_own_mss(const Transport *transport);

#endif
