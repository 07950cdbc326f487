/*
 * test_internet - frames take as long as the distribution says, in the order that follows, and no other
 *
 * Random streams are fixed: a statistical test passes or fails for ever. Thresholds are four standard
 * deviations, or what a right generator exceeds with probability 10^-4.
 */
#include <math.h>
#include <string.h>
#include <dxsim/dmath.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_internet;

typedef struct {
    const char *key, *text;
} Setting;

static Rig *internet(const char *delay, const Setting *settings, unsigned n)
{
    Rig *rig = rig_new(&dx_model_internet, 1, 1, 4);

    rig_set(rig, "delay", delay);
    for (unsigned i = 0; i < n && settings[i].key; i++)
        rig_set(rig, settings[i].key, settings[i].text);
    return rig;
}

#define INTERNET(delay, ...)                                                                                 \
    internet(delay, (const Setting[]){ __VA_ARGS__ },                                                        \
             sizeof((const Setting[]){ __VA_ARGS__ }) / sizeof(Setting))

#define JITTER(kind)                                                                                         \
    {                                                                                                        \
        "jitter.distribution", kind                                                                          \
    }
#define MEAN(text)                                                                                           \
    {                                                                                                        \
        "jitter.mean", text                                                                                  \
    }
#define MAX_(text)                                                                                           \
    {                                                                                                        \
        "jitter.max", text                                                                                   \
    }

static void feed(Rig *rig, unsigned n, DxTime apart_ps)
{
    for (unsigned i = 0; i < n; i++)
        rig_feed(rig, 0, i * apart_ps);
}

/* When each frame came out, by its number; -1: never. (transfer full) */
static DxTime *outs(const Rig *rig, unsigned n)
{
    DxTime *out = g_new(DxTime, n);

    for (unsigned i = 0; i < n; i++)
        out[i] = -1;
    for (unsigned i = 0; i < rig_n(rig, 0); i++)
        out[rig_frame(rig, 0, i)->seq] = rig_frame(rig, 0, i)->t_ps;
    return out;
}

static void control(Rig *rig, DxTime t_ps, DxControlOp op)
{
    rig_control(rig, t_ps, (DxControl){ .op = op });
}

/* -- delay ------------------------------------------------------------------------------------------- */

START_TEST(without_jitter_it_is_a_delay)
{
    Rig *rig = INTERNET("20 ms", { "reordering", "kept" });

    feed(rig, 1000, DX_US);
    for (unsigned i = 0; i < 10; i++)
        *rig_feed(rig, 0, DX_MS) = (DxFrame){ DX_MS, 7, 3, { 1000 + i }, 99, 5, 9, 0xabcd, DX_FRAME_TAGGED };
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 1010);
    for (unsigned i = 0; i < 1000; i++)
        ck_assert_int_eq(rig_frame(rig, 0, i)->t_ps, i * DX_US + 20 * DX_MS);
    for (unsigned i = 0; i < 10; i++) {
        const DxFrame want = { 21 * DX_MS, 7, 3, { 1000 + i }, 99, 5, 9, 0xabcd, DX_FRAME_TAGGED };

        ck_assert_mem_eq(rig_frame(rig, 0, 1000 + i), &want, sizeof want);
    }
    ck_assert_uint_eq(dx_node_counter(rig->node, "jitter_ps"), 0);
    rig_free(rig);
}
END_TEST

/* -- jitter ------------------------------------------------------------------------------------------ */

/* Distribution functions of the untruncated jitter; x, mean and deviation in us, above 0. */
static double uniform(double x)
{
    return x / 200;
}

static double normal(double x) /* 100 us, 60 us */
{
    return erfc((100 - x) / 60 / sqrt(2)) / 2;
}

static double exponential(double x) /* 100 us */
{
    return 1 - exp(-x / 100);
}

static double pareto(double x) /* 100 us, shape 2 */
{
    return 1 - pow(1 + x / 100, -2);
}

/* What chi-square with 19 degrees of freedom exceeds with probability 10^-4 is 50.8. */
#define CELLS     20
#define CHI_LIMIT 50.8

/* A draw that is repeated until it falls between 0 and max has F(x) - F(0) over F(max) - F(0) as its
 * distribution function; of that, the values are even. */
