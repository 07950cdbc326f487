/*
 * units: exact both ways, and a refusal that says how to write it
 */
#include <dxsim/error.h>
#include <dxsim/units.h>

#include <locale.h>
#include <string.h>

#include "suite.h"

#define KINDS (DX_UNIT_TEMPERATURE + 1)

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void check_good(DxUnit unit, const char *text, int64_t expected)
{
    g_autoptr(GError) error = NULL;
    int64_t value = 0;

    ck_assert_msg(dx_units_parse(unit, text, &value, &error), "%.80s: %s", text,
                  error ? error->message : "?");
    ck_assert_msg(value == expected, "%.80s: got %" G_GINT64_FORMAT, text, value);
}

static void check_bad(DxUnit unit, const char *text, DxError code, const char *message)
{
    g_autoptr(GError) error = NULL;
    int64_t value = 4711;

    ck_assert_msg(!dx_units_parse(unit, text, &value, &error), "accepted: %.80s", text);
    ck_assert_msg(g_error_matches(error, DX_ERROR, (int)code), "%.80s: %s", text, error->message);
    ck_assert_int_eq(value, 4711);
    if (message)
        ck_assert_str_eq(error->message, message);
}

static char *digits_repeat(char digit, size_t n, const char *before, const char *after)
{
    g_autofree char *digits = g_strnfill(n, digit);

    return g_strconcat(before, digits, after, NULL);
}

