/*
 * test_bgp - the decision: laws that hold for every set of paths, and the places where routers surprise
 */
#include <string.h>
#include "../suite.h"
#include "bgp/bgp.h"

#define PATHS  7
#define ROUNDS 30000

/* -- sets of paths ------------------------------------------------------------------------------------ */

typedef struct {
    DxBgpKnobs knobs;
    DxBgpPath paths[PATHS];
    DxAsSegment segments[PATHS][2];
    uint32_t asns[PATHS][8];
    uint32_t clusters[4];
    unsigned n;
    DxBgpFate fates[PATHS];
} Set;

static uint32_t below(GRand *rand, uint32_t n)
{
    return (uint32_t)g_rand_int_range(rand, 0, (gint32)n);
}

/* Few values of everything, so that ties are common and every step decides. */
static void draw_path(GRand *rand, Set *set, unsigned i)
{
    DxBgpPath *path = &set->paths[i];
    const bool begins_with_set = below(rand, 12) == 0;

    *path = (DxBgpPath){ .source = below(rand, 3) ? DX_BGP_EBGP : DX_BGP_IBGP,
                         .origin = below(rand, 6) ? DX_BGP_IGP : DX_BGP_EGP,
                         .has_local_pref = below(rand, 2),
                         .local_pref = below(rand, 8) ? 100 : 200,
                         .has_med = below(rand, 4),
                         .med = below(rand, 4),
                         .next_hop_reachable = below(rand, 12),
                         .weight = below(rand, 10) ? 0 : 1,
                         .igp_metric = below(rand, 3),
                         .neighbor_as = 64500 + below(rand, 3),
                         .router_id = 1 + below(rand, 3) * 0x70000000u,
                         .n_clusters = below(rand, 3),
                         .clusters = set->clusters,
                         .received = i + 1 };
    path->neighbor_ip = (DxIp){ 32, { 10, 0, 0, (uint8_t)(i + 1) } };
    path->next_hop = (DxIp){ 32, { 10, 1, 0, (uint8_t)below(rand, 6) } };
    set->segments[i][0] = (DxAsSegment){ begins_with_set ? DX_AS_SET : DX_AS_SEQUENCE,
                                         begins_with_set ? 2 : 2 + below(rand, 6) / 5 };
    for (unsigned k = 0; k < 8; k++)
        set->asns[i][k] = path->neighbor_as;
    path->as_path = (DxAsPath){ set->segments[i], set->asns[i], 1 };
    dx__bgp_path_prepare(path);
}

static void draw_set(GRand *rand, Set *set, unsigned n)
{
    memset(set, 0, sizeof *set);
    dx__bgp_knobs_init(&set->knobs);
    set->knobs.local_as = 65000;
    set->knobs.router_id = set->knobs.cluster_id = 0x0a000001;
    set->knobs.deterministic_med = true;
    set->n = n;
    for (unsigned i = 0; i < n; i++)
        draw_path(rand, set, i);
}

static DxBgpDecision decide(Set *set, int incumbent)
{
    return dx__bgp_decide(&set->knobs, set->paths, set->n, incumbent, set->fates);
}

#define for_each_set(rand, set, incumbent)                                                                   \
    GRand *rand = g_rand_new_with_seed(7);                                                                   \
    for (unsigned round = 0; round < ROUNDS || (g_rand_free(rand), false); round++)                          \
        for (int incumbent =                                                                                 \
                     (draw_set(rand, &set, 1 + round % (PATHS - 1)), (int)below(rand, set.n + 1) - 1),       \
                 once = 1;                                                                                   \
             once; once = 0)

/* -- a second opinion: groups by neighbouring AS, the best of each, the best of these ------------------- */

static int order_u32(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

/* All but the MED, or with it. Numbers only, one after another. */
static bool is_better(const Set *set, int a, int b, int incumbent, bool with_med)
{
    const DxBgpPath *x = &set->paths[a], *y = &set->paths[b];
    const bool both_external = x->source == DX_BGP_EBGP && y->source == DX_BGP_EBGP;
    const int steps[] = {
        order_u32(y->weight, x->weight),
        order_u32(y->has_local_pref ? y->local_pref : 100, x->has_local_pref ? x->local_pref : 100),
        order_u32(x->hops, y->hops),
        order_u32(x->origin, y->origin),
        with_med ? order_u32(x->has_med ? x->med : 0, y->has_med ? y->med : 0) : 0,
        order_u32(x->source != DX_BGP_EBGP, y->source != DX_BGP_EBGP),
        order_u32(x->igp_metric, y->igp_metric),
        both_external ? (b == incumbent) - (a == incumbent) : 0,
        order_u32(x->router_id, y->router_id),
        order_u32(x->n_clusters, y->n_clusters),
        order_u32(x->neighbor_ip.bytes[3], y->neighbor_ip.bytes[3]),
    };

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i])
            return steps[i] < 0;
    return false;
}

