/*
 * test_macsec - frames are protected and judged as IEEE 802.1AE says
 */
#include <string.h>
#include <dxsim/error.h>
#include <dxsim/rng.h>
#include "../../hex.h"
#include "../../suite.h"
#include "wire/ethernet.h"
#include "wire/macsec.h"
#include "wire/put.h"

#define each_row(row, section) dx_json_each (row, vectors_get(doc, dx__json_root(doc), section))

static void get_octets(uint8_t *to, size_t n, DxJsonDoc *doc, const DxJson *row, const char *key)
{
    Octets octets;

    hex_get(&octets, doc, row, key);
    if (octets.n)
        ck_assert_uint_eq(octets.n, n);
    memcpy(to, octets.at, octets.n);
}

static DxMacsecSuite suite_of(DxJsonDoc *doc, const DxJson *row)
{
    const char *name = vectors_get(doc, row, "cipher_suite")->text;

    for (unsigned suite = 0; suite < DX_MACSEC_N_SUITES; suite++)
        if (!strcmp(dx__macsec_suite_name((DxMacsecSuite)suite), name))
            return (DxMacsecSuite)suite;
    ck_abort_msg("line %u: no suite %s", row->line, name);
}

/* What @tci says about how frames are tagged. */
static DxMacsecConf conf_of(DxJsonDoc *doc, const DxJson *row)
{
    const unsigned tci = (unsigned)hex_u64(doc, row, "tci_an");
    DxMacsecConf conf = { .suite = suite_of(doc, row), .an = tci & 3, .encrypts = tci & 8 };

    conf.say = tci & 0x20 ? DX_MACSEC_SAY_SCI : DX_MACSEC_SAY_ES;
    conf.next_pn = hex_u64(doc, row, "pn");
    get_octets(conf.key, dx__macsec_key_bytes(conf.suite), doc, row, "key");
    get_octets(conf.sci, 8, doc, row, "sci");
    get_octets(conf.ssci, 4, doc, row, "ssci");
    get_octets(conf.salt, 12, doc, row, "salt");
    return conf;
}

static DxMacsecSa *sa_new(const DxMacsecConf *conf)
{
    GError *error = NULL;
    DxMacsecSa *sa = dx__macsec_new(conf, &error);

    ck_assert_msg(sa != NULL, "%s", error ? error->message : "no error");
    return sa;
}

/* -- reference frames ---------------------------------------------------------------------------------- */

static void check_frame(DxJsonDoc *doc, const DxJson *row)
{
    DxMacsecConf conf = conf_of(doc, row);
    DxMacsecSa *sa = sa_new(&conf);
    Octets plain, secured;
    uint8_t frame[256];
    uint64_t pn = 0;
    size_t n;

    ck_assert_uint_eq(dx__macsec_suite_id(conf.suite), hex_u64(doc, row, "cipher_suite_id"));
    hex_get(&plain, doc, row, "plain_frame_no_fcs");
    hex_get(&secured, doc, row, "secured_frame_no_fcs");
    memcpy(frame, plain.at, plain.n);
    n = dx__macsec_protect(sa, frame, plain.n);
    hex_assert(frame, n, &secured, row);
    ck_assert_uint_eq(n - plain.n, vectors_u64(doc, row, "overhead", 0));
    ck_assert_uint_eq(dx__macsec_overhead(sa), n - plain.n);
    ck_assert_uint_eq(dx__macsec_next_pn(sa), conf.next_pn + 1);
    dx__macsec_free(sa);

    conf.replay_protect = true;
    sa = sa_new(&conf);
    ck_assert_int_eq(dx__macsec_validate(sa, frame, &n, &pn), DX_MACSEC_OK);
    hex_assert(frame, n, &plain, row);
    ck_assert_uint_eq(pn, conf.next_pn);
    dx__macsec_free(sa);
}

START_TEST(frames_are_those_of_the_reference)
{
    DxJsonDoc *doc = vectors_load("macsec.json");
    unsigned n = 0;

    each_row(row, "vectors")
    {
        check_frame(doc, row);
        n++;
    }
    ck_assert_uint_eq(n, 32);
    each_row(row, "extra_vectors") check_frame(doc, row);
    dx__json_free(doc);
}
END_TEST

