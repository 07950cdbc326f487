/*
 * bgp/bestpath - the decision: which of several paths to one prefix is the best
 *
 *   candidates --> weight --> local_pref --> ... --> neighbor_ip --> one is left
 *                    |            |                      |
 *                    +--> each that drops out, at which step and against whom
 *
 * RFC 4271 9.1.2.2 in the order that routers have made of it. Elimination: at each rung every path goes that
 * one of the rest beats there. MED is compared between paths of one neighbouring AS only, so "beats" is not
 * transitive, and sorting would be wrong; elimination gives the same winner as grouping by AS does
 * (deterministic-med).
 *
 * Without deterministic-med, routers compare the newest path with the next older one, the better of these
 * with the next, and so on. Where that ends elsewhere, it is what counts, and every loser dropped out of its
 * own duel.
 *
 * Not here: AIGP, links' bandwidth, stale paths of a graceful restart, several paths of one neighbour (RFC
 * 7911).
 */
#include "bgp/bgp.h"

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

const DxBgpStepInfo dx__bgp_steps[DX_BGP_N_STEPS] = {
    [DX_BGP_STEP_NONE] = { "none", "-", "-" },
    [DX_BGP_WEIGHT] = { "weight", "weight", "local to the router" },
    [DX_BGP_LOCAL_PREF] = { "local_pref", "lpref", "RFC 4271 9.1.1" },
    [DX_BGP_LOCAL_ORIGIN] = { "local_origin", "local", "local to the router" },
    [DX_BGP_AS_PATH_LENGTH] = { "as_path_length", "aspath", "RFC 4271 9.1.2.2 a, RFC 5065 5.3" },
    [DX_BGP_ORIGIN] = { "origin", "origin", "RFC 4271 9.1.2.2 b" },
    [DX_BGP_MED] = { "med", "med", "RFC 4271 9.1.2.2 c" },
    [DX_BGP_EBGP_OVER_IBGP] = { "ebgp_over_ibgp", "type", "RFC 4271 9.1.2.2 d" },
    [DX_BGP_IGP_METRIC] = { "igp_metric", "igp", "RFC 4271 9.1.2.2 e" },
    [DX_BGP_OLDEST] = { "oldest", "oldest", "RFC 5004" },
    [DX_BGP_ROUTER_ID] = { "router_id", "id", "RFC 4271 9.1.2.2 f, RFC 4456 9" },
    [DX_BGP_CLUSTER_LIST] = { "cluster_list", "cluster", "RFC 4456 9" },
    [DX_BGP_NEIGHBOR_IP] = { "neighbor_ip", "neighbor", "RFC 4271 9.1.2.2 g" },
};

const char *const dx__bgp_sources[] = { "ebgp", "confed", "ibgp", "local", NULL };

/* -- knobs ------------------------------------------------------------------------------------------- */

static void profile_default(DxBgpKnobs *knobs)
{
    knobs->prefers_confed_external = true;
}

static void profile_cisco(DxBgpKnobs *knobs)
{
    knobs->prefers_confed_external = false;
    knobs->age_needs_other_router_id = true;
    knobs->strict_confed_med = true;
    knobs->multipath = DX_BGP_MULTIPATH_EXACT;
}

static void profile_briefing(DxBgpKnobs *knobs)
{
    knobs->always_compare_med = true;
    knobs->equal_cluster_length = false;
    knobs->age = DX_BGP_AGE_TIMESTAMP;
}

const DxBgpProfile dx__bgp_profiles[] = {
    { "default", "as FRR 8.4 decides", profile_default },
    { "cisco", "as Cisco document 13753 has it", profile_cisco },
    { "briefing-literal", "the briefing's words: MED always compared, age as a time stamp",
      profile_briefing },
    { NULL, NULL, NULL },
};

void dx__bgp_knobs_init(DxBgpKnobs *knobs)
{
    *knobs = (DxBgpKnobs){ .default_local_pref = 100, .maximum_paths = 4 };
    dx__bgp_profiles[0].apply(knobs);
}

void dx__bgp_path_prepare(DxBgpPath *path)
{
    path->hops = dx__as_path_hops(&path->as_path);
    path->confed_hops = dx__as_path_confed_hops(&path->as_path);
    path->med_as = dx__as_path_neighbor(&path->as_path);
    path->med_confed_as = dx__as_path_confed_neighbor(&path->as_path);
}

