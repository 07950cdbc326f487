/*
 * sweep-judge - what replications say of an expectation, and where along a parameter it gives way
 *
 * An expectation with a bound is met when the whole confidence interval of the mean is on the right side,
 * missed when all of it is on the wrong side. Otherwise nobody knows yet: undecided.
 */
#include "sweep-priv.h"

#include <math.h>
#include <string.h>

/* -- samples ----------------------------------------------------------------------------------------- */

DxSweepSample *dx__sweep_sample(const DxSweepRecords *records, unsigned unit, int64_t tried, unsigned measure,
                                unsigned n_most)
{
    DxSweepSample *sample = g_new0(DxSweepSample, 1);
    const DxSweepRecord *record;

    sample->values = g_array_new(FALSE, FALSE, sizeof(double));
    sample->ids = g_array_new(FALSE, FALSE, sizeof(unsigned));
    while (sample->n_runs < n_most &&
           (record = dx__sweep_records_find(records, unit, sample->n_runs, tried)) != NULL) {
        if (record->values[measure].has_data) {
            const double value = dx__sweep_value_real(&record->values[measure]);

            g_array_append_val(sample->values, value);
            g_array_append_val(sample->ids, sample->n_runs);
        }
        sample->n_runs++;
    }
    return sample;
}

void dx__sweep_sample_free(DxSweepSample *sample)
{
    if (!sample)
        return;
    g_array_unref(sample->values);
    g_array_unref(sample->ids);
    g_free(sample);
}

DxStats dx__sweep_stats(const DxSweepPlan *plan, const DxSweepSample *sample)
{
    return dx_stats((const double *)(const void *)sample->values->data, sample->values->len,
                    dx__sweep_confidence(plan));
}

DxStats dx__sweep_difference(const DxSweepPlan *plan, const DxSweepSample *a, const DxSweepSample *b)
{
    g_autoptr(GArray) x = g_array_new(FALSE, FALSE, sizeof(double)),
                      y = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0, k = 0; i < a->ids->len && k < b->ids->len;) {
        const unsigned id = g_array_index(a->ids, unsigned, i), other = g_array_index(b->ids, unsigned, k);

        if (id == other) {
            g_array_append_val(x, g_array_index(a->values, double, i));
            g_array_append_val(y, g_array_index(b->values, double, k));
        }
        i += id <= other;
        k += other <= id;
    }
    return dx_stats_paired((const double *)(const void *)x->data, (const double *)(const void *)y->data,
                           x->len, dx__sweep_confidence(plan));
}

/* -- verdicts ---------------------------------------------------------------------------------------- */

const char *dx__sweep_verdict_name(DxSweepVerdict verdict)
{
    static const char *const names[] = { "met", "missed", "undecided" };

    return names[verdict];
}

static bool is_bound(const char *op)
{
    return op[0] == '<' || op[0] == '>';
}

double dx__sweep_limit(const DxSweepPlan *plan, const DxSweepExpectation *expectation)
{
    const DxSweepMeasure *measure = DX_SWEEP(plan, measures, DxSweepMeasure, expectation->measure);

    if (!measure->is_real)
        return (double)expectation->value;
    return (double)expectation->value / (measure->unit == DX_UNIT_PERCENT ? 1e12 : 1000);
}

static bool holds(const DxSweepPlan *plan, const DxSweepExpectation *expectation, const DxSweepValue *value)
{
    const DxSweepMeasure *measure = DX_SWEEP(plan, measures, DxSweepMeasure, expectation->measure);
    const DxRow row = { .is_real = value->is_real, .value = value->value, .real = value->real };

    return value->has_data && dx__expectation_holds(expectation->op, &row, measure->unit, expectation->value);
}

/* The whole interval on one side. */
static DxSweepVerdict judge_interval(const DxStats *stats, const char *op, double limit)
{
    const bool low = dx__expectation_compare(op, stats->low, limit);
    const bool high = dx__expectation_compare(op, stats->high, limit);

    return low && high ? DX_SWEEP_MET : low || high ? DX_SWEEP_UNDECIDED : DX_SWEEP_MISSED;
}

