/*
 * topology - the network as a graph, and for Graphviz
 *
 * Members of a LAG are bold lines of one colour; VIFs are told at the line they are on; flows are dashed.
 */
#include "topology-priv.h"
#include "hash-priv.h"

#include <string.h>

#define VIFS_TOLD   3
#define FLOWS_DRAWN 24

/* -- from objects ------------------------------------------------------------------------------------ */

static const char *value_of(const DxExplainObject *object, const char *key)
{
    for (guint i = 0; i < object->values->len; i++) {
        const DxExplainValue *value = g_ptr_array_index(object->values, i);

        if (!strcmp(value->key, key))
            return value->value;
    }
    return NULL;
}

/* "nodes.a" is a of the nodes; NULL: it is none of them. */
static const char *name_in(const DxExplainObject *object, const char *list)
{
    return g_str_has_prefix(object->path, list) ? object->path + strlen(list) : NULL;
}

static bool find_node(GHashTable *numbers, const char *name, unsigned *number)
{
    gpointer found;

    if (!name || !g_hash_table_lookup_extended(numbers, name, NULL, &found))
        return false;
    *number = GPOINTER_TO_UINT(found);
    return true;
}

static void add_node(DxTopology *topology, GHashTable *numbers, const char *name,
                     const DxExplainObject *object)
{
    const DxTopologyNode node = { .name = name,
                                  .kind = value_of(object, "kind"),
                                  .location = value_of(object, "location"),
                                  .region = value_of(object, "region") };

    g_hash_table_insert(numbers, g_strdup(name), GUINT_TO_POINTER(topology->nodes->len));
    g_array_append_val(topology->nodes, node);
}

/* "fiber.spans[2].length" is of the third. */
static unsigned count_spans(const DxExplainObject *object)
{
    static const char prefix[] = "fiber.spans[";
    guint64 most = 0;

    for (guint i = 0; i < object->values->len; i++) {
        const char *key = ((DxExplainValue *)g_ptr_array_index(object->values, i))->key;

        if (g_str_has_prefix(key, prefix))
            most = MAX(most, g_ascii_strtoull(key + strlen(prefix), NULL, 10) + 1);
    }
    return (unsigned)MIN(most, G_MAXUINT);
}

static const char *given(const DxExplainObject *object, const char *key, const char *nothing)
{
    const char *value = value_of(object, key);

    return value && strcmp(value, nothing) ? value : NULL;
}

static void add_link(DxTopology *topology, GHashTable *numbers, const char *name,
                     const DxExplainObject *object)
{
    const char *ends = value_of(object, "ends");
    g_auto(GStrv) end = g_strsplit(ends ? ends : "", ", ", 3);
    DxTopologyLink link = { .name = name,
                            .rate = value_of(object, "rate"),
                            .length = given(object, "fiber.length", "0 mm"),
                            .optic = value_of(object, "optic"),
                            .n_spans = count_spans(object),
                            .lag = -1 };

    if (g_strv_length(end) != 2 || !find_node(numbers, end[0], &link.end[0]) ||
        !find_node(numbers, end[1], &link.end[1]))
        return;
    if (!link.length || !strcmp(link.length, "0 km"))
        link.length = given(object, "fiber.delay", "0 ps");
    g_array_append_val(topology->links, link);
}

static void add_lag(DxTopology *topology, const char *name, const DxExplainObject *object)
{
    const char *members = value_of(object, "members");
    g_auto(GStrv) member = g_strsplit(members ? members : "", ", ", -1);
    DxTopologyLag lag = { .name = name };

    for (guint i = 0; i < topology->links->len; i++) {
        DxTopologyLink *link = DX_TOP(topology, links, DxTopologyLink, i);

        if (!g_strv_contains((const char *const *)member, link->name))
            continue;
        link->lag = (int)topology->lags->len;
        lag.n_members++;
    }
    g_array_append_val(topology->lags, lag);
}

static void add_vif(DxTopology *topology, const char *name, const DxExplainObject *object)
{
    const DxTopologyVif vif = { name, value_of(object, "on"), value_of(object, "type"),
                                value_of(object, "vlan") };

    if (vif.on)
        g_array_append_val(topology->vifs, vif);
}

