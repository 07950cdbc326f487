/*
 * test_attacker - what somebody on a line can read, and what a receiver makes of what he sends
 */
#include <string.h>
#include "../../suite.h"
#include "wire/attacker.h"
#include "wire/packet.h"
#include "wire/put.h"

static const DxFlow udp = { .src = { [12] = 10, 1, 0, 1 },
                            .dst = { [12] = 10, 2, 0, 1 },
                            .src_port = 49152,
                            .dst_port = 443,
                            .protocol = 17 };

typedef struct {
    DxAttacker attacker;
    DxRng random;
    DxFrame frame;
    DxFlow flow;
    uint64_t pn; /* of the next frame; 0: they go in clear */
} Line;

static void line_init(Line *line)
{
    *line = (Line){ .frame = { .size_bytes = 1000, .ttl = 64 }, .flow = udp };
    dx__attacker_init(&line->attacker, "a", "b");
    dx_rng_init(&line->random, 1, 0, "line", "octets");
}

/* IEEE 802.1AE: an explicit SCI is 16 octets of SecTAG, the ICV 16. */
static void line_secure(Line *line, DxMacsecSuite suite, bool encrypts, unsigned offset, uint32_t window,
                        bool is_must)
{
    DxMacsecConf conf = { .suite = suite,
                          .encrypts = encrypts,
                          .offset = offset,
                          .next_pn = 1,
                          .replay_protect = true,
                          .replay_window = window };
    GError *error = NULL;

    line_init(line);
    for (unsigned i = 0; i < sizeof conf.key; i++)
        conf.key[i] = (uint8_t)(3 * i + 1);
    dx__ethernet_address(conf.sci, "a");
    conf.sci[7] = 1;
    line->attacker.is_must = is_must;
    ck_assert(dx__attacker_secure(&line->attacker, &conf, &error));
    line->frame.overhead_bytes = 32;
    line->pn = 1;
}

static DxAttackOutcome act(Line *line, DxAttackKind kind)
{
    const DxWireFrame what = {
        .frame = &line->frame, .flow = &line->flow, .seq = line->frame.seq, .from = "a", .to = "b"
    };
    const DxAttackOutcome outcome = dx__attacker_act(&line->attacker, kind, &what, line->pn, &line->random);

    line->frame.seq++;
    line->pn += line->pn > 0;
    return outcome;
}

#define EACH_KIND(kind)                                                                                      \
    DxAttackKind kind = DX_ATTACK_EAVESDROP;                                                                 \
    kind < DX_ATTACK_N_KINDS;                                                                                \
    kind++

/* Nothing on a plain line keeps anybody from anything: what is sent has a right FCS and right checksums. */
START_TEST(a_plain_line_is_defenceless)
{
    static const uint8_t protocols[] = { 17, 6, 1, 58, 47 };
    static const uint16_t sizes[] = { 20, 28, 40, 41, 60, 64, 100, 1500, 9001 };

    for (unsigned p = 0; p < G_N_ELEMENTS(protocols); p++)
        for (unsigned s = 0; s < G_N_ELEMENTS(sizes); s++)
            for (EACH_KIND(kind)) {
                Line line;
                DxAttackOutcome outcome;

                line_init(&line);
                line.flow.protocol = protocols[p];
                line.flow.is_ipv6 = protocols[p] == 58;
                line.frame.size_bytes = (uint16_t)(sizes[s] + 20 * line.flow.is_ipv6);
                line.frame.tci = 5 << 13 | 100;
                line.frame.flags = s % 2 ? DX_FRAME_TAGGED : 0;
                line.frame.overhead_bytes = s % 2 ? 4 : 0;
                outcome = act(&line, kind);
                ck_assert(outcome.observed && outcome.header && outcome.read);
                ck_assert_int_eq(outcome.sends, kind != DX_ATTACK_EAVESDROP);
                if (outcome.sends)
                    ck_assert_msg(outcome.verdict == DX_ATTACK_ACCEPTED,
                                  "protocol %u, %u octets, kind %u: %u", protocols[p], sizes[s],
                                  (unsigned)kind, (unsigned)outcome.verdict);
                dx__attacker_clear(&line.attacker);
            }
}
END_TEST

