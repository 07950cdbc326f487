/*
 * sweep-priv.h - a sweep as data
 *
 *   scenario file -> plan -> runs -> records -> tables, knees, answers
 *
 * The plan knows everything that the tables need: shards are merged without the scenario. A run is named by
 * its unit (a point and what has failed), its replication, and the value that a search tries.
 */
#ifndef DX_SWEEP_PRIV_H
#define DX_SWEEP_PRIV_H

#include <dxsim/stats.h>
#include <dxsim/sweep.h>
#include "json-priv.h"
#include "scenario-priv.h"

#define DX_SWEEP_VALUES_MAX       10000
#define DX_SWEEP_POINTS_MAX       100000
#define DX_SWEEP_RUNS_MAX         1000000
#define DX_SWEEP_REPLICATIONS_MAX 10000

/* What a parameter's values are, where it is no DxUnit. */
#define DX_SWEEP_WHOLE (-1)
#define DX_SWEEP_TEXT  (-2)

/* What a path held, which a factor multiplies. */
typedef struct {
    int unit;
    int64_t value;
} DxSweepBase;

typedef struct {
    char *name, *column; /* "load", "load_ratio" */
    int unit;
    bool is_factor;
    GPtrArray *paths; /* char* */
    GArray *bases;    /* DxSweepBase by path; of a factor */
    GArray *values;   /* int64_t, in base units, or index of a text */
    GPtrArray *texts; /* char* */
    int prefer;       /* -1: the smallest, 1: the largest, 0: neither */
    const DxJson *at,
        *list; /* where it is said, and its values one by one; NULL: read from a plan, a range */
} DxSweepParam;

/* What has failed. The first is nothing. */
typedef struct {
    char *name;        /* "none", "links.dx1" */
    GPtrArray *links;  /* char* */
    unsigned left, of; /* members of the LAG that are left; 0 of 0: it is in none */
    const DxJson *at;
} DxSweepCase;

typedef struct {
    char *name, *row; /* row: "latency_p99_ps" */
    DxScExpectation what;
    DxUnit unit;
    bool is_real;
} DxSweepMeasure;

typedef struct {
    char *name, *op, *value_text;
    unsigned measure;
    int64_t value;
} DxSweepExpectation;

/* What is expected of the whole. */
typedef struct {
    char *name, *op, *value_text;
    bool of_search;
    char *expectation; /* whose knee; NULL: the least of all */
    bool only_whole;   /* with nothing failed; else the worst of all */
    int64_t value;
} DxSweepCheck;

typedef struct {
    bool is_wanted, is_log, wants_largest;
    DxSweepParam param; /* no values */
    int64_t from, to, tolerance;
    unsigned probes, max_replications;
} DxSweepSearch;

typedef struct {
    char *name;
    GArray *params; /* DxSweepParam */
    bool is_zip;
    unsigned n_points, replications;
    int64_t confidence; /* 1e-12 */
    GArray *cases;      /* DxSweepCase */
    DxTime fail_at_ps;
    bool is_silent;
    int64_t time_scale;   /* how much faster the cloud's clock runs than ours */
    GArray *measures;     /* DxSweepMeasure */
    GArray *expectations; /* DxSweepExpectation */
    GArray *checks;       /* DxSweepCheck */
    DxSweepSearch search;
} DxSweepPlan;

#define DX_SWEEP(plan, list, Type, i) (&g_array_index((plan)->list, Type, (i)))

/* -- sweep-plan.c ------------------------------------------------------------------------------------ */

DxSweepPlan *dx__sweep_plan_new(const char *name);
void dx__sweep_plan_free(DxSweepPlan *plan);
void dx__sweep_param_init(DxSweepParam *param);
void dx__sweep_param_clear(DxSweepParam *param);
/* Which value of a parameter belongs to a point. */
int64_t dx__sweep_value(const DxSweepPlan *plan, unsigned param, unsigned point);
unsigned dx__sweep_n_units(const DxSweepPlan *plan);
double dx__sweep_confidence(const DxSweepPlan *plan);
/* A value as a column has it: "3.2", "10000000000". (transfer full) */
char *dx__sweep_number(const DxSweepParam *param, int64_t value);
/* The same as a double. */
double dx__sweep_real(const DxSweepParam *param, int64_t value);
/* As people write it: "320 %", "10 Gbps". (transfer full) */
char *dx__sweep_text(const DxSweepParam *param, int64_t value);
/* Near enough for people. (transfer full) */
char *dx__sweep_about(const DxSweepParam *param, double value);
/* What goes to a path: JSON, or a quantity. (transfer full) */
char *dx__sweep_setting(const DxSweepParam *param, unsigned path, int64_t value);
/* "load_ratio". (transfer full) */
char *dx__sweep_column(const char *name, int unit);

