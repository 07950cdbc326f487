/*
 * output: all of a directory or nothing that looks like it, whatever fails
 */
#include "suite.h"
#include "output-priv.h"

#include <dirent.h>
#include <dxsim/verify.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const DxManifest manifest = {
    .scenario = "test", .scenario_sha256 = "00", .seed = 18446744073709551615u, .duration_ps = 1500
};

/* -- a directory of the test's own ------------------------------------------------------------------- */

/* Everything below it, and the directory. Symbolic links are not followed. */
static void remove_tree(const char *path)
{
    DIR *dir;

    if (!unlink(path) || errno == ENOENT)
        return;
    dir = opendir(path);
    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        g_autofree char *below = g_build_filename(path, entry->d_name, NULL);

        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            remove_tree(below);
    }
    closedir(dir);
    ck_assert_int_eq(rmdir(path), 0);
}

typedef struct {
    char *root, *dir, *partial;
} Place;

static void place_init(Place *place)
{
    place->root = g_dir_make_tmp("dxsim-output-XXXXXX", NULL);
    ck_assert_ptr_nonnull(place->root);
    place->dir = g_build_filename(place->root, "out", NULL);
    place->partial = g_strconcat(place->dir, ".partial", NULL);
}

static void place_clear(Place *place)
{
    remove_tree(place->root);
    g_free(place->root);
    g_free(place->dir);
    g_free(place->partial);
}

