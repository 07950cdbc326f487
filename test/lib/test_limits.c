/*
 * limits: what ends a run before its time, and that nothing is lost by it
 */
#include <dxsim/dxsim.h>
#include <gio/gio.h>
#include <string.h>
#include "../suite.h"

/* -- models ------------------------------------------------------------------------------------------ */

/* Sends a frame every 10 ns; hears of it again 1 us later. */
typedef struct {
    DxTime next_ps;
    uint32_t seq;
} PulseState;

#define PULSE_PS (10 * DX_NS)

static bool pulse_init(DxNode *node, GError **error)
{
    (void)error;
    dx_node_set_delay(node, 0, DX_US);
    return true;
}

static void pulse_start(DxNode *node)
{
    dx_node_promise(node, 0);
}

static void pulse_advance(DxNode *node, DxTime until)
{
    PulseState *state = dx_node_state(node);

    for (; state->next_ps < until; state->next_ps += PULSE_PS) {
        DxFrame frame = { .t_ps = state->next_ps + DX_US, .seq = state->seq++, .size_bytes = 100 };

        dx_node_create(node, 1);
        dx_node_emit(node, 0, &(DxBurst){ &frame, 1 });
    }
    dx_node_promise(node, state->next_ps);
}

static const DxModel pulse_model = {
    .name = "pulse",
    .state_size = sizeof(PulseState),
    .init = pulse_init,
    .start = pulse_start,
    .advance = pulse_advance,
};

typedef struct {
    uint64_t frames, sum;
} EarState;

static void ear_process(DxNode *node, DxBurst *burst)
{
    EarState *state = dx_node_state(node);

    for (unsigned i = 0; i < burst->n; i++)
        state->sum = state->sum * 31 + (uint64_t)burst->frame[i].t_ps + burst->frame[i].seq;
    state->frames += burst->n;
    dx_node_consume(node, burst);
}

static const DxModel ear_model = { .name = "ear", .state_size = sizeof(EarState), .process = ear_process };

/* From 5 us on an event follows another at once: so many, or without end when 0. */
typedef struct {
    uint64_t events;
} StormConf;

static const DxParam storm_params[] = {
    DX_PARAM_INT(StormConf, events, "0", "0", "1000000000", "How many."),
    DX_PARAM_END,
};

typedef struct {
    uint64_t n;
} StormState;

static void storm_event(DxNode *node, uint64_t arg)
{
    const StormConf *conf = dx_node_conf(node);
    StormState *state = dx_node_state(node);

    if (++state->n != conf->events)
        dx_node_post(node, dx_node_now(node), storm_event, arg);
}

static void storm_start(DxNode *node)
{
    dx_node_post(node, 5 * DX_US, storm_event, 0);
}

static const DxModel storm_model = {
    .name = "storm",
    .conf_size = sizeof(StormConf),
    .params = storm_params,
    .state_size = sizeof(StormState),
    .start = storm_start,
};

static void insomniac_start(DxNode *node)
{
    dx_node_wake_at(node, 7 * DX_US);
}

static void insomniac_wake(DxNode *node, DxTime now)
{
    dx_node_wake_at(node, now);
}

static const DxModel insomniac_model = { .name = "insomniac",
                                         .start = insomniac_start,
                                         .wake = insomniac_wake };

/* -- what they do ------------------------------------------------------------------------------------ */

typedef struct {
    DxSim *sim;
    DxNode *ear;
} World;

static World world_new(unsigned threads)
{
    World world = { dx_sim_new(1, 0), NULL };
    DxNode *pulse = dx_sim_add(world.sim, "pulse", &pulse_model);

    world.ear = dx_sim_add(world.sim, "ear", &ear_model);
    dx_sim_connect(world.sim, pulse, world.ear);
    dx_sim_set_threads(world.sim, threads);
    return world;
}

static uint64_t sum_of(const World *world)
{
    return ((const EarState *)dx_node_state(world->ear))->sum;
}

/* Of a run that nothing ends. */
static uint64_t expected_sum(DxTime until_ps)
{
    World world = world_new(1);
    uint64_t sum;

    ck_assert(dx_sim_run(world.sim, until_ps, NULL));
    sum = sum_of(&world);
    dx_sim_free(world.sim);
    return sum;
}

static DxSim *storm_new(const char *events)
{
    DxSim *sim = dx_sim_new(1, 0);

    ck_assert(dx_sim_set(dx_sim_add(sim, "calm", &storm_model), "events", "1", NULL));
    ck_assert(dx_sim_set(dx_sim_add(sim, "wild", &storm_model), "events", events, NULL));
    return sim;
}

START_TEST(events_that_follow_at_once_for_ever_end_the_run)
{
    DxSim *sim = storm_new("0");
    g_autoptr(GError) error = NULL;
    const gint64 begin_us = g_get_monotonic_time();

    ck_assert(!dx_sim_run(sim, DX_S, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_MODEL));
    ck_assert_str_eq(error->message,
                     "time stands still at 5 us: more than 10000000 events there, the latest mostly "
                     "of wild");
    ck_assert_int_lt(g_get_monotonic_time() - begin_us, 20 * G_USEC_PER_SEC); /* 2 s on a quiet machine */
    dx_sim_free(sim);
}
END_TEST

