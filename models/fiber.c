/*
 * fiber - a span of single-mode fiber, one direction
 *
 *   delay = cable * group index / c + 40 ps/(km K) * cable * (temperature - 20 C), rounded to the nearest ps
 *   cable = length * route factor
 *
 * Order is kept: when the cable cools, nothing overtakes what has entered before. A frame is lost when the
 * link fails before its last bit has arrived at the far end, or when it was already being sent at the moment
 * of repair. Of frames that enter a fiber that is up, some are lost at random (loss.h): judged, and gone,
 * when their last bit enters. With optics so are some to bit errors (optics/errors.h), as many as the light
 * makes that arrives (optics/receive.h); it changes with the line's wear, and is told when it crosses a
 * threshold.
 */
#include "loss.h"
#include "optics/errors.h"
#include "optics/receive.h"
#include "optics/verdict.h"

#include <math.h>
#include <string.h>

enum { DROP_LINK_DOWN, DROP_LOST, DROP_BIT_ERRORS };

static const char *const fiber_drops[] = { "link_down", "lost", "bit_errors", NULL };

typedef struct {
    DxLine line;
    DxTime delay_ps;
    DxLossConf loss;
    DxLineEnd from, to; /* optics; none without */
    int counts;         /* octets that errors hit: OCTETS_FRAME or OCTETS_PACKET */
} FiberConf;

static const DxParam fiber_params[] = {
    DX_LINE_PARAMS(FiberConf, line),
    DX_PARAM_TIME(FiberConf, delay_ps, "0 ps", "0 ps", "10 s", "Instead of length and index."),
    DX_LOSS_PARAMS(FiberConf, loss),
    DX_PARAM_END,
};

typedef struct {
    DxTime delay_ps;
    DxTime last_ps, floor_ps; /* latest that has left; nothing leaves earlier than the floor */
    bool is_down;
    uint64_t propagation_ps;
    DxLoss loss;
    DxErrors errors;

    DxLineWear wear;
    DxLineLight light;
    double rx_power_dbm, rx_power_min_dbm, tx_power_dbm, margin_db, margin_min_db, pre_fec_ber,
        pre_fec_ber_max, preset_level_dbm;
} FiberState;

#define LIGHT(field, help) DX_COUNTER(FiberState, field, DX_COUNTER_REAL, help)
#define LANE(i)                                                                                              \
    {                                                                                                        \
        "rx_power_lane" #i "_dbm", offsetof(FiberState, light.lane_dbm[i - 1]), DX_COUNTER_REAL,             \
            "On this lane."                                                                                  \
    }

/* From FIRST_LIGHT on only with optics; that of a table where one is named; from FIRST_LANE on as many as
 * there are lanes. */
enum { FIRST_LIGHT = 1, PRESET_LEVEL = FIRST_LIGHT + 7, FIRST_LANE };

static const DxCounter fiber_counters[] = {
    DX_COUNTER(FiberState, propagation_ps, DX_COUNTER_GAUGE, "Delay of the span."),
    LIGHT(tx_power_dbm, "Light level sent, per lane."),
    LIGHT(rx_power_dbm, "Light level received, on the weakest lane; -40 dBm: none."),
    LIGHT(rx_power_min_dbm, "The lowest of the run."),
    LIGHT(margin_db, "To the nearest limit of the optic."),
    LIGHT(margin_min_db, "The lowest of the run."),
    LIGHT(pre_fec_ber, "Bit error ratio before correction."),
    LIGHT(pre_fec_ber_max, "The highest of the run."),
    LIGHT(preset_level_dbm, "Received as the table of `levels` has it."),
    LANE(1),
    LANE(2),
    LANE(3),
    LANE(4),
    LANE(5),
    LANE(6),
    LANE(7),
    LANE(8),
    LANE(9),
    LANE(10),
    LANE(11),
    LANE(12),
    LANE(13),
    LANE(14),
    LANE(15),
    LANE(16),
    DX_COUNTER_END,
};

static_assert(G_N_ELEMENTS(fiber_counters) == FIRST_LANE + DX_LINE_LANES_MAX + 1, "one for every lane");

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
        return conf->from.optic != NULL;
    return reason != DROP_LOST || dx__loss_is_on(&conf->loss);
}

