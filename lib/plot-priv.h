/*
 * plot-priv.h - what plot.c and the plot-*.c share
 *
 *   source    the directories a figure is drawn from           plot-source.c
 *   gather    reads from them what the figure shows            plot-series.c, plot-latency.c, plot-states.c,
 * ... drawing   the figure as a table of numbers, and as lines "variable = value" that its script begins with
 *   script    plots/NAME.gp behind plots/style.gp, run by gnuplot
 *
 * What is read may be a stranger's: names are quoted wherever they go, and gnuplot gets no file that was not
 * written here.
 */
#ifndef DX_PLOT_PRIV_H
#define DX_PLOT_PRIV_H

#include <dxsim/csv.h>
#include <dxsim/plot.h>
#include "json-priv.h"

/* -- sources ----------------------------------------------------------------------------------------- */

typedef struct {
    double rate_bps, queue_bytes; /* 0: not known, or counted in frames */
    bool has_light;
    double low_warning_dbm, low_alarm_dbm, lost_dbm; /* of its receivers, if it has_light */
} DxPlotLink;

/* A directory that a run has left. */
typedef struct {
    char *dir, *label; /* label: what it is called among others */
    char *name;        /* of the scenario */
    double duration_s;
    GHashTable *links;      /* name -> DxPlotLink */
    GHashTable *directions; /* "dx1:a>b" -> DxPlotLink, borrowed */
    DxJsonDoc *doc;         /* explain.json */
} DxPlotRun;

struct DxPlotSource {
    GPtrArray *runs; /* DxPlotRun: the first, and those it is compared with */
};

static inline const DxPlotRun *dx__plot_run(const DxPlotSource *source, guint i)
{
    return g_ptr_array_index(source->runs, i);
}

bool dx__plot_has(const DxPlotRun *run, const char *file);
/* Rows of a CSV file of the directory behind the header, which has to be @header, NULL-terminated. */
bool dx__plot_read(const DxPlotRun *run, const char *file, const char *const *header, DxCsvRowFn fn,
                   void *data, GError **error);
/* A finite number; false, with @error set, if it is none. */
bool dx__plot_number(const char *cell, double *value, GError **error);
/* "nothing to draw: ..." */
bool dx__plot_nothing(GError **error, const char *why);

/* -- drawings ---------------------------------------------------------------------------------------- */

typedef struct DxFigure DxFigure;

typedef struct {
    const DxFigure *figure;
    const DxPlotSource *source;
    GString *script;
    GString *title;
    bool has_side;     /* something is written right of the picture: no room for a legend */
    GPtrArray *header; /* char*: names of columns */
    GArray *cells;     /* double, row by row; NaN: empty */
} DxDrawing;

/* What a figure needs of a directory. */
typedef enum { DX_PLOT_OF_SERIES, DX_PLOT_OF_LATENCY, DX_PLOT_OF_EVENTS, DX_PLOT_OF_SWEEP } DxPlotOf;

/* Adding a figure: a row in plot.c, a script in plots/. */
struct DxFigure {
    const char *name, *summary;
    const char *const *script,
        *const *before; /* before: what stands between style.gp and the script; may be NULL */
    DxPlotOf of;
    bool (*gather)(DxDrawing *drawing, GError **error);
    const void *what; /* for gather() */
};

extern const DxFigure dx__plot_figures[];

/* A line "variable = value" of the script; @index: "variable_3". */
void dx__plot_set_real(DxDrawing *drawing, const char *variable, double value);
void dx__plot_set_int(DxDrawing *drawing, const char *variable, int value);
void dx__plot_set_text(DxDrawing *drawing, const char *variable, const char *value);
void dx__plot_set_real_at(DxDrawing *drawing, const char *variable, unsigned index, double value);
void dx__plot_set_text_at(DxDrawing *drawing, const char *variable, unsigned index, const char *value);

/* Columns that a name takes when it is shown, and the name cut in its middle to at most so many. (transfer
 * full) */
unsigned dx__plot_width(const char *name);
char *dx__plot_shorten(const char *name, unsigned width);
/* The legend: @names of @n curves, and perhaps one more entry for all the rest. */
void dx__plot_set_legend(DxDrawing *drawing, const char *const *names, unsigned n, const char *others);

typedef struct {
    const char *unit;
    double base; /* base units in one */
} DxPlotScale;

/* The largest unit that @value holds at least @n times; else the smallest. A table ends with NULL. */
const DxPlotScale *dx__plot_scale(const DxPlotScale *scales, double value, double n);
extern const DxPlotScale dx__plot_seconds[];
void dx__plot_set_time_axis(DxDrawing *drawing, double x_max_s, const DxPlotScale **scale);

/* -- charts: curves over a common x ------------------------------------------------------------------ */

#define DX_PLOT_NAMED 7  /* colours of Okabe and Ito that are dark enough for a line */
#define DX_PLOT_DRAWN 64 /* the rest is left out */

typedef struct {
    char *name;
    unsigned index;         /* in the order of the scenario */
    double weight;          /* the heaviest are drawn in colour */
    GArray *values;         /* double, one per x; NaN: none */
    const DxPlotLink *link; /* whose it is; NULL: no link's */
} DxCurve;

typedef struct {
    GArray *x;         /* double */
    GPtrArray *curves; /* DxCurve: named ones, then grey ones */
    unsigned n_named;  /* in colour */
    unsigned n_found;  /* before the rest was left out */
} DxChart;

void dx__chart_init(DxChart *chart);
void dx__chart_clear(DxChart *chart);
/* Takes @name. */
DxCurve *dx__chart_add(DxChart *chart, char *name);
const DxCurve *dx__chart_curve(const DxChart *chart, unsigned i);
/* Heaviest first, cut. Those that weigh less than @faint of the heaviest get no colour. */
void dx__chart_choose(DxChart *chart, double faint);
/* Table, legend, counts. */
void dx__chart_draw(const DxChart *chart, DxDrawing *drawing, const char *x_name);

/* -- what the figures are gathered by ---------------------------------------------------------------- */

/* plot-series.c */
typedef struct DxPlotSeries DxPlotSeries;
extern const DxPlotSeries dx__plot_queue, dx__plot_throughput, dx__plot_utilisation, dx__plot_goodput,
    dx__plot_loss, dx__plot_light, dx__plot_margin;
bool dx__plot_series(DxDrawing *drawing, GError **error);

/* plot-latency.c */
bool dx__plot_latency_cdf(DxDrawing *drawing, GError **error);
bool dx__plot_latency_histogram(DxDrawing *drawing, GError **error);

/* plot-states.c */
bool dx__plot_states(DxDrawing *drawing, GError **error);

/* plot-dashboard.c */
bool dx__plot_dashboard(DxDrawing *drawing, GError **error);

/* plot-sweep.c */
bool dx__plot_capacity(DxDrawing *drawing, GError **error);
bool dx__plot_heatmap(DxDrawing *drawing, GError **error);

/* plot-marks.c: what happened, as lines across the picture: n_marks, then mark_x_1, mark_text_1, mark_side_1,
 * ... in units of @x_unit_s. None, when they would hide what is drawn. */
bool dx__plot_marks(DxDrawing *drawing, double x_max_s, double x_unit_s, GError **error);

#endif