/* -- the ladder: each step is negative if a wins, positive if b wins ---------------------------------- */

/* The better path of two at one step. @incumbent: may be NULL. */
typedef int (*Step)(const DxBgpKnobs *knobs, const DxBgpPath *a, const DxBgpPath *b,
                    const DxBgpPath *incumbent);

#define STEP(name)                                                                                           \
    static int name(G_GNUC_UNUSED const DxBgpKnobs *knobs, G_GNUC_UNUSED const DxBgpPath *a,                 \
                    G_GNUC_UNUSED const DxBgpPath *b, G_GNUC_UNUSED const DxBgpPath *incumbent)

/* 1: the higher. A path of our own has 32768 unless told otherwise, so most contests of it end here. */
STEP(weight)
{
    return COMPARE(b->weight, a->weight);
}

uint32_t dx__bgp_local_pref(const DxBgpKnobs *knobs, const DxBgpPath *path)
{
    return path->has_local_pref ? path->local_pref : knobs->default_local_pref;
}

/* 2: RFC 4271 9.1.1, the degree of preference: the higher. */
STEP(local_pref)
{
    return COMPARE(dx__bgp_local_pref(knobs, b), dx__bgp_local_pref(knobs, a));
}

/* 3: what begins here before what was learned. */
STEP(local_origin)
{
    return COMPARE(b->source == DX_BGP_LOCAL, a->source == DX_BGP_LOCAL);
}

uint32_t dx__bgp_length(const DxBgpKnobs *knobs, const DxBgpPath *path)
{
    return path->hops + (knobs->as_path_confed ? path->confed_hops : 0);
}

/* 4: RFC 4271 9.1.2.2 a: the shorter; a set counts as one, a confederation's segments not at all (RFC
 * 5065 5.3). */
STEP(as_path_length)
{
    return knobs->as_path_ignore ? 0 : COMPARE(dx__bgp_length(knobs, a), dx__bgp_length(knobs, b));
}

/* 5: RFC 4271 9.1.2.2 b: IGP before EGP before incomplete. */
STEP(origin)
{
    return COMPARE(a->origin, b->origin);
}

uint32_t dx__bgp_med(const DxBgpKnobs *knobs, const DxBgpPath *path)
{
    return path->has_med ? path->med : knobs->med_missing_as_worst ? UINT32_MAX : 0;
}

/* Nobody outside of the confederation, or of this AS, has touched them: their MEDs are our own. */
static bool med_is_internal(const DxBgpKnobs *knobs, const DxBgpPath *a, const DxBgpPath *b)
{
    if (a->hops || b->hops)
        return false;
    return !knobs->strict_confed_med || knobs->med_confed || (!a->confed_hops && !b->confed_hops);
}

bool dx__bgp_med_comparable(const DxBgpKnobs *knobs, const DxBgpPath *a, const DxBgpPath *b)
{
    return knobs->always_compare_med || (a->med_as && a->med_as == b->med_as) ||
           (!knobs->strict_confed_med && a->med_confed_as && a->med_confed_as == b->med_confed_as) ||
           med_is_internal(knobs, a, b);
}

/* 6: RFC 4271 9.1.2.2 c: the lower, between paths of one neighbouring AS. */
STEP(med)
{
    return dx__bgp_med_comparable(knobs, a, b) ? COMPARE(dx__bgp_med(knobs, a), dx__bgp_med(knobs, b)) : 0;
}

static int rank(const DxBgpKnobs *knobs, const DxBgpPath *path)
{
    if (path->source == DX_BGP_EBGP)
        return 0;
    return path->source == DX_BGP_CONFED && knobs->prefers_confed_external ? 1 : 2;
}

/* 7: RFC 4271 9.1.2.2 d: external before internal; peers of the confederation are internal. */
STEP(ebgp_over_ibgp)
{
    return COMPARE(rank(knobs, a), rank(knobs, b));
}

/* 8: RFC 4271 9.1.2.2 e: the lower, for external paths too: their next hop may be far. */
STEP(igp_metric)
{
    return COMPARE(a->igp_metric, b->igp_metric);
}

