/*
 * macsec - the MAC Security Entity (SecY) of a line, one direction: IEEE 802.1AE, clauses 9 and 10
 *
 *   enter      before the queue   is there a key? + SecTAG 8 or 16, ICV 16              + 24 or 32 octets
 *   send       behind the queue   PN = next_pn++ of the association that sends
 *   receive    behind the fiber   which association? replayed? valid?                    - 24 or 32 octets
 *
 * A frame takes its octets before the queue, so that queue and line count them; it takes its packet number
 * when it is on the line, so that numbers rise there, what the queue drops has none, and what the line loses
 * has had one. `latency` is spent before the queue, and again behind the fiber.
 *
 * A descriptor has no room for 32 or 64 bits of PN, and needs none: a line keeps order, so a receiver that
 * checks for replay never finds a frame of its own peer late, whatever was lost. Only who copies frames, or
 * makes them up, brings late ones. Those carry a DxMacsecForged, with their number and that of the frame in
 * front of them. From both the window of clause 10.6.2 is exact, unless that very frame was lost on the line:
 * then it stands as if it had been received. Captures are told the number by the node that gives it.
 *
 * Drops by the counters of clause 10.7.9: no_tag InPktsNoTag, bad_tag InPktsBadTag, no_sci InPktsNoSCI, no_sa
 * InPktsNotUsingSA, late InPktsLate, not_valid InPktsNotValid, too_long OutPktsTooLong. EAPOL (the
 * uncontrolled port) passes in clear. Not modelled: more than two stations, tags in clear, keys per VLAN.
 */
#include <dxsim/macsec.h>
#include <dxsim/sim.h>
#include "wire/ethernet.h"
#include "wire/secy.h"

#include <string.h>

enum {
    DROP_NOT_SECURED,
    DROP_TOO_LONG,
    DROP_NO_TX_SA,
    DROP_PN_EXHAUSTED,
    DROP_NO_TAG,
    DROP_BAD_TAG,
    DROP_NO_SCI,
    DROP_NO_SA,
    DROP_LATE,
    DROP_NOT_VALID,
    PASS,
};

static const char *const macsec_drops[] = { "not_secured", "too_long",  "no_tx_sa", "pn_exhausted",
                                            "no_tag",      "bad_tag",   "no_sci",   "no_sa",
                                            "late",        "not_valid", NULL };

static const char *const suites[] = { "GCM-AES-128", "GCM-AES-256", "GCM-AES-XPN-128", "GCM-AES-XPN-256",
                                      NULL };

enum { MODE_MUST, MODE_SHOULD, MODE_NO };

static const char *const modes[] = { "must_encrypt", "should_encrypt", "no_encrypt", NULL };

enum { KEYS_STATIC, KEYS_NONE };

static const char *const keys_names[] = { "static", "none", NULL };

#define N_ASSOCIATIONS 4
#define OUT_OF_REACH   (UINT64_C(1) << 61) /* frames that no run can send */
#define EAPOL          0x888E

typedef struct {
    DxMacsecLine line; /* not of the link: of the node */
    int suite, mode, keys;
    bool sci, encrypt;
    int64_t confidentiality_offset, replay_window, first_pn, rekey_pn;
    DxTime latency_ps, rekey_ps, retire_ps, reaction_ps;
} MacsecConf;