/* -- load-sweeps.c, load-sweep-values.c --------------------------------------------------------------- */

/* -- records ----------------------------------------------------------------------------------------- */

/* What a run measured, by measure. */
typedef struct {
    bool has_data, is_real;
    uint64_t value;
    double real;
} DxSweepValue;

/* A run that is done. */
typedef struct {
    unsigned unit, replication;
    int64_t tried; /* by a search; else 0 */
    DxSweepValue *values;
} DxSweepRecord;

/* All of them, by their names. */
typedef struct DxSweepRecords DxSweepRecords;

DxSweepRecords *dx__sweep_records_new(void);
void dx__sweep_records_free(DxSweepRecords *records);
/* Takes @values. False: it is there already. */
bool dx__sweep_records_add(DxSweepRecords *records, unsigned unit, unsigned replication, int64_t tried,
                           DxSweepValue *values);
const DxSweepRecord *dx__sweep_records_find(const DxSweepRecords *records, unsigned unit,
                                            unsigned replication, int64_t tried);
unsigned dx__sweep_records_n(const DxSweepRecords *records);
/* In order of unit, value tried, replication. (transfer container) */
GPtrArray *dx__sweep_records_sorted(const DxSweepRecords *records);

double dx__sweep_value_real(const DxSweepValue *value);
/* Exactly; "" where nothing was measured. (transfer full) */
char *dx__sweep_value_text(const DxSweepValue *value);
/* A line of a journal, with its line end; and back, without it. */
char *dx__sweep_record_line(const DxSweepPlan *plan, const DxSweepRecord *record);
bool dx__sweep_record_read(const DxSweepPlan *plan, const char *line, gsize n, DxSweepRecord *record);

/* -- sweep-judge.c ----------------------------------------------------------------------------------- */

typedef enum { DX_SWEEP_MET, DX_SWEEP_MISSED, DX_SWEEP_UNDECIDED } DxSweepVerdict;

const char *dx__sweep_verdict_name(DxSweepVerdict verdict);

/* Some replications of one unit and value: their values of one measure, in order. */
typedef struct {
    unsigned n_runs;
    GArray *values; /* double; of those that measured something */
    GArray *ids;    /* unsigned: whose replications they are */
} DxSweepSample;

DxSweepSample *dx__sweep_sample(const DxSweepRecords *records, unsigned unit, int64_t tried, unsigned measure,
                                unsigned n_most);
void dx__sweep_sample_free(DxSweepSample *sample);
DxStats dx__sweep_stats(const DxSweepPlan *plan, const DxSweepSample *sample);
/* Of those that both have. */
DxStats dx__sweep_difference(const DxSweepPlan *plan, const DxSweepSample *a, const DxSweepSample *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DxSweepSample, dx__sweep_sample_free)

/* What an expectation compares with, in the unit of its row. */
double dx__sweep_limit(const DxSweepPlan *plan, const DxSweepExpectation *expectation);
/* Of no more than @n_most replications. @n_met: may be NULL. */
DxSweepVerdict dx__sweep_judge(const DxSweepPlan *plan, const DxSweepRecords *records, unsigned unit,
                               int64_t tried, unsigned expectation, unsigned n_most, unsigned *n_met);

/* Where an expectation with a bound is no longer met, along the only parameter. */
typedef struct {
    unsigned expectation, failed;
    bool has_knee, has_low, has_high, has_met, has_missed;
    double knee, low, high; /* of the parameter, as in its column */
    int64_t met, missed;    /* the last met, the first missed */
} DxSweepKnee;

/* Can there be knees? */
bool dx__sweep_has_knees(const DxSweepPlan *plan);
/* DxSweepKnee, by expectation, then by failure. (transfer full) */
GArray *dx__sweep_knees(const DxSweepPlan *plan, const DxSweepRecords *records);

