/*
 * fuzz_units - text into quantities of every kind, and any quantity into text and back
 *
 * Eight bytes of a number, then text that is read as each kind.
 */
#include <dxsim/error.h>
#include <dxsim/units.h>
#include "fuzz.h"

#include <math.h>

#define N_UNITS (DX_UNIT_PERCENT + 1)

/* What is written is read as the same. */
static void check_round_trip(DxUnit unit, int64_t value)
{
    char *text = dx_units_format(unit, value), *brief = dx_units_format_short(unit, value);
    int64_t back = 0;

    check_line(text);
    check_line(brief);
    if (value >= 0 || dx_units_is_signed(unit)) {
        CHECK(dx_units_parse(unit, text, &back, NULL));
        CHECK(back == value);
    }
    g_free(text);
    g_free(brief);
}

static void check_text(DxUnit unit, const char *text)
{
    GError *error = NULL;
    int64_t value = 0;

    if (dx_units_parse(unit, text, &value, &error)) {
        CHECK(error == NULL);
        CHECK(value >= 0 || dx_units_is_signed(unit));
        check_round_trip(unit, value);
    } else {
        CHECK(error && error->domain == DX_ERROR);
        CHECK(error->code == DX_ERROR_SYNTAX || error->code == DX_ERROR_RANGE);
        check_line(error->message);
        g_error_free(error);
    }
}

static void check_real(int64_t bits)
{
    double real;
    char *text;

    memcpy(&real, &bits, sizeof real);
    text = dx_units_format_real(real);
    CHECK(!*text == !isfinite(real));
    CHECK(!*text || g_ascii_strtod(text, NULL) == real);
    g_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t number = 0;
    const size_t head = MIN(size, sizeof number);
    char *text = g_strndup((const char *)data + head, size - head);

    memcpy(&number, data, head);
    check_real(number);
    for (unsigned unit = 0; unit < N_UNITS; unit++) {
        check_round_trip((DxUnit)unit, number);
        check_text((DxUnit)unit, text);
    }
    g_free(text);
    return 0;
}
