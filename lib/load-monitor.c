/*
 * load-monitor - who watches, and what is written of it
 */
#include "load-priv.h"
#include "metrics-priv.h"

static void load_side(DxLoader *loader, const DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScMonitor *monitor = &loader->scenario->monitor;
    const DxJson *side = dx__json_member(reader->doc, json, "side");
    const DxJson *first = side && side->type == DX_JSON_ARRAY ? side->child : side;

    monitor->is_cloud = g_new0(bool, loader->scenario->nodes->len + 1);
    for (const DxJson *item = first; item; item = item == side ? NULL : item->next) {
        const uint32_t node = dx__load_resolve(loader, item, loader->nodes, "node");

        if (node != DX_NONE)
            monitor->is_cloud[node] = true;
    }
    if (side && !first)
        DX_PROBLEM(reader, side, DX_CODE_RANGE, "no node is named");
}

/* Everything that is counted in samples must be a whole number of them, and one a whole number of truths. */
static void check_times(DxLoader *loader, const DxJson *json)
{
    DxReader *reader = &loader->reader;
    const DxScMonitor *monitor = &loader->scenario->monitor;
    const DxJson *truth = dx__json_member(reader->doc, json, "truth");
    const DxTime sample_ps = dx__monitor_scaled(loader->scenario, monitor->sample_ps);
    g_autofree char *here = dx_units_format(DX_UNIT_TIME, sample_ps);
    g_autofree char *span = dx_units_format(DX_UNIT_TIME, monitor->truth_ps);

    if (monitor->sample_ps % monitor->time_scale || sample_ps % monitor->truth_ps)
        DX_PROBLEM(reader, truth ? truth : json, DX_CODE_CONFLICT,
                   "a sample takes %s here, which is no whole number of \"truth\", %s; choose \"sample\", "
                   "\"time_scale\" and \"truth\" so that it is",
                   here, span);
}

static void load_times(DxLoader *loader, DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScMonitor *monitor = &loader->scenario->monitor;
    const DxJson *scale = dx__reader_get(reader, json, "time_scale", DX_JSON_NUMBER);
    const unsigned found = reader->problems->n_found;

    monitor->sample_ps = 30 * DX_S;
    monitor->truth_ps = DX_MS;
    monitor->time_scale = 1;
    if (dx__reader_quantity(reader, json, "sample", DX_UNIT_TIME, &monitor->sample_ps) &&
        (monitor->sample_ps < DX_MS || monitor->sample_ps > DX_TIME_MAX))
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "sample"), DX_CODE_RANGE,
                   "a sample takes at least \"1 ms\"");
    if (dx__reader_quantity(reader, json, "truth", DX_UNIT_TIME, &monitor->truth_ps) &&
        (monitor->truth_ps < DX_US || monitor->truth_ps > DX_TIME_MAX))
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "truth"), DX_CODE_RANGE,
                   "the truth is measured over at least \"1 us\"");
    if (scale && dx__json_int64(scale, &monitor->time_scale) &&
        (monitor->time_scale < 1 || monitor->time_scale > 1000000))
        DX_PROBLEM(reader, scale, DX_CODE_RANGE, "the cloud's clock runs 1 to 1000000 times as fast");
    if (found == reader->problems->n_found)
        check_times(loader, json);
}

void dx__load_monitor(DxLoader *loader, DxJson *root)
{
    DxJson *json = dx__reader_get(&loader->reader, root, "monitor", DX_JSON_OBJECT);

    if (!json)
        return;
    loader->scenario->monitor.is_there = true;
    load_side(loader, json);
    dx__metric_find_peers(loader->scenario);
    load_times(loader, json);
}

void dx__load_period(DxLoader *loader, DxJson *json, DxTime *period_ps)
{
    DxReader *reader = &loader->reader;
    const DxScMonitor *monitor = &loader->scenario->monitor;
    const DxJson *said = dx__json_member(reader->doc, json, "period");
    g_autofree char *sample = dx_units_format(DX_UNIT_TIME, monitor->sample_ps);

    if (dx__reader_quantity(reader, json, "period", DX_UNIT_TIME, period_ps) &&
        (*period_ps <= 0 || *period_ps > DX_TIME_MAX)) {
        DX_PROBLEM(reader, said, DX_CODE_RANGE, "a period is longer than 0, and shorter than 53 days");
        *period_ps = monitor->sample_ps;
    } else if (monitor->sample_ps && *period_ps % monitor->sample_ps) {
        DX_PROBLEM(reader, said ? said : json, DX_CODE_CONFLICT,
                   "a period is a whole number of samples, which are %s (\"monitor\": \"sample\")", sample);
    }
}

void dx__load_cloudwatch(DxLoader *loader, DxJson *outputs)
{
    DxJson *json = dx__reader_get(&loader->reader, outputs, "cloudwatch", DX_JSON_OBJECT);
    DxScMonitor *monitor = &loader->scenario->monitor;

    if (!json)
        return;
    if (!monitor->is_there) {
        DX_PROBLEM(
            &loader->reader, json, DX_CODE_CONFLICT,
            "nobody watches; say which end of the links is the cloud's: \"monitor\": { \"side\": \"aws\" }");
        return;
    }
    monitor->period_ps = 300 * DX_S;
    dx__load_period(loader, json, &monitor->period_ps);
}
