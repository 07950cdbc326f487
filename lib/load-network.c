/*
 * load-network - nodes, links, LAGs, groups
 */
#include "load-priv.h"

#include <string.h>

static void load_nodes(DxLoader *loader, DxJson *nodes)
{
    for (DxJson *json = nodes ? dx__reader_entry(nodes->child) : NULL; json;
         json = dx__reader_entry(json->next)) {
        DxScNode node = { .name = g_strdup(json->key), .json = json };
        const char *kind = dx__reader_text(&loader->reader, json, "kind");

        for (int i = 0; kind && dx__node_kinds[i]; i++)
            if (!strcmp(kind, dx__node_kinds[i]))
                node.kind = (DxNodeKind)i;
        dx__load_enter(loader->nodes, node.name, loader->scenario->nodes->len);
        g_array_append_val(loader->scenario->nodes, node);
    }
}

static void load_ends(DxLoader *loader, DxJson *json, uint32_t end[2])
{
    DxReader *reader = &loader->reader;
    DxJson *ends = dx__reader_get(reader, json, "ends", DX_JSON_ARRAY);

    end[0] = end[1] = DX_NONE;
    if (!ends)
        return;
    if (ends->n_children != 2) {
        DX_PROBLEM(reader, ends, DX_CODE_ENDS, "a link has two ends, this has %u", ends->n_children);
        return;
    }
    end[0] = dx__load_resolve(loader, ends->child, loader->nodes, "node");
    end[1] = dx__load_resolve(loader, ends->child->next, loader->nodes, "node");
    if (end[0] != DX_NONE && end[0] == end[1])
        DX_PROBLEM(reader, ends, DX_CODE_ENDS, "both ends are the same node");
}

/* -- models put into a link's chain ------------------------------------------------------------------- */

/* Those that a network has at places of their own, and that mean nothing, or the end of every flow,
 * elsewhere.
 */
static bool can_be_inserted(const DxModel *model)
{
    static const char *const others[] = { "source",     "router", "hash",   "heartbeat", "lacp",
                                          "aggregator", "vif",    "macsec", "mka",       "sink",
                                          "attack",     "bgp",    NULL };

    return model && model->process && !g_strv_contains(others, model->name);
}

/* @model: NULL, there is none of that name. */
static void cannot_be_inserted(DxLoader *loader, const DxJson *name, const DxModel *model)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *shown = dx__json_escape(name->text), *list = NULL;
    const char *meant;

    for (const DxModel *const *known = loader->reader.models; *known; known++)
        if (can_be_inserted(*known))
            g_ptr_array_add(names, (gpointer)(*known)->name);
    meant = model ? NULL : dx__reader_nearest(name->text, names);
    g_ptr_array_add(names, NULL);
    list = g_strjoinv(", ", (char **)names->pdata);
    if (model)
        DX_PROBLEM(&loader->reader, name, DX_CODE_DANGLING,
                   "\"%s\" cannot be put into a link; those that can: %s", shown, list);
    else if (meant)
        DX_PROBLEM(&loader->reader, name, DX_CODE_DANGLING, "there is no model \"%s\"; did you mean \"%s\"?",
                   shown, meant);
    else
        DX_PROBLEM(&loader->reader, name, DX_CODE_DANGLING,
                   "there is no model \"%s\" to put into a link; there are %s, and your own with --plugin",
                   shown, list);
}

static void load_insert(DxLoader *loader, DxJson *json, DxScLink *link)
{
    static const char *const places[] = { "ingress", "line", "egress", NULL };
    static const char *const directions[] = { "both", "forward", "reverse", NULL };
    DxReader *reader = &loader->reader;
    const char *name = dx__reader_text(reader, json, "model"), *at = dx__reader_text(reader, json, "at");
    const char *direction = dx__reader_text(reader, json, "direction");
    DxScInsert insert = { .at = DX_AT_LINE, .directions = { true, true } };

    if (!name)
        return;
    insert.model = dx__reader_model(reader, name);
    if (!can_be_inserted(insert.model)) {
        cannot_be_inserted(loader, dx__json_member(reader->doc, json, "model"), insert.model);
        return;
    }
    for (int i = 0; at && places[i]; i++)
        if (!strcmp(at, places[i]))
            insert.at = (DxScInsertAt)i;
    if (direction && !strcmp(direction, directions[1]))
        insert.directions[1] = false;
    if (direction && !strcmp(direction, directions[2]))
        insert.directions[0] = false;
    insert.conf = dx__load_conf(loader, json, name);
    g_array_append_val(link->inserts, insert);
}

