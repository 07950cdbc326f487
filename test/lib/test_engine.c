/*
 * engine: clock, windows, order at one instant, and what becomes of a model that breaks a promise
 *
 * Expected times are worked out by hand or by a loop that moves one frame at a time. Where windows end and
 * how large bursts are must never show: whatever is tested runs with many of both.
 */
#include <inttypes.h>
#include <string.h>
#include "../rig.h"
#include "../suite.h"

static const unsigned bursts[] = { 1, 7, 256 };
static const DxTime windows[] = { 100 * DX_NS, DX_US, 7 * DX_US, DX_TIME_NEVER };

#define N_SETTINGS (G_N_ELEMENTS(bursts) * G_N_ELEMENTS(windows))

static void set_sizes(DxSim *sim, unsigned setting)
{
    dx_sim_set_burst(sim, bursts[setting % G_N_ELEMENTS(bursts)]);
    dx_sim_set_window(sim, windows[setting / G_N_ELEMENTS(bursts)]);
}

static void run(DxSim *sim, DxTime until_ps)
{
    GError *error = NULL;

    if (!dx_sim_run(sim, until_ps, &error) || !dx_sim_check(sim, &error))
        ck_abort_msg("%s", error->message);
}

static void assert_fails(DxSim *sim, DxTime until_ps, int code, const char *message)
{
    GError *error = NULL;

    ck_assert(!dx_sim_run(sim, until_ps, &error));
    ck_assert_str_eq(error->message, message);
    ck_assert(g_error_matches(error, DX_ERROR, code));
    g_error_free(error);
}

static uint64_t mix(uint64_t digest, uint64_t value)
{
    digest ^= value;
    return dx_splitmix64(&digest);
}

/* -- span: a delay that an event may change ---------------------------------------------------------- */

typedef struct {
    DxTime delay_ps;
} SpanConf;

typedef struct {
    DxTime delay_ps, last_ps;
} SpanState;

static const char *const span_drops[] = { "ttl_expired", "cut", NULL };

static bool span_init(DxNode *node, GError **error)
{
    const SpanConf *conf = dx_node_conf(node);
    SpanState *state = dx_node_state(node);

    (void)error;
    state->delay_ps = conf->delay_ps;
    dx_node_set_delay(node, 0, state->delay_ps);
    return true;
}

static void span_process(DxNode *node, DxBurst *burst)
{
    SpanState *state = dx_node_state(node);
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[kept];

        *frame = burst->frame[i];
        if (!frame->ttl) {
            dx_node_drop(node, 0, frame);
            continue;
        }
        frame->ttl--;
        frame->t_ps = state->last_ps = MAX(frame->t_ps + state->delay_ps, state->last_ps);
        kept++;
    }
    burst->n = kept;
    dx_node_emit(node, 0, burst);
}

static void span_control(DxNode *node, const DxControl *control)
{
    SpanState *state = dx_node_state(node);

    if (control->op == DX_CONTROL_DOWN)
        dx_node_purge(node, 1);
    if (control->op != DX_CONTROL_RATE)
        return;
    state->delay_ps = (DxTime)control->value;
    dx_node_set_delay(node, 0, state->delay_ps);
}

static const DxModel span_model = {
    .name = "span",
    .summary = "Delays; an event may change by how much",
    .conf_size = sizeof(SpanConf),
    .state_size = sizeof(SpanState),
    .drops = span_drops,
    .init = span_init,
    .process = span_process,
    .control = span_control,
};

static DxNode *add_span(DxSim *sim, const char *name, DxTime delay_ps)
{
    DxNode *node = dx_sim_add(sim, name, &span_model);

    ((SpanConf *)dx_sim_conf(node))->delay_ps = delay_ps;
    return node;
}

typedef struct {
    DxNode *node;
    DxControl control;
} Change;

static void apply_change(DxSim *sim, void *data)
{
    const Change *change = data;

    (void)sim;
    dx_sim_control(change->node, &change->control);
}

/* Frames of a trace, in the order in which they were handed over. */
static void keep_records(const DxTraceRecord *records, size_t n, void *data)
{
    g_array_append_vals(data, records, (guint)n);
}

/* -- alarm: stamps frames with the number of times it has woken up ----------------------------------- */

typedef struct {
    DxTime first_ps, period_ps;
    bool is_asked_by_frames; /* every tenth frame asks to be woken 25 ns later */
} AlarmConf;

typedef struct {
    uint16_t woken;
} AlarmState;

static void alarm_start(DxNode *node)
{
    const AlarmConf *conf = dx_node_conf(node);

    if (!conf->is_asked_by_frames)
        dx_node_wake_at(node, conf->first_ps);
}

static void alarm_process(DxNode *node, DxBurst *burst)
{
    const AlarmConf *conf = dx_node_conf(node);
    const AlarmState *state = dx_node_state(node);

    for (unsigned i = 0; i < burst->n; i++) {
        if (conf->is_asked_by_frames && burst->frame[i].seq % 10 == 0)
            dx_node_wake_at(node, burst->frame[i].t_ps + 25 * DX_NS);
        burst->frame[i].tci = state->woken;
    }
    dx_node_emit(node, 0, burst);
}

static void alarm_wake(DxNode *node, DxTime now)
{
    const AlarmConf *conf = dx_node_conf(node);
    AlarmState *state = dx_node_state(node);

    state->woken++;
    if (!conf->is_asked_by_frames) {
        ck_assert_int_eq((now - conf->first_ps) % conf->period_ps, 0);
        dx_node_wake_at(node, now + conf->period_ps);
    }
}

static const DxModel alarm_model = {
    .name = "alarm",
    .summary = "Counts its wake-ups",
    .conf_size = sizeof(AlarmConf),
    .state_size = sizeof(AlarmState),
    .start = alarm_start,
    .process = alarm_process,
    .wake = alarm_wake,
};

START_TEST(a_wake_up_cuts_bursts_at_exactly_its_time)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        Rig *rig = rig_new(&alarm_model, 1, 1, 1);

        *(AlarmConf *)dx_sim_conf(rig->node) = (AlarmConf){ 100 * DX_NS, 70 * DX_NS, false };
        set_sizes(rig->sim, setting);
        for (unsigned i = 0; i < 400; i++) /* four at a time, every 10 ns */
            rig_feed(rig, 0, i / 4 * 10 * DX_NS);
        rig_run(rig, 10 * DX_US);
        ck_assert_uint_eq(rig_n(rig, 0), 400);
        for (unsigned i = 0; i < 400; i++) {
            const DxFrame *frame = rig_frame(rig, 0, i);
            const DxTime since = frame->t_ps - 100 * DX_NS;

            /* at equal time the wake-up has been: 100 ns sees 1, 169 ns too, 170 ns sees 2 */
            ck_assert_uint_eq(frame->tci, since < 0 ? 0 : since / (70 * DX_NS) + 1);
        }
        rig_free(rig);
    }
}
END_TEST

