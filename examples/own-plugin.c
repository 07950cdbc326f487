/*
 * own-plugin - a model of one's own in a scenario, without building dxsim again
 *
 *   [a] --- port --- [tunnel] --- fiber --- [b]
 *    1 Gbps           takes packets of up to 1436 B,     1 km
 *                     needs 50 us for each
 *
 * A tunnel on the way leaves less room in a frame than the line does. Who never hears of it sends packets
 * that vanish: the small ones arrive, 50 us later than without it, the large ones never do.
 *
 *   cc -shared -fPIC -o own-plugin.so own-plugin.c $(pkg-config --cflags dxsim)
 *   dxsim models --plugin ./own-plugin.so tunnel
 *   dxsim run --plugin ./own-plugin.so own-plugin.json
 */
#include <dxsim/plugin.h>

enum { DROP_TOO_LARGE };

static const char *const tunnel_drops[] = { "too_large", NULL };

typedef struct {
    uint64_t mtu_bytes;
    DxTime delay_ps;
} TunnelConf;

static const DxParam tunnel_params[] = {
    DX_PARAM_SIZE(TunnelConf, mtu_bytes, "1436 B", "68 B", "65535 B", "Largest IP packet that fits."),
    DX_PARAM_TIME(TunnelConf, delay_ps, "50 us", "0 ps", "1 s", "What it takes to wrap and unwrap one."),
    DX_PARAM_END,
};

typedef struct {
    uint64_t frames;
} TunnelState;

static const DxCounter tunnel_counters[] = {
    DX_COUNTER(TunnelState, frames, DX_COUNTER_SUM, "Frames that fitted."),
    DX_COUNTER_END,
};

static bool tunnel_init(DxNode *node, GError **error)
{
    const TunnelConf *conf = dx_node_conf(node);

    (void)error;
    dx_node_set_delay(node, 0, conf->delay_ps); /* nothing leaves earlier: the engine relies on it */
    return true;
}

static void tunnel_process(DxNode *node, DxBurst *burst)
{
    const TunnelConf *conf = dx_node_conf(node);
    TunnelState *state = dx_node_state(node);
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];

        if (frame->size_bytes > conf->mtu_bytes) {
            dx_node_drop(node, DROP_TOO_LARGE, frame);
            continue;
        }
        burst->frame[kept] = *frame;
        burst->frame[kept++].t_ps += conf->delay_ps;
    }
    burst->n = kept;
    state->frames += kept;
    dx_node_emit(node, 0, burst);
}

static const DxModel tunnel_model = {
    .name = "tunnel",
    .summary = "Takes what fits, drops the rest without a word",
    .conf_size = sizeof(TunnelConf),
    .state_size = sizeof(TunnelState),
    .params = tunnel_params,
    .counters = tunnel_counters,
    .drops = tunnel_drops,
    .init = tunnel_init,
    .process = tunnel_process,
};

DX_PLUGIN(&tunnel_model);
