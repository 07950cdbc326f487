/*
 * dxsim run - simulate a scenario, print a table, write results
 *
 *   read, check -> claim DIR.partial -> build -> run -> table -> files -> plots -> rename to DIR
 *
 * A run that is ended early by a signal or a budget is reported as far as it got, in DIR.partial.
 */
#include "cli.h"
#include "watch.h"
#include <dxsim/output.h>
#include <dxsim/plot.h>
#include <dxsim/report.h>
#include <dxsim/units.h>

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    gboolean force, quiet, json, trace;
    char *dir, *seed, *duration, *window, *max_events, *max_wall, *max_memory;
    int burst, threads, trace_sample; /* 0: as it is */
    char **paths, **settings, **plugins, **filters;
} Options;

/* What a run holds on its way, so that one place can let go of it. */
typedef struct {
    const Options *options;
    DxScenario *scenario;
    char *sha256;
    DxOutput *output; /* NULL: nothing is written */
    DxRun *run;
    DxReport *report;
    CliWatch watch;
    DxBudget budget;
    GPtrArray *verdicts; /* NULL: the run is not complete */
    GString *written;    /* names of plots, for the last line */
} Job;

/* -- options ----------------------------------------------------------------------------------------- */

static void options_clear(Options *options)
{
    g_free(options->dir);
    g_free(options->seed);
    g_free(options->duration);
    g_free(options->window);
    g_free(options->max_events);
    g_free(options->max_wall);
    g_free(options->max_memory);
    g_strfreev(options->paths);
    g_strfreev(options->settings);
    g_strfreev(options->plugins);
    g_strfreev(options->filters);
}

static bool is_consistent(const Options *options)
{
    if (!options->paths || options->paths[1])
        cli_complain("one scenario, please; see \"dxsim run --help\"");
    else if (!options->dir && (options->trace || options->force))
        cli_complain("%s needs -o DIR", options->trace ? "--trace" : "--force");
    else if (!options->trace && (options->filters || options->trace_sample))
        cli_complain("%s needs --trace", options->filters ? "--trace-filter" : "--trace-sample");
    else if (options->trace_sample < 0)
        cli_complain("--trace-sample: %d is no number of frames, at least 1", options->trace_sample);
    else if (options->json && options->quiet)
        cli_complain("--json and --quiet exclude each other");
    else if (options->burst < 0 || options->burst > DX_BURST_MAX)
        cli_complain("--burst: %d is outside 1 to %d", options->burst, DX_BURST_MAX);
    else if (options->threads < 0 || options->threads > DX_THREADS_MAX)
        cli_complain("--threads: %d is outside 1 to %d", options->threads, DX_THREADS_MAX);
    else
        return cli_check_settings(options->settings);
    return false;
}

static bool options_parse(Options *options, int argc, char **argv, int *status)
{
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->dir, "Write results into a new directory",
          "DIR" },
        { "force", 'f', 0, G_OPTION_ARG_NONE, &options->force,
          "Replace DIR, and what is left in DIR.partial, if ours", NULL },
        CLI_OPTION_SET(&options->settings),
        CLI_OPTION_PLUGIN(&options->plugins),
        { "seed", 0, 0, G_OPTION_ARG_STRING, &options->seed, "Instead of the scenario's", "N" },
        { "duration", 0, 0, G_OPTION_ARG_STRING, &options->duration, "Instead of the scenario's: \"2 s\"",
          "TIME" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print summary.json instead of a table", NULL },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Print nothing but errors", NULL },
        { "trace", 0, 0, G_OPTION_ARG_NONE, &options->trace, "Write trace.csv too, a line for every frame",
          NULL },
        { "trace-filter", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->filters,
          "Only flow=NAME, or what ends at node=NAME", "WHAT" },
        { "trace-sample", 0, 0, G_OPTION_ARG_INT, &options->trace_sample, "Only every N-th frame of a flow",
          "N" },
        { "max-events", 0, 0, G_OPTION_ARG_STRING, &options->max_events, "Give up after so much work", "N" },
        { "max-wall", 0, 0, G_OPTION_ARG_STRING, &options->max_wall,
          "Give up after so long on your clock: \"30 s\"", "TIME" },
        { "max-memory", 0, 0, G_OPTION_ARG_STRING, &options->max_memory,
          "Give up beyond it: \"2 GB\"; default: 3/4 of all", "SIZE" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &options->threads,
          "Cut the network at its long links; default: 1", "N" },
        { "burst", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options->burst, "Largest burst", "N" },
        { "window", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &options->window, "Longest window",
          "TIME" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->paths, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "SCENARIO",
                   "With -o, DIR gets manifest.json, summary.json and CSV files; series.csv,\n"
                   "capture.pcapng and plots/ if the scenario asks for them. Without -o nothing is\n"
                   "written. A run that is interrupted, or gives up, leaves what it has in\n"
                   "DIR.partial.\n"
                   "\n"
                   "Examples:\n"
                   "  dxsim run scenarios/robinhood-microburst.json -o out\n"
                   "  dxsim run load.json --set links.dx1.rate=\"10 Gbps\" --duration \"2 s\" --json\n",
                   status))
        return false;
    *status = CLI_USAGE;
    return is_consistent(options);
}

