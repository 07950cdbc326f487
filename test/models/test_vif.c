/*
 * test_vif - many VLANs on one line: who gets which tag, who is too long, too fast, or a stranger
 */
#include <cjson/cJSON.h>
#include <dxsim/vif.h>
#include <math.h>
#include <string.h>
#include "../rig.h"
#include "../network.h"
#include "../suite.h"

__extension__ typedef unsigned __int128 Wide;

extern const DxModel dx_model_vif;

#define TCI(pcp, dei, vid) ((uint16_t)((pcp) << 13 | (dei) << 12 | (vid)))

enum { C = DX_FRAME_TAGGED, S = DX_FRAME_TAGGED | DX_FRAME_S_TAG, OWN = DX_FRAME_TAGGED | DX_FRAME_VIF };

/* -- a line and its VIFs: flow i is on VIF i, flow n on none ------------------------------------------- */

#define VIFS_MAX 4094

static void *confs[VIFS_MAX];
static uint16_t of_flow[VIFS_MAX + 2];
static DxVifCounts counts[VIFS_MAX + 1];

static void set(unsigned vif, const char *key, const char *text)
{
    GError *error = NULL;

    if (!dx_param_set(dx_param_find(dx_model_vif.params, key), confs[vif], text, &error))
        ck_abort_msg("%s", error->message);
}

static Rig *line(bool leaves, unsigned end, const unsigned *vlans, unsigned n)
{
    Rig *rig = rig_new(&dx_model_vif, 1, 1, n + 1);

    memset(counts, 0, sizeof counts);
    memset(of_flow, 0, sizeof of_flow);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *text = g_strdup_printf("%u", vlans[i]);

        g_free(confs[i]);
        confs[i] = g_malloc0(dx_model_vif.conf_size);
        dx_param_defaults(dx_model_vif.params, confs[i]);
        set(i, "vlan", text);
        of_flow[i] = (uint16_t)(i + 1);
    }
    *(DxVifLine *)dx_sim_conf(rig->node) = (DxVifLine){ .leaves = leaves,
                                                        .end = end,
                                                        .n = n,
                                                        .conf = (const void *const *)confs,
                                                        .of_flow = of_flow,
                                                        .counts = counts };
    return rig;
}

#define LINE(leaves, end, ...)                                                                               \
    line(leaves, end, (const unsigned[]){ __VA_ARGS__ },                                                     \
         sizeof((const unsigned[]){ __VA_ARGS__ }) / sizeof(unsigned))

static void feed(Rig *rig, DxTime t_ps, uint32_t flow, unsigned flags, uint16_t tci, unsigned overhead_bytes)
{
    DxFrame *frame = rig_feed(rig, 0, t_ps);

    frame->flow = flow;
    frame->flags = (uint16_t)flags;
    frame->tci = tci;
    frame->overhead_bytes = (uint8_t)overhead_bytes;
}

static void assert_frame(const Rig *rig, unsigned i, unsigned flags, uint16_t tci, unsigned overhead_bytes)
{
    const DxFrame *frame = rig_frame(rig, 0, i);

    ck_assert_uint_eq(frame->flags, flags);
    ck_assert_uint_eq(frame->tci, tci);
    ck_assert_uint_eq(frame->overhead_bytes, overhead_bytes);
}

/* -- onto the line ----------------------------------------------------------------------------------- */

/* PCP 3 bits, DEI 1, VID 12: its own priority, or that of the VIF. */
START_TEST(a_frame_gets_the_tag_of_its_vif)
{
    Rig *rig = LINE(false, 0, 100, 1, 4094);

    set(1, "pcp", "0");
    set(1, "dei", "true");
    set(2, "pcp", "6");
    for (uint32_t flow = 0; flow < 4; flow++)
        feed(rig, flow, flow, 1 << DX_FRAME_ECN_SHIFT, TCI(5, 0, 0), 16);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 4);
    assert_frame(rig, 0, OWN | 1 << DX_FRAME_ECN_SHIFT, TCI(5, 0, 100), 20);
    assert_frame(rig, 1, OWN | 1 << DX_FRAME_ECN_SHIFT, TCI(0, 1, 1), 20);
    assert_frame(rig, 2, OWN | 1 << DX_FRAME_ECN_SHIFT, TCI(6, 0, 4094), 20);
    assert_frame(rig, 3, 1 << DX_FRAME_ECN_SHIFT, TCI(5, 0, 0), 16); /* on none */
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(counts[i].frames, 1);
        ck_assert_uint_eq(counts[i].bytes, 1500);
    }
    rig_free(rig);
}
END_TEST

