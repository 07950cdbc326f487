/*
 * pcapng - blocks: type, length, body, options, length again; everything in multiples of four octets
 */
#include <dxsim/pcapng.h>

#include <string.h>

enum { BLOCK_SECTION = 0x0A0D0D0A, BLOCK_INTERFACE = 1, BLOCK_STATISTICS = 5, BLOCK_PACKET = 6 };

enum { OPTION_END = 0, OPTION_COMMENT = 1 };
enum { SECTION_APPLICATION = 4 };
enum {
    INTERFACE_NAME = 2,
    INTERFACE_DESCRIPTION = 3,
    INTERFACE_SPEED = 8,
    INTERFACE_RESOLUTION = 9,
    INTERFACE_FCS_BYTES = 13,
};
enum { STATISTICS_RECEIVED = 4, STATISTICS_DROPPED = 5 };

#define BYTE_ORDER_MAGIC 0x1A2B3C4Du
#define TEXT_MAX         1024

struct DxPcapng {
    DxFile *file;
    GByteArray *block; /* the one that is being made, from its body on */
    GArray *snap;      /* uint32_t, of each interface; 0: none */
};

/* -- a block ----------------------------------------------------------------------------------------- */

static void put_u8(DxPcapng *pcapng, uint8_t value)
{
    g_byte_array_append(pcapng->block, &value, 1);
}

static void put_u16(DxPcapng *pcapng, uint16_t value)
{
    put_u8(pcapng, (uint8_t)value);
    put_u8(pcapng, (uint8_t)(value >> 8));
}

static void put_u32(DxPcapng *pcapng, uint32_t value)
{
    put_u16(pcapng, (uint16_t)value);
    put_u16(pcapng, (uint16_t)(value >> 16));
}

static void put_u64(DxPcapng *pcapng, uint64_t value)
{
    put_u32(pcapng, (uint32_t)value);
    put_u32(pcapng, (uint32_t)(value >> 32));
}

/* High half first, whatever the byte order. */
static void put_time(DxPcapng *pcapng, DxTime t_ps)
{
    const uint64_t t_ns = (uint64_t)t_ps / DX_NS;

    put_u32(pcapng, (uint32_t)(t_ns >> 32));
    put_u32(pcapng, (uint32_t)t_ns);
}

static void fill_up(DxPcapng *pcapng)
{
    while (pcapng->block->len % 4)
        put_u8(pcapng, 0);
}

static void put_octets(DxPcapng *pcapng, const void *data, size_t n)
{
    g_byte_array_append(pcapng->block, data, (guint)n);
    fill_up(pcapng);
}

static void put_option(DxPcapng *pcapng, uint16_t code, uint16_t n)
{
    put_u16(pcapng, code);
    put_u16(pcapng, n);
}

/* UTF-8 is cut between characters. */
static void put_text(DxPcapng *pcapng, uint16_t code, const char *text)
{
    size_t n;

    if (!text)
        return;
    n = strlen(text);
    if (n > TEXT_MAX)
        n = (size_t)(g_utf8_find_prev_char(text, text + TEXT_MAX + 1) - text);
    put_option(pcapng, code, (uint16_t)n);
    put_octets(pcapng, text, n);
}

static void write_u32(DxPcapng *pcapng, uint32_t value)
{
    const uint8_t octets[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                                (uint8_t)(value >> 24) };

    dx_file_write(pcapng->file, octets, sizeof octets);
}

static void write_block(DxPcapng *pcapng, uint32_t type)
{
    const uint32_t length = pcapng->block->len + 12;

    write_u32(pcapng, type);
    write_u32(pcapng, length);
    dx_file_write(pcapng->file, pcapng->block->data, pcapng->block->len);
    write_u32(pcapng, length);
    g_byte_array_set_size(pcapng->block, 0);
}

/* -- blocks ------------------------------------------------------------------------------------------ */

DxPcapng *dx_pcapng_new(DxFile *file, const char *comment)
{
    DxPcapng *pcapng = g_new0(DxPcapng, 1);

    pcapng->file = file;
    pcapng->block = g_byte_array_new();
    pcapng->snap = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    put_u32(pcapng, BYTE_ORDER_MAGIC);
    put_u16(pcapng, 1); /* version 1.0 */
    put_u16(pcapng, 0);
    put_u64(pcapng, UINT64_MAX); /* length of the section: not said */
    put_text(pcapng, OPTION_COMMENT, comment);
    put_text(pcapng, SECTION_APPLICATION, "dxsim " DXSIM_VERSION);
    put_option(pcapng, OPTION_END, 0);
    write_block(pcapng, BLOCK_SECTION);
    return pcapng;
}

void dx_pcapng_free(DxPcapng *pcapng)
{
    if (!pcapng)
        return;
    g_byte_array_unref(pcapng->block);
    g_array_unref(pcapng->snap);
    g_free(pcapng);
}

uint32_t dx_pcapng_interface(DxPcapng *pcapng, const DxPcapngInterface *interface)
{
    put_u16(pcapng, interface->link_type);
    put_u16(pcapng, 0);
    put_u32(pcapng, interface->snap_bytes);
    put_text(pcapng, INTERFACE_NAME, interface->name);
    put_text(pcapng, INTERFACE_DESCRIPTION, interface->description);
    if (interface->rate_bps) {
        put_option(pcapng, INTERFACE_SPEED, 8);
        put_u64(pcapng, interface->rate_bps);
    }
    put_option(pcapng, INTERFACE_RESOLUTION, 1);
    put_octets(pcapng, "\x09", 1); /* 10^-9 s */
    if (interface->fcs_bytes >= 0) {
        put_option(pcapng, INTERFACE_FCS_BYTES, 1);
        put_octets(pcapng, &(uint8_t){ (uint8_t)interface->fcs_bytes }, 1);
    }
    put_option(pcapng, OPTION_END, 0);
    write_block(pcapng, BLOCK_INTERFACE);
    g_array_append_val(pcapng->snap, interface->snap_bytes);
    return pcapng->snap->len - 1;
}

void dx_pcapng_packet(DxPcapng *pcapng, uint32_t interface, DxTime t_ps, const void *data, size_t n,
                      const char *comment)
{
    uint32_t snap, kept;

    g_return_if_fail(interface < pcapng->snap->len && t_ps >= 0 && n <= UINT32_MAX);
    snap = g_array_index(pcapng->snap, uint32_t, interface);
    kept = snap ? MIN(snap, (uint32_t)n) : (uint32_t)n;
    put_u32(pcapng, interface);
    put_time(pcapng, t_ps);
    put_u32(pcapng, kept);
    put_u32(pcapng, (uint32_t)n);
    put_octets(pcapng, data, kept);
    if (comment) {
        put_text(pcapng, OPTION_COMMENT, comment);
        put_option(pcapng, OPTION_END, 0);
    }
    write_block(pcapng, BLOCK_PACKET);
}

void dx_pcapng_statistics(DxPcapng *pcapng, uint32_t interface, DxTime t_ps, uint64_t received,
                          uint64_t left_out, const char *comment)
{
    g_return_if_fail(interface < pcapng->snap->len && t_ps >= 0);
    put_u32(pcapng, interface);
    put_time(pcapng, t_ps);
    put_text(pcapng, OPTION_COMMENT, comment);
    put_option(pcapng, STATISTICS_RECEIVED, 8);
    put_u64(pcapng, received);
    put_option(pcapng, STATISTICS_DROPPED, 8);
    put_u64(pcapng, left_out);
    put_option(pcapng, OPTION_END, 0);
    write_block(pcapng, BLOCK_STATISTICS);
}
