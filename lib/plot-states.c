/*
 * plot-states - what state each line, bundle and protocol was in, from events.csv
 *
 * A track is one object: a link that fails and is restored, the end of a LAG, a member's machine, a session.
 * Whatever is reported as "THIS -> THAT" is a machine of its own; so a protocol that is added shows without a
 * word here.
 */
#include "hash-priv.h"
#include "plot-priv.h"

#include <stdio.h>
#include <string.h>

#define TRACKS_MAX 24
#define PIECES_MAX 50000
#define NAME_WIDTH 34
#define TRACK_PX   24
#define ARROW      " -> "

typedef enum { GOOD = 1, ON_THE_WAY, BAD, UNKNOWN } State;

typedef struct {
    double begin_s, end_s;
    State state;
} Piece;

typedef struct {
    char *name;
    unsigned rank, index; /* where it stands among the others */
    bool is_down;         /* a LAG: not enough members, however many there are */
    State state;          /* since since_s */
    double since_s;
    GArray *pieces; /* Piece */
} Track;

typedef struct {
    const DxPlotRun *run;
    const char *label; /* NULL: no other run is beside it */
    GHashTable *found; /* name -> Track of this run */
    GPtrArray *tracks; /* Track of all runs */
    unsigned n_pieces;
} Reader;

/* What an event says of its object's state. */
typedef enum { BECOMES_GOOD, BECOMES_BAD, BY_WORD, BY_MEMBERS, GOES_DOWN, COMES_UP, MACHINE } Effect;

typedef struct {
    const char *event;
    Effect effect;
    unsigned rank;
    State at_first; /* before the first event; UNKNOWN: good, if it then gets worse */
    const char *suffix;
} Rule;

static const Rule rules[] = {
    { "fail", BECOMES_BAD, 0, GOOD, "" },
    { "restore", BECOMES_GOOD, 0, GOOD, "" },
    { "port", BY_WORD, 1, GOOD, " port" },
    { "light", BY_WORD, 2, GOOD, "" },
    { "lag_degraded", BY_MEMBERS, 3, GOOD, "" },
    { "lag_complete", BY_MEMBERS, 3, GOOD, "" },
    { "lag_down", GOES_DOWN, 3, GOOD, "" },
    { "lag_up", COMES_UP, 3, GOOD, "" },
    { "heartbeat_lost", BECOMES_BAD, 4, GOOD, "" },
    { "heartbeat_heard", BECOMES_GOOD, 4, GOOD, "" },
    { "mux", MACHINE, 4, UNKNOWN, "" },
    { "mka_secured", BECOMES_GOOD, 5, UNKNOWN, "" },
    { "mka_unsecured", BECOMES_BAD, 5, UNKNOWN, "" },
    { "secured", BECOMES_GOOD, 5, UNKNOWN, "" },
    { "unsecured", BECOMES_BAD, 5, UNKNOWN, "" },
    { "alarm", BY_WORD, 7, UNKNOWN, " alarm" },
};
static const Rule any_machine = { NULL, MACHINE, 6, UNKNOWN, "" };

/* Machines whose end is told by another one. */
static const char *const inner[] = {
    "rx", "actor_churn", "partner_churn", "selection", "periodic", "tx", NULL
};

/* What states are called, in small letters. */
static const struct {
    const char *word;
    State state;
} words[] = {
    { "up", GOOD },           { "good", GOOD },
    { "ok", GOOD },           { "current", GOOD },
    { "distributing", GOOD }, { "collecting_distributing", GOOD },
    { "established", GOOD },  { "secured", GOOD },
    { "full", GOOD },         { "down", BAD },
    { "no signal", BAD },     { "alarm", BAD },
    { "detached", BAD },      { "defaulted", BAD },
    { "idle", BAD },          { "failed", BAD },
    { "admindown", BAD },     { "admin_down", BAD },
    { "low alarm", BAD },     { "high alarm", BAD },
    { "unsecured", BAD },     { "insufficient_data", UNKNOWN },
};

