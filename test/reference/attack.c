/*
 * attack - somebody on a line, as docs/models/attack.md has it, without an octet
 *
 * What the receiver makes of a frame follows from what whoever has no key can do with one: he reads what is
 * in clear, and repeats what he has heard. Whatever he changes or makes up under a SecTAG has no valid ICV.
 */
#include "reference-priv.h"

#include <dxsim/attack.h>
#include <string.h>

#define WHOLE  UINT64_C(1000000000000)
#define UNBORN (-1)

/* One entry under "events". */
typedef struct {
    uint32_t plan;
    DxAttackKind kind;
    uint64_t ratio, frames, left;
    bool is_on, has_limit;
} Deed;

typedef struct {
    Part part;
    GArray *deeds; /* Deed, in order of the file */
    DxRng choice;
    bool is_secured, is_must, encrypts, shows_header;
    uint64_t window;
    uint32_t overhead;
    DxAttackCounts counts[DX_ATTACK_N_KINDS];
    uint64_t dropped[DX_ATTACK_N_REASONS];
} Attacker;

static const char *const reasons[DX_ATTACK_N_REASONS] = { "bad_fcs", "not_mine",  "no_tag",
                                                          "bad_tag", "no_sci",    "no_sa",
                                                          "late",    "not_valid", "bad_packet" };
static const char *const kinds[DX_ATTACK_N_KINDS] = { "eavesdrop", "modify",    "replay",
                                                      "inject",    "spoof_mac", "man_in_the_middle" };

static GArray *deeds_of(const ReferenceWorld *world, uint32_t link, unsigned d)
{
    GArray *deeds = g_array_new(FALSE, TRUE, sizeof(Deed));

    for (uint32_t i = 0; i < world->scenario->plans->len; i++) {
        const DxScPlan *plan = DX_SC(world->scenario, plans, DxScPlan, i);
        const Deed deed = { .plan = i,
                            .kind = (DxAttackKind)plan->attack_kind,
                            .ratio = (uint64_t)plan->attack_ratio,
                            .frames = (uint64_t)plan->attack_frames };

        if (plan->what != DX_SC_ATTACK ||
            (plan->from != DX_NONE && plan->from != DX_SC(world->scenario, links, DxScLink, link)->end[d]))
            continue;
        for (guint k = 0; k < plan->links->len; k++)
            if (g_array_index(plan->links, uint32_t, k) == link)
                g_array_append_val(deeds, deed);
    }
    return deeds;
}

bool attack_is_planned(const ReferenceWorld *world, uint32_t link, unsigned d)
{
    GArray *deeds = deeds_of(world, link, d);
    const bool is_planned = deeds->len > 0;

    g_array_unref(deeds);
    return is_planned;
}

void attack_set_up(ReferenceWorld *world, Part *part, uint32_t link, unsigned d)
{
    Attacker *attacker = (Attacker *)part;
    const void *conf = DX_SC(world->scenario, links, DxScLink, link)->macsec;

    attacker->deeds = deeds_of(world, link, d);
    node_rng(world, &part->node, "choice", &attacker->choice);
    if (!conf)
        return;
    attacker->is_secured = true;
    attacker->is_must = conf_int(world, "macsec", conf, "mode") == 0;
    attacker->encrypts = conf_int(world, "macsec", conf, "encrypt") != 0;
    attacker->shows_header = conf_int(world, "macsec", conf, "confidentiality_offset") > 0;
    attacker->window = (uint64_t)conf_int(world, "macsec", conf, "replay_window");
    attacker->overhead = conf_int(world, "macsec", conf, "sci") ? 16 + 16 : 8 + 16;
}

static void attack_init(ReferenceWorld *world, Part *part, const void *conf)
{
    (void)world;
    (void)part;
    (void)conf;
}

static void attack_clear(Part *part)
{
    g_array_unref(((Attacker *)part)->deeds);
}

/* -- what comes of it --------------------------------------------------------------------------------- */

