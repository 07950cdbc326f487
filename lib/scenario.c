/*
 * scenario - reading and checking a scenario file
 *
 * Everything is read before anything is built, and every problem is reported, not just the first. What an
 * object may hold is the table of its model (see dxsim/param.h) and a few keys of its own.
 */
#include "reader-priv.h"

#include <arpa/inet.h>
#include <string.h>

#define FLOWS_MAX 10000000

typedef struct {
    DxReader reader;
    DxScenario *scenario;
    GHashTable *nodes, *links, *lags, *flows; /* name -> index + 1 */
} Loader;

/* -- names ------------------------------------------------------------------------------------------- */

static void enter(GHashTable *names, const char *name, guint index)
{
    g_hash_table_insert(names, (gpointer)name, GUINT_TO_POINTER(index + 1));
}

static uint32_t index_of(GHashTable *names, const char *name)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(names, name));

    return at ? at - 1 : DX_NONE;
}

/* A string that names a member of @names; else a problem that says what there is. @what: "node". */
static uint32_t resolve(Loader *loader, const DxJson *json, GHashTable *names, const char *what)
{
    GPtrArray *known;
    const char *meant;
    char *shown;
    uint32_t index;
    GHashTableIter iter;
    gpointer name;

    if (!dx__reader_expect(&loader->reader, json, DX_JSON_STRING))
        return DX_NONE;
    index = index_of(names, json->text);
    if (index != DX_NONE)
        return index;
    known = g_ptr_array_new();
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(known, name);
    g_ptr_array_sort(known, (GCompareFunc)(void (*)(void))strcmp);
    meant = dx__reader_nearest(json->text, known);
    shown = dx__json_escape(json->text);
    if (meant)
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "there is no %s \"%s\"; did you mean \"%s\"?",
                   what, shown, meant);
    else
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "there is no %s \"%s\"", what, shown);
    g_free(shown);
    g_ptr_array_unref(known);
    return DX_NONE;
}

static void *new_conf(const Loader *loader, const char *model_name)
{
    const DxModel *model = dx__scenario_model(loader->scenario, model_name);
    void *conf = g_malloc0(MAX(model->conf_size, 1));

    if (model->params)
        dx_param_defaults(model->params, conf);
    return conf;
}

static const DxParam *params_of(const Loader *loader, const char *model_name)
{
    return dx__scenario_model(loader->scenario, model_name)->params;
}

/* -- run, outputs ------------------------------------------------------------------------------------ */

static bool read_time(Loader *loader, DxJson *object, const char *key, bool required, DxTime *time_ps)
{
    DxJson *json = dx__reader_take(&loader->reader, object, key, required);

    return json && dx__reader_quantity(&loader->reader, json, DX_UNIT_TIME, time_ps);
}

static void read_seed(Loader *loader, DxJson *run)
{
    DxJson *json = dx__reader_take_typed(&loader->reader, run, "seed", DX_JSON_NUMBER, false);

    if (json && !dx__json_uint64(json, &loader->scenario->seed))
        DX_PROBLEM(&loader->reader, json, DX_CODE_RANGE,
                   "%.40s is no whole number from 0 to 18446744073709551615", json->text);
}

static void read_run(Loader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    DxScenario *scenario = loader->scenario;
    DxJson *run = dx__reader_take_typed(reader, root, "run", DX_JSON_OBJECT, true);

    if (!run)
        return;
    scenario->seed = 1;
    if (read_time(loader, run, "duration", true, &scenario->duration_ps) &&
        (scenario->duration_ps <= 0 || scenario->duration_ps > DX_TIME_MAX))
        DX_PROBLEM(reader, dx__json_member(reader->doc, run, "duration"), DX_CODE_RANGE,
                   "a run lasts longer than 0 and at most 53 days");
    if (read_time(loader, run, "warmup", false, &scenario->warmup_ps) && scenario->duration_ps > 0 &&
        scenario->warmup_ps >= scenario->duration_ps)
        DX_PROBLEM(reader, dx__json_member(reader->doc, run, "warmup"), DX_CODE_RANGE,
                   "the warm-up must end before the run does");
    read_seed(loader, run);
    dx__reader_finish(reader, run, dx__reader_words("duration", "warmup", "seed", NULL));
}

