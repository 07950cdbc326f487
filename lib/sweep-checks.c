/*
 * sweep-checks - what is expected of a whole sweep, and the sentence that it comes down to
 */
#include "sweep-priv.h"

#include <math.h>
#include <string.h>

/* -- the worst --------------------------------------------------------------------------------------- */

/* Is the expectation met below the knee, as a latency is, or above it, as a loss is along a buffer? Told by
 * where the points are that meet it. */
static bool is_good_below(const DxSweepKnee *knee)
{
    if (knee->has_met && knee->has_missed)
        return knee->met < knee->missed;
    return true;
}

/* Of two knees, the one that leaves less. One that nothing has met leaves nothing; one without an end is no
 * knee. */
static bool is_worse(const DxSweepKnee *a, const DxSweepKnee *b)
{
    if (!b)
        return true;
    return is_good_below(a) ? a->knee < b->knee : a->knee > b->knee;
}

const DxSweepKnee *dx__sweep_worst_knee(const DxSweepPlan *plan, const GArray *knees, const char *expectation,
                                        bool only_whole)
{
    const DxSweepKnee *worst = NULL;

    for (guint i = 0; i < knees->len; i++) {
        const DxSweepKnee *knee = &g_array_index(knees, DxSweepKnee, i);
        const char *name = DX_SWEEP(plan, expectations, DxSweepExpectation, knee->expectation)->name;

        if (knee->has_knee && (!only_whole || !knee->failed) &&
            (!expectation || !strcmp(name, expectation)) && is_worse(knee, worst))
            worst = knee;
    }
    return worst;
}

/* Nothing meets it: not at any point. */
static const DxSweepKnee *hopeless(const DxSweepPlan *plan, const GArray *knees, const char *expectation,
                                   bool only_whole)
{
    for (guint i = 0; i < knees->len; i++) {
        const DxSweepKnee *knee = &g_array_index(knees, DxSweepKnee, i);
        const char *name = DX_SWEEP(plan, expectations, DxSweepExpectation, knee->expectation)->name;

        if (!knee->has_knee && !knee->has_met && (!only_whole || !knee->failed) &&
            (!expectation || !strcmp(name, expectation)))
            return knee;
    }
    return NULL;
}

/* -- checks ------------------------------------------------------------------------------------------ */

static void result_free(gpointer data)
{
    DxSweepCheckResult *result = data;

    g_free(result->text);
    g_free(result);
}

static const char *case_name(const DxSweepPlan *plan, unsigned failed)
{
    return DX_SWEEP(plan, cases, DxSweepCase, failed)->name;
}

/* All points meet it: the knee is beyond them, wherever that is. Up to the last of them is then sure, or from
 * the first of them on, whichever is asked for. */
static void check_no_knee(const DxSweepParam *param, const DxSweepCheck *check, DxSweepCheckResult *result)
{
    const bool is_least = *check->op == '>';
    int64_t end = g_array_index(param->values, int64_t, 0);
    g_autofree char *about = NULL;

    for (guint i = 1; i < param->values->len; i++) {
        const int64_t value = g_array_index(param->values, int64_t, i);

        end = is_least ? MAX(end, value) : MIN(end, value);
    }
    about = dx__sweep_about(param, dx__sweep_real(param, end));
    result->pass = dx__expectation_compare(is_least ? ">=" : "<=", dx__sweep_real(param, end),
                                           dx__sweep_real(param, check->value));
    result->text =
        g_strdup_printf("no knee: every point meets it, %s %s %s; expected %s %s",
                        is_least ? "up to" : "from", param->name, about, check->op, check->value_text);
}

static void check_knee(const DxSweepPlan *plan, const DxSweepCheck *check, const GArray *knees,
                       DxSweepCheckResult *result)
{
    const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, 0);
    const DxSweepKnee *none = hopeless(plan, knees, check->expectation, check->only_whole);
    const DxSweepKnee *knee = dx__sweep_worst_knee(plan, knees, check->expectation, check->only_whole);
    g_autofree char *about = NULL;

    if (none) {
        result->text = g_strdup_printf("no point meets it (%s failed)", case_name(plan, none->failed));
        return;
    }
    if (!knee) {
        check_no_knee(param, check, result);
        return;
    }
    about = dx__sweep_about(param, knee->knee);
    result->pass = dx__expectation_compare(check->op, knee->knee, dx__sweep_real(param, check->value));
    result->text = g_strdup_printf("knee at %s %s (%s failed), expected %s %s", param->name, about,
                                   case_name(plan, knee->failed), check->op, check->value_text);
}

