/*
 * test_router - each flow to its next hop, and no frame lives for ever
 */
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_router;

static void route(Rig *rig, DxTime t_ps, uint32_t flow, uint64_t output)
{
    rig_control(rig, t_ps, (DxControl){ .op = DX_CONTROL_ROUTE, .index = flow, .value = output });
}

static void route_local(Rig *rig, DxTime t_ps, uint32_t flow, uint64_t output)
{
    rig_control(rig, t_ps, (DxControl){ .op = DX_CONTROL_ROUTE_LOCAL, .index = flow, .value = output });
}

/* RFC 1812, 5.3.1: one less on the way; what comes with 1 (or 0, which should not be) ends here. */
START_TEST(time_to_live_is_decremented_and_expires)
{
    static const uint8_t ttls[] = { 255, 64, 2, 1, 0 };
    Rig *rig = rig_new(&dx_model_router, 1, 1, 1);

    route(rig, 0, 0, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(ttls); i++)
        rig_feed(rig, 0, 0)->ttl = ttls[i];
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 3);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(rig_frame(rig, 0, i)->seq, i);
        ck_assert_uint_eq(rig_frame(rig, 0, i)->ttl, ttls[i] - 1);
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, 0); /* no forwarding delay */
    }
    ck_assert_uint_eq(rig_dropped(rig, "ttl_expired"), 2);
    ck_assert_uint_eq(rig_dropped(rig, "no_route"), 0);
    rig_free(rig);
}
END_TEST

/* The same section: not on delivery to the router's own host. */
START_TEST(local_delivery_leaves_time_to_live)
{
    static const uint8_t ttls[] = { 255, 2, 1, 0 };
    Rig *rig = rig_new(&dx_model_router, 1, 2, 1);

    route_local(rig, 0, 0, 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(ttls); i++)
        rig_feed(rig, 0, 0)->ttl = ttls[i];
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 0);
    ck_assert_uint_eq(rig_n(rig, 1), G_N_ELEMENTS(ttls));
    for (unsigned i = 0; i < G_N_ELEMENTS(ttls); i++)
        ck_assert_uint_eq(rig_frame(rig, 1, i)->ttl, ttls[i]);
    rig_free(rig);
}
END_TEST

/* Never set, withdrawn, or no flow at all. Where there is no route the time to live is not looked at. */
START_TEST(without_a_route_frames_are_dropped)
{
    Rig *rig = rig_new(&dx_model_router, 1, 1, 2);

    route(rig, 0, 0, 0);
    route(rig, 2 * DX_US, 0, DX_NO_OUTPUT);
    rig_feed(rig, 0, DX_US);
    rig_feed(rig, 0, DX_US)->flow = 1;
    rig_feed(rig, 0, DX_US)->flow = DX_NO_FLOW;
    rig_feed(rig, 0, DX_US)->flow = 2;
    rig_feed(rig, 0, 3 * DX_US);
    rig_feed(rig, 0, 3 * DX_US)->ttl = 1;
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    ck_assert_uint_eq(rig_dropped(rig, "no_route"), 5);
    ck_assert_uint_eq(rig_dropped(rig, "ttl_expired"), 0);
    rig_free(rig);
}
END_TEST

/* "ROUTE_LOCAL: the same": DX_NO_OUTPUT withdraws there too. */
START_TEST(a_local_route_may_be_withdrawn)
{
    Rig *rig = rig_new(&dx_model_router, 1, 1, 1);

    route_local(rig, 0, 0, 0);
    route_local(rig, 2 * DX_US, 0, DX_NO_OUTPUT);
    rig_feed(rig, 0, DX_US);
    rig_feed(rig, 0, 3 * DX_US);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    ck_assert_uint_eq(rig_dropped(rig, "no_route"), 1);
    rig_free(rig);
}
END_TEST

/* Local and not: the last word counts. */
START_TEST(a_route_replaces_the_one_before)
{
    Rig *rig = rig_new(&dx_model_router, 1, 2, 1);

    route_local(rig, 0, 0, 0);
    route(rig, 0, 0, 1);
    rig_feed(rig, 0, DX_US);
    route_local(rig, 2 * DX_US, 0, 1);
    rig_feed(rig, 0, 3 * DX_US);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 0);
    ck_assert_uint_eq(rig_n(rig, 1), 2);
    ck_assert_uint_eq(rig_frame(rig, 1, 0)->ttl, 63);
    ck_assert_uint_eq(rig_frame(rig, 1, 1)->ttl, 64);
    rig_free(rig);
}
END_TEST

