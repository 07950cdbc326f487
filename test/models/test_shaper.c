/*
 * test_shaper - frames leave when their tokens are there, in order, and the queue is as long as it was told
 *
 * Unless told otherwise the IP packet counts: 1500 bytes at 12 Mbps last 1 ms.
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"
#include "../vectors.h"

extern const DxModel dx_model_shaper;

static void set_u64(Rig *rig, const char *key, uint64_t value, const char *unit)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " %s", value, unit);

    rig_set(rig, key, text);
}

static Rig *shaper(const char *rate, const char *burst, const char *limit)
{
    Rig *rig = rig_new(&dx_model_shaper, 1, 1, 1);

    rig_set(rig, "rate", rate);
    rig_set(rig, "burst", burst);
    if (limit)
        rig_set(rig, "limit", limit);
    rig_set(rig, "counts", "packet");
    return rig;
}

static void feed(Rig *rig, DxTime t_ps, unsigned n)
{
    while (n--)
        rig_feed(rig, 0, t_ps);
}

/* -- reference traces -------------------------------------------------------------------------------- */

static Rig *rig_of(DxJsonDoc *doc, const DxJson *parameters)
{
    Rig *rig = rig_new(&dx_model_shaper, 1, 1, 1);
    const uint64_t peak = vectors_u64(doc, parameters, "peak", 0);

    set_u64(rig, "rate", 8 * vectors_u64(doc, parameters, "rate", 0), "bps");
    set_u64(rig, "burst", vectors_u64(doc, parameters, "burst", 0), "B");
    set_u64(rig, "limit", vectors_u64(doc, parameters, "limit", 0), "B");
    rig_set(rig, "counts", "packet");
    if (peak) {
        set_u64(rig, "peak", 8 * peak, "bps");
        set_u64(rig, "peak_burst", vectors_u64(doc, parameters, "mtu", 0), "B");
    }
    return rig;
}

static void feed_sized(Rig *rig, DxTime t_ps, uint64_t bytes)
{
    rig_feed(rig, 0, t_ps)->size_bytes = (uint16_t)bytes;
}

/* Either all arrivals, or some of them beside the rule they follow. */
static unsigned feed_arrivals(Rig *rig, DxJsonDoc *doc, const DxJson *trace)
{
    const DxJson *arrivals = vectors_get(doc, trace, "arrivals");
    unsigned n = 0;

    if (dx__json_member(doc, trace, "arrivals_rule")) {
        ck_assert_str_eq(vectors_get(doc, trace, "arrivals_rule")->text,
                         "packet i arrives at i*9000*8/25e9 s, size 9000");
        for (; n < vectors_u64(doc, trace, "sent", 0); n++)
            feed_sized(rig, n * (9000 * 8 * DX_S / 25000000000), 9000);
        return n;
    }
    for (const DxJson *arrival = arrivals->child; arrival; arrival = arrival->next, n++)
        feed_sized(rig, vectors_ps(arrival->child->text), strtoull(arrival->child->next->text, NULL, 10));
    return n;
}

/* What became of frame @seq: @next is the first that came out and was not looked at. */
static void check_result(const Rig *rig, const DxJson *result, uint32_t seq)
{
    unsigned i = 0;

    while (i < rig_n(rig, 0) && rig_frame(rig, 0, i)->seq != seq)
        i++;
    if (strcmp(result->child->text, "sent")) {
        ck_assert_uint_eq(i, rig_n(rig, 0));
        return;
    }
    ck_assert_uint_lt(i, rig_n(rig, 0));
    ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, vectors_ps(result->child->next->text));
}

static unsigned count_results(const DxJson *results, const char *word)
{
    unsigned n = 0;

    for (const DxJson *result = results->child; result; result = result->next)
        n += !strcmp(result->child->text, word);
    return n;
}

