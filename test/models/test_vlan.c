/*
 * test_vlan - four octets and twelve bits: who gets them, who loses them, who may pass
 */
#include <cjson/cJSON.h>
#include <string.h>
#include "../rig.h"
#include "../network.h"
#include "../suite.h"

extern const DxModel dx_model_vlan;

typedef struct {
    const char *key, *text;
} Setting;

static Rig *vlan(const char *action, const char *vid, const Setting *settings, unsigned n)
{
    Rig *rig = rig_new(&dx_model_vlan, 1, 1, 4);

    rig_set(rig, "action", action);
    rig_set(rig, "vid", vid);
    for (unsigned i = 0; i < n && settings[i].key; i++)
        rig_set(rig, settings[i].key, settings[i].text);
    return rig;
}

#define VLAN(action, vid, ...)                                                                               \
    vlan(action, vid, (const Setting[]){ __VA_ARGS__ },                                                      \
         sizeof((const Setting[]){ __VA_ARGS__ }) / sizeof(Setting))
#define NOTHING                                                                                              \
    {                                                                                                        \
        NULL, NULL                                                                                           \
    }

/* PCP 3 bits, DEI 1, VID 12. */
#define TCI(pcp, dei, vid) ((uint16_t)((pcp) << 13 | (dei) << 12 | (vid)))

enum { C = DX_FRAME_TAGGED, S = DX_FRAME_TAGGED | DX_FRAME_S_TAG };

static void feed(Rig *rig, DxTime t_ps, unsigned flags, uint16_t tci, unsigned overhead_bytes)
{
    DxFrame *frame = rig_feed(rig, 0, t_ps);

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

/* -- tag --------------------------------------------------------------------------------------------- */

/* TPID 2 octets, TCI 2. The priority is the frame's own unless it is written over. */
START_TEST(a_tag_is_four_octets_and_its_fields)
{
    static const struct {
        const char *vid;
        Setting settings[4];
        unsigned flags;
        uint16_t tci;
    } cases[] = {
        { "100", { NOTHING }, C, TCI(5, 0, 100) },
        { "1", { { "dei", "true" } }, C, TCI(5, 1, 1) },
        { "4094", { { "remark", "true" }, { "pcp", "3" } }, C, TCI(3, 0, 4094) },
        { "4094", { { "remark", "true" } }, C, TCI(0, 0, 4094) },
        { "0", { { "remark", "true" }, { "pcp", "7" }, { "dei", "true" } }, C, TCI(7, 1, 0) },
        { "100", { { "tpid", "0x88a8" } }, S, TCI(5, 0, 100) },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = vlan("tag", cases[i].vid, cases[i].settings, 4);

        feed(rig, 7, 0, TCI(5, 0, 0), 0);
        feed(rig, 9, 1 << DX_FRAME_ECN_SHIFT, TCI(5, 0, 0), 32);
        rig_run(rig, DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), 2);
        assert_frame(rig, 0, cases[i].flags, cases[i].tci, 4);
        assert_frame(rig, 1, cases[i].flags | 1 << DX_FRAME_ECN_SHIFT, cases[i].tci, 36);
        ck_assert_int_eq(rig_frame(rig, 0, 1)->t_ps, 9);
        ck_assert_uint_eq(rig_frame(rig, 0, 1)->size_bytes, 1500);
        ck_assert_uint_eq(dx_node_counter(rig->node, "member_frames"), 2);
        rig_free(rig);
    }
}
END_TEST

/* A descriptor holds one tag: a second is refused, whatever its TPID, and nothing overflows. */
START_TEST(a_second_tag_is_refused)
{
    Rig *rig = VLAN("tag", "100", { "tpid", "0x88a8" });

    feed(rig, 1, C, TCI(5, 1, 77), 4);
    feed(rig, 2, S, TCI(5, 1, 77), 4);
    feed(rig, 3, 0, TCI(5, 0, 0), 252);
    feed(rig, 4, 0, TCI(5, 0, 0), 251);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_dropped(rig, "already_tagged"), 3);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    assert_frame(rig, 0, S, TCI(5, 0, 100), 255);
    rig_free(rig);
}
END_TEST

/* A VIF's tag may be covered by that of a service provider, once; what comes to light again has its priority,
 * and a VID that only the flow remembers. Nothing else may cover or be covered. */
