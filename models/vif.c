/*
 * vif - virtual interfaces: many IEEE 802.1Q VLANs on one line
 *
 *   enter    frame of a flow on a VIF:  too long? above its rate?    tag with its VID and PCP      + 4 octets
 *   leave    tagged frame:              VID of a VIF at this end?    tag off                       - 4 octets
 *
 * Which VIF a flow is on is looked up by its number, which VIF a VID belongs to in a table of 4096: how many
 * there are costs nothing. Frames of flows that are on none pass both ends untagged. Who forwards by BGP may
 * put a flow on another one: from its next frame on.
 *
 * A packet longer than the MTU is dropped, as by a router that is not allowed to fragment (RFC 791 DF; RFC
 * 8200). The rate limit is a single-rate two-colour policer: tokens(t) = min(burst, tokens + rate * dt), full
 * at time 0; what finds too few is dropped. IEEE 802.1Q, 6.9 (member set, priority), 9.6 (tag).
 * Not modelled: fragments, ICMP "packet too big", translation of VIDs, a VID for untagged frames.
 */
#include <dxsim/bucket.h>
#include <dxsim/sim.h>
#include <dxsim/vif.h>
#include "octets.h"

#define TAG_BYTES 4
#define PCP_SHIFT 13
#define PCP_MASK  (7u << PCP_SHIFT)
#define DEI_SHIFT 12
#define VID_MASK  0xfffu
#define N_VIDS    4096
#define OWN_PCP   (-1)

static const char *const vif_drops[] = { "policed", "mtu_exceeded", "vlan_not_member", "already_tagged",
                                         NULL };

enum { PASS = DX_VIF_N_DROPS };

enum { ENDS_BOTH, ENDS_FIRST, ENDS_SECOND };

static const char *const ends_names[] = { "both", "first", "second", NULL };

typedef struct {
    DxVifLine line; /* not of a VIF: of the node */
    int64_t vlan, pcp;
    bool dei;
    uint64_t mtu_bytes, rate_limit_bps, burst_bytes;
    int counts, ends;
} VifConf;

static const DxParam vif_params[] = {
    DX_PARAM_INT(VifConf, vlan, NULL, "0", "4095", "VID of its tags, 1 to 4094; unique on its line."),
    DX_PARAM_INT(VifConf, pcp, "-1", "-1", "7",
                 "Priority of its frames (IEEE 802.1Q); -1: each keeps that of its flow."),
    DX_PARAM_BOOL(VifConf, dei, "false", "Its frames may be dropped first."),
    DX_PARAM_SIZE(VifConf, mtu_bytes, "1500 B", "68 B", "65535 B",
                  "Longest IP packet; longer ones are dropped."),
    DX_PARAM_RATE(VifConf, rate_limit_bps, "0 bps", "0 bps", "100 Tbps",
                  "What comes faster is dropped, in each direction for itself; 0 bps: no limit."),
    DX_PARAM_SIZE(VifConf, burst_bytes, "1 MB", "1 B", "1000000 GB",
                  "rate_limit: depth of the token bucket."),
    DX_PARAM_ENUM(VifConf, counts, "packet", octets_names,
                  "rate_limit: which octets count, as of a policer."),
    DX_PARAM_ENUM(VifConf, ends, "both", ends_names,
                  "Ends of the line that have it; the other drops its frames as vlan_not_member."),
    DX_PARAM_END,
};

/* As the hot path wants them. */
typedef struct {
    uint32_t mtu_bytes;
    uint16_t keep_mask, write; /* of the tag: what stays of what was there, and what is written */
    bool is_here, has_limit;
} Vif;

typedef struct {
    DxVifLine line;
    uint16_t *own_of_flow; /* in the place of the line's, once a flow has been moved; NULL: none has */
    uint32_t n_flows;
    Vif *vif;         /* by number from 1 */
    DxBucket *bucket; /* likewise */
    Octets *octets;   /* likewise */
    uint16_t *of_vid; /* number from 1; 0: none */
} VifState;

/* -- frames ------------------------------------------------------------------------------------------ */

/* 0: its flow is on none, or it has none. */
static inline unsigned vif_of_flow(const uint16_t *of_flow, uint32_t n_flows, const DxFrame *frame)
{
    return frame->flow < n_flows ? of_flow[frame->flow] : 0;
}

static bool is_within_rate(VifState *state, unsigned number, const DxFrame *frame)
{
    const uint32_t bytes = octets_in(&state->octets[number], frame);
    DxBucket *bucket = &state->bucket[number];

    dx_bucket_fill(bucket, frame->t_ps);
    if (!dx_bucket_has(bucket, bytes))
        return false;
    dx_bucket_take(bucket, bytes);
    return true;
}

