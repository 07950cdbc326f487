/*
 * internet - a path with jitter and loss, as docs/models/internet.md has it
 *
 *   arrival -> [ held, up to e ] -> [ on its way, delay ] -> out
 *
 * Each frame knows when it leaves at the time it comes.
 */
#include "reference-priv.h"

#include <dxsim/dmath.h>
#include <math.h>
#include <string.h>

/* Steps of one time: first who comes, then whose jitter ends, then who leaves. */
enum { INPUT, JITTER_ENDS, OUT };

enum { JITTER_NONE, JITTER_UNIFORM, JITTER_NORMAL, JITTER_EXPONENTIAL, JITTER_PARETO };

typedef struct {
    Frame *frame;
    DxTime ends_ps; /* the jitter */
    uint64_t number;
} Inside;

typedef struct {
    Part part;
    DxTime delay_ps, mean_ps, deviation_ps, max_ps;
    double shape;
    int distribution;
    bool keeps_order, is_down;
    Loss *loss;
    DxRng jitter;

    GQueue inside; /* Inside, in the order in which they leave */
    DxTime latest_ps;
    uint64_t number;
    uint64_t passed_frames, jitter_ps, jitter_max_ps;
    uint64_t dropped_link_down, dropped_lost;
} Internet;

static void internet_init(ReferenceWorld *world, Part *part, const void *conf)
{
    Internet *internet = (Internet *)part;

    internet->delay_ps = conf_int(world, "internet", conf, "delay");
    internet->keeps_order = conf_int(world, "internet", conf, "reordering") == 1;
    internet->distribution = (int)conf_int(world, "internet", conf, "jitter.distribution");
    internet->mean_ps = conf_int(world, "internet", conf, "jitter.mean");
    internet->deviation_ps = conf_int(world, "internet", conf, "jitter.deviation");
    internet->max_ps = conf_int(world, "internet", conf, "jitter.max");
    internet->shape = *(const double *)conf_field(world, "internet", conf, "jitter.shape");
    internet->loss = loss_new(world, &part->node, "internet", conf);
    node_rng(world, &part->node, "jitter", &internet->jitter);
    g_queue_init(&internet->inside);
}

/* Frames belong to the steps that will bring them out. */
static void internet_clear(Part *part)
{
    Internet *internet = (Internet *)part;

    g_queue_clear_full(&internet->inside, g_free);
    loss_free(internet->loss);
}

static double draw_once(Internet *internet)
{
    const double mean = (double)internet->mean_ps, shape = internet->shape;
    DxRng *rng = &internet->jitter;

    switch (internet->distribution) {
    case JITTER_NORMAL:
        return mean + (double)internet->deviation_ps * dx_rng_normal(rng);
    case JITTER_EXPONENTIAL:
        return mean * (0.0 - dx_log(dx_rng_unit(rng)));
    case JITTER_PARETO:
        return mean * (shape - 1.0) * (dx_exp((0.0 - dx_log(dx_rng_unit(rng))) / shape) - 1.0);
    default:
        g_assert_not_reached();
    }
}

static DxTime draw(Internet *internet)
{
    double x;

    if (internet->distribution == JITTER_NONE)
        return 0;
    if (internet->distribution == JITTER_UNIFORM)
        return (DxTime)dx_rng_below(&internet->jitter, 2 * (uint64_t)internet->mean_ps + 1);
    do
        x = draw_once(internet);
    while (!(0.0 <= x && x <= (double)internet->max_ps));
    return (DxTime)(x + 0.5);
}

