/*
 * param: tables, from text to struct and back
 */
#include <dxsim/param.h>
#include <string.h>
#include "../suite.h"

static const char *const colours[] = { "green", "yellow", "red", NULL };

typedef struct {
    bool is_up;
    int64_t count;
    double index, gain_db;
    int colour;
    DxTime delay_ps, at_least_ps;
    uint64_t rate_bps, size_bytes, most_bytes;
    double length_km, loss_ratio;
    DxLimit limit, deep;
    DxMix mix;
    DxClasses classes;
    int64_t behind;
    double launch_dbm, splice_db, attenuation_db_per_km, line_nm, tolerance_ps_per_nm, slope_ps_per_nm2_km;
    double pmd_ps_per_sqrt_km, ground_c;
} Conf;

static const DxParam params[] = {
    DX_PARAM_BOOL(Conf, is_up, "true", "A switch."),
    DX_PARAM_INT(Conf, count, "1", "-5", "10000000", "How many."),
    DX_PARAM_F64(Conf, index, "1.468", "1", "2", "A ratio."),
    DX_PARAM_F64(Conf, gain_db, "0", NULL, NULL, "A plain number keeps its unit in the key."),
    DX_PARAM_ENUM(Conf, colour, "yellow", colours, "One of three."),
    DX_PARAM_TIME(Conf, delay_ps, "1.5 ms", "1 ns", "10 s", "A time."),
    DX_PARAM_TIME(Conf, at_least_ps, "1 s", "10 us", NULL, "Bounded on one side."),
    DX_PARAM_RATE(Conf, rate_bps, NULL, "1 bps", "100 Tbps", "Must be given."),
    DX_PARAM_SIZE(Conf, size_bytes, "1500 B", "1 B", "65000 B", "A size."),
    DX_PARAM_SIZE(Conf, most_bytes, "0 B", NULL, "9 kB", "Bounded on the other."),
    DX_PARAM_LENGTH(Conf, length_km, "100 km", "0 m", "40000 km", "A length."),
    DX_PARAM_RATIO(Conf, loss_ratio, "0.5 %", "0 %", "100 %", "A part of one."),
    DX_PARAM_MIX(Conf, mix, "", "Sizes and how often."),
    DX_PARAM_CLASSES(Conf, classes, "00001111", "Who goes first."),
    DX_PARAM_GROUP("queue"),
    DX_PARAM_LIMIT(Conf, limit, "10 MB", "Bytes or frames."),
    DX_PARAM_GROUP("other"),
    DX_PARAM_LIMIT(Conf, deep, "7 frames", "In a group of its own."),
    DX_PARAM_GROUP(NULL),
    DX_PARAM_INT(Conf, behind, "3", NULL, NULL, "Back at the top."),
    DX_PARAM_REAL(Conf, launch_dbm, "-3 dBm", "-60 dBm", "30 dBm", "A power."),
    DX_PARAM_REAL(Conf, splice_db, "0.1 dB", "0 dB", "10 dB", "A ratio of powers."),
    DX_PARAM_REAL(Conf, attenuation_db_per_km, "0.22 dB/km", NULL, NULL, "The same for every km."),
    DX_PARAM_REAL(Conf, line_nm, "1295.56 nm", NULL, NULL, "A wavelength."),
    DX_PARAM_REAL(Conf, tolerance_ps_per_nm, "1600 ps/nm", NULL, NULL, "A dispersion."),
    DX_PARAM_REAL(Conf, slope_ps_per_nm2_km, "0.092 ps/(nm^2 km)", NULL, NULL, "Its slope."),
    DX_PARAM_REAL(Conf, pmd_ps_per_sqrt_km, "0.04 ps/sqrt(km)", NULL, NULL, "Of polarisation."),
    DX_PARAM_REAL(Conf, ground_c, "10.5 C", NULL, NULL, "A temperature."),
    DX_PARAM_END,
};

static const DxParam *row(const char *key)
{
    const DxParam *param = dx_param_find(params, key);

    ck_assert_msg(param != NULL, "no row \"%s\"", key);
    return param;
}

static void set(Conf *conf, const char *key, const char *text)
{
    GError *error = NULL;

    if (!dx_param_set(row(key), conf, text, &error))
        ck_abort_msg("%s: %s", key, error->message);
}

static void assert_reads(const Conf *conf, const char *key, const char *text)
{
    char *got = dx_param_get(row(key), conf);

    ck_assert_str_eq(got, text);
    g_free(got);
}

