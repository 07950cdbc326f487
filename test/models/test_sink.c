/*
 * test_sink - what is said about a journey is true of it
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_sink;

/* Two flows in group 0, one in group 1. */
static Rig *sink(void)
{
    Rig *rig = rig_new(&dx_model_sink, 2, 0, 2);

    dx_sim_add_flow(rig->sim, &(DxFlow){ .group = 1 });
    return rig;
}

/* A frame of @flow that arrives at @t_ps after @latency_ps. */
static DxFrame *arrive(Rig *rig, DxTime t_ps, DxTime latency_ps, uint32_t flow, uint32_t seq)
{
    DxFrame *frame = rig_feed(rig, 0, t_ps);

    frame->birth_ps = t_ps - latency_ps;
    frame->flow = flow;
    frame->seq = seq;
    return frame;
}

/* Latencies of 1 to 1000 us. Mean 500.5 us; rank ceil(1000 p) is p ms, reported at most 1/128 above and never
 * below. */
START_TEST(latency_is_arrival_minus_birth)
{
    static const struct {
        uint32_t ppm;
        uint64_t us;
    } quantiles[] = { { 0, 1 },        { 1000, 1 },     { 500000, 500 },
                      { 990000, 990 }, { 999000, 999 }, { 1000000, 1000 } };
    Rig *rig = sink();
    const DxHistogram *latency;

    for (unsigned i = 1; i <= 1000; i++)
        arrive(rig, DX_S + i, (1 + i * 7 % 1000) * DX_US, 0,
               i); /* every value once: 7 and 1000 have no common factor */
    rig_run(rig, 2 * DX_S);
    latency = &dx_sim_group(rig->sim, 0)->latency;
    ck_assert_uint_eq(latency->count, 1000);
    ck_assert_uint_eq(latency->min, DX_US);
    ck_assert_uint_eq(latency->max, 1000 * DX_US);
    ck_assert_uint_eq(latency->sum_low, 500500 * DX_US);
    ck_assert_uint_eq(latency->sum_high, 0);
    ck_assert_uint_eq(dx_histogram_mean(latency), 500500 * DX_NS);
    for (unsigned i = 0; i < G_N_ELEMENTS(quantiles); i++) {
        const uint64_t value = dx_histogram_quantile(latency, quantiles[i].ppm),
                       exact = quantiles[i].us * DX_US;

        ck_assert_uint_ge(value, exact);
        ck_assert_uint_le(value, exact + exact / 128);
    }
    rig_free(rig);
}
END_TEST

/* Below 256 ps every value has a bucket of its own; 0 is a latency too. */
START_TEST(short_latencies_are_exact)
{
    Rig *rig = sink();
    const DxHistogram *latency;

    arrive(rig, 1000, 0, 0, 0);
    arrive(rig, 1000, 1, 0, 1);
    arrive(rig, 1000, 255, 0, 2);
    arrive(rig, 1000, 255, 0, 3);
    rig_run(rig, DX_S);
    latency = &dx_sim_group(rig->sim, 0)->latency;
    ck_assert_uint_eq(dx_histogram_at(latency, 0), 1);
    ck_assert_uint_eq(dx_histogram_at(latency, 1), 1);
    ck_assert_uint_eq(dx_histogram_at(latency, 255), 2);
    ck_assert_uint_eq(latency->count, 4);
    rig_free(rig);
}
END_TEST

/* Octets of IP packets, without tags; each group for itself. */
START_TEST(goodput_counts_packets_of_the_group)
{
    Rig *rig = sink();

    arrive(rig, 0, 0, 0, 0)->size_bytes = 1000;
    arrive(rig, 0, 0, 1, 0)->overhead_bytes = 32;
    arrive(rig, 0, 0, 2, 0)->size_bytes = 1;
    rig_run(rig, DX_S);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->delivered_frames, 2);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->delivered_bytes, 2500);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 1)->delivered_frames, 1);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 1)->delivered_bytes, 1);
    ck_assert_uint_eq(dx_node_counter(rig->node, "rx_frames"), 3);
    ck_assert_uint_eq(dx_node_counter(rig->node, "rx_bytes"), 2501);
    rig_free(rig);
}
END_TEST