static State state_of_word(const char *text, size_t n)
{
    g_autofree char *word = g_ascii_strdown(text, (gssize)n);

    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        if (!strcmp(g_strstrip(word), words[i].word))
            return words[i].state;
    return ON_THE_WAY;
}

/* "low warning at -14.49 dBm", "Established (65001)": up to what is said beside it. */
static size_t word_length(const char *text)
{
    const char *at = strstr(text, " at ");
    const size_t n = strcspn(text, ",;:(");

    return at ? MIN(n, (size_t)(at - text)) : n;
}

static const Rule *rule_of(const char *event, const char *detail)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++)
        if (!strcmp(rules[i].event, event))
            return &rules[i];
    return strstr(detail, ARROW) && !g_strv_contains(inner, event) ? &any_machine : NULL;
}

/* -- tracks ------------------------------------------------------------------------------------------ */

static void track_free(gpointer data)
{
    Track *track = data;

    g_array_unref(track->pieces);
    g_free(track->name);
    g_free(track);
}

/* The word before the arrow: "neighbor 100.64.0.6 Established -> Idle". */
static State state_before(const char *detail)
{
    const char *arrow = strstr(detail, ARROW), *word = arrow;

    while (word > detail && word[-1] != ' ')
        word--;
    return state_of_word(word, (size_t)(arrow - word));
}

static State first_state(const Rule *rule, const char *detail, State next)
{
    if (rule->effect == MACHINE)
        return state_before(detail);
    if (rule->at_first != UNKNOWN)
        return rule->at_first;
    return next == BAD && rule->effect == BECOMES_BAD ? GOOD : UNKNOWN;
}

static char *track_name(const Reader *reader, const Rule *rule, const char *object, const char *event)
{
    const bool is_own = rule == &any_machine;

    return g_strdup_printf("%s%s%s%s%s%s", reader->label ? reader->label : "", reader->label ? ": " : "",
                           object, is_own ? " " : "", is_own ? event : "", rule->suffix);
}

static void close_piece(Reader *reader, Track *track, double now_s)
{
    const Piece piece = { track->since_s, now_s, track->state };

    if (now_s > track->since_s && reader->n_pieces < PIECES_MAX) {
        g_array_append_val(track->pieces, piece);
        reader->n_pieces++;
    }
    track->since_s = now_s;
}

static State next_state(Track *track, const Rule *rule, const char *detail)
{
    const char *arrow = strstr(detail, ARROW);
    unsigned k = 0, n = 1;

    switch (rule->effect) {
    case BECOMES_GOOD:
        return GOOD;
    case BECOMES_BAD:
        return BAD;
    case BY_WORD:
        return state_of_word(detail, word_length(detail));
    case MACHINE:
        return arrow ? state_of_word(arrow + strlen(ARROW), word_length(arrow + strlen(ARROW))) : UNKNOWN;
    case GOES_DOWN:
        track->is_down = true;
        return BAD;
    case COMES_UP:
        track->is_down = false;
        break;
    case BY_MEMBERS:
        break;
    }
    if (track->is_down)
        return BAD;
    return sscanf(detail, "%u of %u", &k, &n) == 2 && k == n ? GOOD : ON_THE_WAY;
}

static bool take_event(const char *const *cells, unsigned row, void *data, GError **error)
{
    Reader *reader = data;
    const char *object = cells[1], *event = cells[2], *detail = cells[3];
    const Rule *rule = rule_of(event, detail);
    g_autofree char *name = NULL;
    bool is_new = false;
    double time_s;
    State state;
    Track *track;

    (void)row;
    if (!rule || (rule->effect == MACHINE && !strstr(detail, ARROW)))
        return true;
    if (!dx__plot_number(cells[0], &time_s, error))
        return false;
    name = track_name(reader, rule, object, event);
    track = g_hash_table_lookup(reader->found, name);
    if (!track) {
        is_new = true;
        track = g_new0(Track, 1);
        track->name = g_strdup(name);
        track->rank = rule->rank;
        track->index = reader->tracks->len;
        track->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
        g_hash_table_insert(reader->found, g_strdup(name), track);
        g_ptr_array_add(reader->tracks, track);
    }
    state = next_state(track, rule, detail);
    if (is_new)
        track->state = first_state(rule, detail, state);
    if (state != track->state)
        close_piece(reader, track, time_s);
    track->state = state;
    return true;
}

