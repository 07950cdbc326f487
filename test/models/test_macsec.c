/*
 * test_macsec - who gets a packet number, who must not pass, and when numbers end
 */
#include <dxsim/macsec.h>
#include <math.h>
#include <string.h>
#include "../network.h"
#include "../rig.h"
#include "../suite.h"
#include "../vectors.h"

extern const DxModel dx_model_macsec;

enum { SEC = DX_FRAME_SECTAG };

static Rig *macsec(DxMacsecRole role)
{
    Rig *rig = rig_new(&dx_model_macsec, 1, 1, 4);

    ((DxMacsecLine *)dx_sim_conf(rig->node))->role = role;
    rig_set(rig, "keys", "none");
    return rig;
}

static void control(Rig *rig, DxTime t_ps, DxControlOp op, uint64_t value)
{
    rig_control(rig, t_ps, (DxControl){ .op = op, .value = value });
}

static DxFrame *feed(Rig *rig, DxTime t_ps, unsigned flags, unsigned overhead_bytes)
{
    DxFrame *frame = rig_feed(rig, 0, t_ps);

    frame->flags = (uint16_t)flags;
    frame->overhead_bytes = (uint8_t)overhead_bytes;
    return frame;
}

/* -- enter ------------------------------------------------------------------------------------------- */

/* SecTAG 8 octets, 16 with SCI; ICV 16 (IEEE 802.1AE, clause 9). */
START_TEST(a_frame_takes_24_octets_or_32)
{
    static const struct {
        const char *sci;
        unsigned bytes;
    } cases[] = { { "false", 24 }, { "true", 32 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = macsec(DX_MACSEC_ENTER);

        rig_set(rig, "sci", cases[i].sci);
        rig_set(rig, "latency", "200 ns");
        control(rig, 0, DX_CONTROL_SECURED, 0);
        feed(rig, 10, DX_FRAME_TAGGED, 4);
        feed(rig, 10, 0, 255 - cases[i].bytes);
        feed(rig, 11, 0, 255 - cases[i].bytes + 1);
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, 10 + 200000 }, { 1, 10 + 200000 });
        ck_assert_uint_eq(rig_frame(rig, 0, 0)->overhead_bytes, 4 + cases[i].bytes);
        ck_assert_uint_eq(rig_frame(rig, 0, 0)->flags, SEC | DX_FRAME_TAGGED);
        ck_assert_uint_eq(rig_frame(rig, 0, 1)->overhead_bytes, 255);
        ck_assert_uint_eq(rig_dropped(rig, "too_long"), 1);
        rig_free(rig);
    }
}
END_TEST

/* An event at the very time of a frame comes first. */
START_TEST(without_a_key_nothing_passes_or_all_in_clear)
{
    static const char *const modes[] = { "must_encrypt", "should_encrypt" };

    for (unsigned i = 0; i < 2; i++) {
        Rig *rig = macsec(DX_MACSEC_ENTER);

        rig_set(rig, "mode", modes[i]);
        control(rig, 20, DX_CONTROL_SECURED, 0);
        control(rig, 30, DX_CONTROL_UNSECURED, 0);
        for (DxTime t = 10; t < 40; t += 5)
            feed(rig, t, 0, 0);
        rig_run(rig, DX_MS);
        ck_assert_uint_eq(rig_dropped(rig, "not_secured"), i ? 0 : 4);
        ck_assert_uint_eq(rig_n(rig, 0), i ? 6 : 2);
        for (unsigned k = 0; k < rig_n(rig, 0); k++) {
            const DxFrame *frame = rig_frame(rig, 0, k);
            const bool is_protected = frame->t_ps >= 20 && frame->t_ps < 30;

            ck_assert_uint_eq(frame->overhead_bytes, is_protected ? 32 : 0);
            ck_assert_uint_eq(frame->flags, is_protected ? SEC : 0);
        }
        rig_free(rig);
    }
}
END_TEST

/* -- what events put on the line ----------------------------------------------------------------------- */

