/*
 * test_fiber - light takes its time, keeps its order, and is gone when the fiber is cut
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_fiber;

static Rig *fiber(const char *key, const char *text)
{
    Rig *rig = rig_new(&dx_model_fiber, 1, 1, 4);

    rig_set(rig, key, text);
    return rig;
}

static void control(Rig *rig, DxTime t_ps, DxControlOp op)
{
    rig_control(rig, t_ps, (DxControl){ .op = op });
}

/*
 * length * index / 299 792.458 km/s, nearest ps: 10 km * 1.468 = 14.68 km of vacuum, 48 967 209.175 ps. The
 * last is the largest a scenario may ask for: 80 000 km of vacuum, 266 851 276 158.52 ps.
 */
START_TEST(delay_is_length_times_index_over_c)
{
    static const struct {
        const char *length, *index;
        DxTime delay_ps;
    } cases[] = {
        { "10 km", "1.468", 48967209 },   { "100 km", "1.468", 489672092 },
        { "1 m", "1.468", 4897 },         { "0 m", "1.468", 0 },
        { "1 km", "1", 3335641 },         { "1234567 mm", "1.5", 6177108 },
        { "1234.567 m", "1.5", 6177108 }, { "40000 km", "2", INT64_C(266851276159) },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = fiber("length", cases[i].length);

        rig_set(rig, "index", cases[i].index);
        rig_feed(rig, 0, 123);
        rig_run(rig, DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), 1);
        ck_assert_int_eq(rig_frame(rig, 0, 0)->t_ps, 123 + cases[i].delay_ps);
        ck_assert_uint_eq(dx_node_counter(rig->node, "propagation_ps"), (uint64_t)cases[i].delay_ps);
        rig_free(rig);
    }
}
END_TEST

/*
 * cable = length * route factor; 40 ps for every km and degree above 20 C:
 * 10 km * 1.3 = 13 km: 13 * 1.468 / c = 63 657 371.928 ps, + 40 * 13 * 15 = 7800 ps
 * 100 km at -10 C: 489 672 091.754 - 40 * 100 * 30 = 120 000 ps
 */
START_TEST(delay_goes_with_route_and_temperature)
{
    static const struct {
        const char *length, *route_factor, *temperature;
        DxTime delay_ps;
    } cases[] = { { "10 km", "1.3", "20 C", 63657372 },
                  { "10 km", "1.3", "35 C", 63657372 + 7800 },
                  { "100 km", "1", "-10 C", 489672092 - 120000 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = fiber("length", cases[i].length);

        rig_set(rig, "route_factor", cases[i].route_factor);
        rig_set(rig, "temperature", cases[i].temperature);
        rig_feed(rig, 0, 0);
        rig_run(rig, DX_S);
        ck_assert_int_eq(rig_frame(rig, 0, 0)->t_ps, cases[i].delay_ps);
        rig_free(rig);
    }
}
END_TEST

/* Instead of a length; the index does not matter. */
START_TEST(delay_may_be_given)
{
    static const struct {
        const char *delay;
        DxTime delay_ps;
    } cases[] = { { "500 us", 500 * DX_US }, { "1 ps", 1 }, { "0 ps", 0 }, { "10 s", 10 * DX_S } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = fiber("delay", cases[i].delay);

        rig_set(rig, "index", "2");
        rig_feed(rig, 0, 7);
        rig_run(rig, 20 * DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), 1);
        ck_assert_int_eq(rig_frame(rig, 0, 0)->t_ps, 7 + cases[i].delay_ps);
        rig_free(rig);
    }
}
END_TEST

START_TEST(length_and_delay_together_are_refused)
{
    Rig *rig = fiber("delay", "500 us");
    GError *error = NULL;

    rig_set(rig, "length", "100 km");
    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
    ck_assert_ptr_nonnull(strstr(error->message, "delay"));
    g_error_free(error);
    rig_free(rig);
}
END_TEST

