/*
 * fiber - frames on their way, one at a time, and the light they travel by
 *
 *   in -> lost at random? -> hit by errors? -> inside ... -> out
 *
 * What light makes of optics is asked of the model; what becomes of it over time is worked out here.
 */
#include "reference-priv.h"

#include <dxsim/line.h>
#include <string.h>

#define LIGHT_KM_PER_S 299792.458L

enum { FIBER_INPUT, FIBER_OUT };

typedef struct {
    Part part;
    Loss *loss;
    Errors *errors;
    GQueue inside; /* Frame, in order of arrival */
    bool is_down;
    DxTime last_ps; /* when the latest comes out */

    const void *conf;
    const DxLineModel *line;
    bool has_light;
    DxLineWear wear;
    DxLineLight light;
    double rx_min_dbm, margin_min_db, ber_max, promised_dbm;
    uint64_t propagation_ps, dropped_link_down, dropped_lost, dropped_bit_errors;
} Fiber;

static double fiber_double(const ReferenceWorld *world, const void *conf, const char *key)
{
    return *(const double *)conf_field(world, "fiber", conf, key);
}

/* 40 ps for every km and degree above 20 C. A cross connect is cable, and no route. */
static uint64_t fiber_delay(const ReferenceWorld *world, const void *conf, long double route_km,
                            double temperature_c)
{
    const DxLineModel *line = dx__scenario_model(world->scenario, "fiber")->line;
    const long double cable_km =
        route_km * fiber_double(world, conf, "route_factor") + line->crossed(conf).length_km;
    const long double per_km =
        fiber_double(world, conf, "index") / LIGHT_KM_PER_S * 1e12L + 40 * ((long double)temperature_c - 20);

    return (uint64_t)(cable_km * per_km + 0.5L);
}

/* -- light ------------------------------------------------------------------------------------------- */

static void see_light(Fiber *fiber, bool is_first)
{
    const bool had_signal = is_first || fiber->light.has_signal;

    fiber->line->light(fiber->conf, &fiber->wear, had_signal, &fiber->light);
    fiber->rx_min_dbm = is_first ? fiber->light.rx_dbm : MIN(fiber->rx_min_dbm, fiber->light.rx_dbm);
    fiber->margin_min_db =
        is_first ? fiber->light.margin_db : MIN(fiber->margin_min_db, fiber->light.margin_db);
    fiber->ber_max = MAX(fiber->ber_max, fiber->light.ber);
}

static void tell(ReferenceWorld *world, const Fiber *fiber, const char *event, const char *what,
                 const char *format, double value, const char *unit)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    char *detail;

    g_ascii_formatd(number, sizeof number, format, value);
    detail = g_strconcat(what, number, unit, NULL);
    world_log(world, fiber->part.node.name, event, detail);
    g_free(detail);
}

static void change_light(ReferenceWorld *world, Fiber *fiber)
{
    const DxLineLight before = fiber->light;
    const DxLineLight *now = &fiber->light;
    char *condition;

    if (!fiber->has_light)
        return;
    see_light(fiber, false);
    if (now->errors.probability > before.errors.probability ||
        now->errors.probability < before.errors.probability)
        errors_change(fiber->errors, &now->errors);
    condition = g_strconcat(now->condition, " at ", NULL);
    if (strcmp(before.condition, now->condition) != 0)
        tell(world, fiber, "light", condition, "%.2f", now->rx_dbm, " dBm");
    if (before.is_ber_above != now->is_ber_above)
        tell(world, fiber, "ber", now->is_ber_above ? "above the limit: " : "below the limit: ", "%.2g",
             now->ber, "");
    g_free(condition);
}

void fiber_set_cut(Part *part, bool is_cut)
{
    ((Fiber *)part)->wear.is_cut = is_cut;
}

void fiber_set(ReferenceWorld *world, Part *part, const DxScEvent *event)
{
    Fiber *fiber = (Fiber *)part;
    const double value = (double)event->value / 1000;

    if (event->quantity == DX_SC_LOSS)
        fiber->wear.loss_db = value;
    else if (event->quantity == DX_SC_LAUNCH)
        fiber->wear.tx_dbm = value;
    else
        fiber->wear.temperature_c = value;
    if (event->quantity == DX_SC_TEMPERATURE && conf_int(world, "fiber", fiber->conf, "delay") <= 0)
        fiber->propagation_ps = fiber_delay(world, fiber->conf, fiber->line->length_km(fiber->conf), value);
    change_light(world, fiber);
}

/* -- frames ------------------------------------------------------------------------------------------ */

static void fiber_init(ReferenceWorld *world, Part *part, const void *conf)
{
    const DxTime delay_ps = conf_int(world, "fiber", conf, "delay");
    const double temperature_c = fiber_double(world, conf, "temperature");
    Fiber *fiber = (Fiber *)part;
    const DxScLink *link = NULL;

    for (guint i = 0; i < world->scenario->links->len && !link; i++) {
        const DxScLink *one = DX_SC(world->scenario, links, DxScLink, i);

        if (one->fiber[0] == conf || one->fiber[1] == conf)
            link = one;
    }
    fiber->conf = conf;
    fiber->has_light = link && link->has_optics;
    fiber->line = dx__scenario_model(world->scenario, "fiber")->line;
    fiber->wear = DX_LINE_AS_BUILT;
    fiber->promised_dbm = fiber->line->promised_dbm(conf);
    if (fiber->has_light)
        see_light(fiber, true);
    fiber->propagation_ps = delay_ps > 0
                                ? (uint64_t)delay_ps + fiber_delay(world, conf, 0, temperature_c)
                                : fiber_delay(world, conf, fiber->line->length_km(conf), temperature_c);
    fiber->loss = loss_new(world, &part->node, "fiber", conf);
    fiber->errors = errors_new(world, &part->node, &fiber->light.errors);
    g_queue_init(&fiber->inside);
}

