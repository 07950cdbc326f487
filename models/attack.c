/*
 * attack - somebody on the line between a port and its fiber, one direction
 *
 *   frame -> octets -> read, changed, copied, made up -> what does the receiver say?
 *
 * Octets are made only of frames that are attacked, and judged by the receiver's own checks
 * (wire/attacker.h). Its verdict is known at once: what it will refuse ends here, as dropped for the
 * receiver's reason; what it will take goes on down the line. So the fiber carries no frame that is refused
 * at its end, and a frame that the fiber loses has been judged.
 *
 * What is made up or copied follows its frame at the same time: the attacker's own sending takes no time. It
 * belongs to the frame's flow, goes where that goes and fills the queues behind, but was never sent: its
 * birth is before time 0, and no statistic of flows counts it. What neighbours say to each other (control
 * frames) is let alone. A frame suffers one attack at most, and any number of listeners.
 */
#include <dxsim/attack.h>
#include <dxsim/sim.h>
#include "wire/attacker.h"
#include "wire/put.h"
#include "wire/secy.h"

#include <string.h>

static const char *const attack_drops[] = { "bad_fcs", "not_mine", "no_tag",    "bad_tag",    "no_sci",
                                            "no_sa",   "late",     "not_valid", "bad_packet", NULL };

#define WHOLE      UINT64_C(1000000000000) /* all frames, as a ratio */
#define NEVER_BORN (-1)

typedef struct {
    DxAttackLine line;
} AttackConf;

/* Of one attack. */
typedef struct {
    bool is_on;
    uint64_t left; /* frames; UINT64_MAX: no limit */
} Present;

typedef struct {
    Present *present; /* by attack */
    unsigned n_on;
    DxAttacker attacker;
    uint32_t key; /* of the sender, from 1; 0: none yet */
    unsigned an;  /* its association number */
    uint64_t pn;  /* of the present frame; 0: it goes in clear */
    uint64_t next_pn;
    bool is_broken; /* libcrypto refuses that key: frames are let alone */
    DxRng choice, octets;
    uint32_t n_flows;
    DxFrame *out; /* burst */
    unsigned n_out;
} AttackState;

/* -- what protects the line --------------------------------------------------------------------------- */

/* The keys are those of captures: derived from what both ends know. */
static bool take_key(const DxAttackLine *line, AttackState *state)
{
    const DxAttackSecy *secy = &line->secy;
    DxMacsecConf conf = { .suite = (DxMacsecSuite)secy->suite,
                          .say = secy->sci ? DX_MACSEC_SAY_SCI : DX_MACSEC_SAY_ES,
                          .encrypts = secy->encrypt,
                          .offset = secy->offset,
                          .next_pn = secy->first_pn,
                          .replay_protect = true,
                          .replay_window = secy->replay_window };
    bool is_good;

    dx__ethernet_address(conf.sci, line->from);
    put_u16(conf.sci + 6, 1);
    is_good = dx__secy_derive(secy->line, state->key, &conf);
    conf.an = (uint8_t)state->an;
    is_good = is_good && dx__attacker_secure(&state->attacker, &conf, NULL);
    memset(conf.key, 0, sizeof conf.key);
    return is_good;
}

/* Every protected frame has the next number of its key, and every key the next association: all of them pass
 * here before any can be lost. */
static void number(DxNode *node, AttackState *state, const DxFrame *frame)
{
    const AttackConf *conf = dx_node_conf(node);
    const unsigned an = frame->flags >> DX_FRAME_AN_SHIFT & 3;

    if (!(frame->flags & DX_FRAME_SECTAG)) {
        state->pn = 0;
        return;
    }
    if (!state->key || an != state->an) {
        state->key++;
        state->an = an;
        state->next_pn = conf->line.secy.first_pn;
        state->is_broken = !take_key(&conf->line, state);
    }
    state->pn = state->next_pn++;
}

