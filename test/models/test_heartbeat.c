/*
 * test_heartbeat - a silent neighbour is noticed in time, and one that is heard again is trusted again
 *
 *   feeder (data) --\                    /--> collector 0: what passes
 *                    --->[ heartbeat ]---
 *   talker (beats) -/         |          \--> collector 1: our own beats
 *                             '- steers a recorder
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_heartbeat;

enum { OUTPUT_PASS, OUTPUT_SEND };

/* -- talker: control frames are injected from events ---------------------------------------------------- */

typedef struct {
    GArray *times; /* DxTime */
    uint32_t flow;
} TalkerState;

static void say(DxNode *node, uint64_t seq)
{
    const TalkerState *state = dx_node_state(node);
    const DxTime now_ps = dx_node_now(node);

    dx_node_inject(node, 0,
                   &(DxFrame){ .t_ps = now_ps,
                               .birth_ps = now_ps,
                               .flow = state->flow,
                               .seq = (uint32_t)seq,
                               .size_bytes = 64,
                               .ttl = 1,
                               .flags = DX_FRAME_CONTROL });
}

static void talker_start(DxNode *node)
{
    const TalkerState *state = dx_node_state(node);

    for (guint i = 0; i < state->times->len; i++)
        dx_node_post(node, g_array_index(state->times, DxTime, i), say, i);
}

static void talker_clear(DxNode *node)
{
    TalkerState *state = dx_node_state(node);

    if (state->times)
        g_array_unref(state->times);
}

static const DxModel talker_model = {
    .name = "talker",
    .summary = "Injects control frames",
    .state_size = sizeof(TalkerState),
    .start = talker_start,
    .clear = talker_clear,
};

static DxNode *add_talker(Rig *rig, const char *name, uint32_t flow)
{
    DxNode *node = dx_sim_add(rig->sim, name, &talker_model);
    TalkerState *state = dx_node_state(node);

    state->times = g_array_new(FALSE, FALSE, sizeof(DxTime));
    state->flow = flow;
    dx_sim_connect(rig->sim, node, rig->node);
    return node;
}

static void beat(DxNode *talker, DxTime t_ps)
{
    g_array_append_val(((TalkerState *)dx_node_state(talker))->times, t_ps);
}

/* -- recorder: what it was told, and when --------------------------------------------------------------- */

typedef struct {
    DxTime t_ps;
    DxControlOp op;
    uint32_t index;
} Order;

typedef struct {
    GArray *orders; /* Order */
} RecorderState;

static bool recorder_init(DxNode *node, GError **error)
{
    RecorderState *state = dx_node_state(node);

    (void)error;
    state->orders = g_array_new(FALSE, TRUE, sizeof(Order));
    return true;
}

static void recorder_control(DxNode *node, const DxControl *control)
{
    RecorderState *state = dx_node_state(node);
    Order order = { dx_node_now(node), control->op, control->index };

    g_array_append_val(state->orders, order);
}

static void recorder_clear(DxNode *node)
{
    RecorderState *state = dx_node_state(node);

    if (state->orders)
        g_array_unref(state->orders);
}

static const DxModel recorder_model = {
    .name = "recorder",
    .summary = "Keeps what it was told",
    .state_size = sizeof(RecorderState),
    .init = recorder_init,
    .control = recorder_control,
    .clear = recorder_clear,
};

typedef struct {
    Rig *rig;
    DxNode *talker, *recorder;
} Watch;

/* Period 1 ms, 3 misses, reaction 10 us; steers member 5. */
static Watch watch_new(void)
{
    Watch watch = { .rig = rig_new(&dx_model_heartbeat, 1, 2, 2) };

    rig_set(watch.rig, "period", "1 ms");
    watch.talker = add_talker(watch.rig, "talker", DX_NO_FLOW);
    watch.recorder = dx_sim_add(watch.rig->sim, "recorder", &recorder_model);
    dx_sim_bind(watch.rig->node, watch.recorder, 5);
    return watch;
}