static void read_outputs(Loader *loader, DxJson *root)
{
    static const char *const known[] = { "queue", "throughput", "latency-cdf", NULL };
    DxReader *reader = &loader->reader;
    DxJson *outputs = dx__reader_take_typed(reader, root, "outputs", DX_JSON_OBJECT, false);
    DxJson *series, *plots;

    if (!outputs)
        return;
    series = dx__reader_take_typed(reader, outputs, "series", DX_JSON_OBJECT, false);
    if (series) {
        if (read_time(loader, series, "period", true, &loader->scenario->series_period_ps) &&
            loader->scenario->series_period_ps < DX_US)
            DX_PROBLEM(reader, series, DX_CODE_RANGE, "a series needs a period of at least \"1 us\"");
        read_time(loader, series, "until", false, &loader->scenario->series_until_ps);
        dx__reader_finish(reader, series, dx__reader_words("period", "until", NULL));
    }
    plots = dx__reader_take_typed(reader, outputs, "plots", DX_JSON_ARRAY, false);
    for (DxJson *plot = plots ? plots->child : NULL; plot; plot = plot->next) {
        if (!dx__reader_expect(reader, plot, DX_JSON_STRING))
            continue;
        if (g_strv_contains(known, plot->text))
            g_ptr_array_add(loader->scenario->plots, g_strdup(plot->text));
        else
            DX_PROBLEM(reader, plot, DX_CODE_CHOICE,
                       "there is no such plot; choose from \"queue\", \"throughput\", "
                       "\"latency-cdf\"");
    }
    dx__reader_finish(reader, outputs, dx__reader_words("series", "plots", NULL));
}

/* -- nodes, links, LAGs ------------------------------------------------------------------------------ */

static void read_nodes(Loader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    DxJson *nodes = dx__reader_take_typed(reader, root, "nodes", DX_JSON_OBJECT, true);

    for (DxJson *json = dx__reader_entry(reader, nodes ? nodes->child : NULL); json;
         json = dx__reader_entry(reader, json->next)) {
        DxScNode node = { .name = g_strdup(json->key), .json = json };
        DxJson *kind = dx__reader_take_typed(reader, json, "kind", DX_JSON_STRING, true);

        if (kind && strcmp(kind->text, "router"))
            DX_PROBLEM(reader, kind, DX_CODE_CHOICE, "there is no such kind of node; choose from \"router\"");
        dx__reader_take_typed(reader, json, "routes", DX_JSON_OBJECT, false); /* read when flows are known */
        dx__reader_finish(reader, json, dx__reader_words("kind", "routes", NULL));
        enter(loader->nodes, node.name, loader->scenario->nodes->len);
        g_array_append_val(loader->scenario->nodes, node);
    }
}

static void read_ends(Loader *loader, DxJson *json, uint32_t end[2])
{
    DxReader *reader = &loader->reader;
    DxJson *ends = dx__reader_take_typed(reader, json, "ends", DX_JSON_ARRAY, true);

    end[0] = end[1] = DX_NONE;
    if (!ends)
        return;
    if (ends->n_children != 2) {
        DX_PROBLEM(reader, ends, DX_CODE_ENDS, "a link has two ends, this has %u", ends->n_children);
        return;
    }
    end[0] = resolve(loader, ends->child, loader->nodes, "node");
    end[1] = resolve(loader, ends->child->next, loader->nodes, "node");
    if (end[0] != DX_NONE && end[0] == end[1])
        DX_PROBLEM(reader, ends, DX_CODE_ENDS, "both ends are the same node");
}

static void read_links(Loader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    DxJson *links = dx__reader_take_typed(reader, root, "links", DX_JSON_OBJECT, false);

    for (DxJson *json = dx__reader_entry(reader, links ? links->child : NULL); json;
         json = dx__reader_entry(reader, json->next)) {
        DxScLink link = { .name = g_strdup(json->key), .json = json, .lag = DX_NONE };
        GPtrArray *words = dx__reader_words("ends", "fiber", NULL);
        DxJson *fiber;

        read_ends(loader, json, link.end);
        link.port = new_conf(loader, "port");
        link.fiber = new_conf(loader, "fiber");
        dx__reader_conf(reader, json, params_of(loader, "port"), link.port);
        fiber = dx__reader_take_typed(reader, json, "fiber", DX_JSON_OBJECT, false);
        if (fiber) {
            GPtrArray *fiber_words = g_ptr_array_new_with_free_func(g_free);

            dx__reader_conf(reader, fiber, params_of(loader, "fiber"), link.fiber);
            dx__reader_add_keys(fiber_words, params_of(loader, "fiber"), NULL);
            dx__reader_finish(reader, fiber, fiber_words);
        }
        dx__reader_add_keys(words, params_of(loader, "port"), NULL);
        dx__reader_finish(reader, json, words);
        enter(loader->links, link.name, loader->scenario->links->len);
        g_array_append_val(loader->scenario->links, link);
    }
}

static bool joins_same(const DxScLink *a, const DxScLink *b)
{
    return (a->end[0] == b->end[0] && a->end[1] == b->end[1]) ||
           (a->end[0] == b->end[1] && a->end[1] == b->end[0]);
}

