/*
 * bgp-explain - decisions as tables and as JSON; events played again
 */
#include "bgp-explain.h"
#include "json-write-priv.h"

#include <string.h>

/* -- arrivals and events ------------------------------------------------------------------------------ */

/* Some of the paths of a set, close together as the decision wants them. */
typedef struct {
    DxBgpPath *rows;
    unsigned *of; /* which path of the set each row is */
    unsigned n;
    DxBgpFate *fates;
} Rows;

static Rows rows_new(CliLine *line, unsigned n)
{
    return (Rows){ .rows = dx__members_alloc(&line->in, n, sizeof(DxBgpPath)),
                   .of = dx__members_alloc(&line->in, n, sizeof(unsigned)),
                   .fates = dx__members_alloc(&line->in, n, sizeof(DxBgpFate)) };
}

static void rows_add(Rows *rows, const CliBgpSet *set, unsigned path)
{
    rows->rows[rows->n] = set->paths[path];
    rows->of[rows->n++] = path;
}

/* @incumbent and the answer are paths of the set. */
static int rows_decide(const Rows *rows, const DxBgpKnobs *knobs, int incumbent)
{
    int row = DX_BGP_NONE;
    DxBgpDecision decision;

    for (unsigned i = 0; i < rows->n; i++)
        if ((int)rows->of[i] == incumbent)
            row = (int)i;
    decision = dx__bgp_decide(knobs, rows->rows, rows->n, row, rows->fates);
    return decision.best < 0 ? DX_BGP_NONE : (int)rows->of[decision.best];
}

/* The next to arrive after @received. */
static int next_arrival(const CliBgpSet *set, int last)
{
    int next = DX_BGP_NONE;

    for (unsigned i = 0; i < set->n; i++)
        if ((last < 0 || set->paths[i].received > set->paths[last].received) &&
            (next < 0 || set->paths[i].received < set->paths[next].received))
            next = (int)i;
    return next;
}

void cli_bgp_decide(CliLine *line, const CliBgpSet *set, CliBgpOutcome *outcome)
{
    Rows rows = rows_new(line, set->n);
    int best = DX_BGP_NONE, arrived = DX_BGP_NONE;

    *outcome = (CliBgpOutcome){ .incumbent = DX_BGP_NONE,
                                .after = dx__members_alloc(&line->in, set->n, sizeof(int)),
                                .fates = dx__members_alloc(&line->in, set->n, sizeof(DxBgpFate)) };
    while ((arrived = next_arrival(set, arrived)) >= 0) {
        rows_add(&rows, set, (unsigned)arrived);
        outcome->incumbent = best;
        outcome->after[rows.n - 1] = best = rows_decide(&rows, &set->knobs, best);
    }
    outcome->decision = dx__bgp_decide(&set->knobs, set->paths, set->n, outcome->incumbent, outcome->fates);
}

void cli_bgp_replay(CliLine *line, const CliBgpSet *set, int *best_after)
{
    bool *is_there = dx__members_alloc(&line->in, set->n, sizeof *is_there);
    Rows rows = rows_new(line, set->n);
    uint64_t received = 0;
    int best = DX_BGP_NONE;

    for (unsigned i = 0; i < set->n_events; i++) {
        const CliBgpEvent *event = &set->events[i];
        DxBgpPath *path = &set->paths[event->path];

        if (event->set)
            cli_read_bgp_path(line, event->set, set, path);
        /* a change does not make a path younger, in the scan or for step 9 */
        if (event->op != CLI_WITHDRAW && !is_there[event->path])
            path->received = ++received;
        is_there[event->path] = event->op != CLI_WITHDRAW;
        rows.n = 0;
        for (unsigned k = 0; k < set->n; k++)
            if (is_there[k])
                rows_add(&rows, set, k);
        best_after[i] = best = rows_decide(&rows, &set->knobs, best);
    }
}

/* -- JSON -------------------------------------------------------------------------------------------- */

static void write_index(DxJsonWriter *json, const char *key, int index)
{
    if (index < 0)
        dx__json_write_raw(json, key, "null");
    else
        dx__json_write_i64(json, key, index);
}

static DxBgpChange would_win(const CliBgpSet *set, const CliBgpOutcome *outcome, unsigned path,
                             DxBgpFate *room)
{
    return dx__bgp_would_win(&set->knobs, set->paths, set->n, outcome->incumbent, outcome->decision.best,
                             (int)path, &outcome->fates[path], room);
}

