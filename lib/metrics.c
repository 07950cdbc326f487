/*
 * metrics - see metrics-priv.h
 *
 * AWS Direct Connect User Guide, "Monitoring with Amazon CloudWatch". Octets of a connection are those of
 * frames, FCS included; of a virtual interface those of IP packets.
 */
#include "bgp-priv.h"
#include "metrics-priv.h"

#include <string.h>

/* clang-format off */
#define CONNECTION(suffix, direction, place)                                                                                      \
    { "ConnectionBps" suffix, "bits/s", DX_OF_LINK, direction, DX_TAKE_BITS, "link", { place "_frame_bytes" }, "offered_frame_bytes", DX_UNIT_RATE },  \
    { "ConnectionPps" suffix, "packets/s", DX_OF_LINK, direction, DX_TAKE_RATE, "link", { place "_frames" }, "offered_frames", DX_UNIT_FREQUENCY }

#define INTERFACE(suffix, direction, end)                                                                                         \
    { "VirtualInterfaceBps" suffix, "bits/s", DX_OF_VIF, direction, DX_TAKE_BITS, "vif", { end "_bytes" }, NULL, DX_UNIT_RATE },   \
    { "VirtualInterfacePps" suffix, "packets/s", DX_OF_VIF, direction, DX_TAKE_RATE, "vif", { end "_frames" }, NULL, DX_UNIT_FREQUENCY }

#define LIMITED(suffix, direction)                                                                                                \
    { "VirtualInterfaceUtilization" suffix, "%", DX_OF_VIF, direction, DX_TAKE_SHARE, "vif", { "tx_bytes", "policed_bytes" }, NULL, DX_UNIT_PERCENT }, \
    { "VirtualInterfacePolicedBps" suffix, "bits/s", DX_OF_VIF, direction, DX_TAKE_BITS, "vif", { "policed_bytes" }, NULL, DX_UNIT_RATE },   \
    { "VirtualInterfacePolicedPps" suffix, "packets/s", DX_OF_VIF, direction, DX_TAKE_RATE, "vif", { "dropped_policed" }, NULL, DX_UNIT_FREQUENCY }