/* 11: RFC 4456 9: the shorter; none is 0. */
STEP(cluster_list)
{
    return COMPARE(a->n_clusters, b->n_clusters);
}

/* The same before step 9, between internal paths, for equal-cluster-length. */
STEP(cluster_list_early)
{
    return knobs->equal_cluster_length && a->source == DX_BGP_IBGP && b->source == DX_BGP_IBGP
               ? COMPARE(a->n_clusters, b->n_clusters)
               : 0;
}

uint32_t dx__bgp_originator(const DxBgpPath *path)
{
    return path->has_originator_id ? path->originator_id : path->router_id;
}

/* 9: RFC 5004: between external paths the one that is the best now stays, so that a newcomer causes no
 * change. */
STEP(oldest)
{
    if (knobs->compare_routerid)
        return 0;
    if (knobs->age == DX_BGP_AGE_TIMESTAMP)
        return COMPARE(a->received, b->received);
    if (a->source != DX_BGP_EBGP || b->source != DX_BGP_EBGP)
        return 0;
    if (knobs->age_needs_other_router_id && dx__bgp_originator(a) == dx__bgp_originator(b))
        return 0;
    return (b == incumbent) - (a == incumbent);
}

/* 10: RFC 4271 9.1.2.2 f: the lower; ORIGINATOR_ID in its place (RFC 4456 9). */
STEP(router_id)
{
    return COMPARE(dx__bgp_originator(a), dx__bgp_originator(b));
}

/* 12: RFC 4271 9.1.2.2 g: the lower. */
STEP(neighbor_ip)
{
    return dx_ip_compare(&a->neighbor_ip, &b->neighbor_ip);
}

static const struct {
    DxBgpStep step;
    Step compare;
    bool is_partial; /* some pairs cannot be compared, so there need be no one best value */
} ladder[] = {
    { DX_BGP_WEIGHT, weight, false },
    { DX_BGP_LOCAL_PREF, local_pref, false },
    { DX_BGP_LOCAL_ORIGIN, local_origin, false },
    { DX_BGP_AS_PATH_LENGTH, as_path_length, false },
    { DX_BGP_ORIGIN, origin, false },
    { DX_BGP_MED, med, true },
    { DX_BGP_EBGP_OVER_IBGP, ebgp_over_ibgp, false },
    { DX_BGP_IGP_METRIC, igp_metric, false },
    { DX_BGP_CLUSTER_LIST, cluster_list_early, true },
    { DX_BGP_OLDEST, oldest, true },
    { DX_BGP_ROUTER_ID, router_id, false },
    { DX_BGP_CLUSTER_LIST, cluster_list, false },
    { DX_BGP_NEIGHBOR_IP, neighbor_ip, false },
};

int dx__bgp_compare(const DxBgpKnobs *knobs, const DxBgpPath *a, const DxBgpPath *b,
                    const DxBgpPath *incumbent, DxBgpStep end, DxBgpStep *step)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ladder) && ladder[i].step != end; i++) {
        const int sign = knobs->skipped >> ladder[i].step & 1 ? 0 : ladder[i].compare(knobs, a, b, incumbent);

        *step = ladder[i].step;
        if (sign)
            return sign;
    }
    *step = DX_BGP_STEP_NONE;
    return 0;
}

/* Of the ladder, from 0. */
#define MED_RUNG (DX_BGP_MED - 1)

/* -- elimination -------------------------------------------------------------------------------------- */

typedef struct {
    const DxBgpKnobs *knobs;
    const DxBgpPath *paths;
    const DxBgpPath *incumbent;
    DxBgpFate *fates;
    bool meds_are_in_order;
    unsigned n; /* still in */
    uint16_t in[DX_BGP_PATHS_MAX];
} Contest;

/* Can every MED be compared with every other, or does none differ? Then no order of comparison matters. */
static bool meds_are_in_order(const Contest *contest)
{
    const DxBgpPath *first = &contest->paths[contest->in[0]];
    bool is_one_group = true, is_one_value = true;

    for (unsigned k = 1; k < contest->n; k++) {
        const DxBgpPath *path = &contest->paths[contest->in[k]];

        is_one_group &= path->med_as && path->med_as == first->med_as;
        is_one_value &= dx__bgp_med(contest->knobs, path) == dx__bgp_med(contest->knobs, first);
    }
    return is_one_group || is_one_value || contest->knobs->always_compare_med;
}

