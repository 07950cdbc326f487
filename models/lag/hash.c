/*
 * hash - spreads flows over the members of a bundle
 *
 *   member = table[hash(key of the flow)]      policy.c: the hash      table.c: the table
 *
 * IEEE 802.1AX, 6.2: whatever the rule, a flow stays on one member, so its order is kept; a flow that is
 * moved while frames of it wait on its old member may overtake itself, unless the marker protocol is on
 * (marker.h).
 *
 * A flow's member is worked out at its first frame, and again for all flows seen so far when a member leaves
 * or returns. A frame costs one look into a table of an octet a flow; another 4 keep the hash.
 */
#include "marker.h"
#include "policy.h"
#include "table.h"
#include "../wire/ethernet.h"

#include <stddef.h>
#include <string.h>

enum { DROP_NO_MEMBER, DROP_MARKER_FULL };

static const char *const hash_drops[] = { "no_member", "marker_full", NULL };

typedef struct {
    LacpConf lacp; /* first: it is copied from that of this end; not among the parameters */
    int hash, function, byte_order, distribution;
    int64_t seed, buckets;
} HashConf;

static_assert(offsetof(HashConf, lacp) == 0, "whoever builds copies it there");

static const DxParam hash_params[] = {
    DX_PARAM_ENUM(HashConf, hash, "src-dst-ip-port", dx__lag_policies, "What of a flow is hashed."),
    DX_PARAM_ENUM(HashConf, function, "crc32", dx__lag_functions,
                  "How it is hashed; Linux's policies (layer2 and those behind it) have their own."),
    DX_PARAM_ENUM(HashConf, byte_order, "little-endian", dx__lag_byte_orders,
                  "Linux's policies: of the host. It matters unless there are 2, 4 or 8 members."),
    DX_PARAM_INT(HashConf, seed, "0", "0", "4294967295",
                 "Mixed into the hash, so that two stages need not agree; 0: the hash as it is."),
    DX_PARAM_ENUM(HashConf, distribution, "modulo", dx__lag_distributions,
                  "From a hash to a member, and how many flows move when one leaves or returns."),
    DX_PARAM_INT(HashConf, buckets, "0", "0", "65536",
                 "Of distributions buckets (0: 8 of them) and resilient (0: 256)."),
    DX_PARAM_END,
};

/* Members are octets: a table that is half as long misses the cache less. */
typedef struct {
    uint8_t *member;   /* by flow: output, or DX_LAG_*; one more for what belongs to no flow */
    uint8_t *assigned; /* the same, but never DX_LAG_WAITS; without markers it is `member` */
    uint32_t n_flows;
    uint32_t *hash;   /* by flow, where it has been seen */
    uint64_t *n_on;   /* by output: flows */
    uint64_t working; /* members that take frames, for the counter */
    uint64_t flows;   /* seen */
    uint64_t flows_moved, flows_moved_surviving;
    double imbalance;
    DxLagTable table;
    DxLagHash how;
    DxLagKey key;        /* what is the same for all flows */
    DxLagMarker *marker; /* NULL: off */
    DxLagMarker markers;
} HashState;

#define MARKER_COUNTER(field, kind, help)                                                                    \
    {                                                                                                        \
#field, offsetof(HashState, markers.field), kind, help                                               \
    }

static const DxCounter hash_counters[] = {
    DX_COUNTER(HashState, working, DX_COUNTER_GAUGE, "Members that take frames."),
    DX_COUNTER(HashState, flows, DX_COUNTER_GAUGE, "Flows of which a frame has come."),
    DX_COUNTER(HashState, flows_moved, DX_COUNTER_SUM,
               "Flows put on another member because one had left or returned, each time."),
    DX_COUNTER(HashState, flows_moved_surviving, DX_COUNTER_SUM,
               "Of these, flows moved away from a member that works."),
    DX_COUNTER(HashState, imbalance, DX_COUNTER_REAL,
               "Flows on the fullest member, over the mean of all that work; 0 without any flow."),
#define FIRST_OF_MARKERS 5
    MARKER_COUNTER(markers, DX_COUNTER_SUM, "With marker on: markers sent."),
    MARKER_COUNTER(marker_timeouts, DX_COUNTER_SUM, "The same: that were not answered in time."),
    MARKER_COUNTER(marker_wait_ps, DX_COUNTER_MAX,
                   "The same: longest wait of a flow for the member it leaves."),
    MARKER_COUNTER(held_frames, DX_COUNTER_SUM, "The same: frames that had to wait."),
    MARKER_COUNTER(held_max_bytes, DX_COUNTER_MAX, "The same: most octets that waited at once."),
    DX_COUNTER_END,
};

