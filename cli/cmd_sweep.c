/*
 * dxsim sweep - many runs of one scenario
 *
 *   read, check every point -> claim DIR.partial, or take it up -> runs, some at a time -> tables -> rename
 * to DIR
 *
 * Each run that is done is in DIR.partial at once. Whatever ends the sweep early, --resume goes on from
 * there.
 */
#include "cli.h"
#include "watch.h"
#include <dxsim/sweep.h>

#include <gio/gio.h>
#include <stdio.h>
#include <unistd.h>

#define US_PER_S 1000000
#define JOBS_MAX 1024

typedef struct {
    gboolean force, quiet, json, resume;
    char *dir, *seed, *duration, *shard, *max_events;
    int jobs;
    char **arguments, **settings, **plugins;
} Options;

typedef struct {
    const Options *options;
    GString *text;
    char *files; /* folder of what the scenario names */
    GPtrArray *settings;
    DxScenario *scenario;
    DxSweep *sweep;
    DxOutput *output;
    DxSweepJournal *journal;
    DxSweepOptions run;
    int64_t begin_us;
    bool shows_progress, has_progress;
} Job;

/* -- options ----------------------------------------------------------------------------------------- */

static void options_clear(Options *options)
{
    g_free(options->dir);
    g_free(options->seed);
    g_free(options->duration);
    g_free(options->shard);
    g_free(options->max_events);
    g_strfreev(options->arguments);
    g_strfreev(options->settings);
    g_strfreev(options->plugins);
}

static bool is_consistent(const Options *options)
{
    const guint n = options->arguments ? g_strv_length(options->arguments) : 0;

    if (n < 1 || n > 2)
        cli_complain("one scenario, and the name of one sweep in it; see \"dxsim sweep --help\"");
    else if (!options->dir && (options->force || options->resume || options->shard))
        cli_complain("%s needs -o DIR", options->force    ? "--force"
                                        : options->resume ? "--resume"
                                                          : "--shard");
    else if (options->force && options->resume)
        cli_complain("--force begins anew and --resume goes on; choose one");
    else if (options->json && options->quiet)
        cli_complain("--json and --quiet exclude each other");
    else if (options->jobs < 0 || options->jobs > JOBS_MAX)
        cli_complain("-j: %d is outside 1 to %d", options->jobs, JOBS_MAX);
    else
        return cli_check_settings(options->settings);
    return false;
}

static bool options_parse(Options *options, int argc, char **argv, int *status)
{
    const GOptionEntry entries[] = {
        { "jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs, "Runs at a time; default: as many as processors",
          "N" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->dir, "Write tables into a new directory",
          "DIR" },
        { "resume", 0, 0, G_OPTION_ARG_NONE, &options->resume,
          "Go on from DIR.partial, if it is there", NULL },
        { "shard", 0, 0, G_OPTION_ARG_STRING, &options->shard,
          "Only the I-th of N parts; see \"dxsim merge\"", "I/N" },
        { "force", 'f', 0, G_OPTION_ARG_NONE, &options->force,
          "Replace DIR, and what is left in DIR.partial, if ours", NULL },
        CLI_OPTION_SET(&options->settings),
        CLI_OPTION_PLUGIN(&options->plugins),
        { "seed", 0, 0, G_OPTION_ARG_STRING, &options->seed, "Instead of the scenario's", "N" },
        { "duration", 0, 0, G_OPTION_ARG_STRING, &options->duration, "Instead of the scenario's: \"2 s\"",
          "TIME" },
        { "max-events", 0, 0, G_OPTION_ARG_STRING, &options->max_events,
          "Give up when a run has done so much work", "N" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print sweep.json instead of a table", NULL },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Print nothing but errors", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->arguments, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "SCENARIO [NAME]",
                   "Runs the sweep NAME of the scenario's \"sweeps\"; the name may be left out when\n"
                   "there is only one. With -o, DIR gets manifest.json, points.csv, sweep.csv,\n"
                   "sweep.json and what else there is to tell. A sweep that is ended early leaves\n"
                   "what is done in DIR.partial: the same command with --resume goes on.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim sweep scenarios/capacity-planning.json -o plan\n"
                   "  dxsim sweep load.json buffer --shard 2/4 -o part2 --resume\n",
                   status))
        return false;
    *status = CLI_USAGE;
    return is_consistent(options);
}

