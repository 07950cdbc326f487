/*
 * test_source - frames are born when the formula says, or as the distribution does
 *
 * Random streams are fixed: a statistical test passes or fails for ever. Thresholds are four standard
 * deviations, or what a right generator exceeds with probability 10^-4.
 */
#include <math.h>
#include <string.h>
#include "../rig.h"
#include "../suite.h"
#include "source-rig.h"

extern const DxModel dx_model_sink;

/* k * bytes * 8 / rate in ps, rounded down. */
static DxTime floor_ps(uint64_t k, uint64_t bytes, uint64_t rate_bps)
{
    return (DxTime)((unsigned __int128)k * bytes * 8 * 1000000000000 / rate_bps);
}

static DxTime birth(const Rig *rig, unsigned i)
{
    return rig_frame(rig, 0, i)->birth_ps;
}

/* -- constant rate ----------------------------------------------------------------------------------- */

/* Frame k at start + floor(k * bits / rate): 12000 / 8 Gbps = 1.5 us; 300 Mbps and 1500 octets are 40 us, 999
 * 999 937 bps no whole number of anything. One flow and several take different ways through the code. */
START_TEST(constant_rate_carries_the_remainder)
{
    static const struct {
        const char *rate, *size;
        uint64_t rate_bps, bytes;
    } cases[] = {
        { "8 Gbps", "1500 B", 8000000000, 1500 },
        { "300 Mbps", "1 B", 300000000, 1 },
        { "999999937 bps", "577 B", 999999937, 577 },
        { "7 Gbps", "9000 B", 7000000000, 9000 },
        { "7 bps", "1 B", 7, 1 },
        { "1 Tbps", "65 B", 1000000000000, 65 },
    };

    for (unsigned n_flows = 1; n_flows <= 3; n_flows += 2)
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            Rig *rig = SOURCE(n_flows, { "rate", cases[i].rate }, { "size", cases[i].size },
                              { "start", "77 ps" }, { "frames", "5000" });

            rig_run(rig, 50000 * DX_S);
            ck_assert_uint_eq(rig_n(rig, 0), 5000);
            for (unsigned k = 0; k < 5000; k++) {
                const DxFrame *frame = rig_frame(rig, 0, k);

                if (frame->birth_ps != 77 + floor_ps(k, cases[i].bytes, cases[i].rate_bps) ||
                    frame->t_ps != frame->birth_ps || frame->size_bytes != cases[i].bytes)
                    ck_abort_msg("%s, frame %u", cases[i].rate, k);
            }
            rig_free(rig);
        }
}
END_TEST

/* A byte at 300 Mbps lasts 26 666.67 ps: after 10^6 of them 26 666 666 666.67 ps have passed. */
START_TEST(constant_rate_does_not_drift)
{
    Rig *rig = SOURCE(1, { "rate", "300 Mbps" }, { "size", "1 B" }, { "frames", "1000001" });

    rig_run(rig, DX_S);
    ck_assert_int_eq(birth(rig, 1000000), INT64_C(26666666666));
    rig_free(rig);
}
END_TEST

START_TEST(interval_is_between_two_frames)
{
    Rig *rig = SOURCE(1, { "interval", "1501 ns" }, { "rate", "1 bps" });

    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 667); /* 666 * 1501 ns = 999 666 ns */
    for (unsigned k = 0; k < 667; k++)
        ck_assert_int_eq(birth(rig, k), k * 1501 * DX_NS);
    rig_free(rig);
}
END_TEST

/* The rate is that of all together; each flow counts from 0. */
START_TEST(flows_take_turns)
{
    Rig *rig = SOURCE(5, { "rate", "12 Gbps" });

    rig_run(rig, 103 * DX_US);
    ck_assert_uint_eq(rig_n(rig, 0), 103);
    for (unsigned k = 0; k < 103; k++) {
        ck_assert_uint_eq(rig_frame(rig, 0, k)->flow, k % 5);
        ck_assert_uint_eq(rig_frame(rig, 0, k)->seq, k / 5);
        ck_assert_int_eq(birth(rig, k), k * DX_US);
    }
    rig_free(rig);
}
END_TEST