static bool is_there(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Text of a file, or NULL. */
static char *text_of(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static void put(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

/* An output with "a.csv" and "plots/b.csv" in it. */
static bool write_both(DxOutput *output, const char *text, GError **error)
{
    static const char *const names[] = { "a.csv", "plots/b.csv" };

    for (unsigned i = 0; i < 2; i++) {
        DxFile *file = dx_output_open(output, names[i], error);

        if (!file)
            return false;
        dx_file_printf(file, "%s %u\n", text, i);
        if (!dx_file_close(file, error))
            return false;
    }
    return true;
}

static bool run_once(const Place *place, const char *text, bool force, DxIoFault fault, void *data,
                     GError **error)
{
    DxOutput *output = dx__output_new(place->dir, force, fault, data, error);

    if (!output)
        return false;
    if (write_both(output, text, error))
        return dx_output_finish(output, &manifest, error);
    dx_output_abandon(output);
    return false;
}

static void assert_io_error(GError **error, const char *text)
{
    ck_assert_msg(g_error_matches(*error, DX_ERROR, DX_ERROR_IO), "no DX_ERROR_IO");
    ck_assert_msg(strstr((*error)->message, text) != NULL, "\"%s\" is not in: %s", text, (*error)->message);
    ck_assert_ptr_null(strchr((*error)->message, '\n'));
    g_clear_error(error);
}

/* -- the whole --------------------------------------------------------------------------------------- */

START_TEST(complete_output_has_files_and_manifest)
{
    Place place;
    g_autofree char *a = NULL, *b = NULL, *text = NULL;
    /* printf 'new 0\n' | sha256sum, and 1 */
    g_autofree char *sum_a = dx_sha256("new 0\n", 6);

    place_init(&place);
    ck_assert(run_once(&place, "new", false, NULL, NULL, NULL));
    ck_assert(!g_file_test(place.partial, G_FILE_TEST_EXISTS));
    a = text_of(place.dir, "a.csv");
    b = text_of(place.dir, "plots/b.csv");
    text = text_of(place.dir, "manifest.json");
    ck_assert_str_eq(a, "new 0\n");
    ck_assert_str_eq(b, "new 1\n");
    ck_assert_ptr_nonnull(strstr(text, "\"status\": \"complete\""));
    ck_assert_ptr_nonnull(strstr(text, "\"seed\": 18446744073709551615,"));
    ck_assert_ptr_nonnull(
        strstr(text, "\"name\": \"plots/b.csv\",\n      \"size_bytes\": 6,\n      \"sha256\": \""));
    ck_assert_ptr_nonnull(strstr(text, sum_a));
    place_clear(&place);
}
END_TEST

START_TEST(sha256_is_that_of_fips_180)
{
    g_autofree char *sum = dx_sha256("abc", 3);

    ck_assert_str_eq(sum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(manifest_escapes_text)
{
    const DxManifest odd = {
        .scenario = "a\"b\\c\n\x7f\xff", .scenario_sha256 = "00", .seed = 1, .duration_ps = 1
    };
    Place place;
    g_autofree char *text = NULL;

    place_init(&place);
    ck_assert(dx_output_finish(dx_output_new(place.dir, false, NULL), &odd, NULL));
    text = text_of(place.dir, "manifest.json");
    ck_assert_ptr_nonnull(strstr(text, "\"a\\\"b\\\\c\\u000a\\u007f\xef\xbf\xbd\""));
    place_clear(&place);
}
END_TEST

/* Sizes around the buffer's, so that every way through dx_file_write() is taken. */
START_TEST(large_writes_arrive_in_order)
{
    static const size_t sizes[] = { 1, 65535, 1, 65536, 70000, 3, 200000, 65537, 0, 2 };
    GString *expected = g_string_new(NULL);
    Place place;
    DxOutput *output;
    DxFile *file;
    g_autofree char *text = NULL;

    place_init(&place);
    output = dx_output_new(place.dir, false, NULL);
    file = dx_output_open(output, "x", NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *block = g_strnfill(sizes[i], (char)('a' + i));

        dx_file_write(file, block, sizes[i]);
        g_string_append(expected, block);
    }
    ck_assert(dx_output_finish(output, &manifest, NULL));
    text = text_of(place.dir, "x");
    ck_assert_uint_eq(strlen(text), expected->len);
    ck_assert(!strcmp(text, expected->str));
    g_string_free(expected, TRUE);
    place_clear(&place);
}
END_TEST

/* -- names ------------------------------------------------------------------------------------------- */

START_TEST(only_plain_names_are_opened)
{
    static const char *const bad[] = { "",      ".",    "..",   "../x",         "/etc/x", "a/../b",
                                       "a/b/c", "a//b", "/",    "a/",           ".x",     "-x",
                                       "a b",   "a\nb", "a/.b", "caf\xc3\xa9",  "a:b",    "a\\b",
                                       "|cmd",  "<cmd", "a;b",  "manifest.json" };
    Place place;
    DxOutput *output;
    GError *error = NULL;
    g_autofree char *long_name = g_strnfill(DX_OUTPUT_NAME_MAX + 1, 'x');

    place_init(&place);
    output = dx_output_new(place.dir, false, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        ck_assert_ptr_null(dx_output_open(output, bad[i], &error));
        ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_IO));
        g_clear_error(&error);
    }
    ck_assert_ptr_null(dx_output_open(output, long_name, NULL));
    ck_assert_ptr_nonnull(dx_output_open(output, "A_z.9-x", NULL));
    ck_assert_ptr_null(dx_output_open(output, "A_z.9-x", &error));
    assert_io_error(&error, "exists");
    dx_output_abandon(output);
    place_clear(&place);
}
END_TEST

START_TEST(symbolic_links_are_not_followed)
{
    Place place;
    DxOutput *output;
    GError *error = NULL;
    g_autofree char *link = NULL, *sub = NULL;

    place_init(&place);
    output = dx_output_new(place.dir, false, NULL);
    link = g_build_filename(place.partial, "a.csv", NULL);
    sub = g_build_filename(place.partial, "plots", NULL);
    ck_assert_int_eq(symlink("../stolen", link), 0);
    ck_assert_int_eq(symlink("..", sub), 0);
    ck_assert_ptr_null(dx_output_open(output, "a.csv", &error));
    g_clear_error(&error);
    ck_assert_ptr_null(dx_output_open(output, "plots/stolen", &error));
    g_clear_error(&error);
    ck_assert(!is_there(place.root, "stolen"));
    dx_output_abandon(output);
    place_clear(&place);
}
END_TEST

START_TEST(directories_that_cannot_be_made_are_refused)
{
    static const char *const bad[] = { "", ".", "..", "/", "x/..", "no-such-parent/x", "/dev/null/x" };

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;

        ck_assert_ptr_null(dx_output_new(bad[i], true, &error));
        ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_IO));
        g_clear_error(&error);
    }
}
END_TEST