static bool same_group(const Set *set, unsigned a, unsigned b)
{
    return set->segments[a][0].type == DX_AS_SEQUENCE && set->segments[b][0].type == DX_AS_SEQUENCE &&
           set->asns[a][0] == set->asns[b][0];
}

static int best_by_groups(const Set *set, int incumbent)
{
    int best = DX_BGP_NONE;

    for (unsigned i = 0; i < set->n; i++) {
        bool leads = set->paths[i].next_hop_reachable;

        for (unsigned k = 0; k < set->n; k++)
            if (set->paths[k].next_hop_reachable && same_group(set, i, k) &&
                is_better(set, (int)k, (int)i, incumbent, true))
                leads = false;
        if (leads && (best < 0 || is_better(set, (int)i, best, incumbent, false)))
            best = (int)i;
    }
    return best;
}

START_TEST(elimination_and_grouping_agree)
{
    unsigned n_decided[DX_BGP_N_STEPS] = { 0 };
    Set set;

    for_each_set(rand, set, incumbent)
    {
        const DxBgpDecision decision = decide(&set, incumbent);

        ck_assert_int_eq(decision.best, best_by_groups(&set, incumbent));
        n_decided[decision.step]++;
    }
    for (unsigned step = DX_BGP_WEIGHT; step < DX_BGP_N_STEPS; step++) /* or this would say little */
        ck_assert_msg(n_decided[step] > 10 || step == DX_BGP_LOCAL_ORIGIN, "%s", dx__bgp_steps[step].name);
}
END_TEST

/* -- laws -------------------------------------------------------------------------------------------- */

START_TEST(every_loser_has_one_step_and_a_rival_that_beats_it_there)
{
    Set set;

    for_each_set(rand, set, incumbent)
    {
        DxBgpDecision decision;

        set.knobs.deterministic_med = round & 1;
        decision = decide(&set, incumbent);
        for (unsigned i = 0; i < set.n; i++) {
            const DxBgpFate fate = set.fates[i];
            const bool lost = fate.eligible == DX_BGP_ELIGIBLE && (int)i != decision.best;
            DxBgpStep step;

            ck_assert_int_eq(fate.step != DX_BGP_STEP_NONE, lost);
            ck_assert_int_eq(fate.eligible == DX_BGP_ELIGIBLE, set.paths[i].next_hop_reachable);
            if (!lost)
                continue;
            ck_assert_int_lt(dx__bgp_compare(&set.knobs, &set.paths[fate.against], &set.paths[i],
                                             incumbent < 0 ? NULL : &set.paths[incumbent], DX_BGP_STEP_NONE,
                                             &step),
                             0);
            ck_assert_int_eq(step, fate.step);
        }
    }
}
END_TEST

/* Where a path stands in the list is nothing; when it came is. */
START_TEST(places_in_the_list_do_not_matter)
{
    Set set;

    for_each_set(rand, set, incumbent)
    {
        const unsigned shift = 1 + round % 5;
        DxBgpPath moved[PATHS];
        DxBgpFate fates[PATHS];
        DxBgpDecision decision, again;
        bool is_used[PATHS], is_used_again[PATHS];

        set.knobs.deterministic_med = round & 1;
        decision = decide(&set, incumbent);
        for (unsigned i = 0; i < set.n; i++)
            moved[(i + shift) % set.n] = set.paths[i];
        again =
            dx__bgp_decide(&set.knobs, moved, set.n,
                           incumbent < 0 ? incumbent : (int)(((unsigned)incumbent + shift) % set.n), fates);
        ck_assert_int_eq(again.step, decision.step);
        ck_assert_int_eq(again.best,
                         decision.best < 0 ? DX_BGP_NONE : (int)(((unsigned)decision.best + shift) % set.n));
        dx__bgp_multipath(&set.knobs, set.paths, set.n, set.fates, decision.best, is_used);
        dx__bgp_multipath(&set.knobs, moved, set.n, fates, again.best, is_used_again);
        for (unsigned i = 0; i < set.n; i++) {
            ck_assert_int_eq(fates[(i + shift) % set.n].step, set.fates[i].step);
            ck_assert_int_eq(is_used[i], is_used_again[(i + shift) % set.n]);
        }
    }
}
END_TEST

