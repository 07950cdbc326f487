/*
 * dxsim run - simulate a scenario, print a table, write results
 *
 *   read, check -> claim DIR.partial -> build -> run -> table -> files -> plots -> rename to DIR
 */
#include "cli.h"
#include <dxsim/output.h>
#include <dxsim/plot.h>
#include <dxsim/report.h>
#include <dxsim/units.h>

#include <stdio.h>
#include <string.h>

typedef struct {
    gboolean force, quiet, trace;
    char *dir, *seed, *duration, *window;
    int burst; /* 0: as it is */
    char **paths;
} Options;

/* What a run holds on its way, so that one place can let go of it. */
typedef struct {
    const Options *options;
    DxScenario *scenario;
    char *sha256;
    DxOutput *output; /* NULL: nothing is written */
    DxRun *run;
    DxReportTrace trace;
    GPtrArray *verdicts;
    GString *written; /* names of plots, for the last line */
} Job;

/* -- options ----------------------------------------------------------------------------------------- */

static void options_clear(Options *options)
{
    g_free(options->dir);
    g_free(options->seed);
    g_free(options->duration);
    g_free(options->window);
    g_strfreev(options->paths);
}

static bool options_parse(Options *options, int argc, char **argv, int *status)
{
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->dir, "Write results into a new directory",
          "DIR" },
        { "force", 'f', 0, G_OPTION_ARG_NONE, &options->force, "Replace DIR if it is an output of dxsim",
          NULL },
        { "seed", 0, 0, G_OPTION_ARG_STRING, &options->seed, "Instead of the scenario's", "N" },
        { "duration", 0, 0, G_OPTION_ARG_STRING, &options->duration, "Instead of the scenario's: \"2 s\"",
          "TIME" },
        { "trace", 0, 0, G_OPTION_ARG_NONE, &options->trace, "Write trace.csv too, a line for every frame",
          NULL },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Print no table", NULL },
        { "burst", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options->burst, "Largest burst", "N" },
        { "window", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &options->window, "Longest window",
          "TIME" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->paths, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };

    if (!cli_parse(argc, argv, entries, "SCENARIO",
                   "With -o, DIR gets summary.csv, latency.csv, events.csv, expectations.csv, manifest.json, "
                   "and\nseries.csv and plots/ if the scenario asks for them. Without it nothing is "
                   "written.\n",
                   status))
        return false;
    *status = CLI_USAGE;
    if (!options->paths || options->paths[1])
        cli_complain("one scenario, please; see \"dxsim run --help\"");
    else if (!options->dir && (options->trace || options->force))
        cli_complain("%s needs -o DIR", options->trace ? "--trace" : "--force");
    else if (options->burst < 0 || options->burst > DX_BURST_MAX)
        cli_complain("--burst: %d is outside 1 to %d", options->burst, DX_BURST_MAX);
    else
        return true;
    return false;
}

/* @time stays as it is when there is no @text. */
static bool parse_time(const char *option, const char *text, DxTime *time)
{
    g_autoptr(GError) error = NULL;

    if (!text)
        return true;
    if (!dx_units_parse(DX_UNIT_TIME, text, time, &error)) {
        cli_complain("%s: %s", option, error->message);
        return false;
    }
    if (*time > 0 && *time <= DX_TIME_MAX)
        return true;
    cli_complain("%s: \"%s\" is outside \"1 ps\" to half of what a clock of 64 bits can count", option, text);
    return false;
}