START_TEST(with_several_inputs_a_wake_up_cuts_them_all)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        Rig *rig = rig_new(&alarm_model, 3, 1, 1);

        *(AlarmConf *)dx_sim_conf(rig->node) = (AlarmConf){ 100 * DX_NS, 70 * DX_NS, false };
        set_sizes(rig->sim, setting);
        for (unsigned i = 0; i < 300; i++)
            rig_feed(rig, i % 3, i / 3 * 10 * DX_NS);
        rig_run(rig, 10 * DX_US);
        for (unsigned i = 0; i < 300; i++) {
            const DxTime since = rig_frame(rig, 0, i)->t_ps - 100 * DX_NS;

            ck_assert_uint_eq(rig_frame(rig, 0, i)->tci, since < 0 ? 0 : since / (70 * DX_NS) + 1);
        }
        rig_free(rig);
    }
}
END_TEST

/* Frames every 10 ns; numbers 0, 10, 20, ... ask for a wake-up 25 ns later: from number 3 on one has been,
 * from number 13 on two. A model that is handed more than it may see must be told so, not served late. */
START_TEST(a_wake_up_asked_for_by_a_frame_is_on_time_or_refused)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        Rig *rig = rig_new(&alarm_model, 1, 1, 1);
        GError *error = NULL;

        ((AlarmConf *)dx_sim_conf(rig->node))->is_asked_by_frames = true;
        set_sizes(rig->sim, setting);
        for (unsigned i = 0; i < 100; i++)
            rig_feed(rig, 0, i * 10 * DX_NS);
        if (dx_sim_run(rig->sim, 10 * DX_US, &error)) {
            for (unsigned i = 0; i < 100; i++)
                ck_assert_msg(rig_frame(rig, 0, i)->tci == (i + 7) / 10,
                              "burst %u, window %" PRId64 ": frame %u saw %u wake-ups, expected %u",
                              bursts[setting % 3], windows[setting / 3], i, rig_frame(rig, 0, i)->tci,
                              (i + 7) / 10);
        } else {
            ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_MODEL));
            ck_assert_uint_ne(bursts[setting % 3], 1); /* alone, no frame comes too early */
            g_error_free(error);
        }
        rig_free(rig);
    }
}
END_TEST

/* -- witness: writes down what happens to it, in order ------------------------------------------------ */

typedef struct {
    GString *journal;
    DxTime service_ps, wake_ps; /* 0: none */
} WitnessConf;

typedef struct {
    DxTime service_ps; /* DX_TIME_NEVER: done */
} WitnessState;

static void note(const DxNode *node, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note(const DxNode *node, const char *format, ...)
{
    const WitnessConf *conf = dx_node_conf(node);
    va_list args;

    g_string_append_printf(conf->journal, "%s", dx_node_name(node));
    va_start(args, format);
    g_string_append_vprintf(conf->journal, format, args);
    va_end(args);
    g_string_append_c(conf->journal, ' ');
}

static void witness_start(DxNode *node)
{
    const WitnessConf *conf = dx_node_conf(node);
    WitnessState *state = dx_node_state(node);

    state->service_ps = conf->service_ps ? conf->service_ps : DX_TIME_NEVER;
    dx_node_promise(node, state->service_ps);
    if (conf->wake_ps)
        dx_node_wake_at(node, conf->wake_ps);
}

static void serve(DxNode *node, DxTime before)
{
    WitnessState *state = dx_node_state(node);

    if (state->service_ps >= before)
        return;
    note(node, ".service");
    state->service_ps = DX_TIME_NEVER;
    dx_node_promise(node, DX_TIME_NEVER);
}

static void witness_process(DxNode *node, DxBurst *burst)
{
    for (unsigned i = 0; i < burst->n; i++) {
        serve(node, burst->frame[i].t_ps + 1); /* an end of service at the same time comes first */
        note(node, ".frame%u-%u", burst->frame[i].flow, burst->frame[i].seq);
    }
    dx_node_consume(node, burst);
}

static void witness_wake(DxNode *node, DxTime now)
{
    note(node, ".wake");
    (void)now;
}

static void witness_event(DxNode *node, uint64_t arg)
{
    note(node, ".event%" PRIu64, arg);
}

static const DxModel witness_model = {
    .name = "witness",
    .summary = "Writes down what happens to it",
    .conf_size = sizeof(WitnessConf),
    .state_size = sizeof(WitnessState),
    .start = witness_start,
    .process = witness_process,
    .wake = witness_wake,
    .advance = serve,
};

static void note_world(DxSim *sim, void *data)
{
    (void)sim;
    g_string_append(data, "world ");
}

static void note_measure(DxSim *sim, void *data)
{
    (void)sim;
    g_string_append(data, "measure ");
}

START_TEST(at_one_instant_events_wake_ups_ends_of_service_arrivals)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        Rig *rig = rig_new(&witness_model, 3, 0, 1);
        GString *journal = g_string_new(NULL);
        DxNode *other = dx_sim_add(rig->sim, "other", &witness_model);
        const DxTime now = 5 * DX_US;
        DxTimer timer;

        *(WitnessConf *)dx_sim_conf(rig->node) = (WitnessConf){ journal, now, now };
        *(WitnessConf *)dx_sim_conf(other) = (WitnessConf){ journal, 0, 0 };
        set_sizes(rig->sim, setting);
        for (unsigned i = 0; i < 6; i++)
            rig_feed(rig, 2 - i % 3, now)->flow = 2 - i % 3;
        /* asked for in the wrong order */
        dx_sim_measure_at(rig->sim, now, note_measure, journal);
        dx_node_post(other, now, witness_event, 1);
        timer = dx_node_timer(rig->node, witness_event, 1);
        dx_timer_arm(rig->node, timer, now);
        dx_node_post(rig->node, now, witness_event, 2);
        dx_node_post(other, now, witness_event, 2);
        dx_sim_at(rig->sim, now, note_world, journal);
        run(rig->sim, 10 * DX_US);
        ck_assert_str_eq(journal->str,
                         "world model.event1 model.event2 other.event1 other.event2 measure "
                         "model.wake model.service "
                         "model.frame0-0 model.frame0-1 model.frame1-0 model.frame1-1 model.frame2-0 "
                         "model.frame2-1 ");
        g_string_free(journal, TRUE);
        rig_free(rig);
    }
}
END_TEST

START_TEST(a_run_handles_events_up_to_its_end_and_frames_before_it)
{
    Rig *rig = rig_new(&witness_model, 1, 0, 1);
    GString *journal = g_string_new(NULL);

    *(WitnessConf *)dx_sim_conf(rig->node) = (WitnessConf){ journal, 20, 20 };
    for (unsigned i = 0; i < 3; i++)
        rig_feed(rig, 0, 10 * (DxTime)i + 10);
    dx_node_post(rig->node, 20, witness_event, 1);
    dx_sim_at(rig->sim, 21, note_world, journal);
    run(rig->sim, 20);
    ck_assert_int_eq(dx_sim_now(rig->sim), 20);
    ck_assert_str_eq(journal->str, "model.frame0-0 model.event1 ");
    run(rig->sim, 20); /* nothing more at the same time */
    ck_assert_str_eq(journal->str, "model.frame0-0 model.event1 ");
    run(rig->sim, 30);
    ck_assert_str_eq(journal->str,
                     "model.frame0-0 model.event1 model.wake model.service model.frame0-1 world ");
    g_string_free(journal, TRUE);
    rig_free(rig);
}
END_TEST

