/*
 * attacker - see attacker.h
 */
#include "attacker.h"
#include "packet.h"
#include "put.h"

#include <string.h>

#define ADDRESSES   12 /* octets of both in front of everything else */
#define IPV4_BYTES  20
#define IPV6_BYTES  40
#define FLIPPED_BIT 0x01

/* -- set-up ------------------------------------------------------------------------------------------ */

void dx__attacker_init(DxAttacker *attacker, const char *from, const char *to)
{
    *attacker = (DxAttacker){ .from = from, .to = to };
    dx__crc32_init(&attacker->crc);
    dx__ethernet_address(attacker->sa, from);
    dx__ethernet_address(attacker->da, to);
    dx__ethernet_address(attacker->own, "attacker");
    attacker->clear = g_malloc(DX_WIRE_FRAME_MAX);
    attacker->line = g_malloc(DX_WIRE_FRAME_MAX);
    attacker->forged = g_malloc(DX_WIRE_FRAME_MAX);
}

static void forget_keys(DxAttacker *attacker)
{
    dx__macsec_free(g_steal_pointer(&attacker->tx));
    dx__macsec_free(g_steal_pointer(&attacker->rx));
}

void dx__attacker_clear(DxAttacker *attacker)
{
    forget_keys(attacker);
    memset(attacker->secy.key, 0, sizeof attacker->secy.key);
    g_free(g_steal_pointer(&attacker->clear));
    g_free(g_steal_pointer(&attacker->line));
    g_free(g_steal_pointer(&attacker->forged));
}

bool dx__attacker_secure(DxAttacker *attacker, const DxMacsecConf *conf, GError **error)
{
    forget_keys(attacker);
    attacker->secy = *conf;
    attacker->is_secured = true;
    attacker->rx = dx__macsec_new(conf, error);
    return attacker->rx != NULL;
}

/* The sender's association, about to give number @pn. NULL: libcrypto refuses. */
static DxMacsecSa *sender_at(DxAttacker *attacker, uint64_t pn)
{
    if (attacker->tx && dx__macsec_next_pn(attacker->tx) == pn)
        return attacker->tx;
    dx__macsec_free(g_steal_pointer(&attacker->tx));
    attacker->secy.next_pn = pn;
    return attacker->tx = dx__macsec_new(&attacker->secy, NULL);
}

/* -- packets ----------------------------------------------------------------------------------------- */

static size_t behind_tags(const uint8_t *frame, size_t n)
{
    size_t at = ADDRESSES;

    while (at + 4 <= n && (get_u16(frame + at) == DX_TYPE_C_TAG || get_u16(frame + at) == DX_TYPE_S_TAG))
        at += DX_ETHERNET_TAG_BYTES;
    return at;
}

static size_t ipv4_bytes(const uint8_t *ip, size_t n)
{
    const size_t bytes = n >= IPV4_BYTES ? get_u16(ip + 2) : 0;
    const bool is_good = bytes >= IPV4_BYTES && bytes <= n && ip[0] == 0x45 &&
                         !dx__packet_checksum(dx__packet_sum(0, ip, IPV4_BYTES));

    return is_good ? bytes : 0;
}

static size_t ipv6_bytes(const uint8_t *ip, size_t n)
{
    const size_t bytes = n >= IPV6_BYTES ? IPV6_BYTES + (size_t)get_u16(ip + 4) : 0;

    return bytes <= n && bytes && ip[0] >> 4 == 6 ? bytes : 0;
}

size_t dx__attacker_find(const uint8_t *frame, size_t n, size_t *bytes)
{
    const size_t type = behind_tags(frame, n), at = type + 2;

    *bytes = 0;
    if (at > n)
        return 0;
    if (get_u16(frame + type) == DX_TYPE_IPV4)
        *bytes = ipv4_bytes(frame + at, n - at);
    else if (get_u16(frame + type) == DX_TYPE_IPV6)
        *bytes = ipv6_bytes(frame + at, n - at);
    return *bytes ? at : 0;
}

