/*
 * plot-marks - what the scenario does to its links, marked in pictures over time
 *
 * From events.csv: failures, restorations, ports that follow, settings, attacks. What is done to several
 * links at one time is one mark. Texts stand upright along their lines; where two would lie upon each other
 * they become one.
 */
#include "plot-priv.h"

#include <string.h>

#define MARKS_MAX  8
#define TEXT_WIDTH 44    /* columns: as high as the picture */
#define TEXT_SHARE 0.026 /* of the width: what a text takes */

/* Everything of one kind that happens at one time. */
typedef struct {
    double time_s;
    char *event, *detail, *first, *last; /* link; a direction comes behind the other */
    unsigned n;                          /* links */
} Mark;

typedef struct {
    GArray *marks; /* Mark, in order of time */
    bool is_full;
} Marks;

static void mark_clear(gpointer data)
{
    Mark *mark = data;

    g_free(mark->event);
    g_free(mark->detail);
    g_free(mark->first);
    g_free(mark->last);
}

/* -- reading ----------------------------------------------------------------------------------------- */

/* Of an attack that ends, what came of it is no part of the mark. */
static char *essence(const char *event, const char *detail)
{
    const size_t n = strcspn(detail, strcmp(event, "attack") ? "" : ":;,(");

    return g_strchomp(g_strndup(detail, n));
}

static char *link_of(const char *object)
{
    return g_strndup(object, strcspn(object, ":"));
}

static bool is_marked(const char *event)
{
    static const char *const marked[] = { "fail", "restore", "port", "set", "attack", NULL };

    return g_strv_contains(marked, event);
}

static bool take_event(const char *const *cells, unsigned row, void *data, GError **error)
{
    Marks *marks = data;
    g_autofree char *detail = NULL, *link = NULL;
    double time_s;
    Mark *mark = NULL;

    (void)row;
    if (marks->is_full || !is_marked(cells[2]))
        return true;
    if (!dx__plot_number(cells[0], &time_s, error))
        return false;
    detail = essence(cells[2], cells[3]);
    link = link_of(cells[1]);
    for (guint i = marks->marks->len; i-- && !mark;) {
        Mark *other = &g_array_index(marks->marks, Mark, i);

        if (other->time_s < time_s)
            break;
        if (!strcmp(other->event, cells[2]) && !strcmp(other->detail, detail))
            mark = other;
    }
    if (!mark && marks->marks->len == MARKS_MAX) {
        marks->is_full = true;
    } else if (!mark) {
        const Mark one = { time_s, g_strdup(cells[2]), g_strdup(detail), g_strdup(link), g_strdup(link), 1 };

        g_array_append_val(marks->marks, one);
    } else if (strcmp(mark->last, link)) {
        g_free(mark->last);
        mark->last = g_strdup(link);
        mark->n++;
    }
    return true;
}

/* -- texts ------------------------------------------------------------------------------------------- */

static char *text_of(const Mark *mark)
{
    g_autofree char *who = mark->n > 1 ? g_strdup_printf("%u links", mark->n) : g_strdup(mark->first);

    if (!strcmp(mark->event, "fail"))
        return g_strdup_printf("%s: %s", who, !g_str_has_prefix(mark->detail, "silent") ? "failure" : "silent failure");
    if (!strcmp(mark->event, "restore"))
        return g_strdup_printf("%s: restored", who);
    if (!strcmp(mark->event, "port"))
        return g_strdup_printf("%s: port %s", who, mark->detail);
    return g_strdup_printf("%s: %s", who,
                           g_str_has_prefix(mark->detail, "rate ") ? mark->detail + strlen("rate ")
                                                                   : mark->detail);
}

/* A line across the picture; its text on a side where there is room behind @taken, a share of the width.
 * False: there is none. */
static bool place(double share, double *taken, int *side)
{
    const bool fits_left = share - TEXT_SHARE >= *taken && share > TEXT_SHARE;

    *side = fits_left ? -1 : 1;
    if (!fits_left && (share < *taken || share + TEXT_SHARE > 1))
        return false;
    *taken = fits_left ? share + 0.004 : share + TEXT_SHARE + 0.004;
    return true;
}

static void set_marks(DxDrawing *drawing, const GArray *marks, double x_max_s, double x_unit_s)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    double taken = 0;
    int side = -1;
    unsigned bearer = 0;

    for (guint i = 0; i < marks->len; i++) {
        const Mark *mark = &g_array_index(marks, Mark, i);
        char *text = text_of(mark);

        if (!place(mark->time_s / x_max_s, &taken, &side) && i) {
            char *both = g_strdup_printf("%s, %s", (char *)g_ptr_array_index(texts, bearer), text);

            g_free(g_ptr_array_index(texts, bearer));
            g_ptr_array_index(texts, bearer) = both;
            g_free(text);
            text = g_strdup("");
        } else {
            bearer = i;
        }
        g_ptr_array_add(texts, text);
        dx__plot_set_real_at(drawing, "mark_x", i + 1, mark->time_s / x_unit_s);
        dx__plot_set_real_at(drawing, "mark_side", i + 1, side);
    }
    for (guint i = 0; i < marks->len; i++) {
        g_autofree char *text = dx__plot_shorten(g_ptr_array_index(texts, i), TEXT_WIDTH);

        dx__plot_set_text_at(drawing, "mark_text", i + 1, text);
    }
    dx__plot_set_int(drawing, "n_marks", (int)marks->len);
}

bool dx__plot_marks(DxDrawing *drawing, double x_max_s, double x_unit_s, GError **error)
{
    static const char *const header[] = { "time_s", "object", "event", "detail", NULL };
    const DxPlotRun *run = dx__plot_run(drawing->source, 0);
    Marks marks = { g_array_new(FALSE, FALSE, sizeof(Mark)), false };
    bool done = true;

    g_array_set_clear_func(marks.marks, mark_clear);
    if (drawing->source->runs->len == 1 && dx__plot_has(run, "events.csv"))
        done = dx__plot_read(run, "events.csv", header, take_event, &marks, error);
    if (marks.is_full || x_max_s <= 0)
        g_array_set_size(marks.marks, 0);
    if (done)
        set_marks(drawing, marks.marks, x_max_s, x_unit_s);
    g_array_unref(marks.marks);
    return done;
}
