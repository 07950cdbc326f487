/*
 * mka.h - octets of the MACsec Key Agreement: IEEE 802.1X, clauses 6.2, 9 and 11.11
 *
 *   MSK -> CAK, CKN          a pair of stations that authenticated; or both are configured
 *   CAK, CKN -> KEK, ICK     wrap keys with one, sign with the other
 *   CAK, ... -> SAK          of one secure association; the key server hands it out
 *
 *   | DA, SA, 888E | EAPOL 4 | basic set | live peers | potential peers | SAK use | distributed SAK | ICV 16
 * |
 *
 * Only the step to KEK and ICK pads the CKN. Parameter sets that are not known are passed over.
 */
#ifndef DX_WIRE_MKA_H
#define DX_WIRE_MKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DX_MKA_KEY_MAX_BYTES 32
#define DX_MKA_CKN_MAX_BYTES 32
#define DX_MKA_ICV_BYTES     16
#define DX_MKA_WRAP_BYTES    8 /* that a wrapped key is longer */
#define DX_MKA_PEERS_MAX     30
#define DX_MKA_FRAME_MAX     1500 /* no PDU of this many peers is longer */

/* -- keys: all false only when libcrypto refuses, or a length is none ---------------------------------- */

/* AES-CMAC (RFC 4493) with a key of 16 or 32 octets. */
bool dx__mka_cmac(const uint8_t *key, size_t key_bytes, const void *data, size_t n, uint8_t mac[16]);
/* Clause 6.2.1: AES-CMAC in counter mode, @out_bytes up to 255 * 16. */
bool dx__mka_kdf(const uint8_t *key, size_t key_bytes, const char *label, const void *context,
                 size_t context_bytes, uint8_t *out, size_t out_bytes);
/* Of two stations, in any order. The keys are as long as the MSK. */
bool dx__mka_cak(const uint8_t *msk, size_t msk_bytes, const uint8_t mac_a[6], const uint8_t mac_b[6],
                 uint8_t *cak);
bool dx__mka_ckn(const uint8_t *msk, size_t msk_bytes, const void *session_id, size_t session_bytes,
                 const uint8_t mac_a[6], const uint8_t mac_b[6], uint8_t *ckn, size_t ckn_bytes);
/* As long as the CAK. */
bool dx__mka_kek(const uint8_t *cak, size_t cak_bytes, const uint8_t *ckn, size_t ckn_bytes, uint8_t *kek);
bool dx__mka_ick(const uint8_t *cak, size_t cak_bytes, const uint8_t *ckn, size_t ckn_bytes, uint8_t *ick);
/* @context: nonce of the key server, MIs of all members, key number. */
bool dx__mka_sak(const uint8_t *cak, size_t cak_bytes, const void *context, size_t context_bytes,
                 uint8_t *sak, size_t sak_bytes);
/* RFC 3394; @wrapped has DX_MKA_WRAP_BYTES more. Unwrapping fails if it was not wrapped with this key. */
bool dx__mka_wrap(const uint8_t *kek, size_t kek_bytes, const uint8_t *key, size_t key_bytes,
                  uint8_t *wrapped);
bool dx__mka_unwrap(const uint8_t *kek, size_t kek_bytes, const uint8_t *wrapped, size_t wrapped_bytes,
                    uint8_t *key);

/* -- PDUs ---------------------------------------------------------------------------------------------- */

typedef struct {
    uint8_t mi[12]; /* member identifier */
    uint32_t mn;    /* message number */
} DxMkaPeer;

typedef struct {
    uint32_t n;
    DxMkaPeer peer[DX_MKA_PEERS_MAX];
} DxMkaPeers;

/* A key in use. */
typedef struct {
    uint8_t an;
    bool tx, rx;
    uint8_t server_mi[12];
    uint32_t number, lowest_pn; /* lowest acceptable */
} DxMkaKey;

typedef struct {
    bool is_given;
    bool plain_tx, plain_rx, delay_protect;
    bool has_keys; /* else the set is empty */
    DxMkaKey latest, old;
} DxMkaSakUse;

typedef struct {
    bool is_given;
    uint8_t an, offset; /* offset: 0 no confidentiality, 1 all of it, 2 from 30, 3 from 50 */
    uint32_t number;
    uint64_t suite_id; /* 0: GCM-AES-128, by default */
    uint8_t wrapped[DX_MKA_KEY_MAX_BYTES + DX_MKA_WRAP_BYTES];
    uint8_t wrapped_bytes; /* 24 or 40; 0: no key, plain text from now on */
} DxMkaSak;

typedef struct {
    uint8_t version, priority; /* of the key server: lower wins */
    bool is_key_server, wants_macsec;
    uint8_t capability; /* 0 none, 1 integrity, 2 with offset 0, 3 with any offset */
    uint8_t sci[8];
    DxMkaPeer actor;
    uint32_t algorithm; /* 0080C201 */
    uint8_t ckn[DX_MKA_CKN_MAX_BYTES];
    uint8_t ckn_bytes; /* 1 to 32 */
    DxMkaPeers live, potential;
    DxMkaSakUse use;
    DxMkaSak sak;
    bool has_indicator; /* the ICV is announced by a set of its own */
} DxMkaPdu;

#define DX_MKA_ALGORITHM 0x0080C201u

/**
 * dx__mka_encode:
 * @sa: source address; the destination is the PAE group address
 * @ick: NULL: the ICV is left 0
 * @to: room for DX_MKA_FRAME_MAX octets
 *
 * Returns: length of the frame, without padding and FCS; 0: see above
 */
size_t dx__mka_encode(const DxMkaPdu *pdu, const uint8_t sa[6], const uint8_t *ick, size_t ick_bytes,
                      uint8_t *to);

/**
 * dx__mka_decode:
 * @frame: @n octets from the destination address on; padding is passed over
 *
 * Any octets may come. Does not look at the ICV.
 *
 * Returns: NULL, or what is wrong with it
 */
const char *dx__mka_decode(const uint8_t *frame, size_t n, DxMkaPdu *pdu);
/* Is the ICV right? @frame is one that dx__mka_decode() took. */
bool dx__mka_verify(const uint8_t *frame, size_t n, const uint8_t *ick, size_t ick_bytes);

#endif