static gint compare_inside(gconstpointer a, gconstpointer b, gpointer data)
{
    const Inside *x = a, *y = b;

    (void)data;
    if (x->ends_ps != y->ends_ps)
        return x->ends_ps < y->ends_ps ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void jitter_ends(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    Internet *internet = who;

    (void)none;
    for (const GList *at = internet->inside.head; at; at = at->next) {
        const Inside *inside = at->data;

        if (inside->number == number)
            frame_hold(world, inside->frame, false);
    }
}

static void out(ReferenceWorld *world, void *who, Frame *frame, uint64_t number)
{
    Internet *internet = who;
    Inside *first;

    if (frame->is_lost) {
        g_free(frame);
        return;
    }
    first = g_queue_pop_head(&internet->inside);
    g_assert(first->frame == frame && first->number == number);
    g_free(first);
    world_send(world, &internet->part.next, frame);
}

static void let_in(ReferenceWorld *world, Internet *internet, Frame *frame)
{
    Inside *inside = g_new0(Inside, 1);
    DxTime ends_ps = world->now + draw(internet);

    if (internet->keeps_order)
        ends_ps = MAX(ends_ps, internet->latest_ps);
    internet->latest_ps = MAX(internet->latest_ps, ends_ps);
    *inside = (Inside){ frame, ends_ps, internet->number++ };
    g_queue_insert_sorted(&internet->inside, inside, compare_inside, NULL);
    frame_hold(world, frame, true);
    internet->passed_frames++;
    internet->jitter_ps += (uint64_t)(ends_ps - world->now);
    internet->jitter_max_ps = MAX(internet->jitter_max_ps, (uint64_t)(ends_ps - world->now));
    world_frame_step(world, ends_ps, internet->part.layer, &internet->part.node, JITTER_ENDS, jitter_ends,
                     internet, NULL, inside->number);
    world_frame_step(world, ends_ps + internet->delay_ps, internet->part.layer, &internet->part.node, OUT,
                     out, internet, frame, inside->number);
}

static void internet_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Internet *internet = who;

    (void)arg;
    if (internet->is_down) {
        internet->dropped_link_down++;
        frame_drop(world, &internet->part.node, frame, "link_down");
    } else if (loss_judges(internet->loss)) {
        internet->dropped_lost++;
        frame_drop(world, &internet->part.node, frame, "lost");
    } else
        let_in(world, internet, frame);
}

/* In the order of leaving: so what is behind its jitter comes before what is not. */
static void internet_down(ReferenceWorld *world, Part *part, bool is_silent)
{
    Internet *internet = (Internet *)part;
    Inside *first;

    (void)is_silent;
    internet->is_down = true;
    while ((first = g_queue_pop_head(&internet->inside))) {
        first->frame->is_lost = true;
        internet->dropped_link_down++;
        frame_lost(world, &part->node, first->frame, "link_down");
        g_free(first);
    }
    if (world->flaw != REFERENCE_WAITS_FOR_THE_LOST)
        internet->latest_ps = 0;
}

static void internet_up(ReferenceWorld *world, Part *part, bool was_down)
{
    (void)world;
    (void)was_down;
    ((Internet *)part)->is_down = false;
}

static bool internet_can_drop(const Part *part, const char *reason)
{
    return strcmp(reason, "lost") != 0 || loss_is_possible(((const Internet *)part)->loss);
}

static const Count internet_counts[] = {
    { "passed_frames", DX_COUNTER_SUM, offsetof(Internet, passed_frames) },
    { "jitter_ps", DX_COUNTER_SUM, offsetof(Internet, jitter_ps) },
    { "jitter_max_ps", DX_COUNTER_MAX, offsetof(Internet, jitter_max_ps) },
    COUNTS_END
};

static const Count internet_drops[] = { { "link_down", DX_COUNTER_SUM,
                                          offsetof(Internet, dropped_link_down) },
                                        { "lost", DX_COUNTER_SUM, offsetof(Internet, dropped_lost) },
                                        COUNTS_END };

const PartKind internet_kind = { .model = "internet",
                                 .size = sizeof(Internet),
                                 .init = internet_init,
                                 .clear = internet_clear,
                                 .arrival = internet_arrival,
                                 .down = internet_down,
                                 .up = internet_up,
                                 .counts = internet_counts,
                                 .drops = internet_drops,
                                 .can_drop = internet_can_drop };
