/*
 * capture: what chosen nodes send and drop, in one order; and octets that control frames carry
 *
 *   talker -> port -> fiber -> listener
 */
#include <dxsim/models.h>
#include <dxsim/sim.h>
#include <dxsim/wire.h>
#include <string.h>
#include "../suite.h"
#include "sim-priv.h"

/* -- a protocol that says something else every time ---------------------------------------------------- */

#define SAID_MAX 200
#define PERIOD   (10 * DX_US)

typedef struct {
    DxTimer timer;
    uint32_t n_said;
    uint8_t word[40]; /* what it says next: it changes as soon as it is said */
} TalkerState;

static void talk(DxNode *node, uint64_t arg)
{
    TalkerState *state = dx_node_state(node);
    const DxTime now = dx_node_now(node);
    DxFrame frame = { .t_ps = now,
                      .birth_ps = now,
                      .flow = DX_NO_FLOW,
                      .seq = state->n_said,
                      .size_bytes = 26,
                      .flags = DX_FRAME_CONTROL };

    (void)arg;
    memset(state->word, (int)state->n_said, sizeof state->word);
    dx_node_attach(node, &frame, state->word, sizeof state->word);
    dx_node_inject(node, 0, &frame);
    memset(state->word, 0xFF, sizeof state->word);
    if (++state->n_said < SAID_MAX)
        dx_timer_arm(node, state->timer, now + PERIOD);
}

static void talker_start(DxNode *node)
{
    TalkerState *state = dx_node_state(node);

    state->timer = dx_node_timer(node, talk, 0);
    dx_timer_arm(node, state->timer, 0);
}

static bool talker_init(DxNode *node, GError **error)
{
    (void)error;
    dx_node_set_delay(node, 0, DX_TIME_MAX);
    return true;
}

static void talker_process(DxNode *node, DxBurst *burst)
{
    dx_node_consume(node, burst);
}

static const DxModel talker = {
    .name = "talker",
    .summary = "Says a word again and again",
    .state_size = sizeof(TalkerState),
    .init = talker_init,
    .start = talker_start,
    .process = talker_process,
};

/* -- who hears it, and drops one in five --------------------------------------------------------------- */

static const char *const listener_drops[] = { "one_in_five", NULL };

typedef struct {
    uint64_t heard, wrong;
} ListenerState;

static void listener_process(DxNode *node, DxBurst *burst)
{
    ListenerState *state = dx_node_state(node);

    for (unsigned i = 0; i < burst->n; i++) {
        const uint64_t number = state->heard++;
        size_t n;
        const uint8_t *word = dx_node_attached(node, &burst->frame[i], &n);

        state->wrong += !word || n != 40 || word[0] != (uint8_t)number || word[39] != (uint8_t)number;
        if (number % 5 == 4)
            dx_node_drop(node, 0, &burst->frame[i]);
        else
            dx_node_consume(node, &(DxBurst){ &burst->frame[i], 1 });
    }
}

static const DxModel listener = { .name = "listener",
                                  .summary = "Hears it",
                                  .state_size = sizeof(ListenerState),
                                  .drops = listener_drops,
                                  .process = listener_process };

/* -- what is captured ---------------------------------------------------------------------------------- */

typedef struct {
    DxSim *sim;
    DxNode *talker, *port, *fiber, *listener;
    GArray *records; /* DxCaptureRecord, whose octets are copies */
    unsigned seq_traced;
} Line;

static void on_record(const DxCaptureRecord *record, void *data)
{
    DxCaptureRecord copy = *record;

    copy.octets = g_memdup2(record->octets, record->n_octets);
    g_array_append_val(data, copy);
}

static void on_trace(const DxTraceRecord *records, size_t n, void *data)
{
    Line *line = data;

    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(records[i].seq, line->seq_traced++); /* that of the record, not the handle */
}

static Line line_new(const char *length)
{
    Line line = { .sim = dx_sim_new(1, 0), .records = g_array_new(FALSE, FALSE, sizeof(DxCaptureRecord)) };

    dx_builtin_register(line.sim);
    line.talker = dx_sim_add(line.sim, "talker", &talker);
    line.port = dx_sim_add(line.sim, "port", dx_sim_model(line.sim, "port"));
    line.fiber = dx_sim_add(line.sim, "fiber", dx_sim_model(line.sim, "fiber"));
    line.listener = dx_sim_add(line.sim, "listener", &listener);
    ck_assert(dx_sim_set(line.port, "rate", "1 Gbps", NULL));
    ck_assert(dx_sim_set(line.fiber, "length", length, NULL));
    dx_sim_connect(line.sim, line.talker, line.port);
    dx_sim_connect(line.sim, line.port, line.fiber);
    dx_sim_connect(line.sim, line.fiber, line.listener);
    dx_sim_capture(line.port, true, false);
    dx_sim_capture(line.listener, false, true);
    return line;
}

static void line_free(Line *line)
{
    for (guint i = 0; i < line->records->len; i++)
        g_free(g_array_index(line->records, DxCaptureRecord, i).octets);
    g_array_unref(line->records);
    dx_sim_free(line->sim);
}

