/*
 * verify - is an output directory complete, and as it was written?
 *
 *   manifest.json   read, strictly; its status is "complete"
 *   each file       a regular file, of this size, with this SHA-256
 *   nothing else    neither here nor one level down, which is where plots/ is
 *
 * Nothing is followed out of the directory: no symbolic links, no names with "..", no waiting for a pipe.
 */
#include <dxsim/verify.h>
#include "hash-priv.h"
#include "json-priv.h"
#include "output-priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST           DX_MANIFEST
#define MANIFEST_MAX_BYTES (16u << 20)
#define BLOCK_BYTES        (64u << 10)

typedef struct {
    const char *dir;
    int fd;
    GPtrArray *problems;
    GHashTable *names; /* that the manifest names */
} Check;

static void problem(Check *check, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* @name: as found, so any bytes; NULL: the directory itself. */
static void problem(Check *check, const char *name, const char *format, ...)
{
    g_autofree char *path = name ? g_build_filename(check->dir, name, NULL) : g_strdup(check->dir);
    g_autofree char *valid = g_utf8_make_valid(path, -1);
    g_autofree char *shown = dx__json_escape(valid);
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(check->problems, g_strconcat(shown, ": ", text, NULL));
}

/* -- files ------------------------------------------------------------------------------------------- */

/* A regular file below the directory, or -1 with a problem. */
static int open_regular(Check *check, const char *name, struct stat *info)
{
    const int fd = openat(check->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        problem(check, name, "%s", errno == ELOOP ? "is a symbolic link" : g_strerror(errno));
        return -1;
    }
    if (!fstat(fd, info) && S_ISREG(info->st_mode))
        return fd;
    problem(check, name, "is no regular file");
    close(fd);
    return -1;
}

/* -1: could not be read. */
static ssize_t read_block(int fd, void *block, size_t n)
{
    ssize_t done;

    do
        done = read(fd, block, n);
    while (done < 0 && errno == EINTR);
    return done;
}

static void check_content(Check *check, const char *name, uint64_t size_bytes, const char *sha256)
{
    struct stat info;
    const int fd = open_regular(check, name, &info);
    g_autoptr(GChecksum) checksum = NULL;
    g_autofree guchar *block = NULL;
    ssize_t n;

    if (fd < 0)
        return;
    if ((uint64_t)info.st_size != size_bytes) {
        problem(check, name, "has %" PRIu64 " bytes, was written with %" PRIu64, (uint64_t)info.st_size,
                size_bytes);
        close(fd);
        return;
    }
    checksum = g_checksum_new(G_CHECKSUM_SHA256);
    block = g_malloc(BLOCK_BYTES);
    while ((n = read_block(fd, block, BLOCK_BYTES)) > 0)
        g_checksum_update(checksum, block, n);
    if (n < 0)
        problem(check, name, "%s", g_strerror(errno));
    else if (strcmp(g_checksum_get_string(checksum), sha256))
        problem(check, name, "has changed: its SHA-256 is not that of the manifest");
    close(fd);
}

/* -- the manifest ------------------------------------------------------------------------------------ */

static GString *read_manifest(Check *check)
{
    struct stat info;
    const int fd = open_regular(check, MANIFEST, &info);
    GString *text;
    char block[4096];
    ssize_t n = 0;

    if (fd < 0)
        return NULL;
    text = g_string_new(NULL);
    while (text->len <= MANIFEST_MAX_BYTES && (n = read_block(fd, block, sizeof block)) > 0)
        g_string_append_len(text, block, n);
    if (n < 0 || text->len > MANIFEST_MAX_BYTES) {
        problem(check, MANIFEST, "%s", n < 0 ? g_strerror(errno) : "too large to be one of ours");
        g_string_free(text, TRUE);
        text = NULL;
    }
    close(fd);
    return text;
}

static bool is_part(const char *part, size_t n)
{
    if (!n || !g_ascii_isalnum(part[0]))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isalnum(part[i]) && !strchr("_.-", part[i]))
            return false;
    return true;
}

/* The names that a run gives: "x" or "plots/x". */
static bool is_our_name(const char *name)
{
    const char *slash = strchr(name, '/');

    if (!slash)
        return is_part(name, strlen(name)) && strcmp(name, MANIFEST);
    return is_part(name, (size_t)(slash - name)) && is_part(slash + 1, strlen(slash + 1));
}

static const DxJson *member(DxJsonDoc *doc, const DxJson *object, const char *key, DxJsonType type)
{
    const DxJson *value = dx__json_member(doc, object, key);

    return value && value->type == type ? value : NULL;
}