static bool hash_has_counter(const void *data, unsigned counter)
{
    const HashConf *conf = data;

    return counter < FIRST_OF_MARKERS || conf->lacp.marker == MARKER_ON;
}

static bool hash_can_drop(const void *data, unsigned reason)
{
    const HashConf *conf = data;

    return reason != DROP_MARKER_FULL || conf->lacp.marker == MARKER_ON;
}

/* -- members ------------------------------------------------------------------------------------------ */

static uint8_t look_up(const HashState *state, uint32_t flow)
{
    uint8_t member;

    dx__lag_table_members(&state->table, &state->hash[flow], &member, 1);
    return member;
}

/* The first frame of a flow. */
static uint8_t see(DxNode *node, const DxFrame *frame)
{
    HashState *state = dx_node_state(node);
    const uint32_t i = frame->flow;
    DxLagKey key = state->key;
    uint8_t member;

    key.flow = dx_sim_flow(dx_node_sim(node), i);
    key.number = i;
    key.vid = frame->flags & DX_FRAME_TAGGED ? frame->tci & 0xFFF : 0;
    state->hash[i] = dx__lag_hash(&state->how, &key);
    member = state->member[i] = state->assigned[i] = look_up(state, i);
    state->flows++;
    if (member != DX_LAG_NOBODY)
        state->n_on[member]++;
    return member;
}

typedef struct {
    uint64_t all, surviving;
} Moved;

#define BLOCK 256

/* Of one block of flows. All flows look alike to the processor, moved or not: no branch to guess. */
static void reassign_some(HashState *state, uint32_t from, uint32_t n, const uint8_t *is_in, uint32_t *n_on,
                          Moved *moved)
{
    uint8_t *assigned = state->assigned + from, after[BLOCK];
    uint32_t all = 0, surviving = 0;

    dx__lag_table_members(&state->table, state->hash + from, after, n);
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t before = assigned[i], now = before == DX_LAG_UNSEEN ? DX_LAG_UNSEEN : after[i];
        const uint32_t has_moved = (before != now) & (before < DX_LAG_MOST) & (now < DX_LAG_MOST);

        assigned[i] = now;
        n_on[now]++;
        all += has_moved;
        surviving += has_moved & is_in[before];
    }
    moved->all += all;
    moved->surviving += surviving;
}

/* All that have been seen, anew. */
static Moved reassign(HashState *state)
{
    uint8_t is_in[UINT8_MAX + 1] = { 0 };
    uint32_t n_on[UINT8_MAX + 1] = { 0 };
    Moved moved = { 0, 0 };

    for (unsigned i = 0; i < state->table.n_members; i++)
        is_in[i] = !state->table.is_out[i];
    for (uint32_t i = 0; i < state->n_flows; i += BLOCK)
        reassign_some(state, i, MIN(BLOCK, state->n_flows - i), is_in, n_on, &moved);
    for (unsigned i = 0; i < state->table.n_members; i++)
        state->n_on[i] = n_on[i];
    return moved;
}

/* Whoever it is bound to is told when the bundle takes no frames any more, and when it does again. */
static void tell_whether_it_works(DxNode *node, unsigned worked)
{
    const HashState *state = dx_node_state(node);

    if (!worked == !state->table.n_working)
        return;
    dx_node_steer(node, worked ? DX_CONTROL_MEMBER_OUT : DX_CONTROL_MEMBER_IN, 0);
}

static void set_member(DxNode *node, unsigned member, bool is_out)
{
    HashState *state = dx_node_state(node);
    const unsigned worked = state->table.n_working;
    Moved moved;

    if (!dx__lag_table_set(&state->table, member, is_out))
        return;
    moved = reassign(state);
    if (state->marker)
        dx__marker_changed(node, state->marker);
    state->working = state->table.n_working;
    state->flows_moved += moved.all;
    state->flows_moved_surviving += moved.surviving;
    dx_node_log(node, "members",
                "%u of %u work; %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                " flows moved, %" G_GUINT64_FORMAT " of them from members that work",
                state->table.n_working, state->table.n_members, moved.all, state->flows, moved.surviving);
    tell_whether_it_works(node, worked);
}

