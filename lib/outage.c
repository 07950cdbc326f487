/*
 * outage - see outage-priv.h
 */
#include "outage-priv.h"

static void keep_longer(DxOutage *outage, DxTime length_ps, DxTime from_ps, DxTime until_ps)
{
    if (length_ps > outage->outage_ps)
        *outage = (DxOutage){ length_ps, from_ps, until_ps };
}

DxOutage dx__outage_of(const DxGroupStats *group, const DxFlowGap *gap)
{
    DxOutage outage = { 0, group->first_sent_ps, group->first_sent_ps };

    if (!group->sent_frames)
        return outage;
    if (!gap->frames) {
        keep_longer(&outage, group->last_sent_ps - group->first_sent_ps, group->first_sent_ps,
                    group->last_sent_ps);
        return outage;
    }
    keep_longer(&outage, gap->first_birth_ps - group->first_sent_ps, group->first_sent_ps, gap->first_ps);
    keep_longer(&outage, gap->gap_ps, gap->gap_from_ps, gap->gap_from_ps + gap->gap_ps);
    keep_longer(&outage, group->last_sent_ps - gap->last_ps, gap->last_ps, group->last_sent_ps);
    return outage;
}

DxOutages dx__outages_of(const DxGroupStats *group, const DxFlowGap *gap, uint32_t n)
{
    DxOutage longest = { -1, 0, 0 };
    DxHistogram all;
    DxOutages outages;

    dx_histogram_init(&all);
    for (uint32_t i = 0; i < n; i++) {
        const DxOutage outage = dx__outage_of(group, &gap[i]);

        dx_histogram_add(&all, (uint64_t)outage.outage_ps);
        keep_longer(&longest, outage.outage_ps, outage.from_ps, outage.until_ps);
    }
    outages = (DxOutages){ .min = all.min,
                           .mean = dx_histogram_mean(&all),
                           .p50 = dx_histogram_quantile(&all, 500000),
                           .p90 = dx_histogram_quantile(&all, 900000),
                           .max = all.max,
                           .from = (uint64_t)longest.from_ps,
                           .until = (uint64_t)longest.until_ps };
    dx_histogram_clear(&all);
    return outages;
}

void dx__outages_watch(DxResults *results, const char *flow, DxOutages *outages)
{
    const struct {
        const char *metric;
        uint64_t *from;
    } rows[] = { { "outage_min_ps", &outages->min },        { "outage_mean_ps", &outages->mean },
                 { "outage_p50_ps", &outages->p50 },        { "outage_p90_ps", &outages->p90 },
                 { "outage_max_ps", &outages->max },        { "outage_max_from_ps", &outages->from },
                 { "outage_max_until_ps", &outages->until } };

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        dx_results_watch(results, "flow", flow, rows[i].metric, DX_COUNTER_GAUGE, rows[i].from);
}
