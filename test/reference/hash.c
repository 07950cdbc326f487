/*
 * hash - which member of a bundle a flow takes
 *
 * Everything is worked out again for every frame; only what a resilient table did before is remembered.
 */
#include "reference-priv.h"
#include "../../lib/bgp-priv.h"

#include <string.h>

enum { SRC_MAC, DST_MAC, SRC_DST_MAC, SRC_IP, DST_IP, SRC_DST_IP, SRC_DST_IP_PORT, FIVE_TUPLE };
enum { LAYER2 = FIVE_TUPLE + 1, LAYER2_3, LAYER3_4, VLAN_SRCMAC };
enum { CRC32, FNV1A_64, XOR, RANDOM };
enum { MODULO, BUCKETS, RENDEZVOUS, RESILIENT };

/* -- octets ------------------------------------------------------------------------------------------- */

/* IEEE 802.3: polynomial 04C11DB7, bits reflected, begins and ends inverted. "123456789" is CBF43926. */
uint32_t reference_crc32(const uint8_t *data, size_t n)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < n; i++) {
        crc ^= data[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

static uint64_t fnv1a(const uint8_t *data, size_t n)
{
    uint64_t sum = 0xcbf29ce484222325u;

    for (size_t i = 0; i < n; i++)
        sum = (sum ^ data[i]) * 0x100000001b3u;
    return sum;
}

/* Locally administered, for one station: the low octets of the name's FNV-1a, lowest first. */
static void mac_of(const char *name, uint8_t mac[6])
{
    uint64_t sum = fnv1a((const uint8_t *)name, strlen(name));

    for (unsigned i = 0; i < 6; i++, sum >>= 8)
        mac[i] = (uint8_t)sum;
    mac[0] = (uint8_t)(mac[0] / 4 * 4 + 2);
}

/* The whole of a flow, in network byte order: what a policy takes of it are stretches of this. */
typedef struct {
    uint8_t at[6 + 6 + 16 + 16 + 2 + 2 + 1];
} Octets;

enum { AT_SRC_MAC = 0, AT_DST_MAC = 6, AT_SRC = 12, AT_DST = 28, AT_PORTS = 44, AT_PROTOCOL = 48 };

static Octets octets_of(const Hash *hash, const DxFlow *flow)
{
    Octets octets;

    memcpy(octets.at + AT_SRC_MAC, hash->mac[0], 6);
    memcpy(octets.at + AT_DST_MAC, hash->mac[1], 6);
    memcpy(octets.at + AT_SRC, flow->src, 16);
    memcpy(octets.at + AT_DST, flow->dst, 16);
    octets.at[AT_PORTS] = (uint8_t)(flow->src_port / 256);
    octets.at[AT_PORTS + 1] = (uint8_t)(flow->src_port % 256);
    octets.at[AT_PORTS + 2] = (uint8_t)(flow->dst_port / 256);
    octets.at[AT_PORTS + 3] = (uint8_t)(flow->dst_port % 256);
    octets.at[AT_PROTOCOL] = flow->protocol;
    return octets;
}

/* -- policies ----------------------------------------------------------------------------------------- */

static bool is_any(int policy, int a, int b, int c, int d)
{
    return policy == a || policy == b || policy == c || policy == d;
}

static size_t take(uint8_t *key, size_t n, const Octets *octets, unsigned at, unsigned count)
{
    memcpy(key + n, octets->at + at, count);
    return n + count;
}

static size_t key_of(const Hash *hash, const DxFlow *flow, uint8_t *key)
{
    const Octets octets = octets_of(hash, flow);
    const unsigned ip = flow->is_ipv6 ? 16 : 4;
    const int policy = hash->policy;
    size_t n = 0;

    if (is_any(policy, SRC_MAC, SRC_DST_MAC, -1, -1))
        n = take(key, n, &octets, AT_SRC_MAC, 6);
    if (is_any(policy, DST_MAC, SRC_DST_MAC, -1, -1))
        n = take(key, n, &octets, AT_DST_MAC, 6);
    if (is_any(policy, SRC_IP, SRC_DST_IP, SRC_DST_IP_PORT, FIVE_TUPLE))
        n = take(key, n, &octets, AT_SRC + 16 - ip, ip);
    if (is_any(policy, DST_IP, SRC_DST_IP, SRC_DST_IP_PORT, FIVE_TUPLE))
        n = take(key, n, &octets, AT_DST + 16 - ip, ip);
    if (is_any(policy, SRC_DST_IP_PORT, FIVE_TUPLE, -1, -1))
        n = take(key, n, &octets, AT_PORTS, 4);
    if (policy == FIVE_TUPLE)
        n = take(key, n, &octets, AT_PROTOCOL, 1);
    return n;
}

/* Four octets as a host loads them that has the least significant first, or last. */
static uint32_t load(const Hash *hash, const uint8_t *octet)
{
    uint32_t sum = 0;

    for (unsigned i = 0; i < 4; i++)
        sum += (uint32_t)octet[hash->is_big_endian ? i : 3 - i] << (24 - 8 * i);
    return sum;
}

static uint32_t words(const Hash *hash, const DxFlow *flow)
{
    uint32_t sum = 0;

    for (unsigned i = flow->is_ipv6 ? 0 : 12; i < 16; i += 4)
        sum ^= load(hash, flow->src + i) ^ load(hash, flow->dst + i);
    return sum;
}

static uint32_t ports(const Hash *hash, const DxFlow *flow)
{
    Octets octets = octets_of(hash, flow);
    uint8_t *at = octets.at + AT_PORTS;

    switch (flow->protocol) {
    case 6:
    case 17:
    case 33:
    case 132:
    case 136:
        return load(hash, at);
    case 1:
    case 58:
        if (flow->is_ipv6 != (flow->protocol == 58) || flow->src_port == 0)
            return 0;
        at[2] = at[0]; /* type, code, identifier */
        at[3] = at[1];
        at[0] = flow->is_ipv6 ? 128 : 8;
        at[1] = 0;
        return load(hash, at);
    default:
        return 0;
    }
}

static uint32_t linux_sum(const Hash *hash, const DxFlow *flow, uint32_t vid)
{
    const uint8_t *s = hash->mac[0], *d = hash->mac[1];
    const uint32_t layer2 = (flow->is_ipv6 ? 0x86ddu : 0x0800u) ^ s[5] ^ d[5];
    uint32_t sum;

    if (hash->policy == LAYER2)
        return layer2;
    if (hash->policy == VLAN_SRCMAC)
        return vid ^ (uint32_t)(s[0] * 65536 + s[1] * 256 + s[2]) ^
               (uint32_t)(s[3] * 65536 + s[4] * 256 + s[5]);
    sum = words(hash, flow) ^ (hash->policy == LAYER2_3 ? layer2 : ports(hash, flow));
    sum ^= sum / 65536;
    sum ^= sum / 256;
    return hash->policy == LAYER2_3 ? sum : sum / 2;
}

static uint32_t fold(const uint8_t *key, size_t n)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum ^= key[i];
    return (sum / 64) ^ (sum / 8 % 8) ^ (sum % 8);
}

static uint32_t sum_of(const Hash *hash, const DxFlow *flow, uint32_t number, uint32_t vid)
{
    uint8_t key[sizeof(Octets)];
    uint64_t state = hash->random ^ (uint64_t)number << 32;
    size_t n;

    if (hash->policy >= LAYER2)
        return linux_sum(hash, flow, vid);
    n = key_of(hash, flow, key);
    switch (hash->function) {
    case CRC32:
        return reference_crc32(key, n);
    case FNV1A_64:
        return (uint32_t)(fnv1a(key, n) ^ fnv1a(key, n) >> 32);
    case XOR:
        return fold(key, n);
    default:
        return (uint32_t)(dx_splitmix64(&state) >> 32);
    }
}

/* MurmurHash3's finish of the hash and the seed. */
static uint32_t seeded(const Hash *hash, uint32_t sum)
{
    if (!hash->seed)
        return sum;
    sum ^= hash->seed * 0x9e3779b1u;
    sum ^= sum >> 16;
    sum *= 0x85ebca6bu;
    sum ^= sum >> 13;
    sum *= 0xc2b2ae35u;
    return sum ^ sum >> 16;
}

/* -- members ------------------------------------------------------------------------------------------ */

static uint32_t nth_working(const Hash *hash, uint64_t nth)
{
    for (uint32_t i = 0; i < hash->n_members; i++)
        if (hash->is_working[i] && nth-- == 0)
            return i;
    g_assert_not_reached();
}

static uint32_t heaviest(const Hash *hash, uint32_t sum)
{
    uint32_t found = DX_NONE;
    uint64_t most = 0;

    for (uint32_t i = 0; i < hash->n_members; i++) {
        uint64_t state = (uint64_t)(i + 1) << 32 | sum;
        const uint64_t weight = dx_splitmix64(&state);

        if (!hash->is_working[i] || (found != DX_NONE && weight <= most))
            continue;
        found = i;
        most = weight;
    }
    return found;
}

static uint32_t member_of(const Hash *hash, const DxFlow *flow, uint32_t number)
{
    const uint32_t sum = seeded(hash, sum_of(hash, flow, number, hash->vid[number]));

    if (!hash->working)
        return DX_NONE;
    switch (hash->distribution) {
    case BUCKETS:
        return nth_working(hash, sum % hash->n_buckets % hash->working);
    case RENDEZVOUS:
        return heaviest(hash, sum);
    case RESILIENT:
        return hash->owner[sum % hash->n_buckets];
    default:
        return nth_working(hash, sum % hash->working);
    }
}

static uint32_t buckets_of(const Hash *hash, uint32_t member)
{
    uint32_t n = 0;

    for (uint32_t b = 0; b < hash->n_buckets; b++)
        n += hash->owner[b] == member;
    return n;
}

/* The first working member that has fewest buckets. */
static uint32_t poorest(const Hash *hash)
{
    uint32_t found = DX_NONE;

    for (uint32_t i = 0; i < hash->n_members; i++)
        if (hash->is_working[i] && (found == DX_NONE || buckets_of(hash, i) < buckets_of(hash, found)))
            found = i;
    return found;
}

static void change_owners(Hash *hash, uint32_t member, bool is_working)
{
    for (uint32_t b = 0; b < hash->n_buckets; b++)
        if (!is_working && hash->owner[b] == member)
            hash->owner[b] = poorest(hash);
        else if (is_working && (b % hash->n_members == member || hash->owner[b] == DX_NONE))
            hash->owner[b] = member;
}

uint32_t hash_five_tuple(const DxFlow *flow, uint32_t seed)
{
    const Hash hash = { .policy = FIVE_TUPLE, .seed = seed };
    uint8_t key[64];
    const size_t n = key_of(&hash, flow, key);

    return seeded(&hash, reference_crc32(key, n));
}

static const DxFlow *flow_at(const ReferenceWorld *world, uint32_t number)
{
    const uint32_t n = dx__scenario_n_flows(world->scenario);
    uint32_t group = 0;

    if (number >= n)
        return &g_array_index(world->scenario->bgp->flows, DxFlow, number - n);

    while (number >= DX_SC(world->scenario, flows, DxScFlow, group)->first_flow +
                         DX_SC(world->scenario, flows, DxScFlow, group)->n_flows)
        group++;
    return &world->flow[group][number - DX_SC(world->scenario, flows, DxScFlow, group)->first_flow];
}

uint32_t hash_member(const ReferenceWorld *world, const Hash *hash, uint32_t flow)
{
    return member_of(hash, flow_at(world, flow), flow);
}

static uint32_t *members_now(const ReferenceWorld *world, const Hash *hash)
{
    uint32_t *members = g_new(uint32_t, hash->n_flows + 1);

    for (uint32_t i = 0; i < hash->n_flows; i++)
        members[i] = hash->is_seen[i] ? hash_member(world, hash, i) : DX_NONE;
    return members;
}

/* Whether a bundle carries anything is news to who speaks BGP over it. */
static void tell_bgp(ReferenceWorld *world, const Hash *hash, bool worked)
{
    for (uint32_t k = 0; k < 2 * world->scenario->lags->len && worked != (hash->working > 0); k++)
        if (world->hash[k] == hash)
            bgp_bundle(world, k / 2, k % 2, !worked);
}

void hash_set(ReferenceWorld *world, Hash *hash, uint32_t member, bool is_working)
{
    const bool worked = hash->working > 0;
    uint32_t *before, *after;
    uint64_t moved = 0, surviving = 0;
    char *detail;

    if (hash->is_working[member] == is_working)
        return;
    before = members_now(world, hash);
    hash->is_working[member] = is_working;
    hash->working += is_working ? 1 : -1ull;
    change_owners(hash, member, is_working);
    after = members_now(world, hash);
    for (uint32_t i = 0; i < hash->n_flows; i++)
        if (before[i] != after[i] && before[i] != DX_NONE && after[i] != DX_NONE) {
            moved++;
            surviving += hash->is_working[before[i]];
        }
    g_free(before);
    g_free(after);
    hash->flows_moved += moved;
    hash->flows_moved_surviving += surviving;
    detail = g_strdup_printf("%" G_GUINT64_FORMAT " of %u work; %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                             " flows moved, %" G_GUINT64_FORMAT " of them from members that work",
                             hash->working, hash->n_members, moved, hash->flows, surviving);
    world_log(world, hash->node.name, "members", detail);
    g_free(detail);
    if (hash->marks)
        marks_changed(world, hash);
    tell_bgp(world, hash, worked);
}

void hash_observe(const ReferenceWorld *world, Hash *hash)
{
    uint32_t *members = members_now(world, hash);
    uint64_t *n_on = g_new0(uint64_t, hash->n_members), all = 0, most = 0;

    for (uint32_t i = 0; i < hash->n_flows; i++)
        if (members[i] != DX_NONE) {
            n_on[members[i]]++;
            most = MAX(most, n_on[members[i]]);
            all++;
        }
    hash->imbalance = all ? (double)(most * hash->working) / (double)all : 0;
    g_free(members);
    g_free(n_on);
}

/* -- frames ------------------------------------------------------------------------------------------- */

void hash_forward(ReferenceWorld *world, Hash *hash, Frame *frame, uint32_t member)
{
    if (member != DX_NONE) {
        world_send(world, hash->member[member], frame);
        return;
    }
    hash->dropped_no_member++;
    frame_drop(world, &hash->node, frame, "no_member");
}

void hash_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Hash *hash = who;
    uint32_t member;

    (void)arg;
    if (!hash->is_seen[frame->flow]) {
        hash->is_seen[frame->flow] = true;
        hash->vid[frame->flow] = frame->tpid ? frame->vid : 0;
        hash->flows++;
    }
    member = hash_member(world, hash, frame->flow);
    if (!hash->marks || !marks_keep(world, hash, frame, member))
        hash_forward(world, hash, frame, member);
}

