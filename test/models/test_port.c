/*
 * test_port - frames leave at line rate, in order, and the queue is as long as it was told
 *
 * Without framing 1500 octets last 1200 ns at 10 Gbps: the unit of most times below.
 */
#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_port;

#define SLOT (1200 * DX_NS)

static Rig *port(const char *rate, const char *framing, const char *limit)
{
    Rig *rig = rig_new(&dx_model_port, 1, 1, 1);

    rig_set(rig, "rate", rate);
    rig_set(rig, "framing", framing);
    rig_set(rig, "queue.limit", limit);
    return rig;
}

/* 10 Gbps, a slot per frame of 1500 octets. */
static Rig *slotted(const char *limit)
{
    return port("10 Gbps", "none", limit);
}

static void feed(Rig *rig, DxTime t_ps, unsigned n)
{
    while (n--)
        rig_feed(rig, 0, t_ps);
}

static void feed_pcp(Rig *rig, DxTime t_ps, unsigned pcp)
{
    rig_feed(rig, 0, t_ps)->tci = (uint16_t)(pcp << 13);
}

/* -- closed forms ------------------------------------------------------------------------------------ */

/* 1500 * 8 / 10 Gbps = 1200 ns; with header 14, FCS 4, preamble and SFD 8, gap 12: 1538 * 8 / 10 Gbps =
 * 1230.4 ns. */
START_TEST(serialisation_time_is_bits_over_rate)
{
    static const struct {
        const char *rate, *framing;
        DxTime t_ps;
    } cases[] = {
        { "10 Gbps", "none", 1200 * DX_NS },     { "10 Gbps", "ethernet", 1230400 },
        { "100 Gbps", "ethernet", 123040 },      { "400 Gbps", "ethernet", 30760 },
        { "1 Gbps", "ethernet", 12304 * DX_NS }, { "1 Tbps", "none", 12 * DX_NS },
        { "300 Mbps", "none", 40000 * DX_NS },   { "300 Mbps", "ethernet", 41013334 }, /* 41 013 333.3 */
        { "1 bps", "none", 12000 * DX_S },       { "100 Tbps", "none", 120 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = port(cases[i].rate, cases[i].framing, "10 MB");

        feed(rig, 5, 1);
        rig_run(rig, 20000 * DX_S);
        RIG_EXPECT(rig, { 0, 5 + cases[i].t_ps });
        ck_assert_int_eq(rig_frame(rig, 0, 0)->birth_ps, 5);
        rig_free(rig);
    }
}
END_TEST

/* IEEE 802.3, 4.2.3.3: from destination address to FCS never below 64 octets, tag included; 84 with preamble
 * and gap. At 10 Gbps an octet lasts 800 ps. */
START_TEST(short_frames_are_padded_to_64)
{
    static const struct {
        uint16_t size_bytes;
        uint8_t overhead_bytes;
        unsigned wire;
    } cases[] = { { 1, 0, 84 },  { 45, 0, 84 }, { 46, 0, 84 },  { 47, 0, 85 },
                  { 42, 4, 84 }, { 43, 4, 85 }, { 22, 24, 84 }, { 23, 24, 85 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = port("10 Gbps", "ethernet", "10 MB");
        DxFrame *frame = rig_feed(rig, 0, 0);

        frame->size_bytes = cases[i].size_bytes;
        frame->overhead_bytes = cases[i].overhead_bytes;
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, cases[i].wire * 800 });
        ck_assert_uint_eq(dx_node_counter(rig->node, "tx_wire_bytes"), cases[i].wire);
        ck_assert_uint_eq(dx_node_counter(rig->node, "tx_bytes"), cases[i].size_bytes);
        rig_free(rig);
    }
}
END_TEST

/* Nothing of Ethernet is on the wire then: no header, no tag, no padding. */
START_TEST(without_framing_the_wire_size_is_that_of_the_packet)
{
    Rig *rig = port("10 Gbps", "none", "10 MB");
    DxFrame *frame = rig_feed(rig, 0, 0);

    frame->size_bytes = 1;
    frame->overhead_bytes = 4;
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, 1 * 800 });
    rig_free(rig);
}
END_TEST

/* A byte at 300 Mbps lasts 26 666.67 ps. Frame k of a busy period ends at ceil(k * 12304 bits / 300 Mbps). */
START_TEST(back_to_back_frames_do_not_drift)
{
    enum { N = 100000 };
    const uint64_t bits = 12304, mbps = 300;
    Rig *rig = port("300 Mbps", "ethernet", "1 GB");

    feed(rig, 7, N);
    rig_run(rig, 10 * DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), N);
    for (uint64_t k = 1; k <= N; k++) {
        const uint64_t end = (k * bits * 1000000 + mbps - 1) / mbps;

        if (rig_frame(rig, 0, (unsigned)k - 1)->t_ps != (DxTime)end + 7)
            ck_abort_msg("frame %u", (unsigned)k);
    }
    rig_free(rig);
}
END_TEST

/* The line was free a third of a ps before 41 013 334: a frame that comes then begins a busy period of its
 * own. */
