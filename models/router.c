/*
 * router - forwards each flow to its next hop
 *
 * One next hop per flow, set by events (static routes first), and one in its place for as long as the output
 * it has takes no frames: a static route of lower preference. Time to live is decremented on the way to a
 * link, not on local delivery; a frame that arrives with 1 ends here (RFC 1812, 5.3.1), which ends routing
 * loops. Not modelled: forwarding delay, fragmentation, ICMP.
 */
#include <dxsim/sim.h>

#define IS_LOCAL 0x8000u /* beside the output in the table */

#define MANY_FLOWS                                                                                           \
    8192 /* from here on entries are asked for ahead: 2 octets each leave the first-level cache */

enum { DROP_TTL_EXPIRED, DROP_NO_ROUTE };

static const char *const router_drops[] = { "ttl_expired", "no_route", NULL };

typedef struct {
    uint16_t *next; /* by flow: output, with IS_LOCAL where it is no link */
    uint32_t n_flows;
    uint16_t *route, *backup; /* what `next` is made of; backup: NULL, no flow has one */
    bool *is_out;             /* by output: takes no frames */
} RouterState;

static bool router_init(DxNode *node, GError **error)
{
    RouterState *state = dx_node_state(node);

    (void)error;
    state->n_flows = dx_sim_n_flows(dx_node_sim(node));
    state->next = g_new(uint16_t, state->n_flows + 1);
    for (uint32_t i = 0; i <= state->n_flows; i++)
        state->next[i] = DX_NO_OUTPUT;
    state->is_out = g_new0(bool, dx_node_n_outputs(node) + 1);
    return true;
}

static void router_clear(DxNode *node)
{
    RouterState *state = dx_node_state(node);

    g_free(state->next);
    g_free(state->route);
    g_free(state->backup);
    g_free(state->is_out);
}

/* Output of a frame, or DX_NO_OUTPUT when it has been dropped. */
static inline uint16_t route(DxNode *node, const RouterState *state, DxFrame *frame)
{
    /* one entry more than flows: whatever is no flow has no route */
    const uint16_t next = state->next[MIN(frame->flow, state->n_flows)];

    if (next & IS_LOCAL)
        return next & (uint16_t)~IS_LOCAL;
    if (G_UNLIKELY(next == DX_NO_OUTPUT)) {
        dx_node_drop(node, DROP_NO_ROUTE, frame);
        return DX_NO_OUTPUT;
    }
    if (G_UNLIKELY(frame->ttl <= 1)) {
        dx_node_drop(node, DROP_TTL_EXPIRED, frame);
        return DX_NO_OUTPUT;
    }
    frame->ttl--;
    return next;
}

static void router_process(DxNode *node, DxBurst *burst)
{
    const RouterState *state = dx_node_state(node);
    uint16_t output[DX_BURST_MAX];
    unsigned kept = 0;

    for (unsigned i = 0; state->n_flows > MANY_FLOWS && i < burst->n; i++)
        __builtin_prefetch(&state->next[MIN(burst->frame[i].flow, state->n_flows)]);

    for (unsigned i = 0; i < burst->n; i++) {
        uint16_t next = route(node, state, &burst->frame[i]);

        if (next == DX_NO_OUTPUT)
            continue;
        if (kept < i)
            burst->frame[kept] = burst->frame[i];
        output[kept++] = next;
    }
    burst->n = kept;
    dx_node_scatter(node, burst, output);
}

/* -- routes ------------------------------------------------------------------------------------------ */

static void set_next(DxNode *node, uint32_t flow, uint16_t next)
{
    const DxSim *sim = dx_node_sim(node);
    RouterState *state = dx_node_state(node);

    if (state->next[flow] != next && dx_node_now(node) > 0)
        dx_sim_group(sim, dx_sim_flow(sim, flow)->group)->is_rerouted = true;
    state->next[flow] = next;
}

static void choose(DxNode *node, uint32_t flow)
{
    const RouterState *state = dx_node_state(node);
    const uint16_t route = state->route[flow], backup = state->backup[flow];
    const bool is_out = !(route & IS_LOCAL) && route != DX_NO_OUTPUT && state->is_out[route];

    set_next(node, flow, is_out && backup != DX_NO_OUTPUT ? backup : route);
}

static void set_route(DxNode *node, uint32_t flow, uint16_t route)
{
    RouterState *state = dx_node_state(node);

    g_return_if_fail(flow < state->n_flows);
    if (!state->backup) {
        set_next(node, flow, route);
        return;
    }
    state->route[flow] = route;
    choose(node, flow);
}

/* Few networks have any: the second table is made for the first of them. */
static void set_backup(DxNode *node, uint32_t flow, uint16_t backup)
{
    RouterState *state = dx_node_state(node);

    g_return_if_fail(flow < state->n_flows);
    if (!state->backup) {
        state->route = g_memdup2(state->next, (state->n_flows + 1) * sizeof *state->next);
        state->backup = g_new(uint16_t, state->n_flows + 1);
        for (uint32_t i = 0; i <= state->n_flows; i++)
            state->backup[i] = DX_NO_OUTPUT;
    }
    state->backup[flow] = backup;
    choose(node, flow);
}

static void set_out(DxNode *node, uint32_t output, bool is_out)
{
    RouterState *state = dx_node_state(node);

    g_return_if_fail(output < dx_node_n_outputs(node));
    state->is_out[output] = is_out;
    for (uint32_t i = 0; state->backup && i < state->n_flows; i++)
        if (state->route[i] == output)
            choose(node, i);
}

static void router_control(DxNode *node, const DxControl *control)
{
    const bool is_none = control->value == DX_NO_OUTPUT;

    switch (control->op) {
    case DX_CONTROL_ROUTE:
        set_route(node, control->index, (uint16_t)control->value);
        break;
    case DX_CONTROL_ROUTE_LOCAL:
        set_route(node, control->index, (uint16_t)(control->value | (is_none ? 0 : IS_LOCAL)));
        break;
    case DX_CONTROL_BACKUP:
        set_backup(node, control->index, (uint16_t)control->value);
        break;
    case DX_CONTROL_MEMBER_OUT:
    case DX_CONTROL_MEMBER_IN:
        set_out(node, control->index, control->op == DX_CONTROL_MEMBER_OUT);
        break;
    default:
        break;
    }
}

static uint32_t router_output_of(const DxNode *node, uint32_t flow)
{
    const RouterState *state = dx_node_state(node);

    return state->next[MIN(flow, state->n_flows)] & (uint16_t)~IS_LOCAL;
}

const DxModel dx_model_router = {
    .name = "router",
    .summary = "Forwards each flow to its next hop; TTL ends loops",
    .state_size = sizeof(RouterState),
    .drops = router_drops,
    .init = router_init,
    .process = router_process,
    .control = router_control,
    .output_of = router_output_of,
    .clear = router_clear,
};
