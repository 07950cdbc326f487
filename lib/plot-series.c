/*
 * plot-series - figures over time, from series.csv
 *
 * However long the run, a curve gets at most POINTS_MAX points: when there are as many, every two become one,
 * and from then on a point stands for twice as many samples. Of a rate it has the mean, of a count the sum,
 * of anything else the worst.
 */
#include <dxsim/units.h>
#include "hash-priv.h"
#include "plot-priv.h"

#include <math.h>
#include <string.h>

#define POINTS_MAX 2000
#define CURVES_MAX 20000 /* what has more is not read further */
#define FAINT      0.01  /* of the highest: not worth a colour */
#define MICRO      "\302\265"
#define EVERYTHING "all" /* object of what is summed over the whole network */

static const DxPlotScale bytes[] = { { "GB", 1e9 }, { "MB", 1e6 }, { "kB", 1e3 }, { "B", 1 }, { NULL, 0 } };
static const DxPlotScale rates[] = { { "Tbps", 1e12 }, { "Gbps", 1e9 }, { "Mbps", 1e6 },
                                     { "kbps", 1e3 },  { "bps", 1 },    { NULL, 0 } };
static const DxPlotScale percent[] = { { "%", 0.01 }, { NULL, 0 } };
static const DxPlotScale frames[] = {
    { "million frames/s", 1e6 }, { "thousand frames/s", 1e3 }, { "frames/s", 1 }, { NULL, 0 }
};
static const DxPlotScale dbm[] = { { "dBm", 1 }, { NULL, 0 } };
static const DxPlotScale db[] = { { "dB", 1 }, { NULL, 0 } };

/* How samples are joined. */
typedef enum { MEAN, PEAK, LOWEST, PER_SECOND } How;
typedef enum { LINKS, FLOWS, REASONS } Whose;
typedef enum { NO_LEVEL, LINE_RATE, QUEUE_LIMIT, FULL, NO_MARGIN, RECEIVER } Levels;

struct DxPlotSeries {
    const char *metric; /* of REASONS: what it begins with */
    Whose whose;
    How how;
    bool is_share; /* of the link's rate */
    const DxPlotScale *scales;
    const char *title_each, *title_one; /* the latter with the curve's name */
    const char *y_label;
    Levels levels;
};

const DxPlotSeries dx__plot_queue = { "queue_peak_bytes",   LINKS,      PEAK,    false,      bytes,
                                      "queue of each link", "queue of", "Queue", QUEUE_LIMIT };
const DxPlotSeries dx__plot_throughput = {
    "throughput_bps",          LINKS,           MEAN,         false,    rates,
    "throughput of each link", "throughput of", "Throughput", LINE_RATE
};
const DxPlotSeries dx__plot_utilisation = {
    "throughput_bps", LINKS,         MEAN, true, percent, "utilisation of each link",
    "utilisation of", "Utilisation", FULL
};
const DxPlotSeries dx__plot_goodput = { "goodput_bps",          FLOWS,        MEAN,      false,   rates,
                                        "goodput of each flow", "goodput of", "Goodput", NO_LEVEL };
const DxPlotSeries dx__plot_loss = { "dropped_",     REASONS, PER_SECOND,
                                     false,          frames,  "frames lost, by reason",
                                     "frames lost:", "Loss",  NO_LEVEL };
const DxPlotSeries dx__plot_light = {
    "rx_power_dbm",   LINKS,   LOWEST, false, dbm, "light received over each link", "light received over",
    "Received power", RECEIVER
};
const DxPlotSeries dx__plot_margin = { "margin_db",           LINKS,       LOWEST,           false,    db,
                                       "margin of each link", "margin of", "Optical margin", NO_MARGIN };

const DxPlotScale dx__plot_seconds[] = {
    { "s", 1 }, { "ms", 1e-3 }, { MICRO "s", 1e-6 }, { "ns", 1e-9 }, { NULL, 0 }
};

static bool is_level(const DxPlotSeries *what)
{
    return what->how == LOWEST;
}

/* -- rates that events change ------------------------------------------------------------------------ */

typedef struct {
    double time_s, rate_bps;
    char *object; /* link, or a direction of it */
} RateChange;

static void rate_change_clear(gpointer data)
{
    g_free(((RateChange *)data)->object);
}

