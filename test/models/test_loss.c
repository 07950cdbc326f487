/*
 * test_loss - losses come as often, and as many in a row, as the two processes say
 *
 * Random streams are fixed: a statistical test passes or fails for ever. Thresholds are four standard
 * deviations, or what a right generator exceeds with probability 10^-4.
 */
#include <math.h>
#include <string.h>
#include <dxsim/dmath.h>
#include "../rig.h"
#include "../suite.h"
#include "loss.h"

extern const DxModel dx_model_fiber;

typedef struct {
    const char *key, *text;
} Setting;

#define P "gilbert_elliott.p"
#define R "gilbert_elliott.r"
#define G "gilbert_elliott.loss_good"
#define B "gilbert_elliott.loss_bad"

/* A fiber is the plainest model that loses frames. */
static Rig *fiber(const Setting *settings, unsigned n)
{
    Rig *rig = rig_new(&dx_model_fiber, 1, 1, 1);

    rig_set(rig, "delay", "3 us");
    for (unsigned i = 0; i < n && settings[i].key; i++)
        rig_set(rig, settings[i].key, settings[i].text);
    return rig;
}

#define FIBER(...)                                                                                           \
    fiber((const Setting[]){ __VA_ARGS__ }, sizeof((const Setting[]){ __VA_ARGS__ }) / sizeof(Setting))

/* Which of @n frames, 10 ns apart, are lost: 1 or 0. (transfer full) */
static uint8_t *run(Rig *rig, unsigned n)
{
    uint8_t *is_lost = g_malloc(n);

    for (unsigned i = 0; i < n; i++)
        rig_feed(rig, 0, i * 10 * DX_NS);
    rig_run(rig, DX_S);
    memset(is_lost, 1, n);
    for (unsigned i = 0; i < rig_n(rig, 0); i++)
        is_lost[rig_frame(rig, 0, i)->seq] = 0;
    ck_assert_uint_eq(rig_n(rig, 0) + rig_dropped(rig, "lost"), n);
    rig_free(rig);
    return is_lost;
}

static unsigned sum(const uint8_t *is_lost, unsigned n)
{
    unsigned lost = 0;

    for (unsigned i = 0; i < n; i++)
        lost += is_lost[i];
    return lost;
}

/* -- how often --------------------------------------------------------------------------------------- */

/*
 * Of the stationary chain, pi = p / (p + r) is the share of the bad state and the mean loss is
 * m = (1 - pi) loss_good + pi loss_bad. With d = loss_bad - loss_good and l = 1 - p - r, n frames lose n m
 * with variance n (m (1 - m) + 2 d^2 pi (1 - pi) l / (1 - l)); independent loss has d = 0.
 */
static void assert_mean(const Setting *settings, unsigned n_settings, double p, double r, double good,
                        double bad)
{
    const unsigned n = 2000000;
    const double pi = p > 0 ? p / (p + r) : 0, m = (1 - pi) * good + pi * bad, d = bad - good, l = 1 - p - r;
    const double variance = m * (1 - m) + (p > 0 ? 2 * d * d * pi * (1 - pi) * l / (1 - l) : 0);
    g_autofree uint8_t *is_lost = run(fiber(settings, n_settings), n);
    const double lost = sum(is_lost, n);

    ck_assert_msg(fabs(lost - n * m) <= 4 * sqrt(n * variance), "%s %s: %g lost, expected %g +- %g",
                  settings[0].key, settings[0].text, lost, n * m, 4 * sqrt(n * variance));
}

#define MEAN(p, r, good, bad, ...)                                                                           \
    assert_mean((const Setting[]){ __VA_ARGS__ },                                                            \
                sizeof((const Setting[]){ __VA_ARGS__ }) / sizeof(Setting), p, r, good, bad)

START_TEST(mean_loss_is_the_closed_form)
{
    MEAN(0, 0, 0.5, 1, { "loss", "50 %" });
    MEAN(0, 0, 0.01, 1, { "loss", "1 %" });
    MEAN(0, 0, 0.999, 1, { "loss", "99.9 %" });
    MEAN(0, 0, 1e-5, 1, { "loss", "10 ppm" });
    MEAN(0, 0, 0.003, 1, { G, "0.3 %" });
    MEAN(0.01, 0.25, 0, 1, { P, "1 %" }, { R, "25 %" });
    MEAN(0.001, 0.1, 0.0001, 0.7, { P, "0.1 %" }, { R, "10 %" }, { G, "0.01 %" }, { B, "70 %" });
    MEAN(0.3, 0.9, 0.2, 0.6, { P, "30 %" }, { R, "90 %" }, { G, "20 %" }, { B, "60 %" });
    MEAN(0.02, 0.5, 0.05, 0, { P, "2 %" }, { R, "50 %" }, { G, "5 %" }, { B, "0 %" });
}
END_TEST