static void assert_refused(const char *key, const char *text, int code, const char *message)
{
    GError *error = NULL;
    Conf conf, before;

    memset(&conf, 0x5a, sizeof conf);
    before = conf;
    ck_assert_msg(!dx_param_set(row(key), &conf, text, &error), "%s: \"%s\" was accepted", key, text);
    ck_assert_str_eq(error->message, message);
    ck_assert(g_error_matches(error, DX_ERROR, code));
    ck_assert_mem_eq(&conf, &before, sizeof conf); /* a refused value changes nothing */
    g_error_free(error);
    ck_assert(!dx_param_set(row(key), &conf, text, NULL));
}

START_TEST(defaults_are_those_of_the_table)
{
    Conf conf = { .rate_bps = 77 };

    dx_param_defaults(params, &conf);
    ck_assert(conf.is_up);
    ck_assert_int_eq(conf.count, 1);
    ck_assert(conf.index == 1.468);
    ck_assert(conf.gain_db == 0);
    ck_assert_int_eq(conf.colour, 1);
    ck_assert_int_eq(conf.delay_ps, 1500 * DX_US);
    ck_assert_int_eq(conf.at_least_ps, DX_S);
    ck_assert_uint_eq(conf.rate_bps, 77); /* has no default: is left alone */
    ck_assert_uint_eq(conf.size_bytes, 1500);
    ck_assert(conf.length_km == 100);
    ck_assert(conf.loss_ratio == 0.005);
    ck_assert(conf.limit.value == 10000000 && !conf.limit.in_frames);
    ck_assert(conf.deep.value == 7 && conf.deep.in_frames);
    ck_assert_int_eq(conf.behind, 3);
    ck_assert(conf.launch_dbm == -3 && conf.splice_db == 0.1 && conf.attenuation_db_per_km == 0.22);
    ck_assert(conf.line_nm == 1295.56 && conf.tolerance_ps_per_nm == 1600 &&
              conf.slope_ps_per_nm2_km == 0.092);
    ck_assert(conf.pmd_ps_per_sqrt_km == 0.04 && conf.ground_c == 10.5);
}
END_TEST

START_TEST(what_is_set_reads_back_as_a_scenario_would_write_it)
{
    static const struct {
        const char *key, *text, *reads; /* NULL: as it was set */
    } cases[] = {
        { "is_up", "false", NULL },
        { "is_up", "true", NULL },
        { "count", "0", NULL },
        { "count", "-5", NULL },
        { "count", "10000000", NULL },
        { "index", "1", NULL },
        { "index", "1.5", NULL },
        { "index", "2", NULL },
        { "gain_db", "-0.25", NULL },
        { "launch", "-3.001 dBm", NULL },
        { "launch", "0 dBm", NULL },
        { "splice", "0.05 dB", NULL },
        { "attenuation", "0.275 dB/km", NULL },
        { "line", "1310 nm", NULL },
        { "tolerance", "800 ps/nm", NULL },
        { "slope", "0.086 ps/(nm^2 km)", NULL },
        { "pmd", "0.2 ps/sqrt(km)", NULL },
        { "ground", "-40 C", NULL },
        { "gain_db", "-4096.5", NULL },
        { "colour", "green", NULL },
        { "colour", "red", NULL },
        { "delay", "1 ns", NULL },
        { "delay", "10 s", NULL },
        { "delay", "1000 us", "1 ms" },
        { "delay", "123456789012 ps", "123456789.012 ns" },
        { "rate", "1 bps", NULL },
        { "rate", "100 Tbps", NULL },
        { "rate", "2500 Mbps", "2.5 Gbps" },
        { "size", "9 kB", NULL },
        { "size", "32 KiB", "32.768 kB" }, /* units of 1024 are read, never written */
        { "length", "0 m", "0 mm" },
        { "length", "1 mm", NULL },
        { "length", "48.967 km", NULL },
        { "length", "40000 km", NULL },
        { "loss", "0 %", NULL },
        { "loss", "100 %", NULL },
        { "loss", "33.3333333333 %", "333333333.333 ppb" },
        { "loss", "1 ppb", NULL },
        { "loss", "0.62 ppb", NULL },
        { "loss", "0.001 ppb", NULL },
        { "loss", "0.0001 %", "1 ppm" },
        { "classes", "01234567", NULL },
        { "classes", "00000000", NULL },
        { "mix", "", NULL },
        { "mix", "1 x 1 B", NULL },
        { "mix", "7 x 40 B, 4 x 576 B, 1 x 1.5 kB", NULL },
        { "mix", "65535 x 65000 B, 1 x 1 KiB", "65535 x 65 kB, 1 x 1.024 kB" },
        { "queue.limit", "10 MB", NULL },
        { "queue.limit", "1000 frames", NULL },
        { "other.deep", "0 frames", NULL },
        { "other.deep", "0 B", NULL },
        { "behind", "9223372036854775807", NULL },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *reads = cases[i].reads ? cases[i].reads : cases[i].text;
        Conf conf = { 0 };
        char *again;

        set(&conf, cases[i].key, cases[i].text);
        assert_reads(&conf, cases[i].key, reads);
        again = dx_param_get(row(cases[i].key), &conf);
        set(&conf, cases[i].key, again);
        assert_reads(&conf, cases[i].key, reads);
        g_free(again);
    }
}
END_TEST