/* As many as there are VIDs. */
START_TEST(all_vlans_fit_one_line)
{
    unsigned vlans[VIFS_MAX];
    Rig *rig;

    for (unsigned i = 0; i < VIFS_MAX; i++)
        vlans[i] = VIFS_MAX - i;
    rig = line(false, 0, vlans, VIFS_MAX);
    for (uint32_t i = 0; i < VIFS_MAX; i++)
        feed(rig, i, i, 0, 0, 0);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), VIFS_MAX);
    for (unsigned i = 0; i < VIFS_MAX; i++)
        assert_frame(rig, i, OWN, TCI(0, 0, VIFS_MAX - i), 4);
    rig_free(rig);
}
END_TEST

START_TEST(a_packet_is_at_most_the_mtu)
{
    static const char *const mtus[] = { "1500 B", "8500 B", "9001 B" };
    static const unsigned bytes[] = { 1500, 8500, 9001 };
    Rig *rig = LINE(false, 0, 1, 2, 3);

    for (unsigned i = 0; i < 3; i++)
        set(i, "mtu", mtus[i]);
    for (unsigned i = 0; i < 6; i++) {
        DxFrame *frame = rig_feed(rig, 0, i);

        frame->flow = i / 2;
        frame->size_bytes = (uint16_t)(bytes[i / 2] + i % 2);
    }
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 2, 2 }, { 4, 4 });
    ck_assert_uint_eq(rig_dropped(rig, "mtu_exceeded"), 3);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(counts[i].dropped[DX_VIF_MTU_EXCEEDED], 1);
    rig_free(rig);
}
END_TEST

/* 8 Mbps is an octet per us. A frame of 1000 octets every 500 us, 3000 in the bucket: it holds 3000 2500 2000
 * 1500 1000 before the first five, 500 before the sixth, which is dropped, 1000 before the seventh, and so
 * on: every second one. A second VIF has a bucket of its own; with counts "wire" a frame is 1000 + 14 + 4 + 4
 * + 20 = 1042 octets, and the third finds 1916. */
START_TEST(what_is_too_fast_is_dropped)
{
    static const unsigned passes[] = { 0, 1, 2, 3, 4, 6, 8, 10 };
    Rig *rig = LINE(false, 0, 1, 2, 3);
    unsigned n = 0;

    for (unsigned i = 0; i < 2; i++) {
        set(i, "rate_limit", "8 Mbps");
        set(i, "burst", "3000 B");
    }
    set(1, "counts", "wire");
    set(1, "burst", "4000 B");
    for (unsigned i = 0; i < 11; i++) {
        DxFrame *frame = rig_feed(rig, 0, i * 500 * DX_US);

        frame->size_bytes = 1000;
    }
    for (unsigned i = 0; i < 4; i++) { /* 4000, 2958, 1916, 874 */
        DxFrame *frame = rig_feed(rig, 0, 10 * DX_MS);

        frame->flow = 1;
        frame->size_bytes = 1000;
    }
    for (unsigned i = 0; i < 20; i++)
        rig_feed(rig, 0, 11 * DX_MS)->flow = 2;
    rig_run(rig, DX_S);
    for (unsigned i = 0; i < rig_n(rig, 0); i++)
        if (rig_frame(rig, 0, i)->flow == 0) {
            ck_assert_uint_lt(n, G_N_ELEMENTS(passes));
            ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, passes[n++] * 500 * DX_US);
        }
    ck_assert_uint_eq(n, G_N_ELEMENTS(passes));
    ck_assert_uint_eq(counts[0].dropped[DX_VIF_POLICED], 3);
    ck_assert_uint_eq(counts[1].frames, 3);
    ck_assert_uint_eq(counts[1].dropped[DX_VIF_POLICED], 1);
    ck_assert_uint_eq(counts[2].frames, 20);
    ck_assert_uint_eq(rig_dropped(rig, "policed"), 4);
    rig_free(rig);
}
END_TEST