static const GArray *orders(const Watch *watch)
{
    return ((const RecorderState *)dx_node_state(watch->recorder))->orders;
}

/* Member 5 goes out and comes in at these times, alternating, and at no other. */
static void expect(const Watch *watch, const DxTime *t_ps, unsigned n)
{
    const GArray *told = orders(watch);

    for (unsigned i = 0; i < MIN(n, told->len); i++) {
        const Order *order = &g_array_index(told, Order, i);

        ck_assert_int_eq(order->t_ps, t_ps[i]);
        ck_assert_int_eq(order->op, i % 2 ? DX_CONTROL_MEMBER_IN : DX_CONTROL_MEMBER_OUT);
        ck_assert_uint_eq(order->index, 5);
    }
    ck_assert_uint_eq(told->len, n);
}

#define EXPECT(watch, ...)                                                                                   \
    expect(watch, (const DxTime[]){ __VA_ARGS__ }, sizeof((const DxTime[]){ __VA_ARGS__ }) / sizeof(DxTime))

/* -- sending ----------------------------------------------------------------------------------------- */

/* From 0 on, one a period: 11 by 10.5 ms. */
START_TEST(a_beat_is_sent_every_period)
{
    Watch watch = watch_new();

    rig_run(watch.rig, 10 * DX_MS + 500 * DX_US);
    ck_assert_uint_eq(rig_n(watch.rig, OUTPUT_PASS), 0);
    ck_assert_uint_eq(rig_n(watch.rig, OUTPUT_SEND), 11);
    for (unsigned i = 0; i < 11; i++) {
        const DxFrame *frame = rig_frame(watch.rig, OUTPUT_SEND, i);

        ck_assert_int_eq(frame->t_ps, i * DX_MS);
        ck_assert_int_eq(frame->birth_ps, i * DX_MS);
        ck_assert_uint_eq(frame->seq, i);
        ck_assert_uint_eq(frame->flow, DX_NO_FLOW);
        ck_assert_uint_eq(frame->size_bytes, 64);
        ck_assert_uint_eq(frame->ttl, 1);
        ck_assert_uint_eq(dx_frame_pcp(frame), 7);
        ck_assert(frame->flags & DX_FRAME_CONTROL);
    }
    ck_assert_uint_eq(dx_node_counter(watch.rig->node, "sent_frames"), 11);
    rig_free(watch.rig);
}
END_TEST

START_TEST(size_and_priority_are_as_told)
{
    Watch watch = watch_new();

    rig_set(watch.rig, "size", "1500 B");
    rig_set(watch.rig, "pcp", "0");
    rig_run(watch.rig, DX_US);
    ck_assert_uint_eq(rig_frame(watch.rig, OUTPUT_SEND, 0)->size_bytes, 1500);
    ck_assert_uint_eq(dx_frame_pcp(rig_frame(watch.rig, OUTPUT_SEND, 0)), 0);
    rig_free(watch.rig);
}
END_TEST

/* -- passing ----------------------------------------------------------------------------------------- */

/* Data at 0, 1, 2 ... us, beats among them and at their very times: nothing of the data changes but who is
 * next to it. */
START_TEST(data_passes_untouched)
{
    Watch watch = watch_new();
    DxFrame in[100];

    for (unsigned i = 0; i < G_N_ELEMENTS(in); i++) {
        DxFrame *frame = rig_feed(watch.rig, 0, i * DX_US);

        frame->flow = i % 3 == 2 ? DX_NO_FLOW : i % 3; /* of no flow, but no control frame: not ours */
        frame->ttl = (uint8_t)i;
        in[i] = *frame;
        if (i % 4 == 0)
            beat(watch.talker, i * DX_US);
        if (i % 10 == 0)
            beat(watch.talker, i * DX_US + 1);
    }
    rig_run(watch.rig, 500 * DX_US);
    ck_assert_uint_eq(rig_n(watch.rig, OUTPUT_PASS), G_N_ELEMENTS(in));
    for (unsigned i = 0; i < G_N_ELEMENTS(in); i++)
        ck_assert_mem_eq(rig_frame(watch.rig, OUTPUT_PASS, i), &in[i], sizeof in[i]);
    ck_assert_uint_eq(dx_node_counter(watch.rig->node, "heard_frames"), 35);
    rig_free(watch.rig);
}
END_TEST