static const DxParam macsec_params[] = {
    DX_PARAM_ENUM(MacsecConf, suite, "GCM-AES-XPN-256", suites,
                  "Cipher suite; XPN: packet numbers of 64 bits."),
    DX_PARAM_ENUM(MacsecConf, mode, "must_encrypt", modes,
                  "Without a key nothing passes, or all in clear; \"no_encrypt\": there is no MACsec."),
    DX_PARAM_ENUM(MacsecConf, keys, "static", keys_names,
                  "\"static\": both ends have them from the start; \"none\": they never get any."),
    DX_PARAM_BOOL(MacsecConf, sci, "true", "The SecTAG says the SCI: 16 octets, else 8."),
    DX_PARAM_BOOL(MacsecConf, encrypt, "true", "Else integrity only: the same octets, readable."),
    DX_PARAM_INT(MacsecConf, confidentiality_offset, "0", "0", "50",
                 "First octets of a frame that are not encrypted: 0, 30 or 50; not with XPN."),
    DX_PARAM_INT(MacsecConf, replay_window, "0", "0", "4294967295",
                 "How far behind the latest a packet number may be; 0: strict order."),
    DX_PARAM_TIME(MacsecConf, latency_ps, "0 ps", "0 ps", "1 s", "Of each frame, at each of the two sides."),
    DX_PARAM_TIME(MacsecConf, rekey_ps, "0 ps", "0 ps", "100 d",
                  "static: a new key this often; 0 ps: never."),
    DX_PARAM_INT(
        MacsecConf, rekey_pn, "0", "0", "9223372036854775807",
        "A new key when this packet number is used, such as 3221225472, three quarters of 32 bits; 0: "
        "never."),
    DX_PARAM_TIME(MacsecConf, retire_ps, "3 s", "1 us", "1 h",
                  "static: how long the receiver accepts a key after it was renewed; longer than the way."),
    DX_PARAM_INT(MacsecConf, first_pn, "1", "1", "9223372036854775807",
                 "Packet number that every key begins with: near the end, to see the end in a short run."),
    DX_PARAM_TIME(MacsecConf, reaction_ps, "10 us", "1 us", "1 s",
                  "From a packet number to what is done about it."),
    DX_PARAM_END,
};

typedef struct {
    DxMacsecRole role;
    bool is_must, is_static;
    bool is_secured; /* enter */
    uint8_t overhead_bytes;
    DxTime latency_ps;

    bool sends;                         /* send: there is an association */
    uint16_t an_flags;                  /* its number, in place */
    uint64_t pn, last_pn, threshold_pn; /* next; last there is; 0: none, or it has been told */
    uint64_t news_pn;                   /* of the last two, the next that is news */
    uint32_t key;                       /* enter and send: number of the key, from 1 */
    DxTime free_ps[N_ASSOCIATIONS];     /* enter, static: when a number may be used again */

    unsigned accepts; /* receive: one bit each association */
    uint64_t next_pn[N_ASSOCIATIONS];
    uint64_t window;

    uint64_t tx_protected_frames, tx_clear_frames, rekeys;
    uint64_t rx_ok_frames, rx_untagged_frames;
    uint64_t secured; /* is_secured, to be read */
} MacsecState;

enum { COUNT_PROTECTED, COUNT_CLEAR, COUNT_NEXT_PN, COUNT_REKEYS, COUNT_OK, COUNT_UNTAGGED, COUNT_SECURED };

static const DxCounter macsec_counters[] = {
    [COUNT_PROTECTED] = DX_COUNTER(MacsecState, tx_protected_frames, DX_COUNTER_SUM,
                                   "send: frames that got a packet number."),
    [COUNT_CLEAR] = DX_COUNTER(MacsecState, tx_clear_frames, DX_COUNTER_SUM, "send: frames in clear."),
    [COUNT_NEXT_PN] = { "next_pn", offsetof(MacsecState, pn), DX_COUNTER_GAUGE,
                        "send: packet number of the next frame." },
    [COUNT_REKEYS] = DX_COUNTER(MacsecState, rekeys, DX_COUNTER_SUM, "send: keys after the first."),
    [COUNT_OK] = DX_COUNTER(MacsecState, rx_ok_frames, DX_COUNTER_SUM,
                            "receive: valid frames (InPktsOK, of these InPktsDelayed)."),
    [COUNT_UNTAGGED] = DX_COUNTER(MacsecState, rx_untagged_frames, DX_COUNTER_SUM,
                                  "receive: frames in clear that passed (InPktsUntagged)."),
    [COUNT_SECURED] = DX_COUNTER(MacsecState, secured, DX_COUNTER_GAUGE,
                                 "enter: 1 while frames are protected; for monitors, no row."),
    DX_COUNTER_END,
};

