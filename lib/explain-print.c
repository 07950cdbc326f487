/*
 * explain-print - an explanation as text, JSON or Graphviz
 */
#include "columns-priv.h"
#include "explain-priv.h"
#include "json-write-priv.h"
#include "topology-priv.h"

#include <inttypes.h>
#include <string.h>

#define MAX_LINES 40 /* of objects or flows in text; the rest is in --json */

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        const uint64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* All of it, in the largest unit of which there is one: "489.672092 us". */
static char *exact_text(DxTime time_ps)
{
    static const struct {
        const char *name;
        DxTime ps;
        int decimals;
    } units[] = { { "s", DX_S, 12 }, { "ms", DX_MS, 9 }, { "us", DX_US, 6 }, { "ns", DX_NS, 3 } };

    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        GString *text;

        if (time_ps < units[i].ps)
            continue;
        text = g_string_new(NULL);
        g_string_printf(text, "%" PRId64 ".%0*" PRId64, time_ps / units[i].ps, units[i].decimals,
                        time_ps % units[i].ps);
        while (text->str[text->len - 1] == '0')
            g_string_truncate(text, text->len - 1);
        if (text->str[text->len - 1] == '.')
            g_string_truncate(text, text->len - 1);
        g_string_append_printf(text, " %s", units[i].name);
        return g_string_free(text, FALSE);
    }
    return g_strdup_printf("%" PRId64 " ps", time_ps);
}

/* "120 ns", or "26666 2/3 ps" where it is no whole number: exact in either case. */
static char *serialisation_text(const DxExplainHop *hop)
{
    uint64_t common;

    if (!hop->missing)
        return exact_text(hop->serialisation_ps);
    common = greatest_common_divisor(hop->missing, hop->of_missing);
    return g_strdup_printf("%" PRId64 " %" PRIu64 "/%" PRIu64 " ps", hop->serialisation_ps - 1,
                           (hop->of_missing - hop->missing) / common, hop->of_missing / common);
}

static char *count_text(uint64_t count, const char *noun)
{
    return g_strdup_printf("%" PRIu64 " %s%s", count, noun, count == 1 ? "" : "s");
}

