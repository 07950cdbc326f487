/*
 * report-capture - capture.pcapng: frames of links, octet by octet
 *
 *   interface "dx1:a>b"          what the port of that direction put on its line
 *   interface "dx1:a>b dropped"  what the port, the line and what was put into it lost; with the reason
 *
 * The run hands over descriptors in order; what they look like, the port's model says.
 */
#include "hash-priv.h"
#include "report-priv.h"
#include "scenario-priv.h"

#include <dxsim/pcapng.h>
#include <dxsim/wire.h>
#include <string.h>

/* An interface of the file. */
typedef struct {
    uint32_t number;
    uint64_t seen, left_out;
} Lane;

/* A direction of a link. */
typedef struct {
    const DxNode *port; /* or what stands behind it to protect frames: who sends on the line */
    const DxWireModel *wire;
    void *state;
    const char *from, *to;
    uint32_t trunk;
    Lane sent, dropped;
} Point;

struct DxCaptureFile {
    DxRun *run;
    const DxScCapture *conf;
    DxFile *file;
    DxPcapng *pcapng;
    GHashTable *points;  /* by name of the direction */
    GPtrArray *in_order; /* the same */
    Point **point_of;    /* by node, from 1; NULL: none */
    int64_t n_frames;
    uint8_t *buffer;
};

/* -- what is asked for ------------------------------------------------------------------------------- */

static void point_free(gpointer data)
{
    Point *point = data;

    if (point->wire->clear)
        point->wire->clear(point->state);
    g_free(point->state);
    g_free(point);
}

static uint32_t add_interface(const DxCaptureFile *capture, const Point *point, const DxScLink *link,
                              const char *name, const char *description)
{
    const int fcs_bytes = capture->conf->has_fcs ? point->wire->fcs_bytes(point->state) : 0;

    return dx_pcapng_interface(
        capture->pcapng,
        &(DxPcapngInterface){ .name = name,
                              .description = description,
                              .link_type = point->wire->link_type(point->state),
                              .snap_bytes = (uint32_t)capture->conf->snap_bytes,
                              .rate_bps = (uint64_t)dx__conf_int(
                                  dx__scenario_model(capture->run->scenario, "port"), link->port, "rate"),
                              .fcs_bytes = fcs_bytes });
}

static void add_direction(DxCaptureFile *capture, const DxScLink *link, unsigned d)
{
    const DxScenario *scenario = capture->run->scenario;
    g_autofree char *name = dx__scenario_direction(scenario, link->name, link->end, d);
    g_autofree char *port_name = g_strconcat(name, ".port", NULL);
    g_autofree char *send_name = g_strconcat(name, ".macsec-send", NULL);
    g_autofree char *dropped_name = g_strconcat(name, " dropped", NULL);
    const DxNode *port = dx_sim_find(capture->run->sim, port_name), *send;
    Point *point;

    if (link->macsec && (send = dx_sim_find(capture->run->sim, send_name)))
        port = send;
    if (!port || !dx_node_model(port)->wire) /* nobody uses it, or it can say nothing */
        return;
    point = g_new0(Point, 1);
    point->port = port;
    point->wire = dx_node_model(port)->wire;
    point->state = g_malloc0(point->wire->state_size);
    point->wire->init(point->state, dx_node_conf(port));
    point->from = DX_SC(scenario, nodes, DxScNode, link->end[d])->name;
    point->to = DX_SC(scenario, nodes, DxScNode, link->end[!d])->name;
    point->trunk = dx__scenario_link_trunk(scenario, link);
    point->sent.number =
        add_interface(capture, point, link, name, "what the port has sent, stamped with the last bit");
    if (capture->conf->has_drops)
        point->dropped.number = add_interface(capture, point, link, dropped_name, "what was lost, and where");
    g_hash_table_insert(capture->points, g_steal_pointer(&name), point);
    g_ptr_array_add(capture->in_order, point);
}

static void add_links(DxCaptureFile *capture)
{
    const DxScenario *scenario = capture->run->scenario;
    const GArray *links = capture->conf->links;
    const guint n = links->len ? links->len : scenario->links->len;

    for (guint i = 0; i < n; i++)
        for (unsigned d = 0; d < 2; d++)
            add_direction(
                capture, DX_SC(scenario, links, DxScLink, links->len ? g_array_index(links, uint32_t, i) : i),
                d);
}

/* A node of a direction is called after it: "dx1:a>b.port". There may be more points in either name. */
static Point *find_point(const DxCaptureFile *capture, const char *node)
{
    g_autofree char *name = g_strdup(node);
    Point *point = NULL;

    for (char *dot; !point && (dot = strrchr(name, '.'));) {
        *dot = '\0';
        point = g_hash_table_lookup(capture->points, name);
    }
    return point;
}