START_TEST(jitter_has_its_distribution)
{
    static const struct {
        double (*of)(double);
        double max_us;
        Setting settings[5];
    } cases[] = {
        { uniform, 200, { JITTER("uniform"), MEAN("100 us") } },
        { normal, 1000, { JITTER("normal"), MEAN("100 us"), { "jitter.deviation", "60 us" }, MAX_("1 ms") } },
        { normal,
          100,
          { JITTER("normal"), MEAN("100 us"), { "jitter.deviation", "60 us" }, MAX_("100 us") } },
        { exponential, 1000000, { JITTER("exponential"), MEAN("100 us") } },
        { exponential, 150, { JITTER("exponential"), MEAN("100 us"), MAX_("150 us") } },
        { pareto, 1000000, { JITTER("pareto"), MEAN("100 us"), { "jitter.shape", "2" } } },
        { pareto, 120, { JITTER("pareto"), MEAN("100 us"), { "jitter.shape", "2" }, MAX_("120 us") } },
    };
    const unsigned n = 200000;

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const double least = cases[i].of(0), most = cases[i].of(cases[i].max_us);
        Rig *rig = internet("1 ms", cases[i].settings, 5);
        unsigned cell[CELLS] = { 0 };
        uint64_t total = 0, longest = 0;
        double chi = 0;

        feed(rig, n, DX_US);
        rig_run(rig, 5 * DX_S);
        ck_assert_uint_eq(rig_n(rig, 0), n);
        for (unsigned k = 0; k < n; k++) {
            const DxFrame *frame = rig_frame(rig, 0, k);
            const DxTime jitter_ps = frame->t_ps - frame->birth_ps - DX_MS;
            const double x = (double)jitter_ps / 1e6;

            if (jitter_ps < 0 || x > cases[i].max_us)
                ck_abort_msg("case %u: a jitter of %g us", i, x);
            cell[MIN((unsigned)((cases[i].of(x) - least) / (most - least) * CELLS), CELLS - 1)]++;
            total += (uint64_t)jitter_ps;
            longest = MAX(longest, (uint64_t)jitter_ps);
        }
        for (unsigned k = 0; k < CELLS; k++)
            chi += (cell[k] - n / 20.0) * (cell[k] - n / 20.0) / (n / 20.0);
        ck_assert_msg(chi < CHI_LIMIT, "case %u: chi-square %g", i, chi);
        ck_assert_uint_eq(dx_node_counter(rig->node, "jitter_ps"), total);
        ck_assert_uint_eq(dx_node_counter(rig->node, "jitter_max_ps"), longest);
        rig_free(rig);
    }
}
END_TEST

/* Without a cut at the top, the means are what was asked for. Deviations of the jitter: mean / sqrt(3) of an
 * even one, the mean of an exponential one, and of a Lomax one of shape 5 mean sqrt(5 / 3). */
START_TEST(the_mean_is_the_one_asked_for)
{
    static const struct {
        const char *distribution;
        double deviation_us;
    } cases[] = { { "uniform", 57.735 }, { "exponential", 100 }, { "pareto", 129.099 } };
    const unsigned n = 200000;

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig *rig = INTERNET("0 ps", JITTER(cases[i].distribution), MEAN("100 us"), { "jitter.shape", "5" });
        double mean_us;

        feed(rig, n, DX_US);
        rig_run(rig, 5 * DX_S);
        mean_us = (double)dx_node_counter(rig->node, "jitter_ps") / 1e6 / n;
        ck_assert_msg(fabs(mean_us - 100) < 4 * cases[i].deviation_us / sqrt(n), "%s: %g us",
                      cases[i].distribution, mean_us);
        rig_free(rig);
    }
}
END_TEST

/* From 0 to twice the mean, both included: of 2 ps, 3 values. */
START_TEST(a_uniform_jitter_reaches_both_its_ends)
{
    Rig *rig = INTERNET("1 ns", JITTER("uniform"), MEAN("1 ps"));
    unsigned seen[3] = { 0 };

    feed(rig, 30000, DX_NS);
    rig_run(rig, DX_S);
    for (unsigned i = 0; i < 30000; i++)
        seen[rig_frame(rig, 0, i)->t_ps - rig_frame(rig, 0, i)->birth_ps - DX_NS]++;
    for (unsigned i = 0; i < 3; i++) /* 4 * sqrt(30000 * 1/3 * 2/3) = 327 */
        ck_assert(seen[i] > 10000 - 327 && seen[i] < 10000 + 327);
    rig_free(rig);
}
END_TEST

/* -- order ------------------------------------------------------------------------------------------- */