/* With deterministic-med nothing but step 9 knows who came first; and without, it is said. */
START_TEST(arrival_matters_only_where_it_is_said)
{
    unsigned n_dependent = 0, n_other = 0;
    Set set;

    for_each_set(rand, set, incumbent)
    {
        const DxBgpDecision grouped = decide(&set, incumbent);
        DxBgpDecision decision;

        for (unsigned i = 0; i < set.n; i++)
            set.paths[i].received = (i * 5 + round) % 7;
        ck_assert_int_eq(decide(&set, incumbent).best, grouped.best);
        set.knobs.deterministic_med = false;
        decision = decide(&set, incumbent);
        if (!decision.is_order_dependent) {
            ck_assert_int_eq(decision.best, grouped.best);
            ck_assert_int_eq(decision.step, grouped.step);
        }
        n_dependent += decision.is_order_dependent;
        n_other += decision.best != grouped.best;
        set.knobs.compare_routerid = set.knobs.deterministic_med = true;
        ck_assert_int_eq(decide(&set, incumbent).best, decide(&set, DX_BGP_NONE).best);
    }
    ck_assert_uint_gt(n_dependent, 100);
    ck_assert_uint_gt(n_other, 20);
}
END_TEST

START_TEST(a_worse_path_changes_nothing)
{
    unsigned n_added = 0;
    Set set;

    for_each_set(rand, set, incumbent)
    {
        const DxBgpDecision decision = decide(&set, incumbent);
        DxBgpStep step;

        draw_path(rand, &set, set.n);
        if (decision.best < 0 ||
            dx__bgp_compare(&set.knobs, &set.paths[decision.best], &set.paths[set.n],
                            incumbent < 0 ? NULL : &set.paths[incumbent], DX_BGP_STEP_NONE, &step) > 0)
            continue;
        set.n++;
        ck_assert_int_eq(decide(&set, incumbent).best, decision.best);
        n_added++;
    }
    ck_assert_uint_gt(n_added, 1000);
}
END_TEST

START_TEST(multipath_has_the_best_and_what_ties_with_it)
{
    unsigned n_several = 0;
    Set set;

    for_each_set(rand, set, incumbent)
    {
        const DxBgpDecision decision = decide(&set, incumbent);
        unsigned n_before = 0;

        for (unsigned mode = DX_BGP_MULTIPATH_EXACT; mode <= DX_BGP_MULTIPATH_RELAXED; mode++) {
            bool is_used[PATHS];
            unsigned n, n_used = 0;

            set.knobs.multipath = (DxBgpMultipath)mode;
            set.knobs.maximum_paths = mode == DX_BGP_MULTIPATH_EXACT ? PATHS : 1 + round % 4;
            n = dx__bgp_multipath(&set.knobs, set.paths, set.n, set.fates, decision.best, is_used);
            for (unsigned i = 0; i < set.n; i++) {
                for (unsigned k = 0; k < i; k++) /* every next hop once */
                    ck_assert(!is_used[i] || !is_used[k] ||
                              dx_ip_compare(&set.paths[i].next_hop, &set.paths[k].next_hop));
                n_used += is_used[i];
                ck_assert(!is_used[i] || set.paths[i].igp_metric == set.paths[decision.best].igp_metric);
                ck_assert(!is_used[i] || set.paths[i].source == set.paths[decision.best].source);
                ck_assert(!is_used[i] || set.paths[i].hops == set.paths[decision.best].hops);
            }
            ck_assert_uint_eq(n, n_used);
            ck_assert_int_eq(n > 0, decision.best >= 0);
            ck_assert(decision.best < 0 || is_used[decision.best]);
            ck_assert_uint_le(n, set.knobs.maximum_paths);
            ck_assert(mode == DX_BGP_MULTIPATH_EXACT || n >= MIN(n_before, set.knobs.maximum_paths));
            n_before = n;
            n_several += n > 1;
        }
    }
    ck_assert_uint_gt(n_several, 1000);
}
END_TEST

