/*
 * output-io-priv.h - system calls of the output layer, and the object they belong to
 *
 * Each asks the output's fault hook first.
 */
#ifndef DX_OUTPUT_IO_PRIV_H
#define DX_OUTPUT_IO_PRIV_H

#include "output-priv.h"

#include <sys/stat.h>
#include <sys/types.h>

struct DxOutput {
    char *path, *partial_path; /* as given, for messages and for gnuplot */
    char *name, *partial_name; /* below the parent */
    int parent_fd, fd, mark_fd;
    bool force, is_moved; /* is_moved: DIR.partial has become DIR */
    char *head;           /* of one that is amended: its manifest up to the list of files; else NULL */
    bool is_taken_up;     /* DIR.partial was there */
    char *dropped;        /* a file that goes when the directory is complete; NULL: none */
    GPtrArray *files;     /* DxFile, in order of opening */
    DxIoFault fault;
    void *fault_data;
};

/* As the calls of the system, with errno. */
int dx__io_open(const DxOutput *output, int dir_fd, const char *name, int flags);
int dx__io_mkdir(const DxOutput *output, int dir_fd, const char *name);
int dx__io_stat(const DxOutput *output, int dir_fd, const char *name, struct stat *info);
int dx__io_rename(const DxOutput *output, const char *from, const char *to, unsigned flags);
int dx__io_unlink(const DxOutput *output, int dir_fd, const char *name, int flags);
ssize_t dx__io_write(const DxOutput *output, int fd, const void *data, size_t n);
int dx__io_truncate(const DxOutput *output, int fd, size_t length);
/* Of the mark: all of it, or an error. */
bool dx__io_mark(const DxOutput *output, const char *name);
ssize_t dx__io_read(const DxOutput *output, int fd, void *data, size_t n);
int dx__io_close(const DxOutput *output, int fd);
/* Nobody else, as long as @fd is open. */
int dx__io_lock(const DxOutput *output, int fd);
/* Names of everything in the directory @fd, which stays open; NULL: see errno. (transfer full) */
GPtrArray *dx__io_list(const DxOutput *output, int fd);

/* A handle of the directory that holds @name, and the rest of the name. @fd itself stays open. */
int dx__output_open_parent(const DxOutput *output, int fd, const char *name, const char **base);
/* "PATH/NAME: what errno says". @name may be NULL. Returns false. */
bool dx__output_fail(GError **error, const char *path, const char *name, int failure);

/* output.c */
void dx__output_free(DxOutput *output);
void dx__file_free(gpointer file);
/* output-amend.c: one of this name is replaced. */
bool dx__output_forget(DxOutput *output, int dir_fd, const char *base, const char *name);

/* output-old.c: what is there already.
 *
 * Names of the files in directory @name, if it is a complete output of ours and holds nothing else. */
GHashTable *dx__output_claim_old(const DxOutput *output, const char *name, GError **error);
/* @names below the directory @name of the parent, and the directories when they are empty. */
bool dx__output_remove(const DxOutput *output, const char *name, GHashTable *names);
/* DIR.partial that a run of ours has left behind, unless it is still running. */
bool dx__output_clear_leftover(const DxOutput *output, GError **error);
/* DIR.partial, open at @fd, that a run of ours has left behind: the content of its file @name. All other files go, a
 * mark stays. */
GString *dx__output_take_leftover(const DxOutput *output, int fd, const char *name, GError **error);

#endif