static void hash_control(DxNode *node, const DxControl *control)
{
    HashState *state = dx_node_state(node);

    g_return_if_fail(control->index < dx_node_n_outputs(node));
    if (control->op == DX_CONTROL_MEMBER_OUT || control->op == DX_CONTROL_MEMBER_IN)
        set_member(node, control->index, control->op == DX_CONTROL_MEMBER_OUT);
    else if (control->op == DX_CONTROL_HEARD && state->marker)
        dx__marker_heard(node, state->marker, control->index, control->octets, control->value);
}

static void hash_observe(DxNode *node, DxTime now)
{
    HashState *state = dx_node_state(node);
    uint64_t fullest = 0, all = 0;

    (void)now;
    for (unsigned i = 0; i < state->table.n_members; i++) {
        fullest = MAX(fullest, state->n_on[i]);
        all += state->n_on[i];
    }
    state->imbalance = all ? (double)(fullest * state->working) / (double)all : 0;
}

/* -- frames ------------------------------------------------------------------------------------------- */

/* A frame that cannot go on now. */
static void keep_back(DxNode *node, uint8_t member, const DxFrame *frame)
{
    HashState *state = dx_node_state(node);

    if (member == DX_LAG_NOBODY)
        dx_node_drop(node, DROP_NO_MEMBER, frame);
    else if (!dx__marker_hold(state->marker, frame))
        dx_node_drop(node, DROP_MARKER_FULL, frame);
}

/* Some of the burst cannot be sent, or have no member yet. */
static void sort_out(DxNode *node, DxBurst *burst, uint16_t *output)
{
    const HashState *state = dx_node_state(node);
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        uint8_t member = state->member[MIN(burst->frame[i].flow, state->n_flows)];

        if (member == DX_LAG_UNSEEN)
            member = see(node, &burst->frame[i]);
        if (member >= DX_LAG_MOST) {
            keep_back(node, member, &burst->frame[i]);
            continue;
        }
        if (kept < i)
            burst->frame[kept] = burst->frame[i];
        output[kept++] = member;
    }
    burst->n = kept;
}

/* All entries are asked for before the first is needed: with very many flows most are not in the cache. */
static void hash_process(DxNode *node, DxBurst *burst)
{
    const HashState *state = dx_node_state(node);
    const uint8_t *table = state->member;
    const uint32_t n_flows = state->n_flows;
    uint16_t output[DX_BURST_MAX], most = 0;

    for (unsigned i = 0; i < burst->n; i++)
        __builtin_prefetch(&table[MIN(burst->frame[i].flow, n_flows)]);
    for (unsigned i = 0; i < burst->n; i++) {
        output[i] = table[MIN(burst->frame[i].flow, n_flows)];
        most = MAX(most, output[i]);
    }
    if (G_UNLIKELY(most >= DX_LAG_MOST))
        sort_out(node, burst, output);
    dx_node_scatter(node, burst, output);
}

/* -- frames that have waited -------------------------------------------------------------------------- */

DxLagMarker *dx__hash_marker(DxNode *node)
{
    HashState *state = dx_node_state(node);

    return state->marker;
}

void dx__hash_release(DxNode *node, DxFrame *frame, const uint8_t *member, unsigned n)
{
    uint16_t output[DX_BURST_MAX];
    DxBurst burst = { frame, 0 };

    for (unsigned i = 0; i < n; i++) {
        if (member[i] == DX_LAG_NOBODY) {
            dx_node_drop(node, DROP_NO_MEMBER, &frame[i]);
            continue;
        }
        frame[burst.n] = frame[i];
        output[burst.n++] = member[i];
    }
    dx_node_scatter(node, &burst, output);
}

static uint64_t hash_held(const DxNode *node, DxHeldFn visit, void *data)
{
    const HashState *state = dx_node_state(node);
    const uint32_t n = state->marker ? lag_held_count(&state->marker->held) : 0;

    for (uint32_t i = 0; visit && i < n; i++)
        visit(lag_held_at(&state->marker->held, i), data);
    return n;
}

/* -- set-up ------------------------------------------------------------------------------------------- */

static bool hash_check(const void *data, const char **key, GError **error)
{
    const HashConf *conf = data;
    const char *policy = dx__lag_policies[conf->hash];
    const bool is_linux = dx__lag_is_linux((DxLagPolicy)conf->hash);

    *key = "function";
    if (is_linux && conf->function != DX_LAG_CRC32) {
        g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "%s has a hash of its own, not %s", policy,
                    dx__lag_functions[conf->function]);
        return false;
    }
    *key = "byte_order";
    if (!is_linux && conf->byte_order) {
        g_set_error(error, DX_ERROR, DX_ERROR_RANGE,
                    "%s is hashed octet by octet; only layer2+3 and layer3+4 depend on the host", policy);
        return false;
    }
    *key = "buckets";
    if (conf->buckets && !dx__lag_buckets((DxLagDistribution)conf->distribution, 1)) {
        g_set_error(error, DX_ERROR, DX_ERROR_RANGE,
                    "%s has no buckets; distributions buckets and resilient have",
                    dx__lag_distributions[conf->distribution]);
        return false;
    }
    return true;
}

