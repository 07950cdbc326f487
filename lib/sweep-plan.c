/*
 * sweep-plan - parameters, points and their values as text
 */
#include "number-priv.h"
#include "sweep-priv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* -- units ------------------------------------------------------------------------------------------- */

/* How a column says it: what its name ends with, and how many base units are one of its own. */
static const struct {
    const char *suffix;
    int64_t base;
} columns[] = {
    [DX_UNIT_TIME] = { "ps", 1 },
    [DX_UNIT_RATE] = { "bps", 1 },
    [DX_UNIT_FREQUENCY] = { "per_day", 1 },
    [DX_UNIT_SIZE] = { "bytes", 1 },
    [DX_UNIT_FRAMES] = { "frames", 1 },
    [DX_UNIT_LENGTH] = { "mm", 1 },
    [DX_UNIT_POWER] = { "dbm", 1000 },
    [DX_UNIT_GAIN] = { "db", 1000 },
    [DX_UNIT_PERCENT] = { "ratio", INT64_C(1000000000000) },
    [DX_UNIT_WAVELENGTH] = { "nm", 1000 },
    [DX_UNIT_ATTENUATION] = { "db_per_km", 1000 },
    [DX_UNIT_DISPERSION] = { "ps_per_nm", 1000 },
    [DX_UNIT_SLOPE] = { "ps_per_nm2_km", 1000 },
    [DX_UNIT_PMD] = { "ps_per_sqrt_km", 1000 },
    [DX_UNIT_TEMPERATURE] = { "c", 1000 },
};

static int64_t base_of(int unit)
{
    return unit < 0 ? 1 : columns[unit].base;
}

char *dx__sweep_column(const char *name, int unit)
{
    g_autofree char *suffix = unit < 0 ? NULL : g_strconcat("_", columns[unit].suffix, NULL);

    return g_strconcat(name, suffix && !g_str_has_suffix(name, suffix) ? suffix : "", NULL);
}

/* Exactly: there are no more decimals than @base has zeros. */
static char *decimal(int64_t value, int64_t base)
{
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    GString *text = g_string_new(value < 0 ? "-" : "");
    uint64_t rest = size % (uint64_t)base;

    g_string_append_printf(text, "%" PRIu64, size / (uint64_t)base);
    if (rest)
        g_string_append_c(text, '.');
    while (rest) {
        rest *= 10;
        g_string_append_c(text, (char)('0' + rest / (uint64_t)base));
        rest %= (uint64_t)base;
    }
    return g_string_free(text, FALSE);
}

/* -- parameters -------------------------------------------------------------------------------------- */

void dx__sweep_param_init(DxSweepParam *param)
{
    param->paths = g_ptr_array_new_with_free_func(g_free);
    param->bases = g_array_new(FALSE, TRUE, sizeof(DxSweepBase));
    param->values = g_array_new(FALSE, TRUE, sizeof(int64_t));
    param->texts = g_ptr_array_new_with_free_func(g_free);
}

void dx__sweep_param_clear(DxSweepParam *param)
{
    g_free(param->name);
    g_free(param->column);
    g_ptr_array_unref(param->paths);
    g_array_unref(param->bases);
    g_array_unref(param->values);
    g_ptr_array_unref(param->texts);
}

char *dx__sweep_text(const DxSweepParam *param, int64_t value)
{
    if (param->unit == DX_SWEEP_WHOLE)
        return g_strdup_printf("%" PRId64, value);
    if (param->unit == DX_SWEEP_TEXT)
        return g_strdup(g_ptr_array_index(param->texts, value));
    if (param->unit == DX_UNIT_PERCENT) { /* 151.7578125 %, where others would say ppm */
        g_autofree char *number = decimal(value, INT64_C(10000000000));

        return g_strconcat(number, " %", NULL);
    }
    return dx_units_format((DxUnit)param->unit, value);
}

char *dx__sweep_number(const DxSweepParam *param, int64_t value)
{
    return param->unit == DX_SWEEP_TEXT ? dx__sweep_text(param, value) : decimal(value, base_of(param->unit));
}

double dx__sweep_real(const DxSweepParam *param, int64_t value)
{
    return (double)value / (double)base_of(param->unit);
}

/* Three digits, as far as they are any. */
static double rounded(double value)
{
    double step = 1;

    if (!(ABS(value) > 0 && ABS(value) < 1e300))
        return value;
    while (ABS(value) / step >= 1000)
        step *= 10;
    while (ABS(value) / step < 100)
        step /= 10;
    return round(value / step) * step;
}

char *dx__sweep_about(const DxSweepParam *param, double value)
{
    const double base = rounded(value * (double)base_of(param->unit));

    if (ABS(base) > 9e18)
        return g_strdup("a lot");
    return dx__sweep_text(param, (int64_t)round(base));
}

/* To the nearest base unit, half away from zero. */
static int64_t multiply(int64_t value, int64_t factor)
{
    const __int128 half = INT64_C(1000000000000) / 2;
    const __int128 product = (__int128)value * factor;
    const __int128 result = (product + (product < 0 ? -half : half)) / INT64_C(1000000000000);

    return result > INT64_MAX ? INT64_MAX : result < -INT64_MAX ? -INT64_MAX : (int64_t)result;
}