/* -- sweep-search.c ---------------------------------------------------------------------------------- */

/* The search of one unit: asks for values until it knows. */
typedef struct DxSweepHunt DxSweepHunt;

typedef struct {
    enum { DX_SWEEP_FOUND, DX_SWEEP_IN_DOUBT, DX_SWEEP_ALL, DX_SWEEP_NONE } kind;
    bool has_met, has_missed, is_monotone, is_on_front;
    int64_t met, missed, meets_beyond, misses_before; /* the last two: where it is not monotone */
    unsigned n_values, n_runs;
} DxSweepAnswer;

DxSweepHunt *dx__sweep_hunt_new(const DxSweepPlan *plan, const DxSweepRecords *records, unsigned unit);
void dx__sweep_hunt_free(DxSweepHunt *hunt);
/* The next value to be tried, with how many replications; false: it knows. All records asked for before are
 * there. */
bool dx__sweep_hunt_next(DxSweepHunt *hunt, int64_t *tried, unsigned *replications);
/* When it knows. */
DxSweepAnswer dx__sweep_hunt_answer(const DxSweepHunt *hunt);
/* Is there a Pareto front? */
bool dx__sweep_has_front(const DxSweepPlan *plan);
const char *dx__sweep_answer_name(const DxSweepAnswer *answer);
/* By unit, the front marked; NULL: there is no search. (transfer full) */
GArray *dx__sweep_answers(const DxSweepPlan *plan, const DxSweepRecords *records);

/* -- the whole --------------------------------------------------------------------------------------- */

struct DxSweep {
    DxSweepPlan *plan;
    bool owns_plan; /* else the scenario does */
    DxSweepRecords *records;
    const DxScenario *scenario; /* NULL: merged */
    DxSweepSource source;
    /* what the manifest says */
    char *title, *sha256;
    uint64_t seed;
    DxTime duration_ps;
    GPtrArray *settings;      /* char*, without the NULL */
    GArray *inputs, *plugins; /* DxInput, whose strings are ours */
    char *plan_text, *plan_sha256;
    unsigned shard, n_shards; /* from 1; 0 of 0: the whole */
    unsigned n_known;         /* runs that were taken over */
};

/* sweep.c. Takes @plan when it @owns it. */
DxSweep *dx__sweep_alloc(DxSweepPlan *plan, bool owns);
/* sweep-tables.c: all files of the whole. */
bool dx__sweep_write_tables(const DxSweep *sweep, DxOutput *output, GError **error);
/* sweep-plan-json.c: the plan as text, the same for all shards. (transfer full) */
char *dx__sweep_plan_write(const DxSweep *sweep);
/* A sweep without a scenario from it. */
DxSweep *dx__sweep_plan_read(const char *text, gsize length, GError **error);

/* sweep-point.c: @tried: of a search, else 0. NULL with problems. */
DxScenario *dx__sweep_scenario(const DxSweep *sweep, unsigned unit, int64_t tried, DxProblems *problems);
/* A run. (transfer full) */
DxSweepValue *dx__sweep_measure(const DxSweep *sweep, unsigned unit, unsigned replication, int64_t tried,
                                const DxSweepOptions *options, GError **error);
/* "load 320 %, links.dx1 failed". (transfer full) */
char *dx__sweep_unit_text(const DxSweepPlan *plan, unsigned unit);
/* sweep-checks.c: what is expected of the whole. */
typedef struct {
    const char *name;
    bool pass;
    char *text;
} DxSweepCheckResult;
GPtrArray *dx__sweep_checks(const DxSweepPlan *plan, const GArray *knees, const GArray *answers);
/* The knee of all failures, or of nothing failed, that comes first; @expectation: NULL, any. NULL: there is
 * none. */
const DxSweepKnee *dx__sweep_worst_knee(const DxSweepPlan *plan, const GArray *knees, const char *expectation,
                                        bool only_whole);

/* sweep-text.c: "At 3.2 times today's load ..."; NULL: there is nothing to say. (transfer full) */
char *dx__sweep_sentence(const DxSweepPlan *plan, const DxSweepRecords *records, const GArray *knees,
                         const GArray *answers);

#endif
