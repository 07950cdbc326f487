/*
 * jsonl - files of JSON objects, one a line
 */
#include "jsonl.h"
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* -- lines ------------------------------------------------------------------------------------------- */

/* Every line is a document of its own; its places are those of the file. */
static void move_down(DxJson *value, unsigned n)
{
    value->line += n;
    value->key_line += n;
    dx_json_each (child, value)
        move_down(child, n);
}

static void take_line(CliLine *line, const GString *text, CliLineFunc take, void *data)
{
    DxProblems *problems = line->in.reader.problems;
    unsigned at_line, column;
    g_autoptr(GError) error = NULL;
    DxJson *root;

    if (text->len > CLI_LINE_MAX) {
        dx__problem_at(problems, line->in.reader.file, line->line, 1, NULL, DX_CODE_LIMIT,
                       "this line has more than %u bytes; no more are accepted", CLI_LINE_MAX);
        return;
    }
    if (strspn(text->str, " \t\r") == text->len) {
        dx__problem_at(problems, line->in.reader.file, line->line, 1, NULL, DX_CODE_JSON,
                       "this line is empty; each line holds one JSON object");
        return;
    }
    line->in.reader.doc = dx__json_parse(text->str, text->len, &at_line, &column, &error);
    if (!line->in.reader.doc) {
        dx__problem_at(problems, line->in.reader.file, line->line, column, NULL,
                       g_error_matches(error, DX_ERROR, DX_ERROR_LIMIT) ? DX_CODE_LIMIT : DX_CODE_JSON, "%s",
                       error->message);
        return;
    }
    root = dx__json_root(line->in.reader.doc);
    move_down(root, line->line - 1);
    if (dx__member_is_type(&line->in, root, DX_JSON_OBJECT))
        take(line, root, data);
    dx__json_free(line->in.reader.doc);
    g_ptr_array_set_size(line->in.owned, 0);
}

/* Without its end; what is too long is not kept. False: there is none. */
static bool read_line(FILE *file, GString *text)
{
    int c = EOF;
    bool is_there = false;

    g_string_truncate(text, 0);
    while ((c = getc_unlocked(file)) != EOF) {
        is_there = true;
        if (c == '\n')
            break;
        if (text->len <= CLI_LINE_MAX)
            g_string_append_c(text, (char)c);
    }
    return is_there;
}

int cli_each_line(const char *path, CliLineFunc take, void *data)
{
    g_autoptr(GString) text = g_string_new(NULL);
    FILE *file = fopen(path, "re");
    DxProblems *problems = dx_problems_new();
    CliLine line = { .in = { .reader = { .problems = problems, .file = path },
                             .owned = g_ptr_array_new_with_free_func(g_free) } };
    int failure = file ? 0 : errno, status;

    while (file && read_line(file, text)) {
        line.line++;
        take_line(&line, text, take, data);
    }
    if (file) {
        failure = ferror(file) ? errno : 0;
        fclose(file);
    }
    if (failure)
        dx__problem_at(problems, path, 0, 0, NULL, DX_CODE_FILE, "%s", g_strerror(failure));
    else if (!line.line)
        dx__problem_at(problems, path, 0, 0, NULL, DX_CODE_JSON, "there is not a single line");
    status = problems->n_found ? CLI_REFUSED : CLI_DONE;
    cli_print_problems(problems);
    dx_problems_free(problems);
    g_ptr_array_unref(line.in.owned);
    return status;
}
