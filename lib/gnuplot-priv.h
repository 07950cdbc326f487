/*
 * gnuplot-priv.h - gnuplot as a child process
 */
#ifndef DX_GNUPLOT_PRIV_H
#define DX_GNUPLOT_PRIV_H

#include <dxsim/plot.h>

/* Text as a constant expression of gnuplot: in single quotes, where nothing is expanded; valid UTF-8, no
 * control characters, at most 256 of them. (transfer full) */
char *dx__gnuplot_quote(const char *text);

/**
 * dx__gnuplot_draw:
 * @dir: working directory, where script and data are
 * @script: file name; it writes a picture of this @format to its standard output
 * @timeout_s: after this the child is killed
 * @error: DX_ERROR_PLOT; with the first line of what gnuplot said
 *
 * Returns: (transfer full): the whole picture
 */
GString *dx__gnuplot_draw(const char *dir, const char *script, DxPlotFormat format, unsigned timeout_s,
                          GError **error);

/* What Graphviz makes of it, as SVG. (transfer full); NULL: it is not there, or did not get on in time */
GString *dx__gnuplot_dot(const char *text);

#endif
