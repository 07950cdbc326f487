/*
 * test_secy - frames of a protected line, as a capture shows them: who has the key reads what was sent
 *
 * They are opened here by hand, with AES-GCM from libcrypto and nothing of models/wire/macsec.c.
 */
#include <dxsim/macsec.h>
#include <dxsim/wire.h>
#include <openssl/evp.h>
#include <string.h>
#include "../../../models/wire/ethernet.h"
#include "../../../models/wire/mka.h"
#include "../../../models/wire/put.h"
#include "../../network.h"
#include "../../suite.h"

#define CAK_256 "00112233445566778899aabbccddeeff0f0e0d0c0b0a09080706050403020100"
#define CAK_128 "135bd758b0ee5c11c55ff6ab19fdb199"
#define ICV     16

typedef struct {
    unsigned key_bytes, offset, tag_bytes;
    bool is_xpn, is_encrypted;
} Expected;

typedef struct {
    Expected expected;
    const DxSim *sim;
    const DxNode *send;
    void *state;
    uint8_t cak[32];
    uint64_t n, first_pn, last_pn, octets;
    uint32_t last_key, n_keys;
} Reader;

/* KDF of IEEE 802.1X 6.2.1, tested against its vectors elsewhere; the labels are those of models/wire/secy.h.
 */
static void derive(const Reader *reader, const char *label, const uint8_t sci[8], uint32_t key, uint8_t *to,
                   size_t n)
{
    uint8_t context[12];

    memcpy(context, sci, 8);
    put_u32(context + 8, key);
    ck_assert(dx__mka_kdf(reader->cak, reader->expected.key_bytes, label, context, sizeof context, to, n));
}

/* Opens @n octets in place: what was protected; 0 if the ICV is wrong. */
static size_t open_frame(const Reader *reader, uint8_t *frame, size_t n, uint64_t pn, uint32_t key)
{
    const Expected *expected = &reader->expected;
    const uint8_t *sci = frame + 20;
    const size_t head = 12 + expected->tag_bytes, data = n - head - ICV;
    const size_t clear = expected->is_encrypted ? MIN(expected->offset, data) : data;
    uint8_t own_sci[8], sak[32], salt[12], iv[12];
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int done, rest;
    bool is_good;

    memcpy(own_sci, frame + 6, 6); /* ES: source address and port 1 */
    put_u16(own_sci + 6, 1);
    if (expected->tag_bytes == 8)
        sci = own_sci;
    ck_assert(!memcmp(sci, own_sci, 8));
    derive(reader, "IEEE8021 SAK", sci, key, sak, expected->key_bytes);
    derive(reader, "dxsim salt", sci, key, salt, 12);
    memcpy(iv, sci, 8);
    put_u32(iv + 8, (uint32_t)pn);
    if (expected->is_xpn) {
        put_u32(iv, 1); /* SSCI of the first end */
        put_u64(iv + 4, pn);
        for (unsigned i = 0; i < 12; i++)
            iv[i] ^= salt[i];
    }
    EVP_DecryptInit_ex(context, expected->key_bytes == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm(), NULL, sak,
                       iv);
    EVP_DecryptUpdate(context, NULL, &done, frame, (int)(head + clear));
    if (data > clear)
        EVP_DecryptUpdate(context, frame + head + clear, &done, frame + head + clear, (int)(data - clear));
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, ICV, frame + n - ICV);
    is_good = EVP_DecryptFinal_ex(context, frame + n, &rest) == 1;
    EVP_CIPHER_CTX_free(context);
    if (!is_good)
        return 0;
    memmove(frame + 12, frame + head, data);
    return 12 + data;
}

/* What the port's model makes of it, had nobody protected it. */
static size_t plain_frame(const DxWireFrame *what, uint8_t *to)
{
    extern const DxModel dx_model_port;
    DxFrame frame = *what->frame;
    DxWireFrame plain = *what;
    g_autofree void *conf = g_malloc0(dx_model_port.conf_size);
    g_autofree void *state = g_malloc0(dx_model_port.wire->state_size);

    frame.flags &= (uint16_t)~DX_FRAME_SECTAG;
    frame.overhead_bytes = frame.flags & DX_FRAME_TAGGED ? 4 : 0;
    plain.frame = &frame;
    dx_model_port.wire->init(state, conf);
    return dx_model_port.wire->bytes(state, &plain, false, to);
}

static void check_tag(const Reader *reader, const uint8_t *frame, const DxWireFrame *what)
{
    const unsigned tci = frame[14] >> 2, an = frame[14] & 3;

    ck_assert_uint_eq(get_u16(frame + 12), 0x88E5);
    ck_assert_uint_eq(tci, (reader->expected.tag_bytes == 16 ? 0x08u : 0x10u) | /* SC or ES */
                               (reader->expected.is_encrypted ? 0x03u : 0));    /* E and C */
    ck_assert_uint_eq(an, (what->key - 1) % 4);
    ck_assert_uint_eq(get_u32(frame + 16), (uint32_t)what->pn);
}