/* -- rogue: breaks one promise ------------------------------------------------------------------------ */

typedef enum {
    EMITS_BACKWARDS,
    EMITS_A_BURST_BACKWARDS,
    POSTS_IN_WINDOW,
    ARMS_IN_WINDOW,
    LEAVES_UNDONE,
    WAKES_IN_THE_PAST,
    INJECTS_CONTROL,
    SWALLOWS,
    INJECTS_IN_THE_PAST, /* from an event */
    EMITS_TOO_SOON,
} Crime;

typedef struct {
    Crime crime;
} RogueConf;

typedef struct {
    DxTimer timer;
    uint64_t held;
} RogueState;

static void nothing(DxNode *node, uint64_t arg)
{
    (void)node;
    (void)arg;
}

static bool rogue_init(DxNode *node, GError **error)
{
    const RogueConf *conf = dx_node_conf(node);

    (void)error;
    ((RogueState *)dx_node_state(node))->timer = dx_node_timer(node, nothing, 0);
    if (conf->crime == EMITS_TOO_SOON)
        dx_node_set_delay(node, 0, 10 * DX_US);
    return true;
}

static void rogue_event(DxNode *node, uint64_t arg)
{
    const DxFrame frame = { .t_ps = dx_node_now(node) - 1 };

    (void)arg;
    dx_node_inject(node, 0, &frame);
}

static void rogue_start(DxNode *node)
{
    const RogueConf *conf = dx_node_conf(node);

    if (conf->crime == INJECTS_IN_THE_PAST)
        dx_node_post(node, 5 * DX_US, rogue_event, 0);
}

static void rogue_process(DxNode *node, DxBurst *burst)
{
    const RogueConf *conf = dx_node_conf(node);
    RogueState *state = dx_node_state(node);
    DxFrame *frame = burst->frame;

    switch (conf->crime) {
    case EMITS_BACKWARDS:
        frame[0].t_ps += 5;
        dx_node_emit(node, 0, &(DxBurst){ frame, 1 });
        dx_node_emit(node, 0, &(DxBurst){ frame + 1, burst->n - 1 });
        return;
    case EMITS_A_BURST_BACKWARDS:
        frame[0].t_ps += 5;
        break;
    case POSTS_IN_WINDOW:
        dx_node_post(node, frame->t_ps, nothing, 0);
        break;
    case ARMS_IN_WINDOW:
        dx_timer_arm(node, state->timer, frame->t_ps);
        break;
    case LEAVES_UNDONE:
        state->held += burst->n;
        dx_node_promise(node, frame->t_ps + 1);
        return;
    case WAKES_IN_THE_PAST:
        dx_node_wake_at(node, frame->t_ps - 1);
        break;
    case INJECTS_CONTROL:
        dx_node_inject(node, 0, &(DxFrame){ .t_ps = frame->t_ps, .flags = DX_FRAME_CONTROL });
        break;
    case SWALLOWS:
        return;
    case EMITS_TOO_SOON:
        for (unsigned i = 0; i < burst->n; i++)
            frame[i].t_ps += DX_US;
        break;
    case INJECTS_IN_THE_PAST:
        break;
    }
    dx_node_emit(node, 0, burst);
}

static void rogue_advance(DxNode *node, DxTime until)
{
    (void)node;
    (void)until;
}

static void rogue_wake(DxNode *node, DxTime now)
{
    (void)node;
    (void)now;
}

static uint64_t rogue_held(const DxNode *node, DxHeldFn visit, void *data)
{
    (void)visit;
    (void)data;
    return ((const RogueState *)dx_node_state(node))->held;
}

static const DxModel rogue_model = {
    .name = "rogue",
    .summary = "Breaks a promise",
    .conf_size = sizeof(RogueConf),
    .state_size = sizeof(RogueState),
    .init = rogue_init,
    .start = rogue_start,
    .process = rogue_process,
    .wake = rogue_wake,
    .advance = rogue_advance,
    .held = rogue_held,
};

static Rig *rogue_rig(Crime crime)
{
    Rig *rig = rig_new(&rogue_model, 1, 1, 1);

    ((RogueConf *)dx_sim_conf(rig->node))->crime = crime;
    rig_feed(rig, 0, DX_US);
    rig_feed(rig, 0, DX_US + 2);
    return rig;
}

START_TEST(a_broken_promise_ends_the_run_and_names_the_node)
{
    static const struct {
        Crime crime;
        const char *message;
    } cases[] = {
        { EMITS_BACKWARDS, "model (model rogue) emits backwards in time on output 0 at 1000000 ps" },
        { EMITS_A_BURST_BACKWARDS, "model (model rogue) emits backwards in time on output 0 at 1000000 ps" },
        { POSTS_IN_WINDOW, "model (model rogue) posts an event inside the window at 1000000 ps" },
        { ARMS_IN_WINDOW, "model (model rogue) arms a timer inside the window at 1000000 ps" },
        { LEAVES_UNDONE,
          "model (model rogue) leaves undone what fell due before the end of its window at 1000000 ps" },
        { WAKES_IN_THE_PAST, "model (model rogue) wants to wake up in the past at 1000000 ps" },
        { INJECTS_CONTROL, "model (model rogue) injects a control frame outside an event at 1000000 ps" },
        { INJECTS_IN_THE_PAST, "model (model rogue) emits backwards in time on output 0 at 5000000 ps" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = rogue_rig(cases[i].crime);

        assert_fails(rig->sim, 10 * DX_US, DX_ERROR_MODEL, cases[i].message);
        assert_fails(rig->sim, 20 * DX_US, DX_ERROR_MODEL, cases[i].message); /* for good */
        rig_free(rig);
    }
}
END_TEST

START_TEST(sooner_than_the_declared_delay_is_a_broken_promise)
{
    /* a declares 10 us and takes 1 us: the window of 10 us would have to be handled twice */
    DxSim *sim = dx_sim_new(1, 0);
    DxNode *b = add_span(sim, "b", 10 * DX_US), *a = dx_sim_add(sim, "a", &rogue_model);
    const DxFrame frame = { .t_ps = 0, .ttl = 64 };

    ((RogueConf *)dx_sim_conf(a))->crime = EMITS_TOO_SOON;
    dx_sim_connect(sim, a, b);
    dx_sim_connect(sim, b, a);
    ck_assert(dx_sim_prepare(sim, NULL));
    dx_node_inject(b, 0, &frame);
    assert_fails(sim, 50 * DX_US, DX_ERROR_MODEL,
                 "a (model rogue) emits sooner than its declared delay on output 0 at 11000000 ps");
    dx_sim_free(sim);
}
END_TEST

START_TEST(frames_that_vanish_are_found)
{
    Rig *rig = rogue_rig(SWALLOWS);
    GError *error = NULL;

    ck_assert(dx_sim_run(rig->sim, 10 * DX_US, NULL));
    ck_assert(!dx_sim_check(rig->sim, &error));
    ck_assert_str_eq(error->message,
                     "model (model rogue): 2 frames came and 0 are accounted for at 10000000 ps");
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_MODEL));
    g_error_free(error);
    rig_free(rig);
}
END_TEST