/* Would nobody be beaten on this rung, whatever the paths? */
static bool is_idle(const Contest *contest, gsize rung)
{
    const DxBgpKnobs *knobs = contest->knobs;

    if (ladder[rung].compare == cluster_list_early)
        return !knobs->equal_cluster_length;
    if (ladder[rung].compare == oldest)
        return knobs->compare_routerid || (!contest->incumbent && knobs->age == DX_BGP_AGE_INCUMBENT);
    return knobs->skipped >> ladder[rung].step & 1;
}

/* Whoever beats path @i on this rung, best of all: nobody who is beaten there too. */
static int find_rival(const Contest *contest, gsize rung, unsigned i)
{
    const DxBgpPath *paths = contest->paths;
    int rival = DX_BGP_NONE;

    for (unsigned k = 0; k < contest->n; k++) {
        const DxBgpPath *than = rival < 0 ? &paths[i] : &paths[rival];

        if (contest->in[k] != i &&
            ladder[rung].compare(contest->knobs, &paths[contest->in[k]], than, contest->incumbent) < 0)
            rival = contest->in[k];
    }
    return rival;
}

/* Where all can be compared: the rival of all others is one of the best. */
static int find_leader(const Contest *contest, gsize rung)
{
    unsigned leader = contest->in[0];

    for (unsigned k = 1; k < contest->n; k++)
        if (ladder[rung].compare(contest->knobs, &contest->paths[contest->in[k]], &contest->paths[leader],
                                 contest->incumbent) < 0)
            leader = contest->in[k];
    return (int)leader;
}

/* Everybody who is beaten on this rung goes. Returns whether anybody did. */
static bool climb(Contest *contest, gsize rung)
{
    const bool is_partial = ladder[rung].is_partial && !(rung == MED_RUNG && contest->meds_are_in_order);
    const int leader = is_partial ? DX_BGP_NONE : find_leader(contest, rung);
    unsigned n = 0;

    for (unsigned k = 0; k < contest->n; k++) {
        const unsigned i = contest->in[k];

        if (leader < 0)
            contest->fates[i].against = find_rival(contest, rung, i);
        else if (ladder[rung].compare(contest->knobs, &contest->paths[leader], &contest->paths[i],
                                      contest->incumbent) < 0)
            contest->fates[i].against = leader;
    }
    for (unsigned k = 0; k < contest->n; k++) {
        const unsigned i = contest->in[k];

        if (contest->fates[i].against < 0)
            contest->in[n++] = (uint16_t)i;
        else
            contest->fates[i].step = ladder[rung].step;
    }
    if (n == contest->n)
        return false;
    contest->n = n;
    return true;
}

/* Nothing tells them apart: who came first, so that there is an answer. */
static void draw(Contest *contest)
{
    unsigned first = contest->in[0];

    for (unsigned k = 1; k < contest->n; k++)
        if (contest->paths[contest->in[k]].received < contest->paths[first].received)
            first = contest->in[k];
    for (unsigned k = 0; k < contest->n; k++)
        if (contest->in[k] != first)
            contest->fates[contest->in[k]] = (DxBgpFate){ DX_BGP_ELIGIBLE, DX_BGP_NEIGHBOR_IP, (int)first };
    contest->in[0] = (uint16_t)first;
    contest->n = 1;
}

/* Whom a loser would name: the winner, if that is who beats it there. */
static void blame_winner(const Contest *contest, unsigned n, int best)
{
    for (unsigned i = 0; i < n; i++) {
        DxBgpFate *fate = &contest->fates[i];

        for (gsize rung = 0; fate->step && fate->against != best && rung < G_N_ELEMENTS(ladder); rung++)
            if (ladder[rung].step == fate->step &&
                ladder[rung].compare(contest->knobs, &contest->paths[best], &contest->paths[i],
                                     contest->incumbent) < 0)
                fate->against = best;
    }
}

static DxBgpStep eliminate(Contest *contest)
{
    DxBgpStep last = DX_BGP_STEP_NONE;

    for (gsize rung = 0; rung < G_N_ELEMENTS(ladder) && contest->n > 1; rung++)
        if (!is_idle(contest, rung) && climb(contest, rung))
            last = ladder[rung].step;
    if (contest->n > 1) {
        draw(contest);
        last = DX_BGP_NEIGHBOR_IP;
    }
    return last;
}

