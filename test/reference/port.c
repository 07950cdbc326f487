/*
 * port - a queue and a line, one frame at a time
 *
 *   arrival -> [ waiting ] -> [ in service ] -> what is next in the chain
 *
 * The end of a service is a fraction: exact_ps + rest / rate. It is stamped rounded up; a frame that waited
 * for it starts at the exact end, any other at its own arrival.
 */
#include "reference-priv.h"

#include <string.h>

#define CLASSES 8

#define BITS_TO_PS(bytes) ((uint64_t)(bytes)*8 * (uint64_t)DX_S)

/* -- port --------------------------------------------------------------------------------------------- */

typedef struct {
    Part part;
    uint64_t rate_bps;
    DxLimit limit;
    bool has_framing, has_priorities, flushes;

    GQueue waiting[CLASSES]; /* Frame; the highest goes first */
    uint64_t waiting_bytes[CLASSES];
    const DxClasses *classes;
    Frame *sending;
    uint64_t service; /* number of the present one: the ends of earlier ones mean nothing */
    DxTime stamp_ps;  /* its end, rounded up */
    DxTime exact_ps;  /* its end, exactly: exact_ps + rest / rate_bps */
    uint64_t rest;
    bool is_down;

    uint64_t tx_frames, tx_bytes, tx_wire_bytes, unsent_bytes, wait_ps, wait_max_ps, service_ps;
    uint64_t sending_bps; /* rate of the frame that is being sent, or was last */
    uint64_t queue_bytes, queue_frames, queue_peak_bytes, queue_max_bytes;
    uint64_t dropped_queue_full, dropped_link_down;
} Port;

static void port_init(ReferenceWorld *world, Part *part, const void *conf)
{
    Port *port = (Port *)part;

    port->rate_bps = (uint64_t)conf_int(world, "port", conf, "rate");
    port->limit = *(const DxLimit *)conf_field(world, "port", conf, "queue.limit");
    port->has_framing = conf_int(world, "port", conf, "framing") == 0;
    port->has_priorities = conf_int(world, "port", conf, "queue.scheduler") == 1;
    port->flushes = conf_int(world, "port", conf, "queue.on_down") == 1;
    port->classes = conf_field(world, "port", conf, "queue.classes");
    for (unsigned class = 0; class < CLASSES; class ++)
        g_queue_init(&port->waiting[class]);
}

static void port_clear(Part *part)
{
    Port *port = (Port *)part;

    for (unsigned class = 0; class < CLASSES; class ++)
        g_queue_clear_full(&port->waiting[class], g_free);
    g_free(port->sending);
}

/* As the router buffers it: header 14, tags, FCS 4, padded to 64. */
static uint64_t buffered_bytes(const Port *port, const Frame *frame)
{
    const uint64_t bytes = 14 + (uint64_t)frame->overhead_bytes + frame->size_bytes + 4;

    if (!port->has_framing)
        return frame->size_bytes;
    return MAX(bytes, 64);
}

/* With preamble, start of frame and gap: 7 + 1 + 12. */
static uint64_t wire_bytes(const Port *port, const Frame *frame)
{
    return buffered_bytes(port, frame) + (port->has_framing ? 20 : 0);
}

static unsigned class_of(const Port *port, const Frame *frame)
{
    return port->has_priorities ? port->classes->of_pcp[frame->pcp] : 0;
}

static void count_waiting(Port *port)
{
    port->queue_bytes = port->queue_frames = 0;
    for (unsigned class = 0; class < CLASSES; class ++) {
        port->queue_bytes += port->waiting_bytes[class];
        port->queue_frames += port->waiting[class].length;
    }
}

static void service_end(ReferenceWorld *world, void *who, Frame *none, uint64_t service);

static void at_service_end(ReferenceWorld *world, Port *port, DxTime at)
{
    const bool too_late = world->flaw == REFERENCE_ARRIVALS_BEFORE_ENDS;

    world_frame_step(world, at, too_late ? LAYER_SERVICE_END_TOO_LATE : LAYER_SERVICE_END, &port->part.node,
                     0, service_end, port, NULL, ++port->service);
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
    port->sending_bps = port->rate_bps;
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
    unsigned class = CLASSES - 1;
    Frame *frame;

    while (class && !port->waiting[class].length)
        class --;
    frame = g_queue_pop_head(&port->waiting[class]);
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
        world_send(world, &port->part.next, sent);
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
        frame_drop(world, &port->part.node, frame, "queue_full");
        return;
    }
    g_queue_push_tail(&port->waiting[class], frame);
    port->waiting_bytes[class] += buffered_bytes(port, frame);
    frame_hold(world, frame, true);
    count_waiting(port);
    port->queue_peak_bytes = MAX(port->queue_peak_bytes, port->queue_bytes);
    port->queue_max_bytes = MAX(port->queue_max_bytes, port->queue_bytes);
}