/* -- enter ------------------------------------------------------------------------------------------- */

/* What the key agreement says is for the uncontrolled port. */
static bool is_eapol(const DxNode *node, const DxFrame *frame)
{
    size_t n;
    const uint8_t *octets;

    if (G_LIKELY(!(frame->flags & DX_FRAME_CONTROL)) || frame->flags & DX_FRAME_SECTAG ||
        frame->flow != DX_NO_FLOW)
        return false;
    octets = dx_node_attached(node, frame, &n);
    return n >= DX_ETHERNET_BYTES && octets[12] == EAPOL >> 8 && octets[13] == (EAPOL & 0xff);
}

static inline unsigned enter(const DxNode *node, const MacsecState *state, DxFrame *frame)
{
    if (G_UNLIKELY(frame->flags & DX_FRAME_CONTROL) && is_eapol(node, frame))
        return PASS;
    if (G_UNLIKELY(!state->is_secured))
        return state->is_must ? DROP_NOT_SECURED : PASS;
    if (G_UNLIKELY(frame->flags & DX_FRAME_SECTAG ||
                   frame->overhead_bytes > UINT8_MAX - state->overhead_bytes))
        return DROP_TOO_LONG;
    frame->flags |= DX_FRAME_SECTAG;
    frame->overhead_bytes = (uint8_t)(frame->overhead_bytes + state->overhead_bytes);
    return PASS;
}

/* -- send -------------------------------------------------------------------------------------------- */

static void on_threshold(DxNode *node, uint64_t key)
{
    MacsecState *state = dx_node_state(node);

    if (key != state->key)
        return;
    dx_node_log(node, "pn_threshold", "time for a new key");
    dx_node_steer(node, DX_CONTROL_PN_THRESHOLD, state->an_flags >> DX_FRAME_AN_SHIFT);
}

static void on_exhausted(DxNode *node, uint64_t key)
{
    MacsecState *state = dx_node_state(node);

    if (key != state->key)
        return;
    dx_node_log(node, "pn_exhausted", "no packet number is left");
    dx_node_steer(node, DX_CONTROL_PN_EXHAUSTED, state->an_flags >> DX_FRAME_AN_SHIFT);
}

/* The number that is to be given next is news. */
static void tell_news(DxNode *node, MacsecState *state, DxTime at)
{
    if (state->threshold_pn && state->pn > state->threshold_pn) {
        state->threshold_pn = 0;
        dx_node_learn(node, at, on_threshold, state->key);
    }
    if (state->pn > state->last_pn)
        dx_node_learn(node, at, on_exhausted, state->key);
    state->news_pn = state->pn > state->last_pn ? UINT64_MAX
                     : state->threshold_pn      ? MIN(state->threshold_pn, state->last_pn)
                                                : state->last_pn;
}

static inline unsigned number(DxNode *node, MacsecState *state, DxFrame *frame)
{
    if (G_UNLIKELY(!(frame->flags & DX_FRAME_SECTAG))) {
        state->tx_clear_frames++;
        return PASS;
    }
    if (G_UNLIKELY(!state->sends))
        return DROP_NO_TX_SA;
    if (G_UNLIKELY(state->pn > state->last_pn))
        return DROP_PN_EXHAUSTED;
    frame->flags |= state->an_flags;
    state->tx_protected_frames++;
    if (G_UNLIKELY(state->pn++ == state->news_pn))
        tell_news(node, state, frame->t_ps);
    return PASS;
}

/* -- receive ----------------------------------------------------------------------------------------- */

