/*
 * side - octets that control frames carry besides themselves
 *
 * A frame's handle is the number of a slot. Slots are filled in events, read by whoever has the frame, and
 * given back when a window ends: numbers depend on the partitions, and appear in no result.
 */
#include "sim-priv.h"

typedef struct {
    void *octets;
    size_t n;
    uint32_t seq;
} Slot;

typedef struct DxSides {
    GArray *slots;                 /* Slot */
    GArray *unused;                /* uint32_t: numbers of slots */
    GArray *ended[DX_THREADS_MAX]; /* the same, given back since by each partition */
} DxSides;

static DxSides *sides_of(DxSim *sim)
{
    DxSides *sides = sim->sides;

    if (sides)
        return sides;
    sides = sim->sides = g_new0(DxSides, 1);
    sides->slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    sides->unused = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (unsigned i = 0; i < DX_THREADS_MAX; i++)
        sides->ended[i] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return sides;
}

void dx__side_free(DxSides *sides)
{
    if (!sides)
        return;
    for (guint i = 0; i < sides->slots->len; i++)
        g_free(g_array_index(sides->slots, Slot, i).octets);
    g_array_unref(sides->slots);
    g_array_unref(sides->unused);
    for (unsigned i = 0; i < DX_THREADS_MAX; i++)
        g_array_unref(sides->ended[i]);
    g_free(sides);
}

static uint32_t take_slot(DxSides *sides)
{
    uint32_t index = sides->slots->len;

    if (sides->unused->len) {
        index = g_array_index(sides->unused, uint32_t, sides->unused->len - 1);
        g_array_set_size(sides->unused, sides->unused->len - 1);
    } else {
        g_array_set_size(sides->slots, index + 1);
    }
    return index;
}

void dx_node_attach(DxNode *node, DxFrame *frame, const void *octets, size_t n)
{
    DxSides *sides = sides_of(node->sim);
    const Slot slot = { g_memdup2(octets, n), n, frame->seq };

    if (node->sim->is_running_window || !(frame->flags & DX_FRAME_CONTROL) || frame->flags & DX_FRAME_SIDE ||
        !n || n > UINT16_MAX) {
        g_free(slot.octets);
        dx__node_broke(node, "attaches %zu octets to what is no control frame, outside an event, or twice",
                       n);
        return;
    }
    frame->side = take_slot(sides);
    frame->flags |= DX_FRAME_SIDE;
    g_array_index(sides->slots, Slot, frame->side) = slot;
}

/* NULL: it carries nothing. */
static const Slot *slot_of(const DxSim *sim, const DxFrame *frame)
{
    if (!(frame->flags & DX_FRAME_SIDE) || !sim->sides || frame->side >= sim->sides->slots->len)
        return NULL;
    return &g_array_index(sim->sides->slots, Slot, frame->side);
}

const void *dx_node_attached(const DxNode *node, const DxFrame *frame, size_t *n)
{
    const Slot *slot = slot_of(node->sim, frame);

    *n = slot ? slot->n : 0;
    return slot ? slot->octets : NULL;
}

uint32_t dx__side_seq(const DxSim *sim, const DxFrame *frame)
{
    const Slot *slot = slot_of(sim, frame);

    return slot ? slot->seq : frame->seq;
}

void dx__side_end(const DxNode *node, const DxFrame *frame)
{
    const DxSim *sim = node->sim;

    if (slot_of(sim, frame))
        g_array_append_val(sim->sides->ended[sim->is_running_window ? node->part - sim->part : 0],
                           frame->side);
}

void dx__side_collect(DxSim *sim)
{
    DxSides *sides = sim->sides;

    for (unsigned i = 0; i < DX_THREADS_MAX; i++) {
        for (guint k = 0; k < sides->ended[i]->len; k++) {
            const uint32_t index = g_array_index(sides->ended[i], uint32_t, k);

            g_clear_pointer(&g_array_index(sides->slots, Slot, index).octets, g_free);
            g_array_append_val(sides->unused, index);
        }
        g_array_set_size(sides->ended[i], 0);
    }
}

uint32_t dx__side_slots(const DxSim *sim)
{
    return sim->sides ? sim->sides->slots->len : 0;
}
