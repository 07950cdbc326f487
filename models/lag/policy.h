/*
 * policy.h - one number for a flow: what of it a bundle hashes, and how
 *
 * Keys are in network byte order, without separators, in this order: MAC addresses, IP addresses (4 octets
 * for IPv4, 16 for IPv6), ports, protocol; the source first each time. The policies of Linux's bonding driver
 * have hashes of their own, made of words.
 */
#ifndef DX_LAG_POLICY_H
#define DX_LAG_POLICY_H

#include <dxsim/sim.h>
#include "../wire/crc32.h"

typedef enum {
    DX_LAG_SRC_MAC,
    DX_LAG_DST_MAC,
    DX_LAG_SRC_DST_MAC,
    DX_LAG_SRC_IP,
    DX_LAG_DST_IP,
    DX_LAG_SRC_DST_IP,
    DX_LAG_SRC_DST_IP_PORT,
    DX_LAG_5_TUPLE,
    DX_LAG_LAYER2, /* from here on Linux's */
    DX_LAG_LAYER2_3,
    DX_LAG_LAYER3_4,
    DX_LAG_VLAN_SRCMAC,
} DxLagPolicy;

typedef enum { DX_LAG_CRC32, DX_LAG_FNV1A_64, DX_LAG_XOR, DX_LAG_RANDOM } DxLagFunction;

/* In the order of the enums, for parameter tables. */
extern const char *const dx__lag_policies[], *const dx__lag_functions[], *const dx__lag_byte_orders[];

typedef struct {
    DxLagPolicy policy;
    DxLagFunction function; /* not of Linux's policies */
    bool is_big_endian;     /* the host that loads their words */
    uint32_t seed;          /* 0: the hash as it is */
    uint64_t random;        /* what DX_LAG_RANDOM draws from */
    DxCrc32 crc;
} DxLagHash;

/* A flow as its frames look on the bundle. */
typedef struct {
    const DxFlow *flow;
    uint32_t number; /* of the flow */
    uint8_t src_mac[6], dst_mac[6];
    uint16_t vid; /* 0: no tag */
} DxLagKey;

bool dx__lag_is_linux(DxLagPolicy policy);
bool dx__lag_needs_mac(DxLagPolicy policy);
uint32_t dx__lag_hash(const DxLagHash *how, const DxLagKey *key);

#endif