/* The addresses that a capture shows. */
static bool set_stations(DxNode *node, const HashConf *conf, HashState *state, GError **error)
{
    const char *from = dx_node_station(node, 0), *to = dx_node_station(node, 1);

    if (from && to) {
        dx__ethernet_address(state->key.src_mac, from);
        dx__ethernet_address(state->key.dst_mac, to);
    } else if (dx__lag_needs_mac((DxLagPolicy)conf->hash)) {
        return dx_node_fail(node, "hash", error, DX_ERROR_RANGE,
                            "%s needs the names of both ends: dx_sim_set_stations()",
                            dx__lag_policies[conf->hash]);
    }
    return true;
}

static void set_hash(DxNode *node, const HashConf *conf, DxLagHash *how)
{
    DxRng rng;

    dx_node_rng(node, "members", &rng);
    how->policy = (DxLagPolicy)conf->hash;
    how->function = (DxLagFunction)conf->function;
    how->is_big_endian = conf->byte_order != 0;
    how->seed = (uint32_t)conf->seed;
    how->random = dx_rng_u64(&rng);
    dx__crc32_init(&how->crc);
}

static void set_marker(const HashConf *conf, HashState *state)
{
    if (conf->lacp.marker != MARKER_ON)
        return;
    state->marker = &state->markers;
    state->assigned = g_memdup2(state->member, state->n_flows + 1);
    dx__marker_init(state->marker, &conf->lacp, state->key.src_mac, state->n_flows, state->table.n_members,
                    state->member, state->assigned, state->table.is_out);
}

static bool hash_init(DxNode *node, GError **error)
{
    const HashConf *conf = dx_node_conf(node);
    HashState *state = dx_node_state(node);
    const unsigned n = dx_node_n_outputs(node);
    const unsigned n_buckets =
        dx__lag_buckets((DxLagDistribution)conf->distribution, (unsigned)conf->buckets);

    state->n_flows = dx_sim_n_flows(dx_node_sim(node));
    state->member = g_new(uint8_t, state->n_flows + 1);
    memset(state->member, DX_LAG_UNSEEN, state->n_flows);
    state->member[state->n_flows] = DX_LAG_NOBODY;
    state->assigned = state->member;
    state->hash = g_new0(uint32_t, state->n_flows + 1);
    state->n_on = g_new0(uint64_t, n + 1);
    state->working = n;
    dx__lag_table_init(&state->table, (DxLagDistribution)conf->distribution, n_buckets, n);
    set_hash(node, conf, &state->how);
    if (n > DX_LAG_MOST)
        return dx_node_fail(node, NULL, error, DX_ERROR_RANGE, "%u members; a LAG takes %d", n, DX_LAG_MOST);
    if (n_buckets && n_buckets < n)
        return dx_node_fail(node, "buckets", error, DX_ERROR_RANGE, "%u buckets are too few for %u members",
                            n_buckets, n);
    if (!set_stations(node, conf, state, error))
        return false;
    set_marker(conf, state);
    return true;
}

static void hash_start(DxNode *node)
{
    HashState *state = dx_node_state(node);

    if (state->marker)
        dx__marker_start(node, state->marker);
}

static void hash_clear(DxNode *node)
{
    HashState *state = dx_node_state(node);

    if (state->marker) {
        dx__marker_clear(state->marker);
        g_free(state->assigned);
    }
    g_free(state->member);
    g_free(state->hash);
    g_free(state->n_on);
    dx__lag_table_clear(&state->table);
}

const DxModel dx_model_hash = {
    .name = "hash",
    .summary = "Spreads flows over the members of a bundle",
    .conf_size = sizeof(HashConf),
    .state_size = sizeof(HashState),
    .params = hash_params,
    .counters = hash_counters,
    .drops = hash_drops,
    .check = hash_check,
    .can_drop = hash_can_drop,
    .has_counter = hash_has_counter,
    .init = hash_init,
    .start = hash_start,
    .process = hash_process,
    .observe = hash_observe,
    .control = hash_control,
    .held = hash_held,
    .clear = hash_clear,
};
