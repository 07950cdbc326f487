/*
 * test_mka - keys and PDUs of the MACsec key agreement are those of IEEE 802.1X
 */
#include <string.h>
#include <dxsim/rng.h>
#include "../../hex.h"
#include "../../suite.h"
#include "wire/mka.h"
#include "wire/put.h"

#define each_row(row, section) dx_json_each (row, vectors_get(doc, dx__json_root(doc), section))

/* -- keys ---------------------------------------------------------------------------------------------- */

/* Through the function that the protocol uses, not only through the KDF. */
static bool derive(const char *kind, const Octets *key, DxJsonDoc *doc, const DxJson *row, uint8_t *out)
{
    Octets context, session;
    const uint8_t *pair;

    hex_get(&context, doc, row, "context");
    hex_get(&session, doc, row, "eap_session_id");
    pair = context.at + session.n;
    if (!strcmp(kind, "CAK")) /* in the other order than they are used */
        return dx__mka_cak(key->at, key->n, pair + 6, pair, out);
    if (!strcmp(kind, "CKN"))
        return dx__mka_ckn(key->at, key->n, session.at, session.n, pair + 6, pair, out, 16);
    if (!strcmp(kind, "KEK"))
        return dx__mka_kek(key->at, key->n, context.at, context.n, out);
    if (!strcmp(kind, "ICK"))
        return dx__mka_ick(key->at, key->n, context.at, context.n, out);
    ck_assert_str_eq(kind, "SAK");
    return dx__mka_sak(key->at, key->n, context.at, context.n, out, 16);
}

START_TEST(keys_are_those_of_the_annex)
{
    DxJsonDoc *doc = vectors_load("mka.json");
    unsigned n = 0;

    each_row(row, "annex_vectors")
    {
        Octets key, context, want;
        uint8_t out[32];

        hex_get(&key, doc, row, "key");
        hex_get(&context, doc, row, "context");
        hex_get(&want, doc, row, "result");
        ck_assert(dx__mka_kdf(key.at, key.n, vectors_get(doc, row, "label")->text, context.at, context.n, out,
                              vectors_u64(doc, row, "bits", 0) / 8));
        hex_assert(out, want.n, &want, row);
        memset(out, 0, sizeof out);
        ck_assert(derive(vectors_get(doc, row, "kind")->text, &key, doc, row, out));
        hex_assert(out, want.n, &want, row);
        n++;
    }
    ck_assert_uint_eq(n, 5);
    dx__json_free(doc);
}
END_TEST

/* A CKN of four octets: who does not fill it up gets the keys that the file calls nonstandard. */
START_TEST(short_names_are_filled_up)
{
    DxJsonDoc *doc = vectors_load("mka.json");

    each_row(row, "plugin_vectors")
    {
        Octets cak, ckn, want, input;
        uint8_t kek[32], ick[32], sak[32], out[40];

        hex_get(&cak, doc, row, "cak");
        hex_get(&ckn, doc, row, "ckn");
        ck_assert(dx__mka_kek(cak.at, cak.n, ckn.at, ckn.n, kek));
        hex_get(&want, doc, row, "kek");
        hex_assert(kek, cak.n, &want, row);
        ck_assert(dx__mka_ick(cak.at, cak.n, ckn.at, ckn.n, ick));
        hex_get(&want, doc, row, "ick");
        hex_assert(ick, cak.n, &want, row);
        hex_get(&want, doc, row, "nonstandard_ick");
        ck_assert(memcmp(ick, want.at, want.n) != 0);
        ck_assert(dx__mka_kdf(cak.at, cak.n, "IEEE8021 ICK", ckn.at, ckn.n, out, cak.n));
        hex_assert(out, cak.n, &want, row);
        hex_get(&input, doc, row, "icv_input");
        ck_assert(dx__mka_cmac(ick, cak.n, input.at, input.n, out));
        hex_get(&want, doc, row, "icv");
        hex_assert(out, 16, &want, row);

        hex_get(&input, doc, row, "sak_context");
        ck_assert(dx__mka_sak(cak.at, cak.n, input.at, input.n, sak, cak.n));
        hex_get(&want, doc, row, "sak");
        hex_assert(sak, cak.n, &want, row);
        ck_assert(dx__mka_wrap(kek, cak.n, sak, cak.n, out));
        hex_get(&want, doc, row, "wrapped_sak");
        hex_assert(out, cak.n + 8, &want, row);
        ck_assert(dx__mka_unwrap(kek, cak.n, out, cak.n + 8, ick));
        ck_assert(!memcmp(ick, sak, cak.n));
        out[3] ^= 1;
        ck_assert(!dx__mka_unwrap(kek, cak.n, out, cak.n + 8, ick));
    }
    dx__json_free(doc);
}
END_TEST