START_TEST(reals_read_back_in_the_shortest_form)
{
    static const char *const texts[] = { "0.1", "0.2", "1.468", "1e-07", "123456.789" };

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        Conf conf = { 0 };

        set(&conf, "gain_db", texts[i]);
        assert_reads(&conf, "gain_db", texts[i]);
    }
}
END_TEST

START_TEST(the_least_whole_number_is_one_too)
{
    Conf conf = { 0 };

    set(&conf, "behind", "-9223372036854775808");
    ck_assert_int_eq(conf.behind, INT64_MIN);
}
END_TEST

START_TEST(one_frame_is_a_limit)
{
    Conf conf = { 0 };

    set(&conf, "queue.limit", "1 frame");
    ck_assert(conf.limit.value == 1 && conf.limit.in_frames);
}
END_TEST

START_TEST(a_value_outside_its_range_is_shown_with_the_range)
{
    assert_refused("count", "-6", DX_ERROR_RANGE, "\"-6\" is outside \"-5\" to \"10000000\"");
    assert_refused("count", "10000001", DX_ERROR_RANGE, "\"10000001\" is outside \"-5\" to \"10000000\"");
    assert_refused("index", "0.999", DX_ERROR_RANGE, "\"0.999\" is outside \"1\" to \"2\"");
    assert_refused("index", "2.1", DX_ERROR_RANGE, "\"2.1\" is outside \"1\" to \"2\"");
    assert_refused("delay", "999 ps", DX_ERROR_RANGE, "\"999 ps\" is outside \"1 ns\" to \"10 s\"");
    assert_refused("delay", "10.001 s", DX_ERROR_RANGE, "\"10.001 s\" is outside \"1 ns\" to \"10 s\"");
    assert_refused("at_least", "9.9 us", DX_ERROR_RANGE, "\"9.9 us\" is below \"10 us\"");
    assert_refused("most", "9001 B", DX_ERROR_RANGE, "\"9001 B\" is above \"9 kB\"");
    assert_refused("rate", "0 bps", DX_ERROR_RANGE, "\"0 bps\" is outside \"1 bps\" to \"100 Tbps\"");
    assert_refused("rate", "101 Tbps", DX_ERROR_RANGE, "\"101 Tbps\" is outside \"1 bps\" to \"100 Tbps\"");
    assert_refused("size", "65001 B", DX_ERROR_RANGE, "\"65001 B\" is outside \"1 B\" to \"65000 B\"");
    assert_refused("length", "40001 km", DX_ERROR_RANGE, "\"40001 km\" is outside \"0 m\" to \"40000 km\"");
    assert_refused("launch", "30.001 dBm", DX_ERROR_RANGE,
                   "\"30.001 dBm\" is outside \"-60 dBm\" to \"30 dBm\"");
    assert_refused("loss", "100.1 %", DX_ERROR_RANGE, "\"100.1 %\" is outside \"0 %\" to \"100 %\"");
    assert_refused("loss", "0.0005 ppb", DX_ERROR_RANGE,
                   "\"0.0005 ppb\" is no multiple of \"0.001 ppb\", the resolution of a percentage");
}
END_TEST

