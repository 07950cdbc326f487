/*
 * units - quantities as people write them
 *
 *   quantity = [ "-" ] whole [ "." fraction ] " " unit
 *
 * Two readers. The strict one accepts this form and nothing else, exactly and without allocating. When it
 * refuses, the lenient one guesses what was meant, so that the message can say so; a guess is shown only if
 * the strict reader accepts it.
 */
#include <dxsim/error.h>
#include "units-priv.h"

#include <inttypes.h>
#include <stdbool.h>
#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 Uint128;

#define SHOWN_MAX_BYTES 64 /* of a refused text, in messages; longer ones get no guess */
#define FRACTION_MAX    38 /* 10^38 fits in 128 bits, and 30 digits suffice: one byte is 2^-30 GiB */
#define EXPONENT_MAX    18 /* beyond the 19 digits of an int64_t there is nothing to guess */
#define PS_PER_MIN      (60 * DX_S)
#define PS_PER_HOUR     (60 * PS_PER_MIN)
#define PS_PER_DAY      (24 * PS_PER_HOUR)
#define S_PER_DAY       86400

#define PARTS_PER_PERCENT UINT64_C(10000000000)

typedef struct {
    const char *name;
    uint64_t factor; /* base units in one */
} Unit;

/* What people write for a unit or for its part behind the prefix, and what it should have been. */
typedef struct {
    const char *seen, *right;
} LookAlike;

typedef struct {
    const char *noun, *example, *forms;
    bool is_signed;
    unsigned n_written;        /* units after these are read, never written */
    Unit units[17];            /* those written ascending; ends with a NULL name, as do the others */
    LookAlike look_alikes[21]; /* in any case */
    LookAlike mix_ups[4];      /* exactly as here, tried first; bits for bytes and the reverse */
    const char *counts;        /* what to say about a mix-up */
} Kind;