/* RFC 4493, section 4: lengths 0, 16, 40 and 64. */
START_TEST(cmac_is_that_of_the_rfc)
{
    static const struct {
        size_t n;
        const char *mac;
    } cases[] = { { 0, "bb1d6929e95937287fa37d129b756746" },
                  { 16, "070a16b46b4d4144f79bdd9dd04a287c" },
                  { 40, "dfa66747de9ae63030ca32611497c827" },
                  { 64, "51f0bebf7e3b9d92fc49741779363cfe" } };
    Octets key, data, want;
    uint8_t mac[16];

    hex_parse(&key, "2b7e151628aed2a6abf7158809cf4f3c");
    hex_parse(&data, "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                     "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        hex_parse(&want, cases[i].mac);
        ck_assert(dx__mka_cmac(key.at, key.n, data.at, cases[i].n, mac));
        ck_assert(!memcmp(mac, want.at, 16));
    }
    ck_assert(!dx__mka_cmac(key.at, 15, data.at, 16, mac));
}
END_TEST

START_TEST(odd_lengths_are_refused)
{
    uint8_t key[64] = { 0 }, out[64];

    ck_assert(!dx__mka_wrap(key, 24, key, 16, out));
    ck_assert(!dx__mka_wrap(key, 16, key, 24, out));
    ck_assert(!dx__mka_unwrap(key, 16, key, 16, out));
    ck_assert(!dx__mka_unwrap(key, 16, key, 0, out));
    ck_assert(!dx__mka_kdf(key, 24, "x", key, 1, out, 16));
}
END_TEST

/* -- PDUs ---------------------------------------------------------------------------------------------- */

static const uint8_t source[6] = { 2, 0, 0, 0, 0, 1 };

static DxMkaPdu full_pdu(void)
{
    DxMkaPdu pdu = { .version = 3,
                     .priority = 16,
                     .is_key_server = true,
                     .wants_macsec = true,
                     .capability = 2,
                     .sci = { 2, 0, 0, 0, 0, 1, 0, 1 },
                     .actor = { "abcdefghijk", 77 },
                     .algorithm = DX_MKA_ALGORITHM,
                     .ckn_bytes = 6,
                     .ckn = "name01",
                     .live = { 2, { { "live-peer-1", 5 }, { "live-peer-2", 6 } } },
                     .potential = { 1, { { "perhaps-one", 9 } } } };

    pdu.use = (DxMkaSakUse){ .is_given = true, .delay_protect = true, .has_keys = true };
    pdu.use.latest = (DxMkaKey){ 2, true, true, "abcdefghijk", 4, 1000 };
    pdu.use.old = (DxMkaKey){ 1, false, true, "abcdefghijk", 3, 999 };
    pdu.sak = (DxMkaSak){ true, 2, 1, 4, 0x0080C20001000004u, { 0 }, 40 };
    memset(pdu.sak.wrapped, 0xEE, 40);
    return pdu;
}