START_TEST(idle_line_has_no_rounding_to_make_good)
{
    Rig *rig = port("300 Mbps", "ethernet", "1 GB");

    feed(rig, 0, 1);
    feed(rig, 41013334, 2);
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 41013334 }, { 1, 2 * 41013334 }, { 2, 41013334 + 82026667 });
    rig_free(rig);
}
END_TEST

/*
 * 25 Gbps for 1 ms into 10 Gbps: frame j comes at 480 j ns, j = 0 to 2083. Services begin at 1200 i ns, so at
 * its coming floor(480 j / 1200) + 1 have begun, and j - floor(2 j / 5) wait: 1250 after the last, 1 875 000
 * octets, what (25 - 10) Gbps * 1 ms / 8 says. The last frame ends at 2084 * 1.2 us, 1 500 960 ns after it
 * came.
 */
START_TEST(microburst_needs_what_the_fluid_says)
{
    Rig *rig = slotted("10 MB");

    for (unsigned j = 0; j < 2084; j++)
        rig_feed(rig, 0, j * 480 * DX_NS);
    rig_run(rig, 10 * DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 2084);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_max_bytes"), 1875000);
    ck_assert_int_eq(rig_frame(rig, 0, 2083)->t_ps, 2084 * SLOT);
    ck_assert_uint_eq(dx_node_counter(rig->node, "wait_max_ps"), 2084 * SLOT - 999840 * DX_NS - SLOT);
    rig_free(rig);
}
END_TEST

/*
 * The same with 1 MB: 666 frames wait at most. It is full at the end, and 834 services have begun by 999.84
 * us (the last at 999.6 us, its place taken by the last frame): 1500 are sent, 584 dropped, the last sent
 * ends at 1.8 ms.
 */
START_TEST(microburst_overflow_is_what_does_not_fit)
{
    Rig *rig = slotted("1 MB");

    for (unsigned j = 0; j < 2084; j++)
        rig_feed(rig, 0, j * 480 * DX_NS);
    rig_run(rig, 10 * DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 1500);
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 584);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_max_bytes"), 666 * 1500);
    ck_assert_int_eq(rig_frame(rig, 0, 1499)->t_ps, 1500 * SLOT);
    ck_assert_uint_eq(rig_frame(rig, 0, 1499)->seq, 2083);
    rig_free(rig);
}
END_TEST

/* Five at once: waits of 0, 1, 2, 3 and 4 slots. */
START_TEST(counters_follow_from_the_slots)
{
    Rig *rig = port("10 Gbps", "ethernet", "10 MB");
    const DxTime slot = 1230400;

    feed(rig, 0, 5);
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(dx_node_counter(rig->node, "tx_frames"), 5);
    ck_assert_uint_eq(dx_node_counter(rig->node, "tx_bytes"), 5 * 1500);
    ck_assert_uint_eq(dx_node_counter(rig->node, "tx_wire_bytes"), 5 * 1538);
    ck_assert_uint_eq(dx_node_counter(rig->node, "wait_ps"), 10 * slot);
    ck_assert_uint_eq(dx_node_counter(rig->node, "wait_max_ps"), 4 * slot);
    ck_assert_uint_eq(dx_node_counter(rig->node, "service_ps"), 5 * slot);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_max_bytes"), 4 * 1518);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_peak_bytes"), 4 * 1518);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_bytes"), 0);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_frames"), 0);
    rig_free(rig);
}
END_TEST

typedef struct {
    const Rig *rig;
    uint64_t frames, bytes;
} Level;

static void read_level(DxSim *sim, void *data)
{
    Level *level = data;

    (void)sim;
    level->frames = dx_node_counter(level->rig->node, "queue_frames");
    level->bytes = dx_node_counter(level->rig->node, "queue_bytes");
}

/* Four at once. Events come before ends of service: at 1200 ns the first is still being sent, 1 ps later it
 * is not. */
START_TEST(queue_is_exact_at_any_moment)
{
    static const struct {
        DxTime at;
        unsigned frames;
    } cases[] = { { 0, 0 },        { 1, 3 },        { SLOT, 3 },        { SLOT + 1, 2 },
                  { 2 * SLOT, 2 }, { 3 * SLOT, 1 }, { 3 * SLOT + 1, 0 } };
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = slotted("10 MB");
        Level level[G_N_ELEMENTS(cases)];

        rig_set(rig, "queue.scheduler", schedulers[s]);
        feed(rig, 0, 4);
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            level[i] = (Level){ rig, 99, 99 };
            dx_sim_measure_at(rig->sim, cases[i].at, read_level, &level[i]);
        }
        rig_run(rig, DX_MS);
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            ck_assert_uint_eq(level[i].frames, cases[i].frames);
            ck_assert_uint_eq(level[i].bytes, cases[i].frames * 1500);
        }
        rig_free(rig);
    }
}
END_TEST

