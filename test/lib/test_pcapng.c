/*
 * pcapng: blocks as the draft has them, whatever is put into them
 */
#include <dxsim/pcapng.h>
#include <glib/gstdio.h>
#include <string.h>
#include "../suite.h"
#include "output-priv.h"

typedef struct {
    char *root, *dir;
    DxOutput *output;
    DxFile *file;
    DxPcapng *pcapng;
    char *data; /* of the file, once it is closed */
    gsize n, at;
} Capture;

static void begin(Capture *capture, const char *comment)
{
    GError *error = NULL;

    *capture = (Capture){ .root = g_dir_make_tmp("dxsim-pcapng-XXXXXX", NULL) };
    capture->dir = g_build_filename(capture->root, "out", NULL);
    capture->output = dx_output_new(capture->dir, false, &error);
    ck_assert_ptr_nonnull(capture->output);
    capture->file = dx_output_open(capture->output, "c.pcapng", &error);
    ck_assert_ptr_nonnull(capture->file);
    capture->pcapng = dx_pcapng_new(capture->file, comment);
}

static void end(Capture *capture)
{
    const DxManifest manifest = { .scenario = "s", .scenario_sha256 = "00" };
    g_autofree char *path = g_build_filename(capture->dir, "c.pcapng", NULL);

    dx_pcapng_free(capture->pcapng);
    ck_assert(dx_output_finish(capture->output, &manifest, NULL));
    ck_assert(g_file_get_contents(path, &capture->data, &capture->n, NULL));
}

static void clear(Capture *capture)
{
    static const char *const names[] = { "out/c.pcapng", "out/manifest.json", "out", "" };

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(capture->root, names[i], NULL);

        ck_assert_int_eq(g_remove(path), 0);
    }
    g_free(capture->root);
    g_free(capture->dir);
    g_free(capture->data);
}

/* -- reading, by the letter of the draft ----------------------------------------------------------------- */

static uint32_t u32(const char *at)
{
    const uint8_t *octet = (const uint8_t *)at;

    return octet[0] | (uint32_t)octet[1] << 8 | (uint32_t)octet[2] << 16 | (uint32_t)octet[3] << 24;
}

static uint32_t u16(const char *at)
{
    return u32(at) & 0xFFFF;
}

typedef struct {
    uint32_t type, n;
    const char *body;
} Block;

static Block next_block(Capture *capture)
{
    const char *at = capture->data + capture->at;
    uint32_t length;

    ck_assert_uint_le(capture->at + 12, capture->n);
    length = u32(at + 4);
    ck_assert_uint_eq(length % 4, 0);
    ck_assert_uint_le(capture->at + length, capture->n);
    ck_assert_uint_eq(u32(at + length - 4), length);
    capture->at += length;
    return (Block){ u32(at), length - 12, at + 8 };
}

/* From @from on; NULL: it is not there. The options end where the block does. */
static const char *find_option(const Block *block, uint32_t from, unsigned code, unsigned *n)
{
    const char *found = NULL;

    while (from < block->n) {
        const unsigned this = u16(block->body + from);

        *n = u16(block->body + from + 2);
        if (!this) {
            ck_assert_uint_eq(from + 4, block->n);
            return found;
        }
        if (this == code)
            return block->body + from + 4;
        from += 4 + (*n + 3) / 4 * 4;
    }
    ck_assert_uint_eq(from, block->n);
    return found;
}

static void assert_text(const Block *block, uint32_t from, unsigned code, const char *want)
{
    unsigned n;
    const char *found = find_option(block, from, code, &n);

    if (!want) {
        ck_assert_ptr_null(found);
        return;
    }
    ck_assert_ptr_nonnull(found);
    ck_assert_uint_eq(n, strlen(want));
    ck_assert(!memcmp(found, want, n));
}

#define PACKET_FIXED 20

/* -- tests --------------------------------------------------------------------------------------------- */

START_TEST(blocks_hold_what_was_put_in)
{
    Capture capture;
    Block block;
    unsigned n;

    begin(&capture, "about it");
    ck_assert_uint_eq(dx_pcapng_interface(capture.pcapng,
                                          &(DxPcapngInterface){ "dx1:a>b", "line", 1, 128, 100000000000, 4 }),
                      0);
    ck_assert_uint_eq(dx_pcapng_interface(capture.pcapng, &(DxPcapngInterface){ "x", NULL, 101, 0, 0, -1 }),
                      1);
    dx_pcapng_packet(capture.pcapng, 1, 1999, "hello", 5, "why");
    dx_pcapng_statistics(capture.pcapng, 0, DX_S, 7, 2, "left out");
    end(&capture);

    block = next_block(&capture);
    ck_assert_uint_eq(block.type, 0x0A0D0D0A);
    ck_assert_uint_eq(u32(block.body), 0x1A2B3C4D);
    ck_assert_uint_eq(u16(block.body + 4), 1);
    ck_assert(!memcmp(block.body + 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8));
    assert_text(&block, 16, 1, "about it");
    assert_text(&block, 16, 4, "dxsim " DXSIM_VERSION);

    block = next_block(&capture);
    ck_assert_uint_eq(block.type, 1);
    ck_assert_uint_eq(u16(block.body), 1);
    ck_assert_uint_eq(u32(block.body + 4), 128);
    assert_text(&block, 8, 2, "dx1:a>b");
    assert_text(&block, 8, 3, "line");
    ck_assert_uint_eq(u32(find_option(&block, 8, 8, &n)), 100000000000 & UINT32_MAX);
    ck_assert_uint_eq(u32(find_option(&block, 8, 8, &n) + 4), 100000000000 >> 32);
    ck_assert_int_eq(*find_option(&block, 8, 9, &n), 9);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(*find_option(&block, 8, 13, &n), 4);

    block = next_block(&capture);
    ck_assert_ptr_null(find_option(&block, 8, 8, &n));
    ck_assert_ptr_null(find_option(&block, 8, 13, &n));
    assert_text(&block, 8, 3, NULL);

    block = next_block(&capture);
    ck_assert_uint_eq(block.type, 6);
    ck_assert_uint_eq(u32(block.body), 1);
    ck_assert_uint_eq(u32(block.body + 8), 1); /* 1999 ps are 1 ns and not 2 */
    ck_assert_uint_eq(u32(block.body + 12), 5);
    ck_assert_uint_eq(u32(block.body + 16), 5);
    ck_assert(!memcmp(block.body + 20, "hello\0\0\0", 8));
    assert_text(&block, PACKET_FIXED + 8, 1, "why");

    block = next_block(&capture);
    ck_assert_uint_eq(block.type, 5);
    ck_assert_uint_eq(u32(block.body + 4), 0); /* 10^9 ns */
    ck_assert_uint_eq(u32(block.body + 8), 1000000000);
    ck_assert_uint_eq(u32(find_option(&block, 12, 4, &n)), 7);
    ck_assert_uint_eq(u32(find_option(&block, 12, 5, &n)), 2);
    assert_text(&block, 12, 1, "left out");
    ck_assert_uint_eq(capture.at, capture.n);
    clear(&capture);
}
END_TEST

