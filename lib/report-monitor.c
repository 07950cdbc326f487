/*
 * report-monitor - what the cloud's monitor says, beside the truth: cloudwatch.csv
 */
#include "report-priv.h"
#include "scenario-priv.h"

static void write_point(const DxMonitorPoint *point, void *data)
{
    DxFile *file = data;

    dx_csv_seconds(file, point->start_ps);
    dx_csv_seconds(file, point->length_ps);
    dx_csv_seconds(file, point->nominal_ps);
    dx_csv_text(file, point->metric);
    dx_csv_text(file, point->connection);
    if (point->lane)
        dx_csv_u64(file, point->lane);
    else
        dx_csv_text(file, "");
    dx_csv_text(file, point->vif);
    dx_csv_text(file, point->family);
    dx_csv_text(file, point->unit);
    dx_csv_real(file, dx_monitor_average(point));
    dx_csv_real(file, point->sum);
    dx_csv_real(file, point->min);
    dx_csv_real(file, point->max);
    dx_csv_u64(file, point->n_samples);
    dx_csv_real(file, point->truth_min);
    dx_csv_real(file, point->truth_max);
    dx_csv_real(file, point->offered_max);
    dx_csv_end_row(file);
}

DxFile *dx__report_cloudwatch(DxOutput *output, DxRun *run, GError **error)
{
    static const char *const header[] = { "time_s",    "period_s",     "cloudwatch_period_s",
                                          "metric",    "connection",   "lane",
                                          "vif",       "family",       "unit",
                                          "average",   "sum",          "minimum",
                                          "maximum",   "sample_count", "truth_min",
                                          "truth_max", "offered_max",  NULL };
    DxFile *file = dx__report_open_csv(output, "cloudwatch.csv", header, error);

    if (file)
        dx_monitor_set_sink(run->monitor, write_point, file);
    return file;
}