static void read_members(Loader *loader, DxJson *json, DxScLag *lag)
{
    DxReader *reader = &loader->reader;
    DxJson *members = dx__reader_take_typed(reader, json, "members", DX_JSON_ARRAY, true);
    const uint32_t index = loader->scenario->lags->len;

    if (!members)
        return;
    if (!members->n_children)
        DX_PROBLEM(reader, members, DX_CODE_RANGE, "a LAG needs at least one member");
    lag->member = g_new(uint32_t, members->n_children + 1);
    for (const DxJson *item = members->child; item; item = item->next) {
        uint32_t at = resolve(loader, item, loader->links, "link");
        DxScLink *link;

        if (at == DX_NONE)
            continue;
        link = DX_SC(loader->scenario, links, DxScLink, at);
        if (link->lag != DX_NONE) {
            DX_PROBLEM(reader, item, DX_CODE_CONFLICT, "link \"%s\" is already a member of a LAG",
                       link->name);
        } else if (lag->n_members &&
                   !joins_same(link, DX_SC(loader->scenario, links, DxScLink, lag->member[0]))) {
            DX_PROBLEM(reader, item, DX_CODE_ENDS,
                       "link \"%s\" does not join the same two nodes as the others", link->name);
        } else {
            link->lag = index;
            link->member = lag->n_members;
            lag->member[lag->n_members++] = at;
        }
    }
    if (lag->n_members)
        memcpy(lag->end, DX_SC(loader->scenario, links, DxScLink, lag->member[0])->end, sizeof lag->end);
}

static void read_lags(Loader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    DxJson *lags = dx__reader_take_typed(reader, root, "lags", DX_JSON_OBJECT, false);

    for (DxJson *json = dx__reader_entry(reader, lags ? lags->child : NULL); json;
         json = dx__reader_entry(reader, json->next)) {
        DxScLag lag = { .name = g_strdup(json->key), .json = json, .end = { DX_NONE, DX_NONE } };
        GPtrArray *words = dx__reader_words("members", "heartbeat", NULL);
        DxJson *heartbeat;

        read_members(loader, json, &lag);
        lag.hash = new_conf(loader, "hash");
        dx__reader_conf(reader, json, params_of(loader, "hash"), lag.hash);
        heartbeat = dx__reader_take_typed(reader, json, "heartbeat", DX_JSON_OBJECT, false);
        if (heartbeat) {
            GPtrArray *beat_words = g_ptr_array_new_with_free_func(g_free);

            lag.heartbeat = new_conf(loader, "heartbeat");
            dx__reader_conf(reader, heartbeat, params_of(loader, "heartbeat"), lag.heartbeat);
            dx__reader_add_keys(beat_words, params_of(loader, "heartbeat"), NULL);
            dx__reader_finish(reader, heartbeat, beat_words);
        }
        dx__reader_add_keys(words, params_of(loader, "hash"), NULL);
        dx__reader_finish(reader, json, words);
        if (index_of(loader->links, lag.name) != DX_NONE)
            dx__problem(reader->problems, reader->file, json, true, DX_CODE_CONFLICT,
                        "a link has this name too; a router could not tell them apart");
        enter(loader->lags, lag.name, loader->scenario->lags->len);
        g_array_append_val(loader->scenario->lags, lag);
    }
}

/* What routers forward to: links in no LAG, then LAGs. */
static void make_trunks(DxScenario *scenario)
{
    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);
        DxScTrunk trunk = { false, i, { link->end[0], link->end[1] } };

        if (link->lag == DX_NONE)
            g_array_append_val(scenario->trunks, trunk);
    }
    for (guint i = 0; i < scenario->lags->len; i++) {
        const DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);
        DxScTrunk trunk = { true, i, { lag->end[0], lag->end[1] } };

        g_array_append_val(scenario->trunks, trunk);
    }
}

/* A string that names a link or a LAG, as the trunk that carries it. */
static uint32_t resolve_trunk(Loader *loader, const DxJson *json)
{
    DxScenario *scenario = loader->scenario;
    bool is_lag;
    uint32_t index;

    if (!dx__reader_expect(&loader->reader, json, DX_JSON_STRING))
        return DX_NONE;
    is_lag = index_of(loader->lags, json->text) != DX_NONE;
    index = is_lag ? index_of(loader->lags, json->text) : resolve(loader, json, loader->links, "link or LAG");
    if (index == DX_NONE)
        return DX_NONE;
    for (guint i = 0; i < scenario->trunks->len; i++) {
        const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, i);

        if (trunk->is_lag == is_lag && trunk->index == index)
            return i;
    }
    DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT, "link \"%s\" is a member of LAG \"%s\"; name the LAG",
               json->text,
               DX_SC(scenario, lags, DxScLag, DX_SC(scenario, links, DxScLink, index)->lag)->name);
    return DX_NONE;
}

/* -- flows ------------------------------------------------------------------------------------------- */

static void default_address(uint8_t address[16], uint32_t node)
{
    memset(address, 0, 16);
    address[12] = 10;
    address[13] = (uint8_t)(node + 1);
    address[14] = (uint8_t)((node + 1) >> 8);
    address[15] = 1;
}