/* -- one after another, newest first ------------------------------------------------------------------ */

static unsigned sort_newest_first(const DxBgpPath *paths, unsigned n, const DxBgpFate *fates, uint16_t *order)
{
    unsigned n_in = 0;

    for (unsigned i = 0; i < n; i++) {
        unsigned at = n_in;

        if (fates[i].eligible != DX_BGP_ELIGIBLE)
            continue;
        for (; at > 0 && paths[order[at - 1]].received < paths[i].received; at--)
            order[at] = order[at - 1];
        order[at] = (uint16_t)i;
        n_in++;
    }
    return n_in;
}

/* @fates: NULL, or filled with the duels. */
static int scan(const Contest *contest, const uint16_t *order, unsigned n, DxBgpFate *fates)
{
    unsigned best = order[0];

    for (unsigned k = 1; k < n; k++) {
        const unsigned next = order[k];
        DxBgpStep step;
        const int sign = dx__bgp_compare(contest->knobs, &contest->paths[next], &contest->paths[best],
                                         contest->incumbent, DX_BGP_STEP_NONE, &step);
        /* nothing tells them apart: the older one */
        const unsigned loser = sign > 0 ? next : best, winner = sign > 0 ? best : next;

        if (fates)
            fates[loser] = (DxBgpFate){ DX_BGP_ELIGIBLE, step ? step : DX_BGP_NEIGHBOR_IP, (int)winner };
        best = winner;
    }
    if (fates)
        fates[best] = (DxBgpFate){ DX_BGP_ELIGIBLE, DX_BGP_STEP_NONE, DX_BGP_NONE };
    return (int)best;
}

/* Would anybody win against the winner alone? Then it depends on who met whom. */
static bool is_beaten(const Contest *contest, const uint16_t *order, unsigned n, int best)
{
    DxBgpStep step;

    for (unsigned k = 0; k < n; k++)
        if (order[k] != best &&
            dx__bgp_compare(contest->knobs, &contest->paths[order[k]], &contest->paths[best],
                            contest->incumbent, DX_BGP_STEP_NONE, &step) < 0)
            return true;
    return false;
}

static void decide_by_scan(const Contest *contest, unsigned n, DxBgpDecision *decision)
{
    uint16_t order[DX_BGP_PATHS_MAX];
    const unsigned n_in = sort_newest_first(contest->paths, n, contest->fates, order);
    const int best = scan(contest, order, n_in, NULL);

    decision->is_order_dependent = best != decision->best || is_beaten(contest, order, n_in, best);
    if (best == decision->best)
        return;
    scan(contest, order, n_in, contest->fates);
    decision->best = best;
    decision->step = DX_BGP_STEP_NONE;
}

DxBgpDecision dx__bgp_decide(const DxBgpKnobs *knobs, const DxBgpPath *paths, unsigned n, int incumbent,
                             DxBgpFate *fates)
{
    DxBgpDecision decision = { .best = DX_BGP_NONE };
    Contest contest; /* not cleared: large, and used as far as filled */
    unsigned n_candidates;

    g_assert(n <= DX_BGP_PATHS_MAX);
    contest.knobs = knobs;
    contest.paths = paths;
    contest.incumbent = incumbent < 0 ? NULL : &paths[incumbent];
    contest.fates = fates;
    contest.n = 0;
    for (unsigned i = 0; i < n; i++) {
        fates[i] = (DxBgpFate){ dx__bgp_eligible(knobs, &paths[i]), DX_BGP_STEP_NONE, DX_BGP_NONE };
        if (fates[i].eligible == DX_BGP_ELIGIBLE)
            contest.in[contest.n++] = (uint16_t)i;
    }
    n_candidates = contest.n;
    if (!n_candidates)
        return decision;
    contest.meds_are_in_order = meds_are_in_order(&contest);
    decision.step = eliminate(&contest);
    decision.best = contest.in[0];
    blame_winner(&contest, n, decision.best);
    if (!knobs->deterministic_med && n_candidates > 2 && !contest.meds_are_in_order)
        decide_by_scan(&contest, n, &decision);
    return decision;
}
