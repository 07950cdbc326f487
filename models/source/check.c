/*
 * check - do the parameters of a source go together?
 */
#include "source-priv.h"

/* Those that begin within it: frame j does when j * size * 8 / peak < burst. */
static uint64_t frames_of_burst(const SourceConf *conf)
{
    const uint64_t frame = conf->size_bytes * 8 * (uint64_t)DX_S;

    return (uint64_t)(((unsigned __int128)conf->peak_bps * (uint64_t)conf->burst_ps + frame - 1) / frame);
}

static bool refuse(const char **key, const char *which, GError **error, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

static const char *mean_key(const SourceConf *conf)
{
    return conf->transactions_per_day ? "transactions" : "rate";
}

/* From one burst to the next, when all carry the same. */
static DxTime mean_period_ps(const SourceConf *conf)
{
    const uint64_t per_day = conf->transactions_per_day;

    if (!per_day)
        return gap_of(frames_of_burst(conf), conf->size_bytes, conf->rate_bps).whole_ps;
    return (DxTime)MIN((unsigned __int128)frames_of_burst(conf) * DAY_PS / per_day, (uint64_t)DX_TIME_MAX);
}

/* What a burst of any sizes carries fills it at the peak rate, at least. */
static bool bursts_overlap(const SourceConf *conf)
{
    if (conf->period_ps)
        return conf->period_ps < conf->burst_ps;
    if (conf->sizes != DX_SIZES_FIXED)
        return conf->rate_bps > conf->peak_bps;
    return mean_period_ps(conf) < conf->burst_ps;
}

static bool check_sizes(const SourceConf *conf, const char **key, GError **error)
{
    if (conf->sizes == DX_SIZES_LIST && !conf->mix.n)
        return refuse(key, "mix", error, "a list of sizes, such as \"7 x 40 B, 1 x 1500 B\"");
    if (conf->sizes != DX_SIZES_LIST && conf->mix.n)
        return refuse(key, "mix", error, "a mix needs \"sizes\": \"list\"");
    if (conf->sizes == DX_SIZES_EXPONENTIAL && conf->size_bytes > DX_SIZE_MAX_EXPONENTIAL_BYTES)
        return refuse(key, "size", error,
                      "the mean of exponential sizes is at most \"6500 B\": frames end at \"65000 B\"");
    return true;
}

static bool check_microburst(const SourceConf *conf, const char **key, GError **error)
{
    if (!conf->peak_bps)
        return refuse(key, "peak", error, "a microburst needs one, such as \"25 Gbps\"");
    if (!conf->burst_ps)
        return refuse(key, "burst", error, "a microburst needs a length, such as \"1 ms\"");
    if (!conf->period_ps && !has_mean(conf))
        return refuse(key, "period", error, "a microburst needs one, such as \"100 ms\", or a mean rate");
    if (!conf->period_ps && conf->transactions_per_day && conf->sizes != DX_SIZES_FIXED)
        return refuse(key, "transactions", error,
                      "microbursts of sizes that differ need a \"rate\" or a \"period\"");
    if (bursts_overlap(conf))
        return refuse(key, conf->period_ps ? "period" : mean_key(conf), error,
                      "bursts overlap: the next begins before one has ended");
    return true;
}

static bool check_onoff(const SourceConf *conf, const DxSizes *sizes, const char **key, GError **error)
{
    if (!conf->peak_bps)
        return refuse(key, "peak", error, "an on-off flow needs one, such as \"25 Gbps\"");
    if (!conf->on_ps)
        return refuse(key, "on", error, "an on-off flow needs a mean, such as \"10 ms\"");
    if (!conf->off_ps && !has_mean(conf))
        return refuse(key, "off", error, "an on-off flow needs a mean, such as \"90 ms\", or a mean rate");
    if (conf->off_ps && has_mean(conf))
        return refuse(key, "off", error, "either this or a mean rate: each follows from the other");
    if (flow_bps(conf, sizes) >= (double)conf->peak_bps)
        return refuse(key, mean_key(conf), error, "the mean rate of one flow is below its peak");
    if ((double)conf->on_ps * (double)conf->peak_bps < sizes->mean_bytes * 8e12)
        return refuse(key, "on", error, "shorter than a frame at the peak rate");
    return true;
}

/* Everything is in the list. */
static bool check_replay(const SourceConf *conf, const char **key, GError **error)
{
    if (conf->model != MODEL_REPLAY && *conf->trace.name)
        return refuse(key, "trace", error, "a trace needs \"model\": \"replay\"");
    if (conf->model != MODEL_REPLAY)
        return true;
    if (!*conf->trace.name)
        return refuse(key, "trace", error, "a CSV file beside the scenario, such as \"load.csv\"");
    if (has_mean(conf) || conf->interval_ps)
        return refuse(key, conf->interval_ps ? "interval" : mean_key(conf), error,
                      "times are those of the trace");
    if (conf->sizes != DX_SIZES_FIXED)
        return refuse(key, "sizes", error, "sizes are those of the trace");
    return true;
}

static bool check_mean(const SourceConf *conf, const DxSizes *sizes, const char **key, GError **error)
{
    if (conf->transactions_per_day && (conf->rate_bps || conf->interval_ps))
        return refuse(key, "transactions", error, "either these or a rate or an interval, not both");
    if ((conf->model == MODEL_CBR || conf->model == MODEL_POISSON) && !has_mean(conf) && !has_even_gaps(conf))
        return refuse(key, "rate", error,
                      "give one such as \"8 Gbps\", or transactions such as \"100 M/day\"");
    if (!has_peak(conf) && !conf->rate_bps)
        return true;
    if (!has_even_gaps(conf) && sizes->mean_bytes * 8e12 < (double)pace_bps(conf))
        return refuse(key, has_peak(conf) ? "peak" : "rate", error, "less than 1 ps between two frames");
    return true;
}

bool dx__source_check(const void *data, const char **key, GError **error)
{
    const SourceConf *conf = data;
    DxSizes sizes;

    if (!check_sizes(conf, key, error) || !check_replay(conf, key, error))
        return false;
    if (conf->model == MODEL_MICROBURST && !check_microburst(conf, key, error))
        return false;
    dx_sizes_init(&sizes, (DxSizesKind)conf->sizes, conf->size_bytes, &conf->mix);
    if (conf->model == MODEL_ONOFF && !check_onoff(conf, &sizes, key, error))
        return false;
    return check_mean(conf, &sizes, key, error);
}
