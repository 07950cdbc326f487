/*
 * macsec - see macsec.h
 */
#include "macsec.h"
#include "ethernet.h"
#include "put.h"

#include <dxsim/error.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum {
    TCI_V = 0x80,
    TCI_ES = 0x40,
    TCI_SC = 0x20,
    TCI_SCB = 0x10,
    TCI_E = 0x08,
    TCI_C = 0x04,
    TCI_AN = 0x03
};

#define ADDRESS_BYTES 12
#define IV_BYTES      12
#define SL_END        48 /* secure data of so many octets and more needs no SL */

struct DxMacsecSa {
    DxMacsecConf conf;
    uint64_t next_pn, last_pn; /* the last that the suite has */
    EVP_CIPHER_CTX *seal, *open;
};

/* -- suites ------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    uint64_t id;
    size_t key_bytes;
    bool is_xpn;
} suites[] = {
    [DX_MACSEC_GCM_AES_128] = { "GCM-AES-128", 0x0080C20001000001u, 16, false },
    [DX_MACSEC_GCM_AES_256] = { "GCM-AES-256", 0x0080C20001000002u, 32, false },
    [DX_MACSEC_GCM_AES_XPN_128] = { "GCM-AES-XPN-128", 0x0080C20001000003u, 16, true },
    [DX_MACSEC_GCM_AES_XPN_256] = { "GCM-AES-XPN-256", 0x0080C20001000004u, 32, true },
};

const char *dx__macsec_suite_name(DxMacsecSuite suite)
{
    return suites[suite].name;
}

uint64_t dx__macsec_suite_id(DxMacsecSuite suite)
{
    return suites[suite].id;
}

size_t dx__macsec_key_bytes(DxMacsecSuite suite)
{
    return suites[suite].key_bytes;
}

bool dx__macsec_is_xpn(DxMacsecSuite suite)
{
    return suites[suite].is_xpn;
}

/* -- the SecTAG -------------------------------------------------------------------------------------- */

size_t dx__macsec_put_tag(uint8_t *to, const DxMacsecTag *tag)
{
    put_u16(to, DX_TYPE_MACSEC);
    to[2] = (uint8_t)((tag->es ? TCI_ES : 0) | (tag->sc ? TCI_SC : 0) | (tag->scb ? TCI_SCB : 0) |
                      (tag->e ? TCI_E : 0) | (tag->c ? TCI_C : 0) | (tag->an & TCI_AN));
    to[3] = tag->sl;
    put_u32(to + 4, tag->pn);
    if (!tag->sc)
        return DX_MACSEC_TAG_BYTES;
    memcpy(to + DX_MACSEC_TAG_BYTES, tag->sci, sizeof tag->sci);
    return DX_MACSEC_TAG_SCI_BYTES;
}

/* Long enough for what the tag says? Behind the ICV of short data there may be padding. */
static bool is_long_enough(size_t n, const DxMacsecTag *tag, size_t tag_bytes)
{
    const size_t least = ADDRESS_BYTES + tag_bytes + DX_MACSEC_ICV_BYTES;

    return n >= least + (tag->sl ? tag->sl : SL_END);
}

/* Clause 9.12. E without C is for the key agreement entity, C without E for suites that change the data
 * without encrypting it: no user data comes with either here. */
DxMacsecVerdict dx__macsec_get_tag(const uint8_t *frame, size_t n, bool is_xpn, DxMacsecTag *tag,
                                   size_t *tag_bytes)
{
    const uint8_t *at = frame + ADDRESS_BYTES;

    if (n < ADDRESS_BYTES + 2 || get_u16(at) != DX_TYPE_MACSEC)
        return DX_MACSEC_NO_TAG;
    if (n < ADDRESS_BYTES + DX_MACSEC_TAG_BYTES)
        return DX_MACSEC_BAD_TAG;
    *tag = (DxMacsecTag){ .es = at[2] & TCI_ES,
                          .sc = at[2] & TCI_SC,
                          .scb = at[2] & TCI_SCB,
                          .e = at[2] & TCI_E,
                          .c = at[2] & TCI_C,
                          .an = at[2] & TCI_AN,
                          .sl = at[3],
                          .pn = get_u32(at + 4) };
    *tag_bytes = tag->sc ? DX_MACSEC_TAG_SCI_BYTES : DX_MACSEC_TAG_BYTES;
    if (at[2] & TCI_V || ((tag->es || tag->scb) && tag->sc) || tag->e != tag->c || tag->sl >= SL_END ||
        (!tag->pn && !is_xpn) || !is_long_enough(n, tag, *tag_bytes))
        return DX_MACSEC_BAD_TAG;
    if (tag->sc)
        memcpy(tag->sci, at + DX_MACSEC_TAG_BYTES, sizeof tag->sci);
    return DX_MACSEC_OK;
}

bool dx__macsec_sci_of(const uint8_t *frame, const DxMacsecTag *tag, uint8_t sci[8])
{
    if (tag->sc) {
        memcpy(sci, tag->sci, 8);
        return true;
    }
    memcpy(sci, frame + 6, 6);
    put_u16(sci + 6, tag->scb ? 0 : 1);
    return tag->es || tag->scb;
}