static void number_all(DxNode *node, AttackState *state, const DxBurst *burst)
{
    for (unsigned i = 0; i < burst->n; i++)
        number(node, state, &burst->frame[i]);
}

/* What is in clear has no SecTAG to take off. */
static void undress(const DxAttackSecy *secy, const DxAttackOutcome *outcome, DxFrame *frame)
{
    const unsigned overhead =
        (secy->sci ? DX_MACSEC_TAG_SCI_BYTES : DX_MACSEC_TAG_BYTES) + DX_MACSEC_ICV_BYTES;

    if (outcome->is_protected || !(frame->flags & DX_FRAME_SECTAG))
        return;
    frame->flags &= (uint16_t) ~(DX_FRAME_SECTAG | 3 << DX_FRAME_AN_SHIFT);
    frame->overhead_bytes = (uint8_t)(frame->overhead_bytes - MIN(frame->overhead_bytes, overhead));
}

/* -- frames ------------------------------------------------------------------------------------------ */

static void flush(DxNode *node, AttackState *state)
{
    DxBurst burst = { state->out, state->n_out };

    state->n_out = 0;
    dx_node_emit(node, 0, &burst);
}

static void send(DxNode *node, AttackState *state, const DxFrame *frame)
{
    if (state->n_out == DX_BURST_MAX)
        flush(node, state);
    state->out[state->n_out++] = *frame;
}

static void count(DxAttackCounts *counts, const DxAttackOutcome *outcome)
{
    counts->attacked++;
    counts->observed += outcome->observed;
    counts->header += outcome->header;
    counts->read += outcome->read;
    if (!outcome->sends)
        return;
    counts->sent++;
    if (outcome->verdict == DX_ATTACK_ACCEPTED) {
        counts->accepted++;
        return;
    }
    counts->rejected++;
    counts->reason[outcome->verdict]++;
}

static DxAttackOutcome act(const DxNode *node, AttackState *state, DxAttackKind kind, const DxFrame *frame)
{
    const AttackConf *conf = dx_node_conf(node);
    const DxWireFrame what = { .frame = frame,
                               .flow = dx_sim_flow(dx_node_sim(node), frame->flow),
                               .seq = frame->seq,
                               .from = conf->line.from,
                               .to = conf->line.to };

    return dx__attacker_act(&state->attacker, kind, &what, state->pn, &state->octets);
}

static bool is_in_place(DxAttackKind kind)
{
    return kind == DX_ATTACK_MODIFY || kind == DX_ATTACK_MITM;
}

/* What has taken the frame's place. */
static void replace(DxNode *node, AttackState *state, const DxAttackOutcome *outcome, const DxFrame *frame)
{
    const AttackConf *conf = dx_node_conf(node);
    DxFrame other = *frame;

    undress(&conf->line.secy, outcome, &other);
    if (outcome->verdict == DX_ATTACK_ACCEPTED)
        send(node, state, &other);
    else
        dx_node_drop(node, outcome->verdict, &other);
}

static void follow(DxNode *node, AttackState *state, const DxAttackOutcome *outcome, const DxFrame *frame)
{
    const AttackConf *conf = dx_node_conf(node);
    DxFrame more = *frame;

    undress(&conf->line.secy, outcome, &more);
    more.birth_ps = NEVER_BORN;
    dx_node_create(node, 1);
    if (outcome->verdict == DX_ATTACK_ACCEPTED)
        send(node, state, &more);
    else
        dx_node_drop(node, outcome->verdict, &more);
}

/* Is it this one's turn? */
static bool is_chosen(AttackState *state, const DxAttack *attack, Present *present)
{
    if (!present->is_on || !present->left)
        return false;
    if (attack->ratio < WHOLE && dx_rng_below(&state->choice, WHOLE) >= attack->ratio)
        return false;
    present->left -= present->left != UINT64_MAX;
    return true;
}

