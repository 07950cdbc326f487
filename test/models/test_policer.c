/*
 * test_policer - every frame gets the colour that RFC 2697, RFC 2698 and GCRA say
 *
 * Unless told otherwise red frames pass, so that their colour can be looked at. 1500 bytes at 12 Mbps last 1
 * ms.
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"
#include "../vectors.h"

extern const DxModel dx_model_policer;

enum { GREEN, YELLOW, RED };

static const char *const colours[] = { "green", "yellow", "red" };

static void set_u64(Rig *rig, const char *key, uint64_t value, const char *unit)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " %s", value, unit);

    rig_set(rig, key, text);
}

static Rig *policer(const char *rate, const char *burst)
{
    Rig *rig = rig_new(&dx_model_policer, 1, 1, 1);

    rig_set(rig, "rate", rate);
    rig_set(rig, "burst", burst);
    rig_set(rig, "red", "pass");
    return rig;
}

static unsigned colour_of(const DxFrame *frame)
{
    return frame->flags >> DX_FRAME_COLOUR_SHIFT & 3;
}

static void paint(DxFrame *frame, unsigned colour)
{
    frame->flags = (uint16_t)(frame->flags | colour << DX_FRAME_COLOUR_SHIFT);
}

static DxFrame *feed(Rig *rig, DxTime t_ps, uint64_t bytes)
{
    DxFrame *frame = rig_feed(rig, 0, t_ps);

    frame->size_bytes = (uint16_t)bytes;
    return frame;
}

/* The colours of all frames, in order: "gyr". */
static void expect(const Rig *rig, const char *letters)
{
    ck_assert_uint_eq(rig_n(rig, 0), strlen(letters));
    for (unsigned i = 0; i < rig_n(rig, 0); i++) {
        ck_assert_msg(colours[colour_of(rig_frame(rig, 0, i))][0] == letters[i], "frame %u is %s", i,
                      colours[colour_of(rig_frame(rig, 0, i))]);
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, rig_frame(rig, 0, i)->birth_ps);
    }
}

/* -- reference traces -------------------------------------------------------------------------------- */

static unsigned colour_named(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(colours); i++)
        if (!strcmp(colours[i], name))
            return i;
    ck_abort_msg("no such colour: %s", name);
    return 0;
}

static Rig *rig_of(DxJsonDoc *doc, const DxJson *meter)
{
    Rig *rig = rig_new(&dx_model_policer, 1, 1, 1);

    rig_set(rig, "red", "pass");
    if (dx__json_member(doc, meter, "conform")) {
        set_u64(rig, "rate", 8 * vectors_u64(doc, meter, "rate_Bps", 0), "bps");
        set_u64(rig, "burst", vectors_u64(doc, meter, "burst", 0), "B");
        return rig;
    }
    set_u64(rig, "rate", 8 * vectors_u64(doc, meter, "cir_Bps", 0), "bps");
    set_u64(rig, "burst", vectors_u64(doc, meter, "cbs", 0), "B");
    set_u64(rig, "excess_burst", vectors_u64(doc, meter, "ebs", 0), "B");
    set_u64(rig, "peak", 8 * vectors_u64(doc, meter, "pir_Bps", 0), "bps");
    set_u64(rig, "peak_burst", vectors_u64(doc, meter, "pbs", 0), "B");
    if (strstr(vectors_get(doc, meter, "meter")->text, "color-aware"))
        rig_set(rig, "colour_aware", "true");
    return rig;
}

/* Time of the last. */
static DxTime feed_packets(Rig *rig, DxJsonDoc *doc, const DxJson *meter)
{
    DxTime now = 0;

    for (const DxJson *packet = vectors_get(doc, meter, "packets")->child; packet; packet = packet->next) {
        const DxJson *size = packet->child->next;
        DxFrame *frame;

        now = vectors_ps(packet->child->text);
        frame = feed(rig, now, strtoull(size->text, NULL, 10));
        if (size->next)
            paint(frame, colour_named(size->next->text));
    }
    return now;
}

static unsigned expected_colour(const DxJson *result)
{
    if (result->type == DX_JSON_STRING)
        return colour_named(result->text);
    return strcmp(result->text, "1") ? RED : GREEN;
}

static void check_colours(DxJsonDoc *doc, const DxJson *meter)
{
    const DxJson *results = dx__json_member(doc, meter, "colors");
    uint64_t n[3] = { 0 };
    Rig *rig = rig_of(doc, meter);
    unsigned i = 0;

    if (!results)
        results = vectors_get(doc, meter, "conform");
    feed_packets(rig, doc, meter);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), results->n_children);
    for (const DxJson *result = results->child; result; result = result->next, i++) {
        if (colour_of(rig_frame(rig, 0, i)) != expected_colour(result))
            ck_abort_msg("%s: packet %u", vectors_get(doc, meter, "meter")->text, i);
        n[expected_colour(result)]++;
    }
    ck_assert_uint_eq(dx_node_counter(rig->node, "green_frames"), n[GREEN]);
    ck_assert_uint_eq(dx_node_counter(rig->node, "yellow_frames"), n[YELLOW]);
    ck_assert_uint_eq(dx_node_counter(rig->node, "red_frames"), n[RED]);
    rig_free(rig);
}

