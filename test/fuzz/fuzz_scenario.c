/*
 * fuzz_scenario - any text as a scenario: refused with a place, or built and run
 *
 * A run is cut to 20 us and to what a few hundred frames take at the rates that the scenario asks for.
 */
#include <dxsim/models.h>
#include "../../lib/scenario-priv.h"
#include "fuzz.h"

#define FRAMES_MAX 500
#define FLOWS_MAX  5000

static void check_problems(const DxProblems *problems, const char *text, size_t size)
{
    CHECK(problems->list->len <= DX_PROBLEMS_MAX);
    for (guint i = 0; i < problems->list->len; i++) {
        const DxProblem *problem = g_ptr_array_index(problems->list, i);
        char *line = dx_problem_text(problem);

        check_line(line);
        check_place(text, size, problem->line, problem->column);
        CHECK(problem->code >= 1000 && problem->code < 2000);
        g_free(line);
    }
}

/* The shortest time between two frames of a flow. */
static DxTime gap_ps(const DxScenario *scenario, const DxScFlow *flow)
{
    const DxModel *source = dx__scenario_model(scenario, "source");
    const int64_t rate_bps =
        MAX(dx__conf_int(source, flow->source, "rate"), dx__conf_int(source, flow->source, "peak"));
    const int64_t bits = 8 * dx__conf_int(source, flow->source, "size");
    const DxTime interval_ps = dx__conf_int(source, flow->source, "interval");
    const DxTime gap = rate_bps ? (DxTime)((__int128)bits * DX_S / rate_bps) : DX_TIME_MAX;

    return MIN(interval_ps ? MIN(interval_ps, gap) : gap, DX_S);
}

static DxTime short_enough_ps(const DxScenario *scenario)
{
    DxTime duration_ps = MIN(scenario->duration_ps, 20 * DX_US);

    for (guint i = 0; i < scenario->flows->len; i++)
        duration_ps = MIN(duration_ps, gap_ps(scenario, DX_SC(scenario, flows, DxScFlow, i)) * FRAMES_MAX);
    return MAX(duration_ps, 1);
}

static uint32_t n_flows(const DxScenario *scenario)
{
    const DxScFlow *last;

    if (!scenario->flows->len)
        return 0;
    last = DX_SC(scenario, flows, DxScFlow, scenario->flows->len - 1);
    return last->first_flow + last->n_flows;
}

/* Conservation is checked by the engine itself; what a run must not do is fail. */
static void run(DxScenario *scenario)
{
    GError *error = NULL;
    DxRun *made;

    dx_scenario_set_duration(scenario, short_enough_ps(scenario));
    scenario->warmup_ps = MIN(scenario->warmup_ps, scenario->duration_ps - 1);
    made = dx_run_new(scenario, &error);
    CHECK(!made == (error != NULL));
    if (made && !dx_run_go(made, scenario, &error))
        fprintf(stderr, "%s\n", error->message);
    if (made && !error) {
        g_ptr_array_unref(dx_scenario_judge(scenario, made->results));
        g_ptr_array_unref(dx_scenario_claims(scenario, made->results));
    } else {
        CHECK(error->code == DX_ERROR_TOPOLOGY || error->code == DX_ERROR_LIMIT);
        check_line(error->message);
    }
    g_clear_error(&error);
    dx_run_free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = size ? g_memdup2(data, size) : g_malloc(1);
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f.json", text, size, dx_builtin_models, problems);

    CHECK(!scenario == (problems->n_found > 0));
    check_problems(problems, text, size);
    if (scenario && n_flows(scenario) <= FLOWS_MAX)
        run(scenario);
    dx_scenario_free(scenario);
    dx_problems_free(problems);
    g_free(text);
    return 0;
}
