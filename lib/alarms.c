/*
 * alarms - the alarms of a run: points of their metrics, states, and what is done about them
 *
 *   sample -> ... -> point, one a period -> M of N -> OK, ALARM, INSUFFICIENT_DATA -> actions, now or later
 *
 * Alarms know what the monitor has seen, and nothing else of the simulation. Actions are done when the state
 * changes; more capacity is ordered again while it stays ALARM.
 */
#include "alarms-priv.h"
#include "number-priv.h"
#include "results-priv.h"

#include <math.h>
#include <string.h>

/* Of an action: what has been ordered. */
typedef struct {
    uint64_t on_order_bps;
    DxTime next_ps; /* no sooner than that again; DX_TIME_NEVER: not at all */
} Standing;

typedef struct {
    const DxScAlarm *conf;
    guint probe;
    DxTime period_ps; /* simulated */
    uint64_t n_samples;
    double sum, min, max;                  /* of the samples of this period */
    DxAlarmPoint recent[DX_ALARM_HISTORY]; /* the first n + DX_ALARM_BEYOND of them; the latest last */
    DxAlarmState state;
    uint64_t n_fired;
    DxTime fired_at_ps;
    Standing *standing[2];
} Alarm;

typedef struct {
    guint alarm, list, action;
} Order;

struct DxAlarms {
    const DxScenario *scenario;
    const DxMonitor *monitor;
    DxAlarmWorld world;
    void *data;
    Alarm *alarm;
    guint n;
    GArray *orders; /* Order */
};

static void start_period(Alarm *alarm)
{
    alarm->n_samples = 0;
    alarm->sum = 0;
    alarm->min = INFINITY;
    alarm->max = -INFINITY;
}

DxAlarms *dx__alarms_start(const DxScenario *scenario, DxMonitor *monitor, const DxAlarmWorld *world,
                           void *data)
{
    DxAlarms *alarms = g_new0(DxAlarms, 1);

    *alarms = (DxAlarms){ .scenario = scenario,
                          .monitor = monitor,
                          .world = *world,
                          .data = data,
                          .n = scenario->alarms->len,
                          .alarm = g_new0(Alarm, scenario->alarms->len + 1),
                          .orders = g_array_new(FALSE, FALSE, sizeof(Order)) };
    for (guint i = 0; i < alarms->n; i++) {
        Alarm *alarm = &alarms->alarm[i];

        alarm->conf = DX_SC(scenario, alarms, DxScAlarm, i);
        alarm->probe = dx__monitor_probe(monitor, &alarm->conf->of);
        alarm->period_ps = dx__monitor_scaled(scenario, alarm->conf->period_ps);
        alarm->fired_at_ps = DX_TIME_NEVER;
        for (unsigned k = 0; k < 2; k++)
            alarm->standing[k] = g_new0(Standing, alarm->conf->actions[k]->len + 1);
        start_period(alarm);
    }
    return alarms;
}

void dx__alarms_free(DxAlarms *alarms)
{
    if (!alarms)
        return;
    for (guint i = 0; i < alarms->n; i++)
        for (unsigned k = 0; k < 2; k++)
            g_free(alarms->alarm[i].standing[k]);
    g_free(alarms->alarm);
    g_array_unref(alarms->orders);
    g_free(alarms);
}

/* -- actions ----------------------------------------------------------------------------------------- */

static const char *link_name(const DxAlarms *alarms, uint32_t link)
{
    return DX_SC(alarms->scenario, links, DxScLink, link)->name;
}

static const char *trunk_name(const DxAlarms *alarms, uint32_t trunk)
{
    return trunk == DX_NONE ? "their backups" : dx__scenario_trunk_name(alarms->scenario, trunk);
}