/* Made of parts: the vectors have no frame of their own. */
START_TEST(offsets_leave_the_first_octets_clear)
{
    DxJsonDoc *doc = vectors_load("macsec.json");
    unsigned n_rows = 0;

    each_row(row, "computed_offset")
    {
        DxMacsecConf conf = { .an = 2, .say = DX_MACSEC_SAY_SCI, .encrypts = true };
        Octets tagged, data, secure, icv;
        uint8_t frame[256], want[256];
        DxMacsecSa *sa;
        size_t n;

        hex_get(&tagged, doc, row, "da_sa_sectag");
        hex_get(&data, doc, row, "user_data");
        hex_get(&secure, doc, row, "secure_data");
        hex_get(&icv, doc, row, "icv");
        conf.offset = (unsigned)vectors_u64(doc, row, "confidentiality_offset", 0);
        get_octets(conf.key, 16, doc, row, "key");
        memcpy(conf.sci, tagged.at + 20, 8);
        conf.next_pn = get_u32(tagged.at + 16);
        memcpy(want, tagged.at, tagged.n);
        memcpy(want + tagged.n, secure.at, secure.n);
        memcpy(want + tagged.n + secure.n, icv.at, icv.n);
        memcpy(frame, tagged.at, 12);
        memcpy(frame + 12, data.at, data.n);
        sa = sa_new(&conf);
        n = dx__macsec_protect(sa, frame, 12 + data.n);
        ck_assert_uint_eq(n, tagged.n + secure.n + icv.n);
        ck_assert(!memcmp(frame, want, n));
        dx__macsec_free(sa);
        sa = sa_new(&conf);
        ck_assert_int_eq(dx__macsec_validate(sa, frame, &n, NULL), DX_MACSEC_OK);
        ck_assert(!memcmp(frame + 12, data.at, data.n));
        dx__macsec_free(sa);
        n_rows++;
    }
    ck_assert_uint_eq(n_rows, 2);
    dx__json_free(doc);
}
END_TEST

static const DxJson *find_row(DxJsonDoc *doc, const char *id)
{
    each_row(row, "vectors") if (!strcmp(vectors_get(doc, row, "id")->text, id)) return row;
    ck_abort_msg("no vector %s", id);
}

START_TEST(tampered_frames_are_refused)
{
    DxJsonDoc *doc = vectors_load("macsec.json");
    unsigned n_rows = 0;

    each_row(row, "negative")
    {
        const DxMacsecConf conf = conf_of(doc, find_row(doc, vectors_get(doc, row, "base")->text));
        const uint64_t octet = vectors_u64(doc, row, "mutated_octet", 0);
        DxMacsecSa *sa = sa_new(&conf);
        DxMacsecVerdict want = DX_MACSEC_NOT_VALID;
        Octets frame;

        if (octet == 14) /* AN: another association */
            want = DX_MACSEC_NO_SA;
        if (octet == 27) /* SCI: another channel */
            want = DX_MACSEC_NO_SCI;
        hex_get(&frame, doc, row, "secured_frame_no_fcs");
        ck_assert_int_eq(dx__macsec_validate(sa, frame.at, &frame.n, NULL), want);
        ck_assert_uint_eq(dx__macsec_next_pn(sa), conf.next_pn); /* the window has not moved */
        dx__macsec_free(sa);
        n_rows++;
    }
    ck_assert_uint_eq(n_rows, 7);
    dx__json_free(doc);
}
END_TEST

/* -- tags ---------------------------------------------------------------------------------------------- */

static void make_tagged(uint8_t frame[92], DxJsonDoc *doc)
{
    Octets good;

    hex_get(&good, doc, find_row(doc, "conf-60B-gcm-aes-128"), "secured_frame_no_fcs");
    ck_assert_uint_eq(good.n, 92);
    memcpy(frame, good.at, 92);
}

START_TEST(bad_tags_are_known)
{
    DxJsonDoc *doc = vectors_load("macsec.json");
    DxMacsecTag tag;
    uint8_t frame[92];
    size_t n;

    make_tagged(frame, doc);
    ck_assert_int_eq(dx__macsec_get_tag(frame, 92, false, &tag, &n), DX_MACSEC_OK);
    each_row(row, "bad_sectag")
    {
        const DxJson *tci = dx__json_member(doc, row, "tci_an"), *pn = dx__json_member(doc, row, "pn");

        make_tagged(frame, doc);
        if (tci)
            frame[14] = (uint8_t)hex_u64(doc, row, "tci_an");
        frame[15] = (uint8_t)vectors_u64(doc, row, "sl", 0);
        if (pn)
            put_u32(frame + 16, (uint32_t)hex_u64(doc, row, "pn"));
        ck_assert_msg(dx__macsec_get_tag(frame, 92, false, &tag, &n) == DX_MACSEC_BAD_TAG, "line %u",
                      row->line);
        if (pn) /* extended numbers go over 0 */
            ck_assert_int_eq(dx__macsec_get_tag(frame, 92, true, &tag, &n), DX_MACSEC_OK);
    }
    dx__json_free(doc);
}
END_TEST

