/*
 * topology-draw - a network as SVG, when Graphviz is not there: nodes in layers, by their distance from the
 * first
 *
 * A LAG is one thick line. Lines between the same two nodes are bent apart; each bears its texts in its
 * middle.
 */
#include "topology-priv.h"

#include <string.h>

#define LAYER_PX  280
#define ROW_PX    110
#define NODE_W    130
#define NODE_H    44
#define MARGIN_PX 16
#define BEND_PX   46 /* between lines of the same two nodes: two lines of text */
#define CHARS_MAX 34

typedef struct {
    unsigned x, y; /* of the middle of a node */
} Spot;

/* -- layers ------------------------------------------------------------------------------------------ */

static bool reach(const DxTopology *topology, unsigned layer)
{
    bool more = false;

    for (guint i = 0; i < topology->links->len; i++) {
        const DxTopologyLink *link = DX_TOP(topology, links, DxTopologyLink, i);

        for (unsigned d = 0; d < 2; d++) {
            const DxTopologyNode *from = DX_TOP(topology, nodes, DxTopologyNode, link->end[d]);
            DxTopologyNode *to = DX_TOP(topology, nodes, DxTopologyNode, link->end[1 - d]);

            if (from->layer != layer || to->layer != UINT_MAX)
                continue;
            to->layer = layer + 1;
            more = true;
        }
    }
    return more;
}

/* Breadth first; what is not joined to the rest begins in the first layer again. */
static void set_layers(const DxTopology *topology, unsigned *n_layers, unsigned *n_rows)
{
    g_autofree unsigned *rows = g_new0(unsigned, topology->nodes->len + 1);

    *n_layers = *n_rows = 0;
    for (guint i = 0; i < topology->nodes->len; i++)
        DX_TOP(topology, nodes, DxTopologyNode, i)->layer = UINT_MAX;
    for (guint i = 0; i < topology->nodes->len; i++) {
        DxTopologyNode *node = DX_TOP(topology, nodes, DxTopologyNode, i);

        if (node->layer != UINT_MAX)
            continue;
        node->layer = 0;
        for (unsigned layer = 0; reach(topology, layer); layer++)
            ;
    }
    for (guint i = 0; i < topology->nodes->len; i++) {
        DxTopologyNode *node = DX_TOP(topology, nodes, DxTopologyNode, i);

        node->row = rows[node->layer]++;
        *n_layers = MAX(*n_layers, node->layer + 1);
        *n_rows = MAX(*n_rows, node->row + 1);
    }
}

/* -- lines ------------------------------------------------------------------------------------------- */

/* What is drawn as one line. */
typedef struct {
    unsigned end[2];
    char *name, *text;
    bool is_bundle;
} Line;

static void line_clear(gpointer data)
{
    g_free(((Line *)data)->name);
    g_free(((Line *)data)->text);
}

static GArray *lines_of(const DxTopology *topology)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_autofree bool *is_done = g_new0(bool, topology->lags->len + 1);

    g_array_set_clear_func(lines, line_clear);
    for (guint i = 0; i < topology->links->len; i++) {
        const DxTopologyLink *link = DX_TOP(topology, links, DxTopologyLink, i);
        const DxTopologyLag *lag = link->lag < 0 ? NULL : DX_TOP(topology, lags, DxTopologyLag, link->lag);
        g_autofree char *text = dx__topology_line(link);
        Line line = { .end = { link->end[0], link->end[1] }, .is_bundle = lag != NULL };

        if (lag && is_done[link->lag])
            continue;
        if (lag)
            is_done[link->lag] = true;
        line.name = g_strdup(lag ? lag->name : link->name);
        line.text = lag ? g_strdup_printf("%u x %s", lag->n_members, text) : g_strdup(text);
        g_array_append_val(lines, line);
    }
    return lines;
}

static bool joins_the_same(const Line *a, const Line *b)
{
    return (a->end[0] == b->end[0] && a->end[1] == b->end[1]) ||
           (a->end[0] == b->end[1] && a->end[1] == b->end[0]);
}

/* Its number among those that join the same nodes, and how many these are. */
static void number_of(const GArray *lines, guint at, unsigned *number, unsigned *n)
{
    *number = *n = 0;
    for (guint i = 0; i < lines->len; i++) {
        if (!joins_the_same(&g_array_index(lines, Line, at), &g_array_index(lines, Line, i)))
            continue;
        if (i < at)
            (*number)++;
        (*n)++;
    }
}

/* -- SVG --------------------------------------------------------------------------------------------- */

