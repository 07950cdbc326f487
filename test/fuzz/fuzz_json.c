/*
 * fuzz_json - any bytes into the reader of JSON
 *
 * What is refused has a place in the text; what is accepted holds together: parents, positions in document
 * order, every member found by its key, numbers that agree in all their readings.
 */
#include "../../lib/json-priv.h"
#include "fuzz.h"

#include <math.h>

static void check_number(const DxJson *value)
{
    int64_t whole = 0;
    uint64_t magnitude = 0;
    double real = 0;
    const bool is_i64 = dx__json_int64(value, &whole), is_u64 = dx__json_uint64(value, &magnitude);

    CHECK(value->text != NULL);
    if (is_i64 && is_u64)
        CHECK(whole >= 0 && (uint64_t)whole == magnitude);
    CHECK(!is_i64 || whole < 0 || is_u64);
    if (!dx__json_double(value, &real)) {
        CHECK(!is_i64 && !is_u64);
        return;
    }
    CHECK(isfinite(real));
    CHECK(!is_i64 || real == (double)whole);
    CHECK(!is_u64 || real == (double)magnitude);
}

static void check_texts(const DxJson *value)
{
    char *pointer = dx__json_pointer(value), *shown = dx__json_escape(pointer);

    CHECK(value->parent ? *pointer == '/' : !*pointer);
    check_line(shown);
    g_free(shown);
    g_free(pointer);
    if (value->type == DX_JSON_STRING) {
        CHECK(g_utf8_validate(value->text, -1, NULL));
        CHECK(strlen(value->text) <= DX_JSON_MAX_STRING);
        shown = dx__json_escape(value->text);
        check_line(shown);
        g_free(shown);
    }
}

static void check_value(DxJsonDoc *doc, const DxJson *value, const char *text, size_t size, unsigned depth)
{
    const DxJson *before = NULL;
    unsigned n = 0;

    CHECK(depth <= DX_JSON_MAX_DEPTH + 1);
    check_place(text, size, value->line, value->column);
    check_texts(value);
    if (value->type == DX_JSON_NUMBER)
        check_number(value);
    dx_json_each (child, value) {
        CHECK(child->parent == value && child->index == n++);
        CHECK((child->key != NULL) == (value->type == DX_JSON_OBJECT));
        if (child->key) {
            check_place(text, size, child->key_line, child->key_column);
            CHECK(dx__json_member(doc, value, child->key) == child);
        }
        if (before)
            CHECK(before->line < child->line ||
                  (before->line == child->line && before->column < child->column));
        check_value(doc, child, text, size, depth + 1);
        before = child;
    }
    CHECK(n == value->n_children);
    CHECK(!n || value->type == DX_JSON_ARRAY || value->type == DX_JSON_OBJECT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* of its own, so that one byte too far is seen; and without a NUL behind */
    char *text = size ? g_memdup2(data, size) : g_malloc(1);
    unsigned line = 0, column = 0;
    GError *error = NULL;
    DxJsonDoc *doc = dx__json_parse(text, size, &line, &column, &error);

    CHECK(!doc == (error != NULL));
    if (doc) {
        check_value(doc, dx__json_root(doc), text, size, 1);
        CHECK(dx__json_member(doc, dx__json_root(doc), "\x01 not there") == NULL);
    } else {
        CHECK(error->domain == DX_ERROR);
        CHECK(error->code == DX_ERROR_SYNTAX || error->code == DX_ERROR_LIMIT);
        check_place(text, size, line, column);
        check_line(error->message);
    }
    dx__json_free(doc);
    g_clear_error(&error);
    g_free(text);
    return 0;
}