static unsigned judge_forged(MacsecState *state, unsigned an, const DxMacsecForged *forged)
{
    const uint64_t next_pn = MAX(state->next_pn[an], forged->latest_pn + 1);

    if (forged->is_bad_tag)
        return DROP_BAD_TAG;
    if (forged->is_foreign)
        return DROP_NO_SCI;
    if (!(state->accepts >> an & 1))
        return DROP_NO_SA;
    if (forged->pn < 1 || forged->pn + state->window < next_pn)
        return DROP_LATE;
    if (!forged->is_genuine)
        return DROP_NOT_VALID;
    state->next_pn[an] = MAX(next_pn, forged->pn + 1);
    return PASS;
}

static unsigned judge_side(const DxNode *node, MacsecState *state, const DxFrame *frame, unsigned an)
{
    size_t n;
    const void *octets = dx_node_attached(node, frame, &n);
    DxMacsecForged forged;

    if (n == sizeof forged)
        memcpy(&forged, octets, n);
    if (n == sizeof forged && !forged.mark)
        return judge_forged(state, an, &forged);
    return state->accepts >> an & 1 ? PASS : DROP_NO_SA; /* the sender's own, with something to say */
}

static inline unsigned receive(const DxNode *node, MacsecState *state, DxFrame *frame)
{
    const unsigned an = frame->flags >> DX_FRAME_AN_SHIFT & (N_ASSOCIATIONS - 1);
    unsigned fate;

    if (G_UNLIKELY(!(frame->flags & DX_FRAME_SECTAG))) {
        if (state->is_must && !is_eapol(node, frame))
            return DROP_NO_TAG;
        state->rx_untagged_frames++;
        return PASS;
    }
    fate = G_UNLIKELY(frame->flags & DX_FRAME_SIDE) ? judge_side(node, state, frame, an)
           : G_LIKELY(state->accepts >> an & 1)     ? PASS
                                                    : DROP_NO_SA;
    if (fate != PASS)
        return fate;
    frame->flags &= (uint16_t) ~(DX_FRAME_SECTAG | (N_ASSOCIATIONS - 1) << DX_FRAME_AN_SHIFT);
    frame->overhead_bytes = (uint8_t)(frame->overhead_bytes - state->overhead_bytes);
    state->rx_ok_frames++;
    return PASS;
}

/* -- all three --------------------------------------------------------------------------------------- */

#define FOR_ALL(burst, kept, what)                                                                           \
    for (unsigned i = 0; i < (burst)->n; i++) {                                                              \
        const unsigned fate = what;                                                                          \
                                                                                                             \
        if (G_UNLIKELY(fate != PASS)) {                                                                      \
            dx_node_drop(node, fate, &(burst)->frame[i]);                                                    \
            continue;                                                                                        \
        }                                                                                                    \
        (burst)->frame[i].t_ps += latency_ps;                                                                \
        if (G_UNLIKELY(kept < i))                                                                            \
            (burst)->frame[kept] = (burst)->frame[i];                                                        \
        kept++;                                                                                              \
    }

static void macsec_process(DxNode *node, DxBurst *burst)
{
    MacsecState *state = dx_node_state(node);
    const DxTime latency_ps = state->latency_ps;
    const uint64_t pn = state->pn;
    unsigned kept = 0;

    if (state->role == DX_MACSEC_ENTER) {
        FOR_ALL(burst, kept, enter(node, state, &burst->frame[i]))
    } else if (state->role == DX_MACSEC_SEND) {
        FOR_ALL(burst, kept, number(node, state, &burst->frame[i]))
        dx_node_number(node, state->key, pn);
    } else {
        FOR_ALL(burst, kept, receive(node, state, &burst->frame[i]))
    }
    burst->n = kept;
    dx_node_emit(node, 0, burst);
}

/* -- keys -------------------------------------------------------------------------------------------- */

static void tell(DxNode *node, DxControlOp op, unsigned an)
{
    if (node)
        dx_sim_control(node, &(DxControl){ .op = op, .value = an });
}