static const Kind kinds[] = {
    [DX_UNIT_TIME] = {
        .noun = "time",
        .example = "1.5 ms",
        .forms = "\"1.5 ms\" (ps, ns, us, ms, s, min, h, d)",
        .n_written = 8,
        .units = { { "ps", DX_PS }, { "ns", DX_NS }, { "us", DX_US }, { "ms", DX_MS }, { "s", DX_S },
                   { "min", PS_PER_MIN }, { "h", PS_PER_HOUR }, { "d", PS_PER_DAY } },
        .look_alikes = { { "s", "s" }, { "sec", "s" }, { "secs", "s" }, { "second", "s" }, { "seconds", "s" },
                         { "min", "min" }, { "mins", "min" }, { "minute", "min" }, { "minutes", "min" },
                         { "h", "h" }, { "hr", "h" }, { "hour", "h" }, { "hours", "h" },
                         { "d", "d" }, { "day", "d" }, { "days", "d" } },
    },
    [DX_UNIT_RATE] = {
        .noun = "rate",
        .example = "10 Gbps",
        .forms = "\"10 Gbps\" (bps, kbps, Mbps, Gbps, Tbps)",
        .n_written = 5,
        .units = { { "bps", 1 }, { "kbps", 1000 }, { "Mbps", 1000000 }, { "Gbps", 1000000000 },
                   { "Tbps", 1000000000000 } },
        .look_alikes = { { "bps", "bps" }, { "", "bps" }, { "b", "bps" }, { "b/s", "bps" }, { "bit", "bps" },
                         { "bits", "bps" }, { "bit/s", "bps" }, { "bits/s", "bps" } },
        .mix_ups = { { "B/s", "bps" }, { "Bps", "bps" }, { "B", "bps" } },
        .counts = "bits per second",
    },
    [DX_UNIT_FREQUENCY] = {
        .noun = "frequency",
        .example = "100 M/day",
        .forms = "\"100 M/day\" (/s, /min, /h, /day, each also with k, M, G)",
        .n_written = 8,
        .units = { { "/day", 1 }, { "k/day", 1000 }, { "/s", S_PER_DAY }, { "M/day", 1000000 },
                   { "k/s", 1000 * S_PER_DAY }, { "G/day", 1000000000 }, { "M/s", UINT64_C(1000000) * S_PER_DAY },
                   { "G/s", UINT64_C(1000000000) * S_PER_DAY },
                   { "/h", 24 }, { "k/h", 24000 }, { "M/h", 24000000 }, { "G/h", 24000000000 },
                   { "/min", 1440 }, { "k/min", 1440000 }, { "M/min", 1440000000 }, { "G/min", 1440000000000 } },
        .look_alikes = { { "/s", "/s" }, { "/sec", "/s" }, { "/second", "/s" }, { " per second", "/s" }, { "ps", "/s" },
                         { "tps", "/s" }, { "Hz", "/s" }, { "/min", "/min" }, { "/minute", "/min" },
                         { " per minute", "/min" }, { "/h", "/h" }, { "/hour", "/h" }, { " per hour", "/h" },
                         { "/day", "/day" }, { "/d", "/day" }, { " per day", "/day" }, { "per second", "/s" }, { "per minute", "/min" },
                         { "per hour", "/h" }, { "per day", "/day" } },
    },
    [DX_UNIT_SIZE] = {
        .noun = "size",
        .example = "1500 B",
        .forms = "\"1500 B\" (B, kB, MB, GB, KiB, MiB, GiB)",
        .n_written = 4,
        .units = { { "B", 1 }, { "kB", 1000 }, { "MB", 1000000 }, { "GB", 1000000000 },
                   { "KiB", 1 << 10 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 } },
        .look_alikes = { { "B", "B" }, { "", "B" }, { "byte", "B" }, { "bytes", "B" }, { "octets", "B" },
                         { "iB", "iB" } },
        .mix_ups = { { "b", "B" } },
        .counts = "bytes",
    },
    [DX_UNIT_FRAMES] = {
        .noun = "frame count",
        .example = "1000 frames",
        .forms = "\"1000 frames\" (frames)",
        .n_written = 1,
        .units = { { "frames", 1 } },
        .look_alikes = { { "frames", "frames" }, { "frame", "frames" }, { "packets", "frames" },
                         { "packet", "frames" }, { "pkts", "frames" } },
    },
    [DX_UNIT_LENGTH] = {
        .noun = "length",
        .example = "80 km",
        .forms = "\"80 km\" (mm, m, km)",
        .n_written = 3,
        .units = { { "mm", 1 }, { "m", 1000 }, { "km", 1000000 } },
        .look_alikes = { { "m", "m" }, { "meter", "m" }, { "meters", "m" }, { "metre", "m" }, { "metres", "m" } },
    },
    [DX_UNIT_POWER] = {
        .noun = "power",
        .example = "-3 dBm",
        .forms = "\"-3 dBm\" (dBm)",
        .is_signed = true,
        .n_written = 1,
        .units = { { "dBm", 1000 } },
        .look_alikes = { { "dBm", "dBm" }, { "dBmW", "dBm" } },
    },
    [DX_UNIT_GAIN] = {
        .noun = "gain",
        .example = "20 dB",
        .forms = "\"20 dB\" (dB)",
        .is_signed = true,
        .n_written = 1,
        .units = { { "dB", 1000 } },
        .look_alikes = { { "dB", "dB" } },
    },
    [DX_UNIT_PERCENT] = {
        .noun = "percentage",
        .example = "0.5 %",
        .forms = "\"0.5 %\" (%, ppm, ppb)",
        .n_written = 3,
        .units = { { "ppb", 1000 }, { "ppm", 1000000 }, { "%", PARTS_PER_PERCENT } },
        .look_alikes = { { "ppm", "ppm" }, { "ppb", "ppb" }, { "percent", "%" }, { "per cent", "%" },
                         { "pct", "%" }, { "%", "%" } },
    },
    [DX_UNIT_WAVELENGTH] = {
        .noun = "wavelength",
        .example = "1550 nm",
        .forms = "\"1550 nm\" (nm)",
        .n_written = 1,
        .units = { { "nm", 1000 } },
        .look_alikes = { { "nm", "nm" }, { "nanometer", "nm" }, { "nanometers", "nm" }, { "nanometre", "nm" },
                         { "nanometres", "nm" } },
    },
    [DX_UNIT_ATTENUATION] = {
        .noun = "loss per km",
        .example = "0.22 dB/km",
        .forms = "\"0.22 dB/km\" (dB/km)",
        .n_written = 1,
        .units = { { "dB/km", 1000 } },
        .look_alikes = { { "dB/km", "dB/km" }, { "dB per km", "dB/km" }, { "dB km^-1", "dB/km" } },
    },
    [DX_UNIT_DISPERSION] = {
        .noun = "dispersion",
        .example = "1600 ps/nm",
        .forms = "\"1600 ps/nm\" (ps/nm)",
        .n_written = 1,
        .units = { { "ps/nm", 1000 } },
        .look_alikes = { { "ps/nm", "ps/nm" }, { "ps per nm", "ps/nm" } },
    },
    [DX_UNIT_SLOPE] = {
        .noun = "dispersion slope",
        .example = "0.092 ps/(nm^2 km)",
        .forms = "\"0.092 ps/(nm^2 km)\" (ps/(nm^2 km))",
        .n_written = 1,
        .units = { { "ps/(nm^2 km)", 1000 } },
        .look_alikes = { { "ps/nm^2/km", "ps/(nm^2 km)" }, { "ps/nm2/km", "ps/(nm^2 km)" },
                         { "ps/(nm2 km)", "ps/(nm^2 km)" }, { "ps/(nm^2*km)", "ps/(nm^2 km)" } },
    },
    [DX_UNIT_PMD] = {
        .noun = "polarisation mode dispersion",
        .example = "0.2 ps/sqrt(km)",
        .forms = "\"0.2 ps/sqrt(km)\" (ps/sqrt(km))",
        .n_written = 1,
        .units = { { "ps/sqrt(km)", 1000 } },
        .look_alikes = { { "ps/sqrt km", "ps/sqrt(km)" }, { "ps/km^0.5", "ps/sqrt(km)" }, { "ps/rtkm", "ps/sqrt(km)" } },
    },
    [DX_UNIT_TEMPERATURE] = {
        .noun = "temperature",
        .example = "25 C",
        .forms = "\"25 C\" (C)",
        .is_signed = true,
        .n_written = 1,
        .units = { { "C", 1000 } },
        .look_alikes = { { "C", "C" }, { "degC", "C" }, { "\u00b0C", "C" }, { "Celsius", "C" } },
    },
};