/* What the protocol's checksum covers, and where it is. 0: it has none, or is cut short. */
static size_t checksum_of(const uint8_t *ip, size_t bytes, uint32_t *sum)
{
    const bool is_ipv6 = ip[0] >> 4 == 6;
    const size_t header = is_ipv6 ? IPV6_BYTES : IPV4_BYTES, n = bytes - header;
    const uint8_t protocol = is_ipv6 ? ip[6] : ip[9];
    const size_t at = protocol == DX_PROTOCOL_UDP && n >= 8                                     ? 6
                      : protocol == DX_PROTOCOL_TCP && n >= 20                                  ? 16
                      : protocol == (is_ipv6 ? DX_PROTOCOL_ICMPV6 : DX_PROTOCOL_ICMP) && n >= 8 ? 2
                                                                                                : 0;

    if (!at)
        return 0;
    *sum = dx__packet_sum(0, ip + header, n);
    if (protocol != DX_PROTOCOL_ICMP) {
        *sum += (uint32_t)n + protocol;
        *sum += is_ipv6 ? dx__packet_sum(0, ip + 8, 32) : dx__packet_sum(0, ip + 12, 8);
    }
    return header + at;
}

static bool is_packet_good(const uint8_t *ip, size_t bytes)
{
    uint32_t sum;

    return !checksum_of(ip, bytes, &sum) || !dx__packet_checksum(sum);
}

/* After its octets were changed. */
static void mend_packet(uint8_t *ip, size_t bytes)
{
    uint32_t sum;
    size_t at;

    if (ip[0] >> 4 == 4) {
        put_u16(ip + 10, 0);
        put_u16(ip + 10, dx__packet_checksum(dx__packet_sum(0, ip, IPV4_BYTES)));
    }
    at = checksum_of(ip, bytes, &sum);
    if (!at)
        return;
    put_u16(ip + at, 0);
    checksum_of(ip, bytes, &sum);
    put_u16(ip + at, dx__packet_checksum(sum));
}

/* -- reading ----------------------------------------------------------------------------------------- */

/* Without a SecTAG, as if the secure data were in clear: without encryption they are, and with an offset
 * their beginning is. Returns the length. */
static size_t strip(const uint8_t *frame, size_t n, uint8_t *to)
{
    DxMacsecTag tag;
    size_t tag_bytes;

    if (dx__macsec_get_tag(frame, n, true, &tag, &tag_bytes) != DX_MACSEC_OK) {
        memcpy(to, frame, n);
        return n;
    }
    memcpy(to, frame, ADDRESSES);
    memcpy(to + ADDRESSES, frame + ADDRESSES + tag_bytes, n - ADDRESSES - tag_bytes);
    return n - tag_bytes;
}

/* Is the packet's header that of the flow? */
static bool is_of_flow(const uint8_t *ip, const DxFlow *flow)
{
    if (flow->is_ipv6)
        return ip[0] >> 4 == 6 && !memcmp(ip + 8, flow->src, 16) && !memcmp(ip + 24, flow->dst, 16);
    return ip[0] >> 4 == 4 && !memcmp(ip + 12, flow->src + 12, 4) && !memcmp(ip + 16, flow->dst + 12, 4);
}

/* @n octets of the line, without FCS. */
static void look(const DxAttacker *attacker, const DxWireFrame *what, size_t n, DxAttackOutcome *outcome)
{
    const uint8_t *line = attacker->line;
    const size_t n_seen = strip(line, n, attacker->forged);
    size_t bytes, at = dx__attacker_find(attacker->forged, n_seen, &bytes);

    outcome->observed = !memcmp(line, attacker->da, 6) && !memcmp(line + 6, attacker->sa, 6);
    outcome->header = at && what->flow && is_of_flow(attacker->forged + at, what->flow);
    if (!outcome->header || bytes != what->frame->size_bytes)
        return;
    dx__frame_packet(what, attacker->clear);
    outcome->read = !memcmp(attacker->forged + at, attacker->clear, bytes);
}