/* Both ends have had the old key long enough. */
static void on_retire(DxNode *node, uint64_t an)
{
    const MacsecConf *conf = dx_node_conf(node);

    tell(conf->line.far, DX_CONTROL_SA_DELETE, (unsigned)an);
}

/* The receiver takes it before the sender uses it: nothing is lost. */
static void use_key(DxNode *node, uint32_t key)
{
    const MacsecConf *conf = dx_node_conf(node);
    MacsecState *state = dx_node_state(node);
    const unsigned an = (key - 1) % N_ASSOCIATIONS;

    state->key = key;
    state->is_secured = true;
    state->secured = 1;
    tell(conf->line.far, DX_CONTROL_SA_RECEIVE, an);
    tell(conf->line.send, DX_CONTROL_SA_TRANSMIT, an);
}

/* A number that the receiver still has for an older key cannot be that of a new one. */
static void renew(DxNode *node)
{
    const MacsecConf *conf = dx_node_conf(node);
    MacsecState *state = dx_node_state(node);
    const DxTime now = dx_node_now(node);
    const unsigned an = (state->key - 1) % N_ASSOCIATIONS, next = state->key % N_ASSOCIATIONS;

    if (now < state->free_ps[next]) {
        dx_node_log(node, "rekey_refused", "association %u is in use", next);
        return;
    }
    state->free_ps[an] = now + conf->retire_ps;
    dx_node_post(node, state->free_ps[an], on_retire, an);
    use_key(node, state->key + 1);
    dx_node_log(node, "rekey", "key %u, association %u", state->key, (state->key - 1) % N_ASSOCIATIONS);
}

static void on_rekey(DxNode *node, uint64_t arg)
{
    const MacsecConf *conf = dx_node_conf(node);

    (void)arg;
    renew(node);
    dx_node_post(node, dx_node_now(node) + conf->rekey_ps, on_rekey, 0);
}

static void secure(DxNode *node, bool is_secured)
{
    MacsecState *state = dx_node_state(node);

    if (state->is_secured == is_secured)
        return;
    state->is_secured = is_secured;
    state->secured = is_secured;
    dx_node_log(node, is_secured ? "secured" : "unsecured", "%s",
                is_secured       ? "frames are protected"
                : state->is_must ? "nothing passes"
                                 : "frames go in clear");
}

static void enter_control(DxNode *node, const DxControl *control)
{
    const MacsecConf *conf = dx_node_conf(node);
    const MacsecState *state = dx_node_state(node);

    switch (control->op) {
    case DX_CONTROL_SA_RECEIVE:
        tell(conf->line.receive, control->op, (unsigned)control->value);
        break;
    case DX_CONTROL_SA_TRANSMIT:
        tell(conf->line.send, control->op, (unsigned)control->value);
        break;
    case DX_CONTROL_SA_DELETE:
        tell(conf->line.receive, control->op, (unsigned)control->value);
        tell(conf->line.send, control->op, (unsigned)control->value);
        break;
    case DX_CONTROL_SECURED:
    case DX_CONTROL_UNSECURED:
        secure(node, control->op == DX_CONTROL_SECURED);
        break;
    case DX_CONTROL_PN_THRESHOLD:
        if (state->is_static)
            renew(node);
        break;
    case DX_CONTROL_PN_EXHAUSTED:
        if (state->is_static)
            secure(node, false);
        break;
    default:
        break;
    }
}

/* News is to come only where a run can get there. */
static void begin_numbers(DxNode *node, MacsecState *state)
{
    const MacsecConf *conf = dx_node_conf(node);
    const bool is_xpn = conf->suite >= 2;

    state->pn = (uint64_t)conf->first_pn;
    state->last_pn = is_xpn ? UINT64_MAX - 1 : UINT32_MAX;
    state->threshold_pn = (uint64_t)conf->rekey_pn;
    state->news_pn = state->threshold_pn ? MIN(state->threshold_pn, state->last_pn) : state->last_pn;
    dx_node_set_alert(node, state->news_pn - state->pn < OUT_OF_REACH);
}