START_TEST(every_unit_counts_its_base_units)
{
    static const struct {
        DxUnit unit;
        const char *text;
        int64_t value;
    } good[] = {
        { DX_UNIT_TIME, "0 ps", 0 },
        { DX_UNIT_TIME, "7 ps", 7 },
        { DX_UNIT_TIME, "7 ns", 7000 },
        { DX_UNIT_TIME, "7 us", 7000000 },
        { DX_UNIT_TIME, "1.5 ms", 1500000000 },
        { DX_UNIT_TIME, "0.5 s", DX_S / 2 },
        { DX_UNIT_TIME, "2 min", 120 * DX_S },
        { DX_UNIT_TIME, "2 h", 7200 * DX_S },
        { DX_UNIT_TIME, "106 d", 106 * 86400 * DX_S },
        { DX_UNIT_TIME, "0.000000000001 s", 1 },
        { DX_UNIT_TIME, "1.000000000000000000000000000000000000000000000 ps", 1 },
        { DX_UNIT_TIME, "9223372036854775807 ps", INT64_MAX },
        { DX_UNIT_TIME, "9223372.036854775807 s", INT64_MAX },
        { DX_UNIT_RATE, "1 bps", 1 },
        { DX_UNIT_RATE, "1.5 kbps", 1500 },
        { DX_UNIT_RATE, "300 Mbps", 300000000 },
        { DX_UNIT_RATE, "100 Gbps", 100000000000 },
        { DX_UNIT_RATE, "1.6 Tbps", 1600000000000 },
        { DX_UNIT_FREQUENCY, "7 /day", 7 },
        { DX_UNIT_FREQUENCY, "100 M/day", 100000000 },
        { DX_UNIT_FREQUENCY, "0.5 G/day", 500000000 },
        { DX_UNIT_FREQUENCY, "1.5 k/day", 1500 },
        { DX_UNIT_FREQUENCY, "1.5 /h", 36 },
        { DX_UNIT_FREQUENCY, "1 k/h", 24000 },
        { DX_UNIT_FREQUENCY, "2 M/h", 48000000 },
        { DX_UNIT_FREQUENCY, "2 G/h", 48000000000 },
        { DX_UNIT_FREQUENCY, "1 /min", 1440 },
        { DX_UNIT_FREQUENCY, "5 k/min", 7200000 },
        { DX_UNIT_FREQUENCY, "5 M/min", 7200000000 },
        { DX_UNIT_FREQUENCY, "5 G/min", 7200000000000 },
        { DX_UNIT_FREQUENCY, "1157 /s", 99964800 },
        { DX_UNIT_FREQUENCY, "0.00625 /s", 540 },
        { DX_UNIT_FREQUENCY, "1 k/s", 86400000 },
        { DX_UNIT_FREQUENCY, "100 M/s", INT64_C(8640000000000) },
        { DX_UNIT_FREQUENCY, "1000 G/s", INT64_C(86400000000000000) },
        { DX_UNIT_SIZE, "1500 B", 1500 },
        { DX_UNIT_SIZE, "2 kB", 2000 },
        { DX_UNIT_SIZE, "10 MB", 10000000 },
        { DX_UNIT_SIZE, "1 GB", 1000000000 },
        { DX_UNIT_SIZE, "1.5 KiB", 1536 },
        { DX_UNIT_SIZE, "1 MiB", 1048576 },
        { DX_UNIT_SIZE, "2 GiB", INT64_C(2147483648) },
        { DX_UNIT_SIZE, "0.000000000931322574615478515625 GiB", 1 }, /* 2^-30 */
        { DX_UNIT_FRAMES, "1000 frames", 1000 },
        { DX_UNIT_LENGTH, "3 mm", 3 },
        { DX_UNIT_LENGTH, "2.5 m", 2500 },
        { DX_UNIT_LENGTH, "80 km", 80000000 },
        { DX_UNIT_POWER, "-28 dBm", -28000 },
        { DX_UNIT_POWER, "0.001 dBm", 1 },
        { DX_UNIT_POWER, "-0 dBm", 0 },
        { DX_UNIT_POWER, "-9223372036854775.808 dBm", INT64_MIN },
        { DX_UNIT_GAIN, "17.25 dB", 17250 },
        { DX_UNIT_GAIN, "9223372036854775.807 dB", INT64_MAX },
        { DX_UNIT_PERCENT, "0.5 %", INT64_C(5000000000) },
        { DX_UNIT_PERCENT, "100 %", INT64_C(1000000000000) },
        { DX_UNIT_PERCENT, "0.0001 %", 1000000 },
        { DX_UNIT_PERCENT, "1 ppm", 1000000 },
        { DX_UNIT_PERCENT, "1 ppb", 1000 },
        { DX_UNIT_PERCENT, "0.001 ppb", 1 },
        { DX_UNIT_PERCENT, "0.0000000001 %", 1 },
        { DX_UNIT_WAVELENGTH, "1295.56 nm", 1295560 },
        { DX_UNIT_ATTENUATION, "0.275 dB/km", 275 },
        { DX_UNIT_DISPERSION, "1600 ps/nm", 1600000 },
        { DX_UNIT_SLOPE, "0.092 ps/(nm^2 km)", 92 },
        { DX_UNIT_PMD, "0.2 ps/sqrt(km)", 200 },
        { DX_UNIT_TEMPERATURE, "-40 C", -40000 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        check_good(good[i].unit, good[i].text, good[i].value);
}
END_TEST

START_TEST(a_look_alike_is_answered_with_the_right_spelling)
{
    static const struct {
        DxUnit unit;
        const char *text, *meant;
    } bad[] = {
        { DX_UNIT_RATE, "10G", "10 Gbps" },
        { DX_UNIT_RATE, "10 G", "10 Gbps" },
        { DX_UNIT_RATE, "10Gb/s", "10 Gbps" },
        { DX_UNIT_RATE, "10 Gbit/s", "10 Gbps" },
        { DX_UNIT_RATE, "10 Gbit", "10 Gbps" },
        { DX_UNIT_RATE, "10 gbps", "10 Gbps" },
        { DX_UNIT_RATE, "10 mbps", "10 Mbps" },
        { DX_UNIT_RATE, "10 MBPS", "10 Mbps" },
        { DX_UNIT_RATE, "10 Kbps", "10 kbps" },
        { DX_UNIT_RATE, "10 Mb", "10 Mbps" },
        { DX_UNIT_RATE, "10 mb", "10 Mbps" },
        { DX_UNIT_RATE, "1e9 bps", "1000000000 bps" },
        { DX_UNIT_SIZE, "10 KB", "10 kB" },
        { DX_UNIT_SIZE, "1500", NULL },
        { DX_UNIT_SIZE, "1500 bytes", "1500 B" },
        { DX_UNIT_SIZE, "10 mB", "10 MB" },
        { DX_UNIT_SIZE, "10k", "10 kB" },
        { DX_UNIT_SIZE, "64 kiB", "64 KiB" },
        { DX_UNIT_FREQUENCY, "100M/day", "100 M/day" },
        { DX_UNIT_FREQUENCY, "100 m/Day", "100 M/day" },
        { DX_UNIT_FREQUENCY, "100 million/day", NULL },
        { DX_UNIT_FREQUENCY, "100 M/d", "100 M/day" },
        { DX_UNIT_FREQUENCY, "100 M per day", "100 M/day" },
        { DX_UNIT_FREQUENCY, "1157/s", "1157 /s" },
        { DX_UNIT_FREQUENCY, "1157 tps", "1157 /s" },
        { DX_UNIT_FREQUENCY, "1.5 kHz", "1.5 k/s" },
        { DX_UNIT_FREQUENCY, "5 K/minute", "5 k/min" },
        { DX_UNIT_FREQUENCY, "5 per hour", "5 /h" },
        { DX_UNIT_FREQUENCY, "5", NULL },
        { DX_UNIT_LENGTH, "100km", "100 km" },
        { DX_UNIT_LENGTH, "100KM", "100 km" },
        { DX_UNIT_LENGTH, "100 Kilometers", "100 km" },
        { DX_UNIT_TIME, "5 us ", "5 us" },
        { DX_UNIT_TIME, "\t5  us\n", "5 us" },
        { DX_UNIT_TIME, "5\u00a0us", "5 us" },
        { DX_UNIT_TIME, "5 \u00b5s", "5 us" },
        { DX_UNIT_TIME, "5\u03bcs", "5 us" },
        { DX_UNIT_TIME, "5 usec", "5 us" },
        { DX_UNIT_TIME, "5 sec", "5 s" },
        { DX_UNIT_TIME, "5 MS", "5 ms" },
        { DX_UNIT_TIME, "5 minutes", "5 min" },
        { DX_UNIT_TIME, "1 day", "1 d" },
        { DX_UNIT_TIME, "1,5 ms", "1.5 ms" },
        { DX_UNIT_TIME, "+5 ms", "5 ms" },
        { DX_UNIT_TIME, "1e3 ms", "1000 ms" },
        { DX_UNIT_TIME, "2.5E-2 s", "0.025 s" },
        { DX_UNIT_TIME, "05 ms", "5 ms" },
        { DX_UNIT_TIME, ".5 ms", "0.5 ms" },
        { DX_UNIT_TIME, "5. ms", "5 ms" },
        { DX_UNIT_TIME, "1,500 ms", NULL }, /* thousands or thousandths? */
        { DX_UNIT_TIME, "1e99999999999999999999 ms", NULL },
        { DX_UNIT_TIME, "-5ms", NULL }, /* would be refused too */
        { DX_UNIT_TIME, "0.5ps", NULL },
        { DX_UNIT_TIME, "5 fortnights", NULL },
        { DX_UNIT_TIME, "1 .5 ms", NULL },
        { DX_UNIT_POWER, "\u22123 dBm", "-3 dBm" },
        { DX_UNIT_POWER, "-3", "-3 dBm" },
        { DX_UNIT_POWER, "-3 dbm", "-3 dBm" },
        { DX_UNIT_GAIN, "20 DB", "20 dB" },
        { DX_UNIT_FRAMES, "1000", "1000 frames" },
        { DX_UNIT_FRAMES, "1 frame", "1 frames" },
        { DX_UNIT_PERCENT, "0.5%", "0.5 %" },
        { DX_UNIT_PERCENT, "1 percent", "1 %" },
        { DX_UNIT_PERCENT, "1ppb", "1 ppb" },
        { DX_UNIT_WAVELENGTH, "1550nm", "1550 nm" },
        { DX_UNIT_ATTENUATION, "0.22", "0.22 dB/km" },
        { DX_UNIT_ATTENUATION, "0.22 dB per km", "0.22 dB/km" },
        { DX_UNIT_DISPERSION, "800", "800 ps/nm" },
        { DX_UNIT_SLOPE, "0.092 ps/nm2/km", "0.092 ps/(nm^2 km)" },
        { DX_UNIT_PMD, "0.2 ps/sqrt km", "0.2 ps/sqrt(km)" },
        { DX_UNIT_TEMPERATURE, "25 degC", "25 C" },
        { DX_UNIT_TEMPERATURE, "25 \u00b0C", "25 C" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *hint = g_strdup_printf("; did you mean \"%s\"?", bad[i].meant ? bad[i].meant : "");
        g_autoptr(GError) error = NULL;
        int64_t value;

        ck_assert_msg(!dx_units_parse(bad[i].unit, bad[i].text, &value, &error), "%s", bad[i].text);
        ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_SYNTAX));
        ck_assert_msg(bad[i].meant ? g_str_has_suffix(error->message, hint)
                                   : !strstr(error->message, "did you"),
                      "%s", error->message);
        if (bad[i].meant)
            ck_assert(dx_units_parse(bad[i].unit, bad[i].meant, &value, NULL));
    }
}
END_TEST

START_TEST(a_message_names_what_was_found_and_what_was_expected)
{
    const DxError syntax = DX_ERROR_SYNTAX, range = DX_ERROR_RANGE;

    check_bad(DX_UNIT_RATE, "10G", syntax,
              "\"10G\" is not a rate such as \"10 Gbps\"; did you mean \"10 Gbps\"?");
    check_bad(DX_UNIT_TIME, "1,5 ms", syntax,
              "\"1,5 ms\" is not a time such as \"1.5 ms\"; did you mean \"1.5 ms\"?");
    check_bad(DX_UNIT_RATE, "10MB/s", syntax,
              "\"10MB/s\" is not a rate such as \"10 Gbps\"; did you mean \"10 Mbps\" (bits per second)?");
    check_bad(DX_UNIT_RATE, "10 MBps", syntax,
              "\"10 MBps\" is not a rate such as \"10 Gbps\"; did you mean \"10 Mbps\" (bits per second)?");
    check_bad(DX_UNIT_SIZE, "10 Mb", syntax,
              "\"10 Mb\" is not a size such as \"1500 B\"; did you mean \"10 MB\" (bytes)?");
    check_bad(DX_UNIT_TIME, "10 Mbps", syntax, "\"10 Mbps\" is a rate; expected a time such as \"1.5 ms\"");
    check_bad(DX_UNIT_RATE, "10MB", syntax, "\"10MB\" is a size; expected a rate such as \"10 Gbps\"");
    check_bad(DX_UNIT_TIME, "5 m", syntax, "\"5 m\" is a length; expected a time such as \"1.5 ms\"");
    check_bad(DX_UNIT_GAIN, "3 dB/km", syntax,
              "\"3 dB/km\" is a loss per km; expected a gain such as \"20 dB\"");
    check_bad(DX_UNIT_POWER, "3 dB", syntax, "\"3 dB\" is a gain; expected a power such as \"-3 dBm\"");
    check_bad(DX_UNIT_RATE, "10", syntax,
              "\"10\" has no unit; expected a rate such as \"10 Gbps\" (bps, kbps, Mbps, Gbps, Tbps)");
    check_bad(
        DX_UNIT_LENGTH, "far", syntax,
        "\"far\" is not a length; expected a number, one space and a unit, such as \"80 km\" (mm, m, km)");
    check_bad(
        DX_UNIT_PERCENT, "", syntax,
        "\"\" is not a percentage; expected a number, one space and a unit, such as \"0.5 %\" (%, ppm, ppb)");
    check_bad(DX_UNIT_TIME, "-5 ms", range, "\"-5 ms\" is negative; expected a time such as \"1.5 ms\"");
    check_bad(DX_UNIT_TIME, "1.5 ps", range,
              "\"1.5 ps\" is no multiple of \"1 ps\", the resolution of a time");
    check_bad(DX_UNIT_POWER, "0.0005 dBm", range,
              "\"0.0005 dBm\" is no multiple of \"0.001 dBm\", the resolution of a power");
    check_bad(DX_UNIT_SIZE, "0.3 GiB", range,
              "\"0.3 GiB\" is no multiple of \"1 B\", the resolution of a size");
    check_bad(DX_UNIT_TIME, "107 d", range,
              "\"107 d\" does not fit; expected at most \"9223372036854775.807 ns\" (about 106.8 d)");
    check_bad(DX_UNIT_GAIN, "-9223372036854775.809 dB", range,
              "\"-9223372036854775.809 dB\" does not fit; "
              "expected at least \"-9223372036854775.808 dB\" (about -9223372036854776 dB)");
}
END_TEST

START_TEST(a_message_is_one_printable_line_of_bounded_length)
{
    g_autofree char *endless = digits_repeat('9', 5000, "", "");
    g_autofree char *greek = digits_repeat('x', 63, "", "\u03bc\u03bc");
    static const char *const hostile[] = { "5\nms",     "\x1b[31m5 ms", "5 \xff ms",
                                           "5 ms\xc3",  "\"5 ms\\\"",   "5 \u202ems",
                                           "5\u2028ms", "\x7f",         "5 \xed\xa0\x80 ms",
                                           "\xc2" };
    g_autoptr(GError) error = NULL;
    int64_t value;

    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autoptr(GError) refusal = NULL;

        ck_assert(!dx_units_parse(DX_UNIT_TIME, hostile[i], &value, &refusal));
        ck_assert(g_utf8_validate(refusal->message, -1, NULL));
        for (const char *p = refusal->message; *p; p = g_utf8_next_char(p))
            ck_assert_msg(g_unichar_isprint(g_utf8_get_char(p)), "%zu", i);
    }
    check_bad(DX_UNIT_TIME, "5\n\xff\"", DX_ERROR_SYNTAX,
              "\"5\\x0a\\xff\\\"\" is not a time; expected a number, one space and a unit, such as "
              "\"1.5 ms\" (ps, ns, us, ms, s, min, h, d)");
    ck_assert(!dx_units_parse(DX_UNIT_TIME, endless, &value, &error));
    ck_assert_uint_le(strlen(error->message), 200);
    ck_assert(g_str_has_prefix(error->message + 60, "99999...\" is not"));
    g_clear_error(&error);
    ck_assert(!dx_units_parse(DX_UNIT_TIME, greek, &value, &error));
    ck_assert(g_str_has_prefix(error->message + 60, "xxxx...\" is not")); /* never half a character */
}
END_TEST

