/*
 * reference - the heap, the network as the scenario draws it, and the run
 */
#include "reference-priv.h"
#include "../../lib/bgp-priv.h"

#include <string.h>

/* -- the heap ----------------------------------------------------------------------------------------- */

#define COMPARE(a, b, field)                                                                                 \
    if ((a)->field != (b)->field)                                                                            \
    return (a)->field < (b)->field

static bool is_before(const Step *a, const Step *b)
{
    COMPARE(a, b, at);
    COMPARE(a, b, plane);
    COMPARE(a, b, major);
    COMPARE(a, b, middle);
    COMPARE(a, b, minor);
    return a->serial < b->serial;
}

static void push(ReferenceWorld *world, Step step)
{
    size_t i = world->n_heap++;

    g_assert(step.at >= world->now);
    step.serial = world->serial++;
    if (world->n_heap > world->heap_size) {
        world->heap_size = 2 * world->heap_size + 1024;
        world->heap = g_renew(Step, world->heap, world->heap_size);
    }
    for (; i && is_before(&step, &world->heap[(i - 1) / 2]); i = (i - 1) / 2)
        world->heap[i] = world->heap[(i - 1) / 2];
    world->heap[i] = step;
}

static Step pop(ReferenceWorld *world)
{
    const Step top = world->heap[0], last = world->heap[--world->n_heap];
    size_t i = 0, child;

    while ((child = 2 * i + 1) < world->n_heap) {
        if (child + 1 < world->n_heap && is_before(&world->heap[child + 1], &world->heap[child]))
            child++;
        if (is_before(&last, &world->heap[child]))
            break;
        world->heap[i] = world->heap[child];
        i = child;
    }
    world->heap[i] = last;
    return top;
}

void world_frame_step(ReferenceWorld *world, DxTime at, Layer layer, const Node *node, unsigned input,
                      StepFn fn, void *who, Frame *frame, uint64_t arg)
{
    push(world, (Step){ .at = at,
                        .plane = PLANE_FRAMES,
                        .major = layer,
                        .middle = node->index,
                        .minor = input,
                        .fn = fn,
                        .who = who,
                        .frame = frame,
                        .arg = arg });
}

void world_send(ReferenceWorld *world, const Hop *to, Frame *frame)
{
    world_frame_step(world, world->now, to->layer, to->node, to->input, to->arrival, to->who, frame, 0);
}

void world_later(ReferenceWorld *world, DxTime at, StepFn fn, void *who, uint64_t arg)
{
    push(world, (Step){ .at = at,
                        .plane = PLANE_WORLD,
                        .major = world->scenario->events->len + world->n_later++,
                        .fn = fn,
                        .who = who,
                        .arg = arg });
}

void world_measure(ReferenceWorld *world, DxTime at, StepFn fn)
{
    push(world, (Step){ .at = at, .plane = PLANE_MEASURE, .fn = fn });
}

void world_post(ReferenceWorld *world, DxTime at, Node *node, StepFn fn, void *who, uint64_t arg)
{
    push(world, (Step){ .at = at,
                        .plane = PLANE_NODES,
                        .major = node->index,
                        .middle = node->n_posted++,
                        .fn = fn,
                        .who = who,
                        .arg = arg });
}

/* -- frames ------------------------------------------------------------------------------------------- */

void frame_born(ReferenceWorld *world, Frame *frame)
{
    world->created++;
    world->in_flight++;
    frame->is_held = false;
}

void frame_hold(ReferenceWorld *world, Frame *frame, bool is_held)
{
    if (frame->is_held == is_held)
        return;
    frame->is_held = is_held;
    if (is_held) {
        world->held++;
        world->in_flight--;
    } else {
        world->held--;
        world->in_flight++;
    }
}

static void record(ReferenceWorld *world, const Node *node, const Frame *frame, const char *fate)
{
    const ReferenceTrace trace = { .t_ps = world->now,
                                   .node = node->name,
                                   .flow = frame->flow,
                                   .seq = frame->seq,
                                   .size_bytes = frame->size_bytes,
                                   .birth_ps = frame->birth_ps,
                                   .fate = fate,
                                   .node_index = node->index };

    if (world->wants_trace)
        g_array_append_val(world->reference->trace, trace);
}

static void leaves(ReferenceWorld *world, const Frame *frame)
{
    if (frame->is_held)
        world->held--;
    else
        world->in_flight--;
}