/* All 256 TCIs: good are those without V, with E = C, and with at most one way to name the channel. */
START_TEST(every_tci_is_decided)
{
    DxJsonDoc *doc = vectors_load("macsec.json");
    DxMacsecTag tag;
    uint8_t frame[92];
    size_t n;

    make_tagged(frame, doc);
    for (unsigned tci = 0; tci < 256; tci++) {
        const bool v = tci & 0x80, es = tci & 0x40, sc = tci & 0x20, scb = tci & 0x10, e = tci & 8,
                   c = tci & 4;
        const bool is_good = !v && !(sc && (es || scb)) && e == c;
        uint8_t again[16];

        frame[14] = (uint8_t)tci;
        ck_assert_int_eq(dx__macsec_get_tag(frame, 92, false, &tag, &n),
                         is_good ? DX_MACSEC_OK : DX_MACSEC_BAD_TAG);
        if (!is_good)
            continue;
        ck_assert_uint_eq(n, sc ? 16 : 8);
        ck_assert_uint_eq(tag.an, tci & 3);
        ck_assert_uint_eq(dx__macsec_put_tag(again, &tag), n);
        ck_assert(!memcmp(again, frame + 12, n)); /* there and back */
    }
    dx__json_free(doc);
}
END_TEST

/* With SL the secure data are so long; without it at least 48 octets. SCI 16, ICV 16 around them. */
START_TEST(frames_that_are_cut_off_have_bad_tags)
{
    DxJsonDoc *doc = vectors_load("macsec.json");
    DxMacsecTag tag;
    uint8_t frame[92];
    size_t n;

    make_tagged(frame, doc);
    for (unsigned sl = 0; sl < 48; sl++)
        for (size_t length = 0; length <= 92; length++) {
            const size_t least = 12 + 16 + 16 + (sl ? sl : 48);
            DxMacsecVerdict want = length >= least ? DX_MACSEC_OK : DX_MACSEC_BAD_TAG;

            frame[15] = (uint8_t)sl;
            if (length < 14)
                want = DX_MACSEC_NO_TAG;
            ck_assert_int_eq(dx__macsec_get_tag(frame, length, false, &tag, &n), want);
        }
    dx__json_free(doc);
}
END_TEST

START_TEST(channels_are_named_in_four_ways)
{
    static const uint8_t mac[6] = { 2, 1, 2, 3, 4, 5 };
    const DxMacsecTag tags[] = { { .sc = true, .sci = { 1, 2, 3, 4, 5, 6, 7, 8 } },
                                 { .es = true },
                                 { .es = true, .scb = true },
                                 { .c = true } };
    uint8_t frame[12] = { 0 }, sci[8];

    memcpy(frame + 6, mac, 6);
    ck_assert(dx__macsec_sci_of(frame, &tags[0], sci));
    ck_assert(!memcmp(sci, tags[0].sci, 8));
    ck_assert(dx__macsec_sci_of(frame, &tags[1], sci));
    ck_assert(!memcmp(sci, mac, 6) && sci[6] == 0 && sci[7] == 1);
    ck_assert(dx__macsec_sci_of(frame, &tags[2], sci));
    ck_assert(!memcmp(sci, mac, 6) && sci[6] == 0 && sci[7] == 0);
    ck_assert(!dx__macsec_sci_of(frame, &tags[3], sci));
}
END_TEST

/* -- associations -------------------------------------------------------------------------------------- */

static DxMacsecConf plain_conf(DxMacsecSuite suite, uint64_t next_pn)
{
    return (DxMacsecConf){ .suite = suite,
                           .key = { 1, 2, 3 },
                           .sci = { 2, 0, 0, 0, 0, 1, 0, 1 },
                           .ssci = { 0, 0, 0, 1 },
                           .salt = { 9, 8, 7 },
                           .say = DX_MACSEC_SAY_SCI,
                           .encrypts = true,
                           .next_pn = next_pn,
                           .replay_protect = true };
}

