/*
 * load-flows - flows, their addresses and ways, static routes
 */
#include "load-priv.h"

#include <arpa/inet.h>
#include <string.h>

#define FLOWS_MAX     10000000
#define NEXT_HOPS_MAX 100000000 /* every router has one for every flow */

static void default_address(uint8_t address[16], uint32_t node)
{
    memset(address, 0, 16);
    address[12] = 10;
    address[13] = (uint8_t)(node + 1);
    address[14] = (uint8_t)((node + 1) >> 8);
    address[15] = 1;
}

static void load_addresses(DxLoader *loader, DxJson *json, DxScFlow *flow)
{
    DxReader *reader = &loader->reader;
    DxJson *list = dx__reader_get(reader, json, "addresses", DX_JSON_ARRAY);
    uint8_t *to[2] = { flow->flow.src, flow->flow.dst };
    bool is_ipv6[2] = { false, false }, is_bad = false;
    unsigned n = 0;

    if (!list)
        return;
    for (const DxJson *item = list->child; item && n < 2; item = item->next, n++) {
        if (item->type != DX_JSON_STRING)
            return;
        memset(to[n], 0, 16);
        if (inet_pton(AF_INET, item->text, to[n] + 12) == 1)
            continue;
        is_ipv6[n] = inet_pton(AF_INET6, item->text, to[n]) == 1;
        is_bad |= !is_ipv6[n];
        if (!is_ipv6[n])
            DX_PROBLEM(reader, item, DX_CODE_SYNTAX,
                       "this is no IP address; expected one such as \"10.1.0.1\" or "
                       "\"2001:db8::1\"");
    }
    if (list->n_children != 2 || (!is_bad && is_ipv6[0] != is_ipv6[1]))
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT,
                   "expected two addresses of one family, source and destination");
    flow->flow.is_ipv6 = is_ipv6[0];
}

static void load_ports(DxLoader *loader, DxJson *json, DxScFlow *flow)
{
    DxReader *reader = &loader->reader;
    DxJson *list = dx__reader_get(reader, json, "ports", DX_JSON_ARRAY);
    DxJson *protocol = dx__reader_get(reader, json, "protocol", DX_JSON_NUMBER);
    int64_t value[2] = { 0, 0 }, number = 17;
    unsigned n = 0;

    if (protocol && dx__json_int64(protocol, &number) && (number < 0 || number > 255))
        DX_PROBLEM(reader, protocol, DX_CODE_RANGE, "an IP protocol is a whole number from 0 to 255");
    flow->flow.protocol = (uint8_t)number;
    if (!list)
        return;
    for (const DxJson *item = list->child; item && n < 2; item = item->next, n++)
        if (item->type == DX_JSON_NUMBER &&
            (!dx__json_int64(item, &value[n]) || value[n] < 0 || value[n] > 65535))
            DX_PROBLEM(reader, item, DX_CODE_RANGE, "a port is a whole number from 0 to 65535");
    if (list->n_children != 2)
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "expected two ports, source and destination");
    flow->flow.src_port = (uint16_t)value[0];
    flow->flow.dst_port = (uint16_t)value[1];
}

/* Its ends are wrong, which has been reported. */
static bool is_nowhere(const DxScTrunk *trunk)
{
    return trunk->end[0] == DX_NONE || trunk->end[1] == DX_NONE;
}

static void note_said(DxScFlow *flow, uint32_t node)
{
    if (!flow->said)
        flow->said = g_array_new(FALSE, FALSE, sizeof node);
    g_array_append_val(flow->said, node);
}

/* `via`: trunks in order from `from`. Each node on the way gets its next hop. */
static void load_via(DxLoader *loader, DxJson *json, DxScFlow *flow)
{
    DxReader *reader = &loader->reader;
    const DxJson *via = dx__json_member(reader->doc, json, "via");
    uint32_t at = flow->from;

    flow->next = g_new(uint32_t, loader->scenario->nodes->len + 1);
    for (guint i = 0; i <= loader->scenario->nodes->len; i++)
        flow->next[i] = DX_NONE;
    if (!via)
        return;
    for (const DxJson *item = via->type == DX_JSON_ARRAY ? via->child : via; item; item = item->next) {
        const uint32_t index = dx__load_resolve_way(loader, item, flow);
        const DxScTrunk *trunk;

        if (index == DX_NONE || at == DX_NONE)
            return;
        trunk = DX_SC(loader->scenario, trunks, DxScTrunk, index);
        if (is_nowhere(trunk))
            return;
        if (trunk->end[0] != at && trunk->end[1] != at) {
            DX_PROBLEM(reader, item, DX_CODE_ENDS,
                       "\"%s\" does not start at node \"%s\", where the path has come to", item->text,
                       DX_SC(loader->scenario, nodes, DxScNode, at)->name);
            return;
        }
        if (flow->from != flow->to && (at == flow->to || flow->next[at] != DX_NONE)) {
            DX_PROBLEM(reader, item, DX_CODE_ENDS, "the path %s node \"%s\", where it has been before",
                       at == flow->to ? "goes on from" : "comes back to",
                       DX_SC(loader->scenario, nodes, DxScNode, at)->name);
            return;
        }
        flow->next[at] = index;
        note_said(flow, at);
        at = trunk->end[trunk->end[0] == at];
        if (via->type != DX_JSON_ARRAY)
            break;
    }
}