/* -- loops and delays that change --------------------------------------------------------------------- */

/*   injected at 1 us --> [a: 5 us] --> [b: 7 us] --> back to a      */
START_TEST(a_frame_in_a_loop_of_two_delays_comes_round_on_time)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        DxSim *sim = dx_sim_new(1, 0);
        DxNode *a = add_span(sim, "a", 5 * DX_US), *b = add_span(sim, "b", 7 * DX_US);
        GArray *records = g_array_new(FALSE, FALSE, sizeof(DxTraceRecord));
        const DxTraceRecord *record;
        const DxNode *bound;

        set_sizes(sim, setting);
        dx_sim_connect(sim, a, b);
        dx_sim_connect(sim, b, a);
        dx_sim_set_trace(sim, keep_records, records);
        ck_assert(dx_sim_prepare(sim, NULL));
        ck_assert_int_eq(dx_sim_lookahead(sim, &bound), 7 * DX_US);
        ck_assert_ptr_eq(bound, b);
        dx_node_inject(b, 0, &(DxFrame){ .t_ps = DX_US, .ttl = 9, .seq = 4 });
        run(sim, DX_MS);
        /* nine hops, five of them through a: 1 + 5 * 5 + 4 * 7 = 54 us, at b */
        ck_assert_uint_eq(records->len, 1);
        record = &g_array_index(records, DxTraceRecord, 0);
        ck_assert_int_eq(record->t_ps, 54 * DX_US);
        ck_assert_uint_eq(record->node, 2);
        ck_assert_uint_eq(record->seq, 4);
        ck_assert_int_eq(record->reason, 0);
        g_array_unref(records);
        dx_sim_free(sim);
    }
}
END_TEST

START_TEST(a_delay_that_changes_at_an_event_changes_the_windows)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        DxSim *sim = dx_sim_new(1, 0);
        DxNode *a = add_span(sim, "a", 10 * DX_US), *b = add_span(sim, "b", DX_US);
        GArray *records = g_array_new(FALSE, FALSE, sizeof(DxTraceRecord));
        Change shorter = { a, { .op = DX_CONTROL_RATE, .value = 2000000 } };
        Change shortest = { a, { .op = DX_CONTROL_RATE, .value = 500000 } };
        Change longer = { a, { .op = DX_CONTROL_RATE, .value = 30000000 } };
        const DxNode *bound;
        DxTime t = 0;
        bool is_at_a = true;

        set_sizes(sim, setting);
        dx_sim_connect(sim, a, b);
        dx_sim_connect(sim, b, a);
        dx_sim_set_trace(sim, keep_records, records);
        dx_sim_at(sim, 44 * DX_US, apply_change, &shorter); /* at 44 us the frame is at a: the event first */
        dx_sim_at(sim, 80 * DX_US, apply_change, &shortest);
        dx_sim_at(sim, 95 * DX_US, apply_change, &longer);
        ck_assert(dx_sim_prepare(sim, NULL));
        ck_assert_int_eq(dx_sim_lookahead(sim, &bound), 10 * DX_US);
        ck_assert_ptr_eq(bound, a);
        dx_node_inject(b, 0, &(DxFrame){ .t_ps = 0, .ttl = 100 });
        run(sim, 50 * DX_US);
        ck_assert_int_eq(dx_sim_lookahead(sim, &bound), 2 * DX_US);
        ck_assert_ptr_eq(bound, a);
        run(sim, 90 * DX_US);
        ck_assert_int_eq(dx_sim_lookahead(sim, &bound), DX_US);
        ck_assert_ptr_eq(bound, b);
        run(sim, 10 * DX_MS);
        ck_assert_int_eq(dx_sim_lookahead(sim, &bound), 30 * DX_US);
        for (unsigned hop = 0; hop < 100; hop++, is_at_a = !is_at_a) { /* one frame, one step at a time */
            if (!is_at_a)
                t += DX_US;
            else if (t < 44 * DX_US)
                t += 10 * DX_US;
            else if (t < 80 * DX_US)
                t += 2 * DX_US;
            else
                t += t < 95 * DX_US ? 500 * DX_NS : 30 * DX_US;
        }
        ck_assert_uint_eq(records->len, 1);
        ck_assert_int_eq(g_array_index(records, DxTraceRecord, 0).t_ps, t);
        g_array_unref(records);
        dx_sim_free(sim);
    }
}
END_TEST

START_TEST(a_delay_that_vanishes_from_a_cycle_ends_the_run)
{
    DxSim *sim = dx_sim_new(1, 0);
    DxNode *a = add_span(sim, "a", DX_US);
    Change none = { a, { .op = DX_CONTROL_RATE, .value = 0 } };

    dx_sim_connect(sim, a, a);
    dx_sim_at(sim, 5 * DX_US, apply_change, &none);
    ck_assert(dx_sim_prepare(sim, NULL));
    dx_node_inject(a, 0, &(DxFrame){ .t_ps = 0, .ttl = 255 });
    assert_fails(sim, DX_MS, DX_ERROR_TOPOLOGY,
                 "a cycle without any delay: a > a; give one of its links a fiber length");
    dx_sim_free(sim);
}
END_TEST

/* -- agents ------------------------------------------------------------------------------------------- */

typedef struct {
    GArray *learnt; /* DxTime of the events */
} AgentConf;

static bool agent_init(DxNode *node, GError **error)
{
    (void)error;
    dx_node_set_reaction(node, 3 * DX_US);
    return true;
}

static void agent_learns(DxNode *node, uint64_t arg)
{
    const AgentConf *conf = dx_node_conf(node);
    const DxTime now = dx_node_now(node);

    (void)arg;
    g_array_append_val(conf->learnt, now);
}

static void agent_process(DxNode *node, DxBurst *burst)
{
    for (unsigned i = 0; i < burst->n; i++)
        if (burst->frame[i].flags & DX_FRAME_CONTROL)
            dx_node_learn(node, burst->frame[i].t_ps, agent_learns, 0);
    dx_node_consume(node, burst);
}

static void agent_sends(DxNode *node, uint64_t arg)
{
    const DxTime now = dx_node_now(node);

    (void)arg;
    dx_node_inject(node, 0, &(DxFrame){ .t_ps = now, .ttl = 3, .flags = DX_FRAME_CONTROL });
}

static const DxModel agent_model = {
    .name = "agent",
    .summary = "Learns of control frames",
    .conf_size = sizeof(AgentConf),
    .init = agent_init,
    .process = agent_process,
};

