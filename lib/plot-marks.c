/*
 * plot-marks - the scenario's events, to be marked in pictures over time
 */
#include "plot-priv.h"
#include "attacks-priv.h"

#include <string.h>

#define MAX_MARKS 8

/* Everything of one kind that happens at one time. */
typedef struct {
    const DxScEvent *first;
    uint32_t last; /* link; a direction comes behind the other */
    unsigned n;    /* links */
} Mark;

static bool is_same(const DxScEvent *a, const DxScEvent *b)
{
    return a->at_ps == b->at_ps && a->what == b->what && a->is_silent == b->is_silent &&
           a->quantity == b->quantity && a->value == b->value && a->is_begin == b->is_begin &&
           (a->what != DX_SC_ATTACK || a->plan == b->plan);
}

/* Where a ramp of the line leads to is told at its beginning. */
static bool is_on_the_way(const DxScenario *scenario, const DxScEvent *event)
{
    return event->what == DX_SC_SET && event->quantity != DX_SC_RATE && !event->is_begin &&
           DX_SC(scenario, plans, DxScPlan, event->plan)->ramp_ps > 0;
}

/* False: more than can be shown. */
static bool gather(const DxScenario *scenario, Mark marks[MAX_MARKS], unsigned *n)
{
    *n = 0;
    for (guint i = 0; i < scenario->events->len; i++) {
        const DxScEvent *event = DX_SC(scenario, events, DxScEvent, i);
        unsigned k = 0;

        if (event->at_ps >= scenario->duration_ps || is_on_the_way(scenario, event))
            continue;
        while (k < *n && !is_same(marks[k].first, event))
            k++;
        if (k == MAX_MARKS)
            return false;
        if (k == *n)
            marks[(*n)++] = (Mark){ event, DX_NONE, 0 };
        marks[k].n += marks[k].last != event->link;
        marks[k].last = event->link;
    }
    return true;
}

static char *text_of(const DxScenario *scenario, const Mark *mark)
{
    const DxScEvent *event = mark->first;
    g_autofree char *who = mark->n > 1 ? g_strdup_printf("%u links", mark->n)
                                       : g_strdup(DX_SC(scenario, links, DxScLink, event->link)->name);
    g_autofree char *setting = event->what == DX_SC_SET ? dx__event_setting(scenario, event) : NULL;

    switch (event->what) {
    case DX_SC_FAIL:
        return g_strdup_printf("%s: %s", who, event->is_silent ? "silent failure" : "failure");
    case DX_SC_RESTORE:
        return g_strdup_printf("%s: restored", who);
    case DX_SC_PORT:
        return g_strdup_printf("%s: port %s", who, event->state.is_port_down ? "down" : "up");
    case DX_SC_ATTACK:
        return g_strdup_printf("%s: %s %s", who,
                               dx__attack_kinds[DX_SC(scenario, plans, DxScPlan, event->plan)->attack_kind],
                               event->is_begin ? "begins" : "ends");
    case DX_SC_SET:
    case DX_SC_BGP: /* of no link */
        break;
    }
    if (event->quantity == DX_SC_RATE)
        return g_strdup_printf("%s: %s", who, setting + strlen("rate "));
    return g_strdup_printf("%s: %s", who, setting);
}

void dx__plot_marks(GString *script, const DxScenario *scenario, double x_unit_s)
{
    Mark marks[MAX_MARKS];
    unsigned n;

    if (!gather(scenario, marks, &n))
        n = 0;
    g_string_append_printf(script, "n_marks = %u\n", n);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *text = text_of(scenario, &marks[i]);
        g_autofree char *x_name = g_strdup_printf("mark_x_%u", i + 1);
        g_autofree char *text_name = g_strdup_printf("mark_text_%u", i + 1);

        dx__plot_set_real(script, x_name, (double)marks[i].first->at_ps / (double)DX_S / x_unit_s);
        dx__plot_set_text(script, text_name, text);
    }
}
