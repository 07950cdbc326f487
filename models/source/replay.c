/*
 * replay - frames as a list says, one row each
 *
 * Row i is born at `start` plus its time. A list without flows goes through them in turn, one without
 * priorities has that of the source.
 */
#include "source-priv.h"

void dx__replay_look(const Replay *replay, uint32_t n_flows, DxTime *next_ps, uint32_t *flow)
{
    const DxArrivals *list = replay->list;

    if (replay->row == list->n) {
        *next_ps = DX_TIME_NEVER;
        return;
    }
    *next_ps = replay->start_ps + list->time_ps[replay->row];
    *flow = list->flow ? list->flow[replay->row] : (uint32_t)(replay->row % n_flows);
}

void dx__replay_stamp(Replay *replay, DxFrame *template)
{
    const DxArrivals *list = replay->list;

    template->size_bytes = list->size_bytes[replay->row];
    if (list->pcp)
        template->tci = (uint16_t)(list->pcp[replay->row] << 13);
    replay->row++;
}

/* What a scenario read already, or a file of the folder that the simulation was given. */
bool dx__replay_open(Replay *replay, DxNode *node, const SourceConf *conf, GError **error)
{
    const char *dir = dx_sim_dir(dx_node_sim(node));

    replay->start_ps = conf->start_ps;
    replay->list = conf->trace.content;
    if (replay->list)
        return true;
    if (!dir)
        return dx_node_fail(node, "trace", error, DX_ERROR_IO,
                            "there is no folder to read it from: dx_sim_set_dir()");
    replay->own = dx_arrivals_read(dir, conf->trace.name, (uint32_t)conf->count, DX_ARRIVALS_MAX, error);
    replay->list = replay->own;
    return replay->own != NULL;
}

void dx__replay_clear(Replay *replay)
{
    dx_arrivals_free(replay->own);
}
