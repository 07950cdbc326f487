/*
 * bundle - which member a flow takes, and the agents that say which members work
 */
#include "reference-priv.h"

#include <string.h>

/* -- hash --------------------------------------------------------------------------------------------- */

enum { KEYS_SRC_IP, KEYS_DST_IP, KEYS_SRC_DST_IP, KEYS_SRC_DST_IP_PORT, KEYS_5_TUPLE };
enum { FUNCTION_CRC32, FUNCTION_FNV1A_64 };

Hash *hash_new(ReferenceWorld *world, const char *direction, const void *conf, uint32_t n_members)
{
    Hash *hash = g_new0(Hash, 1);

    node_init(world, &hash->node, node_name(direction, "hash"));
    hash->keys = (int)conf_int(world, "hash", conf, "hash");
    hash->function = (int)conf_int(world, "hash", conf, "function");
    hash->n_members = n_members;
    hash->member = g_new0(const Hop *, n_members);
    hash->is_working = g_new0(bool, n_members);
    for (uint32_t i = 0; i < n_members; i++)
        hash_set(hash, i, true);
    return hash;
}

void hash_free(Hash *hash)
{
    if (!hash)
        return;
    g_free(hash->member);
    g_free(hash->is_working);
    g_free(hash->node.name);
    g_free(hash);
}

void hash_set(Hash *hash, uint32_t member, bool is_working)
{
    hash->is_working[member] = is_working;
    hash->working = 0;
    for (uint32_t i = 0; i < hash->n_members; i++)
        hash->working += hash->is_working[i];
}

/* IEEE 802.3: polynomial 04C11DB7, bits reflected, begins and ends inverted. "123456789" is CBF43926. */
uint32_t reference_crc32(const uint8_t *data, size_t n)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < n; i++) {
        crc ^= data[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

static uint32_t fnv1a_64(const uint8_t *data, size_t n)
{
    uint64_t sum = 0xcbf29ce484222325u;

    for (size_t i = 0; i < n; i++)
        sum = (sum ^ data[i]) * 0x100000001b3u;
    return (uint32_t)(sum >> 32 ^ sum);
}

static size_t put_address(uint8_t *to, const DxFlow *flow, const uint8_t address[16])
{
    const size_t n = flow->is_ipv6 ? 16 : 4;

    memcpy(to, address + 16 - n, n);
    return n;
}

static size_t put_16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
    return 2;
}

/* Network byte order, nothing between: source, destination, their ports, protocol. */
static size_t key_of(const Hash *hash, const DxFlow *flow, uint8_t key[37])
{
    size_t n = 0;

    if (hash->keys != KEYS_DST_IP)
        n += put_address(key + n, flow, flow->src);
    if (hash->keys != KEYS_SRC_IP)
        n += put_address(key + n, flow, flow->dst);
    if (hash->keys == KEYS_SRC_DST_IP_PORT || hash->keys == KEYS_5_TUPLE) {
        n += put_16(key + n, flow->src_port);
        n += put_16(key + n, flow->dst_port);
    }
    if (hash->keys == KEYS_5_TUPLE)
        key[n++] = flow->protocol;
    return n;
}

void hash_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Hash *hash = who;
    const DxScFlow *entry = DX_SC(world->scenario, flows, DxScFlow, frame->group);
    const DxFlow *flow = &world->flow[frame->group][frame->flow - entry->first_flow];
    uint8_t key[37];
    const size_t n = key_of(hash, flow, key);
    const uint32_t sum = hash->function == FUNCTION_CRC32 ? reference_crc32(key, n) : fnv1a_64(key, n);
    uint64_t nth;

    (void)arg;
    if (!hash->working) {
        hash->dropped_no_member++;
        frame_drop(world, &hash->node, frame, "no_member");
        return;
    }
    nth = sum % hash->working;
    for (uint32_t i = 0; i < hash->n_members; i++)
        if (hash->is_working[i] && nth-- == 0) {
            world_send(world, hash->member[i], frame);
            return;
        }
    g_assert_not_reached();
}