/* -- an association ---------------------------------------------------------------------------------- */

static bool check_conf(const DxMacsecConf *conf, GError **error)
{
    const char *why = NULL;

    if (conf->suite >= DX_MACSEC_N_SUITES)
        why = "there is no such cipher suite";
    else if (conf->an > 3)
        why = "an association number is 0 to 3";
    else if (conf->offset && conf->offset != 30 && conf->offset != 50)
        why = "a confidentiality offset is 0, 30 or 50";
    else if (conf->offset && dx__macsec_is_xpn(conf->suite))
        why = "suites with extended packet numbers have no confidentiality offset";
    else if (!conf->next_pn || (!dx__macsec_is_xpn(conf->suite) && conf->next_pn > UINT32_MAX))
        why = "packet numbers begin at 1, and end where the suite has no more";
    if (why)
        g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return !why;
}

/* The key is expanded once; frames bring no more than their IV. */
static EVP_CIPHER_CTX *cipher_new(const DxMacsecConf *conf, int seals)
{
    const EVP_CIPHER *cipher =
        dx__macsec_key_bytes(conf->suite) == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

    if (context && EVP_CipherInit_ex(context, cipher, NULL, conf->key, NULL, seals) == 1)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

DxMacsecSa *dx__macsec_new(const DxMacsecConf *conf, GError **error)
{
    DxMacsecSa *sa;

    if (!check_conf(conf, error))
        return NULL;
    sa = g_new0(DxMacsecSa, 1);
    sa->conf = *conf;
    sa->next_pn = conf->next_pn;
    sa->last_pn = dx__macsec_is_xpn(conf->suite) ? UINT64_MAX : UINT32_MAX;
    sa->seal = cipher_new(conf, 1);
    sa->open = cipher_new(conf, 0);
    if (sa->seal && sa->open)
        return sa;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, "libcrypto has no AES-GCM");
    dx__macsec_free(sa);
    return NULL;
}

void dx__macsec_free(DxMacsecSa *sa)
{
    if (!sa)
        return;
    EVP_CIPHER_CTX_free(sa->seal);
    EVP_CIPHER_CTX_free(sa->open);
    OPENSSL_cleanse(sa, sizeof *sa);
    g_free(sa);
}

uint64_t dx__macsec_next_pn(const DxMacsecSa *sa)
{
    return sa->next_pn;
}

static size_t tag_bytes_of(const DxMacsecSa *sa)
{
    return sa->conf.say == DX_MACSEC_SAY_SCI ? DX_MACSEC_TAG_SCI_BYTES : DX_MACSEC_TAG_BYTES;
}

size_t dx__macsec_overhead(const DxMacsecSa *sa)
{
    return tag_bytes_of(sa) + DX_MACSEC_ICV_BYTES;
}

static void put_iv(const DxMacsecSa *sa, uint64_t pn, uint8_t iv[IV_BYTES])
{
    const DxMacsecConf *conf = &sa->conf;

    if (!dx__macsec_is_xpn(conf->suite)) {
        memcpy(iv, conf->sci, 8);
        put_u32(iv + 8, (uint32_t)pn);
        return;
    }
    memcpy(iv, conf->ssci, 4);
    put_u64(iv + 4, pn);
    for (unsigned i = 0; i < IV_BYTES; i++)
        iv[i] ^= conf->salt[i];
}

/* Octets of @n of user data that stay as they are. */
static size_t clear_bytes(const DxMacsecSa *sa, bool is_encrypted, size_t n)
{
    return is_encrypted ? MIN(sa->conf.offset, n) : n;
}

/* All of it but the ICV: IV, AAD (@n_clear octets from the destination on), then the rest, in place. */
static bool run_cipher(EVP_CIPHER_CTX *context, const uint8_t iv[IV_BYTES], uint8_t *frame, size_t n_clear,
                       size_t n)
{
    int done;

    return EVP_CipherInit_ex(context, NULL, NULL, NULL, iv, -1) == 1 &&
           EVP_CipherUpdate(context, NULL, &done, frame, (int)n_clear) == 1 &&
           (n == n_clear ||
            EVP_CipherUpdate(context, frame + n_clear, &done, frame + n_clear, (int)(n - n_clear)) == 1);
}

/* -- protection: clause 10.5 -------------------------------------------------------------------------- */

static DxMacsecTag make_tag(const DxMacsecSa *sa, size_t n_data)
{
    const DxMacsecConf *conf = &sa->conf;
    DxMacsecTag tag = { .es = conf->say == DX_MACSEC_SAY_ES || conf->say == DX_MACSEC_SAY_SCB,
                        .sc = conf->say == DX_MACSEC_SAY_SCI,
                        .scb = conf->say == DX_MACSEC_SAY_SCB,
                        .e = conf->encrypts,
                        .c = conf->encrypts,
                        .an = conf->an,
                        .sl = (uint8_t)(n_data < SL_END ? n_data : 0),
                        .pn = (uint32_t)sa->next_pn };

    memcpy(tag.sci, conf->sci, sizeof tag.sci);
    return tag;
}