/* Where everything stands: clause 11.11. Ethernet and EAPOL take 18 octets. */
START_TEST(sets_stand_where_they_belong)
{
    const DxMkaPdu pdu = full_pdu();
    const uint8_t ick[16] = { 7 };
    uint8_t at[DX_MKA_FRAME_MAX], icv[16];
    const size_t n = dx__mka_encode(&pdu, source, ick, 16, at);

    /* basic 4 + 28 + 6 filled up to 8; two and one peers; use 4 + 40; SAK 4 + 52; ICV */
    ck_assert_uint_eq(n, 18 + 40 + 36 + 20 + 44 + 56 + 16);
    ck_assert(!memcmp(at, "\x01\x80\xC2\x00\x00\x03", 6));
    ck_assert_uint_eq(get_u16(at + 12), 0x888E);
    ck_assert_uint_eq(at[15], 5);
    ck_assert_uint_eq(get_u16(at + 16), n - 18);
    ck_assert_uint_eq(at[18], 3);
    ck_assert_uint_eq(at[19], 16);
    ck_assert_uint_eq(at[20], 0x80 | 0x40 | 2 << 4);
    ck_assert_uint_eq(at[21], 28 + 6); /* of the CKN as it is */
    ck_assert_uint_eq(get_u32(at + 42), 77);
    ck_assert_uint_eq(get_u32(at + 46), 0x0080C201);
    ck_assert_uint_eq(at[58], 1);
    ck_assert_uint_eq(at[61], 32);
    ck_assert_uint_eq(at[94], 2);
    ck_assert_uint_eq(at[114], 3);
    ck_assert_uint_eq(at[115], 2 << 6 | 1 << 5 | 1 << 4 | 1 << 2 | 0 << 1 | 1);
    ck_assert_uint_eq(at[116], 0x10);
    ck_assert_uint_eq(at[158], 4);
    ck_assert_uint_eq(at[159], 2 << 6 | 1 << 4);
    ck_assert_uint_eq(at[161], 4 + 8 + 40);
    ck_assert(dx__mka_cmac(ick, 16, at, n - 16, icv));
    ck_assert(!memcmp(icv, at + n - 16, 16));
}
END_TEST

static void assert_same(const DxMkaPdu *pdu)
{
    uint8_t at[DX_MKA_FRAME_MAX], again[DX_MKA_FRAME_MAX];
    const uint8_t ick[32] = { 1 };
    const size_t n = dx__mka_encode(pdu, source, ick, 32, at);
    const char *why;
    DxMkaPdu read;

    ck_assert_uint_gt(n, 0);
    why = dx__mka_decode(at, n, &read);
    ck_assert_msg(!why, "%s", why);
    ck_assert(dx__mka_verify(at, n, ick, 32));
    ck_assert_uint_eq(dx__mka_encode(&read, source, ick, 32, again), n);
    ck_assert(!memcmp(at, again, n));
    ck_assert_uint_eq(read.live.n, pdu->live.n);
    ck_assert_uint_eq(read.ckn_bytes, pdu->ckn_bytes);
    ck_assert_uint_eq(read.sak.number, pdu->sak.number);
    ck_assert_uint_eq(read.sak.wrapped_bytes, pdu->sak.wrapped_bytes);
}

START_TEST(pdus_are_read_as_they_were_written)
{
    DxMkaPdu pdu = full_pdu();

    for (uint8_t ckn = 1; ckn <= 32; ckn++) {
        pdu.ckn_bytes = ckn;
        assert_same(&pdu);
    }
    pdu.has_indicator = true;
    assert_same(&pdu);
    pdu.use.has_keys = false;
    assert_same(&pdu);
    pdu.sak = (DxMkaSak){ .is_given = true, .an = 3, .number = 9, .wrapped_bytes = 24 };
    assert_same(&pdu);
    pdu.sak = (DxMkaSak){ .is_given = true };
    assert_same(&pdu);
    pdu.sak.is_given = pdu.use.is_given = false;
    pdu.live.n = pdu.potential.n = DX_MKA_PEERS_MAX;
    assert_same(&pdu);
    pdu.live.n = DX_MKA_PEERS_MAX + 1;
    ck_assert_uint_eq(dx__mka_encode(&pdu, source, NULL, 0, (uint8_t[DX_MKA_FRAME_MAX]){ 0 }), 0);
}
END_TEST

