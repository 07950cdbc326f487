/*
 * output-amend - more files for an output that is complete
 *
 * Only for one that is just as its manifest says: what somebody has changed or added there is not ours to
 * replace. The manifest is written last, so one that is cut short is told by dx_verify().
 */
#include <dxsim/verify.h>
#include "json-priv.h"
#include "json-write-priv.h"
#include "output-io-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define MANIFEST_NEW "manifest.json.new"

static void add_entry(DxOutput *output, DxJsonDoc *doc, const DxJson *entry)
{
    DxFile *file = g_new0(DxFile, 1);
    const DxJson *size = dx__json_member(doc, entry, "size_bytes");

    file->output = output;
    file->name = g_strdup(dx__json_member(doc, entry, "name")->text);
    file->sha256 = g_strdup(dx__json_member(doc, entry, "sha256")->text);
    dx__json_uint64(size, &file->size_bytes);
    file->fd = -1;
    g_ptr_array_add(output->files, file);
}

/* What stands before the list of files, which is the last there is. */
static char *head_of(const char *text, const DxJson *files)
{
    const char *line = text;

    for (unsigned i = 1; i < files->key_line; i++)
        line = strchr(line, '\n') + 1;
    return g_strndup(text, (gsize)(line - text) + files->key_column - 1);
}

/* Of a manifest that has been verified. */
static bool read_manifest(DxOutput *output, GError **error)
{
    g_autofree char *path = g_build_filename(output->path, DX_MANIFEST, NULL), *text = NULL;
    g_autoptr(GError) cause = NULL;
    const DxJson *files = NULL;
    DxJsonDoc *doc = NULL;
    unsigned line, column;
    gsize length;

    if (g_file_get_contents(path, &text, &length, &cause))
        doc = dx__json_parse(text, length, &line, &column, &cause);
    if (doc)
        files = dx__json_member(doc, dx__json_root(doc), "files");
    if (files && !files->next) {
        dx_json_each (entry, files)
            add_entry(output, doc, entry);
        output->head = head_of(text, files);
    } else {
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: %s", path,
                    cause ? cause->message : "does not end with its list of files");
    }
    dx__json_free(doc);
    return output->head != NULL;
}

static bool is_as_written(const char *dir, GError **error)
{
    g_autoptr(GPtrArray) problems = dx_verify(dir, NULL);

    if (!problems->len)
        return true;
    g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s; nothing is written there: name another directory with -o",
                (char *)g_ptr_array_index(problems, 0));
    return false;
}

DxOutput *dx_output_amend(const char *dir, GError **error)
{
    DxOutput *output;

    g_return_val_if_fail(dir != NULL, NULL);
    output = g_new0(DxOutput, 1);
    output->path = g_strdup(dir);
    output->partial_path = g_strdup(dir);
    output->parent_fd = output->mark_fd = -1;
    output->files = g_ptr_array_new_with_free_func(dx__file_free);
    output->fd = dx__io_open(output, AT_FDCWD, dir, O_RDONLY | O_DIRECTORY);
    if (output->fd < 0)
        dx__output_fail(error, dir, NULL, errno);
    else if (dx__io_lock(output, output->fd) && errno == EWOULDBLOCK)
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: somebody else is writing there", dir);
    else if (is_as_written(dir, error) && read_manifest(output, error))
        return output;
    dx__output_free(output);
    return NULL;
}

bool dx__output_forget(DxOutput *output, int dir_fd, const char *base, const char *name)
{
    for (guint i = 0; i < output->files->len; i++)
        if (!strcmp(((DxFile *)g_ptr_array_index(output->files, i))->name, name)) {
            g_ptr_array_remove_index(output->files, i);
            break;
        }
    return !dx__io_unlink(output, dir_fd, base, 0) || errno == ENOENT;
}

/* The same as before, but for the list. */
static char *manifest_text(const DxOutput *output, const GPtrArray *files)
{
    static const char opening[] = "{\n  ";
    g_autofree char *list = NULL;
    DxJsonWriter writer;

    dx__json_write_init(&writer);
    dx__manifest_files(&writer, files);
    list = dx__json_write_finish(&writer);
    return g_strconcat(output->head, list + strlen(opening), NULL);
}

bool dx_output_amended(DxOutput *output, GError **error)
{
    bool done = true;
    DxFile *file;

    g_return_val_if_fail(output != NULL && output->head != NULL, false);
    for (guint i = 0; i < output->files->len && done; i++)
        done = dx_file_close(g_ptr_array_index(output->files, i), error);
    if (done) {
        g_autofree char *text = manifest_text(output, output->files);

        dx__io_unlink(output, output->fd, MANIFEST_NEW, 0);
        file = dx_output_open(output, MANIFEST_NEW, error);
        if (file)
            dx_file_write(file, text, strlen(text));
        done = file && dx_file_close(file, error);
    }
    if (done && renameat(output->fd, MANIFEST_NEW, output->fd, DX_MANIFEST)) {
        dx__output_fail(error, output->path, DX_MANIFEST, errno);
        done = false;
    }
    dx__output_free(output);
    return done;
}