static void read_addresses(Loader *loader, DxJson *json, DxScFlow *flow)
{
    DxReader *reader = &loader->reader;
    DxJson *list = dx__reader_take_typed(reader, json, "addresses", DX_JSON_ARRAY, false);
    uint8_t *to[2] = { flow->flow.src, flow->flow.dst };
    bool is_ipv6[2] = { false, false };
    unsigned n = 0;

    if (!list)
        return;
    for (const DxJson *item = list->child; item && n < 2; item = item->next, n++) {
        if (!dx__reader_expect(reader, item, DX_JSON_STRING))
            return;
        memset(to[n], 0, 16);
        if (inet_pton(AF_INET, item->text, to[n] + 12) == 1)
            continue;
        is_ipv6[n] = true;
        if (inet_pton(AF_INET6, item->text, to[n]) != 1)
            DX_PROBLEM(reader, item, DX_CODE_SYNTAX,
                       "this is no IP address; expected one such as \"10.1.0.1\" or "
                       "\"2001:db8::1\"");
    }
    if (list->n_children != 2 || is_ipv6[0] != is_ipv6[1])
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT,
                   "expected two addresses of one family, source and destination");
    flow->flow.is_ipv6 = is_ipv6[0];
}

static void read_ports(Loader *loader, DxJson *json, DxScFlow *flow)
{
    DxReader *reader = &loader->reader;
    DxJson *list = dx__reader_take_typed(reader, json, "ports", DX_JSON_ARRAY, false);
    DxJson *protocol = dx__reader_take_typed(reader, json, "protocol", DX_JSON_NUMBER, false);
    int64_t value[2] = { 0, 0 }, number = 17;
    unsigned n = 0;

    if (protocol && (!dx__json_int64(protocol, &number) || number < 0 || number > 255))
        DX_PROBLEM(reader, protocol, DX_CODE_RANGE, "an IP protocol is a whole number from 0 to 255");
    flow->flow.protocol = (uint8_t)number;
    if (!list)
        return;
    for (const DxJson *item = list->child; item && n < 2; item = item->next, n++)
        if (item->type != DX_JSON_NUMBER || !dx__json_int64(item, &value[n]) || value[n] < 0 ||
            value[n] > 65535)
            DX_PROBLEM(reader, item, DX_CODE_RANGE, "a port is a whole number from 0 to 65535");
    if (list->n_children != 2)
        DX_PROBLEM(reader, list, DX_CODE_CONFLICT, "expected two ports, source and destination");
    flow->flow.src_port = (uint16_t)value[0];
    flow->flow.dst_port = (uint16_t)value[1];
}

/* `via`: trunks in order from `from`. Each node on the way gets its next hop. */
static void read_via(Loader *loader, DxJson *json, DxScFlow *flow)
{
    DxReader *reader = &loader->reader;
    DxJson *via = dx__reader_take(reader, json, "via", false);
    uint32_t at = flow->from;

    flow->next = g_new(uint32_t, loader->scenario->nodes->len + 1);
    for (guint i = 0; i <= loader->scenario->nodes->len; i++)
        flow->next[i] = DX_NONE;
    if (!via)
        return;
    for (const DxJson *item = via->type == DX_JSON_ARRAY ? via->child : via; item; item = item->next) {
        const uint32_t index = resolve_trunk(loader, item);
        const DxScTrunk *trunk;

        if (index == DX_NONE || at == DX_NONE)
            return;
        trunk = DX_SC(loader->scenario, trunks, DxScTrunk, index);
        if (trunk->end[0] != at && trunk->end[1] != at) {
            DX_PROBLEM(reader, item, DX_CODE_ENDS,
                       "\"%s\" does not start at node \"%s\", where the path has come to", item->text,
                       DX_SC(loader->scenario, nodes, DxScNode, at)->name);
            return;
        }
        flow->next[at] = index;
        at = trunk->end[trunk->end[0] == at];
        if (via->type != DX_JSON_ARRAY)
            break;
    }
}

static void read_flow(Loader *loader, DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScenario *scenario = loader->scenario;
    DxScFlow flow = { .name = g_strdup(json->key), .json = json, .from = DX_NONE, .to = DX_NONE };
    GPtrArray *words = dx__reader_words("from", "to", "via", "addresses", "ports", "protocol", NULL);
    DxJson *from = dx__reader_take(reader, json, "from", true),
           *to = dx__reader_take(reader, json, "to", true);

    if (from)
        flow.from = resolve(loader, from, loader->nodes, "node");
    if (to)
        flow.to = resolve(loader, to, loader->nodes, "node");
    if (flow.from != DX_NONE && flow.from == flow.to)
        DX_PROBLEM(reader, to, DX_CODE_ENDS, "a flow goes from one node to another");
    flow.flow = (DxFlow){ .group = scenario->flows->len, .src_port = 49152, .dst_port = 443 };
    default_address(flow.flow.src, flow.from);
    default_address(flow.flow.dst, flow.to);
    read_addresses(loader, json, &flow);
    read_ports(loader, json, &flow);
    read_via(loader, json, &flow);
    flow.source = new_conf(loader, "source");
    dx__reader_conf(reader, json, params_of(loader, "source"), flow.source);
    dx__reader_add_keys(words, params_of(loader, "source"), NULL);
    dx__reader_finish(reader, json, words);
    flow.n_flows = (uint32_t)dx__conf_int(dx__scenario_model(scenario, "source"), flow.source, "count");
    if (scenario->flows->len) {
        const DxScFlow *last = DX_SC(scenario, flows, DxScFlow, scenario->flows->len - 1);

        flow.first_flow = last->first_flow + last->n_flows;
    }
    if (flow.first_flow + flow.n_flows > FLOWS_MAX)
        DX_PROBLEM(reader, json, DX_CODE_LIMIT, "more than %u flows in all", FLOWS_MAX);
    enter(loader->flows, flow.name, scenario->flows->len);
    g_array_append_val(scenario->flows, flow);
}