/* In any case; the Greek letter has two code points. */
static const LookAlike prefixes[] = {
    { "", "" },      { "p", "p" },    { "n", "n" },     { "u", "u" },      { "m", "m" },
    { "k", "k" },    { "g", "G" },    { "t", "T" },     { "\u00b5", "u" }, { "\u03bc", "u" },
    { "pico", "p" }, { "nano", "n" }, { "micro", "u" }, { "milli", "m" },  { "kilo", "k" },
    { "mega", "M" }, { "giga", "G" }, { "tera", "T" },  { NULL, NULL },
};

static const Unit *unit_find(const Kind *kind, const char *name)
{
    for (const Unit *unit = kind->units; unit->name; unit++)
        if (strcmp(unit->name, name) == 0)
            return unit;
    return NULL;
}

/* ---- the strict reader ---- */

typedef enum { READ_OK, READ_BAD_FORM, READ_NEGATIVE, READ_TOO_FINE, READ_TOO_BIG } Reading;

typedef struct {
    bool is_negative;
    Uint128 whole;        /* sticks above 2^64 */
    const char *fraction; /* no trailing zeros */
    size_t fraction_len;
} Number;

/* Returns what follows the number and the space, or NULL. */
static const char *number_read(Number *number, const char *text)
{
    const char *p = text;

    *number = (Number){ .is_negative = *p == '-' };
    p += number->is_negative;
    if (!g_ascii_isdigit(*p) || (*p == '0' && g_ascii_isdigit(p[1])))
        return NULL;
    for (; g_ascii_isdigit(*p); p++)
        if (number->whole <= UINT64_MAX)
            number->whole = number->whole * 10 + (unsigned)(*p - '0');
    if (*p == '.') {
        number->fraction = ++p;
        for (; g_ascii_isdigit(*p); p++)
            if (*p != '0')
                number->fraction_len = (size_t)(p + 1 - number->fraction);
        if (p == number->fraction)
            return NULL;
    }
    return *p == ' ' ? p + 1 : NULL;
}

