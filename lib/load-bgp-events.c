/*
 * load-bgp-events - what is done to routers, and when: sessions shut down, enabled, cleared; networks
 * announced and withdrawn
 */
#include "load-priv.h"

#include <string.h>

static const struct {
    const char *word;
    DxControlOp op, undo;
    bool is_network;
} deeds[] = {
    { "shutdown", DX_CONTROL_SHUTDOWN, DX_CONTROL_ENABLE, false },
    { "enable", DX_CONTROL_ENABLE, DX_CONTROL_SHUTDOWN, false },
    { "clear", DX_CONTROL_CLEAR, DX_CONTROL_CLEAR, false },
    { "announce", DX_CONTROL_ANNOUNCE, DX_CONTROL_WITHDRAW, true },
    { "withdraw", DX_CONTROL_WITHDRAW, DX_CONTROL_ANNOUNCE, true },
};

static void add_target(DxScPlan *plan, uint32_t router, uint32_t index)
{
    const DxScBgpTarget target = { router, index };

    g_array_append_val(plan->bgp_targets, target);
}

/* All sessions of a router, at its end of them. */
static void add_sessions_of(const DxScBgp *bgp, DxScPlan *plan, uint32_t router)
{
    for (guint i = 0; i < bgp->sessions->len; i++)
        for (unsigned end = 0; end < 2; end++)
            if (DX_BGP_SESSION(bgp, i)->router[end] == router)
                add_target(plan, router, i);
}

static uint32_t router_of(const DxLoader *loader, uint32_t node)
{
    const DxScBgp *bgp = loader->scenario->bgp;

    return bgp && node != DX_NONE ? bgp->router_of_node[node] : DX_BGP_NOBODY;
}

/* The end at which it is done; the first unless said. */
static void add_session(DxLoader *loader, const DxJson *json, DxScPlan *plan, uint32_t index)
{
    const DxBgpSession *session = DX_BGP_SESSION(loader->scenario->bgp, index);
    const DxJson *from = dx__json_member(loader->reader.doc, json, "from");
    const uint32_t router = from ? router_of(loader, plan->from) : session->router[0];

    if (router == session->router[0] || router == session->router[1])
        add_target(plan, router, index);
    else if (plan->from != DX_NONE)
        DX_PROBLEM(&loader->reader, from, DX_CODE_ENDS, "session \"%s\" does not end there", session->name);
}

/* Then there is something wrong with it, which has been told. */
static bool is_in_file(const DxLoader *loader, const char *name)
{
    DxJsonDoc *doc = loader->reader.doc;
    const DxJson *sessions = dx__json_member(doc, dx__json_root(doc), "sessions");

    return sessions && sessions->type == DX_JSON_OBJECT && dx__json_member(doc, sessions, name);
}

/* "sessions.NAME", or "nodes.NAME" for all of its sessions. */
static void load_sessions(DxLoader *loader, const DxJson *json, const DxJson *target, DxScPlan *plan)
{
    const char *name = strchr(target->text, '.');
    const bool is_node = g_str_has_prefix(target->text, "nodes.");
    uint32_t index = DX_NONE;
    g_autofree char *shown = NULL;

    if (is_node)
        index = router_of(loader, dx__load_index(loader->nodes, name + 1));
    else if (g_str_has_prefix(target->text, "sessions."))
        index = dx__load_index(loader->sessions, name + 1);
    if (index != DX_NONE && is_node)
        add_sessions_of(loader->scenario->bgp, plan, index);
    else if (index != DX_NONE)
        add_session(loader, json, plan, index);
    if (index != DX_NONE || (name && is_in_file(loader, name + 1)))
        return;
    shown = dx__json_escape(target->text);
    if (dx__load_index(loader->sessions, target->text) != DX_NONE)
        DX_PROBLEM(&loader->reader, target, DX_CODE_DANGLING,
                   "there is no \"%s\"; did you mean \"sessions.%s\"?", shown, shown);
    else
        DX_PROBLEM(&loader->reader, target, DX_CODE_DANGLING,
                   "there is no \"%s\"; this is done to \"sessions.NAME\", or \"nodes.NAME\" with an asn",
                   shown);
}