void frame_lost(ReferenceWorld *world, const Node *node, const Frame *frame, const char *reason)
{
    record(world, node, frame, reason);
    world->dropped++;
    if (frame->group != DX_NONE)
        world->first_loss = MIN(world->first_loss, world->now);
    leaves(world, frame);
}

void frame_drop(ReferenceWorld *world, const Node *node, Frame *frame, const char *reason)
{
    frame_lost(world, node, frame, reason);
    g_free(frame);
}

void frame_deliver(ReferenceWorld *world, const Node *node, Frame *frame)
{
    record(world, node, frame, "delivered");
    world->delivered++;
    leaves(world, frame);
    g_free(frame);
}

void world_log(ReferenceWorld *world, const char *object, const char *event, const char *detail)
{
    DxLogLine *line = g_new0(DxLogLine, 1);

    line->t_ps = world->now;
    line->object = g_strdup(object);
    line->event = g_strdup(event);
    line->detail = g_strdup(detail);
    g_ptr_array_add(world->reference->log, line);
}

static void log_line_free(void *data)
{
    DxLogLine *line = data;

    g_free(line->object);
    g_free(line->event);
    g_free(line->detail);
    g_free(line);
}

/* -- configuration ------------------------------------------------------------------------------------ */

const void *conf_field(const ReferenceWorld *world, const char *model, const void *conf, const char *key)
{
    const DxModel *found = dx__scenario_model(world->scenario, model);
    const DxParam *param = dx_param_find(found->params, key);

    if (!param)
        g_error("model %s has no parameter \"%s\"", model, key);
    return (const char *)conf + param->offset;
}

int64_t conf_int(const ReferenceWorld *world, const char *model, const void *conf, const char *key)
{
    return dx__conf_int(dx__scenario_model(world->scenario, model), conf, key);
}

void node_rng(const ReferenceWorld *world, const Node *node, const char *purpose, DxRng *rng)
{
    char *name = g_strdup(node->name);

    if (world->flaw == REFERENCE_SHARES_DRAWS)
        name[strcspn(name, ":")] = '\0';
    dx_rng_init(rng, world->scenario->seed, 0, name, purpose);
    g_free(name);
}

char *node_name(const char *of, const char *what)
{
    return g_strdup_printf("%s.%s", of, what);
}

void node_init(ReferenceWorld *world, Node *node, char *name)
{
    node->name = name;
    node->index = world->n_nodes++;
}

/* -- the network: nodes in the order that settles ties ------------------------------------------------- */

static void make_routers(ReferenceWorld *world)
{
    world->router = g_new0(Router, world->scenario->nodes->len);
    for (uint32_t i = 0; i < world->scenario->nodes->len; i++) {
        node_init(world, &world->router[i].node, g_strdup(DX_SC(world->scenario, nodes, DxScNode, i)->name));
        world->router[i].place = i;
    }
}

/* Of one LAG: hashes of both directions, then the ends that speak LACP. */
static void make_bundle(ReferenceWorld *world, uint32_t i)
{
    const DxScLag *lag = DX_SC(world->scenario, lags, DxScLag, i);
    char *direction[2];

    for (unsigned d = 0; d < 2; d++) {
        direction[d] = dx__scenario_direction(world->scenario, lag->name, lag->end, d);
        if (lag->is_used[d])
            world->hash[2 * i + d] = hash_new(world, i, d);
    }
    for (unsigned d = 0; d < 2; d++) {
        if (lag->lacp[d] && (lag->is_used[0] || lag->is_used[1]))
            world->lacp_end[2 * i + d] = lacp_end_new(world, i, d, direction[d]);
        g_free(direction[d]);
    }
}

static void make_bundles(ReferenceWorld *world)
{
    world->hash = g_new0(Hash *, 2 * world->scenario->lags->len + 1);
    world->lacp_end = g_new0(LacpEnd *, 2 * world->scenario->lags->len + 1);
    for (uint32_t i = 0; i < world->scenario->lags->len; i++)
        make_bundle(world, i);
}