static size_t protect(DxMacsecSa *sa, uint8_t frame[200], size_t n)
{
    memset(frame, 0x5A, 200);
    return dx__macsec_protect(sa, frame, n);
}

/* Frames of @n octets with numbers from 1 on, and the verdict of who has seen up to number 10. */
static DxMacsecVerdict verdict_of(uint64_t number, uint32_t window, bool protects)
{
    DxMacsecConf conf = plain_conf(DX_MACSEC_GCM_AES_128, number);
    uint8_t frame[200];
    DxMacsecVerdict verdict;
    DxMacsecSa *sa = sa_new(&conf);
    size_t n = protect(sa, frame, 100);

    dx__macsec_free(sa);
    conf.next_pn = 11;
    conf.replay_window = window;
    conf.replay_protect = protects;
    sa = sa_new(&conf);
    verdict = dx__macsec_validate(sa, frame, &n, NULL);
    ck_assert_uint_eq(dx__macsec_next_pn(sa), verdict == DX_MACSEC_OK ? MAX(11, number + 1) : 11);
    dx__macsec_free(sa);
    return verdict;
}

/* Accepted from max(1, next - window) on: clause 10.6.2. */
START_TEST(replayed_frames_are_late)
{
    for (uint64_t number = 1; number <= 20; number++)
        for (uint32_t window = 0; window <= 15; window++) {
            const bool is_late = number + window < 11;

            ck_assert_int_eq(verdict_of(number, window, true), is_late ? DX_MACSEC_LATE : DX_MACSEC_OK);
            ck_assert_int_eq(verdict_of(number, window, false), DX_MACSEC_OK);
        }
}
END_TEST

START_TEST(packet_numbers_run_out)
{
    DxMacsecConf conf = plain_conf(DX_MACSEC_GCM_AES_256, UINT32_MAX);
    uint8_t frame[200];
    DxMacsecSa *sa = sa_new(&conf);

    ck_assert_uint_eq(protect(sa, frame, 60), 92);
    ck_assert_uint_eq(protect(sa, frame, 60), 0);
    dx__macsec_free(sa);
    conf = plain_conf(DX_MACSEC_GCM_AES_XPN_256, UINT32_MAX);
    sa = sa_new(&conf);
    ck_assert_uint_eq(protect(sa, frame, 60), 92);
    ck_assert_uint_eq(protect(sa, frame, 60), 92); /* on into the high half */
    ck_assert_uint_eq(get_u32(frame + 16), 0);
    dx__macsec_free(sa);
    conf = plain_conf(DX_MACSEC_GCM_AES_XPN_256, UINT64_MAX);
    sa = sa_new(&conf);
    ck_assert_uint_eq(protect(sa, frame, 60), 92);
    ck_assert_uint_eq(protect(sa, frame, 60), 0);
    dx__macsec_free(sa);
}
END_TEST

/* As long as sender and receiver are less than 2^31 apart. */
START_TEST(extended_numbers_are_recovered)
{
    static const uint64_t nexts[] = { 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x5C0000000 };
    static const uint64_t aheads[] = { 0, 1, 1000, 0x3FFFFFFF };

    for (unsigned i = 0; i < G_N_ELEMENTS(nexts); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(aheads); k++) {
            const uint64_t pn = nexts[i] + aheads[k];

            ck_assert_uint_eq(dx__macsec_recover_pn(nexts[i], (uint32_t)pn), pn);
        }
    /* a little late, in the same half */
    ck_assert_uint_eq(dx__macsec_recover_pn(0x500000100, 0xF0), 0x5000000F0);
    ck_assert_uint_eq(dx__macsec_recover_pn(0x5FFFFFFF0, 0xFFFFFFE0), 0x5FFFFFFE0);
}
END_TEST

