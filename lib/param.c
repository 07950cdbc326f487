/*
 * param - parameter tables: text to struct and back
 */
#include <dxsim/param.h>
#include "units-priv.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define MIX_SIZE_MAX 65000 /* as the largest frame of a source */

/* What a type needs to know: the suffix that the JSON key leaves out, and the quantity it is read as. */
static const struct {
    const char *suffix;
    DxUnit unit;
} types[] = {
    [DX_TYPE_TIME] = { "_ps", DX_UNIT_TIME },
    [DX_TYPE_RATE] = { "_bps", DX_UNIT_RATE },
    [DX_TYPE_FREQUENCY] = { "_per_day", DX_UNIT_FREQUENCY },
    [DX_TYPE_SIZE] = { "_bytes", DX_UNIT_SIZE },
    [DX_TYPE_LENGTH] = { "_km", DX_UNIT_LENGTH },
    [DX_TYPE_RATIO] = { "_ratio", DX_UNIT_PERCENT },
    [DX_TYPE_LIMIT] = { NULL, DX_UNIT_SIZE },
    [DX_TYPE_MIX] = { NULL, DX_UNIT_SIZE },
    [DX_TYPE_FILE] = { NULL, DX_UNIT_SIZE },
    [DX_TYPE_CLASSES] = { NULL, DX_UNIT_SIZE },
};

/* The same for a DX_TYPE_REAL; what ends like another comes before it. */
static const struct {
    const char *suffix;
    DxUnit unit;
} reals[] = {
    { "_dbm", DX_UNIT_POWER },
    { "_db_per_km", DX_UNIT_ATTENUATION },
    { "_db", DX_UNIT_GAIN },
    { "_ps_per_nm2_km", DX_UNIT_SLOPE },
    { "_ps_per_sqrt_km", DX_UNIT_PMD },
    { "_ps_per_nm", DX_UNIT_DISPERSION },
    { "_nm", DX_UNIT_WAVELENGTH },
    { "_c", DX_UNIT_TEMPERATURE },
};

static unsigned real_of(const DxParam *param)
{
    unsigned i = 0;

    while (i + 1 < G_N_ELEMENTS(reals) && !g_str_has_suffix(param->field, reals[i].suffix))
        i++;
    return i;
}

static const char *suffix_of(const DxParam *param)
{
    return param->type == DX_TYPE_REAL ? reals[real_of(param)].suffix : types[param->type].suffix;
}

DxUnit dx_param_unit(const DxParam *param)
{
    return param->type == DX_TYPE_REAL ? reals[real_of(param)].unit : types[param->type].unit;
}

size_t dx_param_key_length(const DxParam *param)
{
    const char *suffix = suffix_of(param);

    if (suffix && g_str_has_suffix(param->field, suffix))
        return strlen(param->field) - strlen(suffix);
    return strlen(param->field);
}

static void *field_of(const DxParam *param, void *conf)
{
    return (char *)conf + param->offset;
}

static const void *const_field_of(const DxParam *param, const void *conf)
{
    return (const char *)conf + param->offset;
}

/* "TEXT is ...", where the text may be anything. */
static bool refuse(GError **error, DxError code, const char *text, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static bool refuse(GError **error, DxError code, const char *text, const char *format, ...)
{
    char *shown = dx__units_show(text), *why;
    va_list args;

    va_start(args, format);
    why = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, DX_ERROR, (gint)code, "%s is %s", shown, why);
    g_free(why);
    g_free(shown);
    return false;
}

static bool outside(const DxParam *param, const char *text, GError **error)
{
    if (param->min && param->max)
        return refuse(error, DX_ERROR_RANGE, text, "outside \"%s\" to \"%s\"", param->min, param->max);
    return refuse(error, DX_ERROR_RANGE, text, "%s \"%s\"", param->min ? "below" : "above",
                  param->min ? param->min : param->max);
}