/* At 1.5 slots one frame has arrived, one is in service, two wait; run on, and nothing is lost. */
START_TEST(a_run_may_stop_in_between)
{
    Rig *rig = slotted("10 MB");
    DxBalance balance;

    feed(rig, 0, 4);
    rig_run(rig, SLOT + SLOT / 2);
    balance = dx_sim_balance(rig->sim);
    ck_assert_uint_eq(balance.created, 4);
    ck_assert_uint_eq(balance.delivered, 1);
    ck_assert_uint_eq(balance.in_flight, 1);
    ck_assert_uint_eq(balance.held, 2);
    ck_assert_uint_eq(balance.dropped, 0);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 2, 3 * SLOT }, { 3, 4 * SLOT });
    rig_free(rig);
}
END_TEST

/* -- limits ------------------------------------------------------------------------------------------ */

/* One in service, not counted, beside those that fit: 3000 octets are two frames of 1500, 2999 are one. With
 * Ethernet framing a frame takes 1518 in the buffer, preamble and gap not counted. "0 B": one that has to
 * wait is dropped. */
START_TEST(limit_counts_whole_frames_that_wait)
{
    static const struct {
        const char *framing, *limit;
        unsigned sent;
    } cases[] = {
        { "none", "3000 B", 3 },     { "none", "2999 B", 2 },     { "none", "3001 B", 3 },
        { "none", "0 B", 1 },        { "none", "1499 B", 1 },     { "none", "1500 B", 2 },
        { "ethernet", "3036 B", 3 }, { "ethernet", "3035 B", 2 }, { "none", "2 frames", 3 },
        { "none", "1 frames", 2 },   { "none", "0 frames", 1 },
    };
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++)
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            Rig *rig = port("10 Gbps", cases[i].framing, cases[i].limit);

            rig_set(rig, "queue.scheduler", schedulers[s]);
            feed(rig, 100, 10);
            rig_run(rig, DX_MS);
            ck_assert_uint_eq(rig_n(rig, 0), cases[i].sent);
            ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 10 - cases[i].sent);
            rig_free(rig);
        }
}
END_TEST

/* A small frame fits where a large one did not. */
START_TEST(drop_tail_looks_at_the_frame_that_comes)
{
    Rig *rig = slotted("2000 B");

    feed(rig, 0, 2);
    feed(rig, 1, 1);
    rig_feed(rig, 0, 2)->size_bytes = 500;
    rig_feed(rig, 0, 3)->size_bytes = 1;
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 3, 2 * SLOT + 400 * DX_NS });
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 2);
    rig_free(rig);
}
END_TEST

/* Room for one. At the very end of a service the one that waited has begun before the next comes; 1 ps
 * before, not. */
START_TEST(end_of_service_comes_before_an_arrival)
{
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = slotted("1 frames");

        rig_set(rig, "queue.scheduler", schedulers[s]);
        feed(rig, 0, 2);
        feed(rig, SLOT - 1, 1);
        feed(rig, SLOT, 2);
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 3, 3 * SLOT });
        ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 2);
        rig_free(rig);
    }
}
END_TEST

/* No queue at all: whoever finds the line free is sent, at the very moment it falls free too. */
START_TEST(without_a_queue_a_free_line_is_enough)
{
    Rig *rig = slotted("0 B");

    feed(rig, 0, 1);
    feed(rig, SLOT - 1, 1);
    feed(rig, SLOT, 1);
    feed(rig, 5 * SLOT, 1);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 2, 2 * SLOT }, { 3, 6 * SLOT });
    rig_free(rig);
}
END_TEST

/* At equal times the lower input goes first, whatever order they were made in. */
START_TEST(ties_of_arrivals_go_by_input)
{
    Rig *rig = rig_new(&dx_model_port, 3, 1, 3);

    rig_set(rig, "rate", "10 Gbps");
    rig_set(rig, "framing", "none");
    for (unsigned in = 3; in--;)
        for (unsigned i = 0; i < 5; i++)
            rig_feed(rig, in, i * DX_NS)->flow = in;
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 15);
    for (unsigned i = 0; i < 15; i++) {
        ck_assert_uint_eq(rig_frame(rig, 0, i)->flow, i % 3);
        ck_assert_uint_eq(rig_frame(rig, 0, i)->seq, i / 3);
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, (i + 1) * SLOT);
    }
    rig_free(rig);
}
END_TEST

/* 2000 frames of 12000 s each: the last would begin in 277 days, later than time can count. They wait all the
 * same. */
START_TEST(slowest_line_keeps_its_queue)
{
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = port("1 bps", "none", "2000 frames");

        rig_set(rig, "queue.scheduler", schedulers[s]);
        feed(rig, 0, 2001);
        feed(rig, DX_S, 1);
        feed(rig, 12000 * DX_S, 2);
        rig_run(rig, 13000 * DX_S);
        RIG_EXPECT(rig, { 0, 12000 * DX_S });
        ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 2);
        ck_assert_uint_eq(dx_node_counter(rig->node, "queue_frames"), 2000);
        rig_free(rig);
    }
}
END_TEST

START_TEST(rate_must_be_given)
{
    Rig *rig = rig_new(&dx_model_port, 1, 1, 1);
    GError *error = NULL;

    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
    ck_assert_ptr_nonnull(strstr(error->message, "rate"));
    g_error_free(error);
    rig_free(rig);
}
END_TEST

