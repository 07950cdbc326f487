/*
 * load-alarms-priv.h - what the readers of alarms share
 */
#ifndef DX_LOAD_ALARMS_PRIV_H
#define DX_LOAD_ALARMS_PRIV_H

#include "alarms-priv.h"
#include "load-priv.h"

/* Which of the words, NULL-terminated; @fallback: none, which somebody else has told, or no word at all. */
int dx__load_choice(const char *const *words, const char *word, int fallback);

/* load-alarm-metric.c: metric and what it is of; threshold or margin, once that is known. */
void dx__load_alarm_what(DxLoader *loader, DxJson *json, DxScAlarm *alarm);
void dx__load_alarm_bound(DxLoader *loader, DxJson *json, DxScAlarm *alarm);

#endif
