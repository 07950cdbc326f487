/*
 * own-model: the example, and its model as any other is tested
 */
#include <string.h>
#include <unistd.h>
#include "../rig.h"
#include "../suite.h"

/* The example is a program; here it is a function. */
int own_model_main(void);
#define main own_model_main
#include "../../examples/own-model.c"
#undef main

START_TEST(the_example_prints_what_its_comment_says)
{
    FILE *printed = tmpfile();
    const int out = dup(STDOUT_FILENO);
    char text[256];
    size_t n;
    int status;

    ck_assert(printed && out >= 0);
    fflush(stdout);
    ck_assert_int_ge(dup2(fileno(printed), STDOUT_FILENO), 0);
    status = own_model_main();
    fflush(stdout);
    ck_assert_int_ge(dup2(out, STDOUT_FILENO), 0);
    close(out);
    rewind(printed);
    n = fread(text, 1, sizeof text - 1, printed);
    text[n] = '\0';
    fclose(printed);
    ck_assert_int_eq(status, 0);
    ck_assert_str_eq(text, "sent 100, skipped 33, delivered 67\nlongest gap 20 us\n");
}
END_TEST

static Rig *skip_rig(const char *every, unsigned n_frames)
{
    Rig *rig = rig_new(&skip_model, 1, 1, 1);

    rig_set(rig, "every", every);
    for (unsigned i = 0; i < n_frames; i++)
        rig_feed(rig, 0, i / 3 * DX_US);
    return rig;
}

START_TEST(every_nth_frame_is_dropped_and_no_other)
{
    Rig *rig = skip_rig("7", 1000);

    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_dropped(rig, "skipped"), 142); /* floor(1000 / 7) */
    ck_assert_uint_eq(dx_node_counter(rig->node, "seen_frames"), 1000);
    ck_assert_uint_eq(rig_n(rig, 0), 858);
    for (unsigned i = 0; i < 858; i++) { /* six of every seven, in order and on time */
        const DxFrame *frame = rig_frame(rig, 0, i);

        ck_assert_uint_eq(frame->seq, i / 6 * 7 + i % 6);
        ck_assert_int_eq(frame->t_ps, frame->birth_ps);
    }
    rig_free(rig);
}
END_TEST

START_TEST(of_every_one_none_is_left)
{
    Rig *rig = skip_rig("1", 50);

    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 0);
    ck_assert_uint_eq(rig_dropped(rig, "skipped"), 50);
    rig_free(rig);
}
END_TEST

START_TEST(bursts_and_windows_do_not_show)
{
    static const unsigned bursts[] = { 1, 7, 256 };
    uint64_t want = 0;

    for (unsigned i = 0; i < 6; i++) {
        Rig *rig = skip_rig("7", 1000);

        dx_sim_set_burst(rig->sim, bursts[i % 3]);
        dx_sim_set_window(rig->sim, i < 3 ? DX_TIME_NEVER : 2 * DX_US);
        rig_run(rig, DX_S);
        if (i == 0)
            want = rig_digest(rig);
        ck_assert_uint_eq(rig_digest(rig), want);
        rig_free(rig);
    }
}
END_TEST

START_TEST(its_table_gives_default_range_and_messages)
{
    Rig *rig = rig_new(&skip_model, 1, 1, 1);
    GError *error = NULL;

    ck_assert_int_eq(((const SkipConf *)dx_sim_conf(rig->node))->every, 10);
    ck_assert(!dx_sim_set(rig->node, "every", "0", &error));
    ck_assert_str_eq(error->message, "\"0\" is outside \"1\" to \"1000000\"");
    g_clear_error(&error);
    ck_assert(!dx_sim_set(rig->node, "evry", "5", &error));
    ck_assert_str_eq(error->message, "model skip has no parameter \"evry\"");
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_UNKNOWN));
    g_clear_error(&error);
    rig_free(rig);
}
END_TEST

SUITE_MAIN("own-model", 10, the_example_prints_what_its_comment_says, every_nth_frame_is_dropped_and_no_other,
           of_every_one_none_is_left, bursts_and_windows_do_not_show,
           its_table_gives_default_range_and_messages)