/* Of all units: every one must have found it. */
static void check_search(const DxSweepPlan *plan, const DxSweepCheck *check, const GArray *answers,
                         DxSweepCheckResult *result)
{
    result->pass = true;
    for (guint i = 0; i < answers->len && result->pass; i++) {
        const DxSweepAnswer *answer = &g_array_index(answers, DxSweepAnswer, i);
        g_autofree char *met = NULL, *where = NULL;

        if (check->only_whole && i % plan->cases->len)
            continue;
        g_free(result->text);
        met = answer->has_met ? dx__sweep_text(&plan->search.param, answer->met) : g_strdup("nothing");
        where = dx__sweep_unit_text(plan, i);
        result->pass =
            answer->has_met && dx__expectation_compare(check->op, (double)answer->met, (double)check->value);
        result->text = g_strdup_printf("%s%s%s%s meets all, expected %s %s", met, *where ? " (" : "", where,
                                       *where ? ")" : "", check->op, check->value_text);
    }
}

GPtrArray *dx__sweep_checks(const DxSweepPlan *plan, const GArray *knees, const GArray *answers)
{
    GPtrArray *results = g_ptr_array_new_with_free_func(result_free);

    for (guint i = 0; i < plan->checks->len; i++) {
        const DxSweepCheck *check = DX_SWEEP(plan, checks, DxSweepCheck, i);
        DxSweepCheckResult *result = g_new0(DxSweepCheckResult, 1);

        result->name = check->name;
        if (check->of_search)
            check_search(plan, check, answers, result);
        else
            check_knee(plan, check, knees, result);
        g_ptr_array_add(results, result);
    }
    return results;
}

/* -- the sentence ------------------------------------------------------------------------------------ */

/* "3.2 times today's load", "rate 10 Gbps" */
static char *place_text(const DxSweepParam *param, double value)
{
    g_autofree char *about = dx__sweep_about(param, value);

    if (param->is_factor) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        g_ascii_formatd(number, sizeof number, "%.2f", value);
        if (g_str_has_suffix(number, "0"))
            number[strlen(number) - 1] = '\0';
        return g_strdup_printf("%s times today's %s", number, param->name);
    }
    return g_strdup_printf("%s %s", param->name, about);
}

/* The number alone. */
static char *again_text(const DxSweepParam *param, double value)
{
    g_autofree char *place = place_text(param, value);

    return param->is_factor ? g_strndup(place, strcspn(place, " ")) : dx__sweep_about(param, value);
}

/* "with three of four members left", "with links.dx1 failed" */
static char *case_text(const DxSweepPlan *plan, unsigned failed)
{
    static const char *const words[] = { "no",    "one",   "two",  "three", "four",   "five",  "six",
                                         "seven", "eight", "nine", "ten",   "eleven", "twelve" };
    const DxSweepCase *one = DX_SWEEP(plan, cases, DxSweepCase, failed);

    if (!one->of)
        return g_strdup_printf("with %s failed", one->name);
    if (one->left < G_N_ELEMENTS(words))
        return g_strdup_printf("with %s member%s left", words[one->left], one->left == 1 ? "" : "s");
    return g_strdup_printf("with %u members left", one->left);
}

static void add_failures(GString *text, const DxSweepPlan *plan, const GArray *knees,
                         const DxSweepKnee *whole)
{
    const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, 0);
    const DxSweepKnee *worst = NULL, *none = NULL;
    g_autofree char *with = NULL, *where = NULL;

    for (guint i = 0; i < knees->len; i++) {
        const DxSweepKnee *knee = &g_array_index(knees, DxSweepKnee, i);

        if (knee->expectation != whole->expectation || !knee->failed)
            continue;
        if (!knee->has_knee && !knee->has_met)
            none = knee;
        else if (knee->has_knee && is_worse(knee, worst))
            worst = knee;
    }
    if (!none && !worst)
        return;
    with = case_text(plan, (none ? none : worst)->failed);
    where = none ? NULL : again_text(param, worst->knee);
    if (none)
        g_string_append_printf(text, "; %s no point meets it", with);
    else
        g_string_append_printf(text, "; %s the knee moves to %s", with, where);
}

/* The point nearest behind the knee, on the side that is not met, at which an alarm has fired. UINT_MAX:
 * none. */
static unsigned first_alarm(const DxSweepPlan *plan, const DxSweepRecords *records, const DxSweepKnee *knee,
                            unsigned measure)
{
    const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, 0);
    unsigned best = UINT_MAX;
    double least = 0;

    for (unsigned point = 0; point < plan->n_points; point++) {
        const unsigned unit = point * plan->cases->len;
        const double x = dx__sweep_real(param, dx__sweep_value(plan, 0, point));
        const double far = is_good_below(knee) ? x - knee->knee : knee->knee - x;
        g_autoptr(DxSweepSample) sample = dx__sweep_sample(records, unit, 0, measure, UINT_MAX);

        if (far >= 0 && sample->values->len && (best == UINT_MAX || far < least)) {
            best = unit;
            least = far;
        }
    }
    return best;
}