static int apply_options(DxScenario *scenario, const Options *options)
{
    DxTime duration_ps = dx_scenario_duration(scenario);
    guint64 seed = dx_scenario_seed(scenario);

    if (options->seed && !g_ascii_string_to_unsigned(options->seed, 10, 0, G_MAXUINT64, &seed, NULL)) {
        cli_complain("--seed: \"%s\" is no whole number from 0 to 18446744073709551615", options->seed);
        return CLI_USAGE;
    }
    if (!parse_time("--duration", options->duration, &duration_ps))
        return CLI_USAGE;
    if (duration_ps <= dx_scenario_warmup(scenario)) {
        cli_complain("--duration: \"%s\" is not longer than the scenario's warm-up", options->duration);
        return CLI_USAGE;
    }
    dx_scenario_set_seed(scenario, seed);
    dx_scenario_set_duration(scenario, duration_ps);
    return CLI_DONE;
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

static int build(Job *job)
{
    DxTime window_ps = 0;
    g_autoptr(GError) error = NULL;

    if (!parse_time("--window", job->options->window, &window_ps))
        return CLI_USAGE;
    job->run = dx_run_new(job->scenario, &error);
    if (!job->run) {
        fprintf(stderr, "%s: error: %s\n", job->options->paths[0], error->message);
        return cli_status_of(error);
    }
    if (job->options->burst)
        dx_sim_set_burst(job->run->sim, (unsigned)job->options->burst);
    if (window_ps)
        dx_sim_set_window(job->run->sim, window_ps);
    if (job->options->trace && !dx_report_trace(&job->trace, job->output, job->run->sim, &error))
        return complain(error);
    return CLI_DONE;
}

/* An error that a scenario could still be refused for is, this late, a model that failed. */
static int simulate(Job *job)
{
    g_autoptr(GError) error = NULL;

    if (!dx_run_go(job->run, job->scenario, &error)) {
        const int status = complain(error);

        return status == CLI_REFUSED ? CLI_MODEL : status;
    }
    job->verdicts = dx_scenario_judge(job->scenario, job->run->results);
    if (!job->options->quiet) {
        g_autofree char *table = dx_report_table(job->scenario, job->run, job->verdicts);

        cli_print(table);
        fflush(stdout);
    }
    return CLI_DONE;
}

static int draw_plots(Job *job)
{
    int status = CLI_DONE;

    for (unsigned i = 0; i < dx_scenario_n_plots(job->scenario); i++) {
        const char *name = dx_scenario_plot(job->scenario, i);
        g_autoptr(GError) error = NULL;

        if (dx_plot_draw(name, job->output, job->scenario, job->run, &error))
            g_string_append_printf(job->written, ", plots/%s.svg", name);
        else if ((status = complain(error)) != CLI_PLOT)
            return status;
    }
    return status;
}

/* CLI_PLOT if all but a plot is there. */
static int write_output(Job *job)
{
    const DxManifest manifest = { dx_scenario_name(job->scenario), job->sha256,
                                  dx_scenario_seed(job->scenario), dx_scenario_duration(job->scenario) };
    g_autoptr(GError) error = NULL;
    int status;

    if (!job->output)
        return CLI_DONE;
    if (!dx_report_write(job->output, job->run, job->verdicts, &error))
        return complain(error);
    status = draw_plots(job);
    if (status && status != CLI_PLOT)
        return status;
    if (!dx_output_finish(g_steal_pointer(&job->output), &manifest, &error))
        return complain(error);
    if (!job->options->quiet)
        cli_complain("%s: wrote summary.csv, latency.csv, events.csv, expectations.csv%s%s%s",
                     job->options->dir, job->run->series ? ", series.csv" : "",
                     job->options->trace ? ", trace.csv" : "", job->written->str);
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
    int status;

    job->scenario = cli_read_scenario(job->options->paths[0], &job->sha256);
    if (!job->scenario)
        return CLI_REFUSED;
    if ((status = apply_options(job->scenario, job->options)) || (status = open_output(job)) ||
        (status = build(job)) || (status = simulate(job)))
        return status;
    status = write_output(job);
    /* a missed expectation says more than a missing picture */
    if (!status || status == CLI_PLOT)
        status = all_passed(job->verdicts) ? status : CLI_EXPECTATION_FAILED;
    return status;
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
