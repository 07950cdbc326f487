/*
 * dxsim/plot.h - pictures of a finished run, drawn by gnuplot
 *
 *   queue        what waits at each link, the peak of every period of the series
 *   throughput   what each link carries, the mean of every period
 *   latency-cdf  which share of each flow's frames had at most this latency
 *
 * A plot is three files, so that it can be redrawn and changed: plots/NAME.csv, plots/NAME.gp,
 * plots/NAME.svg.
 */
#ifndef DXSIM_PLOT_H
#define DXSIM_PLOT_H

#include <dxsim/output.h>
#include <dxsim/scenario.h>

/* Names, NULL-terminated. */
DX_API extern const char *const dx_plot_names[];

/**
 * dx_plot_draw:
 * @name: one of dx_plot_names
 * @error: DX_ERROR_PLOT: gnuplot is missing or failed, or there is nothing to draw; data and script stay.
 *         DX_ERROR_IO: the output could not be written. DX_ERROR_UNKNOWN: no such plot
 *
 * "queue" and "throughput" need a series. Waits for gnuplot, 60 s at most.
 */
DX_API bool dx_plot_draw(const char *name, DxOutput *output, const DxScenario *scenario, const DxRun *run,
                         GError **error);

#endif