static void write_change(DxJsonWriter *json, const CliBgpSet *set, const CliBgpOutcome *outcome,
                         unsigned path, DxBgpFate *room)
{
    const DxBgpChange change = would_win(set, outcome, path, room);
    g_autofree char *text = cli_bgp_change(set, path, &change);

    if (!text) {
        dx__json_write_raw(json, "would_win", "null");
        return;
    }
    dx__json_write_object(json, "would_win");
    if (change.attribute == DX_BGP_AS_PATH_LENGTH) {
        dx__json_write_text(json, "attribute", "as_path");
        dx__json_write_u64(json, "prepends_less", change.value);
    } else {
        dx__json_write_text(json, "attribute", dx__bgp_steps[change.attribute].name);
        if (change.attribute == DX_BGP_ORIGIN)
            dx__json_write_text(json, "value", dx_bgp_origins[change.value]);
        else
            dx__json_write_u64(json, "value", change.value);
    }
    dx__json_write_text(json, "text", text);
    dx__json_write_end(json);
}

/* The step at which the winner alone beats @path; DX_BGP_STEP_NONE: @path would beat the winner. */
static DxBgpStep step_alone(const CliBgpSet *set, const CliBgpOutcome *outcome, unsigned path)
{
    const DxBgpPath *incumbent = outcome->incumbent < 0 ? NULL : &set->paths[outcome->incumbent];
    DxBgpStep step;

    return dx__bgp_compare(&set->knobs, &set->paths[outcome->decision.best], &set->paths[path], incumbent,
                           DX_BGP_STEP_NONE, &step) < 0
               ? step
               : DX_BGP_STEP_NONE;
}

static void write_reason(DxJsonWriter *json, const CliBgpSet *set, const CliBgpOutcome *outcome,
                         unsigned path, DxBgpStep step, int against)
{
    g_autofree char *why = cli_bgp_why(set, path, step, against, outcome->incumbent);

    dx__json_write_text(json, "step", dx__bgp_steps[step].name);
    dx__json_write_text(json, "why", why);
    dx__json_write_i64(json, "against", against);
}

/* Against the winner. Who fell to another before it came to that, by MED, is told by whom; if it would have
 * beaten the winner, that is the only reason there is. */
static void write_loser(DxJsonWriter *json, const CliBgpSet *set, const CliBgpOutcome *outcome, unsigned path,
                        DxBgpFate *room)
{
    const DxBgpFate *fate = &outcome->fates[path];
    const DxBgpStep alone = step_alone(set, outcome, path);

    dx__json_write_object(json, NULL);
    dx__json_write_u64(json, "path", path);
    if (alone == DX_BGP_STEP_NONE)
        write_reason(json, set, outcome, path, fate->step, fate->against);
    else
        write_reason(json, set, outcome, path, alone, outcome->decision.best);
    if (alone == DX_BGP_STEP_NONE)
        dx__json_write_bool(json, "beats_best", true);
    else if (fate->against != outcome->decision.best) {
        dx__json_write_object(json, "fell");
        write_reason(json, set, outcome, path, fate->step, fate->against);
        dx__json_write_end(json);
    }
    write_change(json, set, outcome, path, room);
    dx__json_write_end(json);
}

static void write_losers(DxJsonWriter *json, const CliBgpSet *set, const CliBgpOutcome *outcome,
                         DxBgpFate *room)
{
    dx__json_write_array(json, "losers");
    for (unsigned i = 0; i < set->n; i++)
        if (outcome->fates[i].step)
            write_loser(json, set, outcome, i, room);
    dx__json_write_end(json);
    dx__json_write_array(json, "ineligible");
    for (unsigned i = 0; i < set->n; i++)
        if (outcome->fates[i].eligible != DX_BGP_ELIGIBLE) {
            g_autofree char *why = cli_bgp_why_not(set, i, &outcome->fates[i]);

            dx__json_write_object(json, NULL);
            dx__json_write_u64(json, "path", i);
            dx__json_write_text(json, "why", why);
            dx__json_write_end(json);
        }
    dx__json_write_end(json);
}