/* -- what he sends ----------------------------------------------------------------------------------- */

/* One bit of the last octet of the packet, or of what he cannot read. Without payload there is nothing to
 * change but the header: there it is the least of the identification, or of the flow label. */
static size_t modify(const DxAttacker *attacker, size_t n)
{
    size_t bytes, at = dx__attacker_find(attacker->line, n, &bytes);
    uint8_t *packet = attacker->forged + at;

    memcpy(attacker->forged, attacker->line, n);
    if (!at) {
        attacker->forged[n - 1 - DX_MACSEC_ICV_BYTES] ^= FLIPPED_BIT;
        return n;
    }
    if (bytes > (packet[0] >> 4 == 6 ? IPV6_BYTES + 8 : IPV4_BYTES + 8))
        packet[bytes - 1] ^= FLIPPED_BIT;
    else
        packet[packet[0] >> 4 == 6 ? 3 : 5] ^= FLIPPED_BIT;
    mend_packet(packet, bytes);
    return n;
}

/* A payload of his own behind the headers of the flow, with the checksums that belong to it. */
static void fill_in(const DxAttacker *attacker, const DxFlow *flow, size_t n)
{
    const DxPacket packet = { .is_ipv6 = flow->is_ipv6, .protocol = flow->protocol };
    size_t bytes, at = dx__attacker_find(attacker->forged, n, &bytes), payload;

    if (!at)
        return;
    payload = dx__packet_payload(&packet, bytes);
    memcpy(attacker->forged + at + payload, attacker->clear, bytes - payload);
    mend_packet(attacker->forged + at, bytes);
}

/* A packet of the flow with a payload of his own, in clear, under his own address or the sender's. */
static size_t make_up(const DxAttacker *attacker, const DxWireFrame *what, size_t overhead, bool is_own,
                      DxRng *random)
{
    DxFrame frame = *what->frame;
    DxWireFrame own = *what;
    size_t n;

    frame.overhead_bytes = (uint8_t)(frame.overhead_bytes - MIN(frame.overhead_bytes, overhead));
    for (size_t i = 0; i < frame.size_bytes; i++)
        attacker->clear[i] = (uint8_t)dx_rng_below(random, 256);
    own.frame = &frame;
    own.octets = what->flow ? NULL : attacker->clear;
    own.n_octets = what->flow ? 0 : frame.size_bytes;
    n = dx__frame_ethernet(&own, NULL, NULL, attacker->forged);
    if (what->flow)
        fill_in(attacker, what->flow, n);
    if (is_own)
        memcpy(attacker->forged + 6, attacker->own, 6);
    return n;
}

/* Under the sender's address, and with his SecTAG: the next number, and an ICV that he has to guess. */
static size_t imitate(const DxAttacker *attacker, size_t n, DxRng *random)
{
    DxMacsecTag tag;
    size_t tag_bytes;

    dx__macsec_get_tag(attacker->line, n, true, &tag, &tag_bytes);
    tag.pn++;
    memcpy(attacker->forged, attacker->line, ADDRESSES);
    dx__macsec_put_tag(attacker->forged + ADDRESSES, &tag);
    for (size_t i = ADDRESSES + tag_bytes; i < n; i++)
        attacker->forged[i] = (uint8_t)dx_rng_below(random, 256);
    return n;
}

/* Length without FCS. @overhead: octets that protection has added; 0: it goes in clear. */
static size_t forge(const DxAttacker *attacker, DxAttackKind kind, const DxWireFrame *what, size_t n,
                    size_t overhead, DxRng *random)
{
    switch (kind) {
    case DX_ATTACK_MODIFY:
        return modify(attacker, n);
    case DX_ATTACK_REPLAY:
        memcpy(attacker->forged, attacker->line, n);
        return n;
    case DX_ATTACK_SPOOF_MAC:
        return overhead ? imitate(attacker, n, random) : make_up(attacker, what, overhead, false, random);
    default:
        return make_up(attacker, what, overhead, kind == DX_ATTACK_INJECT, random);
    }
}

