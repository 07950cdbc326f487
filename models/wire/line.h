/*
 * line.h - what a port's line carries
 */
#ifndef DX_WIRE_LINE_H
#define DX_WIRE_LINE_H

#include "frame.h"

typedef struct {
    bool is_ethernet; /* else bare packets */
    DxCrc32 crc;
    DxMacsecSa *sa; /* NULL: nothing is protected */
} DxWireLine;

void dx__line_init(DxWireLine *line, bool is_ethernet);
/* All of DxWireModel but init and state_size. @state is a DxWireLine. */
void dx__line_clear(void *state);
uint16_t dx__line_link_type(const void *state);
int dx__line_fcs_bytes(const void *state);
size_t dx__line_bytes(void *state, const DxWireFrame *what, bool with_fcs, uint8_t *buffer);

#endif