/* -- strict priority --------------------------------------------------------------------------------- */

static Rig *priority(const char *limit)
{
    Rig *rig = slotted(limit);

    rig_set(rig, "queue.scheduler", "strict-priority");
    return rig;
}

/* IEEE 802.1Q table 8-5, two queues: 4 to 7 before 0 to 3, first come first served within a class. The first
 * frame finds the line free and is not interrupted. */
START_TEST(upper_four_priorities_go_first)
{
    Rig *rig = priority("10 MB");
    static const unsigned pcp[] = { 0, 3, 4, 1, 7, 2, 5, 0, 6 };

    for (unsigned i = 0; i < G_N_ELEMENTS(pcp); i++)
        feed_pcp(rig, i, pcp[i]);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 2, 2 * SLOT }, { 4, 3 * SLOT }, { 6, 4 * SLOT }, { 8, 5 * SLOT },
               { 1, 6 * SLOT }, { 3, 7 * SLOT }, { 5, 8 * SLOT }, { 7, 9 * SLOT });
    rig_free(rig);
}
END_TEST

/* IEEE 802.1Q table 8-5, eight queues: background, which is 1, goes last. */
START_TEST(every_priority_may_have_a_class)
{
    Rig *rig = priority("10 MB");
    static const unsigned pcp[] = { 7, 0, 1, 2, 3, 4, 5, 6, 7 };

    rig_set(rig, "queue.classes", "10234567");
    for (unsigned i = 0; i < G_N_ELEMENTS(pcp); i++)
        feed_pcp(rig, i, pcp[i]);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 8, 2 * SLOT }, { 7, 3 * SLOT }, { 6, 4 * SLOT }, { 5, 5 * SLOT },
               { 4, 6 * SLOT }, { 3, 7 * SLOT }, { 1, 8 * SLOT }, { 2, 9 * SLOT });
    rig_free(rig);
}
END_TEST

/* One class is first in, first out, whatever the priorities; and upside down is upside down. */
START_TEST(classes_are_what_they_are_told_to_be)
{
    Rig *rig = priority("10 MB"), *other = priority("10 MB");
    static const unsigned pcp[] = { 0, 3, 4, 1, 7 };

    rig_set(rig, "queue.classes", "44444444");
    rig_set(other, "queue.classes", "20000001");
    for (unsigned i = 0; i < G_N_ELEMENTS(pcp); i++) {
        feed_pcp(rig, i, pcp[i]);
        feed_pcp(other, i, pcp[i]);
    }
    feed_pcp(other, 5, 0);
    rig_run(rig, DX_MS);
    rig_run(other, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 2, 3 * SLOT }, { 3, 4 * SLOT }, { 4, 5 * SLOT });
    RIG_EXPECT(other, { 0, SLOT }, { 5, 2 * SLOT }, { 4, 3 * SLOT }, { 1, 4 * SLOT }, { 2, 5 * SLOT },
               { 3, 6 * SLOT });
    rig_free(rig);
    rig_free(other);
}
END_TEST

/* The service that has begun is finished. */
START_TEST(priority_is_not_preemptive)
{
    Rig *rig = priority("10 MB");

    feed_pcp(rig, 0, 0);
    feed_pcp(rig, 0, 0);
    feed_pcp(rig, SLOT + 1, 7);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 2, 3 * SLOT });
    rig_free(rig);
}
END_TEST

/* When the line falls free at the moment an urgent frame comes, the one that waited has begun already. */
START_TEST(priority_tie_goes_to_whoever_waits)
{
    Rig *rig = priority("10 MB");

    feed_pcp(rig, 0, 0);
    feed_pcp(rig, 0, 0);
    feed_pcp(rig, 0, 0);
    feed_pcp(rig, SLOT, 7);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 3, 3 * SLOT }, { 2, 4 * SLOT });
    rig_free(rig);
}
END_TEST

/* Two of each fit. A full class drops its own only; the peak counts both. */
START_TEST(limit_holds_for_each_class)
{
    Rig *rig = priority("3000 B");

    for (unsigned i = 0; i < 8; i++)
        feed_pcp(rig, 0, i % 2 ? 7 : 0);
    rig_run(rig, DX_MS);
    /* 0 in service; low 2, 4 wait, 6 dropped; high 1, 3 wait, 5, 7 dropped */
    RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 3, 3 * SLOT }, { 2, 4 * SLOT }, { 4, 5 * SLOT });
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 3);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_max_bytes"), 4 * 1500);
    rig_free(rig);
}
END_TEST

/* -- events ------------------------------------------------------------------------------------------ */

static void control(Rig *rig, DxTime t_ps, DxControlOp op)
{
    rig_control(rig, t_ps, (DxControl){ .op = op });
}

static void set_rate(Rig *rig, DxTime t_ps, uint64_t rate_bps)
{
    rig_control(rig, t_ps, (DxControl){ .op = DX_CONTROL_RATE, .value = rate_bps });
}