static bool take_event(const char *const *cells, unsigned row, void *data, GError **error)
{
    static const char prefix[] = "rate ";
    RateChange change = { 0 };
    int64_t rate_bps;

    (void)row;
    if (strcmp(cells[2], "set") || !g_str_has_prefix(cells[3], prefix) ||
        !dx_units_parse(DX_UNIT_RATE, cells[3] + strlen(prefix), &rate_bps, NULL))
        return true;
    if (!dx__plot_number(cells[0], &change.time_s, error))
        return false;
    change.rate_bps = (double)rate_bps;
    change.object = g_strdup(cells[1]);
    g_array_append_val((GArray *)data, change);
    return true;
}

static bool is_of(const char *object, const char *direction)
{
    const size_t n = strlen(object);

    return !strncmp(direction, object, n) && (!direction[n] || direction[n] == ':');
}

/* -- reading ----------------------------------------------------------------------------------------- */

typedef struct {
    DxCurve *curve;
    GArray *points; /* double: sums of means and counts, worst of others */
    double time_s;  /* of the last sample */
} Column;

typedef struct {
    const DxPlotSeries *what;
    const DxPlotRun *run;
    const char *label; /* NULL: no other run is beside it */
    DxChart *chart;
    GHashTable *columns;       /* object -> Column */
    GPtrArray *list;           /* Column, in order */
    GArray *times;             /* double: of each point, that of its last sample */
    GArray *changes;           /* RateChange */
    char *time;                /* cell of the sample at hand */
    double time_s, before_s;   /* of it, and of the one before */
    guint64 n_samples, stride; /* taken so far; how many make a point */
} Reader;

static double join(How how, double a, double b)
{
    switch (how) {
    case MEAN:
    case PER_SECOND:
        return a + b;
    case LOWEST:
        return MIN(a, b);
    case PEAK:
        break;
    }
    return MAX(a, b);
}

/* Every two points become one. */
static void halve(Reader *reader)
{
    const guint n = reader->times->len / 2;

    for (guint c = 0; c < reader->list->len; c++) {
        GArray *points = ((Column *)g_ptr_array_index(reader->list, c))->points;
        double *point = (double *)(void *)points->data;

        g_array_set_size(points, 2 * n);
        point = (double *)(void *)points->data;
        for (guint i = 0; i < n; i++)
            point[i] = join(reader->what->how, point[2 * i], point[2 * i + 1]);
        g_array_set_size(points, n);
    }
    for (guint i = 0; i < n; i++)
        g_array_index(reader->times, double, i) = g_array_index(reader->times, double, 2 * i + 1);
    g_array_set_size(reader->times, n);
    reader->stride *= 2;
}

static bool begin_sample(Reader *reader, const char *time, GError **error)
{
    reader->before_s = reader->time_s;
    if (!dx__plot_number(time, &reader->time_s, error))
        return false;
    if (reader->time_s <= reader->before_s) {
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "time_s does not go on");
        return false;
    }
    g_free(reader->time);
    reader->time = g_strdup(time);
    if (reader->n_samples % reader->stride == 0) {
        if (reader->times->len == POINTS_MAX)
            halve(reader);
        if (reader->n_samples % reader->stride == 0)
            g_array_append_val(reader->times, reader->time_s);
    }
    reader->n_samples++;
    g_array_index(reader->times, double, reader->times->len - 1) = reader->time_s;
    return true;
}

/* The mean since the sample before: it may have changed in between. */
static double rate_of(const Reader *reader, const char *direction, const DxPlotLink *link)
{
    double rate_bps = link->rate_bps, from_s = reader->before_s, bits = 0;

    for (guint i = 0; i < reader->changes->len; i++) {
        const RateChange *change = &g_array_index(reader->changes, RateChange, i);

        if (change->time_s >= reader->time_s || !is_of(change->object, direction))
            continue;
        if (change->time_s > from_s) {
            bits += rate_bps * (change->time_s - from_s);
            from_s = change->time_s;
        }
        rate_bps = change->rate_bps;
    }
    return (bits + rate_bps * (reader->time_s - from_s)) / (reader->time_s - reader->before_s);
}

static char *curve_name(const Reader *reader, const char *object, const char *metric)
{
    const char *text = object;
    g_autofree char *reason = NULL;

    if (reader->what->whose == REASONS) {
        text = reason =
            g_strndup(metric + strlen("dropped_"), strlen(metric) - strlen("dropped_") - strlen("_frames"));
        g_strdelimit(reason, "_", ' ');
    }
    return reader->label ? g_strdup_printf("%s: %s", reader->label, text) : g_strdup(text);
}

