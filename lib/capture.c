/*
 * capture - frames on chosen lines in one order, whatever the windows were
 *
 * As trace.c, for whole frames. A port hands a frame on when its service begins, stamped with its end: what
 * is stamped behind the window waits, and is forgotten if the line fails meanwhile.
 */
#include "sim-priv.h"

typedef struct DxCapture {
    DxTime from_ps, until_ps;
    DxCaptureFn fn;
    void *data;
    GArray *waiting;                /* DxCaptureRecord, in order */
    GArray *buffer[DX_THREADS_MAX]; /* what each partition saw since; events write into the first */
} DxCapture;

static DxCapture *capture_of(DxSim *sim)
{
    DxCapture *capture = sim->capture;

    if (capture)
        return capture;
    capture = sim->capture = g_new0(DxCapture, 1);
    capture->waiting = g_array_new(FALSE, FALSE, sizeof(DxCaptureRecord));
    for (unsigned i = 0; i < DX_THREADS_MAX; i++)
        capture->buffer[i] = g_array_new(FALSE, FALSE, sizeof(DxCaptureRecord));
    return capture;
}

void dx_sim_set_capture(DxSim *sim, DxTime from_ps, DxTime until_ps, DxCaptureFn fn, void *data)
{
    DxCapture *capture = capture_of(sim);

    g_return_if_fail(!sim->is_running_window);
    capture->from_ps = from_ps;
    capture->until_ps = until_ps;
    capture->fn = fn;
    capture->data = data;
}

void dx_sim_capture(DxNode *node, bool sent, bool dropped)
{
    capture_of(node->sim);
    node->captures_sent = sent;
    node->captures_dropped = dropped;
}

static void records_clear(GArray *records, guint n)
{
    for (guint i = 0; i < n; i++)
        g_free(g_array_index(records, DxCaptureRecord, i).octets);
    g_array_remove_range(records, 0, n);
}

void dx__capture_free(DxCapture *capture)
{
    if (!capture)
        return;
    records_clear(capture->waiting, capture->waiting->len);
    g_array_unref(capture->waiting);
    for (unsigned i = 0; i < DX_THREADS_MAX; i++) {
        records_clear(capture->buffer[i], capture->buffer[i]->len);
        g_array_unref(capture->buffer[i]);
    }
    g_free(capture);
}

/* -- as it happens ----------------------------------------------------------------------------------- */

static void add(const DxNode *node, const DxFrame *frame, DxTime at, int reason, uint64_t pn)
{
    DxSim *sim = node->sim;
    DxCapture *capture = sim->capture;
    const gsize part = sim->is_running_window ? (gsize)(node->part - sim->part) : 0;
    DxCaptureRecord record = { .t_ps = at,
                               .node = node->index,
                               .reason = (int16_t)reason,
                               .seq = dx__side_seq(sim, frame),
                               .key = pn ? node->key : 0,
                               .pn = pn,
                               .frame = *frame };
    const void *octets;

    if (!capture->fn || at < capture->from_ps || at >= capture->until_ps)
        return;
    octets = dx_node_attached(node, frame, &record.n_octets);
    record.octets = octets ? g_memdup2(octets, record.n_octets) : NULL;
    g_array_append_val(capture->buffer[part], record);
}

void dx__capture_sent(const DxNode *node, const DxBurst *burst)
{
    uint64_t pn = node->first_pn;

    for (unsigned i = 0; i < burst->n; i++) {
        const bool is_numbered = node->key && burst->frame[i].flags & DX_FRAME_SECTAG;

        add(node, &burst->frame[i], burst->frame[i].t_ps, -1, is_numbered ? pn++ : 0);
    }
}

void dx__capture_dropped(const DxNode *node, const DxFrame *frame, DxTime at, unsigned reason)
{
    add(node, frame, at, (int)reason, 0);
}

static void forget_in(GArray *records, const DxNode *node, DxTime from_ps)
{
    for (guint i = records->len; i-- > 0;) {
        DxCaptureRecord *record = &g_array_index(records, DxCaptureRecord, i);

        if (record->node != node->index || record->reason >= 0 || record->t_ps < from_ps)
            continue;
        g_free(record->octets);
        g_array_remove_index(records, i);
    }
}

void dx__capture_forget(const DxNode *node, DxTime from_ps)
{
    DxCapture *capture = node->sim->capture;

    forget_in(capture->waiting, node, from_ps);
    for (unsigned i = 0; i < DX_THREADS_MAX; i++)
        forget_in(capture->buffer[i], node, from_ps);
}

/* -- in order ---------------------------------------------------------------------------------------- */

/* What a node sends is written down before or after what it drops, as bursts happen to fall: at one time,
 * sent comes first. The sort is stable: the rest is the node's own order. */
static int compare_record(gconstpointer a, gconstpointer b)
{
    const DxCaptureRecord *x = a, *y = b;

    if (x->t_ps != y->t_ps)
        return x->t_ps < y->t_ps ? -1 : 1;
    if (x->node != y->node)
        return x->node < y->node ? -1 : 1;
    return (x->reason >= 0) - (y->reason >= 0);
}

void dx__capture_flush(DxSim *sim, DxTime until)
{
    DxCapture *capture = sim->capture;
    GArray *waiting = capture->waiting;
    guint ready = 0;

    for (unsigned i = 0; i < DX_THREADS_MAX; i++) {
        g_array_append_vals(waiting, capture->buffer[i]->data, capture->buffer[i]->len);
        g_array_set_size(capture->buffer[i], 0);
    }
    g_array_sort(waiting, compare_record);
    for (; ready < waiting->len; ready++) {
        const DxCaptureRecord *record = &g_array_index(waiting, DxCaptureRecord, ready);

        if (record->t_ps >= until)
            break;
        if (capture->fn)
            capture->fn(record, capture->data);
    }
    records_clear(waiting, ready);
}