/*   [agent] --> [span: 5 us] --> back to the agent, which learns of it 3 us later     */
START_TEST(what_an_agent_hears_is_an_event_one_reaction_time_later)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        Rig *rig = rig_new(&agent_model, 2, 0, 1); /* two feeders, so that windows are long */
        DxNode *span = add_span(rig->sim, "span", 5 * DX_US);
        GArray *learnt = g_array_new(FALSE, FALSE, sizeof(DxTime));

        ((AgentConf *)dx_sim_conf(rig->node))->learnt = learnt;
        set_sizes(rig->sim, setting);
        dx_sim_connect(rig->sim, rig->node, span);
        dx_sim_connect(rig->sim, span, rig->node);
        for (unsigned i = 0; i < 100; i++)
            rig_feed(rig, i % 2, i * DX_US);
        for (unsigned i = 0; i < 4; i++)
            dx_node_post(rig->node, i * 10 * DX_US + 1, agent_sends, 0);
        run(rig->sim, DX_MS);
        ck_assert_uint_eq(learnt->len, 4);
        for (unsigned i = 0; i < 4; i++)
            ck_assert_int_eq(g_array_index(learnt, DxTime, i), i * 10 * DX_US + 1 + 8 * DX_US);
        g_array_unref(learnt);
        rig_free(rig);
    }
}
END_TEST

/* -- a random network in which every mistake of order spreads ----------------------------------------- */

#define HUB_OUTPUTS 4

/* Births on a grid of 100 ns, several at a time. */
typedef struct {
    uint32_t flow, n_frames;
} GenConf;

typedef struct {
    DxRng rng;
    DxTime next_ps;
    uint32_t seq;
} GenState;

static void gen_start(DxNode *node)
{
    GenState *state = dx_node_state(node);

    dx_node_rng(node, "gaps", &state->rng);
    dx_node_promise(node, 0);
}

static void gen_advance(DxNode *node, DxTime until)
{
    const GenConf *conf = dx_node_conf(node);
    GenState *state = dx_node_state(node);

    while (state->next_ps < until && state->seq < conf->n_frames) {
        DxFrame frame = { .t_ps = state->next_ps, .birth_ps = state->next_ps, .flow = conf->flow, .ttl = 12 };

        frame.seq = state->seq++;
        state->next_ps += (DxTime)dx_rng_below(&state->rng, 8) * 100 * DX_NS;
        dx_node_create(node, 1);
        dx_node_emit(node, 0, &(DxBurst){ &frame, 1 });
    }
    dx_node_promise(node, state->seq < conf->n_frames ? state->next_ps : DX_TIME_NEVER);
}

static const DxModel gen_model = {
    .name = "gen",
    .summary = "Frames on a coarse grid of times",
    .conf_size = sizeof(GenConf),
    .state_size = sizeof(GenState),
    .start = gen_start,
    .advance = gen_advance,
};

/* Where a frame goes depends on every frame, wake-up and event before it. */
typedef struct {
    DxTime delay_ps[HUB_OUTPUTS], wake_every_ps, event_every_ps;
} HubConf;

typedef struct {
    uint64_t digest;
    DxTimer timer;
    uint32_t injected;
} HubState;

static const char *const hub_drops[] = { "ttl_expired", NULL };

static void hub_event(DxNode *node, uint64_t arg)
{
    const HubConf *conf = dx_node_conf(node);
    HubState *state = dx_node_state(node);
    const DxTime now = dx_node_now(node);

    state->digest = mix(state->digest, (uint64_t)now ^ arg);
    if (dx_node_n_outputs(node))
        dx_node_inject(node, 0,
                       &(DxFrame){ .t_ps = now + conf->delay_ps[0],
                                   .birth_ps = now,
                                   .flow = 100,
                                   .seq = state->injected++,
                                   .ttl = 5 });
    dx_timer_arm(node, state->timer, now + conf->event_every_ps);
}

static bool hub_init(DxNode *node, GError **error)
{
    const HubConf *conf = dx_node_conf(node);
    HubState *state = dx_node_state(node);

    (void)error;
    state->timer = dx_node_timer(node, hub_event, UINT64_C(0xe7e47));
    for (unsigned i = 0; i < dx_node_n_outputs(node); i++)
        dx_node_set_delay(node, i, conf->delay_ps[i]);
    return true;
}

static void hub_start(DxNode *node)
{
    const HubConf *conf = dx_node_conf(node);
    const HubState *state = dx_node_state(node);

    if (conf->wake_every_ps)
        dx_node_wake_at(node, conf->wake_every_ps);
    if (conf->event_every_ps)
        dx_timer_arm(node, state->timer, conf->event_every_ps);
}

static void hub_wake(DxNode *node, DxTime now)
{
    const HubConf *conf = dx_node_conf(node);
    HubState *state = dx_node_state(node);

    state->digest = mix(state->digest, (uint64_t)now ^ UINT64_C(0x3a4e));
    dx_node_wake_at(node, now + conf->wake_every_ps);
}

static void hub_process(DxNode *node, DxBurst *burst)
{
    const HubConf *conf = dx_node_conf(node);
    const unsigned n_out = dx_node_n_outputs(node);
    HubState *state = dx_node_state(node);
    uint16_t output[DX_BURST_MAX];
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame frame = burst->frame[i];

        state->digest = mix(state->digest, (uint64_t)frame.t_ps);
        state->digest = mix(state->digest, (uint64_t)frame.flow << 32 | frame.seq);
        if (!n_out || state->digest % 16 == 0) {
            dx_node_consume(node, &(DxBurst){ &frame, 1 });
        } else if (!frame.ttl) {
            dx_node_drop(node, 0, &frame);
        } else {
            frame.ttl--;
            output[kept] = (uint16_t)(state->digest >> 8) % n_out;
            frame.t_ps += conf->delay_ps[output[kept]];
            burst->frame[kept++] = frame;
        }
    }
    burst->n = kept;
    dx_node_scatter(node, burst, output);
}

static const DxModel hub_model = {
    .name = "hub",
    .summary = "Sends frames anywhere",
    .conf_size = sizeof(HubConf),
    .state_size = sizeof(HubState),
    .drops = hub_drops,
    .init = hub_init,
    .start = hub_start,
    .process = hub_process,
    .wake = hub_wake,
};

/* A FIFO server with places for a few; a frame that starts at t no longer waits for one that arrives at t. */
typedef struct {
    DxTime service_ps;
    unsigned places;
} DeskConf;

typedef struct {
    GArray *held, *starts; /* DxFrame; DxTime of those accepted, as far as they lie ahead */
    DxTime free_ps;        /* after all that were accepted */
} DeskState;

static const char *const desk_drops[] = { "full", NULL };

static bool desk_init(DxNode *node, GError **error)
{
    const DeskConf *conf = dx_node_conf(node);
    DeskState *state = dx_node_state(node);

    (void)error;
    state->held = g_array_new(FALSE, FALSE, sizeof(DxFrame));
    state->starts = g_array_new(FALSE, FALSE, sizeof(DxTime));
    dx_node_set_delay(node, 0, conf->service_ps);
    return true;
}

