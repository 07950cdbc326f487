/*
 * test_arrivals - lists of frames are read exactly, or refused at their place
 */
#include <dxsim/dxsim.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../suite.h"

/* -- a folder ----------------------------------------------------------------------------------------- */

static char *dir;

static void make_dir(void)
{
    dir = g_dir_make_tmp("dxsim-arrivals-XXXXXX", NULL);
    ck_assert_ptr_nonnull(dir);
}

static char *path_of(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static void write_file(const char *name, const char *text, gssize n)
{
    g_autofree char *path = path_of(name);

    ck_assert(g_file_set_contents(path, text, n, NULL));
}

static void remove_dir(void)
{
    GDir *open = g_dir_open(dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(open))) {
        g_autofree char *path = path_of(name);

        ck_assert_int_eq(g_remove(path), 0);
    }
    g_dir_close(open);
    ck_assert_int_eq(g_rmdir(dir), 0);
    g_clear_pointer(&dir, g_free);
}

/* -- what is right ------------------------------------------------------------------------------------ */

static DxArrivals *read_list(const char *text)
{
    GError *error = NULL;
    DxArrivals *arrivals;

    write_file("load.csv", text, -1);
    arrivals = dx_arrivals_read(dir, "load.csv", 100, 1000, &error);
    ck_assert_msg(arrivals != NULL, "%s", error ? error->message : "");
    return arrivals;
}

START_TEST(rows_are_exact)
{
    DxArrivals *list;

    make_dir();
    list = read_list("time_s,size_bytes,flow,pcp\n"
                     "0,1,0,0\n"
                     "0.000000000001,65000,99,7\n"
                     "0.5,1500,1,5\n"
                     "0.500000000000,1500,1,5\n"
                     "4319999.999999999999,1500,1,5\n"
                     "4320000,1500,2,5\n");
    ck_assert_uint_eq(list->n, 6);
    ck_assert_int_eq(list->time_ps[0], 0);
    ck_assert_int_eq(list->time_ps[1], 1);
    ck_assert_int_eq(list->time_ps[2], DX_S / 2);
    ck_assert_int_eq(list->time_ps[3], DX_S / 2);
    ck_assert_int_eq(list->time_ps[4], 4320000 * DX_S - 1);
    ck_assert_int_eq(list->time_ps[5], 4320000 * DX_S);
    ck_assert(list->size_bytes[0] == 1 && list->size_bytes[1] == 65000 && list->size_bytes[2] == 1500);
    ck_assert(list->flow[1] == 99 && list->flow[5] == 2 && list->pcp[1] == 7 && list->pcp[0] == 0);
    ck_assert_uint_eq(list->n_flows, 100);
    ck_assert_uint_eq(list->sum_bytes, 1 + 65000 + 4 * 1500);
    ck_assert_uint_eq(list->max_bytes, 65000);
    dx_arrivals_free(list);
    remove_dir();
}
END_TEST

/* Columns in any order, some left out; blanks, quotes, CR LF, empty lines, a byte order mark, no end of the
 * last line. */
START_TEST(forms_of_csv_are_understood)
{
    static const char *const texts[] = {
        "time_s,size_bytes\n0.25,100\n1,200\n",
        "size_bytes,time_s\n100,0.25\n200,1\n",
        "\xef\xbb\xbftime_s,size_bytes\r\n0.25,100\r\n1,200",
        "\"time_s\",\"size_bytes\"\n\n\"0.25\", 100\n 1.0 ,\"200\"\n\n",
        "pcp,time_s,size_bytes\n3,0.25,100\n3,1,200\n",
    };

    make_dir();
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        DxArrivals *list = read_list(texts[i]);
        g_autofree char *sha256 = dx_sha256(texts[i], strlen(texts[i]));

        ck_assert_uint_eq(list->n, 2);
        ck_assert(list->time_ps[0] == DX_S / 4 && list->time_ps[1] == DX_S);
        ck_assert(list->size_bytes[0] == 100 && list->size_bytes[1] == 200);
        ck_assert(list->flow == NULL && (i == 4) == (list->pcp != NULL));
        ck_assert_str_eq(list->sha256, sha256);
        ck_assert_uint_eq(list->file_bytes, strlen(texts[i]));
        dx_arrivals_free(list);
    }
    remove_dir();
}
END_TEST

