/*
 * sweep-search - the last value of a parameter that still meets all expectations
 *
 *   good end  met . . . met | undecided ... | missed . . . missed  other end
 *                        met^                ^missed
 *
 * Some values from one end to the other bracket the answer; then both borders are closed in by bisection.
 * Where replications do not decide, there are more of them, up to a limit; what is undecided then is said to
 * be. The hunt has no state but the records of what was run: it asks for what it lacks, and is the same
 * whoever ran it, in which order.
 */
#include "load-sweeps-priv.h"
#include "sweep-priv.h"

struct DxSweepHunt {
    const DxSweepPlan *plan;
    const DxSweepRecords *records;
    unsigned unit;
    /* what is lacking */
    bool is_lacking;
    int64_t tried;
    unsigned replications;
    GArray *asked; /* Answered, in order of asking */
    DxSweepAnswer answer;
};

typedef struct {
    int64_t value;
    DxSweepVerdict verdict;
    unsigned n_runs;
} Answered;

DxSweepHunt *dx__sweep_hunt_new(const DxSweepPlan *plan, const DxSweepRecords *records, unsigned unit)
{
    DxSweepHunt *hunt = g_new0(DxSweepHunt, 1);

    hunt->plan = plan;
    hunt->records = records;
    hunt->unit = unit;
    hunt->asked = g_array_new(FALSE, FALSE, sizeof(Answered));
    return hunt;
}

void dx__sweep_hunt_free(DxSweepHunt *hunt)
{
    if (!hunt)
        return;
    g_array_unref(hunt->asked);
    g_free(hunt);
}

/* -- one value --------------------------------------------------------------------------------------- */

static DxSweepVerdict judge_all(const DxSweepHunt *hunt, int64_t value, unsigned n)
{
    DxSweepVerdict all = DX_SWEEP_MET;

    for (guint i = 0; i < hunt->plan->expectations->len && all != DX_SWEEP_MISSED; i++) {
        const DxSweepVerdict one = dx__sweep_judge(hunt->plan, hunt->records, hunt->unit, value, i, n, NULL);

        if (one != DX_SWEEP_MET)
            all = one;
    }
    return all;
}

/* Of the first @n replications. */
static bool lacks(DxSweepHunt *hunt, int64_t value, unsigned n)
{
    for (unsigned i = 0; i < n && !hunt->is_lacking; i++)
        hunt->is_lacking = !dx__sweep_records_find(hunt->records, hunt->unit, i, value);
    hunt->tried = value;
    hunt->replications = n;
    return hunt->is_lacking;
}

/* With twice as many replications where they do not decide. False: they are not all there. */
static bool ask(DxSweepHunt *hunt, int64_t value, DxSweepVerdict *verdict)
{
    const unsigned most = hunt->plan->search.max_replications;
    unsigned n = hunt->plan->replications;
    Answered answered;

    for (guint i = 0; i < hunt->asked->len; i++)
        if (g_array_index(hunt->asked, Answered, i).value == value) {
            *verdict = g_array_index(hunt->asked, Answered, i).verdict;
            return true;
        }
    for (;;) {
        if (lacks(hunt, value, n))
            return false;
        *verdict = judge_all(hunt, value, n);
        if (*verdict != DX_SWEEP_UNDECIDED || n >= most)
            break;
        n = MIN(2 * n, most);
    }
    answered = (Answered){ value, *verdict, n };
    g_array_append_val(hunt->asked, answered);
    return true;
}

/* -- the search -------------------------------------------------------------------------------------- */

static uint64_t distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* Whole steps of the tolerance: "151 %", not "151.7578125 %". */
static int64_t round_down(const DxSweepSearch *search, int64_t value)
{
    const uint64_t step = (uint64_t)search->tolerance;

    return search->is_log ? value
                          : (int64_t)((uint64_t)search->from + distance(search->from, value) / step * step);
}