typedef struct {
    Rig *rig;
    DxFrame frame;
    uint8_t octets[64];
    size_t n;
} Said;

static void say(DxSim *sim, void *data)
{
    Said *said = data;

    (void)sim;
    dx_node_attach(said->rig->feeder[0], &said->frame, said->octets, said->n);
    dx_node_inject(said->rig->feeder[0], 0, &said->frame);
    g_free(said);
}

static void say_at(Rig *rig, DxTime t_ps, unsigned flags, unsigned overhead_bytes, const void *octets,
                   size_t n)
{
    Said said = { .rig = rig,
                  .frame = { .t_ps = t_ps,
                             .birth_ps = t_ps,
                             .flow = DX_NO_FLOW,
                             .size_bytes = 100,
                             .overhead_bytes = (uint8_t)overhead_bytes,
                             .flags = (uint16_t)(flags | DX_FRAME_CONTROL) },
                  .n = n };

    memcpy(said.octets, octets, n);
    dx_sim_at(rig->sim, t_ps, say, g_memdup2(&said, sizeof said));
}

/* IEEE 802.1X: EtherType 888E uses the uncontrolled port. LACP (8809) does not. */
START_TEST(key_agreement_passes_in_clear_always)
{
    static const uint8_t eapol[14] = { [12] = 0x88, [13] = 0x8E }, slow[14] = { [12] = 0x88, [13] = 0x09 };

    for (unsigned i = 0; i < 3; i++) {
        Rig *rig = macsec(i < 2 ? DX_MACSEC_ENTER : DX_MACSEC_RECEIVE);

        if (i == 1)
            control(rig, 0, DX_CONTROL_SECURED, 0);
        say_at(rig, 10, 0, 0, eapol, sizeof eapol);
        say_at(rig, 20, 0, 0, slow, sizeof slow);
        rig_run(rig, DX_MS);
        ck_assert_uint_eq(rig_n(rig, 0), i == 1 ? 2 : 1);
        ck_assert_uint_eq(rig_frame(rig, 0, 0)->overhead_bytes, 0);
        if (i == 1)
            ck_assert_uint_eq(rig_frame(rig, 0, 1)->overhead_bytes, 32);
        ck_assert_uint_eq(rig_dropped(rig, "not_secured"), i == 0);
        ck_assert_uint_eq(rig_dropped(rig, "no_tag"), i == 2);
        rig_free(rig);
    }
}
END_TEST

/* -- send -------------------------------------------------------------------------------------------- */

