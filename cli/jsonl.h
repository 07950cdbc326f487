/*
 * jsonl.h - files of JSON objects, one a line
 *
 * A line that is no good is told of, at its place, and left out; the others are read all the same.
 */
#ifndef DX_CLI_JSONL_H
#define DX_CLI_JSONL_H

#include "members-priv.h"

#define CLI_LINE_MAX (1u << 20) /* bytes */

typedef struct {
    DxMembers in; /* what was read of this line is freed with it */
    unsigned line;
} CliLine;

/* One object of a file. Whatever is wrong with it goes to @line->in.reader.problems. */
typedef void (*CliLineFunc)(CliLine *line, const DxJson *object, void *data);

/* All lines of a file; problems are printed at the end. Returns CLI_DONE, or the status to end with. */
int cli_each_line(const char *path, CliLineFunc take, void *data);

#endif
