/*
 * trace - per-frame records in one order, whatever the windows were
 *
 * Nodes write down what they consume and drop as they work, which is not the order of time. At the end of a
 * window everything stamped before it is final: it is sorted by (time, node, order at the node) and handed
 * on.
 */
#include "sim-priv.h"

void dx__trace_add(const DxNode *node, const DxFrame *frame, DxTime at, int reason)
{
    DxPart *part = node->part;
    DxTraceEntry entry = { { at, node->index, frame->flow, dx__side_seq(node->sim, frame), (int16_t)reason,
                             frame->size_bytes, frame->birth_ps },
                           part->trace_order++ };

    g_array_append_val(part->trace_buffer, entry);
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

/* What the other partitions wrote goes to the first. A node is in one of them, so its own order stays. */
static GArray *gather(DxSim *sim)
{
    GArray *all = sim->part[0].trace_buffer;

    for (unsigned i = 1; i < sim->n_parts; i++) {
        GArray *more = sim->part[i].trace_buffer;

        g_array_append_vals(all, more->data, more->len);
        g_array_set_size(more, 0);
    }
    g_array_sort(all, compare_entry);
    return all;
}

void dx__trace_flush(DxSim *sim, DxTime until)
{
    GArray *all = gather(sim);
    const DxTraceEntry *entry = (const DxTraceEntry *)(void *)all->data;
    guint ready = 0;

    if (!sim->trace_ready)
        sim->trace_ready = g_array_new(FALSE, FALSE, sizeof(DxTraceRecord));
    g_array_set_size(sim->trace_ready, 0);
    for (; ready < all->len && entry[ready].record.t_ps < until; ready++)
        g_array_append_val(sim->trace_ready, entry[ready].record);
    if (!ready)
        return;
    sim->trace((const DxTraceRecord *)(void *)sim->trace_ready->data, ready, sim->trace_data);
    g_array_remove_range(all, 0, ready);
}
