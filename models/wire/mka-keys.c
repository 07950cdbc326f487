/*
 * mka-keys - keys from keys: IEEE 802.1X clauses 6.2 and 9.3, RFC 3394, RFC 4493
 */
#include "mka.h"
#include "put.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <string.h>

#define BLOCK_BYTES 16

static bool is_key(size_t key_bytes)
{
    return key_bytes == 16 || key_bytes == 32;
}

/* -- AES-CMAC ---------------------------------------------------------------------------------------- */

static EVP_MAC_CTX *cmac_new(const uint8_t *key, size_t key_bytes)
{
    char cipher[] = "AES-256-CBC";
    OSSL_PARAM params[2];
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;

    EVP_MAC_free(mac);
    if (key_bytes == 16)
        memcpy(cipher, "AES-128", 7);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0);
    params[1] = OSSL_PARAM_construct_end();
    if (context && is_key(key_bytes) && EVP_MAC_init(context, key, key_bytes, params) == 1)
        return context;
    EVP_MAC_CTX_free(context);
    return NULL;
}

static bool cmac_end(EVP_MAC_CTX *context, uint8_t mac[BLOCK_BYTES])
{
    size_t n;

    return EVP_MAC_final(context, mac, &n, BLOCK_BYTES) == 1 && n == BLOCK_BYTES;
}

bool dx__mka_cmac(const uint8_t *key, size_t key_bytes, const void *data, size_t n, uint8_t mac[16])
{
    EVP_MAC_CTX *context = cmac_new(key, key_bytes);
    const bool done = context && EVP_MAC_update(context, data, n) == 1 && cmac_end(context, mac);

    EVP_MAC_CTX_free(context);
    return done;
}

/* -- derivation: T_i = CMAC(key, i || label || 00 || context || bits wanted), i from 1 ----------------- */

bool dx__mka_kdf(const uint8_t *key, size_t key_bytes, const char *label, const void *context,
                 size_t context_bytes, uint8_t *out, size_t out_bytes)
{
    EVP_MAC_CTX *cmac = cmac_new(key, key_bytes);
    uint8_t block[BLOCK_BYTES], wanted[2];
    bool done = cmac && out_bytes <= 255 * BLOCK_BYTES;

    put_u16(wanted, (uint16_t)(out_bytes * 8));
    for (size_t at = 0; done && at < out_bytes; at += BLOCK_BYTES) {
        const uint8_t i = (uint8_t)(at / BLOCK_BYTES + 1);
        const size_t n = out_bytes - at < BLOCK_BYTES ? out_bytes - at : BLOCK_BYTES;

        done = EVP_MAC_init(cmac, NULL, 0, NULL) == 1 && EVP_MAC_update(cmac, &i, 1) == 1 &&
               EVP_MAC_update(cmac, (const uint8_t *)label, strlen(label) + 1) == 1 &&
               EVP_MAC_update(cmac, context, context_bytes) == 1 && EVP_MAC_update(cmac, wanted, 2) == 1 &&
               cmac_end(cmac, block);
        memcpy(out + at, block, done ? n : 0);
    }
    EVP_MAC_CTX_free(cmac);
    return done;
}

/* The lower address first. */
static void put_pair(uint8_t to[12], const uint8_t mac_a[6], const uint8_t mac_b[6])
{
    const bool is_a_first = memcmp(mac_a, mac_b, 6) <= 0;

    memcpy(to, is_a_first ? mac_a : mac_b, 6);
    memcpy(to + 6, is_a_first ? mac_b : mac_a, 6);
}

bool dx__mka_cak(const uint8_t *msk, size_t msk_bytes, const uint8_t mac_a[6], const uint8_t mac_b[6],
                 uint8_t *cak)
{
    uint8_t pair[12];

    put_pair(pair, mac_a, mac_b);
    return dx__mka_kdf(msk, msk_bytes, "IEEE8021 EAP CAK", pair, sizeof pair, cak, msk_bytes);
}