/* Half the rate from the middle of the second service: it ends as it began, those behind take two slots. */
START_TEST(rate_change_acts_from_the_next_start)
{
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = slotted("10 MB");

        rig_set(rig, "queue.scheduler", schedulers[s]);
        feed(rig, 0, 4);
        set_rate(rig, SLOT + SLOT / 2, UINT64_C(5000000000));
        feed(rig, 20 * SLOT, 1);
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, SLOT }, { 1, 2 * SLOT }, { 2, 4 * SLOT }, { 3, 6 * SLOT }, { 4, 22 * SLOT });
        rig_free(rig);
    }
}
END_TEST

/* Events come before starts of service: a change at the very moment acts on it. */
START_TEST(rate_change_at_a_start_acts_on_it)
{
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = slotted("10 MB");

        rig_set(rig, "queue.scheduler", schedulers[s]);
        feed(rig, 0, 3);
        set_rate(rig, SLOT, UINT64_C(5000000000));
        set_rate(rig, 3 * SLOT, UINT64_C(20000000000));
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, SLOT }, { 1, 3 * SLOT }, { 2, 3 * SLOT + SLOT / 2 });
        rig_free(rig);
    }
}
END_TEST

/* A faster line empties the queue sooner, and what comes finds the room. Limit 2, three at once, the rate ten
 * times as high from the start of the second: it ends at 1.1 slots, the third at 1.2. */
START_TEST(rate_change_makes_room)
{
    Rig *rig = slotted("2 frames");

    feed(rig, 0, 4);
    set_rate(rig, SLOT, UINT64_C(100000000000));
    feed(rig, SLOT + SLOT / 10, 3);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 0, SLOT }, { 1, SLOT + SLOT / 10 }, { 2, SLOT + 2 * SLOT / 10 },
               { 4, SLOT + 3 * SLOT / 10 }, { 5, SLOT + 4 * SLOT / 10 });
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 2);
    rig_free(rig);
}
END_TEST

/* Down in the middle of the second service: it is lost, the third waits until the line is up, with what comes
 * while it is down. */
START_TEST(down_cuts_the_service_and_keeps_the_queue)
{
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = slotted("2 frames");

        rig_set(rig, "queue.scheduler", schedulers[s]);
        feed(rig, 0, 3);
        control(rig, SLOT + SLOT / 2, DX_CONTROL_DOWN);
        feed(rig, 3 * SLOT, 2); /* one more fits */
        control(rig, 10 * SLOT, DX_CONTROL_UP);
        feed(rig, 11 * SLOT, 1);
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, SLOT }, { 2, 11 * SLOT }, { 3, 12 * SLOT }, { 5, 13 * SLOT });
        ck_assert_uint_eq(rig_dropped(rig, "link_down"), 1);
        ck_assert_uint_eq(rig_dropped(rig, "queue_full"), 1);
        ck_assert_uint_eq(dx_node_counter(rig->node, "tx_frames"), 5); /* begun, the lost one too */
        rig_free(rig);
    }
}
END_TEST

/* The same with "flush": what waits and what comes is dropped; after the repair all is as new. */
START_TEST(down_may_flush_the_queue)
{
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = slotted("2 frames");

        rig_set(rig, "queue.scheduler", schedulers[s]);
        rig_set(rig, "queue.on_down", "flush");
        feed(rig, 0, 3);
        control(rig, SLOT + SLOT / 2, DX_CONTROL_DOWN);
        feed(rig, 3 * SLOT, 2);
        control(rig, 10 * SLOT, DX_CONTROL_UP);
        feed(rig, 10 * SLOT, 3);
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, SLOT }, { 5, 11 * SLOT }, { 6, 12 * SLOT }, { 7, 13 * SLOT });
        ck_assert_uint_eq(rig_dropped(rig, "link_down"), 4);
        ck_assert_uint_eq(dx_node_counter(rig->node, "queue_frames"), 0);
        rig_free(rig);
    }
}
END_TEST

/* Down at the very end of a service: the last bit has not arrived before the failure; the next has not begun.
 */
START_TEST(down_at_the_end_of_a_service_loses_it)
{
    Rig *rig = slotted("10 MB");

    feed(rig, 0, 2);
    control(rig, SLOT, DX_CONTROL_DOWN);
    control(rig, 2 * SLOT, DX_CONTROL_UP);
    rig_run(rig, DX_MS);
    RIG_EXPECT(rig, { 1, 3 * SLOT });
    ck_assert_uint_eq(rig_dropped(rig, "link_down"), 1);
    rig_free(rig);
}
END_TEST

/* A port that stays down ends the run with its frames held: nothing is lost unseen. */
START_TEST(down_for_good_holds_what_it_has)
{
    Rig *rig = slotted("10 MB");

    feed(rig, 0, 3);
    control(rig, 0, DX_CONTROL_DOWN);
    control(rig, SLOT, DX_CONTROL_DOWN);
    set_rate(rig, 2 * SLOT, 1000000);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 0);
    ck_assert_uint_eq(dx_sim_balance(rig->sim).held, 3);
    rig_free(rig);
}
END_TEST

/* Silent: the port notices nothing and sends into the dark (the fiber behind it loses the frames). At the
 * repair the frame being sent is cut; the line goes on at its own pace. */
