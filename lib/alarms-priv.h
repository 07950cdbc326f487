/*
 * alarms-priv.h - alarms of a scenario, as data; and those of a run
 */
#ifndef DX_ALARMS_PRIV_H
#define DX_ALARMS_PRIV_H

#include "alarm-priv.h"
#include "monitor-priv.h"

typedef enum { DX_ACT_LOG, DX_ACT_PAGE, DX_ACT_AUTO_SCALE, DX_ACT_SHIFT, DX_ACT_RETURN } DxScAct;

typedef struct {
    DxScAct what;
    const DxJson *json;
    char *who;                     /* page */
    uint32_t link;                 /* auto_scale */
    uint32_t trunk, to;            /* shift, return; to DX_NONE: each flow to its backup */
    int64_t add_bps, maximum_bps;  /* maximum 0: once */
    DxTime after_ps, cool_down_ps; /* simulated */
} DxScAction;

typedef enum { DX_STAT_AVERAGE, DX_STAT_SUM, DX_STAT_MINIMUM, DX_STAT_MAXIMUM, DX_STAT_COUNT } DxScStatistic;

typedef struct {
    char *name;
    const DxJson *json;
    DxProbeOf of;
    bool has_from;
    int op, statistic; /* of dx__alarm_ops, dx__alarm_statistics */
    double threshold;  /* in the metric's unit */
    char *threshold_text;
    DxTime period_ps; /* of the cloud's clock */
    unsigned m, n;
    DxMissing missing;
    GArray *actions[2]; /* DxScAction: on ALARM, on OK */
} DxScAlarm;

/* More than that no port has. */
#define DX_ALARM_RATE_MAX_BPS UINT64_C(100000000000000)

/* Words of a file, NULL-terminated. */
extern const char *const dx__alarm_profiles[], *const dx__alarm_statistics[], *const dx__alarm_ops[],
                                                                                  *const dx__alarm_dos[];

GArray *dx__alarms_new(void);

/* Does the file send a flow from @node over this trunk? What BGP decides is not for alarms to change. */
bool dx__flow_takes(const DxScenario *scenario, uint32_t flow, uint32_t node, uint32_t trunk);
bool dx__trunks_are_parallel(const DxScenario *scenario, uint32_t a, uint32_t b);

/* alarms.c: those of a run. */
typedef struct DxAlarms DxAlarms;

/* What they do to the network. */
typedef struct {
    uint64_t (*rate_bps)(void *data, uint32_t link);
    void (*set_rate)(void *data, uint32_t link, uint64_t rate_bps);
    /* How many flows move. */
    uint64_t (*shift)(void *data, uint32_t trunk, uint32_t to);
    uint64_t (*put_back)(void *data, uint32_t trunk);
    void (*log)(void *data, const char *object, const char *event, const char *detail);
    /* Do an action's part that is due later: dx__alarms_act(). */
    void (*later)(void *data, DxTime at_ps, uint32_t order);
} DxAlarmWorld;

DxAlarms *dx__alarms_start(const DxScenario *scenario, DxMonitor *monitor, const DxAlarmWorld *world,
                           void *data);
void dx__alarms_free(DxAlarms *alarms);
/* A sample has been taken: periods that end are judged. */
void dx__alarms_sample(DxAlarms *alarms, DxTime now_ps);
/* Something ordered earlier is there. */
void dx__alarms_act(DxAlarms *alarms, uint32_t order, DxTime now_ps);
/* Rows of kind "alarm", once results are closed. @first_loss_ps: DX_TIME_NEVER, nothing was lost. */
void dx__alarms_report(const DxAlarms *alarms, DxResults *results, DxTime first_loss_ps);

#endif