/* May something send @flow to its backup: the LAG that it begins with, which may be down, or an alarm? */
static bool has_use_for_backup(DxLoader *loader, const DxJson *backup, const DxScFlow *flow)
{
    const DxScenario *scenario = loader->scenario;
    const uint32_t next = flow->from == DX_NONE ? DX_NONE : flow->next[flow->from];
    const DxScTrunk *trunk = next == DX_NONE ? NULL : DX_SC(scenario, trunks, DxScTrunk, next);
    const DxScLag *lag = trunk && trunk->is_lag ? DX_SC(scenario, lags, DxScLag, trunk->index) : NULL;

    if (lag && dx__conf_int(dx__load_model(loader, "aggregator"), lag->aggregator, "min_links") > 0)
        return true;
    if (next != DX_NONE && dx__alarms_use_backups(loader))
        return true;
    dx__problem(loader->reader.problems, loader->reader.file, backup, true, DX_CODE_CONFLICT,
                "a backup is for a flow whose \"via\" begins with a LAG that can be down: one with "
                "\"min_links\" of 1 or more");
    return false;
}

/* From here the flow goes on over trunk @index. False: it goes elsewhere. */
static bool go_on(DxLoader *loader, const DxJson *item, DxScFlow *flow, uint32_t at, uint32_t index)
{
    const DxScTrunk *trunk = DX_SC(loader->scenario, trunks, DxScTrunk, index);
    const char *node = DX_SC(loader->scenario, nodes, DxScNode, at)->name;

    if (is_nowhere(trunk))
        return false;
    if (trunk->end[0] != at && trunk->end[1] != at) {
        DX_PROBLEM(&loader->reader, item, DX_CODE_ENDS,
                   "\"%s\" does not start at node \"%s\", where the backup has come to", item->text, node);
        return false;
    }
    if (at == flow->from ? flow->backup != DX_NONE || index == flow->next[at]
                         : flow->next[at] != DX_NONE && flow->next[at] != index) {
        DX_PROBLEM(&loader->reader, item, DX_CODE_ENDS, "%s node \"%s\" the flow goes on over \"%s\"",
                   at == flow->from ? "a backup leaves elsewhere, and once: from" : "from", node,
                   dx__scenario_trunk_name(loader->scenario, flow->next[at]));
        return false;
    }
    return true;
}

/* `backup`: trunks in order from `from`, in the place of the LAG that `via` begins with. */
static void load_backup(DxLoader *loader, DxJson *json, DxScFlow *flow)
{
    const DxJson *backup = dx__json_member(loader->reader.doc, json, "backup");
    uint32_t at = flow->from;

    flow->backup = DX_NONE;
    if (!backup || !has_use_for_backup(loader, backup, flow))
        return;
    for (const DxJson *item = backup->type == DX_JSON_ARRAY ? backup->child : backup; item;
         item = backup->type == DX_JSON_ARRAY ? item->next : NULL) {
        const uint32_t index = dx__load_resolve_way(loader, item, flow);
        const DxScTrunk *trunk;

        if (index == DX_NONE || !go_on(loader, item, flow, at, index))
            return;
        trunk = DX_SC(loader->scenario, trunks, DxScTrunk, index);
        *(at == flow->from ? &flow->backup : &flow->next[at]) = index;
        note_said(flow, at);
        at = trunk->end[trunk->end[0] == at];
    }
}

static void load_from_to(DxLoader *loader, DxJson *json, DxScFlow *flow)
{
    DxReader *reader = &loader->reader;
    const DxJson *from = dx__reader_get(reader, json, "from", DX_JSON_STRING);
    const DxJson *to = dx__reader_get(reader, json, "to", DX_JSON_STRING);

    if (from)
        flow->from = dx__load_resolve(loader, from, loader->nodes, "node");
    if (to)
        flow->to = dx__load_resolve(loader, to, loader->nodes, "node");
    if (flow->from != DX_NONE && flow->from == flow->to)
        DX_PROBLEM(reader, to, DX_CODE_ENDS, "a flow goes from one node to another");
}

