/*
 * gnuplot - gnuplot as a child process
 *
 * gnuplot is a shell: backquotes, system(), a file name that begins with '<' all run commands. So: an
 * argument vector, no shell; -d, no start-up file of the user's; text in single quotes, with none in it;
 * numbers otherwise. The picture comes through a pipe and is written by us, because gnuplot ends with
 * status 0 when the disk is full, and because a script that writes no file needs to know no name. The
 * parent's signals stay as they are.
 */
#include "gnuplot-priv.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define APOSTROPHE    "\342\200\231"
#define TEXT_MAX      256
#define PICTURE_MAX   (256u << 20) /* bytes */
#define COMPLAINT_MAX (64u << 10)
#define SHOWN_MAX     200 /* of a complaint, in our message */
#define DOT_TIMEOUT_S 20

/* At most @n_max characters, blanks for those that print nothing. (transfer full) */
static char *printable(const char *text, unsigned n_max)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *result = g_string_new(NULL);

    for (const char *c = valid; *c && n_max; c = g_utf8_next_char(c), n_max--) {
        const gunichar code = g_utf8_get_char(c);

        g_string_append_unichar(result, g_unichar_isprint(code) ? code : ' ');
    }
    return g_string_free(result, FALSE);
}

static char *replace(const char *text, const char *what, const char *by)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);

    return g_strjoinv(by, parts);
}

/* gnuplot reads some doubled quotes as the end of a string and the beginning of the next, so there are none:
 * an apostrophe looks better anyway. The picture is XML, where a text holds no "]]>". */
char *dx__gnuplot_quote(const char *text)
{
    g_autofree char *shown = printable(text, TEXT_MAX);
    g_autofree char *unquoted = replace(shown, "'", APOSTROPHE);
    g_autofree char *clean = replace(unquoted, "]]>", "]] >");

    return g_strconcat("'", clean, "'", NULL);
}

/* A child with two pipes to read from. */
typedef struct {
    GPid pid;
    int fd[2]; /* its output, its complaints; -1: at their end */
    GString *got[2];
} Child;

