/*
 * dxsim/frame.h - what travels: frame descriptors and bursts of them
 *
 * A frame is a descriptor without payload: 32 bytes, so that two share a cache line. A burst is up to
 * DX_BURST_MAX frames in time order. Array of structs: against an array of times beside an array of the rest
 * it measured equal on chains and on split and merge, and it is the simpler one. The layout is public ABI.
 */
#ifndef DXSIM_FRAME_H
#define DXSIM_FRAME_H

#include <assert.h>
#include <stdint.h>
#include <dxsim/time.h>

#define DX_BURST_MAX 256

enum {
    DX_FRAME_CONTROL = 1 << 0, /* belongs to a protocol: an agent waits for it */
    DX_FRAME_SIDE = 1 << 1,    /* `side` holds a handle, and the sequence number is in the record */
    DX_FRAME_TAGGED = 1 << 2,  /* `tci` is on the wire */
    DX_FRAME_ECN_SHIFT = 3,    /* two bits: RFC 3168 */
    DX_FRAME_COLOUR_SHIFT = 5, /* two bits: green, yellow, red (RFC 2697) */
    DX_FRAME_S_TAG = 1 << 7,   /* the tag is a service provider's: TPID 88A8 in place of 8100 */
    DX_FRAME_VIF = 1 << 8,     /* has the tag of the VIF that its flow is on: alone, or under a DX_FRAME_S_TAG */
    DX_FRAME_SECTAG = 1 << 9,  /* protected by MACsec: SecTAG and ICV are in `overhead_bytes` */
    DX_FRAME_AN_SHIFT = 10,    /* two bits: association number, with DX_FRAME_SECTAG */
};

typedef struct {
    DxTime t_ps;     /* last bit, at the node that looks at it */
    DxTime birth_ps; /* left its source */
    uint32_t flow;   /* index into the simulation's flows */
    union {
        uint32_t seq;  /* number within the flow, from 0, wraps */
        uint32_t side; /* with DX_FRAME_SIDE */
    };
    uint16_t size_bytes;    /* the IP packet */
    uint8_t overhead_bytes; /* tags and security headers on top of plain Ethernet */
    uint8_t ttl;            /* IPv4 time to live, IPv6 hop limit */
    uint16_t tci;           /* IEEE 802.1Q: PCP 3 bits, DEI 1, VID 12 */
    uint16_t flags;
} DxFrame;

static_assert(sizeof(DxFrame) == 32, "two frames a cache line");

/* PCP of a frame, tagged or not: the class it is queued in. */
static inline unsigned dx_frame_pcp(const DxFrame *frame)
{
    return frame->tci >> 13;
}

/* The frames belong to whoever was passed the burst, until it emits, drops or consumes them. */
typedef struct {
    DxFrame *frame;
    unsigned n;
} DxBurst;

#endif