/* More than the reader's buffer of 64 KiB; every row comes, wherever the buffers were cut. */
START_TEST(long_files_are_read_whole)
{
    GString *text = g_string_new("time_s,size_bytes,flow\n");
    DxArrivals *list;

    for (unsigned i = 0; i < 100000; i++)
        g_string_append_printf(text, "%u.%03u,%u,%u\n", i / 1000, i % 1000, i % 65000 + 1, i % 77);
    make_dir();
    write_file("load.csv", text->str, (gssize)text->len);
    list = dx_arrivals_read(dir, "load.csv", 77, DX_ARRIVALS_MAX, NULL);
    ck_assert_ptr_nonnull(list);
    ck_assert_uint_eq(list->n, 100000);
    for (unsigned i = 0; i < 100000; i++)
        if (list->time_ps[i] != i * DX_MS || list->size_bytes[i] != i % 65000 + 1 || list->flow[i] != i % 77)
            ck_abort_msg("row %u", i);
    dx_arrivals_free(list);
    remove_dir();
    g_string_free(text, TRUE);
}
END_TEST

/* -- what is wrong ------------------------------------------------------------------------------------ */

/* The message behind the folder. */
static void assert_refused(const char *name, size_t max_rows, const char *expected)
{
    GError *error = NULL;
    g_autofree char *label = path_of(name), *message = g_strconcat(label, expected, NULL);

    ck_assert(!dx_arrivals_read(dir, name, 4, max_rows, &error));
    ck_assert_str_eq(error->message, message);
    ck_assert(error->domain == DX_ERROR);
    g_error_free(error);
}

#define HEAD    "time_s,size_bytes\n"
#define SECONDS "time_s: expected seconds with at most 12 decimals, such as 0.000001200"
#define COLUMN_NAMES                                                                                         \
    "the first line names the columns: \"time_s\" and \"size_bytes\", and perhaps \"flow\" and \"pcp\""

START_TEST(problems_have_their_place)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "", ":1:1: the file is empty; " COLUMN_NAMES },
        { "\n\n", ":1:1: the file is empty; " COLUMN_NAMES },
        { HEAD, ":2:1: there is no row behind the names of the columns" },
        { "time,size_bytes\n0,1\n", ":1:1: " COLUMN_NAMES },
        { "time_s,Size_bytes\n0,1\n", ":1:8: " COLUMN_NAMES },
        { "0,1500\n", ":1:1: " COLUMN_NAMES },
        { "time_s,size_bytes,\n0,1,\n", ":1:19: " COLUMN_NAMES },
        { "time_s\n0\n", ":1:1: column size_bytes is missing" },
        { "size_bytes,pcp\n1,1\n", ":1:1: column time_s is missing" },
        { "time_s,size_bytes,time_s\n0,1,0\n", ":1:19: column time_s is there twice" },
        { HEAD "0\n", ":2:1: 1 cell, expected 2" },
        { HEAD "0,1,2\n", ":2:1: 3 cells, expected 2" },
        { HEAD "0.5,1\n0.499999999999,1\n", ":3:1: time_s goes backwards" },
        { HEAD "0.5,1\n\n\n0.4,1\n", ":5:1: time_s goes backwards" },
        { HEAD "-0.1,1\n", ":2:1: time_s is negative" },
        { HEAD "-0.000000000001,1\n", ":2:1: time_s is negative" },
        { HEAD "4320000.000000000001,1\n", ":2:1: time_s is more than 4320000, which is 50 days" },
        { HEAD "99999999999999999999999999,1\n", ":2:1: time_s is more than 4320000, which is 50 days" },
        { HEAD "0.0000000000001,1\n", ":2:1: " SECONDS },
        { HEAD "0.,1\n", ":2:1: " SECONDS },
        { HEAD ".5,1\n", ":2:1: " SECONDS },
        { HEAD "1e-6,1\n", ":2:1: " SECONDS },
        { HEAD "+1,1\n", ":2:1: " SECONDS },
        { HEAD "1.5x,1\n", ":2:1: " SECONDS },
        { HEAD "1.5.5,1\n", ":2:1: " SECONDS },
        { HEAD "nan,1\n", ":2:1: " SECONDS },
        { HEAD ",1\n", ":2:1: " SECONDS },
        { HEAD "\"0,5\",1\n", ":2:1: " SECONDS },
        { HEAD "0,0\n", ":2:3: size_bytes: expected a whole number from 1 to 65000" },
        { HEAD "0,65001\n", ":2:3: size_bytes: expected a whole number from 1 to 65000" },
        { HEAD "\"0\",  18446744073709551617\n",
          ":2:7: size_bytes: expected a whole number from 1 to 65000" },
        { HEAD "0,-1\n", ":2:3: size_bytes: expected a whole number from 1 to 65000" },
        { HEAD "0,1.5\n", ":2:3: size_bytes: expected a whole number from 1 to 65000" },
        { HEAD "0,\n", ":2:3: size_bytes: expected a whole number from 1 to 65000" },
        { "flow,time_s,size_bytes\n3,0,1\n4,0,1\n", ":3:1: flow: expected a whole number from 0 to 3" },
        { "time_s,size_bytes,pcp\n0,1,8\n", ":2:5: pcp: expected a whole number from 0 to 7" },
        { HEAD "0,\"1\n", ":3: the file ends inside a quoted cell" },
        { HEAD "0,x\"1\"\n",
          ":2:3: a quote inside a cell that does not begin with one, or text behind the closing one" },
        { HEAD "0,\xff\n", ":2:3: not valid UTF-8" },
        { "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\n", ":1:1: 17 columns; at most 16 are accepted" },
        { HEAD "0,1\n0,1\n0,1\n0,1\n", ":5:1: more than 3 rows are not accepted" },
    };

    make_dir();
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        write_file("load.csv", cases[i].text, -1);
        assert_refused("load.csv", 3, cases[i].message);
    }
    write_file("load.csv", HEAD "0,1\0 2\n", sizeof HEAD "0,1\0 2\n" - 1);
    assert_refused("load.csv", 3, ":2:3: a NUL byte");
    remove_dir();
}
END_TEST