START_TEST(slashes_at_the_end_do_not_matter)
{
    Place place;
    g_autofree char *dir = NULL;

    place_init(&place);
    dir = g_strconcat(place.dir, "//", NULL);
    ck_assert(dx_output_finish(dx_output_new(dir, false, NULL), &manifest, NULL));
    ck_assert(is_there(place.dir, "manifest.json"));
    place_clear(&place);
}
END_TEST

/* -- the claim --------------------------------------------------------------------------------------- */

START_TEST(one_of_two_runs_wins)
{
    Place place;
    DxOutput *first;
    GError *error = NULL;

    place_init(&place);
    first = dx_output_new(place.dir, false, NULL);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(dx_output_new(place.dir, true, &error));
    assert_io_error(&error, "another run");
    ck_assert(dx_output_finish(first, &manifest, NULL));
    place_clear(&place);
}
END_TEST

START_TEST(abandoned_output_has_no_manifest)
{
    Place place;
    DxOutput *output;

    place_init(&place);
    output = dx_output_new(place.dir, false, NULL);
    ck_assert(write_both(output, "x", NULL));
    dx_output_abandon(output);
    ck_assert(is_there(place.partial, "a.csv"));
    ck_assert(!is_there(place.partial, "manifest.json"));
    ck_assert(!g_file_test(place.dir, G_FILE_TEST_EXISTS));
    place_clear(&place);
}
END_TEST

START_TEST(abandoned_empty_output_goes)
{
    Place place;

    place_init(&place);
    dx_output_abandon(dx_output_new(place.dir, false, NULL));
    ck_assert(!g_file_test(place.partial, G_FILE_TEST_EXISTS));
    dx_output_abandon(NULL);
    place_clear(&place);
}
END_TEST

START_TEST(existing_directory_is_not_touched)
{
    Place place;
    GError *error = NULL;

    place_init(&place);
    ck_assert_int_eq(g_mkdir(place.dir, 0700), 0);
    put(place.dir, "thesis.tex", "years of work");
    ck_assert_ptr_null(dx_output_new(place.dir, false, &error));
    assert_io_error(&error, "exists already");
    ck_assert_ptr_null(dx_output_new(place.dir, true, &error));
    assert_io_error(&error, "manifest.json");
    put(place.dir, "manifest.json", "{ \"dxsim\": \"0.1\", \"files\": [ { \"name\": \"../../x\" } ] }");
    ck_assert_ptr_null(dx_output_new(place.dir, true, &error));
    assert_io_error(&error, "manifest.json");
    put(place.dir, "manifest.json", "{ \"dxsim\": \"0.1\", \"files\": [] }");
    ck_assert_ptr_null(dx_output_new(place.dir, true, &error));
    assert_io_error(&error, "thesis.tex");
    ck_assert(is_there(place.dir, "thesis.tex"));
    ck_assert(!g_file_test(place.partial, G_FILE_TEST_EXISTS));
    place_clear(&place);
}
END_TEST

/* Complete means: the files are what they should be. */
static bool is_complete(const char *dir, const char *text)
{
    g_autofree char *a = text_of(dir, "a.csv"), *b = text_of(dir, "plots/b.csv");
    g_autofree char *expected_a = g_strdup_printf("%s 0\n", text);
    g_autofree char *expected_b = g_strdup_printf("%s 1\n", text);

    return is_there(dir, "manifest.json") && !g_strcmp0(a, expected_a) && !g_strcmp0(b, expected_b);
}