/* What is left in the bucket for green frames: one of exactly that size is green, one byte more is not. */
static void check_rest(DxJsonDoc *doc, const DxJson *meter)
{
    const DxJson *rest = dx__json_member(doc, meter, "final_tc"),
                 *peak = dx__json_member(doc, meter, "final_tp");
    const uint64_t committed = rest ? strtoull(rest->text, NULL, 10) : 0;
    const uint64_t within = peak ? MIN(committed, strtoull(peak->text, NULL, 10)) : committed;

    for (unsigned more = 0; rest && more < 2; more++) {
        Rig *rig = rig_of(doc, meter);
        const unsigned n = vectors_get(doc, meter, "packets")->n_children;

        feed(rig, feed_packets(rig, doc, meter), within + more);
        rig_run(rig, DX_S);
        ck_assert_int_eq(colour_of(rig_frame(rig, 0, n)) == GREEN, !more);
        rig_free(rig);
    }
}

START_TEST(every_meter_trace)
{
    DxJsonDoc *doc = vectors_load("shaping.json");
    const DxJson *meters = vectors_get(doc, dx__json_root(doc), "meters");

    ck_assert_uint_eq(meters->n_children, 5);
    for (const DxJson *meter = meters->child; meter; meter = meter->next) {
        check_colours(doc, meter);
        check_rest(doc, meter);
    }
    dx__json_free(doc);
}
END_TEST

/* -- closed forms ------------------------------------------------------------------------------------ */

/* Two frames' room, one a ms: at 1 ms sharp there is one more, 1 ps before there is not. */
START_TEST(tokens_are_exact_to_the_ps)
{
    Rig *rig = policer("12 Mbps", "3000 B");

    for (unsigned i = 0; i < 3; i++)
        feed(rig, 0, 1500);
    feed(rig, DX_MS - 1, 1500);
    feed(rig, DX_MS, 1500);
    feed(rig, DX_MS, 1);
    rig_run(rig, DX_S);
    expect(rig, "ggrrgr");
    rig_free(rig);
}
END_TEST

/* RFC 2697: while Tc is full, what comes fills Te. 1 ms after both were emptied there is one green frame's
 * worth; after 2 ms without a frame the second ms is in Te. */
START_TEST(overflow_goes_to_the_excess_bucket)
{
    Rig *rig = policer("12 Mbps", "1500 B");

    rig_set(rig, "excess_burst", "3000 B");
    for (unsigned i = 0; i < 4; i++)
        feed(rig, 0, 1500);
    for (unsigned i = 0; i < 3; i++)
        feed(rig, 2 * DX_MS, 1500);
    feed(rig, 3 * DX_MS, 1500);
    feed(rig, 3 * DX_MS, 1);
    rig_run(rig, DX_S);
    expect(rig, "gyyrgyrgr");
    rig_free(rig);
}
END_TEST

/* A yellow frame takes from Tp only, a green one from both; a red one from none. */
START_TEST(colours_take_from_their_buckets)
{
    Rig *rig = policer("12 Mbps", "1500 B");

    rig_set(rig, "peak", "24 Mbps");
    rig_set(rig, "peak_burst", "3000 B");
    feed(rig, 0, 1500);     /* Tc 0, Tp 1500 */
    feed(rig, 0, 1500);     /* Tp 0 */
    feed(rig, 0, 1500);     /* red */
    feed(rig, DX_MS, 1500); /* Tc 1500, Tp 3000 */
    feed(rig, DX_MS, 1500);
    feed(rig, DX_MS, 1);
    rig_run(rig, DX_S);
    expect(rig, "gyrgyr");
    rig_free(rig);
}
END_TEST

/* In a window no more is green than burst + rate * window: 10 MB at 10 Gbps against 25 Gbps for 8 ms. */
START_TEST(green_is_what_the_bucket_says)
{
    Rig *rig = policer("10 Gbps", "10 MB");
    enum { N = 16667 };
    unsigned i = 0;

    for (unsigned j = 0; j < N; j++)
        rig_feed(rig, 0, j * 480 * DX_NS);
    rig_run(rig, DX_S);
    for (; i < N && colour_of(rig_frame(rig, 0, i)) == GREEN; i++)
        ;
    /* (j + 1) * 12000 bits <= 80 Mbit + 4800 j, see the shaper: then two of five */
    ck_assert_uint_eq(i, 11110);
    ck_assert_uint_eq(dx_node_counter(rig->node, "green_frames"),
                      (80000000 + (N - 1) * UINT64_C(4800)) / 12000);
    rig_free(rig);
}
END_TEST

