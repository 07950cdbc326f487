/*
 * outage: for how long flows were not delivered
 */
#include "../../lib/outage-priv.h"
#include "../suite.h"

/* A group that sends from 100 us to 900 us. */
static const DxGroupStats group = { .sent_frames = 9,
                                    .first_sent_ps = 100 * DX_US,
                                    .last_sent_ps = 900 * DX_US };

static void expect(const DxFlowGap *gap, DxTime outage_us, DxTime from_us, DxTime until_us)
{
    const DxOutage outage = dx__outage_of(&group, gap);

    ck_assert_int_eq(outage.outage_ps, outage_us * DX_US);
    ck_assert_int_eq(outage.from_ps, from_us * DX_US);
    ck_assert_int_eq(outage.until_ps, until_us * DX_US);
}

/* The longest counts, wherever it is. Before the first delivery the way itself is none: births are compared.
 */
START_TEST(it_may_be_at_the_beginning_in_between_or_at_the_end)
{
    DxFlowGap gap = { .frames = 3,
                      .first_birth_ps = 250 * DX_US,
                      .first_ps = 280 * DX_US,
                      .gap_ps = 120 * DX_US,
                      .gap_from_ps = 300 * DX_US,
                      .last_ps = 895 * DX_US };

    expect(&gap, 150, 100, 280);
    gap.first_birth_ps = 200 * DX_US;
    expect(&gap, 120, 300, 420);
    gap.last_ps = 700 * DX_US;
    expect(&gap, 200, 700, 900);
    gap.last_ps = 905 * DX_US; /* on its way when the last one was born */
    expect(&gap, 120, 300, 420);
}
END_TEST

START_TEST(nothing_delivered_is_an_outage_of_all_the_time)
{
    expect(&(DxFlowGap){ .frames = 0 }, 800, 100, 900);
}
END_TEST

START_TEST(nothing_sent_is_none)
{
    const DxGroupStats silent = { .sent_frames = 0 };

    ck_assert_int_eq(dx__outage_of(&silent, &(DxFlowGap){ .frames = 0 }).outage_ps, 0);
}
END_TEST

/* 100, 300 and 800 us: the mean is 400, the median the second, the longest is the last flow's. */
START_TEST(flows_of_a_group_differ)
{
    const DxFlowGap gap[3] = {
        { .frames = 9,
          .first_birth_ps = 100 * DX_US,
          .first_ps = 101 * DX_US,
          .gap_ps = 100 * DX_US,
          .gap_from_ps = 101 * DX_US,
          .last_ps = 901 * DX_US },
        { .frames = 7,
          .first_birth_ps = 100 * DX_US,
          .first_ps = 101 * DX_US,
          .gap_ps = 300 * DX_US,
          .gap_from_ps = 201 * DX_US,
          .last_ps = 901 * DX_US },
        { .frames = 0 },
    };
    const DxOutages outages = dx__outages_of(&group, gap, 3);

    ck_assert_uint_eq(outages.min, 100 * DX_US);
    ck_assert_uint_eq(outages.mean, 400 * DX_US);
    ck_assert_uint_ge(outages.p50, 300 * DX_US);
    ck_assert_uint_le(outages.p50, 303 * DX_US); /* a percentile is at most 1/128 above */
    ck_assert_uint_eq(outages.p90, 800 * DX_US);
    ck_assert_uint_eq(outages.max, 800 * DX_US);
    ck_assert_uint_eq(outages.from, 100 * DX_US);
    ck_assert_uint_eq(outages.until, 900 * DX_US);
}
END_TEST

SUITE_MAIN("outage", 30, it_may_be_at_the_beginning_in_between_or_at_the_end,
           nothing_delivered_is_an_outage_of_all_the_time, nothing_sent_is_none, flows_of_a_group_differ)
