/*
 * jsonl.h - files of JSON objects, one a line
 *
 * A line that is no good is told of, at its place, and left out; the others are read all the same.
 */
#ifndef DX_CLI_JSONL_H
#define DX_CLI_JSONL_H

#include "reader-priv.h"

#define CLI_LINE_MAX (1u << 20) /* bytes */

typedef struct {
    DxReader reader;
    unsigned line;
    GPtrArray *owned; /* what was read of this line: freed with it */
} CliLine;

/* One object of a file. Whatever is wrong with it goes to @line->reader.problems. */
typedef void (*CliLineFunc)(CliLine *line, const DxJson *object, void *data);

/* All lines of a file; problems are printed at the end. Returns CLI_DONE, or the status to end with. */
int cli_each_line(const char *path, CliLineFunc take, void *data);

/* Room that lives as long as the line; zero. */
void *cli_line_alloc(CliLine *line, gsize n, gsize size);
/* Nothing wrong since @n_before problems were found? */
bool cli_line_is_good(const CliLine *line, unsigned n_before);

/* Readers of members. NULL or false: it is not there, or null, or no good, which has been told. */
const DxJson *cli_get(CliLine *line, const DxJson *object, const char *key, DxJsonType type);
const DxJson *cli_need(CliLine *line, const DxJson *object, const char *key, DxJsonType type);
bool cli_is_type(CliLine *line, const DxJson *value, DxJsonType type);
bool cli_u32(CliLine *line, const DxJson *object, const char *key, uint32_t least, uint32_t most,
             uint32_t *value);
/* The value itself. */
bool cli_number(CliLine *line, const DxJson *value, uint32_t least, uint32_t most, uint32_t *number);
bool cli_bool(CliLine *line, const DxJson *object, const char *key, bool *value);
/* Position in a NULL-terminated list. */
bool cli_choice(CliLine *line, const DxJson *object, const char *key, const char *const *choices,
                uint32_t *choice);
/* Every key must be one of these. @what: "knob" or "key". */
void cli_check_keys(CliLine *line, const DxJson *object, const char *what, const char *const *keys);
/* The word of @words (NULL-terminated) that was probably meant, as "; did you mean ...?"; or "". */
char *cli_did_you_mean(const char *word, const char *const *words);

#endif
