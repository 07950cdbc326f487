/*
 * fuzz.h - what the fuzzers share
 *
 * Each fuzz_NAME.c is one LLVMFuzzerTestOneInput(). With libFuzzer (option "fuzz", clang) it searches; with
 * replay.c it is a plain program that runs once over the files it is given.
 */
#ifndef DX_TEST_FUZZ_H
#define DX_TEST_FUZZ_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike an assertion, in every kind of build. */
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* One line that a terminal may be shown: valid UTF-8 and nothing to act on. */
static inline void check_line(const char *text)
{
    CHECK(g_utf8_validate(text, -1, NULL));
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);

        CHECK(c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0));
        CHECK(g_unichar_type(c) != G_UNICODE_FORMAT); /* bidi marks, joiners */
        CHECK(c != 0x2028 && c != 0x2029);
    }
}

/* Is there such a place? The end of the text is one too. */
static inline void check_place(const char *text, size_t size, unsigned line, unsigned column)
{
    const char *at = text, *end = text + size;

    CHECK(line >= 1 && column >= 1);
    for (unsigned i = 1; i < line; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        CHECK(at != NULL);
        at++;
    }
    CHECK(column - 1 <= (size_t)(end - at));
    CHECK(memchr(at, '\n', column - 1) == NULL);
}

#endif