/* The policer sees the frame as it goes onto the line: with its tag. */
static inline unsigned put_on(VifState *state, const Vif *vif, unsigned number, DxFrame *frame)
{
    if (G_UNLIKELY(frame->flags & DX_FRAME_TAGGED || frame->overhead_bytes > UINT8_MAX - TAG_BYTES))
        return DX_VIF_ALREADY_TAGGED;
    if (G_UNLIKELY(!vif->is_here))
        return DX_VIF_NOT_MEMBER;
    if (G_UNLIKELY(frame->size_bytes > vif->mtu_bytes))
        return DX_VIF_MTU_EXCEEDED;
    frame->flags |= DX_FRAME_TAGGED | DX_FRAME_VIF;
    frame->tci = (uint16_t)((frame->tci & vif->keep_mask) | vif->write);
    frame->overhead_bytes = (uint8_t)(frame->overhead_bytes + TAG_BYTES);
    if (vif->has_limit && !is_within_rate(state, number, frame))
        return DX_VIF_POLICED;
    return PASS;
}

/* Of a tagged frame. A tag of a service provider that nobody has taken off belongs to no VIF. One that was
 * covered has lost its VID, and has that of its flow. */
static inline unsigned vif_of_tag(const VifState *state, const uint16_t *of_flow, uint32_t n_flows,
                                  const DxFrame *frame)
{
    if (G_UNLIKELY(frame->flags & DX_FRAME_S_TAG))
        return 0;
    if (G_UNLIKELY(frame->flags & DX_FRAME_VIF && !(frame->tci & VID_MASK)))
        return vif_of_flow(of_flow, n_flows, frame);
    return state->of_vid[frame->tci & VID_MASK];
}

static inline unsigned take_off(const Vif *vif, unsigned number, DxFrame *frame)
{
    if (G_UNLIKELY(!number || !vif->is_here))
        return DX_VIF_NOT_MEMBER;
    frame->flags = (uint16_t)(frame->flags & ~(DX_FRAME_TAGGED | DX_FRAME_VIF));
    frame->tci = (uint16_t)(frame->tci & PCP_MASK);
    frame->overhead_bytes = (uint8_t)(frame->overhead_bytes - MIN(frame->overhead_bytes, TAG_BYTES));
    return PASS;
}

/* @n frames of one VIF that came one after the other. */
static void count(VifState *state, unsigned number, unsigned n, uint32_t bytes)
{
    DxVifCounts *counts = &state->line.counts[number ? number - 1 : state->line.n];

    counts->frames += n;
    counts->bytes += bytes;
}

static void drop(DxNode *node, VifState *state, unsigned number, unsigned fate, const DxFrame *frame)
{
    DxVifCounts *counts = &state->line.counts[number ? number - 1 : state->line.n];

    counts->dropped[fate]++;
    if (fate == DX_VIF_POLICED)
        counts->policed_bytes += frame->size_bytes;
    dx_node_drop(node, fate, frame);
}

static inline void keep(DxBurst *burst, unsigned *kept, unsigned i)
{
    if (G_UNLIKELY(*kept < i))
        burst->frame[*kept] = burst->frame[i];
    ++*kept;
}

static unsigned enter(DxNode *node, VifState *state, DxBurst *burst)
{
    const uint16_t *of_flow = state->line.of_flow;
    const uint32_t n_flows = state->n_flows;
    const Vif *vif = state->vif;
    unsigned kept = 0, last = 0, n = 0;
    uint32_t bytes = 0; /* of @n frames of VIF @last: at most 256 times 65535 */

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];
        const unsigned number = vif_of_flow(of_flow, n_flows, frame);
        const unsigned fate = number ? put_on(state, &vif[number], number, frame) : PASS;

        if (G_UNLIKELY(fate != PASS)) {
            drop(node, state, number, fate, frame);
            continue;
        }
        if (number != last) {
            count(state, last, n, bytes);
            last = number;
            n = bytes = 0;
        }
        n += number != 0;
        bytes += number ? frame->size_bytes : 0;
        keep(burst, &kept, i);
    }
    count(state, last, n, bytes);
    return kept;
}

static unsigned leave(DxNode *node, VifState *state, DxBurst *burst)
{
    const uint16_t *of_flow = state->line.of_flow;
    const uint32_t n_flows = state->n_flows;
    const Vif *vif = state->vif;
    unsigned kept = 0, last = 0, n = 0;
    uint32_t bytes = 0; /* of @n frames of VIF @last: at most 256 times 65535 */

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];

        if (frame->flags & DX_FRAME_TAGGED) {
            const unsigned number = vif_of_tag(state, of_flow, n_flows, frame);
            const unsigned fate = take_off(&vif[number], number, frame);

            if (G_UNLIKELY(fate != PASS)) {
                drop(node, state, number, fate, frame);
                continue;
            }
            if (number != last) {
                count(state, last, n, bytes);
                last = number;
                n = bytes = 0;
            }
            n++;
            bytes += frame->size_bytes;
        }
        keep(burst, &kept, i);
    }
    count(state, last, n, bytes);
    return kept;
}