static void check_trace(DxJsonDoc *doc, const DxJson *trace)
{
    Rig *rig = rig_of(doc, vectors_get(doc, trace, "parameters"));
    const DxJson *results = vectors_get(doc, trace, "result"),
                 *kept = dx__json_member(doc, trace, "kept_indices");
    uint32_t seq = 0;

    feed_arrivals(rig, doc, trace);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), vectors_u64(doc, trace, "sent", 0));
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), count_results(results, "drop-limit"));
    ck_assert_uint_eq(rig_dropped(rig, "larger_than_burst"), count_results(results, "drop-oversize"));
    kept = kept ? kept->child : NULL;
    for (const DxJson *result = results->child; result; result = result->next, seq++) {
        check_result(rig, result, kept ? (uint32_t)strtoul(kept->text, NULL, 10) : seq);
        kept = kept ? kept->next : NULL;
    }
    for (unsigned i = 0; i < rig_n(rig, 0); i++) { /* births are arrivals here */
        const uint64_t delayed = vectors_u64(doc, trace, "first_delayed_index", 0);
        const DxFrame *frame = rig_frame(rig, 0, i);

        if (delayed && i <= delayed)
            ck_assert_int_eq(frame->t_ps > frame->birth_ps, i == delayed);
    }
    rig_free(rig);
}

START_TEST(every_tbf_trace)
{
    DxJsonDoc *doc = vectors_load("shaping.json");
    const DxJson *traces = vectors_get(doc, dx__json_root(doc), "tbf");

    ck_assert_uint_eq(traces->n_children, 5);
    for (const DxJson *trace = traces->child; trace; trace = trace->next)
        check_trace(doc, trace);
    dx__json_free(doc);
}
END_TEST

/* -- closed forms ------------------------------------------------------------------------------------ */

/* The bucket is full at the start, and after a pause of burst / rate again: 10 frames are 10 ms. */
START_TEST(burst_passes_at_once_and_comes_back)
{
    Rig *rig = shaper("12 Mbps", "15000 B", "1 MB");

    feed(rig, 0, 10);
    feed(rig, 10 * DX_MS, 11);
    feed(rig, 21 * DX_MS - 1, 10); /* a ps short of ten frames: the last one waits for it */
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 31);
    for (unsigned i = 0; i < 31; i++)
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, i < 10   ? 0
                                                     : i < 20 ? 10 * DX_MS
                                                     : i < 21 ? 11 * DX_MS
                                                     : i < 30 ? 21 * DX_MS - 1
                                                              : 21 * DX_MS);
    ck_assert_uint_eq(dx_node_counter(rig->node, "delayed_frames"), 2);
    rig_free(rig);
}
END_TEST

/*
 * 10 MB at 10 Gbps, offered 25 Gbps of 1500 bytes: frame j comes at 480 j ns and passes as long as
 * (j + 1) * 12000 bits <= 80 Mbit + 4800 j: j <= 11109, at 5.332 ms. All leave by (j + 1) * 1.2 us - 8 ms.
 */
START_TEST(bucket_of_80_mbit_passes_25_gbps_for_5_ms)
{
    Rig *rig = shaper("10 Gbps", "10 MB", "100 MB");
    enum { N = 20000 };

    for (unsigned j = 0; j < N; j++)
        rig_feed(rig, 0, j * 480 * DX_NS);
    rig_run(rig, 100 * DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), N);
    for (unsigned j = 0; j < N; j++) {
        const DxTime now = j * 480 * DX_NS, late = (j + 1) * 1200 * DX_NS - 8 * DX_MS;

        if (rig_frame(rig, 0, j)->t_ps != MAX(now, late))
            ck_abort_msg("frame %u", j);
    }
    ck_assert_int_eq(rig_frame(rig, 0, 11109)->t_ps, 11109 * 480 * DX_NS);
    ck_assert_int_gt(rig_frame(rig, 0, 11110)->t_ps, 11110 * 480 * DX_NS);
    ck_assert_uint_eq(dx_node_counter(rig->node, "delayed_frames"), N - 11110);
    rig_free(rig);
}
END_TEST

