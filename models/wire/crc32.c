/*
 * crc32 - eight octets at a time: table k holds what an octet does to the register k octets later
 */
#include "crc32.h"

void dx__crc32_init(DxCrc32 *crc)
{
    for (uint32_t octet = 0; octet < 256; octet++) {
        uint32_t value = octet;

        for (unsigned bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0);
        crc->table[0][octet] = value;
    }
    for (unsigned k = 1; k < 8; k++)
        for (unsigned octet = 0; octet < 256; octet++) {
            const uint32_t before = crc->table[k - 1][octet];

            crc->table[k][octet] = before >> 8 ^ crc->table[0][before & 0xFF];
        }
}

uint32_t dx__crc32(const DxCrc32 *crc, const void *data, size_t n)
{
    const uint8_t *at = data;
    uint32_t value = UINT32_MAX;

    for (; n >= 8; n -= 8, at += 8) {
        value ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        value = crc->table[7][value & 0xFF] ^ crc->table[6][value >> 8 & 0xFF] ^
                crc->table[5][value >> 16 & 0xFF] ^ crc->table[4][value >> 24] ^ crc->table[3][at[4]] ^
                crc->table[2][at[5]] ^ crc->table[1][at[6]] ^ crc->table[0][at[7]];
    }
    while (n--)
        value = value >> 8 ^ crc->table[0][(value ^ *at++) & 0xFF];
    return ~value;
}
