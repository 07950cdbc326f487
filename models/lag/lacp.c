/*
 * lacp - ear and mouth of LACP on one member: IEEE 802.1AX, control parser and collector
 *
 *        from the fiber -->[lacp]--> output 0: to the router
 *                            |  '--> output 1: LACPDUs, into the port of the other direction
 *                aggregator, hash
 *
 * What is heard at t is told to the end's aggregator, where all machines are, at t + reaction; what that says
 * is sent through the port and its queue like any other frame, so a full queue may lose it. While the member
 * does not collect, data that arrives is dropped.
 *
 * A marker is answered, whoever distributes here and whether the member collects or not (6.5.4); a response
 * to one is told to the hash of this end.
 *
 * Loss of light is told at once: the port is down. A silent failure is told too, for the measurement of how
 * long it takes to notice, and for nothing else.
 */
#include "../wire/ethernet.h"
#include "../wire/put.h"
#include "lacp.h"
#include "lag.h"

#include <string.h>

enum { OUTPUT_PASS, OUTPUT_SEND };
enum { SLOT_AGGREGATOR, SLOT_HASH };
enum { DROP_NOT_COLLECTING, DROP_MALFORMED };

static const char *const lacp_drops[] = { "not_collecting", "malformed", NULL };
static const char *const rates[] = { "fast", "slow", NULL };
static const char *const modes[] = { "active", "active-passive", "passive-active", "passive", NULL };
static const char *const starts[] = { "converged", "cold", NULL };
static const char *const controls[] = { "independent", "coupled", NULL };
static const char *const markers[] = { "off", "on", NULL };

static const DxParam lacp_params[] = {
    DX_PARAM_ENUM(LacpConf, rate, "fast", rates,
                  "What an end asks of the other: a PDU every second, and out after 3 s; or every 30 s, "
                  "and out after 90 s."),
    DX_PARAM_ENUM(LacpConf, mode, "active", modes,
                  "Both ends talk by themselves, or one of them, or both, only when they are talked to."),
    DX_PARAM_ENUM(LacpConf, start, "converged", starts,
                  "As if it had been up for long, each end in a phase of its own; or with ports that come up "
                  "at 0 and know nobody."),
    DX_PARAM_ENUM(LacpConf, control, "independent", controls,
                  "Distribute when the other end collects; or coupled, when it is in sync: what is sent "
                  "before it collects is lost."),
    DX_PARAM_INT(LacpConf, system_priority, "32768", "0", "65535", "Of both ends; lower is better."),
    DX_PARAM_INT(LacpConf, port_priority, "32768", "0", "65535", "Of all members; then their order decides."),
    DX_PARAM_INT(LacpConf, key, "1", "1", "65535", "Of the aggregator."),
    DX_PARAM_INT(LacpConf, selected_max, "0", "0", "65535",
                 "Members that the hardware can bundle; the others stand by. 0: all."),
    DX_PARAM_TIME(LacpConf, reaction_ps, "10 us", "1 us", "1 s",
                  "From a PDU's arrival to what is done about it."),
    DX_PARAM_INT(LacpConf, pcp, "7", "0", "7", "Class in which PDUs are queued (IEEE 802.1Q)."),
    DX_PARAM_ENUM(LacpConf, marker, "off", markers,
                  "On: a flow that leaves a member which works waits until a marker has come back on it, so "
                  "that nothing overtakes. Off: it moves at once."),
    DX_PARAM_INT(LacpConf, marker_pcp, "0", "0", "7",
                 "Class in which markers are queued: the lowest, so that nothing is left behind them."),
    DX_PARAM_TIME(LacpConf, marker_timeout_ps, "100 ms", "1 us", "1 h",
                  "Without a response the flows go on after this long."),
    DX_PARAM_SIZE(LacpConf, marker_limit_bytes, "16 MB", "0 B", "100 GB",
                  "Of the frames that wait, as a queue counts them."),
    DX_PARAM_END,
};

typedef struct {
    uint8_t octets[DX_LACP_FRAME_BYTES];
} Heard;

typedef struct {
    bool is_collecting;
    uint32_t seq;
    GArray *heard; /* Heard: PDUs that wait for the control CPU, oldest first */
    uint64_t tx_pdus, rx_pdus;
} LacpState;

static const DxCounter lacp_counters[] = {
    DX_COUNTER(LacpState, tx_pdus, DX_COUNTER_SUM, "LACPDUs sent, in the other direction."),
    DX_COUNTER(LacpState, rx_pdus, DX_COUNTER_SUM, "LACPDUs heard."),
    DX_COUNTER_END,
};

/* -- frames ------------------------------------------------------------------------------------------ */

/* What is not of a slow protocol is somebody else's. */
static bool is_slow(const DxNode *node, const DxFrame *frame)
{
    size_t n;
    const uint8_t *octets = dx_node_attached(node, frame, &n);

    return octets && n >= DX_ETHERNET_BYTES && get_u16(octets + 12) == DX_TYPE_SLOW;
}

static inline bool is_for_us(const DxNode *node, const DxFrame *frame)
{
    return frame->flags & DX_FRAME_CONTROL && frame->flow == DX_NO_FLOW && is_slow(node, frame);
}