static void make_vif_ways(ReferenceWorld *world)
{
    const DxScenario *scenario = world->scenario;

    world->vif_way = g_new0(VifWay *, 2 * scenario->trunks->len + 1);
    for (uint32_t k = 0; k < 2 * scenario->trunks->len; k++) {
        const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, k / 2);
        const bool *is_used = trunk->is_lag ? DX_SC(scenario, lags, DxScLag, trunk->index)->is_used
                                            : DX_SC(scenario, links, DxScLink, trunk->index)->is_used;

        if (is_used[k % 2])
            world->vif_way[k] = vif_way_new(world, k / 2, k % 2);
    }
}

uint32_t input_of_link(const ReferenceWorld *world, uint32_t link, unsigned direction)
{
    return 2 * (world->scenario->lags->len + link) + direction;
}

static const DxScLag *lag_of(const ReferenceWorld *world, const DxScLink *link)
{
    return link->lag == DX_NONE ? NULL : DX_SC(world->scenario, lags, DxScLag, link->lag);
}

static void make_links(ReferenceWorld *world)
{
    const uint32_t n = 2 * world->scenario->links->len;

    world->direction = g_new0(Direction, n);
    for (uint32_t k = 0; k < n; k++) {
        const DxScLink *link = DX_SC(world->scenario, links, DxScLink, k / 2);
        const DxScLag *lag = lag_of(world, link);

        if (!link->is_used[k % 2])
            continue;
        chain_make(world, k / 2, k % 2);
        if (lag && lag->heartbeat) {
            char *name = dx__scenario_direction(world->scenario, link->name, link->end, k % 2);

            world->direction[k].agent = agent_new(world, name, lag->heartbeat);
            g_free(name);
        } else if (lag && lag->lacp[0]) {
            char *name = dx__scenario_direction(world->scenario, link->name, link->end, k % 2);

            world->direction[k].ear =
                ear_new(world, name, lag->lacp[lag->end[0] == link->end[1 - k % 2] ? 0 : 1]);
            g_free(name);
        }
    }
}

/* Source ports count up to the last there is, then begin again with the next address. */
static DxFlow *list_flows(const DxScFlow *entry)
{
    DxFlow *list = g_new(DxFlow, entry->n_flows), flow = entry->flow;

    for (uint32_t i = 0; i < entry->n_flows; i++) {
        list[i] = flow;
        if (flow.src_port < 65535) {
            flow.src_port++;
        } else {
            flow.src_port = entry->flow.src_port;
            for (unsigned k = 16; k-- && ++flow.src[k] == 0;)
                ;
        }
    }
    return list;
}

static void make_flows(ReferenceWorld *world)
{
    const GArray *flows = world->scenario->flows;

    world->source = g_new0(Source *, flows->len);
    world->stats = g_new0(DxGroupStats, flows->len);
    world->flow = g_new0(DxFlow *, flows->len);
    world->seq_latest = g_new0(uint32_t *, flows->len);
    for (uint32_t i = 0; i < flows->len; i++) {
        const DxScFlow *entry = DX_SC(world->scenario, flows, DxScFlow, i);

        world->source[i] = source_new(world, i);
        world->flow[i] = list_flows(entry);
        world->seq_latest[i] = g_new0(uint32_t, entry->n_flows);
        dx_histogram_init(&world->stats[i].latency);
        world->stats[i].last_ps = -1;
    }
}

static void make_sinks(ReferenceWorld *world)
{
    world->sink = g_new0(Sink *, world->scenario->nodes->len);
    for (uint32_t i = 0; i < world->scenario->nodes->len; i++)
        for (uint32_t k = 0; k < world->scenario->flows->len; k++)
            if (DX_SC(world->scenario, flows, DxScFlow, k)->to == i && !world->sink[i]) {
                world->sink[i] = g_new0(Sink, 1);
                node_init(world, &world->sink[i]->node,
                          node_name(DX_SC(world->scenario, nodes, DxScNode, i)->name, "sink"));
            }
}

/* A member's two ends may be written the other way round than those of its bundle: the bundle's direction
 * that leaves the node where @link's direction @d begins. */
static Hash *hash_towards(const ReferenceWorld *world, const DxScLink *link, unsigned d)
{
    const DxScLag *lag = lag_of(world, link);

    return lag ? world->hash[2 * link->lag + (lag->end[0] == link->end[d] ? 0 : 1)] : NULL;
}

/* What a router sees of a link: itself, or the LAG it is in. */
static uint32_t trunk_of(const ReferenceWorld *world, const DxScLink *link)
{
    const DxScLag *lag = lag_of(world, link);

    return lag ? lag->trunk : link->trunk;
}