/* Of frames of one moment, three jitters: those of equal end come out as they went in. */
START_TEST(what_leaves_at_one_time_leaves_in_the_order_it_came)
{
    Rig *rig = INTERNET("1 us", JITTER("uniform"), MEAN("1 ps"));

    for (unsigned i = 0; i < 5000; i++)
        rig_feed(rig, 0, i / 1000 * DX_NS);
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_n(rig, 0), 5000);
    for (unsigned i = 1; i < 5000; i++) {
        const DxFrame *before = rig_frame(rig, 0, i - 1), *frame = rig_frame(rig, 0, i);

        ck_assert_int_ge(frame->t_ps, before->t_ps);
        if (frame->t_ps == before->t_ps)
            ck_assert_uint_gt(frame->seq, before->seq);
    }
    rig_free(rig);
}
END_TEST

/* With the same draws: where order is kept a frame leaves when it would have, or with the last before it. */
START_TEST(kept_order_waits_for_the_latest_so_far)
{
    const unsigned n = 20000;
    Rig *free_rig = INTERNET("3 us", JITTER("exponential"), MEAN("20 us"));
    Rig *kept_rig = INTERNET("3 us", JITTER("exponential"), MEAN("20 us"), { "reordering", "kept" });
    g_autofree DxTime *freely = NULL, *kept = NULL;
    unsigned overtaken = 0;
    DxTime latest = 0;

    feed(free_rig, n, DX_US);
    feed(kept_rig, n, DX_US);
    rig_run(free_rig, DX_S);
    rig_run(kept_rig, DX_S);
    freely = outs(free_rig, n);
    kept = outs(kept_rig, n);
    for (unsigned i = 0; i < n; i++) {
        overtaken += freely[i] < latest;
        latest = MAX(latest, freely[i]);
        ck_assert_int_eq(kept[i], latest);
        ck_assert_uint_eq(rig_frame(kept_rig, 0, i)->seq, i);
    }
    ck_assert_uint_gt(overtaken, n / 2); /* one comes every 1 us, most are overtaken */
    rig_free(free_rig);
    rig_free(kept_rig);
}
END_TEST

/* -- failures ---------------------------------------------------------------------------------------- */

/* Whatever would have come out at the cut or later is lost, and what comes while it is down. The others do
 * not notice: draws belong to the frames that are judged. */
START_TEST(a_cut_loses_what_is_under_way)
{
    static const DxControlOp ops[] = { DX_CONTROL_DOWN, DX_CONTROL_DOWN_SILENT };
    const unsigned n = 3000, until = 1700;
    const DxTime cut = 1500 * DX_US;

    for (unsigned k = 0; k < G_N_ELEMENTS(ops); k++) {
        Rig *whole = INTERNET("10 us", JITTER("exponential"), MEAN("50 us"));
        Rig *rig = INTERNET("10 us", JITTER("exponential"), MEAN("50 us"));
        g_autofree DxTime *out = NULL, *got = NULL;
        uint64_t lost = 0;

        feed(whole, n, DX_US);
        feed(rig, n, DX_US);
        control(rig, cut, ops[k]);
        control(rig, until * DX_US, DX_CONTROL_UP);
        rig_run(whole, DX_S);
        rig_run(rig, DX_S);
        out = outs(whole, n);
        got = outs(rig, n);
        for (unsigned i = 0; i < n; i++) {
            const bool is_lost = i < until && (i >= 1500 || out[i] >= cut);

            lost += is_lost;
            if (is_lost)
                ck_assert_int_eq(got[i], -1);
            else if (i < 1500)
                ck_assert_int_eq(got[i], out[i]);
            else /* the draws of those that were not judged fall to the next */
                ck_assert_int_eq(got[i] - i * DX_US, out[i - 200] - (i - 200) * DX_US);
        }
        ck_assert_uint_gt(lost, 220);
        ck_assert_uint_eq(rig_dropped(rig, "link_down"), lost);
        rig_free(whole);
        rig_free(rig);
    }
}
END_TEST

/* A thousand frames, nearly 200 us for the latest; all lost at 1 us. Those behind the repair wait for each
 * other, and not for it. */