static Column *column_of(Reader *reader, const char *object, const char *metric, const DxPlotLink *link)
{
    const char *key = reader->what->whose == REASONS ? metric : object;
    Column *column = g_hash_table_lookup(reader->columns, key);

    if (column || reader->list->len == CURVES_MAX)
        return column;
    column = g_new0(Column, 1);
    column->points = g_array_new(FALSE, TRUE, sizeof(double));
    column->curve = dx__chart_add(reader->chart, curve_name(reader, object, metric));
    column->curve->link = link;
    g_hash_table_insert(reader->columns, g_strdup(key), column);
    g_ptr_array_add(reader->list, column);
    return column;
}

static void add_point(const Reader *reader, Column *column, double value)
{
    double *last;

    if (column->points->len < reader->times->len) {
        g_array_set_size(column->points, reader->times->len); /* 0 where there was none */
        g_array_index(column->points, double, reader->times->len - 1) = value;
        return;
    }
    last = &g_array_index(column->points, double, column->points->len - 1);
    *last = join(reader->what->how, *last, value);
}

/* Is the row of the figure? @link: whose it is, if it is a link's. */
static bool is_wanted(const Reader *reader, const char *object, const char *metric, const DxPlotLink **link)
{
    *link = NULL;
    if (reader->what->whose == REASONS)
        return !strcmp(object, EVERYTHING) && g_str_has_prefix(metric, reader->what->metric) &&
               g_str_has_suffix(metric, "_frames") && strlen(metric) > strlen("dropped__frames");
    if (strcmp(metric, reader->what->metric))
        return false;
    if (reader->what->whose == FLOWS)
        return !strchr(object, ':');
    *link = g_hash_table_lookup(reader->run->directions, object);
    return *link != NULL;
}

static bool take_sample(const char *const *cells, unsigned row, void *data, GError **error)
{
    Reader *reader = data;
    const DxPlotLink *link;
    Column *column;
    double value;

    (void)row;
    if (!reader->time || strcmp(reader->time, cells[0]))
        if (!begin_sample(reader, cells[0], error))
            return false;
    if (!is_wanted(reader, cells[1], cells[2], &link))
        return true;
    if (!*cells[3]) /* nothing to tell */
        return true;
    if (!dx__plot_number(cells[3], &value, error))
        return false;
    if (reader->what->is_share) {
        const double rate_bps = rate_of(reader, cells[1], link);

        value = rate_bps > 0 ? value / rate_bps : 0;
    }
    column = column_of(reader, cells[1], cells[2], link);
    if (column)
        add_point(reader, column, value);
    return true;
}

/* -- from points to curves --------------------------------------------------------------------------- */

static double point_value(const Reader *reader, const Column *column, guint i)
{
    const guint n = reader->times->len;
    const guint64 last = reader->n_samples - (n - 1) * reader->stride;
    const double value = i < column->points->len ? g_array_index(column->points, double, i) : 0;
    const double time_s = g_array_index(reader->times, double, i);

    if (reader->what->how == MEAN)
        return value / (double)(i + 1 < n ? reader->stride : last);
    if (reader->what->how == PER_SECOND)
        return value / (time_s - (i ? g_array_index(reader->times, double, i - 1) : 0));
    return value;
}

/* Row 0 is the start, when nothing waited and nothing had been sent; a level was there before. */
static void add_curve(const Reader *reader, const Column *column, guint first)
{
    const bool is_lowest = is_level(reader->what);
    const double start = is_lowest ? point_value(reader, column, 0) : 0, nothing = NAN;
    DxCurve *curve = column->curve;

    while (curve->values->len < first)
        g_array_append_val(curve->values, nothing);
    g_array_append_val(curve->values, start);
    curve->weight = is_lowest ? -start : 0;
    for (guint i = 0; i < reader->times->len; i++) {
        const double value = point_value(reader, column, i);

        g_array_append_val(curve->values, value);
        curve->weight = MAX(curve->weight, is_lowest ? -value : value);
    }
}

/* Rows of this run stand below those of the run before. */
static void add_run(const Reader *reader)
{
    const guint first = reader->chart->x->len;
    const double start = 0;

    if (!reader->times->len)
        return;
    g_array_append_val(reader->chart->x, start);
    g_array_append_vals(reader->chart->x, reader->times->data, reader->times->len);
    for (guint c = 0; c < reader->list->len; c++)
        add_curve(reader, g_ptr_array_index(reader->list, c), first);
}