static void load_links(DxLoader *loader, DxJson *links)
{
    DxReader *reader = &loader->reader;

    for (DxJson *json = links ? dx__reader_entry(links->child) : NULL; json;
         json = dx__reader_entry(json->next)) {
        DxScLink link = { .name = g_strdup(json->key), .json = json, .lag = DX_NONE };
        DxJson *inserts = dx__reader_get(reader, json, "insert", DX_JSON_ARRAY);

        load_ends(loader, json, link.end);
        link.port = dx__load_conf(loader, json, "port");
        link.fiber[0] = dx__load_conf(loader, dx__reader_get(reader, json, "fiber", DX_JSON_OBJECT), "fiber");
        link.fiber[1] = g_memdup2(link.fiber[0], MAX(dx__load_model(loader, "fiber")->conf_size, 1));
        dx__load_optics(loader, json, &link);
        dx__reader_quantity(reader, json, "debounce", DX_UNIT_TIME, &link.debounce_ps);
        link.inserts = g_array_new(FALSE, TRUE, sizeof(DxScInsert));
        for (DxJson *insert = inserts ? inserts->child : NULL; insert; insert = insert->next)
            load_insert(loader, insert, &link);
        dx__load_connection(loader, json, &link);
        dx__load_macsec(loader, json, &link);
        dx__load_enter(loader->links, link.name, loader->scenario->links->len);
        g_array_append_val(loader->scenario->links, link);
    }
}

/* -- LAGs -------------------------------------------------------------------------------------------- */

/* Who does not know where its ends are has been told of already. */
static bool joins_same(const DxScLink *a, const DxScLink *b)
{
    if (a->end[0] == DX_NONE || a->end[1] == DX_NONE || b->end[0] == DX_NONE || b->end[1] == DX_NONE)
        return true;
    return (a->end[0] == b->end[0] && a->end[1] == b->end[1]) ||
           (a->end[0] == b->end[1] && a->end[1] == b->end[0]);
}

/* The one being read is not in the list yet. */
static const char *lag_name(const DxLoader *loader, uint32_t index, const DxScLag *now)
{
    return index == loader->scenario->lags->len ? now->name
                                                : DX_SC(loader->scenario, lags, DxScLag, index)->name;
}

static void add_member(DxLoader *loader, const DxJson *item, DxScLag *lag)
{
    DxReader *reader = &loader->reader;
    const uint32_t at = dx__load_resolve(loader, item, loader->links, "link");
    DxScLink *link;

    if (at == DX_NONE)
        return;
    link = DX_SC(loader->scenario, links, DxScLink, at);
    if (link->lag != DX_NONE) {
        DX_PROBLEM(reader, item, DX_CODE_CONFLICT, "link \"%s\" is already a member of LAG \"%s\"",
                   link->name, lag_name(loader, link->lag, lag));
    } else if (lag->n_members &&
               !joins_same(link, DX_SC(loader->scenario, links, DxScLink, lag->member[0]))) {
        DX_PROBLEM(reader, item, DX_CODE_ENDS, "link \"%s\" does not join the same two nodes as the others",
                   link->name);
    } else {
        link->lag = loader->scenario->lags->len;
        link->member = lag->n_members;
        lag->member[lag->n_members++] = at;
    }
}

static void load_members(DxLoader *loader, DxJson *json, DxScLag *lag)
{
    DxJson *members = dx__reader_get(&loader->reader, json, "members", DX_JSON_ARRAY);

    if (!members)
        return;
    if (!members->n_children)
        DX_PROBLEM(&loader->reader, members, DX_CODE_RANGE, "a LAG needs at least one member");
    lag->member = g_new(uint32_t, members->n_children + 1);
    for (const DxJson *item = members->child; item; item = item->next)
        add_member(loader, item, lag);
    if (lag->n_members)
        memcpy(lag->end, DX_SC(loader->scenario, links, DxScLink, lag->member[0])->end, sizeof lag->end);
}

