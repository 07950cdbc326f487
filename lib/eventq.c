/*
 * eventq - a 4-ary heap with lazy re-arming
 *
 * The heap holds small entries (time, order, slot); what is to be called lives in slots. Of the entries that
 * name a slot only one carries it (slot->entry); others are stale and dropped when they reach the root, or
 * all at once when they outnumber the rest. Taking the root leaves a hole, which the next insertion fills
 * with a single sift: the pattern of a periodic timer.
 */
#include "eventq-priv.h"

#include <string.h>

static inline bool entry_before(const DxEventEntry *a, const DxEventEntry *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void sift_up(DxEventq *queue, uint32_t i, DxEventEntry entry)
{
    while (i) {
        uint32_t parent = (i - 1) >> 2;

        if (!entry_before(&entry, &queue->heap[parent]))
            break;
        queue->heap[i] = queue->heap[parent];
        i = parent;
    }
    queue->heap[i] = entry;
}

static void sift_down(DxEventq *queue, uint32_t i, DxEventEntry entry)
{
    DxEventEntry *heap = queue->heap;
    const uint32_t n = queue->n;

    for (uint32_t child = 4 * i + 1; child < n; child = 4 * i + 1) {
        uint32_t end = child + 4 < n ? child + 4 : n, least = child;

        for (uint32_t k = child + 1; k < end; k++)
            if (entry_before(&heap[k], &heap[least]))
                least = k;
        if (!entry_before(&heap[least], &entry))
            break;
        heap[i] = heap[least];
        i = least;
    }
    heap[i] = entry;
}

static void remove_root(DxEventq *queue)
{
    queue->hole = false;
    if (--queue->n)
        sift_down(queue, 0, queue->heap[queue->n]);
}

static void insert(DxEventq *queue, DxEventEntry entry)
{
    if (queue->hole) {
        queue->hole = false;
        sift_down(queue, 0, entry);
        return;
    }
    if (queue->n == queue->heap_size) {
        queue->heap_size = queue->heap_size ? 2 * queue->heap_size : 64;
        queue->heap = g_renew(DxEventEntry, queue->heap, queue->heap_size);
    }
    sift_up(queue, queue->n++, entry);
}

/* Drop all stale entries: what is left is sorted into a heap again. */
static void compact(DxEventq *queue)
{
    uint32_t kept = 0;

    if (queue->hole)
        remove_root(queue);
    for (uint32_t i = 0; i < queue->n; i++)
        if (queue->slot[queue->heap[i].slot].entry == queue->heap[i].order)
            queue->heap[kept++] = queue->heap[i];
    queue->n = kept;
    queue->stale = 0;
    for (uint32_t i = kept / 4 + 1; i-- > 0 && kept > 1;)
        if (i < kept)
            sift_down(queue, i, queue->heap[i]);
}

/* A slot is a cache line. */
static_assert(sizeof(DxEventSlot) == 64, "one line a slot");

static void grow_slots(DxEventq *queue)
{
    const uint32_t size = queue->slots_size ? 2 * queue->slots_size : 64;
    DxEventSlot *slot = g_aligned_alloc(size, sizeof *slot, 64);

    if (queue->n_slots)
        memcpy(slot, queue->slot, queue->n_slots * sizeof *slot);
    g_aligned_free(queue->slot);
    queue->slot = slot;
    queue->slots_size = size;
}

static uint32_t slot_new(DxEventq *queue, DxEventCall call, bool is_timer)
{
    uint32_t i = queue->free_slot;

    if (i) {
        queue->free_slot = queue->slot[i].next_free;
    } else {
        if (queue->n_slots == queue->slots_size)
            grow_slots(queue);
        i = queue->n_slots++;
    }
    queue->slot[i] = (DxEventSlot){ .call = call, .is_timer = is_timer };
    return i;
}

void dx__eventq_init(DxEventq *queue)
{
    memset(queue, 0, sizeof *queue);
    slot_new(queue, (DxEventCall){ NULL, NULL, 0 }, true); /* slot 0 is never handed out */
}

void dx__eventq_clear(DxEventq *queue)
{
    g_free(queue->heap);
    g_aligned_free(queue->slot);
    memset(queue, 0, sizeof *queue);
}

static void carry(DxEventq *queue, uint32_t i, DxTime at, uint64_t order)
{
    DxEventSlot *slot = &queue->slot[i];

    slot->at = slot->entry_at = at;
    slot->order = slot->entry = order;
    slot->armed = true;
    insert(queue, (DxEventEntry){ at, order, i });
}

void dx__eventq_post(DxEventq *queue, DxTime at, uint64_t order, DxEventCall call)
{
    carry(queue, slot_new(queue, call, false), at, order);
}

uint32_t dx__eventq_timer(DxEventq *queue, DxEventCall call)
{
    return slot_new(queue, call, true);
}

void dx__eventq_arm(DxEventq *queue, uint32_t timer, DxTime at, uint64_t order)
{
    DxEventSlot *slot = &queue->slot[timer];

    g_assert(timer > 0 && timer < queue->n_slots && slot->is_timer);
    if (slot->entry && at >= slot->entry_at) { /* its entry comes up in time, and is put right then */
        slot->at = at;
        slot->order = order;
        slot->armed = true;
        return;
    }
    queue->stale += slot->entry != 0;
    carry(queue, timer, at, order);
    if (queue->stale > 64 && queue->stale > queue->n / 2)
        compact(queue);
}

void dx__eventq_cancel(DxEventq *queue, uint32_t timer)
{
    g_assert(timer > 0 && timer < queue->n_slots && queue->slot[timer].is_timer);
    queue->slot[timer].armed = false;
}

DxTime dx__eventq_next(DxEventq *queue)
{
    if (queue->hole)
        remove_root(queue);
    while (queue->n) {
        DxEventEntry entry = queue->heap[0];
        DxEventSlot *slot = &queue->slot[entry.slot];

        if (slot->entry != entry.order) {
            queue->stale--;
            remove_root(queue);
        } else if (!slot->armed) {
            slot->entry = 0;
            remove_root(queue);
        } else if (slot->order != entry.order) {
            slot->entry_at = slot->at;
            slot->entry = slot->order;
            sift_down(queue, 0, (DxEventEntry){ slot->at, slot->order, entry.slot });
        } else {
            return entry.at;
        }
    }
    return DX_TIME_NEVER;
}

DxEventCall dx__eventq_take(DxEventq *queue)
{
    uint32_t i = queue->heap[0].slot;
    DxEventSlot *slot = &queue->slot[i];

    for (uint32_t k = 1; k < 5 && k < queue->n; k++) /* one of them is likely to be next */
        __builtin_prefetch(&queue->slot[queue->heap[k].slot]);
    queue->hole = true;
    slot->armed = false;
    slot->entry = 0;
    if (!slot->is_timer) {
        slot->next_free = queue->free_slot;
        queue->free_slot = i;
    }
    return slot->call;
}
