/*
 * mka - MACsec key agreement: keeps the SecY at its end of a link keyed
 *
 *        from the fiber -->[mka]--> output 0: towards the SecY and the router
 *                            |
 *                            '----> output 1: our own frames, into the port of the other direction
 *
 * IEEE 802.1X-2020, clause 9 (key agreement), 11.11 (PDUs), 12.4 (controlled port). A folder, because the
 * standard has several machines: cp.c the port, peers.c lists of peers, participant.c one conversation,
 * server.c keys and who makes them, kay.c all of that together.
 *
 *   hello    every 2 s, and at once when there is news      not jittered: clause 9 does not ask for it
 *   life     6 s without a word that shows it has heard us: a peer is gone
 *   retire   3 s after all send with the new key: the old one goes
 *
 * PDUs are EAPOL frames in clear (888E, to 01-80-C2-00-00-03) that share queue and line with the rest, and
 * may be lost. What arrives at t is acted upon at t + reaction.
 * Not modelled: more than two stations, delay protection, in-service upgrades, distributed CAKs, keys from
 * EAP, XPN parameter sets (high halves of packet numbers are not told).
 */
#include "kay.h"
#include "../wire/ethernet.h"
#include "../wire/put.h"

#include <string.h>

enum { OUTPUT_PASS, OUTPUT_SEND };
enum { START_CONVERGED, START_COLD };

static const char *const start_names[] = { "converged", "cold", NULL };

static const DxParam mka_params[] = {
    DX_PARAM_TIME(MkaConf, hello_ps, "2 s", "100 us", "1 h", "Between two messages."),
    DX_PARAM_TIME(MkaConf, life_ps, "6 s", "100 us", "1 d", "Without a word, and a peer is gone."),
    DX_PARAM_TIME(MkaConf, retire_ps, "3 s", "1 us", "1 d",
                  "From sending with a new key until the old one goes."),
    DX_PARAM_TIME(MkaConf, rekey_ps, "2 h", "0 ps", "50 d", "The key server makes a new key; 0 ps: never."),
    DX_PARAM_INT(MkaConf, pn_threshold, "3221225472", "1", "4294967295",
                 "A peer that has sent so many frames gets a new key (0xC0000000)."),
    DX_PARAM_TIME(MkaConf, reaction_ps, "10 us", "1 us", "1 s",
                  "From a frame's arrival to what is done about it."),
    DX_PARAM_INT(MkaConf, pcp, "7", "0", "7", "Priority of its frames (IEEE 802.1Q)."),
    DX_PARAM_INT(MkaConf, priority_first, "16", "0", "255",
                 "Of the first end as key server: the lowest wins; 255: never."),
    DX_PARAM_INT(MkaConf, priority_second, "16", "0", "255", "Of the second end."),
    DX_PARAM_ENUM(MkaConf, start, "converged", start_names,
                  "converged: a key is in use at time 0; cold: nothing is known."),
    DX_PARAM_END,
};

static const DxCounter mka_counters[] = {
    DX_COUNTER(MkaKay, sent_frames, DX_COUNTER_SUM, "Messages sent."),
    DX_COUNTER(MkaKay, heard_frames, DX_COUNTER_SUM, "Messages taken."),
    DX_COUNTER(MkaKay, malformed, DX_COUNTER_SUM, "Messages that are none."),
    DX_COUNTER(MkaKay, unknown_ckn, DX_COUNTER_SUM, "Messages under a key name that this end does not have."),
    DX_COUNTER(MkaKay, bad_icv, DX_COUNTER_SUM, "Messages signed with another key of that name."),
    DX_COUNTER(MkaKay, replayed, DX_COUNTER_SUM, "Messages that are not newer than the last."),
    DX_COUNTER(MkaKay, bad_key, DX_COUNTER_SUM, "Keys that do not unwrap."),
    DX_COUNTER(MkaKay, keys_made, DX_COUNTER_SUM, "Keys made by this end."),
    DX_COUNTER(MkaKay, keys_installed, DX_COUNTER_SUM, "Keys that this end has taken into use."),
    DX_COUNTER(MkaKay, key_number, DX_COUNTER_GAUGE, "Number of the key that protects what is sent."),
    DX_COUNTER(MkaKay, live_peers, DX_COUNTER_GAUGE, "Peers that are heard, and hear."),
    DX_COUNTER(MkaKay, secured, DX_COUNTER_GAUGE, "1 while the controlled port works."),
    DX_COUNTER_END,
};