static unsigned way_direction(const ReferenceWorld *world, const DxScLink *link, unsigned d)
{
    const DxScLag *lag = lag_of(world, link);

    if (!lag)
        return d;
    return lag->end[0] == link->end[d] ? 0 : 1;
}

/* It listens at the end of direction @d, and speaks into the other. */
static void wire_ear(ReferenceWorld *world, uint32_t i, unsigned d, Part *last)
{
    const DxScLink *link = DX_SC(world->scenario, links, DxScLink, i);
    const DxScLag *lag = lag_of(world, link);
    const Direction *other = &world->direction[2 * i + 1 - d];
    Ear *ear = world->direction[2 * i + d].ear;

    ear->next = last->next;
    ear->sends_by = other->enter ? other->enter : other->port;
    last->next = (Hop){ LAYER_HEARTBEAT, &ear->node, 0, ear_arrival, ear };
    lacp_end_wire(world->lacp_end[2 * link->lag + (lag->end[0] == link->end[1 - d] ? 0 : 1)], link->member,
                  ear, hash_towards(world, link, 1 - d));
}

static void wire_direction(ReferenceWorld *world, uint32_t i, unsigned d)
{
    const DxScLink *link = DX_SC(world->scenario, links, DxScLink, i);
    Direction *direction = &world->direction[2 * i + d];
    Router *to = &world->router[link->end[1 - d]];
    const unsigned input = input_of_link(world, i, d);
    const uint32_t trunk = trunk_of(world, link);
    VifWay *way = world->vif_way[2 * trunk + way_direction(world, link, d)];
    Part *last = g_ptr_array_index(direction->parts, direction->parts->len - 1);
    Hash *hash = hash_towards(world, link, d);
    Agent *agent = direction->agent;

    if (hash)
        hash->member[link->member] = &direction->entry;
    last->next = way ? (Hop){ LAYER_VIF_LEAVE, &way->leave, input, vif_leave_arrival, way }
                     : (Hop){ LAYER_ROUTER, &to->node, input, router_arrival, to };
    if (way) {
        way->off = (Hop){ LAYER_ROUTER, &to->node, hash ? 2 * link->lag + way->direction : input,
                          router_arrival, to };
        way->onto = hash ? (Hop){ LAYER_HASH, &hash->node, 0, hash_arrival, hash } : direction->entry;
    }
    if (direction->ear)
        wire_ear(world, i, d, last);
    if (!agent)
        return;
    agent->next = last->next;
    last->next = (Hop){ LAYER_HEARTBEAT, &agent->node, 0, agent_arrival, agent };
    agent->sends_by = world->direction[2 * i + 1 - d].enter ? world->direction[2 * i + 1 - d].enter
                                                            : world->direction[2 * i + 1 - d].port;
    agent->hash = hash_towards(world, link, 1 - d);
    agent->member = link->member;
}

/* Without keys there is one that both have, see docs/models/mka.md. */
static void wire_mka(ReferenceWorld *world, uint32_t i, unsigned d)
{
    const DxScLink *link = DX_SC(world->scenario, links, DxScLink, i);
    Direction *direction = &world->direction[2 * i + d], *back = &world->direction[2 * i + 1 - d];
    DxMkaChain *chain = &direction->chain;

    *chain = *(const DxMkaChain *)link->mka;
    if (chain->n == 0)
        chain->cak[chain->n++] =
            (DxMkaCak){ .ckn = "seed", .ckn_bytes = 4, .cak_bytes = 32, .is_at = { true, true } };
    chain->end = 1 - d;
    for (unsigned end = 0; end < 2; end++) {
        chain->station[end] = world->router[link->end[end]].node.name;
        chain->agent[end] = world->direction[2 * i + 1 - end].mka->node.name;
    }
    agreement_join(world, direction->mka, back, chain);
    channel_join(back->channel, direction->channel, direction->mka);
}

static void make_network(ReferenceWorld *world)
{
    make_routers(world);
    make_bundles(world);
    make_vif_ways(world);
    make_links(world);
    make_flows(world);
    make_sinks(world);
    bgp_make(world);
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        if (world->direction[k].parts)
            wire_direction(world, k / 2, k % 2);
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        if (world->direction[k].mka)
            wire_mka(world, k / 2, k % 2);
}

/* -- what happens to it -------------------------------------------------------------------------------- */

