/*
 * dxsim/scenario.h - a scenario file, read and checked, and what to do with it
 *
 * Reading collects up to DX_PROBLEMS_MAX problems, each with its place. Building makes a simulation of it.
 */
#ifndef DXSIM_SCENARIO_H
#define DXSIM_SCENARIO_H

#include <dxsim/monitor.h>
#include <dxsim/output.h>
#include <dxsim/plot.h>
#include <dxsim/results.h>

#define DX_PROBLEMS_MAX 20

typedef struct DxScenario DxScenario;

/* What is wrong, where: prints as FILE:LINE:COL: error: MESSAGE (POINTER) [CODE] */
typedef struct {
    char *file;
    unsigned line, column;
    char *message, *pointer;
    unsigned code;   /* DX1203 is 1203; docs/errors.md */
    bool is_warning; /* the scenario is accepted all the same */
} DxProblem;

typedef struct {
    GPtrArray *list;  /* DxProblem in order of their place, at most DX_PROBLEMS_MAX */
    unsigned n_found; /* errors, including those that were not kept */
} DxProblems;

DX_API DxProblems *dx_problems_new(void);
DX_API void dx_problems_free(DxProblems *problems);
/* One line, as above. (transfer full) */
DX_API char *dx_problem_text(const DxProblem *problem);

/**
 * dx_scenario_read:
 * @file: for messages
 * @models: NULL-terminated; what the scenario may use
 * @problems: filled when NULL is returned; may hold warnings otherwise
 */
DX_API DxScenario *dx_scenario_read(const char *file, const char *text, gsize length,
                                    const DxModel *const *models, DxProblems *problems);
/* The same with changes to the document before it is read. @settings: "PATH=VALUE", NULL-terminated, such as
 * "links.dx1.rate=10 Gbps"; a value is JSON if it can be read as such, else text. NULL: none. */
DX_API DxScenario *dx_scenario_read_set(const char *file, const char *text, gsize length,
                                        const DxModel *const *models, const char *const *settings,
                                        DxProblems *problems);
/* The same, with the folder where files stand that the scenario names; NULL: none, and a scenario that names
 * one is refused, as it is by those above. */
DX_API DxScenario *dx_scenario_read_in(const char *dir, const char *file, const char *text, gsize length,
                                       const DxModel *const *models, const char *const *settings,
                                       DxProblems *problems);
/* The same from a file, its folder being that of the file. One that cannot be read is a problem too (code
 * 1001). */
DX_API DxScenario *dx_scenario_read_file(const char *path, const DxModel *const *models,
                                         DxProblems *problems);
DX_API void dx_scenario_free(DxScenario *scenario);

/* Files that were read for it: for the manifest. */
DX_API unsigned dx_scenario_n_inputs(const DxScenario *scenario);
DX_API const DxInput *dx_scenario_inputs(const DxScenario *scenario);

DX_API const char *dx_scenario_name(const DxScenario *scenario);
DX_API const char *dx_scenario_description(const DxScenario *scenario);
DX_API DxTime dx_scenario_duration(const DxScenario *scenario);
DX_API DxTime dx_scenario_warmup(const DxScenario *scenario);
DX_API uint64_t dx_scenario_seed(const DxScenario *scenario);
/* Instead of what the file says. A duration is positive and at most DX_TIME_MAX; repeated events follow it;
 * where that makes too many of them, dx_run_new() says so. */
DX_API void dx_scenario_set_seed(DxScenario *scenario, uint64_t seed);
DX_API void dx_scenario_set_duration(DxScenario *scenario, DxTime duration_ps);
DX_API DxTime dx_scenario_series_period(const DxScenario *scenario); /* 0: none asked for */
/* Does it ask for what a cloud's monitor says? */
DX_API bool dx_scenario_cloudwatch(const DxScenario *scenario);
/* Does it ask for a capture? */
DX_API bool dx_scenario_captures(const DxScenario *scenario);
DX_API unsigned dx_scenario_n_plots(const DxScenario *scenario);
DX_API const char *dx_scenario_plot(const DxScenario *scenario, unsigned index);
DX_API DxPlotFormat dx_scenario_plot_format(const DxScenario *scenario);

/* -- running ----------------------------------------------------------------------------------------- */

/* A line of the event log. */
typedef struct {
    DxTime t_ps;
    char *object, *event, *detail;
} DxLogLine;

/* How a run ended. */
typedef enum {
    DX_RUN_COMPLETE,
    DX_RUN_BUDGET,
    DX_RUN_INTERRUPTED,
    DX_RUN_FAILED, /* a model broke a rule: what was measured may be wrong */
} DxRunStatus;

DX_API const char *dx_run_status_name(DxRunStatus status);

/* A simulation made of a scenario, with what it measures. */
typedef struct {
    DxSim *sim;
    DxResults *results;
    DxSeries *series; /* NULL: none asked for */
    DxMonitor *monitor; /* likewise */
    GPtrArray *log;   /* DxLogLine; unless dx_sim_set_log() sends them elsewhere */
    DxRunStatus status;
    char *reason; /* why it is not complete */
    const DxScenario *scenario;
} DxRun;

/**
 * dx_run_new:
 * @error: what a model's init said, or DX_ERROR_TOPOLOGY; its message is a whole line, as dx_problem_text()
 * makes them
 *
 * The burst size, window and trace of @run->sim may still be set.
 */
DX_API DxRun *dx_run_new(const DxScenario *scenario, GError **error);
/* The same with other draws, for each @replication its own; 0 are those of dx_run_new(). */
DX_API DxRun *dx_run_new_replication(const DxScenario *scenario, uint64_t replication, GError **error);
/* To the end of the scenario, or until a budget, the watch or a model ends it; a watch that interrupts does
 * so with G_IO_ERROR_CANCELLED. Results are closed in any case, for the time that was reached. */
DX_API bool dx_run_go(DxRun *run, const DxScenario *scenario, GError **error);
DX_API void dx_run_free(DxRun *run);

/* -- expectations ------------------------------------------------------------------------------------ */

typedef struct {
    const char *name;
    bool pass;
    bool has_data; /* something was measured; else it cannot have passed */
    char *text;    /* "link.dropped of dx1 is 0 frames, expected = 0": one line, for people */
} DxVerdict;

/* One per expectation of the scenario, in its order. (transfer full): g_ptr_array_unref() */
DX_API GPtrArray *dx_scenario_judge(const DxScenario *scenario, const DxResults *results);

/* -- claims ------------------------------------------------------------------------------------------ */

/* What a document says, and what the run says about that. */
typedef struct {
    const char *id, *says;
    const char *verdict;                /* "holds", "holds-if", "false", "inconsistent", "not-checkable" */
    const char *recorded;               /* what the scenario says it should be; NULL: nothing */
    const char *given, *reason, *bound; /* NULL: none */
    char *measured;                     /* one line; NULL: nothing was */
} DxClaim;

/* One per claim of the scenario, in its order. (transfer full): g_ptr_array_unref() */
DX_API GPtrArray *dx_scenario_claims(const DxScenario *scenario, const DxResults *results);

#endif