/* Seconds, as people say them of some minutes. */
static char *seconds_text(double time_ps)
{
    if (time_ps >= 1e12 && time_ps < 600e12)
        return g_strdup_printf("%.0f s", round(time_ps / 1e12));
    return dx_units_format_short(DX_UNIT_TIME, (int64_t)round(MIN(time_ps, 9e18)));
}

/* By the cloud's clock, on the mean of the replications in which it fired. */
static void add_alarms(GString *text, const DxSweepPlan *plan, const DxSweepRecords *records,
                       const DxSweepKnee *knee)
{
    for (guint i = 0; i < plan->measures->len; i++) {
        const DxSweepMeasure *measure = DX_SWEEP(plan, measures, DxSweepMeasure, i);
        const char *name = measure->what.select ? measure->what.select : "";
        g_autoptr(DxSweepSample) sample = NULL;
        g_autofree char *after = NULL;
        unsigned unit;

        if (strcmp(measure->what.metric, "alarm.after_loss"))
            continue;
        unit = first_alarm(plan, records, knee, i);
        if (unit == UINT_MAX) {
            g_string_append_printf(text, "; the alarm%s%s never fires after a loss", *name ? " " : "", name);
            continue;
        }
        sample = dx__sweep_sample(records, unit, 0, i, UINT_MAX);
        after = seconds_text(dx__sweep_stats(plan, sample).mean * (double)plan->time_scale);
        g_string_append_printf(text, "; the alarm%s%s would fire %s after the first loss", *name ? " " : "",
                               name, after);
    }
}

/* What the expectation measures leaves its limit here. */
static char *knee_sentence(const DxSweepPlan *plan, const DxSweepRecords *records, const GArray *knees)
{
    const DxSweepKnee *knee = dx__sweep_worst_knee(plan, knees, NULL, true);
    const DxSweepExpectation *expectation;
    const DxScExpectation *what;
    g_autofree char *place = NULL;
    GString *text;

    if (!knee)
        return NULL;
    expectation = DX_SWEEP(plan, expectations, DxSweepExpectation, knee->expectation);
    what = &DX_SWEEP(plan, measures, DxSweepMeasure, expectation->measure)->what;
    place = place_text(DX_SWEEP(plan, params, DxSweepParam, 0), knee->knee);
    text = g_string_new(NULL);
    g_string_append_printf(text, "At %s %s%s%s%s%s leaves %s", place, what->metric, what->stat ? " " : "",
                           what->stat ? what->stat : "", what->select ? " of " : "",
                           what->select ? what->select : "", expectation->value_text);
    if (knee->has_low && knee->low < knee->high) {
        g_autofree char *low = again_text(DX_SWEEP(plan, params, DxSweepParam, 0), knee->low);
        g_autofree char *high = again_text(DX_SWEEP(plan, params, DxSweepParam, 0), knee->high);

        g_autofree char *confidence = dx_units_format(DX_UNIT_PERCENT, plan->confidence);

        g_string_append_printf(text, " (%s to %s at %s)", low, high, confidence);
    }
    add_failures(text, plan, knees, knee);
    add_alarms(text, plan, records, knee);
    g_string_append_c(text, '.');
    return g_string_free(text, FALSE);
}

static char *search_sentence(const DxSweepPlan *plan, const DxSweepAnswer *answer)
{
    const DxSweepParam *param = &plan->search.param;
    const char *want = plan->search.wants_largest ? "largest" : "smallest";
    g_autofree char *confidence = NULL;
    g_autofree char *met = dx__sweep_text(param, answer->met),
                    *missed = dx__sweep_text(param, answer->missed);
    g_autofree char *from = dx__sweep_text(param, plan->search.from),
                    *to = dx__sweep_text(param, plan->search.to);

    switch (answer->kind) {
    case DX_SWEEP_ALL:
        return g_strdup_printf("All of %s from %s to %s meets all expectations.", param->name, from, to);
    case DX_SWEEP_NONE:
        return g_strdup_printf("No %s from %s to %s meets all expectations.", param->name, from, to);
    case DX_SWEEP_FOUND:
        return g_strdup_printf("The %s %s that meets all expectations is %s; %s does not.", want, param->name,
                               met, missed);
    default:
        if (!answer->has_met || !answer->has_missed)
            return g_strdup_printf(
                "Undecided: replications are too few to tell which %s meets all expectations.", param->name);
        confidence = dx_units_format(DX_UNIT_PERCENT, plan->confidence);
        return g_strdup_printf("The %s %s that meets all expectations is undecided between %s and %s at %s.",
                               want, param->name, met, missed, confidence);
    }
}

char *dx__sweep_sentence(const DxSweepPlan *plan, const DxSweepRecords *records, const GArray *knees,
                         const GArray *answers)
{
    if (answers && answers->len == 1)
        return search_sentence(plan, &g_array_index(answers, DxSweepAnswer, 0));
    return dx__sweep_has_knees(plan) ? knee_sentence(plan, records, knees) : NULL;
}