/* Nothing of a long line is shown, and behind the buffer's end its columns are not counted. */
START_TEST(messages_stay_short)
{
    g_autofree char *cell = g_strnfill(60000, '7'), *longer = g_strnfill(70000, '7');
    g_autofree char *one = g_strconcat(HEAD "0,", cell, "\n", NULL);
    g_autofree char *two = g_strconcat(HEAD "0,1\n", cell, ",", cell, "\n", NULL);
    g_autofree char *three = g_strconcat(HEAD "0,", longer, "\n", NULL);

    make_dir();
    write_file("load.csv", one, -1);
    assert_refused("load.csv", 3, ":2:3: size_bytes: expected a whole number from 1 to 65000");
    write_file("load.csv", two, -1);
    assert_refused("load.csv", 3, ":3: time_s is more than 4320000, which is 50 days");
    write_file("load.csv", three, -1);
    assert_refused("load.csv", 3, ":2: a cell of more than 64 KiB");
    remove_dir();
}
END_TEST

START_TEST(only_regular_files_of_the_folder_are_read)
{
    g_autofree char *link = NULL, *fifo = NULL, *folder = NULL;

    make_dir();
    link = path_of("link.csv");
    fifo = path_of("fifo.csv");
    folder = path_of("folder.csv");
    write_file("load.csv", HEAD "0,1\n", -1);
    ck_assert_int_eq(symlink("load.csv", link), 0);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    ck_assert_int_eq(g_mkdir(folder, 0700), 0);
    assert_refused("link.csv", 3, ": it is a symbolic link");
    assert_refused("fifo.csv", 3, ": it is no regular file");
    assert_refused("folder.csv", 3, ": it is no regular file");
    assert_refused("none.csv", 3, ": No such file or directory");
    assert_refused("../x/load.csv", 3, ": Permission denied");
    assert_refused("./load.csv", 3, ": Permission denied");
    remove_dir();
}
END_TEST

/* A hole of more than 1 GiB costs the disk nothing. */
START_TEST(a_file_of_more_than_a_gibibyte_is_refused)
{
    g_autofree char *path = NULL;

    make_dir();
    write_file("load.csv", HEAD "0,1\n", -1);
    path = path_of("load.csv");
    ck_assert_int_eq(truncate(path, (off_t)DX_ARRIVALS_MAX_BYTES + 1), 0);
    assert_refused("load.csv", 3, ": it has more than 1 GiB");
    remove_dir();
}
END_TEST

