/*
 * alarm-priv.h - when an alarm goes off: M of the last N points, some of which may be missing
 */
#ifndef DX_ALARM_PRIV_H
#define DX_ALARM_PRIV_H

#include <stdbool.h>

typedef enum { DX_ALARM_INSUFFICIENT_DATA, DX_ALARM_OK, DX_ALARM_ALARM } DxAlarmState;

extern const char *const dx__alarm_states[];

/* How missing points are treated, in the order of the words. */
typedef enum {
    DX_MISSING_MISSING,
    DX_MISSING_IGNORE,
    DX_MISSING_BREACHING,
    DX_MISSING_NOT_BREACHING
} DxMissing;

extern const char *const dx__alarm_missing[];

typedef enum { DX_ALARM_POINT_MISSING, DX_ALARM_POINT_GOOD, DX_ALARM_POINT_BREACHING } DxAlarmPoint;

/* Points beyond the N that are looked at where some of these are missing. CloudWatch's examples have two; the
 * number is not documented otherwise. */
#define DX_ALARM_BEYOND  2
#define DX_ALARM_N_MAX   100
#define DX_ALARM_HISTORY (DX_ALARM_N_MAX + DX_ALARM_BEYOND)

/* @recent: the last @n + DX_ALARM_BEYOND points, the oldest first; @m of @n breaching make an alarm. */
DxAlarmState dx__alarm_evaluate(const DxAlarmPoint *recent, unsigned m, unsigned n, DxMissing missing,
                                DxAlarmState now);

#endif