static void read_flows(Loader *loader, DxJson *root)
{
    DxJson *flows = dx__reader_take_typed(&loader->reader, root, "flows", DX_JSON_OBJECT, false);

    for (DxJson *json = dx__reader_entry(&loader->reader, flows ? flows->child : NULL); json;
         json = dx__reader_entry(&loader->reader, json->next))
        read_flow(loader, json);
}

/* Static routes: at this node this flow takes this trunk, whatever the shortest path is. */
static void read_routes(Loader *loader)
{
    DxScenario *scenario = loader->scenario;

    for (guint i = 0; i < scenario->nodes->len; i++) {
        DxScNode *node = DX_SC(scenario, nodes, DxScNode, i);
        DxJson *routes = dx__json_member(loader->reader.doc, node->json, "routes");

        node->route = g_new(uint32_t, scenario->flows->len + 1);
        for (guint k = 0; k <= scenario->flows->len; k++)
            node->route[k] = DX_NONE;
        for (DxJson *item = routes ? routes->child : NULL; item; item = item->next) {
            const uint32_t flow = index_of(loader->flows, item->key);
            const uint32_t index = resolve_trunk(loader, item);
            const DxScTrunk *trunk;

            if (flow == DX_NONE) {
                dx__problem(loader->reader.problems, loader->reader.file, item, true, DX_CODE_DANGLING,
                            "there is no such flow");
                continue;
            }
            if (index == DX_NONE)
                continue;
            trunk = DX_SC(scenario, trunks, DxScTrunk, index);
            if (trunk->end[0] == i || trunk->end[1] == i)
                node->route[flow] = index;
            else
                DX_PROBLEM(&loader->reader, item, DX_CODE_ENDS, "\"%s\" does not end at this node",
                           item->text);
        }
    }
}

/* -- events ------------------------------------------------------------------------------------------ */

static void read_target(Loader *loader, DxJson *json, DxScEvent *event)
{
    DxReader *reader = &loader->reader;
    DxJson *target = dx__reader_take_typed(reader, json, "target", DX_JSON_STRING, true);

    if (!target)
        return;
    if (g_str_has_prefix(target->text, "links."))
        event->link = index_of(loader->links, target->text + strlen("links."));
    if (event->link == DX_NONE)
        DX_PROBLEM(reader, target, DX_CODE_DANGLING,
                   "expected a link, written \"links.NAME\"; there is none such");
}

static void read_event(Loader *loader, DxJson *json)
{
    static const char *const dos[] = { "fail", "restore", "set", NULL };
    DxReader *reader = &loader->reader;
    DxScEvent event = { .link = DX_NONE };
    DxJson *what = dx__reader_take_typed(reader, json, "do", DX_JSON_STRING, true);
    GPtrArray *words = dx__reader_words("at", "do", "target", NULL);
    DxJson *how = NULL, *rate = NULL;

    read_time(loader, json, "at", true, &event.at_ps);
    read_target(loader, json, &event);
    if (what && !g_strv_contains(dos, what->text))
        DX_PROBLEM(reader, what, DX_CODE_CHOICE, "expected \"fail\", \"restore\" or \"set\"");
    for (int i = 0; what && dos[i]; i++)
        if (!strcmp(dos[i], what->text))
            event.what = (DxScDo)i;
    if (event.what == DX_SC_FAIL && what) {
        how = dx__reader_take_typed(reader, json, "how", DX_JSON_STRING, false);
        g_ptr_array_add(words, g_strdup("how"));
    }
    if (how && strcmp(how->text, "down") && strcmp(how->text, "silent"))
        DX_PROBLEM(reader, how, DX_CODE_CHOICE,
                   "expected \"down\" (both ends notice) or \"silent\" (nobody does)");
    event.is_silent = how && !strcmp(how->text, "silent");
    if (event.what == DX_SC_SET_RATE) {
        rate = dx__reader_take(reader, json, "rate", true);
        g_ptr_array_add(words, g_strdup("rate"));
    }
    if (rate) {
        const DxParam *param = dx_param_find(params_of(loader, "port"), "rate");
        void *conf = new_conf(loader, "port");

        dx__reader_param(reader, param, conf, rate);
        event.rate_bps = (uint64_t)dx__conf_int(dx__scenario_model(loader->scenario, "port"), conf, "rate");
        g_free(conf);
    }
    dx__reader_finish(reader, json, words);
    g_array_append_val(loader->scenario->events, event);
}

