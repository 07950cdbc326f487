/*
 * plot-dashboard - six panels: what the cloud's monitor says of one connection, beside the truth
 *
 * Of cloudwatch.csv and latency.csv. The connection is the busiest, its direction too.
 */
#include "plot-priv.h"

#include <math.h>
#include <string.h>

#define BINS         40
#define SESSIONS_MAX 5 /* that are shown */
#define NAME_WIDTH   10

/* Of a period; columns in this order. Sessions are behind those of the latency. */
enum { AVERAGE, WORST, OFFERED, PACKETS, PACKETS_WORST, ERRORS, STATE, LIGHT, N_VALUES };
/* Of cloudwatch.csv. */
enum {
    START = 0,
    LENGTH = 1,
    METRIC = 3,
    CONNECTION = 4,
    VIF = 6,
    FAMILY = 7,
    FIRST_VALUE = 9,
    MEAN = 9,
    SUM = 10,
    LOWEST = 11,
    TRUTH_MAX = 15,
    OFFERED_MAX = 16,
    N_CELLS
};

static const char *const columns[] = {
    "start_s",       "end_s",          "average_bps", "worst_bps", "offered_bps",
    "packets_pps",   "worst_pps",      "errors",      "state",     "light_dbm",
    "latency_low_s", "latency_high_s", "share",       "session_1", "session_2",
    "session_3",     "session_4",      "session_5",   NULL
};

typedef struct {
    double start_s, end_s, value[N_VALUES], session[SESSIONS_MAX];
} Period;

typedef struct {
    char *connection, *way; /* way: "Ingress" */
    double most;            /* of all averages, so far */
    GArray *periods;        /* Period */
    GPtrArray *sessions;    /* names of all there are, "vif1" or "vif1 ipv6" */
    double low_ps, high_ps, count[BINS], frames;
} Board;

/* -- reading ----------------------------------------------------------------------------------------- */

static bool take_busiest(const char *const *cells, unsigned row, void *data, GError **error)
{
    static const char prefix[] = "ConnectionBps";
    Board *board = data;
    double average;

    (void)row;
    if (!g_str_has_prefix(cells[METRIC], prefix))
        return true;
    if (!dx__plot_number(cells[MEAN], &average, error))
        return false;
    if (average <= board->most && board->connection)
        return true;
    board->most = average;
    g_free(board->connection);
    g_free(board->way);
    board->connection = g_strdup(cells[CONNECTION]);
    board->way = g_strdup(cells[METRIC] + strlen(prefix));
    return true;
}

/* Rows come period by period. */
static Period *period_of(Board *board, double start_s, double length_s)
{
    Period period = { .start_s = start_s, .end_s = start_s + length_s };

    if (board->periods->len) {
        Period *last = &g_array_index(board->periods, Period, board->periods->len - 1);

        if (last->start_s >= start_s)
            return last;
    }
    for (unsigned i = 0; i < N_VALUES; i++)
        period.value[i] = NAN;
    for (unsigned i = 0; i < SESSIONS_MAX; i++)
        period.session[i] = NAN;
    g_array_append_val(board->periods, period);
    return &g_array_index(board->periods, Period, board->periods->len - 1);
}

/* Of several lanes the weakest. */
static void put(double *value, double other)
{
    *value = isnan(*value) ? other : MIN(*value, other);
}

/* The share of the period for which it was up. */
static void take_session(Board *board, Period *period, const char *vif, const char *family, double up)
{
    g_autofree char *name = strcmp(family, "ipv4") ? g_strdup_printf("%s %s", vif, family) : g_strdup(vif);
    guint i;

    if (!g_ptr_array_find_with_equal_func(board->sessions, name, g_str_equal, &i)) {
        i = board->sessions->len;
        g_ptr_array_add(board->sessions, g_steal_pointer(&name));
    }
    if (i < SESSIONS_MAX)
        period->session[i] = up;
}

static void take_metric(const Board *board, Period *period, const char *metric, const double *number)
{
    const bool is_way = g_str_has_suffix(metric, board->way);

    if (is_way && g_str_has_prefix(metric, "ConnectionBps")) {
        put(&period->value[AVERAGE], number[MEAN]);
        put(&period->value[WORST], number[TRUTH_MAX]);
        put(&period->value[OFFERED], number[OFFERED_MAX]);
    } else if (is_way && g_str_has_prefix(metric, "ConnectionPps")) {
        put(&period->value[PACKETS], number[MEAN]);
        put(&period->value[PACKETS_WORST], number[TRUTH_MAX]);
    } else if (!strcmp(metric, "ConnectionErrorCount")) {
        put(&period->value[ERRORS], number[SUM]);
    } else if (!strcmp(metric, "ConnectionState")) {
        put(&period->value[STATE], number[MEAN]);
    } else if (!strcmp(metric, "ConnectionLightLevelRx")) {
        put(&period->value[LIGHT], number[LOWEST]);
    }
}

