/*
 * fiber - a span of single-mode fiber, one direction
 *
 *   delay = cable * group index / c + 40 ps/(km K) * cable * (temperature - 20 C), rounded to the nearest ps
 *   cable = length * route factor
 *
 * Order is kept, delay is constant. A frame is lost when the link fails before its last bit has arrived at
 * the far end, or when it was already being sent at the moment of repair. Of frames that enter a fiber that
 * is up, some are lost at random (loss.h): judged, and gone, when their last bit enters. The rest of the
 * line's figures (optics/budget.h) is for those who work out what light arrives.
 */
#include "loss.h"
#include "optics/errors.h"
#include "optics/verdict.h"

enum { DROP_LINK_DOWN, DROP_LOST, DROP_BIT_ERRORS };

static const char *const fiber_drops[] = { "link_down", "lost", "bit_errors", NULL };

typedef struct {
    DxLine line;
    DxTime delay_ps;
    DxLossConf loss;
    DxLineEnd from, to; /* optics; none without */
    DxResidual residual;
    int counts; /* octets that errors hit: OCTETS_FRAME or OCTETS_PACKET */
} FiberConf;

static const DxParam fiber_params[] = {
    DX_LINE_PARAMS(FiberConf, line),
    DX_PARAM_TIME(FiberConf, delay_ps, "0 ps", "0 ps", "10 s", "Instead of length and index."),
    DX_LOSS_PARAMS(FiberConf, loss),
    DX_PARAM_END,
};

typedef struct {
    DxTime delay_ps;
    bool is_down;
    uint64_t propagation_ps;
    DxLoss loss;
    DxErrors errors;
} FiberState;

static const DxCounter fiber_counters[] = {
    DX_COUNTER(FiberState, propagation_ps, DX_COUNTER_GAUGE, "Delay of the span."),
    DX_COUNTER_END,
};

static bool fiber_check(const void *data, const char **key, GError **error)
{
    const FiberConf *conf = data;

    if (!dx__loss_check(&conf->loss, key, error) || !dx__line_check(&conf->line, key, error))
        return false;
    if (!conf->delay_ps || conf->line.length_km <= 0)
        return true;
    *key = "delay";
    g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "give either a length or a delay");
    return false;
}

static bool fiber_can_drop(const void *data, unsigned reason)
{
    const FiberConf *conf = data;

    if (reason == DROP_BIT_ERRORS)
        return conf->residual.probability > 0;
    return reason != DROP_LOST || dx__loss_is_on(&conf->loss);
}

/* -- optics ------------------------------------------------------------------------------------------ */

static void fiber_equip(void *data, const DxLineEnd *from, const DxLineEnd *to, bool has_framing)
{
    FiberConf *conf = data;

    conf->from = *from;
    conf->to = *to;
    conf->residual = dx__budget(&conf->line, from->optic, to->optic).residual;
    conf->counts = has_framing ? OCTETS_FRAME : OCTETS_PACKET;
}

static DxLineState fiber_judge(const void *data, uint64_t rate_bps, const DxLineEnd *known, unsigned n_known,
                               char **message)
{
    const FiberConf *conf = data;

    return dx__line_judge(&conf->line, &conf->from, &conf->to, rate_bps, known, n_known, message);
}

static DxLineErrors fiber_errors(const void *data)
{
    const FiberConf *conf = data;

    return (DxLineErrors){ conf->residual.probability, conf->residual.width_bits,
                           conf->counts == OCTETS_FRAME };
}

static void fiber_worksheet(const void *data, DxLineRowFn row, void *user)
{
    const FiberConf *conf = data;

    dx__line_worksheet(&conf->line, &conf->from, &conf->to, row, user);
}

static const DxLineModel fiber_line = {
    .optic_params = dx__optic_params,
    .optic_size = sizeof(DxOptic),
    .equip = fiber_equip,
    .judge = fiber_judge,
    .errors = fiber_errors,
    .worksheet = fiber_worksheet,
};

/* -- set-up and process ------------------------------------------------------------------------------ */

static bool fiber_init(DxNode *node, GError **error)
{
    const FiberConf *conf = dx_node_conf(node);
    FiberState *state = dx_node_state(node);

    (void)error;
    state->delay_ps = conf->delay_ps ? conf->delay_ps : dx__line_delay_ps(&conf->line);
    state->propagation_ps = (uint64_t)state->delay_ps;
    dx_node_set_delay(node, 0, state->delay_ps);
    dx__loss_init(&state->loss, &conf->loss, node);
    dx__errors_init(&state->errors, node, conf->counts, &conf->residual);
    return true;
}

static void fiber_process(DxNode *node, DxBurst *burst)
{
    FiberState *state = dx_node_state(node);
    const DxTime delay_ps = state->delay_ps;

    if (state->is_down) {
        for (unsigned i = 0; i < burst->n; i++)
            dx_node_drop(node, DROP_LINK_DOWN, &burst->frame[i]);
        return;
    }
    dx__loss_apply(&state->loss, node, DROP_LOST, burst);
    dx__errors_apply(&state->errors, node, DROP_BIT_ERRORS, burst);
    for (unsigned i = 0; i < burst->n; i++)
        burst->frame[i].t_ps += delay_ps;
    dx_node_emit(node, 0, burst);
}

static void fiber_control(DxNode *node, const DxControl *control)
{
    FiberState *state = dx_node_state(node);

    switch (control->op) {
    case DX_CONTROL_DOWN:
    case DX_CONTROL_DOWN_SILENT:
        state->is_down = true;
        dx_node_purge(node, DROP_LINK_DOWN);
        break;
    case DX_CONTROL_UP:
        state->is_down = false;
        break;
    default:
        break;
    }
}

const DxModel dx_model_fiber = {
    .name = "fiber",
    .summary = "Propagation delay of a fiber span, and what it loses",
    .conf_size = sizeof(FiberConf),
    .state_size = sizeof(FiberState),
    .params = fiber_params,
    .counters = fiber_counters,
    .drops = fiber_drops,
    .check = fiber_check,
    .can_drop = fiber_can_drop,
    .init = fiber_init,
    .process = fiber_process,
    .control = fiber_control,
    .line = &fiber_line,
};