START_TEST(kept_order_forgets_what_was_lost)
{
    DxTime *out[3]; /* nothing lost; order free; order kept */
    DxTime latest = 0;

    for (unsigned k = 0; k < 3; k++) {
        Rig *rig =
            INTERNET("1 us", JITTER("uniform"), MEAN("100 us"), { "reordering", k < 2 ? "allowed" : "kept" });

        feed(rig, 1000, DX_NS);
        control(rig, DX_US, k ? DX_CONTROL_DOWN : DX_CONTROL_UP);
        control(rig, DX_US, DX_CONTROL_UP);
        for (unsigned i = 0; i < 3; i++)
            rig_feed(rig, 0, (1 + i) * DX_US);
        rig_run(rig, DX_S);
        ck_assert_uint_eq(rig_dropped(rig, "link_down"), k ? 1000 : 0);
        out[k] = outs(rig, 1003);
        rig_free(rig);
    }
    for (unsigned i = 0; i < 1000; i++)
        latest = MAX(latest, out[0][i]);
    ck_assert_int_lt(out[2][1000], latest);
    latest = 0;
    for (unsigned i = 1000; i < 1003; i++) {
        latest = MAX(latest, out[1][i]);
        ck_assert_int_eq(out[2][i], latest);
    }
    for (unsigned k = 0; k < 3; k++)
        g_free(out[k]);
}
END_TEST

START_TEST(other_controls_are_ignored)
{
    Rig *rig = INTERNET("10 us", JITTER("uniform"), MEAN("10 us"));

    feed(rig, 3, DX_US);
    rig_control(rig, DX_US, (DxControl){ .op = DX_CONTROL_RATE, .value = 1 });
    rig_control(rig, DX_US, (DxControl){ .op = DX_CONTROL_ROUTE, .index = 7 });
    rig_run(rig, DX_MS);
    ck_assert_uint_eq(rig_n(rig, 0), 3);
    rig_free(rig);
}
END_TEST

static void count(const DxFrame *frame, void *data)
{
    uint64_t *seen = data;

    seen[frame->seq]++;
}

/* Stopped at any time, every frame is somewhere, once: held in its jitter, then in flight. */
START_TEST(nothing_is_lost_from_sight)
{
    const unsigned n = 400;

    for (DxTime until = DX_US; until < 600 * DX_US; until += 37 * DX_US) {
        Rig *rig = INTERNET("50 us", JITTER("exponential"), MEAN("30 us"));
        uint64_t seen[400] = { 0 };
        DxBalance balance;
        unsigned fed = 0;

        for (; fed < n && fed * DX_US < until; fed++)
            rig_feed(rig, 0, fed * DX_US);
        rig_run(rig, until);
        balance = dx_sim_balance(rig->sim);
        ck_assert_uint_eq(balance.created, fed);
        ck_assert_uint_eq(balance.held + balance.in_flight + balance.delivered, fed);
        dx_sim_each_pending(rig->sim, count, seen);
        for (unsigned i = 0; i < rig_n(rig, 0); i++) {
            ck_assert_int_lt(rig_frame(rig, 0, i)->t_ps, until);
            seen[rig_frame(rig, 0, i)->seq]++;
        }
        for (unsigned i = 0; i < fed; i++)
            ck_assert_uint_eq(seen[i], 1);
        rig_free(rig);
    }
}
END_TEST

/* -- the exact process ------------------------------------------------------------------------------- */

/* As docs/models/internet.md has it: of each frame in turn, is it lost, and if not, its jitter. */
START_TEST(draws_come_in_the_order_that_is_documented)
{
    const unsigned n = 20000;
    Rig *rig = INTERNET("1 ms", JITTER("pareto"), MEAN("70 us"), { "jitter.shape", "1.5" }, MAX_("100 us"),
                        { "loss", "10 %" });
    g_autofree DxTime *out = NULL;
    DxRng losses, jitters;
    uint64_t passes;

    dx_rng_init(&losses, 1, 0, "model", "loss");
    dx_rng_init(&jitters, 1, 0, "model", "jitter");
    feed(rig, n, DX_US);
    rig_run(rig, DX_S);
    out = outs(rig, n);
    passes = (uint64_t)(dx_log(dx_rng_unit(&losses)) / (dx_log(0.9) * (0.1 / (1 - 0.9))));
    for (unsigned i = 0; i < n; i++) {
        double x = INFINITY;

        if (passes-- == 0) {
            passes = (uint64_t)(dx_log(dx_rng_unit(&losses)) / (dx_log(0.9) * (0.1 / (1 - 0.9))));
            ck_assert_int_eq(out[i], -1);
            continue;
        }
        while (x > 1e8)
            x = 7e7 * 0.5 * (dx_exp((0.0 - dx_log(dx_rng_unit(&jitters))) / 1.5) - 1);
        ck_assert_int_eq(out[i], DX_MS + i * DX_US + (DxTime)floor(x + 0.5));
    }
    rig_free(rig);
}
END_TEST