static bool fiber_has_counter(const void *data, unsigned counter)
{
    const FiberConf *conf = data;
    const DxOptic *optic = conf->from.optic;

    if (counter < FIRST_LIGHT || !optic)
        return counter < FIRST_LIGHT;
    if (counter == PRESET_LEVEL)
        return conf->line.promised_by != NULL;
    return counter < FIRST_LANE || (optic->lanes > 1 && counter - FIRST_LANE < optic->lanes);
}

/* -- optics ------------------------------------------------------------------------------------------ */

static void fiber_equip(void *data, const DxLineEnd *from, const DxLineEnd *to, bool has_framing)
{
    FiberConf *conf = data;

    conf->from = *from;
    conf->to = *to;
    conf->counts = has_framing ? OCTETS_FRAME : OCTETS_PACKET;
}

static DxLineState fiber_judge(const void *data, uint64_t rate_bps, const DxLineEnd *known, unsigned n_known,
                               char **message)
{
    const FiberConf *conf = data;

    return dx__line_judge(&conf->line, &conf->from, &conf->to, rate_bps, known, n_known, message);
}

static void fiber_light(const void *data, const DxLineWear *wear, bool has_signal, DxLineLight *light)
{
    const FiberConf *conf = data;

    dx__line_light(&conf->line, conf->from.optic, conf->to.optic, wear, has_signal, light);
    light->errors.has_framing = conf->counts == OCTETS_FRAME;
}

static void fiber_worksheet(const void *data, DxLineRowFn row, void *user)
{
    const FiberConf *conf = data;

    dx__line_worksheet(&conf->line, &conf->from, &conf->to, row, user);
}

/* -- what it is put together from ---------------------------------------------------------------------- */

static void fiber_lay(void *data, const DxLinePiece *pieces, unsigned n)
{
    FiberConf *conf = data;

    conf->line.spans = pieces;
    conf->line.n_spans = n;
}

static void fiber_connect(void *data, const void *cross)
{
    FiberConf *conf = data;

    conf->line.cross = *(const DxCrossConnect *)cross;
}

static double fiber_length_km(const void *data)
{
    const FiberConf *conf = data;

    return dx__line_length_km(&conf->line);
}

static DxLineCross fiber_crossed(const void *data)
{
    const FiberConf *conf = data;

    return dx__line_crossed(&conf->line, &conf->from, &conf->to);
}

static bool fiber_promise(void *data, const char *name, const DxLineStep *steps, unsigned n)
{
    FiberConf *conf = data;

    conf->line.promised_by = name;
    conf->line.promised_dbm = dx__light_step_level(steps, n, dx__line_length_km(&conf->line));
    return !isinf(conf->line.promised_dbm);
}

static double fiber_promised_dbm(const void *data)
{
    const FiberConf *conf = data;

    return dx__line_promised_dbm(&conf->line);
}

static const DxLineModel fiber_line = {
    .optic_params = dx__optic_params,
    .optic_size = sizeof(DxOptic),
    .equip = fiber_equip,
    .judge = fiber_judge,
    .light = fiber_light,
    .worksheet = fiber_worksheet,
    .span = &dx__span_part,
    .cross = &dx__cross_connect_part,
    .amplifier_params = dx__amplifier_params,
    .amplifier_size = sizeof(DxAmplifier),
    .lay = fiber_lay,
    .connect = fiber_connect,
    .length_km = fiber_length_km,
    .crossed = fiber_crossed,
    .promise = fiber_promise,
    .promised_dbm = fiber_promised_dbm,
};

/* -- light ------------------------------------------------------------------------------------------- */

static void note_light(FiberState *state)
{
    const DxLineLight *light = &state->light;

    state->tx_power_dbm = light->tx_dbm;
    state->rx_power_dbm = light->rx_dbm;
    state->margin_db = light->margin_db;
    state->pre_fec_ber = light->ber;
    state->rx_power_min_dbm = MIN(state->rx_power_min_dbm, light->rx_dbm);
    state->margin_min_db = MIN(state->margin_min_db, light->margin_db);
    state->pre_fec_ber_max = MAX(state->pre_fec_ber_max, light->ber);
}

static void first_light(FiberState *state, const FiberConf *conf)
{
    if (!conf->from.optic)
        return;
    fiber_light(conf, &state->wear, true, &state->light);
    state->rx_power_min_dbm = state->light.rx_dbm;
    state->margin_min_db = state->light.margin_db;
    state->preset_level_dbm = dx__line_promised_dbm(&conf->line);
    note_light(state);
}