/* -- how many in a row ------------------------------------------------------------------------------- */

/* Lengths of the runs of @value that are complete, in cells 0, 1, .. and more. Returns how many. */
static unsigned count_runs(const uint8_t *is_lost, unsigned n, uint8_t value, unsigned *cell,
                           unsigned n_cells, double *mean)
{
    unsigned runs = 0, length = 0;
    uint64_t total = 0;

    memset(cell, 0, n_cells * sizeof *cell);
    for (unsigned i = 0; i < n; i++) {
        if (is_lost[i] == value) {
            length++;
            continue;
        }
        if (length) {
            cell[MIN(length - 1, n_cells - 1)]++;
            total += length;
            runs++;
        }
        length = 0;
    }
    *mean = (double)total / runs;
    return runs;
}

/* Chi-square of @total draws with P(k) = q (1 - q)^k for the cells 0 .. n - 2, the rest in the last. */
static double chi_square(const unsigned *cell, unsigned n_cells, unsigned total, double q)
{
    double chi = 0, left = 1;

    for (unsigned k = 0; k < n_cells; k++) {
        const double share = k + 1 < n_cells ? left * q : left, expected = share * total;

        chi += (cell[k] - expected) * (cell[k] - expected) / expected;
        left -= share;
    }
    return chi;
}

/* What chi-square with 19 degrees of freedom exceeds with probability 10^-4 is 50.8. */
#define CELLS     20
#define CHI_LIMIT 50.8

/* Gaps between independent losses: geometric, P(k) = q (1 - q)^k, a gap of 0 when two come in a row. */
START_TEST(gaps_of_independent_loss_are_geometric)
{
    const unsigned n = 2000000;
    g_autofree uint8_t *is_lost = run(FIBER({ "loss", "10 %" }), n);
    unsigned cell[CELLS] = { 0 }, gaps = 0, gap = 0;

    for (unsigned i = 0; i < n; i++, gap++) {
        if (!is_lost[i])
            continue;
        cell[MIN(gap, CELLS - 1)]++;
        gaps++;
        gap = (unsigned)-1;
    }
    ck_assert_double_lt(chi_square(cell, CELLS, gaps, 0.1), CHI_LIMIT);
}
END_TEST

/* Gilbert's model: what is lost in a row is geometric with mean 1 / r, what passes in a row with 1 / p. The
 * variance of such a length is (1 - r) / r^2. */
START_TEST(bursts_and_the_stretches_between_are_geometric)
{
    static const struct {
        uint8_t value;
        double q;
    } cases[] = { { 1, 0.2 }, { 0, 0.05 } };
    const unsigned n = 3000000;
    g_autofree uint8_t *is_lost = run(FIBER({ P, "5 %" }, { R, "20 %" }), n);

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const double q = cases[i].q;
        unsigned cell[CELLS], runs;
        double mean;

        runs = count_runs(is_lost, n, cases[i].value, cell, CELLS, &mean);
        ck_assert_uint_gt(runs, 100000);
        ck_assert_msg(fabs(mean - 1 / q) < 4 * sqrt((1 - q) / (q * q) / runs), "mean %g", mean);
        ck_assert_double_lt(chi_square(cell, CELLS, runs, q), CHI_LIMIT);
    }
}
END_TEST

/* -- limits ------------------------------------------------------------------------------------------ */

