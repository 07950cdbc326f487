/*
 * carrier - when the ports of a link see light, and when they act on it
 *
 *   fail ----> no light -- debounce --> port down
 *   fade ----> too weak ----^                        (either direction: each end tells the other)
 *   restored, brighter -> light -- debounce --> port up
 *
 * All that happens to lines is written in the scenario, so all of this is known before anything runs. Every
 * event is given the state of its link behind it; what ports do later than that becomes an event of its own.
 * A silent failure is light without frames, in one direction or both: no port notices.
 */
#include "scenario-priv.h"

#include <math.h>

typedef struct {
    const DxScLink *link;
    const DxModel *fiber;
    bool is_cut, is_port_down;
    unsigned silent;    /* by direction */
    bool has_signal[2]; /* by direction, unless it is cut */
    DxLineWear wear[2];
    DxTime due_ps; /* when the ports follow the light; DX_TIME_NEVER: they have */
} Carrier;

static void look(Carrier *carrier, unsigned d)
{
    DxLineLight light;

    if (!carrier->link->has_optics || carrier->link->is_dark)
        return;
    carrier->fiber->line->light(carrier->link->fiber[d], &carrier->wear[d], carrier->has_signal[d], &light);
    carrier->has_signal[d] = light.has_signal;
}

static void carrier_init(Carrier *carrier, const DxScenario *scenario, const DxScLink *link)
{
    *carrier = (Carrier){ .link = link,
                          .fiber = dx__scenario_model(scenario, "fiber"),
                          .has_signal = { !link->is_dark, !link->is_dark },
                          .wear = { DX_LINE_AS_BUILT, DX_LINE_AS_BUILT },
                          .due_ps = DX_TIME_NEVER };
}

static DxScState state_of(const Carrier *carrier)
{
    const bool is_lit = !carrier->is_cut && !carrier->is_port_down;

    return (DxScState){ carrier->is_cut, carrier->is_port_down,
                        is_lit ? ~carrier->silent & DX_SC_BOTH_WAYS : 0 };
}

static void set(Carrier *carrier, const DxScEvent *event)
{
    DxLineWear *wear = &carrier->wear[event->direction];
    const double value = (double)event->value / 1000;

    switch (event->quantity) {
    case DX_SC_LOSS:
        wear->loss_db = value;
        break;
    case DX_SC_LAUNCH:
        wear->tx_dbm = value;
        break;
    default:
        return;
    }
    look(carrier, event->direction);
}

static void happen(Carrier *carrier, const DxScEvent *event)
{
    switch (event->what) {
    case DX_SC_FAIL:
        carrier->is_cut |= !event->silent && !carrier->link->is_dark;
        carrier->silent |= event->silent;
        break;
    case DX_SC_RESTORE:
        carrier->is_cut = false;
        carrier->silent = 0;
        break;
    case DX_SC_SET:
        if (!event->is_begin)
            set(carrier, event);
        break;
    case DX_SC_PORT:
    case DX_SC_ATTACK:
    case DX_SC_BGP:
        break;
    }
}

/* Ports follow at once, or are about to, or have nothing to follow any more. */
static void follow(Carrier *carrier, DxTime now_ps)
{
    const bool is_unlit = carrier->is_cut || !carrier->has_signal[0] || !carrier->has_signal[1];

    if (is_unlit == carrier->is_port_down)
        carrier->due_ps = DX_TIME_NEVER;
    else if (!carrier->link->debounce_ps || carrier->link->is_dark)
        carrier->is_port_down = is_unlit;
    else if (carrier->due_ps == DX_TIME_NEVER)
        carrier->due_ps = now_ps + carrier->link->debounce_ps;
}

/* Now, if it falls due before @until. */
static void debounce(Carrier *carrier, DxScenario *scenario, uint32_t link, DxTime until)
{
    DxScEvent event = { .at_ps = carrier->due_ps, .what = DX_SC_PORT, .link = link, .is_change = true };

    if (carrier->due_ps >= until || carrier->due_ps > scenario->duration_ps)
        return;
    carrier->is_port_down = !carrier->is_port_down;
    carrier->due_ps = DX_TIME_NEVER;
    event.state = state_of(carrier);
    g_array_append_val(scenario->events, event);
}

static bool is_same(DxScState a, DxScState b)
{
    return a.is_cut == b.is_cut && a.is_port_down == b.is_port_down && a.carries == b.carries;
}

/* @index: the events of one link, in order. */
static void walk(DxScenario *scenario, uint32_t link, const guint *index, guint n)
{
    Carrier carrier;

    carrier_init(&carrier, scenario, DX_SC(scenario, links, DxScLink, link));
    for (guint i = 0; i < n; i++) {
        DxScEvent *event = DX_SC(scenario, events, DxScEvent, index[i]);
        DxScState before;

        debounce(&carrier, scenario, link, event->at_ps);
        event = DX_SC(scenario, events, DxScEvent, index[i]); /* the list may have moved */
        before = state_of(&carrier);
        happen(&carrier, event);
        follow(&carrier, event->at_ps);
        event->state = state_of(&carrier);
        event->is_change = !is_same(before, event->state);
    }
    debounce(&carrier, scenario, link, DX_TIME_NEVER);
}

static int compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const guint i = *(const guint *)a, k = *(const guint *)b;
    const GArray *events = data;
    const DxScEvent *x = &g_array_index(events, DxScEvent, i), *y = &g_array_index(events, DxScEvent, k);

    if (x->link != y->link)
        return x->link < y->link ? -1 : 1;
    if (x->at_ps != y->at_ps)
        return x->at_ps < y->at_ps ? -1 : 1;
    return i < k ? -1 : i > k;
}

void dx__scenario_carrier(DxScenario *scenario)
{
    const guint n = scenario->events->len;
    g_autofree guint *index = g_new(guint, n + 1);

    for (guint i = 0; i < n; i++)
        index[i] = i;
    g_qsort_with_data(index, (gint)n, sizeof *index, compare, scenario->events);
    for (guint i = 0, next; i < n; i = next) {
        const uint32_t link = DX_SC(scenario, events, DxScEvent, index[i])->link;

        for (next = i + 1; next < n && DX_SC(scenario, events, DxScEvent, index[next])->link == link;)
            next++;
        walk(scenario, link, index + i, next - i);
    }
}