/* By an event, from its next frame on; of other lines that share the list nothing changes. */
START_TEST(a_flow_may_be_put_on_another_vif)
{
    Rig *rig = LINE(false, 0, 100, 200);

    for (unsigned i = 0; i < 4; i++)
        feed(rig, i * DX_MS, 0, 0, 0, 0);
    rig_control(rig, DX_MS, (DxControl){ .op = DX_CONTROL_VIF, .index = 0, .value = 2 });
    rig_control(rig, 2 * DX_MS, (DxControl){ .op = DX_CONTROL_VIF, .index = 0, .value = 0 });
    rig_control(rig, 3 * DX_MS, (DxControl){ .op = DX_CONTROL_VIF, .index = 0, .value = 1 });
    rig_run(rig, DX_S);
    assert_frame(rig, 0, OWN, TCI(0, 0, 100), 4);
    assert_frame(rig, 1, OWN, TCI(0, 0, 200), 4);
    assert_frame(rig, 2, 0, 0, 0);
    assert_frame(rig, 3, OWN, TCI(0, 0, 100), 4);
    ck_assert_uint_eq(of_flow[0], 1);
    rig_free(rig);
}
END_TEST

/* A frame that is on its way when its flow is moved is still one of the VIF whose tag it has. */
START_TEST(at_the_far_end_the_tag_counts_not_the_flow)
{
    Rig *rig = LINE(true, 1, 100, 200);

    feed(rig, 0, 0, OWN, TCI(3, 0, 200), 4);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    ck_assert_uint_eq(counts[0].frames, 0);
    ck_assert_uint_eq(counts[1].frames, 1);
    rig_free(rig);
}
END_TEST

START_TEST(a_frame_has_one_tag_when_it_enters)
{
    Rig *rig = LINE(false, 0, 100);

    feed(rig, 1, 0, C, TCI(5, 0, 7), 4);
    feed(rig, 2, 0, S, TCI(5, 0, 7), 4);
    feed(rig, 3, 0, 0, 0, 252);
    feed(rig, 4, 0, 0, 0, 251);
    feed(rig, 5, 1, C, TCI(5, 0, 7), 4); /* on none: nobody's business */
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 2);
    assert_frame(rig, 0, OWN, TCI(0, 0, 100), 255);
    assert_frame(rig, 1, C, TCI(5, 0, 7), 4);
    ck_assert_uint_eq(rig_dropped(rig, "already_tagged"), 3);
    ck_assert_uint_eq(counts[0].dropped[DX_VIF_ALREADY_TAGGED], 3);
    rig_free(rig);
}
END_TEST

/* -- off the line ------------------------------------------------------------------------------------ */

/* All 4096 VIDs against three, in tags of anybody's. What has none passes, and so does what neighbours say.
 */
START_TEST(only_members_leave)
{
    Rig *rig = LINE(true, 1, 1, 100, 4094);
    static const unsigned members[] = { 1, 100, 4094 };

    for (unsigned vid = 0; vid < 4096; vid++)
        feed(rig, vid, 3, C, TCI(vid % 8, vid % 2, vid), 4);
    feed(rig, 5000, 0, S, TCI(3, 0, 100), 4);
    feed(rig, 5001, 0, 0, TCI(3, 0, 0), 0);
    feed(rig, 5002, DX_NO_FLOW, DX_FRAME_CONTROL, TCI(7, 0, 0), 0);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 5);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, members[i]);
        assert_frame(rig, i, 0, TCI(members[i] % 8, 0, 0), 0);
        ck_assert_uint_eq(counts[i].frames, 1);
    }
    assert_frame(rig, 3, 0, TCI(3, 0, 0), 0);
    assert_frame(rig, 4, DX_FRAME_CONTROL, TCI(7, 0, 0), 0);
    ck_assert_uint_eq(rig_dropped(rig, "vlan_not_member"), 4096 - 3 + 1);
    ck_assert_uint_eq(counts[3].dropped[DX_VIF_NOT_MEMBER], 4096 - 3 + 1); /* of no VIF */
    rig_free(rig);
}
END_TEST

