/*
 * load-sweep-values - the values of a sweep's parameter: listed, or a range written out
 *
 *   linear  from + (to - from) i / (n - 1)      log  from (to / from)^(i / (n - 1))
 *
 * to the nearest base unit; the two ends exactly.
 */
#include "load-sweeps-priv.h"

#include <dxsim/dmath.h>

#include <math.h>
#include <string.h>

__extension__ typedef __int128 Int128;

/* -- one value --------------------------------------------------------------------------------------- */

static bool wrong(DxLoader *loader, const DxJson *json, GError *error)
{
    DX_PROBLEM(&loader->reader, json, error->code == DX_ERROR_RANGE ? DX_CODE_RANGE : DX_CODE_SYNTAX, "%s",
               error->message);
    g_error_free(error);
    return false;
}

/* The only kind of quantity that this is the text of. */
static int unit_of(const char *text)
{
    int64_t value;

    for (int unit = DX_UNIT_TIME; unit <= DX_UNIT_TEMPERATURE; unit++)
        if (dx_units_parse((DxUnit)unit, text, &value, NULL))
            return unit;
    return DX_SWEEP_TEXT;
}

static bool number_value(DxLoader *loader, const DxJson *json, const DxSweepParam *param, int64_t *value)
{
    if (param->unit != DX_SWEEP_WHOLE) {
        DX_PROBLEM(&loader->reader, json, DX_CODE_TYPE, "%.40s is a bare number%s%s", json->text,
                   param->unit >= 0 ? "; give it a unit: " : ", but the values before are texts",
                   param->unit >= 0 ? dx_units_forms((DxUnit)param->unit) : "");
        return false;
    }
    if (dx__json_int64(json, value))
        return true;
    DX_PROBLEM(&loader->reader, json, DX_CODE_SYNTAX, "%.40s is not a whole number of 64 bits", json->text);
    return false;
}

bool dx__load_sweep_value(DxLoader *loader, const DxJson *json, DxSweepParam *param, bool *is_typed,
                          int64_t *value)
{
    GError *error = NULL;

    if (json->type != DX_JSON_NUMBER && json->type != DX_JSON_STRING)
        return false; /* which has been reported */
    if (!*is_typed)
        param->unit = json->type == DX_JSON_NUMBER ? DX_SWEEP_WHOLE : unit_of(json->text);
    *is_typed = true;
    if (json->type == DX_JSON_NUMBER)
        return number_value(loader, json, param, value);
    if (param->unit >= 0)
        return dx_units_parse((DxUnit)param->unit, json->text, value, &error) || wrong(loader, json, error);
    if (param->unit == DX_SWEEP_WHOLE) {
        DX_PROBLEM(&loader->reader, json, DX_CODE_TYPE,
                   "this is a string; the values before are whole numbers");
        return false;
    }
    *value = param->texts->len;
    g_ptr_array_add(param->texts, g_strdup(json->text));
    return true;
}

/* -- ranges ------------------------------------------------------------------------------------------ */

static int64_t linear(int64_t from, int64_t to, int64_t i, int64_t last)
{
    const Int128 twice = ((Int128)to - from) * i * 2 + last;

    return (int64_t)(from + twice / (2 * (Int128)last));
}

static int64_t logarithmic(int64_t from, int64_t to, int64_t i, int64_t last)
{
    const double low = dx_log((double)from), high = dx_log((double)to);

    return i == 0      ? from
           : i == last ? to
                       : (int64_t)round(dx_exp(low + (high - low) * (double)i / (double)last));
}

int64_t dx__sweep_between(int64_t from, int64_t to, int64_t i, int64_t last, bool is_log)
{
    return is_log ? logarithmic(from, to, i, last) : linear(from, to, i, last);
}

/* Both ends, of one unit, the smaller first. */
bool dx__load_sweep_range(DxLoader *loader, DxJson *json, DxSweepParam *param, bool *is_typed, int64_t *from,
                          int64_t *to, bool *is_log)
{
    DxReader *reader = &loader->reader;
    const DxJson *first = dx__json_member(reader->doc, json, "from"),
                 *last = dx__json_member(reader->doc, json, "to");

    *is_log = !g_strcmp0(dx__reader_text(reader, json, "spacing"), "log");
    if (!first || !last) {
        if (first || last)
            DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "a range has two ends: \"from\" and \"to\"");
        return false;
    }
    if (!dx__load_sweep_value(loader, first, param, is_typed, from) ||
        !dx__load_sweep_value(loader, last, param, is_typed, to))
        return false;
    if (param->unit == DX_SWEEP_TEXT)
        DX_PROBLEM(reader, first, DX_CODE_SYNTAX,
                   "a range goes from one quantity to another, such as \"1 Gbps\"; list texts as \"values\"");
    else if (*from >= *to)
        DX_PROBLEM(reader, last, DX_CODE_RANGE, "an empty range: \"to\" must be above \"from\"");
    else if (*is_log && *from <= 0)
        DX_PROBLEM(reader, first, DX_CODE_RANGE, "equal ratios begin above 0");
    else
        return true;
    return false;
}