/* Bounds are written like values; a bound that does not parse is a bug in the table. */
static bool parse_quantity(const DxParam *param, const char *text, int64_t *value, GError **error)
{
    const DxUnit unit = dx_param_unit(param);
    int64_t bound;

    if (!dx_units_parse(unit, text, value, error))
        return false;
    if (param->min && dx_units_parse(unit, param->min, &bound, NULL) && *value < bound)
        return outside(param, text, error);
    if (param->max && dx_units_parse(unit, param->max, &bound, NULL) && *value > bound)
        return outside(param, text, error);
    return true;
}

static bool parse_int(const char *text, int64_t *value)
{
    char *end;

    errno = 0;
    *value = g_ascii_strtoll(text, &end, 10);
    return g_ascii_isdigit(text[*text == '-']) && !*end && errno != ERANGE;
}

static bool set_int(const DxParam *param, void *conf, const char *text, GError **error)
{
    int64_t value, bound;

    if (!parse_int(text, &value))
        return refuse(error, DX_ERROR_SYNTAX, text, "not a whole number");
    if ((param->min && parse_int(param->min, &bound) && value < bound) ||
        (param->max && parse_int(param->max, &bound) && value > bound))
        return outside(param, text, error);
    *(int64_t *)field_of(param, conf) = value;
    return true;
}

static bool set_f64(const DxParam *param, void *conf, const char *text, GError **error)
{
    char *end;
    double value = g_ascii_strtod(text, &end);

    if (end == text || *end || !isfinite(value))
        return refuse(error, DX_ERROR_SYNTAX, text, "not a number");
    if ((param->min && value < g_ascii_strtod(param->min, NULL)) ||
        (param->max && value > g_ascii_strtod(param->max, NULL)))
        return outside(param, text, error);
    *(double *)field_of(param, conf) = value;
    return true;
}

static bool set_enum(const DxParam *param, void *conf, const char *text, GError **error)
{
    GString *known;

    for (int i = 0; param->names[i]; i++)
        if (!strcmp(param->names[i], text)) {
            *(int *)field_of(param, conf) = i;
            return true;
        }
    known = g_string_new(NULL);
    for (int i = 0; param->names[i]; i++)
        g_string_append_printf(known, "%s\"%s\"", i ? ", " : "", param->names[i]);
    refuse(error, DX_ERROR_UNKNOWN, text, "not one of %s", known->str);
    g_string_free(known, TRUE);
    return false;
}

static bool set_bool(const DxParam *param, void *conf, const char *text, GError **error)
{
    bool is_true = !strcmp(text, "true");

    if (!is_true && strcmp(text, "false"))
        return refuse(error, DX_ERROR_SYNTAX, text, "neither true nor false");
    *(bool *)field_of(param, conf) = is_true;
    return true;
}

static bool set_limit(const DxParam *param, void *conf, const char *text, GError **error)
{
    DxLimit *limit = field_of(param, conf);
    const bool is_one = !strcmp(text, "1 frame");
    const bool in_frames = is_one || g_str_has_suffix(text, "frames") || g_str_has_suffix(text, "packets");
    int64_t value;

    if (in_frames ? !dx_units_parse(DX_UNIT_FRAMES, is_one ? "1 frames" : text, &value, error)
                  : !dx_units_parse(DX_UNIT_SIZE, text, &value, error)) {
        if (!in_frames)
            g_prefix_error(error, "a limit in bytes (\"10 MB\") or frames (\"1000 frames\"): ");
        return false;
    }
    *limit = (DxLimit){ (uint64_t)value, in_frames };
    return true;
}

/* One of "7 x 40 B": the weight, exactly " x ", the size. */
static bool parse_part(const char *text, DxMixPart *part, GError **error)
{
    g_autofree char *weight = g_strndup(text, strcspn(text, " "));
    const char *rest = text + strlen(weight);
    int64_t number, size_bytes;

    if (!parse_int(weight, &number) || (weight[0] == '0' && weight[1]) || strncmp(rest, " x ", 3))
        return refuse(error, DX_ERROR_SYNTAX, text,
                      "no part of a mix; expected a number, \" x \" and a size, such as \"7 x 40 B\"");
    if (number < 1 || number > UINT16_MAX)
        return refuse(error, DX_ERROR_RANGE, text, "not from 1 to %u times", UINT16_MAX);
    if (!dx_units_parse(DX_UNIT_SIZE, rest + 3, &size_bytes, error))
        return false;
    if (size_bytes < 1 || size_bytes > MIX_SIZE_MAX)
        return refuse(error, DX_ERROR_RANGE, text, "outside \"1 B\" to \"%u B\"", MIX_SIZE_MAX);
    *part = (DxMixPart){ (uint16_t)size_bytes, (uint16_t)number };
    return true;
}