static void send_control(DxNode *node, const DxControl *control)
{
    MacsecState *state = dx_node_state(node);
    const uint16_t an_flags = (uint16_t)(control->value % N_ASSOCIATIONS << DX_FRAME_AN_SHIFT);

    if (control->op == DX_CONTROL_SA_TRANSMIT) {
        state->rekeys += state->key > 0;
        state->key++;
        state->sends = true;
        state->an_flags = an_flags;
        begin_numbers(node, state);
    } else if (control->op == DX_CONTROL_SA_DELETE && state->sends && state->an_flags == an_flags) {
        state->sends = false;
        dx_node_set_alert(node, false);
    }
}

static void receive_control(DxNode *node, const DxControl *control)
{
    const MacsecConf *conf = dx_node_conf(node);
    MacsecState *state = dx_node_state(node);
    const unsigned an = control->value % N_ASSOCIATIONS;

    if (control->op == DX_CONTROL_SA_RECEIVE) {
        state->accepts |= 1u << an;
        state->next_pn[an] = (uint64_t)conf->first_pn;
    } else if (control->op == DX_CONTROL_SA_DELETE) {
        state->accepts &= ~(1u << an);
    }
}

static void macsec_control(DxNode *node, const DxControl *control)
{
    const MacsecState *state = dx_node_state(node);

    if (state->role == DX_MACSEC_ENTER)
        enter_control(node, control);
    else if (state->role == DX_MACSEC_SEND)
        send_control(node, control);
    else
        receive_control(node, control);
}

/* -- set-up ------------------------------------------------------------------------------------------ */