/* Whoever listens, listens; of the others the first whose turn it is acts. */
static void attack_frame(DxNode *node, AttackState *state, const DxFrame *frame)
{
    const AttackConf *conf = dx_node_conf(node);
    DxAttackOutcome outcome = { .sends = false };
    DxAttackKind kind = DX_ATTACK_EAVESDROP;

    for (unsigned i = 0; i < conf->line.n && !outcome.sends; i++) {
        const DxAttack *attack = &conf->line.attack[i];

        if (!is_chosen(state, attack, &state->present[i]))
            continue;
        kind = attack->kind;
        outcome = act(node, state, kind, frame);
        count(attack->counts, &outcome);
    }
    if (outcome.sends && is_in_place(kind)) {
        replace(node, state, &outcome, frame);
        return;
    }
    send(node, state, frame);
    if (outcome.sends)
        follow(node, state, &outcome, frame);
}

static void attack_process(DxNode *node, DxBurst *burst)
{
    AttackState *state = dx_node_state(node);

    if (!state->n_on) {
        number_all(node, state, burst);
        dx_node_emit(node, 0, burst);
        return;
    }
    for (unsigned i = 0; i < burst->n; i++) {
        const DxFrame *frame = &burst->frame[i];

        number(node, state, frame);
        if (state->is_broken || frame->flags & (DX_FRAME_CONTROL | DX_FRAME_SIDE) ||
            frame->flow >= state->n_flows || frame->birth_ps == NEVER_BORN)
            send(node, state, frame);
        else
            attack_frame(node, state, frame);
    }
    flush(node, state);
}

/* -- events ------------------------------------------------------------------------------------------ */

static void attack_control(DxNode *node, const DxControl *control)
{
    const AttackConf *conf = dx_node_conf(node);
    AttackState *state = dx_node_state(node);
    Present *present;

    if (control->op != DX_CONTROL_ATTACK || control->index >= conf->line.n)
        return;
    present = &state->present[control->index];
    state->n_on += (unsigned)(control->value != 0) - (unsigned)present->is_on;
    present->is_on = control->value != 0;
    if (present->is_on)
        present->left =
            conf->line.attack[control->index].frames ? conf->line.attack[control->index].frames : UINT64_MAX;
}

/* -- set-up ------------------------------------------------------------------------------------------ */

/* The others are a SecY's. */
static bool attack_can_drop(const void *data, unsigned reason)
{
    const AttackConf *conf = data;
    const bool is_secy = reason >= DX_ATTACK_NO_TAG && reason <= DX_ATTACK_NOT_VALID;

    return !is_secy || conf->line.secy.line;
}

static bool attack_init(DxNode *node, GError **error)
{
    const AttackConf *conf = dx_node_conf(node);
    AttackState *state = dx_node_state(node);

    if (!conf->line.attack)
        return dx_node_fail(node, NULL, error, DX_ERROR_RANGE,
                            "it serves a line; put an event that attacks it into the scenario");
    state->present = g_new0(Present, conf->line.n);
    state->out = g_new(DxFrame, DX_BURST_MAX);
    state->n_flows = dx_sim_n_flows(dx_node_sim(node));
    dx__attacker_init(&state->attacker, conf->line.from, conf->line.to);
    state->attacker.is_secured = conf->line.secy.line != NULL;
    state->attacker.is_must = conf->line.secy.is_must;
    dx_node_rng(node, "choice", &state->choice);
    dx_node_rng(node, "octets", &state->octets);
    return true;
}

static void attack_clear(DxNode *node)
{
    AttackState *state = dx_node_state(node);

    dx__attacker_clear(&state->attacker);
    g_free(state->present);
    g_free(state->out);
}

const DxModel dx_model_attack = {
    .name = "attack",
    .summary = "Somebody on a line: reads, changes, replays, makes up frames",
    .conf_size = sizeof(AttackConf),
    .state_size = sizeof(AttackState),
    .drops = attack_drops,
    .can_drop = attack_can_drop,
    .init = attack_init,
    .process = attack_process,
    .control = attack_control,
    .clear = attack_clear,
};