static bool too_many(DxLoader *loader, const DxJson *json, int64_t n)
{
    if (n <= DX_SWEEP_VALUES_MAX)
        return false;
    DX_PROBLEM(&loader->reader, json, DX_CODE_LIMIT, "too many values; at most %u are accepted",
               DX_SWEEP_VALUES_MAX);
    return true;
}

static void by_step(DxLoader *loader, const DxJson *step, DxSweepParam *param, int64_t from, int64_t to)
{
    bool is_typed = true;
    int64_t width;

    if (!dx__load_sweep_value(loader, step, param, &is_typed, &width))
        return;
    if (width <= 0)
        DX_PROBLEM(&loader->reader, step, DX_CODE_RANGE, "a step is above 0");
    else if (!too_many(loader, step,
                       (int64_t)(((Int128)to - from) / width >= INT32_MAX ? INT32_MAX
                                                                          : ((Int128)to - from) / width + 1)))
        for (Int128 value = from; value <= to; value += width) {
            const int64_t one = (int64_t)value;

            g_array_append_val(param->values, one);
        }
}

static void by_points(DxLoader *loader, const DxJson *points, DxSweepParam *param, int64_t from, int64_t to,
                      bool is_log)
{
    int64_t n, before = 0;

    if (!dx__json_int64(points, &n))
        return;
    if (n < 2) {
        DX_PROBLEM(&loader->reader, points, DX_CODE_RANGE, "a range has at least 2 points: its ends");
        return;
    }
    if (too_many(loader, points, n))
        return;
    for (int64_t i = 0; i < n; i++) {
        const int64_t value = dx__sweep_between(from, to, i, n - 1, is_log);

        if (i && value <= before) {
            DX_PROBLEM(&loader->reader, points, DX_CODE_RANGE,
                       "more points than there are different values in the range");
            return;
        }
        before = value;
        g_array_append_val(param->values, value);
    }
}

static void load_range(DxLoader *loader, DxJson *json, DxSweepParam *param, bool is_typed)
{
    DxReader *reader = &loader->reader;
    const DxJson *points = dx__reader_get(reader, json, "points", DX_JSON_NUMBER);
    const DxJson *step = dx__json_member(reader->doc, json, "step");
    int64_t from, to;
    bool is_log;

    if (!dx__load_sweep_range(loader, json, param, &is_typed, &from, &to, &is_log))
        return;
    if (!points == !step)
        DX_PROBLEM(reader, json, points ? DX_CODE_CONFLICT : DX_CODE_MISSING_KEY,
                   "a range needs \"points\" or \"step\", one of them");
    else if (step && is_log)
        DX_PROBLEM(reader, step, DX_CODE_CONFLICT, "equal ratios are told by \"points\", not by a \"step\"");
    else if (points)
        by_points(loader, points, param, from, to, is_log);
    else
        by_step(loader, step, param, from, to);
}

static void load_list(DxLoader *loader, const DxJson *list, DxSweepParam *param, bool is_typed)
{
    if (!list->child)
        DX_PROBLEM(&loader->reader, list, DX_CODE_RANGE, "there is no value in it");
    if (too_many(loader, list, list->n_children))
        return;
    param->list = list;
    dx_json_each (json, list) {
        int64_t value;

        if (dx__load_sweep_value(loader, json, param, &is_typed, &value))
            g_array_append_val(param->values, value);
    }
}

void dx__load_sweep_values(DxLoader *loader, DxJson *json, DxSweepParam *param, bool is_typed)
{
    DxReader *reader = &loader->reader;
    const DxJson *list = dx__reader_get(reader, json, "values", DX_JSON_ARRAY);
    const bool has_range =
        dx__json_member(reader->doc, json, "from") || dx__json_member(reader->doc, json, "to");

    if (list && has_range)
        DX_PROBLEM(reader, json, DX_CODE_CONFLICT, "\"values\", or a range, but not both");
    else if (list)
        load_list(loader, list, param, is_typed);
    else if (has_range)
        load_range(loader, json, param, is_typed);
    else if (!dx__json_member(reader->doc, json, "values"))
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY,
                   "its values are missing: \"values\", or \"from\", \"to\" and \"points\"");
}
