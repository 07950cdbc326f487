/*
 * alarm - what is watched for, and what comes of it, as docs/cloudwatch.md has it
 *
 * All points since the start are kept, and looked at again each time.
 */
#include "reference-priv.h"
#include "../../lib/alarms-priv.h"
#include "../../lib/bgp-priv.h"

#include <math.h>
#include <string.h>

typedef struct {
    uint64_t ordered; /* bps; 0: nothing is on its way */
    DxTime not_before;
} Stand;

struct Alarm {
    const DxScAlarm *conf;
    guint probe;
    GArray *samples; /* double: of this period */
    GString *points; /* 'X', '0', '-' */
    DxAlarmState state;
    uint64_t fired;
    DxTime fired_at;
    Stand *stand[2];
};

/* -- states ------------------------------------------------------------------------------------------- */

/* Few points: what would be if all that are missing were so? */
static bool with_the_rest(const char *there, unsigned n, unsigned m, char rest)
{
    unsigned breaching = 0;

    for (unsigned i = 0; i < n; i++)
        breaching += (i < strlen(there) ? there[i] : rest) == 'X';
    return breaching >= m;
}

/* @there: points that are not missing, of the last n + 2, the latest first; @oldest: how old the oldest of
 * them is, the latest of all being 1. */
static DxAlarmState judge(const DxScAlarm *conf, DxMissing missing, const char *there, unsigned oldest,
                          DxAlarmState now)
{
    const bool is_alarm = with_the_rest(there, conf->n, conf->m, '0');

    if (strlen(there) >= conf->n || is_alarm)
        return is_alarm ? DX_ALARM_ALARM : DX_ALARM_OK;
    if (missing == DX_MISSING_NOT_BREACHING)
        return DX_ALARM_OK;
    if (missing == DX_MISSING_BREACHING)
        return with_the_rest(there, conf->n, conf->m, 'X') ? DX_ALARM_ALARM : DX_ALARM_OK;
    if (strchr(there, '0'))
        return DX_ALARM_OK;
    if (missing == DX_MISSING_IGNORE)
        return now;
    if (!*there)
        return DX_ALARM_INSUFFICIENT_DATA;
    return oldest >= conf->m ? DX_ALARM_ALARM : DX_ALARM_OK;
}

static DxAlarmState evaluate(const ReferenceWorld *world, const Alarm *alarm)
{
    const bool is_flawed = world->flaw == REFERENCE_MISSING_BREACHES;
    const DxMissing missing = is_flawed ? DX_MISSING_BREACHING : alarm->conf->missing;
    g_autoptr(GString) there = g_string_new(NULL);
    unsigned oldest = 0;

    for (unsigned age = 1; age <= alarm->conf->n + 2 && age <= alarm->points->len; age++) {
        const char point = alarm->points->str[alarm->points->len - age];

        if (point == '-')
            continue;
        oldest = age;
        g_string_append_c(there, point);
    }
    return judge(alarm->conf, missing, there->str, oldest, alarm->state);
}

static double statistic(const Alarm *alarm)
{
    double sum = 0, min = g_array_index(alarm->samples, double, 0), max = min;

    for (guint i = 0; i < alarm->samples->len; i++) {
        const double value = g_array_index(alarm->samples, double, i);

        sum += value;
        min = value < min ? value : min;
        max = value > max ? value : max;
    }
    if (alarm->conf->statistic == DX_STAT_SUM)
        return sum;
    if (alarm->conf->statistic == DX_STAT_MINIMUM)
        return min;
    if (alarm->conf->statistic == DX_STAT_MAXIMUM)
        return max;
    if (alarm->conf->statistic == DX_STAT_COUNT)
        return alarm->samples->len;
    sum /= alarm->samples->len; /* a mean is between them, whatever rounding says */
    return sum < min ? min : sum > max ? max : sum;
}

static char point_of(const DxScAlarm *conf, double value)
{
    const char *op = dx__alarm_ops[conf->op];
    const bool is_breaching = !strcmp(op, "<")    ? value < conf->threshold
                              : !strcmp(op, "<=") ? value <= conf->threshold
                              : !strcmp(op, ">=") ? value >= conf->threshold
                                                  : value > conf->threshold;

    return is_breaching ? 'X' : '0';
}

/* -- actions ------------------------------------------------------------------------------------------ */

/* The trunk that the scenario says; DX_NONE: none. */
static uint32_t written_way(const ReferenceWorld *world, uint32_t flow, uint32_t node)
{
    const DxScNode *place = DX_SC(world->scenario, nodes, DxScNode, node);
    const DxScFlow *entry = DX_SC(world->scenario, flows, DxScFlow, flow);

    if (place->route && place->route[flow] != DX_NONE)
        return place->route[flow];
    return node == entry->to ? DX_NONE : entry->next[node];
}

/* Where a flow goes now; table made when it is asked for the first time. */
static uint32_t *way_of(ReferenceWorld *world, uint32_t flow, uint32_t node)
{
    const uint32_t n = world->scenario->nodes->len;

    if (!world->way) {
        world->way = g_new(uint32_t, (gsize)n * world->scenario->flows->len);
        for (uint32_t i = 0; i < world->scenario->flows->len; i++)
            for (uint32_t k = 0; k < n; k++)
                world->way[i * n + k] = written_way(world, i, k);
    }
    return &world->way[flow * n + node];
}

