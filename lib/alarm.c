/*
 * alarm - see alarm-priv.h
 *
 * Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data": its two tables are
 * test/lib/test_alarm.c. Where enough points are there, the latest N of them count, wherever the gaps are.
 * Where they are not, all that are there count, and the rest is made up for as the alarm says.
 */
#include "alarm-priv.h"

#include <glib.h>

const char *const dx__alarm_states[] = { "INSUFFICIENT_DATA", "OK", "ALARM", NULL };
const char *const dx__alarm_missing[] = { "missing", "ignore", "breaching", "notBreaching", NULL };

static DxAlarmState verdict(bool is_breached)
{
    return is_breached ? DX_ALARM_ALARM : DX_ALARM_OK;
}

/* Points that are there, up to @most of the latest; how many of them are breaching. */
static unsigned count(const DxAlarmPoint *recent, unsigned range, unsigned most, unsigned *breaching)
{
    unsigned there = 0;

    *breaching = 0;
    for (unsigned i = range; i-- && there < most;) {
        there += recent[i] != DX_ALARM_POINT_MISSING;
        *breaching += recent[i] == DX_ALARM_POINT_BREACHING;
    }
    return there;
}

/* "Premature": too few points, but the oldest is old enough for all to have come, had they been sent. */
static bool is_old_enough(const DxAlarmPoint *recent, unsigned range, unsigned m)
{
    for (unsigned i = 0; i < range; i++)
        if (recent[i] == DX_ALARM_POINT_BREACHING)
            return range - i >= m;
    return false;
}

/* Too few points, all of them breaching, or some good. */
static DxAlarmState judge_few(const DxAlarmPoint *recent, unsigned range, unsigned m, bool has_good,
                              DxMissing missing, DxAlarmState now)
{
    if (has_good)
        return DX_ALARM_OK;
    if (missing == DX_MISSING_IGNORE)
        return now;
    return verdict(is_old_enough(recent, range, m));
}

DxAlarmState dx__alarm_evaluate(const DxAlarmPoint *recent, unsigned m, unsigned n, DxMissing missing,
                                DxAlarmState now)
{
    const unsigned range = n + DX_ALARM_BEYOND;
    unsigned breaching, there = count(recent, range, n, &breaching);

    if (there == n || breaching >= m)
        return verdict(breaching >= m);
    switch (missing) {
    case DX_MISSING_BREACHING:
        return verdict(breaching + n - there >= m);
    case DX_MISSING_NOT_BREACHING:
        return DX_ALARM_OK;
    case DX_MISSING_IGNORE:
        if (!there)
            return now;
        break;
    case DX_MISSING_MISSING:
        if (!there)
            return DX_ALARM_INSUFFICIENT_DATA;
        break;
    }
    return judge_few(recent, range, m, breaching < there, missing, now);
}