/* What is proposed wins, and one less would not. */
START_TEST(the_change_proposed_is_enough_and_no_more)
{
    unsigned n_tried = 0, n_kinds[DX_BGP_N_STEPS] = { 0 };
    Set set;

    for_each_set(rand, set, incumbent)
    {
        const DxBgpDecision decision = decide(&set, incumbent);
        const unsigned i = round % set.n;
        const DxBgpPath before = set.paths[i];
        DxBgpFate fate = set.fates[i], room[PATHS];
        DxBgpChange change;

        if (!fate.step)
            continue;
        change =
            dx__bgp_would_win(&set.knobs, set.paths, set.n, incumbent, decision.best, (int)i, &fate, room);
        ck_assert(!memcmp(&before, &set.paths[i], sizeof before));
        ck_assert_int_ne(change.attribute, DX_BGP_STEP_NONE); /* weight is always left */
        ck_assert_int_le(change.attribute, fate.step);
        n_kinds[change.attribute]++;
        for (int less = 0; less < 2; less++) {
            set.paths[i] = before;
            if (change.attribute == DX_BGP_WEIGHT)
                set.paths[i].weight = change.value - (unsigned)less;
            else if (change.attribute == DX_BGP_LOCAL_PREF)
                set.paths[i].has_local_pref = true, set.paths[i].local_pref = change.value - (unsigned)less;
            else if (change.attribute == DX_BGP_AS_PATH_LENGTH)
                set.paths[i].hops -= change.value - (unsigned)less;
            else if (change.attribute == DX_BGP_ORIGIN)
                set.paths[i].origin = (DxBgpOrigin)(change.value + (unsigned)less);
            else if (change.attribute == DX_BGP_MED)
                set.paths[i].has_med = true, set.paths[i].med = change.value + (unsigned)less;
            else
                set.paths[i].igp_metric = change.value + (unsigned)less;
            ck_assert_int_eq(decide(&set, incumbent).best == (int)i, !less);
        }
        n_tried++;
    }
    ck_assert_uint_gt(n_tried, 1000);
    ck_assert(n_kinds[DX_BGP_WEIGHT] && n_kinds[DX_BGP_LOCAL_PREF] && n_kinds[DX_BGP_AS_PATH_LENGTH] &&
              n_kinds[DX_BGP_ORIGIN] && n_kinds[DX_BGP_MED] && n_kinds[DX_BGP_IGP_METRIC]);
}
END_TEST

/* -- places where routers surprise --------------------------------------------------------------------- */

/* Two external paths from one AS, equal to the neighbour's address, which is lower for the first. */
static void draw_twins(Set *set)
{
    memset(set, 0, sizeof *set);
    dx__bgp_knobs_init(&set->knobs);
    set->knobs.local_as = 65000;
    set->knobs.router_id = set->knobs.cluster_id = 0x0a000001;
    set->n = 2;
    for (unsigned i = 0; i < 2; i++) {
        set->asns[i][0] = set->asns[i][1] = 64500;
        set->segments[i][0] = (DxAsSegment){ DX_AS_SEQUENCE, 2 };
        set->paths[i] = (DxBgpPath){ .source = DX_BGP_EBGP,
                                     .next_hop_reachable = true,
                                     .neighbor_as = 64500,
                                     .router_id = 1,
                                     .received = i + 1,
                                     .clusters = set->clusters,
                                     .as_path = { set->segments[i], set->asns[i], 1 } };
        set->paths[i].neighbor_ip = (DxIp){ 32, { 10, 64, (uint8_t)(9 + i), 1 } };
        dx__bgp_path_prepare(&set->paths[i]);
    }
}

#define expect(set, incumbent, winner, at)                                                                   \
    do {                                                                                                     \
        const DxBgpDecision decision_ = decide(set, incumbent);                                              \
        ck_assert_int_eq(decision_.best, winner);                                                            \
        ck_assert_int_eq(decision_.step, at);                                                                \
    } while (0)