/* -- the SecY ---------------------------------------------------------------------------------------- */

static void secy_receive(void *data, const MkaSa *sa)
{
    MkaKay *kay = data;

    kay->keys_installed++;
    dx_node_steer(kay->node, DX_CONTROL_SA_RECEIVE, sa->an);
}

static void secy_transmit(void *data, const MkaSa *sa)
{
    MkaKay *kay = data;

    kay->key_number = sa->ki.number;
    kay->own_pn = 1;
    kay->pn_due = false;
    dx_node_log(kay->node, "mka_key_in_use", "number %u, association %u", sa->ki.number, sa->an);
    dx_node_steer(kay->node, DX_CONTROL_SA_TRANSMIT, sa->an);
}

static void secy_drop(void *data, const MkaSa *sa)
{
    MkaKay *kay = data;

    dx_node_steer(kay->node, DX_CONTROL_SA_DELETE, sa->an);
}

static void secy_port(void *data, bool is_enabled)
{
    MkaKay *kay = data;

    kay->secured = is_enabled;
    if (!is_enabled)
        kay->key_number = 0;
    dx_node_log(kay->node, is_enabled ? "mka_secured" : "mka_unsecured", "%s",
                is_enabled ? "the controlled port is up" : "the controlled port is down");
    dx_node_steer(kay->node, is_enabled ? DX_CONTROL_SECURED : DX_CONTROL_UNSECURED, 0);
}

static void arm_transmit(void *data)
{
    MkaKay *kay = data;

    dx_timer_arm(kay->node, kay->transmit_when, dx_node_now(kay->node) + dx__mka_conf(kay)->life_ps);
}

static void arm_retire(void *data)
{
    MkaKay *kay = data;

    dx_timer_arm(kay->node, kay->retire_when, dx_node_now(kay->node) + dx__mka_conf(kay)->retire_ps);
}

const MkaCpActions dx__mka_secy = {
    .receive = secy_receive,
    .transmit = secy_transmit,
    .drop = secy_drop,
    .port = secy_port,
    .arm_transmit = arm_transmit,
    .arm_retire = arm_retire,
};

/* -- sending ----------------------------------------------------------------------------------------- */

void dx__mka_send(MkaKay *kay, MkaParticipant *p)
{
    const MkaConf *conf = dx__mka_conf(kay);
    const DxTime now_ps = dx_node_now(kay->node);
    uint8_t octets[DX_MKA_FRAME_MAX];
    DxFrame frame = { .t_ps = now_ps,
                      .birth_ps = now_ps,
                      .flow = DX_NO_FLOW,
                      .seq = (uint32_t)kay->sent_frames,
                      .ttl = 1,
                      .tci = (uint16_t)(conf->pcp << 13),
                      .flags = DX_FRAME_CONTROL };
    DxMkaPdu pdu;
    size_t n;

    dx_timer_arm(kay->node, p->hello, now_ps + conf->hello_ps);
    if (kay->is_down)
        return;
    dx__mka_participant_say(kay, p, now_ps, &pdu);
    n = dx__mka_encode(&pdu, kay->mac, p->ick, p->cak->cak_bytes, octets);
    if (!n)
        return;
    frame.size_bytes = (uint16_t)(n - DX_ETHERNET_BYTES);
    dx_node_attach(kay->node, &frame, octets, n);
    kay->sent_frames++;
    dx_node_inject(kay->node, OUTPUT_SEND, &frame);
}

/* -- events ------------------------------------------------------------------------------------------ */

static void on_hello(DxNode *node, uint64_t index)
{
    MkaKay *kay = dx_node_state(node);

    dx__mka_send(kay, &kay->participant[index]);
}

static void on_age(DxNode *node, uint64_t arg)
{
    (void)arg;
    dx__mka_kay_settle(dx_node_state(node));
}