/* What both ends share, or say together, one of them cannot say. */
static void check_end(DxLoader *loader, const DxJson *json)
{
    const DxJson *start = dx__json_member(loader->reader.doc, json, "start");
    const DxJson *mode = dx__json_member(loader->reader.doc, json, "mode");

    if (start)
        dx__problem(loader->reader.problems, loader->reader.file, start, true, DX_CODE_CONFLICT,
                    "both ends start alike; say it for the whole of \"lacp\"");
    if (mode && mode->type == DX_JSON_STRING && strchr(mode->text, '-'))
        DX_PROBLEM(&loader->reader, mode, DX_CODE_CONFLICT, "one end is \"active\" or \"passive\"");
}

static void load_lacp_ends(DxLoader *loader, DxJson *lacp, DxScLag *lag)
{
    const DxModel *model = dx__load_model(loader, "lacp");
    DxJson *ends = dx__reader_get(&loader->reader, lacp, "ends", DX_JSON_OBJECT);

    lag->lacp[0] = dx__load_conf(loader, lacp, "lacp");
    lag->lacp[1] = g_memdup2(lag->lacp[0], model->conf_size);
    for (DxJson *json = ends ? dx__reader_entry(ends->child) : NULL; json;
         json = dx__reader_entry(json->next)) {
        const uint32_t node = dx__load_index(loader->nodes, json->key);

        if (lag->end[0] == DX_NONE) /* told of already */
            continue;
        if (node != lag->end[0] && node != lag->end[1])
            dx__problem(loader->reader.problems, loader->reader.file, json, true, DX_CODE_ENDS,
                        "\"%s\" is no end of this LAG; it joins \"%s\" and \"%s\"", json->key,
                        DX_SC(loader->scenario, nodes, DxScNode, lag->end[0])->name,
                        DX_SC(loader->scenario, nodes, DxScNode, lag->end[1])->name);
        else if (json->type == DX_JSON_OBJECT)
            dx__reader_conf(json, model, lag->lacp[node == lag->end[0] ? 0 : 1]);
        check_end(loader, json);
    }
}

/* Where both ends agree on the members there may be too few. */
static void load_lacp(DxLoader *loader, DxJson *json, DxScLag *lag)
{
    DxReader *reader = &loader->reader;
    DxJson *lacp = dx__reader_get(reader, json, "lacp", DX_JSON_OBJECT);
    const DxJson *min_links = dx__json_member(reader->doc, json, "min_links");
    const DxJson *hold_off = dx__json_member(reader->doc, json, "hold_off");
    int64_t n;

    if (lacp)
        load_lacp_ends(loader, lacp, lag);
    lag->aggregator = dx__load_conf(loader, json, "aggregator");
    n = dx__conf_int(dx__load_model(loader, "aggregator"), lag->aggregator, "min_links");
    if (lacp && lag->heartbeat)
        dx__problem(reader->problems, reader->file, lacp, true, DX_CODE_CONFLICT,
                    "a LAG has either lacp or a heartbeat");
    if (min_links && !lacp)
        dx__problem(reader->problems, reader->file, min_links, true, DX_CODE_CONFLICT,
                    "min_links goes with lacp; add \"lacp\": {}");
    else if (min_links && lag->n_members && n > lag->n_members)
        DX_PROBLEM(reader, min_links, DX_CODE_CONFLICT,
                   "%" G_GINT64_FORMAT " of %u members: the LAG would never be up", n, lag->n_members);
    if (hold_off && !n)
        dx__problem(reader->problems, reader->file, hold_off, true, DX_CODE_CONFLICT,
                    "hold_off goes with min_links of 1 or more: without them the LAG is never down");
}

/* Light alone does not say that keys are there. */
static void check_keys(DxLoader *loader, const DxJson *json, const DxScLag *lag)
{
    const DxModel *macsec = dx__load_model(loader, "macsec");

    for (uint32_t i = 0; i < lag->n_members && !dx__lag_has_agents(lag); i++) {
        const DxScLink *link = DX_SC(loader->scenario, links, DxScLink, lag->member[i]);

        if (!link->mka || dx__conf_int(macsec, link->macsec, "mode"))
            continue; /* it has its keys from the beginning, or can do without */
        dx__warning(loader->reader.problems, loader->reader.file, json, DX_CODE_CONFLICT,
                    "member \"%s\" passes nothing while it has no key, and nobody takes it out of the LAG; "
                    "add \"lacp\": {}",
                    link->name);
        return;
    }
}