static bool read_run(GPtrArray *tracks, const DxPlotRun *run, bool has_label, GError **error)
{
    static const char *const header[] = { "time_s", "object", "event", "detail", NULL };
    Reader reader = { .run = run, .label = has_label ? run->label : NULL, .tracks = tracks };
    const guint first = tracks->len;
    bool done;

    if (!dx__plot_has(run, "events.csv"))
        return dx__plot_nothing(error, "there is no events.csv");
    reader.found = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    done = dx__plot_read(run, "events.csv", header, take_event, &reader, error);
    for (guint i = first; i < tracks->len; i++)
        close_piece(&reader, g_ptr_array_index(tracks, i), run->duration_s);
    g_hash_table_unref(reader.found);
    return done;
}

/* -- the figure -------------------------------------------------------------------------------------- */

static int compare_tracks(gconstpointer a, gconstpointer b)
{
    const Track *x = *(const Track *const *)a, *y = *(const Track *const *)b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static void add_track(DxDrawing *drawing, const Track *track, unsigned number)
{
    g_autofree char *name = dx__plot_shorten(track->name, NAME_WIDTH);
    g_auto(GStrv) parts = g_strsplit(name, "%", -1);
    g_autofree char *as_tic = g_strjoinv("%%", parts); /* what stands at an axis is a format */

    dx__plot_set_text_at(drawing, "name", number, as_tic);
    for (guint i = 0; i < track->pieces->len; i++) {
        const Piece *piece = &g_array_index(track->pieces, Piece, i);
        const double row[] = { number, piece->begin_s, piece->end_s, piece->state };

        g_array_append_vals(drawing->cells, row, G_N_ELEMENTS(row));
    }
}

static void draw_tracks(DxDrawing *drawing, GPtrArray *tracks)
{
    static const char *const header[] = { "track", "begin_s", "end_s", "state" };
    const guint n = MIN(tracks->len, (guint)TRACKS_MAX);
    double x_max = 0;

    for (guint i = 0; i < drawing->source->runs->len; i++)
        x_max = MAX(x_max, dx__plot_run(drawing->source, i)->duration_s);
    for (guint i = 0; i < G_N_ELEMENTS(header); i++)
        g_ptr_array_add(drawing->header, g_strdup(header[i]));
    g_ptr_array_sort(tracks, compare_tracks);
    dx__plot_set_time_axis(drawing, x_max, NULL);
    for (guint i = 0; i < n; i++)
        add_track(drawing, g_ptr_array_index(tracks, i), i + 1);
    dx__plot_set_int(drawing, "n_tracks", (int)n);
    dx__plot_set_int(drawing, "height", (int)(130 + TRACK_PX * n));
    dx__plot_set_int(drawing, "n_keys", 4);
    dx__plot_set_int(drawing, "key_rows", 1);
    g_string_assign(drawing->title, "states of lines and protocols");
    if (n < tracks->len)
        g_string_append_printf(drawing->title, ", the first %u of %u", n, tracks->len);
}

bool dx__plot_states(DxDrawing *drawing, GError **error)
{
    const DxPlotSource *source = drawing->source;
    g_autoptr(GPtrArray) tracks = g_ptr_array_new_with_free_func(track_free);

    for (guint i = 0; i < source->runs->len; i++)
        if (!read_run(tracks, dx__plot_run(source, i), source->runs->len > 1, error))
            return false;
    if (!tracks->len)
        return dx__plot_nothing(error, "no line failed, and no protocol changed its state");
    draw_tracks(drawing, tracks);
    return true;
}
