/*
 * number-priv.h - reals as text
 */
#ifndef DX_NUMBER_PRIV_H
#define DX_NUMBER_PRIV_H

#include <glib.h>

/* The shortest of 15 to 17 digits that reads back the same, whatever the locale. @real is finite; @text has
 * G_ASCII_DTOSTR_BUF_SIZE bytes. Returns @text. */
char *dx__real_text(double real, char *text);

#endif