START_TEST(repair_of_a_silent_failure_cuts_the_service)
{
    static const char *const schedulers[] = { "fifo", "strict-priority" };

    for (unsigned s = 0; s < G_N_ELEMENTS(schedulers); s++) {
        Rig *rig = slotted("10 MB");

        rig_set(rig, "queue.scheduler", schedulers[s]);
        feed(rig, 0, 3);
        control(rig, 100, DX_CONTROL_DOWN_SILENT);
        control(rig, SLOT + SLOT / 2, DX_CONTROL_UP);
        control(rig, 2 * SLOT + SLOT / 2, DX_CONTROL_UP); /* up already: nothing happens */
        rig_run(rig, DX_MS);
        RIG_EXPECT(rig, { 0, SLOT }, { 2, 3 * SLOT });
        ck_assert_uint_eq(rig_dropped(rig, "link_down"), 1);
        rig_free(rig);
    }
}
END_TEST

/* -- against a port that looks at every frame and event by itself -------------------------------------- */

enum { MAX_ITEMS = 512 };

typedef struct {
    DxTime t_ps;
    bool is_frame;
    DxControl control;
    uint32_t bytes; /* of the packet with its overhead */
    unsigned pcp;
    DxTime end_ps; /* result; -1: lost */
} Item;

typedef struct {
    uint64_t seed;
    bool is_ethernet, is_strict, is_flush, in_frames;
    uint64_t rate_bps, limit;
    char classes[9];
    unsigned n;
    Item item[MAX_ITEMS]; /* by time, events first */
} Story;

static uint64_t below(uint64_t *random, uint64_t n)
{
    return dx_splitmix64(random) % n;
}

/* Time passes in steps of a third of a slot for half of the stories, so that ties are everywhere; in any ps
 * for the rest. */
static void tell(Story *story, uint64_t seed, bool has_events)
{
    static const uint64_t rates[] = { 10000000000, 300000000, 999999937, 100000000000 };
    static const uint32_t sizes[] = { 1, 46, 47, 500, 1500, 1500, 1500, 9000 };
    uint64_t random = seed;
    DxTime t = 0;

    memset(story, 0, sizeof *story);
    story->seed = seed;
    story->is_ethernet = below(&random, 2);
    story->is_strict = below(&random, 2);
    story->is_flush = below(&random, 2);
    story->in_frames = below(&random, 2);
    story->rate_bps = rates[below(&random, 4)];
    story->limit = story->in_frames ? below(&random, 12) : below(&random, 20000);
    story->n = 400;
    for (unsigned pcp = 0; pcp < 8; pcp++)
        story->classes[pcp] = (char)(seed % 3 ? '0' + (int)below(&random, 8) : pcp < 4 ? '0' : '1');
    for (unsigned i = 0; i < story->n; i++) {
        Item *item = &story->item[i];
        const uint64_t slot = 12000000000000000 / story->rate_bps;

        if (below(&random, 4))
            t += (DxTime)(seed % 2 ? below(&random, 5) * (slot / 3) : below(&random, 2 * slot));
        *item = (Item){ .t_ps = t, .is_frame = true, .end_ps = -1 };
        item->bytes = seed % 2 ? 1500 : sizes[below(&random, 8)];
        item->pcp = (unsigned)below(&random, 8);
        if (has_events && below(&random, 12) == 0) {
            static const DxControlOp ops[] = { DX_CONTROL_RATE, DX_CONTROL_RATE,        DX_CONTROL_DOWN,
                                               DX_CONTROL_UP,   DX_CONTROL_DOWN_SILENT, DX_CONTROL_UP };

            item->is_frame = false;
            item->control.op = ops[below(&random, 6)];
            item->control.value = rates[below(&random, 4)];
        }
    }
    for (unsigned i = 1; i < story->n; i++) /* events before the frames of their time */
        for (unsigned k = i; k && !story->item[k].is_frame && story->item[k - 1].is_frame &&
                             story->item[k - 1].t_ps == story->item[k].t_ps;
             k--) {
            const Item swap = story->item[k];

            story->item[k] = story->item[k - 1];
            story->item[k - 1] = swap;
        }
}

static Rig *act(const Story *story)
{
    Rig *rig = rig_new(&dx_model_port, 1, 1, 1);
    char text[64];

    g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT " bps", story->rate_bps);
    rig_set(rig, "rate", text);
    rig_set(rig, "framing", story->is_ethernet ? "ethernet" : "none");
    g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT " %s", story->limit,
               story->in_frames ? "frames" : "B");
    rig_set(rig, "queue.limit", text);
    rig_set(rig, "queue.scheduler", story->is_strict ? "strict-priority" : "fifo");
    if (story->is_strict)
        rig_set(rig, "queue.classes", story->classes);
    rig_set(rig, "queue.on_down", story->is_flush ? "flush" : "keep");
    for (unsigned i = 0; i < story->n; i++) {
        const Item *item = &story->item[i];

        if (item->is_frame) {
            DxFrame *frame = rig_feed(rig, 0, item->t_ps);

            frame->seq = i;
            frame->size_bytes = (uint16_t)item->bytes;
            frame->tci = (uint16_t)(item->pcp << 13);
        } else {
            rig_control(rig, item->t_ps, item->control);
        }
    }
    return rig;
}