/* The first end has one, the second another, both have the third. */
START_TEST(an_end_without_it_drops_its_frames)
{
    for (unsigned end = 0; end < 2; end++)
        for (unsigned leaves = 0; leaves < 2; leaves++) {
            Rig *rig = LINE(leaves, end, 1, 2, 3);

            set(0, "ends", "first");
            set(1, "ends", "second");
            for (unsigned i = 0; i < 3; i++)
                feed(rig, i, i, leaves ? OWN : 0, leaves ? TCI(0, 0, i + 1) : 0, leaves ? 4 : 0);
            rig_run(rig, DX_S);
            RIG_EXPECT(rig, { end, end }, { 2, 2 });
            ck_assert_uint_eq(rig_dropped(rig, "vlan_not_member"), 1);
            ck_assert_uint_eq(counts[!end].dropped[DX_VIF_NOT_MEMBER], 1);
            rig_free(rig);
        }
}
END_TEST

/* Under a tag that has been taken off only the flow says which VIF it was. */
START_TEST(a_tag_that_was_covered_is_that_of_the_flow)
{
    Rig *rig = LINE(true, 1, 7, 8);

    feed(rig, 1, 1, OWN, TCI(5, 0, 0), 4);
    feed(rig, 2, 1, OWN | DX_FRAME_S_TAG, TCI(5, 0, 8), 8); /* still covered */
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    assert_frame(rig, 0, 0, TCI(5, 0, 0), 0);
    ck_assert_uint_eq(counts[1].frames, 1);
    ck_assert_uint_eq(rig_dropped(rig, "vlan_not_member"), 1);
    rig_free(rig);
}
END_TEST

/* -- parameters -------------------------------------------------------------------------------------- */

START_TEST(values_that_make_no_sense_are_refused)
{
    rig_expect_refused(&dx_model_vif, (const char *const[]){ "vlan", "0", NULL }, "vlan");
    rig_expect_refused(&dx_model_vif, (const char *const[]){ "vlan", "4095", NULL }, "vlan");
    rig_expect_refused(&dx_model_vif,
                       (const char *const[]){ "vlan", "1", "rate_limit", "1 Gbps", "burst", "1499 B", NULL },
                       "burst");
}
END_TEST

/* -- on a full line ---------------------------------------------------------------------------------- */

#define NETWORK(rate, via, size, interval)                                                                   \
    "{ 'dxsim': 1, 'name': 'n', 'run': { 'duration': '50 us' }, 'nodes': { 'a': { 'kind': 'router' }, 'b': " \
    "{ "                                                                                                     \
    "'kind': 'router' } }, 'links': { 'l': { 'ends': ['a', 'b'], 'rate': '%d Gbps' } }, 'vifs': { 'v': { "   \
    "'on': 'l', 'type': 'private', 'vlan': 100, 'mtu': '65535 B' } }, 'flows': { 'f': { 'from': 'a', 'to': " \
    "'b', 'via': '%s', 'size': '%d B', 'interval': '%" G_GUINT64_FORMAT " ps' } } }",                        \
        rate, via, size, interval

/* Frames come 5 % faster than the line takes them; the first ends after W * 8 / R, each as long after the one
 * before: those have arrived that end before 50 us. Efficiency and frame rate are those of the table. */
