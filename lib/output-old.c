/*
 * output-old - what is there already, and whether it may go
 *
 *   DIR           a complete output: its manifest names what is in it
 *   DIR.partial   of a run that was stopped: the same; of one that was cut short: its mark names what it
 * opened
 *
 * Only what is named goes, and nothing if there is anything else. Who writes holds a lock on the directory.
 */
#include "output-io-priv.h"
#include "hash-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MANIFEST_MAX_BYTES (16u << 20) /* of an old one, before it is ours */

/* -- a complete output of ours ----------------------------------------------------------------------- */

static GString *read_up_to(const DxOutput *output, int dir_fd, const char *name, gsize most)
{
    const int fd = dx__io_open(output, dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    GString *text;
    char block[4096];
    ssize_t n;

    if (fd < 0)
        return NULL;
    text = g_string_new(NULL);
    do {
        n = dx__io_read(output, fd, block, sizeof block);
        if (n > 0)
            g_string_append_len(text, block, n);
    } while ((n > 0 && text->len <= most) || (n < 0 && errno == EINTR));
    dx__io_close(output, fd);
    if (n)
        g_string_free(g_steal_pointer(&text), TRUE);
    return text;
}

static GString *read_all(const DxOutput *output, int dir_fd, const char *name)
{
    return read_up_to(output, dir_fd, name, MANIFEST_MAX_BYTES);
}

/* The first file below @fd that is not in @names, with @prefix: a directory's name and a slash. A directory
 * is looked into if a name begins with it; none is deeper than one level. (transfer full) */
static char *find_stranger(const DxOutput *output, int fd, const char *prefix, GHashTable *names)
{
    g_autoptr(GPtrArray) entries = dx__io_list(output, fd);
    char *stranger = NULL;

    if (!entries)
        return g_strdup(prefix);
    for (guint i = 0; i < entries->len && !stranger; i++) {
        g_autofree char *name = g_strconcat(prefix, g_ptr_array_index(entries, i), NULL);
        g_autofree char *below = g_strconcat(name, "/", NULL);
        int sub_fd;

        if (g_hash_table_contains(names, name))
            continue;
        sub_fd = *prefix ? -1
                         : dx__io_open(output, fd, g_ptr_array_index(entries, i),
                                       O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        if (sub_fd < 0)
            return g_steal_pointer(&name);
        stranger = find_stranger(output, sub_fd, below, names);
        dx__io_close(output, sub_fd);
    }
    return stranger;
}

GHashTable *dx__output_claim_old(const DxOutput *output, const char *name, GError **error)
{
    const int fd = dx__io_open(output, output->parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    GHashTable *names = NULL;
    g_autofree char *stranger = NULL;
    GString *text;

    if (fd < 0) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: exists and is no directory that could be replaced: %s",
                    output->path, g_strerror(errno));
        return NULL;
    }
    text = read_all(output, fd, DX_MANIFEST);
    if (text) {
        names = dx__manifest_names(text, NULL);
        g_string_free(text, TRUE);
    }
    if (!names)
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "%s: holds no " DX_MANIFEST " of ours, so it is not replaced; move it away or choose "
                    "another directory",
                    output->path);
    else if ((stranger = find_stranger(output, fd, "", names))) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "%s: holds \"%s\", which is not in its " DX_MANIFEST ", so it is not replaced; move that "
                    "file away or choose another directory",
                    output->path, stranger);
        g_clear_pointer(&names, g_hash_table_unref);
    }
    dx__io_close(output, fd);
    return names;
}