START_TEST(frames_are_stamped_as_told)
{
    Rig *rig = SOURCE(1, { "rate", "12 Gbps" }, { "pcp", "5" }, { "ttl", "3" }, { "frames", "2" });

    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 2);
    ck_assert_uint_eq(dx_frame_pcp(rig_frame(rig, 0, 0)), 5);
    ck_assert_uint_eq(rig_frame(rig, 0, 0)->ttl, 3);
    ck_assert_uint_eq(rig_frame(rig, 0, 0)->flags, 0);
    ck_assert_uint_eq(rig_frame(rig, 0, 0)->overhead_bytes, 0);
    ck_assert_uint_eq(dx_node_counter(rig->node, "born_frames"), 2);
    rig_free(rig);
}
END_TEST

/* A frame every 1 us. Nothing at or after "stop"; "frames" counts; whichever is first. */
START_TEST(stop_and_count_end_it)
{
    static const struct {
        const char *start, *stop, *frames;
        unsigned n;
    } cases[] = {
        { "0 s", "10 us", "0", 10 },     { "0 s", "10000001 ps", "0", 11 }, { "0 s", "1 ps", "0", 1 },
        { "0 s", "0 s", "0", 0 },        { "5 us", "5 us", "0", 0 },        { "6 us", "5 us", "0", 0 },
        { "5 us", "10 us", "0", 5 },     { "0 s", "10 us", "1", 1 },        { "0 s", "10 us", "9", 9 },
        { "0 s", "10 us", "10", 10 },    { "0 s", "10 us", "11", 10 },      { "3 ms", "5 d", "600", 600 },
        { "0 s", "300 us", "256", 256 }, { "0 s", "300 us", "257", 257 },
    };

    for (unsigned n_flows = 1; n_flows <= 2; n_flows++)
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            Rig *rig = SOURCE(n_flows, { "rate", "12 Gbps" }, { "start", cases[i].start },
                              { "stop", cases[i].stop }, { "frames", cases[i].frames });

            rig_run(rig, 10 * DX_MS);
            ck_assert_uint_eq(rig_n(rig, 0), cases[i].n);
            ck_assert_uint_eq(dx_node_counter(rig->node, "born_frames"), cases[i].n);
            rig_free(rig);
        }
}
END_TEST

/* The first flow is where it is bound, and its group is told what was sent. */
START_TEST(bound_index_is_the_first_flow)
{
    Rig *rig = rig_new(&dx_model_source, 0, 1, 3);

    dx_sim_add_flow(rig->sim, &(DxFlow){ .group = 1 });
    dx_sim_add_flow(rig->sim, &(DxFlow){ .group = 1 });
    dx_sim_bind(rig->node, NULL, 3);
    rig_set(rig, "rate", "12 Gbps");
    rig_set(rig, "count", "2");
    rig_set(rig, "frames", "4");
    rig_run(rig, DX_MS);
    for (unsigned k = 0; k < 4; k++) {
        ck_assert_uint_eq(rig_frame(rig, 0, k)->flow, 3 + k % 2);
        ck_assert_uint_eq(rig_frame(rig, 0, k)->seq, k / 2);
    }
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->sent_frames, 0);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 1)->sent_frames, 4);
    rig_free(rig);
}
END_TEST

/* Frames at 0, 1, 2 ... 99 us. Sent counts those born at or after the end of the warm-up: 10 us, 90 of them;
 * 1 ps later, 89; never, none. */
START_TEST(sent_leaves_out_the_warm_up)
{
    static const struct {
        DxTime warmup_ps;
        unsigned sent;
    } cases[] = { { 0, 100 }, { 10 * DX_US, 90 }, { 10 * DX_US + 1, 89 }, { 99 * DX_US, 1 }, { DX_MS, 0 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = SOURCE(1, { "rate", "12 Gbps" }, { "frames", "100" });

        dx_sim_set_warmup(rig->sim, cases[i].warmup_ps);
        rig_run(rig, 10 * DX_MS);
        ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->sent_frames, cases[i].sent);
        ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->sent_bytes, cases[i].sent * 1500);
        ck_assert_uint_eq(dx_node_counter(rig->node, "born_frames"), 100);
        rig_free(rig);
    }
}
END_TEST

START_TEST(what_is_missing_or_absurd_is_refused)
{
    expect_refused(SOURCE(1, { "size", "1500 B" }), "rate");
    expect_refused(SOURCE(1, { "model", "poisson" }, { "interval", "1 us" }), "rate");
    expect_refused(SOURCE(1, { "rate", "100 Tbps" }, { "size", "1 B" }), "rate"); /* 0.08 ps */
    expect_refused(SOURCE(1, { "model", "microburst" }, { "burst", "1 ms" }, { "period", "1 s" }), "peak");
    expect_refused(SOURCE(1, { "model", "microburst" }, { "peak", "25 Gbps" }, { "period", "1 s" }), "burst");
    expect_refused(SOURCE(1, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "1 ms" }),
                   "period");
    expect_refused(SOURCE(1, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "1 ms" },
                          { "period", "999 us" }),
                   "period");
}
END_TEST

