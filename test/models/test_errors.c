/*
 * test_errors - frames are hit as often as their bits, or the codewords that carry them, fail
 *
 * Random streams are fixed: a statistical test passes or fails for ever. An interval that holds 99.9 % of a
 * normal distribution is 3.2905 deviations wide on either side.
 */
#include <math.h>
#include <string.h>
#include "../rig.h"
#include "../suite.h"
#include "optics/errors.h"

#define DEVIATIONS 3.2905

/* -- a model that has nothing but errors --------------------------------------------------------------- */

typedef struct {
    double probability;
    int64_t width;
} LineConf;

static const DxParam line_params[] = {
    DX_PARAM_F64(LineConf, probability, "0", "0", "1", "Of a unit."),
    DX_PARAM_INT(LineConf, width, "1", "1", NULL, "Bits of a unit."),
    DX_PARAM_END,
};

static const char *const line_drops[] = { "errors", NULL };

static bool line_init(DxNode *node, GError **error)
{
    const LineConf *conf = dx_node_conf(node);

    (void)error;
    dx_node_set_delay(node, 0, DX_US);
    dx__errors_init(dx_node_state(node), node, OCTETS_FRAME,
                    &(DxResidual){ conf->probability, (uint32_t)conf->width });
    return true;
}

static void line_process(DxNode *node, DxBurst *burst)
{
    dx__errors_apply(dx_node_state(node), node, 0, burst);
    for (unsigned i = 0; i < burst->n; i++)
        burst->frame[i].t_ps += DX_US;
    dx_node_emit(node, 0, burst);
}

/* value: 10^-9 of the new probability */
static void line_control(DxNode *node, const DxControl *control)
{
    const LineConf *conf = dx_node_conf(node);

    if (control->op == DX_CONTROL_RATE)
        dx__errors_set(dx_node_state(node),
                       &(DxResidual){ (double)control->value / 1e9, (uint32_t)conf->width });
}

static const DxModel line = {
    .name = "line",
    .summary = "Errors",
    .conf_size = sizeof(LineConf),
    .state_size = sizeof(DxErrors),
    .params = line_params,
    .drops = line_drops,
    .init = line_init,
    .process = line_process,
    .control = line_control,
};

/* The struct alone. @seed: of its stream. */
static void errors_start(DxErrors *errors, double probability, uint32_t width, uint64_t seed)
{
    Rig *rig = rig_new(&line, 1, 1, 1);

    dx__errors_init(errors, rig->node, OCTETS_FRAME, &(DxResidual){ 0, width });
    dx_rng_init(&errors->rng, seed, 0, "line", "errors");
    dx__errors_set(errors, &(DxResidual){ probability, width });
    rig_free(rig);
}

/* A frame of @octets from destination address to FCS. */
static DxFrame frame_of(uint32_t octets)
{
    return (DxFrame){ .size_bytes = (uint16_t)(octets - 18) };
}

static unsigned hits(DxErrors *errors, uint32_t octets, unsigned n)
{
    const DxFrame frame = frame_of(octets);
    unsigned hit = 0;

    for (unsigned i = 0; i < n; i++)
        hit += dx__errors_take(errors, &frame);
    return hit;
}

/* -- how often ----------------------------------------------------------------------------------------- */

static void assert_share(unsigned hit, unsigned n, double fer, double clusters, const char *what,
                         uint32_t octets)
{
    const double sigma = sqrt(n * fer * (1 - fer) * clusters);

    ck_assert_msg(fabs(hit - n * fer) <= DEVIATIONS * sigma, "%s, %u octets: %u lost, expected %g +- %g",
                  what, octets, hit, n * fer, DEVIATIONS * sigma);
}

START_TEST(frames_of_any_size_are_lost_as_their_bits_are)
{
    static const uint32_t octets[] = { 64, 512, 1518, 9023 };
    static const double ratios[] = { 1e-7, 1e-6, 1e-5, 1e-4, 1e-3 };

    for (unsigned i = 0; i < G_N_ELEMENTS(octets); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(ratios); k++) {
            const unsigned n = 2000000;
            DxErrors errors;

            errors_start(&errors, ratios[k], 1, i * 10 + k);
            assert_share(hits(&errors, octets[i], n), n, 1 - pow(1 - ratios[k], 8 * octets[i]), 1, "alone",
                         octets[i]);
        }
}
END_TEST