static bool refuse(const char **key, const char *which, GError **error, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

static bool macsec_check(const void *data, const char **key, GError **error)
{
    const MacsecConf *conf = data;
    const bool is_xpn = conf->suite >= 2;

    if (conf->confidentiality_offset != 0 && conf->confidentiality_offset != 30 &&
        conf->confidentiality_offset != 50)
        return refuse(key, "confidentiality_offset", error, "expected 0, 30 or 50");
    if (conf->confidentiality_offset && is_xpn)
        return refuse(key, "confidentiality_offset", error,
                      "suites with XPN encrypt all of a frame; take GCM-AES-128 or GCM-AES-256");
    if (conf->confidentiality_offset && !conf->encrypt)
        return refuse(key, "confidentiality_offset", error, "nothing is encrypted at all");
    if (!is_xpn && conf->first_pn > UINT32_MAX)
        return refuse(key, "first_pn", error, "packet numbers of this suite end at 4294967295");
    if (!is_xpn && conf->rekey_pn > UINT32_MAX)
        return refuse(key, "rekey_pn", error, "packet numbers of this suite end at 4294967295");
    if (conf->rekey_pn && conf->rekey_pn < conf->first_pn)
        return refuse(key, "rekey_pn", error, "every key begins beyond it, see first_pn");
    if (conf->rekey_ps && conf->rekey_ps < DX_US)
        return refuse(key, "rekey", error, "at least 1 us");
    if (conf->rekey_ps && 3 * conf->rekey_ps < conf->retire_ps)
        return refuse(key, "rekey", error, "four keys at once: at least a third of the time to retire");
    if (conf->keys != KEYS_STATIC && conf->rekey_ps)
        return refuse(key, "rekey", error, "there is no key to renew");
    return true;
}

static bool macsec_can_drop(const void *data, unsigned reason)
{
    const MacsecConf *conf = data;
    const bool is_must = conf->mode == MODE_MUST;

    switch (conf->line.role) {
    case DX_MACSEC_ENTER:
        return reason == DROP_TOO_LONG || (reason == DROP_NOT_SECURED && is_must);
    case DX_MACSEC_SEND:
        return (reason == DROP_PN_EXHAUSTED && conf->suite < 2) || reason == DROP_NO_TX_SA;
    default:
        return reason >= DROP_BAD_TAG || (reason == DROP_NO_TAG && is_must);
    }
}

static int macsec_adds_bytes(const void *data)
{
    const MacsecConf *conf = data;
    const int bytes = (conf->sci ? DX_MACSEC_TAG_SCI_BYTES : DX_MACSEC_TAG_BYTES) + DX_MACSEC_ICV_BYTES;

    return conf->line.role == DX_MACSEC_ENTER ? bytes : conf->line.role == DX_MACSEC_RECEIVE ? -bytes : 0;
}

static bool macsec_has_counter(const void *data, unsigned counter)
{
    const MacsecConf *conf = data;

    if (conf->line.role == DX_MACSEC_ENTER || counter == COUNT_SECURED)
        return false;
    return (conf->line.role == DX_MACSEC_RECEIVE) == (counter >= COUNT_OK);
}

static bool macsec_init(DxNode *node, GError **error)
{
    const MacsecConf *conf = dx_node_conf(node);
    MacsecState *state = dx_node_state(node);

    (void)error;
    state->role = conf->line.role;
    state->is_must = conf->mode == MODE_MUST;
    state->is_static = conf->keys == KEYS_STATIC;
    state->overhead_bytes = (conf->sci ? DX_MACSEC_TAG_SCI_BYTES : DX_MACSEC_TAG_BYTES) + DX_MACSEC_ICV_BYTES;
    state->window = (uint64_t)conf->replay_window;
    if (state->role == DX_MACSEC_SEND)
        dx_node_set_reaction(node, conf->reaction_ps);
    else
        state->latency_ps = conf->latency_ps;
    dx_node_set_delay(node, 0, state->latency_ps);
    return true;
}

static void macsec_start(DxNode *node)
{
    const MacsecConf *conf = dx_node_conf(node);
    const MacsecState *state = dx_node_state(node);

    if (state->role != DX_MACSEC_ENTER)
        return;
    if (!state->is_static) {
        dx_node_log(node, "unsecured", "%s", state->is_must ? "nothing passes" : "frames go in clear");
        return;
    }
    use_key(node, 1);
    if (conf->rekey_ps)
        dx_node_post(node, conf->rekey_ps, on_rekey, 0);
}

/* -- octets ------------------------------------------------------------------------------------------ */

static void macsec_wire_init(void *state, const void *data)
{
    const MacsecConf *conf = data;

    dx__secy_init(state, &conf->line,
                  &(DxMacsecConf){ .suite = (DxMacsecSuite)conf->suite,
                                   .say = conf->sci ? DX_MACSEC_SAY_SCI : DX_MACSEC_SAY_ES,
                                   .encrypts = conf->encrypt,
                                   .offset = (unsigned)conf->confidentiality_offset });
}

static const DxWireModel macsec_wire = { .state_size = sizeof(DxSecyWire),
                                         .init = macsec_wire_init,
                                         .clear = dx__secy_clear,
                                         .link_type = dx__line_link_type,
                                         .fcs_bytes = dx__line_fcs_bytes,
                                         .bytes = dx__secy_bytes };

const DxModel dx_model_macsec = {
    .name = "macsec",
    .summary = "Protects the frames of a line: IEEE 802.1AE overhead, packet numbers, keys",
    .conf_size = sizeof(MacsecConf),
    .state_size = sizeof(MacsecState),
    .params = macsec_params,
    .counters = macsec_counters,
    .drops = macsec_drops,
    .check = macsec_check,
    .can_drop = macsec_can_drop,
    .has_counter = macsec_has_counter,
    .adds_bytes = macsec_adds_bytes,
    .init = macsec_init,
    .start = macsec_start,
    .process = macsec_process,
    .control = macsec_control,
    .wire = &macsec_wire,
};
