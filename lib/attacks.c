/*
 * attacks - see attacks-priv.h
 */
#include "attacks-priv.h"

#include <dxsim/attack.h>
#include <inttypes.h>

const char *const dx__attack_kinds[] = { "eavesdrop",         "modify", "replay", "inject", "spoof_mac",
                                         "man_in_the_middle", NULL };

/* One direction of a link. */
typedef struct {
    DxNode *node;
    char *from, *to;
    GArray *attacks;        /* DxAttack, in order of the plans */
    GArray *plans;          /* uint32_t: which they are */
    DxAttackCounts *counts; /* by kind */
} Way;

struct DxAttacks {
    const DxScenario *scenario;
    Way *way; /* by 2 * link + direction; no attacks: nobody does */
};

/* -- making ------------------------------------------------------------------------------------------ */

static void add_attack(DxAttacks *attacks, uint32_t plan_index, uint32_t link_index, unsigned d)
{
    const DxScPlan *plan = DX_SC(attacks->scenario, plans, DxScPlan, plan_index);
    const DxScLink *link = DX_SC(attacks->scenario, links, DxScLink, link_index);
    Way *way = &attacks->way[2 * link_index + d];
    DxAttack attack = { .kind = (DxAttackKind)plan->attack_kind,
                        .ratio = (uint64_t)plan->attack_ratio,
                        .frames = (uint64_t)plan->attack_frames };

    if (!link->is_used[d] || (plan->from != DX_NONE && plan->from != link->end[d]))
        return;
    if (!way->attacks) {
        way->attacks = g_array_new(FALSE, FALSE, sizeof(DxAttack));
        way->plans = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        way->counts = g_new0(DxAttackCounts, DX_ATTACK_N_KINDS);
        way->from = DX_SC(attacks->scenario, nodes, DxScNode, link->end[d])->name;
        way->to = DX_SC(attacks->scenario, nodes, DxScNode, link->end[!d])->name;
    }
    attack.counts = &way->counts[attack.kind];
    g_array_append_val(way->attacks, attack);
    g_array_append_val(way->plans, plan_index);
}

DxAttacks *dx__attacks_new(const DxScenario *scenario)
{
    DxAttacks *attacks = g_new0(DxAttacks, 1);

    attacks->scenario = scenario;
    attacks->way = g_new0(Way, 2 * scenario->links->len + 1);
    for (guint i = 0; i < scenario->plans->len; i++) {
        const DxScPlan *plan = DX_SC(scenario, plans, DxScPlan, i);

        for (guint k = 0; plan->what == DX_SC_ATTACK && k < plan->links->len; k++)
            for (unsigned d = 0; d < 2; d++)
                add_attack(attacks, i, g_array_index(plan->links, uint32_t, k), d);
    }
    return attacks;
}

void dx__attacks_free(DxAttacks *attacks)
{
    for (guint i = 0; attacks && i < 2 * attacks->scenario->links->len; i++) {
        if (!attacks->way[i].attacks)
            continue;
        g_array_unref(attacks->way[i].attacks);
        g_array_unref(attacks->way[i].plans);
        g_free(attacks->way[i].counts);
    }
    if (attacks)
        g_free(attacks->way);
    g_free(attacks);
}

/* @conf: of model "macsec"; NULL: there is none. */
static DxAttackSecy secy_of(const DxScenario *scenario, const void *conf, const DxMacsecLine *line)
{
    const DxModel *model = dx__scenario_model(scenario, "macsec");

    if (!conf || !line)
        return (DxAttackSecy){ .line = NULL };
    return (DxAttackSecy){ .line = line,
                           .suite = (int)dx__conf_int(model, conf, "suite"),
                           .sci = dx__conf_int(model, conf, "sci") != 0,
                           .encrypt = dx__conf_int(model, conf, "encrypt") != 0,
                           .is_must = dx__conf_int(model, conf, "mode") == 0,
                           .offset = (unsigned)dx__conf_int(model, conf, "confidentiality_offset"),
                           .replay_window = (uint32_t)dx__conf_int(model, conf, "replay_window"),
                           .first_pn = (uint64_t)dx__conf_int(model, conf, "first_pn") };
}