START_TEST(what_is_no_such_value_is_shown_with_what_would_be_one)
{
    assert_refused("is_up", "yes", DX_ERROR_SYNTAX, "\"yes\" is neither true nor false");
    assert_refused("is_up", "", DX_ERROR_SYNTAX, "\"\" is neither true nor false");
    assert_refused("count", "1.5", DX_ERROR_SYNTAX, "\"1.5\" is not a whole number");
    assert_refused("count", "", DX_ERROR_SYNTAX, "\"\" is not a whole number");
    assert_refused("count", "-", DX_ERROR_SYNTAX, "\"-\" is not a whole number");
    assert_refused("count", " 5", DX_ERROR_SYNTAX, "\" 5\" is not a whole number");
    assert_refused("count", "5 ", DX_ERROR_SYNTAX, "\"5 \" is not a whole number");
    assert_refused("count", "+5", DX_ERROR_SYNTAX, "\"+5\" is not a whole number");
    assert_refused("index", "fast", DX_ERROR_SYNTAX, "\"fast\" is not a number");
    assert_refused("index", "", DX_ERROR_SYNTAX, "\"\" is not a number");
    assert_refused("index", "nan", DX_ERROR_SYNTAX, "\"nan\" is not a number");
    assert_refused("index", "inf", DX_ERROR_SYNTAX, "\"inf\" is not a number");
    assert_refused("index", "1,5", DX_ERROR_SYNTAX, "\"1,5\" is not a number");
    assert_refused("colour", "blue", DX_ERROR_UNKNOWN,
                   "\"blue\" is not one of \"green\", \"yellow\", \"red\"");
    assert_refused("colour", "Green", DX_ERROR_UNKNOWN,
                   "\"Green\" is not one of \"green\", \"yellow\", \"red\"");
    assert_refused("delay", "5", DX_ERROR_SYNTAX,
                   "\"5\" has no unit; expected a time such as \"1.5 ms\" (ps, ns, us, ms, s, min, h, d)");
    assert_refused("rate", "10G", DX_ERROR_SYNTAX,
                   "\"10G\" is not a rate such as \"10 Gbps\"; did you mean \"10 Gbps\"?");
    assert_refused("length", "10 Gbps", DX_ERROR_SYNTAX,
                   "\"10 Gbps\" is a rate; expected a length such as \"80 km\"");
    assert_refused(
        "queue.limit", "10 furlongs", DX_ERROR_SYNTAX,
        "a limit in bytes (\"10 MB\") or frames (\"1000 frames\"): \"10 furlongs\" is not a size; "
        "expected a number, one space and a unit, such as \"1500 B\" (B, kB, MB, GB, KiB, MiB, GiB)");
    assert_refused(
        "mix", "40 B", DX_ERROR_SYNTAX,
        "\"40 B\" is no part of a mix; expected a number, \" x \" and a size, such as \"7 x 40 B\"");
    assert_refused(
        "mix", "7x40 B", DX_ERROR_SYNTAX,
        "\"7x40 B\" is no part of a mix; expected a number, \" x \" and a size, such as \"7 x 40 B\"");
    for (unsigned i = 0; i < 5; i++) {
        static const char *const wrong[] = { "", "0000111", "000011111", "00001118", "4 to 7" };
        g_autofree char *why =
            g_strdup_printf("\"%s\" is no map of priorities; expected the class, 0 to 7, of "
                            "each PCP from 0 to 7, such as \"00001111\"",
                            wrong[i]);

        assert_refused("classes", wrong[i], DX_ERROR_SYNTAX, why);
    }
    assert_refused("mix", "1 x 40 B,1 x 50 B", DX_ERROR_SYNTAX,
                   "\"40 B,1 x 50 B\" is not a size; expected a number, one space and a unit, such as \"1500 "
                   "B\" (B, kB, "
                   "MB, GB, KiB, MiB, GiB)");
    assert_refused("mix", "1 x 40 B, ", DX_ERROR_SYNTAX,
                   "\"\" is no part of a mix; expected a number, \" x \" and a size, such as \"7 x 40 B\"");
    assert_refused(
        "mix", "07 x 40 B", DX_ERROR_SYNTAX,
        "\"07 x 40 B\" is no part of a mix; expected a number, \" x \" and a size, such as \"7 x 40 B\"");
    assert_refused("mix", "0 x 40 B", DX_ERROR_RANGE, "\"0 x 40 B\" is not from 1 to 65535 times");
    assert_refused("mix", "65536 x 40 B", DX_ERROR_RANGE, "\"65536 x 40 B\" is not from 1 to 65535 times");
    assert_refused("mix", "1 x 0 B", DX_ERROR_RANGE, "\"1 x 0 B\" is outside \"1 B\" to \"65000 B\"");
    assert_refused("mix", "1 x 65001 B", DX_ERROR_RANGE, "\"1 x 65001 B\" is outside \"1 B\" to \"65000 B\"");
    assert_refused("mix", "1 x 40", DX_ERROR_SYNTAX,
                   "\"40\" has no unit; expected a size such as \"1500 B\" (B, kB, MB, GB, KiB, MiB, GiB)");
    assert_refused("queue.limit", "-1 frames", DX_ERROR_RANGE,
                   "\"-1 frames\" is negative; expected a frame count such as \"1000 frames\"");
}
END_TEST