static Uint128 greatest_common_divisor(Uint128 a, Uint128 b)
{
    while (b) {
        Uint128 rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* fraction * factor, when that is whole. Reduced first, so that nothing leaves 128 bits. */
static bool fraction_scale(const Number *number, uint64_t factor, uint64_t *scaled)
{
    Uint128 digits = 0, power = 1, common;

    if (number->fraction_len > FRACTION_MAX)
        return false;
    for (size_t i = 0; i < number->fraction_len; i++) {
        digits = digits * 10 + (unsigned)(number->fraction[i] - '0');
        power *= 10;
    }
    common = greatest_common_divisor(power, factor);
    *scaled = (uint64_t)(digits / (power / common) * (factor / common));
    return digits % (power / common) == 0;
}

static Reading quantity_read(const Kind *kind, const char *text, int64_t *value)
{
    Number number;
    const char *name = number_read(&number, text);
    const Unit *unit = name ? unit_find(kind, name) : NULL;
    uint64_t scaled;
    Uint128 magnitude;

    if (!unit)
        return READ_BAD_FORM;
    if (number.is_negative && !kind->is_signed)
        return READ_NEGATIVE;
    if (!fraction_scale(&number, unit->factor, &scaled))
        return READ_TOO_FINE;
    magnitude = number.whole * unit->factor + scaled;
    if (magnitude > (Uint128)INT64_MAX + number.is_negative)
        return READ_TOO_BIG;
    if (number.is_negative && magnitude > 0)
        *value = -(int64_t)(magnitude - 1) - 1; /* INT64_MIN has no positive twin */
    else
        *value = (int64_t)magnitude;
    return READ_OK;
}

/* ---- the lenient reader ---- */

static const char *space_skip(const char *p)
{
    while (g_unichar_isspace(g_utf8_get_char(p)))
        p = g_utf8_next_char(p);
    return p;
}

static const char *digits_take(const char *p, GString *digits)
{
    for (; g_ascii_isdigit(*p); p++)
        g_string_append_c(digits, *p);
    return p;
}

/* Returns what follows the exponent; without one, @p. */
static const char *exponent_take(const char *p, gint64 *exponent)
{
    const char *digits = p + 1;

    if (*p != 'e' && *p != 'E')
        return p;
    digits += *digits == '-' || *digits == '+';
    if (!g_ascii_isdigit(*digits))
        return p;
    *exponent = g_ascii_strtoll(p + 1, (char **)&p, 10);
    return p;
}

/* Digits with the point behind the first @point of them, as the strict reader wants it. */
static void point_place(GString *digits, gint64 point)
{
    for (; point < 1; point++)
        g_string_prepend_c(digits, '0');
    while (point > (gint64)digits->len)
        g_string_append_c(digits, '0');
    for (; point > 1 && digits->str[0] == '0'; point--)
        g_string_erase(digits, 0, 1);
    if (point < (gint64)digits->len)
        g_string_insert_c(digits, (gssize)point, '.');
}

/* Rewrites the number at the head of @text; returns what follows it, or NULL when it cannot be one. */
static const char *number_guess(const char *text, GString *number)
{
    const char *p = space_skip(text), *fraction;
    bool is_negative = *p == '-' || g_utf8_get_char(p) == 0x2212; /* MINUS SIGN */
    gint64 point, exponent = 0;

    if (is_negative || *p == '+')
        p = space_skip(g_utf8_next_char(p));
    p = digits_take(p, number);
    point = (gint64)number->len;
    if (*p == '.' || *p == ',') {
        fraction = p + 1;
        p = digits_take(fraction, number);
        if (fraction[-1] == ',' && p - fraction == 3)
            return NULL; /* thousands or thousandths? */
    }
    p = exponent_take(p, &exponent);
    if (number->len == 0 || exponent < -EXPONENT_MAX || exponent > EXPONENT_MAX)
        return NULL;
    point_place(number, point + exponent);
    if (is_negative)
        g_string_prepend_c(number, '-');
    return space_skip(p);
}

/* The unit spelled prefix and tail, in any case: "m" and "bps" make "Mbps". */
static const Unit *unit_compose(const Kind *kind, const char *prefix, const char *tail)
{
    size_t len = strlen(prefix);

    for (const Unit *unit = kind->units; unit->name; unit++)
        if (g_ascii_strncasecmp(unit->name, prefix, len) == 0 &&
            g_ascii_strcasecmp(unit->name + len, tail) == 0)
            return unit;
    return NULL;
}

static const Unit *unit_guess(const Kind *kind, const char *name, const LookAlike *tails,
                              int (*compare)(const char *, const char *))
{
    for (const LookAlike *prefix = prefixes; prefix->seen; prefix++) {
        size_t len = strlen(prefix->seen);

        if (g_ascii_strncasecmp(name, prefix->seen, len) != 0)
            continue;
        for (const LookAlike *tail = tails; tail->seen; tail++) {
            const Unit *unit = unit_compose(kind, prefix->right, tail->right);

            if (unit && compare(name + len, tail->seen) == 0)
                return unit;
        }
    }
    return NULL;
}

typedef struct {
    bool has_no_unit;
    const Kind *other;  /* the kind it is instead */
    char *meant;        /* what to write; NULL if unknown */
    const char *counts; /* what @meant counts, where the text counts something else */
} Guess;

static const Unit *guess_unit(Guess *guess, const Kind *kind, const char *name)
{
    const Unit *unit = unit_find(kind, name);

    guess->has_no_unit = *name == '\0';
    if (guess->has_no_unit)
        return kind->units[1].name ? NULL : kind->units;
    if (unit)
        return unit;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !guess->other; i++)
        if (unit_find(&kinds[i], name))
            guess->other = &kinds[i];
    if (guess->other)
        return NULL;
    unit = unit_guess(kind, name, kind->mix_ups, strcmp);
    guess->counts = unit ? kind->counts : NULL;
    return unit ? unit : unit_guess(kind, name, kind->look_alikes, g_ascii_strcasecmp);
}

static Guess guess_make(const Kind *kind, const char *text)
{
    Guess guess = { .has_no_unit = false };
    g_autoptr(GString) number = g_string_new(NULL);
    g_autofree char *name = NULL;
    const char *rest = NULL;
    const Unit *unit;
    int64_t value;

    if (strnlen(text, SHOWN_MAX_BYTES + 1) <= SHOWN_MAX_BYTES && g_utf8_validate(text, -1, NULL))
        rest = number_guess(text, number);
    if (!rest)
        return guess;
    name = g_strchomp(g_strdup(rest));
    unit = guess_unit(&guess, kind, name);
    if (!unit)
        return guess;
    g_string_append_printf(number, " %s", unit->name);
    if (quantity_read(kind, number->str, &value) == READ_OK)
        guess.meant = g_strdup(number->str);
    return guess;
}

/* ---- messages ---- */

char *dx__units_show(const char *text)
{
    GString *shown = g_string_new("\"");
    const char *p = text;

    while (*p) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        bool is_valid = c < (gunichar)-2;
        const char *next = is_valid ? g_utf8_next_char(p) : p + 1;

        if (next - text > SHOWN_MAX_BYTES)
            break;
        if (c == '"' || c == '\\')
            g_string_append_printf(shown, "\\%c", *p);
        else if (is_valid && (c == ' ' || (g_unichar_isgraph(c) && c != 0x2028 && c != 0x2029)))
            g_string_append_len(shown, p, next - p);
        else
            for (const char *byte = p; byte < next; byte++)
                g_string_append_printf(shown, "\\x%02x", (unsigned char)*byte);
        p = next;
    }
    g_string_append(shown, *p ? "...\"" : "\"");
    return g_string_free(shown, FALSE);
}

