/*
 * output-priv.h - the inside of the output layer, for csv.c and for tests
 *
 * Every system call that output.c makes goes through one of its io_ functions, and each of these asks the
 * output's fault hook first: a test makes the k-th call fail and looks at what is left behind.
 */
#ifndef DX_OUTPUT_PRIV_H
#define DX_OUTPUT_PRIV_H

#include <dxsim/output.h>
#include "json-write-priv.h"

#define DX_FILE_BUFFER_BYTES (64u << 10)
#define DX_MANIFEST          "manifest.json"
#define DX_OUTPUT_NAME_MAX   128 /* bytes in a file's name */

/* In DIR.partial, until it has become DIR: that it is ours, and a line for each file before it is opened. */
#define DX_MARK      ".dxsim-partial"
#define DX_MARK_LINE "dxsim writes here\n"
/* Of a sweep: what is done so far. A kill in the last moment may leave it in a complete directory. */
#define DX_JOURNAL "runs.journal"

#define DX_IO_FINE  0
#define DX_IO_SHORT (-1) /* write() or read(): one byte only */

/* Called before a system call. Returns DX_IO_FINE, DX_IO_SHORT, or an errno with which the call is to fail
 * without having been made (close() is made all the same). */
typedef int (*DxIoFault)(const char *call, void *data);

struct DxFile {
    DxOutput *output;
    char *name;
    int fd;      /* -1: closed */
    bool in_row; /* csv.c: the row has a cell */
    char *buffer;
    size_t used;
    uint64_t size_bytes; /* written */
    GChecksum *checksum;
    char *sha256;  /* of a file that was there before; NULL: see checksum */
    GError *error; /* the first */
};

/* manifest.c. @files: DxFile, closed. (transfer full) */
char *dx__manifest_text(const DxManifest *manifest, const GPtrArray *files);
/* Their list, as a member "files". */
void dx__manifest_files(DxJsonWriter *writer, const GPtrArray *files);
/* A setting as it may be shown: without a key that is in it. (transfer full) */
char *dx__manifest_setting(const char *setting);
/* Names in a manifest of ours, its own and the mark's among them. NULL: it is none. @is_complete: may be
 * NULL. */
GHashTable *dx__manifest_names(const GString *text, bool *is_complete);
/* Letters, digits, '_', '.', '-'; one level of directory at most. */
bool dx__is_plain_name(const char *name);

/* All that was written goes to the system. */
void dx__file_flush(DxFile *file);

/* As dx_output_new(), but DIR.partial may be there, left behind by ours with a file @name: its content is in @text
 * (transfer full), and all other files of it go. NULL in @text: there is none, all is new. */
DxOutput *dx__output_take_up(const char *dir, const char *name, GString **text, GError **error);
/* Of a directory taken up: the file @name, cut to the first @length bytes, which are @text, to be written on; or
 * removed. */
DxFile *dx__output_append(DxOutput *output, const char *name, const char *text, gsize length, GError **error);
bool dx__output_unlink(DxOutput *output, const char *name, GError **error);
/* A file of this output is no part of the whole: it goes when the directory is complete, and not before. */
bool dx__output_drop(DxOutput *output, const char *name, GError **error);

/* dx_output_new() with a hook; NULL: none. */
DxOutput *dx__output_new(const char *dir, bool force, DxIoFault fault, void *fault_data, GError **error);

#endif