/* The port by itself: end = begin of the busy period + ceil(all bits since then / rate). */
typedef struct {
    Story *story;
    uint64_t rate_bps, bits;
    DxTime busy_ps, free_ps;
    bool is_down, is_silent;
    Item *in_service, *queue[MAX_ITEMS];
    unsigned n_queue;
    uint64_t tx, wait_ps, wait_max_ps, queue_max_bytes, full, down;
} Plain;

static uint64_t in_buffer(const Plain *plain, const Item *item)
{
    return plain->story->is_ethernet ? MAX(item->bytes + 18, 64) : item->bytes;
}

static void begin(Plain *plain, Item *item, DxTime now)
{
    const uint64_t wait_ps = (uint64_t)(now - item->t_ps);
    unsigned __int128 ps;

    plain->bits += 8 * (in_buffer(plain, item) + (plain->story->is_ethernet ? 20 : 0));
    ps = ((unsigned __int128)plain->bits * 1000000000000 + plain->rate_bps - 1) / plain->rate_bps;
    plain->free_ps = item->end_ps = plain->busy_ps + (DxTime)ps;
    plain->in_service = item;
    plain->tx++;
    plain->wait_ps += wait_ps;
    plain->wait_max_ps = MAX(plain->wait_max_ps, wait_ps);
}

static void renew(Plain *plain, DxTime now)
{
    plain->busy_ps = plain->free_ps = now;
    plain->bits = 0;
}

static char class_of(const Plain *plain, const Item *item)
{
    return plain->story->classes[item->pcp];
}

/* All that begin up to and including @now. */
static void serve(Plain *plain, DxTime now)
{
    while (!plain->is_down && plain->n_queue && plain->free_ps <= now) {
        unsigned first = 0;
        Item *item;

        for (unsigned i = plain->n_queue; plain->story->is_strict && i--;)
            if (class_of(plain, plain->queue[i]) >= class_of(plain, plain->queue[first]))
                first = i;
        item = plain->queue[first];
        plain->n_queue--;
        memmove(plain->queue + first, plain->queue + first + 1,
                (plain->n_queue - first) * sizeof *plain->queue);
        begin(plain, item, plain->free_ps);
    }
}

static void arrive(Plain *plain, Item *item)
{
    const Story *story = plain->story;
    uint64_t bytes = 0, frames = 0, all = 0;

    serve(plain, item->t_ps);
    if (plain->is_down && story->is_flush) {
        plain->down++;
        return;
    }
    if (!plain->is_down && plain->free_ps <= item->t_ps) {
        renew(plain, item->t_ps);
        begin(plain, item, item->t_ps);
        return;
    }
    for (unsigned i = 0; i < plain->n_queue; i++) {
        all += in_buffer(plain, plain->queue[i]);
        if (story->is_strict && class_of(plain, plain->queue[i]) != class_of(plain, item))
            continue;
        bytes += in_buffer(plain, plain->queue[i]);
        frames++;
    }
    if (story->in_frames ? frames >= story->limit : bytes + in_buffer(plain, item) > story->limit) {
        plain->full++;
        return;
    }
    plain->queue[plain->n_queue++] = item;
    plain->queue_max_bytes = MAX(plain->queue_max_bytes, all + in_buffer(plain, item));
}

static void cut(Plain *plain, DxTime now)
{
    if (!plain->in_service || plain->in_service->end_ps < now)
        return;
    plain->in_service->end_ps = -1;
    plain->down++;
}

static void happen(Plain *plain, const Item *item)
{
    const DxTime now = item->t_ps;

    serve(plain, now - 1);
    if (item->control.op == DX_CONTROL_RATE) {
        plain->rate_bps = item->control.value;
        renew(plain, plain->free_ps);
    } else if (item->control.op == DX_CONTROL_DOWN) {
        cut(plain, now);
        plain->down += plain->story->is_flush ? plain->n_queue : 0;
        plain->n_queue = plain->story->is_flush ? 0 : plain->n_queue;
        plain->is_down = true;
    } else if (item->control.op == DX_CONTROL_DOWN_SILENT) {
        plain->is_silent = true;
    } else {
        if (plain->is_down)
            renew(plain, now);
        else if (plain->is_silent)
            cut(plain, now);
        plain->is_down = plain->is_silent = false;
    }
}

static void play(Plain *plain, Story *story, DxTime until_ps)
{
    *plain = (Plain){ .story = story, .rate_bps = story->rate_bps };
    for (unsigned i = 0; i < story->n; i++)
        if (story->item[i].is_frame)
            arrive(plain, &story->item[i]);
        else
            happen(plain, &story->item[i]);
    serve(plain, until_ps - 1);
}

