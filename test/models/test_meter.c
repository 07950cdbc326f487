/*
 * test_meter - frames and their octets, counted as they pass
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_meter;

static DxFrame *feed(Rig *rig, DxTime t_ps, unsigned size_bytes, unsigned overhead_bytes)
{
    DxFrame *frame = rig_feed(rig, 0, t_ps);

    frame->size_bytes = (uint16_t)size_bytes;
    frame->overhead_bytes = (uint8_t)overhead_bytes;
    return frame;
}

/* IEEE 802.3, 3.1.1: addresses and type 14, FCS 4, 64 at least. 46 fill a frame; a tag of 4 and 42 do so too.
 */
START_TEST(octets_are_those_from_address_to_fcs)
{
    static const struct {
        unsigned size_bytes, overhead_bytes, octets;
    } cases[] = { { 1500, 0, 1518 }, { 1500, 4, 1522 }, { 46, 0, 64 }, { 45, 0, 64 },
                  { 1, 0, 64 },      { 47, 0, 65 },     { 42, 4, 64 }, { 43, 4, 65 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = rig_new(&dx_model_meter, 1, 1, 1);

        feed(rig, 0, cases[i].size_bytes, cases[i].overhead_bytes);
        rig_run(rig, DX_S);
        ck_assert_uint_eq(dx_node_counter(rig->node, "sent_frames"), 1);
        ck_assert_uint_eq(dx_node_counter(rig->node, "sent_frame_bytes"), cases[i].octets);
        rig_free(rig);
    }
}
END_TEST

START_TEST(without_framing_the_packet_counts)
{
    Rig *rig = rig_new(&dx_model_meter, 1, 1, 1);

    rig_set(rig, "framing", "none");
    feed(rig, 0, 40, 4);
    feed(rig, 1, 1500, 0);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(dx_node_counter(rig->node, "sent_frame_bytes"), 1540);
    rig_free(rig);
}
END_TEST

/* What is stamped at the time of an event has not passed when it happens. */
START_TEST(nothing_is_counted_before_its_last_bit)
{
    Rig *rig = rig_new(&dx_model_meter, 1, 1, 1);

    for (unsigned i = 0; i < 10; i++)
        feed(rig, i * DX_MS, 1500, 0);
    rig_run(rig, 5 * DX_MS);
    ck_assert_uint_eq(dx_node_counter(rig->node, "sent_frames"), 5);
    rig_run(rig, 5 * DX_MS + 1);
    ck_assert_uint_eq(dx_node_counter(rig->node, "sent_frames"), 6);
    rig_free(rig);
}
END_TEST

START_TEST(frames_pass_as_they_are)
{
    Rig *rig = rig_new(&dx_model_meter, 1, 1, 1);

    for (unsigned i = 0; i < 3; i++)
        feed(rig, i * DX_US, 100 * (i + 1), i);
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 1, DX_US }, { 2, 2 * DX_US });
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(rig_frame(rig, 0, i)->size_bytes, 100 * (i + 1));
        ck_assert_uint_eq(rig_frame(rig, 0, i)->overhead_bytes, i);
    }
    rig_free(rig);
}
END_TEST

/* Each place has counters of its own name, and no others. */
START_TEST(a_place_names_its_counters)
{
    static const char *const places[] = { "offered", "sent", "received" };

    for (unsigned place = 0; place < G_N_ELEMENTS(places); place++) {
        Rig *rig = rig_new(&dx_model_meter, 1, 1, 1);
        unsigned n = 0;

        rig_set(rig, "place", places[place]);
        for (unsigned i = 0; dx_model_meter.counters[i].name; i++)
            if (dx_model_meter.has_counter(dx_node_conf(rig->node), i)) {
                ck_assert(g_str_has_prefix(dx_model_meter.counters[i].name, places[place]));
                n++;
            }
        ck_assert_uint_eq(n, 2);
        rig_free(rig);
    }
}
END_TEST

static Rig *build(uint64_t seed)
{
    Rig *rig = rig_new(&dx_model_meter, 1, 1, 4);
    uint64_t random = seed;
    DxTime t = 0;

    for (unsigned i = 0; i < 2000; i++) {
        t += (DxTime)(dx_splitmix64(&random) % 3 * DX_US);
        feed(rig, t, 1 + dx_splitmix64(&random) % 9000, dx_splitmix64(&random) % 5);
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 4; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("meter", 30, octets_are_those_from_address_to_fcs, without_framing_the_packet_counts,
           nothing_is_counted_before_its_last_bit, frames_pass_as_they_are, a_place_names_its_counters,
           bursts_and_windows_change_nothing)
