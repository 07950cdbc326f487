/*
 * test_source_replay - frames are born as the list says
 */
#include <glib/gstdio.h>
#include "source-rig.h"

/* A rig whose source replays @text. Without a @dir of its own, the list stands in a folder for all tests. */
static char *dir;

static void write_list(const char *text)
{
    g_autofree char *path = NULL;

    dir = dir ? dir : g_dir_make_tmp("dxsim-replay-XXXXXX", NULL);
    path = g_build_filename(dir, "load.csv", NULL);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void remove_list(void)
{
    g_autofree char *path = g_build_filename(dir, "load.csv", NULL);

    g_remove(path);
    g_rmdir(dir);
    g_clear_pointer(&dir, g_free);
}

#define REPLAY(n_flows, ...)                                                                                 \
    in_dir(SOURCE(n_flows, { "model", "replay" }, { "trace", "load.csv" }, __VA_ARGS__))

static Rig *in_dir(Rig *rig)
{
    dx_sim_set_dir(rig->sim, dir);
    return rig;
}

START_TEST(rows_are_born_in_turn)
{
    static const struct {
        DxTime birth_ps;
        unsigned size_bytes, flow, seq, pcp;
    } expected[] = {
        { 7, 1500, 0, 0, 5 },
        { 7, 64, 2, 0, 0 },
        { 8, 65000, 0, 1, 7 },
        { DX_S + 7, 1, 1, 0, 1 },
    };
    Rig *rig;

    write_list("time_s,size_bytes,flow,pcp\n0,1500,0,5\n0,64,2,0\n0.000000000001,65000,0,7\n1,1,1,1\n");
    rig = REPLAY(3, { "start", "7 ps" }, { "pcp", "3" }, { "ttl", "9" });
    dx_sim_set_warmup(rig->sim, 8);
    rig_run(rig, 2 * DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 4);
    for (unsigned k = 0; k < 4; k++) {
        const DxFrame *frame = rig_frame(rig, 0, k);

        ck_assert_int_eq(frame->birth_ps, expected[k].birth_ps);
        ck_assert_int_eq(frame->t_ps, expected[k].birth_ps);
        ck_assert_uint_eq(frame->size_bytes, expected[k].size_bytes);
        ck_assert_uint_eq(frame->flow, expected[k].flow);
        ck_assert_uint_eq(frame->seq, expected[k].seq);
        ck_assert_uint_eq(dx_frame_pcp(frame), expected[k].pcp);
        ck_assert_uint_eq(frame->ttl, 9);
    }
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->sent_frames, 2);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->sent_bytes, 65001);
    rig_free(rig);
    remove_list();
}
END_TEST

/* Without columns for them: flows in turn, the priority of the source. */
START_TEST(what_the_list_leaves_out_is_the_sources)
{
    Rig *rig;

    write_list("size_bytes,time_s\n10,0\n20,0\n30,0.1\n40,0.1\n50,0.1\n");
    rig = REPLAY(3, { "pcp", "3" });
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 5);
    for (unsigned k = 0; k < 5; k++) {
        ck_assert_uint_eq(rig_frame(rig, 0, k)->flow, k % 3);
        ck_assert_uint_eq(rig_frame(rig, 0, k)->size_bytes, 10 * k + 10);
        ck_assert_uint_eq(dx_frame_pcp(rig_frame(rig, 0, k)), 3);
    }
    rig_free(rig);
    remove_list();
}
END_TEST