/* The last ns of a run may need all of 64 bits: 53 days are 4.6 * 10^15 ns. */
START_TEST(late_times_keep_their_high_half)
{
    Capture capture;
    Block block;

    begin(&capture, NULL);
    dx_pcapng_interface(capture.pcapng, &(DxPcapngInterface){ "x", NULL, 1, 0, 0, 0 });
    dx_pcapng_packet(capture.pcapng, 0, DX_TIME_MAX, "", 0, NULL);
    end(&capture);
    block = next_block(&capture);
    block = next_block(&capture);
    block = next_block(&capture);
    ck_assert_uint_eq((uint64_t)u32(block.body + 4) << 32 | u32(block.body + 8),
                      (uint64_t)DX_TIME_MAX / 1000);
    ck_assert_uint_eq(block.n, PACKET_FIXED);
    clear(&capture);
}
END_TEST

START_TEST(packets_are_cut_and_say_how_long_they_were)
{
    Capture capture;
    uint8_t data[300];

    memset(data, 7, sizeof data);
    begin(&capture, NULL);
    dx_pcapng_interface(capture.pcapng, &(DxPcapngInterface){ "x", NULL, 1, 100, 0, 0 });
    for (size_t n = 0; n <= 300; n++)
        dx_pcapng_packet(capture.pcapng, 0, 0, data, n, NULL);
    end(&capture);
    next_block(&capture);
    next_block(&capture);
    for (uint32_t n = 0; n <= 300; n++) {
        const Block block = next_block(&capture);

        ck_assert_uint_eq(u32(block.body + 12), MIN(n, 100));
        ck_assert_uint_eq(u32(block.body + 16), n);
        ck_assert_uint_eq(block.n, PACKET_FIXED + (MIN(n, 100) + 3) / 4 * 4);
    }
    ck_assert_uint_eq(capture.at, capture.n);
    clear(&capture);
}
END_TEST

/* Of characters of three octets, 341 fit into 1024. */
START_TEST(long_texts_are_cut_between_characters)
{
    Capture capture;
    GString *text = g_string_new(NULL);
    Block block;
    unsigned n;

    for (unsigned i = 0; i < 400; i++)
        g_string_append(text, "\xE2\x82\xAC");
    begin(&capture, text->str);
    end(&capture);
    block = next_block(&capture);
    ck_assert_ptr_nonnull(find_option(&block, 16, 1, &n));
    ck_assert_uint_eq(n, 1023);
    ck_assert(g_utf8_validate(find_option(&block, 16, 1, &n), 1023, NULL));
    g_string_free(text, TRUE);
    clear(&capture);
}
END_TEST

static int full_disk(const char *call, void *data)
{
    (void)data;
    return strcmp(call, "write") ? DX_IO_FINE : ENOSPC;
}

START_TEST(a_full_disk_is_reported)
{
    g_autofree char *root = g_dir_make_tmp("dxsim-pcapng-XXXXXX", NULL);
    g_autofree char *dir = g_build_filename(root, "out", NULL);
    DxOutput *output = dx__output_new(dir, false, full_disk, NULL, NULL);
    DxFile *file = dx_output_open(output, "c.pcapng", NULL);
    DxPcapng *pcapng = dx_pcapng_new(file, NULL);
    g_autofree char *partial = g_strconcat(dir, ".partial", NULL);
    GError *error = NULL;
    static uint8_t data[1000];

    dx_pcapng_interface(pcapng, &(DxPcapngInterface){ "x", NULL, 1, 0, 0, 0 });
    for (unsigned i = 0; i < 1000; i++)
        dx_pcapng_packet(pcapng, 0, 0, data, sizeof data, NULL);
    ck_assert(!dx_file_check(file, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_IO));
    g_clear_error(&error);
    ck_assert(!dx_file_close(file, &error));
    g_clear_error(&error);
    dx_pcapng_free(pcapng);
    dx_output_abandon(output);
    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *path = g_build_filename(partial, i ? DX_MARK : "c.pcapng", NULL);

        g_remove(path);
    }
    g_rmdir(partial);
    ck_assert_int_eq(g_rmdir(root), 0);
}
END_TEST

SUITE_MAIN("pcapng", 60, blocks_hold_what_was_put_in, late_times_keep_their_high_half,
           packets_are_cut_and_say_how_long_they_were, long_texts_are_cut_between_characters,
           a_full_disk_is_reported)
