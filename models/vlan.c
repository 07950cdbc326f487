/*
 * vlan - an IEEE 802.1Q tag: put on, taken off, looked at; one direction
 *
 *   | DA | SA | TPID 2 | PCP 3 bits, DEI 1, VID 12 | type | packet | FCS |       + 4 octets
 *
 *   tag       an untagged frame gets this VID             a tagged one is dropped: there is room for one tag,
 *                                                         unless it is that of a VIF, which its flow
 * remembers untag     a frame of this VID loses its tag           a frame of another VID is foreign, and
 * dropped filter    a frame of this VID goes on as it is        likewise
 *
 * A tag of another TPID is none that this model knows: to untag and filter, such a frame is untagged. What
 * neighbours say to each other (heartbeats) is never tagged, and passes. PCP is the priority of a frame also
 * where it has no tag; it outlives untagging.
 *
 * IEEE 802.1Q, 6.9 (member set, priority), 9.6 (tag). Not modelled: Q-in-Q of other tags, the port's own
 * VID for priority tags, translation of VIDs, forwarding by MAC address.
 */
#include <dxsim/model.h>

#define TAG_BYTES 4
#define PCP_SHIFT 13
#define PCP_MASK  (7u << PCP_SHIFT)
#define DEI_SHIFT 12
#define VID_MASK  0xfffu

enum { DROP_FOREIGN_VID, DROP_UNTAGGED, DROP_ALREADY_TAGGED, PASS };

static const char *const vlan_drops[] = { "foreign_vid", "untagged", "already_tagged", NULL };

enum { ACTION_TAG, ACTION_UNTAG, ACTION_FILTER };

static const char *const actions[] = { "tag", "untag", "filter", NULL };

enum { TPID_C, TPID_S };

static const char *const tpids[] = { "0x8100", "0x88a8", NULL };

enum { UNTAGGED_DROP, UNTAGGED_PASS };

static const char *const untaggeds[] = { "drop", "pass", NULL };

typedef struct {
    int action, tpid, untagged;
    int64_t vid, pcp;
    bool remark, dei;
} VlanConf;

static const DxParam vlan_params[] = {
    DX_PARAM_ENUM(VlanConf, action, NULL, actions, "Put a tag on, take it off, or look at it."),
    DX_PARAM_INT(VlanConf, vid, NULL, "0", "4094", "VLAN; 0 is a tag that carries a priority only."),
    DX_PARAM_ENUM(VlanConf, tpid, "0x8100", tpids, "EtherType of the tag: customer's or service provider's."),
    DX_PARAM_BOOL(VlanConf, remark, "false", "tag: write pcp over the priority of the frame."),
    DX_PARAM_INT(VlanConf, pcp, "0", "0", "7", "tag: priority to write (IEEE 802.1Q)."),
    DX_PARAM_BOOL(VlanConf, dei, "false", "tag: may be dropped first."),
    DX_PARAM_ENUM(VlanConf, untagged, "drop", untaggeds,
                  "untag, filter: what becomes of frames without a tag."),
    DX_PARAM_END,
};

typedef struct {
    int action;
    bool passes_untagged;
    uint16_t vid, flags;       /* flags of a frame that has this kind of tag */
    uint16_t keep_mask, write; /* tag: of what was there, and what is added */
    uint64_t member_frames;
} VlanState;

static const DxCounter vlan_counters[] = {
    DX_COUNTER(VlanState, member_frames, DX_COUNTER_SUM,
               "Frames tagged, untagged, or found to be of this VID."),
    DX_COUNTER_END,
};

#define TAG_FLAGS (DX_FRAME_TAGGED | DX_FRAME_S_TAG)

/* -- frames ------------------------------------------------------------------------------------------ */

/* The descriptor has room for one tag, and for 255 octets of headers. The tag of a VIF may be covered: under
 * that of a service provider. */
static inline bool can_be_tagged(const VlanState *state, const DxFrame *frame)
{
    const bool is_covered = (frame->flags & (TAG_FLAGS | DX_FRAME_VIF)) == (DX_FRAME_TAGGED | DX_FRAME_VIF) &&
                            state->flags == TAG_FLAGS;

    return (!(frame->flags & DX_FRAME_TAGGED) || is_covered) &&
           frame->overhead_bytes <= UINT8_MAX - TAG_BYTES;
}

static unsigned put_on(const VlanState *state, DxFrame *frame)
{
    if (!can_be_tagged(state, frame))
        return DROP_ALREADY_TAGGED;
    frame->flags = (uint16_t)(frame->flags | state->flags);
    frame->tci = (uint16_t)((frame->tci & state->keep_mask) | state->write);
    frame->overhead_bytes = (uint8_t)(frame->overhead_bytes + TAG_BYTES);
    return PASS;
}

