/*
 * dxsim/sweep.h - many runs of one scenario, and what they say together
 *
 * A sweep of a scenario file (docs/sweeps.md) is a set of runs that do not depend on each other. What they
 * measure goes into a journal as soon as it is there; tables and answers are made of it at the end. Which
 * thread ran what, in which order, on how many machines, does not show in a single byte.
 */
#ifndef DXSIM_SWEEP_H
#define DXSIM_SWEEP_H

#include <dxsim/output.h>
#include <dxsim/scenario.h>

typedef struct DxSweep DxSweep;

/* Where the scenario comes from: as for dx_scenario_read_in(), with which it was read. Lives as long as the
 * sweep. */
typedef struct {
    const char *dir, *file, *text;
    gsize length;
    const DxModel *const *models;
    const char *const *settings; /* NULL: none */
    const DxPlugins *plugins;    /* NULL: none */
} DxSweepSource;

/* Names of a scenario's sweeps, in its order; NULL behind the last. */
DX_API const char *dx_scenario_sweep(const DxScenario *scenario, unsigned index);

/**
 * dx_sweep_new:
 * @name: NULL: the only one
 * @error: DX_ERROR_UNKNOWN
 *
 * Returns: (transfer full): dx_sweep_free()
 */
DX_API DxSweep *dx_sweep_new(const DxScenario *scenario, const char *name, const DxSweepSource *source,
                             GError **error);
DX_API void dx_sweep_free(DxSweep *sweep);
DX_API const char *dx_sweep_name(const DxSweep *sweep);
/* Points times failures; and runs there are to be, 0 when a search decides. */
DX_API unsigned dx_sweep_n_units(const DxSweep *sweep);
DX_API unsigned dx_sweep_n_runs(const DxSweep *sweep);

/* Reads every point as it will be run. False: @problems says what is wrong with which. */
DX_API bool dx_sweep_check(const DxSweep *sweep, DxProblems *problems);

/* Only every @n_shards-th part of the work, the @shard-th, from 1. */
DX_API void dx_sweep_set_shard(DxSweep *sweep, unsigned shard, unsigned n_shards);

/* Told when a run is done. @n_all: 0, nobody knows yet. */
typedef void (*DxSweepProgress)(unsigned n_done, unsigned n_all, void *data);

typedef struct {
    unsigned jobs;   /* runs at a time, each in a thread; 0: 1 */
    DxBudget budget; /* of each run */
    DxWatchFn watch; /* asked by every run, from its thread; may be NULL */
    void *watch_data;
    DxSweepProgress progress; /* from the caller's thread, at times without news too; may be NULL */
    void *progress_data;
} DxSweepOptions;

/* -- the directory ----------------------------------------------------------------------------------- */

/* The journal of a sweep that is at work in DIR.partial. */
typedef struct DxSweepJournal DxSweepJournal;

/**
 * dx_sweep_journal_open:
 * @output: set to the directory
 * @resume: take over what an earlier run of the same sweep has left in DIR.partial, if there is any
 *
 * The journal belongs to the sweep's output: it ends with dx_sweep_finish() or the output.
 */
DX_API DxSweepJournal *dx_sweep_journal_open(DxSweep *sweep, const char *dir, bool force, bool resume,
                                             DxOutput **output, GError **error);
/* Is DIR the complete output of this very sweep or shard, as it was written? Then there is nothing to be done.
 * @passed: whether all was met that is expected of the whole; of a shard always. */
DX_API bool dx_sweep_is_done(const DxSweep *sweep, const char *dir, bool *passed);
/* Runs that an earlier one has left behind. */
DX_API unsigned dx_sweep_n_known(const DxSweep *sweep);
DX_API void dx_sweep_journal_free(DxSweepJournal *journal);

/* All that is still to be run. @journal: NULL, nothing is written. What is done is kept whatever happens. */
DX_API bool dx_sweep_run(DxSweep *sweep, DxSweepJournal *journal, const DxSweepOptions *options,
                         GError **error);

/* Tables of the whole, or, of a shard, what dx_sweep_merge() needs; then the directory is complete. Both are
 * freed. */
DX_API bool dx_sweep_finish(const DxSweep *sweep, DxOutput *output, DxSweepJournal *journal, GError **error);
/* Ended early: what is done stays in DIR.partial. Both are freed. */
DX_API bool dx_sweep_stop(const DxSweep *sweep, DxOutput *output, DxSweepJournal *journal, const char *status,
                          GError **error);

/**
 * dx_sweep_merge:
 * @dirs: of all shards of one sweep, NULL-terminated
 * @error: DX_ERROR_IO (a directory is not complete), DX_ERROR_REFERENCE (they do not belong together: another
 * scenario, version, seed; one is missing or there twice)
 *
 * Returns: (transfer full): the sweep as if it had been run in one piece
 */
DX_API DxSweep *dx_sweep_merge(const char *const *dirs, GError **error);

/* -- what came of it --------------------------------------------------------------------------------- */

/* A table for people, answers and the sentence in the end. (transfer full) */
DX_API char *dx_sweep_table(const DxSweep *sweep);
/* sweep.json. (transfer full) */
DX_API char *dx_sweep_json(const DxSweep *sweep);
/* Is all met that is expected of the whole? */
DX_API bool dx_sweep_passed(const DxSweep *sweep);

#endif