static void look_at_nodes(DxCaptureFile *capture)
{
    for (unsigned i = 0; i < dx_sim_n_nodes(capture->run->sim); i++) {
        DxNode *node = dx_sim_node(capture->run->sim, i);
        Point *point = capture->point_of[i + 1] = find_point(capture, dx_node_name(node));

        if (point && (node == point->port || capture->conf->has_drops))
            dx_sim_capture(node, node == point->port, capture->conf->has_drops);
    }
}

/* -- frames ------------------------------------------------------------------------------------------ */

static size_t make_octets(const DxCaptureFile *capture, const Point *point, const DxCaptureRecord *record)
{
    const DxSim *sim = capture->run->sim;
    const DxFrame *frame = &record->frame;
    const DxFlow *flow = frame->flow < dx_sim_n_flows(sim) ? dx_sim_flow(sim, frame->flow) : NULL;
    const bool is_of_vif = flow && frame->flags & DX_FRAME_VIF;

    return point->wire->bytes(
        point->state,
        &(DxWireFrame){ .frame = frame,
                        .flow = flow,
                        .vif_tci = is_of_vif ? dx__scenario_vif_tci(capture->run->scenario, flow->group,
                                                                    point->trunk, dx_frame_pcp(frame))
                                             : 0,
                        .seq = record->seq,
                        .key = record->key,
                        .pn = record->pn,
                        .from = point->from,
                        .to = point->to,
                        .octets = record->octets,
                        .n_octets = record->n_octets },
        capture->conf->has_fcs, capture->buffer);
}

static void write_record(const DxCaptureRecord *record, void *data)
{
    DxCaptureFile *capture = data;
    Point *point = capture->point_of[record->node];
    const DxNode *node = dx_sim_node(capture->run->sim, record->node - 1);
    Lane *lane = record->reason < 0 ? &point->sent : &point->dropped;
    g_autofree char *comment = NULL;

    lane->seen++;
    if (capture->n_frames >= capture->conf->max_frames) {
        lane->left_out++;
        return;
    }
    capture->n_frames++;
    if (record->reason >= 0)
        comment = g_strdup_printf("dropped by %s: %s", dx_node_name(node),
                                  dx_node_model(node)->drops[record->reason]);
    dx_pcapng_packet(capture->pcapng, lane->number, record->t_ps, capture->buffer,
                     make_octets(capture, point, record), comment);
}

/* -- the file ---------------------------------------------------------------------------------------- */

DxCaptureFile *dx__capture_file_new(DxOutput *output, DxRun *run, GError **error)
{
    const DxScCapture *conf = &run->scenario->capture;
    DxFile *file = dx_output_open(output, "capture.pcapng", error);
    DxCaptureFile *capture;

    if (!file)
        return NULL;
    capture = g_new0(DxCaptureFile, 1);
    capture->run = run;
    capture->conf = conf;
    capture->file = file;
    capture->pcapng = dx_pcapng_new(file, run->scenario->name);
    capture->points = g_hash_table_new_full(dx__hash_name, g_str_equal, g_free, point_free);
    capture->in_order = g_ptr_array_new();
    capture->point_of = g_new0(Point *, dx_sim_n_nodes(run->sim) + 1);
    capture->buffer = g_malloc(DX_WIRE_FRAME_MAX);
    add_links(capture);
    look_at_nodes(capture);
    dx_sim_set_capture(run->sim, conf->from_ps, conf->until_ps, write_record, capture);
    return capture;
}

DxFile *dx__capture_file(const DxCaptureFile *capture)
{
    return capture->file;
}

static void write_statistics(const DxCaptureFile *capture, const Lane *lane)
{
    dx_pcapng_statistics(capture->pcapng, lane->number, dx_results_duration(capture->run->results),
                         lane->seen, lane->left_out,
                         lane->left_out ? "the rest came after max_frames of the capture" : NULL);
}

bool dx__capture_file_close(DxCaptureFile *capture, GError **error)
{
    for (guint i = 0; i < capture->in_order->len; i++) {
        const Point *point = g_ptr_array_index(capture->in_order, i);

        write_statistics(capture, &point->sent);
        if (capture->conf->has_drops)
            write_statistics(capture, &point->dropped);
    }
    return dx_file_close(capture->file, error);
}

void dx__capture_file_free(DxCaptureFile *capture)
{
    if (!capture)
        return;
    dx_sim_set_capture(capture->run->sim, 0, 0, NULL, NULL);
    dx_pcapng_free(capture->pcapng);
    g_ptr_array_unref(capture->in_order);
    g_hash_table_unref(capture->points);
    g_free(capture->point_of);
    g_free(capture->buffer);
    g_free(capture);
}