static bool set_mix(const DxParam *param, void *conf, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ", ", DX_MIX_MAX + 1);
    DxMix mix = { 0 };

    for (; parts[mix.n]; mix.n++) {
        if (mix.n == DX_MIX_MAX)
            return refuse(error, DX_ERROR_LIMIT, text, "a mix of more than %u sizes", DX_MIX_MAX);
        if (!parse_part(parts[mix.n], &mix.part[mix.n], error))
            return false;
    }
    *(DxMix *)field_of(param, conf) = mix;
    return true;
}

static char *get_mix(const DxMix *mix)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < mix->n; i++) {
        g_autofree char *size = dx_units_format(DX_UNIT_SIZE, mix->part[i].size_bytes);

        g_string_append_printf(text, "%s%u x %s", i ? ", " : "", mix->part[i].weight, size);
    }
    return g_string_free(text, FALSE);
}

static bool is_plain_name(const char *name)
{
    return g_ascii_isalnum(*name) && strlen(name) <= DX_FILE_NAME_MAX &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") == strlen(name);
}

static bool set_file(const DxParam *param, void *conf, const char *text, GError **error)
{
    DxFileParam file = { .content = NULL };

    if (*text && !is_plain_name(text))
        return refuse(error, DX_ERROR_SYNTAX, text,
                      "no plain file name: a letter or digit, then up to %u letters, digits, \"_\", \".\" or "
                      "\"-\"; the "
                      "file stands beside the scenario",
                      DX_FILE_NAME_MAX - 1);
    g_strlcpy(file.name, text, sizeof file.name);
    *(DxFileParam *)field_of(param, conf) = file;
    return true;
}

static bool set_classes(const DxParam *param, void *conf, const char *text, GError **error)
{
    DxClasses *classes = field_of(param, conf);
    const size_t n = sizeof classes->of_pcp;

    if (strlen(text) != n || strspn(text, "01234567") != n)
        return refuse(error, DX_ERROR_SYNTAX, text,
                      "no map of priorities; expected the class, 0 to 7, of each PCP from 0 to 7, such as "
                      "\"00001111\"");
    for (size_t pcp = 0; pcp < n; pcp++)
        classes->of_pcp[pcp] = (uint8_t)(text[pcp] - '0');
    return true;
}

static char *get_classes(const DxClasses *classes)
{
    char text[sizeof classes->of_pcp + 1] = { 0 };

    for (size_t pcp = 0; pcp < sizeof classes->of_pcp; pcp++)
        text[pcp] = (char)('0' + classes->of_pcp[pcp]);
    return g_strdup(text);
}

bool dx_param_set(const DxParam *param, void *conf, const char *text, GError **error)
{
    int64_t value;

    switch (param->type) {
    case DX_TYPE_BOOL:
        return set_bool(param, conf, text, error);
    case DX_TYPE_INT:
        return set_int(param, conf, text, error);
    case DX_TYPE_F64:
        return set_f64(param, conf, text, error);
    case DX_TYPE_ENUM:
        return set_enum(param, conf, text, error);
    case DX_TYPE_LIMIT:
        return set_limit(param, conf, text, error);
    case DX_TYPE_MIX:
        return set_mix(param, conf, text, error);
    case DX_TYPE_FILE:
        return set_file(param, conf, text, error);
    case DX_TYPE_CLASSES:
        return set_classes(param, conf, text, error);
    case DX_TYPE_TIME:
    case DX_TYPE_RATE:
    case DX_TYPE_SIZE:
    case DX_TYPE_FREQUENCY:
        if (!parse_quantity(param, text, &value, error))
            return false;
        *(int64_t *)field_of(param, conf) = value;
        return true;
    case DX_TYPE_LENGTH:
        if (!parse_quantity(param, text, &value, error))
            return false;
        *(double *)field_of(param, conf) = (double)value / 1e6;
        return true;
    case DX_TYPE_RATIO:
        if (!parse_quantity(param, text, &value, error))
            return false;
        *(double *)field_of(param, conf) = (double)value / 1e12;
        return true;
    case DX_TYPE_REAL:
        if (!parse_quantity(param, text, &value, error))
            return false;
        *(double *)field_of(param, conf) = (double)value / 1e3;
        return true;
    case DX_TYPE_END:
    case DX_TYPE_GROUP:
        break;
    }
    g_return_val_if_reached(false);
}

