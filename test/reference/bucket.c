/*
 * bucket - shaper and policer, as docs/models/shaper.md and policer.md have them
 *
 * Levels are counted in 10^-12 bit: a rate of 1 bps brings one per ps.
 */
#include "reference-priv.h"

#define LEVEL_OF(bytes) ((Wide)(bytes)*8 * (Wide)DX_S)

typedef struct {
    uint64_t rate_bps;
    Wide depth, level;
} Bucket;

enum { COUNTS_PACKET, COUNTS_TC, COUNTS_FRAME, COUNTS_WIRE };

/* Octets of a frame, tags among its overhead. */
static uint64_t counted_bytes(int counts, const Frame *frame)
{
    const uint64_t packet = frame->size_bytes, tc = 14 + (uint64_t)frame->overhead_bytes + packet;

    switch (counts) {
    case COUNTS_PACKET:
        return packet;
    case COUNTS_TC:
        return tc;
    case COUNTS_FRAME:
        return MAX(tc + 4, 64);
    case COUNTS_WIRE:
        return MAX(tc + 4, 64) + 20;
    default:
        g_assert_not_reached();
    }
}

static Bucket full_bucket(uint64_t rate_bps, uint64_t burst_bytes)
{
    return (Bucket){ rate_bps, LEVEL_OF(burst_bytes), LEVEL_OF(burst_bytes) };
}

/* -- shaper: a queue whose head leaves when its tokens are there -------------------------------------- */

typedef struct {
    Part part;
    Bucket bucket[2];
    uint64_t burst_bytes[2];
    unsigned n_buckets;
    uint64_t limit_bytes;
    int counts;

    GQueue waiting;    /* Frame; the step for the first is on its way, unless it never leaves */
    DxTime before_ps;  /* when the last one left */
    DxTime release_ps; /* of the first that waits */
    bool waits_for[2]; /* that one, for which of the buckets */

    uint64_t tx_frames, tx_bytes, delayed_frames, wait_ps, wait_max_ps;
    uint64_t queue_bytes, queue_frames, queue_peak_bytes, queue_max_bytes;
    uint64_t dropped_queue_full, dropped_larger_than_burst;
} Shaper;

static uint64_t limit_of(uint64_t rate_bps, DxTime latency_ps, uint64_t burst_bytes)
{
    return (uint64_t)((Wide)rate_bps * (Wide)latency_ps / 8 / (Wide)DX_S) + burst_bytes;
}

static void shaper_init(ReferenceWorld *world, Part *part, const void *conf)
{
    const uint64_t rate_bps = (uint64_t)conf_int(world, "shaper", conf, "rate");
    const uint64_t peak_bps = (uint64_t)conf_int(world, "shaper", conf, "peak");
    const DxTime latency_ps = conf_int(world, "shaper", conf, "latency");
    Shaper *shaper = (Shaper *)part;

    shaper->burst_bytes[0] = (uint64_t)conf_int(world, "shaper", conf, "burst");
    shaper->burst_bytes[1] = (uint64_t)conf_int(world, "shaper", conf, "peak_burst");
    shaper->bucket[0] = full_bucket(rate_bps, shaper->burst_bytes[0]);
    shaper->bucket[1] = full_bucket(peak_bps, shaper->burst_bytes[1]);
    shaper->n_buckets = peak_bps ? 2 : 1;
    shaper->limit_bytes = (uint64_t)conf_int(world, "shaper", conf, "limit");
    if (latency_ps) {
        shaper->limit_bytes = limit_of(rate_bps, latency_ps, shaper->burst_bytes[0]);
        if (peak_bps)
            shaper->limit_bytes =
                MIN(shaper->limit_bytes, limit_of(peak_bps, latency_ps, shaper->burst_bytes[1]));
    }
    shaper->counts = (int)conf_int(world, "shaper", conf, "counts");
    g_queue_init(&shaper->waiting);
}