/* Without agents: what the hashes at both ends make of a light that goes out or on. */
static void light(ReferenceWorld *world, uint32_t index, bool is_on)
{
    const DxScLink *link = DX_SC(world->scenario, links, DxScLink, index);
    const DxScLag *lag = lag_of(world, link);

    for (unsigned d = 0; d < 2; d++)
        if (lag && !lag->heartbeat && !lag->lacp[0] && world->hash[2 * link->lag + d])
            hash_set(world, world->hash[2 * link->lag + d], link->member, is_on);
}

static void change_state(ReferenceWorld *world, const DxScEvent *event)
{
    const DxScState *state = &event->state;

    bgp_happened(world);
    world->is_port_down[event->link] = state->is_port_down;
    bgp_line_fails(world, DX_SC(world->scenario, links, DxScLink, event->link)->trunk,
                   state->carries == DX_SC_BOTH_WAYS);
    for (unsigned d = 0; d < 2; d++) {
        Direction *direction = &world->direction[2 * event->link + d];

        if (state->carries >> d & 1)
            chain_restore(world, direction);
        else
            chain_fail(world, direction, !state->is_port_down, state->is_cut);
    }
    if (state->carries == DX_SC_BOTH_WAYS || state->is_port_down) {
        light(world, event->link, !state->is_port_down);
        bgp_line(world, DX_SC(world->scenario, links, DxScLink, event->link), !state->is_port_down);
    }
}

void world_set_rate(ReferenceWorld *world, uint32_t link, uint64_t rate)
{
    world->rate[link] = rate;
    for (unsigned d = 0; d < 2; d++)
        if (world->direction[2 * link + d].parts)
            port_set_rate(world->direction[2 * link + d].port, rate);
}

static void change_setting(ReferenceWorld *world, const DxScEvent *event)
{
    Direction *direction = &world->direction[2 * event->link];

    if (event->quantity != DX_SC_RATE) {
        if (direction[event->direction].parts && !event->is_begin)
            fiber_set(world, direction[event->direction].fiber, event);
        return;
    }
    world_set_rate(world, event->link, (uint64_t)event->value);
}

static void tell(ReferenceWorld *world, const DxScEvent *event)
{
    const DxScLink *link = DX_SC(world->scenario, links, DxScLink, event->link);
    char *direction = dx__scenario_direction(world->scenario, link->name, link->end, event->direction);
    char *setting = event->what == DX_SC_SET ? dx__event_setting(world->scenario, event) : NULL;
    char *how = event->what == DX_SC_FAIL ? dx__event_failure(world->scenario, event) : NULL;

    if (event->what == DX_SC_FAIL)
        world_log(world, link->name, "fail", how);
    if (event->what == DX_SC_RESTORE)
        world_log(world, link->name, "restore", "");
    if (event->what == DX_SC_SET && event->quantity == DX_SC_RATE)
        world_log(world, link->name, "set", setting);
    else if (event->what == DX_SC_SET && !event->is_step)
        world_log(world, direction, "set", setting);
    g_free(direction);
    g_free(setting);
    g_free(how);
}

static void change_attack(ReferenceWorld *world, const DxScEvent *event)
{
    const DxScLink *link = DX_SC(world->scenario, links, DxScLink, event->link);

    for (unsigned d = 0; d < 2; d++) {
        const Direction *direction = &world->direction[2 * event->link + d];
        char *name = dx__scenario_direction(world->scenario, link->name, link->end, d);

        if (direction->attack)
            attack_happens(world, direction->attack, name, event);
        g_free(name);
    }
}

static void happen(ReferenceWorld *world, void *none, Frame *no_frame, uint64_t index)
{
    const DxScEvent *event = DX_SC(world->scenario, events, DxScEvent, index);

    (void)none;
    (void)no_frame;
    if (event->what == DX_SC_ATTACK) {
        change_attack(world, event);
        return;
    }
    tell(world, event);
    if (event->what == DX_SC_SET)
        change_setting(world, event);
    if (event->is_change && event->what != DX_SC_FAIL && event->what != DX_SC_RESTORE)
        world_log(world, DX_SC(world->scenario, links, DxScLink, event->link)->name, "port",
                  event->state.is_port_down ? "down: no light" : "up");
    if (event->what == DX_SC_FAIL || event->what == DX_SC_RESTORE || event->is_change)
        change_state(world, event);
}