/* Held frames carry the time at which their service begins. */
static void desk_advance(DxNode *node, DxTime until)
{
    const DeskConf *conf = dx_node_conf(node);
    DeskState *state = dx_node_state(node);

    while (state->held->len && g_array_index(state->held, DxFrame, 0).t_ps < until) {
        DxFrame frame = g_array_index(state->held, DxFrame, 0);

        g_array_remove_index(state->held, 0);
        frame.t_ps += conf->service_ps;
        dx_node_emit(node, 0, &(DxBurst){ &frame, 1 });
    }
    dx_node_promise(node, state->held->len ? g_array_index(state->held, DxFrame, 0).t_ps : DX_TIME_NEVER);
}

static void desk_process(DxNode *node, DxBurst *burst)
{
    const DeskConf *conf = dx_node_conf(node);
    DeskState *state = dx_node_state(node);

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame frame = burst->frame[i];
        DxTime start = MAX(frame.t_ps, state->free_ps);

        while (state->starts->len && g_array_index(state->starts, DxTime, 0) <= frame.t_ps)
            g_array_remove_index(state->starts, 0);
        if (start > frame.t_ps && state->starts->len >= conf->places) {
            dx_node_drop(node, 0, &frame);
            continue;
        }
        g_array_append_val(state->starts, start);
        state->free_ps = start + conf->service_ps;
        frame.t_ps = start;
        g_array_append_val(state->held, frame);
    }
    desk_advance(node, dx_node_window_end(node));
}

static uint64_t desk_held(const DxNode *node, DxHeldFn visit, void *data)
{
    const DeskState *state = dx_node_state(node);

    for (guint i = 0; visit && i < state->held->len; i++)
        visit(&g_array_index(state->held, DxFrame, i), data);
    return state->held->len;
}

static void desk_clear(DxNode *node)
{
    DeskState *state = dx_node_state(node);

    g_clear_pointer(&state->held, g_array_unref);
    g_clear_pointer(&state->starts, g_array_unref);
}

static const DxModel desk_model = {
    .name = "desk",
    .summary = "Serves one after the other",
    .conf_size = sizeof(DeskConf),
    .state_size = sizeof(DeskState),
    .drops = desk_drops,
    .init = desk_init,
    .process = desk_process,
    .advance = desk_advance,
    .held = desk_held,
    .clear = desk_clear,
};

/* A simulation and what can be seen of it. */
typedef struct {
    DxSim *sim;
    uint64_t trace;
    size_t n_records;
    DxTraceRecord last;
} World;

static void digest_records(const DxTraceRecord *records, size_t n, void *data)
{
    World *world = data;

    for (size_t i = 0; i < n; i++) {
        const DxTraceRecord *record = &records[i];

        if (world->n_records++ && (record->t_ps < world->last.t_ps ||
                                   (record->t_ps == world->last.t_ps && record->node < world->last.node)))
            ck_abort_msg("record %zu of the trace is out of order", world->n_records);
        world->trace = mix(world->trace, (uint64_t)record->t_ps);
        world->trace = mix(world->trace, (uint64_t)record->node << 32 | record->flow);
        world->trace = mix(world->trace, (uint64_t)record->seq << 32 | (uint16_t)record->reason);
        world->trace = mix(world->trace, (uint64_t)record->birth_ps);
        world->last = *record;
    }
}

/* Hubs joined at random, some through a desk; false when the draw has a cycle without delay. */
static bool world_init(World *world, uint64_t seed)
{
    static const DxTime delays[] = { 0, 0, 100 * DX_NS, DX_US, 5 * DX_US, 20 * DX_US };
    DxNode *hub[6];
    unsigned n_hubs, n_desks = 0;
    DxRng rng;

    *world = (World){ .sim = dx_sim_new(seed, 0) };
    dx_rng_init(&rng, seed, 0, "engine", "world");
    n_hubs = 2 + (unsigned)dx_rng_below(&rng, 5);
    for (unsigned i = 0; i < n_hubs; i++) {
        char name[16];
        HubConf *conf;

        g_snprintf(name, sizeof name, "hub%u", i);
        hub[i] = dx_sim_add(world->sim, name, &hub_model);
        conf = dx_sim_conf(hub[i]);
        conf->wake_every_ps = (DxTime)dx_rng_below(&rng, 3) * 1700 * DX_NS;
        conf->event_every_ps = (DxTime)dx_rng_below(&rng, 3) * 4300 * DX_NS;
    }
    for (unsigned i = 0; i < n_hubs; i++)
        for (unsigned k = (unsigned)dx_rng_below(&rng, HUB_OUTPUTS + 1); k; k--) {
            HubConf *conf = dx_sim_conf(hub[i]);
            DxNode *to = hub[dx_rng_below(&rng, n_hubs)];

            conf->delay_ps[dx_node_n_outputs(hub[i])] = delays[dx_rng_below(&rng, G_N_ELEMENTS(delays))];
            if (dx_rng_below(&rng, 2)) {
                char name[16];
                DxNode *desk;

                g_snprintf(name, sizeof name, "desk%u", n_desks++);
                desk = dx_sim_add(world->sim, name, &desk_model);
                *(DeskConf *)dx_sim_conf(desk) = (DeskConf){ 100 * DX_NS * (DxTime)dx_rng_below(&rng, 9),
                                                             1 + (unsigned)dx_rng_below(&rng, 5) };
                dx_sim_connect(world->sim, hub[i], desk);
                dx_sim_connect(world->sim, desk, to);
            } else {
                dx_sim_connect(world->sim, hub[i], to);
            }
        }
    for (unsigned i = 0; i < 3; i++) {
        const char name[] = { 'g', 'e', 'n', (char)('0' + i), '\0' };
        DxNode *gen = dx_sim_add(world->sim, name, &gen_model);

        *(GenConf *)dx_sim_conf(gen) = (GenConf){ i, 150 };
        dx_sim_connect(world->sim, gen, hub[i % n_hubs]);
    }
    dx_sim_set_trace(world->sim, digest_records, world);
    return dx_sim_prepare(world->sim, NULL);
}

static uint64_t world_digest(const World *world)
{
    const DxBalance balance = dx_sim_balance(world->sim);
    uint64_t digest = world->trace;

    ck_assert_uint_eq(balance.created,
                      balance.delivered + balance.dropped + balance.held + balance.in_flight);
    digest = mix(digest, balance.created);
    digest = mix(digest, balance.delivered);
    digest = mix(digest, balance.dropped);
    for (unsigned i = 0; i < dx_sim_n_nodes(world->sim); i++) {
        const DxNode *node = dx_sim_node(world->sim, i);

        digest = mix(digest, dx_node_dropped_total(node));
        if (dx_node_model(node) == &hub_model)
            digest = mix(digest, ((const HubState *)dx_node_state(node))->digest);
    }
    return digest;
}

/* The next seed from *@seed on whose network is a valid one; freed again. */
static uint64_t next_world(uint64_t *seed)
{
    for (;;) {
        World world;
        const bool is_valid = world_init(&world, ++*seed);

        dx_sim_free(world.sim);
        if (is_valid)
            return *seed;
    }
}

static uint64_t run_world(uint64_t seed, unsigned setting, DxTime step_ps)
{
    World world;
    uint64_t digest;

    ck_assert(world_init(&world, seed));
    set_sizes(world.sim, setting);
    for (DxTime at = step_ps; at < 60 * DX_US; at += step_ps)
        run(world.sim, at);
    run(world.sim, 60 * DX_US);
    digest = world_digest(&world);
    dx_sim_free(world.sim);
    return digest;
}