/* Sizes mixed at random on one stream: each is lost by its own law. */
START_TEST(each_size_of_a_mix_keeps_its_law)
{
    static const uint32_t octets[] = { 64, 594, 1518, 9023 };
    const double ratio = 2e-6;
    unsigned sent[4] = { 0 }, hit[4] = { 0 };
    uint64_t random = 5;
    DxErrors errors;

    errors_start(&errors, ratio, 1, 77);
    for (unsigned i = 0; i < 8000000; i++) {
        const unsigned size = dx_splitmix64(&random) % 4;
        const DxFrame frame = frame_of(octets[size]);

        sent[size]++;
        hit[size] += dx__errors_take(&errors, &frame);
    }
    for (unsigned i = 0; i < 4; i++)
        assert_share(hit[i], sent[i], 1 - pow(1 - ratio, 8 * octets[i]), 1, "mixed", octets[i]);
}
END_TEST

/* Neighbours share codewords, so losses come in clusters: a codeword of w bits takes at most w / (bits from
 * frame to frame) + 2 of them, which widens the variance by no more than that. */
START_TEST(codewords_take_the_frames_they_overlap)
{
    static const uint32_t octets[] = { 64, 512, 640, 1518, 9023 };
    static const double failures[] = { 1e-4, 1e-3, 1e-2, 0.3 };

    for (unsigned i = 0; i < G_N_ELEMENTS(octets); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(failures); k++) {
            const DxResidual residual = { failures[k], DX_CODEWORD_BITS };
            const unsigned n = 1000000;
            DxErrors errors;

            errors_start(&errors, failures[k], DX_CODEWORD_BITS, i * 10 + k);
            assert_share(hits(&errors, octets[i], n), n, dx__residual_fer(&residual, octets[i]),
                         DX_CODEWORD_BITS / (8.0 * (octets[i] + 20)) + 2, "codewords", octets[i]);
        }
}
END_TEST

/* Frames of 620 octets and their 20 are one codeword long: each overlaps one or two, by where the stream
 * began, and all of them the same. Over many beginnings that is the mean over all places. */
START_TEST(the_first_frame_begins_anywhere_in_a_codeword)
{
    const DxResidual residual = { 0.2, DX_CODEWORD_BITS };
    const unsigned n = 20000;
    unsigned hit = 0;

    for (unsigned i = 0; i < n; i++) {
        DxErrors errors;

        errors_start(&errors, residual.probability, residual.width_bits, i);
        hit += hits(&errors, 620, 1);
    }
    assert_share(hit, n, dx__residual_fer(&residual, 620), 1, "first", 620);
}
END_TEST

/* Good frames between losses: geometric. Chi-square with 19 degrees of freedom exceeds 43.8 in 0.1 %. */
START_TEST(losses_have_no_memory)
{
    const double ratio = 1e-4, fer = 1 - pow(1 - ratio, 8 * 250);
    unsigned cell[20] = { 0 }, gap = 0, total = 0;
    const DxFrame frame = frame_of(250);
    double chi = 0, left = 1;
    DxErrors errors;

    errors_start(&errors, ratio, 1, 3);
    for (unsigned i = 0; i < 2000000; i++, gap++)
        if (dx__errors_take(&errors, &frame)) {
            cell[MIN(gap, 19)]++;
            total++;
            gap = (unsigned)-1;
        }
    for (unsigned k = 0; k < 20; k++) {
        const double expected = total * (k < 19 ? left * fer : left);

        chi += (cell[k] - expected) * (cell[k] - expected) / expected;
        left *= 1 - fer;
    }
    ck_assert_msg(chi < 43.8, "%g", chi);
}
END_TEST

/* -- the exact process --------------------------------------------------------------------------------- */

/* As docs/models/optics.md has it, unit by unit. */
typedef struct {
    DxRng rng;
    DxGeometric good;
    int64_t width, at;  /* where the next unit begins, from the first bit of the next frame's lead */
    uint64_t to_go;     /* good units before one that fails */
    bool is_on, is_bad; /* the unit before that one failed, and has not ended */
} Plain;

static void plain_draw(Plain *plain)
{
    plain->to_go = dx__geometric_draw(&plain->good, &plain->rng);
}