/* Control frames of a flow are another protocol's: they pass, and are no sign of life. */
START_TEST(control_frames_of_others_pass)
{
    Watch watch = watch_new();
    DxNode *other = add_talker(watch.rig, "other", 1);

    for (unsigned i = 0; i < 10; i++)
        beat(other, i * DX_MS);
    rig_run(watch.rig, 10 * DX_MS);
    ck_assert_uint_eq(rig_n(watch.rig, OUTPUT_PASS), 10);
    ck_assert_uint_eq(dx_node_counter(watch.rig->node, "heard_frames"), 0);
    EXPECT(&watch, 3 * DX_MS);
    rig_free(watch.rig);
}
END_TEST

/* -- watching ---------------------------------------------------------------------------------------- */

/* Nothing ever heard: out after misses * period from the beginning, once. */
START_TEST(silence_from_the_beginning_is_noticed)
{
    Watch watch = watch_new();

    rig_run(watch.rig, 3 * DX_MS - 1);
    ck_assert_uint_eq(orders(&watch)->len, 0);
    rig_run(watch.rig, DX_S);
    EXPECT(&watch, 3 * DX_MS);
    rig_free(watch.rig);
}
END_TEST

/* Last arrival at 5.2 ms, acted upon 10 us later; three periods of silence: 8.21 ms. */
START_TEST(out_after_the_misses_and_the_reaction)
{
    Watch watch = watch_new();

    for (unsigned i = 0; i <= 5; i++)
        beat(watch.talker, i * DX_MS + 200 * DX_US);
    rig_run(watch.rig, DX_S);
    EXPECT(&watch, 8 * DX_MS + 210 * DX_US);
    ck_assert_uint_eq(dx_node_counter(watch.rig->node, "heard_frames"), 6);
    rig_free(watch.rig);
}
END_TEST

/* Other figures: 7 misses of 100 us, reaction 1 us, the shortest there is; heard at 50 us. */
START_TEST(expiry_follows_the_parameters)
{
    Watch watch = watch_new();

    rig_set(watch.rig, "period", "100 us");
    rig_set(watch.rig, "misses", "7");
    rig_set(watch.rig, "reaction", "1 us");
    beat(watch.talker, 50 * DX_US);
    rig_run(watch.rig, 10 * DX_MS);
    EXPECT(&watch, 751 * DX_US);
    ck_assert_uint_eq(rig_n(watch.rig, OUTPUT_SEND), 100);
    rig_free(watch.rig);
}
END_TEST

/* Out at 3 ms; heard at 20 ms, in at 20.01 ms, out again 3 ms later. */
START_TEST(in_again_when_heard)
{
    Watch watch = watch_new();

    beat(watch.talker, 20 * DX_MS);
    rig_run(watch.rig, DX_S);
    EXPECT(&watch, 3 * DX_MS, 20 * DX_MS + 10 * DX_US, 23 * DX_MS + 10 * DX_US);
    rig_free(watch.rig);
}
END_TEST

/* Acted upon 1 ps before the expiry: in time. 1 ps after: too late. At the very moment: events of a node go
 * in the order in which they were set, and the expiry was set first. */
START_TEST(a_beat_in_time_is_in_time)
{
    for (int late = -1; late <= 1; late++) {
        Watch watch = watch_new();
        const DxTime heard = 3 * DX_MS + late;

        beat(watch.talker, heard - 10 * DX_US);
        rig_run(watch.rig, 4 * DX_MS);
        if (late < 0)
            ck_assert_uint_eq(orders(&watch)->len, 0);
        else
            EXPECT(&watch, 3 * DX_MS, heard);
        rig_free(watch.rig);
    }
}
END_TEST