uint32_t alarm_next(ReferenceWorld *world, uint32_t flow, uint32_t node)
{
    return world->way ? *way_of(world, flow, node) : written_way(world, flow, node);
}

static void shift(ReferenceWorld *world, const Alarm *alarm, const DxScAction *action)
{
    const DxScTrunk *trunk = DX_SC(world->scenario, trunks, DxScTrunk, action->trunk);
    const bool is_return = action->what == DX_ACT_RETURN;
    uint64_t n = 0;
    g_autofree char *detail = NULL;

    for (uint32_t i = 0; i < world->scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(world->scenario, flows, DxScFlow, i);

        for (unsigned d = 0; d < 2; d++) {
            uint32_t *way = way_of(world, i, trunk->end[d]), to = action->to;

            if (is_return) {
                if (*way == action->trunk || written_way(world, i, trunk->end[d]) != action->trunk)
                    continue;
                to = action->trunk;
            } else if (*way != action->trunk || dx__scenario_bgp_decides(world->scenario, i, trunk->end[d])) {
                continue; /* what BGP sends stays with BGP */
            } else if (to == DX_NONE) {
                to = flow->from == trunk->end[d] ? flow->backup : DX_NONE;
            }
            if (to == DX_NONE)
                continue;
            *way = to;
            n += flow->n_flows;
        }
    }
    detail = is_return ? g_strdup_printf("%" G_GUINT64_FORMAT " flows are back, by %s", n, alarm->conf->name)
                       : g_strdup_printf("%" G_GUINT64_FORMAT " flows go to %s, by %s", n,
                                         action->to == DX_NONE
                                             ? "their backups"
                                             : dx__scenario_trunk_name(world->scenario, action->to),
                                         alarm->conf->name);
    world_log(world, dx__scenario_trunk_name(world->scenario, action->trunk),
              is_return ? "return_traffic" : "shift_traffic", detail);
}

/* With what was ordered, but not beyond the action's maximum, or 100 Tbps; a line that is beyond it stays so.
 */
static uint64_t grown(const ReferenceWorld *world, const DxScAction *action, const Stand *stand)
{
    const uint64_t most = action->maximum_bps > 0 ? (uint64_t)action->maximum_bps : UINT64_C(100000000000000);
    uint64_t rate = world->rate[action->link];

    if (rate < most)
        rate = most - rate < stand->ordered ? most : rate + stand->ordered;
    return rate;
}

static void grow(ReferenceWorld *world, const Alarm *alarm, const DxScAction *action, Stand *stand)
{
    const uint64_t rate = grown(world, action, stand);
    g_autofree char *text = dx_units_format(DX_UNIT_RATE, (int64_t)rate);
    g_autofree char *detail = g_strdup_printf("rate %s, ordered by %s", text, alarm->conf->name);

    stand->ordered = 0;
    stand->not_before = action->maximum_bps > 0 ? world->now + action->cool_down_ps : DX_TIME_NEVER;
    world_set_rate(world, action->link, rate);
    world_log(world, DX_SC(world->scenario, links, DxScLink, action->link)->name, "set", detail);
}

/* @arg: list and action, in one number. */
static void do_it(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Alarm *alarm = who;
    const DxScAction *action = &g_array_index(alarm->conf->actions[arg % 2], DxScAction, arg / 2);

    (void)frame;
    if (action->what == DX_ACT_AUTO_SCALE)
        grow(world, alarm, action, &alarm->stand[arg % 2][arg / 2]);
    else
        shift(world, alarm, action);
}

static void in_time(ReferenceWorld *world, Alarm *alarm, const DxScAction *action, uint64_t arg)
{
    if (action->after_ps)
        world_later(world, world->now + action->after_ps, do_it, alarm, arg);
    else
        do_it(world, alarm, NULL, arg);
}

static void order(ReferenceWorld *world, Alarm *alarm, const DxScAction *action, uint64_t arg)
{
    Stand *stand = &alarm->stand[arg % 2][arg / 2];
    const uint64_t rate = world->rate[action->link], most = (uint64_t)action->maximum_bps;
    g_autofree char *more = NULL, *after = dx_units_format(DX_UNIT_TIME, action->after_ps), *detail = NULL;
    uint64_t step = (uint64_t)action->add_bps;

    if (most > 0)
        step = rate >= most ? 0 : rate + step > most ? most - rate : step;
    if (stand->ordered || world->now < stand->not_before || !step)
        return;
    stand->ordered = step;
    more = dx_units_format(DX_UNIT_RATE, (int64_t)step);
    detail = g_strdup_printf("%s ordered by %s, there in %s", more, alarm->conf->name, after);
    world_log(world, DX_SC(world->scenario, links, DxScLink, action->link)->name, "auto_scale", detail);
    in_time(world, alarm, action, arg);
}