static void port_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Port *port = who;

    (void)arg;
    frame->came_ps = world->now;
    if (port->is_down && port->flushes) {
        port->dropped_link_down++;
        frame_drop(world, &port->part.node, frame, "link_down");
    } else if (port->is_down || port->sending)
        enqueue(world, port, frame);
    else
        begin_afresh(world, port, frame);
}

static void port_down(ReferenceWorld *world, Part *part, bool is_silent)
{
    Port *port = (Port *)part;
    Frame *frame;

    if (is_silent)
        return;
    for (unsigned class = 0; port->flushes && class < CLASSES; class ++)
        while ((frame = g_queue_pop_head(&port->waiting[class]))) {
            port->waiting_bytes[class] -= buffered_bytes(port, frame);
            port->dropped_link_down++;
            frame_drop(world, &port->part.node, frame, "link_down");
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
        frame_drop(world, &port->part.node, frame, "link_down");
    }
}

/* After a silent failure the port does not know that its frame is lost: the line stays busy to the end. */
static void port_up(ReferenceWorld *world, Part *part, bool was_down)
{
    Port *port = (Port *)part;

    if (port->is_down) {
        port->is_down = false;
        port->stamp_ps = MIN(port->stamp_ps, world->now);
        at_service_end(world, port, world->now);
    } else if (was_down && port->sending && !port->sending->is_lost) {
        port->sending->is_lost = true;
        port->dropped_link_down++;
        frame_lost(world, &port->part.node, port->sending, "link_down");
    }
}

/* The frame in service keeps its end; the next starts at the stamp, for the fraction was one of the old rate.
 */
void port_set_rate(Part *part, uint64_t rate_bps)
{
    Port *port = (Port *)part;

    port->rate_bps = rate_bps;
    port->exact_ps = port->stamp_ps;
    port->rest = 0;
}

static void port_each(ReferenceWorld *world, const Part *part, VisitFn visit, void *data)
{
    const Port *port = (const Port *)part;

    if (port->sending)
        visit(world, port->sending, data);
    for (unsigned class = 0; class < CLASSES; class ++)
        for (const GList *at = port->waiting[class].head; at; at = at->next)
            visit(world, at->data, data);
}

/* What the frame in service still has to send. */
static void port_observe(ReferenceWorld *world, Part *part)
{
    Port *port = (Port *)part;
    const DxTime left_ps = port->is_down ? 0 : port->stamp_ps - world->now;

    port->unsent_bytes =
        left_ps > 0 ? (uint64_t)((unsigned __int128)left_ps * port->sending_bps / (8 * (uint64_t)DX_S)) : 0;
}

static const Count port_counts[] = { { "tx_frames", DX_COUNTER_SUM, offsetof(Port, tx_frames) },
                                     { "tx_bytes", DX_COUNTER_SUM, offsetof(Port, tx_bytes) },
                                     { "tx_wire_bytes", DX_COUNTER_SUM, offsetof(Port, tx_wire_bytes) },
                                     { "unsent_bytes", DX_COUNTER_GAUGE, offsetof(Port, unsent_bytes) },
                                     { "wait_ps", DX_COUNTER_SUM, offsetof(Port, wait_ps) },
                                     { "wait_max_ps", DX_COUNTER_MAX, offsetof(Port, wait_max_ps) },
                                     { "service_ps", DX_COUNTER_SUM, offsetof(Port, service_ps) },
                                     { "queue_bytes", DX_COUNTER_GAUGE, offsetof(Port, queue_bytes) },
                                     { "queue_frames", DX_COUNTER_GAUGE, offsetof(Port, queue_frames) },
                                     { "queue_peak_bytes", DX_COUNTER_PEAK,
                                       offsetof(Port, queue_peak_bytes) },
                                     { "queue_max_bytes", DX_COUNTER_MAX, offsetof(Port, queue_max_bytes) },
                                     COUNTS_END };

static const Count port_drops[] = { { "queue_full", DX_COUNTER_SUM, offsetof(Port, dropped_queue_full) },
                                    { "link_down", DX_COUNTER_SUM, offsetof(Port, dropped_link_down) },
                                    COUNTS_END };

const PartKind port_kind = { .model = "port",
                             .size = sizeof(Port),
                             .init = port_init,
                             .clear = port_clear,
                             .arrival = port_arrival,
                             .down = port_down,
                             .up = port_up,
                             .each = port_each,
                             .observe = port_observe,
                             .counts = port_counts,
                             .drops = port_drops };