START_TEST(bursts_and_windows_never_show_in_what_a_network_does)
{
    uint64_t seed = 0, last = 0;

    for (unsigned round = 0; round < 15; round++) {
        uint64_t want;

        next_world(&seed);
        want = run_world(seed, 0, DX_S);
        ck_assert_uint_ne(want, last); /* the digest does see something */
        for (unsigned setting = 1; setting < N_SETTINGS; setting++)
            ck_assert_msg(run_world(seed, setting, DX_S) == want,
                          "network %" PRIu64 ": bursts of %u in windows of %" PRId64 " ps differ", seed,
                          bursts[setting % 3], windows[setting / 3]);
        last = want;
    }
}
END_TEST

START_TEST(threads_never_show_in_what_a_network_does)
{
    uint64_t seed = 3000;
    unsigned cut = 0;

    for (unsigned round = 0; round < 6; round++) {
        uint64_t want;

        next_world(&seed);
        want = run_world(seed, 0, DX_S);
        for (unsigned threads = 2; threads <= 4; threads++) {
            World world;

            ck_assert(world_init(&world, seed));
            dx_sim_set_threads(world.sim, threads);
            set_sizes(world.sim, N_SETTINGS - threads + 1); /* windows as long as may be */
            run(world.sim, 31 * DX_US);
            cut += dx_sim_n_partitions(world.sim) > 1;
            run(world.sim, 60 * DX_US);
            ck_assert_msg(world_digest(&world) == want, "network %" PRIu64 ": %u threads differ", seed,
                          threads);
            dx_sim_free(world.sim);
        }
    }
    ck_assert_uint_gt(cut, 3); /* there was something to share */
}
END_TEST

/*   feeder --> [span: 10 us] --> collector, cut apart behind the span: nothing else bounds the windows  */
START_TEST(partitions_meet_before_a_frame_can_cross)
{
    Rig *rig = rig_new(&span_model, 1, 1, 1);

    ((SpanConf *)dx_sim_conf(rig->node))->delay_ps = 10 * DX_US;
    dx_sim_set_threads(rig->sim, 2);
    dx_sim_set_window(rig->sim, DX_TIME_NEVER);
    for (unsigned i = 0; i < 300; i++)
        rig_feed(rig, 0, i * DX_US / 3);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(dx_sim_n_partitions(rig->sim), 2);
    ck_assert_uint_eq(rig_n(rig, 0), 300);
    for (unsigned i = 0; i < 300; i++)
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, i * DX_US / 3 + 10 * DX_US);
    rig_free(rig);
}
END_TEST

START_TEST(a_run_in_steps_is_a_run)
{
    uint64_t seed = 1000;

    for (unsigned round = 0; round < 15; round++) {
        next_world(&seed);
        ck_assert_uint_eq(run_world(seed, 11, 700 * DX_NS), run_world(seed, 11, DX_S));
    }
}
END_TEST

START_TEST(simulations_side_by_side_do_not_know_of_each_other)
{
    uint64_t seed = 2000;

    for (unsigned round = 0; round < 10; round++) {
        const uint64_t first = next_world(&seed), second = next_world(&seed);
        World a, b;

        ck_assert(world_init(&a, first));
        ck_assert(world_init(&b, second));
        for (DxTime at = 5 * DX_US; at <= 60 * DX_US; at += 5 * DX_US) {
            run(a.sim, at);
            run(b.sim, at);
        }
        ck_assert_uint_eq(world_digest(&a), run_world(first, 11, DX_S));
        ck_assert_uint_eq(world_digest(&b), run_world(second, 11, DX_S));
        dx_sim_free(a.sim);
        dx_sim_free(b.sim);
    }
}
END_TEST

START_TEST(another_seed_is_another_network)
{
    uint64_t seed = 0;
    const uint64_t first = next_world(&seed), second = next_world(&seed);

    ck_assert_uint_ne(run_world(first, 0, DX_S), run_world(second, 0, DX_S));
}
END_TEST

/* -- traces ------------------------------------------------------------------------------------------- */

/* At 10 us an event cuts the second span while its frame is under way, and at 10 us another frame ends at the
 * first: node 1 stands before node 2 in the trace, wherever the run was interrupted. */
static GArray *cut_trace(DxTime pause_ps, unsigned setting)
{
    DxSim *sim = dx_sim_new(1, 0);
    DxNode *a = add_span(sim, "a", 4 * DX_US), *b = add_span(sim, "b", 20 * DX_US);
    Change cut = { b, { .op = DX_CONTROL_DOWN } };
    GArray *records = g_array_new(FALSE, FALSE, sizeof(DxTraceRecord));

    set_sizes(sim, setting);
    dx_sim_connect(sim, a, b);
    dx_sim_connect(sim, b, a);
    dx_sim_set_trace(sim, keep_records, records);
    dx_sim_at(sim, 10 * DX_US, apply_change, &cut);
    ck_assert(dx_sim_prepare(sim, NULL));
    dx_node_inject(a, 0, &(DxFrame){ .t_ps = 4 * DX_US, .ttl = 8 }); /* to b, due back at 24 us */
    run(sim, 5 * DX_US);
    ck_assert_uint_eq(dx_sim_balance(sim).in_flight, 1);
    run(sim, pause_ps);
    dx_sim_free(sim);
    return records;
}

START_TEST(what_an_event_loses_is_lost_at_the_time_of_the_event)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        GArray *records = cut_trace(100 * DX_US, setting);

        ck_assert_uint_eq(records->len, 1);
        ck_assert_int_eq(g_array_index(records, DxTraceRecord, 0).t_ps, 10 * DX_US);
        ck_assert_uint_eq(g_array_index(records, DxTraceRecord, 0).node, 2);
        ck_assert_int_eq(g_array_index(records, DxTraceRecord, 0).reason, 1);
        g_array_unref(records);
    }
}
END_TEST

/* Feeder > model "first" (swallows by ttl 0) and, apart from it, a frame on a span that is cut at 10 us. */
static GArray *tie_trace(bool in_two_steps)
{
    Rig *rig = rig_new(&span_model, 1, 1, 1); /* the model is node 1 */
    DxNode *span = add_span(rig->sim, "span", 20 * DX_US);
    Change cut = { span, { .op = DX_CONTROL_DOWN } };
    GArray *records = g_array_new(FALSE, FALSE, sizeof(DxTraceRecord));

    dx_sim_connect(rig->sim, span, span);
    rig_feed(rig, 0, 10 * DX_US)->ttl = 0;
    dx_sim_set_trace(rig->sim, keep_records, records);
    dx_sim_at(rig->sim, 10 * DX_US, apply_change, &cut);
    ck_assert(dx_sim_prepare(rig->sim, NULL));
    dx_node_inject(span, 0, &(DxFrame){ .t_ps = 20 * DX_US, .ttl = 8 });
    if (in_two_steps)
        run(rig->sim, 10 * DX_US);
    run(rig->sim, 100 * DX_US);
    rig_free(rig);
    return records;
}