/* A positive quantity; @value stays as it is when there is no @text. */
static bool parse_quantity(const char *option, const char *text, DxUnit unit, int64_t *value)
{
    g_autoptr(GError) error = NULL;

    if (!text)
        return true;
    if (!dx_units_parse(unit, text, value, &error)) {
        cli_complain("%s: %s", option, error->message);
        return false;
    }
    if (*value > 0 && (unit != DX_UNIT_TIME || *value <= DX_TIME_MAX))
        return true;
    if (unit == DX_UNIT_TIME)
        cli_complain("%s: \"%s\" is outside \"1 ps\" to half of what a clock of 64 bits can count", option,
                     text);
    else
        cli_complain("%s: \"%s\" is nothing", option, text);
    return false;
}

static bool parse_count(const char *option, const char *text, guint64 least, uint64_t *value)
{
    guint64 count;

    if (!text)
        return true;
    if (!g_ascii_string_to_unsigned(text, 10, least, G_MAXUINT64, &count, NULL)) {
        cli_complain("%s: \"%s\" is no whole number from %" G_GUINT64_FORMAT " to 18446744073709551615",
                     option, text, least);
        return false;
    }
    *value = count;
    return true;
}

static int apply_options(Job *job)
{
    const Options *options = job->options;
    DxTime duration_ps = dx_scenario_duration(job->scenario), max_wall_ps = 0;
    int64_t max_bytes = (int64_t)MIN(cli_memory_default(), (uint64_t)INT64_MAX);
    uint64_t seed = dx_scenario_seed(job->scenario);

    if (!parse_count("--seed", options->seed, 0, &seed) ||
        !parse_count("--max-events", options->max_events, 1, &job->budget.max_events) ||
        !parse_quantity("--duration", options->duration, DX_UNIT_TIME, &duration_ps) ||
        !parse_quantity("--max-wall", options->max_wall, DX_UNIT_TIME, &max_wall_ps) ||
        !parse_quantity("--max-memory", options->max_memory, DX_UNIT_SIZE, &max_bytes))
        return CLI_USAGE;
    if (duration_ps <= dx_scenario_warmup(job->scenario)) {
        cli_complain("--duration: \"%s\" is not longer than the scenario's warm-up", options->duration);
        return CLI_USAGE;
    }
    dx_scenario_set_seed(job->scenario, seed);
    dx_scenario_set_duration(job->scenario, duration_ps);
    job->budget.max_bytes = (uint64_t)max_bytes;
    job->watch = (CliWatch){ .duration_ps = duration_ps,
                             .max_wall_us = (max_wall_ps + DX_US - 1) / DX_US,
                             .max_bytes = (uint64_t)max_bytes,
                             .shows_progress = !options->quiet && cli_is_terminal(STDERR_FILENO) };
    return CLI_DONE;
}

static bool parse_filters(const Options *options, DxReportTrace *trace)
{
    *trace = (DxReportTrace){ .trace = options->trace, .sample_frames = (uint64_t)options->trace_sample };
    for (char **filter = options->filters; filter && *filter; filter++) {
        const char **name = g_str_has_prefix(*filter, "flow=")   ? &trace->flow
                            : g_str_has_prefix(*filter, "node=") ? &trace->node
                                                                 : NULL;

        if (!name || *name) {
            cli_complain("--trace-filter: \"%s\" is %s", *filter,
                         name ? "one too many of its kind" : "neither flow=NAME nor node=NAME");
            return false;
        }
        *name = *filter + strlen("flow=");
    }
    return true;
}