START_TEST(values_out_of_range_are_refused)
{
    static const struct {
        const char *key, *text;
    } cases[] = { { "length", "40001 km" }, { "length", "-1 m" }, { "length", "10" }, { "index", "0.9" },
                  { "index", "2.1" },       { "delay", "-1 us" }, { "delay", "11 s" } };
    Rig *rig = rig_new(&dx_model_fiber, 1, 1, 1);

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;

        ck_assert_msg(!dx_sim_set(rig->node, cases[i].key, cases[i].text, &error), "%s", cases[i].text);
        ck_assert_int_eq(error->domain, DX_ERROR);
        g_error_free(error);
    }
    rig_free(rig);
}
END_TEST

/* Everything comes out as it went in, but later. Frames of one moment stay in order. */
START_TEST(nothing_but_the_time_changes)
{
    Rig *rig = fiber("delay", "500 us");
    uint64_t random = 1;
    DxFrame in[1000];
    DxTime t = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(in); i++) {
        DxFrame *frame;

        t += (DxTime)(dx_splitmix64(&random) % 3 * DX_NS);
        frame = rig_feed(rig, 0, t);
        frame->flow = (uint32_t)(dx_splitmix64(&random) % 4);
        frame->size_bytes = (uint16_t)dx_splitmix64(&random);
        frame->overhead_bytes = (uint8_t)dx_splitmix64(&random);
        frame->ttl = (uint8_t)dx_splitmix64(&random);
        frame->tci = (uint16_t)dx_splitmix64(&random);
        frame->flags = DX_FRAME_TAGGED;
        in[i] = *frame;
    }
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), G_N_ELEMENTS(in));
    for (unsigned i = 0; i < G_N_ELEMENTS(in); i++) {
        in[i].t_ps += 500 * DX_US;
        ck_assert_mem_eq(rig_frame(rig, 0, i), &in[i], sizeof in[i]);
    }
    rig_free(rig);
}
END_TEST

/* Frames every 1 us from 0 on, 10 us long, cut at 15 us and repaired at 20 us. Lost: sent at 5 to 14 us,
 * still under way (that of 5 us would arrive at the moment of the cut), and at 15 to 19 us, into the cut. */
START_TEST(a_cut_loses_what_is_under_way)
{
    static const DxControlOp ops[] = { DX_CONTROL_DOWN, DX_CONTROL_DOWN_SILENT };

    for (unsigned k = 0; k < G_N_ELEMENTS(ops); k++) {
        Rig *rig = fiber("delay", "10 us");

        for (unsigned i = 0; i < 30; i++)
            rig_feed(rig, 0, i * DX_US);
        control(rig, 15 * DX_US, ops[k]);
        control(rig, 20 * DX_US, DX_CONTROL_UP);
        rig_run(rig, DX_MS);
        ck_assert_uint_eq(rig_n(rig, 0), 15);
        for (unsigned i = 0; i < 15; i++) {
            const unsigned seq = i < 5 ? i : i + 15;

            ck_assert_uint_eq(rig_frame(rig, 0, i)->seq, seq);
            ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, (seq + 10) * DX_US);
        }
        ck_assert_uint_eq(rig_dropped(rig, "link_down"), 15);
        rig_free(rig);
    }
}
END_TEST

/* The last bit arrives 1 ps before the cut: it has arrived. */
START_TEST(a_cut_spares_what_has_arrived)
{
    Rig *rig = fiber("delay", "10 us");

    rig_feed(rig, 0, 0);
    control(rig, 10 * DX_US + 1, DX_CONTROL_DOWN);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    ck_assert_uint_eq(rig_dropped(rig, "link_down"), 0);
    rig_free(rig);
}
END_TEST

/* Cut and repaired while light is under way: it is lost all the same. */
START_TEST(a_short_cut_is_enough)
{
    Rig *rig = fiber("delay", "10 us");

    rig_feed(rig, 0, 0);
    control(rig, 5 * DX_US, DX_CONTROL_DOWN);
    control(rig, 5 * DX_US, DX_CONTROL_DOWN_SILENT);
    control(rig, 5 * DX_US + 1, DX_CONTROL_UP);
    control(rig, 5 * DX_US + 2, DX_CONTROL_UP);
    rig_feed(rig, 0, 6 * DX_US);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    ck_assert_uint_eq(rig_frame(rig, 0, 0)->seq, 1);
    ck_assert_uint_eq(rig_dropped(rig, "link_down"), 1);
    rig_free(rig);
}
END_TEST

