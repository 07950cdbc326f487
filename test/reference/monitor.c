/*
 * monitor - what is counted where a cloud's monitor watches, as docs/cloudwatch.md has it
 */
#include "reference-priv.h"

#define HEADER_AND_FCS 18
#define FRAME_LEAST    64

typedef struct {
    Part part;
    int place;
    bool has_framing;
    uint64_t frames, bytes;
} Meter;

/* -- meters ------------------------------------------------------------------------------------------- */

static void meter_init(ReferenceWorld *world, Part *part, const void *conf)
{
    ((Meter *)part)->place = (int)conf_int(world, "meter", conf, "place");
    ((Meter *)part)->has_framing = conf_int(world, "meter", conf, "framing") == 0;
}

static void meter_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Meter *meter = who;
    const uint32_t framed = frame->size_bytes + frame->overhead_bytes + HEADER_AND_FCS;

    (void)arg;
    meter->frames++;
    if (!meter->has_framing)
        meter->bytes += frame->size_bytes;
    else
        meter->bytes += framed < FRAME_LEAST ? FRAME_LEAST : framed;
    world_send(world, &meter->part.next, frame);
}

const PartKind meter_kind = {
    .model = "meter", .size = sizeof(Meter), .init = meter_init, .arrival = meter_arrival
};

void meter_watch(ReferenceWorld *world, const char *kind, const char *object, Part *part)
{
    static const char *const names[] = { "offered", "sent", "received" };
    Meter *meter = (Meter *)part;
    g_autofree char *frames = g_strdup_printf("%s_frames", names[meter->place]);
    g_autofree char *bytes = g_strdup_printf("%s_frame_bytes", names[meter->place]);

    dx_results_watch(world->reference->results, kind, object, frames, DX_COUNTER_SUM, &meter->frames);
    dx_results_watch(world->reference->results, kind, object, bytes, DX_COUNTER_SUM, &meter->bytes);
}

bool link_is_watched(const ReferenceWorld *world, const uint32_t end[2])
{
    const bool *cloud = world->scenario->monitor.is_cloud;

    return cloud && cloud[end[0]] != cloud[end[1]];
}

/* One more of them in a direction of a link. */
void meter_make(ReferenceWorld *world, Direction *direction, const DxScLink *link, const char *name,
                unsigned place)
{
    static const char *const names[] = { "meter-offered", "meter-sent", "meter-received" };
    const int conf[2] = { (int)place, (int)conf_int(world, "port", link->port, "framing") };

    if (link_is_watched(world, link->end))
        direction->meter[place] =
            part_make(world, direction, &meter_kind, node_name(name, names[place]), conf);
}

/* -- connections -------------------------------------------------------------------------------------- */

static bool is_encrypted(const ReferenceWorld *world, uint32_t link)
{
    const Direction *direction = &world->direction[2 * link];

    for (unsigned d = 0; d < 2; d++)
        if (direction[d].parts && !(direction[d].channel && channel_is_open(direction[d].channel)))
            return false;
    return !world->is_port_down[link];
}

void monitor_observe(ReferenceWorld *world)
{
    const DxScenario *scenario = world->scenario;

    if (!scenario->monitor.is_there)
        return;
    for (uint32_t i = 0; i < scenario->links->len; i++) {
        world->state[i] = world->is_port_down[i] ? 0 : 1;
        world->encryption_state[i] = is_encrypted(world, i) ? 1 : 0;
    }
    for (uint32_t i = 0; i < scenario->lags->len; i++) {
        const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);
        uint32_t n = 0;

        for (uint32_t k = 0; k < lag->n_members; k++)
            n += is_encrypted(world, lag->member[k]);
        world->lag_encryption_state[i] = n > 0 && n == lag->n_members;
    }
}

void monitor_watch(ReferenceWorld *world)
{
    const DxScenario *scenario = world->scenario;
    DxResults *results = world->reference->results;

    if (!scenario->monitor.is_there)
        return;
    for (uint32_t i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);

        if (!link_is_watched(world, link->end))
            continue;
        dx_results_watch(results, "connection", link->name, "state", DX_COUNTER_GAUGE, &world->state[i]);
        if (link->macsec)
            dx_results_watch(results, "connection", link->name, "encryption_state", DX_COUNTER_GAUGE,
                             &world->encryption_state[i]);
    }
    for (uint32_t i = 0; i < scenario->lags->len; i++) {
        const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);
        bool has_some = false;

        for (uint32_t k = 0; k < lag->n_members; k++)
            has_some |= DX_SC(scenario, links, DxScLink, lag->member[k])->macsec != NULL;
        if (has_some && link_is_watched(world, lag->end))
            dx_results_watch(results, "connection", lag->name, "encryption_state", DX_COUNTER_GAUGE,
                             &world->lag_encryption_state[i]);
    }
}

/* -- looking ------------------------------------------------------------------------------------------ */

static void tick(ReferenceWorld *world, void *none, Frame *no_frame, uint64_t arg)
{
    const DxScMonitor *conf = &world->scenario->monitor;
    DxMonitor *monitor = world->reference->monitor;
    const DxTime sample = conf->sample_ps / conf->time_scale, period = conf->period_ps / conf->time_scale;

    (void)none;
    (void)no_frame;
    (void)arg;
    world_observe(world);
    monitor_observe(world);
    dx__results_read(world->reference->results);
    dx__monitor_tick(monitor);
    if (world->now % sample == 0)
        dx__monitor_sample(monitor);
    if (period && world->now % period == 0)
        dx__monitor_close(monitor, world->now);
    if (world->now % sample == 0)
        alarms_sample(world);
    if (world->now + conf->truth_ps <= world->scenario->duration_ps)
        world_measure(world, world->now + conf->truth_ps, tick);
}

void monitor_start(ReferenceWorld *world)
{
    if (world->scenario->monitor.is_there &&
        world->scenario->monitor.truth_ps <= world->scenario->duration_ps)
        world_measure(world, world->scenario->monitor.truth_ps, tick);
}

void monitor_end(ReferenceWorld *world)
{
    if (!world->reference->monitor)
        return;
    monitor_observe(world);
    dx__monitor_close(world->reference->monitor, world->now);
}
