/*
 * bgp/regex.h - regular expressions over AS paths, as routers have them
 *
 * POSIX extended, without counts and back references; "_" is the start, the end, or one of space , { } ( ).
 * Time grows with the text times the expression, whatever they are: nothing a stranger writes makes it hang.
 */
#ifndef DX_BGP_REGEX_H
#define DX_BGP_REGEX_H

#include <glib.h>
#include <stdbool.h>
#include <dxsim/error.h>

/* Characters of an expression; and what it may come to. */
#define DX_REGEX_MAX 256

typedef struct DxRegex DxRegex;

/**
 * dx__regex_new:
 * @error: DX_ERROR_SYNTAX or DX_ERROR_LIMIT; the message says at which character
 */
DxRegex *dx__regex_new(const char *text, GError **error);
void dx__regex_free(DxRegex *regex);
/* Does it match anywhere in @text? */
bool dx__regex_matches(const DxRegex *regex, const char *text);

#endif
