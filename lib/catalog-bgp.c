/*
 * catalog-bgp - what a provider's rules say of the nodes that VIFs lead to, and of the sessions on VIFs
 */
#include "catalog-priv.h"

/* By DxScVifType. */
static const char *const vif_types[] = { "private", "public", "transit" };

static bool is_of_provider(DxNodeKind kind)
{
    return kind != DX_KIND_ROUTER && kind != DX_KIND_CUSTOMER_ROUTER && kind != DX_KIND_HOST;
}

/* One of the ends must be what a VIF of this type leads to, where the file says what they are. */
static void check_vif_ends(DxCatalogCheck *check, const DxScVif *vif)
{
    const DxScenario *scenario = check->loader->scenario;
    const DxJson *rule = dx__catalog_quota(check, "vif-ends");
    const DxJson *list = dx__reader_get(&check->reader, rule, vif_types[vif->type], DX_JSON_ARRAY);
    const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, vif->trunk);
    const DxScNode *far = NULL;
    g_autofree char *kinds = NULL;

    for (unsigned end = 0; list && end < 2; end++) {
        const DxScNode *node = DX_SC(scenario, nodes, DxScNode, trunk->end[end]);

        if (dx__catalog_has_text(list, dx__node_kinds[node->kind]))
            return;
        if (is_of_provider(node->kind))
            far = node;
    }
    if (!far)
        return;
    kinds = dx__catalog_listed(check, rule, vif_types[vif->type]);
    dx__catalog_exceeded(check, dx__json_member(check->loader->reader.doc, vif->json, "type"), rule,
                         "a %s VIF to \"%s\" (%s); it leads to one of %s", vif_types[vif->type], far->name,
                         dx__node_kinds[far->kind], kinds);
}

/* False: there is no such rule, or it is kept. */
static bool is_below(DxCatalogCheck *check, const DxJson *rule, const char *key, DxTime time_ps)
{
    int64_t least_ps;

    return dx__reader_quantity(&check->reader, rule, key, DX_UNIT_TIME, &least_ps) && time_ps < least_ps;
}

static void check_hold(DxCatalogCheck *check, const DxJson *at, const DxJson *rule,
                       const DxBgpSession *session)
{
    const DxTime hold_ps = MIN(session->end[0].hold_ps, session->end[1].hold_ps);
    g_autofree char *text = dx_units_format(DX_UNIT_TIME, hold_ps);

    if (is_below(check, rule, "hold", hold_ps))
        dx__catalog_exceeded(check, at, rule, "%s%s on a VIF; at least %s",
                             hold_ps ? "a hold time of " : "no hold time", hold_ps ? text : "",
                             dx__reader_text(&check->reader, rule, "hold"));
}

static void check_bfd(DxCatalogCheck *check, const DxJson *at, const DxJson *rule, const DxBgpEnd *end)
{
    g_autofree char *text = dx_units_format(DX_UNIT_TIME, end->bfd_interval_ps);
    int64_t least;

    if (!end->has_bfd)
        return;
    if (is_below(check, rule, "bfd_interval", end->bfd_interval_ps))
        dx__catalog_exceeded(check, at, rule, "BFD every %s on a VIF; at least %s", text,
                             dx__reader_text(&check->reader, rule, "bfd_interval"));
    if (dx__catalog_number(check, rule, "bfd_multiplier", &least) && end->bfd_multiplier < least)
        dx__catalog_exceeded(check, at, rule,
                             "a BFD multiplier of %" G_GINT64_FORMAT " on a VIF; at least %" G_GINT64_FORMAT,
                             end->bfd_multiplier, least);
}

static void check_session(DxCatalogCheck *check, const DxBgpSession *session, const DxJson *json)
{
    DxJsonDoc *doc = check->loader->reader.doc;
    const DxJson *rule = dx__catalog_quota(check, "bgp");
    const DxJson *timers = dx__json_member(doc, json, "timers"), *bfd = dx__json_member(doc, json, "bfd");
    const DxJson *ends = dx__json_member(doc, json, "ends");
    const DxScBgp *bgp = check->loader->scenario->bgp;

    if (!rule || session->vif == DX_BGP_NOBODY)
        return;
    if (session->type == DX_BGP_SESSION_IBGP)
        dx__catalog_exceeded(check, ends, rule, "iBGP on a VIF, in AS %u; a VIF has eBGP, between two ASes",
                             DX_BGP_ROUTER(bgp, session->router[0])->asn);
    check_hold(check, timers ? timers : json, rule, session);
    for (unsigned end = 0; end < 2; end++)
        check_bfd(check, bfd ? bfd : json, rule, &session->end[end]);
}

void dx__catalog_check_bgp(DxCatalogCheck *check)
{
    const DxScenario *scenario = check->loader->scenario;
    const DxScBgp *bgp = scenario->bgp;

    for (guint i = 0; i < scenario->vifs->len; i++)
        check_vif_ends(check, DX_SC(scenario, vifs, DxScVif, i));
    for (guint i = 0; bgp && i < bgp->sessions->len; i++)
        check_session(check, DX_BGP_SESSION(bgp, i), bgp->session_jsons[i]);
}

int64_t dx__catalog_prefix_limit(DxLoader *loader, DxScVifType type)
{
    DxJsonDoc *catalog = loader->scenario->catalog;
    const DxJson *at = catalog ? dx__json_root(catalog) : NULL;
    const char *const way[] = { "quotas", "bgp", "prefixes", vif_types[type] };
    int64_t limit = 0;

    for (unsigned i = 0; at && i < G_N_ELEMENTS(way); i++)
        at = dx__json_member(catalog, at, way[i]);
    return at && dx__json_int64(at, &limit) ? limit : 0;
}