/* Two of three missed again and again: the member stays. */
START_TEST(misses_in_a_row_count)
{
    Watch watch = watch_new();

    for (unsigned i = 0; i < 100; i++)
        beat(watch.talker, i * (3 * DX_MS - 1));
    rig_run(watch.rig, 300 * DX_MS - 100);
    ck_assert_uint_eq(orders(&watch)->len, 0);
    rig_free(watch.rig);
}
END_TEST

/* Without anything to steer it sends and listens all the same. */
START_TEST(nothing_to_steer_is_no_harm)
{
    Watch watch = watch_new();

    dx_sim_bind(watch.rig->node, NULL, 0);
    beat(watch.talker, 10 * DX_MS);
    rig_run(watch.rig, 20 * DX_MS);
    ck_assert_uint_eq(dx_node_counter(watch.rig->node, "heard_frames"), 1);
    ck_assert_uint_eq(orders(&watch)->len, 0);
    rig_free(watch.rig);
}
END_TEST

static void keep_line(DxTime now, const char *object, const char *event, const char *detail, void *data)
{
    (void)detail;
    g_string_append_printf(data, "%" G_GINT64_FORMAT " %s %s\n", now / DX_US, object, event);
}

START_TEST(changes_are_logged)
{
    Watch watch = watch_new();
    GString *log = g_string_new(NULL);

    dx_sim_set_log(watch.rig->sim, keep_line, log);
    beat(watch.talker, 20 * DX_MS);
    rig_run(watch.rig, 22 * DX_MS);
    ck_assert_str_eq(log->str, "3000 model heartbeat_lost\n20010 model heartbeat_heard\n");
    g_string_free(log, TRUE);
    rig_free(watch.rig);
}
END_TEST

/* -- random traffic ---------------------------------------------------------------------------------- */

/* Data every microsecond or so, beats that fail now and then for a while. */
static Watch watch_random(uint64_t seed)
{
    Watch watch = watch_new();
    uint64_t random = seed;
    DxTime t = 0;

    rig_set(watch.rig, "period", "50 us");
    rig_set(watch.rig, "reaction", seed % 2 ? "1 us" : "10 us");
    for (unsigned i = 0; i < 4000; i++) {
        t += (DxTime)(dx_splitmix64(&random) % 4 * 500 * DX_NS);
        rig_feed(watch.rig, 0, t)->flow = (uint32_t)(dx_splitmix64(&random) % 2);
    }
    for (t = 0; t < 4 * DX_MS; t += 50 * DX_US)
        if (dx_splitmix64(&random) % 2)
            beat(watch.talker, t + (DxTime)(dx_splitmix64(&random) % 3 * 500 * DX_NS));
    return watch;
}

/* Ours by hand: out when nothing was acted upon for 150 us. */
START_TEST(random_silence_is_noticed_as_by_hand)
{
    for (uint64_t seed = 0; seed < 10; seed++) {
        Watch watch = watch_random(seed);
        GArray *times = g_array_ref(((TalkerState *)dx_node_state(watch.talker))->times);
        DxTime expected[256], heard = 0;
        unsigned n = 0;

        for (guint i = 0; i < times->len; i++) {
            const DxTime next = g_array_index(times, DxTime, i) + (seed % 2 ? DX_US : 10 * DX_US);

            if (next >= heard + 150 * DX_US) {
                expected[n++] = heard + 150 * DX_US;
                expected[n++] = next;
            }
            heard = next;
        }
        expected[n++] = heard + 150 * DX_US;
        rig_run(watch.rig, 10 * DX_MS);
        ck_assert_uint_gt(n, 2);
        expect(&watch, expected, n);
        g_array_unref(times);
        rig_free(watch.rig);
    }
}
END_TEST