static void on_transmit_when(DxNode *node, uint64_t arg)
{
    MkaKay *kay = dx_node_state(node);

    (void)arg;
    kay->cp.transmit_due = true;
    dx__mka_kay_settle(kay);
}

static void on_retire_when(DxNode *node, uint64_t arg)
{
    MkaKay *kay = dx_node_state(node);

    (void)arg;
    kay->cp.retire_due = true;
    dx__mka_kay_settle(kay);
}

static void on_rekey(DxNode *node, uint64_t arg)
{
    MkaKay *kay = dx_node_state(node);

    (void)arg;
    kay->rekey_due = kay->cp.elected_self;
    dx__mka_kay_settle(kay);
}

static void begin_key(DxNode *node, uint64_t index)
{
    MkaKay *kay = dx_node_state(node);

    kay->participant[index].is_active = true;
    dx__mka_send(kay, &kay->participant[index]);
}

static void end_key(DxNode *node, uint64_t index)
{
    MkaKay *kay = dx_node_state(node);
    MkaParticipant *p = &kay->participant[index];

    p->is_active = false;
    p->peers.n = 0;
    dx_timer_cancel(node, p->hello);
    dx__mka_kay_settle(kay);
}

static void on_heard(DxNode *node, uint64_t arg)
{
    MkaKay *kay = dx_node_state(node);
    GBytes *octets = g_queue_pop_head(kay->inbox);
    gsize n;
    const uint8_t *at = g_bytes_get_data(octets, &n);

    (void)arg;
    if (!kay->is_down) /* else it had left before */
        dx__mka_kay_receive(kay, at, n);
    g_bytes_unref(octets);
}

static void go_down(MkaKay *kay)
{
    kay->is_down = true;
    dx__mka_kay_forget(kay);
    dx__mka_kay_settle(kay);
}

static void come_up(MkaKay *kay)
{
    if (!kay->is_down)
        return;
    kay->is_down = false;
    for (unsigned i = 0; i < kay->n; i++)
        if (kay->participant[i].is_active)
            dx__mka_send(kay, &kay->participant[i]);
}

/* Our own numbers run out: whoever is server hears of it. */
static void run_out(MkaKay *kay, uint64_t an)
{
    const MkaSa *sa = kay->cp.latest.is_set ? &kay->cp.latest : &kay->cp.old;

    if (!sa->tx || sa->an != an) /* it is being replaced */
        return;
    kay->own_pn = (uint32_t)dx__mka_conf(kay)->pn_threshold;
    kay->pn_due = kay->cp.elected_self;
    kay->cp.new_info = !kay->cp.elected_self;
    dx__mka_kay_settle(kay);
}

static void mka_control(DxNode *node, const DxControl *control)
{
    MkaKay *kay = dx_node_state(node);

    switch (control->op) {
    case DX_CONTROL_DOWN:
        go_down(kay);
        break;
    case DX_CONTROL_UP:
        come_up(kay);
        break;
    case DX_CONTROL_PN_THRESHOLD:
    case DX_CONTROL_PN_EXHAUSTED:
        run_out(kay, control->value);
        break;
    default:
        break;
    }
}

/* -- frames ------------------------------------------------------------------------------------------ */

/* Ours are control frames with octets of their own type; NULL: it is none. */
static const uint8_t *ours(const DxNode *node, const DxFrame *frame, size_t *n)
{
    const uint8_t *octets;

    if (!(frame->flags & DX_FRAME_CONTROL) || frame->flow != DX_NO_FLOW)
        return NULL;
    octets = dx_node_attached(node, frame, n);
    return octets && *n >= DX_ETHERNET_BYTES && get_u16(octets + 12) == DX_TYPE_EAPOL ? octets : NULL;
}