static bool parse_shard(Job *job)
{
    unsigned shard = 0, n = 0;
    char rest;

    if (!job->options->shard)
        return true;
    if (sscanf(job->options->shard, "%6u/%6u%c", &shard, &n, &rest) != 2 || !shard || shard > n) {
        cli_complain("--shard: \"%s\" is not I/N, such as 2/4", job->options->shard);
        return false;
    }
    dx_sweep_set_shard(job->sweep, shard, n);
    return true;
}

/* --seed and --duration are settings like others: they belong to what shards have in common. */
static void make_settings(Job *job)
{
    const Options *options = job->options;

    job->settings = g_ptr_array_new_with_free_func(g_free);
    for (char **setting = options->settings; setting && *setting; setting++)
        g_ptr_array_add(job->settings, g_strdup(*setting));
    if (options->seed)
        g_ptr_array_add(job->settings, g_strconcat("run.seed=", options->seed, NULL));
    if (options->duration)
        g_ptr_array_add(job->settings, g_strconcat("run.duration=", options->duration, NULL));
    g_ptr_array_add(job->settings, NULL);
}

/* -- progress ---------------------------------------------------------------------------------------- */

static bool on_watch(DxSim *sim, G_GNUC_UNUSED void *data, GError **error)
{
    return !cli_is_interrupted(sim, error);
}

static void on_progress(unsigned n_done, unsigned n_all, void *data)
{
    Job *job = data;
    const double elapsed_s = (double)(g_get_monotonic_time() - job->begin_us) / US_PER_S;

    if (!job->shows_progress)
        return;
    if (n_all && n_done) {
        g_autofree char *left = cli_wall_text((int64_t)(elapsed_s * (n_all - n_done) / n_done));

        fprintf(stderr, "\r%u of %u runs, %.1f %%, %.1f runs/s, %s left\033[K", n_done, n_all,
                100.0 * n_done / n_all, n_done / elapsed_s, left);
    } else {
        fprintf(stderr, "\r%u runs, %.1f runs/s\033[K", n_done, n_done / MAX(elapsed_s, 1e-3));
    }
    fflush(stderr);
    job->has_progress = true;
}

static void end_progress(Job *job)
{
    if (job->has_progress)
        fputs("\r\033[K", stderr);
    job->has_progress = false;
}

/* -- the job ----------------------------------------------------------------------------------------- */

static int complain(const GError *error)
{
    cli_complain("%s", error->message);
    return cli_status_of(error);
}

static int open_sweep(Job *job)
{
    const char *path = job->options->arguments[0];
    g_autoptr(GError) error = NULL;
    DxProblems *problems;
    DxSweepSource source;
    bool is_good;

    make_settings(job);
    job->text = cli_read_text(path);
    if (!job->text)
        return CLI_REFUSED;
    job->files = cli_dir_of(path);
    job->scenario = cli_read_scenario_in(job->files, path, job->text, (char *const *)job->settings->pdata);
    if (!job->scenario)
        return CLI_REFUSED;
    source = (DxSweepSource){ .dir = job->files,
                              .file = path,
                              .text = job->text->str,
                              .length = job->text->len,
                              .models = cli_models(),
                              .settings = (const char *const *)job->settings->pdata,
                              .plugins = cli_plugins() };
    job->sweep = dx_sweep_new(job->scenario, job->options->arguments[1], &source, &error);
    if (!job->sweep) {
        complain(error);
        return dx_scenario_sweep(job->scenario, 0) ? CLI_USAGE : CLI_REFUSED;
    }
    if (!parse_shard(job))
        return CLI_USAGE;
    problems = dx_problems_new();
    is_good = dx_sweep_check(job->sweep, problems);
    cli_print_problems(problems);
    dx_problems_free(problems);
    return is_good ? CLI_DONE : CLI_REFUSED;
}

static bool read_budget(Job *job)
{
    guint64 n = 0;

    if (job->options->max_events &&
        !g_ascii_string_to_unsigned(job->options->max_events, 10, 1, G_MAXUINT64, &n, NULL)) {
        cli_complain("--max-events: \"%s\" is no whole number above 0", job->options->max_events);
        return false;
    }
    job->run.jobs = job->options->jobs ? (unsigned)job->options->jobs : MIN(g_get_num_processors(), JOBS_MAX);
    job->run.budget = (DxBudget){ .max_events = n, .max_bytes = cli_memory_default() / job->run.jobs };
    job->run.watch = on_watch;
    job->run.progress = on_progress;
    job->run.progress_data = job;
    job->shows_progress = !job->options->quiet && cli_is_terminal(STDERR_FILENO);
    return true;
}