/* -- in a scenario ------------------------------------------------------------------------------------ */

/* What is said about flows of the scenario, without the folder. */
static char *problems_of(const char *flows, bool from_file)
{
    g_autofree char *text =
        g_strconcat("{ \"dxsim\": 1, \"name\": \"x\", \"run\": { \"duration\": \"1 s\" },\n"
                    "\"nodes\": { \"a\": { \"kind\": \"router\" }, \"b\": { \"kind\": \"router\" } },\n"
                    "\"links\": { \"l\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\" } },\n"
                    "\"flows\": {\n",
                    flows, "} }\n", NULL);
    g_autofree char *path = path_of("s.json");
    DxProblems *problems = dx_problems_new();
    GString *said = g_string_new(NULL);
    DxScenario *scenario;

    write_file("s.json", text, -1);
    scenario = from_file ? dx_scenario_read_file(path, dx_builtin_models, problems)
                         : dx_scenario_read("s.json", text, strlen(text), dx_builtin_models, problems);
    ck_assert((scenario == NULL) == (problems->n_found > 0));
    for (guint i = 0; i < problems->list->len; i++) {
        g_autofree char *line = dx_problem_text(g_ptr_array_index(problems->list, i));

        g_string_append(said, g_str_has_prefix(line, dir) ? line + strlen(dir) + 1 : line);
        g_string_append_c(said, '\n');
    }
    dx_problems_free(problems);
    dx_scenario_free(scenario);
    g_string_replace(said, dir, "DIR", 0);
    return g_string_free(said, FALSE);
}

static void assert_said(const char *flows, const char *expected)
{
    g_autofree char *said = problems_of(flows, true);

    ck_assert_str_eq(said, expected);
}

#define FLOW(name, more) "\"" name "\": { \"from\": \"a\", \"to\": \"b\", \"model\": \"replay\", " more " }"

START_TEST(a_scenario_names_it_plainly)
{
    static const char *const names[] = { "../load.csv", "/etc/passwd", "x/load.csv", ".hidden",
                                         "..",          "a b",         "a\\nb",      "-" };

    make_dir();
    write_file("load.csv", HEAD "0,1\n", -1);
    assert_said(FLOW("f", "\"trace\": \"load.csv\""), "");
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *flow = g_strdup_printf(FLOW("f", "\"trace\": \"%s\""), names[i]);
        g_autofree char *said = problems_of(flow, true);

        ck_assert_msg(
            strstr(said,
                   "is no plain file name: a letter or digit, then up to 62 letters, digits, \"_\", \".\" or "
                   "\"-\"; the file stands beside the scenario (/flows/f/trace) [DX1201]") != NULL,
            "%s", said);
        ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
    }
    remove_dir();
}
END_TEST

START_TEST(a_scenario_says_what_is_wrong_once)
{
    make_dir();
    write_file("load.csv", "time_s,size_bytes,flow\n0,1,0\n0,1,1\n", -1);
    write_file("bad.csv", HEAD "0.5,1\n0.4,1\n", -1);
    assert_said(FLOW("f", "\"trace\": \"none.csv\""), "s.json:5:60: error: DIR/none.csv cannot be read: No "
                                                      "such file or directory (/flows/f/trace) [DX1501]\n");
    assert_said(FLOW("f", "\"trace\": \"bad.csv\"") ",\n" FLOW("g", "\"trace\": \"bad.csv\""),
                "bad.csv:3:1: error: time_s goes backwards (/flows/f/trace) [DX1502]\n");
    /* enough flows for the one, not for the other */
    assert_said(FLOW("f", "\"trace\": \"load.csv\", \"count\": 2") ",\n" FLOW("g", "\"trace\": \"load.csv\""),
                "load.csv:3:5: error: flow: expected a whole number from 0 to 0 (/flows/g/trace) [DX1502]\n");
    assert_said(FLOW("f", "\"count\": 2"), "s.json:5:6: error: \"trace\" is missing: a CSV file beside the "
                                           "scenario, such as \"load.csv\" (/flows/f) "
                                           "[DX1102]\n");
    assert_said(FLOW("f", "\"trace\": \"load.csv\", \"count\": 2, \"rate\": \"1 Mbps\""),
                "s.json:5:92: error: times are those of the trace (/flows/f/rate) [DX1204]\n");
    assert_said(FLOW("f", "\"trace\": \"load.csv\", \"count\": 2, \"sizes\": \"imix\""),
                "s.json:5:93: error: sizes are those of the trace (/flows/f/sizes) [DX1204]\n");
    assert_said("\"f\": { \"from\": \"a\", \"to\": \"b\", \"rate\": \"1 Mbps\", \"trace\": \"load.csv\", "
                "\"count\": 2 }",
                "s.json:5:59: error: a trace needs \"model\": \"replay\" (/flows/f/trace) [DX1204]\n");
    remove_dir();
}
END_TEST

