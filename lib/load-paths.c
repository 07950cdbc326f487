/*
 * load-paths - does every flow have a way to its end, and does nothing on it bar the way?
 */
#include "load-priv.h"

static void no_path(DxLoader *loader, const DxScFlow *flow, uint32_t at)
{
    const char *from = DX_SC(loader->scenario, nodes, DxScNode, flow->from)->name;
    const char *to = DX_SC(loader->scenario, nodes, DxScNode, flow->to)->name;

    if (at == flow->from)
        dx__problem(loader->reader.problems, loader->reader.file, flow->json, true, DX_CODE_NO_PATH,
                    "no link leads from \"%s\" to \"%s\"", from, to);
    else
        dx__problem(loader->reader.problems, loader->reader.file, flow->json, true, DX_CODE_NO_PATH,
                    "the path from \"%s\" to \"%s\" ends at \"%s\": no link leads on", from, to,
                    DX_SC(loader->scenario, nodes, DxScNode, at)->name);
}

/* Is there a model in this direction of the link that lets no packet of the flow through? */
static bool is_barred(DxLoader *loader, const DxScFlow *flow, const DxScLink *link, uint32_t from)
{
    DxReader *reader = &loader->reader;

    for (guint i = 0; i < link->inserts->len; i++) {
        const DxScInsert *insert = &g_array_index(link->inserts, DxScInsert, i);
        int64_t longest, size_bytes;
        const DxJson *size;

        if (!insert->directions[link->end[0] != from] || !insert->model->longest)
            continue;
        longest = insert->model->longest(insert->conf);
        size_bytes = dx__scenario_longest(loader->scenario, flow);
        if (size_bytes <= longest)
            continue;
        size = dx__json_member(reader->doc, flow->json, "size");
        dx__warning(reader->problems, reader->file, size ? size : flow->json, DX_CODE_RANGE,
                    "packets of %" G_GINT64_FORMAT
                    " B never pass: the longest that the %s of link \"%s\" lets through is %" G_GINT64_FORMAT
                    " B",
                    size_bytes, insert->model->name, link->name, MAX(longest, 0));
        return true;
    }
    return false;
}

static bool is_barred_on(DxLoader *loader, const DxScFlow *flow, const DxScTrunk *trunk, uint32_t from)
{
    const DxScenario *scenario = loader->scenario;
    const DxScLag *lag;

    if (!trunk->is_lag)
        return is_barred(loader, flow, DX_SC(scenario, links, DxScLink, trunk->index), from);
    lag = DX_SC(scenario, lags, DxScLag, trunk->index);
    for (uint32_t i = 0; i < lag->n_members; i++)
        if (is_barred(loader, flow, DX_SC(scenario, links, DxScLink, lag->member[i]), from))
            return true;
    return false;
}

/* Is the longest of its packets longer than the MTU of the VIF that it is on there? */
static bool is_too_long(DxLoader *loader, uint32_t index, uint32_t trunk)
{
    const DxScenario *scenario = loader->scenario;
    const uint32_t vif = dx__scenario_vif(scenario, index, trunk);
    const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, index);
    const DxJson *size = dx__json_member(loader->reader.doc, flow->json, "size");
    int64_t longest, mtu;

    if (vif == DX_NONE)
        return false;
    longest = dx__scenario_longest(scenario, flow);
    mtu = dx__conf_int(dx__load_model(loader, "vif"), DX_SC(scenario, vifs, DxScVif, vif)->conf, "mtu");
    if (longest <= mtu)
        return false;
    dx__warning(loader->reader.problems, loader->reader.file, size ? size : flow->json, DX_CODE_RANGE,
                "packets of %" G_GINT64_FORMAT " B never pass: the MTU of VIF \"%s\" is %" G_GINT64_FORMAT
                " B",
                longest, DX_SC(scenario, vifs, DxScVif, vif)->name, mtu);
    return true;
}

/* Every flow must have a way to its end: each node on it must know the next. One that goes round and round by
 * static routes was sent there on purpose. Of models that bar its way, it is told of the first. */
static void check_path(DxLoader *loader, uint32_t index)
{
    DxScenario *scenario = loader->scenario;
    const DxScFlow *flow = DX_SC(scenario, flows, DxScFlow, index);
    uint32_t at = flow->from;
    bool is_stopped = false;

    for (guint steps = 0; steps <= scenario->nodes->len; steps++) {
        const uint32_t next = dx__scenario_next(scenario, index, at);
        const DxScTrunk *trunk;

        if (next == DX_NONE && at == flow->to)
            return;
        if (next == DX_NONE) {
            no_path(loader, flow, at);
            return;
        }
        trunk = DX_SC(scenario, trunks, DxScTrunk, next);
        is_stopped = is_stopped || is_too_long(loader, index, next) || is_barred_on(loader, flow, trunk, at);
        at = trunk->end[trunk->end[0] == at];
    }
}

void dx__load_paths(DxLoader *loader)
{
    for (guint i = 0; i < loader->scenario->flows->len; i++)
        check_path(loader, i);
}
