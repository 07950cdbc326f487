/*
 * bundle - the agents that say which members of a bundle work
 */
#include "reference-priv.h"

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
        hash_set(world, agent->hash, agent->member, false);
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
        hash_set(world, agent->hash, agent->member, true);
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
        hash_set(world, agent->hash, agent->member, false);
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