static void compare(const Rig *rig, const Plain *plain)
{
    const Story *story = plain->story;
    unsigned n = 0;

    for (unsigned i = 0; i < story->n; i++)
        n += story->item[i].end_ps >= 0;
    ck_assert_uint_eq(rig_dropped(rig, "queue_full"), plain->full);
    ck_assert_uint_eq(rig_dropped(rig, "link_down"), plain->down);
    ck_assert_uint_eq(rig_n(rig, 0), n);
    for (unsigned i = 0; i < n; i++) {
        const DxFrame *frame = rig_frame(rig, 0, i);

        if (frame->t_ps != story->item[frame->seq].end_ps)
            ck_abort_msg("seed %" G_GUINT64_FORMAT ", frame %u", story->seed, frame->seq);
    }
    ck_assert_uint_eq(dx_node_counter(rig->node, "tx_frames"), plain->tx);
    ck_assert_uint_eq(dx_node_counter(rig->node, "wait_ps"), plain->wait_ps);
    ck_assert_uint_eq(dx_node_counter(rig->node, "wait_max_ps"), plain->wait_max_ps);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_max_bytes"), plain->queue_max_bytes);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_frames"), plain->n_queue);
}

static void compare_stories(bool has_events)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        Story story;
        Plain plain;
        Rig *rig;

        tell(&story, seed, has_events);
        rig = act(&story);
        rig_run(rig, DX_S);
        play(&plain, &story, DX_S);
        compare(rig, &plain);
        rig_free(rig);
    }
}

START_TEST(random_traffic_is_served_as_by_hand)
{
    compare_stories(false);
}
END_TEST

START_TEST(random_events_act_as_by_hand)
{
    compare_stories(true);
}
END_TEST

static Rig *build(uint64_t seed)
{
    Story story;

    tell(&story, seed, true);
    return act(&story);
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 24; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

/* 2000 frames of 12 304 s each would be served for 285 days, and a clock of 64 bits ends after 106. */
START_TEST(a_queue_beyond_the_end_of_time_is_held_and_served_in_order)
{
    Rig *rig = port("1 bps", "ethernet", "10 MB");

    for (unsigned i = 0; i < 2000; i++)
        rig_feed(rig, 0, 0)->size_bytes = 1500;
    rig_control(rig, DX_MS, (DxControl){ .op = DX_CONTROL_RATE, .value = 1 });
    rig_run(rig, 50000 * DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 4);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, (DxTime)(i + 1) * 12304 * DX_S);
    ck_assert_uint_eq(dx_node_counter(rig->node, "queue_frames"), 1995);
    rig_free(rig);
}
END_TEST

/* Without framing a frame is as large as its packet, whatever tags it has: 1500 and 1504 octets at 1 octet
 * per ns, although 1500 with a tag of 4 are as many. */
START_TEST(without_framing_tags_take_no_time)
{
    Rig *rig = rig_new(&dx_model_port, 1, 1, 1);

    rig_set(rig, "rate", "8 Gbps");
    rig_set(rig, "framing", "none");
    for (unsigned i = 0; i < 4; i++) {
        DxFrame *frame = rig_feed(rig, 0, i * 2 * DX_US);

        frame->size_bytes = i % 2 ? 1504 : 1500;
        frame->overhead_bytes = i % 2 ? 0 : 4;
    }
    dx_sim_set_window(rig->sim, DX_TIME_MAX); /* all in one burst */
    rig_run(rig, DX_S);
    RIG_EXPECT(rig, { 0, 1500 * DX_NS }, { 1, 3504 * DX_NS }, { 2, 5500 * DX_NS }, { 3, 7504 * DX_NS });
    rig_free(rig);
}
END_TEST

SUITE_MAIN("port", 30, a_queue_beyond_the_end_of_time_is_held_and_served_in_order,
           serialisation_time_is_bits_over_rate, short_frames_are_padded_to_64,
           without_framing_the_wire_size_is_that_of_the_packet, back_to_back_frames_do_not_drift,
           idle_line_has_no_rounding_to_make_good, microburst_needs_what_the_fluid_says,
           microburst_overflow_is_what_does_not_fit, counters_follow_from_the_slots,
           queue_is_exact_at_any_moment, a_run_may_stop_in_between, limit_counts_whole_frames_that_wait,
           drop_tail_looks_at_the_frame_that_comes, end_of_service_comes_before_an_arrival,
           without_a_queue_a_free_line_is_enough, ties_of_arrivals_go_by_input, slowest_line_keeps_its_queue,
           rate_must_be_given, upper_four_priorities_go_first, every_priority_may_have_a_class,
           classes_are_what_they_are_told_to_be, priority_is_not_preemptive,
           priority_tie_goes_to_whoever_waits, limit_holds_for_each_class,
           rate_change_acts_from_the_next_start, rate_change_at_a_start_acts_on_it, rate_change_makes_room,
           down_cuts_the_service_and_keeps_the_queue, down_may_flush_the_queue,
           down_at_the_end_of_a_service_loses_it, down_for_good_holds_what_it_has,
           repair_of_a_silent_failure_cuts_the_service, random_traffic_is_served_as_by_hand,
           random_events_act_as_by_hand, bursts_and_windows_change_nothing, without_framing_tags_take_no_time)
