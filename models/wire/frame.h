/*
 * frame.h - octets of a frame that the simulation knows as a descriptor
 *
 *   | header and tag | packet: headers of the flow, payload | trailer | padding | FCS |
 *
 * The payload is flow (4), number in the flow (4), then octets that count up. What the sender of a frame
 * attached stands behind the header of IP, transport and all; without a flow it is the whole frame. The
 * trailer stands for headers that the descriptor counts, and nobody says what is in them. What belongs to no
 * flow and has nothing attached goes with the EtherType for local experiments, as does a packet too short for
 * an IP header.
 */
#ifndef DX_WIRE_FRAME_H
#define DX_WIRE_FRAME_H

#include <dxsim/wire.h>
#include "ethernet.h"
#include "macsec.h"

/**
 * dx__frame_ethernet:
 * @sa: protects it; NULL: it goes in clear
 * @crc: NULL: without FCS
 *
 * Returns: its length, which is that of the descriptor; 0 if @sa can protect no more
 */
size_t dx__frame_ethernet(const DxWireFrame *what, DxMacsecSa *sa, const DxCrc32 *crc, uint8_t *to);
/* The packet alone, for lines without framing. */
size_t dx__frame_packet(const DxWireFrame *what, uint8_t *to);

#endif