START_TEST(what_is_certain_happens)
{
    static const struct {
        Setting settings[4];
        const char *pattern; /* of the first eight, and again */
    } cases[] = {
        { { { "loss", "0 %" } }, "........" },
        { { { "loss", "100 %" } }, "xxxxxxxx" },
        { { { G, "100 %" } }, "xxxxxxxx" },
        { { { P, "100 %" }, { R, "100 %" } }, ".x.x.x.x" }, /* the first is judged in the good state */
        { { { P, "100 %" }, { R, "100 %" }, { G, "100 %" }, { B, "0 %" } }, "x.x.x.x." },
        { { { P, "100 %" }, { R, "100 %" }, { G, "100 %" } }, "xxxxxxxx" },
        { { { P, "50 %" }, { R, "50 %" }, { B, "0 %" } }, "........" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree uint8_t *is_lost = run(fiber(cases[i].settings, 4), 800);

        for (unsigned k = 0; k < 800; k++)
            ck_assert_msg(is_lost[k] == (cases[i].pattern[k % 8] == 'x'), "case %u, frame %u", i, k);
    }
}
END_TEST

/* Passing frames before a loss have mean (1 - q) / q and deviation sqrt(1 - q) / q, also where 1 - q is
 * hardly less than 1. What cannot be counted is never. */
START_TEST(rare_losses_are_as_rare_as_said)
{
    static const double ratios[] = { 1e-3, 1e-6, 1e-9, 1e-12 };

    for (unsigned i = 0; i < G_N_ELEMENTS(ratios); i++) {
        const double q = ratios[i];
        const unsigned n = 20000;
        Rig *rig = rig_new(&dx_model_fiber, 1, 1, 1);
        const DxLossConf conf = { .loss_ratio = q };
        DxLoss loss;
        double passed = 0;

        dx__loss_init(&loss, &conf, rig->node);
        for (unsigned k = 0; k < n; k++) {
            passed += (double)loss.clear;
            loss.clear = 0;
            ck_assert(dx__loss_takes(&loss));
        }
        ck_assert_msg(fabs(passed / n - (1 - q) / q) < 4 * sqrt((1 - q) / n) / q, "%g: %g", q, passed / n);
        rig_free(rig);
    }
}
END_TEST

START_TEST(absurd_ratios_do_no_harm)
{
    static const double ratios[] = { 5e-324, 1e-300, 1e-18, -1, 2 };

    for (unsigned i = 0; i < G_N_ELEMENTS(ratios); i++) {
        Rig *rig = rig_new(&dx_model_fiber, 1, 1, 1);
        const DxLossConf conf = { .loss_ratio = ratios[i] };
        DxLoss loss;

        dx__loss_init(&loss, &conf, rig->node);
        ck_assert(loss.clear <= DX_LOSS_NEVER);
        ck_assert_int_eq(dx__loss_takes(&loss), ratios[i] > 1);
        rig_free(rig);
    }
}
END_TEST

static void assert_refused(const Setting *settings, const char *key)
{
    Rig *rig = fiber(settings, 3);
    GError *error = NULL;

    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
    ck_assert_ptr_nonnull(strstr(error->message, key));
    g_error_free(error);
    rig_free(rig);
}

START_TEST(contradictions_are_refused)
{
    assert_refused((const Setting[3]){ { "loss", "1 %" }, { P, "1 %" }, { R, "1 %" } }, "gilbert_elliott");
    assert_refused((const Setting[3]){ { "loss", "1 %" }, { G, "1 %" } }, "gilbert_elliott");
    assert_refused((const Setting[3]){ { P, "1 %" } }, "lasts for ever");
    assert_refused((const Setting[3]){ { R, "1 %" } }, "never entered");
}
END_TEST

/* -- the exact process ------------------------------------------------------------------------------- */

/* As docs/models/loss.md has it, frame by frame. */
typedef struct {
    DxRng losses, changes;
    double p, r, good, bad;
    bool is_bad;
    uint64_t stay, passes;
} Plain;

#define NEVER 1000000000

static uint64_t plain_draw(double q, DxRng *rng)
{
    const double rest = 1 - q;

    if (q == 0 || q == 1)
        return q == 0 ? NEVER : 0;
    return (uint64_t)(dx_log(dx_rng_unit(rng)) / (dx_log(rest) * (q / (1 - rest))));
}

static void plain_enter(Plain *plain, bool is_bad)
{
    plain->is_bad = is_bad;
    plain->stay = 1 + plain_draw(is_bad ? plain->r : plain->p, &plain->changes);
    plain->passes = plain_draw(is_bad ? plain->bad : plain->good, &plain->losses);
}

static bool plain_judge(Plain *plain)
{
    if (plain->stay-- == 0) {
        plain_enter(plain, !plain->is_bad);
        plain->stay--;
    }
    if (plain->passes-- > 0)
        return false;
    plain->passes = plain_draw(plain->is_bad ? plain->bad : plain->good, &plain->losses);
    return true;
}

START_TEST(draws_come_in_the_order_that_is_documented)
{
    const unsigned n = 200000;
    Plain plain = { .p = 0.013, .r = 0.21, .good = 0.004, .bad = 0.6 };
    g_autofree uint8_t *is_lost = run(FIBER({ P, "1.3 %" }, { R, "21 %" }, { G, "0.4 %" }, { B, "60 %" }), n);

    dx_rng_init(&plain.losses, 1, 0, "model", "loss");
    dx_rng_init(&plain.changes, 1, 0, "model", "loss-state");
    plain_enter(&plain, false);
    for (unsigned i = 0; i < n; i++)
        ck_assert_msg(plain_judge(&plain) == is_lost[i], "frame %u", i);
}
END_TEST

/* -- on a fiber -------------------------------------------------------------------------------------- */

/* Frames that enter a dead fiber are not judged: the 40 that do are left out of the sequence, and the others
 * fare as if nothing had happened. */
START_TEST(frames_sent_into_a_failure_are_not_judged)
{
    const unsigned n = 10000, from = 3000, until = 3040;
    g_autofree uint8_t *without = run(FIBER({ "loss", "30 %" }), n);
    Rig *rig = FIBER({ "loss", "30 %" }, { "delay", "0 ps" });
    unsigned at = 0;

    for (unsigned i = 0; i < n; i++)
        rig_feed(rig, 0, i * 10 * DX_NS);
    rig_control(rig, from * 10 * DX_NS, (DxControl){ .op = DX_CONTROL_DOWN });
    rig_control(rig, until * 10 * DX_NS, (DxControl){ .op = DX_CONTROL_UP });
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_dropped(rig, "link_down"), until - from);
    for (unsigned i = 0; i < n - (until - from); i++)
        if (!without[i])
            ck_assert_uint_eq(rig_frame(rig, 0, at++)->seq, i < from ? i : i + until - from);
    ck_assert_uint_eq(at, rig_n(rig, 0));
    rig_free(rig);
}
END_TEST