START_TEST(a_trace_is_in_order_of_time_and_node_also_where_a_run_was_interrupted)
{
    GArray *whole = tie_trace(false), *steps = tie_trace(true);

    ck_assert_uint_eq(whole->len, 2);
    ck_assert_uint_eq(steps->len, 2);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(g_array_index(whole, DxTraceRecord, i).t_ps, 10 * DX_US);
        ck_assert_uint_eq(g_array_index(whole, DxTraceRecord, i).node, i ? 4 : 1);
        ck_assert_uint_eq(g_array_index(steps, DxTraceRecord, i).node,
                          g_array_index(whole, DxTraceRecord, i).node);
    }
    g_array_unref(whole);
    g_array_unref(steps);
}
END_TEST

/* -- measurements, the log, freeing -------------------------------------------------------------------- */

typedef struct {
    Rig *rig;
    GArray *samples; /* DxTime, then how many frames had come */
} Sampler;

static void sample(DxSim *sim, void *data)
{
    Sampler *sampler = data;
    DxTime row[2] = { dx_sim_now(sim), rig_n(sampler->rig, 0) };

    g_array_append_vals(sampler->samples, row, 2);
}

START_TEST(a_periodic_measurement_sees_what_came_before_its_time)
{
    for (unsigned setting = 0; setting < N_SETTINGS; setting++) {
        Rig *rig = rig_new(&span_model, 1, 1, 1);
        Sampler sampler = { rig, g_array_new(FALSE, FALSE, sizeof(DxTime)) };

        set_sizes(rig->sim, setting);
        for (unsigned i = 0; i < 100; i++)
            rig_feed(rig, 0, i * 100 * DX_NS);
        dx_sim_measure_every(rig->sim, 2 * DX_US, 10 * DX_US, sample, &sampler);
        run(rig->sim, 7 * DX_US);
        run(rig->sim, 10 * DX_US); /* the last one falls on the end */
        run(rig->sim, 20 * DX_US); /* and is the last */
        ck_assert_uint_eq(sampler.samples->len, 2 * 5);
        for (unsigned i = 0; i < 5; i++) {
            ck_assert_int_eq(g_array_index(sampler.samples, DxTime, 2 * i), (i + 1) * 2 * DX_US);
            ck_assert_int_eq(g_array_index(sampler.samples, DxTime, 2 * i + 1), (i + 1) * 20);
        }
        g_array_unref(sampler.samples);
        rig_free(rig);
    }
}
END_TEST

static void keep_line(DxTime now, const char *object, const char *event, const char *detail, void *data)
{
    g_string_append_printf(data, "%" PRId64 " %s %s %s\n", now, object, event, detail);
}

static void log_from_world(DxSim *sim, void *data)
{
    dx_sim_log(sim, "dx1", "fail", data);
}

static void log_from_node(DxNode *node, uint64_t arg)
{
    dx_node_log(node, "up", "after %" PRIu64 " tries", arg);
}

START_TEST(the_log_says_when_who_and_what)
{
    Rig *rig = rig_new(&span_model, 1, 1, 1);
    GString *log = g_string_new(NULL);

    dx_node_post(rig->node, 5, log_from_node, 3);
    run(rig->sim, 5); /* nobody listens yet */
    dx_sim_set_log(rig->sim, keep_line, log);
    dx_node_post(rig->node, 30, log_from_node, 4);
    dx_sim_at(rig->sim, 30, log_from_world, (char *)"silent");
    run(rig->sim, 40);
    ck_assert_str_eq(log->str, "30 dx1 fail silent\n30 model up after 4 tries\n");
    g_string_free(log, TRUE);
    rig_free(rig);
}
END_TEST

static bool refuse(DxNode *node, GError **error)
{
    return dx_node_fail(node, "length_km", error, DX_ERROR_RANGE, "%d km is too far", 99);
}

static void must_not_run(DxNode *node, DxBurst *burst)
{
    (void)node;
    (void)burst;
    ck_abort_msg("a model ran that had been refused");
}

static const DxModel refused_model = {
    .name = "refused", .summary = "Is refused", .init = refuse, .process = must_not_run
};

START_TEST(a_model_that_refuses_its_configuration_is_named_with_the_field)
{
    Rig *rig = rig_new(&refused_model, 1, 1, 1);
    DxNode *after = dx_sim_add(rig->sim, "after", &desk_model); /* never set up, and cleared all the same */

    dx_sim_connect(rig->sim, after, rig->node);
    rig_feed(rig, 0, 0);
    assert_fails(rig->sim, DX_S, DX_ERROR_RANGE, "model: length_km: 99 km is too far");
    rig_free(rig);
}
END_TEST

START_TEST(freeing_accepts_nothing_and_what_never_ran)
{
    DxSim *sim = dx_sim_new(7, 0);

    dx_sim_free(NULL);
    ck_assert_uint_eq(dx_sim_seed(sim), 7);
    dx_sim_add(sim, "desk", &desk_model);
    dx_sim_connect(sim, dx_sim_find(sim, "desk"), dx_sim_add(sim, "hub", &hub_model));
    dx_sim_at(sim, 5, log_from_world, NULL);
    ck_assert_ptr_null(dx_sim_find(sim, "nobody"));
    ck_assert_ptr_null(dx_sim_model(sim, "fiber")); /* a registry starts empty */
    dx_sim_register(sim, &hub_model);
    ck_assert_ptr_eq(dx_sim_model(sim, "hub"), &hub_model);
    dx_sim_free(sim);
}
END_TEST

SUITE_MAIN("engine", 20, a_wake_up_cuts_bursts_at_exactly_its_time,
           with_several_inputs_a_wake_up_cuts_them_all, a_wake_up_asked_for_by_a_frame_is_on_time_or_refused,
           at_one_instant_events_wake_ups_ends_of_service_arrivals,
           a_run_handles_events_up_to_its_end_and_frames_before_it,
           a_broken_promise_ends_the_run_and_names_the_node,
           sooner_than_the_declared_delay_is_a_broken_promise, frames_that_vanish_are_found,
           a_frame_in_a_loop_of_two_delays_comes_round_on_time,
           a_delay_that_changes_at_an_event_changes_the_windows,
           a_delay_that_vanishes_from_a_cycle_ends_the_run,
           what_an_agent_hears_is_an_event_one_reaction_time_later,
           bursts_and_windows_never_show_in_what_a_network_does, threads_never_show_in_what_a_network_does,
           partitions_meet_before_a_frame_can_cross, a_run_in_steps_is_a_run,
           simulations_side_by_side_do_not_know_of_each_other, another_seed_is_another_network,
           what_an_event_loses_is_lost_at_the_time_of_the_event,
           a_trace_is_in_order_of_time_and_node_also_where_a_run_was_interrupted,
           a_periodic_measurement_sees_what_came_before_its_time, the_log_says_when_who_and_what,
           a_model_that_refuses_its_configuration_is_named_with_the_field,
           freeing_accepts_nothing_and_what_never_ran)
