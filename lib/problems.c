/*
 * problems - what is wrong with a scenario, and where
 */
#include "scenario-priv.h"

static void problem_free(gpointer data)
{
    DxProblem *problem = data;

    g_free(problem->file);
    g_free(problem->message);
    g_free(problem->pointer);
    g_free(problem);
}

DxProblems *dx_problems_new(void)
{
    DxProblems *problems = g_new0(DxProblems, 1);

    problems->list = g_ptr_array_new_with_free_func(problem_free);
    return problems;
}

void dx_problems_free(DxProblems *problems)
{
    if (!problems)
        return;
    g_ptr_array_unref(problems->list);
    g_free(problems);
}

char *dx_problem_text(const DxProblem *problem)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%s:", problem->file);
    if (problem->line)
        g_string_append_printf(text, "%u:%u:", problem->line, problem->column);
    g_string_append_printf(text, " error: %s", problem->message);
    if (problem->pointer && *problem->pointer)
        g_string_append_printf(text, " (%s)", problem->pointer);
    g_string_append_printf(text, " [DX%u]", problem->code);
    return g_string_free(text, FALSE);
}

static void add(DxProblems *problems, const char *file, unsigned line, unsigned column, char *pointer,
                unsigned code, char *message)
{
    DxProblem problem = { g_strdup(file), line, column, message, pointer, code };

    if (problems->n_found++ < DX_PROBLEMS_MAX)
        g_ptr_array_add(problems->list, g_memdup2(&problem, sizeof problem));
    else
        problem_free(g_memdup2(&problem, sizeof problem));
}

void dx__problem(DxProblems *problems, const char *file, const DxJson *at, bool at_key, unsigned code,
                 const char *format, ...)
{
    va_list args;
    char *message, *pointer = dx__json_pointer(at);

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    add(problems, file, at_key ? at->key_line : at->line, at_key ? at->key_column : at->column,
        dx__json_escape(pointer), code, message);
    g_free(pointer);
}

void dx__problem_at(DxProblems *problems, const char *file, unsigned line, unsigned column,
                    const char *pointer, unsigned code, const char *format, ...)
{
    va_list args;
    char *message;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    add(problems, file, line, column, g_strdup(pointer), code, message);
}