START_TEST(only_the_one_form_is_accepted)
{
    static const char *const bad[] = { "ms",      " 5 ms",   "5\tms",      "5  ms",   "5 ms x",
                                       "0x5 ms",  "5 Ms",    "--5 ms",     "- 5 ms",  "00 ms",
                                       "00.5 s",  "5..5 ms", "5.5.5 s",    "1_000 s", "1'000 s",
                                       "1 000 s", "inf s",   "nan s",      "1e3 ms",  "5 ms\xc2\xa0",
                                       ".",       "-",       "5 ",         "e5 s",    "5e s",
                                       "5e+ s",   "5 s.",    "\xd9\xa5 ms" /* Arabic-Indic 5 */ };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        for (unsigned unit = 0; unit < KINDS; unit++)
            check_bad((DxUnit)unit, bad[i], DX_ERROR_SYNTAX, NULL);
}
END_TEST

START_TEST(numbers_of_5000_digits_are_exact_or_refused)
{
    g_autofree char *zeros = digits_repeat('0', 5000, "1.5", " ms");
    g_autofree char *nines = digits_repeat('9', 5000, "", " ps");
    g_autofree char *minus = digits_repeat('9', 5000, "-", " dBm");
    g_autofree char *tail = digits_repeat('0', 5000, "1.", "1 d");
    g_autofree char *thirds = digits_repeat('3', 5000, "0.", " d");
    g_autofree char *leading = digits_repeat('0', 5000, "", "1 ms");

    check_good(DX_UNIT_TIME, zeros, 1500000000);
    check_bad(DX_UNIT_TIME, nines, DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_POWER, minus, DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_TIME, tail, DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_TIME, thirds, DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_TIME, leading, DX_ERROR_SYNTAX, NULL);
}
END_TEST

