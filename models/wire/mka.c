/*
 * mka - PDUs: IEEE 802.1X clause 11.11
 *
 * A parameter set is a type, an octet and a half of its own, 12 bits of length of what follows these four
 * octets, and that, filled up to a multiple of four. The first one has the version in place of a type.
 */
#include "mka.h"
#include "ethernet.h"
#include "put.h"

#include <openssl/crypto.h>
#include <string.h>

enum {
    SET_LIVE_PEERS = 1,
    SET_POTENTIAL_PEERS = 2,
    SET_SAK_USE = 3,
    SET_DISTRIBUTED_SAK = 4,
    SET_ICV_INDICATOR = 255,
};

#define EAPOL_VERSION     3
#define EAPOL_MKA         5
#define EAPOL_BYTES       4
#define SET_BYTES         4  /* header */
#define BASIC_BYTES       28 /* without CKN */
#define PEER_BYTES        16
#define KEY_BYTES         20
#define SAK_DEFAULT_BYTES 28 /* key number, wrapped key of the default suite */
#define PDU_AT            (DX_ETHERNET_BYTES + EAPOL_BYTES)

static size_t fill_up(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

/* -- writing ----------------------------------------------------------------------------------------- */

/* The header of a set; returns where its body begins. */
static uint8_t *put_set(uint8_t *to, uint8_t type, uint8_t second, uint8_t third, size_t n)
{
    to[0] = type;
    to[1] = second;
    to[2] = (uint8_t)(third | n >> 8);
    to[3] = (uint8_t)n;
    memset(to + SET_BYTES, 0, fill_up(n));
    return to + SET_BYTES;
}

static void put_peer(uint8_t *to, const DxMkaPeer *peer)
{
    memcpy(to, peer->mi, sizeof peer->mi);
    put_u32(to + 12, peer->mn);
}

static uint8_t *put_basic(uint8_t *to, const DxMkaPdu *pdu)
{
    const size_t n = BASIC_BYTES + (size_t)pdu->ckn_bytes;
    const uint8_t flags = (uint8_t)((pdu->is_key_server ? 0x80 : 0) | (pdu->wants_macsec ? 0x40 : 0) |
                                    (pdu->capability & 3) << 4);
    uint8_t *at = put_set(to, pdu->version, pdu->priority, flags, n);

    memcpy(at, pdu->sci, 8);
    put_peer(at + 8, &pdu->actor);
    put_u32(at + 24, pdu->algorithm);
    memcpy(at + BASIC_BYTES, pdu->ckn, pdu->ckn_bytes);
    return at + fill_up(n);
}

static uint8_t *put_peers(uint8_t *to, uint8_t type, const DxMkaPeers *peers)
{
    const size_t n = peers->n * (size_t)PEER_BYTES;
    uint8_t *at;

    if (!n)
        return to;
    at = put_set(to, type, 0, 0, n);
    for (uint32_t i = 0; i < peers->n; i++)
        put_peer(at + i * (size_t)PEER_BYTES, &peers->peer[i]);
    return at + n;
}

static uint8_t *put_key(uint8_t *to, const DxMkaKey *key)
{
    memcpy(to, key->server_mi, 12);
    put_u32(to + 12, key->number);
    put_u32(to + 16, key->lowest_pn);
    return to + KEY_BYTES;
}

static unsigned key_bits(const DxMkaKey *key)
{
    return (key->an & 3u) << 2 | (key->tx ? 2 : 0) | (key->rx ? 1 : 0);
}

static uint8_t *put_use(uint8_t *to, const DxMkaSakUse *use)
{
    const uint8_t flags =
        (uint8_t)((use->plain_tx ? 0x80 : 0) | (use->plain_rx ? 0x40 : 0) | (use->delay_protect ? 0x10 : 0));
    const uint8_t keys = (uint8_t)(key_bits(&use->latest) << 4 | key_bits(&use->old));
    uint8_t *at;

    if (!use->is_given)
        return to;
    if (!use->has_keys)
        return put_set(to, SET_SAK_USE, 0, flags, 0);
    at = put_set(to, SET_SAK_USE, keys, flags, 2 * KEY_BYTES);
    return put_key(put_key(at, &use->latest), &use->old);
}

static uint8_t *put_sak(uint8_t *to, const DxMkaSak *sak)
{
    const uint8_t flags = (uint8_t)(sak->an << 6 | (sak->offset & 3) << 4);
    uint8_t *at;

    if (!sak->is_given)
        return to;
    if (!sak->wrapped_bytes)
        return put_set(to, SET_DISTRIBUTED_SAK, 0, 0, 0);
    at = put_set(to, SET_DISTRIBUTED_SAK, flags, 0, 4u + (sak->suite_id ? 8 : 0) + sak->wrapped_bytes);
    put_u32(at, sak->number);
    at += 4;
    if (sak->suite_id) {
        put_u64(at, sak->suite_id);
        at += 8;
    }
    memcpy(at, sak->wrapped, sak->wrapped_bytes);
    return at + sak->wrapped_bytes;
}

static bool can_encode(const DxMkaPdu *pdu)
{
    const uint8_t wrapped = pdu->sak.wrapped_bytes;

    return pdu->ckn_bytes >= 1 && pdu->ckn_bytes <= DX_MKA_CKN_MAX_BYTES && pdu->live.n <= DX_MKA_PEERS_MAX &&
           pdu->potential.n <= DX_MKA_PEERS_MAX &&
           (wrapped == 0 || wrapped == 24 || (wrapped == 40 && pdu->sak.suite_id));
}

size_t dx__mka_encode(const DxMkaPdu *pdu, const uint8_t sa[6], const uint8_t *ick, size_t ick_bytes,
                      uint8_t *to)
{
    static const uint8_t pae_group[6] = { 0x01, 0x80, 0xC2, 0x00, 0x00, 0x03 };
    uint8_t *at = to + PDU_AT;

    if (!can_encode(pdu))
        return 0;
    dx__ethernet_header(to, pae_group, sa, NULL, 0, DX_TYPE_EAPOL);
    at = put_basic(at, pdu);
    at = put_peers(at, SET_LIVE_PEERS, &pdu->live);
    at = put_peers(at, SET_POTENTIAL_PEERS, &pdu->potential);
    at = put_use(at, &pdu->use);
    at = put_sak(at, &pdu->sak);
    if (pdu->has_indicator) {
        put_set(at, SET_ICV_INDICATOR, 0, 0, DX_MKA_ICV_BYTES);
        at += SET_BYTES;
    }
    to[DX_ETHERNET_BYTES] = EAPOL_VERSION;
    to[DX_ETHERNET_BYTES + 1] = EAPOL_MKA;
    put_u16(to + DX_ETHERNET_BYTES + 2, (uint16_t)(at - to - PDU_AT + DX_MKA_ICV_BYTES));
    memset(at, 0, DX_MKA_ICV_BYTES);
    if (ick && !dx__mka_cmac(ick, ick_bytes, to, (size_t)(at - to), at))
        return 0;
    return (size_t)(at - to) + DX_MKA_ICV_BYTES;
}

/* -- reading ----------------------------------------------------------------------------------------- */

/* A set whose octets are all there. */
typedef struct {
    uint8_t type, second, third;
    const uint8_t *body;
    size_t n;
} Set;

static void get_peer(const uint8_t *from, DxMkaPeer *peer)
{
    memcpy(peer->mi, from, sizeof peer->mi);
    peer->mn = get_u32(from + 12);
}

static const char *get_basic(const Set *set, DxMkaPdu *pdu)
{
    if (set->n <= BASIC_BYTES || set->n > BASIC_BYTES + DX_MKA_CKN_MAX_BYTES)
        return "the CKN has no octets, or more than 32";
    pdu->version = set->type;
    pdu->priority = set->second;
    pdu->is_key_server = set->third & 0x80;
    pdu->wants_macsec = set->third & 0x40;
    pdu->capability = set->third >> 4 & 3;
    memcpy(pdu->sci, set->body, 8);
    get_peer(set->body + 8, &pdu->actor);
    pdu->algorithm = get_u32(set->body + 24);
    pdu->ckn_bytes = (uint8_t)(set->n - BASIC_BYTES);
    memcpy(pdu->ckn, set->body + BASIC_BYTES, pdu->ckn_bytes);
    return NULL;
}

static const char *get_peers(const Set *set, DxMkaPeers *peers)
{
    if (set->n % PEER_BYTES)
        return "a list of peers is no multiple of 16 octets";
    if (set->n / PEER_BYTES > DX_MKA_PEERS_MAX)
        return "there are more than 30 peers";
    peers->n = (uint32_t)(set->n / PEER_BYTES);
    for (uint32_t i = 0; i < peers->n; i++)
        get_peer(set->body + i * (size_t)PEER_BYTES, &peers->peer[i]);
    return NULL;
}

static void get_key(const uint8_t *from, unsigned bits, DxMkaKey *key)
{
    *key = (DxMkaKey){ .an = (uint8_t)(bits >> 2 & 3),
                       .tx = bits & 2,
                       .rx = bits & 1,
                       .number = get_u32(from + 12),
                       .lowest_pn = get_u32(from + 16) };
    memcpy(key->server_mi, from, 12);
}

static const char *get_use(const Set *set, DxMkaSakUse *use)
{
    if (set->n && set->n != 2 * KEY_BYTES)
        return "SAK use has neither no octets nor 40";
    *use = (DxMkaSakUse){ .is_given = true,
                          .plain_tx = set->third & 0x80,
                          .plain_rx = set->third & 0x40,
                          .delay_protect = set->third & 0x10,
                          .has_keys = set->n };
    if (set->n) {
        get_key(set->body, set->second >> 4u, &use->latest);
        get_key(set->body + KEY_BYTES, set->second, &use->old);
    }
    return NULL;
}

static const char *get_sak(const Set *set, DxMkaSak *sak)
{
    const size_t before_key = set->n == SAK_DEFAULT_BYTES ? 4 : 12;

    *sak = (DxMkaSak){ .is_given = true, .an = set->second >> 6, .offset = set->second >> 4 & 3 };
    if (!set->n)
        return NULL;
    if (set->n != SAK_DEFAULT_BYTES && set->n != 12 + 24 && set->n != 12 + 40)
        return "a distributed SAK has neither no octets nor 28, 36 or 52";
    sak->number = get_u32(set->body);
    sak->suite_id = before_key == 12 ? get_u64(set->body + 4) : 0;
    sak->wrapped_bytes = (uint8_t)(set->n - before_key);
    memcpy(sak->wrapped, set->body + before_key, sak->wrapped_bytes);
    return NULL;
}

static const char *get_set(const Set *set, DxMkaPdu *pdu)
{
    switch (set->type) {
    case SET_LIVE_PEERS:
        return get_peers(set, &pdu->live);
    case SET_POTENTIAL_PEERS:
        return get_peers(set, &pdu->potential);
    case SET_SAK_USE:
        return get_use(set, &pdu->use);
    case SET_DISTRIBUTED_SAK:
        return get_sak(set, &pdu->sak);
    default:
        return NULL;
    }
}

/* The set at @at, of @n octets before the ICV; *taken: what it occupies. */
static const char *cut_set(const uint8_t *at, size_t n, Set *set, size_t *taken)
{
    if (n < SET_BYTES)
        return "octets are left over";
    *set = (Set){ at[0], at[1], at[2] & 0xF0, at + SET_BYTES, (size_t)(at[2] & 0x0F) << 8 | at[3] };
    *taken = SET_BYTES + fill_up(set->n);
    return *taken > n ? "a parameter set is longer than the PDU" : NULL;
}

/* Octets from the destination address to the ICV; 0: no MKA. */
static size_t before_icv(const uint8_t *frame, size_t n)
{
    size_t length;

    if (n < PDU_AT || get_u16(frame + 12) != DX_TYPE_EAPOL || frame[DX_ETHERNET_BYTES + 1] != EAPOL_MKA)
        return 0;
    length = get_u16(frame + DX_ETHERNET_BYTES + 2);
    return length < DX_MKA_ICV_BYTES || length > n - PDU_AT ? 0 : PDU_AT + length - DX_MKA_ICV_BYTES;
}

const char *dx__mka_decode(const uint8_t *frame, size_t n, DxMkaPdu *pdu)
{
    const size_t end = before_icv(frame, n);
    size_t at = PDU_AT, taken;
    const char *why = NULL;
    Set set;

    memset(pdu, 0, sizeof *pdu);
    if (!end)
        return "this is no MKA PDU with an ICV";
    for (; at < end && !why; at += taken) {
        if (at > PDU_AT && frame[at] == SET_ICV_INDICATOR) {
            pdu->has_indicator = true;
            return end - at == SET_BYTES && get_u16(frame + at + 2) == DX_MKA_ICV_BYTES
                       ? NULL
                       : "the ICV is not that of the default algorithm";
        }
        why = cut_set(frame + at, end - at, &set, &taken);
        if (!why)
            why = at == PDU_AT ? get_basic(&set, pdu) : get_set(&set, pdu);
    }
    return why ? why : at == PDU_AT ? "there is no basic parameter set" : NULL;
}

bool dx__mka_verify(const uint8_t *frame, size_t n, const uint8_t *ick, size_t ick_bytes)
{
    const size_t end = before_icv(frame, n);
    uint8_t icv[DX_MKA_ICV_BYTES];

    return end && dx__mka_cmac(ick, ick_bytes, frame, end, icv) &&
           !CRYPTO_memcmp(icv, frame + end, sizeof icv);
}
