/*
 * dxsim/plot.h - pictures of a finished run, drawn by gnuplot
 *
 * A figure is drawn from the files that a run has left in its directory, so it can be drawn any time, and
 * again. It is three files: plots/NAME.csv, its data; plots/NAME.gp, its script; plots/NAME.svg (or .png,
 * .pdf, .txt), the picture.
 */
#ifndef DXSIM_PLOT_H
#define DXSIM_PLOT_H

#include <dxsim/output.h>

/* Figures that a scenario may ask for, and formats of pictures; NULL-terminated. */
DX_API extern const char *const dx_plot_names[];
DX_API extern const char *const dx_plot_formats[];

/* Is it drawn from series.csv? */
DX_API bool dx_plot_needs_series(const char *name);

typedef enum { DX_PLOT_SVG, DX_PLOT_PNG, DX_PLOT_PDF, DX_PLOT_DUMB } DxPlotFormat;

/* "svg", "png", "pdf", "dumb" (text, for a terminal). */
DX_API bool dx_plot_format(const char *text, DxPlotFormat *format);
/* What ends the file's name: "svg", ..., "txt". */
DX_API const char *dx_plot_ending(DxPlotFormat format);

/* All figures, in order; NULL behind the last. */
DX_API const char *dx_plot_figure(unsigned index, const char **summary);

/* Directories of finished runs, to draw from. */
typedef struct DxPlotSource DxPlotSource;

/**
 * dx_plot_source_new:
 * @dir: as a run or a sweep has left it; also DIR.partial, once its files are closed
 *
 * Reads what it says about itself. It is not compared with its manifest: see dx_verify().
 *
 * Returns: (transfer full); NULL with @error: DX_ERROR_IO, DX_ERROR_SYNTAX
 */
DX_API DxPlotSource *dx_plot_source_new(const char *dir, GError **error);
/* One more, to compare the first with. */
DX_API bool dx_plot_source_add(DxPlotSource *source, const char *dir, GError **error);
DX_API void dx_plot_source_free(DxPlotSource *source);

/**
 * dx_plot_draw:
 * @name: one of dx_plot_figure()
 * @error: DX_ERROR_PLOT: gnuplot is missing or failed; data and script stay. DX_ERROR_REFERENCE: there is
 * nothing to draw. DX_ERROR_IO: the output could not be written. DX_ERROR_UNKNOWN: no such figure
 *
 * Waits for gnuplot, 60 s at most.
 */
DX_API bool dx_plot_draw(const char *name, DxPlotFormat format, DxOutput *output, const DxPlotSource *source,
                         GError **error);

/**
 * dx_plot_picture:
 * @length: set to its length in bytes; may be NULL
 *
 * The same in memory: no file stays.
 *
 * Returns: (transfer full): the picture; NULL with @error set
 */
DX_API char *dx_plot_picture(const char *name, DxPlotFormat format, const DxPlotSource *source, gsize *length,
                             GError **error);

#endif
