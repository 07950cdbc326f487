/*
 * network.h - small scenarios as texts, read and run; whatever goes wrong fails the test
 */
#ifndef DX_TEST_NETWORK_H
#define DX_TEST_NETWORK_H

#include <check.h>
#include <string.h>
#include <dxsim/models.h>
#include <dxsim/scenario.h>

/* Routers a, b, c and what is given. Texts take ' for ". Line 3 has the links, line 4 the flows, line 5 and
 * on the rest. (transfer full) */
static inline char *network_text(const char *duration, const char *links, const char *flows, const char *rest)
{
    char *text = g_strdup_printf(
        "{ 'dxsim': 1, 'name': 'n', 'run': { 'duration': '%s' },\n"
        "'nodes': { 'a': { 'kind': 'router' }, 'b': { 'kind': 'router' }, 'c': { 'kind': 'router' } },\n"
        "'links': { %s },\n'flows': { %s }%s }\n",
        duration, links, flows, rest);

    return g_strdelimit(text, "'", '"');
}

/* As the file "f". */
static inline DxScenario *network_read(const char *text)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read("f", text, strlen(text), dx_builtin_models, problems);

    if (!scenario)
        ck_abort_msg("%s", dx_problem_text(g_ptr_array_index(problems->list, 0)));
    dx_problems_free(problems);
    return scenario;
}

static inline DxScenario *network_load(const char *duration, const char *links, const char *flows,
                                       const char *rest)
{
    g_autofree char *text = network_text(duration, links, flows, rest);

    return network_read(text);
}

static inline DxRun *network_make(const DxScenario *scenario)
{
    GError *error = NULL;
    DxRun *made = dx_run_new(scenario, &error);

    if (!made)
        ck_abort_msg("%s", error->message);
    return made;
}

static inline void network_go(DxRun *made, const DxScenario *scenario)
{
    GError *error = NULL;

    if (!dx_run_go(made, scenario, &error))
        ck_abort_msg("%s", error->message);
}

static inline DxRun *network_run(const DxScenario *scenario)
{
    DxRun *made = network_make(scenario);

    network_go(made, scenario);
    return made;
}

/* Of a row that holds a whole number. */
static inline uint64_t network_value(const DxRun *made, const char *kind, const char *object,
                                     const char *metric)
{
    const DxRow *row = dx_results_find(made->results, kind, object, metric);

    if (!row)
        ck_abort_msg("there is no %s %s %s", kind, object, metric);
    return row->value;
}

#endif