static void line_run(Line *line, DxTime from_ps, DxTime until_ps)
{
    GError *error = NULL;

    dx_sim_set_capture(line->sim, from_ps, until_ps, on_record, line->records);
    dx_sim_run(line->sim, 10 * DX_MS, &error);
    ck_assert_msg(!error, "%s", error ? error->message : "");
    dx_sim_flush_trace(line->sim);
    ck_assert(dx_sim_check(line->sim, NULL));
}

/* The fiber is so long that many words are on their way while new ones are said. */
START_TEST(frames_carry_what_was_said_when_they_were_sent)
{
    for (unsigned threads = 1; threads <= 2; threads++) {
        Line line = line_new("100 km");
        unsigned n_sent = 0, n_dropped = 0;

        dx_sim_set_threads(line.sim, threads);
        dx_sim_set_trace(line.sim, on_trace, &line);
        line_run(&line, 0, DX_TIME_MAX);
        ck_assert_uint_eq(((ListenerState *)dx_node_state(line.listener))->heard, SAID_MAX);
        ck_assert_uint_eq(((ListenerState *)dx_node_state(line.listener))->wrong, 0);
        ck_assert_uint_eq(line.seq_traced, SAID_MAX);
        for (guint i = 0; i < line.records->len; i++) {
            const DxCaptureRecord *record = &g_array_index(line.records, DxCaptureRecord, i);
            const unsigned number = record->reason < 0 ? n_sent++ : 5 * n_dropped++ + 4;

            ck_assert_uint_eq(record->seq, number);
            ck_assert_uint_eq(record->n_octets, 40);
            ck_assert_uint_eq(((const uint8_t *)record->octets)[0], (uint8_t)number);
            if (record->reason < 0) /* 26 + 18 are padded to 64, and 20 more on the wire: 672 ns */
                ck_assert_int_eq(record->t_ps, number * PERIOD + 672 * DX_NS);
            if (i)
                ck_assert_int_ge(record->t_ps, g_array_index(line.records, DxCaptureRecord, i - 1).t_ps);
        }
        ck_assert_uint_eq(n_sent, SAID_MAX);
        ck_assert_uint_eq(n_dropped, SAID_MAX / 5);
        line_free(&line);
    }
}
END_TEST

/* The slots of frames that have ended are used again: no more of them than were ever on their way at once. */
START_TEST(memory_is_bounded_by_frames_in_flight)
{
    Line line = line_new("1 km"); /* 4.9 us: each has arrived before the next is said */

    line_run(&line, 0, DX_TIME_MAX);
    ck_assert_uint_eq(line.records->len, SAID_MAX + SAID_MAX / 5);
    ck_assert_uint_eq(((ListenerState *)dx_node_state(line.listener))->wrong, 0);
    ck_assert_uint_le(dx__side_slots(line.sim), 2);
    line_free(&line);
}
END_TEST

/* From the first moment on, and before the last: of 10 us, 672 ns each. */
START_TEST(only_the_time_asked_for_is_captured)
{
    Line line = line_new("1 km");

    line_run(&line, 10 * PERIOD + 672 * DX_NS, 20 * PERIOD + 672 * DX_NS);
    for (guint i = 0; i < line.records->len; i++) {
        const DxCaptureRecord *record = &g_array_index(line.records, DxCaptureRecord, i);

        if (record->reason < 0)
            ck_assert(record->seq >= 10 && record->seq < 20);
    }
    ck_assert_uint_eq(line.records->len, 10 + 2);
    line_free(&line);
}
END_TEST

static void cut(DxSim *sim, void *data)
{
    (void)sim;
    dx_sim_control(data, &(DxControl){ .op = DX_CONTROL_DOWN });
}

/* At 300 ns the first word is on the line, and half of it is all there will ever be. */
START_TEST(a_frame_that_was_cut_off_has_not_been_sent)
{
    Line line = line_new("1 km");

    dx_sim_capture(line.port, true, true);
    dx_sim_at(line.sim, 300 * DX_NS, cut, line.port);
    line_run(&line, 0, DX_TIME_MAX);
    ck_assert_uint_eq(line.records->len, 1);
    ck_assert_int_ge(g_array_index(line.records, DxCaptureRecord, 0).reason, 0);
    ck_assert_int_eq(g_array_index(line.records, DxCaptureRecord, 0).t_ps, 300 * DX_NS);
    line_free(&line);
}
END_TEST

static void attach_twice(DxNode *node, uint64_t arg)
{
    DxFrame frame = { .flow = DX_NO_FLOW, .size_bytes = 46, .flags = DX_FRAME_CONTROL };

    (void)arg;
    dx_node_attach(node, &frame, "a", 1);
    dx_node_attach(node, &frame, "b", 1);
}

START_TEST(attaching_twice_is_refused)
{
    Line line = line_new("1 km");
    GError *error = NULL;

    ck_assert(dx_sim_prepare(line.sim, NULL));
    dx_node_post(line.talker, DX_US, attach_twice, 0);
    ck_assert(!dx_sim_run(line.sim, DX_MS, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_MODEL));
    g_error_free(error);
    line_free(&line);
}
END_TEST

SUITE_MAIN("capture", 60, frames_carry_what_was_said_when_they_were_sent,
           memory_is_bounded_by_frames_in_flight, only_the_time_asked_for_is_captured,
           a_frame_that_was_cut_off_has_not_been_sent, attaching_twice_is_refused)
