/*
 * line - see line.h
 */
#include "line.h"

#include <dxsim/pcapng.h>

void dx__line_init(DxWireLine *line, bool is_ethernet)
{
    line->is_ethernet = is_ethernet;
    dx__crc32_init(&line->crc);
}

void dx__line_clear(void *state)
{
    DxWireLine *line = state;

    dx__macsec_free(g_steal_pointer(&line->sa));
}

uint16_t dx__line_link_type(const void *state)
{
    return ((const DxWireLine *)state)->is_ethernet ? DX_LINKTYPE_ETHERNET : DX_LINKTYPE_RAW;
}

int dx__line_fcs_bytes(const void *state)
{
    return ((const DxWireLine *)state)->is_ethernet ? DX_ETHERNET_FCS_BYTES : 0;
}

size_t dx__line_bytes(void *state, const DxWireFrame *what, bool with_fcs, uint8_t *buffer)
{
    DxWireLine *line = state;

    if (!line->is_ethernet)
        return dx__frame_packet(what, buffer);
    return dx__frame_ethernet(what, line->sa, with_fcs ? &line->crc : NULL, buffer);
}
