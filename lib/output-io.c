/*
 * output-io - every system call of the output layer, and nothing else
 */
#include "output-io-priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

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

int dx__io_open(const DxOutput *output, int dir_fd, const char *name, int flags)
{
    IO_CALL(output, "openat", -1, openat(dir_fd, name, flags | O_CLOEXEC, 0666));
}

int dx__io_mkdir(const DxOutput *output, int dir_fd, const char *name)
{
    IO_CALL(output, "mkdirat", -1, mkdirat(dir_fd, name, 0777));
}

int dx__io_stat(const DxOutput *output, int dir_fd, const char *name, struct stat *info)
{
    IO_CALL(output, "fstatat", -1, fstatat(dir_fd, name, info, AT_SYMLINK_NOFOLLOW));
}

int dx__io_rename(const DxOutput *output, const char *from, const char *to, unsigned flags)
{
    IO_CALL(output, "renameat2", -1, renameat2(output->parent_fd, from, output->parent_fd, to, flags));
}

int dx__io_unlink(const DxOutput *output, int dir_fd, const char *name, int flags)
{
    IO_CALL(output, "unlinkat", -1, unlinkat(dir_fd, name, flags));
}

ssize_t dx__io_write(const DxOutput *output, int fd, const void *data, size_t n)
{
    const int fault = io_fault(output, "write");

    if (fault > 0) {
        errno = fault;
        return -1;
    }
    return write(fd, data, fault == DX_IO_SHORT ? 1 : n);
}

int dx__io_truncate(const DxOutput *output, int fd, size_t length)
{
    IO_CALL(output, "ftruncate", -1, ftruncate(fd, (off_t)length));
}

bool dx__io_mark(const DxOutput *output, const char *line)
{
    const ssize_t n = (ssize_t)strlen(line);

    IO_CALL(output, "mark", false, write(output->mark_fd, line, (size_t)n) == n);
}

ssize_t dx__io_read(const DxOutput *output, int fd, void *data, size_t n)
{
    const int fault = io_fault(output, "read");

    if (fault > 0) {
        errno = fault;
        return -1;
    }
    return read(fd, data, fault == DX_IO_SHORT ? 1 : n);
}

/* On Linux the descriptor is gone whatever close() says, and EINTR says nothing about the data. */
int dx__io_close(const DxOutput *output, int fd)
{
    const int fault = io_fault(output, "close");
    const int result = close(fd);

    if (fault > 0) {
        errno = fault;
        return -1;
    }
    return result && errno == EINTR ? 0 : result;
}

GPtrArray *dx__io_list(const DxOutput *output, int fd)
{
    const int copy = dx__io_open(output, fd, ".", O_RDONLY | O_DIRECTORY);
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

/* A file system that knows no locks lets everybody in; who clears away has to be sure, see output-old.c. */
int dx__io_lock(const DxOutput *output, int fd)
{
    IO_CALL(output, "flock", -1, flock(fd, LOCK_EX | LOCK_NB));
}

bool dx__output_fail(GError **error, const char *path, const char *name, int failure)
{
    g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s%s%s: %s", path, name ? "/" : "", name ? name : "",
                g_strerror(failure));
    return false;
}

int dx__output_open_parent(const DxOutput *output, int fd, const char *name, const char **base)
{
    const char *slash = strchr(name, '/');
    g_autofree char *part = slash ? g_strndup(name, (gsize)(slash - name)) : g_strdup(".");

    *base = slash ? slash + 1 : name;
    return dx__io_open(output, fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}
