/*
 * eventq-priv.h - the time-ordered queue of events
 *
 * Total order: time, then the originating node's index, then that node's own sequence number. The order in
 * which events were inserted never matters. A timer that is armed again for later, or cancelled, costs no
 * more than a few stores: its old entry stays in the heap and is put right when it comes to the top.
 */
#ifndef DX_EVENTQ_PRIV_H
#define DX_EVENTQ_PRIV_H

#include <dxsim/model.h>

/* Node index in the upper 24 bits, the node's sequence number below. */
#define DX_EVENT_SEQ_BITS 40
#define DX_EVENT_NODE_MAX ((1u << 24) - 1)

typedef struct {
    DxEventFn fn;
    DxNode *node;
    uint64_t arg;
} DxEventCall;

typedef struct {
    DxTime at;
    uint64_t order;
    uint32_t slot;
} DxEventEntry;

typedef struct {
    DxEventCall call;
    DxTime at, entry_at;
    uint64_t order, entry; /* of the latest arming; of the heap entry that carries this slot, 0: none */
    uint32_t next_free;
    bool armed, is_timer;
} DxEventSlot;

typedef struct {
    DxEventEntry *heap;
    DxEventSlot *slot;
    uint32_t n, heap_size, n_slots, slots_size, free_slot;
    uint32_t stale; /* entries in the heap that no slot refers to */
    bool hole;      /* the root has been taken and waits to be replaced */
} DxEventq;

void dx__eventq_init(DxEventq *queue);
void dx__eventq_clear(DxEventq *queue);

/* Once; @order must be unique. */
void dx__eventq_post(DxEventq *queue, DxTime at, uint64_t order, DxEventCall call);

/* A slot to be armed, re-armed and cancelled; lives as long as the queue. Never 0. */
uint32_t dx__eventq_timer(DxEventq *queue, DxEventCall call);
void dx__eventq_arm(DxEventq *queue, uint32_t timer, DxTime at, uint64_t order);
void dx__eventq_cancel(DxEventq *queue, uint32_t timer);

/* Time of the first event, DX_TIME_NEVER when there is none. */
DxTime dx__eventq_next(DxEventq *queue);
/* Take the first event; dx__eventq_next() has just said that there is one. */
DxEventCall dx__eventq_take(DxEventq *queue);

#endif