/* -- microbursts ------------------------------------------------------------------------------------- */

/* 12000 bits at 25 Gbps are 480 ns; j * 480 ns is below 1 ms for j = 0 to 2083: the 2084 frames of the peers'
 * case, with bursts every 100 ms from 50 000 211 ns on. */
START_TEST(microburst_frames_fall_within_the_burst)
{
    Rig *rig = SOURCE(1, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "1 ms" },
                      { "period", "100 ms" }, { "start", "50000211 ns" });

    rig_run(rig, 300 * DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 3 * 2084);
    for (unsigned k = 0; k < 3 * 2084; k++) {
        const unsigned n = k / 2084, j = k % 2084;

        ck_assert_int_eq(birth(rig, k), 50000211 * DX_NS + n * 100 * DX_MS + j * 480 * DX_NS);
        ck_assert_uint_eq(rig_frame(rig, 0, k)->seq, k);
    }
    rig_free(rig);
}
END_TEST

/* A burst of whole gaps ends before the next frame; one shorter than a gap is one frame. At 999 999 937 bps a
 * frame of 1500 octets lasts 12 000 000.756 ps, floored j by j, from 0 again in each burst. */
START_TEST(microburst_limits)
{
    static const struct {
        const char *peak, *burst;
        uint64_t peak_bps;
        unsigned n;
    } cases[] = {
        { "25 Gbps", "4800 ns", 25000000000, 10 },
        { "25 Gbps", "4801 ns", 25000000000, 11 },
        { "25 Gbps", "4800001 ps", 25000000000, 11 },
        { "25 Gbps", "1 ps", 25000000000, 1 },
        { "25 Gbps", "480 ns", 25000000000, 1 },
        { "999999937 bps", "120000007 ps", 999999937, 10 },
        { "999999937 bps", "120000008 ps", 999999937, 11 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = SOURCE(1, { "model", "microburst" }, { "peak", cases[i].peak },
                          { "burst", cases[i].burst }, { "period", "200 us" });

        rig_run(rig, 600 * DX_US);
        ck_assert_uint_eq(rig_n(rig, 0), 3 * cases[i].n);
        for (unsigned k = 0; k < 3 * cases[i].n; k++)
            ck_assert_int_eq(birth(rig, k), (k / cases[i].n) * 200 * DX_US +
                                                floor_ps(k % cases[i].n, 1500, cases[i].peak_bps));
        rig_free(rig);
    }
}
END_TEST

/* Without a period the mean rate makes one: burst n begins at floor(n * 2084 * 12000 bits / rate). At 70 Mbps
 * that is 357 257 142 857.14 ps, the remainder carried. */
START_TEST(microburst_keeps_the_mean_rate)
{
    Rig *rig = SOURCE(1, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "1 ms" },
                      { "rate", "70 Mbps" });

    rig_run(rig, 7200 * DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 21 * 2084);
    for (unsigned n = 0; n < 21; n++)
        ck_assert_int_eq(birth(rig, n * 2084), floor_ps(n * 2084, 1500, 70000000));
    rig_free(rig);
}
END_TEST

/* "stop" 1 ps after a burst has begun lets it end; at its very beginning it does not begin. "frames" ends it
 * anywhere. */
START_TEST(a_burst_that_has_begun_is_finished)
{
    static const struct {
        const char *stop, *frames;
        unsigned n;
    } cases[] = {
        { "1000000001 ps", "0", 20 }, { "1 ms", "0", 10 },   { "2 us", "0", 10 }, { "0 s", "0", 0 },
        { "10 ms", "15", 15 },        { "10 ms", "10", 10 }, { "1 ps", "3", 3 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = SOURCE(1, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "4800 ns" },
                          { "period", "1 ms" }, { "stop", cases[i].stop }, { "frames", cases[i].frames });

        rig_run(rig, 20 * DX_MS);
        ck_assert_uint_eq(rig_n(rig, 0), cases[i].n);
        rig_free(rig);
    }
}
END_TEST

/* -- Poisson ----------------------------------------------------------------------------------------- */

enum { GAPS = 1000000 };