START_TEST(values_that_do_not_go_together_are_refused)
{
    static const struct {
        Setting settings[4];
        const char *why;
    } cases[] = {
        { { MEAN("1 ms") }, "which distribution" },
        { { { "jitter.deviation", "1 ms" } }, "which distribution" },
        { { JITTER("exponential") }, "needs a mean" },
        { { JITTER("exponential"), MEAN("2 s") }, "below the mean" },
        { { JITTER("uniform"), MEAN("501 ms") }, "twice the mean" },
        { { JITTER("normal"), MEAN("1 ms") }, "deviation" },
        { { JITTER("normal"), MEAN("1 ms"), { "jitter.deviation", "1001 us" } }, "deviation" },
        { { JITTER("uniform"), MEAN("1 ms"), { "jitter.deviation", "1 us" } }, "normal" },
        { { { "loss", "1 %" }, { "gilbert_elliott.loss_good", "1 %" } }, "Gilbert" },
    };
    static const Setting bad[] = { { "delay", "11 s" },        { "delay", "-1 us" },
                                   { "jitter.shape", "1" },    { "jitter.max", "61 s" },
                                   { "reordering", "always" }, { "jitter.distribution", "gauss" } };
    Rig *rig = INTERNET("1 s", JITTER("none"));

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert(!dx_sim_set(rig->node, bad[i].key, bad[i].text, NULL));
    rig_free(rig);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;

        rig = internet("1 ms", cases[i].settings, 4);
        ck_assert(!dx_sim_prepare(rig->sim, &error));
        ck_assert_msg(strstr(error->message, cases[i].why) != NULL, "%s", error->message);
        g_error_free(error);
        rig_free(rig);
    }
}
END_TEST

/* -- bursts, windows, threads ------------------------------------------------------------------------ */

static Rig *build(uint64_t seed)
{
    static const Setting settings[][5] = {
        { JITTER("none"), { "loss", "3 %" } },
        { JITTER("uniform"), MEAN("3 ps") },
        { JITTER("uniform"), MEAN("30 us"), { "reordering", "kept" } },
        { JITTER("normal"), MEAN("40 us"), { "jitter.deviation", "30 us" } },
        { JITTER("exponential"),
          MEAN("300 us"),
          { "gilbert_elliott.p", "5 %" },
          { "gilbert_elliott.r", "20 %" } },
        { JITTER("pareto"), MEAN("20 us"), { "jitter.shape", "1.2" }, { "reordering", "kept" } },
    };
    static const char *const delays[] = { "0 ps", "7 us" };
    static const DxControlOp ops[] = { DX_CONTROL_DOWN, DX_CONTROL_UP, DX_CONTROL_DOWN_SILENT,
                                       DX_CONTROL_UP };
    Rig *rig = internet(delays[seed / 6 % 2], settings[seed % 6], 5);
    uint64_t random = seed;
    DxTime t = 0;

    for (unsigned i = 0; i < 2000; i++) {
        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        rig_feed(rig, 0, t)->flow = (uint32_t)(dx_splitmix64(&random) % 4);
        if (i % 300 == 0)
            control(rig, t, ops[i / 300 % 4]);
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 12; seed++)
        rig_check_invariance(build, seed, 5 * DX_S);
}
END_TEST

/* Both ways over the internet, which is the only delay there is: frames of both directions meet, windows are
 * as long as the delay, and edges that long are what partitions are cut along. */