START_TEST(the_tag_of_a_vif_can_be_covered)
{
    Rig *rig = VLAN("tag", "100", { "tpid", "0x88a8" });
    const unsigned vif = C | DX_FRAME_VIF, covered = S | DX_FRAME_VIF;

    feed(rig, 1, vif, TCI(5, 0, 7), 4);
    feed(rig, 2, covered, TCI(5, 0, 7), 8);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    assert_frame(rig, 0, covered, TCI(5, 0, 100), 8);
    ck_assert_uint_eq(rig_dropped(rig, "already_tagged"), 1);
    rig_free(rig);

    rig = VLAN("tag", "100", NOTHING); /* a customer's tag covers nothing */
    feed(rig, 1, vif, TCI(5, 0, 7), 4);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_dropped(rig, "already_tagged"), 1);
    rig_free(rig);

    rig = VLAN("untag", "100", { "tpid", "0x88a8" });
    feed(rig, 1, covered, TCI(5, 0, 100), 8);
    rig_run(rig, DX_S);
    assert_frame(rig, 0, vif, TCI(5, 0, 0), 4);
    rig_free(rig);

    rig = VLAN("untag", "7", NOTHING); /* the VIF's own */
    feed(rig, 1, vif, TCI(5, 0, 7), 4);
    rig_run(rig, DX_S);
    assert_frame(rig, 0, 0, TCI(5, 0, 0), 0);
    rig_free(rig);
}
END_TEST

/* -- untag, filter ----------------------------------------------------------------------------------- */

/* Its own VID with any priority; the priority stays for the queues behind. */
START_TEST(untagging_takes_off_what_tagging_put_on)
{
    Rig *rig = VLAN("untag", "100", NOTHING);

    feed(rig, 1, C, TCI(5, 0, 100), 4);
    feed(rig, 2, C | 2 << DX_FRAME_COLOUR_SHIFT, TCI(7, 1, 100), 36);
    feed(rig, 3, C, TCI(0, 0, 100), 0); /* made by hand, without the octets: they do not become negative */
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 3);
    assert_frame(rig, 0, 0, TCI(5, 0, 0), 0);
    assert_frame(rig, 1, 2 << DX_FRAME_COLOUR_SHIFT, TCI(7, 0, 0), 32);
    assert_frame(rig, 2, 0, 0, 0);
    ck_assert_uint_eq(dx_node_counter(rig->node, "member_frames"), 3);
    rig_free(rig);
}
END_TEST

START_TEST(a_filter_changes_nothing)
{
    Rig *rig = VLAN("filter", "100", { "untagged", "pass" });

    feed(rig, 1, C, TCI(5, 1, 100), 4);
    feed(rig, 2, 0, TCI(5, 0, 0), 9);
    feed(rig, 3, C, TCI(5, 1, 101), 4);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 2);
    assert_frame(rig, 0, C, TCI(5, 1, 100), 4);
    assert_frame(rig, 1, 0, TCI(5, 0, 0), 9);
    ck_assert_uint_eq(rig_dropped(rig, "foreign_vid"), 1);
    ck_assert_uint_eq(dx_node_counter(rig->node, "member_frames"), 1);
    rig_free(rig);
}
END_TEST

/* All VIDs there are, the reserved one too, against one: only that passes. A tag of another TPID is no tag.
 */
START_TEST(only_the_member_passes)
{
    static const char *const actions[] = { "untag", "filter" };
    static const int vids[] = { 0, 1, 100, 4094 };

    for (unsigned a = 0; a < G_N_ELEMENTS(actions); a++)
        for (unsigned v = 0; v < G_N_ELEMENTS(vids); v++) {
            g_autofree char *text = g_strdup_printf("%d", vids[v]);
            Rig *rig = VLAN(actions[a], text, NOTHING);

            for (int vid = 0; vid < 4096; vid++)
                feed(rig, vid, C, TCI(vid % 8, vid % 2, vid), 4);
            feed(rig, 5000, S, TCI(0, 0, vids[v]), 4);
            feed(rig, 5000, 0, TCI(3, 0, 0), 0);
            rig_run(rig, DX_S);
            ck_assert_uint_eq(rig_n(rig, 0), 1);
            ck_assert_uint_eq(rig_frame(rig, 0, 0)->seq, (unsigned)vids[v]);
            ck_assert_uint_eq(rig_dropped(rig, "foreign_vid"), 4095);
            ck_assert_uint_eq(rig_dropped(rig, "untagged"), 2);
            rig_free(rig);
        }
}
END_TEST