/* Index of a prefix among those of events. */
static uint32_t note_prefix(DxScBgp *bgp, const DxPrefix *prefix)
{
    char text[DX_PREFIX_TEXT];
    guint known;

    dx_prefix_text(prefix, text);
    known = GPOINTER_TO_UINT(g_hash_table_lookup(bgp->prefix_names, text));
    if (known)
        return known - 1;
    g_array_append_val(bgp->prefixes, *prefix);
    g_hash_table_insert(bgp->prefix_names, g_strdup(text), GUINT_TO_POINTER(bgp->prefixes->len));
    return bgp->prefixes->len - 1;
}

static void load_network(DxLoader *loader, const DxJson *json, const DxJson *target, DxScPlan *plan)
{
    const DxJson *network = dx__reader_get(&loader->reader, json, "network", DX_JSON_STRING);
    const bool is_node = g_str_has_prefix(target->text, "nodes.");
    const uint32_t router =
        is_node ? router_of(loader, dx__load_index(loader->nodes, target->text + strlen("nodes.")))
                : DX_BGP_NOBODY;
    DxPrefix prefix;

    if (!network)
        DX_PROBLEM(&loader->reader, json, DX_CODE_MISSING_KEY,
                   "\"network\" is missing: the prefix, such as \"10.1.0.0/16\"");
    if (router == DX_BGP_NOBODY) {
        g_autofree char *shown = dx__json_escape(target->text);

        DX_PROBLEM(&loader->reader, target, DX_CODE_DANGLING,
                   "\"%s\" announces nothing; expected \"nodes.NAME\" with an asn", shown);
        return;
    }
    loader->members.reader = loader->reader;
    loader->members.owned = loader->scenario->bgp->owned;
    if (network && dx__read_prefix(&loader->members, network, &prefix))
        add_target(plan, router, note_prefix(loader->scenario->bgp, &prefix));
}

bool dx__load_bgp_event(DxLoader *loader, DxJson *json, DxScPlan *plan)
{
    const char *what = dx__reader_text(&loader->reader, json, "do");
    const DxJson *target = dx__reader_get(&loader->reader, json, "target", DX_JSON_STRING);
    const DxJson *soft = dx__reader_get(&loader->reader, json, "soft", DX_JSON_BOOL);
    unsigned i = 0;

    while (i < G_N_ELEMENTS(deeds) && g_strcmp0(what, deeds[i].word))
        i++;
    if (i == G_N_ELEMENTS(deeds))
        return false;
    plan->what = DX_SC_BGP;
    plan->bgp_op = deeds[i].op;
    plan->bgp_undo = deeds[i].undo;
    plan->is_soft = soft && soft->boolean;
    plan->bgp_targets = g_array_new(FALSE, FALSE, sizeof(DxScBgpTarget));
    if (target && deeds[i].is_network)
        load_network(loader, json, target, plan);
    else if (target)
        load_sessions(loader, json, target, plan);
    return true;
}

/* -- writing out ------------------------------------------------------------------------------------- */

static void add_occurrence(DxScBgp *bgp, const DxScPlan *plan, uint32_t number, DxTime at_ps, DxControlOp op)
{
    for (guint i = 0; i < plan->bgp_targets->len; i++) {
        const DxScBgpTarget *target = &g_array_index(plan->bgp_targets, DxScBgpTarget, i);
        const DxScBgpEvent event = { .at_ps = at_ps,
                                     .plan = number,
                                     .router = target->router,
                                     .control = {
                                         .op = op, .index = target->index, .value = plan->is_soft } };

        g_array_append_val(bgp->events, event);
    }
}

bool dx__bgp_plan(DxScenario *scenario, uint32_t number, guint most)
{
    const DxScPlan *plan = DX_SC(scenario, plans, DxScPlan, number);
    DxScBgp *bgp = scenario->bgp;

    for (DxTime at_ps = plan->at_ps; plan->bgp_targets->len && at_ps <= scenario->duration_ps;
         at_ps += plan->every_ps) {
        if ((uint64_t)bgp->events->len + 2 * (uint64_t)plan->bgp_targets->len > most)
            return false;
        add_occurrence(bgp, plan, number, at_ps, plan->bgp_op);
        if (plan->for_ps)
            add_occurrence(bgp, plan, number, at_ps + plan->for_ps, plan->bgp_undo);
        if (!plan->every_ps)
            break;
    }
    return true;
}