/* An event comes before the frames of its time. */
START_TEST(a_route_change_acts_from_the_next_frame)
{
    Rig *rig = rig_new(&dx_model_router, 1, 2, 1);

    route(rig, 0, 0, 0);
    route(rig, DX_US, 0, 1);
    rig_feed(rig, 0, 0);
    rig_feed(rig, 0, DX_US - 1);
    rig_feed(rig, 0, DX_US);
    rig_feed(rig, 0, DX_US + 1);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 2);
    ck_assert_uint_eq(rig_n(rig, 1), 2);
    ck_assert_int_eq(rig_frame(rig, 0, 1)->t_ps, DX_US - 1);
    ck_assert_int_eq(rig_frame(rig, 1, 0)->t_ps, DX_US);
    rig_free(rig);
}
END_TEST

/* Two inputs, 64 flows over 8 outputs: on each output what was meant for it, in order of time, then input,
 * then number. */
START_TEST(each_output_keeps_the_order)
{
    enum { FLOWS = 64, N = 3000 };
    Rig *rig = rig_new(&dx_model_router, 2, 8, FLOWS);
    uint64_t random = 3;
    uint32_t seq[FLOWS] = { 0 };
    DxTime t[2] = { 0, 0 };
    unsigned total = 0;

    for (uint32_t flow = 0; flow < FLOWS; flow++)
        route(rig, 0, flow, flow * 5 % 8);
    for (unsigned i = 0; i < N; i++) {
        const unsigned in = i % 2;
        DxFrame *frame;

        t[in] += (DxTime)(dx_splitmix64(&random) % 3 * DX_NS);
        frame = rig_feed(rig, in, t[in]);
        frame->flow = (uint32_t)(dx_splitmix64(&random) % (FLOWS / 2)) * 2 + in; /* flows of one input */
        frame->seq = seq[frame->flow]++;
    }
    rig_run(rig, DX_MS);
    for (unsigned out = 0; out < 8; out++) {
        uint32_t next[FLOWS] = { 0 };

        for (unsigned i = 0; i < rig_n(rig, out); i++, total++) {
            const DxFrame *frame = rig_frame(rig, out, i), *before = i ? rig_frame(rig, out, i - 1) : frame;

            ck_assert_uint_eq(frame->flow * 5 % 8, out);
            ck_assert_uint_eq(frame->seq, next[frame->flow]++);
            ck_assert_int_ge(frame->t_ps, before->t_ps);
            if (frame->t_ps == before->t_ps)
                ck_assert_uint_ge(frame->flow % 2, before->flow % 2);
        }
    }
    ck_assert_uint_eq(total, N);
    rig_free(rig);
}
END_TEST

/* Frames of several flows, short-lived ones, and routes that come, change and go. */
static Rig *build(uint64_t seed)
{
    Rig *rig = rig_new(&dx_model_router, 2, 4, 8);
    uint64_t random = seed;
    DxTime t = 0;

    for (unsigned i = 0; i < 2000; i++) {
        DxFrame *frame;

        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        frame = rig_feed(rig, i % 2, t);
        frame->flow = (uint32_t)(dx_splitmix64(&random) % 9);
        frame->ttl = (uint8_t)(dx_splitmix64(&random) % 8);
        if (i % 20 == 0)
            (i % 3 ? route : route_local)(rig, t, (uint32_t)(dx_splitmix64(&random) % 8),
                                          dx_splitmix64(&random) % 4);
        if (i % 100 == 0)
            route(rig, t, (uint32_t)(dx_splitmix64(&random) % 8), DX_NO_OUTPUT);
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 8; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("router", 30, time_to_live_is_decremented_and_expires, local_delivery_leaves_time_to_live,
           without_a_route_frames_are_dropped, a_local_route_may_be_withdrawn,
           a_route_replaces_the_one_before, a_route_change_acts_from_the_next_frame,
           each_output_keeps_the_order, bursts_and_windows_change_nothing)
