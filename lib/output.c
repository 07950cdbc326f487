/*
 * output - the output directory
 *
 *   mkdir DIR.partial          the claim: atomic, so one run wins
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
#include "output-priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST_MAX_BYTES (16u << 20) /* of an old one, before it is ours */

struct DxOutput {
    char *path, *partial_path; /* as given, for messages and for gnuplot */
    char *name, *partial_name; /* below the parent */
    int parent_fd, fd;
    bool force, is_moved; /* is_moved: DIR.partial has become DIR */
    GPtrArray *files;     /* DxFile, in order of opening */
    DxIoFault fault;
    void *fault_data;
};

/* -- system calls: all of them are here -------------------------------------------------------------- */

static int io_fault(const DxOutput *output, const char *call)
{
    return output->fault ? output->fault(call, output->fault_data) : DX_IO_FINE;
}

#define IO_CALL(output, call, failed, made)                                                                  \
    do {                                                                                                     \
        const int fault = io_fault(output, call);                                                            \
                                                                                                             \
        if (fault > 0) {                                                                                     \
            errno = fault;                                                                                   \
            return failed;                                                                                   \
        }                                                                                                    \
        return made;                                                                                         \
    } while (0)

static int io_open(const DxOutput *output, int dir_fd, const char *name, int flags)
{
    IO_CALL(output, "openat", -1, openat(dir_fd, name, flags | O_CLOEXEC, 0666));
}

static int io_mkdir(const DxOutput *output, int dir_fd, const char *name)
{
    IO_CALL(output, "mkdirat", -1, mkdirat(dir_fd, name, 0777));
}

static int io_stat(const DxOutput *output, int dir_fd, const char *name, struct stat *info)
{
    IO_CALL(output, "fstatat", -1, fstatat(dir_fd, name, info, AT_SYMLINK_NOFOLLOW));
}

static int io_rename(const DxOutput *output, const char *from, const char *to, unsigned flags)
{
    IO_CALL(output, "renameat2", -1, renameat2(output->parent_fd, from, output->parent_fd, to, flags));
}

static int io_unlink(const DxOutput *output, int dir_fd, const char *name, int flags)
{
    IO_CALL(output, "unlinkat", -1, unlinkat(dir_fd, name, flags));
}

static ssize_t io_write(const DxOutput *output, int fd, const void *data, size_t n)
{
    const int fault = io_fault(output, "write");

    if (fault > 0) {
        errno = fault;
        return -1;
    }
    return write(fd, data, fault == DX_IO_SHORT ? 1 : n);
}

static ssize_t io_read(const DxOutput *output, int fd, void *data, size_t n)
{
    const int fault = io_fault(output, "read");

    if (fault > 0) {
        errno = fault;
        return -1;
    }
    return read(fd, data, fault == DX_IO_SHORT ? 1 : n);
}

/* On Linux the descriptor is gone whatever close() says, and EINTR says nothing about the data. */
static int io_close(const DxOutput *output, int fd)
{
    const int fault = io_fault(output, "close");
    const int result = close(fd);

    if (fault > 0) {
        errno = fault;
        return -1;
    }
    return result && errno == EINTR ? 0 : result;
}

/* Names of everything in the directory @fd, which stays open. */
static GPtrArray *io_list(const DxOutput *output, int fd)
{
    const int copy = io_open(output, fd, ".", O_RDONLY | O_DIRECTORY);
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    GPtrArray *names;
    int failure;

    if (!dir) {
        failure = errno;
        if (copy >= 0)
            close(copy);
        errno = failure;
        return NULL;
    }
    names = g_ptr_array_new_with_free_func(g_free);
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            g_ptr_array_add(names, g_strdup(entry->d_name));
    failure = errno;
    closedir(dir);
    if (failure)
        g_clear_pointer(&names, g_ptr_array_unref);
    errno = failure;
    return names;
}

static bool fail(GError **error, const char *path, const char *name, int failure)
{
    g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s%s%s: %s", path, name ? "/" : "", name ? name : "",
                g_strerror(failure));
    return false;
}