DxSweepVerdict dx__sweep_judge(const DxSweepPlan *plan, const DxSweepRecords *records, unsigned unit,
                               int64_t tried, unsigned index, unsigned n_most, unsigned *n_met)
{
    const DxSweepExpectation *expectation = DX_SWEEP(plan, expectations, DxSweepExpectation, index);
    g_autoptr(DxSweepSample) sample = dx__sweep_sample(records, unit, tried, expectation->measure, n_most);
    unsigned n = 0;

    for (unsigned i = 0; i < sample->n_runs; i++)
        n += holds(plan, expectation,
                   &dx__sweep_records_find(records, unit, i, tried)->values[expectation->measure]);
    if (n_met)
        *n_met = n;
    if (sample->n_runs >= 2 && sample->values->len == sample->n_runs && is_bound(expectation->op)) {
        const DxStats stats = dx__sweep_stats(plan, sample);

        return judge_interval(&stats, expectation->op, dx__sweep_limit(plan, expectation));
    }
    return !sample->n_runs       ? DX_SWEEP_UNDECIDED
           : n == sample->n_runs ? DX_SWEEP_MET
           : n                   ? DX_SWEEP_UNDECIDED
                                 : DX_SWEEP_MISSED;
}

/* -- knees ------------------------------------------------------------------------------------------- */

bool dx__sweep_has_knees(const DxSweepPlan *plan)
{
    bool has_bound = false;

    for (guint i = 0; i < plan->expectations->len; i++)
        has_bound = has_bound || is_bound(DX_SWEEP(plan, expectations, DxSweepExpectation, i)->op);
    return has_bound && !plan->search.is_wanted && plan->params->len == 1 &&
           DX_SWEEP(plan, params, DxSweepParam, 0)->unit != DX_SWEEP_TEXT;
}

/* The points of one curve, from the end where the expectation is met. */
typedef struct {
    const DxSweepPlan *plan;
    const DxSweepExpectation *expectation;
    guint n;
    int64_t *x;
    DxStats *y;
    DxSweepVerdict *verdict;
} Curve;

static double middle(const DxStats *stats)
{
    return stats->mean;
}

static double lower(const DxStats *stats)
{
    return stats->has_interval ? stats->low : stats->mean;
}

static double upper(const DxStats *stats)
{
    return stats->has_interval ? stats->high : stats->mean;
}

/* The curve holds at a point. Of nothing measured: it does not. */
static bool is_good(const Curve *curve, guint i, double (*of)(const DxStats *))
{
    return curve->y[i].n && dx__expectation_compare(curve->expectation->op, of(&curve->y[i]),
                                                    dx__sweep_limit(curve->plan, curve->expectation));
}

/* Where the line through the points leaves the good side for the first time. */
static bool crossing(const Curve *curve, double (*of)(const DxStats *), double *at)
{
    const DxSweepParam *param = DX_SWEEP(curve->plan, params, DxSweepParam, 0);
    const double limit = dx__sweep_limit(curve->plan, curve->expectation);
    double x0, x1, y0, y1;
    guint i = 1;

    if (!curve->n || !is_good(curve, 0, of))
        return false;
    while (i < curve->n && is_good(curve, i, of))
        i++;
    if (i == curve->n || !curve->y[i].n)
        return false;
    x0 = dx__sweep_real(param, curve->x[i - 1]);
    x1 = dx__sweep_real(param, curve->x[i]);
    y0 = of(&curve->y[i - 1]);
    y1 = of(&curve->y[i]);
    *at = y1 == y0 ? x0 : x0 + (x1 - x0) * ((limit - y0) / (y1 - y0));
    return true;
}

typedef struct {
    int64_t x;
    unsigned point;
} Place;

