/*
 * policy - see policy.h
 *
 * Linux (drivers/net/bonding): words are 32 bits of the packet as the host loads them, an IPv6 address is the
 * exclusive or of its four.
 *
 *   layer2         smac[5] ^ dmac[5] ^ EtherType
 *   layer2+3       h = layer2 ^ src ^ dst; h ^= h >> 16; h ^= h >> 8
 *   layer3+4       h = ports ^ src ^ dst; the same; h >>= 1
 *   vlan+srcmac    vid ^ smac[0..2] ^ smac[3..5]
 *
 * A seed is mixed in behind the hash, not put into the key: CRC-32 is linear, so another start value would
 * only rename the members of a bundle of two, four or eight, and two stages would still agree.
 */
#include "policy.h"
#include "../wire/ethernet.h"
#include "../wire/put.h"

#include <string.h>

const char *const dx__lag_policies[] = { "src-mac",    "dst-mac",         "src-dst-mac", "src-ip", "dst-ip",
                                         "src-dst-ip", "src-dst-ip-port", "5-tuple",     "layer2", "layer2+3",
                                         "layer3+4",   "vlan+srcmac",     NULL };
const char *const dx__lag_functions[] = { "crc32", "fnv1a-64", "xor", "random", NULL };
const char *const dx__lag_byte_orders[] = { "little-endian", "big-endian", NULL };

#define KEY_MAX (2 * 6 + 2 * 16 + 2 * 2 + 1)

bool dx__lag_is_linux(DxLagPolicy policy)
{
    return policy >= DX_LAG_LAYER2;
}

bool dx__lag_needs_mac(DxLagPolicy policy)
{
    return policy <= DX_LAG_SRC_DST_MAC || policy == DX_LAG_LAYER2 || policy == DX_LAG_LAYER2_3 ||
           policy == DX_LAG_VLAN_SRCMAC;
}

/* -- keys --------------------------------------------------------------------------------------------- */

enum { SRC_MAC = 1, DST_MAC = 2, SRC_IP = 4, DST_IP = 8, PORTS = 16, PROTOCOL = 32 };

static unsigned parts_of(DxLagPolicy policy)
{
    static const uint8_t parts[] = {
        [DX_LAG_SRC_MAC] = SRC_MAC,
        [DX_LAG_DST_MAC] = DST_MAC,
        [DX_LAG_SRC_DST_MAC] = SRC_MAC | DST_MAC,
        [DX_LAG_SRC_IP] = SRC_IP,
        [DX_LAG_DST_IP] = DST_IP,
        [DX_LAG_SRC_DST_IP] = SRC_IP | DST_IP,
        [DX_LAG_SRC_DST_IP_PORT] = SRC_IP | DST_IP | PORTS,
        [DX_LAG_5_TUPLE] = SRC_IP | DST_IP | PORTS | PROTOCOL,
    };

    return parts[policy];
}

static unsigned put_octets(uint8_t *to, const uint8_t *from, unsigned n)
{
    memcpy(to, from, n);
    return n;
}

static unsigned put_key(uint8_t to[KEY_MAX], unsigned parts, const DxLagKey *key)
{
    const DxFlow *flow = key->flow;
    const unsigned skip = flow->is_ipv6 ? 0 : 12;
    unsigned n = 0;

    if (parts & SRC_MAC)
        n += put_octets(to + n, key->src_mac, 6);
    if (parts & DST_MAC)
        n += put_octets(to + n, key->dst_mac, 6);
    if (parts & SRC_IP)
        n += put_octets(to + n, flow->src + skip, 16 - skip);
    if (parts & DST_IP)
        n += put_octets(to + n, flow->dst + skip, 16 - skip);
    if (parts & PORTS) {
        put_u16(to + n, flow->src_port);
        put_u16(to + n + 2, flow->dst_port);
        n += 4;
    }
    if (parts & PROTOCOL)
        to[n++] = flow->protocol;
    return n;
}

/* -- functions of a key ------------------------------------------------------------------------------- */

/* 64 bits, folded to 32. */
static uint32_t fnv1a(const uint8_t *data, unsigned n)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (unsigned i = 0; i < n; i++)
        h = (h ^ data[i]) * 0x100000001b3u;
    return (uint32_t)(h ^ h >> 32);
}