/* -- the job ----------------------------------------------------------------------------------------- */

static int complain(const GError *error)
{
    cli_complain("%s", error->message);
    return cli_status_of(error);
}

static int open_output(Job *job)
{
    g_autoptr(GError) error = NULL;

    if (!job->options->dir)
        return CLI_DONE;
    job->output = dx_output_new(job->options->dir, job->options->force, &error);
    return job->output ? CLI_DONE : complain(error);
}

static int open_report(Job *job)
{
    g_autoptr(GError) error = NULL;
    DxReportTrace trace;

    if (!parse_filters(job->options, &trace))
        return CLI_USAGE;
    if (!job->output) {
        dx_report_nothing(job->run);
        return CLI_DONE;
    }
    job->report = dx_report_open(job->output, job->run, &trace, &error);
    job->watch.report = job->report;
    if (job->report)
        return CLI_DONE;
    complain(error);
    return g_error_matches(error, DX_ERROR, DX_ERROR_REFERENCE) ? CLI_USAGE : cli_status_of(error);
}

static int build(Job *job)
{
    DxTime window_ps = 0;
    g_autoptr(GError) error = NULL;

    if (!parse_quantity("--window", job->options->window, DX_UNIT_TIME, &window_ps))
        return CLI_USAGE;
    job->run = dx_run_new(job->scenario, &error);
    if (!job->run) {
        cli_complain_at(error);
        return cli_status_of(error);
    }
    if (job->options->burst)
        dx_sim_set_burst(job->run->sim, (unsigned)job->options->burst);
    if (window_ps)
        dx_sim_set_window(job->run->sim, window_ps);
    if (job->options->threads)
        dx_sim_set_threads(job->run->sim, (unsigned)job->options->threads);
    dx_sim_set_budget(job->run->sim, &job->budget);
    return open_report(job);
}

/* An error that a scenario could still be refused for is, this late, a model that failed. */
static int simulate(Job *job)
{
    g_autoptr(GError) error = NULL;
    int status;

    cli_watch_begin(&job->watch, job->run->sim);
    dx_run_go(job->run, job->scenario, &error);
    cli_watch_end(&job->watch);
    if (!error) {
        job->verdicts = dx_scenario_judge(job->scenario, job->run->results);
        return CLI_DONE;
    }
    status = cli_status_of(error);
    if (status != CLI_OUTPUT && job->output)
        cli_complain("%s; results so far are in %s", error->message, dx_output_path(job->output));
    else
        cli_complain("%s", error->message);
    return status == CLI_REFUSED ? CLI_MODEL : status;
}

static void put(const char *text, size_t n, void *data)
{
    fwrite(text, 1, n, data);
}

static void print_results(const Job *job)
{
    if (job->options->json) {
        dx_report_json(job->scenario, job->run, job->verdicts, put, stdout);
    } else if (!job->options->quiet) {
        g_autofree char *table =
            dx_report_table(job->scenario, job->run, job->verdicts, cli_has_colour(STDOUT_FILENO));

        cli_print(table);
    }
    fflush(stdout);
}

/* A picture that cannot be drawn, or has nothing to show, is said, and is no reason to lose the rest. */
static int draw_plots(Job *job)
{
    const DxPlotFormat format = dx_scenario_plot_format(job->scenario);
    const unsigned n = dx_scenario_n_plots(job->scenario);
    g_autoptr(GError) error = NULL;
    DxPlotSource *source = n ? dx_plot_source_new(dx_output_path(job->output), &error) : NULL;
    int status = error ? complain(error) : CLI_DONE;

    for (unsigned i = 0; source && i < n && !cli_signal() && status != CLI_OUTPUT; i++) {
        const char *name = dx_scenario_plot(job->scenario, i);
        g_autoptr(GError) failure = NULL;

        if (dx_plot_draw(name, format, job->output, source, &failure)) {
            g_string_append_printf(job->written, ", plots/%s.%s", name, dx_plot_ending(format));
            continue;
        }
        complain(failure);
        status = g_error_matches(failure, DX_ERROR, DX_ERROR_IO) ? CLI_OUTPUT : CLI_PLOT;
    }
    dx_plot_source_free(source);
    return status;
}