/* What was sent in place of the frame is not the frame, but for a copy. */
START_TEST(what_is_sent_differs_from_what_was_there)
{
    for (EACH_KIND(kind)) {
        Line line;
        size_t n = 14 + 1000;

        line_init(&line);
        act(&line, kind);
        if (kind == DX_ATTACK_REPLAY)
            ck_assert(!memcmp(line.attacker.forged, line.attacker.line, n));
        else if (kind != DX_ATTACK_EAVESDROP)
            ck_assert(memcmp(line.attacker.forged, line.attacker.line, n));
        ck_assert_int_eq(kind == DX_ATTACK_INJECT,
                         kind != DX_ATTACK_EAVESDROP &&
                             memcmp(line.attacker.forged + 6, line.attacker.line + 6, 6) != 0);
        if (kind == DX_ATTACK_MODIFY) { /* one bit of the payload, the checksum of UDP, the FCS */
            unsigned changed = 0;

            for (size_t i = 0; i < n; i++)
                changed += line.attacker.forged[i] != line.attacker.line[i];
            ck_assert_uint_eq(line.attacker.forged[n - 1] ^ line.attacker.line[n - 1], 1);
            ck_assert_uint_le(changed, 3);
        }
        dx__attacker_clear(&line.attacker);
    }
}
END_TEST

/* IEEE 802.1AE, 10.6: each attack by the counter that it must raise. Addresses and lengths stay to be seen.
 */
START_TEST(a_protected_line_notices)
{
    static const DxAttackVerdict verdicts[] = {
        [DX_ATTACK_MODIFY] = DX_ATTACK_NOT_VALID, [DX_ATTACK_REPLAY] = DX_ATTACK_LATE,
        [DX_ATTACK_INJECT] = DX_ATTACK_NO_TAG,    [DX_ATTACK_SPOOF_MAC] = DX_ATTACK_NOT_VALID,
        [DX_ATTACK_MITM] = DX_ATTACK_NO_TAG,
    };

    for (unsigned suite = 0; suite < DX_MACSEC_N_SUITES; suite++)
        for (EACH_KIND(kind)) {
            Line line;

            line_secure(&line, (DxMacsecSuite)suite, true, 0, 0, true);
            for (unsigned i = 0; i < 5; i++) {
                const DxAttackOutcome outcome = act(&line, kind);

                ck_assert(outcome.observed && !outcome.header && !outcome.read);
                if (outcome.sends)
                    ck_assert_uint_eq(outcome.verdict, verdicts[kind]);
                line.pn += i; /* frames between them were let alone */
            }
            dx__attacker_clear(&line.attacker);
        }
}
END_TEST

/* Clause 10.6.2: a window keeps frames that are late, and tells no copy from its original. */
START_TEST(a_replay_window_lets_copies_pass)
{
    for (uint32_t window = 0; window < 3; window++) {
        Line line;

        line_secure(&line, DX_MACSEC_GCM_AES_256, true, 0, window, true);
        ck_assert_uint_eq(act(&line, DX_ATTACK_REPLAY).verdict, window ? DX_ATTACK_ACCEPTED : DX_ATTACK_LATE);
        dx__attacker_clear(&line.attacker);
    }
}
END_TEST

/* Integrity alone is readable, an offset of 30 shows the headers, neither lets anything be changed. */
START_TEST(what_is_not_encrypted_is_read)
{
    static const struct {
        bool encrypts;
        unsigned offset;
        bool header, read;
    } cases[] = { { false, 0, true, true },
                  { true, 30, true, false },
                  { true, 50, true, false },
                  { true, 0, false, false } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Line line;
        DxAttackOutcome outcome;

        line_secure(&line, DX_MACSEC_GCM_AES_128, cases[i].encrypts, cases[i].offset, 0, true);
        outcome = act(&line, DX_ATTACK_MODIFY);
        ck_assert_int_eq(outcome.header, cases[i].header);
        ck_assert_int_eq(outcome.read, cases[i].read);
        ck_assert_uint_eq(outcome.verdict, DX_ATTACK_NOT_VALID);
        dx__attacker_clear(&line.attacker);
    }
}
END_TEST

/* Who takes frames in clear beside protected ones takes those of anybody. */
START_TEST(should_encrypt_lets_frames_in_clear_pass)
{
    Line line;

    line_secure(&line, DX_MACSEC_GCM_AES_XPN_256, true, 0, 0, false);
    ck_assert_uint_eq(act(&line, DX_ATTACK_INJECT).verdict, DX_ATTACK_ACCEPTED);
    ck_assert_uint_eq(act(&line, DX_ATTACK_MITM).verdict, DX_ATTACK_ACCEPTED);
    ck_assert_uint_eq(act(&line, DX_ATTACK_MODIFY).verdict, DX_ATTACK_NOT_VALID);
    dx__attacker_clear(&line.attacker);
}
END_TEST

SUITE_MAIN("attacker", 60, a_plain_line_is_defenceless, what_is_sent_differs_from_what_was_there,
           a_protected_line_notices, a_replay_window_lets_copies_pass, what_is_not_encrypted_is_read,
           should_encrypt_lets_frames_in_clear_pass)
