/*
 * hash - spreads flows over the members of a bundle
 *
 *   member = working[hash(key of the flow) mod number of working members]
 *
 * The member of every flow is worked out once, and again for all flows when a member leaves or returns:
 * nothing is hashed per frame. CRC-32 is that of IEEE 802.3; FNV-1a has 64 bits, folded to 32 by exclusive
 * or. Keys are in network byte order without separators: addresses (4 octets for IPv4, 16 for IPv6), ports,
 * protocol.
 */
#include <dxsim/sim.h>
#include "wire/crc32.h"

enum { DROP_NO_MEMBER };

static const char *const hash_drops[] = { "no_member", NULL };

enum { KEY_SRC_IP, KEY_DST_IP, KEY_SRC_DST_IP, KEY_SRC_DST_IP_PORT, KEY_FIVE_TUPLE };

static const char *const hash_keys[] = {
    "src-ip", "dst-ip", "src-dst-ip", "src-dst-ip-port", "5-tuple", NULL
};

enum { FUNCTION_CRC32, FUNCTION_FNV1A };

static const char *const hash_functions[] = { "crc32", "fnv1a-64", NULL };

typedef struct {
    int hash, function;
} HashConf;

static const DxParam hash_params[] = {
    DX_PARAM_ENUM(HashConf, hash, "src-dst-ip-port", hash_keys, "What of a flow is hashed."),
    DX_PARAM_ENUM(HashConf, function, "crc32", hash_functions, "How it is hashed."),
    DX_PARAM_END,
};

typedef struct {
    uint16_t *member; /* by flow: output */
    uint32_t *value;  /* by flow: its hash */
    uint32_t n_flows;
    uint64_t working; /* members that take frames, for the counter */
    bool *is_out;     /* by output */
} HashState;

static const DxCounter hash_counters[] = {
    DX_COUNTER(HashState, working, DX_COUNTER_GAUGE, "Members that take frames."),
    DX_COUNTER_END,
};

/* -- keys and functions ------------------------------------------------------------------------------ */

static uint32_t fnv1a(const uint8_t *data, unsigned n)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (unsigned i = 0; i < n; i++)
        h = (h ^ data[i]) * 0x100000001b3u;
    return (uint32_t)(h ^ h >> 32);
}

static unsigned put_address(uint8_t *to, const uint8_t address[16], bool is_ipv6)
{
    const unsigned skip = is_ipv6 ? 0 : 12;

    for (unsigned i = skip; i < 16; i++)
        to[i - skip] = address[i];
    return 16 - skip;
}

static unsigned put_port(uint8_t *to, uint16_t port)
{
    to[0] = (uint8_t)(port >> 8);
    to[1] = (uint8_t)port;
    return 2;
}

static uint32_t hash_flow(const HashConf *conf, const DxCrc32 *crc, const DxFlow *flow)
{
    uint8_t key[37];
    unsigned n = 0;

    if (conf->hash != KEY_DST_IP)
        n += put_address(key + n, flow->src, flow->is_ipv6);
    if (conf->hash != KEY_SRC_IP)
        n += put_address(key + n, flow->dst, flow->is_ipv6);
    if (conf->hash >= KEY_SRC_DST_IP_PORT) {
        n += put_port(key + n, flow->src_port);
        n += put_port(key + n, flow->dst_port);
    }
    if (conf->hash == KEY_FIVE_TUPLE)
        key[n++] = flow->protocol;
    return conf->function == FUNCTION_CRC32 ? dx__crc32(crc, key, n) : fnv1a(key, n);
}

/* -- members ----------------------------------------------------------------------------------------- */

static void assign_members(DxNode *node)
{
    HashState *state = dx_node_state(node);
    uint16_t *working = g_new(uint16_t, dx_node_n_outputs(node));
    uint32_t n = 0;

    for (unsigned k = 0; k < dx_node_n_outputs(node); k++)
        if (!state->is_out[k])
            working[n++] = (uint16_t)k;
    for (uint32_t i = 0; i < state->n_flows; i++)
        state->member[i] = n ? working[state->value[i] % n] : DX_NO_OUTPUT;
    state->working = n;
    g_free(working);
}

static bool hash_init(DxNode *node, GError **error)
{
    HashState *state = dx_node_state(node);
    DxSim *sim = dx_node_sim(node);
    DxCrc32 crc;

    (void)error;
    dx__crc32_init(&crc);
    state->n_flows = dx_sim_n_flows(sim);
    state->member = g_new(uint16_t, state->n_flows + 1);
    state->member[state->n_flows] = DX_NO_OUTPUT;
    state->value = g_new(uint32_t, state->n_flows + 1);
    state->is_out = g_new0(bool, dx_node_n_outputs(node) + 1);
    for (uint32_t i = 0; i < state->n_flows; i++)
        state->value[i] = hash_flow(dx_node_conf(node), &crc, dx_sim_flow(sim, i));
    assign_members(node);
    return true;
}

static void hash_clear(DxNode *node)
{
    HashState *state = dx_node_state(node);

    g_free(state->member);
    g_free(state->value);
    g_free(state->is_out);
}

static void hash_process(DxNode *node, DxBurst *burst)
{
    const HashState *state = dx_node_state(node);
    uint16_t output[DX_BURST_MAX];
    unsigned kept = 0;

    for (unsigned i = 0; i < burst->n; i++) {
        const uint16_t member = state->member[MIN(burst->frame[i].flow, state->n_flows)];

        if (G_UNLIKELY(member == DX_NO_OUTPUT)) {
            dx_node_drop(node, DROP_NO_MEMBER, &burst->frame[i]);
            continue;
        }
        if (kept < i)
            burst->frame[kept] = burst->frame[i];
        output[kept++] = member;
    }
    burst->n = kept;
    dx_node_scatter(node, burst, output);
}

static void hash_control(DxNode *node, const DxControl *control)
{
    HashState *state = dx_node_state(node);

    if (control->op != DX_CONTROL_MEMBER_OUT && control->op != DX_CONTROL_MEMBER_IN)
        return;
    g_return_if_fail(control->index < dx_node_n_outputs(node));
    state->is_out[control->index] = control->op == DX_CONTROL_MEMBER_OUT;
    assign_members(node);
}

const DxModel dx_model_hash = {
    .name = "hash",
    .summary = "Spreads flows over the members of a bundle",
    .conf_size = sizeof(HashConf),
    .state_size = sizeof(HashState),
    .params = hash_params,
    .counters = hash_counters,
    .drops = hash_drops,
    .init = hash_init,
    .process = hash_process,
    .control = hash_control,
    .clear = hash_clear,
};