/* 2^32 - 1 is the last number of 32 bits: of ten frames from 2^32 - 4 on, four get one. */
START_TEST(numbers_of_32_bits_end_at_the_last)
{
    static const struct {
        const char *suite, *first;
        unsigned sent;
    } cases[] = { { "GCM-AES-128", "4294967292", 4 },
                  { "GCM-AES-256", "4294967292", 4 },
                  { "GCM-AES-256", "4294967295", 1 },
                  { "GCM-AES-XPN-128", "4294967292", 10 },
                  { "GCM-AES-XPN-256", "9223372036854775807", 10 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = macsec(DX_MACSEC_SEND);

        rig_set(rig, "suite", cases[i].suite);
        rig_set(rig, "first_pn", cases[i].first);
        control(rig, 0, DX_CONTROL_SA_TRANSMIT, 2);
        for (unsigned k = 0; k < 10; k++)
            feed(rig, k, SEC, 32);
        feed(rig, 10, 0, 0);
        rig_run(rig, DX_MS);
        ck_assert_uint_eq(rig_n(rig, 0), cases[i].sent + 1);
        ck_assert_uint_eq(rig_dropped(rig, "pn_exhausted"), 10 - cases[i].sent);
        ck_assert_uint_eq(rig_frame(rig, 0, 0)->flags, SEC | 2 << DX_FRAME_AN_SHIFT);
        ck_assert_uint_eq(dx_node_counter(rig->node, "next_pn"),
                          g_ascii_strtoull(cases[i].first, NULL, 10) + cases[i].sent);
        ck_assert_uint_eq(dx_node_counter(rig->node, "tx_clear_frames"), 1);
        rig_free(rig);
    }
}
END_TEST

START_TEST(another_key_begins_its_numbers_anew)
{
    Rig *rig = macsec(DX_MACSEC_SEND);

    rig_set(rig, "suite", "GCM-AES-256");
    rig_set(rig, "first_pn", "4294967294");
    feed(rig, 0, SEC, 32);
    control(rig, 10, DX_CONTROL_SA_TRANSMIT, 0);
    for (unsigned k = 0; k < 4; k++)
        feed(rig, 10 + k, SEC, 32);
    control(rig, 20, DX_CONTROL_SA_TRANSMIT, 1);
    feed(rig, 20, SEC, 32);
    control(rig, 30, DX_CONTROL_SA_DELETE, 0); /* the former: nothing to it */
    feed(rig, 30, SEC, 32);
    control(rig, 40, DX_CONTROL_SA_DELETE, 1);
    feed(rig, 40, SEC, 32);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 1, 10 }, { 2, 11 }, { 5, 20 }, { 6, 30 });
    ck_assert_uint_eq(rig_frame(rig, 0, 2)->flags, SEC | 1 << DX_FRAME_AN_SHIFT);
    ck_assert_uint_eq(rig_dropped(rig, "pn_exhausted"), 2);
    ck_assert_uint_eq(rig_dropped(rig, "no_tx_sa"), 2);
    ck_assert_uint_eq(dx_node_counter(rig->node, "rekeys"), 1);
    rig_free(rig);
}
END_TEST

/* -- receive ----------------------------------------------------------------------------------------- */

START_TEST(a_receiver_goes_by_the_association)
{
    Rig *rig = macsec(DX_MACSEC_RECEIVE);

    rig_set(rig, "latency", "1 us");
    control(rig, 0, DX_CONTROL_SA_RECEIVE, 3);
    feed(rig, 10, SEC | 3 << DX_FRAME_AN_SHIFT, 36);
    feed(rig, 11, SEC | 1 << DX_FRAME_AN_SHIFT, 32);
    control(rig, 20, DX_CONTROL_SA_RECEIVE, 1);
    feed(rig, 20, SEC | 1 << DX_FRAME_AN_SHIFT | DX_FRAME_TAGGED, 36);
    feed(rig, 21, SEC | 3 << DX_FRAME_AN_SHIFT, 32);
    feed(rig, 22, 0, 0);
    control(rig, 30, DX_CONTROL_SA_DELETE, 3);
    feed(rig, 30, SEC | 3 << DX_FRAME_AN_SHIFT, 32);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, DX_US + 10 }, { 2, DX_US + 20 }, { 3, DX_US + 21 });
    ck_assert_uint_eq(rig_frame(rig, 0, 0)->flags, 0);
    ck_assert_uint_eq(rig_frame(rig, 0, 0)->overhead_bytes, 4);
    ck_assert_uint_eq(rig_frame(rig, 0, 1)->flags, DX_FRAME_TAGGED);
    ck_assert_uint_eq(rig_dropped(rig, "no_sa"), 2);
    ck_assert_uint_eq(rig_dropped(rig, "no_tag"), 1);
    ck_assert_uint_eq(dx_node_counter(rig->node, "rx_ok_frames"), 3);
    rig_free(rig);
}
END_TEST

/* IEEE 802.1AE, 10.6.2: the lowest acceptable number is next_PN - window, and at least 1. In front of the
 * copies is number 100: next_PN is 101. */
