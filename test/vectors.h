/*
 * vectors.h - reference values from test/data, for tests that read them
 */
#ifndef DX_TEST_VECTORS_H
#define DX_TEST_VECTORS_H

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <dxsim/time.h>
#include "../lib/json-priv.h"

/* A file of test/data. Free with dx__json_free(). */
static inline DxJsonDoc *vectors_load(const char *file)
{
    g_autofree char *path = g_build_filename(DX_TEST_DATA, file, NULL);
    g_autofree char *text = NULL;
    gsize length;
    unsigned line, column;
    DxJsonDoc *doc = NULL;

    if (g_file_get_contents(path, &text, &length, NULL))
        doc = dx__json_parse(text, length, &line, &column, NULL);
    if (!doc)
        ck_abort_msg("%s cannot be read", path);
    return doc;
}

static inline const DxJson *vectors_get(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    const DxJson *member = dx__json_member(doc, object, key);

    if (!member)
        ck_abort_msg("line %u has no \"%s\"", object->line, key);
    return member;
}

/* @fallback when there is none. */
static inline uint64_t vectors_u64(DxJsonDoc *doc, const DxJson *object, const char *key, uint64_t fallback)
{
    const DxJson *member = dx__json_member(doc, object, key);

    return member ? strtoull(member->text, NULL, 10) : fallback;
}

static inline double vectors_f64(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    const DxJson *member = vectors_get(doc, object, key);
    double value;

    if (!dx__json_double(member, &value))
        ck_abort_msg("line %u: \"%s\" is no number", member->line, key);
    return value;
}

/* Seconds as a fraction, "27/3125000", that is a whole number of ps. */
static inline DxTime vectors_ps(const char *text)
{
    char *end;
    const unsigned long long numerator = strtoull(text, &end, 10);
    const unsigned long long denominator = *end == '/' ? strtoull(end + 1, &end, 10) : 1;

    if (*end || !denominator || numerator * (unsigned __int128)DX_S % denominator)
        ck_abort_msg("\"%s\" s is no whole number of ps", text);
    return (DxTime)(numerator * (unsigned __int128)DX_S / denominator);
}

#endif