static int open_output(Job *job)
{
    g_autoptr(GError) error = NULL;

    if (!job->options->dir)
        return CLI_DONE;
    job->journal = dx_sweep_journal_open(job->sweep, job->options->dir, job->options->force,
                                         job->options->resume, &job->output, &error);
    if (!job->journal)
        return complain(error);
    if (dx_sweep_n_known(job->sweep) && !job->options->quiet)
        cli_complain("%s: %u runs are done already", dx_output_path(job->output),
                     dx_sweep_n_known(job->sweep));
    return CLI_DONE;
}

/* What is done stays, to go on from. */
static int stop(Job *job, const GError *why)
{
    g_autoptr(GError) error = NULL;
    const int status = cli_status_of(why);
    const char *word = cli_signal() ? "interrupted" : status == CLI_BUDGET ? "budget" : "failed";
    g_autofree char *path = job->output ? g_strdup(dx_output_path(job->output)) : NULL;

    if (path)
        cli_complain("%s; what is done is in %s: go on with --resume", why->message, path);
    else
        cli_complain("%s", why->message);
    if (path && !dx_sweep_stop(job->sweep, g_steal_pointer(&job->output), g_steal_pointer(&job->journal),
                               word, &error))
        return complain(error);
    return status == CLI_REFUSED ? CLI_MODEL : status;
}

static int simulate(Job *job)
{
    g_autoptr(GError) error = NULL;
    bool done;

    job->begin_us = g_get_monotonic_time();
    done = dx_sweep_run(job->sweep, job->journal, &job->run, &error);
    end_progress(job);
    return done ? CLI_DONE : stop(job, error);
}

static int finish(Job *job)
{
    g_autoptr(GError) error = NULL;

    if (!job->output ||
        dx_sweep_finish(job->sweep, g_steal_pointer(&job->output), g_steal_pointer(&job->journal), &error)) {
        if (job->options->dir && !job->options->quiet)
            cli_complain("%s: complete", job->options->dir);
        return CLI_DONE;
    }
    return complain(error);
}

/* Of a shard there is nothing to tell yet. */
static int tell(const Job *job)
{
    g_autofree char *text = NULL;

    if (job->options->shard)
        return CLI_DONE;
    if (job->options->json)
        text = dx_sweep_json(job->sweep);
    else if (!job->options->quiet)
        text = dx_sweep_table(job->sweep);
    if (text)
        cli_print(text);
    return dx_sweep_passed(job->sweep) ? CLI_DONE : CLI_EXPECTATION_FAILED;
}

/* A script may be run again when some of it is complete. */
static bool is_done(const Job *job, int *status)
{
    bool passed;

    if (!job->options->resume || !dx_sweep_is_done(job->sweep, job->options->dir, &passed))
        return false;
    if (!job->options->quiet)
        cli_complain("%s: is complete already", job->options->dir);
    *status = passed ? CLI_DONE : CLI_EXPECTATION_FAILED;
    return true;
}

static int do_job(Job *job)
{
    int status, told;

    if ((status = cli_load_plugins(job->options->plugins)) || (status = open_sweep(job)))
        return status;
    if (!read_budget(job))
        return CLI_USAGE;
    if (is_done(job, &status))
        return status;
    cli_catch_signals();
    if ((status = open_output(job)) || (status = simulate(job)))
        return status;
    told = tell(job);
    status = finish(job);
    return status ? status : told;
}

int cmd_sweep(int argc, char **argv)
{
    Options options = { 0 };
    Job job = { .options = &options };
    int status;

    if (options_parse(&options, argc, argv, &status)) {
        status = do_job(&job);
        dx_sweep_journal_free(job.journal);
        dx_output_abandon(job.output);
        dx_sweep_free(job.sweep);
        dx_scenario_free(job.scenario);
        if (job.settings)
            g_ptr_array_unref(job.settings);
        if (job.text)
            g_string_free(job.text, TRUE);
        g_free(job.files);
    }
    options_clear(&options);
    return status;
}