static bool take_point(const char *const *cells, unsigned row, void *data, GError **error)
{
    Board *board = data;
    const bool is_session = !strcmp(cells[METRIC], "VirtualInterfaceBgpStatus");
    double number[N_CELLS] = { 0 };
    Period *period;

    (void)row;
    if (!is_session && strcmp(cells[CONNECTION], board->connection))
        return true;
    for (unsigned i = 0; i < N_CELLS; i++)
        if ((i <= LENGTH || i >= FIRST_VALUE) && *cells[i] && !dx__plot_number(cells[i], &number[i], error))
            return false;
    period = period_of(board, number[START], number[LENGTH]);
    if (is_session)
        take_session(board, period, cells[VIF], cells[FAMILY], number[MEAN]);
    else
        take_metric(board, period, cells[METRIC], number);
    return true;
}

static bool take_range(const char *const *cells, unsigned row, void *data, GError **error)
{
    Board *board = data;
    double low_ps, high_ps;

    (void)row;
    if (!dx__plot_number(cells[1], &low_ps, error) || !dx__plot_number(cells[2], &high_ps, error))
        return false;
    board->low_ps = MIN(board->low_ps, low_ps);
    board->high_ps = MAX(board->high_ps, high_ps + 1);
    return true;
}

static bool take_bucket(const char *const *cells, unsigned row, void *data, GError **error)
{
    Board *board = data;
    double low_ps, high_ps, count;
    unsigned bin;

    (void)row;
    if (!dx__plot_number(cells[1], &low_ps, error) || !dx__plot_number(cells[2], &high_ps, error) ||
        !dx__plot_number(cells[3], &count, error))
        return false;
    bin = (unsigned)(BINS * ((low_ps + high_ps) / 2 - board->low_ps) / (board->high_ps - board->low_ps));
    board->count[MIN(bin, BINS - 1)] += count;
    board->frames += count;
    return true;
}

static bool read_all(Board *board, const DxPlotRun *run, GError **error)
{
    static const char *const points[] = { "time_s",    "period_s",     "cloudwatch_period_s",
                                          "metric",    "connection",   "lane",
                                          "vif",       "family",       "unit",
                                          "average",   "sum",          "minimum",
                                          "maximum",   "sample_count", "truth_min",
                                          "truth_max", "offered_max",  NULL };
    static const char *const buckets[] = { "flow", "low_ps", "high_ps", "count", NULL };

    if (!dx__plot_has(run, "cloudwatch.csv"))
        return dx__plot_nothing(error,
                                "there is no cloudwatch.csv: ask for \"outputs\": { \"cloudwatch\": {} }");
    if (!dx__plot_read(run, "cloudwatch.csv", points, take_busiest, board, error))
        return false;
    if (!board->connection)
        return dx__plot_nothing(error, "no link ends at the cloud");
    return dx__plot_read(run, "cloudwatch.csv", points, take_point, board, error) &&
           dx__plot_read(run, "latency.csv", buckets, take_range, board, error) &&
           dx__plot_read(run, "latency.csv", buckets, take_bucket, board, error);
}

/* -- drawing ----------------------------------------------------------------------------------------- */

/* Periods and bins stand side by side in one table. */
static void fill_table(const Board *board, DxDrawing *drawing)
{
    const double width_s = (board->high_ps - board->low_ps) / BINS / 1e12;

    for (unsigned i = 0; columns[i]; i++)
        g_ptr_array_add(drawing->header, g_strdup(columns[i]));
    for (guint i = 0; i < MAX(board->periods->len, BINS); i++) {
        const Period *period = i < board->periods->len ? &g_array_index(board->periods, Period, i) : NULL;
        double cells[2 + N_VALUES + 3 + SESSIONS_MAX];

        cells[0] = period ? period->start_s : NAN;
        cells[1] = period ? period->end_s : NAN;
        for (unsigned k = 0; k < N_VALUES; k++)
            cells[2 + k] = period ? period->value[k] : NAN;
        cells[2 + N_VALUES] = i < BINS && board->frames > 0 ? board->low_ps / 1e12 + i * width_s : NAN;
        cells[3 + N_VALUES] = cells[2 + N_VALUES] + width_s;
        cells[4 + N_VALUES] = i < BINS && board->frames > 0 ? board->count[i] / board->frames : NAN;
        for (unsigned k = 0; k < SESSIONS_MAX; k++)
            cells[5 + N_VALUES + k] = period ? period->session[k] : NAN;
        g_array_append_vals(drawing->cells, cells, G_N_ELEMENTS(cells));
    }
}

