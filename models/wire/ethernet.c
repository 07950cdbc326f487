/*
 * ethernet - see ethernet.h
 */
#include "ethernet.h"
#include "put.h"

#include <string.h>

size_t dx__ethernet_header(uint8_t *to, const uint8_t da[6], const uint8_t sa[6], const DxEthernetTag *tags,
                           unsigned n_tags, uint16_t type)
{
    uint8_t *at = to + 12;

    memcpy(to, da, 6);
    memcpy(to + 6, sa, 6);
    for (unsigned i = 0; i < n_tags; i++, at += DX_ETHERNET_TAG_BYTES) {
        put_u16(at, tags[i].tpid);
        put_u16(at + 2, tags[i].tci);
    }
    put_u16(at, type);
    return DX_ETHERNET_BYTES + (size_t)n_tags * DX_ETHERNET_TAG_BYTES;
}

size_t dx__ethernet_pad(uint8_t *frame, size_t n)
{
    const size_t least = DX_ETHERNET_MIN_BYTES - DX_ETHERNET_FCS_BYTES;

    if (n >= least)
        return n;
    memset(frame + n, 0, least - n);
    return least;
}

/* The least significant octet goes first. */
size_t dx__ethernet_fcs(const DxCrc32 *crc, uint8_t *frame, size_t n)
{
    const uint32_t fcs = dx__crc32(crc, frame, n);

    for (unsigned i = 0; i < DX_ETHERNET_FCS_BYTES; i++)
        frame[n + i] = (uint8_t)(fcs >> 8 * i);
    return n + DX_ETHERNET_FCS_BYTES;
}

void dx__ethernet_address(uint8_t mac[6], const char *name)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 0x100000001b3u;
    for (unsigned i = 0; i < 6; i++)
        mac[i] = (uint8_t)(h >> 8 * i);
    mac[0] = (uint8_t)((mac[0] & ~1u) | 2);
}
