/*
 * fuzz_wire - any octets as a MACsec frame, and as an MKA PDU
 *
 * What is taken is written again as it was read.
 */
#include "fuzz.h"
#include "wire/macsec.h"
#include "wire/mka.h"

static void try_tag(const uint8_t *data, size_t size)
{
    DxMacsecTag tag;
    uint8_t again[DX_MACSEC_TAG_SCI_BYTES];
    size_t n = 0;

    if (dx__macsec_get_tag(data, size, size % 2, &tag, &n) != DX_MACSEC_OK)
        return;
    CHECK(12 + n + DX_MACSEC_ICV_BYTES < size);
    CHECK(dx__macsec_put_tag(again, &tag) == n);
    CHECK(!memcmp(again, data + 12, n));
}

/* Of the channel that it names. */
static void try_frame(const uint8_t *data, size_t size)
{
    DxMacsecConf conf = { .suite = size % 2 ? DX_MACSEC_GCM_AES_XPN_128 : DX_MACSEC_GCM_AES_128,
                          .say = DX_MACSEC_SAY_SCI,
                          .next_pn = 1,
                          .replay_protect = true };
    uint8_t *frame = g_memdup2(data, size);
    size_t n = size;
    DxMacsecSa *sa;
    DxMacsecVerdict verdict;

    if (size >= 28)
        memcpy(conf.sci, data + 20, 8);
    sa = dx__macsec_new(&conf, NULL);
    verdict = dx__macsec_validate(sa, frame, &n, NULL);
    CHECK(n <= size);
    CHECK(verdict == DX_MACSEC_OK || dx__macsec_next_pn(sa) == 1);
    dx__macsec_free(sa);
    g_free(frame);
}

static void try_pdu(const uint8_t *data, size_t size)
{
    static const uint8_t sa[6];
    uint8_t once[DX_MKA_FRAME_MAX], twice[DX_MKA_FRAME_MAX], key[16] = { 0 };
    DxMkaPdu *pdu = g_new(DxMkaPdu, 1); /* in a block of its own */
    const char *why = dx__mka_decode(data, size, pdu);
    size_t n;

    CHECK(!dx__mka_verify(data, size, key, sizeof key) || size >= 34);
    if (why)
        check_line(why);
    n = why ? 0 : dx__mka_encode(pdu, sa, NULL, 0, once);
    if (n) {
        CHECK(n <= DX_MKA_FRAME_MAX);
        CHECK(!dx__mka_decode(once, n, pdu));
        CHECK(dx__mka_encode(pdu, sa, NULL, 0, twice) == n);
        CHECK(!memcmp(once, twice, n));
    }
    g_free(pdu);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_tag(data, size);
    try_frame(data, size);
    try_pdu(data, size);
    return 0;
}