void world_observe(ReferenceWorld *world)
{
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        chain_observe(world, &world->direction[k]);
    bgp_observe(world);
    for (uint32_t k = 0; k < 2 * world->scenario->lags->len; k++) {
        if (world->hash[k])
            hash_observe(world, world->hash[k]);
        if (world->lacp_end[k])
            lacp_end_observe(world, world->lacp_end[k]);
    }
}

static void sample(ReferenceWorld *world, void *none, Frame *no_frame, uint64_t arg)
{
    const DxTime next = world->now + world->scenario->series_period_ps;

    (void)none;
    (void)no_frame;
    if (arg)
        world_observe(world);
    if (arg)
        dx_series_sample(world->reference->series, world->now);
    if (next <= MIN(world->scenario->duration_ps, world->scenario->series_until_ps))
        push(world, (Step){ .at = next, .plane = PLANE_MEASURE, .fn = sample, .arg = 1 });
}

static void start(ReferenceWorld *world)
{
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        if (world->direction[k].channel)
            channel_start(world, world->direction[k].channel);
    for (uint32_t i = 0; i < world->scenario->events->len; i++)
        push(world, (Step){ .at = DX_SC(world->scenario, events, DxScEvent, i)->at_ps,
                            .plane = PLANE_WORLD,
                            .major = i,
                            .fn = happen,
                            .arg = i });
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        if (world->direction[k].agent)
            agent_start(world, world->direction[k].agent);
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        if (world->direction[k].mka)
            agreement_start(
                world, world->direction[k].mka,
                conf_int(world, "mka", DX_SC(world->scenario, links, DxScLink, k / 2)->mka, "start"));
    for (uint32_t k = 0; k < 2 * world->scenario->lags->len; k++)
        if (world->lacp_end[k])
            lacp_end_start(world, world->lacp_end[k]);
    bgp_start(world);
    for (uint32_t i = 0; i < world->scenario->flows->len; i++)
        source_start(world, world->source[i]);
    if (world->reference->series)
        sample(world, NULL, NULL, 0);
    monitor_start(world);
}

/* -- what is measured --------------------------------------------------------------------------------- */

static void watch_hash(ReferenceWorld *world, const char *object, Hash *hash)
{
    DxResults *results = world->reference->results;

    dx_results_watch(results, "lag", object, "working", DX_COUNTER_GAUGE, &hash->working);
    dx_results_watch(results, "lag", object, "flows", DX_COUNTER_GAUGE, &hash->flows);
    dx_results_watch(results, "lag", object, "flows_moved", DX_COUNTER_SUM, &hash->flows_moved);
    dx_results_watch(results, "lag", object, "flows_moved_surviving", DX_COUNTER_SUM,
                     &hash->flows_moved_surviving);
    dx_results_watch_real(results, "lag", object, "imbalance", &hash->imbalance);
    if (hash->marks)
        marks_watch(world, object, hash->marks);
    dx_results_watch(results, "lag", object, "dropped_no_member", DX_COUNTER_SUM, &hash->dropped_no_member);
    if (hash->marks)
        dx_results_watch(results, "lag", object, "dropped_marker_full", DX_COUNTER_SUM,
                         &hash->dropped_marker_full);
}

static void watch_lags(ReferenceWorld *world)
{
    for (uint32_t k = 0; k < 2 * world->scenario->lags->len; k++) {
        const DxScLag *lag = DX_SC(world->scenario, lags, DxScLag, k / 2);
        char *object = dx__scenario_direction(world->scenario, lag->name, lag->end, k % 2);

        if (world->hash[k]) {
            watch_hash(world, object, world->hash[k]);
            vif_watch_strangers(world, "lag", object, lag->trunk, k % 2);
        }
        if (world->lacp_end[k])
            lacp_end_watch(world, object, world->lacp_end[k]);
        g_free(object);
    }
}