START_TEST(a_service_tag_is_another)
{
    Rig *rig = VLAN("untag", "100", { "tpid", "0x88a8" }, { "untagged", "pass" });

    feed(rig, 1, S, TCI(2, 1, 100), 4);
    feed(rig, 2, S, TCI(2, 1, 101), 4);
    feed(rig, 3, C, TCI(2, 1, 100), 4);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 2);
    assert_frame(rig, 0, 0, TCI(2, 0, 0), 0);
    assert_frame(rig, 1, C, TCI(2, 1, 100), 4); /* to it, this one is untagged */
    ck_assert_uint_eq(rig_dropped(rig, "foreign_vid"), 1);
    rig_free(rig);
}
END_TEST

/* What neighbours say to each other belongs to no VLAN. Control frames of a flow are like others. */
START_TEST(control_frames_between_neighbours_pass_untouched)
{
    static const char *const actions[] = { "tag", "untag", "filter" };

    for (unsigned a = 0; a < G_N_ELEMENTS(actions); a++) {
        Rig *rig = VLAN(actions[a], "100", NOTHING);
        DxFrame frame = { .flow = DX_NO_FLOW, .flags = DX_FRAME_CONTROL, .tci = TCI(7, 0, 0), .ttl = 1 };
        DxFrame *fed = rig_feed(rig, 0, 0);

        *fed = frame;
        feed(rig, 1, DX_FRAME_CONTROL, TCI(6, 0, 0), 0); /* of flow 0 */
        rig_run(rig, DX_S);
        ck_assert_mem_eq(rig_frame(rig, 0, 0), &frame, sizeof frame);
        ck_assert_uint_eq(rig_n(rig, 0), a ? 1 : 2);
        if (!a)
            assert_frame(rig, 1, DX_FRAME_CONTROL | C, TCI(6, 0, 100), 4);
        rig_free(rig);
    }
}
END_TEST

/* -- parameters -------------------------------------------------------------------------------------- */

START_TEST(values_that_make_no_sense_are_refused)
{
    static const struct {
        const char *action;
        Setting settings[3];
        const char *why;
    } cases[] = {
        { "tag", { { "pcp", "5" } }, "remark" },
        { "untag", { { "remark", "true" } }, "only \"tag\"" },
        { "filter", { { "dei", "true" } }, "only \"tag\"" },
        { "tag", { { "untagged", "pass" } }, "untagged" },
    };
    static const Setting bad[] = { { "vid", "4095" },    { "vid", "-1" },   { "vid", "4096" },
                                   { "tpid", "0x9100" }, { "pcp", "8" },    { "pcp", "-1" },
                                   { "action", "push" }, { "vid", "0x64" }, { "untagged", "maybe" } };
    Rig *rig = VLAN("tag", "1", NOTHING);

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_msg(!dx_sim_set(rig->node, bad[i].key, bad[i].text, NULL), "%s", bad[i].text);
    rig_free(rig);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;

        rig = vlan(cases[i].action, "100", cases[i].settings, 3);
        ck_assert(!dx_sim_prepare(rig->sim, &error));
        ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
        ck_assert_msg(strstr(error->message, cases[i].why) != NULL, "%s", error->message);
        g_error_free(error);
        rig_free(rig);
    }
}
END_TEST

/* -- on a link --------------------------------------------------------------------------------------- */

/* (transfer full): to be freed with its scenario. */
static DxRun *run_text(const char *text, DxScenario **scenario)
{
    return network_run(*scenario = network_read(text));
}

/* One frame of @size octets on a 10 Gbps line, with a tag or without: what goes over the wire, and how long
 * that takes, as the table says. Tables of 2 tags and of MACsec are for other models. */
