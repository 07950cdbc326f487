/*
 * gnuplot: text that cannot get out of its quotes, a picture in time or none
 */
#include "gnuplot-priv.h"
#include <glib/gstdio.h>
#include <string.h>
#include "../suite.h"

START_TEST(text_stays_within_its_quotes)
{
    static const struct {
        const char *text, *quoted;
    } cases[] = {
        { "plain", "'plain'" },
        { "`touch x`", "'`touch x`'" }, /* nothing is expanded in single quotes */
        { "it's", "'it\342\200\231s'" },
        { "''\n!x", "'\342\200\231\342\200\231 !x'" },
        { "a\\'b", "'a\\\342\200\231b'" },
        { "]]>", "']] >'" },
        { "\xff", "'\357\277\275'" },
        { "\342\200\256x", "' x'" }, /* right to left */
    };
    g_autofree char *long_text = g_strnfill(10000000, 'x');
    g_autofree char *quoted = dx__gnuplot_quote(long_text);

    ck_assert_uint_eq(strlen(quoted), 256 + 2);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = dx__gnuplot_quote(cases[i].text);

        ck_assert_str_eq(got, cases[i].quoted);
    }
}
END_TEST

START_TEST(who_does_not_finish_is_ended)
{
    g_autofree char *dir = g_dir_make_tmp("dxsim-gnuplot-XXXXXX", NULL);
    g_autofree char *program = g_build_filename(dir, "gnuplot", NULL);
    g_autofree char *old = g_strdup(g_getenv("PATH")), *path = g_strconcat(dir, ":", old, NULL);
    g_autoptr(GError) error = NULL;
    gint64 begin;

    ck_assert(g_file_set_contents(program, "#!/bin/sh\nexec sleep 100\n", -1, NULL));
    ck_assert_int_eq(g_chmod(program, 0755), 0);
    g_setenv("PATH", path, TRUE);
    begin = g_get_monotonic_time();
    ck_assert_ptr_null(dx__gnuplot_draw(dir, "x.gp", DX_PLOT_SVG, 1, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_PLOT));
    ck_assert_str_eq(error->message, "gnuplot had not finished after 1 s");
    ck_assert_int_lt(g_get_monotonic_time() - begin, 20 * G_USEC_PER_SEC);
    g_setenv("PATH", old, TRUE);
    g_remove(program);
    g_rmdir(dir);
}
END_TEST

SUITE_MAIN("gnuplot", 60, text_stays_within_its_quotes, who_does_not_finish_is_ended)