START_TEST(one_more_than_the_largest_is_refused)
{
    check_bad(DX_UNIT_TIME, "9223372036854775808 ps", DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_RATE, "9223372.036854775808 Tbps", DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_SIZE, "8589934592 GiB", DX_ERROR_RANGE, NULL); /* 2^33 * 2^30 */
    check_bad(DX_UNIT_RATE, "18446744073709551616 bps", DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_RATE, "340282366920938463463374607431768211456 bps", DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_POWER, "9223372036854775.808 dBm", DX_ERROR_RANGE, NULL);
    check_bad(DX_UNIT_POWER, "-9223372036854775.809 dBm", DX_ERROR_RANGE, NULL);
}
END_TEST

static void check_format(DxUnit unit, int64_t value, const char *exact, const char *brief)
{
    g_autofree char *long_form = dx_units_format(unit, value);
    g_autofree char *short_form = dx_units_format_short(unit, value);

    ck_assert_str_eq(long_form, exact);
    ck_assert_str_eq(short_form, brief);
}

START_TEST(formats_choose_the_largest_unit_that_reads_well)
{
    check_format(DX_UNIT_TIME, 0, "0 ps", "0 ps");
    check_format(DX_UNIT_TIME, 999, "999 ps", "999 ps");
    check_format(DX_UNIT_TIME, 1000, "1 ns", "1.000 ns");
    check_format(DX_UNIT_TIME, 1500000000, "1.5 ms", "1.500 ms");
    check_format(DX_UNIT_TIME, 675149919, "675149.919 ns", "675.1 us");
    check_format(DX_UNIT_TIME, 999949, "999.949 ns", "999.9 ns");
    check_format(DX_UNIT_TIME, 999950, "999.95 ns", "1.000 us");
    check_format(DX_UNIT_TIME, 90 * DX_S, "1.5 min", "1.500 min");
    check_format(DX_UNIT_TIME, 100 * DX_S, "100 s", "1.667 min");
    check_format(DX_UNIT_TIME, 59996 * DX_MS, "59.996 s", "1.000 min");
    check_format(DX_UNIT_TIME, 36 * 3600 * DX_S, "1.5 d", "1.500 d");
    check_format(DX_UNIT_TIME, INT64_MAX, "9223372036854775.807 ns", "106.8 d");
    check_format(DX_UNIT_RATE, 9999500, "9999.5 kbps", "10.00 Mbps");
    check_format(DX_UNIT_RATE, 1600000000000, "1.6 Tbps", "1.600 Tbps");
    check_format(DX_UNIT_RATE, 133333333333, "133333333.333 kbps", "133.3 Gbps");
    check_format(DX_UNIT_FREQUENCY, 100000000, "100 M/day", "1.157 k/s");
    check_format(DX_UNIT_FREQUENCY, 99964800, "1.157 k/s", "1.157 k/s");
    check_format(DX_UNIT_FREQUENCY, 7200000, "7.2 M/day", "7.200 M/day");
    check_format(DX_UNIT_FREQUENCY, 86400, "1 /s", "1.00 /s");
    check_format(DX_UNIT_FREQUENCY, 7, "7 /day", "7 /day");
    check_format(DX_UNIT_SIZE, 1500, "1.5 kB", "1.500 kB");
    check_format(DX_UNIT_SIZE, 65536, "65.536 kB", "65.54 kB");
    check_format(DX_UNIT_SIZE, 12345678900000, "12345678.9 MB", "12346 GB");
    check_format(DX_UNIT_FRAMES, 123456, "123456 frames", "123456 frames");
    check_format(DX_UNIT_LENGTH, 1234567, "1234.567 m", "1.235 km");
    check_format(DX_UNIT_POWER, -28000, "-28 dBm", "-28.00 dBm");
    check_format(DX_UNIT_POWER, -500, "-0.5 dBm", "-0.500 dBm");
    check_format(DX_UNIT_POWER, -12345, "-12.345 dBm", "-12.35 dBm");
    check_format(DX_UNIT_GAIN, INT64_MIN, "-9223372036854775.808 dB", "-9223372036854776 dB");
    check_format(DX_UNIT_PERCENT, INT64_C(5000000000), "0.5 %", "5000 ppm");
    check_format(DX_UNIT_PERCENT, INT64_C(125000000000), "12.5 %", "12.50 %");
    check_format(DX_UNIT_PERCENT, 1000000, "1 ppm", "1.000 ppm");
    check_format(DX_UNIT_PERCENT, 620, "0.62 ppb", "0.620 ppb");
    check_format(DX_UNIT_PERCENT, 0, "0 %", "0.000 ppb");
}
END_TEST

