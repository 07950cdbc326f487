/*
 * crc32.h - CRC-32 of IEEE 802.3, clause 3.2.9
 *
 * Polynomial 04C11DB7, reflected; register starts as all ones and ends inverted. Over a frame with its FCS it
 * is DX_CRC32_GOOD.
 */
#ifndef DX_WIRE_CRC32_H
#define DX_WIRE_CRC32_H

#include <stddef.h>
#include <stdint.h>

#define DX_CRC32_GOOD 0x2144DF1Cu

/* Tables belong to whoever computes: nothing is global. */
typedef struct {
    uint32_t table[8][256];
} DxCrc32;

void dx__crc32_init(DxCrc32 *crc);
uint32_t dx__crc32(const DxCrc32 *crc, const void *data, size_t n);

#endif