static void add_flow(DxTopology *topology, GHashTable *numbers, const char *name,
                     const DxExplainObject *object)
{
    DxTopologyFlow flow = { .name = name, .rate = value_of(object, "rate") };

    if (!g_strcmp0(flow.rate, "0 bps")) /* it is given by an interval, or transactions */
        flow.rate = NULL;

    if (find_node(numbers, value_of(object, "from"), &flow.end[0]) &&
        find_node(numbers, value_of(object, "to"), &flow.end[1]))
        g_array_append_val(topology->flows, flow);
}

/* Later lists name objects of earlier ones. */
static void add_objects(DxTopology *topology, GHashTable *numbers, const GPtrArray *objects, const char *list)
{
    for (guint i = 0; i < objects->len; i++) {
        const DxExplainObject *object = g_ptr_array_index(objects, i);
        const char *name = name_in(object, list);

        if (!name)
            continue;
        if (!strcmp(list, "nodes."))
            add_node(topology, numbers, name, object);
        else if (!strcmp(list, "links."))
            add_link(topology, numbers, name, object);
        else if (!strcmp(list, "lags."))
            add_lag(topology, name, object);
        else if (!strcmp(list, "vifs."))
            add_vif(topology, name, object);
        else
            add_flow(topology, numbers, name, object);
    }
}

DxTopology *dx__topology_new(const GPtrArray *objects)
{
    static const char *const lists[] = { "nodes.", "links.", "lags.", "vifs.", "flows." };
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, NULL);
    DxTopology *topology = g_new0(DxTopology, 1);

    topology->nodes = g_array_new(FALSE, FALSE, sizeof(DxTopologyNode));
    topology->links = g_array_new(FALSE, FALSE, sizeof(DxTopologyLink));
    topology->lags = g_array_new(FALSE, FALSE, sizeof(DxTopologyLag));
    topology->vifs = g_array_new(FALSE, FALSE, sizeof(DxTopologyVif));
    topology->flows = g_array_new(FALSE, FALSE, sizeof(DxTopologyFlow));
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
        add_objects(topology, numbers, objects, lists[i]);
    return topology;
}

void dx__topology_free(DxTopology *topology)
{
    if (!topology)
        return;
    g_array_unref(topology->nodes);
    g_array_unref(topology->links);
    g_array_unref(topology->lags);
    g_array_unref(topology->vifs);
    g_array_unref(topology->flows);
    g_free(topology);
}

/* -- texts ------------------------------------------------------------------------------------------- */

/* "a, a" of two ends that are alike. */
static char *optic_text(const char *optic)
{
    g_auto(GStrv) end = g_strsplit(optic, ", ", 3);

    return g_strdup(g_strv_length(end) == 2 && !strcmp(end[0], end[1]) ? end[0] : optic);
}

char *dx__topology_line(const DxTopologyLink *link)
{
    g_autofree char *spans = g_strdup_printf("%u spans", link->n_spans);
    g_autofree char *optic = optic_text(link->optic ? link->optic : "");
    const char *const all[] = { link->rate, link->n_spans ? spans : link->length, *optic ? optic : NULL };
    const char *parts[4] = { NULL };
    unsigned n = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i])
            parts[n++] = all[i];
    return g_strjoinv(", ", (char **)(void *)parts);
}

char *dx__topology_vifs(const DxTopology *topology, const char *trunk, const char *separator)
{
    GString *text = NULL;
    unsigned n = 0;

    for (guint i = 0; i < topology->vifs->len; i++) {
        const DxTopologyVif *vif = DX_TOP(topology, vifs, DxTopologyVif, i);

        if (strcmp(vif->on, trunk) || n++ >= VIFS_TOLD)
            continue;
        if (!text)
            text = g_string_new(NULL);
        g_string_append_printf(text, "%s%s: %s%s%s", text->len ? separator : "", vif->name,
                               vif->type ? vif->type : "VIF", vif->vlan ? ", VLAN " : "",
                               vif->vlan ? vif->vlan : "");
    }
    if (n > VIFS_TOLD)
        g_string_append_printf(text, "%sand %u more VIFs", separator, n - VIFS_TOLD);
    return text ? g_string_free(text, FALSE) : NULL;
}

/* -- Graphviz ---------------------------------------------------------------------------------------- */

/* In double quotes, where a backslash means something: "\n" is a line end, "\N" the node's name. Names do not
 * look like HTML to it, which begins with '<' outside of quotes. */
