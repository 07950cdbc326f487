/*
 * dxsim/csv.h - CSV out and in
 *
 * RFC 4180, except that rows end in LF alone, as every Unix tool writes and reads them. Numbers are exact and
 * know no locale: integers, seconds as shifted picoseconds, reals in the shortest form that reads back the
 * same. No cell of text begins with = + - @, tab or a line end, which a spreadsheet would run as a formula: a
 * ' is put in front.
 */
#ifndef DXSIM_CSV_H
#define DXSIM_CSV_H

#include <dxsim/output.h>

/* -- out: cell by cell, separators are put between them. Errors stick to the file. ------------------- */

/* A row of names; NULL-terminated. */
DX_API void dx_csv_header(DxFile *file, const char *const *names);
/* Quoted when it has to be. Invalid UTF-8 is replaced. */
DX_API void dx_csv_text(DxFile *file, const char *text);
DX_API void dx_csv_u64(DxFile *file, uint64_t value);
DX_API void dx_csv_i64(DxFile *file, int64_t value);
/* Seconds, exactly: "1.5", "0.000000000001", "-2". */
DX_API void dx_csv_seconds(DxFile *file, DxTime time_ps);
/* Empty when it is not finite. */
DX_API void dx_csv_real(DxFile *file, double value);
DX_API void dx_csv_end_row(DxFile *file);

/* -- in ---------------------------------------------------------------------------------------------- */

/**
 * DxCsvRowFn:
 * @cells: as many as were asked for, NUL-terminated UTF-8, valid during the call
 * @row: line of the file in which the row ends, from 1; the header is passed too
 * @error: a message without a place: it is put in front
 *
 * Returns: false with @error set to stop
 */
typedef bool (*DxCsvRowFn)(const char *const *cells, unsigned row, void *data, GError **error);

/**
 * dx_csv_read:
 * @n_columns: cells in every row, at least 1
 * @error: "FILE:ROW: ..."; DX_ERROR_IO, DX_ERROR_SYNTAX, DX_ERROR_LIMIT, or what @fn said
 *
 * Strict: quotes where they belong, UTF-8 (a byte order mark is skipped), no NUL, rows of one length, empty
 * lines ignored. A cell has at most 64 KiB. The file is read once, from its beginning, and may be a pipe.
 */
DX_API bool dx_csv_read(const char *path, unsigned n_columns, DxCsvRowFn fn, void *data, GError **error);

#endif
