/*
 * dxsim report - a finished run, or a sweep, as one HTML file
 */
#include "cli.h"
#include <dxsim/page.h>
#include <dxsim/verify.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static bool write_all(int fd, const char *text, size_t n)
{
    while (n) {
        const ssize_t done = write(fd, text, n);

        if (done < 0 && errno != EINTR)
            return false;
        text += MAX(done, 0);
        n -= (size_t)MAX(done, 0);
    }
    return true;
}

/* All of it under its name, or nothing: written beside it, then renamed. */
static int write_file(const char *path, const char *html, bool force)
{
    g_autofree char *beside = g_strconcat(path, ".partial", NULL);
    const int fd = !force && g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK)
                       ? -1
                       : open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool done;

    if (fd < 0 && !force && g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK)) {
        cli_complain("%s: exists already; choose another file, or replace it with --force", path);
        return CLI_OUTPUT;
    }
    if (fd < 0) {
        cli_complain("%s: %s", beside, g_strerror(errno));
        return CLI_OUTPUT;
    }
    done = write_all(fd, html, strlen(html));
    done = !close(fd) && done && !rename(beside, path);
    if (!done) {
        cli_complain("%s: %s", path, g_strerror(errno));
        g_unlink(beside);
        return CLI_OUTPUT;
    }
    cli_complain("wrote %s", path);
    return CLI_DONE;
}

static char *default_path(const char *dir)
{
    g_autofree char *name = g_strdup(dir);

    while (strlen(name) > 1 && g_str_has_suffix(name, "/"))
        name[strlen(name) - 1] = '\0';
    return g_strconcat(name, ".html", NULL);
}

static int report(const char *dir, const char *path, bool force)
{
    g_autoptr(GPtrArray) problems = dx_verify(dir, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *html = NULL;
    unsigned n_failed;
    int status;

    for (guint i = 0; i < problems->len; i++)
        cli_complain("%s", (char *)g_ptr_array_index(problems, i));
    if (problems->len)
        return CLI_OUTPUT;
    html = dx_page(dir, &n_failed, &error);
    if (!html) {
        cli_complain("%s", error->message);
        return CLI_OUTPUT;
    }
    status = write_file(path, html, force);
    if (!status && n_failed) {
        cli_complain("%u figures could not be drawn; the report says why, and has everything else", n_failed);
        status = CLI_PLOT;
    }
    return status;
}

int cmd_report(int argc, char **argv)
{
    g_auto(GStrv) paths = NULL;
    g_autofree char *file = NULL, *path = NULL;
    gboolean force = FALSE;
    int status;
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &file, "Instead of DIR.html", "FILE" },
        { "force", 'f', 0, G_OPTION_ARG_NONE, &force, "Replace FILE", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "DIR",
                   "What a run or a sweep came to, in one HTML file: verdicts, topology, tables,\n"
                   "figures, what happened, assumptions, and how to do it again. It needs no\n"
                   "network and no script, and may be printed. DIR must be as it was written.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim report out\n"
                   "  dxsim report out -o review.html\n",
                   &status))
        return status;
    if (!paths || paths[1]) {
        cli_complain("one directory, please; see \"dxsim report --help\"");
        return CLI_USAGE;
    }
    path = file ? g_strdup(file) : default_path(paths[0]);
    return report(paths[0], path, force);
}