/* A row every 1 us from 0. Nothing is born at or after "stop"; "frames" counts; the list ends. */
START_TEST(stop_and_count_end_it)
{
    static const struct {
        const char *start, *stop, *frames;
        unsigned n;
    } cases[] = {
        { "0 s", "50 d", "0", 1000 },   { "0 s", "10 us", "0", 10 },     { "0 s", "10000001 ps", "0", 11 },
        { "0 s", "0 s", "0", 0 },       { "5 us", "5 us", "0", 0 },      { "6 us", "5 us", "0", 0 },
        { "5 us", "10 us", "0", 5 },    { "0 s", "10 us", "9", 9 },      { "0 s", "10 us", "11", 10 },
        { "3 ms", "50 d", "257", 257 }, { "0 s", "50 d", "1001", 1000 }, { "0 s", "50 d", "1000", 1000 },
    };
    GString *text = g_string_new("time_s,size_bytes\n");

    for (unsigned k = 0; k < 1000; k++)
        g_string_append_printf(text, "0.%06u,100\n", k);
    write_list(text->str);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig =
            REPLAY(1, { "start", cases[i].start }, { "stop", cases[i].stop }, { "frames", cases[i].frames });

        rig_run(rig, DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), cases[i].n);
        ck_assert_uint_eq(dx_node_counter(rig->node, "born_frames"), cases[i].n);
        rig_free(rig);
    }
    g_string_free(text, TRUE);
    remove_list();
}
END_TEST

/* The clock reaches as far as the latest start and the last row. */
START_TEST(the_end_of_time_is_kept)
{
    Rig *rig;

    write_list("time_s,size_bytes\n0,100\n4320000,100\n");
    rig = REPLAY(1, { "start", "49.9 d" });
    rig_run(rig, DX_TIME_MAX);
    ck_assert_uint_eq(rig_n(rig, 0), 1);
    rig_free(rig);
    remove_list();
}
END_TEST

static void expect_failure(Rig *rig, const char *message)
{
    GError *error = NULL;

    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert_msg(strstr(error->message, message) != NULL, "%s", error->message);
    g_error_free(error);
    rig_free(rig);
}

START_TEST(what_is_missing_or_wrong_is_refused)
{
    expect_refused(SOURCE(1, { "model", "replay" }), "trace");
    expect_refused(SOURCE(1, { "rate", "1 Gbps" }, { "trace", "load.csv" }), "trace");
    expect_refused(SOURCE(1, { "model", "replay" }, { "trace", "load.csv" }, { "rate", "1 Gbps" }), "rate");
    expect_refused(SOURCE(1, { "model", "replay" }, { "trace", "load.csv" }, { "interval", "1 s" }),
                   "interval");
    expect_refused(SOURCE(1, { "model", "replay" }, { "trace", "load.csv" }, { "transactions", "1 /s" }),
                   "transactions");
    expect_refused(SOURCE(1, { "model", "replay" }, { "trace", "load.csv" }, { "sizes", "imix" }), "sizes");
    expect_failure(SOURCE(1, { "model", "replay" }, { "trace", "load.csv" }),
                   "trace: there is no folder to read it from");
    write_list("time_s,size_bytes,flow\n0,1,3\n");
    expect_failure(REPLAY(3, { "pcp", "0" }), "load.csv:2:5: flow: expected a whole number from 0 to 2");
    remove_list();
}
END_TEST

static Rig *build(uint64_t variant)
{
    return REPLAY(5, { "start", variant ? "1 ms" : "0 s" });
}

START_TEST(bursts_and_windows_change_nothing)
{
    GString *text = g_string_new("time_s,size_bytes,flow,pcp\n");
    uint64_t state = 1, t = 0;

    for (unsigned k = 0; k < 20000; k++) {
        t += dx_splitmix64(&state) % 3 * (dx_splitmix64(&state) % 400);
        g_string_append_printf(text, "0.%09u,%u,%u,%u\n", (unsigned)t,
                               (unsigned)(dx_splitmix64(&state) % 1500 + 1),
                               (unsigned)(dx_splitmix64(&state) % 5), (unsigned)(dx_splitmix64(&state) % 8));
    }
    write_list(text->str);
    for (uint64_t variant = 0; variant < 2; variant++)
        rig_check_invariance(build, variant, 6 * DX_MS);
    g_string_free(text, TRUE);
    remove_list();
}
END_TEST

SUITE_MAIN("source replay", 20, rows_are_born_in_turn, what_the_list_leaves_out_is_the_sources,
           stop_and_count_end_it, the_end_of_time_is_kept, what_is_missing_or_wrong_is_refused,
           bursts_and_windows_change_nothing)