static bool stays_protected(DxAttackKind kind)
{
    return kind != DX_ATTACK_INJECT && kind != DX_ATTACK_MITM;
}

static DxAttackVerdict verdict(const Attacker *attacker, DxAttackKind kind, const Frame *frame)
{
    if (!frame->is_protected || !stays_protected(kind))
        return attacker->is_secured && attacker->is_must ? DX_ATTACK_NO_TAG : DX_ATTACK_ACCEPTED;
    if (kind != DX_ATTACK_REPLAY)
        return DX_ATTACK_NOT_VALID;
    return attacker->window ? DX_ATTACK_ACCEPTED : DX_ATTACK_LATE;
}

static void note(Attacker *attacker, DxAttackKind kind, const Frame *frame)
{
    DxAttackCounts *counts = &attacker->counts[kind];
    const bool reads = !frame->is_protected || !attacker->encrypts;

    counts->attacked++;
    counts->observed++;
    counts->header += reads || attacker->shows_header;
    counts->read += reads;
}

static bool is_turn(Attacker *attacker, Deed *deed)
{
    if (!deed->is_on || (deed->has_limit && !deed->left))
        return false;
    if (deed->ratio < WHOLE && dx_rng_below(&attacker->choice, WHOLE) >= deed->ratio)
        return false;
    deed->left -= deed->has_limit;
    return true;
}

/* Goes on, or is refused. */
static void dispatch(ReferenceWorld *world, Attacker *attacker, DxAttackKind kind, DxAttackVerdict what,
                     Frame *frame)
{
    DxAttackCounts *counts = &attacker->counts[kind];

    if (frame->is_protected && !stays_protected(kind)) {
        frame->is_protected = false;
        frame->overhead_bytes -= attacker->overhead;
    }
    counts->sent++;
    if (what == DX_ATTACK_ACCEPTED) {
        counts->accepted++;
        world_send(world, &attacker->part.next, frame);
        return;
    }
    counts->rejected++;
    counts->reason[what]++;
    attacker->dropped[what]++;
    frame_drop(world, &attacker->part.node, frame, reasons[what]);
}

static void strike(ReferenceWorld *world, Attacker *attacker, DxAttackKind kind, Frame *frame)
{
    const DxAttackVerdict what = verdict(attacker, kind, frame);
    Frame *more;

    if (kind == DX_ATTACK_MODIFY || kind == DX_ATTACK_MITM) {
        dispatch(world, attacker, kind, what, frame);
        return;
    }
    more = g_memdup2(frame, sizeof *frame);
    more->birth_ps = UNBORN;
    frame_born(world, more);
    world_send(world, &attacker->part.next, frame);
    dispatch(world, attacker, kind, what, more);
}

static void attack_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Attacker *attacker = who;

    (void)arg;
    for (guint i = 0; frame->group != DX_NONE && frame->birth_ps != UNBORN && i < attacker->deeds->len; i++) {
        Deed *deed = &g_array_index(attacker->deeds, Deed, i);

        if (!is_turn(attacker, deed))
            continue;
        note(attacker, deed->kind, frame);
        if (deed->kind == DX_ATTACK_EAVESDROP)
            continue;
        strike(world, attacker, deed->kind, frame);
        return;
    }
    world_send(world, &attacker->part.next, frame);
}

/* -- events and rows ---------------------------------------------------------------------------------- */

static void tell(ReferenceWorld *world, const Attacker *attacker, const char *direction, const Deed *deed)
{
    const DxAttackCounts *counts = &attacker->counts[deed->kind];
    const bool listens = deed->kind == DX_ATTACK_EAVESDROP;
    char *detail;

    if (deed->is_on)
        detail = g_strdup_printf("%s begins", kinds[deed->kind]);
    else
        detail = g_strdup_printf("%s ends: %" G_GUINT64_FORMAT " frames %s so far, %" G_GUINT64_FORMAT " %s",
                                 kinds[deed->kind], listens ? counts->attacked : counts->sent,
                                 listens ? "seen" : "sent", listens ? counts->read : counts->accepted,
                                 listens ? "read" : "accepted");
    world_log(world, direction, "attack", detail);
    g_free(detail);
}

