/*
 * output - the output directory
 *
 *   mkdir DIR.partial          the claim: atomic, so one run wins; locked and marked as ours
 *   openat, write, close       below a handle of the directory, every result checked
 *   manifest.json              last: name, size and SHA-256 of each file
 *   renameat2 DIR.partial DIR  never onto something that is there
 *
 * With force, DIR is exchanged for DIR.partial in one step, and then the old one is removed: the files that
 * its manifest names and nothing else. No date is written: the same run gives the same bytes.
 *
 * Not done: fsync(). After a power failure a complete directory may hold files that are not; their checksums
 * say so.
 */
#include "output-io-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* -- making and freeing ------------------------------------------------------------------------------ */

static void file_close_fd(DxFile *file)
{
    if (file->fd >= 0 && dx__io_close(file->output, file->fd) && !file->error)
        dx__output_fail(&file->error, file->output->partial_path, file->name, errno);
    file->fd = -1;
    g_clear_pointer(&file->buffer, g_free);
}

void dx__file_free(gpointer data)
{
    DxFile *file = data;

    file_close_fd(file);
    if (file->checksum)
        g_checksum_free(file->checksum);
    g_free(file->sha256);
    g_clear_error(&file->error);
    g_free(file->name);
    g_free(file);
}

void dx__output_free(DxOutput *output)
{
    g_ptr_array_unref(output->files);
    if (output->mark_fd >= 0)
        dx__io_close(output, output->mark_fd);
    if (output->fd >= 0)
        dx__io_close(output, output->fd);
    if (output->parent_fd >= 0)
        dx__io_close(output, output->parent_fd);
    g_free(output->dropped);
    g_free(output->path);
    g_free(output->partial_path);
    g_free(output->name);
    g_free(output->partial_name);
    g_free(output->head);
    g_free(output);
}

/* The directory's path without slashes at its end, cut into parent and name. */
static bool set_path(DxOutput *output, const char *dir, GError **error)
{
    size_t n = strlen(dir);
    g_autofree char *parent = NULL;

    while (n > 1 && dir[n - 1] == '/')
        n--;
    output->path = g_strndup(dir, n);
    output->name = g_path_get_basename(output->path);
    if (!n || !strcmp(output->name, "/") || !strcmp(output->name, ".") || !strcmp(output->name, "..")) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "\"%s\" cannot be made as an output directory; name a new one, such as \"out\"", dir);
        return false;
    }
    output->partial_path = g_strconcat(output->path, ".partial", NULL);
    output->partial_name = g_strconcat(output->name, ".partial", NULL);
    parent = g_path_get_dirname(output->path);
    output->parent_fd = dx__io_open(output, AT_FDCWD, parent, O_RDONLY | O_DIRECTORY);
    return output->parent_fd >= 0 || dx__output_fail(error, parent, NULL, errno);
}

static bool check_old(const DxOutput *output, GError **error)
{
    struct stat info;
    g_autoptr(GHashTable) names = NULL;

    if (dx__io_stat(output, output->parent_fd, output->name, &info))
        return errno == ENOENT || dx__output_fail(error, output->path, NULL, errno);
    if (output->force) {
        names = dx__output_claim_old(output, output->name, error);
        return names != NULL;
    }
    g_set_error(error, DX_ERROR, DX_ERROR_IO,
                "%s: exists already; choose another directory, or replace it with --force", output->path);
    return false;
}

/* With force, instead of what a run has left behind there. */
static bool make_partial(const DxOutput *output, GError **error)
{
    if (!dx__io_mkdir(output, output->parent_fd, output->partial_name))
        return true;
    if (errno != EEXIST)
        return dx__output_fail(error, output->partial_path, NULL, errno);
    if (!output->force) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "%s: exists already: another run is writing there, or one was cut short; choose another "
                    "directory, or clear it away with --force",
                    output->partial_path);
        return false;
    }
    return dx__output_clear_leftover(output, error) &&
           (!dx__io_mkdir(output, output->parent_fd, output->partial_name) ||
            dx__output_fail(error, output->partial_path, NULL, errno));
}