START_TEST(a_scenario_from_nowhere_has_no_files)
{
    g_autofree char *said = NULL;

    make_dir();
    write_file("load.csv", HEAD "0,1\n", -1);
    said = problems_of(FLOW("f", "\"trace\": \"load.csv\""), false);
    ck_assert_str_eq(
        said, "s.json:5:60: error: this scenario is not read from a file: there is no folder in which a file "
              "could stand beside it (/flows/f/trace) [DX1501]\n");
    remove_dir();
}
END_TEST

/* Two flows of one list: it is read once, named once, and each replays it. A rate of the defaults is not
 * inherited. */
START_TEST(a_scenario_replays_it)
{
    static const char text[] =
        "{ \"dxsim\": 1, \"name\": \"x\", \"run\": { \"duration\": \"1 s\" },\n"
        "\"nodes\": { \"a\": { \"kind\": \"router\" }, \"b\": { \"kind\": \"router\" } },\n"
        "\"links\": { \"l\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\" } },\n"
        "\"defaults\": { \"flow\": { \"rate\": \"1 Mbps\" } },\n"
        "\"flows\": {\n" FLOW("f", "\"trace\": \"load.csv\"") ",\n" FLOW(
            "g", "\"trace\": \"load.csv\", \"start\": \"500 ms\"") "} }\n";
    DxProblems *problems = dx_problems_new();
    g_autofree char *sha256 = NULL;
    DxScenario *scenario;
    DxRun *run;

    make_dir();
    write_file("load.csv", HEAD "0,100\n0.25,200\n0.499999999999,300\n0.5,400\n1,500\n", -1);
    scenario = dx_scenario_read_in(dir, "s.json", text, strlen(text), dx_builtin_models, NULL, problems);
    ck_assert_ptr_nonnull(scenario);
    ck_assert_uint_eq(dx_scenario_n_inputs(scenario), 1);
    ck_assert_str_eq(dx_scenario_inputs(scenario)->name, "load.csv");
    sha256 = dx_sha256(HEAD "0,100\n0.25,200\n0.499999999999,300\n0.5,400\n1,500\n",
                       strlen(HEAD "0,100\n0.25,200\n0.499999999999,300\n0.5,400\n1,500\n"));
    ck_assert_str_eq(dx_scenario_inputs(scenario)->sha256, sha256);
    run = dx_run_new(scenario, NULL);
    ck_assert(dx_run_go(run, scenario, NULL));
    ck_assert_uint_eq(dx_sim_group(run->sim, 0)->sent_frames, 4);
    ck_assert_uint_eq(dx_sim_group(run->sim, 0)->sent_bytes, 1000);
    ck_assert_uint_eq(dx_sim_group(run->sim, 1)->sent_frames, 3);
    ck_assert_uint_eq(dx_sim_group(run->sim, 1)->sent_bytes, 600);
    dx_run_free(run);
    dx_scenario_free(scenario);
    dx_problems_free(problems);
    remove_dir();
}
END_TEST

SUITE_MAIN("arrivals", 20, rows_are_exact, forms_of_csv_are_understood, long_files_are_read_whole,
           problems_have_their_place, messages_stay_short, only_regular_files_of_the_folder_are_read,
           a_file_of_more_than_a_gibibyte_is_refused, a_scenario_names_it_plainly,
           a_scenario_says_what_is_wrong_once, a_scenario_from_nowhere_has_no_files, a_scenario_replays_it)