static void say(const DxAlarms *alarms, const char *object, const char *event, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void say(const DxAlarms *alarms, const char *object, const char *event, const char *format, ...)
{
    g_autofree char *detail = NULL;
    va_list args;

    va_start(args, format);
    detail = g_strdup_vprintf(format, args);
    va_end(args);
    alarms->world.log(alarms->data, object, event, detail);
}

/* How much more may be ordered. */
static uint64_t room(const DxAlarms *alarms, const DxScAction *action, const Standing *standing)
{
    const uint64_t there = alarms->world.rate_bps(alarms->data, action->link) + standing->on_order_bps;

    if (!action->maximum_bps)
        return (uint64_t)action->add_bps;
    return (uint64_t)action->maximum_bps > there
               ? MIN((uint64_t)action->add_bps, (uint64_t)action->maximum_bps - there)
               : 0;
}

/* Others may have added to the same link since it was ordered: the maximum holds for all of them together. */
static uint64_t enlarged(const DxAlarms *alarms, const DxScAction *action, uint64_t more_bps)
{
    const uint64_t there = alarms->world.rate_bps(alarms->data, action->link);
    const uint64_t most = action->maximum_bps ? (uint64_t)action->maximum_bps : DX_ALARM_RATE_MAX_BPS;

    return MAX(there, MIN(there + more_bps, most));
}

static void carry_out(DxAlarms *alarms, const Order *order, DxTime now_ps)
{
    Alarm *alarm = &alarms->alarm[order->alarm];
    const DxScAction *action = &g_array_index(alarm->conf->actions[order->list], DxScAction, order->action);
    Standing *standing = &alarm->standing[order->list][order->action];
    g_autofree char *rate = NULL;
    uint64_t rate_bps;

    switch (action->what) {
    case DX_ACT_AUTO_SCALE:
        rate_bps = enlarged(alarms, action, standing->on_order_bps);
        standing->on_order_bps = 0;
        standing->next_ps = action->maximum_bps ? now_ps + action->cool_down_ps : DX_TIME_NEVER;
        rate = dx_units_format(DX_UNIT_RATE, (int64_t)rate_bps);
        alarms->world.set_rate(alarms->data, action->link, rate_bps);
        say(alarms, link_name(alarms, action->link), "set", "rate %s, ordered by %s", rate,
            alarm->conf->name);
        break;
    case DX_ACT_SHIFT:
        say(alarms, trunk_name(alarms, action->trunk), "shift_traffic",
            "%" G_GUINT64_FORMAT " flows go to %s, by %s",
            alarms->world.shift(alarms->data, action->trunk, action->to), trunk_name(alarms, action->to),
            alarm->conf->name);
        break;
    case DX_ACT_RETURN:
        say(alarms, trunk_name(alarms, action->trunk), "return_traffic",
            "%" G_GUINT64_FORMAT " flows are back, by %s",
            alarms->world.put_back(alarms->data, action->trunk), alarm->conf->name);
        break;
    default:
        break;
    }
}

void dx__alarms_act(DxAlarms *alarms, uint32_t index, DxTime now_ps)
{
    const Order order = g_array_index(alarms->orders, Order, index);

    carry_out(alarms, &order, now_ps);
}

/* Now, or when it is due. */
static void put_in(DxAlarms *alarms, const Order *order, DxTime after_ps, DxTime now_ps)
{
    if (!after_ps) {
        carry_out(alarms, order, now_ps);
        return;
    }
    g_array_append_vals(alarms->orders, order, 1);
    alarms->world.later(alarms->data, now_ps + after_ps, alarms->orders->len - 1);
}

static void scale(DxAlarms *alarms, const Order *order, const DxScAction *action, Standing *standing,
                  DxTime now_ps)
{
    const uint64_t more_bps = room(alarms, action, standing);
    g_autofree char *more = dx_units_format(DX_UNIT_RATE, (int64_t)more_bps);
    g_autofree char *after = dx_units_format(DX_UNIT_TIME, action->after_ps);

    if (standing->on_order_bps || now_ps < standing->next_ps || !more_bps)
        return;
    standing->on_order_bps = more_bps;
    say(alarms, link_name(alarms, action->link), "auto_scale", "%s ordered by %s, there in %s", more,
        alarms->alarm[order->alarm].conf->name, after);
    put_in(alarms, order, action->after_ps, now_ps);
}

/* @is_news: the state has changed; else only capacity is ordered again. @why: of the change. */
static void act(DxAlarms *alarms, guint i, unsigned list, bool is_news, const char *why, DxTime now_ps)
{
    const Alarm *alarm = &alarms->alarm[i];

    for (guint a = 0; a < alarm->conf->actions[list]->len; a++) {
        const DxScAction *action = &g_array_index(alarm->conf->actions[list], DxScAction, a);
        const Order order = { i, list, a };

        if (action->what == DX_ACT_AUTO_SCALE)
            scale(alarms, &order, action, &alarm->standing[list][a], now_ps);
        else if (!is_news)
            continue;
        else if (action->what == DX_ACT_PAGE)
            say(alarms, alarm->conf->name, "page", "%s: %s", action->who, why);
        else if (action->what == DX_ACT_LOG)
            say(alarms, alarm->conf->name, "log", "%s", why);
        else
            put_in(alarms, &order, action->after_ps, now_ps);
    }
}

/* -- states ------------------------------------------------------------------------------------------ */

/* False: no data. */
static bool statistic(const Alarm *alarm, double *value)
{
    switch ((DxScStatistic)alarm->conf->statistic) {
    case DX_STAT_AVERAGE:
        *value = CLAMP(alarm->sum / (double)alarm->n_samples, alarm->min, alarm->max);
        break;
    case DX_STAT_SUM:
        *value = alarm->sum;
        break;
    case DX_STAT_MINIMUM:
        *value = alarm->min;
        break;
    case DX_STAT_MAXIMUM:
        *value = alarm->max;
        break;
    case DX_STAT_COUNT:
        *value = (double)alarm->n_samples;
        break;
    }
    return alarm->n_samples > 0;
}

static bool is_breaching(const DxScAlarm *conf, double value)
{
    const char *op = dx__alarm_ops[conf->op];

    if (value == conf->threshold)
        return op[1] == '=';
    return (op[0] == '<') == (value < conf->threshold);
}

/* "ALARM: Average ConnectionBpsIngress of dx1 is 8000712000 bits/s, > 80 %, 2 of 3 points" */
static char *reason(const DxAlarms *alarms, const Alarm *alarm, bool has_value, double value)
{
    const DxScAlarm *conf = alarm->conf;
    const uint32_t *end;
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (!has_value)
        return g_strdup_printf("%s: no data of %s", dx__alarm_states[alarm->state], conf->of.metric->name);
    return g_strdup_printf("%s: %s %s of %s is %s %s, threshold %s %s, %u of %u",
                           dx__alarm_states[alarm->state], dx__alarm_statistics[conf->statistic],
                           conf->of.metric->name,
                           dx__metric_object(alarms->scenario, conf->of.metric, conf->of.object, &end),
                           dx__real_text(value, number), conf->of.metric->unit, dx__alarm_ops[conf->op],
                           conf->threshold_text, conf->m, conf->n);
}

static void end_period(DxAlarms *alarms, guint i, DxTime now_ps)
{
    Alarm *alarm = &alarms->alarm[i];
    const DxScAlarm *conf = alarm->conf;
    const unsigned range = conf->n + DX_ALARM_BEYOND;
    const DxAlarmState before = alarm->state;
    double value = 0;
    const bool has_value = statistic(alarm, &value);
    g_autofree char *why = NULL;

    memmove(alarm->recent, alarm->recent + 1, (range - 1) * sizeof *alarm->recent);
    alarm->recent[range - 1] = !has_value                  ? DX_ALARM_POINT_MISSING
                               : is_breaching(conf, value) ? DX_ALARM_POINT_BREACHING
                                                           : DX_ALARM_POINT_GOOD;
    start_period(alarm);
    alarm->state = dx__alarm_evaluate(alarm->recent, conf->m, conf->n, conf->missing, before);
    if (alarm->state != before) {
        why = reason(alarms, alarm, has_value, value);
        say(alarms, conf->name, "alarm", "%s", why);
    }
    if (alarm->state == DX_ALARM_ALARM && before != DX_ALARM_ALARM) {
        alarm->n_fired++;
        alarm->fired_at_ps = MIN(alarm->fired_at_ps, now_ps);
    }
    if (alarm->state != DX_ALARM_INSUFFICIENT_DATA)
        act(alarms, i, alarm->state == DX_ALARM_OK, alarm->state != before, why, now_ps);
}

void dx__alarms_sample(DxAlarms *alarms, DxTime now_ps)
{
    for (guint i = 0; i < alarms->n; i++) {
        Alarm *alarm = &alarms->alarm[i];
        double value;

        if (dx__monitor_value(alarms->monitor, alarm->probe, &value)) {
            alarm->n_samples++;
            alarm->sum += value;
            alarm->min = fmin(alarm->min, value);
            alarm->max = fmax(alarm->max, value);
        }
    }
    for (guint i = 0; i < alarms->n; i++)
        if (now_ps % alarms->alarm[i].period_ps == 0)
            end_period(alarms, i, now_ps);
}

/* -- what came of it --------------------------------------------------------------------------------- */

void dx__alarms_report(const DxAlarms *alarms, DxResults *results, DxTime first_loss_ps)
{
    for (guint i = 0; i < alarms->n; i++) {
        const Alarm *alarm = &alarms->alarm[i];
        const char *name = alarm->conf->name;
        const bool has_fired = alarm->n_fired > 0;
        const bool was_late = has_fired && first_loss_ps <= alarm->fired_at_ps;

        dx__results_add(results, "alarm", name, "state", alarm->state, NULL);
        dx__results_add(results, "alarm", name, "fired", alarm->n_fired, NULL);
        dx__results_add(results, "alarm", name, "fired_at_ps", has_fired ? (uint64_t)alarm->fired_at_ps : 0,
                        has_fired ? NULL : "it has not fired");
        dx__results_add(results, "alarm", name, "after_loss_ps",
                        was_late ? (uint64_t)(alarm->fired_at_ps - first_loss_ps) : 0,
                        !has_fired  ? "it has not fired"
                        : !was_late ? "nothing had been lost when it fired"
                                    : NULL);
    }
}