const DxMetric dx__metrics[] = {
    { "ConnectionState", "boolean", DX_OF_LINK, DX_WAY_NONE, DX_TAKE_LEVEL, "connection", { "state" }, NULL, DX_UNIT_FRAMES },
    CONNECTION("Egress", DX_WAY_EGRESS, "sent"),
    CONNECTION("Ingress", DX_WAY_INGRESS, "received"),
    { "ConnectionErrorCount", "count", DX_OF_LINK, DX_WAY_INGRESS, DX_TAKE_GROWTH, "link", { "dropped_bit_errors" }, NULL, DX_UNIT_FRAMES },
    { "ConnectionDiscardsPpsEgress", "packets/s", DX_OF_LINK, DX_WAY_EGRESS, DX_TAKE_RATE, "link", { "dropped_queue_full" }, NULL, DX_UNIT_FREQUENCY },
    { "ConnectionLightLevelTx", "dBm", DX_OF_LANE, DX_WAY_EGRESS, DX_TAKE_LEVEL, "link", { "tx_power_dbm" }, NULL, DX_UNIT_POWER },
    { "ConnectionLightLevelRx", "dBm", DX_OF_LANE, DX_WAY_INGRESS, DX_TAKE_LEVEL, "link", { "rx_power_lane" }, NULL, DX_UNIT_POWER },
    { "ConnectionEncryptionState", "boolean", DX_OF_LINK, DX_WAY_NONE, DX_TAKE_LEVEL, "connection", { "encryption_state" }, NULL, DX_UNIT_FRAMES },
    /* of a LAG: all its members are */
    { "ConnectionEncryptionState", "boolean", DX_OF_LAG, DX_WAY_NONE, DX_TAKE_LEVEL, "connection", { "encryption_state" }, NULL, DX_UNIT_FRAMES },
    INTERFACE("Egress", DX_WAY_EGRESS, "tx"),
    INTERFACE("Ingress", DX_WAY_INGRESS, "rx"),
    LIMITED("Egress", DX_WAY_EGRESS),
    LIMITED("Ingress", DX_WAY_INGRESS),
    { "VirtualInterfaceBgpStatus", "boolean", DX_OF_PEER, DX_WAY_NONE, DX_TAKE_UP, "session", { "state" }, NULL, DX_UNIT_FRAMES },
    { "VirtualInterfaceBgpPrefixesAccepted", "count", DX_OF_PEER, DX_WAY_NONE, DX_TAKE_LEVEL, "session", { "accepted_prefixes" }, NULL, DX_UNIT_FRAMES },
    { "VirtualInterfaceBgpPrefixesAdvertised", "count", DX_OF_PEER, DX_WAY_NONE, DX_TAKE_LEVEL, "session", { "advertised_prefixes" }, NULL, DX_UNIT_FRAMES },
    { "link.throughput", "bits/s", DX_OF_LINK, DX_WAY_ANY, DX_TAKE_BITS, "link", { "tx_wire_bytes" }, NULL, DX_UNIT_RATE },
    { "link.queue", "B", DX_OF_LINK, DX_WAY_ANY, DX_TAKE_LEVEL, "link", { "queue_bytes" }, NULL, DX_UNIT_SIZE },
    { "link.dropped", "frames", DX_OF_LINK, DX_WAY_ANY, DX_TAKE_GROWTH, "link", { "dropped_*" }, NULL, DX_UNIT_FRAMES },
    { "link.loss", "%", DX_OF_LINK, DX_WAY_ANY, DX_TAKE_LOSS, "link", { "dropped_*" }, "offered_frames", DX_UNIT_PERCENT },
    { "link.crc_errors", "frames", DX_OF_LINK, DX_WAY_ANY, DX_TAKE_GROWTH, "link", { "dropped_bit_errors" }, NULL, DX_UNIT_FRAMES },
    { "link.rx_power", "dBm", DX_OF_LINK, DX_WAY_ANY, DX_TAKE_LEVEL, "link", { "rx_power_dbm" }, NULL, DX_UNIT_POWER },
    { "link.margin", "dB", DX_OF_LINK, DX_WAY_ANY, DX_TAKE_LEVEL, "link", { "margin_db" }, NULL, DX_UNIT_GAIN },
    { "lag.members", "members", DX_OF_LAG, DX_WAY_ANY, DX_TAKE_LEVEL, "lag", { "working" }, NULL, DX_UNIT_FRAMES },
    { "vif.throughput", "bits/s", DX_OF_VIF, DX_WAY_ANY, DX_TAKE_BITS, "vif", { "tx_bytes" }, NULL, DX_UNIT_RATE },
    { "vif.goodput", "bits/s", DX_OF_VIF, DX_WAY_ANY, DX_TAKE_BITS, "vif", { "rx_bytes" }, NULL, DX_UNIT_RATE },
    { "vif.dropped", "frames", DX_OF_VIF, DX_WAY_ANY, DX_TAKE_GROWTH, "vif", { "dropped_*" }, NULL, DX_UNIT_FRAMES },
    { "flow.goodput", "bits/s", DX_OF_FLOW, DX_WAY_NONE, DX_TAKE_BITS, "flow", { "delivered_bytes" }, NULL, DX_UNIT_RATE },
    DX_METRICS_END,
};
/* clang-format on */

const DxMetric *dx__metric_find(const char *name)
{
    for (const DxMetric *metric = dx__metrics; metric->name; metric++)
        if (!strcmp(metric->name, name))
            return metric;
    return NULL;
}

const char *dx__metric_selector(const DxMetric *metric)
{
    static const char *const selectors[] = {
        [DX_OF_LINK] = "link", [DX_OF_LANE] = "link", [DX_OF_LAG] = "lag",
        [DX_OF_VIF] = "vif",   [DX_OF_PEER] = "vif",  [DX_OF_FLOW] = "flow"
    };

    return selectors[metric->of];
}

const char *dx__metric_object(const DxScenario *scenario, const DxMetric *metric, uint32_t object,
                              const uint32_t **end)
{
    const DxScVif *vif;

    *end = NULL;
    if (metric->of == DX_OF_PEER)
        object = dx__metric_peer_vif(scenario, object);
    switch (metric->of) {
    case DX_OF_LAG:
        *end = DX_SC(scenario, lags, DxScLag, object)->end;
        return DX_SC(scenario, lags, DxScLag, object)->name;
    case DX_OF_VIF:
    case DX_OF_PEER:
        vif = DX_SC(scenario, vifs, DxScVif, object);
        *end = DX_SC(scenario, trunks, DxScTrunk, vif->trunk)->end;
        return vif->name;
    case DX_OF_FLOW:
        return DX_SC(scenario, flows, DxScFlow, object)->name;
    default:
        *end = DX_SC(scenario, links, DxScLink, object)->end;
        return DX_SC(scenario, links, DxScLink, object)->name;
    }
}