START_TEST(addresses_and_identifiers_are_numbers)
{
    Set set;

    draw_twins(&set);
    expect(&set, DX_BGP_NONE, 0, DX_BGP_NEIGHBOR_IP); /* 10.64.9.1 before 10.64.10.1 */
    set.paths[0].neighbor_ip = (DxIp){ 128, { 0x20, 1 } };
    expect(&set, DX_BGP_NONE, 1, DX_BGP_NEIGHBOR_IP); /* IPv4 before IPv6 */
    set.paths[1].neighbor_ip = (DxIp){ 128, { 0x20, 1, 0, 1 } };
    expect(&set, DX_BGP_NONE, 0, DX_BGP_NEIGHBOR_IP);
    set.paths[0].router_id = 0xc8000001; /* 200.0.0.1 */
    expect(&set, DX_BGP_NONE, 1, DX_BGP_ROUTER_ID);
    set.paths[0].has_originator_id = true; /* 0.0.0.0 in its place */
    expect(&set, DX_BGP_NONE, 0, DX_BGP_ROUTER_ID);
    set.paths[0].has_med = set.paths[1].has_med = true;
    set.paths[0].med = 0x80000000u;
    set.paths[1].med = 1;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_MED);
    set.paths[0].has_local_pref = true;
    set.paths[0].local_pref = UINT32_MAX;
    expect(&set, DX_BGP_NONE, 0, DX_BGP_LOCAL_PREF);
}
END_TEST

START_TEST(missing_is_not_zero)
{
    Set set;

    draw_twins(&set);
    set.paths[1].has_med = true;
    expect(&set, DX_BGP_NONE, 0, DX_BGP_NEIGHBOR_IP); /* none counts as 0 */
    set.knobs.med_missing_as_worst = true;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_MED);
    set.paths[1].med = UINT32_MAX; /* as bad as none */
    expect(&set, DX_BGP_NONE, 0, DX_BGP_NEIGHBOR_IP);
    set.paths[1].has_local_pref = true;
    set.paths[1].local_pref = 150;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_LOCAL_PREF);
    set.knobs.default_local_pref = 151;
    expect(&set, DX_BGP_NONE, 0, DX_BGP_LOCAL_PREF);
}
END_TEST

START_TEST(the_med_is_of_one_neighbouring_as)
{
    Set set;

    draw_twins(&set);
    set.paths[0].has_med = true;
    set.paths[0].med = 5;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_MED);
    set.asns[0][0] = 64501;
    dx__bgp_path_prepare(&set.paths[0]);
    expect(&set, DX_BGP_NONE, 0, DX_BGP_NEIGHBOR_IP);
    set.knobs.always_compare_med = true;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_MED);
    set.knobs.always_compare_med = false;
    set.asns[0][0] = 64500;
    set.segments[0][0] = (DxAsSegment){ DX_AS_SET, 1 }; /* {64500} 64500: no neighbouring AS */
    set.segments[0][1] = (DxAsSegment){ DX_AS_SEQUENCE, 1 };
    set.paths[0].as_path.n_segments = 2;
    dx__bgp_path_prepare(&set.paths[0]);
    expect(&set, DX_BGP_NONE, 0, DX_BGP_NEIGHBOR_IP);
    set.paths[0].as_path.n_segments = set.paths[1].as_path.n_segments = 0; /* both our own: compared */
    dx__bgp_path_prepare(&set.paths[0]);
    dx__bgp_path_prepare(&set.paths[1]);
    expect(&set, DX_BGP_NONE, 1, DX_BGP_MED);
}
END_TEST

START_TEST(length_counts_sets_once_and_confederations_never)
{
    DxAsSegment segments[] = { { DX_AS_CONFED_SEQUENCE, 3 }, { DX_AS_SEQUENCE, 300 }, { DX_AS_SET, 40 } };
    uint32_t *asns = g_new0(uint32_t, 343);
    DxBgpPath path = { .as_path = { segments, asns, 3 } };
    DxBgpKnobs knobs;

    asns[0] = 65001;
    asns[3] = 64500;
    dx__bgp_knobs_init(&knobs);
    dx__bgp_path_prepare(&path);
    ck_assert_uint_eq(dx__bgp_length(&knobs, &path), 301); /* more than eight bits hold */
    knobs.as_path_confed = true;
    ck_assert_uint_eq(dx__bgp_length(&knobs, &path), 304);
    ck_assert_uint_eq(path.med_as, 64500);
    ck_assert_uint_eq(path.med_confed_as, 65001);
    g_free(asns);
}
END_TEST