/* Taken and counted by the node, measured by nobody. */
START_TEST(frames_of_no_flow_have_no_group)
{
    Rig *rig = sink();

    arrive(rig, 0, 0, DX_NO_FLOW, 0);
    arrive(rig, 1, 0, 0, 0);
    arrive(rig, 2, 0, 3, 0);
    arrive(rig, 3, 0, 0, 1);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(dx_node_counter(rig->node, "rx_frames"), 4);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->delivered_frames, 2);
    ck_assert_int_eq(dx_sim_group(rig->sim, 0)->gap_max_ps, 2);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 1)->delivered_frames, 0);
    rig_free(rig);
}
END_TEST

/* Between two deliveries to the group, by whichever flow: 25, 15 and 1 us in group 0, one of them at time 0;
 * group 1 has one delivery, no gap. */
START_TEST(gap_is_between_deliveries_of_the_group)
{
    Rig *rig = sink();

    arrive(rig, 0, 0, 0, 0);
    arrive(rig, 25 * DX_US, 0, 1, 0);
    arrive(rig, 30 * DX_US, 0, 2, 0);
    arrive(rig, 40 * DX_US, 0, 0, 1);
    arrive(rig, 41 * DX_US, 0, 0, 2);
    rig_run(rig, DX_S);
    ck_assert_int_eq(dx_sim_group(rig->sim, 0)->gap_max_ps, 25 * DX_US);
    ck_assert_int_eq(dx_sim_group(rig->sim, 0)->last_ps, 41 * DX_US);
    ck_assert_int_eq(dx_sim_group(rig->sim, 1)->gap_max_ps, 0);
    ck_assert_int_eq(dx_sim_group(rig->sim, 1)->last_ps, 30 * DX_US);
    rig_free(rig);
}
END_TEST

START_TEST(nothing_delivered_is_said_so)
{
    Rig *rig = sink();

    rig_run(rig, DX_S);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->latency.count, 0);
    ck_assert_uint_eq(dx_histogram_quantile(&dx_sim_group(rig->sim, 0)->latency, 500000), 0);
    ck_assert_int_eq(dx_sim_group(rig->sim, 0)->last_ps, 0);
    rig_free(rig);
}
END_TEST

static uint64_t reordered(const uint32_t *seq, unsigned n)
{
    Rig *rig = sink();
    uint64_t frames;

    for (unsigned i = 0; i < n; i++)
        arrive(rig, i, 0, 0, seq[i]);
    rig_run(rig, DX_S);
    frames = dx_sim_group(rig->sim, 0)->reordered_frames;
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->delivered_frames, n);
    rig_free(rig);
    return frames;
}