static Rig *build(uint64_t seed)
{
    return watch_random(seed).rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 4; seed++)
        rig_check_invariance(build, seed, 10 * DX_MS);
}
END_TEST

/* What it tells the bundle does not depend on them either. */
START_TEST(bursts_and_windows_change_no_order)
{
    static const unsigned bursts[] = { 1, 7, 256 };
    static const DxTime windows[] = { DX_US, 100 * DX_US, DX_TIME_MAX };
    Watch one = watch_random(3);

    rig_run(one.rig, 10 * DX_MS);
    for (unsigned b = 0; b < G_N_ELEMENTS(bursts); b++)
        for (unsigned w = 0; w < G_N_ELEMENTS(windows); w++) {
            Watch other = watch_random(3);

            dx_sim_set_burst(other.rig->sim, bursts[b]);
            dx_sim_set_window(other.rig->sim, windows[w]);
            rig_run(other.rig, 10 * DX_MS);
            ck_assert_uint_eq(orders(&other)->len, orders(&one)->len);
            ck_assert_mem_eq(orders(&other)->data, orders(&one)->data, orders(&one)->len * sizeof(Order));
            rig_free(other.rig);
        }
    rig_free(one.rig);
}
END_TEST

/* Light goes at 5 ms and comes back at 7. What arrived at 4.995 ms, and would be acted upon at 5.005, came
 * from a link that is down by then; what arrives at 7.2 ms counts. After that the misses are counted again: 3
 * ms from 7.21. */
START_TEST(loss_of_light_takes_out_at_once)
{
    Watch watch = watch_new();

    for (unsigned i = 1; i <= 4; i++)
        beat(watch.talker, i * DX_MS);
    beat(watch.talker, 4 * DX_MS + 995 * DX_US);
    beat(watch.talker, 7 * DX_MS + 200 * DX_US);
    rig_control(watch.rig, 5 * DX_MS, (DxControl){ .op = DX_CONTROL_DOWN });
    rig_control(watch.rig, 7 * DX_MS, (DxControl){ .op = DX_CONTROL_UP });
    rig_run(watch.rig, 20 * DX_MS);
    EXPECT(&watch, 5 * DX_MS, 7 * DX_MS + 210 * DX_US, 10 * DX_MS + 210 * DX_US);
    ck_assert_uint_eq(dx_node_counter(watch.rig->node, "heard_frames"), 6);
    rig_free(watch.rig);
}
END_TEST

/* A link that is dark from 5 ms on, after a silent failure: nobody waits twice. */
START_TEST(what_is_out_already_is_not_taken_out_again)
{
    Watch watch = watch_new();

    beat(watch.talker, DX_MS);
    rig_control(watch.rig, 2 * DX_MS, (DxControl){ .op = DX_CONTROL_DOWN_SILENT });
    rig_control(watch.rig, 5 * DX_MS, (DxControl){ .op = DX_CONTROL_DOWN });
    rig_control(watch.rig, 6 * DX_MS, (DxControl){ .op = DX_CONTROL_UP });
    beat(watch.talker, 8 * DX_MS);
    rig_run(watch.rig, 9 * DX_MS);
    EXPECT(&watch, 4 * DX_MS + 10 * DX_US, 8 * DX_MS + 10 * DX_US);
    rig_free(watch.rig);
}
END_TEST

SUITE_MAIN("heartbeat", 30, a_beat_is_sent_every_period, size_and_priority_are_as_told, data_passes_untouched,
           control_frames_of_others_pass, silence_from_the_beginning_is_noticed,
           out_after_the_misses_and_the_reaction, expiry_follows_the_parameters, in_again_when_heard,
           a_beat_in_time_is_in_time, misses_in_a_row_count, nothing_to_steer_is_no_harm, changes_are_logged,
           random_silence_is_noticed_as_by_hand, bursts_and_windows_change_nothing,
           bursts_and_windows_change_no_order, loss_of_light_takes_out_at_once,
           what_is_out_already_is_not_taken_out_again)