static void vif_process(DxNode *node, DxBurst *burst)
{
    VifState *state = dx_node_state(node);

    burst->n = (state->line.leaves ? leave : enter)(node, state, burst);
    dx_node_emit(node, 0, burst);
}

/* Lines share the list of flows: who changes it has one of his own. */
static void vif_control(DxNode *node, const DxControl *control)
{
    VifState *state = dx_node_state(node);

    if (control->op != DX_CONTROL_VIF)
        return;
    g_return_if_fail(control->index < state->n_flows && control->value <= state->line.n);
    if (!state->own_of_flow)
        state->line.of_flow = state->own_of_flow =
            g_memdup2(state->line.of_flow, (state->n_flows + 1) * sizeof *state->own_of_flow);
    state->own_of_flow[control->index] = (uint16_t)control->value;
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool refuse(const char **key, const char *which, GError **error, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

/* A node's own conf describes no VIF. */
static bool vif_check(const void *data, const char **key, GError **error)
{
    const VifConf *conf = data;

    if (conf->line.counts)
        return true;
    if (conf->vlan == 0)
        return refuse(key, "vlan", error,
                      "VLAN 0 is a tag that carries a priority only and belongs to no VLAN; take 1 to 4094");
    if (conf->vlan == N_VIDS - 1)
        return refuse(key, "vlan", error, "VLAN 4095 is reserved (IEEE 802.1Q); take 1 to 4094");
    if (conf->rate_limit_bps && conf->burst_bytes < conf->mtu_bytes)
        return refuse(key, "burst", error, "shorter than the MTU: the longest packets would never pass");
    return true;
}

static bool set_up(VifState *state, unsigned number, GError **error)
{
    const VifConf *conf = state->line.conf[number - 1];
    const unsigned pcp = conf->pcp == OWN_PCP ? 0 : (unsigned)conf->pcp;

    state->vif[number] =
        (Vif){ .mtu_bytes = (uint32_t)conf->mtu_bytes,
               .keep_mask = conf->pcp == OWN_PCP ? PCP_MASK : 0,
               .write =
                   (uint16_t)(pcp << PCP_SHIFT | (unsigned)conf->dei << DEI_SHIFT | (unsigned)conf->vlan),
               .is_here = conf->ends == ENDS_BOTH || (conf->ends == ENDS_SECOND) == (state->line.end == 1),
               .has_limit = conf->rate_limit_bps > 0 };
    state->of_vid[conf->vlan & VID_MASK] = (uint16_t)number;
    state->octets[number] = octets_of(conf->counts);
    return !conf->rate_limit_bps ||
           dx_bucket_init(&state->bucket[number], conf->rate_limit_bps, conf->burst_bytes, error);
}

static bool vif_init(DxNode *node, GError **error)
{
    const VifConf *conf = dx_node_conf(node);
    VifState *state = dx_node_state(node);
    bool is_good = true;

    if (!conf->line.counts)
        return dx_node_fail(node, NULL, error, DX_ERROR_RANGE,
                            "it serves a line; put its VIFs into the scenario");
    state->line = conf->line;
    state->n_flows = state->line.n ? dx_sim_n_flows(dx_node_sim(node)) : 0;
    state->vif = g_new0(Vif, state->line.n + 1);
    state->bucket = g_new0(DxBucket, state->line.n + 1);
    state->octets = g_new0(Octets, state->line.n + 1);
    state->of_vid = g_new0(uint16_t, N_VIDS);
    for (unsigned i = 1; i <= state->line.n && is_good; i++)
        is_good = set_up(state, i, error);
    return is_good;
}

static void vif_clear(DxNode *node)
{
    VifState *state = dx_node_state(node);

    g_free(state->own_of_flow);
    g_free(state->vif);
    g_free(state->bucket);
    g_free(state->octets);
    g_free(state->of_vid);
}

const DxModel dx_model_vif = {
    .name = "vif",
    .summary = "Virtual interfaces of a line: IEEE 802.1Q tags, MTU, rate limits",
    .conf_size = sizeof(VifConf),
    .state_size = sizeof(VifState),
    .params = vif_params,
    .drops = vif_drops,
    .check = vif_check,
    .init = vif_init,
    .process = vif_process,
    .control = vif_control,
    .clear = vif_clear,
};