static void plain_set(Plain *plain, double probability)
{
    const bool goes_on = plain->is_on;

    plain->good = dx__geometric(probability);
    plain->is_on = probability > 0;
    if (!plain->is_on)
        return;
    if (!goes_on) {
        plain->at = plain->width == 1 ? 0 : -(int64_t)dx_rng_below(&plain->rng, (uint64_t)plain->width);
        plain->is_bad = false;
    }
    if (!plain->is_bad)
        plain_draw(plain);
}

static bool plain_judge(Plain *plain, uint32_t octets)
{
    const int64_t lead = plain->width == 1 ? 0 : 64, end = lead + 8 * (int64_t)octets;
    const int64_t bits = end + (plain->width == 1 ? 0 : 96);
    int64_t ignored = 0; /* units that end by then are not judged */
    bool is_hit = false;

    while (plain->is_on) {
        if (plain->is_bad) {
            is_hit |= plain->at > lead && plain->at - plain->width < end;
            if (plain->at > bits)
                break;
            plain->is_bad = false;
            ignored = plain->at <= lead ? lead : bits;
            plain_draw(plain);
        }
        if (plain->at >= bits)
            break;
        plain->at += plain->width;
        if (plain->at > ignored)
            plain->is_bad = !plain->to_go--;
    }
    plain->at -= plain->is_on ? bits : 0;
    return is_hit;
}

static void assert_as_documented(uint32_t width, double probability, bool changes)
{
    Plain plain = { .width = width };
    uint64_t random = width + changes;
    DxErrors errors;
    unsigned hit = 0;

    dx_rng_init(&plain.rng, 9, 0, "line", "errors");
    errors_start(&errors, probability, width, 9);
    plain_set(&plain, probability);
    for (unsigned i = 0; i < 3000; i++) {
        const uint32_t octets = 64 + (uint32_t)(dx_splitmix64(&random) % 1455);
        const DxFrame frame = frame_of(octets);
        const bool is_hit = errors.good.success > 0 && dx__errors_take(&errors, &frame);

        ck_assert_msg(is_hit == plain_judge(&plain, octets), "%u bits, %g: frame %u", width, probability, i);
        hit += is_hit;
        if (changes && i % 100 == 99) {
            const double next = i % 300 == 299 ? 0 : probability / (double)(1 + i / 100);

            dx__errors_set(&errors, &(DxResidual){ next, width });
            plain_set(&plain, next);
        }
    }
    ck_assert_uint_gt(hit, 0);
}

/* Units shorter than a preamble, about as long as a frame, and longer than the longest. */
START_TEST(draws_come_in_the_order_that_is_documented)
{
    static const uint32_t widths[] = { 1, 2, 7, 63, 500, 5120, 20000 };

    for (unsigned i = 0; i < G_N_ELEMENTS(widths); i++)
        for (double per_frame = 0.01; per_frame < 2; per_frame *= 3) {
            const double probability = MIN(per_frame * widths[i] / 6400, 0.999);

            assert_as_documented(widths[i], probability, false);
            assert_as_documented(widths[i], probability, true);
        }
}
END_TEST

/* -- limits -------------------------------------------------------------------------------------------- */

START_TEST(without_errors_nothing_is_drawn)
{
    Rig *rig = rig_new(&line, 1, 1, 1);
    DxErrors before;

    for (unsigned i = 0; i < 1000; i++)
        rig_feed(rig, 0, i * DX_US);
    ck_assert(dx_sim_prepare(rig->sim, NULL));
    memcpy(&before, dx_node_state(rig->node), sizeof before);
    rig_run(rig, DX_S);
    ck_assert_mem_eq(&before, dx_node_state(rig->node), sizeof before);
    ck_assert_uint_eq(rig_n(rig, 0), 1000);
    rig_free(rig);
}
END_TEST

START_TEST(what_is_certain_happens)
{
    static const uint32_t widths[] = { 1, 10, 5120, 1000000 };

    for (unsigned i = 0; i < G_N_ELEMENTS(widths); i++) {
        DxErrors errors;

        errors_start(&errors, 1, widths[i], 1);
        ck_assert_uint_eq(hits(&errors, 64, 1000), 1000);
    }
}
END_TEST