/* 100 km at 20 C, 1 ns more or less for every degree: 40 ps/(km K) times 100 km is 4 ns. Frames every ns; at
 * 2 us 5 degrees more, at 4 us 3 degrees less: 12 ns sooner, and what would overtake waits for what is ahead.
 */
START_TEST(a_cable_that_warms_up_is_longer_and_order_is_kept)
{
    const DxTime delay_ps = 489672092; /* 100 km * 1.468 / c, to the nearest */
    Rig *rig = fiber("length", "100 km");

    for (unsigned i = 0; i < 6000; i++)
        rig_feed(rig, 0, i * DX_NS);
    rig_control(rig, 2000 * DX_NS, (DxControl){ .op = DX_CONTROL_TEMPERATURE, .value = 25000 });
    rig_control(rig, 4000 * DX_NS, (DxControl){ .op = DX_CONTROL_TEMPERATURE, .value = 22000 });
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 6000);
    for (unsigned i = 0; i < 6000; i++) {
        const DxTime drift_ps = i < 2000 ? 0 : i < 4000 ? 20 * DX_NS : 8 * DX_NS;
        const DxTime ahead_ps = 3999 * DX_NS + delay_ps + 20 * DX_NS;
        DxTime want_ps = i * DX_NS + delay_ps + drift_ps;

        if (i >= 4000)
            want_ps = MAX(want_ps, ahead_ps);
        ck_assert_uint_eq(rig_frame(rig, 0, i)->seq, i);
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, want_ps);
    }
    rig_free(rig);
}
END_TEST

/* A temperature says nothing about a delay that was given. */
START_TEST(a_delay_that_is_given_does_not_drift)
{
    Rig *rig = fiber("delay", "10 us");

    rig_control(rig, 0, (DxControl){ .op = DX_CONTROL_TEMPERATURE, .value = 60000 });
    rig_feed(rig, 0, DX_US);
    rig_run(rig, DX_MS);
    ck_assert_int_eq(rig_frame(rig, 0, 0)->t_ps, 11 * DX_US);
    rig_free(rig);
}
END_TEST

/* Controls of other models mean nothing to it. */
START_TEST(other_controls_are_ignored)
{
    Rig *rig = fiber("delay", "10 us");

    rig_feed(rig, 0, 0);
    rig_control(rig, DX_US, (DxControl){ .op = DX_CONTROL_RATE, .value = 1 });
    rig_control(rig, DX_US, (DxControl){ .op = DX_CONTROL_MEMBER_OUT, .index = 7 });
    rig_control(rig, DX_US, (DxControl){ .op = DX_CONTROL_ROUTE, .index = 7 });
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    rig_free(rig);
}
END_TEST

static Rig *build(uint64_t seed)
{
    static const char *const delays[] = { "0 ps", "1 ps", "1 us", "48967209 ps" };
    static const DxControlOp ops[] = { DX_CONTROL_DOWN, DX_CONTROL_UP, DX_CONTROL_DOWN_SILENT,
                                       DX_CONTROL_UP };
    Rig *rig = seed < 4 ? fiber("delay", delays[seed % 4]) : fiber("length", "300 km");
    uint64_t random = seed;
    DxTime t = 0;

    for (unsigned i = 0; i < 2000; i++) {
        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        rig_feed(rig, 0, t)->flow = (uint32_t)(dx_splitmix64(&random) % 4);
        if (i % 200 == 0)
            control(rig, t, ops[i / 200 % 4]);
        if (i % 150 == 75)
            rig_control(rig, t,
                        (DxControl){ .op = DX_CONTROL_TEMPERATURE, .value = dx_splitmix64(&random) % 80000 });
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 8; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("fiber", 30, delay_is_length_times_index_over_c, delay_goes_with_route_and_temperature,
           delay_may_be_given, length_and_delay_together_are_refused, values_out_of_range_are_refused,
           nothing_but_the_time_changes, a_cut_loses_what_is_under_way, a_cut_spares_what_has_arrived,
           a_short_cut_is_enough, a_cable_that_warms_up_is_longer_and_order_is_kept,
           a_delay_that_is_given_does_not_drift, other_controls_are_ignored,
           bursts_and_windows_change_nothing)