unsigned dx__metric_cloud_end(const DxScenario *scenario, const uint32_t end[2])
{
    const bool *is_cloud = scenario->monitor.is_cloud;

    if (!is_cloud || end[0] == DX_NONE || end[1] == DX_NONE) /* that a node is not there has been told */
        return 2;
    if (is_cloud[end[0]] == is_cloud[end[1]])
        return 2;
    return is_cloud[end[0]] ? 0 : 1;
}

unsigned dx__link_lanes(const DxScenario *scenario, const DxScLink *link)
{
    DxLineLight light;

    if (!link->has_optics)
        return 0;
    dx__scenario_model(scenario, "fiber")->line->light(link->fiber[0], &DX_LINE_AS_BUILT, true, &light);
    return light.n_lanes;
}

double dx__link_light_bound(const DxScenario *scenario, const DxScLink *link, bool is_sent, bool is_low)
{
    static const char *const figures[2][2] = { { "rx_max", "rx_min" }, { "tx_max", "tx_min" } };
    const DxParam *params = dx__scenario_model(scenario, "fiber")->line->optic_params;
    const void *optic = link->optic[dx__metric_cloud_end(scenario, link->end)];

    return *(const double *)(const void *)((const char *)optic +
                                           dx_param_find(params, figures[is_sent][is_low])->offset);
}

/* -- peers ------------------------------------------------------------------------------------------- */

const char *const dx__ip_families[] = { "ipv4", "ipv6", NULL };

uint32_t dx__metric_n_peers(const DxScenario *scenario)
{
    return scenario->bgp ? scenario->bgp->sessions->len : 0;
}

unsigned dx__metric_peer_end(const DxScenario *scenario, uint32_t peer)
{
    return scenario->monitor.peer_end ? scenario->monitor.peer_end[peer] : 2;
}

static unsigned end_at_cloud(const DxScenario *scenario, const DxBgpSession *session)
{
    unsigned cloud;

    if (session->vif == DX_BGP_NOBODY)
        return 2;
    cloud = dx__metric_cloud_end(scenario, DX_SC(scenario, trunks, DxScTrunk, session->trunk)->end);
    return cloud == 2 ? 2 : session->trunk_end[1] == cloud;
}

/* Of a VIF and a family the first counts. */
void dx__metric_find_peers(DxScenario *scenario)
{
    const uint32_t n = dx__metric_n_peers(scenario);
    g_autofree bool(*is_taken)[2] = g_malloc0((scenario->vifs->len + 1) * sizeof *is_taken);

    scenario->monitor.peer_end = g_new(uint8_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const DxBgpSession *session = DX_BGP_SESSION(scenario->bgp, i);
        const unsigned end = end_at_cloud(scenario, session);
        bool *taken = end == 2 ? NULL : &is_taken[session->vif][session->address[0].bits == 128];

        scenario->monitor.peer_end[i] = (uint8_t)(!taken || *taken ? 2 : end);
        if (taken)
            *taken = true;
    }
}

uint32_t dx__metric_peer_vif(const DxScenario *scenario, uint32_t peer)
{
    return DX_BGP_SESSION(scenario->bgp, peer)->vif;
}

char *dx__metric_peer_name(const DxScenario *scenario, uint32_t peer)
{
    const DxBgpSession *session = DX_BGP_SESSION(scenario->bgp, peer);
    const uint32_t node[2] = { DX_BGP_ROUTER(scenario->bgp, session->router[0])->node,
                               DX_BGP_ROUTER(scenario->bgp, session->router[1])->node };

    return dx__scenario_direction(scenario, session->name, node, dx__metric_peer_end(scenario, peer));
}

const char *dx__metric_peer_family(const DxScenario *scenario, uint32_t peer)
{
    return dx__ip_families[DX_BGP_SESSION(scenario->bgp, peer)->address[0].bits == 128];
}

int64_t dx__metric_peer_limit(const DxScenario *scenario, uint32_t peer)
{
    return DX_BGP_SESSION(scenario->bgp, peer)->end[dx__metric_peer_end(scenario, peer)].prefix_limit;
}

bool dx__metric_has_limit(const DxMetric *metric)
{
    return !strcmp(metric->rows[0], "accepted_prefixes");
}