/* In no window does more leave than burst + rate * window (facts of the token bucket, both of them). */
START_TEST(no_window_carries_more_than_its_envelope)
{
    Rig *rig = shaper("100 Mbps", "9000 B", "10 MB");
    DxRng rng;
    DxTime now = 0;

    rig_set(rig, "peak", "400 Mbps");
    rig_set(rig, "peak_burst", "3000 B");
    dx_rng_init(&rng, 1, 0, "shaper", "test");
    for (unsigned i = 0; i < 2000; i++) {
        now += dx_rng_below(&rng, 20) ? 0 : (DxTime)dx_rng_below(&rng, (uint64_t)(4 * DX_MS));
        rig_feed(rig, 0, now)->size_bytes = (uint16_t)(1 + dx_rng_below(&rng, 3000));
    }
    rig_run(rig, 10 * DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 2000);
    for (unsigned i = 0; i < 2000; i++) {
        uint64_t bytes = 0;

        for (unsigned k = i; k < MIN(i + 400, 2000); k++) {
            const DxTime window = rig_frame(rig, 0, k)->t_ps - rig_frame(rig, 0, i)->t_ps + 1;

            bytes += rig_frame(rig, 0, k)->size_bytes;
            if ((bytes - 9000) * 80000 > (uint64_t)window && bytes > 9000) /* 80 ns a byte */
                ck_abort_msg("rate: %u to %u", i, k);
            if ((bytes - 3000) * 20000 > (uint64_t)window && bytes > 3000)
                ck_abort_msg("peak: %u to %u", i, k);
        }
    }
    rig_free(rig);
}
END_TEST

/* 300 Mbps and 1514 bytes: 40 373 333.33 ps each. A bucket of one frame loses nothing either. */
START_TEST(long_queues_do_not_drift)
{
    static const char *const bursts[] = { "1514 B", "100 kB" };
    static const uint64_t burst_bytes[] = { 1514, 100000 };
    enum { N = 100000 };

    for (unsigned b = 0; b < G_N_ELEMENTS(bursts); b++) {
        Rig *rig = shaper("300 Mbps", bursts[b], "1 GB");

        rig_set(rig, "counts", "tc");
        feed(rig, 7, N);
        rig_run(rig, 10 * DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), N);
        for (uint64_t k = 1; k <= N; k++) {
            const uint64_t bytes = k * 1514;
            /* 8 bits / 300 Mbps = 80000 / 3 ps */
            const uint64_t ps = bytes < burst_bytes[b] ? 0 : ((bytes - burst_bytes[b]) * 80000 + 2) / 3;

            if (rig_frame(rig, 0, (unsigned)k - 1)->t_ps != (DxTime)ps + 7)
                ck_abort_msg("frame %u", (unsigned)k);
        }
        rig_free(rig);
    }
}
END_TEST

/* -- what counts ------------------------------------------------------------------------------------- */

/* A bucket of exactly one such frame passes it, one byte less does not. */
START_TEST(octets_are_counted_as_told)
{
    static const struct {
        const char *counts;
        uint16_t size_bytes;
        uint8_t overhead_bytes;
        uint64_t bytes;
    } cases[] = {
        { "packet", 1500, 4, 1500 }, { "packet", 1, 0, 1 },     { "tc", 1500, 0, 1514 },
        { "tc", 1500, 4, 1518 },     { "tc", 28, 0, 42 },       { "frame", 1500, 0, 1518 },
        { "frame", 28, 0, 64 },      { "frame", 46, 0, 64 },    { "frame", 47, 0, 65 },
        { "frame", 1500, 32, 1550 }, { "wire", 1500, 0, 1538 }, { "wire", 28, 4, 84 },
        { "wire", 43, 4, 85 },       { "wire", 8982, 4, 9024 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        for (unsigned less = 0; less < 2; less++) {
            Rig *rig = shaper("1 Mbps", "1 B", "100 kB");
            DxFrame *frame = rig_feed(rig, 0, 5);

            frame->size_bytes = cases[i].size_bytes;
            frame->overhead_bytes = cases[i].overhead_bytes;
            rig_set(rig, "counts", cases[i].counts);
            set_u64(rig, "burst", MAX(cases[i].bytes - less, 1), "B");
            rig_run(rig, DX_MS);
            if (less && cases[i].bytes > 1) {
                ck_assert_uint_eq(rig_dropped(rig, "larger_than_burst"), 1);
            } else {
                RIG_EXPECT(rig, { 0, 5 });
                ck_assert_uint_eq(dx_node_counter(rig->node, "tx_bytes"), cases[i].bytes);
            }
            rig_free(rig);
        }
}
END_TEST

/* Linux's tc counts the Ethernet header and no FCS: that is what a shaper does unless told otherwise. */
START_TEST(tc_is_the_default)
{
    Rig *rig = rig_new(&dx_model_shaper, 1, 1, 1);

    rig_set(rig, "rate", "12112 kbps"); /* 1514 bytes a ms */
    rig_set(rig, "burst", "1514 B");
    rig_set(rig, "limit", "10 kB");
    feed(rig, 0, 2);
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 1, DX_MS });
    rig_free(rig);
}
END_TEST

