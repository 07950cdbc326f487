/*
 * build-events - what the scenario's events do to nodes, and the lines they leave in the log
 */
#include "build-priv.h"

static void control_chain(const DxDirection *direction, const DxControl *control)
{
    for (guint k = 0; direction->chain && k < direction->chain->len; k++)
        dx_sim_control(direction->chain->pdata[k], control);
}

/* Where no agent watches over the members, both ends of a bundle go by the light alone. */
static void steer_bundle(DxBuild *build, uint32_t index, DxControlOp op)
{
    const DxScLink *link = DX_SC(build->scenario, links, DxScLink, index);
    const DxControl control = { .op = op, .index = link->member };

    if (link->lag == DX_NONE || dx__lag_has_agents(DX_SC(build->scenario, lags, DxScLag, link->lag)))
        return;
    for (unsigned d = 0; d < 2; d++)
        if (build->lag[link->lag][d].hash)
            dx_sim_control(build->lag[link->lag][d].hash, &control);
}

/* What becomes of all directions of @ways. */
static DxControl control_of(const DxScState *state, unsigned ways)
{
    return (DxControl){ .op = state->is_port_down               ? DX_CONTROL_DOWN
                              : (state->carries & ways) == ways ? DX_CONTROL_UP
                                                                : DX_CONTROL_DOWN_SILENT,
                        .value = !state->is_cut };
}

/* What stands in a link's chain shares its failures. */
static void set_state(DxBuild *build, const DxScEvent *event)
{
    const DxScState *state = &event->state;
    const DxControl whole = control_of(state, DX_SC_BOTH_WAYS);

    build->is_port_down[event->link] = state->is_port_down;
    dx__build_bgp_happened(build);
    for (unsigned d = 0; d < 2; d++) {
        const DxControl control = control_of(state, 1u << d);

        control_chain(&build->link[event->link][d], &control);
    }
    if (whole.op == DX_CONTROL_DOWN)
        steer_bundle(build, event->link, DX_CONTROL_MEMBER_OUT);
    else if (whole.op == DX_CONTROL_UP)
        steer_bundle(build, event->link, DX_CONTROL_MEMBER_IN);
    dx__build_bgp_line(build, DX_SC(build->scenario, links, DxScLink, event->link), &whole);
}

/* The line's own: models that were put into the chain have rates and fibers of theirs. */
static void set_quantity(DxBuild *build, const DxScEvent *event)
{
    static const DxControlOp ops[DX_SC_N_QUANTITIES] = { [DX_SC_RATE] = DX_CONTROL_RATE,
                                                         [DX_SC_LOSS] = DX_CONTROL_LOSS,
                                                         [DX_SC_LAUNCH] = DX_CONTROL_LAUNCH,
                                                         [DX_SC_TEMPERATURE] = DX_CONTROL_TEMPERATURE };
    const DxControl control = { .op = ops[event->quantity], .value = (uint64_t)event->value };

    for (unsigned d = 0; d < 2; d++) {
        const DxDirection *direction = &build->link[event->link][d];
        DxNode *node = event->quantity == DX_SC_RATE ? direction->port : direction->fiber;

        if (node && (event->quantity == DX_SC_RATE || d == event->direction))
            dx_sim_control(node, &control);
    }
    if (event->quantity == DX_SC_RATE)
        build->rate_bps[event->link] = control.value;
}

void dx__build_set_rate(DxBuild *build, uint32_t link, uint64_t rate_bps)
{
    const DxScEvent event = { .link = link, .quantity = DX_SC_RATE, .value = (int64_t)rate_bps };

    set_quantity(build, &event);
}

/* Of a ramp its beginning, and its last step. */
static void tell_setting(DxSim *sim, const DxScenario *scenario, const DxScEvent *event)
{
    const DxScLink *link = DX_SC(scenario, links, DxScLink, event->link);
    g_autofree char *direction = dx__scenario_direction(scenario, link->name, link->end, event->direction);
    g_autofree char *detail = dx__event_setting(scenario, event);
    const bool is_rate = event->quantity == DX_SC_RATE;

    if (is_rate || !event->is_step)
        dx_sim_log(sim, is_rate ? link->name : direction, "set", detail);
}

static void tell(DxSim *sim, const DxScenario *scenario, const DxScEvent *event)
{
    const char *link = DX_SC(scenario, links, DxScLink, event->link)->name;

    if (event->what == DX_SC_FAIL) {
        g_autofree char *how = dx__event_failure(scenario, event);

        dx_sim_log(sim, link, "fail", how);
    } else if (event->what == DX_SC_RESTORE)
        dx_sim_log(sim, link, "restore", "");
    else if (event->what == DX_SC_SET)
        tell_setting(sim, scenario, event);
}

/* Where that is not what a failure is about. */
static void tell_port(DxSim *sim, const DxScenario *scenario, const DxScEvent *event)
{
    const char *link = DX_SC(scenario, links, DxScLink, event->link)->name;

    if (event->is_change && (event->what == DX_SC_SET || event->what == DX_SC_PORT))
        dx_sim_log(sim, link, "port", event->state.is_port_down ? "down: no light" : "up");
}

static void on_event(DxSim *sim, void *data)
{
    const ScheduledEvent *scheduled = data;
    const DxScEvent *event = scheduled->event;

    if (event->what == DX_SC_ATTACK) {
        dx__attacks_happen(scheduled->build->attacks, sim, event);
        return;
    }
    tell(sim, scheduled->build->scenario, event);
    if (event->what == DX_SC_SET && !event->is_begin)
        set_quantity(scheduled->build, event);
    tell_port(sim, scheduled->build->scenario, event);
    if (event->what == DX_SC_FAIL || event->what == DX_SC_RESTORE || event->is_change)
        set_state(scheduled->build, event);
}

void dx__build_schedule(DxBuild *build)
{
    const DxScenario *scenario = build->scenario;

    build->events = g_new0(ScheduledEvent, scenario->events->len + 1);
    for (guint i = 0; i < scenario->events->len; i++) {
        build->events[i] = (ScheduledEvent){ build, DX_SC(scenario, events, DxScEvent, i) };
        dx_sim_at(build->run.sim, build->events[i].event->at_ps, on_event, &build->events[i]);
    }
    dx__build_bgp_schedule(build);
}