static void column_free(gpointer data)
{
    g_array_unref(((Column *)data)->points);
    g_free(data);
}

static bool read_run(DxChart *chart, const DxPlotSeries *what, const DxPlotRun *run, bool has_label,
                     GError **error)
{
    static const char *const series_header[] = { "time_s", "object", "metric", "value", NULL };
    static const char *const event_header[] = { "time_s", "object", "event", "detail", NULL };
    Reader reader = {
        .what = what, .run = run, .label = has_label ? run->label : NULL, .chart = chart, .stride = 1
    };
    bool done;

    if (!dx__plot_has(run, "series.csv"))
        return dx__plot_nothing(error, "there is no series.csv; a scenario asks for it by \"outputs\": { "
                                       "\"series\": { \"period\": \"10 ms\" } }");
    reader.columns = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    reader.list = g_ptr_array_new_with_free_func(column_free);
    reader.times = g_array_new(FALSE, FALSE, sizeof(double));
    reader.changes = g_array_new(FALSE, FALSE, sizeof(RateChange));
    g_array_set_clear_func(reader.changes, rate_change_clear);
    done = (!what->is_share ||
            dx__plot_read(run, "events.csv", event_header, take_event, reader.changes, error)) &&
           dx__plot_read(run, "series.csv", series_header, take_sample, &reader, error);
    if (done)
        add_run(&reader);
    g_free(reader.time);
    g_array_unref(reader.changes);
    g_array_unref(reader.times);
    g_hash_table_unref(reader.columns);
    g_ptr_array_unref(reader.list);
    return done;
}

/* -- the figure -------------------------------------------------------------------------------------- */

/* As the axes spell it. */
static char *period_text(double period_s)
{
    g_autofree char *text = dx_units_format(DX_UNIT_TIME, (int64_t)(period_s * (double)DX_S + 0.5));
    char *unit = strstr(text, " us");

    if (!unit)
        return g_steal_pointer(&text);
    *unit = '\0';
    return g_strconcat(text, " " MICRO "s", NULL);
}

static void set_title(DxDrawing *drawing, const DxChart *chart, const DxPlotSeries *what)
{
    static const char *const joined[] = { [MEAN] = "mean", [PEAK] = "peak", [PER_SECOND] = "mean" };

    if (chart->curves->len == 1)
        g_string_printf(drawing->title, "%s %s", what->title_one, dx__chart_curve(chart, 0)->name);
    else
        g_string_assign(drawing->title, what->title_each);
    if (!is_level(what)) {
        g_autofree char *period = period_text(g_array_index(chart->x, double, 1));

        g_string_append_printf(drawing->title, ", %s of every %s", joined[what->how], period);
    }
}

typedef struct {
    double low, high;
} Range;

static Range range_of(const DxChart *chart)
{
    Range range = { INFINITY, -INFINITY };

    for (guint c = 0; c < chart->curves->len; c++) {
        const GArray *values = dx__chart_curve(chart, c)->values;

        for (guint i = 0; i < values->len; i++) {
            const double value = g_array_index(values, double, i);

            if (isnan(value))
                continue;
            range.low = MIN(range.low, value);
            range.high = MAX(range.high, value);
        }
    }
    return range;
}

static double level_of(const DxPlotSeries *what, const DxPlotLink *link)
{
    switch (what->levels) {
    case LINE_RATE:
        return link ? link->rate_bps : 0;
    case QUEUE_LIMIT:
        return link ? link->queue_bytes : 0;
    case FULL:
        return 1;
    default:
        return 0;
    }
}

/* What all named curves have in common, if they come near; 0: nothing. */
static double common_level(const DxChart *chart, const DxPlotSeries *what, double high)
{
    const double level = level_of(what, dx__chart_curve(chart, 0)->link);

    for (unsigned c = 1; c < chart->n_named; c++) {
        const double other = level_of(what, dx__chart_curve(chart, c)->link);

        if (other < level || other > level)
            return 0;
    }
    return 2 * high >= level ? level : 0;
}

/* Where the receiver of the named curves, if it is the same for all, warns and gives up. */
static const DxPlotLink *common_receiver(const DxChart *chart)
{
    const DxPlotLink *first = dx__chart_curve(chart, 0)->link;

    for (unsigned c = 0; c < chart->n_named; c++) {
        const DxPlotLink *link = dx__chart_curve(chart, c)->link;
        const double limits[] = { link->low_warning_dbm, link->low_alarm_dbm, link->lost_dbm };

        if (!link->has_light || memcmp(&first->low_warning_dbm, limits, sizeof limits) != 0)
            return NULL;
    }
    return first;
}