/* -- the queue --------------------------------------------------------------------------------------- */

/* Two leave at once; 3000 octets are room for two more, 2999 for one. Unlike at a port, a frame that could
 * leave at once has to fit too. */
START_TEST(limit_is_exact_to_the_byte)
{
    static const struct {
        const char *limit;
        unsigned sent;
    } cases[] = { { "3000 B", 4 }, { "2999 B", 3 }, { "3001 B", 4 },
                  { "1500 B", 3 }, { "1499 B", 0 }, { "4500 B", 5 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = shaper("12 Mbps", "3000 B", cases[i].limit);

        feed(rig, 100, 10);
        rig_run(rig, DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), cases[i].sent);
        ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 10 - cases[i].sent);
        rig_free(rig);
    }
}
END_TEST

/* At the very ps at which one leaves there is room for another; 1 ps before there is not. */
START_TEST(a_departure_comes_before_an_arrival)
{
    Rig *rig = shaper("12 Mbps", "1500 B", "1500 B");

    feed(rig, 0, 2);
    feed(rig, DX_MS - 1, 1);
    feed(rig, DX_MS, 2);
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 1, DX_MS }, { 3, 2 * DX_MS });
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 2);
    rig_free(rig);
}
END_TEST

/* A small frame for which there are tokens waits behind a long one for which there are none. */
START_TEST(nobody_overtakes)
{
    Rig *rig = shaper("12 Mbps", "3000 B", "10 kB");

    feed(rig, 0, 1);
    rig_feed(rig, 0, 0)->size_bytes = 3000;
    rig_feed(rig, 0, 1)->size_bytes = 1;
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 1, DX_MS }, { 2, DX_MS + 666667 }); /* a byte lasts 666 666.67 ps */
    rig_free(rig);
}
END_TEST

/* What is dropped costs no tokens. */
START_TEST(dropped_frames_take_no_tokens)
{
    Rig *rig = shaper("12 Mbps", "3000 B", "10 kB");

    rig_feed(rig, 0, 0)->size_bytes = 3001;
    feed(rig, 0, 3);
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 1, 0 }, { 2, 0 }, { 3, DX_MS });
    ck_assert_uint_eq(rig_dropped(rig, "larger_than_burst"), 1);
    rig_free(rig);
}
END_TEST

/*
 * tc-tbf: limit = rate * latency + burst, in whole octets; with a peak rate also peak * latency + its burst,
 * and the smaller of both. 12 Mbps for 2 ms are 3000 octets. The odd one: 12 Mbps for 1.0006 ms are 1500.9.
 */
START_TEST(latency_gives_the_limit_as_tc_has_it)
{
    static const struct {
        const char *latency, *peak, *peak_burst;
        unsigned sent;
    } cases[] = {
        { "2 ms", NULL, NULL, 2 + 4 },          { "1999999999 ps", NULL, NULL, 2 + 3 },
        { "1.0006 ms", NULL, NULL, 2 + 3 },     { "2 ms", "12000001 bps", "1500 B", 1 + 3 },
        { "2 ms", "24 Mbps", "1500 B", 1 + 4 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = shaper("12 Mbps", "3000 B", NULL);

        rig_set(rig, "latency", cases[i].latency);
        if (cases[i].peak) {
            rig_set(rig, "peak", cases[i].peak);
            rig_set(rig, "peak_burst", cases[i].peak_burst);
        }
        feed(rig, 0, 20);
        rig_run(rig, DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), cases[i].sent);
        rig_free(rig);
    }
}
END_TEST

/* Three at once, a frame's room in the bucket: waits of 0, 1 and 2 ms. */
START_TEST(counters_follow_from_the_slots)
{
    Rig *rig = shaper("12 Mbps", "1500 B", "10 kB");

    feed(rig, 0, 3);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(dx_node_counter(rig->node, "tx_frames"), 3);
    ck_assert_uint_eq(dx_node_counter(rig->node, "tx_bytes"), 4500);
    ck_assert_uint_eq(dx_node_counter(rig->node, "delayed_frames"), 2);
    ck_assert_uint_eq(dx_node_counter(rig->node, "wait_ps"), 3 * DX_MS);
    ck_assert_uint_eq(dx_node_counter(rig->node, "wait_max_ps"), 2 * DX_MS);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_max_bytes"), 3000);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_peak_bytes"), 3000);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_bytes"), 0);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_frames"), 0);
    rig_free(rig);
}
END_TEST

