/*
 * plot-priv.h - what plot.c shares with plot-marks.c
 */
#ifndef DX_PLOT_PRIV_H
#define DX_PLOT_PRIV_H

#include <dxsim/scenario.h>

/* A line "variable = value" of a gnuplot script. */
void dx__plot_set_real(GString *script, const char *variable, double value);
void dx__plot_set_text(GString *script, const char *variable, const char *value);

/* plot-marks.c: what happened, as lines across the picture: n_marks, then mark_x_1, mark_text_1, ... in units
 * of @x_unit_s. None, when they would hide what is drawn. */
void dx__plot_marks(GString *script, const DxScenario *scenario, double x_unit_s);

#endif