static DxManifest manifest_of(const Job *job)
{
    return (DxManifest){ .scenario = dx_scenario_name(job->scenario),
                         .scenario_sha256 = job->sha256,
                         .inputs = dx_scenario_inputs(job->scenario),
                         .n_inputs = dx_scenario_n_inputs(job->scenario),
                         .seed = dx_scenario_seed(job->scenario),
                         .duration_ps = dx_scenario_duration(job->scenario),
                         .status = job->run->status ? dx_run_status_name(job->run->status) : NULL,
                         .simulated_ps = dx_results_duration(job->run->results),
                         .settings = (const char *const *)job->options->settings,
                         .plugins = cli_plugins() };
}

/* What there is of a run that ended early. */
static int keep_output(Job *job, const char *status)
{
    DxManifest manifest = manifest_of(job);
    g_autoptr(GError) error = NULL;

    manifest.status = status;
    return dx_output_stop(g_steal_pointer(&job->output), &manifest, &error) ? CLI_DONE : complain(error);
}

/* CLI_PLOT if all but a plot is there. */
static int write_output(Job *job)
{
    const DxManifest manifest = manifest_of(job);
    g_autoptr(GError) error = NULL;
    int status;

    if (!job->output)
        return CLI_DONE;
    if (!dx_report_close(job->report, job->scenario, job->verdicts, &error))
        return complain(error);
    if (manifest.status)
        return keep_output(job, manifest.status);
    status = draw_plots(job);
    if (status && status != CLI_PLOT)
        return status;
    if (cli_signal())
        return keep_output(job, dx_run_status_name(DX_RUN_INTERRUPTED));
    if (!dx_output_finish(g_steal_pointer(&job->output), &manifest, &error))
        return complain(error);
    if (!job->options->quiet)
        cli_complain("%s: wrote summary.json, summary.csv, latency.csv, events.csv, expectations.csv%s%s%s%s%s",
                     job->options->dir, job->run->series ? ", series.csv" : "",
                     dx_scenario_cloudwatch(job->scenario) ? ", cloudwatch.csv, dashboard.json" : "",
                     job->options->trace ? ", trace.csv" : "",
                     dx_scenario_captures(job->scenario) ? ", capture.pcapng" : "", job->written->str);
    return status;
}

static bool all_passed(const GPtrArray *verdicts)
{
    for (guint i = 0; i < verdicts->len; i++)
        if (!((const DxVerdict *)g_ptr_array_index(verdicts, i))->pass)
            return false;
    return true;
}

static int do_job(Job *job)
{
    int status, written;

    if ((status = cli_load_plugins(job->options->plugins)))
        return status;
    job->scenario = cli_read_scenario(job->options->paths[0], job->options->settings, &job->sha256);
    if (!job->scenario)
        return CLI_REFUSED;
    cli_catch_signals();
    if ((status = apply_options(job)) || (status = open_output(job)) || (status = build(job)))
        return status;
    status = simulate(job);
    if (status == CLI_OUTPUT)
        return status;
    print_results(job);
    written = write_output(job);
    /* why the run ended, or a missed expectation, says more than a missing picture */
    if (!status && (!written || written == CLI_PLOT) && !all_passed(job->verdicts))
        return CLI_EXPECTATION_FAILED;
    return status ? status : written;
}

int cmd_run(int argc, char **argv)
{
    Options options = { 0 };
    Job job = { .options = &options };
    int status;

    if (options_parse(&options, argc, argv, &status)) {
        job.written = g_string_new(NULL);
        status = do_job(&job);
        dx_output_abandon(job.output);
        if (job.report)
            dx_report_free(job.report);
        dx_run_free(job.run);
        dx_scenario_free(job.scenario);
        if (job.verdicts)
            g_ptr_array_unref(job.verdicts);
        g_string_free(job.written, TRUE);
        g_free(job.sha256);
    }
    options_clear(&options);
    return status;
}