static void tell_light(DxNode *node, const DxLineLight *before, const DxLineLight *now)
{
    char level[G_ASCII_DTOSTR_BUF_SIZE], ratio[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(level, sizeof level, "%.2f", now->rx_dbm);
    g_ascii_formatd(ratio, sizeof ratio, "%.2g", now->ber);
    if (strcmp(before->condition, now->condition) != 0)
        dx_node_log(node, "light", "%s at %s dBm", now->condition, level);
    if (before->is_ber_above != now->is_ber_above)
        dx_node_log(node, "ber", "%s the limit: %s", now->is_ber_above ? "above" : "below", ratio);
}

/* The wear has changed. Errors are those of a line that is not cut: it has no frames until it is mended. */
static void see_light(DxNode *node)
{
    const FiberConf *conf = dx_node_conf(node);
    FiberState *state = dx_node_state(node);
    const DxLineLight before = state->light;

    if (!conf->from.optic)
        return;
    fiber_light(conf, &state->wear, before.has_signal, &state->light);
    if (state->light.errors.probability != before.errors.probability)
        dx__errors_set(&state->errors,
                       &(DxResidual){ state->light.errors.probability, state->light.errors.width_bits });
    note_light(state);
    tell_light(node, &before, &state->light);
}

static void set_temperature(DxNode *node, double temperature_c)
{
    const FiberConf *conf = dx_node_conf(node);
    FiberState *state = dx_node_state(node);
    DxLine worn;

    state->wear.temperature_c = temperature_c;
    if (conf->delay_ps)
        return;
    worn = dx__line_worn(&conf->line, &state->wear);
    state->delay_ps = dx__line_delay_ps(&worn);
    state->propagation_ps = (uint64_t)state->delay_ps;
    state->floor_ps = state->last_ps;
    dx_node_set_delay(node, 0, state->delay_ps);
}

/* -- set-up and process ------------------------------------------------------------------------------ */

static bool fiber_init(DxNode *node, GError **error)
{
    const FiberConf *conf = dx_node_conf(node);
    FiberState *state = dx_node_state(node);

    (void)error;
    state->wear = DX_LINE_AS_BUILT;
    state->delay_ps = conf->delay_ps ? conf->delay_ps + (DxTime)(dx__line_cross_delay_ps(&conf->line) + 0.5)
                                     : dx__line_delay_ps(&conf->line);
    state->propagation_ps = (uint64_t)state->delay_ps;
    dx_node_set_delay(node, 0, state->delay_ps);
    dx__loss_init(&state->loss, &conf->loss, node);
    first_light(state, conf);
    dx__errors_init(&state->errors, node, conf->counts,
                    &(DxResidual){ state->light.errors.probability, state->light.errors.width_bits });
    return true;
}

/* Whatever entered a warmer, longer cable leaves first. */
static void keep_order(const FiberState *state, DxBurst *burst)
{
    for (unsigned i = 0; i < burst->n && burst->frame[i].t_ps < state->floor_ps; i++)
        burst->frame[i].t_ps = state->floor_ps;
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
    if (!burst->n)
        return;
    keep_order(state, burst);
    state->last_ps = burst->frame[burst->n - 1].t_ps;
    dx_node_emit(node, 0, burst);
}

static void fiber_control(DxNode *node, const DxControl *control)
{
    FiberState *state = dx_node_state(node);
    const double value = (double)(int64_t)control->value / 1000;

    switch (control->op) {
    case DX_CONTROL_DOWN:
    case DX_CONTROL_DOWN_SILENT:
        state->is_down = true;
        dx_node_purge(node, DROP_LINK_DOWN);
        state->wear.is_cut = !control->value;
        break;
    case DX_CONTROL_UP:
        state->is_down = state->wear.is_cut = false;
        break;
    case DX_CONTROL_LOSS:
        state->wear.loss_db = value;
        break;
    case DX_CONTROL_LAUNCH:
        state->wear.tx_dbm = value;
        break;
    case DX_CONTROL_TEMPERATURE:
        set_temperature(node, value);
        break;
    default:
        return;
    }
    see_light(node);
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
    .has_counter = fiber_has_counter,
    .init = fiber_init,
    .process = fiber_process,
    .control = fiber_control,
    .line = &fiber_line,
};