START_TEST(a_mix_has_at_most_sixteen_sizes)
{
    GString *text = g_string_new("1 x 40 B");
    GError *error = NULL;
    Conf conf = { 0 };

    for (unsigned i = 1; i < DX_MIX_MAX; i++)
        g_string_append(text, ", 2 x 41 B");
    set(&conf, "mix", text->str);
    ck_assert_uint_eq(conf.mix.n, 16);
    ck_assert(conf.mix.part[15].size_bytes == 41 && conf.mix.part[15].weight == 2);
    g_string_append(text, ", 1 x 1 B");
    ck_assert(!dx_param_set(row("mix"), &conf, text->str, &error));
    ck_assert(g_str_has_suffix(error->message, "is a mix of more than 16 sizes"));
    g_error_free(error);
    g_string_free(text, TRUE);
}
END_TEST

/* A scenario may hold a string of 64 kB; nobody wants it in a message of one line. */
START_TEST(a_long_text_is_shown_in_part)
{
    static const char *const keys[] = { "is_up", "count", "index", "colour", "delay", "mix", "queue.limit" };
    GString *text = g_string_new(NULL);
    Conf conf = { 0 };

    for (unsigned i = 0; i < 60000; i++)
        g_string_append_c(text, 'x');
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        GError *error = NULL;

        ck_assert(!dx_param_set(row(keys[i]), &conf, text->str, &error));
        ck_assert_uint_lt(strlen(error->message), 400);
        g_error_free(error);
    }
    /* a number too: 1.000...0 s is read, and above the limit of 10 s when it begins with 11 */
    g_string_assign(text, "11.");
    for (unsigned i = 0; i < 60000; i++)
        g_string_append_c(text, '0');
    g_string_append(text, " s");
    {
        GError *error = NULL;

        ck_assert(!dx_param_set(row("delay"), &conf, text->str, &error));
        ck_assert_msg(strlen(error->message) < 400, "a message of %zu characters", strlen(error->message));
        g_error_free(error);
    }
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(a_key_is_the_field_without_its_unit)
{
    static const struct {
        const char *key, *field;
    } cases[] = {
        { "is_up", "is_up" },
        { "delay", "delay_ps" },
        { "at_least", "at_least_ps" },
        { "rate", "rate_bps" },
        { "size", "size_bytes" },
        { "length", "length_km" },
        { "loss", "loss_ratio" },
        { "gain_db", "gain_db" }, /* a bare number: the unit must be said */
        { "launch", "launch_dbm" },
        { "splice", "splice_db" },
        { "attenuation", "attenuation_db_per_km" },
        { "line", "line_nm" },
        { "tolerance", "tolerance_ps_per_nm" },
        { "slope", "slope_ps_per_nm2_km" },
        { "pmd", "pmd_ps_per_sqrt_km" },
        { "ground", "ground_c" },
        { "queue.limit", "limit" },
        { "other.deep", "deep" },
        { "behind", "behind" },
    };
    static const char *const unknown[] = {
        "",      "delay_ps",   "rate_bps",     "rat",        "rates",
        "queue", "queue.",     "queue.limits", "queue.deep", "limit",
        "deep",  "queue.rate", "other.limit",  "queuelimit", ".limit",
        "RATE",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DxParam *param = row(cases[i].key);
        const char *dot = strchr(cases[i].key, '.');

        ck_assert_str_eq(param->field, cases[i].field);
        ck_assert_uint_eq(dx_param_key_length(param), strlen(dot ? dot + 1 : cases[i].key));
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(unknown); i++)
        ck_assert_msg(!dx_param_find(params, unknown[i]), "\"%s\" was found", unknown[i]);
}
END_TEST

SUITE_MAIN("param", 10, defaults_are_those_of_the_table, what_is_set_reads_back_as_a_scenario_would_write_it,
           reals_read_back_in_the_shortest_form, the_least_whole_number_is_one_too, one_frame_is_a_limit,
           a_value_outside_its_range_is_shown_with_the_range,
           what_is_no_such_value_is_shown_with_what_would_be_one, a_mix_has_at_most_sixteen_sizes,
           a_long_text_is_shown_in_part, a_key_is_the_field_without_its_unit)
