/*
 * policer - a meter that colours frames and drops the red ones: no queue, no delay
 *
 *   tokens(t) = min(burst, tokens + rate * dt), all buckets full at time 0; B is the frame's size
 *
 *   rate, burst           two colours:   green if Tc >= B, else red. The same as GCRA (ITU-T I.371) with
 *                                        T = B / rate, tau = (burst - B) / rate
 *   + excess_burst        srTCM (RFC 2697): green if Tc >= B, else yellow if Te >= B, else red. Tokens go to
 *                                        Tc first; what has no room there goes to Te
 *   + peak, peak_burst    trTCM (RFC 2698): red if Tp < B, else yellow from Tp if Tc < B, else green from
 * both
 *
 * Colour-aware: a frame is never better than it came. The colour is written into the frame in any case.
 * Levels are whole numbers at every ps (dxsim/bucket.h): nothing is rounded. An event changes nothing here.
 * Not modelled: remarking of DSCP, the packet and hierarchical modes of RFC 4115 and MEF 10.
 */
#include <dxsim/bucket.h>
#include <dxsim/model.h>
#include "octets.h"

enum { DROP_RED };

static const char *const policer_drops[] = { "red", NULL };

enum { RED_DROP, RED_PASS };

static const char *const on_reds[] = { "drop", "pass", NULL };

typedef enum { GREEN, YELLOW, RED, N_COLOURS } Colour;

typedef struct {
    uint64_t rate_bps, burst_bytes, excess_burst_bytes;
    uint64_t peak_bps, peak_burst_bytes;
    bool colour_aware;
    int red, counts;
} PolicerConf;

static const DxParam policer_params[] = {
    DX_PARAM_RATE(PolicerConf, rate_bps, NULL, "1 bps", "100 Tbps", "Committed information rate, CIR."),
    DX_PARAM_SIZE(PolicerConf, burst_bytes, NULL, "1 B", "1000000 GB", "Committed burst size, CBS."),
    DX_PARAM_SIZE(PolicerConf, excess_burst_bytes, "0 B", "0 B", "1000000 GB",
                  "Excess burst size, EBS: what fits is yellow (RFC 2697)."),
    DX_PARAM_RATE(PolicerConf, peak_bps, "0 bps", "0 bps", "100 Tbps",
                  "Peak information rate, PIR: above it is red, up to it yellow (RFC 2698)."),
    DX_PARAM_SIZE(PolicerConf, peak_burst_bytes, "0 B", "0 B", "1000000 GB", "Peak burst size, PBS."),
    DX_PARAM_BOOL(PolicerConf, colour_aware, "false", "A frame is never better than it came."),
    DX_PARAM_ENUM(PolicerConf, red, "drop", on_reds, "What becomes of red frames."),
    DX_PARAM_ENUM(
        PolicerConf, counts, "packet", octets_names,
        "Of a frame: the IP \"packet\"; with header and tags as Linux's \"tc\"; the whole \"frame\" "
        "with FCS and padding; preamble and gap too, as on the \"wire\"."),
    DX_PARAM_END,
};

typedef struct {
    DxBucket committed, excess, peak;
    Octets octets;
    uint64_t green_frames, green_bytes, yellow_frames, yellow_bytes, red_frames, red_bytes;
} PolicerState;

static const DxCounter policer_counters[] = {
    DX_COUNTER(PolicerState, green_frames, DX_COUNTER_SUM, "Within rate and burst."),
    DX_COUNTER(PolicerState, green_bytes, DX_COUNTER_SUM, "Their octets, as counted."),
    DX_COUNTER(PolicerState, yellow_frames, DX_COUNTER_SUM, "Above, but within excess burst or peak."),
    DX_COUNTER(PolicerState, yellow_bytes, DX_COUNTER_SUM, "Their octets, as counted."),
    DX_COUNTER(PolicerState, red_frames, DX_COUNTER_SUM, "What is left: dropped unless told otherwise."),
    DX_COUNTER(PolicerState, red_bytes, DX_COUNTER_SUM, "Their octets, as counted."),
    DX_COUNTER_END,
};

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool refuse(const char **key, const char *which, GError **error, const char *message)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, message);
    return false;
}

static bool policer_check(const void *data, const char **key, GError **error)
{
    const PolicerConf *conf = data;

    if (!conf->rate_bps)
        return refuse(key, "rate", error, "give one such as \"500 Mbps\"");
    if (!conf->burst_bytes)
        return refuse(key, "burst", error, "give one such as \"100 kB\"");
    if (conf->peak_bps && conf->excess_burst_bytes)
        return refuse(key, "excess_burst", error,
                      "give either an excess burst (RFC 2697) or a peak rate (RFC 2698)");
    if (conf->peak_bps && conf->peak_bps < conf->rate_bps)
        return refuse(key, "peak", error, "a peak rate is no lower than the rate");
    if (conf->peak_bps && !conf->peak_burst_bytes)
        return refuse(key, "peak_burst", error, "a peak rate needs one, such as \"100 kB\"");
    if (!conf->peak_bps && conf->peak_burst_bytes)
        return refuse(key, "peak_burst", error, "this is the burst of a peak rate; give that too");
    return true;
}