static void append_text(GString *svg, int x, int y, const char *class, const char *text)
{
    g_autofree char *printable = dx_error_printable(text);
    const bool is_long = g_utf8_strlen(printable, -1) > CHARS_MAX;
    g_autofree char *cut = is_long ? g_utf8_substring(printable, 0, CHARS_MAX - 1) : g_strdup(printable);
    g_autofree char *escaped = g_markup_escape_text(cut, -1);

    g_string_append_printf(svg, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s%s</text>\n",
                           class, x, y, escaped, is_long ? "..." : "");
}

static void append_line(GString *svg, const GArray *lines, guint at, const Spot *spots)
{
    const Line *line = &g_array_index(lines, Line, at);
    const Spot *a = &spots[line->end[0]], *b = &spots[line->end[1]];
    const int x = (int)(a->x + b->x) / 2;
    unsigned number, n;
    int bend, y;

    number_of(lines, at, &number, &n);
    bend = ((int)(2 * number) - (int)(n - 1)) * BEND_PX / 2;
    y = (int)(a->y + b->y) / 2 + bend;
    /* a curve passes through its middle when its control point is bent twice as far */
    g_string_append_printf(svg, "<path class=\"%s\" d=\"M%u,%u Q%d,%d %u,%u\"/>\n",
                           line->is_bundle ? "bundle" : "line", a->x, a->y, x, y + bend, b->x, b->y);
    append_text(svg, x, y - 5, "name", line->name);
    append_text(svg, x, y + 13, "detail", line->text);
}

static void append_node(GString *svg, const DxTopologyNode *node, const Spot *spot)
{
    const char *where = node->location ? node->location : node->region;
    const bool is_plain = !node->kind || !strcmp(node->kind, "router");
    const char *below = where ? where : is_plain ? NULL : node->kind;

    g_string_append_printf(svg,
                           "<rect class=\"node\" x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" rx=\"5\"/>\n",
                           spot->x - NODE_W / 2, spot->y - NODE_H / 2, NODE_W, NODE_H);
    append_text(svg, (int)spot->x, (int)spot->y + (below ? -3 : 5), "name", node->name);
    if (below)
        append_text(svg, (int)spot->x, (int)spot->y + 14, "detail", below);
}

static unsigned most_parallel(const GArray *lines)
{
    unsigned most = 1;

    for (guint i = 0; i < lines->len; i++) {
        unsigned number, n;

        number_of(lines, i, &number, &n);
        most = MAX(most, n);
    }
    return most;
}

char *dx__topology_svg(const DxTopology *topology)
{
    static const char style[] =
        "<style>.node{fill:none;stroke:currentColor;stroke-width:1.2}.line{fill:none;stroke:currentColor;"
        "stroke-width:1.2}"
        ".bundle{fill:none;stroke:#0072B2;stroke-width:4}text{font:13px sans-serif;fill:currentColor}"
        ".detail{font-size:11px;opacity:.75}.node{fill:var(--paper,#fff)}</style>\n";
    g_autoptr(GArray) lines = NULL;
    g_autofree Spot *spots = NULL;
    unsigned n_layers, n_rows, row_px, width, height;
    GString *svg;

    if (!topology->nodes->len || topology->nodes->len > DX_TOPOLOGY_NODES_DRAWN)
        return NULL;
    lines = lines_of(topology);
    set_layers(topology, &n_layers, &n_rows);
    row_px = MAX(ROW_PX, most_parallel(lines) * BEND_PX + 20);
    width = (n_layers - 1) * LAYER_PX + NODE_W + 2 * MARGIN_PX;
    height = n_rows * row_px;
    spots = g_new(Spot, topology->nodes->len);
    for (guint i = 0; i < topology->nodes->len; i++) {
        const DxTopologyNode *node = DX_TOP(topology, nodes, DxTopologyNode, i);

        spots[i] = (Spot){ MARGIN_PX + NODE_W / 2 + node->layer * LAYER_PX, row_px / 2 + node->row * row_px };
    }
    svg = g_string_new(NULL);
    g_string_printf(svg,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" width=\"%u\" "
                    "height=\"%u\" role=\"img\" aria-label=\"topology\">\n%s",
                    width, height, width, height, style);
    for (guint i = 0; i < lines->len; i++)
        append_line(svg, lines, i, spots);
    for (guint i = 0; i < topology->nodes->len; i++)
        append_node(svg, DX_TOP(topology, nodes, DxTopologyNode, i), &spots[i]);
    g_string_append(svg, "</svg>\n");
    return g_string_free(svg, FALSE);
}