static void assert_full(int gbps, const cJSON *row)
{
    const DxTime end_ps = 50 * DX_US;
    const int size = cJSON_GetObjectItem(row, "l3_payload")->valueint;
    const uint64_t wire = (uint64_t)cJSON_GetObjectItem(row, "wire_octets")->valueint,
                   rate = (uint64_t)gbps * 1000;
    const bool is_tagged = cJSON_GetObjectItem(row, "tags")->valueint == 1;
    g_autofree char *speed = g_strdup_printf("%d", gbps);
    const double per_s = cJSON_GetObjectItem(cJSON_GetObjectItem(row, "pps"), speed)->valuedouble;
    g_autofree char *text =
        g_strdup_printf(NETWORK(gbps, is_tagged ? "v" : "l", size, wire * 8 * 1000000 / rate * 19 / 20));
    DxScenario *scenario = network_read(g_strdelimit(text, "'", '"'));
    DxRun *run = network_run(scenario);
    const uint64_t arrived = network_value(run, "flow", "f", "delivered_frames");
    const uint64_t packets = network_value(run, "link", "l:a>b", "tx_bytes");
    const uint64_t octets = network_value(run, "link", "l:a>b", "tx_wire_bytes");

    ck_assert_uint_eq(arrived, (uint64_t)((Wide)(end_ps - 1) * rate / ((Wide)wire * 8 * 1000000)));
    ck_assert(fabs((double)arrived - per_s * 50e-6) <= 1);
    ck_assert((double)packets / (double)octets == cJSON_GetObjectItem(row, "efficiency")->valuedouble);
    ck_assert_uint_eq(octets % wire, 0);
    ck_assert_uint_eq(network_value(run, "vif", "v:a>b", "rx_frames"), is_tagged ? arrived : 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}

START_TEST(a_full_line_carries_what_the_table_says)
{
    static const int speeds[] = { 1, 10, 100, 400 };
    g_autofree char *text = NULL;
    unsigned checked = 0;
    cJSON *file, *row;

    ck_assert(g_file_get_contents(DX_TEST_DATA "/ethernet-overhead.json", &text, NULL, NULL));
    file = cJSON_Parse(text);
    cJSON_ArrayForEach (row, cJSON_GetObjectItem(file, "rows")) {
        if (cJSON_GetObjectItem(row, "tags")->valueint > 1 ||
            cJSON_GetObjectItem(row, "macsec_overhead")->valueint)
            continue;
        for (unsigned i = 0; i < G_N_ELEMENTS(speeds); i++)
            assert_full(speeds[i], row);
        checked++;
    }
    ck_assert_uint_eq(checked, 42); /* 21 sizes, with a tag and without */
    cJSON_Delete(file);
}
END_TEST

/* -- bursts ------------------------------------------------------------------------------------------ */

static Rig *build(uint64_t seed)
{
    static const unsigned kinds[] = { 0, OWN, C, S };
    Rig *rig = LINE(seed % 2, seed / 2 % 2, 1, 2, 3, 4);
    uint64_t random = seed;
    DxTime t = 0;

    set(1, "rate_limit", "2 Gbps");
    set(1, "burst", "5000 B");
    set(2, "ends", "first");
    set(3, "mtu", "1000 B");
    for (unsigned i = 0; i < 3000; i++) {
        const unsigned flags = seed % 2 ? kinds[dx_splitmix64(&random) % 4] : 0;
        const uint32_t flow = (uint32_t)(dx_splitmix64(&random) % 5);

        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        feed(rig, t, flags == OWN ? flow % 4 : flow, flags,
             TCI(dx_splitmix64(&random) % 8, 0, flags ? dx_splitmix64(&random) % 6 : 0), flags ? 4 : 0);
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 4; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("vif", 60, a_frame_gets_the_tag_of_its_vif, all_vlans_fit_one_line, a_packet_is_at_most_the_mtu,
           what_is_too_fast_is_dropped, a_flow_may_be_put_on_another_vif,
           at_the_far_end_the_tag_counts_not_the_flow, a_frame_has_one_tag_when_it_enters, only_members_leave,
           an_end_without_it_drops_its_frames, a_tag_that_was_covered_is_that_of_the_flow,
           values_that_make_no_sense_are_refused, a_full_line_carries_what_the_table_says,
           bursts_and_windows_change_nothing)