/*
 * 12 Gbps and 12000 bits: gaps of mean m = 1 us. Over n of them the mean has standard deviation m / sqrt(n),
 * the variance m^2 sqrt(8 / n) (fourth central moment 9 m^4), the correlation of neighbours 1 / sqrt(n). 32
 * intervals of equal probability: chi-square with 31 degrees of freedom is above 69.3 once in 10^4.
 */
START_TEST(poisson_gaps_are_exponential)
{
    Rig *rig = SOURCE(1, { "model", "poisson" }, { "rate", "12 Gbps" }, { "frames", "1000000" });
    double sum = 0, squares = 0, products = 0, chi = 0, before = 0;
    unsigned count[32] = { 0 };
    DxTime last = 0, shortest = 0;

    rig_run(rig, 2 * DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), GAPS);
    for (unsigned i = 0; i < GAPS; i++) {
        const double gap = (double)(birth(rig, i) - last) / 1e6;

        shortest = MIN(shortest, birth(rig, i) - last);
        sum += gap;
        squares += (gap - 1) * (gap - 1);
        products += i ? (gap - 1) * (before - 1) : 0;
        count[MIN((unsigned)(32 * (1 - exp(-gap))), 31)]++;
        before = gap;
        last = birth(rig, i);
    }
    ck_assert_int_eq(shortest, 0);
    ck_assert(fabs(sum / GAPS - 1) < 4 / sqrt(GAPS));
    ck_assert(fabs(squares / GAPS - 1) < 4 * sqrt(8.0 / GAPS));
    ck_assert(fabs(products / GAPS) < 4 / sqrt(GAPS));
    for (unsigned i = 0; i < 32; i++)
        chi += (count[i] - GAPS / 32.0) * (count[i] - GAPS / 32.0) / (GAPS / 32.0);
    ck_assert(chi < 69.3);
    rig_free(rig);
}
END_TEST

/* 64 flows: each frame's is drawn; chi-square with 63 degrees of freedom is above 113.6 once in 10^4. One
 * flow by itself is a Poisson flow too: mean 64 us over some 15 600 gaps. */
START_TEST(poisson_flows_are_drawn_uniformly)
{
    Rig *rig = SOURCE(64, { "model", "poisson" }, { "rate", "12 Gbps" }, { "frames", "1000000" });
    uint32_t next[64] = { 0 };
    double chi = 0, sum = 0, squares = 0, n;
    bool is_counted = true;
    DxTime last = 0;

    rig_run(rig, 2 * DX_S);
    for (unsigned i = 0; i < GAPS; i++) {
        const DxFrame *frame = rig_frame(rig, 0, i);

        is_counted &= frame->flow < 64 && frame->seq == next[frame->flow % 64]++;
        if (frame->flow == 17) {
            const double gap = (double)(frame->birth_ps - last) / 64e6;

            sum += gap;
            squares += (gap - 1) * (gap - 1);
            last = frame->birth_ps;
        }
    }
    ck_assert(is_counted);
    for (unsigned i = 0; i < 64; i++)
        chi += (next[i] - GAPS / 64.0) * (next[i] - GAPS / 64.0) / (GAPS / 64.0);
    ck_assert(chi < 113.6);
    n = next[17];
    ck_assert(fabs(sum / n - 1) < 4 / sqrt(n));
    ck_assert(fabs(squares / n - 1) < 4 * sqrt(8 / n));
    rig_free(rig);
}
END_TEST

/* A gap is drawn first: the first frame is not at "start", but none is before it, nor at or after "stop". */
START_TEST(poisson_starts_and_stops)
{
    static const char *const draws[] = { "merged", "splitmix64" };

    for (unsigned d = 0; d < 2; d++) {
        Rig *rig = SOURCE(4, { "model", "poisson" }, { "rate", "12 Gbps" }, { "draws", draws[d] },
                          { "start", "1 ms" }, { "stop", "2 ms" });

        rig_run(rig, 10 * DX_MS);
        ck_assert(fabs((double)rig_n(rig, 0) - 1000) < 4 * sqrt(1000)); /* Poisson: variance 1000 */
        ck_assert_int_ge(birth(rig, 0), DX_MS);
        ck_assert_int_lt(birth(rig, rig_n(rig, 0) - 1), 2 * DX_MS);
        rig_free(rig);
    }
}
END_TEST