/* Bits before an error have mean (1 - p) / p, down to what hardly ever happens. */
START_TEST(rare_errors_are_as_rare_as_said)
{
    static const double ratios[] = { 1e-9, 1e-12, 1e-15 };

    for (unsigned i = 0; i < G_N_ELEMENTS(ratios); i++) {
        const unsigned n = 20000;
        double bits = 0;
        DxErrors errors;

        errors_start(&errors, ratios[i], 1, i);
        for (unsigned k = 0; k < n; k++) {
            const DxFrame frame = frame_of(64);

            bits += (double)errors.clear_bits;
            errors.clear_bits = 0;
            ck_assert(dx__errors_take(&errors, &frame));
        }
        ck_assert_msg(fabs(bits / n * ratios[i] - 1) < DEVIATIONS / sqrt(n), "%g: %g", ratios[i], bits / n);
    }
}
END_TEST

START_TEST(absurd_ratios_do_no_harm)
{
    static const double ratios[] = { 5e-324, 1e-300, 1e-18 };

    for (unsigned i = 0; i < G_N_ELEMENTS(ratios); i++) {
        DxErrors errors;

        errors_start(&errors, ratios[i], DX_CODEWORD_BITS, 1);
        ck_assert(errors.clear_bits > INT64_C(1) << 60);
        ck_assert_uint_eq(hits(&errors, 9023, 100), 0);
    }
}
END_TEST

/* -- in a run ------------------------------------------------------------------------------------------ */

/* From 10^-6 to 10^-4 in the middle: each half by its own law. */
START_TEST(a_ratio_that_changes_holds_from_then_on)
{
    const unsigned half = 100000;
    Rig *rig = rig_new(&line, 1, 1, 1);
    unsigned passed[2] = { 0 };

    rig_set(rig, "probability", "1e-6");
    for (unsigned i = 0; i < 2 * half; i++)
        rig_feed(rig, 0, i * 10 * DX_NS);
    rig_control(rig, half * 10 * DX_NS, (DxControl){ .op = DX_CONTROL_RATE, .value = 100000 });
    rig_run(rig, DX_S);
    for (unsigned i = 0; i < rig_n(rig, 0); i++)
        passed[rig_frame(rig, 0, i)->seq >= half]++;
    assert_share(half - passed[0], half, 1 - pow(1 - 1e-6, 8 * 1518), 1, "before", 1518);
    assert_share(half - passed[1], half, 1 - pow(1 - 1e-4, 8 * 1518), 1, "after", 1518);
    ck_assert_uint_eq(rig_dropped(rig, "errors") + passed[0] + passed[1], 2 * half);
    rig_free(rig);
}
END_TEST

static Rig *build(uint64_t seed)
{
    static const char *const settings[][2] = {
        { "1e-5", "1" }, { "1e-3", "1" }, { "0.02", "5120" }, { "0.5", "300" }
    };
    Rig *rig = rig_new(&line, 1, 1, 1);
    uint64_t random = seed;
    DxTime t = 0;

    rig_set(rig, "probability", settings[seed % 4][0]);
    rig_set(rig, "width", settings[seed % 4][1]);
    for (unsigned i = 0; i < 3000; i++) {
        t += (DxTime)(dx_splitmix64(&random) % 4 * 250 * DX_NS);
        rig_feed(rig, 0, t)->size_bytes = (uint16_t)(40 + dx_splitmix64(&random) % 8961);
        if (i % 500 == 499)
            rig_control(rig, t,
                        (DxControl){ .op = DX_CONTROL_RATE, .value = i % 1000 == 999 ? 0 : 10000 * i });
    }
    return rig;
}

START_TEST(bursts_and_windows_change_nothing)
{
    for (uint64_t seed = 0; seed < 8; seed++)
        rig_check_invariance(build, seed, DX_S);
}
END_TEST

SUITE_MAIN("errors", 60, frames_of_any_size_are_lost_as_their_bits_are, each_size_of_a_mix_keeps_its_law,
           codewords_take_the_frames_they_overlap, the_first_frame_begins_anywhere_in_a_codeword,
           losses_have_no_memory, draws_come_in_the_order_that_is_documented, without_errors_nothing_is_drawn,
           what_is_certain_happens, rare_errors_are_as_rare_as_said, absurd_ratios_do_no_harm,
           a_ratio_that_changes_holds_from_then_on, bursts_and_windows_change_nothing)