static double highest(const Board *board, unsigned first, unsigned last)
{
    double high = 0;

    for (guint i = 0; i < board->periods->len; i++)
        for (unsigned k = first; k <= last; k++)
            high = fmax(high, g_array_index(board->periods, Period, i).value[k]);
    return high;
}

/* With room for what is written above. */
static void set_high(DxDrawing *drawing, const char *variable, double high, double room)
{
    dx__plot_set_real(drawing, variable, high > 0 ? room * high : 1);
}

/* The connection, and sessions: tracks from 1. */
static void set_tracks(const Board *board, DxDrawing *drawing)
{
    const guint n = MIN(board->sessions->len, (guint)SESSIONS_MAX);

    dx__plot_set_int(drawing, "n_tracks", (int)n + 1);
    dx__plot_set_int(drawing, "n_sessions", (int)board->sessions->len);
    for (guint i = 0; i <= n; i++) {
        const char *name = i ? g_ptr_array_index(board->sessions, i - 1) : board->connection;
        g_autofree char *shown = dx__plot_shorten(name, NAME_WIDTH);
        g_auto(GStrv) parts = g_strsplit(shown, "%", -1);
        g_autofree char *as_tic = g_strjoinv("%%", parts); /* what stands at an axis is a format */

        dx__plot_set_text_at(drawing, "name", i + 1, as_tic);
    }
}

static void set_all(const Board *board, DxDrawing *drawing)
{
    const DxPlotRun *run = dx__plot_run(drawing->source, 0);
    const DxPlotLink *link = g_hash_table_lookup(run->links, board->connection);
    const Period *last = &g_array_index(board->periods, Period, board->periods->len - 1);
    const DxPlotScale *latency = dx__plot_scale(dx__plot_seconds, board->high_ps / 1e12, 1);
    g_autofree char *shown = dx__plot_shorten(board->connection, 20);
    const double rate_bps = link && link->rate_bps > 0 ? link->rate_bps : 1e9;
    bool has_light = false;

    for (guint i = 0; i < board->periods->len; i++)
        has_light |= !isnan(g_array_index(board->periods, Period, i).value[LIGHT]);
    g_string_append_printf(drawing->title, "%s, %s", shown,
                           strcmp(board->way, "Ingress") ? "egress" : "ingress");
    dx__plot_set_time_axis(drawing, last->end_s, NULL);
    dx__plot_set_int(drawing, "height", 760);
    dx__plot_set_int(drawing, "key_rows", 0);
    dx__plot_set_int(drawing, "n_keys", 2);
    dx__plot_set_real(drawing, "rate_bps", rate_bps);
    set_high(drawing, "bps_high", 100 * highest(board, AVERAGE, OFFERED) / rate_bps, 1.8);
    set_high(drawing, "pps_high", highest(board, PACKETS, PACKETS_WORST) / 1000, 1.4);
    set_high(drawing, "errors_high", highest(board, ERRORS, ERRORS), 1.1);
    set_tracks(board, drawing);
    dx__plot_set_int(drawing, "has_light", has_light);
    dx__plot_set_int(drawing, "has_latency", board->frames > 0);
    dx__plot_set_text(drawing, "latency_unit", latency->unit);
    dx__plot_set_real(drawing, "latency_unit_s", latency->base);
}

bool dx__plot_dashboard(DxDrawing *drawing, GError **error)
{
    Board board = { .most = -1,
                    .periods = g_array_new(FALSE, FALSE, sizeof(Period)),
                    .sessions = g_ptr_array_new_with_free_func(g_free),
                    .low_ps = INFINITY };
    bool done = read_all(&board, dx__plot_run(drawing->source, 0), error);

    if (done && !board.periods->len)
        done = dx__plot_nothing(error, "no period has ended");
    if (done) {
        if (!(board.frames > 0))
            board.low_ps = 0;
        fill_table(&board, drawing);
        set_all(&board, drawing);
    }
    g_array_unref(board.periods);
    g_ptr_array_unref(board.sessions);
    g_free(board.connection);
    g_free(board.way);
    return done;
}
