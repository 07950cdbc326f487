/*
 * trace - per-frame records in one order, whatever the windows were
 *
 * Nodes write down what they consume and drop as they work, which is not the order of time. At the end of a
 * window everything stamped before it is final: it is sorted by (time, node, order at the node) and handed
 * on.
 */
#include "sim-priv.h"

void dx__trace_add(DxSim *sim, const DxNode *node, const DxFrame *frame, DxTime at, int reason)
{
    DxTraceEntry entry = { { at, node->index, frame->flow, frame->seq, (int16_t)reason, frame->size_bytes,
                             frame->birth_ps },
                           sim->trace_order++ };

    g_array_append_val(sim->trace_buffer, entry);
}

static int compare_entry(gconstpointer a, gconstpointer b)
{
    const DxTraceEntry *x = a, *y = b;

    if (x->record.t_ps != y->record.t_ps)
        return x->record.t_ps < y->record.t_ps ? -1 : 1;
    if (x->record.node != y->record.node)
        return x->record.node < y->record.node ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void dx__trace_flush(DxSim *sim, DxTime until)
{
    DxTraceEntry *entry = (DxTraceEntry *)(void *)sim->trace_buffer->data;
    guint ready = 0;

    g_array_sort(sim->trace_buffer, compare_entry);
    while (ready < sim->trace_buffer->len && entry[ready].record.t_ps < until) {
        sim->trace(&entry[ready].record, 1, sim->trace_data);
        ready++;
    }
    g_array_remove_range(sim->trace_buffer, 0, ready);
}