/* -- GCRA -------------------------------------------------------------------------------------------- */

/* The virtual scheduling form, in units of 1/rate ps: T = B / rate and tau = (burst - B) / rate are whole. */
START_TEST(two_colours_are_gcra)
{
    for (uint64_t variant = 0; variant < 300; variant++) {
        DxRng rng;
        Rig *rig = rig_new(&dx_model_policer, 1, 1, 1);
        uint64_t rate_bps, burst, size;
        __int128 tat = 0, now = 0;
        bool conforms[200];
        DxTime t_ps = 0;

        dx_rng_init(&rng, variant, 0, "gcra", "test");
        rate_bps = 1 + dx_rng_below(&rng, variant % 2 ? 1000000 : UINT64_C(100000000000));
        size = 40 + dx_rng_below(&rng, 1461);
        burst = size + dx_rng_below(&rng, 10000);
        set_u64(rig, "rate", rate_bps, "bps");
        set_u64(rig, "burst", burst, "B");
        rig_set(rig, "red", "pass");
        for (unsigned i = 0; i < G_N_ELEMENTS(conforms); i++) {
            const __int128 increment = (__int128)size * 8 * DX_S, tau = (__int128)(burst - size) * 8 * DX_S;

            t_ps += (DxTime)dx_rng_below(&rng, size * 8 * (uint64_t)DX_S / rate_bps + 2);
            if (t_ps > DX_TIME_MAX / 2)
                t_ps = DX_TIME_MAX / 2;
            now = (__int128)t_ps * (__int128)rate_bps;
            conforms[i] = tat - now <= tau;
            if (conforms[i])
                tat = MAX(now, tat) + increment;
            feed(rig, t_ps, size);
        }
        rig_run(rig, DX_TIME_MAX);
        for (unsigned i = 0; i < G_N_ELEMENTS(conforms); i++)
            if ((colour_of(rig_frame(rig, 0, i)) == GREEN) != conforms[i])
                ck_abort_msg("variant %u: frame %u", (unsigned)variant, i);
        rig_free(rig);
    }
}
END_TEST

/* -- actions ----------------------------------------------------------------------------------------- */

START_TEST(red_is_dropped_unless_told_otherwise)
{
    Rig *rig = policer("12 Mbps", "1500 B");

    rig_set(rig, "red", "drop");
    rig_set(rig, "excess_burst", "1500 B");
    for (unsigned i = 0; i < 4; i++)
        feed(rig, 5, 1500);
    rig_run(rig, DX_S);
    expect(rig, "gy");
    ck_assert_uint_eq(rig_dropped(rig, "red"), 2);
    ck_assert_uint_eq(dx_node_counter(rig->node, "green_bytes"), 1500);
    ck_assert_uint_eq(dx_node_counter(rig->node, "yellow_bytes"), 1500);
    ck_assert_uint_eq(dx_node_counter(rig->node, "red_bytes"), 3000);
    rig_free(rig);
}
END_TEST

/* Colour-blind, a frame may become better than it came; colour-aware never. No other flag is touched. */
START_TEST(colours_that_come_count_only_if_told)
{
    for (unsigned aware = 0; aware < 2; aware++) {
        Rig *rig = policer("12 Mbps", "9000 B");

        rig_set(rig, "colour_aware", aware ? "true" : "false");
        rig_set(rig, "excess_burst", "9000 B");
        for (unsigned colour = 0; colour < 4; colour++) { /* 3 is no colour: as bad as red */
            DxFrame *frame = feed(rig, 0, 1500);

            frame->flags = DX_FRAME_TAGGED | 2 << DX_FRAME_ECN_SHIFT;
            paint(frame, colour);
        }
        rig_run(rig, DX_S);
        expect(rig, aware ? "gyrr" : "gggg");
        for (unsigned i = 0; i < 4; i++)
            ck_assert_uint_eq(rig_frame(rig, 0, i)->flags & ~(3u << DX_FRAME_COLOUR_SHIFT),
                              DX_FRAME_TAGGED | 2 << DX_FRAME_ECN_SHIFT);
        rig_free(rig);
    }
}
END_TEST

