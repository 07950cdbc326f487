/*
 * sweep-merge - shards become the whole
 *
 * Each shard's directory must be complete and as it was written. All must have the same plan, to the byte,
 * and be each of the shards once.
 */
#include "sweep-journal-priv.h"

#include <dxsim/verify.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool refuse(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (error)
        *error = g_error_new_valist(DX_ERROR, DX_ERROR_REFERENCE, format, args);
    va_end(args);
    return false;
}

static bool is_complete(const char *dir, GError **error)
{
    unsigned n_files;
    g_autoptr(GPtrArray) problems = dx_verify(dir, &n_files);

    if (!problems->len)
        return true;
    g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s", (const char *)g_ptr_array_index(problems, 0));
    return false;
}

static char *read_file(const char *dir, const char *name, gsize *length, GError **error)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    char *text = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        refuse(error, "%s: is no shard of a sweep: there is no %s in it", dir, name);
    else if (!g_file_get_contents(path, &text, length, NULL))
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s: cannot be read", path);
    return text;
}

/* What of it is another one's. */
static const char *difference(const DxSweep *a, const DxSweep *b)
{
    if (strcmp(a->sha256, b->sha256))
        return "another scenario";
    if (strcmp(a->plan->name, b->plan->name))
        return "another sweep";
    if (a->seed != b->seed)
        return "another seed";
    return "other settings, files or plugins";
}

/* "dxsim sweep HASH shard I/N", of six digits at most. */
static bool read_heading(DxSweep *sweep, const char *dir, const char *text, gsize length, gsize *n,
                         GError **error)
{
    const char *line_end = memchr(text, '\n', length), *at;
    g_autofree char *line = g_strndup(text, line_end ? (gsize)(line_end - text) : 0), *heading = NULL;
    unsigned shard = 0, n_shards = 0;

    at = strrchr(line, ' ');
    if (at && sscanf(at, " %6u/%6u", &shard, &n_shards) == 2 && shard >= 1 && shard <= n_shards)
        dx_sweep_set_shard(sweep, shard, n_shards);
    heading = dx__sweep_heading(sweep);
    *n = strlen(heading);
    return (sweep->n_shards && *n <= length && !strncmp(text, heading, *n)) ||
           refuse(error, "%s: its runs do not belong to its plan", dir);
}

static DxSweep *read_shard(const char *dir, GError **error)
{
    gsize length, n;
    g_autofree char *plan =
        is_complete(dir, error) ? read_file(dir, DX_SWEEP_PLAN_FILE, &length, error) : NULL;
    DxSweep *sweep = plan ? dx__sweep_plan_read(plan, length, error) : NULL;
    g_autofree char *runs = NULL;
    bool done;

    if (!sweep) {
        if (plan)
            g_prefix_error(error, "%s: ", dir);
        return NULL;
    }
    runs = read_file(dir, DX_SWEEP_RUNS_FILE, &length, error);
    done = runs && read_heading(sweep, dir, runs, length, &n, error) &&
           (dx__sweep_read_records(sweep, runs + n, length - n) == length - n ||
            refuse(error, "%s: a run in it is damaged", dir));
    if (done)
        return sweep;
    dx_sweep_free(sweep);
    return NULL;
}

/* Its runs become the whole's too. */
static void take(DxSweep *whole, const DxSweep *shard)
{
    g_autoptr(GPtrArray) sorted = dx__sweep_records_sorted(shard->records);

    for (guint i = 0; i < sorted->len; i++) {
        const DxSweepRecord *record = g_ptr_array_index(sorted, i);

        dx__sweep_records_add(
            whole->records, record->unit, record->replication, record->tried,
            g_memdup2(record->values, (whole->plan->measures->len + 1) * sizeof *record->values));
    }
}

/* The first shard becomes the whole. */
static bool add_shard(DxSweep **whole, GPtrArray *seen, const char *dir, GError **error)
{
    DxSweep *shard = read_shard(dir, error);
    bool done = shard != NULL;

    if (done && !*whole) {
        *whole = shard;
        g_ptr_array_set_size(seen, (gint)shard->n_shards);
        g_ptr_array_index(seen, shard->shard - 1) = (gpointer)dir;
        return true;
    }
    if (done && strcmp(shard->plan_text, (*whole)->plan_text))
        done = refuse(error, "%s: is a shard of %s than the first one", dir, difference(shard, *whole));
    else if (done && shard->n_shards != (*whole)->n_shards)
        done = refuse(error, "%s: is one of %u shards, the first one is one of %u", dir, shard->n_shards,
                      (*whole)->n_shards);
    else if (done && g_ptr_array_index(seen, shard->shard - 1))
        done = refuse(error, "%s: is shard %u of %u, and so is %s", dir, shard->shard, shard->n_shards,
                      (const char *)g_ptr_array_index(seen, shard->shard - 1));
    if (done) {
        g_ptr_array_index(seen, shard->shard - 1) = (gpointer)dir;
        take(*whole, shard);
    }
    dx_sweep_free(shard);
    return done;
}

static bool is_all_there(const DxSweep *whole, const GPtrArray *seen, GError **error)
{
    const unsigned n_units = dx__sweep_n_units(whole->plan);
    int64_t tried;
    unsigned replications;

    for (guint i = 0; i < seen->len; i++)
        if (!seen->pdata[i])
            return refuse(error, "shard %u of %u is missing", i + 1, seen->len);
    for (unsigned unit = 0; unit < n_units; unit++) {
        bool lacks = false;

        if (whole->plan->search.is_wanted) {
            DxSweepHunt *hunt = dx__sweep_hunt_new(whole->plan, whole->records, unit);

            lacks = dx__sweep_hunt_next(hunt, &tried, &replications);
            dx__sweep_hunt_free(hunt);
        }
        for (unsigned i = 0; !whole->plan->search.is_wanted && i < whole->plan->replications && !lacks; i++)
            lacks = !dx__sweep_records_find(whole->records, unit, i, 0);
        if (lacks)
            return refuse(error, "the shards do not hold all runs");
    }
    return true;
}

DxSweep *dx_sweep_merge(const char *const *dirs, GError **error)
{
    g_autoptr(GPtrArray) seen = g_ptr_array_new();
    DxSweep *whole = NULL;
    bool done = true;

    for (; done && *dirs; dirs++)
        done = add_shard(&whole, seen, *dirs, error);
    done = done && is_all_there(whole, seen, error);
    if (!done) {
        dx_sweep_free(whole);
        return NULL;
    }
    whole->shard = whole->n_shards = 0;
    return whole;
}
