/*
 * octets.h - which of a frame's octets a rate and a bucket count
 *
 *   packet   the IP packet: RFC 2697, RFC 2698
 *   tc       header 14, tags and security headers, packet: what Linux's traffic control sees; no FCS, no
 *            padding
 *   frame    from destination address to FCS, at least 64: MEF 10, and the queue of a port
 *   wire     20 more for preamble, SFD and gap: what a line's rate carries
 */
#ifndef DX_OCTETS_H
#define DX_OCTETS_H

#include <glib.h>
#include <dxsim/frame.h>

enum { OCTETS_PACKET, OCTETS_TC, OCTETS_FRAME, OCTETS_WIRE };

G_GNUC_UNUSED static const char *const octets_names[] = { "packet", "tc", "frame", "wire", NULL };

typedef struct {
    uint32_t more, least;
    uint8_t overhead; /* mask: do tags and security headers count? */
} Octets;

static inline Octets octets_of(int counts)
{
    static const Octets known[] = { [OCTETS_PACKET] = { 0, 0, 0 },
                                    [OCTETS_TC] = { 14, 0, UINT8_MAX },
                                    [OCTETS_FRAME] = { 14 + 4, 64, UINT8_MAX },
                                    [OCTETS_WIRE] = { 14 + 4 + 7 + 1 + 12, 84, UINT8_MAX } };

    return known[counts];
}

static inline uint32_t octets_in(const Octets *octets, const DxFrame *frame)
{
    const uint32_t bytes = frame->size_bytes + (uint32_t)(frame->overhead_bytes & octets->overhead);

    return MAX(bytes + octets->more, octets->least);
}

/* The longest IP packet without tags that counts as @bytes at most; -1: none does. */
static inline int64_t octets_packet(const Octets *octets, uint64_t bytes)
{
    if (bytes < octets->least || bytes < octets->more)
        return -1;
    return (int64_t)MIN(bytes, UINT32_MAX) - octets->more;
}

#endif