static void shaper_clear(Part *part)
{
    g_queue_clear_full(&((Shaper *)part)->waiting, g_free);
}

/* What came in since the frame before, cut where there is no room. */
static void bring_up(Shaper *shaper, DxTime now)
{
    for (unsigned i = 0; i < shaper->n_buckets && now > shaper->before_ps; i++) {
        Bucket *bucket = &shaper->bucket[i];

        bucket->level += bucket->rate_bps * (Wide)(now - shaper->before_ps);
        bucket->level = MIN(bucket->level, bucket->depth);
    }
}

/* How long @frame has to wait from now on, the first in the queue; more than there is time: for ever. */
static Wide wait_of(Shaper *shaper, const Frame *frame)
{
    const Wide need = LEVEL_OF(counted_bytes(shaper->counts, frame));
    Wide wait[2] = { 0, 0 }, longest;

    for (unsigned i = 0; i < shaper->n_buckets; i++) {
        const Bucket *bucket = &shaper->bucket[i];

        if (bucket->level < need)
            wait[i] = (need - bucket->level + bucket->rate_bps - 1) / bucket->rate_bps;
    }
    longest = MAX(wait[0], wait[1]);
    shaper->waits_for[0] = wait[0] == longest;
    shaper->waits_for[1] = wait[1] == longest;
    return longest;
}

/* @frame, which is in no queue any more, leaves now; @wait_ps after its tokens were looked at. */
static void leave(ReferenceWorld *world, Shaper *shaper, Frame *frame, Wide wait_ps)
{
    const uint64_t bytes = counted_bytes(shaper->counts, frame);
    const uint64_t waited_ps = (uint64_t)(world->now - frame->came_ps);

    for (unsigned i = 0; i < shaper->n_buckets; i++) {
        Bucket *bucket = &shaper->bucket[i];

        bucket->level += bucket->rate_bps * wait_ps;
        if (!shaper->waits_for[i] || world->flaw == REFERENCE_CUTS_TOKENS)
            bucket->level = MIN(bucket->level, bucket->depth);
        bucket->level -= LEVEL_OF(bytes);
    }
    shaper->before_ps = world->now;
    shaper->tx_frames++;
    shaper->tx_bytes += bytes;
    shaper->delayed_frames += waited_ps > 0;
    shaper->wait_ps += waited_ps;
    shaper->wait_max_ps = MAX(shaper->wait_max_ps, waited_ps);
    world_send(world, &shaper->part.next, frame);
}

static void release(ReferenceWorld *world, void *who, Frame *none, uint64_t wait_ps);

/* Somebody new is first. He may be able to leave at once. */
static void look_at_first(ReferenceWorld *world, Shaper *shaper)
{
    const Frame *first = g_queue_peek_head(&shaper->waiting);
    Wide wait_ps;

    if (!first)
        return;
    wait_ps = wait_of(shaper, first);
    if (wait_ps < (Wide)(DX_TIME_MAX - world->now))
        world_frame_step(world, world->now + (DxTime)wait_ps, LAYER_SERVICE_END, &shaper->part.node, 0,
                         release, shaper, NULL, (uint64_t)wait_ps);
}

static void release(ReferenceWorld *world, void *who, Frame *none, uint64_t wait_ps)
{
    Shaper *shaper = who;
    Frame *frame = g_queue_pop_head(&shaper->waiting);

    (void)none;
    frame_hold(world, frame, false);
    shaper->queue_frames--;
    shaper->queue_bytes -= counted_bytes(shaper->counts, frame);
    leave(world, shaper, frame, wait_ps);
    look_at_first(world, shaper);
}

static void shaper_queue(ReferenceWorld *world, Shaper *shaper, Frame *frame)
{
    g_queue_push_tail(&shaper->waiting, frame);
    frame_hold(world, frame, true);
    shaper->queue_frames++;
    shaper->queue_bytes += counted_bytes(shaper->counts, frame);
    shaper->queue_peak_bytes = MAX(shaper->queue_peak_bytes, shaper->queue_bytes);
    shaper->queue_max_bytes = MAX(shaper->queue_max_bytes, shaper->queue_bytes);
}