/* A stream over the edge of 32 bits, one in three lost, arrives in clear at the other end. */
START_TEST(a_stream_goes_over_the_edge)
{
    DxMacsecConf conf = plain_conf(DX_MACSEC_GCM_AES_XPN_128, 0xFFFFFF00);
    DxMacsecSa *sender = sa_new(&conf), *receiver;
    uint8_t frame[200];

    conf.next_pn = 0xFFFFFF00;
    receiver = sa_new(&conf);
    for (unsigned i = 0; i < 600; i++) {
        const uint64_t number = dx__macsec_next_pn(sender);
        size_t n = protect(sender, frame, 14 + i % 100);
        uint64_t pn = 0;

        if (i % 3 == 1)
            continue;
        ck_assert_int_eq(dx__macsec_validate(receiver, frame, &n, &pn), DX_MACSEC_OK);
        ck_assert_uint_eq(pn, number);
        ck_assert_uint_eq(n, 14 + i % 100);
        for (size_t k = 0; k < n; k++)
            ck_assert_uint_eq(frame[k], 0x5A);
    }
    ck_assert_uint_eq(dx__macsec_next_pn(sender), 0xFFFFFF00ull + 600);
    dx__macsec_free(sender);
    dx__macsec_free(receiver);
}
END_TEST

/* The MAC pads a short frame; SL says where its data end. */
START_TEST(padding_behind_the_icv_is_passed_over)
{
    DxMacsecConf conf = plain_conf(DX_MACSEC_GCM_AES_128, 1);
    uint8_t frame[200];

    conf.say = DX_MACSEC_SAY_ES;
    for (size_t length = 14; length < 60; length++) {
        DxMacsecSa *sender = sa_new(&conf), *receiver = sa_new(&conf);
        size_t n = protect(sender, frame, length);

        memcpy(frame + 6, conf.sci, 6); /* too late: the ICV is over the source address */
        ck_assert_int_eq(dx__macsec_validate(receiver, frame, &n, NULL), DX_MACSEC_NOT_VALID);
        memset(frame, 0x5A, sizeof frame);
        memcpy(frame + 6, conf.sci, 6);
        n = dx__macsec_protect(sender, frame, length);
        ck_assert_uint_eq(n, length + 24);
        n = dx__ethernet_pad(frame, n);
        ck_assert_int_eq(dx__macsec_validate(receiver, frame, &n, NULL), DX_MACSEC_OK);
        ck_assert_uint_eq(n, length);
        dx__macsec_free(sender);
        dx__macsec_free(receiver);
    }
}
END_TEST

START_TEST(impossible_associations_are_refused)
{
    const DxMacsecConf good = plain_conf(DX_MACSEC_GCM_AES_128, 1);
    DxMacsecConf bad[6] = { good, good, good, good, good, good };

    bad[0].an = 4;
    bad[1].offset = 31;
    bad[2].suite = DX_MACSEC_GCM_AES_XPN_128;
    bad[2].offset = 30;
    bad[3].next_pn = 0;
    bad[4].next_pn = 1ull << 32;
    bad[5].suite = DX_MACSEC_N_SUITES;
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;

        ck_assert_ptr_null(dx__macsec_new(&bad[i], &error));
        ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
        g_error_free(error);
    }
}
END_TEST

/* Any octets may come from a line. Each frame lies in a block of its own, so that a sanitizer sees one too
 * far. */
START_TEST(random_octets_do_no_harm)
{
    const DxMacsecConf conf = plain_conf(DX_MACSEC_GCM_AES_128, 1);
    DxMacsecSa *sa = sa_new(&conf);
    uint64_t random = 1;

    for (unsigned i = 0; i < 100000; i++) {
        size_t n = dx_splitmix64(&random) % 120;
        uint8_t *frame = g_malloc(n + !n);

        for (size_t k = 0; k < n; k++)
            frame[k] = (uint8_t)dx_splitmix64(&random);
        if (n >= 14 && i % 8)
            put_u16(frame + 12, DX_TYPE_MACSEC);
        if (n >= 28 && i % 4) {
            frame[14] = 0x2C;
            frame[15] &= 0x3F;
            memcpy(frame + 20, conf.sci, 8);
        }
        ck_assert_int_ne(dx__macsec_validate(sa, frame, &n, NULL), DX_MACSEC_OK);
        g_free(frame);
    }
    ck_assert_uint_eq(dx__macsec_next_pn(sa), 1);
    dx__macsec_free(sa);
}
END_TEST

SUITE_MAIN("macsec", 60, frames_are_those_of_the_reference, offsets_leave_the_first_octets_clear,
           tampered_frames_are_refused, bad_tags_are_known, every_tci_is_decided,
           frames_that_are_cut_off_have_bad_tags, channels_are_named_in_four_ways, replayed_frames_are_late,
           packet_numbers_run_out, extended_numbers_are_recovered, a_stream_goes_over_the_edge,
           padding_behind_the_icv_is_passed_over, impossible_associations_are_refused,
           random_octets_do_no_harm)