static void read_events(Loader *loader, DxJson *root)
{
    DxJson *events = dx__reader_take_typed(&loader->reader, root, "events", DX_JSON_ARRAY, false);

    for (DxJson *json = events ? events->child : NULL; json; json = json->next)
        if (dx__reader_expect(&loader->reader, json, DX_JSON_OBJECT))
            read_event(loader, json);
}

/* -- expectations ------------------------------------------------------------------------------------ */

static char *take_string(Loader *loader, DxJson *json, const char *key, bool required)
{
    DxJson *member = dx__reader_take_typed(&loader->reader, json, key, DX_JSON_STRING, required);

    return member ? g_strdup(member->text) : NULL;
}

static void read_select(Loader *loader, DxJson *json, DxScExpectation *expectation)
{
    DxReader *reader = &loader->reader;
    DxJson *select = dx__reader_take_typed(reader, json, "select", DX_JSON_OBJECT, false);
    DxJson *object, *from;

    if (!select)
        return;
    object = dx__reader_take(reader, select, expectation->select_kind, true);
    if (object) {
        GHashTable *names = !strcmp(expectation->select_kind, "link")   ? loader->links
                            : !strcmp(expectation->select_kind, "flow") ? loader->flows
                            : !strcmp(expectation->select_kind, "lag")  ? loader->lags
                                                                        : loader->nodes;

        if (resolve(loader, object, names, expectation->select_kind) != DX_NONE)
            expectation->select = g_strdup(object->text);
    }
    from = dx__reader_take(reader, select, "from", false);
    if (from && resolve(loader, from, loader->nodes, "node") != DX_NONE)
        expectation->from = g_strdup(from->text);
    dx__reader_finish(reader, select, dx__reader_words(expectation->select_kind, "from", NULL));
}

static void read_expected_value(Loader *loader, const DxJson *value, DxUnit unit,
                                DxScExpectation *expectation)
{
    DxReader *reader = &loader->reader;

    expectation->value_text = g_strdup(value->text);
    if (unit == DX_UNIT_FRAMES && value->type == DX_JSON_NUMBER) {
        if (!dx__json_int64(value, &expectation->value))
            DX_PROBLEM(reader, value, DX_CODE_SYNTAX, "expected a whole number of frames");
        return;
    }
    if (value->type == DX_JSON_NUMBER)
        DX_PROBLEM(reader, value, DX_CODE_TYPE, "%.40s is a bare number; give it a unit: %s", value->text,
                   dx_units_forms(unit));
    else
        dx__reader_quantity(reader, value, unit, &expectation->value);
}

static void read_expectation(Loader *loader, DxJson *json)
{
    static const char *const ops[] = { "<", "<=", "=", "!=", ">=", ">", NULL };
    DxReader *reader = &loader->reader;
    DxScExpectation expectation = { .name = take_string(loader, json, "name", true),
                                    .metric = take_string(loader, json, "metric", true),
                                    .stat = take_string(loader, json, "stat", false),
                                    .op = take_string(loader, json, "op", true) };
    DxJson *value = dx__reader_take(reader, json, "value", true);
    const char *row;
    DxUnit unit;

    if (expectation.op && !g_strv_contains(ops, expectation.op))
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "op"), DX_CODE_CHOICE,
                   "expected \"<\", \"<=\", \"=\", \"!=\", \">=\" or \">\"");
    if (expectation.metric &&
        dx__expectation_metric(expectation.metric, expectation.stat, &unit, &expectation.is_real, &row)) {
        expectation.select_kind = g_strndup(expectation.metric, strcspn(expectation.metric, "."));
        read_select(loader, json, &expectation);
        if (value)
            read_expected_value(loader, value, unit, &expectation);
    } else if (expectation.metric) {
        GPtrArray *names = dx__expectation_names();
        char *said = g_strjoin(" ", expectation.metric, expectation.stat, NULL);
        const char *meant = dx__reader_nearest(said, names);
        char *shown = dx__json_escape(said);

        dx__reader_take(reader, json, "select", false);
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "metric"), DX_CODE_CHOICE,
                   "there is no metric and statistic \"%s\"%s%s%s; docs/scenario.md lists them", shown,
                   meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
        g_free(shown);
        g_free(said);
        g_ptr_array_unref(names);
    } else {
        dx__reader_take(reader, json, "select", false);
    }
    dx__reader_finish(reader, json,
                      dx__reader_words("name", "metric", "select", "stat", "op", "value", NULL));
    g_array_append_val(loader->scenario->expectations, expectation);
}

static void read_expectations(Loader *loader, DxJson *root)
{
    DxJson *list = dx__reader_take_typed(&loader->reader, root, "expectations", DX_JSON_ARRAY, false);

    for (DxJson *json = list ? list->child : NULL; json; json = json->next)
        if (dx__reader_expect(&loader->reader, json, DX_JSON_OBJECT))
            read_expectation(loader, json);
}