/* What is inside belongs to the steps that will bring it out. */
static void fiber_clear(Part *part)
{
    Fiber *fiber = (Fiber *)part;

    g_queue_clear(&fiber->inside);
    loss_free(fiber->loss);
    errors_free(fiber->errors);
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
    world_send(world, &fiber->part.next, frame);
}

/* The last bit enters. */
static void fiber_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Fiber *fiber = who;

    (void)arg;
    if (fiber->is_down) {
        if (world->flaw == REFERENCE_JUDGES_THE_DEAD)
            loss_judges(fiber->loss);
        fiber->dropped_link_down++;
        frame_drop(world, &fiber->part.node, frame, "link_down");
        return;
    }
    if (loss_judges(fiber->loss)) {
        fiber->dropped_lost++;
        frame_drop(world, &fiber->part.node, frame, "lost");
        return;
    }
    if (errors_hit(fiber->errors, frame)) {
        fiber->dropped_bit_errors++;
        frame_drop(world, &fiber->part.node, frame, "bit_errors");
        return;
    }
    g_queue_push_tail(&fiber->inside, frame);
    fiber->last_ps = MAX(fiber->last_ps, world->now + (DxTime)fiber->propagation_ps);
    world_frame_step(world, fiber->last_ps, fiber->part.layer, &fiber->part.node, FIBER_OUT, fiber_out, fiber,
                     frame, 0);
}

static void fiber_down(ReferenceWorld *world, Part *part, bool is_silent)
{
    Fiber *fiber = (Fiber *)part;
    Frame *frame;

    (void)is_silent;
    fiber->is_down = true;
    while (world->flaw != REFERENCE_KEEPS_IN_FLIGHT && (frame = g_queue_pop_head(&fiber->inside))) {
        frame->is_lost = true;
        fiber->dropped_link_down++;
        frame_lost(world, &part->node, frame, "link_down");
    }
    change_light(world, fiber);
}

static void fiber_up(ReferenceWorld *world, Part *part, bool was_down)
{
    (void)was_down;
    ((Fiber *)part)->is_down = false;
    change_light(world, (Fiber *)part);
}

static bool fiber_can_drop(const Part *part, const char *reason)
{
    const Fiber *fiber = (const Fiber *)part;

    if (!strcmp(reason, "bit_errors"))
        return fiber->has_light;
    return strcmp(reason, "lost") != 0 || loss_is_possible(fiber->loss);
}

static bool fiber_has_count(const Part *part, const char *metric)
{
    const Fiber *fiber = (const Fiber *)part;
    const char *lane = strstr(metric, "lane");

    if (lane)
        return fiber->has_light && fiber->light.n_lanes > 1 &&
               g_ascii_strtoull(lane + strlen("lane"), NULL, 10) <= fiber->light.n_lanes;
    if (!strcmp(metric, "preset_level_dbm"))
        return fiber->has_light && !isnan(fiber->promised_dbm);
    return fiber->has_light || !strcmp(metric, "propagation_ps");
}

#define LANE(i)                                                                                              \
    {                                                                                                        \
        "rx_power_lane" #i "_dbm", DX_COUNTER_REAL, offsetof(Fiber, light.lane_dbm[i - 1])                   \
    }

static const Count fiber_counts[] = { { "propagation_ps", DX_COUNTER_GAUGE, offsetof(Fiber, propagation_ps) },
                                      { "tx_power_dbm", DX_COUNTER_REAL, offsetof(Fiber, light.tx_dbm) },
                                      { "rx_power_dbm", DX_COUNTER_REAL, offsetof(Fiber, light.rx_dbm) },
                                      { "rx_power_min_dbm", DX_COUNTER_REAL, offsetof(Fiber, rx_min_dbm) },
                                      { "margin_db", DX_COUNTER_REAL, offsetof(Fiber, light.margin_db) },
                                      { "margin_min_db", DX_COUNTER_REAL, offsetof(Fiber, margin_min_db) },
                                      { "pre_fec_ber", DX_COUNTER_REAL, offsetof(Fiber, light.ber) },
                                      { "pre_fec_ber_max", DX_COUNTER_REAL, offsetof(Fiber, ber_max) },
                                      { "preset_level_dbm", DX_COUNTER_REAL, offsetof(Fiber, promised_dbm) },
                                      LANE(1),
                                      LANE(2),
                                      LANE(3),
                                      LANE(4),
                                      LANE(5),
                                      LANE(6),
                                      LANE(7),
                                      LANE(8),
                                      LANE(9),
                                      LANE(10),
                                      LANE(11),
                                      LANE(12),
                                      LANE(13),
                                      LANE(14),
                                      LANE(15),
                                      LANE(16),
                                      COUNTS_END };

static const Count fiber_drops[] = { { "link_down", DX_COUNTER_SUM, offsetof(Fiber, dropped_link_down) },
                                     { "lost", DX_COUNTER_SUM, offsetof(Fiber, dropped_lost) },
                                     { "bit_errors", DX_COUNTER_SUM, offsetof(Fiber, dropped_bit_errors) },
                                     COUNTS_END };

const PartKind fiber_kind = { .model = "fiber",
                              .size = sizeof(Fiber),
                              .init = fiber_init,
                              .clear = fiber_clear,
                              .arrival = fiber_arrival,
                              .down = fiber_down,
                              .up = fiber_up,
                              .counts = fiber_counts,
                              .drops = fiber_drops,
                              .has_count = fiber_has_count,
                              .can_drop = fiber_can_drop };
