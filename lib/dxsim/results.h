/*
 * dxsim/results.h - what a run measured, as rows
 *
 * A row is (kind, object, metric) and a value: ("link", "dx1:a>b", "tx_frames", 4711). Rows watch counters
 * while the simulation runs, so a series can sample them; at the end metrics are derived from them (means,
 * percentiles, utilisation), and summary, expectations and plots read nothing else.
 */
#ifndef DXSIM_RESULTS_H
#define DXSIM_RESULTS_H

#include <dxsim/sim.h>

typedef struct DxResults DxResults;

typedef struct {
    const char *kind;   /* "flow", "link", "model", "lag", "vif", "node", "total"; this and the next two are
                           kept once each */
    const char *object; /* name; a direction of a link is "dx1:a>b" */
    const char *metric; /* with its unit */
    DxCounterKind counter;
    bool is_real;        /* real counts, else value */
    const char *no_data; /* why there is nothing to tell, although a number stands here; NULL: there is */
    uint64_t value;
    double real;
} DxRow;

DX_API DxResults *dx_results_new(DxTime duration_ps, DxTime warmup_ps);
DX_API void dx_results_free(DxResults *results);

/* Watch @from; the same (kind, object, metric) again adds up. @from must outlive @results or
 * dx_results_close(). */
DX_API void dx_results_watch(DxResults *results, const char *kind, const char *object, const char *metric,
                             DxCounterKind counter, uint64_t *from);
/* The same of a level that is a real number; DX_COUNTER_REAL. */
DX_API void dx_results_watch_real(DxResults *results, const char *kind, const char *object,
                                  const char *metric, const double *from);
/* Rows of a group of flows, and its latency histogram. */
DX_API void dx_results_watch_group(DxResults *results, const char *name, DxGroupStats *stats);

/* Read all counters. Peaks start again at 0. */
DX_API void dx_results_refresh(DxResults *results);
/* Of a run that ended early: the time it reached. Before dx_results_close(). */
DX_API void dx_results_set_duration(DxResults *results, DxTime duration_ps);
/* Read for the last time, and derive what is computed from them. @pending: frames per group that were born
 * after the warm-up and are still on their way, one for each dx_results_watch_group() in its order. */
DX_API void dx_results_close(DxResults *results, const uint64_t *pending);

DX_API unsigned dx_results_n_rows(const DxResults *results);
DX_API const DxRow *dx_results_row(const DxResults *results, unsigned index);
/* NULL when there is none. */
DX_API const DxRow *dx_results_find(const DxResults *results, const char *kind, const char *object,
                                    const char *metric);
DX_API unsigned dx_results_n_groups(const DxResults *results);
DX_API const char *dx_results_group_name(const DxResults *results, unsigned index);
DX_API const DxHistogram *dx_results_latency(const DxResults *results, unsigned index);
DX_API DxTime dx_results_duration(const DxResults *results);
DX_API DxTime dx_results_warmup(const DxResults *results);

/* Value as text: integers as they are, reals in the shortest form that reads back the same. (transfer full)
 */
DX_API char *dx_row_text(const DxRow *row);

/* -- series ------------------------------------------------------------------------------------------ */

/* Samples of the rows at regular times: rates of what grows, levels, peaks; of the object "all" the drops of
 * links and nodes, reason by reason. Taken by dx_series_sample(). */
typedef struct DxSeries DxSeries;

typedef struct {
    DxTime t_ps;
    const char *object, *metric;
    bool is_real; /* real counts, else value */
    uint64_t value;
    double real;
} DxSample;

/* (transfer full): an integer, or the shortest decimal that reads back as the same */
DX_API char *dx_sample_text(const DxSample *sample);

DX_API DxSeries *dx_series_new(DxResults *results, DxTime period_ps);
DX_API void dx_series_free(DxSeries *series);
/* At @now_ps, one period after the sample before. Refreshes the rows. */
DX_API void dx_series_sample(DxSeries *series, DxTime now_ps);

/* Where samples go, as they are taken; they are kept in memory only when nobody has said. NULL: nowhere. */
typedef void (*DxSampleFn)(const DxSample *sample, void *data);
DX_API void dx_series_set_sink(DxSeries *series, DxSampleFn fn, void *data);
DX_API size_t dx_series_n(const DxSeries *series);
DX_API const DxSample *dx_series_at(const DxSeries *series, size_t index);

#endif