static void check_entry(Check *check, DxJsonDoc *doc, const DxJson *entry)
{
    const DxJson *name = member(doc, entry, "name", DX_JSON_STRING);
    const DxJson *size = member(doc, entry, "size_bytes", DX_JSON_NUMBER);
    const DxJson *sha256 = member(doc, entry, "sha256", DX_JSON_STRING);
    uint64_t size_bytes;

    if (!name || !size || !sha256 || !dx__json_uint64(size, &size_bytes) || !is_our_name(name->text))
        problem(check, MANIFEST, "line %u: this is no file of ours with name, size_bytes and sha256",
                entry->line);
    else if (!g_hash_table_add(check->names, g_strdup(name->text)))
        problem(check, MANIFEST, "line %u: the file is named a second time", entry->line);
    else
        check_content(check, name->text, size_bytes, sha256->text);
}

static void check_parsed(Check *check, DxJsonDoc *doc)
{
    const DxJson *root = dx__json_root(doc);
    const DxJson *status = member(doc, root, "status", DX_JSON_STRING);
    const DxJson *files = member(doc, root, "files", DX_JSON_ARRAY);

    if (!member(doc, root, "dxsim", DX_JSON_STRING) || !status || !files) {
        problem(check, MANIFEST, "is no manifest of ours: \"dxsim\", \"status\" or \"files\" is missing");
        return;
    }
    if (strcmp(status->text, "complete")) {
        g_autofree char *shown = dx__json_escape(status->text);

        problem(check, NULL, "is not complete; the manifest says \"%s\"", shown);
    }
    for (const DxJson *entry = files->child; entry; entry = entry->next)
        check_entry(check, doc, entry);
}

static bool check_manifest(Check *check)
{
    GString *text = read_manifest(check);
    g_autoptr(GError) error = NULL;
    unsigned line, column;
    DxJsonDoc *doc;

    if (!text)
        return false;
    doc = dx__json_parse(text->str, text->len, &line, &column, &error);
    if (doc)
        check_parsed(check, doc);
    else
        problem(check, MANIFEST, "line %u, column %u: %s", line, column, error->message);
    dx__json_free(doc);
    g_string_free(text, TRUE);
    return error == NULL;
}

/* -- what else there is ------------------------------------------------------------------------------ */

/* Is some file of the manifest in the directory @name? */
static bool is_parent(const Check *check, const char *name)
{
    GHashTableIter iter;
    gpointer file;
    const size_t n = strlen(name);

    g_hash_table_iter_init(&iter, check->names);
    while (g_hash_table_iter_next(&iter, &file, NULL))
        if (!strncmp(file, name, n) && ((const char *)file)[n] == '/')
            return true;
    return false;
}

static void check_others(Check *check, const char *below);

static void check_other(Check *check, const char *below, const char *name)
{
    g_autofree char *path = below ? g_strconcat(below, "/", name, NULL) : g_strdup(name);
    struct stat info;

    if (!strcmp(path, MANIFEST) || !strcmp(path, DX_MARK) || g_hash_table_contains(check->names, path))
        return;
    if (!below && is_parent(check, name) && !fstatat(check->fd, name, &info, AT_SYMLINK_NOFOLLOW) &&
        S_ISDIR(info.st_mode))
        check_others(check, name);
    else
        problem(check, path, "is not in the manifest");
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* @below: NULL, or the name of a directory one level down. */
static void check_others(Check *check, const char *below)
{
    const int fd = openat(check->fd, below ? below : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    if (!dir) {
        problem(check, below, "%s", g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            g_ptr_array_add(names, g_strdup(entry->d_name));
    closedir(dir);
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++)
        check_other(check, below, g_ptr_array_index(names, i));
}

GPtrArray *dx_verify(const char *dir, unsigned *n_files)
{
    Check check = { .dir = dir, .problems = g_ptr_array_new_with_free_func(g_free) };
    g_autofree char *name = NULL;

    g_return_val_if_fail(dir != NULL, NULL);
    check.names = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    name = g_path_get_basename(dir);
    check.fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (check.fd < 0) {
        problem(&check, NULL, "%s", g_strerror(errno));
    } else {
        if (g_str_has_suffix(name, ".partial"))
            problem(&check, NULL, "is not complete: a run is still writing there, or was cut short");
        if (check_manifest(&check))
            check_others(&check, NULL);
        close(check.fd);
    }
    if (n_files)
        *n_files = g_hash_table_size(check.names);
    g_hash_table_unref(check.names);
    return check.problems;
}