static void write_multipath(DxJsonWriter *json, const char *key, const CliBgpSet *set,
                            const CliBgpOutcome *outcome, DxBgpMultipath multipath)
{
    bool is_used[DX_BGP_PATHS_MAX];
    DxBgpKnobs knobs = set->knobs;

    knobs.multipath = multipath;
    dx__bgp_multipath(&knobs, set->paths, set->n, outcome->fates, outcome->decision.best, is_used);
    dx__json_write_array(json, key);
    for (unsigned i = 0; i < set->n; i++)
        if (is_used[i])
            dx__json_write_u64(json, NULL, i);
    dx__json_write_end(json);
}

/* Between values one space after each comma, and none elsewhere but after a colon. */
static char *on_one_line(char *text)
{
    char *to = text;
    bool is_string = false;

    for (const char *from = text; *from; from++) {
        const bool is_space = *from == ' ' || *from == '\n';

        if (*from == '"')
            is_string = !is_string;
        if (*from == '\\') /* and whatever it makes of the next one */
            *to++ = *from++;
        if (is_string || !is_space || (to[-1] == ':'))
            *to++ = *from;
        else if (to[-1] == ',')
            *to++ = ' ';
    }
    *to++ = '\n';
    *to = 0;
    return text;
}

char *cli_finish_line(DxJsonWriter *json)
{
    return on_one_line(dx__json_write_finish(json));
}

char *cli_bgp_json(const CliLine *line, const CliBgpSet *set, const CliBgpOutcome *outcome, DxBgpFate *room)
{
    const DxBgpDecision *decision = &outcome->decision;
    DxJsonWriter json;

    dx__json_write_init(&json);
    if (set->id)
        dx__json_write_text(&json, "id", set->id);
    else
        dx__json_write_u64(&json, "line", line->line);
    write_index(&json, "best", decision->best);
    if (decision->step)
        dx__json_write_text(&json, "step", dx__bgp_steps[decision->step].name);
    else
        dx__json_write_raw(&json, "step", "null");
    write_losers(&json, set, outcome, room);
    write_multipath(&json, "multipath", set, outcome, set->knobs.multipath);
    write_multipath(&json, "multipath_relaxed", set, outcome, DX_BGP_MULTIPATH_RELAXED);
    dx__json_write_bool(&json, "order_dependent", decision->is_order_dependent);
    dx__json_write_array(&json, "best_after_each_arrival");
    for (unsigned i = 0; i < set->n; i++)
        write_index(&json, NULL, outcome->after[i]);
    return cli_finish_line(&json);
}

/* -- a table ----------------------------------------------------------------------------------------- */

/* What stands in the cell of a path at a step: its value; with whom it lost to where it dropped out. */
static char *cell(const CliBgpSet *set, const CliBgpOutcome *outcome, unsigned path, DxBgpStep step)
{
    const DxBgpFate *fate = &outcome->fates[path];
    const DxBgpStep last = outcome->decision.step ? outcome->decision.step : DX_BGP_NEIGHBOR_IP;
    g_autofree char *value = NULL;

    if (fate->eligible != DX_BGP_ELIGIBLE || (fate->step && step > fate->step) || step > last)
        return g_strdup("");
    value = cli_bgp_value(set, path, step, outcome->incumbent);
    return fate->step == step ? g_strdup_printf("%s x%d", value, fate->against) : g_steal_pointer(&value);
}

/* Columns: the path, the steps, what became of it. */
enum { N_COLUMNS = DX_BGP_N_STEPS + 1 };

static char *head(unsigned column)
{
    if (!column)
        return g_strdup("path");
    return g_strdup(column < DX_BGP_N_STEPS ? dx__bgp_steps[column].title : "");
}

static char *body(const CliBgpSet *set, const CliBgpOutcome *outcome, unsigned path, unsigned column)
{
    if (!column)
        return g_strdup_printf("%u", path);
    if (column < DX_BGP_N_STEPS)
        return cell(set, outcome, path, (DxBgpStep)column);
    if (outcome->fates[path].eligible != DX_BGP_ELIGIBLE)
        return g_strdup("no candidate");
    return g_strdup((int)path == outcome->decision.best ? "best" : "");
}

