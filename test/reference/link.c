/*
 * link - a port and its fiber, one frame at a time
 *
 *   arrival -> [ waiting ] -> [ in service ] -> fiber in ... fiber out -> router or heartbeat agent
 *
 * The end of a service is a fraction: exact_ps + rest / rate. It is stamped rounded up; a frame that waited
 * for it starts at the exact end, any other at its own arrival.
 */
#include "reference-priv.h"

#define BITS_TO_PS(bytes) ((uint64_t)(bytes)*8 * (uint64_t)DX_S)

/* -- port --------------------------------------------------------------------------------------------- */

Port *port_new(ReferenceWorld *world, const char *direction, const void *conf)
{
    Port *port = g_new0(Port, 1);

    node_init(world, &port->node, node_name(direction, "port"));
    port->rate_bps = (uint64_t)conf_int(world, "port", conf, "rate");
    port->limit = *(const DxLimit *)conf_field(world, "port", conf, "queue.limit");
    port->has_framing = conf_int(world, "port", conf, "framing") == 0;
    port->has_priorities = conf_int(world, "port", conf, "queue.scheduler") == 1;
    port->flushes = conf_int(world, "port", conf, "queue.on_down") == 1;
    g_queue_init(&port->waiting[0]);
    g_queue_init(&port->waiting[1]);
    return port;
}

void port_free(Port *port)
{
    if (!port)
        return;
    g_queue_clear_full(&port->waiting[0], g_free);
    g_queue_clear_full(&port->waiting[1], g_free);
    g_free(port->sending);
    g_free(port->node.name);
    g_free(port);
}

/* As the router buffers it: header 14, FCS 4, padded to 64. */
static uint64_t buffered_bytes(const Port *port, const Frame *frame)
{
    const uint64_t bytes = frame->size_bytes;

    if (!port->has_framing)
        return bytes;
    return bytes + 18 < 64 ? 64 : bytes + 18;
}

/* With preamble, start of frame and gap: 7 + 1 + 12. */
static uint64_t wire_bytes(const Port *port, const Frame *frame)
{
    return buffered_bytes(port, frame) + (port->has_framing ? 20 : 0);
}

static unsigned class_of(const Port *port, const Frame *frame)
{
    return port->has_priorities && frame->pcp >= 4;
}

static void count_waiting(Port *port)
{
    port->queue_bytes = port->waiting_bytes[0] + port->waiting_bytes[1];
    port->queue_frames = port->waiting[0].length + port->waiting[1].length;
}

static void service_end(ReferenceWorld *world, void *who, Frame *none, uint64_t service);

static void at_service_end(ReferenceWorld *world, Port *port, DxTime at)
{
    const bool too_late = world->flaw == REFERENCE_ARRIVALS_BEFORE_ENDS;

    world_frame_step(world, at, too_late ? LAYER_SERVICE_END_TOO_LATE : LAYER_SERVICE_END, &port->node, 0,
                     service_end, port, NULL, ++port->service);
}

/* The line takes @frame now, whose exact begin is port->exact_ps and port->rest. */
static void begin(ReferenceWorld *world, Port *port, Frame *frame)
{
    const uint64_t wire = wire_bytes(port, frame), bits_ps = port->rest + BITS_TO_PS(wire);
    const DxTime wait_ps = world->now - frame->came_ps;

    g_assert(!port->sending && !port->is_down);
    port->sending = frame;
    port->exact_ps += (DxTime)(bits_ps / port->rate_bps);
    port->rest = bits_ps % port->rate_bps;
    port->stamp_ps = port->exact_ps + (port->rest > 0);
    port->tx_frames++;
    port->tx_bytes += frame->size_bytes;
    port->tx_wire_bytes += wire;
    port->wait_ps += (uint64_t)wait_ps;
    port->wait_max_ps = MAX(port->wait_max_ps, (uint64_t)wait_ps);
    port->service_ps += (uint64_t)(port->stamp_ps - world->now);
    at_service_end(world, port, port->stamp_ps);
}

static void begin_afresh(ReferenceWorld *world, Port *port, Frame *frame)
{
    port->exact_ps = world->now;
    port->rest = 0;
    begin(world, port, frame);
}

static Frame *take_waiting(ReferenceWorld *world, Port *port)
{
    const unsigned class = port->waiting[1].length ? 1 : 0;
    Frame *frame = g_queue_pop_head(&port->waiting[class]);

    if (!frame)
        return NULL;
    port->waiting_bytes[class] -= buffered_bytes(port, frame);
    count_waiting(port);
    frame_hold(world, frame, false);
    return frame;
}

/* The end of a service, or the moment of repair: the line is free. */
static void service_end(ReferenceWorld *world, void *who, Frame *none, uint64_t service)
{
    Port *port = who;
    Frame *sent = port->sending, *next;

    (void)none;
    if (service != port->service || port->is_down)
        return;
    port->sending = NULL;
    if (sent && sent->is_lost)
        g_free(sent);
    else if (sent)
        world_frame_step(world, world->now, LAYER_FIBER_IN, &port->fiber->node, 0, fiber_arrival, port->fiber,
                         sent, 0);
    next = take_waiting(world, port);
    if (next && sent)
        begin(world, port, next);
    else if (next)
        begin_afresh(world, port, next);
}