/* Nothing falls due before "stop", the first frame an hour or so later: finding that out takes no time. */
START_TEST(slow_flows_stop_at_once)
{
    Rig *rig = SOURCE(20000, { "model", "poisson" }, { "rate", "1 bps" }, { "draws", "splitmix64" },
                      { "stop", "1 us" });

    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 0);
    rig_free(rig);
}
END_TEST

/* Births and flows of a source named @name in a simulation of its own, as a checksum. */
static void add_record(const DxTraceRecord *records, size_t n, void *data)
{
    uint64_t *digest = data;

    for (size_t i = 0; i < n; i++) {
        *digest ^= (uint64_t)records[i].birth_ps ^ (uint64_t)records[i].flow << 48;
        *digest = dx_splitmix64(digest);
    }
}

static uint64_t births(uint64_t seed, uint64_t replication, const char *name, const char *draws,
                       bool has_neighbour)
{
    DxSim *sim = dx_sim_new(seed, replication);
    DxNode *sink = dx_sim_add(sim, "sink", &dx_model_sink), *node;
    uint64_t digest = 1;

    for (unsigned i = 0; i < 8; i++)
        dx_sim_add_flow(sim, &(DxFlow){ .protocol = 17 });
    if (has_neighbour) { /* a source that sends nothing within the run */
        DxNode *neighbour = dx_sim_add(sim, "neighbour", &dx_model_source);

        dx_sim_connect(sim, neighbour, sink);
        ck_assert(dx_sim_set(neighbour, "model", "poisson", NULL));
        ck_assert(dx_sim_set(neighbour, "rate", "1 kbps", NULL));
        ck_assert(dx_sim_set(neighbour, "start", "1 s", NULL));
    }
    node = dx_sim_add(sim, name, &dx_model_source);
    dx_sim_connect(sim, node, sink);
    ck_assert(dx_sim_set(node, "model", "poisson", NULL));
    ck_assert(dx_sim_set(node, "rate", "12 Gbps", NULL));
    ck_assert(dx_sim_set(node, "count", "8", NULL));
    ck_assert(dx_sim_set(node, "draws", draws, NULL));
    dx_sim_set_trace(sim, add_record, &digest);
    ck_assert(dx_sim_run(sim, DX_MS, NULL));
    dx_sim_free(sim);
    return digest;
}

/* One stream per seed, replication and name; neighbours shift nothing. */
START_TEST(streams_depend_on_seed_replication_and_name)
{
    const uint64_t first = births(1, 0, "a", "merged", false);

    ck_assert_uint_eq(births(1, 0, "a", "merged", false), first);
    ck_assert_uint_eq(births(1, 0, "a", "merged", true), first);
    ck_assert_uint_ne(births(2, 0, "a", "merged", false), first);
    ck_assert_uint_ne(births(1, 1, "a", "merged", false), first);
    ck_assert_uint_ne(births(1, 0, "b", "merged", false), first);
    ck_assert_uint_ne(births(1, 0, "a", "splitmix64", false), first);
    ck_assert_uint_ne(births(1, 0, "a", "splitmix64", false), births(2, 0, "a", "splitmix64", false));
}
END_TEST

/* -- draws that others can repeat ----------------------------------------------------------------------- */

typedef struct {
    uint64_t ns;
    uint32_t flow;
} Arrival;

static int compare(const void *a, const void *b)
{
    const Arrival *x = a, *y = b;

    if (x->ns != y->ns)
        return x->ns < y->ns ? -1 : 1;
    return x->flow < y->flow ? -1 : x->flow > y->flow;
}

/* All flows by the definition: generator 1000003 * flow + seed, gaps -mean ln(u) in whole ns, u in (0, 1]
 * from the upper 53 bits; ties by flow. */
static GArray *by_definition(unsigned n_flows, double mean_ns, uint64_t seed, uint64_t start_ns,
                             uint64_t until_ns)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Arrival));

    for (uint32_t flow = 0; flow < n_flows; flow++) {
        uint64_t generator = 1000003 * (uint64_t)flow + seed;
        Arrival arrival = { start_ns, flow };

        for (;;) {
            const double u = ldexp((double)(dx_splitmix64(&generator) >> 11) + 1, -53);

            arrival.ns += (uint64_t)floor(-mean_ns * log(u) + 0.5);
            if (arrival.ns >= until_ns)
                break;
            g_array_append_val(all, arrival);
        }
    }
    qsort(all->data, all->len, sizeof(Arrival), compare);
    return all;
}