/* -- heartbeat ---------------------------------------------------------------------------------------- */

Agent *agent_new(ReferenceWorld *world, const char *direction, const void *conf)
{
    Agent *agent = g_new0(Agent, 1);

    node_init(world, &agent->node, node_name(direction, "heartbeat"));
    agent->period_ps = conf_int(world, "heartbeat", conf, "period");
    agent->reaction_ps = conf_int(world, "heartbeat", conf, "reaction");
    agent->misses = (uint64_t)conf_int(world, "heartbeat", conf, "misses");
    agent->pcp = (uint32_t)conf_int(world, "heartbeat", conf, "pcp");
    agent->size_bytes = (uint32_t)conf_int(world, "heartbeat", conf, "size");
    return agent;
}

void agent_free(Agent *agent)
{
    if (!agent)
        return;
    g_free(agent->node.name);
    g_free(agent);
}

static void agent_send(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Agent *agent = who;
    const Hop port = part_hop(agent->sends_by, PORT_INPUT_HEARTBEAT);
    Frame *frame = g_new0(Frame, 1);

    (void)none;
    (void)arg;
    *frame = (Frame){ .birth_ps = world->now,
                      .flow = DX_NO_FLOW,
                      .seq = agent->sent++,
                      .group = DX_NONE,
                      .size_bytes = agent->size_bytes,
                      .pcp = agent->pcp };
    frame_born(world, frame);
    world_send(world, &port, frame);
    world_post(world, world->now + agent->period_ps, &agent->node, agent_send, agent, 0);
}

static void agent_expired(ReferenceWorld *world, void *who, Frame *none, uint64_t expiry)
{
    Agent *agent = who;
    char *detail;

    (void)none;
    if (expiry != agent->expiry)
        return; /* armed anew, or dark since */
    detail = g_strdup_printf("%" G_GUINT64_FORMAT " missed, member out of the bundle", agent->misses);
    world_log(world, agent->node.name, "heartbeat_lost", detail);
    g_free(detail);
    agent->is_out = true;
    if (agent->hash)
        hash_set(agent->hash, agent->member, false);
}

static void agent_arm(ReferenceWorld *world, Agent *agent)
{
    world_post(world, world->now + (DxTime)agent->misses * agent->period_ps, &agent->node, agent_expired,
               agent, ++agent->expiry);
}

static void agent_heard(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Agent *agent = who;

    (void)none;
    (void)arg;
    if (agent->is_dark)
        return;
    agent_arm(world, agent);
    if (!agent->is_out)
        return;
    agent->is_out = false;
    world_log(world, agent->node.name, "heartbeat_heard", "member back in the bundle");
    if (agent->hash)
        hash_set(agent->hash, agent->member, true);
}

/* Loss of light: out at once, and nothing is waited for until the other end is heard by light again. */
void agent_dark(ReferenceWorld *world, Agent *agent)
{
    agent->is_dark = true;
    agent->expiry++;
    if (agent->is_out)
        return;
    agent->is_out = true;
    world_log(world, agent->node.name, "link_down", "member out of the bundle");
    if (agent->hash)
        hash_set(agent->hash, agent->member, false);
}

void agent_start(ReferenceWorld *world, Agent *agent)
{
    world_post(world, 0, &agent->node, agent_send, agent, 0);
    agent_arm(world, agent);
}

/* Frames in, events out: what has been heard is acted upon one reaction time later. */
void agent_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Agent *agent = who;

    (void)arg;
    if (frame->group != DX_NONE) {
        world_send(world, &agent->next, frame);
        return;
    }
    frame_deliver(world, &agent->node, frame);
    world_post(world, world->now + agent->reaction_ps, &agent->node, agent_heard, agent, 0);
}