static int64_t policer_longest(const void *data)
{
    const PolicerConf *conf = data;
    const Octets octets = octets_of(conf->counts);

    if (conf->red == RED_PASS)
        return INT64_MAX;
    if (conf->peak_bps)
        return octets_packet(&octets, conf->peak_burst_bytes);
    return octets_packet(&octets, MAX(conf->burst_bytes, conf->excess_burst_bytes));
}

static bool policer_can_drop(const void *data, unsigned reason)
{
    const PolicerConf *conf = data;

    (void)reason;
    return conf->red == RED_DROP;
}

/* A bucket that no frame fits is left empty. */
static bool policer_init(DxNode *node, GError **error)
{
    const PolicerConf *conf = dx_node_conf(node);
    PolicerState *state = dx_node_state(node);

    state->octets = octets_of(conf->counts);
    return dx_bucket_init(&state->committed, conf->rate_bps, conf->burst_bytes, error) &&
           (!conf->excess_burst_bytes ||
            dx_bucket_init(&state->excess, 0, conf->excess_burst_bytes, error)) &&
           (!conf->peak_bps || dx_bucket_init(&state->peak, conf->peak_bps, conf->peak_burst_bytes, error));
}

/* -- process ----------------------------------------------------------------------------------------- */

static inline Colour colour_of(const DxFrame *frame)
{
    return MIN((frame->flags >> DX_FRAME_COLOUR_SHIFT) & 3u, RED);
}

static inline void paint(DxFrame *frame, Colour colour)
{
    frame->flags = (uint16_t)((frame->flags & ~(3u << DX_FRAME_COLOUR_SHIFT)) | (unsigned)colour
                                                                                    << DX_FRAME_COLOUR_SHIFT);
}

/* RFC 2697, section 3. @came: its colour as far as it counts; green when colour-blind. */
static inline Colour meter_single_rate(PolicerState *state, DxTime now, uint32_t bytes, Colour came)
{
    dx_bucket_pour(&state->excess, dx_bucket_fill(&state->committed, now));
    if (came == GREEN && dx_bucket_has(&state->committed, bytes)) {
        dx_bucket_take(&state->committed, bytes);
        return GREEN;
    }
    if (came != RED && dx_bucket_has(&state->excess, bytes)) {
        dx_bucket_take(&state->excess, bytes);
        return YELLOW;
    }
    return RED;
}

/* RFC 2698, section 3. */
static inline Colour meter_two_rates(PolicerState *state, DxTime now, uint32_t bytes, Colour came)
{
    dx_bucket_fill(&state->committed, now);
    dx_bucket_fill(&state->peak, now);
    if (came == RED || !dx_bucket_has(&state->peak, bytes))
        return RED;
    dx_bucket_take(&state->peak, bytes);
    if (came == YELLOW || !dx_bucket_has(&state->committed, bytes))
        return YELLOW;
    dx_bucket_take(&state->committed, bytes);
    return GREEN;
}

static void count(PolicerState *state, const uint64_t *frames, const uint64_t *bytes)
{
    state->green_frames += frames[GREEN];
    state->green_bytes += bytes[GREEN];
    state->yellow_frames += frames[YELLOW];
    state->yellow_bytes += bytes[YELLOW];
    state->red_frames += frames[RED];
    state->red_bytes += bytes[RED];
}

static void policer_process(DxNode *node, DxBurst *burst)
{
    const PolicerConf *conf = dx_node_conf(node);
    PolicerState *state = dx_node_state(node);
    const bool has_peak = conf->peak_bps > 0, drops_red = conf->red == RED_DROP;
    uint64_t n_frames[N_COLOURS] = { 0 }, n_bytes[N_COLOURS] = { 0 };
    unsigned n = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];
        const uint32_t bytes = octets_in(&state->octets, frame);
        const Colour came = conf->colour_aware ? colour_of(frame) : GREEN;
        const Colour colour = has_peak ? meter_two_rates(state, frame->t_ps, bytes, came)
                                       : meter_single_rate(state, frame->t_ps, bytes, came);

        n_frames[colour]++;
        n_bytes[colour] += bytes;
        paint(frame, colour);
        if (colour == RED && drops_red)
            dx_node_drop(node, DROP_RED, frame);
        else
            burst->frame[n++] = *frame;
    }
    count(state, n_frames, n_bytes);
    burst->n = n;
    dx_node_emit(node, 0, burst);
}

const DxModel dx_model_policer = {
    .name = "policer",
    .summary = "Token-bucket meter that drops or marks what is too much (srTCM, trTCM)",
    .conf_size = sizeof(PolicerConf),
    .state_size = sizeof(PolicerState),
    .params = policer_params,
    .counters = policer_counters,
    .drops = policer_drops,
    .check = policer_check,
    .can_drop = policer_can_drop,
    .longest = policer_longest,
    .init = policer_init,
    .process = policer_process,
};