DxNode *dx__attacks_make(DxAttacks *attacks, DxSim *sim, uint32_t link, unsigned d, const char *name,
                         const DxMacsecLine *secy)
{
    Way *way = &attacks->way[2 * link + d];
    g_autofree char *node_name = g_strconcat(name, ".attack", NULL);
    const void *conf;

    if (!way->attacks)
        return NULL;
    conf = DX_SC(attacks->scenario, links, DxScLink, link)->macsec;
    way->node = dx_sim_add(sim, node_name, dx__scenario_model(attacks->scenario, "attack"));
    *(DxAttackLine *)dx_sim_conf(way->node) =
        (DxAttackLine){ .from = way->from,
                        .to = way->to,
                        .secy = secy_of(attacks->scenario, conf, secy),
                        .n = way->attacks->len,
                        .attack = &g_array_index(way->attacks, DxAttack, 0) };
    return way->node;
}

/* -- events ------------------------------------------------------------------------------------------ */

static void tell(const DxScLink *link, const DxScenario *scenario, unsigned d, DxSim *sim,
                 const DxAttack *attack, bool is_begin)
{
    g_autofree char *direction = dx__scenario_direction(scenario, link->name, link->end, d);
    const DxAttackCounts *counts = attack->counts;
    GString *detail = g_string_new(dx__attack_kinds[attack->kind]);

    if (is_begin)
        g_string_append(detail, " begins");
    else if (attack->kind == DX_ATTACK_EAVESDROP)
        g_string_append_printf(detail, " ends: %" PRIu64 " frames seen so far, %" PRIu64 " read",
                               counts->attacked, counts->read);
    else
        g_string_append_printf(detail, " ends: %" PRIu64 " frames sent so far, %" PRIu64 " accepted",
                               counts->sent, counts->accepted);
    dx_sim_log(sim, direction, "attack", detail->str);
    g_string_free(detail, TRUE);
}

void dx__attacks_happen(const DxAttacks *attacks, DxSim *sim, const DxScEvent *event)
{
    for (unsigned d = 0; d < 2; d++) {
        const Way *way = &attacks->way[2 * event->link + d];

        for (guint i = 0; way->node && i < way->attacks->len; i++) {
            if (g_array_index(way->plans, uint32_t, i) != event->plan)
                continue;
            dx_sim_control(way->node,
                           &(DxControl){ .op = DX_CONTROL_ATTACK, .index = i, .value = event->is_begin });
            tell(DX_SC(attacks->scenario, links, DxScLink, event->link), attacks->scenario, d, sim,
                 &g_array_index(way->attacks, DxAttack, i), event->is_begin);
        }
    }
}

/* -- measuring --------------------------------------------------------------------------------------- */

static void watch(DxResults *results, const char *object, const char *metric, uint64_t *from)
{
    dx_results_watch(results, "attack", object, metric, DX_COUNTER_SUM, from);
}

static void watch_kind(DxResults *results, const char *object, const DxNode *node, DxAttackKind kind,
                       DxAttackCounts *counts)
{
    const DxModel *model = dx_node_model(node);

    watch(results, object, "attacked_frames", &counts->attacked);
    watch(results, object, "observed_frames", &counts->observed);
    watch(results, object, "header_frames", &counts->header);
    watch(results, object, "read_frames", &counts->read);
    if (kind == DX_ATTACK_EAVESDROP)
        return;
    watch(results, object, "sent_frames", &counts->sent);
    watch(results, object, "accepted_frames", &counts->accepted);
    watch(results, object, "rejected_frames", &counts->rejected);
    for (unsigned i = 0; i < DX_ATTACK_N_REASONS; i++) {
        g_autofree char *metric = g_strconcat("rejected_", model->drops[i], NULL);

        if (model->can_drop(dx_node_conf(node), i))
            watch(results, object, metric, &counts->reason[i]);
    }
}

static bool is_planned(const Way *way, DxAttackKind kind)
{
    for (guint i = 0; i < way->attacks->len; i++)
        if (g_array_index(way->attacks, DxAttack, i).kind == kind)
            return true;
    return false;
}

void dx__attacks_watch(const DxAttacks *attacks, DxResults *results)
{
    for (guint i = 0; i < 2 * attacks->scenario->links->len; i++) {
        const Way *way = &attacks->way[i];
        const DxScLink *link = DX_SC(attacks->scenario, links, DxScLink, i / 2);

        for (unsigned kind = 0; way->node && kind < DX_ATTACK_N_KINDS; kind++) {
            g_autofree char *name = g_strdup_printf("%s.%s", link->name, dx__attack_kinds[kind]);
            g_autofree char *object = dx__scenario_direction(attacks->scenario, name, link->end, i % 2);

            if (is_planned(way, (DxAttackKind)kind))
                watch_kind(results, object, way->node, (DxAttackKind)kind, &way->counts[kind]);
        }
    }
}