/* A handle of the directory that holds @name, and the rest of the name. @fd itself stays open. */
static int open_parent(const DxOutput *output, int fd, const char *name, const char **base)
{
    const char *slash = strchr(name, '/');
    g_autofree char *part = slash ? g_strndup(name, (gsize)(slash - name)) : g_strdup(".");

    *base = slash ? slash + 1 : name;
    return io_open(output, fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/* -- a complete output of ours ----------------------------------------------------------------------- */

static GString *read_all(const DxOutput *output, int dir_fd, const char *name)
{
    const int fd = io_open(output, dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    GString *text;
    char block[4096];
    ssize_t n;

    if (fd < 0)
        return NULL;
    text = g_string_new(NULL);
    do {
        n = io_read(output, fd, block, sizeof block);
        if (n > 0)
            g_string_append_len(text, block, n);
    } while ((n > 0 && text->len <= MANIFEST_MAX_BYTES) || (n < 0 && errno == EINTR));
    io_close(output, fd);
    if (n)
        g_string_free(g_steal_pointer(&text), TRUE);
    return text;
}

/* The first file below @fd that is not in @names, with @prefix: a directory's name and a slash. A directory
 * is looked into if a name begins with it; none is deeper than one level. (transfer full) */
static char *find_stranger(const DxOutput *output, int fd, const char *prefix, GHashTable *names)
{
    g_autoptr(GPtrArray) entries = io_list(output, fd);
    char *stranger = NULL;

    if (!entries)
        return g_strdup(prefix);
    for (guint i = 0; i < entries->len && !stranger; i++) {
        g_autofree char *name = g_strconcat(prefix, g_ptr_array_index(entries, i), NULL);
        g_autofree char *below = g_strconcat(name, "/", NULL);
        int sub_fd;

        if (g_hash_table_contains(names, name))
            continue;
        sub_fd =
            *prefix ? -1
                    : io_open(output, fd, g_ptr_array_index(entries, i), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        if (sub_fd < 0)
            return g_steal_pointer(&name);
        stranger = find_stranger(output, sub_fd, below, names);
        io_close(output, sub_fd);
    }
    return stranger;
}

/* Names of the files in directory @name, if it is a complete output of ours and holds nothing else. */
static GHashTable *claim_old(const DxOutput *output, const char *name, GError **error)
{
    const int fd = io_open(output, output->parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
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
        names = dx__manifest_names(text);
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
    io_close(output, fd);
    return names;
}

/* @names below the directory @name of the parent, and the directories when they are empty. */
static bool remove_old(const DxOutput *output, const char *name, GHashTable *names)
{
    const int fd = io_open(output, output->parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    bool all = fd >= 0;
    GHashTableIter iter;
    gpointer file;

    g_hash_table_iter_init(&iter, names);
    while (all && g_hash_table_iter_next(&iter, &file, NULL)) {
        const char *base;
        const int sub_fd = open_parent(output, fd, file, &base);

        all = (sub_fd >= 0 && !io_unlink(output, sub_fd, base, 0)) || errno == ENOENT;
        if (sub_fd >= 0)
            io_close(output, sub_fd);
    }
    g_hash_table_iter_init(&iter, names);
    while (all && g_hash_table_iter_next(&iter, &file, NULL)) {
        const char *slash = strchr(file, '/');
        g_autofree char *part = slash ? g_strndup(file, (gsize)(slash - (const char *)file)) : NULL;

        all = !part || !io_unlink(output, fd, part, AT_REMOVEDIR) || errno == ENOENT;
    }
    if (fd >= 0)
        io_close(output, fd);
    return all && !io_unlink(output, output->parent_fd, name, AT_REMOVEDIR);
}

/* -- making and freeing ------------------------------------------------------------------------------ */

static void file_close_fd(DxFile *file)
{
    if (file->fd >= 0 && io_close(file->output, file->fd) && !file->error)
        fail(&file->error, file->output->partial_path, file->name, errno);
    file->fd = -1;
    g_clear_pointer(&file->buffer, g_free);
}

static void file_free(gpointer data)
{
    DxFile *file = data;

    file_close_fd(file);
    g_checksum_free(file->checksum);
    g_clear_error(&file->error);
    g_free(file->name);
    g_free(file);
}

static void output_free(DxOutput *output)
{
    g_ptr_array_unref(output->files);
    if (output->fd >= 0)
        io_close(output, output->fd);
    if (output->parent_fd >= 0)
        io_close(output, output->parent_fd);
    g_free(output->path);
    g_free(output->partial_path);
    g_free(output->name);
    g_free(output->partial_name);
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
    output->parent_fd = io_open(output, AT_FDCWD, parent, O_RDONLY | O_DIRECTORY);
    return output->parent_fd >= 0 || fail(error, parent, NULL, errno);
}

static bool check_old(const DxOutput *output, GError **error)
{
    struct stat info;
    g_autoptr(GHashTable) names = NULL;

    if (io_stat(output, output->parent_fd, output->name, &info))
        return errno == ENOENT || fail(error, output->path, NULL, errno);
    if (output->force) {
        names = claim_old(output, output->name, error);
        return names != NULL;
    }
    g_set_error(error, DX_ERROR, DX_ERROR_IO,
                "%s: exists already; choose another directory, or replace it with --force", output->path);
    return false;
}

static bool claim(DxOutput *output, GError **error)
{
    if (io_mkdir(output, output->parent_fd, output->partial_name)) {
        if (errno != EEXIST)
            return fail(error, output->partial_path, NULL, errno);
        g_set_error(error, DX_ERROR, DX_ERROR_IO,
                    "%s: exists already: another run is writing there, or one was cut short; remove it or "
                    "choose another directory",
                    output->partial_path);
        return false;
    }
    output->fd =
        io_open(output, output->parent_fd, output->partial_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (output->fd >= 0)
        return true;
    fail(error, output->partial_path, NULL, errno);
    io_unlink(output, output->parent_fd, output->partial_name, AT_REMOVEDIR);
    return false;
}

DxOutput *dx__output_new(const char *dir, bool force, DxIoFault fault, void *fault_data, GError **error)
{
    DxOutput *output;

    g_return_val_if_fail(dir != NULL, NULL);
    output = g_new0(DxOutput, 1);
    output->fd = output->parent_fd = -1;
    output->force = force;
    output->fault = fault;
    output->fault_data = fault_data;
    output->files = g_ptr_array_new_with_free_func(file_free);
    if (set_path(output, dir, error) && check_old(output, error) && claim(output, error))
        return output;
    output_free(output);
    return NULL;
}

DxOutput *dx_output_new(const char *dir, bool force, GError **error)
{
    return dx__output_new(dir, force, NULL, NULL, error);
}

const char *dx_output_path(const DxOutput *output)
{
    return output->partial_path;
}

void dx_output_abandon(DxOutput *output)
{
    if (!output)
        return;
    io_unlink(output, output->parent_fd, output->partial_name, AT_REMOVEDIR);
    output_free(output);
}

/* -- files ------------------------------------------------------------------------------------------- */

static bool make_sub_directory(const DxOutput *output, const char *name, GError **error)
{
    const char *slash = strchr(name, '/');
    g_autofree char *part = slash ? g_strndup(name, (gsize)(slash - name)) : NULL;

    if (part && io_mkdir(output, output->fd, part) && errno != EEXIST)
        return fail(error, output->partial_path, part, errno);
    return true;
}

/* Not for the world: any plain name, the manifest's too. */
static DxFile *open_file(DxOutput *output, const char *name, GError **error)
{
    const char *base;
    int dir_fd, fd, failure;
    DxFile *file;

    if (!make_sub_directory(output, name, error))
        return NULL;
    dir_fd = open_parent(output, output->fd, name, &base);
    fd = dir_fd < 0 ? -1 : io_open(output, dir_fd, base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    failure = errno;
    if (dir_fd >= 0)
        io_close(output, dir_fd);
    if (fd < 0) {
        fail(error, output->partial_path, name, failure);
        return NULL;
    }
    file = g_new0(DxFile, 1);
    file->output = output;
    file->name = g_strdup(name);
    file->fd = fd;
    file->buffer = g_malloc(DX_FILE_BUFFER_BYTES);
    file->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_ptr_array_add(output->files, file);
    return file;
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
        const ssize_t done = io_write(file->output, file->fd, data, n);

        if (done > 0) {
            data += done;
            n -= (size_t)done;
            file->size_bytes += (uint64_t)done;
        } else if (!done || errno != EINTR) {
            fail(&file->error, file->output->partial_path, file->name, done ? errno : EIO);
        }
    }
}

static void file_flush(DxFile *file)
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
        file_flush(file);
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
        file_flush(file);
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
    if (io_mkdir(output, output->parent_fd, output->name))
        return false;
    if (!io_rename(output, output->partial_name, output->name, 0))
        return true;
    io_unlink(output, output->parent_fd, output->name, AT_REMOVEDIR);
    return false;
}

static bool rename_new(DxOutput *output, GError **error)
{
    output->is_moved = !io_rename(output, output->partial_name, output->name, RENAME_NOREPLACE) ||
                       ((errno == EINVAL || errno == ENOSYS) && rename_new_without_flags(output));
    return output->is_moved || fail(error, output->path, NULL, errno);
}

/* DIR is a complete output of ours: it goes when DIR.partial has taken its place. */
static bool rename_over_old(DxOutput *output, GError **error)
{
    g_autoptr(GHashTable) names = claim_old(output, output->name, error);
    g_autofree char *aside = g_strconcat(output->name, ".old", NULL);
    const char *old = output->partial_name;

    if (!names)
        return false;
    output->is_moved = !io_rename(output, output->partial_name, output->name, RENAME_EXCHANGE);
    if (!output->is_moved) {
        if (errno != EINVAL && errno != ENOSYS)
            return fail(error, output->path, NULL, errno);
        old = aside;
        if (io_rename(output, output->name, aside, 0))
            return fail(error, output->path, NULL, errno);
        if (!rename_new(output, error)) {
            io_rename(output, aside, output->name, 0);
            return false;
        }
    }
    if (remove_old(output, old, names))
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
    if (output->force && !io_stat(output, output->parent_fd, output->name, &info))
        return rename_over_old(output, error);
    return rename_new(output, error);
}

bool dx_output_finish(DxOutput *output, const DxManifest *manifest, GError **error)
{
    bool done;

    g_return_val_if_fail(output != NULL && manifest != NULL, false);
    done = finish(output, manifest, error);
    if (!output->is_moved)
        io_unlink(output, output->fd, DX_MANIFEST, 0);
    output_free(output);
    return done;
}

bool dx_output_stop(DxOutput *output, const DxManifest *manifest, GError **error)
{
    bool done;

    g_return_val_if_fail(output != NULL && manifest != NULL && manifest->status != NULL, false);
    done = close_files(output, error) && write_manifest(output, manifest, error);
    if (!done)
        io_unlink(output, output->fd, DX_MANIFEST, 0);
    output_free(output);
    return done;
}

char *dx_sha256(const void *data, size_t n)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, n);
}
