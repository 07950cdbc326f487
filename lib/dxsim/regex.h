/*
 * dxsim/regex.h - regular expressions over AS paths, as routers have them
 *
 * POSIX extended, without counts and back references; "_" is the start, the end, or one of space , { } ( ).
 * Time grows with the text times the expression, whatever they are: nothing a stranger writes makes it hang.
 */
#ifndef DXSIM_REGEX_H
#define DXSIM_REGEX_H

#include <glib.h>
#include <stdbool.h>
#include <dxsim/error.h>

/* Characters of an expression; and what it may come to. */
#define DX_REGEX_MAX 256

typedef struct DxRegex DxRegex;

/**
 * dx_regex_new:
 * @error: DX_ERROR_SYNTAX or DX_ERROR_LIMIT; the message says at which character
 */
DX_API DxRegex *dx_regex_new(const char *text, GError **error);
DX_API void dx_regex_free(DxRegex *regex);
/* Does it match anywhere in @text? */
DX_API bool dx_regex_matches(const DxRegex *regex, const char *text);

#endif