/* -- the receiver ------------------------------------------------------------------------------------ */

static DxAttackVerdict judge_packet(const uint8_t *frame, size_t n)
{
    size_t bytes, at = dx__attacker_find(frame, n, &bytes);
    const unsigned type = get_u16(frame + behind_tags(frame, n));

    if (at ? !is_packet_good(frame + at, bytes) : type == DX_TYPE_IPV4 || type == DX_TYPE_IPV6)
        return DX_ATTACK_BAD_PACKET;
    return DX_ATTACK_ACCEPTED;
}

/* @frame is of no use afterwards. */
static DxAttackVerdict judge(DxAttacker *attacker, uint8_t *frame, size_t n)
{
    static const DxAttackVerdict verdicts[] = {
        [DX_MACSEC_NO_TAG] = DX_ATTACK_NO_TAG, [DX_MACSEC_BAD_TAG] = DX_ATTACK_BAD_TAG,
        [DX_MACSEC_NO_SCI] = DX_ATTACK_NO_SCI, [DX_MACSEC_NO_SA] = DX_ATTACK_NO_SA,
        [DX_MACSEC_LATE] = DX_ATTACK_LATE,     [DX_MACSEC_NOT_VALID] = DX_ATTACK_NOT_VALID,
    };
    DxMacsecVerdict verdict = DX_MACSEC_NO_TAG;

    if (n < DX_ETHERNET_MIN_BYTES || dx__crc32(&attacker->crc, frame, n) != DX_CRC32_GOOD)
        return DX_ATTACK_BAD_FCS;
    n -= DX_ETHERNET_FCS_BYTES;
    if (memcmp(frame, attacker->da, 6))
        return DX_ATTACK_NOT_MINE;
    if (!attacker->is_secured)
        return judge_packet(frame, n);
    if (attacker->rx)
        verdict = dx__macsec_validate(attacker->rx, frame, &n, NULL);
    if (verdict == DX_MACSEC_OK || (verdict == DX_MACSEC_NO_TAG && !attacker->is_must))
        return judge_packet(frame, n);
    return verdicts[verdict];
}

/* The frame itself arrives before what follows it. */
static void receive_original(DxAttacker *attacker, size_t n)
{
    memcpy(attacker->forged, attacker->line, n);
    n = dx__ethernet_fcs(&attacker->crc, attacker->forged, n);
    judge(attacker, attacker->forged, n);
}

DxAttackOutcome dx__attacker_act(DxAttacker *attacker, DxAttackKind kind, const DxWireFrame *what,
                                 uint64_t pn, DxRng *random)
{
    DxMacsecSa *sa = pn ? sender_at(attacker, pn) : NULL;
    const size_t overhead = sa ? dx__macsec_overhead(sa) : 0;
    const bool is_in_place = kind == DX_ATTACK_MODIFY || kind == DX_ATTACK_MITM;
    DxAttackOutcome outcome = { .sends = kind != DX_ATTACK_EAVESDROP };
    size_t n = dx__frame_ethernet(what, sa, NULL, attacker->line);

    look(attacker, what, n, &outcome);
    if (!outcome.sends)
        return outcome;
    if (!is_in_place)
        receive_original(attacker, n);
    n = forge(attacker, kind, what, n, overhead, random);
    outcome.is_protected = get_u16(attacker->forged + ADDRESSES) == DX_TYPE_MACSEC;
    n = dx__ethernet_pad(attacker->forged, n);
    n = dx__ethernet_fcs(&attacker->crc, attacker->forged, n);
    outcome.verdict = judge(attacker, attacker->forged, n);
    return outcome;
}