/* As a run that was killed leaves it: nothing is tidied up, and its lock is gone. */
static void leave_behind(const Place *place, bool is_stopped)
{
    const pid_t child = fork();

    if (!child) {
        DxOutput *output = dx_output_new(place->dir, true, NULL);
        DxManifest stopped = manifest;

        stopped.status = "interrupted";
        if (!output || !write_both(output, "left", NULL) ||
            (is_stopped && !dx_output_stop(output, &stopped, NULL)))
            _exit(1);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ck_assert(is_there(place->partial, "a.csv") && is_there(place->partial, "plots/b.csv"));
    ck_assert(is_there(place->partial, "manifest.json") == is_stopped);
    ck_assert(is_there(place->partial, DX_MARK) == !is_stopped);
}

START_TEST(force_clears_what_a_run_has_left_behind)
{
    for (unsigned stopped = 0; stopped < 2; stopped++) {
        GError *error = NULL;
        Place place;

        place_init(&place);
        leave_behind(&place, stopped);
        ck_assert(!run_once(&place, "new", false, NULL, NULL, &error));
        assert_io_error(&error, "out.partial: exists already");
        ck_assert(run_once(&place, "new", true, NULL, NULL, NULL));
        ck_assert(is_complete(place.dir, "new"));
        ck_assert(!g_file_test(place.partial, G_FILE_TEST_EXISTS));
        ck_assert(!is_there(place.dir, DX_MARK));
        place_clear(&place);
    }
}
END_TEST

START_TEST(force_clears_nothing_that_is_not_ours)
{
    GError *error = NULL;
    Place place;

    for (unsigned stopped = 0; stopped < 2; stopped++) {
        place_init(&place);
        leave_behind(&place, stopped);
        put(place.partial, "plots/note.txt", "precious");
        ck_assert(!run_once(&place, "new", true, NULL, NULL, &error));
        assert_io_error(&error, "holds \"plots/note.txt\", which no run of ours wrote");
        ck_assert(is_there(place.partial, "plots/note.txt") && is_there(place.partial, "a.csv"));
        place_clear(&place);
    }
    /* somebody's directory; somebody's mark; a complete output that was given this name; a file; a link */
    place_init(&place);
    ck_assert_int_eq(g_mkdir(place.partial, 0777), 0);
    put(place.partial, "a.csv", "precious");
    ck_assert(!run_once(&place, "new", true, NULL, NULL, &error));
    assert_io_error(&error, "was not left behind by a run of ours");
    put(place.partial, DX_MARK, DX_MARK_LINE "../../x\n/etc/passwd\n");
    ck_assert(!run_once(&place, "new", true, NULL, NULL, &error));
    assert_io_error(&error, "holds \"a.csv\"");
    ck_assert(is_there(place.partial, "a.csv"));
    remove_tree(place.partial);
    ck_assert(run_once(&place, "old", false, NULL, NULL, NULL));
    ck_assert_int_eq(g_rename(place.dir, place.partial), 0);
    ck_assert(!run_once(&place, "new", true, NULL, NULL, &error));
    assert_io_error(&error, "was not left behind by a run of ours");
    ck_assert(is_complete(place.partial, "old"));
    ck_assert_int_eq(g_rename(place.partial, place.dir), 0);
    ck_assert_int_eq(symlink(place.dir, place.partial), 0);
    ck_assert(!run_once(&place, "new", true, NULL, NULL, &error));
    assert_io_error(&error, "out.partial");
    ck_assert(is_complete(place.dir, "old"));
    place_clear(&place);
}
END_TEST

START_TEST(force_leaves_a_run_alone_that_is_still_writing)
{
    GError *error = NULL;
    Place place;
    DxOutput *output;

    place_init(&place);
    output = dx_output_new(place.dir, false, NULL);
    ck_assert(write_both(output, "new", NULL));
    ck_assert_ptr_null(dx_output_new(place.dir, true, &error));
    assert_io_error(&error, "another run is writing there");
    ck_assert(dx_output_finish(output, &manifest, NULL));
    ck_assert(is_complete(place.dir, "new"));
    place_clear(&place);
}
END_TEST

START_TEST(directory_that_appears_meanwhile_is_not_touched)
{
    Place place;
    DxOutput *output;
    GError *error = NULL;

    place_init(&place);
    output = dx_output_new(place.dir, false, NULL);
    ck_assert(write_both(output, "x", NULL));
    ck_assert_int_eq(g_mkdir(place.dir, 0700), 0);
    ck_assert(!dx_output_finish(output, &manifest, &error));
    assert_io_error(&error, "exists");
    ck_assert(!is_there(place.dir, "a.csv"));
    ck_assert(is_there(place.partial, "a.csv"));
    ck_assert(!is_there(place.partial, "manifest.json"));
    place_clear(&place);
}
END_TEST

START_TEST(force_replaces_our_own)
{
    Place place;
    g_autofree char *a = NULL;

    place_init(&place);
    ck_assert(run_once(&place, "old", false, NULL, NULL, NULL));
    ck_assert(run_once(&place, "new", true, NULL, NULL, NULL));
    a = text_of(place.dir, "a.csv");
    ck_assert_str_eq(a, "new 0\n");
    ck_assert(!g_file_test(place.partial, G_FILE_TEST_EXISTS));
    place_clear(&place);
}
END_TEST

START_TEST(force_keeps_a_strangers_file_that_came_late)
{
    Place place;
    DxOutput *output;
    GError *error = NULL;

    place_init(&place);
    ck_assert(run_once(&place, "old", false, NULL, NULL, NULL));
    output = dx_output_new(place.dir, true, NULL);
    ck_assert(write_both(output, "new", NULL));
    put(place.dir, "plots/notes.txt", "mine");
    ck_assert(!dx_output_finish(output, &manifest, &error));
    assert_io_error(&error, "plots/notes.txt");
    ck_assert(is_there(place.dir, "plots/notes.txt"));
    ck_assert(is_there(place.dir, "manifest.json"));
    place_clear(&place);
}
END_TEST

/* -- faults ------------------------------------------------------------------------------------------ */

typedef struct {
    unsigned k, n; /* fail the k-th call, and all behind it if is_lasting; n: calls so far */
    int failure;
    bool is_lasting;
    const char *only; /* calls of this name; NULL: all */
} Fault;

static int inject(const char *call, void *data)
{
    Fault *fault = data;

    if (fault->only && strcmp(fault->only, call))
        return DX_IO_FINE;
    fault->n++;
    return fault->n == fault->k || (fault->is_lasting && fault->n > fault->k) ? fault->failure : DX_IO_FINE;
}

/* What has a manifest is complete, and who is told of success has a new complete output. */
static void assert_all_or_nothing(const Place *place, bool done, bool force)
{
    const bool is_new = is_complete(place->dir, "new");

    ck_assert(!done || is_new);
    ck_assert(!is_there(place->dir, "manifest.json") || is_new || (force && is_complete(place->dir, "old")));
    if (!is_new && force)
        ck_assert_msg(is_complete(place->dir, "old"), "the old output is damaged and there is no new one");
}

/* Every system call in turn fails once, and for good; the count of open descriptors must not grow. */
static void try_all(int failure, bool is_lasting, bool force, bool has_leftover)
{
    Fault fault = { 0 };
    unsigned k = 0;

    do {
        GError *error = NULL;
        Place place;
        bool done;
        int probe;

        place_init(&place);
        if (force)
            ck_assert(run_once(&place, "old", false, NULL, NULL, NULL));
        if (has_leftover)
            leave_behind(&place, k % 2);
        probe = dup(0);
        close(probe);
        fault = (Fault){ .k = ++k, .failure = failure, .is_lasting = is_lasting };
        done = run_once(&place, "new", force, inject, &fault, &error);
        ck_assert_msg(done == !error, "call %u: result and error disagree", k);
        ck_assert(!error || g_error_matches(error, DX_ERROR, DX_ERROR_IO));
        g_clear_error(&error);
        assert_all_or_nothing(&place, done, force);
        ck_assert_int_eq(dup(0), probe);
        close(probe);
        place_clear(&place);
    } while (fault.n >= k); /* a run with fewer calls than that was not disturbed */
    ck_assert_uint_gt(k, 20);
}

START_TEST(any_call_may_fail)
{
    static const int failures[] = { ENOSPC, EIO, EACCES, EINVAL };

    for (unsigned i = 0; i < G_N_ELEMENTS(failures); i++)
        for (unsigned lasting = 0; lasting < 2; lasting++)
            for (unsigned force = 0; force < (i ? 2u : 3u); force++)
                try_all(failures[i], lasting, force > 0, force > 1);
}
END_TEST

/* The process ends at a call: nothing is tidied up. */
static int end_at(const char *call, void *data)
{
    Fault *fault = data;

    (void)call;
    if (++fault->n == fault->k)
        _exit(99);
    return DX_IO_FINE;
}

/* What dx_verify() says of the directory, and of the partial one beside it. */
static bool is_verified(const char *dir)
{
    GPtrArray *problems = dx_verify(dir, NULL);
    const bool is_good = !problems->len;

    g_ptr_array_unref(problems);
    return is_good;
}

START_TEST(whenever_the_process_ends_nothing_looks_complete_that_is_not)
{
    int status = 0;
    unsigned k = 0, n_verified = 0;

    do {
        Place place;
        g_autofree char *partial = NULL;
        pid_t child;

        place_init(&place);
        partial = g_strconcat(place.dir, ".partial", NULL);
        child = fork();
        if (!child) {
            Fault fault = { .k = k + 1 };

            _exit(run_once(&place, "new", false, end_at, &fault, NULL) ? 0 : 1);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        k++;
        ck_assert_msg(!is_verified(partial), "call %u: DIR.partial counts as complete", k);
        ck_assert_msg(!is_verified(place.dir) || is_complete(place.dir, "new"),
                      "call %u: DIR counts as complete", k);
        n_verified += is_verified(place.dir);
        ck_assert(is_verified(place.dir) || WEXITSTATUS(status) == 99);
        place_clear(&place);
    } while (WEXITSTATUS(status) == 99);
    ck_assert_uint_gt(k, 20);
    ck_assert_uint_ge(n_verified, 1); /* the last, which was not disturbed */
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

START_TEST(interrupted_and_short_writes_are_continued)
{
    static const int kinds[] = { EINTR, DX_IO_SHORT };

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        for (unsigned k = 1; k < 10; k++) {
            Fault fault = {
                .k = k, .failure = kinds[i], .is_lasting = kinds[i] == DX_IO_SHORT, .only = "write"
            };
            Place place;

            place_init(&place);
            ck_assert(run_once(&place, "new", false, inject, &fault, NULL));
            ck_assert(is_complete(place.dir, "new"));
            place_clear(&place);
        }
}
END_TEST

START_TEST(write_error_sticks_and_names_the_file)
{
    Fault fault = { .k = 1, .failure = ENOSPC, .only = "write" };
    Place place;
    DxOutput *output;
    DxFile *file;
    GError *error = NULL;

    place_init(&place);
    output = dx__output_new(place.dir, false, inject, &fault, NULL);
    file = dx_output_open(output, "a.csv", NULL);
    for (unsigned i = 0; i < 100000; i++)
        dx_file_printf(file, "row %u\n", i);
    ck_assert_uint_eq(fault.n, 1);
    ck_assert(!dx_file_close(file, &error));
    assert_io_error(&error, "out.partial/a.csv: No space left on device");
    ck_assert(!dx_output_finish(output, &manifest, &error));
    assert_io_error(&error, "a.csv");
    ck_assert(!is_there(place.partial, "manifest.json"));
    place_clear(&place);
}
END_TEST

/* NFS and some FUSE file systems know no flags. */
START_TEST(rename_without_flags)
{
    Fault fault = { .k = 1, .failure = EINVAL, .only = "renameat2" };
    Place place;

    place_init(&place);
    ck_assert(run_once(&place, "old", false, inject, &fault, NULL));
    ck_assert(is_complete(place.dir, "old"));
    fault.n = 0;
    ck_assert(run_once(&place, "new", true, inject, &fault, NULL));
    ck_assert(is_complete(place.dir, "new"));
    ck_assert(!g_file_test(place.partial, G_FILE_TEST_EXISTS));
    ck_assert(!is_there(place.root, "out.old"));
    place_clear(&place);
}
END_TEST

SUITE_MAIN("output", 60, complete_output_has_files_and_manifest, sha256_is_that_of_fips_180,
           manifest_escapes_text, large_writes_arrive_in_order, only_plain_names_are_opened,
           symbolic_links_are_not_followed, directories_that_cannot_be_made_are_refused,
           slashes_at_the_end_do_not_matter, one_of_two_runs_wins, abandoned_output_has_no_manifest,
           abandoned_empty_output_goes, existing_directory_is_not_touched,
           force_clears_what_a_run_has_left_behind, force_clears_nothing_that_is_not_ours,
           force_leaves_a_run_alone_that_is_still_writing, directory_that_appears_meanwhile_is_not_touched,
           force_replaces_our_own, force_keeps_a_strangers_file_that_came_late, any_call_may_fail,
           whenever_the_process_ends_nothing_looks_complete_that_is_not,
           interrupted_and_short_writes_are_continued, write_error_sticks_and_names_the_file,
           rename_without_flags)