static void watch(ReferenceWorld *world)
{
    DxResults *results = world->reference->results;

    for (uint32_t i = 0; i < world->scenario->flows->len; i++) {
        dx_results_watch_group(results, DX_SC(world->scenario, flows, DxScFlow, i)->name, &world->stats[i]);
        if (world->outage)
            dx__outages_watch(results, DX_SC(world->scenario, flows, DxScFlow, i)->name, &world->outage[i]);
    }
    chain_watch_all(world);
    watch_lags(world);
    monitor_watch(world);
    vif_watch_all(world);
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        if (world->direction[k].attack)
            attack_watch(world, world->direction[k].attack, DX_SC(world->scenario, links, DxScLink, k / 2),
                         k % 2);
    bgp_watch(world);
    for (uint32_t i = 0; i < world->scenario->nodes->len; i++) {
        Router *router = &world->router[i];

        dx_results_watch(results, "node", router->node.name, "dropped_ttl_expired", DX_COUNTER_SUM,
                         &router->dropped_ttl_expired);
        dx_results_watch(results, "node", router->node.name, "dropped_no_route", DX_COUNTER_SUM,
                         &router->dropped_no_route);
    }
    dx_results_watch(results, "total", "frames", "created", DX_COUNTER_SUM, &world->created);
    dx_results_watch(results, "total", "frames", "delivered", DX_COUNTER_SUM, &world->delivered);
    dx_results_watch(results, "total", "frames", "dropped", DX_COUNTER_SUM, &world->dropped);
    dx_results_watch(results, "total", "frames", "held", DX_COUNTER_GAUGE, &world->held);
    dx_results_watch(results, "total", "frames", "in_flight", DX_COUNTER_GAUGE, &world->in_flight);
}

/* -- the run ------------------------------------------------------------------------------------------- */

static void run(ReferenceWorld *world)
{
    const DxTime end = world->scenario->duration_ps;

    while (world->n_heap) {
        const Step *first = &world->heap[0];
        Step step;

        if (first->at > end || (first->at == end && first->plane == PLANE_FRAMES))
            break;
        step = pop(world);
        world->now = step.at;
        step.fn(world, step.who, step.frame, step.arg);
    }
    world->now = end;
}

typedef struct {
    uint64_t held, in_flight, *pending; /* by group */
} Rest;

static void count_rest(ReferenceWorld *world, const Frame *frame, void *data)
{
    Rest *rest = data;

    if (!frame || frame->is_lost)
        return;
    if (frame->is_held)
        rest->held++;
    else
        rest->in_flight++;
    if (frame->group < world->scenario->flows->len && frame->birth_ps >= world->scenario->warmup_ps)
        rest->pending[frame->group]++;
}

/* Goes and looks at every frame that is left: the running counts must say the same. */
static void finish(ReferenceWorld *world)
{
    Rest rest = { .pending = g_new0(uint64_t, world->scenario->flows->len + 1) };

    for (size_t i = 0; i < world->n_heap; i++)
        count_rest(world, world->heap[i].frame, &rest);
    for (uint32_t k = 0; k < 2 * world->scenario->links->len; k++)
        chain_each(world, &world->direction[k], count_rest, &rest);
    for (uint32_t k = 0; k < 2 * world->scenario->lags->len; k++)
        if (world->hash[k])
            marks_each(world, world->hash[k], count_rest, &rest);
    g_assert(rest.held == world->held && rest.in_flight == world->in_flight);
    g_assert(world->created == world->delivered + world->dropped + rest.held + rest.in_flight);
    world->reference->balance =
        (DxBalance){ world->created, world->delivered, world->dropped, rest.held, rest.in_flight };
    world_observe(world);
    for (uint32_t i = 0; world->outage && i < world->scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(world->scenario, flows, DxScFlow, i);

        world->outage[i] = dx__outages_of(&world->stats[i], world->gap + flow->first_flow, flow->n_flows);
    }
    monitor_end(world);
    dx_results_close(world->reference->results, rest.pending);
    alarms_report(world);
    g_free(rest.pending);
}

/* Steps were taken in order of (time, layer, ...); records are wanted by (time, node), and what a node did at
 * one time in the order in which it did it. g_array_sort() is a stable merge sort. */
static gint compare_trace(gconstpointer a, gconstpointer b)
{
    const ReferenceTrace *x = a, *y = b;

    if (x->t_ps != y->t_ps)
        return x->t_ps < y->t_ps ? -1 : 1;
    return (x->node_index > y->node_index) - (x->node_index < y->node_index);
}

static bool asks_for_outage(const DxScenario *scenario)
{
    bool asks = false;

    for (guint i = 0; i < scenario->expectations->len; i++)
        asks |= g_str_has_prefix(DX_SC(scenario, expectations, DxScExpectation, i)->metric, "flow.outage");
    for (guint i = 0; i < scenario->claims->len; i++) {
        const char *metric = DX_SC(scenario, claims, DxScClaim, i)->measure.metric;

        asks |= metric && g_str_has_prefix(metric, "flow.outage");
    }
    return asks;
}