static bool start(Child *child, const char *dir, const char *const *arguments, GError **error)
{
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C", TRUE);
    g_autoptr(GError) cause = NULL;

    /* g_spawn takes a mutable vector and does not change it */
    if (g_spawn_async_with_pipes(dir, (char **)(void *)arguments, environment,
                                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child->pid,
                                 NULL, &child->fd[0], &child->fd[1], &cause))
        return true;
    if (g_error_matches(cause, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
        g_set_error(error, DX_ERROR, DX_ERROR_PLOT,
                    "gnuplot is not installed (Debian: apt install gnuplot-nox)");
    else
        g_set_error(error, DX_ERROR, DX_ERROR_PLOT, "%s could not be started: %s", arguments[0],
                    cause->message);
    return false;
}

static bool read_some(Child *child, unsigned i)
{
    char block[16384];
    const ssize_t n = read(child->fd[i], block, sizeof block);

    if (n > 0 && child->got[i]->len <= PICTURE_MAX && (i == 0 || child->got[i]->len <= COMPLAINT_MAX))
        g_string_append_len(child->got[i], block, n);
    return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Until both pipes are at their end. False: the time was up first. */
static bool read_all(Child *child, gint64 deadline_us)
{
    while (child->fd[0] >= 0 || child->fd[1] >= 0) {
        struct pollfd polled[2] = { { child->fd[0], POLLIN, 0 }, { child->fd[1], POLLIN, 0 } };
        const gint64 left_us = deadline_us - g_get_monotonic_time();

        if (left_us <= 0)
            return false;
        if (poll(polled, 2, (int)(left_us / 1000) + 1) < 0)
            continue;
        for (unsigned i = 0; i < 2; i++)
            if (polled[i].revents && !read_some(child, i)) {
                close(child->fd[i]);
                child->fd[i] = -1;
            }
    }
    return true;
}

/* Its exit status, or -1 when somebody else has taken it: then the picture has to speak for itself. */
static int reap(Child *child)
{
    int status = -1;

    for (unsigned i = 0; i < 2; i++)
        if (child->fd[i] >= 0)
            close(child->fd[i]);
    while (waitpid(child->pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    g_spawn_close_pid(child->pid);
    return status;
}

/* Text for a terminal: what we have it draw holds nothing that a terminal would act on. */
static bool is_plain_text(const GString *text)
{
    if (!g_utf8_validate(text->str, (gssize)text->len, NULL))
        return false;
    for (const char *c = text->str; *c; c = g_utf8_next_char(c))
        if (!strchr("\n\f", *c) && !g_unichar_isprint(g_utf8_get_char(c)))
            return false;
    return true;
}

static bool begins_with(const GString *picture, const char *bytes, size_t n)
{
    return picture->len >= n && !memcmp(picture->str, bytes, n);
}

/* Among the last bytes, behind which there may be a line end or a checksum. */
static bool ends_with(const GString *picture, const char *text)
{
    const size_t n = MIN(picture->len, (gsize)16);

    return memmem(picture->str + picture->len - n, n, text, strlen(text)) != NULL;
}

static bool is_picture(const GString *picture, DxPlotFormat format)
{
    static const char png[] = "\x89PNG\r\n\x1a\n";

    if (!picture->len || picture->len > PICTURE_MAX)
        return false;
    switch (format) {
    case DX_PLOT_SVG:
        return !memchr(picture->str, 0, picture->len) && strstr(picture->str, "<svg") &&
               ends_with(picture, "</svg>");
    case DX_PLOT_PNG:
        return begins_with(picture, png, sizeof png - 1) && ends_with(picture, "IEND");
    case DX_PLOT_PDF:
        return begins_with(picture, "%PDF-", 5) && ends_with(picture, "%%EOF");
    case DX_PLOT_DUMB:
        break;
    }
    return !memchr(picture->str, 0, picture->len) && is_plain_text(picture);
}

/* The line that says what is wrong. Before it gnuplot repeats the command and puts a '^' below; warnings may
 * come too: with LC_ALL=C one about the degree sign always does. (transfer full) */
static char *complaint_line(const char *complaint)
{
    g_autofree char *clean = g_utf8_make_valid(complaint, -1);
    g_auto(GStrv) lines = g_strsplit(clean, "\n", -1);
    const char *found = NULL;

    for (char **line = lines; *line; line++) {
        const bool is_error = strstr(*line, "line ") && !strstr(*line, "warning:");

        if (is_error || (!found && *g_strstrip(*line) && strcmp(*line, "^")))
            found = *line;
    }
    return printable(found ? found : "no message", SHOWN_MAX);
}

static bool draw(Child *child, DxPlotFormat format, unsigned timeout_s, GError **error)
{
    const bool in_time = read_all(child, g_get_monotonic_time() + (gint64)timeout_s * G_USEC_PER_SEC);
    int status;

    if (!in_time)
        kill(child->pid, SIGKILL);
    status = reap(child);
    if (!in_time) {
        g_set_error(error, DX_ERROR, DX_ERROR_PLOT, "gnuplot had not finished after %u s", timeout_s);
        return false;
    }
    if ((status && status != -1) || !is_picture(child->got[0], format)) {
        g_autofree char *line = complaint_line(child->got[1]->str);

        g_set_error(error, DX_ERROR, DX_ERROR_PLOT, "gnuplot did not draw a picture: %s", line);
        return false;
    }
    return true;
}

static GString *run(const char *dir, const char *const *arguments, DxPlotFormat format, unsigned timeout_s,
                    GError **error)
{
    Child child = { .fd = { -1, -1 } };
    bool done;

    if (!start(&child, dir, arguments, error))
        return NULL;
    child.got[0] = g_string_new(NULL);
    child.got[1] = g_string_new(NULL);
    done = draw(&child, format, timeout_s, error);
    g_string_free(child.got[1], TRUE);
    if (!done)
        g_string_free(g_steal_pointer(&child.got[0]), TRUE);
    return child.got[0];
}

GString *dx__gnuplot_draw(const char *dir, const char *script, DxPlotFormat format, unsigned timeout_s,
                          GError **error)
{
    const char *const arguments[] = { "gnuplot", "-d", script, NULL };

    return run(dir, arguments, format, timeout_s, error);
}

GString *dx__gnuplot_dot(const char *text)
{
    g_autofree char *path = NULL;
    const int fd = g_file_open_tmp("dxsim-dot-XXXXXX", &path, NULL);
    const char *const arguments[] = { "dot", "-Tsvg", path, NULL };
    GString *svg = NULL;

    if (fd < 0)
        return NULL;
    close(fd);
    if (g_file_set_contents(path, text, -1, NULL))
        svg = run("/", arguments, DX_PLOT_SVG, DOT_TIMEOUT_S, NULL);
    unlink(path);
    return svg;
}
