/*
 * balance - every frame is accounted for
 *
 *   frames in + created = frames out + consumed + dropped + held        at every node
 */
#include "sim-priv.h"

#include <string.h>

static uint64_t held_by(const DxNode *node)
{
    return node->model->held ? node->model->held(node, NULL, NULL) : 0;
}

DxBalance dx_sim_balance(const DxSim *sim)
{
    DxBalance sum = { 0 };

    for (guint i = 0; i < sim->nodes->len; i++) {
        const DxNode *node = g_ptr_array_index(sim->nodes, i);

        sum.created += node->created;
        sum.delivered += node->consumed;
        sum.dropped += node->dropped_total;
        sum.held += held_by(node);
        for (unsigned k = 0; k < node->n_out; k++)
            sum.in_flight += dx__edge_queued(node->out[k]);
    }
    return sum;
}

bool dx_sim_check(const DxSim *sim, GError **error)
{
    for (guint i = 0; i < sim->nodes->len; i++) {
        const DxNode *node = g_ptr_array_index(sim->nodes, i);
        uint64_t in = node->frames_in + node->created;
        uint64_t out = node->frames_out + node->consumed + node->dropped_total + held_by(node);

        if (in == out)
            continue;
        g_set_error(error, DX_ERROR, DX_ERROR_MODEL,
                    "%s (model %s): %" PRIu64 " frames came and %" PRIu64 " are accounted for at %" PRId64
                    " ps",
                    node->name, node->model->name, in, out, sim->now_ps);
        return false;
    }
    return true;
}

void dx_sim_each_pending(const DxSim *sim, DxHeldFn visit_fn, void *data)
{
    for (guint i = 0; i < sim->nodes->len; i++) {
        const DxNode *node = g_ptr_array_index(sim->nodes, i);

        if (node->model->held)
            node->model->held(node, visit_fn, data);
        for (unsigned k = 0; k < node->n_out; k++)
            for (uint32_t j = 0; j < dx__edge_queued(node->out[k]); j++)
                visit_fn(dx__edge_at(node->out[k], j), data);
    }
}

unsigned dx_sim_n_nodes(const DxSim *sim)
{
    return sim->nodes->len;
}

DxNode *dx_sim_node(const DxSim *sim, unsigned index)
{
    return g_ptr_array_index(sim->nodes, index);
}

DxNode *dx_sim_find(const DxSim *sim, const char *name)
{
    return g_hash_table_lookup(sim->by_name, name);
}

DxTime dx_sim_first_loss(const DxSim *sim)
{
    DxTime first_ps = DX_TIME_NEVER;

    for (guint i = 0; i < sim->nodes->len; i++)
        first_ps = MIN(first_ps, ((const DxNode *)g_ptr_array_index(sim->nodes, i))->first_loss_ps);
    return first_ps;
}

uint64_t dx_node_counter(const DxNode *node, const char *name)
{
    for (const DxCounter *counter = node->model->counters; counter && counter->name; counter++)
        if (!strcmp(counter->name, name))
            return *(const uint64_t *)(const void *)((const char *)node->state + counter->offset);
    return 0;
}

uint64_t dx_node_dropped(const DxNode *node, unsigned reason)
{
    return node->dropped[reason];
}

uint64_t dx_node_dropped_total(const DxNode *node)
{
    return node->dropped_total;
}