/* A change of any octet is either noticed when reading, or by the ICV. */
START_TEST(what_was_tampered_with_is_noticed)
{
    const DxMkaPdu pdu = full_pdu();
    const uint8_t ick[16] = { 7 };
    uint8_t at[DX_MKA_FRAME_MAX];
    const size_t n = dx__mka_encode(&pdu, source, ick, 16, at);

    ck_assert(dx__mka_verify(at, n, ick, 16));
    for (size_t i = 0; i < n; i++) {
        at[i] ^= 0x04;
        ck_assert(!dx__mka_verify(at, n, ick, 16));
        at[i] ^= 0x04;
    }
}
END_TEST

START_TEST(cut_off_pdus_are_refused)
{
    const DxMkaPdu pdu = full_pdu();
    uint8_t at[DX_MKA_FRAME_MAX];
    const size_t n = dx__mka_encode(&pdu, source, NULL, 0, at);
    DxMkaPdu read;

    for (size_t length = 0; length < n; length++) {
        uint8_t *cut = g_memdup2(at, length);

        ck_assert_ptr_nonnull(dx__mka_decode(cut, length, &read));
        g_free(cut);
    }
    memset(at + n, 0, 40);
    ck_assert_ptr_null(dx__mka_decode(at, n + 40, &read)); /* padding */
}
END_TEST

/* Unknown sets are passed over: type 8 carries the high halves of extended packet numbers. */
START_TEST(unknown_sets_are_passed_over)
{
    DxMkaPdu pdu = full_pdu(), read;
    uint8_t at[DX_MKA_FRAME_MAX];
    size_t n;

    pdu.use.is_given = pdu.sak.is_given = false;
    n = dx__mka_encode(&pdu, source, NULL, 0, at);
    memmove(at + n - 16 + 12, at + n - 16, 16);
    memcpy(at + n - 16,
           "\x08\x00\x00\x08"
           "12345678",
           12);
    put_u16(at + 16, (uint16_t)(n + 12 - 18));
    ck_assert_ptr_null(dx__mka_decode(at, n + 12, &read));
    ck_assert_uint_eq(read.live.n, 2);
}
END_TEST

/* Each in a block of its own, so that a sanitizer sees one too far. Half of them were good once. */
START_TEST(random_octets_do_no_harm)
{
    const DxMkaPdu pdu = full_pdu();
    uint8_t good[DX_MKA_FRAME_MAX];
    const size_t n_good = dx__mka_encode(&pdu, source, NULL, 0, good);
    uint64_t random = 2;
    unsigned n_read = 0;
    DxMkaPdu read;

    for (unsigned i = 0; i < 200000; i++) {
        const size_t n = i % 2 ? n_good : dx_splitmix64(&random) % 200;
        uint8_t *at = g_malloc(n + !n);

        for (size_t k = 0; k < n; k++)
            at[k] = i % 2 ? good[k] : (uint8_t)dx_splitmix64(&random);
        for (unsigned k = 0; n && k < 3; k++)
            at[dx_splitmix64(&random) % n] = (uint8_t)dx_splitmix64(&random);
        if (n >= 18) {
            memcpy(at + 12, "\x88\x8E\x03\x05", 4);
            if (i % 4 == 0)
                put_u16(at + 16, (uint16_t)(n - 18));
        }
        n_read += !dx__mka_decode(at, n, &read);
        ck_assert_uint_le(read.ckn_bytes, 32);
        g_free(at);
    }
    ck_assert_uint_gt(n_read, 10000); /* the test goes deep enough */
}
END_TEST

SUITE_MAIN("mka", 60, keys_are_those_of_the_annex, short_names_are_filled_up, cmac_is_that_of_the_rfc,
           odd_lengths_are_refused, sets_stand_where_they_belong, pdus_are_read_as_they_were_written,
           what_was_tampered_with_is_noticed, cut_off_pdus_are_refused, unknown_sets_are_passed_over,
           random_octets_do_no_harm)