typedef struct {
    const Rig *rig;
    uint64_t frames, bytes, sent;
} Level;

static void read_level(DxSim *sim, void *data)
{
    Level *level = data;

    (void)sim;
    level->frames = dx_node_counter(level->rig->node, "queue_frames");
    level->bytes = dx_node_counter(level->rig->node, "queue_bytes");
    level->sent = dx_node_counter(level->rig->node, "tx_frames");
}

/* Measurements come before departures of the same ps. */
START_TEST(queue_is_exact_at_any_moment)
{
    static const struct {
        DxTime at;
        unsigned frames, sent;
    } cases[] = { { 0, 0, 0 }, { 1, 3, 1 }, { DX_MS, 3, 1 }, { DX_MS + 1, 2, 2 }, { 3 * DX_MS + 1, 0, 4 } };
    Rig *rig = shaper("12 Mbps", "1500 B", "10 kB");
    Level level[G_N_ELEMENTS(cases)];

    feed(rig, 0, 4);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        level[i] = (Level){ rig, 99, 99, 99 };
        dx_sim_measure_at(rig->sim, cases[i].at, read_level, &level[i]);
    }
    rig_run(rig, DX_S);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        ck_assert_uint_eq(level[i].frames, cases[i].frames);
        ck_assert_uint_eq(level[i].bytes, cases[i].frames * 1500);
        ck_assert_uint_eq(level[i].sent, cases[i].sent);
    }
    rig_free(rig);
}
END_TEST

START_TEST(a_run_may_stop_in_between)
{
    Rig *rig = shaper("12 Mbps", "1500 B", "10 kB");
    DxBalance balance;

    feed(rig, 0, 4);
    rig_run(rig, DX_MS + DX_MS / 2);
    balance = dx_sim_balance(rig->sim);
    ck_assert_uint_eq(balance.created, 4);
    ck_assert_uint_eq(balance.delivered, 2);
    ck_assert_uint_eq(balance.held, 2);
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 1, DX_MS }, { 2, 2 * DX_MS }, { 3, 3 * DX_MS });
    rig_free(rig);
}
END_TEST

/* At 1 bps a frame takes 12000 s: 769 of them are longer than time can count, and wait all the same. */
START_TEST(slowest_shaper_keeps_its_queue)
{
    Rig *rig = shaper("1 bps", "1500 B", "3000000 B");

    feed(rig, 0, 2001);
    feed(rig, 12000 * DX_S, 3);
    rig_run(rig, 12001 * DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 1, 12000 * DX_S });
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 2);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_frames"), 2000);
    rig_free(rig);
}
END_TEST

/* -- events ------------------------------------------------------------------------------------------ */

/* What happens to the line is no business of the contract. */
START_TEST(events_of_the_line_change_nothing)
{
    static const DxControl controls[] = { { .op = DX_CONTROL_RATE, .value = 1000 },
                                          { .op = DX_CONTROL_DOWN },
                                          { .op = DX_CONTROL_DOWN_SILENT },
                                          { .op = DX_CONTROL_UP } };
    Rig *rig = shaper("12 Mbps", "1500 B", "10 kB");

    feed(rig, 0, 6);
    for (unsigned i = 0; i < G_N_ELEMENTS(controls); i++)
        rig_control(rig, (i + 1) * DX_MS, controls[i]);
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 0 }, { 1, DX_MS }, { 2, 2 * DX_MS }, { 3, 3 * DX_MS }, { 4, 4 * DX_MS },
               { 5, 5 * DX_MS });
    rig_free(rig);
}
END_TEST

/* -- parameters -------------------------------------------------------------------------------------- */