Reference *reference_run(const DxScenario *scenario, bool trace, ReferenceFlaw flaw)
{
    Reference *reference = g_new0(Reference, 1);
    ReferenceWorld *world = g_new0(ReferenceWorld, 1);

    reference->results = dx_results_new(scenario->duration_ps, scenario->warmup_ps);
    reference->log = g_ptr_array_new_with_free_func(log_line_free);
    reference->trace = g_array_new(FALSE, FALSE, sizeof(ReferenceTrace));
    reference->world = world;
    world->scenario = scenario;
    world->flaw = flaw;
    world->wants_trace = trace;
    world->reference = reference;
    world->is_port_down = g_new0(bool, scenario->links->len + 1);
    world->first_loss = DX_TIME_NEVER;
    world->rate = g_new0(uint64_t, scenario->links->len + 1);
    for (uint32_t i = 0; i < scenario->links->len; i++)
        world->rate[i] = (uint64_t)conf_int(world, "port", DX_SC(scenario, links, DxScLink, i)->port, "rate");
    world->state = g_new0(uint64_t, scenario->links->len + 1);
    world->encryption_state = g_new0(uint64_t, scenario->links->len + 1);
    world->lag_encryption_state = g_new0(uint64_t, scenario->lags->len + 1);
    world->gap = g_new0(DxFlowGap, dx__scenario_n_flows(scenario) + 1);
    if (scenario->bgp || asks_for_outage(scenario))
        world->outage = g_new0(DxOutages, scenario->flows->len + 1);
    make_network(world);
    watch(world);
    if (scenario->series_period_ps > 0)
        reference->series = dx_series_new(reference->results, scenario->series_period_ps);
    if (scenario->monitor.is_there)
        reference->monitor = dx__monitor_new(scenario, reference->results);
    if (reference->monitor)
        alarms_start(world);
    start(world);
    run(world);
    finish(world);
    g_array_sort(reference->trace, compare_trace);
    return reference;
}

static void world_free(ReferenceWorld *world)
{
    const DxScenario *scenario = world->scenario;

    for (size_t i = 0; i < world->n_heap; i++)
        g_free(world->heap[i].frame);
    g_free(world->heap);
    for (uint32_t k = 0; k < 2 * scenario->links->len; k++) {
        agent_free(world->direction[k].agent);
        ear_free(world->direction[k].ear);
        chain_free(&world->direction[k]);
    }
    for (uint32_t k = 0; k < 2 * scenario->lags->len; k++) {
        hash_free(world->hash[k]);
        lacp_end_free(world->lacp_end[k]);
    }
    for (uint32_t k = 0; k < 2 * scenario->trunks->len; k++)
        vif_way_free(world->vif_way[k]);
    for (uint32_t i = 0; i < scenario->flows->len; i++) {
        source_free(world->source[i]);
        g_free(world->flow[i]);
        g_free(world->seq_latest[i]);
    }
    for (uint32_t i = 0; i < scenario->nodes->len; i++) {
        g_free(world->router[i].node.name);
        if (world->sink[i])
            g_free(world->sink[i]->node.name);
        g_free(world->sink[i]);
    }
    bgp_free(world);
    g_free(world->gap);
    g_free(world->outage);
    g_free(world->router);
    g_free(world->hash);
    g_free(world->lacp_end);
    g_free(world->vif_way);
    g_free(world->direction);
    g_free(world->source);
    g_free(world->sink);
    for (guint i = 0; i < world->scenario->flows->len; i++)
        dx_histogram_clear(&world->stats[i].latency);
    g_free(world->stats);
    g_free(world->flow);
    g_free(world->seq_latest);
    g_free(world->is_port_down);
    g_free(world->rate);
    alarms_free(world);
    g_free(world->state);
    g_free(world->encryption_state);
    g_free(world->lag_encryption_state);
    g_free(world);
}

void reference_free(Reference *reference)
{
    if (!reference)
        return;
    dx_series_free(reference->series);
    dx__monitor_free(reference->monitor);
    dx_results_free(reference->results);
    g_ptr_array_unref(reference->log);
    g_array_unref(reference->trace);
    world_free(reference->world);
    g_free(reference);
}