static void on_record(const DxCaptureRecord *record, void *data)
{
    static uint8_t frame[DX_WIRE_FRAME_MAX], plain[DX_WIRE_FRAME_MAX];
    Reader *reader = data;
    const DxWireFrame what = { .frame = &record->frame,
                               .flow = dx_sim_flow(reader->sim, record->frame.flow),
                               .seq = record->seq,
                               .key = record->key,
                               .pn = record->pn,
                               .from = "a",
                               .to = "b" };
    const DxWireModel *wire = dx_node_model(reader->send)->wire;
    size_t n = wire->bytes(reader->state, &what, false, frame), n_plain = plain_frame(&what, plain);

    ck_assert_uint_eq(n, (size_t)record->frame.size_bytes + 14 + record->frame.overhead_bytes);
    reader->octets += n + 4 + 20;
    check_tag(reader, frame, &what);
    if (record->key != reader->last_key) {
        reader->n_keys++;
        reader->last_pn = reader->first_pn - 1;
    }
    ck_assert_uint_eq(record->pn, reader->last_pn + 1);
    reader->last_pn = record->pn;
    reader->last_key = record->key;
    reader->n++;
    if (reader->expected.is_encrypted && !reader->expected.offset)
        ck_assert(memcmp(frame + 12 + reader->expected.tag_bytes, plain + 12, n_plain - 12) != 0);
    n = open_frame(reader, frame, n, record->pn, record->key);
    ck_assert_msg(n >= 60 ? n == n_plain : n <= n_plain, "ICV of PN %" G_GUINT64_FORMAT, record->pn);
    ck_assert(!memcmp(frame, plain, n));
}

static void read_cak(uint8_t *to, const char *hex)
{
    for (size_t i = 0; hex[2 * i]; i++)
        to[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
}

static void check(const char *macsec, const char *cak, Expected expected, uint64_t first_pn, uint32_t n_keys)
{
    g_autofree char *links =
        g_strdup_printf("'d': { 'ends': ['a', 'b'], 'rate': '10 Gbps', 'fiber': { 'length': '1 km', 'loss': "
                        "'10 %%' }, 'queue': { 'limit': '20 kB' },"
                        " 'macsec': { 'cak': '%s', 'ckn': 'aa', 'first_pn': %" G_GUINT64_FORMAT ", %s } }",
                        cak, first_pn, macsec);
    DxScenario *scenario = network_load(
        "1 ms", links,
        "'f': { 'from': 'a', 'to': 'b', 'via': 'v', 'model': 'poisson', 'rate': '9 Gbps', 'size': '1500 B' },"
        "'s': { 'from': 'a', 'to': 'b', 'model': 'poisson', 'rate': '2 Gbps', 'size': '40 B' }",
        ", 'vifs': { 'v': { 'on': 'd', 'type': 'private', 'vlan': 9 } }");
    DxRun *made = network_make(scenario);
    DxNode *send = dx_sim_find(made->sim, "d:a>b.macsec-send");
    Reader reader = { .expected = expected, .sim = made->sim, .send = send, .first_pn = first_pn };

    read_cak(reader.cak, cak);
    reader.state = g_malloc0(dx_node_model(send)->wire->state_size);
    dx_node_model(send)->wire->init(reader.state, dx_sim_conf(send));
    dx_sim_capture(send, true, false);
    dx_sim_set_capture(made->sim, 0, DX_S, on_record, &reader);
    network_go(made, scenario);
    ck_assert_uint_gt(reader.n, 1000);
    ck_assert_uint_eq(reader.n, network_value(made, "model", "d:a>b.macsec-send", "tx_protected_frames"));
    ck_assert_uint_ge(reader.octets + 1574 * 1, network_value(made, "link", "d:a>b", "tx_wire_bytes"));
    ck_assert_uint_ge(network_value(made, "link", "d:a>b", "tx_wire_bytes"), reader.octets);
    ck_assert_uint_eq(reader.n_keys, n_keys);
    dx_node_model(send)->wire->clear(reader.state);
    g_free(reader.state);
    dx_run_free(made);
    dx_scenario_free(scenario);
}

START_TEST(who_has_the_key_reads_every_frame)
{
    check("'suite': 'GCM-AES-256'", CAK_256, (Expected){ 32, 0, 16, false, true }, 1, 1);
    check("'suite': 'GCM-AES-128'", CAK_128, (Expected){ 16, 0, 16, false, true }, 4294960000, 1);
    check("'suite': 'GCM-AES-XPN-256'", CAK_256, (Expected){ 32, 0, 16, true, true }, 1, 1);
    check("'suite': 'GCM-AES-XPN-128'", CAK_128, (Expected){ 16, 0, 16, true, true }, 1, 1);
}
END_TEST

/* The low half of the number goes around; the high half is in the IV. */
START_TEST(extended_numbers_pass_32_bits)
{
    check("'suite': 'GCM-AES-XPN-256'", CAK_256, (Expected){ 32, 0, 16, true, true }, 4294967000, 1);
}
END_TEST

START_TEST(every_way_to_protect_is_as_the_tag_says)
{
    check("'suite': 'GCM-AES-256', 'sci': false", CAK_256, (Expected){ 32, 0, 8, false, true }, 1, 1);
    check("'suite': 'GCM-AES-256', 'encrypt': false", CAK_256, (Expected){ 32, 0, 16, false, false }, 1, 1);
    check("'suite': 'GCM-AES-256', 'confidentiality_offset': 30", CAK_256,
          (Expected){ 32, 30, 16, false, true }, 1, 1);
    check("'suite': 'GCM-AES-128', 'confidentiality_offset': 50, 'sci': false", CAK_128,
          (Expected){ 16, 50, 8, false, true }, 1, 1);
}
END_TEST

/* 1 ms, a key every 200 us: those from 0, 200, 400, 600, 800 us on. */
START_TEST(every_key_is_another)
{
    check("'suite': 'GCM-AES-256', 'rekey': '200 us', 'retire': '500 us'", CAK_256, (Expected){ 32, 0, 16, false, true }, 1, 5);
}
END_TEST

SUITE_MAIN("secy", 60, who_has_the_key_reads_every_frame, extended_numbers_pass_32_bits,
           every_way_to_protect_is_as_the_tag_says, every_key_is_another)