static void bad_form_set(GError **error, const Kind *kind, const char *text, const char *shown)
{
    Guess guess = guess_make(kind, text);

    if (guess.meant)
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX,
                    "%s is not a %s such as \"%s\"; did you mean \"%s\"%s%s%s?", shown, kind->noun,
                    kind->example, guess.meant, guess.counts ? " (" : "", guess.counts ? guess.counts : "",
                    guess.counts ? ")" : "");
    else if (guess.other)
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "%s is a %s; expected a %s such as \"%s\"", shown,
                    guess.other->noun, kind->noun, kind->example);
    else if (guess.has_no_unit)
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "%s has no unit; expected a %s such as %s", shown,
                    kind->noun, kind->forms);
    else
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX,
                    "%s is not a %s; expected a number, one space and a unit, such as %s", shown, kind->noun,
                    kind->forms);
    g_free(guess.meant);
}

static void too_big_set(GError **error, DxUnit unit, const char *text, const char *shown)
{
    const char *side = *text == '-' ? "least" : "most";
    int64_t limit = *text == '-' ? INT64_MIN : INT64_MAX;
    g_autofree char *exact = dx_units_format(unit, limit);
    g_autofree char *about = dx_units_format_short(unit, limit);

    g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "%s does not fit; expected at %s \"%s\" (about %s)", shown,
                side, exact, about);
}

