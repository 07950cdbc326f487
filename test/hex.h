/*
 * hex.h - octets written as hexadecimal digits, for tests with reference values
 */
#ifndef DX_TEST_HEX_H
#define DX_TEST_HEX_H

#include "vectors.h"

typedef struct {
    size_t n;
    uint8_t at[16384];
} Octets;

static inline void hex_parse(Octets *octets, const char *text)
{
    octets->n = strlen(text) / 2;
    ck_assert_uint_le(octets->n, sizeof octets->at);
    ck_assert_uint_eq(strlen(text) % 2, 0);
    for (size_t i = 0; i < octets->n; i++) {
        ck_assert(g_ascii_isxdigit(text[2 * i]) && g_ascii_isxdigit(text[2 * i + 1]));
        octets->at[i] =
            (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 | g_ascii_xdigit_value(text[2 * i + 1]));
    }
}

/* Member @key of a row; null or not there: no octets. */
static inline void hex_get(Octets *octets, DxJsonDoc *doc, const DxJson *row, const char *key)
{
    const DxJson *member = dx__json_member(doc, row, key);

    hex_parse(octets, member && member->type == DX_JSON_STRING ? member->text : "");
}

static inline uint64_t hex_u64(DxJsonDoc *doc, const DxJson *row, const char *key)
{
    return strtoull(vectors_get(doc, row, key)->text, NULL, 16);
}

static inline void hex_assert(const uint8_t *got, size_t n, const Octets *want, const DxJson *row)
{
    ck_assert_msg(n == want->n, "line %u: %zu octets, expected %zu", row->line, n, want->n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(got[i] == want->at[i], "line %u: octet %zu is %02X, expected %02X", row->line, i,
                      got[i], want->at[i]);
}

#endif