/* Only these can be read back when negative. */
static void check_round_trip(int64_t value)
{
    for (unsigned unit = 0; unit < KINDS; unit++) {
        g_autofree char *text = dx_units_format((DxUnit)unit, value);

        if (value >= 0 || unit == DX_UNIT_POWER || unit == DX_UNIT_GAIN || unit == DX_UNIT_TEMPERATURE)
            check_good((DxUnit)unit, text, value);
        else
            check_bad((DxUnit)unit, text, DX_ERROR_RANGE, NULL);
    }
}

START_TEST(what_is_written_is_read_back_unchanged)
{
    uint64_t state = 1;

    check_round_trip(INT64_MAX);
    check_round_trip(INT64_MIN);
    check_round_trip(-INT64_MAX);
    for (int64_t value = -2000; value <= 2000; value++)
        check_round_trip(value);
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10)
        for (int64_t near = -1; near <= 1; near++)
            check_round_trip(power * 5 + near);
    for (unsigned i = 0; i < 20000; i++)
        check_round_trip((int64_t)draw(&state) >> (i & 63));
}
END_TEST

START_TEST(the_short_form_is_off_by_at_most_half_its_last_digit)
{
    uint64_t state = 2;

    for (unsigned i = 0; i < 20000; i++) {
        int64_t value = (int64_t)(draw(&state) >> (2 + i % 62)), shown;
        g_autofree char *text = dx_units_format_short(DX_UNIT_TIME, value);

        ck_assert(dx_units_parse(DX_UNIT_TIME, text, &shown, NULL));
        ck_assert_msg(ABS(shown - value) <= value / 2000, "%" G_GINT64_FORMAT ": %s", value, text);
    }
}
END_TEST