static void too_fine_set(GError **error, DxUnit unit, const char *shown)
{
    g_autofree char *resolution = dx_units_format(unit, 1);

    g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "%s is no multiple of \"%s\", the resolution of a %s", shown,
                resolution, kinds[unit].noun);
}

gboolean dx_units_parse(DxUnit unit, const char *text, int64_t *value, GError **error)
{
    g_autofree char *shown = NULL;
    Reading reading;

    g_return_val_if_fail((size_t)unit < G_N_ELEMENTS(kinds) && text && value, FALSE);
    reading = quantity_read(&kinds[unit], text, value);
    if (reading == READ_OK)
        return TRUE;
    shown = dx__units_show(text);
    if (reading == READ_TOO_BIG)
        too_big_set(error, unit, text, shown);
    else if (reading == READ_TOO_FINE)
        too_fine_set(error, unit, shown);
    else if (reading == READ_NEGATIVE)
        g_set_error(error, DX_ERROR, DX_ERROR_RANGE, "%s is negative; expected a %s such as \"%s\"", shown,
                    kinds[unit].noun, kinds[unit].example);
    else
        bad_form_set(error, &kinds[unit], text, shown);
    return FALSE;
}

/* ---- writing ---- */

static uint64_t magnitude_of(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* The unit divided by the power of ten that leaves no rest, at most 1000; 0 if there is none. */
static uint64_t exact_step(uint64_t magnitude, const Unit *unit)
{
    uint64_t step = unit->factor;

    for (unsigned decimals = 0; decimals < 3 && magnitude % step != 0 && step % 10 == 0; decimals++)
        step /= 10;
    return magnitude % step == 0 ? step : 0;
}

/* The unit divided by the power of ten that leaves four digits, or as many as there are. */
static uint64_t short_step(uint64_t magnitude, const Unit *unit)
{
    uint64_t step = unit->factor;

    while (step % 10 == 0 && magnitude / step < 1000)
        step /= 10;
    return step;
}

/* The largest unit in which the number is at least 1, else the smallest; only exact ones if asked. */
static const Unit *unit_choose(const Kind *kind, uint64_t magnitude, bool is_exact)
{
    const Unit *chosen = kind->units;

    for (const Unit *unit = kind->units; unit < kind->units + kind->n_written; unit++)
        if (magnitude >= unit->factor && (!is_exact || exact_step(magnitude, unit)))
            chosen = unit;
    return chosen;
}

static char *quantity_write(bool is_negative, uint64_t magnitude, const Unit *unit, uint64_t step)
{
    uint64_t whole = magnitude / unit->factor, fraction = magnitude % unit->factor / step;
    const char *sign = is_negative ? "-" : "";
    int decimals = 0;

    for (uint64_t one = step; one < unit->factor; one *= 10)
        decimals++;
    if (decimals == 0)
        return g_strdup_printf("%s%" PRIu64 " %s", sign, whole, unit->name);
    return g_strdup_printf("%s%" PRIu64 ".%0*" PRIu64 " %s", sign, whole, decimals, fraction, unit->name);
}

char *dx_units_format(DxUnit unit, int64_t value)
{
    const uint64_t magnitude = magnitude_of(value);
    const Unit *chosen;

    g_return_val_if_fail((size_t)unit < G_N_ELEMENTS(kinds), NULL);
    chosen = unit_choose(&kinds[unit], magnitude, true);
    if (unit == DX_UNIT_PERCENT && magnitude % (PARTS_PER_PERCENT / 1000) == 0) /* "0.5 %", not "5000 ppm" */
        chosen = unit_find(&kinds[unit], "%");
    return quantity_write(value < 0, magnitude, chosen, exact_step(magnitude, chosen));
}

char *dx_units_format_short(DxUnit unit, int64_t value)
{
    uint64_t magnitude = magnitude_of(value), step;
    const Unit *chosen;

    g_return_val_if_fail((size_t)unit < G_N_ELEMENTS(kinds), NULL);
    step = short_step(magnitude, unit_choose(&kinds[unit], magnitude, false));
    magnitude = (magnitude + step / 2) / step * step;
    chosen = unit_choose(&kinds[unit], magnitude, false); /* 999.95 became 1000.0, the next unit's 1.000 */
    return quantity_write(value < 0, magnitude, chosen, short_step(magnitude, chosen));
}

const char *dx_units_forms(DxUnit unit)
{
    g_return_val_if_fail((size_t)unit < G_N_ELEMENTS(kinds), NULL);
    return kinds[unit].forms;
}

const char *dx_units_noun(DxUnit unit)
{
    g_return_val_if_fail((size_t)unit < G_N_ELEMENTS(kinds), NULL);
    return kinds[unit].noun;
}

const char *dx_units_name(DxUnit unit, unsigned index)
{
    g_return_val_if_fail((size_t)unit < G_N_ELEMENTS(kinds), NULL);
    for (const Unit *known = kinds[unit].units; known->name; known++, index--)
        if (!index)
            return known->name;
    return NULL;
}

gboolean dx_units_is_signed(DxUnit unit)
{
    g_return_val_if_fail((size_t)unit < G_N_ELEMENTS(kinds), FALSE);
    return kinds[unit].is_signed;
}

char *dx_units_format_real(double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE] = "";

    for (int digits = 15; isfinite(value) && digits <= 17; digits++) {
        char format[8];

        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(number, sizeof number, format, value);
        if (g_ascii_strtod(number, NULL) == value)
            break;
    }
    return g_strdup(number);
}