/* All octets, folded to 3 bits: eight buckets. */
static uint32_t xor_fold(const uint8_t *data, unsigned n)
{
    uint32_t h = 0;

    for (unsigned i = 0; i < n; i++)
        h ^= data[i];
    return (h ^ h >> 3 ^ h >> 6) & 7;
}

/* A number of the flow's own, whatever its key is. */
static uint32_t draw(const DxLagHash *how, const DxLagKey *key)
{
    uint64_t state = how->random ^ (uint64_t)key->number << 32;

    return (uint32_t)(dx_splitmix64(&state) >> 32);
}

static uint32_t hash_key(const DxLagHash *how, const DxLagKey *key)
{
    uint8_t octets[KEY_MAX];
    const unsigned n = put_key(octets, parts_of(how->policy), key);

    switch (how->function) {
    case DX_LAG_FNV1A_64:
        return fnv1a(octets, n);
    case DX_LAG_XOR:
        return xor_fold(octets, n);
    case DX_LAG_RANDOM:
        return draw(how, key);
    default:
        return dx__crc32(&how->crc, octets, n);
    }
}

/* -- Linux -------------------------------------------------------------------------------------------- */

/* Four octets as the host loads them. */
static uint32_t word(const DxLagHash *how, const uint8_t *from)
{
    const uint32_t value = get_u32(from);

    return how->is_big_endian ? value
                              : value >> 24 | (value >> 8 & 0xFF00) | (value << 8 & 0xFF0000) | value << 24;
}

static uint32_t address_word(const DxLagHash *how, const uint8_t address[16], bool is_ipv6)
{
    uint32_t value = word(how, address + 12);

    for (unsigned i = 0; is_ipv6 && i < 12; i += 4)
        value ^= word(how, address + i);
    return value;
}

/* TCP, UDP, DCCP, SCTP and UDP-Lite begin with their ports; an echo request with type, code, checksum, and
 * its identifier counts in place of the checksum. */
static uint32_t ports_word(const DxLagHash *how, const DxFlow *flow)
{
    uint8_t octets[4] = { flow->is_ipv6 ? 128 : 8, 0 };

    if (flow->protocol == (flow->is_ipv6 ? 58 : 1)) {
        put_u16(octets + 2, flow->src_port);
        return flow->src_port ? word(how, octets) : 0;
    }
    if (flow->protocol != 6 && flow->protocol != 17 && flow->protocol != 33 && flow->protocol != 132 &&
        flow->protocol != 136)
        return 0;
    put_u16(octets, flow->src_port);
    put_u16(octets + 2, flow->dst_port);
    return word(how, octets);
}

static uint32_t layer2(const DxLagKey *key)
{
    return (uint32_t)(key->src_mac[5] ^ key->dst_mac[5]) ^ (key->flow->is_ipv6 ? DX_TYPE_IPV6 : DX_TYPE_IPV4);
}

static uint32_t vlan_srcmac(const DxLagKey *key)
{
    const uint8_t *mac = key->src_mac;

    return key->vid ^ ((uint32_t)mac[0] << 16 | (uint32_t)mac[1] << 8 | mac[2]) ^
           ((uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 | mac[5]);
}

static uint32_t hash_linux(const DxLagHash *how, const DxLagKey *key)
{
    const DxFlow *flow = key->flow;
    uint32_t h;

    if (how->policy == DX_LAG_LAYER2)
        return layer2(key);
    if (how->policy == DX_LAG_VLAN_SRCMAC)
        return vlan_srcmac(key);
    h = how->policy == DX_LAG_LAYER2_3 ? layer2(key) : ports_word(how, flow);
    h ^= address_word(how, flow->src, flow->is_ipv6) ^ address_word(how, flow->dst, flow->is_ipv6);
    h ^= h >> 16;
    h ^= h >> 8;
    return how->policy == DX_LAG_LAYER3_4 ? h >> 1 : h;
}

/* The finish of MurmurHash3: one to one, and no bit of the result is linear in those of @h. */
static uint32_t mix(uint32_t h)
{
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return h ^ h >> 16;
}

uint32_t dx__lag_hash(const DxLagHash *how, const DxLagKey *key)
{
    const uint32_t h = dx__lag_is_linux(how->policy) ? hash_linux(how, key) : hash_key(how, key);

    return how->seed ? mix(h ^ how->seed * 0x9e3779b1u) : h;
}
