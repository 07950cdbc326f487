/*
 * sweep-run - the runs of a sweep, some at a time
 *
 *   main thread: what is next -> jobs -> workers: one run each -> done -> main thread: record, journal
 *
 * Workers share nothing but the two queues: a run reads its own scenario and frees all of it. Records are
 * written by the main thread alone, in the order in which runs end; which that is shows nowhere, see
 * sweep-records.c.
 */
#include "sweep-journal-priv.h"

#define WAIT_US (200 * 1000)

typedef struct {
    unsigned unit, replication;
    int64_t tried;
    bool is_end; /* there are no more */
    DxSweepValue *values;
    GError *error;
} Job;

/* Where the work of a unit stands. */
typedef struct {
    DxSweepHunt *hunt; /* NULL: the replications are all there is */
    bool is_done;
    int64_t tried;
    unsigned wanted, issued, out; /* replications of this value: in all, given out so far, being run */
} Unit;

typedef struct {
    DxSweep *sweep;
    DxSweepJournal *journal;
    const DxSweepOptions *options;
    GAsyncQueue *jobs, *done;
    GThread **threads;
    unsigned n_threads, n_out, n_done, n_all;
    Unit *units;
    unsigned n_units, first; /* units before it are done */
    GError *error;
    unsigned error_unit;
} Crew;

/* -- workers ----------------------------------------------------------------------------------------- */

static gpointer work(gpointer data)
{
    Crew *crew = data;

    for (;;) {
        Job *job = g_async_queue_pop(crew->jobs);

        if (job->is_end) {
            g_free(job);
            return NULL;
        }
        job->values = dx__sweep_measure(crew->sweep, job->unit, job->replication, job->tried, crew->options,
                                        &job->error);
        g_async_queue_push(crew->done, job);
    }
}

static void start(Crew *crew)
{
    crew->jobs = g_async_queue_new();
    crew->done = g_async_queue_new();
    crew->n_threads = MAX(crew->options->jobs, 1);
    crew->threads = g_new(GThread *, crew->n_threads);
    for (unsigned i = 0; i < crew->n_threads; i++)
        crew->threads[i] = g_thread_new("sweep", work, crew);
}

static void stop(Crew *crew)
{
    for (unsigned i = 0; i < crew->n_threads; i++) {
        Job *end = g_new0(Job, 1);

        end->is_end = true;
        g_async_queue_push(crew->jobs, end);
    }
    for (unsigned i = 0; i < crew->n_threads; i++)
        g_thread_join(crew->threads[i]);
    g_free(crew->threads);
    g_async_queue_unref(crew->jobs);
    g_async_queue_unref(crew->done);
}

/* -- what is next ------------------------------------------------------------------------------------ */

/* Does this shard run it? Runs are dealt out one by one; a search goes to one shard as a whole. */
static bool is_ours(const DxSweep *sweep, unsigned unit, unsigned replication)
{
    const uint64_t number =
        sweep->plan->search.is_wanted ? unit : (uint64_t)unit * sweep->plan->replications + replication;

    return !sweep->n_shards || number % sweep->n_shards == sweep->shard - 1;
}

/* What a unit's search asks for next, when all of the value before is there. */
static void ask(Crew *crew, unsigned index)
{
    Unit *unit = &crew->units[index];

    if (!unit->hunt) {
        unit->is_done = true;
        return;
    }
    unit->is_done = !dx__sweep_hunt_next(unit->hunt, &unit->tried, &unit->wanted);
    unit->issued = 0;
}

/* The next replication of a unit that is to be run. False: there is none now. */
static bool issue(Crew *crew, unsigned index, Job *job)
{
    Unit *unit = &crew->units[index];

    while (!unit->is_done) {
        while (unit->issued < unit->wanted) {
            const unsigned replication = unit->issued++;

            if (!is_ours(crew->sweep, index, replication) ||
                dx__sweep_records_find(crew->sweep->records, index, replication, unit->tried))
                continue;
            *job = (Job){ .unit = index, .replication = replication, .tried = unit->tried };
            unit->out++;
            return true;
        }
        if (unit->out)
            return false;
        ask(crew, index);
    }
    return false;
}

static bool next(Crew *crew, Job *job)
{
    while (crew->first < crew->n_units && crew->units[crew->first].is_done)
        crew->first++;
    for (unsigned i = crew->first; i < crew->n_units; i++)
        if (issue(crew, i, job))
            return true;
    return false;
}

/* All jobs that there are work for, and one more for each worker, so that nobody waits. */
static void give_out(Crew *crew)
{
    Job job;

    while (!crew->error && crew->n_out < 2 * crew->n_threads && next(crew, &job)) {
        g_async_queue_push(crew->jobs, g_memdup2(&job, sizeof job));
        crew->n_out++;
    }
}

/* -- what came of it --------------------------------------------------------------------------------- */

static void fail(Crew *crew, unsigned unit, GError *error)
{
    g_autofree char *name = NULL;

    if (crew->error) { /* of several the first point's, as far as one can tell */
        g_error_free(error);
        return;
    }
    name = dx__sweep_unit_text(crew->sweep->plan, unit);
    crew->error = error;
    crew->error_unit = unit;
    if (*name)
        g_prefix_error(&crew->error, "%s: ", name);
}

static void collect(Crew *crew, Job *job)
{
    GError *error = NULL;

    crew->n_out--;
    crew->units[job->unit].out--;
    if (job->error) {
        fail(crew, job->unit, job->error);
    } else {
        const DxSweepRecord record = { job->unit, job->replication, job->tried, job->values };

        if (crew->journal && !dx__sweep_journal_add(crew->journal, &record, &error))
            fail(crew, job->unit, error);
        dx__sweep_records_add(crew->sweep->records, job->unit, job->replication, job->tried, job->values);
        crew->n_done++;
    }
    g_free(job);
}

static void tell(const Crew *crew)
{
    if (crew->options->progress)
        crew->options->progress(crew->n_done, crew->n_all, crew->options->progress_data);
}

static void make_units(Crew *crew)
{
    DxSweep *sweep = crew->sweep;

    crew->n_units = dx__sweep_n_units(sweep->plan);
    crew->units = g_new0(Unit, crew->n_units + 1);
    for (unsigned i = 0; i < crew->n_units; i++) {
        Unit *unit = &crew->units[i];

        if (!sweep->plan->search.is_wanted) {
            unit->wanted = sweep->plan->replications;
            for (unsigned k = 0; k < unit->wanted; k++)
                crew->n_all += is_ours(sweep, i, k) && !dx__sweep_records_find(sweep->records, i, k, 0);
        } else if (is_ours(sweep, i, 0)) {
            unit->hunt = dx__sweep_hunt_new(sweep->plan, sweep->records, i);
            ask(crew, i);
        } else {
            unit->is_done = true;
        }
    }
}

bool dx_sweep_run(DxSweep *sweep, DxSweepJournal *journal, const DxSweepOptions *options, GError **error)
{
    Crew crew = { .sweep = sweep, .journal = journal, .options = options };

    make_units(&crew);
    start(&crew);
    give_out(&crew);
    while (crew.n_out) {
        Job *job = g_async_queue_timeout_pop(crew.done, WAIT_US);

        if (job)
            collect(&crew, job);
        tell(&crew);
        give_out(&crew);
    }
    stop(&crew);
    for (unsigned i = 0; i < crew.n_units; i++)
        dx__sweep_hunt_free(crew.units[i].hunt);
    g_free(crew.units);
    if (crew.error)
        g_propagate_error(error, crew.error);
    return !crew.error;
}