/* What is lost is lost on entering: a cut while it would be under way does not count it again. Delay 3 us, 10
 * ns apart, cut at 5 us: frames 200 to 499 are on the fiber, or were lost. */
START_TEST(a_lost_frame_is_lost_once)
{
    g_autofree uint8_t *without = run(FIBER({ "loss", "30 %" }), 500);
    Rig *rig = FIBER({ "loss", "30 %" });

    for (unsigned i = 0; i < 500; i++)
        rig_feed(rig, 0, i * 10 * DX_NS);
    rig_control(rig, 5 * DX_US, (DxControl){ .op = DX_CONTROL_DOWN_SILENT });
    rig_run(rig, DX_S);
    ck_assert_uint_eq(rig_dropped(rig, "lost"), sum(without, 500));
    ck_assert_uint_eq(rig_dropped(rig, "link_down"), 300 - sum(without + 200, 300));
    rig_free(rig);
}
END_TEST

static Rig *build(uint64_t seed)
{
    static const Setting settings[][4] = {
        { { "loss", "1 %" } },
        { { "loss", "70 %" } },
        { { P, "2 %" }, { R, "30 %" } },
        { { P, "20 %" }, { R, "50 %" }, { G, "10 %" }, { B, "80 %" } },
    };
    static const DxControlOp ops[] = { DX_CONTROL_DOWN, DX_CONTROL_UP };
    Rig *rig = fiber(settings[seed % 4], 4);
    uint64_t random = seed;
    DxTime t = 0;

    for (unsigned i = 0; i < 3000; i++) {
        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        rig_feed(rig, 0, t);
        if (i % 500 == 499)
            rig_control(rig, t, (DxControl){ .op = ops[i / 500 % 2] });
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 8; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("loss", 60, mean_loss_is_the_closed_form, gaps_of_independent_loss_are_geometric,
           bursts_and_the_stretches_between_are_geometric, what_is_certain_happens,
           rare_losses_are_as_rare_as_said, absurd_ratios_do_no_harm, contradictions_are_refused,
           draws_come_in_the_order_that_is_documented, frames_sent_into_a_failure_are_not_judged,
           a_lost_frame_is_lost_once, bursts_and_windows_change_nothing)