static void compare_to_definition(Rig *rig, unsigned n_flows, double mean_ns, uint64_t start_ns,
                                  DxTime until_ps)
{
    GArray *all = by_definition(n_flows, mean_ns, 1, start_ns, (uint64_t)(until_ps / DX_NS));
    uint32_t *seq = g_new0(uint32_t, n_flows);

    rig_run(rig, until_ps);
    ck_assert_uint_eq(rig_n(rig, 0), all->len);
    for (unsigned i = 0; i < all->len; i++) {
        const Arrival *arrival = &g_array_index(all, Arrival, i);
        const DxFrame *frame = rig_frame(rig, 0, i);

        if (frame->birth_ps != (DxTime)arrival->ns * DX_NS || frame->flow != arrival->flow ||
            frame->seq != seq[arrival->flow]++)
            ck_abort_msg("frame %u is another", i);
    }
    g_free(seq);
    g_array_unref(all);
}

/* 1024 flows, 380 Gbps in total: mean 1024 * 12000 / 380e9 s = 32 336.8 ns a flow. In 2 ms 63 185 frames are
 * born: so an ns-3 program with the same generator counted. */
START_TEST(splitmix64_repeats_what_others_draw)
{
    Rig *rig = SOURCE(1024, { "model", "poisson" }, { "rate", "380 Gbps" }, { "draws", "splitmix64" });

    compare_to_definition(rig, 1024, 1024 * 12000 / 380.0, 0, 2 * DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 63185);
    rig_free(rig);
}
END_TEST

/* One flow, few flows, ties at every ns (mean 1.2 ns over all), gaps longer than what is drawn ahead (12 ms).
 */
START_TEST(splitmix64_at_any_density)
{
    static const struct {
        unsigned n_flows;
        const char *rate, *start;
        double bps;
        uint64_t start_ns;
        DxTime until_ps;
    } cases[] = {
        { 1, "12 Gbps", "0 s", 12e9, 0, 20 * DX_MS },
        { 3, "1 Mbps", "5 ms", 1e6, 5000000, 10 * DX_S },
        { 7, "10 Tbps", "123456 ns", 10e12, 123456, 150 * DX_US },
        { 1000, "1 Gbps", "0 s", 1e9, 0, 20 * DX_MS },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = SOURCE(cases[i].n_flows, { "model", "poisson" }, { "rate", cases[i].rate },
                          { "draws", "splitmix64" }, { "start", cases[i].start });

        compare_to_definition(rig, cases[i].n_flows, cases[i].n_flows * 12000e9 / cases[i].bps,
                              cases[i].start_ns, cases[i].until_ps);
        rig_free(rig);
    }
}
END_TEST

/* -- invariance -------------------------------------------------------------------------------------- */

static Rig *build(uint64_t variant)
{
    Rig *rig;

    switch (variant) {
    case 0:
        rig = SOURCE(1, { "rate", "999999937 bps" }, { "size", "100 B" });
        break;
    case 1:
        rig = SOURCE(3, { "rate", "999999937 bps" }, { "size", "100 B" });
        break;
    case 2:
        rig = SOURCE(2, { "model", "microburst" }, { "peak", "25 Gbps" }, { "burst", "100 us" },
                     { "rate", "3 Gbps" });
        break;
    case 3:
        rig = SOURCE(5, { "model", "poisson" }, { "rate", "3 Gbps" });
        break;
    default:
        rig = SOURCE(5, { "model", "poisson" }, { "rate", "3 Gbps" }, { "draws", "splitmix64" });
        break;
    }
    dx_sim_set_warmup(rig->sim, DX_MS);
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t variant = 0; variant < 5; variant++)
        rig_check_invariance(build, variant, 5 * DX_MS);
}
END_TEST

SUITE_MAIN("source", 20, constant_rate_carries_the_remainder, constant_rate_does_not_drift,
           interval_is_between_two_frames, flows_take_turns, frames_are_stamped_as_told,
           stop_and_count_end_it, bound_index_is_the_first_flow, sent_leaves_out_the_warm_up,
           what_is_missing_or_absurd_is_refused, microburst_frames_fall_within_the_burst, microburst_limits,
           microburst_keeps_the_mean_rate, a_burst_that_has_begun_is_finished, poisson_gaps_are_exponential,
           poisson_flows_are_drawn_uniformly, poisson_starts_and_stops, slow_flows_stop_at_once,
           streams_depend_on_seed_replication_and_name, splitmix64_repeats_what_others_draw,
           splitmix64_at_any_density, bursts_and_windows_change_nothing)