static void print_grid(GString *out, const CliBgpSet *set, const CliBgpOutcome *outcome)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    gsize width[N_COLUMNS] = { 0 };

    for (unsigned row = 0; row <= set->n; row++)
        for (unsigned column = 0; column < N_COLUMNS; column++) {
            char *text = row ? body(set, outcome, row - 1, column) : head(column);

            width[column] = MAX(width[column], strlen(text));
            g_ptr_array_add(cells, text);
        }
    for (guint i = 0; i < cells->len; i++) {
        const char *text = cells->pdata[i];
        const bool is_last = i % N_COLUMNS == N_COLUMNS - 1;

        g_string_append_printf(out, "  %-*s", is_last ? 0 : (int)width[i % N_COLUMNS], text);
        while (is_last && out->str[out->len - 1] == ' ')
            g_string_truncate(out, out->len - 1);
        if (is_last)
            g_string_append_c(out, '\n');
    }
}

static void print_verdict(GString *out, const CliBgpSet *set, const CliBgpOutcome *outcome)
{
    const DxBgpDecision *decision = &outcome->decision;

    if (decision->best < 0)
        g_string_append(out, "  No best path: there is no candidate.\n");
    else if (decision->step)
        g_string_append_printf(out, "  Path %d is the best, decided at step %d, %s (%s).\n", decision->best,
                               (int)decision->step, dx__bgp_steps[decision->step].name,
                               dx__bgp_steps[decision->step].clause);
    else if (decision->is_order_dependent)
        g_string_append_printf(out, "  Path %d is the best, by the order of comparison, newest first.\n",
                               decision->best);
    else
        g_string_append_printf(out, "  Path %d is the best: there is no other.\n", decision->best);
    if (decision->is_order_dependent)
        g_string_append(
            out, "  Another order of arrival may have another winner: deterministic_med prevents that.\n");
    if (set->knobs.age == DX_BGP_AGE_INCUMBENT && outcome->incumbent >= 0 &&
        outcome->incumbent != decision->best)
        g_string_append_printf(out, "  Path %d was the best before the last one arrived.\n",
                               outcome->incumbent);
}

static void print_reasons(GString *out, const CliBgpSet *set, const CliBgpOutcome *outcome, DxBgpFate *room)
{
    for (unsigned i = 0; i < set->n; i++) {
        const DxBgpFate *fate = &outcome->fates[i];
        g_autofree char *why = NULL, *text = NULL;
        DxBgpChange change;

        if (fate->eligible != DX_BGP_ELIGIBLE) {
            why = cli_bgp_why_not(set, i, fate);
            g_string_append_printf(out, "  Path %u is no candidate: %s.\n", i, why);
        }
        if (!fate->step)
            continue;
        why = cli_bgp_why(set, i, fate->step, fate->against, outcome->incumbent);
        change = would_win(set, outcome, i, room);
        text = cli_bgp_change(set, i, &change);
        g_string_append_printf(out, "  Path %u fell at %s: %s; %s%s.\n", i, dx__bgp_steps[fate->step].name,
                               why, text ? "would win with " : "no single change would do", text ? text : "");
    }
}

static void print_multipath(GString *out, const CliBgpSet *set, const CliBgpOutcome *outcome)
{
    bool is_used[DX_BGP_PATHS_MAX];

    if (dx__bgp_multipath(&set->knobs, set->paths, set->n, outcome->fates, outcome->decision.best, is_used) <
        2)
        return;
    g_string_append(out, "  Multipath:");
    for (unsigned i = 0; i < set->n; i++)
        if (is_used[i])
            g_string_append_printf(out, " %u", i);
    g_string_append(out, ".\n");
}

static void print_scopes(GString *out, const CliBgpSet *set)
{
    for (unsigned i = 0; i < set->n; i++) {
        const char *scope =
            dx__community_scope(&set->communities, set->paths[i].communities, set->paths[i].n_communities);

        if (scope)
            g_string_append_printf(out, "  Path %u has a community of scope: %s.\n", i, scope);
    }
}

char *cli_bgp_table(const CliLine *line, const CliBgpSet *set, const CliBgpOutcome *outcome, DxBgpFate *room)
{
    g_autofree char *name = cli_line_name(line, set->id);
    GString *out = g_string_new(name);

    g_string_append_c(out, '\n');
    if (set->n)
        print_grid(out, set, outcome);
    print_verdict(out, set, outcome);
    print_reasons(out, set, outcome, room);
    print_multipath(out, set, outcome);
    print_scopes(out, set);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