static void assert_wire(int size, bool has_tag, int wire_octets, double time_ns)
{
    g_autofree char *text = g_strdup_printf(
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 ms\" }, \"nodes\": { \"a\": { "
        "\"kind\": "
        "\"router\" }, \"b\": { \"kind\": \"router\" } }, \"links\": { \"l\": { \"ends\": [\"a\", \"b\"], "
        "\"rate\": \"10 Gbps\", \"insert\": [ %s ] } }, \"flows\": { \"f\": { \"from\": \"a\", \"to\": "
        "\"b\", "
        "\"rate\": \"1 Gbps\", \"frames\": 1, \"size\": \"%d B\" } } }",
        has_tag ? "{ \"model\": \"vlan\", \"action\": \"tag\", \"vid\": 100, \"at\": \"ingress\" }, "
                  "{ \"model\": \"vlan\", \"action\": \"untag\", \"vid\": 100, \"at\": \"egress\" }"
                : "",
        size);
    DxScenario *scenario;
    DxRun *run = run_text(text, &scenario);

    ck_assert_uint_eq(network_value(run, "flow", "f", "delivered_frames"), 1);
    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "tx_wire_bytes"), (uint64_t)wire_octets);
    ck_assert_uint_eq(network_value(run, "flow", "f", "latency_max_ps"), (uint64_t)(time_ns * 1000 + 0.5));
    dx_run_free(run);
    dx_scenario_free(scenario);
}

START_TEST(tagged_frames_take_the_octets_that_the_table_says)
{
    g_autofree char *text = NULL;
    cJSON *file, *row;
    unsigned checked = 0;

    ck_assert(g_file_get_contents(DX_TEST_DATA "/ethernet-overhead.json", &text, NULL, NULL));
    file = cJSON_Parse(text);
    cJSON_ArrayForEach (row, cJSON_GetObjectItem(file, "rows")) {
        const int tags = cJSON_GetObjectItem(row, "tags")->valueint;
        const cJSON *time = cJSON_GetObjectItem(cJSON_GetObjectItem(row, "ser_time_ns"), "10");

        if (tags > 1 || cJSON_GetObjectItem(row, "macsec_overhead")->valueint)
            continue;
        assert_wire(cJSON_GetObjectItem(row, "l3_payload")->valueint, tags == 1,
                    cJSON_GetObjectItem(row, "wire_octets")->valueint, time->valuedouble);
        checked++;
    }
    ck_assert_uint_eq(checked, 42); /* 21 sizes */
    cJSON_Delete(file);
}
END_TEST

#define TWO_LINKS(vid_in, vid_out)                                                                           \
    "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 ms\" }, \"nodes\": { \"a\": { \"kind\": " \
    "\"router\" }, \"b\": { \"kind\": \"router\" }, \"c\": { \"kind\": \"router\" } }, \"links\": { \"l\": " \
    "{ "                                                                                                     \
    "\"ends\": [\"a\", \"b\"], \"rate\": \"10 Gbps\", \"fiber\": { \"delay\": \"1 us\" }, \"insert\": [ { "  \
    "\"model\": \"vlan\", \"action\": \"tag\", \"vid\": " vid_in ", \"at\": \"ingress\" }, { \"model\": "    \
    "\"vlan\", \"action\": \"untag\", \"vid\": " vid_out ", \"at\": \"egress\" } ] }, \"m\": { \"ends\": "   \
    "[\"b\", \"c\"], \"rate\": \"10 Gbps\", \"fiber\": { \"delay\": \"1 us\" } } }, \"flows\": { \"f\": { "  \
    "\"from\": \"a\", \"to\": \"c\", \"rate\": \"1 Gbps\", \"frames\": 10 }, \"g\": { \"from\": \"c\", "     \
    "\"to\": \"a\", \"rate\": \"1 Gbps\", \"frames\": 10 } } }"

/* Tagged on one link, both ways, with one pair of entries: 1500 + 18 + 4 + 20 = 1542 there, 1538 on the
 * other.
 */