static bool is_too_long(const Shaper *shaper, uint64_t bytes)
{
    return bytes > shaper->burst_bytes[0] || (shaper->n_buckets > 1 && bytes > shaper->burst_bytes[1]);
}

static void shaper_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Shaper *shaper = who;
    const uint64_t bytes = counted_bytes(shaper->counts, frame);

    (void)arg;
    frame->came_ps = world->now;
    if (is_too_long(shaper, bytes)) {
        shaper->dropped_larger_than_burst++;
        frame_drop(world, &shaper->part.node, frame, "larger_than_burst");
    } else if (shaper->queue_bytes + bytes > shaper->limit_bytes) {
        shaper->dropped_queue_full++;
        frame_drop(world, &shaper->part.node, frame, "queue_full");
    } else if (shaper->waiting.length) {
        shaper_queue(world, shaper, frame);
    } else {
        bring_up(shaper, world->now);
        shaper->before_ps = world->now;
        if (wait_of(shaper, frame) == 0) {
            leave(world, shaper, frame, 0);
        } else {
            shaper_queue(world, shaper, frame);
            look_at_first(world, shaper);
        }
    }
}

static void shaper_each(ReferenceWorld *world, const Part *part, VisitFn visit, void *data)
{
    for (const GList *at = ((const Shaper *)part)->waiting.head; at; at = at->next)
        visit(world, at->data, data);
}

static const Count shaper_counts[] = {
    { "tx_frames", DX_COUNTER_SUM, offsetof(Shaper, tx_frames) },
    { "tx_bytes", DX_COUNTER_SUM, offsetof(Shaper, tx_bytes) },
    { "delayed_frames", DX_COUNTER_SUM, offsetof(Shaper, delayed_frames) },
    { "wait_ps", DX_COUNTER_SUM, offsetof(Shaper, wait_ps) },
    { "wait_max_ps", DX_COUNTER_MAX, offsetof(Shaper, wait_max_ps) },
    { "queue_bytes", DX_COUNTER_GAUGE, offsetof(Shaper, queue_bytes) },
    { "queue_frames", DX_COUNTER_GAUGE, offsetof(Shaper, queue_frames) },
    { "queue_peak_bytes", DX_COUNTER_PEAK, offsetof(Shaper, queue_peak_bytes) },
    { "queue_max_bytes", DX_COUNTER_MAX, offsetof(Shaper, queue_max_bytes) },
    COUNTS_END
};

static const Count shaper_drops[] = { { "queue_full", DX_COUNTER_SUM, offsetof(Shaper, dropped_queue_full) },
                                      { "larger_than_burst", DX_COUNTER_SUM,
                                        offsetof(Shaper, dropped_larger_than_burst) },
                                      COUNTS_END };

const PartKind shaper_kind = { .model = "shaper",
                               .size = sizeof(Shaper),
                               .init = shaper_init,
                               .clear = shaper_clear,
                               .arrival = shaper_arrival,
                               .each = shaper_each,
                               .counts = shaper_counts,
                               .drops = shaper_drops };

/* -- policer ------------------------------------------------------------------------------------------ */

typedef enum { GREEN, YELLOW, RED } Colour;

typedef struct {
    Part part;
    Bucket committed, excess, peak;
    bool has_peak, is_aware, passes_red;
    int counts;
    DxTime before_ps;
    uint64_t frames[3], bytes[3]; /* by colour */
    uint64_t dropped_red;
} Policer;