START_TEST(a_copy_is_late_behind_the_window)
{
    static const struct {
        const char *window;
        DxMacsecForged forged;
        const char *reason; /* NULL: it passes */
    } cases[] = {
        { "0", { .pn = 100, .latest_pn = 100, .is_genuine = true }, "late" },
        { "0", { .pn = 101, .latest_pn = 100, .is_genuine = true }, NULL },
        { "1", { .pn = 100, .latest_pn = 100, .is_genuine = true }, NULL },
        { "1", { .pn = 99, .latest_pn = 100, .is_genuine = true }, "late" },
        { "64", { .pn = 37, .latest_pn = 100, .is_genuine = true }, NULL },
        { "64", { .pn = 36, .latest_pn = 100, .is_genuine = true }, "late" },
        { "4294967295", { .pn = 1, .latest_pn = 100, .is_genuine = true }, NULL },
        { "4294967295", { .pn = 0, .latest_pn = 100, .is_genuine = true }, "late" },
        { "0", { .pn = 500, .latest_pn = 100 }, "not_valid" },
        { "0", { .pn = 50, .latest_pn = 100 }, "late" }, /* before anybody looks at the ICV */
        { "0", { .pn = 500, .latest_pn = 100, .is_foreign = true, .is_genuine = true }, "no_sci" },
        { "0", { .pn = 500, .latest_pn = 100, .is_bad_tag = true, .is_genuine = true }, "bad_tag" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = macsec(DX_MACSEC_RECEIVE);

        rig_set(rig, "replay_window", cases[i].window);
        control(rig, 0, DX_CONTROL_SA_RECEIVE, 0);
        say_at(rig, 10, SEC, 32, &cases[i].forged, sizeof cases[i].forged);
        rig_run(rig, DX_MS);
        ck_assert_uint_eq(rig_n(rig, 0), !cases[i].reason);
        if (cases[i].reason)
            ck_assert_msg(rig_dropped(rig, cases[i].reason) == 1, "case %u", i);
        rig_free(rig);
    }
}
END_TEST

/* A SYN has 24 octets, a BFD packet 32: whatever the length, who speaks begins with a port. */
START_TEST(what_a_protocol_says_is_no_forgery)
{
    uint8_t said[64] = { 0xC0, 0x00, 0x00, 0xB3 };
    unsigned n_said = 0;
    Rig *rig = macsec(DX_MACSEC_RECEIVE);

    control(rig, 0, DX_CONTROL_SA_RECEIVE, 0);
    for (size_t n = 4; n <= sizeof said; n++)
        say_at(rig, 10 * ++n_said, SEC, 32, said, n);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), n_said);
    rig_free(rig);
}
END_TEST

/* A number that has been accepted raises the window; one that was not valid does not. */
START_TEST(only_what_is_valid_moves_the_window)
{
    const DxMacsecForged far_but_wrong = { .pn = 1000, .latest_pn = 10 },
                         far = { .pn = 900, .latest_pn = 10, .is_genuine = true },
                         behind = { .pn = 899, .latest_pn = 10, .is_genuine = true };
    Rig *rig = macsec(DX_MACSEC_RECEIVE);

    control(rig, 0, DX_CONTROL_SA_RECEIVE, 0);
    say_at(rig, 10, SEC, 32, &far_but_wrong, sizeof far);
    say_at(rig, 20, SEC, 32, &far, sizeof far);
    say_at(rig, 30, SEC, 32, &behind, sizeof far);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    ck_assert_uint_eq(rig_dropped(rig, "not_valid"), 1);
    ck_assert_uint_eq(rig_dropped(rig, "late"), 1);
    rig_free(rig);
}
END_TEST

/* -- both ends ----------------------------------------------------------------------------------------- */

#define PNS 100 /* left at the start of a run */

/* Of a line that is never idle: the agent learns of the end one reaction time after the last bit of the last
 * frame that got a number. wire = frame + overhead + 20; time of N frames = ceil(N * wire * 8 / rate). */