static const char two_ways[] =
    "{ \"dxsim\": 1, \"name\": \"n\", \"run\": { \"duration\": \"20 ms\" }, \"nodes\": { "
    "\"a\": { \"kind\": \"router\" }, \"b\": { \"kind\": \"router\" }, \"c\": { \"kind\": \"router\" } }, "
    "\"links\": { \"l\": { \"ends\": [\"a\", \"b\"], \"rate\": \"1 Gbps\", \"insert\": [ { \"model\": "
    "\"internet\", \"delay\": \"50 us\", \"jitter\": { \"distribution\": \"exponential\", \"mean\": \"80 "
    "us\" }, "
    "\"loss\": \"2 %\" } ] }, \"m\": { \"ends\": [\"b\", \"c\"], \"rate\": \"1 Gbps\", \"insert\": [ { "
    "\"model\": "
    "\"internet\", \"delay\": \"30 us\", \"jitter\": { \"distribution\": \"uniform\", \"mean\": \"20 us\" }, "
    "\"reordering\": \"kept\" } ] } }, \"flows\": { \"f\": { \"from\": \"a\", \"to\": \"c\", \"model\": "
    "\"poisson\", \"rate\": \"700 Mbps\", \"count\": 3 }, \"g\": { \"from\": \"c\", \"to\": \"a\", \"rate\": "
    "\"500 Mbps\" } }, \"events\": [ { \"at\": \"7 ms\", \"do\": \"fail\", \"target\": \"links.l\", \"for\": "
    "\"1 "
    "ms\" } ] }";

/* Every record, in the order they come. */
static void digest(const DxTraceRecord *records, size_t n, void *data)
{
    uint64_t *sum = data;

    for (size_t i = 0; i < n; i++) {
        *sum ^= (uint64_t)records[i].t_ps ^ (uint64_t)records[i].node << 40 ^
                (uint64_t)records[i].flow << 50 ^ (uint64_t)records[i].seq << 20 ^
                (uint64_t)(records[i].reason + 1) << 60;
        *sum = dx_splitmix64(sum);
    }
}

/* All rows of a run and what its trace comes to, as text. (transfer full) */
static char *rows_of(unsigned burst, DxTime window_ps, unsigned threads)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario =
        dx_scenario_read("two_ways", two_ways, strlen(two_ways), dx_builtin_models, problems);
    GString *rows = g_string_new(NULL);
    GError *error = NULL;
    uint64_t sum = 0;
    DxRun *run;

    ck_assert_ptr_nonnull(scenario);
    run = dx_run_new(scenario, &error);
    ck_assert_ptr_nonnull(run);
    dx_sim_set_burst(run->sim, burst);
    if (window_ps)
        dx_sim_set_window(run->sim, window_ps);
    dx_sim_set_threads(run->sim, threads);
    dx_sim_set_trace(run->sim, digest, &sum);
    ck_assert_msg(dx_run_go(run, scenario, &error), "%s", error ? error->message : "");
    for (unsigned i = 0; i < dx_results_n_rows(run->results); i++) {
        const DxRow *row = dx_results_row(run->results, i);
        g_autofree char *text = dx_row_text(row);

        g_string_append_printf(rows, "%s %s %s = %s\n", row->kind, row->object, row->metric, text);
    }
    g_string_append_printf(rows, "trace %" G_GUINT64_FORMAT "\n", sum);
    ck_assert_uint_eq(dx_sim_n_partitions(run->sim), threads);
    dx_run_free(run);
    dx_scenario_free(scenario);
    dx_problems_free(problems);
    return g_string_free(rows, FALSE);
}

START_TEST(two_ways_and_several_threads_are_the_same)
{
    static const unsigned bursts[] = { 1, 7, 256 };
    static const DxTime windows[] = { 0, DX_US, DX_TIME_MAX };
    g_autofree char *want = rows_of(256, 0, 1);

    ck_assert_ptr_nonnull(strstr(want, "internet0_lost"));
    ck_assert_ptr_null(strstr(want, "delivered_frames = 0\n"));
    ck_assert_ptr_null(strstr(want, "flow f reordered_frames = 0\n"));
    ck_assert_ptr_null(strstr(want, "flow g reordered_frames = 0\n"));
    for (unsigned threads = 1; threads <= 3; threads++)
        for (unsigned i = 0; i < 3; i++) {
            g_autofree char *got = rows_of(bursts[i], windows[(i + threads) % 3], threads);

            ck_assert_str_eq(got, want);
        }
}
END_TEST

SUITE_MAIN("internet", 60, without_jitter_it_is_a_delay, jitter_has_its_distribution,
           the_mean_is_the_one_asked_for, a_uniform_jitter_reaches_both_its_ends,
           what_leaves_at_one_time_leaves_in_the_order_it_came, kept_order_waits_for_the_latest_so_far,
           a_cut_loses_what_is_under_way, kept_order_forgets_what_was_lost, other_controls_are_ignored,
           nothing_is_lost_from_sight, draws_come_in_the_order_that_is_documented,
           values_that_do_not_go_together_are_refused, bursts_and_windows_change_nothing,
           two_ways_and_several_threads_are_the_same)