bool dx__mka_ckn(const uint8_t *msk, size_t msk_bytes, const void *session_id, size_t session_bytes,
                 const uint8_t mac_a[6], const uint8_t mac_b[6], uint8_t *ckn, size_t ckn_bytes)
{
    uint8_t context[256 + 12];

    if (session_bytes > 256)
        return false;
    memcpy(context, session_id, session_bytes);
    put_pair(context + session_bytes, mac_a, mac_b);
    return dx__mka_kdf(msk, msk_bytes, "IEEE8021 EAP CKN", context, session_bytes + 12, ckn, ckn_bytes);
}

/* The first 16 octets of the CKN, filled up with 0. Whoever does not fill up gets other keys. */
static bool from_ckn(const uint8_t *cak, size_t cak_bytes, const char *label, const uint8_t *ckn,
                     size_t ckn_bytes, uint8_t *key)
{
    uint8_t context[16] = { 0 };

    memcpy(context, ckn, ckn_bytes < sizeof context ? ckn_bytes : sizeof context);
    return dx__mka_kdf(cak, cak_bytes, label, context, sizeof context, key, cak_bytes);
}

bool dx__mka_kek(const uint8_t *cak, size_t cak_bytes, const uint8_t *ckn, size_t ckn_bytes, uint8_t *kek)
{
    return from_ckn(cak, cak_bytes, "IEEE8021 KEK", ckn, ckn_bytes, kek);
}

bool dx__mka_ick(const uint8_t *cak, size_t cak_bytes, const uint8_t *ckn, size_t ckn_bytes, uint8_t *ick)
{
    return from_ckn(cak, cak_bytes, "IEEE8021 ICK", ckn, ckn_bytes, ick);
}

bool dx__mka_sak(const uint8_t *cak, size_t cak_bytes, const void *context, size_t context_bytes,
                 uint8_t *sak, size_t sak_bytes)
{
    return dx__mka_kdf(cak, cak_bytes, "IEEE8021 SAK", context, context_bytes, sak, sak_bytes);
}

/* -- key wrap ---------------------------------------------------------------------------------------- */

static bool run_wrap(int wraps, const uint8_t *kek, size_t kek_bytes, const uint8_t *from, size_t n,
                     uint8_t *to, size_t to_bytes)
{
    EVP_CIPHER_CTX *context = is_key(kek_bytes) ? EVP_CIPHER_CTX_new() : NULL;
    uint8_t out[DX_MKA_KEY_MAX_BYTES + 2 * DX_MKA_WRAP_BYTES];
    int done = 0, more = 0;
    bool is_good;

    if (!context)
        return false;
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    is_good = EVP_CipherInit_ex(context, kek_bytes == 16 ? EVP_aes_128_wrap() : EVP_aes_256_wrap(), NULL, kek,
                                NULL, wraps) == 1 &&
              EVP_CipherUpdate(context, out, &done, from, (int)n) == 1 &&
              EVP_CipherFinal_ex(context, out + done, &more) == 1 && (size_t)(done + more) == to_bytes;
    if (is_good)
        memcpy(to, out, to_bytes);
    EVP_CIPHER_CTX_free(context);
    return is_good;
}

bool dx__mka_wrap(const uint8_t *kek, size_t kek_bytes, const uint8_t *key, size_t key_bytes,
                  uint8_t *wrapped)
{
    return is_key(key_bytes) &&
           run_wrap(1, kek, kek_bytes, key, key_bytes, wrapped, key_bytes + DX_MKA_WRAP_BYTES);
}

bool dx__mka_unwrap(const uint8_t *kek, size_t kek_bytes, const uint8_t *wrapped, size_t wrapped_bytes,
                    uint8_t *key)
{
    return wrapped_bytes > DX_MKA_WRAP_BYTES && is_key(wrapped_bytes - DX_MKA_WRAP_BYTES) &&
           run_wrap(0, kek, kek_bytes, wrapped, wrapped_bytes, key, wrapped_bytes - DX_MKA_WRAP_BYTES);
}