START_TEST(as_many_events_at_once_as_are_allowed_are_fine)
{
    for (unsigned more = 0; more < 2; more++) {
        DxSim *sim = storm_new(more ? "5000" : "4999"); /* and one of the calm node */

        dx_sim_set_budget(sim, &(DxBudget){ .max_at_once = 5000 });
        ck_assert(dx_sim_run(sim, DX_S, NULL) == !more);
        dx_sim_free(sim);
    }
}
END_TEST

START_TEST(a_node_that_wakes_at_once_for_ever_ends_the_run)
{
    DxSim *sim = dx_sim_new(1, 0);
    g_autoptr(GError) error = NULL;

    dx_sim_add(sim, "sleepless", &insomniac_model);
    ck_assert(!dx_sim_run(sim, DX_S, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_MODEL));
    ck_assert_msg(
        g_str_has_prefix(error->message, "sleepless (model insomniac) wakes itself again and again"), "%s",
        error->message);
    dx_sim_free(sim);
}
END_TEST

START_TEST(a_budget_of_events_ends_the_run_and_it_can_be_taken_up_again)
{
    World world = world_new(1);
    unsigned n = 0;
    DxTime before = 0;

    for (uint64_t budget = 1000;; budget += 1000) {
        g_autoptr(GError) error = NULL;
        DxSimWork work;

        dx_sim_set_budget(world.sim, &(DxBudget){ .max_events = budget });
        if (dx_sim_run(world.sim, 100 * DX_US, &error))
            break;
        ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_BUDGET));
        work = dx_sim_work(world.sim);
        ck_assert_uint_ge(work.events + work.windows + work.frames, budget);
        ck_assert_int_ge(dx_sim_now(world.sim), before);
        ck_assert(dx_sim_check(world.sim, NULL));
        before = dx_sim_now(world.sim);
        n++;
    }
    ck_assert_uint_ge(n, 5); /* 9900 frames arrive */
    ck_assert_uint_eq(sum_of(&world), expected_sum(100 * DX_US));
    dx_sim_free(world.sim);
}
END_TEST

START_TEST(an_endless_storm_within_a_budget_of_events_ends_there)
{
    DxSim *sim = storm_new("0");
    g_autoptr(GError) error = NULL;

    dx_sim_set_budget(sim, &(DxBudget){ .max_events = 123456 });
    ck_assert(!dx_sim_run(sim, DX_S, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_BUDGET));
    ck_assert_uint_eq(dx_sim_work(sim).events + dx_sim_work(sim).windows, 123456);
    ck_assert_int_eq(dx_sim_now(sim), 5 * DX_US);
    dx_sim_free(sim);
}
END_TEST

typedef struct {
    unsigned asked, stop_at; /* every so many questions: no */
    DxTime now_ps;
} Guard;

static bool guard(DxSim *sim, void *data, GError **error)
{
    Guard *guard = data;

    ck_assert_int_ge(dx_sim_now(sim), guard->now_ps);
    guard->now_ps = dx_sim_now(sim);
    if (++guard->asked % guard->stop_at)
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");
    return false;
}

START_TEST(whoever_watches_ends_the_run_and_nothing_is_lost)
{
    for (unsigned threads = 1; threads <= 2; threads++) {
        World world = world_new(threads);
        Guard state = { .stop_at = 3 };
        unsigned n = 0;

        dx_sim_set_watch(world.sim, guard, &state);
        for (;; n++) {
            g_autoptr(GError) error = NULL;

            if (dx_sim_run(world.sim, DX_MS, &error))
                break;
            ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
            ck_assert(dx_sim_check(world.sim, NULL));
        }
        ck_assert_uint_ge(n, 1); /* about 10^5 frames: asked every 16384 of them */
        ck_assert_uint_eq(sum_of(&world), expected_sum(DX_MS));
        dx_sim_free(world.sim);
    }
}
END_TEST

START_TEST(a_watch_is_asked_during_a_storm_too)
{
    DxSim *sim = storm_new("0");
    Guard state = { .stop_at = 2 };
    g_autoptr(GError) error = NULL;

    dx_sim_set_watch(sim, guard, &state);
    ck_assert(!dx_sim_run(sim, DX_S, &error));
    ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    dx_sim_free(sim);
}
END_TEST

/* 100 frames are on their way at any time: 32 octets each. */
START_TEST(too_many_frames_on_their_way_end_the_run)
{
    static const struct {
        uint64_t max_bytes;
        bool is_enough;
    } cases[] = { { 0, true }, { 1 << 20, true }, { 2048, false } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        World world = world_new(1);
        g_autoptr(GError) error = NULL;

        dx_sim_set_budget(world.sim, &(DxBudget){ .max_bytes = cases[i].max_bytes });
        ck_assert(dx_sim_run(world.sim, DX_MS, &error) == cases[i].is_enough);
        if (error) {
            ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_BUDGET));
            ck_assert_str_eq(error->message,
                             "pulse: too many frames are on their way to ear to keep them all");
        }
        dx_sim_free(world.sim);
    }
}
END_TEST

SUITE_MAIN("limits", 60, events_that_follow_at_once_for_ever_end_the_run,
           as_many_events_at_once_as_are_allowed_are_fine, a_node_that_wakes_at_once_for_ever_ends_the_run,
           a_budget_of_events_ends_the_run_and_it_can_be_taken_up_again,
           an_endless_storm_within_a_budget_of_events_ends_there,
           whoever_watches_ends_the_run_and_nothing_is_lost, a_watch_is_asked_during_a_storm_too,
           too_many_frames_on_their_way_end_the_run)