/* Everything passes but these. */
static void mka_process(DxNode *node, DxBurst *burst)
{
    MkaKay *kay = dx_node_state(node);
    unsigned from = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];
        size_t n;
        const uint8_t *octets = ours(node, frame, &n);

        if (!octets)
            continue;
        dx_node_emit(node, OUTPUT_PASS, &(DxBurst){ burst->frame + from, i - from });
        g_queue_push_tail(kay->inbox, g_bytes_new(octets, n));
        dx_node_learn(node, frame->t_ps, on_heard, 0);
        dx_node_consume(node, &(DxBurst){ frame, 1 });
        from = i + 1;
    }
    dx_node_emit(node, OUTPUT_PASS, &(DxBurst){ burst->frame + from, burst->n - from });
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool mka_init(DxNode *node, GError **error)
{
    MkaKay *kay = dx_node_state(node);
    const MkaConf *conf = dx_node_conf(node);
    const DxMkaChain *chain = &conf->chain;

    kay->node = node;
    kay->principal = MKA_NONE;
    kay->own_pn = 1;
    kay->inbox = g_queue_new();
    dx__mka_cp_init(&kay->cp);
    dx__ethernet_address(kay->mac, chain->station[chain->end] ? chain->station[chain->end] : "");
    memcpy(kay->sci, kay->mac, sizeof kay->mac);
    kay->sci[7] = 1;
    dx_node_rng(node, "mka", &kay->rng);
    for (unsigned i = 0; i < chain->n; i++)
        if (chain->cak[i].is_at[chain->end] && kay->n < DX_MKA_CHAIN_MAX) {
            MkaParticipant *p = &kay->participant[kay->n++];

            if (!dx__mka_participant_init(p, &chain->cak[i]))
                return dx_node_fail(node, "keys", error, DX_ERROR_RANGE, "libcrypto refuses the key");
            dx__mka_participant_rename(p, &kay->rng);
        }
    dx_node_set_reaction(node, conf->reaction_ps);
    dx_node_set_delay(node, OUTPUT_SEND, DX_TIME_MAX); /* sent by events only, never in answer to a frame */
    return true;
}

/* All hellos begin at time 0, or when their key does. */
static void start_key(DxNode *node, MkaKay *kay, unsigned i)
{
    MkaParticipant *p = &kay->participant[i];

    p->hello = dx_node_timer(node, on_hello, i);
    p->is_active = !p->cak->start_ps;
    if (p->is_active)
        dx_timer_arm(node, p->hello, 0);
    else
        dx_node_post(node, p->cak->start_ps, begin_key, i);
    if (p->cak->stop_ps)
        dx_node_post(node, p->cak->stop_ps, end_key, i);
}

static void begin(DxNode *node, uint64_t arg)
{
    MkaKay *kay = dx_node_state(node);

    (void)arg;
    if (dx__mka_conf(kay)->start != START_CONVERGED || !dx__mka_kay_converge(kay))
        dx_node_steer(node, DX_CONTROL_UNSECURED, 0);
    dx__mka_kay_settle(kay);
}

static void mka_start(DxNode *node)
{
    MkaKay *kay = dx_node_state(node);

    kay->age = dx_node_timer(node, on_age, 0);
    kay->transmit_when = dx_node_timer(node, on_transmit_when, 0);
    kay->retire_when = dx_node_timer(node, on_retire_when, 0);
    kay->rekey = dx_node_timer(node, on_rekey, 0);
    dx_node_post(node, 0, begin, 0);
    for (unsigned i = 0; i < kay->n; i++)
        start_key(node, kay, i);
}

static void mka_clear(DxNode *node)
{
    MkaKay *kay = dx_node_state(node);

    if (kay->inbox)
        g_queue_free_full(kay->inbox, (GDestroyNotify)g_bytes_unref);
}

static bool mka_check(const void *given, const char **key, GError **error)
{
    const MkaConf *conf = given;

    if (conf->priority_first == 255 && conf->priority_second == 255) {
        *key = "priority_second";
        g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE,
                            "with 255 at both ends nobody makes keys; give one of them less");
        return false;
    }
    return true;
}

const DxModel dx_model_mka = {
    .name = "mka",
    .summary = "MACsec key agreement (IEEE 802.1X) as frames over the link",
    .conf_size = sizeof(MkaConf),
    .state_size = sizeof(MkaKay),
    .params = mka_params,
    .counters = mka_counters,
    .check = mka_check,
    .init = mka_init,
    .start = mka_start,
    .process = mka_process,
    .control = mka_control,
    .clear = mka_clear,
};