static void act(ReferenceWorld *world, Alarm *alarm, unsigned list, const char *why)
{
    for (guint i = 0; i < alarm->conf->actions[list]->len; i++) {
        const DxScAction *action = &g_array_index(alarm->conf->actions[list], DxScAction, i);
        g_autofree char *page = g_strdup_printf("%s: %s", action->who, why);

        if (action->what == DX_ACT_AUTO_SCALE)
            order(world, alarm, action, 2 * i + list);
        else if (why && action->what == DX_ACT_PAGE)
            world_log(world, alarm->conf->name, "page", page);
        else if (why && action->what == DX_ACT_LOG)
            world_log(world, alarm->conf->name, "log", why);
        else if (why)
            in_time(world, alarm, action, 2 * i + list);
    }
}

/* -- periods ------------------------------------------------------------------------------------------ */

static char *reason(const ReferenceWorld *world, const Alarm *alarm, bool has_value, double value)
{
    const DxScAlarm *conf = alarm->conf;
    g_autofree char *number = dx_units_format_real(value);
    const uint32_t *end;

    if (!has_value)
        return g_strdup_printf("%s: no data of %s", dx__alarm_states[alarm->state], conf->of.metric->name);
    return g_strdup_printf(
        "%s: %s %s of %s is %s %s, threshold %s %s, %u of %u", dx__alarm_states[alarm->state],
        dx__alarm_statistics[conf->statistic], conf->of.metric->name,
        dx__metric_object(world->scenario, conf->of.metric, conf->of.object, &end), number,
        conf->of.metric->unit, dx__alarm_ops[conf->op], conf->threshold_text, conf->m, conf->n);
}

static void end_period(ReferenceWorld *world, Alarm *alarm)
{
    const DxAlarmState before = alarm->state;
    const bool has_value = alarm->samples->len > 0;
    const double value = has_value ? statistic(alarm) : 0;
    g_autofree char *why = NULL;

    g_string_append_c(alarm->points, has_value ? point_of(alarm->conf, value) : '-');
    g_array_set_size(alarm->samples, 0);
    alarm->state = evaluate(world, alarm);
    if (alarm->state != before) {
        why = reason(world, alarm, has_value, value);
        world_log(world, alarm->conf->name, "alarm", why);
    }
    if (alarm->state == DX_ALARM_ALARM && before != DX_ALARM_ALARM && alarm->fired++ == 0)
        alarm->fired_at = world->now;
    if (alarm->state == DX_ALARM_ALARM)
        act(world, alarm, 0, why);
    if (alarm->state == DX_ALARM_OK)
        act(world, alarm, 1, why);
}

void alarms_sample(ReferenceWorld *world)
{
    const guint n = world->scenario->alarms->len;

    for (guint i = 0; i < n; i++) {
        double value;

        if (dx__monitor_value(world->reference->monitor, world->alarm[i].probe, &value))
            g_array_append_val(world->alarm[i].samples, value);
    }
    for (guint i = 0; i < n; i++)
        if (world->now % (world->alarm[i].conf->period_ps / world->scenario->monitor.time_scale) == 0)
            end_period(world, &world->alarm[i]);
}

/* -- all of them -------------------------------------------------------------------------------------- */

void alarms_start(ReferenceWorld *world)
{
    world->alarm = g_new0(Alarm, world->scenario->alarms->len + 1);
    for (guint i = 0; i < world->scenario->alarms->len; i++) {
        Alarm *alarm = &world->alarm[i];

        alarm->conf = DX_SC(world->scenario, alarms, DxScAlarm, i);
        alarm->probe = dx__monitor_probe(world->reference->monitor, &alarm->conf->of);
        alarm->samples = g_array_new(FALSE, FALSE, sizeof(double));
        alarm->points = g_string_new(NULL);
        for (unsigned k = 0; k < 2; k++)
            alarm->stand[k] = g_new0(Stand, alarm->conf->actions[k]->len + 1);
    }
}

void alarms_report(ReferenceWorld *world)
{
    DxResults *results = world->reference->results;

    for (guint i = 0; world->alarm && i < world->scenario->alarms->len; i++) {
        const Alarm *alarm = &world->alarm[i];
        const char *name = alarm->conf->name;
        const bool has_fired = alarm->fired > 0, was_late = has_fired && world->first_loss <= alarm->fired_at;

        dx__results_add(results, "alarm", name, "state", alarm->state, NULL);
        dx__results_add(results, "alarm", name, "fired", alarm->fired, NULL);
        dx__results_add(results, "alarm", name, "fired_at_ps", (uint64_t)alarm->fired_at,
                        has_fired ? NULL : "no");
        dx__results_add(results, "alarm", name, "after_loss_ps",
                        was_late ? (uint64_t)(alarm->fired_at - world->first_loss) : 0,
                        was_late ? NULL : "no");
    }
}

void alarms_free(ReferenceWorld *world)
{
    for (guint i = 0; world->alarm && i < world->scenario->alarms->len; i++) {
        g_array_unref(world->alarm[i].samples);
        g_string_free(world->alarm[i].points, TRUE);
        g_free(world->alarm[i].stand[0]);
        g_free(world->alarm[i].stand[1]);
    }
    g_free(world->alarm);
    g_free(world->way);
}
