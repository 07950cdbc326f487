/*
 * fuzz_wire - any octets as a MACsec frame, an MKA PDU, a BGP message, a TCP segment, a BFD packet
 *
 * What is taken is written again as it was read.
 */
#include "fuzz.h"
#include "wire/bfd.h"
#include "wire/bgp.h"
#include "wire/macsec.h"
#include "wire/mka.h"
#include "wire/packet.h"
#include "wire/put.h"
#include "wire/tcp.h"

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

static void check_fault(const DxBgpFault *fault)
{
    uint8_t at[DX_BGP_MESSAGE_MAX];

    CHECK(fault->code >= DX_BGP_MESSAGE_HEADER_ERROR && fault->code <= DX_BGP_UPDATE_ERROR);
    check_line(fault->why);
    CHECK(dx__bgp_encode_notification(fault, at) <= sizeof at);
}

static void try_open(const uint8_t *data, size_t size)
{
    uint8_t at[DX_BGP_MESSAGE_MAX];
    DxBgpOpen open, again;
    DxBgpFault fault;

    if (!dx__bgp_decode_open(data, size, &open, &fault)) {
        check_fault(&fault);
        return;
    }
    CHECK(dx__bgp_decode_open(at, dx__bgp_encode_open(&open, at), &again, &fault));
    CHECK(again.as == open.as && again.hold_s == open.hold_s && again.router_id == open.router_id);
}

/* What was taken of one family, written and read once more. */
static void try_again(const DxBgpAttributes *attributes, const GArray *prefixes, const DxBgpPeer *peer)
{
    uint8_t at[DX_BGP_MESSAGE_MAX];
    DxBgpUpdate again;
    DxBgpFault fault;
    size_t n_taken, n;

    n = dx__bgp_encode_update(attributes, (const DxPrefix *)prefixes->data, prefixes->len, &n_taken, at);
    if (!n)
        return;
    dx__bgp_update_init(&again);
    CHECK(n <= sizeof at);
    CHECK(dx__bgp_decode_update(at, n, peer, &again, &fault) == DX_BGP_TAKEN);
    CHECK(dx__as_path_equal(&again.attributes.as_path, &attributes->as_path));
    CHECK(again.nlri->len + again.mp_nlri->len == n_taken);
    dx__bgp_update_clear(&again);
}

static void try_update(const uint8_t *data, size_t size)
{
    const DxBgpPeer peer = { .is_internal = size % 2, .is_confed = size % 4 == 2, .families = 3 };
    DxBgpUpdate update;
    DxBgpFault fault;
    DxBgpVerdict verdict;

    dx__bgp_update_init(&update);
    verdict = dx__bgp_decode_update(data, size, &peer, &update, &fault);
    if (verdict != DX_BGP_TAKEN)
        check_fault(&fault);
    if (verdict == DX_BGP_TAKEN && update.nlri->len)
        try_again(&update.attributes, update.nlri, &peer);
    if (verdict == DX_BGP_TAKEN && update.mp_nlri->len && update.attributes.mp_next_hop.bits == 128)
        try_again(&update.attributes, update.mp_nlri, &peer);
    dx__bgp_update_clear(&update);
}

static void try_bgp(const uint8_t *data, size_t size)
{
    DxBgpFault fault, said;
    DxBgpFamily family;
    DxBgpType type;
    size_t length;

    if (dx__bgp_frame(data, size, &type, &length, &fault) == DX_BGP_MESSAGE_WHOLE)
        CHECK(length <= size);
    try_open(data, size);
    try_update(data, size);
    if (!dx__bgp_decode_notification(data, size, &said, &fault))
        check_fault(&fault);
    if (!dx__bgp_decode_refresh(data, size, &family, &fault))
        check_fault(&fault);
}

/* With the checksum that it should have. */
static void try_datagrams(const uint8_t *data, size_t size)
{
    const DxIp src = { 32, { 10, 0, 0, 1 } }, dst = { 32, { 10, 0, 0, 2 } };
    uint8_t *copy = g_memdup2(data, size);
    DxTcpSegment segment;
    DxBfdPacket packet;
    const char *why;

    if (size >= 20 && size <= UINT16_MAX) {
        const uint32_t pseudo = dx__packet_pseudo(src.bytes, dst.bytes, 4, DX_PROTOCOL_TCP, size);

        put_u16(copy + 16, 0);
        put_u16(copy + 16, dx__packet_checksum(dx__packet_sum(pseudo, copy, size)));
    }
    why = dx__tcp_decode(copy, size, &src, &dst, &segment);
    if (why)
        check_line(why);
    else
        CHECK(segment.data + segment.n_data == copy + size && !dx__tcp_verify(copy, size, &src, &dst, "key"));
    if (size >= 8)
        put_u16(copy + 6, 0);
    why = dx__bfd_decode(copy, size, &src, &dst, DX_BFD_TTL, &packet);
    if (why)
        check_line(why);
    else
        CHECK(packet.mine && packet.multiplier);
    g_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_bgp(data, size);
    try_datagrams(data, size);
    try_tag(data, size);
    try_frame(data, size);
    try_pdu(data, size);
    return 0;
}