/* RFC 2697 and 2698 count IP packets: the default. 1500 + 14 + 4 + 20 on the wire. */
START_TEST(octets_are_counted_as_told)
{
    static const struct {
        const char *counts;
        uint64_t bytes;
    } cases[] = { { NULL, 1500 }, { "packet", 1500 }, { "tc", 1518 }, { "frame", 1522 }, { "wire", 1542 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        for (unsigned less = 0; less < 2; less++) {
            Rig *rig = policer("1 Mbps", "1 B");

            set_u64(rig, "burst", cases[i].bytes - less, "B");
            if (cases[i].counts)
                rig_set(rig, "counts", cases[i].counts);
            feed(rig, 0, 1500)->overhead_bytes = 4;
            rig_run(rig, DX_S);
            expect(rig, less ? "r" : "g");
            ck_assert_uint_eq(dx_node_counter(rig->node, less ? "red_bytes" : "green_bytes"), cases[i].bytes);
            rig_free(rig);
        }
}
END_TEST

START_TEST(events_change_nothing)
{
    Rig *rig = policer("12 Mbps", "1500 B");

    rig_control(rig, DX_MS, (DxControl){ .op = DX_CONTROL_RATE, .value = 1 });
    rig_control(rig, DX_MS, (DxControl){ .op = DX_CONTROL_DOWN });
    for (unsigned i = 0; i < 4; i++)
        feed(rig, i * DX_MS, 1500);
    rig_run(rig, DX_S);
    expect(rig, "gggg");
    rig_free(rig);
}
END_TEST

START_TEST(parameters_must_go_together)
{
    static const struct {
        const char *set[8]; /* key, text, ... */
        const char *key;
    } cases[] = {
        { { "burst", "1 kB" }, "rate" },
        { { "rate", "1 Mbps" }, "burst" },
        { { "rate", "1 Mbps", "burst", "1 kB", "peak", "2 Mbps" }, "peak_burst" },
        { { "rate", "1 Mbps", "burst", "1 kB", "peak_burst", "1 kB" }, "peak_burst" },
        { { "rate", "1 Mbps", "burst", "1 kB", "peak", "999999 bps", "peak_burst", "1 kB" }, "peak" },
        { { "rate", "1 Mbps", "burst", "1 kB", "peak", "2 Mbps", "excess_burst", "1 kB" }, "excess_burst" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        rig_expect_refused(&dx_model_policer, cases[i].set, cases[i].key);
}
END_TEST

/* -- any traffic ------------------------------------------------------------------------------------- */

static Rig *random_rig(uint64_t variant)
{
    Rig *rig = rig_new(&dx_model_policer, 1, 1, 1);
    DxRng rng;
    DxTime now = 0;

    dx_rng_init(&rng, variant, 0, "policer", "test");
    set_u64(rig, "rate", 10000000 + dx_rng_below(&rng, 100000000), "bps");
    set_u64(rig, "burst", 1500 + dx_rng_below(&rng, 9000), "B");
    if (variant % 3 == 1)
        set_u64(rig, "excess_burst", 1500 + dx_rng_below(&rng, 9000), "B");
    if (variant % 3 == 2) {
        set_u64(rig, "peak", 110000000 + dx_rng_below(&rng, 100000000), "bps");
        set_u64(rig, "peak_burst", 1500 + dx_rng_below(&rng, 9000), "B");
    }
    rig_set(rig, "red", variant % 2 ? "pass" : "drop");
    rig_set(rig, "colour_aware", variant % 4 > 1 ? "true" : "false");
    for (unsigned i = 0; i < 500; i++) {
        now += dx_rng_below(&rng, 3) ? 0 : (DxTime)dx_rng_below(&rng, (uint64_t)DX_MS / 2);
        paint(feed(rig, now, 1 + dx_rng_below(&rng, 1500)), (unsigned)dx_rng_below(&rng, 3));
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t variant = 0; variant < 12; variant++)
        rig_check_invariance(random_rig, variant, DX_S);
}
END_TEST

/* Each frame has one colour, and only red ones are missing. */
START_TEST(every_frame_is_accounted_for)
{
    for (uint64_t variant = 0; variant < 12; variant++) {
        Rig *rig = random_rig(variant);
        const char *const names[] = { "green_frames", "yellow_frames", "red_frames" };
        uint64_t sum = 0;

        rig_run(rig, DX_S);
        for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
            sum += dx_node_counter(rig->node, names[i]);
        ck_assert_uint_eq(sum, 500);
        ck_assert_uint_eq(rig_n(rig, 0) + rig_dropped(rig, "red"), 500);
        ck_assert_uint_eq(rig_dropped(rig, "red"),
                          variant % 2 ? 0 : dx_node_counter(rig->node, "red_frames"));
        rig_free(rig);
    }
}
END_TEST

SUITE_MAIN("policer", 60, every_meter_trace, tokens_are_exact_to_the_ps, overflow_goes_to_the_excess_bucket,
           colours_take_from_their_buckets, green_is_what_the_bucket_says, two_colours_are_gcra,
           red_is_dropped_unless_told_otherwise, colours_that_come_count_only_if_told,
           octets_are_counted_as_told, events_change_nothing, parameters_must_go_together,
           bursts_and_windows_change_nothing, every_frame_is_accounted_for)
