/*
 * bgp/node - a BGP router's agent: frames and events for its speaker, its speaker's wishes for the router
 *
 *      router -- frames for this router --> [bgp] -- what it sends --> router --> ... --> the other end
 *                                             '----- steers: where the router sends each flow
 *
 * The protocol is the speaker's (speaker.h), the ways are forward.c's. What arrives at t is told to the
 * speaker at t + reaction; all else happens in events. A line's failure is told at once where its light goes
 * out, and where a bundle has no member left; a silent one tells nobody. The IGP's news of a line reach all
 * routers at one time, its convergence after that.
 *
 * Not modelled: the time a decision takes, the time from a decision to the forwarding table.
 */
#include "bgp/node.h"

#include <dxsim/sim.h>
#include "bgp/conf.h"

#include <inttypes.h>

enum { OUTPUT_SEND };

enum { DROP_MALFORMED };

static const char *const bgp_drops[] = { "malformed", NULL };

#define TTL_FAR 64 /* of sessions over more than one hop */

/* Octets that wait for the control CPU. */
typedef struct {
    uint32_t session;
    SpeakerCarrier carrier;
    size_t n;
    uint8_t octets[];
} Heard;

typedef struct {
    uint32_t flow, session;
    SpeakerCarrier carrier;
} Listening;

/* -- what the speaker wants ---------------------------------------------------------------------------- */

static uint8_t ttl_of(const DxBgpSession *session, SpeakerCarrier carrier)
{
    if (carrier == SPEAKER_BFD)
        return DX_BFD_TTL;
    return session->trunk != DX_BGP_NOBODY && session->type == DX_BGP_SESSION_EBGP ? DX_BGP_TTL : TTL_FAR;
}

static void on_send(void *user, unsigned index, SpeakerCarrier carrier, const uint8_t *octets, size_t n)
{
    DxNode *node = user;
    BgpState *state = dx_node_state(node);
    const DxBgpSession *session = &state->shared->network->sessions[index];
    const unsigned end = dx__bgp_view_end(state->view, index);
    const DxTime now_ps = dx_node_now(node);
    BgpOwn *own = dx__bgp_node_own(state, index);
    DxFrame frame = { .t_ps = now_ps,
                      .birth_ps = now_ps,
                      .flow = carrier == SPEAKER_TCP ? session->tcp[end].flow : session->bfd[end].flow,
                      .seq = own->seq[carrier]++,
                      .size_bytes = (uint16_t)(n + (session->address[end].bits == 128 ? 40 : 20)),
                      .ttl = ttl_of(session, carrier),
                      .tci = (uint16_t)(session->end[end].pcp << 13),
                      .flags = DX_FRAME_CONTROL };

    own->counts->tx_frames++;
    dx_node_attach(node, &frame, octets, n);
    dx_node_inject(node, OUTPUT_SEND, &frame);
}

static guint hash_prefix(gconstpointer key)
{
    const DxPrefix *prefix = key;
    guint hash = prefix->length;

    for (unsigned i = 0; i < prefix->network.bits / 8u; i++)
        hash = hash * 31 + prefix->network.bytes[i];
    return hash;
}

static gboolean is_same_prefix(gconstpointer a, gconstpointer b)
{
    const DxPrefix *x = a, *y = b;

    return x->length == y->length && !dx_ip_compare(&x->network, &y->network);
}

static void on_changed(void *user, const DxPrefix *prefix)
{
    BgpState *state = dx_node_state(user);

    if (g_hash_table_add(state->is_changed, g_memdup2(prefix, sizeof *prefix)))
        g_array_append_val(state->changed, *prefix);
}

static bool on_metric(void *user, const DxIp *next_hop, uint32_t *metric)
{
    const BgpState *state = dx_node_state(user);
    BgpWay way;
    const bool is_found = dx__bgp_view_resolve(state->view, next_hop, &way);

    *metric = way.metric;
    return is_found;
}

static const SpeakerWatch watch = { on_send, dx__bgp_node_log, on_changed, on_metric };

/* -- what has changed ---------------------------------------------------------------------------------- */