/* Strictly between, where there is something between. */
static int64_t between(const DxSweepSearch *search, int64_t a, int64_t b)
{
    const int64_t low = MIN(a, b), high = MAX(a, b);
    const int64_t middle = dx__sweep_between(low, high, 1, 2, search->is_log);
    const int64_t even = round_down(search, middle);

    if (even > low && even < high)
        return even;
    return middle > low && middle < high ? middle : low + (int64_t)(distance(low, high) / 2);
}

/* The two come nearer to each other, down to the tolerance. False: something is lacking. */
static bool close_in(DxSweepHunt *hunt, int64_t *good, int64_t *bad, bool undecided_is_good)
{
    const DxSweepSearch *search = &hunt->plan->search;

    while (distance(*good, *bad) > (uint64_t)search->tolerance && distance(*good, *bad) > 1) {
        const int64_t middle = between(search, *good, *bad);
        DxSweepVerdict verdict;

        if (!ask(hunt, middle, &verdict))
            return false;
        if (verdict == DX_SWEEP_MET || (verdict == DX_SWEEP_UNDECIDED && undecided_is_good))
            *good = middle;
        else
            *bad = middle;
    }
    return true;
}

/* The @i-th value to begin with, from the good end. */
static int64_t probe(const DxSweepSearch *search, unsigned i)
{
    const unsigned last = search->probes - 1, k = search->wants_largest ? i : last - i;
    const int64_t value = dx__sweep_between(search->from, search->to, k, last, search->is_log);

    return k == last ? value : round_down(search, value);
}

/* Both borders; false: something is lacking. */
static bool search_borders(DxSweepHunt *hunt, const DxSweepVerdict *verdict)
{
    const DxSweepSearch *search = &hunt->plan->search;
    DxSweepAnswer *answer = &hunt->answer;
    unsigned first_not_met = 0, first_missed = 0;
    int64_t met = 0, missed = 0;

    while (first_not_met < search->probes && verdict[first_not_met] == DX_SWEEP_MET)
        first_not_met++;
    while (first_missed < search->probes && verdict[first_missed] != DX_SWEEP_MISSED)
        first_missed++;
    answer->has_met = first_not_met > 0;
    answer->has_missed = first_missed < search->probes;
    if (answer->has_met)
        met = probe(search, first_not_met - 1);
    if (answer->has_missed)
        missed = probe(search, first_missed);
    if (answer->has_met && first_not_met < search->probes) {
        int64_t border = probe(search, first_not_met);

        if (!close_in(hunt, &met, &border, false))
            return false;
    }
    if (answer->has_missed && first_missed > 0) {
        int64_t border = probe(search, first_missed - 1);

        if (!close_in(hunt, &border, &missed, true))
            return false;
    }
    answer->met = met;
    answer->missed = missed;
    answer->kind = first_not_met == search->probes ? DX_SWEEP_ALL
                   : verdict[0] == DX_SWEEP_MISSED ? DX_SWEEP_NONE
                   : answer->has_met && answer->has_missed &&
                           distance(met, missed) <= MAX((uint64_t)search->tolerance, 1)
                       ? DX_SWEEP_FOUND
                       : DX_SWEEP_IN_DOUBT;
    return true;
}

/* Is @a nearer to the good end than @b? */
static bool is_before(const DxSweepSearch *search, int64_t a, int64_t b)
{
    return search->wants_largest ? a < b : a > b;
}

/* Of all that was asked: is anything met beyond what is missed? */
static void check_order(DxSweepHunt *hunt)
{
    DxSweepAnswer *answer = &hunt->answer;

    answer->is_monotone = true;
    answer->n_values = hunt->asked->len;
    for (guint i = 0; i < hunt->asked->len; i++) {
        const Answered *one = &g_array_index(hunt->asked, Answered, i);

        answer->n_runs += one->n_runs;
        for (guint k = 0; one->verdict == DX_SWEEP_MET && k < hunt->asked->len; k++) {
            const Answered *other = &g_array_index(hunt->asked, Answered, k);

            if (!answer->is_monotone || other->verdict != DX_SWEEP_MISSED ||
                !is_before(&hunt->plan->search, other->value, one->value))
                continue;
            answer->is_monotone = false;
            answer->meets_beyond = one->value;
            answer->misses_before = other->value;
        }
    }
}