static void policer_init(ReferenceWorld *world, Part *part, const void *conf)
{
    const uint64_t peak_bps = (uint64_t)conf_int(world, "policer", conf, "peak");
    Policer *policer = (Policer *)part;

    policer->committed = full_bucket((uint64_t)conf_int(world, "policer", conf, "rate"),
                                     (uint64_t)conf_int(world, "policer", conf, "burst"));
    policer->excess = full_bucket(0, (uint64_t)conf_int(world, "policer", conf, "excess_burst"));
    policer->peak = full_bucket(peak_bps, (uint64_t)conf_int(world, "policer", conf, "peak_burst"));
    policer->has_peak = peak_bps > 0;
    policer->is_aware = conf_int(world, "policer", conf, "colour_aware") != 0;
    policer->passes_red = conf_int(world, "policer", conf, "red") == 1;
    policer->counts = (int)conf_int(world, "policer", conf, "counts");
}

/* Takes what has room; returns what has none. */
static Wide pour(Bucket *bucket, Wide tokens)
{
    const Wide room = bucket->depth - bucket->level, taken = MIN(tokens, room);

    bucket->level += taken;
    return tokens - taken;
}

static void pour_all(const ReferenceWorld *world, Policer *policer)
{
    const Wide dt = (Wide)(world->now - policer->before_ps);
    const Wide over = pour(&policer->committed, policer->committed.rate_bps * dt);

    if (world->flaw != REFERENCE_SPILLS_TOKENS)
        pour(&policer->excess, over);
    pour(&policer->peak, policer->peak.rate_bps * dt);
    policer->before_ps = world->now;
}

static Colour one_rate(Policer *policer, Colour came, Wide need)
{
    if (came == GREEN && policer->committed.level >= need) {
        policer->committed.level -= need;
        return GREEN;
    }
    if (came != RED && policer->excess.level >= need) {
        policer->excess.level -= need;
        return YELLOW;
    }
    return RED;
}

static Colour two_rates(Policer *policer, Colour came, Wide need)
{
    if (came == RED || policer->peak.level < need)
        return RED;
    policer->peak.level -= need;
    if (came == YELLOW || policer->committed.level < need)
        return YELLOW;
    policer->committed.level -= need;
    return GREEN;
}

static void policer_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Policer *policer = who;
    const uint64_t bytes = counted_bytes(policer->counts, frame);
    const Colour came = policer->is_aware ? (Colour)frame->colour : GREEN;
    Colour colour;

    (void)arg;
    pour_all(world, policer);
    colour = policer->has_peak ? two_rates(policer, came, LEVEL_OF(bytes))
                               : one_rate(policer, came, LEVEL_OF(bytes));
    frame->colour = colour;
    policer->frames[colour]++;
    policer->bytes[colour] += bytes;
    if (colour == RED && !policer->passes_red) {
        policer->dropped_red++;
        frame_drop(world, &policer->part.node, frame, "red");
    } else
        world_send(world, &policer->part.next, frame);
}

static bool policer_can_drop(const Part *part, const char *reason)
{
    (void)reason;
    return !((const Policer *)part)->passes_red;
}

static const Count policer_counts[] = { { "green_frames", DX_COUNTER_SUM, offsetof(Policer, frames[GREEN]) },
                                        { "green_bytes", DX_COUNTER_SUM, offsetof(Policer, bytes[GREEN]) },
                                        { "yellow_frames", DX_COUNTER_SUM,
                                          offsetof(Policer, frames[YELLOW]) },
                                        { "yellow_bytes", DX_COUNTER_SUM, offsetof(Policer, bytes[YELLOW]) },
                                        { "red_frames", DX_COUNTER_SUM, offsetof(Policer, frames[RED]) },
                                        { "red_bytes", DX_COUNTER_SUM, offsetof(Policer, bytes[RED]) },
                                        COUNTS_END };

static const Count policer_drops[] = { { "red", DX_COUNTER_SUM, offsetof(Policer, dropped_red) },
                                       COUNTS_END };

const PartKind policer_kind = { .model = "policer",
                                .size = sizeof(Policer),
                                .init = policer_init,
                                .arrival = policer_arrival,
                                .counts = policer_counts,
                                .drops = policer_drops,
                                .can_drop = policer_can_drop };