static void check_exhaustion(unsigned gbps, unsigned frame, unsigned overhead)
{
    const uint64_t bits = 8 * (uint64_t)PNS * (frame + overhead + 20);
    const DxTime last_ps = (DxTime)((bits * 1000 + gbps - 1) / gbps);
    g_autofree char *duration = g_strdup_printf("%" G_GINT64_FORMAT " ps", last_ps + 20 * DX_US);
    g_autofree char *links = g_strdup_printf(
        "'d': { 'ends': ['a', 'b'], 'rate': '%u Gbps', 'fiber': { 'length': '1 m' }, 'queue': { 'limit': '1 "
        "MB' },"
        " 'macsec': { 'suite': 'GCM-AES-256', 'sci': %s, 'first_pn': %" G_GUINT64_FORMAT " } }",
        gbps, overhead == 32 ? "true" : "false", (UINT64_C(1) << 32) - PNS);
    g_autofree char *flows = g_strdup_printf(
        "'f': { 'from': 'a', 'to': 'b', 'rate': '%u Gbps', 'size': '%u B' }", 2 * gbps, frame - 14 - 4);
    DxScenario *scenario = network_load(duration, links, flows, "");
    DxRun *made = network_run(scenario);
    const DxLogLine *line;

    ck_assert_uint_ge(made->log->len, 1);
    line = g_ptr_array_index(made->log, 0);
    ck_assert_str_eq(line->event, "pn_exhausted");
    ck_assert_int_eq(line->t_ps, last_ps + 10 * DX_US);
    ck_assert_uint_eq(network_value(made, "model", "d:a>b.macsec-send", "tx_protected_frames"), PNS);
    ck_assert_uint_eq(network_value(made, "model", "d:a>b.macsec-send", "next_pn"), UINT64_C(1) << 32);
    dx_run_free(made);
    dx_scenario_free(scenario);
}

/* Without MACsec nothing ends; the line is as fast as the row says. */
static void check_rate(unsigned gbps, unsigned frame)
{
    const DxTime end_ps = (DxTime)((8 * (uint64_t)PNS * (frame + 20) * 1000 + gbps - 1) / gbps);
    g_autofree char *duration = g_strdup_printf("%" G_GINT64_FORMAT " ps", end_ps);
    g_autofree char *links = g_strdup_printf("'d': { 'ends': ['a', 'b'], 'rate': '%u Gbps' }", gbps);
    g_autofree char *flows = g_strdup_printf(
        "'f': { 'from': 'a', 'to': 'b', 'rate': '%u Gbps', 'size': '%u B' }", 2 * gbps, frame - 14 - 4);
    DxScenario *scenario = network_load(duration, links, flows, "");
    DxRun *made = network_run(scenario);

    ck_assert_uint_eq(network_value(made, "link", "d:a>b", "tx_frames"), PNS);
    dx_run_free(made);
    dx_scenario_free(scenario);
}

/* 60 rows: seconds until 2^32 numbers are used at full load, and the run that shows the last hundred. */
START_TEST(numbers_last_as_long_as_the_table_says)
{
    DxJsonDoc *doc = vectors_load("ethernet-overhead.json");
    const DxJson *rows = vectors_get(doc, dx__json_root(doc), "pn_exhaustion");
    unsigned n = 0;

    for (const DxJson *row = rows->child; row; row = row->next, n++) {
        const unsigned gbps = (unsigned)vectors_u64(doc, row, "rate_gbps", 0);
        const unsigned frame = (unsigned)vectors_u64(doc, row, "frame_incl_fcs", 0);
        const unsigned overhead = (unsigned)vectors_u64(doc, row, "macsec_overhead", 0);
        const double expected = g_ascii_strtod(vectors_get(doc, row, "t_2pow32_s")->text, NULL);
        const double formula = 0x1p32 * (frame + overhead + 20) * 8 / (gbps * 1e9);

        ck_assert_double_eq_tol(formula, expected, expected * 1e-12);
        if (overhead)
            check_exhaustion(gbps, frame, overhead);
        else
            check_rate(gbps, frame);
    }
    ck_assert_uint_eq(n, 60);
    dx__json_free(doc);
}
END_TEST

/* A lossy line: what was lost had a number, and the next key does not wait for it. Conserved: given = valid +
 * lost. Renewed in time, no frame is without a number, and none finds its association gone. */