START_TEST(one_pair_of_inserts_tags_both_directions)
{
    DxScenario *scenario;
    DxRun *run = run_text(TWO_LINKS("100", "100"), &scenario);

    ck_assert_uint_eq(network_value(run, "flow", "f", "delivered_frames"), 10);
    ck_assert_uint_eq(network_value(run, "flow", "g", "delivered_frames"), 10);
    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "tx_wire_bytes"), 15420);
    ck_assert_uint_eq(network_value(run, "link", "l:b>a", "tx_wire_bytes"), 15420);
    ck_assert_uint_eq(network_value(run, "link", "m:b>c", "tx_wire_bytes"), 15380);
    ck_assert_uint_eq(network_value(run, "link", "m:c>b", "tx_wire_bytes"), 15380);
    ck_assert_uint_eq(network_value(run, "model", "l:a>b.vlan0", "member_frames"), 10);
    ck_assert_uint_eq(network_value(run, "model", "l:b>a.vlan1", "member_frames"), 10);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

START_TEST(ends_of_different_vids_do_not_hear_each_other)
{
    DxScenario *scenario;
    DxRun *run = run_text(TWO_LINKS("100", "101"), &scenario);

    ck_assert_uint_eq(network_value(run, "flow", "f", "delivered_frames"), 0);
    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "dropped_vlan1_foreign_vid"), 10);
    ck_assert_uint_eq(network_value(run, "link", "l:b>a", "dropped_vlan1_foreign_vid"), 10);
    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "dropped_frames"), 10);
    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "dropped_vlan0_already_tagged"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* Heartbeats come from behind the tag and meet the untagging: they pass, and the member stays. */
START_TEST(heartbeats_of_a_bundle_are_not_tagged)
{
    DxScenario *scenario;
    DxRun *run = run_text(
        "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"1 s\" }, \"nodes\": { \"a\": { "
        "\"kind\": "
        "\"router\" }, \"b\": { \"kind\": \"router\" } }, \"links\": { \"l\": { \"ends\": [\"a\", \"b\"], "
        "\"rate\": \"1 Gbps\", \"fiber\": { \"delay\": \"1 us\" }, \"insert\": [ { \"model\": \"vlan\", "
        "\"action\": \"tag\", \"vid\": 7, \"at\": \"ingress\" }, { \"model\": \"vlan\", \"action\": "
        "\"filter\", "
        "\"vid\": 7 }, { \"model\": \"vlan\", \"action\": \"untag\", \"vid\": 7, \"at\": \"egress\" } ] } }, "
        "\"lags\": { \"g\": { \"members\": [\"l\"], \"heartbeat\": { \"period\": \"10 ms\" } } }, \"flows\": "
        "{ "
        "\"f\": { \"from\": \"a\", \"to\": \"b\", \"rate\": \"10 Mbps\", \"frames\": 500 } } }",
        &scenario);

    ck_assert_uint_eq(network_value(run, "flow", "f", "delivered_frames"), 500);
    ck_assert_uint_eq(network_value(run, "lag", "g:a>b", "working"), 1);
    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "dropped_vlan1_untagged"), 0);
    ck_assert_uint_eq(network_value(run, "link", "l:a>b", "dropped_vlan2_untagged"), 0);
    dx_run_free(run);
    dx_scenario_free(scenario);
}
END_TEST

/* -- bursts ------------------------------------------------------------------------------------------ */

static Rig *build(uint64_t seed)
{
    static const char *const actions[] = { "tag", "untag", "filter" };
    static const unsigned kinds[] = { 0, C, C, S };
    Rig *rig = VLAN(actions[seed % 3], "2", { "tpid", seed / 3 % 2 ? "0x88a8" : "0x8100" });
    uint64_t random = seed;
    DxTime t = 0;

    for (unsigned i = 0; i < 2000; i++) {
        const unsigned flags = kinds[dx_splitmix64(&random) % 4];

        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        feed(rig, t, flags, TCI(dx_splitmix64(&random) % 8, 0, flags ? dx_splitmix64(&random) % 4 : 0),
             flags ? 4 : 0);
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 6; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("vlan", 30, a_tag_is_four_octets_and_its_fields, a_second_tag_is_refused,
           the_tag_of_a_vif_can_be_covered, untagging_takes_off_what_tagging_put_on, a_filter_changes_nothing,
           only_the_member_passes, a_service_tag_is_another, control_frames_between_neighbours_pass_untouched,
           values_that_make_no_sense_are_refused, tagged_frames_take_the_octets_that_the_table_says,
           one_pair_of_inserts_tags_both_directions, ends_of_different_vids_do_not_hear_each_other,
           heartbeats_of_a_bundle_are_not_tagged, bursts_and_windows_change_nothing)
