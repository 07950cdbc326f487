/*
 * test_alarm - M of N, and what is missing
 *
 * Rows are those of the Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data":
 * 0 is a good point, X a breaching one, - a missing one, the latest on the right.
 */
#include <check.h>
#include <glib.h>
#include <string.h>
#include "../../lib/alarm-priv.h"
#include "../suite.h"

static DxAlarmState evaluate(const char *points, unsigned m, unsigned n, DxMissing missing, DxAlarmState now)
{
    DxAlarmPoint recent[DX_ALARM_HISTORY];

    ck_assert_uint_eq(strlen(points), n + DX_ALARM_BEYOND);
    for (unsigned i = 0; points[i]; i++)
        recent[i] = points[i] == 'X'   ? DX_ALARM_POINT_BREACHING
                    : points[i] == '0' ? DX_ALARM_POINT_GOOD
                                       : DX_ALARM_POINT_MISSING;
    return dx__alarm_evaluate(recent, m, n, missing, now);
}

/* I: INSUFFICIENT_DATA, O: OK, A: ALARM, R: as it is. */
typedef struct {
    const char *points;
    unsigned m;
    char result[5]; /* missing, ignore, breaching, notBreaching */
} Row;

static void assert_rows(const Row *rows, size_t n_rows, unsigned n)
{
    static const DxAlarmState states[] = { DX_ALARM_INSUFFICIENT_DATA, DX_ALARM_OK, DX_ALARM_ALARM };

    for (size_t i = 0; i < n_rows; i++)
        for (unsigned missing = 0; missing < 4; missing++)
            for (unsigned k = 0; k < G_N_ELEMENTS(states); k++) {
                const char want = rows[i].result[missing];
                const DxAlarmState got =
                    evaluate(rows[i].points, rows[i].m, n, (DxMissing)missing, states[k]);

                ck_assert_msg(got == (want == 'I'   ? DX_ALARM_INSUFFICIENT_DATA
                                      : want == 'O' ? DX_ALARM_OK
                                      : want == 'A' ? DX_ALARM_ALARM
                                                    : states[k]),
                              "%s, %u of %u, %s: %s", rows[i].points, rows[i].m, n,
                              dx__alarm_missing[missing], dx__alarm_states[got]);
            }
}

START_TEST(the_table_of_three_of_three)
{
    static const Row rows[] = { { "0-X-X", 3, "OOOO" },
                                { "0----", 3, "OOOO" },
                                { "-----", 3, "IRAO" },
                                { "0XX-X", 3, "AAAA" },
                                { "--X--", 3, "ARAO" } };

    assert_rows(rows, G_N_ELEMENTS(rows), 3);
}
END_TEST

START_TEST(the_table_of_two_of_three)
{
    static const Row rows[] = { { "0-X-X", 2, "AAAA" },
                                { "00X0X", 2, "AAAA" },
                                { "0-X--", 2, "OOAO" },
                                { "----0", 2, "OOAO" },
                                { "---X-", 2, "ARAO" } };

    assert_rows(rows, G_N_ELEMENTS(rows), 3);
}
END_TEST

/* "the alarm does not go immediately into ALARM state when the data is either - - - - X or - - - X -" */
START_TEST(one_point_is_not_three)
{
    for (unsigned k = 0; k < 2; k++) {
        const char *const points[] = { "----X", "---X-" };

        ck_assert_int_ne(evaluate(points[k], 3, 3, DX_MISSING_MISSING, DX_ALARM_OK), DX_ALARM_ALARM);
        ck_assert_int_eq(evaluate(points[k], 3, 3, DX_MISSING_IGNORE, DX_ALARM_OK), DX_ALARM_OK);
    }
}
END_TEST

/* Without gaps: M of the last N, in all patterns of N = 1 to 5. What is older does not count. */
START_TEST(without_gaps_m_of_the_last_n_count)
{
    for (unsigned n = 1; n <= 5; n++)
        for (unsigned pattern = 0; pattern < 1u << (n + 2); pattern++)
            for (unsigned m = 1; m <= n; m++) {
                char points[8] = "";
                unsigned breaching = 0;

                for (unsigned i = 0; i < n + 2; i++) {
                    points[i] = pattern >> i & 1 ? 'X' : '0';
                    breaching += i >= 2 && points[i] == 'X';
                }
                for (unsigned missing = 0; missing < 4; missing++)
                    ck_assert_int_eq(evaluate(points, m, n, (DxMissing)missing, DX_ALARM_INSUFFICIENT_DATA),
                                     breaching >= m ? DX_ALARM_ALARM : DX_ALARM_OK);
            }
}
END_TEST

/* The first point of an alarm that looks at one. */
START_TEST(an_alarm_of_one_point_needs_no_past)
{
    ck_assert_int_eq(evaluate("--X", 1, 1, DX_MISSING_MISSING, DX_ALARM_INSUFFICIENT_DATA), DX_ALARM_ALARM);
    ck_assert_int_eq(evaluate("--0", 1, 1, DX_MISSING_MISSING, DX_ALARM_INSUFFICIENT_DATA), DX_ALARM_OK);
    ck_assert_int_eq(evaluate("X0-", 1, 1, DX_MISSING_BREACHING, DX_ALARM_OK), DX_ALARM_OK);
    ck_assert_int_eq(evaluate("---", 1, 1, DX_MISSING_BREACHING, DX_ALARM_OK), DX_ALARM_ALARM);
}
END_TEST

SUITE_MAIN("alarm", 30, the_table_of_three_of_three, the_table_of_two_of_three, one_point_is_not_three,
           without_gaps_m_of_the_last_n_count, an_alarm_of_one_point_needs_no_past)
