/*
 * columns-priv.h - plain text for people: aligned columns and wrapped paragraphs, DX_COLUMNS wide at most
 */
#ifndef DX_COLUMNS_PRIV_H
#define DX_COLUMNS_PRIV_H

#include <dxsim/report.h>
#include <glib.h>

#define DX_COLUMNS     DX_REPORT_COLUMNS
#define DX_COLUMNS_MAX 12

typedef struct {
    unsigned n, indent;
    unsigned right_mask; /* bit per column: aligned to the right */
    unsigned elastic;    /* the column that gives way when a line would be too long */
    GPtrArray *cells;    /* char*, row by row */
} DxColumns;

void dx__columns_init(DxColumns *columns, unsigned n, unsigned indent, unsigned right_mask, unsigned elastic);
/* Takes @cell, valid UTF-8. */
void dx__columns_add(DxColumns *columns, char *cell);
/* Prints and clears. */
void dx__columns_finish(DxColumns *columns, GString *out);

/* Words of @text behind what the line holds already (@column), further lines @indent deep; then a line end.
 */
void dx__columns_wrap(GString *out, unsigned column, unsigned indent, const char *text);

#endif