static char *short_text(DxUnit unit, uint64_t value)
{
    return dx_units_format_short(unit, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

/* -- text -------------------------------------------------------------------------------------------- */

static void append_head(GString *out, const DxScenario *scenario)
{
    g_autofree char *name = dx__json_escape(scenario->name);
    g_autofree char *duration = dx_units_format(DX_UNIT_TIME, scenario->duration_ps);
    g_autofree char *text =
        g_strdup_printf("%s: %s, seed %" PRIu64 "; resolved, not run", name, duration, scenario->seed);

    dx__columns_wrap(out, 0, 0, text);
}

static void append_object(GString *out, const DxExplainObject *object)
{
    DxColumns columns;

    g_string_append_printf(out, "\n%s\n", object->path);
    dx__columns_init(&columns, 3, 2, 0, 1);
    for (guint i = 0; i < object->values->len; i++) {
        const DxExplainValue *value = g_ptr_array_index(object->values, i);

        dx__columns_add(&columns, g_strdup(value->key));
        dx__columns_add(&columns, g_strdup(value->value));
        dx__columns_add(&columns, g_strdup(value->origin));
    }
    dx__columns_finish(&columns, out);
}

static void append_hop(DxColumns *columns, const DxExplainHop *hop)
{
    g_autofree char *in_flight = short_text(DX_UNIT_SIZE, hop->in_flight_bytes);
    g_autofree char *queue = short_text(DX_UNIT_SIZE, hop->queue_bytes);

    dx__columns_add(columns, hop->n_members > 1 ? g_strdup_printf("%s, %u links", hop->name, hop->n_members)
                                                : g_strdup(hop->name));
    dx__columns_add(columns, serialisation_text(hop));
    dx__columns_add(columns, exact_text(hop->propagation_ps));
    dx__columns_add(columns, g_strdup_printf("%s = %" PRIu64, in_flight, hop->in_flight_frames));
    dx__columns_add(columns, g_strdup_printf("%s = %" PRIu64, queue, hop->queue_frames));
    dx__columns_add(columns, short_text(DX_UNIT_TIME, (uint64_t)hop->drain_ps));
}

static void append_sum(DxColumns *columns, const DxExplainFlow *flow)
{
    dx__columns_add(columns, g_strdup("sum"));
    dx__columns_add(columns, exact_text(flow->serialisation_ps));
    dx__columns_add(columns, exact_text(flow->propagation_ps));
    dx__columns_add(columns, g_strdup(""));
    dx__columns_add(columns, g_strdup(""));
    dx__columns_add(columns, short_text(DX_UNIT_TIME, (uint64_t)flow->drain_ps));
}

static void append_hops(GString *out, const DxExplainFlow *flow)
{
    static const char *const titles[] = {
        "hop", "serialisation", "propagation", "in flight = frames", "queue = frames", "drains in", NULL
    };
    DxColumns columns;

    dx__columns_init(&columns, 6, 2, 0x3e, 0);
    for (unsigned i = 0; titles[i]; i++)
        dx__columns_add(&columns, g_strdup(titles[i]));
    for (guint i = 0; i < flow->hops->len; i++)
        append_hop(&columns, g_ptr_array_index(flow->hops, i));
    append_sum(&columns, flow);
    dx__columns_finish(&columns, out);
}

static void append_notes(GString *out, const DxExplainFlow *flow)
{
    const DxTime idle_ps = flow->serialisation_ps + flow->propagation_ps;
    g_autofree char *idle = exact_text(idle_ps);
    g_autofree char *full = short_text(DX_UNIT_TIME, (uint64_t)idle_ps + (uint64_t)flow->drain_ps);
    g_autofree char *rate = dx_units_format(DX_UNIT_RATE, (int64_t)flow->bottleneck_bps);
    g_autofree char *bytes = short_text(DX_UNIT_SIZE, flow->round_trip_bytes);
    g_autofree char *frames = count_text(flow->round_trip_frames, "frame");
    g_autofree char *text = g_strdup_printf("one way %s when idle, %s behind full queues of such frames; "
                                            "there and back at %s is a bandwidth-delay product of %s = %s",
                                            idle, full, rate, bytes, frames);

    g_string_append(out, "  ");
    dx__columns_wrap(out, 2, 2, text);
    for (guint i = 0; i < flow->hops->len; i++) {
        const DxExplainHop *hop = g_ptr_array_index(flow->hops, i);

        if (hop->members_differ)
            g_string_append_printf(out, "  the links of %s differ; the first is shown\n", hop->name);
    }
    if (flow->bgp_at)
        g_string_append_printf(out, "  from %s on as BGP has it at time 0: see dxsim explain bgp\n",
                               flow->bgp_at);
    if (!flow->arrives)
        g_string_append(out, "  it never arrives: its way is a loop, or ends somewhere else\n");
    else if (!flow->is_one_way)
        g_string_append(out,
                        "  this is one way of several: flows are spread over next hops or unlike members\n");
}

static void append_flow(GString *out, const DxExplainFlow *flow)
{
    g_autofree char *flows = count_text(flow->n_flows, "flow");
    g_autofree char *frames = count_text(flow->frames, "frame");
    g_autofree char *text = g_strdup_printf("way of %s: %s > %s, %s, packets of %" PRIu64 " B%s, about %s",
                                            flow->name, flow->from, flow->to, flows, flow->size_bytes,
                                            flow->sizes.kind == DX_SIZES_FIXED ? "" : " on average", frames);

    g_string_append_c(out, '\n');
    dx__columns_wrap(out, 0, 2, text);
    append_hops(out, flow);
    append_notes(out, flow);
}

/* Seconds, minutes, hours: an estimate deserves no more than two digits. */
static char *about(uint64_t ns)
{
    uint64_t step = 1;

    while (ns / step >= 100)
        step *= 10;
    return dx_units_format(DX_UNIT_TIME,
                           (int64_t)MIN((ns + step / 2) / step * step, G_MAXINT64 / 1000) * 1000);
}

static void append_engine(GString *out, const DxExplanation *explanation)
{
    g_autofree char *lookahead =
        explanation->lookahead_bound ? exact_text(explanation->lookahead_ps) : g_strdup("no limit");
    g_autofree char *time = about(explanation->run_time_ns);
    DxColumns columns;

    g_string_append(out, "\nengine\n");
    dx__columns_init(&columns, 2, 2, 0, 1);
    dx__columns_add(&columns, g_strdup("look-ahead"));
    dx__columns_add(&columns,
                    explanation->lookahead_bound
                        ? g_strdup_printf("%s, bounded by %s", lookahead, explanation->lookahead_bound)
                        : g_strdup("no limit: nothing comes back to where it was"));
    dx__columns_add(&columns, g_strdup("nodes"));
    dx__columns_add(&columns, g_strdup_printf("%u", explanation->n_nodes));
    dx__columns_add(&columns, g_strdup("frames"));
    dx__columns_add(&columns, g_strdup_printf("%" PRIu64 " expected, %" PRIu64 " times a frame on a link",
                                              explanation->frames, explanation->frame_hops));
    dx__columns_add(&columns, g_strdup("run time"));
    dx__columns_add(&columns, g_strdup_printf("%s; a rough estimate, at %d ns for a frame on a link", time,
                                              DX_EXPLAIN_NS_PER_HOP));
    dx__columns_finish(&columns, out);
}

static void append_rest(GString *out, guint n, const char *what)
{
    if (n > MAX_LINES)
        g_string_append_printf(out, "\nand %u more %s; --json has them all\n", n - MAX_LINES, what);
}

char *dx__explain_text(const DxExplanation *explanation)
{
    GString *out = g_string_new(NULL);

    append_head(out, explanation->scenario);
    for (guint i = 0; i < MIN(explanation->objects->len, MAX_LINES); i++)
        append_object(out, g_ptr_array_index(explanation->objects, i));
    append_rest(out, explanation->objects->len, "objects");
    for (guint i = 0; i < MIN(explanation->flows->len, MAX_LINES); i++)
        append_flow(out, g_ptr_array_index(explanation->flows, i));
    append_rest(out, explanation->flows->len, "flows");
    dx__explain_bgp_text(out, explanation->scenario);
    dx__explain_optics_text(out, explanation->scenario);
    append_engine(out, explanation);
    return g_string_free(out, FALSE);
}

/* -- JSON -------------------------------------------------------------------------------------------- */

static void write_objects(DxJsonWriter *writer, const GPtrArray *objects)
{
    dx__json_write_array(writer, "objects");
    for (guint i = 0; i < objects->len; i++) {
        const DxExplainObject *object = g_ptr_array_index(objects, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "object", object->path);
        dx__json_write_array(writer, "values");
        for (guint k = 0; k < object->values->len; k++) {
            const DxExplainValue *value = g_ptr_array_index(object->values, k);

            dx__json_write_object(writer, NULL);
            dx__json_write_texts(writer, "key", value->key, "value", value->value, "origin", value->origin,
                                 NULL);
            dx__json_write_end(writer);
        }
        dx__json_write_end(writer);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_hop(DxJsonWriter *writer, const DxExplainHop *hop)
{
    g_autofree char *exact = serialisation_text(hop);

    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "link", hop->name);
    dx__json_write_u64(writer, "members", hop->n_members);
    dx__json_write_bool(writer, "members_differ", hop->members_differ);
    dx__json_write_u64(writer, "rate_bps", hop->rate_bps);
    dx__json_write_u64(writer, "buffer_bytes", hop->buffer_bytes);
    dx__json_write_u64(writer, "wire_bytes", hop->wire_bytes);
    dx__json_write_text(writer, "serialisation", exact);
    dx__json_write_u64(writer, "serialisation_ps", (uint64_t)hop->serialisation_ps);
    dx__json_write_u64(writer, "propagation_ps", (uint64_t)hop->propagation_ps);
    dx__json_write_u64(writer, "in_flight_bytes", hop->in_flight_bytes);
    dx__json_write_u64(writer, "in_flight_frames", hop->in_flight_frames);
    dx__json_write_u64(writer, "queue_bytes", hop->queue_bytes);
    dx__json_write_u64(writer, "queue_frames", hop->queue_frames);
    dx__json_write_u64(writer, "drain_ps", (uint64_t)hop->drain_ps);
    dx__json_write_end(writer);
}

static void write_flow(DxJsonWriter *writer, const DxExplainFlow *flow)
{
    dx__json_write_object(writer, NULL);
    dx__json_write_texts(writer, "flow", flow->name, "from", flow->from, "to", flow->to, NULL);
    dx__json_write_u64(writer, "flows", flow->n_flows);
    dx__json_write_u64(writer, "size_bytes", flow->size_bytes);
    dx__json_write_u64(writer, "expected_frames", flow->frames);
    dx__json_write_bool(writer, "arrives", flow->arrives);
    dx__json_write_bool(writer, "one_way", flow->is_one_way);
    if (flow->bgp_at)
        dx__json_write_text(writer, "bgp_at", flow->bgp_at);
    dx__json_write_u64(writer, "serialisation_ps", (uint64_t)flow->serialisation_ps);
    dx__json_write_u64(writer, "propagation_ps", (uint64_t)flow->propagation_ps);
    dx__json_write_u64(writer, "idle_ps", (uint64_t)(flow->serialisation_ps + flow->propagation_ps));
    dx__json_write_u64(writer, "drain_ps", (uint64_t)flow->drain_ps);
    dx__json_write_u64(writer, "bottleneck_bps", flow->bottleneck_bps);
    dx__json_write_u64(writer, "round_trip_bytes", flow->round_trip_bytes);
    dx__json_write_u64(writer, "round_trip_frames", flow->round_trip_frames);
    dx__json_write_array(writer, "hops");
    for (guint i = 0; i < flow->hops->len; i++)
        write_hop(writer, g_ptr_array_index(flow->hops, i));
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

static void write_engine(DxJsonWriter *writer, const DxExplanation *explanation)
{
    dx__json_write_object(writer, "engine");
    if (explanation->lookahead_bound) {
        dx__json_write_u64(writer, "lookahead_ps", (uint64_t)explanation->lookahead_ps);
        dx__json_write_text(writer, "lookahead_bound", explanation->lookahead_bound);
    } else {
        dx__json_write_raw(writer, "lookahead_ps", "null");
    }
    dx__json_write_u64(writer, "nodes", explanation->n_nodes);
    dx__json_write_u64(writer, "expected_frames", explanation->frames);
    dx__json_write_u64(writer, "frame_hops", explanation->frame_hops);
    dx__json_write_u64(writer, "run_time_estimate_ns", explanation->run_time_ns);
    dx__json_write_end(writer);
}

char *dx__explain_json(const DxExplanation *explanation)
{
    const DxScenario *scenario = explanation->scenario;
    DxJsonWriter writer;

    dx__json_write_init(&writer);
    dx__json_write_text(&writer, "scenario", scenario->name);
    dx__json_write_u64(&writer, "duration_ps", (uint64_t)scenario->duration_ps);
    dx__json_write_u64(&writer, "seed", scenario->seed);
    if (explanation->n_objects_left_out)
        dx__json_write_u64(&writer, "objects_left_out", explanation->n_objects_left_out);
    write_objects(&writer, explanation->objects);
    if (explanation->n_flows_left_out)
        dx__json_write_u64(&writer, "flows_left_out", explanation->n_flows_left_out);
    dx__json_write_array(&writer, "flows");
    for (guint i = 0; i < explanation->flows->len; i++)
        write_flow(&writer, g_ptr_array_index(explanation->flows, i));
    dx__json_write_end(&writer);
    dx__explain_bgp_json(&writer, scenario);
    dx__explain_optics_json(&writer, scenario);
    if (explanation->has_engine)
        write_engine(&writer, explanation);
    return dx__json_write_finish(&writer);
}

/* -- Graphviz ---------------------------------------------------------------------------------------- */

char *dx__explain_dot(const DxScenario *scenario)
{
    guint n_left_out;
    g_autoptr(GPtrArray) objects = dx__explain_objects(scenario, false, &n_left_out);
    DxTopology *topology = dx__topology_new(objects);
    char *text = dx__topology_dot(topology, scenario->name);

    dx__topology_free(topology);
    return text;
}