static gint compare_places(gconstpointer a, gconstpointer b)
{
    const Place *p = a, *q = b;

    return p->x != q->x ? (p->x < q->x ? -1 : 1) : (p->point > q->point) - (p->point < q->point);
}

static void curve_clear(Curve *curve)
{
    g_free(curve->x);
    g_free(curve->y);
    g_free(curve->verdict);
}

/* From the smallest value up, or down from the largest. */
static Curve curve_along(const DxSweepPlan *plan, const DxSweepRecords *records, unsigned expectation,
                         unsigned failed, bool is_down)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    Curve curve = { .plan = plan,
                    .expectation = DX_SWEEP(plan, expectations, DxSweepExpectation, expectation),
                    .n = plan->n_points,
                    .x = g_new(int64_t, plan->n_points + 1),
                    .y = g_new(DxStats, plan->n_points + 1),
                    .verdict = g_new(DxSweepVerdict, plan->n_points + 1) };

    for (unsigned point = 0; point < plan->n_points; point++) {
        const Place place = { dx__sweep_value(plan, 0, point), point };

        g_array_append_val(places, place);
    }
    g_array_sort(places, compare_places);
    for (guint i = 0; i < curve.n; i++) {
        const Place *place = &g_array_index(places, Place, is_down ? curve.n - 1 - i : i);
        const unsigned unit = place->point * plan->cases->len + failed;
        g_autoptr(DxSweepSample) sample =
            dx__sweep_sample(records, unit, 0, curve.expectation->measure, UINT_MAX);

        curve.x[i] = place->x;
        curve.y[i] = dx__sweep_stats(plan, sample);
        curve.verdict[i] = dx__sweep_judge(plan, records, unit, 0, expectation, UINT_MAX, NULL);
    }
    return curve;
}

static Curve curve_of(const DxSweepPlan *plan, const DxSweepRecords *records, unsigned expectation,
                      unsigned failed)
{
    Curve curve = curve_along(plan, records, expectation, failed, false);

    if (is_good(&curve, 0, middle) || !is_good(&curve, curve.n - 1, middle))
        return curve;
    curve_clear(&curve);
    return curve_along(plan, records, expectation, failed, true);
}

static DxSweepKnee knee_of(const DxSweepPlan *plan, const DxSweepRecords *records, unsigned expectation,
                           unsigned failed)
{
    Curve curve = curve_of(plan, records, expectation, failed);
    DxSweepKnee knee = { .expectation = expectation, .failed = failed };
    double a = 0, b = 0;
    bool has_a, has_b;
    guint i = 0;

    knee.has_knee = crossing(&curve, middle, &knee.knee);
    has_a = crossing(&curve, lower, &a);
    has_b = crossing(&curve, upper, &b);
    if (has_a && has_b) {
        knee.has_low = knee.has_high = true;
        knee.low = MIN(a, b);
        knee.high = MAX(a, b);
    }
    for (; i < curve.n && curve.verdict[i] == DX_SWEEP_MET; i++) {
        knee.has_met = true;
        knee.met = curve.x[i];
    }
    while (i < curve.n && curve.verdict[i] != DX_SWEEP_MISSED)
        i++;
    knee.has_missed = i < curve.n;
    knee.missed = knee.has_missed ? curve.x[i] : 0;
    curve_clear(&curve);
    return knee;
}

GArray *dx__sweep_knees(const DxSweepPlan *plan, const DxSweepRecords *records)
{
    GArray *knees = g_array_new(FALSE, TRUE, sizeof(DxSweepKnee));

    for (guint i = 0; dx__sweep_has_knees(plan) && i < plan->expectations->len; i++)
        for (guint k = 0;
             is_bound(DX_SWEEP(plan, expectations, DxSweepExpectation, i)->op) && k < plan->cases->len; k++) {
            const DxSweepKnee knee = knee_of(plan, records, i, k);

            g_array_append_val(knees, knee);
        }
    return knees;
}