START_TEST(renewal_loses_nothing)
{
    DxScenario *scenario = network_load(
        "20 ms",
        "'d': { 'ends': ['a', 'b'], 'rate': '10 Gbps', 'fiber': { 'length': '100 km', 'loss': '10 %' },"
        " 'macsec': { 'suite': 'GCM-AES-256', 'first_pn': 4294966296, 'rekey_pn': 4294967000, 'retire': '1 "
        "ms', 'latency': "
        "'200 ns' } }",
        "'f': { 'from': 'a', 'to': 'b', 'rate': '12 Gbps', 'size': '1500 B' }", "");
    DxRun *made = network_run(scenario);
    const uint64_t given = network_value(made, "model", "d:a>b.macsec-send", "tx_protected_frames");
    const uint64_t valid = network_value(made, "model", "d:a>b.macsec-receive", "rx_ok_frames");
    const uint64_t lost = network_value(made, "link", "d:a>b", "dropped_lost");

    ck_assert_uint_eq(network_value(made, "link", "d:a>b", "dropped_pn_exhausted"), 0);
    ck_assert_uint_eq(network_value(made, "link", "d:a>b", "dropped_no_sa"), 0);
    ck_assert_uint_eq(network_value(made, "link", "d:a>b", "dropped_late"), 0);
    ck_assert_uint_gt(lost, 1000);
    ck_assert_uint_gt(network_value(made, "model", "d:a>b.macsec-send", "rekeys"), 20);
    /* on the way: 100 km at 1.468 are 489.7 us, of 1570 octets each 1.256 us */
    ck_assert_uint_ge(given, valid + lost);
    ck_assert_uint_le(given - valid - lost, 391);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* Four numbers of associations, and the first key is not retired: the fourth renewal is refused, and then the
 * packet numbers end. */
START_TEST(a_number_in_use_is_not_used_again)
{
    static const char *const events[] = { "pn_threshold", "rekey",    "pn_threshold", "rekey",
                                          "pn_threshold", "rekey",    "pn_threshold", "rekey_refused",
                                          "pn_exhausted", "unsecured" };
    DxScenario *scenario = network_load(
        "10 ms",
        "'d': { 'ends': ['a', 'b'], 'rate': '10 Gbps', 'fiber': { 'length': '1 km' },"
        " 'macsec': { 'suite': 'GCM-AES-256', 'first_pn': 4294966296, 'rekey_pn': 4294966796 } }",
        "'f': { 'from': 'a', 'to': 'b', 'rate': '5 Gbps', 'size': '1500 B' }", "");
    DxRun *made = network_run(scenario);

    ck_assert_uint_eq(made->log->len, G_N_ELEMENTS(events));
    for (guint i = 0; i < made->log->len; i++)
        ck_assert_str_eq(((const DxLogLine *)g_ptr_array_index(made->log, i))->event, events[i]);
    ck_assert_uint_eq(network_value(made, "model", "d:a>b.macsec-send", "rekeys"), 3);
    ck_assert_uint_eq(network_value(made, "link", "d:a>b", "dropped_no_sa"), 0);
    dx_run_free(made);
    dx_scenario_free(scenario);
}
END_TEST

/* Goodput of a saturated line: rate * packet / (frame + overhead + 20). */
START_TEST(a_saturated_line_carries_what_the_overhead_leaves)
{
    static const unsigned sizes[] = { 46, 64, 500, 1500, 9001 };

    for (unsigned i = 0; i < 3 * G_N_ELEMENTS(sizes); i++) {
        static const char *const with[] = { "", ", 'macsec': { 'sci': false }", ", 'macsec': {}" };
        const unsigned size = sizes[i / 3], overhead = i % 3 ? 16 + 8 * (i % 3) : 0;
        const uint64_t frame_ps = (size + 18 + overhead + 20) * 80;
        g_autofree char *links =
            g_strdup_printf("'d': { 'ends': ['a', 'b'], 'rate': '100 Gbps'%s }", with[i % 3]);
        g_autofree char *flows =
            g_strdup_printf("'f': { 'from': 'a', 'to': 'b', 'rate': '150 Gbps', 'size': '%u B' }", size);
        DxScenario *scenario = network_load("100 us", links, flows, "");
        DxRun *made = network_run(scenario);

        ck_assert_uint_eq(network_value(made, "link", "d:a>b", "tx_frames"),
                          (100 * (uint64_t)DX_US + frame_ps - 1) / frame_ps);
        dx_run_free(made);
        dx_scenario_free(scenario);
    }
}
END_TEST

START_TEST(values_that_make_no_sense_are_refused)
{
    static const struct {
        const char *set[8], *key;
    } cases[] = {
        { { "confidentiality_offset", "30" }, "confidentiality_offset" },
        { { "confidentiality_offset", "20", "suite", "GCM-AES-128" }, "confidentiality_offset" },
        { { "confidentiality_offset", "30", "suite", "GCM-AES-128", "encrypt", "false" },
          "confidentiality_offset" },
        { { "suite", "GCM-AES-256", "first_pn", "4294967296" }, "first_pn" },
        { { "suite", "GCM-AES-256", "rekey_pn", "4294967296" }, "rekey_pn" },
        { { "first_pn", "100", "rekey_pn", "99" }, "rekey_pn" },
        { { "keys", "none", "rekey", "2 h" }, "rekey" },
        { { "rekey", "1 ns" }, "rekey" },
        { { "rekey", "1 s", "retire", "3001 ms" }, "rekey" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        rig_expect_refused(&dx_model_macsec, cases[i].set, cases[i].key);
}
END_TEST

/* -- order and bursts ---------------------------------------------------------------------------------- */

static Rig *build(uint64_t seed)
{
    static const char *const modes[] = { "must_encrypt", "should_encrypt" };
    const DxMacsecRole role = (DxMacsecRole)(seed % 3);
    Rig *rig = macsec(role);
    uint64_t random = seed;
    DxTime t = 0;

    rig_set(rig, "suite", "GCM-AES-256");
    rig_set(rig, "mode", modes[seed / 3 % 2]);
    rig_set(rig, "first_pn", "4294966796");
    rig_set(rig, "rekey_pn", "4294967196");
    rig_set(rig, "latency", "123 ns");
    for (unsigned i = 0; i < 20; i++) {
        static const DxControlOp ops[] = { DX_CONTROL_SECURED,     DX_CONTROL_UNSECURED,
                                           DX_CONTROL_SA_TRANSMIT, DX_CONTROL_SA_RECEIVE,
                                           DX_CONTROL_SA_DELETE,   DX_CONTROL_SA_TRANSMIT };

        control(rig, (DxTime)(dx_splitmix64(&random) % 1000) * DX_US, ops[dx_splitmix64(&random) % 6],
                dx_splitmix64(&random) % 4);
    }
    for (unsigned i = 0; i < 3000; i++) {
        const bool is_protected = role != DX_MACSEC_ENTER && dx_splitmix64(&random) % 8;

        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        feed(rig, t,
             is_protected ? SEC | (role == DX_MACSEC_RECEIVE
                                       ? (unsigned)(dx_splitmix64(&random) % 4) << DX_FRAME_AN_SHIFT
                                       : 0)
                          : 0,
             is_protected ? 32 : 0);
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 12; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("macsec", 60, a_frame_takes_24_octets_or_32, without_a_key_nothing_passes_or_all_in_clear,
           key_agreement_passes_in_clear_always, numbers_of_32_bits_end_at_the_last,
           another_key_begins_its_numbers_anew, a_receiver_goes_by_the_association,
           a_copy_is_late_behind_the_window, what_a_protocol_says_is_no_forgery,
           only_what_is_valid_moves_the_window, numbers_last_as_long_as_the_table_says, renewal_loses_nothing,
           a_number_in_use_is_not_used_again, a_saturated_line_carries_what_the_overhead_leaves,
           values_that_make_no_sense_are_refused, bursts_and_windows_change_nothing)