/* -- set-up ------------------------------------------------------------------------------------------- */

static void set_what_is_hashed(ReferenceWorld *world, Hash *hash, const DxScLag *lag, unsigned direction)
{
    DxRng rng;

    hash->policy = (int)conf_int(world, "hash", lag->hash, "hash");
    hash->function = (int)conf_int(world, "hash", lag->hash, "function");
    hash->is_big_endian = conf_int(world, "hash", lag->hash, "byte_order") == 1;
    if (world->flaw != REFERENCE_SEEDLESS)
        hash->seed = (uint32_t)conf_int(world, "hash", lag->hash, "seed");
    node_rng(world, &hash->node, "members", &rng);
    hash->random = dx_rng_u64(&rng);
    for (unsigned end = 0; end < 2; end++)
        mac_of(DX_SC(world->scenario, nodes, DxScNode, lag->end[end ^ direction])->name, hash->mac[end]);
}

static void set_buckets(ReferenceWorld *world, Hash *hash, const DxScLag *lag)
{
    const uint32_t asked = (uint32_t)conf_int(world, "hash", lag->hash, "buckets");

    hash->distribution = (int)conf_int(world, "hash", lag->hash, "distribution");
    if (hash->distribution == BUCKETS)
        hash->n_buckets = asked ? asked : 8;
    if (hash->distribution == RESILIENT)
        hash->n_buckets = asked ? asked : 256;
    hash->owner = g_new(uint32_t, hash->n_buckets + 1);
    for (uint32_t b = 0; b < hash->n_buckets; b++)
        hash->owner[b] = b % hash->n_members;
}

