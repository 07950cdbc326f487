/*
 * number.h - numbers in messages and worksheets
 */
#ifndef DX_OPTICS_NUMBER_H
#define DX_OPTICS_NUMBER_H

#include <glib.h>

typedef struct {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
} DxNumber;

/* One decimal, two; and never "-0.0". */
DxNumber dx__tenths(double value);
DxNumber dx__hundredths(double value);
/* As many as it has, at most six digits. */
DxNumber dx__plain(double value);

#endif