/* Locked before it is marked: what has a mark and no lock was left behind. */
static bool mark(DxOutput *output)
{
    dx__io_lock(output,
                output->fd); /* a file system without locks: others must not clear it away, that is all */
    output->mark_fd = dx__io_open(output, output->fd, DX_MARK, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    return output->mark_fd >= 0 && dx__io_mark(output, DX_MARK_LINE);
}

static void unmark(DxOutput *output)
{
    if (output->mark_fd >= 0) {
        dx__io_close(output, output->mark_fd);
        dx__io_unlink(output, output->fd, DX_MARK, 0);
    }
    output->mark_fd = -1;
}

static bool claim(DxOutput *output, GError **error)
{
    if (!make_partial(output, error))
        return false;
    output->fd =
        dx__io_open(output, output->parent_fd, output->partial_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (output->fd >= 0 && mark(output))
        return true;
    dx__output_fail(error, output->partial_path, NULL, errno);
    if (output->fd >= 0)
        unmark(output);
    dx__io_unlink(output, output->parent_fd, output->partial_name, AT_REMOVEDIR);
    return false;
}

static DxOutput *output_alloc(bool force)
{
    DxOutput *output = g_new0(DxOutput, 1);

    output->fd = output->parent_fd = output->mark_fd = -1;
    output->force = force;
    output->files = g_ptr_array_new_with_free_func(dx__file_free);
    return output;
}

DxOutput *dx__output_new(const char *dir, bool force, DxIoFault fault, void *fault_data, GError **error)
{
    DxOutput *output;

    g_return_val_if_fail(dir != NULL, NULL);
    output = output_alloc(force);
    output->fault = fault;
    output->fault_data = fault_data;
    if (set_path(output, dir, error) && check_old(output, error) && claim(output, error))
        return output;
    dx__output_free(output);
    return NULL;
}

DxOutput *dx_output_new(const char *dir, bool force, GError **error)
{
    return dx__output_new(dir, force, NULL, NULL, error);
}

/* What was left behind at @fd becomes ours again. */
static bool take_up(DxOutput *output, const char *name, GString **text, GError **error)
{
    if (dx__io_lock(output, output->fd) && errno == EWOULDBLOCK) {
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: another run is writing there", output->partial_path);
        return false;
    }
    *text = dx__output_take_leftover(output, output->fd, name, error);
    if (!*text)
        return false;
    output->mark_fd = dx__io_open(output, output->fd, DX_MARK, O_WRONLY | O_APPEND | O_NOFOLLOW);
    return output->mark_fd >= 0 || dx__output_fail(error, output->partial_path, DX_MARK, errno);
}

DxOutput *dx__output_take_up(const char *dir, const char *name, GString **text, GError **error)
{
    DxOutput *output = output_alloc(false);
    bool done = set_path(output, dir, error) && check_old(output, error);

    *text = NULL;
    if (done) {
        output->fd =
            dx__io_open(output, output->parent_fd, output->partial_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        output->is_taken_up = output->fd >= 0;
        if (output->is_taken_up)
            done = take_up(output, name, text, error);
        else
            done = errno == ENOENT ? claim(output, error)
                                   : dx__output_fail(error, output->partial_path, NULL, errno);
    }
    if (done)
        return output;
    if (*text)
        g_string_free(g_steal_pointer(text), TRUE);
    dx__output_free(output);
    return NULL;
}

const char *dx_output_path(const DxOutput *output)
{
    return output->partial_path;
}

void dx_output_abandon(DxOutput *output)
{
    if (!output)
        return;
    if (!output->files->len && !output->is_taken_up) /* nothing was written: nothing is left behind */
        unmark(output);
    dx__io_unlink(output, output->parent_fd, output->partial_name, AT_REMOVEDIR);
    dx__output_free(output);
}

/* -- files ------------------------------------------------------------------------------------------- */

static bool note(const DxOutput *output, const char *name, GError **error)
{
    g_autofree char *line = g_strconcat(name, "\n", NULL);

    return dx__io_mark(output, line) || dx__output_fail(error, output->partial_path, DX_MARK, errno);
}

static bool make_sub_directory(const DxOutput *output, const char *name, GError **error)
{
    const char *slash = strchr(name, '/');
    g_autofree char *part = slash ? g_strndup(name, (gsize)(slash - name)) : NULL;

    if (part && dx__io_mkdir(output, output->fd, part) && errno != EEXIST)
        return dx__output_fail(error, output->partial_path, part, errno);
    return true;
}

static DxFile *file_new(DxOutput *output, const char *name, int fd)
{
    DxFile *file = g_new0(DxFile, 1);

    file->output = output;
    file->name = g_strdup(name);
    file->fd = fd;
    file->buffer = g_malloc(DX_FILE_BUFFER_BYTES);
    file->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_ptr_array_add(output->files, file);
    return file;
}

/* Not for the world: any plain name, the manifest's too. */
static DxFile *open_file(DxOutput *output, const char *name, GError **error)
{
    const char *base;
    int dir_fd, fd, failure;

    if ((!output->head && !note(output, name, error)) || !make_sub_directory(output, name, error))
        return NULL;
    dir_fd = dx__output_open_parent(output, output->fd, name, &base);
    if (output->head && dir_fd >= 0 && !dx__output_forget(output, dir_fd, base, name)) {
        dx__output_fail(error, output->path, name, errno);
        dx__io_close(output, dir_fd);
        return NULL;
    }
    fd = dir_fd < 0 ? -1 : dx__io_open(output, dir_fd, base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    failure = errno;
    if (dir_fd >= 0)
        dx__io_close(output, dir_fd);
    if (fd < 0) {
        dx__output_fail(error, output->partial_path, name, failure);
        return NULL;
    }
    return file_new(output, name, fd);
}

DxFile *dx__output_append(DxOutput *output, const char *name, const char *text, gsize length, GError **error)
{
    const int fd = dx__io_open(output, output->fd, name, O_WRONLY | O_APPEND | O_NOFOLLOW);
    DxFile *file;

    if (fd < 0 || dx__io_truncate(output, fd, length)) {
        dx__output_fail(error, output->partial_path, name, errno);
        if (fd >= 0)
            dx__io_close(output, fd);
        return NULL;
    }
    file = file_new(output, name, fd);
    g_checksum_update(file->checksum, (const guchar *)text, (gssize)length);
    file->size_bytes = length;
    return file;
}

bool dx__output_unlink(DxOutput *output, const char *name, GError **error)
{
    return !dx__io_unlink(output, output->fd, name, 0) || errno == ENOENT ||
           dx__output_fail(error, output->partial_path, name, errno);
}

bool dx__output_drop(DxOutput *output, const char *name, GError **error)
{
    for (guint i = 0; i < output->files->len; i++) {
        DxFile *file = g_ptr_array_index(output->files, i);

        if (strcmp(file->name, name))
            continue;
        if (!dx_file_close(file, error))
            return false;
        g_ptr_array_remove_index(output->files, i);
        break;
    }
    g_free(output->dropped);
    output->dropped = g_strdup(name);
    return true;
}

DxFile *dx_output_open(DxOutput *output, const char *name, GError **error)
{
    g_return_val_if_fail(output != NULL && name != NULL, NULL);
    if (dx__is_plain_name(name) && strcmp(name, DX_MANIFEST))
        return open_file(output, name, error);
    g_set_error(error, DX_ERROR, DX_ERROR_IO, "\"%.*s\" is no plain file name", DX_OUTPUT_NAME_MAX, name);
    return NULL;
}

static void write_through(DxFile *file, const char *data, size_t n)
{
    g_checksum_update(file->checksum, (const guchar *)data, (gssize)n);
    while (n && !file->error) {
        const ssize_t done = dx__io_write(file->output, file->fd, data, n);

        if (done > 0) {
            data += done;
            n -= (size_t)done;
            file->size_bytes += (uint64_t)done;
        } else if (!done || errno != EINTR) {
            dx__output_fail(&file->error, file->output->partial_path, file->name, done ? errno : EIO);
        }
    }
}

void dx__file_flush(DxFile *file)
{
    if (!file->error)
        write_through(file, file->buffer, file->used);
    file->used = 0;
}

void dx_file_write(DxFile *file, const void *data, size_t n)
{
    g_return_if_fail(file->fd >= 0);
    if (file->error)
        return;
    if (n > DX_FILE_BUFFER_BYTES - file->used)
        dx__file_flush(file);
    if (n >= DX_FILE_BUFFER_BYTES) {
        write_through(file, data, n);
        return;
    }
    memcpy(file->buffer + file->used, data, n);
    file->used += n;
}

void dx_file_printf(DxFile *file, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    dx_file_write(file, text, strlen(text));
}

bool dx_file_check(const DxFile *file, GError **error)
{
    if (file->error)
        g_propagate_error(error, g_error_copy(file->error));
    return !file->error;
}

bool dx_file_close(DxFile *file, GError **error)
{
    if (file->fd >= 0) {
        dx__file_flush(file);
        file_close_fd(file);
    }
    return dx_file_check(file, error);
}

/* -- the end ----------------------------------------------------------------------------------------- */

static bool write_manifest(DxOutput *output, const DxManifest *manifest, GError **error)
{
    g_autofree char *text = dx__manifest_text(manifest, output->files);
    DxFile *file = open_file(output, DX_MANIFEST, error);

    if (file)
        dx_file_write(file, text, strlen(text));
    return file && dx_file_close(file, error);
}

/* File systems without renameat2() flags (NFS, some FUSE): an empty directory made now is as good a claim,
 * and rename() replaces nothing else. */
static bool rename_new_without_flags(const DxOutput *output)
{
    if (dx__io_mkdir(output, output->parent_fd, output->name))
        return false;
    if (!dx__io_rename(output, output->partial_name, output->name, 0))
        return true;
    dx__io_unlink(output, output->parent_fd, output->name, AT_REMOVEDIR);
    return false;
}

static bool rename_new(DxOutput *output, GError **error)
{
    output->is_moved = !dx__io_rename(output, output->partial_name, output->name, RENAME_NOREPLACE) ||
                       ((errno == EINVAL || errno == ENOSYS) && rename_new_without_flags(output));
    return output->is_moved || dx__output_fail(error, output->path, NULL, errno);
}

/* DIR is a complete output of ours: it goes when DIR.partial has taken its place. */
static bool rename_over_old(DxOutput *output, GError **error)
{
    g_autoptr(GHashTable) names = dx__output_claim_old(output, output->name, error);
    g_autofree char *aside = g_strconcat(output->name, ".old", NULL);
    const char *old = output->partial_name;

    if (!names)
        return false;
    output->is_moved = !dx__io_rename(output, output->partial_name, output->name, RENAME_EXCHANGE);
    if (!output->is_moved) {
        if (errno != EINVAL && errno != ENOSYS)
            return dx__output_fail(error, output->path, NULL, errno);
        old = aside;
        if (dx__io_rename(output, output->name, aside, 0))
            return dx__output_fail(error, output->path, NULL, errno);
        if (!rename_new(output, error)) {
            dx__io_rename(output, aside, output->name, 0);
            return false;
        }
    }
    if (dx__output_remove(output, old, names))
        return true;
    g_set_error(error, DX_ERROR, DX_ERROR_IO,
                "%s: complete, but the old output could not be removed and is now \"%s\": %s", output->path,
                old, g_strerror(errno));
    return false;
}

static bool close_files(DxOutput *output, GError **error)
{
    for (guint i = 0; i < output->files->len; i++)
        if (!dx_file_close(g_ptr_array_index(output->files, i), error))
            return false;
    return true;
}

static bool finish(DxOutput *output, const DxManifest *manifest, GError **error)
{
    struct stat info;

    if (!close_files(output, error) || !write_manifest(output, manifest, error))
        return false;
    if (output->force && !dx__io_stat(output, output->parent_fd, output->name, &info))
        return rename_over_old(output, error);
    return rename_new(output, error);
}

bool dx_output_finish(DxOutput *output, const DxManifest *manifest, GError **error)
{
    bool done;

    g_return_val_if_fail(output != NULL && manifest != NULL, false);
    done = finish(output, manifest, error);
    if (output->is_moved && output->dropped)
        dx__io_unlink(output, output->fd, output->dropped, 0);
    if (output->is_moved)
        unmark(output);
    else
        dx__io_unlink(output, output->fd, DX_MANIFEST, 0);
    dx__output_free(output);
    return done;
}

bool dx_output_stop(DxOutput *output, const DxManifest *manifest, GError **error)
{
    bool done;

    g_return_val_if_fail(output != NULL && manifest != NULL && manifest->status != NULL, false);
    done = close_files(output, error) && write_manifest(output, manifest, error);
    if (done)
        unmark(output);
    else
        dx__io_unlink(output, output->fd, DX_MANIFEST, 0);
    dx__output_free(output);
    return done;
}

char *dx_sha256(const void *data, size_t n)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, n);
}