void attack_happens(ReferenceWorld *world, Part *part, const char *direction, const DxScEvent *event)
{
    Attacker *attacker = (Attacker *)part;

    for (guint i = 0; i < attacker->deeds->len; i++) {
        Deed *deed = &g_array_index(attacker->deeds, Deed, i);

        if (deed->plan != event->plan)
            continue;
        deed->is_on = event->is_begin;
        deed->has_limit = deed->frames > 0;
        deed->left = deed->is_on ? deed->frames : deed->left;
        tell(world, attacker, direction, deed);
    }
}

static bool can_be(const Attacker *attacker, unsigned reason)
{
    return attacker->is_secured || reason < DX_ATTACK_NO_TAG || reason > DX_ATTACK_NOT_VALID;
}

void attack_watch_drops(ReferenceWorld *world, const char *object, Part *part)
{
    Attacker *attacker = (Attacker *)part;

    for (unsigned i = 0; i < DX_ATTACK_N_REASONS; i++) {
        char *metric = g_strconcat("dropped_attack_", reasons[i], NULL);

        if (can_be(attacker, i))
            dx_results_watch(world->reference->results, "link", object, metric, DX_COUNTER_SUM,
                             &attacker->dropped[i]);
        g_free(metric);
    }
}

static void watch_kind(ReferenceWorld *world, Attacker *attacker, DxAttackKind kind, const char *object)
{
    DxAttackCounts *counts = &attacker->counts[kind];
    DxResults *results = world->reference->results;

    dx_results_watch(results, "attack", object, "attacked_frames", DX_COUNTER_SUM, &counts->attacked);
    dx_results_watch(results, "attack", object, "observed_frames", DX_COUNTER_SUM, &counts->observed);
    dx_results_watch(results, "attack", object, "header_frames", DX_COUNTER_SUM, &counts->header);
    dx_results_watch(results, "attack", object, "read_frames", DX_COUNTER_SUM, &counts->read);
    if (kind == DX_ATTACK_EAVESDROP)
        return;
    dx_results_watch(results, "attack", object, "sent_frames", DX_COUNTER_SUM, &counts->sent);
    dx_results_watch(results, "attack", object, "accepted_frames", DX_COUNTER_SUM, &counts->accepted);
    dx_results_watch(results, "attack", object, "rejected_frames", DX_COUNTER_SUM, &counts->rejected);
    for (unsigned i = 0; i < DX_ATTACK_N_REASONS; i++) {
        char *metric = g_strconcat("rejected_", reasons[i], NULL);

        if (can_be(attacker, i))
            dx_results_watch(results, "attack", object, metric, DX_COUNTER_SUM, &counts->reason[i]);
        g_free(metric);
    }
}

static bool is_planned(const Attacker *attacker, DxAttackKind kind)
{
    for (guint i = 0; i < attacker->deeds->len; i++)
        if (g_array_index(attacker->deeds, Deed, i).kind == kind)
            return true;
    return false;
}

void attack_watch(ReferenceWorld *world, Part *part, const DxScLink *link, unsigned d)
{
    for (unsigned kind = 0; kind < DX_ATTACK_N_KINDS; kind++) {
        char *name = g_strdup_printf("%s.%s", link->name, kinds[kind]);
        char *object = dx__scenario_direction(world->scenario, name, link->end, d);

        if (is_planned((Attacker *)part, (DxAttackKind)kind))
            watch_kind(world, (Attacker *)part, (DxAttackKind)kind, object);
        g_free(name);
        g_free(object);
    }
}

const PartKind attack_kind = { .model = "attack",
                               .size = sizeof(Attacker),
                               .init = attack_init,
                               .clear = attack_clear,
                               .arrival = attack_arrival };
