/*
 * meter - counts the frames that pass, and their octets
 *
 *   octets = max(packet + tags + 14 + 4, 64)        with framing "ethernet": as the MAC of IEEE 802.3 counts
 *
 * A frame counts when its last bit passes. Nothing is changed, delayed or lost. Whoever monitors a link has
 * three of them: of what comes to its port, of what has been sent, of what arrives.
 *
 * RFC 3635, 3.2.6 (octets of a frame: from the destination address to the FCS). Not modelled: counters that
 * wrap.
 */
#include <dxsim/meter.h>
#include <dxsim/model.h>

enum { FRAMING_ETHERNET, FRAMING_NONE };

static const char *const framings[] = { "ethernet", "none", NULL };

static const char *const places[] = { "offered", "sent", "received", NULL };

typedef struct {
    int place; /* DxMeterPlace */
    int framing;
} MeterConf;

static const DxParam meter_params[] = {
    DX_PARAM_ENUM(MeterConf, place, "sent", places, "What its counters are called."),
    DX_PARAM_ENUM(MeterConf, framing, "ethernet", framings, "\"none\": of a frame its packet counts."),
    DX_PARAM_END,
};

typedef struct {
    uint64_t frames, bytes;
    bool is_ethernet;
} MeterState;

#define PLACE(name, help)                                                                                    \
    { name "_frames", offsetof(MeterState, frames), DX_COUNTER_SUM, help },                                  \
    {                                                                                                        \
        name "_frame_bytes", offsetof(MeterState, bytes), DX_COUNTER_SUM, "Their octets, FCS included."      \
    }

/* Two for each place. */
static const DxCounter meter_counters[] = {
    PLACE("offered", "Frames that came to the link."),
    PLACE("sent", "Frames whose last bit was sent."),
    PLACE("received", "Frames whose last bit has arrived."),
    DX_COUNTER_END,
};

static bool meter_has_counter(const void *conf, unsigned counter)
{
    return counter / 2 == (unsigned)((const MeterConf *)conf)->place;
}

static void meter_process(DxNode *node, DxBurst *burst)
{
    MeterState *state = dx_node_state(node);
    uint64_t bytes = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        const DxFrame *frame = &burst->frame[i];

        bytes += state->is_ethernet ? MAX((uint32_t)frame->size_bytes + frame->overhead_bytes + 14 + 4, 64)
                                    : frame->size_bytes;
    }
    state->frames += burst->n;
    state->bytes += bytes;
    dx_node_emit(node, 0, burst);
}

static bool meter_init(DxNode *node, GError **error)
{
    (void)error;
    ((MeterState *)dx_node_state(node))->is_ethernet =
        ((const MeterConf *)dx_node_conf(node))->framing == FRAMING_ETHERNET;
    return true;
}

const DxModel dx_model_meter = {
    .name = "meter",
    .summary = "Counts frames and their octets as they pass",
    .conf_size = sizeof(MeterConf),
    .state_size = sizeof(MeterState),
    .params = meter_params,
    .counters = meter_counters,
    .has_counter = meter_has_counter,
    .init = meter_init,
    .process = meter_process,
};