/* After every call of the speaker: what it has decided, and when it wants to be called again. */
static void settle(DxNode *node)
{
    BgpState *state = dx_node_state(node);
    const DxTime next_ps = dx__bgp_speaker_next(state->speaker);

    if (state->changed->len) {
        dx__bgp_node_changed(node);
        for (guint i = 0; i < state->changed->len; i++)
            dx__forward_prefix(&state->forward, &g_array_index(state->changed, DxPrefix, i));
        g_array_set_size(state->changed, 0);
        g_hash_table_remove_all(state->is_changed);
    }
    if (next_ps == DX_TIME_NEVER)
        dx_timer_cancel(node, state->timer);
    else
        dx_timer_arm(node, state->timer, MAX(next_ps, dx_node_now(node)));
}

static void on_timer(DxNode *node, uint64_t arg)
{
    BgpState *state = dx_node_state(node);

    (void)arg;
    dx__bgp_speaker_run(state->speaker, dx_node_now(node));
    settle(node);
}

/* -- frames -------------------------------------------------------------------------------------------- */

static const Listening *listening_to(const BgpState *state, uint32_t flow)
{
    guint low = 0, high = state->listening->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        const Listening *at = &g_array_index(state->listening, Listening, middle);

        if (at->flow == flow)
            return at;
        if (at->flow < flow)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void on_heard(DxNode *node, uint64_t arg)
{
    BgpState *state = dx_node_state(node);
    Heard *heard = g_queue_pop_head(&state->heard);

    (void)arg;
    dx__bgp_speaker_heard(state->speaker, dx_node_now(node), heard->session, heard->carrier, heard->octets,
                          heard->n);
    g_free(heard);
    settle(node);
}

static void hear(DxNode *node, DxFrame *frame)
{
    BgpState *state = dx_node_state(node);
    const Listening *from = listening_to(state, frame->flow);
    size_t n;
    const void *octets = dx_node_attached(node, frame, &n);
    Heard *heard;

    if (!from || !octets) {
        dx_node_drop(node, DROP_MALFORMED, frame);
        return;
    }
    heard = g_malloc(sizeof *heard + n);
    *heard = (Heard){ .session = from->session, .carrier = from->carrier, .n = n };
    memcpy(heard->octets, octets, n);
    g_queue_push_tail(&state->heard, heard);
    dx__bgp_node_own(state, from->session)->counts->rx_frames++;
    dx_node_learn(node, frame->t_ps, on_heard, 0);
    dx_node_consume(node, &(DxBurst){ frame, 1 });
}

static void bgp_process(DxNode *node, DxBurst *burst)
{
    for (unsigned i = 0; i < burst->n; i++)
        hear(node, &burst->frame[i]);
}

/* -- lines --------------------------------------------------------------------------------------------- */

/* All routers have heard of it: a trunk, and whether it works. */
static void on_igp(DxNode *node, uint64_t arg)
{
    BgpState *state = dx_node_state(node);

    if (!dx__igp_set(state->view->igp, (uint32_t)(arg >> 1), arg & 1))
        return;
    dx__forward_sessions(&state->forward);
    dx__bgp_speaker_igp_changed(state->speaker, dx_node_now(node));
    settle(node);
    dx__forward_all(&state->forward);
}

static const DxIgpLink *igp_line(const DxBgpNetwork *network, uint32_t trunk)
{
    for (unsigned i = 0; i < network->n_igp_links; i++)
        if (network->igp_links[i].trunk == trunk)
            return &network->igp_links[i];
    return NULL;
}

/* A line of the IGP works while both ends say so. */
static void tell_igp(DxNode *node, uint32_t trunk, bool is_up)
{
    const BgpState *state = dx_node_state(node);
    const BgpShared *shared = state->shared;
    const DxBgpNetwork *network = shared->network;
    const DxIgpLink *line = igp_line(network, trunk);
    const uint32_t here = network->routers[state->view->router].node, *area = shared->map.area;
    bool *is_down, was_up;

    if (!line)
        return;
    is_down = shared->is_down[line - network->igp_links];
    was_up = !is_down[0] && !is_down[1];
    is_down[line->node[1] == here] = !is_up;
    is_up = !is_down[0] && !is_down[1];
    for (uint32_t k = 0; is_up != was_up && k < network->n_routers; k++)
        if (area[network->routers[k].node] == area[here])
            dx_node_post(shared->node[k], dx_node_now(node) + network->igp_convergence_ps, on_igp,
                         (uint64_t)trunk << 1 | is_up);
}

/* On whose failure sessions depend: to see how long they take to notice. */
static void note_failure(DxNode *node, uint32_t trunk, bool is_up)
{
    BgpState *state = dx_node_state(node);

    for (unsigned i = 0; i < state->view->n_own; i++) {
        BgpOwn *own = &state->own[i];

        if (state->shared->network->sessions[state->view->own[i]].trunk != trunk)
            continue;
        if (is_up)
            own->failed_ps = DX_TIME_NEVER;
        else if (own->is_up && own->failed_ps == DX_TIME_NEVER)
            own->failed_ps = dx_node_now(node);
    }
}

static void set_line(DxNode *node, uint32_t trunk, bool is_up)
{
    BgpState *state = dx_node_state(node);
    const DxBgpNetwork *network = state->shared->network;

    note_failure(node, trunk, is_up);
    tell_igp(node, trunk, is_up);
    if (!dx__bgp_view_set_line(state->view, trunk, is_up))
        return;
    for (unsigned i = 0; i < state->view->n_own; i++)
        if (network->sessions[state->view->own[i]].trunk == trunk)
            dx__bgp_speaker_line(state->speaker, dx_node_now(node), state->view->own[i], is_up);
    dx__bgp_speaker_igp_changed(state->speaker, dx_node_now(node));
    settle(node);
    dx__forward_all(&state->forward); /* routes that are as before may have lost their way */
}

/* -- control ------------------------------------------------------------------------------------------- */

static void operate(DxNode *node, const DxControl *control)
{
    BgpState *state = dx_node_state(node);
    const DxBgpNetwork *network = state->shared->network;
    const DxTime now_ps = dx_node_now(node);

    switch (control->op) {
    case DX_CONTROL_SHUTDOWN:
        dx__bgp_speaker_shutdown(state->speaker, now_ps, control->index);
        break;
    case DX_CONTROL_ENABLE:
        dx__bgp_speaker_enable(state->speaker, now_ps, control->index);
        break;
    case DX_CONTROL_CLEAR:
        dx__bgp_speaker_clear(state->speaker, now_ps, control->index,
                              control->value ? SPEAKER_SOFT_IN : SPEAKER_HARD);
        break;
    case DX_CONTROL_ANNOUNCE:
        dx__bgp_speaker_announce(state->speaker, now_ps, &network->event_prefixes[control->index], NULL);
        break;
    case DX_CONTROL_WITHDRAW:
        dx__bgp_speaker_withdraw(state->speaker, now_ps, &network->event_prefixes[control->index]);
        break;
    default:
        return;
    }
    settle(node);
}

static void bgp_control(DxNode *node, const DxControl *control)
{
    switch (control->op) {
    case DX_CONTROL_DOWN:
    case DX_CONTROL_MEMBER_OUT: /* of a bundle the last one */
        set_line(node, control->index, false);
        break;
    case DX_CONTROL_UP:
    case DX_CONTROL_MEMBER_IN:
        set_line(node, control->index, true);
        break;
    case DX_CONTROL_DOWN_SILENT:
        note_failure(node, control->index, false);
        break;
    default:
        operate(node, control);
        break;
    }
}

/* -- set-up -------------------------------------------------------------------------------------------- */

static int by_flow(gconstpointer a, gconstpointer b)
{
    const Listening *x = a, *y = b;

    return x->flow < y->flow ? -1 : x->flow > y->flow;
}

/* Flows that the other ends of this router's sessions send. */
static void listen_to_sessions(BgpState *state)
{
    state->listening = g_array_new(FALSE, FALSE, sizeof(Listening));
    for (unsigned i = 0; i < state->view->n_own; i++) {
        const uint32_t index = state->view->own[i];
        const DxBgpSession *session = &state->shared->network->sessions[index];
        const unsigned other = !dx__bgp_view_end(state->view, index);
        const Listening heard[] = { { session->tcp[other].flow, index, SPEAKER_TCP },
                                    { session->bfd[other].flow, index, SPEAKER_BFD } };

        g_array_append_vals(state->listening, heard, heard[1].flow == DX_NO_FLOW ? 1 : 2);
    }
    g_array_sort(state->listening, by_flow);
}

static void init_sessions(BgpState *state, const DxBgpPlace *place)
{
    state->own = g_new0(BgpOwn, state->view->n_own + 1);
    for (unsigned i = 0; i < state->view->n_own; i++) {
        const uint32_t session = state->view->own[i];
        SpeakerReport report;

        dx__bgp_speaker_report(state->speaker, session, &report);
        state->own[i] =
            (BgpOwn){ .is_up = report.state == SPEAKER_ESTABLISHED,
                      .failed_ps = DX_TIME_NEVER,
                      .counts = &place->sessions[session][dx__bgp_view_end(state->view, session)] };
        state->own[i].counts->establishings = state->own[i].is_up;
    }
}

static bool bgp_init(DxNode *node, GError **error)
{
    const DxBgpConf *conf = dx_node_conf(node);
    BgpState *state = dx_node_state(node);

    if (!conf->network || !conf->shared || !conf->place)
        return dx_node_fail(node, NULL, error, DX_ERROR_RANGE,
                            "it serves a router; give nodes of the scenario an \"asn\"");
    state->shared = dx__bgp_shared_use(conf, dx_node_sim(node));
    state->speaker = state->shared->speaker[conf->router];
    state->view = &state->shared->view[conf->router];
    state->shared->node[conf->router] = node;
    state->changed = g_array_new(FALSE, FALSE, sizeof(DxPrefix));
    state->is_changed = g_hash_table_new_full(hash_prefix, is_same_prefix, g_free, NULL);
    listen_to_sessions(state);
    init_sessions(state, conf->place);
    dx__bgp_speaker_watch(state->speaker, &watch, node);
    dx__forward_init(&state->forward, node, conf->place, state->view, state->speaker);
    dx_node_set_reaction(node, conf->reaction_ps);
    if (dx_node_n_outputs(node))
        dx_node_set_delay(node, OUTPUT_SEND, DX_TIME_MAX); /* sent by events only */
    if (!state->shared->is_settled)
        return dx_node_fail(node, NULL, error, DX_ERROR_RANGE,
                            "policies contradict each other, and routes would change for ever; with "
                            "\"start\": \"cold\" a run shows how");
    return true;
}

/* All know what they know from the beginning; no line of the log tells of it. */
static void on_start(DxNode *node, uint64_t arg)
{
    BgpState *state = dx_node_state(node);

    (void)arg;
    dx__forward_sessions(&state->forward);
    dx__forward_all(&state->forward);
    state->forward.is_counting = true;
    dx__bgp_speaker_run(state->speaker, dx_node_now(node));
    settle(node);
}

static void bgp_start(DxNode *node)
{
    BgpState *state = dx_node_state(node);

    state->timer = dx_node_timer(node, on_timer, 0);
    dx_node_post(node, 0, on_start, 0);
}

static void bgp_clear(DxNode *node)
{
    const DxBgpConf *conf = dx_node_conf(node);
    BgpState *state = dx_node_state(node);

    if (!state->shared)
        return;
    g_queue_clear_full(&state->heard, g_free);
    g_array_unref(state->changed);
    g_clear_pointer(&state->is_changed, g_hash_table_unref);
    g_array_unref(state->listening);
    g_free(state->own);
    dx__forward_clear(&state->forward);
    dx__bgp_shared_leave(conf->shared);
}

const Speaker *dx__bgp_node_speaker(const DxNode *node)
{
    const BgpState *state = dx_node_state((DxNode *)(uintptr_t)node);

    return state->speaker;
}

const DxModel dx_model_bgp = {
    .name = "bgp",
    .summary = "A BGP router: its sessions, and the decision",
    .conf_size = sizeof(DxBgpConf),
    .state_size = sizeof(BgpState),
    .params = dx__bgp_params,
    .parts = dx__bgp_parts,
    .drops = bgp_drops,
    .init = bgp_init,
    .start = bgp_start,
    .process = bgp_process,
    .control = bgp_control,
    .observe = dx__bgp_node_observe,
    .clear = bgp_clear,
};