size_t dx__macsec_protect(DxMacsecSa *sa, uint8_t *frame, size_t n)
{
    const size_t tag_bytes = tag_bytes_of(sa);
    uint8_t iv[IV_BYTES], *data = frame + ADDRESS_BYTES + tag_bytes;
    size_t n_data, n_clear;
    DxMacsecTag tag;
    int none;

    if (n < ADDRESS_BYTES + 2 || n > INT32_MAX || !sa->next_pn || sa->next_pn > sa->last_pn)
        return 0;
    n_data = n - ADDRESS_BYTES;
    tag = make_tag(sa, n_data);
    memmove(data, frame + ADDRESS_BYTES, n_data);
    dx__macsec_put_tag(frame + ADDRESS_BYTES, &tag);
    n_clear = ADDRESS_BYTES + tag_bytes + clear_bytes(sa, tag.e, n_data);
    put_iv(sa, sa->next_pn, iv);
    if (!run_cipher(sa->seal, iv, frame, n_clear, n + tag_bytes) ||
        EVP_EncryptFinal_ex(sa->seal, data + n_data, &none) != 1 ||
        EVP_CIPHER_CTX_ctrl(sa->seal, EVP_CTRL_GCM_GET_TAG, DX_MACSEC_ICV_BYTES, data + n_data) != 1)
        return 0;
    sa->next_pn++; /* 0 behind the last of 64 bits */
    return n + tag_bytes + DX_MACSEC_ICV_BYTES;
}

/* -- validation: clause 10.6 -------------------------------------------------------------------------- */

/* Clause 10.6.2: the low half went over while the high half of what is awaited did not. */
uint64_t dx__macsec_recover_pn(uint64_t next_pn, uint32_t low)
{
    const uint32_t next_low = (uint32_t)next_pn;
    const uint64_t high = next_pn >> 32;
    const bool is_next = low < next_low && (low ^ next_low) >> 31;

    return (high + is_next) << 32 | low;
}

/* Frames numbered below this come too late. */
static uint64_t lowest_pn(const DxMacsecSa *sa)
{
    if (!sa->conf.replay_protect || sa->next_pn <= sa->conf.replay_window)
        return 0;
    return sa->next_pn - sa->conf.replay_window;
}

static bool is_ours(const DxMacsecSa *sa, const uint8_t *frame, const DxMacsecTag *tag)
{
    uint8_t sci[8];

    return !dx__macsec_sci_of(frame, tag, sci) || !memcmp(sci, sa->conf.sci, sizeof sci);
}

static bool open_frame(DxMacsecSa *sa, uint8_t *frame, const DxMacsecTag *tag, size_t tag_bytes,
                       size_t n_data, uint64_t pn)
{
    uint8_t *data = frame + ADDRESS_BYTES + tag_bytes, iv[IV_BYTES];
    const size_t n_clear = ADDRESS_BYTES + tag_bytes + clear_bytes(sa, tag->e, n_data);
    int none;

    put_iv(sa, pn, iv);
    return run_cipher(sa->open, iv, frame, n_clear, ADDRESS_BYTES + tag_bytes + n_data) &&
           EVP_CIPHER_CTX_ctrl(sa->open, EVP_CTRL_GCM_SET_TAG, DX_MACSEC_ICV_BYTES, data + n_data) == 1 &&
           EVP_DecryptFinal_ex(sa->open, data + n_data, &none) == 1;
}

DxMacsecVerdict dx__macsec_validate(DxMacsecSa *sa, uint8_t *frame, size_t *n, uint64_t *pn)
{
    const bool is_xpn = dx__macsec_is_xpn(sa->conf.suite);
    size_t tag_bytes, n_data;
    DxMacsecTag tag;
    uint64_t number;
    DxMacsecVerdict verdict = dx__macsec_get_tag(frame, *n, is_xpn, &tag, &tag_bytes);

    if (verdict != DX_MACSEC_OK)
        return verdict;
    if (!is_ours(sa, frame, &tag))
        return DX_MACSEC_NO_SCI;
    if (tag.an != sa->conf.an)
        return DX_MACSEC_NO_SA;
    number = is_xpn ? dx__macsec_recover_pn(sa->next_pn, tag.pn) : tag.pn;
    if (number < lowest_pn(sa))
        return DX_MACSEC_LATE;
    n_data = tag.sl ? tag.sl : *n - ADDRESS_BYTES - tag_bytes - DX_MACSEC_ICV_BYTES;
    if (*n > INT32_MAX || !open_frame(sa, frame, &tag, tag_bytes, n_data, number))
        return DX_MACSEC_NOT_VALID;
    memmove(frame + ADDRESS_BYTES, frame + ADDRESS_BYTES + tag_bytes, n_data);
    *n = ADDRESS_BYTES + n_data;
    sa->next_pn = MAX(sa->next_pn, number + (number < UINT64_MAX));
    if (pn)
        *pn = number;
    return DX_MACSEC_OK;
}