/* -- the whole --------------------------------------------------------------------------------------- */

/* Every flow must be able to arrive, unless somebody sent it elsewhere on purpose. */
static void check_paths(Loader *loader)
{
    DxScenario *scenario = loader->scenario;

    for (guint i = 0; i < scenario->flows->len; i++) {
        const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, i);

        if (dx__scenario_next(scenario, i, flow->from) == DX_NONE)
            dx__problem(loader->reader.problems, loader->reader.file, flow->json, true, DX_CODE_NO_PATH,
                        "no link leads from \"%s\" to \"%s\"",
                        DX_SC(scenario, nodes, DxScNode, flow->from)->name,
                        DX_SC(scenario, nodes, DxScNode, flow->to)->name);
    }
}

static void read_root(Loader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    DxJson *version;
    int64_t number;

    if (!dx__reader_expect(reader, root, DX_JSON_OBJECT))
        return;
    version = dx__reader_take_typed(reader, root, "dxsim", DX_JSON_NUMBER, true);
    if (version && (!dx__json_int64(version, &number) || number != 1))
        DX_PROBLEM(reader, version, DX_CODE_VERSION, "this program reads version 1 of the format");
    loader->scenario->name = take_string(loader, root, "name", true);
    loader->scenario->description = take_string(loader, root, "description", false);
    read_run(loader, root);
    read_nodes(loader, root);
    read_links(loader, root);
    read_lags(loader, root);
    make_trunks(loader->scenario);
    read_flows(loader, root);
    read_routes(loader);
    read_events(loader, root);
    read_expectations(loader, root);
    read_outputs(loader, root);
    dx__reader_finish(reader, root,
                      dx__reader_words("dxsim", "name", "description", "run", "nodes", "links", "lags",
                                       "flows", "events", "expectations", "outputs", NULL));
}

static DxScenario *scenario_new(const char *file, const DxModel *const *models)
{
    DxScenario *scenario = g_new0(DxScenario, 1);

    scenario->file = g_strdup(file);
    scenario->models = models;
    scenario->series_until_ps = DX_TIME_MAX;
    scenario->nodes = g_array_new(FALSE, TRUE, sizeof(DxScNode));
    scenario->links = g_array_new(FALSE, TRUE, sizeof(DxScLink));
    scenario->lags = g_array_new(FALSE, TRUE, sizeof(DxScLag));
    scenario->trunks = g_array_new(FALSE, TRUE, sizeof(DxScTrunk));
    scenario->flows = g_array_new(FALSE, TRUE, sizeof(DxScFlow));
    scenario->events = g_array_new(FALSE, TRUE, sizeof(DxScEvent));
    scenario->expectations = g_array_new(FALSE, TRUE, sizeof(DxScExpectation));
    scenario->plots = g_ptr_array_new_with_free_func(g_free);
    return scenario;
}

DxScenario *dx_scenario_read(const char *file, const char *text, gsize length, const DxModel *const *models,
                             DxProblems *problems)
{
    DxScenario *scenario = scenario_new(file, models);
    Loader loader = { .reader = { NULL, problems, file }, .scenario = scenario };
    GError *error = NULL;
    unsigned line = 0, column = 0;
    const unsigned before = problems->n_found;

    scenario->doc = dx__json_parse(text, length, &line, &column, &error);
    if (!scenario->doc) {
        dx__problem_at(problems, file, line, column, "",
                       error->code == DX_ERROR_LIMIT ? DX_CODE_LIMIT : DX_CODE_JSON, "%s", error->message);
        g_error_free(error);
        dx_scenario_free(scenario);
        return NULL;
    }
    loader.reader.doc = scenario->doc;
    loader.nodes = g_hash_table_new(g_str_hash, g_str_equal);
    loader.links = g_hash_table_new(g_str_hash, g_str_equal);
    loader.lags = g_hash_table_new(g_str_hash, g_str_equal);
    loader.flows = g_hash_table_new(g_str_hash, g_str_equal);
    read_root(&loader, dx__json_root(scenario->doc));
    if (problems->n_found == before) {
        dx__scenario_route(scenario);
        check_paths(&loader);
    }
    g_hash_table_unref(loader.nodes);
    g_hash_table_unref(loader.links);
    g_hash_table_unref(loader.lags);
    g_hash_table_unref(loader.flows);
    if (problems->n_found == before)
        return scenario;
    dx_scenario_free(scenario);
    return NULL;
}

DxScenario *dx_scenario_read_file(const char *path, const DxModel *const *models, DxProblems *problems)
{
    GError *error = NULL;
    char *text;
    gsize length;
    DxScenario *scenario;

    if (!g_file_get_contents(path, &text, &length, &error)) {
        dx__problem_at(problems, path, 0, 0, "", DX_CODE_FILE, "%s", error->message);
        g_error_free(error);
        return NULL;
    }
    scenario = dx_scenario_read(path, text, length, models, problems);
    g_free(text);
    return scenario;
}