static void too_many_next_hops(DxLoader *loader, const DxJson *json)
{
    DX_PROBLEM(&loader->reader, json, DX_CODE_LIMIT,
               "flows times nodes are more than %u: there is no room for so many next hops", NEXT_HOPS_MAX);
}

static DxFileParam *trace_of(DxLoader *loader, void *source)
{
    return (void *)((char *)source +
                    dx_param_find(dx__load_model(loader, "source")->params, "trace")->offset);
}

static void load_flow(DxLoader *loader, DxJson *json)
{
    DxScenario *scenario = loader->scenario;
    DxScFlow flow = { .name = g_strdup(json->key), .json = json, .from = DX_NONE, .to = DX_NONE };

    load_from_to(loader, json, &flow);
    flow.flow = (DxFlow){ .group = scenario->flows->len, .src_port = 49152, .dst_port = 443 };
    default_address(flow.flow.src, flow.from);
    default_address(flow.flow.dst, flow.to);
    load_addresses(loader, json, &flow);
    load_ports(loader, json, &flow);
    load_via(loader, json, &flow);
    load_backup(loader, json, &flow);
    flow.source = dx__load_conf(loader, json, "source");
    flow.n_flows = (uint32_t)dx__conf_int(dx__load_model(loader, "source"), flow.source, "count");
    dx__load_arrivals(loader, dx__json_member(loader->reader.doc, json, "trace"),
                      trace_of(loader, flow.source), flow.n_flows);
    if (scenario->flows->len) {
        const DxScFlow *last = DX_SC(scenario, flows, DxScFlow, scenario->flows->len - 1);

        flow.first_flow = last->first_flow + last->n_flows;
    }
    if (flow.first_flow + flow.n_flows > FLOWS_MAX)
        DX_PROBLEM(&loader->reader, json, DX_CODE_LIMIT, "more than %u flows in all", FLOWS_MAX);
    else if ((uint64_t)(flow.first_flow + flow.n_flows) * scenario->nodes->len > NEXT_HOPS_MAX)
        too_many_next_hops(loader, json);
    dx__load_enter(loader->flows, flow.name, scenario->flows->len);
    g_array_append_val(scenario->flows, flow);
}

void dx__load_flows(DxLoader *loader, DxJson *root)
{
    DxJson *flows = dx__reader_get(&loader->reader, root, "flows", DX_JSON_OBJECT);

    if (flows && (uint64_t)flows->n_children * loader->scenario->nodes->len > NEXT_HOPS_MAX) {
        too_many_next_hops(loader, flows);
        return;
    }
    for (DxJson *json = flows ? dx__reader_entry(flows->child) : NULL; json;
         json = dx__reader_entry(json->next))
        load_flow(loader, json);
}

static void load_route(DxLoader *loader, const DxJson *item, uint32_t at)
{
    DxScenario *scenario = loader->scenario;
    DxScNode *node = DX_SC(scenario, nodes, DxScNode, at);
    const uint32_t flow = dx__load_index(loader->flows, item->key);
    const uint32_t index =
        dx__load_resolve_way(loader, item, flow == DX_NONE ? NULL : DX_SC(scenario, flows, DxScFlow, flow));
    const DxScTrunk *trunk;

    if (flow == DX_NONE) {
        char *shown = dx__json_escape(item->key);

        dx__problem(loader->reader.problems, loader->reader.file, item, true, DX_CODE_DANGLING,
                    "there is no flow \"%s\"", shown);
        g_free(shown);
        return;
    }
    if (index == DX_NONE)
        return;
    trunk = DX_SC(scenario, trunks, DxScTrunk, index);
    if (is_nowhere(trunk))
        return;
    if (trunk->end[0] != at && trunk->end[1] != at) {
        DX_PROBLEM(&loader->reader, item, DX_CODE_ENDS, "\"%s\" does not end at this node", item->text);
        return;
    }
    if (!node->route) {
        node->route = g_new(uint32_t, scenario->flows->len);
        for (guint k = 0; k < scenario->flows->len; k++)
            node->route[k] = DX_NONE;
    }
    node->route[flow] = index;
}

/* At this node this flow takes this trunk, whatever the shortest path is. */
void dx__load_routes(DxLoader *loader)
{
    DxScenario *scenario = loader->scenario;

    for (guint i = 0; i < scenario->nodes->len; i++) {
        const DxJson *routes = dx__reader_get(&loader->reader, DX_SC(scenario, nodes, DxScNode, i)->json,
                                              "routes", DX_JSON_OBJECT);

        for (const DxJson *item = routes ? routes->child : NULL; item; item = item->next)
            if (item->type == DX_JSON_STRING && !dx__reader_is_for_people(item->key))
                load_route(loader, item, i);
    }
}