Hash *hash_new(ReferenceWorld *world, uint32_t index, unsigned direction)
{
    const DxScLag *lag = DX_SC(world->scenario, lags, DxScLag, index);
    char *name = dx__scenario_direction(world->scenario, lag->name, lag->end, direction);
    Hash *hash = g_new0(Hash, 1);

    node_init(world, &hash->node, node_name(name, "hash"));
    g_free(name);
    for (uint32_t i = 0; i < world->scenario->flows->len; i++)
        hash->n_flows += DX_SC(world->scenario, flows, DxScFlow, i)->n_flows;
    hash->n_flows += world->scenario->bgp ? world->scenario->bgp->flows->len : 0;
    hash->working = hash->n_members = lag->n_members;
    hash->member = g_new0(const Hop *, hash->n_members);
    hash->is_working = g_new(bool, hash->n_members);
    memset(hash->is_working, true, hash->n_members * sizeof(bool));
    hash->is_seen = g_new0(bool, hash->n_flows + 1);
    hash->vid = g_new0(uint32_t, hash->n_flows + 1);
    set_what_is_hashed(world, hash, lag, direction);
    set_buckets(world, hash, lag);
    hash->marks = marks_new(world, hash, lag->lacp[direction]);
    return hash;
}

void hash_free(Hash *hash)
{
    if (!hash)
        return;
    marks_free(hash->marks);
    g_free(hash->member);
    g_free(hash->is_working);
    g_free(hash->is_seen);
    g_free(hash->vid);
    g_free(hash->owner);
    g_free(hash->node.name);
    g_free(hash);
}