#define REORDERED(...)                                                                                       \
    reordered((const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* RFC 4737, 3.3: a packet is reordered when its number is below the next expected. Loss alone is no
 * reordering. */
START_TEST(reordered_is_what_comes_after_a_later_one)
{
    ck_assert_uint_eq(REORDERED(0, 1, 2, 3), 0);
    ck_assert_uint_eq(REORDERED(0, 2, 1, 3), 1);
    ck_assert_uint_eq(REORDERED(0, 3, 1, 2, 4), 2);
    ck_assert_uint_eq(REORDERED(3, 2, 1, 0), 3);
    ck_assert_uint_eq(REORDERED(0, 5, 6, 1000000), 0);
}
END_TEST

/* RFC 1982: numbers wrap; a is later than b when (a - b) mod 2^32 is below 2^31. */
START_TEST(numbers_wrap)
{
    ck_assert_uint_eq(REORDERED(0, 0x7fffffff, 0xfffffffe, 0xffffffff, 0, 1), 0);
    ck_assert_uint_eq(REORDERED(0, 0x7fffffff, 0xfffffffe, 0, 0xffffffff, 1), 1);
}
END_TEST

/* There is no later one before it, whatever its number: a long warm-up or a flow that starts anywhere. */
START_TEST(the_first_frame_is_never_reordered)
{
    ck_assert_uint_eq(REORDERED(0x7fffffff, 0x80000000), 0);
    ck_assert_uint_eq(REORDERED(0x90000000, 0x90000001, 0x90000002), 0);
    ck_assert_uint_eq(REORDERED(0xffffffff, 0), 0);
}
END_TEST

/* Each flow counts its own numbers, though both are of one group. */
START_TEST(flows_do_not_reorder_each_other)
{
    Rig *rig = sink();

    for (uint32_t i = 0; i < 10; i++) {
        arrive(rig, i, 0, 0, i);
        arrive(rig, i, 0, 1, 9 + i);
    }
    rig_run(rig, DX_S);
    ck_assert_uint_eq(dx_sim_group(rig->sim, 0)->reordered_frames, 0);
    rig_free(rig);
}
END_TEST

/* Born at 9 and 10 us, warm-up of 10 us: the first is taken but not measured, though it arrives later; it
 * does not make the second look reordered, nor a gap. */
START_TEST(warm_up_looks_at_birth)
{
    Rig *rig = sink();
    const DxGroupStats *stats;

    dx_sim_set_warmup(rig->sim, 10 * DX_US);
    arrive(rig, 5 * DX_US, DX_US, 0, 100);
    arrive(rig, 50 * DX_US, 40 * DX_US, 0, 10);
    arrive(rig, 51 * DX_US, 41 * DX_US + 1, 0, 9);
    arrive(rig, 53 * DX_US, DX_US, 0, 11);
    rig_run(rig, DX_S);
    stats = dx_sim_group(rig->sim, 0);
    ck_assert_uint_eq(stats->delivered_frames, 2);
    ck_assert_uint_eq(stats->delivered_bytes, 3000);
    ck_assert_uint_eq(stats->reordered_frames, 0);
    ck_assert_int_eq(stats->gap_max_ps, 3 * DX_US);
    ck_assert_uint_eq(stats->latency.count, 2);
    ck_assert_uint_eq(stats->latency.max, 40 * DX_US);
    ck_assert_uint_eq(dx_node_counter(rig->node, "rx_frames"), 4);
    ck_assert_uint_eq(dx_node_counter(rig->node, "rx_bytes"), 6000);
    rig_free(rig);
}
END_TEST

/* -- random traffic ---------------------------------------------------------------------------------- */

enum { FRAMES = 3000 };

/* Three flows in two groups, some frames of none; a warm-up of 300 us. */
static Rig *build(uint64_t seed)
{
    Rig *rig = sink();
    uint64_t random = seed;
    DxTime t = DX_MS;

    dx_sim_set_warmup(rig->sim, DX_MS + 300 * DX_US);
    for (unsigned i = 0; i < FRAMES; i++) {
        DxFrame *frame;

        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        frame = rig_feed(rig, i % 2, t);
        frame->flow = (uint32_t)(dx_splitmix64(&random) % 4);
        frame->seq = i + (uint32_t)(dx_splitmix64(&random) % 8);
        frame->birth_ps = t - (DxTime)(dx_splitmix64(&random) % (50 * DX_US));
        frame->size_bytes = (uint16_t)(1 + dx_splitmix64(&random) % 1500);
    }
    return rig;
}

/* The same, one frame after the other; the frames are those of build() in order of (time, input). */
START_TEST(random_traffic_is_measured_as_by_hand)
{
    Rig *rig = build(5);
    uint64_t random = 5, frames[2] = { 0 }, bytes[2] = { 0 }, reorderings[2] = { 0 }, sum[2] = { 0 };
    DxTime t = DX_MS, last[2] = { -1, -1 }, gap[2] = { 0 };
    int64_t highest[3] = { -1, -1, -1 };
    DxFrame frame[FRAMES];

    for (unsigned i = 0; i < FRAMES; i++) {
        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        frame[i] = (DxFrame){ .t_ps = t, .ttl = i % 2 };
        frame[i].flow = (uint32_t)(dx_splitmix64(&random) % 4);
        frame[i].seq = i + (uint32_t)(dx_splitmix64(&random) % 8);
        frame[i].birth_ps = t - (DxTime)(dx_splitmix64(&random) % (50 * DX_US));
        frame[i].size_bytes = (uint16_t)(1 + dx_splitmix64(&random) % 1500);
        for (unsigned k = i; k && frame[k - 1].t_ps == frame[k].t_ps && frame[k - 1].ttl > frame[k].ttl;
             k--) {
            const DxFrame swap = frame[k];

            frame[k] = frame[k - 1];
            frame[k - 1] = swap;
        }
    }
    for (unsigned i = 0; i < FRAMES; i++) {
        const unsigned group = frame[i].flow == 2;

        if (frame[i].flow == 3 || frame[i].birth_ps < DX_MS + 300 * DX_US)
            continue;
        frames[group]++;
        bytes[group] += frame[i].size_bytes;
        reorderings[group] += frame[i].seq <= highest[frame[i].flow];
        highest[frame[i].flow] = MAX(highest[frame[i].flow], frame[i].seq);
        gap[group] = MAX(gap[group], last[group] < 0 ? 0 : frame[i].t_ps - last[group]);
        last[group] = frame[i].t_ps;
        sum[group] += (uint64_t)(frame[i].t_ps - frame[i].birth_ps);
    }
    rig_run(rig, DX_S);
    for (uint32_t group = 0; group < 2; group++) {
        const DxGroupStats *stats = dx_sim_group(rig->sim, group);

        ck_assert_uint_eq(stats->delivered_frames, frames[group]);
        ck_assert_uint_eq(stats->delivered_bytes, bytes[group]);
        ck_assert_uint_eq(stats->reordered_frames, reorderings[group]);
        ck_assert_int_eq(stats->gap_max_ps, gap[group]);
        ck_assert_int_eq(stats->last_ps, last[group]);
        ck_assert_uint_eq(stats->latency.count, frames[group]);
        ck_assert_uint_eq(stats->latency.sum_low, sum[group]);
    }
    rig_free(rig);
}
END_TEST

/* Each flow for itself, however busy the others of its group are: flow 0 is not heard for 30 us, flow 1 once
 * only, and what was born before the warm-up's end ends no gap. */
START_TEST(gaps_of_flows_are_kept_on_request)
{
    Rig *rig = sink();
    const DxFlowGap *gap;

    dx_sim_keep_gaps(rig->sim);
    dx_sim_set_warmup(rig->sim, 5 * DX_US);
    arrive(rig, 10 * DX_US, 2 * DX_US, 0, 0);
    arrive(rig, 20 * DX_US, DX_US, 1, 0);
    arrive(rig, 25 * DX_US, 21 * DX_US, 0, 1); /* born at 4 us */
    arrive(rig, 30 * DX_US, DX_US, DX_NO_FLOW, 0);
    arrive(rig, 40 * DX_US, 3 * DX_US, 0, 2);
    arrive(rig, 60 * DX_US, DX_US, 0, 3);
    rig_run(rig, DX_S);
    gap = dx_sim_gaps(rig->sim);
    ck_assert_uint_eq(gap[0].frames, 3);
    ck_assert_int_eq(gap[0].first_birth_ps, 8 * DX_US);
    ck_assert_int_eq(gap[0].first_ps, 10 * DX_US);
    ck_assert_int_eq(gap[0].gap_ps, 30 * DX_US);
    ck_assert_int_eq(gap[0].gap_from_ps, 10 * DX_US);
    ck_assert_int_eq(gap[0].last_ps, 60 * DX_US);
    ck_assert_uint_eq(gap[1].frames, 1);
    ck_assert_int_eq(gap[1].gap_ps, 0);
    ck_assert_uint_eq(gap[2].frames, 0);
    rig_free(rig);
    rig = sink();
    rig_run(rig, DX_S);
    ck_assert_ptr_null(dx_sim_gaps(rig->sim));
    rig_free(rig);
}
END_TEST

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 6; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("sink", 30, latency_is_arrival_minus_birth, short_latencies_are_exact,
           goodput_counts_packets_of_the_group, frames_of_no_flow_have_no_group,
           gap_is_between_deliveries_of_the_group, nothing_delivered_is_said_so,
           reordered_is_what_comes_after_a_later_one, numbers_wrap, the_first_frame_is_never_reordered,
           flows_do_not_reorder_each_other, warm_up_looks_at_birth, random_traffic_is_measured_as_by_hand,
           gaps_of_flows_are_kept_on_request, bursts_and_windows_change_nothing)