static void append_escaped(GString *out, const char *text)
{
    g_autofree char *shown = dx_error_printable(text);

    for (const char *c = shown; *c; c++) {
        if (*c == '&') { /* else it might begin an entity */
            g_string_append(out, "&amp;");
            continue;
        }
        if (strchr("\"\\", *c))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *c);
    }
}

static void append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    append_escaped(out, text);
    g_string_append_c(out, '"');
}

static void append_line(GString *out, const char *text)
{
    if (!text || !*text)
        return;
    g_string_append(out, "\\n");
    append_escaped(out, text);
}

static const char *shape_of(const char *kind)
{
    static const char *const shapes[][2] = { { "router", "box" },
                                             { "host", "ellipse" },
                                             { "cloud-device", "box3d" },
                                             { "dx-gateway", "hexagon" },
                                             { "transit-gateway", "octagon" },
                                             { "vpc", "folder" },
                                             { "internet", "egg" } };

    for (guint i = 0; kind && i < G_N_ELEMENTS(shapes); i++)
        if (!strcmp(shapes[i][0], kind))
            return shapes[i][1];
    return "box";
}

static void append_node(GString *out, const DxTopologyNode *node)
{
    g_string_append(out, "  ");
    append_quoted(out, node->name);
    g_string_append_printf(out, " [shape=%s, label=\"", shape_of(node->kind));
    append_escaped(out, node->name);
    if (node->kind && strcmp(node->kind, "router"))
        append_line(out, node->kind);
    append_line(out, node->location);
    append_line(out, node->region);
    g_string_append(out, "\"];\n");
}

static void append_ends(GString *out, const DxTopology *topology, const unsigned end[2])
{
    g_string_append(out, "  ");
    append_quoted(out, DX_TOP(topology, nodes, DxTopologyNode, end[0])->name);
    g_string_append(out, " -- ");
    append_quoted(out, DX_TOP(topology, nodes, DxTopologyNode, end[1])->name);
}

/* What is on a LAG is told at its first member. */
static void append_link(GString *out, const DxTopology *topology, const DxTopologyLink *link)
{
    DxTopologyLag *lag = link->lag < 0 ? NULL : DX_TOP(topology, lags, DxTopologyLag, link->lag);
    g_autofree char *line = dx__topology_line(link);
    g_autofree char *vifs = dx__topology_vifs(topology, lag ? lag->name : link->name, "\n");
    g_auto(GStrv) vif = g_strsplit(vifs && (!lag || !lag->n_drawn) ? vifs : "", "\n", -1);

    append_ends(out, topology, link->end);
    g_string_append(out, " [label=\"");
    append_escaped(out, link->name);
    if (lag) {
        g_string_append(out, " in ");
        append_escaped(out, lag->name);
        lag->n_drawn++;
    }
    append_line(out, line);
    for (char **one = vif; *one; one++)
        append_line(out, *one);
    g_string_append_printf(out, "\"%s];\n", lag ? ", style=bold, color=\"#0072B2\"" : "");
}

static void append_flows(GString *out, const DxTopology *topology)
{
    for (guint i = 0; i < MIN(topology->flows->len, (guint)FLOWS_DRAWN); i++) {
        const DxTopologyFlow *flow = DX_TOP(topology, flows, DxTopologyFlow, i);

        append_ends(out, topology, flow->end);
        g_string_append(out, " [label=\"");
        append_escaped(out, flow->name);
        append_line(out, flow->rate);
        g_string_append(
            out,
            "\", style=dashed, dir=forward, constraint=false, color=\"#D55E00\", fontcolor=\"#D55E00\"];\n");
    }
}

char *dx__topology_dot(const DxTopology *topology, const char *title)
{
    GString *out = g_string_new("graph ");

    append_quoted(out, title);
    g_string_append(out, " {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n"
                         "  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (guint i = 0; i < topology->nodes->len; i++)
        append_node(out, DX_TOP(topology, nodes, DxTopologyNode, i));
    for (guint i = 0; i < topology->lags->len; i++)
        DX_TOP(topology, lags, DxTopologyLag, i)->n_drawn = 0;
    for (guint i = 0; i < topology->links->len; i++)
        append_link(out, topology, DX_TOP(topology, links, DxTopologyLink, i));
    append_flows(out, topology);
    if (topology->flows->len > FLOWS_DRAWN)
        g_string_append_printf(out, "  // and %u more flows\n", topology->flows->len - FLOWS_DRAWN);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