static void load_lags(DxLoader *loader, DxJson *lags)
{
    DxReader *reader = &loader->reader;

    for (DxJson *json = lags ? dx__reader_entry(lags->child) : NULL; json;
         json = dx__reader_entry(json->next)) {
        DxScLag lag = { .name = g_strdup(json->key), .json = json, .end = { DX_NONE, DX_NONE } };
        DxJson *heartbeat = dx__reader_get(reader, json, "heartbeat", DX_JSON_OBJECT);

        load_members(loader, json, &lag);
        lag.hash = dx__load_conf(loader, json, "hash");
        if (heartbeat)
            lag.heartbeat = dx__load_conf(loader, heartbeat, "heartbeat");
        load_lacp(loader, json, &lag);
        check_keys(loader, json, &lag);
        if (dx__load_index(loader->links, lag.name) != DX_NONE)
            dx__problem(reader->problems, reader->file, json, true, DX_CODE_CONFLICT,
                        "a link has this name too; a router could not tell them apart");
        dx__load_enter(loader->lags, lag.name, loader->scenario->lags->len);
        g_array_append_val(loader->scenario->lags, lag);
    }
}

/* What routers forward to: links in no LAG, then LAGs. */
static void make_trunks(DxScenario *scenario)
{
    for (guint i = 0; i < scenario->links->len; i++) {
        DxScLink *link = DX_SC(scenario, links, DxScLink, i);
        DxScTrunk trunk = { false, i, { link->end[0], link->end[1] } };

        link->trunk = link->lag == DX_NONE ? scenario->trunks->len : DX_NONE;
        if (link->lag == DX_NONE)
            g_array_append_val(scenario->trunks, trunk);
    }
    for (guint i = 0; i < scenario->lags->len; i++) {
        DxScLag *lag = DX_SC(scenario, lags, DxScLag, i);
        DxScTrunk trunk = { true, i, { lag->end[0], lag->end[1] } };

        lag->trunk = scenario->trunks->len;
        g_array_append_val(scenario->trunks, trunk);
    }
}

/* Links by node, in order: counted, then put in their places. */
static void find_links_at(DxLoader *loader)
{
    const DxScenario *scenario = loader->scenario;
    const guint n = scenario->nodes->len, n_ends = 2 * scenario->links->len;
    uint32_t *first = g_new0(uint32_t, n + 1), *links = g_new(uint32_t, n_ends + 1), *next;

    for (guint i = 0; i < n_ends; i++) {
        const uint32_t node = DX_SC(scenario, links, DxScLink, i / 2)->end[i % 2];

        if (node != DX_NONE)
            first[node + 1]++;
    }
    for (guint i = 0; i < n; i++)
        first[i + 1] += first[i];
    next = g_memdup2(first, (n + 1) * sizeof *first);
    for (guint i = 0; i < n_ends; i++) {
        const uint32_t node = DX_SC(scenario, links, DxScLink, i / 2)->end[i % 2];

        if (node != DX_NONE)
            links[next[node]++] = i / 2;
    }
    g_free(next);
    loader->first_at = first;
    loader->links_at = links;
}

/* -- groups ------------------------------------------------------------------------------------------ */

static void load_groups(DxLoader *loader, DxJson *groups)
{
    for (DxJson *json = groups ? dx__reader_entry(groups->child) : NULL; json;
         json = dx__reader_entry(json->next)) {
        DxScGroup group = { .name = g_strdup(json->key),
                            .links = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
        DxJson *members = dx__reader_get(&loader->reader, json, "members", DX_JSON_ARRAY);

        for (const DxJson *item = members ? members->child : NULL; item; item = item->next)
            dx__load_targets(loader, item, group.links);
        dx__load_enter(loader->groups, group.name, loader->scenario->groups->len);
        g_array_append_val(loader->scenario->groups, group);
    }
}

void dx__load_network(DxLoader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;

    load_nodes(loader, dx__reader_get(reader, root, "nodes", DX_JSON_OBJECT));
    load_links(loader, dx__reader_get(reader, root, "links", DX_JSON_OBJECT));
    load_lags(loader, dx__reader_get(reader, root, "lags", DX_JSON_OBJECT));
    make_trunks(loader->scenario);
    find_links_at(loader);
    load_groups(loader, dx__reader_get(reader, root, "groups", DX_JSON_OBJECT));
}
