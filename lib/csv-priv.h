/*
 * csv-priv.h - reading CSV from what is open already, and where in it something is wrong
 */
#ifndef DX_CSV_PRIV_H
#define DX_CSV_PRIV_H

#include <dxsim/csv.h>

#define DX_CSV_COLUMNS_MAX 16

typedef struct {
    int fd;
    unsigned n_columns;    /* cells in every row; 0: as many as the first has, which is filled in */
    GChecksum *checksum;   /* of all bytes, when there is no error; NULL: none */
    unsigned cell;         /* for the row's function: which cell it refuses, from 0 */
    unsigned line, column; /* when something is refused: where, from 1, in bytes; 0: unknown */
} DxCsvInput;

/* As dx_csv_read(), but messages have no place: that is in @input. */
bool dx__csv_read(DxCsvInput *input, DxCsvRowFn fn, void *data, GError **error);

/* A number as it is to stand there; "": none. */
void dx__csv_number(DxFile *file, const char *number);

#endif
