/*
 * sweep-point - one run of a sweep
 *
 * The scenario's text is read anew with what the point changes, as if that stood in the file. So each run is
 * that of a scenario of its own, and runs share nothing.
 */
#include "reader-priv.h"
#include "sweep-priv.h"

#include <math.h>

static void edit_clear(gpointer data)
{
    DxScEdit *edit = data;

    g_free(edit->path);
    g_free(edit->text);
}

/* Where a value is said: itself, where it is listed. */
static const DxJson *place_of(const DxSweepParam *param, int64_t value)
{
    guint i = 0;

    for (const DxJson *item = param->list ? param->list->child : NULL; item; item = item->next, i++)
        if (g_array_index(param->values, int64_t, i) == value)
            return item;
    return param->at;
}

static void add_edits(GArray *edits, const DxSweepParam *param, int64_t value)
{
    for (guint i = 0; i < param->paths->len; i++) {
        const DxScEdit edit = { .path = g_strdup(g_ptr_array_index(param->paths, i)),
                                .text = dx__sweep_setting(param, i, value),
                                .place = place_of(param, value) };

        g_array_append_val(edits, edit);
    }
}

DxScenario *dx__sweep_scenario(const DxSweep *sweep, unsigned unit, int64_t tried, DxProblems *problems)
{
    const DxSweepPlan *plan = sweep->plan;
    const DxSweepCase *failed = DX_SWEEP(plan, cases, DxSweepCase, unit % plan->cases->len);
    g_autoptr(GArray) edits = g_array_new(FALSE, FALSE, sizeof(DxScEdit));
    DxScenario *scenario;

    g_array_set_clear_func(edits, edit_clear);
    for (guint i = 0; i < plan->params->len; i++)
        add_edits(edits, DX_SWEEP(plan, params, DxSweepParam, i),
                  dx__sweep_value(plan, i, unit / plan->cases->len));
    if (plan->search.is_wanted)
        add_edits(edits, &plan->search.param, tried);
    scenario = dx__scenario_read_edited(sweep->source.dir, sweep->source.file, sweep->source.text,
                                        sweep->source.length, sweep->source.models, sweep->source.settings,
                                        edits, problems);
    if (scenario && failed->links->len) {
        dx__scenario_fail(scenario, failed->links, plan->fail_at_ps, plan->is_silent);
        dx__scenario_plan_events(scenario);
    }
    return scenario;
}

/* -- whether all can be run -------------------------------------------------------------------------- */

static bool check_unit(const DxSweep *sweep, unsigned unit, int64_t tried, DxProblems *problems)
{
    DxProblems *found = dx_problems_new();
    DxScenario *scenario = dx__sweep_scenario(sweep, unit, tried, found);

    for (guint i = 0; !scenario && i < found->list->len; i++) {
        const DxProblem *one = g_ptr_array_index(found->list, i);

        if (!one->is_warning)
            dx__problem_at(problems, one->file, one->line, one->column, one->pointer, one->code, "%s",
                           one->message);
    }
    dx_problems_free(found);
    dx_scenario_free(scenario);
    return problems->n_found < DX_PROBLEMS_MAX;
}

bool dx_sweep_check(const DxSweep *sweep, DxProblems *problems)
{
    const DxSweepPlan *plan = sweep->plan;
    const DxSweepSearch *search = &plan->search;
    const DxScenario *scenario = sweep->scenario;

    if (plan->cases->len > 1 && plan->fail_at_ps > scenario->duration_ps)
        dx__problem(problems, scenario->file, DX_SWEEP(plan, cases, DxSweepCase, 1)->at, false, DX_CODE_RANGE,
                    "the run has ended when this fails");
    for (unsigned point = 0; point < plan->n_points; point++) {
        if (!check_unit(sweep, point * plan->cases->len, search->from, problems) ||
            (search->is_wanted && !check_unit(sweep, point * plan->cases->len, search->to, problems)))
            break;
    }
    return !problems->n_found;
}

/* -- running ----------------------------------------------------------------------------------------- */

static DxSweepValue *read_values(const DxSweepPlan *plan, const DxResults *results)
{
    DxSweepValue *values = g_new0(DxSweepValue, plan->measures->len + 1);

    for (guint i = 0; i < plan->measures->len; i++) {
        const DxSweepMeasure *measure = DX_SWEEP(plan, measures, DxSweepMeasure, i);
        DxRow row;

        if (dx__measure(&measure->what, results, &row) && !row.no_data &&
            (!row.is_real || isfinite(row.real)))
            values[i] =
                (DxSweepValue){ true, row.is_real, row.is_real ? 0 : row.value, row.is_real ? row.real : 0 };
    }
    return values;
}

static bool refused(const DxProblems *problems, GError **error)
{
    g_autofree char *text =
        problems->list->len ? dx_problem_text(g_ptr_array_index(problems->list, 0)) : NULL;

    g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "%s", text ? text : "the scenario cannot be read");
    return false;
}

static bool run(DxRun *run, const DxScenario *scenario, const DxSweepOptions *options, GError **error)
{
    if (!run)
        return false;
    dx_sim_set_budget(run->sim, &options->budget);
    dx_sim_set_watch(run->sim, options->watch, options->watch_data);
    return dx_run_go(run, scenario, error);
}

DxSweepValue *dx__sweep_measure(const DxSweep *sweep, unsigned unit, unsigned replication, int64_t tried,
                                const DxSweepOptions *options, GError **error)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx__sweep_scenario(sweep, unit, tried, problems);
    DxRun *one = scenario ? dx_run_new_replication(scenario, replication, error) : NULL;
    DxSweepValue *values = NULL;

    if (!scenario)
        refused(problems, error);
    else if (run(one, scenario, options, error))
        values = read_values(sweep->plan, one->results);
    dx_run_free(one);
    dx_scenario_free(scenario);
    dx_problems_free(problems);
    return values;
}
