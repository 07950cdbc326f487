/*
 * bgp/shared - what all routers of a simulation share: the network, and its speakers until their nodes have
 * them
 *
 * All have told each other everything before the first node starts, so the speakers are made together.
 */
#include "bgp/node.h"

/* Routers ask the way while they converge; nobody is told anything, and nothing is sent. */
static bool on_metric(void *user, const DxIp *next_hop, uint32_t *metric)
{
    BgpWay way;
    const bool is_found = dx__bgp_view_resolve(user, next_hop, &way);

    *metric = way.metric;
    return is_found;
}

static void on_send(void *user, unsigned session, SpeakerCarrier carrier, const uint8_t *octets, size_t n)
{
    (void)user, (void)session, (void)carrier, (void)octets, (void)n;
}

static void on_log(void *user, unsigned session, SpeakerEvent event, const char *text)
{
    (void)user, (void)session, (void)event, (void)text;
}

static void on_changed(void *user, const DxPrefix *prefix)
{
    (void)user, (void)prefix;
}

static const SpeakerWatch converging = { on_send, on_log, on_changed, on_metric };

static BgpShared *shared_new(const DxBgpConf *conf, const DxSim *sim)
{
    const DxBgpNetwork *network = conf->network;
    BgpShared *shared = g_new0(BgpShared, 1);
    SpeakerTuning tuning;

    shared->network = network;
    dx__bgp_map_init(&shared->map, network);
    shared->view = g_new0(BgpView, network->n_routers + 1);
    shared->speaker = g_new0(Speaker *, network->n_routers + 1);
    shared->node = g_new0(DxNode *, network->n_routers + 1);
    shared->is_down = g_malloc0((network->n_igp_links + 1) * sizeof *shared->is_down);
    dx__bgp_tuning_init(&tuning);
    tuning.seed = dx_sim_seed(sim);
    tuning.replication = dx_sim_replication(sim);
    for (uint32_t i = 0; i < network->n_routers; i++) {
        dx__bgp_view_init(&shared->view[i], &shared->map, i);
        shared->speaker[i] = dx__bgp_speaker_new(network, i, &tuning, &converging, &shared->view[i]);
    }
    shared->n_updates = dx__bgp_converge(shared->speaker, conf->place->rtt_ps, &shared->is_settled);
    return shared;
}

BgpShared *dx__bgp_shared_use(const DxBgpConf *conf, const DxSim *sim)
{
    BgpShared *shared = *conf->shared;

    if (!shared)
        *conf->shared = shared = shared_new(conf, sim);
    shared->n_users++;
    return shared;
}

void dx__bgp_shared_leave(void **slot)
{
    BgpShared *shared = *slot;

    if (--shared->n_users)
        return;
    for (uint32_t i = 0; i < shared->network->n_routers; i++) {
        dx__bgp_speaker_free(shared->speaker[i]);
        dx__bgp_view_clear(&shared->view[i]);
    }
    dx__bgp_map_clear(&shared->map);
    g_free(shared->view);
    g_free(shared->speaker);
    g_free(shared->node);
    g_free(shared->is_down);
    g_free(shared);
    *slot = NULL;
}
