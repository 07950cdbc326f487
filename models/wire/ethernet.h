/*
 * ethernet.h - octets of an Ethernet frame around its packet: IEEE 802.3 clause 3, IEEE 802.1Q clause 9
 *
 *   | DA 6 | SA 6 | TPID 2, TCI 2 for every tag | type 2 | packet | padding to 60 | FCS 4 |
 *
 * Everything is written into the caller's buffer, which has room. Each returns the length so far.
 */
#ifndef DX_WIRE_ETHERNET_H
#define DX_WIRE_ETHERNET_H

#include "crc32.h"

#define DX_ETHERNET_BYTES     14
#define DX_ETHERNET_TAG_BYTES 4
#define DX_ETHERNET_FCS_BYTES 4
#define DX_ETHERNET_MIN_BYTES 64 /* with FCS */

enum {
    DX_TYPE_IPV4 = 0x0800,
    DX_TYPE_C_TAG = 0x8100,
    DX_TYPE_IPV6 = 0x86DD,
    DX_TYPE_SLOW = 0x8809, /* IEEE 802.3 annex 57A */
    DX_TYPE_EAPOL = 0x888E,
    DX_TYPE_S_TAG = 0x88A8,
    DX_TYPE_LOCAL = 0x88B5, /* for local experiments */
    DX_TYPE_MACSEC = 0x88E5,
};

typedef struct {
    uint16_t tpid, tci;
} DxEthernetTag;

/* Addresses, tags with the outer one first, type. */
size_t dx__ethernet_header(uint8_t *to, const uint8_t da[6], const uint8_t sa[6], const DxEthernetTag *tags,
                           unsigned n_tags, uint16_t type);
/* @n octets become long enough for an FCS behind them. */
size_t dx__ethernet_pad(uint8_t *frame, size_t n);
size_t dx__ethernet_fcs(const DxCrc32 *crc, uint8_t *frame, size_t n);

/* An address of its own for everything with a name: locally administered, for one station, 46 bits of FNV-1a.
 */
void dx__ethernet_address(uint8_t mac[6], const char *name);

#endif