static void say(DxNode *node, const void *octets, size_t n)
{
    const LacpConf *conf = dx_node_conf(node);
    LacpState *state = dx_node_state(node);
    const DxTime now_ps = dx_node_now(node);
    DxFrame frame = { .t_ps = now_ps,
                      .birth_ps = now_ps,
                      .flow = DX_NO_FLOW,
                      .seq = state->seq++,
                      .size_bytes = DX_LACP_PAYLOAD_BYTES,
                      .ttl = 1,
                      .tci = (uint16_t)(conf->pcp << 13),
                      .flags = DX_FRAME_CONTROL };

    dx_node_attach(node, &frame, octets, n);
    dx_node_inject(node, OUTPUT_SEND, &frame);
}

/* The marker responder, 6.5.4.2: the same octets, but for the type of the TLV and the source address. */
static void respond(DxNode *node, const DxMarkerPdu *marker)
{
    DxMarkerPdu response = *marker;
    uint8_t octets[DX_LACP_FRAME_BYTES], sa[6];
    const char *station = dx_node_station(node, 0);

    response.is_response = true;
    dx__ethernet_address(sa, station ? station : "");
    dx__marker_encode(&response, sa, octets);
    say(node, octets, sizeof octets);
}

static void on_heard(DxNode *node, uint64_t arg)
{
    LacpState *state = dx_node_state(node);
    const Heard heard = g_array_index(state->heard, Heard, 0);
    DxMarkerPdu marker;

    (void)arg;
    g_array_remove_index(state->heard, 0);
    if (dx__marker_decode(heard.octets, sizeof heard.octets, &marker)) {
        state->rx_pdus++;
        dx_node_tell(node, SLOT_AGGREGATOR, DX_CONTROL_HEARD, heard.octets, sizeof heard.octets);
    } else if (marker.is_response) {
        dx_node_tell(node, SLOT_HASH, DX_CONTROL_HEARD, heard.octets, sizeof heard.octets);
    } else {
        respond(node, &marker);
    }
}

static bool is_wellformed(const uint8_t *octets, size_t n)
{
    DxMarkerPdu marker;
    DxLacpPdu pdu;

    return n >= DX_LACP_FRAME_BYTES &&
           (!dx__lacp_decode(octets, n, &pdu) || !dx__marker_decode(octets, n, &marker));
}

static void hear(DxNode *node, DxFrame *frame)
{
    LacpState *state = dx_node_state(node);
    size_t n;
    const void *octets = dx_node_attached(node, frame, &n);
    Heard heard;

    if (!is_wellformed(octets, n)) {
        dx_node_drop(node, DROP_MALFORMED, frame);
        return;
    }
    memcpy(heard.octets, octets, sizeof heard.octets);
    g_array_append_val(state->heard, heard);
    dx_node_learn(node, frame->t_ps, on_heard, 0);
    dx_node_consume(node, &(DxBurst){ frame, 1 });
}

static void pass(DxNode *node, DxBurst burst)
{
    const LacpState *state = dx_node_state(node);

    if (G_LIKELY(state->is_collecting)) {
        dx_node_emit(node, OUTPUT_PASS, &burst);
        return;
    }
    for (unsigned i = 0; i < burst.n; i++)
        dx_node_drop(node, DROP_NOT_COLLECTING, &burst.frame[i]);
}

static void lacp_process(DxNode *node, DxBurst *burst)
{
    unsigned from = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        if (G_LIKELY(!is_for_us(node, &burst->frame[i])))
            continue;
        pass(node, (DxBurst){ burst->frame + from, i - from });
        hear(node, &burst->frame[i]);
        from = i + 1;
    }
    pass(node, (DxBurst){ burst->frame + from, burst->n - from });
}

/* -- control ----------------------------------------------------------------------------------------- */

static void lacp_control(DxNode *node, const DxControl *control)
{
    LacpState *state = dx_node_state(node);

    switch (control->op) {
    case DX_CONTROL_DOWN:
    case DX_CONTROL_DOWN_SILENT:
    case DX_CONTROL_UP:
        dx_node_steer_at(node, SLOT_AGGREGATOR, control->op, 0);
        break;
    case DX_CONTROL_MEMBER_IN:
    case DX_CONTROL_MEMBER_OUT:
        state->is_collecting = control->op == DX_CONTROL_MEMBER_IN;
        break;
    case DX_CONTROL_SAY:
        state->tx_pdus++;
        say(node, control->octets, control->value);
        break;
    default:
        break;
    }
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool lacp_init(DxNode *node, GError **error)
{
    const LacpConf *conf = dx_node_conf(node);
    LacpState *state = dx_node_state(node);

    (void)error;
    state->heard = g_array_new(FALSE, FALSE, sizeof(Heard));
    state->is_collecting = conf->start == START_CONVERGED;
    dx_node_set_reaction(node, conf->reaction_ps);
    dx_node_set_delay(node, OUTPUT_SEND, DX_TIME_MAX); /* sent by events only, never in answer to a frame */
    return true;
}

static void lacp_clear(DxNode *node)
{
    LacpState *state = dx_node_state(node);

    if (state->heard)
        g_array_unref(state->heard);
}

const DxModel dx_model_lacp = {
    .name = "lacp",
    .summary = "LACP (IEEE 802.1AX) on one member of a bundle",
    .conf_size = sizeof(LacpConf),
    .state_size = sizeof(LacpState),
    .params = lacp_params,
    .counters = lacp_counters,
    .drops = lacp_drops,
    .init = lacp_init,
    .process = lacp_process,
    .control = lacp_control,
    .clear = lacp_clear,
};