bool dx__sweep_hunt_next(DxSweepHunt *hunt, int64_t *tried, unsigned *replications)
{
    const DxSweepSearch *search = &hunt->plan->search;
    g_autofree DxSweepVerdict *verdict = g_new(DxSweepVerdict, search->probes);

    hunt->is_lacking = false;
    hunt->answer = (DxSweepAnswer){ .is_monotone = true };
    for (unsigned i = 0; i < search->probes && !hunt->is_lacking; i++)
        ask(hunt, probe(search, i), &verdict[i]);
    if (!hunt->is_lacking && search_borders(hunt, verdict))
        check_order(hunt);
    *tried = hunt->tried;
    *replications = hunt->replications;
    return hunt->is_lacking;
}

const char *dx__sweep_answer_name(const DxSweepAnswer *answer)
{
    static const char *const names[] = { "found", "undecided", "all", "none" };

    return names[answer->kind];
}

DxSweepAnswer dx__sweep_hunt_answer(const DxSweepHunt *hunt)
{
    return hunt->answer;
}

/* -- all of them ------------------------------------------------------------------------------------- */

/* Which of two is better in one respect: above 0, the first. */
static int better(int64_t a, int64_t b, int prefer)
{
    return prefer * ((a > b) - (a < b));
}

/* Is @b at least as good in all, and better in one? */
static bool is_beaten(const DxSweepPlan *plan, const DxSweepAnswer *answers, unsigned a, unsigned b)
{
    const int order = better(answers[b].met, answers[a].met, plan->search.wants_largest ? 1 : -1);
    bool is_better = order > 0;

    if (!answers[b].has_met || order < 0)
        return false;
    for (guint i = 0; i < plan->params->len; i++) {
        const int one = better(dx__sweep_value(plan, i, b / plan->cases->len),
                               dx__sweep_value(plan, i, a / plan->cases->len),
                               DX_SWEEP(plan, params, DxSweepParam, i)->prefer);

        if (one < 0)
            return false;
        is_better = is_better || one > 0;
    }
    return is_better;
}

bool dx__sweep_has_front(const DxSweepPlan *plan)
{
    bool prefers = false;

    for (guint i = 0; i < plan->params->len; i++)
        prefers = prefers || DX_SWEEP(plan, params, DxSweepParam, i)->prefer;
    return plan->search.is_wanted && prefers;
}

static void mark_front(const DxSweepPlan *plan, GArray *answers)
{
    DxSweepAnswer *answer = (DxSweepAnswer *)(void *)answers->data;

    for (unsigned a = 0; a < answers->len; a++) {
        answer[a].is_on_front = answer[a].has_met;
        for (unsigned b = a % plan->cases->len; b < answers->len && answer[a].is_on_front;
             b += plan->cases->len)
            answer[a].is_on_front = a == b || !is_beaten(plan, answer, a, b);
    }
}

GArray *dx__sweep_answers(const DxSweepPlan *plan, const DxSweepRecords *records)
{
    GArray *answers;

    if (!plan->search.is_wanted)
        return NULL;
    answers = g_array_new(FALSE, TRUE, sizeof(DxSweepAnswer));
    for (unsigned unit = 0; unit < dx__sweep_n_units(plan); unit++) {
        DxSweepHunt *hunt = dx__sweep_hunt_new(plan, records, unit);
        DxSweepAnswer answer;
        int64_t tried;
        unsigned replications;

        dx__sweep_hunt_next(hunt, &tried, &replications);
        answer = dx__sweep_hunt_answer(hunt);
        g_array_append_val(answers, answer);
        dx__sweep_hunt_free(hunt);
    }
    if (dx__sweep_has_front(plan))
        mark_front(plan, answers);
    return answers;
}
