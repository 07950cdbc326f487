/*
 * dxsim/page.h - a finished run, or a sweep, as one HTML file
 *
 * Nothing is fetched, nothing is run: pictures are in it. What stands in it may be anybody's, and is escaped.
 */
#ifndef DXSIM_PAGE_H
#define DXSIM_PAGE_H

#include <dxsim/plot.h>

/**
 * dx_page:
 * @dir: as a run or a sweep has left it; not compared with its manifest: see dx_verify()
 * @failed: set to how many figures could not be drawn, gnuplot missing for example; may be NULL
 * @error: DX_ERROR_IO, DX_ERROR_SYNTAX
 *
 * Topology, verdicts, tables, figures, what happened, assumptions, how to do it again.
 *
 * Returns: (transfer full): HTML; NULL with @error set
 */
DX_API char *dx_page(const char *dir, unsigned *failed, GError **error);

#endif
