/*
 * dxsim/wire.h - what a port puts on its line, octet by octet
 *
 * The engine moves descriptors. Whoever sends them on a line says with one `const DxWireModel` what they look
 * like there. It is asked when a capture is written, never while frames move.
 */
#ifndef DXSIM_WIRE_H
#define DXSIM_WIRE_H

#include <dxsim/sim.h>

/* No frame is longer: the longest packet, everything that a descriptor may add, header, padding, FCS. */
#define DX_WIRE_FRAME_MAX (65535 + 255 + 64)

typedef struct {
    const DxFrame *frame;
    const DxFlow *flow;    /* NULL: of none */
    uint32_t seq;          /* number within the flow */
    const char *from, *to; /* nodes at the ends of the line */
    uint32_t key;          /* of a protected frame, see dx_node_number(); 0: nobody has said */
    uint64_t pn;
    uint16_t vif_tci;      /* of the tag of the VIF that the flow is on; 0: it is on none */
    const void *octets;    /* attached by its sender, see dx_node_attach(); NULL: none */
    size_t n_octets;
} DxWireFrame;

typedef struct DxWireModel {
    size_t state_size; /* of what is worked out once, zeroed */
    void (*init)(void *state, const void *conf);
    void (*clear)(void *state); /* NULL: nothing is to be done */
    /* As in a capture: dxsim/pcapng.h. */
    uint16_t (*link_type)(const void *state);
    int (*fcs_bytes)(const void *state);
    /* Into @buffer, of DX_WIRE_FRAME_MAX octets. Returns the length; without FCS, fcs_bytes() less. */
    size_t (*bytes)(void *state, const DxWireFrame *frame, bool with_fcs, uint8_t *buffer);
} DxWireModel;

#endif