void dx_scenario_free(DxScenario *scenario)
{
    if (!scenario)
        return;
    for (guint i = 0; i < scenario->nodes->len; i++) {
        g_free(DX_SC(scenario, nodes, DxScNode, i)->name);
        g_free(DX_SC(scenario, nodes, DxScNode, i)->route);
    }
    for (guint i = 0; i < scenario->links->len; i++) {
        g_free(DX_SC(scenario, links, DxScLink, i)->name);
        g_free(DX_SC(scenario, links, DxScLink, i)->port);
        g_free(DX_SC(scenario, links, DxScLink, i)->fiber);
    }
    for (guint i = 0; i < scenario->lags->len; i++) {
        g_free(DX_SC(scenario, lags, DxScLag, i)->name);
        g_free(DX_SC(scenario, lags, DxScLag, i)->member);
        g_free(DX_SC(scenario, lags, DxScLag, i)->hash);
        g_free(DX_SC(scenario, lags, DxScLag, i)->heartbeat);
    }
    for (guint i = 0; i < scenario->flows->len; i++) {
        g_free(DX_SC(scenario, flows, DxScFlow, i)->name);
        g_free(DX_SC(scenario, flows, DxScFlow, i)->source);
        g_free(DX_SC(scenario, flows, DxScFlow, i)->next);
    }
    for (guint i = 0; i < scenario->expectations->len; i++) {
        DxScExpectation *e = DX_SC(scenario, expectations, DxScExpectation, i);
        char *const strings[] = { e->name,        e->metric, e->stat, e->op,
                                  e->select_kind, e->select, e->from, e->value_text };

        for (guint k = 0; k < G_N_ELEMENTS(strings); k++)
            g_free(strings[k]);
    }
    g_array_unref(scenario->nodes);
    g_array_unref(scenario->links);
    g_array_unref(scenario->lags);
    g_array_unref(scenario->trunks);
    g_array_unref(scenario->flows);
    g_array_unref(scenario->events);
    g_array_unref(scenario->expectations);
    g_ptr_array_unref(scenario->plots);
    dx__json_free(scenario->doc);
    g_free(scenario->file);
    g_free(scenario->name);
    g_free(scenario->description);
    g_free(scenario);
}

/* -- reading it -------------------------------------------------------------------------------------- */

const char *dx_scenario_name(const DxScenario *scenario)
{
    return scenario->name;
}

const char *dx_scenario_description(const DxScenario *scenario)
{
    return scenario->description;
}

DxTime dx_scenario_duration(const DxScenario *scenario)
{
    return scenario->duration_ps;
}

DxTime dx_scenario_warmup(const DxScenario *scenario)
{
    return scenario->warmup_ps;
}

uint64_t dx_scenario_seed(const DxScenario *scenario)
{
    return scenario->seed;
}

void dx_scenario_set_seed(DxScenario *scenario, uint64_t seed)
{
    scenario->seed = seed;
}

void dx_scenario_set_duration(DxScenario *scenario, DxTime duration_ps)
{
    g_return_if_fail(duration_ps > 0 && duration_ps <= DX_TIME_MAX);
    scenario->duration_ps = duration_ps;
}

DxTime dx_scenario_series_period(const DxScenario *scenario)
{
    return scenario->series_period_ps;
}

unsigned dx_scenario_n_plots(const DxScenario *scenario)
{
    return scenario->plots->len;
}

const char *dx_scenario_plot(const DxScenario *scenario, unsigned index)
{
    return g_ptr_array_index(scenario->plots, index);
}

const DxModel *dx__scenario_model(const DxScenario *scenario, const char *name)
{
    for (const DxModel *const *model = scenario->models; *model; model++)
        if (!strcmp((*model)->name, name))
            return *model;
    g_return_val_if_reached(NULL);
}

char *dx__scenario_direction(const DxScenario *scenario, const char *name, const uint32_t end[2],
                             unsigned direction)
{
    return g_strdup_printf("%s:%s>%s", name, DX_SC(scenario, nodes, DxScNode, end[direction])->name,
                           DX_SC(scenario, nodes, DxScNode, end[!direction])->name);
}

int64_t dx__conf_int(const DxModel *model, const void *conf, const char *key)
{
    const DxParam *param = dx_param_find(model->params, key);
    const void *field = (const char *)conf + param->offset;

    switch (param->type) {
    case DX_TYPE_BOOL:
        return *(const bool *)field;
    case DX_TYPE_ENUM:
        return *(const int *)field;
    default:
        return *(const int64_t *)field;
    }
}

DxFlow dx__scenario_flow(const DxScFlow *group, uint32_t i)
{
    const uint32_t ports = 65536u - group->flow.src_port;
    DxFlow flow = group->flow;
    uint32_t carry = i / ports;

    flow.src_port = (uint16_t)(group->flow.src_port + i % ports);
    for (int k = 15; k >= 0 && carry; k--) {
        carry += flow.src[k];
        flow.src[k] = (uint8_t)carry;
        carry >>= 8;
    }
    return flow;
}