START_TEST(parameters_must_go_together)
{
    static const struct {
        const char *set[8]; /* key, text, ... */
        const char *key;
    } cases[] = {
        { { "burst", "1 kB", "limit", "1 kB" }, "rate" },
        { { "rate", "1 Mbps", "limit", "1 kB" }, "burst" },
        { { "rate", "1 Mbps", "burst", "1 kB" }, "limit" },
        { { "rate", "1 Mbps", "burst", "1 kB", "limit", "1 kB", "latency", "1 ms" }, "latency" },
        { { "rate", "1 Mbps", "burst", "1 kB", "limit", "1 kB", "peak", "1 Mbps" }, "peak" },
        { { "rate", "1 Mbps", "burst", "1 kB", "limit", "1 kB", "peak", "2 Mbps" }, "peak_burst" },
        { { "rate", "1 Mbps", "burst", "1 kB", "limit", "1 kB", "peak_burst", "1 kB" }, "peak_burst" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        rig_expect_refused(&dx_model_shaper, cases[i].set, cases[i].key);
}
END_TEST

/* -- any traffic ------------------------------------------------------------------------------------- */

#define N_FRAMES 400

typedef unsigned __int128 Wide;

typedef struct {
    uint64_t rate_bps, burst, peak_bps, peak_burst, limit, latency_ps;
    unsigned counts;
    DxTime t_ps[N_FRAMES];
    uint16_t bytes[N_FRAMES];
} Story;

/* About twice as much as the rate carries, in heaps. */
static void invent(Story *story, uint64_t variant)
{
    DxRng rng;
    uint64_t gap_ps;

    *story = (Story){ .counts = variant / 4 % 4 };
    dx_rng_init(&rng, variant, 0, "shaper", "test");
    story->rate_bps = 1000000 + dx_rng_below(&rng, variant % 3 ? 100000000 : UINT64_C(40000000000));
    story->burst = 700 + dx_rng_below(&rng, 10000);
    gap_ps = 3000 * (uint64_t)DX_S / story->rate_bps;
    if (variant % 2)
        story->limit = 1500 + dx_rng_below(&rng, 20000);
    else
        story->latency_ps = 1 + dx_rng_below(&rng, 40 * gap_ps);
    if (variant % 4 > 1) {
        story->peak_bps = story->rate_bps + 1 + dx_rng_below(&rng, story->rate_bps);
        story->peak_burst = 700 + dx_rng_below(&rng, 2000);
    }
    for (unsigned i = 0; i < N_FRAMES; i++) {
        story->t_ps[i] = i ? story->t_ps[i - 1] : 0;
        if (!dx_rng_below(&rng, 4))
            story->t_ps[i] += (DxTime)dx_rng_below(&rng, dx_rng_below(&rng, 10) ? 8 * gap_ps : 80 * gap_ps);
        story->bytes[i] = (uint16_t)(1 + dx_rng_below(&rng, 1500));
    }
}

static Rig *perform(const Story *story)
{
    static const char *const counts[] = { "packet", "tc", "frame", "wire" };
    Rig *rig = rig_new(&dx_model_shaper, 1, 1, 1);

    set_u64(rig, "rate", story->rate_bps, "bps");
    set_u64(rig, "burst", story->burst, "B");
    set_u64(rig, "limit", story->limit, "B");
    set_u64(rig, "latency", story->latency_ps, "ps");
    set_u64(rig, "peak", story->peak_bps, "bps");
    set_u64(rig, "peak_burst", story->peak_burst, "B");
    rig_set(rig, "counts", counts[story->counts]);
    for (unsigned i = 0; i < N_FRAMES; i++)
        rig_feed(rig, 0, story->t_ps[i])->size_bytes = story->bytes[i];
    return rig;
}

static Rig *random_rig(uint64_t variant)
{
    Story story;

    invent(&story, variant);
    return perform(&story);
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t variant = 0; variant < 16; variant++)
        rig_check_invariance(random_rig, variant, 100 * DX_S);
}
END_TEST

/* A bucket of the plain shaper: its level, in 10^-12 bit, is that of when the last frame left. */
typedef struct {
    Wide rate, depth, level;
} Plain;

static void pour(Plain *plain, DxTime dt, bool is_cut)
{
    plain->level += plain->rate * (uint64_t)dt;
    if (is_cut && dt && plain->level > plain->depth)
        plain->level = plain->depth;
}

static DxTime lacking(const Plain *plain, Wide needed)
{
    return plain->level >= needed ? 0 : (DxTime)((needed - plain->level + plain->rate - 1) / plain->rate);
}

/* When a frame leaves that may not leave before @from; the one before left at @before. */
static DxTime leave(Plain *plain, unsigned n, Wide needed, DxTime before, DxTime from)
{
    DxTime wait[2], longest = 0;

    for (unsigned b = 0; b < n; b++) {
        pour(&plain[b], from - before, true);
        wait[b] = lacking(&plain[b], needed);
        longest = MAX(longest, wait[b]);
    }
    for (unsigned b = 0; b < n; b++) {
        pour(&plain[b], longest, wait[b] < longest);
        plain[b].level -= needed;
    }
    return from + longest;
}

static uint32_t counted(const Story *story, unsigned i)
{
    static const uint32_t header[] = { 0, 14, 18, 38 }, least[] = { 0, 0, 64, 84 };

    return MAX(story->bytes[i] + header[story->counts], least[story->counts]);
}

static uint64_t limit_of(const Story *story)
{
    const uint64_t at_rate = (uint64_t)((Wide)story->rate_bps * story->latency_ps / 8 / DX_S) + story->burst;
    const uint64_t at_peak =
        (uint64_t)((Wide)story->peak_bps * story->latency_ps / 8 / DX_S) + story->peak_burst;

    if (story->limit)
        return story->limit;
    return story->peak_bps ? MIN(at_rate, at_peak) : at_rate;
}

/* The shaper by itself, frame by frame. -1: the queue was full, -2: longer than a bucket. */
static void play(const Story *story, DxTime left[N_FRAMES])
{
    const unsigned n = story->peak_bps ? 2 : 1;
    Plain plain[2] = { { story->rate_bps, (Wide)story->burst * 8 * DX_S, (Wide)story->burst * 8 * DX_S },
                       { story->peak_bps, (Wide)story->peak_burst * 8 * DX_S,
                         (Wide)story->peak_burst * 8 * DX_S } };
    DxTime last = 0;

    for (unsigned i = 0; i < N_FRAMES; i++) {
        const uint32_t bytes = counted(story, i);
        uint64_t waiting = 0;

        for (unsigned k = 0; k < i; k++)
            waiting += left[k] > story->t_ps[i] ? counted(story, k) : 0;
        if (bytes > story->burst || (n == 2 && bytes > story->peak_burst))
            left[i] = -2;
        else if (waiting + bytes > limit_of(story))
            left[i] = -1;
        else
            last = left[i] = leave(plain, n, (Wide)bytes * 8 * DX_S, last, MAX(last, story->t_ps[i]));
    }
}

START_TEST(random_traffic_leaves_as_worked_out_frame_by_frame)
{
    for (uint64_t variant = 0; variant < 200; variant++) {
        DxTime left[N_FRAMES];
        uint64_t full = 0, large = 0;
        unsigned sent = 0;
        Story story;
        Rig *rig;

        invent(&story, variant);
        rig = perform(&story);
        rig_run(rig, 100 * DX_S);
        play(&story, left);
        for (unsigned i = 0; i < N_FRAMES; i++) {
            full += left[i] == -1;
            large += left[i] == -2;
            if (left[i] < 0)
                continue;
            if (rig_frame(rig, 0, sent)->seq != i || rig_frame(rig, 0, sent)->t_ps != left[i])
                ck_abort_msg("variant %u: frame %u", (unsigned)variant, i);
            sent++;
        }
        ck_assert_uint_eq(rig_n(rig, 0), sent);
        ck_assert_uint_eq(rig_dropped(rig, "queue_full"), full);
        ck_assert_uint_eq(rig_dropped(rig, "larger_than_burst"), large);
        rig_free(rig);
    }
}
END_TEST

SUITE_MAIN("shaper", 60, every_tbf_trace, burst_passes_at_once_and_comes_back,
           bucket_of_80_mbit_passes_25_gbps_for_5_ms, no_window_carries_more_than_its_envelope,
           long_queues_do_not_drift, octets_are_counted_as_told, tc_is_the_default,
           limit_is_exact_to_the_byte, a_departure_comes_before_an_arrival, nobody_overtakes,
           dropped_frames_take_no_tokens, latency_gives_the_limit_as_tc_has_it,
           counters_follow_from_the_slots, queue_is_exact_at_any_moment, a_run_may_stop_in_between,
           slowest_shaper_keeps_its_queue, events_of_the_line_change_nothing, parameters_must_go_together,
           bursts_and_windows_change_nothing, random_traffic_leaves_as_worked_out_frame_by_frame)
