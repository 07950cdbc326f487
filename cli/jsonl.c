/*
 * jsonl - files of JSON objects, one a line
 */
#include "jsonl.h"
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* -- members ----------------------------------------------------------------------------------------- */

void *cli_line_alloc(CliLine *line, gsize n, gsize size)
{
    void *room = g_malloc0_n(n ? n : 1, size);

    g_ptr_array_add(line->owned, room);
    return room;
}

bool cli_line_is_good(const CliLine *line, unsigned n_before)
{
    return line->reader.problems->n_found == n_before;
}

bool cli_is_type(CliLine *line, const DxJson *value, DxJsonType type)
{
    if (value->type == type)
        return true;
    DX_PROBLEM(&line->reader, value, DX_CODE_TYPE, "%s is due here, not %s", dx__json_type_name(type),
               dx__json_type_name(value->type));
    return false;
}

const DxJson *cli_get(CliLine *line, const DxJson *object, const char *key, DxJsonType type)
{
    const DxJson *value = dx__json_member(line->reader.doc, object, key);

    return value && value->type != DX_JSON_NULL && cli_is_type(line, value, type) ? value : NULL;
}

const DxJson *cli_need(CliLine *line, const DxJson *object, const char *key, DxJsonType type)
{
    const DxJson *value = dx__json_member(line->reader.doc, object, key);

    if (!value)
        DX_PROBLEM(&line->reader, object, DX_CODE_MISSING_KEY, "\"%s\" is missing", key);
    return value && cli_is_type(line, value, type) ? value : NULL;
}

bool cli_number(CliLine *line, const DxJson *value, uint32_t least, uint32_t most, uint32_t *number)
{
    g_autofree char *shown = value->type == DX_JSON_NUMBER ? dx__json_escape(value->text) : NULL;
    int64_t whole;

    if (!cli_is_type(line, value, DX_JSON_NUMBER))
        return false;
    if (!dx__json_int64(value, &whole)) {
        DX_PROBLEM(&line->reader, value, DX_CODE_SYNTAX, "%s is no whole number", shown);
        return false;
    }
    if (whole < least || whole > most) {
        DX_PROBLEM(&line->reader, value, DX_CODE_RANGE, "%s is outside %u to %u", shown, least, most);
        return false;
    }
    *number = (uint32_t)whole;
    return true;
}

bool cli_u32(CliLine *line, const DxJson *object, const char *key, uint32_t least, uint32_t most,
             uint32_t *value)
{
    const DxJson *number = cli_get(line, object, key, DX_JSON_NUMBER);

    return number && cli_number(line, number, least, most, value);
}

bool cli_bool(CliLine *line, const DxJson *object, const char *key, bool *value)
{
    const DxJson *found = cli_get(line, object, key, DX_JSON_BOOL);

    if (found)
        *value = found->boolean;
    return found;
}

char *cli_did_you_mean(const char *word, const char *const *words)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    const char *nearest;

    for (; *words; words++)
        g_ptr_array_add(list, (gpointer)(uintptr_t)*words);
    nearest = dx__reader_nearest(word, list);
    return nearest ? g_strdup_printf("; did you mean \"%s\"?", nearest) : g_strdup("");
}

bool cli_choice(CliLine *line, const DxJson *object, const char *key, const char *const *choices,
                uint32_t *choice)
{
    const DxJson *word = cli_get(line, object, key, DX_JSON_STRING);
    g_autofree char *list = g_strjoinv("\", \"", (char **)(uintptr_t)choices);
    g_autofree char *shown = NULL;

    if (!word)
        return false;
    for (*choice = 0; choices[*choice]; ++*choice)
        if (!strcmp(choices[*choice], word->text))
            return true;
    shown = dx__json_escape(word->text);
    DX_PROBLEM(&line->reader, word, DX_CODE_CHOICE, "\"%s\" is not one of \"%s\"", shown, list);
    return false;
}

void cli_check_keys(CliLine *line, const DxJson *object, const char *what, const char *const *keys)
{
    dx_json_each (member, object) {
        g_autofree char *shown = NULL, *hint = NULL;

        if (g_strv_contains(keys, member->key) || dx__reader_is_for_people(member->key))
            continue;
        shown = dx__json_escape(member->key);
        hint = cli_did_you_mean(member->key, keys);
        dx__problem(line->reader.problems, line->reader.file, member, true, DX_CODE_UNKNOWN_KEY,
                    "unknown %s \"%s\"%s", what, shown, hint);
    }
}

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
    DxProblems *problems = line->reader.problems;
    unsigned at_line, column;
    g_autoptr(GError) error = NULL;
    DxJson *root;

    if (text->len > CLI_LINE_MAX) {
        dx__problem_at(problems, line->reader.file, line->line, 1, NULL, DX_CODE_LIMIT,
                       "this line has more than %u bytes; no more are accepted", CLI_LINE_MAX);
        return;
    }
    if (strspn(text->str, " \t\r") == text->len) {
        dx__problem_at(problems, line->reader.file, line->line, 1, NULL, DX_CODE_JSON,
                       "this line is empty; each line holds one JSON object");
        return;
    }
    line->reader.doc = dx__json_parse(text->str, text->len, &at_line, &column, &error);
    if (!line->reader.doc) {
        dx__problem_at(problems, line->reader.file, line->line, column, NULL,
                       g_error_matches(error, DX_ERROR, DX_ERROR_LIMIT) ? DX_CODE_LIMIT : DX_CODE_JSON, "%s",
                       error->message);
        return;
    }
    root = dx__json_root(line->reader.doc);
    move_down(root, line->line - 1);
    if (cli_is_type(line, root, DX_JSON_OBJECT))
        take(line, root, data);
    dx__json_free(line->reader.doc);
    g_ptr_array_set_size(line->owned, 0);
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
    CliLine line = { .reader = { .problems = problems, .file = path },
                     .owned = g_ptr_array_new_with_free_func(g_free) };
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
    g_ptr_array_unref(line.owned);
    return status;
}