/* What was covered comes to light; which VID that is only the end of its line knows. */
static void take_off(DxFrame *frame)
{
    const bool was_covered = frame->flags & DX_FRAME_VIF && frame->flags & DX_FRAME_S_TAG;

    frame->flags = (uint16_t)(frame->flags & ~(was_covered ? DX_FRAME_S_TAG : TAG_FLAGS | DX_FRAME_VIF));
    frame->tci = (uint16_t)(frame->tci & PCP_MASK);
    frame->overhead_bytes = (uint8_t)(frame->overhead_bytes - MIN(frame->overhead_bytes, TAG_BYTES));
}

/* PASS, or why not. */
static inline unsigned act(VlanState *state, DxFrame *frame)
{
    unsigned fate = PASS;

    if (G_UNLIKELY(frame->flags & DX_FRAME_CONTROL && frame->flow == DX_NO_FLOW))
        return PASS;
    if (state->action == ACTION_TAG)
        fate = put_on(state, frame);
    else if ((frame->flags & TAG_FLAGS) != state->flags)
        return state->passes_untagged ? PASS : DROP_UNTAGGED;
    else if ((frame->tci & VID_MASK) != state->vid)
        fate = DROP_FOREIGN_VID;
    else if (state->action == ACTION_UNTAG)
        take_off(frame);
    state->member_frames += fate == PASS;
    return fate;
}

static void vlan_process(DxNode *node, DxBurst *burst)
{
    VlanState *state = dx_node_state(node);
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        const unsigned fate = act(state, &burst->frame[i]);

        if (fate != PASS) {
            dx_node_drop(node, fate, &burst->frame[i]);
            continue;
        }
        if (kept < i)
            burst->frame[kept] = burst->frame[i];
        kept++;
    }
    burst->n = kept;
    dx_node_emit(node, 0, burst);
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool refuse(const char **key, const char *which, GError **error, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

static bool vlan_check(const void *data, const char **key, GError **error)
{
    const VlanConf *conf = data;

    if (conf->action != ACTION_TAG && conf->remark)
        return refuse(key, "remark", error, "only \"tag\" writes a tag");
    if (conf->action != ACTION_TAG && conf->dei)
        return refuse(key, "dei", error, "only \"tag\" writes a tag");
    if (conf->pcp && !conf->remark)
        return refuse(key, "pcp", error, "a frame keeps its own priority; \"remark\": true writes this one");
    if (conf->action == ACTION_TAG && conf->untagged == UNTAGGED_PASS)
        return refuse(key, "untagged", error, "\"tag\" tags untagged frames");
    return true;
}

static bool vlan_can_drop(const void *data, unsigned reason)
{
    const VlanConf *conf = data;

    if (conf->action == ACTION_TAG)
        return reason == DROP_ALREADY_TAGGED;
    return reason == DROP_FOREIGN_VID || (reason == DROP_UNTAGGED && conf->untagged == UNTAGGED_DROP);
}

static int vlan_adds_bytes(const void *data)
{
    const VlanConf *conf = data;

    return conf->action == ACTION_TAG ? TAG_BYTES : conf->action == ACTION_UNTAG ? -TAG_BYTES : 0;
}

static bool vlan_init(DxNode *node, GError **error)
{
    const VlanConf *conf = dx_node_conf(node);
    VlanState *state = dx_node_state(node);

    (void)error;
    state->action = conf->action;
    state->passes_untagged = conf->untagged == UNTAGGED_PASS;
    state->vid = (uint16_t)conf->vid;
    state->flags = conf->tpid == TPID_S ? TAG_FLAGS : DX_FRAME_TAGGED;
    state->keep_mask = conf->remark ? 0 : PCP_MASK;
    state->write = (uint16_t)(conf->pcp << PCP_SHIFT | conf->dei << DEI_SHIFT | conf->vid);
    return true;
}

const DxModel dx_model_vlan = {
    .name = "vlan",
    .summary = "Puts an IEEE 802.1Q tag on, takes it off, or filters by it",
    .conf_size = sizeof(VlanConf),
    .state_size = sizeof(VlanState),
    .params = vlan_params,
    .counters = vlan_counters,
    .drops = vlan_drops,
    .check = vlan_check,
    .can_drop = vlan_can_drop,
    .adds_bytes = vlan_adds_bytes,
    .init = vlan_init,
    .process = vlan_process,
};