START_TEST(the_incumbent_stays_between_external_paths)
{
    Set set;

    draw_twins(&set);
    set.paths[1].router_id = 2;
    expect(&set, 1, 1, DX_BGP_OLDEST);
    expect(&set, DX_BGP_NONE, 0, DX_BGP_ROUTER_ID); /* it has gone: nobody is older */
    set.knobs.compare_routerid = true;
    expect(&set, 1, 0, DX_BGP_ROUTER_ID);
    set.knobs.compare_routerid = false;
    set.paths[0].source = set.paths[1].source = DX_BGP_IBGP;
    expect(&set, 1, 0, DX_BGP_ROUTER_ID);
    set.knobs.age = DX_BGP_AGE_TIMESTAMP;
    set.paths[1].received = 0;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_OLDEST);
}
END_TEST

START_TEST(profiles_differ_where_implementations_do)
{
    Set set;

    draw_twins(&set);
    dx__bgp_profiles[1].apply(&set.knobs); /* cisco: with one router ID nobody is older */
    expect(&set, 1, 0, DX_BGP_NEIGHBOR_IP);
    dx__bgp_profiles[2].apply(&set.knobs);
    expect(&set, 1, 0, DX_BGP_OLDEST); /* who came first */
    draw_twins(&set);                  /* from another member of the confederation, but farther away */
    set.paths[0].source = DX_BGP_IBGP;
    set.paths[1].source = DX_BGP_CONFED;
    set.paths[1].igp_metric = 7;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_EBGP_OVER_IBGP);
    dx__bgp_profiles[1].apply(&set.knobs);
    expect(&set, DX_BGP_NONE, 0, DX_BGP_IGP_METRIC);
}
END_TEST

START_TEST(cluster_lists_may_count_early)
{
    Set set;

    draw_twins(&set);
    set.paths[0].source = set.paths[1].source = DX_BGP_IBGP;
    set.paths[0].n_clusters = 2;
    set.paths[1].n_clusters = 1;
    set.paths[1].router_id = 9;
    expect(&set, DX_BGP_NONE, 0, DX_BGP_ROUTER_ID);
    set.knobs.equal_cluster_length = true;
    expect(&set, DX_BGP_NONE, 1, DX_BGP_CLUSTER_LIST);
}
END_TEST

START_TEST(who_is_no_candidate)
{
    Set set;
    DxBgpPath *path = &set.paths[0];

    draw_twins(&set);
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_ELIGIBLE);
    set.asns[0][1] = 65000;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_AS_LOOP);
    path->source = DX_BGP_LOCAL;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_ELIGIBLE);
    path->source = DX_BGP_EBGP;
    set.segments[0][0].type = DX_AS_CONFED_SET;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_AS_LOOP);
    set.knobs.local_as = 65001; /* a member of 65000, whose number means nothing in there */
    set.knobs.confed_id = 65000;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_ELIGIBLE);
    set.segments[0][0].type = DX_AS_SET;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_AS_LOOP);
    set.asns[0][1] = 64501;
    path->has_originator_id = true;
    path->originator_id = set.knobs.router_id;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_OWN_ORIGINATOR);
    path->has_originator_id = false;
    path->n_clusters = 4;
    set.clusters[3] = set.knobs.cluster_id;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_OWN_CLUSTER);
    path->n_clusters = 3;
    path->is_damped = true;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_DAMPED);
    path->is_denied = true;
    ck_assert_int_eq(dx__bgp_eligible(&set.knobs, path), DX_BGP_DENIED);
    set.paths[1].next_hop_reachable = false;
    expect(&set, DX_BGP_NONE, DX_BGP_NONE, DX_BGP_STEP_NONE);
}
END_TEST

SUITE_MAIN("bgp", 120, elimination_and_grouping_agree,
           every_loser_has_one_step_and_a_rival_that_beats_it_there, places_in_the_list_do_not_matter,
           arrival_matters_only_where_it_is_said, a_worse_path_changes_nothing,
           multipath_has_the_best_and_what_ties_with_it, the_change_proposed_is_enough_and_no_more,
           addresses_and_identifiers_are_numbers, missing_is_not_zero, the_med_is_of_one_neighbouring_as,
           length_counts_sets_once_and_confederations_never, the_incumbent_stays_between_external_paths,
           profiles_differ_where_implementations_do, cluster_lists_may_count_early, who_is_no_candidate)