START_TEST(the_example_of_each_kind_is_accepted)
{
    for (unsigned unit = 0; unit < KINDS; unit++) {
        g_auto(GStrv) parts = g_strsplit(dx_units_forms((DxUnit)unit), "\"", 3);
        int64_t value;

        ck_assert(dx_units_parse((DxUnit)unit, parts[1], &value, NULL));
    }
}
END_TEST

START_TEST(the_locale_plays_no_part)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        return;
    check_good(DX_UNIT_TIME, "1.5 ms", 1500000000);
    check_format(DX_UNIT_TIME, 1234500000, "1234.5 us", "1.235 ms");
    setlocale(LC_ALL, "C");
}
END_TEST

SUITE_MAIN("units", 60, every_unit_counts_its_base_units, a_look_alike_is_answered_with_the_right_spelling,
           a_message_names_what_was_found_and_what_was_expected,
           a_message_is_one_printable_line_of_bounded_length, only_the_one_form_is_accepted,
           numbers_of_5000_digits_are_exact_or_refused, one_more_than_the_largest_is_refused,
           formats_choose_the_largest_unit_that_reads_well, what_is_written_is_read_back_unchanged,
           the_short_form_is_off_by_at_most_half_its_last_digit, the_example_of_each_kind_is_accepted,
           the_locale_plays_no_part)