bool dx__output_remove(const DxOutput *output, const char *name, GHashTable *names)
{
    const int fd = dx__io_open(output, output->parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    bool all = fd >= 0;
    GHashTableIter iter;
    gpointer file;

    g_hash_table_iter_init(&iter, names);
    while (all && g_hash_table_iter_next(&iter, &file, NULL)) {
        const char *base;
        int sub_fd;

        if (!strcmp(file, DX_MARK))
            continue;
        sub_fd = dx__output_open_parent(output, fd, file, &base);
        all = (sub_fd >= 0 && !dx__io_unlink(output, sub_fd, base, 0)) || errno == ENOENT;
        if (sub_fd >= 0)
            dx__io_close(output, sub_fd);
    }
    g_hash_table_iter_init(&iter, names);
    while (all && g_hash_table_iter_next(&iter, &file, NULL)) {
        const char *slash = strchr(file, '/');
        g_autofree char *part = slash ? g_strndup(file, (gsize)(slash - (const char *)file)) : NULL;

        all = !part || !dx__io_unlink(output, fd, part, AT_REMOVEDIR) || errno == ENOENT;
    }
    all = all &&
          (!dx__io_unlink(output, fd, DX_MARK, 0) || errno == ENOENT); /* last: it says whose all this was */
    if (fd >= 0)
        dx__io_close(output, fd);
    return all && !dx__io_unlink(output, output->parent_fd, name, AT_REMOVEDIR);
}

/* -- what a run has left behind ---------------------------------------------------------------------- */

/* Names in the mark: of a plain form all of them, or it is not ours. Takes @text; NULL: there is none. */
static GHashTable *names_of_mark(GString *text)
{
    GHashTable *names = NULL;

    if (text && g_str_has_prefix(text->str, DX_MARK_LINE)) {
        g_auto(GStrv) lines = g_strsplit(text->str + strlen(DX_MARK_LINE), "\n", -1);

        names = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
        g_hash_table_add(names, g_strdup(DX_MANIFEST));
        g_hash_table_add(names, g_strdup(DX_MARK));
        for (char **line = lines; *line; line++) /* the last one may have been cut short, or is empty */
            if (line[1] && dx__is_plain_name(*line))
                g_hash_table_add(names, g_strdup(*line));
    }
    if (text)
        g_string_free(text, TRUE);
    return names;
}

/* Names in the manifest of a run that was stopped. A complete output is not left behind, whatever it is
 * called. */
static GHashTable *names_of_stopped(GString *text)
{
    bool is_complete = true;
    GHashTable *names = text ? dx__manifest_names(text, &is_complete) : NULL;

    if (text)
        g_string_free(text, TRUE);
    if (is_complete)
        g_clear_pointer(&names, g_hash_table_unref);
    return names;
}

/* All that is in it, if it was left behind by ours and holds nothing else. */
static GHashTable *names_of_leftover(const DxOutput *output, int fd, GError **error)
{
    GHashTable *names = names_of_mark(read_all(output, fd, DX_MARK));
    g_autofree char *stranger = NULL;

    if (!names)
        names = names_of_stopped(read_all(output, fd, DX_MANIFEST));
    if (!names)
        g_set_error(
            error, DX_ERROR, DX_ERROR_IO,
            "%s: was not left behind by a run of ours, so it is not cleared away; move it, or choose another "
            "directory",
            output->partial_path);
    else if ((stranger = find_stranger(output, fd, "", names))) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "%s: holds \"%s\", which no run of ours wrote, so it is not cleared away; move that "
                    "file, or choose "
                    "another directory",
                    output->partial_path, stranger);
        g_clear_pointer(&names, g_hash_table_unref);
    }
    return names;
}

static bool clear(const DxOutput *output, int fd, GError **error)
{
    g_autoptr(GHashTable) names = names_of_leftover(output, fd, error);

    return names && (dx__output_remove(output, output->partial_name, names) ||
                     dx__output_fail(error, output->partial_path, NULL, errno));
}

/* Before the manifest goes, so that it is ours all the time. */
static bool mark_again(const DxOutput *output, int fd, const char *name)
{
    g_autofree char *text = g_strconcat(DX_MARK_LINE, name, "\n", NULL);
    const ssize_t n = (ssize_t)strlen(text);
    int mark_fd = dx__io_open(output, fd, DX_MARK, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    bool done;

    if (mark_fd < 0)
        return errno == EEXIST;
    done = dx__io_write(output, mark_fd, text, (size_t)n) == n;
    return !dx__io_close(output, mark_fd) && done;
}

GString *dx__output_take_leftover(const DxOutput *output, int fd, const char *name, GError **error)
{
    g_autoptr(GHashTable) names = names_of_leftover(output, fd, error);
    GHashTableIter iter;
    gpointer file;
    GString *text;

    if (!names)
        return NULL;
    if (!g_hash_table_contains(names, name)) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "%s: holds no %s to go on from; clear it away with --force, or choose another directory",
                    output->partial_path, name);
        return NULL;
    }
    text = read_up_to(output, fd, name, G_MAXINT);
    if (!text && errno == ENOENT) /* named, but not made yet */
        text = g_string_new(NULL);
    if (!text || !mark_again(output, fd, name)) {
        dx__output_fail(error, output->partial_path, name, errno);
        if (text)
            g_string_free(g_steal_pointer(&text), TRUE);
        return NULL;
    }
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &file, NULL))
        if (strcmp(file, DX_MARK) && strcmp(file, name))
            dx__io_unlink(output, fd, file, 0);
    return text;
}

bool dx__output_clear_leftover(const DxOutput *output, GError **error)
{
    const int fd =
        dx__io_open(output, output->parent_fd, output->partial_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    bool done = false;

    if (fd < 0)
        return dx__output_fail(error, output->partial_path, NULL, errno);
    if (!dx__io_lock(output, fd))
        done = clear(output, fd, error);
    else if (errno == EWOULDBLOCK)
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "%s: another run is writing there; choose another directory", output->partial_path);
    else
        dx__output_fail(error, output->partial_path, NULL, errno);
    dx__io_close(output, fd);
    return done;
}