void dx_param_defaults(const DxParam *params, void *conf)
{
    for (const DxParam *param = params; param->type != DX_TYPE_END; param++) {
        GError *error = NULL;

        if (param->type == DX_TYPE_GROUP || !param->fallback)
            continue;
        if (!dx_param_set(param, conf, param->fallback, &error)) {
            g_critical("default of %s: %s", param->field, error->message);
            g_error_free(error);
        }
    }
}

char *dx_param_get(const DxParam *param, const void *conf)
{
    const void *field = const_field_of(param, conf);
    const DxLimit *limit;

    switch (param->type) {
    case DX_TYPE_BOOL:
        return g_strdup(*(const bool *)field ? "true" : "false");
    case DX_TYPE_INT:
        return g_strdup_printf("%" G_GINT64_FORMAT, *(const int64_t *)field);
    case DX_TYPE_F64:
        return dx_units_format_real(*(const double *)field);
    case DX_TYPE_ENUM:
        return g_strdup(param->names[*(const int *)field]);
    case DX_TYPE_LIMIT:
        limit = field;
        return dx_units_format(limit->in_frames ? DX_UNIT_FRAMES : DX_UNIT_SIZE, (int64_t)limit->value);
    case DX_TYPE_MIX:
        return get_mix(field);
    case DX_TYPE_FILE:
        return g_strdup(((const DxFileParam *)field)->name);
    case DX_TYPE_CLASSES:
        return get_classes(field);
    case DX_TYPE_TIME:
    case DX_TYPE_RATE:
    case DX_TYPE_SIZE:
    case DX_TYPE_FREQUENCY:
        return dx_units_format(types[param->type].unit, *(const int64_t *)field);
    case DX_TYPE_LENGTH:
        return dx_units_format(DX_UNIT_LENGTH, (int64_t)(*(const double *)field * 1e6 + 0.5));
    case DX_TYPE_RATIO:
        return dx_units_format(DX_UNIT_PERCENT, (int64_t)(*(const double *)field * 1e12 + 0.5));
    case DX_TYPE_REAL: /* back to the nearest thousandth, on either side of zero */
        return dx_units_format(dx_param_unit(param), (int64_t)(*(const double *)field * 1e3 +
                                                               (*(const double *)field < 0 ? -0.5 : 0.5)));
    case DX_TYPE_END:
    case DX_TYPE_GROUP:
        break;
    }
    g_return_val_if_reached(NULL);
}

/* Field name less suffix is @name; asked for every row of a table, so without measuring first. */
static bool is_key(const DxParam *param, const char *name)
{
    const char *field = param->field, *suffix = suffix_of(param);

    while (*name && *name == *field) {
        name++;
        field++;
    }
    return !*name && (suffix && g_str_has_suffix(param->field, suffix) ? !strcmp(field, suffix) : !*field);
}

const DxParam *dx_param_find(const DxParam *params, const char *key)
{
    const char *group = NULL;

    for (const DxParam *param = params; param->type != DX_TYPE_END; param++) {
        const char *name = key;

        if (param->type == DX_TYPE_GROUP) {
            group = param->field;
            continue;
        }
        if (group) {
            if (!g_str_has_prefix(key, group) || key[strlen(group)] != '.')
                continue;
            name = key + strlen(group) + 1;
        }
        if (is_key(param, name))
            return param;
    }
    return NULL;
}