typedef struct {
    double value;
    const char *title;
} Level;

static unsigned levels_of(const DxChart *chart, const DxPlotSeries *what, double high, Level level[3])
{
    const DxPlotLink *receiver = what->levels == RECEIVER ? common_receiver(chart) : NULL;

    if (receiver) {
        level[0] = (Level){ receiver->low_warning_dbm, "low warning" };
        level[1] = (Level){ receiver->low_alarm_dbm, "low alarm" };
        level[2] = (Level){ receiver->lost_dbm, "no signal" };
        return 3;
    }
    if (what->levels == NO_MARGIN) {
        level[0] = (Level){ 0, "none left" };
        return 1;
    }
    if (what->levels == NO_LEVEL || what->levels == RECEIVER)
        return 0;
    level[0] =
        (Level){ common_level(chart, what, high), what->levels == QUEUE_LIMIT ? "limit" : "line rate" };
    return level[0].value > 0;
}

/* Those whose titles would lie upon each other have one together. */
static void set_levels(DxDrawing *drawing, const Level *level, unsigned n, Range shown, double base)
{
    const double room = 0.05 * (shown.high - shown.low);
    double at = 0;

    for (unsigned i = 0; i < n; i++) {
        const bool is_near = i && fabs(at - level[i].value) < room;

        dx__plot_set_real_at(drawing, "level", i + 1, level[i].value / base);
        dx__plot_set_text_at(drawing, "level_title", i + 1, is_near ? "" : level[i].title);
        if (!is_near)
            at = level[i].value;
    }
    drawing->has_side = n > 0;
    dx__plot_set_int(drawing, "n_levels", (int)n);
}

static void set_values(DxDrawing *drawing, const DxChart *chart, const DxPlotSeries *what)
{
    Range range = range_of(chart), shown;
    const DxPlotScale *scale = dx__plot_scale(what->scales, range.high, 1);
    Level level[3];
    const unsigned n = levels_of(chart, what, range.high, level);
    double room;

    for (unsigned i = 0; i < n; i++) {
        range.low = MIN(range.low, level[i].value);
        range.high = MAX(range.high, level[i].value);
    }
    room = range.high > range.low ? 0.06 * (range.high - range.low) : scale->base;
    if (is_level(what))
        shown = (Range){ range.low - room, range.high + room };
    else
        shown = (Range){ 0, range.high > 0 ? 1.1 * range.high : scale->base };
    dx__plot_set_text(drawing, "y_label", what->y_label);
    dx__plot_set_text(drawing, "y_unit", scale->unit);
    dx__plot_set_real(drawing, "y_unit_base", scale->base);
    dx__plot_set_real(drawing, "y_low", shown.low / scale->base);
    dx__plot_set_real(drawing, "y_high", shown.high / scale->base);
    set_levels(drawing, level, n, shown, scale->base);
}

static bool draw_chart(DxDrawing *drawing, DxChart *chart, GError **error)
{
    const DxPlotSeries *what = drawing->figure->what;
    const DxPlotScale *scale;
    double x_max = 0;

    if (what->whose == REASONS && chart->x->len && !chart->curves->len)
        g_array_set_size(dx__chart_add(chart, g_strdup("none"))->values, chart->x->len);
    if (!chart->curves->len)
        return dx__plot_nothing(error, what->whose == FLOWS ? "the series has no sample of any flow"
                                                            : "the series has no sample of any link");
    dx__chart_choose(chart, is_level(what) ? 0 : FAINT);
    for (guint i = 0; i < chart->x->len; i++)
        x_max = MAX(x_max, g_array_index(chart->x, double, i));
    set_title(drawing, chart, what);
    dx__plot_set_time_axis(drawing, x_max, &scale);
    set_values(drawing, chart, what);
    dx__chart_draw(chart, drawing, "time_s");
    return dx__plot_marks(drawing, x_max, scale->base, error);
}

bool dx__plot_series(DxDrawing *drawing, GError **error)
{
    const DxPlotSource *source = drawing->source;
    DxChart chart;
    bool done = true;

    dx__chart_init(&chart);
    for (guint i = 0; i < source->runs->len && done; i++)
        done = read_run(&chart, drawing->figure->what, dx__plot_run(source, i), source->runs->len > 1, error);
    done = done && draw_chart(drawing, &chart, error);
    dx__chart_clear(&chart);
    return done;
}