static bool fits(const ReferenceWorld *world, const Port *port, unsigned class, const Frame *frame)
{
    uint64_t frames = port->waiting[class].length, bytes = port->waiting_bytes[class];

    if (world->flaw == REFERENCE_LIMIT_COUNTS_SERVICE && port->sending) {
        frames++;
        bytes += buffered_bytes(port, port->sending);
    }
    if (port->limit.in_frames)
        return frames + 1 <= port->limit.value;
    return bytes + buffered_bytes(port, frame) <= port->limit.value;
}

static void enqueue(ReferenceWorld *world, Port *port, Frame *frame)
{
    const unsigned class = class_of(port, frame);

    if (!fits(world, port, class, frame)) {
        port->dropped_queue_full++;
        frame_drop(world, &port->node, frame, "queue_full");
        return;
    }
    g_queue_push_tail(&port->waiting[class], frame);
    port->waiting_bytes[class] += buffered_bytes(port, frame);
    frame_hold(world, frame, true);
    count_waiting(port);
    port->queue_peak_bytes = MAX(port->queue_peak_bytes, port->queue_bytes);
    port->queue_max_bytes = MAX(port->queue_max_bytes, port->queue_bytes);
}

void port_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Port *port = who;

    (void)arg;
    frame->came_ps = world->now;
    if (port->is_down && port->flushes) {
        port->dropped_link_down++;
        frame_drop(world, &port->node, frame, "link_down");
    } else if (port->is_down || port->sending)
        enqueue(world, port, frame);
    else
        begin_afresh(world, port, frame);
}

void port_down(ReferenceWorld *world, Port *port)
{
    Frame *frame;

    for (unsigned class = 0; port->flushes && class < 2; class ++)
        while ((frame = g_queue_pop_head(&port->waiting[class]))) {
            port->waiting_bytes[class] -= buffered_bytes(port, frame);
            port->dropped_link_down++;
            frame_drop(world, &port->node, frame, "link_down");
        }
    count_waiting(port);
    frame = port->sending;
    port->sending = NULL;
    port->service++;
    port->is_down = true;
    if (frame && frame->is_lost)
        g_free(frame);
    else if (frame) {
        port->dropped_link_down++;
        frame_drop(world, &port->node, frame, "link_down");
    }
}

/* After a silent failure the port does not know that its frame is lost: the line stays busy to the end. */
void port_up(ReferenceWorld *world, Port *port, bool was_silent)
{
    if (port->is_down) {
        port->is_down = false;
        at_service_end(world, port, world->now);
    } else if (was_silent && port->sending && !port->sending->is_lost) {
        port->sending->is_lost = true;
        port->dropped_link_down++;
        frame_lost(world, &port->node, port->sending, "link_down");
    }
}

/* The frame in service keeps its end; the next starts at the stamp, for the fraction was one of the old rate.
 */
void port_set_rate(Port *port, uint64_t rate_bps)
{
    port->rate_bps = rate_bps;
    port->exact_ps = port->stamp_ps;
    port->rest = 0;
}

/* -- fiber -------------------------------------------------------------------------------------------- */

#define LIGHT_KM_PER_S 299792.458L

Fiber *fiber_new(ReferenceWorld *world, const char *direction, const void *conf)
{
    const double length_km = *(const double *)conf_field(world, "fiber", conf, "length");
    const double index = *(const double *)conf_field(world, "fiber", conf, "index");
    const DxTime delay_ps = conf_int(world, "fiber", conf, "delay");
    Fiber *fiber = g_new0(Fiber, 1);

    node_init(world, &fiber->node, node_name(direction, "fiber"));
    fiber->propagation_ps = delay_ps > 0
                                ? (uint64_t)delay_ps
                                : (uint64_t)((long double)length_km * index / LIGHT_KM_PER_S * 1e12L + 0.5L);
    g_queue_init(&fiber->inside);
    return fiber;
}

/* What is inside belongs to the steps that will bring it out. */
void fiber_free(Fiber *fiber)
{
    if (!fiber)
        return;
    g_queue_clear(&fiber->inside);
    g_free(fiber->node.name);
    g_free(fiber);
}

static void fiber_out(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Fiber *fiber = who;
    const Frame *first;

    (void)arg;
    if (frame->is_lost) {
        g_free(frame);
        return;
    }
    first = g_queue_pop_head(&fiber->inside);
    g_assert(first == frame);
    if (fiber->agent)
        world_frame_step(world, world->now, LAYER_HEARTBEAT, &fiber->agent->node, 0, agent_arrival,
                         fiber->agent, frame, 0);
    else
        world_frame_step(world, world->now, LAYER_ROUTER, &fiber->to->node, fiber->input, router_arrival,
                         fiber->to, frame, 0);
}

/* The last bit enters. */
void fiber_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Fiber *fiber = who;

    (void)arg;
    if (fiber->is_down) {
        fiber->dropped_link_down++;
        frame_drop(world, &fiber->node, frame, "link_down");
        return;
    }
    g_queue_push_tail(&fiber->inside, frame);
    world_frame_step(world, world->now + (DxTime)fiber->propagation_ps, LAYER_FIBER_OUT, &fiber->node, 0,
                     fiber_out, fiber, frame, 0);
}

void fiber_down(ReferenceWorld *world, Fiber *fiber)
{
    Frame *frame;

    fiber->is_down = true;
    if (world->flaw == REFERENCE_KEEPS_IN_FLIGHT)
        return;
    while ((frame = g_queue_pop_head(&fiber->inside))) {
        frame->is_lost = true;
        fiber->dropped_link_down++;
        frame_lost(world, &fiber->node, frame, "link_down");
    }
}

void fiber_up(Fiber *fiber)
{
    fiber->is_down = false;
}
