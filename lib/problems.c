/*
 * problems - what is wrong with a scenario, and where
 */
#include "scenario-priv.h"

#include <string.h>

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
    g_autofree char *file = dx_error_printable(problem->file);

    g_string_append_printf(text, "%s:", file);
    if (problem->line)
        g_string_append_printf(text, "%u:%u:", problem->line, problem->column);
    g_string_append_printf(text, " %s: %s", problem->is_warning ? "warning" : "error", problem->message);
    if (problem->pointer && *problem->pointer)
        g_string_append_printf(text, " (%s)", problem->pointer);
    g_string_append_printf(text, " [DX%u]", problem->code);
    return g_string_free(text, FALSE);
}

/* In order of place; what was found first comes first where that is the same. */
static gint compare_place(gconstpointer a, gconstpointer b)
{
    const DxProblem *x = *(DxProblem *const *)a, *y = *(DxProblem *const *)b;

    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Told already of the same place, which others are like. */
static bool is_known(const DxProblems *problems, const DxProblem *problem)
{
    for (guint i = 0; problem->line && i < problems->list->len; i++) {
        const DxProblem *other = g_ptr_array_index(problems->list, i);

        if (other->line == problem->line && other->column == problem->column &&
            other->code == problem->code && !strcmp(other->message, problem->message))
            return true;
    }
    return false;
}

/* Takes what @problem points to. */
static void add(DxProblems *problems, DxProblem problem)
{
    DxProblem *kept = g_memdup2(&problem, sizeof problem);

    if (is_known(problems, &problem)) {
        problem_free(kept);
        return;
    }
    problems->n_found += !problem.is_warning;
    if (problems->list->len < DX_PROBLEMS_MAX) {
        g_ptr_array_add(problems->list, kept);
        g_ptr_array_sort(problems->list, compare_place);
    } else {
        problem_free(kept);
    }
}

static void add_at_json(DxProblems *problems, const char *file, const DxJson *at, bool at_key,
                        bool is_warning, unsigned code, const char *format, va_list args)
{
    char *pointer = dx__json_pointer(at);

    add(problems, (DxProblem){ .file = at->set_by ? g_strconcat("--set ", at->set_by, NULL) : g_strdup(file),
                               .line = at->set_by ? 0
                                       : at_key   ? at->key_line
                                                  : at->line,
                               .column = at_key ? at->key_column : at->column,
                               .message = g_strdup_vprintf(format, args),
                               .pointer = dx__json_escape(pointer),
                               .code = code,
                               .is_warning = is_warning });
    g_free(pointer);
}

void dx__problem(DxProblems *problems, const char *file, const DxJson *at, bool at_key, unsigned code,
                 const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_at_json(problems, file, at, at_key, false, code, format, args);
    va_end(args);
}

void dx__warning(DxProblems *problems, const char *file, const DxJson *at, unsigned code, const char *format,
                 ...)
{
    va_list args;

    va_start(args, format);
    add_at_json(problems, file, at, false, true, code, format, args);
    va_end(args);
}

void dx__problem_at(DxProblems *problems, const char *file, unsigned line, unsigned column,
                    const char *pointer, unsigned code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, (DxProblem){ .file = g_strdup(file),
                               .line = line,
                               .column = column,
                               .message = g_strdup_vprintf(format, args),
                               .pointer = g_strdup(pointer),
                               .code = code });
    va_end(args);
}