/* A text that nothing but JSON could take for something else stays as it is. */
static char *quoted(const char *text)
{
    GString *out = g_string_new("\"");

    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_printf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            g_string_append_printf(out, "\\u%04x", *text);
        else
            g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

char *dx__sweep_setting(const DxSweepParam *param, unsigned path, int64_t value)
{
    if (param->is_factor) {
        const DxSweepBase *base = &g_array_index(param->bases, DxSweepBase, path);
        const DxSweepParam scaled = { .unit = base->unit };

        return dx__sweep_text(&scaled, multiply(base->value, value));
    }
    if (param->unit == DX_SWEEP_TEXT)
        return quoted(g_ptr_array_index(param->texts, value));
    return dx__sweep_text(param, value);
}

/* -- points ------------------------------------------------------------------------------------------ */

int64_t dx__sweep_value(const DxSweepPlan *plan, unsigned param, unsigned point)
{
    const GArray *values = DX_SWEEP(plan, params, DxSweepParam, param)->values;

    if (plan->is_zip)
        return g_array_index(values, int64_t, point);
    for (guint i = param + 1; i < plan->params->len; i++)
        point /= DX_SWEEP(plan, params, DxSweepParam, i)->values->len;
    return g_array_index(values, int64_t, point % values->len);
}

unsigned dx__sweep_n_units(const DxSweepPlan *plan)
{
    return plan->n_points * plan->cases->len;
}

double dx__sweep_confidence(const DxSweepPlan *plan)
{
    return (double)plan->confidence / 1e12;
}

char *dx__sweep_unit_text(const DxSweepPlan *plan, unsigned unit)
{
    const unsigned failed = unit % plan->cases->len, point = unit / plan->cases->len;
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < plan->params->len; i++) {
        const DxSweepParam *param = DX_SWEEP(plan, params, DxSweepParam, i);
        g_autofree char *value = dx__sweep_text(param, dx__sweep_value(plan, i, point));

        g_string_append_printf(text, "%s%s %s", i ? ", " : "", param->name, value);
    }
    if (failed)
        g_string_append_printf(text, "%s%s failed", text->len ? ", " : "",
                               DX_SWEEP(plan, cases, DxSweepCase, failed)->name);
    return g_string_free(text, FALSE);
}

/* -- making and freeing ------------------------------------------------------------------------------ */

static void case_clear(gpointer data)
{
    DxSweepCase *failed = data;

    g_free(failed->name);
    g_ptr_array_unref(failed->links);
}

static void measure_clear(gpointer data)
{
    DxSweepMeasure *measure = data;
    char *const strings[] = { measure->name,        measure->row,
                              measure->what.name,   measure->what.metric,
                              measure->what.stat,   measure->what.op,
                              measure->what.from,   measure->what.select_kind,
                              measure->what.select, measure->what.value_text };

    for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free(strings[i]);
}

static void expectation_clear(gpointer data)
{
    DxSweepExpectation *expectation = data;

    g_free(expectation->name);
    g_free(expectation->op);
    g_free(expectation->value_text);
}

static void check_clear(gpointer data)
{
    DxSweepCheck *check = data;

    g_free(check->name);
    g_free(check->op);
    g_free(check->value_text);
    g_free(check->expectation);
}

static GArray *array_of(guint size, GDestroyNotify clear)
{
    GArray *array = g_array_new(FALSE, TRUE, size);

    g_array_set_clear_func(array, clear);
    return array;
}

DxSweepPlan *dx__sweep_plan_new(const char *name)
{
    DxSweepPlan *plan = g_new0(DxSweepPlan, 1);
    DxSweepCase none = { .name = g_strdup("none"), .links = g_ptr_array_new_with_free_func(g_free) };

    plan->name = g_strdup(name);
    plan->params = array_of(sizeof(DxSweepParam), (GDestroyNotify)dx__sweep_param_clear);
    plan->cases = array_of(sizeof(DxSweepCase), case_clear);
    plan->measures = array_of(sizeof(DxSweepMeasure), measure_clear);
    plan->expectations = array_of(sizeof(DxSweepExpectation), expectation_clear);
    plan->checks = array_of(sizeof(DxSweepCheck), check_clear);
    plan->n_points = 1;
    plan->replications = 1;
    plan->confidence = INT64_C(950000000000);
    plan->time_scale = 1;
    plan->search.param.unit = DX_SWEEP_WHOLE;
    dx__sweep_param_init(&plan->search.param);
    g_array_append_val(plan->cases, none);
    return plan;
}

void dx__sweep_plan_free(DxSweepPlan *plan)
{
    if (!plan)
        return;
    g_free(plan->name);
    g_array_unref(plan->params);
    g_array_unref(plan->cases);
    g_array_unref(plan->measures);
    g_array_unref(plan->expectations);
    g_array_unref(plan->checks);
    dx__sweep_param_clear(&plan->search.param);
    g_free(plan);
}
